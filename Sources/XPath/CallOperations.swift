internal import XML

// Operations that call functions.

/// A call of a function of the language.
final class FunctionCallOperation: Operation {
    let entry: FunctionTable.Entry
    let arguments: [any Operation]
    let site: CallSite
    let traits: Traits
    private let parameters: [SequenceType]
    /// By parameter: whether it takes atomic values.
    private let areAtomic: [Bool]

    init(_ entry: FunctionTable.Entry, _ arguments: [any Operation], _ site: CallSite) throws(XPathError) {
        self.entry = entry
        self.arguments = arguments
        self.site = site
        parameters = try entry.parameterTypes(count: arguments.count)
        areAtomic = parameters.map(\.isAtomic)
        traits = arguments.dependencies.union(try entry.traits(count: arguments.count))
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            let bytes = context.allowance.bytes
            var values: [ItemSequence] = []
            values.reserveCapacity(arguments.count)
            var readCount = 0
            for (index, argument) in arguments.enumerated() {
                let value = try convert(argument.evaluate(&context), parameters[index], &context)
                readCount += value.readCount(isAtomic: areAtomic[index])
                values.append(value)
            }
            try context.allowance.take(1 + readCount >> 6)
            let value = try entry.body(&context, site, values)
            try context.allowance.keep(value, since: bytes)
            return value
        } catch {
            throw error.at(site.offset)
        }
    }

    /// In XPath 1.0 compatibility mode the first item stands for all, and becomes a string or a number (XPath 2.0,
    /// 3.1.5).
    private func convert(
        _ value: ItemSequence, _ type: SequenceType, _ context: inout DynamicContext
    ) throws(XPathError) -> ItemSequence {
        guard site.statics.isCompatible, let item = type.item else {
            do throws(XPathError) {
                return try type.convert(value, &context)
            } catch {
                // Before 3.0 an untyped value for a name was any wrong type.
                throw error.code == "XPTY0117" && site.statics.version < .xpath31
                    ? .wrongType(value, expected: type) : error
            }
        }
        let isForOne = type.occurrence == .one || type.occurrence == .optional
        let first = isForOne && value.count > 1 ? ItemSequence(value[0]) : value
        switch item {
        case .atomic(.string) where isForOne: return ItemSequence(first.isEmpty ? "" : try first[0].string())
        case .atomic(.double) where isForOne, .numeric where isForOne:
            return ItemSequence(
                first.isEmpty ? AtomicValue.double(.nan) : AtomicValue.double(try first[0].atomized().number))
        default: return try type.convert(first, &context)
        }
    }
}

extension FunctionTable.Entry {
    func parameterTypes(count: Int) throws(XPathError) -> [SequenceType] {
        var types: [SequenceType] = []
        for index in 0..<count {
            types.append(try FunctionTable.type(parameters[Swift.min(index, parameters.count - 1)]))
        }
        return types
    }

    func usesFocus(count: Int) -> Bool { usesFocus && count == arities.lowerBound }

    fileprivate func traits(count: Int) throws(XPathError) -> Traits {
        var traits: Traits = usesFocus(count: count) ? .usesItem : []
        let result = try FunctionTable.type(self.result)
        switch result.item {
        case .atomic(.boolean) where result.occurrence == .one: traits.insert(.isBoolean)
        case .atomic(let type) where type.isString && result.occurrence != .any && result.occurrence != .some:
            traits.insert(.isString)
        case .node, .kind, .document, .processingInstruction: traits.insert(.isNodes)
        default: break
        }
        if result.occurrence == .one || result.occurrence == .optional {
            traits.insert(.isSingle)
            if traits.contains(.isNodes) { traits.formUnion([.isOrdered, .isDisjoint]) }
        }
        return traits
    }
}

/// `not`, `boolean`, `exists` and `empty`, which need no more of their argument than its effective boolean value or its
/// first item.
final class TestOperation: Operation {
    enum Test {
        case not, boolean, exists, empty
    }

    let test: Test
    let argument: any Operation
    let offset: Int
    let traits: Traits

    init(_ test: Test, _ argument: any Operation, _ offset: Int) {
        self.test = test
        self.argument = argument
        self.offset = offset
        traits = argument.traits.dependencies.union([.isBoolean, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        ItemSequence(try boolean(&context))
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        do throws(XPathError) {
            switch test {
            case .boolean: return try argument.boolean(&context)
            case .not: return try !argument.boolean(&context)
            case .exists: return try exists(&context)
            case .empty: return try !exists(&context)
            }
        } catch {
            throw error.at(offset)
        }
    }
}

extension TestOperation {
    /// Nodes are true where there are any.
    private func exists(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        if argument.traits.contains(.isNodes) { return try argument.boolean(&context) }
        return try !argument.forEach(&context) { _, _ throws(XPathError) in false }
    }

    /// `count(E) > 0` and the like, which need not count; `nil` for other comparisons.
    convenience init?(_ comparison: ComparisonOperator, _ left: any Operation, _ right: any Operation, _ offset: Int) {
        guard let call = left as? FunctionCallOperation, call.entry.name.localName == "count",
            call.entry.name.namespace == Namespace.xpathFunctions,
            let number = (right as? LiteralOperation)?.integer
        else { return nil }
        switch (comparison, number) {
        case (.greater, 0), (.notEqual, 0), (.greaterOrEqual, 1): self.init(.exists, call.arguments[0], offset)
        case (.equal, 0), (.less, 1), (.lessOrEqual, 0): self.init(.empty, call.arguments[0], offset)
        default: return nil
        }
    }
}

/// fn:distinct-values of nodes: of most of them no string need be made.
final class DistinctValuesOperation: Operation {
    let nodes: any Operation
    let traits: Traits

    /// - Parameter nodes: yields nodes alone, which are compared by code points.
    init(_ nodes: any Operation) {
        self.nodes = nodes
        traits = nodes.traits.dependencies
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        var known: Set<ByteString> = []
        var values: [Item] = []
        _ = try nodes.forEach(&context) { item, _ throws(XPathError) in
            guard let node = item.node else { return true }
            let bytes = node.attribute?.bytes ?? Array(node.stringValue.utf8)[...]
            if known.insert(ByteString(bytes)).inserted { values.append(.atomic(node.typedValue)) }
            return true
        }
        return ItemSequence(values)
    }
}

/// current() of XSLT.
final class CurrentItemOperation: Operation {
    let offset: Int
    let traits: Traits = [.usesEnvironment, .isSingle]

    init(_ offset: Int) {
        self.offset = offset
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let item = context.currentItem else { throw XPathError.noContextItem().at(offset) }
        return ItemSequence(item)
    }
}

/// A call of a function that the caller has declared.
final class UserFunctionCallOperation: Operation {
    let declaration: StaticContext.FunctionName
    let arguments: [any Operation]
    let offset: Int
    let traits: Traits

    init(_ declaration: StaticContext.FunctionName, _ arguments: [any Operation], _ offset: Int) {
        self.declaration = declaration
        self.arguments = arguments
        self.offset = offset
        traits = arguments.dependencies.union([.usesEnvironment, .usesItem])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            guard let function = context.environment.functions[declaration] else {
                throw .unknownFunction(declaration.name, arity: declaration.arity, known: [])
            }
            var values: [ItemSequence] = []
            for argument in arguments { values.append(try argument.evaluate(&context)) }
            return try function.call(&context, values)
        } catch {
            throw error.at(offset)
        }
    }
}

// MARK: - Functions as values

/// `E(…)`, also with places left open.
final class DynamicCallOperation: Operation {
    let function: any Operation
    /// `nil` is a place left open.
    let arguments: [(any Operation)?]
    let offset: Int
    let traits: Traits

    init(_ function: any Operation, _ arguments: [(any Operation)?], _ offset: Int) {
        self.function = function
        self.arguments = arguments
        self.offset = offset
        traits = ([function] + arguments.compactMap { $0 }).dependencies.union([.usesEnvironment, .usesItem])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            let value = try function.evaluate(&context)
            guard value.count == 1, let called = value.function else {
                throw .wrongType(value, expected: SequenceType(item: .anyFunction, occurrence: .one))
            }
            guard called.arity == arguments.count else { throw .wrongArity(called, count: arguments.count) }
            var values: [ItemSequence?] = []
            for argument in arguments { values.append(try argument?.evaluate(&context)) }
            if values.contains(where: { $0 == nil }) {
                return ItemSequence(.function(try called.applied(to: values, &context)))
            }
            return try called.call(&context, values.map { $0! })
        } catch {
            throw error.at(offset)
        }
    }
}

extension FunctionItem {
    /// Partial application: a function of the arguments that are `nil` (XPath 3.1, 3.1.5.1).
    func applied(to arguments: [ItemSequence?], _ context: inout DynamicContext) throws(XPathError) -> FunctionItem {
        var fixed: [ItemSequence?] = []
        var open: [SequenceType] = []
        for (argument, type) in zip(arguments, parameters) {
            if let argument {
                fixed.append(try type.convert(argument, &context))
            } else {
                fixed.append(nil)
                open.append(type)
            }
        }
        let (whole, given) = (self, fixed)
        let depth = try Item.depth(holding: fixed.compactMap { $0 } + [ItemSequence(.function(self))])
        return FunctionItem(name: nil, arity: open.count, parameters: open, result: result, depth: depth) {
            context, rest throws(XPathError) in
            var rest = rest[...]
            return try whole.body(&context, given.map { $0 ?? rest.removeFirst() })
        }
    }
}

extension FunctionItem {
    /// Stands for a declared function that was not supplied.
    static func unknown(_ declaration: StaticContext.FunctionName) -> FunctionItem {
        let parameters = Array(repeating: SequenceType.anything, count: declaration.arity)
        return FunctionItem(name: declaration.name, arity: declaration.arity, parameters: parameters, result: .anything)
        {
            _, _ throws(XPathError) in throw .unknownFunction(declaration.name, arity: declaration.arity, known: [])
        }
    }
}

/// `name#2`.
final class FunctionReferenceOperation: Operation {
    let make: @Sendable (DynamicContext) -> FunctionItem
    let traits: Traits

    /// - Parameter make: takes the context of the reference, whose focus the function keeps.
    init(usesFocus: Bool, _ make: @escaping @Sendable (DynamicContext) -> FunctionItem) {
        self.make = make
        traits = [.isSingle, .usesEnvironment, usesFocus ? .usesItem : .isSingle]
    }

    func evaluate(_ context: inout DynamicContext) -> ItemSequence { ItemSequence(.function(make(context))) }
}

/// `function(…) { … }`.
final class InlineFunctionOperation: Operation {
    let parameters: [SequenceType]
    let result: SequenceType
    let body: any Operation
    /// How many slots its own frame has, of which the first are its parameters.
    let frameSize: Int
    let captured: [Capture]
    let traits: Traits

    /// A variable that is taken over: its slot in the frame around the function, and in the function's own.
    struct Capture: Sendable {
        let outer: Int
        let inner: Int
    }

    init(
        _ parameters: [SequenceType], _ result: SequenceType, _ body: any Operation, frameSize: Int, captured: [Capture]
    ) {
        self.parameters = parameters
        self.result = result
        self.body = body
        self.frameSize = frameSize
        self.captured = captured
        traits = body.traits.dependencies.subtracting(.usesFocus).union([.isSingle, .usesSlots])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let outside = captured.map { (context.slots[$0.outer], $0.inner) }
        let (body, frameSize) = (body, frameSize)
        let depth = try Item.depth(holding: outside.map(\.0))
        return ItemSequence(
            .function(
                FunctionItem(name: nil, arity: parameters.count, parameters: parameters, result: result, depth: depth) {
                    context, arguments throws(XPathError) in
                    var frame = arguments
                    frame.append(contentsOf: repeatElement(.empty, count: frameSize - frame.count))
                    for (value, slot) in outside { frame[slot] = value }
                    return try context.call(frame, body)
                }))
    }
}

extension DynamicContext {
    /// Evaluates the body of a function: with its own frame and without a focus.
    ///
    /// - Throws: FOER0000 where calls lie too deep in one another.
    mutating func call(_ frame: [ItemSequence], _ body: any Operation) throws(XPathError) -> ItemSequence {
        depth += 1
        let outer = slots
        slots = frame
        defer {
            depth -= 1
            slots = outer
        }
        if depth & 7 == 0, stack.isLow { throw .recursionTooDeep(depth) }
        return try withFocus(nil) { context throws(XPathError) in try body.evaluate(&context) }
    }
}
