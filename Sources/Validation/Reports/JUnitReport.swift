internal import XML

/// JUnit's XML, as continuous integration servers read it: a test case for each file, valid files too.
///
///     let bytes = JUnitReport().export(report)
///
/// A file with errors is a failure, an unreadable file is an error, and warnings and notes are a test's output.
public struct JUnitReport: ReportFormat {
    /// The format's name for `validate --format`.
    public let name = "junit"
    /// The extension of its files, without the dot.
    public let fileExtension = "xml"

    /// Makes the format.
    public init() {}

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer() }

    private struct Writer: ReportWriter {
        private var count = 0
        private var failed = 0
        private var unread = 0

        mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            count += 1
            if !file.wasRead { unread += 1 } else if !file.isValid { failed += 1 }
            return Array(JUnitReport.testCase(file, source).utf8)
        }

        func opening(_ tally: Report.Tally) -> [UInt8] {
            let counts = "tests=\"\(count)\" failures=\"\(failed)\" errors=\"\(unread)\""
            let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(counts)>\n"
            return Array((text + "  <testsuite name=\"marginalia validate\" \(counts) skipped=\"0\">\n").utf8)
        }

        func closing(_ tally: Report.Tally) -> [UInt8] { Array("  </testsuite>\n</testsuites>\n".utf8) }
    }

    private static func testCase(_ file: Report.File, _ source: SourceReader) -> String {
        let head = "    <testcase name=\"\(file.path.printable.escapedAsAttribute)\" classname=\"marginalia\""
        guard !file.diagnostics.isEmpty else { return head + "/>\n" }
        let errors = file.diagnostics.filter { $0.severity == .error }
        let warnings = file.diagnostics.filter { $0.severity != .error }
        var text = head + ">\n"
        if let first = errors.first {
            let name = file.wasRead ? "failure" : "error"
            let message = errors.count == 1 ? first.message : "\(errors.count) errors; the first: \(first.message)"
            text +=
                "      <\(name) message=\"\(message.printable.escapedAsAttribute)\" type=\"\(first.rule.printable.escapedAsAttribute)\">"
            text += "\(content(errors, source))</\(name)>\n"
        }
        if !warnings.isEmpty { text += "      <system-out>\(content(warnings, source))</system-out>\n" }
        return text + "    </testcase>\n"
    }

    private static func content(_ diagnostics: [Diagnostic], _ source: SourceReader) -> String {
        diagnostics.map { TextReport().text(of: $0, source) }.joined().escapedAsText
    }
}

extension ReportFormat where Self == JUnitReport {
    /// The format for continuous integration servers.
    public static var junit: JUnitReport { JUnitReport() }
}
