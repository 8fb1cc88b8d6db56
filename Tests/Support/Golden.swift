import Foundation
package import Testing

/// Compares with a golden file. One that is missing, or any where `RECORD` is set, is written, and that fails the test:
/// a recording never passes.
package func expectGolden(_ found: [UInt8], _ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let name = URL(filePath: path).lastPathComponent
    guard ProcessInfo.processInfo.environment["RECORD"] == nil,
        let expected = FileManager.default.contents(atPath: path)
    else {
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(found).write(to: URL(filePath: path))
        Issue.record("\(name) is recorded: read it, then run again", sourceLocation: sourceLocation)
        return
    }
    guard Array(expected) != found else { return }
    let lines = [Array(expected), found].map {
        String(decoding: $0, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
    let changes = lines[1].difference(from: lines[0]).prefix(40).map { change in
        switch change {
        case .remove(let line, let text, _): "- \(line + 1): \(text)"
        case .insert(let line, let text, _): "+ \(line + 1): \(text)"
        }
    }
    Issue.record("\(name) differs:\n\(changes.joined(separator: "\n"))", sourceLocation: sourceLocation)
}

package func expectGolden(_ found: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try expectGolden(Array(found.utf8), path, sourceLocation: sourceLocation)
}
