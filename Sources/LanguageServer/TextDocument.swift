internal import XML

/// The unit in which client and server count the characters of a line.
enum PositionEncoding: String {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case utf32 = "utf-32"

    /// How many units a scalar has, by the first byte of its UTF-8.
    func units(ofScalarAt byte: UInt8) -> Int {
        switch self {
        case .utf8: TextDocument.length(ofScalarAt: byte)
        case .utf16: byte >= 0xF0 ? 2 : 1
        case .utf32: 1
        }
    }
}

/// The text of an open document, in UTF-8, and where its lines begin.
struct TextDocument: Sendable {
    let uri: String
    /// The path of its file.
    let path: String
    let encoding: PositionEncoding
    private(set) var version: Int
    private(set) var bytes: [UInt8]
    /// The offset at which each line begins. A line ends with `\n`, `\r\n` or `\r` (LSP, `Text Documents`).
    private var lineStarts: [Int32]

    init(uri: String, path: String, version: Int, text: String, encoding: PositionEncoding) {
        (self.uri, self.path, self.version, self.encoding) = (uri, path, version, encoding)
        bytes = Array(text.utf8)
        lineStarts = [0] + TextDocument.lineStarts(bytes, 0..<bytes.count)
    }

    // MARK: Places

    /// The offset of a place; that of the line's end if the line is shorter, and of the text's if there is no such line.
    func offset(of position: Position) -> Int {
        guard position.line >= 0 else { return 0 }
        guard position.line < lineStarts.count else { return bytes.count }
        let (start, end) = (Int(lineStarts[position.line]), endOfLine(position.line))
        var (offset, units) = (start, 0)
        while offset < end, units < position.character {
            units += encoding.units(ofScalarAt: bytes[offset])
            offset = min(offset + TextDocument.length(ofScalarAt: bytes[offset]), end)
        }
        return offset
    }

    func position(of offset: Int) -> Position {
        let offset = min(max(offset, 0), bytes.count)
        let line = self.line(of: offset)
        var (next, units) = (Int(lineStarts[line]), 0)
        while next < offset {
            units += encoding.units(ofScalarAt: bytes[next])
            next += TextDocument.length(ofScalarAt: bytes[next])
        }
        return Position(line: line, character: units)
    }

    func range(_ range: Range<Int>) -> LSPRange {
        LSPRange(start: position(of: range.lowerBound), end: position(of: range.upperBound))
    }

    func offsets(_ range: LSPRange) -> Range<Int> {
        let start = offset(of: range.start)
        return start..<max(start, offset(of: range.end))
    }

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The line in which an offset is, from 0.
    func line(of offset: Int) -> Int {
        var (low, high) = (0, lineStarts.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    /// The white space with which the line of an offset begins.
    func indentation(at offset: Int) -> String {
        let start = Int(lineStarts[line(of: offset)])
        let end = bytes[start...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
        return string(start..<end)
    }

    private func endOfLine(_ line: Int) -> Int {
        var end = line + 1 < lineStarts.count ? Int(lineStarts[line + 1]) : bytes.count
        let start = Int(lineStarts[line])
        if line + 1 < lineStarts.count {
            end -= 1
            if end > start, bytes[end] == 0x0A, bytes[end - 1] == 0x0D { end -= 1 }
        }
        return end
    }

    // MARK: Changes

    mutating func apply(_ changes: [TextDocumentContentChangeEvent], version: Int?) {
        for change in changes {
            let text = Array(change.text.utf8)
            replace(change.range.map { offsets($0) } ?? 0..<bytes.count, with: text)
        }
        self.version = version ?? self.version + 1
    }

    private mutating func replace(_ range: Range<Int>, with text: [UInt8]) {
        let shift = text.count - range.count
        // Where a line begins, the bytes before and after it say.
        let kept = lineStarts.prefix { $0 == 0 || Int($0) < range.lowerBound }
        let after = lineStarts.drop { $0 == 0 || Int($0) <= range.upperBound }
        bytes.replaceSubrange(range, with: text)
        let changed = max(range.lowerBound - 1, 0)..<(range.lowerBound + text.count)
        lineStarts = kept + TextDocument.lineStarts(bytes, changed) + after.map { $0 + Int32(shift) }
    }

    /// Where lines begin after the line ends in a range.
    private static func lineStarts(_ bytes: [UInt8], _ range: Range<Int>) -> [Int32] {
        var starts: [Int32] = []
        for offset in range {
            let isEnd =
                bytes[offset] == 0x0A
                || bytes[offset] == 0x0D && (offset + 1 == bytes.count || bytes[offset + 1] != 0x0A)
            if isEnd { starts.append(Int32(offset + 1)) }
        }
        return starts
    }

    static func length(ofScalarAt byte: UInt8) -> Int { byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4 }
}
