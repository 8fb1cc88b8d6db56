/// A URI reference as an attribute has it: `people.xml#clinton` (RFC 3986).
///
///     let reference = Reference("people.xml#clinton")
///     print(reference.resource, reference.fragment ?? "")                     // people.xml clinton
///     print(reference.path(relativeTo: "TEI/07.xml") ?? "")                   // TEI/people.xml
public struct Reference: Sendable, Hashable {
    /// The part before `#`, as written; empty for a place in the same document.
    public let resource: String
    /// The part after `#`, percent-decoded; `nil` without `#`.
    public let fragment: String?

    /// Splits a reference at its first `#`.
    public init(_ string: String) {
        let hash = string.utf8.firstIndex(of: UInt8(ascii: "#"))
        resource = String(string[..<(hash ?? string.endIndex)])
        fragment = hash.map { String(string[string.utf8.index(after: $0)...]).percentDecoded }
    }

    /// The scheme, such as `https`, in lower case; `nil` for a relative reference.
    public var scheme: String? { URIReference.scheme(of: resource[...])?.lowercased() }

    /// Whether it names another machine without a scheme: `//example.org/people.xml` (RFC 3986, 4.2).
    package var isNetworkPath: Bool { resource.utf8.starts(with: "//".utf8) }

    /// The path of the file that this reference means in the file `base`.
    ///
    /// - Returns: `base` itself if there is only a fragment; `nil` for a scheme other than `file`, and for another
    ///   machine, which an `xml:base` may name too.
    public func path(relativeTo base: String) -> String? {
        if resource.isEmpty { return base }
        var target = resource
        switch scheme {
        case nil: if isNetworkPath || Reference.isAddress(base) { return nil }
        case "file":
            guard let local = Reference.local(target.dropFirst("file:".count)) else { return nil }
            target = local
        default: return nil
        }
        target = target.percentDecoded
        return Reference.normalize(target.isAbsolutePath ? target : Reference.folder(of: base, slash: true) + target)
    }

    /// The base of relative references within an element whose `xml:base` this is (XML Base, 4): a path, or the
    /// address of a place on another machine.
    package func base(within base: String) -> String {
        if let path = path(relativeTo: base) { return path }
        if isNetworkPath { return "file:" + resource }
        if scheme != nil { return resource }
        return address(relativeTo: base) ?? base
    }

    /// The address on another machine that a relative reference means where the base is there; `nil` where it is a path.
    package func address(relativeTo base: String) -> String? {
        guard scheme == nil, !resource.isEmpty, Reference.isAddress(base) else { return nil }
        return URIReference(resource).resolved(against: URIReference(base))?.description
    }

    /// Whether a base is the address of a place on another machine, and no path.
    private static func isAddress(_ base: String) -> Bool {
        guard let scheme = URIReference.scheme(of: base[...]) else { return false }
        if scheme.lowercased() == "file" { return local(base.dropFirst("file:".count)) == nil }
        return base.utf8.dropFirst(scheme.utf8.count).starts(with: "://".utf8)
    }

    /// The path in a `file` address (RFC 8089): `nil` on another machine than this one.
    private static func local(_ rest: Substring) -> String? {
        guard rest.utf8.starts(with: "//".utf8) else { return String(rest) }
        let host = rest.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
        let isHere = host.isEmpty || host.elementsEqual("localhost".utf8)
        return isHere ? String(rest.utf8.dropFirst(2 + host.count)) : nil
    }

    /// The folder part of a path: `.` if there is none.
    package static func folder(of path: String, slash: Bool = false) -> String {
        guard let last = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return slash ? "" : "." }
        return slash ? String(path[...last]) : (last == path.startIndex ? "/" : String(path[..<last]))
    }

    /// A path as it is written in a folder. Both begin at the same place, and go up nowhere.
    ///
    ///     Reference.path(of: "/a/b/c.xml", from: "/a/d")      // ../b/c.xml
    package static func path(of path: String, from folder: String) -> String {
        let (parts, folders) = (path.pathComponents, folder.pathComponents)
        let common = zip(parts, folders).prefix { $0.isSame(as: $1) }.count
        let up = Array(repeating: "..", count: folders.count - common)
        return (up + parts.dropFirst(common).map(String.init)).joined(separator: "/")
    }

    /// The last part of a path, after its last `/`.
    package static func name(of path: String) -> String {
        guard let last = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: last)...])
    }

    private static func normalize(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.pathComponents where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        let isFolder = path.utf8.last == UInt8(ascii: "/") && !parts.isEmpty
        return (path.isAbsolutePath ? "/" : "") + parts.joined(separator: "/") + (isFolder ? "/" : "")
    }
}

/// Paths are divided by their bytes: a `/` with an accent on it is still a `/`.
extension String {
    var withoutTrailingSlash: String {
        utf8.count > 1 && utf8.last == UInt8(ascii: "/") ? String(utf8.dropLast()) ?? self : self
    }

    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// The folders and the name, without empty parts.
    package var pathComponents: [Substring] { utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) } }
}

// MARK: - Names that are not UTF-8

extension String {
    /// A path from the bytes of one. What is not UTF-8 in it is kept, each byte as a character of its own from U+10FF80
    /// on (private use), so that the file can be opened.
    package init(path bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        if let string = String(validating: bytes, as: UTF8.self) {
            self = string
            return
        }
        self = ""
        var rest = bytes[...]
        while let first = rest.first {
            let character = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first { _ in
                true
            }
            unicodeScalars.append(
                contentsOf: character.map { Array($0.unicodeScalars) } ?? [
                    Unicode.Scalar(0x10FF00 + UInt32(first)) ?? "?"
                ])
            rest = rest.dropFirst(character?.utf8.count ?? 1)
        }
    }

    /// The bytes of a path, with a NUL after them.
    var bytesOfPath: [CChar] {
        utf8.contains(0xF4) ? pathBytes.map(CChar.init(bitPattern:)) + [0] : Array(utf8CString)
    }

    private var pathBytes: [UInt8] {
        unicodeScalars.flatMap { scalar -> [UInt8] in
            (0x10FF80...0x10FFFF).contains(scalar.value)
                ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
        }
    }

    /// A path as a relative reference of RFC 3986: all but letters, digits, `-._~` and `/` in `%` and two digits.
    package var percentEncodedPath: String {
        String(percentEncoding: pathBytes) { $0.isASCIILetterOrDigit || "-._~/".utf8.contains($0) }
    }
}
