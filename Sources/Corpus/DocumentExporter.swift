#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import Pages
package import TEI
public import XML
internal import XPath

/// Exports files on any number of threads, and writes nothing: writing is left to ``CorpusExport``, or to you.
///
///     let exporter = try DocumentExporter(ExportOptions(formats: ["text"], texts: .all, output: "."))
///     for document in exporter.export("memo.xml").documents {
///         for file in try document.get().files { print(file.address, file.bytes.count) }
///     }
public final class DocumentExporter: Sendable {
    private let options: ExportOptions
    private let formats: [any Format]
    private let isSingle: Bool
    private let folders: ExportFolders
    private let reader: EditionFiles.Reader

    /// Makes an exporter.
    ///
    /// - Parameters:
    ///   - options: what is exported.
    ///   - isSingle: whether there is only one file, which then is not part of a site.
    /// - Throws: ``XML/Diagnostics`` with the rule `usage` for an unknown format.
    public convenience init(_ options: ExportOptions, isSingle: Bool = true) throws(Diagnostics) {
        try self.init(options, isSingle: isSingle, folders: .none)
    }

    init(_ options: ExportOptions, isSingle: Bool, folders: ExportFolders) throws(Diagnostics) {
        (self.options, self.isSingle, self.folders) = (options, isSingle, folders)
        reader = EditionFiles.Reader(root: options.root)
        formats = try options.chosenFormats()
    }

    /// Looks for documents that would be written to the same files, before any is written. Only files of one name are
    /// read for it: of others it is known when their turn comes.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `export-name`.
    func checkNames(of files: [String]) throws(Diagnostics) {
        let name = { [folders] (file: String) in CodepointString(folders[file] + EditionFiles.stem(file)) }
        let byName = Dictionary(grouping: files, by: name).filter { $1.count > 1 }
        guard !byName.isEmpty else { return }
        var (outputs, wrong) = (OutputFiles(), [Diagnostic]())
        for file in files where byName[name(file)] != nil {
            // An error in reading a file is reported when its turn comes.
            guard
                let (document, library) = try? DependencyLog.pausing({
                    Result { () throws(Diagnostics) in try reader.read(file) }
                }).get(),
                let items = try? EditionFiles.items(in: document, library: library)
            else { continue }
            for item in items {
                do throws(Diagnostics) {
                    try outputs.claim([folders[file] + item.name], for: item.name, at: item.element.location)
                } catch {
                    wrong += error.list
                }
            }
        }
        if !wrong.isEmpty { throw Diagnostics(wrong) }
    }

    /// Returns the files that are made from the documents of a file.
    public func export(_ file: String) -> FileExport {
        do throws(Diagnostics) {
            let (document, library) = try reader.read(file)
            return export(document, library, in: folders[file])
        } catch {
            return FileExport(documents: [.failure(error)])
        }
    }

    /// Returns the files that are made from the documents of a file that has been read.
    ///
    /// - Parameter folder: the folder of its documents in the output, with `/` at its end.
    package func export(_ document: Document, _ library: PointerResolver, in folder: String = "") -> FileExport {
        do throws(Diagnostics) {
            let items = try EditionFiles.items(in: document, library: library)
            if items.isEmpty, isSingle { throw Diagnostics([Messages.noText(document.files[0].path)]) }
            if options.output == nil, items.count > 1 { throw Diagnostics([Messages.needsFolder()]) }
            let isAlone = isSingle && items.count == 1
            return FileExport(
                documents: items.map { item in
                    Result { () throws(Diagnostics) in try export(item, in: folder, isAlone: isAlone) }
                },
                edition: document.root.localName == "teiCorpus" ? document.root : nil
            )
        } catch {
            return FileExport(documents: [.failure(error)])
        }
    }

    private func export(
        _ item: EditionFiles.Item, in folder: String, isAlone: Bool
    ) throws(Diagnostics) -> FileExport.Document {
        let transcription = Transcription(of: item.element, library: item.library, patterns: XPathPatterns())
        let lacking = isAlone ? [] : options.texts.policies?.filter { !transcription.has($0) } ?? []
        if isAlone { for policy in options.texts.policies ?? [] { try transcription.check(policy) } }
        let name = folder + item.name
        if !isAlone, formats.contains(where: { $0.siteNames.contains(name) }) {
            throw Diagnostics([Messages.reservedName(item.name, item.element)])
        }
        let files = options.output.map { self.files(of: transcription, name, in: $0, isInSite: !isAlone) }
        let pages = (files ?? []).first { !$0.format.siteNames.isEmpty }
        let entry = pages.flatMap { page in
            isAlone ? nil : HTMLSite.Entry(transcription, address: page.address.percentEncodedPath)
        }
        let made = files?.map { ($0.address, $0.bytes) } ?? [("", only(transcription, item.name))]
        let record = ExportRecord.Document(
            name: name, place: item.element.location, addresses: made.map(\.0), entry: entry,
            lacking: lacking.map(\.description))
        return FileExport.Document(record: record, files: made)
    }

    private typealias Made = (format: any Format, address: String, label: String, bytes: [UInt8])

    /// First the files of one text each, text by text; then those with all texts, which lead to the others.
    private func files(
        of transcription: Transcription, _ name: String, in folder: String, isInSite: Bool
    ) -> [Made] {
        // The name has the folder before it.
        let own = Reference.name(of: name)
        func make(_ format: any Format, _ address: String, _ policies: [Policy], beside files: [Made]) -> [UInt8] {
            format.export(
                ExportRequest(
                    transcription, policies: policies, name: own, address: address,
                    base: DocumentExporter.wayBack(from: "\(folder)/\(address)"), isInSite: isInSite,
                    files: files.map { ($0.label, $0.address) }))
        }
        var files: [Made] = []
        for policy in options.texts.policies?.filter(transcription.has) ?? transcription.policies {
            for format in formats where !format.holdsAllTexts {
                let address = DocumentExporter.address(of: name, policy, options.texts, format)
                files.append(
                    (
                        format, address, "\(policy) (\(format.fileExtension))",
                        make(format, address, [policy], beside: [])
                    ))
            }
        }
        let others = files
        for format in formats where format.holdsAllTexts {
            let address = "\(name).\(format.fileExtension)"
            guard !files.contains(where: { $0.address.isSame(as: address) }) else { continue }
            let policies = options.texts.policiesOnPages?.filter(transcription.has) ?? transcription.policies
            guard !policies.isEmpty else { continue }
            files.append((format, address, "", make(format, address, policies, beside: others)))
        }
        return files
    }

    /// Where a text goes, in the folder.
    ///
    /// - Parameter texts: whether there is one of each document alone.
    static func address(of name: String, _ policy: Policy, _ texts: TextChoice, _ format: any Format) -> String {
        (texts.policies?.count == 1 ? name : "\(name)/\(policy.fileName)") + "." + format.fileExtension
    }

    /// The only result of the only document.
    private func only(_ transcription: Transcription, _ name: String) -> [UInt8] {
        guard let format = formats.first else { return [] }
        let policies =
            format.holdsAllTexts
            ? options.texts.policiesOnPages ?? transcription.policies
            : [options.texts.policies?.first ?? .reading]
        return format.export(ExportRequest(transcription, policies: policies, name: name))
    }

    /// The relative path from a file to the folder in which the command is run.
    private static func wayBack(from path: String) -> String {
        let folders = path.pathComponents.dropLast().filter { $0 != "." }
        let isBelow = !path.isAbsolutePath && !folders.contains("..")
        return isBelow ? String(repeating: "../", count: folders.count) : FileManager.default.currentDirectoryPath + "/"
    }
}

/// The results of exporting one file. Nothing is written yet.
public struct FileExport: Sendable {
    /// The results for one document.
    public struct Document: Sendable {
        let record: ExportRecord.Document
        /// The bytes of each file, with its path relative to the output folder. The path is empty for a single result
        /// that goes to no folder.
        public let files: [(address: String, bytes: [UInt8])]

        /// The name under which the document is exported.
        public var name: String { record.name }
        /// Where the document begins.
        public var location: SourceLocation? { record.place }
    }

    /// The documents in the order of the source; for a document that cannot be exported, the reason.
    public var documents: [Result<Document, Diagnostics>] = []
    /// The `teiCorpus`, if the file is an edition.
    var edition: Node?
    /// The files that were read; `nil` if the results are known from an earlier run, and written.
    var log: DependencyLog?

    init(documents: [Result<Document, Diagnostics>], edition: Node? = nil) {
        (self.documents, self.edition) = (documents, edition)
    }

    init(_ record: ExportRecord) {
        documents = record.documents.map { .success(Document(record: $0, files: [])) }
    }
}

/// What a later run needs to know about a file that was exported.
struct ExportRecord: Codable, Sendable {
    struct Document: Codable {
        let name: String
        let place: SourceLocation?
        /// The paths of the files that were written, relative to the output folder.
        let addresses: [String]
        /// The facts about the document for the site.
        let entry: HTMLSite.Entry?
        /// The texts that were asked for and the document does not have.
        let lacking: [String]
    }

    /// Whether it was the only file.
    let isAlone: Bool
    /// The folder of its documents in the output.
    let folder: String
    var documents: [Document] = []
}
