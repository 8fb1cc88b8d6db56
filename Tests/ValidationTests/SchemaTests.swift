import Foundation
import Support
import Testing
import Validation
import XML

private func document(header: String = "", body: String) throws -> Document {
    try Document(
        """
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt>
        <publicationStmt><publisher>p</publisher></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc>\(header)</teiHeader>
        <text><body>\(body)</body></text></TEI>
        """, path: "memory.xml")
}

@Suite struct SchemaTests {
    /// The grammar; the rules are tested in `CheckExampleTests`.
    static let schema = try! Schema.marginalia().withoutRules

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
            #expect(diagnostic.rule.hasPrefix("grammar-"))
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
        ("<p/>", "schema-language"), ("<grammar xmlns='http://relaxng.org/ns/structure/1.0'/>", "schema-start-missing"),
        ("<p>", "xml-unclosed"),
    ])
    func incorrectSchemas(_ text: String, _ rule: String) throws {
        let folder = try TemporaryFolder(["schema.rng": text])
        let error = #expect(throws: Diagnostics.self) { try Schema(contentsOfFile: folder.path("schema.rng")) }
        #expect(error?.list.first?.rule == rule)
    }

    /// Encoders' mistakes are found in the line in which they were made; pointers are the edition checks' business.
    @Test(.hasData("mistakes"))
    func mistakes() throws {
        let folder = Repository.data + "/mistakes/"
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
