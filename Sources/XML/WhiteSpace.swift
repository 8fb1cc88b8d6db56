// White space as XML knows it: space, tab, line feed and carriage return. Other spaces of Unicode are characters like
// others.

extension String {
    /// The parts between the white space of XML, of which the values of many attributes consist.
    package var tokens: [String] {
        utf8.split { $0.isXMLSpace }.map { String(Substring($0)) }
    }
}

extension UInt8 {
    /// Space, tab, line feed, carriage return (XML 1.0, production 3).
    @inlinable package var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
}

extension String {
    /// Without white space at the ends, and with one space for each other run of it (XPath,
    /// fn:normalize-space; XML Schema, `whiteSpace="collapse"`).
    package var normalizedSpace: String {
        let span = utf8.span
        var (isNormal, wasSpace) = (true, true)
        for index in span.indices {
            let byte = span[index]
            let isSpace = byte.isXMLSpace
            if isSpace, wasSpace || byte != 0x20 {
                isNormal = false
                break
            }
            wasSpace = isSpace
        }
        if isNormal, !wasSpace || span.isEmpty { return self }
        var bytes = [UInt8](repeating: 0x20, count: span.count)
        var length = 0
        wasSpace = false
        for index in span.indices {
            let byte = span[index]
            let isSpace = byte.isXMLSpace
            if !isSpace {
                if wasSpace, length > 0 { length += 1 }
                bytes[length] = byte
                length += 1
            }
            wasSpace = isSpace
        }
        return String(decoding: bytes[..<length], as: UTF8.self)
    }
}
