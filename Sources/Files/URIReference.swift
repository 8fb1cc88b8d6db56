/// The syntax of `anyURI`: RFC 2396 with IPv6 addresses (RFC 2732), as Java's URI class reads it and with what that
/// class would refuse but XLink escapes: spaces, quotation marks, angle brackets, braces, `|`, `\`, `^`, `` ` ``, and
/// everything beyond ASCII.
///
/// It is also read into its parts and resolved (RFC 3986, 5.2), whether it is such a one or not.
package struct URIReference {
    package var scheme: String?
    package var authority: String?
    package var path: String
    var query: String?
    package var fragment: String?

    /// The components that a character may be in, and those that it may end.
    private struct Characters: OptionSet {
        let rawValue: UInt16

        static let path = Characters(rawValue: 1)
        static let query = Characters(rawValue: 2)
        static let authority = Characters(rawValue: 4)
        static let scheme = Characters(rawValue: 8)
        static let userInformation = Characters(rawValue: 16)
        static let colon = Characters(rawValue: 32)
        static let slash = Characters(rawValue: 64)
        static let question = Characters(rawValue: 128)
        static let hash = Characters(rawValue: 256)
    }

    private static let table: [Characters] = (0...255).map { byte in
        let byte = UInt8(byte)
        let letter = Character(Unicode.Scalar(byte))
        let isAlphanumeric = byte.isASCIILetterOrDigit
        var characters: Characters = isAlphanumeric || "+-.".contains(letter) ? .scheme : []
        if isAlphanumeric || byte >= 0x80 || byte <= 0x20 || byte == 0x7F || "_-!.~'()*<>\"{}|\\^`".contains(letter) {
            characters.formUnion([.path, .query, .authority, .userInformation])
        }
        if "/;:@&=+$,".contains(letter) { characters.formUnion([.path, .query]) }
        if "?[]".contains(letter) { characters.insert(.query) }
        if ";:@&=+$,".contains(letter) { characters.insert(.authority) }
        if ";:&=+$,".contains(letter) { characters.insert(.userInformation) }
        switch letter {
        case ":": characters.insert(.colon)
        case "/": characters.insert(.slash)
        case "?": characters.insert(.question)
        case "#": characters.insert(.hash)
        default: break
        }
        return characters
    }

    package static func isValid(_ string: Span<UInt8>) -> Bool {
        let colon = first(of: [.colon, .slash, .question, .hash], string, from: 0)
        guard colon < string.count, string[colon] == 0x3A else { return isHierarchical(string, from: 0) }
        guard colon > 0, string[0].isASCIILetter, are(.scheme, string, 0..<colon) else { return false }
        let start = colon + 1
        if start < string.count, string[start] == 0x2F { return isHierarchical(string, from: start) }
        let end = first(of: .hash, string, from: start)
        return end > start && are(.query, string, start..<end) && isFragment(string, from: end)
    }

    private static func isHierarchical(_ string: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        if index + 1 < string.count, string[index] == 0x2F, string[index + 1] == 0x2F {
            index += 2
            let end = first(of: [.slash, .question, .hash], string, from: index)
            if end > index ? !isAuthority(string.extracting(index..<end)) : end == string.count { return false }
            index = end
        }
        let path = first(of: [.question, .hash], string, from: index)
        guard are(.path, string, index..<path) else { return false }
        guard path < string.count, string[path] == 0x3F else { return isFragment(string, from: path) }
        let end = first(of: .hash, string, from: path)
        return are(.query, string, path + 1..<end) && isFragment(string, from: end)
    }

    /// From the `#` or the end.
    private static func isFragment(_ string: Span<UInt8>, from start: Int) -> Bool {
        start == string.count || are(.query, string, start + 1..<string.count)
    }

    // MARK: Authorities

    private static func isAuthority(_ string: Span<UInt8>) -> Bool {
        if are(.authority, string, 0..<string.count) { return true }
        // Else it must be a server that is named by an IPv6 address.
        let at = offset(of: 0x40, string, from: 0)
        let host = at < string.count ? at + 1 : 0
        guard host == 0 || are(.userInformation, string, 0..<at), host < string.count, string[host] == 0x5B else {
            return false
        }
        let end = offset(of: 0x5D, string, from: host)
        guard end < string.count, isAddress(string.extracting(host + 1..<end)) else { return false }
        return end + 1 == string.count || isPort(string.extracting(end + 1..<string.count))
    }

    private static func isPort(_ string: Span<UInt8>) -> Bool {
        guard string[0] == 0x3A else { return false }
        var number = 0
        for index in 1..<string.count {
            guard string[index].isASCIIDigit else { return false }
            number = min(number * 10 + Int(string[index] - 0x30), 1 << 40)
        }
        return number <= Int32.max
    }

    /// An IPv6 address, with a zone after `%`.
    private static func isAddress(_ string: Span<UInt8>) -> Bool {
        let percent = offset(of: 0x25, string, from: 0)
        if percent < string.count {
            guard percent + 1 < string.count else { return false }
            for index in percent + 1..<string.count {
                let byte = string[index]
                guard byte.isASCIILetter || byte.isASCIIDigit || byte == 0x5F || byte == 0x2E else { return false }
            }
        }
        return isIPv6(string.extracting(0..<percent))
    }

    private static func isIPv6(_ string: Span<UInt8>) -> Bool {
        var (index, bytes, isCompressed) = (0, 0, false)
        while index < string.count {
            if string[index] == 0x3A {
                guard index + 1 < string.count, string[index + 1] == 0x3A, !isCompressed else { return false }
                isCompressed = true
                index += 2
                continue
            }
            let end = first(of: .colon, string, from: index)
            if end == string.count, isIPv4(string.extracting(index..<end)) {
                bytes += 4
            } else {
                guard (1...4).contains(end - index), (index..<end).allSatisfy({ string[$0].isHexDigit }) else {
                    return false
                }
                bytes += 2
            }
            index = end
            // A colon is followed by a group or by another colon.
            if index < string.count, index + 1 == string.count { return false }
            if index + 1 < string.count, string[index + 1] != 0x3A { index += 1 }
        }
        return isCompressed ? bytes < 16 : bytes == 16
    }

    private static func isIPv4(_ string: Span<UInt8>) -> Bool {
        var (parts, digits, number) = (1, 0, 0)
        for index in 0..<string.count {
            if string[index] == 0x2E {
                guard digits > 0 else { return false }
                (parts, digits, number) = (parts + 1, 0, 0)
            } else {
                guard string[index].isASCIIDigit else { return false }
                digits += 1
                number = min(number * 10 + Int(string[index] - 0x30), 256)
                if number > 255 { return false }
            }
        }
        return parts == 4 && digits > 0
    }

    // MARK: Characters

    private static func first(of characters: Characters, _ string: Span<UInt8>, from start: Int) -> Int {
        var index = start
        let table = table.span
        while index < string.count, table[Int(string[index])].isDisjoint(with: characters) { index += 1 }
        return index
    }

    private static func offset(of byte: UInt8, _ string: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < string.count, string[index] != byte { index += 1 }
        return index
    }

    private static func are(_ characters: Characters, _ string: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        let table = table.span
        while index < range.upperBound {
            let byte = string[index]
            if byte == 0x25, characters != .scheme {
                guard index + 2 < range.upperBound, string[index + 1].isHexDigit, string[index + 2].isHexDigit else {
                    return false
                }
                index += 3
                continue
            }
            if !table[Int(byte)].contains(characters) { return false }
            index += 1
        }
        return true
    }
}

// MARK: - Parts

extension URIReference {
    package init(_ string: String) {
        var rest = Substring(string)
        if let hash = rest.utf8.firstIndex(of: UInt8(ascii: "#")) {
            fragment = String(rest[rest.utf8.index(after: hash)...])
            rest = rest[..<hash]
        }
        if let question = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
            query = String(rest[rest.utf8.index(after: question)...])
            rest = rest[..<question]
        }
        if let found = URIReference.scheme(of: rest) {
            scheme = String(found)
            rest = rest[rest.utf8.index(after: found.endIndex)...]
        }
        if rest.utf8.starts(with: "//".utf8) {
            let start = rest.utf8.index(rest.startIndex, offsetBy: 2)
            let end = rest.utf8[start...].firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            authority = String(rest[start..<end])
            rest = rest[end...]
        }
        path = String(rest)
    }

    /// The scheme before a colon: a letter, then letters, digits, `+`, `-` and `.` (RFC 3986, 3.1).
    static func scheme(of string: Substring) -> Substring? {
        guard let colon = string.utf8.firstIndex(where: { !$0.isSchemePart }), string.utf8[colon] == UInt8(ascii: ":"),
            string.utf8.first?.isASCIILetter == true
        else { return nil }
        return string[..<colon]
    }

    /// What this reference means where `base` is the base, with nothing changed but dots in the path; `nil` if the base
    /// has neither authority nor a path that anything could be relative to.
    package func resolved(against base: URIReference) -> URIReference? {
        if scheme != nil { return self }
        var target = self
        target.scheme = base.scheme
        if authority == nil {
            target.authority = base.authority
            if path.isEmpty {
                target.path = base.path
                target.query = query ?? base.query
                return target
            }
            if base.scheme != nil, base.authority == nil, !base.path.utf8.starts(with: "/".utf8) { return nil }
            if !path.utf8.starts(with: "/".utf8) {
                let isRoot = base.authority != nil && base.path.isEmpty
                let end = base.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { base.path.utf8.index(after: $0) }
                target.path = isRoot ? "/" + path : base.path[..<(end ?? base.path.startIndex)] + path
            }
        }
        target.path = URIReference.withoutDots(target.path)
        return target
    }

    /// Without the segments `.` and `..` (RFC 3986, 5.2.4).
    private static func withoutDots(_ path: String) -> String {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
        var kept: [String] = []
        for (index, segment) in segments.enumerated() {
            guard segment == ".." || segment == "." else {
                kept.append(segment)
                continue
            }
            // The root has an empty segment before it, which stays.
            if segment == "..", kept.count > 1 || kept.first?.isEmpty == false { kept.removeLast() }
            if index == segments.count - 1 { kept.append("") }
        }
        return kept.joined(separator: "/")
    }
}

extension URIReference: CustomStringConvertible {
    package var description: String {
        (scheme.map { $0 + ":" } ?? "") + (authority.map { "//" + $0 } ?? "") + path + (query.map { "?" + $0 } ?? "")
            + (fragment.map { "#" + $0 } ?? "")
    }
}

extension UInt8 {
    /// A letter, a digit or one of `+`, `-` and `.`.
    fileprivate var isSchemePart: Bool { isASCIILetterOrDigit || self == 0x2B || self == 0x2D || self == 0x2E }
}
