/// What is known of a document that is told to a handler while it is read, and not kept: the open elements, where lines
/// begin, which ids there were.
struct EventStream {
    /// An open element.
    struct Frame {
        let name: UInt32
        /// Offset of the start tag.
        let start: Int
        /// Where that is, once it has been worked out.
        var location: SourceLocation?
        var id: String?
        /// Its position among its siblings of the same name.
        let position: Int
        /// How many namespace declarations are outside of it, and how many names of siblings.
        let namespaces: Int
        let siblings: Int
    }

    private(set) var frames: [Frame] = []
    private(set) var namespaces: [(prefix: String?, namespace: String)] = []
    /// Names of the children so far, of all open elements one after the other, with how often each occurred.
    private var siblings: [(name: UInt32, count: Int)] = []
    private var lines: LineCursor
    /// By 128 bits of hash, since the ids themselves may be more than the memory holds.
    private var ids: [IDKey: SourceLocation] = [:]
    /// How many names the handler knows.
    var namesDeclared = 0
    private(set) var diagnostics: [Diagnostic] = []

    mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// The first text since the last tag that is more than white space, and where that is, once it has been worked out.
    private var text: (start: Int, location: SourceLocation?)?

    private struct IDKey: Hashable {
        let first: Int
        let second: Int
    }

    init(path: String, byteOrderMark: Int) {
        lines = LineCursor(path: path, byteOrderMark: byteOrderMark)
    }

    mutating func open(_ name: UInt32, at start: Int) {
        let first = frames.last?.siblings ?? 0
        var position = 1
        if let known = siblings[first...].firstIndex(where: { $0.name == name }) {
            siblings[known].count += 1
            position = siblings[known].count
        } else {
            siblings.append((name, 1))
        }
        frames.append(
            Frame(
                name: name, start: start, position: position, namespaces: namespaces.count, siblings: siblings.count
            ))
    }

    mutating func declare(_ prefix: String?, _ namespace: String) {
        namespaces.append((prefix, namespace))
    }

    /// The namespace of a prefix in scope; the default namespace's prefix is empty.
    func namespace(_ prefix: String) -> String? {
        if prefix == "xml" { return Namespace.xml }
        let declared = namespaces.last { ($0.prefix ?? "").isSame(as: prefix) }?.namespace
        return declared == "" ? nil : declared
    }

    /// Notes an `xml:id` of the innermost element; a second one of the same value is a diagnostic.
    mutating func identify(_ value: Span<UInt8>, in window: SourceWindow) {
        var bytes: [UInt8] = []
        for index in value.indices { bytes.append(value[index]) }
        let id = bytes[...].trimmingXMLSpace
        frames[frames.count - 1].id = String(decoding: id, as: UTF8.self)
        locateFrames(upTo: frames[frames.count - 1].start, in: window)
        let location = self.location(ofFrame: frames.count - 1, in: window)
        var (first, second) = (Hasher(), Hasher())
        second.combine(0x9E37)
        for byte in id {
            first.combine(byte)
            second.combine(byte)
        }
        let key = IDKey(first: first.finalize(), second: second.finalize())
        if let known = ids[key] {
            diagnostics.append(Messages.duplicateID(String(decoding: id, as: UTF8.self), first: known, at: location))
        } else {
            ids[key] = location
        }
    }

    mutating func close() {
        forgetText()
        let frame = frames.removeLast()
        namespaces.removeLast(namespaces.count - frame.namespaces)
        siblings.removeLast(siblings.count - frame.siblings)
    }

    mutating func note(text start: Int) {
        if text == nil { text = (start, nil) }
    }

    /// A tag has been passed on.
    mutating func forgetText() { text = nil }

    // MARK: Places

    func location(ofText start: Int, in window: SourceWindow) -> SourceLocation {
        if let text, text.start == start, let location = text.location { return location }
        return location(of: window.firstVisibleOffset(from: start), in: window)
    }

    func location(ofFrame index: Int, in window: SourceWindow) -> SourceLocation {
        frames[index].location ?? location(of: frames[index].start, in: window)
    }

    /// The place of an offset that is not before the innermost start tag, or not before the window.
    func location(of offset: Int, in window: SourceWindow) -> SourceLocation {
        var cursor = lines
        cursor.advance(to: offset, in: window)
        return cursor.location
    }

    /// The bytes before the offset are about to be dropped.
    mutating func forget(before offset: Int, in window: SourceWindow) {
        locateFrames(upTo: offset, in: window)
        locateText(upTo: offset, in: window)
        lines.advance(to: offset, in: window)
    }

    private mutating func locateText(upTo offset: Int, in window: SourceWindow) {
        guard let start = text?.start, start < offset, text?.location == nil else { return }
        lines.advance(to: window.firstVisibleOffset(from: start), in: window)
        text?.location = lines.location
    }

    private mutating func locateFrames(upTo offset: Int, in window: SourceWindow) {
        // The outer ones are located first, so those that are not are the last.
        let first = (frames.lastIndex { $0.location != nil } ?? -1) + 1
        for index in first..<frames.count where frames[index].start <= offset {
            locateText(upTo: frames[index].start, in: window)
            lines.advance(to: frames[index].start, in: window)
            frames[index].location = lines.location
        }
    }
}

/// The part of a file that is at hand while the file is read.
@safe struct SourceWindow {
    /// Offset of the first byte.
    var start = 0
    private(set) var bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>, start: Int = 0) {
        unsafe self.bytes = unsafe bytes
        self.start = start
    }

    /// Offset after the last byte.
    var end: Int { unsafe start + bytes.count }

    subscript(_ offset: Int) -> UInt8 { unsafe bytes[offset - start] }

    /// The bytes in a part of it; written so that many are compared at once.
    func count(of byte: UInt8, in range: Range<Int>) -> Int {
        let part = unsafe UnsafeBufferPointer(rebasing: bytes[(range.lowerBound - start)..<(range.upperBound - start)])
        return unsafe Int(part.reduce(UInt32(0)) { $0 &+ ($1 == byte ? 1 : 0) })
    }

    func firstVisibleOffset(from offset: Int) -> Int {
        var offset = offset
        while offset < end, self[offset].isXMLSpace { offset += 1 }
        return offset
    }
}

/// Counts lines and columns from front to back.
struct LineCursor {
    private(set) var offset = 0
    private var line = 1
    private var column = 1
    private var isBehindReturn = false
    private let path: String
    private let byteOrderMark: Int

    init(path: String, byteOrderMark: Int) {
        self.path = path
        self.byteOrderMark = byteOrderMark
    }

    var location: SourceLocation {
        SourceLocation(file: path, line: line, column: column, byteOffset: byteOrderMark + offset)
    }

    mutating func advance(to target: Int, in window: SourceWindow) {
        let passed = offset..<max(offset, min(target, window.end))
        var rest = passed
        // Of nearly all bytes it need only be known how many end a line.
        if !isBehindReturn, window.count(of: 0x0D, in: passed) == 0 {
            line += window.count(of: 0x0A, in: passed)
            if let last = passed.last(where: { window[$0] == 0x0A }) {
                column = 1
                rest = (last + 1)..<passed.upperBound
            }
        }
        for offset in rest { pass(window[offset]) }
        offset = passed.upperBound
    }

    private mutating func pass(_ byte: UInt8) {
        if byte == 0x0A || byte == 0x0D {
            if !(byte == 0x0A && isBehindReturn) { line += 1 }
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
        isBehindReturn = byte == 0x0D
    }
}
