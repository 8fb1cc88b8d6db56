/// Reads a regular expression of XML Schema Part 2, appendix F, into terms. Parentheses may lie in one another as deep
/// as they like: nothing here is recursive.
struct RegularExpressionParser {
    /// An expression that is being read: the branches before a `|`, and the pieces since.
    private struct Frame {
        var branches: [Int32] = []
        var pieces: [Int32] = []
        /// Where its parenthesis stands.
        var offset = 0
    }

    private(set) var terms = TermTable()
    private let characters: [Unicode.Scalar]
    private var position = 0
    private var frames = [Frame()]

    init(_ pattern: String) {
        characters = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(RegularExpressionError) -> Int32 {
        while let character = current {
            switch character {
            case "(":
                frames.append(Frame(offset: position))
                position += 1
            case ")":
                guard frames.count > 1, let frame = frames.popLast() else {
                    throw error(Messages.regexUnopened)
                }
                position += 1
                try appendQuantified(close(frame))
            case "|":
                endBranch()
                position += 1
            case "?", "*", "+", "{":
                throw error(Messages.regexNothingToRepeat(character))
            case "}", "]":
                throw error(Messages.regexUnescaped(character))
            case "[":
                try appendQuantified(terms.set(parseBrackets()))
            case "\\":
                try appendQuantified(term(parseEscape()))
            case ".":
                position += 1
                try appendQuantified(terms.set(ScalarSet([.init(ranges: [0xA...0xA, 0xD...0xD], isNegated: true)])))
            default:
                position += 1
                try appendQuantified(terms.scalar(character.value))
            }
        }
        guard frames.count == 1, let frame = frames.popLast() else {
            position = frames[frames.count - 1].offset
            throw error(Messages.regexUnclosedParenthesis)
        }
        return close(frame)
    }

    private var current: Unicode.Scalar? { position < characters.count ? characters[position] : nil }

    private func error(_ reason: String) -> RegularExpressionError {
        RegularExpressionError(reason: reason, offset: position)
    }

    // MARK: Branches and pieces

    private mutating func endBranch() {
        let last = frames.count - 1
        frames[last].branches.append(sequence(frames[last].pieces))
        frames[last].pieces.removeAll()
    }

    private mutating func close(_ frame: Frame) -> Int32 {
        let branches = frame.branches + [sequence(frame.pieces)]
        return branches.dropLast().reversed().reduce(branches[branches.count - 1]) { terms.choice($1, $0) }
    }

    private mutating func sequence(_ pieces: [Int32]) -> Int32 {
        pieces.reversed().reduce(TermTable.empty) { terms.sequence($1, $0) }
    }

    private mutating func term(_ group: ScalarSet.Group) -> Int32 {
        if let scalar = group.singleScalar { return terms.scalar(scalar) }
        return terms.set(ScalarSet([group]))
    }

    private mutating func appendQuantified(_ atom: Int32) throws(RegularExpressionError) {
        let (minimum, maximum) = try parseQuantity()
        frames[frames.count - 1].pieces.append(terms.repetition(atom, minimum, maximum))
    }

    private mutating func parseQuantity() throws(RegularExpressionError) -> (Int32, Int32) {
        let start = position
        guard let character = current, "?*+{".unicodeScalars.contains(character) else { return (1, 1) }
        position += 1
        switch character {
        case "?": return (0, 1)
        case "*": return (0, Term.unbounded)
        case "+": return (1, Term.unbounded)
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
            return (Int32(clamped: minimum), Term.unbounded)
        }
        let maximum = try parseNumber()
        try endQuantity()
        if (minimum.count, minimum) > (maximum.count, maximum) {
            position = start
            throw error(Messages.regexQuantityRange)
        }
        return (Int32(clamped: minimum), Int32(clamped: maximum))
    }

    private mutating func endQuantity() throws(RegularExpressionError) {
        if current != "}" { throw error(Messages.regexExpected("}", current)) }
        position += 1
    }

    /// The digits without zeros before them.
    private mutating func parseNumber() throws(RegularExpressionError) -> String {
        let start = position
        while let digit = current, ("0"..."9").contains(digit) { position += 1 }
        if position == start { throw error(Messages.regexDigit(current)) }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: characters[start..<position].drop { $0 == "0" })
        return String(digits)
    }

    // MARK: Sets

    private mutating func parseBrackets() throws(RegularExpressionError) -> ScalarSet {
        let start = position
        var groups: [ScalarSet.Group] = []
        repeat {
            position += 1
            try groups.append(parseGroup(start))
        } while current == "["
        // Each subtraction ends with its own bracket.
        for _ in groups {
            guard current == "]" else { throw error(Messages.regexExpected("]", current)) }
            position += 1
        }
        return ScalarSet(groups)
    }

    /// Up to the bracket that ends it or that begins what is subtracted from it.
    private mutating func parseGroup(_ start: Int) throws(RegularExpressionError) -> ScalarSet.Group {
        var group = ScalarSet.Group()
        group.isNegated = current == "^"
        if group.isNegated { position += 1 }
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
            let offset = position
            let end = try parseMember(start)
            guard let lower = member.singleScalar, let upper = end.singleScalar else {
                position = offset
                throw error(Messages.regexRangeOfSets)
            }
            if lower > upper {
                position = offset
                throw error(Messages.regexRangeOrder)
            }
            group.ranges.append(lower...upper)
            if current == "-" {
                position += 1
                if current != "[" { throw error(Messages.regexExpected("[", current)) }
                break
            }
        } while current != "]"
        return group
    }

    private mutating func parseMember(_ start: Int) throws(RegularExpressionError) -> ScalarSet.Group {
        switch current {
        case nil:
            position = start
            throw error(Messages.regexUnclosedBracket)
        case "\\":
            return try parseEscape()
        case let character? where character == "[" || character == "]" || character == "-":
            throw error(Messages.regexUnescaped(character))
        case let character?:
            position += 1
            return ScalarSet.Group(character)
        }
    }

    // MARK: Escapes

    private mutating func parseEscape() throws(RegularExpressionError) -> ScalarSet.Group {
        position += 1
        guard let character = current else { throw error(Messages.regexUnfinishedEscape) }
        position += 1
        switch character {
        case "n": return ScalarSet.Group("\n")
        case "r": return ScalarSet.Group("\r")
        case "t": return ScalarSet.Group("\t")
        case "\\", "|", ".", "-", "^", "?", "*", "+", "(", ")", "{", "}", "[", "]": return ScalarSet.Group(character)
        case "p": return try parseProperty()
        case "P": return try parseProperty().complement
        default:
            if let group = ScalarSet.Group(escape: character) { return group }
            position -= 1
            throw error(Messages.regexEscape(character))
        }
    }

    /// From behind `\p` to behind the brace.
    private mutating func parseProperty() throws(RegularExpressionError) -> ScalarSet.Group {
        guard current == "{" else { throw error(Messages.regexExpected("{", current)) }
        let start = position
        guard let end = characters[start...].firstIndex(of: "}") else { throw error(Messages.regexUnclosedBrace) }
        position = end + 1
        let name = String(String.UnicodeScalarView(characters[(start + 1)..<end]))
        if let mask = GeneralCategory.mask(name) { return ScalarSet.Group(categories: mask) }
        position = start + 1
        guard name.hasPrefix("Is") else { throw error(Messages.regexCategory(name)) }
        let block = String(name.dropFirst(2))
        guard let ranges = UnicodeBlock.ranges(block) else {
            throw error(Messages.regexBlock(block, like: UnicodeBlock.like(block)))
        }
        position = end + 1
        return ScalarSet.Group(ranges: ranges)
    }
}

extension ScalarSet.Group {
    fileprivate init(_ scalar: Unicode.Scalar) {
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
    fileprivate var singleScalar: UInt32? {
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
