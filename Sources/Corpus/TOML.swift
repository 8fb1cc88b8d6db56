internal import CTOML
internal import XML

/// A value of a file in TOML 1.0, with its place; what is not a table, a list or a string is `other`.
struct TOML {
    enum Value {
        case table([(key: String, value: TOML)])
        case list([TOML])
        case string(String)
        case other
    }

    let value: Value
    /// The place of the value, or of its key in a table.
    let location: SourceLocation

    /// Reads a file.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `config` if it is not TOML, and as
    ///   ``XML/FileAccess/bytes(ofFile:)``.
    static func read(_ path: String) throws(Diagnostics) -> TOML {
        let bytes = try FileAccess.bytes(ofFile: path)
        let builder = Builder(bytes, path)
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe readTOML(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
                Unmanaged.passUnretained(builder).toOpaque()
            ) { context, event in
                guard let context = unsafe context, let event = unsafe event?.pointee else { return }
                unsafe Unmanaged<Builder>.fromOpaque(context).takeUnretainedValue().receive(event)
            }
        }
        if let (message, location) = builder.error { throw Diagnostics([Messages.notTOML(message, at: location)]) }
        return builder.root ?? TOML(value: .table([]), location: builder.location(1, 1))
    }

    /// Builds the values of the events.
    private final class Builder {
        private(set) var root: TOML?
        private(set) var error: (message: String, location: SourceLocation)?
        private var open:
            [(key: String, values: [(key: String, value: TOML)], isList: Bool, location: SourceLocation)] =
                []
        private let path: String
        /// The offsets of the lines.
        private let lines: [Int]
        private let bytes: [UInt8]

        init(_ bytes: [UInt8], _ path: String) {
            (self.bytes, self.path) = (bytes, path)
            lines = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        }

        /// A place, from a line and a column in Unicode scalars.
        func location(_ line: UInt32, _ column: UInt32) -> SourceLocation {
            let start = lines[min(max(Int(line), 1), lines.count) - 1]
            let before = String(decoding: bytes[start...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
                .unicodeScalars.prefix(max(Int(column), 1) - 1)
            return SourceLocation(
                file: path, line: Int(line), column: Int(column), byteOffset: start + String(before).utf8.count)
        }

        func receive(_ event: TOMLEvent) {
            let key = unsafe string(event.key, event.keyCount)
            let text = unsafe string(event.text, event.textCount)
            let location = unsafe location(event.line, event.column)
            switch unsafe event.kind {
            case TOMLEventTable: open.append((key, [], false, location))
            case TOMLEventList: open.append((key, [], true, location))
            case TOMLEventEnd:
                let (key, values, isList, location) = open.removeLast()
                add(TOML(value: isList ? .list(values.map(\.value)) : .table(values), location: location), key)
            case TOMLEventString: add(TOML(value: .string(text), location: location), key)
            case TOMLEventError: error = (text, location)
            default: add(TOML(value: .other, location: location), key)
            }
        }

        private func add(_ value: TOML, _ key: String) {
            if open.isEmpty { root = value } else { open[open.count - 1].values.append((key, value)) }
        }

        private func string(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
            unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }
}
