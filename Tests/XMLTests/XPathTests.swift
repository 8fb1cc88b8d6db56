import Foundation
import Testing
@testable import XML

/// What the W3C's suite does not try: the interface, places, limits, patterns, and threads.
@Suite struct XPathTests {
    private let document = try! Document("""
        <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="top"><text><p n="1" hand="#a">one <hi>two</hi></p>\
        <p n="2" hand="#b">three</p><ab n="3"><p n="4">four</p></ab><p n="5" hand="#a"/></text></TEI>
        """)

    private func strings(_ expression: String) throws -> [String] { try document.select(expression).strings }

    // MARK: Interface

    @Test func typedResults() throws {
        #expect(try document.select("//p").nodes.map { $0.attribute("n") } == ["1", "2", "4", "5"])
        #expect(try document.select("//p/@hand").attributes.map(\.value) == ["#a", "#b", "#a"])
        #expect(try document.select("count(//p)").number == 4)
        #expect(try document.select("//p[@n = 2]").truth)
        #expect(try document.select("()").truth == false)
        #expect(try document.select("1 to 3").strings == ["1", "2", "3"])
        #expect(try document.select("'x'").number.isNaN)
    }

    @Test func variables() throws {
        var context = StaticContext(of: document.root)
        context.variables = [QName(localName: "who")]
        let expression = try XPath("//p[@hand = $who]/@n/string()", context)
        let item = Item.node(TreeNode(document.documentNode))
        let found = try expression.evaluate(at: item, variables: [QName(localName: "who"): ItemSequence(.atomic(.untyped("#a")))])
        #expect(found.strings == ["1", "5"])
        #expect(throws: XPathError.variableWithoutValue(QName(localName: "who")).at(12)) { try expression.evaluate(at: item) }
    }

    @Test(arguments: [
        ("//p[", "XPST0003", 4), ("1 +* 2", "XPST0003", 5), ("//x:p", "XPST0081", 2), ("$no", "XPST0008", 0), ("nofunction(1)", "XPST0017", 0),
        ("count(1, 2)", "XPST0017", 0), ("1 cast as xs:nothing", "XPST0051", 10), ("'a", "XPST0003", 0), ("1 (: a", "XPST0003", 2),
        ("child:p", "XPST0081", 0), ("following_sibling::p", "XPST0003", 0), ("10div 2", "XPST0003", 2), ("a eq b eq c", "XPST0003", 7),
        ("if (1) then 2", "XPST0003", 13), ("for $x in 1", "XPST0003", 11), ("😀", "XPST0003", 0), ("'😀' + (", "XPST0003", 7),
    ])
    func staticErrors(_ expression: String, code: String, offset: Int) throws {
        let error = try #require(throws: XPathError.self) { try XPath(expression) }
        #expect(error.code == code && error.offset == offset, "\(error)")
    }

    @Test(arguments: [
        ("1 + (2, 3)", "XPTY0004", 2), ("//p/string()/a", "XPTY0019", 12), ("(//p, 1)/a", "XPTY0019", 8), ("//p/(if (@hand) then 1 else .)", "XPTY0018", 3),
        ("1 idiv 0", "FOAR0001", 2), ("xs:date('x')", "FORG0001", 0), ("(1, 2)[1, 2]", "FORG0006", nil), ("error()", "FOER0000", 0),
    ] as [(String, String, Int?)])
    func dynamicErrors(_ expression: String, code: String, offset: Int?) throws {
        let error = try #require(throws: XPathError.self) { try document.select(expression) }
        #expect(error.code == code && error.offset == offset, "\(error)")
    }

    @Test func errorsAsDiagnostics() throws {
        let expression = "//p[\n  @n = ü"
        let error = try #require(throws: XPathError.self) { try XPath(expression) }
        let diagnostic = error.diagnostic(in: expression, named: "xpath")
        #expect(diagnostic.rule == "XPST0003" && diagnostic.location?.description == "xpath:2:9" && diagnostic.location?.byteOffset == 14)
    }

    // MARK: Order and positions

    /// Each step's result is in document order and without repetitions, whatever way it was found.
    @Test(arguments: [
        ("//p/ancestor::*/name()", ["TEI", "text", "ab"]), ("//hi/ancestor::*[1]/name()", ["p"]), ("//p[1]/@n", ["1", "4"]), ("(//p)[1]/@n", ["1"]),
        ("//p[last()]/@n", ["4", "5"]), ("//p/preceding::p[1]/@n", ["1", "2", "4"]), ("//ab/preceding-sibling::p/@n", ["1", "2"]),
        ("(//p[@n=5] | //p[@n=1])/@n", ["1", "5"]), ("//ab//p/@n", ["4"]), ("//text//p[2]/@n", ["2"]), ("//p[position() = 2 to 3]/@n", ["2", "5"]),
        ("reverse(//p)/@n", ["1", "2", "4", "5"]), ("reverse(//p) ! @n", ["5", "4", "2", "1"]), ("//@n[. = '3']/../p/@n", ["4"]),
        ("//p except //ab/p ! .", ["one two", "three", ""]), ("(//p intersect //ab/*)/@n", ["4"]), ("//*[@n][@hand]/@n", ["1", "2", "5"]),
        ("for $p in //p[.//hi] return $p/@n", ["1"]), ("//p[following::p[@n = '5']]/@n", ["1", "2", "4"]), ("string-join(//p/@n, '|')", ["1|2|4|5"]),
    ])
    func order(_ expression: String, expected: [String]) throws {
        #expect(try strings(expression) == expected)
    }

    @Test func namespacesAndKinds() throws {
        let document = try Document("<a xmlns:p='urn:p' p:x='1' x='2'><p:b/><b/><!--c--><?d e?></a>")
        var context = StaticContext()
        context.namespaces["q"] = "urn:p"
        let root = document.root
        func names(_ expression: String) throws -> [String] {
            try XPath(expression, context).evaluate(at: .node(TreeNode(root))).strings
        }
        #expect(try names("*/name()") == ["p:b", "b"])
        #expect(try names("q:*/name()") == ["p:b"])
        #expect(try names("*:b/name()") == ["p:b", "b"])
        #expect(try names("Q{urn:p}b/name()") == ["p:b"])
        #expect(try names("@q:x") == ["1"] && names("@x") == ["2"])
        #expect(try names("count(@*), count(node()), count(comment()), count(processing-instruction(d))") == ["2", "4", "1", "1"])
        #expect(try names("namespace::*") == [Namespace.xml, "urn:p"])
        #expect(try names("path(q:b)") == ["/Q{}a[1]/Q{urn:p}b[1]"])
    }

    // MARK: Limits

    @Test func endlessRecursionIsAnError() throws {
        let expression = "let $f := function($f, $n) { 1 + $f($f, $n + 1) } return $f($f, 1)"
        let error = try #require(throws: XPathError.self) { try document.select(expression) }
        #expect(error.code == "FOER0000")
    }

    @Test func recursionThatEnds() throws {
        let expression = "let $f := function($f, $n) { if ($n = 0) then 0 else $n + $f($f, $n - 1) } return $f($f, 120)"
        #expect(try document.select(expression).number == 7_260)
    }

    @Test func hugeSequencesAreErrors() throws {
        #expect(try document.select("count(1 to 1000000000000)").number == 1e12)
        #expect(try document.select("(1 to 1000000000000)[3]").strings == ["3"])
        #expect(try document.select("some $x in 1 to 1000000000000 satisfies $x > 5").truth)
        for expression in ["reverse(1 to 1000000000000)", "sort(1 to 1000000000000)", "distinct-values(1 to 1000000000000)", "string-join(1 to 1000000000000)"] {
            #expect(#expect(throws: XPathError.self) { try document.select(expression) }?.code == "FOER0000", "\(expression)")
        }
    }

    /// What is repeated before a part, and what behind it.
    @Test(arguments: [
        ("(", 20_000, "", ""), ("-", 100_000, "1", ""), ("1+", 50_000, "1", ""), ("a/", 50_000, "a", ""), ("a[", 20_000, "", "]"),
        ("if (1) then 1 else ", 5000, "1", ""), ("(1+", 900, "1", ")"), ("f(", 20_000, "", ")"), ("", 50_000, "a", "[1]"),
    ])
    func deepExpressions(_ before: String, count: Int, middle: String, after: String) {
        // Whether an error or a value, it comes back.
        _ = try? document.select(String(repeating: before, count: count) + middle + String(repeating: after, count: count))
    }

    // MARK: Documents

    @Test func eachThreadMayUseTheSameExpression() async throws {
        let expression = try XPath("sum(//p/@n) + count(//p[@hand = '#a'])", StaticContext(of: document.root))
        let results = await withTaskGroup(of: Double.self) { group in
            for _ in 0..<64 { group.addTask { [document] in (try? document.select(expression).number) ?? .nan } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(results == [14])
    }

    /// What is looked up in tables, or evaluated once for all nodes, is what evaluating it for each node yields.
    @Test(arguments: [
        ("//*[@n = '4']/@n", ["4"]), ("//p[@hand = '#a'][2]/@n", ["5"]), ("(//p[@hand = '#a'])[2]/@n", ["5"]),
        ("for $n in ('1', '4', '1', '9', '5') return //*[@n = $n]/@n/string()", ["1", "4", "1", "5"]),
        ("for $n in 1 to 5 return string((//@n)[$n])", ["1", "2", "3", "4", "5"]), ("count((//p)[1.5])", ["0"]), ("count((//p)[0 = 1])", ["0"]),
        ("count((//p)['x'])", ["4"]), (".//@hand", ["#a", "#b", "#a"]), ("//text//@n[. > '2']", ["3", "4", "5"]), ("count(//@*)", ["9"]),
        ("//p[1]//@n", ["1", "4"]), ("(//hi | //ab)/..//@n", ["1", "2", "3", "4", "5"]),
        ("distinct-values(//@hand)", ["#a", "#b"]), ("distinct-values((//@n, //hi, //@n))", ["1", "2", "3", "4", "5", "two"]),
        ("count(//hi/following::*[name(.) eq 'p'])", ["3"]), ("count(//ab/preceding::*[local-name() = 'p'][1])", ["1"]),
        ("string((//ab/preceding::*[local-name() = 'p'])[last()]/@n)", ["2"]), ("count(//p[. >> //ab])", ["2"]), ("count(//p[//ab << .])", ["2"]),
        ("//p[count(hi) > 0]/@n", ["1"]), ("//p[count(hi) eq 0]/@n", ["2", "4", "5"]), ("//p[1 le count(hi)]/@n", ["1"]),
        ("//p[@n = //ab/@n or @hand = //@hand]/@n", ["1", "2", "5"]), ("boolean(1 div 0 eq 1 or true())", ["true"]),
        ("boolean(xs:integer('x') and false())", ["false"]),
        ("for $n in ('p', 'hi') return count((//ab/preceding::* | //ab/ancestor-or-self::*)[name(.) eq $n])", ["2", "1"]),
        ("(//hi | //ab)[1]/name()", ["hi"]), ("(//ab/preceding::* | //ab/ancestor::*)[self::p or self::text][last()]/@n", ["2"]),
    ])
    func shortcuts(_ expression: String, _ expected: [String]) throws {
        #expect(try strings(expression) == expected)
    }

    /// An index is made once it pays: what it yields is the same.
    @Test func indexes() throws {
        let source = (0..<300).map { "<p n='\($0 % 7)'><q n='\($0 % 5)'/></p>" }.joined()
        let document = try Document("<r>\(source)</r>")
        let counts = try document.select("for $n in (0 to 6, 0 to 6) return count(//p[@n = string($n)])").strings
        func expected(_ isCounted: (Int, Int) -> Bool) -> [String] {
            (0...6).map { wanted in String((0..<300).filter { isCounted($0, wanted) }.count) }
        }
        let once = expected { $0 % 7 == $1 }
        #expect(counts == once + once)
        let both = expected { $0 % 7 == $1 && $0 % 5 == 0 }
        #expect(try document.select("for $n in 0 to 6 return count(//p[@n = string($n)]/q[@n = '0'])").strings == both)
        #expect(try document.select("count(for $i in 1 to 9 return //q[@n = '1'][3])").strings == ["0"])
        #expect(try document.select("for $i in 1 to 4 return count(descendant::q[@n = '1'][position() le 3])").strings == ["3", "3", "3", "3"])
    }

    @Test func ids() throws {
        let document = try Document("""
            <!DOCTYPE r [<!ATTLIST a key ID #IMPLIED name CDATA #IMPLIED>]>
            <r xmlns:x="urn:x"><b key="k1"/><a key=" k1 " name="n"/><a xml:id="k2"/><a key="k2"/><a name="k3"/><a xml:id="1a"/></r>
            """)
        #expect(try document.select("id('k1')/@name").strings == ["n"])
        #expect(try document.select("count(id('k2')/@xml:id)").strings == ["1"])
        #expect(try document.select("count(id('k3 1a'))").strings == ["0"])
        #expect(try document.select("count(id('k2 k1 k1'))").strings == ["2"])
    }

    /// What is remembered of one document is not taken for another's.
    @Test func whatDependsOnTheDocumentAlone() throws {
        let other = try Document("<TEI xmlns='http://www.tei-c.org/ns/1.0'><p/></TEI>")
        let session = XPathSession()
        let expression = try XPath("for $x in (1, 2) return count(//p)", StaticContext(of: document.root))
        #expect(try session.evaluate(expression, at: TreeNode(document.documentNode)).strings == ["4", "4"])
        #expect(try session.evaluate(expression, at: TreeNode(other.documentNode)).strings == ["1", "1"])
        #expect(try session.evaluate(expression, at: TreeNode(document.documentNode)).strings == ["4", "4"])
    }

    // MARK: Patterns

    @Test(arguments: [
        ("p", ["1", "2", "4", "5"]), ("text/p", ["1", "2", "5"]), ("ab//p | p[@n = 2]", ["2", "4"]), ("/TEI//p[1]", ["1", "4"]), ("text/*", ["1", "2", "3", "5"]),
        ("p[last()]", ["4", "5"]), ("/", []), ("p/@hand", ["1", "2", "5"]), ("@*", ["1", "2", "4", "5"]), ("*[@n]", ["1", "2", "3", "4", "5"]), ("document-node()/TEI/text/p", ["1", "2", "5"]),
        ("p[hi]", ["1"]), ("TEI/text/ab/p", ["4"]), ("TEI/ab/p", []), ("text/descendant::p", ["1", "2", "4", "5"]), ("node()[@n = 5]", ["5"]),
    ])
    func patterns(_ pattern: String, expected: [String]) throws {
        let compiled = try XPathPattern(pattern, StaticContext(of: document.root))
        let session = XPathSession()
        var found: [String] = []
        for node in document.root.descendants where node.kind == .element {
            let candidates = [TreeNode(node)] + node.attributes.filter { $0.name.localName == "hand" || pattern == "@*" }.map(TreeNode.init)
            if try candidates.contains(where: { try session.matches(compiled, $0) }) { found.append(node.attribute("n") ?? "") }
        }
        #expect(found == (pattern == "@*" ? ["1", "2", "3", "4", "5"] : expected))
    }

    /// The document node is a child of nothing: its test is on itself (XSLT 2.0, 5.5.3).
    @Test(arguments: [
        ("document-node()", true), ("/", true), ("document-node(element(TEI))", true), ("document-node(element(p))", false), ("document-node()[TEI]", true), ("document-node()[p]", false),
        ("p | document-node()", true), ("node()", false), ("*", false), ("document-node()[1]", true),
    ])
    func patternsOfTheDocument(_ pattern: String, _ matches: Bool) throws {
        let compiled = try XPathPattern(pattern, StaticContext(of: document.root))
        #expect(try XPathSession().matches(compiled, TreeNode(document.documentNode)) == matches)
        #expect(compiled.targets.contains(.document) == (pattern.contains("document") || pattern == "/") || compiled.targets.contains(.anything))
    }

    /// What selects upwards or sideways, and what is no node, is no pattern (XSLT 3.0, 5.5.2).
    @Test(arguments: ["hi/..", "..", "ancestor::p", "p/following-sibling::p", "p/preceding::p", "1", "'p'", "string(p)", "p + 1", "for $p in p return $p", "if (p) then p else ab"])
    func noPatterns(_ pattern: String) {
        let error = #expect(throws: XPathError.self) { try XPathPattern(pattern, StaticContext(of: document.root)) }
        #expect(error?.code == "XTSE0340" && error?.offset != nil)
    }
}
