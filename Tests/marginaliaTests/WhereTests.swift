import Foundation
import Support
import Testing

/// `marginalia where`.
@Suite(.inRelease) struct WhereTests {
    private static let file = "TEI/05-memo-gore-debriefing.xml"

    @Test func thereAndBack() throws {
        let offsets = try Program.run(["where", WhereTests.file, "121"])
        #expect(offsets.code == 0)
        let place = try #require(offsets.output.firstMatch(of: /^TEI\/05-memo-gore-debriefing\.xml:(\d+:\d+): 121 “a”/))
        #expect(try Program.run(["where", WhereTests.file, String(place.1)]).output == offsets.output)
    }

    @Test func theTextIsThatOfTheExport() throws {
        let text = Array(
            try Program.run(["export", "--to", "text", "--policy", "typed", WhereTests.file]).output.unicodeScalars)
        let result = try Program.run(["where", "--format", "json", "--policy", "typed", WhereTests.file, "90-115"])
        let places = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        var found = String.UnicodeScalarView()
        for place in places { found.append(contentsOf: (place["text"] as? String ?? "").unicodeScalars) }
        #expect(Array(found) == Array(text[90...115]))
        #expect(places.allSatisfy { $0["path"] is String && $0["line"] is Int })
    }

    @Test(arguments: [
        (["where", file, "x"], "is no address"), (["where", file, "99999999"], "offset-beyond-text"),
        (["where", file, "1:1"], "not-in-text"),
        (["where", file, "#nowhere"], "not-in-text"),
        (["where", file, "1", "--policy", "hand:nobody"], "policy-unknown"),
        (["where", "TEI/edition.xml", "1"], "holds 18 documents"),
        (["where", "TEI/edition.xml", "1", "--document", "x"], "there is no document"),
        (["where", "TEI/people.xml", "1"], "no-text"), (["where", "nosuch.xml", "1"], "file-missing"),
        (["where", file], "missing expected argument"),
    ])
    func mistakes(_ arguments: [String], _ expected: String) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 2)
        #expect(result.errors.contains(expected), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func oneDocumentOfSeveral() throws {
        let result = try Program.run(["where", "TEI/edition.xml", "0", "--document", "d05"])
        #expect(result.output.hasPrefix(WhereTests.file))
        #expect(result.code == 0)
    }

    /// What is found is printed beside what is not.
    @Test func someOfSeveral() throws {
        let result = try Program.run(["where", WhereTests.file, "3", "99999999"])
        #expect(result.code == 2)
        #expect(result.output.split(separator: "\n").count == 1)
    }
}
