/// Finds matches by trying one way after the other. In expressions with back-references there is no other way, and it
/// may take long; in others no way is gone twice, as long as there is memory to note them all.
struct RegexBacktracker: Sendable {
    /// So many steps are made in one string.
    static let limit = 5_000_000

    private enum Step {
        case visit(Int32, Int)
        /// The earlier value of a slot; the numbers after those of the slots are loops.
        case restore(Int32, Int)
    }

    private let program: RegexProgram
    private let start: RegexStart
    private var classes: ScalarClasses
    private var left = RegexBacktracker.limit
    private var steps: [Step] = []
    /// The positions that are noted, and after them those at which the turns of loops began.
    private var noted: [Int] = []
    /// By instruction and position: whether a way led there, which need not be gone again.
    private var visited: [UInt64] = []
    /// The positions for which that is noted; none if there are back-references.
    private var noting = 0..<0

    init(_ program: RegexProgram, _ start: RegexStart) {
        self.program = program
        self.start = start
        classes = ScalarClasses(program.sets)
    }

    /// A new string is being searched, all ways in it.
    mutating func begin() {
        left = RegexBacktracker.limit
        noting = 0..<0
    }

    /// A string is being searched from one position to another, no way twice.
    ///
    /// - Parameter memory: in bits.
    /// - Returns: Whether the memory is enough.
    mutating func begin(_ range: ClosedRange<Int>, memory: Int) -> Bool {
        let places = program.instructions.count * range.count
        if places > memory { return false }
        noting = Range(range)
        visited.removeAll(keepingCapacity: true)
        visited.append(contentsOf: repeatElement(0, count: places / 64 + 1))
        return true
    }

    /// The first match from a position on.
    ///
    /// - Throws: FOER0000 where it takes too long.
    mutating func find(in string: Span<UInt8>, from begin: Int, _ captures: inout [Int]) throws(RegexError) -> Bool {
        var position = begin
        while let candidate = start.candidate(in: string, from: position) {
            if try match(in: string, at: candidate, &captures) { return true }
            if candidate == string.count || program.isAnchored { return false }
            position = candidate + string.scalar(at: candidate).1
        }
        return false
    }

    /// The match that begins at a position.
    mutating func match(in string: Span<UInt8>, at begin: Int, _ captures: inout [Int]) throws(RegexError) -> Bool {
        noted = Array(repeating: -1, count: program.slots + program.loops)
        steps.removeAll(keepingCapacity: true)
        steps.append(.visit(0, begin))
        while let step = steps.popLast() {
            switch step {
            case .restore(let slot, let position): noted[Int(slot)] = position
            case .visit(let index, let position):
                if try run(index, string, position) {
                    forget(at: noted[1])
                    for slot in captures.indices { captures[slot] = noted[slot] }
                    return true
                }
            }
        }
        return false
    }

    /// Goes one way as far as it leads.
    private mutating func run(_ index: Int32, _ string: Span<UInt8>, _ position: Int) throws(RegexError) -> Bool {
        var (index, position) = (index, position)
        while true {
            if noting.isEmpty {
                left -= 1
                if left < 0 { throw .tooSlow(ways: RegexBacktracker.limit) }
            }
            let instruction = program.instructions[Int(index)]
            index += 1
            switch instruction.operation {
            case .match: return true
            case .fail: return false
            case .set:
                guard position < string.count else { return false }
                let (scalar, length) = string.scalar(at: position)
                let number = classes.number(of: scalar)
                guard classes.contains(Int(instruction.first), number) else { return false }
                position += length
            case .split:
                if !noting.isEmpty, !isNew(index, position) { return false }
                steps.append(.visit(instruction.second, position))
                index = instruction.first
            case .jump: index = instruction.first
            case .save: note(instruction.first, position)
            case .mark: note(Int32(program.slots) + instruction.first, position)
            case .check:
                if noted[program.slots + Int(instruction.first)] == position { index = instruction.second }
            case .textStart, .lineStart, .textEnd, .lineEnd:
                guard string.satisfies(instruction.operation, at: position) else { return false }
            case .backreference:
                guard let end = repeated(Int(instruction.first), string, position) else { return false }
                position = end
            }
        }
    }

    private mutating func isNew(_ index: Int32, _ position: Int) -> Bool {
        let place = Int(index - 1) * noting.count + position - noting.lowerBound
        let bit: UInt64 = 1 << UInt64(place & 63)
        if visited[place >> 6] & bit != 0 { return false }
        visited[place >> 6] |= bit
        return true
    }

    /// Of the places from which there may be a match yet, only those where this one ended can be come to again.
    private mutating func forget(at position: Int) {
        if noting.isEmpty { return }
        for index in program.instructions.indices {
            let place = index * noting.count + position - noting.lowerBound
            visited[place >> 6] &= ~(1 << UInt64(place & 63))
        }
    }

    private mutating func note(_ slot: Int32, _ position: Int) {
        steps.append(.restore(slot, noted[Int(slot)]))
        noted[Int(slot)] = position
    }

    /// The end of a group's capture, if the same text occurs at a position. A group without a match counts as empty.
    private mutating func repeated(_ group: Int, _ string: Span<UInt8>, _ position: Int) -> Int? {
        var (index, end, at) = (noted[2 * group], noted[2 * group + 1], position)
        guard index >= 0, end >= index else { return position }
        left -= end - index
        while index < end {
            guard at < string.count else { return nil }
            let ((wanted, width), (found, length)) = (string.scalar(at: index), string.scalar(at: at))
            guard wanted == found || program.ignoresCase && CaseVariants.areVariants(wanted, found) else { return nil }
            index += width
            at += length
        }
        return at
    }
}
