internal import TEI
public import Validation
public import XML
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The settings of a project: what its file `marginalia.toml` says.
///
///     if let project = try Project.found(for: ["TEI"]) {
///         let options = ValidationOptions(schemas: project.schemas, root: project.root)
///         let report = try CorpusValidation(options, findings: FindingOptions(project: project)).report(on: ["TEI"])
///     }
///
/// Paths in the file start from its folder, and so do the paths of the properties from the working folder.
public struct Project: Sendable {
    /// The settings of the files of a part of the project.
    struct Part: Sendable {
        /// Files, folders, and patterns in which `*` means any characters; they start from the project's folder.
        var files: [String] = []
        var rules = RuleSelection()
    }

    /// A setting as the file has it, for `marginalia config`.
    package struct Entry: Sendable {
        /// Its name, such as `schemas` or `rules.ignore`.
        package let name: String
        /// What it is set to.
        package let value: String
        /// Where.
        package let location: SourceLocation
    }

    /// The path of the file; empty for a project without one.
    public let path: String
    /// The folder that must contain every file that is read; `nil` for the default.
    public package(set) var root: String?
    /// The schemas of all documents.
    public internal(set) var schemas: [String] = []
    /// The phase of Schematron rules.
    public internal(set) var phase: String?
    /// The XML catalogs.
    public internal(set) var catalogs: [String] = []
    /// The files and folders that are meant if a command names none.
    public internal(set) var files: [String] = []
    /// Files, folders and patterns that are left out of folders.
    var excluded: [String] = []
    /// The texts that `export` and `index` make if the command names none.
    public internal(set) var policies: [String] = []
    /// Which findings are reported, and how serious they are.
    public internal(set) var rules = RuleSelection()
    /// Parts of the project with rules of their own.
    var parts: [Part] = []
    /// Everything that the file says.
    package internal(set) var entries: [Entry] = []

    /// The folder of the file, without symbolic links.
    private let folder: String

    /// A project without a file: everything is as without settings.
    public init() { (path, folder) = ("", FileAccess.canonical(".")) }

    /// The name of a project's file.
    package static let fileName = "marginalia.toml"

    /// The project of files: that of the nearest `marginalia.toml` at or above each of them.
    ///
    /// - Parameter paths: files and folders; `-` and no path at all mean the working folder.
    /// - Returns: `nil` if there is no such file.
    /// - Throws: ``XML/Diagnostics`` with the rule `config`, if the file is wrong or the paths have different ones.
    public static func found(for paths: [String]) throws(Diagnostics) -> Project? {
        var folders = Set<String>()
        for path in paths.isEmpty ? ["."] : paths {
            let isFolder = path != "-" && FileAccess.kind(of: path) == .folder
            folders.insert(isFolder ? path : path == "-" ? "." : Reference.folder(of: path))
        }
        let found = Set(
            folders.map { FileAccess.nearestFolder(from: FileAccess.canonical($0), holding: [fileName]) ?? "" }
        ).sorted()
        if found.count > 1 { throw Diagnostics([Messages.severalProjects(found)]) }
        guard let folder = found.first, !folder.isEmpty else { return nil }
        let shown = Reference.path(of: folder, from: FileAccess.canonical("."))
        return try Project(contentsOfFile: shown.isEmpty ? fileName : shown + "/" + fileName)
    }

    /// Reads a file of settings.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `config` and the place of each mistake.
    public init(contentsOfFile path: String) throws(Diagnostics) {
        self.path = path
        folder = FileAccess.canonical(Reference.folder(of: path))
        let file = try TOML.read(path)
        var reader = ProjectReader(folder: Reference.folder(of: path))
        reader.read(file, into: &self)
        if !reader.wrong.isEmpty { throw Diagnostics(reader.wrong.inSourceOrder) }
        if let root, !FileAccess.isBelow(FileAccess.canonical(root), folder) {
            let location = entries.first { $0.name == "root" }?.location
            throw Diagnostics([Messages.rootAboveProject(at: location)])
        }
    }

    /// The rules of a file: the project's, and after them those of each part that has it.
    func rules(of path: String) -> RuleSelection {
        let inner = parts.isEmpty ? nil : inner(path)
        return parts.reduce(rules) { rules, part in
            inner.map { path in part.files.contains { Project.means($0, path) } } == true
                ? rules.merging(part.rules) : rules
        }
    }

    /// Whether a file is left out of its folder.
    func excludes(_ path: String) -> Bool {
        guard !excluded.isEmpty, let inner = inner(path) else { return false }
        return excluded.contains { Project.means($0, inner) }
    }

    /// The path of a file from the project's folder; `nil` if it is not in it.
    private func inner(_ path: String) -> String? {
        let own = FileAccess.canonical(Reference.folder(of: path))
        guard FileAccess.isBelow(own, folder) else { return nil }
        let inner = own.utf8.dropFirst(folder == "/" ? 1 : folder.utf8.count + 1)
        return (inner.isEmpty ? "" : String(Substring(inner)) + "/") + Reference.name(of: path)
    }

    /// Whether a pattern means a file: it fits its path, or that of a folder around it.
    private static func means(_ pattern: String, _ path: String) -> Bool {
        unsafe fnmatch(pattern, path, 0) == 0 || fnmatch(pattern + "/*", path, 0) == 0
    }
}

// MARK: - What holds

extension Project {
    /// What holds for files, and where each setting comes from, for people.
    ///
    /// - Parameter paths: the files that are named, if any.
    package func listing(for paths: [String]) -> String {
        let first = paths.first ?? (path.isEmpty ? "." : path)
        let isFolder = FileAccess.kind(of: first) == .folder
        let isSaid = Set(entries.map(\.name)).contains
        var rows = entries.map { [$0.name, $0.value, $0.location.description] }
        if !isSaid("root") {
            let folder = FileAccess(forDocumentAt: isFolder ? first + "/" : first).root
            let shown = root ?? Reference.path(of: folder, from: FileAccess.canonical("."))
            rows.append(["root", shown.isEmpty ? "." : shown, root == nil ? "by default" : "--root"])
        }
        if !isSaid("schemas") { rows.append(["schemas", "each document’s own, or the built-in one", "by default"]) }
        if !isSaid("policies") { rows.append(["policies", "reading", "by default"]) }
        rows += ValidationOptions.environmentCatalogs.map { ["catalogs", $0, "XML_CATALOG_FILES"] }
        let byName = rows.enumerated().sorted { ($0.element[0], $0.offset) < ($1.element[0], $1.offset) }
        let file = ["settings", path.isEmpty ? "none" : path, path.isEmpty ? "no \(Project.fileName)" : ""]
        return Wording.printableColumns([file] + byName.map(\.element)).map { $0 + "\n" }.joined()
    }
}
