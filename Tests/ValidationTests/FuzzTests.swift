import Foundation
import Support
import Testing
import fuzz

private let corpus = Repository.url.appending(path: "Tests/ValidationTests/Fuzz")

/// What fuzzing has found, once more: each file took a way through the program that no other takes (`make fuzz`).
@Suite struct FuzzTests {
    @Test(.timeLimit(.minutes(2)), arguments: Target.allCases)
    func kept(for target: Target) throws {
        let folder = corpus.appending(path: target.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            #expect(throws: Never.self, "\(target) \(file.lastPathComponent)") {
                try target.run(Array(Data(contentsOf: file)))
            }
        }
    }
}
