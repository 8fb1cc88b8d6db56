import Foundation
import Support
import Testing
@testable import XML
@testable import XPath

/// What the W3C's suite does not try: the interface, places, limits, patterns, and threads.
/// A document whose elements of one name lie in one another, and expressions about them.
private enum StretchText {
    static func document(_ generator: inout Generator) -> String {
        func elements(_ depth: Int) -> String {
            (0...generator.number(below: 6)).map { _ in
                let name = generator.pick(["a", "a", "b"])
                let part = generator.pick(["", " p='I' b=''", " p='M'", " p='F'"])
                return "<\(name)\(part)>\(depth > 0 ? elements(depth - 1) : "t")</\(name)>"
            }.joined()
        }
        return "<r xmlns:x='urn:x'>\((0..<8).map { _ in elements(3) }.joined())</r>"
    }

    /// Each as a stretch and without any shortcut.
    static let steps = ["following", "preceding", "descendant", "descendant-or-self"].flatMap { axis in
        [
            ("\(axis)::a", "\(axis)::node()[self::a]"), ("\(axis)::*[name(.) eq 'b']", "\(axis)::node()[self::b]"),
            ("\(axis)::a[@p eq 'M']", "\(axis)::node()[self::a][string(@p) = 'M']"),
            ("\(axis)::a[@p = 'F'][1]", "\(axis)::node()[self::a][string(@p) = 'F'][1]"),
            ("\(axis)::*[@p = 'I']", "\(axis)::node()[string(@p) = 'I']"),
            (
                "(\(axis)::* | ancestor-or-self::*)[name(.) eq 'a']",
                "(\(axis)::node() | ancestor-or-self::node())[self::a]"
            ),
        ]
    }

    static let forms = [
        "$x", "$x[@p eq 'F'][1]", "$x[@p eq 'I'][last()]", "$x[2]", "$x[last()]", "$x[position() mod 3 = 1]",
        "subsequence($x, 3, 4)", "$x[$node >> .]",
        "$x[. << $node]", "$x[. >> $node]", "$x[$node << .]", "$x[. is $node]", "$x[. >> $node/@p]",
        "$x[$node/@p >> .]", "$x[@p eq 'M'][. >> $node]",
        "$x[. >> $node] | $x[$node >> .]", "$x | $y", "$x | $node", "$node | $x", "count($x | $y)", "$x intersect $y",
        "$x except $y", "($x, $y)", "($node, $x)",
        "every $m in $x satisfies $m/@p eq 'M'", "some $m in $x satisfies 'F' = $m/@p",
        "every $m in $x[@p eq 'M'] satisfies $m/@p eq 'M'",
        "let $z := $x[@p = 'I'] return every $m in $z satisfies $m/@p = 'I'", "count($x)", "exists($x[@p = 'F'])",
        "boolean($x)", "reverse($x)[1]",
        "$x/@p", "$x/..", "$x//a", "string-join($x/name(), ' ')", "$x ! name()", "$x instance of element()*",
        "for $m in $x return $m[@p = 'M']",
        "deep-equal($x, $x)", "$x[@p][@p eq 'M']", "($x[@p eq 'I'] | $x[@p eq 'F'])[$node >> .]", "head($x)",
        "tail($x)[1]", "insert-before($x, 2, $node)",
    ]
}

@Suite struct XPathTests {
    private let document = try! Document(
        """
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
        let found = try expression.evaluate(
            at: item, variables: [QName(localName: "who"): ItemSequence(.atomic(.untyped("#a")))])
        #expect(found.strings == ["1", "5"])
        #expect(throws: XPathError.variableWithoutValue(QName(localName: "who")).at(12)) {
            try expression.evaluate(at: item)
        }
    }

    @Test(arguments: [
        ("//p[", "XPST0003", 4), ("1 +* 2", "XPST0003", 5), ("//x:p", "XPST0081", 2), ("$no", "XPST0008", 0),
        ("nofunction(1)", "XPST0017", 0),
        ("count(1, 2)", "XPST0017", 0), ("1 cast as xs:nothing", "XPST0051", 10), ("'a", "XPST0003", 0),
        ("1 (: a", "XPST0003", 2),
        ("child:p", "XPST0081", 0), ("following_sibling::p", "XPST0003", 0), ("10div 2", "XPST0003", 2),
        ("a eq b eq c", "XPST0003", 7),
        ("if (1) then 2", "XPST0003", 13), ("for $x in 1", "XPST0003", 11), ("😀", "XPST0003", 0),
        ("'😀' + (", "XPST0003", 7),
    ])
    func staticErrors(_ expression: String, code: String, offset: Int) throws {
        let error = try #require(throws: XPathError.self) { try XPath(expression) }
        #expect(error.code == code && error.offset == offset, "\(error)")
    }

    @Test(
        arguments: [
            ("1 + (2, 3)", "XPTY0004", 2), ("//p/string()/a", "XPTY0019", 12), ("(//p, 1)/a", "XPTY0019", 8),
            ("//p/(if (@hand) then 1 else .)", "XPTY0018", 3),
            ("1 idiv 0", "FOAR0001", 2), ("xs:date('x')", "FORG0001", 0), ("(1, 2)[1, 2]", "FORG0006", nil),
            ("error()", "FOER0000", 0),
        ] as [(String, String, Int?)])
    func dynamicErrors(_ expression: String, code: String, offset: Int?) throws {
        let error = try #require(throws: XPathError.self) { try document.select(expression) }
        #expect(error.code == code && error.offset == offset, "\(error)")
    }

    @Test func errorsAsDiagnostics() throws {
        let expression = "//p[\n  @n = ü"
        let error = try #require(throws: XPathError.self) { try XPath(expression) }
        let diagnostic = error.diagnostic(in: expression, named: "xpath")
        #expect(
            diagnostic.rule == "XPST0003" && diagnostic.location?.description == "xpath:2:9"
                && diagnostic.location?.byteOffset == 14)
    }

    // MARK: Order and positions

    /// Each step's result is in document order and without repetitions, whatever way it was found.
    @Test(arguments: [
        ("//p/ancestor::*/name()", ["TEI", "text", "ab"]), ("//hi/ancestor::*[1]/name()", ["p"]),
        ("//p[1]/@n", ["1", "4"]), ("(//p)[1]/@n", ["1"]),
        ("//p[last()]/@n", ["4", "5"]), ("//p/preceding::p[1]/@n", ["1", "2", "4"]),
        ("//ab/preceding-sibling::p/@n", ["1", "2"]),
        ("(//p[@n=5] | //p[@n=1])/@n", ["1", "5"]), ("//ab//p/@n", ["4"]), ("//text//p[2]/@n", ["2"]),
        ("//p[position() = 2 to 3]/@n", ["2", "5"]),
        ("reverse(//p)/@n", ["1", "2", "4", "5"]), ("reverse(//p) ! @n", ["5", "4", "2", "1"]),
        ("//@n[. = '3']/../p/@n", ["4"]),
        ("//p except //ab/p ! .", ["one two", "three", ""]), ("(//p intersect //ab/*)/@n", ["4"]),
        ("//*[@n][@hand]/@n", ["1", "2", "5"]),
        ("for $p in //p[.//hi] return $p/@n", ["1"]), ("//p[following::p[@n = '5']]/@n", ["1", "2", "4"]),
        ("string-join(//p/@n, '|')", ["1|2|4|5"]),
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
        #expect(
            try names("count(@*), count(node()), count(comment()), count(processing-instruction(d))") == [
                "2", "4", "1", "1",
            ])
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
        for expression in [
            "reverse(1 to 1000000000000)", "sort(1 to 1000000000000)", "distinct-values(1 to 1000000000000)",
            "string-join(1 to 1000000000000)",
        ] {
            #expect(
                #expect(throws: XPathError.self) { try document.select(expression) }?.code == "FOER0000",
                "\(expression)")
        }
    }

    @Test func doubledStringsAreErrors() throws {
        let expression = "string-length(fold-left(1 to 60, 'x', function($a, $b) { concat($a, $a) }))"
        let error = try #require(throws: XPathError.self) { try document.select(expression) }
        #expect(error.isLimit && error.message == XPathError.stringTooLong().message, "\(error)")
    }

    /// The value of an expression with smaller limits, or the message.
    private func limited(_ expression: String, _ allowance: Allowance) -> String {
        var context = DynamicContext(item: .node(TreeNode(document.documentNode)), environment: Environment())
        context.allowance = allowance
        do throws(XPathError) {
            return try XPath(expression, StaticContext(of: document.root)).evaluate(&context).strings.joined(
                separator: " ")
        } catch {
            #expect(error.isLimit)
            return error.message
        }
    }

    @Test(arguments: [
        "fold-left(1 to 60, 'x', function($a, $b) { $a || $a })",
        "fold-left(1 to 60, 'x', function($a, $b) { string-join(($a, $a)) })",
        "fold-left(1 to 60, 'x', function($a, $b) { replace($a, '.', '$0$0') })",
        "fold-left(1 to 60, 'x', function($a, $b) { upper-case($a) || $a })",
        "let $f := function($f, $a) { $f($f, $a || $a) } return $f($f, 'x')",
        "let $a := string-join((1 to 1000) ! 'abc') return replace($a, '.', $a)",
        "codepoints-to-string((1 to 20000) ! 65)", "normalize-unicode(string-join((1 to 1000) ! '\u{FDFA}'), 'NFKD')",
        "string-join((1 to 20000) ! 'x', '')",
        "fold-left(1 to 60, 'x', concat#2)[2] || fold-left(1 to 60, 'xx', function($a, $b) { fold-left((1, 2), '', function($c, $d) { concat($c, $a) }) })",
    ])
    func longStringsAreErrors(_ expression: String) {
        #expect(limited(expression, Allowance(stringLength: 10_000)) == XPathError.stringTooLong().message)
    }

    /// Strings and items that are each within their limits are too many together.
    @Test(arguments: [
        "(1 to 200) ! lower-case($a)", "for $i in 1 to 100 return reverse(1 to 10000)",
        "for $i in 1 to 1000000 return $i", "string-join(for $i in 1 to 10000 return /)",
        "let $f := function($f, $n) { let $b := lower-case($a) return $f($f, $n + 1) || $b } return $f($f, 1)",
        "for $i in 1 to 1000000 return //p",
    ])
    func whatIsTooMuchTogetherIsAnError(_ expression: String) {
        let text = "let $a := string-join((1 to 1000) ! '0123456789') return "
        #expect(limited(text + expression, Allowance(bytes: 200_000)) == XPathError.tooManyBytes().message)
    }

    /// Values that are dropped again are free.
    @Test(arguments: [
        ("count((1 to 300)[string-length(lower-case($a)) > .])", "300"),
        ("every $i in 1 to 300 satisfies $a || $i ne $a", "true"),
        ("sum(for $i in 1 to 300 return string-length($a || $i))", "3000792"),
        ("string-length(fold-left(1 to 300, '', function($b, $i) { $a || $i }))", "10003"),
        ("count(for $i in 1 to 300 return ($a || $a)[. = $a])", "0"),
    ])
    func whatIsDroppedIsFree(_ expression: String, expected: String) {
        #expect(
            limited("let $a := string-join((1 to 1000) ! '0123456789') return " + expression, Allowance(bytes: 200_000))
                == expected)
    }

    @Test(arguments: [
        "some $i in 1 to 1000000000000 satisfies false()", "every $i in 1 to 1000000000000 satisfies true()",
        "for $i in 1 to 1000000000000 return ()",
        "(1 to 1000000000000) ! ()", "(1 to 1000000000000)[. = 0]", "(1 to 1000000000000)[1000000000]",
        "1000000000001 = 1 to 1000000000000",
        "for-each(1 to 1000000000000, function($a) { () })", "filter(1 to 1000000000000, function($a) { false() })",
        "let $f := function($f, $n) { if ($n = 0) then 0 else $f($f, $n - 1) + $f($f, $n - 1) } return $f($f, 40)",
        "count(for $i in 1 to 100, $j in 1 to 100, $k in 1 to 100 return //p[following::p][preceding::p])",
        "for $i in 1 to 1000000 return //p/..//p/..//p",
        "(some $i in 1 to 1000000000000 satisfies false()) or false()",
    ])
    func endlessLoopsAreErrors(_ expression: String) {
        #expect(limited(expression, Allowance(steps: 100_000)) == XPathError.tooManySteps().message)
    }

    /// To go over a document some times takes no more steps than the document gives.
    @Test func stepsGrowWithTheDocument() throws {
        let document = try Document("<r>\((0..<1000).map { "<p n='\($0)'><q>a b</q></p>" }.joined())</r>")
        var context = DynamicContext(item: .node(TreeNode(document.documentNode)), environment: Environment())
        context.allowance = Allowance(document, steps: 0)
        let expression = "count(//*[normalize-space(.) != ''][ancestor::r][@n = 7 or contains(., 'b') or @m])"
        #expect(try XPath(expression).evaluate(&context).strings == ["2000"])
    }

    // MARK: Arrays

    @Test(arguments: [
        ("array:size([1, (2, 3), ()])", "3"), ("array:size(array { 1, (2, 3), () })", "3"),
        ("array:size([]) + array:size(array { })", "0"),
        ("[1, (2, 3)](2)", "2 3"), ("[1, (2, 3)]?2", "2 3"), ("[1, (2, 3)]?*", "1 2 3"), ("[4, 5, 6]?(3, 1)", "6 4"),
        ("[[1, 2], [3, 4]]?2?1", "3"), ("[[1, 2], [3]](1)(2)", "2"),
        ("([1], [2])?1", "1 2"), ("[1, 2] ! ?2", "2"), ("([1, 2], [3, 4])[?1 = 3]?2", "4"), ("[4, 5]?(1 to 2)", "4 5"),
        ("//p ! [@n, .] ! ?1", "1 2 4 5"),
        ("data([1, [2, 3], ()])", "1 2 3"), ("string-join([1, [2]], '-')", "1-2"), ("[1, 2] = 2", "true"),
        ("[] = 1", "false"), ("[5] + 1", "6"), ("[3] eq 3", "true"), ("sum([1, [2]])", "3"),
        ("[1] instance of array(*)", "true"), ("[1] instance of array(xs:integer)", "true"),
        ("['a'] instance of array(xs:integer)", "false"), ("[()] instance of array(xs:integer)", "false"),
        ("[1] instance of function(*)", "true"), ("[1] instance of function(xs:integer) as xs:integer", "true"),
        ("[1] instance of function(xs:string) as item()*", "false"),
        ("[] instance of array(xs:integer+)", "true"), ("1 instance of array(*)", "false"), ("count([1, 2])", "1"),
        ("count(([1], 2))", "2"), ("function-arity([1])", "1"), ("empty([])", "false"),
        ("array:get([1, 2], 2)", "2"), ("array:put([1, 2], 1, (8, 9))", "8 9 2"), ("array:append([1], 2)", "1 2"),
        ("array:subarray([1, 2, 3], 2)", "2 3"), ("array:subarray([1, 2, 3], 4)", ""),
        ("array:subarray([1, 2, 3], 2, 1)", "2"), ("array:remove([1, 2, 3], (3, 1, 3))", "2"),
        ("array:insert-before([1, 2], 3, 9)", "1 2 9"), ("array:head([(1, 2), 3])", "1 2"), ("array:tail([1, 2])", "2"),
        ("array:reverse([1, (2, 3)])", "2 3 1"), ("array:join(([1], [], [2, 3]))", "1 2 3"),
        ("array:flatten((1, [2, [3, []]]))", "1 2 3"), ("array:for-each([1, 2], function($a) { $a * 2 })", "2 4"),
        ("array:filter([1, 2, 3], function($a) { $a > 1 })", "2 3"), ("array:fold-left([1, 2], 'x', concat#2)", "x12"),
        ("array:fold-right([1, 2], 'x', concat#2)", "12x"),
        ("array:for-each-pair([1, 2], [3, 4, 5], function($a, $b) { $a + $b })", "4 6"),
        ("array:sort([3, 1, 2])", "1 2 3"), ("array:sort([3, 1, 2], (), function($a) { -$a })", "3 2 1"),
        ("array:size(array:sort([(2, 1), (), 1]))", "3"), ("deep-equal([1, [2]], [1, [2]])", "true"),
        ("deep-equal([1, 2], [(1, 2)])", "false"), ("deep-equal([1], 1)", "false"),
        ("deep-equal([//p[1]], [//p[1]])", "true"),
        ("for-each((1, 2), ['a', 'b'])", "a b"), ("apply(concat#3, [1, 2, 3])", "123"),
        ("let $f := function($a as array(xs:integer)) as xs:integer { $a?1 } return $f([7])", "7"),
        ("sort(([2], [1]))?1", "1 2"),
        ("let $array := [1] return $array?1", "1"), ("count(array)", "0"), ("[1, 2] => array:size()", "2"),
        ("[[1]]?1 instance of array(xs:integer)", "true"), ("string([1]?1)", "1"), ("([1], [2])[2]?*", "2"),
        ("index-of(([1], 2), 2)", "2"), ("max([1, 3, 2])", "3"), ("'b' = ['a', ['b']]", "true"),
        ("xs:integer([7])", "7"), ("[7] castable as xs:integer", "true"), ("[1, 2] castable as xs:integer", "false"),
        ("[1]?(xs:untypedAtomic('1'))", "1"),
    ])
    func arrays(_ expression: String, expected: String) throws {
        #expect(try strings(expression).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        ("[1, 2](3)", "FOAY0001"), ("[1]?0", "FOAY0001"), ("array:get([], 1)", "FOAY0001"),
        ("array:head([])", "FOAY0001"), ("array:tail([])", "FOAY0001"), ("array:put([1], 2, 1)", "FOAY0001"),
        ("array:subarray([1], 3)", "FOAY0001"), ("array:subarray([1], 1, 2)", "FOAY0001"),
        ("array:subarray([1], 1, -1)", "FOAY0002"), ("array:insert-before([1], 3, 1)", "FOAY0001"),
        ("array:remove([1], 2)", "FOAY0001"),
        ("if ([1]) then 1 else 2", "FORG0006"), ("not([])", "FORG0006"), ("string([1])", "FOTY0014"),
        ("[1, 2] + 1", "XPTY0004"), ("[1]?a", "XPTY0004"), ("1?1", "XPTY0004"), ("//p/?1", "XPTY0004"),
        ("?1", "XPTY0004"),
        ("[1](1, 2)", "XPTY0004"), ("['a'] treat as array(xs:integer)", "XPDY0050"), ("[1", "XPST0003"),
        ("array { 1", "XPST0003"), ("[1]?-1", "XPST0003"), ("apply(concat#2, [1, 2, 3])", "FOAP0001"),
        ("[1]?1.0", "XPST0003"), ("[1]?(1.5)", "XPTY0004"),
        ("deep-equal([concat#2], [concat#2])", "FOTY0015"), ("map { 'a': 1 }", "XPST0003"),
        ("array:subarray([1, 2], 2, 170141183460469231731687303715884105727)", "FOAY0001"),
        ("[1] instance of map(*)", "XPST0003"),
    ])
    func errorsOfArrays(_ expression: String, code: String) throws {
        let error = try #require(throws: XPathError.self) { try document.select(expression) }
        #expect(error.code == code, "\(error)")
    }

    /// XPath 2.0 has none.
    @Test(arguments: ["[1]", "array { 1 }", "$a?1", "1 instance of array(*)"])
    func noArraysInXPath2(_ expression: String) {
        var context = StaticContext()
        context.version = .xpath2
        context.variables = [QName(localName: "a")]
        #expect(throws: XPathError.self) { try XPath(expression, context) }
    }

    @Test(arguments: [
        ("fold-left(1 to 100000, [], function($a, $b) { [$a] })", XPathError.itemsTooDeep(Item.depthLimit)),
        ("array:size(fold-left(1 to 100000, [1], function($a, $b) { [$a(?)] }))", .itemsTooDeep(Item.depthLimit)),
        (
            "fold-left(1 to 100000, function($a) { $a }, function($f, $b) { function($a) { $f($a) } })(1)",
            .itemsTooDeep(Item.depthLimit)
        ),
        ("fold-left(1 to 100000, abs#1, function($f, $b) { $f(?) })", .itemsTooDeep(Item.depthLimit)),
        (
            "fold-left(1 to 100000, abs#1, function($f as function(item()*) as item()*, $b) { $f })",
            .itemsTooDeep(Item.depthLimit)
        ), ("fold-left(1 to 60, [1], function($a, $b) { [$a, $a] })", .tooManyBytes()),
        ("fold-left(1 to 1000000, [], array:append#2)", .tooManySteps()),
        ("for $i in 1 to 1000000 return [$i]", .tooManyBytes()),
    ])
    func largeArraysAreErrors(_ expression: String, error: XPathError) {
        #expect(limited(expression, Allowance(steps: 1_000_000, bytes: 1_000_000)) == error.message)
    }

    /// What is repeated before a part, and what behind it.
    @Test(arguments: [
        ("(", 20_000, "", ""), ("-", 100_000, "1", ""), ("1+", 50_000, "1", ""), ("a/", 50_000, "a", ""),
        ("a[", 20_000, "", "]"),
        ("if (1) then 1 else ", 5000, "1", ""), ("(1+", 900, "1", ")"), ("f(", 20_000, "", ")"),
        ("", 50_000, "a", "[1]"),
        ("[", 20_000, "", "]"), ("array {", 20_000, "", "}"), ("", 50_000, "a", "?1"),
    ])
    func deepExpressions(_ before: String, count: Int, middle: String, after: String) {
        // Whether an error or a value, it comes back.
        _ = try? document.select(
            String(repeating: before, count: count) + middle + String(repeating: after, count: count))
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
        ("for $n in 1 to 5 return string((//@n)[$n])", ["1", "2", "3", "4", "5"]), ("count((//p)[1.5])", ["0"]),
        ("count((//p)[0 = 1])", ["0"]),
        ("count((//p)['x'])", ["4"]), (".//@hand", ["#a", "#b", "#a"]), ("//text//@n[. > '2']", ["3", "4", "5"]),
        ("count(//@*)", ["9"]),
        ("//p[1]//@n", ["1", "4"]), ("(//hi | //ab)/..//@n", ["1", "2", "3", "4", "5"]),
        ("distinct-values(//@hand)", ["#a", "#b"]),
        ("distinct-values((//@n, //hi, //@n))", ["1", "2", "3", "4", "5", "two"]),
        ("count(//hi/following::*[name(.) eq 'p'])", ["3"]), ("count(//ab/preceding::*[local-name() = 'p'][1])", ["1"]),
        ("string((//ab/preceding::*[local-name() = 'p'])[last()]/@n)", ["2"]), ("count(//p[. >> //ab])", ["2"]),
        ("count(//p[//ab << .])", ["2"]),
        ("//p[count(hi) > 0]/@n", ["1"]), ("//p[count(hi) eq 0]/@n", ["2", "4", "5"]),
        ("//p[1 le count(hi)]/@n", ["1"]),
        ("//p[@n = //ab/@n or @hand = //@hand]/@n", ["1", "2", "5"]), ("boolean(1 div 0 eq 1 or true())", ["true"]),
        ("boolean(xs:integer('x') and false())", ["false"]),
        (
            "for $n in ('p', 'hi') return count((//ab/preceding::* | //ab/ancestor-or-self::*)[name(.) eq $n])",
            ["2", "1"]
        ),
        ("(//hi | //ab)[1]/name()", ["hi"]),
        ("(//ab/preceding::* | //ab/ancestor::*)[self::p or self::text][last()]/@n", ["2"]),
    ])
    func shortcuts(_ expression: String, _ expected: [String]) throws {
        #expect(try strings(expression) == expected)
    }

    /// What is done with stretches of elements is what is done with all of their nodes.
    @Test(.inRelease) func stretches() throws {
        var generator = Generator(seed: 17)
        let document = try Document(StretchText.document(&generator))
        var context = StaticContext()
        context.variables = Set(["x", "y", "node"].map { QName(localName: $0) })
        let session = XPathSession()
        let forms = try StretchText.forms.map { try XPath($0, context) }
        let steps = try StretchText.steps.map { (try XPath($0, context), try XPath($1, context)) }
        let nodes: [Node] = document.root.descendants.filter { $0.kind == .element }
        var count = 0
        for _ in 0..<2_000 {
            let places = (0..<3).map { _ in TreeNode(generator.pick(nodes)) }
            let (first, second) = (generator.pick(steps), generator.pick(steps))
            let form = generator.pick(forms)
            session.setVariable(QName(localName: "node"), ItemSequence(.node(places[2])))
            func value(_ x: XPath, _ y: XPath) throws -> [Item] {
                session.setVariable(QName(localName: "x"), try session.evaluate(x, at: places[0]))
                session.setVariable(QName(localName: "y"), try session.evaluate(y, at: places[1]))
                return Array(try session.evaluate(form, at: places[0]))
            }
            let (quick, plain) = (try value(first.0, second.0), try value(first.1, second.1))
            let isSame = quick.elementsEqual(plain) { $0.node == $1.node && $0.atomic?.string == $1.atomic?.string }
            #expect(isSame, "\(form.expression) of \(first.0.expression) and \(second.0.expression)")
            if case .elementRange = try session.evaluate(first.0, at: places[0]).storage { count += quick.count }
        }
        #expect(count > 10_000)
    }

    /// Rules that look at everything before and after each element take twice as many steps for twice as many elements.
    @Test func stretchesAreLinear() throws {
        var context = StaticContext()
        context.variables = [QName(localName: "all"), QName(localName: "end")]
        let before = try XPath("preceding::*[name(.) eq 'l']", context)
        let expressions = try [
            "$end", "every $l in $all[$end >> .] satisfies $l/@p eq 'M'",
            "count((preceding::* | ancestor-or-self::*)[name(.) eq 'l'])",
            "$all[. >> $end] | $all[$end >> .]", "count($all)",
            "exists(following::*[name(.) eq 'l'][@p eq 'M'])", "(./following::l)[1]",
            "boolean(preceding::l[. << $end])", "some $l in ./following::l satisfies $l/@p",
        ].map { try XPath($0, context) }
        func steps(_ count: Int) throws -> Double {
            let document = try Document("<r><l p='F'/>\(String(repeating: "<l p='M'/>", count: count))</r>")
            let session = XPathSession()
            var shares = 0.0
            func evaluate(_ expression: XPath, _ node: Node) throws -> ItemSequence {
                defer { shares += session.shareOfSteps }
                return try session.evaluate(expression, at: TreeNode(node))
            }
            for node in document.root.children {
                session.setVariable(QName(localName: "all"), try evaluate(before, node))
                session.setVariable(
                    QName(localName: "end"), try evaluate(try XPath("$all[@p eq 'F'][last()]", context), node))
                for expression in expressions { _ = try evaluate(expression, node) }
            }
            return shares * Double(Allowance.steps + Allowance.stepsOfNode * document.nodes.count)
        }
        #expect(try steps(2_000) < 2.2 * steps(1_000))
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
        #expect(
            try document.select("for $i in 1 to 4 return count(descendant::q[@n = '1'][position() le 3])").strings == [
                "3", "3", "3", "3",
            ])
    }

    @Test func ids() throws {
        let document = try Document(
            """
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
        ("p", ["1", "2", "4", "5"]), ("text/p", ["1", "2", "5"]), ("ab//p | p[@n = 2]", ["2", "4"]),
        ("/TEI//p[1]", ["1", "4"]), ("text/*", ["1", "2", "3", "5"]),
        ("p[last()]", ["4", "5"]), ("/", []), ("p/@hand", ["1", "2", "5"]), ("@*", ["1", "2", "4", "5"]),
        ("*[@n]", ["1", "2", "3", "4", "5"]), ("document-node()/TEI/text/p", ["1", "2", "5"]),
        ("p[hi]", ["1"]), ("TEI/text/ab/p", ["4"]), ("TEI/ab/p", []), ("text/descendant::p", ["1", "2", "4", "5"]),
        ("node()[@n = 5]", ["5"]),
    ])
    func patterns(_ pattern: String, expected: [String]) throws {
        let compiled = try XPathPattern(pattern, StaticContext(of: document.root))
        let session = XPathSession()
        var found: [String] = []
        for node in document.root.descendants where node.kind == .element {
            let candidates =
                [TreeNode(node)]
                + node.attributes.filter { $0.name.localName == "hand" || pattern == "@*" }.map(TreeNode.init)
            if try candidates.contains(where: { try session.matches(compiled, $0) }) {
                found.append(node.attribute("n") ?? "")
            }
        }
        #expect(found == (pattern == "@*" ? ["1", "2", "3", "4", "5"] : expected))
    }

    /// The document node is a child of nothing: its test is on itself (XSLT 2.0, 5.5.3).
    @Test(arguments: [
        ("document-node()", true), ("/", true), ("document-node(element(TEI))", true),
        ("document-node(element(p))", false), ("document-node()[TEI]", true), ("document-node()[p]", false),
        ("p | document-node()", true), ("node()", false), ("*", false), ("document-node()[1]", true),
    ])
    func patternsOfTheDocument(_ pattern: String, _ matches: Bool) throws {
        let compiled = try XPathPattern(pattern, StaticContext(of: document.root))
        #expect(try XPathSession().matches(compiled, TreeNode(document.documentNode)) == matches)
        #expect(
            compiled.targets.contains(.document) == (pattern.contains("document") || pattern == "/")
                || compiled.targets.contains(.anything))
    }

    /// What selects upwards or sideways, and what is no node, is no pattern (XSLT 3.0, 5.5.2).
    @Test(arguments: [
        "hi/..", "..", "ancestor::p", "p/following-sibling::p", "p/preceding::p", "1", "'p'", "string(p)", "p + 1",
        "for $p in p return $p", "if (p) then p else ab",
    ])
    func noPatterns(_ pattern: String) {
        let error = #expect(throws: XPathError.self) { try XPathPattern(pattern, StaticContext(of: document.root)) }
        #expect(error?.code == "XTSE0340" && error?.offset != nil)
    }
}
