import Foundation
import Support
import Testing
import XML

@testable import TEI

/// The rules of `docs/texts.md`: whose words these are, which of them a text has, and what is between them.
@Suite struct TextRuleTests {
    // MARK: Whose words

    @Test(
        "who marks words does not write them; the nearest that says who writes decides; a shift holds until the next",
        arguments: [
            (Policy.typed, ##"<p>a <hi rend="underline" hand="#b">b</hi> <emph hand="#b">c</emph></p>"##, "a b c"),
            (.typed, ##"<p>a <mod hand="#b">b</mod> <retrace hand="#b">c</retrace></p>"##, "a b c"),
            (.hand("b"), ##"<p>a <addSpan spanTo="#e"/>b <add hand="#b">c</add> d<anchor xml:id="e"/></p>"##, "c"),
            (
                .hand("b"),
                ##"<p>a <del hand="#a">b <handShift new="#b"/>c</del> d <handShift new="#a"/>e</p>"##, "c d"
            ),
            (.hand("b"), ##"<p>a <handShift scribe="Bea"/>b <handShift scribe="#a"/>c</p>"##, "b"),
            (.hand("b"), ##"<p>a <handShift new="#b"/>b <handShift medium="ink"/>c</p>"##, "b c"),
        ])
    func writers(_ policy: Policy, _ body: String, _ expected: String) throws {
        try expect(policy, body, expected)
    }

    @Test(
        "the editors' words are no hand's, and in no text of what a writer wrote",
        arguments: [
            "<p>a <note resp=\"#ed\">x</note></p>", "<p>a <note>x</note></p>",
            "<p>a <note type=\"commentary\">x</note></p>",
            "<p>a <supplied>x</supplied></p>", "<p>a<ex>x</ex></p>", "<p>a</p><div type=\"translation\"><p>x</p></div>",
            "<p>a</p><listPerson><person><persName>x</persName></person></listPerson>",
            "<p>a <figure><figDesc>x</figDesc></figure></p>",
        ])
    func editors(_ body: String) throws {
        let found = try transcription(body: body, header: hands)
        for policy in [Policy.typed, .hand("a"), .stage("s1")] {
            #expect(found.reading(policy).text.trimmed == "a", "\(policy)")
        }
        let theirs = found.events.contains { event in
            if case .text(let node, _, let state) = event {
                node.stringValue == "x" && state.isEditorial && state.hand == nil
            } else {
                false
            }
        }
        #expect(theirs)
    }

    @Test(
        "a note is a writer's if something says so",
        arguments: ["hand=\"#a\"", "place=\"margin\"", "type=\"authorial\"", "resp=\"#author\"", "change=\"#s1\""])
    func writersNotes(_ attribute: String) throws {
        let found = try transcription(body: "<p>a <note \(attribute)>x</note></p>", header: hands)
        #expect(!found.notes[0].isEditorial)
        #expect(found.notes[0].hand == 0)
    }

    @Test(
        "the main hand is named, or the only one, or the only one that is said to be the main one",
        arguments: [
            ("<handNote xml:id=\"a\"/>", 0), ("<handNote xml:id=\"a\"/><handNote xml:id=\"b\"/>", nil),
            ("<handNote xml:id=\"a\"/><handNote xml:id=\"b\" scope=\"major\"/>", 1),
            ("<handNote xml:id=\"a\" scope=\"major\"/><handNote xml:id=\"b\" scope=\"major\"/>", nil), ("", nil),
        ] as [(String, Int?)])
    func mainHand(_ notes: String, _ expected: Int?) throws {
        let header = "<profileDesc><handNotes>\(notes)</handNotes></profileDesc>"
        #expect(try transcription(body: "<p/>", header: header).mainHand == expected)
        let named = try transcription(body: "<p/>", header: header, text: "hand=\"#b\"")
        #expect(named.mainHand.map { named.hands[$0].id } == "b")
    }

    @Test("where no main hand is known, the text is that of all who write on")
    func unknownMainHand() throws {
        let header =
            "<profileDesc><handNotes><handNote xml:id=\"a\"/><handNote xml:id=\"b\"/></handNotes></profileDesc>"
        let found = try transcription(
            body: ##"<p><handShift new="#b"/>b <add hand="#a">a</add> <note hand="#a">n</note></p>"##, header: header)
        #expect(found.reading(.typed).text.trimmed == "b")
    }

    @Test("the hands of a corpus are the hands of its texts; hands without an id are told apart")
    func describedHands() throws {
        let document = try Document(
            ##"""
            <teiCorpus xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><handNotes>
            <handNote>Name of the reader</handNote><handNote/><handNote xml:id="b" scribe="Bea">A pencil, blunt; two pages.</handNote>
            </handNotes></profileDesc></teiHeader><TEI><teiHeader/><text><body><p><add hand="#b">x</add></p></body></text></TEI></teiCorpus>
            """##)
        let tei = try #require(document.root.descendants("TEI").first)
        let found = Transcription(of: tei, library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.hands.map(\.id) == ["hand", "hand-2", "b"])
        #expect(found.hands.map(\.label) == ["Name of the reader", "hand-2", "Bea"])
        #expect(found.reading(.hand("b")).text.trimmed == "x")
        #expect(found.reading(.hand("Bea")).text.trimmed == "x")
    }

    @Test(
        "a stage is that of one hand",
        arguments: [
            ("<add hand=\"#b\">x</add>", nil), ("<add>x</add>", "s1"), ("<add hand=\"#a\">x</add>", "s1"),
            ("<add hand=\"#b\" change=\"#s2\">x</add>", "s2"), ("<handShift new=\"#b\"/>x", nil),
            ("<handShift new=\"#b\"/>y<handShift new=\"#a\"/>x", "s1"),
        ] as [(String, String?)])
    func stages(_ body: String, _ expected: String?) throws {
        let found = try transcription(body: "<p>\(body)</p>", header: hands, text: "change=\"#s1\"")
        let states = found.events.compactMap { event in
            if case .text(let node, _, let state) = event, node.stringValue == "x" { state } else { nil }
        }
        #expect(states.map { $0.stage.map { found.stages[$0].id } } == [expected])
    }

    @Test("a deletion by another hand is of no stage unless it says so")
    func stageOfDeletion() throws {
        let found = try transcription(body: ##"<p><del hand="#b">x</del></p>"##, header: hands, text: "change=\"#s1\"")
        #expect(found.interventions.map(\.stage) == [nil])
        #expect(found.reading(.stage("s1")).text.trimmed == "x")
    }

    // MARK: Which words

    @Test(
        "one of several forms, and always one",
        arguments: [
            (Policy.revised, "<p>a <corr>b</corr> <reg>c</reg></p>", "a b c"),
            (.revised, "<p>a <supplied reason=\"lost\">b</supplied></p>", "a [lost to damage]"),
            (.reading, "<p><choice><sic>a</sic><corr>b</corr><corr>c</corr></choice></p>", "b"),
            (
                .reading, "<p><choice><sic>a</sic><corr cert=\"low\">b</corr><corr cert=\"high\">c</corr></choice></p>",
                "c"
            ),
            (.reading, "<p><expan><abbr>Imp<am>p</am></abbr><ex>eratores</ex></expan></p>", "Imperatores"),
            (.revised, "<p><expan><abbr>Imp<am>p</am></abbr><ex>eratores</ex></expan></p>", "Impp"),
            (.reading, "<p>p<am>x</am>ta</p>", "pxta"),
            (.revised, "<p><app><rdg varSeq=\"1\">a</rdg><rdg varSeq=\"2\">b</rdg></app></p>", "b"),
            (.typed, "<p><app><rdg varSeq=\"2\">b</rdg><rdg varSeq=\"1\">a</rdg></app></p>", "a"),
        ])
    func forms(_ policy: Policy, _ body: String, _ expected: String) throws { try expect(policy, body, expected) }

    /// What an independent reader found.
    @Test(
        "texts as another reader of the rules has them",
        arguments: [
            (
                Policy.revised,
                "<p>a <restore><del>b <subst><del>c</del> <add>d</add></subst></del></restore></p>", "a b d"
            ),
            (.stage("s2"), ##"<p>a <addSpan hand="#b" change="#s2" spanTo="#e"/>b<anchor xml:id="e"/></p>"##, "a b"),
            (.stage("s1"), ##"<p>a <seg change="#s2">b</seg></p>"##, "a"),
            (
                .hand("b"),
                ##"""
                <p>a <addSpan hand="#b" spanTo="#e"/>b <addSpan spanTo="#f"/>c<anchor xml:id="f"/> d<anchor xml:id="e"/></p>
                """##, "b c d"
            ),
            (.reading, "<p>l<pc>-</pc><lb break=\"no\"/>m <hi>di</hi>-<lb break=\"no\"/>da</p>", "lm dida"),
            (.typed, ##"<p>a <addSpan spanTo="#e"/><lb break="no"/>b<anchor xml:id="e"/> d</p>"##, "a d"),
            (.reading, "<p>z<pb/>, w <pb/>“v”</p>", "z, w “v”"),
            (.reading, "<p>un<hi>der<fw>h</fw></hi>take</p>", "undertake"),
            // And what readers of other editions found.
            (.reading, "<p>a <span type=\"ruby\"><span>b</span></span>c</p>", "a bc"),
            (
                .revised, "<p>x <ellipsis><metamark>…</metamark><supplied>full</supplied></ellipsis> y</p>", "x … y"
            ),
            (.reading, "<p>out <mod><del>my</del> <add>of</add> <add>the</add></mod> reach</p>", "out of the reach"),
            (.reading, "<p>a<mod> <add>of</add> the <add>best</add> </mod>end</p>", "a of the best end"),
            (.reading, "<p>die<subst> <del>ß</del> <add>s</add> </subst>mal</p>", "diesmal"),
            (.reading, "<p>See <ref target=\"#x\"><bibl>Faust II</bibl></ref> for more.</p>", "See Faust II for more."),
            (.reading, "<p><q>「a」</q></p>", "「a」"),
            (
                .reading,
                "<listPerson><person><persName>蘭人</persName>\n<occupation>商人</occupation></person></listPerson>",
                "蘭人 商人"
            ),
            (.reading, "<p><persName>蘭人</persName>は\n<persName>商人</persName></p>", "蘭人は商人"),
        ])
    func otherReader(_ policy: Policy, _ body: String, _ expected: String) throws { try expect(policy, body, expected) }

    @Test(
        "a name, and a reading in the apparatus, have the white space of the text",
        arguments: [
            ("Ma<mod><del>x</del> <add>ria</add></mod>", "Maria"),
            ("A <subst><del>x</del> <add>b</add> <add>c</add></subst>", "A b c"),
            ("A<mod> <add>b</add> c <add>d</add> </mod>e", "A b c d e"),
        ])
    func shortTexts(_ name: String, _ expected: String) throws {
        let found = try transcription(body: "<p><persName>\(name)</persName></p>")
        #expect(found.entities.map(\.name) == [expected])
        #expect(found.reading(.reading).text.trimmed == expected)
    }

    @Test(
        "the words of a hand alone are apart where others wrote between",
        arguments: [
            (##"<p>one <add hand="#b">x</add> two</p>"##, "one two"),
            (##"<p>one<add hand="#b">x</add>two</p>"##, "one two"),
            (##"<p>one <add hand="#b">x</add>, two <gap/></p>"##, "one, two"),
            (##"<p><del>one <add hand="#b">x</add></del> <q>two</q></p>"##, "one two"),
        ])
    func wordsAlone(_ body: String, _ expected: String) throws { try expect(.words("a"), body, expected) }

    @Test("one hand's words in another's note are its words")
    func handInNote() throws {
        let header = """
            <profileDesc><handNotes><handNote xml:id="a" scope="major"/><handNote xml:id="b"/><handNote xml:id="c"/></handNotes></profileDesc>
            """
        let found = try transcription(
            body: ##"<p>a <note hand="#b">b <add hand="#c">c</add></note></p>"##, header: header)
        #expect(found.reading(.words("c")).text.trimmed == "c")
        #expect(found.reading(.hand("c")).text.contains("c]"))
    }

    @Test("a witness that no reading names lacks the place")
    func unlistedWitness() throws {
        let header =
            "<fileDesc><sourceDesc><listWit><witness xml:id=\"A\"/><witness xml:id=\"D\"/></listWit></sourceDesc></fileDesc>"
        let found = try transcription(body: "<p>a <app><rdg wit=\"#A\">b</rdg></app></p>", header: header)
        #expect(found.reading(.witness("D")).text.trimmed == "a [no reading of D]")
        #expect(found.reading(.witness("A")).text.trimmed == "a b")
    }

    @Test("a witness that omits has nothing, and a witness stands for those of its own list")
    func omissionsAndGroups() throws {
        let header = """
            <fileDesc><sourceDesc><listWit><witness xml:id="K"/><witness xml:id="N"><listWit><witness xml:id="N1"/></listWit></witness>
            </listWit></sourceDesc></fileDesc>
            """
        let found = try transcription(
            body:
                "<p>a <app><lem>b</lem><rdg wit=\"#K\"><gap reason=\"omitted\"/></rdg><rdg wit=\"#N\">c</rdg></app></p>",
            header: header)
        #expect(found.reading(.witness("K")).text.trimmed == "a")
        #expect(found.reading(.witness("N1")).text.trimmed == "a c")
        #expect(found.gaps.isEmpty)
        #expect(found.alternatives[0].readings.map(\.text) == ["b", "", "c"])
    }

    @Test("of a text and its pages, the text")
    func textAndPages() throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><sourceDoc><surface><zone><line>a</line></zone></surface></sourceDoc>
            <text><body><p>a</p></body></text></TEI>
            """)
        let found = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.reading(.reading).text.trimmed == "a")
    }

    @Test(
        "the program's quotation marks and names of speakers are not in texts that show what is written",
        arguments: [
            (Policy.reading, "“a” “b” [x:] ― c (d)"), (.diplomatic, "a b ― c d"), (.typed, "a b ― c d"),
        ])
    func signs(_ policy: Policy, _ expected: String) throws {
        let body = "<p><q>a</q> <quote>b</quote> <said who=\"#x\">― c</said> <stage>d</stage></p>"
        try expect(policy, body, expected)
    }

    @Test(
        "those who speak together are all named",
        arguments: [
            ("who=\"#x #y\"", "[x, y:] a"), ("who=\"#x\"", "[x:] a"), ("who=\"\"", "a"), ("", "a"),
            ("who=\"#bea #x\"", "[Bea, x:] a"),
        ])
    func speakers(_ who: String, _ expected: String) throws {
        let header = """
            <profileDesc><particDesc><listPerson><person xml:id="bea"><persName>Bea</persName></person></listPerson>\
            </particDesc></profileDesc>
            """
        let found = try transcription(body: "<sp \(who)><p>a</p></sp>", header: header)
        #expect(found.reading(.reading).text.collapsed == expected)
    }

    @Test(
        "a conjecture is the editors', and no hand's",
        arguments: [
            ("type=\"emendation\"", true), ("resp=\"#ed\"", true), ("source=\"#lachmann\"", true), ("", false),
            ("wit=\"#A\" resp=\"#ed\"", false), ("hand=\"#a\" resp=\"#ed\"", false),
        ])
    func conjectures(_ attributes: String, _ isEditorial: Bool) throws {
        let found = try transcription(
            body: "<p>a <app><lem \(attributes)>x</lem><rdg wit=\"#A\">y</rdg></app></p>", header: hands)
        for policy in [Policy.typed, .reading] { #expect(found.reading(policy).text.trimmed == "a x", "\(policy)") }
        let reading = found.reading(.reading)
        #expect(try #require(reading.segment(at: 2)).state.isEditorial == isEditorial)
        #expect(found.reading(.hand("a")).text.contains("x") != isEditorial)
    }

    // MARK: White space and words

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
            ("all", "3-<lb/>4", "3-4"), (nil, "per¬<lb break=\"no\"/>mitted", "permitted"),
        ] as [(String?, String, String)])
    func hyphens(_ kept: String?, _ body: String, _ expected: String) throws {
        let header =
            kept.map { "<encodingDesc><editorialDecl><hyphenation eol=\"\($0)\"/></editorialDecl></encodingDesc>" }
            ?? ""
        let found = try transcription(body: "<p>\(body)</p>", header: header)
        #expect(found.reading(.reading).text.trimmed == expected)
        #expect(found.reading(.diplomatic).text.contains("\n"))
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
        ] as [(String?, String, String)])
    func linesOfPages(_ kept: String?, _ lines: String, _ expected: String) throws {
        let header =
            kept.map { "<encodingDesc><editorialDecl><hyphenation eol=\"\($0)\"/></editorialDecl></encodingDesc>" }
            ?? ""
        let zone = lines.split(separator: "|").map { "<line>\($0)</line>\n" }.joined()
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

    @Test("the editors' notes on their own words are where these are")
    func notesOfRegisters() throws {
        let back = "<p>a</p><listPlace><place><placeName>N</placeName><note>r</note></place></listPlace>"
        let found = try transcription(body: back, header: hands)
        #expect(found.reading(.revised).text.trimmed == "a")
        #expect(found.reading(.reading).text.contains("r]"))
    }

    @Test("a pointer to a note is the note's place, and none of a writer's words")
    func pointersToNotes() throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><standOff><listAnnotation><note xml:id="n">x</note></listAnnotation></standOff>
            <text><body><p>a<ptr target="#n"/> b</p><p>c <ptr target="#d"/></p></body></text></TEI>
            """)
        let found = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.reading(.reading).text.trimmed == "a b\n\n[Editors’ note: x]\n\nc [see #d]")
        for policy in [Policy.diplomatic, .typed] { #expect(found.reading(policy).text.hasSuffix("c"), "\(policy)") }
    }

    @Test("readings of hands and stages, readings that omit, and witnesses without a reading")
    func readings() throws {
        let hands = "<p>one <app><rdg hand=\"#a\">two</rdg><rdg hand=\"#b\">three</rdg></app> four</p>"
        #expect(try text(.hand("b"), hands).contains("three"))
        #expect(try text(.hand("a"), hands).contains("two"))
        let stages =
            "<p>a <app><rdg change=\"#s1\" varSeq=\"1\">v</rdg><rdg change=\"#s2\" varSeq=\"2\">w</rdg></app> b</p>"
        try expect(.stage("s1"), stages, "a v b")
        try expect(.stage("s2"), stages, "a w b")
        try expect(
            .diplomatic, "<p>the <app><lem wit=\"#A\">quick</lem><rdg wit=\"#B\"/></app> fox</p>",
            "the quick [B: om.] fox")
    }

    @Test("of a choice, the forms of the source come first")
    func choices() throws {
        try expect(.diplomatic, "<p><choice><reg>T</reg><orig>t</orig></choice>his</p>", "t [reg. T]his")
        try expect(.reading, "<p><choice><reg>T</reg><orig>t</orig></choice>his</p>", "This")
    }

    @Test(
        "what is missing, and how much",
        arguments: [
            ("<gap reason=\"cancelled\"/>", "[omitted: cancelled]"),
            ("<gap unit=\"character\" atLeast=\"3\"/>", "[at least 3 characters omitted]"),
            ("<gap extent=\"unknown\"/>", "[omitted]"), ("<gap agent=\"hole\"/>", "[lost to damage]"),
        ])
    func reasonsAndExtents(_ gap: String, _ expected: String) throws { try expect(.reading, "<p>\(gap)</p>", expected) }

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
        "the ends of lines separate no words of scripts without spaces, and blanks do",
        arguments: [
            ("衛國祇<lb/>樹給", "衛國祇樹給"), ("爾時\n世尊", "爾時世尊"), ("日本語の\n    文章", "日本語の文章"), ("日本 語", "日本 語"),
            ("한국\n말", "한국 말"), ("山\nab", "山 ab"), ("日<lb/>\n<hi>本</hi>", "日本"), ("日<space/>本", "日 本"),
            ("สวัส<lb/>ดี", "สวัสดี"), ("བོད་<lb/>ཡིག", "བོད་ཡིག"), ("ក្រុង\nភ្នំ", "ក្រុងភ្នំ"), ("မြန်<lb/>မာ", "မြန်မာ"),
            ("दान<lb/>दिन", "दान दिन"),
        ])
    func unspaced(_ body: String, _ expected: String) throws { try expect(.reading, "<p>\(body)</p>", expected) }

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

    // MARK: Holes

    @Test(
        "a gap says how much of what is missing, and why",
        arguments: [
            ("reason=\"lost\" extent=\"unknown\" unit=\"line\"", "[an unknown number of lines lost to damage]"),
            ("reason=\"lost\" extent=\"3-5\" unit=\"chars\"", "[3–5 characters lost to damage]"),
            ("reason=\"illegible\" atLeast=\"2\" atMost=\"4\" unit=\"word\"", "[2–4 words illegible]"),
            (
                "reason=\"lost\" quantity=\"4\" unit=\"character\" precision=\"low\"",
                "[about 4 characters lost to damage]"
            ),
            ("reason=\"illegible\" quantity=\"1\" unit=\"words\"", "[1 word illegible]"),
            ("reason=\"illegible\" extent=\"several\" unit=\"line\"", "[several lines illegible]"),
            ("reason=\"illegible\" extent=\"2 lines\" unit=\"line\"", "[2 lines illegible]"),
        ])
    func gaps(_ attributes: String, _ expected: String) throws {
        try expect(.reading, "<p><gap \(attributes)/></p>", expected)
        let described = "<p><gap \(attributes)><desc>(b)(1)</desc></gap></p>"
        try expect(.reading, described, expected.dropLast() + ": (b)(1)]")
    }

    @Test("a sign between words has its place")
    func signBetweenWords() throws {
        let body = ##"<p>Approve <add hand="#b"><metamark>✓</metamark></add> Disapprove</p>"##
        let found = try transcription(body: body, header: hands)
        #expect(
            found.reading(.reading).text.contains("[check mark ✓, hand of Bea, between “Approve” and “Disapprove”]"))
        #expect(found.reading(.diplomatic).text.contains(#"Approve \Bea: ✓/ Disapprove"#))
    }

    @Test(
        "a character without a code is what its declaration maps it to, or is named",
        arguments: [("per", "persona"), ("pua", "[pua]sona"), ("nowhere", "[nowhere]sona")])
    func glyphs(_ name: String, _ expected: String) throws {
        let header = """
            <encodingDesc><charDecl><char xml:id="per"><mapping type="PUA">\u{E001}</mapping><mapping type="standard">per</mapping></char>
            <char xml:id="pua"><mapping type="PUA">U+E5DC</mapping></char></charDecl></encodingDesc>
            """
        #expect(
            try transcription(body: "<p><g ref=\"#\(name)\"/>sona</p>", header: header).reading(.reading).text.trimmed
                == expected)
    }

    @Test("a formula is read as it is written in a line")
    func formula() throws {
        let math = """
            <formula><math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>
            <mi>x</mi><mo>=</mo><msup><mi>y</mi><mn>2</mn></msup><mo>+</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>
            </mrow></math></formula>
            """
        #expect(try transcription(body: "<p>\(math)</p>").reading(.reading).text.trimmed == "x=y^2+(a+b)/2")
    }

    private func expect(_ policy: Policy, _ body: String, _ expected: some StringProtocol) throws {
        #expect(try text(policy, body).trimmed == expected, "\(policy): \(body)")
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
