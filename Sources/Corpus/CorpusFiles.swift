internal import TEI
package import XML

/// The files of a run, as they are named on a command line.
///
///     let files = try CorpusFiles(["TEI"]).documents()
package struct CorpusFiles: Sendable {
    private let paths: [String]
    private let isList: Bool
    let root: String?
    /// The project, which may leave files out of their folders.
    private let project: Project?

    /// - Parameters:
    ///   - paths: files, folders, or `-` for standard input.
    ///   - isList: whether the paths come from standard input, with a NUL after each.
    ///   - root: as in ``TEI/EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
    ///   - project: names the files if there are no paths, and leaves files out of folders.
    package init(_ paths: [String], isList: Bool = false, root: String? = nil, project: Project? = nil) {
        self.paths = paths.isEmpty && !isList ? project?.files ?? [] : paths
        (self.isList, self.root, self.project) = (isList, root, project)
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
        let files = try EditionFiles.files(at: named)
        guard let project, !project.excluded.isEmpty else { return files }
        // What is named itself is meant, and so is all that is in it.
        let meant = named.filter { project.excludes($0) }
        return files.filter { file in !project.excludes(file) || meant.contains { FileAccess.isBelow(file, $0) } }
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
