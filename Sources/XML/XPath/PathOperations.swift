// Operations that select nodes.

/// `/` at the beginning of a path.
final class RootOperation: Operation {
    let offset: Int
    let traits: Traits = [.usesItem, .isNodes, .isSingle, .isOrdered, .isDisjoint]

    init(_ offset: Int) {
        self.offset = offset
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let item = context.item else { throw XPathError.noContextItem().at(offset) }
        guard let node = item.node else { throw XPathError.rootOfNoNode().at(offset) }
        return ItemSequence(TreeNode(document: node.document, index: 0))
    }
}

/// An axis step with its predicates.
final class StepOperation: Operation {
    let test: CompiledTest
    let predicates: [Predicate]
    let offset: Int
    let traits: Traits
    private let axis: Axis

    init(_ axis: Axis, _ test: NodeTest, _ predicates: [any Operation], _ offset: Int) {
        self.axis = axis
        self.test = CompiledTest(test, axis)
        self.predicates = predicates.map(Predicate.init)
        self.offset = offset
        var traits: Traits = [.usesItem, .isNodes, .isOrdered]
        // What predicates use of their own focus is not used of this one's.
        traits.formUnion(predicates.dependencies.subtracting(.usesFocus))
        switch axis {
        case .`self`, .parent: traits.formUnion([.isSingle, .isDisjoint])
        case .child, .attribute, .namespace, .followingSibling, .precedingSibling: traits.insert(.isDisjoint)
        default: break
        }
        if axis == .attribute, case .name(let name) = test, name.localName != nil, !name.hasAnyNamespace { traits.insert(.isSingle) }
        self.traits = traits
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let node = try contextNode(context)
        var keys: [UInt64] = []
        try append(from: node.key, node.document, to: &keys, &context)
        return ItemSequence(node.document, keys)
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        let node = try contextNode(context)
        var keys: [UInt64] = []
        try append(from: node.key, node.document, to: &keys, limit: predicates.isEmpty ? 1 : nil, &context)
        return !keys.isEmpty
    }

    func value(_ context: inout DynamicContext, takesFirst: Bool) throws(XPathError) -> AtomicValue? {
        let node = try contextNode(context)
        var keys: [UInt64] = []
        if traits.contains(.isSingle), predicates.isEmpty, axis == .attribute {
            guard node.kind == .element, case .named(let name) = test.resolved(node.document, &context) else { return nil }
            return node.node.attributeNode(named: name).map { .untyped($0.value) }
        }
        try append(from: node.key, node.document, to: &keys, &context)
        if keys.count > 1, !takesFirst { throw XPathError.severalValues(keys.count).at(offset) }
        return keys.first.map { TreeNode(document: node.document, key: $0).typedValue }
    }

    private func contextNode(_ context: DynamicContext) throws(XPathError) -> TreeNode {
        guard let item = context.item else { throw XPathError.noContextItem().at(offset) }
        guard let node = item.node else { throw XPathError.stepFromNoNode().at(offset) }
        return node
    }

    /// Appends what is selected from one node, in document order.
    ///
    /// - Parameter limit: how many are enough.
    func append(
        from key: UInt64, _ document: Document, to keys: inout [UInt64], limit: Int? = nil, _ context: inout DynamicContext
    ) throws(XPathError) {
        var walker = AxisWalker(document: document, axis: axis, test: test.resolved(document, &context))
        if let limit { walker.limit = limit }
        if predicates.isEmpty, !axis.isReverse {
            walker.append(from: key, to: &keys)
            return
        }
        if let first = predicates.first?.position { walker.limit = max(first, 0) }
        var found: [UInt64] = []
        walker.append(from: key, to: &found)
        for predicate in predicates where !found.isEmpty { try predicate.filter(&found, document, &context) }
        if axis.isReverse { found.reverse() }
        keys.append(contentsOf: found)
    }
}

/// What stands in square brackets.
struct Predicate: Sendable {
    let operation: any Operation
    /// The position, where that is written as a number.
    let position: Int?
    private let isLast: Bool
    private let mayBeNumber: Bool
    /// Where it is `name(.) = E`, and E is the same for all nodes.
    private let name: NameComparison?

    init(_ operation: any Operation) {
        self.operation = operation
        name = NameComparison(operation)
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
        if let position {
            keys = position >= 1 && position <= keys.count ? [keys[position - 1]] : []
            return
        }
        if isLast {
            keys = keys.last.map { [$0] } ?? []
            return
        }
        if let name, try name.filter(&keys, document, &context) { return }
        var kept = 0
        let outer = (context.item, context.position, context.size)
        defer { (context.item, context.position, context.size) = outer }
        context.size = keys.count
        for (index, key) in keys.enumerated() {
            context.item = .node(TreeNode(document: document, key: key))
            context.position = index + 1
            if try holds(&context) {
                keys[kept] = key
                kept += 1
            }
        }
        keys.removeSubrange(kept...)
    }

    /// Whether it holds in the focus (XPath 2.0, 3.2.2).
    func holds(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        guard mayBeNumber else { return try operation.boolean(&context) }
        let value = try operation.evaluate(&context)
        guard let number = value.atomic, value.count == 1, number.type.isNumeric else { return try value.effectiveBooleanValue() }
        if case .integer(let integer) = number.content { return integer.small == context.position }
        return number.number == Double(context.position)
    }

    /// Keeps the items of any sequence that it holds for.
    func filter(_ sequence: ItemSequence, _ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        if let position { return position >= 1 && position <= sequence.count ? sequence.slice((position - 1)..<position) : .empty }
        if isLast { return sequence.isEmpty ? .empty : sequence.slice((sequence.count - 1)..<sequence.count) }
        var result = ItemSequence.empty
        let outer = (context.item, context.position, context.size)
        defer { (context.item, context.position, context.size) = outer }
        context.size = sequence.count
        for (index, item) in sequence.enumerated() {
            context.item = item
            context.position = index + 1
            if try holds(&context) { result.append(item) }
        }
        return result
    }
}

/// A predicate that compares the name of each node with one string: names are numbers, and each is compared once.
private struct NameComparison: Sendable {
    private let isLocal: Bool
    private let value: any Operation

    init?(_ operation: any Operation) {
        let sides: (left: any Operation, right: any Operation)
        switch operation {
        case let comparison as ValueComparisonOperation where comparison.comparison == .equal && comparison.collation == .codepoint:
            sides = (comparison.left.operation, comparison.right.operation)
        case let comparison as GeneralComparisonOperation where comparison.comparison == .equal && comparison.collation == .codepoint:
            sides = (comparison.left, comparison.right)
        default: return nil
        }
        guard let call = sides.left as? FunctionCallOperation, call.entry.name.namespace == Namespace.xpathFunctions,
              call.arguments.isEmpty || call.arguments[0] is ContextItemOperation,
              call.entry.name.localName == "name" || call.entry.name.localName == "local-name",
              sides.right.traits.isDisjoint(with: .usesFocus)
        else { return nil }
        isLocal = call.entry.name.localName == "local-name"
        value = sides.right
    }

    /// - Returns: `false` where the value is no string, or a node is no element, so that it must be done otherwise.
    func filter(_ keys: inout [UInt64], _ document: Document, _ context: inout DynamicContext) throws(XPathError) -> Bool {
        let values = try value.evaluate(&context)
        guard keys.allSatisfy({ $0 & 0xFFFF_FFFF == 0 && document.nodes[Int($0 >> 32)].kind == .element }),
              values.count == 1, let wanted = values[0].atomic, wanted.isStringLike
        else { return false }
        let text = wanted.string
        let matches = document.names.qnames.map { (isLocal ? $0.localName : $0.description).utf8.elementsEqual(text.utf8) }
        keys.removeAll { !matches[document.nodes[Int($0 >> 32)].name] }
        return true
    }
}

/// `E1/E2`.
final class PathOperation: Operation {
    let left: any Operation
    let right: any Operation
    let offset: Int
    let traits: Traits
    private let step: StepOperation?
    /// Whether what is found from one node after the other is in document order already.
    private let staysOrdered: Bool

    init(_ left: any Operation, _ right: any Operation, _ offset: Int) {
        self.left = left
        self.right = right
        self.offset = offset
        step = right as? StepOperation
        staysOrdered = PathOperation.staysOrdered(left.traits, right)
        var traits = left.traits.dependencies.union(right.traits.dependencies.subtracting(.usesFocus))
        if right.traits.contains(.isNodes) { traits.formUnion([.isNodes, .isOrdered]) }
        if left.traits.contains(.isSingle), right.traits.contains(.isSingle) { traits.insert(.isSingle) }
        if PathOperation.staysDisjoint(left.traits, right) { traits.insert(.isDisjoint) }
        self.traits = traits
    }

    private static func staysOrdered(_ left: Traits, _ right: any Operation) -> Bool {
        if left.contains(.isSingle) { return right.traits.contains(.isOrdered) }
        guard left.contains(.isOrdered), let step = right as? StepOperation else { return false }
        return switch step.test.axis {
        case .`self`, .attribute, .namespace: true
        case .child, .descendant, .descendantOrSelf: left.contains(.isDisjoint)
        default: false
        }
    }

    private static func staysDisjoint(_ left: Traits, _ right: any Operation) -> Bool {
        guard right.traits.contains(.isDisjoint) else { return false }
        if left.contains(.isSingle) { return true }
        guard let step = right as? StepOperation else { return false }
        return switch step.test.axis {
        case .attribute, .namespace: true
        case .`self`, .child: left.contains(.isDisjoint)
        default: false
        }
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let nodes = try left.evaluate(&context)
        if nodes.isEmpty { return .empty }
        if let step, let document = try onlyDocument(nodes) { return try evaluate(nodes, document, step, &context) }
        var result = ItemSequence.empty
        try context.withFocus(nil, size: nodes.count) { context throws(XPathError) in
            for (index, item) in nodes.enumerated() {
                guard case .node = item else { throw XPathError.pathFromNoNode(ItemSequence(item)).at(offset) }
                context.item = item
                context.position = index + 1
                try result.add(right.evaluate(&context))
            }
        }
        return try ordered(result)
    }

    /// The document that all nodes are of, or `nil`.
    private func onlyDocument(_ nodes: ItemSequence) throws(XPathError) -> Document? {
        switch nodes.storage {
        case .nodes(let document, _): return document
        case .one(.node(let node)): return node.document
        case .one: throw XPathError.pathFromNoNode(nodes).at(offset)
        default: return nil
        }
    }

    private func evaluate(
        _ nodes: ItemSequence, _ document: Document, _ step: StepOperation, _ context: inout DynamicContext
    ) throws(XPathError) -> ItemSequence {
        var keys: [UInt64] = []
        if case .nodes(_, let from) = nodes.storage {
            for key in from { try step.append(from: key, document, to: &keys, &context) }
        } else if let node = nodes.node {
            try step.append(from: node.key, document, to: &keys, &context)
        }
        if keys.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
        if !staysOrdered { keys.sortInDocumentOrder() }
        return ItemSequence(document, keys)
    }

    private func ordered(_ result: ItemSequence) throws(XPathError) -> ItemSequence {
        guard let first = result.first else { return .empty }
        guard case .node = first else {
            if result.contains(where: { $0.node != nil }) { throw XPathError.mixedPath().at(offset) }
            return result
        }
        guard let sorted = result.inDocumentOrder else { throw XPathError.mixedPath().at(offset) }
        return sorted
    }

    /// Without order to be made, node after node is handed on as it is found.
    func forEach(
        _ context: inout DynamicContext, _ body: (Item, inout DynamicContext) throws(XPathError) -> Bool
    ) throws(XPathError) -> Bool {
        guard staysOrdered, let step else {
            for item in try evaluate(&context) {
                if try !body(item, &context) { return false }
            }
            return true
        }
        return try left.forEach(&context) { item, context throws(XPathError) in
            guard case .node(let node) = item else { throw XPathError.pathFromNoNode(ItemSequence(item)).at(offset) }
            var keys: [UInt64] = []
            try step.append(from: node.key, node.document, to: &keys, &context)
            for key in keys {
                if try !body(.node(TreeNode(document: node.document, key: key)), &context) { return false }
            }
            return true
        }
    }
}

extension [UInt64] {
    /// In document order, and each one once.
    mutating func sortInDocumentOrder() {
        guard count > 1 else { return }
        var isStrict = true
        for index in 1..<count where self[index - 1] >= self[index] {
            isStrict = false
            break
        }
        if isStrict { return }
        sort()
        var kept = 1
        for index in 1..<count where self[index] != self[kept - 1] {
            self[kept] = self[index]
            kept += 1
        }
        removeSubrange(kept...)
    }
}

extension ItemSequence {
    /// The nodes in document order, each once; `nil` if there is an item that is no node.
    var inDocumentOrder: ItemSequence? {
        switch storage {
        case .empty, .one(.node): return self
        case .one, .range: return nil
        case .nodes(let document, var keys):
            keys.sortInDocumentOrder()
            return ItemSequence(document, keys)
        case .many(let items):
            var nodes: [TreeNode] = []
            for item in items {
                guard case .node(let node) = item else { return nil }
                nodes.append(node)
            }
            if nodes.allSatisfy({ $0.document === nodes[0].document }) {
                var keys = nodes.map(\.key)
                keys.sortInDocumentOrder()
                return ItemSequence(nodes[0].document, keys)
            }
            nodes.sort()
            var kept: [Item] = []
            for (index, node) in nodes.enumerated() where index == 0 || nodes[index - 1] != node { kept.append(.node(node)) }
            return ItemSequence(kept)
        }
    }
}

/// `E[predicate]`, where `E` is no step.
final class FilterOperation: Operation {
    let base: any Operation
    let predicate: Predicate
    let traits: Traits

    init(_ base: any Operation, _ predicate: any Operation) {
        self.base = base
        self.predicate = Predicate(predicate)
        var traits = base.traits.union(predicate.traits.dependencies.subtracting(.usesFocus))
        if self.predicate.position != nil { traits.insert(.isSingle) }
        traits.subtract([.isBoolean, .isString])
        self.traits = traits
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let position = predicate.position else { return try predicate.filter(base.evaluate(&context), &context) }
        var (seen, found) = (0, ItemSequence.empty)
        _ = try base.forEach(&context) { item, _ throws(XPathError) in
            seen += 1
            if seen == position { found = ItemSequence(item) }
            return seen < position
        }
        return found
    }
}

/// `union`, `intersect` and `except`.
final class NodeSetOperation: Operation {
    let operation: NodeSetOperator
    let left: any Operation
    let right: any Operation
    let offset: Int
    let traits: Traits

    init(_ operation: NodeSetOperator, _ left: any Operation, _ right: any Operation, _ offset: Int) {
        self.operation = operation
        self.left = left
        self.right = right
        self.offset = offset
        traits = [left, right].dependencies.union([.isNodes, .isOrdered])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let first = try nodes(left, &context)
        let second = try nodes(right, &context)
        if operation == .union {
            var all = first
            try all.add(second)
            return all.inDocumentOrder ?? .empty
        }
        let others = Set(second.lazy.compactMap(\.node))
        return ItemSequence(first.filter { others.contains($0.node!) == (operation == .intersect) }).inDocumentOrder ?? .empty
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        guard operation == .union, left.traits.contains(.isNodes), right.traits.contains(.isNodes) else {
            return try !evaluate(&context).isEmpty
        }
        return try left.boolean(&context) ? true : try right.boolean(&context)
    }

    private func nodes(_ operation: any Operation, _ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let value = try operation.evaluate(&context)
        guard let nodes = value.inDocumentOrder else {
            throw XPathError.wrongType(value, expected: SequenceType(item: .node, occurrence: .any)).at(offset)
        }
        return nodes
    }
}

/// What depends on nothing but the document is evaluated once for each.
final class DocumentOperation: Operation {
    let operation: any Operation
    let offset: Int
    let traits: Traits

    init(_ operation: any Operation, _ offset: Int) {
        self.operation = operation
        self.offset = offset
        traits = operation.traits
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let item = context.item else { throw XPathError.noContextItem().at(offset) }
        guard let document = item.node?.document else { throw XPathError.rootOfNoNode().at(offset) }
        if let known = context.environment.remembered(self, document) { return known }
        let value = try operation.evaluate(&context)
        context.environment.remember(self, document, value)
        return value
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool { try evaluate(&context).effectiveBooleanValue() }
}
