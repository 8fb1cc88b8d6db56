public import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Schemas that are kept on this machine under the addresses by which documents name them.
///
///     let store = try SchemaStore()
///     for entry in store.entries { print(entry.url, store.path(of: entry)) }
///
/// The store is a folder with an index, and a folder for each schema with all files that it includes. The index is
/// replaced as a whole, so that a schema is in the store completely or not at all.
public struct SchemaStore: Sendable {
    /// A schema in the store.
    public struct Entry: Sendable, Hashable {
        /// The address under which it is stored.
        public let url: String
        /// The path of the schema, relative to the store's folder.
        let file: String
        /// The paths of the files that it includes, by address; the schema itself is among them if it was redirected.
        let parts: [CodepointString: String]

        /// Whether both are the same schema with the same files.
        public static func == (a: Entry, b: Entry) -> Bool {
            a.url.isSame(as: b.url) && a.file.isSame(as: b.file)
                && a.parts.mapValues { CodepointString($0) } == b.parts.mapValues { CodepointString($0) }
        }

        /// Feeds the address into a hasher.
        public func hash(into hasher: inout Hasher) { hasher.combine(CodepointString(url)) }
    }

    /// How many files a schema may consist of.
    static let fileLimit = 500

    /// The path of the store's folder.
    public let folder: String
    /// The stored schemas, by address.
    public private(set) var entries: [Entry] = []

    /// Reads the index of a store; a missing folder is an empty store.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `store-index` if the index is damaged.
    public init(folder: String = SchemaStore.standardFolder) throws(Diagnostics) {
        self.folder = folder
        try readIndex()
    }

    /// The default folder in this process's environment: `$MARGINALIA_SCHEMAS`, else
    /// `$XDG_DATA_HOME/marginalia/schemas`, else `~/.local/share/marginalia/schemas`.
    public static var standardFolder: String { defaultFolder(ProcessInfo.processInfo.environment) }

    /// `$MARGINALIA_SCHEMAS`, else `$XDG_DATA_HOME/marginalia/schemas`, else `~/.local/share/marginalia/schemas`.
    package static func defaultFolder(_ environment: [String: String]) -> String {
        if let folder = environment["MARGINALIA_SCHEMAS"], !folder.isEmpty { return folder }
        // A relative one is to be ignored (XDG Base Directory Specification).
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/marginalia/schemas" }
        let home = FileManager.default.homeDirectoryForCurrentUser.path(percentEncoded: false)
        return (home.hasSuffix("/") ? home : home + "/") + ".local/share/marginalia/schemas"
    }

    /// The path of the schema that is stored under an address, or of a file that a stored schema includes; `nil` if
    /// there is none.
    public func path(of url: String) -> String? {
        let url = Reference(url).resource
        let file =
            entries.first { $0.url.isSame(as: url) }?.file
            ?? entries.lazy.compactMap { $0.parts[CodepointString(url)] }.first
        guard let file else { return nil }
        if FileAccess.exists(folder + "/" + file) { return folder + "/" + file }
        DependencyLog.markUncacheable()
        return nil
    }

    /// The path of an entry's schema.
    public func path(of entry: Entry) -> String { folder + "/" + entry.file }

    // MARK: Changing

    /// Stores a schema under an address; it replaces a schema that is already stored there.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `store-address`, `store-index` or `file-unwritable` if it cannot be
    ///   stored; the store then stays as it was.
    public mutating func add(_ bundle: SchemaBundle, as url: String) throws(Diagnostics) {
        let reference = Reference(url)
        guard reference.isRemote else { throw Diagnostics([Messages.notAnAddress(url)]) }
        let paths = try bundle.paths()
        try change { store throws(Diagnostics) in
            let name = try store.makeFolder(for: paths[0])
            do throws(Diagnostics) {
                for (part, path) in zip(bundle.parts, paths) { try store.write(part.bytes, at: "\(name)/\(path)") }
                let parts = zip(bundle.parts, paths).compactMap { part, path in
                    part.address.url.map { (CodepointString($0), "\(name)/\(path)") }
                }
                let entry = Entry(
                    url: reference.resource, file: "\(name)/\(paths[0])",
                    parts: Dictionary(parts) { first, _ in first }.filter {
                        $0.key != CodepointString(reference.resource)
                    }
                )
                try store.replace(reference.resource, by: entry)
            } catch {
                store.removeFolder(name)
                throw error
            }
        }
    }

    /// Removes the schema that is stored under an address.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `store-unknown` if there is none, and with `file-unwritable` if the
    ///   index cannot be written.
    public mutating func remove(_ url: String) throws(Diagnostics) {
        guard entries.contains(where: { $0.url.isSame(as: url) }) else {
            throw Diagnostics([Messages.notStored(url, known: entries.map(\.url))])
        }
        try change { store throws(Diagnostics) in try store.replace(url, by: nil) }
    }

    /// Changes the store as it is now, while no other program does.
    private mutating func change(_ body: (inout SchemaStore) throws(Diagnostics) -> Void) throws(Diagnostics) {
        let path = folder + "/lock"
        guard (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil
        else {
            throw Diagnostics([Messages.storeUnwritable(folder)])
        }
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Diagnostics([Messages.storeUnwritable(path)]) }
        defer { close(descriptor) }
        _ = flock(descriptor, LOCK_EX)
        try readIndex()
        try body(&self)
    }

    /// Writes the index with another entry, or none, for an address; then the files of the former are removed.
    private mutating func replace(_ url: String, by entry: Entry?) throws(Diagnostics) {
        var changed = entries.filter { !$0.url.isSame(as: url) }
        if let entry { changed.append(entry) }
        changed.sort { CodepointString($0.url) < CodepointString($1.url) }
        try write(SchemaStore.index(changed), at: SchemaStore.indexName)
        for former in entries where former.url.isSame(as: url) { removeFolder(former.folder) }
        entries = changed
    }

    private func write(_ bytes: [UInt8], at path: String) throws(Diagnostics) {
        let path = folder + "/" + path
        guard FileAccess.replace(path, with: bytes) else { throw Diagnostics([Messages.storeUnwritable(path)]) }
    }

    /// A new folder, named by the schema and a number.
    private func makeFolder(for path: String) throws(Diagnostics) -> String {
        let letters = (path.pathComponents.last ?? "").prefix { $0 != "." && $0 != "?" }
        let stem = "schema-" + letters.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }.prefix(64)
        for number in 1...10_000 {
            let name = "\(stem)-\(number)"
            if FileAccess.exists("\(folder)/\(name)") { continue }
            guard
                (try? FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: false)) != nil
            else { break }
            return name
        }
        throw Diagnostics([Messages.storeUnwritable("\(folder)/\(stem)")])
    }

    private func removeFolder(_ name: String) {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }

    // MARK: The index

    private static let indexName = "index.json"

    private struct Index: Decodable {
        struct Schema: Decodable {
            let url: String
            let file: String
            let parts: [String: String]?
        }

        let version: Int
        let schemas: [Schema]
    }

    private mutating func readIndex() throws(Diagnostics) {
        let path = folder + "/" + SchemaStore.indexName
        guard FileAccess.exists(path) else {
            entries = []
            return
        }
        let bytes = try FileAccess.bytes(ofFile: path)
        guard let index = try? JSONDecoder().decode(Index.self, from: Data(bytes)), index.version == 1 else {
            throw Diagnostics([Messages.storeIndex(path)])
        }
        entries = index.schemas.map {
            Entry(
                url: $0.url, file: $0.file,
                parts: Dictionary(($0.parts ?? [:]).map { (CodepointString($0), $1) }) { first, _ in first })
        }
        guard entries.allSatisfy(\.isInside) else { throw Diagnostics([Messages.storeIndex(path)]) }
    }

    private static func index(_ entries: [Entry]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.number("version", 1)
            writer.array("schemas", of: entries) { writer, entry in
                writer.object { writer in
                    writer.string("url", entry.url)
                    writer.string("file", entry.file)
                    writer.object("parts") { writer in
                        for (url, file) in entry.parts.sorted(by: { $0.key < $1.key }) {
                            writer.string(url.string, file)
                        }
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }
}

extension SchemaStore.Entry {
    /// The folder that holds its files, in that of the store.
    fileprivate var folder: String { file.pathComponents.first.map { String($0) } ?? "" }

    /// Whether all its files lie in its folder.
    fileprivate var isInside: Bool {
        ([file] + parts.values).allSatisfy { path in
            let components = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
                Substring($0)
            }
            return components.count > 1 && components[0].isSame(as: folder)
                && !components.contains { ["", ".", ".."].contains($0) }
        }
    }
}
