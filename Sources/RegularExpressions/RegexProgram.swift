/// A regular expression of XPath as instructions (Thompson 1968, Pike): a thread begins at the first one, and of
/// several threads the one that would be tried first by backtracking has precedence.
struct RegexProgram: Sendable {
    enum Operation: UInt8, Sendable {
        /// The string matches.
        case match
        /// Nothing matches.
        case fail
        /// A character of the set of number `first`.
        case set
        /// Goes on at `first`, and with less precedence at `second`.
        case split
        case jump
        /// Notes the position at number `first`.
        case save
        case textStart
        case lineStart
        case textEnd
        case lineEnd
        /// The text that the group `first` captured.
        case backreference
        /// Notes the position at which a turn of the loop `first` begins.
        case mark
        /// Goes on at `second` if the turn of the loop `first` was empty.
        case check
    }

    struct Instruction: Sendable {
        var operation: Operation
        var first: Int32 = 0
        var second: Int32 = 0
    }

    /// So many instructions an expression may have once its repetitions are written out.
    private static let limit = 50_000
    /// So many copies are made of what is repeated; more count as any number, which short strings do not tell apart.
    private static let copies: Int32 = 1000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet]
    /// The positions that are noted: two for the whole, two for each group.
    let slots: Int
    private(set) var loops = 0
    private(set) var hasBackreferences = false
    /// The number of the set that has the line feed alone; `nil` if lines do not matter.
    private(set) var lineFeed: Int?
    /// Whether a match can only begin where the string does.
    let isAnchored: Bool
    /// So many characters a string must have less than to be matched right.
    private(set) var longest = Int.max
    let minimumLength: Int
    let ignoresCase: Bool
    private let isMultiline: Bool

    /// - Throws: ``RegexError/tooLarge``.
    init(_ node: RegexNode, _ sets: [ScalarSet], groups: Int, _ flags: RegexFlags) throws(RegexError) {
        self.sets = sets
        slots = 2 * (groups + 1)
        isMultiline = flags.isMultiline
        ignoresCase = flags.ignoresCase
        isAnchored = !flags.isMultiline && node.isAnchored
        minimumLength = node.minimumLength
        hasBackreferences = node.hasBackreferences
        try append(.save)
        try compile(node)
        try append(.save, 1)
        try append(.match)
        if flags.isMultiline {
            lineFeed = self.sets.count
            self.sets.append(ScalarSet(0x0A))
        }
    }

    @discardableResult
    private mutating func append(_ operation: Operation, _ first: Int = 0, _ second: Int = 0) throws(RegexError) -> Int
    {
        if instructions.count >= RegexProgram.limit { throw .tooLarge }
        instructions.append(Instruction(operation: operation, first: Int32(first), second: Int32(second)))
        return instructions.count - 1
    }

    private var end: Int32 { Int32(instructions.count) }

    private mutating func compile(_ node: RegexNode) throws(RegexError) {
        switch node {
        case .empty: break
        case .set(let number): try append(.set, number)
        case .start: try append(isMultiline ? .lineStart : .textStart)
        case .end: try append(isMultiline ? .lineEnd : .textEnd)
        case .backreference(let group): try append(.backreference, group)
        case .sequence(let parts):
            for part in parts { try compile(part) }
        case .group(let part, let number):
            try append(.save, 2 * number)
            try compile(part)
            try append(.save, 2 * number + 1)
        case .choice(let parts): try compileChoice(parts)
        case .repetition(let part, let minimum, let maximum, let isGreedy):
            try compileRepetition(part, minimum, maximum, isGreedy)
        }
    }

    private mutating func compileChoice(_ parts: [RegexNode]) throws(RegexError) {
        var jumps: [Int] = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let split = isLast ? nil : try append(.split, instructions.count + 1)
            try compile(part)
            if !isLast { jumps.append(try append(.jump)) }
            if let split { instructions[split].second = end }
        }
        for jump in jumps { instructions[jump].first = end }
    }

    private mutating func compileRepetition(
        _ part: RegexNode, _ minimum: Int32, _ maximum: Int32, _ isGreedy: Bool
    ) throws(RegexError) {
        if minimum > RegexProgram.copies {
            longest = min(longest, Int(minimum))
            try append(.fail)
            return
        }
        let isUnbounded = maximum > RegexProgram.copies
        if isUnbounded, maximum < RegexReader.unbounded { longest = min(longest, Int(maximum)) }
        for _ in 0..<max(0, isUnbounded ? minimum - 1 : minimum) { try compile(part) }
        if isUnbounded {
            let split = minimum == 0 ? try append(.split) : nil
            try compileLoop(part, isGreedy)
            if let split { direct(split, to: split + 1, isGreedy) }
        } else if maximum > minimum {
            var splits: [Int] = []
            for _ in minimum..<maximum {
                splits.append(try append(.split))
                try compile(part)
            }
            for split in splits { direct(split, to: split + 1, isGreedy) }
        }
    }

    /// Once or more.
    private mutating func compileLoop(_ part: RegexNode, _ isGreedy: Bool) throws(RegexError) {
        let start = instructions.count
        // Only backtracking could go round and round without a character.
        let check: Int?
        if hasBackreferences, part.minimumLength == 0 {
            let loop = loops
            loops += 1
            try append(.mark, loop)
            try compile(part)
            check = try append(.check, loop)
        } else {
            try compile(part)
            check = nil
        }
        let split = try append(.split)
        direct(split, to: start, isGreedy)
        if let check { instructions[check].second = end }
    }

    /// Makes a split go to an instruction or to the end so far, greedily or not.
    private mutating func direct(_ split: Int, to target: Int, _ isGreedy: Bool) {
        (instructions[split].first, instructions[split].second) = isGreedy ? (Int32(target), end) : (end, Int32(target))
    }
}

extension RegexNode {
    /// Whether it can only match at the beginning, if anchors are those of the string.
    fileprivate var isAnchored: Bool {
        switch self {
        case .start: true
        case .sequence(let parts): parts[0].isAnchored
        case .choice(let parts): parts.allSatisfy(\.isAnchored)
        case .group(let part, _): part.isAnchored
        case .repetition(let part, let minimum, _, _): minimum > 0 && part.isAnchored
        case .empty, .set, .end, .backreference: false
        }
    }

    fileprivate var hasBackreferences: Bool {
        switch self {
        case .backreference: true
        case .sequence(let parts), .choice(let parts): parts.contains(where: \.hasBackreferences)
        case .group(let part, _), .repetition(let part, _, _, _): part.hasBackreferences
        case .empty, .set, .start, .end: false
        }
    }
}
