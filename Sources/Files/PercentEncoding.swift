// Percent-encoding (RFC 3986, 2.1), in the one form that all of the program writes: `%` and two capital digits for each
// byte of UTF-8.

extension String {
    /// With a percent sign and two digits for each byte that is not kept.
    ///
    ///     "a b".percentEncoded { $0 != 0x20 }      // a%20b
    package func percentEncoded(keeping isKept: (UInt8) -> Bool) -> String {
        if utf8.allSatisfy(isKept) { return self }
        return String(percentEncoding: utf8, keeping: isKept)
    }

    package init(percentEncoding bytes: some Sequence<UInt8>, keeping isKept: (UInt8) -> Bool) {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in bytes {
            if isKept(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        self.init(decoding: encoded, as: UTF8.self)
    }

    /// With the bytes that `%` and two digits stand for, as UTF-8; what is no such escape stays.
    package var percentDecoded: String {
        guard utf8.contains(UInt8(ascii: "%")) else { return self }
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, rest.prefix(2).allSatisfy(\.isHexDigit),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// With the characters escaped that are not allowed in a URI (XLink, 5.4; XML Catalogs, 6.3; RELAX NG, 4.3).
    package var escapedAsURI: String { percentEncoded { $0.isAllowedInURI } }
}

extension UInt8 {
    var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var isASCIIDigit: Bool { self &- 0x30 < 10 }
    package var isASCIILetterOrDigit: Bool { isASCIILetter || isASCIIDigit }
    package var isHexDigit: Bool { isASCIIDigit || (self | 0x20) &- 0x61 < 6 }

    /// Neither white space, a control character, one of ``"<>\^`{|}``, nor beyond ASCII.
    var isAllowedInURI: Bool { self > 0x20 && self < 0x7F && !"<>\"{}|\\^`".utf8.contains(self) }
}
