/// Makes something of the parts of an expression that is being read; a part may be used in one other part.
protocol RegexBuilder {
    associatedtype Expression

    /// How deep parentheses may lie in one another, where what is made is walked by recursion.
    static var maximumDepth: Int { get }

    /// One of the characters of a set.
    mutating func set(_ set: ScalarSet) -> Expression
    mutating func scalar(_ scalar: UInt32) -> Expression
    mutating func sequence(_ parts: [Expression]) -> Expression
    mutating func choice(_ branches: [Expression]) -> Expression
    /// - Parameter maximum: ``RegexReader/unbounded`` for any number.
    mutating func repetition(
        _ part: Expression, _ minimum: Int32, _ maximum: Int32, isGreedy: Bool
    ) -> Expression
    /// A group that captures.
    mutating func group(_ part: Expression, _ number: Int) -> Expression
    mutating func reference(_ reference: RegexReference) -> Expression
}

/// The parts that only XPath's expressions have: they match no character of their own.
enum RegexReference {
    case start, end
    /// The text that the group of this number captured.
    case group(Int)
}

/// Reads a regular expression of XML Schema (Part 2, appendix F) or of XPath (XPath functions, 5.6.1). Nothing here is
/// recursive.
///
/// XPath adds to XML Schema's dialect: anchors, references to groups, groups that capture nothing, quantities that are
/// not greedy, and flags.
struct RegexParser<Builder: RegexBuilder> {
    typealias Expression = Builder.Expression

    /// An expression that is being read: the branches before a `|`, and the pieces since.
    private struct Frame {
        var branches: [Expression] = []
        var pieces: [Expression] = []
        /// Where its parenthesis is.
        var offset = 0
        /// The number of its group, 0 if it captures nothing.
        var group = 0
    }

    private(set) var builder: Builder
    /// By the number of a group: that of the one around it. The whole has number 0.
    private(set) var parents = [0]
    private let flags: RegexFlags
    private let allowsNonCapturing: Bool
    private var reader: RegexReader
    private var frames = [Frame()]
    private var closedGroups = Set<Int>()

    /// - Parameter hasXPath3: whether there are groups that capture nothing.
    init(
        _ pattern: String, _ dialect: RegexReader.Dialect, _ builder: Builder, _ flags: RegexFlags = RegexFlags(),
        hasXPath3: Bool = false
    ) {
        self.builder = builder
        self.flags = flags
        allowsNonCapturing = hasXPath3
        reader = RegexReader(
            pattern, dialect, ignoresCase: flags.ignoresCase, ignoresSpace: flags.ignoresSpace && !flags.isLiteral
        )
    }

    private var isXPath: Bool { reader.dialect == .xpath }

    mutating func parse() throws(RegexSyntaxError) -> Expression {
        while let character = reader.current {
            if flags.isLiteral {
                reader.position += 1
                frames[0].pieces.append(scalar(character.value))
            } else {
                try parsePiece(character)
            }
        }
        guard frames.count == 1, let frame = frames.popLast() else {
            reader.position = frames[frames.count - 1].offset
            throw reader.error(RegexMessages.unclosedParenthesis)
        }
        return close(frame)
    }

    private mutating func parsePiece(_ character: Unicode.Scalar) throws(RegexSyntaxError) {
        switch character {
        case "(":
            try open()
        case ")":
            guard frames.count > 1, let frame = frames.popLast() else { throw reader.error(RegexMessages.unopened) }
            reader.position += 1
            let content = close(frame)
            closedGroups.insert(frame.group)
            try appendQuantified(frame.group == 0 ? content : builder.group(content, frame.group))
        case "|":
            endBranch()
            reader.position += 1
        case "?", "*", "+", "{":
            throw reader.error(RegexMessages.nothingToRepeat(character))
        case "}", "]":
            throw reader.error(RegexMessages.unescaped(character))
        case "[":
            try appendQuantified(builder.set(reader.parseBrackets()))
        case "\\":
            let isReference = isXPath && reader.next.map { ("0"..."9").contains($0) } == true
            try appendQuantified(isReference ? parseBackreference() : parseEscape())
        case "^" where isXPath:
            reader.position += 1
            try appendQuantified(builder.reference(.start))
        case "$" where isXPath:
            reader.position += 1
            try appendQuantified(builder.reference(.end))
        case ".":
            reader.position += 1
            let lineEnds: [ClosedRange<UInt32>] = flags.dotIsAll ? [] : [0xA...0xA, 0xD...0xD]
            try appendQuantified(builder.set(ScalarSet([.init(ranges: lineEnds, isNegated: true)])))
        default:
            reader.position += 1
            try appendQuantified(scalar(character.value))
        }
    }

    // MARK: Branches and pieces

    private mutating func open() throws(RegexSyntaxError) {
        if frames.count > Builder.maximumDepth { throw reader.error(RegexMessages.tooDeep(Builder.maximumDepth)) }
        var frame = Frame(offset: reader.position)
        reader.position += 1
        if reader.current == "?", reader.next == ":", allowsNonCapturing {
            reader.position += 2
        } else if isXPath {
            frame.group = parents.count
            parents.append(frames.last { $0.group > 0 }?.group ?? 0)
        }
        frames.append(frame)
    }

    private mutating func endBranch() {
        let last = frames.count - 1
        frames[last].branches.append(builder.sequence(frames[last].pieces))
        frames[last].pieces.removeAll()
    }

    private mutating func close(_ frame: Frame) -> Expression {
        builder.choice(frame.branches + [builder.sequence(frame.pieces)])
    }

    private mutating func appendQuantified(_ atom: Expression) throws(RegexSyntaxError) {
        let start = reader.position
        let (minimum, maximum) = try reader.parseQuantity()
        var piece = atom
        if reader.position > start {
            let isReluctant = isXPath && reader.current == "?"
            if isReluctant { reader.position += 1 }
            piece = builder.repetition(atom, minimum, maximum, isGreedy: !isReluctant)
        }
        frames[frames.count - 1].pieces.append(piece)
    }

    // MARK: Atoms

    private mutating func scalar(_ scalar: UInt32) -> Expression {
        guard flags.ignoresCase else { return builder.scalar(scalar) }
        return builder.set(ScalarSet([.init(ranges: CaseVariants.ranges(scalar...scalar))]))
    }

    private mutating func parseEscape() throws(RegexSyntaxError) -> Expression {
        let group = try reader.parseEscape()
        if let single = group.singleScalar { return scalar(single) }
        return builder.set(ScalarSet([group]))
    }

    /// As many digits as name a group that was opened before.
    private mutating func parseBackreference() throws(RegexSyntaxError) -> Expression {
        let start = reader.position
        reader.position += 1
        var group = 0
        while let digit = reader.current?.value, (0x30...0x39).contains(digit) {
            let longer = group * 10 + Int(digit - 0x30)
            if group > 0, longer >= parents.count { break }
            group = longer
            reader.position += 1
            if group == 0 { break }
        }
        guard group > 0, group < parents.count, closedGroups.contains(group) else {
            reader.position = start
            throw reader.error(RegexMessages.backreference(group))
        }
        return builder.reference(.group(group))
    }
}
