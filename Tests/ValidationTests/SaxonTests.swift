import Foundation
import Testing
import XML
@testable import Validation

private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false)
private let data = repository + "../shared/data/"
private let python = repository + ".peers/python/bin/python"

private struct Failed: Error {}

/// What a program in Python prints.
private func output(of arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
    return String(decoding: bytes, as: UTF8.self)
}

private let hasPeer = FileManager.default.fileExists(atPath: data + "tei/tei_all.rng")
    && (try? output(of: ["-c", "import saxonche"])) != nil

/// The rules that `tei_all.rng` embeds, beside Saxon: node for node and word for word.
@Suite(.enabled(if: hasPeer, "../shared/data/tei or Saxon (make peers) is absent")) struct SaxonTests {
    private static let schema = try! Schema(contentsOfFile: data + "tei/tei_all.rng")

    private static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".xml") }.sorted().map { folder + "/" + $0 }
    }

    /// One line for each finding: file, path and message. Names in no namespace are written alike.
    private static func expected(_ files: [String]) throws -> [String] {
        try output(of: [repository + "Tests/Saxon/saxon.py", "rules", data + "tei/tei_all.rng"] + files)
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
        "Tests/ValidationTests/TEIRules": repository + "Tests/ValidationTests/TEIRules", "TEI": repository + "TEI",
        "sga": data + "sga/tei/ox/ox-ms_abinger_c56", "gerdracor": data + "gerdracor",
    ]

    @Test(arguments: ["Tests/ValidationTests/TEIRules", "TEI", "sga", "gerdracor"])
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
        let files = Self.files(in: try #require(Self.folders["Tests/ValidationTests/TEIRules"]))
        let tests = try Set(files.flatMap { file in
            let findings = Self.schema.findings(in: try Document(contentsOfFile: file), keepsFirings: true)
            return try #require(findings.rules).patterns.flatMap(\.firings).flatMap(\.findings).map { "\($0.isReport) \($0.test.normalizedSpace)" }
        })
        let grammar = try Document(contentsOfFile: data + "tei/tei_all.rng")
        var context = StaticContext()
        context.namespaces["sch"] = "http://purl.oclc.org/dsdl/schematron"
        let all = try grammar.select("//(sch:assert | sch:report)/concat(exists(self::sch:report), ' ', normalize-space(@test))", context)
        #expect(all.count == 121)
        for test in Set(all.strings).subtracting(tests).sorted() { Issue.record("never broken: \(test)") }
    }

    @Test func allRulesRun() {
        #expect(Self.schema.warnings.isEmpty)
    }
}
