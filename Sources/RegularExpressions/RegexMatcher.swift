/// Finds the matches of an expression, each in the fastest way that does it, with what was learned from the strings
/// before.
struct RegexMatcher: Sendable {
    /// So many times a string may be gone through by trying each place before all are tried together.
    private static let patience = 16
    /// So many bits may be used to note the ways in one match, and in a string.
    private static let (shortMemory, longMemory) = (1 << 16, 1 << 28)

    private let program: RegexProgram
    private let start: RegexStart
    private var search: RegexAutomaton<RegexThreadStates>?
    private var ends: RegexAutomaton<RegexThreadStates>?
    private var threads: RegexThreads?
    private var backtracker: RegexBacktracker?

    init(_ program: RegexProgram, _ start: RegexStart) {
        self.program = program
        self.start = start
    }

    /// Whether a part of the string matches.
    mutating func matches(_ string: Span<UInt8>) throws(RegexError) -> Bool {
        guard let candidate = start.candidate(in: string, from: 0), candidate == 0 || !program.isAnchored else {
            return false
        }
        if program.hasBackreferences {
            var captures: [Int] = []
            if backtracker == nil { backtracker = RegexBacktracker(program, start) }
            backtracker?.begin()
            return try backtracker?.find(in: string, from: candidate, &captures) == true
        }
        if search == nil { search = RegexAutomaton(program, .search) }
        return search?.run(string, from: candidate).end != nil
    }

    /// All matches, none of which may be empty, with as many positions as are wanted: two for the whole and two for
    /// each group.
    mutating func forEachMatch(in string: Span<UInt8>, slots: Int, _ body: ([Int]) -> Void) throws(RegexError) {
        var captures = [Int](repeating: -1, count: slots)
        if backtracker == nil { backtracker = RegexBacktracker(program, start) }
        if program.hasBackreferences {
            backtracker?.begin()
            while try backtracker?.find(in: string, from: max(captures[1], 0), &captures) == true { body(captures) }
            return
        }
        // Most strings have none, and that is found faster.
        guard try matches(string), let rest = try forEachNearMatch(in: string, &captures, body) else { return }
        captures[1] = rest
        if backtracker?.begin(rest...string.count, memory: RegexMatcher.longMemory) == true {
            while try backtracker?.find(in: string, from: captures[1], &captures) == true { body(captures) }
        } else {
            if threads == nil { threads = RegexThreads(program, start) }
            while threads?.find(in: string, from: captures[1], &captures) == true { body(captures) }
        }
    }

    /// Tries each place by itself, which is fast where a way does not lead far beyond its match.
    ///
    /// - Returns: From where on matches are still to be found.
    private mutating func forEachNearMatch(
        in string: Span<UInt8>, _ captures: inout [Int], _ body: ([Int]) -> Void
    ) throws(RegexError) -> Int? {
        if ends == nil { ends = RegexAutomaton(program, .end) }
        var (position, credit) = (0, RegexMatcher.patience * (string.count + 64))
        while credit > 0 {
            guard let candidate = start.candidate(in: string, from: position), candidate == 0 || !program.isAnchored,
                let (end, last) = ends?.run(string, from: candidate)
            else { return nil }
            credit -= last - (end ?? candidate)
            guard let end else {
                if candidate == string.count { return nil }
                position = candidate + string.scalar(at: candidate).1
                continue
            }
            if captures.count == 2 {
                (captures[0], captures[1]) = (candidate, end)
            } else if backtracker?.begin(candidate...last, memory: RegexMatcher.shortMemory) == true {
                _ = try backtracker?.match(in: string, at: candidate, &captures)
            } else {
                if threads == nil { threads = RegexThreads(program, start) }
                _ = threads?.find(in: string, from: candidate, &captures)
            }
            body(captures)
            position = end
        }
        return position
    }
}
