extension Span<UInt8> {
    /// The first place from `start` on where `part` stands. The time is linear, whatever the two look like.
    func firstOffset(of part: Span<UInt8>, from start: Int = 0) -> Int? {
        if part.isEmpty { return start <= count ? start : nil }
        let first = part[0]
        let last = count - part.count
        // So much may be compared in vain before it pays to learn how the part repeats itself.
        var credit = 64
        var index = start
        while index <= last {
            guard self[index] == first else {
                index += 1
                continue
            }
            var length = 1
            while length < part.count, self[index + length] == part[length] { length += 1 }
            if length == part.count { return index }
            index += 1
            credit -= length - 4
            if credit < 0 { return firstOffsetByBorders(of: part, from: index) }
        }
        return nil
    }

    /// The algorithm of Knuth, Morris and Pratt.
    private func firstOffsetByBorders(of part: Span<UInt8>, from start: Int) -> Int? {
        var borders = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in 1..<part.count {
            while length > 0, part[index] != part[length] { length = borders[length - 1] }
            if part[index] == part[length] { length += 1 }
            borders[index] = length
        }
        length = 0
        var index = start
        while index < count {
            while length > 0, self[index] != part[length] { length = borders[length - 1] }
            if self[index] == part[length] { length += 1 }
            index += 1
            if length == part.count { return index - length }
        }
        return nil
    }

    func hasPrefix(_ part: Span<UInt8>) -> Bool { matches(part, at: 0) }

    func hasSuffix(_ part: Span<UInt8>) -> Bool { matches(part, at: count - part.count) }

    /// Whether `part` stands at an offset.
    func matches(_ part: Span<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset + part.count <= count else { return false }
        for index in 0..<part.count where self[offset + index] != part[index] { return false }
        return true
    }

    func equals(_ other: Span<UInt8>) -> Bool { count == other.count && matches(other, at: 0) }

    /// Negative, zero or positive: by bytes, which of UTF-8 is by Unicode scalars.
    func compare(_ other: Span<UInt8>) -> Int {
        let shared = Swift.min(count, other.count)
        var index = 0
        while index < shared, self[index] == other[index] { index += 1 }
        if index < shared { return self[index] < other[index] ? -1 : 1 }
        return count < other.count ? -1 : count == other.count ? 0 : 1
    }

    var isASCII: Bool {
        var bits: UInt8 = 0
        for index in indices { bits |= self[index] }
        return bits < 0x80
    }

    /// The number of Unicode scalars, of valid UTF-8.
    var scalarCount: Int {
        var continuations = 0
        for index in indices { continuations += self[index] & 0xC0 == 0x80 ? 1 : 0 }
        return count - continuations
    }
}

extension String {
    /// What lies between two offsets into the UTF-8, which are those of Unicode scalars.
    func slice(_ range: Range<Int>) -> String {
        if range.lowerBound == 0, range.upperBound == utf8.count { return self }
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
        return String(self[start..<end])
    }
}
