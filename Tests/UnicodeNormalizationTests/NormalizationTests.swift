import Foundation
import Testing
import UnicodeNormalization

@Suite struct NormalizationTests {
    private static let known = (0...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
        scalar.properties.age.map { ($0.major, $0.minor) <= (14, 0) } == true
    }

    private func agree(_ string: String) -> Bool {
        let pairs: [(Normalization, String)] = [
            (.nfc, string.precomposedStringWithCanonicalMapping), (.nfd, string.decomposedStringWithCanonicalMapping),
            (.nfkc, string.precomposedStringWithCompatibilityMapping),
            (.nfkd, string.decomposedStringWithCompatibilityMapping),
        ]
        return pairs.allSatisfy { $0.normalized(string).utf8.elementsEqual($1.utf8) }
    }

    /// All characters that Unicode 14 has, alone, as Foundation has them.
    @Test func characters() {
        let different = Self.known.filter { !agree(String($0)) }
        #expect(different.isEmpty, "\(different.prefix(10).map(\.value))")
    }

    /// The standard library tells whether strings are canonically equivalent.
    @Test func marksAndSyllables() {
        let marks = Self.known.filter { $0.properties.canonicalCombiningClass != .notReordered }
        let letters =
            Array("aeiouAEIOUαηωΑΗΩѵ가각ᄀ".unicodeScalars) + Self.known.filter { (0x1100...0x11FF).contains($0.value) }
        for _ in 0..<5000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...6) {
                scalars.append((Bool.random() ? marks : letters).randomElement() ?? "a")
            }
            let string = String(scalars)
            let (composed, decomposed) = (Normalization.nfc.normalized(string), Normalization.nfd.normalized(string))
            #expect(composed == string && decomposed == string, "\(scalars.map(\.value))")
            #expect(Normalization.nfc.normalized(decomposed).utf8.elementsEqual(composed.utf8))
            #expect(Normalization.nfd.normalized(composed).utf8.elementsEqual(decomposed.utf8))
        }
    }

    @Test(arguments: [
        ("\u{1111}\u{1176}", "\u{1111}\u{1176}"), ("\u{AC00}\u{11B2}", "\u{AC0B}"),
        ("\u{AC01}\u{11A8}", "\u{AC01}\u{11A8}"), ("\u{1112}\u{1175}\u{11C2}", "\u{D7A3}"),
        ("a\u{327}\u{301}", "\u{E1}\u{327}"), ("a\u{301}\u{301}", "\u{E1}\u{301}"), ("\u{958}", "\u{915}\u{93C}"),
        ("\u{2126}", "\u{3A9}"),
    ])
    func composition(_ string: String, _ expected: String) {
        #expect(Normalization.nfc.normalized(string).utf8.elementsEqual(expected.utf8))
    }
}
