extension Span<UInt8> {
    /// The character at an offset, of valid UTF-8, and its length in bytes.
    package func scalar(at index: Int) -> (Unicode.Scalar, Int) {
        let first = UInt32(self[index])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = first & (0x7F >> UInt32(length))
        for next in index + 1..<Swift.min(index + length, count) { value = value << 6 | UInt32(self[next] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}
