package import XML
package import XPath

// Every message about Schematron schemas and what their rules find.

package enum SchematronMessages {
    // MARK: Reading a schema

    static func rulesWithoutSchema(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-element", "a Schematron schema does not begin with <\(root.localName)>",
            help: "put it into a <schema>; <include> can bring parts into it", at: root.location
        )
    }

    static func misplacedElement(
        _ node: Node, in parent: Node, expected: String, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-element", "<\(node.localName)> is not allowed in <\(parent.localName)>",
            help: "<\(parent.localName)> holds \(expected)", at: location
        )
    }

    static func missingAttribute(_ name: String, _ node: Node, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute", "<\(node.localName)> has no \(name)", help: "give it \(name)=\"…\"", at: location)
    }

    static func idleAttribute(
        _ name: String, _ node: Node, _ known: [String], at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            .warning, rule: "schema-attribute", "‘\(name)’ does nothing on <\(node.localName)>",
            help: "correct the name, or remove it: <\(node.localName)> has \(known.joined(separator: ", "))",
            at: location
        )
    }

    static func notBoolean(_ name: String, _ value: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute", "\(name)=\"\(value)\" is neither true nor false", help: "write \(name)=\"true\"",
            at: location)
    }

    static func unknownBinding(_ name: String, at location: SourceLocation) -> Diagnostic {
        let known = SchematronSchema.QueryBinding.allCases.map { "‘\($0.rawValue)’" }.joined(separator: ", ")
        return Diagnostic(
            rule: "schema-binding", "the query binding ‘\(name)’ is not known here", help: "known are \(known)",
            at: location
        )
    }

    static func prefixTwice(
        _ prefix: String, _ first: String, _ second: String, _ severity: Diagnostic.Severity,
        at location: SourceLocation,
        first place: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            severity, rule: "schema-prefix",
            "the prefix ‘\(prefix)’ is to mean ‘\(second)’ here, and ‘\(first)’ elsewhere",
            help: "choose another prefix" + (severity == .warning ? ": the first meaning was taken" : ""), at: location,
            notes: [.init("the first declaration", at: place)]
        )
    }

    static func variableTwice(_ name: String, at location: SourceLocation, first: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-variable", "the variable ‘\(name)’ is declared a second time", help: "choose another name",
            at: location,
            notes: [.init("the first declaration", at: first)]
        )
    }

    static func variableNeedsItself(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-variable", "the value of the variable ‘\(name)’ depends on itself",
            help: "say one of the circle without the others",
            at: location
        )
    }

    static func functionName(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name", "a function is not named ‘\(name)’",
            help: "give it a prefix that is declared by xmlns:… or <ns>", at: location
        )
    }

    static func noStylesheet(_ root: Node, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-include", "a stylesheet is included, and this file begins with <\(root.localName)>",
            help: "name a file whose outermost element is xsl:stylesheet, xsl:transform or xsl:package", at: location
        )
    }

    static func assertionWithoutRule(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            .warning, rule: notRun,
            "this <\(name)> is not run: it is in no rule, so that nothing says what it is about",
            help: "put it into a <rule context=\"…\">", at: location
        )
    }

    /// The rule id of what is not carried out.
    package static let notRun = "schematron-not-run"

    static func unsupported(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            .warning, rule: notRun, "\(name) is not carried out here: what needs it is not run",
            help: "say it by an expression, or by sequence, value-of, choose, if, for-each, variable and text of XSLT",
            at: location
        )
    }

    // MARK: Inclusion

    static func extendsOther(_ target: Node, _ parent: Node, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-inclusion", "a <\(parent.localName)> does not extend a <\(target.localName)>",
            help: "name a <\(parent.localName)>, by file or by file and ‘#’ and its id", at: location
        )
    }

    static func tooManyInclusions(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-too-large", "the schema includes too many parts: a thousand in all, or 64 one by the other",
            help: "divide it", at: location)
    }

    static func rulesIncludeThemselves(_ href: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-inclusion-loop", "‘\(href)’ includes itself",
            help: "remove one of the inclusions of the circle", at: location
        )
    }

    static func noSuchElement(_ id: String, _ path: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-inclusion", "nothing in ‘\(path)’ has the id ‘\(id)’", help: "correct what comes after ‘#’",
            at: location)
    }

    static func rulesNotIncluded(_ href: String, reason: Diagnostics, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-inclusion",
            "‘\(href)’ cannot be included: \(reason.list.first?.message ?? "it cannot be read")",
            help: reason.list.first?.help, at: location,
            notes: reason.list.first?.location.map { [.init("there", at: $0)] } ?? []
        )
    }

    // MARK: Compiling a schema

    private static func known(_ names: [String], _ none: String) -> String {
        names.isEmpty
            ? none : "there \(names.count == 1 ? "is" : "are") " + names.map { "‘\($0)’" }.joined(separator: ", ")
    }

    static func unknownPhase(_ name: String, known phases: [String], at location: SourceLocation?) -> Diagnostic {
        Diagnostic(
            rule: "schema-phase", "there is no phase ‘\(name)’",
            help: known(phases + [SchematronRules.allPhases, SchematronRules.defaultPhase], ""), at: location
        )
    }

    static func noPattern(_ id: String, known patterns: [String], at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-reference", "there is no pattern ‘\(id)’", help: known(patterns, "no pattern has an id"),
            at: location
        )
    }

    static func noAbstractPattern(_ id: String, known patterns: [String], at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-reference", "there is no abstract pattern ‘\(id)’",
            help: known(patterns, "no pattern is abstract"), at: location
        )
    }

    static func noAbstractRule(
        _ id: String, known rules: [String], isElsewhere: Bool, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-reference", "there is no abstract rule ‘\(id)’ in this pattern",
            help: isElsewhere
                ? "it is in another pattern: repeat it here" : known(rules, "no rule of the pattern is abstract"),
            at: location
        )
    }

    static func ruleExtendsItself(_ path: [String], at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-reference",
            "the abstract rule ‘\(path.last ?? "")’ extends itself: \(path.joined(separator: " → "))",
            help: "remove one of the <extends> of the circle", at: location
        )
    }

    static func noMessage(
        _ kind: String, _ id: String, known: [String], _ severity: Diagnostic.Severity, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            severity, rule: "schema-reference", "there is no <\(kind)> with the id ‘\(id)’",
            help: self.known(known, "there is no <\(kind)> at all"), at: location
        )
    }

    /// Whether an expression calls a function of another namespace than those of XPath: of an extension.
    static func isForeignFunction(_ error: XPathError, _ statics: StaticContext) -> Bool {
        error.code == "XPST0017" && error.message.contains(":")
            && !["fn:", "xs:", "math:", "array:"].contains { error.message.contains(" \($0)") }
    }

    /// - Parameter severity: a warning where the expression is left out.
    static func expression(
        _ error: XPathError, _ text: String, _ severity: Diagnostic.Severity, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            severity, rule: severity == .warning ? notRun : "schema-expression",
            "\(error.message) (\(error.code))"
                + (severity == .warning ? ": what needs ‘\(excerpt(text))’ is not run" : " in ‘\(excerpt(text))’"),
            help: error.code == "XPST0081" ? "declare it by <ns prefix=\"…\" uri=\"…\"/>" : error.help, at: location
        )
    }

    static func tooManyParts(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-too-large",
            "abstract rules bring more than \(SchematronCompiler.partLimit) parts into the rules that extend them",
            help: "extend each rule once, and not by way of many others", at: location
        )
    }

    static func variablesTooDeep(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-depth",
            "the variable ‘\(name)’ needs more than \(SchematronCompiler.variableDepth) others one through the other",
            help: "say some of them in one expression", at: location
        )
    }

    private static func excerpt(_ text: String) -> String {
        let text = text.normalizedSpace
        return text.unicodeScalars.count > 80 ? String(text.unicodeScalars.prefix(80)) + "…" : text
    }

    // MARK: Running

    package static func rulesNotStreamed() -> Diagnostic {
        Diagnostic(
            .warning, rule: notRun, "the Schematron rules of the schema were not run: they need the whole document",
            help: "leave out --stream"
        )
    }

    /// The finding of an assertion or report. Its diagnostic with the role `help` says how to fix it.
    static func finding(
        _ finding: SchematronOutcome.Finding, rule: String, _ node: TreeNode, path: String
    ) -> Diagnostic {
        let text = finding.message.text
        let help = finding.diagnostics.first { $0.role == "help" }?.text
        let notes =
            finding.diagnostics.filter { $0.role != "help" }.map { Diagnostic.Note($0.text) }
            + finding.properties.map { Diagnostic.Note(($0.id.map { "\($0): " } ?? "") + $0.text) }
        return Diagnostic(
            severity(finding.role), rule: rule, text.isEmpty ? standardText(finding) : text,
            help: help ?? finding.message.see.map { "see \($0)" },
            at: node.location, path: path, id: node.node.nearestID, notes: notes.filter { !$0.message.isEmpty }
        )
    }

    private static func standardText(_ finding: SchematronOutcome.Finding) -> String {
        "‘\(excerpt(finding.test))’ is \(finding.isReport ? "true" : "not true")"
    }

    /// By the words that schemas use in `role`.
    private static func severity(_ role: String?) -> Diagnostic.Severity {
        switch role?.lowercased() {
        case "warning", "warn", "caution", "nonfatal", "non-fatal", "info", "information", "informational", "note",
            "notice", "hint", "debug",
            "trace", "recommendation":
            .warning
        default: .error
        }
    }

    package static func notRun(
        _ error: XPathError, _ source: SchematronSchema.Expression, _ severity: Diagnostic.Severity, _ node: TreeNode,
        path: String
    ) -> Diagnostic {
        Diagnostic(
            severity, rule: notRun,
            "‘\(excerpt(source.text))’ could not be evaluated here: \(error.message) (\(error.code))"
                + (error.isLimit ? "; it is not tried again in this document" : ""),
            help: error.help,
            at: node.location, path: path, id: node.node.nearestID,
            notes: [.init("the expression stands in the schema", at: source.place.location(scalar: error.offset))]
        )
    }

    static func subordinateUnread(
        _ path: String, reason: Diagnostics, _ source: SchematronSchema.Expression, _ node: Node
    ) -> Diagnostic {
        Diagnostic(
            rule: notRun,
            "‘\(path)’ was not checked: \(reason.list.first?.message ?? "no other file may be read here")",
            help: reason.list.first?.help, node: node,
            notes: [.init("it is named by the schema", at: source.place.location())]
        )
    }
}
