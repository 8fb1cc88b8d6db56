internal import TEI
internal import XML

// The margins of a page: the signs in the text, and the marks and notes to which they lead.

extension PageBody {
    mutating func writeSigns(_ signs: [MarginLayout.Sign]?) {
        guard let signs else { return }
        prepareWrapperForText()
        for sign in signs {
            let entry = margins.entries[sign.entry]
            let texts = entry.texts.intersection(seen)
            guard !texts.isEmpty else { continue }
            let tag = links > 0 ? "span" : "a"
            out.raw(
                "<\(tag) class=\"sign-number\(signKind(of: entry.content)) \(hands.cssClass(hand(of: entry.content)))\(textsClass(texts))\" id=\"\(signID(entry, sign.ordinal))\""
            )
            if tag == "a" {
                out.raw(" href=\"#\(repeated)note:\(entry.number)\"")
                out.attribute("aria-label", words.inMargin(entry.number, lead(of: entry)))
            }
            out.raw(">\(entry.number)</\(tag)>")
        }
    }

    private func signKind(of content: MarginLayout.Entry.Content) -> String {
        switch content {
        case .note(let number): transcription.notes[number].isEditorial ? " editorial" : ""
        case .detail, .statement: " editorial"
        case .mark, .intervention: " mark"
        }
    }

    private func signID(_ entry: MarginLayout.Entry, _ ordinal: Int) -> String {
        repeated + (ordinal == 1 ? "ref:\(entry.number)" : "ref:\(entry.number):\(ordinal)")
    }

    /// The beginning of the identifiers in a flow that repeats another.
    private var repeated: String { repetition < 2 ? isRepeated ? "again:" : "" : "again-\(repetition):" }

    private func hand(of content: MarginLayout.Entry.Content) -> Int? {
        switch content {
        case .mark(let number): transcription.marks[number].hand
        case .note(let number):
            transcription.notes[number].node.attribute("hand") == nil
                ? transcription.mainHand : transcription.notes[number].hand
        case .intervention(let number): transcription.interventions[number].hand
        case .detail, .statement: transcription.mainHand
        }
    }

    private func lead(of entry: MarginLayout.Entry) -> String {
        let lead = ownLead(of: entry)
        guard let whole = entry.whole, entry.signs > 0, let opening = transcription.opening(at: whole) else {
            return lead
        }
        return lead + ", " + words.onWhole(opening.node)
    }

    private func ownLead(of entry: MarginLayout.Entry) -> String {
        switch entry.content {
        case .mark(let number): words.lead(transcription.marks[number], quotes: entry.signs == 0)
        case .note(let number): words.lead(transcription.notes[number])
        case .intervention(let number): words.lead(transcription.interventions[number])
        case .detail: words.witnessDetail
        case .statement(let number): words.lead(transcription.statements[number])
        }
    }

    /// Writes margin entries after the passage that they are beside.
    mutating func writeMargin(_ numbers: [Int]) {
        prepareWrapperForText()
        startElement(
            Frame(tag: "div", isFlow: true, hand: frame.hand, isRightToLeft: frame.isRightToLeft, texts: seen),
            " class=\"margin\"")
        out.raw("\n")
        for number in numbers { writeEntry(margins.entries[number]) }
        endElement()
    }

    /// A mark or note that is taken out of the line: beside its passage, but within another note, or in the list of
    /// what is left out, in the line and in brackets.
    mutating func setAside(_ number: Int) {
        let aside = layout.asides[number]
        guard let opening = transcription.opening(at: aside.event) else { return }
        if showsAll || noteDepth > 0 { return writeInPlace(aside, opening) }
        if let entry = margins.entryOfEvent[aside.event], margins.entries[entry].passage == nil { writeMargin([entry]) }
        writeSigns(margins.signsAfter[aside.event])
    }

    private mutating func writeEntry(_ entry: MarginLayout.Entry) {
        guard let opening = transcription.opening(at: entry.event) else { return }
        let hand = hand(of: entry.content)
        out.raw(
            "<div class=\"entry \(kind(of: entry.content)) \(hands.cssClass(hand))\(textsClass(entry.texts))\" role=\"note\""
        )
        writeEntryID(entry)
        let aside = aside(of: entry)
        if aside != nil { writeData(opening) }
        out.raw("><p class=\"lead\"\(ownLanguage)>")
        writeEntryLinks(entry)
        if let hand { writeBadge(hand) }
        out.text(lead(of: entry))
        out.raw("</p>")
        switch entry.content {
        case .mark(let number) where aside == nil:
            guard !transcription.marks[number].text.isEmpty else { break }
            out.raw("<div class=\"body\">“")
            out.text(transcription.marks[number].text)
            out.raw("”</div>")
        case .intervention: break
        case .statement(let number): writeStatement(transcription.statements[number])
        default: if let aside { writeBody(aside, opening, hand) }
        }
        out.raw("</div>\n")
    }

    /// A statement is in no line of the text.
    private func aside(of entry: MarginLayout.Entry) -> TextLayout.Aside? {
        if case .statement = entry.content { return nil }
        return margins.asideOfEvent[entry.event].map { layout.asides[$0] }
    }

    private mutating func writeStatement(_ statement: Statement) {
        out.raw("<div class=\"body\"")
        writeLanguage(statement.node)
        out.raw(">")
        out.text(words.words(of: statement))
        out.raw("</div>")
    }

    private mutating func writeEntryID(_ entry: MarginLayout.Entry) {
        let id = repeated + (entry.number > 0 ? "note:\(entry.number)" : "entry:\(entry.event)")
        out.raw(" id=\"\(id)\"")
        guard case .mark(let number) = entry.content, !isRepeated, !transcription.marks[number].isAroundWords,
            let hand = transcription.marks[number].hand
        else { return }
        worksOfHand[hand, default: []].append(Work(id: id, name: lead(of: entry)))
    }

    private func kind(of content: MarginLayout.Entry.Content) -> String {
        switch content {
        case .mark(let number) where transcription.marks[number].isReported: "mark reported"
        case .mark(let number) where transcription.marks[number].isAroundWords:
            "mark mark-\(transcription.marks[number].kind.rawValue) around-words"
        case .mark(let number): "mark mark-\(transcription.marks[number].kind.rawValue)"
        case .note(let number): transcription.notes[number].isEditorial ? "note editorial" : "note"
        case .intervention: "intervention"
        case .detail: "note editorial"
        case .statement: "note editorial statement"
        }
    }

    /// The number, which leads back to each place that the entry is about.
    private mutating func writeEntryLinks(_ entry: MarginLayout.Entry) {
        guard entry.signs > 0 else { return }
        for ordinal in 1...entry.signs {
            out.raw("<a class=\"number\" href=\"#\(signID(entry, ordinal))\" aria-label=\"")
            out.text(words.placeInText(entry.number))
            out.raw("\">")
            out.raw(ordinal == 1 ? "\(entry.number)" : "↩")
            out.raw("</a> ")
        }
    }

    private mutating func writeBadge(_ hand: Int) {
        guard !hands.letter(hand).isEmpty else { return }
        out.raw("<span class=\"badge \(hands.cssClass(hand))\" aria-hidden=\"true\">\(hands.letter(hand))</span> ")
    }

    private mutating func writeBody(_ aside: TextLayout.Aside, _ opening: Opening, _ hand: Int?) {
        out.raw("<div class=\"body\"")
        writeID(opening.node)
        writeLanguage(opening.node)
        out.raw(">")
        frames.append(Frame(tag: "div", isFlow: true, hand: opening.state.hand ?? hand, texts: aside.texts))
        let outer = links
        (links, noteDepth) = (0, noteDepth + 1)
        process(aside.steps)
        flushIDs()
        (links, noteDepth) = (outer, noteDepth - 1)
        endElement()
    }

    private mutating func writeInPlace(_ aside: TextLayout.Aside, _ opening: Opening) {
        let isLabelled = aside.event == labelled
        let frame = words.frame(opening)
        let tag = margins.holdsBlocksWithNotes[aside.event] ? "div" : "span"
        prepareWrapperForText()
        flushIDs()
        if tag == "span", !out.endsInSpace, !isLabelled { out.raw(" ") }
        out.raw("<\(tag) class=\"in-place \(hands.cssClass(opening.state.hand))\(textsClass(aside.texts))\"")
        writeID(opening.node)
        writeLanguage(opening.node)
        writeData(opening)
        out.raw(">")
        frames.append(Frame(tag: tag, isFlow: tag == "div", hand: opening.state.hand, texts: aside.texts))
        if !isLabelled { writeSign(frame.before + " ", isEnd: false, aside.texts) }
        process(aside.steps)
        if !isLabelled { writeSign(frame.after, isEnd: true, aside.texts) }
        flushIDs()
        endElement()
    }
}
