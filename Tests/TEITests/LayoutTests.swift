import Pages
import Support
import Testing
import XML

@testable import TEI

/// What the one layout decides: each body was once wrong in the text, on the page, or in both.
@Suite struct LayoutTests {
    @Test(
        "a span is shown wherever it begins and ends, whatever of it the text has",
        arguments: [
            (
                Policy.hand("b"),
                ##"<p>d, <delSpan spanTo="#s"/><add hand="#b">c</add></p><p><anchor xml:id="s"/>z</p>"##, "⟦c⟧"
            ),
            (
                .hand("b"),
                ##"""
                <p>x <delSpan spanTo="#s"/><handShift new="#b"/></p><p>y</p>\##
                <p>b<handShift new="#a"/><anchor xml:id="s"/>z</p>
                """##, "⟦y b⟧"
            ),
            (
                .hand("a"),
                ##"<p><add hand="#b">c<delSpan spanTo="#s"/></add> d</p><p>e<anchor xml:id="s"/>f</p>"##, "⟦d e⟧f"
            ),
            (
                .diplomatic,
                ##"<p>a<note place="margin">x <delSpan spanTo="#e"/>y</note></p><p><anchor xml:id="e"/>z</p>"##,
                "a [Note: x ⟦y⟧] z"
            ),
            (
                .diplomatic,
                ##"<p>q</p><p><delSpan spanTo="#e"/>x</p><p>a <unclear>b</unclear></p><p><anchor xml:id="e"/>c</p>"##,
                "q ⟦x a b[?]⟧ c"
            ),
            (
                .diplomatic,
                ##"""
                <p>q</p><p><addSpan hand="#b" spanTo="#e"/><delSpan spanTo="#e"/>x</p>\##
                <p>y<note place="margin">n</note></p><p><anchor xml:id="e"/>c</p>
                """##, "q \\Bea: ⟦x y⟧/ [Note, hand of Bea: ⟦n⟧] c"
            ),
        ])
    func spans(_ policy: Policy, _ body: String, _ expected: String) throws {
        try expect(policy, body, expected)
    }

    @Test(
        "others leave a trace in the text of one hand, also before a bracket and in a note; the page and the index do not",
        arguments: [
            (##"<p><del>a <add hand="#b">x</add></del> b</p>"##, "⟦a …⟧ b"),
            (##"<p>a <note place="margin"><add hand="#b">x</add> y</note></p>"##, "a [Note: … y]"),
            ("<p>a<index><term>t</term></index>, b</p>", "a, b"),
            (##"<p>a <fw type="catch">ab</fw><pb/>c</p>"##, "a c"),
        ])
    func omissions(_ body: String, _ expected: String) throws { try expect(.hand("a"), body, expected) }

    @Test(
        "what a text does not have has no effect on it",
        arguments: [
            ("<p>a <del><list><item>b</item></list></del> c</p>", "a c"), ("<p>a<del><lb/></del>b</p>", "ab"),
            ("<p>wo<del>o<lb/></del>rd</p>", "word"), ("<p>a <del>b</del>, c</p>", "a, c"),
            ("<p>a <del>b</del></p><del><p>c</p></del><p>d</p>", "a d"),
        ])
    func leftOut(_ body: String, _ expected: String) throws { try expect(.revised, body, expected) }

    @Test(
        "lines of a page end where those of the text do",
        arguments: [
            "<p>foo<pb/>bar</p>", "<p>foo <pb n=\"2\"/>bar<lb/>baz</p>", "<p>a</p><pb/><p>b</p>",
            "<l><unclear>y</unclear><gap/><unclear>z</unclear></l>", "<list><item><gap/><hi>a</hi></item></list>",
            // A block that one text has leaves the others in their line.
            "<p>one <app><lem>x</lem><rdg><p>y</p></rdg></app> two</p>",
            "<p>one <subst><del><list><item>x</item></list></del><add>y</add></subst> two</p>",
            "<p>one <hi><app><lem>x</lem><rdg><l>y</l><l>z</l></rdg></app></hi> two</p>",
            "<p>one <seg>a <note><p>b</p></note> c</seg> two</p>",
        ])
    func lines(_ body: String) throws {
        let transcription = try transcribed(body)
        expectTextExports(try Page(transcription, transcription.policies), transcription)
    }

    /// It took time with the square of their number.
    @Test("quotations without words, headings and rows are laid out in linear time", .inRelease)
    func linear() throws {
        for part in ["<q><hi/></q>", "<head>a</head>", "<p>a<note>b</note></p>"] {
            let body = "<p>x</p>" + (part.hasPrefix("<q") ? "<p>\(part)</p>" : "<div>\(part)</div>")
            let clock = ContinuousClock()
            func time(_ count: Int) throws -> Duration {
                let transcription = try transcribed(String(repeating: body, count: count))
                return try clock.measure { _ = try Page(transcription, [.reading, .diplomatic]) }
            }
            _ = try time(200)
            #expect(try time(4000) < .seconds(20), "\(part)")
        }
    }

    /// A page lists what the layout left out.
    @Test func listOfOmissions() throws {
        let transcription = try transcribed(##"<p>a <del hand="#b">b</del> c</p>"##)
        let layout = transcription.layouts([.reading], words: Wording(transcription), listsOmissions: true)[0]
        let page = try Page(transcription, [.reading])
        #expect(!layout.leftOut.isEmpty)
        #expect(page.values("id").filter { $0.hasPrefix("out:") }.count == layout.leftOut.count)
    }

    @Test("a project's own rows of the element table come first, and keep what the table says besides")
    func ownRows() throws {
        let table = ElementTable.tei.preferring([.init("add", where: .attribute("type", ["line"]), .listItem)])
        let document = try Document(##"<add xmlns="http://www.tei-c.org/ns/1.0" type="line"/>"##)
        #expect(table.behaviour(of: document.root) == .listItem)
        #expect(table.row(of: document.root).facts.intervention == .addition)
        #expect(ElementTable.tei.behaviour(of: document.root) == .inline)
    }

    @Test("each language has all phrases, with as many arguments", arguments: PageLanguage.allCases)
    func translations(_ language: PageLanguage) {
        guard language != .english else { return }
        for phrase in Phrase.allCases {
            let translation = language.translations[phrase.rawValue]
            #expect(translation != nil, "\(language): \(phrase.rawValue)")
            #expect(
                translation?.filter { $0 == "%" }.count == phrase.rawValue.filter { $0 == "%" }.count,
                "\(language): \(phrase.rawValue)")
        }
        #expect(language.translations.count == Phrase.allCases.count)
    }

    private func transcribed(_ body: String) throws -> Transcription {
        try TEITests.transcription(body: body, header: hands)
    }

    private func expect(_ policy: Policy, _ body: String, _ expected: String) throws {
        let text = try transcribed(body).reading(policy).text
        #expect(text.split(whereSeparator: \.isWhitespace).joined(separator: " ") == expected, "\(policy): \(body)")
    }
}
