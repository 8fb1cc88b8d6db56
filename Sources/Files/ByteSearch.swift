extension Span<UInt8> {
    /// The first place of `part` from `start` on. The time is linear, whatever the two look like.
    package func firstOffset(of part: Span<UInt8>, from start: Int = 0) -> Int? {
        if part.isEmpty { return start <= count ? start : nil }
        let (first, final) = (part[0], part[part.count - 1])
        let last = count - part.count
        // So much may be compared in vain before it pays to learn how the part repeats itself.
        var credit = 64
        var index = start
        while index <= last {
            let block = index + 63
            if block <= last, !mayContain(first, final, index...block, distance: part.count - 1) {
                index = block + 1
                continue
            }
            let end = Swift.min(block, last)
            while index <= end {
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
        }
        return nil
    }

    /// Whether two bytes are at that distance, the first of them at one of these places.
    private func mayContain(_ first: UInt8, _ final: UInt8, _ places: ClosedRange<Int>, distance: Int) -> Bool {
        // Without a branch, so that the compiler makes vectors of it.
        let (here, there) = (
            extracting(places), extracting(places.lowerBound + distance...places.upperBound + distance)
        )
        var found: UInt8 = 0
        for index in here.indices { found |= (here[index] == first ? 1 : 0) & (there[index] == final ? 1 : 0) }
        return found != 0
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

    @inlinable package func hasPrefix(_ part: Span<UInt8>) -> Bool { matches(part, at: 0) }

    @inlinable package func hasSuffix(_ part: Span<UInt8>) -> Bool { matches(part, at: count - part.count) }

    /// Whether `part` is at an offset.
    @inlinable package func matches(_ part: Span<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset + part.count <= count else { return false }
        for index in 0..<part.count where self[offset + index] != part[index] { return false }
        return true
    }

    @inlinable package func equals(_ other: Span<UInt8>) -> Bool { count == other.count && matches(other, at: 0) }

    /// Negative, zero or positive: by bytes, which of UTF-8 is by Unicode scalars.
    @inlinable package func compare(_ other: Span<UInt8>) -> Int {
        let shared = Swift.min(count, other.count)
        var index = 0
        while index < shared, self[index] == other[index] { index += 1 }
        if index < shared { return self[index] < other[index] ? -1 : 1 }
        return count < other.count ? -1 : count == other.count ? 0 : 1
    }

    @inlinable package var isASCII: Bool {
        var bits: UInt8 = 0
        for index in indices { bits |= self[index] }
        return bits < 0x80
    }

    /// The number of Unicode scalars, of valid UTF-8.
    package var scalarCount: Int {
        var (continuations, start) = (0, 0)
        // Counted in bytes, block by block, so that the compiler makes vectors of it.
        while start < count {
            let block = extracting(start..<Swift.min(start + 128, count))
            var found: UInt8 = 0
            for index in block.indices { found &+= Int8(bitPattern: block[index]) < -0x40 ? 1 : 0 }
            continuations += Int(found)
            start += 128
        }
        return count - continuations
    }
}

extension String {
    /// The text between two offsets into the UTF-8, both at Unicode scalars.
    package func slice(_ range: Range<Int>) -> String {
        if range.lowerBound == 0, range.upperBound == utf8.count { return self }
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
        return String(self[start..<end])
    }
}
