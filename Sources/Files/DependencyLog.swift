#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Synchronization

/// The state of a file when it was read, written or looked for.
package struct FileStamp: Sendable, Hashable {
    /// The known state of the file.
    private enum Content: Sendable, Hashable {
        /// The size of what was read, in bytes.
        case bytes(Int)
        /// Nothing could be read.
        case unreadable
        /// It was only asked what lies there.
        case existence(FileAccess.Kind?)
    }

    private let content: Content
    /// When its content or its permissions changed last, in nanoseconds since 1970; 0 where nothing is there.
    private let changed: Int
    private let inode: UInt64
    package let checksum: UInt64
    /// Whether it was changed so shortly before that a second change may have left the time as it was.
    private let isFresh: Bool

    /// - Parameters:
    ///   - bytes: what was read from it, or written.
    ///   - isOwn: whether it was written just now, as a new file that no other program has open.
    init(_ status: stat, _ bytes: [UInt8], isOwn: Bool = false) {
        (content, changed, inode) = (.bytes(Int(status.st_size)), status.changed, UInt64(status.st_ino))
        checksum = Checksum.of(bytes.span)
        var now = timespec()
        // There are file systems that count in two seconds.
        isFresh =
            !isOwn && (unsafe clock_gettime(CLOCK_REALTIME, &now) != 0 || now.nanoseconds - changed < 2_000_000_000)
    }

    /// That of what could not be read as a file.
    init(unreadable path: String) {
        var status = stat()
        let isThere = FileAccess.status(of: path, &status)
        (content, changed, inode) = (.unreadable, isThere ? status.changed : 0, isThere ? UInt64(status.st_ino) : 0)
        (checksum, isFresh) = (0, false)
    }

    /// That of a path of which only was asked what lies there.
    init(existence kind: FileAccess.Kind?) {
        (content, changed, inode, checksum, isFresh) = (.existence(kind), 0, 0, 0, false)
    }

    /// That of a file as it has just been written.
    package init(ofFile path: String, _ bytes: [UInt8]) {
        var status = stat()
        self =
            FileAccess.status(of: path, &status) ? FileStamp(status, bytes, isOwn: true) : FileStamp(unreadable: path)
    }

    /// Whether the file at a path is what it was. It is read only where its time or place has changed.
    package func matches(_ path: String) -> Bool {
        if case .existence(let kind) = content { return FileAccess.kind(ofOutput: path) == kind }
        var status = stat()
        guard FileAccess.status(of: path, &status) else { return content == .unreadable && inode == 0 }
        let isSame = changed == status.changed && inode == UInt64(status.st_ino)
        guard case .bytes(let size) = content else { return isSame }
        guard size == status.st_size, status.st_mode & S_IFMT == S_IFREG else { return false }
        if !isFresh, isSame { return true }
        return (try? FileAccess.bytes(ofFile: path)).map { Checksum.of($0.span) == checksum } ?? false
    }
}

/// As numbers in a line, since a manifest has many of them.
extension FileStamp: LosslessStringConvertible {
    /// The numbers that a content other than bytes has in place of a size.
    private static let codes: [(code: Int, content: Content)] = [
        (-1, .unreadable), (-2, .existence(nil)), (-3, .existence(.folder)), (-4, .existence(.file)),
        (-5, .existence(.special)),
    ]

    package var description: String {
        let size =
            if case .bytes(let size) = content { size } else {
                FileStamp.codes.first { $0.content == content }?.code ?? -1
            }
        return "\(size) \(changed) \(inode) \(checksum) \(isFresh ? 1 : 0)"
    }

    package init?(_ description: String) {
        let parts = description.utf8.split(separator: 0x20).map { Substring($0) }
        guard parts.count == 5, let size = Int(parts[0]), let changed = Int(parts[1]), let inode = UInt64(parts[2]),
            let checksum = UInt64(parts[3]),
            let content = size >= 0 ? .bytes(size) : FileStamp.codes.first(where: { $0.code == size })?.content
        else { return nil }
        (self.content, self.changed, self.inode, self.checksum, isFresh) = (
            content, changed, inode, checksum, parts[4] == "1"
        )
    }
}

/// Files and what they were, by their paths.
package typealias FileStamps = [CodepointString: FileStamp]

extension FileStamps {
    /// Whether all the files are what they were.
    package var areCurrent: Bool { allSatisfy { $1.matches($0.string) } }

    private static var escapes: [(byte: UInt8, escape: [UInt8])] {
        [
            (0x09, Array("%t".utf8)), (0x0A, Array("%n".utf8)), (0x1F, Array("%u".utf8)),
            (UInt8(ascii: "%"), Array("%%".utf8)),
        ]
    }

    /// Without tabs and line ends.
    package var line: String {
        map { "\(Self.escaped($0.string))\u{1F}\($1)" }.joined(separator: "\u{1F}")
    }

    package init?(line: some StringProtocol) {
        self = [:]
        let fields = line.utf8.split(separator: 0x1F, omittingEmptySubsequences: false)
        guard !line.isEmpty else { return }
        guard fields.count.isMultiple(of: 2) else { return nil }
        for number in stride(from: 0, to: fields.count, by: 2) {
            guard let stamp = FileStamp(String(decoding: fields[number + 1], as: UTF8.self)) else { return nil }
            self[CodepointString(Self.path(ofEscaped: Array(fields[number])[...]))] = stamp
        }
    }

    /// A path without tabs and line ends.
    package static func escaped(_ path: String) -> String {
        let escapes = escapes
        guard path.utf8.contains(where: { byte in escapes.contains { $0.byte == byte } }) else { return path }
        return String(
            decoding: path.utf8.flatMap { byte in escapes.first { $0.byte == byte }?.escape ?? [byte] }, as: UTF8.self)
    }

    package static func path(ofEscaped bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "%")) else { return String(decoding: bytes, as: UTF8.self) }
        let escapes = escapes
        var (path, rest): ([UInt8], ArraySlice<UInt8>) = ([], bytes)
        while let first = rest.first {
            let found = escapes.first { rest.starts(with: $0.escape) }
            path.append(found?.byte ?? first)
            rest = rest.dropFirst(found?.escape.count ?? 1)
        }
        return String(decoding: path, as: UTF8.self)
    }
}

/// A result, and the files that were read for it.
///
///     let found = Tracked { validate("memo.xml") }
///     print(found.value, found.log.stamps.keys)
package struct Tracked<Value: Sendable>: Sendable {
    private let made: Value
    package let log: DependencyLog

    package init(_ make: () -> Value) {
        log = DependencyLog()
        made = DependencyLog.$current.withValue(log, operation: make)
    }

    /// The result; whoever uses it depends on the same files.
    package var value: Value {
        DependencyLog.note(log)
        return made
    }
}

/// The files that were read while something was done.
package final class DependencyLog: Sendable {
    /// That of the thread.
    @TaskLocal static var current: DependencyLog?
    private let files = Mutex<FileStamps>([:])
    private let uncacheable = Mutex(false)

    package init() {}

    /// The files that were read, by the paths by which they were.
    package var stamps: FileStamps { files.withLock(\.self) }

    /// Whether what was done depends on more than files: on the time, a pipe, or what was refused before it was opened.
    package var isUncacheable: Bool { uncacheable.withLock(\.self) }

    /// Notes that what is done depends on more than files.
    package static func markUncacheable() {
        current?.uncacheable.withLock { $0 = true }
    }

    /// Does something of which nothing is noted.
    package static func pausing<Value>(_ body: () -> Value) -> Value {
        DependencyLog.$current.withValue(nil, operation: body)
    }

    func note(_ path: String, _ stamp: FileStamp) {
        files.withLock { $0[CodepointString(path)] = stamp }
    }

    /// Notes what lies at a path of which nothing is known yet.
    func note(existenceOf path: String, _ kind: FileAccess.Kind?) {
        files.withLock { $0[CodepointString(path)] = $0[CodepointString(path)] ?? FileStamp(existence: kind) }
    }

    /// Notes what was noted before, and is used again.
    package static func note(_ log: DependencyLog) {
        guard let current else { return }
        let stamps = log.stamps
        current.files.withLock { $0.merge(stamps) { first, _ in first } }
        if log.isUncacheable { markUncacheable() }
    }
}

extension stat {
    /// In nanoseconds since 1970.
    var changed: Int {
        #if canImport(Darwin)
            st_ctimespec.nanoseconds
        #else
            st_ctim.nanoseconds
        #endif
    }
}

extension timespec {
    fileprivate var nanoseconds: Int { tv_sec * 1_000_000_000 + tv_nsec }
}
