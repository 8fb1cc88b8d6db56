package import XML
internal import XPath

/// A Schematron schema in one phase, ready to run. Nothing in it changes any more: it may be shared between threads.
///
/// Abstract patterns and rules stand in it as what they are instantiated to, every expression once and compiled.
package struct SchematronRules: Sendable {
    /// A class, as rules and assertions are: they are too large to be copied for each node.
    final class Expression: Sendable {
        let xpath: XPath
        /// The numbers of the variables that it, or a function that it may call, refers to.
        let variables: [Int]
        let source: SchematronSchema.Expression

        init(_ xpath: XPath, variables: [Int], source: SchematronSchema.Expression) {
            self.xpath = xpath
            self.variables = variables
            self.source = source
        }
    }

    /// The context of a rule.
    struct Context: Sendable {
        let pattern: XPathPattern
        let variables: [Int]
        let source: SchematronSchema.Expression
    }

    struct Variable: Sendable {
        enum Value: Sendable {
            case expression(Expression)
            /// A document of what the `let` holds; `nil` where that is nothing.
            case content(Document?)
        }

        let name: QName
        /// The number of its name: variables of one name hide one another.
        let nameNumber: Int
        let isGlobal: Bool
        var value: Value
        let place: SchemaPlace
    }

    struct Pattern: Sendable {
        var syntax: SchematronSchema.Pattern
        var documents: Expression?
        var rules: [Rule] = []
    }

    final class Rule: Sendable {
        let syntax: SchematronSchema.Rule
        let context: Context
        /// The numbers of its own variables.
        let variables: Range<Int>
        let subject: Expression?
        let assertions: [Assertion]

        init(
            _ syntax: SchematronSchema.Rule, _ context: Context, variables: Range<Int>, subject: Expression?,
            assertions: [Assertion]
        ) {
            self.syntax = syntax
            self.context = context
            self.variables = variables
            self.subject = subject
            self.assertions = assertions
        }
    }

    final class Assertion: Sendable {
        let syntax: SchematronSchema.Assertion
        let test: Expression
        let subject: Expression?
        let message: Message
        let diagnostics: [Message]
        let properties: [Message]

        init(
            _ syntax: SchematronSchema.Assertion, test: Expression, subject: Expression?, message: Message,
            diagnostics: [Message],
            properties: [Message]
        ) {
            self.syntax = syntax
            self.test = test
            self.subject = subject
            self.message = message
            self.diagnostics = diagnostics
            self.properties = properties
        }
    }

    struct Message: Sendable {
        var syntax: SchematronSchema.Message
        var content: [Content]
    }

    indirect enum Content: Sendable {
        case text(String)
        case value(Expression)
        /// The name of the context node.
        case name
        case copy(Expression)
        case markup(RichText.Markup, [Content])
    }

    struct Function: Sendable {
        var name: StaticContext.FunctionName
        var parameters: [(name: QName, type: SequenceType)]
        var result: SequenceType
        var body: XPath
    }

    let binding: SchematronSchema.QueryBinding
    let title: String?
    let version: String?
    /// The id of the phase; `nil` for all patterns.
    let phase: String?
    /// The declarations of `ns`.
    let prefixes: [(prefix: String, uri: String)]
    var variables: [Variable] = []
    var nameCount = 0
    var patterns: [Pattern] = []
    private(set) var dispatch = SchematronDispatch([])
    var functions: [Function] = []
    /// Warnings about doubtful parts of the schema, and about parts that are not run.
    package var warnings: [Diagnostic]

    init(_ schema: SchematronSchema, phase: String?) {
        binding = schema.binding
        title = schema.title
        version = schema.version
        self.phase = phase
        prefixes = schema.namespaces.map { ($0.prefix, $0.uri) }
        warnings = schema.warnings
    }

    static let allPhases = "#ALL"
    static let defaultPhase = "#DEFAULT"

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - phase: the id of a phase, `#ALL`, or `#DEFAULT` for the one that the schema names; that is so for `nil` too.
    ///   - isEmbedded: whether what is wrong with a rule keeps that rule alone from being run.
    /// - Throws: all that is wrong with the schema.
    package static func compile(
        _ schema: SchematronSchema, phase: String?, isEmbedded: Bool = false
    ) throws(Diagnostics) -> SchematronRules {
        var compiler = try SchematronCompiler(schema, phase: phase, isEmbedded: isEmbedded)
        var rules = try compiler.compiled()
        rules.dispatch = SchematronDispatch(rules.patterns)
        return rules
    }
}
