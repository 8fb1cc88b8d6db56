package import XML

/// What a schema says about its elements, attributes and values, in its `a:documentation` (RELAX NG DTD Compatibility, 2;
/// `##` in the compact syntax).
///
///     let documentation = SchemaDocumentation(bytes, path: "marginalia.rng", loader: loader)
///     documentation.element("add")                                // "Words that were added …"
///     documentation.value("above", of: "place", on: "add")        // "Above the line."
///
/// An attribute that many elements share is documented once; one that an element defines itself may say something else
/// there.
package struct SchemaDocumentation: Sendable {
    private struct Key: Hashable {
        var element: String?
        var attribute: String?
        var value: String?
    }

    private var texts: [Key: String] = [:]
    private var visited: Set<CodepointString> = []

    /// Reads the documentation of a schema and of the files that it includes. What cannot be read has none.
    ///
    /// - Parameters:
    ///   - bytes: the schema in either syntax.
    ///   - path: its path.
    ///   - loader: reads the files that it includes.
    package init(_ bytes: [UInt8], path: String, loader: SchemaLoader) {
        read(bytes, path, loader)
    }

    package func element(_ name: String) -> String? { texts[Key(element: name)] }

    package func attribute(_ name: String, on element: String) -> String? {
        texts[Key(element: element, attribute: name)] ?? texts[Key(attribute: name)]
    }

    package func value(_ value: String, of attribute: String, on element: String) -> String? {
        texts[Key(element: element, attribute: attribute, value: value)]
            ?? texts[Key(attribute: attribute, value: value)]
    }

    private mutating func read(_ bytes: [UInt8], _ path: String, _ loader: SchemaLoader) {
        var sources = SchemaSources()
        guard visited.insert(CodepointString(path)).inserted,
            let schema = try? SchemaSyntax.read(bytes, path: path, namespace: nil, annotations: true, into: &sources)
        else { return }
        visit([schema.pattern], Key(), loader)
    }

    private mutating func read(_ reference: ReferenceSyntax, _ loader: SchemaLoader) {
        if let file = try? loader.load(reference.file) { read(file.bytes, file.path, loader) }
    }

    // MARK: Walking

    private mutating func visit(_ patterns: [PatternSyntax], _ key: Key, _ loader: SchemaLoader) {
        for (index, pattern) in patterns.enumerated() { visit(pattern, after: patterns[..<index].last, key, loader) }
    }

    private mutating func visit(
        _ pattern: PatternSyntax, after previous: PatternSyntax?, _ key: Key, _ loader: SchemaLoader
    ) {
        switch pattern.kind {
        case .element(let names, let content):
            for name in SchemaDocumentation.names(names) {
                let own = Key(element: name)
                add(pattern.annotations?.elements, own)
                visit(content, own, loader)
            }
        case .attribute(let names, let content):
            for name in SchemaDocumentation.names(names) {
                let own = Key(element: key.element, attribute: name)
                add(pattern.annotations?.elements, own)
                visit(content, own, loader)
            }
        case .value(let value):
            guard key.attribute != nil else { return }
            let own = Key(element: key.element, attribute: key.attribute, value: value.string.normalizedSpace)
            add(pattern.annotations?.elements, own)
            add(pattern.annotations?.following, own)
        case .group(let parts), .interleave(let parts), .choice(let parts), .optional(let parts),
            .zeroOrMore(let parts), .oneOrMore(let parts), .list(let parts), .mixed(let parts):
            visit(parts, key, loader)
        case .externalRef(let reference): read(reference, loader)
        case .grammar(let grammar): visit(grammar.components, loader)
        case .data, .ref, .parentRef, .empty, .text, .notAllowed: break
        }
    }

    private mutating func visit(_ components: [ComponentSyntax], _ loader: SchemaLoader) {
        for component in components {
            switch component.kind {
            case .start(_, let content), .define(_, _, let content): visit(content, Key(), loader)
            case .div(let components): visit(components, loader)
            case .include(let reference, let overrides):
                // What the including file says comes first.
                visit(overrides, loader)
                read(reference, loader)
            case .annotation: break
            }
        }
    }

    private static func names(_ nameClass: NameClassSyntax) -> [String] {
        switch nameClass.kind {
        case .name(let name): [name.namespace == Namespace.xml ? "xml:\(name.localName)" : name.localName]
        case .choice(let parts): parts.flatMap { names($0) }
        case .anyName, .nsName: []
        }
    }

    private mutating func add(_ annotations: [AnnotationElement]?, _ key: Key) {
        let own = (annotations ?? []).filter {
            $0.name.localName == "documentation" && $0.name.namespace == AnnotationElement.compatibility
        }
        let text = own.map { SchemaDocumentation.text($0).normalizedSpace }.joined(separator: "\n\n")
        if !text.isEmpty, texts[key] == nil { texts[key] = text }
    }

    private static func text(_ element: AnnotationElement) -> String {
        element.content.map { content in
            switch content {
            case .text(let text): text
            case .element(let element): text(element)
            }
        }.joined()
    }
}
