internal import XML

/// The one walk over the tree that makes a ``Transcription``.
struct TranscriptionBuilder {
    let tei: Node
    let library: PointerResolver
    let elements: ElementTable
    private(set) var hands: Hands
    let stages: [Stage]
    let witnesses: [Witness]
    let relations: Relations
    private let stageIndexes: [Node: Int]
    /// The classes of elements, by the number of their names.
    private var classes: [ElementClass?]
    var events: [Event] = []
    var interventions: [Intervention] = []
    var alternatives: [Alternative] = []
    var marks: [Mark] = []
    var gaps: [Gap] = []
    var notes: [Note] = []
    private(set) var entities = Entities()
    private(set) var cancellations: [Cancellation] = []
    private(set) var transpositions: [Transposition]
    let marginalZones: [MarginalZone]
    private var interventionOfNode: [Node: Int] = [:]
    /// The cancelled elements that were read so far.
    private var cancelled: Set<Node> = []
    /// The last `handShift`, until the next, or the end of the element that names a hand of its own.
    private var shift: Shift?
    /// The element that named the hand in force, by its number in the document: of several that enclose a word, the
    /// nearest decides.
    private var handSource = 0
    /// The entries of an apparatus that is outside of the text.
    var outside: [DetachedApparatus] = []
    /// Whether the readings of such a one are being read.
    var isBesideTheFlow = false
    /// Whether what is read is in a cell of a table, and in no note there.
    private var isInCell = false
    /// Spans in force, the node at which each ends, and the shift of hands before it.
    private var spans: [(intervention: Int, end: Node, shift: (Shift?, Int))] = []
    /// Cancellations that reach up to a node (`undo/@spanTo`).
    private var cancellingSpans: [(cancellation: Int, end: Node)] = []

    init(_ tei: Node, library: PointerResolver, elements: ElementTable) {
        self.tei = tei
        self.library = library
        self.elements = elements
        classes = Array(repeating: nil, count: tei.document.qualifiedNames.count)
        hands = Hands(tei, library: library)
        relations = Relations(tei, library: library)
        transpositions = relations.transpositions
        marginalZones = MarginalZone.list(of: tei, library: library)
        let list = Stage.list(of: tei)
        stages = list.map(\.stage)
        stageIndexes = Dictionary(
            uniqueKeysWithValues: list.enumerated().compactMap { number, entry in entry.change.map { ($0, number) } })
        witnesses = Witness.list(of: tei, library: library)
    }

    /// A change of hands at a milestone.
    private struct Shift {
        let hand: Int
        let stage: Int?
    }

    /// The state of what is read, and the stage that is inherited.
    struct Scope {
        var state: State
        /// The stage that an element around names, and the hand there. It holds for the words of this hand alone.
        var stage: Int?
        var stageHand: Int?

        init(hand: Int?) { (state, stageHand) = (State(hand: hand), hand) }

        /// Another hand writes from here on.
        ///
        /// - Parameter stage: the stage that it names itself.
        mutating func write(_ hand: Int?, at stage: Int? = nil) {
            state.hand = hand
            if let stage { (self.stage, stageHand) = (stage, hand) }
            state.stage = stageHand == hand ? self.stage : nil
        }

        /// The editors wrote what follows.
        mutating func giveToEditors() {
            (stage, stageHand) = (nil, nil)
            state.giveToEditors()
        }
    }

    mutating func run() {
        events.reserveCapacity(2 * tei.descendants.count)
        let hasText = tei.child("text") != nil
        for child in tei.childElements where child.tei != "teiHeader" && !(child.tei == "sourceDoc" && hasText) {
            (shift, handSource) = (nil, 0)
            walk(child, Scope(hand: hands.main))
        }
        while let span = spans.popLast() { events.append(.end(span.intervention)) }
        (shift, handSource) = (nil, 0)
        walkStandOffApparatus()
        placeApparatus()
        placeLacunae()
        placeNotes()
        joinNotes()
        attributeTranspositions()
        appendOtherCancellations()
    }

    /// The hand of the sign for a transposition made the transposition.
    private mutating func attributeTranspositions() {
        for number in transpositions.indices {
            let transposition = transpositions[number]
            let passages = transposition.passages.map(\.node)
            let sign = marks.first { mark in
                mark.subtype == "transpose"
                    && mark.targets.contains { library.element($0, from: mark.node).map(passages.contains) == true }
            }
            let own = stage(of: transposition.node) ?? transposition.node.parent.flatMap(stage)
            (transpositions[number].hand, transpositions[number].stage) = (sign?.hand, own ?? sign?.stage)
        }
    }

    // MARK: Nodes

    mutating func walk(_ node: Node, _ outer: Scope) {
        switch node.kind {
        case .text:
            guard !isBetweenParts(node) else { return }
            let state = current(outer)
            events.append(.text(node, nil, state))
            if state.note != nil || state.mark != nil { addWriter(of: node, state) }
        case .element: walkElement(node, outer)
        case .document, .comment, .processingInstruction: break
        }
    }

    /// Remembers whose hand the words of a note or mark are.
    private mutating func addWriter(of node: Node, _ state: State) {
        guard !state.isEditorial, !node.isBlank else { return }
        func changed(_ kind: Intervention.Kind, in outer: State) -> Bool {
            state.interventions.dropFirst(outer.interventions.count).contains { interventions[$0].kind == kind }
        }
        if let note = state.note, !changed(.deletion, in: notes[note].state) {
            notes[note].writers.add(state.hand, isAddition: changed(.addition, in: notes[note].state))
        }
        if let mark = state.mark, !changed(.deletion, in: marks[mark].state) {
            marks[mark].writers.add(state.hand, isAddition: changed(.addition, in: marks[mark].state))
        }
    }

    private mutating func isBetweenParts(_ text: Node) -> Bool {
        guard let parent = text.parent, elementClass(of: parent).mayHoldPartsAlone else { return false }
        return text.isBetweenParts
    }

    /// The state with the last shift of hands and the spans that are in force here.
    func current(_ scope: Scope) -> State {
        var state = shifted(scope).state
        var source = handSource
        for span in spans where !state.interventions.contains(span.intervention) {
            state.interventions.append(span.intervention)
            let intervention = interventions[span.intervention]
            // An addition or a shift of hands within the span is nearer.
            if intervention.kind == .addition, let hand = intervention.hand, intervention.node.index > source {
                (state.hand, state.stage, source) = (hand, intervention.stage, intervention.node.index)
            }
        }
        if !cancellingSpans.isEmpty { state.cancellations += cancellingSpans.map(\.cancellation) }
        return state
    }

    /// The scope with the last shift of hands.
    private func shifted(_ scope: Scope) -> Scope {
        guard let shift else { return scope }
        var scope = scope
        // Where nobody says whose the text is, its stage is that of all who write on.
        if scope.stageHand == nil { scope.stageHand = shift.hand }
        scope.write(shift.hand, at: shift.stage)
        return scope
    }

    private mutating func walkElement(_ node: Node, _ outer: Scope) {
        if !node.isTakenIntoSpans { endSpans(at: node) }
        // An element that is not walked through ends spans as well.
        defer { endSpans(at: node) }
        let known = elementClass(of: node)
        if known.name == "app", isOutside(node) {
            return walkOutside(node, outer, position: isBesideTheFlow ? nil : events.count)
        }
        let row = elements.row(of: node, among: known.rows)
        let behaviour = withinCell(elements.behaviour(of: node, row))
        guard behaviour != .metadata, behaviour != .omit else { return }
        var scope = shifted(outer)
        let saved = (shift, handSource)
        let ownStage = stage(of: node)
        let ownHand =
            hand(of: node) ?? (known.isAddition ? handAtStart(of: node) : known.isNote ? writer(of: node) : nil)
        // Striking out, underlining, circling, going over in ink or damaging words is something that a hand did to
        // them: they stay the hand's that wrote them, and of its stage.
        let facts = elements.rows[row].facts
        if !facts.acts || facts.dates && ownHand == nil { write(node, ownHand, ownStage, &scope) }
        let around = facts.intervention == .supplied ? current(scope) : nil
        let isAmongEditorsWords = scope.state.isEditorial
        let isEditorial = facts.isEditorial || facts.intervention == .reading && node.isScholars
        if isEditorial, facts.acts || ownHand == nil { giveToEditors(node, &scope) }
        if scope.state.isEditorial, !isEditorial, known.name == "div", node.tokens("type").contains("edition") {
            // The nearest division decides.
            scope = Scope(hand: hands.main)
        }
        if ownHand == nil, facts.isFurniture, node.tokens("type").contains(where: ElementTable.keepersZones.contains) {
            // Neither the writers nor the editors wrote it.
            scope.write(nil)
            (shift, handSource) = (nil, node.index)
        }
        let alternation = relations.alternation(of: node)
        if let (alt, weight) = alternation, node.firstChild != nil {
            let possibility = appendIntervention(
                .possibility, node, scope.state, hand: ownHand, stage: ownStage, isSpan: false,
                of: alternative(for: alt),
                certainty: weight)
            scope.state.interventions.append(possibility)
        }
        let role = self.role(of: node, known.name, facts, hand: ownHand, stage: ownStage, scope: &scope)
        if case .intervention(let number) = role {
            interventions[number].around = around
            interventions[number].isAmongEditorsWords = isAmongEditorsWords
        }
        addCancellations(of: node, role, &scope.state)
        if Gap.isGap(node, known.name) {
            if !Gap.isOmission(node) { appendGap(node, scope) }
        } else {
            if known.name == "handShift", let hand = hands.index(after: node) {
                (shift, handSource) = (Shift(hand: hand, stage: ownStage), node.index)
            }
            let opening = Opening(node: node, behaviour: behaviour, row: row, state: current(scope), role: role)
            events.append(.open(opening))
            let isAroundCell = isInCell
            if behaviour == .cell || behaviour == .note { isInCell = behaviour == .cell }
            if facts.alternative == .choice {
                for child in elements.formsInOrder(of: node) { walk(child, scope) }
            } else {
                for child in node.children { walk(child, scope) }
            }
            isInCell = isAroundCell
            endSpans(at: node)
            events.append(.close(opening))
        }
        // A shift of hands within words that somebody struck out or underlined lasts longer than these, but not one in a
        // note.
        let names = ownHand != nil && !facts.acts && !node.shiftsHand
        if names || known.isNote && handSource > node.index || scope.state.isEditorial && shift == nil {
            (shift, handSource) = saved
        }
        if behaviour == .anchor { beginCancellingSpan(at: node, scope.state) }
        if let span = facts.span { beginSpan(span, at: node, current(scope), hand: ownHand, stage: ownStage) }
        if let (alt, weight) = alternation, node.firstChild == nil {
            beginSpan(
                .possibility, at: node, current(scope), hand: ownHand, stage: ownStage, of: alternative(for: alt),
                certainty: weight)
        }
    }

    /// A row of a table is a line: what begins lines elsewhere is a part of this one.
    private func withinCell(_ behaviour: Behaviour) -> Behaviour {
        isInCell && behaviour.startsLine ? .inline : behaviour
    }

    /// An element says whose its words are, or of which stage.
    private mutating func write(_ node: Node, _ hand: Int?, _ stage: Int?, _ scope: inout Scope) {
        if let hand {
            scope.write(hand, at: stage)
            (shift, handSource) = (nil, node.index)
        } else if let stage, !scope.state.isEditorial {
            scope.write(scope.state.hand, at: stage)
        }
    }

    /// The words of an element are the editors'.
    private mutating func giveToEditors(_ node: Node, _ scope: inout Scope) {
        scope.giveToEditors()
        (shift, handSource) = (nil, node.index)
    }

    private mutating func hand(of node: Node) -> Int? {
        relations.holder(of: "hand", for: node).map { hands.index(of: $0.attribute("hand")!, from: $0) }
    }

    /// The hand that is responsible for a note.
    private mutating func writer(of note: Node) -> Int? {
        Note.writer(of: note, library).map { hands.index(of: $0, from: note) }
    }

    private func stage(of node: Node) -> Int? {
        guard !stages.isEmpty else { return nil }
        if !stageIndexes.isEmpty, let holder = relations.holder(of: "change", for: node) {
            for pointer in holder.tokens("change") {
                if let change = library.element(pointer, from: holder), let stage = stageIndexes[change] {
                    return stage
                }
            }
        }
        guard stageIndexes.isEmpty, let sequence = sequence(of: node) else { return nil }
        return stages.firstIndex { $0.id == Stage.id(ofSequence: sequence) }
    }

    private func sequence(of node: Node) -> Int? {
        relations.holder(of: "seq", for: node).flatMap { $0.attribute("seq") }.flatMap { Int($0) }
    }

    /// The element itself is cancelled if it is an intervention or a substitution. Otherwise the part of the innermost
    /// intervention that is in it is cancelled.
    private mutating func addCancellations(of node: Node, _ role: Opening.Role, _ state: inout State) {
        guard relations.cancellations[node] != nil else { return }
        switch role {
        case .alternative(let number): appendCancellations(of: node, .alternative(number))
        case .intervention(let number): appendCancellations(of: node, .intervention(number))
        default:
            guard let number = state.interventions.last(where: { !interventions[$0].kind.isEditorial }) else { return }
            state.cancellations +=
                cancellations.count..<(cancellations.count + (relations.cancellations[node]?.count ?? 0))
            appendCancellations(of: node, .part(of: number))
        }
    }

    private mutating func appendCancellations(of node: Node, _ object: Cancellation.Object?) {
        for cancelling in relations.cancellations[node] ?? [] {
            cancellations.append(
                Cancellation(
                    kind: cancelling.tei == "undo" ? .undo : .redo, node: cancelling, target: node,
                    hand: hand(of: cancelling),
                    stage: stage(of: cancelling), sequence: sequence(of: cancelling), object: object
                ))
        }
        cancelled.insert(node)
    }

    /// Cancellations that the walk did not reach: of transpositions, of substitutions by `substJoin`, and of nothing
    /// that can be cancelled.
    private mutating func appendOtherCancellations() {
        for node in relations.cancellations.keys.filter({ !cancelled.contains($0) }).sorted(by: { $0.index < $1.index })
        {
            if let number = transpositions.firstIndex(where: { $0.node == node }) {
                appendCancellations(of: node, .transposition(number))
            } else if node.tei == "substJoin", let number = alternatives.firstIndex(where: { $0.node == node }) {
                appendCancellations(of: node, .alternative(number))
            } else {
                appendCancellations(of: node, nil)
            }
        }
        for number in cancellations.indices
        where ["undo", "redo"].contains(cancellations[number].target.tei)
            && cancellations[number].target != cancellations[number].node
        {
            cancellations[number].object = .cancellation(cancellations[number].target)
        }
    }

    // MARK: Roles

    /// The facts about elements of a name, found out once.
    private struct ElementClass {
        let name: String
        let isNote, isAddition: Bool
        /// Whether white space between its parts may be none of the text's.
        let mayHoldPartsAlone: Bool
        /// The rows of the element table.
        let rows: [Int]
    }

    private mutating func elementClass(of node: Node) -> ElementClass {
        if let known = classes[node.nameIndex] { return known }
        let found = ElementClass(
            name: node.tei, isNote: node.tei == "note", isAddition: node.tei == "add",
            mayHoldPartsAlone: node.mayHoldPartsAlone, rows: elements.indexes(named: node.tei))
        classes[node.nameIndex] = found
        return found
    }

    private mutating func role(
        of node: Node, _ name: String, _ facts: ElementTable.Facts, hand: Int?, stage: Int?, scope: inout Scope
    ) -> Opening.Role {
        let state = scope.state
        if let kind = facts.alternative, kind != .apparatus || !node.descendants("lem", "rdg").isEmpty {
            alternatives.append(Alternative(kind: kind, node: node))
            return .alternative(alternatives.count - 1)
        }
        let act = MarkRecognizer.Act(
            hand: hand ?? state.hand, writer: state.hand, mainHand: hands.main, isInNote: isInMarkedNote(state))
        if facts.mayMark, let found = MarkRecognizer(node, act).mark {
            if found.isReported { giveToEditors(node, &scope) }
            marks.append(mark(node, found, scope, hand: found.isReported ? nil : act.hand, stage: stage))
            scope.state.mark = marks.count - 1
            return .mark(marks.count - 1)
        }
        if name == "note", !facts.isFurniture {
            let isAmongEditorsWords = scope.state.isEditorial
            if Note.isEditorial(node, library) { giveToEditors(node, &scope) }
            notes.append(note(node, scope, isAmongEditorsWords: isAmongEditorsWords))
            scope.state.note = notes.count - 1
            return .note(notes.count - 1)
        }
        if let kind = facts.intervention {
            let index = appendIntervention(kind, node, state, hand: hand, stage: stage, isSpan: false)
            scope.state.interventions.append(index)
            return .intervention(index)
        }
        if let kind = facts.entity,
            let index = entities.add(node, kind, continuing: relations.first(of: node), library: library)
        {
            return .entity(index)
        }
        return .plain
    }

    /// The hand to which it shifts before its first words.
    private mutating func handAtStart(of node: Node) -> Int? {
        guard let first = node.children.first(where: \.isNotWhiteSpace), first.tei == "handShift" else { return nil }
        return hands.index(after: first)
    }

    private func isInMarkedNote(_ state: State) -> Bool {
        state.mark.map { marks[$0].node.tei == "note" } ?? false
    }

    /// - Parameter number: the alternative of which it is a reading, where that is not around it.
    mutating func appendIntervention(
        _ kind: Intervention.Kind, _ node: Node, _ state: State, hand: Int?, stage: Int?, isSpan: Bool,
        of number: Int? = nil, certainty: String? = nil
    ) -> Int {
        let alternative = number ?? self.alternative(of: node)
        // A stage holds for the hand that it is said of.
        let stage = stage ?? (hand == nil || hand == state.hand ? state.stage : nil)
        var branch = 0
        if let index = alternative {
            branch = alternatives[index].readings.count
            alternatives[index].readings.append(
                Alternative.Reading(
                    kind: kind, node: node, text: node.plainText, hand: hand ?? state.hand, stage: stage,
                    witnesses: witnessSigla(node), certainty: certainty ?? node.attribute("cert"),
                    responsible: node.attribute("resp"), type: node.attribute("type"),
                    cause: node.attribute("cause"), sequence: node.attribute("varSeq").flatMap { Int($0) },
                    groups: groups(of: node)
                ))
        }
        interventions.append(
            Intervention(
                kind: kind, node: node, hand: hand ?? (kind == .deletion ? nil : state.hand),
                stage: stage, sequence: sequence(of: node), certainty: node.attribute("cert"),
                place: node.tokens("place"), rendition: node.attribute("rend"), responsible: node.attribute("resp"),
                isSpan: isSpan, alternative: alternative, branch: branch,
                continued: relations.previous(node).flatMap { interventionOfNode[$0] }, lacking: nil
            ))
        interventionOfNode[node] = interventions.count - 1
        return interventions.count - 1
    }

    /// The alternative around an element, or the substitution that it is joined to.
    private mutating func alternative(of node: Node) -> Int? {
        if let parent = node.ancestors.first(where: { $0.tei != "rdgGrp" }),
            elements.facts(named: parent.tei).alternative != nil,
            let index = alternatives.lastIndex(where: { $0.node == parent })
        {
            return index
        }
        if let first = node.firstOfPair {
            if let known = alternatives.lastIndex(where: { $0.node == first }) { return known }
            alternatives.append(Alternative(kind: .choice, node: first))
            return alternatives.count - 1
        }
        return relations.join(of: node).map { alternative(for: $0) }
    }

    /// The substitution that a `substJoin` makes of its parts, or the choice that an `alt` leaves, which begins with the
    /// first of them.
    private mutating func alternative(for join: Node) -> Int {
        if let known = alternatives.firstIndex(where: { $0.node == join }) { return known }
        alternatives.append(Alternative(kind: join.tei == "alt" ? .choice : .substitution, node: join))
        return alternatives.count - 1
    }

    /// - Parameters:
    ///   - hand: who made the mark, which need not be who wrote the words in it.
    ///   - stage: of the mark, where it names one.
    private func mark(_ node: Node, _ found: MarkRecognizer.Found, _ scope: Scope, hand: Int?, stage: Int?) -> Mark {
        // `add` may hold the mark and say where it is.
        let holder = node.parent.flatMap { ["add", "note", "mod"].contains($0.tei) ? $0 : nil }
        let place = node.tokens("place")
        return Mark(
            kind: found.kind, subtype: found.subtype, node: node,
            text: text(of: node),
            hand: hand, writers: Writers(),
            stage: found.isReported ? nil : stage ?? (hand == scope.state.hand ? scope.state.stage : nil),
            place: place.isEmpty ? holder?.tokens("place") ?? [] : place, rendition: node.attribute("rend"),
            certainty: node.attribute("cert"), targets: node.tokens("target"), isReported: found.isReported,
            state: current(scope)
        )
    }

    /// The words of a mark: its content, or what lies between it and its anchor.
    private func text(of node: Node) -> String {
        let end = node.attribute("spanTo").flatMap { library.element($0, from: node) }
        return end.map(node.plainText(to:)) ?? node.plainNoteText
    }

    private mutating func note(_ node: Node, _ scope: Scope, isAmongEditorsWords: Bool) -> Note {
        let handAtStart = handAtStart(of: node)
        return Note(
            type: node.attribute("type"), isEditorial: scope.state.isEditorial,
            isAmongEditorsWords: isAmongEditorsWords, node: node,
            hand: scope.state.isEditorial ? nil : handAtStart ?? scope.state.hand, writers: Writers(),
            namesHand: node.attribute("hand") != nil || handAtStart != nil || Note.writer(of: node, library) != nil,
            place: node.tokens("place"),
            targets: node.noteTargets, certainty: node.attribute("cert"), responsible: node.attribute("resp"),
            state: current(scope)
        )
    }

    private mutating func appendGap(_ node: Node, _ scope: Scope) {
        let reason = node.attribute("reason") ?? node.attribute("agent")
        gaps.append(
            Gap(
                kind: Gap.kind(of: node), reason: reason, extent: Gap.extent(of: node),
                description: node.child("desc")?.plainText, node: node,
                certainty: node.attribute("cert"), state: current(scope)
            ))
        events.append(.gap(gaps.count - 1))
    }

    // MARK: Spans

    private mutating func beginSpan(
        _ kind: Intervention.Kind, at node: Node, _ state: State, hand: Int?, stage: Int?, of alternative: Int? = nil,
        certainty: String? = nil
    ) {
        guard let pointer = node.attribute("spanTo") else { return }
        let index = appendIntervention(
            kind, node, state, hand: hand, stage: stage, isSpan: true, of: alternative, certainty: certainty)
        appendCancellations(of: node, .intervention(index))
        events.append(.begin(index))
        if let end = TranscriptionBuilder.end(ofSpan: pointer, at: node, library) {
            spans.append((index, end, (shift, handSource)))
        } else {
            events.append(.end(index))
        }
    }

    /// Where a span ends; `nil` if it leads nowhere or backwards, and so is empty.
    private static func end(ofSpan pointer: String, at node: Node, _ library: PointerResolver) -> Node? {
        library.element(pointer, from: node).flatMap {
            $0.document === node.document && $0.index > node.index ? $0.endOfSpan(from: node) : nil
        }
    }

    /// An `undo` or `redo` of the innermost intervention here, up to a milestone.
    private mutating func beginCancellingSpan(at node: Node, _ state: State) {
        guard ["undo", "redo"].contains(node.tei), let pointer = node.attribute("spanTo"),
            let end = TranscriptionBuilder.end(ofSpan: pointer, at: node, library),
            let number = state.interventions.last(where: { !interventions[$0].kind.isEditorial })
        else { return }
        cancellations.append(
            Cancellation(
                kind: node.tei == "undo" ? .undo : .redo, node: node, target: node, hand: hand(of: node),
                stage: stage(of: node),
                sequence: sequence(of: node), object: .part(of: number)
            ))
        cancellingSpans.append((cancellations.count - 1, end))
    }

    private mutating func endSpans(at node: Node) {
        if !cancellingSpans.isEmpty { cancellingSpans.removeAll { $0.end == node } }
        guard spans.contains(where: { $0.end == node }) else { return }
        for span in spans.reversed() where span.end == node {
            events.append(.end(span.intervention))
            let intervention = interventions[span.intervention]
            // A shift of hands within words that a hand added holds to their end.
            if intervention.kind == .addition, intervention.hand != nil, shift != nil,
                handSource > intervention.node.index
            {
                (shift, handSource) = span.shift
            }
        }
        spans.removeAll { $0.end == node }
    }
}

extension Node {
    /// Where a span ends that points at this element: at a note that the element lies in, since its words are not in
    /// the flow, unless the span is within it.
    func endOfSpan(from start: Node) -> Node {
        ancestorsOrSelf.filter { $0.tei == "note" && !$0.contains(start) }.last ?? self
    }

    /// Whether a reading is a scholar's, or that of an edition, and in no witness (TEI P5, 12.1.2).
    var isScholars: Bool {
        guard attribute("wit") == nil, attribute("hand") == nil else { return false }
        if saysConjecture { return true }
        // Where no reading is a witness's, the lemma is the document's, and `@resp` says who read it so.
        let isRead = tei == "lem" && parent?.childElements.contains { $0.attribute("wit") != nil } != true
        if attribute("resp") != nil, !isRead { return true }
        // Where the lemma and a reading have sources, these are editions or manuscripts.
        let other = tei == "lem" ? "rdg" : "lem"
        return attribute("source") != nil
            && parent?.childElements.contains { $0.tei == other && $0.attribute("source") != nil } != true
    }

    /// Of a form and its correction, regularization or expansion, which follows at once, the form: such a pair is a
    /// `choice` that nobody has written around it.
    fileprivate var firstOfPair: Node? {
        let second = ["sic": "corr", "orig": "reg", "abbr": "expan"]
        if let wanted = second[tei] {
            let next = followingSiblings.first { _ in true }
            return next?.tei == wanted ? self : nil
        }
        guard second.values.contains(tei), let before = precedingSiblings.first(where: { _ in true }),
            second[before.tei] == tei
        else { return nil }
        return before
    }

    /// Whether a reading says by its type that it is a conjecture.
    var saysConjecture: Bool {
        ["conjecture", "emendation", "conj", "emend"].contains(attribute("type"))
    }

    /// Whether a span that ends at this element takes in its content (TEI P5, att.spanning).
    var isTakenIntoSpans: Bool { firstChild != nil && tei != "note" }
}
