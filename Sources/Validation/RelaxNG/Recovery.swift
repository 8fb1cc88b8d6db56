internal import XML

// What was probably meant where a document does not follow its schema, and what the schema expected there. Nothing of this
// is run for a valid document.

extension GrammarValidator {
    // MARK: Elements

    /// Reports an element that is not allowed here.
    ///
    /// - Returns: what its start tag leads to all the same, or ``Automaton/none``.
    mutating func recover(_ name: SchemaName, _ index: Int, at place: EventPlace) -> Int32 {
        let qname = qnames[index]
        if let start = otherNamespace(qname, at: place) ?? otherSpelling(name, qname, at: place) { return start }
        let skipping = automaton.startSkipping(state, name)
        if skipping != Automaton.none {
            if frames.last?.told != state {
                report(Messages.elementsMissing(before: qname.description, element, missing: required(), expectation()), at: place, notes: opening)
            }
            return skipping
        }
        let isKnown = !automaton.grammar.definitions(of: name).isEmpty
        if isKnown {
            report(Messages.elementMisplaced(qname.description, in: frames.isEmpty ? nil : element, advice(on: name, qname), expectation()), at: place)
        } else {
            let isOther = frames.last.map { qnames[$0.name].namespace != qname.namespace } ?? true
            let namespace = isOther ? qname.namespace ?? "" : nil
            report(Messages.elementUnknown(qname.description, namespace: namespace, expectation()), at: place)
        }
        tell()
        return automaton.startAstray(state, name)
    }

    /// Within an element of which nothing is known, those are followed that the schema knows.
    mutating func startAstray(_ name: SchemaName) -> Int32 {
        automaton.startAstray(automaton.state([.empty]), name)
    }

    private var opening: [(message: String, place: EventPlace)] {
        frames.last.map { [("<\(element)> begins here", $0.place)] } ?? []
    }

    /// The same local name in another namespace: that namespace is taken for the meant one within this element.
    private mutating func otherNamespace(_ qname: QName, at place: EventPlace) -> Int32? {
        let written = qname.namespace ?? ""
        for meant in automaton.grammar.names.namespaces where meant != written {
            let start = automaton.start(state, automaton.grammar.names.schemaName(qname.localName, namespace: meant))
            guard start != Automaton.none, isNamed(start) else { continue }
            report(Messages.namespace(qname.description, written: written, meant: meant), at: place)
            aliases.append((written, meant))
            return start
        }
        return nil
    }

    /// Whether a start tag led to a definition that mentions its name: a wild card is no reason to believe in a mistake.
    private func isNamed(_ start: Int32) -> Bool {
        automaton.starts[Int(start)].definitions.allSatisfy {
            if case .name = automaton.grammar.names.classes[automaton.grammar.definitions[Int($0)].nameClass] { return true }
            return false
        }
    }

    /// A name that the schema does not know, and that is nearly one that is expected.
    private mutating func otherSpelling(_ name: SchemaName, _ qname: QName, at place: EventPlace) -> Int32? {
        guard automaton.grammar.definitions(of: name).isEmpty else { return nil }
        let expected = leaves(of: .element, in: state, everywhere: false) + leaves(of: .element, in: state, everywhere: true)
        let candidates = expected.compactMap(\.name)
        let names = automaton.grammar.names
        guard let near = nearest(qname.localName, candidates.map { names.names[Int($0)].localName }) else { return nil }
        let meant = SchemaName(index: candidates[near])
        var start = automaton.start(state, meant)
        if start == Automaton.none { start = automaton.startSkipping(state, meant) }
        guard start != Automaton.none else { return nil }
        let proposal = display(candidates[near])
        report(Messages.elementMisspelt(qname.description, proposal, frames.isEmpty ? nil : element, expectation()), at: place)
        return start
    }

    /// The name that is meant, where namespaces are taken for others.
    func unaliased(_ name: QName) -> SchemaName {
        let meant = aliases.last { $0.written == name.namespace ?? "" }?.meant
        return automaton.grammar.names.schemaName(name.localName, namespace: meant ?? name.namespace ?? "")
    }

    /// How a known element that is not allowed here can be brought to a place where it is.
    private mutating func advice(on name: SchemaName, _ qname: QName) -> Messages.Misplacement {
        guard let frame = frames.last else { return .root }
        let isAllowedInParent = automaton.startSkipping(frame.content, name) != Automaton.none
        if isAllowedInParent { return .order }
        let isAllowedBehind = frame.before != GrammarValidator.anything && frame.start != Automaton.none
            && automaton.start(automaton.pardon(start: frame.start), name) != Automaton.none
        if isAllowedBehind, qnames[frame.name] == qname { return .behind }
        let wrappers = leaves(of: .element, in: state, everywhere: false).filter { leaf in
            let content = automaton.state([automaton.grammar.definitions[leaf.payload].content])
            return automaton.start(automaton.pardonAttributes(content), name) != Automaton.none
        }
        let familiar = wrappers.filter(isFamiliar)
        if !familiar.isEmpty { return .within(names(of: familiar)) }
        if isAllowedBehind { return .behind }
        return wrappers.isEmpty ? .elsewhere(parents(of: name)) : .within(names(of: wrappers))
    }

    /// The elements that may hold an element of this name.
    private func parents(of name: SchemaName) -> [String] {
        let wanted = Set(automaton.grammar.definitions(of: name))
        let grammar = automaton.grammar
        var parents: [String] = []
        for definition in grammar.definitions {
            guard case .name(let parent) = grammar.names.classes[definition.nameClass] else { continue }
            let holds = leaves(in: definition.content, everywhere: true).contains { $0.kind == .element && wanted.contains(Int32($0.payload)) }
            if holds, !parents.contains(display(parent)) { parents.append(display(parent)) }
        }
        return parents
    }

    /// Whether an element of this name has been in the document already: of many it is the likeliest to be meant.
    private func isFamiliar(_ leaf: Leaf) -> Bool {
        guard let name = leaf.name else { return false }
        let (namespace, localName) = automaton.grammar.names.expanded(name)
        return qnames.indices.contains {
            hasOccurred[$0] && qnames[$0].localName == localName && qnames[$0].namespace ?? "" == namespace
        }
    }

    // MARK: Text

    /// Expected elements that may hold the text which must not stand here; those that the document knows, if there are any.
    mutating func textAdvice() -> [String] {
        let holders = leaves(of: .element, in: state, everywhere: false).filter { leaf in
            let content = automaton.state([automaton.grammar.definitions[leaf.payload].content])
            let inside = automaton.pardonAttributes(content)
            return automaton.text(inside) != Automaton.dead || automaton.states[Int(inside)].hasString
        }
        let familiar = holders.filter(isFamiliar)
        return names(of: familiar.isEmpty ? holders : familiar)
    }

    // MARK: Attributes

    /// Reports an attribute that is not allowed, and takes it for the one that was probably meant.
    mutating func recover(
        attribute name: QName, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?
    ) {
        let allowed = leaves(of: .attribute, in: state, everywhere: true)
        let candidates = allowed.compactMap(\.name)
        let names = automaton.grammar.names
        let locals = candidates.map { names.names[Int($0)].localName }
        let sameName = locals.firstIndex(of: name.localName)
        guard let near = sameName ?? nearest(name.localName, locals) else {
            report(Messages.attributeUnknown(
                name.description, element, holders: holders(of: name), expected: self.names(of: allowed)
            ), at: place)
            return
        }
        let proposal = displayAttribute(candidates[near])
        report(Messages.attributeMisspelt(name.description, element, proposal, expected: self.names(of: allowed)), at: place)
        let step = automaton.step(state, SchemaName(index: candidates[near]))
        if step != Automaton.none { state = automaton.pardon(step: step) }
    }

    /// Some elements that may have an attribute of this name.
    private func holders(of name: QName) -> [String] {
        let grammar = automaton.grammar
        let meant = grammar.names.schemaName(name.localName, namespace: name.namespace ?? "")
        var holders: [String] = []
        for definition in grammar.definitions {
            guard case .name(let element) = grammar.names.classes[definition.nameClass] else { continue }
            let has = leaves(in: definition.content, everywhere: true).contains { $0.kind == .attribute && $0.name == meant.index }
            if has, !holders.contains(display(element)) { holders.append(display(element)) }
        }
        return holders
    }

    /// The attributes without which the start tag cannot end.
    mutating func missingAttributes() -> (names: [String], areAlternatives: Bool) {
        let pattern = automaton.patterns(of: state).first { $0 != .notAllowed } ?? .notAllowed
        var table = automaton.patterns
        func isClosed(_ pattern: Pattern) -> Bool { table.startTagCloseDerivative(pattern) != .notAllowed }
        // A pattern that is used several times is walked through once.
        var known: [Pattern: Bool] = [:]
        func required(_ pattern: Pattern) -> (names: [Leaf], areAlternatives: Bool) {
            if let areAlternatives = known[pattern] { return ([], areAlternatives) }
            let found: (names: [Leaf], areAlternatives: Bool) = isClosed(pattern) ? ([], false) : requiredParts(pattern)
            known[pattern] = found.areAlternatives
            return found
        }
        func requiredParts(_ pattern: Pattern) -> (names: [Leaf], areAlternatives: Bool) {
            let record = table[pattern]
            switch record.kind {
            case .group, .interleave:
                let parts = Array(table.operands(pattern)).filter { !isClosed($0) }.map { required($0) }
                return (parts.flatMap(\.names), parts.count == 1 && parts[0].areAlternatives)
            case .choice: return (Array(table.operands(pattern)).flatMap { required($0).names }, true)
            default: return (leaves(in: pattern, everywhere: true).filter { $0.kind == .attribute }, false)
            }
        }
        let (missing, areAlternatives) = required(pattern)
        let names = self.names(of: missing)
        return (names, areAlternatives && names.count > 1)
    }

    // MARK: Expectations

    /// A pattern that one thing in a document matches.
    struct Leaf {
        var kind: PatternTable.Kind
        /// The definition of an element; the name class of an attribute; else the pattern.
        var payload: Int
        /// The number of the name, if there is just one.
        var name: Int32?
    }

    /// What may stand here: elements as `<p>`, values and datatypes in words, and `text`.
    mutating func expectation() -> [String] {
        let leaves = automaton.patterns(of: state).flatMap { self.leaves(in: $0, everywhere: false) }
        return names(of: leaves.filter { $0.kind != .attribute }) + (leaves.contains { $0.kind == .text } ? ["text"] : [])
    }

    /// The elements of which one must come next.
    func required() -> [String] {
        let patterns = automaton.patterns
        var (found, seen): ([Leaf], Set<Pattern>) = ([], [])
        func collect(_ pattern: Pattern) {
            let record = patterns[pattern]
            if record.isNullable || !seen.insert(pattern).inserted { return }
            switch record.kind {
            case .group: patterns.operands(pattern).first { !patterns[$0].isNullable }.map(collect)
            case .choice, .interleave: patterns.operands(pattern).forEach(collect)
            case .oneOrMore: collect(Pattern(index: record.first))
            default: found += leaves(in: pattern, everywhere: false)
            }
        }
        automaton.patterns(of: state).forEach(collect)
        return names(of: found)
    }

    /// What the value of an attribute may be.
    mutating func expectation(ofValue step: Int32, _ value: String) -> Messages.ValueExpectation {
        expectation(of: automaton.steps[Int(step)].values, value)
    }

    /// What the text of the innermost element may be.
    mutating func expectation(ofContent value: String) -> Messages.ValueExpectation {
        expectation(of: Array(automaton.patterns(of: state)), value)
    }

    private mutating func expectation(of patterns: [Pattern], _ value: String) -> Messages.ValueExpectation {
        let leaves = patterns.flatMap { self.leaves(in: $0, everywhere: true) }
        let values = leaves.filter { $0.kind == .value }.map { automaton.grammar.values[$0.payload].string }
        var phrases: [String] = []
        var reason: String?
        for leaf in leaves where leaf.kind == .data {
            guard let datatype = automaton.datatype(leaf.payload) else { continue }
            if !phrases.contains(datatype.expectation) { phrases.append(datatype.expectation) }
            reason = reason ?? datatype.reason(for: value)
        }
        let near = nearest(value, values).map { values[$0] }
        return Messages.ValueExpectation(values: values.map { "\"\($0)\"" }, phrases: phrases, near: near, reason: reason)
    }

    /// The leaves of a state's patterns, in the order that the schema gives.
    private func leaves(of kind: PatternTable.Kind, in state: Automaton.StateIndex, everywhere: Bool) -> [Leaf] {
        automaton.patterns(of: state).flatMap { leaves(in: $0, everywhere: everywhere) }.filter { $0.kind == kind }
    }

    /// - Parameter everywhere: whether what comes later counts, or only what may come next.
    private func leaves(in pattern: Pattern, everywhere: Bool) -> [Leaf] {
        let patterns = automaton.patterns
        var (leaves, seen): ([Leaf], Set<Pattern>) = ([], [])
        func walk(_ pattern: Pattern) {
            guard seen.insert(pattern).inserted else { return }
            let record = patterns[pattern]
            switch record.kind {
            case .notAllowed, .empty: return
            case .element:
                let nameClass = automaton.grammar.definitions[Int(record.first)].nameClass
                leaves.append(Leaf(kind: .element, payload: Int(record.first), name: automaton.grammar.names.singleName(nameClass)))
            case .attribute:
                leaves.append(Leaf(kind: .attribute, payload: Int(record.first), name: automaton.grammar.names.singleName(Int(record.first))))
            case .text, .data, .value:
                leaves.append(Leaf(kind: record.kind, payload: Int(record.first), name: nil))
            case .list, .oneOrMore: walk(Pattern(index: record.first))
            case .choice, .interleave: patterns.operands(pattern).forEach(walk)
            case .group:
                for part in patterns.operands(pattern) {
                    walk(part)
                    if !everywhere, !patterns[part].isNullable { return }
                }
            }
        }
        walk(pattern)
        return leaves
    }

    // MARK: Names

    /// Each name once, as it would be written in the document: `<p>`, `@place`, or a phrase for a wild card.
    private func names(of leaves: [Leaf]) -> [String] {
        var names: [String] = []
        for leaf in leaves where leaf.kind == .element || leaf.kind == .attribute {
            let nameClass = leaf.kind == .element ? automaton.grammar.definitions[leaf.payload].nameClass : leaf.payload
            for name in describe(leaf.kind, automaton.grammar.names.classes[nameClass]) where !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func describe(_ kind: PatternTable.Kind, _ nameClass: NameClass) -> [String] {
        switch nameClass {
        case .name(let index): return [kind == .element ? display(index) : displayAttribute(index)]
        case .anyName: return [kind == .element ? Messages.anyElement(of: nil) : Messages.anyAttribute(of: nil)]
        case .nsName(let index, _):
            let namespace = automaton.grammar.names.namespaces[Int(index)]
            return [kind == .element ? Messages.anyElement(of: namespace) : Messages.anyAttribute(of: namespace)]
        case .choice(let classes): return classes.flatMap { describe(kind, $0) }
        }
    }

    private func display(_ name: Int32) -> String { "<\(qualified(name, isAttribute: false))>" }

    private func displayAttribute(_ name: Int32) -> String { "@\(qualified(name, isAttribute: true))" }

    /// With the prefix that the document gives to the namespace; without one in the namespace of the open element.
    private func qualified(_ name: Int32, isAttribute: Bool) -> String {
        let (namespace, local) = automaton.grammar.names.expanded(name)
        if namespace == Namespace.xml { return "xml:" + local }
        let own = aliases.last?.meant ?? frames.last.map { qnames[$0.name].namespace ?? "" } ?? namespace
        if namespace == (isAttribute ? "" : own) { return local }
        let index = qnames.indices.first {
            hasOccurred[$0] && qnames[$0].namespace == namespace && (qnames[$0].prefix != nil || !isAttribute)
        }
        if let known = index.map({ qnames[$0] }) {
            return known.prefix.map { "\($0):\(local)" } ?? local
        }
        return namespace.isEmpty ? local : "Q{\(namespace)}\(local)"
    }
}

extension NameClassTable {
    /// The name of a class that has just one.
    func singleName(_ nameClass: Int) -> Int32? {
        if case .name(let index) = classes[nameClass] { index } else { nil }
    }

    /// Whether a class names the name itself, not by a wild card.
    func mentions(_ nameClass: Int, _ name: SchemaName) -> Bool {
        func mentions(_ nameClass: NameClass) -> Bool {
            switch nameClass {
            case .name(let index): index == name.index
            case .anyName, .nsName: false
            case .choice(let classes): classes.contains(where: mentions)
            }
        }
        return mentions(classes[nameClass])
    }

    func expanded(_ name: Int32) -> (namespace: String, localName: String) {
        let name = names[Int(name)]
        return (namespaces[Int(name.namespace)], name.localName)
    }
}
