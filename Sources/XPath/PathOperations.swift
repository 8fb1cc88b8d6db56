internal import XML

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
        case .child, .attribute, .attributeBelow, .namespace, .followingSibling, .precedingSibling:
            traits.insert(.isDisjoint)
        default: break
        }
        if axis == .attribute, case .name(let name) = test, name.localName != nil, !name.hasAnyNamespace {
            traits.insert(.isSingle)
        }
        self.traits = traits
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let node = try contextNode(context)
        return try select(from: node.key, node.document, &context)
    }

    /// The nodes selected from one node, in document order.
    func select(
        from key: UInt64, _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> ItemSequence {
        let (test, rest) = try resolved(document, &context)
        var isIndexed = true
        if let found = try elementRange(from: key, document, test, rest, &isIndexed, &context) { return found }
        var keys: [UInt64] = []
        try append(from: key, document, test, rest, to: &keys, isIndexed: isIndexed, &context)
        return ItemSequence(document, keys)
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        let node = try contextNode(context)
        guard predicates.isEmpty else { return try !select(from: node.key, node.document, &context).isEmpty }
        var keys: [UInt64] = []
        try append(from: node.key, node.document, to: &keys, limit: 1, &context)
        return !keys.isEmpty
    }

    func value(_ context: inout DynamicContext, takesFirst: Bool) throws(XPathError) -> AtomicValue? {
        let node = try contextNode(context)
        if traits.contains(.isSingle), predicates.isEmpty, axis == .attribute {
            guard node.kind == .element, case .named(let name) = test.resolved(node.document, &context) else {
                return nil
            }
            return node.node.attributeNode(named: name).map { .untyped($0.value) }
        }
        let found = try select(from: node.key, node.document, &context)
        if found.count > 1, !takesFirst { throw XPathError.severalValues(found.count).at(offset) }
        return found.first?.node?.typedValue
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
        from key: UInt64, _ document: Document, to keys: inout [UInt64], limit: Int? = nil,
        _ context: inout DynamicContext
    ) throws(XPathError) {
        let (test, rest) = try resolved(document, &context)
        try append(from: key, document, test, rest, to: &keys, limit: limit, &context)
    }

    /// - Parameters:
    ///   - test: the test, and `rest` the predicates, of this step in this document.
    ///   - isIndexed: whether an index of the names may be of use.
    private func append(
        from key: UInt64, _ document: Document, _ test: ResolvedTest, _ rest: ArraySlice<Predicate>,
        to keys: inout [UInt64], limit: Int? = nil,
        isIndexed: Bool = true, _ context: inout DynamicContext
    ) throws(XPathError) {
        // Most of what rules ask for above an element is not there.
        if axis == .ancestor, case .named(let name) = test, !document.hasAncestor(of: key, named: name) { return }
        var walker = AxisWalker(document: document, axis: axis, test: test)
        walker.isIndexed = isIndexed
        if let keysOfValue = try keysByValue(from: key, walker, rest, &context) {
            keys.append(contentsOf: keysOfValue)
            return
        }
        if let limit { walker.limit = limit }
        if rest.isEmpty, !axis.isReverse || limit == 1 {
            walker.append(from: key, to: &keys)
            try context.allowance.take(1 + walker.visited >> 4)
            return
        }
        if let first = rest.first?.position { walker.limit = max(first, 0) }
        var found: [UInt64] = []
        walker.append(from: key, to: &found)
        try context.allowance.take(1 + walker.visited >> 4)
        for predicate in rest where !found.isEmpty { try predicate.filter(&found, document, &context) }
        if found.isEmpty { return }
        if axis.isReverse { found.reverse() }
        keys.append(contentsOf: found)
    }
}

extension Axis {
    /// Whether it leads to so many elements that a table of their names pays.
    fileprivate var isLong: Bool {
        switch self {
        case .descendant, .descendantOrSelf, .following, .preceding: true
        default: false
        }
    }

    /// The indexes between which the nodes of a long axis lie; those around the node lie there as well on the preceding
    /// axis.
    fileprivate func range(from index: Int, _ document: Document) -> Range<Int> {
        let end = Int(document.nodes[index].subtreeEnd)
        return switch self {
        case .descendant: index + 1..<end
        case .following: end..<document.nodes.count
        case .preceding: 0..<index
        default: index..<end
        }
    }
}

extension StepOperation {
    /// The test for the nodes of a document, and the predicates that are still to be asked: a long axis takes the names
    /// from the first one.
    private func resolved(
        _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> (test: ResolvedTest, rest: ArraySlice<Predicate>) {
        let test = test.resolved(document, &context)
        guard case .principal = test, axis.isLong, let name = predicates.first?.name,
            let names = try name.matches(document, &context)
        else {
            return (test, predicates[...])
        }
        return (ResolvedTest(names, document), predicates.dropFirst())
    }

    /// The selected nodes, if they are a range of all elements of a name; `nil` if it must be done otherwise.
    ///
    /// - Parameter isIndexed: becomes `false` where the index was asked for and there is none yet.
    private func elementRange(
        from key: UInt64, _ document: Document, _ test: ResolvedTest, _ rest: ArraySlice<Predicate>,
        _ isIndexed: inout Bool,
        _ context: inout DynamicContext
    ) throws(XPathError) -> ItemSequence? {
        guard axis.isLong, key & 0xFFFF_FFFF == 0, !axis.isReverse || !rest.contains(where: \.isPositional),
            test.isForNames
        else { return nil }
        let range = axis.range(from: Int(key >> 32), document)
        guard range.count > ElementRange.leastNodes else { return nil }
        guard let index = document.elementIndex(forNodes: range.count) else {
            isIndexed = false
            return nil
        }
        guard let name = test.onlyName(index, document),
            let elementRange = ElementRange(index.elements(named: name), in: range)
                .without(axis == .preceding ? document.elements(around: Int(key >> 32), named: name) : [])
        else { return nil }
        var found = ItemSequence(document, elementRange)
        try context.allowance.take(1)
        for predicate in rest where !found.isEmpty { found = try predicate.filter(found, &context) }
        return found
    }

    /// What is selected, where the first predicate asks for an attribute's value and the elements of that value are
    /// known.
    private func keysByValue(
        from key: UInt64, _ walker: AxisWalker, _ rest: ArraySlice<Predicate>, _ context: inout DynamicContext
    ) throws(XPathError) -> [UInt64]? {
        guard axis.isLong, let comparison = rest.first?.attribute, key & 0xFFFF_FFFF == 0,
            !axis.isReverse || !rest.contains(where: \.isPositional),
            let elements = try comparison.elements(
                in: axis.range(from: Int(key >> 32), walker.document), walker.document, &context)
        else { return nil }
        let (document, index) = (walker.document, Int(key >> 32))
        var keys = elements.filter { element in
            walker.passes(TreeNode(document: document, index: Int(element)))
                && (axis != .preceding || Int(document.nodes[Int(element)].subtreeEnd) <= index)
        }.map { UInt64($0) << 32 }
        for predicate in rest.dropFirst() where !keys.isEmpty { try predicate.filter(&keys, walker.document, &context) }
        return keys
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
        case .child, .descendant, .descendantOrSelf, .attributeBelow: left.contains(.isDisjoint)
        default: false
        }
    }

    private static func staysDisjoint(_ left: Traits, _ right: any Operation) -> Bool {
        guard right.traits.contains(.isDisjoint) else { return false }
        if left.contains(.isSingle) { return true }
        guard let step = right as? StepOperation else { return false }
        return switch step.test.axis {
        case .attribute, .attributeBelow, .namespace: true
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
                try context.allowance.take(1)
                try result.add(context.value(of: right))
            }
        }
        return try ordered(result)
    }

    /// The document that all nodes are of, or `nil`.
    private func onlyDocument(_ nodes: ItemSequence) throws(XPathError) -> Document? {
        switch nodes.storage {
        case .nodes(let document, _), .elementRange(let document, _): return document
        case .one(.node(let node)): return node.document
        case .one: throw XPathError.pathFromNoNode(nodes).at(offset)
        default: return nil
        }
    }

    private func evaluate(
        _ nodes: ItemSequence, _ document: Document, _ step: StepOperation, _ context: inout DynamicContext
    ) throws(XPathError) -> ItemSequence {
        if nodes.count == 1, let node = nodes.node { return try step.select(from: node.key, document, &context) }
        var keys: [UInt64] = []
        if case .nodes(_, let from) = nodes.expanded.storage {
            for key in from {
                try step.append(from: key, document, to: &keys, &context)
                if keys.count > 2 * ItemSequence.countLimit { try limit(&keys) }
            }
        }
        if keys.count > ItemSequence.countLimit { try limit(&keys) }
        if !staysOrdered { keys.sortInDocumentOrder() }
        return ItemSequence(document, keys)
    }

    /// Of so many nodes most are there many times.
    private func limit(_ keys: inout [UInt64]) throws(XPathError) {
        if !staysOrdered { keys.sortInDocumentOrder() }
        if keys.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
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
            for item in try step.select(from: node.key, node.document, &context) {
                try context.allowance.take(1)
                if try !body(item, &context) { return false }
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
        case .empty, .one(.node), .elementRange: return self
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
            for (index, node) in nodes.enumerated() where index == 0 || nodes[index - 1] != node {
                kept.append(.node(node))
            }
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
        if operation == .union, let all = first.union(second) { return all }
        try context.allowance.take((first.count + second.count) >> 4)
        if operation == .union {
            var all = first
            try all.add(second)
            return all.inDocumentOrder ?? .empty
        }
        let others = Set(second.lazy.compactMap(\.node))
        return ItemSequence(first.filter { others.contains($0.node!) == (operation == .intersect) }).inDocumentOrder
            ?? .empty
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

/// An operation that depends on nothing but the document, and is evaluated once for each.
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

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        try evaluate(&context).effectiveBooleanValue()
    }
}
