internal import XML

/// White space as it is in each of several texts, where the words before it may differ: runs become one space, and
/// there is none at the ends of a line (XPath's `normalize-space`, block by block).
struct WhiteSpaceState {
    /// Where white space comes from.
    enum Source {
        case blank
        /// The end of a line, which separates no words of scripts without spaces.
        case lineEnd
        /// A blank on the page, or words of the program.
        case shown
    }

    /// What matters of a character to the white space beside it.
    enum Character {
        case letter
        /// A capital, which is in no word after a small letter.
        case capital
        /// Of a script that writes no spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer, Tibetan.
        case unspaced
        /// A sign that comes after a word without a space, and one that comes before it.
        case closing, opening
        case other

        var isLetter: Bool { self == .letter || self == .capital }
    }

    /// Where white space was read that may yet become a space.
    private(set) var pending = TextSet.none
    /// Where the line has nothing yet, so that white space is dropped.
    private(set) var atStart: TextSet
    /// Where white space is dropped until the next character: after `lb/@break="no"`.
    private var suppressed = TextSet.none
    /// Where white space was read before words that these texts do not have: what comes after those does not take it back.
    private var settled = TextSet.none
    /// Where a milestone came that separates words unless it is within one.
    private var undecided = TextSet.none
    /// Where some of the white space is the end of a line, or is there to be seen.
    private var lineEnds = TextSet.none
    private var shown = TextSet.none
    /// Where the last character is a letter, a capital, or one of a script without spaces.
    private var letters = TextSet.none
    private var capitals = TextSet.none
    private var unspaced = TextSet.none
    /// Where the last character is an opening bracket or quotation mark.
    private var openings = TextSet.none

    init(_ texts: TextSet) { atStart = texts }

    mutating func startLine(_ texts: TextSet) {
        forget(texts)
        atStart.insert(texts)
    }

    /// White space around a place within a word is dropped: that before it since the last words, and that after it.
    ///
    /// - Returns: the texts in which none is left.
    mutating func suppress(_ texts: TextSet) -> TextSet {
        let joined = texts.subtracting(settled)
        forget(joined)
        suppressed.insert(joined)
        return joined
    }

    /// Words came that these texts do not have: white space beyond them is white space.
    mutating func passWords(_ texts: TextSet) {
        let afterOpening = texts.intersection(openings).subtracting(pending)
        suppressed.remove(texts.subtracting(afterOpening))
        suppressed.insert(afterOpening)
        settled.insert(texts.intersection(pending))
    }

    /// White space is forgotten.
    mutating func drop(_ texts: TextSet) { pending.remove(texts) }

    /// A space, except after an opening bracket.
    mutating func setOff(_ texts: TextSet) { space(texts.subtracting(openings), .shown) }

    /// White space was read.
    mutating func space(_ texts: TextSet, _ source: Source = .blank) {
        // After an opening bracket, the end of a line is the file's.
        let bracketed = source == .lineEnd ? openings.subtracting(pending) : .none
        let open = texts.subtracting(atStart).subtracting(suppressed).subtracting(bracketed)
        pending.insert(open)
        switch source {
        case .blank: break
        case .lineEnd: lineEnds.insert(open)
        case .shown: shown.insert(open)
        }
    }

    /// A milestone was read, such as that of a page: within a word it separates nothing.
    mutating func milestone(_ texts: TextSet) {
        undecided.insert(texts.subtracting(atStart).subtracting(suppressed))
    }

    /// Where the end of a line in the file is all that may become a space.
    var pendingLineEnds: TextSet { pending.intersection(lineEnds).subtracting(shown) }

    /// Where white space becomes a space whatever comes.
    var certain: TextSet { pending.subtracting(lineEnds.intersection(unspaced).subtracting(shown)) }

    /// A character was read.
    ///
    /// - Returns: where a space goes before it.
    mutating func character(_ texts: TextSet, _ character: Character) -> TextSet {
        var due = pending.intersection(texts)
        let between = due.intersection(lineEnds).intersection(unspaced).subtracting(shown)
        let undecided = self.undecided.intersection(texts).subtracting(due)
        if !between.isEmpty || !undecided.isEmpty {
            if character == .unspaced { due.remove(between) }
            switch character {
            case .letter: due.insert(undecided.subtracting(letters))
            case .capital: due.insert(undecided.subtracting(capitals))
            case .unspaced: due.insert(undecided.subtracting(unspaced))
            case .closing: break
            case .opening, .other: due.insert(undecided)
            }
        }
        forget(texts)
        atStart.remove(texts)
        suppressed.remove(texts)
        return due
    }

    /// Whether the last character is a letter in all of these texts, with no white space after it.
    func isAfterLetter(_ texts: TextSet) -> Bool {
        letters.isSuperset(of: texts) && pending.intersection(texts).isEmpty
    }

    /// The last character that was read.
    mutating func end(with character: Character, _ texts: TextSet) {
        if character.isLetter { letters.insert(texts) } else { letters.remove(texts) }
        if character == .capital { capitals.insert(texts) } else { capitals.remove(texts) }
        if character == .unspaced { unspaced.insert(texts) } else { unspaced.remove(texts) }
        if character == .opening { openings.insert(texts) } else { openings.remove(texts) }
    }

    private mutating func forget(_ texts: TextSet) {
        pending.remove(texts)
        settled.remove(texts)
        undecided.remove(texts)
        lineEnds.remove(texts)
        shown.remove(texts)
    }
}

extension WhiteSpaceState.Character {
    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x21, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5D, 0x7D, 0xBB, 0x2019, 0x201D: self = .closing
        case 0x28, 0x5B, 0x7B, 0xAB, 0x2018, 0x201A, 0x201C, 0x201E: self = .opening
        case 0x30...0x39, 0x61...0x7A: self = .letter
        case 0x41...0x5A: self = .capital
        case ..<0x80: self = .other
        // Thai, Lao, Tibetan, Burmese; Khmer; scripts of the Tai.
        case 0x0E00...0x109F, 0x1780...0x17FF, 0x1950...0x19FF, 0x1A20...0x1AAF, 0xA9E0...0xA9FF, 0xAA60...0xAADF:
            self = .unspaced
        // Radicals, signs, kana, bopomofo and ideographs; full-width forms; the planes of ideographs. Korean has spaces.
        case 0x2E80...0x312F, 0x3190...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFFEF,
            0x1_6FE0...0x1_B16F, 0x2_0000...0x3_FFFF:
            self = .unspaced
        default:
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .titlecaseLetter: self = .capital
            case .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
                .spacingMark, .enclosingMark, .decimalNumber, .letterNumber:
                self = .letter
            default: self = .other
            }
        }
    }
}
