internal import XML

extension Parser {
    mutating func parsePostfix() throws(XPathError) -> Expression {
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

    mutating func parseParenthesised() throws(XPathError) -> Expression {
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

    mutating func parseArguments() throws(XPathError) -> [Expression?] {
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
}
