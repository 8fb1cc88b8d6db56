import XML
import XPath

/// The groups of tests for which there are figures.
package enum Selection: String, Sendable, CaseIterable, Codable {
    /// XPath 2.0 without schema awareness.
    case xpath2
    /// The parts of XPath 3.0 and 3.1 that the project set out to have (``Scope/named``).
    case xpath3
    /// What it has of XPath 3.0 and 3.1 besides.
    case besides

    /// The share of the tests that must pass, in percent.
    package var goal: Double { self == .xpath2 ? 99 : 97 }
}

/// Whether a test is one for us.
enum Applicability: Sendable {
    case applies(Selection, StaticContext.Version)
    /// The first is the group that it would belong to, `nil` for a test of XQuery alone.
    case passedOver(Selection?, reason: String)

    init(_ test: TestCase) {
        let versions = Applicability.versions(of: test)
        guard !versions.isEmpty else {
            self = .passedOver(nil, reason: "XQuery alone")
            return
        }
        let selection: Selection = versions.contains(20) ? .xpath2 : Scope.named.contains(test.set) ? .xpath3 : .besides
        let reason =
            versions == [30]
            ? "XPath 3.0 and not 3.1"
            : test.unmetDependency ?? test.unmetEnvironment ?? (selection == .xpath2 ? nil : test.outOfScope)
        self =
            reason.map { .passedOver(selection, reason: $0) }
            ?? .applies(selection, versions.contains(31) ? .xpath31 : .xpath2)
    }

    /// The versions of XPath, times ten, that all of a test's dependencies name; all of them where there is none.
    private static func versions(of test: TestCase) -> Set<Int> {
        test.dependencies.filter { $0.type == "spec" }.reduce([20, 30, 31]) { versions, dependency in
            versions.filter { version in
                dependency.value.tokens.contains { token in
                    token == "XP\(version)"
                        || token.hasPrefix("XP") && token.hasSuffix("+")
                            && version >= Int(token.dropFirst(2).dropLast()) ?? 99
                }
            }
        }
    }
}

extension TestCase {
    /// The group that the test belongs to; `nil` for one of XQuery alone.
    var selection: Selection? {
        switch Applicability(self) {
        case .applies(let selection, _): selection
        case .passedOver(let selection, _): selection
        }
    }

    /// What the test asks of a processor that ours is not.
    fileprivate var unmetDependency: String? {
        for dependency in dependencies where dependency.type != "spec" {
            guard Claims.meets(dependency.type, dependency.value) != dependency.isSatisfied else { continue }
            let what = dependency.type == "feature" ? dependency.value : "\(dependency.type) \(dependency.value)"
            return dependency.isSatisfied ? "needs \(what)" : "for processors without \(what)"
        }
        return nil
    }

    fileprivate var unmetEnvironment: String? {
        if !element.elements("module").isEmpty { return "needs moduleImport" }
        if environment.hasSchema { return "needs schemaImport" }
        if environment.hasQuery { return "a collection of atomic values" }
        if environment.hasDecimalFormat { return "uses a decimal format" }
        guard environment.absentFile == nil, let expression else { return "a file that it needs is absent" }
        // Environments offer collations to tests that do not use them, and a base to those that name them by their last
        // part.
        let collation = environment.collations.first { uri in
            !Claims.knows(collation: uri) && expression.contains(uri.split(separator: "/").last ?? "")
        }
        return collation.map { "needs the collation \($0)" }
    }

    /// What of XPath 3.1 the test uses that the project does not have.
    fileprivate var outOfScope: String? {
        if let subject = Scope.absent[set] { return "about \(subject)" }
        let texts =
            [expression ?? ""]
            + (assertion?.descendantsOrSelf.filter {
                ["assert", "assert-eq", "assert-deep-eq", "assert-permutation", "assert-type"].contains($0.localName)
            }.map(\.stringValue) ?? [])
        return texts.lazy.compactMap { Scope.reason(for: ExpressionText($0), looksUp: set == "fn-function-lookup") }
            .first
    }
}

/// What the engine claims to be and to do.
enum Claims {
    private static let values: [String: Set<String>] = [
        "feature": [
            "higherOrderFunctions", "namespace-axis", "xpath-1.0-compatibility", "non_empty_sequence_collection",
            "non_unicode_codepoint_collation",
            "collection-stability", "simple-uca-fallback",
        ],
        // XML 1.0 in its fifth edition, which changed the names.
        "xml-version": ["1.0", "1.0:5+ 1.1"],
        "xsd-version": ["1.1"],
        "limits": ["year_lt_0"],
        "language": ["en"],
        "default-language": ["en"],
        "calendar": ["AD", "ISO"],
        "unicode-normalization-form": ["NFC", "NFD", "NFKC", "NFKD"],
        "format-integer-sequence": ["١", "①", "⑴", "⒈", "Α", "α", "一"],
    ]

    static func knows(collation: String) -> Bool {
        collation.hasPrefix("http://www.w3.org/2013/collation/UCA")
            || ["codepoint", "html-ascii-case-insensitive"].contains {
                collation == "\(Namespace.xpathFunctions)/collation/\($0)"
            }
    }

    static func meets(_ type: String, _ value: String) -> Bool { values[type]?.contains(value) == true }
}

/// What of XPath 3.0 and 3.1 the project has.
package enum Scope {
    /// The test sets of the parts that were asked for.
    static let named: Set<String> = [
        // let, ||, !, =>, Q{}, inline functions, named function references and calls of function items.
        "prod-LetClause", "op-concat", "op-bang", "prod-ArrowPostfix", "prod-EQName", "prod-InlineFunctionExpr",
        "prod-NamedFunctionRef",
        "prod-FunctionCall", "misc-HigherOrderFunctions",
        "fn-for-each", "fn-filter", "fn-fold-left", "fn-fold-right", "fn-for-each-pair", "fn-apply", "fn-sort",
        "fn-function-lookup",
        "fn-function-arity", "fn-function-name",
        "prod-ArrayTest", "prod-CurlyArrayConstructor", "prod-SquareArrayConstructor", "prod-Lookup",
        "prod-UnaryLookup",
        "fn-head", "fn-tail", "fn-has-children", "fn-innermost", "fn-outermost", "fn-path",
        "fn-analyze-string", "fn-contains-token", "fn-tokenize", "fn-matches.re",
        "fn-unparsed-text", "fn-unparsed-text-available", "fn-unparsed-text-lines",
        "fn-format-date", "fn-format-dateTime", "fn-format-time", "fn-format-integer",
    ]

    /// The test sets of what the project does not have, with their subjects.
    static let absent = [
        "prod-MapConstructor": "maps", "prod-MapTest": "maps", "op-same-key": "maps",
        "fn-json-doc": "fn:json-doc", "fn-json-to-xml": "fn:json-to-xml", "fn-parse-json": "fn:parse-json",
        "fn-xml-to-json": "fn:xml-to-json",
        "fn-load-xquery-module": "fn:load-xquery-module", "fn-parse-xml-fragment": "fn:parse-xml-fragment",
        "fn-random-number-generator": "fn:random-number-generator", "fn-serialize": "fn:serialize",
        "fn-transform": "fn:transform",
    ]

    /// Functions that the project does not have, in the namespace of functions.
    private static let functions: Set<String> = [
        "json-doc", "json-to-xml", "load-xquery-module", "parse-json", "parse-xml-fragment", "random-number-generator",
        "serialize", "transform", "xml-to-json",
    ]

    private static let mapNamespace = "http://www.w3.org/2005/xpath-functions/map"

    /// What a text uses that the project does not have: constructors and types of maps, and functions.
    package static func reason(for expression: String) -> String? {
        reason(for: ExpressionText(expression), looksUp: false)
    }

    /// - Parameter looksUp: whether the strings are names of functions that are looked up.
    fileprivate static func reason(for text: ExpressionText, looksUp: Bool) -> String? {
        for (index, token) in text.tokens.enumerated() {
            let previous = index > 0 ? text.tokens[index - 1] : nil
            let next = index + 1 < text.tokens.count ? text.tokens[index + 1] : nil
            switch token.kind {
            case .name where next?.text == "{" && token.text == "map": return "uses a constructor of maps"
            case .name
            where next?.text == "(" && previous?.text != "$" && token.text == "map" && !text.isEmptyCall(at: index):
                return "uses the type of maps"
            case .name where previous?.text != "$" && (next?.text == "(" || next?.text == "#"):
                if let function = absentFunction(token.text) { return "uses \(function)" }
            case .string where looksUp:
                if let function = absentFunction(token.text) { return "looks up \(function)" }
                if token.text == mapNamespace { return "looks up a function of maps" }
            default: break
            }
        }
        return nil
    }

    /// The function that is meant, if it is one of those that the project does not have.
    private static func absentFunction(_ name: String) -> String? {
        let local =
            ["fn:", "Q{\(Namespace.xpathFunctions)}"].first { name.hasPrefix($0) }.map {
                String(name.dropFirst($0.count))
            } ?? name
        if functions.contains(local) { return "fn:" + local }
        return name.hasPrefix("map:") || name.hasPrefix("Q{\(mapNamespace)}") ? name : nil
    }
}
