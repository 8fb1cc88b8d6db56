internal import CEmbeddedFiles

/// The bytes of a file that is built into the program: a schema, a template, a translation, a style sheet or a script.
///
/// - Parameter name: the name in `Sources/CEmbeddedFiles/files.c`; another is a mistake of the program.
package func embeddedFile(_ name: String) -> [UInt8] {
    var count = 0
    guard let bytes = unsafe embedded_file(name, &count) else { preconditionFailure("no file ‘\(name)’ is built in") }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
}
