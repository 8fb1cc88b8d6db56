/// A deterministic automaton over the threads of a program, made as far as strings have needed it.
///
/// In one pass it tells whether a string has a match, or where the match ends that begins at a place: there the threads
/// keep the order of their precedence, and those behind one that matches are dropped.
struct RegexAutomaton: Sendable {
    enum Task: Sendable {
        case search, end
    }

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

    private let program: RegexProgram
    private let task: Task
    private var classes: ScalarClasses
    private var stride: Int
    /// By state and class of characters: twice the row of the next state, and 1 if there is a match before the
    /// character. The last number of a row is for the end of the string.
    private var table: [Int32] = []
    /// By row and stride: the instructions at which threads are, behind what comes before.
    private var states: [[Int32]] = []
    private var rows: [[Int32]: Int] = [:]
    private var size = 0
    /// By what comes before: the row to begin with.
    private var startRows: [Int] = []
    private var seen: [Bool]

    init(_ program: RegexProgram, _ task: Task) {
        self.program = program
        self.task = task
        classes = ScalarClasses(program.sets)
        stride = max(4, classes.count + 2)
        seen = Array(repeating: false, count: program.instructions.count)
        reset()
    }

    /// Goes on from a place.
    ///
    /// - Returns: Where a match ends, the last one that was come to, and how far that was gone for it. A search ends at
    ///   any match.
    mutating func run(_ string: Span<UInt8>, from start: Int) -> (end: Int?, last: Int) {
        let before: Before =
            start == 0 ? .nothing : string[start - 1] == 0x0A && program.lineFeed != nil ? .lineFeed : .other
        var (position, row, end): (Int, Int, Int?) = (start, startRows[Int(before.rawValue)], nil)
        while row != RegexAutomaton.deadRow {
            runASCII(string, &position, &row, &end)
            if task == .search, end != nil || row == RegexAutomaton.deadRow { break }
            let isAtEnd = position == string.count
            let (scalar, length) = isAtEnd ? (nil, 0) : string.scalar(at: position) as (Unicode.Scalar?, Int)
            let entry = next(row, scalar)
            if entry & 1 != 0 { end = position }
            if isAtEnd || task == .search && end != nil { break }
            row = entry >> 1
            position += length
        }
        return (end, position)
    }

    /// Goes on as far as the table is known, and no further than ASCII.
    private func runASCII(_ string: Span<UInt8>, _ position: inout Int, _ row: inout Int, _ end: inout Int?) {
        let (table, classes) = (table.span, classes.ascii.span)
        var (at, current, match) = (position, row, -1)
        while at < string.count {
            let byte = string[at]
            guard byte < 0x80 else { break }
            let entry = Int(table[current + Int(classes[Int(byte)])])
            guard entry >= 0 else { break }
            current = entry >> 1
            if entry & 1 != 0 {
                match = at
                if task == .search { break }
            }
            if current == RegexAutomaton.deadRow { break }
            at += 1
        }
        if match >= 0 { end = match }
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
        if known != RegexAutomaton.unknown { return Int(known) }
        let state = states[row / stride]
        if size > RegexAutomaton.limit {
            reset()
            row = add(state)
        }
        let entry = compute(state, scalar, number)
        table[row + column] = Int32(entry)
        return entry
    }

    // MARK: States

    private mutating func reset() {
        table.removeAll()
        states.removeAll()
        rows.removeAll()
        size = 0
        _ = add([])
        for index in 0..<stride { table[index] = Int32(RegexAutomaton.deadRow) }
        let later = program.isAnchored ? [] : [0] as [Int32]
        startRows = [add([Before.nothing.rawValue, 0])]
        for before in [Before.lineFeed, .other] {
            startRows.append(add(later.isEmpty ? [] : [before.rawValue] + later))
        }
    }

    private mutating func add(_ state: [Int32]) -> Int {
        if let known = rows[state] { return known }
        let row = table.count
        rows[state] = row
        states.append(state)
        table.append(contentsOf: repeatElement(RegexAutomaton.unknown, count: stride))
        size += stride + state.count
        return row
    }

    private mutating func compute(_ state: [Int32], _ scalar: Unicode.Scalar?, _ number: Int?) -> Int {
        let isLineFeed = scalar == "\n" && program.lineFeed != nil
        let (ready, isMatch) = closure(state, scalar == nil ? .nothing : isLineFeed ? .lineFeed : .other)
        let match = isMatch ? 1 : 0
        guard let number, !isMatch || task == .end else { return 2 * RegexAutomaton.deadRow + match }
        var found: [Int32] = []
        for instruction in ready where classes.contains(Int(program.instructions[Int(instruction)].first), number) {
            found.append(instruction + 1)
        }
        if task == .search {
            if !program.isAnchored { found.append(0) }
            found = Set(found).sorted()
        }
        if found.isEmpty { return 2 * RegexAutomaton.deadRow + match }
        return 2 * add([isLineFeed ? Before.lineFeed.rawValue : Before.other.rawValue] + found) + match
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
                // Behind the last line feed no line begins.
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
