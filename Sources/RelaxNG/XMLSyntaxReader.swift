internal import XML

/// Reads a schema in XML syntax: what RELAX NG, 3 demands of it, and simplification 4.1 to 4.4 and 4.8 to 4.10.
///
/// A file with mistakes is read to its end, so that all of them are reported.
final class XMLSyntaxReader {
    let document: Document
    let source: Int32
    let keepsAnnotations: Bool
    let diagnostics = DiagnosticList()
    /// The meanings of the document's names, by number.
    let elementWords: [XMLSyntaxElement]
    let attributeWords: [XMLSyntaxAttribute]

    private init(_ document: Document, source: Int32, annotations: Bool) {
        self.document = document
        self.source = source
        keepsAnnotations = annotations
        elementWords = document.qualifiedNames.map(XMLSyntaxElement.init)
        attributeWords = document.qualifiedNames.map(XMLSyntaxAttribute.init)
    }

    /// - Parameter annotations: whether they are kept.
    static func read(
        _ document: Document, source: Int32, namespace: String?, annotations: Bool
    ) throws(Diagnostics) -> SchemaSyntax {
        let root = document.root
        guard root.namespace == Namespace.relaxNG else { throw Diagnostics([RelaxNGMessages.unknownLanguage(root)]) }
        if let deep = document.firstNode(deeperThan: SchemaSyntax.depthLimit) {
            throw Diagnostics([RelaxNGMessages.schemaDepth(at: deep.location)])
        }
        let reader = XMLSyntaxReader(document, source: source, annotations: annotations)
        let pattern = reader.schema(root, XMLSyntaxScope(namespace: namespace, library: "", prefixes: [:]))
        guard let pattern, reader.diagnostics.list.isEmpty else {
            throw Diagnostics(reader.diagnostics.list.inSourceOrder)
        }
        let prefixes = root.declaredNamespaces.compactMap { declared in
            declared.prefix.map { (prefix: $0, namespace: declared.namespace) }
        }
        return SchemaSyntax(pattern: pattern, prefixes: prefixes, defaultNamespace: root.attribute("ns") ?? namespace)
    }

    private func schema(_ root: Node, _ scope: XMLSyntaxScope) -> PatternSyntax? {
        let word = self.word(root)
        guard word.isPattern else {
            report { word == .unknown ? RelaxNGMessages.unknownElement(root) : RelaxNGMessages.rootIsNoPattern(root) }
            return nil
        }
        var pattern = pattern(root, word, scope)
        // Annotations after the only child of a redundant outer group move to the pattern itself.
        let following = pattern?.annotations?.following ?? []
        if !following.isEmpty {
            pattern?.annotations.orEmpty.elements += following
            pattern?.annotations.orEmpty.following = []
        }
        return pattern
    }
}

// MARK: - Components

extension XMLSyntaxReader {
    /// The content of `<grammar>`, `<div>` or `<include>`.
    func components(
        _ node: Node, _ scope: XMLSyntaxScope, inInclude: Bool
    ) -> ([ComponentSyntax], leading: [AnnotationElement]) {
        var components: [ComponentSyntax] = []
        var leading: [AnnotationElement] = []
        forEachElement(in: node) { child, word in
            switch word {
            case .foreign where components.isEmpty: leading.append(annotation(child))
            case .foreign:
                components.append(ComponentSyntax(kind: .annotation(annotation(child)), position: position(child)))
            case .start: components.append(start(child, scope))
            case .define: append(define(child, scope), to: &components)
            case .div: components.append(div(child, scope, inInclude: inInclude))
            case .include where !inInclude: append(include(child, scope), to: &components)
            default:
                misplaced(
                    child, in: node,
                    expected: inInclude ? "<start>, <define> and <div>" : "<start>, <define>, <div> and <include>")
            }
        }
        return (components, leading)
    }

    func append(_ component: ComponentSyntax?, to components: inout [ComponentSyntax]) {
        if let component { components.append(component) }
    }

    private func component(
        _ kind: ComponentSyntax.Kind, _ node: Node, _ attributes: XMLSyntaxAttributes, _ leading: [AnnotationElement]
    ) -> ComponentSyntax {
        ComponentSyntax(
            kind: kind, position: position(node),
            annotations: AnnotationsSyntax(attributes: attributes.foreign, elements: leading).orNil
        )
    }

    func start(_ node: Node, _ outer: XMLSyntaxScope) -> ComponentSyntax {
        let attributes = attributes(node, .combine)
        let content = content(node, scope(node, attributes, in: outer))
        demandPattern(content, node)
        if content.patterns.count > 1 {
            report { RelaxNGMessages.secondPattern(in: node, at: location(content.patterns[1])) }
        }
        let kind = ComponentSyntax.Kind.start(
            combine: combine(attributes[.combine], of: node), content.patterns.withoutGroup)
        return component(kind, node, attributes, content.leading)
    }

    func define(_ node: Node, _ outer: XMLSyntaxScope) -> ComponentSyntax? {
        let attributes = attributes(node, [.name, .combine])
        let content = content(node, scope(node, attributes, in: outer))
        demandPattern(content, node)
        let combine = combine(attributes[.combine], of: node)
        guard let name = ncName(attributes.name, "name", of: node) else { return nil }
        let kind = ComponentSyntax.Kind.define(name: name, combine: combine, content.patterns.withoutGroup)
        return component(kind, node, attributes, content.leading)
    }

    func div(_ node: Node, _ outer: XMLSyntaxScope, inInclude: Bool) -> ComponentSyntax {
        let attributes = attributes(node, [])
        let (components, leading) = components(node, scope(node, attributes, in: outer), inInclude: inInclude)
        return component(.div(components), node, attributes, leading)
    }

    func include(_ node: Node, _ outer: XMLSyntaxScope) -> ComponentSyntax? {
        let attributes = attributes(node, .href)
        let scope = scope(node, attributes, in: outer)
        let (components, leading) = components(node, scope, inInclude: true)
        return reference(node, attributes, scope).map {
            component(.include($0, overrides: components), node, attributes, leading)
        }
    }
}

// MARK: - XMLSyntaxContent

/// The content of an element.
struct XMLSyntaxContent {
    var nameClass: NameClassSyntax?
    var patterns: [PatternSyntax] = []
    /// Whether there was any pattern, or anything wrong.
    var hasPattern = false
    /// The annotations before the others.
    var leading: [AnnotationElement] = []

    /// An annotation belongs to what it follows.
    mutating func follow(_ element: AnnotationElement) {
        if !patterns.isEmpty {
            patterns[patterns.count - 1].annotations.orEmpty.following.append(element)
        } else if nameClass != nil {
            nameClass?.annotations.orEmpty.following.append(element)
        } else {
            leading.append(element)
        }
    }
}

extension XMLSyntaxReader {
    /// Patterns, after a name class if one is expected.
    func content(_ node: Node, _ scope: XMLSyntaxScope, expectsName: Bool = false) -> XMLSyntaxContent {
        var content = XMLSyntaxContent()
        var expectsName = expectsName
        let known = diagnostics.list.count
        forEachElement(in: node) { child, word in
            if word == .foreign {
                content.follow(annotation(child))
            } else if expectsName {
                expectsName = false
                firstChild(child, word, node, scope, &content)
            } else if word.isPattern {
                content.hasPattern = true
                if let found = pattern(child, word, scope) { content.patterns.append(found) }
            } else {
                misplaced(child, in: node, expected: "patterns")
            }
        }
        // Where something was wrong there was something.
        if diagnostics.list.count > known {
            content.hasPattern = true
        } else if expectsName {
            report { RelaxNGMessages.noName(node) }
        }
        return content
    }

    /// The first child of `<element>` or `<attribute>` without `name`.
    private func firstChild(
        _ child: Node, _ word: XMLSyntaxElement, _ node: Node, _ scope: XMLSyntaxScope,
        _ content: inout XMLSyntaxContent
    ) {
        if word.isNameClass {
            content.nameClass = nameClass(child, word, scope)
        } else if word.isPattern {
            report { RelaxNGMessages.noName(node) }
            content.hasPattern = true
            if let found = pattern(child, word, scope) { content.patterns.append(found) }
        } else {
            misplaced(child, in: node, expected: RelaxNGMessages.nameClassNames)
        }
    }

    func demandPattern(_ content: XMLSyntaxContent, _ node: Node) {
        if !content.hasPattern { report { RelaxNGMessages.noPattern(node) } }
    }

    /// The annotations of an element that has no other content.
    func noContent(_ node: Node) -> [AnnotationElement] {
        var elements: [AnnotationElement] = []
        forEachElement(in: node) { child, word in
            if word == .foreign {
                elements.append(annotation(child))
            } else {
                misplaced(child, in: node, expected: "nothing")
            }
        }
        return elements
    }

    /// The children that count; text other than white space is a mistake, comments and instructions are passed over.
    func forEachElement(in node: Node, _ body: (Node, XMLSyntaxElement) -> Void) {
        var next = node.firstChild
        while let child = next {
            next = child.nextSibling
            switch child.kind {
            case .element:
                let word = word(child)
                if word != .foreign || keepsAnnotations && child.name.map(isKept) == true { body(child, word) }
            case .text where !child.isBlank: report { RelaxNGMessages.textInSchema(child, in: node) }
            default: break
            }
        }
    }

    func misplaced(_ child: Node, in node: Node, expected: String) {
        let isUnknown = word(child) == .unknown
        report {
            isUnknown
                ? RelaxNGMessages.unknownElement(child)
                : RelaxNGMessages.misplacedElement(child, in: node, expected: expected)
        }
    }

    /// The content of `<name>`, `<value>` or `<param>`, which hold no elements at all.
    func string(_ node: Node) -> String {
        for child in node.childElements { report { RelaxNGMessages.elementInString(child, in: node) } }
        return node.stringValue
    }

    /// An annotation is kept whose name both syntaxes have: XML's fifth edition has more names than compact syntax.
    func isKept(_ name: QName) -> Bool { NCName.isValid(name.localName) }

    func annotation(_ node: Node) -> AnnotationElement {
        var element = AnnotationElement(name: node.name ?? QName(localName: ""))
        var next = node.firstAttribute
        while let attribute = next {
            next = attribute.next
            if isKept(attribute.name) {
                element.attributes.append(AnnotationAttribute(name: attribute.name, value: attribute.value))
            }
        }
        for child in node.children {
            switch child.kind {
            case .element:
                if child.name.map(isKept) == true { element.content.append(.element(annotation(child))) }
            case .text: element.content.append(.text(child.stringValue))
            case .comment, .processingInstruction, .document: break
            }
        }
        return element.joiningText
    }
}
