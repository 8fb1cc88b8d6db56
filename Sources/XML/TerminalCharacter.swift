/// A character as a terminal shows it.
///
///     TerminalCharacter.text([TerminalCharacter("a"), TerminalCharacter("\u{202E}")])     // a<U+202E>
///
/// All text for people goes through here: by ``Swift/String/printable``, or, where columns are counted, character by
/// character.
package struct TerminalCharacter {
    private let scalar: Unicode.Scalar
    /// How many columns it takes: none where it combines with the one before.
    package let columns: Int

    package init(_ scalar: Unicode.Scalar) {
        self.scalar = scalar
        columns =
            TerminalCharacter.isPlain(scalar)
            ? TerminalCharacter.columns(of: scalar) : TerminalCharacter.picture(of: scalar).unicodeScalars.count
    }

    /// The characters in the order of a line.
    package static func text(_ glyphs: [TerminalCharacter]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(glyphs.count)
        for glyph in glyphs {
            if glyph.scalar.isASCII, isPlain(glyph.scalar) {
                bytes.append(UInt8(truncatingIfNeeded: glyph.scalar.value))
            } else {
                bytes +=
                    isPlain(glyph.scalar) ? Array(String(glyph.scalar).utf8) : Array(picture(of: glyph.scalar).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it is shown as itself.
    fileprivate static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? (" "..<"\u{7F}").contains(scalar) : !isInvisible(scalar)
    }

    /// Tabs become blanks. Characters that a terminal would obey, and those that cannot be seen, become a picture or
    /// number.
    fileprivate static func picture(of scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\t": "    "
        case "\u{0}"..<" ": String(Unicode.Scalar(0x2400 + scalar.value) ?? "�")
        case "\u{7F}": "␡"
        default: "<\(scalar.codePoint)>"
        }
    }

    /// Controls of the upper half, marks that turn the direction of writing, other format characters, line and
    /// paragraph separators, private and unassigned ends of planes; not the joiners, which scripts are written with,
    /// nor signs about numbers and verses, which are seen.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        // From Latin to Hebrew all are seen but the soft hyphen.
        if (0xA0..<0x600).contains(scalar.value) { return scalar == "\u{AD}" }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}" && !isSign(scalar)
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    /// Whether it spans the characters that follow, as in Arabic, Syriac and Kaithi: Unicode's
    /// Prepended_Concatenation_Mark.
    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD: true
        default: false
        }
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        case .format: return isSign(scalar) ? 1 : 0
        default: break
        }
        // The vowels and final consonants of Korean join the consonant before them.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The characters that Unicode's EastAsianWidth.txt calls wide or full-width, in large blocks, without emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]
}

extension [TerminalCharacter] {
    package var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension Unicode.Scalar {
    /// As Unicode writes it: `U+00E9`.
    package var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// Whether a reader would see nothing, or a blank that is not the usual one; a joiner is seen in the characters
    /// around it, and yet not itself.
    package var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
        case .spaceSeparator: self != " "
        default: false
        }
    }
}

extension String {
    /// With the code points of what a reader would not see: `a<U+000A>b`.
    package var visible: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isInvisible { text += "<\(scalar.codePoint)>" } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// The string on one line, without what a terminal would obey.
    ///
    ///     "a\u{1B}[31m\nb".printable     // a␛[31m␊b
    package var printable: String { glyphs { _ in false } }

    /// The same with its line ends and tabs: text in which the program itself sets them.
    ///
    ///     "a\u{1B}[31m\nb".printableLines     // a␛[31m, and b on the next line
    package var printableLines: String { glyphs { $0 == "\n" || $0 == "\t" } }

    private func glyphs(butFor isKept: (Unicode.Scalar) -> Bool) -> String {
        // Most strings stay as they are.
        if unicodeScalars.allSatisfy({ TerminalCharacter.isPlain($0) || isKept($0) }) { return self }
        var text = ""
        for scalar in unicodeScalars {
            if isKept(scalar) { text.unicodeScalars.append(scalar) } else { text.append(scalar) }
        }
        return text
    }

    /// Appends a character as a terminal shows it.
    fileprivate mutating func append(_ scalar: Unicode.Scalar) {
        if TerminalCharacter.isPlain(scalar) {
            unicodeScalars.append(scalar)
        } else {
            self += TerminalCharacter.picture(of: scalar)
        }
    }
}
