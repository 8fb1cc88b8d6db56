import Testing
@testable import XML
@testable import XPath

@Suite struct CollationTests {
    private let ascii = StringCollation(
        uri: "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive")!

    private func unicode(_ parameters: String) -> StringCollation? {
        StringCollation(uri: "http://www.w3.org/2013/collation/UCA?" + parameters)
    }

    @Test func codepoints() {
        let collation = StringCollation.codepoint
        #expect(!collation.equals("é", "e\u{301}"))
        #expect(
            collation.compare("\u{FFFF}", "\u{10000}") < 0 && collation.compare("ab", "a") > 0
                && collation.compare("", "") == 0)
        #expect(collation.range(of: "\u{301}", in: "e\u{301}x") == 1..<3)
        #expect(collation.hasPrefix("e\u{301}", "e") && collation.hasSuffix("xe\u{301}", "\u{301}"))
    }

    @Test func withoutASCIICase() {
        #expect(ascii.equals("Ré", "rÉ") == false && ascii.equals("RECTO", "recto") && ascii.compare("a", "B") < 0)
        #expect(
            ascii.range(of: "CT", in: "recto") == 2..<4 && ascii.hasPrefix("Recto", "rE")
                && ascii.hasSuffix("recto", "TO"))
    }

    @Test func strengths() throws {
        let (primary, secondary, tertiary) = (
            try #require(unicode("strength=primary")), try #require(unicode("lang=en;strength=2")),
            try #require(unicode(""))
        )
        #expect(primary.equals("a", "Á") && !primary.equals("a", "b"))
        #expect(secondary.equals("a", "A") && !secondary.equals("a", "á") && secondary.compare("áb", "ac") < 0)
        #expect(tertiary.compare("a", "A") < 0 && tertiary.compare("A", "á") < 0 && tertiary.equals("é", "e\u{301}"))
        #expect(primary.range(of: "ta", in: "dâtâb") == 3..<6)
    }

    @Test func unknown() {
        #expect(StringCollation(uri: "http://example.org/") == nil)
        #expect(unicode("fallback=no") == nil)
    }
}

@Suite struct ByteSearchTests {
    @Test func likeTheNaiveSearch() {
        for _ in 0..<5000 {
            let string = (0..<Int.random(in: 0...200)).map { _ in UInt8.random(in: 0...2) }
            let part = (0..<Int.random(in: 0...9)).map { _ in UInt8.random(in: 0...1) }
            let start = Int.random(in: 0...string.count)
            let expected = (start...max(start, string.count)).first { string.dropFirst($0).starts(with: part) }
            #expect(string.span.firstOffset(of: part.span, from: start) == expected, "\(string) \(part) \(start)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func timeIsLinear() {
        let string = Array(repeating: UInt8(ascii: "a"), count: 1_000_000)
        let part =
            Array(repeating: UInt8(ascii: "a"), count: 100_000) + [UInt8(ascii: "b")]
            + Array(repeating: UInt8(ascii: "a"), count: 100_000)
        #expect(string.span.firstOffset(of: part.span) == nil)
    }
}

@Suite struct URIReferenceTests {
    /// RFC 3986, 5.4.
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), (";x", "http://a/b/c/;x"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ])
    func resolving(_ reference: String, _ expected: String) {
        #expect(URIReference(reference).resolved(against: URIReference("http://a/b/c/d;p?q"))?.description == expected)
    }

    @Test func bases() {
        #expect(URIReference("x").resolved(against: URIReference("http://a"))?.description == "http://a/x")
        #expect(URIReference("x").resolved(against: URIReference("urn:isbn:1")) == nil)
        #expect(URIReference("../x.txt").resolved(against: URIReference("/a/b/c.xml"))?.description == "/a/x.txt")
        #expect(URIReference("x").resolved(against: URIReference("c.xml"))?.description == "x")
    }
}

/// What the W3C's suite does not try.
@Suite struct StringFunctionTests {
    private func strings(_ expression: String) throws -> [String] { try Document("<a/>").select(expression).strings }

    @Test(arguments: [
        ("normalize-space(' a\n\tb ')", "a b"), ("normalize-space('a b')", "a b"),
        ("normalize-space('é  e\u{301}')", "é e\u{301}"),
        ("substring('😀aé', 2)", "aé"), ("substring('abc', 0, 2)", "a"), ("substring('abc', 1.5, 1.4)", "b"),
        ("string-length('e\u{301}')", "2"),
        ("translate('e\u{301}a', 'ea', 'x')", "x\u{301}"), ("upper-case('straße')", "STRASSE"),
        ("lower-case('ÄΣ')", "äσ"), ("encode-for-uri('ä/ ')", "%C3%A4%2F%20"),
        ("contains('é', 'e')", "false"), ("substring-after('e\u{301}x', '\u{301}')", "x"),
        ("tokenize(' a  b ')[2]", "b"), ("replace('aé', 'é', '')", "a"),
        ("analyze-string('a<b', '<')/*[2]", "<"),
        ("string(analyze-string(codepoints-to-string((97, 13, 98)), 'b'))", "a\rb"),
    ])
    func values(_ expression: String, _ expected: String) throws {
        #expect(try strings(expression).map { Array($0.unicodeScalars) } == [Array(expected.unicodeScalars)])
    }

    /// What a group captured in an earlier turn stands before what one around it captured in the last.
    @Test func analyzingTurns() throws {
        let result = try Document("<a/>").select("analyze-string('abx', '((a)|b)+')/*/*/@nr/string()")
        #expect(result.strings == ["2", "1"])
    }

    @Test func textsAreReadOnlyWhereAllowed() throws {
        #expect(#expect(throws: XPathError.self) { try strings("unparsed-text('/etc/hostname')") }?.code == "FOUT1170")
        #expect(try strings("unparsed-text-available('/etc/hostname')") == ["false"])
        #expect(try strings("available-environment-variables()") == [])
    }

    @Test func encodings() throws {
        var resources = XPath.Resources()
        resources.text = { address throws(Diagnostics) in
            address.hasSuffix("latin1")
                ? [0xE9, 0x0D, 0x0A, 0x61] : address.hasSuffix("utf16") ? [0xFE, 0xFF, 0x00, 0xE9] : [0xC3, 0xA9]
        }
        func strings(_ expression: String) throws -> [String] {
            try XPath(expression).evaluate(resources: resources).strings
        }
        #expect(try strings("unparsed-text('file:/utf8')") == ["é"])
        #expect(try strings("unparsed-text('file:/utf16')") == ["é"])
        #expect(try strings("unparsed-text-lines('file:/latin1', 'iso-8859-1')") == ["é", "a"])
        #expect(#expect(throws: XPathError.self) { try strings("unparsed-text('file:/latin1')") }?.code == "FOUT1200")
        #expect(
            #expect(throws: XPathError.self) { try strings("unparsed-text('file:/utf8', 'klingon')") }?.code
                == "FOUT1190")
    }
}
