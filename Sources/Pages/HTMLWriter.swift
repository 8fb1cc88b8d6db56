internal import TEI
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Whatever comes from a document reaches a page through the types in this file, each of which escapes for one place:
// words and attributes by ``Markup`` and ``HTMLBytes``, addresses by ``PageAddress``, styles and scripts by
// ``PageCode``, data for scripts by ``HTMLBytes/scriptData(_:)``.

/// Markup of the program. It is made by literals alone, and a string within one is escaped, for text as well as for an
/// attribute in quotation marks: so no words of a document become markup.
///
///     let name = "<b onclick='x'>"
///     let markup: Markup = "<i title=\"\(name)\">"      // <i title="&lt;b onclick=&#39;x&#39;&gt;">
struct Markup: ExpressibleByStringInterpolation, Hashable, Sendable {
    fileprivate let string: String

    init(stringLiteral value: String) { string = value }

    init(stringInterpolation: Interpolation) { string = stringInterpolation.string }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var string = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            string.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { string += literal }

        mutating func appendInterpolation(_ markup: Markup) { string += markup.string }

        mutating func appendInterpolation(_ number: Int) { string += String(number) }

        /// Escapes words.
        mutating func appendInterpolation(_ words: String) {
            guard words.utf8.contains(where: Markup.isSpecial) else { return string += words }
            for scalar in words.unicodeScalars {
                switch scalar {
                case "&": string += "&amp;"
                case "<": string += "&lt;"
                case ">": string += "&gt;"
                case "\"": string += "&quot;"
                case "'": string += "&#39;"
                case _ where !scalar.isOfXML: string += "\u{FFFD}"
                default: string.unicodeScalars.append(scalar)
                }
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, 0xEF, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            true
        default: false
        }
    }

    static func + (a: Markup, b: Markup) -> Markup { "\(a)\(b)" }

    var isEmpty: Bool { string.isEmpty }
}

extension Markup: Comparable {
    static func < (a: Markup, b: Markup) -> Bool { a.string < b.string }
}

extension Unicode.Scalar {
    /// Whether a document may have it (XML 1.0, 2.2).
    fileprivate var isOfXML: Bool {
        value >= 0x20 && value != 0xFFFE && value != 0xFFFF || ["\t", "\n", "\r"].contains(self)
    }
}

/// Rules of style or a script of the program. They are made by literals and numbers alone.
struct PageCode: ExpressibleByStringInterpolation, Sendable {
    fileprivate(set) var string: String

    init(stringLiteral value: String) { string = value }

    init(stringInterpolation: Interpolation) { string = stringInterpolation.string }

    /// A table of the program's own.
    init(table: String) { string = table }

    /// A style sheet or script of the program.
    init(embedded name: String) { string = String(decoding: embeddedFile(name), as: UTF8.self) }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var string = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { string += literal }
        mutating func appendInterpolation(_ code: PageCode) { string += code.string }
        mutating func appendInterpolation(_ number: Int) { string += String(number) }
    }

    static func + (a: PageCode, b: PageCode) -> PageCode { "\(a)\(b)" }
    static func += (a: inout PageCode, b: PageCode) { a.string += b.string }

    var isEmpty: Bool { string.isEmpty }
}

extension Sequence<PageCode> {
    func joined(separator: String = "") -> PageCode {
        PageCode(stringLiteral: map(\.string).joined(separator: separator))
    }
}

/// An address that a page leads to, or from which it takes an image.
///
/// An address of a document is decoded and brought into the form in which a browser reads it, and only then judged:
/// `java&#10;script:` and `javascript%3A` are no links, nor is what leads to another machine or to the root of this
/// one, such as `//host/share` and `\\host\share`.
struct PageAddress: Sendable {
    /// For an attribute, not yet escaped for it.
    let string: String

    private init(known string: String) { self.string = string }

    /// A place on the same page.
    init(id: String) { string = "#" + id }

    /// A page or another file of the program's beside this one, by its path.
    init(file path: String) { string = path.percentEncodedPath }

    /// An address of the web or of mail (RFC 3986): `http`, `https` and `mailto`. `nil` for every other one.
    init?(web address: String) {
        let address = PageAddress.trimmed(address)
        guard let scheme = Reference(address).scheme, ["http", "https", "mailto"].contains(scheme) else { return nil }
        let rest = address.utf8.dropFirst(scheme.utf8.count + 1)
        if scheme != "mailto" {
            let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
            let isPlain = authority.allSatisfy { $0.isASCIILetterOrDigit || $0 >= 0x80 || "-._~:@[]".utf8.contains($0) }
            guard rest.starts(with: "//".utf8), isPlain, let host = authority.first, !"@:".utf8.contains(host) else {
                return nil
            }
        }
        string = scheme + ":" + String(percentEncoding: rest, keeping: PageAddress.isPlain)
    }

    /// An image or another file that a document names, by its path relative to the page. `nil` if it leads elsewhere
    /// than to a file.
    init?(path: String) {
        guard !PageAddress.isPlainPath(path) else {
            string = path
            return
        }
        var form = path
        // Whatever is decoded once more, by a browser or a server, must still be a path.
        for _ in 0..<4 {
            let plain = PageAddress.trimmed(form)
            guard Reference(plain).scheme == nil, plain.utf8.first != UInt8(ascii: "\\"),
                !plain.utf8.starts(with: "//".utf8)
            else { return nil }
            form = plain.percentDecoded
        }
        string = path.percentEncodedPath
    }

    /// A file beside the page, by a reference that is encoded already and may have a fragment: `memo%20one.html#p-3`.
    init?(beside reference: String) {
        let target = Reference(reference)
        guard PageAddress(path: target.resource) != nil, !target.resource.isAbsolutePath else { return nil }
        string = reference
    }

    /// Whether a path is one for every reader: plain characters alone, below where it begins.
    private static func isPlainPath(_ path: String) -> Bool {
        guard let first = path.utf8.first, first.isASCIILetterOrDigit else { return false }
        return path.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F || $0 == 0x5F }
    }

    /// Without what a browser leaves out: control characters and spaces at the ends, tabs and line ends within.
    private static func trimmed(_ address: String) -> String {
        let scalars = address.unicodeScalars.filter { !["\t", "\n", "\r"].contains($0) }
        let isSpace = { (scalar: Unicode.Scalar) in scalar.value <= 0x20 || scalar.properties.isWhitespace }
        let front = scalars.drop(while: isSpace)
        return String(String.UnicodeScalarView(front.reversed().drop(while: isSpace).reversed()))
    }

    /// What a URI may not have as it is (RFC 3986, 2), and what the web's addresses of today have besides, is encoded.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }

    /// From where it comes, for a policy: `scheme://host[:port]` in plain characters, or the page's own place. `nil`
    /// for what has no such origin.
    var origin: Markup? {
        guard let scheme = Reference(string).scheme else { return "'self'" }
        let host = string.utf8.dropFirst(scheme.utf8.count + 3).prefix { !"/?#".utf8.contains($0) }
        let parts = host.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard ["http", "https"].contains(scheme), !host.isEmpty, parts.count <= 2,
            parts[0].allSatisfy({ $0.isASCIILetterOrDigit || "-.".utf8.contains($0) }), !parts[0].isEmpty,
            parts.count == 1
                || !parts[1].isEmpty && parts[1].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return "\(scheme)://\(String(decoding: host, as: UTF8.self))"
    }

    /// The same image service, asked for a size (IIIF Image API, 4).
    func appending(_ path: StaticString) -> PageAddress { PageAddress(known: string + path.description) }

    /// Without an ending that it has.
    func dropping(_ ending: StaticString) -> PageAddress? {
        string.utf8.suffix(ending.utf8CodeUnitCount).elementsEqual(ending.description.utf8)
            ? String(string.utf8.dropLast(ending.utf8CodeUnitCount)).map(PageAddress.init(known:)) : nil
    }
}

/// HTML as it is being written.
struct HTMLBytes {
    private(set) var bytes: [UInt8] = []

    /// Appends markup of our own.
    mutating func raw(_ markup: Markup) {
        bytes.append(contentsOf: markup.string.utf8)
    }

    /// Appends what was written before, as a part.
    mutating func append(_ other: HTMLBytes) { bytes += other.bytes }

    /// Whether white space was written last.
    var endsInSpace: Bool { bytes.last?.isXMLSpace ?? true }

    /// Takes back what was written last.
    mutating func removeLast(to count: Int) { bytes.removeLast(bytes.count - count) }

    /// Appends words, escaped for text and for attributes.
    mutating func text(_ string: some StringProtocol) {
        escape(string.utf8)
    }

    mutating func text(_ utf8: ArraySlice<UInt8>) {
        escape(utf8)
    }

    private mutating func escape(_ utf8: some Collection<UInt8>) {
        for byte in utf8 {
            switch byte {
            // A pointer may have any character in `%` and two digits.
            case 0..<0x09, 0x0B, 0x0C, 0x0E..<0x20: raw("\u{FFFD}")
            case 0xBE, 0xBF:
                bytes.append(byte)
                if bytes.suffix(3).starts(with: [0xEF, 0xBF]) { bytes[bytes.count - 1] = 0xBD }
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            default: bytes.append(byte)
            }
        }
    }

    /// Appends an attribute to the tag that is open, unless it has one of the name.
    mutating func attribute(_ name: StaticString, _ value: String) {
        guard !tagHas(name) else { return }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.description.utf8)
        bytes.append(contentsOf: "=\"".utf8)
        text(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether the tag that is open has an attribute.
    private func tagHas(_ name: StaticString) -> Bool {
        guard let start = bytes.lastIndex(of: UInt8(ascii: "<")) else { return false }
        let wanted = " \(name)=\""
        return bytes.span.extracting(start..<bytes.count).firstOffset(of: wanted.utf8.span) != nil
    }

    mutating func attribute(_ name: StaticString, _ address: PageAddress) { attribute(name, address.string) }

    mutating func element(_ name: StaticString, _ attributes: Markup = "", _ content: String) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.description.utf8)
        raw(attributes)
        bytes.append(UInt8(ascii: ">"))
        text(content)
        bytes.append(contentsOf: "</".utf8)
        bytes.append(contentsOf: name.description.utf8)
        bytes.append(UInt8(ascii: ">"))
    }

    /// A link if the address is on the web or for mail; otherwise its words alone.
    mutating func link(to address: String, _ content: String) {
        guard let address = PageAddress(web: address) else { return text(content) }
        anchor(address, content)
    }

    /// A link to a page or file beside this one, else its words alone.
    mutating func link(beside address: String, _ content: String) {
        guard let address = PageAddress(beside: address) else { return text(content) }
        anchor(address, content)
    }

    /// A link.
    ///
    /// - Parameter label: a name, if its words are not enough.
    mutating func anchor(_ address: PageAddress, label: String? = nil, _ content: String) {
        raw("<a")
        attribute("href", address)
        if let label { attribute("aria-label", label) }
        raw(">")
        text(content)
        raw("</a>")
    }

    /// JSON in an element that a script reads: in it no sign ends the element.
    mutating func scriptData(_ json: some Sequence<UInt8>) {
        var rest = Array(json)[...]
        while let index = rest.firstIndex(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) {
            bytes.append(contentsOf: rest[..<index])
            bytes += Array("\\u00\(String(rest[index], radix: 16))".utf8)
            rest = rest[(index + 1)...]
        }
        bytes.append(contentsOf: rest)
    }

    /// An attribute with a whole file in it, to be taken away.
    mutating func attribute(_ name: StaticString, file: [UInt8], type: StaticString) {
        guard !tagHas(name) else { return }
        bytes += " \(name)=\"data:\(type);charset=utf-8;base64,".utf8
        bytes += Data(file).base64EncodedData()
        bytes.append(UInt8(ascii: "\""))
    }

    /// Rules of style or a script, as the content of their element.
    mutating func code(_ code: PageCode) { bytes += code.string.utf8 }

    /// A number with at most four digits after the point.
    static func decimal(_ number: Double) -> String {
        let rounded = (number * 10_000).rounded() / 10_000
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
    }

    /// The last character, if no tag follows it.
    var lastScalar: Unicode.Scalar? {
        String(decoding: bytes.suffix(4), as: UTF8.self).unicodeScalars.last
    }
}

extension PageLanguage {
    /// The attribute for words in this language among words in another.
    func attribute(in language: String) -> Markup {
        PageLanguage(language) == self ? "" : " lang=\"\(rawValue)\""
    }
}
