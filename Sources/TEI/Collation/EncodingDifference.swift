public import XML

/// The differences in meaning between two encodings of a document: words, hands, marks, gaps and readings, but not
/// angle brackets.
///
///     for change in EncodingDifference(from: before, to: after).changes {
///         print(change.kind, change.subject, change.text, change.properties)
///     }
///
/// The words are those of the diplomatic text, aligned as in a ``Collation``. A mark, gap or reading is the same in
/// both encodings if it is on the same words. A hand, stage or witness is the same if its `xml:id` or its description
/// is: a new id alone is no change. Nor is another order of what the Guidelines give none: the alternatives in a `choice`,
/// the stages of a `listChange` with `@ordered="false"`, the witnesses of a reading.
public struct EncodingDifference: Sendable {
    /// One difference.
    public struct Change: Sendable {
        /// The kind of change.
        public enum Kind: String, Sendable, CaseIterable {
            /// The second encoding alone has it, the first alone has it, or both have it with other properties.
            case added, removed, changed
        }

        /// The subject of the change.
        public enum Subject: String, Sendable, CaseIterable {
            /// The metadata, or the description of a hand, stage or witness.
            case header, hand, stage, witness
            /// The words.
            case words
            /// The hand or stage of words that are neither an addition nor a mark.
            case writing
            /// An addition, deletion, correction, reading and so on.
            case intervention
            /// A mark, a gap, a note, or the mention of an entity.
            case mark, gap, note, entity
        }

        /// The kind of change.
        public let kind: Kind
        /// The subject of the change.
        public let subject: Subject
        /// A more exact word for it, such as `addition` or `stamp`.
        public let name: String
        /// Its words; empty if it has none.
        public let text: String
        /// If it was added or removed, all its properties; otherwise those that changed.
        public let properties: [Property]
        /// Its place in the first encoding and in the second.
        public let before, after: SourceLocation?
    }

    /// A property with its value in each encoding.
    public struct Property: Sendable, Hashable {
        /// The name, as in the formats: `hand`, `place`, `text`.
        public let name: String
        /// The value in the first encoding and in the second.
        public let before, after: String?

        /// Compares strings by their code points.
        public static func == (a: Property, b: Property) -> Bool {
            a.name.isSame(as: b.name) && a.before.isSame(as: b.before) && a.after.isSame(as: b.after)
        }

        /// Hashes the code points of the strings.
        public func hash(into hasher: inout Hasher) {
            for part in [name, before, after] { hasher.combine(part.map { CodepointString($0) }) }
        }
    }

    /// The differences: those of the header and its lists, then those of the text in its order.
    public let changes: [Change]
    let files: (before: String, after: String)

    /// Compares two encodings of a document.
    public init(from before: Transcription, to after: Transcription) {
        files = (before.element.file.path, after.element.file.path)
        changes = Comparer(before, after).changes
    }
}

/// One thing that an encoding says.
private struct Feature {
    let subject: EncodingDifference.Change.Subject
    let name: String
    let text: String
    var properties: [(name: String, value: String)]
    let location: SourceLocation?
    /// The keys by which features without a place in the text are compared.
    var keys: [String] = []
    /// Where it is, in tokens.
    var tokens: Range<Int>?
}

// MARK: - What an encoding says

/// The features of an encoding.
private struct Features {
    let transcription: Transcription
    let witness: Collation.Witness
    private let words: Wording
    private let ranges: TextRanges
    private let reading: Reading

    init(_ encoded: Transcription, _ siglum: String) {
        transcription = encoded.withChoicesInOrder
        // Not `reading`, which has kept that of the encoded order.
        var writer = TextWriter(
            transcription.layouts([.diplomatic], words: Wording(transcription))[0], .diplomatic)
        reading = writer.write()
        witness = Collation.Witness(siglum: siglum, reading, transcription)
        words = Wording(transcription)
        ranges = TextRanges(reading, transcription)
    }

    var ofHeader: [Feature] {
        let header = transcription.header
        let facts: [(String, [String])] = [
            ("title", header.titles), ("author", header.authors.map(\.name)),
            ("date", [header.date.map(words.interface.date) ?? ""]),
            ("holding", header.holdings.map(words.interface.holding)), ("language", header.languages),
            ("licence", [header.licence ?? ""]),
            ("correspondence", header.correspondence.map(words.correspondence)), ("summary", [header.summary ?? ""]),
        ]
        return facts.map { name, values in
            let value = values.filter { !$0.isEmpty }.joined(separator: "; ")
            return Feature(
                subject: .header, name: name, text: "", properties: value.isEmpty ? [] : [("text", value)],
                location: transcription.element.location, keys: [name]
            )
        }
    }

    var ofHands: [Feature] {
        transcription.hands.filter(\.isDescribed).map { hand in
            Feature(
                subject: .hand, name: Wording.label(hand), text: "",
                properties: properties(
                    ("label", Wording.label(hand)), ("description", hand.description), ("scope", hand.scope),
                    ("medium", hand.medium)),
                location: hand.node?.location, keys: [hand.id, Wording.label(hand), hand.description]
            )
        }
    }

    var ofStages: [Feature] {
        transcription.stages.map { stage in
            Feature(
                subject: .stage, name: stage.id, text: "",
                properties: properties(
                    ("description", stage.description), ("date", stage.when),
                    ("number", "\(stage.number - stage.independent.count + 1)")),
                location: transcription.element.location, keys: [stage.id, stage.description]
            )
        }
    }

    var ofWitnesses: [Feature] {
        transcription.witnesses.map { witness in
            Feature(
                subject: .witness, name: witness.sigil, text: "",
                properties: properties(("sigil", witness.sigil), ("description", witness.description)),
                location: transcription.element.location, keys: [witness.id, witness.sigil]
            )
        }
    }

    /// The features that are in the text.
    ///
    /// - Parameter names: what the other encoding calls hands, stages and witnesses.
    func inText(_ names: CommonNames) -> [Feature] {
        interventions(names) + marks(names) + gaps + notes(names) + entities
    }

    private func interventions(_ names: CommonNames) -> [Feature] {
        transcription.interventions.enumerated().map { number, intervention in
            feature(
                .intervention, intervention.kind.rawValue, intervention.node,
                intervention.isSpan ? "" : intervention.node.plainNoteText,
                properties(
                    ("kind", intervention.kind.rawValue), ("hand", names.hand(intervention.hand)),
                    ("stage", names.stage(intervention.stage)),
                    ("seq", intervention.sequence.map(String.init)),
                    ("place", intervention.place.joined(separator: " ")), ("rend", intervention.rendition),
                    ("cert", intervention.certainty), ("resp", intervention.responsible),
                    ("reason", intervention.node.attribute("reason")),
                    ("agent", intervention.node.attribute("agent")),
                    (
                        "wit",
                        transcription.witnesses(of: intervention).map { CodepointString(names.witness($0)) }.sorted()
                            .map(
                                \.string
                            ).joined(separator: " ")
                    ),
                    ("of", intervention.alternative.map { transcription.alternatives[$0].kind.rawValue })
                ),
                ranges.range(ofIntervention: number)
            )
        }
    }

    private func marks(_ names: CommonNames) -> [Feature] {
        transcription.marks.map { mark in
            feature(
                .mark, mark.kind.rawValue, mark.node, mark.text,
                properties(
                    ("kind", mark.kind.rawValue), ("subtype", mark.subtype), ("hand", names.hand(mark.hand)),
                    ("stage", names.stage(mark.stage)),
                    ("place", mark.place.joined(separator: " ")), ("rend", mark.rendition), ("cert", mark.certainty),
                    ("target", targets(mark.targets, mark.node)),
                    ("text", mark.isReported ? mark.text : nil)
                ))
        }
    }

    private var gaps: [Feature] {
        transcription.gaps.enumerated().map { number, gap in
            feature(
                .gap, gap.kind.rawValue, gap.node, words.gap(gap),
                properties(
                    ("kind", gap.kind.rawValue), ("reason", gap.reason), ("extent", gap.extent),
                    ("description", gap.description), ("cert", gap.certainty)
                ), reading.gaps[number])
        }
    }

    private func notes(_ names: CommonNames) -> [Feature] {
        transcription.notes.map { note in
            let text = note.node.plainNoteText
            return feature(
                .note, note.isEditorial ? "editorial" : note.type ?? "note", note.node, text,
                properties(
                    ("type", note.type), ("hand", names.hand(note.hand)), ("place", note.place.joined(separator: " ")),
                    ("target", targets(note.targets, note.node)),
                    ("cert", note.certainty), ("resp", note.responsible), ("text", note.isEditorial ? text : nil)
                ))
        }
    }

    private var entities: [Feature] {
        transcription.entities.flatMap { entity in
            entity.mentions.map { mention in
                feature(
                    .entity, entity.kind.rawValue, mention, mention.plainText,
                    properties(
                        ("kind", entity.kind.rawValue), ("name", entity.reference == nil ? nil : entity.name),
                        ("ref", entity.reference.map { Reference($0).fragment ?? $0 })
                    ))
            }
        }
    }

    private func feature(
        _ subject: EncodingDifference.Change.Subject, _ name: String, _ node: Node, _ text: String,
        _ properties: [(name: String, value: String)],
        _ range: Range<Int>? = nil
    ) -> Feature {
        Feature(
            subject: subject, name: name, text: text, properties: properties, location: node.location,
            tokens: (range ?? ranges.range(of: node)).map(tokens)
        )
    }

    private func properties(_ list: (String, String?)...) -> [(name: String, value: String)] {
        list.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : (name, $0) } }
    }

    /// The words that are pointed at, since ids may change.
    private func targets(_ pointers: [String], _ node: Node) -> String {
        pointers.map { pointer in
            guard let target = node.target(pointer) else { return pointer }
            let text = target.plainText
            return text.isEmpty ? "<\(target.localName)>" : "“\(text.prefix(60))”"
        }.joined(separator: " ")
    }

    private func tokens(_ range: Range<Int>) -> Range<Int> {
        witness.tokens.boundary {
            $0.range.upperBound > range.lowerBound
        }..<witness.tokens.boundary { $0.range.lowerBound >= range.upperBound }
    }

    /// The hand and stage of each token that is plain text.
    func writing(_ names: CommonNames) -> [(hand: String, stage: String)?] {
        witness.tokens.map { token in
            guard let state = reading.segment(at: token.range.lowerBound)?.state, state.mark == nil, state.note == nil,
                !state.interventions.contains(where: { transcription.interventions[$0].kind == .addition })
            else { return nil }
            return (names.hand(state.hand) ?? "", names.stage(state.stage) ?? "")
        }
    }
}

extension Transcription {
    /// The transcription with the alternatives of each `choice` in one order, by their kinds and words: all of them
    /// “represent alternative ways of encoding the same sequence” (TEI P5, COED), and their order says nothing.
    fileprivate var withChoicesInOrder: Transcription {
        guard alternatives.contains(where: { $0.kind == .choice }) else { return self }
        var ordered = self
        ordered.events = inOrder(events.indices)
        return ordered
    }

    private func inOrder(_ range: Range<Int>) -> [Event] {
        var (ordered, position): ([Event], Int) = ([], range.lowerBound)
        while position < range.upperBound {
            ordered.append(events[position])
            position += 1
            guard case .open(let opening) = events[position - 1], case .alternative(let number) = opening.role,
                alternatives[number].kind == .choice
            else { continue }
            let end = endOfElement(at: position - 1)
            ordered += choices(position..<end).flatMap(inOrder)
            position = end
        }
        return ordered
    }

    /// The alternatives of a `choice` in their order. Where spans begin or end between them, they stay where they are.
    private func choices(_ range: Range<Int>) -> [Range<Int>] {
        var (parts, position): ([(range: Range<Int>, kind: Int, words: CodepointString)], Int) = ([], range.lowerBound)
        while position < range.upperBound {
            guard case .open(let opening) = events[position] else { return [range] }
            let end = endOfElement(at: position) + 1
            parts.append((position..<end, kind(of: opening), CodepointString(opening.node.plainNoteText)))
            position = end
        }
        return parts.sorted { ($0.kind, $0.words, $0.range.lowerBound) < ($1.kind, $1.words, $1.range.lowerBound) }.map(
            \.range)
    }

    private func kind(of opening: Opening) -> Int {
        guard case .intervention(let number) = opening.role else { return 0 }
        return Intervention.Kind.allCases.firstIndex(of: interventions[number].kind)!
    }
}

/// The names of hands, stages and witnesses, by which they are compared: those of the second encoding, where it has
/// them.
private struct CommonNames {
    private let hands: [String]
    private let stages: [String]
    private let witnesses: [CodepointString: String]

    init(_ own: Transcription, _ other: Transcription) {
        let labels = CommonNames.labels(other.hands.map { ($0.id, Wording.label($0)) })
        let ownLabels = CommonNames.labels(own.hands.map { ($0.id, Wording.label($0)) })
        hands = zip(
            CommonNames.partners(
                own.hands.map { [$0.id, Wording.label($0), $0.description] },
                other.hands.map { [$0.id, Wording.label($0), $0.description] }), ownLabels
        ).map { partner, label in
            partner.map { labels[$0] } ?? label
        }
        stages = zip(
            CommonNames.partners(
                own.stages.map { [$0.id, $0.description] }, other.stages.map { [$0.id, $0.description] }), own.stages
        ).map { partner, stage in
            partner.map { other.stages[$0].id } ?? stage.id
        }
        let partners = CommonNames.partners(
            own.witnesses.map { [$0.id, $0.sigil] }, other.witnesses.map { [$0.id, $0.sigil] })
        witnesses = Dictionary(
            zip(own.witnesses, partners).map { witness, partner in
                (CodepointString(witness.sigil), partner.map { other.witnesses[$0].sigil } ?? witness.sigil)
            }
        ) { first, _ in first }
    }

    /// Two of one name are told apart by their ids.
    private static func labels(_ named: [(id: String, label: String)]) -> [String] {
        named.map { own in named.count { $0.label.isSame(as: own.label) } > 1 ? "\(own.label) (\(own.id))" : own.label }
    }

    /// For each, by its keys, the number of that in the other list that is the same: by the first key, or else by
    /// another that is the only one of its kind in both.
    static func partners(_ own: [[String]], _ other: [[String]]) -> [Int?] {
        var partners = own.map { keys in other.firstIndex { $0.first.isSame(as: keys.first) } }
        for position in 1..<max(1, own.first?.count ?? 1) {
            for (index, keys) in own.enumerated()
            where partners[index] == nil && position < keys.count && !keys[position].isEmpty {
                let same = other.indices.filter {
                    position < other[$0].count && other[$0][position].isSame(as: keys[position])
                }
                let isOnly =
                    same.count == 1 && own.count { position < $0.count && $0[position].isSame(as: keys[position]) } == 1
                if isOnly, !partners.contains(same[0]) { partners[index] = same[0] }
            }
        }
        return partners
    }

    func hand(_ index: Int?) -> String? { index.map { hands[$0] } }
    func stage(_ index: Int?) -> String? { index.map { stages[$0] } }
    func witness(_ sigil: String) -> String { witnesses[CodepointString(sigil)] ?? sigil }
}

// MARK: - What differs

/// The changes of one encoding to the other.
private struct Comparer {
    private let before: Features
    private let after: Features
    private let collation: Collation
    /// For each encoding and each token, its column.
    private let columns: [[Int]]
    private(set) var changes: [EncodingDifference.Change] = []
    /// The changes in the text, with their columns.
    private var inText: [(column: Int, change: EncodingDifference.Change)] = []

    init(_ before: Transcription, _ after: Transcription) {
        self.before = Features(before, "before")
        self.after = Features(after, "after")
        collation = Collation(of: [self.before.witness, self.after.witness])
        columns = collation.columns
        let (old, new) = (self.before, self.after)
        for (old, new) in [
            (old.ofHeader, new.ofHeader), (old.ofHands, new.ofHands), (old.ofStages, new.ofStages),
            (old.ofWitnesses, new.ofWitnesses),
        ] {
            changes += Comparer.pairsByKey(old, new).compactMap { Comparer.change($0) }
        }
        let names = (CommonNames(before, after), CommonNames(after, after))
        compareFeatures(old.inText(names.0), new.inText(names.1))
        compareWords()
        compareWriting(old.writing(names.0), new.writing(names.1))
        changes += inText.enumerated().sorted { ($0.element.column, $0.offset) < ($1.element.column, $1.offset) }.map(
            \.element.change)
    }

    private typealias Pair = (before: Feature?, after: Feature?)

    /// - Parameter extent: its extent, if that changed.
    private static func change(_ pair: Pair, extent: EncodingDifference.Property? = nil) -> EncodingDifference.Change? {
        let (old, new) = (pair.before?.properties ?? [], pair.after?.properties ?? [])
        var properties = [extent].compactMap(\.self)
        for name in (old + new).map(\.name) where !properties.contains(where: { $0.name == name }) {
            let values = (old.first { $0.name == name }?.value, new.first { $0.name == name }?.value)
            // If only one encoding has it, its kind is its name already.
            if !isSame(name, values.0, values.1), name != "kind" || pair.before != nil && pair.after != nil {
                properties.append(EncodingDifference.Property(name: name, before: values.0, after: values.1))
            }
        }
        guard let feature = pair.after ?? pair.before, pair.before == nil || pair.after == nil || !properties.isEmpty
        else { return nil }
        return EncodingDifference.Change(
            kind: pair.before == nil ? .added : pair.after == nil ? .removed : .changed, subject: feature.subject,
            name: feature.name,
            text: feature.text, properties: properties, before: pair.before?.location, after: pair.after?.location
        )
    }

    /// Whether two values of a property are the same: texts as words are, all else by its code points.
    private static func isSame(_ name: String, _ before: String?, _ after: String?) -> Bool {
        ["text", "description"].contains(name) ? before == after : before.isSame(as: after)
    }

    private static func pairsByKey(_ old: [Feature], _ new: [Feature]) -> [Pair] {
        let partners = CommonNames.partners(old.map(\.keys), new.map(\.keys))
        let rest = new.indices.filter { !partners.contains($0) }
        return zip(old, partners).map { ($0, $1.map { new[$0] }) } + rest.map { (nil, new[$0]) }
    }

    // MARK: On the same words

    private mutating func compareFeatures(_ old: [Feature], _ new: [Feature]) {
        for subject in EncodingDifference.Change.Subject.allCases {
            let (old, new) = (old.filter { $0.subject == subject }, new.filter { $0.subject == subject })
            for pair in pairsByPlace(old, new) {
                guard let change = Comparer.change(pair, extent: extent(pair)) else { continue }
                let place = pair.after.map { range($0, 1) } ?? pair.before.map { range($0, 0) }
                inText.append((place??.lowerBound ?? collation.table.count, change))
            }
        }
    }

    /// The nearest first: those on the same words, of the same kind, of the same text.
    private func pairsByPlace(_ old: [Feature], _ new: [Feature]) -> [Pair] {
        let (places, others) = (old.map { range($0, 0) }, new.map { range($0, 1) })
        // By where they begin; those without a place come last, and have the same text or are none.
        let order = new.indices.sorted {
            (others[$0]?.lowerBound ?? Int.max, $0) < (others[$1]?.lowerBound ?? Int.max, $1)
        }
        let longest = others.map { $0?.count ?? 0 }.max() ?? 0
        let unplaced = Dictionary(grouping: new.indices.filter { others[$0] == nil }) { [new[$0].name, new[$0].text] }
        var candidates: [(likeness: Int, old: Int, new: Int)] = []
        for (number, feature) in old.enumerated() {
            let near: any Sequence<Int>
            if let place = places[number] {
                let first = order.boundary { (others[$0]?.lowerBound ?? Int.max) >= place.lowerBound - longest }
                near = order[first...].prefix { (others[$0]?.lowerBound ?? Int.max) <= place.upperBound }
            } else {
                near = unplaced[[feature.name, feature.text]] ?? []
            }
            for other in near {
                let candidate = new[other]
                let isSame = feature.name == candidate.name
                let overlap = Comparer.overlap(places[number], others[other])
                guard overlap >= (isSame ? 1 : 30) else { continue }
                candidates.append(
                    (overlap + (isSame ? 50 : 0) + (feature.text == candidate.text ? 25 : 0), number, other))
            }
        }
        var (partners, taken) = ([Int: Int](), Set<Int>())
        for (_, number, other) in candidates.sorted(by: {
            ($1.likeness, abs($0.old - $0.new), $0.old) < ($0.likeness, abs($1.old - $1.new), $1.old)
        })
        where partners[number] == nil && !taken.contains(other) {
            partners[number] = other
            taken.insert(other)
        }
        return old.indices.map { (old[$0], partners[$0].map { new[$0] }) }
            + new.indices.filter { !taken.contains($0) }.map { (nil, new[$0]) }
    }

    /// The columns of a feature.
    private func range(_ feature: Feature, _ side: Int) -> Range<Int>? {
        guard let tokens = feature.tokens else { return nil }
        let start = tokens.lowerBound < columns[side].count ? columns[side][tokens.lowerBound] : collation.table.count
        return start..<(tokens.isEmpty ? start : columns[side][tokens.upperBound - 1] + 1)
    }

    /// The extent of a feature, if it is over other words that both encodings have.
    private func extent(_ pair: Pair) -> EncodingDifference.Property? {
        guard let old = pair.before?.tokens, let new = pair.after?.tokens else { return nil }
        func shared(_ tokens: Range<Int>, _ side: Int) -> [Int] {
            columns[side][tokens].filter { column in collation.table[column][1 - side] != nil }
        }
        guard shared(old, 0) != shared(new, 1) else { return nil }
        return EncodingDifference.Property(
            name: "extent", before: "“\(before.witness.tokens[old].text)”", after: "“\(after.witness.tokens[new].text)”"
        )
    }

    /// How much two places have in common, of a hundred. Those without words are in one place if that is the same.
    private static func overlap(_ a: Range<Int>?, _ b: Range<Int>?) -> Int {
        guard let a, let b else { return a == nil && b == nil ? 1 : 0 }
        if a.isEmpty || b.isEmpty { return a == b ? 100 : 0 }
        let common = a.clamped(to: b).count
        return common == 0 ? 0 : max(1, 100 * common / (a.count + b.count - common))
    }

    // MARK: Words

    private mutating func compareWords() {
        for segment in collation.segments where segment.isVariant && !isOfGaps(segment.columns) {
            let texts = (collation.text(of: 0, in: segment.columns), collation.text(of: 1, in: segment.columns))
            let kind: EncodingDifference.Change.Kind = texts.0.isEmpty ? .added : texts.1.isEmpty ? .removed : .changed
            let properties =
                kind == .changed ? [EncodingDifference.Property(name: "text", before: texts.0, after: texts.1)] : []
            inText.append(
                (
                    segment.columns.lowerBound,
                    EncodingDifference.Change(
                        kind: kind, subject: .words, name: "words", text: kind == .added ? texts.1 : texts.0,
                        properties: properties,
                        before: location(segment.columns, 0), after: location(segment.columns, 1)
                    )
                ))
        }
    }

    /// Whether there are no words, but gaps, which are features.
    private func isOfGaps(_ columns: Range<Int>) -> Bool {
        (0..<2).allSatisfy { collation.tokens(of: $0, in: columns).allSatisfy { $0.kind == .gap } }
    }

    private func location(_ columns: Range<Int>, _ side: Int) -> SourceLocation? {
        collation.table[columns].lazy.compactMap { $0[side] }.first.flatMap(collation.witnesses[side].location)
    }

    /// Stretches of words that are the same and in another hand, or of another stage.
    private mutating func compareWriting(
        _ old: [(hand: String, stage: String)?], _ new: [(hand: String, stage: String)?]
    ) {
        var start: (column: Int, properties: [EncodingDifference.Property])?
        for column in 0...collation.table.count {
            let here = column < collation.table.count ? writing(collation.table[column], old, new) : []
            guard here != start?.properties ?? [] else { continue }
            if let start { appendWriting(start.column..<column, start.properties) }
            start = here.isEmpty ? nil : (column, here)
        }
    }

    private func writing(
        _ column: [Int?], _ old: [(hand: String, stage: String)?], _ new: [(hand: String, stage: String)?]
    ) -> [EncodingDifference.Property] {
        guard let first = column[0], let second = column[1], let before = old[first], let after = new[second] else {
            return []
        }
        return [("hand", before.hand, after.hand), ("stage", before.stage, after.stage)].filter {
            !$0.1.isSame(as: $0.2)
        }.map { name, before, after in
            EncodingDifference.Property(
                name: name, before: before.isEmpty ? nil : before, after: after.isEmpty ? nil : after)
        }
    }

    private mutating func appendWriting(_ columns: Range<Int>, _ properties: [EncodingDifference.Property]) {
        inText.append(
            (
                columns.lowerBound,
                EncodingDifference.Change(
                    kind: .changed, subject: .writing, name: "words", text: collation.text(of: 1, in: columns),
                    properties: properties,
                    before: location(columns, 0), after: location(columns, 1)
                )
            ))
    }
}

// MARK: - Output

extension EncodingDifference {
    /// Returns the differences in a format.
    public func export(as output: OutputFormat<EncodingDifference>) -> [UInt8] { output.write(self) }

    fileprivate var lines: [UInt8] {
        Array(([Wording.changes(changes.count)] + changes.map(\.line)).map { $0.printable + "\n" }.joined().utf8)
    }

    fileprivate var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.number("version", 1)
            writer.string("before", files.before)
            writer.string("after", files.after)
            writer.array("changes", of: changes) { $1.write(&$0) }
        }
        return writer.bytes + [0x0A]
    }
}

extension OutputFormat where Value == EncodingDifference {
    /// A line for each change, for a terminal: printable.
    public static var lines: Self { Self("lines", fileExtension: "txt", write: \.lines) }
    /// An object with the two files and an array of changes.
    public static var json: Self { Self("json", write: \.json) }

    /// All formats of differences.
    public static var all: [Self] { [.lines, .json] }
}

extension EncodingDifference.Change {
    /// `new.xml:17:5: changed mark, stamp “SECRET”: place top → foot`
    fileprivate var line: String {
        let place = (after ?? before).map { "\($0): " } ?? ""
        let what =
            subject == .header || subject == .words
            ? name : subject == .writing ? Wording.writing : "\(subject.rawValue), \(name)"
        let said = properties.map { property in
            let value = [property.before, property.after].map { $0.map { subject == .words ? "“\($0)”" : $0 } }
            return kind == .changed
                ? "\(property.name) \(value[0] ?? "–") → \(value[1] ?? "–")"
                : "\(property.name) \((value[1] ?? value[0])!)"
        }
        let quoted = text.isEmpty || properties.contains { $0.name == "text" } ? "" : " “\(text)”"
        return "\(place)\(kind.rawValue) \(what)\(quoted)" + (said.isEmpty ? "" : ": " + said.joined(separator: "; "))
    }

    fileprivate func write(_ writer: inout JSONWriter) {
        writer.line { writer in
            writer.string("kind", kind.rawValue)
            writer.string("subject", subject.rawValue)
            writer.string("name", name)
            writer.string("text", text)
            for (name, location) in [("before", before), ("after", after)] {
                guard let location else { continue }
                writer.line(name) { writer in
                    writer.string("file", location.file)
                    writer.number("line", location.line)
                    writer.number("column", location.column)
                }
            }
            writer.array("properties", of: properties) { writer, property in
                writer.line { writer in
                    writer.string("name", property.name)
                    writer.string("before", property.before)
                    writer.string("after", property.after)
                }
            }
        }
    }
}
