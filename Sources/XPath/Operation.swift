internal import XML

/// A compiled expression. Evaluating one only reads it, so that threads may share it.
protocol Operation: AnyObject, Sendable {
    var traits: Traits { get }
    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence
    /// The effective boolean value.
    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool
    /// The typed value, where there is one item; `nil` for the empty sequence.
    ///
    /// - Parameter takesFirst: whether of several items the first is taken, as XPath 1.0 does.
    /// - Throws: XPTY0004 where there are several.
    func value(_ context: inout DynamicContext, takesFirst: Bool) throws(XPathError) -> AtomicValue?
    /// Hands over the items one after the other, as far as the body wants them; in the focus in which it was called.
    ///
    /// - Parameter body: returns whether it wants to go on.
    /// - Returns: whether the body wanted all.
    func forEach(
        _ context: inout DynamicContext, _ body: (Item, inout DynamicContext) throws(XPathError) -> Bool
    ) throws(XPathError) -> Bool
}

extension Operation {
    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        if traits.contains(.isNodes) {
            return try !forEach(&context) { _, _ throws(XPathError) in false }
        }
        return try evaluate(&context).effectiveBooleanValue()
    }

    func value(_ context: inout DynamicContext, takesFirst: Bool) throws(XPathError) -> AtomicValue? {
        var values = try evaluate(&context)
        if values.mayHoldArrays { values = try values.flattened() }
        if case .one(let item) = values.storage { return try item.atomized() }
        if values.isEmpty { return nil }
        if takesFirst { return try values[0].atomized() }
        throw .severalValues(values.count)
    }

    func forEach(
        _ context: inout DynamicContext, _ body: (Item, inout DynamicContext) throws(XPathError) -> Bool
    ) throws(XPathError) -> Bool {
        for item in try evaluate(&context) {
            try context.allowance.take(1)
            if try !body(item, &context) { return false }
        }
        return true
    }
}

/// The facts about an operation that are known before it is evaluated.
struct Traits: OptionSet, Sendable {
    let rawValue: UInt16

    static let usesItem = Traits(rawValue: 1)
    static let usesPosition = Traits(rawValue: 2)
    static let usesLast = Traits(rawValue: 4)
    /// Local variables of the expression.
    static let usesSlots = Traits(rawValue: 8)
    /// Variables of the caller, functions of the user, the outside world.
    static let usesEnvironment = Traits(rawValue: 16)
    /// All items are nodes.
    static let isNodes = Traits(rawValue: 32)
    /// One boolean.
    static let isBoolean = Traits(rawValue: 64)
    /// One string, or none.
    static let isString = Traits(rawValue: 128)
    /// At most one item.
    static let isSingle = Traits(rawValue: 256)
    /// Nodes in document order, none twice.
    static let isOrdered = Traits(rawValue: 512)
    /// No node lies in another.
    static let isDisjoint = Traits(rawValue: 1024)

    static let usesFocus: Traits = [.usesItem, .usesPosition, .usesLast]
    /// The facts that an expression inherits from its parts.
    static let uses: Traits = [.usesItem, .usesPosition, .usesLast, .usesSlots, .usesEnvironment]

    var dependencies: Traits { intersection(.uses) }

    /// Whether a predicate that yields this can be a position.
    var mayBeNumber: Bool { isDisjoint(with: [.isNodes, .isBoolean, .isString]) }
}

extension [any Operation] {
    var dependencies: Traits { reduce([]) { $0.union($1.traits.dependencies) } }
}

// MARK: - Literals, variables, the context item

final class LiteralOperation: Operation {
    let value: ItemSequence
    let traits: Traits

    init(_ value: ItemSequence) {
        self.value = value
        let isString = value.count == 1 && value[0].atomic?.type.isString == true
        let isBoolean = value.count == 1 && value[0].atomic?.type == .boolean
        var traits: Traits = value.count <= 1 ? .isSingle : []
        if isString { traits.insert(.isString) }
        if isBoolean { traits.insert(.isBoolean) }
        if value.isEmpty { traits.formUnion([.isNodes, .isOrdered, .isDisjoint]) }
        self.traits = traits
    }

    func evaluate(_ context: inout DynamicContext) -> ItemSequence { value }

    /// The number, where it is an integer.
    var integer: Int? {
        guard value.count == 1, case .integer(let integer)? = value[0].atomic?.content else { return nil }
        return integer.small
    }
}

final class SlotOperation: Operation {
    let slot: Int
    let traits: Traits = .usesSlots

    init(_ slot: Int) {
        self.slot = slot
    }

    func evaluate(_ context: inout DynamicContext) -> ItemSequence { context.slots[slot] }
}

/// A variable that the caller gives a value to.
final class GlobalVariableOperation: Operation {
    let name: QName
    let offset: Int
    let traits: Traits = .usesEnvironment
    let number: Int

    init(_ name: QName, _ offset: Int) {
        self.name = name
        self.offset = offset
        number = GlobalVariables.number(of: name)
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let value = context.environment.variables[number] else {
            throw XPathError.variableWithoutValue(name).at(offset)
        }
        return value
    }
}

final class ContextItemOperation: Operation {
    let offset: Int
    let traits: Traits = [.usesItem, .isSingle, .isOrdered, .isDisjoint]

    init(_ offset: Int) {
        self.offset = offset
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let item = context.item else { throw XPathError.noContextItem().at(offset) }
        return ItemSequence(item)
    }
}

final class PositionOperation: Operation {
    let isLast: Bool
    let offset: Int
    let traits: Traits

    init(isLast: Bool, _ offset: Int) {
        self.isLast = isLast
        self.offset = offset
        traits = [.isSingle, isLast ? .usesLast : .usesPosition]
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard context.item != nil else { throw XPathError.noContextItem().at(offset) }
        return ItemSequence(isLast ? context.size : context.position)
    }
}

// MARK: - Sequences

final class SequenceOperation: Operation {
    let parts: [any Operation]
    let traits: Traits

    init(_ parts: [any Operation]) {
        self.parts = parts
        let areNodes = parts.allSatisfy { $0.traits.contains(.isNodes) }
        traits = parts.dependencies.union(areNodes ? .isNodes : [])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        var result = ItemSequence.empty
        let bytes = context.allowance.bytes
        for part in parts { try result.add(part.evaluate(&context)) }
        try context.allowance.keep(result, since: bytes)
        return result
    }

    func forEach(
        _ context: inout DynamicContext, _ body: (Item, inout DynamicContext) throws(XPathError) -> Bool
    ) throws(XPathError) -> Bool {
        for part in parts {
            if try !part.forEach(&context, body) { return false }
        }
        return true
    }
}

extension ItemSequence {
    /// How many items a sequence may have that is held as a whole.
    static let countLimit = 20_000_000

    /// - Throws: FOER0000 where there are too many items to be held.
    func limited() throws(XPathError) -> ItemSequence {
        if count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
        return self
    }

    /// Appends items one cannot know the number of.
    ///
    /// - Throws: FOER0000 when they become too many.
    mutating func add(_ more: ItemSequence) throws(XPathError) {
        if count + more.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
        append(contentsOf: more)
    }
}

final class RangeOperation: Operation {
    let first: any Operation
    let last: any Operation
    let offset: Int
    let traits: Traits

    init(_ first: any Operation, _ last: any Operation, _ offset: Int) {
        self.first = first
        self.last = last
        self.offset = offset
        traits = [first, last].dependencies
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let start = try bound(first, &context), let end = try bound(last, &context) else { return .empty }
        return try ItemSequence(from: start, through: end)
    }

    private func bound(_ operation: any Operation, _ context: inout DynamicContext) throws(XPathError) -> Int128? {
        do throws(XPathError) {
            let type = SequenceType(item: .atomic(.integer), occurrence: .optional)
            return try type.convert(operation.evaluate(&context), &context).integer
        } catch {
            throw error.at(offset)
        }
    }
}
