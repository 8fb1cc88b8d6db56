/// A regular expression of XPath as a tree.
indirect enum RegexNode {
    case empty
    /// One of the characters of the set of this number.
    case set(Int)
    case sequence([RegexNode])
    /// The first one that matches is taken.
    case choice([RegexNode])
    case repetition(RegexNode, Int32, Int32, isGreedy: Bool)
    /// A group that captures, by its number from 1.
    case group(RegexNode, Int)
    case start
    case end
    /// What the group of this number captured.
    case backreference(Int)
}

extension RegexNode {
    /// So many characters at least match.
    var minimumLength: Int {
        switch self {
        case .empty, .start, .end, .backreference: 0
        case .set: 1
        case .sequence(let parts): parts.reduce(0) { $0.addingClamped($1.minimumLength) }
        case .choice(let parts): parts.map(\.minimumLength).min() ?? 0
        case .group(let part, _): part.minimumLength
        case .repetition(let part, let minimum, _, _): part.minimumLength.multipliedClamped(by: Int(minimum))
        }
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

/// What the flags of fn:matches say (XPath functions, 5.6.1.1).
struct RegexFlags {
    /// `s`: a dot is any character.
    var dotIsAll = false
    /// `m`: the anchors are those of lines.
    var isMultiline = false
    /// `i`
    var ignoresCase = false
    /// `x`: white space means nothing.
    var ignoresSpace = false
    /// `q`: all characters mean themselves.
    var isLiteral = false

    /// - Throws: ``RegexError/unknownFlag(_:)``.
    init(_ flags: String, hasXPath3: Bool) throws(RegexError) {
        for flag in flags.unicodeScalars {
            switch flag {
            case "s": dotIsAll = true
            case "m": isMultiline = true
            case "i": ignoresCase = true
            case "x": ignoresSpace = true
            case "q" where hasXPath3: isLiteral = true
            default: throw .unknownFlag(flag)
            }
        }
    }
}

/// Reads a regular expression of XPath (XPath functions, 5.6.1). Nothing here is recursive, but what is made of the
/// tree is: the depth has a limit.
struct RegexParser {
    private static let maximumDepth = 500

    /// An expression that is being read: the branches before a `|`, and the pieces since.
    private struct Frame {
        var branches: [RegexNode] = []
        var pieces: [RegexNode] = []
        /// Where its parenthesis stands.
        var offset = 0
        /// The number of its group, 0 if it captures nothing.
        var group = 0
    }

    private let flags: RegexFlags
    private let allowsNonCapturing: Bool
    private var reader: RegularExpressionReader
    private var frames = [Frame()]
    private(set) var sets: [ScalarSet] = []
    private var numbers: [ScalarSet: Int] = [:]
    /// By the number of a group: that of the one around it. The whole has number 0.
    private(set) var parents = [0]
    private var closedGroups = Set<Int>()

    init(_ pattern: String, _ flags: RegexFlags, hasXPath3: Bool) {
        self.flags = flags
        allowsNonCapturing = hasXPath3
        reader = RegularExpressionReader(
            pattern, .xpath, ignoresCase: flags.ignoresCase, ignoresSpace: flags.ignoresSpace && !flags.isLiteral
        )
    }

    mutating func parse() throws(RegularExpressionError) -> RegexNode {
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

    private mutating func parsePiece(_ character: Unicode.Scalar) throws(RegularExpressionError) {
        switch character {
        case "(":
            try open()
        case ")":
            guard frames.count > 1, let frame = frames.popLast() else { throw reader.error(RegexMessages.unopened) }
            reader.position += 1
            closedGroups.insert(frame.group)
            try appendQuantified(frame.group == 0 ? close(frame) : .group(close(frame), frame.group))
        case "|":
            endBranch()
            reader.position += 1
        case "?", "*", "+", "{":
            throw reader.error(RegexMessages.nothingToRepeat(character))
        case "}", "]":
            throw reader.error(RegexMessages.unescaped(character))
        case "[":
            try appendQuantified(set(reader.parseBrackets()))
        case "\\":
            try appendQuantified(
                reader.next.map { ("0"..."9").contains($0) } == true ? parseBackreference() : parseEscape())
        case "^":
            reader.position += 1
            try appendQuantified(.start)
        case "$":
            reader.position += 1
            try appendQuantified(.end)
        case ".":
            reader.position += 1
            let lineEnds: [ClosedRange<UInt32>] = flags.dotIsAll ? [] : [0xA...0xA, 0xD...0xD]
            try appendQuantified(set(ScalarSet([.init(ranges: lineEnds, isNegated: true)])))
        default:
            reader.position += 1
            try appendQuantified(scalar(character.value))
        }
    }

    // MARK: Branches and pieces

    private mutating func open() throws(RegularExpressionError) {
        if frames.count > RegexParser.maximumDepth {
            throw reader.error(RegexMessages.tooDeep(RegexParser.maximumDepth))
        }
        var frame = Frame(offset: reader.position)
        reader.position += 1
        if reader.current == "?", reader.next == ":", allowsNonCapturing {
            reader.position += 2
        } else {
            frame.group = parents.count
            parents.append(frames.last { $0.group > 0 }?.group ?? 0)
        }
        frames.append(frame)
    }

    private mutating func endBranch() {
        let last = frames.count - 1
        frames[last].branches.append(sequence(frames[last].pieces))
        frames[last].pieces.removeAll()
    }

    private func close(_ frame: Frame) -> RegexNode {
        let last = sequence(frame.pieces)
        return frame.branches.isEmpty ? last : .choice(frame.branches + [last])
    }

    private func sequence(_ pieces: [RegexNode]) -> RegexNode {
        pieces.isEmpty ? .empty : pieces.count == 1 ? pieces[0] : .sequence(pieces)
    }

    private mutating func appendQuantified(_ atom: RegexNode) throws(RegularExpressionError) {
        let start = reader.position
        let (minimum, maximum) = try reader.parseQuantity()
        var piece = atom
        if reader.position > start {
            let isGreedy = reader.current != "?"
            if !isGreedy { reader.position += 1 }
            piece = .repetition(atom, minimum, maximum, isGreedy: isGreedy)
        }
        frames[frames.count - 1].pieces.append(piece)
    }

    // MARK: Atoms

    private mutating func set(_ set: ScalarSet) -> RegexNode {
        let number = numbers[set] ?? sets.count
        if number == sets.count {
            sets.append(set)
            numbers[set] = number
        }
        return .set(number)
    }

    private mutating func scalar(_ scalar: UInt32) -> RegexNode {
        set(ScalarSet([.init(ranges: flags.ignoresCase ? CaseVariants.ranges(scalar...scalar) : [scalar...scalar])]))
    }

    private mutating func parseEscape() throws(RegularExpressionError) -> RegexNode {
        let group = try reader.parseEscape()
        if let single = group.singleScalar { return scalar(single) }
        return set(ScalarSet([group]))
    }

    /// As many digits as name a group that was opened before.
    private mutating func parseBackreference() throws(RegularExpressionError) -> RegexNode {
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
        return .backreference(group)
    }
}
