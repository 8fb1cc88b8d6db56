internal import XML

/// The pages beside those of the documents: the index, the registers of names, and the search.
struct HTMLSite {
    private let edition: Header?
    private let items: [HTMLFormat.Item]
    private let interface: Interface
    private let language: String
    private let names: [Name]

    /// Someone or something in a register, with the documents that name it.
    private struct Name {
        let entity: Entity
        let id: String
        let page: String
        /// Each with the number of its entity and how often it names it.
        var documents: [(item: Int, entity: Int, count: Int)] = []
    }

    init(_ edition: Node?, _ items: [HTMLFormat.Item], _ interface: Interface?) {
        self.edition = edition.map(Header.init)
        self.items = items
        language = edition?.language ?? items.first?.transcription.element.language ?? "en"
        self.interface = interface ?? Interface(language) ?? .english
        names = HTMLSite.names(items)
    }

    private static func names(_ items: [HTMLFormat.Item]) -> [Name] {
        var (names, numbers): ([Name], [String: Int]) = ([], [:])
        for (item, document) in items.enumerated() {
            for (number, entity) in document.transcription.entities.enumerated() {
                guard let (page, id) = entity.register else { continue }
                let known = numbers["\(page)#\(id)"] ?? names.count
                if known == names.count {
                    names.append(Name(entity: entity, id: id, page: page))
                    numbers["\(page)#\(id)"] = known
                }
                names[known].documents.append((item, number, entity.mentions.count))
            }
        }
        return names.sorted { ($0.entity.sortKey, $0.id) < ($1.entity.sortKey, $1.id) }
    }

    /// The pages, each with the name of its file.
    var pages: [(name: String, bytes: [UInt8])] {
        [("index", index), ("search", search)] + registers.map { ($0.registerPage ?? "", register($0)) }
    }

    /// The registers that have an entry.
    private var registers: [Entity.Kind] {
        Entity.Kind.allCases.filter { kind in kind.registerPage.map { page in names.contains { $0.page == page } } ?? false }
    }

    /// The language of our own words, where it is another.
    private var ownLanguage: String { interface.attribute(in: language) }

    private var title: String { edition?.titles.first ?? interface(.documents) }

    private func begin(_ heading: String?, script: HTMLScript? = nil) -> HTMLBytes {
        var out = HTMLBytes()
        out.beginPage(title: heading.map { "\($0) – \(title)" } ?? title, language: language, bodyClass: "index", script: script)
        out.raw("<nav class=\"tools\" aria-label=\"\(interface(.tools))\"\(ownLanguage)>\n")
        let links = [("index", interface(.edition))] + registers.map { ($0.registerPage ?? "", Words.names(of: $0, interface)) } + [("search", interface(.search))]
        for (name, label) in links {
            out.raw("<a href=\"\(name).html\"\(label == heading || (heading == nil && name == "index") ? " aria-current=\"page\"" : "")>")
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
        for (number, item) in items.enumerated() { write(item, number + 1, &out) }
        out.raw("</ol>\n")
        writeReaders(&out)
        out.raw("</main>\n")
        out.endPage()
        return out.bytes
    }

    private func write(_ item: HTMLFormat.Item, _ number: Int, _ out: inout HTMLBytes) {
        let transcription = item.transcription
        let words = Words(transcription, interface)
        let header = transcription.header
        out.raw("<li id=\"document:\(number)\"><p class=\"title\">")
        out.link(beside: item.address, header.titles.first ?? transcription.element.file.path)
        out.raw("</p>\n")
        let about = header.authors.map(\.name) + [header.date.map(words.date) ?? ""] + header.holdings.map(words.holding)
        out.element("p", " class=\"facts\"", about.filter { !$0.isEmpty }.joined(separator: " · "))
        let found = Mark.Kind.allCases.compactMap { kind -> String? in
            let count = transcription.marks.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
            return count > 0 ? words.count(count, kind) : nil
        } + (transcription.gaps.isEmpty ? [] : ["\(interface(.gaps)): \(transcription.gaps.count)"])
        if !found.isEmpty { out.element("p", " class=\"facts\"\(ownLanguage)", found.joined(separator: ", ")) }
        out.raw("</li>\n")
    }

    /// The hands other than those of the texts, each with the documents that it wrote on.
    private func writeReaders(_ out: inout HTMLBytes) {
        var names: [String] = []
        var documents: [String: [Int]] = [:]
        for (index, item) in items.enumerated() {
            for hand in item.transcription.hands where !hand.isMain && hand.label != hand.id {
                if documents[hand.label] == nil { names.append(hand.label) }
                documents[hand.label, default: []].append(index)
            }
        }
        guard !names.isEmpty else { return }
        out.element("h2", ownLanguage, interface(.readers))
        out.raw("<ul class=\"readers\">\n")
        for name in names {
            out.raw("<li>")
            out.element("b", "", name)
            out.raw("<ul>\n")
            for index in documents[name] ?? [] {
                out.raw("<li>")
                out.link(beside: items[index].address, items[index].transcription.header.titles.first ?? "\(index + 1)")
                out.raw("</li>\n")
            }
            out.raw("</ul></li>\n")
        }
        out.raw("</ul>\n")
    }

    // MARK: Registers

    private func register(_ kind: Entity.Kind) -> [UInt8] {
        let heading = Words.names(of: kind, interface)
        var out = begin(heading)
        out.raw("<main>\n")
        out.element("h1", ownLanguage, heading)
        out.raw("<ul class=\"cards\">\n")
        for name in names where name.page == kind.registerPage {
            out.raw("<li class=\"card\"")
            out.attribute("id", name.id)
            out.raw(">")
            out.element("b", "", name.entity.name)
            out.entry(of: name.entity)
            out.raw("<span class=\"mentions\"\(ownLanguage)>\(interface(.inDocuments)):</span><ul>\n")
            for document in name.documents {
                out.raw("<li>")
                out.link(beside: "\(items[document.item].address)#name:\(document.entity + 1)", items[document.item].transcription.header.titles.first ?? "\(document.item + 1)")
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
        out.raw("<form role=\"search\" hidden=\"hidden\"\(ownLanguage)><label>\(interface(.searchFor)) <input type=\"search\" autocomplete=\"off\"/></label></form>\n")
        out.element("p", " class=\"hint\"\(ownLanguage)", interface(.searchHint))
        out.raw("<p class=\"count\" role=\"status\"\(ownLanguage)")
        out.attribute("data-words", interface(.found))
        out.raw("></p>\n<ol class=\"results\"></ol>\n</main>\n<script type=\"application/json\" id=\"page:index\">")
        out.bytes += searchIndex
        out.raw("</script>\n")
        out.endPage(script: .search)
        return out.bytes
    }

    /// Each document with its paragraphs, as JSON that neither ends a script nor is markup to XML.
    private var searchIndex: [UInt8] {
        var writer = JSONWriter()
        writer.array(of: items) { writer, item in
            let transcription = item.transcription
            writer.object { writer in
                writer.string("title", transcription.header.titles.first ?? item.address)
                writer.string("address", item.address)
                writer.array("paragraphs", of: transcription.reading(.reading).paragraphs) { writer, paragraph in
                    writer.strings(nil, [paragraph.id ?? "", paragraph.text])
                }
            }
        }
        var index: [UInt8] = []
        index.reserveCapacity(writer.bytes.count)
        for byte in writer.bytes {
            switch byte {
            case UInt8(ascii: "<"): index += "\\u003c".utf8
            case UInt8(ascii: ">"): index += "\\u003e".utf8
            case UInt8(ascii: "&"): index += "\\u0026".utf8
            default: index.append(byte)
            }
        }
        return index
    }
}

extension Reading {
    /// The paragraphs of the text, each with the `xml:id` that is nearest to its first word.
    fileprivate var paragraphs: [(id: String?, text: String)] {
        var (found, start): ([(String?, String)], Int) = ([], 0)
        var next = segments.startIndex
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            while next + 1 < segments.endIndex, segments[next + 1].start <= start { next += 1 }
            if !line.isEmpty { found.append((segments[next].node.nearestID, String(line))) }
            start += line.unicodeScalars.count + 1
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
