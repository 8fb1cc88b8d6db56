import Foundation
import Testing
import TEI
import XML

/// Paths that the tests use, found from this file.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path(percentEncoded: false).trimmingSuffix("/")
    static let shared = root + "/../shared"

    /// The documents of the edition, without its registers and the file that binds it.
    static let documents: [String] = (try! FileManager.default.contentsOfDirectory(atPath: root + "/TEI"))
        .filter { $0.first!.isNumber }.sorted()

    static func isPresent(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

extension String {
    func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}

/// A document read from a path below the repository, under its relative name.
func transcription(_ path: String) throws -> Transcription {
    let (document, library) = try Edition.read(Repository.root + "/" + path, root: Repository.root)
    return Transcription(of: document.root, library: library)
}

/// A document of the edition by its number.
func document(_ number: Int) throws -> Transcription {
    let name = Repository.documents.first { $0.hasPrefix(number < 10 ? "0\(number)-" : "\(number)-") }
    let found = try #require(name)
    return try transcription("TEI/" + found)
}

extension Transcription {
    /// Whose mark it is.
    func label(_ mark: Mark) -> String? { mark.hand.map { hands[$0].label } }
}

/// A document with this body, in memory.
func transcription(body: String, header: String = "", text: String = "") throws -> Transcription {
    let document = try Document("""
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>\(header)</teiHeader><text \(text)><body>\(body)</body></text></TEI>
        """, path: "memory.xml")
    return Transcription(of: document.root, library: Library(access: FileAccess(root: Repository.root)))
}

let hands = """
    <profileDesc><creation><listChange><change xml:id="s1">first</change><change xml:id="s2">second</change></listChange></creation>
    <handNotes><handNote xml:id="a" scope="major">main</handNote><handNote xml:id="b" scribe="Bea">other</handNote></handNotes></profileDesc>
    """

/// A text of a body in which two hands, `a` (main) and `b`, write at two stages.
func text(_ policy: Policy, _ body: String) throws -> String {
    try transcription(body: body, header: hands).reading(policy).text
}

/// Compares with a golden file. One that is missing or differs on request is recorded, and that fails the run.
func expectGolden(
    _ bytes: [UInt8], _ name: String, in folder: String = "Tests/TEITests/Goldens", sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
    let path = Repository.root + "/" + folder + "/" + name
    let isRecording = ProcessInfo.processInfo.environment["RECORD"] != nil
    guard !isRecording, let expected = FileManager.default.contents(atPath: path) else {
        try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path))
        Issue.record("recorded \(name): read it, then run again", sourceLocation: sourceLocation)
        return
    }
    if [UInt8](expected) != bytes {
        let (a, b) = (String(decoding: expected, as: UTF8.self), String(decoding: bytes, as: UTF8.self))
        let lines = zip(a.split(separator: "\n", omittingEmptySubsequences: false), b.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record("""
            \(name) differs, first in line \((first?.offset ?? -1) + 1)
            expected: \(first?.element.0 ?? "(one is longer)")
            found:    \(first?.element.1 ?? "")
            """, sourceLocation: sourceLocation)
    }
}
