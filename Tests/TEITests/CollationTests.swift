import Foundation
import Pages
import Support
import TEI
import Testing
import Validation
import XML

/// Texts of plain words, named A, B, C and so on.
private func collation(_ texts: String..., ignoring: Set<Tokenizer.Ignored> = []) -> Collation {
    collation(texts, ignoring: ignoring)
}

private func collation(_ texts: [String], ignoring: Set<Tokenizer.Ignored> = []) -> Collation {
    Collation(
        of: texts.enumerated().map { number, text in
            Collation.Witness(
                siglum: String(UnicodeScalar(UInt8(65 + number))), text: text, tokenizer: Tokenizer(ignoring: ignoring))
        })
}

extension Collation {
    /// `the | -/red/red | black/-/black | cat`
    fileprivate var shown: String {
        segments.map { segment in
            segment.isVariant
                ? witnesses.indices.map { text(of: $0, in: segment.columns) }.map { $0.isEmpty ? "-" : $0 }.joined(
                    separator: "/")
                : text(of: 0, in: segment.columns)
        }.joined(separator: " | ")
    }
}

@Suite struct TokenTests {
    private func tokens(_ text: String, ignoring: Set<Tokenizer.Ignored> = []) -> [String] {
        Tokenizer(ignoring: ignoring).tokens(of: text).map(\.text)
    }

    @Test func wordsAreThoseOfUnicode() {
        #expect(
            tokens("Don’t pay 3.5 %: well-known, e.g. naïve…") == [
                "Don’t", "pay", "3.5", "%", ":", "well", "-", "known", ",", "e.g", ".", "naïve", "…",
            ])
        #expect(
            tokens("Also ... or — as I said – not!!") == [
                "Also", "...", "or", "—", "as", "I", "said", "–", "not", "!!",
            ])
        #expect(tokens("北大西洋") == ["北", "大", "西", "洋"])
        #expect(tokens(" \n ").isEmpty)
    }

    @Test func whatIsIgnored() {
        #expect(
            collation("Straße, STAND STRAẞE", "STRASSE stand Strasse", ignoring: [.letterCase, .punctuation])
                .hasVariants == false)
        #expect(collation("Wałęsa naïve", "Wałesa naive", ignoring: [.diacritics]).hasVariants == false)
        #expect(collation("“don’t” ﬁnd — it…", "\"don't\" find - it...", ignoring: [.typography]).hasVariants == false)
        #expect(collation("Congreſs", "Congress", ignoring: [.typography]).hasVariants == false)
        #expect(collation("cafe\u{301}", "café").hasVariants == false)
        for ignored in Tokenizer.Ignored.allCases where ignored != .letterCase {
            #expect(collation("A", "a", ignoring: [ignored]).hasVariants)
        }
    }

    /// Marks that are not compared are not lost: they go with a word.
    @Test func ignoredPunctuationStays() {
        #expect(
            tokens("“Yes” (he said), – twice.", ignoring: [.punctuation]) == ["“Yes”", "(he", "said), –", "twice."])
        #expect(tokens("- item", ignoring: [.punctuation]) == ["- item"])
        #expect(tokens("He said (", ignoring: [.punctuation]) == ["He", "said ("])
        #expect(tokens("price 5 £", ignoring: [.punctuation]) == ["price", "5", "£"])
        #expect(tokens(". . .", ignoring: [.punctuation]) == ["..."])
        #expect(collation("“Yes” (he said).", "Yes he said", ignoring: [.punctuation]).shown == "“Yes” (he said).")
    }

    @Test(arguments: [[], [Tokenizer.Ignored.punctuation], Tokenizer.Ignored.allCases])
    func everyTokenIsWhatStandsAtItsOffsets(_ ignored: [Tokenizer.Ignored]) throws {
        for name in Repository.documents.map({ "TEI/" + $0 }) + ["Tests/Everything.xml"] {
            let transcription = try transcription(name)
            for policy in transcription.policies {
                let reading = transcription.reading(policy)
                let scalars = Array(reading.text.unicodeScalars)
                let tokens = Tokenizer(ignoring: Set(ignored)).tokens(of: reading, in: transcription)
                var end = 0
                for token in tokens {
                    #expect(end <= token.range.lowerBound)
                    end = token.range.upperBound
                    let text = String(String.UnicodeScalarView(scalars[token.range]))
                    #expect(
                        ignored.contains(.punctuation) ? text.isEmpty || token.text.contains(text) : token.text == text)
                }
            }
        }
    }

    @Test func gapsAreOneTokenAndNotesNone() throws {
        let transcription = try transcription(
            body: """
                <p>so <gap reason="illegible" unit="lines" quantity="2"/> it<note type="editorial">Sic.</note> <del>was</del>
                <note type="marginalia" hand="#b">No!</note></p>
                """, header: hands)
        let tokens = Tokenizer().tokens(of: transcription.reading(.diplomatic), in: transcription)
        #expect(tokens.map(\.text) == ["so", "[2 lines illegible]", "it", "was", "No", "!"])
        #expect(tokens.map(\.kind) == [.word, .gap, .word, .word, .word, .punctuation])
    }
}

@Suite struct CollationTests {
    @Test(
        arguments: [
            (["the black cat", "the red cat", "the red black cat"], "the | -/red/red | black/-/black | cat"),
            (["a b c", "a b c"], "a b c"),
            (["", "a"], "-/a"),
            (["I bought those dinner plates", "I bought those plates"], "I bought those | dinner/- | plates"),
            (["over this dog", "over there that dog"], "over | this/there that | dog"),
            (["He must, then, agree.", "He should then agree."], "He | must,/should | then | ,/- | agree."),
            (["we wait a week", "we wait two weeks", "we wait"], "we wait | a week/two weeks/-"),
            (["[1] one", "one"], "[1]/- | one"),
        ] as [([String], String)])
    func alignments(_ texts: [String], _ expected: String) { #expect(collation(texts).shown == expected) }

    @Test func nothingAndOneText() {
        #expect(collation([]).table.isEmpty)
        #expect(collation(["a b"]).shown == "a b")
        #expect(collation(["", ""]).segments.isEmpty)
    }

    @Test func transpositions() {
        let moved = collation("the cat and the dog", "the dog and the cat")
        #expect(
            moved.transpositions.map(\.text) == ["dog", "cat"] || moved.transpositions.map(\.text) == ["cat", "dog"])
        #expect(moved.transpositions.allSatisfy { $0.places.map(\.columns) == [1..<2, 4..<5] })
        let phrase = collation(
            "In the evening, when the wind had dropped, the ferry left",
            "The ferry left in the evening, when the wind had dropped", ignoring: [.letterCase])
        #expect(
            phrase.transpositions.map(\.text) == ["the ferry left"]
                || phrase.transpositions.map { $0.text.lowercased() } == ["the ferry left"])
        let three = collation(
            "alpha beta gamma delta omega", "omega alpha beta gamma delta", "alpha beta gamma delta omega")
        #expect(three.transpositions.map { $0.places.map(\.witnesses) } == [[[1], [0, 2]]])
        #expect(collation("a b c d", "a b x d").transpositions.isEmpty)
    }

    /// Columns name what differs in their place, and not something near it.
    @Test func aTextOfManyWords() {
        var random = Generator(seed: 3)
        let words = (0..<20_000).map { _ in "w\(random.number(below: 600))" }
        var other = words
        for place in stride(from: 17, to: other.count, by: 101) { other[place] = "x\(place)" }
        other.remove(at: 5000)
        other.insert(contentsOf: ["y", "z"], at: 15_000)
        let collation = collation(words.joined(separator: " "), other.joined(separator: " "))
        #expect(collation.segments.count(where: \.isVariant) == 200)
        #expect(collation.table.count == 20_002)
    }

    /// Words that are missing from the middle of a text that repeats itself.
    @Test func aTextThatRepeatsItself() {
        var random = Generator(seed: 5)
        let block = (0..<400).map { _ in "w\(random.number(below: 300))" }
        let words = (0..<10).flatMap { _ in block }
        var other = words
        other.removeSubrange(1800..<2000)
        (other[20], other[other.count - 20]) = ("x", "y")
        let collation = collation(words.joined(separator: " "), other.joined(separator: " "))
        #expect(collation.segments.lazy.filter { !$0.isVariant }.flatMap(\.columns).count >= 3790)
    }

    @Test func longWordsTakeNoTime() {
        let long = String(repeating: "ab", count: 100_000)
        #expect(collation(long, "x" + long).shown == long + "/x" + long)
    }

    // MARK: Laws

    /// Witnesses made from one text by leaving out, adding, changing and moving words.
    private func witnesses(_ random: inout Generator) -> [String] {
        let words = (0..<(5 + random.number(below: 60))).map { _ in
            ["ferry", "board", "winter", "the", "of", ",", "ice", "must", "should", ".", "wait\n\nNow"][
                random.number(below: 11)]
        }
        return (0..<(2 + random.number(below: 4))).map { _ in
            var own = words.flatMap { word -> [String] in
                switch random.number(below: 12) {
                case 0: []
                case 1: [word, "new\(random.number(below: 5))"]
                case 2: ["other"]
                default: [word]
                }
            }
            if own.count > 8, random.number(below: 2) == 0 {
                own.insert(contentsOf: own[..<3].reversed(), at: own.count / 2)
            }
            return own.joined(separator: " ")
        }
    }

    /// Every token of every witness is in the table once, in its order; no column is empty, and no segment has two
    /// groups that agree.
    @Test func conservation() {
        var random = Generator(seed: 1)
        for _ in 0..<300 {
            let collation = collation(witnesses(&random))
            for witness in collation.witnesses.indices {
                #expect(
                    collation.table.compactMap { $0[witness] } == Array(collation.witnesses[witness].tokens.indices))
            }
            #expect(collation.table.allSatisfy { column in column.contains { $0 != nil } })
            #expect(collation.segments.flatMap(\.columns) == Array(collation.table.indices))
            for segment in collation.segments {
                #expect(segment.readings.flatMap(\.witnesses).sorted() == Array(collation.witnesses.indices))
                let texts = segment.readings.map { collation.text(of: $0.witnesses[0], in: segment.columns) }
                #expect(Set(texts.map { $0.filter { !$0.isWhitespace } }).count == texts.count)
            }
        }
    }

    private static let schema = try! Schema(contentsOfFile: Repository.root + "/Schemas/marginalia.rng")

    /// What is written as TEI has each witness's words again, and is valid.
    @Test(.inRelease) func teiGivesBackTheWitnesses() throws {
        var random = Generator(seed: 4)
        for _ in 0..<60 { try expectWitnesses(in: collation(witnesses(&random))) }
        for texts in [
            ["the well-known man", "the well known man", "the old man"],
            ["He said “we go home", "He said if we go home", "He said nothing"],
            ["NATO/WEU plan", "NATO and WEU plan", "NATO plan"], ["a (b) c", "a b c", "a-b-c", "b—c"],
        ] { try expectWitnesses(in: collation(texts)) }
        try expectWitnesses(
            in: collation(
                ["The “Old” man, naïve", "the old man naive"], ignoring: [.letterCase, .punctuation, .diacritics]))
        try expectWitnesses(
            in: Collation(
                of: ["moved-1-1", "B"].map {
                    .init(siglum: $0, text: $0 == "B" ? "the cat and the dog" : "the dog and the cat")
                }))
        try expectWitnesses(
            in: Collation(
                of: ["\u{E9}", "e\u{301}"].map {
                    .init(siglum: $0, text: $0.utf8.count == 2 ? "the old man" : "the new man")
                }))
        for name in Repository.documents[..<4].map({ "TEI/" + $0 }) + ["Tests/Everything.xml"] {
            let transcription = try transcription(name)
            try expectWitnesses(
                in: Collation(
                    of: transcription.policies.map { try .init(siglum: $0.description, of: transcription, policy: $0) })
            )
        }
    }

    private func expectWitnesses(in collation: Collation) throws {
        let document = try Document(collation.export(as: .tei), path: "collation.xml")
        #expect(CollationTests.schema.validate(document).isEmpty)
        let read = Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
        for witness in collation.witnesses {
            let tokens = Tokenizer(ignoring: witness.ignored).tokens(
                of: read.reading(.witness(witness.siglum)), in: read)
            // The white space between two marks is not kept, by which they may become one.
            let isSame =
                tokens.filter { $0.kind != .punctuation }.map(\.text)
                == witness.tokens.filter { $0.kind != .punctuation }.map(\.text)
            #expect(isSame && tokens.map(\.text).joined() == witness.tokens.map(\.text).joined(), "\(witness.siglum)")
        }
    }

    // MARK: Outputs

    @Test func pagesAreWellFormedAndEscaped() throws {
        let collation = collation("the <script>alert(1)</script> & cat", "the \"dog\" cat")
        let page = try Document(collation.export(as: .html), path: "page.html")
        #expect(page.root.descendants.allSatisfy { $0.localName != "script" })
        let marks = page.root.descendants.filter { $0.localName == "mark" }
        #expect(marks.count == 2 * collation.segments.count(where: \.isVariant))
        let ids = Set(page.root.descendants.compactMap { $0.attribute("id") })
        for link in page.root.descendants.compactMap({ $0.attribute("href") }) {
            #expect(ids.contains(String(link.dropFirst())))
        }
    }

    @Test func placesInTheSource() throws {
        let transcription = try document(14)
        let witnesses = try transcription.witnesses.map {
            try Collation.Witness(siglum: $0.sigil, of: transcription, policy: .witness($0.sigil))
        }
        let lines = String(decoding: Collation(of: witnesses).export(as: .lines), as: UTF8.self)
        #expect(lines.contains("2 places differ"))
        #expect(
            lines.contains(
                "/TEI/14-conversation-helsinki.xml:106:66: after “… because it is a forced step”\n  Q1 Q2 Q3  .\n  Q4        ,\n  Q5        (nothing)\n"
            ))
    }

    @Test func aPartOfADocument() throws {
        let (third, sixth) = (try document(3), try document(6))
        let part = try Collation.Witness(siglum: "6", of: sixth, policy: .reading, element: "d06-p4")
        #expect(part.tokens.map(\.text).suffix(3) == ["NATO", "expansion", "."])
        #expect(throws: Diagnostics.self) {
            try Collation.Witness(siglum: "3", of: third, policy: .reading, element: "nowhere")
        }
    }
}

@Suite struct EncodingDifferenceTests {
    private static let everything = try! String(
        contentsOfFile: Repository.root + "/Tests/Everything.xml", encoding: .utf8)

    private func read(_ text: String) throws -> Transcription {
        let (document, library) = try EditionFiles.read(
            Repository.root + "/Tests/Everything.xml", bytes: Array(text.utf8), root: Repository.root)
        return Transcription(of: document.root, library: library)
    }

    private func changes(_ before: String, _ after: String) throws -> [String] {
        let difference = EncodingDifference(
            from: try transcription(body: before, header: hands), to: try transcription(body: after, header: hands))
        return String(decoding: difference.export(as: .lines), as: UTF8.self).split(separator: "\n").dropFirst()
            .map { String($0.replacing(#/^memory\.xml:\d+:\d+: /#, with: "")) }
    }

    @Test(
        arguments: [
            (
                "<p>one <add hand='#b' place='above'>two</add></p>",
                "<p>one <add hand='#a' place='above'>two</add></p>",
                ["changed intervention, addition “two”: hand Bea → main hand"]
            ),
            ("<p>one two</p>", "<p>one <del hand='#b'>two</del></p>", ["added intervention, deletion “two”: hand Bea"]),
            ("<p>one</p>", "<p>one two</p>", ["added words “two”"]),
            ("<p>one two</p>", "<p>one three</p>", ["changed words: text “two” → “three”"]),
            (
                "<p>a <gap reason='illegible'/></p>", "<p>a <gap reason='withheld' unit='lines' quantity='2'/></p>",
                [
                    "changed gap, withheld “[2 lines withheld]”: kind illegible → withheld; reason illegible → withheld; extent – → 2 lines"
                ]
            ),
            ("<p>a b c</p>", "<p>a <handShift new='#b'/>b c</p>", ["changed writing of “b c”: hand main hand → Bea"]),
            (
                "<p>a <note type='mark' subtype='check' hand='#b'>✓</note></p>",
                "<p>a <note type='mark' subtype='check' hand='#a'>✓</note></p>",
                ["changed mark, check “✓”: hand Bea → main hand"]
            ),
            (
                "<p>a <choice><sic>teh</sic><corr>the</corr></choice></p>",
                "<p>a <choice><sic>teh</sic><corr cert='low'>the</corr></choice></p>",
                ["changed intervention, correction “the”: cert – → low"]
            ),
            (
                "<p xml:id='p'>a</p><note type='editorial' target='#p'>One.</note>",
                "<p xml:id='q'>a</p><note type='editorial' target='#q'>One.</note>", []
            ),
            (
                "<p>a <persName ref='#x'>Bea</persName></p>", "<p>a Bea</p>",
                ["removed entity, person “Bea”: name Bea; ref x"]
            ),
            ("<p>a\n  b</p>", "<div><p>a <hi>b</hi></p></div>", []),
            (
                "<p><del hand='#b'>one two three</del></p>", "<p><del hand='#b'>one</del> two three</p>",
                ["changed intervention, deletion “one”: extent “one two three” → “one”"]
            ),
            (
                "<p>a <supplied reason='lost'>b</supplied></p>", "<p>a <supplied reason='omitted'>b</supplied></p>",
                ["changed intervention, supplied “b”: reason lost → omitted"]
            ),
            (
                "<p>a<delSpan spanTo='#e'/> b <anchor xml:id='e'/>c</p>",
                "<p>a<delSpan spanTo='#e'/> b c<anchor xml:id='e'/></p>",
                ["changed intervention, deletion: extent “b” → “b c”"]
            ),
        ] as [(String, String, [String])])
    func whatIsSaid(_ before: String, _ after: String, _ expected: [String]) throws {
        #expect(try changes(before, after) == expected)
    }

    /// Hands, witnesses and values that look the same are two.
    @Test func codePoints() throws {
        let header = """
            <fileDesc><sourceDesc><listWit><witness xml:id='\u{E9}'/><witness xml:id='e\u{301}'/></listWit></sourceDesc></fileDesc>
            <profileDesc><handNotes><handNote xml:id='a' scope='major'>m</handNote><handNote xml:id='\u{E9}'/><handNote xml:id='e\u{301}'/></handNotes></profileDesc>
            """
        func changes(_ name: String) throws -> [EncodingDifference.Change] {
            func body(_ name: String) -> String {
                "<p><add hand='#\(name)' place='\(name)'>x</add> <handShift new='#\(name)'/>y <app><lem>z</lem><rdg wit='#\(name)'>w</rdg></app></p>"
            }
            let (before, after) = (
                try transcription(body: body("\u{E9}"), header: header),
                try transcription(body: body(name), header: header)
            )
            return EncodingDifference(from: before, to: after).changes
        }
        #expect(try changes("\u{E9}").isEmpty)
        let found = try changes("e\u{301}").flatMap(\.properties)
        #expect(Set(found.map(\.name)).isSuperset(of: ["hand", "place", "wit"]))
        #expect(found.allSatisfy { $0.before?.unicodeScalars.count != $0.after?.unicodeScalars.count })
    }

    /// What has the same description is not the same where its id says otherwise.
    @Test func handsOfOneName() throws {
        let header =
            "<profileDesc><handNotes><handNote xml:id='a' scope='major'>m</handNote><handNote xml:id='b' scribe='Clerk'/><handNote xml:id='c' scribe='Clerk'/></handNotes></profileDesc>"
        let (before, after) = (
            try transcription(body: "<p><add hand='#b'>x</add></p>", header: header),
            try transcription(body: "<p><add hand='#c'>x</add></p>", header: header)
        )
        let changes = EncodingDifference(from: before, to: after).changes
        #expect(changes.map { $0.properties.map(\.after) } == [["Clerk (c)"]])
        let renamed = try transcription(
            body: "<p><add hand='#k'>x</add></p>", header: hands.replacing("xml:id=\"b\"", with: "xml:id=\"k\""))
        #expect(
            EncodingDifference(
                from: try transcription(body: "<p><add hand='#b'>x</add></p>", header: hands), to: renamed
            ).changes.isEmpty)
    }

    @Test func anEncodingIsLikeItself() throws {
        for name in Repository.documents.map({ "TEI/" + $0 }) + ["Tests/Everything.xml"] {
            let transcription = try transcription(name)
            #expect(EncodingDifference(from: transcription, to: transcription).changes.isEmpty, "\(name)")
        }
    }

    /// New ids, another layout and other quotation marks of attributes change nothing.
    @Test func angleBracketsDoNotMatter() throws {
        let old = try read(EncodingDifferenceTests.everything)
        let renamed = EncodingDifferenceTests.everything.replacing("\"ferrell-ink\"", with: "\"ink\"").replacing(
            "#ferrell-ink", with: "#ink"
        )
        .replacing("<p>", with: "<p\n  rend='plain'>")
        #expect(EncodingDifference(from: old, to: try read(renamed)).changes.isEmpty)
        let added = EncodingDifferenceTests.everything.replacing(
            "<gap reason=\"damage\"/>", with: "<gap reason=\"illegible\"/>")
        let changes = EncodingDifference(from: old, to: try read(added)).changes
        #expect(!changes.isEmpty)
        #expect(changes.allSatisfy { $0.subject == .gap && $0.kind == .changed })
    }

    /// TEI P5: all of them “represent alternative ways of encoding the same sequence”.
    @Test("the order of the alternatives in a choice says nothing")
    func orderOfChoices() throws {
        let choices = [
            ["<abbr>Dr</abbr>", "<expan>Doctor</expan>"], ["<sic>fife</sic>", "<corr>five</corr>"],
            ["<orig>publick</orig>", "<reg>public</reg>"], ["<seg>one</seg>", "<seg>none</seg>", "<seg>own</seg>"],
            ["<unclear cert='high'>sea</unclear>", "<unclear>see</unclear>"],
            ["<orig>a <choice><abbr>b</abbr><expan>bee</expan></choice></orig>", "<reg>c</reg>"],
        ]
        func body(_ isReversed: Bool) -> String {
            "<p>"
                + choices.map { "x <choice>\((isReversed ? $0.reversed() : $0).joined(separator: "\n"))</choice> y" }
                .joined(separator: " ") + "</p>"
        }
        #expect(try changes(body(false), body(true)).isEmpty)
        #expect(
            try changes(
                "<p><choice><sic>a</sic><corr>b</corr></choice></p>",
                "<p><choice><corr>a</corr><sic>b</sic></choice></p>"
            )
            .isEmpty == false)
        let reversed = EncodingDifferenceTests.everything.replacing(
            #/(<choice>)(<(\w+)[^<>]*>[^<>]*<\/\w+>)(<(\w+)[^<>]*>[^<>]*<\/\w+>)(<\/choice>)/#
        ) { "\($0.output.1)\($0.output.4)\($0.output.2)\($0.output.6)" }
        #expect(reversed != EncodingDifferenceTests.everything)
        #expect(
            EncodingDifference(from: try read(EncodingDifferenceTests.everything), to: try read(reversed)).changes
                .isEmpty)
    }

    @Test("nor does the order of the witnesses of a reading, or of stages that have none")
    func orderOfSets() throws {
        let witnesses =
            "<fileDesc><sourceDesc><listWit><witness xml:id='A'/><witness xml:id='B'/></listWit></sourceDesc></fileDesc>"
        func read(_ wit: String, _ stages: String, _ ordered: String) throws -> Transcription {
            try transcription(
                body: "<p><app><lem wit='\(wit)'>x</lem></app></p>",
                header: witnesses
                    + "<profileDesc><creation><listChange ordered='\(ordered)'>\(stages)</listChange></creation></profileDesc>"
            )
        }
        let (one, two) = ("<change xml:id='s'>one</change>", "<change xml:id='t'>two</change>")
        func changes(_ ordered: String) throws -> Int {
            EncodingDifference(
                from: try read("#A #B", one + two, ordered), to: try read("#B #A", two + one, ordered)
            ).changes.count
        }
        #expect(try changes("false") == 0)
        #expect(try changes("true") == 2)
    }

    /// What one encoding has more, the other has less.
    @Test func theWayBack() throws {
        let (third, sixth) = (try document(3), try document(6))
        let (there, back) = (
            EncodingDifference(from: third, to: sixth).changes, EncodingDifference(from: sixth, to: third).changes
        )
        #expect(there.count { $0.kind == .added } == back.count { $0.kind == .removed })
        #expect(there.count { $0.kind == .removed } == back.count { $0.kind == .added })
        #expect(there.contains { $0.subject == .header && $0.name == "title" })
    }
}
