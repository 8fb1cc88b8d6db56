import Foundation
import Support
import Testing
import Validation
import XML

private let namespace = "xmlns='http://relaxng.org/ns/structure/1.0'"
private let plain =
    "<grammar \(namespace)><start combine='choice'><element name='p'><empty/></element></start></grammar>"

private func including(_ hrefs: String...) -> String {
    "<grammar \(namespace)>" + hrefs.map { "<include href='\($0)'/>" }.joined() + "</grammar>"
}

/// A network in memory. An address may be redirected: `-> URL`.
private struct Network {
    let pages: [String: String]

    func fetch(_ url: String) throws(Diagnostics) -> SchemaBundle.Download {
        guard let page = pages[url] else { throw Diagnostics([Diagnostic(rule: "not-there", url)]) }
        guard page.hasPrefix("-> ") else { return SchemaBundle.Download(bytes: Array(page.utf8), url: url) }
        let target = try fetch(String(page.dropFirst(3)))
        return SchemaBundle.Download(bytes: target.bytes, url: target.url)
    }
}

@Suite struct SchemaStoreTests {
    private let scratch: TemporaryFolder
    private let folder: String

    init() throws {
        scratch = try TemporaryFolder()
        folder = scratch.path("store")
    }

    /// Adds to the store as it is on the disk, and reads it again.
    private func add(_ source: String, as url: String? = nil, _ pages: [String: String] = [:]) throws -> SchemaStore {
        var store = try SchemaStore(folder: folder)
        let bundle = try SchemaBundle(
            reading: source, resolver: SchemaResolver(store: store), fetch: Network(pages: pages).fetch)
        try store.add(bundle, as: url ?? source)
        return try SchemaStore(folder: folder)
    }

    /// Stylesheets that Schematron includes are stored with it; alone they are no schema.
    @Test func stylesheets() throws {
        let xsl = { (content: String) in
            "<xsl:stylesheet version='2.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:f='urn:f'>\(content)</xsl:stylesheet>"
        }
        let pages = [
            "https://a.org/a.sch": """
            <schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt2' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
            <ns prefix='f' uri='urn:f'/><xsl:include href='l.xsl'/><pattern><rule context='/*'><report test='f:one() = 1'>one</report></rule></pattern></schema>
            """,
            "https://a.org/l.xsl": xsl("<xsl:import href='m.xsl'/>"),
            "https://a.org/m.xsl": xsl("<xsl:function name='f:one'><xsl:sequence select='1'/></xsl:function>"),
        ]
        let store = try add("https://a.org/a.sch", pages)
        let schema = try Schema(
            contentsOfFile: #require(store.path(of: "https://a.org/a.sch")), resolver: SchemaResolver(store: store))
        #expect(try schema.validate(Document("<r/>")).map(\.message) == ["one"])
        #expect(throws: Diagnostics.self) { try add("https://a.org/m.xsl", pages) }
    }

    private func rule(_ source: String, as url: String? = nil, _ pages: [String: String] = [:]) -> String? {
        let error = #expect(throws: Diagnostics.self) { try add(source, as: url, pages) }
        return error?.list.first?.rule
    }

    private func text(_ store: SchemaStore, _ url: String) throws -> String {
        try String(contentsOfFile: #require(store.path(of: url)), encoding: .utf8)
    }

    private var files: [String] {
        (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { $0.contains(".") }
            .sorted()
    }

    @Test func aSchemaIsStoredReplacedAndRemoved() throws {
        let url = "https://x.org/s/a.rng"
        #expect(try SchemaStore(folder: folder).path(of: url) == nil)
        #expect(try text(add(url, [url: plain]), url) == plain)
        let second = try add(url, [url: plain + "<!-- new -->"])
        #expect(try text(second, url) == plain + "<!-- new -->")
        #expect(second.entries.map(\.url) == [url])
        #expect(second.path(of: url + "#fragment") == second.path(of: url))
        #expect(files.count == 2)
        var store = second
        try store.remove(url)
        #expect(try SchemaStore(folder: folder).entries.isEmpty)
        #expect(files == ["index.json"])
        let error = #expect(throws: Diagnostics.self) { try store.remove(url) }
        #expect(error?.list.map(\.rule) == ["store-unknown"])
    }

    /// Addresses that look the same are two.
    @Test func codePoints() throws {
        let (first, second) = ("https://x.org/\u{E9}.rng", "https://x.org/e\u{301}.rng")
        #expect(try add(first, [first: plain]).path(of: second) == nil)
        var store = try add(second, [second: plain + "<!-- 2 -->"])
        #expect(store.entries.count == 2)
        #expect(try text(store, first) == plain)
        #expect(try text(store, second) == plain + "<!-- 2 -->")
        try store.remove(second)
        #expect(store.path(of: second) == nil)
        #expect(try text(SchemaStore(folder: folder), first) == plain)
    }

    @Test func whatASchemaIncludesIsStoredBesideIt() throws {
        let pages = [
            "https://x.org/s/a.rng": including("../t/b%20c.rng", "d.rng?v=1", "https://y.org/e.rng"),
            "https://x.org/t/b%20c.rng": including("../s/d.rng?v=1"), "https://x.org/s/d.rng?v=1": plain,
            "https://y.org/e.rng": including("f.rng"),
            "https://y.org/f.rng": plain,
        ]
        let store = try add("https://x.org/s/a.rng", pages)
        let path = try #require(store.path(of: "https://x.org/s/a.rng"))
        let resolver = SchemaResolver(store: store)
        for (href, page) in [
            ("../t/b%20c.rng", "https://x.org/t/b%20c.rng"), ("d.rng?v=1", "https://x.org/s/d.rng?v=1"),
            ("https://y.org/e.rng", "https://y.org/e.rng"),
        ] {
            let found = try #require(resolver.path(of: href, relativeTo: path))
            #expect(try String(contentsOfFile: found, encoding: .utf8) == pages[page])
        }
        let other = try #require(resolver.path(of: "https://y.org/e.rng", relativeTo: path))
        #expect(
            try String(contentsOfFile: #require(resolver.path(of: "f.rng", relativeTo: other)), encoding: .utf8)
                == plain)
    }

    @Test func redirectionsMoveTheBase() throws {
        let pages = [
            "http://x.org/latest": "-> https://x.org/s/v2/a.rng", "https://x.org/s/v2/a.rng": including("b.rng"),
            "https://x.org/s/v2/b.rng": plain,
        ]
        let store = try add("http://x.org/latest", pages)
        #expect(try text(store, "http://x.org/latest") == including("b.rng"))
        #expect(store.path(of: "http://x.org/latest") == store.path(of: "https://x.org/s/v2/a.rng"))
        #expect(try text(store, "https://x.org/s/v2/b.rng") == plain)
    }

    @Test func filesAreStoredUnderAnAddress() throws {
        try scratch.write("work/main/a.rng", including("../common/b.rng"))
        try scratch.write("work/common/b.rng", plain)
        let store = try add(scratch.path("work/main/a.rng"), as: "https://x.org/a.rng")
        let path = try #require(store.path(of: "https://x.org/a.rng"))
        let common = try #require(SchemaResolver(store: store).path(of: "../common/b.rng", relativeTo: path))
        #expect(try String(contentsOfFile: common, encoding: .utf8) == plain)
        #expect(try add(scratch.path("work/common/b.rng"), as: "urn:x:b").path(of: "urn:x:b") != nil)
        #expect(rule(scratch.path("work/main/a.rng")) == "store-address")
        #expect(rule(scratch.path("work/main/a.rng"), as: "file:///a") == "store-address")
        // What is not beside it must be known.
        try scratch.write("c.rng", including("https://y.org/d.rng"))
        #expect(rule(scratch.path("c.rng"), as: "urn:x:c") == "store-include")
        _ = try add("https://y.org/d.rng", ["https://y.org/d.rng": plain])
        #expect(try add(scratch.path("c.rng"), as: "urn:x:c").entries.count == 4)
    }

    @Test(
        arguments: [
            ("https://x.org/a.rng", [:], "not-there"),
            ("https://x.org/a.rng", ["https://x.org/a.rng": "<html/>"], "schema-language"),
            ("https://x.org/a.rng", ["https://x.org/a.rng": "<grammar"], "xml-tag-unfinished"),
            ("https://x.org/a.rng", ["https://x.org/a.rng": including("b.rng")], "not-there"),
            (
                "https://x.org/a.rng",
                ["https://x.org/a.rng": including("b.rng"), "https://x.org/b.rng": including("a.rng")],
                "schema-inclusion-loop"
            ),
            ("https://x.org/a.rng", ["https://x.org/a.rng": "<grammar \(namespace)/>"], "schema-start-missing"),
            ("https://x.org/a.rng", ["https://x.org/a.rng": including("file:///etc/passwd")], "store-include"),
            ("https://x.org/a.rng", ["https://x.org/a.rng": including("ftp://x.org/b.rng")], "store-address"),
            (
                "https://x.org/a.rng",
                ["https://x.org/a.rng": including("%2E%2E/%2E%2E/b.rng"), "https://x.org/%2E%2E/%2E%2E/b.rng": plain],
                "store-address"
            ),
            ("https://x.org/a%2Fb.rng", ["https://x.org/a%2Fb.rng": plain], "store-address"),
            ("https://me:secret@x.org/a.rng", [:], "store-address"),
            ("ftp://x.org/a.rng", [:], "store-address"),
        ] as [(String, [String: String], String)])
    func nothingIsStoredByHalves(_ url: String, _ pages: [String: String], _ expected: String) throws {
        _ = try add("https://kept.org/a.rng", ["https://kept.org/a.rng": plain])
        let before = files
        #expect(rule(url, pages) == expected)
        #expect(files == before)
    }

    @Test func schemasWithoutEndAreGivenUp() {
        func fetch(_ url: String) throws(Diagnostics) -> SchemaBundle.Download {
            SchemaBundle.Download(bytes: Array(including(url.split(separator: "/").last! + "x").utf8), url: url)
        }
        let error = #expect(throws: Diagnostics.self) {
            try SchemaBundle(reading: "https://x.org/a", resolver: SchemaResolver(), fetch: fetch)
        }
        #expect(error?.list.map(\.rule) == ["store-size"])
    }

    @Test(arguments: [
        "", "{", "[]", "{\"version\": 2, \"schemas\": []}", "{\"version\": 1}",
        "{\"version\": 1, \"schemas\": [{\"url\": \"u:a\", \"file\": \"../../etc/passwd\"}]}",
        "{\"version\": 1, \"schemas\": [{\"url\": \"u:a\", \"file\": \"/etc/passwd\"}]}",
        "{\"version\": 1, \"schemas\": [{\"url\": \"u:a\", \"file\": \"a\"}]}",
        "{\"version\": 1, \"schemas\": [{\"url\": \"u:a\", \"file\": \"a/b\", \"parts\": {\"u:b\": \"c/d\"}}]}",
    ])
    func aBrokenIndexIsTold(_ text: String) throws {
        try scratch.write("store/index.json", text)
        let error = #expect(throws: Diagnostics.self) { try SchemaStore(folder: folder) }
        #expect(error?.list.map(\.rule) == ["store-index"])
    }

    @Test func aFileThatIsGoneIsNotFound() throws {
        let store = try add("https://x.org/a.rng", ["https://x.org/a.rng": plain])
        try FileManager.default.removeItem(atPath: #require(store.path(of: "https://x.org/a.rng")))
        #expect(store.path(of: "https://x.org/a.rng") == nil)
    }

    @Test func whereAFolderCannotBe() throws {
        try scratch.write("store", "a file")
        #expect(rule("https://x.org/a.rng", ["https://x.org/a.rng": plain]) == "file-unwritable")
    }

    @Test func manyProgramsAtOnce() async throws {
        let folder = self.folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let url = "https://x.org/\(number).rng"
                    var store = try SchemaStore(folder: folder)
                    let network = Network(pages: [url: plain])
                    try store.add(SchemaBundle(reading: url, resolver: SchemaResolver(), fetch: network.fetch), as: url)
                }
            }
            try await group.waitForAll()
        }
        #expect(try SchemaStore(folder: folder).entries.count == 20)
    }

    @Test func theFolderIsThatOfTheEnvironment() {
        #expect(SchemaStore.defaultFolder(["MARGINALIA_SCHEMAS": "a", "XDG_DATA_HOME": "/b"]) == "a")
        #expect(
            SchemaStore.defaultFolder(["MARGINALIA_SCHEMAS": "", "XDG_DATA_HOME": "/b"]) == "/b/marginalia/schemas")
        #expect(SchemaStore.defaultFolder(["XDG_DATA_HOME": "b"]).hasSuffix("/.local/share/marginalia/schemas"))
    }
}
