/// Turns a transcription into bytes.
///
/// A format is one file: a struct that conforms, and a static member, so that a call reads `.text` or `.html`.
///
///     let bytes = Format.json.export(transcription, policy: .revised)
public protocol Format: Sendable {
    /// The extension of its files, without the dot.
    var fileExtension: String { get }

    /// One document in one policy. The same input gives the same bytes.
    func export(_ transcription: Transcription, policy: Policy) -> [UInt8]
}
