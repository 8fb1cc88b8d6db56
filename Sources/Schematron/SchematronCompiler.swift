internal import XML
internal import XPath

/// Makes ``SchematronRules`` of a schema.
struct SchematronCompiler {
    /// The variables that an expression may refer to: numbers by name.
    typealias Scope = [CodepointString: Int]

    /// How many parts abstract rules may bring into others.
    static let partLimit = 100_000
    /// How many variables may need one another in a row.
    static let variableDepth = 200
    private static let extensionDepth = 100

    let schema: SchematronSchema
    private let isEmbedded: Bool
    let phase: SchematronSchema.Phase?
    let statics: StaticContext
    var rules: SchematronRules
    var errors: [Diagnostic] = []
    var nameNumbers: [CodepointString: Int] = [:]
    private let diagnostics: [CodepointString: SchematronSchema.Message]
    private let properties: [CodepointString: SchematronSchema.Message]
    private var partCount = 0
    /// By the number of a variable of a rule: how many of them need one another in a row.
    var depths: [Int: Int] = [:]
    /// The variables that could not be compiled; each has been reported.
    var failed: Set<Int> = []
    /// The variables that functions and keys need, by the name with which they are called.
    var needed: [CodepointString: Set<Int>] = [:]
    var keys: [QName: [XPathKey]] = [:]
    var functions: Set<StaticContext.FunctionName> = []

    init(_ schema: SchematronSchema, phase: String?, isEmbedded: Bool) throws(Diagnostics) {
        self.schema = schema
        self.isEmbedded = isEmbedded
        diagnostics = SchematronCompiler.byID(schema.diagnostics)
        properties = SchematronCompiler.byID(schema.properties)
        self.phase = try SchematronCompiler.phase(phase, schema)
        rules = SchematronRules(schema, phase: self.phase?.id)
        var statics = StaticContext()
        statics.isCompatible = schema.binding.isFirstVersion
        statics.hasXSLTFunctions = schema.binding.isXSLT
        // The stylesheets that other processors make of a schema declare this prefix, and schemas rely on it.
        if schema.binding.isXSLT { statics.namespaces["xsl"] = XSLT.namespace }
        for prefix in schema.namespaces { statics.namespaces[prefix.prefix] = prefix.uri }
        self.statics = statics
    }

    private static func byID(_ messages: [SchematronSchema.Message]) -> [CodepointString: SchematronSchema.Message] {
        Dictionary(messages.compactMap { message in message.id.map { (CodepointString($0), message) } }) { first, _ in
            first
        }
    }

    static func phase(
        _ name: String?, _ schema: SchematronSchema
    ) throws(Diagnostics) -> SchematronSchema.Phase? {
        var name = name ?? SchematronRules.defaultPhase
        var place: SchemaPlace?
        if name == SchematronRules.defaultPhase {
            guard let standard = schema.defaultPhase else { return nil }
            (name, place) = (standard.text, standard.place)
        }
        if name == SchematronRules.allPhases { return nil }
        guard let phase = schema.phases.first(where: { $0.id.isSame(as: name) }) else {
            throw Diagnostics([
                SchematronMessages.unknownPhase(name, known: schema.phases.map(\.id), at: place?.location())
            ])
        }
        return phase
    }

    mutating func compiled() throws(Diagnostics) -> SchematronRules {
        let patterns = activePatterns()
        checkAbstractRules()
        functions = Set(schema.functions.map { .init(name: $0.name, arity: $0.parameters.count) })
        let globals = declareGlobals(patterns)
        findNeeded(globals.scope)
        declareKeys(globals.scope)
        declareFunctions(globals.scope)
        for (number, declaration, scope) in globals.definitions { define(number, declaration, scope) }
        for (pattern, scope) in zip(patterns, globals.patterns) { add(pattern, scope) }
        checkLoops()
        if !isEmbedded, !errors.isEmpty { throw Diagnostics(errors.inSourceOrder) }
        rules.warnings = (rules.warnings + errors.map(\.asWarning)).inSourceOrder
        return rules
    }
}

// MARK: - Patterns

extension SchematronCompiler {
    /// The patterns that are to run, abstract ones instantiated.
    private mutating func activePatterns() -> [SchematronSchema.Pattern] {
        var patterns: [SchematronSchema.Pattern] = []
        for pattern in schema.patterns where !pattern.isAbstract {
            guard let name = pattern.isA else {
                patterns.append(pattern)
                continue
            }
            guard let abstract = schema.patterns.first(where: { $0.isAbstract && $0.id.isSame(as: name.text) }) else {
                let known = schema.patterns.filter(\.isAbstract).compactMap(\.id)
                errors.append(SchematronMessages.noAbstractPattern(name.text, known: known, at: name.place.location()))
                continue
            }
            patterns.append(pattern.instance(of: abstract))
        }
        guard let phase else { return patterns }
        for active in phase.active where !schema.patterns.contains(where: { $0.id.isSame(as: active.text) }) {
            errors.append(
                SchematronMessages.noPattern(
                    active.text, known: schema.patterns.compactMap(\.id), at: active.place.location()))
        }
        let active = Set(phase.active.map { CodepointString($0.text) })
        return patterns.filter { $0.id.map { active.contains(CodepointString($0)) } ?? false }
    }

    private mutating func checkAbstractRules() {
        for pattern in schema.patterns {
            let known = Set(pattern.rules.filter(\.isAbstract).compactMap { $0.id.map { CodepointString($0) } })
            for name in pattern.rules.flatMap(\.extended) where !known.contains(CodepointString(name.text)) {
                errors.append(
                    SchematronMessages.noAbstractRule(
                        name.text, known: pattern.rules.filter(\.isAbstract).compactMap(\.id),
                        isElsewhere: schema.patterns.contains {
                            $0.rules.contains { $0.isAbstract && $0.id.isSame(as: name.text) }
                        },
                        at: name.place.location()
                    ))
            }
        }
    }

    private mutating func add(_ syntax: SchematronSchema.Pattern, _ scope: Scope) {
        var pattern = SchematronRules.Pattern(syntax: syntax)
        if let documents = syntax.documents {
            guard let expression = compile(documents, scope) else { return }
            pattern.documents = expression
        }
        var isComplete = true
        for rule in syntax.rules where !rule.isAbstract {
            if let context = rule.context.flatMap({ compile(context: $0, scope) }) {
                pattern.rules.append(compile(rule, context, of: syntax, scope))
            } else {
                isComplete = false
            }
        }
        // Without one of its rules, the nodes that it matches would go to later rules.
        if isComplete { rules.patterns.append(pattern) }
    }
}

extension SchematronSchema.Rule {
    fileprivate var extended: [SchematronSchema.Name] {
        parts.compactMap { if case .extends(let name) = $0 { name } else { nil } }
    }
}

// MARK: - Rules

extension SchematronCompiler {
    mutating func compile(
        _ syntax: SchematronSchema.Rule, _ context: SchematronRules.Context, of pattern: SchematronSchema.Pattern,
        _ scope: Scope
    ) -> SchematronRules.Rule {
        var scope = scope
        var assertions: [SchematronRules.Assertion] = []
        let first = rules.variables.count
        let abstract = Dictionary(
            pattern.rules.compactMap { rule in rule.isAbstract ? rule.id.map { (CodepointString($0), rule) } : nil }
        ) { first, _ in first }
        var own: [CodepointString: SchemaPlace] = [:]
        for part in parts(of: syntax, abstract, []) {
            switch part {
            case .declaration(let declaration):
                // A duplicate in the rule itself has been reported already; this one comes from an extended rule.
                if let known = own.updateValue(declaration.place, forKey: CodepointString(declaration.name)) {
                    errors.append(
                        SchematronMessages.variableTwice(
                            declaration.name, at: declaration.place.location(), first: known.location()))
                }
                let number = declare(declaration, isGlobal: false)
                define(number, declaration, scope)
                checkDepth(of: number)
                scope[CodepointString(declaration.name)] = number
            case .assertion(let assertion):
                compile(assertion, scope).map { assertions.append($0) }
            case .extends: break
            }
        }
        let subject = syntax.subject.flatMap { compile($0, scope) }
        return .init(
            syntax, context, variables: first..<rules.variables.count, subject: subject, assertions: assertions)
    }

    /// The parts of a rule, those of the abstract rules that it extends in their place.
    mutating func parts(
        of rule: SchematronSchema.Rule, _ abstract: [CodepointString: SchematronSchema.Rule], _ path: [String]
    ) -> [SchematronSchema.Rule.Part] {
        var parts: [SchematronSchema.Rule.Part] = []
        for part in rule.parts {
            guard case .extends(let name) = part else {
                parts.append(part)
                continue
            }
            guard !path.contains(where: { $0.isSame(as: name.text) }) else {
                errors.append(SchematronMessages.ruleExtendsItself(path + [name.text], at: name.place.location()))
                continue
            }
            guard let extended = abstract[CodepointString(name.text)] else { continue }
            partCount += extended.parts.count + 1
            guard partCount <= SchematronCompiler.partLimit, path.count < SchematronCompiler.extensionDepth else {
                if errors.last?.rule != "schema-too-large" {
                    errors.append(SchematronMessages.tooManyParts(at: name.place.location()))
                }
                return parts
            }
            parts += self.parts(of: extended, abstract, path + [name.text])
        }
        return parts
    }

    mutating func compile(_ syntax: SchematronSchema.Assertion, _ scope: Scope) -> SchematronRules.Assertion? {
        guard let test = compile(syntax.test, scope), let message = compile(syntax.message, scope) else { return nil }
        var subject: SchematronRules.Expression?
        if let source = syntax.subject {
            guard let expression = compile(source, scope) else { return nil }
            subject = expression
        }
        return .init(
            syntax, test: test, subject: subject, message: message,
            diagnostics: messages(syntax.diagnostics, diagnostics, "diagnostic", scope),
            properties: messages(syntax.properties, properties, "property", scope)
        )
    }

    /// The messages that an assertion names.
    private mutating func messages(
        _ names: [SchematronSchema.Name], _ all: [CodepointString: SchematronSchema.Message], _ kind: String,
        _ scope: Scope
    ) -> [SchematronRules.Message] {
        var found: [SchematronRules.Message] = []
        for name in names {
            guard let message = all[CodepointString(name.text)] else {
                let severity = isEmbedded ? Diagnostic.Severity.warning : .error
                let diagnostic = SchematronMessages.noMessage(
                    kind, name.text, known: all.keys.sorted().map(\.string), severity, at: name.place.location())
                if isEmbedded { rules.warnings.append(diagnostic) } else { errors.append(diagnostic) }
                continue
            }
            compile(message, scope).map { found.append($0) }
        }
        return found
    }

    mutating func compile(_ message: SchematronSchema.Message, _ scope: Scope) -> SchematronRules.Message? {
        compile(message.content, scope).map { SchematronRules.Message(syntax: message, content: $0) }
    }

    mutating func compile(_ content: [SchematronSchema.Content], _ scope: Scope) -> [SchematronRules.Content]? {
        var compiled: [SchematronRules.Content] = []
        for part in content {
            switch part {
            case .text(let text): compiled.append(.text(text))
            case .name(nil): compiled.append(.name)
            case .valueOf(let expression), .name(let expression?):
                guard let expression = compile(expression, scope) else { return nil }
                compiled.append(.value(expression))
            case .copyOf(let expression):
                guard let expression = compile(expression, scope) else { return nil }
                compiled.append(.copy(expression))
            case .markup(let markup, let content):
                guard let content = compile(content, scope) else { return nil }
                compiled.append(.markup(markup, content))
            }
        }
        return compiled
    }
}

// MARK: - Functions and keys

extension SchematronCompiler {
    private mutating func declareFunctions(_ scope: Scope) {
        for function in schema.functions {
            var inner = scope
            // Parameters have no number: their values come with the call.
            for parameter in function.parameters { inner[CodepointString(parameter.name)] = nil }
            let parameters = function.parameters.map { name($0.name) }
            guard let body = compile(function.body, inner, parameters: parameters) else { continue }
            do throws(XPathError) {
                let context = self.context(function.body, scope)
                var types: [(QName, SequenceType)] = []
                for (parameter, name) in zip(function.parameters, parameters) {
                    types.append((name, try SequenceType(parsing: parameter.type ?? "item()*", context)))
                }
                rules.functions.append(
                    .init(
                        name: .init(name: function.name, arity: parameters.count), parameters: types,
                        result: try SequenceType(parsing: function.type ?? "item()*", context), body: body.xpath
                    ))
            } catch {
                report(error, function.body.text, function.place)
            }
        }
    }

    private mutating func declareKeys(_ scope: Scope) {
        for key in schema.keys {
            guard let match = compile(context: key.match, scope), let use = compile(key.use, scope) else { continue }
            keys[name(key.name), default: []].append(XPathKey(match: match.pattern, use: use.xpath))
        }
    }
}

// MARK: - Expressions

extension SchematronCompiler {
    func context(
        _ source: SchematronSchema.Expression, _ scope: Scope, parameters: [QName] = []
    ) -> StaticContext {
        var context = statics
        for (prefix, namespace) in source.prefixes
        where !prefix.isEmpty && (source.isXSLT || context.namespaces[prefix] == nil) {
            context.namespaces[prefix] = namespace
        }
        if let name = source.defaultNamespace { context.defaultElementNamespace = name.isEmpty ? nil : name }
        context.variables = Set(scope.values.map { rules.variables[$0].name }).union(parameters)
        context.functions = functions
        context.keys = keys
        context.baseURI = SchemaOrigin.base(of: source.place.node)
        return context
    }

    /// - Returns: `nil` for an error, which is then reported.
    mutating func compile(
        _ source: SchematronSchema.Expression, _ scope: Scope, parameters: [QName] = []
    ) -> SchematronRules.Expression? {
        do throws(XPathError) {
            let xpath = try XPath(source.text, context(source, scope, parameters: parameters))
            guard let variables = variables(in: source, scope) else { return nil }
            return SchematronRules.Expression(xpath, variables: variables, source: source)
        } catch {
            report(error, source.text, source.place)
            return nil
        }
    }

    mutating func compile(
        context source: SchematronSchema.Expression, _ scope: Scope
    ) -> SchematronRules.Context? {
        do throws(XPathError) {
            let pattern = try XPathPattern(source.text, context(source, scope))
            guard let variables = variables(in: source, scope) else { return nil }
            return .init(pattern: pattern, variables: variables, source: source)
        } catch {
            report(error, source.text, source.place)
            return nil
        }
    }

    /// The variables that an expression needs; `nil` where one of them could not be compiled.
    func variables(in source: SchematronSchema.Expression, _ scope: Scope) -> [Int]? {
        let named = SchematronCompiler.variableNames(in: source.text).compactMap { scope[$0] }
        guard failed.isDisjoint(with: named) else { return nil }
        var all = Set(named)
        if !needed.isEmpty {
            for word in SchematronCompiler.words(in: source.text) { all.formUnion(needed[word] ?? []) }
        }
        return all.sorted()
    }

    /// The lexical names after `$`, outside of strings; more where the expression binds such names itself.
    static func variableNames(in text: String) -> Set<CodepointString> {
        var names: Set<CodepointString> = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): rest = rest.drop { $0 != byte }.dropFirst()
            case UInt8(ascii: "$"):
                rest = rest.drop(while: \.isXMLSpace)
                let name = rest.prefix { $0.isNameByte }
                names.insert(CodepointString(String(decoding: name, as: UTF8.self)))
                rest = rest[name.endIndex...]
            default: break
            }
        }
        return names
    }

    /// Tells of a static error: what is beyond the engine, and all mistakes in embedded rules, keep one assertion from
    /// being run; other mistakes keep the schema from being used.
    private mutating func report(_ error: XPathError, _ text: String, _ place: SchemaPlace) {
        let location = place.location(scalar: error.offset)
        let isBeyond =
            isEmbedded || !schema.missing.isDisjoint(with: SchematronCompiler.words(in: text))
            || SchematronMessages.isForeignFunction(error, statics) || XSLT.isBeyond(error, text)
        if isBeyond {
            rules.warnings.append(SchematronMessages.expression(error, text, .warning, at: location))
        } else {
            errors.append(SchematronMessages.expression(error, text, .error, at: location))
        }
    }
}

extension UInt8 {
    /// Whether the byte is part of a lexical QName.
    var isNameByte: Bool {
        self >= 0x80 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || self == UInt8(ascii: "_")
            || self == UInt8(ascii: "-")
            || self == UInt8(ascii: ".") || self == UInt8(ascii: ":")
    }
}
