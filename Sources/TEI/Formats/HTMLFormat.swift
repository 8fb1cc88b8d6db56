public import XML

/// A page that opens from disk: the text with margins in which marks, stamps and notes stand beside what they touch,
/// coloured and lettered by hand, with a legend.
///
///     let bytes = HTMLFormat.html.export(transcription, policy: .reading)
///
/// One file, without script and without anything from elsewhere; HTML5 that is well-formed XML too. What the policy
/// leaves out is listed below the text, so that every page has every mark, hand and gap. In its data:
///
/// | attribute | stands for | value |
/// |---|---|---|
/// | `data-mark` | a mark | its kind |
/// | `data-hand` | with `data-mark`, who made it; else an element with `@hand` | the hand's id |
/// | `data-shift` | a `handShift` | the new hand's id |
/// | `data-described` | a hand that is described | its id |
/// | `data-gap` | a gap | its kind |
/// | `data-ref` | a mention | the pointer |
/// | `data-element` | an element that the model does not know | its name |
///
/// An `xml:id` is the `id` of what stands for its element; the page's own identifiers have a colon.
public struct HTMLFormat: Format {
    public let fileExtension = "html"

    public init() {}

    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        var page = DocumentPage(transcription, policy)
        return page.write()
    }

    /// A document of an edition, and where its pages are.
    public struct Item: Sendable {
        public let transcription: Transcription
        /// For each policy, the address of the page relative to the index; the first is the one to read.
        public let links: [(policy: Policy, address: String)]

        public init(_ transcription: Transcription, links: [(policy: Policy, address: String)]) {
            self.transcription = transcription
            self.links = links
        }
    }

    /// The index page of an edition: its documents, and who wrote on which of them.
    ///
    /// - Parameters:
    ///   - edition: the `teiCorpus` element of the edition, for its title, licence and language; `nil` where there is none.
    ///   - items: the documents, in the order in which they are listed.
    public func index(of edition: Node?, items: [Item]) -> [UInt8] {
        var page = IndexPage(edition.map(Header.init), items)
        return page.write(language: edition?.language)
    }
}

extension Format where Self == HTMLFormat {
    public static var html: HTMLFormat { HTMLFormat() }
}

// MARK: - Bytes

/// HTML as it is being written.
struct HTMLBytes {
    var bytes: [UInt8] = []

    /// Appends markup of our own.
    mutating func raw(_ string: String) {
        bytes.append(contentsOf: string.utf8)
    }

    /// Appends words, escaped for text and for attributes.
    mutating func text(_ string: some StringProtocol) {
        escape(string.utf8)
    }

    mutating func text(_ utf8: ArraySlice<UInt8>) {
        escape(utf8)
    }

    private mutating func escape(_ utf8: some Collection<UInt8>) {
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            default: bytes.append(byte)
            }
        }
    }

    mutating func attribute(_ name: String, _ value: String) {
        raw(" ")
        raw(name)
        raw("=\"")
        text(value)
        raw("\"")
    }

    mutating func element(_ name: String, _ attributes: String = "", _ content: String) {
        raw("<\(name)\(attributes)>")
        text(content)
        raw("</\(name)>")
    }

    /// A link where the address is safe, else its words alone.
    mutating func link(to address: String, _ content: String) {
        guard HTMLBytes.isSafe(address) else { return text(content) }
        raw("<a")
        attribute("href", address)
        raw(">")
        text(content)
        raw("</a>")
    }

    /// The last character, where no tag stands behind it.
    var lastScalar: Unicode.Scalar? {
        String(decoding: bytes.suffix(4), as: UTF8.self).unicodeScalars.last
    }

    /// Whether an address from a source may be followed: the web and mail, and no other scheme.
    static func isSafe(_ address: String) -> Bool {
        ["http", "https", "mailto"].contains(Reference(address).scheme)
    }
}

/// How hands are told apart on a page: by a letter, and by a colour beside it.
struct HTMLHands {
    private let letters: [String]
    private let classes: [String]
    private let ids: [String]

    init(_ hands: [Hand]) {
        var (letters, classes): ([String], [String]) = ([], [])
        var number = 0
        for hand in hands {
            letters.append(hand.isMain ? "" : HTMLHands.letter(number))
            classes.append(hand.isMain ? "h0" : "h\(number % 8 + 1)")
            number += hand.isMain ? 0 : 1
        }
        (self.letters, self.classes, ids) = (letters, classes, hands.map(\.id))
    }

    private static func letter(_ number: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(number % 26)))
        return number < 26 ? letter : letter + "\(number / 26 + 1)"
    }

    /// The letter; empty for the hand of the text.
    func letter(_ hand: Int) -> String { letters[hand] }

    func cssClass(_ hand: Int?) -> String { hand.map { classes[$0] } ?? "h0" }

    /// The hand that a pointer names.
    func index(_ pointer: String) -> Int? { ids.firstIndex(of: id(pointer)) }

    func id(_ pointer: String) -> String { Reference(pointer).fragment ?? pointer }
}

extension HTMLBytes {
    /// Everything up to the content of the body.
    ///
    /// - Parameter style: rules besides those of every page.
    mutating func beginPage(title: String, language: String, bodyClass: String, style: String = "") {
        raw("<!DOCTYPE html>\n<html")
        attribute("lang", language)
        raw(
            """
            >
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
            base-uri 'none'; form-action 'none'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>
            """
        )
        text(title)
        raw("</title>\n<style>\n")
        raw(htmlStylesheet + style)
        raw("</style>\n</head>\n<body class=\"\(bodyClass)\">\n")
    }

    mutating func endPage() {
        raw("</body>\n</html>\n")
    }

    /// A term and what is said of it.
    mutating func field(_ field: Words.Field, _ values: [String]) {
        let values = values.filter { !$0.isEmpty }
        guard !values.isEmpty else { return }
        element("dt", "", Words.label(field))
        for value in values { element("dd", "", value) }
    }

    mutating func licence(_ licence: String?) {
        guard let licence else { return }
        element("dt", "", Words.label(.licence))
        raw("<dd>")
        link(to: licence, licence)
        raw("</dd>")
    }
}

extension Header {
    /// Repository and number of each holding.
    var holdingNames: [String] {
        holdings.map { holding in
            ([holding.settlement, holding.institution, holding.repository, holding.collection].compactMap { $0 }
                + holding.identifiers).joined(separator: ", ")
        }
    }
}

// MARK: - A document

private struct DocumentPage {
    private let transcription: Transcription
    private let policy: Policy
    private let words: Words
    private let hands: HTMLHands
    private let language: String
    private var out = HTMLBytes()

    init(_ transcription: Transcription, _ policy: Policy) {
        self.transcription = transcription
        self.policy = policy
        words = Words(transcription)
        hands = HTMLHands(transcription.hands)
        let text = transcription.element.childElements.first { $0.tei == "text" || $0.tei == "sourceDoc" }
        language = transcription.element.language ?? text?.language ?? transcription.header.languages.first ?? "en"
    }

    private var header: Header { transcription.header }
    private var file: String { transcription.element.file.path.split(separator: "/").last.map(String.init) ?? "-" }
    private var title: String { header.titles.first ?? file }
    private var isEnglish: Bool { language == "en" || language.hasPrefix("en-") }
    /// The language of our own words.
    private var ownLanguage: String { isEnglish ? "" : " lang=\"en\"" }

    private var bodyClass: String {
        switch policy {
        case .hand: "one-hand"
        case .diplomatic: "document diplomatic"
        default: "document"
        }
    }

    mutating func write() -> [UInt8] {
        let texts = PageTexts(transcription, [policy])
        var flow = HTMLFlow(transcription.arranged(by: texts.selections[0]), texts, scope: texts.all, hands: hands, isEnglish: isEnglish)
        flow.writeText()
        let text = flow.out.bytes
        flow.out = HTMLBytes()
        flow.writeLeftOut()

        out.beginPage(title: "\(title) – \(words.name(policy))", language: language, bodyClass: bodyClass)
        out.raw("<a class=\"skip\" href=\"#page:text\"\(ownLanguage)>")
        out.text(Words.skip)
        out.raw("</a>\n")
        writeHeader()
        out.raw("<main id=\"page:text\" aria-labelledby=\"page:policy\">\n<div class=\"policy\"\(ownLanguage)>")
        out.element("h2", " id=\"page:policy\"", words.name(policy))
        out.element("p", "", Words.sentence(policy))
        out.raw("</div>\n<div class=\"flow\">\n")
        out.bytes += text
        out.raw("\n</div>\n</main>\n")
        writeApparatus(Apparatus(transcription, texts.selections[0]), flow.apparatusIDs)
        writeGaps(flow.gapIDs)
        writeLeftOut(flow.leftOutCount, flow.out.bytes)
        writeFooter()
        out.endPage()
        return out.bytes
    }

    // MARK: Header

    private mutating func writeHeader() {
        out.raw("<header>\n<div class=\"about\">\n")
        out.element("h1", "", title)
        for subtitle in header.titles.dropFirst() { out.element("p", " class=\"subtitle\"", subtitle) }
        out.raw("<dl\(ownLanguage)>")
        out.field(.author, header.authors.map(\.name))
        out.field(.date, header.date.map { [words.date($0)] } ?? [])
        for action in header.correspondence where action.type == "sent" || action.type == "received" {
            let parts = action.names.map(\.name) + [action.place?.name, action.date.map(words.date)].compactMap { $0 }
            out.field(action.type == "sent" ? .sent : .received, [parts.filter { !$0.isEmpty }.joined(separator: ", ")])
        }
        out.field(.holding, header.holdingNames)
        out.field(.languages, [header.languages.joined(separator: ", ")])
        out.licence(header.licence)
        out.raw("</dl>\n")
        if let summary = header.summary { out.element("p", " class=\"summary\"", summary) }
        writeStages()
        out.raw("</div>\n<div class=\"legend\">\n")
        writeHands()
        writeWitnesses()
        out.raw("</div>\n</header>\n")
    }

    private mutating func writeHands() {
        guard !transcription.hands.isEmpty else { return }
        out.element("h2", ownLanguage, Words.hands)
        out.raw("<ul class=\"hands\">\n")
        let others = transcription.hands.indices.filter { !transcription.hands[$0].isMain }
        for index in (transcription.mainHand.map { [$0] } ?? []) + others { writeHand(index) }
        out.raw("</ul>\n")
    }

    private mutating func writeHand(_ index: Int) {
        let hand = transcription.hands[index]
        out.raw("<li class=\"\(hands.cssClass(index))\"")
        out.attribute("id", "hand:\(hand.id)")
        if hand.isDescribed { out.attribute("data-described", hand.id) }
        out.raw("><span class=\"badge \(hands.cssClass(index))\">")
        out.text(hands.letter(index).isEmpty ? "¶" : hands.letter(index))
        out.raw("</span> ")
        out.element("b", "", hand.label)
        let counts = self.counts(of: index)
        if hand.isMain || !counts.isEmpty {
            let parts = (hand.isMain && hand.label != Words.mainHand ? [Words.mainHand] : []) + counts
            if !parts.isEmpty { out.element("span", " class=\"counts\"\(ownLanguage)", parts.joined(separator: ", ")) }
        }
        if !hand.description.isEmpty, hand.description != hand.label {
            out.element("span", " class=\"description\"", hand.description)
        }
        out.raw("</li>\n")
    }

    /// What a hand did.
    private func counts(of hand: Int) -> [String] {
        var parts: [String] = []
        for kind in Mark.Kind.allCases {
            let number = transcription.marks.reduce(0) { $0 + ($1.hand == hand && $1.kind == kind ? 1 : 0) }
            if number > 0 { parts.append(Words.count(number, kind)) }
        }
        for kind in [Intervention.Kind.addition, .deletion] {
            let number = transcription.interventions.reduce(0) { $0 + ($1.hand == hand && $1.kind == kind ? 1 : 0) }
            if number > 0 { parts.append(Words.count(number, words.name(kind))) }
        }
        return parts
    }

    private mutating func writeStages() {
        guard !transcription.stages.isEmpty else { return }
        out.element("h2", ownLanguage, Words.stages)
        out.raw("<ol class=\"stages\">\n")
        for stage in transcription.stages {
            out.raw("<li")
            out.attribute("id", "stage:\(stage.id)")
            out.raw(">")
            out.text([stage.description, stage.when.map { "(\($0))" }].compactMap { $0 }.joined(separator: " "))
            out.raw("</li>\n")
        }
        out.raw("</ol>\n")
    }

    private mutating func writeWitnesses() {
        guard !transcription.witnesses.isEmpty else { return }
        out.element("h2", ownLanguage, Words.witnesses)
        out.raw("<ul class=\"witnesses\">\n")
        for witness in transcription.witnesses {
            out.raw("<li")
            out.attribute("id", "witness:\(witness.id)")
            out.raw(">")
            out.element("b", "", witness.sigil)
            out.raw(" ")
            out.text(witness.description)
            out.raw("</li>\n")
        }
        out.raw("</ul>\n")
    }

    // MARK: Below the text

    /// A part of the page with a heading of its own, by which it is found.
    private mutating func beginSection(_ name: String, _ heading: String) {
        out.raw("<section class=\"below \(name)\" aria-labelledby=\"page:\(name)\">\n")
        out.element("h2", " id=\"page:\(name)\"\(ownLanguage)", heading)
    }

    /// The apparatus, page by page.
    ///
    /// - Parameter ids: by alternative, the identifier of its place in the text.
    private mutating func writeApparatus(_ apparatus: Apparatus, _ ids: [Int: String]) {
        let pages = apparatus.pages
        guard !pages.isEmpty else { return }
        beginSection("apparatus", Words.apparatus)
        for (page, entries) in pages {
            if let page { out.element("h3", ownLanguage, Words.heading(page: page)) }
            out.raw("<ul>\n")
            for entry in entries { writeEntry(entry, ids[entry.alternative]) }
            out.raw("</ul>\n")
        }
        out.raw("</section>\n")
    }

    private mutating func writeEntry(_ entry: Apparatus.Entry, _ id: String?) {
        out.raw("<li>")
        if let id {
            out.raw("<a")
            out.attribute("href", "#" + id)
            out.raw(">")
            out.text(words.place(entry))
            out.raw("</a>")
        } else {
            out.text(words.place(entry))
        }
        out.raw(" <b>")
        out.text(words.lemma(entry))
        out.raw("</b>] ")
        out.text(([words.witnesses(entry)] + words.readings(entry)).filter { !$0.isEmpty }.joined(separator: "; "))
        out.raw("</li>\n")
    }

    private mutating func writeGaps(_ ids: [String?]) {
        beginSection("gaps", Words.gaps)
        if transcription.gaps.isEmpty { out.element("p", ownLanguage, Words.none) }
        for kind in Gap.Kind.allCases {
            let numbers = transcription.gaps.indices.filter { transcription.gaps[$0].kind == kind }
            guard !numbers.isEmpty else { continue }
            out.raw("<p\(ownLanguage)>")
            out.text("\(numbers.count) \(Words.name(kind)): ")
            for (ordinal, number) in numbers.enumerated() {
                out.raw("<a")
                out.attribute("href", "#\(ids[number] ?? "")")
                out.attribute("aria-label", Words.gapLink(ordinal + 1, kind))
                out.raw(">\(ordinal + 1)</a> ")
            }
            out.raw("</p>\n")
        }
        out.raw("</section>\n")
    }

    private mutating func writeLeftOut(_ count: Int, _ items: [UInt8]) {
        beginSection("left-out", Words.leftOut)
        if count == 0 {
            out.element("p", ownLanguage, Words.nothing)
        } else {
            out.raw("<details\(count <= 12 ? " open=\"open\"" : "")>")
            out.element("summary", ownLanguage, Words.leftOutCount(count))
            out.raw("\n<ul>\n")
            out.bytes += items
            out.raw("</ul>\n</details>\n")
        }
        out.raw("</section>\n")
    }

    private mutating func writeFooter() {
        out.raw("<footer\(ownLanguage)>\n<p>")
        out.text(Words.source(file))
        if let licence = header.licence {
            out.text(" \(Words.label(.licence)): ")
            out.link(to: licence, licence)
        }
        out.raw("</p>\n</footer>\n")
    }
}

// MARK: - An edition

private struct IndexPage {
    private let edition: Header?
    private let items: [HTMLFormat.Item]
    private var out = HTMLBytes()

    init(_ edition: Header?, _ items: [HTMLFormat.Item]) {
        self.edition = edition
        self.items = items
    }

    mutating func write(language: String?) -> [UInt8] {
        let title = edition?.titles.first ?? Words.documents
        out.beginPage(title: title, language: language ?? "en", bodyClass: "index")
        out.raw("<header>\n<div class=\"about\">\n")
        out.element("h1", "", title)
        for subtitle in (edition?.titles ?? []).dropFirst() { out.element("p", " class=\"subtitle\"", subtitle) }
        if let summary = edition?.summary { out.element("p", " class=\"summary\"", summary) }
        out.raw("<dl>")
        out.field(.author, edition?.authors.map(\.name) ?? [])
        out.licence(edition?.licence)
        out.raw("</dl>\n</div>\n</header>\n<main>\n")
        out.element("h2", "", Words.documents)
        out.raw("<ol class=\"documents\">\n")
        for (number, item) in items.enumerated() { writeItem(item, number + 1) }
        out.raw("</ol>\n")
        writeReaders()
        out.raw("</main>\n")
        out.endPage()
        return out.bytes
    }

    private mutating func writeItem(_ item: HTMLFormat.Item, _ number: Int) {
        let transcription = item.transcription
        let words = Words(transcription)
        let header = transcription.header
        out.raw("<li id=\"document:\(number)\"><p class=\"title\">")
        writeLink(item.links.first?.address, header.titles.first ?? transcription.element.file.path)
        out.raw("</p>\n")
        let about = header.authors.map(\.name) + [header.date.map(words.date) ?? ""] + header.holdingNames
        out.element("p", " class=\"facts\"", about.filter { !$0.isEmpty }.joined(separator: " · "))
        let found = Mark.Kind.allCases.compactMap { kind -> String? in
            let count = transcription.marks.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
            return count > 0 ? Words.count(count, kind) : nil
        } + (transcription.gaps.isEmpty ? [] : [Words.count(transcription.gaps.count, "gap")])
        if !found.isEmpty { out.element("p", " class=\"facts\"", found.joined(separator: ", ")) }
        if item.links.count > 1 {
            out.raw("<p class=\"facts texts\">\(Words.otherTexts): ")
            for (index, link) in item.links.enumerated() where index > 0 {
                if index > 1 { out.raw(" · ") }
                writeLink(link.address, words.name(link.policy))
            }
            out.raw("</p>\n")
        }
        out.raw("</li>\n")
    }

    /// A link to a page of the edition, which is relative.
    private mutating func writeLink(_ address: String?, _ content: String) {
        guard let address, Reference(address).scheme == nil else { return out.text(content) }
        out.raw("<a")
        out.attribute("href", address)
        out.raw(">")
        out.text(content)
        out.raw("</a>")
    }

    /// The hands other than those of the texts, each with the documents that it wrote on.
    private mutating func writeReaders() {
        var names: [String] = []
        var documents: [String: [Int]] = [:]
        for (index, item) in items.enumerated() {
            for hand in item.transcription.hands where !hand.isMain && hand.label != hand.id {
                if documents[hand.label] == nil { names.append(hand.label) }
                documents[hand.label, default: []].append(index)
            }
        }
        guard !names.isEmpty else { return }
        out.element("h2", "", Words.readers)
        out.raw("<ul class=\"readers\">\n")
        for name in names {
            out.raw("<li>")
            out.element("b", "", name)
            out.raw("<ul>\n")
            for index in documents[name] ?? [] {
                out.raw("<li>")
                writeLink(items[index].links.first?.address, items[index].transcription.header.titles.first ?? "\(index + 1)")
                out.raw("</li>\n")
            }
            out.raw("</ul></li>\n")
        }
        out.raw("</ul>\n")
    }
}
