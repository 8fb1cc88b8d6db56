public import XML

/// Turns a report into bytes.
///
/// A format is one file: a struct that conforms, and a static member, so that a call reads `.text` or `.sarif`.
///
///     let bytes = ReportFormat.json.export(report)
public protocol ReportFormat: Sendable {
    /// UTF-8, with a line end behind it unless it is empty. The same input gives the same bytes.
    func export(_ report: Report) -> [UInt8]
}

/// A format that says one thing after the other, so that a report can be written while files are still looked at.
///
///     var tally = Report.Tally()
///     var count = 0
///     write(format.opening)
///     for file in files {
///         for found in tally.add(file) {
///             write(format.entry(count, found))
///             count += 1
///         }
///     }
///     write(format.closing(count))
public protocol ContinuousReportFormat: ReportFormat {
    /// What stands before all.
    var opening: [UInt8] { get }

    /// - Parameter number: how many entries stand before it.
    func entry(_ number: Int, _ diagnostic: Diagnostic, source: SourceReader) -> [UInt8]

    /// What stands behind so many entries.
    func closing(_ count: Int) -> [UInt8]
}

extension ContinuousReportFormat {
    public var opening: [UInt8] { [] }

    public func closing(_ count: Int) -> [UInt8] { [] }

    public func export(_ report: Report) -> [UInt8] {
        opening + report.diagnostics.enumerated().flatMap { entry($0, $1, source: report.source) } + closing(report.diagnostics.count)
    }
}
