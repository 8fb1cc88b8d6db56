internal import XML

/// A set of characters as a regular expression says it (XML Schema Part 2, F): asked character by character, never written out.
struct ScalarSet: Hashable, Sendable {
    /// What stands between brackets up to a subtraction, or an escape.
    struct Group: Hashable, Sendable {
        var ranges: [ClosedRange<UInt32>] = []
        /// A bit for each general category: ``GeneralCategory``.
        var categories: UInt32 = 0
        var names: NameSets = []
        var isNegated = false
    }

    /// The sets of `\i` and `\c` and what is not in them.
    struct NameSets: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let start = NameSets(rawValue: 1)
        static let notStart = NameSets(rawValue: 2)
        static let part = NameSets(rawValue: 4)
        static let notPart = NameSets(rawValue: 8)
    }

    /// Each one is subtracted from the one before it.
    var groups: [Group]

    init(_ groups: [Group]) {
        self.groups = groups
    }

    init(_ scalar: UInt32) {
        groups = [Group(ranges: [scalar...scalar])]
    }

    /// - Parameter category: the bit of the character's general category.
    func contains(_ scalar: UInt32, category: UInt32) -> Bool {
        var isIn = false
        for group in groups {
            if !group.contains(scalar, category: category) { return isIn }
            isIn.toggle()
        }
        return isIn
    }

    /// The ASCII characters in the set, a bit for each.
    var ascii: UInt128 {
        groups.reversed().reduce(0) { $1.ascii & ~$0 }
    }
}

extension ScalarSet.Group {
    func contains(_ scalar: UInt32, category: UInt32) -> Bool {
        (categories & category != 0 || ranges.contains { $0.contains(scalar) } || isInNameSets(scalar)) != isNegated
    }

    private func isInNameSets(_ scalar: UInt32) -> Bool {
        if names.isEmpty { return false }
        let (isStart, isPart) = (scalar == 0x3A || NCName.isStart(scalar), scalar == 0x3A || NCName.isPart(scalar))
        return !names.isDisjoint(with: [isStart ? .start : .notStart, isPart ? .part : .notPart])
    }

    var ascii: UInt128 {
        var bits: UInt128 = 0
        for range in ranges where range.lowerBound < 0x80 {
            bits |= (UInt128.max << UInt128(range.lowerBound)) & (UInt128.max >> UInt128(127 - min(range.upperBound, 127)))
        }
        for category in 0..<GeneralCategory.asciiMembers.count where categories >> UInt32(category) & 1 != 0 {
            bits |= GeneralCategory.asciiMembers[category]
        }
        if !names.isEmpty {
            for scalar in 0..<UInt32(128) where isInNameSets(scalar) { bits |= 1 << UInt128(scalar) }
        }
        return isNegated ? ~bits : bits
    }

    /// What is not in a group of one kind of member only, which may then stand among other members.
    var complement: ScalarSet.Group {
        if !names.isEmpty { return ScalarSet.Group(names: names.complement) }
        if categories != 0 { return ScalarSet.Group(categories: ~categories & GeneralCategory.all) }
        var next: UInt32 = 0
        var gaps: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return ScalarSet.Group(ranges: gaps)
    }

    mutating func formUnion(_ other: ScalarSet.Group) {
        ranges += other.ranges
        categories |= other.categories
        names.formUnion(other.names)
    }
}

extension ScalarSet.NameSets {
    /// Of one set: the characters that are not in it.
    fileprivate var complement: ScalarSet.NameSets {
        switch self {
        case .start: .notStart
        case .notStart: .start
        case .part: .notPart
        default: .part
        }
    }
}

// MARK: - Categories

/// Unicode's general categories, each a bit.
enum GeneralCategory {
    /// Their names, in the order of the bits.
    private static let names = Array("LuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoZsZlZpSmScSkSoCcCfCoCn".utf8)
    private static let count = 29

    static let all: UInt32 = (1 << UInt32(count)) - 1

    /// The bits of a category, such as `Lu`, or of a class of them, such as `L`; `nil` if there is none of that name.
    static func mask(_ name: String) -> UInt32? {
        let name = Array(name.utf8)
        guard name.count == 1 || name.count == 2 else { return nil }
        var mask: UInt32 = 0
        for index in 0..<count where names[2 * index] == name[0] && (name.count == 1 || names[2 * index + 1] == name[1]) {
            mask |= 1 << UInt32(index)
        }
        return mask == 0 ? nil : mask
    }

    /// The bit of a character's category.
    static func bit(of scalar: Unicode.Scalar) -> UInt32 {
        1 << number(scalar.properties.generalCategory)
    }

    private static func number(_ category: Unicode.GeneralCategory) -> UInt32 {
        switch category {
        case .uppercaseLetter: 0
        case .lowercaseLetter: 1
        case .titlecaseLetter: 2
        case .modifierLetter: 3
        case .otherLetter: 4
        case .nonspacingMark: 5
        case .spacingMark: 6
        case .enclosingMark: 7
        case .decimalNumber: 8
        case .letterNumber: 9
        case .otherNumber: 10
        case .connectorPunctuation: 11
        case .dashPunctuation: 12
        case .openPunctuation: 13
        case .closePunctuation: 14
        case .initialPunctuation: 15
        case .finalPunctuation: 16
        case .otherPunctuation: 17
        case .spaceSeparator: 18
        case .lineSeparator: 19
        case .paragraphSeparator: 20
        case .mathSymbol: 21
        case .currencySymbol: 22
        case .modifierSymbol: 23
        case .otherSymbol: 24
        case .control: 25
        case .format: 26
        case .privateUse: 27
        case .surrogate, .unassigned: 28
        @unknown default: 28
        }
    }

    /// The ASCII characters of each category.
    static let asciiMembers: [UInt128] = {
        var members = [UInt128](repeating: 0, count: count)
        for byte in 0..<UInt8(128) {
            members[bit(of: Unicode.Scalar(byte)).trailingZeroBitCount] |= 1 << UInt128(byte)
        }
        return members
    }()
}

// MARK: - Blocks

/// The blocks of Unicode that XML Schema names, without those of surrogates.
enum UnicodeBlock {
    static func ranges(_ name: String) -> [ClosedRange<UInt32>]? {
        if name == "PrivateUse" { return [0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD] }
        return byName[name].map { [$0] }
    }

    /// The block that is meant by a name that is not quite right.
    static func like(_ name: String) -> String? {
        let wanted = plain(name)
        return byName.keys.first { plain($0) == wanted }
    }

    private static func plain(_ name: String) -> [UInt8] {
        name.utf8.filter { $0 != 0x2D && $0 != 0x20 && $0 != 0x5F }.map { $0 | 0x20 }
    }

    private static let byName: [String: ClosedRange<UInt32>] = [
        "BasicLatin": 0x0000...0x007F, "Latin-1Supplement": 0x0080...0x00FF, "LatinExtended-A": 0x0100...0x017F,
        "LatinExtended-B": 0x0180...0x024F, "IPAExtensions": 0x0250...0x02AF, "SpacingModifierLetters": 0x02B0...0x02FF,
        "CombiningDiacriticalMarks": 0x0300...0x036F, "Greek": 0x0370...0x03FF, "Cyrillic": 0x0400...0x04FF,
        "Armenian": 0x0530...0x058F, "Hebrew": 0x0590...0x05FF, "Arabic": 0x0600...0x06FF, "Syriac": 0x0700...0x074F,
        "Thaana": 0x0780...0x07BF, "Devanagari": 0x0900...0x097F, "Bengali": 0x0980...0x09FF, "Gurmukhi": 0x0A00...0x0A7F,
        "Gujarati": 0x0A80...0x0AFF, "Oriya": 0x0B00...0x0B7F, "Tamil": 0x0B80...0x0BFF, "Telugu": 0x0C00...0x0C7F,
        "Kannada": 0x0C80...0x0CFF, "Malayalam": 0x0D00...0x0D7F, "Sinhala": 0x0D80...0x0DFF, "Thai": 0x0E00...0x0E7F,
        "Lao": 0x0E80...0x0EFF, "Tibetan": 0x0F00...0x0FFF, "Myanmar": 0x1000...0x109F, "Georgian": 0x10A0...0x10FF,
        "HangulJamo": 0x1100...0x11FF, "Ethiopic": 0x1200...0x137F, "Cherokee": 0x13A0...0x13FF,
        "UnifiedCanadianAboriginalSyllabics": 0x1400...0x167F, "Ogham": 0x1680...0x169F, "Runic": 0x16A0...0x16FF,
        "Khmer": 0x1780...0x17FF, "Mongolian": 0x1800...0x18AF, "LatinExtendedAdditional": 0x1E00...0x1EFF,
        "GreekExtended": 0x1F00...0x1FFF, "GeneralPunctuation": 0x2000...0x206F, "SuperscriptsandSubscripts": 0x2070...0x209F,
        "CurrencySymbols": 0x20A0...0x20CF, "CombiningMarksforSymbols": 0x20D0...0x20FF, "LetterlikeSymbols": 0x2100...0x214F,
        "NumberForms": 0x2150...0x218F, "Arrows": 0x2190...0x21FF, "MathematicalOperators": 0x2200...0x22FF,
        "MiscellaneousTechnical": 0x2300...0x23FF, "ControlPictures": 0x2400...0x243F,
        "OpticalCharacterRecognition": 0x2440...0x245F, "EnclosedAlphanumerics": 0x2460...0x24FF, "BoxDrawing": 0x2500...0x257F,
        "BlockElements": 0x2580...0x259F, "GeometricShapes": 0x25A0...0x25FF, "MiscellaneousSymbols": 0x2600...0x26FF,
        "Dingbats": 0x2700...0x27BF, "BraillePatterns": 0x2800...0x28FF, "CJKRadicalsSupplement": 0x2E80...0x2EFF,
        "KangxiRadicals": 0x2F00...0x2FDF, "IdeographicDescriptionCharacters": 0x2FF0...0x2FFF,
        "CJKSymbolsandPunctuation": 0x3000...0x303F, "Hiragana": 0x3040...0x309F, "Katakana": 0x30A0...0x30FF,
        "Bopomofo": 0x3100...0x312F, "HangulCompatibilityJamo": 0x3130...0x318F, "Kanbun": 0x3190...0x319F,
        "BopomofoExtended": 0x31A0...0x31BF, "EnclosedCJKLettersandMonths": 0x3200...0x32FF,
        "CJKCompatibility": 0x3300...0x33FF, "CJKUnifiedIdeographsExtensionA": 0x3400...0x4DBF,
        "CJKUnifiedIdeographs": 0x4E00...0x9FFF, "YiSyllables": 0xA000...0xA48F, "YiRadicals": 0xA490...0xA4CF,
        "HangulSyllables": 0xAC00...0xD7AF, "CJKCompatibilityIdeographs": 0xF900...0xFAFF,
        "AlphabeticPresentationForms": 0xFB00...0xFB4F, "ArabicPresentationForms-A": 0xFB50...0xFDFF,
        "CombiningHalfMarks": 0xFE20...0xFE2F, "CJKCompatibilityForms": 0xFE30...0xFE4F, "SmallFormVariants": 0xFE50...0xFE6F,
        "ArabicPresentationForms-B": 0xFE70...0xFEFF, "Specials": 0xFFF0...0xFFFF,
        "HalfwidthandFullwidthForms": 0xFF00...0xFFEF, "OldItalic": 0x10300...0x1032F, "Gothic": 0x10330...0x1034F,
        "Deseret": 0x10400...0x1044F, "ByzantineMusicalSymbols": 0x1D000...0x1D0FF, "MusicalSymbols": 0x1D100...0x1D1FF,
        "MathematicalAlphanumericSymbols": 0x1D400...0x1D7FF, "CJKUnifiedIdeographsExtensionB": 0x20000...0x2A6D6,
        "CJKCompatibilityIdeographsSupplement": 0x2F800...0x2FA1F, "Tags": 0xE0000...0xE007F,
    ]
}
