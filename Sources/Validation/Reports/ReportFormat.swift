public import XML

/// A format of reports: it turns a report into bytes.
///
///     let bytes = JSONReport().export(report)
///
/// A format is one file: a struct that conforms, and its row in ``ReportFormats``. To write a report of many files file
/// by file, without holding it in memory:
///
///     var tally = Report.Tally()
///     var writer = JSONReport().writer
///     var body: [UInt8] = []
///     for file in report.files {
///         body += writer.add(file, new: tally.add(file), source: SourceReader())
///     }
///     let bytes = writer.opening(tally) + body + writer.closing(tally)
public protocol ReportFormat: Sendable {
    /// The format's name for `validate --format`: `json`.
    var name: String { get }

    /// The extension of its files, without the dot.
    var fileExtension: String { get }

    /// Whether it also reports the Schematron rules that found nothing.
    var needsFirings: Bool { get }

    /// Whether its bytes are safe for a terminal as they are.
    var isPrintable: Bool { get }

    /// Whether of findings with the same message only the first is reported whole, and the others are counted.
    var groupsEqual: Bool { get }

    /// A writer for a new report.
    var writer: any ReportWriter { get }
}

extension ReportFormat {
    /// By default `false`.
    public var needsFirings: Bool { false }

    /// By default `false`.
    public var isPrintable: Bool { false }

    /// By default `false`.
    public var groupsEqual: Bool { false }
}

/// The options of reports; each format uses those that concern it.
///
///     let formats = ReportFormats.all(ReportOptions(colour: true))
public struct ReportOptions: Sendable {
    /// Whether a report for a terminal is coloured.
    public var colour: Bool
    /// Whether a report for people has findings with the same message once, with a count.
    public var groupsEqual: Bool
    /// The program's version; `nil` if the report does not give it.
    public var version: String?
    /// The descriptions of rules that this module does not know, such as your own checks.
    public var rules: [RuleDescription]

    /// Makes options.
    public init(
        colour: Bool = false, groupsEqual: Bool = false, version: String? = nil, rules: [RuleDescription] = []
    ) {
        (self.colour, self.groupsEqual, self.version, self.rules) = (colour, groupsEqual, version, rules)
    }
}

/// The list of all formats.
///
///     for format in ReportFormats.all() { print(format.name, format.fileExtension) }
public enum ReportFormats {
    /// All formats, with these options.
    public static func all(_ options: ReportOptions = ReportOptions()) -> [any ReportFormat] {
        [
            TextReport(colour: options.colour, groupsEqual: options.groupsEqual), JSONReport(),
            SARIFReport(version: options.version, rules: options.rules), GitHubReport(), JUnitReport(), SVRLReport(),
            CSVReport(),
        ]
    }
}

/// Writes one report, file by file.
public protocol ReportWriter {
    /// The beginning of the report, if it does not depend on the files; otherwise `nil`.
    var opening: [UInt8]? { get }

    /// The part of the report about a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - new: its diagnostics without those that an earlier file had.
    ///   - source: gets the lines that the diagnostics are about.
    mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8]

    /// The part of the report about findings with the same message, where the format groups them.
    func repeated(_ groups: [RepeatedFindings.Group]) -> [UInt8]

    /// The beginning of the report, once all files are known.
    func opening(_ tally: Report.Tally) -> [UInt8]

    /// The end of the report.
    func closing(_ tally: Report.Tally) -> [UInt8]
}

extension ReportWriter {
    /// By default `nil`.
    public var opening: [UInt8]? { nil }

    /// By default nothing.
    public func repeated(_ groups: [RepeatedFindings.Group]) -> [UInt8] { [] }

    /// By default ``opening``, or nothing.
    public func opening(_ tally: Report.Tally) -> [UInt8] { opening ?? [] }

    /// By default nothing.
    public func closing(_ tally: Report.Tally) -> [UInt8] { [] }
}

extension ReportFormat {
    /// The whole report, in UTF-8; it ends with a line end unless it is empty. The same input gives the same bytes.
    ///
    ///     print(String(decoding: TextReport().export(report), as: UTF8.self))
    public func export(_ report: Report) -> [UInt8] {
        var (tally, writer, repeated) = (Report.Tally(), writer, RepeatedFindings())
        let body = report.files.flatMap { file in
            let new = tally.add(file)
            return writer.add(file, new: groupsEqual ? repeated.first(of: new) : new, source: report.source)
        }
        return writer.opening(tally) + body + writer.repeated(repeated.groups) + writer.closing(tally)
    }
}
