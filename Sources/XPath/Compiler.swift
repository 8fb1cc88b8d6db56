internal import XML

/// Makes operations of an expression: the static analysis phase (XPath 2.0, 2.2.3.1).
struct Compiler {
    private let statics: StaticContext
    private let collation: StringCollation
    /// The variables in scope, the innermost last, of each function that is being compiled, the innermost last.
    private var frames = [Frame()]
    private var depth = 0
    private let stack = StackGuard()

    /// The slots of one function, or of the whole expression.
    private struct Frame {
        var scope: [(name: QName, slot: Int)] = []
        var size = 0
        /// The captures from the frame around it.
        var captured: [InlineFunctionOperation.Capture] = []
    }

    private init(_ statics: StaticContext) throws(XPathError) {
        self.statics = statics
        guard let collation = StringCollation(uri: statics.defaultCollation) else {
            throw .unknownCollation(statics.defaultCollation)
        }
        self.collation = collation
    }

    /// - Returns: the operation, and how many slots it needs.
    /// - Throws: static errors with their offsets.
    static func compile(
        _ expression: Expression, _ statics: StaticContext
    ) throws(XPathError) -> (operation: any Operation, slots: Int) {
        var compiler = try Compiler(statics)
        let operation = try compiler.compile(expression)
        return (operation, compiler.frames[0].size)
    }

    private mutating func compile(_ expressions: [Expression]) throws(XPathError) -> [any Operation] {
        var operations: [any Operation] = []
        for expression in expressions { operations.append(try compile(expression)) }
        return operations
    }

    private mutating func compile(_ expression: Expression) throws(XPathError) -> any Operation {
        depth += 1
        defer { depth -= 1 }
        if depth & 15 == 0, stack.isLow { throw XPathError.expressionTooDeep().at(expression.offset) }
        let offset = expression.offset
        switch expression.kind {
        case .literal(let value): return LiteralOperation(ItemSequence(value))
        case .variable(let name): return try variable(name, offset)
        case .contextItem: return ContextItemOperation(offset)
        case .root: return RootOperation(offset)
        case .sequence(let parts): return try sequence(parts)
        case .range(let a, let b): return RangeOperation(try compile(a), try compile(b), offset)
        case .and(let a, let b): return LogicOperation(isAnd: true, try compile(a), try compile(b))
        case .or(let a, let b): return LogicOperation(isAnd: false, try compile(a), try compile(b))
        case .concatenation(let parts): return ConcatenationOperation(try compile(parts), offset)
        case .nodes(let operation, let a, let b):
            return NodeSetOperation(operation, try compile(a), try compile(b), offset)
        case .path, .step, .filter, .map: return try path(expression)
        case .forEach, .bind, .quantified: return try binding(expression)
        case .conditional(let a, let b, let c):
            return ConditionalOperation(try compile(a), try compile(b), try compile(c))
        case .call, .dynamicCall, .functionReference, .inlineFunction: return try call(expression)
        case .array(let parts): return ArrayOperation(try compile(parts), isCurly: false)
        case .arrayOfItems(let items): return ArrayOperation([try compile(items)], isCurly: true)
        case .lookup(let base, let key):
            return LookupOperation(try compile(base), try compile(key.map { [$0] } ?? []).first, offset)
        default: return try value(expression)
        }
    }

    private mutating func sequence(_ parts: [Expression]) throws(XPathError) -> any Operation {
        if parts.isEmpty { return LiteralOperation(.empty) }
        if parts.count == 1 { return try compile(parts[0]) }
        return SequenceOperation(try compile(parts))
    }

    /// Arithmetic, comparisons and types.
    private mutating func value(_ expression: Expression) throws(XPathError) -> any Operation {
        let (offset, isCompatible) = (expression.offset, statics.isCompatible)
        switch expression.kind {
        case .arithmetic(let operation, let a, let b):
            return ArithmeticOperation(operation, try compile(a), try compile(b), offset, isCompatible: isCompatible)
        case .negate(let a): return SignOperation(isNegative: true, try compile(a), offset, isCompatible: isCompatible)
        case .number(let a): return SignOperation(isNegative: false, try compile(a), offset, isCompatible: isCompatible)
        case .generalComparison(let comparison, let a, let b):
            let (left, right) = (try compile(a), try compile(b))
            return TestOperation(comparison, left, right, offset)
                ?? GeneralComparisonOperation(comparison, left, right, offset, collation, isCompatible: isCompatible)
        case .valueComparison(let comparison, let a, let b):
            let (left, right) = (try compile(a), try compile(b))
            return TestOperation(comparison, left, right, offset)
                ?? ValueComparisonOperation(comparison, left, right, offset, collation)
        case .nodeComparison(let comparison, let a, let b):
            return NodeComparisonOperation(comparison, try compile(a), try compile(b), offset)
        case .instanceOf(let a, let type): return InstanceOfOperation(try compile(a), type)
        case .treat(let a, let type): return TreatOperation(try compile(a), type, offset)
        case .castable(let a, let type): return CastableOperation(try compile(a), type, statics)
        case .cast(let a, let type): return CastOperation(try compile(a), type, offset, statics)
        default: preconditionFailure("the other kinds are compiled elsewhere")
        }
    }

    // MARK: - Variables

    private mutating func variable(_ name: QName, _ offset: Int) throws(XPathError) -> any Operation {
        let key = QName(localName: name.localName, namespace: name.namespace)
        if let slot = slot(of: key, frames.count - 1) { return SlotOperation(slot) }
        guard statics.variables.contains(key) else {
            let names = statics.variables.map(\.localName) + frames.flatMap { $0.scope.map(\.name.localName) }
            throw XPathError.unknownVariable(name, like: nearest(name.localName, names).map { names[$0] }).at(offset)
        }
        return GlobalVariableOperation(key, offset)
    }

    /// The slot of a variable in a frame, into which it is taken over from the frame around it if need be.
    private mutating func slot(of name: QName, _ frame: Int) -> Int? {
        if let known = frames[frame].scope.last(where: { $0.name == name }) { return known.slot }
        guard frame > 0, let outer = slot(of: name, frame - 1) else { return nil }
        let slot = frames[frame].size
        frames[frame].size += 1
        frames[frame].captured.append(InlineFunctionOperation.Capture(outer: outer, inner: slot))
        frames[frame].scope.insert((name, slot), at: 0)
        return slot
    }

    private mutating func bind(_ name: QName) -> Int {
        let frame = frames.count - 1
        let slot = frames[frame].size
        frames[frame].size += 1
        frames[frame].scope.append((QName(localName: name.localName, namespace: name.namespace), slot))
        return slot
    }

    private mutating func unbind() { frames[frames.count - 1].scope.removeLast() }

    private mutating func binding(_ expression: Expression) throws(XPathError) -> any Operation {
        switch expression.kind {
        case .forEach(let name, let items, let body):
            let operation = try compile(items)
            let slot = bind(name)
            defer { unbind() }
            return ForOperation(slot, operation, try compile(body))
        case .bind(let name, let value, let body):
            let operation = try compile(value)
            let slot = bind(name)
            defer { unbind() }
            return LetOperation(slot, operation, try compile(body))
        case .quantified(let isEvery, let name, let items, let condition):
            let operation = try compile(items)
            let slot = bind(name)
            defer { unbind() }
            return QuantifiedOperation(isEvery: isEvery, slot, operation, try compile(condition))
        default: preconditionFailure("the other kinds are compiled elsewhere")
        }
    }

    // MARK: - Paths

    private mutating func path(_ expression: Expression) throws(XPathError) -> any Operation {
        let operation = try pathParts(expression)
        guard expression.startsAtRoot, operation.traits.dependencies == .usesItem, operation.traits.contains(.isNodes)
        else {
            return operation
        }
        return DocumentOperation(operation, expression.offset)
    }

    /// Parts of a longer path are not remembered.
    private mutating func pathParts(_ expression: Expression) throws(XPathError) -> any Operation {
        let offset = expression.offset
        switch expression.kind {
        case .step(let axis, let test, let predicates):
            return StepOperation(axis, test, try compile(predicates), offset)
        case .filter(let base, let predicate): return filter(try compile(base), try compile(predicate))
        case .map(let items, let body): return MapOperation(try compile(items), try compile(body))
        case .path(let left, let right):
            let step = try pathParts(right)
            if let (before, descendant) = try descendants(left, right, step) {
                return PathOperation(before, descendant, offset)
            }
            return PathOperation(try pathParts(left), step, offset)
        default: return try compile(expression)
        }
    }

    /// `(a | b)[p]` is `a[p] | b[p]`, unless the predicate counts.
    private func filter(_ base: any Operation, _ predicate: any Operation) -> any Operation {
        guard !Predicate(predicate).isPositional, let steps = base.filtered(by: predicate) else {
            return FilterOperation(base, predicate)
        }
        return steps
    }

    /// `E//name` is `E/descendant::name`, unless a predicate counts; and `E//@name` is one step as well.
    private mutating func descendants(
        _ left: Expression, _ right: Expression, _ step: any Operation
    ) throws(XPathError) -> (any Operation, any Operation)? {
        guard case .step(let axis, let test, let predicates) = right.kind, let longer = axis.behindDescendants,
            case .path(let before, let any) = left.kind, case .step(.descendantOrSelf, .any, let none) = any.kind,
            none.isEmpty,
            let compiled = step as? StepOperation, !compiled.predicates.contains(where: \.isPositional)
        else { return nil }
        return (try pathParts(before), StepOperation(longer, test, try compile(predicates), right.offset))
    }

    // MARK: - Calls

    private mutating func call(_ expression: Expression) throws(XPathError) -> any Operation {
        let offset = expression.offset
        switch expression.kind {
        case .call(let name, let arguments): return try call(name, arguments, offset)
        case .dynamicCall(let function, let arguments):
            return DynamicCallOperation(try compile(function), try compileOpen(arguments), offset)
        case .functionReference(let name, let arity): return try reference(name, arity: arity, offset)
        case .inlineFunction(let parameters, let result, let body):
            return try inlineFunction(parameters, result, body)
        default: preconditionFailure("the other kinds are compiled elsewhere")
        }
    }

    private mutating func compileOpen(_ arguments: [Expression?]) throws(XPathError) -> [(any Operation)?] {
        var operations: [(any Operation)?] = []
        for argument in arguments {
            if let argument { operations.append(try compile(argument)) } else { operations.append(nil) }
        }
        return operations
    }

    private mutating func call(
        _ name: QName, _ arguments: [Expression?], _ offset: Int
    ) throws(XPathError) -> any Operation {
        if arguments.contains(where: { $0 == nil }) {
            return DynamicCallOperation(
                try reference(name, arity: arguments.count, offset), try compileOpen(arguments), offset)
        }
        let operations = try compile(arguments.compactMap { $0 })
        if let special = special(name, operations, offset) { return special }
        if let entry = FunctionTable.standard.entry(name, arity: operations.count, statics) {
            return try FunctionCallOperation(entry, operations, CallSite(statics: statics, offset: offset))
        }
        let declaration = StaticContext.FunctionName(name: name, arity: operations.count)
        if statics.functions.contains(declaration) { return UserFunctionCallOperation(declaration, operations, offset) }
        if let constructor = try constructor(name, operations, offset) { return constructor }
        throw unknownFunction(name, arity: operations.count).at(offset)
    }

    private func unknownFunction(_ name: QName, arity: Int) -> XPathError {
        let table = FunctionTable.standard
        let names = table.names(statics)
        let known =
            table.arities(of: name, statics) + statics.functions.filter { $0.name == name }.map { $0.arity...$0.arity }
        // Names come without their prefixes from the parser.
        let prefix =
            name.namespace == Namespace.xpathFunctions
            ? nil : statics.namespaces.filter { $0.value == name.namespace }.keys.min()
        let written = QName(prefix: prefix, localName: name.localName, namespace: name.namespace)
        return .unknownFunction(
            written, arity: arity, known: known, like: nearest(name.localName, names).map { names[$0] })
    }

    /// Functions that are operations of their own, since they need less than the values of their arguments.
    private func special(_ name: QName, _ arguments: [any Operation], _ offset: Int) -> (any Operation)? {
        guard name.namespace == Namespace.xpathFunctions else { return nil }
        switch (name.localName, arguments.count) {
        case ("position", 0): return PositionOperation(isLast: false, offset)
        case ("last", 0): return PositionOperation(isLast: true, offset)
        case ("true", 0): return LiteralOperation(.yes)
        case ("false", 0): return LiteralOperation(.no)
        case ("not", 1): return TestOperation(.not, arguments[0], offset)
        case ("boolean", 1): return TestOperation(.boolean, arguments[0], offset)
        case ("exists", 1): return TestOperation(.exists, arguments[0], offset)
        case ("empty", 1): return TestOperation(.empty, arguments[0], offset)
        case ("distinct-values", 1) where collation == .codepoint && arguments[0].traits.contains(.isNodes):
            return DistinctValuesOperation(arguments[0])
        case ("current", 0) where statics.hasXSLTFunctions: return CurrentItemOperation(offset)
        default: return nil
        }
    }

    /// `xs:date(…)` is a cast to `xs:date?`.
    private func constructor(
        _ name: QName, _ arguments: [any Operation], _ offset: Int
    ) throws(XPathError) -> (any Operation)? {
        guard arguments.count == 1 else { return nil }
        if statics.version >= .xpath31, let item = ListCastOperation.itemType(name) {
            return ListCastOperation(arguments[0], listOf: item, offset)
        }
        guard let type = Parser.atomicType(name) else { return nil }
        if type == .anyAtomicType || type == .NOTATION { throw unknownFunction(name, arity: 1).at(offset) }
        return CastOperation(arguments[0], Expression.SingleType(type: type, isOptional: true), offset, statics)
    }

    // MARK: - Functions as values

    private mutating func reference(_ name: QName, arity: Int, _ offset: Int) throws(XPathError) -> any Operation {
        guard let operation = try Compiler.reference(name, arity: arity, statics, offset) else {
            throw unknownFunction(name, arity: arity).at(offset)
        }
        return operation
    }

    /// A function of the language or of the caller as a value; `nil` where there is none.
    static func reference(
        _ name: QName, arity: Int, _ statics: StaticContext, _ offset: Int
    ) throws(XPathError) -> (any Operation)? {
        if let entry = FunctionTable.standard.entry(name, arity: arity, statics) {
            return try reference(entry, arity: arity, CallSite(statics: statics, offset: offset))
        }
        let declaration = StaticContext.FunctionName(name: name, arity: arity)
        if statics.functions.contains(declaration) {
            return FunctionReferenceOperation(usesFocus: false) { context in
                context.environment.functions[declaration] ?? FunctionItem.unknown(declaration)
            }
        }
        guard arity == 1 else { return nil }
        if let item = ListCastOperation.itemType(name) {
            let result = SequenceType(item: .atomic(item), occurrence: .any)
            return constructorReference(name, result, ListCastOperation(SlotOperation(0), listOf: item, offset))
        }
        guard let type = Parser.atomicType(name), type != .anyAtomicType, type != .NOTATION else { return nil }
        let cast = CastOperation(SlotOperation(0), Expression.SingleType(type: type, isOptional: true), offset, statics)
        return constructorReference(name, SequenceType(item: .atomic(type), occurrence: .optional), cast)
    }

    private static func reference(
        _ entry: FunctionTable.Entry, arity: Int, _ site: CallSite
    ) throws(XPathError) -> any Operation {
        let parameters = try entry.parameterTypes(count: arity)
        let result = try FunctionTable.type(entry.result)
        return FunctionReferenceOperation(usesFocus: entry.usesFocus(count: arity)) { context in
            let (item, position, size) = (context.item, context.position, context.size)
            return FunctionItem(name: entry.name, arity: arity, parameters: parameters, result: result) {
                context, arguments throws(XPathError) in
                try context.withFocus(item, position: position, size: size) { context throws(XPathError) in
                    try entry.body(&context, site, arguments)
                }
            }
        }
    }

    private static func constructorReference(
        _ name: QName, _ result: SequenceType, _ cast: any Operation
    ) -> any Operation {
        let one = SequenceType(item: .atomic(.anyAtomicType), occurrence: .optional)
        return FunctionReferenceOperation(usesFocus: false) { _ in
            FunctionItem(name: name, arity: 1, parameters: [one], result: result) {
                context, arguments throws(XPathError) in
                try context.call(arguments, cast)
            }
        }
    }

    private mutating func inlineFunction(
        _ parameters: [Expression.Parameter], _ result: SequenceType, _ body: Expression
    ) throws(XPathError) -> any Operation {
        frames.append(Frame())
        for parameter in parameters { _ = bind(parameter.name) }
        let operation = try compile(body)
        let frame = frames.removeLast()
        return InlineFunctionOperation(
            parameters.map(\.type), result, operation, frameSize: frame.size, captured: frame.captured
        )
    }
}

extension Axis {
    /// The axis that leads where this one does from a node or anything below it.
    fileprivate var behindDescendants: Axis? {
        switch self {
        case .child, .descendant: .descendant
        case .attribute: .attributeBelow
        default: nil
        }
    }
}

extension Expression {
    /// Whether a path begins at the root of the document.
    fileprivate var startsAtRoot: Bool {
        var expression = self
        while case .path(let left, _) = expression.kind { expression = left }
        if case .root = expression.kind { return true }
        return false
    }
}

extension Operation {
    /// A step, or a union of steps, with one more predicate, which does not count; `nil` for other operations.
    fileprivate func filtered(by predicate: any Operation) -> (any Operation)? {
        switch self {
        case let step as StepOperation:
            return StepOperation(
                step.test.axis, step.test.test, step.predicates.map(\.operation) + [predicate], step.offset)
        case let nodes as NodeSetOperation where nodes.operation == .union:
            guard let left = nodes.left.filtered(by: predicate), let right = nodes.right.filtered(by: predicate) else {
                return nil
            }
            return NodeSetOperation(.union, left, right, nodes.offset)
        default: return nil
        }
    }
}
