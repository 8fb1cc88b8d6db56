package import XML
package import XPath

extension SchematronRules {
    /// Runs the rules over a document.
    ///
    /// - Parameters:
    ///   - resources: what `document()` and `@documents` may read.
    ///   - keepsFirings: whether rules that found nothing wrong are reported as well.
    package func run(
        _ document: Document, resources: XPath.Resources = .none, keepsFirings: Bool = false
    ) -> SchematronOutcome {
        let run = SchematronRun(self, document, resources, keepsFirings: keepsFirings)
        run.run()
        return run.outcome
    }
}

/// One run of rules over one document.
private final class SchematronRun {
    private typealias Candidate = SchematronDispatch.Candidate

    /// Why an expression has no value.
    private struct Failure: Error {
        let error: XPathError
        let source: SchematronSchema.Expression
        /// The variable whose value it was to be.
        var variable: Int?
    }

    private enum Value {
        case unknown, pending
        case known(ItemSequence)
        case failed(Failure)
    }

    private let rules: SchematronRules
    private let document: Document
    private let resources: XPath.Resources
    private let keepsFirings: Bool
    private let session: XPathSession
    private var values: [Value]
    /// By the number of a name: the number of the variable whose value it has now.
    private var bound: [Int]
    private var patterns: [SchematronOutcome.Pattern] = []
    private var diagnostics: [Diagnostic] = []
    /// The errors that are reported once for a document: contexts and global variables that failed.
    private var reported: Set<Int> = []
    private var toldContexts: Set<[Int]> = []
    /// The assertions, and the rules for their contexts, that have reached a limit in the document at hand.
    private var stopped: Set<ObjectIdentifier> = []
    /// By assertion: how many times the steps of one evaluation it has taken, where that is much.
    private var shares: [ObjectIdentifier: Double] = [:]
    /// The same of the evaluations since the last assertion.
    private var taken = 0.0
    private static let evaluations = 5
    private var paths = ExpandedPaths()

    init(_ rules: SchematronRules, _ document: Document, _ resources: XPath.Resources, keepsFirings: Bool) {
        self.rules = rules
        self.document = document
        self.resources = resources
        self.keepsFirings = keepsFirings
        session = XPathSession(resources: resources)
        values = rules.variables.map { _ in .unknown }
        bound = Array(repeating: -1, count: rules.nameCount)
        for function in rules.functions {
            let (names, body) = (function.parameters.map(\.name), function.body)
            session.declare(function.name, parameters: function.parameters.map(\.type), result: function.result) {
                scope throws(XPathError) in
                try scope.evaluate(body, variables: Dictionary(zip(names, scope.arguments)) { first, _ in first })
            }
        }
    }

    var outcome: SchematronOutcome {
        SchematronOutcome(
            title: rules.title, schemaVersion: rules.version, phase: rules.phase,
            prefixes: rules.prefixes.map { .init(prefix: $0.prefix, uri: $0.uri) }, patterns: patterns,
            diagnostics: diagnostics
        )
    }

    func run() {
        var documents: [(Document, patterns: [Int])] = [(document, [])]
        for (number, pattern) in rules.patterns.enumerated() {
            var paths = [document.files[0].path]
            if pattern.documents == nil {
                documents[0].patterns.append(number)
            } else {
                let others = self.documents(of: pattern)
                documents += others.map { ($0, [number]) }
                paths = others.map { $0.files[0].path }
            }
            patterns.append(
                .init(id: pattern.syntax.id, title: pattern.syntax.title, role: pattern.syntax.role, documents: paths))
        }
        for (document, patterns) in documents where !patterns.isEmpty { visit(document, patterns) }
    }

    /// The documents that a pattern names, relative to the document with the reference.
    private func documents(of pattern: SchematronRules.Pattern) -> [Document] {
        guard let expression = pattern.documents else { return [] }
        let top = TreeNode(document.documentNode)
        var found: [Document] = []
        do throws(Failure) {
            for item in try evaluate(expression, top) {
                let base = item.node?.node.baseURI ?? document.files[0].path
                guard let href = ItemSequence(item).strings.first, let path = Reference(href).path(relativeTo: base)
                else { continue }
                do throws(Diagnostics) {
                    guard let read = resources.document else { throw Diagnostics([]) }
                    found.append(try read(path))
                } catch {
                    diagnostics.append(
                        SchematronMessages.subordinateUnread(path, reason: error, expression.source, document.root))
                }
            }
        } catch {
            report(error, at: top, isOnce: true)
        }
        return found
    }
}

// MARK: - Dispatch

extension SchematronRun {
    private func visit(_ document: Document, _ patterns: [Int]) {
        (stopped, shares) = ([], [:])
        let isAll = patterns.count == rules.patterns.count
        var dispatch = DocumentDispatch(rules.dispatch, document, patterns: isAll ? nil : Set(patterns))
        for index in 0..<document.nodeCount {
            let kind = document.kind(ofNodeAt: index)
            let isOther = kind != .element && kind != .document
            if isOther, dispatch.others.isEmpty { continue }
            let node = Node(document: document, index: index)
            let found = isOther ? dispatch.others : kind == .document ? dispatch.documents : dispatch.elements(node)
            if !found.isEmpty { apply(found, TreeNode(node)) }
            if dispatch.hasAttributes, kind == .element { visitAttributes(node, &dispatch) }
        }
    }

    private func visitAttributes(_ node: Node, _ dispatch: inout DocumentDispatch) {
        var next = node.firstAttribute
        while let attribute = next {
            let found = dispatch.attributes(attribute)
            if !found.isEmpty { apply(found, TreeNode(attribute)) }
            next = attribute.next
        }
    }

    /// Of each pattern the first rule that matches is applied.
    private func apply(_ candidates: [Candidate], _ node: TreeNode) {
        var done = -1
        for candidate in candidates
        where candidate.pattern != done && (candidate.isNameAlone || matches(candidate, node)) {
            done = candidate.pattern
            fire(candidate.rule, candidate.pattern, node)
        }
    }

    /// A context that cannot be evaluated for a node does not match it (XSLT 2.0, 5.5.4).
    private func matches(_ candidate: Candidate, _ node: TreeNode) -> Bool {
        if isStopped(candidate.rule) { return false }
        do throws(Failure) {
            if !candidate.rule.context.variables.isEmpty { try bind(candidate.rule.context.variables) }
            do throws(XPathError) {
                return try session.matches(candidate.rule.context.pattern, node)
            } catch {
                throw Failure(error: error, source: candidate.rule.context.source)
            }
        } catch {
            stop(candidate.rule, error)
            if toldContexts.insert([candidate.pattern, candidate.number]).inserted {
                report(error, at: node, .warning)
            }
            return false
        }
    }
}

// MARK: - Rules

extension SchematronRun {
    private func fire(_ rule: SchematronRules.Rule, _ pattern: Int, _ node: TreeNode) {
        for number in rule.variables {
            values[number] = .unknown
            bound[rules.variables[number].nameNumber] = -1
        }
        var findings: [SchematronOutcome.Finding] = []
        var failed: Set<Int> = []
        for assertion in rule.assertions where !isStopped(assertion) {
            do throws(Failure) {
                let isFound = try holds(assertion.test, node) == assertion.syntax.isReport
                try count(assertion)
                guard isFound else { continue }
                findings.append(try finding(assertion, rule, node))
            } catch {
                stop(assertion, error)
                // If several assertions fail because of one variable, that is reported once.
                if let variable = error.variable, !failed.insert(variable).inserted { continue }
                report(error, at: node)
            }
        }
        for number in rule.variables { bound[rules.variables[number].nameNumber] = -1 }
        guard keepsFirings || !findings.isEmpty else { return }
        patterns[pattern].firings.append(
            .init(
                id: rule.syntax.id, context: rule.context.source.text, role: rule.syntax.role, flag: rule.syntax.flag,
                findings: findings
            ))
    }

    private func finding(
        _ assertion: SchematronRules.Assertion, _ rule: SchematronRules.Rule, _ node: TreeNode
    ) throws(Failure) -> SchematronOutcome.Finding {
        let subject =
            try (assertion.subject ?? rule.subject).flatMap { expression throws(Failure) in
                try evaluate(expression, node).first { $0.node != nil }?.node
            } ?? node
        let message = try self.message(assertion.message, node)
        let (details, properties) = (
            try messages(assertion.diagnostics, node), try messages(assertion.properties, node)
        )
        let role = assertion.syntax.role ?? rule.syntax.role
        let finding = SchematronOutcome.Finding(
            isReport: assertion.syntax.isReport, id: assertion.syntax.id, test: assertion.syntax.test.text, role: role,
            flag: assertion.syntax.flag ?? rule.syntax.flag, location: paths.path(of: subject), message: message,
            diagnostics: details,
            properties: properties
        )
        diagnostics.append(
            SchematronMessages.finding(finding, rule: assertion.ruleID(rule), subject, path: subject.path))
        return finding
    }

    private func messages(
        _ messages: [SchematronRules.Message], _ node: TreeNode
    ) throws(Failure) -> [SchematronOutcome.Message] {
        var found: [SchematronOutcome.Message] = []
        for message in messages { found.append(try self.message(message, node)) }
        return found
    }

    private func message(
        _ message: SchematronRules.Message, _ node: TreeNode
    ) throws(Failure) -> SchematronOutcome.Message {
        let syntax = message.syntax
        return .init(
            id: syntax.id, role: syntax.role, scheme: syntax.scheme, language: syntax.language, see: syntax.see,
            icon: syntax.icon,
            fpi: syntax.fpi, content: try text(message.content, node)
        )
    }

    private func text(_ content: [SchematronRules.Content], _ node: TreeNode) throws(Failure) -> [RichText] {
        var found: [RichText] = []
        for part in content {
            switch part {
            case .text(let text): found.append(.text(text))
            case .name: found.append(.text(node.name?.description ?? ""))
            case .value(let expression):
                let strings = try evaluate(expression, node).strings
                // XSLT 1.0 takes the first.
                found.append(.text(rules.binding.isFirstVersion ? strings.first ?? "" : strings.joined(separator: " ")))
                try keep(found[found.count - 1], expression)
            case .copy(let expression):
                for item in try evaluate(expression, node) {
                    found.append(SchematronRun.copy(item))
                    try keep(found[found.count - 1], expression)
                }
            case .markup(let markup, let content): found.append(.markup(markup, try text(content, node)))
            }
        }
        return found
    }

    /// Counts the text that messages hold.
    private func keep(_ text: RichText, _ expression: SchematronRules.Expression) throws(Failure) {
        let kept = if case .copy(let xml, _) = text { xml } else { text.text }
        do throws(XPathError) {
            try session.keep(kept.utf8.count)
        } catch {
            throw Failure(error: error, source: expression.source)
        }
    }

    private static func copy(_ item: Item) -> RichText {
        let text = ItemSequence(item).strings.joined(separator: " ")
        guard let node = item.node, node.kind == .element || node.kind == .document else { return .text(text) }
        let element = node.kind == .document ? node.document.root : node.node
        return .copy(xml: element.canonical, text: text)
    }
}

extension SchematronRun {
    private func isStopped(_ part: AnyObject) -> Bool { !stopped.isEmpty && stopped.contains(ObjectIdentifier(part)) }

    /// Of an assertion that takes long at each node it is known how long it takes in all.
    private func count(_ assertion: SchematronRules.Assertion) throws(Failure) {
        defer { taken = 0 }
        guard taken > 0.001 else { return }
        shares[ObjectIdentifier(assertion), default: 0] += taken
        if shares[ObjectIdentifier(assertion), default: 0] > Double(SchematronRun.evaluations) {
            throw Failure(error: .tooManyEvaluations(SchematronRun.evaluations), source: assertion.test.source)
        }
    }

    /// An expression that has reached a limit would reach it at other nodes as well, and take as long.
    private func stop(_ part: AnyObject, _ failure: Failure) {
        if failure.error.isLimit { stopped.insert(ObjectIdentifier(part)) }
    }
}

// MARK: - Expressions

extension SchematronRun {
    private func evaluate(_ expression: SchematronRules.Expression, _ node: TreeNode) throws(Failure) -> ItemSequence {
        try ask(expression, node) { session, xpath throws(XPathError) in try session.evaluate(xpath, at: node) }
    }

    private func holds(_ expression: SchematronRules.Expression, _ node: TreeNode) throws(Failure) -> Bool {
        try ask(expression, node) { session, xpath throws(XPathError) in try session.boolean(xpath, at: node) }
    }

    private func ask<Answer>(
        _ expression: SchematronRules.Expression, _ node: TreeNode,
        _ body: (XPathSession, XPath) throws(XPathError) -> Answer
    ) throws(Failure) -> Answer {
        try bind(expression.variables, at: node)
        do throws(XPathError) {
            defer { taken += session.shareOfSteps }
            return try body(session, expression.xpath)
        } catch {
            throw Failure(error: error, source: expression.source)
        }
    }

    /// Gives the session the values of variables; those that were never asked for are found out.
    ///
    /// - Parameter node: the node of the rule whose own variables are meant.
    private func bind(_ variables: [Int], at node: TreeNode? = nil) throws(Failure) {
        for number in variables where bound[rules.variables[number].nameNumber] != number || !isKnown(number) {
            let value = try value(number, node)
            session.setVariable(rules.variables[number].name, value)
            bound[rules.variables[number].nameNumber] = number
        }
    }

    private func isKnown(_ number: Int) -> Bool {
        if case .known = values[number] { true } else { false }
    }

    /// Global variables are about the document node, those of a rule about its node.
    private func value(_ number: Int, _ node: TreeNode?) throws(Failure) -> ItemSequence {
        switch values[number] {
        case .known(let value): return value
        case .failed(let failure): throw failure
        case .unknown, .pending: break
        }
        let variable = rules.variables[number]
        values[number] = .pending
        do throws(Failure) {
            let value: ItemSequence
            switch variable.value {
            case .expression(let expression):
                value = try evaluate(
                    expression,
                    variable.isGlobal ? TreeNode(document.documentNode) : node ?? TreeNode(document.documentNode))
            case .content(let document):
                let item: Item = document.map { .node(TreeNode($0.root)) } ?? .atomic(.string(""))
                value = ItemSequence(item)
            }
            values[number] = .known(value)
            return value
        } catch {
            var failure = error
            failure.variable = failure.variable ?? number
            values[number] = .failed(failure)
            throw failure
        }
    }

    private func report(
        _ failure: Failure, at node: TreeNode, _ severity: Diagnostic.Severity = .error, isOnce: Bool = false
    ) {
        // A global variable fails for all nodes alike.
        if let variable = failure.variable, rules.variables[variable].isGlobal, !reported.insert(variable).inserted {
            return
        }
        diagnostics.append(SchematronMessages.notRun(failure.error, failure.source, severity, node, path: node.path))
    }
}

extension SchematronRules.Assertion {
    /// The id of a finding's rule: that of the assertion, else that of the Schematron rule or pattern.
    fileprivate func ruleID(_ rule: SchematronRules.Rule) -> String {
        syntax.id ?? "schematron-"
            + (rule.syntax.id ?? syntax.test.place.node.patternID ?? (syntax.isReport ? "report" : "assert"))
    }
}

extension Node {
    /// The id of the Schematron pattern around it.
    fileprivate var patternID: String? {
        ancestors.first { SchematronSchema.isSchematron($0.namespace) && $0.localName == "pattern" }?.attribute("id")
    }
}

extension TreeNode {
    /// As ``XML/Node/path`` has it: `/TEI[1]/text[1]/@n`.
    fileprivate var path: String { node.path + (attribute.map { "/@\($0.name)" } ?? "") }
}

/// The paths of many nodes with the namespaces of the names (XPath 3.0, fn:path, but for the names in no namespace):
/// `/Q{urn:a}p[1]`.
private struct ExpandedPaths {
    /// By node: its number among the siblings of its kind and of what its name means. Those of siblings are counted
    /// together.
    private var numbers: [Node: Int] = [:]

    mutating func path(of node: TreeNode) -> String {
        var steps: [String] = []
        if let attribute = node.attribute { steps.append("@" + Self.expanded(attribute.name)) }
        for node in node.node.ancestorsOrSelf where node.kind != .document {
            let test =
                switch node.kind {
                case .element, .document: node.name.map(Self.expanded) ?? ""
                case .text: "text()"
                case .comment: "comment()"
                case .processingInstruction: "processing-instruction(\(node.localName))"
                }
            steps.append("\(test)[\(number(of: node))]")
        }
        return "/" + steps.reversed().joined(separator: "/")
    }

    private static func expanded(_ name: QName) -> String {
        name.namespace.map { "Q{\($0)}" + name.localName } ?? name.localName
    }

    private mutating func number(of node: Node) -> Int {
        if let known = numbers[node] { return known }
        struct Sort: Hashable {
            let kind: Node.Kind
            let name: QName?
        }
        var counts: [Sort: Int] = [:]
        for sibling in node.parent?.children.map(\.self) ?? [node] {
            let sort = Sort(
                kind: sibling.kind, name: sibling.name.map { QName(localName: $0.localName, namespace: $0.namespace) })
            counts[sort, default: 0] += 1
            numbers[sibling] = counts[sort]
        }
        return numbers[node] ?? 1
    }
}
