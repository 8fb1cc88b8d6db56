#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
public import TEI
public import XML

/// A search in an index: words, and conditions for where they are.
///
///     var search = Search(for: try SearchExpression(#""winter ferry""#))
///     search.hand = "clinton"
///     let found = try index.search(search)
public struct Search: Sendable {
    /// The order of documents.
    public enum Order: String, Sendable, CaseIterable {
        /// The order in which they were indexed.
        case index
        /// By their dates. Documents without a date are the last.
        case date
        /// By relevance (BM25): a document is earlier if the words are frequent in it and rare elsewhere.
        case relevance
    }

    /// The words; `nil` finds marks if the search names a kind, hand or place of marks, or else documents.
    public var expression: SearchExpression?
    /// The text; `nil` for the first text of the index.
    public var policy: Policy?
    /// A part of the id or name of a hand: finds what that hand wrote.
    public var hand: String?
    /// The kind of marks in which the words are.
    public var mark: Mark.Kind?
    /// A value of `@place` of the mark.
    public var markPlace: String?
    /// Parts of names, or ids in registers, with their kinds: finds documents that name them.
    public var entities: [(kind: Entity.Kind, name: String)] = []
    /// The first and last date of the documents: `1994`, `1994-07`, `1994-07-13`. Inexact dates count if they may be
    /// in the range.
    public var from, to: String?
    /// The language of the documents, by its code.
    public var language: String?
    /// The order of documents.
    public var order = Order.index
    /// The number of hits that are returned, and the number before them that are left out.
    public var (limit, skipped) = (20, 0)
    /// The greatest number of hits from one document.
    public var limitOfDocument = Int.max
    /// The number of characters that are returned on each side.
    public var context = 60
    /// Whether the result counts documents by period, author and so on.
    public var hasFacets = false

    /// Makes a search without conditions.
    public init(for expression: SearchExpression? = nil) { self.expression = expression }

    var asksForMarks: Bool { hand != nil || mark != nil || markPlace != nil }
}

/// A place that a search found.
public struct Hit: Sendable {
    /// The document of a hit.
    public struct Document: Sendable {
        /// The name under which it is exported.
        public let name: String
        /// From the header, as written; empty if the header does not say.
        public let title, author, date: String
    }

    /// The document.
    public let document: Document
    /// The place in the text, in Unicode scalars from 0; `nil` for a mark or document that was found without words.
    public let range: Range<Int>?
    /// The same in UTF-16 code units.
    public let rangeUTF16: Range<Int>?
    /// The absolute path of the file.
    public let file: String
    /// The line, and the column in Unicode scalars, both from 1.
    public let line, column: Int
    /// The words that were found, with the text before and after them.
    public let before, text, after: String
    /// The name of the hand, if it is not the hand of the text.
    public let hand: String?
    /// The kind of the mark that it is in.
    public let mark: String?

    /// `file:line:column`
    public var location: String { "\(file):\(line):\(column)" }
}

/// The result of a search.
public struct SearchResult: Sendable {
    /// Numbers of documents by a property, such as the author.
    public struct Facet: Sendable {
        /// The name of the property.
        public let name: String
        /// Each value with the number of its documents, the most frequent first.
        public let values: [(value: String, documents: Int)]
    }

    /// The text that was searched.
    public let policy: Policy
    /// The hits that were asked for.
    public let hits: [Hit]
    /// Whether there are more hits after these.
    public let hasMore: Bool
    /// The number of documents that have the words and fulfil the conditions for documents. Some of them may not have
    /// the words in the hand or mark of the search.
    public let documents: Int
    /// Whether ``documents`` is exact. Without facets, counting ends at 100, so that the first page does not wait.
    public let isCounted: Bool
    /// The facets; empty unless ``Search/hasFacets`` is set.
    public let facets: [Facet]
}

extension CorpusIndex {
    /// Searches the index.
    ///
    /// - Throws: ``XML/Diagnostics`` for a text that the index does not have (`policy-missing`), a wrong date
    ///   (`date-syntax`), a name without a word (`search-syntax`), or an index that cannot be read
    ///   (`index-unreadable`).
    public func search(_ search: Search) throws(Diagnostics) -> SearchResult {
        let policy = search.policy ?? policies.first ?? .reading
        guard let number = policies.firstIndex(of: policy) else {
            throw Diagnostics([Messages.noPolicy(policy.description, policies.map(\.description))])
        }
        do {
            let conditions = try Conditions(search, table: number, database)
            var finder = HitFinder(search, conditions, table: number)
            try finder.run(database)
            let count = try conditions.count(database)
            let isCounted = search.hasFacets || count <= Conditions.mostCounted
            return SearchResult(
                policy: policy, hits: finder.hits, hasMore: finder.hasMore,
                documents: isCounted ? count : Conditions.mostCounted, isCounted: isCounted,
                facets: search.hasFacets ? try conditions.facets(database) : []
            )
        } catch let error as Diagnostics {
            throw error
        } catch {
            throw Diagnostics([Messages.unreadable(database.path, error)])
        }
    }
}

/// A search as SQL: which documents.
private struct Conditions {
    private var tables: String
    private var parts: [String] = []
    private var values: [any Storable] = []
    private let search: Search
    /// The rows of the hands that are meant.
    private(set) var hands: Set<Int64>?

    init(_ search: Search, table: Int, _ database: Database) throws {
        self.search = search
        tables = "document"
        if let expression = search.expression {
            // The words decide in which order the tables are gone through.
            tables = "words_\(table) CROSS JOIN document ON document.id = words_\(table).rowid"
            parts.append("words_\(table) MATCH ?")
            values.append(expression.match)
        }
        if let from = search.from {
            guard let day = Days.day(from, isLast: false) else { throw Diagnostics([Messages.noDate(from, "--from")]) }
            add("document.last >= ?", [day])
        }
        if let to = search.to {
            guard let day = Days.day(to, isLast: true) else { throw Diagnostics([Messages.noDate(to, "--to")]) }
            add("document.first <= ?", [day])
        }
        if let language = search.language {
            add("instr(lower(document.language) || '-', lower(?) || '-') = 1", [language])
        }
        for (kind, name) in search.entities {
            let pattern = try Conditions.pattern(name, "--\(kind.rawValue)")
            let rows: [Int64] = try database.rows(
                "SELECT id FROM entity WHERE kind = ? AND (reference = ? OR ' ' || folded LIKE ?)", kind.rawValue, name,
                pattern
            ).map { $0["id"] }
            add("document.id IN (SELECT document FROM mention WHERE entity IN (\(Conditions.list(rows))))")
        }
        if let hand = search.hand {
            let pattern = try Conditions.pattern(hand, "--hand")
            let rows: [Int64] = try database.rows(
                "SELECT id FROM hand WHERE name = ? OR ' ' || folded LIKE ?", hand, pattern
            ).map { $0["id"] }
            hands = Set(rows)
            add("document.id IN (SELECT document FROM writing WHERE hand IN (\(Conditions.list(rows))))")
        }
        var marks = [
            search.mark.map { _ in "kind = ?" }, search.markPlace.map { _ in "instr(' ' || place || ' ', ?) > 0" },
        ].compactMap(\.self)
        // Without words it is the marks themselves that are found.
        if search.expression == nil, let hands {
            marks.append(
                "hand IN (SELECT number FROM writing WHERE writing.document = mark.document AND hand IN (\(Conditions.list(Array(hands)))))"
            )
        }
        guard !marks.isEmpty else { return }
        let values = [search.mark?.rawValue, search.markPlace.map { " \($0) " }].compactMap(\.self)
        add(
            "document.id IN (SELECT document FROM mark WHERE \(marks.joined(separator: " AND ")))", values)
    }

    private mutating func add(_ part: String, _ values: [any Storable] = []) {
        parts.append(part)
        self.values += values
    }

    /// A pattern of words that each begin a word, anywhere in the name.
    ///
    /// - Throws: ``XML/Diagnostics`` for a name without a word, which would be everybody's.
    private static func pattern(_ name: String, _ option: String) throws(Diagnostics) -> String {
        let words = WordScanner().words(of: name)
        if words.isEmpty { throw Diagnostics([Messages.noName(name, option)]) }
        return words.map { "% \($0)" }.joined() + "%"
    }

    private static func list(_ rows: [Int64]) -> String { rows.map(String.init).joined(separator: ", ") }

    private var condition: String { parts.isEmpty ? "" : " WHERE " + parts.joined(separator: " AND ") }

    private var order: String {
        switch search.order {
        case .index: search.expression == nil ? " ORDER BY document.id" : ""
        case .date: " ORDER BY document.first IS NULL, document.first, document.id"
        case .relevance: search.expression == nil ? " ORDER BY document.id" : " ORDER BY rank"
        }
    }

    func documents(_ database: Database) throws -> Statement {
        try database.cursor(
            "SELECT document.id, name, title, author, date, files, at, line, \"column\" FROM \(tables)\(condition)\(order)",
            values)
    }

    static let mostCounted = 100

    func count(_ database: Database) throws -> Int {
        let limit = search.hasFacets ? "" : " LIMIT \(Conditions.mostCounted + 1)"
        return try database.row("SELECT count(*) FROM (SELECT 1 FROM \(tables)\(condition)\(limit))", values)?.value()
            ?? 0
    }

    // MARK: Facets

    private static let limitOfFacet = 10

    func facets(_ database: Database) throws -> [SearchResult.Facet] {
        try database.execute("CREATE TEMPORARY TABLE IF NOT EXISTS found (id INTEGER PRIMARY KEY); DELETE FROM found")
        try database.run("INSERT INTO found SELECT document.id FROM \(tables)\(condition)", values)
        func facet(
            _ name: String, _ value: String, _ from: String,
            _ order: String = "2 DESC, 1 LIMIT \(Conditions.limitOfFacet)"
        ) throws -> SearchResult.Facet? {
            let rows = try database.rows(
                "SELECT \(value) AS value, count(DISTINCT found.id) AS documents FROM found JOIN \(from) GROUP BY 1 ORDER BY \(order)"
            )
            return rows.isEmpty
                ? nil : SearchResult.Facet(name: name, values: rows.map { ($0["value"], $0["documents"]) })
        }
        let entity = "mention ON mention.document = found.id JOIN entity ON entity.id = mention.entity AND entity.kind"
        return try [
            facet(
                "period", "((document.first / 100000 - (document.first % 100000 < 0)) * 10) || 's'",
                "document ON document.id = found.id AND document.first > \(Days.least)", "min(document.first)"
            ),
            facet("author", "document.author", "document ON document.id = found.id AND document.author <> ''"),
            facet("language", "document.language", "document ON document.id = found.id AND document.language <> ''"),
            facet(
                "hand", "hand.label",
                "writing ON writing.document = found.id AND NOT writing.main JOIN hand ON hand.id = writing.hand"),
            facet("mark", "mark.kind", "mark ON mark.document = found.id"),
            facet("person", "entity.name", "\(entity) = 'person'"),
            facet("organisation", "entity.name", "\(entity) = 'organisation'"),
            facet("place", "entity.name", "\(entity) = 'place'"),
            facet("event", "entity.name", "\(entity) = 'event'"),
        ].compactMap(\.self)
    }
}

/// Goes through the documents until there are hits enough.
private struct HitFinder {
    private let search: Search
    private let conditions: Conditions
    private let table: Int
    private let matcher: PhraseMatcher?
    private var passed = 0
    private(set) var hits: [Hit] = []
    private(set) var hasMore = false

    init(_ search: Search, _ conditions: Conditions, table: Int) {
        (self.search, self.conditions, self.table) = (search, conditions, table)
        matcher = search.expression.map { PhraseMatcher($0.phrases) }
    }

    /// The document that is gone through.
    private struct Current {
        let id: Int64
        let document: Hit.Document
        let files: [String]
        /// The names and rows of the document's hands, by their numbers in the document.
        let hands: [(label: String, row: Int64)]
        let mainHand: Int?
        let marks: [Row]

        func label(_ hand: Int?) -> String? { hand.flatMap { hands.indices.contains($0) ? hands[$0].label : nil } }

        func kind(_ mark: Int?) -> String? { mark.flatMap { marks.indices.contains($0) ? marks[$0]["kind"] : nil } }
    }

    mutating func run(_ database: Database) throws {
        let cursor = try conditions.documents(database)
        while !hasMore, let row = try cursor.next() {
            let id: Int64 = row["id"]
            let document = Hit.Document(
                name: row["name"], title: row["title"], author: row["author"], date: row["date"])
            let hands = try database.rows(
                "SELECT label, hand, main FROM writing JOIN hand ON hand.id = hand WHERE document = ? ORDER BY number",
                id)
            let marks = try database.rows("SELECT * FROM mark WHERE document = ? ORDER BY number", id)
            let files: String = row["files"]
            let current = Current(
                id: id, document: document, files: files.components(separatedBy: CorpusIndex.separator),
                hands: hands.map { ($0["label"], $0["hand"]) },
                mainHand: hands.firstIndex { $0["main"] }, marks: marks
            )
            if matcher != nil {
                try findWords(in: current, database)
            } else if search.asksForMarks {
                findMarks(in: current)
            } else if takesNext() {
                hits.append(
                    Hit(
                        document: document, range: nil, rangeUTF16: nil, file: row["at"], line: row["line"],
                        column: row["column"], before: "", text: document.title, after: "", hand: nil, mark: nil))
            }
        }
    }

    /// Whether the next hit is to be shown.
    private mutating func takesNext() -> Bool {
        if passed < search.skipped {
            passed += 1
            return false
        }
        hasMore = hits.count == search.limit
        return !hasMore
    }

    // MARK: Marks

    private mutating func findMarks(in current: Current) {
        var count = 0
        for (number, mark) in current.marks.enumerated()
        where !mark["continues"] && isMeant(mark: number, hand: mark["hand"], current, isWithin: false) {
            guard count < search.limitOfDocument, !hasMore else { return }
            count += 1
            guard takesNext() else { continue }
            hits.append(
                Hit(
                    document: current.document, range: nil, rangeUTF16: nil, file: mark["file"], line: mark["line"],
                    column: mark["column"], before: "", text: mark["text"],
                    after: "", hand: current.label(mark["hand"]), mark: mark["kind"]
                ))
        }
    }

    /// - Parameters:
    ///   - mark: the innermost.
    ///   - isWithin: whether a mark around it will do.
    private func isMeant(mark: Int?, hand: Int?, _ current: Current, isWithin: Bool = true) -> Bool {
        if let hands = conditions.hands {
            guard let hand, current.hands.indices.contains(hand), hands.contains(current.hands[hand].row) else {
                return false
            }
        }
        guard search.mark != nil || search.markPlace != nil else { return true }
        var number = mark
        var passed = 0
        while let mark = number, current.marks.indices.contains(mark), passed <= current.marks.count {
            let row = current.marks[mark]
            let (kind, place): (String, String) = (row["kind"], row["place"])
            if search.mark.map({ $0.rawValue == kind }) ?? true,
                search.markPlace.map({ " \(place) ".contains(" \($0) ") }) ?? true
            {
                return true
            }
            number = isWithin ? row["outer"] : nil
            passed += 1
        }
        return false
    }

    // MARK: Words

    private mutating func findWords(in current: Current, _ database: Database) throws {
        guard let matcher,
            let row = try database.row("SELECT content, origins, runs FROM text_\(table) WHERE id = ?", current.id)
        else { return }
        let text = Array((row["content"] as String).utf8)
        let (origins, runs): ([UInt8], [Runs.Run]) = (row["origins"], Runs.list(in: row["runs"]))
        let words = Origins.masked(text, origins)
        var (position, offset, offsetUTF16) = (0, 0, 0)
        func advance(to end: Int) {
            for byte in text[position..<end] where byte & 0xC0 != 0x80 {
                offset += 1
                offsetUTF16 += byte >= 0xF0 ? 2 : 1
            }
            position = end
        }
        var (count, places) = (0, OriginsReader(origins))
        for range in matcher.ranges(in: words) {
            guard count < search.limitOfDocument, !hasMore else { return }
            advance(to: range.lowerBound)
            let (start, startUTF16) = (offset, offsetUTF16)
            let run = runs.boundary { $0.range.upperBound > start }
            let found = run < runs.count && runs[run].range.contains(start) ? runs[run] : nil
            let hand: Int? =
                switch found?.hand ?? .main {
                case .main: current.mainHand
                case .nobody: nil
                case .other(let number): number
                }
            guard isMeant(mark: found?.mark, hand: hand, current) else { continue }
            count += 1
            advance(to: range.upperBound)
            guard takesNext() else { continue }
            let place = places.place(of: start)
            hits.append(
                Hit(
                    document: current.document, range: start..<offset, rangeUTF16: startUTF16..<offsetUTF16,
                    file: place.flatMap { current.files.indices.contains($0.file) ? current.files[$0.file] : nil }
                        ?? "", line: place?.line ?? 1, column: place?.column ?? 1,
                    before: context(text[..<range.lowerBound], isBefore: true),
                    text: String(decoding: text[range], as: UTF8.self),
                    after: context(text[range.upperBound...], isBefore: false),
                    hand: hand == current.mainHand ? nil : current.label(hand), mark: current.kind(found?.mark)
                ))
        }
    }

    /// The text before or after words, as far as whole words fit.
    private func context(_ text: ArraySlice<UInt8>, isBefore: Bool) -> String {
        // A character has four bytes at most.
        let near = isBefore ? text.suffix(4 * search.context + 4) : text.prefix(4 * search.context + 4)
        let scalars = Array(String(decoding: near.drop { isBefore && $0 & 0xC0 == 0x80 }, as: UTF8.self).unicodeScalars)
        guard scalars.count > search.context || near.count < text.count else {
            return String(String.UnicodeScalarView(scalars))
        }
        let part = isBefore ? scalars.suffix(search.context) : scalars.prefix(search.context)
        let space =
            isBefore
            ? part.firstIndex(where: \.properties.isWhitespace) : part.lastIndex(where: \.properties.isWhitespace)
        let whole = space.map { isBefore ? part[$0...] : part[...$0] } ?? part
        return (isBefore ? "…" : "") + String(String.UnicodeScalarView(whole)) + (isBefore ? "" : "…")
    }
}

/// Finds phrases in a text.
private struct PhraseMatcher {
    private struct Phrase {
        /// The numbers of its words.
        let words: [Int]
        /// The beginning of the last word, if its rest does not matter.
        let prefix: [UInt8]?
    }

    private let phrases: [Phrase]
    private let numbers: [[UInt8]: Int]
    /// For each byte, whether any of the words begins with it: most words of a text need not be looked up.
    private let mayBegin: [Bool]
    private let scanner = WordScanner()

    init(_ phrases: [(words: [String], isPrefix: Bool)]) {
        var numbers: [[UInt8]: Int] = [:]
        self.phrases = phrases.map { phrase in
            let whole = phrase.isPrefix ? phrase.words.dropLast() : phrase.words[...]
            let words = whole.map { word in
                let key = Array(word.utf8)
                let number = numbers[key] ?? numbers.count
                numbers[key] = number
                return number
            }
            return Phrase(words: words, prefix: phrase.isPrefix ? phrase.words.last.map { Array($0.utf8) } : nil)
        }
        self.numbers = numbers
        let firstBytes = Set((Array(numbers.keys) + self.phrases.compactMap(\.prefix)).compactMap(\.first))
        mayBegin = (0...UInt8.max).map(firstBytes.contains)
    }

    /// Their ranges in bytes, in the order of the text. Of two that overlap, the first counts; of two that begin at the
    /// same place, the longer.
    func ranges(in text: [UInt8]) -> [Range<Int>] {
        let prefixes = phrases.compactMap(\.prefix)
        var words: [(number: Int, range: Range<Int>)] = []
        /// For the beginning of each phrase that has one, the words that begin so.
        var begun: [Int: Set<Int>] = [:]
        scanner.forEachWord(in: text.span) { word, range in
            guard mayBegin[Int(word[0])] else {
                words.append((-1, range))
                return true
            }
            for (number, prefix) in prefixes.enumerated() where word.starts(with: prefix) {
                begun[number, default: []].insert(words.count)
            }
            words.append((numbers[word] ?? -1, range))
            return true
        }
        var found: [Int: Range<Int>] = [:]
        var prefix = 0
        for phrase in phrases {
            let ends = phrase.prefix == nil ? nil : begun[prefix] ?? []
            if phrase.prefix != nil { prefix += 1 }
            let length = phrase.words.count + (ends == nil ? 0 : 1)
            for start in words.indices where start + length <= words.count {
                guard zip(phrase.words, words[start...]).allSatisfy({ $0 == $1.number }),
                    ends?.contains(start + length - 1) ?? true
                else { continue }
                let range = words[start].range.lowerBound..<words[start + length - 1].range.upperBound
                if found[range.lowerBound].map({ $0.count < range.count }) ?? true { found[range.lowerBound] = range }
            }
        }
        var end = 0
        return found.values.sorted { $0.lowerBound < $1.lowerBound }.filter { range in
            guard range.lowerBound >= end else { return false }
            end = range.upperBound
            return true
        }
    }
}
