import Foundation
@testable import Schematron
import Support
import Testing
@testable import Validation
import XML
@testable import XPath

/// What a program in Python prints.
private func output(of arguments: [String]) throws -> String {
    let result = try Execution(of: Repository.python, arguments)
    try #require(result.code == 0, "\(result.errors)")
    return result.output
}

/// The rules that `tei_all.rng` embeds, beside Saxon: node for node and word for word.
@Suite(
    .inRelease, .hasData("tei/tei_all.rng"),
    .enabled("Saxon is absent: run `make peers`") {
        (try? Execution(of: Repository.python, ["-c", "import saxonche"]).code) == 0
    })
struct SaxonTests {
    private static let schema = try! Schema(contentsOfFile: Repository.data + "/tei/tei_all.rng")

    private static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".xml") }.sorted().map { folder + "/" + $0 }
    }

    /// One line for each finding: file, path and message. Names in no namespace are written alike.
    private static func expected(_ files: [String]) throws -> [String] {
        try output(
            of: [Repository.path("Tests/Saxon/saxon.py"), "rules", Repository.data + "/tei/tei_all.rng"] + files
        )
        .split(separator: "\n").map { String($0).replacing("Q{}", with: "") }.sorted()
    }

    private static func found(_ files: [String]) throws -> [String] {
        try files.flatMap { file in
            let findings = schema.findings(in: try Document(contentsOfFile: file), keepsFirings: true)
            let firings = try #require(findings.rules).patterns.flatMap(\.firings)
            return firings.flatMap(\.findings).map { "\(file)\t\($0.location)\t\($0.message.text)" }
        }.sorted()
    }

    private static let folders = [
        "Tests/SchematronTests/TEIRules": Repository.path("Tests/SchematronTests/TEIRules"),
        "TEI": Repository.path("TEI"),
        "sga": Repository.data + "/sga/tei/ox/ox-ms_abinger_c56", "gerdracor": Repository.data + "/gerdracor",
    ]

    @Test(arguments: ["Tests/SchematronTests/TEIRules", "TEI", "sga", "gerdracor"])
    func findingsAgree(_ name: String) throws {
        let files = Self.files(in: try #require(Self.folders[name]))
        #expect(!files.isEmpty)
        let (expected, found) = (try Self.expected(files), try Self.found(files))
        #expect(found.count == expected.count)
        for line in Set(expected).symmetricDifference(found).sorted().prefix(10) {
            Issue.record("\(expected.contains(line) ? "Saxon alone" : "we alone"): \(line)")
        }
    }

    /// The documents break each of the rules, but where the prefix of their context means nothing in tei_all.
    @Test func everyRuleIsBroken() throws {
        let files = Self.files(in: try #require(Self.folders["Tests/SchematronTests/TEIRules"]))
        let tests = try Set(
            files.flatMap { file in
                let findings = Self.schema.findings(in: try Document(contentsOfFile: file), keepsFirings: true)
                return try #require(findings.rules).patterns.flatMap(\.firings).flatMap(\.findings).map {
                    "\($0.isReport) \($0.test.normalizedSpace)"
                }
            })
        let grammar = try Document(contentsOfFile: Repository.data + "/tei/tei_all.rng")
        var context = StaticContext()
        context.namespaces["sch"] = "http://purl.oclc.org/dsdl/schematron"
        let all = try grammar.select(
            "//(sch:assert | sch:report)/concat(exists(self::sch:report), ' ', normalize-space(@test))", context)
        #expect(all.count == 121)
        for test in Set(all.strings).subtracting(tests).sorted() { Issue.record("never broken: \(test)") }
    }

    @Test func allRulesRun() {
        #expect(Self.schema.warnings.isEmpty)
    }
}
