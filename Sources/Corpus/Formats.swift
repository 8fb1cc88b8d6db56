internal import Pages
public import TEI

/// Options of formats. Each format uses those that concern it.
public struct FormatOptions: Hashable, Sendable, Encodable {
    /// Which witnesses an entry of an apparatus names.
    public var apparatus: ApparatusFormat.Form
    /// The language of pages' controls, headings and labels; by default the document's language.
    public var interface: PageLanguage?

    /// Makes the options; each parameter sets the property of its name.
    public init(apparatus: ApparatusFormat.Form = .positive, interface: PageLanguage? = nil) {
        (self.apparatus, self.interface) = (apparatus, interface)
    }
}

extension ApparatusFormat.Form: Encodable {}
extension PageLanguage: Encodable {}

/// The list of all formats of documents. To add one, write a file with the format, and add a row here.
///
///     for format in Formats.all() { print(format.name, format.fileExtension) }
public enum Formats {
    /// Returns all formats.
    public static func all(_ options: FormatOptions = FormatOptions()) -> [any Format] {
        [
            TextFormat(), JSONFormat(), HTMLFormat(interface: options.interface), AnnotationsFormat(),
            CSVFormat(.marks), CSVFormat(.variants), ApparatusFormat(options.apparatus),
        ]
    }

    /// The sentences of all formats for the help, each once.
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
