// The one file of this module that meets C. libxml2's SAX2 events become calls of a sink; nothing of libxml2
// survives the call. What is kept of a file: docs/parsing.md.

internal import CLibXML2

/// Reads a document by libxml2, and finds where the source says what each event tells.
///
/// It lives as long as the call that reads the buffer. A struct behind a pointer: a class would check at each access
/// that no other one is under way, which costs a tenth of validating.
@safe struct SAXParser {
    var input: SourceWindow
    /// The names that have been met.
    var names = NameTable()
    /// Where the last event ended: offset into the source.
    var position = 0
    /// How many bytes the sink holds of texts that the source does not say.
    var keptBytes = 0
    private(set) var errors: [Diagnostic] = []
    /// How much libxml2 has been given.
    private(set) var delivered = 0
    private var context: xmlParserCtxtPtr?
    private var nameNumbers = PointerTable()
    private var inDTD = false
    /// The last answer of ``lastReference()``.
    private var reference: Range<Int>?
    private var externalEntities: Set<CodepointString> = []
    /// How many nodes entities have brought in.
    private var entityNodes = 0
    private var isFatal = false

    init(_ input: SourceWindow) {
        self.input = input
    }
}

/// The argument of libxml2's callbacks.
private struct Parse {
    var parser: SAXParser
    var sink: any SAXSink
}

// MARK: - libxml2

extension SAXParser {
    /// Runs libxml2 over an input.
    ///
    /// - Returns: the sink with what it has made, and the names of the document.
    /// - Throws: ``Diagnostics`` where it is not a well-formed document with namespaces.
    static func run<Sink: SAXSink>(
        _ input: SourceWindow, _ sink: consuming Sink
    ) throws(Diagnostics) -> (sink: Sink, names: NameTable) {
        var parse = Parse(parser: SAXParser(input), sink: sink)
        unsafe withUnsafeMutablePointer(to: &parse) { unsafe run($0) }
        if !parse.parser.errors.isEmpty { throw Diagnostics(parse.parser.errors) }
        return (parse.sink as! Sink, parse.parser.names)
    }

    private static func run(_ parse: UnsafeMutablePointer<Parse>) {
        guard let context = unsafe xmlNewParserCtxt(), let sax = unsafe context.pointee.sax else {
            unsafe parse.pointee.parser.report(Messages.noParser())
            return
        }
        unsafe parse.pointee.parser.context = unsafe context
        unsafe context.pointee._private = UnsafeMutableRawPointer(parse)
        unsafe install(sax)
        let options = XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        // By a callback, since libxml2 copies a whole buffer before it reads the first byte of it.
        let document = unsafe xmlCtxtReadIO(context, read, nil, context.pointee._private, nil, nil, Int32(options))
        unsafe xmlFreeDoc(document ?? context.pointee.myDoc)
        unsafe context.pointee.myDoc = nil
        let isWellFormed = unsafe context.pointee.wellFormed != 0
        unsafe withParser(UnsafeMutableRawPointer(context)) { $0.finish(isWellFormed: isWellFormed, &$1) }
        unsafe xmlFreeParserCtxt(context)
    }

    private mutating func finish(isWellFormed: Bool, _ sink: inout any SAXSink) {
        sink.endDocument()
        if errors.isEmpty, !isWellFormed {
            report(Messages.notWellFormed(nil, at: sink.location(of: currentOffset, self)))
        }
        unsafe context = nil
    }

    /// The next bytes of the input.
    fileprivate mutating func deliver(_ buffer: UnsafeMutableRawBufferPointer, _ sink: inout any SAXSink) -> Int32 {
        if !isFatal { sink.readOn(&self) }
        if isFatal { return -1 }
        let count = min(buffer.count, input.end - delivered)
        let from = delivered - input.start
        unsafe buffer.copyMemory(
            from: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: input.bytes[from..<(from + count)])))
        delivered += count
        return Int32(count)
    }

    private static func install(_ sax: UnsafeMutablePointer<xmlSAXHandler>) {
        unsafe sax.pointee.startElementNs = {
            context, localName, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
            unsafe withParser(context) {
                unsafe $0.startElement(
                    context, localName, prefix, uri, namespaceCount, namespaces, attributeCount, attributes, &$1)
            }
        }
        unsafe sax.pointee.endElementNs = { context, _, _, _ in
            unsafe withParser(context) { unsafe $1.endElement(isInEntity: $0.isEntity(context), &$0) }
        }
        unsafe sax.pointee.characters = { context, start, count in
            unsafe withParser(context) { unsafe $0.characters(context, start, count, &$1) }
        }
        // The same function, not only an equal one: libxml2 then leaves out its search for white space.
        unsafe sax.pointee.ignorableWhitespace = unsafe sax.pointee.characters
        unsafe sax.pointee.cdataBlock = { context, start, count in
            unsafe withParser(context) { unsafe $0.section(context, start, count, &$1) }
        }
        unsafe sax.pointee.comment = { context, value in
            unsafe withParser(context) { unsafe $0.markup(.comment, context, target: nil, value, &$1) }
        }
        unsafe sax.pointee.processingInstruction = { context, target, value in
            unsafe withParser(context) { unsafe $0.markup(.processingInstruction, context, target: target, value, &$1) }
        }
        unsafe sax.pointee.reference = { _, _ in }
        // Called after the XML declaration.
        unsafe sax.pointee.startDocument = { context in
            unsafe xmlSAX2StartDocument(context)
            unsafe withParser(context) { parser, _ in parser.moveOn() }
        }
        unsafe sax.pointee.internalSubset = { context, name, publicID, systemID in
            unsafe withParser(context) { parser, _ in parser.startDTD() }
            unsafe xmlSAX2InternalSubset(context, name, publicID, systemID)
        }
        // Called after the internal subset. The external one is never loaded.
        unsafe sax.pointee.externalSubset = { context, _, _, _ in
            unsafe withParser(context) { parser, _ in parser.endDTD() }
        }
        unsafe sax.pointee.entityDecl = { context, name, type, publicID, systemID, content in
            let isExternal =
                type == XML_EXTERNAL_GENERAL_PARSED_ENTITY.rawValue
                || type == XML_EXTERNAL_PARAMETER_ENTITY.rawValue
            if isExternal, let name = unsafe name {
                unsafe withParser(context) { parser, _ in unsafe parser.declare(externalEntity: String(cString: name)) }
            } else {
                unsafe xmlSAX2EntityDecl(context, name, type, publicID, systemID, content)
            }
        }
        unsafe sax.pointee.unparsedEntityDecl = { context, name, publicID, systemID, notation in
            if let name = unsafe name {
                unsafe withParser(context) { unsafe $1.declare(unparsedEntity: String(cString: name)) }
            }
            unsafe xmlSAX2UnparsedEntityDecl(context, name, publicID, systemID, notation)
        }
        unsafe sax.pointee.attributeDecl = { context, element, name, type, occurrence, value, values in
            if type == XML_ATTRIBUTE_ID.rawValue, let element = unsafe element, let name = unsafe name {
                unsafe withParser(context) {
                    unsafe $1.declare(
                        id: DeclaredID(element: String(cString: element), attribute: String(cString: name)))
                }
            }
            unsafe xmlSAX2AttributeDecl(context, element, name, type, occurrence, value, values)
        }
        unsafe sax.pointee.error = nil
        unsafe sax.pointee.warning = nil
        unsafe sax.pointee.fatalError = nil
        unsafe sax.pointee.serror = { _, error in
            guard let error = unsafe error, let context = unsafe error.pointee.ctxt else { return }
            unsafe withParser(context) { unsafe $0.failed(error.pointee, isInEntity: $0.isEntity(context), $1) }
        }
    }
}

private func read(_ raw: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
    guard let parse = unsafe raw?.assumingMemoryBound(to: Parse.self), let buffer = unsafe buffer else { return -1 }
    let bytes = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
    return unsafe parse.pointee.parser.deliver(bytes, &parse.pointee.sink)
}

/// Passes on the parser that a context refers to. The parser does not move in memory until the call that made it ends.
private func withParser(
    _ context: UnsafeMutableRawPointer?, _ body: (inout SAXParser, inout any SAXSink) -> Void
) {
    guard let raw = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self).pointee._private else { return }
    let parse = unsafe raw.assumingMemoryBound(to: Parse.self)
    unsafe body(&parse.pointee.parser, &parse.pointee.sink)
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

    /// Markup begins at the first `<`: between two events there are at most references without content.
    func startOfMarkup() -> Int {
        var start = position
        while start < input.end, input[start] != UInt8(ascii: "<") { start += 1 }
        return start
    }

    /// The reference that was read last, in the document itself.
    mutating func lastReference() -> Range<Int> {
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
    /// came to nothing may be before it.
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

    /// The offset after text in which libxml2 has made line ends one character.
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
}

// MARK: - Events

extension SAXParser {
    fileprivate mutating func characters(
        _ raw: UnsafeMutableRawPointer?, _ start: UnsafePointer<xmlChar>?, _ count: Int32,
        _ sink: inout any SAXSink
    ) {
        guard let start = unsafe start, count > 0 else { return }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(count))
        if unsafe isEntity(raw) { return unsafe entityText(bytes, &sink) }
        if let offset = unsafe offset(of: start, count: Int(count)) {
            position = offset + Int(count)
            return unsafe sink.text(bytes, in: offset..<position, .verbatim, &self)
        }
        let (offset, isReference) = startOfText()
        position = isReference ? currentOffset : endOfText(count: Int(count), from: offset)
        unsafe sink.text(bytes, in: offset..<position, isReference ? .reference : .normalized, &self)
        checkExpansion(&sink)
    }

    fileprivate mutating func section(
        _ raw: UnsafeMutableRawPointer?, _ start: UnsafePointer<xmlChar>?, _ count: Int32, _ sink: inout any SAXSink
    ) {
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(count))
        if unsafe isEntity(raw) {
            if count > 0 { unsafe entityText(bytes, &sink) }
            return
        }
        let markup = unsafe passMarkup(raw, &sink)
        guard count > 0 else { return }
        let start = markup.lowerBound + "<![CDATA[".utf8.count
        unsafe sink.section(
            bytes, in: start..<endOfText(count: Int(count), from: start), markup: markup, &self)
        checkExpansion(&sink)
    }

    private mutating func entityText(_ bytes: UnsafeBufferPointer<UInt8>, _ sink: inout any SAXSink) {
        let reference = lastReference()
        position = reference.upperBound
        unsafe sink.text(bytes, in: reference, .reference, &self)
        checkExpansion(&sink)
    }

    /// Moves the position to where libxml2 has read.
    mutating func moveOn() { position = currentOffset }

    /// Moves the position after markup.
    ///
    /// - Returns: where it is; markup of an entity is where the entity is referred to.
    private mutating func passMarkup(_ raw: UnsafeMutableRawPointer?, _ sink: inout any SAXSink) -> Range<Int> {
        guard unsafe isEntity(raw) else {
            let start = startOfMarkup()
            moveOn()
            return start..<max(start, position)
        }
        let reference = lastReference()
        position = reference.upperBound
        entityNodes += 1
        checkExpansion(&sink)
        return reference
    }

    fileprivate mutating func startElement(
        _ raw: UnsafeMutableRawPointer?,
        _ localName: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?,
        _ namespaceCount: Int32, _ namespaces: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
        _ attributeCount: Int32, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
        _ sink: inout any SAXSink
    ) {
        let start = unsafe passMarkup(raw, &sink).lowerBound
        let inEntity = unsafe isEntity(raw)
        let tag = unsafe SAXStartTag(
            name: nameNumbers.intern(localName, prefix, uri, into: &names), start: start, isInEntity: inEntity,
            namespaceCount: Int(namespaceCount), attributeCount: Int(attributeCount), namespaces: namespaces,
            attributes: attributes
        )
        let kept = keptBytes
        sink.startElement(tag, &self)
        if keptBytes > kept { checkExpansion(&sink) }
        // The event comes before `>` or `/>`.
        if !inEntity { position += isAtSlash ? 2 : 1 }
    }

    /// Whether the start tag at hand ends with `/>`.
    var isAtSlash: Bool { position < input.end && input[position] == UInt8(ascii: "/") }

    /// An attribute of a start tag: the number of its name, and its value.
    mutating func attribute(_ number: Int, of tag: SAXStartTag) -> (name: UInt32, value: UnsafeBufferPointer<UInt8>)? {
        guard let parts = unsafe tag.attributes.map({ unsafe $0 + 5 * number }), let value = unsafe parts[3],
            let end = unsafe parts[4]
        else { return nil }
        let name = unsafe nameNumbers.intern(parts[0], parts[1], parts[2], into: &names)
        return unsafe (name, UnsafeBufferPointer(start: value, count: end - value))
    }

    /// The source offset of a value that the source says as it is.
    func offset(of value: UnsafeBufferPointer<UInt8>) -> Int? {
        unsafe value.baseAddress.flatMap { unsafe offset(of: $0, count: value.count) }
    }

    fileprivate mutating func markup(
        _ kind: Node.Kind, _ raw: UnsafeMutableRawPointer?, target: UnsafePointer<xmlChar>?,
        _ value: UnsafePointer<xmlChar>?, _ sink: inout any SAXSink
    ) {
        guard !inDTD else { return }
        let name = unsafe target == nil ? 0 : nameNumbers.intern(target, nil, nil, into: &names)
        let range = unsafe passMarkup(raw, &sink)
        let length = unsafe value.map { Int(unsafe xmlStrlen($0)) } ?? 0
        unsafe sink.markup(kind, name: name, UnsafeBufferPointer(start: value, count: length), in: range, &self)
        checkExpansion(&sink)
    }

    fileprivate mutating func startDTD() {
        inDTD = true
    }

    fileprivate mutating func endDTD() {
        inDTD = false
        moveOn()
    }

    fileprivate mutating func declare(externalEntity name: String) {
        externalEntities.insert(CodepointString(name))
    }
}

/// A start tag as libxml2 gives it, until its event ends.
@safe struct SAXStartTag {
    let name: UInt32
    /// Offset of the `<`.
    let start: Int
    /// Whether an entity brought it in.
    let isInEntity: Bool
    let namespaceCount: Int
    let attributeCount: Int
    fileprivate let namespaces: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    fileprivate let attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    /// A namespace declaration; the namespace is empty where the default one is undeclared.
    func declaration(_ number: Int) -> (prefix: String?, namespace: String) {
        let parts = unsafe namespaces.map { unsafe $0 + 2 * number }
        return unsafe (string(parts?[0]), string(parts?[1]) ?? "")
    }

    private func string(_ pointer: UnsafePointer<xmlChar>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    /// Whether an attribute is `xml:id`.
    func isID(_ number: Int) -> Bool {
        guard let parts = unsafe attributes.map({ unsafe $0 + 5 * number }), let name = unsafe parts[0],
            let prefix = unsafe parts[1]
        else { return false }
        return unsafe name[0] == 0x69 && name[1] == 0x64 && name[2] == 0 && xmlStrEqual(prefix, "xml") == 1
    }
}

// MARK: - Errors

extension SAXParser {
    /// libxml2 bounds the growth of texts by entities, and not that of elements; this bounds what we keep of either.
    private mutating func checkExpansion(_ sink: inout any SAXSink) {
        let kept = keptBytes + entityNodes * MemoryLayout<NodeRecord>.stride
        guard kept > min(16 * input.end + 10_000_000, Int(Int32.max) / 2), !isFatal else { return }
        report(Messages.entityExpansion(at: sink.location(of: position, self)))
        unsafe xmlStopParser(context)
    }

    /// Adds what keeps the document from being read.
    mutating func report(_ diagnostic: Diagnostic) {
        errors.append(diagnostic)
        isFatal = true
    }

    fileprivate mutating func failed(_ error: xmlError, isInEntity inEntity: Bool, _ sink: any SAXSink) {
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
        let report = SyntaxError(
            cause: SyntaxError.Cause(code),
            message: unsafe error.message.map { unsafe String(cString: $0) } ?? "",
            words: words,
            location: sink.location(of: errorOffset(code, inEntity: inEntity), self),
            openElement: sink.openElement(self),
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

    /// Errors about unclosed or whole constructs are at their beginning; all others are where reading stopped.
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
}

extension SyntaxError.Cause {
    init(_ code: xmlParserErrors) {
        switch code {
        case XML_ERR_INTERNAL_ERROR: self = .internalError
        case XML_ERR_DOCUMENT_EMPTY: self = .emptyDocument
        case XML_ERR_DOCUMENT_END: self = .contentAfterEnd
        case XML_ERR_INVALID_CHAR: self = .invalidCharacter
        case XML_ERR_INVALID_ENCODING: self = .invalidEncoding
        case XML_ERR_INVALID_HEX_CHARREF, XML_ERR_INVALID_DEC_CHARREF, XML_ERR_INVALID_CHARREF:
            self = .invalidCharacterReference
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY: self = .undeclaredEntity
        case XML_ERR_UNPARSED_ENTITY: self = .unparsedEntity
        case XML_ERR_ENTITYREF_SEMICOL_MISSING: self = .entityReferenceWithoutSemicolon
        case XML_ERR_ENTITY_LOOP: self = .entityLoop
        case XML_ERR_TAG_NAME_MISMATCH: self = .tagMismatch
        case XML_ERR_TAG_NOT_FINISHED: self = .unclosedElement
        case XML_ERR_GT_REQUIRED: self = .unfinishedTag
        case XML_ERR_ATTRIBUTE_REDEFINED: self = .attributeTwice
        case XML_NS_ERR_ATTRIBUTE_REDEFINED: self = .namespacedAttributeTwice
        case XML_ERR_ATTRIBUTE_NOT_STARTED, XML_ERR_ATTRIBUTE_NOT_FINISHED: self = .attributeWithoutQuote
        case XML_ERR_ATTRIBUTE_WITHOUT_VALUE: self = .attributeWithoutValue
        case XML_ERR_LT_IN_ATTRIBUTE: self = .lessThanInAttribute
        case XML_ERR_NAME_REQUIRED: self = .nameRequired
        case XML_ERR_SPACE_REQUIRED: self = .spaceRequired
        case XML_ERR_COMMENT_NOT_FINISHED: self = .unfinishedComment
        case XML_ERR_HYPHEN_IN_COMMENT: self = .hyphensInComment
        case XML_ERR_CDATA_NOT_FINISHED: self = .unfinishedSection
        case XML_ERR_MISPLACED_CDATA_END: self = .misplacedSectionEnd
        case XML_ERR_RESERVED_XML_NAME: self = .reservedName
        case XML_ERR_PI_NOT_STARTED, XML_ERR_PI_NOT_FINISHED: self = .unfinishedInstruction
        case XML_ERR_DOCTYPE_NOT_FINISHED: self = .unfinishedDoctype
        case XML_NS_ERR_UNDEFINED_NAMESPACE: self = .undeclaredPrefix
        case XML_NS_ERR_XML_NAMESPACE, XML_NS_ERR_QNAME, XML_NS_ERR_EMPTY, XML_NS_ERR_COLON: self = .namespace
        default: self = .other
        }
    }
}

/// From the pointers of libxml2's dictionary, which are unique per string, to our integers.
@safe private struct PointerTable {
    @unsafe private struct Entry {
        var localName: UnsafePointer<xmlChar>?
        var prefix: UnsafePointer<xmlChar>?
        var uri: UnsafePointer<xmlChar>?
        var index: UInt32

        var hash: UInt64 {
            unsafe UInt64(UInt(bitPattern: localName) &* 0x9E37_79B9_7F4A_7C15 ^ UInt(bitPattern: uri) >> 3)
        }
    }

    private var entries: [Entry] = unsafe []
    private var table = IndexTable(capacity: 128)
    /// The namespace of the last new name: most names have the same one.
    private var namespace: (pointer: UnsafePointer<xmlChar>?, name: String?) = (nil, nil)

    mutating func intern(
        _ localName: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?,
        into names: inout NameTable
    ) -> UInt32 {
        var entry = unsafe Entry(localName: localName, prefix: prefix, uri: uri, index: 0)
        let slot = unsafe table.slot(of: entry.hash) {
            unsafe entries[$0].localName == localName && entries[$0].prefix == prefix && entries[$0].uri == uri
        }
        if let known = table[slot] { return unsafe entries[known].index }
        if unsafe uri != namespace.pointer {
            unsafe namespace = unsafe (uri, uri.map { unsafe Namespace.shared(String(cString: $0)) })
        }
        let name = unsafe QName(
            prefix: prefix.map { unsafe String(cString: $0) },
            localName: localName.map { unsafe String(cString: $0) } ?? "",
            namespace: namespace.name
        )
        let index = names.intern(name)
        unsafe entry.index = index
        unsafe table.insert(entries.count, at: slot)
        unsafe entries.append(entry)
        if table.isCrowded { table = table.grown { unsafe entries[$0].hash } }
        return index
    }
}

/// The character that HTML has for the name of an entity; `nil` if HTML has no such name.
func characterOfHTML(named name: String) -> Unicode.Scalar? {
    let entity = unsafe name.withCString { bytes in
        unsafe bytes.withMemoryRebound(to: xmlChar.self, capacity: name.utf8.count + 1) { unsafe htmlEntityLookup($0) }
    }
    return unsafe entity.flatMap { unsafe Unicode.Scalar($0.pointee.value) }
}
