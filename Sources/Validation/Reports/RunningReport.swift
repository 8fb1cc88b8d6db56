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
    private let groupsEqual: Bool
    private var repeated = RepeatedFindings()
    private let limit: Int
    /// How many more findings may be listed.
    private var room: Int
    /// How many findings were not listed.
    package private(set) var unlisted = 0
    package private(set) var tally = Report.Tally()

    /// - Parameters:
    ///   - limit: how many findings are listed at most; the others are counted.
    ///   - standardInput: what was read from there.
    ///   - write: takes the report, part by part.
    /// - Throws: ``XML/Diagnostics`` where there is no room for what waits.
    package init(
        _ format: any ReportFormat, limit: Int = .max, standardInput: StandardInput = StandardInput(),
        write: @escaping ([UInt8]) -> Void
    ) throws(Diagnostics) {
        (writer, source, self.write) = (format.writer, SourceReader(standardInput: standardInput), write)
        (groupsEqual, self.limit, room) = (format.groupsEqual, limit, limit)
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
        let listed = groupsEqual ? repeated.first(of: new) : new
        let shown = Array(listed.prefix(room))
        room -= shown.count
        unlisted += listed.count - shown.count
        let bytes = writer.add(file, new: shown, source: source)
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
        write(writer.repeated(Array(repeated.groups.prefix(limit))) + writer.closing(tally))
    }
}
