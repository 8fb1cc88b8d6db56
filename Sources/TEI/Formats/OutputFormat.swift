/// One way to write values of a type: a row of the type's list.
///
///     let bytes = collation.export(as: .json)
///     let lines = OutputFormat<TextSource>.lines.export(places)
///
/// All bytes are UTF-8, ended by a line end unless there is nothing.
public struct OutputFormat<Value>: Sendable {
    /// What a command calls it: `json`.
    public let name: String
    /// The extension of its files, without the dot.
    public let fileExtension: String
    /// What comes before the first value.
    public let opening: [UInt8]
    /// What comes between two values.
    public let separator: [UInt8]
    private let ending: [UInt8]
    private let endingOfNone: [UInt8]
    /// One value, between what comes before and after it.
    public let write: @Sendable (Value) -> [UInt8]

    /// - Parameter fileExtension: by default the name.
    package init(_ name: String, fileExtension: String? = nil, write: @escaping @Sendable (Value) -> [UInt8]) {
        (self.name, self.fileExtension, self.write) = (name, fileExtension ?? name, write)
        (opening, separator, ending, endingOfNone) = ([], [], [], [])
    }

    /// An array of JSON. - Parameter write: an element at the depth of 1, with the line end before it.
    init(jsonArray write: @escaping @Sendable (Value) -> [UInt8]) {
        (name, fileExtension, self.write) = ("json", "json", write)
        (opening, separator) = ([UInt8(ascii: "[")], [UInt8(ascii: ",")])
        (ending, endingOfNone) = (Array("\n]\n".utf8), Array("]\n".utf8))
    }

    /// What comes after the last value.
    public func closing(isEmpty: Bool) -> [UInt8] { isEmpty ? endingOfNone : ending }

    /// Values one after the other.
    public func export(_ values: some Sequence<Value>) -> [UInt8] {
        let entries = values.map(write)
        return opening + entries.joined(separator: separator) + closing(isEmpty: entries.isEmpty)
    }
}
