import Foundation
import Pages
import Support
import Testing
import TEI
import XML

@Suite("HTML")
struct HTMLTests {
    // MARK: What goes in comes out

    @Test(
        "every page of a document has its marks, hands and gaps, and sound links; each text of a page is its text export",
        arguments: Repository.documents.map { "TEI/" + $0 } + ["Tests/Everything.xml"])
    func pages(of file: String) throws {
        let transcription = try TEITests.transcription(file)
        try expectSoundPages(transcription, transcription.policies)
    }

    // The volume is not part of the repository: it is read where a copy lies beside it.
    @Test("so have those of a volume of drafts", .inRelease, .hasData("sga"))
    func pagesOfDrafts() throws {
        // Of the ids of the source three are not on the page of the typed text.
        try expectSoundPages(
            try ConservationTests.shelley(), [.reading, .diplomatic, .typed, .revised, .hand("pbs")], ids: [])
    }

    @Test("so have plays", .inRelease, .hasData("gerdracor"))
    func pagesOfPlays() throws {
        let folder = Repository.data + "/gerdracor"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".xml") }.sorted()
        for file in files.prefix(10) {
            let (document, library) = try EditionFiles.read("\(folder)/\(file)", root: folder)
            let transcription = Transcription(of: document.root, library: library)
            expectTextExports(try Page(transcription, transcription.policies), transcription)
        }
    }

    // MARK: Several texts on a page

    @Test(
        "white space is that of each text",
        arguments: [
            (##"<p>a <del hand="#reader">b</del>, c</p>"##, ["a b, c", "a, c"]),
            (##"<p>a <add hand="#reader">b</add> c</p>"##, ["a c", "a b c"]),
            (##"<p>a<add hand="#reader"> b</add>c</p>"##, ["ac", "a bc"]),
            (##"<p><add hand="#reader">b</add> c</p>"##, ["c", "b c"]),
            (##"<p>a <del hand="#reader">b</del> <add hand="#reader">c</add> d</p>"##, ["a b d", "a c d"]),
        ])
    func spaces(_ body: String, _ expected: [String]) throws {
        let transcription = try transcribe(body: body)
        #expect(
            try Page(transcription, [.typed, .revised]).texts().map { $0.lines.joined(separator: " ") } == expected)
    }

    /// It stayed in texts that it is not in.
    @Test("an item of a list that has a note beside it is in its own texts alone")
    func itemsWithNotes() throws {
        let body = ##"<list><item>a</item><item hand="#reader">b<note>n</note></item></list>"##
        let (transcription, policies) = (try transcribe(body: body), [Policy.typed, .revised, .reading])
        expectTextExports(try Page(transcription, policies), transcription)
    }

    // MARK: Safety

    @Test("words and attributes are escaped")
    func escaping() throws {
        let body = """
            <p xml:id="a&quot;b" n="&quot;&gt;&lt;script&gt;">&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; \
            <persName ref="x.xml#&quot; onmouseover=&quot;a">A &amp; B</persName></p>
            """
        let html = try page(body)
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;"))
        #expect(html.contains("A &amp; B"))
        #expect(!html.contains("<script"))
        #expect(!html.contains("\" onmouseover"))
        _ = try Document(html)
    }

    @Test(
        "only addresses on the web, of mail and in the page are links",
        arguments: [
            ("javascript:alert(1)", false), ("JavaScript:alert(1)", false), ("data:text/html,x", false),
            ("vbscript:x", false),
            ("other.xml#x", false), ("#nosuch", false), ("https://example.org/?a=1&amp;b=2", true),
            ("http://example.org", true),
            ("mailto:a@example.org", true), ("#there", true),
        ])
    func links(target: String, isLink: Bool) throws {
        let html = try page("<p xml:id=\"there\"><ref target=\"\(target)\">words</ref> <ptr target=\"\(target)\"/></p>")
        #expect(html.contains("href=\"\(target)\"") == isLink)
        #expect(html.contains("words"))
        #expect(html.contains("[see \(target)]"))
    }

    @Test("a page has one script, which its policy names, and nothing from elsewhere")
    func selfContained() throws {
        let html = try page(Samples.marked + "<figure><graphic url=\"https://example.org/a.png\"/></figure>")
        #expect(html.contains("default-src 'none'") && html.contains("script-src 'sha256-"))
        let document = try Document(html)
        #expect(!document.root.descendants.contains { $0.localName == "script" })
        for element in document.root.descendants where element.kind == .element {
            #expect(!["script", "link", "img", "iframe", "object", "embed"].contains(element.localName))
            #expect(element.attribute("src") == nil && element.attribute("style") == nil)
            #expect(!element.attributes.contains { $0.name.localName.hasPrefix("on") })
        }
        let style = try wholePage("<p/>").style
        #expect(!style.contains("url(") && !style.contains("@import"))
    }

    // MARK: Text

    @Test("a mark stands in the margin of its target, and each leads to the other")
    func margin() throws {
        let document = try Document(page(Samples.marked))
        let entry = try #require(element(document, "data-mark", "check"))
        #expect(entry.attribute("data-hand") == "reader")
        #expect(entry.attribute("role") == "note")
        let passage = try #require(entry.ancestors.first { $0.attribute("class") == "passage" })
        #expect(passage.firstChild?.attribute("id") == "p2")
        let number = try #require(entry.attribute("id")?.split(separator: ":").last)
        let sign = try #require(element(document, "id", "ref:\(number)"))
        #expect(sign.attribute("href") == "#note:\(number)")
        #expect(passage.firstChild!.contains(sign))
        #expect(entry.descendants.contains { $0.attribute("href") == "#ref:\(number)" })
    }

    @Test("deletions and additions are what they are in a diplomatic text, and are heard")
    func interventions() throws {
        let html = try page(Samples.changed, .diplomatic)
        #expect(html.contains("<span class=\"heard\">deleted by A Reader: </span>must"))
        #expect(html.contains("<span class=\"heard\">added by A Reader: </span>should"))
        #expect(html.contains("<del ") && html.contains("<ins "))
    }

    @Test("what a text leaves out is listed with its place")
    func leftOut() throws {
        let document = try Document(page(Samples.changed))
        let item = try #require(element(document, "id", "out:1"))
        #expect(item.stringValue.contains("deletion, hand of A Reader: must"))
        let place = try #require(element(document, "id", "at:1"))
        #expect(place.ancestors.contains { $0.attribute("id") == "p1" })
        let main = try #require(document.root.descendants.first { $0.localName == "main" })
        #expect(!main.contains(item) && !main.stringValue.contains("must"))
    }

    @Test(
        "where words were struck out and nothing took their place, the page has a sign in the texts without them",
        arguments: [
            ("<p>a <del hand=\"#reader\">b</del> c</p>", ["deletion, hand of A Reader: b"]),
            ("<p>a <del>b</del> c <delSpan spanTo=\"#e\"/>d<anchor xml:id=\"e\"/></p>", ["deletion: b", "deletion"]),
            ("<p>a <subst><del>b</del><add>c</add></subst></p>", []), ("<p>a <del>b</del> <add>c</add></p>", []),
            ("<p>a<del> </del>b</p>", []),
            ("<p>a <del><gap reason=\"illegible\"/></del></p>", ["deletion: [illegible]"]),
        ])
    func losses(_ body: String, _ expected: [String]) throws {
        let transcription = try transcribe(body: body)
        for policies in [[Policy.reading], [.typed, .revised, .diplomatic]] {
            let page = HTMLFormat.html.page(transcription, policies: policies)
            let signs = try Document(page, path: "page.html").root.descendants.filter { $0.classes.first == "loss" }
            #expect(signs.map { $0.attribute("title") } == expected, "\(policies)")
        }
        #expect(try !page(body, .diplomatic).contains("\"loss\""))
    }

    @Test("blocks never stand in paragraphs, lists hold items, tables rows")
    func nesting() throws {
        let document = try Document(page(Samples.nested))
        let phrasing: Set<String> = [
            "p", "span", "i", "em", "b", "q", "cite", "h1", "h2", "h3", "h4", "h5", "h6", "sup",
        ]
        let blocks: Set<String> = [
            "p", "div", "ul", "ol", "dl", "table", "section", "blockquote", "figure", "h3", "h4",
        ]
        for element in document.root.descendants where element.kind == .element {
            let parent = element.parent?.localName ?? ""
            if phrasing.contains(parent) {
                #expect(!blocks.contains(element.localName), "\(element.localName) in \(parent)")
            }
            if ["ul", "ol"].contains(parent) { #expect(element.localName == "li") }
            if parent == "dl" { #expect(["dt", "dd"].contains(element.localName)) }
            if parent == "table" { #expect(["caption", "tr"].contains(element.localName)) }
            if parent == "tr" { #expect(["td", "th"].contains(element.localName)) }
        }
    }

    @Test("languages and directions are passed on")
    func languages() throws {
        let html = try page(
            "<p>Hebrew <foreign xml:lang=\"he\">נמל</foreign>, <foreign xml:lang=\"he-Latn\">namal</foreign></p>")
        #expect(html.contains("<i class=\"tei-foreign\" lang=\"he\" dir=\"rtl\">נמל</i>"))
        #expect(html.contains("<i class=\"tei-foreign\" lang=\"he-Latn\">namal</i>"))
        #expect(html.contains("<html lang=\"en\">"))
    }

    @Test("quotation marks are not doubled")
    func quotation() throws {
        let html = try page("<p><q>“So”</q> “<q>it</q>” <q>is</q></p>")
        #expect(html.contains("<q class=\"tei-q\">“So”</q>"))
        #expect(html.contains("“<q class=\"tei-q\">it</q>”"))
        #expect(html.contains("<q class=\"tei-q\"><span class=\"sign\">“</span>is<span class=\"sign\">”</span></q>"))
    }

    @Test("where the header says that the source's quotation marks are kept, none are added")
    func declaredQuotation() throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><encodingDesc><editorialDecl><quotation marks="all"/></editorialDecl>
            </encodingDesc></teiHeader><text><body><p><q>so</q></p></body></text></TEI>
            """
        )
        let transcription = Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: ".")))
        let html = String(decoding: HTMLFormat.html.export(transcription, policy: .reading), as: UTF8.self)
        #expect(html.contains("<q class=\"tei-q\">so</q>"))
    }

    @Test("an unknown element is carried as what it is")
    func unknown() throws {
        let html = try page("<p>An <x:new xmlns:x=\"urn:x\">element</x:new>.</p>")
        #expect(html.contains("<span class=\"tei-other\" data-element=\"x:new\">element</span>."))
    }

    @Test("a word goes on behind a break within it")
    func breaks() throws {
        let body = "<p>bro<lb break=\"no\"/>\n ken <pb n=\"2\"/>line<lb/>end</p>"
        #expect(try page(body).contains("bro<span class=\"tei-lb\"></span>ken"))
        #expect(try page(body).contains("line<span class=\"tei-lb\"></span> end"))
        #expect(try page(body, .diplomatic).contains("line<br/>"))
        #expect(try page(body).contains("page 2"))
    }

    // MARK: The index

    @Test("the index lists documents and those who wrote on them, the registers who is named, the search has the words")
    func site() throws {
        let (document, library) = try EditionFiles.read(
            Repository.root + "/TEI/07-lake-memo-enlargement.xml", root: nil)
        let transcription = Transcription(of: document.root, library: library)
        var site = HTMLSite()
        site.add(HTMLSite.Entry(transcription, address: "07.html"))
        let pages = site.pages
        #expect(pages.map(\.name) == ["index", "statistics", "search", "organisations", "places"])
        let parsed = try pages.map { try Document($0.bytes, path: $0.name).root }
        let title = "Memorandum of the national security adviser to the President on NATO enlargement"
        let link = try #require(parsed[0].descendants.first { $0.attribute("href") == "07.html" })
        #expect(link.stringValue == title)
        #expect(parsed[0].stringValue.contains("Bill Clinton") && parsed[0].stringValue.contains("1 check mark"))
        let nato = try #require(parsed[3].descendants.first { $0.attribute("id") == "nato" })
        #expect(nato.stringValue.contains("NATO"))
        #expect(nato.descendants.contains { $0.attribute("href")?.hasPrefix("07.html#name:") == true })
        #expect(parsed[1].stringValue.contains("1995-06") && parsed[1].descendants.contains { $0.localName == "svg" })
        #expect(parsed[2].stringValue.contains("how and why"))
    }

    @Test("entries of a register, and those who wrote on documents, that look the same are two")
    func codePoints() throws {
        let header = """
            <profileDesc><handNotes><handNote xml:id='a' scope='major'>m</handNote><handNote xml:id='h' scribe='\u{E9}'/><handNote xml:id='i' scribe='e\u{301}'/></handNotes>
            <particDesc><listPerson><person xml:id='\u{E9}'><persName>Ann</persName></person><person xml:id='e\u{301}'><persName>Bea</persName></person></listPerson></particDesc></profileDesc>
            """
        let body =
            "<p><persName ref='#\u{E9}'>A.</persName> <persName ref='#e\u{301}'>B.</persName> <add hand='#h'>c</add> <add hand='#i'>d</add></p>"
        var site = HTMLSite()
        site.add(HTMLSite.Entry(try TEITests.transcription(body: body, header: header), address: "a.html"))
        let parsed = try site.pages.map { try Document($0.bytes, path: $0.name).root }
        #expect(
            parsed[0].descendants.first { $0.attribute("class") == "readers" }?.childElements.reduce(0) { count, _ in
                count + 1
            } == 2)
        let cards = try #require(parsed.last).descendants.filter { $0.attribute("class") == "card" }
        #expect(cards.map { $0.attribute("id")?.unicodeScalars.count } == [1, 2])
    }

    @Test("a page of the site that a document names leads to the register")
    func cards() throws {
        let (document, library) = try EditionFiles.read(
            Repository.root + "/TEI/07-lake-memo-enlargement.xml", root: nil)
        let transcription = Transcription(of: document.root, library: library)
        let page = try Document(HTMLFormat(isInSite: true).page(transcription, policies: [.reading]), path: "page.html")
            .root
        let mention = try #require(page.descendants.first { $0.attribute("data-ref") == "organisations.xml#nato" })
        let card = try #require(
            page.descendants.first { "#" + ($0.attribute("id") ?? "") == mention.attribute("href") })
        #expect(card.descendants.contains { $0.attribute("href") == "organisations.html#nato" })
        #expect(card.descendants.contains { $0.attribute("href") == "#" + (mention.attribute("id") ?? "") })
    }

    // MARK: What is taken away

    @Test("a citation names author, title, date and holding, and TeX takes its characters as themselves")
    func citations() throws {
        let (document, library) = try EditionFiles.read(
            Repository.root + "/TEI/07-lake-memo-enlargement.xml", root: nil)
        let page = try Document(
            HTMLFormat.html.page(Transcription(of: document.root, library: library), policies: [.reading]),
            path: "page.html"
        ).root
        let words = page.descendants.filter { $0.classes.first == "words" }.map(\.stringValue)
        #expect(
            words[0] == """
                Anthony Lake, “Memorandum of the national security adviser to the President on NATO enlargement,” about July 1995, \
                Clinton Presidential Library, 2015-0772-M, ed. the Marginalia editors (Marginalia).
                """)
        #expect(words[1].hasPrefix("@misc{07-lake-memo-enlargement,\n  author = {Anthony Lake},\n"))
        let items = try #require(try JSONSerialization.jsonObject(with: Data(words[2].utf8)) as? [[String: Any]])
        #expect(items[0]["archive"] as? String == "Clinton Presidential Library")
        #expect((items[0]["issued"] as? [String: [[Int]]])?["date-parts"] == [[1995, 6], [1995, 8]])

        let odd = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>R&amp;D_50% {#1} \\ ~</title></titleStmt></fileDesc></teiHeader>\
            <text><body><p>x</p></body></text></TEI>
            """)
        let bibTeX = try Document(
            HTMLFormat.html.page(Transcription(of: odd.root, library: library), policies: [.reading]), path: "page.html"
        ).root
            .descendants.filter { $0.classes.first == "words" }[1].stringValue
        #expect(bibTeX.contains(##"title = {R\&D\_50\% \{\#1\} \textbackslash{} \textasciitilde{}}"##))
    }

    @Test("the source that is taken from a page is the file, byte for byte")
    func download() throws {
        let path = Repository.root + "/TEI/07-lake-memo-enlargement.xml"
        let (document, library) = try EditionFiles.read(path, root: nil)
        let page = try Document(
            HTMLFormat.html.page(Transcription(of: document.root, library: library), policies: [.reading]),
            path: "page.html"
        ).root
        let links = page.descendants.filter { $0.attribute("download") != nil }
        let contents = try links.map { link -> Data in
            let encoded = try #require(link.attribute("href")?.split(separator: ",").last)
            return try #require(Data(base64Encoded: String(encoded)))
        }
        #expect(try contents[0] == Data(FileAccess.bytes(ofFile: path)))
        #expect(
            contents[1]
                == Data(TextFormat.text.export(Transcription(of: document.root, library: library), policy: .reading)))
    }

    // MARK: Images

    @Test(
        "images are named and not fetched; zones and words lead to one another",
        arguments: [
            ("https://example.org/iiif/image/abc", "https://example.org/iiif/image/abc/full/!1600,1600/0/default.jpg"),
            (
                "https://example.org/iiif/2/abc/info.json",
                "https://example.org/iiif/2/abc/full/!1600,1600/0/default.jpg"
            ),
            ("https://example.org/1.jpg", "https://example.org/1.jpg"), ("images/1.jpg", "../images/1.jpg"),
            ("javascript:alert(1)", nil),
        ])
    func images(_ address: String, _ expected: String?) throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0">\(Samples.header)<facsimile><surface xml:id="s" ulx="0" uly="0" lrx="200" lry="100">\
            <graphic url="\(address)"/><zone xml:id="z" ulx="20" uly="10" lrx="120" lry="60"/></surface></facsimile>\
            <text><body><pb n="1" facs="#s"/><p facs="#z">words</p></body></text></TEI>
            """)
        let transcription = Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: ".")))
        let page = try Document(
            HTMLFormat(base: "../").page(transcription, policies: [.reading, .diplomatic]), path: "page.html"
        ).root
        let sheet = try #require(page.descendants.first { $0.classes.first == "sheet" })
        #expect(sheet.attribute("data-image") == expected)
        #expect(sheet.attribute("style") == "aspect-ratio:2")
        #expect(!page.descendants.contains { $0.localName == "img" })
        let zone = try #require(sheet.descendants.first { $0.classes.first == "zone" })
        #expect(zone.attribute("style") == "left:10%;top:10%;width:50%;height:50%")
        let words = try #require(page.descendants.first { $0.localName == "p" && $0.classes.first == "tei-p" })
        #expect(zone.attribute("href") == "#" + (words.attribute("id") ?? ""))
        #expect(words.descendants.contains { $0.attribute("href") == "#" + (zone.attribute("id") ?? "") })
        let policy = try #require(page.descendants.first { $0.attribute("http-equiv") != nil }?.attribute("content"))
        #expect(policy.contains("https://example.org") == (expected?.hasPrefix("https") ?? false))
    }

    @Test(
        "the controls speak the language that is asked for, else that of the document",
        arguments: [
            (PageLanguage?.some(.german), "Daneben"), (.some(.french), "En regard"), (.some(.spanish), "Al lado"),
            (nil, "Beside it"),
        ])
    func interface(_ interface: PageLanguage?, _ expected: String) throws {
        let page = try Document(
            HTMLFormat(interface: interface).page(try transcribe(body: "<p/>"), policies: [.reading, .typed]),
            path: "page.html"
        ).root
        let summaries = page.descendants.filter { $0.localName == "summary" }.map(\.stringValue)
        #expect(summaries.contains(expected))
    }

    // MARK: Colours

    @Test("hands can be read on both papers", arguments: ["light", "dark"])
    func contrast(theme: String) throws {
        let style = try wholePage("<p/>").style
        let part = theme == "light" ? style.prefix { $0 != "@" } : style.drop { $0 != "@" }
        func colour(_ name: String) throws -> [Double] {
            let value = try #require(
                part.firstRange(of: "--\(name): #").map { part[$0.upperBound...].prefix { $0.isHexDigit } })
            let digits =
                value.count == 3
                ? value.map { "\($0)\($0)" }
                : stride(from: 0, to: 6, by: 2).map { String(value.dropFirst($0).prefix(2)) }
            return digits.map { Double(Int($0, radix: 16)!) / 255 }
        }
        func luminance(_ colour: [Double]) -> Double {
            let linear = colour.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        }
        for paper in ["paper", "box", "target"] {
            for name in ["ink", "quiet", "link"] + (1...8).map({ "h\($0)" }) {
                let (a, b) = (luminance(try colour(paper)), luminance(try colour(name)))
                #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, "\(name) on \(paper), \(theme)")
            }
        }
    }
}

// MARK: - Helpers

private enum Samples {
    static let header = """
        <teiHeader><fileDesc><titleStmt><title>A &lt;title&gt;</title></titleStmt></fileDesc><profileDesc><handNotes>
        <handNote xml:id="main" scope="major">Typed.</handNote>
        <handNote xml:id="reader" scope="minor"><name>A Reader</name></handNote>
        </handNotes></profileDesc></teiHeader>
        """

    static let marked = """
        <p xml:id="p1">First <gap reason="withheld"/>.</p><p xml:id="p2">Second.</p>
        <note type="mark" hand="#reader" target="#p2"><metamark>✓</metamark></note>
        """

    static let changed = """
        <p xml:id="p1">It <del hand="#reader">must</del> <add hand="#reader">should</add> go.</p>
        """

    static let nested = """
        <p>Text <list type="ordered"><head>Head</head><pb n="1"/><item>One <hi><quote><p>block</p></quote></hi></item>
        words between<item>two</item></list> after <note><p>A note.</p></note></p>
        <list><label>a</label><item>b</item><label>c</label><item>d</item></list>
        <table><head>T</head><row><cell>1<list><item>x</item></list></cell>loose</row><note>n</note>
        <row role="label"><cell>2</cell></row></table>
        <del><p>gone</p></del><add><p>come</p></add><head>H <list><item>i</item></list></head>
        <item>alone</item><cell>alone</cell><lg><l>verse<note>on it</note></l></lg>
        <p><ref target="#x">a <ref target="https://example.org">b</ref><note>c</note></ref></p>
        """
}

private func transcribe(body: String) throws -> Transcription {
    let document = try Document(
        """
        <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en">\(Samples.header)\
        <text hand="#main"><body><div>\(body)</div></body></text></TEI>
        """
    )
    return Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: ".")))
}

/// A page without its style sheet and its script.
private func page(_ body: String, _ policy: Policy = .reading) throws -> String {
    try wholePage(body, policy).markup
}

private func wholePage(_ body: String, _ policy: Policy = .reading) throws -> (markup: String, style: String) {
    let html = String(decoding: HTMLFormat.html.export(try transcribe(body: body), policy: policy), as: UTF8.self)
    let start = try #require(html.firstRange(of: "<style>"))
    let end = try #require(html.firstRange(of: "</style>"))
    let script = try #require(html.firstRange(of: "<script>"))
    let endOfScript = try #require(html.firstRange(of: "</script>"))
    let markup = html[..<start.lowerBound] + html[end.upperBound..<script.lowerBound] + html[endOfScript.upperBound...]
    return (String(markup), String(html[start.upperBound..<end.lowerBound]))
}

private func element(_ document: Document, _ attribute: String, _ value: String) -> Node? {
    document.root.descendants.first { $0.attribute(attribute) == value }
}
