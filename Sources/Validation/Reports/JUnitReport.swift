internal import XML

/// JUnit's XML, as continuous integration servers read it: a test case for each file, valid ones too.
///
/// A file with errors has failed, one that could not be read is in error; warnings are a test's output.
public struct JUnitReport: ReportFormat {
    public init() {}

    public func export(_ report: Report) -> [UInt8] {
        let unread = report.files.filter { !$0.wasRead }.count
        let failed = report.files.filter { !$0.isValid }.count - unread
        let counts = "tests=\"\(report.files.count)\" failures=\"\(failed)\" errors=\"\(unread)\""
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(counts)>\n"
        text += "  <testsuite name=\"marginalia validate\" \(counts) skipped=\"0\">\n"
        for file in report.files { text += testCase(file, report.source) }
        text += "  </testsuite>\n</testsuites>\n"
        return Array(text.utf8)
    }

    private func testCase(_ file: Report.File, _ source: SourceReader) -> String {
        let head = "    <testcase name=\"\(file.path.printable.escapedAsAttribute)\" classname=\"marginalia\""
        guard !file.diagnostics.isEmpty else { return head + "/>\n" }
        let errors = file.diagnostics.filter { $0.severity == .error }
        let warnings = file.diagnostics.filter { $0.severity == .warning }
        var text = head + ">\n"
        if let first = errors.first {
            let name = file.wasRead ? "failure" : "error"
            let message = errors.count == 1 ? first.message : "\(errors.count) errors; the first: \(first.message)"
            text += "      <\(name) message=\"\(message.printable.escapedAsAttribute)\" type=\"\(first.rule.printable.escapedAsAttribute)\">"
            text += "\(content(errors, source))</\(name)>\n"
        }
        if !warnings.isEmpty { text += "      <system-out>\(content(warnings, source))</system-out>\n" }
        return text + "    </testcase>\n"
    }

    private func content(_ diagnostics: [Diagnostic], _ source: SourceReader) -> String {
        diagnostics.map { TextReport().text(of: $0, source) }.joined().escapedAsText
    }
}

extension ReportFormat where Self == JUnitReport {
    public static var junit: JUnitReport { JUnitReport() }
}
