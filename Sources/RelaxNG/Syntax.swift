package import XML

// The full syntax of RELAX NG, whichever of its two forms says it. Names are the specification's.

/// A place in a schema: which file, and how far into it.
package struct SyntaxPosition: Sendable, Hashable {
    /// Index of the file in ``SchemaSources``.
    var source: Int32
    /// XML syntax: the index of the node. Compact syntax: the offset of the byte.
    package var offset: Int32
}

/// A pattern, and its place.
struct PatternSyntax: Sendable {
    indirect enum Kind: Sendable {
        case element(NameClassSyntax, [PatternSyntax])
        case attribute(NameClassSyntax, [PatternSyntax])
        case group([PatternSyntax])
        case interleave([PatternSyntax])
        case choice([PatternSyntax])
        case optional([PatternSyntax])
        case zeroOrMore([PatternSyntax])
        case oneOrMore([PatternSyntax])
        case list([PatternSyntax])
        case mixed([PatternSyntax])
        case ref(String)
        case parentRef(String)
        case empty
        case text
        case notAllowed
        case value(ValueSyntax)
        case data(DataSyntax)
        case externalRef(ReferenceSyntax)
        case grammar(GrammarSyntax)
    }

    var kind: Kind
    var position: SyntaxPosition
    var annotations: AnnotationsSyntax?
}

/// `<value>`: the string as written, before the datatype normalises it.
struct ValueSyntax: Sendable {
    var type: DatatypeName
    var string: String
    /// The value of `ns` in scope, which a QName without prefix takes.
    var namespace: String
    /// The prefixes in scope, for datatypes that need them; shared between the values of one element.
    var prefixes: [CodepointString: String]
}

/// `<data>`.
struct DataSyntax: Sendable {
    struct Parameter: Sendable {
        var name: String
        var value: String
        var position: SyntaxPosition
        var annotations: AnnotationsSyntax?
    }

    var type: DatatypeName
    var parameters: [Parameter]
    /// The patterns of `<except>`, which are a choice.
    var except: [PatternSyntax]
    /// The prefixes in scope and, under the empty prefix, `ns`, for the facets of datatypes that need them.
    var prefixes: [CodepointString: String]
}

/// A datatype by its library and name, as simplification 4.3 and 4.4 leave them.
struct DatatypeName: Sendable, Hashable {
    /// The URI of the library; empty for the built-in one.
    var library: String
    var name: String
    /// The prefix in the compact syntax, where there is one, for writing.
    var prefix: String?

    /// The library of W3C XML Schema.
    static let xsd = "http://www.w3.org/2001/XMLSchema-datatypes"

    /// Whether values of this type mean names in namespaces.
    var isQName: Bool { library == DatatypeName.xsd && (name == "QName" || name == "NOTATION") }

    static func == (a: DatatypeName, b: DatatypeName) -> Bool {
        a.library.isSame(as: b.library) && a.name.isSame(as: b.name)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(CodepointString(library))
        hasher.combine(CodepointString(name))
    }
}

/// `<externalRef>`, or the file of `<include>`.
package struct ReferenceSyntax: Sendable {
    /// As written.
    var href: String
    /// The base that it is resolved against: the path or URI of the file, `xml:base` applied.
    var base: String
    /// The `ns` that the file inherits (4.6, 4.7), or `nil` where none was given.
    var namespace: String?

    package var file: FileReference { FileReference(href: href, base: base) }
}

/// A name class, and its place.
package struct NameClassSyntax: Sendable {
    package indirect enum Kind: Sendable {
        /// The namespace is `nil` where the file gives none and inherits none, empty where it says that there is none.
        case name(QName)
        /// With the choices of `<except>`.
        case anyName(except: [NameClassSyntax])
        /// An empty namespace without a prefix is the inherited one where the file inherits one.
        case nsName(String, prefix: String?, except: [NameClassSyntax])
        case choice([NameClassSyntax])
    }

    var kind: Kind
    var position: SyntaxPosition
    var annotations: AnnotationsSyntax?
}

/// `<grammar>`.
struct GrammarSyntax: Sendable {
    var components: [ComponentSyntax]
}

/// A component of a grammar.
struct ComponentSyntax: Sendable {
    enum Kind: Sendable {
        case start(combine: Combine?, [PatternSyntax])
        case define(name: String, combine: Combine?, [PatternSyntax])
        case div([ComponentSyntax])
        case include(ReferenceSyntax, overrides: [ComponentSyntax])
        /// An element from another namespace, between the others.
        case annotation(AnnotationElement)
    }

    enum Combine: String, Sendable {
        case choice, interleave
    }

    var kind: Kind
    var position: SyntaxPosition
    var annotations: AnnotationsSyntax?
}

/// One schema file as it was read.
package struct SchemaSyntax: Sendable {
    /// How deep patterns, name classes and divisions may lie in one another. Thus recursion is safe.
    static let depthLimit = 128

    var pattern: PatternSyntax
    /// The prefixes that are declared for the whole file, in order, for writing it in the other form.
    var prefixes: [(prefix: String, namespace: String)]
    /// The outermost `ns`, or the default namespace of the compact syntax; `nil` where the file inherits it.
    var defaultNamespace: String?
}

/// Annotations of a pattern, name class or component: kept for writing the schema, without meaning for validation.
package struct AnnotationsSyntax: Sendable {
    /// Attributes from other namespaces than RELAX NG's.
    var attributes: [AnnotationAttribute] = []
    /// Elements from other namespaces, within the annotated element and before its own content.
    var elements: [AnnotationElement] = []
    /// Elements that follow the annotated one (`>>` in the compact syntax).
    var following: [AnnotationElement] = []
}

package struct AnnotationAttribute: Sendable {
    package var name: QName
    package var value: String
}

package struct AnnotationElement: Sendable {
    package indirect enum Content: Sendable {
        case element(AnnotationElement)
        case text(String)
    }

    package var name: QName
    package var attributes: [AnnotationAttribute] = []
    package var content: [Content] = []
    /// Compact syntax alone tells it.
    package var position: SyntaxPosition?

    /// The namespace of `documentation` (RELAX NG DTD Compatibility, 2).
    static let compatibility = "http://relaxng.org/ns/compatibility/annotations/1.0"
}

// MARK: - One form for one meaning

extension AnnotationsSyntax {
    var isEmpty: Bool { attributes.isEmpty && elements.isEmpty && following.isEmpty }

    /// `nil` where there is nothing.
    var orNil: AnnotationsSyntax? { isEmpty ? nil : self }
}

extension Optional<AnnotationsSyntax> {
    /// For adding to it.
    var orEmpty: AnnotationsSyntax {
        get { self ?? AnnotationsSyntax() }
        set { self = newValue.orNil }
    }
}

extension AnnotationElement {
    /// Without two texts side by side, which XML does not tell from one, and without empty ones.
    var joiningText: AnnotationElement {
        var joined = self
        joined.content = []
        var text = ""
        for part in content {
            switch part {
            case .text(let next): text += next
            case .element:
                if !text.isEmpty { joined.content.append(.text(text)) }
                text = ""
                joined.content.append(part)
            }
        }
        if !text.isEmpty { joined.content.append(.text(text)) }
        return joined
    }
}

extension PatternSyntax {
    /// A group, choice or interleave of one pattern is that pattern (RELAX NG, 4.12), or a group where it is annotated.
    var withoutNeedlessParent: PatternSyntax {
        switch kind {
        case .group(let parts), .choice(let parts), .interleave(let parts):
            guard parts.count == 1 else { return self }
            return annotations == nil
                ? parts[0] : PatternSyntax(kind: .group(parts), position: position, annotations: annotations)
        default: return self
        }
    }
}

extension [PatternSyntax] {
    /// For an element whose content is a group by itself.
    var withoutGroup: [PatternSyntax] {
        if count == 1, case .group(let parts) = self[0].kind, self[0].annotations == nil { parts } else { self }
    }

    /// For an element whose content is a choice by itself.
    var withoutChoice: [PatternSyntax] {
        if count == 1, case .choice(let parts) = self[0].kind, self[0].annotations == nil { parts } else { self }
    }
}

extension NameClassSyntax {
    /// A choice of one name class is that name class (RELAX NG, 4.12).
    var withoutNeedlessParent: NameClassSyntax {
        if case .choice(let classes) = kind, annotations == nil, classes.count == 1 {
            classes[0]
        } else {
            self
        }
    }
}

extension [NameClassSyntax] {
    /// For `<except>`, whose content is a choice by itself.
    var withoutChoice: [NameClassSyntax] {
        if count == 1, case .choice(let classes) = self[0].kind, self[0].annotations == nil { classes } else { self }
    }
}
