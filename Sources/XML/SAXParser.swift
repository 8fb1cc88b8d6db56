// The one file of this module that meets C. libxml2's SAX2 events fill the flat tree; nothing of libxml2 survives
// the call. Techniques and their reasons: design.md, "XML".

internal import CLibXML2

/// Parses decoded text into the arrays of a document.
func parse(_ decoded: DecodedSource) throws(Diagnostics) -> Tree {
    let result = unsafe decoded.text.withUnsafeBufferPointer { buffer in
        var parser = unsafe SAXParser(decoded, buffer)
        return unsafe withUnsafeMutablePointer(to: &parser) { parser in
            unsafe SAXParser.run(parser)
            return unsafe parser.pointee.result
        }
    }
    return try result.get()
}

/// Tells a file to a handler while it is read; neither the file nor a tree is held.
///
/// - Returns: diagnostics that do not keep the document from being read.
/// - Throws: ``Diagnostics`` where the file is not a well-formed document with namespaces.
func parse(_ reader: FileReader, mark: Int, handler: any ContentHandler) throws(Diagnostics) -> [Diagnostic] {
    var parser = SAXParser(handler, reader, mark: mark)
    let result = unsafe withUnsafeMutablePointer(to: &parser) { parser in
        unsafe SAXParser.run(parser)
        return unsafe parser.pointee.result
    }
    _ = try result.get()
    return parser.found
}

/// What the events of one parse have built so far. It lives as long as the call that reads the buffer.
@safe private struct SAXParser {
    private let decoded: DecodedSource?
    private var input: SourceWindow
    /// Where the events go if no tree is built.
    private let handler: (any ContentHandler)?
    private var stream: EventStream
    private let reader: FileReader?
    private var context: xmlParserCtxtPtr?
    private var tree = Tree()
    private var names = PointerTable()
    private var open: [Int] = [0]
    /// How much libxml2 has been given.
    private var delivered = 0
    /// Whether the start tag just told of ends with `/>`.
    private var isEmptyElement = false
    /// Where the last event ended: offset into the source.
    private var position = 0
    private var text: PendingText?
    private var inDTD = false
    /// The last answer of ``lastReference()``.
    private var reference: Range<Int>?
    private var externalEntities: Set<CodepointString> = []
    /// How many nodes entities have brought in.
    private var entityNodes = 0
    private var errors: [Diagnostic] = []
    private var isFatal = false
    private var hasToldOfControl = false

    init(_ handler: any ContentHandler, _ reader: FileReader, mark: Int) {
        decoded = nil
        input = unsafe SourceWindow(reader.window)
        self.handler = handler
        stream = EventStream(path: reader.path, byteOrderMark: mark)
        self.reader = reader
    }

    init(_ decoded: DecodedSource, _ input: UnsafeBufferPointer<UInt8>) {
        self.decoded = decoded
        self.input = unsafe SourceWindow(input)
        handler = nil
        stream = EventStream(path: decoded.file.path, byteOrderMark: 0)
        reader = nil
        tree.nodes.reserveCapacity(decoded.survey.nodes + decoded.survey.nodes / 64)
        tree.attributes.reserveCapacity(decoded.survey.attributes)
        tree.nodes.append(NodeRecord(.document, parent: 0, index: 0, start: 0, end: self.input.end))
    }

    /// What was found that does not keep a streamed document from being read.
    var found: [Diagnostic] { stream.diagnostics }

    var result: Result<Tree, Diagnostics> {
        if errors.isEmpty { return .success(tree) }
        return .failure(Diagnostics(errors))
    }

    /// Runs libxml2 over the input. Static, since its callbacks change the parser that is pointed at.
    static func run(_ parser: UnsafeMutablePointer<SAXParser>) {
        guard let context = unsafe xmlNewParserCtxt(), let sax = unsafe context.pointee.sax else {
            unsafe parser.pointee.report(Messages.noParser())
            return
        }
        unsafe parser.pointee.context = unsafe context
        unsafe context.pointee._private = UnsafeMutableRawPointer(parser)
        unsafe install(sax)
        let options = XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        // By a callback, since libxml2 copies a whole buffer before it reads the first byte of it.
        let document = unsafe xmlCtxtReadIO(
            context, read, nil, UnsafeMutableRawPointer(parser), nil, nil, Int32(options))
        unsafe xmlFreeDoc(document ?? context.pointee.myDoc)
        unsafe context.pointee.myDoc = nil
        unsafe parser.pointee.finish(isWellFormed: context.pointee.wellFormed != 0)
        unsafe xmlFreeParserCtxt(context)
    }

    /// The next bytes of the input.
    fileprivate mutating func deliver(_ buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        if let reader, !isFatal {
            if delivered == input.end { readOn(reader) }
            if let offset = reader.firstControl, !hasToldOfControl {
                hasToldOfControl = true
                stream.add(Messages.control(input[offset + 1], .utf8, at: location(of: offset)))
            }
            if let offset = reader.invalidByte {
                report(Messages.invalidUTF8(byte: input[offset], at: location(of: offset)))
            }
        }
        if isFatal { return -1 }
        let count = min(buffer.count, input.end - delivered)
        let from = delivered - input.start
        unsafe buffer.copyMemory(
            from: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: input.bytes[from..<(from + count)])))
        delivered += count
        return Int32(count)
    }

    /// Forgets what lies before the last event, and reads the next part of the file.
    private mutating func readOn(_ reader: FileReader) {
        // A reference that is being expanded may have begun a little before.
        let kept = max(input.start, position - 1024)
        stream.forget(before: kept, in: input)
        do throws(Diagnostics) {
            try reader.advance(dropping: kept - input.start)
            input = unsafe SourceWindow(reader.window, start: kept)
        } catch {
            errors += error.list
            isFatal = true
        }
    }

    private mutating func finish(isWellFormed: Bool) {
        if errors.isEmpty, !isWellFormed {
            report(Messages.notWellFormed(nil, at: location(of: currentOffset)))
        }
        if handler == nil { tree.nodes[0].subtreeEnd = UInt32(tree.nodes.count) }
        unsafe context = nil
    }

    private static func install(_ sax: UnsafeMutablePointer<xmlSAXHandler>) {
        unsafe sax.pointee.startElementNs = { unsafe parser($0)?.pointee.startElement($0, $1, $2, $3, $4, $5, $6, $8) }
        unsafe sax.pointee.endElementNs = { context, _, _, _ in unsafe parser(context)?.pointee.endElement(context) }
        unsafe sax.pointee.characters = { unsafe parser($0)?.pointee.characters($0, $1, $2) }
        // The same function, not only an equal one: libxml2 then leaves out its search for white space.
        unsafe sax.pointee.ignorableWhitespace = unsafe sax.pointee.characters
        unsafe sax.pointee.cdataBlock = { unsafe parser($0)?.pointee.section($0, $1, $2) }
        unsafe sax.pointee.comment = { unsafe parser($0)?.pointee.comment($0, $1) }
        unsafe sax.pointee.processingInstruction = { unsafe parser($0)?.pointee.instruction($0, $1, $2) }
        unsafe sax.pointee.reference = { _, _ in }
        // Called behind the XML declaration.
        unsafe sax.pointee.startDocument = { context in
            unsafe xmlSAX2StartDocument(context)
            unsafe parser(context)?.pointee.startDocument()
        }
        unsafe sax.pointee.internalSubset = { context, name, publicID, systemID in
            unsafe parser(context)?.pointee.inDTD = true
            unsafe xmlSAX2InternalSubset(context, name, publicID, systemID)
        }
        // Called behind the internal subset. The external one is never loaded.
        unsafe sax.pointee.externalSubset = { context, _, _, _ in unsafe parser(context)?.pointee.endDTD() }
        unsafe sax.pointee.entityDecl = { context, name, type, publicID, systemID, content in
            let isExternal =
                type == XML_EXTERNAL_GENERAL_PARSED_ENTITY.rawValue
                || type == XML_EXTERNAL_PARAMETER_ENTITY.rawValue
            if isExternal, let name = unsafe name {
                unsafe parser(context)?.pointee.externalEntities.insert(CodepointString(String(cString: name)))
            } else {
                unsafe xmlSAX2EntityDecl(context, name, type, publicID, systemID, content)
            }
        }
        unsafe sax.pointee.unparsedEntityDecl = { context, name, publicID, systemID, notation in
            if let name = unsafe name { unsafe parser(context)?.pointee.declare(unparsedEntity: String(cString: name)) }
            unsafe xmlSAX2UnparsedEntityDecl(context, name, publicID, systemID, notation)
        }
        unsafe sax.pointee.attributeDecl = { context, element, name, type, occurrence, value, values in
            if type == XML_ATTRIBUTE_ID.rawValue, let element = unsafe element, let name = unsafe name {
                unsafe parser(context)?.pointee.declare(
                    id: DeclaredID(element: String(cString: element), attribute: String(cString: name)))
            }
            unsafe xmlSAX2AttributeDecl(context, element, name, type, occurrence, value, values)
        }
        unsafe sax.pointee.error = nil
        unsafe sax.pointee.warning = nil
        unsafe sax.pointee.fatalError = nil
        unsafe sax.pointee.serror = { _, error in
            guard let error = unsafe error, let context = unsafe error.pointee.ctxt else { return }
            unsafe parser(context)?.pointee.failed(error.pointee, context.assumingMemoryBound(to: xmlParserCtxt.self))
        }
    }
}

private func read(_ raw: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
    guard let parser = unsafe raw?.assumingMemoryBound(to: SAXParser.self), let buffer = unsafe buffer else {
        return -1
    }
    return unsafe parser.pointee.deliver(UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)))
}

/// The parser behind a context. It stands still in memory until the call that made it returns.
private func parser(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<SAXParser>? {
    unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self).pointee._private?.assumingMemoryBound(
        to: SAXParser.self)
}

// MARK: - Offsets

extension SAXParser {
    /// How far the document itself has been read; an entity's text is read in a context of its own.
    private var currentOffset: Int {
        guard let context = unsafe context, let stream = unsafe context.pointee.inputTab?[0] else { return position }
        return unsafe Int(stream.pointee.consumed) + (stream.pointee.cur - stream.pointee.base)
    }

    private func isEntity(_ raw: UnsafeMutableRawPointer?) -> Bool {
        unsafe raw != UnsafeMutableRawPointer(context)
    }

    /// The source offset of a pointer into the document's own input, or `nil` for libxml2's other memory.
    private func offset(of pointer: UnsafePointer<xmlChar>, count: Int) -> Int? {
        guard let stream = unsafe context?.pointee.inputTab?[0] else { return nil }
        guard unsafe pointer >= stream.pointee.base, unsafe pointer + count <= stream.pointee.end else { return nil }
        return unsafe Int(stream.pointee.consumed) + (pointer - stream.pointee.base)
    }

    /// Markup begins at the first `<`: between two events stand at most references that came to nothing.
    private func startOfMarkup() -> Int {
        var start = position
        while start < input.end, input[start] != UInt8(ascii: "<") { start += 1 }
        return start
    }

    /// The reference that was read last, in the document itself.
    private mutating func lastReference() -> Range<Int> {
        let end = min(currentOffset, input.end)
        // All that an entity brings in is at the same reference.
        if let reference, reference.upperBound == end { return reference }
        var start = end
        while start > input.start {
            start -= 1
            let byte = input[start]
            guard byte == UInt8(ascii: "&") || inDTD && byte == UInt8(ascii: "%") else { continue }
            reference = start..<end
            return start..<end
        }
        return end..<end
    }

    /// Where the text of an event was written: at a reference that has just been read, or as it is. References that
    /// came to nothing may stand before it.
    private func startOfText() -> (offset: Int, isReference: Bool) {
        let end = currentOffset
        var offset = position
        while offset < input.end, input[offset] == UInt8(ascii: "&") {
            var next = offset
            while next < input.end, input[next] != UInt8(ascii: ";") { next += 1 }
            if next + 1 >= end { return (offset, true) }
            offset = next + 1
        }
        return (offset, false)
    }

    private func says(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset + bytes.count <= input.end else { return false }
        for index in bytes.indices where unsafe bytes[index] != input[offset + index] { return false }
        return true
    }

    private func location(of offset: Int) -> SourceLocation {
        if handler != nil { return stream.location(of: offset, in: input) }
        return decoded!.file.location(at: offset, in: decoded!.text)
    }
}

// MARK: - Text

extension SAXParser {
    /// Text that may go on.
    private struct PendingText {
        var start: Int
        var end: Int
        /// Whether the source says all of it from `start` to `end`; otherwise it is in pieces.
        var isLiteral: Bool
        var firstPiece: Int
    }

    fileprivate mutating func characters(
        _ raw: UnsafeMutableRawPointer?, _ start: UnsafePointer<xmlChar>?, _ count: Int32
    ) {
        guard let start = unsafe start, count > 0 else { return }
        if let handler {
            return unsafe tell(handler, UnsafeBufferPointer(start: start, count: Int(count)), isEntity: isEntity(raw))
        }
        if unsafe isEntity(raw) {
            return unsafe entityText(UnsafeBufferPointer(start: start, count: Int(count)))
        }
        if let offset = unsafe offset(of: start, count: Int(count)) {
            position = offset + Int(count)
            return appendLiteral(offset, position)
        }
        let (offset, isReference) = startOfText()
        if isReference {
            position = currentOffset
            unsafe appendPiece(UnsafeBufferPointer(start: start, count: Int(count)), source: offset, end: position)
        } else {
            position = appendNormalized(count: Int(count), from: offset)
        }
    }

    fileprivate mutating func section(_ raw: UnsafeMutableRawPointer?, _ start: UnsafePointer<xmlChar>?, _ count: Int32)
    {
        if unsafe isEntity(raw) {
            guard let start = unsafe start, count > 0 else { return }
            let text = unsafe UnsafeBufferPointer(start: start, count: Int(count))
            if let handler { return unsafe tell(handler, text, isEntity: true) }
            return unsafe entityText(text)
        }
        let content = unsafe UnsafeBufferPointer(start: start, count: Int(count))
        let start = startOfMarkup()
        position = currentOffset
        guard count > 0 else { return }
        if let handler {
            unsafe tell(handler, content, from: start + "<![CDATA[".utf8.count)
            return
        }
        if text == nil { text = PendingText(start: start, end: start, isLiteral: false, firstPiece: tree.pieces.count) }
        _ = appendNormalized(count: Int(count), from: start + "<![CDATA[".utf8.count)
        text?.end = position
    }

    private mutating func entityText(_ bytes: UnsafeBufferPointer<UInt8>) {
        let reference = lastReference()
        position = reference.upperBound
        unsafe appendPiece(bytes, source: reference.lowerBound, end: position)
    }

    /// Text of which libxml2 has made a copy, in which `\r\n` and `\r` have become `\n`.
    ///
    /// - Returns: the offset behind it.
    private mutating func appendNormalized(count: Int, from start: Int) -> Int {
        let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var (offset, remaining) = (start, count)
        while remaining > 0, offset < input.end {
            if input[offset] == cr {
                offset += 1
                guard offset < input.end && input[offset] == lf else {
                    unsafe withUnsafePointer(to: lf) { newline in
                        unsafe appendPiece(
                            UnsafeBufferPointer(start: newline, count: 1), source: offset - 1, end: offset)
                    }
                    remaining -= 1
                    continue
                }
            }
            let from = offset
            while remaining > 0, offset < input.end, input[offset] != cr {
                offset += 1
                remaining -= 1
            }
            appendLiteral(from, offset)
        }
        return offset
    }

    /// Text that the source says from `start` to `end`.
    private mutating func appendLiteral(_ start: Int, _ end: Int) {
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

    /// Text that the source does not say: it stands for what is there from `source` to `end`.
    private mutating func appendPiece(_ bytes: UnsafeBufferPointer<UInt8>, source: Int, end: Int) {
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
        checkExpansion()
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
}

// MARK: - Markup

extension SAXParser {
    /// Ends the text before markup, and moves the position behind it.
    ///
    /// - Returns: where it begins; markup of an entity is where the entity is referred to.
    private mutating func beginMarkup(_ raw: UnsafeMutableRawPointer?) -> Int {
        flushText()
        if unsafe isEntity(raw) {
            let reference = lastReference()
            position = reference.upperBound
            entityNodes += 1
            checkExpansion()
            return reference.lowerBound
        }
        let start = startOfMarkup()
        position = currentOffset
        return start
    }

    /// The event comes before `>` or `/>`.
    private mutating func passEndOfTag() {
        position += position < input.end && input[position] == UInt8(ascii: "/") ? 2 : 1
    }

    fileprivate mutating func startElement(
        _ raw: UnsafeMutableRawPointer?,
        _ localName: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?,
        _ namespaceCount: Int32, _ namespaces: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
        _ attributeCount: Int32, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        let start = unsafe beginMarkup(raw)
        let inEntity = unsafe isEntity(raw)
        let name = unsafe names.intern(localName, prefix, uri, into: &tree.names)
        if let handler {
            stream.open(name, at: start)
            for number in 0..<Int(namespaceCount) {
                unsafe stream.declare(string(namespaces?[2 * number]), string(namespaces?[2 * number + 1]) ?? "")
            }
            unsafe tell(handler, name, Int(attributeCount), attributes)
            isEmptyElement = !inEntity && position < input.end && input[position] == UInt8(ascii: "/")
            if !inEntity { passEndOfTag() }
            return
        }
        let index = tree.nodes.count
        let payload = attributeCount == 0 ? NodeRecord.none : UInt32(tree.attributes.count)
        tree.nodes.append(
            NodeRecord(
                .element, name: name, parent: UInt32(open.last!), index: index, payload: payload, start: start,
                end: start)
        )
        open.append(index)
        if namespaceCount > 0, let namespaces = unsafe namespaces {
            for number in 0..<Int(namespaceCount) {
                tree.namespaces.append(
                    unsafe NamespaceRecord(
                        node: UInt32(index), prefix: string(namespaces[2 * number]),
                        namespace: string(namespaces[2 * number + 1]) ?? ""
                    ))
            }
        }
        if attributeCount > 0, let attributes = unsafe attributes {
            for number in 0..<Int(attributeCount) {
                unsafe append(attributes + 5 * number, inEntity: inEntity, isLast: number + 1 == attributeCount)
            }
        }
        if !inEntity { passEndOfTag() }
    }

    private mutating func append(
        _ attribute: UnsafeMutablePointer<UnsafePointer<xmlChar>?>, inEntity: Bool, isLast: Bool
    ) {
        let name = unsafe names.intern(attribute[0], attribute[1], attribute[2], into: &tree.names)
        guard let value = unsafe attribute[3], let end = unsafe attribute[4] else { return }
        let count = unsafe end - value
        if !inEntity, let offset = unsafe offset(of: value, count: count) {
            tree.attributes.append(
                AttributeRecord(name: name, start: offset, length: count, inStrings: false, isLast: isLast)
            )
        } else {
            tree.attributes.append(
                AttributeRecord(name: name, start: tree.strings.count, length: count, inStrings: true, isLast: isLast)
            )
            unsafe tree.strings.append(contentsOf: UnsafeBufferPointer(start: value, count: count))
            checkExpansion()
        }
    }

    fileprivate mutating func endElement(_ raw: UnsafeMutableRawPointer?) {
        if let handler { return unsafe tellEnd(handler, isEntity: isEntity(raw)) }
        flushText()
        position = currentOffset
        guard open.count > 1 else { return }
        let index = open.removeLast()
        tree.nodes[index].subtreeEnd = UInt32(tree.nodes.count)
        tree.nodes[index].end = UInt32(position)
    }

    fileprivate mutating func comment(_ raw: UnsafeMutableRawPointer?, _ value: UnsafePointer<xmlChar>?) {
        unsafe markup(.comment, raw, value)
    }

    fileprivate mutating func instruction(
        _ raw: UnsafeMutableRawPointer?, _ target: UnsafePointer<xmlChar>?, _ value: UnsafePointer<xmlChar>?
    ) {
        guard !inDTD else { return }
        unsafe markup(.processingInstruction, name: names.intern(target, nil, nil, into: &tree.names), raw, value)
    }

    private mutating func markup(
        _ kind: Node.Kind, name: UInt32 = 0, _ raw: UnsafeMutableRawPointer?, _ value: UnsafePointer<xmlChar>?
    ) {
        guard !inDTD else { return }
        let start = unsafe beginMarkup(raw)
        if handler != nil { return }
        let content = unsafe UnsafeBufferPointer(start: value, count: value.map { Int(unsafe xmlStrlen($0)) } ?? 0)
        // `<!--` and `-->` are 7 characters.
        let isLiteral = unsafe kind == .comment && position - start == content.count + 7 && says(content, at: start + 4)
        var firstPiece: Int?
        if !isLiteral {
            firstPiece = tree.pieces.count
            tree.pieces.append(
                TextPiece(
                    start: UInt32(tree.strings.count), length: UInt32(content.count), source: UInt32(start),
                    isLiteral: false
                ))
            unsafe tree.strings.append(contentsOf: content)
            checkExpansion()
        }
        appendCharacterData(kind, name: name, start: start, end: position, firstPiece: firstPiece)
    }

    fileprivate mutating func declare(id: DeclaredID) { tree.declaredIDs.insert(id) }

    fileprivate mutating func declare(unparsedEntity name: String) {
        tree.unparsedEntities.insert(CodepointString(name))
        handler?.declare(unparsedEntity: name)
    }

    fileprivate mutating func startDocument() {
        position = currentOffset
    }

    fileprivate mutating func endDTD() {
        inDTD = false
        position = currentOffset
    }

    private func string(_ pointer: UnsafePointer<xmlChar>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}

// MARK: - Without a tree

extension SAXParser: EventLocator {
    private mutating func tell(_ handler: any ContentHandler, _ text: UnsafeBufferPointer<UInt8>, from offset: Int) {
        if unsafe !text.allSatisfy({ $0.isXMLSpace }) { stream.note(text: offset) }
        if handler.characters(unsafe text.span, at: EventPlace(.text, offset)) { handler.locate(self) }
    }

    /// Text as libxml2 gives it, and moves the position behind it.
    private mutating func tell(_ handler: any ContentHandler, _ text: UnsafeBufferPointer<UInt8>, isEntity: Bool) {
        guard let base = text.baseAddress else { return }
        var offset: Int
        if isEntity {
            let reference = lastReference()
            (offset, position) = (reference.lowerBound, reference.upperBound)
        } else if let literal = unsafe self.offset(of: base, count: text.count) {
            (offset, position) = (literal, literal + text.count)
        } else {
            let (start, isReference) = startOfText()
            offset = start
            position = isReference ? currentOffset : endOfText(count: text.count, from: start)
        }
        // The node that a text is in a tree begins with the run of text, and its first visible character is looked for.
        unsafe tell(handler, text, from: offset)
    }

    /// The offset behind text in which libxml2 has made line ends one character.
    private func endOfText(count: Int, from start: Int) -> Int {
        let literal = start..<min(start + count, input.end)
        if input.count(of: UInt8(ascii: "\r"), in: literal) == 0 { return literal.upperBound }
        var (offset, remaining) = (start, count)
        while remaining > 0, offset < input.end {
            let isReturn = input[offset] == UInt8(ascii: "\r")
            offset += isReturn && offset + 1 < input.end && input[offset + 1] == UInt8(ascii: "\n") ? 2 : 1
            remaining -= 1
        }
        return offset
    }

    private mutating func tell(
        _ handler: any ContentHandler, _ name: UInt32, _ count: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        declareNames(handler)
        if let attributes = unsafe attributes {
            for number in 0..<count { unsafe identify(attributes + 5 * number) }
        }
        let place = EventPlace(.startTag, stream.frames.count - 1)
        if handler.startElement(Int(name), at: place) { handler.locate(self) }
        stream.forgetText()
        if let attributes = unsafe attributes {
            for number in 0..<count { unsafe tell(handler, attributes + 5 * number) }
        }
        if handler.endAttributes() { handler.locate(self) }
    }

    /// Notes an `xml:id`, before anything of its element is told.
    private mutating func identify(_ attribute: UnsafeMutablePointer<UnsafePointer<xmlChar>?>) {
        guard let name = unsafe attribute[0], unsafe name[0] == 0x69, unsafe name[1] == 0x64, unsafe name[2] == 0,
            let prefix = unsafe attribute[1], unsafe xmlStrEqual(prefix, "xml") == 1,
            let start = unsafe attribute[3], let end = unsafe attribute[4]
        else { return }
        unsafe stream.identify(UnsafeBufferPointer(start: start, count: end - start).span, in: input)
    }

    private mutating func tell(
        _ handler: any ContentHandler, _ attribute: UnsafeMutablePointer<UnsafePointer<xmlChar>?>
    ) {
        guard let start = unsafe attribute[3], let end = unsafe attribute[4] else { return }
        let name = unsafe names.intern(attribute[0], attribute[1], attribute[2], into: &tree.names)
        declareNames(handler)
        let value = unsafe UnsafeBufferPointer(start: start, count: end - start)
        let found = handler.attribute(Int(name), unsafe value.span, at: EventPlace(.attribute, Int(name))) {
            stream.namespace($0)
        }
        if found { handler.locate(self) }
    }

    private mutating func declareNames(_ handler: any ContentHandler) {
        while stream.namesDeclared < tree.names.qnames.count {
            handler.declare(tree.names.qnames[stream.namesDeclared])
            stream.namesDeclared += 1
        }
    }

    private mutating func tellEnd(_ handler: any ContentHandler, isEntity: Bool) {
        guard let frame = stream.frames.last?.start else { return }
        let start = isEmptyElement || isEntity ? frame : startOfMarkup()
        isEmptyElement = false
        position = currentOffset
        let place = start == frame ? EventPlace(.startTag, stream.frames.count - 1) : EventPlace(.endTag, start)
        if handler.endElement(at: place, namespace: { stream.namespace($0) }) { handler.locate(self) }
        stream.close()
    }

    func location(of place: EventPlace) -> SourceLocation {
        switch place.part {
        case .startTag: return stream.location(ofFrame: place.index, in: input)
        case .endTag: return location(of: place.index)
        case .attribute:
            let written = attributeOffset(tree.names.qnames[place.index].description)
            return written.map { location(of: $0) } ?? stream.location(ofFrame: stream.frames.count - 1, in: input)
        case .text: return stream.location(ofText: place.index, in: input)
        }
    }

    /// Where an attribute of the innermost element is written, unless the DTD supplied it.
    private func attributeOffset(_ name: String) -> Int? {
        guard let frame = stream.frames.last, frame.start >= input.start else { return nil }
        let bytes = unsafe input.bytes.span
        let tag = StartTag(bytes, from: frame.start - input.start, to: bytes.count)
        return tag.attribute(named: name, in: bytes).map { $0.name.lowerBound + input.start }
    }

    func path(above levels: Int) -> String {
        "/"
            + stream.frames.dropLast(levels).map { "\(tree.names.qnames[Int($0.name)])[\($0.position)]" }.joined(
                separator: "/")
    }

    func nearestID(above levels: Int) -> String? { stream.frames.dropLast(levels).last { $0.id != nil }?.id }

    func offset(of place: EventPlace) -> Int? {
        let offset = place.part == .startTag ? stream.frames[place.index].start : place.index
        return offset >= input.start && input[offset] == UInt8(ascii: "<") ? offset : nil
    }

    var end: Int { position }
}

// MARK: - Errors

extension SAXParser {
    /// libxml2 bounds the growth of texts by entities, and not that of elements; this bounds what we keep of either.
    private mutating func checkExpansion() {
        let kept = tree.strings.count + entityNodes * MemoryLayout<NodeRecord>.stride
        guard kept > min(16 * input.end + 10_000_000, Int(Int32.max) / 2), !isFatal else { return }
        report(Messages.entityExpansion(at: location(of: position)))
        unsafe xmlStopParser(context)
    }

    private mutating func report(_ diagnostic: Diagnostic) {
        errors.append(diagnostic)
        isFatal = true
    }

    fileprivate mutating func failed(_ error: xmlError, _ origin: xmlParserCtxtPtr) {
        // What follows the first fatal error is its consequence.
        guard !isFatal, errors.count < 100 else { return }
        let code = xmlParserErrors(UInt32(unsafe error.code))
        let isUndeclared = code == XML_WAR_UNDECLARED_ENTITY || code == XML_ERR_UNDECLARED_ENTITY
        // That a document does not follow its own DTD, or that the name of a namespace is no URI, keeps nobody from
        // reading it.
        let isNamespaceName = [XML_WAR_NS_URI, XML_WAR_NS_URI_RELATIVE].contains(code)
        let isValidity = unsafe [XML_FROM_VALID.rawValue, XML_FROM_DTD.rawValue].contains(UInt32(error.domain))
        guard unsafe error.level != XML_ERR_WARNING && !isValidity && !isNamespaceName || isUndeclared else { return }
        let words = unsafe [error.str1, error.str2, error.str3].map { unsafe $0.map { unsafe String(cString: $0) } }
        let inEntity = unsafe isEntity(UnsafeMutableRawPointer(origin))
        let report = SyntaxError(
            code: code.rawValue,
            message: unsafe error.message.map { unsafe String(cString: $0) } ?? "",
            words: words,
            location: location(of: errorOffset(code, inEntity: inEntity)),
            openElement: openElement,
            isExternal: isUndeclared && words[0].map { externalEntities.contains(CodepointString($0)) } == true,
            inEntity: inEntity
        )
        errors.append(Messages.syntax(report))
        let isNamespaceError = unsafe error.domain == XML_FROM_NAMESPACE.rawValue
        if unsafe error.level == XML_ERR_FATAL || isUndeclared || !isNamespaceError {
            isFatal = true
            unsafe xmlStopParser(context)
        }
    }

    /// What has no end, or is wrong as a whole, is where it begins; everything else is where reading stopped.
    private mutating func errorOffset(_ code: xmlParserErrors, inEntity: Bool) -> Int {
        if inEntity { return lastReference().lowerBound }
        switch code {
        case XML_ERR_TAG_NAME_MISMATCH, XML_ERR_ATTRIBUTE_REDEFINED, XML_NS_ERR_UNDEFINED_NAMESPACE,
            XML_NS_ERR_ATTRIBUTE_REDEFINED, XML_ERR_COMMENT_NOT_FINISHED, XML_ERR_CDATA_NOT_FINISHED,
            XML_ERR_PI_NOT_FINISHED:
            return startOfMarkup()
        case XML_WAR_UNDECLARED_ENTITY, XML_ERR_UNDECLARED_ENTITY, XML_ERR_UNPARSED_ENTITY:
            return lastReference().lowerBound
        case XML_ERR_MISPLACED_CDATA_END:
            var start = currentOffset
            while start + 2 < input.end,
                !(input[start] == UInt8(ascii: "]") && input[start + 1] == UInt8(ascii: "]")
                    && input[start + 2] == UInt8(ascii: ">"))
            { start += 1 }
            return start
        default:
            return min(currentOffset, input.end)
        }
    }

    private var openElement: (name: String, location: SourceLocation)? {
        if handler != nil {
            guard let frame = stream.frames.last else { return nil }
            return (
                tree.names.qnames[Int(frame.name)].description,
                stream.location(ofFrame: stream.frames.count - 1, in: input)
            )
        }
        guard open.count > 1, let last = open.last else { return nil }
        let record = tree.nodes[last]
        return (tree.names.qnames[record.name].description, location(of: Int(record.start)))
    }
}

/// From the pointers of libxml2's dictionary, which are unique per string, to our integers.
@safe private struct PointerTable {
    @unsafe private struct Entry {
        var localName: UnsafePointer<xmlChar>?
        var prefix: UnsafePointer<xmlChar>?
        var uri: UnsafePointer<xmlChar>?
        var index: UInt32
    }

    private var entries: [Entry] = unsafe Array(
        repeating: Entry(localName: nil, prefix: nil, uri: nil, index: 0), count: 256
    )
    private var count = 0
    /// The namespace of the last new name: most names have the same one.
    private var namespace: (pointer: UnsafePointer<xmlChar>?, name: String?) = (nil, nil)

    mutating func intern(
        _ localName: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?,
        into names: inout NameTable
    ) -> UInt32 {
        var slot = unsafe self.slot(localName, uri)
        while unsafe entries[slot].localName != nil {
            if unsafe entries[slot].localName == localName, unsafe entries[slot].prefix == prefix,
                unsafe entries[slot].uri == uri
            {
                return unsafe entries[slot].index
            }
            slot = unsafe (slot + 1) & (entries.count - 1)
        }
        if unsafe uri != namespace.pointer {
            unsafe namespace = unsafe (uri, uri.map { unsafe Namespace.shared(String(cString: $0)) })
        }
        let name = unsafe QName(
            prefix: prefix.map { unsafe String(cString: $0) },
            localName: localName.map { unsafe String(cString: $0) } ?? "",
            namespace: namespace.name
        )
        let index = names.intern(name)
        unsafe entries[slot] = unsafe Entry(localName: localName, prefix: prefix, uri: uri, index: index)
        count += 1
        if unsafe count * 2 > entries.count { grow() }
        return index
    }

    private func slot(_ localName: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?) -> Int {
        let bits = UInt(bitPattern: localName) &* 0x9E37_79B9_7F4A_7C15 ^ UInt(bitPattern: uri) >> 3
        return unsafe Int(truncatingIfNeeded: (bits ^ bits >> 32) & UInt(entries.count - 1))
    }

    private mutating func grow() {
        let old = unsafe entries
        unsafe entries = unsafe Array(
            repeating: Entry(localName: nil, prefix: nil, uri: nil, index: 0), count: old.count * 2)
        for index in unsafe old.indices where unsafe old[index].localName != nil {
            let entry = unsafe old[index]
            var slot = unsafe self.slot(entry.localName, entry.uri)
            while unsafe entries[slot].localName != nil { slot = unsafe (slot + 1) & (entries.count - 1) }
            unsafe entries[slot] = unsafe entry
        }
    }
}
