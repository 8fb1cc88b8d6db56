import Foundation
import Support
import Testing

private let oracle = Repository.path(".build/release/jing-oracle")

/// A part of what `make oracle` compares.
@Suite(
    .inRelease, .hasData("tei"),
    .enabled("Jing is absent: run `make peers`") { FileManager.default.fileExists(atPath: "/usr/share/java/jing.jar") })
struct OracleTests {
    @Test(.timeLimit(.minutes(5))) func mutantsAreWhatJingSaysTheyAre() throws {
        let schemas = ["marginalia.rng", "tei_all.rng", "teisimple.rng", "shelley-godwin-page.rng"]
        let result = try Execution(
            of: oracle, ["--mutants", "250", "--bases", "12"] + schemas.flatMap { ["--schema", $0] })
        #expect(result.code == 0, "\(result.output)")
    }
}
