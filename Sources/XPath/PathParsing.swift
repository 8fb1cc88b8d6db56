internal import XML

extension Parser {
    mutating func parsePath() throws(XPathError) -> Expression {
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

    /// Whether the name here begins a call, a reference or an inline function, and is not a test.
    private var isPrimary: Bool {
        if token.text == "*" || token.prefix == "*" { return false }
        if isSymbol("#", ahead: 1) { return isModern }
        if startsCurlyArray { return true }
        guard isSymbol("(", ahead: 1) else { return false }
        return token.prefix != nil || token.namespace != nil || !isKindTest
    }

    var startsCurlyArray: Bool { isModern && isKeyword("array") && isSymbol("{", ahead: 1) }

    var isKindTest: Bool { Parser.kindTests.contains(token.text) || isModern && token.text == "namespace-node" }

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

    // MARK: Names

    func namespace(_ prefix: String, _ token: Token) throws(XPathError) -> String {
        guard let namespace = context.namespaces[prefix] else { throw XPathError.unknownPrefix(prefix).at(token.start) }
        return namespace
    }

    mutating func parseQName(defaultNamespace: String?) throws(XPathError) -> QName {
        guard token.kind == .name, token.text != "*", token.prefix != "*" else { throw unexpected("a name") }
        let name = token
        index += 1
        if let namespace = name.namespace {
            return QName(localName: name.text, namespace: namespace.isEmpty ? nil : namespace)
        }
        guard let prefix = name.prefix else { return QName(localName: name.text, namespace: defaultNamespace) }
        return QName(localName: name.text, namespace: try namespace(prefix, name))
    }

    mutating func parseFunctionName() throws(XPathError) -> QName {
        let reserved = isModern ? Parser.modernReservedNames : Parser.reservedNames
        if token.prefix == nil, token.namespace == nil, reserved.contains(token.text) {
            throw unexpected("a function’s name")
        }
        return try parseQName(defaultNamespace: context.defaultFunctionNamespace)
    }

    static func atomicType(_ name: QName) -> AtomicType? {
        name.namespace == Namespace.xmlSchema ? AtomicType(rawValue: name.localName) : nil
    }
}
