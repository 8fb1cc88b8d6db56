internal import Synchronization

/// A qualified name: the name as the tag has it, and the namespace that it means (Namespaces in XML 1.0, 4).
///
///     let title = QName(localName: "title", namespace: Namespace.tei)
///     print(title, document.root.name == title)
///
/// Two names are equal if their namespaces and local names have the same code points; prefixes do not count.
public struct QName: Sendable, Hashable {
    /// The prefix as written; `nil` without one.
    public let prefix: String?
    /// The name without its prefix.
    public let localName: String
    /// The namespace name; `nil` without one.
    public let namespace: String?

    /// Makes a name of its parts.
    public init(prefix: String? = nil, localName: String, namespace: String? = nil) {
        self.prefix = prefix
        self.localName = localName
        self.namespace = namespace
    }
}

extension QName {
    /// Whether namespaces and local names are the same by code points.
    public static func == (a: QName, b: QName) -> Bool {
        a.localName.isSame(as: b.localName) && a.namespace.isSame(as: b.namespace) && a.prefix.isSame(as: b.prefix)
    }

    /// Feeds the namespace and the local name into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(CodepointString(localName))
        hasher.combine(namespace.map { CodepointString($0) })
    }
}

extension QName: CustomStringConvertible {
    /// The lexical form, such as `xml:id`.
    public var description: String { prefix.map { "\($0):\(localName)" } ?? localName }
}

/// Namespace names that the library knows.
public enum Namespace {
    /// The namespace of `xml:id`, `xml:lang`, `xml:space` and `xml:base`.
    public static let xml = "http://www.w3.org/XML/1998/namespace"
    /// The namespace of XInclude.
    public static let xinclude = "http://www.w3.org/2001/XInclude"
    /// The namespace of TEI P5.
    public static let tei = "http://www.tei-c.org/ns/1.0"
    /// Formulas: `http://www.w3.org/1998/Math/MathML`.
    public static let mathML = "http://www.w3.org/1998/Math/MathML"
    /// Examples of TEI markup in documentation (`egXML`).
    package static let examples = "http://www.tei-c.org/ns/Examples"
    package static let relaxNG = "http://relaxng.org/ns/structure/1.0"

    /// The same name; where it is one of these, the same string, which is compared by its address.
    static func shared(_ name: String) -> String {
        [tei, xml, xinclude].first { $0 == name } ?? name
    }
}

/// An XML document, read once and never changed (XML 1.0, Namespaces in XML 1.0).
///
///     let document = try Document(contentsOfFile: "TEI/07.xml")
///     for element in document.root.descendants where element.localName == "del" {
///         print(element.location, element.stringValue)
///     }
///
/// The nodes lie in document order in one flat array; a ``Node`` is an index into this array. Text and attribute values
/// are slices of the source wherever the source has them literally. You may share a document between threads.
///
/// `docs/parsing.md` says what parsing keeps and drops.
public final class Document: Sendable {
    @usableFromInline package let nodes: [NodeRecord]
    package let attributes: [AttributeRecord]
    let namespaces: [NamespaceRecord]
    /// The files' text, in UTF-8, one after the other.
    package let source: [UInt8]
    /// Text that the source does not say literally: with references, CDATA sections, other line ends.
    let strings: [UInt8]
    let pieces: [TextPiece]
    @usableFromInline package let names: NameTable
    let ids: IDTable
    /// The names of the unparsed entities that the document type declares.
    let unparsedEntities: Set<CodepointString>
    /// The attributes besides `xml:id` that identify elements.
    package let declaredIDs: Set<DeclaredID>
    /// The paths of the elements in which an inclusion failed, so that their content is not known.
    package var pathsOfGaps: Set<CodepointString> {
        Set(gaps.map { CodepointString(Node(document: self, index: $0).path) })
    }
    private let gaps: Set<Int>
    /// The parsed file, then the files that XInclude brought in, in document order.
    public let files: [SourceFile]
    /// The findings that do not keep the document from being read: duplicate `xml:id`s, control characters.
    public let diagnostics: [Diagnostic]

    /// Documents are numbered as they are made, which is the order of nodes of different ones.
    package let number = Document.counter.wrappingAdd(1, ordering: .relaxed).newValue

    private static let counter = Atomic(0)

    let elementIndexes = Mutex(ElementIndexes())
    private let siblingPositions = Mutex(SiblingPositions())

    private let lastStartTag = Mutex<(element: Int, tag: StartTag)?>(nil)

    /// The start tag of an element. The last one is kept: where one attribute is asked for, others follow.
    func startTag(of element: Node) -> StartTag {
        lastStartTag.withLock { last in
            if let last, last.element == element.index { return last.tag }
            let tag = StartTag(element)
            last = (element.index, tag)
            return tag
        }
    }

    /// The position of a node among its siblings of the same kind and name, from 1: the number in its XPath.
    func siblingPosition(of node: Node) -> Int {
        guard let parent = node.parent else { return 1 }
        return siblingPositions.withLock { Int($0.position(of: node, in: parent)) }
    }

    init(_ tree: Tree, source: [UInt8], files: [SourceFile], diagnostics: [Diagnostic] = []) {
        nodes = tree.nodes
        attributes = tree.attributes
        namespaces = tree.namespaces
        strings = tree.strings
        pieces = tree.pieces
        names = tree.names
        unparsedEntities = tree.unparsedEntities
        declaredIDs = tree.declaredIDs
        gaps = tree.gaps
        self.source = source
        self.files = files
        (ids, self.diagnostics) = IDTable.build(tree, source: source, files: files, diagnostics: diagnostics)
    }

    /// Parses bytes.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, UTF-16, ISO-8859-1, windows-1252 or US-ASCII, by byte order mark or as declared.
    ///   - path: the name for diagnostics, and the base of relative references.
    /// - Throws: ``Diagnostics`` with an `xml-` or `encoding-` rule if the bytes are not a well-formed document with
    ///   namespaces.
    public convenience init(_ bytes: [UInt8], path: String) throws(Diagnostics) {
        let decoded = try DecodedSource(bytes, path: path)
        let tree = try parse(decoded)
        self.init(tree, source: decoded.text, files: [decoded.file], diagnostics: decoded.warnings)
    }

    /// Parses a string.
    ///
    ///     let document = try Document("<p>A <del>fine</del> day</p>")
    ///     print(document.root.stringValue)        // A fine day
    ///
    /// - Parameters:
    ///   - string: the document.
    ///   - path: the name for diagnostics, and the base of relative references.
    /// - Throws: ``Diagnostics`` with an `xml-` rule if the string is not a well-formed document with namespaces.
    public convenience init(_ string: String, path: String = "-") throws(Diagnostics) {
        try self.init(Array(string.utf8), path: path)
    }

    /// Parses a file. No other file is read: ``resolvingXInclude(_:skipsFailures:)`` reads inclusions.
    ///
    /// - Throws: ``Diagnostics`` with a `file-` rule if the file cannot be read, or an `xml-` or `encoding-` rule if it
    ///   is not a well-formed document with namespaces.
    public convenience init(contentsOfFile path: String) throws(Diagnostics) {
        try self.init(FileAccess.bytes(ofFile: path), path: path)
    }

    /// The document node, above the outermost element.
    public var documentNode: Node { Node(document: self, index: 0) }

    /// The outermost element.
    public var root: Node { documentNode.children.first { $0.kind == .element }! }

    /// The number of nodes; attributes do not count.
    public var nodeCount: Int { nodes.count }

    /// The element with this `xml:id`, the first if there are several; `nil` if there is none.
    ///
    ///     let hand = document.element(withID: "clinton")
    ///     print(hand?.stringValue ?? "no such hand")
    public func element(withID id: String) -> Node? {
        ids.find(Array(id.utf8)[...], in: self).map { Node(document: self, index: $0) }
    }

    /// The size of this document's arrays in bytes, for measuring.
    package var memoryFootprint: Int {
        func size<T>(_ array: [T]) -> Int { array.capacity * MemoryLayout<T>.stride }
        let lines = files.reduce(0) {
            $0 + $1.lines.memoryFootprint + size($1.storedLineStarts) + size($1.stored ?? [])
        }
        return size(nodes) + size(attributes) + size(namespaces) + size(source) + size(strings) + size(pieces)
            + ids.memoryFootprint + lines
    }
}

/// The arrays of a document while they are being filled.
struct Tree {
    var nodes: [NodeRecord] = []
    var attributes: [AttributeRecord] = []
    var namespaces: [NamespaceRecord] = []
    var strings: [UInt8] = []
    var pieces: [TextPiece] = []
    var names = NameTable()
    var unparsedEntities: Set<CodepointString> = []
    /// The elements in which an inclusion failed.
    var gaps: Set<Int> = []
    var declaredIDs: Set<DeclaredID> = []
}

/// An attribute that the document type declares to identify an element (XML 1.0, 3.3.1), by the names as they are
/// written.
package struct DeclaredID: Sendable, Hashable {
    package let element: String
    package let attribute: String

    package static func == (a: DeclaredID, b: DeclaredID) -> Bool {
        a.element.isSame(as: b.element) && a.attribute.isSame(as: b.attribute)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(CodepointString(element))
        hasher.combine(CodepointString(attribute))
    }
}

/// A node: 24 bytes, in document order.
@usableFromInline package struct NodeRecord: Sendable {
    /// The kind in the upper 3 bits, the index of the name in the others.
    @usableFromInline package var kindAndName: UInt32
    package var parent: UInt32
    /// The index after the last descendant.
    package var subtreeEnd: UInt32
    /// Elements: the first attribute. Text, comments, instructions: the first piece, where they are not literal.
    package var payload: UInt32
    /// Offsets into the document's source.
    var start: UInt32
    var end: UInt32

    package static let none = UInt32.max

    init(_ kind: Node.Kind, name: UInt32 = 0, parent: UInt32, index: Int, payload: UInt32 = none, start: Int, end: Int)
    {
        kindAndName = UInt32(kind.rawValue) << 29 | name
        self.parent = parent
        subtreeEnd = UInt32(index + 1)
        self.payload = payload
        self.start = UInt32(start)
        self.end = UInt32(end)
    }

    @inlinable package var kind: Node.Kind {
        switch kindAndName >> 29 {
        case 0: .document
        case 1: .element
        case 2: .text
        case 3: .comment
        default: .processingInstruction
        }
    }

    @inlinable package var name: Int { Int(kindAndName & 0x1FFF_FFFF) }
}

/// An attribute: 12 bytes. Those of an element are consecutive; the last has a mark.
package struct AttributeRecord: Sendable {
    @inlinable package static var flag: UInt32 { 1 << 31 }
    @usableFromInline package private(set) var nameAndLast: UInt32
    @usableFromInline package private(set) var startAndStored: UInt32
    package private(set) var length: UInt32

    /// - Parameter inStrings: whether the value lies in the document's strings rather than in its source.
    init(name: UInt32, start: Int, length: Int, inStrings: Bool, isLast: Bool) {
        nameAndLast = name | (isLast ? AttributeRecord.flag : 0)
        startAndStored = UInt32(start) | (inStrings ? AttributeRecord.flag : 0)
        self.length = UInt32(length)
    }

    @inlinable package var name: Int { Int(nameAndLast & ~AttributeRecord.flag) }
    @inlinable package var isLast: Bool { nameAndLast & AttributeRecord.flag != 0 }
    @inlinable package var start: Int { Int(startAndStored & ~AttributeRecord.flag) }
    @inlinable package var inStrings: Bool { startAndStored & AttributeRecord.flag != 0 }
}

/// A namespace declaration on an element, in the order of the nodes.
struct NamespaceRecord: Sendable {
    var node: UInt32
    var prefix: String?
    /// Empty where the default namespace is undeclared.
    var namespace: String
}

/// A part of a text that the source does not say as a whole, and where in the source it comes from.
struct TextPiece {
    /// Offset of the bytes: into the source if the piece is literal, else into the strings.
    var start: UInt32
    var length: UInt32
    /// Offset into the source: of the bytes, or of the reference that stands for them.
    var source: UInt32
    /// Whether the source says exactly these bytes at `source`.
    var isLiteral: Bool
    var isLast = false
}

extension ArraySlice<UInt8> {
    /// Without the white space of XML at both ends.
    package var trimmingXMLSpace: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first.isXMLSpace { slice.removeFirst() }
        while let last = slice.last, last.isXMLSpace { slice.removeLast() }
        return slice
    }
}

/// The place of an offset into a document's source.
func location(of offset: Int, in source: [UInt8], files: [SourceFile]) -> SourceLocation {
    let file = files[fileIndex(of: offset, files: files)]
    return file.location(at: offset - file.range.lowerBound, in: source)
}

func fileIndex(of offset: Int, files: [SourceFile]) -> Int {
    var (low, high) = (0, files.count)
    while high - low > 1 {
        let middle = (low + high) / 2
        if files[middle].range.lowerBound <= offset { low = middle } else { high = middle }
    }
    return low
}

/// The positions of nodes among their siblings of the same kind and name; those of siblings are counted together.
private struct SiblingPositions {
    /// By node, from 1; 0 where it is not known.
    private var positions: [UInt32] = []
    /// By sort, within the parent at hand.
    private var counts: [UInt32] = []

    mutating func position(of node: Node, in parent: Node) -> UInt32 {
        let document = node.document
        let nameCount = document.names.qnames.count
        if positions.isEmpty {
            positions = Array(repeating: 0, count: document.nodes.count)
            counts = Array(repeating: 0, count: 2 * nameCount + 8)
        }
        if positions[node.index] > 0 { return positions[node.index] }
        func sort(_ child: Node) -> Int {
            switch child.kind {
            case .element: child.record.name
            case .processingInstruction: nameCount + child.record.name
            case .document, .text, .comment: 2 * nameCount + Int(child.kind.rawValue)
            }
        }
        for child in parent.children {
            counts[sort(child)] += 1
            positions[child.index] = counts[sort(child)]
        }
        for child in parent.children { counts[sort(child)] = 0 }
        return positions[node.index]
    }
}
