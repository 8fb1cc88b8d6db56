internal import XML

/// An expression as it is written, its names resolved: what the parser yields and the compiler reads.
struct Expression: Sendable {
    let kind: Kind
    /// Where it begins, in Unicode scalars from 0; for an operator, the place of its sign.
    let offset: Int
    /// How many expressions lie in one another.
    let depth: Int

    init(kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
        depth = 1 + kind.parts.reduce(0) { max($0, $1.depth) }
    }

    indirect enum Kind: Sendable {
        case literal(AtomicValue)
        case variable(QName)
        case contextItem
        /// `/` at the beginning of a path.
        case root
        case sequence([Expression])
        case range(Expression, Expression)
        case arithmetic(ArithmeticOperator, Expression, Expression)
        case negate(Expression)
        /// Unary plus.
        case number(Expression)
        case generalComparison(ComparisonOperator, Expression, Expression)
        case valueComparison(ComparisonOperator, Expression, Expression)
        case nodeComparison(NodeComparison, Expression, Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case concatenation([Expression])
        case nodes(NodeSetOperator, Expression, Expression)
        case instanceOf(Expression, SequenceType)
        case treat(Expression, SequenceType)
        case castable(Expression, SingleType)
        case cast(Expression, SingleType)
        case path(Expression, Expression)
        case map(Expression, Expression)
        case step(Axis, NodeTest, [Expression])
        case filter(Expression, Expression)
        case forEach(QName, Expression, Expression)
        case bind(QName, Expression, Expression)
        case quantified(isEvery: Bool, QName, Expression, Expression)
        case conditional(Expression, Expression, Expression)
        /// An argument that is `nil` is a place left open: partial application.
        case call(QName, [Expression?])
        case dynamicCall(Expression, [Expression?])
        case functionReference(QName, arity: Int)
        /// `[a, b]`.
        case array([Expression])
        /// `array { a }`.
        case arrayOfItems(Expression)
        /// A key that is `nil` means all.
        case lookup(Expression, Expression?)
        case inlineFunction([Parameter], SequenceType, Expression)
    }

    struct Parameter: Sendable {
        let name: QName
        let type: SequenceType
    }

    /// The target of a cast: an atomic type, or empty if that is allowed.
    struct SingleType: Sendable {
        let type: AtomicType
        let isOptional: Bool
    }
}

enum NodeComparison: Sendable {
    case same, before, after
}

enum NodeSetOperator: Sendable {
    case union, intersect, except
}

/// An axis (XPath 2.0, 3.2.1.1).
enum Axis: String, Sendable {
    case child, descendant, attribute, `self`
    case descendantOrSelf = "descendant-or-self"
    case followingSibling = "following-sibling"
    case following, namespace, parent, ancestor
    case precedingSibling = "preceding-sibling"
    case preceding
    case ancestorOrSelf = "ancestor-or-self"
    /// No axis of the language: the two steps are made one.
    case attributeBelow = "descendant-or-self::node()/attribute"

    /// Whether it goes back in the document, so that positions count backwards.
    var isReverse: Bool {
        switch self {
        case .parent, .ancestor, .precedingSibling, .preceding, .ancestorOrSelf: true
        default: false
        }
    }

    /// The kind of the nodes that a name test on it takes.
    var principalKind: TreeNode.Kind {
        switch self {
        case .attribute, .attributeBelow: .attribute
        case .namespace: .namespace
        default: .element
        }
    }
}

/// The test of a step, which selects nodes on its axis (XPath 2.0, 3.2.1.2).
enum NodeTest: Sendable {
    /// `node()`.
    case any
    case name(NameTest)
    case type(SequenceType.ItemType)
}

extension Expression.Kind {
    /// The expressions that it is made of.
    var parts: [Expression] {
        switch self {
        case .literal, .variable, .contextItem, .root, .functionReference: []
        case .negate(let part), .number(let part), .arrayOfItems(let part), .instanceOf(let part, _),
            .treat(let part, _), .castable(let part, _),
            .cast(let part, _), .inlineFunction(_, _, let part):
            [part]
        case .range(let a, let b), .arithmetic(_, let a, let b), .generalComparison(_, let a, let b),
            .valueComparison(_, let a, let b), .nodeComparison(_, let a, let b), .and(let a, let b), .or(let a, let b),
            .nodes(_, let a, let b), .path(let a, let b), .map(let a, let b), .filter(let a, let b),
            .forEach(_, let a, let b),
            .bind(_, let a, let b), .quantified(_, _, let a, let b):
            [a, b]
        case .conditional(let a, let b, let c): [a, b, c]
        case .sequence(let parts), .array(let parts), .concatenation(let parts), .step(_, _, let parts): parts
        case .lookup(let base, let key): [base] + (key.map { [$0] } ?? [])
        case .call(_, let arguments): arguments.compactMap { $0 }
        case .dynamicCall(let function, let arguments): [function] + arguments.compactMap { $0 }
        }
    }
}
