import Foundation
import Support
import XML

/// The documents that the tests read.
enum Folder {
    static let cases = Repository.url.appending(path: "Tests/XMLTests/Cases")

    /// The XML files below a folder, sorted.
    static func documents(below folder: URL) -> [URL] {
        guard let paths = FileManager.default.subpaths(atPath: folder.path) else { return [] }
        return paths.filter { $0.hasSuffix(".xml") }.sorted().map { folder.appending(path: $0) }
    }

    /// Those of other people.
    static func documents(of corpus: String) -> [URL] {
        documents(below: URL(filePath: Repository.data).appending(path: corpus))
    }

    /// The edition of this repository and Everything.xml.
    static let own =
        documents(below: Repository.url.appending(path: "TEI")) + [
            Repository.url.appending(path: "Tests/Everything.xml")
        ]
}

/// libxml2's own program: the second opinion.
enum Xmllint {
    static let path = ["/usr/bin/xmllint", "/usr/local/bin/xmllint", "/opt/homebrew/bin/xmllint"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static var isInstalled: Bool { path != nil }

    static func run(_ arguments: [String]) throws -> Execution { try Execution(of: path!, arguments) }
}
