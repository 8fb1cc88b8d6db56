/// Plain text, UTF-8: the reading of one policy, nothing before it, one line end behind it.
///
/// Offsets into it are those of the JSON's `text`, since they are the same characters.
public struct TextFormat: Format {
    public let name = "text"
    public let title = "text"
    public let fileExtension = "txt"

    public init() {}

    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        Array(transcription.reading(policy).text.utf8) + [0x0A]
    }
}

extension Format where Self == TextFormat {
    public static var text: TextFormat { TextFormat() }
}
