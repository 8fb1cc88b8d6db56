import Foundation
import XML

/// Where the tests and other people's data lie.
enum Folder {
    /// The repository.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let cases = repository.appending(path: "Tests/XMLTests/Cases")

    /// Data that is measured and tested against, and never copied into the repository.
    static let data = repository.appending(path: "../shared/data").standardizedFileURL

    /// The XML files below a folder, sorted.
    static func documents(below folder: URL) -> [URL] {
        guard let paths = FileManager.default.subpaths(atPath: folder.path) else { return [] }
        return paths.filter { $0.hasSuffix(".xml") }.sorted().map { folder.appending(path: $0) }
    }

    /// The edition of this repository, Everything.xml, and of other people's data what is here.
    static let corpus: [URL] = ["TEI", "Tests/Everything.xml"].flatMap { path -> [URL] in
        let url = repository.appending(path: path)
        return path.hasSuffix(".xml") ? [url] : documents(below: url)
    } + ["sga/tei", "gerdracor", "mistakes"].flatMap { documents(below: data.appending(path: $0)) }

    static var hasData: Bool { FileManager.default.fileExists(atPath: data.path) }
}

/// A folder that is removed when the value is.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "marginalia-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file, its folders included.
    @discardableResult
    func write(_ content: String, to path: String) throws -> String {
        try write(Array(content.utf8), to: path)
    }

    @discardableResult
    func write(_ content: [UInt8], to path: String) throws -> String {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: file)
        return file.path
    }

    func link(_ path: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: path).path, withDestinationPath: destination
        )
    }
}

/// libxml2's own program: the second opinion.
enum Xmllint {
    static let path = ["/usr/bin/xmllint", "/usr/local/bin/xmllint", "/opt/homebrew/bin/xmllint"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static var isInstalled: Bool { path != nil }

    struct Result {
        let status: Int32
        let output: [UInt8]
        let errors: String
    }

    static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Result {
        let (output, errors) = (folder.url.appending(path: ".out"), folder.url.appending(path: ".err"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: path!)
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: Array(try Data(contentsOf: output)),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }
}

/// A small generator of numbers that gives the same ones everywhere (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    mutating func pick<T>(_ choices: [T]) -> T { choices[number(below: choices.count)] }

    mutating func chance(_ one: Int, in all: Int) -> Bool { number(below: all) < one }
}
