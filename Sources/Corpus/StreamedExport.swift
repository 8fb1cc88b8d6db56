internal import TEI
package import XML

/// An export of texts from files of which only parts are held: what `marginalia export --stream` does.
package struct StreamedExport {
    private let options: ExportOptions
    private let batch: BatchOptions
    private let console: Console
    private var writer: TextWriter
    private var found: [Diagnostic] = []

    package init(_ options: ExportOptions, _ batch: BatchOptions, console: Console = .silent) {
        (self.options, self.batch, self.console) = (options, batch, console)
        writer = TextWriter(options, console)
    }

    /// A part, and whether a document begins and ends with it.
    private struct Step {
        let document: StreamedText.Document
        let part: StreamedText.Part
        let isFirst, isLast: Bool
    }

    /// - Returns: what kept documents from being exported.
    package mutating func run(over files: [String]) throws(Diagnostics) -> [Diagnostic] {
        if options.output == nil, files.count > 1 || options.texts.policies?.count != 1 {
            throw Diagnostics([Messages.needsFolder()])
        }
        // Before a file is read to its end.
        _ = try batch.threads()
        let folders = ExportFolders(of: files)
        for file in files {
            do throws(Diagnostics) {
                let partition = try StreamedText(file, root: options.root)
                if partition.documents.isEmpty { throw Diagnostics([Messages.noText(file)]) }
                if options.output == nil, partition.documents.count > 1 { throw Diagnostics([Messages.needsFolder()]) }
                try export(partition, in: folders[file])
            } catch {
                found += error.list
            }
        }
        console.diagnostics(found)
        return found
    }

    private mutating func export(_ partition: StreamedText, in folder: String) throws(Diagnostics) {
        let steps = partition.documents.flatMap { document in
            document.parts.enumerated().map { number, part in
                Step(document: document, part: part, isFirst: number == 0, isLast: number + 1 == document.parts.count)
            }
        }
        var run = try Batch(
            steps, called: "parts", batch, console, name: { "\($0.document.location)" }, size: \.part.range.count)
        OutputFile.uninterrupted {
            run.forEach { [policies = options.texts.policies] step in
                Result { () throws(Diagnostics) in try partition.texts(of: step.part, policies) }
            } deliver: { step, texts in
                let found = deliver(step, texts, in: folder)
                self.found += found
                OutputFile.endIfInterrupted { writer.discard() }
                return found.count
            }
        }
    }

    /// - Returns: what kept the part from being written.
    private mutating func deliver(
        _ step: Step, _ texts: Result<[(policy: Policy, text: String)], Diagnostics>, in folder: String
    ) -> [Diagnostic] {
        do throws(Diagnostics) {
            if step.isFirst { try writer.begin(step.document, in: folder) }
            // An error of one part is reported once.
            guard writer.isWriting else { return [] }
            try writer.write(try texts.get())
            if step.isLast { try writer.end() }
            return []
        } catch {
            writer.discard()
            return error.list
        }
    }
}

/// Writes the texts of one document after the other.
private struct TextWriter {
    private let output: String?
    private let choice: TextChoice
    private let console: Console
    private var outputs = OutputFiles()
    /// The document that is being written; `nil` if something kept it from being written.
    private var name: String?
    /// The texts by their places in the folder.
    private var texts: [CodepointString: Text] = [:]

    private struct Text {
        let path: String
        /// `nil` for the standard output.
        let file: Replacement?
        var isEmpty = true
    }

    init(_ options: ExportOptions, _ console: Console) {
        (output, choice, self.console) = (options.output, options.texts, console)
    }

    var isWriting: Bool { name != nil }

    mutating func begin(_ document: StreamedText.Document, in folder: String) throws(Diagnostics) {
        try outputs.claim([folder + document.name], for: document.name, at: document.location)
        name = folder + document.name
    }

    mutating func write(_ parts: [(policy: Policy, text: String)]) throws(Diagnostics) {
        guard let name else { return }
        // If two hands have the same name, the last one counts.
        let placed = Dictionary(
            parts.map { part in
                let address = DocumentExporter.address(of: name, part.policy, choice, TextFormat())
                return (CodepointString(address), part.text)
            }
        ) { $1 }
        for (address, text) in placed {
            var open = if let open = texts[address] { open } else { try begin(address.string) }
            if !text.isEmpty {
                try append(Array((open.isEmpty ? "" : "\n\n").utf8) + Array(text.utf8), to: open)
                open.isEmpty = false
            }
            texts[address] = open
        }
    }

    private func begin(_ address: String) throws(Diagnostics) -> Text {
        guard let output else { return Text(path: "", file: nil) }
        let path = "\(output)/\(address)"
        guard let file = Replacement(OutputFile.target(of: path)) else {
            throw Diagnostics([Messages.cannotWrite(path)])
        }
        return Text(path: path, file: file)
    }

    private func append(_ bytes: [UInt8], to text: Text) throws(Diagnostics) {
        guard let file = text.file else { return console.output(bytes, false) }
        if !file.append(bytes) { throw Diagnostics([Messages.cannotWrite(text.path)]) }
    }

    /// All of a document has been written.
    mutating func end() throws(Diagnostics) {
        for text in texts.values {
            try append([0x0A], to: text)
            if let file = text.file, !file.finish() { throw Diagnostics([Messages.cannotWrite(text.path)]) }
        }
        discard()
    }

    /// Leaves what is not whole, and the rest of the document.
    mutating func discard() {
        (name, texts) = (nil, [:])
    }
}
