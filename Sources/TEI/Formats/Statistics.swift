internal import XML

/// Counts of a document: words and marks by hand, gaps by kind, changes by hand, the editors' interventions, and places
/// with several readings. Words are counted as in ``Transcription/wordCounts``, marks and changes as in
/// ``Transcription/wholeMarks`` and ``Transcription/acts``: each once.
///
///     for count in Statistics(transcription, name: "memo").counts {
///         print(count.category, count.kind, count.hand, count.count)
///     }
public struct Statistics: Sendable {
    /// The categories of counts.
    public enum Category: String, Sendable, CaseIterable {
        /// The words of each hand, struck out or not. The editors' words are not counted.
        case words
        /// Marks by kind and hand.
        case marks
        /// Gaps by kind.
        case gaps
        /// Additions, deletions and the like, by hand.
        case changes
        /// Corrections, regular spellings and the like.
        case editing
        /// Places with several readings: `apparatus`, `choice`, `substitution`.
        case variants
    }

    /// One count.
    public struct Count: Sendable, Hashable {
        /// The category.
        public let category: Category
        /// The kind within the category; empty for words.
        public let kind: String
        /// Of words, marks and changes, the name of the hand, or `hand unknown`; otherwise empty.
        public let hand: String
        /// The number.
        public let count: Int

        /// Compares strings by their code points.
        public static func == (a: Count, b: Count) -> Bool {
            a.category == b.category && a.kind.isSame(as: b.kind) && a.hand.isSame(as: b.hand) && a.count == b.count
        }

        /// Hashes the code points of the strings.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(category)
            hasher.combine(CodepointString(kind))
            hasher.combine(CodepointString(hand))
        }
    }

    /// The name under which the document is exported.
    public let name: String
    /// The first title, or else the name.
    public let title: String
    /// When the document was written, as year, month and day as far as they are known, such as `1994-07-13`; empty if
    /// the header does not say.
    public let date: String
    /// Words by hand, then the other categories, each by kind and hand in the order of the document.
    public let counts: [Count]

    /// Counts a document.
    ///
    /// - Parameters:
    ///   - transcription: the document.
    ///   - name: the name under which it is exported, as in ``EditionFiles/Item``.
    public init(_ transcription: Transcription, name: String) {
        self.name = name
        let header = transcription.header
        title = header.titles.first ?? name
        date = header.date?.earliest ?? ""
        var counter = Counter()
        func label(_ hand: Int?) -> String { Wording.label(hand.map { transcription.hands[$0] }) }
        let words = transcription.wordCounts
        for hand in transcription.hands.indices.map(Optional.some) + [nil] {
            counter.add(.words, "", label(hand), words[hand] ?? 0)
        }
        let marks = transcription.wholeMarks.map { transcription.marks[$0] }
        for kind in Mark.Kind.allCases {
            for mark in marks where mark.kind == kind { counter.add(.marks, kind.rawValue, label(mark.hand)) }
        }
        for kind in Gap.Kind.allCases {
            counter.add(.gaps, kind.rawValue, "", transcription.gaps.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) })
        }
        let acts = transcription.acts.map { transcription.interventions[$0] }
        let editing = transcription.interventions.filter { $0.kind.isEditorial && $0.continued == nil }
        for kind in Intervention.Kind.allCases where kind != .reading && kind != .lacuna {
            for act in acts where act.kind == kind { counter.add(.changes, kind.rawValue, label(act.hand)) }
            counter.add(.editing, kind.rawValue, "", editing.count { $0.kind == kind })
        }
        for kind in Alternative.Kind.allCases {
            counter.add(
                .variants, kind.rawValue, "",
                transcription.alternatives.reduce(0) { $0 + ($1.kind == kind && $1.readings.count > 1 ? 1 : 0) })
        }
        counts = counter.counts
    }

    /// Counts a document of an edition.
    public init(_ item: EditionFiles.Item) {
        self.init(Transcription(of: item.element, library: item.library), name: item.name)
    }

    private struct Counter {
        private struct Key: Hashable {
            let category: Category
            let kind, hand: CodepointString
        }

        private var order: [Key] = []
        private var numbers: [Key: Int] = [:]

        mutating func add(_ category: Category, _ kind: String, _ hand: String, _ count: Int = 1) {
            guard count > 0 else { return }
            let key = Key(category: category, kind: CodepointString(kind), hand: CodepointString(hand))
            if numbers[key] == nil { order.append(key) }
            numbers[key, default: 0] += count
        }

        var counts: [Count] {
            order.sorted {
                Category.allCases.firstIndex(of: $0.category)! < Category.allCases.firstIndex(of: $1.category)!
            }
            .map { Count(category: $0.category, kind: $0.kind.string, hand: $0.hand.string, count: numbers[$0] ?? 0) }
        }
    }
}

/// The statistics of many documents, side by side or added up.
///
///     var table = StatisticsTable(by: .period(years: 10))
///     for transcription in transcriptions { table.add(Statistics(transcription, name: "memo")) }
///     print(String(decoding: table.export(as: .csv), as: UTF8.self))
public struct StatisticsTable: Sendable {
    /// How documents are grouped.
    public enum Grouping: Sendable, Hashable {
        /// A group for each document, in the order in which you add them.
        case document
        /// A group for each period of so many years, from a year that the number divides. Documents without a date
        /// are the last group.
        case period(years: Int)
        /// A group for each name of a hand, in all documents.
        case hand
    }

    package struct Group {
        package let label: String
        let date: String
        /// The first year of a period; `nil` for undated documents.
        var year: Int?
        var documents = 0
        var counts: [Statistics.Count] = []
        package var numbers: [Statistics.Count: Int] = [:]
    }

    private let grouping: Grouping
    private var groups: [Group] = []
    private var numbers: [CodepointString: Int] = [:]
    /// For the timeline, the documents with dates.
    package private(set) var dated: [(title: String, year: Double, marks: Int)] = []

    /// Makes an empty table.
    public init(by grouping: Grouping) { self.grouping = grouping }

    /// Adds a document.
    public mutating func add(_ statistics: Statistics) {
        if let year = StatisticsTable.year(statistics.date) {
            dated.append(
                (statistics.title, year, statistics.counts.reduce(0) { $0 + ($1.category == .marks ? $1.count : 0) }))
        }
        switch grouping {
        case .document: add(statistics.counts, to: statistics.name, statistics.date, isNew: true)
        case .period(let years):
            let year = StatisticsTable.year(statistics.date).map {
                StatisticsTable.first(ofPeriodWith: Int($0.rounded(.down)), years)
            }
            add(
                statistics.counts, to: year.map { years == 1 ? "\($0)" : "\($0)–\($0 + years - 1)" } ?? "undated", "",
                year: year)
        case .hand:
            for hand in Set(statistics.counts.map { CodepointString($0.hand) }).sorted().map(\.string)
            where !hand.isEmpty {
                add(statistics.counts.filter { $0.hand.isSame(as: hand) }, to: hand, "")
            }
        }
    }

    private mutating func add(
        _ counts: [Statistics.Count], to label: String, _ date: String, year: Int? = nil, isNew: Bool = false
    ) {
        let number = isNew ? groups.count : numbers[CodepointString(label)] ?? groups.count
        if number == groups.count {
            numbers[CodepointString(label)] = number
            groups.append(Group(label: label, date: date, year: year))
        }
        groups[number].documents += 1
        for count in counts {
            let key = Statistics.Count(category: count.category, kind: count.kind, hand: count.hand, count: 0)
            if groups[number].numbers[key] == nil { groups[number].counts.append(key) }
            groups[number].numbers[key, default: 0] += count.count
        }
    }

    /// Documents in their order; periods and hands in theirs.
    package var ordered: [Group] {
        switch grouping {
        case .document: groups
        case .period: groups.sorted { ($0.year ?? .max) < ($1.year ?? .max) }
        case .hand: groups.sorted { CodepointString($0.label) < CodepointString($1.label) }
        }
    }

    private static func first(ofPeriodWith year: Int, _ years: Int) -> Int { year - ((year % years) + years) % years }

    // MARK: Output

    /// A row for each count: `document,date,category,kind,hand,count`, or `period,…` or `hand,…` without a date, as
    /// ``CSVFormat`` writes cells.
    fileprivate var csv: [UInt8] {
        let header: [String] =
            switch grouping {
            case .document: ["document", "date", "category", "kind", "hand", "count"]
            case .period: ["period", "category", "kind", "hand", "count"]
            case .hand: ["hand", "category", "kind", "count"]
            }
        return CSV.bytes(
            [header]
                + ordered.flatMap { group in
                    group.counts.map { count in
                        let about =
                            [count.category.rawValue, count.kind] + (grouping == .hand ? [] : [count.hand]) + [
                                "\(group.numbers[count] ?? 0)"
                            ]
                        return (grouping == .document ? [group.label, group.date] : [group.label]) + about
                    }
                })
    }

    /// The same as JSON, in UTF-8, ended by a line end.
    fileprivate var json: [UInt8] {
        var writer = JSONWriter()
        writer.array(of: ordered) { writer, group in
            writer.object { writer in
                switch grouping {
                case .document:
                    writer.string("document", group.label)
                    writer.string("date", group.date)
                case .period: writer.string("period", group.label)
                case .hand: writer.string("hand", group.label)
                }
                if grouping != .document { writer.number("documents", group.documents) }
                writer.array("counts", of: group.counts) { writer, count in
                    writer.line { $0.write(count, group.numbers[count] ?? 0, hasHand: grouping != .hand) }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    /// A table for a terminal, printable: a row for each group, a column for each category, and a row of sums.
    fileprivate var text: String {
        let (title, categories): (String, [Statistics.Category]) =
            switch grouping {
            case .document: ("document", Statistics.Category.allCases)
            case .period: ("period", Statistics.Category.allCases)
            case .hand: ("hand", [.words, .marks, .changes])
            }
        let ordered = ordered
        func sum(_ group: Group, _ category: Statistics.Category) -> Int {
            group.numbers.reduce(0) { $0 + ($1.key.category == category ? $1.value : 0) }
        }
        var rows = [[title, grouping == .document ? "date" : "documents"] + categories.map(\.rawValue)]
        rows += ordered.map { group in
            [group.label, grouping == .document ? group.date : "\(group.documents)"]
                + categories.map { "\(sum(group, $0))" }
        }
        rows.append(
            ["all", grouping == .document || grouping == .hand ? "" : "\(ordered.reduce(0) { $0 + $1.documents })"]
                + categories.map { category in "\(ordered.reduce(0) { $0 + sum($1, category) })" })
        return Wording.printableColumns(rows).map { $0 + "\n" }.joined()
    }
}

extension StatisticsTable {
    /// Returns the table in a format.
    public func export(as output: OutputFormat<StatisticsTable>) -> [UInt8] { output.write(self) }
}

extension OutputFormat where Value == StatisticsTable {
    /// A table of sums for a terminal, printable.
    public static var text: Self { Self("text", fileExtension: "txt") { Array($0.text.utf8) } }
    /// A row for each count: `document,date,category,kind,hand,count`, or `period,…` or `hand,…` without a date.
    public static var csv: Self { Self("csv", write: \.csv) }
    /// An array with an object for each group.
    public static var json: Self { Self("json", write: \.json) }
}

extension JSONWriter {
    fileprivate mutating func write(_ count: Statistics.Count, _ number: Int, hasHand: Bool = true) {
        string("category", count.category.rawValue)
        if !count.kind.isEmpty { string("kind", count.kind) }
        if hasHand, !count.hand.isEmpty { string("hand", count.hand) }
        self.number("count", number)
    }

    /// The counts of one document.
    package mutating func counts(_ key: String, _ statistics: Statistics) {
        array(key, of: statistics.counts) { writer, count in writer.line { $0.write(count, count.count) } }
    }
}

extension StatisticsTable {
    /// A date in the notation of ISO 8601, whole or in part, as a year with the part of it that has gone by.
    package static func year(_ date: String) -> Double? {
        // A month or day of any year (`--07-13`) has none.
        if date.hasPrefix("--") { return nil }
        let isNegative = date.hasPrefix("-")
        let parts = date.drop { $0 == "-" }.split { $0 == "-" || $0 == "T" }
        guard let first = parts.first, let year = Int(first).map(Double.init), year < 100_000 else { return nil }
        let month = parts.count > 1 ? Double(parts[1]).map { min(max($0, 1), 12) - 1 } ?? 0 : 0
        let day = parts.count > 2 ? Double(parts[2]).map { min(max($0, 1), 31) - 1 } ?? 0 : 0
        return (isNegative ? -year : year) + (month + day / 31) / 12
    }
}
