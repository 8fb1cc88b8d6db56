internal import XML

/// Writes one text from its layout: the fold of a layout with one text.
///
/// Notes and marks that are taken out of the line follow the block to which they belong, each as a paragraph in
/// brackets.
struct TextWriter {
    private struct OpenSpan {
        let opening: Opening
        var start: Int?
    }

    private let layout: TextLayout
    private let transcription: Transcription
    private let policy: Policy
    private let words: Wording
    private let keepsLines: Bool
    /// Whether paragraphs are marked by milestones, and go on from page to page.
    private let marksParagraphs: Bool
    private var bytes: [UInt8] = []
    private var count = 0
    private var countUTF16 = 0
    private var segments: [Reading.Segment] = []
    private var spans: [Reading.Span] = []
    private var gaps: [Range<Int>?]
    private var open: [OpenSpan] = []
    /// A space that goes before the next character, unless a line ends there.
    private var pendingSpace: Space?
    /// Line ends that go before the next character.
    private var pendingBreak = 0
    /// Opening brackets that go before the next character.
    private var brackets: [TextLayout.Generated] = []
    /// After the opening words of a note, where a paragraph begins no new line.
    private var isAtNoteStart = false
    /// Whether blocks hold words, kept because a block with many paragraphs is asked about for each of them.
    private var textBlocks: [Node: Bool] = [:]
    /// For each open block, the asides that wait for its end.
    private var waiting: [[Int]] = [[]]
    /// The page break that was written last, and where.
    private var page: (event: Int, start: Int)?
    /// Marks of underlining whose hand is to be named below the block.
    private var aroundWords: [Int] = []

    private enum Space {
        case source(TextLayout.Origin)
        case generated
        case omission
    }

    /// - Parameter layout: of this text alone.
    init(_ layout: TextLayout, _ policy: Policy) {
        (self.layout, self.policy) = (layout, policy)
        transcription = layout.transcription
        words = Wording(transcription)
        keepsLines = !layout.texts.diplomatic.isEmpty
        marksParagraphs =
            !keepsLines
            && transcription.element.descendants("milestone").contains {
                ["p", "tei:p"].contains($0.attribute("unit"))
            }
        gaps = Array(repeating: nil, count: transcription.gaps.count)
    }

    mutating func write() -> Reading {
        bytes.reserveCapacity(layout.bytes.count + layout.bytes.count / 8)
        process(layout.steps)
        flushWaiting()
        return Reading(
            policy: policy, text: String(decoding: bytes, as: UTF8.self), length: count, segments: segments,
            spans: spans.sorted { $0.opening.node.index < $1.opening.node.index }, gaps: gaps
        )
    }

    // MARK: Steps

    private mutating func process(_ steps: [TextLayout.Entry]) {
        for entry in steps where !entry.texts.isEmpty {
            switch entry.step {
            case .open(let event): begin(event)
            case .close: end()
            case .words(let stretch): write(stretch)
            case .space(let origin): pendingSpace = origin.map(Space.source) ?? .generated
            case .omission: pendingSpace = .omission
            case .lineEnd: pendingBreak = max(pendingBreak, 1)
            case .pageBreak(let event): if keepsLines { breakPage(event) } else { continue }
            case .paragraphBreak: pendingBreak = 2
            case .generated(let number): write(layout.generated[number])
            case .gap(let event): writeGap(event)
            case .aside(let number): setAside(number)
            case .leftOut, .target, .span: break
            }
        }
    }

    /// How many line ends separate an element from its neighbours.
    @inline(__always) private func separation(of opening: Opening) -> Int {
        marksParagraphs ? separationWithinParagraphs(of: opening) : transcription.separation(of: opening)
    }

    private func separationWithinParagraphs(of opening: Opening) -> Int {
        let separation = transcription.separation(of: opening)
        let isPage = opening.node.tei == "surface" || opening.node.tei == "zone" && opening.node.isMainZone
        return isPage ? min(separation, 1) : separation
    }

    private mutating func begin(_ event: Int) {
        guard let opening = transcription.opening(at: event) else { return }
        if opening.behaviour.isBlock {
            // Notes in lines between paragraphs.
            if separation(of: opening) > 1, !waiting[waiting.count - 1].isEmpty, isInDivision {
                flushWaiting()
            }
            pendingBreak = max(pendingBreak, separation(of: opening))
            waiting.append([])
        }
        open.append(OpenSpan(opening: opening, start: page?.event == event ? page?.start : nil))
    }

    private mutating func end() {
        let span = open.removeLast()
        let opening = span.opening
        spans.append(Reading.Span(opening: opening, range: (span.start ?? count)..<count))
        noteMarkAroundWords(opening)
        guard opening.behaviour.isBlock else { return }
        pendingBreak = max(pendingBreak, separation(of: opening))
        if transcription.facts(of: opening).notesFollowBlock {
            let notes = waiting.removeLast()
            waiting[waiting.count - 1] += notes
        } else {
            flushWaiting()
            waiting.removeLast()
        }
    }

    private mutating func breakPage(_ event: Int) {
        guard let opening = transcription.opening(at: event) else { return }
        // Notes are on the page on which their words are.
        for level in waiting.indices {
            let notes = waiting[level]
            waiting[level] = []
            for number in notes { writeAside(number) }
        }
        pendingBreak = max(pendingBreak, 1)
        flush(opening.node, opening.state)
        page = (event, count)
        let number = words.pageNumber(of: opening.node)
        append("[page \(number.isEmpty ? "break" : number)]", opening.node, opening.state)
        pendingBreak = 1
    }

    private mutating func writeGap(_ event: Int) {
        guard case .gap(let number) = transcription.events[event] else { return }
        let gap = transcription.gaps[number]
        flush(gap.node, gap.state)
        let start = count
        append(words.gap(gap), gap.node, gap.state)
        gaps[number] = start..<count
    }

    // MARK: Asides

    private mutating func setAside(_ number: Int) {
        guard let opening = transcription.opening(at: layout.asides[number].event) else { return }
        if opening.role == .plain || isInTextBlock() {
            waiting[waiting.count - 1].append(number)
        } else {
            writeAside(number)
        }
    }

    private mutating func writeAside(_ number: Int) {
        let aside = layout.asides[number]
        guard let opening = transcription.opening(at: aside.event) else { return }
        let frame = layout.texts.ofWordsAlone.isEmpty ? words.frame(opening) : (before: "", after: "")
        pendingBreak = 2
        open.append(OpenSpan(opening: opening))
        waiting.append([])
        writeOwn(frame.before, opening.node, opening.state)
        isAtNoteStart = true
        pendingSpace = frame.before.isEmpty ? nil : .generated
        process(aside.steps)
        (pendingBreak, isAtNoteStart, pendingSpace) = (0, false, nil)
        writeOwn(frame.after, opening.node, opening.state)
        let span = open.removeLast()
        spans.append(Reading.Span(opening: opening, range: (span.start ?? count)..<count))
        pendingBreak = 2
        for number in waiting.removeLast() { writeAside(number) }
    }

    /// Whether what is read here is in a division, between its paragraphs.
    private var isInDivision: Bool {
        open.last { $0.opening.behaviour.isBlock }?.opening.behaviour.isDivision ?? true
    }

    /// Whether what is read here is among words: in a paragraph, and not between two.
    private mutating func isInTextBlock() -> Bool {
        guard let block = open.last(where: { $0.opening.behaviour.isBlock || isAside($0.opening) })?.opening else {
            return false
        }
        if isAside(block) || transcription.facts(of: block).notesFollowBlock { return true }
        if let known = textBlocks[block.node] { return known }
        let hasWords = block.node.children.contains {
            $0.kind == .text ? !$0.isBlank : $0.kind == .element && isPhraseOfWords($0)
        }
        textBlocks[block.node] = hasWords
        return hasWords
    }

    /// A line of verse or a row is among words as a phrase is: notes do not come between it and the next.
    private func isPhraseOfWords(_ element: Node) -> Bool {
        let facts = transcription.elements.facts(named: element.tei)
        if facts.notesFollowBlock { return true }
        // What the transcribers say that happened is beside the words.
        if facts.isBracketed { return false }
        return [.inline, .link, .alternate, .glyph].contains(transcription.elements.behaviour(of: element))
            && element.firstScalar != nil
    }

    private func isAside(_ opening: Opening) -> Bool {
        opening.role != .plain && layout.index.isTakenOut(opening)
    }

    private mutating func flushWaiting() {
        let asides = waiting[waiting.count - 1]
        waiting[waiting.count - 1] = []
        for number in asides { writeAside(number) }
        guard !aroundWords.isEmpty, !isInTextBlock() else { return }
        for number in aroundWords {
            pendingBreak = 2
            let mark = transcription.marks[number]
            writeOwn("[\(words.lead(mark)): “\(mark.text)”]", mark.node, mark.state)
            pendingBreak = 2
        }
        aroundWords = []
    }

    /// Within a remark, the hand that underlined or circled words is named already.
    private mutating func noteMarkAroundWords(_ opening: Opening) {
        guard case .mark(let number) = opening.role, transcription.marks[number].isNamedAroundWords,
            !layout.texts.having(transcription.marks[number], around: opening.state).isEmpty,
            !open.contains(where: { isAside($0.opening) })
        else { return }
        aroundWords.append(number)
    }

    // MARK: Characters

    private mutating func write(_ stretch: TextLayout.Stretch) {
        guard case .text(let node, _, let state) = transcription.events[stretch.origin.event] else { return }
        flush(node, state)
        append(
            layout.bytes[stretch.bytes], stretch.scalars, stretch.units, node, offset: stretch.origin.scalar, state)
    }

    private mutating func write(_ generated: TextLayout.Generated) {
        switch generated.place {
        // It goes before the white space that was read last.
        case .end:
            if case .omission = pendingSpace {
                append(" …", generated.node, generated.state)
                pendingSpace = nil
            }
            append(generated.text, generated.node, generated.state)
        // It goes after the white space that is read next.
        case .start: brackets.append(generated)
        case .inLine: writeOwn(generated.text, generated.node, generated.state)
        }
    }

    /// Words of the program: they are in the text and in its index as such.
    private mutating func writeOwn(_ string: String, _ node: Node, _ state: State) {
        flush(node, state)
        append(string, node, state)
    }

    /// Writes what is due before a character: line ends, a space, the sign for an omission.
    private mutating func flush(_ node: Node, _ state: State) {
        if isAtNoteStart { (pendingBreak, isAtNoteStart) = (0, false) }
        if pendingBreak > 0 {
            if count > 0 { append(pendingBreak == 1 ? "\n" : "\n\n", node, state) }
            pendingBreak = 0
        } else {
            writeSpace(node, state)
        }
        pendingSpace = nil
        var index = open.count - 1
        while index >= 0, open[index].start == nil {
            open[index].start = count
            index -= 1
        }
        let opened = brackets
        brackets = []
        for bracket in opened {
            // One space is enough before a bracket.
            let isSeparated = bytes.last.map(\.isXMLSpace) ?? true
            let text = isSeparated ? String(bracket.text.drop { $0 == " " }) : bracket.text
            append(text, bracket.node, bracket.state)
        }
    }

    private mutating func writeSpace(_ node: Node, _ state: State) {
        switch pendingSpace {
        case nil: break
        case .generated: append(" ", node, state)
        case .omission: append(" … ", node, state)
        case .source(let origin):
            guard case .text(let node, _, let state) = transcription.events[origin.event] else { return }
            append([0x20], 1, 1, node, offset: origin.scalar, state)
        }
    }

    private mutating func append(_ string: String, _ node: Node, _ state: State) {
        append(Array(string.utf8)[...], string.unicodeScalars.count, string.utf16.count, node, offset: nil, state)
    }

    private mutating func append(
        _ piece: ArraySlice<UInt8>, _ scalars: Int, _ units: Int, _ node: Node, offset: Int?, _ state: State
    ) {
        bytes.append(contentsOf: piece)
        if let last = segments.last, last.node == node, last.state == state,
            let lastOffset = last.nodeOffset, lastOffset + last.length == offset
        {
            segments[segments.count - 1] = Reading.Segment(
                start: last.start, startUTF16: last.startUTF16, length: last.length + scalars, node: node,
                nodeOffset: lastOffset, state: state
            )
        } else {
            segments.append(
                Reading.Segment(
                    start: count, startUTF16: countUTF16, length: scalars, node: node, nodeOffset: offset, state: state
                ))
        }
        count += scalars
        countUTF16 += units
    }
}
