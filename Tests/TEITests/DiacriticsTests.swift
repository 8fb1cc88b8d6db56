import Support
import TEI
import Testing
import UnicodeNormalization

@Suite struct DiacriticsTests {
    @Test(
        "accents are taken away",
        arguments: [
            ("Élysée", "Elysee"), ("ångström", "angstrom"), ("Việt Nam", "Viet Nam"), ("ſchoͤn", "ſchon"),
            ("Ὀδυσσεὺς ᾧ", "Οδυσσευς ω"), ("за́мок", "замок"), ("Ёлка", "Елка"), ("ѝ ѐ", "и е"), ("бг҃ъ", "бгъ"),
            ("בְּרֵאשִׁ֖ית", "בראשית"), ("שָׂרָה", "שרה"), ("كِتَابٌ", "كتاب"), ("كـتـاب", "كتاب"), ("رَحْمٰن", "رحمن"),
            ("ܡܰܠܟܳܐ", "ܡܠܟܐ"), ("अ॒ग्निमी॑ळे", "अग्निमीळे"), ("ⲛ̄ⲧⲉ", "ⲛⲧⲉ"), ("x̄ 5̂", "x 5"), ("葛\u{E0100}", "葛"),
        ])
    func accents(_ text: String, _ plain: String) {
        #expect(Diacritics.removed(from: text).unicodeScalars.elementsEqual(plain.unicodeScalars))
        #expect(Diacritics.removed(from: text.nfd).unicodeScalars.elementsEqual(plain.unicodeScalars))
    }

    @Test(
        "what makes another word stays",
        arguments: [
            "दान", "दिन", "ड़", "हिन्दी", "বাংলা", "தமிழ்", "ગુજરાતી", "ಕನ್ನಡ", "മലയാളം", "සිංහල", "มา", "ม้า", "ກີ່", "ខ្មែរ", "བོད་ཡིག",
            "မြန်မာ", "が", "ぱ", "ヴ", "한국", "й", "їжак", "ў", "ѓ", "ќ", "ӧ", "дⷩь", "آ", "سأل", "مسؤول", "ܡܠܟ̈ܐ", "ދިވެހި",
        ])
    func parts(_ word: String) {
        #expect(Diacritics.removed(from: word).unicodeScalars.elementsEqual(word.nfc.unicodeScalars))
        #expect(Diacritics.removed(from: word.nfd).unicodeScalars.elementsEqual(word.nfc.unicodeScalars))
    }

    /// The names are the Unicode Character Database's.
    @Test("signs of vowels, viramas, nuktas and tones stay, wherever vowels are not points alone")
    func names() {
        let points = #/^(HEBREW|ARABIC|SYRIAC|SAMARITAN|VEDIC|COMBINING|DEVANAGARI STRESS|KHMER VOWEL INHERENT)\b/#
        let parts = #/\b(VOWEL|VIRAMA|NUKTA|TONE|SUBJOINED|MEDIAL|ANUSVARA|VISARGA|VOICED|AU LENGTH MARK)\b/#
        var count = 0
        for mark in Unicode.Scalar.marks {
            guard let name = mark.properties.name, name.contains(parts), !name.contains(points) else { continue }
            count += 1
            for letter in ["क", "ก", "か", "a", "и"] as [Unicode.Scalar] where !name.hasPrefix("COMBINING KATAKANA") {
                #expect(!Diacritics.isAccent(mark, on: letter), "\(name)")
            }
        }
        #expect(count > 500)
    }

    @Test("points and cantillation of Hebrew and the vowels of Arabic and Syriac are accents")
    func points() {
        let accents =
            #/^(HEBREW (POINT|ACCENT)|ARABIC (FATHA|DAMMA|KASRA|SHADDA|SUKUN)|SYRIAC (PTHAHA|ZQAPHA|RBASA))\b/#
        let found = Unicode.Scalar.marks.filter { $0.properties.name?.contains(accents) ?? false }
        #expect(found.count > 60)
        for mark in found { #expect(Diacritics.isAccent(mark, on: nil), "\(mark.properties.name!)") }
    }

    @Test("what is done is done, and equivalent texts stay equivalent")
    func idempotence() {
        let letters: [Unicode.Scalar] = ["a", "é", "α", "и", "й", "ש", "ا", "آ", "ܐ", "क", "ก", "か", "한", "1"]
        let texts = Unicode.Scalar.marks.flatMap { mark in
            letters.map { String(String.UnicodeScalarView([$0, mark, "\u{301}", "x"])) }
        }
        let wrong = texts.filter { text in
            let once = Diacritics.removed(from: text)
            return ![once, text.nfd, text.nfc].allSatisfy {
                Diacritics.removed(from: $0).unicodeScalars.elementsEqual(once.unicodeScalars)
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(9).map { Array($0.unicodeScalars) })")
    }
}

extension String {
    fileprivate var nfc: String { Normalization.nfc.normalized(self) }
    fileprivate var nfd: String { Normalization.nfd.normalized(self) }
}

extension Unicode.Scalar {
    fileprivate static let marks = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }.filter(\.isMark)
}
