internal import RelaxNG
internal import Synchronization
internal import XML

/// What was read from standard input, which cannot be read again.
///
///     let input = StandardInput(Array("<TEI/>".utf8), path: "memo.xml")
public struct StandardInput: Sendable {
    /// The bytes.
    public let bytes: [UInt8]
    /// The path under which it is reported.
    public let path: String

    /// Makes an input; by default none, under the path `-`.
    public init(_ bytes: [UInt8] = [], path: String = "-") {
        (self.bytes, self.path) = (bytes, path)
    }
}

/// Gets the lines that diagnostics are about, without reading whole files.
public struct SourceReader: Sendable {
    /// A line as it is shown: cut to a width around the place, tabs as blanks, nothing in it that a terminal would
    /// obey.
    struct Excerpt: Equatable {
        let text: String
        /// The number of terminal columns before the place.
        let caret: Int
    }

    private let standardInput: StandardInput
    private let last = Last()

    /// What was read of the file that was asked for last: the next diagnostic is most often about the same place of the
    /// same file.
    private final class Last: Sendable {
        let opening = Mutex<(path: CodepointString, bytes: [UInt8]?)?>(nil)
        let window = Mutex<Window?>(nil)
    }

    /// A part of a file, with the offset at which it begins.
    private struct Window {
        static let size = 64 << 10

        let path: CodepointString
        let start: Int
        let bytes: [UInt8]
        /// Whether the file ends with it.
        var isLast: Bool { bytes.count < Window.size }

        /// The bytes of a range, or `nil` where some lie elsewhere.
        func bytes(of path: CodepointString, in range: Range<Int>) -> [UInt8]? {
            guard path == self.path, range.lowerBound >= start, isLast || range.upperBound <= start + bytes.count else {
                return nil
            }
            let end = start + bytes.count
            return Array(bytes[min(range.lowerBound, end) - start..<min(range.upperBound, end) - start])
        }
    }

    /// Makes a reader.
    ///
    /// - Parameter standardInput: what was read from there.
    public init(standardInput: StandardInput = StandardInput()) {
        self.standardInput = standardInput
    }

    /// The line of a place, or `nil` where it cannot be had or is blank.
    func excerpt(at location: SourceLocation) -> Excerpt? {
        // Every line and column before it takes a byte: else the offset is not known.
        guard location.byteOffset >= location.line - 1 + location.column - 1 else { return nil }
        guard let opening = opening(of: location.file), mayShow(location.file, opening) else { return nil }
        // If the encoding is not known, the declaration itself can be shown as UTF-8.
        let (encoding, mark) = Encoding.detect(opening) ?? (.utf8, 0)
        let offset = max(mark, location.byteOffset)
        let start = max(mark, (offset - SourceReader.reach) & ~1)
        guard let bytes = bytes(of: location.file, in: start..<(offset + SourceReader.reach)) else { return nil }
        let middle = offset - start
        guard middle <= bytes.count else { return nil }
        var (head, tail) = (
            bytes[..<middle].drop { encoding == .utf8 && start > mark && $0 & 0xC0 == 0x80 }, bytes[middle...]
        )
        // Of the lines around it nothing need be decoded.
        if !encoding.isWide {
            if let end = head.lastIndex(where: \.isLineEnd) { head = head[end...] }
            if let end = tail.firstIndex(where: \.isLineEnd) { tail = tail[...end] }
        }
        let (before, after) = (encoding.decode(head), encoding.decode(tail))
        let isWhole = (start: start == mark, end: bytes.count < middle + SourceReader.reach)
        return Excerpt(before: before, after: after, isWhole: isWhole)
    }

    /// Of a file that is neither XML nor a schema in compact syntax no line is shown: a document may point at any file.
    private func mayShow(_ path: String, _ head: [UInt8]) -> Bool {
        path.isSame(as: standardInput.path) || !SchemaSyntax.isNoSchema(head, path: path)
    }

    private func opening(of path: String) -> [UInt8]? {
        last.opening.withLock { last in
            if let last, last.path == CodepointString(path) { return last.bytes }
            let bytes = bytes(of: path, in: 0..<400)
            last = (CodepointString(path), bytes)
            return bytes
        }
    }

    /// How many bytes are read on either side of a place.
    private static let reach = 512

    private func bytes(of path: String, in range: Range<Int>) -> [UInt8]? {
        if path.isSame(as: standardInput.path) {
            return Array(standardInput.bytes[range.clamped(to: standardInput.bytes.indices)])
        }
        let name = CodepointString(path)
        return last.window.withLock { window in
            if let known = window?.bytes(of: name, in: range) { return known }
            // A report may go back to a place before the last one.
            let start = max(0, range.lowerBound - Window.size / 4)
            window = FileAccess.bytes(ofFile: path, in: start..<start + Window.size).map {
                Window(path: name, start: start, bytes: $0)
            }
            return window?.bytes(of: name, in: range)
        }
    }
}

extension SourceReader.Excerpt {
    /// How many columns of a line are shown at most, and how many of them before the place.
    private static let width = (all: 100, before: 60)

    /// - Parameter isWhole: whether the file begins and ends with these texts.
    fileprivate init?(before: String, after: String, isWhole: (start: Bool, end: Bool)) {
        let isLineEnd = { (scalar: Unicode.Scalar) in scalar == "\n" || scalar == "\r" }
        let lineStart = before.unicodeScalars.lastIndex(where: isLineEnd)
        let lineEnd = after.unicodeScalars.firstIndex(where: isLineEnd)
        let left = before.unicodeScalars[(lineStart.map(before.unicodeScalars.index(after:)) ?? before.startIndex)...]
        let right = after.unicodeScalars[..<(lineEnd ?? after.endIndex)]
        guard !(left.allSatisfy(\.properties.isWhitespace) && right.allSatisfy(\.properties.isWhitespace)) else {
            return nil
        }
        var head = Array(Self.glyphs(left.reversed()).reversed())
        var tail = Self.glyphs(right)
        let isCutAtStart =
            Self.cut(&head, to: max(Self.width.before, Self.width.all - tail.columns), fromStart: true)
            || lineStart == nil && !isWhole.start
        let isCutAtEnd =
            Self.cut(&tail, to: Self.width.all - head.columns, fromStart: false) || lineEnd == nil && !isWhole.end
        text = (isCutAtStart ? "…" : "") + TerminalCharacter.text(head + tail) + (isCutAtEnd ? "…" : "")
        caret = (isCutAtStart ? 1 : 0) + head.columns
    }

    /// As many as can be shown, and some more where there are more.
    private static func glyphs(_ scalars: some Sequence<Unicode.Scalar>) -> [TerminalCharacter] {
        var (glyphs, columns) = ([TerminalCharacter](), 0)
        for scalar in scalars where columns <= width.all {
            glyphs.append(TerminalCharacter(scalar))
            columns += glyphs[glyphs.count - 1].columns
        }
        return glyphs
    }

    /// - Returns: whether something was cut off.
    private static func cut(_ glyphs: inout [TerminalCharacter], to width: Int, fromStart: Bool) -> Bool {
        var columns = glyphs.columns
        guard columns > width else { return false }
        var count = 0
        for glyph in fromStart ? glyphs : glyphs.reversed() {
            // Combining characters are cut off with their character.
            if columns <= width, !fromStart || glyph.columns > 0 { break }
            columns -= glyph.columns
            count += 1
        }
        if fromStart { glyphs.removeFirst(count) } else { glyphs.removeLast(count) }
        return true
    }
}

extension UInt8 {
    fileprivate var isLineEnd: Bool { self == 0x0A || self == 0x0D }
}

extension Encoding {
    /// Whether a character takes two bytes.
    fileprivate var isWide: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }

    /// Bytes that are wrong in this encoding become U+FFFD.
    fileprivate func decode(_ bytes: ArraySlice<UInt8>) -> String {
        switch self {
        case .utf8: return String(decoding: bytes, as: UTF8.self)
        case .latin1, .windows1252, .ascii:
            return String(String.UnicodeScalarView(bytes.map { character($0) ?? "\u{FFFD}" }))
        case .utf16LittleEndian, .utf16BigEndian:
            let (low, high) = self == .utf16LittleEndian ? (0, 1) : (1, 0)
            let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
                UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + low])
            }
            return String(decoding: units, as: UTF16.self)
        }
    }
}
