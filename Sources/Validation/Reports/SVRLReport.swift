internal import Schematron
internal import XML

/// Schematron's own report, the Schematron Validation Report Language (ISO/IEC 19757-3, annex D).
///
///     let bytes = SVRLReport().export(report)
///
/// The results of several rules in several files are one document: a pattern says which files it was run on. Other
/// findings, such as grammar errors, follow as a pattern of the program's own, so that nothing is left out.
public struct SVRLReport: ReportFormat {
    private static let namespace = "http://purl.oclc.org/dsdl/svrl"

    /// The format's name for `validate --format`.
    public let name = "svrl"
    /// The extension of its files, without the dot.
    public let fileExtension = "svrl"
    /// Whether it also reports the rules that found nothing: yes.
    public let needsFirings = true

    /// Makes the format.
    public init() {}

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer(report: self) }

    private struct Writer: ReportWriter {
        let report: SVRLReport
        private var files = 0
        private var titles = Set<CodepointString?>()
        private var phases = Set<CodepointString?>()
        private var versions = Set<CodepointString?>()
        private var prefixes: [SchematronOutcome.Prefix] = []
        private var known = Set<SchematronOutcome.Prefix>()

        init(report: SVRLReport) { self.report = report }

        mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            files += 1
            for outcome in file.rules {
                titles.insert(outcome.title.map { CodepointString($0) })
                phases.insert(outcome.phase.map { CodepointString($0) })
                versions.insert(outcome.schemaVersion.map { CodepointString($0) })
                prefixes += outcome.prefixes.filter { known.insert($0).inserted }
            }
            var text = ""
            for pattern in file.rules.flatMap(\.patterns) { report.write(pattern, &text) }
            report.writeOthers(file, isNeeded: text.isEmpty, &text)
            return Array(text.utf8)
        }

        func opening(_ tally: Report.Tally) -> [UInt8] {
            let attributes: [(String, String?)] = [
                ("xmlns:svrl", SVRLReport.namespace), ("title", SVRLReport.common(titles)),
                ("phase", SVRLReport.common(phases).map(SVRLReport.token)),
                ("schemaVersion", SVRLReport.common(versions)),
            ]
            var text =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + report.tag("schematron-output", attributes, isEmpty: false) + "\n"
            for prefix in prefixes {
                text +=
                    "  "
                    + report.tag("ns-prefix-in-attribute-values", [("prefix", prefix.prefix), ("uri", prefix.uri)])
                    + "\n"
            }
            if files == 0 { text += "  " + report.tag("active-pattern", []) + "\n" }
            return Array(text.utf8)
        }

        func closing(_ tally: Report.Tally) -> [UInt8] { Array("</svrl:schematron-output>\n".utf8) }
    }

    /// The value that all outcomes share; `nil` if they differ.
    private static func common(_ values: Set<CodepointString?>) -> String? {
        values.count == 1 ? values.first?.map(\.string) : nil
    }

    private func write(_ pattern: SchematronOutcome.Pattern, _ text: inout String) {
        let attributes: [(String, String?)] = [
            ("id", pattern.id.flatMap(SVRLReport.name)), ("name", pattern.title ?? pattern.id), ("role", pattern.role),
            ("documents", pattern.documents.map(\.percentEncodedPath).joined(separator: " ")),
        ]
        text += "  " + tag("active-pattern", attributes) + "\n"
        for firing in pattern.firings {
            let attributes: [(String, String?)] = [
                ("id", firing.id.flatMap(SVRLReport.name)), ("context", firing.context), ("role", firing.role),
                ("flag", firing.flag),
            ]
            text += "  " + tag("fired-rule", attributes) + "\n"
            for finding in firing.findings { write(finding, &text) }
        }
    }

    private func write(_ finding: SchematronOutcome.Finding, _ text: inout String) {
        let name = finding.isReport ? "successful-report" : "failed-assert"
        text +=
            "  "
            + tag(
                name,
                [
                    ("id", finding.id.flatMap(SVRLReport.name)), ("location", finding.location), ("test", finding.test),
                    ("role", finding.role),
                    ("flag", finding.flag),
                ], isEmpty: false) + "\n"
        for message in finding.diagnostics {
            write(message, "diagnostic-reference", [("diagnostic", message.id)], &text)
        }
        for message in finding.properties {
            let attributes = [("property", message.id), ("role", message.role), ("scheme", message.scheme)]
            write(message, "property-reference", attributes, &text)
        }
        text += "    " + self.text(finding.message) + "\n  </svrl:\(name)>\n"
    }

    private func write(
        _ message: SchematronOutcome.Message, _ name: String, _ attributes: [(String, String?)], _ text: inout String
    ) {
        text +=
            "    "
            + tag(
                name, attributes.map { ($0.0, $0.0 == "role" || $0.0 == "scheme" ? $0.1 : $0.1.map(SVRLReport.token)) },
                isEmpty: false)
        text += self.text(message) + "</svrl:\(name)>\n"
    }

    private func text(_ message: SchematronOutcome.Message) -> String {
        let attributes = [
            ("xml:lang", message.language), ("see", message.see), ("icon", message.icon), ("fpi", message.fpi),
        ]
        return tag("text", attributes, isEmpty: false) + message.content.map(markup).joined() + "</svrl:text>"
    }

    private func markup(_ part: RichText) -> String {
        switch part {
        case .text(let text): text.escapedAsText
        case .copy(let xml, _): xml
        case .markup(.emphasis, let parts): tag("emph", [], isEmpty: false) + plain(parts) + "</svrl:emph>"
        case .markup(.span(let name), let parts):
            tag("span", [("class", name ?? "")], isEmpty: false) + plain(parts) + "</svrl:span>"
        case .markup(.direction(let value), let parts):
            tag("dir", [("dir", value)], isEmpty: false) + plain(parts) + "</svrl:dir>"
        }
    }

    /// Marks hold text alone.
    private func plain(_ parts: [RichText]) -> String { parts.map(\.text).joined().escapedAsText }

    // MARK: What no rule of Schematron has found

    private func writeOthers(_ file: Report.File, isNeeded: Bool, _ text: inout String) {
        let known = Set(file.rules.flatMap(\.diagnostics))
        let others = file.diagnostics.filter { !known.contains($0) || $0.rule == SchematronMessages.notRun }
        guard isNeeded || !others.isEmpty else { return }
        text +=
            "  " + tag("active-pattern", [("name", "marginalia"), ("documents", file.path.percentEncodedPath)]) + "\n"
        guard !others.isEmpty else { return }
        text += "  " + tag("fired-rule", [("context", "/")]) + "\n"
        for diagnostic in others {
            let attributes = [
                ("location", diagnostic.path ?? "/"), ("test", diagnostic.rule), ("role", diagnostic.severity.rawValue),
            ]
            text += "  " + tag("failed-assert", attributes, isEmpty: false) + "\n    <svrl:text>"
            text +=
                ((diagnostic.location.map { "\($0): " } ?? "") + diagnostic.message).escapedAsText
                + "</svrl:text>\n  </svrl:failed-assert>\n"
        }
    }

    // MARK: XML

    private func tag(_ name: String, _ attributes: [(String, String?)], isEmpty: Bool = true) -> String {
        let written = attributes.compactMap { name, value in value.map { " \(name)=\"\($0.escapedAsAttribute)\"" } }
        return "<svrl:\(name)\(written.joined())\(isEmpty ? "/" : "")>"
    }

    /// An id, where it is a name.
    private static func name(_ id: String) -> String? { NCName.isValid(id) ? id : nil }

    /// A name without white space.
    private static func token(_ text: String) -> String { text.tokens.joined(separator: "_") }
}

extension ReportFormat where Self == SVRLReport {
    /// The SVRL format.
    public static var svrl: SVRLReport { SVRLReport() }
}
