import Support
import Testing
import TEI
import XML

@Suite struct PolicyTests {
    @Test(arguments: [
        (Policy.typed, "I must go."), (.revised, "I should go."), (.reading, "I should go."),
        (.diplomatic, #"I ⟦must⟧\Bea: should/ go."#), (.hand("b"), "should"), (.hand("a"), "I must … go."),
    ])
    func substitution(_ policy: Policy, _ expected: String) throws {
        #expect(
            try text(policy, ##"<p>I <subst><del hand="#b">must</del><add hand="#b">should</add></subst> go.</p>"##)
                == expected)
    }

    @Test(arguments: [
        (Policy.typed, "recieve & Dr"), (.revised, "recieve & Dr"), (.reading, "receive and Doctor"),
        (.diplomatic, "recieve [corr. receive] & [reg. and] Dr [i.e. Doctor]"),
    ])
    func choice(_ policy: Policy, _ expected: String) throws {
        let body = """
            <p><choice><sic>recieve</sic><corr>receive</corr></choice> <choice><orig>&amp;</orig><reg>and</reg></choice>
            <choice><abbr>Dr</abbr><expan>Doctor</expan></choice></p>
            """
        #expect(try text(policy, body) == expected)
    }

    @Test(arguments: [
        (Policy.typed, "to Helmut, now"), (.revised, "to Helmut, now"), (.reading, "to Helmut Kohl, now"),
        (.diplomatic, "to Helmut [Kohl], now"),
    ])
    func supplied(_ policy: Policy, _ expected: String) throws {
        #expect(try text(policy, "<p>to Helmut <supplied>Kohl</supplied>, now</p>") == expected)
    }

    @Test(arguments: [
        (Policy.typed, "a"), (.stage("s1"), "a"), (.stage("s2"), "a b"), (.revised, "a b"),
    ])
    func stages(_ policy: Policy, _ expected: String) throws {
        #expect(try text(policy, ##"<p>a <add hand="#b" change="#s2">b</add></p>"##) == expected)
    }

    @Test(arguments: [(Policy.stage("s1"), "a b"), (.stage("s2"), "b"), (.typed, "a b"), (.revised, "b")])
    func deletionAtAStage(_ policy: Policy, _ expected: String) throws {
        #expect(try text(policy, ##"<p><del hand="#b" change="#s2">a</del> b</p>"##) == expected)
    }

    /// `subst/@hand` is that of the change, not of the words that were struck out.
    @Test func theHandOfASubstitution() throws {
        let body = ##"<p>I <subst hand="#b"><del>must</del><add>should</add></subst> go.</p>"##
        #expect(try text(.hand("b"), body) == "should")
        #expect(try text(.typed, body) == "I must go.")
    }

    @Test func sigilsAndDescriptionsAreNoWords() throws {
        let found = try transcription(
            body: """
                <p>a <app><lem wit="#A">b</lem><wit>B</wit></app> <space><desc>room</desc></space> <gap reason="redacted"><desc>a name</desc></gap></p>
                """)
        #expect(found.reading(.revised).text == "a b [redacted: a name]")
        #expect(found.gaps.map(\.description) == ["a name"])
    }

    @Test(arguments: [
        ("", "<q>go</q> “I <q>go</q>”, <q>‘go’</q>", "“go” “I “go””, ‘go’"),
        ("all", "<q>go</q>", "go"),
        ("none", "<said>go</said>", "“go”"),
    ])
    func quotationMarks(_ marks: String, _ body: String, _ expected: String) throws {
        let header =
            marks.isEmpty
            ? "" : "<encodingDesc><editorialDecl><quotation marks=\"\(marks)\"/></editorialDecl></encodingDesc>"
        #expect(try transcription(body: "<p>\(body)</p>", header: header).reading(.revised).text == expected)
    }

    /// What editors say is never printed as words of the document.
    @Test(arguments: [
        ("<p>a <witDetail wit=\"#A\">b</witDetail></p>", "a", "a"),
        (
            "<p>a</p><note>A stamped notation reads “b”.</note>",
            "a\n\n[note on a stamp: A stamped notation reads “b”.]", "a"
        ),
        ("<figure><figDesc>b</figDesc></figure>", "", ""),
        ("<sp who=\"#x\"><p>a</p></sp>", "[x:]\n\na", "a"),
        ("<p>a <stage>b</stage> c</p>", "a (b) c", "a b c"),
    ])
    func editorsWords(_ body: String, _ revised: String, _ typed: String) throws {
        #expect(try text(.revised, body) == revised)
        #expect(try text(.typed, body) == typed)
    }

    @Test func runningHeadsAreOfThePage() throws {
        let body = "<p>a</p><fw type=\"classification\">SECRET</fw><fw type=\"header\">Head</fw><fw>2</fw><p>b</p>"
        #expect(try text(.revised, body) == "a\n\nSECRET\n\nb")
        #expect(try text(.diplomatic, body) == "a\n\nSECRET\nHead\n2\n\nb")
    }

    /// Brackets without content are not written, however they are nested and ended.
    @Test func noEmptyBrackets() throws {
        let body = ##"<p>a <delSpan spanTo="#e"/>b <del>c</del><anchor xml:id="e"/> <add hand="#b">d</add></p>"##
        #expect(try text(.hand("b"), body) == "d")
    }

    @Test func restorationUndoesADeletion() throws {
        #expect(try text(.revised, "<p><restore><del>kept</del></restore> <del>gone</del></p>") == "kept")
    }

    @Test(arguments: [
        (Policy.typed, "one four two three"), (.revised, "one four three"), (.diplomatic, "one four ⟦two⟧ three"),
    ])
    func spansCrossParagraphs(_ policy: Policy, _ expected: String) throws {
        let body = ##"<p>one four <delSpan spanTo="#end"/>two</p><p><anchor xml:id="end"/>three</p>"##
        #expect(try text(policy, body).split { $0.isWhitespace }.joined(separator: " ") == expected)
    }

    /// A span takes in the content of the element at which it ends (att.spanning).
    @Test(arguments: [
        (##"<p>one <delSpan spanTo="#e"/>two <seg xml:id="e">three</seg> four</p>"##, "one four"),
        (##"<p>one <delSpan spanTo="#e"/>two</p><p xml:id="e">three</p><p>four</p>"##, "one four"),
        (##"<p>one <delSpan spanTo="#e"/>two <del xml:id="e">three</del> four</p>"##, "one four"),
        (
            ##"<p>one <delSpan spanTo="#e"/>two <seg>three <seg xml:id="e"><hi>four</hi></seg> five</seg></p>"##,
            "one five"
        ),
        (##"<p>one <delSpan spanTo="#e"/>two <gap xml:id="e"/>three</p>"##, "one [omitted]three"),
    ]) func spansEndWithContent(_ body: String, _ expected: String) throws {
        #expect(try text(.revised, body).split { $0.isWhitespace }.joined(separator: " ") == expected)
    }

    /// A note is printed beside the flow: a span that ends in it ends where it is.
    @Test(arguments: [##"<note xml:id="e">a note</note>"##, ##"<note>a <seg xml:id="e">note</seg></note>"##])
    func spansEndBeforeNotes(_ note: String) throws {
        let diplomatic = try text(.diplomatic, ##"<p>one <delSpan spanTo="#e"/>two \##(note) four</p>"##)
        #expect(diplomatic.hasPrefix("one ⟦two⟧ four") || diplomatic.hasPrefix("one ⟦two ⟧four"), "\(diplomatic)")
        #expect(
            try text(.hand("b"), ##"<p>one <addSpan hand="#b" spanTo="#e"/>two \##(note) four</p>"##).hasPrefix("two"))
    }

    @Test func additionsBetweenMilestones() throws {
        let body = ##"<p>one <addSpan hand="#b" spanTo="#end"/>two <hi>three</hi> <anchor xml:id="end"/>four</p>"##
        #expect(try text(.typed, body) == "one four")
        #expect(try text(.hand("b"), body) == "two three")
    }

    @Test func handsShift() throws {
        let body =
            ##"<p>one <handShift new="#b"/>two</p><p>three <seg hand="#a">four</seg> five <handShift new="#a"/>six</p>"##
        #expect(try text(.hand("b"), body) == "two\n\nthree four five")
        #expect(try text(.typed, body) == "one\n\nsix")
    }

    @Test func witnesses() throws {
        let header =
            #"<fileDesc><sourceDesc><listWit><witness xml:id="A" n="A1"/><witness xml:id="B"/></listWit></sourceDesc></fileDesc>"#
        let body = ##"<p>we <app><lem wit="#A">may</lem><rdg wit="#B">might</rdg></app> go</p>"##
        let found = try transcription(body: body, header: header)
        #expect(
            found.policies.map(\.description) == [
                "typed", "revised", "reading", "diplomatic", "witness:A1", "witness:B",
            ])
        #expect(found.reading(.witness("A1")).text == "we may go")
        #expect(found.reading(.witness("B")).text == "we might go")
        #expect(found.reading(.revised).text == "we may go")
        #expect(found.reading(.diplomatic).text == "we may [B: might] go")
    }

    @Test func uncertainAdditionsSaySo() throws {
        let body = ##"<p>a <add hand="#b" cert="low">b</add> c</p>"##
        #expect(try text(.revised, body) == "a b [addition, hand of Bea, uncertain] c")
        #expect(try text(.typed, body) == "a c")
    }

    @Test(arguments: Policy.allNames) func namesRoundTrip(_ name: String) throws {
        #expect(Policy(name)?.description == name)
    }

    @Test(arguments: ["", "typed:x", "hand", "nosuch", "hand:"]) func wrongNames(_ name: String) {
        #expect(Policy(name) == nil)
    }
}

extension Policy {
    fileprivate static let allNames = [
        "typed", "revised", "reading", "diplomatic", "hand:a", "stage:b:c", "witness:W 1",
    ]
}

@Suite struct WhiteSpaceTests {
    @Test(arguments: [
        ("<p> a\n  b </p>", "a b"),
        ("<p><hi>a</hi> <hi>b</hi></p>", "a b"),
        ("<p>a</p>\n<p>b</p>", "a\n\nb"),
        ("<p>a<lb/>b</p>", "a b"),
        ("<p>a <lb break=\"no\"/> b</p>", "ab"),
        ("<p>a<pb n=\"2\" break=\"no\"/>b</p>", "ab"),
        ("<p xml:space=\"preserve\">a  b</p>", "a  b"),
        ("<list><item>a</item><item>b</item></list>", "a\nb"),
        ("<table><row><cell>a</cell><cell>b</cell></row><row><cell>c</cell></row></table>", "a | b\nc"),
        ("<lg><l>a</l><l>b</l></lg><lg><l>c</l></lg>", "a\nb\n\nc"),
        ("<p>a<note type=\"authorial\">n</note> b</p>", "a b\n\n[Note: n]"),
        ("<p>a <del>b</del> <del>c</del> d</p>", "a d"),
        ("<p>a\u{A0}b</p>", "a\u{A0}b"),
        ("<p>a<!-- c -->b<?pi?>c</p>", "abc"),
    ])
    func collapsing(_ body: String, _ expected: String) throws {
        #expect(try text(.revised, body) == expected)
    }

    @Test func linesOfThePage() throws {
        #expect(try text(.diplomatic, "<p>a<lb/>b<pb n=\"2\"/>c</p>") == "a\nb\n[page 2]\nc")
    }
}

@Suite struct GapTests {
    @Test(arguments: [
        (#"reason="not-in-source""#, "[not in the source]", Gap.Kind.notInSource),
        (#"reason="editorial" quantity="2" unit="lines""#, "[2 lines omitted by the editor]", .editorial),
        (#"reason="withheld" quantity="1" unit="line""#, "[1 line withheld]", .withheld),
        (#"reason="redacted" extent="a name""#, "[a name redacted]", .redacted),
        (#"reason="illegible""#, "[illegible]", .illegible),
        (#"reason="damage" atLeast="2" atMost="4" unit="chars""#, "[2–4 characters lost to damage]", .damage),
        (#"reason="sampling""#, "[omitted by the editor]", .editorial),
        (#"reason="nonsense""#, "[omitted: nonsense]", .other),
        ("", "[omitted]", .other),
    ])
    func kinds(_ attributes: String, _ printed: String, _ kind: Gap.Kind) throws {
        let found = try transcription(body: "<p>a <gap \(attributes)/> b</p>")
        #expect(found.gaps.map(\.kind) == [kind])
        #expect(found.reading(.revised).text == "a \(printed) b")
    }

    @Test func emptyUnclearIsAGap() throws {
        let found = try transcription(body: #"<p>a<unclear reason="illegible" unit="chars" extent="5"/></p>"#)
        #expect(found.gaps.map(\.extent) == ["5 characters"])
    }
}

@Suite struct MarkTests {
    @Test(arguments: [
        (
            ##"<note type="mark" subtype="checkmark" hand="#b" place="left"><metamark function="flag">✓</metamark></note>"##,
            Mark.Kind.check
        ),
        (##"<note type="stamp" hand="#b" place="top right"><stamp type="seen">Seen</stamp></note>"##, .stamp),
        (##"<note type="query" hand="#b">?</note>"##, .query),
        (##"<note type="marginalia" hand="#b">OK</note>"##, .remark),
        (##"<note hand="#b">OK</note>"##, .remark),
        (##"<note hand="#b"><metamark>✓</metamark></note>"##, .check),
        (##"<add hand="#b" place="left"><metamark>✓</metamark></add>"##, .check),
        (##"<metamark function="query">?</metamark>"##, .query),
        (##"<metamark function="insert">^</metamark>"##, .other),
        (##"<stamp>RECEIVED</stamp>"##, .stamp),
        (##"<hi rend="underline" hand="#b">x</hi>"##, .underline),
        (##"<mod rend="underline" hand="#b" spanTo="#z"/>x<anchor xml:id="z"/>"##, .underline),
        ("<note>A stamped notation at the top of the page reads “The President has seen”.</note>", .stamp),
        ("<note type=\"source\">There is a check mark beside this paragraph.</note>", .check),
        ("<note>Kissinger wrote in the margin: “No.”</note>", .remark),
    ])
    func eachWayOfWriting(_ markup: String, _ kind: Mark.Kind) throws {
        let found = try transcription(body: "<p>a \(markup)</p>", header: hands)
        #expect(found.marks.map(\.kind) == [kind])
    }

    @Test(arguments: [
        "<note type=\"editorial\">He underlined it.</note>", "<note type=\"authorial\">See above.</note>",
        "<hi rend=\"underline\">x</hi>", ##"<hi rend="underline" hand="#a">x</hi>"##, "<note>See the minutes.</note>",
    ])
    func whatIsNoMark(_ markup: String) throws {
        #expect(try transcription(body: "<p>a \(markup)</p>", header: hands).marks.isEmpty)
    }

    @Test func whoWhereWhatWhen() throws {
        let body =
            ##"<p xml:id="p">a <add hand="#b" place="left" change="#s2"><metamark target="#p">✓</metamark></add></p>"##
        let found = try transcription(body: body, header: hands)
        let mark = try #require(found.marks.first)
        #expect(found.label(mark) == "Bea")
        #expect(mark.stage.map { found.stages[$0].id } == "s2")
        #expect(mark.place == ["left"])
        #expect(mark.targets == ["#p"])
        #expect(mark.text == "✓")
    }
}

@Suite struct ModelTests {
    @Test func rowsOfOnesOwnComeFirst() throws {
        let document = try Document(
            "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p>a<seg type=\"x\">b</seg></p></body></text></TEI>"
        )
        let library = PointerResolver(access: FileAccess(root: Repository.root))
        let elements = ElementTable.tei.preferring([.init("seg", where: .attribute("type", ["x"]), .paragraph)])
        #expect(Transcription(of: document.root, library: library).reading(.revised).text == "ab")
        #expect(
            Transcription(of: document.root, library: library, elements: elements).reading(.revised).text == "a\n\nb")
    }

    @Test func unknownElementsAreCarried() throws {
        let found = try transcription(
            body: "<p>a <nosuch>b</nosuch> <x:y xmlns:x=\"urn:x\">c</x:y></p><nosuch><p>d</p></nosuch>")
        #expect(found.reading(.revised).text == "a b c\n\nd")
        let json = String(decoding: JSONFormat().export(found, policy: .revised), as: UTF8.self)
        #expect(json.contains(#"{"type": "nosuch", "behaviour": "inline""#))
        #expect(json.contains(#"{"type": "y", "namespace": "urn:x""#))
        #expect(json.contains(#"{"type": "nosuch", "behaviour": "block""#))
    }
}

@Suite struct StatisticsTests {
    @Test("words, marks and changes are counted by hand, the rest by kind")
    func counts() throws {
        let body = """
            <p>one <del hand="#b">two</del> <add hand="#b">three four</add> <choice><sic>fife</sic><corr>five</corr></choice> <gap reason="illegible"/></p>
            <note hand="#b" place="margin"><metamark function="check">✓</metamark></note>
            """
        let statistics = Statistics(try transcription(body: body, header: hands), name: "memo")
        func count(_ category: Statistics.Category, _ kind: String, _ hand: String) -> Int {
            statistics.counts.filter { ($0.category, $0.kind, $0.hand) == (category, kind, hand) }.reduce(0) {
                $0 + $1.count
            }
        }
        // Not the editors’ word, and no sign.
        #expect(count(.words, "", "main hand") == 3)
        #expect(count(.words, "", "Bea") == 2)
        #expect(count(.marks, "check", "Bea") == 1)
        #expect(count(.changes, "addition", "Bea") == 1 && count(.changes, "deletion", "Bea") == 1)
        #expect(count(.gaps, "illegible", "") == 1)
        #expect(count(.editing, "sic", "") == 1 && count(.editing, "correction", "") == 1)
        #expect(count(.variants, "choice", "") == 1)
    }

    @Test("hands that look the same are two")
    func codePoints() throws {
        let header =
            "<profileDesc><handNotes><handNote xml:id='a' scope='major'>Main, typed.</handNote><handNote xml:id='\u{E9}'/><handNote xml:id='e\u{301}'/></handNotes></profileDesc>"
        let body = "<p>one <add hand='#\u{E9}'>two</add> <add hand='#e\u{301}'>three four</add></p>"
        let transcription = try transcription(body: body, header: header)
        #expect(["\u{E9}", "e\u{301}"].map { transcription.reading(.hand($0)).text.contains("two") } == [true, false])
        var table = StatisticsTable(by: .hand)
        table.add(Statistics(transcription, name: "memo"))
        let rows = String(decoding: table.export(as: .csv), as: UTF8.self).split(separator: "\n").filter {
            $0.contains("words")
        }
        #expect(rows.map { $0.split(separator: ",").last } == ["2", "1", "1"])
        #expect(rows.map { $0.unicodeScalars.prefix { $0 != "," }.count } == [2, 9, 1])
    }

    @Test("groups add up, whatever they are")
    func groups() throws {
        let all = try Repository.documents.indices.map { Statistics(try document($0 + 1), name: "\($0)") }
        let sum = all.reduce(0) { $0 + $1.counts.reduce(0) { $0 + $1.count } }
        for grouping in [StatisticsTable.Grouping.document, .period(years: 1), .period(years: 10), .period(years: 100)]
        {
            var table = StatisticsTable(by: grouping)
            for statistics in all { table.add(statistics) }
            let rows = String(decoding: table.export(as: .csv), as: UTF8.self).split(separator: "\n").dropFirst()
            #expect(rows.reduce(0) { $0 + Int($1.split(separator: ",").last ?? "")! } == sum)
        }
        var table = StatisticsTable(by: .period(years: 10))
        for statistics in all { table.add(statistics) }
        #expect(
            String(decoding: table.export(as: .csv), as: UTF8.self).contains("1990–1999,marks,check,Bill Clinton,1\n"))
    }
}
