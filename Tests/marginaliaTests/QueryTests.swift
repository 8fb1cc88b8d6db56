import Foundation
import Support
import Testing

/// `marginalia query`.
@Suite(.inRelease) struct QueryTests {
    @Test func linesHaveTheirPlaces() throws {
        let result = try Program.run(["query", "//note[@hand]", "TEI/05-memo-gore-debriefing.xml"])
        #expect(result.output == "TEI/05-memo-gore-debriefing.xml:114:9: President Has Seen\n")
        #expect(result.code == 0)
    }

    @Test func countsAndVariables() throws {
        let file = "TEI/07-lake-memo-enlargement.xml"
        #expect(
            try Program.run(["query", "--format", "count", "//gap[@reason = 'not-in-source']", file]).output
                == "\(file): 7\n")
        let named = try Program.run([
            "query", "--format", "count", "--variable", "why=not-in-source", "//tei:gap[@reason = $why]", file,
        ])
        #expect(named.output == "\(file): 7\n")
        let prefixed = try Program.run([
            "query", "--format", "count", "--namespace", "t=http://www.tei-c.org/ns/1.0", "//t:gap", file,
        ])
        #expect(prefixed.output == "\(file): 7\n")
    }

    /// Variables that look the same are two, and a value may begin with any character.
    @Test func codePoints() throws {
        let variables = ["--variable", "\u{E9}=1", "--variable", "e\u{301}=\u{301}2"]
        let result = try Program.run(
            ["query", "--format", "json"] + variables + ["($\u{E9}, $e\u{301})", "TEI/people.xml"])
        #expect(result.output.unicodeScalars.contains("\u{301}") && result.output.contains("\"1\""))
    }

    @Test func jsonIsJSON() throws {
        let result = try Program.run([
            "query", "--format", "json", "(//note[@hand], 2)", "TEI/05-memo-gore-debriefing.xml",
        ])
        let found = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        let items = try #require(found.first?["items"] as? [[String: Any]])
        #expect(items.map { $0["text"] as? String } == ["President Has\n          Seen", "2"])
        #expect(items[0]["line"] as? Int == 114)
        #expect(items[1]["type"] as? String == "xs:integer")
    }

    @Test func policyReads() throws {
        let result = try Program.run(["query", "--policy", "typed", "//p[2]", "TEI/07-lake-memo-enlargement.xml"])
        #expect(result.output.hasSuffix(": [not in the source] how and why\n"))
    }

    /// The same bytes, however many files are searched at once, and what is wrong in the order of the files.
    @Test func numberOfThreads() throws {
        let scratch = try TemporaryFolder()
        for number in 0..<80 {
            try Data((number % 9 == 4 ? "<a" : "<a n='\(number)'/>").utf8).write(to: scratch.url("\(number + 10).xml"))
        }
        let results = try ["1", "2", "7"].map {
            try Program.run(["query", "-j", $0, "//@n", "."], in: scratch.path(""))
        }
        #expect(results[0].output.split(separator: "\n").count == 71)
        #expect(results[0].code == 2)
        for result in results {
            #expect(result.output == results[0].output)
            #expect(result.errors == results[0].errors)
        }
        #expect(try Program.run(["query", "-j", "0", "//p", "TEI"]).code == 2)
    }

    @Test(arguments: [
        (["query", "//p[", "TEI"], "xpath:1:5: error:"), (["query", "nofunction(1)", "TEI"], "XPST0017"),
        (["query", "//p", "nosuch.xml"], "file-missing"),
        (["query", "--variable", "a", "//p", "TEI"], "usage"), (["query", "1 div 0", "TEI/people.xml"], "FOAR0001"),
        (["query", "--policy", "nosuch", "//p", "TEI"], "is not a policy"),
        (["query", "doc('/etc/passwd')", "TEI/people.xml"], "FODC0002"),
        (["query", "count((1 to 30000000)[. ge 0])", "TEI/people.xml"], "FOER0000"),
    ])
    func mistakes(_ arguments: [String], _ expected: String) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 2)
        #expect(result.errors.contains(expected))
        #expect(result.output.isEmpty)
    }
}
