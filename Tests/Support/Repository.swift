package import Foundation

/// Where the files lie that the tests use.
package enum Repository {
    /// The folder of the repository.
    package static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Its path, without a slash at the end.
    package static let root = String(url.path(percentEncoded: false).dropLast())

    /// Other people's data, which lie beside the repository and are never copied into it.
    package static let data = url.appending(path: "../shared/data").standardizedFileURL.path(percentEncoded: false)

    /// The interpreter that has the packages of `make peers`.
    package static let python = path(".peers/python/bin/python")

    /// The path of a file of the repository.
    package static func path(_ name: String) -> String { root + "/" + name }

    package static func hasData(_ name: String) -> Bool { FileManager.default.fileExists(atPath: data + "/" + name) }
}
