/// The normalisation forms of Unicode (UAX 15), which fn:normalize-unicode names.
package enum Normalization: String {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"

    private var isCompatible: Bool { self == .nfkc || self == .nfkd }
    private var composes: Bool { self == .nfc || self == .nfkc }

    package func normalized(_ string: String) -> String {
        // Below U+0300 nothing combines, and below U+0080 nothing is composed.
        let limit: UInt32 = self == .nfc ? 0x300 : 0x80
        if string.unicodeScalars.allSatisfy({ $0.value < limit }) { return string }
        var scalars: [Unicode.Scalar] = []
        for scalar in string.unicodeScalars { Normalization.decompose(scalar, isCompatible, &scalars) }
        Normalization.order(&scalars)
        if composes { Normalization.compose(&scalars) }
        return String(String.UnicodeScalarView(scalars))
    }

    // MARK: Decomposition

    private struct Decomposition {
        var isCompatible: Bool
        var scalars: [Unicode.Scalar]
    }

    private static let decompositions: [UInt32: Decomposition] = {
        var found: [UInt32: Decomposition] = [:]
        var code: UInt32 = 0
        for word in data.utf8.split(separator: UInt8(ascii: " ")) {
            let mark = word.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "~") } ?? word.startIndex
            let (before, after) = (word[..<mark], word[word.index(after: mark)...].split(separator: UInt8(ascii: "+")))
            code += hexadecimal(before)
            let targets = after[0].split(separator: UInt8(ascii: ",")).map(hexadecimal)
            for step in 0..<(after.count == 2 ? hexadecimal(after[1]) : 1) {
                found[code] = Decomposition(
                    isCompatible: word[mark] == UInt8(ascii: "~"),
                    scalars: targets.compactMap { Unicode.Scalar($0 + step) }
                )
                code += 1
            }
        }
        return found
    }()

    private static func hexadecimal(_ digits: some Sequence<UInt8>) -> UInt32 {
        digits.reduce(0) { $0 << 4 | UInt32($1 < 0x40 ? $1 - 0x30 : $1 - 0x37) }
    }

    private static func decompose(_ scalar: Unicode.Scalar, _ isCompatible: Bool, _ scalars: inout [Unicode.Scalar]) {
        if scalar.value < 0x80 {
            scalars.append(scalar)
        } else if let parts = Hangul.parts(of: scalar) {
            scalars += parts
        } else if let found = decompositions[scalar.value], isCompatible || !found.isCompatible {
            // Decompositions lie at most four deep in one another.
            for part in found.scalars { decompose(part, isCompatible, &scalars) }
        } else {
            scalars.append(scalar)
        }
    }

    /// Puts marks that follow one another into the order of their combining classes.
    private static func order(_ scalars: inout [Unicode.Scalar]) {
        var start = 0
        while start < scalars.count {
            guard combiningClass(scalars[start]) != 0 else {
                start += 1
                continue
            }
            var end = start + 1
            while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
            if end - start > 1 {
                let marks = scalars[start..<end].enumerated().sorted {
                    (combiningClass($0.element), $0.offset) < (combiningClass($1.element), $1.offset)
                }
                scalars.replaceSubrange(start..<end, with: marks.map(\.element))
            }
            start = end
        }
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }

    // MARK: Composition

    /// From two characters, the first in the upper half, to the one that they make.
    private static let compositions: [UInt64: Unicode.Scalar] = {
        var found: [UInt64: Unicode.Scalar] = [:]
        for (code, decomposition) in decompositions
        where !decomposition.isCompatible && decomposition.scalars.count == 2 {
            guard let scalar = Unicode.Scalar(code), !scalar.properties.isFullCompositionExclusion else { continue }
            found[pair(decomposition.scalars[0], decomposition.scalars[1])] = scalar
        }
        return found
    }()

    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
        UInt64(first.value) << 32 | UInt64(second.value)
    }

    /// Composes what is decomposed and in order.
    private static func compose(_ scalars: inout [Unicode.Scalar]) {
        var (end, starter, lastClass) = (0, -1, 0)
        for scalar in scalars {
            let current = Int(combiningClass(scalar))
            // A mark is blocked from its starter by one of its own class, or by a starter between them.
            if starter >= 0, lastClass < current || end == starter + 1,
                let composed = Hangul.composed(scalars[starter], scalar) ?? compositions[pair(scalars[starter], scalar)]
            {
                scalars[starter] = composed
                continue
            }
            scalars[end] = scalar
            if current == 0 { starter = end }
            lastClass = current
            end += 1
        }
        scalars.removeSubrange(end...)
    }
}

/// Syllables of Hangul, which are composed by arithmetic (Unicode, 3.12).
private enum Hangul {
    private static let (syllables, leading, vowels, trailing): (UInt32, UInt32, UInt32, UInt32) = (
        0xAC00, 0x1100, 0x1161, 0x11A7
    )
    private static let (vowelCount, trailingCount): (UInt32, UInt32) = (21, 28)

    static func parts(of scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        guard (0xAC00...0xD7A3).contains(scalar.value) else { return nil }
        let index = scalar.value - syllables
        let third = index % trailingCount
        let parts = [leading + index / (vowelCount * trailingCount), vowels + index / trailingCount % vowelCount]
        return (third == 0 ? parts : parts + [trailing + third]).compactMap(Unicode.Scalar.init)
    }

    static func composed(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let (a, b) = (first.value, second.value)
        if (leading..<leading + 19).contains(a), (vowels..<vowels + vowelCount).contains(b) {
            return Unicode.Scalar(syllables + ((a - leading) * vowelCount + b - vowels) * trailingCount)
        }
        if (syllables...0xD7A3).contains(a), (a - syllables) % trailingCount == 0,
            (trailing + 1..<trailing + trailingCount).contains(b)
        {
            return Unicode.Scalar(a + b - trailing)
        }
        return nil
    }
}
