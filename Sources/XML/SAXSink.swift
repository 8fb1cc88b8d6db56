/// Takes the events of a document that is being read: ``TreeBuilder`` makes a tree of them, ``EventTeller`` the calls of
/// a handler.
protocol SAXSink {
    /// An element begins; the parser's position is before the end of its tag.
    mutating func startElement(_ tag: SAXStartTag, _ parser: inout SAXParser)
    /// An element ends; the sink calls ``SAXParser/moveOn()``.
    mutating func endElement(isInEntity: Bool, _ parser: inout SAXParser)
    /// A part of a text.
    ///
    /// - Parameter range: where the source says it, or what stands for it.
    mutating func text(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ origin: TextOrigin, _ parser: inout SAXParser)
    /// A CDATA section.
    mutating func section(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, markup: Range<Int>, _ parser: inout SAXParser)
    /// A comment or a processing instruction.
    mutating func markup(
        _ kind: Node.Kind, name: UInt32, _ content: UnsafeBufferPointer<UInt8>, in range: Range<Int>,
        _ parser: inout SAXParser)
    mutating func endDocument()
    mutating func declare(id: DeclaredID)
    mutating func declare(unparsedEntity name: String)
    /// Makes more of the input available, if it is not there as a whole.
    mutating func readOn(_ parser: inout SAXParser)
    func location(of offset: Int, _ parser: SAXParser) -> SourceLocation
    /// The innermost element.
    func openElement(_ parser: SAXParser) -> (name: String, location: SourceLocation)?
}

/// How a text and the source have to do with each other.
enum TextOrigin {
    /// The source says exactly these bytes.
    case verbatim
    /// The source says them, with other line ends.
    case normalized
    /// The source refers to them.
    case reference
}
