/// Finds the matches of an expression, each in the fastest way that does it, with what was learned from the strings before.
struct PatternMatcher: Sendable {
    /// So many times a string may be gone through by trying each place before all are tried together.
    private static let patience = 16

    private let program: PatternProgram
    private let start: PatternStart
    private var search: PatternAutomaton?
    private var ends: PatternAutomaton?
    private var threads: PatternThreads?
    private var backtracker: PatternBacktracker?

    init(_ program: PatternProgram, _ start: PatternStart) {
        self.program = program
        self.start = start
    }

    /// Whether a part of the string matches.
    mutating func matches(_ string: Span<UInt8>) throws(XPathError) -> Bool {
        guard let candidate = start.candidate(in: string, from: 0), candidate == 0 || !program.isAnchored else { return false }
        if program.hasBackreferences {
            var captures: [Int] = []
            if backtracker == nil { backtracker = PatternBacktracker(program, start) }
            backtracker?.begin()
            return try backtracker?.find(in: string, from: candidate, &captures) == true
        }
        if search == nil { search = PatternAutomaton(program, .search) }
        return search?.run(string, from: candidate).end != nil
    }

    /// All matches, none of which may be empty, with as many positions as are wanted: two for the whole and two for each group.
    mutating func forEachMatch(in string: Span<UInt8>, slots: Int, _ body: ([Int]) -> Void) throws(XPathError) {
        var captures = [Int](repeating: -1, count: slots)
        if backtracker == nil { backtracker = PatternBacktracker(program, start) }
        if program.hasBackreferences {
            backtracker?.begin()
            while try backtracker?.find(in: string, from: max(captures[1], 0), &captures) == true { body(captures) }
            return
        }
        // Most strings have none, which is told faster.
        guard try matches(string) else { return }
        if ends == nil { ends = PatternAutomaton(program, .end) }
        if threads == nil { threads = PatternThreads(program, start) }
        var (position, credit) = (0, PatternMatcher.patience * (string.count + 64))
        while credit > 0 {
            guard let candidate = start.candidate(in: string, from: position), candidate == 0 || !program.isAnchored,
                  let (end, last) = ends?.run(string, from: candidate)
            else { return }
            credit -= last - (end ?? candidate)
            guard let end else {
                if candidate == string.count { return }
                position = candidate + string.scalar(at: candidate).1
                continue
            }
            if slots == 2 {
                (captures[0], captures[1]) = (candidate, end)
            } else if try backtracker?.capture(in: string, candidate...last, &captures) != true {
                _ = threads?.find(in: string, from: candidate, &captures)
            }
            body(captures)
            position = end
        }
        while threads?.find(in: string, from: position, &captures) == true {
            body(captures)
            position = captures[1]
        }
    }
}
