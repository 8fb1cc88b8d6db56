#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

// Files that grow and change.

/// Lines as they come from standard input, which may be a pipe that waits for answers.
package struct LineReader {
    private var bytes: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    package init() {}

    /// The next line without its end; `nil` after the last.
    package mutating func next() -> ArraySlice<UInt8>? {
        var searched = position
        while true {
            if let end = bytes[searched...].firstIndex(of: 0x0A) {
                defer { position = end + 1 }
                return bytes[position..<end]
            }
            searched = bytes.count
            guard !isAtEnd else { return lastLine() }
            bytes.removeFirst(position)
            (searched, position) = (searched - position, 0)
            fill()
        }
    }

    private mutating func lastLine() -> ArraySlice<UInt8>? {
        defer { position = bytes.count }
        return position < bytes.count ? bytes[position...] : nil
    }

    private mutating func fill() {
        let part = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            var got = -1
            repeat { got = unsafe read(0, buffer.baseAddress, buffer.count) } while got < 0 && errno == EINTR
            count = max(0, got)
        }
        isAtEnd = part.isEmpty
        bytes += part
    }
}

/// A file to which lines are appended, by one process at a time.
package final class Journal: Sendable {
    private let descriptor: Int32
    /// The whole lines that were in it when it was opened.
    package let content: [UInt8]

    /// - Returns: `nil` where it cannot be written, or another process has it.
    package init?(_ path: String) {
        if FileAccess.kind(ofOutput: path) == .special { return nil }
        let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
        var opened = unsafe open(path.bytesOfPath, flags, 0o666)
        if opened < 0, FileAccess.makeFolder(Reference.folder(of: path)) {
            opened = unsafe open(path.bytesOfPath, flags, 0o666)
        }
        guard opened >= 0 else { return nil }
        descriptor = opened
        guard flock(opened, LOCK_EX | LOCK_NB) == 0, let bytes = FileAccess.bytes(of: opened) else {
            content = []
            return nil
        }
        // A process that was killed may have left half a line.
        let end = (bytes.lastIndex(of: 0x0A) ?? -1) + 1
        content = Array(bytes[..<end])
        if end < bytes.count { ftruncate(opened, off_t(end)) }
    }

    deinit { close(descriptor) }

    package func append(_ bytes: [UInt8]) {
        _ = FileAccess.write(bytes, to: descriptor)
    }

    package func clear() {
        ftruncate(descriptor, 0)
    }
}
