import Foundation
import Support
import Testing
import XML

@Suite struct FileTests {
    private func rule(_ body: () throws(Diagnostics) -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return error.list[0].rule
        }
    }

    @Test func whatCannotBeRead() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a.xml", "<a/>")
        try folder.link("nowhere.xml", to: "missing.xml")
        try folder.link("circle.xml", to: "circle.xml")
        func rule(_ path: String) -> String? {
            self.rule { () throws(Diagnostics) in _ = try Document(contentsOfFile: path) }
        }
        #expect(rule(file) == nil)
        #expect(rule("\(folder.path)/missing.xml") == "file-missing")
        #expect(rule("\(folder.path)/a.xml/b.xml") == "file-missing")
        #expect(rule("\(folder.path)/nowhere.xml") == "file-missing")
        #expect(rule("\(folder.path)/circle.xml") == "file-missing")
        #expect(rule("") == "file-missing")
        #expect(rule(folder.path) == "file-is-folder")
        #expect(rule("\(folder.path)/") == "file-is-folder")
    }

    /// Root may read everything, whatever the permissions say: then a file stands in that nobody can read.
    @Test func unreadableFile() throws {
        let folder = try TemporaryFolder()
        var path = try folder.write("a.xml", "<a/>")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        if FileManager.default.isReadableFile(atPath: path) { path = "/proc/self/mem" }
        guard FileManager.default.fileExists(atPath: path) else { return }
        #expect(rule { () throws(Diagnostics) in _ = try Document(contentsOfFile: path) } == "file-unreadable")
    }

    @Test func emptyFile() throws {
        let path = try TemporaryFolder().write("empty.xml", "")
        #expect(rule { () throws(Diagnostics) in _ = try Document([], path: path) } == "xml-empty")
    }

    // MARK: Roots

    private func include(_ href: String, from path: String, root: String? = nil) -> String? {
        rule { () throws(Diagnostics) in
            let source = "<a xmlns:xi=\"\(Namespace.xinclude)\"><xi:include href=\"\(href)\"/></a>"
            let access = root.map { FileAccess(root: $0) } ?? FileAccess(forDocumentAt: path)
            _ = try Document(Array(source.utf8), path: path).resolvingXInclude(access)
        }
    }

    @Test func symbolicLinks() throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let secret = try other.write("secret.xml", "<secret/>")
        try folder.write("in/b.xml", "<b/>")
        try folder.link("in/out.xml", to: secret)
        try folder.link("in/outside", to: other.path)
        try folder.link("in/same.xml", to: "b.xml")
        let path = "\(folder.path)/in/a.xml"
        #expect(include("b.xml", from: path) == nil)
        #expect(include("same.xml", from: path) == nil)
        #expect(include("out.xml", from: path) == "file-outside-root")
        #expect(include("outside/secret.xml", from: path) == "file-outside-root")
        #expect(include("outside/missing.xml", from: path) == "file-outside-root")
        #expect(include("outside/../b.xml", from: path) == nil)
        #expect(include(secret, from: path) == "file-outside-root")
        #expect(include("file://\(secret)", from: path) == "file-outside-root")
        #expect(include("%2E%2E/%2E%2E/\(other.url.lastPathComponent)/secret.xml", from: path) == "file-outside-root")
        #expect(
            include("../../\(other.url.lastPathComponent)/secret.xml", from: path, root: folder.path)
                == "file-outside-root")
        #expect(include(secret, from: path, root: "/") == nil)
    }

    /// A root that is itself reached by a link, and a name that only begins like it.
    @Test func rootsThatAreLinks() throws {
        let folder = try TemporaryFolder()
        try folder.write("real/b.xml", "<b/>")
        try folder.write("realm/b.xml", "<b/>")
        try folder.link("linked", to: "real")
        let path = "\(folder.path)/linked/a.xml"
        #expect(include("b.xml", from: path) == nil)
        #expect(include("b.xml", from: path, root: "\(folder.path)/real") == nil)
        #expect(include("b.xml", from: path, root: "\(folder.path)/linked/") == nil)
        #expect(include("missing.xml", from: path, root: "\(folder.path)/linked") == "file-missing")
        #expect(include("../realm/b.xml", from: path, root: "\(folder.path)/linked") == "file-outside-root")
        #expect(include("../realm/b.xml", from: path) == "file-outside-root")
    }

    @Test func defaultRoot() throws {
        let working = FileAccess.canonical(".")
        #expect(FileAccess(forDocumentAt: "a.xml").root == working)
        #expect(FileAccess(forDocumentAt: "-").root == working)
        #expect(FileAccess(forDocumentAt: "below/deeper/a.xml").root == working)
        let above = FileAccess.canonical("..")
        #expect(FileAccess(forDocumentAt: "../a.xml").root == above)
        let folder = try TemporaryFolder()
        #expect(FileAccess(forDocumentAt: "\(folder.path)/a.xml").root == FileAccess.canonical(folder.path))
    }

    @Test func canonicalPaths() throws {
        let folder = try TemporaryFolder()
        try folder.write("real/deep/a.xml", "<a/>")
        try folder.link("linked", to: "real/deep")
        let root = FileAccess.canonical(folder.path)
        for (path, expected) in [
            ("linked/a.xml", "/real/deep/a.xml"), ("linked/../a.xml", "/real/a.xml"),
            ("real/./deep//a.xml", "/real/deep/a.xml"), ("real/", "/real"),
            ("missing/./b/../c.xml", "/missing/c.xml"), ("linked/missing", "/real/deep/missing"),
            ("real/deep/a.xml/x", "/real/deep/a.xml/x"),
        ] {
            #expect(FileAccess.canonical("\(folder.path)/\(path)") == root + expected)
        }
        #expect(FileAccess.canonical("/") == "/")
        #expect(FileAccess.canonical("/../..") == "/")
        #expect(FileAccess.canonical("/missing/../../x") == "/x")
        // What leads out by a link is outside, however it is written.
        try folder.write("other/b.xml", "<b/>")
        try folder.link("real/out.xml", to: "../other/b.xml")
        let access = FileAccess(forDocumentAt: "\(folder.path)/real/a.xml")
        #expect(!access.allows("\(folder.path)/real/out.xml"))
        #expect(!access.allows("\(folder.path)/real/.."))
        #expect(access.allows("\(folder.path)/real/deep/a.xml"))
    }

    @Test func outsideNamesTheOption() throws {
        let source = "<a xmlns:xi=\"\(Namespace.xinclude)\"><xi:include href=\"/x.xml\"/></a>"
        let folder = try TemporaryFolder()
        do {
            _ = try Document(source, path: "\(folder.path)/a.xml").resolvingXInclude(FileAccess(root: folder.path))
            Issue.record("read")
        } catch {
            #expect(error.list[0].help?.contains("--root") == true)
        }
    }

    /// A chain of files, each including the next: an error, and no overflow.
    @Test func longChains() throws {
        let folder = try TemporaryFolder()
        for number in 0..<400 {
            let next = "<xi:include xmlns:xi=\"\(Namespace.xinclude)\" href=\"\(number + 1).xml\"/>"
            try folder.write("\(number).xml", number == 399 ? "<b/>" : next)
        }
        #expect(include("300.xml", from: "\(folder.path)/a.xml") == nil)
        #expect(include("0.xml", from: "\(folder.path)/a.xml") == "xinclude-depth")
    }

    // MARK: References

    @Test(
        arguments: [
            ("people.xml#x", "TEI/07.xml", "TEI/people.xml"), ("#x", "TEI/07.xml", "TEI/07.xml"),
            ("../b.xml", "a/c.xml", "b.xml"),
            ("./b//c.xml", "a.xml", "b/c.xml"), ("../../b.xml", "a/c.xml", "../b.xml"), ("/b.xml", "a/c.xml", "/b.xml"),
            ("file:///b.xml", "a.xml", "/b.xml"), ("a%20b.xml", "c.xml", "a b.xml"), ("sub/", "a/c.xml", "a/sub/"),
            ("https://example.org/a.xml", "c.xml", nil), ("mailto:x", "c.xml", nil), ("b.xml", "-", "b.xml"),
        ] as [(String, String, String?)]) func references(_ reference: String, _ base: String, _ expected: String?)
    {
        #expect(Reference(reference).path(relativeTo: base) == expected)
    }
}

@Suite struct InclusionLimitTests {
    private func include(_ count: Int, _ attributes: String, of text: String) throws -> Document {
        let folder = try TemporaryFolder()
        try folder.write("part", text)
        let include = "<xi:include href='part' \(attributes)/>"
        let main = try folder.write(
            "r.xml", "<r xmlns:xi='http://www.w3.org/2001/XInclude'>\(String(repeating: include, count: count))</r>")
        return try Document(contentsOfFile: main).resolvingXInclude(FileAccess(root: folder.path))
    }

    /// What is made of a file again and again has a limit, in bytes of text as in nodes.
    @Test(arguments: [
        ("parse='text'", String(repeating: "A", count: 1_000_000)),
        ("", "<a>" + String(repeating: "A", count: 1_000_000) + "</a>"),
    ])
    func bytes(_ attributes: String, _ text: String) throws {
        #expect(try include(20, attributes, of: text).root.stringValue.utf8.count == 20_000_000)
        let error = #expect(throws: Diagnostics.self) { try include(3_000, attributes, of: text) }
        #expect(error?.list.map(\.rule) == ["xinclude-expansion"] && error?.list.first?.location?.line == 1)
    }

    /// Where failures are skipped, they are reported, and all else is there.
    @Test func failures() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.xml", "<a/>")
        try folder.write("b.xml", "<b")
        let parts = ["nowhere.xml", "a.xml", "b.xml", "../outside.xml", "r.xml"].map { "<xi:include href='\($0)'/>" }
            .joined(separator: "<p/>")
        let main = try folder.write("r.xml", "<r xmlns:xi='http://www.w3.org/2001/XInclude'>\(parts)</r>")
        let document = try Document(contentsOfFile: main)
        let access = FileAccess(root: folder.path)
        #expect(throws: Diagnostics.self) { try document.resolvingXInclude(access) }
        let resolved = try document.resolvingXInclude(access, skipsFailures: true)
        #expect(resolved.root.childElements.map(\.localName) == ["p", "a", "p", "p", "p"])
        #expect(
            resolved.diagnostics.count == 4
                && Set(resolved.diagnostics.map(\.rule)).isSuperset(of: [
                    "file-missing", "file-outside-root", "xinclude-loop",
                ]))
    }

    // MARK: Text for people

    @Test(arguments: [
        ("plain", "plain", "plain"), ("a\tb\nc", "a    b␊c", "a\tb\nc"), ("\u{1B}[31m\r\n", "␛[31m␍␊", "␛[31m␍\n"),
        ("\u{9B}1m\u{202E}x", "<U+009B>1m<U+202E>x", "<U+009B>1m<U+202E>x"),
        // Scripts are written with the joiners; signs about numbers and verses are seen.
        ("\u{6A9}\u{200C}\u{6DD}\u{661}", "\u{6A9}\u{200C}\u{6DD}\u{661}", "\u{6A9}\u{200C}\u{6DD}\u{661}"),
        ("\u{61C}\u{E0001}", "<U+061C><U+E0001>", "<U+061C><U+E0001>"),
    ])
    func printable(_ text: String, _ line: String, _ lines: String) {
        #expect(Array(text.printable.unicodeScalars) == Array(line.unicodeScalars))
        #expect(Array(text.printableLines.unicodeScalars) == Array(lines.unicodeScalars))
        #expect(text.printable.printable == text.printable)
    }

    /// Each piece is text for itself.
    @Test func piecesOfATemporaryFile() throws {
        let file = try TemporaryFile()
        let text = String(repeating: "aé€😀", count: 40_000)
        file.append(Array(text.utf8))
        var pieces: [[UInt8]] = []
        try file.read { pieces.append($0) }
        #expect(pieces.count > 1 && pieces.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
        #expect(Array(pieces.joined()) == Array(text.utf8))
    }

    /// The examples of FIPS 180-4, and a message that fills its last block.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func secureHash(_ message: String, _ expected: String) {
        let digest = SHA256.digest(of: Array(message.utf8))
        #expect(digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == expected)
    }
}
