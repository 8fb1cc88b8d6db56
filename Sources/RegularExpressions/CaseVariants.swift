/// Case variants: characters with the same upper case or the same lower case (XPath functions, 5.6.1.1).
enum CaseVariants {
    /// A range and the variants of its characters.
    static func ranges(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
        var found = [range]
        let (first, last) = (index(of: range.lowerBound), index(of: range.upperBound + 1))
        for entry in table[first..<last] {
            for variant in entry.variants where !range.contains(variant) { found.append(variant...variant) }
        }
        return found
    }

    static func areVariants(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
        if a == b { return true }
        let index = index(of: a.value)
        return index < table.count && table[index].scalar == a.value && table[index].variants.contains(b.value)
    }

    /// The first entry that is not before a character.
    private static func index(of scalar: UInt32) -> Int {
        var (low, high) = (0, table.count)
        while low < high {
            let middle = (low + high) / 2
            if table[middle].scalar < scalar { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The characters that have variants, in order.
    private static let table: [(scalar: UInt32, variants: [UInt32])] = {
        var byLower: [[UInt8]: [UInt32]] = [:]
        var byUpper: [[UInt8]: [UInt32]] = [:]
        let scalars = blocks.joined().compactMap(Unicode.Scalar.init).filter {
            $0.properties.isCased || $0.properties.changesWhenCaseMapped
        }
        for scalar in scalars {
            byLower[Array(scalar.properties.lowercaseMapping.utf8), default: []].append(scalar.value)
            byUpper[Array(scalar.properties.uppercaseMapping.utf8), default: []].append(scalar.value)
        }
        return scalars.compactMap { scalar in
            let lower = byLower[Array(scalar.properties.lowercaseMapping.utf8)] ?? []
            let upper = byUpper[Array(scalar.properties.uppercaseMapping.utf8)] ?? []
            let variants = Set(lower + upper).subtracting([scalar.value]).sorted()
            return variants.isEmpty ? nil : (scalar.value, variants)
        }
    }()

    /// Where Unicode has characters with case.
    private static let blocks: [ClosedRange<UInt32>] = [
        0x41...0x58F, 0x10A0...0x10FF, 0x13A0...0x13FF, 0x1C80...0x1CBF, 0x1D00...0x1FFF, 0x2100...0x218F,
        0x2460...0x24FF,
        0x2C00...0x2D2F, 0xA640...0xA7FF, 0xAB30...0xABBF, 0xFB00...0xFB1F, 0xFF00...0xFFEF, 0x10400...0x105BF,
        0x10C80...0x10DFF, 0x118A0...0x118DF, 0x16E40...0x16EDF, 0x1E900...0x1E95F,
    ]
}
