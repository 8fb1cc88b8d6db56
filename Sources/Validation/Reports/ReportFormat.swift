/// Turns a report into bytes.
///
/// A format is one file: a struct that conforms, and a static member, so that a call reads `.text` or `.sarif`.
///
///     let bytes = ReportFormat.json.export(report)
public protocol ReportFormat: Sendable {
    /// UTF-8, with a line end behind it unless it is empty. The same input gives the same bytes.
    func export(_ report: Report) -> [UInt8]
}
