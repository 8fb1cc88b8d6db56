internal import XML

/// A page about a document for a terminal: header, hands with their words and marks, stages, gaps and names.
///
///     print(Summary(transcription).text())
///
/// All characters can be printed safely.
public struct Summary: Sendable {
    private let transcription: Transcription
    private let words: Wording

    /// Makes the summary of a document.
    public init(_ transcription: Transcription) {
        self.transcription = transcription
        words = Wording(transcription)
    }

    /// Returns the page.
    ///
    /// - Parameter heading: makes a heading stand out, for example in bold type.
    public func text(heading: (String) -> String = { $0 }) -> String {
        let parts = [
            header, section("Hands", hands), section("Stages", stages), section("Witnesses", witnesses),
            section("Marks", marks), section("Gaps", gaps), section("Entities", entities), section("Texts", policies),
        ]
        return parts.compactMap { $0 }.map { title, lines in
            heading(title.printable) + "\n" + lines.map { "  \($0.printable)\n" }.joined()
        }.joined(separator: "\n")
    }

    private func section(_ title: String, _ lines: [String]) -> (String, [String])? {
        lines.isEmpty ? nil : (title, lines)
    }

    private var header: (String, [String])? {
        let header = transcription.header
        var lines: [String] = []
        func line(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { lines.append("\(name): \(value)") }
        }
        line("author", header.authors.map(\.name).joined(separator: "; "))
        line("date", header.date.map(words.interface.date))
        for holding in header.holdings { line("holding", words.interface.holding(holding)) }
        for action in header.correspondence { line(action.type, words.correspondence(action)) }
        line("language", header.languages.joined(separator: ", "))
        line("licence", header.licence)
        return (header.titles.first ?? transcription.element.xmlID ?? "Untitled", lines)
    }

    private var hands: [String] {
        let words = transcription.wordCounts
        let marks = Dictionary(grouping: transcription.wholeMarks) { transcription.marks[$0].hand }
        func row(_ hand: Int?, _ id: String, _ about: String) -> [String] {
            [
                id, Wording.label(hand.map { transcription.hands[$0] }), Wording.count(words[hand] ?? 0, "word"),
                Wording.count(marks[hand]?.count ?? 0, "mark"), about,
            ]
        }
        let rows = transcription.hands.enumerated().map { index, hand in
            row(
                index, hand.id,
                hand.isMain
                    ? hand.isNamed ? PageLanguage.english(.mainHand) : "" : hand.isDescribed ? "" : "not described")
        }
        let isKnown = words[nil] == nil && marks[nil] == nil
        return Wording.printableColumns(isKnown ? rows : rows + [row(nil, "", "")])
    }

    private var stages: [String] {
        Wording.printableColumns(transcription.stages.map { [$0.id, words.date($0) ?? "", words.description($0)] })
    }

    private var witnesses: [String] {
        Wording.printableColumns(transcription.witnesses.map { [$0.sigil, $0.description] })
    }

    private var marks: [String] {
        let shown = transcription.marks.prefix(12).map { mark in
            "\(words.lead(mark))\(mark.text.isEmpty ? "" : ": \(mark.text)")  (\(mark.node.location))"
        }
        let others = transcription.marks.count - shown.count
        return others == 0 ? shown : shown + ["and \(others) more"]
    }

    private var gaps: [String] {
        Gap.Kind.allCases.compactMap { kind in
            let count = transcription.gaps.filter { $0.kind == kind }.count
            return count == 0 ? nil : "\(kind.rawValue): \(count)"
        }
    }

    private var entities: [String] {
        Entity.Kind.allCases.compactMap { kind in
            let names = transcription.entities.filter { $0.kind == kind }.map(\.name)
            return names.isEmpty ? nil : "\(kind.rawValue): \(names.joined(separator: ", "))"
        }
    }

    private var policies: [String] {
        [transcription.policies.map(\.description).joined(separator: "  ")]
    }
}
