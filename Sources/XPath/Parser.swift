internal import XML

/// Reads an expression of XPath 2.0 or 3.1 (XPath 3.1, A.1), without maps.
struct Parser {
    private let tokens: [Token]
    private var index = 0
    private let context: StaticContext
    /// How many expressions are open in one another.
    private var depth = 0
    private let stack = StackGuard()

    /// How many expressions may lie in one another, and how many may follow one another in a chain.
    static let depthLimit = 1000

    private init(_ text: String, _ context: StaticContext) throws(XPathError) {
        tokens = try Lexer.tokens(text, context.version)
        self.context = context
    }

    /// - Throws: XPST0003 and other static errors, with their offsets.
    static func parse(_ text: String, _ context: StaticContext) throws(XPathError) -> Expression {
        var parser = try Parser(text, context)
        let expression = try parser.parseExpression()
        try parser.expectEnd()
        return expression
    }

    /// Reads a sequence type alone.
    static func parseSequenceType(
        _ text: String, _ context: StaticContext = StaticContext()
    ) throws(XPathError) -> SequenceType {
        var parser = try Parser(text, context)
        let type = try parser.parseSequenceType()
        try parser.expectEnd()
        return type
    }

    // MARK: - Tokens

    private var token: Token { tokens[index] }

    private func token(ahead distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    private var isModern: Bool { context.version >= .xpath31 }

    private func isSymbol(_ symbol: String, ahead distance: Int = 0) -> Bool {
        let token = token(ahead: distance)
        return token.kind == .symbol && token.text == symbol
    }

    /// Whether a name without prefix stands here, such as a keyword.
    private func isKeyword(_ word: String, ahead distance: Int = 0) -> Bool {
        let token = token(ahead: distance)
        return token.kind == .name && token.prefix == nil && token.namespace == nil && token.text == word
    }

    private mutating func skipSymbol(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func skipKeyword(_ word: String) -> Bool {
        guard isKeyword(word) else { return false }
        index += 1
        return true
    }

    private mutating func expectSymbol(_ symbol: String) throws(XPathError) {
        if !skipSymbol(symbol) { throw unexpected("‘\(symbol)’") }
    }

    private mutating func expectKeyword(_ word: String) throws(XPathError) {
        if !skipKeyword(word) { throw unexpected("‘\(word)’") }
    }

    private func expectEnd() throws(XPathError) {
        if token.kind != .end { throw unexpected("an operator or the end") }
    }

    private func unexpected(_ expected: String) -> XPathError {
        let found = token.kind == .end ? nil : token.kind == .string ? "\"\(token.text)\"" : lexical(token)
        return XPathError.unexpectedToken(found, expected: expected).at(token.start)
    }

    private func lexical(_ token: Token) -> String {
        (token.namespace.map { "Q{\($0)}" } ?? "") + (token.prefix.map { $0 + ":" } ?? "") + token.text
    }

    // MARK: - Expressions

    private mutating func parseExpression() throws(XPathError) -> Expression {
        let start = token.start
        let first = try parseSingle()
        guard isSymbol(",") else { return first }
        var parts = [first]
        while skipSymbol(",") { parts.append(try parseSingle()) }
        return Expression(kind: .sequence(parts), offset: start)
    }

    private mutating func descend() throws(XPathError) {
        depth += 1
        if depth > Parser.depthLimit || depth & 7 == 0 && stack.isLow {
            throw XPathError.expressionTooDeep().at(token.start)
        }
    }

    private func check(_ expression: Expression) throws(XPathError) {
        if expression.depth > Parser.depthLimit { throw XPathError.expressionTooDeep().at(token.start) }
    }

    private mutating func parseSingle() throws(XPathError) -> Expression {
        try descend()
        defer { depth -= 1 }
        if token.kind == .name, token.prefix == nil {
            if isSymbol("$", ahead: 1) {
                switch token.text {
                case "for": return try parseFor()
                case "let" where isModern: return try parseLet()
                case "some": return try parseQuantified(isEvery: false)
                case "every": return try parseQuantified(isEvery: true)
                default: break
                }
            }
            if token.text == "if", isSymbol("(", ahead: 1) { return try parseIf() }
        }
        return try parseOperators(from: 0)
    }

    private mutating func parseFor() throws(XPathError) -> Expression {
        let offset = token.start
        index += 1
        let bindings = try parseBindings("in")
        try expectKeyword("return")
        let body = try parseSingle()
        return bindings.reversed().reduce(body) { Expression(kind: .forEach($1.name, $1.value, $0), offset: offset) }
    }

    private mutating func parseLet() throws(XPathError) -> Expression {
        let offset = token.start
        index += 1
        let bindings = try parseBindings(nil)
        try expectKeyword("return")
        let body = try parseSingle()
        return bindings.reversed().reduce(body) { Expression(kind: .bind($1.name, $1.value, $0), offset: offset) }
    }

    private mutating func parseQuantified(isEvery: Bool) throws(XPathError) -> Expression {
        let offset = token.start
        index += 1
        let bindings = try parseBindings("in")
        try expectKeyword("satisfies")
        let body = try parseSingle()
        return bindings.reversed().reduce(body) {
            Expression(kind: .quantified(isEvery: isEvery, $1.name, $1.value, $0), offset: offset)
        }
    }

    /// - Parameter keyword: what stands between a name and its value; `nil` for `:=`.
    private mutating func parseBindings(_ keyword: String?) throws(XPathError) -> [(name: QName, value: Expression)] {
        var bindings: [(name: QName, value: Expression)] = []
        repeat {
            let name = try parseVariableName()
            if let keyword { try expectKeyword(keyword) } else { try expectSymbol(":=") }
            bindings.append((name, try parseSingle()))
        } while skipSymbol(",")
        return bindings
    }

    private mutating func parseVariableName() throws(XPathError) -> QName {
        try expectSymbol("$")
        return try parseQName(defaultNamespace: nil)
    }

    private mutating func parseIf() throws(XPathError) -> Expression {
        let offset = token.start
        index += 2
        let condition = try parseExpression()
        try expectSymbol(")")
        try expectKeyword("then")
        let first = try parseSingle()
        try expectKeyword("else")
        return Expression(kind: .conditional(condition, first, try parseSingle()), offset: offset)
    }

    // MARK: - Operators

    private enum Operator {
        case or, and
        case general(ComparisonOperator), value(ComparisonOperator), node(NodeComparison)
        case concatenate, range
        case arithmetic(ArithmeticOperator)
        case nodes(NodeSetOperator)
        case instanceOf, treat, castable, cast, arrow

        /// How tightly it binds.
        var precedence: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .general, .value, .node: 3
            case .concatenate: 4
            case .range: 5
            case .arithmetic(.add), .arithmetic(.subtract): 6
            case .arithmetic: 7
            case .nodes(.union): 8
            case .nodes: 9
            case .instanceOf: 10
            case .treat: 11
            case .castable: 12
            case .cast: 13
            case .arrow: 14
            }
        }

        /// Whether one may follow another of the same precedence.
        var isAssociative: Bool {
            switch self {
            case .general, .value, .node, .range, .instanceOf, .treat, .castable, .cast: false
            default: true
            }
        }
    }

    private static let symbolOperators: [String: Operator] = [
        "=": .general(.equal), "!=": .general(.notEqual), "<": .general(.less), "<=": .general(.lessOrEqual),
        ">": .general(.greater), ">=": .general(.greaterOrEqual), "<<": .node(.before), ">>": .node(.after),
        "||": .concatenate, "+": .arithmetic(.add), "-": .arithmetic(.subtract), "*": .arithmetic(.multiply),
        "|": .nodes(.union), "=>": .arrow,
    ]

    private static let wordOperators: [String: Operator] = [
        "or": .or, "and": .and, "eq": .value(.equal), "ne": .value(.notEqual), "lt": .value(.less),
        "le": .value(.lessOrEqual),
        "gt": .value(.greater), "ge": .value(.greaterOrEqual), "is": .node(.same), "to": .range,
        "div": .arithmetic(.divide), "idiv": .arithmetic(.integerDivide), "mod": .arithmetic(.modulo),
        "union": .nodes(.union), "intersect": .nodes(.intersect), "except": .nodes(.except),
        "instance": .instanceOf, "treat": .treat, "castable": .castable, "cast": .cast,
    ]

    private var currentOperator: Operator? {
        switch token.kind {
        case .symbol:
            if !isModern, token.text == "||" || token.text == "=>" { return nil }
            return Parser.symbolOperators[token.text]
        case .name where token.prefix == nil && token.namespace == nil: return Parser.wordOperators[token.text]
        default: return nil
        }
    }

    /// Operators that bind at least as tightly as `least`.
    private mutating func parseOperators(from least: Int) throws(XPathError) -> Expression {
        var left = try parseUnary()
        var most = Int.max
        while let next = currentOperator, next.precedence >= least, next.precedence <= most {
            let offset = token.start
            index += 1
            left = Expression(kind: try parseRight(of: next, left, offset), offset: offset)
            try check(left)
            most = next.isAssociative ? next.precedence : next.precedence - 1
        }
        return left
    }

    private mutating func parseRight(
        of operation: Operator, _ left: Expression, _ offset: Int
    ) throws(XPathError) -> Expression.Kind {
        let tighter = operation.precedence + 1
        switch operation {
        case .or: return .or(left, try parseOperators(from: tighter))
        case .and: return .and(left, try parseOperators(from: tighter))
        case .general(let comparison): return .generalComparison(comparison, left, try parseOperators(from: tighter))
        case .value(let comparison): return .valueComparison(comparison, left, try parseOperators(from: tighter))
        case .node(let comparison): return .nodeComparison(comparison, left, try parseOperators(from: tighter))
        case .concatenate:
            let right = try parseOperators(from: tighter)
            if case .concatenation(let parts) = left.kind { return .concatenation(parts + [right]) }
            return .concatenation([left, right])
        case .range: return .range(left, try parseOperators(from: tighter))
        case .arithmetic(let arithmetic): return .arithmetic(arithmetic, left, try parseOperators(from: tighter))
        case .nodes(let union): return .nodes(union, left, try parseOperators(from: tighter))
        case .instanceOf:
            try expectKeyword("of")
            return .instanceOf(left, try parseSequenceType())
        case .treat:
            try expectKeyword("as")
            return .treat(left, try parseSequenceType())
        case .castable:
            try expectKeyword("as")
            return try parseCast(left, isTest: true)
        case .cast:
            try expectKeyword("as")
            return try parseCast(left, isTest: false)
        case .arrow: return try parseArrow(left)
        }
    }

    private mutating func parseUnary() throws(XPathError) -> Expression {
        let start = token.start
        var isNegated = false
        var hasSign = false
        while isSymbol("-") || isSymbol("+") {
            if isSymbol("-") { isNegated.toggle() }
            hasSign = true
            index += 1
        }
        let value = try parseSimpleMap()
        if !hasSign { return value }
        return Expression(kind: isNegated ? .negate(value) : .number(value), offset: start)
    }

    private mutating func parseSimpleMap() throws(XPathError) -> Expression {
        var left = try parsePath()
        while isModern, isSymbol("!") {
            let offset = token.start
            index += 1
            left = Expression(kind: .map(left, try parsePath()), offset: offset)
            try check(left)
        }
        return left
    }

    private mutating func parseCast(_ value: Expression, isTest: Bool) throws(XPathError) -> Expression.Kind {
        let start = token.start
        let name = try parseQName(defaultNamespace: context.defaultElementNamespace)
        guard let type = Parser.atomicType(name) else { throw XPathError.unknownType(name, code: "XPST0051").at(start) }
        if type == .NOTATION || type == .anyAtomicType { throw XPathError.abstractType(type).at(start) }
        let single = Expression.SingleType(type: type, isOptional: skipSymbol("?"))
        return isTest ? .castable(value, single) : .cast(value, single)
    }

    /// `left => name(…)`: the left side becomes the first argument.
    private mutating func parseArrow(_ left: Expression) throws(XPathError) -> Expression.Kind {
        if token.kind == .name {
            let name = try parseFunctionName()
            return .call(name, [left] + (try parseArguments()))
        }
        let function: Expression
        if isSymbol("$") {
            let offset = token.start
            function = Expression(kind: .variable(try parseVariableName()), offset: offset)
        } else {
            function = try parseParenthesised()
        }
        return .dynamicCall(function, [left] + (try parseArguments()))
    }

    // MARK: - Paths

    private mutating func parsePath() throws(XPathError) -> Expression {
        let start = token.start
        if skipSymbol("/") {
            let root = Expression(kind: .root, offset: start)
            guard startsStep else { return root }
            return try parseSteps(after: root, start)
        }
        if skipSymbol("//") {
            let root = Expression(kind: .root, offset: start)
            return try parseSteps(after: Expression(kind: .path(root, anyBelow(start)), offset: start), start)
        }
        return try parseSteps(after: nil, start)
    }

    /// `descendant-or-self::node()`, which `//` stands for.
    private func anyBelow(_ offset: Int) -> Expression {
        Expression(kind: .step(.descendantOrSelf, .any, []), offset: offset)
    }

    /// Whether a step can begin with this token.
    private var startsStep: Bool {
        switch token.kind {
        case .end: false
        case .symbol:
            ["*", "@", ".", "..", "(", "$"].contains(token.text) || isModern && ["[", "?"].contains(token.text)
        default: true
        }
    }

    private mutating func parseSteps(after first: Expression?, _ start: Int) throws(XPathError) -> Expression {
        let step = try parseStep()
        var path = first.map { Expression(kind: .path($0, step), offset: start) } ?? step
        while isSymbol("/") || isSymbol("//") {
            let offset = token.start
            if isSymbol("//") { path = Expression(kind: .path(path, anyBelow(offset)), offset: offset) }
            index += 1
            path = Expression(kind: .path(path, try parseStep()), offset: offset)
            try check(path)
        }
        return path
    }

    private mutating func parseStep() throws(XPathError) -> Expression {
        let start = token.start
        if skipSymbol("..") { return try parsePredicates(.parent, .any, start) }
        if skipSymbol("@") { return try parsePredicates(.attribute, parseNodeTest(.attribute), start) }
        if token.kind == .name, token.prefix == nil, isSymbol("::", ahead: 1) {
            guard let axis = Axis(rawValue: token.text) else { throw XPathError.unknownAxis(token.text).at(start) }
            index += 2
            return try parsePredicates(axis, parseNodeTest(axis), start)
        }
        if isSymbol("*") || token.kind == .name && !isPrimary {
            let axis = defaultAxis
            return try parsePredicates(axis, parseNodeTest(axis), start)
        }
        return try parsePostfix()
    }

    /// Whether the name that stands here begins a call, a reference or an inline function rather than being a test.
    private var isPrimary: Bool {
        if token.text == "*" || token.prefix == "*" { return false }
        if isSymbol("#", ahead: 1) { return isModern }
        if startsCurlyArray { return true }
        guard isSymbol("(", ahead: 1) else { return false }
        return token.prefix != nil || token.namespace != nil || !isKindTest
    }

    private var startsCurlyArray: Bool { isModern && isKeyword("array") && isSymbol("{", ahead: 1) }

    private var isKindTest: Bool { Parser.kindTests.contains(token.text) || isModern && token.text == "namespace-node" }

    private static let kindTests: Set<String> = [
        "node", "text", "comment", "processing-instruction", "element", "attribute", "schema-element",
        "schema-attribute",
        "document-node",
    ]

    /// Names that no function may have where it is called without a prefix.
    private static let reservedNames = kindTests.union(["if", "item", "typeswitch", "empty-sequence"])
    private static let modernReservedNames = reservedNames.union([
        "namespace-node", "switch", "function", "map", "array",
    ])

    private var defaultAxis: Axis {
        guard token.prefix == nil, token.namespace == nil, isSymbol("(", ahead: 1) else { return .child }
        return switch token.text {
        case "attribute", "schema-attribute": .attribute
        case "namespace-node": .namespace
        default: .child
        }
    }

    private mutating func parsePredicates(
        _ axis: Axis, _ test: NodeTest, _ offset: Int
    ) throws(XPathError) -> Expression {
        var predicates: [Expression] = []
        while skipSymbol("[") {
            predicates.append(try parseExpression())
            try expectSymbol("]")
        }
        return Expression(kind: .step(axis, test, predicates), offset: offset)
    }

    private mutating func parseNodeTest(_ axis: Axis) throws(XPathError) -> NodeTest {
        if skipSymbol("*") { return .name(.any) }
        guard token.kind == .name else { throw unexpected("a name, ‘*’ or a kind test") }
        if token.prefix == nil, token.namespace == nil, isSymbol("(", ahead: 1), isKindTest {
            return try parseKindTest()
        }
        let isElement = axis.principalKind == .element
        return .name(try parseNameTest(defaultNamespace: isElement ? context.defaultElementNamespace : nil))
    }

    private mutating func parseNameTest(defaultNamespace: String?) throws(XPathError) -> NameTest {
        guard token.kind == .name else { throw unexpected("a name") }
        let name = token
        index += 1
        let local = name.text == "*" ? nil : name.text
        if let namespace = name.namespace {
            return NameTest(localName: local, namespace: namespace.isEmpty ? nil : namespace)
        }
        switch name.prefix {
        case "*": return NameTest(localName: local, namespace: nil, hasAnyNamespace: true)
        case let prefix?: return NameTest(localName: local, namespace: try namespace(prefix, name))
        case nil: return NameTest(localName: local, namespace: defaultNamespace)
        }
    }

    // MARK: - Names

    private func namespace(_ prefix: String, _ token: Token) throws(XPathError) -> String {
        guard let namespace = context.namespaces[prefix] else { throw XPathError.unknownPrefix(prefix).at(token.start) }
        return namespace
    }

    private mutating func parseQName(defaultNamespace: String?) throws(XPathError) -> QName {
        guard token.kind == .name, token.text != "*", token.prefix != "*" else { throw unexpected("a name") }
        let name = token
        index += 1
        if let namespace = name.namespace {
            return QName(localName: name.text, namespace: namespace.isEmpty ? nil : namespace)
        }
        guard let prefix = name.prefix else { return QName(localName: name.text, namespace: defaultNamespace) }
        return QName(localName: name.text, namespace: try namespace(prefix, name))
    }

    private mutating func parseFunctionName() throws(XPathError) -> QName {
        let reserved = isModern ? Parser.modernReservedNames : Parser.reservedNames
        if token.prefix == nil, token.namespace == nil, reserved.contains(token.text) {
            throw unexpected("a function’s name")
        }
        return try parseQName(defaultNamespace: context.defaultFunctionNamespace)
    }

    static func atomicType(_ name: QName) -> AtomicType? {
        name.namespace == Namespace.xmlSchema ? AtomicType(rawValue: name.localName) : nil
    }

    // MARK: - Primary expressions

    private mutating func parsePostfix() throws(XPathError) -> Expression {
        var base = try parsePrimary()
        while true {
            try check(base)
            let offset = token.start
            if skipSymbol("[") {
                base = Expression(kind: .filter(base, try parseExpression()), offset: offset)
                try expectSymbol("]")
            } else if isModern, isSymbol("(") {
                base = Expression(kind: .dynamicCall(base, try parseArguments()), offset: offset)
            } else if isModern, skipSymbol("?") {
                base = Expression(kind: .lookup(base, try parseKey()), offset: offset)
            } else {
                return base
            }
        }
    }

    private mutating func parsePrimary() throws(XPathError) -> Expression {
        let start = token
        switch start.kind {
        case .integer, .decimal, .double, .string:
            index += 1
            return Expression(kind: .literal(try literal(start)), offset: start.start)
        case .name: return try parseNamed()
        case .symbol where start.text == "$":
            return Expression(kind: .variable(try parseVariableName()), offset: start.start)
        case .symbol where start.text == "(": return try parseParenthesised()
        case .symbol where start.text == "[" && isModern: return try parseSquareArray()
        case .symbol where start.text == "?" && isModern:
            index += 1
            return Expression(
                kind: .lookup(Expression(kind: .contextItem, offset: start.start), try parseKey()), offset: start.start)
        case .symbol where start.text == ".":
            index += 1
            return Expression(kind: .contextItem, offset: start.start)
        default: throw unexpected("an expression")
        }
    }

    private mutating func parseSquareArray() throws(XPathError) -> Expression {
        let start = token.start
        try expectSymbol("[")
        var members: [Expression] = []
        if !isSymbol("]") {
            repeat { members.append(try parseSingle()) } while skipSymbol(",")
        }
        try expectSymbol("]")
        return Expression(kind: .array(members), offset: start)
    }

    /// The key of a lookup: a position, a name, an expression in parentheses; `nil` for `*`.
    private mutating func parseKey() throws(XPathError) -> Expression? {
        if skipSymbol("*") { return nil }
        if isSymbol("(") { return try parseParenthesised() }
        let key = token
        let isName = key.kind == .name && key.prefix == nil && key.namespace == nil
        guard key.kind == .integer || isName else { throw unexpected("a position, ‘(’ or ‘*’") }
        index += 1
        return Expression(kind: .literal(isName ? .string(key.text) : try literal(key)), offset: key.start)
    }

    private func literal(_ token: Token) throws(XPathError) -> AtomicValue {
        if token.kind == .string { return .string(token.text) }
        let type: AtomicType = token.kind == .integer ? .integer : token.kind == .decimal ? .decimal : .double
        do {
            return try AtomicValue.untyped(token.text).cast(to: type)
        } catch {
            throw XPathError.numberTooLarge(token.text).at(token.start)
        }
    }

    private mutating func parseParenthesised() throws(XPathError) -> Expression {
        let start = token.start
        try expectSymbol("(")
        if skipSymbol(")") { return Expression(kind: .sequence([]), offset: start) }
        let inner = try parseExpression()
        try expectSymbol(")")
        // In parentheses a step is an expression of its own: `(a)[1]` is not `a[1]`, nor `(/)` the beginning of a path.
        return Expression(kind: .sequence([inner]), offset: start)
    }

    private mutating func parseNamed() throws(XPathError) -> Expression {
        let start = token.start
        if isModern, isKeyword("function"), isSymbol("(", ahead: 1) { return try parseInlineFunction() }
        if startsCurlyArray {
            index += 1
            return Expression(kind: .arrayOfItems(try parseBraces()), offset: start)
        }
        let name = try parseFunctionName()
        if isModern, skipSymbol("#") {
            guard token.kind == .integer else { throw unexpected("the number of arguments") }
            guard let arity = Int(token.text) else { throw XPathError.numberTooLarge(token.text).at(token.start) }
            index += 1
            return Expression(kind: .functionReference(name, arity: arity), offset: start)
        }
        return Expression(kind: .call(name, try parseArguments()), offset: start)
    }

    private mutating func parseArguments() throws(XPathError) -> [Expression?] {
        try expectSymbol("(")
        if skipSymbol(")") { return [] }
        var arguments: [Expression?] = []
        repeat {
            let isOpen = isModern && isSymbol("?") && (isSymbol(",", ahead: 1) || isSymbol(")", ahead: 1))
            if isOpen { index += 1 }
            arguments.append(isOpen ? nil : try parseSingle())
        } while skipSymbol(",")
        try expectSymbol(")")
        return arguments
    }

    private mutating func parseInlineFunction() throws(XPathError) -> Expression {
        let start = token.start
        index += 1
        try expectSymbol("(")
        var parameters: [Expression.Parameter] = []
        if !isSymbol(")") {
            repeat {
                let offset = token.start
                let name = try parseVariableName()
                if parameters.contains(where: { $0.name == name }) { throw XPathError.parameterTwice(name).at(offset) }
                let type = skipKeyword("as") ? try parseSequenceType() : .anything
                parameters.append(Expression.Parameter(name: name, type: type))
            } while skipSymbol(",")
        }
        try expectSymbol(")")
        let result = skipKeyword("as") ? try parseSequenceType() : .anything
        return Expression(kind: .inlineFunction(parameters, result, try parseBraces()), offset: start)
    }

    /// An expression in braces, which may be left out.
    private mutating func parseBraces() throws(XPathError) -> Expression {
        try expectSymbol("{")
        let inner = isSymbol("}") ? Expression(kind: .sequence([]), offset: token.start) : try parseExpression()
        try expectSymbol("}")
        return inner
    }

    // MARK: - Types

    private mutating func parseSequenceType() throws(XPathError) -> SequenceType {
        if isKeyword("empty-sequence"), isSymbol("(", ahead: 1) {
            index += 2
            try expectSymbol(")")
            return .empty
        }
        let item = try parseItemType()
        let occurrence: SequenceType.Occurrence =
            skipSymbol("?") ? .optional : skipSymbol("*") ? .any : skipSymbol("+") ? .some : .one
        return SequenceType(item: item, occurrence: occurrence)
    }

    private mutating func parseItemType() throws(XPathError) -> SequenceType.ItemType {
        let start = token.start
        try descend()
        defer { depth -= 1 }
        if isModern, isSymbol("(") {
            index += 1
            let type = try parseItemType()
            try expectSymbol(")")
            return type
        }
        guard token.kind == .name else { throw unexpected("a type") }
        if token.prefix == nil, token.namespace == nil, isSymbol("(", ahead: 1) {
            switch token.text {
            case "item":
                index += 2
                try expectSymbol(")")
                return .item
            case "function" where isModern: return try parseFunctionType()
            case "array" where isModern:
                index += 2
                let member = skipSymbol("*") ? .anything : try parseSequenceType()
                try expectSymbol(")")
                return .array(member)
            case _ where isKindTest:
                switch try parseKindTest() {
                case .any: return .node
                case .type(let type): return type
                case .name: break
                }
            default: break
            }
            throw unexpected("a type")
        }
        let name = try parseQName(defaultNamespace: context.defaultElementNamespace)
        if let type = Parser.atomicType(name) { return .atomic(type) }
        if isModern, name.namespace == Namespace.xmlSchema {
            if name.localName == "numeric" { return .numeric }
            if name.localName == "error" { return .error }
        }
        throw XPathError.unknownType(name, code: "XPST0051").at(start)
    }

    private mutating func parseFunctionType() throws(XPathError) -> SequenceType.ItemType {
        index += 2
        if skipSymbol("*") {
            try expectSymbol(")")
            return .anyFunction
        }
        var parameters: [SequenceType] = []
        if !isSymbol(")") {
            repeat { parameters.append(try parseSequenceType()) } while skipSymbol(",")
        }
        try expectSymbol(")")
        try expectKeyword("as")
        return .function(parameters, try parseSequenceType())
    }

    private mutating func parseKindTest() throws(XPathError) -> NodeTest {
        let word = token.text
        let start = token.start
        index += 2
        let test: NodeTest
        switch word {
        case "node": test = .any
        case "text": test = .type(.kind(.text, nil))
        case "comment": test = .type(.kind(.comment, nil))
        case "namespace-node":
            test = .type(.kind(.namespace, nil))
        case "processing-instruction": test = .type(try parseInstructionTest())
        case "element": test = .type(try parseElementTest(.element))
        case "attribute": test = .type(try parseElementTest(.attribute))
        case "document-node": test = .type(try parseDocumentTest())
        default:
            let name = try parseQName(
                defaultNamespace: word == "schema-element" ? context.defaultElementNamespace : nil)
            throw XPathError.undeclaredName(name).at(start)
        }
        try expectSymbol(")")
        return test
    }

    private mutating func parseInstructionTest() throws(XPathError) -> SequenceType.ItemType {
        if isSymbol(")") { return .kind(.processingInstruction, nil) }
        guard token.kind == .string || token.kind == .name && token.prefix == nil else { throw unexpected("a name") }
        let name = token.text.tokens.joined(separator: " ")
        if token.kind == .string, !NCName.isValid(name) { throw XPathError.instructionName(name).at(token.start) }
        index += 1
        return .processingInstruction(name)
    }

    /// The name and type of `element(…)` or `attribute(…)`.
    private mutating func parseElementTest(_ kind: TreeNode.Kind) throws(XPathError) -> SequenceType.ItemType {
        if isSymbol(")") { return .kind(kind, nil) }
        var name: NameTest?
        if !skipSymbol("*") {
            let qname = try parseQName(defaultNamespace: kind == .element ? context.defaultElementNamespace : nil)
            name = NameTest(localName: qname.localName, namespace: qname.namespace)
        }
        guard skipSymbol(",") else { return .kind(kind, name) }
        let start = token.start
        let type = try parseQName(defaultNamespace: context.defaultElementNamespace)
        if kind == .element { _ = skipSymbol("?") }
        guard type.namespace == Namespace.xmlSchema else {
            throw XPathError.unknownType(type, code: "XPST0008").at(start)
        }
        switch (type.localName, kind) {
        case ("anyType", _), ("untyped", .element): return .kind(kind, name)
        case ("anySimpleType", .attribute), ("anyAtomicType", .attribute), ("untypedAtomic", .attribute):
            return .kind(kind, name)
        case ("anySimpleType", _), ("untyped", _): return .annotated(kind, name, nil)
        default:
            guard let atomic = AtomicType(rawValue: type.localName) else {
                throw XPathError.unknownType(type, code: "XPST0008").at(start)
            }
            return .annotated(kind, name, atomic)
        }
    }

    private mutating func parseDocumentTest() throws(XPathError) -> SequenceType.ItemType {
        if isSymbol(")") { return .kind(.document, nil) }
        guard isKeyword("element") || isKeyword("schema-element"), isSymbol("(", ahead: 1) else {
            throw unexpected("‘element(’ or ‘)’")
        }
        guard case .type(let element) = try parseKindTest() else { return .kind(.document, nil) }
        switch element {
        case .kind(_, let name): return .document(element: name ?? .any)
        default: return .error
        }
    }
}
