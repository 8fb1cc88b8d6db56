package import XML

/// One or more texts of a document, laid out: the one interpretation of the flow that every text and page is written
/// from.
///
///     let layout = transcription.layouts([.revised], words: Wording(transcription))[0]
///     for entry in layout.steps where entry.texts.contains(0) { print(entry.step) }
///
/// A text is the fold of a layout with one text, a page the fold of a layout with many. White space, brackets, and what
/// is left out are decided here and nowhere else; each step has the texts that it is in.
package struct TextLayout: Sendable {
    package struct Entry: Sendable {
        package let step: Step
        package internal(set) var texts: TextSet
    }

    package enum Step: Sendable {
        /// An element begins: its event.
        case open(Int)
        /// The element ends that opened at the event.
        case close(Int)
        case words(Stretch)
        /// One space; where in a text node the white space is, unless the program made it.
        case space(at: Origin?)
        /// ` … `: others wrote between.
        case omission
        /// A line of the page ends.
        case lineEnd
        /// A page begins: the event of its milestone.
        case pageBreak(Int)
        case paragraphBreak
        /// Words of the program: index into ``TextLayout/generated``.
        case generated(Int)
        /// The event of a gap.
        case gap(Int)
        /// A note or mark that is taken out of the line: index into ``TextLayout/asides``.
        case aside(Int)
        /// Something is left out here: index into ``TextLayout/leftOut``.
        case leftOut(Int)
        /// An element that is left out because it holds nothing: its event. Pointers may lead to it.
        case target(Int)
        /// A span between milestones begins or ends: its event.
        case span(Int)
    }

    /// Where a character comes from.
    package struct Origin: Sendable {
        /// The event of its text.
        package let event: Int
        /// Its offset in the text node, in Unicode scalars.
        package let scalar: Int
    }

    /// Words, with single spaces between them.
    package struct Stretch: Sendable {
        package let origin: Origin
        /// In ``TextLayout/bytes``.
        package let bytes: Range<Int>
        /// How many Unicode scalars and UTF-16 code units they are.
        let scalars, units: Int
    }

    /// Words that the program writes.
    package struct Generated: Sendable {
        package enum Kind: Sendable {
            /// Signs for which a page has its typography: of a deletion, addition, quotation, underlining, stage
            /// direction, cell, figure.
            case typography
            /// An addition that is not certainly an addition.
            case uncertainAddition
            /// Words of a diplomatic text.
            case marker
            case speaker, pointer, lost, blank, lacuna
            /// A character of the document that its declaration says.
            case character
        }

        package enum Place: Sendable { case inLine, start, end }

        package let kind: Kind
        package let text: String
        /// The element for which they are written.
        package let node: Node
        package let state: State
        /// Whether they are a bracket at the start or end of something.
        package let place: Place
        /// The event for which they are written.
        package let event: Int
    }

    /// A note or mark that is taken out of the line.
    package struct Aside: Sendable {
        package let event: Int
        package let texts: TextSet
        package let steps: [Entry]
    }

    /// Something that the first text does not have and no other one shows.
    package struct LeftOut: Sendable {
        /// A description.
        package let lead: String
        /// The events of each of its parts.
        package var ranges: [Range<Int>]
        /// The whole of it, part by part, as a text with everything.
        package internal(set) var parts: [[Entry]] = []
    }

    /// The document, its passages in the order of these texts.
    package let transcription: Transcription
    package let texts: SelectedTexts
    /// The texts whose passages are in this order.
    package let ownTexts: TextSet
    package let index: FlowIndex
    package let steps: [Entry]
    package let asides: [Aside]
    package let generated: [Generated]
    package let leftOut: [LeftOut]
    /// The words of all stretches, in UTF-8.
    package let bytes: [UInt8]
}

extension TextLayout {
    /// The words of an element in short: as one of the texts has them, or where that has none, all texts together.
    ///
    /// - Parameters:
    ///   - start: the number of the step that opens the element.
    ///   - own: what the program says.
    package func words(of start: Int, in steps: [Entry], text: Int, _ own: Wording) -> String {
        let whole = words(of: start, in: steps, TextSet(text), own)
        return whole.isEmpty ? words(of: start, in: steps, texts.all, own) : whole
    }

    private func words(of start: Int, in steps: [Entry], _ wanted: TextSet, _ own: Wording) -> String {
        var found: [UInt8] = []
        var depth = 0
        for entry in steps[start...] {
            let isWanted = !entry.texts.intersection(wanted).isEmpty
            switch entry.step {
            case .open: depth += 1
            case .close: depth -= 1
            case .words(let stretch) where isWanted: found += bytes[stretch.bytes]
            case .space where isWanted, .omission where isWanted: found.append(0x20)
            case .gap(let event) where isWanted:
                if case .gap(let number) = transcription.events[event] {
                    found += own.gap(transcription.gaps[number]).utf8
                }
            case .lineEnd, .paragraphBreak: found.append(0x20)
            default: break
            }
            if depth == 0 { break }
        }
        return String(decoding: found, as: UTF8.self).collapsed
    }
}

extension Transcription {
    /// Lays texts out together.
    ///
    /// - Parameters:
    ///   - policies: at most ``TextSet/limit``.
    ///   - first: the number of the text whose order comes first.
    ///   - words: what the program says, and in which language.
    ///   - listsOmissions: whether the first layout lists what none of the texts shows.
    /// - Returns: one layout for each order of passages that the texts have.
    package func layouts(
        _ policies: [Policy], first: Int = 0, words: Wording, listsOmissions: Bool = false
    ) -> [TextLayout] {
        let selected = SelectedTexts(policies.map(selection))
        let orders = orders(selected).sorted { $0.texts.contains(first) && !$1.texts.contains(first) }
        return orders.enumerated().map { number, order in
            var builder = LayoutBuilder(
                arranged(by: selected.selections[order.first]), selected, words,
                listsOmissions: listsOmissions && number == 0)
            return builder.build(ownTexts: order.texts)
        }
    }

    /// The texts by the order of their passages.
    private func orders(_ selected: SelectedTexts) -> [(texts: TextSet, first: Int)] {
        var orders: [(texts: TextSet, first: Int, order: Order)] = []
        for (number, selection) in selected.selections.enumerated() {
            let order = order(of: selection)
            if let known = orders.firstIndex(where: { $0.order == order }) {
                orders[known].texts.insert(TextSet(number))
            } else {
                orders.append((TextSet(number), number, order))
            }
        }
        return orders.map { ($0.texts, $0.first) }
    }

    /// The state around words that the editors supplied; `nil` for every other element.
    func stateAround(supplied opening: Opening) -> State? {
        guard case .intervention(let number) = opening.role, interventions[number].kind == .supplied else { return nil }
        return interventions[number].around
    }

    /// Whether a text writes quotation marks around an element: only the markup sets it apart (TEI P5, 3.3.3).
    ///
    /// - Parameter index: of the event that opens it.
    package func needsQuotationMarks(_ opening: Opening, at index: Int) -> Bool {
        !opening.behaviour.isBlock && !header.keepsQuotationMarks && !opening.node.beginsWithQuotationMark
            && !isAfterQuotationMark(index)
            && opening.node.parent.map { elements.row(of: $0).facts.isUnquoted } != true
    }

    private func isAfterQuotationMark(_ index: Int) -> Bool {
        // With more than a few tags and no words between, it is another matter.
        for event in events[..<index].suffix(16).reversed() {
            switch event {
            case .text(let node, let part, _):
                return node.text(in: part).unicodeScalars.last?.isQuotationMark ?? false
            case .open(let opening) where opening.behaviour.isBlock: return false
            case .close(let opening) where opening.behaviour.isBlock: return false
            default: continue
            }
        }
        return false
    }
}
