/// A start tag, read again from the source for the places of its parts.
package struct StartTag: Sendable {
    /// Offset after `>`.
    package private(set) var end: Int
    private(set) var attributes: [(name: Range<Int>, whole: Range<Int>)] = []

    init(_ element: Node) {
        let source = element.document.source
        self.init(source.span, from: Int(element.record.start), to: Int(element.record.end))
    }

    /// - Parameters:
    ///   - start: the offset of `<`.
    ///   - limit: an offset after the tag.
    package init(_ source: Span<UInt8>, from start: Int, to limit: Int) {
        var offset = start
        StartTag.skip(source, &offset, limit) { !$0.isXMLSpace && !$0.endsName }
        end = limit
        while offset < limit {
            StartTag.skip(source, &offset, limit) { $0.isXMLSpace }
            let start = offset
            StartTag.skip(source, &offset, limit) { !$0.isXMLSpace && !$0.endsName }
            let name = start..<offset
            guard !name.isEmpty else {
                StartTag.skip(source, &offset, limit) { $0 != UInt8(ascii: ">") }
                end = min(offset + 1, limit)
                return
            }
            StartTag.skip(source, &offset, limit) { $0.isXMLSpace || $0 == UInt8(ascii: "=") }
            guard offset < limit else { return }
            let quote = source[offset]
            offset += 1
            StartTag.skip(source, &offset, limit) { $0 != quote }
            offset += 1
            attributes.append((name, start..<offset))
        }
    }

    private static func skip(_ source: Span<UInt8>, _ offset: inout Int, _ limit: Int, while condition: (UInt8) -> Bool)
    {
        while offset < limit, condition(source[offset]) { offset += 1 }
    }

    /// The attribute of this lexical name.
    func attribute(named name: String, in source: Span<UInt8>) -> (name: Range<Int>, whole: Range<Int>)? {
        let lexical = Array(name.utf8)
        return attributes.first { attribute in
            attribute.name.count == lexical.count
                && lexical.indices.allSatisfy { source[attribute.name.lowerBound + $0] == lexical[$0] }
        }
    }
}

extension UInt8 {
    /// `=`, `/` or `>`, which end the name of a tag or an attribute.
    fileprivate var endsName: Bool {
        self == UInt8(ascii: "=") || self == UInt8(ascii: "/") || self == UInt8(ascii: ">")
    }
}
