internal import XML

/// Reads a schema in XML syntax: what RELAX NG, 3 demands of it, and simplification 4.1 to 4.4 and 4.8 to 4.10.
///
/// A file with mistakes is read to its end, so that all of them are reported.
final class XMLSyntaxReader {
    private let document: Document
    private let source: Int32
    private let keepsAnnotations: Bool
    private let diagnostics = DiagnosticList()
    /// What the names of the document mean, by number.
    private let elementWords: [ElementWord]
    private let attributeWords: [AttributeWord]

    private init(_ document: Document, source: Int32, annotations: Bool) {
        self.document = document
        self.source = source
        keepsAnnotations = annotations
        elementWords = document.qualifiedNames.map(ElementWord.init)
        attributeWords = document.qualifiedNames.map(AttributeWord.init)
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
        let pattern = reader.schema(root, Scope(namespace: namespace, library: "", prefixes: [:]))
        guard let pattern, reader.diagnostics.list.isEmpty else {
            throw Diagnostics(reader.diagnostics.list.inSourceOrder)
        }
        let prefixes = root.declaredNamespaces.compactMap { declared in
            declared.prefix.map { (prefix: $0, namespace: declared.namespace) }
        }
        return SchemaSyntax(pattern: pattern, prefixes: prefixes, defaultNamespace: root.attribute("ns") ?? namespace)
    }

    private func schema(_ root: Node, _ scope: Scope) -> PatternSyntax? {
        let word = self.word(root)
        guard word.isPattern else {
            report { word == .unknown ? RelaxNGMessages.unknownElement(root) : RelaxNGMessages.rootIsNoPattern(root) }
            return nil
        }
        var pattern = pattern(root, word, scope)
        // What a needless group around the whole held behind its only child has nothing more to follow.
        let following = pattern?.annotations?.following ?? []
        if !following.isEmpty {
            pattern?.annotations.orEmpty.elements += following
            pattern?.annotations.orEmpty.following = []
        }
        return pattern
    }
}

// MARK: - Words

/// An element's name as the syntax knows it.
private enum ElementWord: UInt8, CaseIterable {
    case element, attribute, group, interleave, choice, optional, zeroOrMore, oneOrMore, list, mixed
    case ref, parentRef, empty, text, value, data, notAllowed, externalRef, grammar
    case param, except, start, define, div, include, name, anyName, nsName
    /// RELAX NG's namespace, and no name of it.
    case unknown
    case foreign

    var isPattern: Bool { rawValue <= ElementWord.grammar.rawValue }
    var isNameClass: Bool { self == .name || self == .anyName || self == .nsName || self == .choice }

    static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ("\($0)", $0) })
}

/// An attribute's name as the syntax knows it.
private enum AttributeWord: UInt8 {
    case name, ns, datatypeLibrary, combine, href, type
    /// No namespace, and no name of the syntax.
    case unknown
    case relaxNG
    case base
    case foreign

    static let byName: [String: AttributeWord] = [
        "name": .name, "ns": .ns, "datatypeLibrary": .datatypeLibrary, "combine": .combine, "href": .href,
        "type": .type,
    ]
}

extension ElementWord {
    fileprivate init(_ name: QName) {
        if name.namespace == Namespace.relaxNG {
            self = ElementWord.byName[name.localName].flatMap { $0 == .foreign ? nil : $0 } ?? .unknown
        } else {
            self = .foreign
        }
    }
}

extension AttributeWord {
    fileprivate init(_ name: QName) {
        switch name.namespace {
        case nil: self = AttributeWord.byName[name.localName] ?? .unknown
        case Namespace.relaxNG: self = .relaxNG
        case Namespace.xml where name.localName == "base": self = .base
        default: self = .foreign
        }
    }
}

extension XMLSyntaxReader {
    private func word(_ node: Node) -> ElementWord { elementWords[node.nameIndex] }

    private func word(_ attribute: Attribute) -> AttributeWord { attributeWords[attribute.nameIndex] }
}

// MARK: - Scopes and attributes

/// What an element inherits.
private final class Scope {
    let namespace: String?
    let library: String
    let prefixes: [CodepointString: String]
    /// The prefixes and, under the empty one, the namespace.
    let bindings: [CodepointString: String]

    init(namespace: String?, library: String, prefixes: [CodepointString: String]) {
        self.namespace = namespace
        self.library = library
        self.prefixes = prefixes
        var bindings = prefixes
        bindings[CodepointString("")] = namespace ?? ""
        self.bindings = bindings
    }
}

/// The attributes of an element of RELAX NG; `name`, `combine` and `type` without white space around them (4.2).
private struct Attributes {
    var name: String?
    /// Those that are rare.
    private var others: [(word: AttributeWord, value: String)] = []
    var foreign: [AnnotationAttribute] = []

    var hasScope: Bool { others.contains { $0.word == .ns || $0.word == .datatypeLibrary } }

    subscript(word: AttributeWord) -> String? {
        get { others.first { $0.word == word }?.value }
        set {
            if let newValue { others.append((word, newValue)) }
        }
    }

    struct Allowed: OptionSet {
        let rawValue: UInt8
        static let name = Allowed(rawValue: 1)
        static let combine = Allowed(rawValue: 2)
        static let href = Allowed(rawValue: 4)
        static let type = Allowed(rawValue: 8)
    }
}

extension XMLSyntaxReader {
    private func attributes(_ node: Node, _ allowed: Attributes.Allowed) -> Attributes {
        var found = Attributes()
        var next = node.firstAttribute
        while let attribute = next {
            next = attribute.next
            switch word(attribute) {
            case .ns: found[.ns] = attribute.value
            case .datatypeLibrary: found[.datatypeLibrary] = library(attribute)
            case .name where allowed.contains(.name): found.name = attribute.bytes.trimmed
            case .combine where allowed.contains(.combine): found[.combine] = attribute.bytes.trimmed
            case .href where allowed.contains(.href): found[.href] = attribute.value
            case .type where allowed.contains(.type): found[.type] = attribute.bytes.trimmed
            case .foreign:
                if keepsAnnotations, isKept(attribute.name) {
                    found.foreign.append(AnnotationAttribute(name: attribute.name, value: attribute.value))
                }
            case .base: break
            case .relaxNG: report { RelaxNGMessages.attributeInNamespace(attribute) }
            case .name, .combine, .href, .type, .unknown: report { RelaxNGMessages.unknownAttribute(attribute) }
            }
        }
        return found
    }

    private func library(_ attribute: Attribute) -> String {
        let value = attribute.value
        if !URIReference.isLibrary(value) { report { RelaxNGMessages.badLibrary(value, at: attribute.location) } }
        return value.escapedAsURI
    }

    /// The scope of an element's content.
    private func scope(_ node: Node, _ attributes: Attributes, in outer: Scope) -> Scope {
        let declared = node.declaredNamespaces
        guard attributes.hasScope || !declared.isEmpty else { return outer }
        var prefixes = outer.prefixes
        for (prefix, namespace) in declared {
            if let prefix { prefixes[CodepointString(prefix)] = namespace }
        }
        return Scope(
            namespace: attributes[.ns] ?? outer.namespace, library: attributes[.datatypeLibrary] ?? outer.library,
            prefixes: prefixes
        )
    }

    /// A name without colon; `nil` after a diagnostic.
    private func ncName(_ value: String?, _ label: String, of node: Node) -> String? {
        guard let value else {
            report { RelaxNGMessages.missingAttribute(label, node) }
            return nil
        }
        guard NCName.isValid(value) else {
            report { RelaxNGMessages.badName(value, at: location(label, of: node)) }
            return nil
        }
        return value
    }

    private func location(_ attribute: String, of node: Node) -> SourceLocation {
        node.attributeNode(attribute)?.location ?? node.location
    }

    private func combine(_ value: String?, of node: Node) -> ComponentSyntax.Combine? {
        guard let value else { return nil }
        let combine = ComponentSyntax.Combine(rawValue: value)
        if combine == nil { report { RelaxNGMessages.badCombine(value, at: location("combine", of: node)) } }
        return combine
    }

    private func reference(_ node: Node, _ attributes: Attributes, _ scope: Scope) -> ReferenceSyntax? {
        guard let href = attributes[.href] else {
            report { RelaxNGMessages.missingAttribute("href", node) }
            return nil
        }
        if let wrong = RelaxNGMessages.reference(href, at: location("href", of: node)) {
            report { wrong }
            return nil
        }
        return ReferenceSyntax(href: href, base: node.baseURI, namespace: scope.namespace)
    }

    /// Not inline, since a diagnostic takes much of the stack on which patterns nest.
    @inline(never) private func report(_ diagnostic: () -> Diagnostic) { diagnostics.add(diagnostic) }

    private func position(_ node: Node) -> SyntaxPosition {
        SyntaxPosition(source: source, offset: Int32(node.index))
    }

    private func location(_ pattern: PatternSyntax) -> SourceLocation {
        Node(document: document, index: Int(pattern.position.offset)).location
    }
}

extension ArraySlice<UInt8> {
    /// Without the white space around it.
    fileprivate var trimmed: String {
        var slice = self
        while let first = slice.first, first.isXMLSpace { slice.removeFirst() }
        while let last = slice.last, last.isXMLSpace { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }
}

// MARK: - Patterns

extension XMLSyntaxReader {
    private func pattern(_ node: Node, _ word: ElementWord, _ outer: Scope) -> PatternSyntax? {
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

    private func syntax(
        _ kind: PatternSyntax.Kind, _ node: Node, _ attributes: Attributes, _ elements: [AnnotationElement]
    ) -> PatternSyntax {
        PatternSyntax(
            kind: kind, position: position(node),
            annotations: AnnotationsSyntax(attributes: attributes.foreign, elements: elements).orNil
        )
    }

    private func named(_ node: Node, _ word: ElementWord, _ outer: Scope) -> PatternSyntax? {
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

    private func sequence(_ node: Node, _ word: ElementWord, _ outer: Scope) -> PatternSyntax? {
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

    private func reference(_ node: Node, _ word: ElementWord, _ outer: Scope) -> PatternSyntax? {
        let attributes = attributes(node, .name)
        let leading = noContent(node)
        guard let name = ncName(attributes.name, "name", of: node) else { return nil }
        return syntax(word == .ref ? .ref(name) : .parentRef(name), node, attributes, leading)
    }

    private func constant(_ node: Node, _ word: ElementWord, _ outer: Scope) -> PatternSyntax {
        let attributes = attributes(node, [])
        let kind: PatternSyntax.Kind = word == .empty ? .empty : word == .text ? .text : .notAllowed
        return syntax(kind, node, attributes, noContent(node))
    }

    private func value(_ node: Node, _ outer: Scope) -> PatternSyntax? {
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

    private func externalReference(_ node: Node, _ outer: Scope) -> PatternSyntax? {
        let attributes = attributes(node, .href)
        let scope = scope(node, attributes, in: outer)
        let leading = noContent(node)
        return reference(node, attributes, scope).map { syntax(.externalRef($0), node, attributes, leading) }
    }

    private func grammar(_ node: Node, _ outer: Scope) -> PatternSyntax {
        let attributes = attributes(node, [])
        let (components, leading) = components(node, scope(node, attributes, in: outer), inInclude: false)
        return syntax(.grammar(GrammarSyntax(components: components)), node, attributes, leading)
    }
}

// MARK: - Data

extension XMLSyntaxReader {
    private func data(_ node: Node, _ outer: Scope) -> PatternSyntax? {
        let attributes = attributes(node, .type)
        let scope = scope(node, attributes, in: outer)
        var parameters: [DataSyntax.Parameter] = []
        var (except, hasExcept) = (Content(), false)
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

    private func except(_ node: Node, _ outer: Scope) -> Content {
        let attributes = attributes(node, [])
        let content = content(node, scope(node, attributes, in: outer))
        demandPattern(content, node)
        return content
    }
}

// MARK: - Name classes

extension XMLSyntaxReader {
    private func nameClass(_ node: Node, _ word: ElementWord, _ outer: Scope) -> NameClassSyntax? {
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

    private func nsName(_ attributes: Attributes, _ scope: Scope, _ except: [NameClassSyntax]) -> NameClassSyntax.Kind {
        // A prefix tells no namespace from an inherited one.
        .nsName(scope.namespace ?? "", prefix: scope.namespace == "" ? "local" : nil, except: except)
    }

    /// The children of `<choice>` or `<except>`, at least one.
    private func nameClasses(_ node: Node, _ scope: Scope) -> ([NameClassSyntax], leading: [AnnotationElement]) {
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
        _ node: Node, _ scope: Scope
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
        _ string: String, _ namespace: String?, _ scope: Scope, at location: @autoclosure () -> SourceLocation
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

// MARK: - Components

extension XMLSyntaxReader {
    /// The content of `<grammar>`, `<div>` or `<include>`.
    private func components(
        _ node: Node, _ scope: Scope, inInclude: Bool
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

    private func append(_ component: ComponentSyntax?, to components: inout [ComponentSyntax]) {
        if let component { components.append(component) }
    }

    private func component(
        _ kind: ComponentSyntax.Kind, _ node: Node, _ attributes: Attributes, _ leading: [AnnotationElement]
    ) -> ComponentSyntax {
        ComponentSyntax(
            kind: kind, position: position(node),
            annotations: AnnotationsSyntax(attributes: attributes.foreign, elements: leading).orNil
        )
    }

    private func start(_ node: Node, _ outer: Scope) -> ComponentSyntax {
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

    private func define(_ node: Node, _ outer: Scope) -> ComponentSyntax? {
        let attributes = attributes(node, [.name, .combine])
        let content = content(node, scope(node, attributes, in: outer))
        demandPattern(content, node)
        let combine = combine(attributes[.combine], of: node)
        guard let name = ncName(attributes.name, "name", of: node) else { return nil }
        let kind = ComponentSyntax.Kind.define(name: name, combine: combine, content.patterns.withoutGroup)
        return component(kind, node, attributes, content.leading)
    }

    private func div(_ node: Node, _ outer: Scope, inInclude: Bool) -> ComponentSyntax {
        let attributes = attributes(node, [])
        let (components, leading) = components(node, scope(node, attributes, in: outer), inInclude: inInclude)
        return component(.div(components), node, attributes, leading)
    }

    private func include(_ node: Node, _ outer: Scope) -> ComponentSyntax? {
        let attributes = attributes(node, .href)
        let scope = scope(node, attributes, in: outer)
        let (components, leading) = components(node, scope, inInclude: true)
        return reference(node, attributes, scope).map {
            component(.include($0, overrides: components), node, attributes, leading)
        }
    }
}

// MARK: - Content

/// What stands in an element.
private struct Content {
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
    private func content(_ node: Node, _ scope: Scope, expectsName: Bool = false) -> Content {
        var content = Content()
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
        _ child: Node, _ word: ElementWord, _ node: Node, _ scope: Scope, _ content: inout Content
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

    private func demandPattern(_ content: Content, _ node: Node) {
        if !content.hasPattern { report { RelaxNGMessages.noPattern(node) } }
    }

    /// The annotations of an element that has no other content.
    private func noContent(_ node: Node) -> [AnnotationElement] {
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
    private func forEachElement(in node: Node, _ body: (Node, ElementWord) -> Void) {
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

    private func misplaced(_ child: Node, in node: Node, expected: String) {
        let isUnknown = word(child) == .unknown
        report {
            isUnknown
                ? RelaxNGMessages.unknownElement(child)
                : RelaxNGMessages.misplacedElement(child, in: node, expected: expected)
        }
    }

    /// The content of `<name>`, `<value>` or `<param>`, which hold no elements at all.
    private func string(_ node: Node) -> String {
        for child in node.childElements { report { RelaxNGMessages.elementInString(child, in: node) } }
        return node.stringValue
    }

    /// An annotation is kept whose name both syntaxes have: XML's fifth edition has more names than compact syntax.
    private func isKept(_ name: QName) -> Bool { NCName.isValid(name.localName) }

    private func annotation(_ node: Node) -> AnnotationElement {
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
