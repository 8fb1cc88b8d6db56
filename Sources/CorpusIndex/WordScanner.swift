internal import XML
internal import XPath

/// Finds the words of a text as an index knows them, each in the form in which all its spellings are alike.
///
/// A word is a run of letters and digits (`\p{L}`, `\p{N}`) with the marks (`\p{M}`) and format characters (`\p{Cf}`)
/// in it; an ideograph is a word of its own. Folded, it has neither marks nor capitals: `Élysée` is `elysee`, `Straße`
/// `strasse`. The search on the pages of a site takes texts apart in the same way.
struct WordScanner {
    private let folding = Folding()

    /// A character that XML does not have: a word of its own, over which no phrase reaches.
    static let barrier: UInt8 = 0x1F

    /// Calls `body` with each word, folded, and its range in bytes, until that returns `false`.
    func forEachWord(in text: Span<UInt8>, _ body: (_ folded: [UInt8], _ range: Range<Int>) -> Bool) {
        var word: [UInt8] = []
        word.reserveCapacity(64)
        var (start, position) = (0, 0)
        while position < text.count {
            let begin = position
            let byte = text[position]
            let (kind, ascii) = byte < 0x80 ? Folding.ascii[Int(byte)] : (.other, 0)
            if byte < 0x80 {
                position += 1
                if kind == .letter {
                    if word.isEmpty { start = begin }
                    word.append(ascii)
                    continue
                }
            } else {
                let scalar = text.scalar(at: &position)
                switch folding.kind(of: scalar) {
                case .letter:
                    if word.isEmpty { start = begin }
                    folding.append(scalar, to: &word)
                    continue
                case .mark:
                    if !word.isEmpty { folding.append(scalar, to: &word) }
                    continue
                case .ideograph:
                    if !word.isEmpty, !body(word, start..<begin) { return }
                    word.removeAll(keepingCapacity: true)
                    folding.append(scalar, to: &word)
                    start = begin
                    if !body(word, start..<position) { return }
                    word.removeAll(keepingCapacity: true)
                    continue
                case .other: break
                }
            }
            if !word.isEmpty {
                if !body(word, start..<begin) { return }
                word.removeAll(keepingCapacity: true)
            }
            if byte == WordScanner.barrier, !body([byte], begin..<position) { return }
        }
        if !word.isEmpty { _ = body(word, start..<position) }
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

/// The folded forms of characters. Each instance learns the characters that it meets.
private final class Folding {
    enum Kind: UInt8 {
        case other, letter, mark, ideograph
    }

    private struct Entry {
        let kind: Kind
        let folded: [UInt8]
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

    func kind(of scalar: Unicode.Scalar) -> Kind { entry(scalar).kind }

    func append(_ scalar: Unicode.Scalar, to word: inout [UInt8]) { word += entry(scalar).folded }

    private func entry(_ scalar: Unicode.Scalar) -> Entry {
        let block = Int(scalar.value >> 8)
        if blocks[block] == nil {
            blocks[block] = (0..<256).map { low in
                Unicode.Scalar(UInt32(block << 8 | low)).map(Folding.entry) ?? Entry(kind: .other, folded: [])
            }
        }
        return blocks[block]![Int(scalar.value & 0xFF)]
    }

    private static func entry(of scalar: Unicode.Scalar) -> Entry {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format:
            return Entry(kind: .mark, folded: [])
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            let letters = Normalization.nfd.normalized(String(scalar)).unicodeScalars.filter { !$0.isMark }
            // The one way round makes “ß” and “SS” equal, the other “ſ” and “s”; each letter for itself, so that no
            // word ends in a sigma of its own.
            let folded = letters.flatMap { $0.properties.uppercaseMapping.unicodeScalars }.map(
                \.properties.lowercaseMapping
            ).joined()
            let kept = Normalization.nfd.normalized(folded).unicodeScalars.filter { !$0.isMark }
            return Entry(
                kind: scalar.properties.isIdeographic ? .ideograph : .letter,
                folded: Array(String(String.UnicodeScalarView(kept)).utf8))
        default:
            return Entry(kind: .other, folded: [])
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
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
