public import TEI
public import XML

/// The pages beside the documents of an edition: the index, statistics, the registers of named people, organisations,
/// places and events, and a search.
///
///     let (document, library) = try EditionFiles.read("edition.xml", root: nil)
///     var site = HTMLSite()
///     for item in try EditionFiles.items(in: document, library: library) {
///         let transcription = Transcription(of: item.element, library: item.library)
///         site.add(HTMLSite.Entry(transcription, address: "\(item.name).html"))
///     }
///     for page in site.pages { print("\(page.name).html", page.bytes.count) }
public struct HTMLSite: Sendable {
    private var edition: Header?
    private var language: String?
    private var interface: PageLanguage?
    private var entries: [Entry] = []
    private var names: [Name] = []
    /// The number of a name, by the page of the register and the identifier on it.
    private var numbers: [CodepointString: Int] = [:]
    private var searched = 0

    /// A browser cannot search more than so many bytes while somebody types.
    private static let searchable = 32_000_000

    /// Someone or something in a register, with the documents that name it.
    fileprivate struct Name: Sendable {
        let mention: Entry.Mention
        /// Each with the number of its entity and how often it names it.
        var documents: [(item: Int, entity: Int, count: Int)] = []
    }

    /// The facts about a document that the site needs. The document itself is not kept.
    public struct Entry: Sendable, Codable {
        fileprivate let address: String
        fileprivate let title: String?
        fileprivate let language: String?
        fileprivate let authors: [String]
        fileprivate let date: Header.Date?
        fileprivate let holdings: [Header.Holding]
        fileprivate let marks: [MarkCount]
        fileprivate let gaps: Int
        /// The hands that did not write the text.
        fileprivate let readers: [String]
        fileprivate let mentions: [Mention]
        /// The paragraphs of the reading text for the search, as JSON; `nil` if they were left out.
        fileprivate var indexed: String?

        fileprivate struct MarkCount: Sendable, Codable {
            let kind: Mark.Kind
            let count: Int
        }

        fileprivate struct Identifier: Sendable, Codable {
            let type: String
            let value: String
        }

        /// Someone or something of a register that the document names.
        fileprivate struct Mention: Sendable, Codable {
            let page: String
            let id: String
            let name: String
            let sortKey: String
            /// The description in the register.
            let description: String
            let identifiers: [Identifier]
            /// The number of the entity in the document.
            let entity: Int
            let count: Int
        }

        /// Takes the facts from a document.
        ///
        /// - Parameters:
        ///   - transcription: the document.
        ///   - address: the path of its page, relative to the index.
        public init(_ transcription: Transcription, address: String) {
            let header = transcription.header
            self.address = address
            title = header.titles.first
            language = transcription.element.language
            (authors, date, holdings) = (header.authors.map(\.name), header.date, header.holdings)
            let counts = Dictionary(grouping: transcription.marks, by: \.kind)
            marks = Mark.Kind.allCases.compactMap { kind in counts[kind].map { MarkCount(kind: kind, count: $0.count) }
            }
            gaps = transcription.gaps.count
            readers = transcription.hands.filter { !$0.isMain && $0.isNamed }.map(\.label)
            mentions = transcription.entities.enumerated().compactMap { number, entity in
                guard let (page, id) = entity.register else { return nil }
                return Mention(
                    page: page, id: id, name: entity.name, sortKey: entity.sortKey, description: entity.description,
                    identifiers: entity.identifiers.map { Identifier(type: $0.type, value: $0.value) }, entity: number,
                    count: entity.mentions.count
                )
            }
            indexed = Entry.indexed(transcription, title: title ?? address, address: address)
        }

        private static func indexed(_ transcription: Transcription, title: String, address: String) -> String {
            var writer = JSONWriter(depth: 1)
            writer.object { writer in
                writer.string("title", title)
                writer.string("address", address)
                writer.array("paragraphs", of: transcription.reading(.reading).paragraphs) { writer, paragraph in
                    writer.strings(nil, [paragraph.id ?? "", paragraph.text])
                }
            }
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    /// Makes a site without documents.
    ///
    /// - Parameter interface: the language of controls, headings and labels; by default the language of the edition,
    ///   or else of the first document.
    public init(interface: PageLanguage? = nil) {
        self.interface = interface
    }

    /// Takes the title, licence and language of the edition from its `teiCorpus` (TEI P5, HD).
    public mutating func set(edition: Node) {
        self.edition = Header(edition)
        language = edition.language
    }

    /// Adds a document after the others.
    ///
    /// - Returns: the entry as the site keeps it: without the text if the site has no search.
    @discardableResult
    public mutating func add(_ entry: Entry) -> Entry {
        var entry = entry
        searched += entry.indexed?.utf8.count ?? HTMLSite.searchable + 1
        if !isSearchable { entry.indexed = nil }
        for mention in entry.mentions {
            let key = CodepointString("\(mention.page)#\(mention.id)")
            let number = numbers[key] ?? names.count
            if number == names.count {
                names.append(Name(mention: mention))
                numbers[key] = number
            }
            names[number].documents.append((entries.count, mention.entity, mention.count))
        }
        entries.append(entry)
        return entry
    }

    /// Whether the site has no documents.
    public var isEmpty: Bool { entries.isEmpty }

    /// Whether the site has a search. With more than 32 MB of text it has none, since a browser could not hold the
    /// index.
    public var isSearchable: Bool { searched <= HTMLSite.searchable }

    /// The pages, each with the name of its file without the extension (see ``HTMLFormat/siteNames``).
    public var pages: [(name: String, bytes: [UInt8])] {
        let language = language ?? entries.first?.language ?? "en"
        return SitePages(
            edition: edition, entries: entries,
            names: names.sorted { a, b in
                (a.mention.sortKey, CodepointString(a.mention.id)) < (b.mention.sortKey, CodepointString(b.mention.id))
            },
            language: language, interface: interface ?? PageLanguage(language) ?? .english, isSearchable: isSearchable
        ).pages
    }
}

/// The facts from which the pages of a site are made.
private struct SitePages {
    let edition: Header?
    let entries: [HTMLSite.Entry]
    let names: [HTMLSite.Name]
    let language: String
    let interface: PageLanguage
    let isSearchable: Bool

    var pages: [(name: String, bytes: [UInt8])] {
        [("index", index), ("statistics", statistics)] + (isSearchable ? [("search", search)] : [])
            + registers.map { ($0.registerPage ?? "", register($0)) }
    }

    /// The registers that have an entry.
    private var registers: [Entity.Kind] {
        Entity.Kind.allCases.filter { kind in
            kind.registerPage.map { page in names.contains { $0.mention.page == page } } ?? false
        }
    }

    /// The attribute for the language of the page's own words, if it is another language.
    private var ownLanguage: Markup { interface.attribute(in: language) }

    private var title: String { edition?.titles.first ?? interface(.documents) }

    private func begin(_ heading: String?, script: PageScript? = nil) -> HTMLBytes {
        var out = HTMLBytes()
        out.beginPage(
            title: heading.map { "\($0) – \(title)" } ?? title, language: language, bodyClass: "index", script: script)
        out.raw("<nav class=\"tools\" aria-label=\"\(interface(.tools))\"\(ownLanguage)>\n")
        let links =
            [("index", interface(.edition))]
            + registers.map { ($0.registerPage ?? "", Wording.names(of: $0, interface)) }
            + [("statistics", interface(.statistics))] + (isSearchable ? [("search", interface(.search))] : [])
        for (name, label) in links {
            out.raw("<a")
            out.attribute("href", PageAddress(file: name + ".html"))
            if label == heading || heading == nil && name == "index" { out.attribute("aria-current", "page") }
            out.raw(">")
            out.text(label)
            out.raw("</a>\n")
        }
        out.raw("</nav>\n")
        return out
    }

    // MARK: Index

    private var index: [UInt8] {
        var out = begin(nil)
        out.raw("<header>\n<div class=\"about\">\n")
        out.element("h1", "", title)
        for subtitle in (edition?.titles ?? []).dropFirst() { out.element("p", " class=\"subtitle\"", subtitle) }
        if let summary = edition?.summary { out.element("p", " class=\"summary\"", summary) }
        out.raw("<dl\(ownLanguage)>")
        out.field(interface(.author), edition?.authors.map(\.name) ?? [])
        out.licence(edition?.licence, interface)
        out.raw("</dl>\n</div>\n</header>\n<main>\n")
        out.element("h2", ownLanguage, interface(.documents))
        out.raw("<ol class=\"documents\">\n")
        for (number, entry) in entries.enumerated() { write(entry, number + 1, &out) }
        out.raw("</ol>\n")
        writeReaders(&out)
        out.raw("</main>\n")
        out.endPage()
        return out.bytes
    }

    private func write(_ entry: HTMLSite.Entry, _ number: Int, _ out: inout HTMLBytes) {
        out.raw("<li id=\"document:\(number)\"><p class=\"title\">")
        out.link(beside: entry.address, entry.title ?? entry.address)
        out.raw("</p>\n")
        let about = entry.authors + [entry.date.map(interface.date) ?? ""] + entry.holdings.map(interface.holding)
        out.element("p", " class=\"facts\"", about.filter { !$0.isEmpty }.joined(separator: " · "))
        let found =
            entry.marks.map { interface.count($0.count, $0.kind) }
            + (entry.gaps > 0 ? ["\(interface(.gaps)): \(entry.gaps)"] : [])
        if !found.isEmpty { out.element("p", " class=\"facts\"\(ownLanguage)", found.joined(separator: ", ")) }
        out.raw("</li>\n")
    }

    /// The hands other than those of the texts, each with the documents that it wrote on.
    private func writeReaders(_ out: inout HTMLBytes) {
        var names: [CodepointString] = []
        var documents: [CodepointString: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            for reader in entry.readers.map({ CodepointString($0) }) {
                if documents[reader] == nil { names.append(reader) }
                documents[reader, default: []].append(index)
            }
        }
        guard !names.isEmpty else { return }
        out.element("h2", ownLanguage, interface(.readers))
        out.raw("<ul class=\"readers\">\n")
        for name in names {
            out.raw("<li>")
            out.element("b", "", name.string)
            out.raw("<ul>\n")
            for index in documents[name] ?? [] {
                out.raw("<li>")
                out.link(beside: entries[index].address, entries[index].title ?? "\(index + 1)")
                out.raw("</li>\n")
            }
            out.raw("</ul></li>\n")
        }
        out.raw("</ul>\n")
    }

    // MARK: Statistics

    /// As many bars can be told apart.
    private static let mostBars = 200

    /// When the documents were written, and what marks they have: as pictures, and as a table.
    private var statistics: [UInt8] {
        let heading = interface(.statistics)
        var out = begin(heading)
        out.raw("<main>\n")
        out.element("h1", ownLanguage, heading)
        writePictures(&out)
        let kinds = Mark.Kind.allCases.filter { kind in entries.contains { $0.count(of: kind) > 0 } }
        out.raw(
            "<div class=\"scrolled\" tabindex=\"0\" role=\"region\" aria-label=\"\(heading)\"\(ownLanguage)>\n<table class=\"counts-table\">\n<thead><tr>"
        )
        for name in [interface(.documents), interface(.date)] + kinds.map(interface.name) + [interface(.gaps)] {
            out.element("th", " scope=\"col\"\(ownLanguage)", name)
        }
        out.raw("</tr></thead>\n<tbody>\n")
        for entry in entries {
            out.raw("<tr><th scope=\"row\">")
            out.link(beside: entry.address, entry.title ?? entry.address)
            out.raw("</th>")
            for value in [entry.date?.earliest ?? ""] + kinds.map({ "\(entry.count(of: $0))" }) + ["\(entry.gaps)"] {
                out.element("td", "", value)
            }
            out.raw("</tr>\n")
        }
        out.raw("</tbody>\n</table>\n</div>\n</main>\n")
        out.endPage()
        return out.bytes
    }

    private func writePictures(_ out: inout HTMLBytes) {
        let timeline = Timeline(
            entries.compactMap { entry in
                entry.date?.earliest.flatMap(StatisticsTable.year).map { (entry.title ?? entry.address, $0, entry.sum) }
            })
        let bars = entries.filter { $0.sum > 0 }.sorted { $0.sum > $1.sum }.prefix(SitePages.mostBars).map { entry in
            MarkBar(label: entry.title ?? entry.address, counts: Mark.Kind.allCases.map { ($0, entry.count(of: $0)) })
        }
        guard timeline != nil || !bars.isEmpty else { return }
        out.raw(
            "<div class=\"scrolled\" tabindex=\"0\" role=\"region\" aria-label=\"\(interface(.documents))\"\(ownLanguage)>\n"
        )
        out.picture(
            interface(.statistics),
            height: (timeline?.height ?? 0) + (bars.isEmpty ? 0 : MarkBar.height(of: bars.count))
        ) { out in
            timeline?.write(&out) { interface.count($0, of: interface.name(.other)) }
            if !bars.isEmpty { out.bars(bars, top: timeline?.height ?? 0, name: interface.name) }
        }
        out.raw("</div>\n")
    }

    // MARK: Registers

    private func register(_ kind: Entity.Kind) -> [UInt8] {
        let heading = Wording.names(of: kind, interface)
        var out = begin(heading)
        out.raw("<main>\n")
        out.element("h1", ownLanguage, heading)
        out.raw("<ul class=\"cards\">\n")
        for name in names where name.mention.page == kind.registerPage {
            out.raw("<li class=\"card\"")
            out.attribute("id", name.mention.id)
            out.raw(">")
            out.element("b", "", name.mention.name)
            out.entry(name.mention.description, name.mention.identifiers.map { ($0.type, $0.value) })
            out.raw("<span class=\"mentions\"\(ownLanguage)>\(interface(.inDocuments)):</span><ul>\n")
            for document in name.documents {
                out.raw("<li>")
                let entry = entries[document.item]
                out.link(beside: "\(entry.address)#name:\(document.entity + 1)", entry.title ?? "\(document.item + 1)")
                out.raw(document.count > 0 ? " (\(document.count))</li>\n" : "</li>\n")
            }
            out.raw("</ul></li>\n")
        }
        out.raw("</ul>\n</main>\n")
        out.endPage()
        return out.bytes
    }

    // MARK: Search

    /// The page that searches has its index in it: from a disk a browser lets no page read another file.
    private var search: [UInt8] {
        let heading = interface(.search)
        var out = begin(heading, script: .search)
        out.raw("<main>\n")
        out.element("h1", ownLanguage, heading)
        out.element("p", " class=\"needs-script\"\(ownLanguage)", interface(.searchNeedsScript))
        out.raw(
            "<form role=\"search\" hidden=\"hidden\"\(ownLanguage)><label>\(interface(.searchFor)) <input type=\"search\" autocomplete=\"off\"/></label></form>\n"
        )
        out.element("p", " class=\"hint\"\(ownLanguage)", interface(.searchHint))
        out.raw("<p class=\"count\" role=\"status\"\(ownLanguage)")
        out.attribute("data-words", interface(.found))
        out.raw("></p>\n<ol class=\"results\"></ol>\n</main>\n<script type=\"application/json\" id=\"page:index\">")
        out.scriptData(searchIndex.utf8)
        out.raw("</script>\n")
        out.endPage(script: .search)
        return out.bytes
    }

    private var searchIndex: String { "[" + entries.compactMap(\.indexed).joined(separator: ",") + "\n]" }
}

extension HTMLSite.Entry {
    fileprivate func count(of kind: Mark.Kind) -> Int { marks.first { $0.kind == kind }?.count ?? 0 }

    fileprivate var sum: Int { marks.reduce(0) { $0 + $1.count } }
}

extension Reading {
    /// The paragraphs of the text, each with the `xml:id` that is nearest to its first word.
    fileprivate var paragraphs: [(id: String?, text: String)] {
        var (found, start): ([(String?, String)], Int) = ([], 0)
        var next = segments.startIndex
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            while next + 1 < segments.endIndex, segments[next + 1].start <= start { next += 1 }
            if !line.isEmpty { found.append((segments[next].node.nearestID, String(Substring(line)))) }
            start += line.reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        }
        return found
    }
}

extension Entity {
    /// Surnames first, without regard to capitals and accents.
    fileprivate var sortKey: String {
        let surname = entry?.childElements.first { $0.tei == "persName" }?.child("surname")?.plainText
        return [surname, name].compactMap(\.self).joined(separator: " ").lowercased()
    }
}

extension Entity {
    /// The page of an edition's register, and the identifier on it.
    var register: (page: String, id: String)? {
        guard let id = entry?.xmlID, let page = kind.registerPage else { return nil }
        return (page, id)
    }
}

extension Entity.Kind {
    /// The name of the page that lists those of this kind; `nil` for what is in no register.
    var registerPage: String? {
        switch self {
        case .person: "people"
        case .organisation: "organisations"
        case .place: "places"
        case .event: "events"
        case .other: nil
        }
    }
}
