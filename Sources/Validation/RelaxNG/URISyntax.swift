/// What RELAX NG asks of URI references (3 and 4.3, after RFC 2396 and XLink 5.4).
enum URISyntax {
    /// Whether this is a URI reference once disallowed characters are escaped.
    static func isReference(_ string: String) -> Bool {
        hasWholeEscapes(string.utf8) && string.utf8.count { $0 == hash } < 2 && hasRightScheme(string)
    }

    static func hasFragment(_ string: String) -> Bool { string.utf8.contains(hash) }

    /// Whether this may identify a datatype library: an absolute URI without fragment, or nothing.
    static func isLibrary(_ string: String) -> Bool {
        string.isEmpty || isReference(string) && !hasFragment(string) && scheme(of: string) != nil
    }

    /// With the characters escaped that are not allowed in a URI.
    static func escaped(_ string: String) -> String {
        guard string.utf8.contains(where: isDisallowed) else { return string }
        var bytes: [UInt8] = []
        for byte in string.utf8 {
            guard isDisallowed(byte) else {
                bytes.append(byte)
                continue
            }
            bytes += [percent, hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let (hash, percent, colon) = (UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: ":"))
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    private static func isDisallowed(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x7F || "<>\"{}|\\^`".utf8.contains(byte)
    }

    private static func hasWholeEscapes(_ bytes: String.UTF8View) -> Bool {
        bytes.indices.allSatisfy { index in
            guard bytes[index] == percent else { return true }
            let digits = bytes[index...].dropFirst().prefix(2)
            return digits.count == 2 && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }
        }
    }

    private static func hasRightScheme(_ string: String) -> Bool {
        guard let scheme = scheme(of: string) else { return true }
        let rest = string.utf8.dropFirst(scheme.utf8.count + 1)
        let allowed = scheme.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }
        return scheme.utf8.first.map(isLetter) == true && allowed && rest.first != nil && rest.first != hash
    }

    /// What stands before a colon that no slash, query or fragment comes before.
    private static func scheme(of string: String) -> Substring? {
        guard let end = string.utf8.firstIndex(where: { ":/?#".utf8.contains($0) }), string.utf8[end] == colon else { return nil }
        return string[..<end]
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
