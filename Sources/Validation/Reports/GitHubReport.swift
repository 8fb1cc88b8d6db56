internal import XML

/// Workflow commands of GitHub Actions, which show findings beside the lines of a change:
///
/// ```console
/// ::error file=memo.xml,line=24,col=9,title=rule::…
/// ```
///
/// GitHub shows ten errors and ten warnings of a step; its log has the others.
///
///     let bytes = GitHubReport().export(report)
public struct GitHubReport: ReportFormat {
    /// The format's name for `validate --format`.
    public let name = "github"
    /// The extension of its files, without the dot.
    public let fileExtension = "txt"

    /// Makes the format.
    public init() {}

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer(report: self) }

    private struct Writer: ReportWriter {
        let report: GitHubReport

        var opening: [UInt8]? { [] }

        func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            new.flatMap { Array((report.command(for: $0) + "\n").utf8) }
        }
    }

    private func command(for diagnostic: Diagnostic) -> String {
        var properties: [String] = []
        if let location = diagnostic.location {
            properties = [
                "file=\(escape(location.file, property: true))", "line=\(location.line)", "col=\(location.column)",
            ]
        }
        properties.append("title=\(escape(diagnostic.rule.printable, property: true))")
        let notes = diagnostic.notes.map { "note: " + ($0.location.map { "\($0): " } ?? "") + $0.message }
        let lines = [diagnostic.message] + (diagnostic.help.map { ["help: " + $0] } ?? []) + notes
        let message = escape(lines.map(\.printable).joined(separator: "\n"), property: false)
        let level = diagnostic.severity == .note ? "notice" : diagnostic.severity.rawValue
        return "::\(level) \(properties.joined(separator: ","))::\(message)"
    }

    /// Characters that would end a command, a property or its value become `%` and two digits.
    private func escape(_ string: String, property: Bool) -> String {
        var escaped = ""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where property: escaped += "%3A"
            case "," where property: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension ReportFormat where Self == GitHubReport {
    /// The format for GitHub Actions.
    public static var github: GitHubReport { GitHubReport() }
}
