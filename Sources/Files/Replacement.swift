#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

// Writing files: whole or not at all.

extension FileAccess {
    /// Writes to an open file, pipe or terminal.
    ///
    /// - Returns: whether all went out.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe writeSome($0, descriptor) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }

    private static func writeSome(_ buffer: UnsafeRawBufferPointer, _ descriptor: Int32) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            unsafe Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #else
            unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    /// Writes a file whole or not at all, with the folders that it is in: see ``Replacement``.
    ///
    /// - Returns: whether it was written; if not, the old file is unchanged.
    package static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        guard let file = Replacement(path) else { return false }
        return file.append(bytes) && file.finish()
    }

    static func partName(for path: String) -> String {
        let name = path.pathComponents.last ?? ""
        // A file system's names have at most 255 bytes.
        let short = name.utf8.count < 240 ? String(name) : String(fnv1a(name.utf8), radix: 16)
        return Reference.folder(of: path, slash: true) + ".\(short).part"
    }

    /// Opens a file to be written by this process alone; `nil` where that cannot be.
    static func openPart(_ path: String) -> Int32? {
        for _ in 0..<100 {
            let descriptor = unsafe open(path.bytesOfPath, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else { return nil }
            // Some file systems know no locks.
            _ = flock(descriptor, LOCK_EX)
            // Another process may have had it, and given it its name meanwhile.
            var (mine, there) = (stat(), stat())
            if unsafe fstat(descriptor, &mine) == 0, unsafe lstat(path.bytesOfPath, &there) == 0,
                mine.st_ino == there.st_ino
            {
                return descriptor
            }
            close(descriptor)
        }
        return nil
    }

    package static func makeFolder(_ path: String) -> Bool {
        if unsafe mkdir(path.bytesOfPath, 0o777) == 0 || kind(ofOutput: path) == .folder { return true }
        let parent = Reference.folder(of: path.withoutTrailingSlash)
        return parent != path && makeFolder(parent)
            && (unsafe mkdir(path.bytesOfPath, 0o777) == 0 || kind(ofOutput: path) == .folder)
    }
}

/// A file that is written piece by piece, with the folders that it is in: under a name of its own beside it,
/// `.NAME.part`, until it is whole. What a killed run left under that name the next one takes over.
package final class Replacement {
    private let path: String
    private let part: String
    private let descriptor: Int32
    private var isFinished = false

    /// - Returns: `nil` where it cannot be written, and where a device, pipe or socket has its name.
    package init?(_ path: String) {
        self.path = path
        if FileAccess.kind(ofOutput: path) == .special { return nil }
        let part = FileAccess.partName(for: path)
        self.part = part
        let folder = Reference.folder(of: path)
        guard
            let opened = FileAccess.openPart(part) ?? (FileAccess.makeFolder(folder) ? FileAccess.openPart(part) : nil)
        else { return nil }
        descriptor = opened
        if ftruncate(descriptor, 0) != 0 { return nil }
    }

    deinit {
        if !isFinished { unsafe unlink(part.bytesOfPath) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// - Returns: whether all went out.
    package func append(_ bytes: [UInt8]) -> Bool { FileAccess.write(bytes, to: descriptor) }

    /// Puts what was written in the place of what stood there before.
    ///
    /// - Returns: whether that was possible.
    package func finish() -> Bool {
        var former = stat()
        isFinished =
            unsafe (!FileAccess.status(of: path, &former) || fchmod(descriptor, former.st_mode & 0o777) == 0)
            && rename(part.bytesOfPath, path.bytesOfPath) == 0
        return isFinished
    }
}

/// A file that holds for a while what is too much for the memory, and is gone with its object.
package final class TemporaryFile {
    private let descriptor: Int32
    private var count = 0
    private var isWhole = true

    private static var folder: String { unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp" }

    /// - Throws: ``Diagnostics`` with the rule `file-unwritable` where the folder for temporary files cannot be
    ///   written.
    package init() throws(Diagnostics) {
        let folder = TemporaryFile.folder
        var name = "\(folder)/marginalia.XXXXXX".bytesOfPath
        descriptor = unsafe mkstemp(&name)
        if descriptor < 0 { throw Diagnostics([FileMessages.unwritableFolder(folder)]) }
        unsafe unlink(name)
    }

    deinit { close(descriptor) }

    package func append(_ bytes: [UInt8]) {
        isWhole = FileAccess.write(bytes, to: descriptor) && isWhole
        count += bytes.count
    }

    /// - Throws: ``Diagnostics`` with the rule `file-unwritable` where not all of what was appended could be held.
    package func check() throws(Diagnostics) {
        if !isWhole { throw Diagnostics([FileMessages.unwritableFolder(TemporaryFile.folder)]) }
    }

    /// Hands on what was appended, piece by piece; no piece ends within a character of UTF-8.
    ///
    /// - Throws: as ``check()``.
    package func read(_ body: ([UInt8]) -> Void) throws(Diagnostics) {
        try check()
        var position = 0
        while isWhole, position < count {
            var part = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = max(0, unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(position)))
            }
            isWhole = !part.isEmpty
            if position + part.count < count, let last = part.lastIndex(where: { $0 & 0xC0 != 0x80 }), last > 0 {
                part.removeLast(part.count - last)
            }
            position += part.count
            body(part)
        }
        try check()
    }
}
