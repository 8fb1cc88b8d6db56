internal import Synchronization

/// The encodings that a stored document may have (XML 1.0, 4.3.3).
public enum Encoding: String, Sendable, Hashable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    case latin1 = "ISO-8859-1"
    /// Microsoft's extension of ISO-8859-1: quotation marks, dashes and the like in place of control characters.
    case windows1252 = "windows-1252"
    case ascii = "US-ASCII"
}

extension Encoding {
    /// The encoding that a declaration names. Which order of bytes `UTF-16` has, its byte order mark tells.
    init?(name: String) {
        switch name.uppercased() {
        case "UTF-8", "UTF8": self = .utf8
        case "US-ASCII", "ASCII", "ANSI_X3.4-1968", "ISO646-US": self = .ascii
        case "WINDOWS-1252", "CP1252", "CP-1252", "X-CP1252": self = .windows1252
        case "UTF-16", "UTF-16LE", "UTF16", "ISO-10646-UCS-2": self = .utf16LittleEndian
        case "UTF-16BE": self = .utf16BigEndian
        case "ISO-8859-1", "ISO8859-1", "ISO_8859-1", "LATIN1", "LATIN-1", "L1": self = .latin1
        default: return nil
        }
    }

    /// The characters of windows-1252 that ISO-8859-1 does not have, from 0x80 on; `nil` where none is defined.
    private static let extensions: [Unicode.Scalar?] = Array("€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ".unicodeScalars).map
    { $0 == "\0" ? nil : $0 }

    /// The character that a byte is, in an encoding of one byte for each; `nil` where the byte is none.
    package func character(_ byte: UInt8) -> Unicode.Scalar? {
        switch self {
        case .windows1252 where 0x80...0x9F ~= byte: Encoding.extensions[Int(byte) - 0x80]
        case .ascii where byte >= 0x80: nil
        default: Unicode.Scalar(byte)
        }
    }

    /// The encoding of a file that begins with these bytes, and the length of its byte order mark; `nil` for one that
    /// is not read.
    package static func detect(_ head: [UInt8]) -> (encoding: Encoding, byteOrderMark: Int)? {
        let mark = ByteOrderMark(head)
        guard !ByteOrderMark.isUTF32(head),
            let encoding = try? DecodedSource.encoding(
                mark: mark, declared: DeclaredEncoding(head, mark: mark), path: "")
        else { return nil }
        return (encoding, mark.length)
    }
}

/// One file of a document: its name, its encoding, its lines.
///
///     for file in document.files { print(file.path, file.encoding.rawValue) }
///
/// A document has one file, and one more for each file that XInclude brought in.
public struct SourceFile: Sendable {
    /// The path as given; `-` for standard input.
    public let path: String
    /// The encoding in which the file is stored.
    public let encoding: Encoding
    /// The length of the byte order mark in bytes: 0 if there is none.
    public let byteOrderMark: Int
    /// The stored bytes where they are not UTF-8; otherwise they are in the document's buffer.
    let stored: [UInt8]?
    /// Where this file's UTF-8 begins and ends in the document's buffer.
    var range: Range<Int>
    let lines: LineIndex
    /// The same in the stored bytes; empty where these are UTF-8.
    let storedLineStarts: [UInt32]
}

/// A file decoded to UTF-8, before it is parsed.
package struct DecodedSource: Sendable {
    package let file: SourceFile
    package let text: [UInt8]
    let survey: Survey
    /// Control characters, which are windows-1252 in most files that have them.
    let warnings: [Diagnostic]

    /// The place of an offset into the text.
    package func location(of offset: Int) -> SourceLocation { file.location(at: offset, in: text) }

    /// Whether a text begins as one may: without a second byte order mark, and without what libxml2 would take for
    /// another encoding.
    static func mayBegin(_ text: ArraySlice<UInt8>) -> Bool {
        !text.starts(with: [0xEF, 0xBB, 0xBF]) && !text.prefix(4).contains(0)
    }

    /// The encoding of a file and the length of its byte order mark, by the mark, else by the XML declaration, else
    /// UTF-8.
    ///
    /// - Parameter bytes: the file, or its first 400 bytes or more.
    static func encoding(of bytes: [UInt8], path: String) throws(Diagnostics) -> (encoding: Encoding, mark: Int) {
        if ByteOrderMark.isUTF32(bytes) {
            let start = SourceLocation(file: path, line: 1, column: 1, byteOffset: 0)
            throw Diagnostics([Messages.encodingUnknown("UTF-32", at: start)])
        }
        let mark = ByteOrderMark(bytes)
        let declared = DeclaredEncoding(bytes, mark: mark)
        return (try encoding(mark: mark, declared: declared, path: path), mark.length)
    }

    package init(_ bytes: [UInt8], path: String) throws(Diagnostics) {
        let (encoding, mark) = try DecodedSource.encoding(of: bytes, path: path)
        let text = try DecodedSource.transcode(bytes, from: mark, encoding: encoding, path: path)
        let stored = encoding == .utf8 ? nil : bytes
        guard text.count < Int(Int32.max) else {
            throw Diagnostics([Messages.tooLarge(at: SourceLocation(file: path, line: 1, column: 1, byteOffset: 0))])
        }
        survey = Survey(text)
        let lines = LineIndex(capacity: survey.lines)
        let file = SourceFile(
            path: path, encoding: encoding, byteOrderMark: mark, stored: stored, range: 0..<text.count,
            lines: lines,
            storedLineStarts: encoding == .utf8
                ? [] : encoding.storedLineStarts(of: text, lines.starts(in: text[...]), from: mark)
        )
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw Diagnostics([Messages.secondMark(at: file.location(at: 0, in: text))])
        }
        // libxml2 would take these for another encoding.
        if let offset = text.prefix(4).firstIndex(of: 0) {
            throw Diagnostics([Messages.character(at: file.location(at: offset, in: text))])
        }
        if encoding == .utf8 {
            try DecodedSource.checkUTF8(text, file: file)
        }
        self.file = file
        self.text = text
        warnings =
            text.span.firstControl.map {
                [Messages.control(text.span.control(at: $0), encoding, at: file.location(at: $0, in: text))]
            } ?? []
    }

    /// A text that need not be XML, in UTF-8, whose validity is not checked.
    ///
    /// - Parameter name: the name of its encoding, where it has no byte order mark; `nil` if it must tell by itself.
    package static func text(of bytes: [UInt8], encoding name: String?, path: String) throws(Diagnostics) -> [UInt8] {
        guard let name else {
            let (encoding, mark) = try encoding(of: bytes, path: path)
            return try transcode(bytes, from: mark, encoding: encoding, path: path)
        }
        guard let named = Encoding(name: name) else {
            throw Diagnostics([
                Messages.encodingUnknown(name, at: SourceLocation(file: path, line: 1, column: 1, byteOffset: 0))
            ])
        }
        let mark = ByteOrderMark(bytes)
        let encoding = mark.length > 0 ? mark.encoding ?? named : named
        return try transcode(bytes, from: mark.length, encoding: encoding, path: path)
    }

    fileprivate static func encoding(
        mark: ByteOrderMark, declared: DeclaredEncoding, path: String
    ) throws(Diagnostics) -> Encoding {
        let location = SourceLocation(file: path, line: 1, column: declared.column, byteOffset: declared.offset)
        guard let name = declared.name else { return mark.encoding ?? .utf8 }
        switch Encoding(name: name) {
        case .utf8:
            if let found = mark.encoding, found != .utf8 {
                throw Diagnostics([Messages.encodingMismatch(declared: name, found: found, at: location)])
            }
            return .utf8
        case .utf16LittleEndian, .utf16BigEndian:
            guard let found = mark.encoding, found != .utf8 else {
                throw Diagnostics([Messages.encodingMismatch(declared: name, found: .utf8, at: location)])
            }
            return found
        case .latin1, .windows1252, .ascii:
            if let found = mark.encoding {
                throw Diagnostics([Messages.encodingMismatch(declared: name, found: found, at: location)])
            }
            return Encoding(name: name) ?? .latin1
        case nil:
            throw Diagnostics([Messages.encodingUnknown(name, at: location)])
        }
    }

    private static func transcode(
        _ bytes: [UInt8], from mark: Int, encoding: Encoding, path: String
    ) throws(Diagnostics) -> [UInt8] {
        switch encoding {
        case .utf8: mark == 0 ? bytes : Array(bytes.dropFirst(mark))
        case .latin1, .windows1252, .ascii: try transcode(bytes, encoding: encoding, path: path)
        case .utf16LittleEndian, .utf16BigEndian:
            try transcode(utf16: bytes, from: mark, encoding: encoding, path: path)
        }
    }

    /// From an encoding with one byte for each character.
    private static func transcode(_ bytes: [UInt8], encoding: Encoding, path: String) throws(Diagnostics) -> [UInt8] {
        let table = (UInt8.min...UInt8.max).map { byte in encoding.character(byte).map { Array(String($0).utf8) } }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for (offset, byte) in bytes.enumerated() {
            if byte < 0x80 {
                text.append(byte)
            } else if let character = table[Int(byte)] {
                text += character
            } else {
                throw Diagnostics([
                    Messages.invalidByte(byte, encoding, at: location(of: offset, in: bytes, path: path))
                ])
            }
        }
        return text
    }

    /// The place of a byte, each of which is a character.
    private static func location(of offset: Int, in bytes: [UInt8], path: String) -> SourceLocation {
        let before = bytes[..<offset]
        let lines = before.indices.filter { before[$0] == 0x0A || before[$0] == 0x0D && bytes[$0 + 1] != 0x0A }
        return SourceLocation(
            file: path, line: lines.count + 1, column: offset - (lines.last ?? -1), byteOffset: offset)
    }

    private static func transcode(
        utf16 bytes: [UInt8], from start: Int, encoding: Encoding, path: String
    ) throws(Diagnostics) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2 + bytes.count / 16)
        var line = 1
        var column = 1
        var index = start
        func unit(_ at: Int) -> UInt32? {
            guard at + 1 < bytes.count else { return nil }
            let (first, second) = (UInt32(bytes[at]), UInt32(bytes[at + 1]))
            return encoding == .utf16LittleEndian ? second << 8 | first : first << 8 | second
        }
        while index < bytes.count {
            var value = unit(index)
            var length = 2
            if let high = value, high & 0xF800 == 0xD800 {
                value = nil
                if high < 0xDC00, let low = unit(index + 2), low & 0xFC00 == 0xDC00 {
                    value = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
                    length = 4
                }
            }
            guard let value, let scalar = Unicode.Scalar(value) else {
                let location = SourceLocation(file: path, line: line, column: column, byteOffset: index)
                throw Diagnostics([Messages.invalidUTF16(encoding, at: location)])
            }
            text.append(contentsOf: UTF8.encode(scalar)!)
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
            index += length
        }
        return text
    }

    private static func checkUTF8(_ text: [UInt8], file: SourceFile) throws(Diagnostics) {
        guard let offset = text.span.invalidUTF8 else { return }
        let location = file.location(at: offset, in: text)
        throw Diagnostics([Messages.invalidUTF8(byte: text[offset], at: location)])
    }
}

extension Span<UInt8> {
    /// The offset of the first byte that begins no well-formed character (Unicode, table 3-7); `nil` in UTF-8.
    var invalidUTF8: Int? {
        var index = 0
        while true {
            index = nextBeyondASCII(from: index)
            guard index < count else { return nil }
            guard let length = lengthOfCharacter(at: index) else { return index }
            index += length
        }
    }

    /// The offset of the first control character of U+0080 to U+009F, in a text in UTF-8.
    var firstControl: Int? {
        var index = 0
        while true {
            index = nextBeyondASCII(from: index)
            guard index + 1 < count else { return nil }
            if self[index] == 0xC2, self[index + 1] < 0xA0 { return index }
            index += 1
        }
    }

    /// The control character at an offset.
    func control(at offset: Int) -> UInt8 { self[offset + 1] }

    /// Most of what is written is ASCII, and is looked through by eight bytes at once.
    private func nextBeyondASCII(from start: Int) -> Int {
        var index = start
        while index + 8 <= count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
            if word != 0 { return index + UInt64(littleEndian: word).trailingZeroBitCount / 8 }
            index += 8
        }
        while index < count, self[index] < 0x80 { index += 1 }
        return index
    }

    /// How many bytes a character beyond ASCII has.
    private func lengthOfCharacter(at index: Int) -> Int? {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch self[index] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard index + length <= count, second.contains(self[index + 1]) else { return nil }
        for offset in 2..<max(length, 2) where self[index + offset] & 0xC0 != 0x80 { return nil }
        return length
    }
}

/// The byte order mark, or what stands for one: `<` in two bytes.
private struct ByteOrderMark {
    var encoding: Encoding?
    var length = 0

    init(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            (encoding, length) = (.utf8, 3)
        } else if bytes.starts(with: [0xFF, 0xFE]) {
            (encoding, length) = (.utf16LittleEndian, 2)
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            (encoding, length) = (.utf16BigEndian, 2)
        } else if bytes.starts(with: [0x3C, 0x00]) {
            encoding = .utf16LittleEndian
        } else if bytes.starts(with: [0x00, 0x3C]) {
            encoding = .utf16BigEndian
        }
    }
}

extension ByteOrderMark {
    static func isUTF32(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 4 else { return false }
        return switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF), (0x3C, 0, 0, 0), (0, 0, 0, 0x3C): true
        default: false
        }
    }
}

/// The `encoding` of the XML declaration, read before the encoding is known.
private struct DeclaredEncoding {
    var name: String?
    var column = 1
    var offset = 0

    init(_ bytes: [UInt8], mark: ByteOrderMark) {
        let wide = mark.encoding == .utf16LittleEndian || mark.encoding == .utf16BigEndian
        let beginning = bytes[min(mark.length, bytes.count)..<min(mark.length + 400, bytes.count)]
        let head = wide ? beginning.filter { $0 != 0 } : Array(beginning)
        guard head.span.hasPrefix("<?xml".utf8.span), let end = head.firstIndex(of: UInt8(ascii: ">")),
            let key = head.span.extracting(0..<end).firstOffset(of: "encoding".utf8.span),
            let open = head[key..<end].firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }),
            let close = head[(open + 1)..<end].firstIndex(of: head[open])
        else { return }
        name = String(decoding: head[(open + 1)..<close], as: UTF8.self)
        column = open + 2
        offset = mark.length + (open + 1) * (wide ? 2 : 1)
    }
}

/// What one pass over a text tells of the arrays that it will fill. That is cheaper than growing them by doubling, and
/// leaves hardly any slack.
struct Survey: Sendable {
    /// Nodes at most, but for texts that end with a literal `>`.
    private(set) var nodes = 2
    /// Attributes and namespaces at most.
    private(set) var attributes = 0
    /// Lines at most.
    private(set) var lines = 2

    init(_ text: [UInt8]) {
        let span = text.span
        var start = 1
        // Counted in bytes, block by block, so that the compiler makes vectors of it.
        while start < span.count {
            let end = min(start + 127, span.count)
            let (before, here) = (span.extracting((start - 1)..<(end - 1)), span.extracting(start..<end))
            var (nodes, attributes, lines): (UInt8, UInt8, UInt8) = (0, 0, 0)
            for index in here.indices {
                let (previous, byte) = (before[index], here[index])
                nodes &+= (previous == UInt8(ascii: "<") ? 1 : 0) & (byte != UInt8(ascii: "/") ? 1 : 0)
                nodes &+= (byte == UInt8(ascii: "<") ? 1 : 0) & (previous != UInt8(ascii: ">") ? 1 : 0)
                attributes &+= byte == UInt8(ascii: "=") ? 1 : 0
                lines &+= (byte == 0x0A ? 1 : 0) | (byte == 0x0D ? 1 : 0)
            }
            self.nodes += Int(nodes)
            self.attributes += Int(attributes)
            self.lines += Int(lines)
            start = end
        }
    }
}

/// Where the lines of a file begin: found out when a place is first asked for, which of most documents it never is.
final class LineIndex: Sendable {
    private let known = Mutex<[UInt32]?>(nil)
    /// How many scalars the file has before each block of bytes; found out when a place in a long line is first asked
    /// for.
    private let scalars = Mutex<[UInt32]?>(nil)
    private static let block = 4096
    private let capacity: Int

    /// - Parameter capacity: how many lines there are at most.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The offsets from the beginning of the file, after `\n`, `\r\n` and `\r`.
    ///
    /// - Parameter text: the file.
    func starts(in text: ArraySlice<UInt8>) -> [UInt32] {
        known.withLock { known in
            if let known { return known }
            let found = LineIndex.starts(of: text.span, capacity: capacity)
            known = found
            return found
        }
    }

    /// How many scalars lie between two offsets of a file, at a cost that does not grow with their distance.
    ///
    /// - Parameter text: the file.
    func scalarCount(_ from: Int, _ to: Int, in text: ArraySlice<UInt8>) -> Int {
        let base = text.startIndex
        guard to - from > 2 * LineIndex.block else { return text[(base + from)..<(base + to)].scalarCount }
        let counts = scalars.withLock { known in
            let found = known ?? LineIndex.counts(of: text)
            known = found
            return found
        }
        func before(_ offset: Int) -> Int {
            let start = offset / LineIndex.block * LineIndex.block
            return Int(counts[offset / LineIndex.block]) + text[(base + start)..<(base + offset)].scalarCount
        }
        return before(to) - before(from)
    }

    private static func counts(of text: ArraySlice<UInt8>) -> [UInt32] {
        var (counts, count): ([UInt32], Int) = ([0], 0)
        for start in stride(from: text.startIndex, to: text.endIndex, by: block) {
            count += text[start..<min(start + block, text.endIndex)].scalarCount
            counts.append(UInt32(count))
        }
        return counts
    }

    private static func starts(of text: Span<UInt8>, capacity: Int) -> [UInt32] {
        var starts: [UInt32] = []
        starts.reserveCapacity(capacity)
        starts.append(0)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte <= 0x0D else { continue }
            if byte == 0x0A || byte == 0x0D && !(index < text.count && text[index] == 0x0A) {
                starts.append(UInt32(index))
            }
        }
        return starts
    }

    /// The bytes that it holds.
    var memoryFootprint: Int { known.withLock { ($0?.capacity ?? 0) * MemoryLayout<UInt32>.stride } }
}

extension SourceFile {
    /// The place of an offset into this file's UTF-8. `text` is the buffer in which the file lies at `range`.
    func location(at offset: Int, in text: [UInt8]) -> SourceLocation {
        let offset = min(max(offset, 0), range.count)
        let lineStarts = lines.starts(in: text[range])
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        let start = Int(lineStarts[low])
        let scalars = lines.scalarCount(start, offset, in: text[range])
        let column = scalars + 1
        let byteOffset =
            switch encoding {
            case .utf8: byteOrderMark + offset
            // Each scalar is a byte.
            case .latin1, .windows1252, .ascii: Int(storedLineStarts[low]) + scalars
            case .utf16LittleEndian, .utf16BigEndian:
                Int(storedLineStarts[low])
                    + encoding.storedLength(of: text, range.lowerBound + start, range.lowerBound + offset)
            }
        return SourceLocation(file: path, line: low + 1, column: column, byteOffset: byteOffset)
    }
}

extension Encoding {
    /// The number of bytes that `text[from..<to]`, which is UTF-8, occupies in this encoding.
    fileprivate func storedLength(of text: [UInt8], _ from: Int, _ to: Int) -> Int {
        switch self {
        case .utf8: to - from
        case .latin1, .windows1252, .ascii: scalarCount(text, from, to)
        case .utf16LittleEndian, .utf16BigEndian:
            2 * text[from..<to].reduce(0) { $0 + ($1 >= 0xF0 ? 2 : $1 & 0xC0 != 0x80 ? 1 : 0) }
        }
    }

    fileprivate func storedLineStarts(of text: [UInt8], _ lineStarts: [UInt32], from mark: Int) -> [UInt32] {
        var (starts, offset) = ([UInt32(mark)], mark)
        starts.reserveCapacity(lineStarts.count)
        for (line, next) in zip(lineStarts, lineStarts.dropFirst()) {
            offset += storedLength(of: text, Int(line), Int(next))
            starts.append(UInt32(offset))
        }
        return starts
    }
}

/// The number of Unicode scalars in `text[from..<to]`.
func scalarCount(_ text: [UInt8], _ from: Int, _ to: Int) -> Int { text[from..<to].scalarCount }

extension ArraySlice<UInt8> {
    /// The number of Unicode scalars of a text in UTF-8.
    fileprivate var scalarCount: Int {
        let span = span
        var count = 0
        for index in span.indices where span[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
