import Foundation
import Support
import Testing
import XML

@testable import LanguageServer

/// Code actions: mistakes are mended, and words and paragraphs are marked with the document's hands.
struct FixTests {
    private static let path = "/memory/memo.xml"

    private static func document(_ body: String, _ header: String = "") -> String {
        """
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt>
        <publicationStmt><p>p</p></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc>
        <profileDesc><creation><listChange><change xml:id="typed">Typed</change></listChange></creation>
        <handNotes>
          <handNote xml:id="clerk" scope="major">Clerk</handNote><handNote xml:id="ada" scope="minor">Ada Marsh</handNote>
        </handNotes></profileDesc></teiHeader><text><body>
        <p xml:id="p1">One <add hand="#ada" change="#typed">two</add> <del hand="#clerk">three</del></p>
        \(body)
        </body></text></TEI>
        """
    }

    private func actions(_ source: String, _ range: Range<Int>) throws -> (client: Client, list: [[String: Any]]) {
        let client = try Client()
        client.open(source, at: Self.path)
        _ = client.diagnostics(of: Self.path)
        let text = client.server.documents[Client.uri(Self.path)]!.text
        func position(_ offset: Int) -> [String: Int] {
            let position = text.position(of: offset)
            return ["line": position.line, "character": position.character]
        }
        let parameters = client.parameters(
            Self.path,
            ["range": ["start": position(range.lowerBound), "end": position(range.upperBound)], "context": [:]])
        return (client, try client.request("textDocument/codeAction", parameters) as? [[String: Any]] ?? [])
    }

    private func result(of action: [String: Any], _ source: String) -> String {
        let changes = (action["edit"] as! [String: Any])["changes"] as! [String: [[String: Any]]]
        return applied(changes[Client.uri(Self.path)] ?? [], to: source)
    }

    /// The first quick fix for a mistake, and the body after it. `nil`: there is none.
    @Test(arguments: [
        ("<p>x <persname>y</persname></p>", "<p>x <persName>y</persName></p>"),
        ("<p>x <u>y</u></p>", "<p>x <hi rend=\"underline\">y</hi></p>"),
        ("<p>x <strike>y</strike></p>", "<p>x <del rend=\"strikethrough\">y</del></p>"),
        ("<p>x <add hand=\"#adda\">y</add></p>", "<p>x <add hand=\"#ada\">y</add></p>"),
        ("<p>x <add hand=\"ada\">y</add></p>", "<p>x <add hand=\"#ada\">y</add></p>"),
        ("<p>x <gap reason=\"ilegible\"/></p>", "<p>x <gap reason=\"illegible\"/></p>"),
        ("<p>x <gap/></p>", "<p>x <gap reason=\"not-in-source\"/></p>"),
        ("<p>x <date when=\"3/14/1994\">y</date></p>", "<p>x <date when=\"1994-03-14\">y</date></p>"),
        ("<p>x&nbsp;y</p>", "<p>x&#xA0;y</p>"), ("<p>x & y</p>", "<p>x &amp; y</p>"),
        ("<p>x < y</p>", "<p>x &lt; y</p>"),
        ("<p>x <hi rend=\"underline\">y</p>", "<p>x <hi rend=\"underline\">y</hi></p>"),
        ("<list><ref>x</ref></list>", "<list><item><ref>x</ref></item></list>"),
        ("<list>x</list>", "<list><item>x</item></list>"), ("<p>x <lb>y</lb></p>", "<p>x <lb/>y</p>"),
        ("<p>x <ref href=\"#p1\">y</ref></p>", "<p>x <ref target=\"#p1\">y</ref></p>"),
        ("<p xml:id=“p2”>x</p>", "<p xml:id=\"p2\">x</p>"), ("<p xml:id=\"p1\">x</p>", "<p xml:id=\"p1-2\">x</p>"),
        ("<p Xml:id=\"p2\">x</p>", "<p xml:id=\"p2\">x</p>"),
        (
            "<list><label>1</label><item>x</item><item>y</item></list>",
            "<list><label>1</label><item>x</item><label></label><item>y</item></list>"
        ),
        ("<p>x <date xmlns=\"\">y</date></p>", "<p>x <date xmlns=\"http://www.tei-c.org/ns/1.0\">y</date></p>"),
        ("<p>x <redacted>y</redacted></p>", "<p>x y</p>"), ("<p>AT&T</p>", "<p>AT&amp;T</p>"),
        ("<p>x <add hand=\"#ada\" place=above>y</add></p>", "<p>x <add hand=\"#ada\" place=\"above\">y</add></p>"),
    ])
    func fixes(_ wrong: String, _ mended: String) throws {
        let source = Self.document(wrong)
        let start = source.utf8.distance(to: "</p>\n")
        let (_, list) = try actions(source, start..<source.utf8.count)
        let fix = try #require(list.first { $0["diagnostics"] != nil }, "\(wrong)")
        #expect(result(of: fix, source) == Self.document(mended))
    }

    private func titles(_ source: String, _ selection: String) throws -> [String] {
        let end = source.utf8.distance(to: selection)
        return try actions(source, end - selection.utf8.count..<end).list.compactMap { $0["title"] as? String }
    }

    @Test func wraps() throws {
        let source = Self.document("<p>some selected words</p>")
        let found = try titles(source, "selected")
        #expect(found.contains("Wrap in <add> by Ada Marsh at stage #typed"))
        #expect(found.contains("Wrap in <del> by Clerk"))
        let end = source.utf8.distance(to: "selected")
        let (_, list) = try actions(source, end - 8..<end)
        let add = try #require(list.first { $0["title"] as? String == "Wrap in <add> by Ada Marsh at stage #typed" })
        #expect(
            result(of: add, source)
                == Self.document("<p>some <add hand=\"#ada\" change=\"#typed\">selected</add> words</p>"))
    }

    @Test func marks() throws {
        let source = Self.document("<p>a paragraph</p>")
        let end = source.utf8.distance(to: "a para")
        let (client, list) = try actions(source, end..<end)
        let query = try #require(list.first { $0["title"] as? String == "Add a query by Ada Marsh at stage #typed" })
        let marked = result(of: query, source)
        #expect(
            marked.contains(
                "<p xml:id=\"p2\">a paragraph<note type=\"query\" hand=\"#ada\" change=\"#typed\" place=\"right\" target=\"#p2\">?</note></p>"
            ))
        // Whatever is added is valid, or a placeholder.
        for action in list where action["edit"] != nil {
            let text = result(of: action, source)
            client.notify(
                "textDocument/didChange",
                ["textDocument": ["uri": Client.uri(Self.path), "version": 2], "contentChanges": [["text": text]]])
            let errors = client.diagnostics(of: Self.path).filter { $0["severity"] as? Int == 1 }
            #expect(errors.isEmpty, "\(action["title"] ?? ""): \(errors.map { $0["message"] ?? "" })")
        }
    }

    @Test("a mark is about the passage with an id, or is where the cursor is")
    func places() throws {
        let source = Self.document("<p>Approve ____ Disapprove <seg xml:id=\"s1\">one</seg></p>")
        let here = source.utf8.distance(to: "Approve __")
        let (_, list) = try actions(source, here..<here)
        let mark = try #require(
            list.first { $0["title"] as? String == "Add a check mark here by Ada Marsh at stage #typed" })
        #expect(
            result(of: mark, source).contains(
                "Approve __<note type=\"mark\" subtype=\"checkmark\" hand=\"#ada\" change=\"#typed\"><metamark function=\"flag\">✓</metamark></note>__"
            ))
        let passage = source.utf8.distance(to: "\"s1\">o")
        let (_, inPassage) = try actions(source, passage..<passage)
        let remark = try #require(
            inPassage.first { $0["title"] as? String == "Add a remark by Ada Marsh at stage #typed" })
        #expect(result(of: remark, source).contains("place=\"right\" target=\"#s1\""))
    }

    @Test("a name that has an entry is to point at it")
    func knownEntry() throws {
        let source = Self.document("<p>x <persName>ADA</persName></p>").replacing(
            "<text>",
            with:
                "<standOff><listPerson>\n  <person xml:id=\"a\"><persName>Ada</persName></person>\n</listPerson></standOff><text>"
        )
        let end = source.utf8.distance(to: "ADA")
        let (_, list) = try actions(source, end..<end)
        let entry = try #require(list.first { $0["title"] as? String == "Point at ‘Ada’ (#a)" })
        #expect(result(of: entry, source).contains("<persName ref=\"#a\">ADA</persName>"))
        #expect(!list.contains { ($0["title"] as? String)?.hasPrefix("Make an entry") == true })
    }

    @Test func entries() throws {
        let source = Self.document("<p>x <persName>Otto Reyes</persName></p>").replacing(
            "<text>",
            with:
                "<standOff><listPerson>\n  <person xml:id=\"a\"><persName>A</persName></person>\n</listPerson></standOff><text>"
        )
        let end = source.utf8.distance(to: "Otto")
        let (_, list) = try actions(source, end..<end)
        let entry = try #require(list.first { ($0["title"] as? String)?.hasPrefix("Make an entry") == true })
        let text = result(of: entry, source)
        #expect(text.contains("<persName ref=\"#otto-reyes\">Otto Reyes</persName>"))
        #expect(text.contains("<person xml:id=\"otto-reyes\"><persName>Otto Reyes</persName></person>\n</listPerson>"))
    }
}
