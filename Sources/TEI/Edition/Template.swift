internal import Files

/// A valid document to fill in, with the usual marks as commented examples. What is to be filled in are the processing
/// instructions `placeholder`; the check of that name finds those that are left.
///
///     print(String(decoding: Template.memo.bytes, as: UTF8.self))
public enum Template: String, Sendable, CaseIterable {
    /// The kinds of document.
    case letter, memo, cable, conversation

    /// The document in UTF-8.
    public var bytes: [UInt8] { embeddedFile("Templates/\(rawValue).xml") }

    /// The document with processing instructions before its outermost element.
    ///
    /// - Parameter instructions: lines, such as `<?xml-model href="marginalia.rng"?>`.
    package func bytes(with instructions: String) -> [UInt8] {
        let lines = bytes.split(separator: 0x0A, maxSplits: 1)
        return lines[0] + [0x0A] + instructions.utf8 + lines[1]
    }
}
