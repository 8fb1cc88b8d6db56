import Foundation
import XML

/// A TEI corpus of any length, valid if its plays are: they are repeated, each time with other `xml:id`s and pointers.
struct Corpus {
    private static let head = """
        <teiCorpus xmlns="http://www.tei-c.org/ns/1.0">
        <teiHeader><fileDesc><titleStmt><title>A corpus</title></titleStmt><publicationStmt><p>For measuring only</p></publicationStmt>
        <sourceDesc><p>Plays</p></sourceDesc></fileDesc></teiHeader>

        """

    /// Each play's outermost element, cut before each name that is an `xml:id` or pointed at.
    private let plays: [[Substring]]

    init(plays: [String]) throws {
        self.plays = try plays.map { path in
            let document = try Document(contentsOfFile: path)
            let text = String(decoding: document.serialized[document.root.byteRange], as: UTF8.self)
            let cuts = text.matches(of: /\ xml:id="|["\ ]#/).map(\.range.upperBound)
            return zip([text.startIndex] + cuts, cuts + [text.endIndex]).map { text[$0..<$1] }
        }
    }

    func write(to path: String, megabytes: Int) throws {
        try Data(Corpus.head.utf8).write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        var length = try Int(file.seekToEnd())
        var copy = 0
        while length < megabytes * 1_000_000 {
            let parts = plays[copy % plays.count]
            let text = Data((parts.joined(separator: "c\(copy)-") + "\n").utf8)
            try file.write(contentsOf: text)
            length += text.count
            copy += 1
        }
        try file.write(contentsOf: Data("</teiCorpus>\n".utf8))
        try file.close()
    }
}
