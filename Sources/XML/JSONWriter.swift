/// Writes JSON in the order of the calls, indented by two spaces, small things on one line: the same calls, the
/// same bytes.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var isFirst = true
    private var isInLine = false

    /// - Parameters:
    ///   - depth: the number of containers around it, for a document that is written in parts.
    ///   - isFirst: whether nothing precedes it in its container.
    package init(depth: Int = 0, isFirst: Bool = true) {
        (self.depth, self.isFirst) = (depth, isFirst)
    }

    package mutating func object(_ key: String? = nil, _ body: (inout JSONWriter) -> Void) {
        container(key, UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// An object on one line, and all that is in it.
    package mutating func line(_ key: String? = nil, _ body: (inout JSONWriter) -> Void) {
        begin(key)
        let outer = isInLine
        isInLine = true
        isFirst = true
        bytes.append(UInt8(ascii: "{"))
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        (isInLine, isFirst) = (outer, false)
    }

    package mutating func array(_ key: String? = nil, _ body: (inout JSONWriter) -> Void) {
        container(key, UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    package mutating func array<T>(
        _ key: String? = nil, of items: some Sequence<T>, _ body: (inout JSONWriter, T) -> Void
    ) {
        array(key) { writer in
            for item in items { body(&writer, item) }
        }
    }

    /// A string; a `nil` is left out.
    package mutating func string(_ key: String? = nil, _ value: String?) {
        guard let value else { return }
        begin(key)
        quote(value)
    }

    /// A number; a `nil` is left out.
    package mutating func number(_ key: String? = nil, _ value: Int?) {
        guard let value else { return }
        begin(key)
        append(value)
    }

    /// As `String(value)` says it, which would be made for each.
    private mutating func append(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var (rest, first) = (value.magnitude, bytes.count)
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        var last = bytes.count - 1
        while first < last {
            bytes.swapAt(first, last)
            (first, last) = (first + 1, last - 1)
        }
    }

    package mutating func bool(_ key: String, _ value: Bool) {
        begin(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Strings on one line; an empty list is left out.
    package mutating func strings(_ key: String?, _ values: [String]) {
        guard !values.isEmpty else { return }
        begin(key)
        for (index, value) in values.enumerated() {
            bytes.append(index == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
            if index > 0 { bytes.append(0x20) }
            quote(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func container(_ key: String?, _ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
        begin(key)
        bytes.append(open)
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst, !isInLine { newLine() }
        isFirst = false
        bytes.append(close)
    }

    private mutating func begin(_ key: String?) {
        if !isFirst {
            bytes.append(UInt8(ascii: ","))
            if isInLine { bytes.append(0x20) }
        }
        isFirst = false
        if depth > 0, !isInLine { newLine() }
        guard let key else { return }
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(0x20)
    }

    private mutating func newLine() {
        bytes.append(0x0A)
        for _ in 0..<depth {
            bytes.append(0x20)
            bytes.append(0x20)
        }
    }

    /// RFC 8259, 7.
    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(contentsOf: string.utf8)
        if bytes[start...].contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            escape(from: start)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(from start: Int) {
        // A slice would share its memory with all that is written, which would be copied when it changes.
        let string = Array(bytes[start...])
        bytes.removeSubrange(start...)
        for byte in string {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8)
            default: bytes.append(byte)
            }
        }
    }
}
