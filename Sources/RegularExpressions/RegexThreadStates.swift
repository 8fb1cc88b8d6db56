/// States: the instructions of a program at which threads are, after a summary of the preceding characters.
///
/// A search has all threads that there may be, in no order. For the end of a match that begins at a place they keep the
/// order of their precedence, and those after one that matches are dropped.
struct RegexThreadStates: RegexStates {
    enum Task {
        case search, end
    }

    /// The context before a position, as far as anchors need it.
    private enum Before: Int32 {
        case nothing, lineFeed, other
    }

    private enum After {
        case nothing, lineFeed, other
    }

    private let program: RegexProgram
    private let task: Task
    private var seen: [Bool]

    init(_ program: RegexProgram, _ task: Task) {
        self.program = program
        self.task = task
        seen = Array(repeating: false, count: program.instructions.count)
    }

    var sets: [ScalarSet] { program.sets }
    /// The program is all that is kept.
    var isFull: Bool { false }

    /// By what comes before.
    var starts: [[Int32]] {
        let later = [Before.lineFeed, .other].map { program.isAnchored ? [] : [$0.rawValue, 0] }
        return [[Before.nothing.rawValue, 0]] + later
    }

    func start(_ string: Span<UInt8>, _ position: Int) -> Int {
        let before: Before =
            position == 0 ? .nothing : string[position - 1] == 0x0A && program.lineFeed != nil ? .lineFeed : .other
        return Int(before.rawValue)
    }

    func forget(keeping state: [Int32]) -> [Int32] { state }

    mutating func step(
        _ state: [Int32], _ scalar: Unicode.Scalar?, _ number: Int, _ classes: ScalarClasses
    ) -> (next: [Int32], isMatch: Bool) {
        let isLineFeed = scalar == "\n" && program.lineFeed != nil
        let (ready, isMatch) = closure(state, scalar == nil ? .nothing : isLineFeed ? .lineFeed : .other)
        guard scalar != nil, !isMatch || task == .end else { return ([], isMatch) }
        var found: [Int32] = []
        for instruction in ready where classes.contains(Int(program.instructions[Int(instruction)].first), number) {
            found.append(instruction + 1)
        }
        if task == .search {
            if !program.isAnchored { found.append(0) }
            found = Set(found).sorted()
        }
        if found.isEmpty { return ([], isMatch) }
        return ([isLineFeed ? Before.lineFeed.rawValue : Before.other.rawValue] + found, isMatch)
    }

    /// The instructions for a character that threads come to, with more precedence than one that matches.
    private mutating func closure(_ state: [Int32], _ after: After) -> (ready: [Int32], isMatch: Bool) {
        let before = Before(rawValue: state[0]) ?? .other
        var left = Array(state.dropFirst().reversed())
        var (visited, ready): ([Int32], [Int32]) = ([], [])
        defer { for instruction in visited { seen[Int(instruction)] = false } }
        while let index = left.popLast() {
            if seen[Int(index)] { continue }
            seen[Int(index)] = true
            visited.append(index)
            let instruction = program.instructions[Int(index)]
            switch instruction.operation {
            case .match: return (ready, true)
            case .set: ready.append(index)
            case .split: left += [instruction.second, instruction.first]
            case .jump: left.append(instruction.first)
            case .save, .mark, .check: left.append(index + 1)
            case .textStart:
                if before == .nothing { left.append(index + 1) }
            case .lineStart:
                // After the last line feed no line begins.
                if before == .nothing || before == .lineFeed && after != .nothing { left.append(index + 1) }
            case .textEnd:
                if after == .nothing { left.append(index + 1) }
            case .lineEnd:
                if after != .other { left.append(index + 1) }
            case .fail, .backreference: break
            }
        }
        return (ready, false)
    }
}

extension RegexAutomaton<RegexThreadStates> {
    /// For whether there is a match, or for where the match ends that begins at a place.
    init(_ program: RegexProgram, _ task: RegexThreadStates.Task) {
        self.init(RegexThreadStates(program, task), stopsAtMatch: task == .search)
    }
}
