internal import XML

/// The facts about a whole schema that a writer needs before it begins.
package struct SyntaxSurvey {
    /// How often each datatype library is used.
    private(set) var libraries: [CodepointString: Int] = [:]
    /// How often an element's name has each namespace.
    private(set) var elementNamespaces: [CodepointString: Int] = [:]
    /// Whether any name or reference takes the namespace that the file inherits.
    private(set) var inherits = false
    /// Whether any value is a QName in no namespace.
    private(set) var hasUnqualifiedValues = false
    /// The other files, in the order of the source.
    package private(set) var references: [(reference: ReferenceSyntax, position: SyntaxPosition)] = []
    private let defaultNamespace: String?

    package init(_ schema: SchemaSyntax) {
        defaultNamespace = schema.defaultNamespace
        visit([schema.pattern])
    }

    /// The library that most data are of; the built-in one only where there is no other.
    var mainLibrary: String? {
        libraries.max {
            ($0.key.string.isEmpty ? 0 : $0.value, $1.key) < ($1.key.string.isEmpty ? 0 : $1.value, $0.key)
        }?.key.string
    }

    /// The namespace that most elements are in.
    var mainNamespace: String? {
        elementNamespaces.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key.string
    }

    private mutating func visit(_ patterns: [PatternSyntax]) {
        for pattern in patterns { visit(pattern) }
    }

    private mutating func visit(_ pattern: PatternSyntax) {
        switch pattern.kind {
        case .element(let nameClass, let content):
            visit(nameClass, isElement: true)
            visit(content)
        case .attribute(let nameClass, let content):
            visit(nameClass, isElement: false)
            visit(content)
        case .group(let parts), .interleave(let parts), .choice(let parts), .optional(let parts),
            .zeroOrMore(let parts),
            .oneOrMore(let parts), .list(let parts), .mixed(let parts):
            visit(parts)
        case .ref, .parentRef, .empty, .text, .notAllowed: break
        case .value(let value):
            if !value.type.isDefault { libraries[CodepointString(value.type.library), default: 0] += 1 }
            if value.type.isQName, value.qname == nil, value.namespace.isEmpty { hasUnqualifiedValues = true }
        case .data(let data):
            libraries[CodepointString(data.type.library), default: 0] += 1
            visit(data.except)
        case .externalRef(let reference): visit(reference, pattern.position)
        case .grammar(let grammar): visit(grammar.components)
        }
    }

    private mutating func visit(_ reference: ReferenceSyntax, _ position: SyntaxPosition) {
        references.append((reference, position))
        if reference.namespace == nil { inherits = true }
    }

    private mutating func visit(_ components: [ComponentSyntax]) {
        for component in components {
            switch component.kind {
            case .start(_, let content), .define(_, _, let content): visit(content)
            case .div(let components): visit(components)
            case .include(let reference, let overrides):
                visit(reference, component.position)
                visit(overrides)
            case .annotation: break
            }
        }
    }

    private mutating func visit(_ nameClass: NameClassSyntax, isElement: Bool) {
        switch nameClass.kind {
        case .name(let name):
            if name.namespace == nil { inherits = true }
            if isElement, let namespace = name.namespace {
                elementNamespaces[CodepointString(namespace), default: 0] += 1
            }
        case .nsName(let namespace, let prefix, let except):
            if namespace.isEmpty, prefix == nil, defaultNamespace == nil { inherits = true }
            for part in except { visit(part, isElement: isElement) }
        case .anyName(let parts), .choice(let parts):
            for part in parts { visit(part, isElement: isElement) }
        }
    }
}

/// The prefixes of a file that is being written; they are declared when the rest has been written.
final class PrefixTable {
    /// In the order of the declarations; `nil` is the inherited namespace.
    private(set) var declarations: [(prefix: String, namespace: String?)] = []
    private var namespaces: [CodepointString: String?] = [CodepointString("xml"): Namespace.xml]

    init(_ prefixes: [(prefix: String, namespace: String)]) {
        // XML's fifth edition has more names than compact syntax.
        for (prefix, namespace) in prefixes where namespaces[CodepointString(prefix)] == nil && NCName.isValid(prefix) {
            bind(prefix, namespace)
        }
    }

    /// A prefix for a namespace: the one that is asked for if it is free, one that there is already, or a new one.
    func prefix(for namespace: String?, hint: String?) -> String {
        if namespace == Namespace.xml { return "xml" }
        if let hint, let bound = namespaces[CodepointString(hint)], bound.isSame(as: namespace) { return hint }
        if let hint, namespaces[CodepointString(hint)] == nil, NCName.isValid(hint) {
            bind(hint, namespace)
            return hint
        }
        if let known = declarations.first(where: { $0.namespace.isSame(as: namespace) }) { return known.prefix }
        if hint == nil, let usual = namespace.flatMap({ PrefixTable.usual[$0] }),
            namespaces[CodepointString(usual)] == nil
        {
            bind(usual, namespace)
            return usual
        }
        var number = 1
        while namespaces[CodepointString("ns\(number)")] != nil { number += 1 }
        bind("ns\(number)", namespace)
        return "ns\(number)"
    }

    /// The prefixes that readers expect.
    private static let usual = [
        Namespace.relaxNG: "rng", AnnotationElement.compatibility: "a", "http://purl.oclc.org/dsdl/schematron": "sch",
        "http://www.tei-c.org/ns/1.0": "tei",
    ]

    private func bind(_ prefix: String, _ namespace: String?) {
        namespaces[CodepointString(prefix)] = .some(namespace)
        declarations.append((prefix, namespace))
    }
}

extension DatatypeName {
    /// The built-in `token`, which a value has that names no type.
    var isDefault: Bool { library.isEmpty && name == "token" }
}

extension ValueSyntax {
    /// The parts of a QName, or `nil` for a value of another type.
    var qname: (prefix: String, localName: String)? {
        guard type.isQName else { return nil }
        let parts = string.split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0].drop(while: \.isWhitespace)), String(parts[1])) : nil
    }

    /// The string with a prefix of the file that is being written.
    ///
    /// - Parameter defaultNamespace: what a QName without prefix is in there.
    func string(_ prefixes: PrefixTable, defaultNamespace: String) -> String {
        guard type.isQName else { return string }
        if let (prefix, localName) = qname {
            return self.prefixes[CodepointString(prefix)].map {
                prefixes.prefix(for: $0, hint: prefix) + ":" + localName
            } ?? string
        }
        if namespace.isSame(as: defaultNamespace) || namespace.isEmpty { return string }
        return prefixes.prefix(for: namespace, hint: nil) + ":" + string.drop(while: \.isWhitespace)
    }
}
