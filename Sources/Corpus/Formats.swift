internal import Pages
public import TEI

/// What formats can be told; each takes what concerns it.
public struct FormatOptions: Hashable, Sendable, Encodable {
    /// Whether an apparatus names the witnesses that agree with the text.
    public var apparatus: ApparatusFormat.Form
    /// The language in which pages speak for themselves; by default the document's.
    public var interface: PageLanguage?

    public init(apparatus: ApparatusFormat.Form = .positive, interface: PageLanguage? = nil) {
        (self.apparatus, self.interface) = (apparatus, interface)
    }
}

extension ApparatusFormat.Form: Encodable {}
extension PageLanguage: Encodable {}

/// All formats of documents: a new one is a file and a row here.
///
///     for format in Formats.all() { print(format.name, format.fileExtension) }
public enum Formats {
    public static func all(_ options: FormatOptions = FormatOptions()) -> [any Format] {
        [
            TextFormat(), JSONFormat(), HTMLFormat(interface: options.interface), AnnotationsFormat(),
            CSVFormat(.marks), CSVFormat(.variants), ApparatusFormat(options.apparatus),
        ]
    }

    /// The help of all, with what several share said once.
    package static var help: String {
        all().map(\.help).reduce(into: [String]()) { if !$1.isEmpty, $0.last != $1 { $0.append($1) } }
            .joined(separator: " ")
    }

    /// The titles of all as a list: `text, JSON or tables (CSV)`.
    package static var titles: String {
        let titles = all().map(\.title).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return titles.dropLast().joined(separator: ", ") + " or " + (titles.last ?? "")
    }
}
