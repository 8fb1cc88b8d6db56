public import XML

/// Converts a RELAX NG schema, with all files that it refers to, between the XML and the compact syntax.
///
///     let conversion = try SchemaConversion(contentsOfFile: "tei.rng")
///     for file in try conversion.files(to: .compact, output: "out/tei.rnc") { print(file.path, file.bytes.count) }
///
/// Patterns, names, datatypes and annotations are kept. Comments and indentation are not.
public struct SchemaConversion: Sendable {
    /// The two syntaxes of RELAX NG.
    public enum Form: String, Sendable {
        /// The XML syntax (RELAX NG, 3).
        case xml = "rng"
        /// The compact syntax (RELAX NG Compact Syntax).
        case compact = "rnc"

        /// The syntax that a file's name ends in: `.rng` or `.rnc`; `nil` for other names.
        public init?(path: String) {
            guard let dot = path.lastIndex(of: ".") else { return nil }
            self.init(rawValue: path[path.index(after: dot)...].lowercased())
        }
    }

    private struct File {
        var path: String
        var schema: SchemaSyntax
    }

    /// The schema, then the files that it refers to.
    private let files: [File]

    /// Reads a schema and the files that it refers to.
    ///
    /// - Throws: ``Diagnostics`` with a `file-`, `xml-` or `schema-` rule if a file cannot be read or is not correct by
    ///   itself, and with `schema-conversion` for a reference to a file outside of the schema's folder.
    public init(contentsOfFile path: String) throws(Diagnostics) {
        var sources = SchemaSources()
        var (files, waiting): ([File], [String]) = ([], [path])
        var known: Set = [CodepointString(path)]
        while !waiting.isEmpty {
            let next = waiting.removeFirst()
            let schema = try SchemaSyntax.read(
                FileAccess.bytes(ofFile: next), path: next, namespace: nil, annotations: true, into: &sources)
            files.append(File(path: next, schema: schema))
            for (reference, position) in SyntaxSurvey(schema).references {
                let target = try SchemaConversion.target(reference, of: path, at: sources.location(position))
                if known.insert(CodepointString(target)).inserted { waiting.append(target) }
            }
        }
        self.files = files
    }

    /// Writes the schema and its files in the other syntax, in memory.
    ///
    /// - Parameters:
    ///   - form: the syntax to write.
    ///   - output: the path that the schema will have; its other files keep their paths relative to it.
    /// - Returns: the path and the bytes (UTF-8) of each file.
    /// - Throws: ``Diagnostics`` with the rule `schema-conversion` if one file would replace another, or a file that
    ///   was read.
    public func files(to form: Form, output: String) throws(Diagnostics) -> [(path: String, bytes: [UInt8])] {
        let inputs = Set(files.map { CodepointString(FileAccess.canonical($0.path)) })
        var written: [CodepointString: String] = [:]
        var results: [(path: String, bytes: [UInt8])] = []
        for file in files {
            let path = self.output(of: file, form, output)
            let place = CodepointString(FileAccess.canonical(path))
            if inputs.contains(place) { throw Diagnostics([RelaxNGMessages.conversionClash(path, with: path)]) }
            if let other = written[place] { throw Diagnostics([RelaxNGMessages.conversionClash(path, with: other)]) }
            written[place] = path
            results.append((path, bytes(of: file, form)))
        }
        return results
    }

    private func bytes(of file: File, _ form: Form) -> [UInt8] {
        let href = { (reference: ReferenceSyntax) in SchemaConversion.href(reference, in: file.path, form) }
        return switch form {
        case .xml: XMLSyntaxWriter.write(file.schema, href: href)
        case .compact: CompactSyntaxWriter.write(file.schema, href: href)
        }
    }

    private func output(of file: File, _ form: Form, _ output: String) -> String {
        let main = files[0].path
        guard !file.path.isSame(as: main) else { return output }
        let inside = SchemaConversion.inside(file.path, Reference.folder(of: main, slash: true)) ?? file.path
        return Reference.folder(of: output, slash: true) + SchemaConversion.renamed(inside, form)
    }

    /// The file that a reference means.
    private static func target(
        _ reference: ReferenceSyntax, of main: String, at location: SourceLocation
    ) throws(Diagnostics) -> String {
        guard let path = Reference(reference.href).path(relativeTo: reference.base) else {
            throw Diagnostics([RelaxNGMessages.conversionRemote(reference.href, at: location)])
        }
        guard inside(path, Reference.folder(of: main, slash: true)) != nil else {
            throw Diagnostics([RelaxNGMessages.conversionOutside(path, at: location)])
        }
        return path
    }

    /// The part of a path within a folder, or `nil` if it lies elsewhere.
    private static func inside(_ path: String, _ folder: String) -> String? {
        let normal = folder.isEmpty ? "" : Reference("./").path(relativeTo: folder) ?? folder
        guard path.utf8.starts(with: normal.utf8) else { return nil }
        let rest = String(Substring(path.utf8.dropFirst(normal.utf8.count)))
        return rest.isAbsolutePath || rest == ".." || rest.utf8.starts(with: "../".utf8) ? nil : rest
    }

    private static func renamed(_ path: String, _ form: Form) -> String {
        (Form(path: path) == nil ? path : String(path.dropLast(4))) + "." + form.rawValue
    }

    /// As it was written but for the file's suffix; where `xml:base` said from where, from the file itself.
    private static func href(_ reference: ReferenceSyntax, in file: String, _ form: Form) -> String {
        guard !reference.base.isSame(as: file), let path = Reference(reference.href).path(relativeTo: reference.base)
        else {
            return renamed(reference.href, form)
        }
        let relative = Reference.path(of: path, from: Reference.folder(of: file, slash: true))
        return renamed(relative, form).escapedAsURI
    }
}
