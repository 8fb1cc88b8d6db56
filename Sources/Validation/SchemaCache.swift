internal import RelaxNG
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Compiled schemas on disk, by the addresses and the content of their files.
///
///     let cache = SchemaCache(folder: "/home/ann/.cache/marginalia")
///     let schema = try Schema(contentsOfFile: "tei_all.rng", cache: cache)
///
/// An entry belongs to one schema at one address: another copy of the schema may include other files, and an `.rnc` is
/// read differently from an `.rng`. The entry holds all files that it was made from, with their addresses. It is used
/// if the schema still leads to these addresses, the files have the same bytes, and the entry is undamaged. Otherwise
/// the schema is compiled again and the entry is replaced. An entry that cannot be read or written is not an error.
public struct SchemaCache: Sendable {
    private let folder: String

    /// Makes a cache in a folder.
    ///
    /// - Parameter folder: its path; the folder is created when it is first needed.
    public init(folder: String) {
        self.folder = folder
    }

    /// The default folder: `$MARGINALIA_CACHE`, else `marginalia` in `$XDG_CACHE_HOME` or `~/.cache`; `nil` if none of
    /// these is set.
    public static func defaultFolder(_ environment: [String: String]) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return value("MARGINALIA_CACHE") ?? value("XDG_CACHE_HOME").map { $0 + "/marginalia" }
            ?? value("HOME").map { $0 + "/.cache/marginalia" }
    }

    /// More files of a kind than this are not kept.
    private static let limit = 64

    /// A file that a schema refers to, and how it was found.
    struct Part: Sendable {
        var reference: FileReference
        var file: SchemaLoader.File
    }

    /// A compiled schema: its grammar, and the Schematron rules in it.
    struct Entry: Sendable {
        var grammar: Grammar
        /// A schema of their own.
        var rules: [UInt8]?
    }

    func entry(for bytes: [UInt8], path: String, loader: SchemaLoader) -> Entry? {
        let address = SchemaCache.address(of: path)
        guard let entry = DependencyLog.pausing({ try? FileAccess.bytes(ofFile: self.file(for: bytes, address)) })
        else {
            return nil
        }
        var reader = GrammarReader(entry)
        guard reader.begins(), reader.string().isSame(as: address) else { return nil }
        let made = reader.bytes()
        guard made.span.isEqual(to: bytes.span) else { return nil }
        for _ in 0..<reader.count() {
            let reference = FileReference(href: reader.string(), base: reader.string())
            let (path, content) = (reader.string(), reader.bytes())
            guard let file = try? loader.load(reference), file.path.isSame(as: path),
                file.bytes.span.isEqual(to: content.span)
            else { return nil }
        }
        guard reader.isWhole() else { return nil }
        let rules = Array(reader.bytes())
        return reader.grammar().map { Entry(grammar: $0, rules: rules.isEmpty ? nil : rules) }
    }

    func save(_ made: Entry, of bytes: [UInt8], path: String, _ parts: [Part]) {
        let address = SchemaCache.address(of: path)
        var writer = GrammarWriter()
        writer.string(address)
        writer.bytes(bytes[...])
        writer.count(parts.count)
        for part in parts {
            writer.string(part.reference.href)
            writer.string(part.reference.base)
            writer.string(part.file.path)
            writer.bytes(part.file.bytes[...])
        }
        writer.checked { writer in
            writer.bytes((made.rules ?? [])[...])
            writer.grammar(made.grammar)
        }
        SchemaCache.removeOldest(of: ".grammar", in: folder)
        _ = FileAccess.replace(file(for: bytes, address), with: writer.out)
    }

    /// The absolute path: a relative path means another file in another folder, and its inclusions are relative too.
    private static func address(of path: String) -> String {
        path.isAbsolutePath || Reference(path).isRemote ? path : "\(FileAccess.canonical("."))//\(path)"
    }

    private func file(for bytes: [UInt8], _ address: String) -> String {
        "\(folder)/\(String(fnv1a(address, from: Checksum.of(bytes.span)), radix: 16)).grammar"
    }

    /// Makes room for another file of a kind in a folder.
    package static func removeOldest(of suffix: String, in folder: String) {
        let manager = FileManager.default
        let entries = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(suffix) }
        guard entries.count >= SchemaCache.limit else { return }
        func age(_ name: String) -> Date {
            (try? manager.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate] as? Date) ?? .distantPast
        }
        let byAge = entries.map { (name: $0, age: age($0)) }.sorted { $0.age < $1.age }
        for entry in byAge.prefix(entries.count - SchemaCache.limit + 1) {
            try? manager.removeItem(atPath: "\(folder)/\(entry.name)")
        }
    }
}
