internal import TEI
internal import UnicodeNormalization
internal import XML

/// Finds the words of a text as an index knows them, each in the form in which all its spellings are alike.
///
/// A word is a run of letters and digits (`\p{L}`, `\p{N}`) with the marks (`\p{M}`) and format characters (`\p{Cf}`)
/// in it; an ideograph is a word of its own. Folded, it has neither accents (``TEI/Diacritics``) nor capitals: `Élysée`
/// is `elysee`, `Straße` `strasse`. The search on the pages of a site takes texts apart in the same way.
struct WordScanner {
    private let folding = Folding()

    /// A character that XML does not have: a word of its own, over which no phrase reaches.
    static let barrier: UInt8 = 0x1F

    /// Calls `body` with each word, folded, and its range in bytes, until that returns `false`.
    func forEachWord(in text: Span<UInt8>, _ body: (_ folded: [UInt8], _ range: Range<Int>) -> Bool) {
        var word = FoldedWord()
        var position = 0
        while position < text.count {
            let begin = position
            let byte = text[position]
            if byte < 0x80 {
                position += 1
                let (kind, folded) = Folding.ascii[Int(byte)]
                if kind == .letter {
                    word.append(folded, at: begin)
                    continue
                }
            } else {
                let scalar = text.scalar(at: &position)
                let entry = folding.entry(scalar)
                switch entry.kind {
                case .letter:
                    word.append(entry, at: begin)
                    continue
                case .mark:
                    word.append(mark: entry)
                    continue
                case .ideograph:
                    guard word.end(at: begin, body) else { return }
                    word.append(entry, at: begin)
                    guard word.end(at: position, body) else { return }
                    continue
                case .other: break
                }
            }
            guard word.end(at: begin, body) else { return }
            if byte == WordScanner.barrier, !body([byte], begin..<position) { return }
        }
        _ = word.end(at: position, body)
    }

    /// The words of a string, folded.
    func words(of string: String) -> [String] {
        var words: [String] = []
        forEachWord(in: Array(string.utf8).span) { word, _ in
            if word != [WordScanner.barrier] { words.append(String(decoding: word, as: UTF8.self)) }
            return true
        }
        return words
    }
}

/// A word as it is read.
private struct FoldedWord {
    private var bytes: [UInt8] = []
    private var start = 0
    /// The last letter beyond ASCII, without its marks.
    private var letter: Unicode.Scalar = "a"
    /// Whether its characters may have to change their order, or become one.
    private var mayCompose = false

    init() { bytes.reserveCapacity(64) }

    mutating func append(_ letter: UInt8, at position: Int) {
        if bytes.isEmpty { start = position }
        bytes.append(letter)
    }

    mutating func append(_ letter: Folding.Entry, at position: Int) {
        if bytes.isEmpty { start = position }
        bytes += letter.folded
        self.letter = letter.base
        if letter.composes { mayCompose = true }
    }

    /// No word begins with a mark.
    mutating func append(mark entry: Folding.Entry) {
        guard !entry.marks.isEmpty, let last = bytes.last else { return }
        // A letter that is ASCII without its marks is one of ASCII.
        if last < 0x80 { letter = Unicode.Scalar(last) }
        for mark in entry.marks where !Diacritics.isAccent(mark, on: letter) {
            bytes += String(mark).utf8
            mayCompose = true
        }
    }

    /// - Returns: whether to go on.
    mutating func end(at position: Int, _ body: (_ folded: [UInt8], _ range: Range<Int>) -> Bool) -> Bool {
        if bytes.isEmpty { return true }
        if mayCompose {
            bytes = Array(Normalization.nfc.normalized(String(decoding: bytes, as: UTF8.self)).utf8)
            mayCompose = false
        }
        let goesOn = body(bytes, start..<position)
        bytes.removeAll(keepingCapacity: true)
        return goesOn
    }
}

/// The folded forms of characters. Each instance learns the characters that it meets.
private final class Folding {
    enum Kind: UInt8 {
        case other, letter, mark, ideograph
    }

    struct Entry {
        let kind: Kind
        /// The form of a letter.
        var folded: [UInt8] = []
        /// Of a letter, what it is without its marks.
        var base: Unicode.Scalar = "a"
        /// Of a letter, whether it becomes one with the letter before it, as in Hangul.
        var composes = false
        /// Of a mark that is not an accent on every letter, the marks that it is.
        var marks: [Unicode.Scalar] = []
    }

    static let ascii: [(kind: Kind, folded: UInt8)] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): (.letter, UInt8(byte))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): (.letter, UInt8(byte) | 0x20)
        default: (.other, 0)
        }
    }

    /// The entries in blocks of 256 characters.
    private var blocks: [[Entry]?] = Array(repeating: nil, count: 0x1100)

    func entry(_ scalar: Unicode.Scalar) -> Entry {
        let block = Int(scalar.value >> 8)
        if blocks[block] == nil {
            blocks[block] = (0..<256).map { low in
                Unicode.Scalar(UInt32(block << 8 | low)).map(Folding.entry) ?? Entry(kind: .other)
            }
        }
        return blocks[block]![Int(scalar.value & 0xFF)]
    }

    private static func entry(of scalar: Unicode.Scalar) -> Entry {
        switch scalar.properties.generalCategory {
        case .format: return Entry(kind: .mark)
        case _ where scalar == Diacritics.tatweel: return Entry(kind: .mark)
        case .nonspacingMark, .spacingMark, .enclosingMark:
            let marks = Normalization.nfd.normalized(String(scalar)).unicodeScalars.filter {
                Diacritics.kind(of: $0) != .accent
            }
            return Entry(kind: .mark, marks: Array(marks))
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return Entry(
                kind: scalar.properties.isIdeographic ? .ideograph : .letter, folded: Array(folded(scalar).utf8),
                base: Normalization.nfd.normalized(String(scalar)).unicodeScalars.last { !$0.isMark } ?? scalar,
                composes: (0x1100...0x11FF).contains(scalar.value))
        default: return Entry(kind: .other)
        }
    }

    private static func folded(_ letter: Unicode.Scalar) -> String {
        // Small letters make “ẞ” and “ß” equal, then capitals “ß” and “SS”, “ſ” and “s”; each letter for itself, so that
        // no word ends in a sigma of its own.
        let small = Diacritics.removed(from: String(letter)).unicodeScalars.map(\.properties.lowercaseMapping).joined()
        let capital = small.unicodeScalars.map(\.properties.uppercaseMapping).joined()
        return Diacritics.removed(
            from: capital.unicodeScalars.map(\.properties.lowercaseMapping).joined())
    }
}

extension Span<UInt8> {
    /// The scalar at a position of well-formed UTF-8. The position moves to the next scalar.
    fileprivate func scalar(at position: inout Int) -> Unicode.Scalar {
        let first = self[position]
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for next in (position + 1)..<Swift.min(position + length, count) {
            value = value << 6 | UInt32(self[next] & 0x3F)
        }
        position = Swift.min(position + length, count)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
