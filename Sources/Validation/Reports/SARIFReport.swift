internal import XML

/// SARIF 2.1.0 (OASIS), which code hosts and editors read.
///
/// A place is a point: a region of no length, by line and column in Unicode scalars and by byte. Paths that are not
/// absolute stay relative to the folder in which the program ran.
public struct SARIFReport: ReportFormat {
    private let version: String?

    /// - Parameter version: the program's.
    public init(version: String? = nil) {
        self.version = version
    }

    public func export(_ report: Report) -> [UInt8] {
        let rules = Array(Set(report.diagnostics.map(\.rule))).sorted()
        var writer = JSONWriter()
        writer.object { writer in
            writer.string("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
            writer.string("version", "2.1.0")
            writer.array("runs") { writer in
                writer.object { writer in
                    writer.object("tool") { $0.object("driver") { writeDriver(rules, &$0) } }
                    writer.array("invocations") { writer in
                        writer.line { $0.bool("executionSuccessful", report.isComplete) }
                    }
                    writer.array("artifacts", of: report.files) { writer, file in
                        writer.line { writeArtifact(file.path, &$0, key: "location") }
                    }
                    writer.string("columnKind", "unicodeCodePoints")
                    writeResults(report, rules, &writer)
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    private func writeDriver(_ rules: [String], _ writer: inout JSONWriter) {
        writer.string("name", "Marginalia")
        writer.string("version", version)
        writer.array("rules", of: rules) { writer, rule in
            let description = Messages.description(ofRule: rule)
            writer.object { writer in
                writer.string("id", rule)
                writer.line("shortDescription") { $0.string("text", description.title) }
                writer.line("help") { $0.string("text", description.help) }
            }
        }
    }

    private func writeResults(_ report: Report, _ rules: [String], _ writer: inout JSONWriter) {
        let indexes = Dictionary(uniqueKeysWithValues: zip(rules, rules.indices))
        var occurrences: [String: Int] = [:]
        writer.array("results", of: report.diagnostics) { writer, diagnostic in
            let identity = [diagnostic.rule, diagnostic.location?.file ?? "", diagnostic.id ?? "", diagnostic.message]
                .joined(separator: "\u{0}")
            let occurrence = occurrences[identity, default: 0]
            occurrences[identity] = occurrence + 1
            writer.object { writer in
                writer.string("ruleId", diagnostic.rule)
                writer.number("ruleIndex", indexes[diagnostic.rule])
                writer.string("level", diagnostic.severity.rawValue)
                writer.line("message") { writer in
                    writer.string("text", diagnostic.help.map { "\(diagnostic.message)\n\($0)" } ?? diagnostic.message)
                }
                writeLocations(of: diagnostic, &writer)
                writer.line("partialFingerprints") { $0.string("marginalia/v1", hash("\(identity)\u{0}\(occurrence)")) }
            }
        }
    }

    private func writeLocations(of diagnostic: Diagnostic, _ writer: inout JSONWriter) {
        guard let location = diagnostic.location else { return }
        writer.array("locations") { writer in
            writer.object { writer in
                writePhysical(location, &writer)
                guard let path = diagnostic.path else { return }
                writer.array("logicalLocations") { writer in
                    writer.line { writer in
                        writer.string("name", path.split(separator: "/").last.map(String.init))
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

    private func writePhysical(_ location: SourceLocation, _ writer: inout JSONWriter) {
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

    private func writeArtifact(_ path: String, _ writer: inout JSONWriter, key: String) {
        writer.line(key) { writer in
            writer.string("uri", (path.hasPrefix("/") ? "file://" : "") + path.percentEncodedPath)
        }
    }

    /// The same finding has the same fingerprint wherever in its file it moves.
    private func hash(_ string: String) -> String {
        let digits = String(fnv1a(string.utf8), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension ReportFormat where Self == SARIFReport {
    public static var sarif: SARIFReport { SARIFReport() }
    public static func sarif(version: String) -> SARIFReport { SARIFReport(version: version) }
}
