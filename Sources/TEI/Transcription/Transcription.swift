public import XML

/// A document's text as it stands on the page, with all that was done to it: the one flow that every format reads.
///
///     let transcription = Transcription(of: document.root, library: library)
///     for mark in transcription.marks {
///         print(mark.kind, transcription.hands[mark.state.hand].label)
///     }
///
/// The tree is walked once. What each character is (whose hand, at what stage, added, deleted, one of several
/// readings, how certain) is in the ``State`` of its event. Nothing is chosen here: a ``Policy`` chooses.
public struct Transcription: Sendable {
    /// The `TEI` element.
    public let element: Node
    package let elements: ElementTable
    public let header: Header
    /// The hands described, in the order of the header, then those that are only pointed at.
    public let hands: [Hand]
    public let stages: [Stage]
    public let witnesses: [Witness]
    public internal(set) var events: [Event]
    public let interventions: [Intervention]
    public let alternatives: [Alternative]
    public let marks: [Mark]
    public let gaps: [Gap]
    public let notes: [Note]
    public let entities: [Entity]
    public let cancellations: [Cancellation]
    public let transpositions: [Transposition]
    let lastReading = LastReading()

    /// Walks a document.
    ///
    /// - Parameters:
    ///   - element: a `TEI` element, after XInclude.
    ///   - library: opens the registers that the document points at, for the names of hands and entities.
    ///   - elements: what each element is.
    public init(of element: Node, library: PointerResolver, elements: ElementTable = .tei) {
        var walker = TranscriptionBuilder(element, library: library, elements: elements)
        walker.run()
        self.init(element, elements, walker)
    }

    private init(_ element: Node, _ elements: ElementTable, _ walker: TranscriptionBuilder) {
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
        entities = walker.entities.list
        cancellations = walker.cancellations
        transpositions = walker.transpositions
    }

    /// The hand that wrote the text, `nil` where none is described.
    public var mainHand: Int? { hands.firstIndex(where: \.isMain) }

    /// What the element table says of an element of the flow, besides its behaviour.
    func facts(of opening: Opening) -> ElementTable.Facts { elements.facts(of: opening) }

    func handID(_ index: Int?) -> String? { index.map { hands[$0].id } }

    func stageID(_ index: Int?) -> String? { index.map { stages[$0].id } }

    /// The sigla of the witnesses of a reading or lacuna.
    func witnesses(of intervention: Intervention) -> [String] {
        intervention.lacking.map { [$0] } ?? intervention.alternative.map {
            alternatives[$0].readings[intervention.branch].witnesses
        } ?? []
    }
}

/// A step of the flow.
public enum Event: Sendable {
    /// An element begins.
    case open(Opening)
    /// The element ends whose `open` is the nearest that has not ended.
    case close(Opening)
    /// A text node, or, in Unicode scalars, a part of one; white space as it stands.
    case text(Node, Range<Int>?, State)
    /// Index into ``Transcription/gaps``.
    case gap(Int)
    /// A deletion or addition begins that ends elsewhere than at an end tag (`delSpan`, `addSpan`). Index into
    /// ``Transcription/interventions``.
    case begin(Int)
    case end(Int)
}

/// An element of the flow.
public struct Opening: Sendable {
    public let node: Node
    public let behaviour: Behaviour
    /// Of the element table.
    let row: Int
    /// The state of its content.
    public internal(set) var state: State
    public let role: Role

    /// What the element is, besides its behaviour: indexes into the transcription's lists.
    public enum Role: Sendable, Hashable {
        case plain
        case intervention(Int)
        /// `choice`, `app`, `subst`: its readings are interventions within.
        case alternative(Int)
        case mark(Int)
        case note(Int)
        /// A mention of an entity.
        case entity(Int)
    }
}

/// What a character is.
public struct State: Sendable, Hashable {
    /// Whose hand wrote it: index into ``Transcription/hands``; `nil` where no hand is known.
    public internal(set) var hand: Int? {
        get { handIndex.value }
        set { handIndex = Index(newValue) }
    }

    /// The stage in scope (`@change`): index into ``Transcription/stages``.
    public internal(set) var stage: Int? {
        get { stageIndex.value }
        set { stageIndex = Index(newValue) }
    }

    /// The note in which it stands: index into ``Transcription/notes``.
    public internal(set) var note: Int? {
        get { noteIndex.value }
        set { noteIndex = Index(newValue) }
    }

    /// The mark in which it stands: index into ``Transcription/marks``.
    public internal(set) var mark: Int? {
        get { markIndex.value }
        set { markIndex = Index(newValue) }
    }

    /// The interventions in force, the outermost first: indexes into ``Transcription/interventions``.
    public internal(set) var interventions: [Int] {
        get { lists?.interventions ?? [] }
        set { lists = Lists(newValue, cancellations) }
    }

    /// What was cancelled or reaffirmed of the interventions just here: indexes into ``Transcription/cancellations``.
    public internal(set) var cancellations: [Int] {
        get { lists?.cancellations ?? [] }
        set { lists = Lists(interventions, newValue) }
    }

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

        var value: Int? { number < 0 ? nil : Int(number) }
    }

    /// What most characters have none of.
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

/// Something done to the text, by a writer or by an editor.
public struct Intervention: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case addition, deletion, restoration, retrace
        case sic, correction, original, regularization, abbreviation, expansion, supplied, surplus
        case unclear, damage
        /// `lem` or `rdg`.
        case reading
        /// What a witness lacks, from `lacunaStart` to `lacunaEnd`, before `witStart` or behind `witEnd`.
        case lacuna
        /// One of several possibilities in a `choice`.
        case possibility
        /// `mod`: altered, without saying how.
        case modification

        /// Whether it is the editor's and not a writer's.
        public var isEditorial: Bool {
            switch self {
            case .addition, .deletion, .restoration, .retrace, .modification: false
            default: true
            }
        }
    }

    public let kind: Kind
    /// The element: for a span, the milestone at which it begins.
    public let node: Node
    public let hand: Int?
    public let stage: Int?
    /// `@seq`.
    public let sequence: Int?
    /// `@cert`.
    public let certainty: String?
    /// `@place`.
    public let place: [String]
    /// `@rend`.
    public let rendition: String?
    /// `@resp`.
    public let responsible: String?
    /// Whether it reaches from a milestone to an anchor.
    public let isSpan: Bool
    /// The alternative of which it is one reading, and its number there.
    public let alternative: Int?
    public let branch: Int
    /// The fragment that it continues (`@prev`, `@next`): index into ``Transcription/interventions``.
    public let continued: Int?
    /// Of a lacuna, the sigil of the witness.
    public internal(set) var lacking: String?
}

/// Places where a text says, or may say, several things.
public struct Alternative: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// `choice`
        case choice
        /// `app`
        case apparatus
        /// `subst`, `substJoin`
        case substitution
    }

    public struct Reading: Sendable {
        public let kind: Intervention.Kind
        public let node: Node
        public internal(set) var text: String
        public let hand: Int?
        /// The sigla of its witnesses, those of a group one by one, or the ids of those that have none.
        public let witnesses: [String]
        public let certainty: String?
        public let responsible: String?
        /// `@type`, such as `conjecture`.
        public let type: String?
        /// `@cause`, such as `homeoteleuton`.
        public let cause: String?
        /// `@varSeq`: which of several came before which.
        public let sequence: Int?
        /// The `@type` of its `rdgGrp`s, the outermost first, or their number in the `app`.
        public let groups: [String]
    }

    public let kind: Kind
    public let node: Node
    /// In the order of the source; in an apparatus the text's own reading is the first.
    public internal(set) var readings: [Reading] = []
    /// Whether the text says it in its place: not so, where an `app` stands elsewhere and what it is about is not
    /// found.
    public internal(set) var isPlaced = true
}

/// A sign that somebody put on the document, whichever way it was encoded.
public struct Mark: Sendable {
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// A check mark or tick.
        case check
        case stamp
        /// A question mark beside a passage.
        case query
        case underline
        /// A remark in words.
        case remark
        case other
    }

    public let kind: Kind
    /// `@subtype`, `metamark/@function` or `stamp/@type`: the encoder's own word.
    public let subtype: String?
    public let node: Node
    /// The words or the sign, white space collapsed.
    public let text: String
    public let hand: Int?
    public let stage: Int?
    public let place: [String]
    public let rendition: String?
    public let certainty: String?
    /// The pointers of `@target`, as encoded.
    public let targets: [String]
    /// Whether an editor's prose tells of it, rather than markup.
    public let isReported: Bool
    /// Where in the flow it stands.
    public internal(set) var state: State
}

/// Something that is not there (`gap`), and why.
public struct Gap: Sendable {
    /// The kinds are kept apart in every export.
    public enum Kind: String, Sendable, CaseIterable {
        case notInSource = "not-in-source"
        case editorial, withheld, redacted, illegible, damage
        /// A reason of the encoder's own, or none.
        case other
    }

    public let kind: Kind
    /// `@reason` as encoded.
    public let reason: String?
    /// How much, such as `2 lines`; empty where it is not said.
    public let extent: String
    /// The encoder's own words (`desc`).
    public let description: String?
    public let node: Node
    public let certainty: String?
    public internal(set) var state: State
}

/// A note that is not a mark: the editors', or the author's own.
public struct Note: Sendable {
    /// `@type`, such as `editorial`.
    public let type: String?
    /// Whether the editors wrote it: by its type, or by `@resp` where it has none.
    public let isEditorial: Bool
    public let node: Node
    public let hand: Int?
    public let place: [String]
    public let targets: [String]
    public let certainty: String?
    public let responsible: String?
    public internal(set) var state: State

    static func isEditorial(_ node: Node) -> Bool {
        let type = node.attribute("type")
        return type == "editorial" || type == "source" || (type == nil && node.attribute("resp") != nil)
    }
}

/// Someone or something that is named, with all the places where it is. Speeches (`@who`) are no mentions.
public struct Entity: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case person, organisation, place, event, other
    }

    public let kind: Kind
    /// The pointer as encoded, such as `people.xml#clinton`; `nil` for names that point nowhere.
    public let reference: String?
    /// The entry in the register.
    public let entry: Node?
    /// The name in the register, else the first mention.
    public let name: String
    public internal(set) var mentions: [Node]
}

extension Entity {
    /// What the register says of it besides its name.
    package var description: String {
        let parts =
            entry?.childElements.filter {
                !["idno", "ptr", "ref"].contains($0.tei) && !Entity.nameElements.contains($0.tei)
            }.map(\.plainNoteText) ?? []
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private static let nameElements: Set<String> = [
        "persName", "orgName", "placeName", "eventName", "label", "head", "name", "title", "geogName", "settlement",
        "country", "region",
    ]

    /// The identifiers that it has elsewhere (`idno`), each with its type.
    package var identifiers: [(type: String, value: String)] {
        entry?.childElements.filter { $0.tei == "idno" }.map { ($0.attribute("type") ?? "", $0.plainText) } ?? []
    }
}
