#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads a file part by part, and holds the part that is being worked on.
@safe final class FileReader {
    let path: String
    private let descriptor: Int32
    private var storage: UnsafeMutableBufferPointer<UInt8>
    private var count = 0
    /// How many bytes of the file lie before the window, and up to where the window is known to be UTF-8.
    private var start = 0
    private var validated = 0
    /// Offset of the first byte that is not UTF-8.
    private(set) var invalidByte: Int?
    /// Offset of the first control character of U+0080 to U+009F.
    private(set) var firstControl: Int?

    private var hasMore = true

    private static let part = 1 << 16
    private static let beginning = 500

    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: ``Diagnostics`` with the rule `file-missing`, `file-is-folder`, `file-special` or `file-unreadable`.
    init(path: String) throws(Diagnostics) {
        self.path = path
        try FileAccess.checkIsFile(path)
        descriptor = FileAccess.descriptor(reading: path)
        unsafe storage = .allocate(capacity: 2 * FileReader.part)
        guard descriptor >= 0 else { throw Diagnostics([FileMessages.unreadableFile(path)]) }
        // A pipe may bring a byte at a time: by the beginning the encoding is known.
        repeat { try advance(dropping: 0) } while hasMore && count < FileReader.beginning
    }

    deinit {
        unsafe storage.deallocate()
        if descriptor > 0 { close(descriptor) }
    }

    var window: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(rebasing: storage[..<count]) }

    /// The first bytes, which include an encoding declaration if there is one.
    var beginning: [UInt8] { unsafe Array(unsafe window.prefix(FileReader.beginning)) }

    /// Passes over the byte order mark: offsets count from after it.
    func skip(_ mark: Int) {
        unsafe storage.baseAddress?.update(from: storage.baseAddress! + mark, count: count - mark)
        count -= mark
        // The mark may be all there is, and not yet looked at.
        validated = max(0, validated - mark)
        invalidByte = invalidByte.map { $0 - mark }
        firstControl = firstControl.map { $0 - mark }
    }

    /// All that has not been dropped, and what follows.
    func all() throws(Diagnostics) -> [UInt8] {
        while hasMore {
            try advance(dropping: 0)
            if count > FileAccess.sizeLimit { throw Diagnostics([FileMessages.tooLargeFile(path)]) }
        }
        return unsafe Array(unsafe window)
    }

    /// Drops bytes from the front of the window, and reads on after it.
    func advance(dropping dropped: Int) throws(Diagnostics) {
        if dropped > 0 {
            unsafe storage.baseAddress?.update(from: storage.baseAddress! + dropped, count: count - dropped)
            count -= dropped
            start += dropped
        }
        if unsafe count + FileReader.part > storage.count { grow() }
        while true {
            let got = unsafe read(descriptor, storage.baseAddress! + count, FileReader.part)
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw Diagnostics([FileMessages.unreadableFile(path)]) }
            count += got
            hasMore = got > 0
            return validate()
        }
    }

    private func grow() {
        let larger = unsafe UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * storage.count)
        unsafe larger.baseAddress?.update(from: storage.baseAddress!, count: count)
        unsafe storage.deallocate()
        unsafe storage = unsafe larger
    }

    /// A character may be cut by the end of a part: it is looked at with the next.
    private func validate() {
        let from = validated - start
        var to = count
        if hasMore {
            while to > from, unsafe storage[to - 1] & 0xC0 == 0x80, count - to < 3 { to -= 1 }
            if to > from, unsafe storage[to - 1] >= 0xC0 { to -= 1 }
        }
        if firstControl == nil {
            firstControl = unsafe UnsafeBufferPointer(rebasing: storage[from..<to]).span.firstControl.map {
                validated + $0
            }
        }
        if let invalid = unsafe UnsafeBufferPointer(rebasing: storage[from..<to]).span.invalidUTF8 {
            invalidByte = validated + invalid
        } else {
            validated = start + to
        }
    }
}
