import Foundation
import Support
import Testing
import TEI
import XML

extension Repository {
    /// The documents of the edition, without its registers and the file that binds it.
    static let documents: [String] = (try! FileManager.default.contentsOfDirectory(atPath: root + "/TEI"))
        .filter { $0.first!.isNumber }.sorted()
}

/// A document read from a path below the repository, under its relative name.
func transcription(_ path: String) throws -> Transcription {
    let (document, library) = try EditionFiles.read(Repository.root + "/" + path, root: Repository.root)
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
    let document = try Document(
        """
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>\(header)</teiHeader><text \(text)><body>\(body)</body></text></TEI>
        """, path: "memory.xml")
    return Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
}

let hands = """
    <profileDesc><creation><listChange><change xml:id="s1">first</change><change xml:id="s2">second</change></listChange></creation>
    <handNotes><handNote xml:id="a" scope="major">Main, typed.</handNote><handNote xml:id="b" scribe="Bea">other</handNote></handNotes></profileDesc>
    """

/// A text of a body in which two hands, `a` (main) and `b`, write at two stages.
func text(_ policy: Policy, _ body: String) throws -> String {
    try transcription(body: body, header: hands).reading(policy).text
}

/// Compares a text of a body, without white space at its ends.
func expect(
    _ policy: Policy, _ body: String, _ expected: some StringProtocol,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
    let found = try text(policy, body).trimmed
    #expect(found == expected, "\(policy): \(body)", sourceLocation: sourceLocation)
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
