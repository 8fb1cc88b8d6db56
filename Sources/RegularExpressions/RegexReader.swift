/// Reads what XML Schema's and XPath's regular expressions have in common: quantities, escapes and classes of
/// characters (XML Schema Part 2, appendix F; XPath functions, 5.6.1).
struct RegexReader {
    enum Dialect {
        /// A hyphen is a character of a class only where it is escaped, as in XML Schema 1.0.
        case schema
        /// With XML Schema 1.1's rules for hyphens, and more blocks.
        case xpath
    }

    /// For the upper bound of a repetition: none. Counts that are larger still are taken for it.
    static let unbounded = Int32.max

    let dialect: Dialect
    private let characters: [Unicode.Scalar]
    /// The places of the characters in the pattern as given.
    private let offsets: [Int]
    var position = 0
    /// Whether a written character stands for its case variants as well.
    private let ignoresCase: Bool

    /// - Parameter ignoresSpace: whether white space outside of brackets is no part of the expression.
    init(_ pattern: String, _ dialect: Dialect, ignoresCase: Bool = false, ignoresSpace: Bool = false) {
        self.dialect = dialect
        self.ignoresCase = ignoresCase
        let all = Array(pattern.unicodeScalars)
        let kept = ignoresSpace ? RegexReader.withoutSpace(all) : Array(all.indices)
        characters = kept.map { all[$0] }
        offsets = kept + [all.count]
    }

    private static func withoutSpace(_ characters: [Unicode.Scalar]) -> [Int] {
        var (kept, depth, isEscaped): ([Int], Int, Bool) = ([], 0, false)
        for (index, character) in characters.enumerated() {
            if depth == 0, "\t\n\r ".unicodeScalars.contains(character) { continue }
            kept.append(index)
            if !isEscaped, character == "[" { depth += 1 }
            if !isEscaped, character == "]" { depth = max(0, depth - 1) }
            isEscaped = !isEscaped && character == "\\"
        }
        return kept
    }

    var current: Unicode.Scalar? { position < characters.count ? characters[position] : nil }
    var next: Unicode.Scalar? { position + 1 < characters.count ? characters[position + 1] : nil }

    func error(_ reason: String) -> RegexSyntaxError {
        RegexSyntaxError(reason: reason, offset: offsets[min(position, characters.count)])
    }

    // MARK: Quantities

    /// How often the preceding part may be repeated: once without a quantifier.
    mutating func parseQuantity() throws(RegexSyntaxError) -> (Int32, Int32) {
        let start = position
        guard let character = current, "?*+{".unicodeScalars.contains(character) else { return (1, 1) }
        position += 1
        switch character {
        case "?": return (0, 1)
        case "*": return (0, RegexReader.unbounded)
        case "+": return (1, RegexReader.unbounded)
        default: break
        }
        let minimum = try parseNumber()
        guard current == "," else {
            try endQuantity()
            return (Int32(clamped: minimum), Int32(clamped: minimum))
        }
        position += 1
        if current == "}" {
            position += 1
            return (Int32(clamped: minimum), RegexReader.unbounded)
        }
        let maximum = try parseNumber()
        try endQuantity()
        if (minimum.count, minimum) > (maximum.count, maximum) {
            position = start
            throw error(RegexMessages.quantityRange)
        }
        return (Int32(clamped: minimum), Int32(clamped: maximum))
    }

    private mutating func endQuantity() throws(RegexSyntaxError) {
        if current != "}" { throw error(RegexMessages.expected("}", current)) }
        position += 1
    }

    /// The digits without zeros before them.
    private mutating func parseNumber() throws(RegexSyntaxError) -> String {
        let start = position
        while let digit = current, ("0"..."9").contains(digit) { position += 1 }
        if position == start { throw error(RegexMessages.digit(current)) }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: characters[start..<position].drop { $0 == "0" })
        return String(digits)
    }

    // MARK: Sets

    mutating func parseBrackets() throws(RegexSyntaxError) -> ScalarSet {
        let start = position
        var groups: [ScalarSet.Group] = []
        repeat {
            position += 1
            try groups.append(parseGroup(start))
        } while current == "["
        // Each subtraction ends with its own bracket.
        for _ in groups {
            guard current == "]" else { throw error(RegexMessages.expected("]", current)) }
            position += 1
        }
        return ScalarSet(groups)
    }

    /// Up to the bracket that ends it or that begins what is subtracted from it.
    private mutating func parseGroup(_ start: Int) throws(RegexSyntaxError) -> ScalarSet.Group {
        var group = ScalarSet.Group()
        let isNegated = current == "^"
        if isNegated { position += 1 }
        switch dialect {
        case .schema: try parseMembers(&group, start)
        case .xpath: try parseMembersAndHyphens(&group, start)
        }
        group.isNegated = isNegated
        return group
    }

    private mutating func parseMembers(_ group: inout ScalarSet.Group, _ start: Int) throws(RegexSyntaxError) {
        repeat {
            let member = try parseMember(start)
            guard current == "-" else {
                group.formUnion(member)
                continue
            }
            position += 1
            if current == "[" {
                group.formUnion(member)
                break
            }
            group.ranges.append(try parseRange(from: member, start))
            if current == "-" {
                position += 1
                if current != "[" { throw error(RegexMessages.expected("[", current)) }
                break
            }
        } while current != "]"
    }

    private mutating func parseMembersAndHyphens(
        _ group: inout ScalarSet.Group, _ start: Int
    ) throws(RegexSyntaxError) {
        repeat {
            if current == "-", next != "[" {
                position += 1
                group.ranges.append(0x2D...0x2D)
                continue
            }
            let member = try parseMember(start)
            guard let scalar = member.singleScalar else {
                group.formUnion(member)
                continue
            }
            var range = scalar...scalar
            if current == "-", !isHyphenAlone {
                position += 1
                range = try parseRange(from: member, start)
            }
            group.ranges += ignoresCase ? CaseVariants.ranges(range) : [range]
        } while current != "]" && !isAtSubtraction
        if isAtSubtraction { position += 1 }
    }

    private var isAtSubtraction: Bool { current == "-" && next == "[" }

    /// Whether the hyphen here makes no range of what is before it: it is the last character, or another one follows
    /// that subtracts.
    private var isHyphenAlone: Bool {
        isAtSubtraction || next == "]"
            || next == "-" && position + 2 < characters.count && characters[position + 2] == "["
    }

    private mutating func parseRange(
        from member: ScalarSet.Group, _ start: Int
    ) throws(RegexSyntaxError) -> ClosedRange<UInt32> {
        let offset = position
        let end = try parseMember(start)
        guard let lower = member.singleScalar, let upper = end.singleScalar else {
            position = offset
            throw error(RegexMessages.rangeOfSets)
        }
        if lower > upper {
            position = offset
            throw error(RegexMessages.rangeOrder)
        }
        return lower...upper
    }

    private mutating func parseMember(_ start: Int) throws(RegexSyntaxError) -> ScalarSet.Group {
        switch current {
        case nil:
            position = start
            throw error(RegexMessages.unclosedBracket)
        case "\\":
            return try parseEscape()
        case let character? where character == "[" || character == "]" || character == "-":
            throw error(RegexMessages.unescaped(character))
        case let character?:
            position += 1
            return ScalarSet.Group(character)
        }
    }

    // MARK: Escapes

    mutating func parseEscape() throws(RegexSyntaxError) -> ScalarSet.Group {
        position += 1
        guard let character = current else { throw error(RegexMessages.unfinishedEscape) }
        position += 1
        switch character {
        case "n": return ScalarSet.Group("\n")
        case "r": return ScalarSet.Group("\r")
        case "t": return ScalarSet.Group("\t")
        case "\\", "|", ".", "-", "^", "?", "*", "+", "(", ")", "{", "}", "[", "]": return ScalarSet.Group(character)
        case "$" where dialect == .xpath: return ScalarSet.Group(character)
        case "p": return try parseProperty()
        case "P": return try parseProperty().complement
        default:
            if let group = ScalarSet.Group(escape: character) { return group }
            position -= 1
            throw error(RegexMessages.escape(character, dialect))
        }
    }

    /// From after `\p` to after the brace.
    private mutating func parseProperty() throws(RegexSyntaxError) -> ScalarSet.Group {
        guard current == "{" else { throw error(RegexMessages.expected("{", current)) }
        let start = position
        guard let end = characters[start...].firstIndex(of: "}") else { throw error(RegexMessages.unclosedBrace) }
        position = end + 1
        let name = String(String.UnicodeScalarView(characters[(start + 1)..<end]))
        if let mask = GeneralCategory.mask(name) { return ScalarSet.Group(categories: mask) }
        position = start + 1
        guard name.hasPrefix("Is") else { throw error(RegexMessages.category(name)) }
        let block = String(name.dropFirst(2))
        guard let ranges = UnicodeBlock.ranges(block, dialect) else {
            throw error(RegexMessages.block(block, like: UnicodeBlock.like(block)))
        }
        position = end + 1
        return ScalarSet.Group(ranges: ranges)
    }
}

extension ScalarSet.Group {
    init(_ scalar: Unicode.Scalar) {
        self.init(ranges: [scalar.value...scalar.value])
    }

    /// The sets of several characters that a letter stands for.
    fileprivate init?(escape: Unicode.Scalar) {
        let space = ScalarSet.Group(ranges: [0x9...0xA, 0xD...0xD, 0x20...0x20])
        let digits = ScalarSet.Group(categories: GeneralCategory.mask("Nd") ?? 0)
        let notWord = ["P", "Z", "C"].reduce(0) { $0 | (GeneralCategory.mask($1) ?? 0) }
        switch escape {
        case "s": self = space
        case "S": self = space.complement
        case "i": self.init(names: .start)
        case "I": self.init(names: .notStart)
        case "c": self.init(names: .part)
        case "C": self.init(names: .notPart)
        case "d": self = digits
        case "D": self = digits.complement
        case "w": self.init(categories: ~notWord & GeneralCategory.all)
        case "W": self.init(categories: notWord)
        default: return nil
        }
    }

    /// The only character, where it is written as one.
    var singleScalar: UInt32? {
        guard ranges.count == 1, categories == 0, names.isEmpty, !isNegated, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}

extension Int32 {
    /// The number that digits say, or the largest.
    fileprivate init(clamped digits: String) {
        self = digits.isEmpty ? 0 : Int32(digits) ?? .max
    }
}
