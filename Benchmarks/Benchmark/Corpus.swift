import Foundation
import XML

private let header = """
    <teiHeader><fileDesc><titleStmt><title>Plays</title></titleStmt><publicationStmt><p>For measuring only</p></publicationStmt>
    <sourceDesc><p>Plays</p></sourceDesc></fileDesc></teiHeader>

    """

/// Writes pieces, one behind the other and again from the first, until there is enough.
private func writeRepeatedly(
    to path: String, megabytes: Int, from head: String, _ piece: (Int) -> String, to end: String
) throws {
    try Data(head.utf8).write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    var length = try Int(file.seekToEnd())
    var number = 0
    while length < megabytes * 1_000_000 {
        let text = Data(piece(number).utf8)
        try file.write(contentsOf: text)
        length += text.count
        number += 1
    }
    try file.write(contentsOf: Data(end.utf8))
    try file.close()
}

/// One TEI document of any length: plays as divisions, without their `xml:id`s and pointers.
struct Anthology {
    private let plays: [String]

    init(plays: [String]) throws {
        self.plays = try plays.compactMap { path in
            let document = try Document(contentsOfFile: path)
            let content = document.root.descendants.first { $0.localName == "body" }?.children
            guard let content, let first = content.first(where: { _ in true }) else { return nil }
            let range = first.byteRange.lowerBound..<(content.map(\.byteRange.upperBound).max() ?? 0)
            let text = String(decoding: document.serialized[range], as: UTF8.self)
            let words = text.replacing(/\ (?:xml:id|who|corresp)="[^"]*"/, with: "")
            return "<div>\(words)</div>\n"
        }
    }

    func write(to path: String, megabytes: Int) throws {
        let head = "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n\(header)<text><body>\n"
        try writeRepeatedly(
            to: path, megabytes: megabytes, from: head, { plays[$0 % plays.count] }, to: "</body></text></TEI>\n")
    }
}

/// A TEI corpus of any length, valid if its plays are: they are repeated, each time with other `xml:id`s and pointers.
struct Corpus {
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
        let head = "<teiCorpus xmlns=\"http://www.tei-c.org/ns/1.0\">\n\(header)"
        try writeRepeatedly(
            to: path, megabytes: megabytes, from: head, { plays[$0 % plays.count].joined(separator: "c\($0)-") + "\n" },
            to: "</teiCorpus>\n")
    }
}
