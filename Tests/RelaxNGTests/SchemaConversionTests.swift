import Foundation
@testable import RelaxNG
import Support
import Testing
@testable import Validation
import XML

@Suite struct SchemaConversionTests {
    private func folder(_ files: [String: String]) throws -> String {
        let folder =
            FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path(percentEncoded: false) + "/"
        for (name, text) in files {
            let path = folder + name
            try FileManager.default.createDirectory(
                atPath: Reference.folder(of: path), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        return folder
    }

    @Test func filesAreConvertedWithWhatTheyReferTo() throws {
        let folder = try folder([
            "in/main.rnc": "include 'parts/a.rnc' { start = element b { external 'c.rnc' } }",
            "in/parts/a.rnc": "include '../d.rnc' start = empty",
            "in/c.rnc": "## c\nelement c { empty }", "in/d.rnc": "d = text",
        ])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try SchemaConversion(contentsOfFile: folder + "in/main.rnc").files(
            to: .xml, output: folder + "out/whole.rng")
        #expect(
            files.map { $0.path.dropFirst(folder.count) } == [
                "out/whole.rng", "out/parts/a.rng", "out/c.rng", "out/d.rng",
            ])
        #expect(
            String(decoding: files[0].bytes, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <grammar xmlns="http://relaxng.org/ns/structure/1.0">
                  <include href="parts/a.rng">
                    <start>
                      <element name="b">
                        <externalRef href="c.rng"/>
                      </element>
                    </start>
                  </include>
                </grammar>

                """)
        #expect(String(decoding: files[1].bytes, as: UTF8.self).contains(#"href="../d.rng""#))
        #expect(String(decoding: files[2].bytes, as: UTF8.self).contains("<a:documentation>c</a:documentation>"))
    }

    /// Names, prefixes and files that look the same are two, in both syntaxes.
    @Test func codePoints() throws {
        let folder = try folder([
            "in/main.rnc": """
            namespace \u{E9} = "urn:1"
            namespace e\u{301} = "urn:2"
            datatypes \u{E9} = "http://www.w3.org/2001/XMLSchema-datatypes"
            datatypes e\u{301} = "http://www.w3.org/2001/XMLSchema-datatypes"
            [\u{E9}:\u{E9} = "" \u{E9}:e\u{301} = ""] start = element \u{E9}:a { \u{E9}:token }
            start |= element e\u{301}:a { e\u{301}:QName "e\u{301}:x" }
            include "\u{E9}.rnc" { e\u{301} = empty }
            include "e\u{301}.rnc"
            """
        ])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("\u{E9} = element one { empty } e\u{301} = element two { empty } start |= \u{E9}".utf8).write(
            to: URL(filePath: folder + "in/\u{E9}.rnc"))
        try Data("start |= element three { empty }".utf8).write(to: URL(filePath: folder + "in/e\u{301}.rnc"))
        var main = folder + "in/main.rnc"
        for (form, to) in [(SchemaConversion.Form.xml, "a/main.rng"), (.compact, "b/main.rnc")] {
            let files = try SchemaConversion(contentsOfFile: main).files(to: form, output: folder + to)
            #expect(files.count == 3)
            for file in files {
                try FileManager.default.createDirectory(
                    atPath: Reference.folder(of: file.path), withIntermediateDirectories: true)
                try Data(file.bytes).write(to: URL(filePath: file.path))
            }
            main = folder + to
            let schema = try Schema(contentsOfFile: main)
            for (document, isValid) in [
                ("<a xmlns='urn:1'/>", true), ("<a xmlns='urn:2' xmlns:p='urn:2'>p:x</a>", true),
                ("<a xmlns='urn:2' xmlns:p='urn:1'>p:x</a>", false),
                ("<one/>", true), ("<two/>", false), ("<three/>", true),
            ] { #expect(schema.validate(try Document(document)).isEmpty == isValid, "\(document) by \(to)") }
        }
    }

    @Test func readableCompactSyntax() throws {
        let schema = try read(
            xml: #"""
                <grammar ns="http://example.com/x" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"             xmlns:a="http://relaxng.org/ns/compatibility/annotations/1.0"><start><ref name="text"/></start>
                <define name="text"><a:documentation>One.
                Two.</a:documentation><element name="y"><optional><attribute name="z"><choice><value>it's</value><value type="token">"</value>
                </choice></attribute></optional><data type="string"><param name="pattern">\d</param></data><zeroOrMore><ref name="aRatherLongName"/>
                <ref name="anotherRatherLongName"/></zeroOrMore></element></define></grammar>
                """#)
        #expect(
            String(decoding: CompactSyntaxWriter.write(schema) { $0.href }, as: UTF8.self) == #"""
                default namespace x = "http://example.com/x"
                namespace a = "http://relaxng.org/ns/compatibility/annotations/1.0"

                start = \text
                ## One.
                ## Two.
                \text =
                  element y {
                    attribute z { "it's" | xsd:token '"' }?,
                    xsd:string { pattern = "\d" },
                    (aRatherLongName, anotherRatherLongName)*
                  }

                """#)
    }

    @Test(arguments: [
        ("external 'https://example.org/a.rnc'", "1:1"), ("start = external '../a.rnc'", "1:9"),
        ("include '/a.rnc'", "1:1"),
    ])
    func referencesElsewhereAreRefused(_ text: String, _ place: String) throws {
        let folder = try folder(["main.rnc": text])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: Diagnostics.self) { try SchemaConversion(contentsOfFile: folder + "main.rnc") }
        #expect(error?.list.map(\.rule) == ["schema-conversion"])
        #expect(error?.list[0].location?.description.hasSuffix("main.rnc:" + place) == true)
    }

    @Test func noFileIsWrittenOverAnother() throws {
        let folder = try folder([
            "main.rnc": "include 'a.rnc' include 'a.rng'", "a.rnc": "",
            "a.rng": "<grammar xmlns='http://relaxng.org/ns/structure/1.0'/>",
        ])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let conversion = try SchemaConversion(contentsOfFile: folder + "main.rnc")
        #expect(throws: Diagnostics.self) { try conversion.files(to: .xml, output: folder + "main.rng") }
        #expect(throws: Diagnostics.self) { try conversion.files(to: .xml, output: folder + "out/main.rng") }
    }
}
