internal import TEI
internal import XML

/// An export of texts from files of which only parts are held.
struct StreamedExport {
    /// `nil` for all that a document has.
    private let policies: [Policy]?
    /// The folder; `nil` for the standard output.
    private let output: String?
    private let root: String?
    private let runs: RunOptions
    private var writer: TextWriter
    private var found: [Diagnostic] = []

    init(policies: [Policy]?, output: String?, root: String?, _ runs: RunOptions) {
        (self.policies, self.output, self.root, self.runs) = (policies, output, root, runs)
        writer = TextWriter(output: output, isOnly: policies?.count == 1)
    }

    /// A part, and whether a document begins and ends with it.
    private struct Step {
        let document: Partition.Document
        let part: Partition.Part
        let isFirst, isLast: Bool
    }

    /// - Returns: the exit code.
    mutating func run(over files: [String]) throws(Diagnostics) -> Int32 {
        // Before a file is read to its end.
        _ = try runs.threads()
        for file in files {
            do throws(Diagnostics) {
                let partition = try Partition(file, root: root)
                if partition.documents.isEmpty { throw Diagnostics([Messages.noText(file)]) }
                if output == nil, partition.documents.count > 1 { throw Diagnostics([Messages.needsFolder()]) }
                try export(partition)
            } catch {
                found += error.list
            }
        }
        Terminal.report(found)
        return found.isEmpty ? 0 : 2
    }

    private mutating func export(_ partition: Partition) throws(Diagnostics) {
        let steps = partition.documents.flatMap { document in
            document.parts.enumerated().map { number, part in
                Step(document: document, part: part, isFirst: number == 0, isLast: number + 1 == document.parts.count)
            }
        }
        var run = try Run(steps, called: "parts", runs, name: { "\($0.document.location)" }, size: \.part.range.count)
        Terminal.uninterrupted {
            run.forEach { [policies] step in
                Result { () throws(Diagnostics) in try partition.texts(of: step.part, policies) }
            } deliver: { step, texts in
                let found = deliver(step, texts)
                self.found += found
                Terminal.endIfInterrupted { writer.discard() }
                return found.count
            }
        }
    }

    /// - Returns: what kept the part from being written.
    private mutating func deliver(
        _ step: Step, _ texts: Result<[(policy: Policy, text: String)], Diagnostics>
    ) -> [Diagnostic] {
        do throws(Diagnostics) {
            if step.isFirst { try writer.begin(step.document) }
            // What kept one part from being written is said once.
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
    /// Whether a document has one text.
    private let isOnly: Bool
    private var outputs = OutputFiles()
    /// The document that is being written; `nil` where something kept it from being written.
    private var name: String?
    /// By their places in the folder.
    private var texts: [CodepointString: Text] = [:]

    private struct Text {
        let path: String
        /// `nil` for the standard output.
        let file: Replacement?
        var isEmpty = true
    }

    init(output: String?, isOnly: Bool) {
        (self.output, self.isOnly) = (output, isOnly)
    }

    var isWriting: Bool { name != nil }

    mutating func begin(_ document: Partition.Document) throws(Diagnostics) {
        try outputs.claim([document.name], for: document.name, at: document.location)
        name = document.name
    }

    mutating func write(_ parts: [(policy: Policy, text: String)]) throws(Diagnostics) {
        guard let name else { return }
        // Of two hands of one name, the last.
        let placed = Dictionary(
            parts.map { (CodepointString(Exporter.address(of: name, $0.policy, isOnly: isOnly, .text)), $0.text) }
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
        guard let file = Replacement(Terminal.target(of: path)) else { throw Diagnostics([Messages.cannotWrite(path)]) }
        return Text(path: path, file: file)
    }

    private func append(_ bytes: [UInt8], to text: Text) throws(Diagnostics) {
        guard let file = text.file else { return Terminal.write(bytes, to: .output) }
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
