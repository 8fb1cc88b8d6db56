internal import Files

/// The beginnings that a match may have: places where none can begin are skipped.
struct RegexStart: Sendable {
    /// Bytes with which every match begins, if there are two or more.
    private var prefix: [UInt8]
    /// By byte: whether a match may begin with it; empty where a match may be empty.
    private var bytes: [Bool]

    init(_ node: RegexNode, _ sets: [ScalarSet]) {
        prefix = []
        _ = node.appendPrefix(&prefix, sets)
        if prefix.count < 2 { prefix = [] }
        bytes = Array(repeating: false, count: 256)
        var numbers = Set<Int>()
        guard prefix.isEmpty, !node.collectFirst(&numbers) else {
            bytes = []
            return
        }
        for number in numbers {
            let members = sets[number].ascii
            for byte in 0..<128 where members >> UInt128(byte) & 1 != 0 { bytes[byte] = true }
            if !sets[number].isASCII { for byte in 0x80...0xFF { bytes[byte] = true } }
        }
    }

    /// The first place from a position on where a match may begin.
    func candidate(in string: Span<UInt8>, from start: Int) -> Int? {
        if !prefix.isEmpty { return string.firstOffset(of: prefix.span, from: start) }
        if bytes.isEmpty { return start }
        let table = bytes.span
        var index = start
        while index < string.count {
            let byte = string[index]
            // The other bytes of a character begin no match.
            if table[Int(byte)], byte & 0xC0 != 0x80 { return index }
            index += 1
        }
        return nil
    }
}

extension ScalarSet {
    /// The only character in it, where it is written as one.
    var single: Unicode.Scalar? { groups.count == 1 ? groups[0].singleScalar.flatMap(Unicode.Scalar.init) : nil }

    fileprivate var isASCII: Bool {
        let first = groups[0]
        return !first.isNegated && first.categories == 0 && first.names.isEmpty
            && first.ranges.allSatisfy { $0.upperBound < 0x80 }
    }
}

extension RegexNode {
    /// Adds the characters with which every match begins.
    ///
    /// - Returns: Whether there are no others.
    fileprivate func appendPrefix(_ prefix: inout [UInt8], _ sets: [ScalarSet]) -> Bool {
        switch self {
        case .empty: return true
        case .set(let number):
            guard let single = sets[number].single else { return false }
            prefix += String(single).utf8
            return true
        case .sequence(let parts): return parts.allSatisfy { $0.appendPrefix(&prefix, sets) }
        case .group(let part, _): return part.appendPrefix(&prefix, sets)
        case .repetition(let part, let minimum, _, _):
            if minimum > 0 { _ = part.appendPrefix(&prefix, sets) }
            return false
        case .choice, .start, .end, .backreference: return false
        }
    }

    /// Adds the sets of the characters with which a match may begin.
    ///
    /// - Returns: Whether it may be empty.
    fileprivate func collectFirst(_ sets: inout Set<Int>) -> Bool {
        switch self {
        case .empty, .start, .end, .backreference: return true
        case .set(let number):
            sets.insert(number)
            return false
        case .sequence(let parts): return parts.allSatisfy { $0.collectFirst(&sets) }
        case .group(let part, _): return part.collectFirst(&sets)
        case .repetition(let part, let minimum, let maximum, _):
            if maximum == 0 { return true }
            return part.collectFirst(&sets) || minimum == 0
        case .choice(let parts):
            // Each is asked, also after one that may be empty.
            return parts.map { $0.collectFirst(&sets) }.contains(true)
        }
    }
}
