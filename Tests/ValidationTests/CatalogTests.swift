import Foundation
import Support
import Testing
import Validation
import XML

private func catalog(_ entries: String, attributes: String = "") -> String {
    "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog' \(attributes)>\(entries)</catalog>"
}

@Suite struct CatalogTests {
    /// What an address comes to, relative to the catalog's folder.
    private func resolve(
        _ uri: String, _ entries: String, attributes: String = "", _ others: [String: String] = [:]
    ) throws -> String? {
        let scratch = try TemporaryFolder(others)
        try scratch.write("c.xml", catalog(entries, attributes: attributes))
        return relative(try Catalog(contentsOfFile: scratch.path("c.xml")).resolve(uri: uri), scratch)
    }

    private func resolve(
        public publicID: String?, system: String?, _ entries: String, attributes: String = "",
        _ others: [String: String] = [:]
    ) throws -> String? {
        let scratch = try TemporaryFolder(others)
        try scratch.write("c.xml", catalog(entries, attributes: attributes))
        return relative(
            try Catalog(contentsOfFile: scratch.path("c.xml")).resolve(publicID: publicID, systemID: system), scratch)
    }

    private func relative(_ path: String?, _ scratch: TemporaryFolder) -> String? {
        path.map { $0.hasPrefix(scratch.path + "/") ? String($0.dropFirst(scratch.path.count + 1)) : $0 }
    }

    @Test(
        arguments: [
            ("<uri name='http://x.org/a.rng' uri='a.rng'/>", "a.rng"),
            ("<uri name='http://x.org/a.rng' uri='b/../c%20d.rng'/>", "c d.rng"),
            ("<uri name='http://x.org/b.rng' uri='a.rng'/>", nil),
            (
                "<uri name='http://x.org/a.rng' uri='first.rng'/><uri name='http://x.org/a.rng' uri='second.rng'/>",
                "first.rng"
            ),
            ("<uri name='http://x.org/a.rng' uri='file:///absolute/a.rng'/>", "/absolute/a.rng"),
            ("<uri name='http://x.org/a.rng' uri='/absolute/a.rng'/>", "/absolute/a.rng"),
            // Nothing leads to a network.
            ("<uri name='http://x.org/a.rng' uri='https://y.org/a.rng'/>", nil),
            ("<rewriteURI uriStartString='http://x.org/' rewritePrefix='local/'/>", "local/a.rng"),
            (
                "<rewriteURI uriStartString='http://x.org/' rewritePrefix='short/'/><rewriteURI uriStartString='http://x.org/a' rewritePrefix='long/b'/>",
                "long/b.rng"
            ),
            ("<uriSuffix uriSuffix='.rng' uri='short.rng'/><uriSuffix uriSuffix='/a.rng' uri='long.rng'/>", "long.rng"),
            (
                "<uriSuffix uriSuffix='/a.rng' uri='suffix.rng'/><rewriteURI uriStartString='http://x.org/' rewritePrefix='start/'/>",
                "start/a.rng"
            ),
            (
                "<rewriteURI uriStartString='http://x.org/' rewritePrefix='start/'/><uri name='http://x.org/a.rng' uri='exact.rng'/>",
                "exact.rng"
            ),
            ("<system systemId='http://x.org/a.rng' uri='system.rng'/>", nil),
            // Groups, bases, extensions.
            (
                "<group xml:base='sub/'><uri name='http://x.org/a.rng' uri='a.rng' xml:base='deep/'/></group>",
                "sub/deep/a.rng"
            ),
            ("<group xml:base='https://y.org/'><uri name='http://x.org/a.rng' uri='a.rng'/></group>", nil),
            ("<group xml:base='file:///base/x'><uri name='http://x.org/a.rng' uri='a.rng'/></group>", "/base/a.rng"),
            ("<e:uri xmlns:e='urn:e'><uri name='http://x.org/a.rng' uri='a.rng'/></e:uri>", nil),
            ("<uri e:x='y' xmlns:e='urn:e' name='http://x.org/a.rng' uri='a.rng' id='i'/>", "a.rng"),
        ] as [(String, String?)])
    func addresses(_ entries: String, _ expected: String?) throws {
        #expect(try resolve("http://x.org/a.rng", entries) == expected)
    }

    /// Characters that no URI may hold are the same written out and in hexadecimal (6.3).
    @Test func normalisation() throws {
        #expect(try resolve("http://x.org/é b.rng", "<uri name='http://x.org/%C3%A9%20b.rng' uri='a.rng'/>") == "a.rng")
        #expect(try resolve("http://x.org/%C3%A9%20b.rng", "<uri name='http://x.org/é b.rng' uri='a.rng'/>") == "a.rng")
        #expect(
            try resolve("http://x.org/d e", "<rewriteURI uriStartString='http://x.org/' rewritePrefix='f é/'/>")
                == "f é/d e")
        let wrapped = "urn:publicid:-:OASIS:DTD+a%3Ab;c+%252F:EN"
        #expect(try resolve(wrapped, "<public publicId='-//OASIS//DTD  a:b::c %2F//EN' uri='a.rng'/>") == "a.rng")
        #expect(
            try resolve(
                public: nil, system: wrapped, "<public publicId=' -//OASIS//DTD a:b::c %2F//EN ' uri='a.rng' />")
                == "a.rng")
    }

    /// Addresses, identifiers and files that look the same are two.
    @Test func codePoints() throws {
        let scratch = try TemporaryFolder([
            "c.xml": catalog("<nextCatalog catalog='\u{E9}.xml'/><nextCatalog catalog='e\u{301}.xml'/>")
        ])
        for (name, number) in [("\u{E9}", 1), ("e\u{301}", 2)] {
            try scratch.write(
                "\(name).xml",
                catalog(
                    """
                    <uri name='http://x.org/\(name)' uri='uri\(number)'/><public publicId='\(name)' uri='public\(number)'/>
                    <delegatePublic publicIdStartString='\(name)' catalog='d\(number).xml'/>
                    """))
            try scratch.write("d\(number).xml", catalog("<public publicId='\(name)x' uri='delegated\(number)'/>"))
        }
        let found = try Catalog(contentsOfFile: scratch.path("c.xml"))
        for (name, number) in [("\u{E9}", 1), ("e\u{301}", 2)] {
            #expect(found.resolve(uri: "http://x.org/\(name)") == scratch.path("uri\(number)"))
            #expect(found.resolve(publicID: name, systemID: nil) == scratch.path("public\(number)"))
            #expect(found.resolve(publicID: name + "x", systemID: nil) == scratch.path("delegated\(number)"))
        }
    }

    @Test(
        arguments: [
            ("<system systemId='s.dtd' uri='s'/><public publicId='P' uri='p'/>", "", "s"),
            ("<public publicId='P' uri='p'/>", "", "p"),
            ("<public publicId='P' uri='p'/>", "prefer='system'", nil),
            ("<group prefer='public'><public publicId='P' uri='p'/></group>", "prefer='system'", "p"),
            ("<rewriteSystem systemIdStartString='s' rewritePrefix='r'/>", "", "r.dtd"),
            ("<systemSuffix systemIdSuffix='.dtd' uri='suffix'/>", "", "suffix"),
            ("<uri name='s.dtd' uri='u'/>", "", nil),
            (
                "<delegateSystem systemIdStartString='s' catalog='system.xml'/><public publicId='P' uri='p'/>", "",
                "by-system"
            ),
            ("<delegatePublic publicIdStartString='P' catalog='system.xml'/>", "", "by-public"),
            ("<delegatePublic publicIdStartString='P' catalog='system.xml'/>", "prefer='system'", nil),
            ("<delegateSystem systemIdStartString='s' catalog='empty.xml'/><public publicId='P' uri='p'/>", "", nil),
        ] as [(String, String, String?)])
    func externalIdentifiers(_ entries: String, _ attributes: String, _ expected: String?) throws {
        let others = [
            "system.xml": catalog("<system systemId='s.dtd' uri='by-system'/><public publicId='P' uri='by-public'/>"),
            "empty.xml": catalog(""),
        ]
        #expect(try resolve(public: "P", system: "s.dtd", entries, attributes: attributes, others) == expected)
        #expect(
            try resolve(public: "P", system: nil, "<public publicId='P' uri='p'/>", attributes: "prefer='system'")
                == "p")
    }

    @Test func delegationAsksTheLongestFirstAndNobodyElse() throws {
        let entries = """
            <delegateURI uriStartString='http://x.org/' catalog='short.xml'/><delegateURI uriStartString='http://x.org/a' catalog='long.xml'/>
            <delegateURI uriStartString='http://x' catalog='https://y.org/catalog.xml'/><nextCatalog catalog='next.xml'/>
            """
        let others = [
            "short.xml": catalog("<uriSuffix uriSuffix='' uri='short'/>"),
            "long.xml": catalog("<uri name='http://x.org/a.rng' uri='long'/>"),
            "next.xml": catalog("<uriSuffix uriSuffix='' uri='next'/>"),
        ]
        #expect(try resolve("http://x.org/a.rng", entries, others) == "long")
        #expect(try resolve("http://x.org/b.rng", entries, others) == "short")
        #expect(try resolve("http://y.org/b.rng", entries, others) == "next")
        #expect(try resolve("http://x2.org/b.rng", entries, others) == nil)
    }

    @Test func nextCatalogsAreAskedInTheirOrderAndLoopsEnd() throws {
        let others = [
            "one.xml": catalog("<nextCatalog catalog='three.xml'/><nextCatalog catalog='c.xml'/>"),
            "two.xml": catalog(
                "<uri name='http://x.org/a.rng' uri='two'/><delegateURI uriStartString='http://loop' catalog='two.xml'/>"
            ),
            "three.xml": catalog("<uri name='http://x.org/a.rng' uri='three'/>"),
        ]
        let entries =
            "<nextCatalog catalog='one.xml'/><nextCatalog catalog='two.xml'/><nextCatalog catalog='https://y.org/c.xml'/>"
        #expect(try resolve("http://x.org/a.rng", entries, others) == "three")
        #expect(try resolve("http://nosuch.org", entries, others) == nil)
        #expect(try resolve("http://loop.org", entries, others) == nil)
    }

    @Test(arguments: [
        ("<catalog/>", "catalog-root"), ("<catalog", "xml-tag-unfinished"), (catalog("<nosuch/>"), "catalog-element"),
        (catalog("<uri name='a'/>"), "catalog-attribute"), (catalog("<nextCatalog/>"), "catalog-attribute"),
        (catalog("<group prefer='x'/>"), "catalog-attribute"),
        (catalog("<nextCatalog catalog='nosuch.xml'/>"), "file-missing"),
        (catalog("<nextCatalog catalog='broken.xml'/>"), "catalog-root"),
    ])
    func brokenCatalogs(_ text: String, _ rule: String) throws {
        let scratch = try TemporaryFolder(["c.xml": text, "broken.xml": "<x/>"])
        let error = #expect(throws: Diagnostics.self) { try Catalog(contentsOfFile: scratch.path("c.xml")) }
        #expect(error?.list.map(\.rule) == [rule])
        #expect(error?.list.first?.location?.file == scratch.path("c.xml"))
    }

    @Test func groupsMayNotBeUsedToExhaustTheStack() throws {
        let deep =
            String(repeating: "<group>", count: 200) + "<uri name='http://x.org/a.rng' uri='a'/>"
            + String(repeating: "</group>", count: 200)
        #expect(try resolve("http://x.org/a.rng", deep) == "a")
    }
}

@Suite struct AssociationTests {
    private func associations(_ prolog: String) throws -> [String] {
        SchemaAssociation.all(of: try Document(prolog + "<p/>", path: "folder/a.xml")).used.map(\.href)
    }

    @Test(arguments: [
        (
            #"<?xml-model href="s.rng" type="application/xml" schematypens="http://relaxng.org/ns/structure/1.0"?>"#,
            ["s.rng"]
        ),
        (#"<?xml-model href='s.rnc' type='application/relax-ng-compact-syntax'?>"#, ["s.rnc"]),
        (
            #"<?xml-model href='s' type='application/relax-ng-compact-syntax'?><?xml-model href="t.rng"?>"#,
            ["s", "t.rng"]
        ),
        (#"<?xml-model href="s.sch" schematypens="http://purl.oclc.org/dsdl/schematron"?>"#, ["s.sch"]),
        (
            #"<?xml-model href="s.rng"?><?xml-model href="s.rng" schematypens="http://purl.oclc.org/dsdl/schematron"?>"#,
            ["s.rng"]
        ),
        (#"<?xml-model href="s.xsd"?><?xml-model href="s.dtd"?><?xml-model href="s" type="application/xml-dtd"?>"#, []),
        (#"<?xml-model?><?xml-model href?><?xml-model href="?><?other href="s.rng"?>"#, []),
    ])
    func byInstruction(_ prolog: String, _ hrefs: [String]) throws {
        #expect(try associations(prolog) == hrefs)
    }

    private func path(_ href: String, _ resolver: SchemaResolver = SchemaResolver()) throws -> String {
        let document = try Document("<?xml-model href='\(href)'?><p/>", path: "folder/a.xml")
        return try resolver.path(of: SchemaAssociation.all(of: document).used[0], within: FileAccess(root: "."))
    }

    @Test func filesLieWhereTheReferenceSays() throws {
        #expect(try path("../s.rng") == "s.rng")
        #expect(try path("a%20b%25.rng") == "folder/a b%.rng")
        let error = #expect(throws: Diagnostics.self) { try path("../../s.rng") }
        #expect(error?.list.map(\.rule) == ["file-outside-root"])
    }

    @Test func addressesAreNotFetched() throws {
        let error = #expect(throws: Diagnostics.self) { try path("https://example.org/s.rng") }
        let found = try #require(error?.list.first)
        #expect(found.severity == .error && found.location?.line == 1)
        for way in ["--schema", "--catalog", "marginalia schema add https://example.org/s.rng"] {
            #expect(found.help?.contains(way) == true)
        }
    }

    @Test func catalogsCountBeforeTheReferenceItself() throws {
        let scratch = try TemporaryFolder([
            "c.xml": catalog(
                """
                <uri name='https://example.org/s.rng' uri='s.rng'/><system systemId='https://example.org/t.rng' uri='t.rng'/>
                <uri name='local.rng' uri='l.rng'/>
                """)
        ])
        let resolver = SchemaResolver(catalog: try Catalog(contentsOfFile: scratch.path("c.xml")))
        #expect(try path("https://example.org/s.rng", resolver) == scratch.path("s.rng"))
        #expect(try path("https://example.org/t.rng", resolver) == scratch.path("t.rng"))
        #expect(try path("local.rng", resolver) == scratch.path("l.rng"))
        #expect(resolver.path(of: "s.rng", relativeTo: "https://example.org/u.rng") == scratch.path("s.rng"))
        #expect(resolver.path(of: "x.rng", relativeTo: "https://example.org/u.rng") == nil)
        #expect(resolver.path(of: "x.rng", relativeTo: "folder/u.rng") == "folder/x.rng")
        #expect(try resolver.path(named: "https://example.org/s.rng") == scratch.path("s.rng"))
        #expect(try resolver.path(named: "a b%20#.rng") == "a b%20#.rng")
    }
}
