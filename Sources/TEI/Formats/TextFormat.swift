/// Plain text in UTF-8: the text of one policy, and a line end after it.
///
///     print(String(decoding: TextFormat().export(transcription, policy: .reading), as: UTF8.self))
///
/// Offsets in this file are the offsets in the JSON's `text`: both have the same characters.
public struct TextFormat: Format {
    /// The name in `export --to`.
    public let name = "text"
    /// The name in the help.
    public let title = "text"
    /// The extension of the files.
    public let fileExtension = "txt"

    /// Makes the format. It has no options.
    public init() {}

    /// Returns the text of a policy.
    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        Array(transcription.reading(policy).text.utf8) + [0x0A]
    }
}

extension Format where Self == TextFormat {
    /// Plain text.
    public static var text: TextFormat { TextFormat() }
}
