/// A valid document to fill in, with the usual marks as commented examples.
///
///     print(String(decoding: Template.memo.bytes, as: UTF8.self))
public enum Template: String, Sendable, CaseIterable {
    /// The kinds of document.
    case letter, memo, cable, conversation

    /// The document in UTF-8.
    public var bytes: [UInt8] {
        switch self {
        case .letter: PackageResources.letter_xml
        case .memo: PackageResources.memo_xml
        case .cable: PackageResources.cable_xml
        case .conversation: PackageResources.conversation_xml
        }
    }
}
