internal import TEI
package import Validation
package import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The work of a worker on each document.
package struct WorkerOptions: Sendable {
    /// How documents are validated; `nil` if they are not.
    package var validation: ValidationOptions?
    /// The export of documents; `nil` for none. Without a folder, the contents are in the answers.
    package var export: ExportOptions?
    /// Whether they are counted.
    package var isCounting: Bool
    /// The folder that must contain every file that is read.
    package var root: String?

    package init(validation: ValidationOptions?, export: ExportOptions?, isCounting: Bool, root: String?) {
        (self.validation, self.export, self.isCounting, self.root) = (validation, export, isCounting, root)
    }
}

/// The protocol of `marginalia worker`: a line for each document in, a line of JSON out.
///
///     let options = WorkerOptions(validation: ValidationOptions(), export: nil, isCounting: true, root: nil)
///     var worker = try WorkerProtocol(options)
///     let answer = worker.answer(Array("memo.xml".utf8)[...])
///
/// A line is a path, or an object `{"path", "document"}` or `{"path", "base64"}`.
package struct WorkerProtocol {
    private let validator: CorpusValidator?
    private let exporter: DocumentExporter?
    private let isCounting: Bool
    private let reader: EditionFiles.Reader
    /// For documents whose bytes are in the line: their path is only a label, and they may read no file.
    private let handedOn: EditionFiles.Reader
    private let output: String?
    /// The files that were written.
    private var outputs = OutputFiles()

    /// - Throws: ``XML/Diagnostics`` if a schema that the options name cannot be used.
    package init(_ options: WorkerOptions) throws(Diagnostics) {
        validator = try options.validation.map { validation throws(Diagnostics) in try CorpusValidator(validation) }
        exporter = try options.export.map { export throws(Diagnostics) in
            // Without a folder the addresses are those in the lines.
            var export = export
            export.output = export.output ?? "."
            return try DocumentExporter(export)
        }
        (isCounting, output) = (options.isCounting, options.export?.output)
        (reader, handedOn) = (
            EditionFiles.Reader(root: options.root),
            options.root == nil ? EditionFiles.Reader.readingNothing : EditionFiles.Reader(root: options.root)
        )
    }

    private struct Input: Decodable {
        let path: String
        let document: String?
        let base64: String?
    }

    /// The line for a document.
    package mutating func answer(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var path = String(path: line)
        var bytes: [UInt8]?
        if line.first == UInt8(ascii: "{") {
            guard let input = try? JSONDecoder().decode(Input.self, from: Data(line)) else {
                return WorkerProtocol.line(String(path.prefix(200)), isRead: false) {
                    $0.diagnostics("diagnostics", [Messages.noInput()])
                }
            }
            path = input.path
            bytes =
                input.document.map { Array($0.utf8) }
                ?? input.base64.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
            if bytes == nil, input.base64 != nil {
                return WorkerProtocol.line(path, isRead: false) { $0.diagnostics("diagnostics", [Messages.noInput()]) }
            }
        }
        // Standard input has the other lines.
        if path == "-", bytes == nil {
            return WorkerProtocol.line(path, isRead: false) { $0.diagnostics("diagnostics", [Messages.noInput()]) }
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
            if isCounting { statistics = try EditionFiles.items(in: document, library: library).map { Statistics($0) } }
        } catch {
            wrong = error.list
            report = validator.map { _ in Report.File(path: path, diagnostics: error.list) }
        }
        let found = (report?.diagnostics ?? []) + wrong.filter { !(report?.diagnostics.contains($0) ?? false) }
        return WorkerProtocol.line(path, isRead: wrong.isEmpty && report?.wasRead != false) { writer in
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
        _ document: Document, _ library: PointerResolver, _ wrong: inout [Diagnostic]
    ) -> [(address: String, bytes: [UInt8])] {
        var files: [(address: String, bytes: [UInt8])] = []
        for item in exporter?.export(document, library).documents ?? [] {
            do throws(Diagnostics) {
                let made = try item.get()
                if output != nil {
                    try outputs.claim(made.files.map(\.address), for: made.name, at: made.location)
                }
                files += made.files
                guard let output else { continue }
                for file in made.files { try OutputFile.save(file.bytes, at: "\(output)/\(file.address)") }
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
