/// A regular expression of XML Schema Part 2, appendix F: it matches a string as a whole, and has no anchors.
///
/// It is read when it is made. What matching learns, an automaton over the partial derivatives of the expression
/// (Antimirov 1996), grows as strings are tried: the time is linear in the string, and what was learned is dropped when
/// it becomes much. Repetitions are counted, not written out.
package struct RegularExpression {
    package let pattern: String
    private var terms: TermTable
    private let start: Int32
    private var automaton = StringAutomaton()

    package init(_ pattern: String) throws(RegularExpressionError) {
        var parser = RegularExpressionParser(pattern)
        start = try parser.parse()
        terms = parser.terms
        self.pattern = pattern
    }

    /// - Parameter string: valid UTF-8.
    package mutating func matches(_ string: Span<UInt8>) -> Bool {
        failure(in: string) == nil
    }

    /// Where matching fails: the offset of the first character that nothing allowed begins with, the end if something
    /// is missing there, or `nil` if the string matches.
    package mutating func failure(in string: Span<UInt8>) -> Int? {
        automaton.prepare(&terms, start)
        var (position, row) = (0, automaton.startRow)
        while true {
            automaton.run(string, &position, &row)
            if position == string.count { return automaton.isAccepting(row) ? nil : position }
            let (scalar, length) = string.scalar(at: position)
            row = automaton.row(after: row, scalar, &terms)
            if row == StringAutomaton.deadRow { return position }
            position += length
        }
    }
}

/// What is wrong with a regular expression, and at which of its characters, from 0.
package struct RegularExpressionError: Error, Hashable {
    package var reason: String
    package var offset: Int
}

// MARK: - Terms

/// A regular expression as a value, by its number in a ``TermTable``; a number is never less than those of its parts.
struct Term: Hashable {
    enum Kind: UInt8 {
        case empty, set, sequence, choice, repetition
    }

    /// For the upper bound of a repetition: none. Counts that are larger still are taken for it.
    static let unbounded = Int32.max

    var kind: Kind
    /// The number of the set, or the first part.
    var first: Int32 = 0
    /// The second part.
    var second: Int32 = 0
    var minimum: Int32 = 0
    var maximum: Int32 = 0

    func hash(into hasher: inout Hasher) {
        hasher.combine(UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second)))
        hasher.combine(
            UInt64(UInt32(bitPattern: minimum)) << 32 | UInt64(UInt32(bitPattern: maximum ^ Int32(kind.rawValue))))
    }
}

/// The terms of one expression, each once.
struct TermTable {
    static let empty: Int32 = 0

    private(set) var terms = [Term(kind: .empty)]
    private(set) var isNullable = [true]
    private(set) var sets: [ScalarSet] = []
    private var indexes: [Term: Int32] = [:]
    private var scalars: [UInt32: Int32] = [:]

    subscript(term: Int32) -> Term { terms[Int(term)] }

    mutating func scalar(_ scalar: UInt32) -> Int32 {
        if let known = scalars[scalar] { return known }
        let term = set(ScalarSet(scalar))
        scalars[scalar] = term
        return term
    }

    mutating func set(_ set: ScalarSet) -> Int32 {
        let number = sets.firstIndex(of: set) ?? sets.count
        if number == sets.count { sets.append(set) }
        return intern(Term(kind: .set, first: Int32(number)), isNullable: false)
    }

    mutating func sequence(_ first: Int32, _ second: Int32) -> Int32 {
        if first == TermTable.empty { return second }
        if second == TermTable.empty { return first }
        return intern(
            Term(kind: .sequence, first: first, second: second),
            isNullable: isNullable[Int(first)] && isNullable[Int(second)]
        )
    }

    mutating func choice(_ first: Int32, _ second: Int32) -> Int32 {
        if first == second { return first }
        return intern(
            Term(kind: .choice, first: first, second: second),
            isNullable: isNullable[Int(first)] || isNullable[Int(second)]
        )
    }

    mutating func repetition(_ part: Int32, _ minimum: Int32, _ maximum: Int32) -> Int32 {
        if part == TermTable.empty || maximum == 0 { return TermTable.empty }
        if minimum == 1, maximum == 1 { return part }
        // What may be empty may as well be left out.
        let minimum = isNullable[Int(part)] ? 0 : minimum
        let inner = self[part]
        if minimum == 0, inner.kind == .repetition, inner.minimum == 0 {
            let product = inner.maximum.multipliedReportingOverflow(by: maximum)
            let isUnbounded = product.overflow || max(inner.maximum, maximum) == Term.unbounded
            return repetition(inner.first, 0, isUnbounded ? Term.unbounded : product.partialValue)
        }
        return intern(
            Term(kind: .repetition, first: part, minimum: minimum, maximum: maximum), isNullable: minimum == 0
        )
    }

    private mutating func intern(_ term: Term, isNullable: Bool) -> Int32 {
        if let known = indexes[term] { return known }
        let index = Int32(terms.count)
        indexes[term] = index
        terms.append(term)
        self.isNullable.append(isNullable)
        return index
    }

    /// Drops the terms behind the first `base` ones that `roots` do not need, and returns the new numbers of `roots`.
    mutating func keep(_ roots: [Int32], base: Int) -> [Int32] {
        var isNeeded = [Bool](repeating: false, count: terms.count)
        for root in roots { isNeeded[Int(root)] = true }
        for index in stride(from: terms.count - 1, through: base, by: -1) where isNeeded[index] {
            isNeeded[Int(terms[index].first)] = true
            isNeeded[Int(terms[index].second)] = true
        }
        let (oldTerms, oldNullable) = (terms, isNullable)
        for term in oldTerms[base...] { indexes[term] = nil }
        terms.removeSubrange(base...)
        isNullable.removeSubrange(base...)
        var renumbered = Array(0..<Int32(oldTerms.count))
        for index in base..<oldTerms.count where isNeeded[index] {
            var term = oldTerms[index]
            // The set of a set is no term; all of those belong to the expression itself.
            term.first = renumbered[Int(term.first)]
            term.second = renumbered[Int(term.second)]
            renumbered[index] = intern(term, isNullable: oldNullable[index])
        }
        return roots.map { renumbered[Int($0)] }
    }
}

// MARK: - StringAutomaton

/// Deterministic, made as far as strings have needed it. States are rows of one table.
private struct StringAutomaton {
    static let deadRow = 0

    private static let unknown: Int32 = -1
    /// So many numbers in the table and in the states; a single state may need more.
    private static let limit = 1 << 18

    private(set) var startRow = 0
    private var stride = 0
    /// By state and class of characters: the row of the next state. The last number of a row is 1 if the string may
    /// end.
    private var table: [Int32] = []
    /// By row and stride: the terms that the rest of the string must match one of, in order.
    private var states: [[Int32]] = []
    private var rows: [[Int32]: Int] = [:]
    private var size = 0

    private var classes = ScalarClasses([])

    private var baseTerms = 0
    private var startTerm: Int32 = 0

    mutating func prepare(_ terms: inout TermTable, _ start: Int32) {
        if stride > 0 { return }
        baseTerms = terms.terms.count
        startTerm = start
        classes = ScalarClasses(terms.sets)
        stride = max(4, classes.count + 2)
        reset(&terms, keeping: [])
    }

    func isAccepting(_ row: Int) -> Bool { table[row + stride - 1] == 1 }

    /// Goes on as far as the table is known, and no further than ASCII.
    func run(_ string: Span<UInt8>, _ position: inout Int, _ row: inout Int) {
        let (table, classes) = (table.span, classes.ascii.span)
        var (at, current) = (position, row)
        while at < string.count {
            let byte = string[at]
            guard byte < 0x80 else { break }
            let next = table[current + Int(classes[Int(byte)])]
            guard next > 0 else { break }
            current = Int(next)
            at += 1
        }
        (position, row) = (at, current)
    }

    mutating func row(after row: Int, _ scalar: Unicode.Scalar, _ terms: inout TermTable) -> Int {
        var row = row
        let number = classes.number(of: scalar)
        if number >= stride - 1 {
            let kept = states[row / stride]
            stride *= 2
            row = reset(&terms, keeping: kept)
        }
        let known = table[row + number]
        if known != StringAutomaton.unknown { return Int(known) }
        let successors = derivatives(states[row / stride], number, &terms)
        if size > StringAutomaton.limit || terms.terms.count > baseTerms + StringAutomaton.limit {
            return reset(&terms, keeping: successors)
        }
        let next = add(successors, terms)
        table[row + number] = Int32(next)
        return next
    }

    // MARK: States

    /// Forgets the states, but for a given one, whose row it returns.
    @discardableResult
    private mutating func reset(_ terms: inout TermTable, keeping state: [Int32]) -> Int {
        let kept = terms.keep(state, base: baseTerms)
        table.removeAll()
        states.removeAll()
        rows.removeAll()
        size = 0
        _ = add([], terms)
        for index in 0..<stride { table[index] = 0 }
        startRow = add([startTerm], terms)
        let row = add(kept.sorted(), terms)
        size = 0
        return row
    }

    private mutating func add(_ state: [Int32], _ terms: TermTable) -> Int {
        if let known = rows[state] { return known }
        let row = table.count
        rows[state] = row
        states.append(state)
        table.append(contentsOf: repeatElement(StringAutomaton.unknown, count: stride - 1))
        table.append(state.contains { terms.isNullable[Int($0)] } ? 1 : 0)
        size += stride + state.count
        return row
    }

    /// What may follow one of the characters of a class, in order.
    private func derivatives(_ state: [Int32], _ number: Int, _ terms: inout TermTable) -> [Int32] {
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
                let maximum = term.maximum == Term.unbounded ? Term.unbounded : term.maximum - 1
                let again = terms.repetition(term.first, max(term.minimum - 1, 0), maximum)
                left.append((term.first, terms.sequence(again, rest)))
            }
        }
        return found.sorted()
    }
}

// MARK: - UTF-8

extension Span<UInt8> {
    /// The character at an offset, of valid UTF-8, and its length in bytes.
    package func scalar(at index: Int) -> (Unicode.Scalar, Int) {
        let first = UInt32(self[index])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = first & (0x7F >> UInt32(length))
        for next in index + 1..<Swift.min(index + length, count) { value = value << 6 | UInt32(self[next] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}
