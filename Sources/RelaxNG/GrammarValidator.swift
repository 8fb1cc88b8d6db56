package import XML

/// Follows a document's events through the automaton of a grammar, says what is wrong, and goes on.
///
/// After a mistake it takes the document as it was probably meant (`Recovery.swift`), so that one mistake is one
/// finding and the next is still found. The next document finds what the automaton has learnt.
struct GrammarValidator {
    /// An open element.
    struct Frame {
        /// The state of the parent.
        var before: Automaton.StateIndex
        /// The result of its start tag; ``Automaton/none`` if nothing is known about the element.
        var start: Int32
        var name: Int
        var place: EventPlace
        /// The state after the start tag.
        var content: Automaton.StateIndex
        /// The state in which something else was found than is expected: that need not be reported again.
        var reported = Automaton.none
        /// How many namespaces were taken for others outside of it.
        var aliases: Int
    }

    private struct Finding {
        var place: EventPlace
        var draft: Diagnostic
        /// Places that explain it.
        var notes: [(message: String, place: EventPlace)]
        /// How many levels above the innermost element it is.
        var levels: Int
    }

    /// The state within an element of which nothing is known.
    static let anything: Automaton.StateIndex = -1
    /// Of more findings than this in one document only the number is reported.
    static let limit = 10_000

    var automaton: Automaton
    private(set) var names: [SchemaName] = []
    private(set) var qnames: [QName] = []
    /// By the number of the name, whether an element bore it so far; and the names of the schema that did.
    private var hasOccurred: [Bool] = []
    private(set) var occurred: Set<Int32> = []
    /// The prefixes and namespaces of the elements so far, each once, as names without a local part; and the number of
    /// this list.
    private(set) var prefixes: [QName] = []
    private var knownPrefixes: Set<Alternatives.Prefix> = []
    private(set) var prefixNumber = 0
    var alternatives = Alternatives()
    var frames: [Frame] = []
    var state: Automaton.StateIndex = 0
    /// The name of the element that ended last, if it is the element before what comes next.
    private(set) var before: Int?
    /// Whether the text since the last tag has been seen to be more than white space.
    private var isText = false
    /// The text of an element whose text counts as a whole.
    private var string: [UInt8] = []
    private var stringPlace: EventPlace?
    /// Namespaces that were written, and the ones that are meant.
    var aliases: [(written: String, meant: String)] = []
    private var pending: [Finding] = []
    private var identifiers: Identifiers
    private var diagnostics: [Diagnostic] = []
    /// How many findings are above the limit, and where the first of them is.
    private var unlisted: (count: Int, first: SourceLocation?) = (0, nil)

    init(_ grammar: Grammar) {
        automaton = Automaton(grammar)
        identifiers = Identifiers(grammar)
    }

    /// Makes ready for a document.
    mutating func begin() {
        names.removeAll(keepingCapacity: true)
        qnames.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        aliases.removeAll()
        pending.removeAll()
        identifiers.removeAll()
        hasOccurred.removeAll(keepingCapacity: true)
        occurred.removeAll(keepingCapacity: true)
        (prefixes, knownPrefixes, prefixNumber) = ([], [], 0)
        alternatives.values.removeAll()
        diagnostics.removeAll()
        unlisted = (0, nil)
        forgetString()
        (isText, before) = (false, nil)
        automaton.begin()
        state = automaton.initial
    }

    /// Goes back to the beginning of the document. Names that are declared stay.
    mutating func rewind() {
        frames.removeAll(keepingCapacity: true)
        aliases.removeAll()
        pending.removeAll()
        identifiers.removeAll()
        forgetString()
        (isText, before) = (false, nil)
        state = automaton.initial
    }

    /// The findings, in the order of the source.
    func finish() -> [Diagnostic] {
        let all = diagnostics + identifiers.danglingReferences()
        let (listed, more) = (all.prefix(GrammarValidator.limit), all.dropFirst(GrammarValidator.limit))
        let first = [unlisted.first, more.first?.location].compactMap(\.self).min()
        return (listed + (first.map { [RelaxNGMessages.unlisted(unlisted.count + more.count, first: $0)] } ?? []))
            .inSourceOrder
    }

    /// Whether as many findings are listed as can be: the others are counted, and need no explanation.
    var isFull: Bool { diagnostics.count >= GrammarValidator.limit }

    mutating func report(
        _ draft: Diagnostic, at place: EventPlace, notes: [(message: String, place: EventPlace)] = [],
        above levels: Int = 0
    ) {
        pending.append(Finding(place: place, draft: draft, notes: notes, levels: levels))
    }

    /// Notes that a finding in the innermost element says what is expected in this state.
    mutating func markReported() {
        if !frames.isEmpty { frames[frames.count - 1].reported = state }
    }

    // MARK: Events

    mutating func declare(_ name: QName) {
        qnames.append(name)
        hasOccurred.append(false)
        names.append(automaton.grammar.names.schemaName(name.localName, namespace: name.namespace ?? ""))
    }

    mutating func declare(unparsedEntity name: String) {
        automaton.declare(unparsedEntity: name)
    }

    mutating func startElement(_ name: Int, at place: EventPlace) -> Bool {
        endText()
        let meant = aliases.isEmpty ? names[name] : unaliased(qnames[name])
        var start = Automaton.none
        let before = state
        if state == GrammarValidator.anything {
            start = startUnexpected(meant)
        } else {
            start = automaton.start(state, meant)
        }
        // Recovery may change the state before: elements that were missing then count as present.
        let outer = aliases.count
        if start == Automaton.none, before != GrammarValidator.anything { start = recover(meant, name, at: place) }
        let child = start == Automaton.none ? GrammarValidator.anything : automaton.starts[Int(start)].child
        if !hasOccurred[name] { note(name) }
        self.before = nil
        frames.append(Frame(before: before, start: start, name: name, place: place, content: child, aliases: outer))
        state = child
        return !pending.isEmpty
    }

    /// An element has this name for the first time in the document.
    private mutating func note(_ name: Int) {
        hasOccurred[name] = true
        occurred.insert(names[name].index)
        let prefix = Alternatives.Prefix(qnames[name])
        guard knownPrefixes.insert(prefix).inserted else { return }
        prefixes.append(QName(prefix: qnames[name].prefix, localName: "", namespace: qnames[name].namespace))
        prefixNumber = alternatives.number(after: prefixNumber, prefix)
    }

    mutating func attribute(
        _ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?
    ) -> Bool {
        if identifiers.areUsed { identifiers.note(names[frames[frames.count - 1].name], names[name], value, at: place) }
        guard state != GrammarValidator.anything else { return needsPlaces }
        let step = automaton.step(state, names[name])
        guard step != Automaton.none else {
            recover(attribute: qnames[name], value, at: place, namespace: namespace)
            return true
        }
        take(step, qnames[name], value, at: place, namespace: namespace)
        return needsPlaces
    }

    private var needsPlaces: Bool { !pending.isEmpty || identifiers.needPlaces }

    /// Goes after an attribute that is allowed, whatever its value.
    mutating func take(
        _ step: Int32, _ name: QName, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?
    ) {
        let next = automaton.after(step: step, value, namespace: namespace)
        if next == Automaton.dead {
            report(
                RelaxNGMessages.attributeValue(
                    name.description, String(value), element, expectation(ofValue: step, String(value))), at: place)
            state = automaton.assumeValid(step: step)
        } else {
            state = next
        }
    }

    mutating func endAttributes() -> Bool {
        guard state != GrammarValidator.anything else { return false }
        let next = automaton.close(state)
        if next == Automaton.dead {
            let missing = missingAttributes()
            report(
                RelaxNGMessages.attributesMissing(
                    missing.names, values: missing.values, areAlternatives: missing.areAlternatives, element),
                at: frames[frames.count - 1].place)
            state = automaton.assumeAttributes(state)
        } else {
            state = next
        }
        frames[frames.count - 1].content = state
        return !pending.isEmpty
    }

    mutating func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool {
        if isText || state == GrammarValidator.anything { return false }
        if automaton.states[Int(state)].hasString {
            if stringPlace == nil, !text.isBlank { stringPlace = place }
            for index in text.indices { string.append(text[index]) }
            return false
        }
        guard !text.isBlank else { return false }
        acceptText(at: place, above: 0)
        return !pending.isEmpty
    }

    private mutating func acceptText(at place: EventPlace, above levels: Int) {
        isText = true
        let next = automaton.text(state)
        if next == Automaton.dead {
            let open = frames.last.map { [("<\(element)> begins here", $0.place)] } ?? []
            let isFirst = frames.last?.content == state
            report(
                RelaxNGMessages.text(element, textAdvice(), expectation(), isFirst: isFirst), at: place, notes: open,
                above: levels)
            markReported()
        } else {
            state = next
        }
    }

    /// Text that might have been the whole of an element was not: another element begins.
    private mutating func endText() {
        if !string.isEmpty {
            if let stringPlace, state != GrammarValidator.anything { acceptText(at: stringPlace, above: 1) }
            forgetString()
        }
        isText = false
    }

    private mutating func forgetString() {
        string.removeAll(keepingCapacity: true)
        stringPlace = nil
    }

    mutating func endElement(at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let frame = frames[frames.count - 1]
        if frame.start != Automaton.none {
            let next = stateBehind(frame, namespace: namespace)
            if next == Automaton.dead { report(incompleteness: frame, at: place) }
            state = next == Automaton.dead ? automaton.assumeValid(start: frame.start) : next
        }
        leaveElement(frame)
        return !pending.isEmpty
    }

    /// Ends an element, with the state after it.
    mutating func leaveElement(_ frame: Frame) {
        if frame.before == GrammarValidator.anything || frame.start == Automaton.none { state = frame.before }
        frames.removeLast()
        (isText, before) = (false, frame.name)
        forgetString()
        if aliases.count > frame.aliases { aliases.removeLast(aliases.count - frame.aliases) }
    }

    private mutating func stateBehind(_ frame: Frame, namespace: (String) -> String?) -> Automaton.StateIndex {
        guard automaton.states[Int(state)].hasString else {
            return automaton.after(start: frame.start, state) { automaton, pattern in automaton.isNullable(pattern) }
        }
        let string = self.string
        return automaton.after(start: frame.start, state) { automaton, pattern in
            automaton.matches(pattern, string.span, namespace: namespace)
                || string.span.isBlank && automaton.isNullable(pattern)
        }
    }

    private mutating func report(incompleteness frame: Frame, at place: EventPlace) {
        if frame.reported == state { return }
        let open = [(message: "<\(element)> begins here", place: frame.place)]
        if automaton.states[Int(state)].hasString {
            report(
                RelaxNGMessages.elementValue(
                    String(decoding: string, as: UTF8.self), element,
                    expectation(ofContent: String(decoding: string, as: UTF8.self))), at: stringPlace ?? place)
        } else {
            report(RelaxNGMessages.incomplete(element, missing: required(), expectation()), at: place, notes: open)
        }
    }

    mutating func locate(_ locator: some EventLocator) {
        for finding in pending {
            guard diagnostics.count < GrammarValidator.limit else {
                unlisted = (unlisted.count + 1, unlisted.first ?? locator.location(of: finding.place))
                continue
            }
            let draft = finding.draft
            diagnostics.append(
                Diagnostic(
                    rule: draft.rule, draft.message, help: draft.help, at: locator.location(of: finding.place),
                    path: locator.path(above: finding.levels), id: locator.nearestID(above: finding.levels),
                    notes: finding.notes.map { Diagnostic.Note($0.message, at: locator.location(of: $0.place)) },
                    expected: draft.expected
                ))
        }
        pending.removeAll()
        diagnostics += identifiers.locate(locator)
    }

    /// The innermost open element, as the document names it.
    var element: String { frames.last.map { qnames[$0.name].description } ?? "" }
}

/// A validator that hears events: a reference to it, so that it is one and the same for the source of the events and
/// for who asks what was found. Not to be shared between threads.
package final class ValidatingHandler: ContentHandler {
    // Events never overlap: checking that at run time would cost a twentieth of the time.
    @exclusivity(unchecked) private var validator: GrammarValidator

    package init(_ grammar: Grammar) {
        unsafe validator = GrammarValidator(grammar)
    }

    package func begin() { unsafe validator.begin() }

    package func finish() -> [Diagnostic] { unsafe validator.finish() }

    package func declare(_ name: QName) { unsafe validator.declare(name) }

    package func declare(unparsedEntity name: String) { unsafe validator.declare(unparsedEntity: name) }

    package func startElement(_ name: Int, at place: EventPlace) -> Bool {
        unsafe validator.startElement(name, at: place)
    }

    package func attribute(
        _ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?
    ) -> Bool {
        unsafe validator.attribute(name, value, at: place, namespace: namespace)
    }

    package func endAttributes() -> Bool { unsafe validator.endAttributes() }

    package func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool {
        unsafe validator.characters(text, at: place)
    }

    package func endElement(at place: EventPlace, namespace: (String) -> String?) -> Bool {
        unsafe validator.endElement(at: place, namespace: namespace)
    }

    package func locate(_ locator: some EventLocator) { unsafe validator.locate(locator) }
}
