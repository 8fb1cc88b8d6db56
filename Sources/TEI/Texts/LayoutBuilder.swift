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
    /// The line breaks at which a word goes on, by their events.
    var breaksInWords: Set<Int> = []
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
        cancelled = texts.diplomatic.isEmpty ? [:] : words.cancelled
        startsLine = transcription.elements.rows.map(\.behaviour.startsLine)
        hasMarkup = transcription.elements.rows.map {
            $0.facts.brackets != nil || $0.facts.mayMark || $0.behaviour == .link || $0.facts.sign != nil
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
        if facts.isApart, transcription.elements.isApartFromNeighbour(opening.node) { line.spaces.space(shown, .shown) }
        if behaviour.startsLine {
            startLine(shown)
        } else if !behaviour.isMilestone {
            if startsLine[opening.row] { line.spaces.space(shown) }
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
        if opening.behaviour.startsLine {
            startLine(element.seen)
        } else if startsLine[opening.row] {
            line.spaces.space(element.seen)
        }
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

    // MARK: What markup says and a text must write

    /// Quotation marks, parentheses, pointers and underlining.
    mutating func writeMarkup(_ opening: Opening, at number: Int, _ shown: TextSet) {
        let node = opening.node
        if let marks = marks(around: opening, at: number) {
            bracket(marks.open, marks.close, .typography, opening, at: number, shown.intersection(marks.texts))
        }
        if let sign = transcription.facts(of: opening).sign, opening.node.firstChild == nil {
            line.spaces.space(shown, .shown)
            write("[\(words.interface(sign))]", .blank, opening.node, opening.state, at: number, shown)
            line.spaces.space(shown, .shown)
        }
        if opening.behaviour == .link, node.firstChild == nil, let target = node.tokens("target").first {
            write("[\(words.interface(.see)) \(target)]", .pointer, node, opening.state, at: number, shown)
        }
        if case .mark(let mark) = opening.role, transcription.marks[mark].kind == .underline {
            bracket(
                "_", "_", .typography, opening, at: number,
                showsAll ? shown : texts.having(transcription.marks[mark], around: opening.state).intersection(shown))
        }
    }

    func marks(around opening: Opening, at number: Int) -> (open: String, close: String, texts: TextSet)? {
        let settingApart = showsAll ? self.texts.all : self.texts.settingApart
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
    }

    /// A speech without a label says whose it is.
    mutating func writeSpeaker(_ opening: Opening, at number: Int, _ shown: TextSet) {
        guard case .entity(let entity) = opening.role, opening.node.isUnlabelledSpeech else { return }
        let naming = texts.namingSpeakers.intersection(shown)
        write("[\(transcription.entities[entity].name):]", .speaker, opening.node, opening.state, at: number, naming)
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
        for (character, texts) in [(exact, diplomatic), (regular, shown.subtracting(diplomatic))] {
            if let character {
                write(character, .character, node, opening.state, at: number, texts)
            } else {
                write("[\(Glyphs.name(of: node))]", .blank, node, opening.state, at: number, texts)
            }
        }
    }

    /// Where a witness is named by none of the readings, its text says that it lacks the place.
    mutating func writeLack(of place: Int, _ opening: Opening, at number: Int) {
        guard !showsAll, transcription.alternatives[place].kind == .apparatus else { return }
        for (text, selection) in texts.selections.enumerated() where selection.branch(place) < 0 {
            let sign = "[\(words.interface(.lacunaIn, selection.sigil ?? ""))]"
            write(sign, .lost, opening.node, opening.state, at: number, TextSet(text).intersection(seen))
        }
    }

    /// A blank on the page separates words. In a diplomatic text, words of the program say that it is a blank.
    mutating func writeBlank(_ opening: Opening, at number: Int) {
        let texts = showsAll ? seen : index.texts[number].intersection(seen)
        guard opening.node.attribute("quantity") != "0" else { return }
        line.spaces.space(texts, .shown)
        guard let sign = words.blank(opening.node) else { return }
        let saying = showing(self.texts.diplomatic).intersection(texts)
        write(sign, .blank, opening.node, opening.state, at: number, saying)
        line.spaces.space(saying, .shown)
    }

    mutating func writeBreak(_ opening: Opening, at number: Int) {
        var keeping = showing(texts.diplomatic)
        // What a text does not have has no effect on it; in the text of one hand, the lines of others part its words.
        let own = showsAll ? seen : seen.intersection(index.texts[number].union(texts.markingOmissions))
        let isWithinWord = opening.node.attribute("break") == "no"
        switch transcription.facts(of: opening).ends {
        case .line:
            if openElements.last?.keepsLines == true, !isWithinWord { keeping = seen }
            append(.lineEnd, keeping.subtracting(line.spaces.atStart))
            startLine(keeping)
            let others = own.subtracting(keeping)
            let joining = breaksInWords.contains(number) ? texts.joiningWords.intersection(others) : .none
            separate(true, joining)
            separate(isWithinWord, others.subtracting(joining), .lineEnd)
        case .page:
            append(.lineEnd, keeping.subtracting(line.spaces.atStart))
            startLine(keeping)
            separate(opening, own.subtracting(keeping))
            let marked = seen.subtracting(texts.markingOmissions)
            if !isWithinWord { flushSpace(marked) }
            append(.pageBreak(number), marked)
            append(.lineEnd, keeping)
        case .paragraph:
            append(.paragraphBreak, own)
            startLine(own)
        case .verse: line.spaces.space(own, .shown)
        case nil: separate(opening, own)
        }
    }

    mutating func separate(
        _ isWithinWord: Bool, _ texts: TextSet, _ source: WhiteSpaceState.Source = .blank
    ) {
        guard !texts.isEmpty else { return }
        guard isWithinWord else { return line.spaces.space(texts, source) }
        line.spaces.suppress(texts)
        dropSlots(texts)
    }

    /// A milestone of a page or the like separates words if it says so, or if it is not within one.
    mutating func separate(_ milestone: Opening, _ texts: TextSet) {
        switch milestone.node.attribute("break") {
        case "no": separate(true, texts)
        case "yes": separate(false, texts)
        default: line.spaces.milestone(texts)
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
        line.steps.insert(line.steps.removeLast(), at: place)
        for number in line.slots.indices where line.slots[number].step >= place { line.slots[number].step += 1 }
        for number in line.brackets.indices where line.brackets[number].step ?? 0 >= place {
            line.brackets[number].step! += 1
        }
        for number in line.spanBrackets.indices where line.spanBrackets[number].step ?? 0 >= place {
            line.spanBrackets[number].step! += 1
        }
        return place
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

    // MARK: Marks, notes and gaps

    mutating func setAside(_ opening: Opening, at number: Int) {
        let shown = showsAll ? seen : index.asideTexts(of: opening, at: number).intersection(seen)
        guard !shown.isEmpty else { return leaveOut(opening, at: number) }
        if case .mark(let mark) = opening.role { writeInPlace(transcription.marks[mark], opening, at: number, shown) }
        let outer = line
        line = Line(shown)
        noteDepth += 1
        openElements.append(Open(event: number, seen: shown, brackets: 0))
        process((number + 1)..<index.ends[number])
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

    // MARK: Characters

    mutating func write(_ node: Node, _ part: Range<Int>?, _ state: State, at number: Int) {
        let shown = showsAll ? seen : index.texts[number].intersection(seen)
        let start = bytes.count
        if let part { bytes.append(contentsOf: node.text(in: part).utf8) } else { node.appendText(to: &bytes) }
        if shown != line.scope, !showsAll, !index.isSign(state) {
            passOver(state, isBlank: isBlank(from: start), line.scope.subtracting(shown))
        }
        guard !shown.isEmpty else {
            let isBlank = isBlank(from: start)
            bytes.removeLast(bytes.count - start)
            if listsOmissions, !isBlank, !texts.markingOmissions.isSuperset(of: texts.all) {
                addLeftOut(number..<(number + 1), state)
            }
            return
        }
        guard start < bytes.count else { return }
        if !line.leftOutWords.isEmpty, LayoutBuilder.closing.contains(bytes[start]) {
            dropSpace(line.leftOutWords.intersection(shown))
        }
        let (scalar, preserves) = (part?.lowerBound ?? 0, preservesSpace(node))
        guard let hyphen = hyphenOfDividedWord(from: start, at: number, shown) else {
            return writeWords(from: start, at: number, scalar: scalar, preserves: preserves, shown)
        }
        let rest = Array(bytes[hyphen...])
        bytes.removeLast(rest.count)
        let before = String(decoding: bytes[start...], as: UTF8.self).unicodeScalars.count
        writeWords(from: start, at: number, scalar: scalar, preserves: preserves, shown)
        let next = bytes.count
        bytes += rest
        let keeping = shown.subtracting(texts.joiningWords)
        guard !keeping.isEmpty else { return bytes.removeLast(rest.count) }
        writeWords(from: next, at: number, scalar: scalar + before, preserves: preserves, keeping)
    }

    /// Whether white space is kept as it is.
    mutating func preservesSpace(_ node: Node) -> Bool {
        guard node.preservesSpace, let bearer = node.ancestors.first(where: \.saysOfSpace) else { return false }
        if let known = preserving[bearer] { return known }
        let preserves = transcription.preservesSpace(in: bearer)
        preserving[bearer] = preserves
        return preserves
    }

    /// Before these, no space is left by words that are left out.
    private static let closing = Set(",.;:!?)]".utf8)

    func isBlank(from start: Int) -> Bool { bytes[start...].allSatisfy(\.isXMLSpace) }

    mutating func writeWords(
        from start: Int, at number: Int, scalar first: Int, preserves: Bool, _ shown: TextSet
    ) {
        var (position, scalar) = (start, first)
        while position < bytes.count {
            if !preserves, bytes[position].isXMLSpace {
                readSpace(
                    TextLayout.Origin(event: number, scalar: scalar), isLineEnd: bytes[position] == 0x0A, shown)
                (position, scalar) = (position + 1, scalar + 1)
                continue
            }
            let words = stretch(from: position, preserves: preserves)
            flush(shown, bytes.character(at: position))
            let origin = TextLayout.Origin(event: number, scalar: scalar)
            append(
                character: .words(
                    TextLayout.Stretch(
                        origin: origin, bytes: position..<words.end, scalars: words.scalars, units: words.units)),
                shown)
            line.spaces.end(with: bytes.character(before: words.end), shown)
            (position, scalar) = (words.end, scalar + words.scalars)
        }
    }

    /// Words up to white space of more than one character. One such character between words is a space, and nothing
    /// else can become of it.
    mutating func stretch(from start: Int, preserves: Bool) -> (end: Int, scalars: Int, units: Int) {
        var text = bytes.mutableSpan
        var (position, continuing, long) = (start, 0, 0)
        while position < text.count {
            let byte = text[position]
            if byte <= 0x20, !preserves, byte.isXMLSpace {
                guard position + 1 < text.count, !text[position + 1].isXMLSpace else { break }
                // The end of a line is no space between Chinese or Japanese characters.
                if byte == 0x0A, position > start, text[position - 1] >= 0x80, text[position + 1] >= 0x80 { break }
                text[position] = 0x20
            } else if byte >= 0x80 {
                if byte & 0xC0 == 0x80 { continuing += 1 } else if byte >= 0xF0 { long += 1 }
            }
            position += 1
        }
        let scalars = position - start - continuing
        return (position, scalars, scalars + long)
    }

    mutating func readSpace(_ origin: TextLayout.Origin, isLineEnd: Bool, _ texts: TextSet) {
        if line.spaces.pending.intersection(texts).isEmpty { line.origin = origin }
        line.spaces.space(texts.subtracting(waitingSlots), isLineEnd ? .lineEnd : .blank)
    }

    /// White space of what is left out is left out too, and none is left before a comma. Only in the text of one hand
    /// others' white space separates its words, and so do others' words where nothing is written for them.
    mutating func passOver(_ state: State, isBlank: Bool, _ texts: TextSet) {
        let ofOneHand = leavesTrace(state) ? texts.intersection(self.texts.markingOmissions) : .none
        let parting = isBlank ? ofOneHand : ofOneHand.intersection(self.texts.ofWordsAlone)
        line.spaces.space(parting.subtracting(waitingSlots))
        guard !isBlank else { return }
        line.omissions.insert(ofOneHand.subtracting(self.texts.ofWordsAlone))
        line.leftOutWords.remove(texts)
        line.leftOutWords.insert(line.spaces.pending.union(waitingSlots).intersection(texts))
    }

    /// Whether others wrote something on the document here: the editors did not, unless their words are in place of what
    /// a writer wrote and they don't say.
    private func leavesTrace(_ state: State) -> Bool {
        guard state.isEditorial, let last = state.interventions.last else { return !state.isEditorial }
        let intervention = transcription.interventions[last]
        switch intervention.kind {
        case .correction, .regularization: return intervention.alternative == nil
        case .supplied: return words.lost(intervention.node) != nil
        default: return false
        }
    }

    // MARK: White space

    mutating func startLine(_ texts: TextSet) {
        dropSlots(texts)
        line.spaces.startLine(texts)
        line.omissions.remove(texts)
    }

    /// Writes the space that is due before a start tag rather than after it. It is taken back where the line ends
    /// without another character.
    mutating func flushSpace(_ texts: TextSet) {
        let due = line.spaces.certain.intersection(texts).subtracting(line.omissions)
        guard !due.isEmpty else { return }
        line.spaces.drop(due)
        line.slots.append((line.steps.count, due))
        append(.space(at: line.origin), due)
    }

    var waitingSlots: TextSet { line.slots.reduce(.none) { $0.union($1.waiting) } }

    mutating func dropSlots(_ texts: TextSet) {
        guard !line.slots.isEmpty else { return }
        for number in line.slots.indices {
            line.steps[line.slots[number].step].texts.remove(line.slots[number].waiting.intersection(texts))
            line.slots[number].waiting.remove(texts)
        }
        line.slots.removeAll(where: \.waiting.isEmpty)
    }

    mutating func dropSpace(_ texts: TextSet) {
        line.spaces.drop(texts)
        dropSlots(texts)
    }

    /// Writes what is due before a character: a space, the sign for an omission, brackets.
    mutating func flush(_ texts: TextSet, _ character: WhiteSpaceState.Character) {
        let atStart = line.spaces.atStart
        let due = line.spaces.character(texts, character)
        if !line.omissions.isEmpty {
            let omitted = line.omissions.intersection(texts).subtracting(noteDepth > 0 ? .none : atStart)
            dropSlots(omitted)
            append(.omission, omitted)
            append(.space(at: line.origin), due.subtracting(line.omissions))
            line.omissions.remove(texts)
        } else {
            append(.space(at: line.origin), due)
        }
        if !line.slots.isEmpty {
            for number in line.slots.indices { line.slots[number].waiting.remove(texts) }
            line.slots.removeAll(where: \.waiting.isEmpty)
        }
        line.leftOutWords.remove(texts)
        line.origin = nil
        for number in line.brackets.indices { line.brackets[number].unfilled.remove(texts) }
        for number in line.spanBrackets.indices { line.spanBrackets[number].unfilled.remove(texts) }
    }
}
