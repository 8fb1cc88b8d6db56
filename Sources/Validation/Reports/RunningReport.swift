package import XML

/// A report that is written as files finish. What begins with totals waits on the disk until all are known.
///
///     var report = try RunningReport(JSONReport()) { bytes in … }
///     for file in files { report.add(file) }
///     try report.end()
package struct RunningReport {
    private var writer: any ReportWriter
    private let source: SourceReader
    private let waiting: TemporaryFile?
    private let write: ([UInt8]) -> Void
    package private(set) var tally = Report.Tally()

    /// - Parameters:
    ///   - standardInput: the bytes of the file `-`, which cannot be read again.
    ///   - write: takes the report, part by part.
    /// - Throws: ``XML/Diagnostics`` where there is no room for what waits.
    package init(
        _ format: any ReportFormat, standardInput: [UInt8] = [], write: @escaping ([UInt8]) -> Void
    ) throws(Diagnostics) {
        (writer, source, self.write) = (format.writer, SourceReader(standardInput: standardInput), write)
        if let opening = writer.opening {
            waiting = nil
            write(opening)
        } else {
            waiting = try TemporaryFile()
        }
    }

    /// - Parameter isShown: whether the file is written, or counted alone.
    package mutating func add(_ file: Report.File, isShown: Bool = true) {
        let new = tally.add(file)
        guard isShown else { return }
        let bytes = writer.add(file, new: new, source: source)
        guard let waiting else { return write(bytes) }
        waiting.append(bytes)
    }

    /// - Throws: ``XML/Diagnostics`` where what waited could not be held.
    package func end() throws(Diagnostics) {
        if let waiting {
            try waiting.check()
            write(writer.opening(tally))
            try waiting.read(write)
        }
        write(writer.closing(tally))
    }
}
