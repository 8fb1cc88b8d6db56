/// A regular expression as a value, by its number in a ``TermTable``; a number is never less than those of its parts.
struct Term: Hashable {
    enum Kind: UInt8 {
        case empty, set, sequence, choice, repetition
    }

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
            let isUnbounded = product.overflow || max(inner.maximum, maximum) == RegexReader.unbounded
            return repetition(inner.first, 0, isUnbounded ? RegexReader.unbounded : product.partialValue)
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

    /// Drops the terms after the first `base` ones that `roots` do not need, and returns the new numbers of `roots`.
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

// MARK: - Reading

extension TermTable: RegexBuilder {
    /// Terms are no tree: they may lie in one another as deep as they like.
    static let maximumDepth = Int.max

    mutating func sequence(_ parts: [Int32]) -> Int32 {
        parts.reversed().reduce(TermTable.empty) { sequence($1, $0) }
    }

    mutating func choice(_ branches: [Int32]) -> Int32 {
        branches.dropLast().reversed().reduce(branches[branches.count - 1]) { choice($1, $0) }
    }

    mutating func repetition(_ part: Int32, _ minimum: Int32, _ maximum: Int32, isGreedy: Bool) -> Int32 {
        repetition(part, minimum, maximum)
    }

    func group(_ part: Int32, _ number: Int) -> Int32 { part }

    /// XML Schema's expressions have none.
    func reference(_ reference: RegexReference) -> Int32 { TermTable.empty }
}
