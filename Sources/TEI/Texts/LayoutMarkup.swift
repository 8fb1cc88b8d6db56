internal import XML

// Words and signs of the program in the layout, and the brackets around what was changed.

extension LayoutBuilder {
    // MARK: What markup says and a text must write

    /// Quotation marks, parentheses, pointers and underlining.
    mutating func writeMarkup(_ opening: Opening, at number: Int, _ shown: TextSet) {
        let node = opening.node
        if let marks = marks(around: opening, at: number) {
            bracket(marks.open, marks.close, .typography, opening, at: number, shown.intersection(marks.texts))
        }
        if let sign = transcription.facts(of: opening).sign, opening.node.isEmpty {
            line.spaces.space(shown, .shown)
            write("[\(words.interface(sign))]", .blank, opening.node, opening.state, at: number, shown)
            line.spaces.space(shown, .shown)
        }
        if transcription.facts(of: opening).isHeadword, opening.node.firstChild == nil {
            write("~", .character, opening.node, opening.state, at: number, shown)
        }
        if let target = node.namedTarget(transcription.facts(of: opening).pointing) {
            writePointer(target, opening, at: number, shown)
        }
        if case .mark(let mark) = opening.role, transcription.marks[mark].kind == .underline {
            bracket(
                "_", "_", .typography, opening, at: number,
                showsAll ? shown : texts.having(transcription.marks[mark], around: opening.state).intersection(shown))
        }
    }

    /// Where an element without words leads. In an editor's sentence that is a word, of whatever it is the name.
    private mutating func writePointer(_ target: String, _ opening: Opening, at number: Int, _ shown: TextSet) {
        let isSaid = showsAll || opening.state.isEditorial
        let isLink = opening.behaviour == .link
        let saying = isSaid ? shown : isLink ? shown.intersection(texts.settingApart) : .none
        passAside(shown.subtracting(saying))
        guard !saying.isEmpty else { return }
        line.spaces.setOff(saying.subtracting(waitingSlots))
        write("[\(words.pointer(target, opening.node))]", .pointer, opening.node, opening.state, at: number, saying)
        line.spaces.milestone(saying)
    }

    func marks(around opening: Opening, at number: Int) -> (open: String, close: String, texts: TextSet)? {
        // Among the editors' words, in a note, they are the editors'.
        let isSaid = showsAll || opening.state.isEditorial && opening.state.note != nil
        let settingApart = isSaid ? self.texts.all : self.texts.settingApart
        switch transcription.facts(of: opening).brackets {
        case nil: return nil
        case .quotation:
            return transcription.needsQuotationMarks(opening, at: number) ? ("“", "”", settingApart) : nil
        case .parentheses:
            let first = opening.node.firstScalar
            return first == "(" || first == "[" ? nil : ("(", ")", settingApart)
        case .gloss: return ("(", ")", texts.all)
        case .square: return ("[", "]", texts.all)
        case .figure: return ("[\(words.interface(.figure)): ", "]", texts.all)
        }
    }

    mutating func writeCell(_ opening: Opening, at number: Int, _ shown: TextSet) {
        let isFirst = !opening.node.precedingSiblings.contains { transcription.elements.behaviour(of: $0) == .cell }
        guard !isFirst else { return }
        write(" | ", .typography, opening.node, opening.state, at: number, shown)
        startLine(shown)
        line.spaces.space(shown.intersection(texts.ofWordsAlone), .shown)
    }

    /// A speech without a label says whose it is.
    mutating func writeSpeaker(_ opening: Opening, at number: Int, _ shown: TextSet) {
        guard case .entity(let entity) = opening.role, opening.node.isUnlabelledSpeech else { return }
        let naming = texts.namingSpeakers.intersection(shown)
        let names = (transcription.speakers[opening.node] ?? [entity]).map { transcription.entities[$0].name }
        write(
            "[\(names.joined(separator: ", ")):]", .speaker, opening.node, opening.state, at: number, naming)
        line.spaces.space(naming)
    }

    /// Where the editors supplied lost words, the texts that do not have these say that something is missing.
    mutating func writeLost(_ opening: Opening, at number: Int) {
        guard !showsAll, let outer = transcription.stateAround(supplied: opening), let sign = words.lost(opening.node)
        else { return }
        let missing = texts.texts { $0.includes(outer) && !$0.includes(opening.state) }
        let saying = missing.intersection(seen).subtracting(texts.markingOmissions)
        write(sign, .lost, opening.node, outer, at: number, saying)
    }

    /// A character that has no code, or none that the encoder wrote, is what its declaration maps it to.
    mutating func writeGlyph(_ opening: Opening, at number: Int, _ shown: TextSet) {
        let node = opening.node
        let (exact, regular) = (Glyphs.mapping(of: node, isExact: true), Glyphs.mapping(of: node, isExact: false))
        let diplomatic = texts.diplomatic.intersection(shown)
        let others = shown.subtracting(diplomatic)
        let dividing = textsDivided(bySignAt: number, node, shown)
        for (character, texts) in [(exact, diplomatic.subtracting(dividing)), (regular, others.subtracting(dividing))] {
            if let character {
                if character.isEmpty { continue }
                write(character, .character, node, opening.state, at: number, texts)
            } else {
                write("[\(Glyphs.name(of: node))]", .blank, node, opening.state, at: number, texts)
            }
        }
    }

    /// Where a witness is named by none of the readings, its text says that it lacks the place.
    mutating func writeLack(of place: Int, _ opening: Opening, at number: Int) {
        guard !showsAll, transcription.alternatives[place].kind == .apparatus else { return }
        for (text, selection) in texts.selections.enumerated() where selection.branch(place) == Selection.none {
            let sign = "[\(words.interface(.noReadingOf, selection.sigil ?? ""))]"
            write(sign, .lost, opening.node, opening.state, at: number, TextSet(text).intersection(seen))
        }
    }

    /// A reading without words is that its witnesses omit the passage: the brackets around it say whose it is.
    mutating func writeOmittedPassage(_ number: Int, _ opening: Opening, at event: Int, _ shown: TextSet) {
        guard transcription.interventions[number].kind == .reading,
            words.marker(number, isEnd: false, diplomatic) != nil,
            !opening.node.children.contains(where: { $0.isNotWhiteSpace && $0.tei != "note" })
        else { return }
        write(
            Wording.omits, .marker, opening.node, opening.state, at: event, shown.intersection(texts.diplomatic))
    }

    /// Whether it is an editor's note on a reading of an apparatus.
    func isRemarkOnReading(_ opening: Opening) -> Bool {
        guard case .note(let note) = opening.role else { return false }
        return opening.node.parent?.tei == "rdg" && transcription.notes[note].isEditorial
    }

    /// In the diplomatic text it is in the brackets of its reading. A note that says that words are omitted is said already.
    mutating func writeRemark(_ opening: Opening, at number: Int) {
        let saying = showing(texts.diplomatic).intersection(index.asideTexts(of: opening, at: number))
        passAside(seen)
        guard let remark = Wording.remark(opening.node), !saying.isEmpty else { return }
        line.spaces.space(saying, .shown)
        write("(\(remark))", .marker, opening.node, opening.state, at: number, saying)
        line.spaces.milestone(saying)
    }

    /// A blank on the page separates words. In a diplomatic text, words of the program say that it is a blank.
    mutating func writeBlank(_ opening: Opening, at number: Int) {
        let texts = showsAll ? seen : index.texts[number].intersection(seen)
        guard opening.node.attribute("quantity") != "0" else { return }
        if opening.node.isBetweenLines(transcription.elements) {
            append(.paragraphBreak, texts.subtracting(self.texts.diplomatic))
            startLine(texts.subtracting(self.texts.diplomatic))
        }
        line.spaces.space(texts, .shown)
        guard let sign = words.blank(opening.node) else { return }
        let saying = showing(self.texts.diplomatic).intersection(texts)
        write(sign, .blank, opening.node, opening.state, at: number, saying)
        line.spaces.space(saying, .shown)
    }

    mutating func writeBreak(_ opening: Opening, at number: Int) {
        // The editors' form of words was on no page, and has no lines if the writers' form has them.
        let isRepeated = opening.node.isRepeatedByEditors
        var keeping = isRepeated ? .none : showing(texts.diplomatic)
        // What a text does not have has no effect on it; in the text of one hand, the lines of others part its words.
        let own = showsAll ? seen : seen.intersection(index.texts[number].union(texts.markingOmissions))
        let isWithinWord = isWithinWord(opening)
        let joining = own.intersection(breaksInWords[number] ?? .none)
        separate(true, joining.subtracting(keeping))
        switch transcription.facts(of: opening).ends {
        case .line:
            if openElements.last?.keepsLines == true, !isWithinWord { keeping = seen.subtracting(joining) }
            append(.lineEnd, keeping.subtracting(line.spaces.atStart))
            startLine(keeping)
            separate(isWithinWord, own.subtracting(keeping).subtracting(joining), .lineEnd)
        case .page:
            append(.lineEnd, keeping.subtracting(line.spaces.atStart))
            startLine(keeping)
            separate(opening, isWithinWord, own.subtracting(keeping).subtracting(joining))
            let marked = seen.subtracting(texts.markingOmissions).subtracting(isRepeated ? texts.diplomatic : .none)
            if !isWithinWord, breaksInWords[number] == nil { flushSpace(marked) }
            append(.pageBreak(number), marked)
            append(.lineEnd, keeping)
        case .paragraph:
            append(.paragraphBreak, own)
            startLine(own)
        case .verse: line.spaces.space(own, .shown)
        case nil: separate(opening, isWithinWord, own.subtracting(joining))
        }
        afterUnbroken = isWithinWord ? own : joining.isEmpty ? afterUnbroken : joining
    }

    /// Whether a break says that it is within a word, or is in an element for one word.
    func isWithinWord(_ opening: Opening) -> Bool {
        switch opening.node.breakOfWord {
        case "no": true
        case nil: hasWordElements && opening.node.ancestors.contains { $0.tei == "w" }
        default: false
        }
    }

    mutating func separate(
        _ isWithinWord: Bool, _ texts: TextSet, _ source: WhiteSpaceState.Source = .blank
    ) {
        guard !texts.isEmpty else { return }
        guard isWithinWord else { return line.spaces.space(texts, source) }
        dropSlots(line.spaces.suppress(texts))
    }

    /// A milestone of a page or the like separates words if it says so, or if it is not within one.
    mutating func separate(_ milestone: Opening, _ isWithinWord: Bool, _ texts: TextSet) {
        if isWithinWord || milestone.node.breakOfWord == "yes" {
            separate(isWithinWord, texts)
        } else {
            line.spaces.milestone(texts)
        }
    }

    // MARK: Brackets

    mutating func bracket(
        _ opening: String?, _ closing: String, _ kind: TextLayout.Generated.Kind, _ element: Opening, at number: Int,
        _ texts: TextSet
    ) {
        guard !texts.isEmpty else { return }
        open(
            Bracket(
                opening: opening, closing: closing, kind: kind, node: element.node, state: element.state,
                event: number, texts: texts, unfilled: texts))
    }

    /// The brackets of a deletion, an addition, or what else a text marks.
    mutating func beginIntervention(_ number: Int, isSpan: Bool, at event: Int) {
        let intervention = transcription.interventions[number]
        let state = State(hand: intervention.hand, stage: intervention.stage)
        func bracket(_ texts: TextSet, _ selection: Selection, _ kind: TextLayout.Generated.Kind) {
            let opening = words.marker(number, isEnd: false, selection)
            let ending = words.marker(number, isEnd: true, selection)
            let cancelled = isSpan ? self.cancelled[intervention.node] ?? "" : ""
            guard !texts.isEmpty, opening != nil || ending != nil || !cancelled.isEmpty else { return }
            open(
                Bracket(
                    opening: opening, closing: (ending ?? "") + cancelled, kind: kind, node: intervention.node,
                    state: state, event: event, texts: texts, unfilled: texts), isSpan: isSpan)
        }
        // A span is no child of the element in which it begins.
        func showing(_ texts: TextSet) -> TextSet {
            isSpan && !showsAll ? texts.intersection(line.scope) : self.showing(texts)
        }
        switch intervention.kind {
        case .deletion: bracket(showing(texts.marking(intervention)), diplomatic, .typography)
        case .addition:
            bracket(showing(texts.diplomatic), diplomatic, .typography)
            guard !showsAll, words.interface.certainty(intervention.certainty) != nil else { break }
            let others = showing(texts.all).subtracting(texts.diplomatic)
            if let plain = texts.selections.first(where: { !$0.isDiplomatic }) {
                bracket(others, plain, .uncertainAddition)
            }
        case .lacuna: break
        case .possibility where isSpan: break
        default: bracket(showing(texts.diplomatic), diplomatic, .marker)
        }
    }

    mutating func open(_ bracket: Bracket, isSpan: Bool = false) {
        var bracket = bracket
        bracket.texts.remove(texts.ofWordsAlone)
        bracket.unfilled.remove(texts.ofWordsAlone)
        if let opening = bracket.opening, !bracket.texts.isEmpty {
            bracket.step = line.steps.count
            append(bracket, opening, .start, bracket.texts)
        }
        if isSpan { line.spanBrackets.append(bracket) } else { line.brackets.append(bracket) }
    }

    mutating func closeBracket(_ bracket: Bracket) {
        if let step = bracket.step { line.steps[step].texts.remove(bracket.unfilled) }
        let filled = bracket.texts.subtracting(bracket.unfilled)
        guard !bracket.closing.isEmpty, !filled.isEmpty else { return }
        writeOmission(filled)
        append(bracket, bracket.closing, .end, filled)
        line.lastCharacter.end = moveToLastCharacter(filled) + 1
    }

    /// Words of others that were passed over before a closing bracket leave their trace within it.
    mutating func writeOmission(_ texts: TextSet) {
        let omitted = line.omissions.intersection(texts).subtracting(line.spaces.atStart)
        guard !omitted.isEmpty else { return }
        dropSpace(omitted)
        append(.omission, omitted)
        line.omissions.remove(omitted)
        line.spaces.space(omitted)
    }

    /// Moves a closing bracket from after the end of a block into the block, to the last character.
    ///
    /// - Returns: the number of its step.
    mutating func moveToLastCharacter(_ texts: TextSet) -> Int {
        let place = line.lastCharacter.end
        guard line.lastCharacter.texts.isSuperset(of: texts), line.steps[place...].contains(where: isEndOfBlock) else {
            return line.steps.count - 1
        }
        insert(line.steps.removeLast(), at: place)
        return place
    }

    /// Inserts a step before others that have been written.
    mutating func insert(_ entry: TextLayout.Entry, at place: Int) {
        line.steps.insert(entry, at: place)
        for number in line.slots.indices where line.slots[number].step >= place { line.slots[number].step += 1 }
        for number in line.brackets.indices where line.brackets[number].step ?? 0 >= place {
            line.brackets[number].step! += 1
        }
        for number in line.spanBrackets.indices where line.spanBrackets[number].step ?? 0 >= place {
            line.spanBrackets[number].step! += 1
        }
    }

    func isEndOfBlock(_ entry: TextLayout.Entry) -> Bool {
        guard case .close(let event) = entry.step, let opening = transcription.opening(at: event) else {
            return false
        }
        return opening.behaviour.isBlock
    }

    mutating func append(
        _ bracket: Bracket, _ text: String, _ place: TextLayout.Generated.Place, _ texts: TextSet
    ) {
        generated.append(
            TextLayout.Generated(
                kind: bracket.kind, text: text, node: bracket.node, state: bracket.state, place: place,
                event: bracket.event))
        append(.generated(generated.count - 1), texts)
    }

    mutating func beginSpan(_ number: Int, at event: Int) {
        if transcription.interventions[number].kind == .lacuna { return writeLacuna(number, isEnd: false, at: event) }
        if listsOmissions || texts.selections.count > 1 { append(.span(event), seen) }
        beginIntervention(number, isSpan: true, at: event)
    }

    mutating func endSpan(_ number: Int, at event: Int) {
        if transcription.interventions[number].kind == .lacuna { return writeLacuna(number, isEnd: true, at: event) }
        if listsOmissions || texts.selections.count > 1 { append(.span(event), seen) }
        let node = transcription.interventions[number].node
        guard let bracket = line.spanBrackets.lastIndex(where: { $0.node == node }) else { return }
        closeBracket(line.spanBrackets.remove(at: bracket))
    }

    /// Where what a witness lacks begins or ends.
    mutating func writeLacuna(_ number: Int, isEnd: Bool, at event: Int) {
        guard !showsAll else { return }
        var signs: [(sign: String, texts: TextSet)] = []
        for (text, selection) in texts.selections.enumerated() where seen.contains(text) {
            guard let sign = words.marker(number, isEnd: isEnd, selection) else { continue }
            if let known = signs.firstIndex(where: { $0.sign == sign }) {
                signs[known].texts.insert(TextSet(text))
            } else {
                signs.append((sign, TextSet(text)))
            }
        }
        let intervention = transcription.interventions[number]
        for (sign, texts) in signs {
            line.spaces.space(texts)
            let state = State(hand: intervention.hand, stage: intervention.stage)
            write(sign, .lacuna, intervention.node, state, at: event, texts)
            line.spaces.space(texts)
            line.leftOutWords.insert(texts)
        }
    }

    /// Writes words of the program, in their order with the document's.
    mutating func write(
        _ text: String, _ kind: TextLayout.Generated.Kind, _ node: Node, _ state: State, at event: Int, _ all: TextSet
    ) {
        let texts = kind == .character ? all : all.subtracting(self.texts.ofWordsAlone)
        guard !texts.isEmpty else { return }
        flush(texts, text.unicodeScalars.first.map(WhiteSpaceState.Character.init) ?? .other)
        generated.append(
            TextLayout.Generated(kind: kind, text: text, node: node, state: state, place: .inLine, event: event))
        append(character: .generated(generated.count - 1), texts)
        line.spaces.end(with: text.unicodeScalars.last.map(WhiteSpaceState.Character.init) ?? .other, texts)
    }
}
