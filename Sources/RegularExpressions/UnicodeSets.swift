internal import Files

/// A set of characters as a regular expression says it (XML Schema Part 2, F): asked character by character, never
/// written out.
struct ScalarSet: Hashable, Sendable {
    /// The content of brackets up to a subtraction, or an escape.
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
            bits |=
                (UInt128.max << UInt128(range.lowerBound)) & (UInt128.max >> UInt128(127 - min(range.upperBound, 127)))
        }
        for category in 0..<GeneralCategory.asciiMembers.count where categories >> UInt32(category) & 1 != 0 {
            bits |= GeneralCategory.asciiMembers[category]
        }
        if !names.isEmpty {
            for scalar in 0..<UInt32(128) where isInNameSets(scalar) { bits |= 1 << UInt128(scalar) }
        }
        return isNegated ? ~bits : bits
    }

    /// The complement of a group with one kind of member, which may then be among other members.
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
        for index in 0..<count where names[2 * index] == name[0] && (name.count == 1 || names[2 * index + 1] == name[1])
        {
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

/// The blocks of Unicode that XML Schema names, without those of surrogates, and those that Unicode has besides.
enum UnicodeBlock {
    static func ranges(_ name: String, _ dialect: RegexReader.Dialect = .schema) -> [ClosedRange<UInt32>]? {
        if name == "PrivateUse" { return [0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD] }
        return (byName[name] ?? (dialect == .xpath ? later[name] : nil)).map { [$0] }
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
        "Thaana": 0x0780...0x07BF, "Devanagari": 0x0900...0x097F, "Bengali": 0x0980...0x09FF,
        "Gurmukhi": 0x0A00...0x0A7F,
        "Gujarati": 0x0A80...0x0AFF, "Oriya": 0x0B00...0x0B7F, "Tamil": 0x0B80...0x0BFF, "Telugu": 0x0C00...0x0C7F,
        "Kannada": 0x0C80...0x0CFF, "Malayalam": 0x0D00...0x0D7F, "Sinhala": 0x0D80...0x0DFF, "Thai": 0x0E00...0x0E7F,
        "Lao": 0x0E80...0x0EFF, "Tibetan": 0x0F00...0x0FFF, "Myanmar": 0x1000...0x109F, "Georgian": 0x10A0...0x10FF,
        "HangulJamo": 0x1100...0x11FF, "Ethiopic": 0x1200...0x137F, "Cherokee": 0x13A0...0x13FF,
        "UnifiedCanadianAboriginalSyllabics": 0x1400...0x167F, "Ogham": 0x1680...0x169F, "Runic": 0x16A0...0x16FF,
        "Khmer": 0x1780...0x17FF, "Mongolian": 0x1800...0x18AF, "LatinExtendedAdditional": 0x1E00...0x1EFF,
        "GreekExtended": 0x1F00...0x1FFF, "GeneralPunctuation": 0x2000...0x206F,
        "SuperscriptsandSubscripts": 0x2070...0x209F,
        "CurrencySymbols": 0x20A0...0x20CF, "CombiningMarksforSymbols": 0x20D0...0x20FF,
        "LetterlikeSymbols": 0x2100...0x214F,
        "NumberForms": 0x2150...0x218F, "Arrows": 0x2190...0x21FF, "MathematicalOperators": 0x2200...0x22FF,
        "MiscellaneousTechnical": 0x2300...0x23FF, "ControlPictures": 0x2400...0x243F,
        "OpticalCharacterRecognition": 0x2440...0x245F, "EnclosedAlphanumerics": 0x2460...0x24FF,
        "BoxDrawing": 0x2500...0x257F,
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
        "CombiningHalfMarks": 0xFE20...0xFE2F, "CJKCompatibilityForms": 0xFE30...0xFE4F,
        "SmallFormVariants": 0xFE50...0xFE6F,
        "ArabicPresentationForms-B": 0xFE70...0xFEFF, "Specials": 0xFFF0...0xFFFF,
        "HalfwidthandFullwidthForms": 0xFF00...0xFFEF, "OldItalic": 0x10300...0x1032F, "Gothic": 0x10330...0x1034F,
        "Deseret": 0x10400...0x1044F, "ByzantineMusicalSymbols": 0x1D000...0x1D0FF, "MusicalSymbols": 0x1D100...0x1D1FF,
        "MathematicalAlphanumericSymbols": 0x1D400...0x1D7FF, "CJKUnifiedIdeographsExtensionB": 0x20000...0x2A6D6,
        "CJKCompatibilityIdeographsSupplement": 0x2F800...0x2FA1F, "Tags": 0xE0000...0xE007F,
    ]

    /// The blocks of Unicode 15 that XML Schema's list does not have.
    private static let later: [String: ClosedRange<UInt32>] = {
        var blocks: [String: ClosedRange<UInt32>] = [:]
        for entry in laterText.split(separator: " ") {
            let parts = entry.split { $0 == ":" }
            let bounds = parts[1].split { $0 == "-" }.compactMap { UInt32($0, radix: 16) }
            blocks[String(parts[0])] = bounds[0]...bounds[1]
        }
        return blocks
    }()

    private static let laterText = """
        GreekandCoptic:370-3FF CyrillicSupplement:500-52F ArabicSupplement:750-77F NKo:7C0-7FF Samaritan:800-83F \
        Mandaic:840-85F SyriacSupplement:860-86F ArabicExtended-B:870-89F ArabicExtended-A:8A0-8FF \
        EthiopicSupplement:1380-139F Tagalog:1700-171F Hanunoo:1720-173F Buhid:1740-175F Tagbanwa:1760-177F \
        UnifiedCanadianAboriginalSyllabicsExtended:18B0-18FF Limbu:1900-194F TaiLe:1950-197F NewTaiLue:1980-19DF \
        KhmerSymbols:19E0-19FF Buginese:1A00-1A1F TaiTham:1A20-1AAF CombiningDiacriticalMarksExtended:1AB0-1AFF \
        Balinese:1B00-1B7F Sundanese:1B80-1BBF Batak:1BC0-1BFF Lepcha:1C00-1C4F OlChiki:1C50-1C7F \
        CyrillicExtended-C:1C80-1C8F GeorgianExtended:1C90-1CBF SundaneseSupplement:1CC0-1CCF VedicExtensions:1CD0-1CFF \
        PhoneticExtensions:1D00-1D7F PhoneticExtensionsSupplement:1D80-1DBF \
        CombiningDiacriticalMarksSupplement:1DC0-1DFF CombiningDiacriticalMarksforSymbols:20D0-20FF \
        MiscellaneousMathematicalSymbols-A:27C0-27EF SupplementalArrows-A:27F0-27FF SupplementalArrows-B:2900-297F \
        MiscellaneousMathematicalSymbols-B:2980-29FF SupplementalMathematicalOperators:2A00-2AFF \
        MiscellaneousSymbolsandArrows:2B00-2BFF Glagolitic:2C00-2C5F LatinExtended-C:2C60-2C7F Coptic:2C80-2CFF \
        GeorgianSupplement:2D00-2D2F Tifinagh:2D30-2D7F EthiopicExtended:2D80-2DDF CyrillicExtended-A:2DE0-2DFF \
        SupplementalPunctuation:2E00-2E7F CJKStrokes:31C0-31EF KatakanaPhoneticExtensions:31F0-31FF \
        YijingHexagramSymbols:4DC0-4DFF Lisu:A4D0-A4FF Vai:A500-A63F CyrillicExtended-B:A640-A69F Bamum:A6A0-A6FF \
        ModifierToneLetters:A700-A71F LatinExtended-D:A720-A7FF SylotiNagri:A800-A82F CommonIndicNumberForms:A830-A83F \
        Phags-pa:A840-A87F Saurashtra:A880-A8DF DevanagariExtended:A8E0-A8FF KayahLi:A900-A92F Rejang:A930-A95F \
        HangulJamoExtended-A:A960-A97F Javanese:A980-A9DF MyanmarExtended-B:A9E0-A9FF Cham:AA00-AA5F \
        MyanmarExtended-A:AA60-AA7F TaiViet:AA80-AADF MeeteiMayekExtensions:AAE0-AAFF EthiopicExtended-A:AB00-AB2F \
        LatinExtended-E:AB30-AB6F CherokeeSupplement:AB70-ABBF MeeteiMayek:ABC0-ABFF HangulJamoExtended-B:D7B0-D7FF \
        PrivateUseArea:E000-F8FF VariationSelectors:FE00-FE0F VerticalForms:FE10-FE1F LinearBSyllabary:10000-1007F \
        LinearBIdeograms:10080-100FF AegeanNumbers:10100-1013F AncientGreekNumbers:10140-1018F \
        AncientSymbols:10190-101CF PhaistosDisc:101D0-101FF Lycian:10280-1029F Carian:102A0-102DF \
        CopticEpactNumbers:102E0-102FF OldPermic:10350-1037F Ugaritic:10380-1039F OldPersian:103A0-103DF \
        Shavian:10450-1047F Osmanya:10480-104AF Osage:104B0-104FF Elbasan:10500-1052F CaucasianAlbanian:10530-1056F \
        Vithkuqi:10570-105BF LinearA:10600-1077F LatinExtended-F:10780-107BF CypriotSyllabary:10800-1083F \
        ImperialAramaic:10840-1085F Palmyrene:10860-1087F Nabataean:10880-108AF Hatran:108E0-108FF \
        Phoenician:10900-1091F Lydian:10920-1093F MeroiticHieroglyphs:10980-1099F MeroiticCursive:109A0-109FF \
        Kharoshthi:10A00-10A5F OldSouthArabian:10A60-10A7F OldNorthArabian:10A80-10A9F Manichaean:10AC0-10AFF \
        Avestan:10B00-10B3F InscriptionalParthian:10B40-10B5F InscriptionalPahlavi:10B60-10B7F \
        PsalterPahlavi:10B80-10BAF OldTurkic:10C00-10C4F OldHungarian:10C80-10CFF HanifiRohingya:10D00-10D3F \
        RumiNumeralSymbols:10E60-10E7F Yezidi:10E80-10EBF ArabicExtended-C:10EC0-10EFF OldSogdian:10F00-10F2F \
        Sogdian:10F30-10F6F OldUyghur:10F70-10FAF Chorasmian:10FB0-10FDF Elymaic:10FE0-10FFF Brahmi:11000-1107F \
        Kaithi:11080-110CF SoraSompeng:110D0-110FF Chakma:11100-1114F Mahajani:11150-1117F Sharada:11180-111DF \
        SinhalaArchaicNumbers:111E0-111FF Khojki:11200-1124F Multani:11280-112AF Khudawadi:112B0-112FF \
        Grantha:11300-1137F Newa:11400-1147F Tirhuta:11480-114DF Siddham:11580-115FF Modi:11600-1165F \
        MongolianSupplement:11660-1167F Takri:11680-116CF Ahom:11700-1174F Dogra:11800-1184F WarangCiti:118A0-118FF \
        DivesAkuru:11900-1195F Nandinagari:119A0-119FF ZanabazarSquare:11A00-11A4F Soyombo:11A50-11AAF \
        UnifiedCanadianAboriginalSyllabicsExtended-A:11AB0-11ABF PauCinHau:11AC0-11AFF DevanagariExtended-A:11B00-11B5F \
        Bhaiksuki:11C00-11C6F Marchen:11C70-11CBF MasaramGondi:11D00-11D5F GunjalaGondi:11D60-11DAF Makasar:11EE0-11EFF \
        Kawi:11F00-11F5F LisuSupplement:11FB0-11FBF TamilSupplement:11FC0-11FFF Cuneiform:12000-123FF \
        CuneiformNumbersandPunctuation:12400-1247F EarlyDynasticCuneiform:12480-1254F Cypro-Minoan:12F90-12FFF \
        EgyptianHieroglyphs:13000-1342F EgyptianHieroglyphFormatControls:13430-1343F AnatolianHieroglyphs:14400-1467F \
        BamumSupplement:16800-16A3F Mro:16A40-16A6F Tangsa:16A70-16ACF BassaVah:16AD0-16AFF PahawhHmong:16B00-16B8F \
        Medefaidrin:16E40-16E9F Miao:16F00-16F9F IdeographicSymbolsandPunctuation:16FE0-16FFF Tangut:17000-187FF \
        TangutComponents:18800-18AFF KhitanSmallScript:18B00-18CFF TangutSupplement:18D00-18D7F \
        KanaExtended-B:1AFF0-1AFFF KanaSupplement:1B000-1B0FF KanaExtended-A:1B100-1B12F SmallKanaExtension:1B130-1B16F \
        Nushu:1B170-1B2FF Duployan:1BC00-1BC9F ShorthandFormatControls:1BCA0-1BCAF ZnamennyMusicalNotation:1CF00-1CFCF \
        AncientGreekMusicalNotation:1D200-1D24F KaktovikNumerals:1D2C0-1D2DF MayanNumerals:1D2E0-1D2FF \
        TaiXuanJingSymbols:1D300-1D35F CountingRodNumerals:1D360-1D37F SuttonSignWriting:1D800-1DAAF \
        LatinExtended-G:1DF00-1DFFF GlagoliticSupplement:1E000-1E02F CyrillicExtended-D:1E030-1E08F \
        NyiakengPuachueHmong:1E100-1E14F Toto:1E290-1E2BF Wancho:1E2C0-1E2FF NagMundari:1E4D0-1E4FF \
        EthiopicExtended-B:1E7E0-1E7FF MendeKikakui:1E800-1E8DF Adlam:1E900-1E95F IndicSiyaqNumbers:1EC70-1ECBF \
        OttomanSiyaqNumbers:1ED00-1ED4F ArabicMathematicalAlphabeticSymbols:1EE00-1EEFF MahjongTiles:1F000-1F02F \
        DominoTiles:1F030-1F09F PlayingCards:1F0A0-1F0FF EnclosedAlphanumericSupplement:1F100-1F1FF \
        EnclosedIdeographicSupplement:1F200-1F2FF MiscellaneousSymbolsandPictographs:1F300-1F5FF Emoticons:1F600-1F64F \
        OrnamentalDingbats:1F650-1F67F TransportandMapSymbols:1F680-1F6FF AlchemicalSymbols:1F700-1F77F \
        GeometricShapesExtended:1F780-1F7FF SupplementalArrows-C:1F800-1F8FF \
        SupplementalSymbolsandPictographs:1F900-1F9FF ChessSymbols:1FA00-1FA6F \
        SymbolsandPictographsExtended-A:1FA70-1FAFF SymbolsforLegacyComputing:1FB00-1FBFF \
        CJKUnifiedIdeographsExtensionC:2A700-2B73F CJKUnifiedIdeographsExtensionD:2B740-2B81F \
        CJKUnifiedIdeographsExtensionE:2B820-2CEAF CJKUnifiedIdeographsExtensionF:2CEB0-2EBEF \
        CJKUnifiedIdeographsExtensionI:2EBF0-2EE5F CJKUnifiedIdeographsExtensionG:30000-3134F \
        CJKUnifiedIdeographsExtensionH:31350-323AF VariationSelectorsSupplement:E0100-E01EF \
        SupplementaryPrivateUseArea-A:F0000-FFFFF SupplementaryPrivateUseArea-B:100000-10FFFF
        """
}
