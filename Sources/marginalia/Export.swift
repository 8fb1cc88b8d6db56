#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import ArgumentParser
internal import Pages
internal import TEI
internal import XML

struct Export: ParsableCommand {
    enum Target: String, ExpressibleByArgument, CaseIterable {
        case text, json, html, annotations, marks, variants, apparatus

        /// The format of one text; `nil` for pages, which have several.
        func format(_ form: ApparatusForm) -> (any Format)? {
            switch self {
            case .text: .text
            case .json: .json
            case .html: nil
            case .annotations: .annotations
            case .marks: .csv(.marks)
            case .variants: .csv(.variants)
            case .apparatus: .apparatus(form.form)
            }
        }
    }

    enum ApparatusForm: String, ExpressibleByArgument, CaseIterable {
        case negative, positive

        var form: ApparatusFormat.Form {
            switch self {
            case .negative: .negative
            case .positive: .positive
            }
        }
    }

    enum InterfaceLanguage: String, ExpressibleByArgument, CaseIterable {
        case en, de, fr, es

        var interface: Interface? { Interface(rawValue: rawValue) }
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Writes documents as text, JSON, HTML, Web Annotations (JSON-LD), tables (CSV) or a critical apparatus.",
        discussion: """
            ‘html’ is one page for each document, with all its texts to choose from, or those of --policy; for several documents there \
            are an index, pages of people, organisations, places and events, and a search. \
            ‘annotations’ are about the text of the same policy, which ‘text’ writes beside them. ‘marks’ and ‘variants’ are tables. \
            ‘apparatus’ lists where witnesses differ, page by page, as at the foot of a text.

            A policy says which text is meant: typed, revised, reading, diplomatic, hand:ID, stage:ID, witness:SIGIL, or all \
            for each that a document has. With one policy the files are FOLDER/NAME.txt and so on, with several \
            FOLDER/NAME/POLICY.txt; pages are always FOLDER/NAME.html. Without -o one document goes to standard output.

            Examples:
              marginalia export --to text --policy revised memo.xml
              marginalia export --to html --to json --policy all -o Exports TEI
              marginalia export --to html --interface de -o Seiten TEI
              marginalia export --to text --to annotations --to marks --to variants -o Data TEI
              marginalia export --to text --stream -o Texts corpus.xml
            """
    )

    @Option(help: ArgumentHelp("The format; may be given several times.", valueName: "format"))
    var to: [Target]

    @Option(help: ArgumentHelp("Which text; may be given several times, or be ‘all’.", valueName: "policy"))
    var policy: [String] = []

    @Option(help: "In an apparatus, whether those are named who agree with the text (positive).")
    var apparatus: ApparatusForm = .positive

    @Option(
        help: ArgumentHelp(
            "The language of the controls on pages: en, de, fr or es; by default the document’s.", valueName: "language"
        ))
    var interface: InterfaceLanguage?

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"))
    var output: String?

    @Flag(
        help:
            "Only as text, part by part: for documents larger than the memory. Inclusions are not followed, and nothing is noted for the next run."
    )
    var stream = false

    @OptionGroup var runs: RunOptions
    @OptionGroup var renewal: RenewalOptions
    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let policies = try chosenPolicies()
            let files = try stream ? input.files() : input.documents()
            if stream, to != [.text] || renewal.watch {
                throw Diagnostics([
                    Messages.usage("--stream writes text alone, once", help: "write --to text, without --watch")
                ])
            }
            if output == "" {
                throw Diagnostics([Messages.usage("-o has no name", help: "name a folder by `-o FOLDER`")])
            }
            if output == nil, files.count > 1 || to.count > 1 || (policies?.count != 1 && to != [.html]) {
                throw Diagnostics([Messages.needsFolder()])
            }
            if renewal.watch, output == nil {
                throw Diagnostics([Messages.usage("--watch writes to no stream", help: "name a folder by `-o FOLDER`")])
            }
            if stream {
                var export = StreamedExport(policies: policies, output: output, root: input.root, runs)
                return try export.run(over: files)
            }
            let manifest = output.flatMap {
                Manifest<ExportRecord>(
                    command(in: $0), root: input.root, configuration: DependencyLog(), force: renewal.force,
                    isWatched: renewal.watch)
            }
            if renewal.watch { try watch(policies, manifest ?? Manifest(root: input.root)) }
            return try run(over: files, policies, manifest)
        }
    }

    /// All on which what is exported depends besides the documents.
    private func command(in output: String) -> [String] {
        ["export", output, FileAccess.canonical(output), apparatus.rawValue, interface?.rawValue ?? ""]
            + to.map(\.rawValue) + ["for"] + policy
    }

    private func run(
        over files: [String], _ policies: [Policy]?, _ manifest: Manifest<ExportRecord>?
    ) throws(Diagnostics) -> Int32 {
        let exporter = Exporter(
            isSingle: files.count == 1, root: input.root, formats: to.compactMap { $0.format(apparatus) },
            hasPages: to.contains(.html),
            policies: policies, pagePolicies: policy.isEmpty ? nil : policies, interface: interface?.interface,
            output: output
        )
        if output != nil { try exporter.checkNames(of: files) }
        var writer = ExportWriter(output: output, interface: interface?.interface)
        var run = try Run(files, runs)
        run.forEach { file in
            // A document that is alone has no site around it.
            if let known = manifest?.result(for: file), known.isAlone == (files.count == 1) { return FileExport(known) }
            let made = Recorded { exporter.export(file) }
            manifest?.watch(made.log.stamps)
            var export = made.value
            export.log = made.log
            return export
        } deliver: { file, export in
            let (found, note) = writer.write(export, isAlone: files.count == 1)
            if let note, let log = export.log { manifest?.add(note.record, for: file, log, outputs: note.outputs) }
            return found
        }
        manifest?.save()
        writer.writeSite()
        Terminal.report(writer.found)
        return writer.found.isEmpty ? 0 : 2
    }

    /// Exports what has changed, until the program is ended.
    private func watch(_ policies: [Policy]?, _ manifest: Manifest<ExportRecord>) throws(Diagnostics) -> Never {
        let inclusions = Inclusions(root: input.root, isNoted: false)
        var named = try input.files()
        while true {
            manifest.begin(DependencyLog())
            let files = inclusions.documents(of: named)
            let code = try run(over: files, policies, manifest)
            if code == 0 {
                Terminal.write("\(files.count == 1 ? "1 file" : "\(files.count) files"): exported\n", to: .error)
            }
            named = Watch.wait(for: named, manifest.inputs) { try? input.files() }
        }
    }

    /// `nil` for all.
    private func chosenPolicies() throws(Diagnostics) -> [Policy]? {
        if policy.contains("all") { return nil }
        var policies: [Policy] = []
        for name in policy { policies.append(try Policy(named: name, isList: true)) }
        return policies.isEmpty ? [.reading] : policies
    }
}

/// What comes of a file: nothing is written yet.
struct FileExport: Sendable {
    struct Document: Sendable {
        let record: ExportRecord.Document
        /// Each with its address in the folder; for the standard output one.
        let files: [(address: String, bytes: [UInt8])]
    }

    var documents: [Result<Document, Diagnostics>] = []
    /// The edition, where the file is that.
    var edition: Node?
    /// What was read for it; `nil` where it is known from before, and written.
    var log: DependencyLog?

    init(documents: [Result<Document, Diagnostics>], edition: Node? = nil) {
        (self.documents, self.edition) = (documents, edition)
    }

    init(_ record: ExportRecord) {
        documents = record.documents.map { .success(Document(record: $0, files: [])) }
    }
}

/// What is known of a file that was exported.
struct ExportRecord: Codable, Sendable {
    struct Document: Codable {
        let name: String
        let place: SourceLocation?
        /// The files that were written, by their addresses in the folder.
        let addresses: [String]
        /// What the site says of it.
        let entry: HTMLSite.Entry?
    }

    /// Whether it was the only file.
    let isAlone: Bool
    var documents: [Document] = []
}

/// Exports files, on as many threads as there are.
final class Exporter: Sendable {
    private let isSingle: Bool
    private let reader: Edition.Reader
    /// Those of one text each.
    private let formats: [any Format]
    private let hasPages: Bool
    /// `nil` for all that a document has.
    private let policies: [Policy]?
    /// The texts on a page; `nil` for all that a document has.
    private let pagePolicies: [Policy]?
    private let interface: Interface?
    private let output: String?

    /// - Parameter isSingle: whether there is one file, which is no part of a site.
    init(
        isSingle: Bool, root: String?, formats: [any Format], hasPages: Bool, policies: [Policy]?,
        pagePolicies: [Policy]?,
        interface: Interface?, output: String?
    ) {
        (self.isSingle, reader, self.formats, self.hasPages) = (isSingle, Edition.Reader(root: root), formats, hasPages)
        (self.policies, self.pagePolicies, self.interface, self.output) = (policies, pagePolicies, interface, output)
    }

    /// Looks for documents that would be written to the same files, before any is written. Only files of one name are
    /// read for it: of others it is known when their turn comes.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `export-name`.
    func checkNames(of files: [String]) throws(Diagnostics) {
        let byName = Dictionary(grouping: files) { CodepointString(Edition.stem($0)) }.filter { $1.count > 1 }
        guard !byName.isEmpty else { return }
        var (outputs, wrong) = (OutputFiles(), [Diagnostic]())
        for file in files where byName[CodepointString(Edition.stem(file))] != nil {
            // What keeps a file from being read is reported when its turn comes.
            guard
                let (document, library) = try? DependencyLog.pausing({
                    Result { () throws(Diagnostics) in try reader.read(file) }
                }).get(),
                let items = try? Edition.items(in: document, library: library)
            else { continue }
            for item in items {
                do throws(Diagnostics) {
                    try outputs.claim([item.name], for: item.name, at: item.element.location)
                } catch {
                    wrong += error.list
                }
            }
        }
        if !wrong.isEmpty { throw Diagnostics(wrong) }
    }

    func export(_ file: String) -> FileExport {
        do throws(Diagnostics) {
            let (document, library) = try reader.read(file)
            return export(document, library)
        } catch {
            return FileExport(documents: [.failure(error)])
        }
    }

    /// What comes of a file that has been read.
    func export(_ document: Document, _ library: Library) -> FileExport {
        do throws(Diagnostics) {
            let items = try Edition.items(in: document, library: library)
            if items.isEmpty, isSingle { throw Diagnostics([Messages.noText(document.files[0].path)]) }
            if output == nil, items.count > 1 { throw Diagnostics([Messages.needsFolder()]) }
            let isAlone = isSingle && items.count == 1
            return FileExport(
                documents: items.map { item in Result { () throws(Diagnostics) in try export(item, isAlone: isAlone) }
                },
                edition: document.root.localName == "teiCorpus" ? document.root : nil
            )
        } catch {
            return FileExport(documents: [.failure(error)])
        }
    }

    private func export(_ item: Edition.Item, isAlone: Bool) throws(Diagnostics) -> FileExport.Document {
        let transcription = Transcription(of: item.element, library: item.library)
        for policy in policies ?? [] { try transcription.check(policy) }
        if hasPages, !isAlone, HTMLFormat.siteNames.contains(item.name) {
            throw Diagnostics([Messages.reservedName(item.name, item.element)])
        }
        var files =
            output.map { texts(of: transcription, item.name, in: $0) } ?? [
                (item.name, "", only(transcription, item.name))
            ]
        var entry: HTMLSite.Entry?
        if hasPages, let output {
            let address = item.name + ".html"
            let offered = files.map { HTMLFormat.File(label: $0.label, address: $0.address.percentEncodedPath) }
            let format = HTMLFormat(
                interface: interface, base: Exporter.wayBack(from: "\(output)/\(address)"), isInSite: !isAlone,
                files: offered)
            files.append(
                (
                    address, "",
                    format.page(transcription, policies: pagePolicies ?? transcription.policies, name: item.name)
                ))
            if !isAlone { entry = HTMLSite.Entry(transcription, address: address.percentEncodedPath) }
        }
        let record = ExportRecord.Document(
            name: item.name, place: item.element.location, addresses: files.map(\.address), entry: entry)
        return FileExport.Document(record: record, files: files.map { ($0.address, $0.bytes) })
    }

    /// The texts in their formats, each with what a page calls it.
    private func texts(
        of transcription: Transcription, _ name: String, in folder: String
    ) -> [(address: String, label: String, bytes: [UInt8])] {
        (policies ?? transcription.policies).flatMap { policy in
            formats.map { format in
                let address = Exporter.address(of: name, policy, isOnly: policies?.count == 1, format)
                let text = address.dropLast(format.fileExtension.utf8.count) + "txt"
                let placed =
                    format is AnnotationsFormat
                    ? Exporter.annotations(at: "\(folder)/\(address)", of: String(text)) : format
                return (address, "\(policy) (\(format.fileExtension))", placed.export(transcription, policy: policy))
            }
        }
    }

    /// Where a text goes, in the folder.
    ///
    /// - Parameter isOnly: whether there is one of each document alone.
    static func address(of name: String, _ policy: Policy, isOnly: Bool, _ format: some Format) -> String {
        (isOnly ? name : "\(name)/\(policy.fileName)") + "." + format.fileExtension
    }

    /// The only result of the only document.
    private func only(_ transcription: Transcription, _ name: String) -> [UInt8] {
        if let format = formats.first { return format.export(transcription, policy: policies?.first ?? .reading) }
        return HTMLFormat(interface: interface).page(
            transcription, policies: pagePolicies ?? transcription.policies, name: name)
    }

    /// Annotations as they are in a file, of a text in a file beside it.
    private static func annotations(at path: String, of text: String) -> any Format {
        AnnotationsFormat(text: text.pathComponents.last.map(String.init), base: wayBack(from: path))
    }

    /// What leads from a file to the folder in which the command is run.
    private static func wayBack(from path: String) -> String {
        let folders = path.pathComponents.dropLast().filter { $0 != "." }
        let isBelow = !path.isAbsolutePath && !folders.contains("..")
        return isBelow ? String(repeating: "../", count: folders.count) : FileManager.default.currentDirectoryPath + "/"
    }
}

/// Writes what comes of files, in their order.
private struct ExportWriter {
    private let output: String?
    private var outputs = OutputFiles()
    private var site: HTMLSite
    private var hasEdition = false
    /// What kept documents from being exported.
    private(set) var found: [Diagnostic] = []

    init(output: String?, interface: Interface?) {
        (self.output, site) = (output, HTMLSite(interface: interface))
    }

    /// What can be noted of a file, with what was written for it.
    typealias Note = (record: ExportRecord, outputs: FileStamps)

    /// - Returns: how much is wrong with the file, and what can be noted of it; `nil` where anything is wrong, and for
    ///   an edition.
    mutating func write(_ export: FileExport, isAlone: Bool) -> (found: Int, note: Note?) {
        if let edition = export.edition, !hasEdition {
            site.set(edition: edition)
            hasEdition = true
        }
        let before = found.count
        var note: Note = (ExportRecord(isAlone: isAlone), [:])
        for document in export.documents {
            do throws(Diagnostics) {
                note.record.documents.append(try write(document.get(), &note.outputs))
            } catch {
                found += error.list
            }
        }
        let isNoted = found.count == before && export.edition == nil
        return (found.count - before, isNoted ? note : nil)
    }

    /// - Returns: what is noted of the document.
    private mutating func write(
        _ document: FileExport.Document, _ outputs: inout FileStamps
    ) throws(Diagnostics) -> ExportRecord.Document {
        guard let output else {
            for file in document.files { Terminal.write(file.bytes, to: .output) }
            return document.record
        }
        let record = document.record
        try self.outputs.claim(record.addresses, for: record.name, at: record.place)
        for file in document.files {
            let path = "\(output)/\(file.address)"
            try Terminal.save(file.bytes, at: path)
            outputs[CodepointString(path)] = FileStamp(ofFile: path, file.bytes)
        }
        return ExportRecord.Document(
            name: record.name, place: record.place, addresses: record.addresses,
            entry: record.entry.map { site.add($0) })
    }

    /// The pages that lead to those of the documents, where there are several.
    mutating func writeSite() {
        guard let output, !site.isEmpty else { return }
        for page in site.pages {
            do throws(Diagnostics) {
                try Terminal.save(page.bytes, at: "\(output)/\(page.name).html")
            } catch {
                found += error.list
            }
        }
    }
}
