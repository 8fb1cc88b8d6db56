internal import Pages
internal import TEI
public import XML

/// An export of files into a folder, as `marginalia export` does it.
///
///     let export = CorpusExport(ExportOptions(formats: ["text", "html"], texts: .all, output: "Exports"))
///     let failures = try export.run(on: ["TEI"])
///
/// Files that have not changed since the last run are not exported again.
public struct CorpusExport: Sendable {
    private let options: ExportOptions
    private let batch: BatchOptions
    private let renewal: RenewalOptions
    private let console: Console

    /// Makes an export.
    ///
    /// - Parameters:
    ///   - options: what is exported, and where to.
    ///   - batch: how the run works on many files.
    ///   - renewal: what the run does about files that have not changed, and about later changes.
    ///   - console: takes notes, and the result if there is no folder.
    public init(
        _ options: ExportOptions, _ batch: BatchOptions = BatchOptions(), _ renewal: RenewalOptions = RenewalOptions(),
        console: Console = .silent
    ) {
        (self.options, self.batch, self.renewal, self.console) = (options, batch, renewal, console)
    }

    /// Exports files, and the files of folders.
    ///
    /// - Returns: the reasons why documents could not be exported.
    /// - Throws: ``XML/Diagnostics`` if nothing can be exported: there is nothing at a path (`file-missing`), two
    ///   documents would be written to one file (`export-name`), or several results have no folder (`usage`).
    @discardableResult
    public func run(on paths: [String]) throws(Diagnostics) -> [Diagnostic] {
        try run(over: CorpusFiles(paths, root: options.root))
    }

    /// The same for files as the command names them. If they are watched, it runs until the program is ended.
    package func run(over input: CorpusFiles) throws(Diagnostics) -> [Diagnostic] {
        let files = try input.documents(console)
        if options.output == nil { try checkIsOne(files) }
        let cache = options.output.flatMap { output in
            RunCache<ExportRecord>(
                "export", options, output: FileAccess.canonical(output), root: options.root,
                configuration: DependencyLog(),
                renewal)
        }
        if renewal.watch { try watch(input, cache ?? RunCache(root: options.root)) }
        return try run(over: files, cache)
    }

    /// One stream takes one result.
    private func checkIsOne(_ files: [String]) throws(Diagnostics) {
        let holdsAll = try options.chosenFormats().first?.holdsAllTexts == true
        if files.count > 1 || options.formats.count > 1 || (options.texts.policies?.count != 1 && !holdsAll) {
            throw Diagnostics([Messages.needsFolder()])
        }
        if renewal.watch { throw Diagnostics([Messages.nothingToWatch()]) }
    }

    private func run(
        over files: [String], _ cache: RunCache<ExportRecord>?
    ) throws(Diagnostics) -> [Diagnostic] {
        let isAlone = files.count == 1
        let folders = ExportFolders(of: files)
        let exporter = try DocumentExporter(options, isSingle: isAlone, folders: folders)
        if options.output != nil { try exporter.checkNames(of: files) }
        var writer = ExportWriter(options, console)
        var run = try Batch(files, batch, console)
        run.forEach { file in
            // A document that is alone has no site around it.
            if let known = cache?.result(for: file), known.isAlone == isAlone, known.folder == folders[file] {
                return FileExport(known)
            }
            let made = Tracked { exporter.export(file) }
            cache?.watch(made.log.stamps)
            var export = made.value
            export.log = made.log
            return export
        } deliver: { file, export in
            let (found, note) = writer.write(export, isAlone: isAlone, in: folders[file])
            if let note, let log = export.log { cache?.add(note.record, for: file, log, outputs: note.outputs) }
            return found
        }
        cache?.save()
        writer.writeSite()
        writer.reportLackingTexts()
        console.diagnostics(writer.found)
        return writer.found
    }

    /// Exports what has changed, until the program is ended.
    private func watch(_ input: CorpusFiles, _ cache: RunCache<ExportRecord>) throws(Diagnostics) -> Never {
        let inclusions = Inclusions(root: options.root, isNoted: false)
        var named = try input.files()
        while true {
            cache.begin(DependencyLog())
            let files = inclusions.documents(of: named)
            if try run(over: files, cache).isEmpty { console.note(BatchWording.exported(files.count)) }
            named = FileWatch.wait(for: named, cache.inputs) { try? input.files() }
        }
    }
}

/// Writes what is made of files, in their order.
private struct ExportWriter {
    private let output: String?
    private let console: Console
    private var outputs = OutputFiles()
    private var site: HTMLSite
    private var hasEdition = false
    /// The reasons why documents could not be exported.
    private(set) var found: [Diagnostic] = []
    /// How many documents were read, and how many of them have none of a text that was asked for.
    private var count = 0
    private var lacking: [CodepointString: Int] = [:]

    init(_ options: ExportOptions, _ console: Console) {
        (output, self.console, site) = (options.output, console, HTMLSite(interface: options.format.interface))
    }

    /// The record of a file, with the files that were written for it.
    typealias Note = (record: ExportRecord, outputs: FileStamps)

    /// - Returns: how much is wrong with the file, and what can be noted of it; `nil` if anything is wrong, and for an
    ///   edition.
    mutating func write(_ export: FileExport, isAlone: Bool, in folder: String) -> (found: Int, note: Note?) {
        if let edition = export.edition, !hasEdition {
            site.set(edition: edition)
            hasEdition = true
        }
        let before = found.count
        var note: Note = (ExportRecord(isAlone: isAlone, folder: folder), [:])
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
            for file in document.files { console.output(file.bytes, false) }
            return document.record
        }
        let record = document.record
        count += 1
        for text in record.lacking { lacking[CodepointString(text), default: 0] += 1 }
        try self.outputs.claim(record.addresses, for: record.name, at: record.place)
        for file in document.files {
            let path = "\(output)/\(file.address)"
            try OutputFile.save(file.bytes, at: path)
            outputs[CodepointString(path)] = FileStamp(ofFile: path, file.bytes)
        }
        return ExportRecord.Document(
            name: record.name, place: record.place, addresses: record.addresses,
            entry: record.entry.map { site.add($0) }, lacking: record.lacking)
    }

    /// Documents without a text that was asked for are passed over and counted; if none has it, that is an error.
    mutating func reportLackingTexts() {
        for (text, number) in lacking.sorted(by: { $0.key.string < $1.key.string }) {
            if number == count {
                found.append(Messages.noDocumentHas(text.string, count))
            } else {
                console.note(BatchWording.lacking(text.string, number, of: count))
            }
        }
    }

    /// The pages that lead to the pages of the documents, if there are several documents.
    mutating func writeSite() {
        guard let output, !site.isEmpty else { return }
        for page in site.pages {
            do throws(Diagnostics) {
                try OutputFile.save(page.bytes, at: "\(output)/\(page.name).html")
            } catch {
                found += error.list
            }
        }
    }
}
