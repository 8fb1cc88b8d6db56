import Foundation
@testable import Schematron
import Support
import Testing
@testable import Validation
import XML
@testable import XPath

/// What an expression selects, or false.
private func holds(_ expression: String, _ document: Document) throws -> Bool {
    var context = StaticContext()
    context.namespaces["svrl"] = "http://purl.oclc.org/dsdl/svrl"
    return try document.select(expression, context).truth
}

/// SVRL's grammar (ISO/IEC 19757-3:2016, annex D).
private let svrl = try! Schema(contentsOfFile: Repository.path("Tests/SchematronTests/svrl.rnc"))

private func report(_ schema: Schema, _ document: Document) throws -> Document {
    let findings = schema.findings(in: document, keepsFirings: true)
    let file = Report.File(
        path: document.files[0].path, diagnostics: findings.diagnostics, rules: findings.rules.map { [$0] } ?? [])
    return try Document(SVRLReport().export(Report(files: [file])), path: "report.svrl")
}

/// The conformance suites of ISO Schematron, and Jing's of Schematron 1.5.
@Suite(.hasData("schematron/manifest.tsv")) struct SchematronSuiteTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let schema: String
        let instance: String?
        let phase: String?
        let expected: String
        let expression: String

        init(_ line: Substring) {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            (name, schema, expected, expression) = ("\(cells[0])/\(cells[1])", cells[2], cells[5], cells[7])
            instance = cells[3] == "-" ? nil : cells[3]
            phase = cells[4].isEmpty ? nil : cells[4]
        }

        var testDescription: String { "\(name) \(instance?.split(separator: "/").last ?? "")" }
    }

    static let rows =
        ((try? String(contentsOfFile: Repository.data + "/schematron/manifest.tsv", encoding: .utf8)) ?? "")
        .split(separator: "\n").dropFirst().map(Row.init)

    /// The cases that are not followed, and why.
    static let excluded = [
        "conformance/let-scope-pattern-01":
            "lets a pattern hide a variable of the schema, which let-name-collision-error-05 and -06 forbid",
        "conformance/let-value-element-content-01.1": "asserts that the document holds an html:p, which it does not",
    ]

    @Test func whole() {
        #expect(Self.rows.count == 95)
        #expect(Self.excluded.keys.allSatisfy { name in Self.rows.contains { $0.name == name } })
    }

    /// Each schema as it is, and as one in XPath 2.
    @Test(arguments: rows.filter { excluded[$0.name] == nil }, ["schema.sch", ".schema2.sch"])
    func suite(_ row: Row, _ name: String) throws {
        let folder = Repository.data + "/schematron"
        let path = "\(folder)/\(row.schema.replacing("schema.sch", with: name))"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let schema: Schema
        do throws(Diagnostics) {
            schema = try Schema(contentsOfFile: path, phase: row.phase)
        } catch {
            #expect(row.expected == "error", "\(error.list.map(\.message))")
            #expect(error.list.allSatisfy { $0.location != nil })
            return
        }
        #expect(row.expected != "error")
        guard let instance = row.instance else { return }
        let document = try Document(contentsOfFile: "\(folder)/\(instance)")
        let found = schema.validate(document, resources: .files(within: FileAccess(root: folder)))
        // XPath 2 has errors where XPath 1 has NaN.
        #expect(
            name != "schema.sch" || !found.contains { $0.rule == SchematronMessages.notRun }, "\(found.map(\.message))")
        #expect(found.isEmpty == (row.expected == "valid"), "\(found.map(\.message))")
        guard row.expected != "error" else { return }
        let report = try report(schema, document)
        #expect(svrl.validate(report).map(\.message) == [])
        if !row.expression.isEmpty { #expect(try holds(row.expression, report)) }
    }
}

private let xmlns = #"xmlns="http://purl.oclc.org/dsdl/schematron""#

private func schema(
    _ content: String, _ attributes: String = #"queryBinding="xslt2""#, phase: String? = nil
) throws -> Schema {
    try Schema(Array("<schema \(xmlns) \(attributes)>\(content)</schema>".utf8), path: "memory.sch", phase: phase)
}

private func messages(_ content: String, _ document: String, phase: String? = nil) throws -> [String] {
    try schema(content, phase: phase).validate(Document(document, path: "memory.xml")).map(\.message)
}

private func rule(_ context: String, _ content: String) -> String {
    "<pattern><rule context=\"\(context)\">\(content)</rule></pattern>"
}

@Suite struct SchematronTests {
    @Test func findingsHavePlaceAndPath() throws {
        let schema = try schema(rule("p", #"<assert id="no-n" test="@n" role="warning">A <name/>  has no n</assert>"#))
        let found = schema.validate(try Document("<text xml:id='t'>\n <p n='1'/>\n <p/></text>", path: "memory.xml"))
        #expect(
            found == [
                Diagnostic(
                    .warning, rule: "no-n", "A p has no n",
                    at: SourceLocation(file: "memory.xml", line: 3, column: 2, byteOffset: 31), path: "/text[1]/p[2]",
                    id: "t"
                )
            ])
    }

    @Test func attributesAndOtherNodes() throws {
        let content =
            rule("@n", "<report test='true()'>n</report>") + rule("text()", "<report test='true()'>text</report>")
            + rule("comment()", "<report test='true()'>comment</report>")
            + rule("/", "<report test='true()'>document</report>")
        let schema = try schema(content)
        let found = schema.validate(try Document("<a n='1'>x<b n='2'/><!--y--></a>", path: "memory.xml"))
        #expect(found.map(\.path) == ["/", "/a[1]/@n", "/a[1]/text()[1]", "/a[1]/b[1]/@n", "/a[1]/comment()[1]"])
        #expect(found.map(\.message) == ["document", "n", "text", "n", "comment"])
    }

    /// Which nodes are tried: by whole names, half names, attributes, and at the top.
    @Test(arguments: [
        ("a:*", ["r", "x", "p"]), ("*:p", ["p", "q:p"]), ("*", ["r", "x", "p", "q:p"]), ("a:p", ["p"]), ("/*", ["r"]),
        ("/a:r", ["r"]), ("/a:p", []),
        ("a:*[@n]", ["x", "p"]), ("*[@n = '2']", ["p"]), ("a:x//*:p", ["p", "q:p"]), ("a:r//a:p", ["p"]),
        ("/*[count(//@n) gt 1]", ["r"]),
        ("@n", ["n", "n"]), ("@*", ["n", "n", "m"]), ("a:x/@*", ["n"]), ("node()[self::a:x]", ["x"]),
        ("/node()", ["r", "comment"]), ("text()", ["t"]),
    ])
    func contexts(_ context: String, _ expected: [String]) throws {
        let name =
            "<value-of select=\"if (self::text()) then 't' else if (self::comment()) then 'comment' else name()\"/>"
        let content =
            "<ns prefix='a' uri='urn:a'/>"
            + rule(context.replacing("'", with: "&apos;"), "<report test='true()'>\(name)</report>")
        let found = try messages(
            content, "<r xmlns='urn:a'><x n='1'><p n='2'>t</p><q:p xmlns:q='urn:q' m='3'/></x></r><!--c-->")
        #expect(found == expected)
    }

    @Test func theFirstRuleOfAPatternThatMatches() throws {
        let pattern = """
            <pattern><rule context="a/p"><report test="true()">in a</report></rule>
            <rule context="p[@n]"><report test="true()">with n</report></rule>
            <rule context="*"><report test="true()">other</report></rule></pattern>
            """
        #expect(
            try messages(pattern, "<r><a><p n='1'/></a><p n='1'/><p/></r>") == [
                "other", "other", "in a", "with n", "other",
            ])
    }

    @Test func ruleVariablesAreOfTheirNode() throws {
        let content = rule(
            "p",
            """
            <let name="number" value="count(preceding-sibling::p)"/><let name="next" value="$number + 1"/>
            <report test="true()"><value-of select="$number"/>, <value-of select="$next"/></report>
            """)
        #expect(try messages(content, "<r><p/><p/></r>") == ["0, 1", "1, 2"])
    }

    @Test func whatIsNotUsedIsNotEvaluated() throws {
        let content = rule(
            "p",
            """
            <let name="bad" value="xs:integer(@n)"/><report test="@n = 'x' and @m">m</report><report test="$bad gt 1">$bad</report>
            """)
        let found = try schema(content).validate(Document("<r><p n='2'/><p n='x' m=''/></r>", path: "memory.xml"))
        #expect(found.map(\.rule) == ["schematron-report", "schematron-report", SchematronMessages.notRun])
        #expect(found.last?.notes.first?.location?.file == "memory.sch")
    }

    @Test func diagnosticsAndPropertiesAreNotes() throws {
        let content =
            rule("p", "<assert test='@n' diagnostics='d' properties='e'>no n</assert>") + """
                <diagnostics><diagnostic id="d">add <emph>n</emph> to <value-of select="name()"/></diagnostic></diagnostics>
                <properties><property id="e">here</property></properties>
                """
        let found = try schema(content).validate(Document("<p/>", path: "memory.xml"))
        #expect(found.map { $0.notes.map(\.message) } == [["add n to p", "e: here"]])
    }

    /// Names are the same if their code points are: a letter with its accent is not the letter and an accent.
    @Test(arguments: [
        (
            "<let name='\u{E9}' value='1'/><let name='e\u{301}' value='2'/>"
                + rule("p", "<report test='true()'><value-of select='$\u{E9}, $e\u{301}'/></report>"), ["1 2"]
        ),
        (
            "<pattern><let name='\u{E9}' value='1'/><rule context='p'><let name='e\u{301}' value='2'/><report test='$\u{E9} + $e\u{301} = 3'>3</report></rule></pattern>",
            ["3"]
        ),
        (
            "<pattern id='\u{E9}'><rule context='p'><report test='true()'>1</report></rule></pattern><pattern id='e\u{301}'><rule context='p'><report test='true()'>2</report></rule></pattern>"
                + "<phase id='\u{E9}'><active pattern='\u{E9}'/></phase><phase id='e\u{301}'><active pattern='e\u{301}'/></phase>",
            ["2"]
        ),
        (
            rule("p", "<assert test='false()' diagnostics='e\u{301}' properties='\u{E9}'>m</assert>")
                + "<diagnostics><diagnostic id='\u{E9}'>1</diagnostic><diagnostic id='e\u{301}'>2</diagnostic></diagnostics>"
                + "<properties><property id='\u{E9}'>1</property><property id='e\u{301}'>2</property></properties>",
            ["m", "2", "\u{E9}: 1"]
        ),
        (
            "<pattern><rule abstract='true' id='\u{E9}'><report test='true()'>1</report></rule><rule abstract='true' id='e\u{301}'><extends rule='\u{E9}'/><report test='true()'>2</report></rule>"
                + "<rule context='p'><extends rule='e\u{301}'/></rule></pattern>", ["1", "2"]
        ),
        (
            "<pattern abstract='true' id='\u{E9}'><rule context='p'><report test='true()'>1</report></rule></pattern>"
                + "<pattern abstract='true' id='e\u{301}'><rule context='p'><report test='true()'>$\u{E9} $e\u{301}</report></rule></pattern>"
                + "<pattern is-a='e\u{301}'><param name='\u{E9}' value='x'/><param name='e\u{301}' value='y'/></pattern>",
            ["x y"]
        ),
        (
            "<ns prefix='f' uri='urn:f'/><xsl:key name='\u{E9}' match='p' use='1'/><xsl:key name='e\u{301}' match='p' use='2'/>"
                + "<xsl:function name='f:\u{E9}'><xsl:sequence select='3'/></xsl:function><xsl:function name='f:e\u{301}'><xsl:sequence select='4'/></xsl:function>"
                + rule(
                    "p",
                    "<report test='true()'><value-of select='count(key(\"\u{E9}\", 1)), count(key(\"e\u{301}\", 1)), f:\u{E9}(), f:e\u{301}()'/></report>"
                ), ["1 0 3 4"]
        ),
    ]) func codePoints(_ content: String, _ expected: [String]) throws {
        let phase = content.contains("<phase") ? "e\u{301}" : nil
        let attributes = #"queryBinding="xslt2" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f""#
        let found = try schema(content, attributes, phase: phase).validate(Document("<p/>", path: "memory.xml"))
        #expect(found.flatMap { [$0.message] + $0.notes.map(\.message) } == expected)
    }

    @Test func subjects() throws {
        let found = try schema(rule("p", "<assert test='false()' subject='@n'>n</assert>")).validate(
            Document("<p n='1'/>", path: "memory.xml"))
        #expect(found.map(\.path) == ["/p[1]/@n"])
        #expect(found.map(\.location?.column) == [4])
    }

    @Test func abstractPatternsAndRules() throws {
        let content = """
            <pattern abstract="true" id="needs"><rule context="$what"><extends rule="named"/><assert test="$need">$what needs $need</assert></rule>
            <rule abstract="true" id="named"><report test="@no">no</report></rule></pattern>
            <pattern is-a="needs"><param name="what" value="p"/><param name="need" value="@n"/></pattern>
            """
        #expect(try messages(content, "<r><p/><p n='' no=''/></r>") == ["p needs @n", "no"])
    }

    @Test func phases() throws {
        let content = """
            <phase id="draft"><active pattern="a"/></phase><phase id="final"><active pattern="a"/><active pattern="b"/></phase>
            <pattern id="a"><rule context="p"><report test="true()">a</report></rule></pattern>
            <pattern id="b"><rule context="p"><report test="true()">b</report></rule></pattern>
            """
        #expect(try messages(content, "<p/>") == ["a", "b"])
        #expect(try messages(content, "<p/>", phase: "draft") == ["a"])
        #expect(try messages(content, "<p/>", phase: "#ALL") == ["a", "b"])
        let error = #expect(throws: Diagnostics.self) { try schema(content, phase: "fnial") }
        #expect(error?.list.first?.help == "there are ‘draft’, ‘final’, ‘#ALL’, ‘#DEFAULT’")
    }

    @Test func functionsAndKeysOfXSLT() throws {
        let content = """
            <ns prefix="f" uri="urn:f"/>
            <xsl:key name="by-id" match="item" use="@n"/>
            <xsl:function name="f:double" as="xs:integer"><xsl:param name="n" as="xs:integer"/><xsl:sequence select="$n * 2"/></xsl:function>
            <xsl:function name="f:sign"><xsl:param name="n"/>
              <xsl:variable name="number" select="number($n)"/>
              <xsl:choose><xsl:when test="$number lt 0">minus</xsl:when><xsl:otherwise><xsl:value-of select="'plus', $number"/></xsl:otherwise></xsl:choose>
            </xsl:function>
            <xsl:function name="f:sum" as="xs:integer"><xsl:param name="n" as="xs:integer"/>
              <xsl:choose><xsl:when test="$n eq 0"><xsl:sequence select="0"/></xsl:when><xsl:otherwise><xsl:sequence select="$n + f:sum($n - 1)"/></xsl:otherwise></xsl:choose>
            </xsl:function>
            """
            + rule(
                "ref",
                """
                <report test="true()"><value-of select="count(key('by-id', @to)), f:double(4), f:sign(3), f:sign(-3), f:sum(10)"/></report>
                <report test="count(//item[@n = current()/@to]) = 1">current</report>
                """)
        let found = try schema(
            content, #"queryBinding="xslt2" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f""#
        )
        .validate(Document("<r><item n='1'/><item n='2'/><ref to='2'/></r>", path: "memory.xml"))
        #expect(found.map(\.message) == ["1 8 plus 3 minus 55", "current"])
    }

    @Test func whatIsBeyondIsSaid() throws {
        let content = """
            <xsl:template name="unused"/><ns prefix="x" uri="urn:x"/><ns prefix="f" uri="urn:f"/>
            <xsl:function name="f:g"><xsl:apply-templates/></xsl:function>
            """
            + rule(
                "p",
                """
                <report test="x:evaluate('1')">x</report><report test="f:g()">g</report><report test="true()">the rest is run</report>
                """)
        let schema = try schema(
            content, #"queryBinding="xslt2" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f""#)
        #expect(schema.warnings.map(\.rule) == Array(repeating: SchematronMessages.notRun, count: 4))
        #expect(schema.warnings.allSatisfy { $0.location != nil })
        #expect(schema.validate(try Document("<p/>", path: "memory.xml")).map(\.message) == ["the rest is run"])
    }

    /// What a later standard has and this engine has not keeps one assertion from being run; a mistake keeps the schema
    /// from being used.
    @Test(arguments: [
        ("map { 'a': 1 }?a", true), ("map{}", true), ("@a instance of map(*)", true), ("map:size(())", true),
        ("parse-json('1')", true), ("fn:serialize(.)", true), ("$phase = 'a'", true),
        ("string-lenght(.)", false), ("$phases = 'a'", false), ("count(. = 'map (' ", false), ("1 +", false),
        ("xs:string? 1", false), ("array:siz([1])", false),
    ]) func beyondOrWrong(_ expression: String, _ isBeyond: Bool) throws {
        let content =
            #"<ns prefix="map" uri="http://www.w3.org/2005/xpath-functions/map"/>"#
            + rule("p", "<report test=\"\(expression)\">x</report><report test=\"true()\">the rest is run</report>")
        guard isBeyond else {
            #expect(throws: Diagnostics.self) { try schema(content, #"queryBinding="xslt3""#) }
            return
        }
        let compiled = try schema(content, #"queryBinding="xslt3""#)
        #expect(compiled.warnings.map(\.rule) == [SchematronMessages.notRun])
        #expect(compiled.validate(try Document("<p/>", path: "memory.xml")).map(\.message) == ["the rest is run"])
    }

    /// Functions and keys of stylesheets, by prefixes that only `ns` declares; `xsl` need not be declared.
    @Test func stylesheetsAreIncluded() throws {
        let folder = try TemporaryFolder()
        let opening =
            #"<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f">"#
        try folder.write(
            "a.xsl",
            opening
                + #"<xsl:include href="b.xsl"/><xsl:function name="f:one"><xsl:sequence select="1"/></xsl:function></xsl:stylesheet>"#
        )
        try folder.write(
            "b.xsl",
            opening
                + #"<xsl:include href="a.xsl"/><xsl:key name="k" match="p" use="@n"/><xsl:function name="f:two"><xsl:sequence select="2"/></xsl:function></xsl:stylesheet>"#
        )
        let rules = """
            <schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2" xmlns:x="http://www.w3.org/1999/XSL/Transform">
            <x:include href="FILE"/><x:function name="g:three"><x:sequence select="3"/></x:function><ns prefix="f" uri="urn:f"/><ns prefix="g" uri="urn:g"/>
            <pattern><rule context="p"><report test="xsl:p or true()"><value-of select="f:one(), f:two(), g:three(), count(key('k', '1'))"/></report></rule></pattern></schema>
            """
        let document = try Document("<p n='1'/>", path: "memory.xml")
        try folder.write("circle.sch", rules.replacing("FILE", with: "b.xsl"))
        #expect { try Schema(contentsOfFile: folder.path("circle.sch")) } throws: {
            ($0 as? Diagnostics)?.list.map(\.rule) == ["schema-inclusion-loop"]
        }
        try folder.write(
            "b.xsl",
            opening
                + #"<xsl:function name="f:two"><xsl:sequence select="2"/></xsl:function><xsl:key name="k" match="p" use="@n"/></xsl:stylesheet>"#
        )
        try folder.write("rules.sch", rules.replacing("FILE", with: "a.xsl"))
        #expect(try Schema(contentsOfFile: folder.path("rules.sch")).validate(document).map(\.message) == ["1 2 3 1"])
        // A variable of the stylesheet that imports another comes first; one library may be imported by two; names mean
        // what they mean there.
        let library =
            #"<x:stylesheet version="2.0" xmlns:x="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f" xmlns:o="urn:o" xpath-default-namespace="urn:o">"#
            + #"<x:variable name="v" select="1"/><x:function name="f:one"><x:param name="n"/><x:sequence select="count($n//p), count($n//o:p), $v" xmlns:q="urn:o"/></x:function></x:stylesheet>"#
        try folder.write("l.xsl", library)
        try folder.write(
            "m.xsl", opening + #"<xsl:import href="l.xsl"/><xsl:variable name="v" select="2"/></xsl:stylesheet>"#)
        try folder.write("n.xsl", opening + #"<xsl:import href="l.xsl"/></xsl:stylesheet>"#)
        try folder.write(
            "names.sch",
            """
            <schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2" xmlns:x="http://www.w3.org/1999/XSL/Transform">
            <x:include href="n.xsl"/><x:include href="m.xsl"/><ns prefix="f" uri="urn:f"/><ns prefix="o" uri="urn:other"/>
            <pattern><rule context="/*"><report test="true()"><value-of select="f:one(/)"/></report></rule></pattern></schema>
            """)
        let named = try Document("<p xmlns='urn:o'/>", path: "memory.xml")
        #expect(try Schema(contentsOfFile: folder.path("names.sch")).validate(named).map(\.message) == ["1 1 2"])
        try folder.write("none.sch", rules.replacing("FILE", with: "rules.sch"))
        #expect { try Schema(contentsOfFile: folder.path("none.sch")) } throws: {
            ($0 as? Diagnostics)?.list.first?.rule == "schema-include"
        }
    }

    @Test func endlessRecursionEnds() throws {
        let content = """
            <xsl:function name="f:f"><xsl:param name="n"/><xsl:sequence select="f:f($n + 1)"/></xsl:function>
            """ + "<ns prefix='f' uri='urn:f'/>" + rule("p", "<report test='f:f(1)'>f</report>")
        let found = try schema(
            content, #"queryBinding="xslt2" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f""#
        )
        .validate(Document("<p/>", path: "memory.xml"))
        #expect(found.map(\.rule) == [SchematronMessages.notRun])
    }

    @Test func arrays() throws {
        let content =
            "<ns prefix='array' uri='http://www.w3.org/2005/xpath-functions/array'/>"
            + rule(
                "p",
                "<let name='a' value=\"[@n, ('x', 'y')]\"/>"
                    + "<report test='@n = [1]'><value-of select='array:size($a)'/> <value-of select='$a'/> <value-of select='$a?2'/></report>"
            )
        let found = try schema(content, #"queryBinding="xslt3""#).validate(Document("<p n='1'/>", path: "memory.xml"))
        #expect(found.map(\.message) == ["2 1 x y x y"])
    }

    /// An assertion that reaches a limit is reported once for a document, and all others are run.
    @Test func limits() throws {
        let doubled = "fold-left(1 to 60, 'x', function($a, $b) { concat($a, $a) })"
        let content =
            "<pattern><rule context='p'><assert test=\"string-length(\(doubled)) = 1\">x</assert><report test='@n = 2'>second</report></rule></pattern>"
            + rule("p[@n > string-length(\(doubled))]", "<report test='true()'>x</report>")
            + rule(
                "p",
                "<let name='d' value=\"\(doubled)\"/><report test='$d'>x</report><report test='@n = 1'>first</report>")
        let schema = try schema(content, #"queryBinding="xslt3""#)
        for _ in 1...2 {
            let found = schema.validate(try Document("<r><p n='1'/>\n<p n='2'/>\n<p n='3'/></r>", path: "memory.xml"))
            #expect(found.map(\.message).filter { $0.count < 10 } == ["first", "second"])
            let limits = found.filter { $0.rule == SchematronMessages.notRun }
            #expect(
                limits.count == 3
                    && limits.allSatisfy {
                        $0.location?.line == 1 && $0.message.contains("longer than 64 MB")
                            && $0.message.hasSuffix("not tried again in this document")
                    })
        }
    }

    @Test func otherFilesAreReadOnlyWhereThatIsAllowed() throws {
        let found = try schema(rule("p", "<assert test=\"doc('/etc/passwd')\">x</assert>")).validate(
            Document("<p/>", path: "memory.xml"))
        #expect(found.map(\.rule) == [SchematronMessages.notRun])
    }

    @Test func olderSchematron() throws {
        let text = """
            <sch:schema xmlns:sch="http://www.ascc.net/xml/schematron"><sch:pattern name="keys"><sch:rule context="item">
            <sch:key name="n" path="@n"/><sch:assert test="key('n', @to)">item <sch:name path=".."/> points nowhere</sch:assert></sch:rule></sch:pattern></sch:schema>
            """
        let schema = try Schema(Array(text.utf8), path: "old.sch")
        let found = schema.validate(try Document("<list><item n='a' to='a'/><item to='b'/></list>", path: "memory.xml"))
        #expect(found.map(\.message) == ["item list points nowhere"])
    }

    @Test func reports() throws {
        let content =
            "<title>T</title><ns prefix='p' uri='urn:p'/>"
            + rule(
                "p:a",
                """
                <assert id="n" test="@n" role="warn" flag="f" diagnostics="d" see="http://example.org/">a <emph>b</emph> <span class="c">d</span> <dir value="ltr">e</dir></assert>
                """) + "<diagnostics><diagnostic id='d' xml:lang='en'>x &amp; y</diagnostic></diagnostics>"
        let report = try report(schema(content), Document("<r xmlns='urn:p'><a/><a n=''/><a/></r>", path: "memory.xml"))
        #expect(svrl.validate(report).map(\.message) == [])
        #expect(
            try holds(
                "count(//svrl:fired-rule) = 3 and count(//svrl:failed-assert[@id = 'n' and @role = 'warn' and @flag = 'f']) = 2",
                report))
        #expect(try holds("//svrl:failed-assert[2]/@location = '/Q{urn:p}r[1]/Q{urn:p}a[3]'", report))
        #expect(try holds("//svrl:ns-prefix-in-attribute-values[@prefix = 'p' and @uri = 'urn:p']", report))
    }

    /// What no rule has found is in the report as well.
    @Test func reportsOfGrammar() throws {
        let schema = try Schema(Array("element a { empty }".utf8), path: "memory.rnc")
        let report = try report(schema, Document("<b/>", path: "memory.xml"))
        #expect(svrl.validate(report).map(\.message) == [])
        #expect(try holds("count(//svrl:failed-assert) = 1", report))
    }
}

/// Rules in schemas of other languages.
@Suite struct EmbeddedSchematronTests {
    private static let grammar = """
        <grammar xmlns="http://relaxng.org/ns/structure/1.0" xmlns:sch="http://purl.oclc.org/dsdl/schematron" xmlns:e="urn:e" ns="urn:e">
        <start><element name="a"><zeroOrMore><element name="b"><optional><attribute name="n"/></optional>
          <sch:rule context="e:b"><sch:assert test="@n">no n</sch:assert></sch:rule>
        </element></zeroOrMore></element></start>
        <sch:pattern><sch:rule context="x:a"><sch:report test="count(x:b) ! (. > 1)">more than one</sch:report></sch:rule></sch:pattern>
        <sch:pattern><sch:rule context="e:b"><sch:report test="nosuch(.)">x</sch:report></sch:rule></sch:pattern>
        <sch:ns prefix="x" uri="urn:e"/>
        </grammar>
        """

    private static func messages(_ schema: Schema) throws -> [String] {
        schema.validate(try Document("<a xmlns='urn:e'><b/><b n='1'/><c/></a>", path: "memory.xml")).map {
            "\($0.rule) \($0.location!.column)"
        }
    }

    private static let expected = ["schematron-report 1", "schematron-assert 18", "grammar-element-unknown 32"]

    @Test func xmlSyntax() throws {
        let schema = try Schema(Array(Self.grammar.utf8), path: "memory.rng")
        #expect(try Self.messages(schema) == Self.expected)
        #expect(schema.warnings.map { "\($0.rule) \($0.location!)" } == ["schematron-not-run memory.rng:6:56"])
    }

    @Test func compactSyntax() throws {
        let text = """
            namespace sch = "http://purl.oclc.org/dsdl/schematron"
            namespace e = "urn:e"
            default namespace = "urn:e"
            start = element a { element b { [ sch:rule [ context = "e:b" sch:assert [ test = "@n" "no n" ] ] ] attribute n { text }? }* }
            sch:ns [ prefix = "x" uri = "urn:e" ]
            sch:pattern [ sch:rule [ context = "x:a" sch:report [ test = "count(x:b) > 1" "more than one" ] ] ]
            sch:pattern [ sch:rule [ context = "x:a" sch:report [ test = "nosuch(.)" "x" ] ] ]
            """
        let schema = try Schema(Array(text.utf8), path: "memory.rnc")
        #expect(try Self.messages(schema) == Self.expected)
        #expect(schema.warnings.map { "\($0.rule) \($0.location!)" } == ["schematron-not-run memory.rnc:7:42"])
    }

    @Test func cachedGrammars() throws {
        let folder = try TemporaryFolder()
        for path in ["memory.rng", "memory.rng", "elsewhere.rng"] {
            let schema = try Schema(Array(Self.grammar.utf8), path: path, cache: SchemaCache(folder: folder.path))
            #expect(try Self.messages(schema) == Self.expected)
            #expect(schema.warnings.map { "\($0.location!)" } == ["\(path):6:56"])
        }
    }

    /// What is wrong with the rules keeps nobody from using the grammar.
    @Test func incorrectRules() throws {
        let text = """
            <element name="a" xmlns="http://relaxng.org/ns/structure/1.0" xmlns:sch="http://purl.oclc.org/dsdl/schematron">
            <sch:pattern><sch:rule><sch:assert test="true()"/></sch:rule></sch:pattern><sch:include href="nosuch.sch"/>
            <sch:pattern><sch:rule context="a"><sch:extends rule="nosuch"/><sch:report test="true()">run</sch:report></sch:rule></sch:pattern>
            <sch:assert test="true()"/><empty/></element>
            """
        let schema = try Schema(Array(text.utf8), path: "memory.rng")
        #expect(
            schema.warnings.map { "\($0.severity) \($0.rule) \($0.location!.line):\($0.location!.column)" } == [
                "warning schema-attribute 2:14", "warning schema-inclusion 2:89", "warning schema-reference 3:49",
                "warning schematron-not-run 4:1",
            ])
        #expect(schema.validate(try Document("<a/>", path: "memory.xml")).map(\.message) == ["run"])
    }

    @Test func streaming() throws {
        let schema = try Schema(Array(Self.grammar.utf8), path: "memory.rng")
        let folder = try TemporaryFolder(["a.xml": "<a xmlns='urn:e'><b/><b n='1'/><c/></a>"])
        #expect(
            try schema.validate(streaming: folder.path("a.xml")).map(\.rule) == [
                SchematronMessages.notRun, "grammar-element-unknown",
            ])
    }

    @Test func customizations() throws {
        let text = """
            <TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:sch="http://purl.oclc.org/dsdl/schematron"><schemaSpec ident="s">
            <elementSpec ident="p"><constraintSpec ident="c" scheme="schematron"><constraint><sch:assert test="@n">no n</sch:assert></constraint></constraintSpec>
            <constraintSpec ident="d" scheme="schematron"><constraint><sch:ns prefix="t" uri="http://www.tei-c.org/ns/1.0"/>
            <sch:rule context="t:q"><sch:report test="true()">q</sch:report></sch:rule></constraint></constraintSpec>
            <attList><attDef ident="m"><constraintSpec ident="e" scheme="schematron"><constraint><sch:report test=". = ''">empty</sch:report></constraint></constraintSpec></attDef></attList>
            </elementSpec></schemaSpec></TEI>
            """
        let schema = try Schema(Array(text.utf8), path: "memory.odd")
        let found = schema.validate(
            try Document("<p m='' xmlns='http://www.tei-c.org/ns/1.0'><q/></p>", path: "memory.xml"))
        #expect(
            Set(found.map { "\($0.rule) \($0.message)" }) == [
                "schematron-c no n", "schematron-d q", "schematron-e empty",
            ])
    }

    /// TEI's own rules are all run.
    @Test(
        .inRelease, .hasData("tei"),
        arguments: [
            "tei/tei_all.rng", "tei/tei_all-3.1.0.rng", "tei/tei_all-3.1.0.rnc", "tei/eltec-1.rng", "tei/teisimple.rng",
            "tei/msdesc.rng", "sga/schemata/shelley_godwin_Pgh_odd.rng",
            "sga/schemata/shelley_godwin_odd.rng", "sga/schemata/shelley-godwin-page.rng",
            "sga/schemata/brown_odds.rnc",
            "sga/schemata/brown_odds.isosch", "sga/schemata/shelley-godwin-page-verify_ptr_targets.isosch",
        ])
    func realSchemas(_ path: String) throws {
        let schema = try Schema(contentsOfFile: "\(Repository.data)/\(path)")
        #expect(schema.hasRules)
        #expect(schema.warnings.filter { $0.rule != "schema-id" }.map { "\($0.location!): \($0.message)" } == [])
    }
}
