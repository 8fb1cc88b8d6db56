/// The states of an automaton, and their successors. A state is a list of numbers; the empty one has nothing
/// more to match.
protocol RegexStates: Sendable {
    /// The sets of characters that are told apart.
    var sets: [ScalarSet] { get }
    /// The states to begin with.
    var starts: [[Int32]] { get }
    /// Whether so much is kept for the states that they should be forgotten.
    var isFull: Bool { get }

    /// Which of the states to begin with is right at a position.
    func start(_ string: Span<UInt8>, _ position: Int) -> Int

    /// Forgets what is kept for states, but for one, which may have other numbers afterwards.
    mutating func forget(keeping state: [Int32]) -> [Int32]

    /// The successors of a state.
    ///
    /// - Parameters:
    ///   - scalar: `nil` for the end of the string.
    ///   - number: the class of the character.
    /// - Returns: the next state, and whether there is a match before the character.
    mutating func step(
        _ state: [Int32], _ scalar: Unicode.Scalar?, _ number: Int, _ classes: ScalarClasses
    ) -> (next: [Int32], isMatch: Bool)
}

/// A deterministic automaton, made as far as strings have needed it: the time is linear in the string. What was learned
/// is dropped when it becomes much.
struct RegexAutomaton<States: RegexStates>: Sendable {
    private static var unknown: Int32 { -1 }
    private static var deadRow: Int { 0 }
    /// So many numbers in the table and in the states; a single state may need more.
    static var limit: Int { 1 << 18 }

    private var states: States
    private let stopsAtMatch: Bool
    private var classes = ScalarClasses([])
    /// 0 before the first string.
    private var stride = 0
    /// By state and class of characters: twice the row of the next state, and 1 if there is a match before the
    /// character. The last number of a row is for the end of the string.
    private var table: [Int32] = []
    /// By row and stride.
    private var known: [[Int32]] = []
    private var rows: [[Int32]: Int] = [:]
    private var size = 0
    private var startRows: [Int] = []

    init(_ states: States, stopsAtMatch: Bool) {
        self.states = states
        self.stopsAtMatch = stopsAtMatch
    }

    /// Goes on from a place.
    ///
    /// - Returns: Where a match ends, the last one that was come to, and how far that was gone for it: to the first
    ///   character that nothing allowed begins with, or to the end.
    mutating func run(_ string: Span<UInt8>, from start: Int) -> (end: Int?, last: Int) {
        if stride == 0 { prepare() }
        var (position, row, end): (Int, Int, Int?) = (start, startRows[states.start(string, start)], nil)
        while row != Self.deadRow {
            runASCII(string, &position, &row, &end)
            if stopsAtMatch, end != nil || row == Self.deadRow { break }
            let isAtEnd = position == string.count
            let (scalar, length) = isAtEnd ? (nil, 0) : string.scalar(at: position) as (Unicode.Scalar?, Int)
            let entry = next(row, scalar)
            if entry & 1 != 0 { end = position }
            row = entry >> 1
            if isAtEnd || row == Self.deadRow || stopsAtMatch && end != nil { break }
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
                if stopsAtMatch { break }
            }
            if current == Self.deadRow { break }
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
            stride *= 2
            row = reset(keeping: known[row / (stride / 2)])
        }
        let column = number ?? stride - 1
        if table[row + column] != Self.unknown { return Int(table[row + column]) }
        if size > Self.limit || states.isFull { row = reset(keeping: known[row / stride]) }
        let (next, isMatch) = states.step(known[row / stride], scalar, column, classes)
        let entry = 2 * add(next) + (isMatch ? 1 : 0)
        table[row + column] = Int32(entry)
        return entry
    }

    // MARK: States

    private mutating func prepare() {
        classes = ScalarClasses(states.sets)
        stride = max(4, classes.count + 2)
        _ = reset(keeping: [])
    }

    /// Forgets the states, but for a given one, whose row it returns.
    private mutating func reset(keeping state: [Int32]) -> Int {
        let kept = states.forget(keeping: state)
        table.removeAll()
        known.removeAll()
        rows.removeAll()
        _ = add([])
        for index in 0..<stride { table[index] = Int32(Self.deadRow) }
        startRows = states.starts.map { add($0) }
        let row = add(kept)
        size = 0
        return row
    }

    private mutating func add(_ state: [Int32]) -> Int {
        if let row = rows[state] { return row }
        let row = table.count
        rows[state] = row
        known.append(state)
        table.append(contentsOf: repeatElement(Self.unknown, count: stride))
        size += stride + state.count
        return row
    }
}
