import Foundation
import Pages
import Support
import Testing
import XML
import XPath

@testable import TEI

/// What stands apart and speaks of the text, and what is in another place than the source.
@Suite struct StandOffTests {
    private static func transcribed(_ body: String, standOff: String = "") throws -> Transcription {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="doc"><teiHeader><fileDesc><sourceDesc><listWit><witness xml:id="A"/>\
            <witness xml:id="B"/></listWit></sourceDesc></fileDesc>\(hands)</teiHeader>
            <standOff><listPerson><person xml:id="ed"><persName>Jane Doe</persName></person></listPerson>\(standOff)</standOff>
            <text><body>\(body)</body></text></TEI>
            """, path: "memory.xml")
        return Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)),
            patterns: XPathPatterns())
    }

    private static func json(_ found: Transcription, _ policy: Policy) throws -> [String: Any] {
        let bytes = JSONFormat().export(found, policy: policy)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    // MARK: Statements

    private static let passage = ##"""
        <p>The <seg xml:id="w1">word</seg> was <anchor xml:id="a1"/>cold and <seg ana="#m" xml:id="w2">ice</seg><anchor xml:id="a2"/> \##
        came, on <date xml:id="d" when="1850">one day</date>.</p>
        """##

    @Test(
        "each kind of statement reaches what it is about",
        arguments: [
            (##"<certainty target="#w1" locus="value" degree="0.5"/>"##, ["word"], "certainty 0.5"),
            (##"<certainty target="#d" match="@when" cert="low"/>"##, ["one day @when"], "@when, uncertain"),
            (
                ##"<certainty target="#w1" match="../date/@when" cert="high"/>"##, ["one day @when"],
                "@when, certainty high"
            ),
            (
                ##"<t:certainty xmlns="" xmlns:t="http://www.tei-c.org/ns/1.0" target="#w1" match="../t:date" cert="low"/>"##,
                ["one day"], "uncertain"
            ),
            (##"<certainty target="#d" match="text()" cert="low"/>"##, ["one day"], "uncertain"),
            (##"<precision target="#d" match="@when" precision="low"/>"##, ["one day @when"], "@when, precision low"),
            (##"<respons target="#w1 #w2" locus="value" resp="#ed"/>"##, ["word", "ice"], "Jane Doe"),
            (
                ##"<spanGrp type="theme"><span from="#a1" to="#a2">Winter</span></spanGrp>"##, ["cold and ice"],
                "theme: Winter"
            ),
            (##"<span target="#w1">Winter</span>"##, ["word"], "Winter"),
            (##"<interpGrp type="figure"><interp inst="#w1">irony</interp></interpGrp>"##, ["word"], "figure: irony"),
            (##"<interp xml:id="m" type="figure">metaphor</interp>"##, ["ice"], "figure: metaphor"),
            (##"<linkGrp type="echo"><link target="#w1 #w2"/></linkGrp>"##, ["word", "ice"], "echo, “word”, “ice”"),
            (
                ##"""
                <listAnnotation><annotation motivation="questioning" target="#w2"><respStmt><resp>by</resp><name>Al</name></respStmt>\##
                <note>Who?</note><ptr target="http://example.org/x"/></annotation></listAnnotation>
                """##, ["ice"], "questioning, Al, http://example.org/x: Who?"
            ),
            (##"<certainty target="#nobody" cert="low"/>"##, [], "uncertain"),
            (##"<certainty target="#w1" match="][" cert="low"/>"##, [], "uncertain"),
        ])
    func targets(_ statement: String, _ expected: [String], _ words: String) throws {
        let found = try Self.transcribed(Self.passage, standOff: statement)
        let object = try Self.json(found, .reading)
        let text = Array(try #require(object["text"] as? String).unicodeScalars)
        let statements = try #require(object["statements"] as? [[String: Any]])
        #expect(statements.count == 1)
        let targets = try #require(statements[0]["targets"] as? [[String: Any]])
        let touched = try targets.map { target in
            let range = try #require(target["start"] as? Int)..<#require(target["end"] as? Int)
            return String(scalars: text[range]) + (target["attribute"].map { " @\($0)" } ?? "")
        }
        #expect(touched == expected)
        #expect(Wording(found).words(of: found.statements[0]) == words)
        try Self.expectOnPage(found, statement: words, isShown: !expected.isEmpty)
    }

    /// A page has the words of a statement once, beside the text, and a number at each target.
    private static func expectOnPage(_ found: Transcription, statement words: String, isShown: Bool) throws {
        for policies in [[Policy.reading], found.policies] {
            let page = try Page(found, policies)
            let entries = page.elements.filter { $0.classes.contains("statement") }
            #expect(entries.count == (isShown ? 1 : 0))
            guard let entry = entries.first else { continue }
            #expect(entry.descendants.contains { $0.classes == ["body"] && $0.stringValue == words })
            let signs = page.values("href") { $0.classes.first == "sign-number" }
            #expect(
                signs == Array(repeating: "#\(entry.attribute("id") ?? "")", count: found.statements[0].targets.count))
            expectTextExports(page, found)
        }
    }

    @Test("a statement without a target is about the element around it")
    func parents() throws {
        let body =
            ##"<p>on <date when="1850">one day<precision match="@when" precision="low"/><certainty cert="low"/></date></p>"##
        let found = try Self.transcribed(body, standOff: ##"<certainty cert="low"/>"##)
        #expect(found.statements.map { $0.targets.map(\.node.localName) } == [[], ["date"], ["date"]])
        #expect(found.statements[1].targets[0].attribute == "when")
    }

    @Test("a statement about what a text does not have has no place in it, and is on no page of it")
    func absent() throws {
        let found = try Self.transcribed(
            ##"<p>a <del xml:id="x">b</del></p>"##, standOff: ##"<certainty target="#x" cert="low"/>"##)
        for (policy, isThere) in [(Policy.reading, false), (.diplomatic, true)] {
            let statements = try #require(try Self.json(found, policy)["statements"] as? [[String: Any]])
            let target = try #require((statements[0]["targets"] as? [[String: Any]])?.first)
            #expect((target["start"] != nil) == isThere)
            #expect(try Page(found, [policy]).elements.contains { $0.classes.contains("statement") } == isThere)
        }
    }

    @Test("the apparatus says what is doubtful, in both its forms")
    func doubtfulReadings() throws {
        let body = ##"""
            <p><app><lem wit="#A" xml:id="l">one</lem><rdg wit="#B">two<certainty degree="0.2"><desc>Blotted.</desc></certainty></rdg></app></p>
            """##
        let found = try Self.transcribed(body, standOff: ##"<certainty target="#l" cert="low"/>"##)
        func lines(_ form: ApparatusFormat.Form) -> String {
            String(decoding: ApparatusFormat(form).export(found, policy: .reading), as: UTF8.self)
        }
        #expect(lines(.positive).hasSuffix("one] A (uncertain); two B (certainty 0.2: Blotted.)\n"))
        #expect(lines(.negative).hasSuffix("one] (uncertain); two B (certainty 0.2: Blotted.)\n"))
    }

    @Test("annotations have the motivations of Web Annotation, the editors as creators, and the targets in the TEI")
    func annotations() throws {
        let standOff = ##"""
            <certainty target="#w1" cert="low" resp="#ed"/><link target="#w1 #w2"/><interp inst="#w1">irony</interp>\##
            <annotation motivation="questioning" target="#w2"><note>Who?</note><ptr target="http://example.org/x"/></annotation>
            """##
        let bytes = AnnotationsFormat().export(try Self.transcribed(Self.passage, standOff: standOff), policy: .reading)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let items = try #require((object["first"] as? [String: Any])?["items"] as? [[String: Any]])
        #expect(items.map { $0["motivation"] as? String } == ["assessing", "linking", "classifying", "questioning"])
        #expect(items[0]["creator"] as? [[String: String]] == [["id": "memory.xml#ed", "name": "Jane Doe"]])
        #expect((items[1]["target"] as? [Any])?.count == 4)
        #expect((items[3]["body"] as? [[String: String]])?.last == ["id": "http://example.org/x"])
    }

    // MARK: Notes

    @Test(
        "a note in standOff is at its target, as a note of the text is",
        arguments: [
            (##"<note target="#w">n</note>"##, "a word, b [Editors’ note: n] c"),
            (##"<note target="#p">n</note>"##, "a word, b [Editors’ note: n] c"),
            (##"<note target="#s" targetEnd="#p2">n</note>"##, "a word, b c [Editors’ note: n]"),
            (##"<note target="#s">n</note>"##, "a word, b [Editors’ note: n] c"),
            (
                ##"<noteGrp target="#p2"><note>n</note><note>m</note></noteGrp>"##,
                "a word, b c [Editors’ note: n] [Editors’ note: m]"
            ),
            (##"<note target="#d">n</note>"##, "a word, b [Editors’ note: n] c"),
            (
                ##"<note type="mark" subtype="checkmark" hand="#b" target="#p2">✓</note>"##,
                "a word, b c [check mark ✓, hand of Bea, beside “c”]"
            ),
            (##"<note target="#ed">n</note><note>m</note>"##, "a word, b c"),
            (##"<note target="#doc">n</note>"##, "a word, b c [Editors’ note: n]"),
        ])
    func notes(_ notes: String, _ expected: String) throws {
        let body = ##"""
            <p xml:id="p">a <anchor xml:id="s"/><seg xml:id="w">word</seg><del xml:id="d">x</del>, b</p><p xml:id="p2">c</p>
            """##
        let found = try Self.transcribed(body, standOff: notes)
        let text = found.reading(.reading).text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text == expected)
        try expectSoundPages(found, found.policies)
    }

    @Test("a note in standOff may be about a gap, or about words that only one text has")
    func notesOnWhatIsNotEverywhere() throws {
        let body =
            ##"<p>a<gap xml:id="g"/> <app><lem wit="#A">b</lem><rdg wit="#B"><seg xml:id="r">c</seg></rdg></app></p>"##
        let notes = ##"<note target="#g">n</note><note target="#r">m</note>"##
        let found = try Self.transcribed(body, standOff: notes)
        #expect(found.reading(.reading).text == "a[omitted] b\n\n[Editors’ note: n]")
        #expect(found.reading(.witness("B")).text == "a[omitted] c\n\n[Editors’ note: n]\n\n[Editors’ note: m]")
        try expectSoundPages(found, found.policies)
    }

    @Test("the editors' notes in standOff are in no text of the writers alone")
    func editorsNotes() throws {
        let found = try Self.transcribed("<p xml:id='p'>a</p>", standOff: "<note target='#p' type='gloss'>n</note>")
        #expect(found.notes.map(\.isEditorial) == [true])
        #expect(found.reading(.typed).text == "a" && found.reading(.hand("a")).text == "a")
        let notes = try #require(try Self.json(found, .revised)["notes"] as? [[String: Any]])
        #expect(notes[0]["start"] as? Int == 3)
    }

    // MARK: Zones in the margin

    private static func surface(_ zones: String) throws -> Transcription {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><sourceDoc><surface><zone>\(zones)</surface></sourceDoc></TEI>
            """, path: "memory.xml")
        return Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
    }

    @Test(
        "a zone in the margin is at its anchor in all texts but the diplomatic",
        arguments: [
            (
                ##"<line>a <anchor xml:id="x"/>b</line></zone><zone corresp="#x"><line>m</line><line>n</line></zone>"##,
                "a m n b", "a b m n"
            ),
            (
                ##"<line>a <add><metamark xml:id="x">X</metamark></add> b</line></zone><zone corresp="#x"><line>m</line></zone>"##,
                "a m b", #"a \X/ b m"#
            ),
            (
                ##"""
                <line>a <anchor xml:id="x"/> b</line></zone><zone corresp="#y"><line>m</line></zone>\##
                <zone corresp="#x"><line>n <anchor xml:id="y"/>o</line></zone>
                """##, "a n m o b", "a b m n o"
            ),
            (
                ##"""
                <line>a</line></zone><zone corresp="#y"><line>m<anchor xml:id="x"/></line></zone>\##
                <zone corresp="#x"><line>n<anchor xml:id="y"/></line></zone>
                """##, "a m n", "a m n"
            ),
            (##"<line>a</line></zone><zone xml:id="z" corresp="#z"><line>m</line></zone>"##, "a m", "a m"),
        ])
    func margins(_ zones: String, _ expected: String, _ diplomatic: String) throws {
        let found = try Self.surface(zones)
        for (policy, expected) in [(Policy.reading, expected), (.typed, expected), (.diplomatic, diplomatic)] {
            let text = found.reading(policy).text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(text == expected, "\(policy)")
        }
        expectTextExports(try Page(found, found.policies), found)
    }

    @Test("a page may have a text in three orders, each with identifiers of its own")
    func threeOrders() throws {
        let document = try Document(
            ##"""
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>\##(hands)</teiHeader><sourceDoc><surface><zone><line>a <anchor xml:id="x"/>b \##
            <seg xml:id="t1">c</seg> <seg xml:id="t2">d<note>n</note></seg><metamark function="transpose" hand="#b" change="#s2" target="#t1 #t2">2 1\##
            </metamark></line></zone><zone corresp="#x"><line>m</line></zone></surface></sourceDoc>\##
            <listTranspose><transpose><ptr target="#t2"/><ptr target="#t1"/></transpose></listTranspose></TEI>
            """##, path: "memory.xml")
        let found = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        let page = try Page(found, found.policies)
        #expect(page.elements.filter { $0.classes.first == "flow" }.count == 3)
        try expectSoundPages(found, found.policies)
    }

    @Test("the contents of a page have the gaps of headings")
    func gapsInContents() throws {
        let found = try Self.transcribed(
            "<div><head>The<lb/>ice <gap reason='illegible'/></head><p>a</p></div><div><head>b</head></div>")
        let page = try Page(found, [.reading])
        #expect(page.elements.contains { $0.localName == "a" && $0.stringValue == "The ice [illegible]" })
    }

    @Test("nothing is lost or doubled where zones go to their anchors", .inRelease, .hasData("sga/tei"))
    func conservation() throws {
        let path = Repository.data + "/sga/tei/ox/ox-ms_abinger_c56.xml"
        let (document, library) = try EditionFiles.read(path, root: Repository.data + "/sga")
        let found = Transcription(of: document.root, library: library)
        #expect(found.marginalZones.count > 50)
        func texts(_ transcription: Transcription) -> [Int] {
            transcription.events.compactMap { if case .text(let node, _, _) = $0 { node.index } else { nil } }
        }
        let arranged = found.arranged(by: found.selection(.reading))
        #expect(texts(arranged) != texts(found))
        #expect(texts(arranged).sorted() == texts(found).sorted())
        #expect(arranged.events.count == found.events.count)
    }

    // MARK: Transpositions that touch

    @Test(
        "of passages that overlap, the one that is named first has what they share",
        arguments: [
            (##"<seg xml:id="t1">a <seg xml:id="t2">b</seg> c</seg>"##, "ba c"),
            (
                ##"""
                <milestone unit="x" xml:id="t1" spanTo="#e1"/>a <milestone unit="x" xml:id="t2" spanTo="#e2"/>b \##
                <anchor xml:id="e1"/>c <anchor xml:id="e2"/>d
                """##, "b c a d"
            ),
            (##"<seg xml:id="t2">a <seg xml:id="t1">b</seg> c</seg>"##, "a b c"),
        ])
    func overlaps(_ passages: String, _ expected: String) throws {
        let list = "<listTranspose><transpose><ptr target='#t2'/><ptr target='#t1'/></transpose></listTranspose>"
        let text = try Self.transcribed("<p>\(passages)</p>\(list)").reading(.revised).text
        #expect(text.split(whereSeparator: \.isWhitespace).joined(separator: " ") == expected)
    }

    @Test("transpositions that touch are carried out one after the other: by stage, then as the document lists them")
    func succession() throws {
        func text(_ first: String, _ second: String) throws -> String {
            let list = """
                <listTranspose><transpose \(first)><ptr target="#tc"/><ptr target="#tb"/></transpose>\
                <transpose \(second)><ptr target="#tb"/><ptr target="#ta"/></transpose></listTranspose>
                """
            let body = ##"<p><seg xml:id="ta">a</seg> <seg xml:id="tb">b</seg> <seg xml:id="tc">c</seg></p>"## + list
            return try Self.transcribed(body).reading(.revised).text
        }
        // a b c, a c b, b c a
        #expect(try text("", "") == "b c a")
        #expect(try text(##"change="#s1""##, ##"change="#s2""##) == "b c a")
        // a b c, b a c, c a b
        #expect(try text(##"change="#s2""##, ##"change="#s1""##) == "c a b")
    }

    // MARK: Streaming

    @Test(
        "a file is not divided between a note or zone and its place",
        arguments: [
            (##"<standOff><note target="#p">n</note></standOff><text><body><p>a</p><p xml:id="p">b</p></body></text>"##),
            (##"""
            <sourceDoc><surface><zone><line>a<anchor xml:id="p"/></line></zone></surface><surface><zone corresp="#p"><line>b</line></zone>\##
            </surface></sourceDoc>
            """##),
        ])
    func streaming(_ content: String) throws {
        let scratch = try TemporaryFolder()
        let path = scratch.path("a.xml")
        try Data(##"<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/>\##(content)</TEI>"##.utf8).write(
            to: URL(filePath: path))
        #expect(throws: Diagnostics.self) { try StreamedText(path, root: nil, size: 1, limit: 1) }
        let document = try Document(FileAccess.bytes(ofFile: path), path: path)
        let whole = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        let streamed = try StreamedText(path, root: nil, size: 1)
        let texts = try streamed.documents[0].parts.flatMap { try streamed.texts(of: $0, [.reading]).map(\.text) }
        #expect(texts == [whole.reading(.reading).text])
    }
}
