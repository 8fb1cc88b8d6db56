internal import XML

/// A paragraph for each diagnostic, for people:
///
/// ```console
/// memo.xml:24:9: error: … [rule]
///   24 |         <p><nosuch/></p>
///      |            ^
///   help: …
///   note: memo.xml:12:3: …
///     12 |   <p>
///        |   ^
/// ```
///
///     print(String(decoding: TextReport(colour: true).export(report), as: UTF8.self))
///
/// Files and their names cannot move a terminal's cursor, colour its text or turn its direction.
public struct TextReport: ReportFormat {
    /// The format's name for `validate --format`.
    public let name = "text"
    /// The extension of its files, without the dot.
    public let fileExtension = "txt"
    /// Whether its bytes are safe for a terminal: yes.
    public let isPrintable = true
    /// Whether of findings with the same message only the first is reported whole.
    public let groupsEqual: Bool
    private let colour: Bool

    /// Makes the format.
    ///
    /// - Parameters:
    ///   - colour: whether to colour the text for a terminal.
    ///   - groupsEqual: whether findings that say the same are reported in a line at the end, after the first.
    public init(colour: Bool = false, groupsEqual: Bool = false) {
        (self.colour, self.groupsEqual) = (colour, groupsEqual)
    }

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer(report: self) }

    private struct Writer: ReportWriter {
        let report: TextReport
        /// The first rule whose help does not show all that is allowed.
        private var cut: String?

        init(report: TextReport) { self.report = report }

        var opening: [UInt8]? { [] }

        mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            cut = cut ?? new.first(where: \.isCut)?.rule
            return new.flatMap { Array(report.text(of: $0, source).utf8) }
        }

        func closing(_ tally: Report.Tally) -> [UInt8] {
            guard let cut else { return [] }
            return Array(
                "‘--format json’ has all that is allowed; ‘marginalia explain \(cut)’ says how to mend many\n".utf8)
        }

        func repeated(_ groups: [RepeatedFindings.Group]) -> [UInt8] {
            groups.flatMap { Array(report.text(of: $0).utf8) }
        }
    }

    /// `268 times: warning: the message [rule]: a.xml:3:1, b.xml:3:1, c.xml:3:1 and 265 more`
    private func text(of group: RepeatedFindings.Group) -> String {
        let severity = group.first.severity
        let more = group.count - group.places.count
        let places = group.places.map(\.description).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        return paint("\(group.count) times:", "1") + " " + paint(severity.rawValue + ":", hue(severity))
            + " \(group.first.message.printable) [\(group.first.rule.printable)]: \(places.printable)\n"
    }

    private func hue(_ severity: Diagnostic.Severity) -> String {
        switch severity {
        case .error: "1;31"
        case .warning: "1;33"
        case .note: "1;36"
        }
    }

    func text(of diagnostic: Diagnostic, _ source: SourceReader) -> String {
        let hue = hue(diagnostic.severity)
        let place = (diagnostic.location.map(\.description) ?? "marginalia").printable + ":"
        var text = paint(place, "1") + " " + paint(diagnostic.severity.rawValue + ":", hue)
        text += " \(diagnostic.message.printable) [\(diagnostic.rule.printable)]\n"
        text += excerpt(at: diagnostic.location, source, indent: "  ", hue)
        if let help = diagnostic.help { text += "  help: \(help.printable)\n" }
        for note in diagnostic.notes {
            text += "  note: \(note.location.map { "\($0): " }?.printable ?? "")\(note.message.printable)\n"
            text += excerpt(at: note.location, source, indent: "    ", "1")
        }
        return text
    }

    /// The line, and a caret below the column.
    private func excerpt(at location: SourceLocation?, _ source: SourceReader, indent: String, _ hue: String) -> String
    {
        guard let location, let excerpt = source.excerpt(at: location) else { return "" }
        let number = String(location.line)
        let blanks = { (count: Int) in String(repeating: " ", count: count) }
        return "\(indent)\(number) | \(excerpt.text)\n"
            + "\(indent)\(blanks(number.utf8.count)) | \(blanks(excerpt.caret))\(paint("^", hue))\n"
    }

    private func paint(_ string: String, _ code: String) -> String {
        colour ? "\u{1B}[\(code)m\(string)\u{1B}[0m" : string
    }
}

extension Diagnostic {
    /// Whether its help shows only the likeliest of what is allowed.
    fileprivate var isCut: Bool {
        rule.hasPrefix("grammar-") && expected.count > 15 && help?.contains(" more") == true
    }
}

extension ReportFormat where Self == TextReport {
    /// The text format, without colours.
    public static var text: TextReport { TextReport() }
    /// The text format, with or without colours.
    public static func text(colour: Bool) -> TextReport { TextReport(colour: colour) }
}
