#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import TEI
internal import XML

/// The page of a document: its texts as views of one flow, and the controls that choose among them.
///
/// Nothing that a reader must have needs the script: texts, layers and hands are chosen by radio buttons and check
/// boxes, on which the style depends. The script adds what a style cannot do: addresses of views, two texts side by
/// side, the slider, images, and copying.
struct DocumentPage {
    private let transcription: Transcription
    private let policies: [Policy]
    private let format: HTMLFormat
    private let words: Wording
    private let hands: HTMLHands
    private let facsimile: Facsimile
    private let language: String
    /// The name under which the document is exported.
    private let name: String
    private var out = HTMLBytes()

    /// - Parameter name: that of the page without its extension; by default that of the file.
    init(_ transcription: Transcription, _ policies: [Policy], _ format: HTMLFormat, name: String? = nil) {
        self.transcription = transcription
        self.format = format
        self.policies = Array(policies.prefix(TextSet.limit))
        hands = HTMLHands(transcription.hands)
        let text = transcription.element.childElements.first { $0.tei == "text" || $0.tei == "sourceDoc" }
        language = transcription.element.language ?? text?.language ?? transcription.header.languages.first ?? "en"
        words = Wording(transcription, format.interface ?? PageLanguage(language) ?? .english)
        facsimile = Facsimile(transcription.element, base: format.base)
        file = transcription.element.file.path.pathComponents.last.map(String.init) ?? "-"
        self.name = name ?? EditionFiles.stem(transcription.element.file.path)
    }

    private let file: String
    private var header: Header { transcription.header }
    private var title: String { header.titles.first ?? file }
    /// The attribute for the language of the page's own words, if it is another language.
    private var ownLanguage: Markup { words.interface.attribute(in: language) }

    /// The text that is shown first.
    private var first: Int { policies.firstIndex(of: .reading) ?? 0 }
    private var hasChoice: Bool { policies.count > 1 }

    /// The parts of the page that are made from its flow.
    private struct Content {
        var flows = HTMLBytes()
        var leftOut = HTMLBytes()
        var leftOutCount = 0
        var style: PageCode = ""
        /// The texts of each class, for the script.
        var views: Markup = ""
        var gapIDs: [String?] = []
        var apparatusIDs: [Int: String] = [:]
        var mentionIDs: [Int: [String]] = [:]
        var works: [Int: [PageBody.Work]] = [:]
        /// The headings of the text, or its pages if it has no headings.
        var headings: [PageBody.Heading] = []
    }

    mutating func write() -> [UInt8] {
        let content = content()
        let pageTitle = hasChoice ? title : "\(title) – \(words.name(policies[0]))"
        out.beginPage(
            title: pageTitle, language: language, bodyClass: "document", bodyData: content.views, style: content.style,
            imageOrigins: facsimile.origins, script: .document
        )
        out.raw("<a class=\"skip\" href=\"#page:text\"\(ownLanguage)>")
        out.text(words.interface(.skip))
        out.raw("</a>\n")
        writeTools(content)
        writeHeader(content.works)
        out.raw("<main id=\"page:text\" aria-label=\"\(words.interface(.text))\">\n")
        for number in policies.indices { writePolicy(number) }
        out.append(content.flows)
        out.raw("</main>\n")
        writeApparatus(
            Apparatus(transcription, transcription.selection(policies[first])), content.apparatusIDs)
        writeGaps(content.gapIDs)
        writeNames(content.mentionIDs)
        writeLeftOut(content.leftOutCount, content.leftOut)
        writeFooter()
        out.endPage(script: .document)
        return out.bytes
    }

    private func content() -> Content {
        var content = Content()
        let layouts = transcription.layouts(policies, first: first, words: words, listsOmissions: true)
        var rules = TextRules(layouts[0].texts)
        for (number, layout) in layouts.enumerated() {
            var body = PageBody(
                layout, hands: hands, facsimile: facsimile, words: words, ownLanguage: ownLanguage,
                first: first, repetition: number, classes: rules.classes
            )
            body.writeText()
            let ownClass: Markup = layouts.count == 1 ? "" : " \(body.name(of: layout.ownTexts))"
            content.flows.raw("<div class=\"flow\(ownClass)\"\(body.ownDirection)>\n")
            content.flows.append(body.out)
            content.flows.raw("\n</div>\n")
            rules.classes = body.classes
            guard number == 0 else { continue }
            body.out = HTMLBytes()
            body.writeLeftOut()
            rules.classes = body.classes
            (content.leftOut, content.leftOutCount, content.gapIDs) = (body.out, layout.leftOut.count, body.gapIDs)
            (content.apparatusIDs, content.mentionIDs, content.works) = (
                body.apparatusIDs, body.mentionIDs, body.worksOfHand
            )
            content.headings = body.headings.count > 1 ? body.headings : body.pages
        }
        content.style = rules.style + hands.style
        content.views = hasChoice ? rules.data : ""
        return content
    }

    private mutating func writePolicy(_ number: Int) {
        out.raw("<div class=\"policy\(hasChoice ? " of-t\(number)" : "" as Markup)\"\(ownLanguage)>")
        out.element("h2", "", words.name(policies[number]))
        out.element("p", "", words.sentence(policies[number]))
        out.raw("</div>\n")
    }

    // MARK: Tools

    private mutating func writeTools(_ content: Content) {
        out.raw("<nav class=\"tools\" aria-label=\"\(words.interface(.tools))\"\(ownLanguage)>\n")
        if format.isInSite {
            out.link(beside: format.siteFolder + "index.html", words.interface(.edition))
            out.raw("\n")
        }
        writeTextMenu()
        writeBesideMenu()
        writeLayers()
        writeHandFilter(content.works)
        writeContents(content.headings)
        writeCitations()
        out.raw("</nav>\n")
    }

    private mutating func menu(
        _ name: String, _ phrase: Phrase, isScripted: Bool = false, _ body: (inout DocumentPage) -> Void
    ) {
        out.raw("<details class=\"menu \(name)\(isScripted ? " scripted\" hidden=\"hidden" : "" as Markup)\"><summary>")
        out.text(words.interface(phrase))
        out.raw("</summary>\n<div class=\"panel\">\n")
        body(&self)
        out.raw("</div></details>\n")
    }

    /// The texts by their kinds.
    private var groups: [(subject: Policy.Subject?, numbers: [Int])] {
        [nil, .stage, .witness, .hand].map { subject in
            (subject, policies.indices.filter { policies[$0].kind.subject == subject })
        }.filter { !$0.1.isEmpty }
    }

    private mutating func writeTextMenu() {
        guard hasChoice else { return }
        let groups = groups
        menu("texts", .text) { page in
            for group in groups { page.writeChoice(page.words.group(group.subject), group.numbers) }
        }
        let stages = groups.first { $0.subject == .stage }?.numbers ?? []
        guard stages.count > 1 else { return }
        out.raw(
            "<div class=\"stage-slider scripted\" hidden=\"hidden\"><label><span>\(words.interface(.stage))</span> <input type=\"range\" min=\"0\" max=\"\(stages.count - 1)\" step=\"1\""
        )
        out.attribute("data-views", stages.map(String.init).joined(separator: " "))
        out.raw("/></label> <output></output></div>\n")
    }

    private mutating func writeChoice(_ heading: String, _ numbers: [Int]) {
        out.raw("<fieldset><legend>\(heading)</legend>\n")
        for number in numbers {
            let policy = policies[number]
            writeOption(
                "radio", "view", " class=\"t\(number)\"", policy.description, isOn: number == first, words.name(policy))
        }
        out.raw("</fieldset>\n")
    }

    /// One of the things that a reader may choose.
    ///
    /// - Parameter badge: the hand whose letter comes before the label.
    private mutating func writeOption(
        _ type: String, _ name: String, _ attributes: Markup, _ value: String, isOn: Bool, badge: Int? = nil,
        _ label: String
    ) {
        out.raw("<label><input type=\"\(type)\" name=\"\(name)\"\(attributes)")
        out.attribute("value", value)
        out.raw(isOn ? " checked=\"checked\"/> " : "/> ")
        if let badge {
            writeBadge(badge)
            out.raw(" ")
        }
        out.raw("<span>")
        out.text(label)
        out.raw("</span></label>\n")
    }

    private mutating func writeBesideMenu() {
        guard hasChoice else { return }
        menu("second", .beside, isScripted: true) { page in
            page.out.element("p", " class=\"hint\"", page.words.interface(.besideHint))
            page.out.raw("<fieldset><legend>\(page.words.interface(.beside))</legend>\n")
            page.writeOption("radio", "beside", "", "", isOn: true, page.words.interface(.nothingBeside))
            for (number, policy) in page.policies.enumerated() {
                page.writeOption(
                    "radio", "beside", " data-number=\"\(number)\"", policy.description, isOn: false,
                    page.words.name(policy))
            }
            page.out.raw("</fieldset>\n")
        }
    }

    private mutating func writeLayers() {
        let hasImages = !facsimile.surfaces.isEmpty
        menu("layers", .show) { page in
            page.out.raw("<fieldset><legend>\(page.words.interface(.show))</legend>\n")
            page.writeLayer("hands", .showHands, isOn: true)
            page.writeLayer("editors", .showEditors, isOn: true)
            page.writeLayer("names", .showNames, isOn: true)
            page.writeLayer("notes", .showNotes, isOn: true)
            if hasImages { page.writeLayer("images", .showImages, isOn: false) }
            page.out.raw("</fieldset>\n")
        }
    }

    private mutating func writeLayer(_ name: String, _ phrase: Phrase, isOn: Bool) {
        writeOption("checkbox", "layer", " class=\"layer-\(name)\"", name, isOn: isOn, words.interface(phrase))
    }

    private mutating func writeHandFilter(_ works: [Int: [PageBody.Work]]) {
        guard !transcription.hands.isEmpty else { return }
        menu("hand-filter", .hands) { page in
            page.out.raw("<fieldset><legend>\(page.words.interface(.handsHint))</legend>\n")
            for (index, hand) in page.transcription.hands.enumerated() {
                page.out.raw("<div class=\"filter \(page.hands.cssClass(index))\">")
                page.writeOption(
                    "checkbox", "hand", " class=\"hand-\(index)\"", hand.id, isOn: true, badge: index,
                    page.words.label(index))
                page.writeSteps(works[index] ?? [])
                page.out.raw("</div>\n")
            }
            page.out.raw("</fieldset>\n")
        }
    }

    /// From one of a hand's works to the next: by script, which knows where the reader is.
    private mutating func writeSteps(_ works: [PageBody.Work]) {
        guard !works.isEmpty else { return }
        out.raw(" <span class=\"steps scripted\" hidden=\"hidden\"")
        out.attribute("data-places", works.map(\.id).joined(separator: " "))
        out.raw(
            "><button type=\"button\" class=\"back\" aria-label=\"\(words.interface(.previous))\">‹</button> \(works.count) <button type=\"button\" class=\"on\" aria-label=\"\(words.interface(.next))\">›</button></span>"
        )
    }

    private mutating func writeBadge(_ hand: Int) {
        out.raw(
            "<span class=\"badge \(hands.cssClass(hand))\" aria-hidden=\"true\">\(hands.letter(hand).isEmpty ? "¶" : hands.letter(hand))</span>"
        )
    }

    private mutating func writeContents(_ headings: [PageBody.Heading]) {
        guard headings.count > 1 else { return }
        menu("contents", .contents) { page in
            page.out.raw("<ul>\n")
            for heading in headings {
                page.out.raw("<li class=\"level-\(heading.level)\">")
                page.out.anchor(PageAddress(id: heading.id), heading.text)
                page.out.raw("</li>\n")
            }
            page.out.raw("</ul>\n")
        }
    }

    private mutating func writeCitations() {
        let citation = Citation(transcription, key: name)
        menu("cite", .cite) { page in
            for (name, text) in [
                ("Chicago", citation.chicago), ("BibTeX", citation.bibTeX), ("CSL-JSON", citation.csl),
            ] {
                page.out.raw(
                    "<div class=\"citation\"><h2>\(name)</h2> <button type=\"button\" class=\"copy-button scripted\" hidden=\"hidden\" data-done=\"\(page.words.interface(.copied))\">\(page.words.interface(.copy))</button>"
                )
                page.out.raw(
                    name == "Chicago" ? "<p class=\"words\" lang=\"en\">" : "<pre class=\"words\" tabindex=\"0\">")
                page.out.text(text)
                page.out.raw(name == "Chicago" ? "</p></div>\n" : "</pre></div>\n")
            }
            page.out.raw(
                "<div class=\"citation scripted\" hidden=\"hidden\"><h2>\(page.words.interface(.thisView))</h2> <button type=\"button\" class=\"copy-button\" data-done=\"\(page.words.interface(.copied))\">\(page.words.interface(.copy))</button><p class=\"words address\"></p></div>\n"
            )
            page.writeDownloads()
        }
    }

    // MARK: Downloads

    private mutating func writeDownloads() {
        out.raw("<div class=\"citation\"><h2>\(words.interface(.download))</h2>\n<ul class=\"downloads\">\n")
        writeDownload("\(name).xml", "application/tei+xml", words.interface(.tei), source)
        let policy = policies[first]
        writeDownload(
            "\(name)-\(policy.fileName).txt", "text/plain", words.name(policy),
            TextFormat.text.export(transcription, policy: policy))
        for file in format.files {
            guard let address = PageAddress(beside: file.address) else { continue }
            out.raw("<li><a download=\"\"")
            out.attribute("href", address)
            out.raw(">")
            out.text(file.label)
            out.raw("</a></li>\n")
        }
        out.raw("</ul></div>\n")
    }

    /// The file as it is stored; the part of a document that shares its file with others, or that includes others.
    private var source: [UInt8] {
        transcription.element.storedFile ?? Array((transcription.element.canonical + "\n").utf8)
    }

    private mutating func writeDownload(_ file: String, _ type: StaticString, _ label: String, _ bytes: [UInt8]) {
        out.raw("<li><a")
        out.attribute("download", file)
        out.attribute("href", file: bytes, type: type)
        out.raw(">")
        out.text(label)
        out.raw("</a></li>\n")
    }

    // MARK: Header

    private mutating func writeHeader(_ works: [Int: [PageBody.Work]]) {
        out.raw("<header>\n<div class=\"about\">\n")
        out.element("h1", "", title)
        for subtitle in header.titles.dropFirst() { out.element("p", " class=\"subtitle\"", subtitle) }
        out.raw("<dl\(ownLanguage)>")
        out.field(words.interface(.author), header.authors.map(\.name))
        out.field(words.interface(.date), header.date.map { [words.interface.date($0)] } ?? [])
        for action in header.correspondence where action.type == "sent" || action.type == "received" {
            let parts =
                action.names.map(\.name)
                + [action.place?.name, action.date.map(words.interface.date)].compactMap { $0 }
            out.field(
                words.interface(action.type == "sent" ? .sent : .received),
                [parts.filter { !$0.isEmpty }.joined(separator: ", ")])
        }
        out.field(words.interface(.holding), header.holdings.map(words.interface.holding))
        out.field(words.interface(.languages), [header.languages.joined(separator: ", ")])
        out.licence(header.licence, words.interface)
        out.raw("</dl>\n")
        if let summary = header.summary { out.element("p", " class=\"summary\"", summary) }
        writeStages()
        out.raw("</div>\n<div class=\"legend\">\n")
        writeHands(works)
        writeWitnesses()
        out.raw("</div>\n</header>\n")
    }

    private mutating func writeHands(_ works: [Int: [PageBody.Work]]) {
        let counts = Counts(transcription, words)
        let unknown = counts.of(nil)
        guard !transcription.hands.isEmpty || !unknown.isEmpty else { return }
        out.element("h2", ownLanguage, words.interface(.hands))
        out.raw("<ul class=\"hands\">\n")
        let others = transcription.hands.indices.filter { !transcription.hands[$0].isMain }
        for index in (transcription.mainHand.map { [$0] } ?? []) + others {
            writeHand(index, counts.of(index), works[index] ?? [])
        }
        if !unknown.isEmpty {
            out.raw("<li\(ownLanguage)>")
            out.element("b", "", words.interface(.handUnknown))
            out.element("span", " class=\"counts\"", unknown.joined(separator: ", "))
            out.raw("</li>\n")
        }
        out.raw("</ul>\n")
    }

    private mutating func writeHand(_ index: Int, _ counts: [String], _ works: [PageBody.Work]) {
        let hand = transcription.hands[index]
        out.raw("<li class=\"\(hands.cssClass(index))\"")
        out.attribute("id", "hand:\(hand.id)")
        if hand.isDescribed { out.attribute("data-described", hand.id) }
        out.raw(">")
        writeBadge(index)
        out.raw(" ")
        out.element("b", "", words.label(index))
        if hand.isMain || !counts.isEmpty {
            let parts = (hand.isMain && hand.isNamed ? [words.interface(.mainHand)] : []) + counts
            if !parts.isEmpty { out.element("span", " class=\"counts\"\(ownLanguage)", parts.joined(separator: ", ")) }
        }
        if !hand.description.isEmpty, hand.description != hand.label {
            out.element("span", " class=\"description\"", hand.description)
        }
        writeWorks(works)
        out.raw("</li>\n")
    }

    /// Links to each of a hand's works.
    private mutating func writeWorks(_ works: [PageBody.Work]) {
        guard !works.isEmpty else { return }
        out.raw("<details class=\"works\"\(ownLanguage)><summary>\(words.interface(.where_))</summary><ol>\n")
        for work in works {
            out.raw("<li>")
            out.anchor(PageAddress(id: work.id), work.name)
            out.raw("</li>\n")
        }
        out.raw("</ol></details>\n")
    }

    /// The numbers of each hand's marks and changes.
    private struct Counts {
        private let marks: [Int?: [Mark]]
        private let acts: [Int?: [Intervention]]
        private let words: Wording

        init(_ transcription: Transcription, _ words: Wording) {
            marks = Dictionary(grouping: transcription.wholeMarks.map { transcription.marks[$0] }, by: \.hand)
            acts = Dictionary(grouping: transcription.acts.map { transcription.interventions[$0] }, by: \.hand)
            self.words = words
        }

        /// - Parameter hand: `nil` for no known hand.
        func of(_ hand: Int?) -> [String] {
            var parts: [String] = []
            for kind in Mark.Kind.allCases {
                let number = (marks[hand] ?? []).count { $0.kind == kind }
                if number > 0 { parts.append(words.interface.count(number, kind)) }
            }
            for kind in Intervention.Kind.allCases {
                let number = (acts[hand] ?? []).count { $0.kind == kind }
                if number > 0 { parts.append(count(number, kind)) }
            }
            return parts
        }

        private func count(_ number: Int, _ kind: Intervention.Kind) -> String {
            switch kind {
            case .addition, .deletion: words.interface.count(number, of: words.name(kind))
            default: "\(number) × \(words.name(kind))"
            }
        }
    }

    private mutating func writeStages() {
        guard !transcription.stages.isEmpty else { return }
        out.element("h2", ownLanguage, words.interface(.stages))
        out.raw("<ol class=\"stages\">\n")
        for stage in transcription.stages {
            out.raw("<li")
            out.attribute("id", "stage:\(stage.id)")
            out.raw(">")
            out.text(
                [words.description(stage), words.date(stage).map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
            )
            out.raw("</li>\n")
        }
        out.raw("</ol>\n")
    }

    private mutating func writeWitnesses() {
        guard !transcription.witnesses.isEmpty else { return }
        out.element("h2", ownLanguage, words.interface(.witnesses))
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
        beginSection("apparatus", words.interface(.apparatus))
        for (page, entries) in pages {
            if let heading = words.heading(of: entries, page: page) { out.element("h3", ownLanguage, heading) }
            out.raw("<ul>\n")
            for entry in entries { writeEntry(entry, ids[entry.alternative]) }
            out.raw("</ul>\n")
        }
        out.raw("</section>\n")
    }

    private mutating func writeEntry(_ entry: Apparatus.Entry, _ id: String?) {
        out.raw("<li>")
        if let id { out.anchor(PageAddress(id: id), words.place(entry)) } else { out.text(words.place(entry)) }
        out.raw(" <b>")
        out.text(words.lemma(entry))
        out.raw("</b>] ")
        out.text(([words.witnesses(entry)] + words.readings(entry)).filter { !$0.isEmpty }.joined(separator: "; "))
        out.raw("</li>\n")
    }

    private mutating func writeGaps(_ ids: [String?]) {
        beginSection("gaps", words.interface(.gaps))
        if transcription.gaps.isEmpty { out.element("p", ownLanguage, words.interface(.none)) }
        for kind in Gap.Kind.allCases {
            let numbers = transcription.gaps.indices.filter { transcription.gaps[$0].kind == kind }
            guard !numbers.isEmpty else { continue }
            out.raw("<p\(ownLanguage)>")
            out.text("\(numbers.count) \(words.name(kind)): ")
            for (ordinal, number) in numbers.enumerated() {
                out.anchor(
                    PageAddress(id: ids[number] ?? ""), label: words.gapLink(ordinal + 1, kind), "\(ordinal + 1)")
                out.raw(" ")
            }
            out.raw("</p>\n")
        }
        out.raw("</section>\n")
    }

    private mutating func writeLeftOut(_ count: Int, _ items: HTMLBytes) {
        beginSection("left-out", words.interface(.leftOut))
        if count == 0 {
            out.element("p", ownLanguage, words.interface(.nothing))
        } else {
            out.raw(count <= 12 ? "<details open=\"open\">" : "<details>")
            out.element("summary", ownLanguage, words.interface(.entries, "\(count)"))
            out.raw("\n<ul>\n")
            out.append(items)
            out.raw("</ul>\n</details>\n")
        }
        out.raw("</section>\n")
    }

    // MARK: Names

    private mutating func writeNames(_ mentions: [Int: [String]]) {
        guard !transcription.entities.isEmpty else { return }
        beginSection("names", words.interface(.names))
        for kind in Entity.Kind.allCases {
            let numbers = transcription.entities.indices.filter { transcription.entities[$0].kind == kind }
            guard !numbers.isEmpty else { continue }
            out.element("h3", ownLanguage, Wording.names(of: kind, words.interface))
            out.raw("<ul class=\"cards\">\n")
            for number in numbers { writeCard(number, mentions[number] ?? []) }
            out.raw("</ul>\n")
        }
        out.raw("</section>\n")
    }

    private mutating func writeCard(_ number: Int, _ mentions: [String]) {
        let entity = transcription.entities[number]
        out.raw("<li class=\"card\" id=\"name:\(number + 1)\"><b>")
        if format.isInSite, let (page, id) = entity.register {
            out.link(beside: "\(format.siteFolder)\(page).html#\(id)", entity.name)
        } else {
            out.text(entity.name)
        }
        out.raw("</b>")
        out.entry(entity.description, entity.identifiers)
        if !mentions.isEmpty {
            out.raw("<span class=\"mentions\"\(ownLanguage)>\(words.interface(.mentions)): ")
            for (ordinal, id) in mentions.enumerated() {
                out.anchor(PageAddress(id: id), label: "\(entity.name), \(ordinal + 1)", "\(ordinal + 1)")
                out.raw(" ")
            }
            out.raw("</span>")
        }
        out.raw("</li>\n")
    }

    private mutating func writeFooter() {
        out.raw("<footer\(ownLanguage)>\n<p>")
        out.text(words.source(file))
        if let licence = header.licence {
            out.text(" \(words.interface(.licence)): ")
            out.link(to: licence, licence)
        }
        out.raw("</p>\n</footer>\n")
    }
}
