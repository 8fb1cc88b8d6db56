extension Node {
    /// The place where the node begins.
    public var location: SourceLocation { document.location(of: Int(record.start)) }

    /// The file that contains the node.
    public var file: SourceFile { document.files[fileIndex(of: Int(record.start), files: document.files)] }

    /// The bytes of the node in its stored file, from 0: an element from `<` to the end of its end tag's `>`.
    ///
    /// For content of an entity these are the bytes of its reference.
    public var byteRange: Range<Int> { bytes(to: Int(record.end)) }

    /// The node as its file has it, in UTF-8: an element from `<` to the end of its end tag's `>`.
    package var sourceText: ArraySlice<UInt8> { document.source[Int(record.start)..<Int(record.end)] }

    /// The bytes of an element's start tag in its stored file, from 0, or of a whole empty element; `nil` for other
    /// nodes.
    public var startTagByteRange: Range<Int>? {
        guard kind == .element else { return nil }
        return bytes(to: StartTag(self).end)
    }

    /// The end is asked of the node's own file: after its last byte the next file begins.
    func bytes(to end: Int) -> Range<Int> {
        let file = self.file
        let offset = { file.location(at: $0 - file.range.lowerBound, in: document.source).byteOffset }
        return offset(Int(record.start))..<offset(end)
    }

    /// The place of a Unicode scalar of a text node.
    ///
    /// The place is exact through references, CDATA sections and line ends; every character of an internal entity has
    /// the place of its reference.
    ///
    /// - Parameter offset: the number of the scalar in ``stringValue``, from 0.
    public func location(ofScalar offset: Int) -> SourceLocation {
        document.location(of: document.sourceOffset(ofScalar: offset, inText: index))
    }

    /// The place directly after a Unicode scalar of a text node: after its character, its line end, or its reference.
    ///
    /// - Parameter offset: the number of the scalar in ``stringValue``, from 0.
    public func endLocation(ofScalar offset: Int) -> SourceLocation {
        document.location(of: document.sourceEnd(ofScalar: offset, inText: index))
    }

    /// The places in a text node from which columns count up by one: the beginning of the text, the scalar after each
    /// line end, each scalar that a reference gives (all with the place of that reference), and the scalar after it.
    ///
    ///     let text = document.root.firstChild!
    ///     for (scalar, location) in text.places { print(scalar, location) }
    ///
    /// - Returns: the number of each such scalar, from 0, with its place.
    public var places: [(scalar: Int, location: SourceLocation)] { document.places(inText: index) }

    /// The XPath that selects this node in its document, in lexical names: `/TEI[1]/text[1]/body[1]/p[2]`.
    public var path: String { path { _ in false } }

    /// The XPath that selects this node in its own file, which another file may have included whole.
    package var pathInFile: String {
        document.files.count == 1 ? path : path { $0.kind == .element && $0.isOutermostOfFile }
    }

    /// Whether this is the outermost element of its file.
    var isOutermostOfFile: Bool {
        let start = Int(record.start)
        guard kind == .element else { return false }
        return document.source[file.range.lowerBound..<start].span.isProlog
    }

    /// - Parameter isFirst: whether the path begins at an element.
    func path(from isFirst: (Node) -> Bool) -> String {
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

    /// The flags of the names of an element's attributes, combined.
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

    /// The elements whose names are wanted, in document order.
    ///
    /// - Parameter isWanted: by the number of a name, as in ``qualifiedNames``.
    package func elements(where isWanted: [Bool]) -> [Node] {
        guard isWanted.contains(true) else { return [] }
        return nodes.indices.lazy.filter { [self] in
            nodes[$0].kind == .element && isWanted[Int(names.expanded[nodes[$0].name])]
        }
        .map { [self] in Node(document: self, index: $0) }
    }

    /// The processing instructions of a name, in document order.
    package func processingInstructions(named name: String) -> [Node] {
        let isWanted = names.qnames.map { $0.namespace == nil && $0.localName.isSame(as: name) }
        guard isWanted.contains(true) else { return [] }
        return nodes.indices.lazy.filter { [self] in
            nodes[$0].kind == .processingInstruction && isWanted[Int(nodes[$0].name)]
        }
        .map { [self] in Node(document: self, index: $0) }
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
            // A literal comment is kept as it is, `<!--` and `-->` included.
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
