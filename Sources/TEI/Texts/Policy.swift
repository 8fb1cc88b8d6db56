public import XML

/// A choice of one text among those that a document holds.
///
///     let policy = Policy("hand:pbs")!
///     print(policy.kind.name, policy.name ?? "")      // hand pbs
///     print(transcription.reading(policy).text)
///
/// | policy | text |
/// |---|---|
/// | `typed` | the main hand's, before any intervention: with deletions, without additions |
/// | `revised` | the writers' last: with additions, without deletions and the editors' words |
/// | `reading` | the revised text with the editors' corrections, regularisations, expansions and supplied words |
/// | `diplomatic` | everything, with marks: deletions ⟦…⟧, additions \…/, line ends as on the page |
/// | `hand:NAME` | the words of one hand, struck out or not, with … for the words of others between |
/// | `words:NAME` | the same words, and nothing that the program writes |
/// | `stage:ID` | the text after that stage of writing |
/// | `witness:SIGIL` | the revised text with that witness's readings |
public struct Policy: Sendable {
    /// The kind of text.
    public let kind: Kind
    /// The `xml:id` of the hand or stage, or the sigil or `xml:id` of the witness; `nil` for the other kinds. A hand is
    /// also found by its entry in a register, and by its label: see ``Transcription/hand(named:)``.
    public let name: String?

    init(_ kind: Kind, _ name: String? = nil) { (self.kind, self.name) = (kind, name) }

    /// The main hand's text before any intervention.
    public static let typed = Policy(.typed)
    /// The writers' last text.
    public static let revised = Policy(.revised)
    /// The revised text with the editors' corrections.
    public static let reading = Policy(.reading)
    /// The text with everything marked, on the lines of the page.
    public static let diplomatic = Policy(.diplomatic)
    /// The words of one hand, by its `xml:id`.
    public static func hand(_ id: String) -> Policy { Policy(.hand, id) }
    /// The words of one hand, and nothing that the program writes.
    public static func words(_ id: String) -> Policy { Policy(.words, id) }
    /// The text after a stage of writing, by its `xml:id`.
    public static func stage(_ id: String) -> Policy { Policy(.stage, id) }
    /// The text of a witness, by its sigil or `xml:id`.
    public static func witness(_ sigil: String) -> Policy { Policy(.witness, sigil) }

    /// Reads a policy as on the command line, such as `reading` or `hand:pbs`; `nil` if there is no such kind.
    public init?(_ string: String) {
        let parts = string.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1).map { String(Substring($0)) }
        guard let kind = Kind.all.first(where: { $0.name == parts.first }),
            parts.count == (kind.subject == nil ? 1 : 2)
        else { return nil }
        self.init(kind, parts.count > 1 ? parts[1] : nil)
    }
}

// MARK: - The table of policies

extension Policy {
    /// A row of the table of policies: a kind of text.
    public struct Kind: Sendable {
        /// The name on the command line.
        public let name: String
        /// If a document has such a text for each hand, stage or witness, which of these; otherwise `nil`.
        public let subject: Subject?
        /// The name of the text, and a sentence about it.
        let title, about: Phrase
        /// Whether it is among all the texts of a document. Others are another form of one of these.
        var isOneOfAll = true
        let rules: Rules
    }

    /// The things for each of which a document may have a text.
    public enum Subject: String, Sendable, CaseIterable {
        /// Each hand, each stage of writing, or each witness.
        case hand, stage, witness

        /// The plural, as the command has it for all texts of the kind: `hands`.
        package var plural: String { self == .witness ? "witnesses" : rawValue + "s" }
    }

    /// The rules for the content of a text.
    struct Rules: Sendable {
        /// Whose words.
        enum Hands { case all, main, chosen }
        /// The changes by the writers: none, all, or those up to a stage.
        enum Changes { case none, all, untilStage }

        var hands = Hands.all
        var changes = Changes.all
        /// Everything is shown and marked, on the lines of the page.
        var isDiplomatic = false
        /// Deletions are shown and marked, and additions are in the text, by any hand and at any stage.
        var showsChanges = false
        /// The editors' readings are preferred to what the writers wrote.
        var prefersEditors = false
        /// The editors' own notes are printed.
        var hasEditorsNotes = true
        /// What the editors added to the text is in it: registers, translations, descriptions.
        var hasEditorsMatter = false
        /// The program writes signs around what only the markup sets apart, such as a quotation.
        var setsApart = true
        /// A speech without a label says whose it is.
        var namesSpeakers = true
        /// The program writes nothing: no signs, and no words about marks, gaps and omissions.
        var isWordsAlone = false
    }
}

extension Policy.Kind {
    /// The main hand's text before any intervention.
    public static let typed = Policy.Kind(
        name: "typed", subject: nil, title: .typed, about: .aboutTyped,
        rules: .init(
            hands: .main, changes: .none, hasEditorsNotes: false, setsApart: false, namesSpeakers: false))
    /// The writers' last text.
    public static let revised = Policy.Kind(
        name: "revised", subject: nil, title: .revised, about: .aboutRevised, rules: .init())
    /// The revised text with the editors' corrections.
    public static let reading = Policy.Kind(
        name: "reading", subject: nil, title: .reading, about: .aboutReading,
        rules: .init(prefersEditors: true, hasEditorsMatter: true))
    /// The text with everything marked, on the lines of the page.
    public static let diplomatic = Policy.Kind(
        name: "diplomatic", subject: nil, title: .diplomatic, about: .aboutDiplomatic,
        rules: .init(
            isDiplomatic: true, showsChanges: true, hasEditorsMatter: true, setsApart: false, namesSpeakers: false))
    /// The words of one hand.
    public static let hand = Policy.Kind(
        name: "hand", subject: .hand, title: .handText, about: .aboutHand,
        rules: .init(
            hands: .chosen, showsChanges: true, hasEditorsNotes: false, setsApart: false, namesSpeakers: false))
    /// The words of one hand, and nothing that the program writes.
    public static let words = Policy.Kind(
        name: "words", subject: .hand, title: .handWords, about: .aboutHandWords, isOneOfAll: false,
        rules: .init(
            hands: .chosen, showsChanges: true, hasEditorsNotes: false, setsApart: false, namesSpeakers: false,
            isWordsAlone: true))
    /// The text after a stage of writing.
    public static let stage = Policy.Kind(
        name: "stage", subject: .stage, title: .stageText, about: .aboutStage,
        rules: .init(changes: .untilStage, hasEditorsNotes: false))
    /// The text of a witness.
    public static let witness = Policy.Kind(
        name: "witness", subject: .witness, title: .witnessText, about: .aboutWitness, rules: .init())

    /// All kinds. The command, its help and the pages read this list.
    public static let all: [Policy.Kind] = [typed, revised, reading, diplomatic, hand, words, stage, witness]

    /// The policy as the help shows it: `reading`, `hand:NAME`.
    package var usage: String {
        switch subject {
        case nil: name
        case .hand: "\(name):NAME"
        case .stage: "\(name):ID"
        case .witness: "\(name):SIGIL"
        }
    }
}

extension Policy.Kind: Hashable {
    /// Compares the names.
    public static func == (a: Policy.Kind, b: Policy.Kind) -> Bool { a.name == b.name }
    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Policies are compared by the code points of their descriptions.
extension Policy: Hashable {
    /// Compares the code points of the descriptions.
    public static func == (a: Policy, b: Policy) -> Bool {
        CodepointString(a.description) == CodepointString(b.description)
    }

    /// Hashes the code points of the description.
    public func hash(into hasher: inout Hasher) { hasher.combine(CodepointString(description)) }
}

extension Policy: CustomStringConvertible {
    /// The policy as on the command line: `hand:pbs`.
    public var description: String { name.map { "\(kind.name):\($0)" } ?? kind.name }

    /// The policy as a part of a file name: `hand-pbs`.
    public var fileName: String { name.map { "\(kind.name)-\(FileName.of($0))" } ?? kind.name }
}

extension Transcription {
    /// All policies for which this document has a text.
    ///
    /// Hands with the same name have one text, that of the first.
    public var policies: [Policy] {
        let all: [Policy] = Policy.Kind.all.filter(\.isOneOfAll).flatMap { kind in
            names(of: kind.subject).map { Policy(kind, $0) }
        }
        var seen: Set<CodepointString> = []
        return all.filter { seen.insert(CodepointString($0.description)).inserted }
    }

    /// The ids or sigla for each of which there is a text of a kind; `[nil]` if there is only one text.
    private func names(of subject: Policy.Subject?) -> [String?] {
        switch subject {
        case nil: [nil]
        case .hand: hands.filter(\.isDescribed).map(\.id)
        case .stage: stages.map(\.id)
        case .witness: witnesses.map(\.sigil)
        }
    }

    /// Whether the document has the hand, stage or witness that the policy names.
    public func has(_ policy: Policy) -> Bool {
        switch policy.kind.subject {
        case nil: true
        case .hand: policy.name.flatMap(hand(named:)) != nil
        case .stage: stages.contains { policy.name.isSame(as: $0.id) }
        case .witness: policy.name.flatMap(sigil) != nil
        }
    }

    /// Checks that the document has the hand, stage or witness that the policy names.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `policy-unknown` and the names that the document has.
    public func check(_ policy: Policy) throws(Diagnostics) {
        guard has(policy) else { throw Diagnostics([Messages.noSuchPolicy(policy, self, at: element.location)]) }
    }

    /// The index of the hand with this `xml:id`; or else the first whose scribe is this entry of a register, or who has
    /// this label. By an entry or a label you find a person's hand in documents where its ids differ.
    ///
    ///     let hand = transcription.hand(named: "people.xml#clinton") ?? transcription.hand(named: "Bill Clinton")
    public func hand(named name: String) -> Int? { hands(named: name).first }

    /// The hands that a name means: the one with this `xml:id`; or else all of the scribe with this entry of a register;
    /// or else all with this label.
    func hands(named name: String) -> [Int] {
        func found(_ fits: (Hand) -> Bool) -> [Int]? {
            let found = hands.indices.filter { fits(hands[$0]) }
            return found.isEmpty ? nil : found
        }
        return found { name.isSame(as: $0.id) }
            ?? found { hand in
                hand.scribeReference.map { name.isSame(as: $0) || Reference($0).fragment.isSame(as: name) } ?? false
            } ?? found { name.isSame(as: $0.label) || name.isSame(as: $0.node?.attribute("scribe") ?? "") } ?? []
    }

    func witness(_ sigil: String) -> Witness? {
        witnesses.first { $0.sigil.isSame(as: sigil) || $0.id.isSame(as: sigil) }
    }

    /// The sigil of a witness, which a reading may name without a description of it.
    func sigil(_ name: String) -> String? {
        witness(name)?.sigil
            ?? alternatives.lazy.flatMap(\.readings).flatMap(\.witnesses).first { $0.isSame(as: name) }
    }

    /// A policy with its names looked up: it decides whether the text has a character.
    package func selection(_ policy: Policy) -> Selection {
        Selection(self, policy)
    }
}

/// The choice of a policy from a transcription.
package struct Selection {
    package let policy: Policy
    private let rules: Policy.Rules
    private let transcription: Transcription
    /// The hands whose text it is; a person may have several.
    private let hands: [Int]
    private let stage: Stage?
    /// The witness whose text it is.
    let sigil: String?
    /// For each apparatus or choice, the number of the reading that is taken.
    private var branches: [Int: Int] = [:]
    /// For each intervention, the first of its fragments.
    private var firsts: [Int] = []
    /// The cancellations in force, by their number: their place in the order in which they were made.
    private var ranks: [Int: Int] = [:]
    /// For each cancelled object, the last cancellation.
    private var latest: [Cancellation.Object: Int] = [:]

    init(_ transcription: Transcription, _ policy: Policy) {
        self.transcription = transcription
        self.policy = policy
        rules = policy.kind.rules
        let (subject, name) = (policy.kind.subject, policy.name)
        hands = subject == .hand ? name.map(transcription.hands(named:)) ?? [] : []
        stage = subject == .stage ? transcription.stages.first { name.isSame(as: $0.id) } : nil
        sigil = subject == .witness ? name.flatMap(transcription.sigil) : nil
        readCancellations()
        for (index, alternative) in transcription.alternatives.enumerated() {
            branches[index] = branch(of: alternative)
        }
    }

    /// Whether the chosen text has characters in this state.
    package func includes(_ state: State) -> Bool {
        includesHand(state) && includesStage(state) && includesEditors(state) && includesInterventions(state)
    }

    /// Whether everything is shown and marked.
    package var isDiplomatic: Bool { rules.isDiplomatic }

    /// Whether what others wrote between leaves a trace.
    package var marksOmissions: Bool { !hands.isEmpty }

    /// Whether deletions are shown and marked.
    package var showsDeletions: Bool { rules.showsChanges }

    /// Whether a deletion is marked: in the text of one hand, those by others are not what that hand did.
    func marksDeletion(by hand: Int?) -> Bool {
        rules.showsChanges && (hands.isEmpty || hand.map(hands.contains) != false)
    }

    /// Whether the editors' own notes are printed.
    var showsEditorsNotes: Bool { rules.hasEditorsNotes }

    /// Whether a speech that has no label says whose it is.
    var namesSpeakers: Bool { rules.namesSpeakers }

    /// Whether the program writes signs around what only the markup sets apart.
    var setsApart: Bool { rules.setsApart }

    /// Whether the program writes nothing in the text.
    var isWordsAlone: Bool { rules.isWordsAlone }

    /// Whether words that the end of a line divides are whole, without their hyphen.
    var joinsWords: Bool { rules.prefersEditors }

    private func includesHand(_ state: State) -> Bool {
        switch rules.hands {
        case .all: true
        case .main:
            state.hand == nil || state.hand == transcription.mainHand || isOfUnknownMainHand(state)
                || isOfOtherPen(state)
        case .chosen: state.hand.map(hands.contains) == true
        }
    }

    /// Where nobody says whose the text is, all who write on from one another wrote it, and nobody who made a mark or
    /// a note in a hand of its own.
    private func isOfUnknownMainHand(_ state: State) -> Bool {
        transcription.mainHand == nil
            && state.mark.map { transcription.marks[$0] }.flatMap { $0.isAroundWords ? nil : $0.hand } == nil
            && state.note.map { transcription.notes[$0].namesHand } != true
    }

    /// Whether the text shows what a hand did to words. Where nobody says whose the text is, no hand that is named was
    /// its writer's.
    func shows(_ mark: Mark, around words: State) -> Bool {
        if rules.hands == .main, transcription.mainHand == nil, mark.node.attribute("hand") != nil { return false }
        return includes(words) && includes(mark.act(words))
    }

    /// Whether the writer of the text went on with another pen, which makes no note or mark.
    private func isOfOtherPen(_ state: State) -> Bool {
        guard let main = transcription.mainHand, let hand = state.hand, state.note == nil, state.mark == nil else {
            return false
        }
        return Hands.areOfOnePerson(transcription.hands[main], transcription.hands[hand])
    }

    /// What names no stage was written at the first if it is the main hand's, else at the last.
    private func includesStage(_ state: State) -> Bool {
        guard let stage else { return true }
        if let own = state.stage { return stage.presupposes(own) }
        return state.hand == nil || state.hand == transcription.mainHand || isOfUnknownMainHand(state)
            || stage.number == transcription.stages.count - 1
    }

    /// A text has the editors' readings by their kind, their notes where it has notes, and all else that they wrote
    /// where it has that.
    private func includesEditors(_ state: State) -> Bool {
        guard state.isEditorial else { return true }
        if let note = state.note.map({ transcription.notes[$0] }), note.isEditorial {
            return note.isAmongEditorsWords ? rules.hasEditorsMatter : showsEditorsNotes
        }
        if let mark = state.mark, transcription.marks[mark].isReported { return showsEditorsNotes }
        return rules.hasEditorsMatter
            || state.interventions.contains {
                let intervention = transcription.interventions[$0]
                return intervention.kind.isEditorsReading && !intervention.isAmongEditorsWords
            }
    }

    private func includesInterventions(_ state: State) -> Bool {
        let interventions = state.interventions.map { transcription.interventions[$0] }
        let restored =
            interventions.contains { $0.kind == .restoration } ? self.restored(state.interventions, state) : []
        for (place, (index, intervention)) in zip(state.interventions, interventions).enumerated() {
            let applies =
                applies(index, intervention, state)
                && !isOfCancelledSubstitution(intervention, within: state.interventions[..<place], state)
            if !includes(intervention, applies: applies, isRestored: restored.contains(index)) { return false }
        }
        return true
    }

    private func applies(_ index: Int, _ intervention: Intervention, _ state: State) -> Bool {
        // A deletion by no named hand is dated as the words are. What was changed at once was never otherwise.
        (intervention.isInstant && rules.changes == .none
            || applies(hand: intervention.hand ?? state.hand, stage: intervention.stage))
            && !isCancelled(index, state)
    }

    /// Whether an addition is part of a substitution that a restoration directly around it takes back as a whole.
    private func isOfCancelledSubstitution(
        _ intervention: Intervention, within outer: ArraySlice<Int>, _ state: State
    ) -> Bool {
        guard intervention.kind == .addition, let substitution = intervention.alternative, let last = outer.last,
            transcription.interventions[last].kind == .restoration
        else { return false }
        return transcription.interventions[last].node.contains(transcription.alternatives[substitution].node)
            && applies(last, transcription.interventions[last], state)
    }

    /// The deletions that are taken back. A restoration within a deletion takes that part of it back; any other one the
    /// deletion within itself, and not those within that (TEI P5, 11.3.1.6).
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
                restored.formUnion(interventions[place...].first(where: isDeletion).map { [$0] } ?? [])
            }
        }
        return restored
    }

    private func includes(_ intervention: Intervention, applies: Bool, isRestored: Bool) -> Bool {
        switch intervention.kind {
        case .addition: rules.showsChanges || applies
        case .deletion: rules.showsChanges || isRestored || !applies
        case .lacuna: isDiplomatic || !sigil.isSame(as: intervention.lacking)
        case _ where intervention.kind.isEditorial && intervention.alternative != nil:
            isDiplomatic || takesBranch(intervention)
        // Outside of a choice it is the only form there is.
        case .sic, .original, .correction, .regularization, .reading, .possibility: true
        // The sign of an abbreviation is no part of the expanded word.
        case .abbreviation:
            isDiplomatic || !rules.prefersEditors || !intervention.node.ancestors.contains { $0.tei == "expan" }
        // An expansion of its own (`ex`) is the editors' as well.
        case .supplied, .expansion: isDiplomatic || rules.prefersEditors
        // Secluded words are genuine, and only out of place.
        case .surplus: !rules.prefersEditors || intervention.node.tei == "secl"
        case .restoration, .retrace, .modification, .unclear, .damage: true
        }
    }

    /// Whether what a writer did had been done by the time of the chosen text. What names no stage was done at the
    /// first if it is the main hand's, else at the last.
    private func applies(hand: Int?, stage: Int?) -> Bool {
        guard rules.changes != .none else { return false }
        guard let chosen = self.stage else { return true }
        let isLast = chosen.number == transcription.stages.count - 1
        return stage.map(chosen.presupposes) ?? (hand == nil || hand == transcription.mainHand || isLast)
    }

    /// Finds out which cancellations are in force, from the last to the first: a later one may have cancelled it.
    private mutating func readCancellations() {
        guard !transcription.cancellations.isEmpty else { return }
        firsts = transcription.firstInterventions
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

    /// Whether passages are where they belong. In the diplomatic text, and in the text of one hand, they are where they
    /// were written.
    var reordersPassages: Bool { !isDiplomatic && hands.isEmpty }

    /// Whether passages are in their new order.
    package func includes(transposition number: Int) -> Bool {
        guard reordersPassages else { return false }
        let transposition = transcription.transpositions[number]
        let isCancelled = latest[.transposition(number)].map { transcription.cancellations[$0].kind == .undo } ?? false
        return applies(hand: transposition.hand, stage: transposition.stage) && !isCancelled
    }

    /// The number of the reading that is taken of an alternative.
    func branch(_ alternative: Int) -> Int { branches[alternative] ?? 0 }

    private func takesBranch(_ intervention: Intervention) -> Bool {
        guard let alternative = intervention.alternative, branches[alternative] != intervention.branch else {
            return true
        }
        // The text of a hand has its readings, taken by the last text or not.
        return !hands.isEmpty && intervention.kind == .reading && intervention.node.attribute("hand") != nil
    }

    /// In place of the number of a reading: the text takes none.
    static let none = -1

    /// The number of the reading that the text takes, of a place that has several.
    private func branch(of alternative: Alternative) -> Int {
        guard alternative.isPlaced else { return 0 }
        switch alternative.kind {
        case .apparatus: return branch(ofApparatus: alternative.readings)
        case .choice: return branch(ofChoice: alternative.readings)
        case .substitution: return 0
        }
    }

    /// Whether something of a reading is in the text, as far as its additions and deletions decide that.
    private func hasWords(_ reading: Alternative.Reading) -> Bool {
        let changes = transcription.changes(within: reading.node)
        guard !changes.isEmpty else { return true }
        return reading.node.descendants.contains { text in
            guard text.kind == .text, !text.isBlank else { return false }
            return !changes.contains { number in
                let change = transcription.interventions[number]
                let applies = applies(hand: change.hand ?? reading.hand, stage: change.stage)
                return (change.kind == .deletion) == applies && change.node.contains(text)
            }
        }
    }

    /// The witness's reading, or the text's own. Where there is none, the readings that arose one from another tell which
    /// it was (`@varSeq`), and a witness that no reading names has nothing.
    private func branch(ofApparatus readings: [Alternative.Reading]) -> Int {
        if let sigil, let own = readings.firstIndex(where: { $0.witnesses.contains { $0.isSame(as: sigil) } }) {
            return own
        }
        // An `app` beside the text stands for the words that it is about.
        if let lemma = readings.firstIndex(where: { ["lem", "app"].contains($0.node.tei) }) { return lemma }
        if sigil != nil, readings.contains(where: { !$0.witnesses.isEmpty }) { return Selection.none }
        let all = readings.indices.filter { readings[$0].sequence != nil }.sorted {
            readings[$0].sequence! < readings[$1].sequence!
        }
        // Of a stage, the readings that had arisen by then.
        let soFar = all.filter { stage == nil || applies(hand: readings[$0].hand, stage: readings[$0].stage) }
        let sequence = soFar.isEmpty ? all : soFar
        return (rules.changes == .none ? sequence.first : sequence.last) ?? 0
    }

    /// Of the editors' readings or of the others, the most certain, or else the first. One whose words are all deleted in
    /// this text, or not yet added, is none.
    private func branch(ofChoice readings: [Alternative.Reading]) -> Int {
        let wanted = readings.indices.filter { readings[$0].kind.isEditorsReading == rules.prefersEditors }
        let all = wanted.isEmpty ? Array(readings.indices) : wanted
        let withWords = all.count > 1 && !rules.showsChanges ? all.filter { hasWords(readings[$0]) } : all
        let candidates = withWords.isEmpty ? all : withWords
        return candidates.isEmpty ? 0 : candidates[Alternative.likeliest(candidates.map { readings[$0].certainty })]
    }
}

extension Alternative {
    /// Of several possibilities, the number of the most certain one (`@cert`); of equals, the first.
    static func likeliest(_ certainties: [String?]) -> Int {
        func rank(_ certainty: String?) -> Double {
            switch certainty {
            case "high": 3
            case "medium": 2
            case "low": 1
            default: certainty.flatMap(Double.init) ?? 0
            }
        }
        let ranks = certainties.map(rank)
        return ranks.indices.max { (ranks[$0], -$0) < (ranks[$1], -$1) } ?? 0
    }
}
