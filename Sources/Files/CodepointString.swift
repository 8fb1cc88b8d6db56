// Names, paths, ids and keys are compared by their code points. Swift's own comparison of strings takes `é` in one code
// point and in two for the same, as XML, RELAX NG, XPath and file systems do not: whatever comes from documents, paths
// or options goes through these.

/// A string that is equal to one with the same code points only: for sets and tables of names, paths, ids and other
/// keys.
///
///     var seen: Set<CodepointString> = []
///     seen.insert(CodepointString("caf\u{E9}")).inserted      // true
///     seen.insert(CodepointString("cafe\u{301}")).inserted    // true: another name
package struct CodepointString: Hashable, Comparable, Sendable {
    package let string: String

    package init(_ string: String) { self.string = string }

    package static func == (a: CodepointString, b: CodepointString) -> Bool { a.string.isSame(as: b.string) }

    /// In the order of the code points.
    package static func < (a: CodepointString, b: CodepointString) -> Bool {
        a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension CodepointString: CustomStringConvertible {
    package var description: String { string }
}

extension String {
    /// Whether both have the same code points.
    @inlinable package func isSame(as other: String) -> Bool {
        utf8Span.span.equals(other.utf8Span.span)
    }
}

extension String? {
    /// Whether both are there and have the same code points, or neither is there.
    @inlinable package func isSame(as other: String?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.isSame(as: other)
    }
}

extension StringProtocol {
    /// Whether both have the same code points.
    @inlinable package func isSame(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// Bytes of a document, such as the value of an attribute, to be looked up without a string being made of them.
package struct ByteString: Hashable, Sendable {
    let bytes: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    package static func == (a: ByteString, b: ByteString) -> Bool { a.bytes.span.equals(b.bytes.span) }

    package func hash(into hasher: inout Hasher) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
