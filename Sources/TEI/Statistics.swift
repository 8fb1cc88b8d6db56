internal import XML

/// How much there is of what in a document: words and marks by hand, gaps by kind, changes by hand, what the editors did, and places with several readings.
///
///     for count in Statistics(transcription, name: "memo").counts {
///         print(count.category, count.kind, count.hand, count.count)
///     }
public struct Statistics: Sendable {
    public enum Category: String, Sendable, CaseIterable {
        /// What each hand wrote, struck out or not; the editors' words are not counted.
        case words
        /// By their kinds and hands.
        case marks
        /// By their kinds.
        case gaps
        /// Additions, deletions and the like, by hand.
        case changes
        /// Corrections, regular spellings and the like.
        case editing
        /// Places with several readings: `apparatus`, `choice`, `substitution`.
        case variants
    }

    public struct Count: Sendable, Hashable {
        public let category: Category
        /// Within the category; empty for words.
        public let kind: String
        /// The hand's name; empty where none is known or it is nobody's.
        public let hand: String
        public let count: Int
    }

    /// The name under which the document is exported.
    public let name: String
    public let title: String
    /// When it was written, as year, month and day as far as they are known: `1994-07-13`; empty where it is not said.
    public let date: String
    /// Words by hand, then the other categories, each by kind and hand in the order in which the document has them.
    public let counts: [Count]

    /// - Parameter name: that of ``Edition/Item``.
    public init(_ transcription: Transcription, name: String) {
        self.name = name
        let header = transcription.header
        title = header.titles.first ?? name
        date = header.date.flatMap { $0.when ?? $0.notBefore ?? $0.from ?? $0.notAfter ?? $0.to } ?? ""
        var counter = Counter()
        func label(_ hand: Int?) -> String { hand.map { transcription.hands[$0].label } ?? "" }
        let words = transcription.wordCounts
        for hand in transcription.hands.indices { counter.add(.words, "", label(hand), words[hand] ?? 0) }
        // Where no hand is described, the text is nobody's in particular.
        if transcription.hands.isEmpty { counter.add(.words, "", "", words[nil] ?? 0) }
        for kind in Mark.Kind.allCases {
            for mark in transcription.marks where mark.kind == kind { counter.add(.marks, kind.rawValue, label(mark.hand)) }
        }
        for kind in Gap.Kind.allCases { counter.add(.gaps, kind.rawValue, "", transcription.gaps.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }) }
        for kind in Intervention.Kind.allCases where kind != .reading && kind != .lacuna {
            for intervention in transcription.interventions where intervention.kind == kind {
                counter.add(kind.isEditorial ? .editing : .changes, kind.rawValue, kind.isEditorial ? "" : label(intervention.hand))
            }
        }
        for kind in Alternative.Kind.allCases {
            counter.add(.variants, kind.rawValue, "", transcription.alternatives.reduce(0) { $0 + ($1.kind == kind && $1.readings.count > 1 ? 1 : 0) })
        }
        counts = counter.counts
    }

    private struct Counter {
        private struct Key: Hashable {
            let category: Category
            let kind, hand: String
        }

        private var order: [Key] = []
        private var numbers: [Key: Int] = [:]

        mutating func add(_ category: Category, _ kind: String, _ hand: String, _ count: Int = 1) {
            guard count > 0 else { return }
            let key = Key(category: category, kind: kind, hand: hand)
            if numbers[key] == nil { order.append(key) }
            numbers[key, default: 0] += count
        }

        var counts: [Count] {
            order.sorted { Category.allCases.firstIndex(of: $0.category)! < Category.allCases.firstIndex(of: $1.category)! }
                .map { Count(category: $0.category, kind: $0.kind, hand: $0.hand, count: numbers[$0] ?? 0) }
        }
    }
}

/// The statistics of many documents, side by side or summed up.
///
///     var table = StatisticsTable(by: .period(years: 10))
///     for statistics in all { table.add(statistics) }
///     print(String(decoding: table.csv, as: UTF8.self))
public struct StatisticsTable: Sendable {
    public enum Grouping: Sendable, Hashable {
        /// A group for each document, in the order in which they are added.
        case document
        /// So many years, from a year that they divide; documents without a date are the last group.
        case period(years: Int)
        case hand
    }

    private struct Group {
        let label: String
        let date: String
        var documents = 0
        var counts: [Statistics.Count] = []
        var numbers: [Statistics.Count: Int] = [:]
    }

    private let grouping: Grouping
    private var groups: [Group] = []
    private var numbers: [String: Int] = [:]
    /// For the timeline, the documents with dates.
    private var dated: [(title: String, year: Double, marks: Int)] = []

    public init(by grouping: Grouping) { self.grouping = grouping }

    public mutating func add(_ statistics: Statistics) {
        if let year = StatisticsTable.year(statistics.date) {
            dated.append((statistics.title, year, statistics.counts.reduce(0) { $0 + ($1.category == .marks ? $1.count : 0) }))
        }
        switch grouping {
        case .document: add(statistics.counts, to: statistics.name, statistics.date, isNew: true)
        case .period(let years): add(statistics.counts, to: StatisticsTable.period(statistics.date, years), "")
        case .hand:
            for hand in Set(statistics.counts.map(\.hand)).sorted() where !hand.isEmpty { add(statistics.counts.filter { $0.hand == hand }, to: hand, "") }
        }
    }

    private mutating func add(_ counts: [Statistics.Count], to label: String, _ date: String, isNew: Bool = false) {
        let number = isNew ? groups.count : numbers[label] ?? groups.count
        if number == groups.count {
            numbers[label] = number
            groups.append(Group(label: label, date: date))
        }
        groups[number].documents += 1
        for count in counts {
            let key = Statistics.Count(category: count.category, kind: count.kind, hand: count.hand, count: 0)
            if groups[number].numbers[key] == nil { groups[number].counts.append(key) }
            groups[number].numbers[key, default: 0] += count.count
        }
    }

    /// Documents in their order; periods and hands in theirs.
    private var ordered: [Group] {
        switch grouping {
        case .document: groups
        case .period: groups.sorted { (StatisticsTable.year($0.label) ?? .infinity) < (StatisticsTable.year($1.label) ?? .infinity) }
        case .hand: groups.sorted { $0.label < $1.label }
        }
    }

    private static func period(_ date: String, _ years: Int) -> String {
        guard let year = year(date).map({ Int($0.rounded(.down)) }) else { return "undated" }
        let first = year - ((year % years) + years) % years
        return years == 1 ? "\(first)" : "\(first)–\(first + years - 1)"
    }

    /// A date as a year with the part of it that has gone by.
    private static func year(_ date: String) -> Double? {
        let isNegative = date.hasPrefix("-")
        let parts = date.drop { $0 == "-" }.split { $0 == "-" || $0 == "–" || $0 == "T" }
        guard let first = parts.first, let year = Double(first) else { return nil }
        let month = parts.count > 1 ? Double(parts[1]).map { min(max($0, 1), 12) - 1 } ?? 0 : 0
        let day = parts.count > 2 ? Double(parts[2]).map { min(max($0, 1), 31) - 1 } ?? 0 : 0
        return (isNegative ? -year : year) + (month + day / 31) / 12
    }

    // MARK: Output

    /// A row for each count: `document,date,category,kind,hand,count`, or `period,…` or `hand,…` without a date (RFC 4180).
    public var csv: [UInt8] {
        let header: [String] = switch grouping {
        case .document: ["document", "date", "category", "kind", "hand", "count"]
        case .period: ["period", "category", "kind", "hand", "count"]
        case .hand: ["hand", "category", "kind", "count"]
        }
        return CSVFormat.bytes([header] + ordered.flatMap { group in
            group.counts.map { count in
                let about = [count.category.rawValue, count.kind] + (grouping == .hand ? [] : [count.hand]) + ["\(group.numbers[count] ?? 0)"]
                return (grouping == .document ? [group.label, group.date] : [group.label]) + about
            }
        })
    }

    /// The same as JSON, in UTF-8, ended by a line end.
    public var json: [UInt8] {
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

    /// A table for a terminal: a row for each group, a column for each category, and a row of sums.
    public var text: String {
        let (title, categories): (String, [Statistics.Category]) = switch grouping {
        case .document: ("document", Statistics.Category.allCases)
        case .period: ("period", Statistics.Category.allCases)
        case .hand: ("hand", [.words, .marks, .changes])
        }
        let ordered = ordered
        func sum(_ group: Group, _ category: Statistics.Category) -> Int { group.numbers.reduce(0) { $0 + ($1.key.category == category ? $1.value : 0) } }
        var rows = [[title, grouping == .document ? "date" : "documents"] + categories.map(\.rawValue)]
        rows += ordered.map { group in [group.label, grouping == .document ? group.date : "\(group.documents)"] + categories.map { "\(sum(group, $0))" } }
        rows.append(["all", grouping == .document || grouping == .hand ? "" : "\(ordered.reduce(0) { $0 + $1.documents })"] + categories.map { category in "\(ordered.reduce(0) { $0 + sum($1, category) })" })
        return Words.columns(rows).map { $0 + "\n" }.joined()
    }
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

// MARK: - Pictures

extension StatisticsTable {
    private static let colours: [(kind: Mark.Kind, light: String, dark: String)] = [
        (.check, "#1b6ca8", "#7cc0f2"), (.stamp, "#a8321b", "#f59e86"), (.query, "#7a5c00", "#e6c65c"), (.underline, "#3c7a1f", "#9fdc7f"),
        (.remark, "#6b3fa0", "#c9a6f5"), (.other, "#5a5a5a", "#bdbdbd"),
    ]

    /// The marks of each group as bars, by their kinds, and above them a timeline of the documents, as a picture (SVG 1.1).
    ///
    /// It follows the reader's choice of light or dark, and each of its parts says what it is (`title`).
    public var svg: [UInt8] {
        var out = HTMLBytes()
        let groups = ordered
        let (width, left, row) = (960, 300, 22)
        let timeline = dated.count > 1 ? 110 : 0
        let height = timeline + 40 + groups.count * row + 50
        out.raw("""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" font-family="sans-serif" font-size="13">
            <title>Marks and documents</title>
            <style>text{fill:#222}.axis{stroke:#666}.dot{fill:#1b6ca8;fill-opacity:.6}\(StatisticsTable.colours.map { ".\($0.kind.rawValue){fill:\($0.light)}" }.joined())
            @media (prefers-color-scheme:dark){text{fill:#eee}.axis{stroke:#aaa}.dot{fill:#7cc0f2}\(StatisticsTable.colours.map { ".\($0.kind.rawValue){fill:\($0.dark)}" }.joined())}</style>

            """)
        if timeline > 0 { writeTimeline(&out, width: width, height: timeline) }
        writeBars(groups, &out, top: timeline, left: left, width: width, row: row)
        out.raw("</svg>\n")
        return out.bytes
    }

    private func writeTimeline(_ out: inout HTMLBytes, width: Int, height: Int) {
        let years = dated.map(\.year)
        let (first, last) = ((years.min() ?? 0).rounded(.down), ((years.max() ?? 0) + 0.001).rounded(.up))
        func x(_ year: Double) -> String { HTMLBytes.decimal(20 + (year - first) / max(1, last - first) * Double(width - 40)) }
        out.raw("<line class=\"axis\" x1=\"20\" y1=\"\(height - 30)\" x2=\"\(width - 20)\" y2=\"\(height - 30)\"/>\n")
        let step = max(1, ((last - first) / 10).rounded(.up))
        for year in stride(from: first, through: last, by: step) {
            out.raw("<text x=\"\(x(year))\" y=\"\(height - 10)\" text-anchor=\"middle\">\(Int(year))</text>\n")
        }
        for document in dated {
            let radius = 4 + Double(document.marks).squareRoot() * 2
            out.raw("<circle class=\"dot\" cx=\"\(x(document.year))\" cy=\"\(height - 30)\" r=\"\(HTMLBytes.decimal(min(radius, 40)))\">")
            out.element("title", "", "\(document.title): \(Words.count(document.marks, "mark"))")
            out.raw("</circle>\n")
        }
    }

    private func writeBars(_ groups: [Group], _ out: inout HTMLBytes, top: Int, left: Int, width: Int, row: Int) {
        func marks(_ group: Group, _ kind: Mark.Kind) -> Int { group.numbers.reduce(0) { $0 + ($1.key.category == .marks && $1.key.kind == kind.rawValue ? $1.value : 0) } }
        let most = groups.map { group in Mark.Kind.allCases.reduce(0) { $0 + marks(group, $1) } }.max() ?? 0
        var x = left
        for (kind, _, _) in StatisticsTable.colours {
            out.raw("<rect class=\"\(kind.rawValue)\" x=\"\(x)\" y=\"\(top + 10)\" width=\"12\" height=\"12\"/><text x=\"\(x + 17)\" y=\"\(top + 21)\">\(kind.rawValue)</text>\n")
            x += 105
        }
        for (number, group) in groups.enumerated() {
            let y = top + 40 + number * row
            let label = group.label.count > 40 ? group.label.prefix(39) + "…" : group.label[...]
            out.raw("<text x=\"\(left - 10)\" y=\"\(y + 13)\" text-anchor=\"end\">")
            out.text(label)
            out.raw("</text>\n")
            var (position, sum) = (Double(left), 0)
            for (kind, _, _) in StatisticsTable.colours {
                let count = marks(group, kind)
                guard count > 0 else { continue }
                let length = Double(count) / Double(max(1, most)) * Double(width - left - 60)
                out.raw("<rect class=\"\(kind.rawValue)\" x=\"\(HTMLBytes.decimal(position))\" y=\"\(y + 2)\" width=\"\(HTMLBytes.decimal(length))\" height=\"\(row - 8)\">")
                out.element("title", "", "\(group.label): \(count) \(kind.rawValue)")
                out.raw("</rect>\n")
                position += length
                sum += count
            }
            out.raw("<text x=\"\(HTMLBytes.decimal(position + 6))\" y=\"\(y + 13)\">\(sum)</text>\n")
        }
    }
}
