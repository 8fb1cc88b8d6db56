internal import Files

/// A valid file to fill in, with the usual markup as commented examples. What is to be filled in are the processing
/// instructions `placeholder`; the check of that name finds those that are left.
///
///     print(String(decoding: Template.memo.bytes, as: UTF8.self))
public enum Template: String, Sendable, CaseIterable {
    /// The kinds of document.
    case letter, memo, cable, conversation
    /// The registers of an edition: persons, organisations, places and events.
    case register
    /// One entry for a register of persons: an element, and no document.
    case person
    /// The main file of an edition, which includes its registers and documents.
    case edition

    /// The file in UTF-8.
    public var bytes: [UInt8] { embeddedFile("Templates/\(rawValue).xml") }

    /// The file with processing instructions before its outermost element, if it is a document.
    ///
    /// - Parameter instructions: lines, such as `<?xml-model href="marginalia.rng"?>`.
    package func bytes(with instructions: String) -> [UInt8] {
        if self == .person { return bytes }
        let lines = bytes.split(separator: 0x0A, maxSplits: 1)
        return lines[0] + [0x0A] + instructions.utf8 + lines[1]
    }
}
