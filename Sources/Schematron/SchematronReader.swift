package import XML

/// Reads a Schematron schema, with what it includes.
///
/// A schema with mistakes is read to its end, so that all of them are reported.
package final class SchematronReader {
    /// An element, and the inclusions that led to it.
    private struct Part {
        let node: Node
        var inclusions: [String]
    }

    private static let inclusionLimit = 1000
    private static let inclusionDepth = 64

    private let loader: SchemaLoader
    private let isEmbedded: Bool
    private let diagnostics = DiagnosticList()
    private var schema = SchematronSchema()
    private var documents: [CodepointString: Document] = [:]
    /// The stylesheets that have been read.
    private var stylesheets: Set<CodepointString> = []
    private var inclusionCount = 0

    private init(_ loader: SchemaLoader, isEmbedded: Bool) {
        self.loader = loader
        self.isEmbedded = isEmbedded
    }

    /// - Parameter isEmbedded: whether the document was made of the rules in a schema of another language, which may
    ///   stand there without a pattern.
    /// - Throws: all that is wrong with the schema, in the order of the source. Of embedded rules it is among the
    ///   warnings.
    package static func read(
        _ document: Document, loader: SchemaLoader, isEmbedded: Bool = false
    ) throws(Diagnostics) -> SchematronSchema {
        let reader = SchematronReader(loader, isEmbedded: isEmbedded)
        reader.read(Part(node: document.root, inclusions: [document.files[0].path + "#"]))
        let errors = reader.diagnostics.list.inSourceOrder
        if !isEmbedded, !errors.isEmpty { throw Diagnostics(errors) }
        reader.schema.warnings = errors.map(\.asWarning) + reader.schema.warnings
        return reader.schema
    }

    private func report(_ diagnostic: @autoclosure () -> Diagnostic) {
        diagnostics.add(diagnostic)
    }
}

// MARK: - Schema, phases, patterns

extension SchematronReader {
    private func read(_ root: Part) {
        let node = root.node
        guard word(node) == "schema" else {
            report(SchematronMessages.rulesWithoutSchema(node))
            return
        }
        checkAttributes(
            node, ["id", "schemaVersion", "version", "defaultPhase", "queryBinding", "ns", "icon", "see", "fpi"])
        if let binding = trimmed("queryBinding", node) { readBinding(binding, node) }
        schema.version = node.attribute("schemaVersion") ?? node.attribute("version")
        schema.defaultPhase = trimmed("defaultPhase", node).map { .init(text: $0, place: place(node, "defaultPhase")) }
        // A function may use a prefix that is declared after it.
        let members = children(root)
        for member in members where word(member.node) == "ns" { readPrefix(member.node) }
        for member in members where word(member.node) != "ns" { readMember(member, of: node) }
        checkNames(schema.lets)
    }

    private func readBinding(_ name: String, _ node: Node) {
        guard let binding = SchematronSchema.QueryBinding(rawValue: name.lowercased()) else {
            report(SchematronMessages.unknownBinding(name, at: place(node, "queryBinding").location()))
            return
        }
        schema.binding = binding
    }

    private func readMember(_ part: Part, of parent: Node) {
        let node = part.node
        switch word(node) {
        case "title": schema.title = node.stringValue.normalizedSpace
        case "p": break
        case "ns": readPrefix(node)
        case "let": readLet(node).map { schema.lets.append($0) }
        case "phase": readPhase(part)
        case "pattern": readPattern(part)
        case "diagnostics": schema.diagnostics += readMessages(part, "diagnostic")
        case "properties": schema.properties += readMessages(part, "property")
        case "schema" where isEmbedded: for child in children(part) { readMember(child, of: node) }
        case "rule" where isEmbedded:
            var pattern = SchematronSchema.Pattern(place: place(node))
            readRule(part).map { pattern.rules.append($0) }
            schema.patterns.append(pattern)
        case "diagnostic" where isEmbedded: readMessage(node).map { schema.diagnostics.append($0) }
        case "property" where isEmbedded: readMessage(node).map { schema.properties.append($0) }
        case "assert" where isEmbedded, "report" where isEmbedded:
            schema.warnings.append(SchematronMessages.assertionWithoutRule(node.localName, at: place(node).location()))
        case nil: readForeign(part)
        default:
            report(
                SchematronMessages.misplacedElement(
                    node, in: parent, expected: SchematronReader.members, at: place(node).location()))
        }
    }

    private static let members = "title, ns, let, phase, pattern, diagnostics, properties, p and include"

    private func readPrefix(_ node: Node) {
        checkAttributes(node, ["prefix", "uri"])
        guard let prefix = required("prefix", node), let uri = required("uri", node) else { return }
        // Expressions take prefixes for the same that Swift does (``XML/StaticContext``).
        if let known = schema.namespaces.first(where: { $0.prefix == prefix }) {
            if !known.uri.isSame(as: uri), isEmbedded {
                schema.warnings.append(
                    SchematronMessages.prefixTwice(
                        prefix, known.uri, uri, .warning, at: place(node).location(), first: known.place.location()))
            } else if !known.uri.isSame(as: uri) {
                report(
                    SchematronMessages.prefixTwice(
                        prefix, known.uri, uri, .error, at: place(node).location(), first: known.place.location()))
            }
            return
        }
        schema.namespaces.append(.init(prefix: prefix, uri: uri, place: place(node)))
    }

    private func readPhase(_ part: Part) {
        let node = part.node
        checkAttributes(node, ["id", "icon", "see", "fpi"])
        guard let id = required("id", node) else { return }
        var phase = SchematronSchema.Phase(id: id, place: place(node))
        for child in children(part) {
            switch word(child.node) {
            case "p", nil: break
            case "let": readLet(child.node).map { phase.lets.append($0) }
            case "active":
                guard let pattern = required("pattern", child.node) else { continue }
                phase.active.append(.init(text: pattern, place: place(child.node, "pattern")))
            default: report(misplaced(child.node, in: node, "active, let and p"))
            }
        }
        checkNames(phase.lets)
        schema.phases.append(phase)
    }

    private func readPattern(_ part: Part) {
        let node = part.node
        checkAttributes(node, ["id", "name", "role", "abstract", "is-a", "documents", "icon", "see", "fpi"])
        var pattern = SchematronSchema.Pattern(place: place(node))
        pattern.id = trimmed("id", node)
        pattern.title = node.attribute("name")?.normalizedSpace
        pattern.role = trimmed("role", node)
        pattern.isAbstract = isTrue("abstract", node)
        pattern.isA = trimmed("is-a", node).map { .init(text: $0, place: place(node, "is-a")) }
        pattern.documents = expression("documents", node)
        for child in children(part) {
            switch word(child.node) {
            case "p": break
            case nil: readForeign(child)
            case "title": pattern.title = child.node.stringValue.normalizedSpace
            case "let": readLet(child.node).map { pattern.lets.append($0) }
            case "rule": readRule(child).map { pattern.rules.append($0) }
            case "param":
                guard let name = required("name", child.node), let value = required("value", child.node) else {
                    continue
                }
                pattern.parameters.append((name, value, place(child.node, "value")))
            case "assert" where isEmbedded, "report" where isEmbedded:
                schema.warnings.append(
                    SchematronMessages.assertionWithoutRule(child.node.localName, at: place(child.node).location()))
            default: report(misplaced(child.node, in: node, "rule, let, param, title, p and include"))
            }
        }
        checkNames(pattern.lets)
        if pattern.isAbstract, pattern.id == nil {
            report(SchematronMessages.missingAttribute("id", node, at: place(node).location()))
        }
        schema.patterns.append(pattern)
    }
}

// MARK: - Rules

extension SchematronReader {
    private func readRule(_ part: Part) -> SchematronSchema.Rule? {
        let node = part.node
        checkAttributes(node, ["id", "context", "abstract", "role", "flag", "subject", "icon", "see", "fpi"])
        var rule = SchematronSchema.Rule(place: place(node))
        rule.id = trimmed("id", node)
        rule.isAbstract = isTrue("abstract", node)
        rule.role = trimmed("role", node)
        rule.flag = trimmed("flag", node)
        rule.subject = expression("subject", node)
        if rule.isAbstract {
            if rule.id == nil { report(SchematronMessages.missingAttribute("id", node, at: place(node).location())) }
        } else {
            guard required("context", node) != nil else { return nil }
            rule.context = expression("context", node)
        }
        rule.parts = readParts(part, context: rule.context)
        checkNames(rule.parts.compactMap { if case .declaration(let found) = $0 { found } else { nil } })
        return rule
    }

    private func readParts(_ part: Part, context: SchematronSchema.Expression?) -> [SchematronSchema.Rule.Part] {
        var parts: [SchematronSchema.Rule.Part] = []
        for child in children(part) {
            let node = child.node
            switch word(node) {
            case "p": break
            case nil: readForeign(child)
            case "let": readLet(node).map { parts.append(.declaration($0)) }
            case "assert", "report": readAssertion(node).map { parts.append(.assertion($0)) }
            case "extends":
                guard let name = required("rule", node) else { continue }
                parts.append(.extends(.init(text: name, place: place(node, "rule"))))
            case "key":
                guard let context, let name = required("name", node), let use = expression("path", node) else {
                    continue
                }
                schema.keys.append(.init(name: name, match: context, use: use, place: place(node)))
            default: report(misplaced(node, in: part.node, "assert, report, let, extends, p and include"))
            }
        }
        return parts
    }

    private func readAssertion(_ node: Node) -> SchematronSchema.Assertion? {
        checkAttributes(
            node,
            [
                "id", "test", "role", "flag", "subject", "diagnostics", "properties", "severity", "icon", "see", "fpi",
            ])
        guard required("test", node) != nil, let test = expression("test", node),
            let message = readMessage(node, needsID: false)
        else {
            return nil
        }
        var assertion = SchematronSchema.Assertion(
            isReport: node.localName == "report", test: test, message: message, place: place(node))
        assertion.id = trimmed("id", node)
        assertion.role = trimmed("role", node) ?? trimmed("severity", node)
        assertion.flag = trimmed("flag", node)
        assertion.subject = expression("subject", node)
        assertion.diagnostics = names("diagnostics", node)
        assertion.properties = names("properties", node)
        return assertion
    }

    private func names(_ attribute: String, _ node: Node) -> [SchematronSchema.Name] {
        (node.attribute(attribute)?.tokens ?? []).map { .init(text: $0, place: place(node, attribute)) }
    }
}

// MARK: - Let and what XSLT has

extension SchematronReader {
    private func readLet(_ node: Node) -> SchematronSchema.Let? {
        checkAttributes(node, ["name", "value", "as", "id", "role", "icon", "see", "fpi"])
        guard let name = required("name", node) else { return nil }
        if let value = expression("value", node) {
            return .init(name: name, value: .expression(value), place: place(node))
        }
        guard node.childElements.contains(where: { $0.namespace == XSLT.namespace }) else {
            return .init(name: name, value: .content(node), place: place(node))
        }
        return translated(node, missing: name, XSLT.variable).map {
            .init(name: name, value: .expression($0), place: place(node))
        }
    }

    /// XSLT code as an expression; a diagnostic and `nil` if it has no such form.
    ///
    /// - Parameter missing: the name that is not declared then.
    private func translated(
        _ node: Node, missing: String, _ translate: (Node) throws(XSLT.Unsupported) -> String
    ) -> SchematronSchema.Expression? {
        do throws(XSLT.Unsupported) {
            return prefixed(.init(text: try translate(node), place: place(node)), node)
        } catch {
            schema.warnings.append(SchematronMessages.unsupported(error.name, at: place(error.node).location()))
            schema.missing.insert(CodepointString(missing))
            return nil
        }
    }

    private func readForeign(_ part: Part) {
        let node = part.node
        guard node.namespace == XSLT.namespace else { return }
        switch node.localName {
        case _ where node.attribute("use-when") != nil: leaveOut("@use-when of xsl:\(node.localName)", node)
        case "key": readKey(node)
        case "function": readFunction(node)
        case "variable", "param":
            guard let name = required("name", node) else { return }
            let value = expression("select", node) ?? translated(node, missing: name, XSLT.variable)
            value.map { declare(.init(name: name, value: .expression(prefixed($0, node)), place: place(node))) }
        case "include", "import": readStylesheet(part)
        case "output", "strip-space", "preserve-space": break
        default: leaveOut("xsl:" + node.localName, node)
        }
    }

    /// Declarations in XSLT that are not supported.
    private func leaveOut(_ what: String, _ node: Node) {
        schema.warnings.append(SchematronMessages.unsupported(what, at: place(node).location()))
        if let name = node.attribute("name") { schema.missing.insert(CodepointString(name)) }
    }

    /// The functions, keys and variables of a stylesheet (XSLT 2.0, 3.10). One that is included twice is read once.
    /// Where a function or variable is declared again, the later one counts: that of the stylesheet which imports the
    /// other.
    private func readStylesheet(_ part: Part) {
        guard let target = target(of: part), let name = target.inclusions.last else { return }
        guard isStylesheet(target.node) else {
            return report(SchematronMessages.noStylesheet(target.node, at: place(part.node, "href").location()))
        }
        guard stylesheets.insert(CodepointString(name)).inserted else { return }
        for child in target.node.childElements { readForeign(Part(node: child, inclusions: target.inclusions)) }
    }

    /// Declares a variable of XSLT, in place of one of a stylesheet that was read before.
    private func declare(_ declaration: SchematronSchema.Let) {
        schema.lets.removeAll { $0.name.isSame(as: declaration.name) && isStylesheet($0.place.node.document.root) }
        schema.lets.append(declaration)
    }

    private func isStylesheet(_ node: Node) -> Bool {
        ["stylesheet", "transform", "package"].contains { node.isElement($0, in: XSLT.namespace) }
    }

    private func readKey(_ node: Node) {
        guard let name = required("name", node), required("match", node) != nil, let match = expression("match", node)
        else { return }
        guard let use = expression("use", node) ?? translated(node, missing: name, XSLT.constructor) else { return }
        schema.keys.append(
            .init(name: name, match: prefixed(match, node), use: prefixed(use, node), place: place(node)))
    }

    private func readFunction(_ node: Node) {
        guard let written = required("name", node) else { return }
        guard let name = XSLT.name(written, node, schema.namespaces) else {
            report(SchematronMessages.functionName(written, at: place(node, "name").location()))
            return
        }
        guard let body = translated(node, missing: written, XSLT.constructor) else { return }
        let parameters = node.childElements.filter { $0.isElement("param", in: XSLT.namespace) }.map {
            SchematronSchema.Function.Parameter(name: $0.attribute("name") ?? "", type: $0.attribute("as"))
        }
        schema.functions.append(
            .init(name: name, parameters: parameters, type: node.attribute("as"), body: body, place: place(node)))
    }

    private func prefixed(_ expression: SchematronSchema.Expression, _ node: Node) -> SchematronSchema.Expression {
        var expression = expression
        // Instructions within it may declare more.
        let inner = node.descendants.filter { $0.kind == .element }.flatMap { Array($0.namespaces) }
        expression.prefixes = node.namespaces.merging(inner.map { ($0.key, $0.value) }) { first, _ in first }
        expression.isXSLT = true
        expression.defaultNamespace = XSLT.defaultNamespace(of: node)
        return expression
    }
}

// MARK: - Messages

extension SchematronReader {
    private func readMessages(_ part: Part, _ name: String) -> [SchematronSchema.Message] {
        children(part).compactMap { child in
            switch word(child.node) {
            case name: return readMessage(child.node)
            case nil, "p": return nil
            default:
                report(misplaced(child.node, in: part.node, name))
                return nil
            }
        }
    }

    /// - Returns: `nil` if something in it is not supported; that has then been reported.
    private func readMessage(_ node: Node, needsID: Bool = true) -> SchematronSchema.Message? {
        var message = SchematronSchema.Message(place: place(node))
        if needsID {
            checkAttributes(node, ["id", "role", "scheme", "icon", "see", "fpi"])
            guard let id = required("id", node) else { return nil }
            message.id = id
        }
        message.language = node.attribute("lang", in: Namespace.xml)
        message.see = node.attribute("see")
        message.icon = node.attribute("icon")
        message.fpi = node.attribute("fpi")
        message.role = trimmed("role", node)
        message.scheme = node.attribute("scheme")
        do throws(XSLT.Unsupported) {
            message.content = try content(of: node)
        } catch {
            schema.warnings.append(SchematronMessages.unsupported(error.name, at: place(error.node).location()))
            return nil
        }
        return message
    }

    private func content(of node: Node) throws(XSLT.Unsupported) -> [SchematronSchema.Content] {
        var content: [SchematronSchema.Content] = []
        for child in node.children {
            switch child.kind {
            case .text: content.append(.text(child.stringValue))
            case .element: content += try self.content(element: child, in: node)
            default: break
            }
        }
        return content
    }

    private func content(element: Node, in node: Node) throws(XSLT.Unsupported) -> [SchematronSchema.Content] {
        switch word(element) {
        case "value-of":
            guard required("select", element) != nil, let select = expression("select", element) else { return [] }
            return [.valueOf(select)]
        case "name":
            // Schematron 1.5 shows the name of the node, the standard the value of the expression.
            guard var path = expression("path", element) else { return [.name(nil)] }
            if element.namespace == SchematronSchema.oldNamespace {
                path = .init(text: "name((\(path.text))[1])", place: path.place)
                path.place.isVerbatim = false
            }
            return [.name(path)]
        case "emph": return [.markup(.emphasis, try content(of: element))]
        case "span": return [.markup(.span(element.attribute("class")), try content(of: element))]
        case "dir": return [.markup(.direction(element.attribute("value")), try content(of: element))]
        case "p", "title": return try content(of: element)
        case nil: return try foreignContent(element)
        default:
            report(misplaced(element, in: node, "text, value-of, name, emph, span and dir"))
            return []
        }
    }

    private func foreignContent(_ element: Node) throws(XSLT.Unsupported) -> [SchematronSchema.Content] {
        guard element.namespace == XSLT.namespace else { return try content(of: element) }
        switch element.localName {
        case "value-of" where element.attribute("select") != nil && element.attribute("separator") == nil:
            return expression("select", element).map { [.valueOf(prefixed($0, element))] } ?? []
        case "copy-of", "sequence":
            guard required("select", element) != nil, let select = expression("select", element) else { return [] }
            return [.copyOf(prefixed(select, element))]
        default:
            return [.valueOf(prefixed(.init(text: try XSLT.instruction(element), place: place(element)), element))]
        }
    }
}

// MARK: - Elements and attributes

extension SchematronReader {
    /// The name of an element of Schematron, `nil` for others.
    private func word(_ node: Node) -> String? {
        SchematronSchema.isSchematron(node.namespace) ? node.localName : nil
    }

    private func place(_ node: Node, _ attribute: String? = nil) -> SchemaPlace {
        SchemaPlace(node: node, attribute: attribute)
    }

    private func expression(_ attribute: String, _ node: Node) -> SchematronSchema.Expression? {
        node.attribute(attribute).map {
            .init(text: $0, place: place(node, attribute), prefixes: isEmbedded ? node.namespaces : [:])
        }
    }

    private func trimmed(_ attribute: String, _ node: Node) -> String? {
        node.attribute(attribute)?.normalizedSpace
    }

    private func isTrue(_ attribute: String, _ node: Node) -> Bool {
        guard let value = trimmed(attribute, node) else { return false }
        if value != "true", value != "false" {
            report(SchematronMessages.notBoolean(attribute, value, at: place(node, attribute).location()))
        }
        return value == "true"
    }

    /// The value of an attribute that must be there and not be blank.
    private func required(_ attribute: String, _ node: Node) -> String? {
        guard let value = trimmed(attribute, node), !value.isEmpty else {
            report(SchematronMessages.missingAttribute(attribute, node, at: place(node).location()))
            return nil
        }
        return value
    }

    /// Attributes that do nothing are often misspelt.
    private func checkAttributes(_ node: Node, _ known: Set<String>) {
        for attribute in node.attributes
        where attribute.name.namespace == nil && !known.contains(attribute.name.localName) {
            let name = attribute.name.localName
            schema.warnings.append(
                SchematronMessages.idleAttribute(name, node, known.sorted(), at: place(node, name).location()))
        }
    }

    private func checkNames(_ lets: [SchematronSchema.Let]) {
        var first: [CodepointString: SchematronSchema.Let] = [:]
        for declaration in lets {
            let name = CodepointString(declaration.name)
            if let known = first[name] {
                report(
                    SchematronMessages.variableTwice(
                        declaration.name, at: declaration.place.location(), first: known.place.location()))
            } else {
                first[name] = declaration
            }
        }
    }

    private func misplaced(_ node: Node, in parent: Node, _ expected: String) -> Diagnostic {
        SchematronMessages.misplacedElement(node, in: parent, expected: expected, at: place(node).location())
    }
}

// MARK: - Inclusion

extension SchematronReader {
    /// The elements in an element, with those that are included in place of the inclusions.
    private func children(_ part: Part) -> [Part] {
        var found: [Part] = []
        for node in part.node.childElements {
            let child = Part(node: node, inclusions: part.inclusions)
            switch word(node) {
            case "include":
                guard let target = target(of: child) else { continue }
                found +=
                    word(target.node) == "include"
                    ? children(Part(node: target.node, inclusions: target.inclusions)) : [target]
            case "extends" where node.attribute("href") != nil:
                guard let target = target(of: child) else { continue }
                if word(target.node) == word(part.node) {
                    found += children(target)
                } else {
                    report(SchematronMessages.extendsOther(target.node, part.node, at: place(node, "href").location()))
                }
            default:
                found += SchemaOrigin.isMark(node) ? children(child) : [child]
            }
        }
        return found
    }

    /// The element that an inclusion names.
    private func target(of part: Part) -> Part? {
        guard let href = required("href", part.node) else { return nil }
        let location = { self.place(part.node, "href").location() }
        inclusionCount += 1
        guard inclusionCount <= SchematronReader.inclusionLimit,
            part.inclusions.count <= SchematronReader.inclusionDepth
        else {
            if diagnostics.list.last?.rule != "schema-too-large" {
                report(SchematronMessages.tooManyInclusions(at: location()))
            }
            return nil
        }
        do throws(Diagnostics) {
            let reference = Reference(href)
            let (path, document) = try included(reference, part.node)
            let name = path + "#" + (reference.fragment ?? "")
            guard !part.inclusions.contains(where: { $0.isSame(as: name) }) else {
                report(SchematronMessages.rulesIncludeThemselves(href, at: location()))
                return nil
            }
            guard let target = SchematronReader.element(reference.fragment, document) else {
                report(SchematronMessages.noSuchElement(reference.fragment ?? "", path, at: location()))
                return nil
            }
            return Part(node: target, inclusions: part.inclusions + [name])
        } catch {
            report(SchematronMessages.rulesNotIncluded(href, reason: error, at: location()))
            return nil
        }
    }

    private func included(_ reference: Reference, _ node: Node) throws(Diagnostics) -> (path: String, Document) {
        let base = SchemaOrigin.base(of: node)
        if reference.resource.isEmpty { return (node.file.path, node.document) }
        let file = try loader.load(FileReference(href: reference.resource, base: base))
        if let known = documents[CodepointString(file.path)] { return (file.path, known) }
        let document = try Document(file.bytes, path: file.path)
        documents[CodepointString(file.path)] = document
        return (file.path, document)
    }

    private static func element(_ id: String?, _ document: Document) -> Node? {
        guard let id else { return document.root }
        return document.element(withID: id)
            ?? document.documentNode.descendants.first { $0.kind == .element && $0.attribute("id").isSame(as: id) }
    }
}

extension SchematronReader {
    /// The files that a schema includes, as references relative to it or its `xml:base`, in its order.
    package static func references(in document: Document) -> [FileReference] {
        document.root.descendants.filter { node in
            node.kind == .element
                && (SchematronSchema.isSchematron(node.namespace) && ["include", "extends"].contains(node.localName)
                    || node.namespace == XSLT.namespace && ["include", "import"].contains(node.localName))
        }.compactMap { node in
            guard let href = node.attribute("href").map({ Reference($0).resource }), !href.isEmpty else { return nil }
            return FileReference(href: href, base: node.baseURI)
        }
    }
}
