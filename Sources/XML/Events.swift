/// Receives the events of a document in its order: from a finished tree, or while the document is being read.
///
/// Names are integers, declared before their first use. Each event says whether the handler wants to know where
/// something is; the source of the events then calls ``locate(_:)``.
package protocol ContentHandler: AnyObject {
    /// The next name: the first is 0.
    func declare(_ name: QName)
    /// An entity of the document type that is not XML (XML 1.0, 4.2.2), before the first element.
    func declare(unparsedEntity name: String)
    func startElement(_ name: Int, at place: EventPlace) -> Bool
    /// - Parameter namespace: the namespace of a prefix in scope, the empty one included.
    func attribute(_ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?) -> Bool
    func endAttributes() -> Bool
    /// A part of a text, as much as there is at once.
    func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool
    func endElement(at place: EventPlace, namespace: (String) -> String?) -> Bool
    func locate(_ locator: some EventLocator)
}

/// A place that an event tells of, which its source can find again until the next event; a start tag until its
/// element's end, and the first text after a tag that is more than white space until the event of the next tag.
package struct EventPlace: Sendable, Hashable {
    package enum Part: UInt8, Sendable {
        case startTag, attribute, text, endTag
    }

    package let part: Part
    let index: Int

    package init(_ part: Part, _ index: Int) {
        self.part = part
        self.index = index
    }
}

/// Finds the places of events.
package protocol EventLocator {
    func location(of place: EventPlace) -> SourceLocation
    /// The XPath of an open element: of the innermost, or as many levels above it.
    func path(above levels: Int) -> String
    /// The nearest `xml:id` of an open element.
    func nearestID(above levels: Int) -> String?
    /// Where a tag begins, in bytes of the text without its byte order mark; `nil` for one that an entity brought in.
    func offset(of place: EventPlace) -> Int?
    /// Where the latest end tag ends, in bytes as in ``offset(of:)``.
    var end: Int { get }
}

extension Document {
    /// Tells a file to a handler while it is read. What is held is the open elements, one part of the file, and 32
    /// bytes for each `xml:id`; a file in another encoding than UTF-8 is read as a whole.
    ///
    /// - Returns: the same as ``diagnostics`` of the document.
    /// - Throws: the same as ``init(contentsOfFile:)``.
    package static func stream(_ path: String, to handler: some ContentHandler) throws(Diagnostics) -> [Diagnostic] {
        let reader = try FileReader(path: path)
        guard let mark = try byteOrderMark(reader) else {
            let document = try Document(reader.all(), path: path)
            document.replay(to: handler)
            return document.diagnostics
        }
        reader.skip(mark)
        return try parse(reader, mark: mark, handler: handler)
    }

    /// How many bytes of a file are its byte order mark; `nil` where it cannot be streamed, but is read as a whole.
    ///
    /// - Throws: the same as ``init(contentsOfFile:)`` where there is no such file.
    package static func byteOrderMark(ofFile path: String) throws(Diagnostics) -> Int? {
        try byteOrderMark(FileReader(path: path))
    }

    private static func byteOrderMark(_ reader: FileReader) throws(Diagnostics) -> Int? {
        let start = reader.beginning
        let (encoding, mark) = try DecodedSource.encoding(of: start, path: reader.path)
        return encoding == .utf8 && DecodedSource.mayBegin(start.dropFirst(mark)) ? mark : nil
    }

    /// Calls a handler with the events of the whole document, as if it were being read.
    package func replay(to handler: some ContentHandler) {
        for name in names.qnames { handler.declare(name) }
        for name in unparsedEntities { handler.declare(unparsedEntity: name.string) }
        var replay = EventReplay(document: self)
        replay.run(handler)
    }
}

/// Walks a tree by its records: a `Node` in this loop would cost a reference each.
private struct EventReplay {
    let document: Document
    private var open: [Int32] = []

    init(document: Document) {
        self.document = document
    }

    mutating func run(_ handler: some ContentHandler) {
        let nodes = document.nodes
        for index in nodes.indices {
            let record = nodes[index]
            while let last = open.last, index >= Int(nodes[Int(last)].subtreeEnd) { end(Int(last), handler) }
            switch record.kind {
            case .element: start(index, record, handler)
            case .text: characters(index, record, handler)
            case .document, .comment, .processingInstruction: continue
            }
        }
        while let last = open.last { end(Int(last), handler) }
    }

    private mutating func start(_ index: Int, _ record: NodeRecord, _ handler: some ContentHandler) {
        open.append(Int32(index))
        if handler.startElement(record.name, at: EventPlace(.startTag, index)) { locate(index, handler) }
        if record.payload != NodeRecord.none {
            var attribute = Int(record.payload)
            while true {
                let record = document.attributes[attribute]
                let (buffer, place) = (
                    record.inStrings ? document.strings : document.source, EventPlace(.attribute, attribute)
                )
                let value = buffer.span.extracting(record.start..<(record.start + Int(record.length)))
                if handler.attribute(record.name, value, at: place, namespace: { namespace($0, index) }) {
                    locate(index, handler)
                }
                if record.isLast { break }
                attribute += 1
            }
        }
        if handler.endAttributes() { locate(index, handler) }
    }

    private func characters(_ index: Int, _ record: NodeRecord, _ handler: some ContentHandler) {
        guard let element = open.last else { return }
        let place = EventPlace(.text, index)
        if record.payload == NodeRecord.none {
            let source = document.source
            let found = handler.characters(source.span.extracting(Int(record.start)..<Int(record.end)), at: place)
            if found { locate(Int(element), handler) }
            return
        }
        for piece in document.pieces(of: record) {
            let (buffer, range) = (
                piece.isLiteral ? document.source : document.strings, Int(piece.start)..<Int(piece.start + piece.length)
            )
            if handler.characters(buffer.span.extracting(range), at: place) { locate(Int(element), handler) }
        }
    }

    private mutating func end(_ index: Int, _ handler: some ContentHandler) {
        if handler.endElement(at: EventPlace(.endTag, index), namespace: { namespace($0, index) }) {
            locate(index, handler)
        }
        open.removeLast()
    }

    private func namespace(_ prefix: String, _ element: Int) -> String? {
        Node(document: document, index: element).namespace(forPrefix: prefix.isEmpty ? nil : prefix)
    }

    private func locate(_ element: Int, _ handler: some ContentHandler) {
        handler.locate(TreeLocator(document: document, element: element))
    }
}

private struct TreeLocator: EventLocator {
    let document: Document
    let element: Int

    private var node: Node { Node(document: document, index: element) }

    private func node(above levels: Int) -> Node {
        (0..<levels).reduce(node) { node, _ in node.parent ?? node }
    }

    func location(of place: EventPlace) -> SourceLocation {
        switch place.part {
        case .startTag: document.location(of: Int(document.nodes[place.index].start))
        // Events of attributes come while their element is the innermost.
        case .attribute: Attribute(element: node, index: place.index).location
        case .text: document.location(of: document.firstVisibleOffset(inText: place.index))
        case .endTag: document.location(of: document.endTag(of: place.index))
        }
    }

    func path(above levels: Int) -> String { node(above: levels).path }
    func nearestID(above levels: Int) -> String? { node(above: levels).nearestID }

    func offset(of place: EventPlace) -> Int? {
        let offset = place.part == .endTag ? document.endTag(of: place.index) : Int(document.nodes[place.index].start)
        return document.source[offset] == UInt8(ascii: "<") ? offset : nil
    }

    var end: Int { Int(document.nodes[element].end) }
}

extension Document {
    /// The offset of the first character of a text that is not white space.
    fileprivate func firstVisibleOffset(inText index: Int) -> Int {
        var bytes: [UInt8] = []
        appendText(index, to: &bytes)
        return sourceOffset(ofScalar: bytes.prefix { $0.isXMLSpace }.count, inText: index)
    }

    /// The offset of `</`; of an empty element the beginning.
    fileprivate func endTag(of element: Int) -> Int {
        let (start, end) = (Int(nodes[element].start), Int(nodes[element].end))
        guard let tag = source[start..<max(start, end)].lastIndex(of: UInt8(ascii: "<")) else { return start }
        return tag
    }
}
