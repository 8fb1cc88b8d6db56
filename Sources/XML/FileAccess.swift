#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Reading and writing files: the one place where bytes come in and go out, and where a root folder bounds what may be read.
///
/// Only regular files are read and written: devices, pipes and sockets are refused at once, so that nothing waits for them. Standard input,
/// which may be a pipe, is named `-`.
public struct FileAccess: Sendable {
    /// The folder, absolute and without symbolic links, below which everything read must lie; empty where nothing may be read.
    public let root: String
    /// The folder of a document, as it was named and as it is: its files need not each be followed from the root on.
    private let folder: (named: String, canonical: String)?

    /// Reads nothing: for a document that another program hands on.
    public static let none = FileAccess(canonicalRoot: "", folder: nil)

    private init(canonicalRoot root: String, folder: (named: String, canonical: String)?) {
        (self.root, self.folder) = (root, folder)
    }

    /// - Parameter root: a folder.
    public init(root: String) {
        self.init(canonicalRoot: FileAccess.canonical(root), folder: nil)
    }

    /// The default for a document: the nearest folder at or above its own that holds `.git` or `marginalia.toml`, else the working folder if
    /// the document lies below it, else the document's own folder.
    ///
    /// - Parameter path: the document's path, or `-` for standard input.
    public init(forDocumentAt path: String) {
        let working = FileAccess.canonical(".")
        let named = path == "-" ? "." : Reference.folder(of: path)
        let own = named == "." ? working : FileAccess.canonical(named)
        let fallback = FileAccess.isBelow(own, working) ? working : own
        self.init(canonicalRoot: FileAccess.project(above: own) ?? fallback, folder: (named, own))
    }

    /// The nearest folder, from one upwards, that says of itself that it is a project's.
    private static func project(above folder: String) -> String? {
        var folder = folder
        while true {
            let prefix = folder == "/" ? "/" : folder + "/"
            var found = stat()
            if [".git", "marginalia.toml"].contains(where: { status(of: prefix + $0, &found) }) { return folder }
            if folder == "/" { return nil }
            folder = Reference.folder(of: folder)
        }
    }

    /// The bytes of a file below the root.
    ///
    /// - Throws: ``Diagnostics`` with the rule `file-outside-root`, or with a `file-` rule where it cannot be read.
    public func bytes(of path: String) throws(Diagnostics) -> [UInt8] {
        try check(path)
        return try FileAccess.bytes(ofFile: path)
    }

    /// - Throws: ``Diagnostics`` with the rule `file-outside-root`.
    package func check(_ path: String) throws(Diagnostics) {
        if !allows(path) { throw refusal(of: path) }
    }

    /// That a file lies outside of the root, with the rule `file-outside-root`.
    package func refusal(of path: String) -> Diagnostics { Diagnostics([Messages.outsideRoot(path, root: root)]) }

    /// Whether the file lies below the root, symbolic links followed.
    public func allows(_ path: String) -> Bool {
        let isAllowed = isBelowRoot(path)
        if !isAllowed { ReadLog.spoil() }
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
    static let sizeLimit = Int(Int32.max)

    /// The bytes of a file, wherever it lies; `-` is standard input.
    ///
    /// - Throws: ``Diagnostics`` with the rule `file-missing`, `file-is-folder`, `file-special`, `file-too-large` or `file-unreadable`.
    public static func bytes(ofFile path: String) throws(Diagnostics) -> [UInt8] {
        let descriptor = descriptor(reading: path)
        defer { if descriptor > 0 { close(descriptor) } }
        var status = stat()
        // Standard input does not come again.
        if path == "-" { ReadLog.spoil() }
        if unsafe descriptor >= 0 && fstat(descriptor, &status) == 0 {
            if status.st_size > sizeLimit { throw Diagnostics([Messages.tooLargeFile(path)]) }
            if let bytes = bytes(of: descriptor) {
                if bytes.count > sizeLimit { throw Diagnostics([Messages.tooLargeFile(path)]) }
                ReadLog.current?.note(path, FileStamp(status, bytes))
                return bytes
            }
        }
        ReadLog.current?.note(path, FileStamp(unreadable: path))
        try checkIsFile(path)
        throw Diagnostics([Messages.unreadableFile(path)])
    }

    /// Opens a regular file, or standard input where the path is `-`, without waiting for anything.
    ///
    /// - Returns: a negative number where there is no such file, or it may not be read.
    fileprivate static func descriptor(reading path: String) -> Int32 {
        if path == "-" { return 0 }
        let descriptor = unsafe open(path.bytesOfPath, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return -1 }
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return descriptor }
        close(descriptor)
        return -1
    }

    /// All that comes from a file, pipe or terminal, or `nil` where reading fails. What is larger than any document may be is not read to its end.
    fileprivate static func bytes(of descriptor: Int32) -> [UInt8]? {
        var status = stat()
        let size = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
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

    fileprivate static func checkIsFile(_ path: String) throws(Diagnostics) {
        if path == "-" { return }
        switch kind(of: path) {
        case nil: throw Diagnostics([Messages.missingFile(path)])
        case .folder: throw Diagnostics([Messages.isFolder(path)])
        case .special: throw Diagnostics([Messages.specialFile(path)])
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
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let read = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + count))
                guard read > 0 else { break }
                count += read
            }
        }
    }

    /// Whether there is anything at a path.
    public static func exists(_ path: String) -> Bool { kind(of: path) != nil }

    /// What lies at a path.
    public enum Kind: Sendable {
        case folder
        /// A regular file.
        case file
        /// A device, pipe or socket: it is neither read nor written.
        case special
    }

    /// What lies at a path, symbolic links followed; `nil` where there is nothing.
    public static func kind(of path: String) -> Kind? {
        let kind = kind(ofOutput: path)
        ReadLog.current?.note(existenceOf: path, kind)
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

    /// The absolute path without `.`, `..` and symbolic links, as far as there is anything at it.
    public static func canonical(_ path: String) -> String {
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

    private static func isBelow(_ path: String, _ folder: String) -> Bool {
        path.isSame(as: folder) || folder == "/" || path.utf8.starts(with: (folder + "/").utf8)
    }
}

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
        guard descriptor >= 0 else { throw Diagnostics([Messages.unreadableFile(path)]) }
        // A pipe may bring a byte at a time: by the beginning the encoding is known.
        repeat { try advance(dropping: 0) } while hasMore && count < FileReader.beginning
    }

    deinit {
        unsafe storage.deallocate()
        if descriptor > 0 { close(descriptor) }
    }

    var window: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(rebasing: storage[..<count]) }

    /// The first bytes, among which an encoding declaration stands.
    var beginning: [UInt8] { unsafe Array(unsafe window.prefix(FileReader.beginning)) }

    /// Passes over the byte order mark: offsets count from behind it.
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
            if count > FileAccess.sizeLimit { throw Diagnostics([Messages.tooLargeFile(path)]) }
        }
        return unsafe Array(unsafe window)
    }

    /// Drops bytes from the front of the window, and reads on behind it.
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
            if got < 0 { throw Diagnostics([Messages.unreadableFile(path)]) }
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
        if firstControl == nil { firstControl = unsafe UnsafeBufferPointer(rebasing: storage[from..<to]).span.firstControl.map { validated + $0 } }
        if let invalid = unsafe UnsafeBufferPointer(rebasing: storage[from..<to]).span.invalidUTF8 {
            invalidByte = validated + invalid
        } else {
            validated = start + to
        }
    }
}

/// A URI reference as it stands in an attribute: `people.xml#clinton`.
public struct Reference: Sendable, Hashable {
    /// The part before `#`, as written; empty for a place in the same document.
    public let resource: String
    /// The part behind `#`, percent-decoded; `nil` without `#`.
    public let fragment: String?

    public init(_ string: String) {
        let hash = string.utf8.firstIndex(of: UInt8(ascii: "#"))
        resource = String(string[..<(hash ?? string.endIndex)])
        fragment = hash.map { Reference.decode(String(string[string.utf8.index(after: $0)...])) }
    }

    /// The scheme, such as `https`, in lower case; `nil` for a relative reference.
    public var scheme: String? {
        guard let colon = resource.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = resource[..<colon]
        let isScheme = name.utf8.first?.isASCIILetter == true
            && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "+-.".utf8.contains($0) }
        return isScheme ? name.lowercased() : nil
    }

    /// Whether it names another machine without a scheme: `//example.org/people.xml` (RFC 3986, 4.2).
    public var isNetworkPath: Bool { resource.utf8.starts(with: "//".utf8) }

    /// The path of the file that is meant, for a reference that stands in the file `base`.
    ///
    /// - Returns: `nil` for another scheme than `file`, and for another machine; `base` itself where only a fragment is given.
    public func path(relativeTo base: String) -> String? {
        if resource.isEmpty { return base }
        var target = resource
        switch scheme {
        case nil: if isNetworkPath { return nil }
        case "file":
            guard let local = Reference.local(target.dropFirst("file:".count)) else { return nil }
            target = local
        default: return nil
        }
        target = Reference.decode(target)
        return Reference.normalize(target.isAbsolutePath ? target : Reference.folder(of: base, slash: true) + target)
    }

    /// The path in a `file` address (RFC 8089): `nil` on another machine than this one.
    private static func local(_ rest: Substring) -> String? {
        guard rest.utf8.starts(with: "//".utf8) else { return String(rest) }
        let host = rest.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
        let isHere = host.isEmpty || host.elementsEqual("localhost".utf8)
        return isHere ? String(rest.utf8.dropFirst(2 + host.count)) : nil
    }

    /// The folder part of a path: `.` where there is none.
    public static func folder(of path: String, slash: Bool = false) -> String {
        guard let last = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return slash ? "" : "." }
        return slash ? String(path[...last]) : (last == path.startIndex ? "/" : String(path[..<last]))
    }

    /// The last part of a path, after its last `/`.
    package static func name(of path: String) -> String {
        guard let last = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: last)...])
    }

    private static func normalize(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.pathComponents where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        let isFolder = path.utf8.last == UInt8(ascii: "/") && !parts.isEmpty
        return (path.isAbsolutePath ? "/" : "") + parts.joined(separator: "/") + (isFolder ? "/" : "")
    }

    /// The string with the bytes that `%` and two digits stand for, as UTF-8.
    package static func decode(_ string: String) -> String {
        guard string.utf8.contains(UInt8(ascii: "%")) else { return string }
        var bytes: [UInt8] = []
        var rest = Array(string.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
               let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    package var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    package var isASCIILetterOrDigit: Bool { isASCIILetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

/// Paths are divided by their bytes: a `/` with an accent on it is still a `/`.
extension String {
    var withoutTrailingSlash: String { utf8.count > 1 && utf8.last == UInt8(ascii: "/") ? String(utf8.dropLast()) ?? self : self }

    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// The folders and the name, without empty parts.
    package var pathComponents: [Substring] { utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) } }
}

/// By the root alone: two with one root read the same files.
extension FileAccess: Hashable {
    public static func == (a: FileAccess, b: FileAccess) -> Bool { a.root.isSame(as: b.root) }

    public func hash(into hasher: inout Hasher) { hasher.combine(CodepointString(root)) }
}

extension XPath.Resources {
    /// Documents and texts below a folder, and nothing else.
    public static func files(within access: FileAccess) -> XPath.Resources {
        var resources = XPath.Resources()
        let path = { @Sendable (address: String) in Reference(address).path(relativeTo: "") ?? address }
        resources.document = { address throws(Diagnostics) in
            try Document(access.bytes(of: path(address)), path: path(address))
        }
        resources.text = { address throws(Diagnostics) in try access.bytes(of: path(address)) }
        return resources
    }
}

// MARK: - Names that are not UTF-8

extension String {
    /// A path from the bytes of one. What is not UTF-8 in it is kept, each byte as a character of its own from U+10FF80 on (private use),
    /// so that the file can be opened.
    package init(path bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        if let string = String(validating: bytes, as: UTF8.self) {
            self = string
            return
        }
        self = ""
        var rest = bytes[...]
        while let first = rest.first {
            let character = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first { _ in true }
            unicodeScalars.append(contentsOf: character.map { Array($0.unicodeScalars) } ?? [Unicode.Scalar(0x10FF00 + UInt32(first)) ?? "?"])
            rest = rest.dropFirst(character?.utf8.count ?? 1)
        }
    }

    /// The bytes of a path, with a NUL behind them.
    fileprivate var bytesOfPath: [CChar] {
        utf8.contains(0xF4) ? pathBytes.map(CChar.init(bitPattern:)) + [0] : Array(utf8CString)
    }

    private var pathBytes: [UInt8] {
        unicodeScalars.flatMap { scalar -> [UInt8] in
            (0x10FF80...0x10FFFF).contains(scalar.value) ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
        }
    }

    /// A path as a relative reference of RFC 3986: all but letters, digits, `-._~` and `/` in `%` and two digits.
    package var percentEncodedPath: String {
        pathBytes.map { byte in
            let isLetterOrDigit = Unicode.Scalar(byte).properties.isAlphabetic || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            return byte < 0x80 && (isLetterOrDigit || "-._~/".utf8.contains(byte)) ? String(Unicode.Scalar(byte)) : String.percentEncoded(byte)
        }.joined()
    }

    /// `%2F`
    package static func percentEncoded(_ byte: UInt8) -> String {
        (byte < 0x10 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }
}

extension FileAccess {
    /// The names of what is in a folder, by their bytes, but for those that begin with a full stop; `nil` where it cannot be read.
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

// MARK: - Writing

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
    /// - Returns: whether it was written; if not, what stood there before is untouched.
    package static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        guard let file = Replacement(path) else { return false }
        return file.append(bytes) && file.finish()
    }

    fileprivate static func partName(for path: String) -> String {
        let name = path.pathComponents.last ?? ""
        // A file system's names have at most 255 bytes.
        let short = name.utf8.count < 240 ? String(name) : String(fnv1a(name.utf8), radix: 16)
        return Reference.folder(of: path, slash: true) + ".\(short).part"
    }

    /// Opens a file to be written by this process alone; `nil` where that cannot be.
    fileprivate static func openPart(_ path: String) -> Int32? {
        for _ in 0..<100 {
            let descriptor = unsafe open(path.bytesOfPath, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else { return nil }
            // Some file systems know no locks.
            _ = flock(descriptor, LOCK_EX)
            // Another process may have had it, and given it its name meanwhile.
            var (mine, there) = (stat(), stat())
            if unsafe fstat(descriptor, &mine) == 0, unsafe lstat(path.bytesOfPath, &there) == 0, mine.st_ino == there.st_ino { return descriptor }
            close(descriptor)
        }
        return nil
    }

    fileprivate static func makeFolder(_ path: String) -> Bool {
        if unsafe mkdir(path.bytesOfPath, 0o777) == 0 || kind(ofOutput: path) == .folder { return true }
        let parent = Reference.folder(of: path.withoutTrailingSlash)
        return parent != path && makeFolder(parent) && (unsafe mkdir(path.bytesOfPath, 0o777) == 0 || kind(ofOutput: path) == .folder)
    }
}

/// A file that is written piece by piece, with the folders that it is in: under a name of its own beside it, `.NAME.part`, until it is whole. What a
/// killed run left under that name the next one takes over.
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
        guard let opened = FileAccess.openPart(part) ?? (FileAccess.makeFolder(folder) ? FileAccess.openPart(part) : nil) else { return nil }
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
        isFinished = unsafe (!FileAccess.status(of: path, &former) || fchmod(descriptor, former.st_mode & 0o777) == 0)
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

    /// - Throws: ``Diagnostics`` with the rule `file-unwritable` where the folder for temporary files cannot be written.
    package init() throws(Diagnostics) {
        let folder = TemporaryFile.folder
        var name = "\(folder)/marginalia.XXXXXX".bytesOfPath
        descriptor = unsafe mkstemp(&name)
        if descriptor < 0 { throw Diagnostics([Messages.unwritableFolder(folder)]) }
        unsafe unlink(name)
    }

    deinit { close(descriptor) }

    package func append(_ bytes: [UInt8]) {
        isWhole = FileAccess.write(bytes, to: descriptor) && isWhole
        count += bytes.count
    }

    /// - Throws: ``Diagnostics`` with the rule `file-unwritable` where not all of what was appended could be held.
    package func check() throws(Diagnostics) {
        if !isWhole { throw Diagnostics([Messages.unwritableFolder(TemporaryFile.folder)]) }
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
            if position + part.count < count, let last = part.lastIndex(where: { $0 & 0xC0 != 0x80 }), last > 0 { part.removeLast(part.count - last) }
            position += part.count
            body(part)
        }
        try check()
    }
}

// MARK: - Files that grow and change

/// Lines as they come from standard input, which may be a pipe that waits for answers.
package struct LineReader {
    private var bytes: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    package init() {}

    /// The next line without its end; `nil` behind the last.
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
        if opened < 0, FileAccess.makeFolder(Reference.folder(of: path)) { opened = unsafe open(path.bytesOfPath, flags, 0o666) }
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

extension FileAccess {
    /// By what a file is told from another at the same path, and from itself as it was: its size, time and place.
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
    package static func sleep(_ time: Duration) {
        usleep(UInt32(min(time, .milliseconds(999)) / .microseconds(1)))
    }
}
