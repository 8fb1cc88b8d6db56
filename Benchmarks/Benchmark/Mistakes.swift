import Foundation
import XML

/// Copies of documents with mistakes, as encoders make them: each is well-formed, and most are found by the schema.
struct Mistakes {
    /// The n-th element in document order has one for each multiple of this.
    let interval: Int

    /// Writes a copy of each file into a folder, under its own name.
    func write(_ paths: [String], to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for path in paths {
            let copy = URL(filePath: folder).appending(path: URL(filePath: path).lastPathComponent)
            try Data(spoilt(Document(contentsOfFile: path))).write(to: copy)
        }
    }

    private func spoilt(_ document: Document) -> [UInt8] {
        var bytes = document.serialized
        var edits: [(range: Range<Int>, text: String)] = []
        let elements = document.root.descendants.filter { $0.kind == .element }
        for (number, element) in elements.enumerated() where number % interval == interval - 1 {
            edits += mistake(number / interval % 6, in: element, bytes)
        }
        for edit in edits.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) > ($1.range.lowerBound, $1.range.upperBound)
        }) {
            bytes.replaceSubrange(edit.range, with: edit.text.utf8)
        }
        return bytes
    }

    private func mistake(_ kind: Int, in element: Node, _ bytes: [UInt8]) -> [(range: Range<Int>, text: String)] {
        let (start, end) = (element.byteRange.lowerBound, element.byteRange.upperBound)
        let name = element.name?.description ?? ""
        let behindName = start + 1 + name.utf8.count
        switch kind {
        case 0: return [(behindName..<behindName, " flavour=\"a\"")]
        case 1: return [(behindName..<behindName, " renditoin=\"#b\"")]
        case 2:
            let misspelt = String(name.dropLast()) + "q"
            let isEmpty = bytes[end - 2] == UInt8(ascii: "/")
            let tags = [start + 1] + (isEmpty ? [] : [end - 1 - name.utf8.count])
            return tags.map { ($0..<($0 + name.utf8.count), misspelt) }
        case 3: return [(start..<start, "<teiHeader/>")]
        case 4: return [(behindName..<behindName, " when=\"12 March\"")]
        default: return [(start..<start, "<sp>words</sp>")]
        }
    }
}
