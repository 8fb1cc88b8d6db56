internal import XML

/// How a document is cited.
package struct Citation {
    private let header: Header
    private let words: Wording
    private let key: String

    package init(_ transcription: Transcription, key: String) {
        header = transcription.header
        words = Wording(transcription)
        self.key = key
    }

    private var title: String { header.titles.first ?? key }

    private var year: String? {
        guard let date = header.date else { return nil }
        let value = date.when ?? date.notBefore ?? date.from ?? date.notAfter ?? date.to
        return value.map { String($0.prefix { $0 != "-" }) }.flatMap { $0.count == 4 ? $0 : nil }
    }

    private var date: String { header.date.map { $0.text.isEmpty ? words.interface.date($0) : $0.text } ?? "" }

    private var editors: [String] { header.editors.map(\.name) }

    /// Chicago Manual of Style, 17th edition, a note on an unpublished document (14.221 ff.) in an edition.
    package var chicago: String {
        let edition = [
            editors.isEmpty ? "" : "ed. " + editors.joined(separator: " and "),
            header.publisher.map { "(\($0))" } ?? "",
        ]
        let parts =
            [header.authors.map(\.name).joined(separator: " and "), "“\(title)”", date]
            + header.holdings.map(words.interface.holding) + [edition.filter { !$0.isEmpty }.joined(separator: " ")]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ").replacing("”, ", with: ",” ") + "."
    }

    /// BibTeX, with the characters of TeX taken as themselves.
    package var bibTeX: String {
        let fields: [(String, String?)] = [
            ("author", list(header.authors.map(\.name))), ("title", title), ("editor", list(editors)), ("year", year),
            ("date", date),
            ("howpublished", header.holdings.first.map(words.interface.holding)), ("publisher", header.publisher),
            ("note", header.licence),
        ]
        let lines = fields.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "  \(name) = {\(Citation.escaped($0))}" }
        }
        return "@misc{\(Citation.key(key)),\n" + lines.joined(separator: ",\n") + "\n}"
    }

    /// A name in braces is not taken apart.
    private func list(_ names: [String]) -> String { names.joined(separator: " and ") }

    private static func key(_ name: String) -> String {
        let key = String(
            name.unicodeScalars.filter {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
            }.map(Character.init))
        return key.isEmpty ? "document" : key
    }

    private static let signs: [Character: String] = [
        "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_",
        "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    ]

    private static func escaped(_ text: String) -> String {
        text.map { signs[$0] ?? String($0) }.joined()
    }

    /// CSL-JSON 1.0, an array of one item.
    package var csl: String {
        var writer = JSONWriter()
        writer.array { writer in
            writer.object { writer in
                writer.string("id", Citation.key(key))
                writer.string("type", "document")
                writer.string("title", title)
                names("author", header.authors.map(\.name), &writer)
                names("editor", editors, &writer)
                issued(&writer)
                writer.string("archive", header.holdings.first?.repository ?? header.holdings.first?.institution)
                writer.string("archive_location", header.holdings.first?.identifiers.first)
                writer.string("publisher", header.publisher)
                writer.string("language", header.languages.first)
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func names(_ key: String, _ names: [String], _ writer: inout JSONWriter) {
        guard !names.isEmpty else { return }
        writer.array(key, of: names) { writer, name in writer.line { writer in writer.string("literal", name) } }
    }

    private func issued(_ writer: inout JSONWriter) {
        guard let date = header.date else { return }
        let ends = date.when.map { [$0] } ?? [date.notBefore ?? date.from, date.notAfter ?? date.to].compactMap(\.self)
        let parts = ends.map { $0.split(separator: "-").prefix(3).compactMap { Int($0) } }
        writer.line("issued") { writer in
            if parts.isEmpty || parts.contains(where: \.isEmpty) {
                writer.string("literal", self.date)
            } else {
                writer.array("date-parts", of: parts) { writer, part in
                    writer.array(of: part) { writer, number in writer.number(nil, number) }
                }
            }
        }
    }
}
