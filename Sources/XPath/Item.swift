public import XML

/// A node as XPath defines it: attributes and namespaces are nodes as well (XPath 2.0 data model, 6).
///
///     for node in try document.select("//@hand").compactMap(\.node) {
///         print(node.location, node.stringValue)
///     }
public struct TreeNode: Sendable {
    /// The seven kinds of nodes.
    public enum Kind: UInt8, Sendable {
        case document, element, attribute, text, comment, processingInstruction, namespace
    }

    /// The document that the node belongs to.
    public let document: Document
    /// Ordered as the document is: the index of the node or of the element; in the lower half 0 for the node itself,
    /// else the number of a namespace in scope, from 1, or the index of an attribute with the highest bit set.
    let key: UInt64

    static let attributeBit: UInt64 = 1 << 31

    init(document: Document, key: UInt64) {
        self.document = document
        self.key = key
    }

    init(document: Document, index: Int) {
        self.init(document: document, key: UInt64(index) << 32)
    }

    /// Makes a node of XPath from a node of the document.
    public init(_ node: Node) {
        self.init(document: node.document, index: node.index)
    }

    /// Makes a node of XPath from an attribute.
    public init(_ attribute: Attribute) {
        self.init(
            document: attribute.element.document,
            key: UInt64(attribute.element.index) << 32 | TreeNode.attributeBit | UInt64(attribute.index)
        )
    }

    /// The index of the node, or of the element to which the attribute or namespace belongs.
    var index: Int { Int(key >> 32) }

    var isAttribute: Bool { key & TreeNode.attributeBit != 0 }
    var isNamespace: Bool { key & 0xFFFF_FFFF != 0 && !isAttribute }

    /// The node; for an attribute or namespace, its element.
    public var node: Node { Node(document: document, index: index) }

    /// The attribute, if the node is one; otherwise `nil`.
    public var attribute: Attribute? {
        isAttribute ? Attribute(element: node, index: Int(key & (TreeNode.attributeBit - 1))) : nil
    }

    /// The kind of this node.
    public var kind: Kind {
        if isAttribute { return .attribute }
        if isNamespace { return .namespace }
        return switch document.nodes[index].kind {
        case .document: .document
        case .element: .element
        case .text: .text
        case .comment: .comment
        case .processingInstruction: .processingInstruction
        }
    }

    /// The prefix and namespace, of a namespace node.
    var namespaceBinding: (prefix: String, namespace: String)? {
        guard isNamespace else { return nil }
        return node.namespacesInScope[Int(key & 0x7FFF_FFFF) - 1]
    }

    /// The name, if the kind of node has one; for a namespace node, the prefix.
    public var name: QName? {
        switch kind {
        case .element: node.name
        case .processingInstruction: node.name.map { QName(localName: $0.localName) }
        case .attribute: attribute?.name
        case .namespace: namespaceBinding.flatMap { $0.prefix.isEmpty ? nil : QName(localName: $0.prefix) }
        case .document, .text, .comment: nil
        }
    }

    /// The string value (XPath 2.0 data model, 5.13).
    public var stringValue: String {
        if let attribute { return attribute.value }
        if let namespaceBinding { return namespaceBinding.namespace }
        return node.stringValue
    }

    /// Without a schema every element and attribute is untyped; comments, instructions and namespaces are strings.
    var typedValue: AtomicValue {
        switch kind {
        case .comment, .processingInstruction, .namespace: .string(stringValue)
        default: .untyped(stringValue)
        }
    }

    /// The parent; `nil` for the document node. For an attribute or namespace it is the element.
    public var parent: TreeNode? {
        key & 0xFFFF_FFFF != 0 ? TreeNode(node) : node.parent.map(TreeNode.init)
    }

    /// The place where the node begins; for a namespace, the place of its element.
    public var location: SourceLocation { attribute?.location ?? node.location }
}

extension TreeNode: Hashable {
    /// Whether both are the same node.
    public static func == (a: TreeNode, b: TreeNode) -> Bool { a.key == b.key && a.document === b.document }

    /// Feeds the node into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(document))
        hasher.combine(key)
    }
}

extension TreeNode: Comparable {
    /// Document order (XPath 2.0, 2.4.1); between two documents, the document that was read first comes first.
    public static func < (a: TreeNode, b: TreeNode) -> Bool {
        a.document === b.document ? a.key < b.key : a.document.number < b.document.number
    }
}

extension Node {
    /// The prefixes in scope with what they mean, in order; `xml` comes first and the default namespace has the empty
    /// prefix.
    var namespacesInScope: [(prefix: String, namespace: String)] {
        [("xml", Namespace.xml)] + namespaces.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// An item: a node, an atomic value, a function or an array (XPath 3.1 data model, 2.5).
///
///     for item in try document.select("//title, 'end'") {
///         switch item {
///         case .node(let node): print(node.location)
///         case .atomic(let value): print(value.string)
///         case .function, .array: break
///         }
///     }
public enum Item: Sendable {
    case node(TreeNode)
    case atomic(AtomicValue)
    /// Behind a reference, which keeps all items small.
    indirect case function(FunctionItem)
    indirect case array(ArrayItem)
}

extension Item {
    /// The node, if the item is one; otherwise `nil`.
    public var node: TreeNode? {
        if case .node(let node) = self { return node }
        return nil
    }

    /// The atomic value, if the item is one; otherwise `nil`.
    public var atomic: AtomicValue? {
        if case .atomic(let value) = self { return value }
        return nil
    }

    static func string(_ value: String) -> Item { .atomic(.string(value)) }
    static func boolean(_ value: Bool) -> Item { .atomic(.boolean(value)) }
    static func integer(_ value: Int) -> Item { .atomic(.integer(value)) }

    /// The typed value (fn:data); for an array with one member, that member's.
    ///
    /// - Throws: ``XPathError`` FOTY0013 for a function, XPTY0004 for an array with no member or with several.
    public func atomized() throws(XPathError) -> AtomicValue {
        switch self {
        case .node(let node): return node.typedValue
        case .atomic(let value): return value
        case .function: throw .functionHasNoValue()
        case .array(let array): return try array.onlyValue()
        }
    }

    /// The string value (fn:string).
    ///
    /// - Throws: ``XPathError`` FOTY0014 for a function or an array.
    public func string() throws(XPathError) -> String {
        switch self {
        case .node(let node): return node.stringValue
        case .atomic(let value): return value.string
        case .function: throw .functionHasNoString()
        case .array: throw .arrayHasNoString()
        }
    }
}

/// A sequence of items: the result of every expression (XPath 2.0, 2).
///
///     for item in try document.select("//tei:add[@hand = '#pbs']") {
///         print(item.node?.location.description ?? "")
///     }
///
/// It is a collection: the first item has the position 0.
public struct ItemSequence: Sendable {
    /// Several nodes of one document need no reference each, and a range no items.
    enum Storage: Sendable {
        case empty
        case one(Item)
        /// Keys of nodes of one document, in the order of the sequence.
        case nodes(Document, [UInt64])
        /// Elements of one document, at least two, in its order.
        case elementRange(Document, ElementRange)
        /// Consecutive integers: the first and their number.
        case range(PackedInteger, Int)
        case many([Item])
    }

    private(set) var storage: Storage

    static let empty = ItemSequence(.empty)
    static let yes = ItemSequence(AtomicValue.boolean(true))
    static let no = ItemSequence(AtomicValue.boolean(false))

    private init(_ storage: Storage) {
        self.storage = storage
    }

    /// Makes a sequence of one item.
    public init(_ item: Item) {
        storage = .one(item)
    }

    init(_ value: AtomicValue) {
        storage = .one(.atomic(value))
    }

    init(_ value: AtomicValue?) {
        storage = value.map { .one(.atomic($0)) } ?? .empty
    }

    init(_ node: TreeNode) {
        storage = .one(.node(node))
    }

    init(_ items: [Item]) {
        storage = items.isEmpty ? .empty : items.count == 1 ? .one(items[0]) : .many(items)
    }

    init(_ values: [AtomicValue]) {
        self.init(values.map(Item.atomic))
    }

    init(_ document: Document, _ keys: [UInt64]) {
        storage =
            switch keys.count {
            case 0: .empty
            case 1: .one(.node(TreeNode(document: document, key: keys[0])))
            default: .nodes(document, keys)
            }
    }

    init(_ document: Document, _ elementRange: ElementRange) {
        storage =
            switch elementRange.count {
            case 0: .empty
            case 1: .one(.node(TreeNode(document: document, index: Int(elementRange[0]))))
            default: .elementRange(document, elementRange)
            }
    }

    /// The integers from `first` to `last`, none if that is less.
    ///
    /// - Throws: FOER0000 where there are more than can be counted.
    init(from first: Int128, through last: Int128) throws(XPathError) {
        let (difference, isTooMuch) = last.subtractingReportingOverflow(first)
        guard !isTooMuch, difference < Int128(Int.max) else { throw .tooManyItems(Int.max) }
        storage =
            last < first
            ? .empty
            : first == last ? .one(.atomic(.integer(first))) : .range(PackedInteger(first), Int(difference) + 1)
    }

    init(_ value: Bool) { self = value ? .yes : .no }
    init(_ value: String) { self.init(AtomicValue.string(value)) }
    init(_ value: String?) { self.init(value.map(AtomicValue.string)) }
    init(_ value: Int) { self.init(AtomicValue.integer(value)) }
    init(_ value: Double) { self.init(AtomicValue.double(value)) }
}

extension ItemSequence: RandomAccessCollection {
    /// The position of the first item: 0.
    public var startIndex: Int { 0 }
    /// The position after the last item.
    public var endIndex: Int { count }

    /// The number of items.
    public var count: Int {
        switch storage {
        case .empty: 0
        case .one: 1
        case .nodes(_, let keys): keys.count
        case .elementRange(_, let elementRange): elementRange.count
        case .range(_, let count): count
        case .many(let items): items.count
        }
    }

    /// The item at a position, from 0.
    public subscript(position: Int) -> Item {
        switch storage {
        case .empty: preconditionFailure("an empty sequence has no items")
        case .one(let item):
            precondition(position == 0, "beyond the end of a sequence of one")
            return item
        case .nodes(let document, let keys): return .node(TreeNode(document: document, key: keys[position]))
        case .elementRange(let document, let elementRange):
            return .node(TreeNode(document: document, index: Int(elementRange[position])))
        case .range(let first, let count):
            precondition(position >= 0 && position < count, "beyond the end of a range")
            return .atomic(.integer(first.value + Int128(position)))
        case .many(let items): return items[position]
        }
    }
}

extension ItemSequence {
    /// With a key for each element of a range.
    var expanded: ItemSequence {
        if case .elementRange(let document, let elementRange) = storage {
            ItemSequence(document, elementRange.keys)
        } else {
            self
        }
    }

    mutating func append(_ item: Item) {
        self = expanded
        switch storage {
        case .empty: storage = .one(item)
        case .one(let first): storage = .many([first, item])
        case .many(var items):
            storage = .empty
            items.append(item)
            storage = .many(items)
        case .nodes(let document, var keys):
            if case .node(let node) = item, node.document === document {
                storage = .empty
                keys.append(node.key)
                storage = .nodes(document, keys)
            } else {
                storage = .many(Array(self) + [item])
            }
        case .range, .elementRange: storage = .many(Array(self) + [item])
        }
    }

    /// The arrays are taken out of the storage before they grow, so that they grow in place.
    mutating func append(contentsOf other: ItemSequence) {
        switch other.storage {
        case .empty: return
        case .one(let item): return append(item)
        default: break
        }
        if isEmpty { return storage = other.storage }
        self = expanded
        let other = other.expanded
        switch storage {
        case .empty: break
        case .nodes(let document, var keys):
            guard case .nodes(let second, let more) = other.storage, document === second else {
                return storage = .many(Array(self) + Array(other))
            }
            storage = .empty
            keys.append(contentsOf: more)
            storage = .nodes(document, keys)
        case .many(var items):
            storage = .empty
            if case .many(let more) = other.storage {
                items.append(contentsOf: more)
            } else {
                items.append(contentsOf: other)
            }
            storage = .many(items)
        case .one, .range, .elementRange: storage = .many(Array(self) + Array(other))
        }
    }

    /// The items from one position to another, from 0.
    func slice(_ range: Range<Int>) -> ItemSequence {
        if range.count == count { return self }
        switch storage {
        case .empty, .one: return range.isEmpty ? .empty : self
        case .nodes(let document, let keys): return ItemSequence(document, Array(keys[range]))
        case .elementRange(let document, let elementRange): return ItemSequence(document, elementRange.slice(range))
        case .range(let first, _):
            if range.count < 2 { return ItemSequence(range.map { self[$0] }) }
            return ItemSequence(.range(PackedInteger(first.value + Int128(range.lowerBound)), range.count))
        case .many(let items): return ItemSequence(Array(items[range]))
        }
    }

    /// The typed values of all items (fn:data).
    func atomized(_ allowance: inout Allowance) throws(XPathError) -> ItemSequence {
        switch storage {
        case .empty, .range: return self
        case .one(.atomic): return self
        default:
            var values: [Item] = []
            values.reserveCapacity(count)
            for item in mayHoldArrays ? try flattened() : self {
                let value = try item.atomized()
                try allowance.hold(value.textLength)
                values.append(.atomic(value))
            }
            return ItemSequence(values)
        }
    }

    /// The effective boolean value (XPath 2.0, 2.4.3).
    ///
    /// - Throws: FORG0006 where it has none.
    func effectiveBooleanValue() throws(XPathError) -> Bool {
        switch storage {
        case .empty: return false
        case .nodes, .elementRange: return true
        case .one(.atomic(let value)): return try value.effectiveBooleanValue()
        case .one(.node): return true
        case .many(let items):
            if case .node = items[0] { return true }
            throw .noBooleanValue(of: "a sequence of \(items.count) items")
        case .range(_, let count): throw .noBooleanValue(of: "a sequence of \(count) items")
        case .one(.function): throw .noBooleanValue(of: "a function")
        case .one(.array): throw .noBooleanValue(of: "an array")
        }
    }
}

/// The arguments of a function after the function conversion rules, in the types that its signature names.
extension ItemSequence {
    /// The only item, or `nil` if there is none.
    var optional: Item? { isEmpty ? nil : self[0] }

    var atomic: AtomicValue? { optional?.atomic }

    var node: TreeNode? { optional?.node }

    /// The string of an argument of type `xs:string?`; that of the empty sequence is empty.
    var string: String { atomic?.string ?? "" }

    var boolean: Bool {
        if case .boolean(let value)? = atomic?.content { return value }
        return false
    }

    var integer: Int128? {
        if case .integer(let value)? = atomic?.content { return value.value }
        return nil
    }

    var double: Double? {
        if case .double(let value)? = atomic?.content { return value }
        return nil
    }

    var qname: QName? {
        if case .name(let value)? = atomic?.content { return value }
        return nil
    }

    /// The function of an argument of the type of a function, which an array may be.
    var function: FunctionItem? { optional?.function }
}
