public import XML
internal import Synchronization

/// The files of an edition, as they are named on a command line.
public enum Edition {
    /// A document of the edition, and the name under which it is exported.
    public struct Item: Sendable {
        /// The `TEI` element, or the outermost element of a document that has none.
        public let element: Node
        /// The file's name without its extension; behind it the `xml:id` or number of one of several in the same file.
        public let name: String
        public let library: Library
    }

    /// The files that paths mean: a file itself, a folder's XML files and those of the folders in it, by name.
    ///
    /// Where there is nothing at a path, it is among the files, so that reading it says so.
    ///
    /// - Throws: ``XML/Diagnostics`` for folders without XML files, or that cannot be read, and where there is nothing at any path.
    public static func files(at paths: [String]) throws(Diagnostics) -> [String] {
        // By their bytes: strings that differ in them can be equal.
        var visited = Set<[UInt8]>()
        var files: [String] = []
        var (missing, wrong): ([Diagnostic], [Diagnostic]) = ([], [])
        for path in paths {
            switch path == "-" ? .file : FileAccess.kind(of: path) {
            case .file: files.append(path)
            case nil:
                files.append(path)
                missing.append(Messages.missingPath(path))
            case .folder:
                let count = files.count
                wrong += appendFiles(of: path, to: &files, &visited)
                if files.count == count, wrong.isEmpty { wrong.append(Messages.emptyFolder(path)) }
            }
        }
        // One that has vanished is told where its turn comes, unless nothing is left.
        if missing.count == files.count { wrong = missing + wrong }
        if !wrong.isEmpty { throw Diagnostics(wrong) }
        return files
    }

    /// - Returns: the folders that cannot be read.
    private static func appendFiles(of folder: String, to files: inout [String], _ visited: inout Set<[UInt8]>) -> [Diagnostic] {
        // A symbolic link may lead back.
        guard visited.insert(Array(FileAccess.canonical(folder).utf8)).inserted else { return [] }
        guard let names = FileAccess.names(in: folder) else { return [Messages.unreadableFolder(folder)] }
        var wrong: [Diagnostic] = []
        let prefix = folder.hasSuffix("/") ? folder : folder == "." ? "" : folder + "/"
        for name in names {
            if FileAccess.kind(of: prefix + name) == .folder {
                wrong += appendFiles(of: prefix + name, to: &files, &visited)
            } else if [".xml", ".tei"].contains(where: name.lowercased().hasSuffix) {
                files.append(prefix + name)
            }
        }
        return wrong
    }

    /// Reads files, on as many threads as there are: those of one folder share a library.
    public final class Reader: Sendable {
        private let root: String?
        /// That of the file before.
        private let library = Mutex<Library?>(nil)

        /// - Parameter root: as in ``Edition/read(_:bytes:root:sharing:)``.
        public init(root: String?) {
            self.root = root
        }

        /// Reads a file with what it includes.
        ///
        /// - Throws: ``XML/Diagnostics``.
        public func read(_ path: String, bytes: [UInt8]? = nil) throws(Diagnostics) -> (document: Document, library: Library) {
            let read = try Edition.read(path, bytes: bytes, root: root, sharing: library.withLock(\.self))
            library.withLock { $0 = read.library }
            return read
        }

        /// Forgets what was read: files may have changed.
        public func renew() {
            library.withLock { $0 = nil }
        }
    }

    /// Reads a file with what it includes.
    ///
    /// - Parameters:
    ///   - bytes: the file's, where they are at hand already.
    ///   - root: the folder below which everything must lie; by default ``XML/FileAccess/init(forDocumentAt:)``.
    ///   - previous: the library of another file, which serves this one too if both have the same root.
    /// - Throws: ``XML/Diagnostics``.
    public static func read(
        _ path: String, bytes: [UInt8]? = nil, root: String?, sharing previous: Library? = nil
    ) throws(Diagnostics) -> (document: Document, library: Library) {
        let library = try library(for: path, root: root, sharing: previous)
        let access = library.access
        let read = if let bytes { bytes } else { path == "-" ? try FileAccess.bytes(ofFile: path) : try access.bytes(of: path) }
        return (try Document(read, path: path).resolvingXInclude(access), library)
    }

    static func library(for path: String, root: String?, sharing previous: Library? = nil) throws(Diagnostics) -> Library {
        let folder = Reference.folder(of: path)
        if let previous, previous.folder == folder { return previous }
        if let root, FileAccess.kind(of: root) != .folder {
            ReadLog.spoil()
            throw Diagnostics([Messages.missingRoot(root)])
        }
        let access = root.map(FileAccess.init(root:)) ?? FileAccess(forDocumentAt: path)
        if let previous, previous.access.root == access.root { return previous }
        return Library(access: access, for: folder)
    }

    /// The documents in a file: itself, or those of a corpus that have a text.
    ///
    /// - Parameter others: files that are exported for themselves, and passed over in a corpus that includes them.
    public static func items(in document: Document, library: Library, besides others: [String] = []) -> [Item] {
        let root = document.root
        guard root.tei == "TEI" || root.tei == "teiCorpus" else {
            return [Item(element: root, name: stem(document.files[0].path), library: library)]
        }
        let separate = document.files.count > 1 ? Set(others.map(FileAccess.canonical)) : []
        let own = FileAccess.canonical(document.files[0].path)
        let elements = root.descendantsOrSelf.filter { $0.tei == "TEI" && hasText($0) }.filter {
            let file = FileAccess.canonical($0.file.path)
            return file == own || !separate.contains(file)
        }
        let files = elements.map(\.file.path)
        return elements.enumerated().map { index, element in
            let isAlone = files.filter { $0 == element.file.path }.count == 1
            let name = isAlone ? stem(element.file.path) : name(in: element.file.path, id: element.xmlID, number: index + 1)
            return Item(element: element, name: name, library: library)
        }
    }

    /// The name of one of several documents in a file.
    static func name(in path: String, id: String?, number: Int) -> String { "\(stem(path))-\(id ?? String(number))" }

    private static func hasText(_ tei: Node) -> Bool {
        tei.childElements.contains { $0.tei == "text" || $0.tei == "sourceDoc" }
    }

    static func stem(_ path: String) -> String {
        guard path != "-" else { return "stdin" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
