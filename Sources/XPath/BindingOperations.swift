// Operations that bind variables or the context item.

/// `for $x in … return …`, of one variable.
final class ForOperation: Operation {
    let slot: Int
    let items: any Operation
    let body: any Operation
    let traits: Traits

    init(_ slot: Int, _ items: any Operation, _ body: any Operation) {
        self.slot = slot
        self.items = items
        self.body = body
        traits = [items, body].dependencies.union(.usesSlots).union(body.traits.intersection(.isNodes))
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        var result = ItemSequence.empty
        _ = try items.forEach(&context) { item, context throws(XPathError) in
            context.slots[slot] = ItemSequence(item)
            try result.add(context.value(of: body))
            return true
        }
        return result
    }

    func forEach(
        _ context: inout DynamicContext, _ body: (Item, inout DynamicContext) throws(XPathError) -> Bool
    ) throws(XPathError) -> Bool {
        try items.forEach(&context) { item, context throws(XPathError) in
            context.slots[slot] = ItemSequence(item)
            return try self.body.forEach(&context, body)
        }
    }
}

/// `let $x := … return …`, of one variable.
final class LetOperation: Operation {
    let slot: Int
    let value: any Operation
    let body: any Operation
    let traits: Traits

    init(_ slot: Int, _ value: any Operation, _ body: any Operation) {
        self.slot = slot
        self.value = value
        self.body = body
        traits = body.traits.union([value, body].dependencies).union(.usesSlots)
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        context.slots[slot] = try value.evaluate(&context)
        return try body.evaluate(&context)
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        context.slots[slot] = try value.evaluate(&context)
        return try body.boolean(&context)
    }
}

/// `some` and `every`, of one variable.
final class QuantifiedOperation: Operation {
    let isEvery: Bool
    let slot: Int
    let items: any Operation
    let condition: any Operation
    let traits: Traits
    /// Where the condition compares an attribute of each item with a value that is the same for all.
    private let attribute: AttributeComparison?

    init(isEvery: Bool, _ slot: Int, _ items: any Operation, _ condition: any Operation) {
        self.isEvery = isEvery
        self.slot = slot
        self.items = items
        self.condition = condition
        attribute =
            items is GlobalVariableOperation || items is SlotOperation
            ? AttributeComparison(condition, ofSlot: slot) : nil
        traits = [items, condition].dependencies.union([.isBoolean, .isSingle, .usesSlots])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        ItemSequence(try boolean(&context))
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        if let attribute, case .elementRange(let document, let elementRange) = try items.evaluate(&context).storage,
            let found = try attribute.filter(elementRange, document, &context)
        {
            return isEvery ? found.count == elementRange.count : found.count > 0
        }
        let wasHeldByAll = try items.forEach(&context) { item, context throws(XPathError) in
            context.slots[slot] = ItemSequence(item)
            return try context.truth(of: condition) == isEvery
        }
        return wasHeldByAll == isEvery
    }
}

final class ConditionalOperation: Operation {
    let condition: any Operation
    let first: any Operation
    let second: any Operation
    let traits: Traits

    init(_ condition: any Operation, _ first: any Operation, _ second: any Operation) {
        self.condition = condition
        self.first = first
        self.second = second
        traits = [condition, first, second].dependencies.union(
            first.traits.intersection(second.traits).subtracting(.uses))
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        try condition.boolean(&context) ? try first.evaluate(&context) : try second.evaluate(&context)
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        try condition.boolean(&context) ? try first.boolean(&context) : try second.boolean(&context)
    }

    func forEach(
        _ context: inout DynamicContext, _ body: (Item, inout DynamicContext) throws(XPathError) -> Bool
    ) throws(XPathError) -> Bool {
        try condition.boolean(&context) ? try first.forEach(&context, body) : try second.forEach(&context, body)
    }
}

/// `E1 ! E2`.
final class MapOperation: Operation {
    let items: any Operation
    let body: any Operation
    let traits: Traits

    init(_ items: any Operation, _ body: any Operation) {
        self.items = items
        self.body = body
        var traits = items.traits.dependencies.union(body.traits.dependencies.subtracting(.usesFocus))
        traits.formUnion(body.traits.intersection(.isNodes))
        if items.traits.contains(.isSingle) {
            traits.formUnion(body.traits.intersection([.isSingle, .isOrdered, .isDisjoint]))
        }
        self.traits = traits
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let values = try items.evaluate(&context)
        var result = ItemSequence.empty
        try context.withFocus(nil, size: values.count) { context throws(XPathError) in
            for (index, item) in values.enumerated() {
                context.item = item
                context.position = index + 1
                try context.allowance.take(1)
                try result.add(context.value(of: body))
            }
        }
        return result
    }
}
