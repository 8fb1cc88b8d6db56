import Foundation
import Support
import Testing
import XML

@testable import TEI

/// The rules of `docs/texts.md` about white space: what is one word, and where lines end.
@Suite struct WordBoundaryTests {
    @Test(
        "a word is a word through whatever is in it, in every text but the diplomatic",
        arguments: [
            "<pb n=\"2\"/>", "<lb break=\"no\"/>", "<milestone unit=\"x\"/>", "<fw>Head</fw>", "<note>n</note>",
            "<cb/>",
            "<metamark function=\"x\"/>", "<pb break=\"no\"/><fw>Head</fw>\n<lb break=\"no\"/>", "<gb/>",
            "<anchor xml:id=\"x\"/>",
            "<index><term>t</term></index>", "-<lb break=\"no\"/>",
        ])
    func words(_ inside: String) throws {
        let found = try transcription(body: "<p>a wo\(inside)rd b</p>", header: hands)
        #expect(found.reading(.reading).text.hasPrefix("a word b"))
        let others = [Policy.typed, .revised, .stage("s1")].map { found.reading($0).text }
        for text in others where !inside.hasPrefix("-") { #expect(text.hasPrefix("a word b"), "\(text)") }
    }

    @Test(
        "a page or column between words separates them",
        arguments: [
            "a.<pb/>B", "a<pb break=\"yes\"/>B", "a <pb/>B", "a<pb/> B", "a,<cb/>B", "a<lb/>B", "a<caesura/>B",
            "a<space/>B",
        ])
    func breaks(_ body: String) throws {
        let text = try transcription(body: "<p>\(body)</p>").reading(.reading).text
        #expect(text.trimmed.filter(\.isLetter).count == 2)
        #expect(text.trimmed.contains(" B"))
    }

    @Test(
        "hyphens at the ends of lines, as the header says that they were kept",
        arguments: [
            ("all", "per-<lb/>mitted", "permitted"), ("all", "Anglo-<lb/>Saxon", "Anglo-Saxon"),
            ("hard", "well-<lb/>known", "well-known"), ("none", "a-<lb/>b", "a- b"),
            (nil, "per-<lb/>mitted", "permitted"), (nil, "Anglo-<lb/>Saxon", "Anglo-Saxon"),
            (nil, "per -<lb/>mitted", "per - mitted"), ("none", "per-<lb/>mitted", "per- mitted"),
            (nil, "Haupt-<lb/>und Nebensatz", "Haupt- und Nebensatz"), ("all", "won-<pb n=\"2\"/>der", "wonder"),
            ("all", "won-\n<pb/><fw>h</fw>\n<lb/>der", "wonder"),
            (nil, "com-<fw>h</fw><lb break=\"no\"/>plete", "complete"),
            (nil, "com-<lb/><hi>plete</hi>", "complete"), (nil, "com-<pb break=\"no\"/>plete", "complete"),
            (nil, "com=<lb break=\"no\"/>plete", "complete"), (nil, "a=<lb/>b", "a= b"),
            (nil, "com-<lb break=\"no\"/>-plete", "complete"), (nil, "com<lb break=\"no\"/>-plete", "complete"),
            (nil, "<w>won-<lb/>der</w>", "wonder"), (nil, "<w>won<lb/>der</w>", "wonder"),
            (nil, "com-<del>x</del><lb/>plete", "complete"), (nil, "com-<lb/><gap/>plete", "com- [omitted]plete"),
            (nil, "per-<lb/></p><p>mitted", "per-\n\nmitted"),
            (nil, "per-<lb break=\"no\"/>mitted", "permitted"), ("hard", "well-<lb break=\"no\"/>known", "well-known"),
            ("some", "per-\n<lb/>mitted", "permitted"), ("all", "per-<lb break=\"yes\"/>mitted", "per- mitted"),
            (nil, "अस्मा- <lb/>भिरिति", "अस्माभिरिति"), ("all", "3-<lb/>4", "3-4"),
            (nil, "per¬<lb break=\"no\"/>mitted", "permitted"),
        ] as [(String?, String, String)])
    func hyphens(_ kept: String?, _ body: String, _ expected: String) throws {
        let header =
            kept.map { "<encodingDesc><editorialDecl><hyphenation eol=\"\($0)\"/></editorialDecl></encodingDesc>" }
            ?? ""
        let found = try transcription(body: "<p>\(body)</p>", header: header)
        #expect(found.reading(.reading).text.trimmed == expected)
        #expect(found.reading(.diplomatic).text.contains("\n"))
        // Names and headings in short.
        let paragraphs = found.element.descendants("p")
        #expect(paragraphs.map(\.plainText).joined(separator: "\n\n") == expected)
    }

    @Test(
        "a word that lines of a sourceDoc divide is whole in the line where it begins",
        arguments: [
            (nil, "a per-|mitted b", "a permitted\nb"), (nil, "per-|mitted", "permitted"),
            (nil, "per-|<hi>mitted</hi> b", "permitted\nb"), (nil, "<hi>per-</hi>|mitted b", "permitted\nb"),
            (nil, "Anglo-|Saxon", "Anglo-\nSaxon"), (nil, "per -|mitted", "per -\nmitted"),
            (nil, "per-|mit<hi>ted</hi>, b", "permitted,\nb"), (nil, "per-|mitted a-|b, c", "permitted\nab,\nc"),
            (nil, "per-<add hand=\"#b\">x</add>|mitted", "per-x\nmitted"),
            (nil, "per-|<del>not</del>mitted", "permitted"),
            (nil, "per-|mit<fw>n</fw>ted b", "permitted\nb"), (nil, "per-|mit<gap/> b", "per-\nmit[omitted] b"),
            (nil, "per<del>ish-</del>|mitted", "per\nmitted"),
            ("hard", "well-|known", "well-\nknown"), ("none", "a-|b", "a-\nb"), ("all", "per-|mitted", "permitted"),
            (nil, "per-§mitted b", "permitted\n\nb"), (nil, "a per-§mitted", "a permitted"),
            (nil, "Anglo-§Saxon", "Anglo-\n\nSaxon"), (nil, "per-~mitted", "per-\n\nmitted"),
            (nil, "a-§b c-§d", "ab\n\ncd"), (nil, "per-|-mitted b", "permitted\nb"), (nil, "per-|- b", "per-\n- b"),
        ] as [(String?, String, String)])
    func linesOfPages(_ kept: String?, _ lines: String, _ expected: String) throws {
        let header =
            kept.map { "<encodingDesc><editorialDecl><hyphenation eol=\"\($0)\"/></editorialDecl></encodingDesc>" }
            ?? ""
        let zone = "<line>\(lines)</line>".replacing("|", with: "</line>\n<line>")
            .replacing("§", with: WordBoundaryTests.newPage)
            .replacing("~", with: "</line></zone>\n<zone type=\"margin\"><line>")
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>\(header)</teiHeader>\
            <sourceDoc><surface><zone>\(zone)</zone></surface></sourceDoc></TEI>
            """)
        let found = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.reading(.reading).text.trimmed == expected)
        // Each character has its place in the source, and all that is written has its place in the diplomatic text.
        let reading = found.reading(.reading)
        for (offset, scalar) in reading.text.unicodeScalars.enumerated() where scalar.properties.isAlphabetic {
            let segment = try #require(reading.segment(at: offset))
            guard let start = segment.nodeOffset else { continue }
            let place = start + offset - segment.start
            #expect(segment.node.text(in: place..<(place + 1)) == String(scalar))
        }
        let policies = [Policy.reading, .revised, .diplomatic]
        for (policy, text) in zip(policies, try Page(found, policies).texts()) {
            #expect(text == PageText(found.reading(policy), found), "\(policy)")
        }
        #expect(found.reading(.diplomatic).text.contains("\n"))
    }

    private static let newPage = """
        </line></zone></surface>
        <surface><graphic url="2.jpg"/><zone type="pagination"><line>2</line></zone><zone><line>
        """

    @Test(
        "parts of a word are one word, in every text but the diplomatic",
        arguments: [
            ("<w part=\"I\">per</w> <w part=\"F\">mitted</w>", "permitted"),
            ("<w part=\"I\">per</w>\n<lb/><w part=\"M\">mit</w><pb n=\"2\"/>\n <w part=\"F\">ted</w>", "permitted"),
            ("<w part=\"I\">per</w> <hi><w part=\"F\">mitted</w></hi>", "permitted"),
            ("<w part=\"N\">per</w> <w>mitted</w>", "per mitted"),
        ])
    func partsOfWords(_ body: String, _ expected: String) throws {
        let found = try transcription(body: "<p>a \(body) b</p>", header: hands)
        for policy in [Policy.reading, .revised, .typed] {
            #expect(found.reading(policy).text.trimmed == "a \(expected) b")
        }
        #expect(!found.reading(.diplomatic).text.contains("permitted"))
        try expect(.reading, "<p><w part=\"I\">per-</w>\n<lb/><w part=\"F\">mitted</w></p>", "permitted")
    }

    @Test(
        "a break within a word takes back no white space beyond words that a text does not have",
        arguments: [
            (Policy.revised, "the cat<lb break=\"no\"/><del>tle</del> ran", "the cat ran"),
            (.typed, "ab<lb break=\"no\"/><add>c</add> d", "ab d"),
            (.typed, "Aug<lb break=\"no\"/><ex>ustus</ex> no", "Aug no"),
            (.typed, "ij <add>kl</add><lb break=\"no\"/>mn", "ij mn"),
            (.reading, "ab<w part=\"F\"><del>cd</del></w> ef", "ab ef"),
            (.reading, "ab \n<lb break=\"no\"/>\n cd", "abcd"),
            (.reading, "ab<pb break=\"no\"/>\n<fw>h</fw>\ncd", "abcd"),
        ])
    func breaksInWords(_ policy: Policy, _ body: String, _ expected: String) throws {
        try expect(policy, "<p>\(body)</p>", expected)
    }

    @Test(
        "words and punctuation are joined as `@join` says",
        arguments: [
            ("a <w join=\"right\">b</w>\n<pc>,</pc> <pc join=\"right\">(</pc> <w>d</w>", "a b, (d"),
            ("<w>a</w> <pc join=\"left\">,</pc> <w>b</w>", "a, b"),
            ("<w>a</w> <pc join=\"both\">-</pc> <w>b</w>", "a-b"),
            ("<w join=\"no\">a</w> <w>b</w>", "a b"),
        ])
    func joins(_ body: String, _ expected: String) throws {
        for policy in [Policy.reading, .diplomatic] { try expect(policy, "<p>\(body)</p>", expected) }
    }

    @Test("white space of another hand after a shift separates words")
    func shifts() throws {
        let body = "<p>one<handShift new=\"#b\"/> two <handShift new=\"#a\"/>three</p>"
        try expect(.typed, body, "one three")
        try expect(.hand("a"), body, "one … three")
        try expect(.typed, "<p>wo<handShift new=\"#b\"/>x<handShift new=\"#a\"/>rd</p>", "word")
    }

    @Test(
        "no space is left before a comma by what is taken out of the line",
        arguments: [
            ("a <note>n</note>. b", "a. b"), ("a <fw>x</fw>; b", "a; b"),
            ("a <metamark function=\"x\">^</metamark>, b", "a, b"),
            ("a <note>n</note> b", "a b"), ("a <del>x</del>, b", "a, b"),
        ])
    func beforeCommas(_ body: String, _ expected: String) throws {
        let text = try transcription(body: "<p>\(body)</p>", header: hands).reading(.reading).text
        #expect(text.split(separator: "\n").first.map(String.init) == expected)
    }

    @Test(
        "fields are apart where nothing is between them",
        arguments: [
            ("<address><name>N</name><street>S</street></address>", "N S"),
            ("<entry><sense><usg>naut</usg><gloss>g</gloss><def>d</def></sense></entry>", "naut g d"),
            ("<p>x <bibl><date>D</date><ref>R</ref><idno>I</idno></bibl></p>", "x D R I"),
            ("<p>x <bibl>in <name>A</name><ref>B</ref></bibl></p>", "x in AB"),
            ("<p><name>A</name><ref>B</ref></p>", "AB"),
            ("<p>x <bibl><hi>A</hi><hi>b</hi></bibl></p>", "x Ab"),
        ])
    func fields(_ body: String, _ expected: String) throws { try expect(.reading, body, expected) }

    @Test(
        "punctuation after a block is at the end of its line",
        arguments: [
            ("<closer><salute>Yours</salute>, <signed>J.</signed></closer>", "Yours,\nJ."),
            ("<opener><salute>Dear X</salute>,</opener>", "Dear X,"),
            ("<p>text <list><item>a</item></list>, and b</p>", "text\na,\nand b"),
            ("<p>a</p><p>, b</p>", "a\n\n, b"), ("<opener><salute>a</salute> .5</opener>", "a\n.5"),
        ])
    func punctuation(_ body: String, _ expected: String) throws {
        try expect(.reading, body, expected)
        let found = try transcription(body: body, header: hands)
        #expect(try Page(found, [.reading]).texts() == [PageText(found.reading(.reading), found)])
    }

    @Test("notes are after the stanza or table in which they are")
    func notesInVerse() throws {
        try expect(
            .reading, "<lg><l>one<note>n</note></l><l>two</l></lg><lg><l>three</l></lg>",
            "one\ntwo\n\n[Editors’ note: n]\n\nthree")
        try expect(
            .reading, "<table><row><cell>a</cell><cell>b<note>n</note></cell><cell>c</cell></row></table>",
            "a | b | c\n\n[Editors’ note: n]")
        try expect(.reading, "<div><l>a<note>n</note></l><l>b</l><p>c</p></div>", "a\nb\n\n[Editors’ note: n]\n\nc")
    }

    @Test("an entry of a dictionary is on its lines with all that its parts quote and cite")
    func etymologies() throws {
        try expect(
            .reading,
            """
            <entry><form><orth>a</orth></form><etym><cit type="cognate"><lang>esp.</lang><form><orth>z</orth>\
            <bibl><date>1140</date></bibl></form><gloss>g</gloss></cit></etym></entry>
            """, "a esp. z 1140 g")
    }

    @Test(
        "the ends of lines separate no words of scripts without spaces, and blanks do",
        arguments: [
            ("衛國祇<lb/>樹給", "衛國祇樹給"), ("爾時\n世尊", "爾時世尊"), ("日本語の\n    文章", "日本語の文章"), ("日本 語", "日本 語"),
            ("한국\n말", "한국 말"), ("山\nab", "山 ab"), ("日<lb/>\n<hi>本</hi>", "日本"), ("日<space/>本", "日 本"),
            ("สวัส<lb/>ดี", "สวัสดี"), ("བོད་<lb/>ཡིག", "བོད་ཡིག"), ("ក្រុង\nភ្នំ", "ក្រុងភ្នំ"), ("မြန်<lb/>မာ", "မြန်မာ"),
            ("दान<lb/>दिन", "दान दिन"),
        ])
    func unspaced(_ body: String, _ expected: String) throws { try expect(.reading, "<p>\(body)</p>", expected) }

    @Test(
        "a word is whole whatever its letters are in, and by a hyphen that is only said",
        arguments: [
            ("<w>\n <c>s</c>\n <c>a</c>\n</w>\n<w>\n <m>un</m>\n <m>do</m>\n</w><pc>.</pc>", "sa undo."),
            ("Wün<lb rendition=\"#hyphen\"/>schen", "Wünschen"), ("Wün<lb rend=\"shyphen\"/>\n schen", "Wünschen"),
            ("Wün<lb rend=\"hyphen\" break=\"yes\"/>schen", "Wün schen"),
            ("Zucker-<pb break=\"no\"/>Briefe", "Zucker-Briefe"), ("IMPE-<lb break=\"no\"/>RATOR", "IMPERATOR"),
            ("per-<lb break=\"no\"/>mit", "permit"),
        ])
    func wholeWords(_ body: String, _ expected: String) throws {
        try expect(.reading, "<p>\(body)</p>", expected)
        #expect(try Document("<p xmlns=\"http://www.tei-c.org/ns/1.0\">\(body)</p>").root.plainText == expected)
    }

    @Test("no space is left before the stops of other scripts")
    func stops() throws {
        try expect(
            .reading, "<p>a <hi>πνς\n </hi>· b <hi>c\n </hi>، d <hi>e\n </hi>。f <hi>g\n </hi>· h</p>",
            "a πνς· b c، d e。f g · h")
    }

    @Test("what happens beside the words does not move the notes between speeches")
    func notesBetweenSpeeches() throws {
        try expect(
            .reading,
            "<div><u>a</u> <note>n</note> <incident><desc>i</desc></incident> <u>b</u> <note>m</note></div>",
            "a\n\n[Editors’ note: n]\n\n[i]\nb\n\n[Editors’ note: m]")
    }

    @Test("readings for a whole line leave the word that the line divides")
    func linesOfApparatus() throws {
        try expect(
            .reading,
            """
            <div><ab><lb n="1"/>a <w>b
             <lb n="2" break="no"/>c</w></ab></div><listApp><app loc="1"><rdg source="x">d</rdg></app></listApp>
            """, "a bc")
    }

    @Test(
        "lines are lines in headings, openers, closers and addresses",
        arguments: [
            "<head>a<lb/>b</head>", "<ab type=\"head\">a<lb/>b</ab>", "<opener>a<lb/>b</opener>",
            "<closer><signed>a<lb/><hi>b</hi></signed></closer>",
            "<opener><address><addrLine>a</addrLine><addrLine>b</addrLine></address></opener>",
            "<opener><hi>a<lb/>b</hi></opener>",
        ])
    func keptLines(_ body: String) throws {
        let text = try transcription(body: "<div>\(body)</div>").reading(.reading).text
        #expect(text.trimmed == "a\nb", "\(body)")
    }

    @Test(
        "what is in a sentence stays in it",
        arguments: [
            ("<bibl>B, <title>T</title></bibl>", "a B, T c"),
            ("<cit><quote>b</quote> <bibl>B</bibl></cit>", "a “b” B c"),
            ("<stage>b</stage>", "a (b) c"), ("<label>b</label>", "a b c"),
            ("<figure><figDesc>b</figDesc></figure>", "a [figure: b] c"),
            ("<hi><bibl>b</bibl></hi>", "a b c"), ("<address><street>b</street></address>", "a b c"),
            ("<list rend=\"inline\"><item>b</item> <item>c</item></list>", "a b c c"),
            ("<list><item>b</item></list>", "a\nb\nc"), ("<lg><l>b</l></lg>", "a\nb\nc"),
        ])
    func sentences(_ markup: String, _ expected: String) throws {
        #expect(try transcription(body: "<p>a \(markup) c</p>").reading(.reading).text.trimmed == expected)
    }

    @Test("readings of several lines do not break a stanza")
    func stanza() throws {
        let body = "<lg><l>a</l><app><lem><l>b</l><l>c</l></lem><rdg><l>d</l></rdg></app><l>e</l></lg>"
        #expect(try transcription(body: body).reading(.reading).text.trimmed == "a\nb\nc\ne")
    }

    @Test("white space of a whole edition is not kept; that of a paragraph without milestones is")
    func preservedSpace() throws {
        let edition = "<div xml:space=\"preserve\"><ab>\n    <lb n=\"1\"/>a\n    <lb n=\"2\"/>b</ab></div>"
        #expect(try transcription(body: edition).reading(.diplomatic).text.trimmed == "a\nb")
        #expect(try transcription(body: "<p xml:space=\"preserve\">a  b</p>").reading(.reading).text.trimmed == "a  b")
    }

    @Test(
        "parts that nothing separates are apart",
        arguments: [
            (
                "<listPerson><person><birth><date>1850</date><settlement>Wien</settlement></birth></person></listPerson>",
                "1850 Wien"
            ),
            ("<entry><form><orth>abbot</orth><pron>ab-ut</pron></form></entry>", "abbot ab-ut"),
            (
                "<p><persName><forename>Jean</forename> <nameLink>d’</nameLink><surname>Alembert</surname></persName></p>",
                "Jean d’Alembert"
            ),
            (
                """
                <listPerson><person><persName>Ann</persName><listBibl><bibl>B</bibl><bibl>C</bibl></listBibl><death>1850</death></person>\
                </listPerson>
                """, "Ann B C 1850"
            ),
            ("<head>Von den Säu-<lb/>gethieren<lb/>b</head>", "Von den Säugethieren\nb"),
            ("<p>honovra<g ref=\"char:EOLhyphen\"/>ble h<g ref=\"char:EOLunhyphen\"/>i</p>", "honovrable hi"),
            ("<p><rs>\n<name>Kreuzberg</name>\n</rs>, und <hi>x\n</hi>y</p>", "Kreuzberg, und x y"),
            ("<entry><sense>a <oRef/> of <oRef>b</oRef></sense></entry>", "a ~ of b"),
            ("<u>well<vocal><desc>laughs</desc></vocal>yes</u>", "well [laughs] yes"),
            ("<p>solche<pb/>Flut A<pb/>B won<pb/>der</p>", "solche Flut AB wonder"),
            ("<p>tám<expan>\n<am>abque</am>\n<ex>que</ex>\n</expan> te</p>", "támque te"),
            ("<entry><form>a</form> <pc>,</pc> <gramGrp>b</gramGrp></entry>", "a, b"),
            ("<entry><sense>a</sense><pc>;</pc><sense>b</sense></entry>", "a;\nb"),
            ("<entry><sense><cit type=\"trans\"><quote>cat</quote></cit></sense></entry>", "cat"),
            (
                "<table><row><cell><p>a</p><p>b</p></cell><cell>c</cell></row><row><cell><list><item>d</item><item>e</item></list></cell></row></table>",
                "a b | c\nd e"
            ),
            (
                "<table><row><cell>a<note place=\"foot\"><p>n</p><p>m</p></note></cell><cell>b</cell></row></table>",
                "a | b\n\n[Note: n\n\nm]"
            ),
            ("<p><w>a</w><w>b</w></p>", "ab"), ("<u>a</u><u>b</u>", "a\nb"), ("<u>a<pause/>b</u>", "a [pause] b"),
            ("<u>a <vocal><desc>laughs</desc></vocal></u>", "a [laughs]"),
            ("<p>山<ruby><rb>登</rb><rt>のぼ</rt></ruby></p>", "山登(のぼ)"),
            ("<p>a<note/> b <ref target=\"https://example.org/\"/></p>", "a b [see https://example.org/]"),
        ])
    func parts(_ body: String, _ expected: String) throws {
        #expect(try transcription(body: body).reading(.reading).text.trimmed == expected)
    }

    @Test("what parts a field from the one before it is not in the field")
    func fieldsBeginWithTheirWords() throws {
        let found = try transcription(
            body:
                "<listPerson><person><birth><date>1850</date><settlement>Wien</settlement></birth></person></listPerson>"
        )
        let reading = found.reading(.reading)
        let settlement = try #require(reading.spans.first { $0.opening.node.localName == "settlement" })
        #expect(reading.text.unicodeScalars.dropFirst(settlement.range.lowerBound).first == "W")
    }
}
