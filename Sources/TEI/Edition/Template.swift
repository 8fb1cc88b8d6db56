internal import Files

/// A valid document to fill in, with the usual marks as commented examples.
///
///     print(String(decoding: Template.memo.bytes, as: UTF8.self))
public enum Template: String, Sendable, CaseIterable {
    /// The kinds of document.
    case letter, memo, cable, conversation

    /// The document in UTF-8.
    public var bytes: [UInt8] { embeddedFile("Templates/\(rawValue).xml") }
}
