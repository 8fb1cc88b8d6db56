import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false)
private let oracle = root + ".build/release/jing-oracle"

/// A part of what `make oracle` compares.
@Suite(
    .enabled("Jing, the release build of jing-oracle or ../shared/data is absent: `make peers test`") {
        [oracle, "/usr/share/java/jing.jar", root + "../shared/data/tei"].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }
)
struct OracleTests {
    @Test(.timeLimit(.minutes(5))) func mutantsAreWhatJingSaysTheyAre() throws {
        let schemas = ["marginalia.rng", "tei_all.rng", "teisimple.rng", "shelley-godwin-page.rng"]
        let process = Process()
        process.executableURL = URL(filePath: oracle)
        process.arguments = ["--mutants", "250", "--bases", "12"] + schemas.flatMap { ["--schema", $0] }
        process.currentDirectoryURL = URL(filePath: root)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let told = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(told)")
    }
}
