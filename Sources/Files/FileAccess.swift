#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads and writes files, and keeps reading below a root folder.
///
///     let access = FileAccess(forDocumentAt: "TEI/07.xml")
///     let bytes = try access.bytes(of: "TEI/people.xml")
///
/// Only regular files are read and written: devices, pipes and sockets are refused at once, so that the program never
/// waits for them. Standard input, which may be a pipe, is named `-`.
public struct FileAccess: Sendable {
    /// The folder that everything read must lie below, as an absolute path without symbolic links; empty if nothing may
    /// be read.
    public let root: String
    /// The folder of a document, as it was named and as it is: its files need not each be followed from the root on.
    private let folder: (named: String, canonical: String)?
    private var openTexts: OpenTexts?

    /// Reads nothing: for a document that comes from another program.
    public static let none = FileAccess(canonicalRoot: "", folder: nil)

    private init(canonicalRoot root: String, folder: (named: String, canonical: String)?) {
        (self.root, self.folder) = (root, folder)
    }

    /// Makes an access to the files below a folder.
    ///
    /// - Parameter root: a folder.
    public init(root: String) {
        self.init(canonicalRoot: FileAccess.canonical(root), folder: nil)
    }

    /// Makes the default access for a document: to the nearest folder at or above its own that holds `.git` or
    /// `marginalia.toml`; without one, to the working folder if the document lies below it, otherwise to the document's
    /// own folder.
    ///
    /// - Parameter path: the document's path, or `-` for standard input.
    public init(forDocumentAt path: String) {
        let working = FileAccess.canonical(".")
        let named = path == "-" ? "." : Reference.folder(of: path)
        let own = named == "." ? working : FileAccess.canonical(named)
        let fallback = FileAccess.isBelow(own, working) ? working : own
        let project = FileAccess.nearestFolder(from: own, holding: [".git", "marginalia.toml"])
        self.init(canonicalRoot: project ?? fallback, folder: (named, own))
    }

    /// The nearest folder, from one upwards, that holds a file or folder of one of these names.
    package static func nearestFolder(from folder: String, holding names: [String]) -> String? {
        var folder = folder
        while true {
            let prefix = folder == "/" ? "/" : folder + "/"
            var found = stat()
            if names.contains(where: { status(of: prefix + $0, &found) }) { return folder }
            if folder == "/" { return nil }
            folder = Reference.folder(of: folder)
        }
    }

    /// Reads a file below the root.
    ///
    /// - Returns: the bytes of the file as they are stored.
    /// - Throws: ``Diagnostics`` with the rule `file-outside-root`, or another `file-` rule if the file cannot be read.
    public func bytes(of path: String) throws(Diagnostics) -> [UInt8] {
        try check(path)
        if let text = openTexts?.bytes(ofFile: path) { return text }
        return try FileAccess.bytes(ofFile: path)
    }

    /// The same access where texts that an editor has open count in place of their files.
    package func reading(_ texts: OpenTexts?) -> FileAccess {
        var access = self
        access.openTexts = texts
        return access
    }

    /// - Throws: ``Diagnostics`` with the rule `file-outside-root`.
    package func check(_ path: String) throws(Diagnostics) {
        if !allows(path) { throw refusal(of: path) }
    }

    /// That a file lies outside of the root, with the rule `file-outside-root`.
    package func refusal(of path: String) -> Diagnostics { Diagnostics([FileMessages.outsideRoot(path, root: root)]) }

    /// Whether the file lies below the root after symbolic links are followed.
    public func allows(_ path: String) -> Bool {
        let isAllowed = isBelowRoot(path)
        if !isAllowed { DependencyLog.markUncacheable() }
        return isAllowed
    }

    private func isBelowRoot(_ path: String) -> Bool {
        if root.isEmpty { return false }
        if let folder, Reference.folder(of: path).isSame(as: folder.named), FileAccess.isPlainFile(path) {
            return FileAccess.isBelow(folder.canonical, root)
        }
        return FileAccess.isBelow(FileAccess.canonical(path), root)
    }

    /// Whether a file lies at the path itself, and is not linked to from there.
    private static func isPlainFile(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path.bytesOfPath, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// How many bytes a file may have: the offsets of a document have 31 bits.
    package static let sizeLimit = Int(Int32.max)

    /// Reads a file, wherever it lies; `-` is standard input.
    ///
    /// - Returns: the bytes of the file as they are stored.
    /// - Throws: ``Diagnostics`` with the rule `file-missing`, `file-is-folder`, `file-special`, `file-too-large` or
    ///   `file-unreadable`.
    public static func bytes(ofFile path: String) throws(Diagnostics) -> [UInt8] {
        let descriptor = descriptor(reading: path)
        defer { if descriptor > 0 { close(descriptor) } }
        var status = stat()
        // Standard input does not come again.
        if path == "-" { DependencyLog.markUncacheable() }
        if unsafe descriptor >= 0 && fstat(descriptor, &status) == 0 {
            if status.st_size > sizeLimit { throw Diagnostics([FileMessages.tooLargeFile(path)]) }
            if let bytes = bytes(of: descriptor) {
                if bytes.count > sizeLimit { throw Diagnostics([FileMessages.tooLargeFile(path)]) }
                DependencyLog.current?.note(path, FileStamp(status, bytes))
                return bytes
            }
        }
        DependencyLog.current?.note(path, FileStamp(unreadable: path))
        try checkIsFile(path)
        throw Diagnostics([FileMessages.unreadableFile(path)])
    }

    /// Opens a regular file, or standard input where the path is `-`, without waiting for anything.
    ///
    /// - Returns: a negative number where there is no such file, or it may not be read.
    package static func descriptor(reading path: String) -> Int32 {
        if path == "-" { return 0 }
        let descriptor = unsafe open(path.bytesOfPath, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return -1 }
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return descriptor }
        close(descriptor)
        return -1
    }

    /// All that comes from a file, pipe or terminal, or `nil` where reading fails. What is larger than any document may
    /// be is not read to its end.
    package static func bytes(of descriptor: Int32) -> [UInt8]? {
        var status = stat()
        let size =
            unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
        var bytes: [UInt8] = []
        // One more than there is: a file that does not fill it has been read.
        var room = size > 0 ? size + 1 : 1 << 16
        while true {
            var hasFailed = false
            let part = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                while count < room {
                    let got = unsafe read(descriptor, buffer.baseAddress! + count, room - count)
                    if got < 0, errno == EINTR { continue }
                    hasFailed = got < 0
                    guard got > 0 else { break }
                    count += got
                    if bytes.isEmpty, count == size { break }
                }
            }
            if hasFailed { return nil }
            bytes = bytes.isEmpty ? part : bytes + part
            if part.count < room || bytes.count > sizeLimit { return bytes }
            room = bytes.count
        }
    }

    package static func checkIsFile(_ path: String) throws(Diagnostics) {
        if path == "-" { return }
        switch kind(of: path) {
        case nil: throw Diagnostics([FileMessages.missingFile(path)])
        case .folder: throw Diagnostics([FileMessages.isFolder(path)])
        case .special: throw Diagnostics([FileMessages.specialFile(path)])
        case .file: break
        }
    }

    /// A part of a regular file, shorter where the file ends; `nil` where there is no such file to read.
    package static func bytes(ofFile path: String, in range: Range<Int>) -> [UInt8]? {
        let descriptor = descriptor(reading: path)
        guard descriptor > 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        let range = range.clamped(to: 0..<max(0, Int(status.st_size)))
        return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let read = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + count))
                guard read > 0 else { break }
                count += read
            }
        }
    }

    /// Whether there is anything at a path.
    package static func exists(_ path: String) -> Bool { kind(of: path) != nil }

    /// The kind of thing at a path.
    package enum Kind: Sendable {
        case folder
        /// A regular file.
        case file
        /// A device, pipe or socket: it is neither read nor written.
        case special
    }

    /// The kind of thing at a path, after symbolic links are followed; `nil` if nothing is there.
    package static func kind(of path: String) -> Kind? {
        let kind = kind(ofOutput: path)
        DependencyLog.current?.note(existenceOf: path, kind)
        return kind
    }

    /// The same, where it is asked in order to write: what is made does not depend on it.
    static func kind(ofOutput path: String) -> Kind? {
        var found = stat()
        guard status(of: path, &found) else { return nil }
        return switch found.st_mode & S_IFMT {
        case S_IFDIR: .folder
        case S_IFREG: .file
        default: .special
        }
    }

    /// How many bytes a file has; 0 where there is none.
    package static func size(of path: String) -> Int {
        var found = stat()
        return status(of: path, &found) ? Int(found.st_size) : 0
    }

    /// - Returns: whether there is a file.
    static func status(of path: String, _ status: inout stat) -> Bool {
        unsafe stat(path.bytesOfPath, &status) == 0
    }

    /// The absolute path without `.`, `..` and symbolic links, as far as the path exists.
    package static func canonical(_ path: String) -> String {
        var missing: [String] = []
        var rest = path.withoutTrailingSlash
        while true {
            if let existing = resolved(rest) { return missing.reversed().reduce(existing, appending) }
            guard rest != "/", rest != "." else { return missing.reversed().reduce("/", appending) }
            missing.append(Reference.name(of: rest))
            rest = Reference.folder(of: rest).withoutTrailingSlash
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let found = unsafe realpath(path.bytesOfPath, nil) else { return nil }
        defer { unsafe free(found) }
        return unsafe String(path: UnsafeBufferPointer(start: found, count: strlen(found)).map(UInt8.init(bitPattern:)))
    }

    /// Where there is nothing, `..` can only be meant as it is written.
    private static func appending(_ path: String, _ part: String) -> String {
        switch part {
        case "", ".": path
        case "..": Reference.folder(of: path)
        default: path == "/" ? "/" + part : path + "/" + part
        }
    }

    package static func isBelow(_ path: String, _ folder: String) -> Bool {
        path.isSame(as: folder) || folder == "/" || path.utf8.starts(with: (folder + "/").utf8)
    }
}

/// By the root alone: two with one root read the same files.
extension FileAccess: Hashable {
    /// Whether both give access to the same folder.
    public static func == (a: FileAccess, b: FileAccess) -> Bool { a.root.isSame(as: b.root) }

    /// Feeds the root into a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(CodepointString(root)) }
}

extension FileAccess {
    /// The names of what is in a folder, by their bytes, but for those that begin with a full stop; `nil` where it
    /// cannot be read.
    package static func names(in folder: String) -> [String]? {
        guard let stream = unsafe opendir(folder.bytesOfPath) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if bytes.first != UInt8(ascii: ".") { names.append(bytes) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(path: $0) }
    }
}

extension FileAccess {
    /// The size, time and place that distinguish a file from another at the same path, and from its earlier state.
    package static func signature(of path: String) -> [Int] {
        var found = stat()
        return status(of: path, &found) ? [Int(found.st_size), found.changed, Int(found.st_ino)] : []
    }

    /// That of the program that runs: another build is another program.
    package static var programSignature: [Int] {
        #if canImport(Darwin)
            signature(of: CommandLine.arguments[0])
        #else
            signature(of: "/proc/self/exe")
        #endif
    }

    /// - Parameter time: a second at most.
    /// Makes a folder the working folder; one that cannot be entered changes nothing.
    package static func changeFolder(_ path: String) { _ = unsafe chdir(path) }

    package static func sleep(_ time: Duration) {
        usleep(UInt32(min(time, .milliseconds(999)) / .microseconds(1)))
    }
}
