/// A way to write values of a type, such as ``Collation`` or ``TextSource``.
///
///     let bytes = collation.export(as: .json)
///     let lines = OutputFormat<TextSource>.lines.export(places)
///
/// All bytes are UTF-8 and end with a line end, unless there are no bytes.
public struct OutputFormat<Value>: Sendable {
    /// The name in a command, such as `json`.
    public let name: String
    /// The extension of its files, without the dot before it.
    public let fileExtension: String
    /// The bytes before the first value.
    package let opening: [UInt8]
    /// The bytes between two values.
    package let separator: [UInt8]
    private let ending: [UInt8]
    private let endingOfNone: [UInt8]
    /// Returns one value, without the bytes before and after it.
    package let write: @Sendable (Value) -> [UInt8]

    /// - Parameter fileExtension: by default the name.
    package init(_ name: String, fileExtension: String? = nil, write: @escaping @Sendable (Value) -> [UInt8]) {
        (self.name, self.fileExtension, self.write) = (name, fileExtension ?? name, write)
        (opening, separator, ending, endingOfNone) = ([], [], [], [])
    }

    /// An array of JSON. - Parameter write: an element at the depth of 1, with the line end before it.
    package init(jsonArray write: @escaping @Sendable (Value) -> [UInt8]) {
        (name, fileExtension, self.write) = ("json", "json", write)
        (opening, separator) = ([UInt8(ascii: "[")], [UInt8(ascii: ",")])
        (ending, endingOfNone) = (Array("\n]\n".utf8), Array("]\n".utf8))
    }

    /// The bytes after the last value.
    package func closing(isEmpty: Bool) -> [UInt8] { isEmpty ? endingOfNone : ending }

    /// Returns the values one after the other.
    public func export(_ values: some Sequence<Value>) -> [UInt8] {
        let entries = values.map(write)
        return opening + entries.joined(separator: separator) + closing(isEmpty: entries.isEmpty)
    }
}
