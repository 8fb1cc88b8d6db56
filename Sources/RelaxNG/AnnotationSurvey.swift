package import XML

/// The elements of other namespaces in a schema, in its order as far as that shows.
package struct AnnotationSurvey {
    package private(set) var elements: [AnnotationElement] = []
    /// The prefixes that the schema declares.
    package let prefixes: [(prefix: String, namespace: String)]

    /// Those of a file in compact syntax; `nil` where it cannot be read.
    ///
    /// - Parameter source: its number.
    package init?(_ compact: DecodedSource, source: Int32) {
        guard let schema = try? CompactSyntaxReader.read(compact, source: source, namespace: nil, annotations: true)
        else { return nil }
        prefixes = schema.prefixes.map { ($0.prefix, $0.namespace) }
        visit([schema.pattern])
    }

    private mutating func add(_ annotations: AnnotationsSyntax?, isBefore: Bool) {
        guard let annotations else { return }
        elements += isBefore ? annotations.elements : annotations.following
    }

    private mutating func visit(_ patterns: [PatternSyntax]) {
        for pattern in patterns {
            add(pattern.annotations, isBefore: true)
            visit(pattern.kind)
            add(pattern.annotations, isBefore: false)
        }
    }

    private mutating func visit(_ kind: PatternSyntax.Kind) {
        switch kind {
        case .element(let name, let content), .attribute(let name, let content):
            visit([name])
            visit(content)
        case .group(let parts), .interleave(let parts), .choice(let parts), .optional(let parts),
            .zeroOrMore(let parts),
            .oneOrMore(let parts), .list(let parts), .mixed(let parts):
            visit(parts)
        case .data(let data):
            for parameter in data.parameters {
                add(parameter.annotations, isBefore: true)
                add(parameter.annotations, isBefore: false)
            }
            visit(data.except)
        case .grammar(let grammar): visit(grammar.components)
        case .ref, .parentRef, .empty, .text, .notAllowed, .value, .externalRef: break
        }
    }

    private mutating func visit(_ components: [ComponentSyntax]) {
        for component in components {
            add(component.annotations, isBefore: true)
            switch component.kind {
            case .start(_, let content), .define(_, _, let content): visit(content)
            case .div(let components), .include(_, let components): visit(components)
            case .annotation(let element): elements.append(element)
            }
            add(component.annotations, isBefore: false)
        }
    }

    private mutating func visit(_ names: [NameClassSyntax]) {
        for name in names {
            add(name.annotations, isBefore: true)
            switch name.kind {
            case .name: break
            case .anyName(let parts), .nsName(_, _, let parts), .choice(let parts): visit(parts)
            }
            add(name.annotations, isBefore: false)
        }
    }
}
