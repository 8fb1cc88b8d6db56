internal import ArgumentParser
internal import TEI
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

struct Worker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Works on documents that another program hands on: a line in, a line of JSON out.",
        discussion: """
            For engines that spread a corpus over machines: see Cluster/README.md. Each line of standard input is a path, or an object of JSON with a \
            path and the document itself: {"path": "memo.xml", "document": "<TEI …"}, or in any encoding {"path": "memo.xml", "base64": "PD94…"}. For each \
            there is one line on standard output, in the same order and at once: whether it was read, what was found in it, the files that were made \
            of it, and its statistics. Each document is seen for itself: leave out files that bind an edition. A document that is handed on reads no \
            other file, unless --root says below which folder it may; its path is then where its pointers start from.

            Examples:
              find corpus -name '*.xml' | marginalia worker --validate > report.jsonl
              find corpus -name '*.xml' | xargs -P 8 -n 100 sh -c 'printf "%s\\n" "$@" | marginalia worker --export text -o texts' -

            Exit code: 0 when all lines are answered, whatever is in them; 2 if the command itself is wrong.
            """
    )

    @Flag(help: "Validate: ‘valid’ and ‘diagnostics’.")
    var validate = false

    @Option(
        help: ArgumentHelp(
            "Export in a format; may be given several times: ‘files’ with names and contents.", valueName: "format"))
    var export: [Export.Target] = []

    @Option(
        help: ArgumentHelp("The text that is exported; may be given several times, or be ‘all’.", valueName: "policy"))
    var policy: [String] = []

    @Flag(help: "Count: ‘statistics’, as ‘marginalia stats’ does.")
    var stats = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A folder for the files; their contents are then not in the lines.", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("A schema for all documents; may be given several times.", valueName: "file"))
    var schema: [String] = []

    @Option(help: ArgumentHelp("The folder below which everything that is read must lie.", valueName: "folder"))
    var root: String?

    @OptionGroup var catalogs: CatalogOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            if !validate, export.isEmpty, !stats {
                throw Diagnostics([
                    Messages.usage("nothing is to be done", help: "say --validate, --export FORMAT or --stats")
                ])
            }
            if output == "" {
                throw Diagnostics([Messages.usage("-o has no name", help: "name a folder by `-o FOLDER`")])
            }
            if output != nil, export.isEmpty {
                throw Diagnostics([Messages.usage("-o is for --export", help: "leave it out, or say which format")])
            }
            var task = try DocumentTask(self)
            var lines = LineReader()
            while let line = lines.next() {
                if line.isEmpty { continue }
                Terminal.write(task.answer(line), to: .output)
            }
            return 0
        }
    }
}

/// What is done with each document.
private struct DocumentTask {
    private let validator: Validator?
    private let exporter: Exporter?
    private let isCounting: Bool
    private let root: String?
    private let reader: Edition.Reader
    /// For documents that are handed on: their path is a label, which says nothing of what they may read.
    private let handedOn: Edition.Reader
    private let output: String?
    /// The files that were written.
    private var outputs = OutputFiles()

    init(_ worker: Worker) throws(Diagnostics) {
        validator =
            worker.validate
            ? try Validator(
                schemas: worker.schema, phase: nil, resolver: worker.catalogs.resolver(), cache: CatalogOptions.cache,
                root: worker.root, standardInput: [], keepsFirings: false
            ) : nil
        var policies: [Policy]? =
            try worker.policy.contains("all")
            ? nil : worker.policy.map { name throws(Diagnostics) in try Policy(named: name, isList: true) }
        if policies == [] { policies = [.reading] }
        // Without a folder the addresses are those in the lines.
        exporter =
            worker.export.isEmpty
            ? nil
            : Exporter(
                isSingle: true, root: worker.root, formats: worker.export.compactMap { $0.format(.positive) },
                hasPages: worker.export.contains(.html), policies: policies,
                pagePolicies: worker.policy.isEmpty ? nil : policies, interface: nil, output: worker.output ?? "."
            )
        (isCounting, root, output) = (worker.stats, worker.root, worker.output)
        (reader, handedOn) = (
            Edition.Reader(root: root), root == nil ? Edition.Reader.readingNothing : Edition.Reader(root: root)
        )
    }

    private struct Input: Decodable {
        let path: String
        let document: String?
        let base64: String?
    }

    /// The line for a document.
    mutating func answer(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var path = String(path: line)
        var bytes: [UInt8]?
        if line.first == UInt8(ascii: "{") {
            guard let input = try? JSONDecoder().decode(Input.self, from: Data(line)) else {
                return DocumentTask.line(String(path.prefix(200)), isRead: false) {
                    $0.diagnostics("diagnostics", [Messages.noInput()])
                }
            }
            path = input.path
            bytes =
                input.document.map { Array($0.utf8) }
                ?? input.base64.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
            if bytes == nil, input.base64 != nil {
                return DocumentTask.line(path, isRead: false) { $0.diagnostics("diagnostics", [Messages.noInput()]) }
            }
        }
        // Standard input has the other lines.
        if path == "-", bytes == nil {
            return DocumentTask.line(path, isRead: false) { $0.diagnostics("diagnostics", [Messages.noInput()]) }
        }
        return answer(path, bytes)
    }

    private mutating func answer(_ path: String, _ bytes: [UInt8]?) -> [UInt8] {
        var report: Report.File?
        var (wrong, files, statistics): ([Diagnostic], [(address: String, bytes: [UInt8])], [Statistics]) = ([], [], [])
        do throws(Diagnostics) {
            let (document, library) = try bytes == nil ? reader.read(path) : handedOn.read(path, bytes: bytes)
            report = validator?.validate(document, library, path: path)
            files = export(document, library, &wrong)
            if isCounting { statistics = try Edition.items(in: document, library: library).map { Statistics($0) } }
        } catch {
            wrong = error.list
            report = validator.map { _ in Report.File(path: path, diagnostics: error.list) }
        }
        let found = (report?.diagnostics ?? []) + wrong.filter { !(report?.diagnostics.contains($0) ?? false) }
        return DocumentTask.line(path, isRead: wrong.isEmpty && report?.wasRead != false) { writer in
            if let report { writer.bool("valid", report.isValid) }
            if report != nil || !wrong.isEmpty { writer.diagnostics("diagnostics", found) }
            if exporter != nil {
                writer.array("files", of: files) { writer, file in
                    writer.line { writer in
                        writer.string("name", file.address)
                        if output == nil { writer.string("content", String(decoding: file.bytes, as: UTF8.self)) }
                    }
                }
            }
            if isCounting {
                writer.array("statistics", of: statistics) { writer, statistics in
                    writer.line { writer in
                        writer.string("document", statistics.name)
                        writer.string("date", statistics.date)
                        writer.counts("counts", statistics)
                    }
                }
            }
        }
    }

    /// The files that are made of a document; with a folder they are written.
    private mutating func export(
        _ document: Document, _ library: Library, _ wrong: inout [Diagnostic]
    ) -> [(address: String, bytes: [UInt8])] {
        var files: [(address: String, bytes: [UInt8])] = []
        for item in exporter?.export(document, library).documents ?? [] {
            do throws(Diagnostics) {
                let made = try item.get()
                if output != nil {
                    try outputs.claim(made.record.addresses, for: made.record.name, at: made.record.place)
                }
                files += made.files
                guard let output else { continue }
                for file in made.files { try Terminal.save(file.bytes, at: "\(output)/\(file.address)") }
            } catch {
                wrong += error.list
            }
        }
        return files
    }

    private static func line(_ path: String, isRead: Bool, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.line { writer in
            writer.string("path", path)
            writer.bool("read", isRead)
            body(&writer)
        }
        return writer.bytes + [0x0A]
    }
}

extension Messages {
    fileprivate static func noInput() -> Diagnostic {
        Diagnostic(
            rule: "worker-input", "the line is no document",
            help: "write a path, or {\"path\": …} with \"document\" (its text) or \"base64\" (its bytes)"
        )
    }
}
