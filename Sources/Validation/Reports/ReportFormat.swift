public import XML

/// Turns a report into bytes.
///
/// A format is one file: a struct that conforms, and its row in ``ReportFormats``.
///
///     let bytes = JSONReport().export(report)
///
/// A report of many files is written file by file, without being held:
///
///     var (tally, writer) = (Report.Tally(), format.writer)
///     for file in files {
///         body.append(writer.add(file, new: tally.add(file), source: source))
///     }
///     write(writer.opening(tally) + body + writer.closing(tally))
public protocol ReportFormat: Sendable {
    /// What `validate --format` calls it: `json`.
    var name: String { get }

    /// The extension of its files, without the dot.
    var fileExtension: String { get }

    /// Whether it has what Schematron rules did besides finding something.
    var needsFirings: Bool { get }

    /// Whether its bytes are safe for a terminal as they are.
    var isPrintable: Bool { get }

    var writer: any ReportWriter { get }
}

extension ReportFormat {
    public var needsFirings: Bool { false }

    public var isPrintable: Bool { false }
}

/// What reports of all formats can be told; each takes what concerns it.
public struct ReportOptions: Sendable {
    /// Whether a report for a terminal is coloured.
    public var colour: Bool
    /// The program's version.
    public var version: String?
    /// What the rules of checks are about.
    public var rules: [RuleDescription]

    public init(colour: Bool = false, version: String? = nil, rules: [RuleDescription] = []) {
        (self.colour, self.version, self.rules) = (colour, version, rules)
    }
}

/// All formats of reports.
public enum ReportFormats {
    public static func all(_ options: ReportOptions = ReportOptions()) -> [any ReportFormat] {
        [
            TextReport(colour: options.colour), JSONReport(),
            SARIFReport(version: options.version, rules: options.rules), GitHubReport(), JUnitReport(), SVRLReport(),
        ]
    }
}

/// Writes one report.
public protocol ReportWriter {
    /// What stands before all, where that is known before any file has been looked at.
    var opening: [UInt8]? { get }

    /// What the report says of a file.
    ///
    /// - Parameter new: what of its diagnostics was not found in a file before it.
    mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8]

    /// What stands before all that was said of the files.
    func opening(_ tally: Report.Tally) -> [UInt8]

    /// What stands behind it.
    func closing(_ tally: Report.Tally) -> [UInt8]
}

extension ReportWriter {
    public var opening: [UInt8]? { nil }

    public func opening(_ tally: Report.Tally) -> [UInt8] { opening ?? [] }

    public func closing(_ tally: Report.Tally) -> [UInt8] { [] }
}

extension ReportFormat {
    /// A report that is held as a whole, in UTF-8, with a line end behind it unless it is empty. The same input gives
    /// the same bytes.
    public func export(_ report: Report) -> [UInt8] {
        var (tally, writer) = (Report.Tally(), writer)
        let body = report.files.flatMap { writer.add($0, new: tally.add($0), source: report.source) }
        return writer.opening(tally) + body + writer.closing(tally)
    }
}
