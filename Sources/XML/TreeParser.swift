/// Parses decoded text into the arrays of a document.
func parse(_ decoded: DecodedSource) throws(Diagnostics) -> Tree {
    try unsafe decoded.text.withUnsafeBufferPointer { buffer throws(Diagnostics) in
        try unsafe TreeParser(decoded, SourceWindow(buffer)).parse()
    }
}

/// Builds the tree of a document.
private final class TreeParser: SAXParser {
    private let decoded: DecodedSource
    private var tree = Tree()
    private var open: [Int] = [0]
    private var text: PendingText?

    /// Text that may go on.
    private struct PendingText {
        var start: Int
        var end: Int
        /// Whether the source says all of it from `start` to `end`; otherwise it is in pieces.
        var isLiteral: Bool
        var firstPiece: Int
    }

    init(_ decoded: DecodedSource, _ input: SourceWindow) {
        self.decoded = decoded
        tree.nodes.reserveCapacity(decoded.survey.nodes + decoded.survey.nodes / 64)
        tree.attributes.reserveCapacity(decoded.survey.attributes)
        tree.nodes.append(NodeRecord(.document, parent: 0, index: 0, start: 0, end: input.end))
        super.init(input)
    }

    func parse() throws(Diagnostics) -> Tree {
        try run()
        tree.nodes[0].subtreeEnd = UInt32(tree.nodes.count)
        tree.names = names
        return tree
    }

    override var keptBytes: Int { tree.strings.count }

    override func location(of offset: Int) -> SourceLocation { decoded.file.location(at: offset, in: decoded.text) }

    override var openElement: (name: String, location: SourceLocation)? {
        guard open.count > 1, let last = open.last else { return nil }
        let record = tree.nodes[last]
        return (names.qnames[record.name].description, location(of: Int(record.start)))
    }

    // MARK: Text

    override func text(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ origin: TextOrigin) {
        switch origin {
        case .verbatim: appendLiteral(range)
        case .normalized: appendNormalized(range)
        case .reference: unsafe appendPiece(bytes, standingFor: range)
        }
    }

    override func section(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, markup: Range<Int>) {
        let start = markup.lowerBound
        if text == nil { text = PendingText(start: start, end: start, isLiteral: false, firstPiece: tree.pieces.count) }
        appendNormalized(range)
        text?.end = markup.upperBound
    }

    /// Text of which libxml2 has made a copy, in which `\r\n` and `\r` have become `\n`.
    private func appendNormalized(_ range: Range<Int>) {
        let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var offset = range.lowerBound
        while offset < range.upperBound {
            if input[offset] == cr {
                offset += 1
                guard offset < range.upperBound && input[offset] == lf else {
                    unsafe withUnsafePointer(to: lf) { newline in
                        unsafe appendPiece(
                            UnsafeBufferPointer(start: newline, count: 1), standingFor: offset - 1..<offset)
                    }
                    continue
                }
            }
            let start = offset
            while offset < range.upperBound, input[offset] != cr { offset += 1 }
            appendLiteral(start..<offset)
        }
    }

    /// Text that the source says.
    private func appendLiteral(_ range: Range<Int>) {
        let (start, end) = (range.lowerBound, range.upperBound)
        guard var pending = text else {
            text = PendingText(start: start, end: end, isLiteral: true, firstPiece: 0)
            return
        }
        if !pending.isLiteral || pending.end != start {
            divide(&pending)
            let last = tree.pieces.count - 1
            if last >= pending.firstPiece, tree.pieces[last].isLiteral,
                Int(tree.pieces[last].source + tree.pieces[last].length) == start
            {
                tree.pieces[last].length += UInt32(end - start)
            } else {
                tree.pieces.append(
                    TextPiece(start: UInt32(start), length: UInt32(end - start), source: UInt32(start), isLiteral: true)
                )
            }
        }
        pending.end = end
        text = pending
    }

    /// Text that the source does not say: it stands for what is there.
    private func appendPiece(_ bytes: UnsafeBufferPointer<UInt8>, standingFor range: Range<Int>) {
        let (source, end) = (range.lowerBound, range.upperBound)
        var pending = text ?? PendingText(start: source, end: end, isLiteral: false, firstPiece: tree.pieces.count)
        divide(&pending)
        let last = tree.pieces.count - 1
        if last >= pending.firstPiece, !tree.pieces[last].isLiteral, Int(tree.pieces[last].source) == source {
            tree.pieces[last].length += UInt32(bytes.count)
        } else {
            tree.pieces.append(
                TextPiece(
                    start: UInt32(tree.strings.count), length: UInt32(bytes.count), source: UInt32(source),
                    isLiteral: false
                ))
        }
        unsafe tree.strings.append(contentsOf: bytes)
        pending.end = end
        text = pending
    }

    /// Makes literal text the first piece of one that is not.
    private func divide(_ pending: inout PendingText) {
        guard pending.isLiteral else { return }
        pending.isLiteral = false
        pending.firstPiece = tree.pieces.count
        let (start, length) = (UInt32(pending.start), UInt32(pending.end - pending.start))
        tree.pieces.append(TextPiece(start: start, length: length, source: start, isLiteral: true))
    }

    private func flushText() {
        guard let pending = text else { return }
        text = nil
        appendCharacterData(
            .text, start: pending.start, end: pending.end, firstPiece: pending.isLiteral ? nil : pending.firstPiece)
    }

    private func appendCharacterData(
        _ kind: Node.Kind, name: UInt32 = 0, start: Int, end: Int, firstPiece: Int?
    ) {
        if firstPiece != nil { tree.pieces[tree.pieces.count - 1].isLast = true }
        tree.nodes.append(
            NodeRecord(
                kind, name: name, parent: UInt32(open.last!), index: tree.nodes.count,
                payload: firstPiece.map { UInt32($0) } ?? NodeRecord.none, start: start, end: end
            ))
    }

    // MARK: Markup

    override func startElement(_ tag: SAXStartTag) {
        flushText()
        let index = tree.nodes.count
        let payload = tag.attributeCount == 0 ? NodeRecord.none : UInt32(tree.attributes.count)
        tree.nodes.append(
            NodeRecord(
                .element, name: tag.name, parent: UInt32(open.last!), index: index, payload: payload,
                start: tag.start, end: tag.start)
        )
        open.append(index)
        for number in 0..<tag.namespaceCount {
            let (prefix, namespace) = tag.declaration(number)
            tree.namespaces.append(NamespaceRecord(node: UInt32(index), prefix: prefix, namespace: namespace))
        }
        for number in 0..<tag.attributeCount { append(number, of: tag) }
    }

    private func append(_ number: Int, of tag: SAXStartTag) {
        guard let (name, value) = unsafe attribute(number, of: tag) else { return }
        let isLast = number + 1 == tag.attributeCount
        let count = value.count
        if !tag.isInEntity, let offset = unsafe offset(of: value) {
            tree.attributes.append(
                AttributeRecord(name: name, start: offset, length: count, inStrings: false, isLast: isLast)
            )
        } else {
            tree.attributes.append(
                AttributeRecord(name: name, start: tree.strings.count, length: count, inStrings: true, isLast: isLast)
            )
            unsafe tree.strings.append(contentsOf: value)
            checkExpansion()
        }
    }

    override func endElement(isInEntity: Bool) {
        flushText()
        moveOn()
        guard open.count > 1 else { return }
        let index = open.removeLast()
        tree.nodes[index].subtreeEnd = UInt32(tree.nodes.count)
        tree.nodes[index].end = UInt32(position)
    }

    override func markup(_ kind: Node.Kind, name: UInt32, _ content: UnsafeBufferPointer<UInt8>, in range: Range<Int>) {
        flushText()
        // `<!--` and `-->` are 7 characters.
        let isLiteral =
            unsafe kind == .comment && range.count == content.count + 7 && says(content, at: range.lowerBound + 4)
        var firstPiece: Int?
        if !isLiteral {
            firstPiece = tree.pieces.count
            tree.pieces.append(
                TextPiece(
                    start: UInt32(tree.strings.count), length: UInt32(content.count),
                    source: UInt32(range.lowerBound), isLiteral: false
                ))
            unsafe tree.strings.append(contentsOf: content)
        }
        appendCharacterData(
            kind, name: name, start: range.lowerBound, end: range.upperBound, firstPiece: firstPiece)
    }

    private func says(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset + bytes.count <= input.end else { return false }
        for index in bytes.indices where unsafe bytes[index] != input[offset + index] { return false }
        return true
    }

    override func declare(id: DeclaredID) { tree.declaredIDs.insert(id) }

    override func declare(unparsedEntity name: String) { tree.unparsedEntities.insert(CodepointString(name)) }
}
