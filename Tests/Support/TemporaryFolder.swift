package import Foundation

/// A folder of one test's own, which is removed when the value is.
package final class TemporaryFolder: Sendable {
    package let url = FileManager.default.temporaryDirectory.appending(
        path: "marginalia-\(UUID().uuidString)", directoryHint: .notDirectory)

    package init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    package var path: String { url.path(percentEncoded: false) }

    package func url(_ name: String) -> URL { url.appending(path: name) }

    package func path(_ name: String) -> String { url(name).path(percentEncoded: false) }

    /// Writes a file, its folders included.
    ///
    /// - Returns: its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try FileManager.default.createDirectory(
            at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url(name))
        return path(name)
    }

    package func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: destination)
    }
}
