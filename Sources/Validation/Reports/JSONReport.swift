public import XML

/// A JSON document: `{"version": 1, "diagnostics": [{"severity", "rule", "message", "help", "file", "line", "column",
/// "byteOffset", "path", "id", "expected", "notes"}]}`; what a diagnostic has not is left out.
public struct JSONReport: ContinuousReportFormat {
    public init() {}

    public var opening: [UInt8] { Array("{\n  \"version\": 1,\n  \"diagnostics\": [".utf8) }

    public func entry(_ number: Int, _ diagnostic: Diagnostic, source: SourceReader) -> [UInt8] {
        var writer = JSONWriter(depth: 2)
        writer.line { write(diagnostic, &$0) }
        return (number == 0 ? "" : ",").utf8 + writer.bytes
    }

    public func closing(_ count: Int) -> [UInt8] { Array((count == 0 ? "]\n}\n" : "\n  ]\n}\n").utf8) }

    private func write(_ diagnostic: Diagnostic, _ writer: inout JSONWriter) {
        writer.string("severity", diagnostic.severity.rawValue)
        writer.string("rule", diagnostic.rule)
        writer.string("message", diagnostic.message)
        writer.string("help", diagnostic.help)
        write(diagnostic.location, &writer)
        writer.string("path", diagnostic.path)
        writer.string("id", diagnostic.id)
        writer.strings("expected", diagnostic.expected)
        guard !diagnostic.notes.isEmpty else { return }
        writer.array("notes", of: diagnostic.notes) { writer, note in
            writer.line { writer in
                writer.string("message", note.message)
                write(note.location, &writer)
            }
        }
    }

    private func write(_ location: SourceLocation?, _ writer: inout JSONWriter) {
        writer.string("file", location?.file)
        writer.number("line", location?.line)
        writer.number("column", location?.column)
        writer.number("byteOffset", location?.byteOffset)
    }
}

extension ReportFormat where Self == JSONReport {
    public static var json: JSONReport { JSONReport() }
}
