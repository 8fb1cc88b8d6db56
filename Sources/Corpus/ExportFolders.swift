internal import TEI
internal import XML

/// The folders of a run's documents in the output: none, unless two files have one name. Then all documents keep the
/// folders of their files, from the innermost one that holds all.
///
///     let folders = ExportFolders(of: ["letters/1890/a.xml", "letters/1891/a.xml"])
///     folders["letters/1890/a.xml"]       // 1890/
struct ExportFolders: Sendable {
    /// By the folder of a file as it is named.
    private var folders: [CodepointString: String] = [:]

    /// No document has a folder.
    static let none = ExportFolders(of: [])

    init(of files: [String]) {
        var stems = Set<CodepointString>()
        guard !files.allSatisfy({ stems.insert(CodepointString(EditionFiles.stem($0))).inserted }) else { return }
        var parts: [CodepointString: [Substring]] = [:]
        for file in files {
            let folder = CodepointString(ExportFolders.folder(of: file))
            if parts[folder] == nil { parts[folder] = FileAccess.canonical(folder.string).pathComponents }
        }
        var common = parts.values.first ?? []
        for other in parts.values { common = zip(common, other).prefix { $0.isSame(as: $1) }.map(\.0) }
        folders = parts.mapValues { $0.dropFirst(common.count).map { FileName.of(String($0)) + "/" }.joined() }
    }

    private static func folder(of file: String) -> String { file == "-" ? "." : Reference.folder(of: file) }

    /// The folder of a file's documents in the output, with `/` at its end; empty for the output's own.
    subscript(file: String) -> String { folders[CodepointString(ExportFolders.folder(of: file))] ?? "" }
}
