/// A valid document that an encoder fills in, with the commonest marks as commented examples.
public enum Template: String, Sendable, CaseIterable {
    case letter, memo, cable, conversation

    /// The document, in UTF-8.
    public var bytes: [UInt8] {
        switch self {
        case .letter: PackageResources.letter_xml
        case .memo: PackageResources.memo_xml
        case .cable: PackageResources.cable_xml
        case .conversation: PackageResources.conversation_xml
        }
    }
}
