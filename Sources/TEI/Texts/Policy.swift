public import XML

/// Which text is meant, of the several that a document holds.
///
/// | policy | text |
/// |---|---|
/// | `typed` | the main hand's, before any intervention: what was deleted later still stands, nothing added |
/// | `revised` | the writers' last: additions in, deletions out, the editors' words out |
/// | `reading` | the revised text with the editors' corrections, regularisations, expansions and supplied words |
/// | `diplomatic` | all of it, everything marked: deletions ⟦…⟧, additions \…/, line ends as on the page |
/// | `hand:ID` | what one hand wrote, struck out or not, with … where others wrote between |
/// | `stage:ID` | the text as it stood after that stage of writing |
/// | `witness:SIGIL` | the revised text with that witness's readings |
public enum Policy: Sendable {
    case typed, revised, reading, diplomatic
    /// A hand's `xml:id`.
    case hand(String)
    /// A stage's `xml:id`.
    case stage(String)
    /// A witness's sigil or `xml:id`.
    case witness(String)

    /// Reads a policy as it is written on the command line: `reading`, `hand:pbs`.
    public init?(_ string: String) {
        let parts = string.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1).map { String(Substring($0)) }
        switch (parts.first, parts.count) {
        case ("typed", 1): self = .typed
        case ("revised", 1): self = .revised
        case ("reading", 1): self = .reading
        case ("diplomatic", 1): self = .diplomatic
        case ("hand", 2): self = .hand(parts[1])
        case ("stage", 2): self = .stage(parts[1])
        case ("witness", 2): self = .witness(parts[1])
        default: return nil
        }
    }
}

/// By the code points of the names.
extension Policy: Hashable {
    public static func == (a: Policy, b: Policy) -> Bool {
        switch (a, b) {
        case (.typed, .typed), (.revised, .revised), (.reading, .reading), (.diplomatic, .diplomatic): true
        case (.hand(let a), .hand(let b)), (.stage(let a), .stage(let b)), (.witness(let a), .witness(let b)):
            a.isSame(as: b)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(CodepointString(description)) }
}

extension Policy: CustomStringConvertible {
    public var description: String {
        switch self {
        case .typed: "typed"
        case .revised: "revised"
        case .reading: "reading"
        case .diplomatic: "diplomatic"
        case .hand(let id): "hand:\(id)"
        case .stage(let id): "stage:\(id)"
        case .witness(let sigil): "witness:\(sigil)"
        }
    }
}

extension Policy {
    /// The policy as the name of a file: `hand-pbs`.
    public var fileName: String {
        switch self {
        case .typed, .revised, .reading, .diplomatic: description
        case .hand(let id): "hand-\(FileName.of(id))"
        case .stage(let id): "stage-\(FileName.of(id))"
        case .witness(let sigil): "witness-\(FileName.of(sigil))"
        }
    }
}

extension Transcription {
    /// All the policies that this document has a text for.
    ///
    /// Hands that share a name have one text, the first one's.
    public var policies: [Policy] {
        let all: [Policy] =
            [.typed, .revised, .reading, .diplomatic]
            + hands.filter(\.isDescribed).map { .hand($0.id) }
            + stages.map { .stage($0.id) }
            + witnesses.map { .witness($0.sigil) }
        var seen: Set<CodepointString> = []
        return all.filter { seen.insert(CodepointString($0.description)).inserted }
    }

    /// Whether the document knows the hand, stage or witness that the policy names.
    public func has(_ policy: Policy) -> Bool {
        switch policy {
        case .typed, .revised, .reading, .diplomatic: true
        case .hand(let id): hands.contains { $0.id.isSame(as: id) }
        case .stage(let id): stages.contains { $0.id.isSame(as: id) }
        case .witness(let sigil): witness(sigil) != nil
        }
    }

    /// Looks for the hand, stage or witness that the policy names.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `policy-unknown` where the document knows none of that name, with
    ///   those that it knows.
    public func check(_ policy: Policy) throws(Diagnostics) {
        guard has(policy) else { throw Diagnostics([Messages.noSuchPolicy(policy, self, at: element.location)]) }
    }

    func witness(_ sigil: String) -> Witness? {
        witnesses.first { $0.sigil.isSame(as: sigil) || $0.id.isSame(as: sigil) }
    }

    /// A policy with its names looked up: the question "does this stand in the text?" as a function.
    package func selection(_ policy: Policy) -> Selection {
        Selection(self, policy)
    }
}

/// What a policy takes out of a transcription.
package struct Selection {
    package let policy: Policy
    private let transcription: Transcription
    private let hand: Int?
    private let stage: Stage?
    /// The witness whose text it is.
    let sigil: String?
    /// For each apparatus or choice, the number of the reading that is taken.
    private var branches: [Int: Int] = [:]
    /// For each intervention, the first of its fragments.
    private var firsts: [Int] = []
    /// The cancellations in force, by their number: their place in the order in which they were made.
    private var ranks: [Int: Int] = [:]
    /// By what is cancelled: the last of them.
    private var latest: [Cancellation.Object: Int] = [:]

    init(_ transcription: Transcription, _ policy: Policy) {
        self.transcription = transcription
        self.policy = policy
        hand = if case .hand(let id) = policy { transcription.hands.firstIndex { $0.id.isSame(as: id) } } else { nil }
        stage = if case .stage(let id) = policy { transcription.stages.first { $0.id.isSame(as: id) } } else { nil }
        sigil = if case .witness(let sigil) = policy { transcription.witness(sigil)?.sigil } else { nil }
        for (index, alternative) in transcription.alternatives.enumerated() {
            branches[index] = branch(of: alternative)
        }
        readCancellations()
    }

    /// Whether text in this state stands in the chosen text.
    package func includes(_ state: State) -> Bool {
        includesHand(state) && includesStage(state) && includesNote(state) && includesInterventions(state)
    }

    /// Whether everything is shown and marked.
    package var isDiplomatic: Bool { policy == .diplomatic }

    /// Whether lines end where they do on the page.
    var keepsLines: Bool { policy == .diplomatic }

    /// Whether what others wrote between leaves a trace.
    package var marksOmissions: Bool { hand != nil }

    /// Whether deletions are shown and marked.
    package var showsDeletions: Bool { isDiplomatic || hand != nil }

    private func includesHand(_ state: State) -> Bool {
        switch policy {
        case .typed: state.hand == nil || state.hand == transcription.mainHand
        case .hand: state.hand == hand
        default: true
        }
    }

    private func includesStage(_ state: State) -> Bool {
        guard let stage, let own = state.stage else { return true }
        return stage.presupposes(own)
    }

    private func includesNote(_ state: State) -> Bool {
        guard let note = state.note, transcription.notes[note].isEditorial else { return true }
        return showsEditorsNotes
    }

    /// Whether the editors' own notes are printed.
    var showsEditorsNotes: Bool {
        switch policy {
        case .revised, .reading, .diplomatic, .witness: true
        case .typed, .hand, .stage: false
        }
    }

    /// Whether a speech that has no label says whose it is.
    var namesSpeakers: Bool {
        switch policy {
        case .typed, .hand: false
        default: true
        }
    }

    private func includesInterventions(_ state: State) -> Bool {
        let interventions = state.interventions.map { transcription.interventions[$0] }
        let restored =
            interventions.contains { $0.kind == .restoration } ? self.restored(state.interventions, state) : []
        for (index, intervention) in zip(state.interventions, interventions) {
            let applies = applies(index, intervention, state)
            if !includes(intervention, applies: applies, isRestored: restored.contains(index)) { return false }
        }
        return true
    }

    private func applies(_ index: Int, _ intervention: Intervention, _ state: State) -> Bool {
        applies(hand: intervention.hand, stage: intervention.stage) && !isCancelled(index, state)
    }

    /// The deletions that are taken back. A restoration within a deletion takes that part of it back; any other one the
    /// deletions within itself (TEI P5, 11.3.1.6).
    ///
    /// - Parameter interventions: those in force, the outermost first.
    private func restored(_ interventions: [Int], _ state: State) -> Set<Int> {
        var restored: Set<Int> = []
        for (place, index) in interventions.enumerated() {
            let restoration = transcription.interventions[index]
            guard restoration.kind == .restoration, applies(index, restoration, state) else { continue }
            let isDeletion = { (index: Int) in transcription.interventions[index].kind == .deletion }
            if let around = interventions[..<place].last(where: { isDeletion($0) && !restored.contains($0) }) {
                restored.insert(around)
            } else {
                restored.formUnion(interventions[place...].filter(isDeletion))
            }
        }
        return restored
    }

    private func includes(_ intervention: Intervention, applies: Bool, isRestored: Bool) -> Bool {
        switch intervention.kind {
        case .addition: isDiplomatic || hand != nil || applies
        case .deletion: showsDeletions || isRestored || !applies
        case .sic, .original, .abbreviation: isDiplomatic || policy != .reading || !hasEditorsReading(intervention)
        // Where the editors say nothing of what the writers wrote, theirs is the only form there is.
        case .correction, .regularization: isDiplomatic || policy == .reading || !hasWritersReading(intervention)
        case .supplied: isDiplomatic || policy == .reading
        // An expansion of its own (`ex`) is the editors' as well.
        case .expansion: isDiplomatic || policy == .reading
        case .surplus: policy != .reading
        case .reading, .possibility: isDiplomatic || takesBranch(intervention)
        case .lacuna: isDiplomatic || !sigil.isSame(as: intervention.lacking)
        case .restoration, .retrace, .modification, .unclear, .damage: true
        }
    }

    /// Whether what a writer did had been done by the time of the chosen text. What names no stage was done at the
    /// first if it is the main hand's, else at the last.
    private func applies(hand: Int?, stage: Int?) -> Bool {
        guard policy != .typed else { return false }
        guard let chosen = self.stage else { return true }
        let isLast = chosen.number == transcription.stages.count - 1
        return stage.map(chosen.presupposes) ?? (hand == nil || hand == transcription.mainHand || isLast)
    }

    /// Finds out which cancellations are in force, from the last to the first: a later one may have cancelled it.
    private mutating func readCancellations() {
        guard !transcription.cancellations.isEmpty else { return }
        for (number, intervention) in transcription.interventions.enumerated() {
            firsts.append(intervention.continued.map { firsts[$0] } ?? number)
        }
        for (rank, number) in transcription.cancellationsInOrder.enumerated().reversed() {
            let cancellation = transcription.cancellations[number]
            guard applies(hand: cancellation.hand, stage: cancellation.stage) else { continue }
            if let later = latest[.cancellation(cancellation.node)], transcription.cancellations[later].kind == .undo {
                continue
            }
            ranks[number] = rank
            guard let object = cancellation.object.map(whole), latest[object] == nil else { continue }
            latest[object] = number
        }
    }

    /// Fragments are one.
    private func whole(_ object: Cancellation.Object) -> Cancellation.Object {
        if case .intervention(let number) = object { .intervention(firsts[number]) } else { object }
    }

    /// Whether the last that was done about an intervention, at this place, was to undo it.
    private func isCancelled(_ intervention: Int, _ state: State) -> Bool {
        guard !ranks.isEmpty else { return false }
        let alternative = transcription.interventions[intervention].alternative
        let here = state.cancellations.filter { transcription.cancellations[$0].object == .part(of: intervention) }
        let made =
            here
            + [latest[whole(.intervention(intervention))], alternative.flatMap { latest[.alternative($0)] }].compactMap(
                \.self)
        return made.filter { ranks[$0] != nil }.max { ranks[$0]! < ranks[$1]! }.map {
            transcription.cancellations[$0].kind == .undo
        } ?? false
    }

    /// Whether passages stand in their new order. On the page, and in what one hand wrote, they stand in the old one.
    package func includes(transposition number: Int) -> Bool {
        guard !isDiplomatic, hand == nil else { return false }
        let transposition = transcription.transpositions[number]
        let isCancelled = latest[.transposition(number)].map { transcription.cancellations[$0].kind == .undo } ?? false
        return applies(hand: transposition.hand, stage: transposition.stage) && !isCancelled
    }

    private func hasEditorsReading(_ intervention: Intervention) -> Bool {
        guard let alternative = intervention.alternative else { return false }
        return transcription.alternatives[alternative].readings.contains {
            [.correction, .regularization, .expansion, .supplied].contains($0.kind)
        }
    }

    private func hasWritersReading(_ intervention: Intervention) -> Bool {
        guard let alternative = intervention.alternative else { return false }
        return transcription.alternatives[alternative].readings.contains {
            [.sic, .original, .abbreviation, .unclear].contains($0.kind)
        }
    }

    /// The number of the reading that is taken of an alternative.
    func branch(_ alternative: Int) -> Int { branches[alternative] ?? 0 }

    private func takesBranch(_ intervention: Intervention) -> Bool {
        guard let alternative = intervention.alternative else { return true }
        return branches[alternative] == intervention.branch
    }

    private func branch(of alternative: Alternative) -> Int {
        let readings = alternative.readings
        guard alternative.isPlaced else { return 0 }
        if let sigil, let index = readings.firstIndex(where: { $0.witnesses.contains { $0.isSame(as: sigil) } }) {
            return index
        }
        if alternative.kind == .apparatus {
            return readings.firstIndex { $0.node.localName == "lem" } ?? 0
        }
        let rank = ["high": 3, "medium": 2, "low": 1]
        let best = readings.indices.max {
            (rank[readings[$0].certainty ?? ""] ?? 0, -$0) < (rank[readings[$1].certainty ?? ""] ?? 0, -$1)
        }
        return best ?? 0
    }
}
