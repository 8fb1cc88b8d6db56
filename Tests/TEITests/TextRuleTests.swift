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
            (
                .hand("a"),
                ##"<p>a <addSpan hand="#a" spanTo="#e"/>b <handShift new="#b"/>c<anchor xml:id="e"/> d</p>"##, "a b … d"
            ),
            (.hand("b"), ##"<p>a <handShift scribe="Bea"/>b <handShift scribe="#a"/>c</p>"##, "b"),
            (.hand("b"), ##"<p>a <handShift new="#b"/>b <handShift medium="ink"/>c</p>"##, "b c"),
            (.hand("b"), ##"<p>a <add><handShift new="#b"/>b</add> c</p><p>d</p>"##, "b"),
            (.typed, ##"<p>a <add><handShift new="#b"/>b</add> c</p><p>d</p>"##, "a c\n\nd"),
            (.typed, ##"<p>a <note place="margin"><handShift new="#b"/>b</note> c</p>"##, "a c"),
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
        arguments: [
            "hand=\"#a\"", "hand=\"#a\" type=\"editorial\"", "place=\"margin\"", "type=\"authorial\"",
            "resp=\"#author\"", "change=\"#s1\"",
        ])
    func writersNotes(_ attribute: String) throws {
        let found = try transcription(body: "<p>a <note \(attribute)>x</note></p>", header: hands)
        #expect(!found.notes[0].isEditorial)
        #expect(found.notes[0].hand == 0)
    }

    @Test("an addition or a note that begins with a shift of hands is the new hand's")
    func shiftsAtStart() throws {
        let body =
            ##"<p>a <add><handShift new="#b"/>b</add><handShift new="#a"/> <note type="authorial"><handShift new="#b"/>2</note></p>"##
        let found = try transcription(body: body, header: hands)
        let bea = found.hands.firstIndex { $0.id == "b" }
        #expect(found.interventions.map(\.hand) == [bea])
        #expect(found.notes.map(\.hand) == [bea])
        #expect(try text(.diplomatic, body).contains("\\Bea: b/"))
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
            ("A <subst><del>x</del> <add>b</add> <add>c</add></subst>", "A b c"), ("a <oRef/>", "a ~"),
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
            ("who=\"#bea #x\"", "[Bea, x:] a"), ("who=\"#x #bea\"", "[x, Bea:] a"),
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

    @Test("a restored substitution is as it was before")
    func restoredSubstitution() throws {
        let body = "<p><restore><subst><del>old</del> <add>new</add></subst></restore> text</p>"
        for policy in [Policy.revised, .reading, .typed] { try expect(policy, body, "old text") }
        try expect(.revised, "<p><restore><del>old</del> <add>new</add></restore> text</p>", "old new text")
    }

    @Test("the words of one hand alone begin their lines")
    func wordsAloneBeginTheirLines() throws {
        let text = try text(.words("b"), "<p>x <note hand=\"#b\">seven</note></p>")
        #expect(text.trimmed == "seven" && !text.contains(" seven"))
    }

    @Test("a note in an entry of a dictionary is the entry's, unless it says that it is the editors'")
    func notesOfDictionaries() throws {
        let body =
            "<entry><form>a</form><sense><def>b</def><note>c</note><note type=\"editorial\">d</note></sense></entry>"
        try expect(.typed, body, "a\nb\n\n[Note: c]")
        try expect(.reading, body, "a\nb\n\n[Note: c]\n\n[Editors’ note: d]")
    }

    @Test(
        "a note in what is deleted is deleted, in the text that shows deletions",
        arguments: [
            ("<p>a <del>b<note type=\"authorial\">n</note></del> c</p>", "a ⟦b⟧ c\n\n[Note: ⟦n⟧]"),
            ("<p>a <del><note type=\"authorial\"><p>n</p></note></del> c</p>", "a c\n\n[Note: ⟦n⟧]"),
            (
                "<p>a <delSpan spanTo=\"#e\"/>b<note type=\"authorial\">n</note><anchor xml:id=\"e\"/> c</p>",
                "a ⟦b⟧ c\n\n[Note: ⟦n⟧]"
            ),
            ("<p>a <note type=\"authorial\">n <del>o</del></note> c</p>", "a c\n\n[Note: n ⟦o⟧]"),
        ])
    func deletedNotes(_ body: String, _ expected: String) throws {
        try expect(.diplomatic, body, expected)
        let found = try transcription(body: body, header: hands)
        expectTextExports(try Page(found, found.policies), found)
    }

    @Test("of the forms in a choice, one of which all words are deleted, or not yet added, is none")
    func changedForms() throws {
        let body = """
            <p><choice><orig type="alt1"><del>The</del></orig><orig type="alt2"><add>One</add></orig></choice> x \
            <choice><seg><del>old</del></seg><seg><add>new</add></seg></choice></p>
            """
        for policy in [Policy.reading, .revised] { try expect(policy, body, "One x new") }
        try expect(.typed, body, "The x old")
        try expect(.diplomatic, body, "⟦The⟧ [or \\One/] x ⟦old⟧ [or \\new/]")
        let all = "<p>a <choice><orig><del>b</del></orig><orig><del>c</del></orig></choice> d</p>"
        try expect(.reading, all, "a d")
        try expect(.diplomatic, "<p>th<choice><orig>e</orig><orig>o</orig></choice>se</p>", "the [or o]se")
        try expect(
            .diplomatic, "<p><choice><abbr>a</abbr><abbr>b</abbr><expan>c</expan></choice></p>", "a [or b] [i.e. c]")
    }

    @Test("a form and its correction or regularization side by side are a choice")
    func pairs() throws {
        let body = "<p>die <orig>wurde</orig><reg>würde</reg> x <sic>teh</sic><corr>the</corr> y</p>"
        try expect(.reading, body, "die würde x the y")
        for policy in [Policy.typed, .revised] { try expect(policy, body, "die wurde x teh y") }
        try expect(.diplomatic, body, "die wurde [reg. würde] x teh [corr. the] y")
        // Others are no pair.
        try expect(.reading, "<p><orig>a</orig> <reg>b</reg></p>", "a b")
        try expect(.reading, "<p><reg>a</reg><orig>b</orig></p>", "ab")
    }

    @Test("what is missing, lost or inaudible is not said to be omitted")
    func reasons() throws {
        try expect(
            .reading,
            "<p><gap reason=\"inaudible\" quantity=\"2\" unit=\"word\"/> <gap reason=\"missing\"/> <gap reason=\"cropped\"/></p>",
            "[2 words inaudible] [lost to damage] [lost to damage]")
    }

    @Test("letters and figures of a mark are shown, unless they refer to a place")
    func marksOfLetters() throws {
        let body =
            "<p>x <metamark place=\"margin\">1.</metamark> y <metamark function=\"insertion\">A</metamark> <metamark>[</metamark>z</p>"
        try expect(.reading, body, "x y z\n\n[mark, hand of main hand, margin: 1.]")
        let found = try transcription(body: body, header: hands)
        expectTextExports(try Page(found, found.policies), found)
    }

    @Test("a witness that readings name has a text, without a description of it")
    func namedWitnesses() throws {
        let found = try transcription(body: "<p>a <app><rdg wit=\"#B\">b</rdg><rdg wit=\"#D\">d</rdg></app></p>")
        #expect(found.has(.witness("D")) && !found.has(.witness("E")))
        #expect(found.reading(.witness("D")).text.trimmed == "a d")
    }

    @Test("a witness is listed, or is what a @wit points at")
    func describedWitnesses() throws {
        let header = """
            <fileDesc><sourceDesc><listWit><witness xml:id="A"/></listWit><listBibl><bibl xml:id="B" n="b">Second edition</bibl>
            <bibl xml:id="C">Nowhere named</bibl><msDesc xml:id="M"><msIdentifier><settlement>Jena</settlement></msIdentifier>
            <p>Much more</p></msDesc></listBibl></sourceDesc></fileDesc>
            """
        let body = ##"<p>x <app><lem wit="#A">one</lem><rdg wit="#B #M">two</rdg></app></p>"##
        let found = try transcription(body: body, header: header)
        #expect(found.witnesses.map(\.sigil) == ["A", "b", "M"])
        #expect(found.witnesses.map(\.description) == ["", "Second edition", "Jena"])
        #expect(found.reading(.witness("b")).text.trimmed == "x two")
        #expect(found.reading(.witness("A")).text.trimmed == "x one")
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

    @Test("a witness that ends and begins again has a gap")
    func resumedWitness() throws {
        let header =
            "<fileDesc><sourceDesc><listWit><witness xml:id=\"A\"/><witness xml:id=\"B\"/></listWit></sourceDesc></fileDesc>"
        func text(_ policy: Policy, _ body: String) throws -> String {
            try transcription(body: body, header: header).reading(policy).text.collapsed
        }
        let resumed = "<p>a <witEnd wit=\"#B\"/>b <witStart wit=\"#B\"/>c</p>"
        #expect(try text(.witness("B"), resumed) == "a [lacuna in B] c")
        #expect(try text(.diplomatic, resumed) == "a [B ends here] b [B begins here] c")
        #expect(try text(.witness("B"), "<p>a <witEnd wit=\"#B\"/>b</p>") == "a [B ends here]")
    }

    @Test("variants within the lemma of an apparatus that is elsewhere")
    func variantsWithinLemma() throws {
        let header =
            "<fileDesc><sourceDesc><listWit><witness xml:id=\"A\"/><witness xml:id=\"B\"/></listWit></sourceDesc></fileDesc>"
        let body = """
            <p n="1">two one two three</p><app loc="1"><lem>one <app><lem>two</lem><rdg wit="#A">zwei</rdg></app></lem><rdg wit="#B">q</rdg></app>
            """
        let found = try transcription(body: body, header: header)
        #expect(found.reading(.witness("A")).text.trimmed == "two one zwei three")
        #expect(found.reading(.witness("B")).text.trimmed == "two q three")
        #expect(found.reading(.reading).text.trimmed == "two one two three")
    }

    @Test("zones for page numbers and shelf marks belong to the sheet")
    func zonesOfTheSheet() throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><sourceDoc><surface><zone type="pagination"><line>7</line></zone>\
            <zone type="main"><line>a</line></zone></surface></sourceDoc></TEI>
            """)
        let found = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.reading(.reading).text.trimmed == "a")
        #expect(found.reading(.diplomatic).text.collapsed == "7 a")
    }

    @Test("of a choice, the forms of the source come first")
    func choices() throws {
        try expect(.diplomatic, "<p><choice><reg>T</reg><orig>t</orig></choice>his</p>", "t[reg. T]his")
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

    @Test("a note over two pages is one note")
    func notesOverPages() throws {
        let body = """
            <p>x <note xml:id="n1" next="#n2" place="foot">one and eini-</note> y</p><pb n="2"/>
            <p>z <note xml:id="n2" prev="#n1" place="foot">gen <gap reason="illegible"/></note> w</p>
            """
        let found = try transcription(body: body, header: hands)
        #expect(
            found.reading(.reading).text.trimmed
                == "x y\n\n[Note: one and einigen [illegible]]\n\nz w")
        #expect(found.reading(.diplomatic).text.contains("eini-\ngen"))
        #expect(try Page(found, [.reading]).texts() == [PageText(found.reading(.reading), found)])
    }

    @Test("a shift to a person is one to the hand of that scribe, described in this file or not")
    func scribes() throws {
        for (person, register) in [("#p", ##"<person xml:id="p"><persName>Pa</persName></person>"##), ("x.xml#p", "")] {
            let header = """
                <profileDesc><handNotes><handNote xml:id="a" scope="major" scribeRef="\(person)"/><handNote xml:id="b"/>\
                </handNotes><particDesc><listPerson>\(register)<person xml:id="q"/></listPerson></particDesc></profileDesc>
                """
            for shift in ["new", "scribeRef"] {
                let found = try transcription(
                    body: "<p>a <handShift new='#b'/>b <handShift \(shift)='\(person)'/>c</p>", header: header)
                #expect(found.reading(.typed).text.trimmed == "a c", "\(shift) \(person)")
                #expect(found.hands.count == 2)
            }
        }
    }

    @Test("hands with one name are told apart, and are one person's together")
    func sharedNames() throws {
        let header = """
            <profileDesc><handNotes><handNote xml:id="a" scope="major"/><handNote xml:id="b" scribe="clerk"/>\
            <handNote xml:id="c" scribe="clerk"/></handNotes></profileDesc>
            """
        let found = try transcription(
            body: ##"<p>x <add hand="#b">y</add> <add hand="#c">z</add></p>"##, header: header)
        #expect(found.reading(.diplomatic).text.trimmed == #"x \clerk (b): y/ \clerk (c): z/"#)
        #expect(found.reading(.hand("clerk")).text.trimmed == "y z")
        #expect(found.reading(.hand("b")).text.trimmed == "y")
    }

    @Test(
        "a remark of which a text has no word is not in it",
        arguments: [
            (Policy.reading, "a"), (.revised, "a"), (.typed, "a"),
            (.diplomatic, "a\n\n[remark, hand of Bea: ⟦b⟧]"), (.hand("b"), "[remark, hand of Bea: b]"),
        ])
    func emptyRemarks(_ policy: Policy, _ expected: String) throws {
        try expect(
            policy, ##"<p>a<note type="marginalia" hand="#b"><del hand="#a">b</del></note></p>"##, expected)
    }

    @Test(
        "what belongs to the sheet, and what the editors made of the text, is in no text of the writer",
        arguments: [
            (##"<p>a</p><note place="top" type="foliation">2</note><p>b</p>"##, ["a\n\nb", "a\n\nb", "a\n\n2\n\nb"]),
            (##"<div><p>a</p></div><div type="normalized"><p>A</p></div>"##, ["a", "a\n\nA", "a\n\nA"]),
            (##"<div type="summary" resp="#ed"><p>A</p></div><div><p>a</p></div>"##, ["a", "A\n\na", "A\n\na"]),
            (##"<div type="summary"><p>b</p></div><div><p>a</p></div>"##, ["b\n\na", "b\n\na", "b\n\na"]),
        ])
    func sheets(_ body: String, _ expected: [String]) throws {
        #expect(try [Policy.typed, .reading, .diplomatic].map { try text($0, body).trimmed } == expected)
    }

    @Test(
        "a correction alone is in a text if the words around it are, be they a note or the editors' version",
        arguments: [
            (##"<p>a</p><div type="translation"><p>b <corr>c</corr></p></div>"##, ["a", "a\n\nb c"]),
            (##"<p>a<note type="authorial">b <corr>c</corr></note></p>"##, ["a\n\n[Note: b c]", "a\n\n[Note: b c]"]),
            (
                ##"<p>a<note type="authorial">b <supplied>c</supplied></note></p>"##,
                ["a\n\n[Note: b]", "a\n\n[Note: b c]"]
            ),
            (##"<p>a<note>b <corr>c</corr></note></p>"##, ["a", "a\n\n[Editors’ note: b c]"]),
        ])
    func corrections(_ body: String, _ expected: [String]) throws {
        #expect(try [Policy.typed, .reading].map { try text($0, body).trimmed } == expected)
    }

    @Test("an addition that begins with a shift is of the stage that it names")
    func stageOfShift() throws {
        let body = ##"<p>a <add change="#s2"><handShift new="#b"/>b</add></p>"##
        #expect(try text(.stage("s1"), body).trimmed == "a")
        let found = try transcription(body: body, header: hands).reading(.stage("s2"))
        #expect(found.text.trimmed == "a b" && found.segment(at: 2)?.state.stage == 1)
    }

    @Test("a pointer in an editor's sentence is one of its words, in each text that has the note")
    func pointersInNotes() throws {
        let body = ##"<p>a<note resp="#x">Read by <ptr target="bib:Hu"/> so.</note> <ptr target="bib:Hu"/></p>"##
        let notes = "\n\n[Editors’ note: Read by [see bib:Hu] so.]"
        #expect(try text(.reading, body).trimmed == "a [see bib:Hu]" + notes)
        #expect(try text(.diplomatic, body).trimmed == "a" + notes)
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
}
