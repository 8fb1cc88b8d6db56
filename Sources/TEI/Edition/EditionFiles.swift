internal import Synchronization
public import XML

/// The files of an edition, as on a command line.
///
///     for file in try EditionFiles.files(at: ["TEI"]) {
///         let (document, library) = try EditionFiles.read(file, root: nil)
///         for item in try EditionFiles.items(in: document, library: library) {
///             let transcription = Transcription(of: item.element, library: item.library)
///             print(item.name, transcription.reading(.reading).length)
///         }
///     }
public enum EditionFiles {
    /// A document of the edition, and the name under which it is exported.
    public struct Item: Sendable {
        /// The `TEI` element, or the outermost element if the document has none.
        public let element: Node
        /// The file's name without its extension. If the file has several documents, the `xml:id` or number of the
        /// document follows.
        public let name: String
        /// Opens the files that the document points at.
        public let library: PointerResolver
    }

    /// Returns the files that paths mean: a file itself, or the XML files of a folder and its subfolders, sorted by
    /// name.
    ///
    /// If there is nothing at a path, the path is among the files: reading it gives the error.
    ///
    /// - Throws: ``XML/Diagnostics`` if a folder has no XML files (`folder-empty`) or cannot be read
    ///   (`file-unreadable`), or if there is nothing at any path (`file-missing`).
    public static func files(at paths: [String]) throws(Diagnostics) -> [String] {
        // Compared by their bytes, since strings with different bytes can be equal.
        var visited = Set<[UInt8]>()
        var files: [String] = []
        var (missing, wrong): ([Diagnostic], [Diagnostic]) = ([], [])
        for path in paths {
            switch path == "-" ? .file : FileAccess.kind(of: path) {
            case .file, .special: files.append(path)
            case nil:
                files.append(path)
                missing.append(Messages.missingPath(path))
            case .folder:
                let count = files.count
                wrong += appendFiles(of: path, to: &files, &visited)
                if files.count == count, wrong.isEmpty { wrong.append(Messages.emptyFolder(path)) }
            }
        }
        // A missing file is reported when its turn comes, unless nothing is left.
        if missing.count == files.count { wrong = missing + wrong }
        if !wrong.isEmpty { throw Diagnostics(wrong) }
        return files
    }

    /// - Returns: the folders that cannot be read.
    private static func appendFiles(
        of folder: String, to files: inout [String], _ visited: inout Set<[UInt8]>
    ) -> [Diagnostic] {
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

    /// Reads files on several threads; the files of one folder share a library.
    package final class Reader: Sendable {
        private let root: String?
        private let readsNothing: Bool
        private let openTexts: OpenTexts?
        /// The library of the file before.
        private let library = Mutex<PointerResolver?>(nil)

        /// - Parameters:
        ///   - root: as in ``EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
        ///   - openTexts: what counts in place of the files that are read besides.
        package init(root: String?, openTexts: OpenTexts? = nil) {
            (self.root, readsNothing, self.openTexts) = (root, false, openTexts)
        }

        private init() {
            (root, readsNothing, openTexts) = (nil, true, nil)
            library.withLock { $0 = PointerResolver(access: .none) }
        }

        /// A reader of documents whose bytes are given, and which may read no other file.
        package static var readingNothing: Reader { Reader() }

        /// Reads a file with the files that it includes.
        ///
        /// - Parameters:
        ///   - path: the path of the file.
        ///   - bytes: the bytes of the file, if they are known.
        ///   - skipsFailures: as in ``XML/Document/resolvingXInclude(_:skipsFailures:)``.
        /// - Throws: ``XML/Diagnostics`` if the file cannot be read or is not well-formed.
        package func read(
            _ path: String, bytes: [UInt8]? = nil, skipsFailures: Bool = false
        ) throws(Diagnostics) -> (document: Document, library: PointerResolver) {
            let shared = library.withLock(\.self)
            if readsNothing, let shared {
                return (try EditionFiles.document(path, bytes ?? [], shared.access, skipsFailures), shared)
            }
            let found = try EditionFiles.library(for: path, root: root, sharing: shared, openTexts)
            library.withLock { $0 = found }
            return (try EditionFiles.document(path, bytes, found.access, skipsFailures), found)
        }

        /// Forgets what was read, since files may have changed.
        package func renew() {
            if !readsNothing { library.withLock { $0 = nil } }
        }
    }

    /// Reads a file with the files that it includes (XInclude).
    ///
    /// - Parameters:
    ///   - path: the path of the file; `-` for standard input.
    ///   - bytes: the bytes of the file, if you have them already.
    ///   - root: the folder that must contain every file that is read; by default
    ///     ``XML/FileAccess/init(forDocumentAt:)`` chooses it.
    ///   - previous: the library of another file. It is used again if both files have the same root.
    ///   - skipsFailures: as in ``XML/Document/resolvingXInclude(_:skipsFailures:)``.
    /// - Returns: the document, and the library that opens the files it points at.
    /// - Throws: ``XML/Diagnostics`` if a file cannot be read or is not well-formed, or if the root is not a folder
    ///   (`root-missing`).
    public static func read(
        _ path: String, bytes: [UInt8]? = nil, root: String?, sharing previous: PointerResolver? = nil,
        skipsFailures: Bool = false
    ) throws(Diagnostics) -> (document: Document, library: PointerResolver) {
        let library = try library(for: path, root: root, sharing: previous)
        return (try document(path, bytes, library.access, skipsFailures), library)
    }

    private static func document(
        _ path: String, _ bytes: [UInt8]?, _ access: FileAccess, _ skipsFailures: Bool
    ) throws(Diagnostics) -> Document {
        let read =
            if let bytes { bytes } else {
                path == "-" ? try FileAccess.bytes(ofFile: path) : try access.bytes(of: path)
            }
        return try Document(read, path: path).resolvingXInclude(access, skipsFailures: skipsFailures)
    }

    /// The root folder of a document: the document's pointers and inclusions may read nothing outside.
    ///
    /// - Parameter root: the folder that a user names; by default ``XML/FileAccess/init(forDocumentAt:)`` finds it.
    package static func root(of path: String, named root: String?) -> String {
        if let root { return FileAccess.canonical(root) }
        let folder = CodepointString(path == "-" ? "." : Reference.folder(of: path))
        if let known = defaultRoots.withLock({ $0[folder] }), known.age.duration(to: .now) < .seconds(1) {
            return known.root
        }
        let found = FileAccess(forDocumentAt: path).root
        defaultRoots.withLock { $0[folder] = (found, .now) }
        return found
    }

    /// The default root of each folder, kept for a second because a run asks for each file.
    private static let defaultRoots = Mutex<[CodepointString: (root: String, age: ContinuousClock.Instant)]>([:])

    static func library(
        for path: String, root: String?, sharing previous: PointerResolver? = nil, _ openTexts: OpenTexts? = nil
    ) throws(Diagnostics) -> PointerResolver {
        let folder = Reference.folder(of: path)
        if let previous, previous.folder?.isSame(as: folder) == true { return previous }
        if let root, FileAccess.kind(of: root) != .folder {
            DependencyLog.markUncacheable()
            throw Diagnostics([Messages.missingRoot(root)])
        }
        let access = root.map(FileAccess.init(root:)) ?? FileAccess(forDocumentAt: path)
        if let previous, previous.access == access { return previous }
        return PointerResolver(access: access.reading(openTexts), for: folder)
    }

    /// Returns the documents in a file: its `TEI` element, or all that have a text if the file is a corpus.
    ///
    /// - Parameters:
    ///   - document: a file after XInclude.
    ///   - library: opens the files that the documents point at.
    /// - Throws: ``XML/Diagnostics`` with the rule `not-tei` if nothing in the file is TEI P5.
    public static func items(in document: Document, library: PointerResolver) throws(Diagnostics) -> [Item] {
        let root = document.root
        if root.namespace == Namespace.tei, root.tei != "TEI", root.tei != "teiCorpus" {
            return [Item(element: root, name: name(of: document.files[0].path), library: library)]
        }
        let isTEI = ["TEI", "teiCorpus"].contains(root.tei)
        guard isTEI || !root.descendants("TEI", "teiCorpus").isEmpty else {
            throw Diagnostics([Messages.notTEI(root)])
        }
        let elements = ((root.tei == "TEI" ? [root] : []) + root.descendants("TEI")).filter(hasText)
        let counts = Dictionary(grouping: elements) { CodepointString($0.file.path) }
        return elements.enumerated().map { index, element in
            let path = element.file.path
            let isAlone = counts[CodepointString(path)]?.count == 1
            let name = isAlone ? name(of: path) : name(in: path, id: element.xmlID, number: index + 1)
            return Item(element: element, name: name, library: library)
        }
    }

    /// Returns the files of a run without those that another file of the run includes whole, and through which they are
    /// read.
    ///
    ///     let documents = EditionFiles.documents(among: try EditionFiles.files(at: ["TEI"])) {
    ///         EditionFiles.inclusions(in: $0, root: nil)
    ///     }
    ///
    /// Files that include one another in a circle all stay, so that the circle is reported.
    ///
    /// - Parameter inclusions: returns the files that a file includes, by their canonical paths.
    package static func documents(among files: [String], inclusions: (String) -> [String]) -> [String] {
        guard files.count > 1 else { return files }
        let included = files.map(inclusions)
        guard included.contains(where: { !$0.isEmpty }) else { return files }
        let paths = files.map { CodepointString(FileAccess.canonical($0)) }
        let targets = Dictionary(zip(paths, included.map { $0.map { CodepointString($0) } })) { first, _ in first }
        let inner = Set(paths.flatMap { path in (targets[path] ?? []).filter { $0 != path } })
        var (seen, waiting): (Set<CodepointString>, [CodepointString]) = ([], paths.filter { !inner.contains($0) })
        while let path = waiting.popLast() {
            for target in targets[path] ?? [] where inner.contains(target) && seen.insert(target).inserted {
                waiting.append(target)
            }
        }
        return zip(files, paths).filter { !seen.contains($1) }.map(\.0)
    }

    /// Returns the files that a file includes whole, as XML, by their canonical paths; none if the file cannot be read.
    ///
    /// - Parameter root: as in ``read(_:bytes:root:sharing:skipsFailures:)``.
    package static func inclusions(in path: String, root: String?) -> [String] {
        guard path != "-", let bytes = try? FileAccess.bytes(ofFile: path),
            bytes.span.firstOffset(of: Namespace.xinclude.utf8.span) != nil,
            let document = try? Document(bytes, path: path)
        else { return [] }
        let access = root.map(FileAccess.init(root:)) ?? FileAccess(forDocumentAt: path)
        return document.root.descendantsOrSelf.filter {
            $0.kind == .element && $0.localName == "include" && $0.namespace == Namespace.xinclude
                && $0.attribute("xpointer") == nil
                && ($0.attribute("parse") ?? "xml") == "xml"
        }.compactMap { node in
            guard let path = Reference(node.attribute("href") ?? "").path(relativeTo: node.baseURI), access.allows(path)
            else { return nil }
            return FileAccess.canonical(path)
        }
    }

    /// The name of one of several documents in a file.
    static func name(in path: String, id: String?, number: Int) -> String {
        FileName.of("\(stem(path))-\(id ?? String(number))")
    }

    /// The name of the only document in a file.
    static func name(of path: String) -> String { FileName.of(stem(path)) }

    private static func hasText(_ tei: Node) -> Bool {
        tei.childElements.contains { $0.tei == "text" || $0.tei == "sourceDoc" }
    }

    package static func stem(_ path: String) -> String {
        guard path != "-" else { return "stdin" }
        let name = path.pathComponents.last.map(String.init) ?? path
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
