internal import XML

/// An element's name as the syntax knows it.
enum XMLSyntaxElement: UInt8, CaseIterable {
    case element, attribute, group, interleave, choice, optional, zeroOrMore, oneOrMore, list, mixed
    case ref, parentRef, empty, text, value, data, notAllowed, externalRef, grammar
    case param, except, start, define, div, include, name, anyName, nsName
    /// RELAX NG's namespace, and no name of it.
    case unknown
    case foreign

    var isPattern: Bool { rawValue <= XMLSyntaxElement.grammar.rawValue }
    var isNameClass: Bool { self == .name || self == .anyName || self == .nsName || self == .choice }

    static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ("\($0)", $0) })
}

/// An attribute's name as the syntax knows it.
enum XMLSyntaxAttribute: UInt8 {
    case name, ns, datatypeLibrary, combine, href, type
    /// No namespace, and no name of the syntax.
    case unknown
    case relaxNG
    case base
    case foreign

    static let byName: [String: XMLSyntaxAttribute] = [
        "name": .name, "ns": .ns, "datatypeLibrary": .datatypeLibrary, "combine": .combine, "href": .href,
        "type": .type,
    ]
}

extension XMLSyntaxElement {
    init(_ name: QName) {
        if name.namespace == Namespace.relaxNG {
            self = XMLSyntaxElement.byName[name.localName].flatMap { $0 == .foreign ? nil : $0 } ?? .unknown
        } else {
            self = .foreign
        }
    }
}

extension XMLSyntaxAttribute {
    init(_ name: QName) {
        switch name.namespace {
        case nil: self = XMLSyntaxAttribute.byName[name.localName] ?? .unknown
        case Namespace.relaxNG: self = .relaxNG
        case Namespace.xml where name.localName == "base": self = .base
        default: self = .foreign
        }
    }
}

extension XMLSyntaxReader {
    func word(_ node: Node) -> XMLSyntaxElement { elementWords[node.nameIndex] }

    func word(_ attribute: Attribute) -> XMLSyntaxAttribute { attributeWords[attribute.nameIndex] }
}

// MARK: - Scopes and attributes

/// The values that an element inherits.
final class XMLSyntaxScope {
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
struct XMLSyntaxAttributes {
    var name: String?
    /// Those that are rare.
    var others: [(word: XMLSyntaxAttribute, value: String)] = []
    var foreign: [AnnotationAttribute] = []

    var hasScope: Bool { others.contains { $0.word == .ns || $0.word == .datatypeLibrary } }

    subscript(word: XMLSyntaxAttribute) -> String? {
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
    func attributes(_ node: Node, _ allowed: XMLSyntaxAttributes.Allowed) -> XMLSyntaxAttributes {
        var found = XMLSyntaxAttributes()
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

    func library(_ attribute: Attribute) -> String {
        let value = attribute.value
        if !URIReference.isLibrary(value) { report { RelaxNGMessages.badLibrary(value, at: attribute.location) } }
        return value.escapedAsURI
    }

    /// The scope of an element's content.
    func scope(_ node: Node, _ attributes: XMLSyntaxAttributes, in outer: XMLSyntaxScope) -> XMLSyntaxScope {
        let declared = node.declaredNamespaces
        guard attributes.hasScope || !declared.isEmpty else { return outer }
        var prefixes = outer.prefixes
        for (prefix, namespace) in declared {
            if let prefix { prefixes[CodepointString(prefix)] = namespace }
        }
        return XMLSyntaxScope(
            namespace: attributes[.ns] ?? outer.namespace, library: attributes[.datatypeLibrary] ?? outer.library,
            prefixes: prefixes
        )
    }

    /// A name without colon; `nil` after a diagnostic.
    func ncName(_ value: String?, _ label: String, of node: Node) -> String? {
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

    func location(_ attribute: String, of node: Node) -> SourceLocation {
        node.attributeNode(attribute)?.location ?? node.location
    }

    func combine(_ value: String?, of node: Node) -> ComponentSyntax.Combine? {
        guard let value else { return nil }
        let combine = ComponentSyntax.Combine(rawValue: value)
        if combine == nil { report { RelaxNGMessages.badCombine(value, at: location("combine", of: node)) } }
        return combine
    }

    func reference(_ node: Node, _ attributes: XMLSyntaxAttributes, _ scope: XMLSyntaxScope) -> ReferenceSyntax? {
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
    @inline(never) func report(_ diagnostic: () -> Diagnostic) { diagnostics.add(diagnostic) }

    func position(_ node: Node) -> SyntaxPosition {
        SyntaxPosition(source: source, offset: Int32(node.index))
    }

    func location(_ pattern: PatternSyntax) -> SourceLocation {
        Node(document: document, index: Int(pattern.position.offset)).location
    }
}

extension ArraySlice<UInt8> {
    /// Without the white space around it.
    var trimmed: String {
        var slice = self
        while let first = slice.first, first.isXMLSpace { slice.removeFirst() }
        while let last = slice.last, last.isXMLSpace { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }
}
