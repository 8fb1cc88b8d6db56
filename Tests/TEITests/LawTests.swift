import Foundation
import Pages
import Support
import Testing
import XML

@testable import TEI

/// Laws of the texts that hold for any document: they are tried at random places of real ones.
@Suite struct LawTests {
    /// Where something may be written into a source: between two letters of a word, or around a stretch of words.
    private struct Places {
        let source: [UInt8]
        /// Byte offsets of letters that follow a letter in a text of the flow.
        private(set) var inWords: [Int] = []
        /// Byte ranges of words.
        private(set) var words: [Range<Int>] = []

        init(_ transcription: Transcription, _ source: [UInt8]) {
            self.source = source
            let file = transcription.element.location.file
            for case .text(let node, nil, _) in transcription.events where node.location.file == file {
                add(node)
            }
        }

        /// A text node that is in the source as it is, without entities.
        private mutating func add(_ node: Node) {
            let start = node.location.byteOffset
            let bytes = Array(node.stringValue.utf8)
            guard start + bytes.count <= source.count, Array(source[start..<(start + bytes.count)]) == bytes else {
                return
            }
            var word = 0
            for (offset, byte) in bytes.enumerated() {
                let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                if !isLetter { word = offset + 1 }
                guard isLetter, offset > word else { continue }
                inWords.append(start + offset)
                if offset + 1 == bytes.count || bytes[offset + 1] == 0x20 {
                    words.append((start + word)..<(start + offset + 1))
                }
            }
        }
    }

    private static let wrappers = ["hi", "seg", "name", "w"]
    private static let inserted = [
        "<pb n=\"9\"/>", "<lb break=\"no\"/>", "<milestone unit=\"x\"/>", "<fw>Head</fw>", "<note>n</note>",
        "<metamark function=\"x\"/>", "<cb/>",
    ]

    /// - Returns: the words of a text, line by line, without its notes and marks.
    private func lines(_ transcription: Transcription, _ policy: Policy) -> [String] {
        PageText(transcription.reading(policy), transcription).lines
    }

    private func read(_ bytes: [UInt8], _ path: String) throws -> Transcription {
        let document = try Document(bytes, path: path)
        return Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
    }

    /// - Parameter count: how many places of a document are tried.
    private func check(_ path: String, _ policies: [Policy]?, places count: Int, _ seed: UInt64) throws {
        let source = try FileAccess.bytes(ofFile: path)
        let plain = try read(source, path)
        let places = Places(plain, source)
        guard !places.inWords.isEmpty, !places.words.isEmpty else { return }
        var random = Generator(seed: seed)
        var edits: [(offset: Int, text: String)] = []
        for _ in 0..<count {
            if Bool.random(using: &random) {
                let word = places.words.randomElement(using: &random)!
                let name = Self.wrappers.randomElement(using: &random)!
                edits += [(word.lowerBound, "<\(name)>"), (word.upperBound, "</\(name)>")]
            } else {
                edits.append(
                    (places.inWords.randomElement(using: &random)!, Self.inserted.randomElement(using: &random)!))
            }
        }
        // Two edits that touch one another may no longer be well-formed, or no longer be within a word.
        var (changed, end, kept) = (source, Int.max, [String]())
        for edit in edits.sorted(by: { $0.offset > $1.offset }) where edit.offset <= end {
            changed.insert(contentsOf: Array(edit.text.utf8), at: edit.offset)
            (end, kept) = (edit.offset, kept + [edit.text])
        }
        guard let marked = try? read(changed, path) else { return }
        for policy in policies ?? plain.policies where policy != .diplomatic {
            let (before, after) = (lines(plain, policy), lines(marked, policy))
            guard before != after else { continue }
            let first = zip(before, after).first { $0 != $1 }
            Issue.record("\(path), \(policy): “\(first?.0.prefix(200) ?? "")” became “\(first?.1.prefix(200) ?? "")”")
        }
    }

    @Test("markup that says nothing changes nothing", arguments: Repository.documents)
    func edition(_ name: String) throws {
        for seed in 0..<4 { try check(Repository.root + "/TEI/" + name, nil, places: 12, UInt64(seed)) }
    }

    @Test("markup that says nothing changes nothing, in a document with every construct", .inRelease)
    func everything() throws {
        for seed in 0..<12 { try check(Repository.path("Tests/Everything.xml"), nil, places: 6, UInt64(seed)) }
    }

    @Test("markup that says nothing changes nothing, in plays", .inRelease, .hasData("gerdracor"))
    func plays() throws {
        let folder = Repository.data + "/gerdracor"
        for (seed, name) in try FileManager.default.contentsOfDirectory(atPath: folder).sorted().enumerated()
        where name.hasSuffix(".xml") {
            try check("\(folder)/\(name)", [.reading, .typed], places: 200, UInt64(seed))
        }
    }
}
