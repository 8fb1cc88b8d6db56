internal import UnicodeNormalization

/// Decides, script by script, which marks on letters are accents and which make another word.
///
///     print(Diacritics.removed(from: "Élysée"))       // Elysee
///     print(Diacritics.removed(from: "דָּבָר"))          // דבר
///     print(Diacritics.removed(from: "दिन"))          // दिन: without its vowel sign it would be another word
///
/// Search, `compare --ignore diacritics` and the search on the pages of a site ask this table.
///
/// | script | accents | parts of the word |
/// |---|---|---|
/// | Latin, Greek, Coptic, Armenian, Georgian, Gothic; digits and signs | general marks, also `å`, `ä`, `ö` and letters above (`aͤ`): writers and editors set them and leave them out | – |
/// | Cyrillic, Glagolitic | general marks, among them the stress; `ё`, since `е` is printed for it; the grave accent and the titlo | a mark that Unicode composes with its letter (`й`, `ї`, `ў`, `ѓ`): it makes another letter of an alphabet; letters above (`ⷩ`) |
/// | Hebrew, Samaritan | points, accents, general marks: most texts are written without | – |
/// | Arabic | vowel points, superscript alef, signs of recitation, general marks; tatweel, which only stretches a word | hamza and the madda of `آ`: consonants |
/// | Syriac | points, superscript alaph | general marks: the dots of seyame make a plural |
/// | Devanagari and the other scripts of India | the accents of the Veda | vowel signs, virama, nukta, anusvara, visarga: `दान` is not `दिन`, `ड` not `ड़` |
/// | Thai, Lao, Khmer, Burmese, Tibetan | – | vowel signs, tones, all else: `มา`, `ม้า` and `หมา` are three words |
/// | kana | – | the signs of voiced sounds: `か` is not `が` |
/// | Hangul | – | syllables and tones |
/// | every other script | – | all marks: what this table does not know stays |
/// | any | variation selectors, the grapheme joiner, what encloses (`⃝`) | – |
///
/// The categories, compositions and combining marks are the Unicode Character Database's; its names say which marks
/// are points, accents, or vowel signs. The Unicode Collation Algorithm agrees on Cyrillic: `й` has a primary weight of
/// its own, `ё` and `ѐ` have that of `е`.
public enum Diacritics {
    /// Returns a text without accents, and without tatweel, in Unicode's normalization form C.
    public static func removed(from text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var kept = String.UnicodeScalarView()
        var letter: Unicode.Scalar?
        for scalar in Normalization.nfd.normalized(text).unicodeScalars where scalar != tatweel {
            if !scalar.isMark { letter = scalar }
            if !scalar.isMark || !isAccent(scalar, on: letter) { kept.append(scalar) }
        }
        return Normalization.nfc.normalized(String(kept))
    }

    /// A letter that only stretches a word.
    package static let tatweel: Unicode.Scalar = "\u{640}"

    /// The kinds of marks.
    package enum Mark: Sendable {
        /// It is an accent on every letter, a part of the word on every letter, or an accent on letters of some scripts.
        case accent, part, general
    }

    /// What a mark is, whatever letter has it.
    package static func kind(of mark: Unicode.Scalar) -> Mark {
        if mark.properties.generalCategory == .enclosingMark || accents.contains(mark) { return .accent }
        return general.contains(mark) ? .general : .part
    }

    /// Whether a mark is an accent on a letter.
    ///
    /// - Parameter letter: the letter without its marks; `nil` if the mark is alone.
    package static func isAccent(_ mark: Unicode.Scalar, on letter: Unicode.Scalar?) -> Bool {
        switch kind(of: mark) {
        case .accent: true
        case .part: false
        case .general: letter.map { alphabets.contains($0) && !isLetter($0, mark) } ?? true
        }
    }

    /// Whether a letter and a mark on it are another letter of an alphabet.
    private static func isLetter(_ letter: Unicode.Scalar, _ mark: Unicode.Scalar) -> Bool {
        guard composing.contains(letter), !graves.contains(mark), !isIo(letter, mark) else { return false }
        let both = String(String.UnicodeScalarView([letter, mark]))
        return Normalization.nfc.normalized(both).unicodeScalars.count == 1
    }

    /// Whether it is ё.
    private static func isIo(_ letter: Unicode.Scalar, _ mark: Unicode.Scalar) -> Bool {
        (letter == "\u{415}" || letter == "\u{435}") && mark == "\u{308}"
    }
}

// MARK: - The table

extension Diacritics {
    /// Some characters, as Unicode's code charts have them in blocks.
    private struct Characters {
        let ranges: [ClosedRange<UInt32>]

        init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

        func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar.value) } }

        /// A class of a regular expression in JavaScript.
        var javaScript: String {
            let parts = ranges.map { range in
                "\\u{\(String(range.lowerBound, radix: 16))}-\\u{\(String(range.upperBound, radix: 16))}"
            }
            return "/[\(parts.joined())]/u"
        }
    }

    /// Marks that are accents on any letter. Characters in the ranges that are no marks are never asked about.
    private static let accents = Characters(
        // The combining grapheme joiner, and variation selectors, Mongolian ones too; Khmer vowels that are not seen.
        0x34F...0x34F, 0x180B...0x180D, 0x180F...0x180F, 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0x17B4...0x17B5,
        // Titlo, breathings and payerok in Cyrillic; breathings in Coptic.
        0x483...0x489, 0xA66F...0xA66F, 0xA67C...0xA67D, 0x2CF0...0x2CF1,
        // Points and accents of Hebrew and Samaritan.
        0x591...0x5C7, 0xFB1E...0xFB1E, 0x816...0x82D,
        // Of Arabic: vowel points without hamza and madda, superscript alef, signs of recitation without tones.
        0x610...0x61A, 0x64B...0x652, 0x656...0x65E, 0x670...0x670, 0x6D6...0x6ED, 0x898...0x89F, 0x8CA...0x8E9,
        0x8F0...0x8FF, 0x10EFD...0x10EFF,
        // Of Syriac.
        0x711...0x711, 0x730...0x74A,
        // The accents of the Veda: udatta and anudatta, tones, the digits and letters of the Samaveda.
        0x951...0x954, 0x1CD0...0x1CD2, 0x1CD4...0x1CE8, 0x1CED...0x1CED, 0x1CF4...0x1CF4, 0x1CF7...0x1CF9,
        0xA8E0...0xA8F1, 0x11366...0x11374)

    /// Marks for letters of any script, and the madda of Arabic.
    private static let general = Characters(
        0x300...0x34E, 0x350...0x36F, 0x653...0x653, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F)

    /// Letters on which such a mark is an accent, with the digits and signs in their blocks.
    private static let alphabets = Characters(
        // Latin, Greek, Cyrillic, Armenian; Hebrew; Arabic; Georgian.
        0x0...0x58F, 0x590...0x5FF, 0x600...0x6FF, 0x750...0x77F, 0x870...0x8FF, 0x10A0...0x10FF,
        // Cyrillic, Georgian; phonetic letters; Latin, Greek; superscripts, letterlike and enclosed signs.
        0x1C80...0x1CBF, 0x1D00...0x1FFF, 0x2070...0x218F, 0x2460...0x24FF,
        // Glagolitic, Latin, Coptic, Georgian; Cyrillic; Latin; presentation forms; fullwidth letters.
        0x2C00...0x2D2F, 0xA640...0xA69F, 0xA720...0xA7FF, 0xAB30...0xAB6F, 0xFB00...0xFDFF, 0xFE70...0xFEFF,
        0xFF10...0xFF5A,
        // Coptic, Gothic; Latin; mathematical letters; Latin, Glagolitic, Cyrillic.
        0x102E0...0x1034F, 0x10780...0x107BF, 0x1D400...0x1D7FF, 0x1DF00...0x1E08F)

    /// Letters of Cyrillic and Arabic, with which Unicode composes some marks to other letters.
    private static let composing = Characters(0x400...0x52F, 0x620...0x6FF, 0x1C80...0x1C8F, 0xA640...0xA69F)

    /// The grave accent and the double one.
    private static let graves = Characters(0x300...0x300, 0x30F...0x30F)

    /// The table for the script of a page.
    package static let javaScript =
        "const diacritics = { accents: \(accents.javaScript), general: \(general.javaScript), alphabets: \(alphabets.javaScript), "
        + "composing: \(composing.javaScript), graves: \(graves.javaScript) };"
}

extension Unicode.Scalar {
    /// Whether it is a mark on the character before it (`\p{M}`).
    package var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
