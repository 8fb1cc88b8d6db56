public import XML

/// Diagnostics as they are written for people and programs.
public struct Report: Sendable {
    private let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// One paragraph for each diagnostic:
    ///
    ///     memo.xml:24:9: error: … [rule]
    ///       help: …
    ///       note: memo.xml:12:3: …
    public func text(colour: Bool = false) -> String {
        var text = ""
        for diagnostic in diagnostics {
            let place = diagnostic.location.map { "\($0): " } ?? "marginalia: "
            let severity = paint(diagnostic.severity.rawValue + ":", diagnostic.severity == .error ? "1;31" : "1;33", colour)
            text += "\(paint(place, "1", colour))\(severity) \(diagnostic.message) [\(diagnostic.rule)]\n"
            if let help = diagnostic.help { text += "  help: \(help)\n" }
            for note in diagnostic.notes {
                text += "  note: \(note.location.map { "\($0): " } ?? "")\(note.message)\n"
            }
        }
        return text
    }

    private func paint(_ string: String, _ code: String, _ colour: Bool) -> String {
        colour ? "\u{1B}[\(code)m\(string)\u{1B}[0m" : string
    }

    /// `23 files: 2 errors, 1 warning`
    public func summary(files: Int) -> String {
        func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        let errors = diagnostics.filter { $0.severity == .error }.count
        let warnings = diagnostics.count - errors
        return "\(count(files, "file")): \(count(errors, "error")), \(count(warnings, "warning"))"
    }

    /// A JSON document: `{"version": 1, "diagnostics": [{"severity", "rule", "message", "help", "file", "line", "column",
    /// "byteOffset", "path", "id", "notes"}]}`; what a diagnostic has not is left out.
    public var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.number("version", 1)
            writer.array("diagnostics", of: diagnostics) { writer, diagnostic in
                writer.line { write(diagnostic, &$0) }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private func write(_ diagnostic: Diagnostic, _ writer: inout JSONWriter) {
        writer.string("severity", diagnostic.severity.rawValue)
        writer.string("rule", diagnostic.rule)
        writer.string("message", diagnostic.message)
        writer.string("help", diagnostic.help)
        write(diagnostic.location, &writer)
        writer.string("path", diagnostic.path)
        writer.string("id", diagnostic.id)
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
