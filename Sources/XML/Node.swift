/// A node of a ``Document``: an index into it, as cheap to copy as it looks.
///
/// The axes bear XPath's names; each yields nodes in document order unless it says otherwise.
public struct Node: Sendable {
    public enum Kind: UInt8, Sendable {
        case document, element, text, comment, processingInstruction
    }

    public let document: Document
    /// The position in document order, 0 being the document node.
    public let index: Int

    package init(document: Document, index: Int) {
        self.document = document
        self.index = index
    }

    @inlinable package var record: NodeRecord { document.nodes[index] }

    @inlinable public var kind: Kind { record.kind }

    /// The qualified name of an element, or the target of a processing instruction; otherwise `nil`.
    public var name: QName? {
        switch kind {
        case .element, .processingInstruction: document.names.qnames[record.name]
        case .document, .text, .comment: nil
        }
    }

    /// The local part of the name, empty for nodes without one.
    public var localName: String { name?.localName ?? "" }

    /// The namespace name of an element.
    public var namespace: String? { name?.namespace }

    /// A number that is the same for all elements of the document with the same namespace and local name.
    @inlinable public var nameIndex: Int { Int(document.names.expanded[record.name]) }

    /// The local part of an element's name in a namespace, empty for all other nodes.
    package func localName(in namespace: String) -> String {
        guard kind == .element, document.names.qnames[record.name].namespace == namespace else { return "" }
        return document.names.qnames[record.name].localName
    }

    /// Appends a text, in UTF-8.
    package func appendText(to bytes: inout [UInt8]) { document.appendText(index, to: &bytes) }

    /// Whether this is the element `localName` in `namespace`.
    public func isElement(_ localName: String, in namespace: String?) -> Bool {
        guard kind == .element else { return false }
        let name = document.names.qnames[record.name]
        return name.localName.isSame(as: localName) && name.namespace.isSame(as: namespace)
    }

    /// The content of a text, comment or processing instruction; the text within an element or document.
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
    public static func == (a: Node, b: Node) -> Bool { a.index == b.index && a.document === b.document }

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
    /// The parent, `nil` above the document node.
    public var parent: Node? {
        index == 0 ? nil : Node(document: document, index: Int(record.parent))
    }

    public var firstChild: Node? {
        index + 1 < Int(record.subtreeEnd) ? Node(document: document, index: index + 1) : nil
    }

    public var nextSibling: Node? {
        guard index != 0 else { return nil }
        let next = Int(record.subtreeEnd)
        return next < Int(document.nodes[Int(record.parent)].subtreeEnd) ? Node(document: document, index: next) : nil
    }

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

    /// All nodes below this one.
    public var descendants: NodeStretch {
        NodeStretch(document: document, startIndex: index + 1, endIndex: Int(record.subtreeEnd))
    }

    /// This node and all below it.
    public var descendantsOrSelf: NodeStretch {
        NodeStretch(document: document, startIndex: index, endIndex: Int(record.subtreeEnd))
    }

    /// The nodes above this one, the nearest first.
    public var ancestors: NodeAncestors { NodeAncestors(node: parent) }

    /// This node and those above it, the nearest first.
    public var ancestorsOrSelf: NodeAncestors { NodeAncestors(node: self) }

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

    /// All nodes that begin after this one has ended.
    public var following: NodeStretch {
        NodeStretch(document: document, startIndex: Int(record.subtreeEnd), endIndex: document.nodes.count)
    }

    /// All nodes that ended before this one begins, the nearest first; ancestors are not among them.
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

/// Nodes with the same parent, one after the other.
public struct NodeSiblings: Sequence, IteratorProtocol, Sendable {
    let document: Document
    var position: Int
    /// The end of what stands below the parent.
    let end: Int
    /// Whether all but elements are passed over.
    var areElements = false

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

/// Nodes that follow one another in the document; an index is that of the node.
public struct NodeStretch: RandomAccessCollection, Sendable {
    let document: Document
    public let startIndex, endIndex: Int

    public subscript(index: Int) -> Node { Node(document: document, index: index) }
}

/// A node and those above it.
public struct NodeAncestors: Sequence, IteratorProtocol, Sendable {
    var node: Node?

    public mutating func next() -> Node? {
        defer { node = node?.parent }
        return node
    }
}

// MARK: - Attributes

/// An attribute of an element. Namespace declarations are not among them: ``Node/namespaces``.
public struct Attribute: Sendable {
    public let element: Node
    /// Its index among all attributes of the document.
    package let index: Int

    package init(element: Node, index: Int) {
        self.element = element
        self.index = index
    }

    private var record: AttributeRecord { element.document.attributes[index] }

    public var name: QName { element.document.names.qnames[record.name] }

    /// The value after normalisation (XML 1.0, 3.3.3).
    public var value: String { String(decoding: bytes, as: UTF8.self) }

    /// A number that is the same for all attributes and elements of the document with the same namespace and local
    /// name.
    package var nameIndex: Int { Int(element.document.names.expanded[record.name]) }

    /// The value in UTF-8.
    package var bytes: ArraySlice<UInt8> {
        let (start, end) = (record.start, record.start + Int(record.length))
        return record.inStrings ? element.document.strings[start..<end] : element.document.source[start..<end]
    }

    /// The next attribute of the tag.
    package var next: Attribute? { record.isLast ? nil : Attribute(element: element, index: index + 1) }

    /// Where the attribute's name stands; the element's place for an attribute that the DTD supplied.
    public var location: SourceLocation {
        element.document.location(of: sourceRange?.lowerBound ?? Int(element.record.start))
    }

    /// The place of the Unicode scalar number `offset`, from 0, of the value. A reference counts as one character, and
    /// so does a line end.
    package func location(ofScalar offset: Int) -> SourceLocation {
        let source = element.document.source
        guard let range = sourceRange else { return location }
        var position = range.lowerBound
        while position < range.upperBound, source[position] != UInt8(ascii: "\""), source[position] != UInt8(ascii: "'")
        { position += 1 }
        let end = range.upperBound - 1
        position = min(position + 1, end)
        for _ in 0..<offset where position < end {
            let first = source[position]
            position += 1
            switch first {
            case UInt8(ascii: "&"):
                while position < end, source[position - 1] != UInt8(ascii: ";") { position += 1 }
            case 0x0D:
                if source[position] == 0x0A { position += 1 }
            default:
                while position < end, source[position] & 0xC0 == 0x80 { position += 1 }
            }
        }
        return element.document.location(of: position)
    }

    /// Offsets of name, equals sign and quoted value in the document's UTF-8; `nil` if the DTD supplied it.
    var sourceRange: Range<Int>? {
        let source = element.document.source
        return element.document.startTag(of: element).attribute(named: name.description, in: source.span)?.whole
    }
}

/// The attributes of an element.
public struct Attributes: Sequence, IteratorProtocol, Sendable {
    fileprivate var attribute: Attribute?

    public mutating func next() -> Attribute? {
        defer { attribute = attribute?.next }
        return attribute
    }
}

extension Node {
    /// The attributes, in the order of the tag.
    public var attributes: Attributes { Attributes(attribute: firstAttribute) }

    /// The first attribute of the tag.
    package var firstAttribute: Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        return Attribute(element: self, index: Int(record.payload))
    }

    /// The attribute with this local name in `namespace` (by default in none).
    public func attributeNode(_ localName: String, in namespace: String? = nil) -> Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        return document.names.expandedName(localName, namespace: namespace).flatMap(attributeNode)
    }

    /// The attribute whose name has a number.
    package func attributeNode(named name: UInt32) -> Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        var index = Int(record.payload)
        while true {
            let attribute = document.attributes[index]
            if document.names.expanded[attribute.name] == name { return Attribute(element: self, index: index) }
            if attribute.isLast { return nil }
            index += 1
        }
    }

    /// The value of an attribute, or `nil`.
    public func attribute(_ localName: String, in namespace: String? = nil) -> String? {
        attributeNode(localName, in: namespace)?.value
    }

    /// The value of `xml:id`, without white space around it.
    public var xmlID: String? {
        attribute("id", in: Namespace.xml).map { String(decoding: Array($0.utf8)[...].trimmingXMLSpace, as: UTF8.self) }
    }

    /// The `xml:id` of this node or of the nearest ancestor that has one.
    public var nearestID: String? {
        ancestorsOrSelf.lazy.compactMap(\.xmlID).first { _ in true }
    }

    /// The language in scope (`xml:lang`), `nil` where none is or where it is undeclared by an empty value.
    public var language: String? {
        let value = ancestorsOrSelf.lazy.compactMap { $0.attribute("lang", in: Namespace.xml) }.first { _ in true }
        return value == "" ? nil : value
    }

    /// Whether `xml:space="preserve"` is in scope.
    public var preservesSpace: Bool {
        // Most documents have no such attribute.
        guard let name = document.names.expandedName("space", namespace: Namespace.xml) else { return false }
        return ancestorsOrSelf.lazy.compactMap { $0.attributeNode(named: name)?.value }.first { _ in true }
            == "preserve"
    }

    /// The base of relative references: the file, changed by each `xml:base` in scope within it.
    public var baseURI: String {
        let file = self.file
        let bases = ancestorsOrSelf.prefix { $0.file.path.isSame(as: file.path) }
            .compactMap { $0.attribute("base", in: Namespace.xml) }
        return bases.reversed().reduce(file.path) { Reference($1).path(relativeTo: $0) ?? $0 }
    }

    /// What the tag itself declares, in its order; an empty namespace takes the default one away.
    package var declaredNamespaces: [(prefix: String?, namespace: String)] {
        document.namespaceDeclarations(of: index).map { ($0.prefix, $0.namespace) }
    }

    /// The namespace that `prefix` means here; `nil` for the default namespace.
    public func namespace(forPrefix prefix: String?) -> String? {
        if prefix == "xml" { return Namespace.xml }
        for node in ancestorsOrSelf {
            if let declared = document.namespaceDeclarations(of: node.index).first(where: {
                $0.prefix.isSame(as: prefix)
            }) {
                return declared.namespace.isEmpty ? nil : declared.namespace
            }
        }
        return nil
    }

    /// The namespaces in scope, by prefix; the default namespace's key is empty. `xml` is not listed.
    ///
    /// Of prefixes that Swift takes for the same string, the first in the order of code points is listed.
    public var namespaces: [String: String] {
        Dictionary(namespaceScope.sorted { $0.key < $1.key }.map { ($0.key.string, $0.value) }) { first, _ in first }
    }

    /// All namespaces in scope, as ``namespaces``.
    package var namespaceScope: [CodepointString: String] {
        var found: [CodepointString: String] = [:]
        for node in ancestorsOrSelf {
            for declaration in document.namespaceDeclarations(of: node.index) {
                let prefix = CodepointString(declaration.prefix ?? "")
                if found[prefix] == nil { found[prefix] = declaration.namespace }
            }
        }
        return found.filter { !$0.value.isEmpty }
    }
}

// MARK: - Places

extension Node {
    /// Where the node begins.
    public var location: SourceLocation { document.location(of: Int(record.start)) }

    /// The file in which the node stands.
    public var file: SourceFile { document.files[fileIndex(of: Int(record.start), files: document.files)] }

    /// The bytes of the node in its file as it is stored: from `<` to behind the end tag's `>`.
    ///
    /// What an entity brought in has the bytes of its reference.
    public var byteRange: Range<Int> { bytes(to: Int(record.end)) }

    /// The node as its file says it, in UTF-8: an element from `<` to behind the end tag's `>`.
    package var sourceText: ArraySlice<UInt8> { document.source[Int(record.start)..<Int(record.end)] }

    /// The bytes of an element's start tag, or of the whole of an empty element; otherwise `nil`.
    public var startTagByteRange: Range<Int>? {
        guard kind == .element else { return nil }
        return bytes(to: StartTag(self).end)
    }

    /// The end is asked of the node's own file: behind its last byte the next file begins.
    private func bytes(to end: Int) -> Range<Int> {
        let file = self.file
        let offset = { file.location(at: $0 - file.range.lowerBound, in: document.source).byteOffset }
        return offset(Int(record.start))..<offset(end)
    }

    /// The place of the Unicode scalar number `offset`, from 0, of a text node.
    ///
    /// Exact through references, CDATA sections and line ends; every character of an internal entity is at its
    /// reference.
    public func location(ofScalar offset: Int) -> SourceLocation {
        document.location(of: document.sourceOffset(ofScalar: offset, inText: index))
    }

    /// The place right behind what stands for the Unicode scalar number `offset` of a text node: its character, its
    /// line end, or a reference.
    public func endLocation(ofScalar offset: Int) -> SourceLocation {
        document.location(of: document.sourceEnd(ofScalar: offset, inText: index))
    }

    /// The places of all scalars of a text node, from each to the next of which columns count up by one: where the text
    /// begins, behind line ends, and at what a reference stands for, of which every scalar has the place of the
    /// reference.
    public var places: [(scalar: Int, location: SourceLocation)] { document.places(inText: index) }

    /// The XPath that selects this node in its document, in lexical names: `/TEI[1]/text[1]/body[1]/p[2]`.
    public var path: String { path { _ in false } }

    /// The XPath that selects this node in the file in which it stands, which may have been included whole in another.
    package var pathInFile: String {
        document.files.count == 1 ? path : path { $0.kind == .element && $0.isOutermostOfFile }
    }

    /// Whether this is the outermost element of the file in which it stands.
    var isOutermostOfFile: Bool {
        let start = Int(record.start)
        guard kind == .element else { return false }
        return document.source[file.range.lowerBound..<start].span.isProlog
    }

    /// - Parameter isFirst: whether the path begins at an element.
    private func path(from isFirst: (Node) -> Bool) -> String {
        var steps: [String] = []
        for node in ancestorsOrSelf where node.kind != .document {
            if isFirst(node) {
                steps.append("\(node.name?.description ?? "")[1]")
                break
            }
            let test =
                switch node.kind {
                case .element, .document: node.name?.description ?? ""
                case .text: "text()"
                case .comment: "comment()"
                case .processingInstruction: "processing-instruction(\(node.localName))"
                }
            steps.append("\(test)[\(document.siblingPosition(of: node))]")
        }
        return "/" + steps.reversed().joined(separator: "/")
    }
}

extension Document {
    /// The `nameIndex` of a name, `nil` where the document has none such.
    package func nameNumber(_ localName: String, namespace: String?) -> Int? {
        names.expandedName(localName, namespace: namespace).map(Int.init)
    }

    /// The names of elements and attributes, by `nameIndex`.
    package var qualifiedNames: [QName] { names.qnames }

    /// The kind of the node at a position in document order.
    package func kind(ofNodeAt index: Int) -> Node.Kind { nodes[index].kind }

    /// What a table holds for the names of an element's attributes, put together.
    ///
    /// - Parameter flags: by the number of a name.
    package func attributeFlags(ofElementAt index: Int, _ flags: [UInt32]) -> UInt32 {
        var attribute = nodes[index].payload
        guard attribute != NodeRecord.none else { return 0 }
        var found: UInt32 = 0
        while true {
            let record = attributes[Int(attribute)]
            found |= flags[Int(names.expanded[record.name])]
            if record.isLast { return found }
            attribute += 1
        }
    }

    /// The elements below one that have one of some names in a namespace, in document order.
    package func elements(below node: Node, named localNames: [String], in namespace: String) -> [Node] {
        let numbers = localNames.compactMap { names.expandedName($0, namespace: namespace) }
        guard !numbers.isEmpty else { return [] }
        var found: [Node] = []
        for index in (node.index + 1)..<Int(node.record.subtreeEnd) {
            let record = nodes[index]
            if record.kind == .element, numbers.contains(names.expanded[record.name]) {
                found.append(Node(document: self, index: index))
            }
        }
        return found
    }

    /// The elements that have at least one of some attributes in no namespace, in document order.
    package func elements(withAttributes localNames: some Sequence<String>) -> [Node] {
        var flags = [UInt32](repeating: 0, count: names.qnames.count)
        for name in localNames {
            if let number = names.expandedName(name, namespace: nil) { flags[Int(number)] = 1 }
        }
        guard flags.contains(1) else { return [] }
        return nodes.indices.lazy.filter { [self] in
            nodes[$0].kind == .element && attributeFlags(ofElementAt: $0, flags) != 0
        }
        .map { [self] in Node(document: self, index: $0) }
    }

    /// The first node below more than `limit` elements.
    package func firstNode(deeperThan limit: Int) -> Node? {
        var depths: [UInt16] = []
        depths.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() {
            let depth = index == 0 ? 0 : depths[Int(node.parent)] + 1
            if Int(depth) > limit + 1 { return Node(document: self, index: index) }
            depths.append(depth)
        }
        return nil
    }

    func location(of offset: Int) -> SourceLocation { XML.location(of: offset, in: source, files: files) }

    func namespaceDeclarations(of node: Int) -> ArraySlice<NamespaceRecord> {
        guard !namespaces.isEmpty else { return [] }
        var (low, high) = (0, namespaces.count)
        while low < high {
            let middle = (low + high) / 2
            if namespaces[middle].node < node { low = middle + 1 } else { high = middle }
        }
        return namespaces[low...].prefix { $0.node == node }
    }

    /// The parts of a text, comment or instruction that the source does not say literally.
    func pieces(of record: NodeRecord) -> ArraySlice<TextPiece> {
        let first = Int(record.payload)
        let last = pieces[first...].firstIndex { $0.isLast } ?? first
        return pieces[first...last]
    }

    func bytes(of piece: TextPiece) -> ArraySlice<UInt8> {
        (piece.isLiteral ? source : strings)[Int(piece.start)..<Int(piece.start + piece.length)]
    }

    /// The UTF-8 of a text, comment or processing instruction.
    func appendText(_ index: Int, to bytes: inout [UInt8]) {
        let record = nodes[index]
        guard record.payload != NodeRecord.none else {
            // A literal comment is kept as it stands, `<!--` and `-->` included.
            let inset = record.kind == .comment ? (4, 3) : (0, 0)
            bytes.append(contentsOf: source[(Int(record.start) + inset.0)..<(Int(record.end) - inset.1)])
            return
        }
        for piece in pieces(of: record) { bytes.append(contentsOf: self.bytes(of: piece)) }
    }

    func string(_ index: Int) -> String {
        var bytes: [UInt8] = []
        appendText(index, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func sourceOffset(ofScalar offset: Int, inText index: Int) -> Int { origin(ofScalar: offset, inText: index).offset }

    func sourceEnd(ofScalar offset: Int, inText index: Int) -> Int {
        let (start, isLiteral) = origin(ofScalar: offset, inText: index)
        let limit = Int(nodes[index].end)
        guard !isLiteral, start < limit else { return advance(start, by: 1, in: source, limit: limit) }
        switch source[start] {
        case UInt8(ascii: "&"): return (source[start..<limit].firstIndex(of: UInt8(ascii: ";")) ?? start) + 1
        case 0x0D: return start + (start + 1 < limit && source[start + 1] == 0x0A ? 2 : 1)
        default: return start + 1
        }
    }

    /// Where a scalar of a text comes from, and whether the source says it literally there.
    private func origin(ofScalar offset: Int, inText index: Int) -> (offset: Int, isLiteral: Bool) {
        let record = nodes[index]
        guard record.payload != NodeRecord.none else {
            return (advance(Int(record.start), by: offset, in: source, limit: Int(record.end)), true)
        }
        var remaining = offset
        for piece in pieces(of: record) {
            let (start, end) = (Int(piece.start), Int(piece.start + piece.length))
            let count = scalarCount(piece.isLiteral ? source : strings, start, end)
            if remaining < count {
                return (
                    piece.isLiteral ? advance(start, by: remaining, in: source, limit: end) : Int(piece.source),
                    piece.isLiteral
                )
            }
            remaining -= count
        }
        return (Int(record.end), true)
    }

    func places(inText index: Int) -> [(scalar: Int, location: SourceLocation)] {
        let record = nodes[index]
        var places: [(scalar: Int, location: SourceLocation)] = []
        var scalar = 0
        func appendLiteral(_ range: Range<Int>) {
            var isStart = true
            for offset in range where source[offset] & 0xC0 != 0x80 {
                if isStart { places.append((scalar, location(of: offset))) }
                isStart = source[offset] == 0x0A
                scalar += 1
            }
        }
        guard record.payload != NodeRecord.none else {
            appendLiteral(Int(record.start)..<Int(record.end))
            return places
        }
        for piece in pieces(of: record) {
            let range = Int(piece.start)..<Int(piece.start + piece.length)
            if piece.isLiteral {
                appendLiteral(range)
            } else {
                for _ in 0..<scalarCount(strings, range.lowerBound, range.upperBound) {
                    places.append((scalar, location(of: Int(piece.source))))
                    scalar += 1
                }
            }
        }
        return places
    }

    private func advance(_ offset: Int, by scalars: Int, in bytes: [UInt8], limit: Int) -> Int {
        var (offset, remaining) = (offset, scalars)
        while remaining > 0, offset < limit {
            offset += 1
            while offset < limit, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            remaining -= 1
        }
        return offset
    }
}

/// A start tag, read again from the source for the places of its parts.
package struct StartTag: Sendable {
    /// Offset behind `>`.
    package private(set) var end: Int
    private(set) var attributes: [(name: Range<Int>, whole: Range<Int>)] = []

    init(_ element: Node) {
        let source = element.document.source
        self.init(source.span, from: Int(element.record.start), to: Int(element.record.end))
    }

    /// - Parameters:
    ///   - start: the offset of `<`.
    ///   - limit: an offset behind the tag.
    package init(_ source: Span<UInt8>, from start: Int, to limit: Int) {
        var offset = start
        StartTag.skip(source, &offset, limit) { !$0.isXMLSpace && !$0.endsName }
        end = limit
        while offset < limit {
            StartTag.skip(source, &offset, limit) { $0.isXMLSpace }
            let start = offset
            StartTag.skip(source, &offset, limit) { !$0.isXMLSpace && !$0.endsName }
            let name = start..<offset
            guard !name.isEmpty else {
                StartTag.skip(source, &offset, limit) { $0 != UInt8(ascii: ">") }
                end = min(offset + 1, limit)
                return
            }
            StartTag.skip(source, &offset, limit) { $0.isXMLSpace || $0 == UInt8(ascii: "=") }
            guard offset < limit else { return }
            let quote = source[offset]
            offset += 1
            StartTag.skip(source, &offset, limit) { $0 != quote }
            offset += 1
            attributes.append((name, start..<offset))
        }
    }

    private static func skip(_ source: Span<UInt8>, _ offset: inout Int, _ limit: Int, while condition: (UInt8) -> Bool)
    {
        while offset < limit, condition(source[offset]) { offset += 1 }
    }

    /// The attribute of this lexical name.
    func attribute(named name: String, in source: Span<UInt8>) -> (name: Range<Int>, whole: Range<Int>)? {
        let lexical = Array(name.utf8)
        return attributes.first { attribute in
            attribute.name.count == lexical.count
                && lexical.indices.allSatisfy { source[attribute.name.lowerBound + $0] == lexical[$0] }
        }
    }
}

extension UInt8 {
    /// `=`, `/` or `>`, which end the name of a tag or an attribute.
    fileprivate var endsName: Bool {
        self == UInt8(ascii: "=") || self == UInt8(ascii: "/") || self == UInt8(ascii: ">")
    }
}

extension Span<UInt8> {
    /// Whether the beginning of a file has no start tag: only a declaration, comments, instructions and a document
    /// type.
    fileprivate var isProlog: Bool {
        var index = 0
        while let start = firstOffset(of: "<".utf8.span, from: index) {
            let rest = extracting(start..<count)
            let end: StaticString =
                if rest.hasPrefix("<?".utf8.span) { "?>" } else if rest.hasPrefix("<!--".utf8.span) { "-->" } else {
                    ">"
                }
            guard start + 1 < count, self[start + 1] == UInt8(ascii: "?") || self[start + 1] == UInt8(ascii: "!"),
                let close = firstOffset(of: end.description.utf8.span, from: start)
            else { return false }
            index = close + 1
            // A document type may hold declarations in brackets.
            if rest.hasPrefix("<!DOCTYPE".utf8.span), let bracket = firstOffset(of: "[".utf8.span, from: start),
                bracket < close
            {
                guard let closing = firstOffset(of: "]".utf8.span, from: bracket) else { return false }
                index = closing + 1
            }
        }
        return true
    }
}

// MARK: - Diagnostics

extension Diagnostic {
    /// A diagnostic of `node`: its place, XPath and nearest `xml:id` are filled in.
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
