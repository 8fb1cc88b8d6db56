// James Clark, "An algorithm for RELAX NG validation": what is left of a pattern once something has been seen. An
// element's derivative is here a list of pairs instead of the paper's `After`: which definition the element follows,
// and what may come after it. So the state within an element does not depend on what is around it.

/// One way in which an element or attribute may be matched.
struct Derivative {
    /// The definition of the element, or the pattern of the attribute's value.
    var matched: Int32
    /// The rest of the pattern.
    var rest: Pattern
}

/// What has been found in one walk through a pattern. Definitions that each refer to another one twice make a pattern
/// that is small and has 2ⁿ ways through it: after many steps each part is walked through once.
private final class Walk<Key: Hashable, Found> {
    private var steps = 0
    private var known: [Key: Found] = [:]
    private static var patience: Int { 1000 }

    /// - Parameter make: finds it out.
    func callAsFunction(_ key: Key, _ make: () -> Found) -> Found {
        steps += 1
        if steps <= Walk.patience { return make() }
        if let found = known[key] { return found }
        let found = make()
        known[key] = found
        return found
    }

    var isLong: Bool { steps > Walk.patience }
}

extension PatternTable {
    /// Which parts of a group may come next.
    private enum Order: Hashable {
        /// The first that is not empty.
        case required
        /// Any; those before it are given up.
        case skipping
        /// Any; those before it stay. Attributes have no order.
        case none
    }

    /// The ways to match an element of this name.
    ///
    /// - Parameter skipping: whether what is required before the element may be missing.
    mutating func elementDerivatives(
        _ pattern: Pattern, _ name: SchemaName, _ grammar: Grammar, skipping: Bool = false
    ) -> [Derivative] {
        var derivatives: [Derivative] = []
        derive(pattern, skipping ? .skipping : .required, into: &derivatives, Wanted(.element, name, grammar))
        return merged(derivatives)
    }

    /// The ways to match an attribute of this name; the patterns of their values.
    mutating func attributeDerivatives(_ pattern: Pattern, _ name: SchemaName, _ grammar: Grammar) -> [Derivative] {
        var derivatives: [Derivative] = []
        derive(pattern, .none, into: &derivatives, Wanted(.attribute, name, grammar))
        return merged(derivatives)
    }

    private struct PatternAndOrder: Hashable {
        let pattern: Pattern
        let order: Order
    }

    /// Which leaves are looked for. A class, since a grammar is too large to be copied at each step.
    private final class Wanted {
        private let kind: Kind
        private let name: SchemaName
        private let grammar: Grammar
        let walk = Walk<PatternAndOrder, [Derivative]>()

        init(_ kind: Kind, _ name: SchemaName, _ grammar: Grammar) {
            self.kind = kind
            self.name = name
            self.grammar = grammar
        }

        /// The match of a leaf, if there is one: the element's definition, or the pattern of the attribute's value.
        func matched(by leaf: Record) -> Int32? {
            guard leaf.kind == kind else { return nil }
            let nameClass = kind == .element ? grammar.definitions[Int(leaf.first)].nameClass : Int(leaf.first)
            guard grammar.names.contains(nameClass, name) else { return nil }
            return kind == .element ? leaf.first : leaf.second
        }
    }

    /// Walks to the leaves that may come next, and wraps what is left of them in what is left around them.
    private mutating func derive(
        _ pattern: Pattern, _ order: Order, into derivatives: inout [Derivative], _ wanted: Wanted
    ) {
        derivatives += wanted.walk(PatternAndOrder(pattern: pattern, order: order)) {
            var found: [Derivative] = []
            deriveParts(pattern, order, into: &found, wanted)
            return wanted.walk.isLong ? merged(found) : found
        }
    }

    private mutating func deriveParts(
        _ pattern: Pattern, _ order: Order, into derivatives: inout [Derivative], _ wanted: Wanted
    ) {
        let record = self[pattern]
        let first = derivatives.count
        switch record.kind {
        case .notAllowed, .empty, .text, .data, .value, .list: return
        case .element, .attribute:
            if let matched = wanted.matched(by: record) {
                derivatives.append(Derivative(matched: matched, rest: .empty))
            }
        case .choice:
            for index in 0..<Int(record.second) { derive(operand(record, index), order, into: &derivatives, wanted) }
        case .oneOrMore:
            let repeated = Pattern(index: record.first)
            derive(repeated, order, into: &derivatives, wanted)
            for index in first..<derivatives.count {
                derivatives[index].rest = group([derivatives[index].rest, zeroOrMore(repeated)])
            }
        case .group, .interleave:
            if order == .none, !record.hasAttributes { return }
            for index in 0..<Int(record.second) {
                let part = operand(record, index)
                let begin = derivatives.count
                derive(part, order, into: &derivatives, wanted)
                for number in begin..<derivatives.count {
                    derivatives[number].rest = replace(record, index, by: derivatives[number].rest, order)
                }
                if record.kind == .group, order == .required, !self[part].isNullable { return }
            }
        }
    }

    /// A group or interleave of which one part has been matched.
    private mutating func replace(_ record: Record, _ index: Int, by rest: Pattern, _ order: Order) -> Pattern {
        var parts = Array(operands(of: record))
        parts[index] = rest
        if record.kind == .interleave { return interleave(parts) }
        if order != .none { parts.removeSubrange(..<index) }
        return group(parts)
    }

    /// One way for each definition: what is left is the choice of what was left.
    private mutating func merged(_ derivatives: [Derivative]) -> [Derivative] {
        guard derivatives.count > 1 else { return derivatives }
        var merged: [Derivative] = []
        for derivative in derivatives {
            if let index = merged.firstIndex(where: { $0.matched == derivative.matched }) {
                merged[index].rest = choice([merged[index].rest, derivative.rest])
            } else {
                merged.append(derivative)
            }
        }
        return merged
    }

    /// After text that is not blank, or after a token of a list.
    ///
    /// - Parameter allows: whether a `data` or `value` allows the string; none does where text is seen piece by piece.
    mutating func textDerivative(_ pattern: Pattern, allows: (Pattern) -> Bool = { _ in false }) -> Pattern {
        textDerivative(pattern, allows, Walk())
    }

    private mutating func textDerivative(
        _ pattern: Pattern, _ allows: (Pattern) -> Bool, _ walk: Walk<Pattern, Pattern>
    ) -> Pattern {
        walk(pattern) { textDerivativeOfParts(pattern, allows, walk) }
    }

    private mutating func textDerivativeOfParts(
        _ pattern: Pattern, _ allows: (Pattern) -> Bool, _ walk: Walk<Pattern, Pattern>
    ) -> Pattern {
        let record = self[pattern]
        switch record.kind {
        case .text: return .text
        case .data, .value: return allows(pattern) ? .empty : .notAllowed
        case .notAllowed, .empty, .element, .attribute, .list: return .notAllowed
        case .choice:
            return choice(Array(operands(of: record)).map { textDerivative($0, allows, walk) })
        case .oneOrMore:
            let repeated = Pattern(index: record.first)
            return group([textDerivative(repeated, allows, walk), zeroOrMore(repeated)])
        case .group, .interleave:
            var alternatives: [Pattern] = []
            for index in 0..<Int(record.second) {
                let part = operand(record, index)
                let rest = textDerivative(part, allows, walk)
                if rest != .notAllowed { alternatives.append(replace(record, index, by: rest, .required)) }
                if record.kind == .group, !self[part].isNullable { break }
            }
            return choice(alternatives)
        }
    }

    /// After the start tag.
    ///
    /// - Parameter assuming: whether attributes that are missing are taken as if they were there.
    mutating func startTagCloseDerivative(_ pattern: Pattern, assuming: Bool = false) -> Pattern {
        startTagCloseDerivative(pattern, assuming, Walk())
    }

    private mutating func startTagCloseDerivative(
        _ pattern: Pattern, _ assuming: Bool, _ walk: Walk<Pattern, Pattern>
    ) -> Pattern {
        let record = self[pattern]
        guard record.hasAttributes else { return pattern }
        return walk(pattern) { closed(record, pattern, assuming, walk) }
    }

    private mutating func closed(
        _ record: Record, _ pattern: Pattern, _ assuming: Bool, _ walk: Walk<Pattern, Pattern>
    ) -> Pattern {
        switch record.kind {
        case .attribute: return assuming ? .empty : .notAllowed
        case .choice: return choice(closedParts(record, assuming, walk))
        case .group: return group(closedParts(record, assuming, walk))
        case .interleave: return interleave(closedParts(record, assuming, walk))
        case .oneOrMore: return oneOrMore(startTagCloseDerivative(Pattern(index: record.first), assuming, walk))
        case .notAllowed, .empty, .text, .element, .data, .value, .list: return pattern
        }
    }

    private mutating func closedParts(_ record: Record, _ assuming: Bool, _ walk: Walk<Pattern, Pattern>) -> [Pattern] {
        Array(operands(of: record)).map { startTagCloseDerivative($0, assuming, walk) }
    }
}
