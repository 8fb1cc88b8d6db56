import Foundation
import Support
import TEI
import Testing

@testable import CorpusIndex

@Suite struct WordScannerTests {
    /// It learns the characters that it meets.
    private let scanner = WordScanner()

    private func words(_ text: String) -> [[Unicode.Scalar]] {
        scanner.words(of: text).map { Array($0.unicodeScalars) }
    }

    @Test("a folded word is a word, and folding it again changes nothing")
    func folding() {
        let wrong = WordScannerTests.texts.filter { text in
            let folded = words(text)
            return folded.flatMap { words(String(String.UnicodeScalarView($0))) } != folded
        }
        #expect(wrong.isEmpty)
    }

    /// The script that the pages have, in Node.
    @Test(
        "the search of a site folds every character as an index does",
        .enabled("Node is absent") { FileManager.default.fileExists(atPath: WordScannerTests.node) })
    func script() throws {
        let script = try String(
            contentsOfFile: Repository.path("Sources/Pages/Resources/words.js"), encoding: .utf8)
        let program = """
            \(Diacritics.javaScript)
            \(script)
            const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
            console.log(JSON.stringify(texts.map((text) => wordsOf(text).map(({ word }) => word))));
            """
        let result = try Execution(
            of: WordScannerTests.node, ["-e", program], input: JSONEncoder().encode(WordScannerTests.texts))
        let found = try JSONDecoder().decode([[String]].self, from: Data(result.bytes))
        #expect(found.count == WordScannerTests.texts.count, "\(result.errors)")
        let wrong = zip(WordScannerTests.texts, found).filter { text, found in
            found.map { Array($0.unicodeScalars) } != words(text)
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(9).map { (Array($0.unicodeScalars), $1, words($0)) })")
    }

    private static let node = "/usr/bin/node"

    /// Every character among letters, and every mark on letters of many scripts. Newer characters than those of Unicode
    /// 14 are not known to everyone.
    private static let texts: [String] = {
        let scalars = (0x20...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }.filter { scalar in
            (scalar.properties.age.map { $0.major <= 14 } ?? false) && scalar.properties.generalCategory != .privateUse
        }
        func text(_ scalars: Unicode.Scalar...) -> String { String(String.UnicodeScalarView(scalars)) }
        let letters: [Unicode.Scalar] = [
            "e", "é", "ß", "α", "Ω", "и", "Й", "У", "Е", "ש", "ا", "ـ", "ܐ", "क", "ক", "த", "ก", "ཀ", "က", "か", "ハ",
            "한", "東", "7",
        ]
        let marked = scalars.filter(\.isMark).flatMap { mark in
            letters.map { text($0, mark) + text($0, "\u{301}", mark, "x") + text($0, mark, "\u{301}") }
        }
        let words =
            "Élysée Straße ΟΔΌΣ Йорк Ёлка दान दिन がく कुरआन قُرْآن שָׁלוֹם Ångström ไม้ หมา བོད་ မြန်မာ 한국어 ᄒ\u{1161}\u{11AB}국"
        return scalars.map { text("q", $0, "Q", " ", $0, " ", $0, "a") } + marked + [words]
    }()
}
