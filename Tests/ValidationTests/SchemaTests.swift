import Foundation
import Testing
import Validation
import XML

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false)

private func document(header: String = "", body: String) throws -> Document {
    try Document("""
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt>
        <publicationStmt><publisher>p</publisher></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc>\(header)</teiHeader>
        <text><body>\(body)</body></text></TEI>
        """, path: "memory.xml")
}

@Suite struct SchemaTests {
    static let schema = try! Schema.marginalia()

    /// What the issue asks of the schema beyond TEI's own.
    @Test(arguments: [
        "<p>one</p>",
        ##"<p><add hand="#a" place="above left">x</add></p>"##,
        ##"<p><note type="marginalia" hand="#a" place="margin">x</note></p>"##,
        ##"<p><note type="mark" hand="#a"><metamark function="flag">✓</metamark></note></p>"##,
        ##"<p><note type="stamp" hand="#a"><stamp type="seen">x</stamp></note></p>"##,
        #"<p><note type="editorial">x</note></p>"#,
        #"<p><gap reason="withheld" quantity="2" unit="lines"/></p>"#,
        ##"<p><handShift new="#a"/></p>"##,
    ])
    func accepted(_ body: String) throws {
        #expect(try Self.schema.validate(document(body: body)).map(\.message) == [])
    }

    @Test(arguments: [
        "<p><nosuch/></p>",
        "<p><add>x</add></p>",
        ##"<p><add hand="#a" place="somewhere">x</add></p>"##,
        ##"<p><note type="marginalia">x</note></p>"##,
        ##"<p><note type="mark"><metamark>✓</metamark></note></p>"##,
        #"<p><note type="query">?</note></p>"#,
        #"<p><note type="nonsense">x</note></p>"#,
        "<p><gap/></p>",
        #"<p><gap reason="nonsense"/></p>"#,
        #"<p><metamark function="nonsense"/></p>"#,
        #"<p><stamp type="nonsense">x</stamp></p>"#,
        ##"<p><stamp hand="#a">x</stamp></p>"##,
        "<p><handShift/></p>",
        "text",
        "<p><p/></p>",
    ])
    func refused(_ body: String) throws {
        let found = try Self.schema.validate(document(body: body))
        #expect(!found.isEmpty)
        for diagnostic in found {
            #expect(diagnostic.rule == "relaxng")
            #expect(diagnostic.location?.file == "memory.xml")
            #expect(diagnostic.path?.hasPrefix("/TEI[1]") == true)
        }
    }

    @Test func placesAreThoseOfTheElement() throws {
        let found = try Self.schema.validate(document(body: "\n<p>one</p>\n  <p><nosuch/></p>"))
        #expect(found.map { "\($0.location!.line):\($0.location!.column)" } == ["5:6"])
    }

    @Test func aFindingIsNotRepeatedForTheElementsAround() throws {
        #expect(try Self.schema.validate(document(body: "<div><div><p><nosuch/></p></div></div>")).count == 1)
    }

    @Test func schemasMayBeSharedBetweenThreads() async throws {
        let document = try document(body: "<p><nosuch/></p>")
        let expected = Self.schema.validate(document)
        await withTaskGroup(of: [Diagnostic].self) { group in
            for _ in 0..<16 { group.addTask { Self.schema.validate(document) } }
            for await found in group { #expect(found == expected) }
        }
    }

    @Test(arguments: [
        ("<p/>", "schema-language"), ("<grammar xmlns='http://relaxng.org/ns/structure/1.0'/>", "schema-incorrect"), ("<p>", "xml-unclosed"),
    ])
    func incorrectSchemas(_ text: String, _ rule: String) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".rng")
        try Data(text.utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let error = #expect(throws: Diagnostics.self) { try Schema(contentsOfFile: path.path(percentEncoded: false)) }
        #expect(error?.list.first?.rule == rule)
    }

    /// Encoders' mistakes are found in the line in which they were made; pointers are the edition checks' business.
    @Test(.enabled("../shared/data/mistakes is absent") { FileManager.default.fileExists(atPath: root + "../shared/data/mistakes") })
    func mistakes() throws {
        let folder = root + "../shared/data/mistakes/"
        let pointersAndIDs = ["05-unknown-hand.xml", "06-duplicate-id.xml"]
        for row in try String(contentsOfFile: folder + "index.tsv", encoding: .utf8).split(separator: "\n") {
            let cells = row.split(separator: "\t").map(String.init)
            guard let line = Int(cells[2]), !pointersAndIDs.contains(cells[0]) else { continue }
            let found: [Diagnostic]
            do throws(Diagnostics) {
                found = Self.schema.validate(try Document(contentsOfFile: folder + cells[0]))
            } catch {
                found = error.list
            }
            if line == 0 { #expect(found.isEmpty, "\(cells[0])") }
            // libxml2 places a few by the element that the mistake is in.
            let near = found.contains { abs($0.location!.line - line) <= 10 }
            if line > 0 { #expect(near, "\(cells[0]): \(found)") }
        }
    }
}

@Suite struct AssociationTests {
    private func association(_ prolog: String) throws -> SchemaAssociation {
        SchemaAssociation(of: try Document(prolog + "<p/>", path: "folder/a.xml"))
    }

    @Test func byInstruction() throws {
        guard case .file(let path, _) = try association(
            #"<?xml-model href="../s.rng" type="application/xml" schematypens="http://relaxng.org/ns/structure/1.0"?>"#
        ) else {
            Issue.record("no file")
            return
        }
        #expect(path == "s.rng")
    }

    @Test func addressesAreNotFetched() throws {
        guard case .remote(let found) = try association(#"<?xml-model href='https://example.org/s.rng'?>"#) else {
            Issue.record("not remote")
            return
        }
        #expect(found.severity == .warning)
        #expect(found.help?.contains("--schema") == true)
    }

    @Test func otherLanguagesArePassedOver() throws {
        guard case .none = try association(
            #"<?xml-model href="s.sch" schematypens="http://purl.oclc.org/dsdl/schematron"?>"#
        ) else {
            Issue.record("Schematron was taken for a grammar")
            return
        }
    }
}

@Suite struct ReportTests {
    private let diagnostic = Diagnostic(
        rule: "r", "a “message”", help: "help", at: SourceLocation(file: "a.xml", line: 2, column: 3, byteOffset: 9),
        path: "/a[1]", id: "x", notes: [.init("note", at: SourceLocation(file: "b.xml", line: 1, column: 1, byteOffset: 0))]
    )

    @Test func text() {
        #expect(Report([diagnostic]).text() == """
            a.xml:2:3: error: a “message” [r]
              help: help
              note: b.xml:1:1: note

            """)
        #expect(Report([diagnostic]).text(colour: true).contains("\u{1B}[1;31merror:\u{1B}[0m"))
    }

    @Test func json() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Report([diagnostic]).json.utf8)) as? [String: Any]
        let first = try #require((object?["diagnostics"] as? [[String: Any]])?.first)
        #expect(first["message"] as? String == "a “message”")
        #expect(first["line"] as? Int == 2)
        #expect((first["notes"] as? [[String: Any]])?.first?["file"] as? String == "b.xml")
    }

    @Test func summaries() {
        #expect(Report([diagnostic]).summary(files: 1) == "1 file: 1 error, 0 warnings")
        #expect(Report([]).summary(files: 2) == "2 files: 0 errors, 0 warnings")
    }
}
