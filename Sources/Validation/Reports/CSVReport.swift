internal import XML

/// A table for a spreadsheet: a row for each finding, with its file, line, column, severity, rule, message, help,
/// element and number.
///
///     let bytes = CSVReport().export(report)
///
/// Lines and columns count from 1, columns in Unicode scalars. A cell that a spreadsheet might run begins with an
/// apostrophe.
public struct CSVReport: ReportFormat {
    /// The format's name for `validate --format`.
    public let name = "csv"
    /// The extension of its files, without the dot.
    public let fileExtension = "csv"

    /// Makes the format.
    public init() {}

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer() }

    private struct Writer: ReportWriter {
        private static let header = [
            "file", "line", "column", "severity", "rule", "message", "help", "path", "occurrences",
        ]

        var opening: [UInt8]? { CSV.bytes([Writer.header]) }

        func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            CSV.bytes(
                new.map { diagnostic in
                    let place = diagnostic.location
                    return [
                        place?.file ?? file.path, place.map { "\($0.line)" } ?? "", place.map { "\($0.column)" } ?? "",
                        diagnostic.severity.rawValue, diagnostic.rule, diagnostic.message, diagnostic.help ?? "",
                        diagnostic.path ?? "", "\(diagnostic.occurrences)",
                    ]
                })
        }
    }
}

extension ReportFormat where Self == CSVReport {
    /// The format for spreadsheets.
    public static var csv: CSVReport { CSVReport() }
}
