/// A character as a terminal shows it.
struct Glyph {
    let text: String
    /// How many columns it takes: none where it combines with the one before.
    let columns: Int

    /// Tabs become blanks. Characters that a terminal would obey, and those that cannot be seen, become a picture or number.
    init(_ scalar: Unicode.Scalar) {
        switch scalar {
        // Most are these.
        case " "..<"\u{7F}": (text, columns) = (String(scalar), 1)
        case "\t": (text, columns) = ("    ", 4)
        case "\u{0}"..<" ": (text, columns) = (String(Unicode.Scalar(0x2400 + scalar.value) ?? "�"), 1)
        case "\u{7F}": (text, columns) = ("␡", 1)
        case _ where Glyph.isInvisible(scalar):
            let digits = String(scalar.value, radix: 16, uppercase: true)
            text = "<U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ">"
            columns = text.utf8.count
        default: (text, columns) = (String(scalar), Glyph.columns(of: scalar))
        }
    }

    /// Controls of the upper half, marks that turn the direction of writing, other format characters, line and paragraph
    /// separators, private and unassigned ends of planes; not the joiners, which scripts are written with.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The vowels and final consonants of Korean join the consonant before them.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// What Unicode's EastAsianWidth.txt calls wide or full-width, in large blocks; emoji have a property of their own.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]
}

extension [Glyph] {
    var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension String {
    /// The string on one line, without what a terminal would obey.
    package var printable: String {
        // Most strings are: those of printable ASCII.
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return unicodeScalars.map { Glyph($0).text }.joined()
    }
}
