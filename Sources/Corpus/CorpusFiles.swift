internal import TEI
package import XML

/// The files of a run, as they are named on a command line.
///
///     let files = try CorpusFiles(["TEI"]).documents()
package struct CorpusFiles: Sendable {
    private let paths: [String]
    private let isList: Bool
    let root: String?

    /// - Parameters:
    ///   - paths: files, folders, or `-` for standard input.
    ///   - isList: whether the paths come from standard input, with a NUL after each.
    ///   - root: as in ``TEI/EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
    package init(_ paths: [String], isList: Bool = false, root: String? = nil) {
        (self.paths, self.isList, self.root) = (paths, isList, root)
    }

    /// The files that are meant.
    ///
    /// - Throws: ``XML/Diagnostics`` if no file is named, and as ``TEI/EditionFiles/files(at:)``.
    package func files() throws(Diagnostics) -> [String] {
        let named = isList ? try FileAccess.bytes(ofFile: "-").split(separator: 0).map { String(path: $0) } : paths
        if isList, !paths.isEmpty || named.contains("-") { throw Diagnostics([Messages.pathsFromInput()]) }
        // A list may be empty, as that of the files that changed since yesterday.
        if isList, named.isEmpty { return [] }
        if named.isEmpty { throw Diagnostics([Messages.noFile()]) }
        return try EditionFiles.files(at: named)
    }

    /// The files that are meant, without those that another one includes and through which they are read.
    ///
    /// - Parameter console: says how many files are seen through others.
    package func documents(_ console: Console = .silent) throws(Diagnostics) -> [String] {
        documents(among: try files(), console)
    }

    /// - Parameter isNoted: whether what is found out is noted in the cache for the next run.
    func documents(among files: [String], isNoted: Bool = true, _ console: Console) -> [String] {
        let documents = Inclusions(root: root, isNoted: isNoted).documents(of: files)
        let included = files.count - documents.count
        if included > 0 { console.note(BatchWording.included(included, of: files.count)) }
        return documents
    }
}
