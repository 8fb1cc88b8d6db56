internal import XML

/// Walks the flow once and lays out its texts: see ``TextLayout``.
struct LayoutBuilder {
    /// An element that has not ended.
    struct Open {
        let event: Int
        /// The texts that show it.
        let seen: TextSet
        /// How many brackets were open before it.
        let brackets: Int
        /// Whether the lines of the page end in all texts.
        var keepsLines = false
    }

    /// A bracket that has not ended. Where no character comes in it, it is taken back: there is none around nothing.
    struct Bracket {
        let opening: String?
        let closing: String
        /// The number of the step that opens it, if there is one.
        var step: Int?
        let kind: TextLayout.Generated.Kind
        let node: Node
        let state: State
        let event: Int
        var texts: TextSet
        /// The texts that have no character in it yet.
        var unfilled: TextSet
    }

    /// What is laid out as one: the text, a note, or a part of what is left out.
    struct Line {
        var steps: [TextLayout.Entry] = []
        /// The texts that what is read now belongs to, seen or not.
        let scope: TextSet
        var brackets: [Bracket] = []
        /// The brackets of spans between milestones, which may end anywhere.
        var spanBrackets: [Bracket] = []
        var spaces: WhiteSpaceState
        /// The white space that may become a space.
        var origin: TextLayout.Origin?
        /// The number of steps after the last character, and the texts that have this.
        var lastCharacter = (end: 0, texts: TextSet.none)
        /// Spaces that were written before a start tag, and the texts in which no character has followed yet.
        var slots: [(step: Int, waiting: TextSet)] = []
        /// The texts in which words of others were passed over in this line.
        var omissions = TextSet.none
        /// The texts in which words were left out after the white space that is pending.
        var leftOutWords = TextSet.none
        /// The texts in which words at the start of the line were left out, and none has come.
        var leftOutAtStart = TextSet.none

        init(_ texts: TextSet) { (scope, spaces) = (texts, WhiteSpaceState(texts)) }
    }

    let transcription: Transcription
    let texts: SelectedTexts
    let index: FlowIndex
    let words: Wording
    let diplomatic: Selection
    /// The words after elements in which something was cancelled.
    let cancelled: [Node: String]
    let listsOmissions: Bool
    /// For each row of the element table, whether a text may write something around its elements.
    let hasMarkup: [Bool]
    /// For each row, whether its elements start lines, unless they are within one.
    let startsLine: [Bool]

    var asides: [TextLayout.Aside] = []
    var generated: [TextLayout.Generated] = []
    var leftOut: [TextLayout.LeftOut] = []
    var bytes: [UInt8] = []

    var openElements: [Open] = []
    var line: Line
    /// How many notes are open: in one, the words before it are its lead.
    var noteDepth = 0
    /// Whether everything is shown: in what is left out.
    var showsAll = false
    /// For the elements with `@xml:space`, whether white space in them is kept.
    var preserving: [Node: Bool] = [:]
    /// The texts in which a word goes on at a break, by the break's event.
    var breaksInWords: [Int: TextSet] = [:]
    /// The texts in which the last thing read is a break within a word.
    var afterUnbroken = TextSet.none
    /// Whether the document has elements for single words or signs.
    let hasWordElements: Bool
    /// Whether lines may begin with the hyphen of a word that goes on.
    let hasHyphensAtStart: Bool
    /// Whether the file has line separators (U+2028) for line ends.
    let hasLineSeparators: Bool
    /// Whether spaces in the file carry accents.
    let hasLoneMarks: Bool
    /// The events whose first words some texts have had at the end of the line before: up to which scalar of the node.
    var writtenBefore: [Int: (end: Int, texts: TextSet)] = [:]
    /// The event whose own brackets a lead replaces.
    var labelled = -1
    /// The number of steps when something was last left out.
    var leftOutPosition = -1

    init(_ transcription: Transcription, _ texts: SelectedTexts, _ words: Wording, listsOmissions: Bool) {
        (self.transcription, self.texts, self.words) = (transcription, texts, words)
        self.listsOmissions = listsOmissions
        index = FlowIndex(transcription, texts)
        line = Line(texts.all)
        diplomatic = transcription.selection(.diplomatic)
        hasWordElements = transcription.element.document.qualifiedNames.contains {
            ["w", "pc"].contains($0.localName) && $0.namespace == Namespace.tei
        }
        let source = transcription.element.document.source
        hasHyphensAtStart = !texts.joiningWords.isEmpty && source.span.firstOffset(of: ">-".utf8.span) != nil
        hasLoneMarks = source.span.firstOffset(of: [0x20, 0xCC].span) != nil
        hasLineSeparators = source.span.firstOffset(of: "\u{2028}".utf8.span) != nil
        cancelled = texts.diplomatic.isEmpty ? [:] : words.cancelled
        startsLine = transcription.elements.rows.map(\.behaviour.startsLine)
        hasMarkup = transcription.elements.rows.map {
            $0.facts.brackets != nil || $0.facts.mayMark || $0.behaviour == .link || $0.facts.sign != nil
                || $0.facts.isHeadword || $0.facts.pointing != nil
        }
    }

    mutating func build(ownTexts: TextSet) -> TextLayout {
        line.steps.reserveCapacity(transcription.events.count)
        process(transcription.events.indices)
        dropSlots(texts.all)
        let main = line.steps
        writeLeftOut()
        return TextLayout(
            transcription: transcription, texts: texts, ownTexts: ownTexts, index: index, steps: main, asides: asides,
            generated: generated, leftOut: leftOut, bytes: bytes)
    }

    // MARK: Events

    mutating func process(_ range: Range<Int>) {
        var number = range.lowerBound
        while number < range.upperBound {
            switch transcription.events[number] {
            case .open(let opening): number = begin(opening, at: number)
            // Where passages changed places, it is another of the same name that closes what was open.
            case .close: end()
            case .text(let node, let part, let state): write(node, part, state, at: number)
            case .gap(let gap): writeGap(gap, at: number)
            case .begin(let intervention): beginSpan(intervention, at: number)
            case .end(let intervention): endSpan(intervention, at: number)
            }
            number += 1
        }
    }

    /// - Returns: the last event that was read.
    mutating func begin(_ opening: Opening, at number: Int) -> Int {
        writeLost(opening, at: number)
        let disposition: FlowIndex.Disposition =
            showsAll
            ? index.isTakenOut(opening) ? .aside : .inLine : index.disposition(of: opening, at: number)
        switch disposition {
        case .inLine:
            beginElement(opening, at: number)
            return number
        case .aside where isRemarkOnReading(opening): writeRemark(opening, at: number)
        case .aside: setAside(opening, at: number)
        case .leftOut: leaveOut(opening, at: number)
        }
        return index.ends[number]
    }

    mutating func beginElement(_ opening: Opening, at number: Int) {
        let behaviour = opening.behaviour
        if behaviour == .break { writeBreak(opening, at: number) }
        if behaviour == .space { writeBlank(opening, at: number) }
        let shown = showsAll ? seen : index.texts(of: opening, at: number).intersection(seen)
        let facts = transcription.facts(of: opening)
        if facts.continuesWord { separate(true, shown.subtracting(texts.diplomatic)) }
        if facts.joins, opening.node.followsWithoutSpace(transcription.elements) { separate(true, shown) }
        if facts.isApart || facts.isField, transcription.elements.isApartFromNeighbour(opening.node) {
            line.spaces.space(shown, .shown)
        }
        if facts.isSetOff { setOff(shown) }
        // Segments side by side are words of their own, unless they are parts of one.
        if facts.isField, opening.node.tei == "seg",
            opening.node.precedingSiblings.first(where: { _ in true })?.tei == "seg"
        {
            line.spaces.milestone(shown)
        }
        if behaviour.startsLine {
            startLine(shown)
        } else if !behaviour.isMilestone {
            if startsLine[opening.row] { line.spaces.space(shown) }
            if hasMarkup[opening.row], facts.isBracketed { line.spaces.space(shown, .shown) }
            flushSpace(shown)
        }
        append(.open(number), shown)
        let keepsLines = facts.keepsLines || !behaviour.startsLine && openElements.last?.keepsLines == true
        openElements.append(
            Open(event: number, seen: shown, brackets: line.brackets.count, keepsLines: keepsLines))
        if behaviour == .cell { writeCell(opening, at: number, shown) }
        if behaviour == .glyph, opening.node.firstChild == nil { writeGlyph(opening, at: number, shown) }
        if !cancelled.isEmpty, opening.node.attribute("spanTo") == nil, let said = cancelled[opening.node] {
            bracket(nil, said, .marker, opening, at: number, shown.intersection(texts.diplomatic))
        }
        if case .intervention(let intervention) = opening.role, number != labelled {
            beginIntervention(intervention, isSpan: false, at: number)
            writeOmittedPassage(intervention, opening, at: number, shown)
        }
        if hasMarkup[opening.row] { writeMarkup(opening, at: number, shown) }
        if opening.isFormula { writeFormula(before: opening, at: number, shown) }
        if case .alternative(let place) = opening.role { writeLack(of: place, opening, at: number) }
        writeSpeaker(opening, at: number, shown)
    }

    mutating func end() {
        let element = openElements.removeLast()
        guard let opening = transcription.opening(at: element.event) else { return }
        while line.brackets.count > element.brackets { closeBracket(line.brackets.removeLast()) }
        if opening.isFormula { writeFormula(after: opening, at: element.event) }
        append(.close(element.event), element.seen)
        if hasWordElements, transcription.facts(of: opening).joins, opening.node.joinsNext {
            separate(true, element.seen)
        }
        if transcription.facts(of: opening).isSetOff { setOff(element.seen) }
        if opening.behaviour.startsLine {
            startLine(element.seen)
        } else if startsLine[opening.row] {
            line.spaces.space(element.seen)
            line.leftOutWords.insert(element.seen)
        } else if hasMarkup[opening.row], transcription.facts(of: opening).isBracketed {
            line.spaces.space(element.seen, .shown)
        } else {
            // A line that ends before an end tag is the file's: it is no space before a comma.
            line.leftOutWords.insert(line.spaces.pendingLineEnds.intersection(element.seen))
        }
    }

    /// A space, unless a comma or the like follows.
    private mutating func setOff(_ texts: TextSet) {
        line.spaces.space(texts.subtracting(waitingSlots), .shown)
        line.leftOutWords.insert(texts)
    }

    /// The texts in which what is read now is seen.
    var seen: TextSet { openElements.last?.seen ?? line.scope }

    /// Of the texts in which what is read now is seen, those that show a thing; what is left out shows all.
    func showing(_ texts: TextSet) -> TextSet { showsAll ? seen : texts.intersection(seen) }

    mutating func append(_ step: TextLayout.Step, _ texts: TextSet) {
        if !texts.isEmpty { line.steps.append(TextLayout.Entry(step: step, texts: texts)) }
    }

    /// Appends a step that is a character, or several.
    mutating func append(character step: TextLayout.Step, _ texts: TextSet) {
        line.steps.append(TextLayout.Entry(step: step, texts: texts))
        line.lastCharacter = (line.steps.count, texts)
    }

    // MARK: Marks, notes and gaps

    mutating func setAside(_ opening: Opening, at number: Int) {
        let shown = showsAll ? seen : index.asideTexts(of: opening, at: number).intersection(seen)
        guard !shown.isEmpty else { return leaveOut(opening, at: number) }
        if case .mark(let mark) = opening.role { writeInPlace(transcription.marks[mark], opening, at: number, shown) }
        passAside(shown)
        let outer = line
        line = Line(shown)
        noteDepth += 1
        openElements.append(Open(event: number, seen: shown, brackets: 0))
        openDeletions(around: opening, at: number)
        process((number + 1)..<index.ends[number])
        for bracket in line.brackets.reversed() { closeBracket(bracket) }
        let reopened = line.spanBrackets
        for bracket in reopened.reversed() { closeBracket(bracket) }
        dropSlots(shown)
        openElements.removeLast()
        noteDepth -= 1
        let note = line
        line = outer
        // An empty note says nothing; pointers may lead to it.
        if note.lastCharacter.end == 0, case .note = opening.role, note.steps.allSatisfy(\.isTag) {
            if opening.node.xmlID != nil { append(.target(number), shown) }
        } else {
            asides.append(TextLayout.Aside(event: number, texts: shown, steps: note.steps))
            append(.aside(asides.count - 1), shown)
        }
        // What began in a note and ends in the line goes on there.
        for bracket in reopened { reopen(bracket) }
    }

    /// What is taken out of a deleted passage is deleted too, and a text that shows deletions says so.
    private mutating func openDeletions(around opening: Opening, at number: Int) {
        for deletion in opening.state.interventions where transcription.interventions[deletion].kind == .deletion {
            beginIntervention(deletion, isSpan: false, at: number)
        }
    }

    /// Before a comma, no space is left by what is taken out of the line.
    mutating func passAside(_ texts: TextSet) {
        line.leftOutWords.insert(line.spaces.pending.union(waitingSlots).intersection(texts))
    }

    /// A sign between words is where it is, in a text that shows the page.
    mutating func writeInPlace(_ mark: Mark, _ opening: Opening, at number: Int, _ shown: TextSet) {
        guard !showsAll, noteDepth == 0, mark.isInLine, !mark.text.isEmpty else { return }
        write(mark.text, .marker, mark.node, opening.state, at: number, shown.intersection(texts.diplomatic))
    }

    mutating func reopen(_ bracket: Bracket) {
        var bracket = bracket
        bracket.step = nil
        bracket.unfilled = bracket.texts
        open(bracket, isSpan: true)
    }

    mutating func writeGap(_ gap: Int, at number: Int) {
        let shown = showsAll ? seen : index.texts[number].intersection(seen)
        guard !shown.isEmpty else {
            return addLeftOut(number..<(number + 1), transcription.gaps[gap].state)
        }
        line.spaces.space(shown.intersection(texts.ofWordsAlone), .shown)
        let saying = shown.subtracting(texts.ofWordsAlone)
        guard !saying.isEmpty else { return }
        flush(saying, .other)
        append(character: .gap(number), saying)
        line.spaces.end(with: .other, saying)
    }
}
