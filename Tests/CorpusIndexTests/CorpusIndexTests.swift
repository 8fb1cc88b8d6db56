import Foundation
import Support
import TEI
import Testing
import XML

@testable import CorpusIndex

private let documents =
    EditionFiles.documents(among: try! EditionFiles.files(at: [Repository.path("TEI")])) {
        EditionFiles.inclusions(in: $0, root: nil)
    }
    + [Repository.path("Tests/Everything.xml")]

/// A folder with an index and files of the test's own.
private final class Scratch {
    let folder: TemporaryFolder
    var index: String { folder.path("index") }

    init() throws { folder = try TemporaryFolder() }

    @discardableResult func write(_ name: String, _ body: String, header: String = "") throws -> String {
        try folder.write(
            name,
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>\(name)</title></titleStmt>\
            <publicationStmt><p>x</p></publicationStmt><sourceDesc><p>y</p></sourceDesc></fileDesc>\(header)</teiHeader><text><body>
            \(body)
            </body></text></TEI>
            """)
    }

    /// Brings the index up to date.
    ///
    /// - Returns: how many files were read.
    @discardableResult func update(
        _ files: [String], _ policies: [Policy]? = nil, root: String? = nil
    ) throws -> Int {
        let index = try CorpusIndex(updating: index, policies: policies)
        let indexer = CorpusIndexer(root: root, policies: index.policies)
        let changed = files.filter { !index.isCurrent($0, root: root) }
        for file in changed { try index.add(indexer.read(file)) }
        _ = try index.removeMissing()
        try index.finish()
        return changed.count
    }

    func search(_ words: String?, _ change: (inout Search) -> Void = { _ in }) throws -> SearchResult {
        var search = Search(for: try words.map { try SearchExpression($0) })
        search.limit = 100_000
        change(&search)
        return try CorpusIndex(reading: index).search(search)
    }

    /// Where words are found, as file and line.
    func lines(_ words: String?, _ change: (inout Search) -> Void = { _ in }) throws -> [String] {
        try search(words, change).hits.map { "\($0.file.split(separator: "/").last ?? ""):\($0.line)" }
    }
}

@Suite struct CorpusIndexTests {
    private let scratch = try! Scratch()

    // MARK: Words

    @Test(
        "words are found whatever their capitals and accents, and as wholes",
        arguments: [
            ("elysee", "Élysée"), ("Élysée", "E\u{301}LYSE\u{301}E"), ("strasse", "Straße"), ("strasse", "STRAẞE"),
            ("STRASSE", "ſtraße"),
            ("don't", "don’t"), ("οδος", "ΟΔΌΣ"), ("dated", "da\u{AD}ted"),
            ("東", "東京"), ("1994", "1994"), ("ё", "Е\u{308}"), ("well known", "well-known"),
        ])
    func folding(_ asked: String, _ written: String) throws {
        try scratch.update([scratch.write("a.xml", "<p>before \(written), behind</p>")])
        let found = try scratch.search(asked.contains(" ") ? "\"\(asked)\"" : asked).hits
        #expect(found.count == 1)
        #expect(found.first.map { written.hasPrefix($0.text) } == true)
        #expect(try scratch.search("efor").hits.isEmpty)
    }

    @Test(
        "a word is not found for another that differs in a sign of its script",
        arguments: [
            ("दान", "दिन"), ("ड", "ड़"), ("বল", "বাল"), ("มา", "ม้า"), ("か", "が"), ("か*", "がく"), ("и*", "йога"),
            ("мои", "мой"),
            ("іх", "їх"), ("سال", "سأل"), ("하", "한"), ("하*", "한국"), ("ཀ", "ཀི"), ("က", "ကို"),
        ])
    func otherWords(_ asked: String, _ written: String) throws {
        for written in [written, written.decomposedStringWithCanonicalMapping] {
            try scratch.update([scratch.write("a.xml", "<p>\(written)</p>")])
            let result = try scratch.search(asked)
            #expect(result.hits.isEmpty && result.documents == 0, "\(written)")
            #expect(try scratch.search(written).hits.count == 1)
        }
    }

    @Test(
        "points, cantillation and stress are not asked for",
        arguments: [
            ("בראשית", "בְּרֵאשִׁ֖ית"), ("كتاب", "كِتَابٌ"), ("كتاب", "كـتـاب"), ("رحمن", "رَحْمٰن"), ("замок", "за́мок"),
            ("елка", "ёлка"),
            ("अग्निमीळे", "अ॒ग्निमी॑ळे"), ("ܡܠܟܐ", "ܡܰܠܟܳܐ"),
        ])
    func points(_ asked: String, _ written: String) throws {
        try scratch.update([scratch.write("a.xml", "<p>\(written)</p>")])
        #expect(try scratch.search(asked).hits.map(\.text) == [written])
        #expect(try scratch.search(written).hits.count == 1)
    }

    @Test(
        "phrases, beginnings, and what joins them",
        arguments: [
            ("winter", ["a.xml:2", "a.xml:3", "b.xml:2"]), ("\"winter ferry\"", ["a.xml:2"]),
            ("“winter ferry”", ["a.xml:2"]), ("ferr*", ["a.xml:2", "b.xml:3"]),
            ("\"winter f\"*", ["a.xml:2", "a.xml:3"]), ("winter AND commission", ["b.xml:2", "b.xml:3"]),
            ("winter commission", ["b.xml:2", "b.xml:3"]),
            ("fog OR commission", ["a.xml:3", "b.xml:3"]), ("winter NOT commission", ["a.xml:2", "a.xml:3"]),
            ("(fog OR commission) NOT ice", ["a.xml:3"]),
            ("winter AND NOT commission", ["a.xml:2", "a.xml:3"]), ("\"ferry winter\"", []), ("nothing", []),
            ("winter -- !", ["a.xml:2", "a.xml:3", "b.xml:2"]), ("not and", []),
        ])
    func expressions(_ words: String, _ lines: [String]) throws {
        try scratch.update([
            scratch.write("a.xml", "<p>The winter ferry.</p>\n<p>Winter fog.</p>"),
            scratch.write("b.xml", "<p>In winter, ice.</p>\n<p>The commission on ferries.</p>"),
        ])
        #expect(try scratch.lines(words) == lines)
    }

    @Test(
        "what is no expression is told with its place",
        arguments: [
            ("", 1), ("  ", 1), ("!", 1), ("\"winter", 1), ("a AND", 6), ("AND a", 1), ("(a", 1), ("a)", 2), ("* a", 1),
            ("NOT a", 1), ("a OR OR b", 6),
            (String(repeating: "a ", count: 65), 129), (String(repeating: "(", count: 10_000), 65),
        ])
    func wrongExpressions(_ words: String, _ column: Int) throws {
        let error = try #require(throws: Diagnostics.self) { try SearchExpression(words) }
        #expect(error.list[0].location?.column == column)
        #expect(error.list[0].rule == "search-syntax" && error.list[0].help != nil)
    }

    // MARK: Places

    @Test(
        "each word of each text is found at each of its places with its hand, and nowhere else",
        arguments: [Policy.reading, .diplomatic])
    func offsets(_ policy: Policy) throws {
        // Of several thousand, the rest would be found in the same way.
        try expectWords(in: documents, policy, each: 7, atLeast: 800)
    }

    @Test("so it is in a notebook and in plays", .inRelease, .hasData("sga/tei"), .hasData("gerdracor"))
    func offsetsInData() throws {
        let plays = try FileManager.default.contentsOfDirectory(atPath: Repository.data + "/gerdracor")
            .filter { $0.hasSuffix(".xml") }.sorted().prefix(4).map { "\(Repository.data)/gerdracor/\($0)" }
        let notebook = Repository.data + "/sga/tei/ox/ox-ms_abinger_c56.xml"
        try expectWords(in: [notebook] + plays, .reading, each: 151, atLeast: 8000, root: Repository.data)
    }

    /// - Parameter step: one in so many words is searched for, of those that are beyond doubt.
    private func expectWords(
        in files: [String], _ policy: Policy, each step: Int, atLeast count: Int, root: String? = nil
    ) throws {
        try scratch.update(files, [policy], root: root)
        var expected: [String: [String]] = [:]
        for file in files {
            let (document, library) = try EditionFiles.read(file, root: root)
            for item in try EditionFiles.items(in: document, library: library) {
                let transcription = Transcription(of: item.element, library: library)
                let reading = transcription.reading(policy)
                let scalars = Array(reading.text.unicodeScalars)
                var start = 0
                for end in 0...scalars.count
                where end == scalars.count
                    || !(scalars[end].properties.isAlphabetic || scalars[end].properties.numericType != nil)
                {
                    if end > start, let segment = reading.segment(at: start), segment.nodeOffset != nil {
                        let word = String(String.UnicodeScalarView(scalars[start..<end]))
                        let hand = segment.state.hand.flatMap { $0 == transcription.mainHand ? nil : $0 }
                        let name = hand.map { transcription.hands[$0].label } ?? ""
                        expected[word.lowercased(), default: []].append(
                            "\(item.name) \(start) \(try #require(reading.location(at: start))) \(name)")
                    }
                    start = end + 1
                }
            }
        }
        let words = expected.keys.filter { $0.utf8.count > 2 && $0.utf8.allSatisfy { $0 < 0x80 } }.sorted()
        #expect(words.count > count)
        for (number, word) in words.enumerated() where number % step == 0 {
            let hits = try scratch.search(word).hits.filter { $0.text.lowercased() == word }
            #expect(
                hits.map { "\($0.document.name) \($0.range!.lowerBound) \($0.location) \($0.hand ?? "")" }.sorted()
                    == expected[word]!.sorted(), "\(word)")
            for hit in hits.prefix(3) {
                #expect(
                    hit.rangeUTF16!.count == hit.text.utf16.count && hit.range!.count == hit.text.unicodeScalars.count)
            }
        }
    }

    @Test("words of the program are not found, those of editors and other hands are")
    func wordsOfTheProgram() throws {
        try scratch.update([Repository.path("TEI/05-memo-gore-debriefing.xml")])
        #expect(try scratch.search("top").hits.isEmpty)
        let stamp = try #require(try scratch.search("\"President Has Seen\"").hits.first)
        #expect((stamp.hand, stamp.mark, stamp.before) == ("d05-stamp", "stamp", "[stamp, top right: "))
    }

    // MARK: Filters

    @Test("hands, marks, their places, names and dates choose")
    func filters() throws {
        try scratch.update(documents)
        func names(_ words: String?, _ change: (inout Search) -> Void) throws -> Set<String> {
            Set(try scratch.search(words, change).hits.map(\.document.name))
        }
        let clinton = try scratch.search(nil) { $0.hand = "clinton" }.hits
        #expect(!clinton.isEmpty && clinton.allSatisfy { $0.hand == "Bill Clinton" && $0.mark != nil })
        #expect(try names("europeans") { $0.hand = "Bill Clinton" } == ["07-lake-memo-enlargement"])
        #expect(try names("nato") { $0.hand = "Bill Clinton" }.isEmpty)
        #expect(
            try scratch.search(nil) { ($0.mark, $0.markPlace) = (.stamp, "top") }.hits.allSatisfy { $0.mark == "stamp" }
        )
        let congress = try names(nil) { $0.entities = [(.organisation, "congress")] }
        #expect(congress.contains("07-lake-memo-enlargement") && congress.count < documents.count)
        #expect(
            try names(nil) { ($0.from, $0.to) = ("1994", "1994") }.isSubset(of: names(nil) { $0.to = "1994-12-31" }))
        #expect(try names(nil) { $0.from = "2100" }.isSubset(of: names(nil) { $0.from = "1994" }))
        let result = try scratch.search("nato") { $0.hasFacets = true }
        #expect(
            result.facets.first { $0.name == "period" }?.values.map(\.documents).reduce(0, +) ?? 0 > result.documents
                / 2)
    }

    @Test("what stands in a mark within a mark stands in both, and in the hand that wrote it")
    func nestedMarks() throws {
        let header =
            "<profileDesc><handNotes><handNote xml:id=\"a\" scope=\"major\">main</handNote><handNote xml:id=\"b\" scribe=\"Bea\">other</handNote></handNotes></profileDesc>"
        let body =
            "<p>main words <note type=\"remark\" hand=\"#b\" place=\"top right\">how we <hi rend=\"underline\" hand=\"#b\">feel</hi> now</note></p>"
        try scratch.update([scratch.write("a.xml", body, header: header)])
        for (mark, isFound) in [(Mark.Kind.remark, true), (.underline, true), (.stamp, false)] {
            #expect(try scratch.lines("feel") { $0.mark = mark } == (isFound ? ["a.xml:2"] : []))
        }
        #expect(try scratch.lines("feel") { ($0.hand, $0.markPlace) = ("bea", "right") } == ["a.xml:2"])
        #expect(try scratch.lines("words") { $0.hand = "bea" } == [])
        #expect(try scratch.lines("words") { $0.hand = "main" } == ["a.xml:2"])
        for (change, isRight) in [("TOP", false), ("%", false), ("top right", true)] {
            #expect(try scratch.search(nil) { $0.markPlace = change }.documents == (isRight ? 1 : 0))
        }
        for name in ["", "?"] { #expect(throws: Diagnostics.self) { try scratch.search("feel") { $0.hand = name } } }
    }

    @Test("marks of a hand are as many as in the statistics; each word has the hand for which it is counted")
    func numbers() throws {
        let header =
            "<profileDesc><handNotes><handNote xml:id='a' scope='major'>main</handNote><handNote xml:id='b' scribe='Bea'>other</handNote></handNotes></profileDesc>"
        let body = """
            <p>consum<add hand='#b'>m</add>ate <add hand='#b'>two words</add> die<add hand='#b'>s</add>mal
            <hi rend='underline' hand='#b' xml:id='x' next='#y'>one</hi> <hi rend='underline' hand='#b' xml:id='y'>mark</hi></p>
            """
        let file = try scratch.write("a.xml", body, header: header)
        try scratch.update([file])
        let (document, library) = try EditionFiles.read(file, root: nil)
        let found = Transcription(of: document.root, library: library)
        let marks = Statistics(found, name: "a").counts.filter { $0.category == .marks && $0.hand == "Bea" }
        #expect(try scratch.search(nil) { $0.hand = "bea" }.hits.count == marks.reduce(0) { $0 + $1.count })
        let words = Set(WordScanner().words(of: found.reading(.reading).text))
        let ofHand = try [nil, "Bea"].map { hand in
            try words.reduce(0) { try $0 + scratch.search($1).hits.count { $0.hand == hand } }
        }
        #expect(ofHand == [found.wordCounts[0], found.wordCounts[1]])
    }

    @Test("no phrase reaches over words of the program or into another paragraph")
    func barriers() throws {
        try scratch.update([
            scratch.write(
                "a.xml",
                "<p>one <gap reason=\"illegible\"/> two <hi rend=\"underline\">three</hi> four</p>\n<p>five</p>")
        ])
        for (words, isFound) in [("one two", false), ("two three four", true), ("four five", false)] {
            #expect(try scratch.search("\"\(words)\"").hits.isEmpty != isFound, "\(words)")
        }
    }

    @Test(
        "a date that is open at an end may be any day there",
        arguments: [
            ("notBefore=\"1994\"", "1999", nil, true), ("notBefore=\"1994\"", nil, "1993", false),
            ("notAfter=\"1994\"", nil, "1900", true), ("notAfter=\"1994\"", "1995", nil, false),
            ("when=\"1994-07-13Z\"", "1994-07-13", "1994-07-13", true),
            ("when=\"1994-07-13T10:00:00+02:00\"", "1994-07-14", nil, false), ("when=\"nan\"", nil, "2000", false),
        ] as [(String, String?, String?, Bool)])
    func openDates(_ date: String, _ from: String?, _ to: String?, _ isFound: Bool) throws {
        try scratch.update([
            scratch.write(
                "a.xml", "<p>word</p>", header: "<profileDesc><creation><date \(date)>x</date></creation></profileDesc>"
            )
        ])
        #expect(try scratch.lines("word") { ($0.from, $0.to) = (from, to) } == (isFound ? ["a.xml:2"] : []))
    }

    @Test("all periods are told, in their order")
    func periods() throws {
        let years = ["-0044", "0800", "0995", "1005", "1094", "1994", "2003"]
        try scratch.update(
            years.enumerated().map { number, year in
                try scratch.write(
                    "\(number).xml", "<p>word</p>",
                    header: "<profileDesc><creation><date when=\"\(year)\">x</date></creation></profileDesc>")
            })
        let facet = try scratch.search("word") { $0.hasFacets = true }.facets.first { $0.name == "period" }
        #expect(facet?.values.map(\.value) == ["-50s", "800s", "990s", "1000s", "1090s", "1990s", "2000s"])
    }

    @Test(
        "dates mean all of their days",
        arguments: [
            ("1994", "1994", true), ("1994-07-14", "1994", true), ("1994-07", "1994-07", true),
            ("1994-07-15", nil, false), (nil, "1994-07-12", false), (nil, "1994-07-13", true),
        ] as [(String?, String?, Bool)])
    func dates(_ from: String?, _ to: String?, _ isFound: Bool) throws {
        let header =
            "<profileDesc><creation><date notBefore=\"1994-07-13\" notAfter=\"1994-07-14\">July</date></creation></profileDesc>"
        try scratch.update([
            scratch.write("a.xml", "<p>word</p>", header: header), scratch.write("b.xml", "<p>word</p>"),
        ])
        #expect(try scratch.lines("word") { ($0.from, $0.to) = (from, to) } == (isFound ? ["a.xml:2"] : []))
        #expect(throws: Diagnostics.self) { try scratch.search("word") { $0.from = "July 1994" } }
    }

    @Test("pages of hits are parts of the whole")
    func pages() throws {
        try scratch.update(documents)
        let all = try scratch.lines("the")
        #expect(all.count > 100)
        var found: [String] = []
        while true {
            let page = try scratch.search("the") { ($0.limit, $0.skipped) = (30, found.count) }
            found += page.hits.map { "\($0.file.split(separator: "/").last ?? ""):\($0.line)" }
            if !page.hasMore { break }
            #expect(page.hits.count == 30)
        }
        #expect(found == all)
        #expect(
            try scratch.search("the") { $0.limitOfDocument = 1 }.hits.count
                == Set(try scratch.search("the").hits.map(\.document.name)).count)
        for order in Search.Order.allCases {
            #expect(try scratch.lines("the") { $0.order = order }.sorted() == all.sorted())
        }
    }

    // MARK: Again

    @Test("what has not changed is not read again; what has is found as it is now; what is gone is found no more")
    func incremental() throws {
        let files = try [
            scratch.write("a.xml", "<p>first</p>"), scratch.write("b.xml", "<p>second <hi>old</hi></p>"),
            scratch.write("c.xml", "<p>third</p>"),
        ]
        #expect(try scratch.update(files) == 3)
        #expect(try scratch.update(files) == 0)
        try scratch.write("b.xml", "<p>second <hi>new</hi></p>")
        try FileManager.default.removeItem(atPath: files[2])
        #expect(try scratch.update(Array(files[..<2])) == 1)
        for (word, lines) in [
            ("old", []), ("new", ["b.xml:2"]), ("second", ["b.xml:2"]), ("third", []), ("first", ["a.xml:2"]),
        ] as [(String, [String])] {
            #expect(try scratch.lines(word) == lines)
        }
        #expect(try scratch.search(nil).documents == 2)
        // However a file is named, it is one.
        #expect(
            try scratch.update([scratch.folder.path + "/../" + scratch.folder.url.lastPathComponent + "/a.xml"]) == 0)
        // Other texts are another index.
        #expect(try scratch.update(Array(files[..<2]), [.diplomatic]) == 2)
        #expect(try scratch.search("new").policy == .diplomatic)
        #expect(throws: Diagnostics.self) { try scratch.search("new") { $0.policy = .reading } }
    }

    /// Its statements kept the connection open.
    @Test("an index that is let go is closed, and leaves one file")
    func closed() throws {
        try scratch.update([scratch.write("a.xml", "<p>first</p>")])
        do {
            let index = try CorpusIndex(updating: scratch.index)
            try index.add(CorpusIndexer(policies: index.policies).read(scratch.write("b.xml", "<p>second</p>")))
            #expect(FileManager.default.fileExists(atPath: scratch.index + "-wal"))
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path(""))
        #expect(files.filter { $0.hasPrefix("index") } == ["index"])
        #expect(try scratch.search("first").hits.count == 1)
    }

    @Test("what is no index is left as it is")
    func otherFiles() throws {
        let text = try scratch.write("index", "<p>no database</p>")
        let before = try Data(contentsOf: URL(filePath: text))
        for error in [
            #expect(throws: Diagnostics.self) { try scratch.update([text]) },
            #expect(throws: Diagnostics.self) { try scratch.search("word") },
            #expect(throws: Diagnostics.self) { try CorpusIndex(reading: text + "-missing") },
        ] { #expect(error?.list[0].help != nil) }
        #expect(try Data(contentsOf: URL(filePath: text)) == before)
    }
}
