internal import XML

extension XMLSyntaxReader {
    func pattern(_ node: Node, _ word: XMLSyntaxElement, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        switch word {
        case .element, .attribute: named(node, word, outer)
        case .ref, .parentRef: reference(node, word, outer)
        case .empty, .text, .notAllowed: constant(node, word, outer)
        case .value: value(node, outer)
        case .data: data(node, outer)
        case .externalRef: externalReference(node, outer)
        case .grammar: grammar(node, outer)
        default: sequence(node, word, outer)
        }
    }

    func syntax(
        _ kind: PatternSyntax.Kind, _ node: Node, _ attributes: XMLSyntaxAttributes, _ elements: [AnnotationElement]
    ) -> PatternSyntax {
        PatternSyntax(
            kind: kind, position: position(node),
            annotations: AnnotationsSyntax(attributes: attributes.foreign, elements: elements).orNil
        )
    }

    private func named(_ node: Node, _ word: XMLSyntaxElement, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        let attributes = attributes(node, .name)
        let scope = scope(node, attributes, in: outer)
        var nameClass: NameClassSyntax?
        if let name = attributes.name {
            // An attribute's name is in no namespace unless it says so itself (4.8).
            let namespace = word == .attribute && attributes[.ns] == nil ? "" : scope.namespace
            let qname = qname(name, namespace, scope, at: location("name", of: node))
            nameClass = NameClassSyntax(kind: .name(qname), position: position(node))
        }
        var content = content(node, scope, expectsName: nameClass == nil)
        guard let nameClass = nameClass ?? content.nameClass else { return nil }
        if word == .attribute {
            if content.patterns.count > 1 {
                report { RelaxNGMessages.secondPattern(in: node, at: location(content.patterns[1])) }
            }
            if content.patterns.isEmpty { content.patterns = [PatternSyntax(kind: .text, position: position(node))] }
            return syntax(.attribute(nameClass, content.patterns), node, attributes, content.leading)
        }
        demandPattern(content, node)
        return syntax(.element(nameClass, content.patterns.withoutGroup), node, attributes, content.leading)
    }

    private func sequence(_ node: Node, _ word: XMLSyntaxElement, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        let attributes = attributes(node, [])
        let content = content(node, scope(node, attributes, in: outer))
        demandPattern(content, node)
        guard !content.patterns.isEmpty else { return nil }
        let kind: PatternSyntax.Kind =
            switch word {
            case .group: .group(content.patterns)
            case .interleave: .interleave(content.patterns)
            case .choice: .choice(content.patterns)
            case .optional: .optional(content.patterns.withoutGroup)
            case .zeroOrMore: .zeroOrMore(content.patterns.withoutGroup)
            case .oneOrMore: .oneOrMore(content.patterns.withoutGroup)
            case .list: .list(content.patterns.withoutGroup)
            default: .mixed(content.patterns.withoutGroup)
            }
        return syntax(kind, node, attributes, content.leading).withoutNeedlessParent
    }

    func reference(_ node: Node, _ word: XMLSyntaxElement, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        let attributes = attributes(node, .name)
        let leading = noContent(node)
        guard let name = ncName(attributes.name, "name", of: node) else { return nil }
        return syntax(word == .ref ? .ref(name) : .parentRef(name), node, attributes, leading)
    }

    private func constant(_ node: Node, _ word: XMLSyntaxElement, _ outer: XMLSyntaxScope) -> PatternSyntax {
        let attributes = attributes(node, [])
        let kind: PatternSyntax.Kind = word == .empty ? .empty : word == .text ? .text : .notAllowed
        return syntax(kind, node, attributes, noContent(node))
    }

    func value(_ node: Node, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        let attributes = attributes(node, .type)
        let scope = scope(node, attributes, in: outer)
        var type = DatatypeName(library: "", name: "token")
        if let found = attributes[.type] {
            guard let name = ncName(found, "type", of: node) else { return nil }
            type = DatatypeName(library: scope.library, name: name)
        }
        let value = ValueSyntax(
            type: type, string: string(node), namespace: scope.namespace ?? "", prefixes: scope.prefixes
        )
        return syntax(.value(value), node, attributes, [])
    }

    private func externalReference(_ node: Node, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        let attributes = attributes(node, .href)
        let scope = scope(node, attributes, in: outer)
        let leading = noContent(node)
        return reference(node, attributes, scope).map { syntax(.externalRef($0), node, attributes, leading) }
    }

    func grammar(_ node: Node, _ outer: XMLSyntaxScope) -> PatternSyntax {
        let attributes = attributes(node, [])
        let (components, leading) = components(node, scope(node, attributes, in: outer), inInclude: false)
        return syntax(.grammar(GrammarSyntax(components: components)), node, attributes, leading)
    }
}

// MARK: - Data

extension XMLSyntaxReader {
    func data(_ node: Node, _ outer: XMLSyntaxScope) -> PatternSyntax? {
        let attributes = attributes(node, .type)
        let scope = scope(node, attributes, in: outer)
        var parameters: [DataSyntax.Parameter] = []
        var (except, hasExcept) = (XMLSyntaxContent(), false)
        var leading: [AnnotationElement] = []
        forEachElement(in: node) { child, word in
            switch word {
            case .foreign:
                let element = annotation(child)
                if hasExcept {
                    except.follow(element)
                } else if parameters.isEmpty {
                    leading.append(element)
                } else {
                    parameters[parameters.count - 1].annotations.orEmpty.following.append(element)
                }
            case .param where !hasExcept:
                if let parameter = parameter(child) { parameters.append(parameter) }
            case .except where !hasExcept:
                hasExcept = true
                except = self.except(child, scope)
                leading += except.leading
            default: misplaced(child, in: node, expected: "<param>s and behind them one <except>")
            }
        }
        guard let name = ncName(attributes[.type], "type", of: node) else { return nil }
        let data = DataSyntax(
            type: DatatypeName(library: scope.library, name: name), parameters: parameters,
            except: except.patterns.withoutChoice, prefixes: scope.bindings
        )
        return syntax(.data(data), node, attributes, leading)
    }

    private func parameter(_ node: Node) -> DataSyntax.Parameter? {
        let attributes = attributes(node, .name)
        let value = string(node)
        return ncName(attributes.name, "name", of: node).map { name in
            DataSyntax.Parameter(
                name: name, value: value, position: position(node),
                annotations: AnnotationsSyntax(attributes: attributes.foreign).orNil
            )
        }
    }

    func except(_ node: Node, _ outer: XMLSyntaxScope) -> XMLSyntaxContent {
        let attributes = attributes(node, [])
        let content = content(node, scope(node, attributes, in: outer))
        demandPattern(content, node)
        return content
    }
}

// MARK: - Name classes

extension XMLSyntaxReader {
    func nameClass(_ node: Node, _ word: XMLSyntaxElement, _ outer: XMLSyntaxScope) -> NameClassSyntax? {
        let attributes = attributes(node, [])
        let scope = scope(node, attributes, in: outer)
        var leading: [AnnotationElement] = []
        let kind: NameClassSyntax.Kind
        switch word {
        case .name:
            kind = .name(qname(Array(string(node).utf8)[...].trimmed, scope.namespace, scope, at: node.location))
        case .choice:
            let (classes, elements) = nameClasses(node, scope)
            guard !classes.isEmpty else { return nil }
            (kind, leading) = (.choice(classes), elements)
        default:
            let (except, elements) = nameClassExcept(node, scope)
            leading = elements
            kind = word == .anyName ? .anyName(except: except) : nsName(attributes, scope, except)
        }
        let annotations = AnnotationsSyntax(attributes: attributes.foreign, elements: leading).orNil
        return NameClassSyntax(kind: kind, position: position(node), annotations: annotations).withoutNeedlessParent
    }

    func nsName(
        _ attributes: XMLSyntaxAttributes, _ scope: XMLSyntaxScope, _ except: [NameClassSyntax]
    ) -> NameClassSyntax.Kind {
        // A prefix tells no namespace from an inherited one.
        .nsName(scope.namespace ?? "", prefix: scope.namespace == "" ? "local" : nil, except: except)
    }

    /// The children of `<choice>` or `<except>`, at least one.
    private func nameClasses(_ node: Node, _ scope: XMLSyntaxScope) -> ([NameClassSyntax], leading: [AnnotationElement])
    {
        var classes: [NameClassSyntax] = []
        var leading: [AnnotationElement] = []
        let known = diagnostics.list.count
        forEachElement(in: node) { child, word in
            if word == .foreign {
                let element = annotation(child)
                if classes.isEmpty {
                    leading.append(element)
                } else {
                    classes[classes.count - 1].annotations.orEmpty.following.append(element)
                }
            } else if word.isNameClass {
                if let found = nameClass(child, word, scope) { classes.append(found) }
            } else {
                misplaced(child, in: node, expected: RelaxNGMessages.nameClassNames)
            }
        }
        if classes.isEmpty, diagnostics.list.count == known { report { RelaxNGMessages.noNameClass(node) } }
        return (classes, leading)
    }

    /// The content of `<anyName>` or `<nsName>`.
    private func nameClassExcept(
        _ node: Node, _ scope: XMLSyntaxScope
    ) -> ([NameClassSyntax], leading: [AnnotationElement]) {
        var except: [NameClassSyntax]?
        var leading: [AnnotationElement] = []
        forEachElement(in: node) { child, word in
            switch word {
            case .foreign: leading.append(annotation(child))
            case .except where except == nil:
                let attributes = attributes(child, [])
                let (classes, elements) = nameClasses(child, self.scope(child, attributes, in: scope))
                except = classes.withoutChoice
                leading += elements
            default: misplaced(child, in: node, expected: "one <except>, or nothing")
            }
        }
        return (except ?? [], leading)
    }

    /// A name with its prefix resolved (4.10). After a mistake, which is reported, anything will do.
    private func qname(
        _ string: String, _ namespace: String?, _ scope: XMLSyntaxScope, at location: @autoclosure () -> SourceLocation
    ) -> QName {
        let parts = string.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy(NCName.isValid) else {
            report { RelaxNGMessages.badQName(string, at: location()) }
            return QName(localName: string)
        }
        guard parts.count == 2 else { return QName(localName: string, namespace: namespace) }
        let prefix = String(parts[0])
        guard let bound = prefix == "xml" ? Namespace.xml : scope.prefixes[CodepointString(prefix)] else {
            report {
                RelaxNGMessages.unboundPrefix(prefix, help: "declare it, as xmlns:\(prefix)=\"…\"", at: location())
            }
            return QName(localName: string)
        }
        return QName(prefix: prefix, localName: String(parts[1]), namespace: bound)
    }
}
