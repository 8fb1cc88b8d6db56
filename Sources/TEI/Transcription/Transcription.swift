public import XML

/// A document's text with everything that was done to it, in the order of the source. Every format reads it.
///
///     let (document, library) = try EditionFiles.read("memo.xml", root: nil)
///     let transcription = Transcription(of: document.root, library: library)
///     for mark in transcription.marks {
///         print(mark.kind, mark.hand.map { transcription.hands[$0].label } ?? "no hand", mark.text)
///     }
///
/// The tree is walked once. The ``State`` of each event says whose hand wrote the characters, at which stage, and
/// whether they were added, deleted, or are one of several readings. A transcription holds all texts of the document; a
/// ``Policy`` chooses one.
///
/// Hands, stages, notes and so on are referred to by their index in the lists below, from 0.
public struct Transcription: Sendable {
    /// The `TEI` element.
    public let element: Node
    package let elements: ElementTable
    /// The metadata in the `teiHeader` (TEI P5, HD).
    public let header: Header
    /// The hands that the header describes, in its order, then the hands that are only pointed at (TEI P5, PHDH).
    public let hands: [Hand]
    /// The stages of writing, in the order of the header (TEI P5, PH-changes).
    public let stages: [Stage]
    /// The witnesses that the header lists (TEI P5, TCAPLL).
    public let witnesses: [Witness]
    /// The text as a sequence of start tags, end tags, characters and gaps, in the order of the source.
    public internal(set) var events: [Event]
    /// Additions, deletions, corrections, readings and the like.
    public let interventions: [Intervention]
    /// The places that have several readings: `app`, `choice` and `subst`.
    public let alternatives: [Alternative]
    /// Check marks, stamps, remarks and other marks that somebody made on the document.
    public let marks: [Mark]
    /// The places where something is missing.
    public let gaps: [Gap]
    /// The notes that are not marks.
    public let notes: [Note]
    /// The people, organisations, places and events that the text names.
    public let entities: [Entity]
    /// For each speech of several people, who speaks: indexes into ``entities``.
    let speakers: [Node: [Int]]
    /// The interventions that were cancelled or reaffirmed (TEI P5, section “undo”).
    public let cancellations: [Cancellation]
    /// The passages that were put in another order (TEI P5, section “transpo”).
    public let transpositions: [Transposition]
    /// What the editors say of the text elsewhere than in it (TEI P5, CE, AI and SA).
    public let statements: [Statement]
    /// The indexes of the statements about each element.
    package let statementsOfNode: [Node: [Int]]
    /// The zones whose words have their place elsewhere (TEI P5, PH-surfzone).
    let marginalZones: [MarginalZone]
    /// For each form in a `choice`, the additions and deletions in it.
    private let changesOfReadings: [Node: [Int]]
    let lastReading = LastReading()

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - element: a `TEI` element, after XInclude.
    ///   - library: opens the registers that the document points at, for the names of hands and entities.
    ///   - elements: the table that says what each element is.
    ///   - patterns: finds what the patterns of statements select; without it, ``Statement/targets`` has nothing of those
    ///     with `@match`.
    public init(
        of element: Node, library: PointerResolver, elements: ElementTable = .tei,
        patterns: (any PatternLanguage)? = nil
    ) {
        var walker = TranscriptionBuilder(element, library: library, elements: elements)
        walker.run()
        self.init(element, elements, walker, patterns)
    }

    private init(
        _ element: Node, _ elements: ElementTable, _ walker: TranscriptionBuilder, _ patterns: (any PatternLanguage)?
    ) {
        self.element = element
        self.elements = elements
        header = Header(element)
        hands = walker.hands.list
        stages = walker.stages
        witnesses = walker.witnesses
        events = walker.events
        interventions = walker.interventions
        alternatives = walker.alternatives
        marks = walker.marks
        gaps = walker.gaps
        notes = walker.notes
        (entities, speakers) = (walker.entities.list, walker.entities.speakers)
        cancellations = walker.cancellations
        transpositions = walker.transpositions
        marginalZones = walker.marginalZones
        changesOfReadings = Transcription.changes(in: walker.alternatives, walker.interventions)
        let statements = Statement.list(of: element, library: walker.library, patterns: patterns)
        self.statements = statements
        statementsOfNode = Dictionary(
            statements.indices.flatMap { number in Set(statements[number].targets.map(\.node)).map { ($0, [number]) } },
            uniquingKeysWith: +)
    }

    private static func changes(
        in alternatives: [Alternative], _ interventions: [Intervention]
    ) -> [Node: [Int]] {
        let forms = Set(
            alternatives.filter { $0.kind == .choice && $0.readings.count > 1 }.flatMap(\.readings).map(\.node))
        guard !forms.isEmpty else { return [:] }
        var changes: [Node: [Int]] = [:]
        for (number, intervention) in interventions.enumerated()
        where [.addition, .deletion].contains(intervention.kind) && !intervention.isSpan {
            for node in intervention.node.ancestorsOrSelf where forms.contains(node) {
                changes[node, default: []].append(number)
            }
        }
        return changes
    }

    /// The index of the hand that wrote the text; `nil` if the document names none: by `@hand` on its text, by the only
    /// `@scope` that is `sole` or `major`, or since it describes a single hand.
    public var mainHand: Int? { hands.firstIndex(where: \.isMain) }

    /// What the element table says about an element of the flow, besides its behaviour.
    func facts(of opening: Opening) -> ElementTable.Facts { elements.facts(of: opening) }

    /// How many line ends separate an element of the flow from its neighbours.
    func separation(of opening: Opening) -> Int { facts(of: opening).limit(opening.behaviour.separation) }

    /// The additions and deletions within an element, or that are the element.
    func changes(within node: Node) -> [Int] { changesOfReadings[node] ?? [] }

    func handID(_ index: Int?) -> String? { index.map { hands[$0].id } }

    func stageID(_ index: Int?) -> String? { index.map { stages[$0].id } }

    /// The sigla of the witnesses of a reading or lacuna.
    func witnesses(of intervention: Intervention) -> [String] {
        intervention.lacking.map { [$0] } ?? intervention.alternative.map {
            alternatives[$0].readings[intervention.branch].witnesses
        } ?? []
    }
}

/// A step of the flow: a start tag, an end tag, characters, or a gap.
public enum Event: Sendable {
    /// An element begins.
    case open(Opening)
    /// The innermost open element ends.
    case close(Opening)
    /// The characters of a text node, white space included: all of them, or those in the range (Unicode scalars from
    /// 0).
    case text(Node, Range<Int>?, State)
    /// Something is missing here. The value is an index into ``Transcription/gaps``.
    case gap(Int)
    /// An addition or deletion begins that does not end at an end tag (`addSpan`, `delSpan`; TEI P5, PHAD). The value
    /// is an index into ``Transcription/interventions``.
    case begin(Int)
    /// Such an addition or deletion ends.
    case end(Int)
}

/// The start of an element in the flow.
public struct Opening: Sendable {
    /// The element.
    public let node: Node
    /// The behaviour of the element, from the element table.
    public let behaviour: Behaviour
    /// Its row in the element table.
    let row: Int
    /// The state of the element's content.
    public internal(set) var state: State
    /// The role of the element, with its place in the transcription's lists.
    public let role: Role

    /// Whether it points somewhere and has no words for that.
    package var isEmptyPointer: Bool { behaviour == .link && node.isEmpty }

    /// The role of an element, besides its behaviour. The values are indexes into the transcription's lists.
    public enum Role: Sendable, Hashable {
        /// An element that is in none of the lists.
        case plain
        /// An index into ``Transcription/interventions``.
        case intervention(Int)
        /// An `app`, `choice` or `subst`: an index into ``Transcription/alternatives``. The interventions in the
        /// element are its readings.
        case alternative(Int)
        /// An index into ``Transcription/marks``.
        case mark(Int)
        /// An index into ``Transcription/notes``.
        case note(Int)
        /// A mention of an entity: an index into ``Transcription/entities``.
        case entity(Int)
    }
}

/// The facts about a character: its hand, its stage, and the interventions that it is in. All numbers are indexes
/// into the transcription's lists.
public struct State: Sendable, Hashable {
    /// The hand that wrote the character: index into ``Transcription/hands``; `nil` if no hand is known, or the editors
    /// wrote it.
    public internal(set) var hand: Int? {
        get { handIndex.value }
        set { handIndex = Index(newValue) }
    }

    /// The stage of writing (`@change`): index into ``Transcription/stages``.
    public internal(set) var stage: Int? {
        get { stageIndex.value }
        set { stageIndex = Index(newValue) }
    }

    /// The note that the character is in: index into ``Transcription/notes``.
    public internal(set) var note: Int? {
        get { noteIndex.value }
        set { noteIndex = Index(newValue) }
    }

    /// The mark that the character is in: index into ``Transcription/marks``.
    public internal(set) var mark: Int? {
        get { markIndex.value }
        set { markIndex = Index(newValue) }
    }

    /// The interventions that the character is in, the outermost first: indexes into ``Transcription/interventions``.
    public internal(set) var interventions: [Int] {
        get { lists?.interventions ?? [] }
        set { lists = Lists(newValue, cancellations) }
    }

    /// The cancellations that apply to these interventions at this place: indexes into ``Transcription/cancellations``.
    public internal(set) var cancellations: [Int] {
        get { lists?.cancellations ?? [] }
        set { lists = Lists(interventions, newValue) }
    }

    /// Whether the editors wrote the character: a supplied word, a note of theirs, an entry of a register.
    ///
    ///     let theirs = transcription.reading(.reading).segments.filter { $0.state.isEditorial }
    public var isEditorial: Bool { handIndex == .editors }

    /// Gives what follows to the editors, who write in no hand and at no stage.
    mutating func giveToEditors() { (handIndex, stageIndex) = (.editors, Index(nil)) }

    // There is one of these for each event, copied at every step: it is kept small.
    private var handIndex, stageIndex: Index
    private var noteIndex = Index(nil)
    private var markIndex = Index(nil)
    private var lists: Lists?

    init(hand: Int? = nil, stage: Int? = nil) {
        (handIndex, stageIndex) = (Index(hand), Index(stage))
    }

    private struct Index: Hashable {
        private let number: Int32

        init(_ value: Int?) { number = value.map(Int32.init) ?? -1 }

        private init(number: Int32) { self.number = number }

        /// The editors, in place of a hand.
        static let editors = Index(number: -2)

        var value: Int? { number < 0 ? nil : Int(number) }
    }

    /// Kept apart, since most characters have neither.
    private final class Lists: Sendable, Hashable {
        let interventions, cancellations: [Int]

        init?(_ interventions: [Int], _ cancellations: [Int]) {
            (self.interventions, self.cancellations) = (interventions, cancellations)
            if interventions.isEmpty, cancellations.isEmpty { return nil }
        }

        static func == (a: Lists, b: Lists) -> Bool {
            a === b || a.interventions == b.interventions && a.cancellations == b.cancellations
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(interventions)
            hasher.combine(cancellations)
        }
    }
}

/// A change to the text by a writer or by an editor, such as an addition, a correction or a reading.
///
///     for intervention in transcription.interventions where !intervention.kind.isEditorial {
///         print(intervention.kind, intervention.node.location)
///     }
public struct Intervention: Sendable {
    /// The kinds of intervention.
    public enum Kind: String, Sendable, CaseIterable {
        /// `add`, `del`, `restore` and `retrace` (TEI P5, PHAD, PHCD and PH-fix).
        case addition, deletion, restoration, retrace
        /// `sic`, `corr`, `orig`, `reg`, `abbr`, `expan`, `supplied` and `surplus` (TEI P5, COED and PHDA).
        case sic, correction, original, regularization, abbreviation, expansion, supplied, surplus
        /// `unclear` and `damage` (TEI P5, PHDA).
        case unclear, damage
        /// `lem` or `rdg` (TEI P5, TCAPLL).
        case reading
        /// Text that a witness lacks: from `lacunaStart` to `lacunaEnd`, before `witStart`, or after `witEnd` (TEI P5,
        /// TCAPMI).
        case lacuna
        /// One of several possibilities in a `choice`.
        case possibility
        /// `mod`: a change of which the encoding does not say what it was (TEI P5, PH-mod).
        case modification

        /// Whether its words may be the editors', as one of several forms of the text.
        var isEditorsReading: Bool {
            switch self {
            case .correction, .regularization, .expansion, .supplied, .reading: true
            default: false
            }
        }

        /// Whether an editor did it, and not a writer.
        public var isEditorial: Bool {
            switch self {
            case .addition, .deletion, .restoration, .retrace, .modification: false
            default: true
            }
        }
    }

    /// The kind of intervention.
    public let kind: Kind
    /// The element; for a span, the milestone at which the span begins.
    public let node: Node
    /// The hand that did it: index into ``Transcription/hands``.
    public let hand: Int?
    /// The stage at which it was done: index into ``Transcription/stages``.
    public let stage: Int?
    /// The order in which it was done (`@seq`).
    public let sequence: Int?
    /// How certain the editors are (`@cert`).
    public let certainty: String?
    /// Where on the page it is (`@place`).
    public let place: [String]
    /// How it looks (`@rend`).
    public let rendition: String?
    /// The editor who is responsible for it (`@resp`).
    public let responsible: String?
    /// Whether it reaches from a milestone to an anchor (`@spanTo`).
    public let isSpan: Bool
    /// The place with several readings of which it is one: index into ``Transcription/alternatives``.
    public let alternative: Int?
    /// Its index among the readings of that alternative.
    public let branch: Int
    /// The fragment that it continues (`@prev`, `@next`): index into ``Transcription/interventions``.
    public let continued: Int?
    /// For a lacuna, the sigil of the witness that lacks the text.
    public internal(set) var lacking: String?
    /// Whether the witness that ends here begins again.
    var isResumed = false
    /// For the editors' words, the state of the flow around them.
    var around: State?
    /// Whether the words around it are the editors' too.
    var isAmongEditorsWords = false
    /// Whether it was made at once, while the words were written (`@instant`).
    var isInstant: Bool { ["true", "1"].contains(node.attribute("instant")) }
}

/// A place where a text has, or may have, several readings.
///
///     for place in transcription.alternatives { print(place.kind, place.readings.map(\.text)) }
public struct Alternative: Sendable {
    /// The kinds of places with several readings.
    public enum Kind: String, Sendable, CaseIterable {
        /// `choice` (TEI P5, COED).
        case choice
        /// `app` (TEI P5, TC).
        case apparatus
        /// `subst` or `substJoin` (TEI P5, PHSU).
        case substitution
    }

    /// One of the readings.
    public struct Reading: Sendable {
        /// The kind of reading, such as a correction.
        public let kind: Intervention.Kind
        /// The element of the reading.
        public let node: Node
        /// The words, with white space collapsed.
        public internal(set) var text: String
        /// The hand of the reading: index into ``Transcription/hands``.
        public let hand: Int?
        /// The stage in which it arose: index into ``Transcription/stages``.
        let stage: Int?
        /// The sigla of its witnesses, or their ids if they have no sigla. The witnesses of a group are listed one by
        /// one.
        public let witnesses: [String]
        /// How certain the editors are (`@cert`).
        public let certainty: String?
        /// The editor who is responsible for it (`@resp`).
        public let responsible: String?
        /// The encoder's own word for it (`@type`), such as `conjecture`.
        public let type: String?
        /// Why it differs (`@cause`), such as `homeoteleuton`.
        public let cause: String?
        /// Its place in the order in which the readings arose (`@varSeq`).
        public let sequence: Int?
        /// The groups that it is in (`rdgGrp`), the outermost first: the `@type` of each, or its number in the `app`.
        public let groups: [String]
    }

    /// Whether it is a `choice`, an `app` or a substitution.
    public let kind: Kind
    /// The element.
    public let node: Node
    /// The readings, in the order of the source. In an apparatus, the text's own reading comes first.
    public internal(set) var readings: [Reading] = []
    /// Whether the readings are in the flow. They are not if an `app` is outside of the text and the words that it is
    /// about are not found.
    public internal(set) var isPlaced = true
}

/// A mark that somebody made on the document, however it is encoded (TEI P5, PH-meta and mswat).
///
///     for mark in transcription.marks where mark.kind == .stamp { print(mark.text, mark.node.location) }
public struct Mark: Sendable {
    /// The kinds of mark.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// A check mark or tick.
        case check
        /// A stamp.
        case stamp
        /// A question mark beside a passage.
        case query
        /// An underlining by another hand than the writer's.
        case underline
        /// A remark in words.
        case remark
        /// A mark of another kind.
        case other
    }

    /// The kind of mark.
    public let kind: Kind
    /// The encoder's own word for it: `@subtype`, `metamark/@function` or `stamp/@type`.
    public let subtype: String?
    /// The element.
    public let node: Node
    /// The words or the sign, with white space collapsed.
    public let text: String
    /// The hand that made the mark: index into ``Transcription/hands``.
    public let hand: Int?
    /// The hands that wrote its words.
    var writers: Writers
    /// The stage at which it was made: index into ``Transcription/stages``.
    public let stage: Int?
    /// Where on the page it is (`@place`).
    public let place: [String]
    /// How it looks (`@rend`).
    public let rendition: String?
    /// How certain the editors are (`@cert`).
    public let certainty: String?
    /// The pointers to what the mark is about (`@target`), as encoded.
    public let targets: [String]
    /// Whether the encoding describes the mark in an editor's sentence, and not in markup.
    public let isReported: Bool
    /// The state of the flow at the mark.
    public internal(set) var state: State
}

/// A place where something is missing, with the reason: a `gap`, or an empty `unclear` or `damage` (TEI P5, COEDADD).
///
///     for gap in transcription.gaps { print(gap.kind, gap.extent, gap.node.location) }
public struct Gap: Sendable {
    /// The reasons. Every export keeps them apart.
    public enum Kind: String, Sendable, CaseIterable {
        /// It is not in the source of this edition.
        case notInSource = "not-in-source"
        /// The editors left it out, it was withheld when the document was released, it was blacked out, it cannot be
        /// read, or it is lost to damage.
        case editorial, withheld, redacted, illegible, damage
        /// Another reason, or none is given.
        case other
    }

    /// Why it is missing.
    public let kind: Kind
    /// The reason as encoded (`@reason`).
    public let reason: String?
    /// How much is missing, such as `2 lines`; empty if the encoding does not say.
    public let extent: String
    /// The encoder's description (`desc`).
    public let description: String?
    /// The element.
    public let node: Node
    /// How certain the editors are (`@cert`).
    public let certainty: String?
    /// The state of the flow at the gap.
    public internal(set) var state: State
}

/// The hands that wrote the words of a note or mark which nobody struck out.
struct Writers: Sendable {
    private var first: [Int?] = []
    private var additions: [Int?] = []

    mutating func add(_ hand: Int?, isAddition: Bool) {
        if isAddition {
            if !additions.contains(hand) { additions.append(hand) }
        } else if !first.contains(hand) {
            first.append(hand)
        }
    }

    /// Those of what was written first, or else of what was added; `nil` for no named hand.
    var hands: [Int?] { first.isEmpty ? additions : first }
}

/// A note that is not a mark: by the editors, or by the author (`note`; TEI P5, CONONO).
public struct Note: Sendable {
    /// The kind of note as encoded (`@type`), such as `editorial`.
    public let type: String?
    /// Whether the editors wrote it: a note is theirs unless something says that a writer wrote it, such as a hand, a
    /// place on the page, or its type. In an entry of a dictionary, a note is the entry's (TEI P5, DI).
    public let isEditorial: Bool
    /// Whether the words around it are the editors' too: in a register, a description, a translation.
    let isAmongEditorsWords: Bool
    /// The `note`.
    public let node: Node
    /// The hand that wrote it: index into ``Transcription/hands``.
    public let hand: Int?
    /// The hands that wrote its words.
    var writers: Writers
    /// Whether it says itself whose hand it is.
    let namesHand: Bool
    /// Where on the page it is (`@place`).
    public let place: [String]
    /// The pointers to what the note is about (`@target`), as encoded. The text has a note in `standOff` at the first
    /// of these, or at its `@targetEnd`.
    public let targets: [String]
    /// How certain the editors are (`@cert`).
    public let certainty: String?
    /// The editor who is responsible for it (`@resp`).
    public let responsible: String?
    /// The state of the flow at the note.
    public internal(set) var state: State

    static func isEditorial(_ node: Node, _ library: PointerResolver) -> Bool {
        switch node.attribute("type") {
        case _ where node.attribute("hand") != nil || writer(of: node, library) != nil: false
        case "editorial", "source", "commentary", "translation": true
        case "authorial", "author", "auctorial": false
        case _ where node.attribute("resp") != nil:
            !node.tokens("resp").contains { isWriter($0, library.element($0, from: node)) }
        default:
            node.attribute("place") == nil && node.attribute("change") == nil
                && !node.isAllThatIsAdded
                && node.descendants("metamark", "stamp", "handShift").isEmpty && !node.isWrittenOver
                && !node.ancestors.contains { ElementTable.partsOfEntries.contains($0.tei) }
        }
    }

    /// The hand that is responsible for a note, which it wrote on the document then.
    static func writer(of node: Node, _ library: PointerResolver) -> String? {
        node.tokens("resp").first { library.element($0, from: node)?.tei == "handNote" }
    }

    /// Whether somebody responsible for a note is the author of the document, or one of its hands.
    private static func isWriter(_ pointer: String, _ target: Node?) -> Bool {
        ["author", "handNote"].contains(target?.tei) || (Reference(pointer).fragment ?? pointer) == "author"
    }
}

/// A person, organisation, place or event that the text names, with all mentions (TEI P5, ND). The speaker of a
/// speech (`@who`) is not a mention.
///
///     for entity in transcription.entities where entity.kind == .person {
///         print(entity.name, entity.mentions.count)
///     }
public struct Entity: Sendable {
    /// The kinds of entity.
    public enum Kind: String, Sendable, CaseIterable {
        /// The kind of the register's entry, or of the element that names it.
        case person, organisation, place, event, other
    }

    /// The kind of entity.
    public let kind: Kind
    /// The pointer as encoded, such as `people.xml#clinton`; `nil` if the names point nowhere.
    public let reference: String?
    /// The entry in the register.
    public let entry: Node?
    /// The name in the register, or else in the first mention.
    public let name: String
    /// The elements that name it, in the order of the source.
    public internal(set) var mentions: [Node]
}

extension Node {
    /// Whether somebody changed words in it, and does not only quote such words.
    fileprivate var isWrittenOver: Bool {
        descendants("add", "del", "subst").contains { change in
            !change.ancestors.prefix { $0 != self }.contains { Node.quoting.contains($0.tei) }
        }
    }

    private static let quoting: Set<String> = [
        "q", "quote", "mentioned", "cit", "orig", "sic", "foreign", "term", "ref",
    ]

    /// Whether an addition around it holds nothing else.
    fileprivate var isAllThatIsAdded: Bool {
        guard let parent, parent.tei == "add" else { return false }
        return !parent.children.contains { $0 != self && $0.isNotWhiteSpace && $0.tei != "note" }
    }
}
