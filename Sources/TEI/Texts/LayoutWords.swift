package import XML

// Words in the layout: their characters, the white space between them, and whether the end of a line divides them.

extension LayoutBuilder {
    /// A word that the end of a line divides: where its hyphen is, and the texts that have the word whole.
    struct DividedWord {
        /// The position of the hyphen in ``bytes``.
        let hyphen: Int
        /// The texts that have the word without its hyphen.
        let joining: TextSet
        /// The rest of the word, if it is on a line that is a line in every text: whole words have it before this line.
        var rest: [WordPart] = []
    }

    /// A part of the first word of a line.
    struct WordPart {
        let event: Int
        /// Of the text node, in Unicode scalars.
        let scalars: Range<Int>
        let text: [Unicode.Scalar]
    }

    /// The end of a line, and the start of the next.
    private struct LineEnd {
        /// The breaks, by their events: there may be one of a page and one of a line.
        var breaks: [Int] = []
        /// The `line` that begins, by its event.
        var line: Int?
    }

    /// The word that the end of a line divides after this text, if some texts have it whole.
    ///
    /// A hyphen before a break with `@break="no"`, in a `w` or at the end of a part of one (`@part`) is there since the
    /// line ends, unless the header says that only those of the word itself were kept. Before any other break, and at the
    /// end of a `line`, the next line must go on with a letter, a small one if the hyphen is to go, and the header must
    /// not say that such hyphens are none of the transcription's (`hyphenation/@eol`; TEI P5, 2.3.3 and 3.2.2).
    ///
    /// Texts that have no word whole have it in one line too, with its hyphen, unless they show the lines.
    ///
    /// - Parameter start: where the text begins in ``bytes``.
    mutating func dividedWord(_ node: Node, from start: Int, at number: Int, _ shown: TextSet) -> DividedWord? {
        var joining = shown.intersection(texts.joiningWords)
        guard let hyphen = bytes.lastHyphen(from: start) else {
            return joining.isEmpty || !hasHyphensAtStart
                ? nil : wordWithHyphenAfterBreak(node, from: start, at: number, joining)
        }
        joining = shown.intersection(textsWithWholeWords(at: node))
        let others = shown.subtracting(texts.diplomatic).subtracting(joining)
        for text in texts.selections.indices where others.contains(text) {
            _ = dividedWord(node, at: hyphen, from: start, after: number, TextSet(text))
        }
        return joining.isEmpty ? nil : dividedWord(node, at: hyphen, from: start, after: number, joining)
    }

    /// - Parameter whole: the texts of which is asked, which have the same words here.
    private mutating func dividedWord(
        _ node: Node, at hyphen: Int, from start: Int, after number: Int, _ whole: TextSet
    ) -> DividedWord? {
        guard isAfterLetter(hyphen, from: start, whole), let end = lineEnd(after: number, whole) else { return nil }
        let kept = transcription.header.hyphenation
        let breaks = end.breaks.compactMap(transcription.opening)
        guard !breaks.contains(where: { $0.node.breakOfWord == "yes" }) else { return nil }
        let isStated = node.parent?.isContinuedWord == true || breaks.contains(where: isWithinWord)
        // Only where it is said that the word goes on is this sign a hyphen.
        guard isStated || bytes[hyphen] != UInt8(ascii: "=") else { return nil }
        let joining = whole.intersection(textsWithWholeWords(at: node))
        if let line = end.line {
            return joining.isEmpty ? nil : wordDividedByLines(hyphen, kept, from: number, to: line, joining)
        }
        if isStated {
            goOn(at: end.breaks, whole)
            let keeps = LayoutBuilder.keepsHyphens(kept) || isOfCompound(hyphen, after: end.breaks.last, whole)
            return keeps ? nil : DividedWord(hyphen: hyphen, joining: joining)
        }
        var all = whole
        let rest = firstWord(after: end.breaks.last!, before: transcription.events.count, in: &all)
        guard kept != "none", let first = rest.first?.text[0], WhiteSpaceState.Character(first).isLetter,
            !isBetweenFigureAndLetter(hyphen, first), !LayoutBuilder.isBesideHalves(rest.flatMap(\.text))
        else { return nil }
        goOn(at: end.breaks, whole)
        return kept == "hard" || !LayoutBuilder.goesOn(first) ? nil : DividedWord(hyphen: hyphen, joining: joining)
    }

    /// The texts with whole words: the diplomatic one too in the editors' form of words, which has no lines of its own.
    private func textsWithWholeWords(at node: Node) -> TextSet {
        node.isInFormOfEditors ? texts.joiningWords.union(texts.diplomatic) : texts.joiningWords
    }

    /// A word goes on after breaks.
    private mutating func goOn(at breaks: [Int], _ texts: TextSet) {
        for number in breaks { breaksInWords[number, default: .none].insert(texts) }
    }

    /// A word whose hyphen is at the start of the next line alone, as some writers set it.
    private mutating func wordWithHyphenAfterBreak(
        _ node: Node, from start: Int, at number: Int, _ joining: TextSet
    ) -> DividedWord? {
        guard start < bytes.count, bytes.character(before: bytes.count).isLetter,
            !bytes[bytes.count - 1].isXMLSpace, let end = lineEnd(after: number, joining)
        else { return nil }
        var whole = joining
        let next = end.line ?? end.breaks.last!
        let rest = firstWord(
            after: next, before: end.line.map { index.ends[$0] } ?? transcription.events.count, in: &whole)
        guard let text = rest.first?.text, text.count > 1, text[0] == "-", LayoutBuilder.goesOn(text[1]) else {
            return nil
        }
        if let line = end.line {
            return wordDividedByLines(bytes.count, transcription.header.hyphenation, from: number, to: line, joining)
        }
        goOn(at: end.breaks, joining)
        return nil
    }

    /// The texts among some that a sign without a character divides in a word, before a break that says that the word goes
    /// on: it is there since the line ends.
    mutating func textsDivided(bySignAt number: Int, _ node: Node, _ shown: TextSet) -> TextSet {
        let joining = shown.intersection(textsWithWholeWords(at: node))
        guard !joining.isEmpty, line.slots.isEmpty, line.spaces.isAfterLetter(joining),
            let end = lineEnd(after: index.ends[number], joining),
            end.breaks.compactMap(transcription.opening).contains(where: isWithinWord)
        else { return .none }
        goOn(at: end.breaks, joining)
        return joining
    }

    /// Whether a hyphen is the word's own: a small letter is before it, and a capital after it, as in `Nord-Süd`.
    private func isOfCompound(_ hyphen: Int, after event: Int?, _ joining: TextSet) -> Bool {
        guard let event else { return false }
        var whole = joining
        let rest = firstWord(after: event, before: transcription.events.count, in: &whole)
        return LayoutBuilder.isCompound(bytes.scalar(before: hyphen), rest.first?.text.first)
    }

    /// Whether a hyphen between two letters parts the words of a compound; so it does at the end of all words.
    static func isCompound(_ letter: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
        letter?.properties.isLowercase == true && next?.properties.isUppercase != false
    }

    /// Whether a word may go on with a letter: a small one, or one of a script that has no others.
    static func goesOn(_ letter: Unicode.Scalar) -> Bool {
        letter.properties.isLowercase
            || letter.properties.generalCategory == .otherLetter && WhiteSpaceState.Character(letter).isLetter
    }

    /// Whether a word stands between halves of others, as in `Haupt- und Reichssachen`.
    static func isBesideHalves(_ word: some Sequence<Unicode.Scalar>) -> Bool {
        ["und", "oder", "bzw.", "sowie"].contains(String(String.UnicodeScalarView(word)))
    }

    /// Whether the hyphens at the ends of lines stay: the header says that they are those of the words, or at every end.
    static func keepsHyphens(_ kept: String?) -> Bool { kept == "hard" || kept == "none" }

    /// A word whose rest is at the start of the next `line`.
    private func wordDividedByLines(
        _ hyphen: Int, _ kept: String?, from number: Int, to next: Int, _ joining: TextSet
    ) -> DividedWord? {
        guard !showsAll, !LayoutBuilder.keepsHyphens(kept), let opening = transcription.opening(at: next),
            case .text(let node, _, _) = transcription.events[number],
            node.kindOfZone == opening.node.kindOfZone, node.kindOfLine == opening.node.attribute("type")
        else { return nil }
        let around = seen(after: transcription.events[number..<next])
        var whole = joining.intersection(around).intersection(index.texts(of: opening, at: next))
        let rest = withoutHyphen(firstWord(after: next, before: index.ends[next], in: &whole))
        guard let first = rest.first?.text[0], LayoutBuilder.goesOn(first), !isBetweenFigureAndLetter(hyphen, first),
            !LayoutBuilder.isBesideHalves(rest.flatMap(\.text)), !isBetweenLines(rest[0], opening.node, from: number)
        else { return nil }
        return DividedWord(hyphen: hyphen, joining: whole, rest: rest)
    }

    /// Whether a line begins with words that were added between two lines.
    private func isBetweenLines(_ part: WordPart, _ line: Node, from number: Int) -> Bool {
        guard case .text(_, _, let state) = transcription.events[part.event],
            case .text(_, _, let before) = transcription.events[number]
        else { return false }
        return state.interventions.contains { addition in
            transcription.interventions[addition].kind == .addition && !before.interventions.contains(addition)
                && line.contains(transcription.interventions[addition].node)
        }
    }

    /// The rest of a word, without the hyphen with which some writers begin the next line too.
    private func withoutHyphen(_ rest: [WordPart]) -> [WordPart] {
        guard let first = rest.first, first.text.count > 1, LayoutBuilder.hyphens.contains(String(first.text[0])) else {
            return rest
        }
        let part = WordPart(
            event: first.event, scalars: (first.scalars.lowerBound + 1)..<first.scalars.upperBound,
            text: Array(first.text.dropFirst()))
        return [part] + rest.dropFirst()
    }

    /// The texts that see what comes after some events.
    private func seen(after events: ArraySlice<Event>) -> TextSet {
        var open = openElements[...]
        var opened = 0
        for event in events {
            switch event {
            case .open: opened += 1
            case .close: if opened > 0 { opened -= 1 } else { _ = open.popLast() }
            default: break
            }
        }
        return open.last?.seen ?? line.scope
    }

    /// The word at the start of a line, as some texts have it.
    ///
    /// - Parameter texts: those that may have it; after the call, those that have all of it.
    private func firstWord(after start: Int, before end: Int, in texts: inout TextSet) -> [WordPart] {
        var word: [WordPart] = []
        var number = start + 1
        while number < end {
            switch transcription.events[number] {
            case .open(let opening):
                if index.isTakenOut(opening) || index.texts(of: opening, at: number).intersection(texts).isEmpty {
                    number = index.ends[number]
                } else if opening.behaviour.startsLine || transcription.facts(of: opening).ends == .line {
                    return word
                }
            case .text(let node, let part, _) where !index.texts[number].intersection(texts).isEmpty:
                let scalars = Array(node.text(in: part).unicodeScalars)
                let blank = word.isEmpty ? scalars.prefix { $0.properties.isWhitespace }.count : 0
                let letters = Array(scalars.dropFirst(blank).prefix { !$0.properties.isWhitespace })
                if !letters.isEmpty {
                    texts = texts.intersection(index.texts[number])
                    let start = (part?.lowerBound ?? 0) + blank
                    word.append(WordPart(event: number, scalars: start..<(start + letters.count), text: letters))
                }
                if !word.isEmpty, blank + letters.count < scalars.count { return word }
            case .gap: return []
            case .close(let opening) where opening.behaviour.startsLine: return word
            case .text, .close, .begin, .end: break
            }
            number += 1
        }
        return word
    }

    /// Writes the rest of a word before the line on which it is.
    private mutating func writeRest(_ rest: [WordPart], _ texts: TextSet) {
        for part in rest {
            let start = bytes.count
            bytes.append(contentsOf: String(scalars: part.text[...]).utf8)
            writeWords(from: start, at: part.event, scalar: part.scalars.lowerBound, preserves: false, texts)
            writtenBefore[part.event] = (part.scalars.upperBound, texts)
        }
    }

    /// Whether a letter or figure is before a hyphen.
    private func isAfterLetter(_ hyphen: Int, from start: Int, _ texts: TextSet) -> Bool {
        hyphen > start
            ? bytes.character(before: hyphen).isLetter : line.slots.isEmpty && line.spaces.isAfterLetter(texts)
    }

    /// Whether a figure is before a hyphen, and a small letter goes on: these are two things.
    private func isBetweenFigureAndLetter(_ hyphen: Int, _ next: Unicode.Scalar) -> Bool {
        hyphen > 0 && (0x30...0x39).contains(bytes[hyphen - 1]) && next.properties.isAlphabetic
    }

    /// Hyphen-minus, hyphen, soft hyphen, the sign ¬ that editions write for it, the double hyphens, and = in old hands.
    static let hyphens: Set<String> = ["-", "\u{2010}", "\u{AD}", "\u{AC}", "\u{2E17}", "\u{2E40}", "="]

    /// Whether a byte is the last of one of them, or perhaps of another character.
    static func mayEndHyphen(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2D, 0x90, 0xAD, 0xAC, 0x97, 0x80, 0x3D: true
        default: false
        }
    }

    /// The end of the line, if it comes before any other words of some texts.
    private func lineEnd(after number: Int, _ joining: TextSet) -> LineEnd? {
        var (end, lineHasEnded, next) = (LineEnd(), false, number + 1)
        while next < transcription.events.count {
            switch transcription.events[next] {
            case .open(let opening) where opening.node.tei == "line":
                end.line = next
                return lineHasEnded ? end : nil
            case .open(let opening) where opening.behaviour == .break:
                switch transcription.facts(of: opening).ends {
                case .paragraph, .verse: return nil
                case .line, .page: end.breaks.append(next)
                case nil: if opening.node.tei != "milestone" { end.breaks.append(next) }
                }
            case .open(let opening) where !opening.behaviour.isMilestone:
                let isElsewhere = index.isTakenOut(opening)
                if isElsewhere || index.texts(of: opening, at: next).intersection(joining).isEmpty {
                    next = index.ends[next]
                } else if !lineHasEnded || !opening.node.isPartOfSheet {
                    return end.breaks.isEmpty || opening.behaviour.startsLine ? nil : end
                }
            case .close(let opening) where opening.node.tei == "line": lineHasEnded = true
            case .close(let opening) where lineHasEnded && opening.node.isPartOfSheet: break
            case .close(let opening): guard !opening.behaviour.startsLine else { return nil }
            case .text(let node, let part, _) where !index.texts[next].intersection(joining).isEmpty:
                guard node.text(in: part).isBlank else { return end.breaks.isEmpty ? nil : end }
            case .gap: return nil
            case .open, .text, .begin, .end: break
            }
            next += 1
        }
        return nil
    }

    // MARK: Characters

    mutating func write(_ node: Node, _ part: Range<Int>?, _ state: State, at number: Int) {
        let shown = showsAll ? seen : index.texts[number].intersection(seen)
        let start = bytes.count
        if let part { bytes.append(contentsOf: node.text(in: part).utf8) } else { node.appendText(to: &bytes) }
        if hasLineSeparators { replaceLineSeparators(from: start) }
        if shown != line.scope, !showsAll, !index.isSign(state) {
            passOver(state, isBlank: isBlank(from: start), line.scope.subtracting(shown))
            if isAfterShift(state), bytes[start...].contains(where: \.isXMLSpace) {
                line.spaces.space(seen.subtracting(shown).subtracting(waitingSlots))
            }
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
        if !line.leftOutWords.isEmpty, closing(at: start) > 0 {
            dropSpace(line.leftOutWords.intersection(shown))
        }
        // The end of a line within a `line` is the file's.
        let preserves =
            preservesSpace(node) && !(bytes[start...].contains(0x0A) && node.ancestors.contains { $0.tei == "line" })
        let scalar = part?.lowerBound ?? 0
        if !writtenBefore.isEmpty, !showsAll, let (end, texts) = writtenBefore.removeValue(forKey: number) {
            let after = divide(from: start, scalars: end - scalar) { builder in
                let others = shown.subtracting(texts)
                guard !others.isEmpty else { return }
                builder.writeWords(from: start, at: number, scalar: scalar, preserves: preserves, others)
            }
            return write(node, from: after, at: number, scalar: end, preserves: preserves, shown)
        }
        let (after, length) = writeHyphenAfterBreak(from: start, at: number, scalar: scalar, shown)
        write(node, from: after, at: number, scalar: scalar + length, preserves: preserves, shown)
    }

    /// A line separator is the end of a line in the file, as some editors write it.
    private mutating func replaceLineSeparators(from start: Int) {
        let text = String(decoding: bytes[start...], as: UTF8.self).unicodeScalars
        guard text.contains("\u{2028}") else { return }
        bytes.removeLast(bytes.count - start)
        for scalar in text { bytes += String(scalar == "\u{2028}" ? "\n" : scalar).utf8 }
    }

    /// Whether another hand wrote these words than began the element in which they are.
    private func isAfterShift(_ state: State) -> Bool {
        guard let open = openElements.last, let around = transcription.opening(at: open.event)?.state else {
            return false
        }
        return state.hand != around.hand && state.interventions == around.interventions && state.note == around.note
            && state.mark == around.mark
    }

    /// Writes the hyphen at the start of a line that goes on with a word, which whole words are without.
    ///
    /// - Returns: where the text goes on in ``bytes``, and by how many characters it is shorter.
    private mutating func writeHyphenAfterBreak(
        from start: Int, at number: Int, scalar: Int, _ shown: TextSet
    ) -> (start: Int, scalars: Int) {
        let joining = afterUnbroken.intersection(texts.joiningWords).intersection(shown)
        guard !joining.isEmpty else { return (start, 0) }
        let text = String(decoding: bytes[start...], as: UTF8.self).unicodeScalars
        let blank = text.prefix { $0.properties.isWhitespace }.count
        guard let first = text.dropFirst(blank).first else { return (start, 0) }
        afterUnbroken = .none
        guard LayoutBuilder.hyphens.contains(String(first)), let next = text.dropFirst(blank + 1).first,
            WhiteSpaceState.Character(next).isLetter
        else { return (start, 0) }
        let after = divide(from: start, scalars: blank + 1) { builder in
            let keeping = shown.subtracting(joining)
            guard !keeping.isEmpty else { return }
            builder.writeWords(from: start, at: number, scalar: scalar, preserves: false, keeping)
        }
        return (after, blank + 1)
    }

    /// Writes text that is in ``bytes``, and the word whole that the end of a line divides after it.
    private mutating func write(
        _ node: Node, from start: Int, at number: Int, scalar: Int, preserves: Bool, _ shown: TextSet
    ) {
        guard start < bytes.count else { return }
        guard let word = dividedWord(node, from: start, at: number, shown) else {
            return writeWords(from: start, at: number, scalar: scalar, preserves: preserves, shown)
        }
        let before = String(decoding: bytes[start..<word.hyphen], as: UTF8.self).unicodeScalars.count
        let hyphen = divide(from: start, scalars: before) { builder in
            builder.writeWords(from: start, at: number, scalar: scalar, preserves: preserves, shown)
        }
        let keeping = shown.subtracting(word.joining)
        if keeping.isEmpty {
            bytes.removeLast(bytes.count - hyphen)
        } else {
            writeWords(from: hyphen, at: number, scalar: scalar + before, preserves: preserves, keeping)
        }
        writeRest(word.rest, word.joining)
    }

    /// Parts the text at the end of ``bytes``, and writes the first part.
    ///
    /// - Returns: where the second part begins.
    private mutating func divide(
        from start: Int, scalars: Int, writing: (inout LayoutBuilder) -> Void
    ) -> Int {
        let text = String(decoding: bytes[start...], as: UTF8.self).unicodeScalars
        let end = start + String(text.prefix(scalars)).utf8.count
        let rest = Array(bytes[end...])
        bytes.removeLast(rest.count)
        writing(&self)
        bytes += rest
        return bytes.count - rest.count
    }

    /// Whether white space is kept as it is.
    mutating func preservesSpace(_ node: Node) -> Bool {
        guard node.preservesSpace, let bearer = node.ancestors.first(where: \.saysOfSpace) else { return false }
        if let known = preserving[bearer] { return known }
        let preserves = transcription.preservesSpace(in: bearer)
        preserving[bearer] = preserves
        return preserves
    }

    /// Before these, no space is left by words that are left out. The middle dot is one after a Greek letter alone:
    /// elsewhere it parts words.
    ///
    /// - Parameter letter: the character before, apart from white space.
    static func isClosing(_ scalar: Unicode.Scalar, after letter: @autoclosure () -> Unicode.Scalar? = nil) -> Bool {
        switch scalar {
        case "\u{B7}": letter().map(isGreek) ?? false
        case "!", ")", ",", ".", ":", ";", "?", "]": true
        // Greek, Armenian, Hebrew, Arabic, Syriac, Indic, Ethiopic, Chinese and Japanese, wide forms.
        case "\u{37E}", "\u{387}", "\u{55C}"..."\u{55E}", "\u{589}", "\u{5C3}", "\u{60C}", "\u{61B}", "\u{61F}",
            "\u{6D4}",
            "\u{700}"..."\u{70A}", "\u{964}", "\u{965}", "\u{1362}"..."\u{1368}", "\u{3001}", "\u{3002}", "\u{FF01}",
            "\u{FF0C}", "\u{FF1A}", "\u{FF1B}", "\u{FF1F}":
            true
        default: false
        }
    }

    /// How many bytes the closing sign has that is at a place of ``bytes``; 0 if there is none.
    private func closing(at start: Int) -> Int {
        guard start < bytes.count else { return 0 }
        // Several dots are a leader, or stand for words.
        if bytes[start] == UInt8(ascii: "."), start + 1 < bytes.count, bytes[start + 1] == bytes[start] { return 0 }
        if isHyphenOfWord(at: start) { return 1 }
        if bytes[start] < 0x80 { return LayoutBuilder.isClosing(Unicode.Scalar(bytes[start])) ? 1 : 0 }
        guard let scalar = bytes.scalar(at: start) else { return 0 }
        return LayoutBuilder.isClosing(scalar, after: bytes.scalar(before: start)) ? String(scalar).utf8.count : 0
    }

    /// Whether a hyphen or apostrophe is there with a letter after it.
    private func isHyphenOfWord(at start: Int) -> Bool {
        guard bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: "'"), start + 1 < bytes.count else {
            return false
        }
        return bytes.character(at: start + 1).isLetter
    }

    private static func isGreek(_ scalar: Unicode.Scalar) -> Bool {
        (0x370...0x3FF).contains(scalar.value) || (0x1F00...0x1FFF).contains(scalar.value)
            || (0x300...0x36F).contains(scalar.value)
    }

    func isBlank(from start: Int) -> Bool { bytes[start...].allSatisfy(\.isXMLSpace) }

    mutating func writeWords(
        from start: Int, at number: Int, scalar first: Int, preserves: Bool, _ shown: TextSet
    ) {
        var (position, scalar) = (start, first)
        while position < bytes.count {
            if !preserves, bytes[position].isXMLSpace, !(hasLoneMarks && bytes.carriesMark(at: position)) {
                readSpace(
                    TextLayout.Origin(event: number, scalar: scalar), isLineEnd: bytes[position] == 0x0A, shown)
                (position, scalar) = (position + 1, scalar + 1)
                continue
            }
            if !preserves, let sign = signAfterBlock(from: position, shown) {
                let words = stretch(of: sign, TextLayout.Origin(event: number, scalar: scalar))
                insert(TextLayout.Entry(step: .words(words), texts: shown), at: line.lastCharacter.end)
                line.lastCharacter.end += 1
                (position, scalar) = (sign.upperBound, scalar + words.scalars)
                continue
            }
            if !preserves, !line.leftOutAtStart.isEmpty, let end = signs(at: position) {
                let sign = stretch(of: position..<end, TextLayout.Origin(event: number, scalar: scalar))
                let rest = shown.subtracting(moveToLineBefore(sign, shown))
                if !rest.isEmpty { write(sign, rest) }
                (position, scalar) = (end, scalar + sign.scalars)
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
            if preserves, bytes[words.end - 1].isXMLSpace { _ = line.spaces.suppress(shown) }
            (position, scalar) = (words.end, scalar + words.scalars)
        }
    }

    /// Punctuation alone after a block, as in `<salute>Yours</salute>, <signed>J.</signed>`: it goes to the end of the
    /// block's line.
    private func signAfterBlock(from start: Int, _ shown: TextSet) -> Range<Int>? {
        guard line.spaces.atStart.isSuperset(of: shown), line.lastCharacter.texts.isSuperset(of: shown),
            line.omissions.intersection(shown).isEmpty, let end = signs(at: start)
        else { return nil }
        let between = line.steps[line.lastCharacter.end...]
        let areEnds = between.allSatisfy { entry in
            switch entry.step {
            case .close, .aside, .target: true
            case .open(let event): transcription.opening(at: event)?.node.tei == "pc"
            default: false
            }
        }
        return areEnds && between.contains(where: isEndOfBlock) ? start..<end : nil
    }

    private mutating func write(_ sign: TextLayout.Stretch, _ texts: TextSet) {
        flush(texts, bytes.character(at: sign.bytes.lowerBound))
        append(character: .words(sign), texts)
        line.spaces.end(with: bytes.character(before: sign.bytes.upperBound), texts)
    }

    private func stretch(of sign: Range<Int>, _ origin: TextLayout.Origin) -> TextLayout.Stretch {
        let text = String(decoding: bytes[sign], as: UTF8.self)
        return TextLayout.Stretch(
            origin: origin, bytes: sign, scalars: text.unicodeScalars.count, units: text.utf16.count)
    }

    /// The end of punctuation alone.
    private func signs(at start: Int) -> Int? {
        var end = start
        while case let length = closing(at: end), length > 0 { end += length }
        return end > start && (end == bytes.count || bytes[end].isXMLSpace) ? end : nil
    }

    /// Where texts have no word before punctuation in its line, it is at the end of the line before.
    ///
    /// - Returns: these texts.
    private mutating func moveToLineBefore(_ sign: TextLayout.Stretch, _ shown: TextSet) -> TextSet {
        let asked = shown.intersection(line.leftOutAtStart).intersection(line.spaces.atStart).subtracting(
            line.omissions)
        var moved = TextSet.none
        for number in texts.selections.indices where asked.contains(number) {
            guard let place = endOfLineBefore(TextSet(number)) else { continue }
            insert(TextLayout.Entry(step: .words(sign), texts: TextSet(number)), at: place)
            if place <= line.lastCharacter.end { line.lastCharacter.end += 1 }
            moved.insert(TextSet(number))
        }
        return moved
    }

    /// The place after the last character of a text, in the line before.
    private func endOfLineBefore(_ text: TextSet) -> Int? {
        for number in line.steps.indices.reversed() where line.steps[number].texts.isSuperset(of: text) {
            switch line.steps[number].step {
            case .words, .generated, .gap: return number + 1
            case .open(let event), .close(let event):
                guard let opening = transcription.opening(at: event), transcription.separation(of: opening) < 2 else {
                    return nil
                }
            case .aside, .target, .span, .leftOut: continue
            case .space, .omission, .lineEnd, .pageBreak, .paragraphBreak: return nil
            }
        }
        return nil
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
                // The end of a line may be no space between characters of scripts without spaces.
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
        line.spaces.passWords(texts)
        line.leftOutAtStart.insert(texts.intersection(line.spaces.atStart))
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
        line.leftOutAtStart.remove(texts)
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
        line.leftOutAtStart.remove(texts)
        line.origin = nil
        for number in line.brackets.indices { line.brackets[number].unfilled.remove(texts) }
        for number in line.spanBrackets.indices { line.spanBrackets[number].unfilled.remove(texts) }
    }
}

extension Transcription {
    /// Whether white space is kept in an element with `@xml:space`: in one that is no more than a paragraph, and whose
    /// lines no milestones end. On a whole edition the attribute says how the file is formatted.
    package func preservesSpace(in bearer: Node) -> Bool {
        guard bearer.attribute("space", in: Namespace.xml) == "preserve" else { return false }
        let behaviour = elements.behaviour(of: bearer)
        return !behaviour.isDivision && behaviour != .document && bearer.descendants("lb").isEmpty
    }
}

extension Node {
    /// Whether it is a surface, a zone, or a picture of one: lines in the next go on with those before.
    fileprivate var isPartOfSheet: Bool { ["graphic", "surface", "surfaceGrp", "zone"].contains(tei) }

    /// The `@type` of the line around. What is between two lines does not go on with them.
    fileprivate var kindOfLine: String? { ancestors.first { $0.tei == "line" }?.attribute("type") }

    /// Whether it is a zone with the text of the page.
    var isMainZone: Bool { ["main", nil].contains(attribute("type")) }

    /// The `@type` of the zone around. Lines in a margin do not go on with those of the page.
    fileprivate var kindOfZone: String? { ancestors.first { $0.tei == "zone" }?.attribute("type") }

    /// Whether a break is within a word (`no`) or between two (`yes`), if it says so: by `@break`, or by the hyphen of
    /// which it has the name, and which is not transcribed.
    var breakOfWord: String? {
        if let said = attribute("break") { return said }
        let namesHyphen = ["rend", "rendition"].contains { name in
            attribute(name)?.utf8.span.firstOffset(of: "hyphen".utf8.span) != nil
        }
        return namesHyphen ? "no" : nil
    }

    /// Whether it is a break in the editors' form of words whose other form has one of the same kind.
    var isRepeatedByEditors: Bool { otherForms.contains { $0.descendants.contains { $0.tei == tei } } }

    /// Whether it is in the editors' form of words whose other form has breaks.
    fileprivate var isInFormOfEditors: Bool {
        otherForms.contains { $0.descendants.contains { ["lb", "pb", "cb"].contains($0.tei) } }
    }

    /// The writers' forms of words of which it is in the editors' form.
    private var otherForms: [Node] {
        guard let form = ancestors.first(where: { ["corr", "reg", "expan"].contains($0.tei) }) else { return [] }
        let forms =
            form.parent?.tei == "choice" ? Array(form.parent!.childElements) : Array(form.precedingSiblings.prefix(1))
        return forms.filter { ["sic", "orig", "abbr"].contains($0.tei) }
    }

    /// Whether it is a blank of whole lines between lines or stanzas, and not within a paragraph.
    func isBetweenLines(_ elements: ElementTable) -> Bool {
        let isOfLines = attribute("dim") == "vertical" || attribute("unit")?.hasPrefix("line") == true
        guard isOfLines, let parent, precedingSiblings.contains(where: { ["line", "l", "lg"].contains($0.tei) }) else {
            return false
        }
        let behaviour = elements.behaviour(of: parent)
        return behaviour.isDivision || behaviour == .block
    }

    /// Whether it is a part of a word that another part goes on with (`w/@part`; TEI P5, att.fragmentable).
    var isContinuedWord: Bool { tei == "w" && ["I", "M"].contains(attribute("part")) }

    /// Whether no white space is before or after it in the text, whatever the file has (`@join`; TEI P5, att.linguistic).
    var joinsPrevious: Bool { ["left", "both", "overlap"].contains(attribute("join")) }
    var joinsNext: Bool { ["right", "both", "overlap"].contains(attribute("join")) }

    /// Whether it follows without a space: its `@join` says so, or it is a comma or the like among the parts of an entry,
    /// which has no words of its own.
    func followsWithoutSpace(_ elements: ElementTable) -> Bool {
        if joinsPrevious { return true }
        guard tei == "pc", let parent, let first = firstScalar else { return false }
        return LayoutBuilder.isClosing(first) && elements.row(of: parent).facts.holdsFields
            && !parent.hasWordsAmongFirst
    }

    /// Whether it says how white space is to be treated.
    var saysOfSpace: Bool { attribute("space", in: Namespace.xml) != nil }
}

extension TextLayout.Entry {
    /// Whether it is the start or end of an element, and writes nothing.
    var isTag: Bool {
        switch step {
        case .open, .close, .span, .target: true
        default: false
        }
    }
}

extension [UInt8] {
    /// The character that begins at a byte.
    func character(at start: Int) -> WhiteSpaceState.Character {
        let first = self[start]
        if first < 0x80 { return WhiteSpaceState.Character(Unicode.Scalar(first)) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        return String(decoding: self[start..<Swift.min(start + length, count)], as: UTF8.self).unicodeScalars.first
            .map(WhiteSpaceState.Character.init) ?? .other
    }

    /// The hyphen at the end of the words from a byte on.
    fileprivate func lastHyphen(from start: Int) -> Int? {
        var end = count
        while end > start, self[end - 1].isXMLSpace { end -= 1 }
        guard end > start, LayoutBuilder.mayEndHyphen(self[end - 1]) else { return nil }
        var hyphen = end - 1
        while hyphen > start, self[hyphen] & 0xC0 == 0x80 { hyphen -= 1 }
        return LayoutBuilder.hyphens.contains(String(decoding: self[hyphen..<end], as: UTF8.self)) ? hyphen : nil
    }

    /// Whether the space at a byte carries an accent that is alone.
    func carriesMark(at position: Int) -> Bool {
        position + 1 < count && self[position + 1] == 0xCC
            && scalar(at: position + 1)?.properties.generalCategory == .nonspacingMark
    }

    /// The character at a byte.
    func scalar(at start: Int) -> Unicode.Scalar? {
        String(decoding: self[start..<Swift.min(start + 4, count)], as: UTF8.self).unicodeScalars.first
    }

    /// The character that ends before a byte; `nil` if there is none.
    func scalar(before end: Int) -> Unicode.Scalar? { self[..<end].lastScalar }

    /// The character that ends before a byte.
    func character(before end: Int) -> WhiteSpaceState.Character {
        var start = end - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return character(at: start)
    }
}

extension ArraySlice<UInt8> {
    /// The last character that is no white space.
    fileprivate var lastScalar: Unicode.Scalar? {
        guard let end = lastIndex(where: { !$0.isXMLSpace }) else { return nil }
        var start = end
        while start > startIndex, self[start] & 0xC0 == 0x80 { start -= 1 }
        return String(decoding: self[start...end], as: UTF8.self).unicodeScalars.first
    }
}
