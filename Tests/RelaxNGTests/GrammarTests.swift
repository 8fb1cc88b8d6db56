import Foundation
@testable import RelaxNG
import Support
import Testing
@testable import Validation
import XML

private func schema(_ compact: String) throws -> Schema {
    try Schema(Array(compact.utf8), path: "memory.rnc")
}

/// What is found in the tree, which is the same as is found while reading.
private func found(_ compact: String, _ xml: String) throws -> [Diagnostic] {
    let folder = try TemporaryFolder(["document.xml": xml])
    let schema = try schema(compact)
    let document = try Document(xml, path: folder.path("document.xml"))
    let found = schema.validate(document)
    #expect(try schema.validate(streaming: folder.path("document.xml")) == (document.diagnostics + found).inSourceOrder)
    return found
}

private func brief(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map { "\($0.location!.line):\($0.location!.column) \($0.message) | \($0.help ?? "")" }
}

/// What is said of a mistake, and that it is said once.
@Suite struct GrammarMessageTests {
    private static let letter = """
        default namespace = "urn:l"
        start = element letter { attribute kind { "memo" | "cable" }?, head, opener?, (p | items)+, closer? }
        head = element head { text }
        opener = element opener { element date { attribute when { xsd:date }, text } }
        p = element p { attribute xml:id { xsd:NCName }?, (text | element name { attribute ref { text }, text })* }
        items = element list { attribute n { xsd:nonNegativeInteger }?, element item { text }+ }
        closer = element closer { empty }
        """

    @Test(arguments: [
        ("<head>h</head><p>x</p>", []),
        (
            "<head>h</head><para>x</para>",
            ["1:37 the schema has no element <para> | use <opener>, <p> or <list>, or remove it"]
        ),
        ("<haed>h</haed><p>x</p>", ["1:23 the schema has no element <haed> | did you mean <head>?"]),
        ("<p>x</p>", ["1:23 <head> is missing before <p> | add it here: <letter> must have it at this place"]),
        ("<head>h</head>", ["1:37 <letter> ends too early: <p> or <list> is missing | add one before </letter>"]),
        (
            "<head>h</head><p>x</p><opener><date when='1999-01-01'/></opener>",
            [
                "1:45 <opener> is not allowed at this place in <letter> | move it up, or remove it: from here on <p>, <list> or <closer> may stand"
            ]
        ),
        (
            "<head>h</head><p>x<p>y</p></p>",
            ["1:41 <p> is not allowed in <p> | end <p> before it: <p> is allowed after </p>"]
        ),
        (
            "<head>h</head><p>x</p><name ref='#a'>y</name>",
            ["1:45 <name> is not allowed in <letter> | put it into <p>, which is allowed here"]
        ),
        ("<head>h</head><p>x</p>words", ["1:45 text is not allowed here in <letter> | put it into <p>"]),
        (
            "<head n='1'>h</head><p>x</p>",
            ["1:29 @n is not allowed on <head> | <head> may have no further attribute; @n is for <list>"]
        ),
        ("<head>h</head><p><name rfe='#a'>y</name></p>", ["1:46 @rfe is not allowed on <name> | did you mean @ref?"]),
        ("<head>h</head><p><name>y</name></p>", ["1:40 <name> needs @ref | add it to the start tag"]),
        ("<head>h</head><p id='a'>y</p>", ["1:40 @id is not allowed on <p> | did you mean @xml:id?"]),
        (
            "<head>h</head><list n='-1'><item/></list>",
            ["1:43 @n=\"-1\" is not allowed on <list> | it must be at least 0"]
        ),
        (
            "<head>h</head><opener><date when='1999-02-30'>x</date></opener><p/>",
            [
                "1:51 @when=\"1999-02-30\" is not allowed on <date> | there is no day 30: February 1999 has 28 days"
            ]
        ),
        (
            "<head>h</head><list/><list/>",
            [
                "1:37 <list> ends too early: <item> is missing | add it before </list>",
                "1:44 <list> ends too early: <item> is missing | add it before </list>",
            ]
        ),
        (
            "<head>h</head><strange><item>x</item><p n='1'>y</p></strange><p/>",
            [
                "1:37 the schema has no element <strange> | use <opener>, <p> or <list>, or remove it",
                "1:63 @n is not allowed on <p> | <p> may have @xml:id; @n is for <list>",
            ]
        ),
    ])
    func mistakes(_ content: String, _ expected: [String]) throws {
        #expect(try brief(found(Self.letter, "<letter xmlns='urn:l'>\(content)</letter>")) == expected)
    }

    @Test func values() throws {
        let misspelt = try found(Self.letter, "<letter xmlns='urn:l' kind='mmeo'><head/><p/></letter>")
        #expect(brief(misspelt) == ["1:23 @kind=\"mmeo\" is not allowed on <letter> | did you mean \"memo\"?"])
        #expect(misspelt[0].expected == ["\"memo\"", "\"cable\""])
    }

    @Test func namespaces() throws {
        let wrong = try found(Self.letter, "<letter xmlns='urn:m'><head/><p/><nosuch/></letter>")
        #expect(wrong.map(\.rule) == ["grammar-namespace", "grammar-element-unknown"])
        #expect(wrong[0].message == "<letter> is in the namespace ‘urn:m’, and the schema has it in ‘urn:l’")
        let none = try found(Self.letter, "<letter><head/><p/></letter>")
        #expect(none.map(\.message) == ["<letter> is in no namespace, and the schema has it in ‘urn:l’"])
    }

    @Test func whatWasExpectedIsInTheSchemasOrder() throws {
        let found = try found(
            "start = element a { (element z { empty } | element b { empty } | text), element c { empty } }",
            "<a><q/></a>")
        #expect(found.first?.expected == ["<z>", "<b>", "<c>", "text"])
    }

    /// A child where a value should be is one mistake, not also a value that is missing.
    @Test func aChildInPlaceOfAValue() throws {
        #expect(try found("start = element a { xsd:int }", "<a>\n<b/> </a>").map(\.rule) == ["grammar-element-unknown"])
    }

    /// Text that would be a value if no child followed is where it is written, and of its own element.
    @Test func aChildBehindAValue() throws {
        let found = try found(
            "start = element a { attribute xml:id { xsd:ID }, element v { xsd:int } }",
            "<a xml:id='i'><v>\n 1 <a xml:id='i'><v>2</v></a></v></a>"
        )
        #expect(found.map(\.rule) == ["grammar-text", "grammar-element"])
        #expect(found.map { $0.location?.line } == [2, 2])
        #expect(found.map { $0.location?.column } == [2, 4])
        #expect(found.map(\.path) == ["/a[1]/v[1]", "/a[1]/v[1]/a[1]"])
    }

    /// A value is told of where it begins, and an empty one at the end tag.
    @Test func theTextOfAValue() throws {
        #expect(try brief(found("start = element a { xsd:int }", "<a>\n  x</a>")).first?.hasPrefix("2:3 ") == true)
        #expect(try brief(found("start = element a { xsd:int }", "<a>\n</a>")).first?.hasPrefix("2:1 ") == true)
        let long = String(repeating: " ", count: 100_000)
        #expect(
            try found("start = element a { xsd:int }", "<a>\n\(long)x\(long)</a>").map { $0.location?.column } == [
                100_001
            ])
        #expect(try found("start = element a { xsd:int }", "<a>\nx\(long)</a>").map { $0.location?.column } == [1])
    }

    @Test func placesOfAMistake() throws {
        let found = try found(
            Self.letter, "<letter xmlns='urn:l'><head/><p xml:id='p1'>\n<name ref='a'><p/></name></p></letter>")
        #expect(found.map(\.path) == ["/letter[1]/p[1]/name[1]/p[1]"])
        #expect(found.map(\.id) == ["p1"])
    }

    /// Several definitions fit the name, and only the content tells which: the end tag decides.
    @Test func ambiguity() throws {
        let grammar = """
            start = element a { (element b { element c { empty } }, element x { empty })
                              | (element b { element d { empty } }, element y { empty }) }
            """
        #expect(try found(grammar, "<a><b><c/></b><x/></a>").isEmpty)
        #expect(try found(grammar, "<a><b><d/></b><y/></a>").isEmpty)
        #expect(try found(grammar, "<a><b><d/></b><x/></a>").count == 1)
        #expect(try found(grammar, "<a><b/><x/></a>").count == 1)
    }

    /// In a mixture of twenty elements in any order the states are made as they are needed.
    @Test func interleaving() throws {
        let elements = (0..<20).map { "element e\($0) { empty }" }.joined(separator: " & ")
        let content = (0..<20).reversed().map { "<e\($0)/>" }
        #expect(try found("start = element a { \(elements) }", "<a>\(content.joined())</a>").isEmpty)
        #expect(
            try found("start = element a { \(elements) }", "<a>\(content.dropLast().joined())</a>").map(\.rule) == [
                "grammar-element-missing"
            ])
    }

    /// A definition that is used twice by the next, forty times over, is walked once and not 2^40 times.
    @Test func definitionsThatDouble() throws {
        let doubled = (1...40).map { "d\($0) = d\($0 - 1) | (d\($0 - 1), d\($0 - 1))" }.joined(separator: "\n")
        let grammar = "start = element a { d40 }\nd0 = element b { empty }\n\(doubled)"
        let start = ContinuousClock.now
        #expect(try found(grammar, "<a><b/><b/><b/></a>").isEmpty)
        #expect(try found(grammar, "<a/>").map(\.rule) == ["grammar-element-missing"])
        let attributes = (1...40).map {
            "d\($0) = d\($0 - 1) | (d\($0 - 1), e\($0))\ne\($0) = attribute e\($0) { text }"
        }.joined(separator: "\n")
        #expect(
            try found("start = element a { d40 }\nd0 = attribute b { text }\n\(attributes)", "<a/>").map(\.rule) == [
                "grammar-attribute-missing"
            ])
        #expect(start.duration(to: .now) < .seconds(20))
    }

    /// Of thousands of mistakes the first 10,000 are listed, and all are counted.
    @Test(.inRelease) func moreThanCanBeListed() throws {
        let document = "<a>" + String(repeating: "<bad/>\n", count: 12_000) + "</a>"
        let diagnostics = try found("start = element a { text }", document)
        #expect(diagnostics.count == 10_001)
        #expect(
            diagnostics.last.map { brief([$0]) } == [
                "10001:1 2000 more errors of the schema from here on are not listed: of one file 10000 are | correct those before, and validate again"
            ])
        #expect(Report(diagnostics: diagnostics).summary == "1 file: 12000 errors, 0 warnings")
        #expect(try found("start = element a { text }", document).count == 10_001)
        // So is what points at nothing.
        let pointers = "<a>" + (0..<12_000).map { "<b r='x\($0)'/>" }.joined(separator: "\n") + "</a>"
        let dangling = try found(
            "start = element a { element b { attribute i { xsd:ID }?, attribute r { xsd:IDREF } }* }", pointers)
        #expect(dangling.count == 10_001 && Report(diagnostics: dangling).summary == "1 file: 12000 errors, 0 warnings")
    }

    /// Thousands of prefixes take no longer than their number.
    @Test(.inRelease) func manyPrefixes() throws {
        let elements = (0..<8_000).map { "<p\($0):b xmlns:p\($0)='urn:\($0)'/>" }.joined()
        let start = ContinuousClock.now
        #expect(try found("start = element a { element * { empty }* }", "<a>\(elements)</a>").isEmpty)
        #expect(
            try found("start = element a { element * { empty }* }", "<a>\(elements)<b x='1'/></a>").map(\.rule) == [
                "grammar-attribute"
            ])
        #expect(start.duration(to: .now) < .seconds(90))
    }

    /// The same mistake is explained in the same words in each element and document, whatever was explained before.
    @Test func explanationsDependOnTheDocument() throws {
        let schema = try schema(
            """
            namespace s = "urn:s"
            start = element a { (element s:b { empty } | element c { empty })* }
            """)
        let plain = try Document("<a><x/></a>", path: "memory.xml"),
            prefixed = try Document("<a xmlns:p='urn:s'><p:b/><x/></a>", path: "memory.xml")
        let expected = [["<Q{urn:s}b>", "<c>"], ["<p:b>", "<c>"]]
        for _ in 0..<2 { #expect([plain, prefixed].map { schema.validate($0)[0].expected } == expected) }
        // Among those that would do, the ones that the document has already are named.
        let grammar =
            "start = element a { (p | q)* }\np = element p { text }\nq = element q { r* }\nr = element r { text }"
        #expect(try found(grammar, "<a>text</a>").map(\.help) == ["put it into <p>"])
        let wrappers =
            "start = element a { (p | q)* }\np = element p { r* }\nq = element q { r* }\nr = element r { text }"
        #expect(try found(wrappers, "<a><q/><r/></a>").map(\.help) == ["put it into <q>, which is allowed here"])
        #expect(try found(wrappers, "<a><p/><r/></a>").map(\.help) == ["put it into <p>, which is allowed here"])
    }

    /// Unseen characters are named, and so are the code points of words that look alike.
    @Test(arguments: [
        (
            "element a { attribute t { string \"p q\" } }", "<a t='p&#10;q'/>",
            "1:4 @t=\"p<U+000A>q\" is not allowed on <a> | did you mean \"p q\"?"
        ),
        (
            "element a { xsd:NCName }", "<a/>",
            "1:1 <a> must not be empty | it is empty: give it a value, or leave it out"
        ),
        (
            "element a { xsd:NCName }", "<a>p\u{A0}q</a>",
            "1:4 <a> cannot hold \"p<U+00A0>q\" | there is white space within it"
        ),
        (
            "element a { xsd:NCName }", "<a>p\u{AD}q</a>",
            "1:4 <a> cannot hold \"p<U+00AD>q\" | U+00AD (SOFT HYPHEN) may not stand in a name"
        ),
        (
            "element a { xsd:token { pattern = \"\\P{C}+\" } }", "<a>x\u{200D}</a>",
            "1:4 <a> cannot hold \"x<U+200D>\" | its character 2, U+200D (ZERO WIDTH JOINER), does not fit: it must match \\P{C}+"
        ),
        (
            "element a { attribute \u{E9} { text }? }", "<a e\u{301}='x'/>",
            "1:4 @e\u{301} is not allowed on <a> | did you mean @\u{E9} with U+00E9, and not with U+0301?"
        ),
        (
            "element a { element b { empty } | element c { empty } }", "<a/>",
            "1:1 <a> ends too early: <b> or <c> is missing | add one before </a>"
        ),
    ]) func unseen(_ grammar: String, _ document: String, _ expected: String) throws {
        #expect(brief(try found("start = \(grammar)", document)) == [expected])
    }

    /// Names, values and ids are the same if their code points are: a letter with its accent is not the letter and an
    /// accent.
    @Test func codePoints() throws {
        let grammar = "start = element a { element \u{E9} { attribute i { xsd:ID }, (\"\u{E9}\" | \"x\") }* }"
        #expect(try found(grammar, "<a><\u{E9} i='\u{E9}'>\u{E9}</\u{E9}><\u{E9} i='e\u{301}'>x</\u{E9}></a>").isEmpty)
        #expect(try found(grammar, "<a><\u{E9} i='p'>e\u{301}</\u{E9}></a>").count == 1)
        #expect(try found(grammar, "<a><e\u{301} i='p'>x</e\u{301}></a>").map(\.rule) == ["grammar-element-unknown"])
    }

    /// The same is so of values, facets, prefixes and entities: two that look the same are two, each with its own
    /// meaning.
    @Test(arguments: [
        (
            "attribute v { \"\u{E9}\" }, attribute w { \"e\u{301}\" }", "v='\u{E9}' w='e\u{301}'",
            "v='\u{E9}' w='\u{E9}'"
        ),
        (
            "attribute v { xsd:token { pattern = \"\u{E9}\" } }, attribute w { xsd:token { pattern = \"e\u{301}\" } }",
            "v='\u{E9}' w='e\u{301}'", "v='\u{E9}' w='\u{E9}'"
        ),
        (
            "attribute v { xsd:QName \"\u{E9}:x\" }, attribute w { xsd:QName \"e\u{301}:x\" }", "v='p:x' w='q:x'",
            "v='p:x' w='p:x'"
        ),
        (
            "attribute v { xsd:QName \"p:\u{E9}\" }, attribute w { xsd:QName \"q:x\" }",
            "v='\u{E9}:\u{E9}' w='e\u{301}:x'", "v='\u{E9}:e\u{301}' w='e\u{301}:x'"
        ),
        ("attribute \u{E9}:v { text }, attribute e\u{301}:w { text }", "p:v='' q:w=''", "p:v='' p:w=''"),
        ("attribute v { xsd:ENTITY }", "v='\u{E9}'", "v='e\u{301}'"),
    ]) func codePointsOfValues(_ attributes: String, _ valid: String, _ invalid: String) throws {
        let grammar = """
            namespace \u{E9} = "urn:1"
            namespace e\u{301} = "urn:2"
            namespace p = "urn:1"
            namespace q = "urn:2"
            start = element a { \(attributes) }
            """
        func document(_ attributes: String) -> String {
            """
            <!DOCTYPE a [<!NOTATION n SYSTEM "n"><!ENTITY \u{E9} SYSTEM "x" NDATA n>]>
            <a xmlns:p='urn:1' xmlns:q='urn:2' xmlns:\u{E9}='urn:1' xmlns:e\u{301}='urn:2' \(attributes)/>
            """
        }
        #expect(try found(grammar, document(valid)).isEmpty)
        #expect(try !found(grammar, document(invalid)).isEmpty)
    }

    @Test func identifiers() throws {
        let grammar = "start = element a { element b { attribute i { xsd:ID }?, attribute r { xsd:IDREFS }? }* }"
        #expect(try found(grammar, "<a><b i='x'/><b r='y x'/><b i='y'/></a>").isEmpty)
        let broken = try found(grammar, "<a><b i='x'/>\n<b i='x'/>\n<b r='x z'/></a>")
        #expect(
            brief(broken) == [
                "2:4 the id ‘x’ is there twice | give one of the two another id, and change what points at it",
                "3:4 ‘z’ is the id of no element of this document | correct it, or give an element that id",
            ])
        #expect(broken[0].notes.map(\.location?.line) == [1])
    }

    /// A schema that contradicts itself in its identifiers is used, and says so.
    @Test func incompatibleIdentifiers() throws {
        let schema = try schema("start = element a { attribute i { xsd:ID } } | element a { attribute i { text } }")
        #expect(schema.warnings.count == 1)
        #expect(try schema.validate(Document("<a i='x'/>")).isEmpty)
    }
}

@Suite(.inRelease, .hasData("mistakes")) struct GrammarCorpusTests {
    private static let tei = try! Schema(contentsOfFile: Repository.data + "/tei/tei_all.rng").withoutRules

    /// The commonest mistakes of encoders, each in its line, with its rule, and nothing else.
    @Test(arguments: [
        ("01-misspelt-element", "24 grammar-element-unknown"), ("02-wrong-attribute", "32 grammar-attribute"),
        ("03-missing-publicationStmt", "8 grammar-element-missing"), ("04-bad-when", "26 grammar-value"),
        ("07-p-in-p", "33 grammar-element"), ("08-add-wrong-place", "33 grammar-element"),
        ("10-wrong-namespace", "2 grammar-namespace"), ("12-missing-teiHeader", "3 grammar-element-missing"),
        ("13-text-in-div", "33 grammar-text"), ("14-bad-child-in-app", "32 grammar-element"),
        ("15-empty-target", "33 grammar-value"),
        ("00-valid", ""), ("05-unknown-hand", ""), ("06-duplicate-id", ""),
        (
            "16-six-mistakes",
            """
            24 grammar-element-unknown, 26 grammar-value, 32 grammar-element, 33 grammar-attribute, 34 grammar-element, 35 grammar-value
            """
        ),
    ])
    func mistakes(_ name: String, _ expected: String) throws {
        let found = try Self.tei.validate(Document(contentsOfFile: "\(Repository.data)/mistakes/\(name).xml"))
        #expect(found.map { "\($0.location!.line) \($0.rule)" }.joined(separator: ", ") == expected)
    }

    /// The same is found in a file while it is read as in its tree, also where nearly everything is wrong.
    @Test func streaming() throws {
        let folders = ["mistakes", "sga/tei/ox/ox-ms_abinger_c56", "gerdracor"]
        let other = try Schema(contentsOfFile: Repository.data + "/sga/schemata/shelley-godwin-page.rng").withoutRules
        for folder in folders {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(Repository.data)/\(folder)").filter {
                $0.hasSuffix(".xml")
            }
            for file in files.sorted().prefix(20) {
                let path = "\(Repository.data)/\(folder)/\(file)"
                guard let document = try? Document(contentsOfFile: path) else { continue }
                for schema in [Self.tei, other] {
                    let expected = (document.diagnostics + schema.validate(document)).inSourceOrder
                    #expect(try schema.validate(streaming: path) == expected, "\(file)")
                }
            }
        }
    }
}

@Suite struct SchemaCacheTests {
    private let folder = try! TemporaryFolder()
    private let document = try! Document("<a><b x='3'/><c/></a>")

    private var cache: SchemaCache { SchemaCache(folder: folder.path("cache")) }

    private func entries() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder.url("cache"), includingPropertiesForKeys: nil)
    }

    private func validate(_ path: String) throws -> [String] {
        brief(try Schema(contentsOfFile: path, cache: cache).validate(document))
    }

    @Test func whatIsCachedFindsTheSame() throws {
        for name in ["marginalia.rnc", "marginalia.rng"] {
            let path = Repository.path("Schemas/\(name)")
            let schemas = try (0..<2).map { _ in try Schema(contentsOfFile: path, cache: cache) }
            let everything = try Document(contentsOfFile: Repository.path("Tests/Everything.xml"))
            #expect(schemas.allSatisfy { $0.validate(everything).isEmpty })
            #expect(schemas[0].validate(document) == schemas[1].validate(document))
        }
        #expect(try entries().count == 2)
    }

    @Test func aBrokenEntryIsMadeAnew() throws {
        let path = try folder.write(
            "a.rnc", "start = element a { element b { attribute x { xsd:int } }, d }  d = element d { empty }")
        let expected = try validate(path)
        #expect(!expected.isEmpty)
        let entry = try #require(try entries().first)
        let whole = try Data(contentsOf: entry)
        for length in stride(from: 0, to: whole.count, by: 7) {
            try whole.prefix(length).write(to: entry)
            #expect(try validate(path) == expected)
            #expect(try Data(contentsOf: entry) == whole)
        }
        for index in stride(from: 0, to: whole.count, by: 5) {
            var broken = whole
            broken[index] ^= 0x41
            try broken.write(to: entry)
            #expect(try validate(path) == expected)
        }
    }

    @Test func anEntryIsForItsFilesAlone() throws {
        let path = try folder.write("a.rnc", "include \"b.rnc\"  start = element a { b*, c }")
        try folder.write("b.rnc", "b = element b { attribute x { xsd:int } }  c = element c { empty }")
        #expect(try validate(path).isEmpty)
        try folder.write("b.rnc", "b = element b { attribute x { \"4\" } }  c = element c { empty }")
        #expect(try validate(path).count == 1)
        try FileManager.default.removeItem(at: folder.url("b.rnc"))
        #expect(throws: Diagnostics.self) { try validate(path) }
    }

    @Test func aFolderThatCannotBeWrittenIsNoError() throws {
        let path = try folder.write(
            "a.rnc", "start = element a { element b { attribute x { xsd:int } }, element c { empty } }")
        let schema = try Schema(contentsOfFile: path, cache: SchemaCache(folder: path + "/nowhere"))
        #expect(schema.validate(document).isEmpty)
    }
}
