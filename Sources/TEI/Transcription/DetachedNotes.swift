internal import XML

// Notes in `standOff` (TEI P5, SA). They are put into the flow here, at what they are about or where a `ptr` leads to them,
// so that every text and page has them as it has its other notes.

extension TranscriptionBuilder {
    mutating func placeNotes() {
        let notes = tei.childElements.filter { $0.tei == "standOff" }.flatMap { $0.descendants("note") }.filter {
            !$0.ancestors.contains { $0.tei == "app" }
        }
        guard !notes.isEmpty else { return }
        let finder = LemmaFinder(self)
        let pointers = pointers(to: Set(notes.filter(\.noteTargets.isEmpty)))
        var placed: [Int: [Event]] = [:]
        for note in notes {
            guard let (event, state) = place(of: note, pointers[note], finder) else { continue }
            let flow = events
            events = []
            var scope = Scope(hand: nil)
            scope.state = state
            walk(note, scope)
            placed[event, default: []] += events
            events = flow
        }
        guard !placed.isEmpty else { return }
        let flow = events
        events.removeAll(keepingCapacity: true)
        for (index, event) in flow.enumerated() {
            if let notes = placed[index] { events += notes }
            events.append(event)
        }
        events += placed[flow.count] ?? []
    }

    /// The first `ptr` or empty `ref` of the text that leads to each of some notes.
    private func pointers(to notes: Set<Node>) -> [Node: Node] {
        var found: [Node: Node] = [:]
        guard !notes.isEmpty else { return found }
        for case .open(let opening) in events where opening.isEmptyPointer {
            for target in opening.node.tokens("target").compactMap({ library.element($0, from: opening.node) })
            where notes.contains(target) && found[target] == nil {
                found[target] = opening.node
            }
        }
        return found
    }

    /// The event before which a note goes: after a phrase or milestone, at the end within a block or note.
    private func place(of note: Node, _ pointer: Node?, _ finder: LemmaFinder) -> (event: Int, state: State)? {
        if let pointer, let start = finder.openings[pointer], case .open(let opening) = events[start] {
            var state = opening.state
            (state.hand, state.stage) = (nil, nil)
            return (finder.ends[start]! + 1, state)
        }
        let pointers = note.tokens("targetEnd") + note.noteTargets
        let targets = pointers.lazy.compactMap { library.element($0, from: note) }
        // What is about the document is about its text.
        let openings = targets.compactMap { target in
            target == tei ? tei.childElements.lazy.compactMap { finder.openings[$0] }.first : finder.openings[target]
        }
        guard let start = openings.first, let end = finder.ends[start] else { return nil }
        guard case .open(let opening) = events[start] else { return (end + 1, stateOfGap(at: start)) }
        var state = opening.state
        (state.hand, state.stage) = (nil, nil)
        if opening.behaviour.startsLine { return (end, state) }
        if case .note = opening.role { return (end, state) }
        if case .intervention(let number) = opening.role { state.interventions.removeAll { $0 == number } }
        if case .mark = opening.role { state.mark = nil }
        return (end + 1, state)
    }

    private func stateOfGap(at event: Int) -> State {
        guard case .gap(let number) = events[event] else { return State() }
        var state = gaps[number].state
        (state.hand, state.stage) = (nil, nil)
        return state
    }
}

// A note that goes on elsewhere (`@next`, `@prev`), as a footnote does on the next page, is one note where it begins.

extension TranscriptionBuilder {
    mutating func joinNotes() {
        guard notes.contains(where: { relations.previous($0.node) != nil }) else { return }
        let numbers = Dictionary(notes.enumerated().map { ($1.node, $0) }) { first, _ in first }
        let finder = LemmaFinder(self)
        func range(_ note: Int) -> ClosedRange<Int>? {
            finder.openings[notes[note].node].flatMap { start in finder.ends[start].map { start...$0 } }
        }
        let joined = notes.indices.compactMap {
            number -> (number: Int, whole: Int, range: ClosedRange<Int>, end: Int)? in
            guard let whole = numbers[relations.first(of: notes[number].node)], whole != number,
                let end = range(whole)?.upperBound, let range = range(number), end < range.lowerBound
            else { return nil }
            return (number, whole, range, end)
        }
        var parts: [Int: [Event]] = [:]
        var taken: Set<Int> = []
        // Not into a note that goes elsewhere itself.
        for (number, whole, range, end) in joined where !joined.contains(where: { $0.range.contains(end) }) {
            parts[end, default: []] += events(in: range, ofNote: number, asPartOf: whole)
            taken.formUnion(range)
        }
        guard !parts.isEmpty else { return }
        let flow = events
        events.removeAll(keepingCapacity: true)
        for (index, event) in flow.enumerated() where !taken.contains(index) {
            if let parts = parts[index] { events += parts }
            events.append(event)
        }
    }

    /// The events of a part of a note, as they are in the whole: in place of its start tag, the end of a line.
    private mutating func events(in range: ClosedRange<Int>, ofNote part: Int, asPartOf whole: Int) -> [Event] {
        func inWhole(_ state: State) -> State {
            var state = state
            if state.note == part { state.note = whole }
            return state
        }
        return events[range].dropLast().flatMap { event -> [Event] in
            switch event {
            case .open(var opening):
                opening.state = inWhole(opening.state)
                guard opening.role == .note(part) else { return [.open(opening)] }
                let lineEnd = Opening(
                    node: opening.node, behaviour: .break, row: elements.indexes(named: "lb").last!,
                    state: opening.state, role: .plain)
                return [.open(lineEnd), .close(lineEnd)]
            case .close(var opening):
                opening.state = inWhole(opening.state)
                return [.close(opening)]
            case .text(let node, let part, let state): return [.text(node, part, inWhole(state))]
            case .gap(let number):
                gaps[number].state = inWhole(gaps[number].state)
                return [event]
            case .begin, .end: return [event]
            }
        }
    }
}

extension Node {
    /// The pointers of a note to what it is about: its own, or those of its group.
    var noteTargets: [String] {
        let own = tokens("target")
        return own.isEmpty && parent?.tei == "noteGrp" ? parent!.tokens("target") : own
    }
}
