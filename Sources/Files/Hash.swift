/// The hash of Fowler, Noll and Vo (FNV-1a): the same for the same bytes in every run, and no secret.
@inlinable package func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 { fnv1a(bytes, from: 0xCBF2_9CE4_8422_2325) }

/// That of bytes that follow others.
///
/// - Parameter start: the hash of the bytes before.
@inlinable package func fnv1a(_ bytes: some Sequence<UInt8>, from start: UInt64) -> UInt64 {
    var hash = start
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
}

/// That of a string's bytes that follow others, in half the time of a sequence's.
package func fnv1a(_ string: String, from start: UInt64) -> UInt64 {
    let bytes = string.utf8Span.span
    var hash = start
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
    return hash
}

/// That of several strings, one after the other.
package func fnv1a(_ strings: some Sequence<String>) -> UInt64 {
    strings.reduce(fnv1a(EmptyCollection<UInt8>())) { fnv1a(CollectionOfOne<UInt8>(0), from: fnv1a($1, from: $0)) }
}

/// Tells changed bytes from the same ones; no protection against forgery.
package enum Checksum {
    package static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        let whole = bytes.count & ~7
        for index in stride(from: 0, to: whole, by: 8) {
            hash = (hash ^ bytes.word(at: index)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        for index in whole..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}

extension Span<UInt8> {
    /// Eight bytes, the first of them the lowest.
    package func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}
