internal import XML

/// The critical apparatus of a text (TEI P5, TC): each place where witnesses differ, as at the foot of a printed
/// edition.
///
///     let bytes = ApparatusFormat(.positive).export(transcription, policy: .reading)
///
/// ```
/// Page 2
/// ¶ 14  resolved] A; decided B; agreed C (hand of E. Marwick)
/// ```
///
/// The lemma is the reading of the policy's text. The file is UTF-8 with LF as line end.
public struct ApparatusFormat: Format {
    /// Which witnesses an entry names.
    public enum Form: String, Sendable, CaseIterable {
        /// Only the witnesses that differ from the lemma.
        case negative
        /// The witnesses that have the lemma, too.
        case positive
    }

    /// Which witnesses an entry names.
    public let form: Form
    /// The name in `export --to`.
    public let name = "apparatus"
    /// The name in the help.
    public let title = "a critical apparatus"
    /// A sentence for the help.
    public let help = "‘apparatus’ lists where witnesses differ, page by page, as at the foot of a text."
    /// The extension of the files.
    public let fileExtension = "apparatus.txt"

    /// Makes the format.
    ///
    /// - Parameter form: which witnesses an entry names.
    public init(_ form: Form = .positive) {
        self.form = form
    }

    /// Returns the apparatus to the text of a policy; no bytes if the witnesses do not differ.
    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        let words = Wording(transcription)
        var lines: [String] = []
        for (page, entries) in Apparatus(transcription, transcription.selection(policy)).pages {
            if let heading = words.heading(of: entries, page: page) {
                lines += lines.isEmpty ? [heading] : ["", heading]
            }
            let rows = entries.map { [words.place($0), words.entry($0, form)] }
            lines += Wording.columns(rows)
        }
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}

extension Format where Self == ApparatusFormat {
    /// A critical apparatus.
    public static func apparatus(_ form: ApparatusFormat.Form) -> ApparatusFormat { ApparatusFormat(form) }
}

// MARK: - Entries

/// The places of a text where witnesses differ.
package struct Apparatus {
    package struct Entry {
        /// Index into ``Transcription/alternatives``.
        package let alternative: Int
        let place: Locator
        let page: String?
        let lemma: Alternative.Reading
        /// Its witnesses: those it names, or else all whose text is here and who are not named by another.
        let witnesses: [String]
        /// The other readings, by group, and within one by `@varSeq`.
        let others: [Alternative.Reading]
        /// The word of the text before it, if the lemma has no word.
        let before: String
        /// Whether the words that it is about were found.
        let isPlaced: Bool

        /// Whether a reading has the words of the lemma, so that only what the editors mark in them can differ.
        var differsInMarkup: Bool { others.contains { $0.text.isSame(as: lemma.text) } }
    }

    enum Locator {
        case heading
        /// The number of a verse, or of a line on its page.
        case line(String)
        case paragraph(Int)
        /// As the `app` itself says (`@loc`).
        case reference(String)
    }

    private(set) var entries: [Entry] = []
    private let transcription: Transcription
    private let selection: Selection
    // Where the flow is.
    private var page: String?
    private var (line, paragraph) = (0, 0)
    private var block = Locator.heading
    /// Whether the lines of the block are known.
    private var hasLines = false
    private var lacking: Set<CodepointString> = []

    package init(_ transcription: Transcription, _ selection: Selection) {
        self.transcription = transcription
        self.selection = selection
        guard transcription.alternatives.contains(where: { $0.kind == .apparatus }) else { return }
        for (index, event) in transcription.events.enumerated() { read(event, at: index) }
    }

    /// The entries page by page; one list if the document has no pages.
    package var pages: [(page: String?, entries: [Entry])] {
        var pages: [(page: String?, entries: [Entry])] = []
        for entry in entries {
            if let last = pages.last, last.page == entry.page, last.entries[0].isPlaced == entry.isPlaced {
                pages[pages.count - 1].entries.append(entry)
            } else {
                pages.append((entry.page, [entry]))
            }
        }
        return pages
    }

    private mutating func read(_ event: Event, at index: Int) {
        switch event {
        case .open(let opening): read(opening, at: index)
        case .begin(let number):
            let intervention = transcription.interventions[number]
            if let sigil = intervention.lacking { lacking.insert(CodepointString(sigil)) }
            if intervention.kind == .reading, let alternative = intervention.alternative {
                append(alternative, at: index)
            }
        case .end(let number):
            if let sigil = transcription.interventions[number].lacking { lacking.remove(CodepointString(sigil)) }
        case .close, .gap, .text: break
        }
    }

    private mutating func read(_ opening: Opening, at index: Int) {
        switch opening.node.tei {
        case "pb":
            page = opening.node.attribute("n") ?? ""
            line = 0
        case "lb": line += 1
        case "l": block = opening.node.attribute("n").map(Locator.line) ?? block
        case _ where opening.behaviour == .heading:
            block = .heading
            hasLines = false
        case _ where opening.behaviour == .paragraph:
            paragraph += 1
            block = .paragraph(paragraph)
            hasLines = !opening.node.descendants("lb").isEmpty
        default: break
        }
        if case .alternative(let number) = opening.role, transcription.alternatives[number].kind == .apparatus {
            append(number, at: index)
        }
    }

    private mutating func append(_ number: Int, at index: Int) {
        let alternative = transcription.alternatives[number]
        guard !alternative.readings.isEmpty else { return }
        let chosen = max(0, selection.branch(number))
        let lemma = alternative.readings[chosen]
        let others = alternative.readings.indices.filter { $0 != chosen }.map { alternative.readings[$0] }
        let absent = lacking.union(others.flatMap(\.witnesses).map { CodepointString($0) })
        let rest = transcription.witnesses.map(\.sigil).filter { !absent.contains(CodepointString($0)) }
        entries.append(
            Entry(
                alternative: number, place: place(of: alternative), page: alternative.isPlaced ? page : nil,
                lemma: lemma,
                witnesses: lemma.witnesses.isEmpty ? rest : lemma.witnesses,
                others: others.enumerated().sorted {
                    Apparatus.rank($0.element, $0.offset, others) < Apparatus.rank($1.element, $1.offset, others)
                }.map(\.element),
                before: lemma.text.isEmpty ? word(before: index) : "", isPlaced: alternative.isPlaced
            ))
    }

    /// The last word of the text before an event.
    private func word(before index: Int) -> String {
        for event in transcription.events[..<index].reversed() {
            if case .text(let node, let part, let state) = event, state.note == nil, selection.includes(state),
                let word = node.text(in: part).collapsed.split(separator: " ").last(where: {
                    $0.contains(where: \.isLetter)
                })
            {
                return String(word)
            }
        }
        return ""
    }

    /// Groups at the place of their first reading, and within them by `@varSeq`.
    private static func rank(
        _ reading: Alternative.Reading, _ index: Int, _ all: [Alternative.Reading]
    ) -> (Int, Int, Int) {
        (
            reading.groups.isEmpty ? index : all.firstIndex { $0.groups == reading.groups } ?? index,
            reading.sequence ?? Int.max, index
        )
    }

    private func place(of alternative: Alternative) -> Locator {
        if let loc = alternative.node.attribute("loc") { return .reference(loc) }
        return hasLines ? .line("\(line)") : block
    }
}
