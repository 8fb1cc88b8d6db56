/// A regular expression of XML Schema Part 2, appendix F: it matches a string as a whole, and has no anchors.
///
/// It is read when it is made; the time of matching is linear in the string. Its states are partial derivatives
/// (Antimirov 1996), since XML Schema demands that repetitions are counted exactly, however large the counts, and a
/// ``RegexProgram`` would write them out.
package struct RegularExpression {
    package let pattern: String
    private var automaton: RegexAutomaton<Derivatives>

    package init(_ pattern: String) throws(RegexSyntaxError) {
        var parser = RegexParser(pattern, .schema, TermTable())
        let start = try parser.parse()
        automaton = RegexAutomaton(Derivatives(parser.builder, start), stopsAtMatch: false)
        self.pattern = pattern
    }

    /// - Parameter string: valid UTF-8.
    package mutating func matches(_ string: Span<UInt8>) -> Bool {
        failure(in: string) == nil
    }

    /// Where matching fails: the offset of the first character that nothing allowed begins with, the end if something
    /// is missing there, or `nil` if the string matches.
    package mutating func failure(in string: Span<UInt8>) -> Int? {
        let (end, last) = automaton.run(string, from: 0)
        return end == string.count ? nil : last
    }
}

/// States that are the terms of which the rest of the string must match one, in order.
private struct Derivatives: RegexStates {
    private var terms: TermTable
    private let start: Int32
    private let baseTerms: Int

    init(_ terms: TermTable, _ start: Int32) {
        self.terms = terms
        self.start = start
        baseTerms = terms.terms.count
    }

    var sets: [ScalarSet] { terms.sets }
    var starts: [[Int32]] { [[start]] }
    var isFull: Bool { terms.terms.count > baseTerms + RegexAutomaton<Derivatives>.limit }

    func start(_ string: Span<UInt8>, _ position: Int) -> Int { 0 }

    mutating func forget(keeping state: [Int32]) -> [Int32] { terms.keep(state, base: baseTerms).sorted() }

    mutating func step(
        _ state: [Int32], _ scalar: Unicode.Scalar?, _ number: Int, _ classes: ScalarClasses
    ) -> (next: [Int32], isMatch: Bool) {
        // Only a string that matches as a whole matters.
        if scalar == nil { return ([], state.contains { terms.isNullable[Int($0)] }) }
        return (derivatives(state, number, classes), false)
    }

    /// The states that may follow a character of a class, in order.
    private mutating func derivatives(_ state: [Int32], _ number: Int, _ classes: ScalarClasses) -> [Int32] {
        var found = Set<Int32>()
        var left: [(term: Int32, rest: Int32)] = state.map { ($0, TermTable.empty) }
        var seen = Set<UInt64>()
        while let (index, rest) = left.popLast() {
            // The same part may be reached by many ways around what may be empty.
            guard seen.insert(UInt64(index) << 32 | UInt64(rest)).inserted else { continue }
            let term = terms[index]
            switch term.kind {
            case .empty:
                continue
            case .set:
                if classes.contains(Int(term.first), number) { found.insert(rest) }
            case .choice:
                left.append((term.first, rest))
                left.append((term.second, rest))
            case .sequence:
                if terms.isNullable[Int(term.first)] { left.append((term.second, rest)) }
                left.append((term.first, terms.sequence(term.second, rest)))
            case .repetition:
                let maximum = term.maximum == RegexReader.unbounded ? RegexReader.unbounded : term.maximum - 1
                let again = terms.repetition(term.first, max(term.minimum - 1, 0), maximum)
                left.append((term.first, terms.sequence(again, rest)))
            }
        }
        return found.sorted()
    }
}
