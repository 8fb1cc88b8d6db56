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
    private var reader: RegularExpressionReader
    private var frames = [Frame()]

    init(_ pattern: String) {
        reader = RegularExpressionReader(pattern, .schema)
    }

    mutating func parse() throws(RegularExpressionError) -> Int32 {
        while let character = reader.current {
            switch character {
            case "(":
                frames.append(Frame(offset: reader.position))
                reader.position += 1
            case ")":
                guard frames.count > 1, let frame = frames.popLast() else {
                    throw reader.error(RegexMessages.unopened)
                }
                reader.position += 1
                try appendQuantified(close(frame))
            case "|":
                endBranch()
                reader.position += 1
            case "?", "*", "+", "{":
                throw reader.error(RegexMessages.nothingToRepeat(character))
            case "}", "]":
                throw reader.error(RegexMessages.unescaped(character))
            case "[":
                try appendQuantified(terms.set(reader.parseBrackets()))
            case "\\":
                try appendQuantified(term(reader.parseEscape()))
            case ".":
                reader.position += 1
                try appendQuantified(terms.set(ScalarSet([.init(ranges: [0xA...0xA, 0xD...0xD], isNegated: true)])))
            default:
                reader.position += 1
                try appendQuantified(terms.scalar(character.value))
            }
        }
        guard frames.count == 1, let frame = frames.popLast() else {
            reader.position = frames[frames.count - 1].offset
            throw reader.error(RegexMessages.unclosedParenthesis)
        }
        return close(frame)
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
        let (minimum, maximum) = try reader.parseQuantity()
        frames[frames.count - 1].pieces.append(terms.repetition(atom, minimum, maximum))
    }
}
