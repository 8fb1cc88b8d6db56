import Foundation
import Support
import TEI
import Testing
import XML

@testable import LanguageServer

/// Formatting changes no text, and a formatted document not at all.
struct FormattingTests {
    private func formatted(_ text: String, _ path: String) throws -> String {
        let client = try Client()
        client.open(text, at: path)
        let edits = try client.request("textDocument/formatting", client.parameters(path, ["options": [:]]))
        return applied(edits as? [[String: Any]] ?? [], to: text)
    }

    private func texts(_ text: String, _ path: String) throws -> [String] {
        let (document, library) = try EditionFiles.read(path, bytes: Array(text.utf8), root: nil)
        return try EditionFiles.items(in: document, library: library).flatMap { item in
            let transcription = Transcription(of: item.element, library: item.library)
            return transcription.policies.map { transcription.reading($0).text }
        }
    }

    @Test func indents() throws {
        let source = """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>
            <titleStmt><title>t</title></titleStmt>

            <publicationStmt><p>p <hi>q</hi>
              r</p></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc></teiHeader>
            <text><body><p>x</p></body></text></TEI>
            """
        let meant = """
            <TEI xmlns="http://www.tei-c.org/ns/1.0">
              <teiHeader>
                <fileDesc>
                  <titleStmt><title>t</title></titleStmt>

                  <publicationStmt>
                    <p>p <hi>q</hi>
              r</p>
                  </publicationStmt>
                  <sourceDesc><p>s</p></sourceDesc>
                </fileDesc>
              </teiHeader>
              <text><body><p>x</p></body></text>
            </TEI>
            """
        #expect(try formatted(source, "/memory/a.xml") == meant)
        #expect(try formatted(meant, "/memory/a.xml") == meant)
        // What is not finished stays as it is.
        #expect(try formatted(source + "<", "/memory/a.xml") == source + "<")
        #expect(try formatted(String(source.dropLast(6)), "/memory/a.xml") == source.dropLast(6))
    }

    /// The plays' own schema is on another machine.
    private static let association = "<?xml-model href=\"\(Repository.data)/tei/tei_all.rng\"?>"

    @Test(.hasData("sga"), .inRelease, arguments: ["TEI", "sga/tei/ox/ox-ms_abinger_c56", "gerdracor"])
    func changesNoText(_ folder: String) throws {
        let root = folder == "TEI" ? Repository.path(folder) : Repository.data + "/" + folder
        let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".xml") }.sorted()
        var changed = 0
        for name in names.prefix(folder == "gerdracor" ? 4 : 80) {
            let path = "\(root)/\(name)"
            // Without the indentation of lines that begin with a tag, which may be text.
            let text = try String(contentsOfFile: path, encoding: .utf8).replacing(#/\n[ \t]+</#, with: "\n<")
                .replacing(#/<\?xml-model[^>]*>/#, with: "")
                .replacing("<TEI", with: folder == "gerdracor" ? Self.association + "<TEI" : "<TEI", maxReplacements: 1)
            let new = try formatted(text, path)
            if new != text { changed += 1 }
            #expect(try formatted(new, path) == new, "\(path)")
            guard (try? texts(text, path)) != nil else { continue }
            #expect(try texts(new, path) == texts(text, path), "\(path)")
        }
        #expect(changed > 0)
    }
}
