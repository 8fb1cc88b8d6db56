package import XML

/// A JSON document: `{"version": 1, "diagnostics": [{"severity", "rule", "message", "help", "file", "line", "column",
/// "byteOffset", "path", "id", "expected", "occurrences", "notes"}]}`.
///
///     let bytes = JSONReport().export(report)
///
/// Properties that a diagnostic does not have are left out. Lines and columns count from 1, columns in Unicode scalars;
/// byte offsets count from 0.
public struct JSONReport: ReportFormat {
    /// The format's name for `validate --format`.
    public let name = "json"
    /// The extension of its files, without the dot.
    public let fileExtension = "json"

    /// Makes the format.
    public init() {}

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer() }

    private struct Writer: ReportWriter {
        private var isEmpty = true

        var opening: [UInt8]? { Array("{\n  \"version\": 1,\n  \"diagnostics\": [".utf8) }

        mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            new.flatMap { diagnostic in
                defer { isEmpty = false }
                var writer = JSONWriter(depth: 2, isFirst: isEmpty)
                writer.line { $0.write(diagnostic) }
                return writer.bytes
            }
        }

        func closing(_ tally: Report.Tally) -> [UInt8] { Array((isEmpty ? "]\n}\n" : "\n  ]\n}\n").utf8) }
    }
}

extension JSONWriter {
    /// The findings, as the JSON report has them.
    package mutating func diagnostics(_ key: String, _ diagnostics: [Diagnostic]) {
        array(key, of: diagnostics) { writer, diagnostic in writer.line { $0.write(diagnostic) } }
    }

    fileprivate mutating func write(_ diagnostic: Diagnostic) {
        string("severity", diagnostic.severity.rawValue)
        string("rule", diagnostic.rule)
        string("message", diagnostic.message)
        string("help", diagnostic.help)
        write(diagnostic.location)
        string("path", diagnostic.path)
        string("id", diagnostic.id)
        strings("expected", diagnostic.expected)
        if diagnostic.occurrences > 1 { number("occurrences", diagnostic.occurrences) }
        guard !diagnostic.notes.isEmpty else { return }
        array("notes", of: diagnostic.notes) { writer, note in
            writer.line { writer in
                writer.string("message", note.message)
                writer.write(note.location)
            }
        }
    }

    private mutating func write(_ location: SourceLocation?) {
        string("file", location?.file)
        number("line", location?.line)
        number("column", location?.column)
        number("byteOffset", location?.byteOffset)
    }
}

extension ReportFormat where Self == JSONReport {
    /// The JSON format.
    public static var json: JSONReport { JSONReport() }
}
