internal import Synchronization
internal import XML

/// A node test made ready for the nodes of one document: names are numbers.
enum ResolvedTest {
    case any
    /// No node of the document passes.
    case none
    /// Elements or attributes of one name, by its number.
    case named(UInt32)
    /// Elements of some names, by the numbers of the names as they are written.
    case anyNamed([Bool])
    /// All nodes of the axis's principal kind.
    case principal
    case kind(TreeNode.Kind)
    case name(NameTest)
    case item(SequenceType.ItemType)
}

/// A node test as it is compiled. Names are numbered in all expressions together, so that a context can remember which
/// number a name has in the document at hand.
struct CompiledTest: Sendable {
    let test: NodeTest
    let axis: Axis
    /// Where the test is for one name, its number.
    private let nameNumber: Int?

    private static let names = Mutex<[QName: Int]>([:])

    init(_ test: NodeTest, _ axis: Axis) {
        self.axis = axis
        self.test = CompiledTest.simplified(test, axis)
        guard case .name(let name) = self.test, let local = name.localName, !name.hasAnyNamespace, axis != .namespace
        else {
            nameNumber = nil
            return
        }
        nameNumber = CompiledTest.names.withLock { names in
            let next = names.count
            let number = names[QName(localName: local, namespace: name.namespace), default: next]
            names[QName(localName: local, namespace: name.namespace)] = number
            return number
        }
    }

    /// `element(x)` on an axis of elements is the same as `x`.
    private static func simplified(_ test: NodeTest, _ axis: Axis) -> NodeTest {
        guard case .type(.kind(let kind, let name)) = test, kind == axis.principalKind, kind != .namespace else {
            return test
        }
        return .name(name ?? .any)
    }

    func resolved(_ document: Document, _ context: inout DynamicContext) -> ResolvedTest {
        if let nameNumber, let known = context.nameNumbers.known(nameNumber, in: document) { return known }
        switch test {
        case .any: return .any
        case .name(.any): return .principal
        case .name(let name):
            guard let nameNumber else { return .name(name) }
            return context.number(of: name, nameNumber, in: document).map { .named($0) } ?? .none
        case .type(.kind(let kind, nil)): return .kind(kind)
        case .type(let type): return .item(type)
        }
    }
}

/// The numbers of names in the current documents.
struct NameNumbers {
    private var document: Document?
    /// By the number of a test: the number in the document, or one of these.
    private var numbers: [UInt32] = []
    private static let unknown = UInt32.max
    private static let absent = UInt32.max - 1

    /// The earlier result of a test; `nil` if there is none.
    func known(_ index: Int, in document: Document) -> ResolvedTest? {
        guard self.document === document, index < numbers.count, numbers[index] != NameNumbers.unknown else {
            return nil
        }
        return numbers[index] == NameNumbers.absent ? ResolvedTest.none : .named(numbers[index])
    }

    mutating func number(of name: NameTest, _ index: Int, in document: Document) -> UInt32? {
        if self.document !== document {
            self.document = document
            numbers.removeAll(keepingCapacity: true)
        }
        while numbers.count <= index { numbers.append(NameNumbers.unknown) }
        if numbers[index] == NameNumbers.unknown {
            numbers[index] =
                document.names.expandedName(name.localName ?? "", namespace: name.namespace) ?? NameNumbers.absent
        }
        return numbers[index] == NameNumbers.absent ? nil : numbers[index]
    }
}

extension DynamicContext {
    fileprivate mutating func number(of name: NameTest, _ index: Int, in document: Document) -> UInt32? {
        nameNumbers.number(of: name, index, in: document)
    }
}

extension Document {
    /// Whether one of the elements around a node has a name. An attribute lies in its element.
    func hasAncestor(of key: UInt64, named name: UInt32) -> Bool {
        var index = key & 0xFFFF_FFFF == 0 ? Int(nodes[Int(key >> 32)].parent) : Int(key >> 32)
        while index > 0 {
            let record = nodes[index]
            if names.expanded[record.name] == name { return true }
            index = Int(record.parent)
        }
        return false
    }
}

extension Document {
    /// The elements of a name that a node lies in, from the outside to the inside.
    func elements(around index: Int, named name: UInt32) -> [UInt32] {
        Ancestors(nodes: nodes, current: Int(nodes[index].parent)).filter {
            nodes[$0].kind == .element && names.expanded[nodes[$0].name] == name
        }
        .map { UInt32($0) }.reversed()
    }
}

extension ResolvedTest {
    /// The test for elements of some names.
    ///
    /// - Parameter written: whether each name as it is written is one of them.
    init(_ written: [Bool], _ document: Document) {
        let expanded = document.names.expanded
        guard let first = written.firstIndex(of: true) else {
            self = .none
            return
        }
        let isOne = written.indices.allSatisfy { written[$0] == (expanded[$0] == expanded[first]) }
        self = isOne ? .named(expanded[first]) : .anyNamed(written)
    }

    /// Whether it is for elements or attributes of certain names.
    var isForNames: Bool {
        switch self {
        case .named, .anyNamed: true
        default: false
        }
    }

    /// The name of all elements that pass, where they have one name. Attributes may bear the others: `ref` is both in
    /// TEI.
    func onlyName(_ index: ElementIndex, _ document: Document) -> UInt32? {
        switch self {
        case .named(let name): return name
        case .anyNamed(let written):
            let expanded = document.names.expanded
            var only: UInt32?
            for number in written.indices
            where written[number] && expanded[number] != only
                && !index.elements(named: expanded[number]).elements.isEmpty
            {
                if only != nil { return nil }
                only = expanded[number]
            }
            // Of one meaning some prefixes may be meant and others not.
            let isWhole = only.map { only in written.indices.allSatisfy { expanded[$0] != only || written[$0] } }
            return isWhole == true ? only : nil
        default: return nil
        }
    }
}

// MARK: - Walking

/// Collects the nodes of an axis from one node.
struct AxisWalker {
    let document: Document
    let axis: Axis
    let test: ResolvedTest
    /// How many nodes were looked at, more or less.
    private(set) var visited = 0
    /// So many nodes are enough.
    var limit = Int.max
    /// Whether the index of the names is asked for.
    var isIndexed = true
    /// How long the list may become.
    private var most = Int.max
    /// The number of the only name that elements may have, where the test is for one.
    private let elementName: UInt32?

    init(document: Document, axis: Axis, test: ResolvedTest) {
        self.document = document
        self.axis = axis
        self.test = test
        elementName = if case .named(let name) = test, axis.principalKind == .element { name } else { nil }
    }

    /// Appends the nodes that pass, in the order of the axis.
    mutating func append(from key: UInt64, to keys: inout [UInt64]) {
        if case .none = test { return }
        most = limit == Int.max ? limit : keys.count + limit
        let isNode = key & 0xFFFF_FFFF == 0
        let index = Int(key >> 32)
        switch axis {
        case .`self`: take(key, &keys)
        case .parent:
            if !isNode { take(UInt64(index) << 32, &keys) } else if index > 0 { take(parent(index), &keys) }
        case .ancestor, .ancestorOrSelf:
            if axis == .ancestorOrSelf { take(key, &keys) }
            let first = !isNode ? index : index > 0 ? Int(record(index).parent) : nil
            if keys.count < most { collect(Ancestors(nodes: document.nodes, current: first), &keys) }
        case .attribute: if isNode { appendAttributes(index, &keys) }
        case .attributeBelow: if isNode { appendAttributesBelow(index, &keys) }
        case .namespace: if isNode { appendNamespaces(index, &keys) }
        case .child: if isNode { collect(Siblings(nodes: document.nodes, current: index + 1, end: end(index)), &keys) }
        case .descendant: if isNode { appendRange(index + 1, end(index), &keys) }
        case .descendantOrSelf: if isNode { appendRange(index, end(index), &keys) } else { take(key, &keys) }
        case .followingSibling:
            guard isNode, index > 0 else { return }
            collect(Siblings(nodes: document.nodes, current: end(index), end: end(Int(record(index).parent))), &keys)
        case .precedingSibling:
            if isNode { collect(PrecedingSiblings(node: Node(document: document, index: index)), &keys) }
        // What follows an attribute are the children of its element, and what follows that.
        case .following: appendRange(isNode ? end(index) : index + 1, document.nodes.count, &keys)
        case .preceding: appendPreceding(index, &keys)
        }
    }

    private func record(_ index: Int) -> NodeRecord { document.nodes[index] }
    private func end(_ index: Int) -> Int { Int(document.nodes[index].subtreeEnd) }
    private func parent(_ index: Int) -> UInt64 { UInt64(document.nodes[index].parent) << 32 }

    private func take(_ key: UInt64, _ keys: inout [UInt64]) {
        let isNode = key & 0xFFFF_FFFF == 0
        if isNode ? passes(Int(key >> 32)) : passesBeside(TreeNode(document: document, key: key)) { keys.append(key) }
    }

    /// Whether a node of the axis passes the test.
    func passes(_ node: TreeNode) -> Bool {
        node.key & 0xFFFF_FFFF == 0 ? passes(node.index) : passesBeside(node)
    }

    /// Whether a node that is no attribute and no namespace passes.
    private func passes(_ index: Int) -> Bool {
        let record = document.nodes[index]
        if let elementName { return record.kind == .element && document.names.expanded[record.name] == elementName }
        switch test {
        case .any: return true
        case .none, .named: return false
        case .anyNamed(let names): return record.kind == .element && names[record.name]
        case .principal: return axis.principalKind == .element && record.kind == .element
        case .kind(let kind):
            return switch (record.kind, kind) {
            case (.document, .document), (.element, .element), (.text, .text), (.comment, .comment),
                (.processingInstruction, .processingInstruction):
                true
            default: false
            }
        case .name(let name):
            return axis.principalKind == .element && record.kind == .element
                && name.allows(document.names.qnames[record.name])
        case .item(let type): return type.matches(.node(TreeNode(document: document, index: index)))
        }
    }

    /// Whether an attribute or namespace passes.
    private func passesBeside(_ node: TreeNode) -> Bool {
        switch test {
        case .any: true
        case .none, .anyNamed: false
        case .named(let number):
            axis.principalKind == .attribute && node.attribute.map { UInt32($0.nameIndex) == number } == true
        case .principal: node.kind == axis.principalKind
        case .kind(let kind): node.kind == kind
        case .name(let name): node.kind == axis.principalKind && name.allows(node.name)
        case .item(let type): type.matches(.node(node))
        }
    }

    // MARK: Axes

    private func appendAttributes(_ index: Int, _ keys: inout [UInt64]) {
        let node = record(index)
        guard node.kind == .element, node.payload != NodeRecord.none else { return }
        var attribute = Int(node.payload)
        while true {
            let record = document.attributes[attribute]
            let key = UInt64(index) << 32 | TreeNode.attributeBit | UInt64(attribute)
            if case .named(let number) = test {
                if document.names.expanded[record.name] == number {
                    keys.append(key)
                    return
                }
            } else {
                take(key, &keys)
            }
            if record.isLast { return }
            attribute += 1
        }
    }

    private mutating func appendAttributesBelow(_ index: Int, _ keys: inout [UInt64]) {
        guard case .named(let name) = test, limit == Int.max else {
            for element in index..<end(index) where keys.count < most {
                visited += 1
                appendAttributes(element, &keys)
            }
            return
        }
        visited += end(index) - index
        let (nodes, attributes, names) = (document.nodes, document.attributes, document.names.expanded)
        for element in index..<end(index)
        where nodes[element].kind == .element && nodes[element].payload != NodeRecord.none {
            var attribute = Int(nodes[element].payload)
            while names[attributes[attribute].name] != name, !attributes[attribute].isLast { attribute += 1 }
            guard names[attributes[attribute].name] == name else { continue }
            keys.append(UInt64(element) << 32 | TreeNode.attributeBit | UInt64(attribute))
        }
    }

    private func appendNamespaces(_ index: Int, _ keys: inout [UInt64]) {
        guard record(index).kind == .element else { return }
        for number in 1...Node(document: document, index: index).namespacesInScope.count {
            take(UInt64(index) << 32 | UInt64(number), &keys)
        }
    }

    private mutating func appendRange(_ first: Int, _ last: Int, _ keys: inout [UInt64]) {
        guard first < last else { return }
        if let elementName, isIndexed, last - first > ElementRange.leastNodes,
            let index = document.elementIndex(forNodes: last - first)
        {
            let elements = index.elements(named: elementName).elements[...].within(first..<last).prefix(limit)
            for element in elements { keys.append(UInt64(element) << 32) }
            visited += elements.count
            return
        }
        collect(first..<last, &keys)
    }

    private mutating func appendPreceding(_ index: Int, _ keys: inout [UInt64]) {
        guard let elementName, isIndexed, index > ElementRange.leastNodes,
            let lists = document.elementIndex(forNodes: index)
        else {
            return collect(Preceding(nodes: document.nodes, before: index), &keys)
        }
        for element in lists.elements(named: elementName).elements[...].within(0..<index).reversed() {
            visited += 1
            guard end(Int(element)) <= index else { continue }
            keys.append(UInt64(element) << 32)
            if keys.count >= most { return }
        }
    }

    /// Appends those that pass. Which test it is, is asked once for all of them.
    private mutating func collect(_ indexes: some Sequence<Int>, _ keys: inout [UInt64]) {
        let (nodes, expanded) = (document.nodes, document.names.expanded)
        if let elementName {
            visited += collect(indexes, &keys) { nodes[$0].kind == .element && expanded[nodes[$0].name] == elementName }
            return
        }
        switch test {
        case .anyNamed(let names):
            visited += collect(indexes, &keys) { nodes[$0].kind == .element && names[nodes[$0].name] }
        case .principal: visited += collect(indexes, &keys) { nodes[$0].kind == .element }
        default: visited += collect(indexes, &keys, passes)
        }
    }

    /// - Returns: how many were looked at.
    @inline(__always)
    private func collect(_ indexes: some Sequence<Int>, _ keys: inout [UInt64], _ passes: (Int) -> Bool) -> Int {
        var count = 0
        for index in indexes {
            count += 1
            guard passes(index) else { continue }
            keys.append(UInt64(index) << 32)
            if keys.count >= most { break }
        }
        return count
    }
}

/// A node and those around it, from the inside to the outside.
private struct Ancestors: Sequence, IteratorProtocol {
    let nodes: [NodeRecord]
    var current: Int?

    mutating func next() -> Int? {
        guard let index = current else { return nil }
        current = index > 0 ? Int(nodes[index].parent) : nil
        return index
    }
}

/// A node and those beside it that follow.
private struct Siblings: Sequence, IteratorProtocol {
    let nodes: [NodeRecord]
    var current: Int
    /// Where the node around them ends.
    let end: Int

    mutating func next() -> Int? {
        guard current < end else { return nil }
        defer { current = Int(nodes[current].subtreeEnd) }
        return current
    }
}

/// The nodes beside one that come before it, the nearest first.
private struct PrecedingSiblings: Sequence, IteratorProtocol {
    var node: Node

    mutating func next() -> Int? {
        guard let previous = node.previousSibling else { return nil }
        node = previous
        return previous.index
    }
}

/// All nodes before one but those around it, the nearest first.
private struct Preceding: Sequence, IteratorProtocol {
    private let nodes: [NodeRecord]
    private var current: Int
    /// The nearest one around it.
    private var ancestor: Int

    init(nodes: [NodeRecord], before index: Int) {
        self.nodes = nodes
        current = index
        ancestor = index > 0 ? Int(nodes[index].parent) : -1
    }

    mutating func next() -> Int? {
        current -= 1
        while current == ancestor, current >= 0 {
            ancestor = current > 0 ? Int(nodes[current].parent) : -1
            current -= 1
        }
        return current >= 0 ? current : nil
    }
}
