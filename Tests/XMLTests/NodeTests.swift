import Foundation
import Support
import Testing
import XML

@Suite struct NodeTests {
    private let document = try! Document(
        """
        <?pi?><TEI xmlns="urn:t" xmlns:p="urn:p" xml:id="top" xml:lang="en"><!-- c -->\
        <p>a<p:hi p:rend="x" rend="y">b</p:hi><?pi d?>c<hi xml:id=" h " xmlns="">d</hi></p><p>e</p></TEI>
        """)

    @Test func paths() {
        #expect(
            document.documentNode.descendants.map(\.path) == [
                "/processing-instruction(pi)[1]", "/TEI[1]", "/TEI[1]/comment()[1]", "/TEI[1]/p[1]",
                "/TEI[1]/p[1]/text()[1]",
                "/TEI[1]/p[1]/p:hi[1]", "/TEI[1]/p[1]/p:hi[1]/text()[1]", "/TEI[1]/p[1]/processing-instruction(pi)[1]",
                "/TEI[1]/p[1]/text()[2]", "/TEI[1]/p[1]/hi[1]", "/TEI[1]/p[1]/hi[1]/text()[1]", "/TEI[1]/p[2]",
                "/TEI[1]/p[2]/text()[1]",
            ])
        #expect(document.documentNode.path == "/")
    }

    @Test func attributes() throws {
        let hi = try #require(document.root.descendants.first { $0.isElement("hi", in: "urn:p") })
        #expect(hi.attribute("rend") == "y")
        #expect(hi.attribute("rend", in: "urn:p") == "x")
        #expect(hi.attribute("rend", in: "urn:t") == nil)
        #expect(hi.attribute("none") == nil)
        #expect(document.root.firstChild!.attributes.map(\.value) == [])
    }

    @Test func ids() throws {
        let hi = try #require(document.element(withID: "h"))
        #expect(hi.name == QName(localName: "hi"))
        #expect(hi.xmlID == "h")
        #expect(hi.firstChild?.nearestID == "h")
        #expect(hi.parent?.nearestID == "top")
        #expect(document.element(withID: "") == nil)
        #expect(document.element(withID: "nobody") == nil)
    }

    @Test func manyIDs() throws {
        let document = try Document("<a>\((0..<5000).map { "<b xml:id='i\($0)'/>" }.joined())</a>")
        for number in 0..<5000 { #expect(document.element(withID: "i\(number)")?.index == number + 2) }
    }

    @Test func namespaces() throws {
        let hi = try #require(document.element(withID: "h"))
        #expect(hi.namespaces == ["p": "urn:p"])
        #expect(hi.namespace(forPrefix: nil) == nil)
        #expect(hi.parent?.namespace(forPrefix: nil) == "urn:t")
        #expect(hi.namespace(forPrefix: "xml") == Namespace.xml)
        #expect(hi.namespace(forPrefix: "q") == nil)
    }

    /// Names, prefixes, ids and entities are the same if their code points are.
    @Test func codePoints() throws {
        let document = try Document(
            """
            <!DOCTYPE a [<!ENTITY \u{E9} "1"><!ENTITY e\u{301} "2">]><a xmlns:\u{E9}="urn:1" xmlns:e\u{301}="urn:2" \u{E9}="3" e\u{301}="4" \
            ><\u{E9}:b xml:id="\u{E9}">&\u{E9};</\u{E9}:b><e\u{301}:b xml:id="e\u{301}">&e\u{301};</e\u{301}:b></a>
            """)
        let root = document.root
        #expect(["\u{E9}", "e\u{301}"].map { root.namespace(forPrefix: $0) } == ["urn:1", "urn:2"])
        #expect(["\u{E9}", "e\u{301}"].map { root.attribute($0) } == ["3", "4"])
        #expect(["\u{E9}", "e\u{301}"].map { document.element(withID: $0)?.stringValue } == ["1", "2"])
        #expect(root.childElements.map(\.namespace) == ["urn:1", "urn:2"])
        #expect(
            try ["\u{E9}", "e\u{301}"].map { try Document("<e\u{301}/>").root.isElement($0, in: nil) } == [false, true])
        #expect(root.canonical.contains(" xmlns:e\u{301}=\"urn:2\" xmlns:\u{E9}=\"urn:1\""))
        #expect(root.canonical.contains(" e\u{301}=\"4\" \u{E9}=\"3\""))
        // An entity that is another file is reported in another way than one that is not declared at all.
        let rules = ["\u{E9}", "e\u{301}"].map { name in
            #expect(throws: Diagnostics.self) {
                try Document("<!DOCTYPE a [<!ENTITY \u{E9} SYSTEM 'x'>]><a>&\(name);</a>")
            }?.list.first?.rule
        }
        #expect(rules[0] != nil && rules[0] != rules[1])
    }

    /// The base of relative references, which an address on another machine changes too (XML Base, 4).
    @Test(arguments: [
        ("sub/", "", "d/sub/"), ("https://example.org/a/b", "", "https://example.org/a/b"),
        ("https://example.org/a/b", "../c/", "https://example.org/c/"), ("https://example.org/a", "file:///b/", "/b/"),
        ("https://example.org/a", "/b?c", "https://example.org/b?c"), ("//example.org/a", "b", "file://example.org/b"),
    ])
    func bases(_ outer: String, _ inner: String, _ expected: String) throws {
        let document = try Document("<a xml:base='\(outer)'><b xml:base='\(inner)'/></a>", path: "d/e.xml")
        let inner = try #require(document.root.firstChild)
        #expect(inner.baseURI == expected)
        #expect((Reference("f.png").path(relativeTo: inner.baseURI) == nil) == expected.contains("://"))
    }

    @Test func strings() {
        #expect(document.root.stringValue == "abcde")
        #expect(document.documentNode.stringValue == "abcde")
    }

    /// A node on its own brings what it inherits.
    @Test func canonicalSubsets() throws {
        let hi = try #require(document.element(withID: "h"))
        #expect(hi.canonical == "<hi xmlns:p=\"urn:p\" xml:id=\" h \" xml:lang=\"en\">d</hi>")
        let other = try #require(hi.parent?.childElements.first { _ in true })
        #expect(
            other.canonical
                == "<p:hi xmlns=\"urn:t\" xmlns:p=\"urn:p\" rend=\"y\" xml:lang=\"en\" p:rend=\"x\">b</p:hi>")
        #expect(try Document("<p b='2' a='1'>x<lb/></p>").root.canonical == "<p a=\"1\" b=\"2\">x<lb></lb></p>")
        #expect(
            try Document("<a>&lt;&gt;&amp;\"&#13;<b c='&lt;&gt;&#10;&quot;'/></a>").root.canonical
                == "<a>&lt;&gt;&amp;\"&#xD;<b c=\"&lt;>&#xA;&quot;\"></b></a>")
    }

    @Test func nodesOfDifferentDocuments() throws {
        let other = try Document("<TEI/>")
        #expect(other.root != document.root)
        #expect(!other.root.contains(document.root))
        #expect(Set([document.root, document.root, other.root]).count == 2)
    }
}

/// Places in long lines and wide elements, against what is counted one by one.
@Suite struct PlaceTests {
    @Test(arguments: ["a", "é", "漢", "𝄞", "aé漢𝄞"]) func columnsOfALongLine(_ letters: String) throws {
        for encoding in ["UTF-8", "ISO-8859-1"] where encoding == "UTF-8" || letters == "a" || letters == "é" {
            let part = String(repeating: letters, count: 3_001)
            let text =
                "<?xml version='1.0' encoding='\(encoding)'?>\n<r>" + (0..<20).map { "\(part)<p n='\($0)'/>" }.joined()
                + "\n\(part)<q/></r>"
            let bytes = encoding == "UTF-8" ? Array(text.utf8) : text.unicodeScalars.map { UInt8($0.value) }
            let document = try Document(bytes, path: "a.xml")
            let lines = text.split(separator: "\n")
            for (number, element) in document.root.descendants.filter({ $0.kind == .element }).enumerated() {
                let (line, tag) = number == 20 ? (3, "<q/>") : (2, "<p n='\(number)'/>")
                let before = try #require(lines[line - 1].range(of: tag)?.lowerBound)
                let place = element.location
                #expect(place.line == line && place.column == lines[line - 1][..<before].unicodeScalars.count + 1)
                #expect(bytes[place.byteOffset...].starts(with: tag.utf8))
            }
        }
    }

    @Test func pathsInAWideElement() throws {
        let names = ["p", "q", "p", "a:p", "q"]
        let document = try Document(
            "<r xmlns:a='urn:a'>" + (0..<2_000).map { "x<!--c--><\(names[$0 % 5])/><?i?>" }.joined() + "</r>")
        var counts: [String: Int] = [:]
        for child in document.root.children {
            let name =
                child.kind == .element || child.kind == .processingInstruction
                ? "\(child.kind) \(child.name?.description ?? child.localName)" : "\(child.kind)"
            counts[name, default: 0] += 1
            #expect(child.path.hasSuffix("[\(counts[name]!)]"))
        }
    }

    /// The path in a file that was included whole begins at its outermost element.
    @Test func pathsInIncludedFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "a.xml",
            "<?xml version='1.0'?><!DOCTYPE a [<!ELEMENT a ANY><!-- > -->]><!-- <x> --><a><b/><b xml:id='two'><c/></b></a>"
        )
        let main = try folder.write(
            "r.xml",
            "<r xmlns:xi='http://www.w3.org/2001/XInclude'><x/><xi:include href='a.xml'/><xi:include href='a.xml' xpointer='two'/></r>"
        )
        let document = try Document(contentsOfFile: main).resolvingXInclude(FileAccess(root: folder.path))
        let paths = document.root.descendants.filter { $0.kind == .element }.map(\.pathInFile)
        #expect(
            paths == [
                "/r[1]/x[1]", "/a[1]", "/a[1]/b[1]", "/a[1]/b[2]", "/a[1]/b[2]/c[1]", "/r[1]/b[1]", "/r[1]/b[1]/c[1]",
            ])
    }
}
