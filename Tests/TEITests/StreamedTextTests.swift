import Foundation
import Support
import TEI
import Testing
import XML

/// A file that is read in parts gives the texts that it gives as a whole.
@Suite struct PartitionTests {
    /// Reads a file both ways, divided wherever it can be.
    ///
    /// - Returns: how many parts there were.
    @discardableResult
    private func check(
        _ path: String, _ content: String = "", root: String? = nil, policies: [Policy]? = nil
    ) throws -> Int {
        let (document, library) = try EditionFiles.read(path, root: root)
        let items = try EditionFiles.items(in: document, library: library)
        let partition = try StreamedText(path, root: root, size: 1)
        try #require(partition.documents.map(\.name) == items.map(\.name))
        var count = 0
        for (part, item) in zip(partition.documents, items) {
            let transcription = Transcription(of: item.element, library: item.library)
            let policies = policies ?? transcription.policies
            let texts = try part.parts.map { try partition.texts(of: $0, policies).map(\.text) }
            for (number, policy) in policies.enumerated() {
                let joined = texts.map { $0[number] }.filter { !$0.isEmpty }.joined(separator: "\n\n")
                #expect(joined == transcription.reading(policy).text, "\(path), \(item.name), \(policy): \(content)")
            }
            let found = try partition.texts(of: part.parts[0], nil).map(\.policy)
            #expect(found == transcription.policies)
            count += part.parts.count
        }
        return count
    }

    /// Writes a file for a test.
    private func withFile<Value>(_ content: String, _ body: (String) throws -> Value) throws -> Value {
        let folder = try TemporaryFolder()
        return try body(folder.write("book.xml", content))
    }

    private static let header = """
        <teiHeader><fileDesc><sourceDesc><listWit><witness xml:id="A">a</witness><witness xml:id="B">b</witness></listWit><bibl xml:id="book">c</bibl></sourceDesc></fileDesc>
        <profileDesc><creation><listChange><change xml:id="s1">first</change><change xml:id="s2">second</change></listChange></creation>
        <particDesc><listPerson><person xml:id="lake"><persName>Tony Lake</persName></person></listPerson></particDesc>
        <handNotes><handNote xml:id="a" scope="major">main</handNote><handNote xml:id="b" scribe="Bea">other</handNote></handNotes></profileDesc></teiHeader>
        """

    private func book(_ body: String, prolog: String = "", rest: String = "") -> String {
        "\(prolog)<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\(Self.header)<text><body>\(body)</body></text>\(rest)</TEI>\n"
    }

    // MARK: The law

    @Test(arguments: Repository.documents) func edition(_ name: String) throws {
        #expect(try check(Repository.root + "/TEI/" + name, root: Repository.root) > 0)
    }

    @Test func everything() throws {
        try check(Repository.root + "/Tests/Everything.xml")
    }

    @Test(.inRelease, .hasData("gerdracor"))
    func plays() throws {
        let folder = Repository.data + "/gerdracor"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".xml") }.sorted()
        for name in names.prefix(6) {
            #expect(try check("\(folder)/\(name)", root: folder, policies: [.reading, .diplomatic]) > 100, "\(name)")
        }
    }

    @Test(.inRelease, .hasData("sga"))
    func pages() throws {
        let folder = Repository.data + "/sga/tei/ox"
        let notebook = "\(folder)/ox-ms_abinger_c56"
        let names = try FileManager.default.contentsOfDirectory(atPath: notebook).filter { $0.hasSuffix(".xml") }
            .sorted()
        #expect(names.count > 100)
        for name in names.prefix(40) {
            try check(
                "\(notebook)/\(name)", root: Repository.data + "/sga/tei", policies: [.reading, .diplomatic, .revised])
        }
    }

    /// What there can be between the paragraphs of a document, each divided into at least as many parts as there are
    /// paragraphs.
    @Test(arguments: [
        "<p>one</p><p>two</p><p>three</p>",
        "<div><head>A</head><p>one</p><div><p>two</p></div></div><div hand='#b'><p>three</p></div>",
        "<p>one<note>of one</note></p><note hand='#b'>beside</note><p>two</p><pb n='2'/><p>three</p><lb/><gap reason='editorial'/><p>four</p>",
        "<p>one <handShift new='#b'/>two</p><p>three</p><div><p>four</p><p hand='#a'>five<handShift new='#b'/></p><p>six</p></div><p>seven</p>",
        "<div hand='#b'><p>one</p><p>two <handShift new='#a'/>three</p><p>four</p></div><p>five</p>",
        "<p>one</p><delSpan spanTo='#e' hand='#b'/><p>two</p><p>three</p><anchor xml:id='e'/><p>four</p><p>five</p>",
        "<sp who='#lake'><p>one</p></sp><sp who='#lake'><p>two</p></sp><sp who='#nobody'><speaker>He</speaker><p>three</p></sp>",
        "<lg><l>one</l><l>two<note>of two</note></l></lg><list><item>three</item></list><table><row><cell>four</cell><cell>five</cell></row></table>",
        "<p><![CDATA[one < two]]></p><!-- three --><?four five?><p>six &amp; seven &#x201C;eight&#8221;</p><p>n&euml;in</p><p>&both;</p><p>end</p>",
        "<p change='#s2'>one <add change='#s2' hand='#b'>two</add></p><p change='#s1'>three <del change='#s2'>four</del></p>",
        "<p>a <app><lem wit='#A'>one</lem><rdg wit='#B'>two</rdg></app></p><p>b <app><rdg wit='#A'>one</rdg><rdg wit='#B'>two</rdg></app>, c</p>",
        "<p xml:id='p'>one</p><note type='mark' target='#q' hand='#b'><metamark>✓</metamark></note><p><seg xml:id='q'>two</seg></p><p>three <ptr target='#p'/></p>",
        "<fw type='header'>SECRET</fw><p>one</p><milestone unit='p'/><p></p><p> </p><fw>two</fw><p>three</p>",
        "<p>one</p><p>two <add hand='#b'>three</add> <del hand='#b'>four</del>, five</p><postscript><p>six</p></postscript>",
        "<p>one</p><delSpan spanTo='#e' hand='#b'/><p>two</p><anchor xml:id='e'/><p>three</p><p>four</p><p>five</p><p>six</p><p>seven</p><p>eight</p>",
        "<p>one</p><delSpan spanTo='#e' hand='#b'/><p>two</p><p xml:id='e'>three</p><p>four</p><p>five</p><p>six</p><p>seven</p><p>eight</p>",
        "<p>one</p><delSpan spanTo='#e'/><p>two</p><div xml:id='e'><p>three</p><p>four</p></div><p>five</p><p>six</p><p>seven</p><p>eight</p><p>nine</p><p>ten</p>",
        "<p>one <handShift hand='#a' new='#b'/> two</p><p>three</p><p>four</p>",
        "<p>one</p><linkGrp><link target='#p #q'/></linkGrp><p xml:id='p'>two</p><p xml:id='q'>three</p><p>four</p>",
        "<p xml:space='preserve'>  one\n  two </p><div xml:space='preserve'><p> three</p>\n<p> four </p></div>",
    ]) func between(_ body: String) throws {
        let prolog =
            "<?xml version='1.0'?>\n<!DOCTYPE TEI [<!ENTITY euml '&#xEB;'><!ENTITY both '<hi>a</hi><hi>b</hi>'>]>\n"
        let parts = try withFile(book(body, prolog: prolog, rest: "<facsimile><graphic url='a.png'/></facsimile>")) {
            try check($0)
        }
        #expect(parts >= body.split(separator: "<p").count / 2 && parts > 1)
    }

    /// A word that the end of a page divides is in one part.
    @Test(arguments: [("per-", "mitted b"), ("per- ", "<hi>mitted</hi>"), ("Anglo-", "Saxon")])
    func sheets(_ last: String, _ first: String) throws {
        #expect(try parts(last, first) < parts("per", "mitted b"))
    }

    /// Into how many parts two pages are divided, of which one ends and the other begins with these words.
    private func parts(_ last: String, _ first: String) throws -> Int {
        let next = "</zone></surface><surface><zone type=\"pagination\"><line>2</line></zone><zone type=\"main\">"
        let content = """
            <TEI xmlns="http://www.tei-c.org/ns/1.0">\(Self.header)<sourceDoc><surface><zone type="main"><line>a \(last)</line>
            \(next)<line>\(first)</line></zone><zone type="left_margin"><line>c</line></zone></surface></sourceDoc></TEI>
            """
        return try withFile(content) { try check($0, content) }
    }

    @Test func beginnings() throws {
        for prolog in ["\u{FEFF}", "<!-- a -->\n", "<?xml version='1.0' encoding='UTF-8'?>"] {
            #expect(try withFile(book("<p>one</p><p>two</p>", prolog: prolog)) { try check($0) } > 2)
        }
        let prefixed =
            "<t:TEI xmlns:t='http://www.tei-c.org/ns/1.0' n='>'><t:text><t:body><t:p>one</t:p><t:p>two<t:handShift new='#b'/></t:p><t:p>x</t:p></t:body></t:text></t:TEI>"
        #expect(try withFile(prefixed) { try check($0) } > 3)
        #expect(
            try withFile("<div xmlns='http://www.tei-c.org/ns/1.0'><p>one</p><p>two</p></div>") { try check($0) } > 1)
        #expect(try withFile("<p xmlns='http://www.tei-c.org/ns/1.0'>one</p>") { try check($0) } == 1)
        // Images are no part of a text, however many they are; who has a speech with a label may be described anywhere.
        let images =
            "<TEI xmlns='http://www.tei-c.org/ns/1.0'><facsimile>\(String(repeating: "<surface/>", count: 50))</facsimile><text><front><castList>"
            + "<castItem><role xml:id='r'>He</role></castItem></castList><p>one</p></front><body><sp who='#r'><speaker>He</speaker><p>two</p></sp><p>three</p></body></text></TEI>"
        #expect(try withFile(images) { try check($0) } > 3)
        #expect(try withFile(images) { try StreamedText($0, root: nil, size: 1, limit: 200).documents.count } == 1)
        let stages = book("<p>a <add seq='1'>b</add></p><p>c <add seq='2'>d</add></p>").replacing(
            "</teiHeader>", with: "<revisionDesc><listChange><change/></listChange></revisionDesc></teiHeader>"
        )
        .replacing("<change xml:id=", with: "<change n=")
        #expect(try withFile(stages) { try check($0) } == 1)
    }

    @Test func corpus() throws {
        let documents = (1...3).map { number in
            "<TEI\(number == 2 ? " xml:id='second'" : "")>\(number == 1 ? Self.header : "<teiHeader/>")<text><body><sp who='#ada'><p>\(number)</p></sp><p>two</p></body></text></TEI>"
        }
        let content =
            "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><person xml:id='ada'><persName>Ada</persName></person></teiHeader>"
            + "<TEI><teiHeader/></TEI>\(documents.joined())<teiCorpus><teiHeader/>\(documents[2])</teiCorpus></teiCorpus>"
        try withFile(content) { path in
            let partition = try StreamedText(path, root: nil)
            #expect(partition.documents.map(\.name) == ["book-1", "book-second", "book-3", "book-4"])
            #expect(
                try partition.texts(of: partition.documents[1].parts[0], [.reading]).first?.text.contains("[Ada:]")
                    == true)
            #expect(try check(path) > 8)
        }
    }

    /// Documents that a generator makes, out of all that may reach from one place into another.
    @Test(.inRelease) func generated() throws {
        var random = Generator(seed: 5)
        var (divided, whole) = (0, 0)
        for _ in 0..<400 {
            let body = Self.blocks(&random, depth: 0)
            let parts = try withFile(book(body)) { try check($0, body) }
            if parts > 1 { divided += 1 } else { whole += 1 }
        }
        #expect(divided > 100 && whole > 20)
    }

    private static func blocks(_ random: inout Generator, depth: Int) -> String {
        (0..<(1 + random.number(below: 5))).map { _ -> String in
            let hand = ["", "", "", " hand='#a'", " hand='#b'", " change='#s2'"][random.number(below: 6)]
            switch random.number(below: depth < 3 ? 16 : 12) {
            case 0: return "<lg\(hand)><l>\(words(&random))</l><l>\(words(&random))</l></lg>"
            case 1: return "<note\(hand)>\(words(&random))</note>"
            case 2: return "<pb n='\(random.number(below: 9))'/>"
            case 3: return "<handShift new='#\(["a", "b"][random.number(below: 2)])'/>"
            case 4:
                return
                    "<sp who='#lake'\(hand)>\(["", "<speaker>L.</speaker>"][random.number(below: 2)])<p>\(words(&random))</p></sp>"
            case 5: return "<fw>\(words(&random))</fw>"
            case 6 where random.number(below: 4) == 0: return "<hi>\(words(&random))</hi>"
            case 7:
                let id = "e\(random.number(below: 1_000_000_000))"
                return "<delSpan spanTo='#\(id)'\(hand)/><p>\(words(&random))</p><anchor xml:id='\(id)'/>"
            case 8 where random.number(below: 9) == 0: return "<lacunaStart wit='#A'/>"
            case 12...: return "<div\(hand)>\(blocks(&random, depth: depth + 1))</div>"
            default: return "<p\(hand)>\(words(&random))</p>"
            }
        }.joined(separator: random.number(below: 2) == 0 ? "" : "\n  ")
    }

    private static func words(_ random: inout Generator) -> String {
        (0..<random.number(below: 5)).map { _ -> String in
            switch random.number(below: 12) {
            case 0: "<add hand='#b'>\(words(&random))</add>"
            case 1: "<del>\(words(&random))</del>,"
            case 2: "<note>\(words(&random))</note>"
            case 3: "<handShift new='#\(["a", "b"][random.number(below: 2)])'/>"
            case 4: "<app><lem wit='#A'>\(words(&random))</lem><rdg wit='#B'>x</rdg></app>"
            case 5: "<lb break='no'/>"
            case 6: "<gap reason='illegible'/>"
            case 7: "<hi rend='underline' hand='#b'>u</hi>"
            default: ["one", "two ", " three", "four; "][random.number(below: 4)]
            }
        }.joined(separator: random.number(below: 3) == 0 ? "" : " ")
    }

    // MARK: What cannot be divided

    /// What reaches from one part into another is refused in a document that is too large to be held, and told by its
    /// place.
    @Test(arguments: [
        ("<p><seg xml:id='x'>one</seg></p><note target='#x'>two</note>", "‘#x’ leads from another part"),
        (
            "<note target='#x'>two</note><p xml:id='y'>one</p><p><seg xml:id='x'>one</seg></p>",
            "‘x’ is pointed at from another part"
        ),
        ("<p>one</p><witEnd wit='#A'/><p>two</p>", "<witEnd> says of all that follows"),
        ("<p>one</p><p>two <app><rdg wit='#book'>x</rdg></app></p>", "the header does not list the witness ‘#book’"),
        ("<p>one</p><p>two <app><rdg wit='w.xml#D'>x</rdg></app></p>", "the header does not list the witness"),
        ("<p>one</p><p>two</p>words<p>three</p>", "words stand beside paragraphs"),
        ("<p>one</p><hi>two</hi><p>three</p>", "words stand beside paragraphs"),
        ("<p>one</p><witDetail wit=\"#A\">two</witDetail><p>three</p>", "words stand beside paragraphs"),
        ("<p>one</p><p>two <app loc='1'><rdg>three</rdg></app></p>", "an <app> elsewhere"),
        ("<p>one</p><p>two <handNote xml:id='c'>three</handNote></p>", "<handNote> stands outside of the header"),
        ("<p>one</p><p><add hand='#b'>two <handShift new='#a'/></add></p>", "the hand changes within"),
        ("<p>one</p><p hand='hands.xml#c'>two</p>", "‘hands.xml#c’ is described in another file"),
        ("<p>one</p><sp who='#nobody'><p>two</p></sp>", "whoever speaks here"),
        (
            "<p><persName ref='people.xml#x'>The Prince</persName></p><sp who='people.xml#x'><p>two</p></sp>",
            "whoever speaks here"
        ),
        (
            "<div xml:id='x' next='#y'><p>one</p></div><div xml:id='y' prev='#x'><p>two</p><p>three</p></div>",
            "a division that is pointed at"
        ),
        ("<undo target='#y'/><div xml:id='y'><p>two</p><p>three</p></div>", "a division that is pointed at"),
        (
            "<div xml:id='y'><p>two</p><p>three</p></div><p>x<app from='#y'><lem>x</lem><rdg>y</rdg></app></p>",
            "a division that is pointed at"
        ),
        ("<div xml:base='sub/'><p>one</p></div><p>two</p>", "xml:base changes"),
        (
            "<p>one <handShift new='#b'/></p><p next='#x'>two</p><p>three</p><p xml:id='x'>four</p>",
            "the hand changes within"
        ),
    ]) func obstacles(_ body: String, _ words: String) throws {
        try withFile(book(body)) { path in
            try check(path)
            let error = try #require(throws: Diagnostics.self) {
                _ = try StreamedText(path, root: nil, size: 1, limit: 30)
            }
            #expect(error.list.count == 1 && error.list[0].rule == "not-streamed")
            #expect(error.list[0].message.contains(words), "\(error.list[0].message)")
            #expect(error.list[0].location?.line == 4)
        }
    }

    @Test func refused() throws {
        func rule(_ content: String, limit: Int = 16 << 20) throws -> String? {
            try withFile(content) { path in
                (#expect(throws: Diagnostics.self) { _ = try StreamedText(path, root: nil, size: 1, limit: limit) })?
                    .list
                    .first?.message
            }
        }
        #expect(
            try rule(book("<p>\(String(repeating: "one ", count: 500_000))</p>"), limit: 1 << 20)?.contains(
                "2 MB that is not parted") == true)
        #expect(
            try rule(book("<p>one</p><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='a.xml'/>"))?.contains(
                "is not followed") == true)
        #expect(try rule(book("<TEI><text/></TEI>"))?.contains("a document stands within another") == true)
        #expect(try rule("<?xml version='1.0' encoding='ISO-8859-1'?><TEI/>")?.contains("not in UTF-8") == true)
        #expect(
            try rule(book("<p>one</p><p>two</p>", prolog: "<!DOCTYPE TEI [<!ATTLIST p id ID #IMPLIED>]>"), limit: 30)?
                .contains("may make ids of them") == true)
        #expect(
            try rule(
                "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body hand='#a'><p>a</p><p>b</p></body><back><p>c</p></back></text></TEI>",
                limit: 30)?
                .contains("the hand of the text is named in one part") == true)
        let tei = "<TEI xmlns='http://www.tei-c.org/ns/1.0'>"
        #expect(
            try rule(
                "\(tei)<sourceDoc hand='#a'><surface/><surface/></sourceDoc><text><body><p>a</p><p>b</p></body></text></TEI>",
                limit: 30)?
                .contains("the hand of the text is named in one part") == true)
        #expect(try rule(book("<p>one</q>"))?.contains("q") == true)
        let linked = "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body><p xml:id='x'>a</p></body></text></TEI>"
        let corpus =
            "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'>\(linked)\(linked.replacing("xml:id='x'", with: "change='#x'"))</teiCorpus>"
        #expect(try rule(corpus)?.contains("leads from another document") == true)
        #expect(throws: Diagnostics.self) { _ = try StreamedText("-", root: nil) }
        #expect(throws: Diagnostics.self) { _ = try StreamedText("/dev/null", root: nil) }
        #expect(throws: Diagnostics.self) {
            _ = try StreamedText(Repository.root + "/Tests/Everything.xml", root: Repository.root + "/TEI")
        }
    }

    @Test func unknownPolicy() throws {
        try withFile(book("<p>one</p><p hand='#nobody'>two</p>")) { path in
            let partition = try StreamedText(path, root: nil, size: 1)
            let part = try #require(partition.documents.first?.parts.last)
            for policy in [Policy.hand("c"), .hand("nobody"), .stage("s9")] {
                let error = try #require(throws: Diagnostics.self) { _ = try partition.texts(of: part, [policy]) }
                #expect(
                    error.list[0].rule == "policy-unknown" && error.list[0].help?.contains("hand:b") == true
                        && error.list[0].location?.line == 1)
            }
            // What has been written to meanwhile is not what was divided.
            try Data(String(contentsOfFile: path, encoding: .utf8).replacing("one", with: "three").utf8).write(
                to: URL(filePath: path))
            let error = try #require(throws: Diagnostics.self) { _ = try partition.texts(of: part, [.reading]) }
            #expect(error.list[0].rule == "file-changed")
        }
    }
}
