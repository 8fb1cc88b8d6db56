package import RelaxNG
package import Validation
package import XML

/// Validates documents while they are written, with the settings of their project: as `marginalia validate` would if they
/// were saved.
///
///     let validator = try ProjectValidator(Project.found(for: ["TEI/memo.xml"]) ?? Project())
///     let found = validator.validate(bytes, path: "TEI/memo.xml").diagnostics
///
/// You may share a validator between threads.
package final class ProjectValidator: Sendable {
    private let validator: CorpusValidator
    private let findings: FindingOptions

    /// - Parameter openTexts: what counts in place of files to which documents point; the others count as they are saved.
    /// - Throws: ``XML/Diagnostics`` if a catalog or a schema of the project cannot be used.
    package init(_ project: Project, openTexts: OpenTexts? = nil) throws(Diagnostics) {
        validator = try CorpusValidator(
            ValidationOptions(
                schemas: project.schemas, phase: project.phase,
                catalogs: project.catalogs + ValidationOptions.environmentCatalogs, root: project.root),
            openTexts: openTexts)
        findings = FindingOptions(project: project)
    }

    /// Forgets what was read, since files may have changed.
    package func renew() { validator.renew() }

    /// Finds what is wrong with a document.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - path: the path of its file, which need not exist.
    package func validate(_ bytes: [UInt8], path: String) -> Report.File {
        let found = validator.validate(bytes, path: path)
        guard var sieve = try? FindingSieve(findings) else { return found }
        return sieve.sift(found)
    }

    /// The content that the grammar for a document allows at its places; as ``CorpusValidator/contentModel(for:path:)``.
    package func contentModel(for prolog: [UInt8], path: String) -> ContentModel? {
        validator.contentModel(for: prolog, path: path)
    }

    /// What that grammar says about its elements, attributes and values.
    package func documentation(for prolog: [UInt8], path: String) -> SchemaDocumentation? {
        validator.documentation(for: prolog, path: path)
    }
}
