/// A node of a ``Document``: an index into it, cheap to copy.
///
///     for node in document.root.children where node.kind == .comment {
///         print(node.location, node.stringValue)
///     }
///
/// The axes have XPath's names (XPath 2.0, 3.2.1.1); each gives nodes in document order unless its comment says
/// otherwise.
public struct Node: Sendable {
    /// The kinds of nodes. Attributes and namespaces are not nodes here; in XPath they are.
    public enum Kind: UInt8, Sendable {
        case document, element, text, comment, processingInstruction
    }

    /// The document that the node belongs to.
    public let document: Document
    /// The position in document order, from 0 for the document node.
    public let index: Int

    package init(document: Document, index: Int) {
        self.document = document
        self.index = index
    }

    @inlinable package var record: NodeRecord { document.nodes[index] }

    /// The kind of this node.
    @inlinable public var kind: Kind { record.kind }

    /// The qualified name of an element, or the target of a processing instruction; `nil` for other nodes.
    public var name: QName? {
        switch kind {
        case .element, .processingInstruction: document.names.qnames[record.name]
        case .document, .text, .comment: nil
        }
    }

    /// The local part of the name; empty for nodes without a name.
    public var localName: String { name?.localName ?? "" }

    /// The namespace name of an element; `nil` without one.
    public var namespace: String? { name?.namespace }

    /// A number that all elements of the document with the same namespace and local name share.
    @inlinable public var nameIndex: Int { Int(document.names.expanded[record.name]) }

    /// The local part of an element's name in a namespace, empty for all other nodes.
    package func localName(in namespace: String) -> String {
        guard kind == .element, document.names.qnames[record.name].namespace == namespace else { return "" }
        return document.names.qnames[record.name].localName
    }

    /// Appends a text, in UTF-8.
    package func appendText(to bytes: inout [UInt8]) { document.appendText(index, to: &bytes) }

    /// Whether this is an element with this local name and namespace.
    public func isElement(_ localName: String, in namespace: String?) -> Bool {
        guard kind == .element else { return false }
        let name = document.names.qnames[record.name]
        return name.localName.isSame(as: localName) && name.namespace.isSame(as: namespace)
    }

    /// The content of a text, comment or processing instruction; for an element or document, all text in it.
    public var stringValue: String {
        switch kind {
        case .text, .comment, .processingInstruction:
            return document.string(index)
        case .element, .document:
            var bytes: [UInt8] = []
            for child in index..<Int(record.subtreeEnd) where document.nodes[child].kind == .text {
                document.appendText(child, to: &bytes)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension Node: Hashable {
    /// Whether both are the same node of the same document.
    public static func == (a: Node, b: Node) -> Bool { a.index == b.index && a.document === b.document }

    /// Feeds the node into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(document))
        hasher.combine(index)
    }
}

extension Node {
    /// Whether a text is white space alone.
    package var isBlank: Bool {
        guard record.payload != NodeRecord.none else {
            return document.source[Int(record.start)..<Int(record.end)].allSatisfy(\.isXMLSpace)
        }
        return document.pieces(of: record).allSatisfy { document.bytes(of: $0).allSatisfy(\.isXMLSpace) }
    }
}

// MARK: - Axes

extension Node {
    /// The parent; `nil` for the document node.
    public var parent: Node? {
        index == 0 ? nil : Node(document: document, index: Int(record.parent))
    }

    /// The first child; `nil` if there is none.
    public var firstChild: Node? {
        index + 1 < Int(record.subtreeEnd) ? Node(document: document, index: index + 1) : nil
    }

    /// The next sibling; `nil` after the last.
    public var nextSibling: Node? {
        guard index != 0 else { return nil }
        let next = Int(record.subtreeEnd)
        return next < Int(document.nodes[Int(record.parent)].subtreeEnd) ? Node(document: document, index: next) : nil
    }

    /// The previous sibling; `nil` before the first.
    public var previousSibling: Node? {
        guard index != 0, index - 1 != Int(record.parent) else { return nil }
        var previous = index - 1
        while document.nodes[previous].parent != record.parent { previous = Int(document.nodes[previous].parent) }
        return Node(document: document, index: previous)
    }

    /// The children.
    public var children: NodeSiblings {
        NodeSiblings(document: document, position: index + 1, end: Int(record.subtreeEnd))
    }

    /// The children that are elements.
    public var childElements: NodeSiblings {
        NodeSiblings(document: document, position: index + 1, end: Int(record.subtreeEnd), areElements: true)
    }

    /// All nodes below this node.
    ///
    ///     let words = document.root.descendants.filter { $0.isElement("w", in: Namespace.tei) }
    ///     print(words.count)
    public var descendants: NodeRange {
        NodeRange(document: document, startIndex: index + 1, endIndex: Int(record.subtreeEnd))
    }

    /// This node and all nodes below it.
    public var descendantsOrSelf: NodeRange {
        NodeRange(document: document, startIndex: index, endIndex: Int(record.subtreeEnd))
    }

    /// The nodes above this node, the nearest first.
    public var ancestors: NodeAncestors { NodeAncestors(node: parent) }

    /// This node and the nodes above it, the nearest first.
    public var ancestorsOrSelf: NodeAncestors { NodeAncestors(node: self) }

    /// The siblings after this node.
    public var followingSiblings: NodeSiblings {
        let end = index == 0 ? 0 : Int(document.nodes[Int(record.parent)].subtreeEnd)
        return NodeSiblings(document: document, position: Int(record.subtreeEnd), end: end)
    }

    /// The siblings before this node, the nearest first.
    public var precedingSiblings: some Sequence<Node> {
        sequence(state: self) { node in
            guard let previous = node.previousSibling else { return nil }
            node = previous
            return previous
        }
    }

    /// All nodes that begin after the end of this node.
    public var following: NodeRange {
        NodeRange(document: document, startIndex: Int(record.subtreeEnd), endIndex: document.nodes.count)
    }

    /// All nodes that end before the beginning of this node, the nearest first; ancestors are not among them.
    public var preceding: some Sequence<Node> {
        let above = Set(ancestors.map(\.index))
        return (0..<index).reversed().lazy.filter { !above.contains($0) }.map { [document] in
            Node(document: document, index: $0)
        }
    }

    /// Whether `other` is this node or lies below it.
    public func contains(_ other: Node) -> Bool {
        other.document === document && other.index >= index && other.index < Int(record.subtreeEnd)
    }
}

// The axes that are walked most have types of their own, since one that is not named is walked by way of its protocol
// in other modules.

/// Nodes with the same parent, in document order.
public struct NodeSiblings: Sequence, IteratorProtocol, Sendable {
    let document: Document
    var position: Int
    /// The end of the parent's descendants.
    let end: Int
    /// Whether all but elements are passed over.
    var areElements = false

    /// The next node; `nil` after the last.
    public mutating func next() -> Node? {
        while position < end {
            let index = position
            let record = document.nodes[index]
            position = Int(record.subtreeEnd)
            if !areElements || record.kind == .element { return Node(document: document, index: index) }
        }
        return nil
    }
}

/// Consecutive nodes of a document; each element's position is the node's ``Node/index``.
public struct NodeRange: RandomAccessCollection, Sendable {
    let document: Document
    /// The index of the first node, and the index after the last.
    public let startIndex, endIndex: Int

    /// The node with an index.
    public subscript(index: Int) -> Node { Node(document: document, index: index) }
}

/// A node and the nodes above it, the nearest first.
public struct NodeAncestors: Sequence, IteratorProtocol, Sendable {
    var node: Node?

    /// The next node upwards; `nil` after the document node.
    public mutating func next() -> Node? {
        defer { node = node?.parent }
        return node
    }
}

// MARK: - Diagnostics

extension Diagnostic {
    /// Makes a diagnostic about a node: place, XPath and nearest `xml:id` come from the node.
    ///
    ///     let finding = Diagnostic(.warning, rule: "my-rule", "this element is empty", node: document.root)
    ///     print(finding.path ?? "")
    public init(
        _ severity: Severity = .error,
        rule: String,
        _ message: String,
        help: String? = nil,
        node: Node,
        attribute: Attribute? = nil,
        notes: [Note] = []
    ) {
        self.init(
            severity, rule: rule, message, help: help,
            at: attribute?.location ?? node.location,
            path: node.path, id: node.nearestID, notes: notes
        )
    }
}
