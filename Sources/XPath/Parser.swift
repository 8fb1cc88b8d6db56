internal import XML

/// Reads an expression of XPath 2.0 or 3.1 (XPath 3.1, A.1), without maps.
struct Parser {
    let tokens: [Token]
    var index = 0
    let context: StaticContext
    /// How many expressions are open in one another.
    var depth = 0
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

    var token: Token { tokens[index] }

    func token(ahead distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    var isModern: Bool { context.version >= .xpath31 }

    func isSymbol(_ symbol: String, ahead distance: Int = 0) -> Bool {
        let token = token(ahead: distance)
        return token.kind == .symbol && token.text == symbol
    }

    /// Whether the next token is this name without prefix, such as a keyword.
    func isKeyword(_ word: String, ahead distance: Int = 0) -> Bool {
        let token = token(ahead: distance)
        return token.kind == .name && token.prefix == nil && token.namespace == nil && token.text == word
    }

    mutating func skipSymbol(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        index += 1
        return true
    }

    mutating func skipKeyword(_ word: String) -> Bool {
        guard isKeyword(word) else { return false }
        index += 1
        return true
    }

    mutating func expectSymbol(_ symbol: String) throws(XPathError) {
        if !skipSymbol(symbol) { throw unexpected("‘\(symbol)’") }
    }

    mutating func expectKeyword(_ word: String) throws(XPathError) {
        if !skipKeyword(word) { throw unexpected("‘\(word)’") }
    }

    private func expectEnd() throws(XPathError) {
        if token.kind != .end { throw unexpected("an operator or the end") }
    }

    func unexpected(_ expected: String) -> XPathError {
        let found = token.kind == .end ? nil : token.kind == .string ? "\"\(token.text)\"" : lexical(token)
        return XPathError.unexpectedToken(found, expected: expected).at(token.start)
    }

    private func lexical(_ token: Token) -> String {
        (token.namespace.map { "Q{\($0)}" } ?? "") + (token.prefix.map { $0 + ":" } ?? "") + token.text
    }

    // MARK: - Expressions

    mutating func parseExpression() throws(XPathError) -> Expression {
        let start = token.start
        let first = try parseSingle()
        guard isSymbol(",") else { return first }
        var parts = [first]
        while skipSymbol(",") { parts.append(try parseSingle()) }
        return Expression(kind: .sequence(parts), offset: start)
    }

    mutating func descend() throws(XPathError) {
        depth += 1
        if depth > Parser.depthLimit || depth & 7 == 0 && stack.isLow {
            throw XPathError.expressionTooDeep().at(token.start)
        }
    }

    func check(_ expression: Expression) throws(XPathError) {
        if expression.depth > Parser.depthLimit { throw XPathError.expressionTooDeep().at(token.start) }
    }

    mutating func parseSingle() throws(XPathError) -> Expression {
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

    /// - Parameter keyword: the word between a name and its value; `nil` for `:=`.
    private mutating func parseBindings(_ keyword: String?) throws(XPathError) -> [(name: QName, value: Expression)] {
        var bindings: [(name: QName, value: Expression)] = []
        repeat {
            let name = try parseVariableName()
            if let keyword { try expectKeyword(keyword) } else { try expectSymbol(":=") }
            bindings.append((name, try parseSingle()))
        } while skipSymbol(",")
        return bindings
    }

    mutating func parseVariableName() throws(XPathError) -> QName {
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
}
