internal import XML

/// A Schematron schema as it is written, with what it includes. Names are the standard's (ISO/IEC 19757-3).
package struct SchematronSchema: Sendable {
    /// ISO Schematron's namespace, and that of Schematron 1.5.
    package static let namespace = "http://purl.oclc.org/dsdl/schematron"
    package static let oldNamespace = "http://www.ascc.net/xml/schematron"

    package static func isSchematron(_ namespace: String?) -> Bool {
        namespace == SchematronSchema.namespace || namespace == oldNamespace
    }

    var binding = QueryBinding.xslt
    var title: String?
    var version: String?
    var defaultPhase: Name?
    var namespaces: [Prefix] = []
    var lets: [Let] = []
    var keys: [Key] = []
    var functions: [Function] = []
    var phases: [Phase] = []
    var patterns: [Pattern] = []
    var diagnostics: [Message] = []
    var properties: [Message] = []
    /// The names of what is declared in ways that are not carried out: who uses them is not run either.
    var missing: Set<CodepointString> = []
    /// Warnings about doubtful parts, and about parts that are not run.
    var warnings: [Diagnostic] = []

    package var hasPhases: Bool { !phases.isEmpty }

    /// The language of the expressions (`@queryBinding`).
    ///
    /// The engines in use evaluate all of them by XPath 3.1; only what is written for XSLT 1.0 and XPath 1.0 is
    /// evaluated in the compatibility mode.
    package enum QueryBinding: String, Sendable, CaseIterable {
        case xslt, xslt2, xslt3, xpath, xpath2, xpath31

        var isFirstVersion: Bool { self == .xslt || self == .xpath }
        /// Whether the functions of XSLT are there, such as `key` and `current`.
        var isXSLT: Bool { self == .xslt || self == .xslt2 || self == .xslt3 }
    }

    /// A name that is written in the schema.
    struct Name: Sendable {
        var text: String
        var place: SchemaPlace
    }

    /// An expression or match pattern.
    package struct Expression: Sendable {
        var text: String
        var place: SchemaPlace
        /// The prefixes of the schema's own text that it may use besides those of `sch:ns`.
        var prefixes: [String: String] = [:]
        /// Whether it is XSLT's, where its own prefixes come before those of `sch:ns`.
        var isXSLT = false
        /// What XSLT's `xpath-default-namespace` says of it; empty for none.
        var defaultNamespace: String?
    }

    /// `ns`.
    struct Prefix: Sendable {
        var prefix: String
        var uri: String
        var place: SchemaPlace
    }

    /// `let`.
    struct Let: Sendable {
        enum Value: Sendable {
            case expression(Expression)
            /// An element with the content of the `let`.
            case content(Node)
        }

        var name: String
        var value: Value
        var place: SchemaPlace
    }

    struct Phase: Sendable {
        var id: String
        var lets: [Let] = []
        /// The ids of the patterns.
        var active: [Name] = []
        var place: SchemaPlace
    }

    struct Pattern: Sendable {
        var id: String?
        var title: String?
        var role: String?
        var isAbstract = false
        /// The id of the abstract pattern that this one is an instance of.
        var isA: Name?
        var parameters: [(name: String, value: String, place: SchemaPlace)] = []
        var documents: Expression?
        var lets: [Let] = []
        var rules: [Rule] = []
        var place: SchemaPlace
    }

    struct Rule: Sendable {
        enum Part: Sendable {
            case declaration(Let)
            case assertion(Assertion)
            /// The id of an abstract rule whose parts belong here.
            case extends(Name)
        }

        var id: String?
        var isAbstract = false
        /// `nil` for an abstract rule.
        var context: Expression?
        var role: String?
        var flag: String?
        var subject: Expression?
        var parts: [Part] = []
        var place: SchemaPlace
    }

    /// `assert` or `report`.
    struct Assertion: Sendable {
        var isReport: Bool
        var id: String?
        var test: Expression
        var role: String?
        var flag: String?
        var subject: Expression?
        /// The ids of diagnostics and properties.
        var diagnostics: [Name] = []
        var properties: [Name] = []
        var message: Message
        var place: SchemaPlace
    }

    /// The text of an assertion, a `diagnostic` or a `property`.
    struct Message: Sendable {
        /// Of diagnostics and properties.
        var id: String?
        var language: String?
        var see: String?
        var icon: String?
        var fpi: String?
        var role: String?
        var scheme: String?
        var content: [Content] = []
        var place: SchemaPlace
    }

    indirect enum Content: Sendable {
        case text(String)
        case valueOf(Expression)
        /// The name of the context node, or what an expression yields.
        case name(Expression?)
        /// `xsl:copy-of`.
        case copyOf(Expression)
        /// `emph`, `dir`, `span` with its `class` or direction.
        case markup(RichText.Markup, [Content])
    }

    /// `xsl:key`, or Schematron 1.5's `key`.
    struct Key: Sendable {
        var name: String
        var match: Expression
        var use: Expression
        var place: SchemaPlace
    }

    /// `xsl:function`.
    struct Function: Sendable {
        struct Parameter: Sendable {
            var name: String
            var type: String?
        }

        var name: QName
        var parameters: [Parameter]
        var type: String?
        /// The body as an expression.
        var body: Expression
        var place: SchemaPlace
    }
}

/// An element of a schema, or one of its attributes.
struct SchemaPlace: Sendable {
    let node: Node
    /// The name of the attribute that is meant, which is in no namespace.
    var attribute: String?
    /// Whether the attribute says the text as it is: nothing was put into it.
    var isVerbatim = true

    /// - Parameter offset: the number of a Unicode scalar in the attribute's value.
    func location(scalar offset: Int? = nil) -> SourceLocation {
        guard let attribute, let written = node.attributeNode(attribute) else {
            return SchemaOrigin.location(of: node, node.location)
        }
        guard isVerbatim, let offset else { return SchemaOrigin.location(of: node, written.location) }
        return SchemaOrigin.location(of: node, written.location(ofScalar: offset))
    }
}
