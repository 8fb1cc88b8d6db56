internal import XML

// Guesses the intended content if a document does not follow its schema. For a valid document nothing of this runs.

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
            if frames.last?.reported != state {
                report(
                    RelaxNGMessages.elementsMissing(
                        before: qname.description, element, missing: missing(before: name), expectation()), at: place,
                    notes: opening)
            }
            return skipping
        }
        let isKnown = !automaton.grammar.definitions(of: name).isEmpty
        if isKnown {
            report(
                RelaxNGMessages.elementMisplaced(
                    qname.description, in: frames.isEmpty ? nil : element, advice(on: name, qname), likely: likely(),
                    expectation()),
                at: place)
        } else {
            let isOther = frames.last.map { !qnames[$0.name].namespace.isSame(as: qname.namespace) } ?? true
            let namespace = isOther ? qname.namespace ?? "" : nil
            report(
                RelaxNGMessages.elementUnknown(
                    qname.description, namespace: namespace, likely: likely(qname.localName), expectation()), at: place)
        }
        markReported()
        return automaton.startUnexpected(state, name)
    }

    /// Within an element of which nothing is known, those are followed that the schema knows.
    mutating func startUnexpected(_ name: SchemaName) -> Int32 {
        automaton.startUnexpected(automaton.state([.empty]), name)
    }

    private var opening: [(message: String, place: EventPlace)] {
        frames.last.map { [("<\(element)> begins here", $0.place)] } ?? []
    }

    /// The same local name in another namespace: that namespace is taken for the meant one within this element.
    private mutating func otherNamespace(_ qname: QName, at place: EventPlace) -> Int32? {
        let written = qname.namespace ?? ""
        for meant in automaton.grammar.names.namespaces where !meant.isSame(as: written) {
            let start = automaton.start(state, automaton.grammar.names.schemaName(qname.localName, namespace: meant))
            guard start != Automaton.none, isNamed(start) else { continue }
            report(RelaxNGMessages.namespace(qname.description, written: written, meant: meant), at: place)
            aliases.append((written, meant))
            return start
        }
        return nil
    }

    /// Whether a start tag led to a definition that mentions its name: a wild card is no reason to believe in a
    /// mistake.
    private func isNamed(_ start: Int32) -> Bool {
        automaton.starts[Int(start)].definitions.allSatisfy {
            if case .name = automaton.grammar.names.classes[automaton.grammar.definitions[Int($0)].nameClass] {
                return true
            }
            return false
        }
    }

    /// A name that the schema does not know, and that is nearly one that is expected.
    private mutating func otherSpelling(_ name: SchemaName, _ qname: QName, at place: EventPlace) -> Int32? {
        guard automaton.grammar.definitions(of: name).isEmpty, let near = nearestName(to: qname.localName, .element)
        else { return nil }
        let meant = SchemaName(index: near)
        var start = automaton.start(state, meant)
        if start == Automaton.none { start = automaton.startSkipping(state, meant) }
        guard start != Automaton.none else { return nil }
        let proposal = display(near)
        report(RelaxNGMessages.elementMisspelt(qname.description, proposal, expectation()), at: place)
        return start
    }

    /// The name that is meant, where namespaces are taken for others.
    func unaliased(_ name: QName) -> SchemaName {
        let meant = aliases.last { $0.written.isSame(as: name.namespace ?? "") }?.meant
        return automaton.grammar.names.schemaName(name.localName, namespace: meant ?? name.namespace ?? "")
    }

    /// How a known element that is not allowed here can be brought to a place where it is.
    private mutating func advice(on name: SchemaName, _ qname: QName) -> RelaxNGMessages.Misplacement {
        guard let frame = frames.last else { return .root }
        let isAllowedInParent = automaton.startSkipping(frame.content, name) != Automaton.none
        if isAllowedInParent {
            let last = before.map { "<\(qnames[$0].description)>" }
            return elementBefore(holding: name).map { .inElementBefore($0) } ?? .order(after: last)
        }
        let isAllowedBehind =
            frame.before != GrammarValidator.anything && frame.start != Automaton.none
            && automaton.start(automaton.assumeValid(start: frame.start), name) != Automaton.none
        if isAllowedBehind, frame.content == state, expectation().isEmpty { return .behindEmpty }
        // What is among words ends them; what is among elements lacks one of these around it.
        let isAmongWords = automaton.text(state) != Automaton.dead
        if isAllowedBehind, isAmongWords || qnames[frame.name] == qname { return .behind }
        let wrappers = self.wrappers(of: name)
        let likely = wrappers.familiar.isEmpty ? wrappers.all : wrappers.familiar
        if !likely.isEmpty { return .within(likely) }
        return isAllowedBehind ? .behind : .elsewhere(likelyParents(of: name))
    }

    /// The element before the one at hand, if it may hold one of this name.
    private mutating func elementBefore(holding name: SchemaName) -> String? {
        guard let before else { return nil }
        let display = "<\(qnames[before].description)>"
        return parents(of: name).contains(display) ? display : nil
    }

    // MARK: Attributes

    /// The innermost open element: by the name that was probably meant, where it is misspelt.
    private var meantElement: String {
        guard let frame = frames.last, frame.start != Automaton.none else { return element }
        let definitions = automaton.starts[Int(frame.start)].definitions.map { automaton.grammar.definitions[Int($0)] }
        let meant = definitions.first.flatMap { automaton.grammar.names.singleName($0.nameClass) }
        guard let meant,
            !definitions.contains(where: { automaton.grammar.names.mentions($0.nameClass, names[frame.name]) })
        else { return element }
        return qualified(meant, isAttribute: false)
    }

    /// Reports an attribute that is not allowed, and takes it for the one that was probably meant.
    mutating func recover(
        attribute name: QName, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?
    ) {
        let allowed = attributesAllowed()
        let word = name.namespace == Namespace.xml ? "xml:\(name.localName)" : name.localName
        guard let near = nearestName(to: word, .attribute) else {
            report(
                RelaxNGMessages.attributeUnknown(
                    name.description, meantElement, holders: holders(of: name), likely: likelyAttributes(),
                    expected: allowed
                ),
                at: place)
            return
        }
        report(
            RelaxNGMessages.attributeMisspelt(
                name.description, meantElement, displayAttribute(near), expected: allowed),
            at: place)
        let step = automaton.step(state, SchemaName(index: near))
        if step != Automaton.none { state = automaton.assumeValid(step: step) }
    }
}
