/// Calls a handler with the events of a file while it is read; neither the file nor a tree is held.
///
/// - Returns: diagnostics that do not keep the document from being read.
/// - Throws: ``Diagnostics`` where the file is not a well-formed document with namespaces.
func parse(_ reader: FileReader, mark: Int, handler: any ContentHandler) throws(Diagnostics) -> [Diagnostic] {
    try unsafe SAXParser.run(SourceWindow(reader.window), EventTeller(handler, reader, mark: mark)).sink.diagnostics
}

/// Calls a handler with the events of a document while it is read.
private struct EventTeller: SAXSink {
    private let handler: any ContentHandler
    private let reader: FileReader
    private var stream: EventStream
    /// Whether the last start tag ends with `/>`.
    private var isEmptyElement = false
    private var hasReportedControl = false

    init(_ handler: any ContentHandler, _ reader: FileReader, mark: Int) {
        self.handler = handler
        self.reader = reader
        stream = EventStream(path: reader.path, byteOrderMark: mark)
    }

    /// The findings that do not keep the document from being read.
    var diagnostics: [Diagnostic] { stream.diagnostics }

    func location(of offset: Int, _ parser: SAXParser) -> SourceLocation {
        stream.location(of: offset, in: parser.input)
    }

    func openElement(_ parser: SAXParser) -> (name: String, location: SourceLocation)? {
        guard let frame = stream.frames.last else { return nil }
        let location = stream.location(ofFrame: stream.frames.count - 1, in: parser.input)
        return (parser.names.qnames[Int(frame.name)].description, location)
    }

    // MARK: Input

    mutating func readOn(_ parser: inout SAXParser) {
        if parser.delivered == parser.input.end { advance(&parser) }
        if let offset = reader.firstControl, !hasReportedControl {
            hasReportedControl = true
            stream.add(Messages.control(parser.input[offset + 1], .utf8, at: location(of: offset, parser)))
        }
        if let offset = reader.invalidByte {
            parser.report(Messages.invalidUTF8(byte: parser.input[offset], at: location(of: offset, parser)))
        }
    }

    /// Forgets what lies before the last event, and reads the next part of the file.
    private mutating func advance(_ parser: inout SAXParser) {
        // A reference that is being expanded may have begun a little before.
        let kept = max(parser.input.start, parser.position - 1024)
        stream.forget(before: kept, in: parser.input)
        do throws(Diagnostics) {
            try reader.advance(dropping: kept - parser.input.start)
            parser.input = unsafe SourceWindow(reader.window, start: kept)
        } catch {
            for diagnostic in error.list { parser.report(diagnostic) }
        }
    }

    // MARK: Events

    func endDocument() {}

    func declare(id: DeclaredID) {}

    func declare(unparsedEntity name: String) { handler.declare(unparsedEntity: name) }

    mutating func text(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ origin: TextOrigin, _ parser: inout SAXParser
    ) {
        // The node that a text is in a tree begins with the run of text, and its first visible character is looked for.
        if unsafe !bytes.allSatisfy({ $0.isXMLSpace }) { stream.note(text: range.lowerBound) }
        if handler.characters(unsafe bytes.span, at: EventPlace(.text, range.lowerBound)) { locate(parser) }
    }

    mutating func section(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, markup: Range<Int>, _ parser: inout SAXParser
    ) {
        unsafe text(bytes, in: range, .normalized, &parser)
    }

    /// A handler hears neither of comments nor of instructions.
    func markup(
        _ kind: Node.Kind, name: UInt32, _ content: UnsafeBufferPointer<UInt8>, in range: Range<Int>,
        _ parser: inout SAXParser
    ) {}

    mutating func startElement(_ tag: SAXStartTag, _ parser: inout SAXParser) {
        stream.open(tag.name, at: tag.start)
        for number in 0..<tag.namespaceCount {
            let (prefix, namespace) = tag.declaration(number)
            stream.declare(prefix, namespace)
        }
        declareNames(parser.names)
        identify(tag, &parser)
        if handler.startElement(Int(tag.name), at: EventPlace(.startTag, stream.frames.count - 1)) {
            locate(parser)
        }
        stream.forgetText()
        for number in 0..<tag.attributeCount { passAttribute(number, of: tag, &parser) }
        if handler.endAttributes() { locate(parser) }
        isEmptyElement = !tag.isInEntity && parser.isAtSlash
    }

    /// Notes an `xml:id`, before its element is passed on.
    private mutating func identify(_ tag: SAXStartTag, _ parser: inout SAXParser) {
        for number in 0..<tag.attributeCount where tag.isID(number) {
            guard let value = unsafe parser.attribute(number, of: tag)?.value else { continue }
            unsafe stream.identify(value.span, in: parser.input)
        }
    }

    private mutating func passAttribute(_ number: Int, of tag: SAXStartTag, _ parser: inout SAXParser) {
        guard let (name, value) = unsafe parser.attribute(number, of: tag) else { return }
        declareNames(parser.names)
        let place = EventPlace(.attribute, Int(name))
        let found = handler.attribute(Int(name), unsafe value.span, at: place) { stream.namespace($0) }
        if found { locate(parser) }
    }

    private mutating func declareNames(_ names: NameTable) {
        while stream.namesDeclared < names.qnames.count {
            handler.declare(names.qnames[stream.namesDeclared])
            stream.namesDeclared += 1
        }
    }

    private func locate(_ parser: SAXParser) {
        handler.locate(StreamLocator(stream: stream, names: parser.names, input: parser.input, end: parser.position))
    }

    mutating func endElement(isInEntity: Bool, _ parser: inout SAXParser) {
        guard let frame = stream.frames.last?.start else { return }
        let start = isEmptyElement || isInEntity ? frame : parser.startOfMarkup()
        parser.moveOn()
        isEmptyElement = false
        let place = start == frame ? EventPlace(.startTag, stream.frames.count - 1) : EventPlace(.endTag, start)
        if handler.endElement(at: place, namespace: { stream.namespace($0) }) { locate(parser) }
        stream.close()
    }
}

// MARK: - Places

/// Finds the places of the event that a handler has just been given.
private struct StreamLocator: EventLocator {
    let stream: EventStream
    let names: NameTable
    let input: SourceWindow
    let end: Int

    func location(of place: EventPlace) -> SourceLocation {
        switch place.part {
        case .startTag: return stream.location(ofFrame: place.index, in: input)
        case .endTag: return stream.location(of: place.index, in: input)
        case .attribute:
            let written = attributeOffset(names.qnames[place.index].description)
            return written.map { stream.location(of: $0, in: input) }
                ?? stream.location(ofFrame: stream.frames.count - 1, in: input)
        case .text: return stream.location(ofText: place.index, in: input)
        }
    }

    /// Where an attribute of the innermost element is written, unless the DTD supplied it.
    private func attributeOffset(_ name: String) -> Int? {
        guard let frame = stream.frames.last, frame.start >= input.start else { return nil }
        let buffer = unsafe input.bytes
        let bytes = unsafe buffer.span
        let tag = StartTag(bytes, from: frame.start - input.start, to: bytes.count)
        return tag.attribute(named: name, in: bytes).map { $0.name.lowerBound + input.start }
    }

    func path(above levels: Int) -> String {
        "/"
            + stream.frames.dropLast(levels).map { "\(names.qnames[Int($0.name)])[\($0.position)]" }.joined(
                separator: "/")
    }

    func nearestID(above levels: Int) -> String? { stream.frames.dropLast(levels).last { $0.id != nil }?.id }

    func offset(of place: EventPlace) -> Int? {
        let offset = place.part == .startTag ? stream.frames[place.index].start : place.index
        return offset >= input.start && input[offset] == UInt8(ascii: "<") ? offset : nil
    }
}
