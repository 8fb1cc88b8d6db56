internal import XML

/// A JSON document: `{"version": 1, "diagnostics": [{"severity", "rule", "message", "help", "file", "line", "column",
/// "byteOffset", "path", "id", "expected", "notes"}]}`; what a diagnostic has not is left out.
public struct JSONReport: ReportFormat {
    public init() {}

    public func export(_ report: Report) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.number("version", 1)
            writer.array("diagnostics", of: report.diagnostics) { writer, diagnostic in
                writer.line { write(diagnostic, &$0) }
            }
        }
        return writer.bytes + [0x0A]
    }

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
