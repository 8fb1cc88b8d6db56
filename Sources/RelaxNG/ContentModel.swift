package import XML

/// The content that a grammar allows at a place of a document: which elements, attributes and values may be there, which
/// of them would make invalid the content that follows, and the least that an element must have.
///
///     let model = ContentModel(grammar)
///     model.startElement(model.number(of: QName(localName: "p", namespace: Namespace.tei)))
///     model.endAttributes()
///     model.elements().map(\.name.localName)                  // ["abbr", "add", "address" …]
///
/// You lead it to the place by the tags and texts before it. If one of these is not allowed, it goes on with the content
/// that was probably meant, as validation does. Answers are kept by the automaton's states, so each is found once. A
/// content model is for one thread at a time.
package final class ContentModel {
    /// An element or attribute that is offered.
    package struct Offer: Sendable {
        package let name: QName
        /// Whether an attribute must be there.
        package let isRequired: Bool
        fileprivate let schemaName: SchemaName
    }

    /// The values that an attribute or an element may have.
    package struct Values: Sendable {
        /// The values that are listed in the grammar.
        package let listed: [String]
        /// The datatypes in words, such as `a date`.
        package let datatypes: [String]
        /// Whether several of them may be given, with spaces between them.
        package let isList: Bool
    }

    /// A following sibling.
    package enum Sibling: Sendable {
        case text
        /// An element, by the number of its name.
        case element(Int)
    }

    private var validator: GrammarValidator
    private var numbers: [QName: Int] = [:]
    private lazy var skeletons = SkeletonMaker(validator.automaton.grammar)
    private let place = EventPlace(.startTag, 0)

    package init(_ grammar: Grammar) {
        validator = GrammarValidator(grammar)
        validator.begin()
    }

    // MARK: The way to a place

    /// Goes back to the beginning of a document.
    package func begin() { validator.rewind() }

    /// The number of an element's or attribute's name.
    package func number(of name: QName) -> Int {
        if let known = numbers[name] { return known }
        let number = validator.names.count
        validator.declare(name)
        numbers[name] = number
        return number
    }

    package func startElement(_ name: Int) { _ = validator.startElement(name, at: place) }

    /// - Parameter namespace: the namespace of a prefix, for values that are qualified names.
    package func attribute(_ name: Int, _ value: [UInt8], namespace: (String) -> String?) {
        _ = validator.attribute(name, value.span, at: place, namespace: namespace)
    }

    package func endAttributes() { _ = validator.endAttributes() }

    /// Text that is more than white space.
    package func text() { _ = validator.characters("x".utf8.span, at: place) }

    package func endElement() { _ = validator.endElement(at: place, namespace: { _ in nil }) }

    /// Ends an element whose attributes and content were left out, as if they were right.
    package func skipElement() { validator.skipElement() }

    /// Whether the grammar has several definitions of the open element, so that its content decides what may follow it.
    package var isAmbiguous: Bool {
        guard let start = validator.frames.last?.start, start != Automaton.none else { return false }
        return validator.automaton.starts[Int(start)].definitions.count > 1
    }

    // MARK: Elements

    /// The elements that may be next, in the order of the grammar.
    package func elements() -> [Offer] {
        validator.nextNames().map { offer($0) }
    }

    /// Whether text may be next.
    package var allowsText: Bool { validator.allowsText }

    /// Which offers would make the following siblings invalid, or their parent incomplete, and were not so before.
    ///
    /// - Parameter siblings: all that follows in the same parent.
    /// - Returns: for each offer whether it does.
    package func breaking(_ offers: [Offer], before siblings: [Sibling]) -> [Bool] {
        var walk = SiblingWalk(siblings, &validator)
        return offers.map { walk.isBroken(by: $0.schemaName, &validator) }
    }

    private func offer(_ name: Int32, isRequired: Bool = false) -> Offer {
        Offer(
            name: validator.automaton.grammar.names.qualified(name), isRequired: isRequired,
            schemaName: SchemaName(index: name))
    }

    // MARK: Attributes and values

    /// The attributes that the open start tag may still have, in the order of the grammar.
    package func attributes() -> [Offer] {
        let required = validator.requiredAttributes()
        return validator.attributeNames().map { offer($0, isRequired: required.contains($0)) }
    }

    /// The values of an attribute of the open start tag; `nil` if it may not have the attribute.
    package func values(of attribute: Int) -> Values? { validator.values(of: attribute) }

    /// The values that the open element may have as its text; `nil` if its text is free.
    package func values() -> Values? { validator.valuesOfContent() }

    // MARK: The least content

    /// The least content of an element that is offered: its required attributes and children.
    package func skeleton(of offer: Offer) -> Skeleton {
        skeletons.skeleton(offer.name, validator.definitions(of: offer.schemaName))
    }
}

/// An element with the attributes and children that its grammar requires, and no others.
package struct Skeleton: Sendable {
    package let name: QName
    /// The required attributes; with the first of the values that are listed, or none.
    package internal(set) var attributes: [(name: QName, values: [String])] = []
    package internal(set) var children: [Skeleton] = []
    /// Whether it may have text.
    package internal(set) var hasText = false
    /// Whether it can have content at all.
    package internal(set) var isEmpty = true
}

// MARK: - Siblings

/// The siblings that follow a place, against the states that an offer leads to.
private struct SiblingWalk {
    private let siblings: [ContentModel.Sibling]
    private let parent: Int32?
    /// The states before each sibling as the document is.
    private var states: [Automaton.StateIndex]
    /// The number of the first sibling that is not allowed; their count for the end tag; one more if all are allowed.
    private var failure: Int
    private var known: [Automaton.StateIndex: Bool] = [:]
    private let first: Automaton.StateIndex

    init(_ siblings: [ContentModel.Sibling], _ validator: inout GrammarValidator) {
        (self.siblings, parent, first) = (siblings, validator.frames.last?.start, validator.state)
        (states, failure) = ([], 0)
        var state = first
        failure = run(from: &state, &validator) { _, state, walk in
            walk.states.append(state)
            return nil
        }
    }

    mutating func isBroken(by name: SchemaName, _ validator: inout GrammarValidator) -> Bool {
        guard first != GrammarValidator.anything else { return false }
        let start = validator.automaton.start(first, name)
        guard start != Automaton.none else { return true }
        var state = validator.automaton.stateAfter(start)
        if let known = known[state] { return known }
        let initial = state
        let found = run(from: &state, &validator) { index, state, walk in
            // From where the states are the same, all that follows is.
            index < walk.states.count && walk.states[index] == state ? walk.failure : nil
        }
        known[initial] = found < failure
        return found < failure
    }

    /// - Parameter known: the failure, if it is known in this state before this sibling.
    /// - Returns: the failure.
    private mutating func run(
        from state: inout Automaton.StateIndex, _ validator: inout GrammarValidator,
        _ known: (Int, Automaton.StateIndex, inout SiblingWalk) -> Int?
    ) -> Int {
        for (index, sibling) in siblings.enumerated() {
            if let failure = known(index, state, &self) { return failure }
            guard let next = validator.state(after: sibling, in: state) else { return index }
            state = next
        }
        return validator.mayEnd(parent, in: state) ? siblings.count + 1 : siblings.count
    }
}

extension GrammarValidator {
    fileprivate mutating func state(
        after sibling: ContentModel.Sibling, in state: Automaton.StateIndex
    ) -> Automaton.StateIndex? {
        guard state != GrammarValidator.anything else { return state }
        switch sibling {
        case .text:
            let next = automaton.states[Int(state)].hasString ? state : automaton.text(state)
            return next == Automaton.dead ? nil : next
        case .element(let name):
            let start = automaton.start(state, names[name])
            return start == Automaton.none ? nil : automaton.stateAfter(start)
        }
    }

    fileprivate mutating func mayEnd(_ start: Int32?, in state: Automaton.StateIndex) -> Bool {
        guard state != GrammarValidator.anything, let start, start != Automaton.none,
            !automaton.states[Int(state)].hasString
        else { return true }
        return automaton.after(start: start, state) { $0.isNullable($1) } != Automaton.dead
    }

    /// Ends an element as if its attributes and content were right.
    fileprivate mutating func skipElement() {
        guard let frame = frames.last else { return }
        if frame.start != Automaton.none { state = automaton.stateAfter(frame.start) }
        leaveElement(frame)
    }
}

// MARK: - Attributes

extension GrammarValidator {
    /// The attributes of which each way to go on has all.
    fileprivate func requiredAttributes() -> Set<Int32> {
        guard state != GrammarValidator.anything else { return [] }
        var known: [Pattern: Set<Int32>] = [:]
        let all = automaton.patterns(of: state).map { requiredAttributes(in: $0, &known) }
        return all.dropFirst().reduce(all.first ?? []) { $0.intersection($1) }
    }

    private func requiredAttributes(in pattern: Pattern, _ known: inout [Pattern: Set<Int32>]) -> Set<Int32> {
        let patterns = automaton.patterns
        let record = patterns[pattern]
        guard record.hasAttributes else { return [] }
        if let required = known[pattern] { return required }
        var required: Set<Int32> = []
        switch record.kind {
        case .attribute: required = automaton.grammar.names.singleName(Int(record.first)).map { [$0] } ?? []
        case .oneOrMore: required = requiredAttributes(in: Pattern(index: record.first), &known)
        case .choice, .group, .interleave:
            let parts = patterns.operands(pattern).map { requiredAttributes(in: $0, &known) }
            required = parts.dropFirst().reduce(parts[0]) {
                record.kind == .choice ? $0.intersection($1) : $0.union($1)
            }
        case .notAllowed, .empty, .text, .element, .data, .value, .list: break
        }
        known[pattern] = required
        return required
    }
}

// MARK: - The least content

/// Finds the least content of the elements of a grammar.
private struct SkeletonMaker {
    /// What a pattern is to who writes an element.
    private struct Shape {
        /// How many elements and attributes it needs at least.
        var cost = 0
        var mayHaveText = false
        var mayHaveElements = false
    }

    private static let impossible = 1 << 20

    private let grammar: Grammar
    /// How many elements and attributes a definition needs at least, itself included.
    private var costs: [Int]
    private var shapes: [Pattern: Shape] = [:]

    init(_ grammar: Grammar) {
        self.grammar = grammar
        costs = Array(repeating: SkeletonMaker.impossible, count: grammar.definitions.count)
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            shapes.removeAll(keepingCapacity: true)
            for (index, definition) in grammar.definitions.enumerated() {
                let cost = shape(definition.content).cost + 1
                if cost < costs[index] { (costs[index], hasChanged) = (cost, true) }
            }
        }
    }

    /// - Parameter definitions: the definitions that may be meant.
    mutating func skeleton(_ name: QName, _ definitions: [Int32]) -> Skeleton {
        var skeleton = Skeleton(name: name)
        let best = definitions.min { costs[Int($0)] < costs[Int($1)] }
        if let best, costs[Int(best)] < SkeletonMaker.impossible {
            let content = grammar.definitions[Int(best)].content
            let shape = shape(content)
            (skeleton.hasText, skeleton.isEmpty) = (shape.mayHaveText, !shape.mayHaveText && !shape.mayHaveElements)
            add(content, to: &skeleton)
            completeValues(of: &skeleton, content)
        }
        return skeleton
    }

    private mutating func shape(_ pattern: Pattern) -> Shape {
        if let known = shapes[pattern] { return known }
        let record = grammar.patterns[pattern]
        var shape = Shape()
        switch record.kind {
        case .notAllowed: shape.cost = SkeletonMaker.impossible
        case .empty: break
        case .text, .data, .value, .list: shape.mayHaveText = true
        case .element:
            let isNamed = grammar.names.singleName(grammar.definitions[Int(record.first)].nameClass) != nil
            shape.cost = isNamed ? costs[Int(record.first)] : SkeletonMaker.impossible
            shape.mayHaveElements = true
        case .attribute:
            shape.cost = grammar.names.singleName(Int(record.first)) == nil ? SkeletonMaker.impossible : 1
        case .oneOrMore: shape = self.shape(Pattern(index: record.first))
        case .choice, .group, .interleave:
            let parts = grammar.patterns.operands(pattern).map { self.shape($0) }
            let costs = parts.map(\.cost)
            shape.cost = record.kind == .choice ? costs.min() ?? 0 : min(costs.reduce(0, +), SkeletonMaker.impossible)
            shape.mayHaveText = parts.contains(where: \.mayHaveText)
            shape.mayHaveElements = parts.contains(where: \.mayHaveElements)
        }
        shapes[pattern] = shape
        return shape
    }

    private mutating func add(_ pattern: Pattern, to skeleton: inout Skeleton) {
        let record = grammar.patterns[pattern]
        switch record.kind {
        case .notAllowed, .empty, .text, .data, .value, .list: return
        case .element:
            guard let name = grammar.names.singleName(grammar.definitions[Int(record.first)].nameClass) else { return }
            skeleton.children.append(self.skeleton(grammar.names.qualified(name), [record.first]))
        case .attribute:
            guard let name = grammar.names.singleName(Int(record.first)) else { return }
            skeleton.attributes.append((grammar.names.qualified(name), values(Pattern(index: record.second))))
        case .oneOrMore: add(Pattern(index: record.first), to: &skeleton)
        case .choice:
            // The first of those that need least.
            let operands = Array(grammar.patterns.operands(pattern))
            let costs = operands.map { shape($0).cost }
            if let least = operands.indices.min(by: { costs[$0] < costs[$1] }) { add(operands[least], to: &skeleton) }
        case .group, .interleave:
            for operand in Array(grammar.patterns.operands(pattern)) where shape(operand).cost > 0 {
                add(operand, to: &skeleton)
            }
        }
    }

    /// Lists all values of the attributes: some may need another way through the content than the least one.
    private func completeValues(of skeleton: inout Skeleton, _ content: Pattern) {
        guard skeleton.attributes.contains(where: { !$0.values.isEmpty }) else { return }
        var (all, seen): ([QName: [String]], Set<Pattern>) = ([:], [])
        collectValues(content, &all, &seen)
        for index in skeleton.attributes.indices where !skeleton.attributes[index].values.isEmpty {
            skeleton.attributes[index].values = all[skeleton.attributes[index].name] ?? []
        }
    }

    private func collectValues(_ pattern: Pattern, _ all: inout [QName: [String]], _ seen: inout Set<Pattern>) {
        let record = grammar.patterns[pattern]
        guard record.hasAttributes, seen.insert(pattern).inserted else { return }
        switch record.kind {
        case .attribute:
            guard let name = grammar.names.singleName(Int(record.first)).map({ grammar.names.qualified($0) }) else {
                return
            }
            for value in values(Pattern(index: record.second)) where all[name]?.contains(value) != true {
                all[name, default: []].append(value)
            }
        case .oneOrMore: collectValues(Pattern(index: record.first), &all, &seen)
        case .choice, .group, .interleave:
            for operand in grammar.patterns.operands(pattern) { collectValues(operand, &all, &seen) }
        case .notAllowed, .empty, .text, .element, .data, .value, .list: return
        }
    }

    private func values(_ pattern: Pattern) -> [String] {
        let record = grammar.patterns[pattern]
        switch record.kind {
        case .value: return [grammar.values[Int(record.first)].string.string]
        case .choice: return grammar.patterns.operands(pattern).flatMap { values($0) }
        case .list, .oneOrMore: return values(Pattern(index: record.first))
        case .notAllowed, .empty, .text, .element, .attribute, .data, .group, .interleave: return []
        }
    }
}

extension NameClassTable {
    func qualified(_ name: Int32) -> QName {
        let (namespace, local) = expanded(name)
        return QName(
            prefix: namespace == Namespace.xml ? "xml" : nil, localName: local,
            namespace: namespace.isEmpty ? nil : namespace)
    }
}
