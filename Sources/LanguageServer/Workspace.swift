internal import Corpus
internal import Dispatch
internal import Synchronization
internal import TEI
internal import XML

/// The XML files of the client's folders, as far as pointers and the order of offers need them.
///
/// They are read on a thread of its own, and again if they change. An open document counts as the client has it.
final class Workspace: Sendable {
    private struct Entry {
        let signature: [Int]
        let index: FileIndex
    }

    private struct Files {
        var entries: [String: Entry] = [:]
        /// Of each file as it was when it was read first: enough for an order.
        var use = Use()
        var paths: [String] = []
    }

    let folders: [String]
    /// By the folder of a document: the files that it may read.
    private let accesses = Mutex<[String: FileAccess]>([:])
    private let files = Mutex(Files())
    private let queue = DispatchQueue(label: "files of the folder")
    /// Larger folders are read in part: the order of offers needs no more, and targets are seldom elsewhere.
    private static let limit = 20_000

    init(folders: [String]) { self.folders = folders }

    /// Reads the files that are new or have changed.
    func refresh() { queue.async { self.read() } }

    /// Waits until the files are read that were there at the last refresh.
    func settle() { queue.sync {} }

    /// What is known of the files, in their order.
    var indexes: [FileIndex] {
        files.withLock { files in files.paths.compactMap { files.entries[$0]?.index } }
    }

    func index(of path: String) -> FileIndex? { files.withLock { $0.entries[path]?.index } }

    /// How elements are used in all files.
    var use: Use { files.withLock { $0.use } }

    /// The paths of the files.
    var paths: [String] { files.withLock { $0.paths } }

    /// Whether a document may read a file: itself, one of the client's folders, or below its own root.
    func allows(_ path: String, from document: String) -> Bool {
        if path.isSame(as: document) || files.withLock({ $0.entries[path] != nil }) { return true }
        let folder = Reference.folder(of: document)
        let access = accesses.withLock { accesses in
            let access = accesses[folder] ?? FileAccess(forDocumentAt: document)
            accesses[folder] = access
            return access
        }
        return access.allows(path)
    }

    private func read() {
        let paths = folders.flatMap { folder in (try? EditionFiles.files(at: [folder])) ?? [] }.prefix(Workspace.limit)
        var (entries, use) = files.withLock { ($0.entries, $0.use) }
        var hasChanged = entries.count != paths.count
        for path in paths {
            let signature = FileAccess.signature(of: path)
            if let known = entries[path], known.signature == signature { continue }
            guard let bytes = try? FileAccess.bytes(ofFile: path) else { continue }
            let markup = Markup(bytes)
            if entries[path] == nil { use.add(Use(all: markup)) }
            entries[path] = Entry(signature: signature, index: FileIndex(markup, path: path))
            hasChanged = true
        }
        guard hasChanged else { return }
        let kept = Set(paths)
        entries = entries.filter { kept.contains($0.key) }
        let found = Files(entries: entries, use: use, paths: Array(paths))
        files.withLock { $0 = found }
    }
}
