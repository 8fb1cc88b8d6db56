/// The hash of Fowler, Noll and Vo (FNV-1a): the same for the same bytes in every run, and no secret.
///
/// - Parameter start: the hash of the bytes before.
@inlinable package func fnv1a(_ bytes: some Sequence<UInt8>, from start: UInt64 = fnv1aBasis) -> UInt64 {
    bytes.reduce(start) { fnv1a($0, adding: $1) }
}

/// The same of a string's bytes, in half the time.
package func fnv1a(_ string: String, from start: UInt64 = fnv1aBasis) -> UInt64 {
    let bytes = string.utf8Span.span
    var sum = start
    for index in bytes.indices { sum = fnv1a(sum, adding: bytes[index]) }
    return sum
}

/// The same of several strings, one after the other.
package func fnv1a(_ strings: some Sequence<String>) -> UInt64 {
    strings.reduce(fnv1aBasis) { fnv1a(fnv1a($1, from: $0), adding: 0) }
}

/// The hash of no bytes (the offset basis).
@usableFromInline package let fnv1aBasis: UInt64 = 0xCBF2_9CE4_8422_2325

/// The hash with one more byte.
@inlinable package func fnv1a(_ sum: UInt64, adding byte: UInt8) -> UInt64 {
    (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
}

/// Tells changed bytes from the same ones; no protection against forgery.
package enum Checksum {
    package static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var sum = fnv1aBasis ^ UInt64(bytes.count)
        let whole = bytes.count & ~7
        for index in stride(from: 0, to: whole, by: 8) {
            sum = (sum ^ bytes.word(at: index)) &* 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 32
        }
        for index in whole..<bytes.count { sum = fnv1a(sum, adding: bytes[index]) }
        return sum
    }
}

extension Span<UInt8> {
    /// Eight bytes, the first of them the lowest.
    package func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}
