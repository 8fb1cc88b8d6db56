internal import Files

// The requirements of RELAX NG for URI references.

extension URIReference {
    /// Whether RELAX NG takes a string for a URI reference once the disallowed characters are escaped (4.3; RFC 2396).
    static func isReference(_ string: String) -> Bool {
        hasWholeEscapes(Array(string.utf8)) && string.utf8.count { $0 == UInt8(ascii: "#") } < 2
            && hasRightScheme(string)
    }

    /// Whether a string may identify a datatype library: an absolute URI without fragment, or nothing (3).
    static func isLibrary(_ string: String) -> Bool {
        string.isEmpty
            || isReference(string) && URIReference(string).fragment == nil && URIReference(string).scheme != nil
    }

    private static func hasWholeEscapes(_ bytes: [UInt8]) -> Bool {
        bytes.indices.allSatisfy { index in
            bytes[index] != UInt8(ascii: "%")
                || index + 2 < bytes.count && bytes[index + 1].isHexDigit && bytes[index + 2].isHexDigit
        }
    }

    /// Whether something follows the colon of a scheme, and no other colon comes before all slashes, queries and
    /// fragments.
    private static func hasRightScheme(_ string: String) -> Bool {
        guard let end = string.utf8.firstIndex(where: { ":/?#".utf8.contains($0) }),
            string.utf8[end] == UInt8(ascii: ":")
        else { return true }
        guard URIReference(string).scheme != nil, let next = string.utf8[end...].dropFirst().first else { return false }
        return next != UInt8(ascii: "#")
    }
}
