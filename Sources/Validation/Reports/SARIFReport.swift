public import XML

/// SARIF 2.1.0 (OASIS), which code hosts and editors read.
///
///     let bytes = SARIFReport(version: "1.0").export(report)
///
/// A place is a point: a region of no length, with line and column (in Unicode scalars, from 1) and byte offset (from
/// 0). Relative paths are relative to the folder in which the program ran.
public struct SARIFReport: ReportFormat {
    /// The format's name for `validate --format`.
    public let name = "sarif"
    /// The extension of its files, without the dot.
    public let fileExtension = "sarif"
    private let version: String?
    private let descriptions: [RuleDescription]

    /// Makes the format.
    ///
    /// - Parameters:
    ///   - version: the program's version; `nil` to leave it out.
    ///   - rules: the descriptions of rules that this module does not know, such as your own checks.
    public init(version: String? = nil, rules: [RuleDescription] = []) {
        (self.version, descriptions) = (version, rules)
    }

    /// A writer for a new report.
    public var writer: any ReportWriter { Writer(version: version, descriptions) }

    private struct Writer: ReportWriter {
        private let version: String?
        private let descriptions: [RuleDescription]
        private var paths: [String] = []
        /// In the order in which they were found.
        private var rules: [String] = []
        private var indexes: [CodepointString: Int] = [:]
        /// By hashes of what it says: how often the same was found.
        private var occurrences: [UInt64: Int] = [:]
        private var isEmpty = true

        init(version: String?, _ descriptions: [RuleDescription]) {
            (self.version, self.descriptions) = (version, descriptions)
        }

        mutating func add(_ file: Report.File, new: [Diagnostic], source: SourceReader) -> [UInt8] {
            paths.append(file.path)
            return new.flatMap { diagnostic in
                defer { isEmpty = false }
                var writer = JSONWriter(depth: 4, isFirst: isEmpty)
                write(diagnostic, &writer)
                return writer.bytes
            }
        }

        /// All up to the first result.
        func opening(_ tally: Report.Tally) -> [UInt8] {
            var writer = JSONWriter()
            writer.object { writer in
                writer.string(
                    "$schema",
                    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
                writer.string("version", "2.1.0")
                writer.array("runs") { writer in
                    writer.object { writer in
                        writer.object("tool") { $0.object("driver") { writeDriver(&$0) } }
                        writer.array("invocations") { writer in
                            writer.line { $0.bool("executionSuccessful", tally.isComplete) }
                        }
                        writer.array("artifacts", of: paths) { writer, path in
                            writer.line { SARIFReport.writeArtifact(path, &$0, key: "location") }
                        }
                        writer.string("columnKind", "unicodeCodePoints")
                        writer.array("results") { _ in }
                    }
                }
            }
            return writer.bytes.dropLast(Writer.end.count)
        }

        func closing(_ tally: Report.Tally) -> [UInt8] { Array((isEmpty ? "" : "\n      ").utf8) + Writer.end + [0x0A] }

        /// After the results.
        private static let end = Array("]\n    }\n  ]\n}".utf8)

        private func writeDriver(_ writer: inout JSONWriter) {
            writer.string("name", "Marginalia")
            writer.string("version", version)
            writer.array("rules", of: rules) { writer, rule in
                let description = RuleDescription.of(rule, among: descriptions)
                writer.object { writer in
                    writer.string("id", rule)
                    writer.line("shortDescription") { $0.string("text", description.title) }
                    writer.line("help") { $0.string("text", description.help) }
                }
            }
        }

        private mutating func write(_ diagnostic: Diagnostic, _ writer: inout JSONWriter) {
            let identity = [diagnostic.rule, diagnostic.location?.file ?? "", diagnostic.id ?? "", diagnostic.message]
                .joined(separator: "\u{0}")
            let occurrence = occurrences[fnv1a(identity), default: 0]
            occurrences[fnv1a(identity)] = occurrence + 1
            let rule = index(of: diagnostic.rule)
            writer.object { writer in
                writer.string("ruleId", diagnostic.rule)
                writer.number("ruleIndex", rule)
                writer.string("level", diagnostic.severity.rawValue)
                if diagnostic.occurrences > 1 { writer.number("occurrenceCount", diagnostic.occurrences) }
                writer.line("message") { writer in
                    writer.string("text", diagnostic.help.map { "\(diagnostic.message)\n\($0)" } ?? diagnostic.message)
                }
                SARIFReport.writeLocations(of: diagnostic, &writer)
                writer.line("partialFingerprints") {
                    $0.string("marginalia/v1", SARIFReport.hash("\(identity)\u{0}\(occurrence)"))
                }
            }
        }

        private mutating func index(of rule: String) -> Int {
            if let known = indexes[CodepointString(rule)] { return known }
            rules.append(rule)
            indexes[CodepointString(rule)] = rules.count - 1
            return rules.count - 1
        }
    }

    private static func writeLocations(of diagnostic: Diagnostic, _ writer: inout JSONWriter) {
        guard let location = diagnostic.location else { return }
        writer.array("locations") { writer in
            writer.object { writer in
                writePhysical(location, &writer)
                guard let path = diagnostic.path else { return }
                writer.array("logicalLocations") { writer in
                    writer.line { writer in
                        writer.string("name", path.pathComponents.last.map(String.init))
                        writer.string("fullyQualifiedName", path)
                        writer.string("kind", "element")
                    }
                }
            }
        }
        let notes = diagnostic.notes.filter { $0.location != nil }
        guard !notes.isEmpty else { return }
        writer.array("relatedLocations", of: notes.enumerated()) { writer, note in
            writer.object { writer in
                writer.number("id", note.offset)
                if let location = note.element.location { writePhysical(location, &writer) }
                writer.line("message") { $0.string("text", note.element.message) }
            }
        }
    }

    private static func writePhysical(_ location: SourceLocation, _ writer: inout JSONWriter) {
        writer.object("physicalLocation") { writer in
            writeArtifact(location.file, &writer, key: "artifactLocation")
            writer.line("region") { writer in
                writer.number("startLine", location.line)
                writer.number("startColumn", location.column)
                writer.number("endColumn", location.column)
                writer.number("byteOffset", location.byteOffset)
                writer.number("byteLength", 0)
            }
        }
    }

    private static func writeArtifact(_ path: String, _ writer: inout JSONWriter, key: String) {
        writer.line(key) { writer in
            writer.string("uri", (path.isAbsolutePath ? "file://" : "") + path.percentEncodedPath)
        }
    }

    /// The same finding has the same fingerprint wherever in its file it moves.
    private static func hash(_ string: String) -> String {
        let digits = String(fnv1a(string), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension ReportFormat where Self == SARIFReport {
    /// The SARIF format.
    public static var sarif: SARIFReport { SARIFReport() }
    /// The SARIF format with the program's version.
    public static func sarif(version: String) -> SARIFReport { SARIFReport(version: version) }
}
