import Foundation
import Support
import Testing
import XML

@testable import TEI

/// Rules of `docs/texts.md` that editions of many kinds asked for: inscriptions, letters, drafts, critical texts.
@Suite struct EditionRuleTests {
    private func expect(
        _ policy: Policy, _ body: String, header: String = "", _ expected: String,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let found = try transcription(body: body, header: header).reading(policy).text.trimmed
        #expect(found == expected, "\(policy): \(body)", sourceLocation: sourceLocation)
    }

    // MARK: Whose words

    private static func hand(_ attributes: String, _ words: String = "") -> String {
        "<handNote \(attributes)>\(words)</handNote>"
    }

    private static let author = "<fileDesc><titleStmt><author ref=\"#ww\">Walt</author></titleStmt></fileDesc>"

    @Test(
        "the main hand: a second description adds nothing, one scribe with two pens is one, marks name no writer",
        arguments: [
            (
                hand("xml:id='p' scope='sole'", "<persName>P</persName>") + hand("scope='sole' scribeRef='#p'"),
                "<p>a</p>", "p"
            ),
            (hand("scope='sole' scribeRef='#p'") + hand("xml:id='p'", "<persName>P</persName>"), "<p>a</p>", "p"),
            (hand("xml:id='h' scribeRef='#w'") + hand("xml:id='i' scribeRef='#w'"), "<p>a</p>", "h"),
            (hand("xml:id='h' scribeRef='#w'") + hand("xml:id='i' scribeRef='#x'"), "<p>a</p>", nil),
            (hand("xml:id='h'", "Archivist"), "<p>a <note resp='#h'>x</note></p>", nil),
            (hand("xml:id='h'", "Archivist"), "<p>a <metamark hand='#h'>✓</metamark></p>", nil),
            (hand("xml:id='h'", "Ada"), "<p>a <add hand='#h'>x</add></p>", "h"),
            (hand("xml:id='h'", "Ada"), "<p>a</p>", "h"),
            (hand("xml:id='h'", "Ada") + hand("xml:id='i'", "Bo"), "<p>a <handShift new='#i'/>b</p>", nil),
        ] as [(String, String, String?)])
    func mainHand(_ notes: String, _ body: String, _ expected: String?) throws {
        let found = try transcription(body: body, header: "<profileDesc><handNotes>\(notes)</handNotes></profileDesc>")
        #expect(found.mainHand.map { found.hands[$0].id } == expected)
    }

    @Test(
        "the name of a hand is no description, line number or measure of letters",
        arguments: [
            ("Ada Marsh", "Ada Marsh"), ("<p>Written in black ink</p>", "h"),
            ("<locus>Line 1</locus> <dimensions><height>14</height></dimensions>", "h"),
            ("<p>By <persName>Ada</persName></p>", "Ada"),
        ])
    func names(_ words: String, _ label: String) throws {
        let found = try transcription(
            body: "<p>a</p>",
            header: "<profileDesc><handNotes>\(Self.hand("xml:id='h'", words))</handNotes></profileDesc>")
        #expect(found.hands[0].label == label)
    }

    @Test(
        "a shift by @scribe leads to the scribe's hand, and one to the author back to the only hand that is described")
    func shifts() throws {
        let two =
            "<profileDesc><handNotes>\(Self.hand("xml:id='h' corresp='#w'"))\(Self.hand("xml:id='i' corresp='#o'"))</handNotes></profileDesc>"
        let olga = try transcription(body: "<p>a <handShift scribe='#o'/>b</p>", header: two)
        #expect(olga.hands.count == 2 && olga.reading(.hand("i")).text.trimmed == "b")
        let one = Self.author + "<profileDesc><handNotes>\(Self.hand("medium='ink'"))</handNotes></profileDesc>"
        try expect(
            .typed, "<p>a <handShift scribe='#m'/>b</p><p><handShift scribe='#ww'/>c</p>", header: one, "a\n\nc")
        let bare = try transcription(body: "<p>a <add hand='i'>b</add></p>", header: two)
        #expect(bare.hands.count == 2 && bare.reading(.hand("i")).text.trimmed == "b")
    }

    @Test("the base text has what its writer went on to write with another pen, and no mark of a named hand")
    func basePens() throws {
        let pens =
            "<profileDesc><handNotes>\(Self.hand("xml:id='h' scope='major' scribeRef='#w'"))\(Self.hand("xml:id='i' scribeRef='#w'"))</handNotes></profileDesc>"
        try expect(
            .typed, "<p>a <handShift new='#i'/>b <add hand='#i'>c</add> <note hand='#i' place='left'>n</note></p>",
            header: pens, "a b")
        let named =
            "<profileDesc><handNotes>\(Self.hand("xml:id='h'", "Ada"))\(Self.hand("xml:id='i'", "Bo"))</handNotes></profileDesc>"
        try expect(.typed, "<p>a <hi hand='#i' rend='underline'>b</hi> c</p>", header: named, "a b c")
        try expect(.typed, "<p>a <note place='top'><handShift new='#i'/>n</note></p>", header: named, "a")
    }

    @Test(
        "a writer's note: by a hand that is responsible, or with changes that are no quotations",
        arguments: [
            ("<note type='editorial' resp='#b'>x</note>", "[Note (editorial), hand of Bea: x]"),
            ("<note><add>x</add></note>", "[Note: x]"), ("<note>y <del>z</del>x</note>", "[Note: y x]"),
            ("<note>y <quote><del>z</del>x</quote></note>", "[Editors’ note: y “x”]"),
            ("<note>y <orig><add>x</add></orig></note>", "[Editors’ note: y x]"),
            ("<add><note>x</note></add>", "[Note: x]"),
            ("<note>x</note>", "[Editors’ note: x]"),
            ("<note hand='#a' place='top'>y <add hand='#b'>x</add></note>", "[Note: y x]"),
            (
                "<note place='top'><handShift new='#b'/>y <handShift new='#a'/>x</note>",
                "[Note, hand of Bea, main hand: y x]"
            ),
            ("<note hand='#a' place='top'><del>y</del> <add hand='#b'>x</add></note>", "[Note, hand of Bea: x]"),
        ])
    func notes(_ note: String, _ expected: String) throws {
        let found = try text(.reading, "<p>a \(note)</p>").trimmed
        #expect(found == "a\n\n\(expected)")
    }

    @Test("the words of whoever keeps the document are no writer's, and a lemma that somebody read is the text's")
    func keepers() throws {
        let zones = try transcription(
            body: "<p>a</p><div><zone type='library'><line>38</line></zone></div>", header: hands)
        let states = zones.events.compactMap { event in
            if case .text(let node, _, let state) = event, node.stringValue == "38" { state } else { nil }
        }
        #expect(states.map(\.hand) == [nil] && states.map(\.isEditorial) == [false])
        try expect(.hand("a"), "<p>a <app><lem resp='#e'>b</lem><rdg resp='#f'>c</rdg></app></p>", header: hands, "a b")
    }

    // MARK: Which text

    @Test(
        "of several editions side by side, and of what lists literature beside one, the text has its own",
        arguments: [
            "<div type='edition' subtype='transcription'><ab>a</ab></div><div type='edition' subtype='transcription_segmented'><ab><w>x</w></ab></div>",
            "<div type='edition' subtype='diplomatic'><ab>x</ab></div><div type='edition' subtype='transcription'><ab>a</ab></div>",
            "<div type='edition' subtype='primary'><ab>a</ab></div><div type='edition' subtype='simple-lemmatized'><ab>x</ab></div>",
            "<listBibl><bibl>x</bibl></listBibl><div type='edition'><ab>a</ab></div>",
            "<div type='bibliography'><p>x</p><div type='edition'><ab>a</ab></div></div>",
            "<div type='edition'><ab>a</ab></div><div type='apparatus'><p>x</p></div>",
        ])
    func editions(_ body: String) throws {
        try expect(.typed, body, "a")
        let isOtherEdition = body.contains("subtype")
        #expect(try transcription(body: body).reading(.reading).text.contains("x") != isOtherEdition)
    }

    @Test("a diplomatic edition alone is the text")
    func diplomaticEdition() throws {
        try expect(.typed, "<div type='edition' subtype='diplomatic'><ab>a</ab></div>", "a")
    }

    @Test(
        "changes at once, modifications that strike, and alternatives that exclude one another",
        arguments: [
            (.typed, "<p>a <del instant='true'>b</del>c</p>", "a c"), (.typed, "<p>a <del>b</del>c</p>", "a bc"),
            (.typed, "<p>a <mod rend='strikethrough'>b</mod> c</p>", "a b c"),
            (.reading, "<p>a <mod rend='strikethrough'>b</mod> c</p>", "a c"),
            (.diplomatic, "<p>a <mod rend='erase'>b</mod> c</p>", "a ⟦b⟧ c"),
            (.reading, "<p>a <mod rend='erase'><add>b</add></mod> c</p>", "a b c"),
            (
                .reading, "<p><seg xml:id='x'>I do</seg> <add xml:id='y'>He does</add><alt target='#x #y'/> not</p>",
                "I do not"
            ),
            (
                .reading,
                "<p><seg xml:id='x'>I do</seg> <add xml:id='y'>He does</add><alt target='#x #y' weights='0.2 0.8'/> not</p>",
                "He does not"
            ),
            (
                .typed,
                "<p><seg xml:id='x'>I do</seg> <add xml:id='y'>He does</add><alt target='#x #y' weights='0.2 0.8'/> not</p>",
                "I do not"
            ),
            (
                .reading, "<p><seg xml:id='x'>a</seg> <seg xml:id='y'>b</seg><alt mode='incl' target='#x #y'/></p>",
                "a b"
            ),
            (.diplomatic, "<p><seg xml:id='x'>a</seg> <seg xml:id='y'>b</seg><alt target='#x #y'/></p>", "a b"),
            (
                .diplomatic,
                "<p><milestone spanTo='#e' unit='seg' xml:id='x'/>b<anchor xml:id='e'/> <milestone unit='seg' spanTo='#f' xml:id='y'/>c<anchor xml:id='f'/><alt target='#x #y'/></p>",
                "b c"
            ),
            (
                .reading,
                "<p>a <milestone spanTo='#e' unit='seg' xml:id='x'/>b<anchor xml:id='e'/> <milestone unit='seg' spanTo='#f' xml:id='y'/>c<anchor xml:id='f'/> d<alt target='#x #y' weights='0 1'/></p>",
                "a c d"
            ),
        ] as [(Policy, String, String)])
    func changes(_ policy: Policy, _ body: String, _ expected: String) throws {
        let found = try text(policy, body).trimmed
        #expect(found == expected, "\(policy): \(body)")
    }

    @Test("numbers that order the parts of a substitution are no stages of the document")
    func sequences() throws {
        let local =
            "<p><subst><del seq='1'>a</del><add seq='2'>b</add></subst> <subst><del seq='1'>c</del><add seq='2'>d</add></subst></p>"
        #expect(try transcription(body: local).stages.isEmpty)
        let document =
            "<p><subst seq='1'><del>a</del><add>b</add></subst> <subst seq='2'><del>c</del><add>d</add></subst></p>"
        #expect(try transcription(body: document).stages.map(\.id) == ["seq-1", "seq-2"])
    }

    // MARK: Holes

    @Test(
        "no loss is hidden",
        arguments: [
            (
                .typed, "<p>a<supplied reason='undefined' evidence='previouseditor'>b</supplied></p>",
                "a[lost to damage]"
            ),
            (.typed, "<p>a<supplied reason='undefined'>b</supplied></p>", "a"),
            (
                .typed, "<p>a <unclear reason='damage'>[...]</unclear> <unclear>¿¿¿</unclear> <unclear>?</unclear></p>",
                "a [lost to damage] [illegible] ?"
            ),
            (.diplomatic, "<p>a <space extent='one word'/> b <space/> c</p>", "a [blank: one word] b c"),
            (.typed, "<p>a<damage agent='paste'><supplied>b</supplied></damage></p>", "a[lost to damage]"),
            (.typed, "<p>a<supplied reason='omitted'>b</supplied></p>", "a"),
            (
                .typed, "<p>s<supplied reason='torn away'>b</supplied> <gap reason='deletion, illegible'/></p>",
                "s[lost to damage] [illegible]"
            ),
            (.typed, "<p>a <unclear> </unclear> b</p>", "a [illegible] b"),
            (
                .reading, "<p>a <gap reason='omitted'/> b <gap reason='ellipsis'/></p>",
                "a [omitted] b [omitted by the editor]"
            ),
            (.reading, "<p>a <c rendition='#and'/> b<c rendition='#dots'/>d</p>", "a [and] b[dots]d"),
            (.reading, "<p>a <g ref='#phoen-20' type='char'/> b</p>", "a [phoen-20] b"),
            (
                .diplomatic, "<p>a<space quantity='3' unit='character'/>b <space quantity='1' unit='chars'/>c</p>",
                "a [blank: 3 characters] b c"
            ),
            (.reading, "<p>a<space quantity='3' unit='character'/>b</p>", "a b"),
            (.diplomatic, "<p><unclear>a[?]</unclear> <unclear>b</unclear></p>", "a[?] b[?]"),
        ] as [(Policy, String, String)])
    func holes(_ policy: Policy, _ body: String, _ expected: String) throws { try expect(policy, body, expected) }

    @Test("a sign without a character is named, whichever mapping has its name")
    func glyphs() throws {
        let header = """
            <encodingDesc><charDecl><glyph xml:id="sign_unread"><mapping type="standard">sign, unread</mapping></glyph>
            <char xml:id="que"><mapping type="standard">que</mapping></char></charDecl></encodingDesc>
            """
        try expect(
            .reading, "<p>a <g ref='#sign_unread'/> at<g ref='#que'/></p>", header: header, "a [sign_unread] atque")
    }

    @Test(
        "in an editor's sentence an empty reference or name is where it leads",
        arguments: [
            ("<note>See <ref corresp='X1'/>, <locus target='#6r'/>.</note>", "[Editors’ note: See [see X1], [6r].]"),
            (
                "<note>1<ref target='u'><!-- c --></ref>; 2.<ref target='u'/></note>",
                "[Editors’ note: 1 [see u]; 2. [see u]]"
            ),
            ("<note>By <persName ref='P7'/>.</note>", "[Editors’ note: By [see P7].]"),
            (
                "<note><bibl><ptr target='b:X'/><citedRange>7</citedRange>.</bibl></note>",
                "[Editors’ note: [see b:X] 7.]"
            ),
            ("<note>a<ref target='u'/>b (<ref target='u'/>)</note>", "[Editors’ note: a [see u] b ([see u])]"),
        ])
    func references(_ note: String, _ expected: String) throws {
        try expect(.reading, "<p>a \(note)</p>", "a\n\n\(expected)")
        try expect(.reading, "<p>a <persName ref='P7'/>, b <ref target='u'/>c</p>", "a, b [see u] c")
    }

    // MARK: Words and lines

    @Test(
        "white space that is the file's is none of the text's",
        arguments: [
            (
                .reading, "<p><expan>\n<abbr>proco</abbr>\n<ex>n</ex>\n<abbr>s</abbr>\n<ex>uli</ex>\n</expan> a</p>",
                "proconsuli a"
            ),
            (.reading, "<p><expan><abbr>d</abbr><ex>is</ex> <abbr>m</abbr><ex>anibus</ex></expan></p>", "dis manibus"),
            (.reading, "<p>a<mod>\n<add>n</add>\n<del>thought</del>\n<add>idea</add>\n</mod> b</p>", "an idea b"),
            (.typed, "<p>a<mod>\n<add>n</add>\n<del>thought</del>\n<add>idea</add>\n</mod> b</p>", "a thought b"),
            (.reading, "<p>I <subst><del>am</del> <add>can</add> </subst>pass</p>", "I can pass"),
            (.reading, "<p>I <subst>\n<del>N</del>\n<add>n</add>\n</subst>ature</p>", "I nature"),
            (.reading, "<p>Ph\u{F6}b<x:o xmlns:x='u:x'>\n<x:u>o</x:u>\n<x:v>u</x:v>\n</x:o>s</p>", "Ph\u{F6}bous"),
            (.reading, "<p>S<x:o xmlns:x='u:x'><x:u>o</x:u><x:v>a</x:v></x:o>f</p>", "Soaf"),
            (.reading, "<p>a <x:o xmlns:x='u:x'><x:u>b</x:u> <x:v>c</x:v></x:o> d</p>", "a b c d"),
            (.reading, "<p>\u{2028} a\u{2028}   <hi>b</hi> \u{2028}</p>", "a b"),
            (.reading, "<p>a<c xml:space='preserve'> </c> <hi> b</hi></p>", "a b"),
        ] as [(Policy, String, String)])
    func whiteSpace(_ policy: Policy, _ body: String, _ expected: String) throws { try expect(policy, body, expected) }

    @Test(
        "words at the ends of lines",
        arguments: [
            (.reading, "<p>aeter<g ref='#slash'/><lb break='no'/>na <g ref='#slash'/>b</p>", "aeterna [slash]b"),
            (.typed, "<p>the os-<lb/>tent</p>", "the os-tent"),
            (.reading, "<p>the os\u{2E40}<lb/>tent</p>", "the ostent"),
            (.reading, "<p>the os-<lb/>tent</p>", "the ostent"),
            (.diplomatic, "<p>the os-<lb/>tent</p>", "the os-\ntent"),
            (.reading, "<p>the os<lb/>-tent</p>", "the ostent"),
            (.reading, "<p>the os<lb/>- tent</p>", "the os - tent"),
            (.reading, "<div><zone><line>squan</line><line>-der it</line></zone></div>", "squander\nit"),
            (.typed, "<div><zone><line>squan</line><line>-der it</line></zone></div>", "squan\n-der it"),
            (
                .reading, "<div><zone><line>Recla-</line><line><add>so</add></line><line>tion</line></zone></div>",
                "Recla-\nso\ntion"
            ),
            (
                .diplomatic,
                "<p>a <choice><orig>re<lb break='no'/>m</orig><reg>re<lb break='no'/>mm</reg></choice> b</p>",
                "a re\nm [reg. remm] b"
            ),
            (.diplomatic, "<p>a <choice><orig>rem</orig><reg>re<lb/>mm</reg></choice> b</p>", "a rem [reg. re\nmm] b"),
            (.reading, "<div><zone><line>one</line><line><del>of</del>, but</line></zone></div>", "one,\nbut"),
            (
                .reading, "<p>(<del>thunder</del> lightning) “<note>n</note> x”</p>",
                "(lightning) “ x”\n\n[Editors’ note: n]"
            ),
            (.reading, "<p>200 fr <hi>a </hi>\n<lb/>..... 1000</p>", "200 fr a ..... 1000"),
            (.reading, "<p>Yours!<signed>Hugo</signed>, <signed>J.</signed></p>", "Yours! Hugo, J."),
            (
                .reading, "<opener><seg><seg>Burckhard</seg><seg>Wien</seg></seg><seg>Gilgen</seg></opener>",
                "Burckhard Wien Gilgen"
            ),
            (.reading, "<p><seg>morph</seg><seg>eme</seg> <seg>See</seg><seg>Kopf</seg></p>", "morpheme See Kopf"),
            (
                .reading, "<div><zone><line>writing case 11-</line><line>feathers</line></zone></div>",
                "writing case 11-\nfeathers"
            ),
            (
                .reading, "<div><zone><line>geko-</line><line type='inter'>es</line><line>men</line></zone></div>",
                "geko-\nes\nmen"
            ),
            (
                .reading, "<p>the <name>\n<hi>M</hi>\n</name>-Schlacht (<hi>\n<name>x</name></hi>)</p>",
                "the M-Schlacht (x)"
            ),
            (
                .diplomatic,
                "<p>a <choice><orig>re-<lb break='no'/>m</orig><reg>re-<lb break='no'/>mm</reg></choice> b</p>",
                "a re-\nm [reg. remm] b"
            ),
            (
                .diplomatic,
                "<p>r<choice><sic>i</sic><corr>u</corr></choice>n <choice><sic>i</sic><corr>u</corr></choice>, x<sic>y</sic>z <sic>s</sic></p>",
                "ri[corr. u]n i [corr. u], xy[sic]z s [sic]"
            ),
            (.diplomatic, "<p>a <note>b <q>c</q></note> <q>d</q></p>", "a d\n\n[Editors’ note: b “c”]"),
            (.diplomatic, "<p>⟦ \u{302}a</p>", "⟦ \u{302}a"),
            (
                .reading,
                "<div><zone><line>a</line><space dim='vertical' quantity='2' unit='lines'/><line>b</line></zone></div>",
                "a\n\nb"
            ),
            (
                .reading, "<div><zone><line>a</line><note>n</note><line>b</line></zone></div>",
                "a\nb\n\n[Editors’ note: n]"
            ),
            (.reading, "<p><hi>e<desc>drop cap</desc></hi>x libris</p>", "ex libris\n\n[Editors’ note: drop cap]"),
        ] as [(Policy, String, String)])
    func lines(_ policy: Policy, _ body: String, _ expected: String) throws { try expect(policy, body, expected) }

    @Test("a zone that is read at the end of a line keeps its lines, and one within a line is a part of it")
    func zones() throws {
        let body = """
            <div><surface><zone><line>He speaks <anchor xml:id="m"/></line><line>last <anchor xml:id="n"/>words</line></zone>
            <zone corresp="#m"><line>one</line><line>two</line></zone><zone corresp="#n"><line>three</line><line>four</line></zone></surface></div>
            """
        try expect(.reading, body, "He speaks\none\ntwo\nlast three four words")
    }

    @Test("the diplomatic text has notes on their page, and says whose page it is")
    func pages() throws {
        let witnesses =
            "<fileDesc><sourceDesc><listWit><witness xml:id='R' n='reims'/><witness xml:id='S' n='sorb'/></listWit></sourceDesc></fileDesc>"
        try expect(
            .diplomatic, "<p>a <note place='bottom'>n</note><pb n='2' ed='#S'/>b</p>", header: witnesses,
            "a\n\n[Note: n]\n\n[page 2, S]\nb")
        try expect(.diplomatic, "<p>a<pb n='2' ed='#S'/>b</p>", "a\n[page 2]\nb")
    }

    // MARK: Apparatus

    @Test(
        "a sigil is what the witness says, or its number, unless these are names",
        arguments: [
            ("<witness xml:id='R' n='reims'/><witness xml:id='V' n='vat'/>", ["R", "V"]),
            ("<witness xml:id='A' n='A1'/><witness xml:id='wit-B' n='B'/><witness xml:id='C'/>", ["A1", "B", "C"]),
            ("<witness xml:id='xyz'><abbr type='siglum'>Q</abbr></witness>", ["Q"]),
        ])
    func sigla(_ list: String, _ expected: [String]) throws {
        let header = "<fileDesc><sourceDesc><listWit>\(list)</listWit></sourceDesc></fileDesc>"
        #expect(try transcription(body: "<p>a</p>", header: header).witnesses.map(\.sigil) == expected)
    }

    @Test(
        "an apparatus elsewhere: by a line and not by a word, by several lines, by its end; a note alone is no reading",
        arguments: [
            (
                "<ab><lb n='1'/><w n='5'>a</w> <lb n='5'/><w n='10'>b</w></ab><listApp><app loc='5'><rdg>c</rdg></app></listApp>",
                "a\nb [variant: c]"
            ),
            (
                "<ab><lb n='1'/>a <lb n='2'/>b <lb n='3'/>d</ab><listApp><app loc='1-2'><rdg>c</rdg></app></listApp>",
                "a\nb [variant: c]\nd"
            ),
            (
                "<ab>a b<anchor xml:id='e'/> d</ab><listApp><app to='#e'><lem>b</lem><rdg>c</rdg></app></listApp>",
                "a b [variant: c] d"
            ),
            ("<ab>a <app><lem>b</lem><rdg><note>om.</note></rdg></app></ab>", "a b [variant: om.]"),
            ("<ab>a <app><lem>b</lem><rdg>c <note>Botti</note></rdg></app></ab>", "a b [variant: c (Botti)]"),
        ])
    func apparatus(_ body: String, _ expected: String) throws {
        try expect(.diplomatic, body, expected)
        let noted = try transcription(
            body: "<ab><lb n='1'/>a</ab><listApp><app><note>n</note></app><app loc='1'><note>m</note></app></listApp>")
        #expect(noted.alternatives.isEmpty && noted.interventions.isEmpty)
        try self.expect(
            .typed, "<ab>a</ab><listApp><app to='other.xml#e'><lem>x</lem><rdg>y</rdg></app></listApp>", "a")
    }
}
