/// Parses decoded text into the arrays of a document.
func parse(_ decoded: DecodedSource) throws(Diagnostics) -> Tree {
    let (builder, names) = try unsafe decoded.text.withUnsafeBufferPointer { buffer throws(Diagnostics) in
        try unsafe SAXParser.run(SourceWindow(buffer), TreeBuilder(decoded))
    }
    var tree = builder.tree
    tree.names = names
    return tree
}

/// Builds the tree of a document.
private struct TreeBuilder: SAXSink {
    private let decoded: DecodedSource
    private(set) var tree = Tree()
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

    init(_ decoded: DecodedSource) {
        self.decoded = decoded
        tree.nodes.reserveCapacity(decoded.survey.nodes + decoded.survey.nodes / 64)
        tree.attributes.reserveCapacity(decoded.survey.attributes)
        tree.nodes.append(NodeRecord(.document, parent: 0, index: 0, start: 0, end: decoded.text.count))
    }

    mutating func endDocument() { tree.nodes[0].subtreeEnd = UInt32(tree.nodes.count) }

    /// The whole input is there.
    func readOn(_ parser: inout SAXParser) {}

    func location(of offset: Int, _ parser: SAXParser) -> SourceLocation {
        decoded.file.location(at: offset, in: decoded.text)
    }

    func openElement(_ parser: SAXParser) -> (name: String, location: SourceLocation)? {
        guard open.count > 1, let last = open.last else { return nil }
        let record = tree.nodes[last]
        return (parser.names.qnames[record.name].description, location(of: Int(record.start), parser))
    }

    // MARK: Text

    mutating func text(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ origin: TextOrigin, _ parser: inout SAXParser
    ) {
        switch origin {
        case .verbatim: appendLiteral(range)
        case .normalized: appendNormalized(range, &parser)
        case .reference: unsafe appendPiece(bytes, standingFor: range, &parser)
        }
    }

    mutating func section(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, markup: Range<Int>, _ parser: inout SAXParser
    ) {
        let start = markup.lowerBound
        if text == nil { text = PendingText(start: start, end: start, isLiteral: false, firstPiece: tree.pieces.count) }
        appendNormalized(range, &parser)
        text?.end = markup.upperBound
    }

    /// Text of which libxml2 has made a copy, in which `\r\n` and `\r` have become `\n`.
    private mutating func appendNormalized(_ range: Range<Int>, _ parser: inout SAXParser) {
        let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var offset = range.lowerBound
        while offset < range.upperBound {
            if parser.input[offset] == cr {
                offset += 1
                guard offset < range.upperBound && parser.input[offset] == lf else {
                    unsafe withUnsafePointer(to: lf) { newline in
                        unsafe appendPiece(
                            UnsafeBufferPointer(start: newline, count: 1), standingFor: offset - 1..<offset, &parser)
                    }
                    continue
                }
            }
            let start = offset
            while offset < range.upperBound, parser.input[offset] != cr { offset += 1 }
            appendLiteral(start..<offset)
        }
    }

    /// Text that the source says.
    private mutating func appendLiteral(_ range: Range<Int>) {
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
    private mutating func appendPiece(
        _ bytes: UnsafeBufferPointer<UInt8>, standingFor range: Range<Int>, _ parser: inout SAXParser
    ) {
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
        unsafe keep(bytes, &parser)
        pending.end = end
        text = pending
    }

    /// Makes literal text the first piece of one that is not.
    private mutating func divide(_ pending: inout PendingText) {
        guard pending.isLiteral else { return }
        pending.isLiteral = false
        pending.firstPiece = tree.pieces.count
        let (start, length) = (UInt32(pending.start), UInt32(pending.end - pending.start))
        tree.pieces.append(TextPiece(start: start, length: length, source: start, isLiteral: true))
    }

    private mutating func flushText() {
        guard let pending = text else { return }
        text = nil
        appendCharacterData(
            .text, start: pending.start, end: pending.end, firstPiece: pending.isLiteral ? nil : pending.firstPiece)
    }

    private mutating func appendCharacterData(
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

    mutating func startElement(_ tag: SAXStartTag, _ parser: inout SAXParser) {
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
        for number in 0..<tag.attributeCount { append(number, of: tag, &parser) }
    }

    private mutating func append(_ number: Int, of tag: SAXStartTag, _ parser: inout SAXParser) {
        guard let (name, value) = unsafe parser.attribute(number, of: tag) else { return }
        let isLast = number + 1 == tag.attributeCount
        let count = value.count
        if !tag.isInEntity, let offset = unsafe parser.offset(of: value) {
            tree.attributes.append(
                AttributeRecord(name: name, start: offset, length: count, inStrings: false, isLast: isLast)
            )
        } else {
            tree.attributes.append(
                AttributeRecord(name: name, start: tree.strings.count, length: count, inStrings: true, isLast: isLast)
            )
            unsafe keep(value, &parser)
        }
    }

    /// Text that the source does not say.
    private mutating func keep(_ bytes: UnsafeBufferPointer<UInt8>, _ parser: inout SAXParser) {
        unsafe tree.strings.append(contentsOf: bytes)
        parser.keptBytes += bytes.count
    }

    mutating func endElement(isInEntity: Bool, _ parser: inout SAXParser) {
        flushText()
        parser.moveOn()
        guard open.count > 1 else { return }
        let index = open.removeLast()
        tree.nodes[index].subtreeEnd = UInt32(tree.nodes.count)
        tree.nodes[index].end = UInt32(parser.position)
    }

    mutating func markup(
        _ kind: Node.Kind, name: UInt32, _ content: UnsafeBufferPointer<UInt8>, in range: Range<Int>,
        _ parser: inout SAXParser
    ) {
        flushText()
        // `<!--` and `-->` are 7 characters.
        let isLiteral =
            unsafe kind == .comment && range.count == content.count + 7
            && parser.input.says(content, at: range.lowerBound + 4)
        var firstPiece: Int?
        if !isLiteral {
            firstPiece = tree.pieces.count
            tree.pieces.append(
                TextPiece(
                    start: UInt32(tree.strings.count), length: UInt32(content.count),
                    source: UInt32(range.lowerBound), isLiteral: false
                ))
            unsafe keep(content, &parser)
        }
        appendCharacterData(
            kind, name: name, start: range.lowerBound, end: range.upperBound, firstPiece: firstPiece)
    }

    mutating func declare(id: DeclaredID) { tree.declaredIDs.insert(id) }

    mutating func declare(unparsedEntity name: String) { tree.unparsedEntities.insert(CodepointString(name)) }
}

extension SourceWindow {
    fileprivate func says(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset + bytes.count <= end else { return false }
        for index in bytes.indices where unsafe bytes[index] != self[offset + index] { return false }
        return true
    }
}
