import Foundation
import Pages
import Support
import Testing
import TEI
import XML

/// Who wrote the words, and which words are in which text.
@Suite struct WriterTests {
    // MARK: A mark takes no words from their writer

    /// What a hand does to words leaves them to their writer: every such element, with and without a stage, around
    /// words, parts of words, and other elements.
    @Test(arguments: [
        "<hi rend='underline'", "<hi rendition='#u'", "<hi rend='circled'", "<hi rend='bold'", "<hi",
        "<emph rend='underline'", "<emph", "<seg rend='highlight'", "<seg",
        "<mod rend='strikethrough'", "<mod rend='underline'", "<mod", "<retrace", "<damage agent='ink'", "<unclear",
    ])
    func acts(_ start: String) throws {
        let end = start.drop { $0 == "<" }.prefix { $0.isLetter }
        for (before, words, after) in [
            ("one ", "two", " three"), ("tw", "o", " three"), ("", "<persName>two</persName> four", ""),
            ("", "<add>two</add>", ""),
        ] {
            // An addition in a `mod` is of the substitution that this stands for.
            if end == "mod", words.hasPrefix("<add") { continue }
            for change in ["", " change='#s2'"] {
                let marked = "<p>\(before)\(start) hand='#b'\(change)>\(words)</\(end)>\(after)</p>"
                let plain = "<p>\(before)\(words)\(after)</p>"
                for policy in [Policy.typed, .hand("b"), .hand("a"), .stage("s1")] {
                    let found =
                        try text(policy, marked).split(separator: "\n")[...].first.map { $0.replacing("_", with: "") }
                        ?? ""
                    #expect(
                        try found == (text(policy, plain).split(separator: "\n").first.map(String.init) ?? ""),
                        "\(policy): \(marked)")
                }
                // The act is still b's.
                let transcription = try transcription(body: marked, header: hands)
                let acts =
                    transcription.marks.map(\.hand)
                    + transcription.interventions.filter { $0.node.localName == end }.map(\.hand)
                if !["damage", "unclear"].contains(end) {
                    #expect(acts.contains(transcription.hands.firstIndex { $0.id == "b" }), "\(marked)")
                }
            }
        }
    }

    @Test func anUnderliningIsNamedWhereItsHandIsShown() throws {
        let body = "<p>typed <hi rend='underline' hand='#b'>important</hi> words</p>"
        #expect(try text(.typed, body) == "typed important words")
        #expect(try text(.revised, body) == "typed _important_ words\n\n[underlined, hand of Bea: “important”]")
        #expect(try text(.hand("b"), body) == "")
        let mark = try #require(try transcription(body: body, header: hands).marks.first)
        #expect(mark.kind == .underline && mark.text == "important")
    }

    /// A mark is called by the encoder's word for its look or its purpose, if that is a usual one.
    @Test(arguments: [
        ("<hi rend='double-underline' hand='#b'>x</hi>", "underlined twice, hand of Bea: “x”"),
        ("<hi rend='underline triple' hand='#b'>x</hi>", "underlined three times, hand of Bea: “x”"),
        ("<hi rend='circled' hand='#b'>x</hi>", "circled, hand of Bea: “x”"),
        ("<seg rend='boxed red' hand='#b'>x</seg>", "in a box, hand of Bea: “x”"),
        ("<note type='mark' subtype='initials' hand='#b'>QR</note>", "initials, hand of Bea: QR"),
        (
            "<note type='mark' hand='#b'><metamark rend='wavy-line'/></note>",
            "drawn line, hand of Bea, between “typed” and “words”"
        ),
        (
            "<note type='mark' subtype='tick' hand='#b'><metamark rend='line'>✓</metamark></note>",
            "check mark ✓, hand of Bea, between “typed” and “words”"
        ),
        (
            "<note type='mark' subtype='doodle' hand='#b'><metamark/></note>",
            "mark, hand of Bea, between “typed” and “words”"
        ),
    ])
    func shapes(_ markup: String, _ expected: String) throws {
        let found = try text(.revised, "<p>typed \(markup) words</p>")
        #expect(found.split(separator: "\n").last.map(String.init) == "[\(expected)]")
        #expect(try text(.typed, "<p>typed \(markup) words</p>").contains("[") == false)
    }

    /// What writes gives its words to its hand.
    @Test(arguments: ["add", "note type='marginalia'", "closer", "ab", "signed"]) func writing(
        _ start: String
    ) throws {
        let end = start.split(separator: " ")[0]
        let body =
            end == "closer" || end == "ab"
            ? "<p>one</p><\(start) hand='#b'>two</\(end)>" : "<p>one <\(start) hand='#b'>two</\(end)></p>"
        #expect(try text(.hand("b"), body).contains("two"))
        #expect(try !text(.typed, body).contains("two"))
    }

    // MARK: The nearest hand

    @Test(arguments: [
        (
            "<p>one <addSpan spanTo='#e'/>two <add hand='#b'>three</add> four <handShift new='#b'/>five <handShift new='#a'/>six<anchor xml:id='e'/> seven</p>",
            "three … five"
        ),
        (
            "<p>one <addSpan hand='#b' spanTo='#e'/>two <add hand='#a'>three</add> four<anchor xml:id='e'/> five</p>",
            "two … four"
        ),
        (
            "<p>one <addSpan hand='#b' spanTo='#e'/>two</p><p>three <add hand='#a'>four</add></p><p>five<anchor xml:id='e'/> six</p>",
            "two\n\nthree\n\nfive"
        ),
        (
            "<ab hand='#a'>one <addSpan hand='#b' spanTo='#e'/>two</ab><ab>three<anchor xml:id='e'/> four</ab>",
            "two\n\nthree"
        ),
        (
            "<p>one <add hand='#b'>two <addSpan hand='#a' spanTo='#e'/>three<anchor xml:id='e'/> four</add></p>",
            "two … four"
        ),
        (
            "<p>one <handShift new='#b'/>two <addSpan hand='#a' spanTo='#e'/>three<anchor xml:id='e'/> four</p>",
            "two … four"
        ),
        ("<p>one <del hand='#a'>two <handShift new='#b'/>three</del> four</p>", "three four"),
    ])
    func nearest(_ body: String, _ expected: String) throws {
        #expect(try text(.hand("b"), body) == expected)
    }

    // MARK: White space

    @Test(arguments: [
        ("some<del> </del>times", "sometimes"), ("some <del>more</del> times", "some times"),
        ("some<del> more</del> times", "some times"),
        ("die<subst>\n <del>s</del>\n <add>ß</add>\n</subst>mal", "dießmal"),
        ("die<choice> <sic>s</sic> <corr>ß</corr> </choice>mal", "diesmal"),
        ("die<mod> <del>s</del> <add>ß</add> </mod>mal", "dießmal"),
        ("die<app> <rdgGrp> <rdg wit='#A'>s</rdg> <rdg wit='#B'>ß</rdg> </rdgGrp> </app>mal", "diesmal"),
        ("die<mod>s </mod>mal", "dies mal"), ("one <del>two</del>, three", "one, three"),
        ("one <subst> <del>a</del> <add>b</add> </subst> two", "one b two"), ("a<del>b</del> <add>c</add>d", "a cd"),
    ])
    func spaces(_ body: String, _ expected: String) throws {
        #expect(try text(.revised, "<p>\(body)</p>") == expected)
    }

    @Test func readingsThatAreSpaces() throws {
        let header =
            "<fileDesc><sourceDesc><listWit><witness xml:id='A'/><witness xml:id='D'/></listWit></sourceDesc></fileDesc>"
        let found = try transcription(
            body: "<p>to<app><lem wit='#A'/><rdg wit='#D'> </rdg></app>day</p>", header: header)
        #expect(found.reading(.witness("A")).text == "today")
        #expect(found.reading(.witness("D")).text == "to day")
    }

    /// A text does not depend on the white space between the parts of what holds no text of its own.
    @Test func partsWithAndWithoutSpace() throws {
        for (open, close, parts) in [
            ("<subst>", "</subst>", ["<del>a</del>", "<add>b</add>"]),
            ("<choice>", "</choice>", ["<abbr>a</abbr>", "<expan>b</expan>"]),
            ("<app>", "</app>", ["<lem>a</lem>", "<rdg>b</rdg>"]),
            ("<mod>", "</mod>", ["<del>a</del>", "<add>b</add>"]),
        ] {
            for policy in [Policy.typed, .revised, .reading, .diplomatic, .hand("a")] {
                let tight = try text(
                    policy, "<p>x\(open)\(parts.joined())\(close)y \(open)\(parts.joined())\(close) z</p>")
                let loose = try text(
                    policy,
                    "<p>x\(open)\n \(parts.joined(separator: "\n  "))\n\(close)y \(open) \(parts.joined(separator: " ")) \(close) z</p>"
                )
                #expect(tight == loose, "\(policy) \(open)")
            }
        }
    }

    @Test(arguments: [
        (
            "zu<space unit='chars' quantity='1'/>sagen <space/>oder<space quantity='3' unit='cm'/>nicht",
            "zu sagen oder nicht", "zu sagen oder [blank: 3 cm] nicht"
        ),
        (
            "Name: <space><desc>left blank by the clerk</desc></space> of London", "Name: of London",
            "Name: [blank: left blank by the clerk] of London"
        ),
        ("x<space unit='chars' quantity='0'/>y", "xy", "xy"),
    ])
    func blanks(_ body: String, _ reading: String, _ diplomatic: String) throws {
        #expect(try text(.reading, "<p>\(body)</p>") == reading)
        #expect(try text(.diplomatic, "<p>\(body)</p>") == diplomatic)
    }

    // MARK: Spans

    /// A span that leads nowhere, backwards, or into another document is empty.
    @Test(arguments: ["delSpan", "addSpan", "damageSpan", "mod", "undo"], ["#gone", "#before", "gone.xml#x", ""])
    func spansWithoutEnd(_ name: String, _ end: String) throws {
        let body = "<p><anchor xml:id='before'/>one <\(name) spanTo='\(end)' hand='#b'/>two</p><p>three</p><p>four</p>"
        for policy in [Policy.typed, .revised, .reading] {
            #expect(try text(policy, body) == "one two\n\nthree\n\nfour")
        }
    }

    @Test func restorations() throws {
        for (body, expected) in [
            ("<del>aa <restore>bb</restore> cc</del>", "bb"), ("<restore><del>my</del></restore> body", "my body"),
            (
                "fieberhaft <subst><del><restore>durchaus</restore></del><add><del>durchhin</del></add></subst> im Staate",
                "fieberhaft durchaus im Staate"
            ),
            ("<del>a <restore>b <del>c</del> d</restore> e</del>", "b d"),
            ("<restore>a <del>b</del> c <del>d</del></restore>", "a b c d"),
            ("<del>a <restore>b</restore> c <restore>d</restore></del>", "bd"),
            ("<del>a <del>b <restore>c</restore></del></del>", ""),
        ] {
            #expect(try text(.revised, "<p>\(body)</p>") == expected, "\(body)")
        }
    }

    /// The first example of the Guidelines for `undo` (TEI P5, 11.3.4.3).
    @Test func undoneUpToAMilestone() throws {
        let body =
            "<p>This is <del><undo spanTo='#Xa'/>just some <anchor xml:id='Xa'/> sample <undo spanTo='#Xb'/>text, <anchor xml:id='Xb'/> we need</del> <add>not</add> a real example.</p>"
        #expect(try text(.revised, body) == "This is just some text, not a real example.")
        #expect(try text(.typed, body) == "This is just some sample text, we need a real example.")
    }

    // MARK: The only form there is

    @Test(arguments: [Policy.typed, .revised, .reading, .stage("s1")])
    func correctionsAlone(_ policy: Policy) throws {
        #expect(
            try text(policy, "<p>He went <corr>the</corr> house, <reg>upon</reg> it</p>")
                == "He went the house, upon it")
        let beside = try text(policy, "<p><choice><sic>teh</sic><corr>the</corr></choice> house</p>")
        #expect(beside == (policy == .reading ? "the house" : "teh house"))
    }

    @Test func suppliedWords() throws {
        let body =
            "<p>hill caris<supplied reason='lost'>simae</supplied> <supplied reason='illegible'>x</supplied> <supplied reason='omitted'>y</supplied> <supplied>z</supplied>.</p>"
        #expect(try text(.reading, body) == "hill carissimae x y z.")
        #expect(try text(.revised, body) == "hill caris[lost to damage] [illegible].")
        let page = try HTMLFormat.html.page(transcription(body: body, header: hands), policies: [.revised])
        #expect(String(decoding: page, as: UTF8.self).contains("<span class=\"sign\">[lost to damage]</span>"))
    }

    // MARK: What is no TEI

    @Test(arguments: [
        "<TEI><text><body><p>x</p></body></text></TEI>", "<TEI.2/>", "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<x xmlns:t='http://www.tei-c.org/ns/1.0' t:TEI=''/>",
    ])
    func foreign(_ source: String) throws {
        let document = try Document(source, path: "a.xml")
        let error = #expect(throws: Diagnostics.self) {
            try EditionFiles.items(in: document, library: PointerResolver(access: FileAccess(root: ".")))
        }
        #expect(error?.list.map(\.rule) == ["not-tei"] && error?.list.first?.location?.line == 1)
    }

    @Test(arguments: [
        "<surface xmlns='http://www.tei-c.org/ns/1.0'/>",
        "<record><TEI xmlns='http://www.tei-c.org/ns/1.0'><text/></TEI></record>",
    ])
    func partsAndHolders(_ source: String) throws {
        #expect(
            try EditionFiles.items(
                in: Document(source, path: "a.xml"), library: PointerResolver(access: FileAccess(root: "."))
            )
            .count == 1)
    }

    // MARK: Templates

    /// What the comment before an example promises: by words in the example, the words of the typed and the revised
    /// text, and a mark.
    private static let promises:
        [(example: String, typed: String, revised: String, mark: (Mark.Kind, hand: String, text: String)?)] = [
            ("checkmark", "", "", (.check, "reader", "✓")),
            ("type=\"stamp\"", "", "Words of the stamp", (.stamp, "stamp", "Words of the stamp")),
            ("marginalia", "", "Words of the remark", (.remark, "reader", "Words of the remark")),
            ("underlined words", "underlined words", "_underlined words_", (.underline, "reader", "underlined words")),
            ("Words in doubt", "Words in doubt", "Words in doubt", (.query, "reader", "?")),
            (">added words", "", "added words", nil),
            ("old words", "old words", "new words", nil), ("redacted", "[2 lines redacted]", "[2 lines redacted]", nil),
            ("illegible", "[1 word illegible]", "[1 word illegible]", nil),
            ("slip", "slip", "slip", nil),
        ]

    /// Each commented example of a skeleton, alone and together, gives the texts that its comment promises.
    @Test(arguments: [Template.letter, .memo, .cable, .conversation]) func templates(_ kind: Template) throws {
        let filled = String(decoding: kind.bytes, as: UTF8.self).replacing(/<\?placeholder (.*?)\?>/) { $0.1 }
        let lines = filled.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func example(_ line: String) -> String? {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            return trimmed.hasPrefix("<!-- <") && trimmed.hasSuffix("> -->")
                ? String(trimmed.dropFirst(5).dropLast(4)) : nil
        }
        let start = try #require(lines.firstIndex { $0.contains("Marks: uncomment") })
        var examples = lines[start...].compactMap(example)
        // A memo has a line on which somebody decided, a paragraph of its own.
        let decision = kind == .memo ? examples.removeLast() : ""
        #expect(examples.count == WriterTests.promises.count)
        // The header's examples are what the marks need; a mark stands in the first paragraph.
        let header = lines[..<start].map { example($0) ?? $0 }.joined(separator: "\n")
        func document(_ examples: [String]) throws -> Transcription {
            let place = try #require(header.range(of: "xml:id=\"p1\"[^>]*>", options: .regularExpression)?.upperBound)
            let text =
                header[..<place] + " before " + examples.joined(separator: " ") + " after " + header[place...]
                + "</body></text></TEI>"
            return try Transcription(
                of: Document(String(text), path: "memo.xml").root,
                library: PointerResolver(access: FileAccess(root: Repository.root)))
        }
        func check(_ transcription: Transcription, _ promise: Int) {
            let (example, typed, revised, mark) = WriterTests.promises[promise]
            let texts = [Policy.typed, .revised].map { transcription.reading($0).text }
            #expect(
                typed.isEmpty
                    ? ["added words", "Words of the stamp", "Words of the remark", "✓"].allSatisfy {
                        !texts[0].contains($0)
                    } : texts[0].contains(typed), "\(example): \(texts[0])")
            #expect(revised.isEmpty || texts[1].contains(revised), "\(example): \(texts[1])")
            guard let mark else { return }
            #expect(
                transcription.marks.contains {
                    $0.kind == mark.0 && $0.text == mark.text && $0.hand.map { transcription.hands[$0].id } == mark.hand
                }, "\(example)")
        }
        for (number, promise) in WriterTests.promises.enumerated() {
            let found = try #require(examples.first { $0.contains(promise.example) })
            check(try document([found]), number)
        }
        let all = try document(examples)
        for number in WriterTests.promises.indices { check(all, number) }
        #expect(all.reading(.reading).text.contains("correction"))
        guard kind == .memo else { return }
        let decided =
            header.replacing("<p xml:id=\"p1\">", with: decision + "<p xml:id=\"p1\">") + "</body></text></TEI>"
        let memo = try Transcription(
            of: Document(decided, path: "memo.xml").root,
            library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(memo.reading(.revised).text.contains("between “Approve” and “Disapprove”"))
    }
}
