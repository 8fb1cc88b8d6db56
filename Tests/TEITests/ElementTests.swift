import Foundation
import Support
import Testing
import XML

@testable import TEI

/// Every element of TEI is decided, and what the table says of it is what a text makes of it.
@Suite struct ElementTests {
    /// An element in a body, and its texts: `¶` between paragraphs, `/` between lines.
    struct Example: CustomStringConvertible, Sendable {
        let element, markup: String
        let texts: [String]

        var description: String { "\(element): \(markup)" }

        init(_ line: Substring) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            (element, markup, texts) = (fields[0], fields[1], Array(fields[2...]))
        }

        /// The index of the row that fits the last of these elements in it.
        var row: Int {
            let source = "<TEI xmlns=\"\(Namespace.tei)\"><text><body>\(markup)</body></text></TEI>"
            let node = (try? Document(source, path: "memory.xml"))?.root.descendants(element).last
            let rows = ElementTable.tei.indexes(named: element)
            // Some are around the body.
            return node.map { ElementTable.tei.row(of: $0, among: rows) } ?? rows.last!
        }
    }

    static let policies: [Policy] = [.reading, .revised, .diplomatic]
    static let path = Repository.root + "/Tests/TEITests/Elements.tsv"
    static let examples = try! String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(Example.init)

    @Test("an element of TEI without a row in the table", .hasData("odd"))
    func rows() throws {
        let source = try Document(contentsOfFile: Repository.root + "/../shared/data/odd/p5subset/p5subset-4.8.0.xml")
        let names = source.root.descendants("elementSpec").compactMap { $0.attribute("ident") }
        #expect(names.count == 587)
        #expect(names.filter { !ElementTable.tei.knows($0) } == [])
        let known = Set(names)
        #expect(ElementTable.tei.rows.flatMap(\.elements).filter { !$0.isEmpty && !known.contains($0) } == [])
    }

    @Test("each row has an example, and each example is of an element that has a row")
    func coverage() {
        let shown = Set(Self.examples.map(\.element))
        #expect(Set(ElementTable.tei.rows.flatMap(\.elements)).subtracting([""]) == shown)
    }

    /// What each text makes of each example, as it was read and found to be right.
    @Test func examplesAreTrue() throws {
        let lines = try Self.examples.map { example in
            let found = try transcription(body: example.markup, header: header)
            let texts = Self.policies.map { shown(found.reading($0).text) }
            return ([example.element, example.markup] + texts).joined(separator: "\t")
        }
        try expectGolden(lines.joined(separator: "\n") + "\n", Self.path)
    }

    /// Who wrote the words of an element, by the table, is who wrote them in a text.
    @Test func editorsWordsAreTheirs() throws {
        for example in Self.examples {
            let found = try transcription(body: example.markup, header: header)
            for case .open(let opening) in found.events where found.facts(of: opening).isEditorial {
                #expect(opening.state.isEditorial, "\(example)")
            }
            #expect(
                !found.reading(.typed).segments.contains { segment in
                    segment.state.isEditorial && segment.nodeOffset != nil
                        && !segment.state.interventions.contains { found.interventions[$0].kind.isEditorsReading }
                }, "\(example)")
        }
    }

    /// `docs/elements.md` says what the table says.
    @Test func documentation() throws {
        try expectGolden(ElementDocumentation(Self.examples).text, Repository.root + "/docs/elements.md")
    }

    private let header = """
        <fileDesc><sourceDesc><listWit><witness xml:id="A"/><witness xml:id="B"/></listWit></sourceDesc></fileDesc>
        <profileDesc><handNotes><handNote xml:id="a" scope="major">Ann</handNote>
        <handNote xml:id="b" scope="minor">Bea</handNote></handNotes></profileDesc>
        """

    private func shown(_ text: String) -> String {
        text.trimmingCharacters(in: .newlines).replacing("\n\n", with: " ¶ ").replacing("\n", with: " / ")
    }
}

/// The page in `docs/` on the elements.
private struct ElementDocumentation {
    let text: String

    init(_ examples: [ElementTests.Example]) {
        let rows = ElementTable.tei.rows.enumerated().flatMap { number, row in
            row.elements.map { (element: $0, row: row, number: number) }
        }.filter { !$0.element.isEmpty }
        let examples = Dictionary(grouping: examples) { "\($0.element) \($0.row)" }
        var lines = ElementDocumentation.introduction
        for (element, ofElement) in Dictionary(grouping: rows, by: \.element).sorted(by: {
            ($0.key.lowercased(), $0.key) < ($1.key.lowercased(), $1.key)
        }) {
            for (position, (_, row, number)) in ofElement.enumerated() {
                let shown = examples["\(element) \(number)"] ?? []
                for line in 0..<max(1, shown.count) {
                    let name = position == 0 && line == 0 ? "`\(element)`" : ""
                    let said = line == 0 ? ElementDocumentation.description(row) : ""
                    let example = shown.isEmpty ? " | " : "`\(shown[line].markup)` | `\(shown[line].texts[0])`"
                    lines.append("| \(name) | \(said) | \(example) |")
                }
            }
        }
        text = lines.joined(separator: "\n").replacing("``", with: "–") + "\n"
    }

    private static let introduction = [
        "# What each element is", "",
        "Every element of TEI P5 has a row in the table of elements (`Sources/TEI/Elements.swift`). This page is made from it.",
        "If an element has several rows, the first that fits decides. An element of another namespace, or one that TEI does not",
        "have, stays in its line, and its words are kept.", "",
        "- *in its line*: a phrase; if it holds blocks, it is apart from what is around it, as these are from one another;",
        "- *paragraph*, *line*: apart from its neighbours by a blank line, or on a line of its own;",
        "- *editors*: its words are the editors’, and in no text that shows what a writer wrote;",
        "- *not in a text*: it says something about the text, or it describes the document.", "",
        "In the examples `¶` is between paragraphs, and `/` between lines.", "",
        "| element | what it is | example | reading text |", "|---|---|---|---|",
    ]

    private static func description(_ row: ElementTable.Row) -> String {
        let facts = [
            row.facts.isEditorial ? "editors" : nil, row.facts.isFurniture ? "in diplomatic texts alone" : nil,
            row.facts.continuesWord ? "goes on with the word before" : nil,
        ]
        let condition = condition(row.predicate)
        return (condition.isEmpty ? "" : condition + ": ")
            + ([behaviour(row)] + facts.compactMap(\.self)).joined(separator: "; ")
    }

    private static func condition(_ predicate: ElementTable.Predicate) -> String {
        switch predicate {
        case .always: ""
        case .attribute(let name, let values): "with `@\(name)` \(list(values))"
        case .has(let name): "with `@\(name)`"
        case .both(let one, let other): condition(one) + ", " + condition(other)
        case .parent(let names): "in \(list(names))"
        case .parentAttribute(let name, let values): "in an element with `@\(name)` \(list(values))"
        case .inSentence: "in a sentence"
        case .beside(let name, let values): "beside an element with `@\(name)` \(list(values))"
        case .holdsNone(let names): "without \(list(names)) in it"
        }
    }

    private static func list(_ values: Set<String>) -> String {
        values.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func behaviour(_ row: ElementTable.Row) -> String {
        switch row.behaviour {
        case .metadata, .omit, .index: "not in a text"
        case .anchor: "a place; no words"
        case .break:
            switch row.facts.ends {
            case .line: "the end of a line"
            case .page: "the end of a page"
            case .paragraph: "the end of a paragraph"
            case .verse: "a space within a line of verse"
            case nil: "a place; separates words unless it is within one"
            }
        case .space: "a blank"
        case .note: "a note"
        case .graphic: "an image"
        case .glyph: "a character"
        case .link: "a link"
        case .cell: "a cell"
        case .alternate: "several readings, of which a text takes one"
        case .inline: "in its line"
        default: row.facts.limit(row.behaviour.separation) == 1 ? "line" : "paragraph"
        }
    }
}
