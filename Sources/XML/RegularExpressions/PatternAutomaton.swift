/// Tells whether a string has a match, in one pass: a deterministic automaton over sets of the program's threads, made as far as
/// strings have needed it.
struct PatternAutomaton: Sendable {
    /// What comes before a position, as far as anchors ask.
    private enum Before: Int32 {
        case nothing, lineFeed, other
    }

    private enum After {
        case nothing, lineFeed, other
    }

    private static let unknown: Int32 = -1
    private static let deadRow = 0
    /// So many numbers in the table and in the states.
    private static let limit = 1 << 18

    private let program: PatternProgram
    private var classes: ScalarClasses
    private var stride: Int
    /// By state and class of characters: the row of the next state. The last number of a row is for the end of the string.
    private var table: [Int32] = []
    /// By row and stride: the instructions at which threads are, in order, behind what comes before.
    private var states: [[Int32]] = []
    private var rows: [[Int32]: Int] = [:]
    private var size = 0
    private var startRow = 0
    private var matchRow = 0
    private var seen: [Bool]

    init(_ program: PatternProgram) {
        self.program = program
        classes = ScalarClasses(program.sets)
        stride = max(4, classes.count + 2)
        seen = Array(repeating: false, count: program.instructions.count)
        reset()
    }

    /// - Parameter start: where a match may begin; what comes before is looked at only by anchors.
    mutating func matches(_ string: Span<UInt8>, from start: Int) -> Bool {
        var (position, row) = (start, start == 0 ? startRow : row(before: string[start - 1] == 0x0A ? .lineFeed : .other))
        while true {
            run(string, &position, &row)
            if row == matchRow { return true }
            if row == PatternAutomaton.deadRow { return false }
            if position == string.count { return next(row, nil) == matchRow }
            let (scalar, length) = string.scalar(at: position)
            row = next(row, scalar)
            position += length
        }
    }

    /// Goes on as far as the table is known, and no further than ASCII.
    private func run(_ string: Span<UInt8>, _ position: inout Int, _ row: inout Int) {
        let (table, classes) = (table.span, classes.ascii.span)
        var (at, current) = (position, row)
        while at < string.count {
            let byte = string[at]
            guard byte < 0x80 else { break }
            let next = table[current + Int(classes[Int(byte)])]
            guard next >= 0 else { break }
            current = Int(next)
            at += 1
            if current == PatternAutomaton.deadRow || current == matchRow { break }
        }
        (position, row) = (at, current)
    }

    /// - Parameter scalar: `nil` for the end of the string.
    private mutating func next(_ row: Int, _ scalar: Unicode.Scalar?) -> Int {
        var row = row
        let number = scalar.map { classes.number(of: $0) }
        if let number, number >= stride - 1 {
            let kept = states[row / stride]
            stride *= 2
            reset()
            row = add(kept)
        }
        let column = number ?? stride - 1
        let known = table[row + column]
        if known != PatternAutomaton.unknown { return Int(known) }
        let state = states[row / stride]
        if size > PatternAutomaton.limit {
            reset()
            row = add(state)
        }
        let next = compute(state, scalar, number)
        table[row + column] = Int32(next)
        return next
    }

    // MARK: States

    private mutating func reset() {
        table.removeAll()
        states.removeAll()
        rows.removeAll()
        size = 0
        _ = add([])
        for index in 0..<stride { table[index] = Int32(PatternAutomaton.deadRow) }
        matchRow = add([Before.other.rawValue, -1])
        startRow = add([Before.nothing.rawValue, 0])
    }

    private mutating func row(before: Before) -> Int { add(program.isAnchored ? [] : [before.rawValue, 0]) }

    private mutating func add(_ state: [Int32]) -> Int {
        if let known = rows[state] { return known }
        let row = table.count
        rows[state] = row
        states.append(state)
        table.append(contentsOf: repeatElement(PatternAutomaton.unknown, count: stride))
        size += stride + state.count
        return row
    }

    private mutating func compute(_ state: [Int32], _ scalar: Unicode.Scalar?, _ number: Int?) -> Int {
        let isLineFeed = scalar == "\n" && program.lineFeed != nil
        let after: After = scalar == nil ? .nothing : isLineFeed ? .lineFeed : .other
        guard let ready = closure(state, after) else { return matchRow }
        guard let number else { return PatternAutomaton.deadRow }
        var found: [Int32] = program.isAnchored ? [] : [0]
        for instruction in ready where classes.contains(Int(program.instructions[Int(instruction)].first), number) {
            found.append(instruction + 1)
        }
        if found.isEmpty { return PatternAutomaton.deadRow }
        let before = isLineFeed ? Before.lineFeed : .other
        return add([before.rawValue] + Set(found).sorted())
    }

    /// The instructions for a character that threads come to; `nil` if one of them matches.
    private mutating func closure(_ state: [Int32], _ after: After) -> [Int32]? {
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
            case .match: return nil
            case .set: ready.append(index)
            case .split: left += [instruction.second, instruction.first]
            case .jump: left.append(instruction.first)
            case .save, .mark, .check: left.append(index + 1)
            case .textStart:
                if before == .nothing { left.append(index + 1) }
            case .lineStart:
                // Behind the last line feed no line begins.
                if before == .nothing || before == .lineFeed && after != .nothing { left.append(index + 1) }
            case .textEnd:
                if after == .nothing { left.append(index + 1) }
            case .lineEnd:
                if after != .other { left.append(index + 1) }
            case .fail, .backreference: break
            }
        }
        return ready
    }
}
