import Foundation
import Testing
import TEI
import XML

/// How a text came about: stages, and what joins, cancels and reorders what was written.
@Suite struct GenesisTests {
    private func texts(_ body: String, header: String = hands, _ policies: [Policy]) throws -> [String] {
        let found = try transcription(body: body, header: header)
        return policies.map { found.reading($0).text }
    }

    private func stages(_ attributes: String, _ changes: String) -> String {
        "<profileDesc><creation><listChange \(attributes)>\(changes)</listChange></creation></profileDesc>"
    }

    // MARK: Stages

    @Test(arguments: [
        ("", ["a b", "a b c"]), ("ordered='true'", ["a b", "a b c"]), ("ordered='false'", ["a b", "a c"]),
        ("ordered='0'", ["a b", "a c"]),
    ])
    func orderOfStages(_ attributes: String, _ expected: [String]) throws {
        let header = stages(attributes, "<change xml:id='x'>x</change><change xml:id='y'>y</change>")
        let body = "<p>a <add change='#x'>b</add> <add change='#y'>c</add></p>"
        #expect(try texts(body, header: header, [.stage("x"), .stage("y")]) == expected)
    }

    /// The order of two stages is that of the list that holds both.
    @Test func nestedLists() throws {
        let header = stages(
            "",
            """
            <listChange ordered="false"><change xml:id="x">x</change><change xml:id="y">y</change></listChange><change xml:id="z">z</change>
            """)
        let found = try transcription(body: "<p/>", header: header)
        #expect(found.stages.map { stage in (0..<3).filter { stage.presupposes($0) } } == [[0], [1], [0, 1, 2]])
    }

    /// The history of the file is none of the document.
    @Test func revisionsOfTheFileAreNoStages() throws {
        let header = "<revisionDesc><listChange><change xml:id='x'>typos</change></listChange></revisionDesc>"
        #expect(try transcription(body: "<p/>", header: header).stages.isEmpty)
    }

    @Test func stagesByNumberAlone() throws {
        let body = "<p>a <del seq='2'>b</del> <add seq='1'>c</add> <add seq='10'>d</add></p>"
        let found = try transcription(body: body)
        #expect(found.stages.map(\.id) == ["seq-1", "seq-2", "seq-10"])
        #expect(found.stages.map { found.reading(.stage($0.id)).text } == ["a b c", "a c", "a c d"])
        #expect(found.reading(.typed).text == "a b")
    }

    // MARK: Substitutions in several places

    @Test func joinedSubstitution() throws {
        let body = ##"""
            <p>While <del xml:id="r1">pondering</del> thus <add xml:id="r2">she mus'd</add><substJoin target="#r1 #r2" hand="#b" change="#s2" seq="3"/></p>
            """##
        let found = try transcription(body: body, header: hands)
        #expect(found.reading(.stage("s1")).text == "While pondering thus")
        #expect(found.reading(.stage("s2")).text == "While thus she mus'd")
        #expect(found.reading(.hand("b")).text == "she mus'd")
        #expect(found.interventions.map(\.hand) == [1, 1])
        #expect(found.interventions.map(\.stage) == [1, 1])
        #expect(found.interventions.map(\.sequence) == [3, 3])
        #expect(found.alternatives.map(\.kind) == [.substitution])
        #expect(found.alternatives[0].readings.map(\.kind) == [.deletion, .addition])
    }

    @Test func substitutionByMod() throws {
        let body = ##"<p>a <mod hand="#b" change="#s2"><del>b</del><add>c</add></mod></p>"##
        #expect(try texts(body, [.typed, .stage("s1"), .stage("s2"), .hand("b")]) == ["a b", "a b", "a c", "c"])
    }

    // MARK: Fragments

    @Test(arguments: ["next='#f2'", ""])
    func fragments(_ next: String) throws {
        let previous = next.isEmpty ? "prev='#f1'" : ""
        let body = ##"""
            <p>a <add xml:id="f1" hand="#b" change="#s2" \##(next)>b</add> c <add xml:id="f2" \##(previous)>d</add></p>
            """##
        #expect(try texts(body, [.typed, .stage("s1"), .hand("b")]) == ["a c", "a c", "b … d"])
        #expect(try transcription(body: body, header: hands).interventions.map(\.continued) == [nil, 0])
    }

    /// Fragments that follow one another in a circle end where they began.
    @Test func circlesOfFragments() throws {
        let body = "<p><add xml:id='f1' next='#f2'>a</add><add xml:id='f2' next='#f1'>b</add></p>"
        #expect(try texts(body, [.revised]) == ["ab"])
    }

    @Test func fragmentsOfAName() throws {
        let body =
            "<p><persName xml:id='n1' ref='people.xml#x' next='#n2'>Boris</persName> said <persName xml:id='n2'>Yeltsin</persName></p>"
        let entities = try transcription(body: body).entities
        #expect(entities.map { $0.mentions.count } == [2])
    }

    // MARK: Undo and redo

    /// The example of the Guidelines, with the space that is kept in the part that is: parts of a deletion are
    /// cancelled.
    @Test func partsOfADeletion() throws {
        let header = stages("", "<change xml:id='s2'>struck out</change><change xml:id='s3'>underdotted</change>")
        let body = ##"""
            <p>This is <del change="#s2"><seg xml:id="undo-a">just some </seg>sample <seg xml:id="undo-b">text</seg>, we need</del>
            <add change="#s2">not</add> a real example.</p><p><undo target="#undo-a #undo-b" change="#s3"/></p>
            """##
        let expected = [
            "This is just some sample text, we need a real example.", "This is not a real example.",
            "This is just some text not a real example.",
        ]
        #expect(
            try texts(body, header: header, [.typed, .stage("s2"), .stage("s3")]).map {
                $0.split(separator: " ").joined(separator: " ")
            } == expected)
    }

    @Test(arguments: [
        ("<undo target='#x'/>", "a"), ("<undo target='#x'/><redo target='#x'/>", "a b"),
        ("<redo target='#x'/><undo target='#x'/>", "a"),
        ("<undo target='#x' seq='2'/><redo target='#x' seq='1'/>", "a"),
        ("<undo target='#x' change='#s2'/><redo target='#x' change='#s1'/>", "a"),
        ("<undo target='#nowhere'/>", "a b"),
    ])
    func theLastWordIsDecisive(_ milestones: String, _ expected: String) throws {
        #expect(try texts("<p>a <add xml:id='x'>b</add>\(milestones)</p>", [.revised]) == [expected])
    }

    @Test func undoingASubstitution() throws {
        let body = ##"<p>a <subst xml:id="x"><del>b</del><add>c</add></subst> <undo target="#x" hand="#b"/>d</p>"##
        #expect(try texts(body, [.revised, .stage("s1"), .stage("s2")]) == ["a b d", "a c d", "a b d"])
    }

    @Test(arguments: [
        // A substitution in two places; spans; all fragments of one.
        (
            ##"aa <del xml:id="x1">old</del> mid <add xml:id="x2">new</add> zz<substJoin xml:id="sj" target="#x1 #x2"/><undo target="#sj"/>"##,
            "aa old mid zz"
        ),
        (##"aa <delSpan xml:id="ds" spanTo="#e"/>gone<anchor xml:id="e"/> zz<undo target="#ds"/>"##, "aa gone zz"),
        (##"aa <addSpan xml:id="as" spanTo="#e"/>new<anchor xml:id="e"/> zz<undo target="#as"/>"##, "aa zz"),
        (
            ##"aa <del xml:id="f1" next="#f2">one</del> b <del xml:id="f2">two</del> zz<undo target="#f1"/>"##,
            "aa one b two zz"
        ),
        (
            ##"aa <del xml:id="f1" next="#f2">one</del> b <del xml:id="f2">two</del> zz<undo target="#f2"/>"##,
            "aa one b two zz"
        ),
        // What was undone in its turn.
        (##"a <add xml:id="x">b</add><undo xml:id="u" target="#x"/><undo target="#u"/>"##, "a b"),
        (
            ##"a <add xml:id="x">b</add><undo xml:id="u" target="#x"/><undo xml:id="v" target="#u"/><undo target="#v"/>"##,
            "a"
        ),
        (##"a <add xml:id="x">b</add><undo xml:id="u" target="#x"/><redo target="#u"/>"##, "a"),
        (
            ##"a <add xml:id="x">b</add> <add xml:id="y">c</add><undo xml:id="u" target="#x #y"/><undo target="#u"/>"##,
            "a b c"
        ),
    ])
    func whatIsUndone(_ body: String, _ expected: String) throws {
        #expect(try texts("<p>\(body)</p>", [.revised]) == [expected])
    }

    /// What names no stage was done at the last, if it is not the main hand's: the order and the text agree.
    @Test func whatNamesNoStageComesLast() throws {
        let body =
            ##"<p>aa <del xml:id="f1" change="#s1">one</del><redo target="#f1" change="#s2"/><undo target="#f1" hand="#b"/> zz</p>"##
        #expect(
            try texts(body, [.revised, .stage("s1"), .diplomatic]) == [
                "aa one zz", "aa zz", "aa ⟦one⟧ [redone, undone] zz",
            ])
    }

    @Test func undoneTranspositions() throws {
        let list =
            ##"<listTranspose><transpose xml:id="t"><ptr target="#t2"/><ptr target="#t1"/></transpose></listTranspose>"##
        let body = ##"<p><seg xml:id="t1">a</seg> <seg xml:id="t2">b</seg><undo target="#t" change="#s2"/></p>"## + list
        #expect(try texts(body, [.stage("s1"), .stage("s2")]) == ["b a", "a b"])
    }

    @Test func undoneSpansSaySo() throws {
        let body = ##"<p>a <delSpan xml:id="d" spanTo="#e"/>b<anchor xml:id="e"/> c<undo target="#d"/></p>"##
        #expect(try texts(body, [.diplomatic]) == ["a ⟦b⟧ [undone] c"])
    }

    @Test func undoneIsSaidInADiplomaticText() throws {
        let body = "<p><del xml:id='x'>a</del> b<undo target='#x'/> <restore><del>c</del></restore></p>"
        #expect(try texts(body, [.diplomatic]) == ["⟦a⟧ [undone] b ⟦c⟧ [restored]"])
    }

    // MARK: Transpositions

    private static let transposed = ##"""
        <p>a <seg xml:id="t1">one</seg> &amp; <seg xml:id="t2">two</seg><metamark function="transpose" hand="#b" change="#s2" target="#t1 #t2">2 1</metamark>
        <listTranspose><transpose><ptr target="#t2"/><ptr target="#t1"/></transpose></listTranspose> z</p>
        """##

    @Test(arguments: [
        (Policy.typed, "a one & two z"), (.stage("s1"), "a one & two z"), (.stage("s2"), "a two & one z"),
        (.revised, "a two & one z"),
        (.hand("a"), "a one & two z"),
    ])
    func transpositions(_ policy: Policy, _ expected: String) throws {
        #expect(try texts(GenesisTests.transposed, [policy]) == [expected])
    }

    /// What stands in another order maps back to where it was written.
    @Test func placesOfTransposedWords() throws {
        let found = try transcription(body: GenesisTests.transposed, header: hands)
        let (reading, typed) = (found.reading(.revised), found.reading(.typed))
        #expect(reading.location(at: 2) == typed.location(at: 8))
        #expect(reading.location(at: 8) == typed.location(at: 2))
        #expect(found.transpositions.map(\.hand) == [1])
    }

    /// Passages between milestones may begin and end in different lines.
    @Test func transpositionAcrossLines() throws {
        let body = ##"""
            <lg><l>the <milestone unit="tei:seg" xml:id="t1" spanTo="#e1"/>labour<anchor xml:id="e1"/> &amp; <milestone unit="tei:seg" xml:id="t2" spanTo="#e2"/>diffi</l>
            <l>culty<anchor xml:id="e2"/>.</l></lg><listTranspose><transpose><ptr target="#t2"/><ptr target="#t1"/></transpose></listTranspose>
            """##
        #expect(try texts(body, [.revised, .typed]) == ["the diffi\nculty & labour.", "the labour & diffi\nculty."])
    }

    /// An element is where it begins and ends in the text, whichever end tag that is.
    @Test func placesOfElementsAroundTransposedPassages() throws {
        let body = ##"""
            <p xml:id="p1">x <milestone unit="x" xml:id="a" spanTo="#ae"/>A1</p><p xml:id="p2">A2<anchor xml:id="ae"/> m <milestone unit="x" xml:id="b" spanTo="#be"/>B1</p>
            <p xml:id="p3">B2<anchor xml:id="be"/> e</p><listTranspose><transpose><ptr target="#b"/><ptr target="#a"/></transpose></listTranspose>
            """##
        let reading = try transcription(body: body).reading(.revised)
        #expect(reading.text == "x B1\n\nB2 m A1\n\nA2 e")
        #expect(reading.range(ofElement: "p1") == 0..<4)
    }

    /// Passages within passages, and one after the other.
    @Test func severalTranspositions() throws {
        let body = ##"""
            <p><seg xml:id="ta"><seg xml:id="tc">1</seg><seg xml:id="td">2</seg></seg> <seg xml:id="tb">3</seg> <seg xml:id="tf">4</seg><seg xml:id="tg">5</seg></p><listTranspose>
            <transpose><ptr target="#tb"/><ptr target="#ta"/></transpose><transpose><ptr target="#td"/><ptr target="#tc"/></transpose>
            <transpose><ptr target="#tg"/><ptr target="#tf"/></transpose></listTranspose>
            """##
        #expect(try texts(body, [.revised, .typed]) == ["3 21 54", "12 3 45"])
    }

    /// Long chains and many transpositions take no more time than they have parts. The work is timed, not the wait for
    /// a thread.
    @Test func manyOfEach() throws {
        let chain = (0..<20_000).map { "<add xml:id='f\($0)' next='#f\($0 + 1)'>a</add>" }.joined()
        let pairs = (0..<2_000).map { "<seg xml:id='a\($0)'>1</seg><seg xml:id='b\($0)'>2</seg>" }.joined()
        let list = (0..<2_000).map { "<transpose><ptr target='#b\($0)'/><ptr target='#a\($0)'/></transpose>" }.joined()
        let start = ContinuousClock.now
        let found = try texts("<p>\(chain)</p><p>\(pairs)</p><listTranspose>\(list)</listTranspose>", [.revised])[0]
        #expect(start.duration(to: .now) < .seconds(60))
        #expect(found == String(repeating: "a", count: 20_000) + "\n\n" + String(repeating: "21", count: 2_000))
    }

    @Test(arguments: [
        // A pointer to nothing; elements that would be torn apart.
        "<p><seg xml:id='t1'>a b</seg></p>",
        "<p><seg xml:id='t2'>a</seg> <hi><milestone unit='x' xml:id='t1' spanTo='#e'/>b</hi><anchor xml:id='e'/></p>",
    ])
    func passagesThatCannotChangePlaces(_ body: String) throws {
        let list = "<listTranspose><transpose><ptr target='#t2'/><ptr target='#t1'/></transpose></listTranspose>"
        #expect(try texts(body + list, [.revised]) == ["a b"])
    }
}
