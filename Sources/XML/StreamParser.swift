/// Calls a handler with the events of a file while it is read; neither the file nor a tree is held.
///
/// - Returns: diagnostics that do not keep the document from being read.
/// - Throws: ``Diagnostics`` where the file is not a well-formed document with namespaces.
func parse(_ reader: FileReader, mark: Int, handler: any ContentHandler) throws(Diagnostics) -> [Diagnostic] {
    let parser = StreamParser(handler, reader, mark: mark)
    try parser.run()
    return parser.diagnostics
}

/// Calls a handler with the events of a document while it is read.
private final class StreamParser: SAXParser {
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
        super.init(unsafe SourceWindow(reader.window))
    }

    /// What was found that does not keep the document from being read.
    var diagnostics: [Diagnostic] { stream.diagnostics }

    override func location(of offset: Int) -> SourceLocation { stream.location(of: offset, in: input) }

    override var openElement: (name: String, location: SourceLocation)? {
        guard let frame = stream.frames.last else { return nil }
        let location = stream.location(ofFrame: stream.frames.count - 1, in: input)
        return (names.qnames[Int(frame.name)].description, location)
    }

    // MARK: Input

    override func readOn() {
        if delivered == input.end { advance() }
        if let offset = reader.firstControl, !hasReportedControl {
            hasReportedControl = true
            stream.add(Messages.control(input[offset + 1], .utf8, at: location(of: offset)))
        }
        if let offset = reader.invalidByte {
            report(Messages.invalidUTF8(byte: input[offset], at: location(of: offset)))
        }
    }

    /// Forgets what lies before the last event, and reads the next part of the file.
    private func advance() {
        // A reference that is being expanded may have begun a little before.
        let kept = max(input.start, position - 1024)
        stream.forget(before: kept, in: input)
        do throws(Diagnostics) {
            try reader.advance(dropping: kept - input.start)
            input = unsafe SourceWindow(reader.window, start: kept)
        } catch {
            for diagnostic in error.list { report(diagnostic) }
        }
    }

    // MARK: Events

    override func declare(unparsedEntity name: String) { handler.declare(unparsedEntity: name) }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ origin: TextOrigin) {
        // The node that a text is in a tree begins with the run of text, and its first visible character is looked for.
        if unsafe !bytes.allSatisfy({ $0.isXMLSpace }) { stream.note(text: range.lowerBound) }
        if handler.characters(unsafe bytes.span, at: EventPlace(.text, range.lowerBound)) { handler.locate(self) }
    }

    override func section(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, markup: Range<Int>) {
        unsafe text(bytes, in: range, .normalized)
    }

    override func startElement(_ tag: SAXStartTag) {
        stream.open(tag.name, at: tag.start)
        for number in 0..<tag.namespaceCount {
            let (prefix, namespace) = tag.declaration(number)
            stream.declare(prefix, namespace)
        }
        declareNames()
        identify(tag)
        if handler.startElement(Int(tag.name), at: EventPlace(.startTag, stream.frames.count - 1)) {
            handler.locate(self)
        }
        stream.forgetText()
        for number in 0..<tag.attributeCount { passAttribute(number, of: tag) }
        if handler.endAttributes() { handler.locate(self) }
        isEmptyElement = !tag.isInEntity && isAtSlash
    }

    /// Notes an `xml:id`, before its element is passed on.
    private func identify(_ tag: SAXStartTag) {
        for number in 0..<tag.attributeCount where tag.isID(number) {
            guard let value = unsafe attribute(number, of: tag)?.value else { continue }
            unsafe stream.identify(value.span, in: input)
        }
    }

    private func passAttribute(_ number: Int, of tag: SAXStartTag) {
        guard let (name, value) = unsafe attribute(number, of: tag) else { return }
        declareNames()
        let place = EventPlace(.attribute, Int(name))
        let found = handler.attribute(Int(name), unsafe value.span, at: place) { stream.namespace($0) }
        if found { handler.locate(self) }
    }

    private func declareNames() {
        while stream.namesDeclared < names.qnames.count {
            handler.declare(names.qnames[stream.namesDeclared])
            stream.namesDeclared += 1
        }
    }

    override func endElement(isInEntity: Bool) {
        guard let frame = stream.frames.last?.start else { return }
        let start = isEmptyElement || isInEntity ? frame : startOfMarkup()
        moveOn()
        isEmptyElement = false
        let place = start == frame ? EventPlace(.startTag, stream.frames.count - 1) : EventPlace(.endTag, start)
        if handler.endElement(at: place, namespace: { stream.namespace($0) }) { handler.locate(self) }
        stream.close()
    }
}

// MARK: - Places

extension StreamParser: EventLocator {
    func location(of place: EventPlace) -> SourceLocation {
        switch place.part {
        case .startTag: return stream.location(ofFrame: place.index, in: input)
        case .endTag: return location(of: place.index)
        case .attribute:
            let written = attributeOffset(names.qnames[place.index].description)
            return written.map { location(of: $0) } ?? stream.location(ofFrame: stream.frames.count - 1, in: input)
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

    var end: Int { position }
}
