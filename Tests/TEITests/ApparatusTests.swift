import Foundation
import Pages
import Support
import TEI
import Testing
import Validation
import XML

/// A document of the witnesses A, B, C (B and C are the group `fam`) and D.
private func witnessed(
    _ body: String, standOff: String = "", method: String = "double-end-point"
) throws -> Transcription {
    let document = try Document(
        """
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>t</title><editor xml:id="ed">Ada Lind</editor></titleStmt>
        <publicationStmt><p>p</p></publicationStmt><sourceDesc><listWit><witness xml:id="A">a</witness><listWit xml:id="fam"><witness xml:id="B">b</witness>
        <witness xml:id="C">c</witness></listWit><witness xml:id="w4" n="D">d</witness></listWit></sourceDesc></fileDesc>
        <encodingDesc><variantEncoding method="\(method)" location="external"/></encodingDesc></teiHeader>
        <standOff><listApp>\(standOff)</listApp></standOff><text><body>\(body)</body></text></TEI>
        """, path: "memory.xml")
    return Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
}

extension Transcription {
    /// The text of each witness, paragraphs by ` / `.
    fileprivate func texts(_ sigla: String...) -> [String] {
        sigla.map { reading(.witness($0)).text.replacing("\n\n", with: " / ").replacing("\n", with: " / ") }
    }

    fileprivate func apparatus(_ form: ApparatusFormat.Form, _ policy: Policy = .reading) -> [String] {
        String(decoding: ApparatusFormat(form).export(self, policy: policy), as: UTF8.self).split(separator: "\n").map(
            String.init)
    }
}

@Suite struct ApparatusTests {
    /// Of an edition that is named by its source alone nobody says that it guessed; a struck-out lemma is its words; what
    /// is not found is under no page; readings of the same words differ in what the editors mark.
    @Test func locationsInInscriptions() throws {
        let transcription = try witnessed(
            """
            <pb n="1"/><p><lb n="1"/>one na<unclear>nti</unclear> <lb n="2"/>two <del>kema</del> f<supplied>i</supplied>ve<note>Done.</note></p>\
            <pb n="2"/><p><lb n="9"/>ten.</p>
            """,
            standOff: """
                <app loc="1"><lem>na<unclear>nti</unclear></lem><rdg source="bib:H">nata</rdg></app>
                <app loc="2"><lem><del>kema</del></lem><note>Read by <ptr target="bib:H"/>.</note></app>
                <app loc="2"><lem>f<supplied>i</supplied>ve</lem><rdg source="bib:H">f<choice><sic>o</sic><corr>i</corr></choice>ve</rdg></app>
                <app loc="9"><lem>ten.</lem><rdg resp="#ed">den.</rdg></app>
                <app loc="1"><lem>elsewhere</lem><rdg source="bib:H">there</rdg></app>
                """, method: "location-referenced")
        #expect(
            transcription.apparatus(.negative) == [
                "Page 1", "1  nanti] nata (bib:H)", "2  ⟦kema⟧] (Read by [see bib:H].)",
                "2  f[i]ve] fo [corr. i]ve (bib:H)", "Page 2", "9  ten.] den. (conj. Ada Lind)",
                "Words that are not found in the text", "1  elsewhere] there (bib:H)",
            ])
        #expect(transcription.reading(.diplomatic).text.contains("nanti[?] [variant: nata]"))
    }

    /// An `app` behind its lemma, one that overlaps it, one that stands elsewhere for an element, and one across
    /// paragraphs.
    @Test func doubleEndPoint() throws {
        let transcription = try witnessed(
            """
            <p>The <anchor xml:id="a1"/>winter <anchor xml:id="a2"/>ferry<app from="#a1"><lem wit="#A">winter ferry</lem><rdg wit="#B">summer boat</rdg></app>
            must<app from="#a2"><lem>ferry must</lem><rdg wit="#w4">ship should</rdg></app> run <seg xml:id="s">until <hi>ice</hi> comes</seg>.</p>
            <p>Then<anchor xml:id="e"/> it stops.</p>
            """,
            standOff: """
                <app from="#s"><rdg wit="#fam">always</rdg></app><app from="#s" to="#e"><lem>until</lem><rdg wit="#w4">and then</rdg></app>
                """)
        #expect(
            transcription.texts("A", "B", "C", "D") == [
                "The winter ferry must run until ice comes. / Then it stops.",
                "The summer boat must run always. / Then it stops.",
                "The winter ferry must run always. / Then it stops.", "The winter ship should run / and then it stops.",
            ])
        #expect(transcription.reading(.reading).text == "The winter ferry must run until ice comes.\n\nThen it stops.")
        #expect(
            transcription.reading(.diplomatic).text.hasPrefix(
                "The winter ferry [B: summer boat] must [D: ship should] run until ice comes [B C: always]."))
        #expect(transcription.alternatives.allSatisfy { $0.isPlaced })
        let always = transcription.alternatives.first { alternative in
            alternative.readings.contains { $0.text == "always" }
        }
        #expect(always?.readings[0].text == "until ice comes")
    }

    /// Witnesses, and numbers of paragraphs, that look the same are two.
    @Test func codePoints() throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><sourceDesc><listWit><witness xml:id="\u{E9}"/><witness xml:id="e\u{301}"/></listWit></sourceDesc>
            </fileDesc></teiHeader>
            <standOff><listApp><app loc="e\u{301}"><lem>six</lem><rdg wit="#\u{E9}">ten</rdg></app></listApp></standOff>
            <text><body><p n="\u{E9}">one <app><lem wit="#\u{E9}">two</lem><rdg wit="#e\u{301}">three</rdg></app><lacunaStart wit="#\u{E9}"/> four<lacunaEnd wit="#\u{E9}"/> six</p>
            <p n="e\u{301}">six</p></body></text></TEI>
            """, path: "\u{E9}.xml")
        let transcription = Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        let texts = transcription.texts("\u{E9}", "e\u{301}")
        #expect(texts[0].hasPrefix("one two") && !texts[0].contains("four") && texts[0].hasSuffix("six / ten"))
        #expect(texts[1] == "one three four six / six")
        #expect(
            transcription.alternatives.map { $0.readings.map { $0.witnesses.map(\.unicodeScalars.count) } } == [
                [[1], [2]], [[], [1]],
            ])
        // Nothing of the text comes from the file whose name looks the same.
        let reading = transcription.reading(.witness("e\u{301}"))
        let place = try #require(reading.location(at: 0))
        #expect(
            try transcription.places(
                of: .place(file: "\u{E9}.xml", line: place.line, column: place.column), in: reading
            ).count == 1)
        #expect(throws: Diagnostics.self) {
            try transcription.places(
                of: .place(file: "e\u{301}.xml", line: place.line, column: place.column), in: reading)
        }
    }

    /// Who has no reading of a place, and is not the one that lacks it, agrees with the text.
    @Test func codePointsOfTheRest() throws {
        let header =
            "<fileDesc><sourceDesc><listWit><witness xml:id='\u{E9}'/><witness xml:id='e\u{301}'/><witness xml:id='B'/></listWit></sourceDesc></fileDesc>"
        let body =
            "<p>one<lacunaStart wit='#e\u{301}'/> <app><lem>two</lem><rdg wit='#B'>three</rdg></app><lacunaEnd wit='#e\u{301}'/> four</p>"
        let lines = try transcription(body: body, header: header).apparatus(.positive)
        let line = try #require(lines.first { $0.contains("three") })
        #expect(line.unicodeScalars.contains("\u{E9}") && !line.unicodeScalars.contains("\u{301}"))
    }

    @Test func locationReferenced() throws {
        let transcription = try witnessed(
            """
            <div n="I"><lg><l n="1">The winter ferry must <hi>run</hi> until the sound</l><l n="2">is closed by ice, the board decides</l></lg></div>
            <div n="II"><l n="1">The other ferry</l><p n="3">And<app><lem wit="#A">And</lem><rdg wit="#B">But</rdg></app> so it went.</p></div>
            """,
            standOff: """
                <app loc="I 1"><lem wit="#A">must run</lem><rdg wit="#B #w4">will run</rdg></app><app loc="2"><lem>the … decides</lem><rdg wit="#C">they decide</rdg></app>
                <app loc="II.1"><lem>the</lem><rdg wit="#C">An</rdg></app><app loc="9"><lem>x</lem><rdg wit="#C">y</rdg></app><app loc="2"><rdg wit="#w4">is frozen</rdg></app>
                """, method: "location-referenced")
        #expect(
            transcription.texts("A", "B", "C", "D") == [
                "The winter ferry must run until the sound / is closed by ice, the board decides / The other ferry / And so it went.",
                "The winter ferry will run until the sound / is closed by ice, the board decides / The other ferry / But so it went.",
                "The winter ferry must run until the sound / is closed by ice, they decide / An other ferry / And so it went.",
                "The winter ferry will run until the sound / is frozen / The other ferry / And so it went.",
            ])
        #expect(transcription.alternatives.filter { !$0.isPlaced }.map { $0.node.attribute("loc") } == ["9"])
    }

    /// Whole words, the first of several; the last before an `app` that stands in the text.
    @Test(arguments: [
        (
            "<p n='1'>The others see the sea.</p>", "<app loc='1'><lem>the</lem><rdg wit='#B'>a</rdg></app>",
            "The others see a sea."
        ),
        ("<p n='1'>ice and ice</p>", "<app loc='1'><lem>ice</lem><rdg wit='#B'>snow</rdg></app>", "snow and ice"),
        ("<p>ice and ice<app><lem>ice</lem><rdg wit='#B'>snow</rdg></app> came</p>", "", "ice and snow came"),
        ("<p n='1'>one <del>two</del> three</p>", "<app loc='1'><lem>one</lem><rdg wit='#B'/></app>", "three"),
        (
            "<p><lb n='1'/>one two <lb n='2'/>one three</p>",
            "<app loc='2'><lem>one</lem><rdg wit='#B'>four</rdg></app>", "one two four three"
        ),
        (
            "<p n='1'>one\n  two  three</p>", "<app loc='1'><lem>two three</lem><rdg wit='#B'>four</rdg></app>",
            "one four"
        ),
    ])
    func theLemmaIsFound(_ body: String, _ standOff: String, _ expected: String) throws {
        #expect(try witnessed(body, standOff: standOff, method: "location-referenced").texts("B") == [expected])
    }

    @Test func nestedReadings() throws {
        let inline = try witnessed(
            "<p>to <app><lem wit='#A'>wait <app><lem wit='#A'>a week</lem><rdg wit='#B'>two weeks</rdg></app></lem><rdg wit='#C'>go</rdg></app></p>"
        )
        #expect(inline.texts("A", "B", "C") == ["to wait a week", "to wait two weeks", "to go"])
        let outside = try witnessed(
            "<p>to <seg xml:id='o'>wait <seg xml:id='i'>a week</seg> or so</seg>.</p>",
            standOff: "<app from='#i'><rdg wit='#B'>two weeks</rdg></app><app from='#o'><rdg wit='#C'>go</rdg></app>"
        )
        #expect(outside.texts("A", "B", "C") == ["to wait a week or so.", "to wait two weeks or so.", "to go."])
        // A reading stands in a reading: who has not the outer one has not the inner.
        let within = try witnessed(
            "<app><lem wit='#A'><p>one <seg xml:id='s'>two</seg></p></lem><rdg wit='#B'><p>three</p></rdg></app>",
            standOff: "<app from='#s'><rdg wit='#B #C'>2</rdg></app>")
        #expect(within.texts("A", "B", "C") == ["one two", "three", "one 2"])
    }

    /// An apparatus on a reading of another has no place in the text: nothing is set at random.
    @Test func anApparatusOnAReading() throws {
        let transcription = try witnessed(
            "<p>One <seg xml:id='s'>two</seg> three.</p>",
            standOff:
                "<app from='#s'><rdg wit='#B'>zwei <anchor xml:id='k'/>oder drei<app from='#k'><lem>oder drei</lem><rdg wit='#C'>nicht</rdg></app></rdg></app>"
        )
        #expect(
            transcription.texts("A", "B", "C") == ["One two three.", "One zwei oder drei three.", "One two three."])
        #expect(transcription.reading(.reading).text == "One two three.")
        #expect(transcription.alternatives.map(\.isPlaced) == [true, false])
    }

    @Test func fragmentsAndLacunae() throws {
        let transcription = try witnessed(
            """
            <p>One two <app><lem wit="#A #B">three</lem><rdg wit="#C"><witStart/>drei</rdg></app> four <app><lem wit="#A #C">five</lem><rdg wit="#B">fi<lacunaStart/></rdg></app>
            six <note type="editorial">Sic.</note> seven.</p><p>Eight <gap reason="illegible"/> <app><lem>nine</lem><rdg wit="#B"><lacunaEnd/>ne</rdg></app>
            ten <app><lem>eleven</lem><rdg wit="#C">elf<witEnd/></rdg></app> twelve.</p>
            """)
        #expect(
            transcription.texts("B", "C") == [
                "One two three four fi / [lacuna in B] ne ten eleven twelve.",
                "[C begins here] drei four five six seven. / [Editors’ note: Sic.] / Eight [illegible] nine ten elf / [C ends here]",
            ])
        #expect(transcription.texts("A") == transcription.texts("D"))
        #expect(transcription.interventions.filter { $0.kind == .lacuna }.map(\.lacking) == ["C", "B", "C"])
        let closed = try witnessed(
            "<p>a <app><lem wit='#A'>b</lem><rdg wit='#B'>x<lacunaStart wit='#B #C'/></rdg></app> c. <app><lem>d</lem><rdg wit='#B'><lacunaEnd wit='#C #B'/>d</rdg></app>.</p>"
        )
        #expect(closed.texts("B", "C") == ["a x [lacuna in B] d.", "a b [lacuna in C] d."])
    }

    @Test func witnessesOfGroupsAndOfWit() throws {
        let transcription = try witnessed(
            "<p><app><lem>a</lem><wit>A w4</wit><rdg>b</rdg><wit wit='#fam'>BC</wit></app></p>")
        #expect(transcription.alternatives[0].readings.map(\.witnesses) == [["A", "D"], ["B", "C"]])
        #expect(transcription.texts("C", "D") == ["b", "a"])
    }

    @Test func atTheFoot() throws {
        let transcription = try witnessed(
            """
            <pb n="1"/><head>The <app><lem wit="#A">ferry</lem><rdg wit="#B"/></app></head>
            <p>It <app><lem>must</lem><rdgGrp type="verbs"><rdg wit="#C" varSeq="2" cause="haplography">can</rdg><rdg wit="#B" varSeq="1">may</rdg></rdgGrp>
            <rdg resp="#ed" cert="low">might</rdg><note type="editorial">Much discussed.</note></app>.</p>
            <pb n="2"/><p><lb/>A<lb/>line <app><lem/><rdg wit="#w4">more</rdg></app></p>
            """)
        #expect(
            transcription.apparatus(.positive) == [
                "Page 1", "heading  ferry] A; om. B",
                "¶ 1      must] A D; may B; can C (haplography); might (conj. Ada Lind, uncertain); (Much discussed.)",
                "Page 2", "l. 2  after “line”] A B C; more D",
            ])
        #expect(
            transcription.apparatus(.negative) == [
                "Page 1", "heading  ferry] om. B",
                "¶ 1      must] may B; can C (haplography); might (conj. Ada Lind, uncertain); (Much discussed.)",
                "Page 2", "l. 2  after “line”] more D",
            ])
        #expect(
            transcription.apparatus(.negative, .witness("B"))[1...2] == [
                "heading  after “The”] ferry A",
                "¶ 1      may] must; can C (haplography); might (conj. Ada Lind, uncertain); (Much discussed.)",
            ])
        #expect(try witnessed("<p>none</p>").apparatus(.positive).isEmpty)
    }

    /// Each entry leads to its place on the page, and the page has each reading.
    @Test(arguments: ["reading", "diplomatic", "witness:C", "witness:D"]) func onThePage(_ name: String) throws {
        let transcription = try transcription("Tests/Everything.xml")
        let policy = try #require(Policy(name))
        let page = try Document(HTMLFormat.html.export(transcription, policy: policy), path: "page.html").root
        let section = try #require(page.descendants.first { $0.attribute("class") == "below apparatus" })
        let entries = section.descendants.filter { $0.localName == "li" }
        let count = transcription.alternatives.count { $0.kind == .apparatus }
        #expect(entries.count == count)
        let ids = Set(page.descendants.compactMap { $0.attribute("id") })
        for link in section.descendants.compactMap({ $0.attribute("href") }) {
            #expect(ids.contains(String(link.dropFirst())))
        }
    }

    /// Setting an apparatus into the flow loses none of the text.
    @Test func theTextItselfStays() throws {
        let body =
            "<p n='1'>The <anchor xml:id='x'/>winter <hi>fer<lb break='no'/>ry</hi> must<anchor xml:id='y'/> run, <gap reason='illegible'/> it <del>seems</del>.</p>"
        let plain = try witnessed(body)
        let set = try witnessed(
            body,
            standOff:
                "<app from='#x' to='#y'><rdg wit='#B'>b</rdg></app><app loc='1'><lem>run, it</lem><rdg wit='#C'>c</rdg></app><app loc='1'><lem>ferry</lem><rdg wit='#C'>d</rdg></app>"
        )
        for policy in [Policy.typed, .revised, .reading, .witness("A")] {
            #expect(set.reading(policy).text == plain.reading(policy).text)
        }
        let reading = set.reading(.reading)
        for segment in reading.segments where segment.nodeOffset != nil {
            let text = String(
                String.UnicodeScalarView(
                    Array(reading.text.unicodeScalars)[segment.start..<(segment.start + segment.length)]))
            let node = Array(segment.node.stringValue.unicodeScalars)
            let written = node[segment.nodeOffset!..<(segment.nodeOffset! + segment.length)].map {
                $0 == "\n" ? " " : $0
            }
            #expect(Array(text.unicodeScalars) == written)
        }
    }
}
