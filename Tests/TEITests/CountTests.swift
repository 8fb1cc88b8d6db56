import Foundation
import Pages
import Support
import TEI
import Testing
import XML

@Suite struct CountTests {
    // MARK: Words

    /// - Returns: the words of the main hand, of Bea, and of no known hand.
    private func words(_ body: String) throws -> [Int] {
        let counts = try transcription(body: body, header: hands).wordCounts
        return [counts[0] ?? 0, counts[1] ?? 0, counts[nil] ?? 0]
    }

    @Test(
        "a word is counted once, for the hand that wrote its first letter",
        arguments: [
            // faults/texts/50-stats-words.xml
            ("consum<add>m</add>ate Ver<hi>ſ</hi>amm<lb break='no'/>lung you<del>r</del>", [3, 0, 0]),
            ("consum<add hand='#b'>m</add>ate <add hand='#b'>con</add>sum <add hand='#b'>two words</add>", [1, 3, 0]),
            ("die<subst><del>ß</del><add hand='#b'>s</add></subst>mal", [1, 0, 0]),
            (
                "<subst><del>the</del><add hand='#b'>a</add></subst>, <subst><del>one two</del><add hand='#b'>three</add></subst>.",
                [3, 2, 0]
            ),
            ("hap<pb break='no'/>py", [1, 0, 0]),
            ("wo<note type='editorial'>three editors’ words</note>rd", [1, 0, 0]),
            ("wo<gap reason='illegible'/>d and <gap reason='illegible'/>", [2, 0, 0]),
            ("don’t well-known 3.5 – § ✓ … 東京", [6, 0, 0]), ("one<space/>two<lb/>three", [3, 0, 0]),
            ("he said<q>Go</q>now", [4, 0, 0]), ("to<del> </del>day", [2, 0, 0]),
            ("<app><lem>one</lem><rdg>two</rdg></app>", [1, 0, 0]),
            (
                "<choice><sic>fife</sic><corr>five</corr></choice> w<supplied>or</supplied>d <corr>lone</corr>",
                [2, 0, 0]
            ),
            ("<handShift/>one <del hand='#b'>two</del>", [2, 0, 0]),
            ("<note hand='#b' place='margin'><metamark function='check'>✓</metamark> two words</note>", [0, 2, 0]),
        ])
    func words(_ body: String, _ expected: [Int]) throws {
        #expect(try words("<p>\(body)</p>") == expected)
    }

    @Test("words of nobody known are counted too")
    func unknownHand() throws {
        let transcription = try transcription(body: "<p>one <del>two</del> <add>three</add></p>")
        let statistics = Statistics(transcription, name: "memo")
        #expect(Set(statistics.counts.filter { $0.category != .variants }.map(\.hand)) == ["hand unknown"])
        var table = StatisticsTable(by: .hand)
        table.add(statistics)
        let csv = String(decoding: table.export(as: .csv), as: UTF8.self)
        #expect(
            csv == """
                hand,category,kind,count
                hand unknown,words,,3
                hand unknown,changes,addition,1
                hand unknown,changes,deletion,1

                """)
    }

    @Test("the words of a text are those that a collation has")
    func likeCollation() throws {
        for name in Repository.documents.map({ "TEI/" + $0 }) {
            let plain = try transcription(name)
            guard plain.interventions.isEmpty, plain.marks.isEmpty else { continue }
            let tokens = Tokenizer().tokens(of: plain.reading(.revised), in: plain).filter { $0.kind == .word }
            #expect(plain.wordCounts.values.reduce(0, +) == tokens.count, "\(name)")
        }
    }

    @Test("words are parted as in a collation, whatever signs are between them")
    func signs() throws {
        let signs = "'’‘.:,;-–—…„“”!?*/()[]\u{2024}\u{2027}\u{B7}_§½«»‹¿°²ª\u{AD}".map(String.init)
        let ends = ["a", "7", "é", "я", "東", "a", "7"]
        for (first, second) in Array(zip(ends, ends.dropFirst())) + Array(zip(ends, ends)) {
            for sign in signs + signs.map({ $0 + $0 }) + zip(signs, signs.dropFirst()).map({ $0 + $1 }) {
                let text = sign + first + sign + second + sign
                let tokens = Tokenizer().tokens(of: text).filter { $0.kind == .word }
                #expect(try words("<p>\(text)</p>")[0] == tokens.count, "\(text)")
            }
        }
    }

    @Test("markup that says nothing changes no number", arguments: ["hi", "seg", "name"])
    func markup(_ element: String) throws {
        let text = "The winter ferry didn’t sail – again, 3.5 hours late: Straße, naïve, 東京."
        let whole = try words("<p>\(text)</p>")
        for start in text.indices.dropFirst() {
            for end in text.indices[start...].dropFirst().prefix(9) {
                let cut = "\(text[..<start])<\(element)>\(text[start..<end])</\(element)>\(text[end...])"
                #expect(try words("<p>\(cut)</p>") == whole, "\(cut)")
            }
        }
    }

    // MARK: Acts and marks

    private func acts(_ body: String) throws -> [String] {
        let found = try transcription(body: body, header: hands)
        return found.acts.map { "\(found.interventions[$0].kind)" } + found.wholeMarks.map { "\(found.marks[$0].kind)" }
    }

    @Test(
        "an act is counted once, and what only holds others is none",
        arguments: [
            ("<subst><del>a</del><add>b</add></subst>", ["deletion", "addition"]),
            ("<mod><del>a</del><add>b</add></mod>", ["deletion", "addition"]),
            ("<mod rend='blot'>a</mod>", ["modification"]),
            ("<del xml:id='x' next='#y'>a</del> b <del xml:id='y' prev='#x'>c</del>", ["deletion"]),
            ("<del xml:id='x' next='#y'>a</del> b <del xml:id='y'>c</del>", ["deletion"]),
            ("<add hand='#b'><metamark function='check'>✓</metamark></add>", ["check"]),
            ("<add hand='#b'>yes <metamark function='check'>✓</metamark></add>", ["addition", "check"]),
            ("<add hand='#b'><hi rend='underline' hand='#a'>yes</hi></add>", ["addition"]),
            ("<restore><del>a</del></restore>", ["restoration", "deletion"]), ("<sic>a</sic><corr>b</corr>", []),
            ("<delSpan spanTo='#e'/>a b<anchor xml:id='e'/>", ["deletion"]),
            (
                "<hi rend='underline' hand='#b' xml:id='x' next='#y'>a</hi> b <hi rend='underline' hand='#b' xml:id='y'>c</hi>",
                ["underline"]
            ),
        ])
    func acts(_ body: String, _ expected: [String]) throws {
        #expect(try acts("<p>\(body)</p>") == expected)
    }

    @Test("tables, JSON and pages have the numbers of the statistics")
    func formats() throws {
        for name in Repository.documents.map({ "TEI/" + $0 }) + ["Tests/Everything.xml"] {
            let found = try transcription(name)
            let counts = Statistics(found, name: "x").counts
            func sum(_ category: Statistics.Category, _ kinds: [String] = []) -> Int {
                counts.filter { $0.category == category && (kinds.isEmpty || kinds.contains($0.kind)) }.reduce(0) {
                    $0 + $1.count
                }
            }
            let marks = try Self.rows(of: .marks, found)
            #expect(Set(marks.map { $0[1] }).count == sum(.marks), "\(name)")
            let variants = try Self.rows(of: .variants, found).filter {
                ["addition", "deletion", "restoration"].contains($0[4])
            }
            #expect(
                Set(variants.map { [$0[1], $0[3], $0[4]] }).count
                    == sum(.changes, ["addition", "deletion", "restoration"]),
                "\(name)")
            let json = try JSONSerialization.jsonObject(with: Data(JSONFormat().export(found, policy: .reading)))
            let lists = try #require(json as? [String: Any])
            let interventions = try #require(lists["interventions"] as? [[String: Any]])
            #expect(
                interventions.count { $0["editorial"] == nil && $0["counted"] == nil } == sum(.changes), "\(name)")
            let listed = try #require(lists["marks"] as? [[String: Any]])
            #expect(listed.count { $0["continues"] == nil } == sum(.marks), "\(name)")
            let page = String(decoding: HTMLFormat().export(found, policy: .reading), as: UTF8.self)
            let shown = page.matches(of: #/<span class="counts"[^>]*>([^<]*)/#).map(\.output.1).joined(separator: ", ")
            #expect(
                shown.matches(of: #/(\d+) (?:additions?|deletions?)\b/#).reduce(0) { $0 + Int($1.output.1)! }
                    == sum(.changes, ["addition", "deletion"]), "\(name)")
        }
    }

    /// The rows of a table, whose cells have no line ends or quotation marks before the sixth.
    private static func rows(of table: CSVFormat.Table, _ found: Transcription) throws -> [[String]] {
        String(decoding: CSVFormat(table).export(found, policy: .reading), as: UTF8.self).split(separator: "\n")
            .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            .filter { $0.count > 5 }
    }
}
