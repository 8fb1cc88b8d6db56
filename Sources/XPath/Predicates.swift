internal import XML

/// A predicate: an expression in square brackets.
struct Predicate: Sendable {
    let operation: any Operation
    /// The position, where that is written as a number.
    let position: Int?
    private let isLast: Bool
    private let mayBeNumber: Bool
    /// Where it is `name(.) = E`, and E is the same for all nodes.
    let name: NameComparison?
    /// Where it is `@name = E`, and E is the same for all nodes.
    let attribute: AttributeComparison?
    /// Where it is `E << .` or the like, and E is the same for all nodes.
    private let order: OrderComparison?

    init(_ operation: any Operation) {
        self.operation = operation
        name = NameComparison(operation)
        attribute = AttributeComparison(operation)
        order = OrderComparison(operation)
        position = (operation as? LiteralOperation)?.integer
        isLast = (operation as? PositionOperation)?.isLast == true
        mayBeNumber = operation.traits.mayBeNumber
    }

    /// Whether it depends on the position or size, so that it must be asked in the order of the axis.
    var isPositional: Bool {
        mayBeNumber || !operation.traits.isDisjoint(with: [.usesPosition, .usesLast])
    }

    /// Keeps the nodes that it holds for; positions are those in the list.
    func filter(_ keys: inout [UInt64], _ document: Document, _ context: inout DynamicContext) throws(XPathError) {
        try context.allowance.take(keys.count >> 4)
        if let position {
            keys = position >= 1 && position <= keys.count ? [keys[position - 1]] : []
            return
        }
        if isLast {
            keys = keys.last.map { [$0] } ?? []
            return
        }
        if let constant = try constant(&context) {
            keys = constant.range(of: keys.count).map { keys[$0] }
            return
        }
        if let name, try name.filter(&keys, document, &context) { return }
        if let attribute, try attribute.filter(&keys, document, &context) { return }
        if let order, try order.filter(&keys, document, &context) { return }
        var kept = 0
        let outer = (context.item, context.position, context.size)
        defer { (context.item, context.position, context.size) = outer }
        context.size = keys.count
        for (index, key) in keys.enumerated() {
            context.item = .node(TreeNode(document: document, key: key))
            context.position = index + 1
            try context.allowance.take(1)
            if try holds(&context) {
                keys[kept] = key
                kept += 1
            }
        }
        keys.removeSubrange(kept...)
    }

    /// Its value for every item, if it does not depend on the item: a position, or whether all are kept.
    private enum Constant {
        case position(Double)
        case all(Bool)

        func range(of count: Int) -> Range<Int> {
            switch self {
            case .all(let isKept): return isKept ? 0..<count : 0..<0
            case .position(let position):
                guard position >= 1, position <= Double(count), position == position.rounded() else { return 0..<0 }
                return (Int(position) - 1)..<Int(position)
            }
        }
    }

    private func constant(_ context: inout DynamicContext) throws(XPathError) -> Constant? {
        guard operation.traits.isDisjoint(with: .usesFocus) else { return nil }
        let value = try operation.evaluate(&context)
        if value.count == 1, let number = value.atomic, number.type.isNumeric { return .position(number.number) }
        return .all(try value.effectiveBooleanValue())
    }

    /// Whether it holds in the focus (XPath 2.0, 3.2.2).
    func holds(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        guard mayBeNumber else { return try context.truth(of: operation) }
        let bytes = context.allowance.bytes
        let value = try operation.evaluate(&context)
        context.allowance.free(since: bytes)
        guard let number = value.atomic, value.count == 1, number.type.isNumeric else {
            return try value.effectiveBooleanValue()
        }
        if case .integer(let integer) = number.content { return integer.small == context.position }
        return number.number == Double(context.position)
    }

    /// Keeps the items of any sequence that it holds for.
    func filter(_ sequence: ItemSequence, _ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        if let position {
            return position >= 1 && position <= sequence.count ? sequence.slice((position - 1)..<position) : .empty
        }
        if isLast { return sequence.isEmpty ? .empty : sequence.slice((sequence.count - 1)..<sequence.count) }
        if let constant = try constant(&context) { return sequence.slice(constant.range(of: sequence.count)) }
        switch sequence.storage {
        case .nodes(let document, var keys):
            try filter(&keys, document, &context)
            return ItemSequence(document, keys)
        case .elementRange(let document, let elementRange):
            if let found = try filter(elementRange, document, &context) { return ItemSequence(document, found) }
            var keys = elementRange.keys
            try filter(&keys, document, &context)
            return ItemSequence(document, keys)
        default: break
        }
        var result = ItemSequence.empty
        let outer = (context.item, context.position, context.size)
        defer { (context.item, context.position, context.size) = outer }
        context.size = sequence.count
        for (index, item) in sequence.enumerated() {
            context.item = item
            context.position = index + 1
            try context.allowance.take(1)
            if try holds(&context) { try result.add(ItemSequence(item)) }
        }
        return result
    }

    /// The part of a range that it holds for; `nil` where each element must be asked.
    private func filter(
        _ elementRange: ElementRange, _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> ElementRange? {
        if let order { return try order.filter(elementRange, document, &context) }
        return try attribute?.filter(elementRange, document, &context)
    }
}

/// What is compared for equality in the order of Unicode's code points.
private struct Equality {
    let left: any Operation
    let right: any Operation

    init?(_ operation: any Operation) {
        switch operation {
        case let comparison as ValueComparisonOperation
        where comparison.comparison == .equal && comparison.collation == .codepoint:
            (left, right) = (comparison.left.operation, comparison.right.operation)
        case let comparison as GeneralComparisonOperation
        where comparison.comparison == .equal && comparison.collation == .codepoint:
            (left, right) = (comparison.left, comparison.right)
        default: return nil
        }
    }
}

/// A predicate that compares the name of each node with one string: names are numbers, and each is compared once.
struct NameComparison: Sendable {
    private let isLocal: Bool
    private let value: any Operation

    fileprivate init?(_ operation: any Operation) {
        guard let sides = Equality(operation), let call = sides.left as? FunctionCallOperation,
            call.entry.name.namespace == Namespace.xpathFunctions,
            call.arguments.isEmpty || call.arguments[0] is ContextItemOperation,
            call.entry.name.localName == "name" || call.entry.name.localName == "local-name",
            sides.right.traits.isDisjoint(with: .usesFocus)
        else { return nil }
        isLocal = call.entry.name.localName == "local-name"
        value = sides.right
    }

    /// - Returns: `false` where the value is no string, or a node is no element, so that it must be done otherwise.
    fileprivate func filter(
        _ keys: inout [UInt64], _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        // Of a few nodes it is quicker to ask each for its name.
        guard keys.count > 8,
            keys.allSatisfy({ $0 & 0xFFFF_FFFF == 0 && document.nodes[Int($0 >> 32)].kind == .element }),
            let matches = try matches(document, &context)
        else { return false }
        keys.removeAll { !matches[document.nodes[Int($0 >> 32)].name] }
        return true
    }

    /// By the number of a name as it is written, whether it is the one; `nil` where the value is no string.
    func matches(_ document: Document, _ context: inout DynamicContext) throws(XPathError) -> [Bool]? {
        let values = try value.evaluate(&context)
        guard values.count == 1, let wanted = values[0].atomic, wanted.isStringLike else { return nil }
        let text = wanted.string
        return document.names.qnames.map { (isLocal ? $0.localName : $0.description).utf8.elementsEqual(text.utf8) }
    }
}

/// A predicate that compares the place of each node with that of one other.
private struct OrderComparison: Sendable {
    private let comparison: NodeComparison
    /// Whether the node in question is on the left.
    private let isLeft: Bool
    private let other: any Operation

    init?(_ operation: any Operation) {
        guard let operation = operation as? NodeComparisonOperation else { return nil }
        isLeft = operation.left is ContextItemOperation
        guard isLeft || operation.right is ContextItemOperation else { return nil }
        other = isLeft ? operation.right : operation.left
        comparison = operation.comparison
        guard other.traits.isDisjoint(with: .usesFocus) else { return nil }
    }

    /// - Returns: `false` where the value is no node, so that it must be done otherwise.
    func filter(
        _ keys: inout [UInt64], _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        let values = try other.evaluate(&context)
        guard values.count < 2 else { return false }
        guard !values.isEmpty else {
            keys = []
            return true
        }
        guard let node = values.node else { return false }
        keys.removeAll { key in
            let here = TreeNode(document: document, key: key)
            return switch comparison {
            case .same: here != node
            case .before: isLeft ? here >= node : node >= here
            case .after: isLeft ? here <= node : node <= here
            }
        }
        return true
    }

    /// - Returns: `nil` where the value is no node of the document, so that it must be done otherwise.
    func filter(
        _ elementRange: ElementRange, _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> ElementRange? {
        let values = try other.evaluate(&context)
        if values.isEmpty { return elementRange.within(0..<0) }
        guard values.count == 1, let node = values.node, node.document === document else { return nil }
        // An attribute comes after its element and before what is in that.
        let isElement = node.key & 0xFFFF_FFFF == 0
        switch comparison {
        case .same: return isElement ? elementRange.within(node.index..<node.index + 1) : elementRange.within(0..<0)
        case .before, .after:
            let isBefore = (comparison == .before) == isLeft
            return elementRange.within(
                isBefore ? 0..<(isElement ? node.index : node.index + 1) : node.index + 1..<document.nodes.count)
        }
    }
}

/// A predicate that compares one attribute of each element with one string.
struct AttributeComparison: Sendable {
    private let test: CompiledTest
    private let value: any Operation

    /// - Parameter slot: that of the variable whose attribute is meant; `nil` for the attribute of the context item.
    init?(_ operation: any Operation, ofSlot slot: Int? = nil) {
        guard let sides = Equality(operation) else { return nil }
        for (side, value) in [(sides.left, sides.right), (sides.right, sides.left)] {
            var attribute = side
            if let slot {
                guard let path = side as? PathOperation, (path.left as? SlotOperation)?.slot == slot,
                    value.traits.isDisjoint(with: .usesSlots)
                else { continue }
                attribute = path.right
            }
            guard let step = attribute as? StepOperation, step.predicates.isEmpty, step.test.axis == .attribute,
                step.traits.contains(.isSingle), value.traits.isDisjoint(with: .usesFocus)
            else { continue }
            (test, self.value) = (step.test, value)
            return
        }
        return nil
    }

    /// - Returns: `nil` where the value is no string, so that it must be done otherwise.
    private func wanted(_ context: inout DynamicContext) throws(XPathError) -> ByteString? {
        let values = try value.evaluate(&context).atomized(&context.allowance)
        guard values.count == 1, let wanted = values[0].atomic, wanted.isStringLike else { return nil }
        return ByteString(Array(wanted.string.utf8)[...])
    }

    /// - Returns: `false` where it must be done otherwise.
    fileprivate func filter(
        _ keys: inout [UInt64], _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        guard let wanted = try wanted(&context) else { return false }
        guard case .named(let name) = test.resolved(document, &context) else {
            keys = []
            return true
        }
        keys.removeAll { key in
            guard key & 0xFFFF_FFFF == 0 else { return true }
            let element = Node(document: document, index: Int(key >> 32))
            return element.attributeNode(named: name).map { ByteString($0.bytes) == wanted } != true
        }
        return true
    }

    /// The part of a range that has the value; `nil` where looking at each costs less than knowing them all, and
    /// where it must be done otherwise.
    func filter(
        _ elementRange: ElementRange, _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> ElementRange? {
        guard let elementName = elementRange.list.name, case .named(let name) = test.resolved(document, &context),
            context.environment.hasElementsByValue(name, document, forNodes: elementRange.count),
            let wanted = try wanted(&context)
        else { return nil }
        return elementRange.narrowed(to: context.environment.elements(name, wanted, document, named: elementName))
    }

    /// The elements of a range that have the value, in document order; `nil` where looking at each costs less than
    /// knowing them all, and where it must be done otherwise.
    func elements(
        in range: Range<Int>, _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> ArraySlice<UInt32>? {
        guard range.count > 64, case .named(let name) = test.resolved(document, &context),
            context.environment.hasElementsByValue(name, document, forNodes: range.count),
            let wanted = try wanted(&context)
        else { return nil }
        return context.environment.elements(name, wanted, document)[...].within(range)
    }
}
