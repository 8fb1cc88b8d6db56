import Foundation
import Pages
import Support
import Testing
import TEI
import XML
import XPath

/// `Everything.xml` in every policy and format.
@Suite struct GoldenTests {
    static let everything = try! read()

    private static func read() throws -> Transcription {
        let document = try Document(
            FileAccess.bytes(ofFile: Repository.path("Tests/Everything.xml")), path: "Everything.xml")
        return Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)),
            patterns: XPathPatterns())
    }

    @Test(arguments: everything.policies) func everythingInEveryFormat(_ policy: Policy) throws {
        let formats: [any Format] = [.text, .json, .html]
        for format in formats {
            let name = policy.description.replacingOccurrences(of: ":", with: "-")
            try expectGolden(
                format.export(Self.everything, policy: policy),
                Repository.path("Tests/TEITests/Goldens/\(name).\(format.fileExtension)"))
        }
    }

    @Test func summary() throws {
        try expectGolden(Summary(Self.everything).text(), Repository.path("Tests/TEITests/Goldens/summary.txt"))
    }

    /// The law of the index: every scalar of the text maps back to the same scalar in the source, or to the words of
    /// ours.
    @Test(arguments: everything.policies) func offsetsMapBack(_ policy: Policy) throws {
        let reading = Self.everything.reading(policy)
        let scalars = Array(reading.text.unicodeScalars)
        #expect(scalars.count == reading.length)
        var next = 0
        for segment in reading.segments {
            #expect(segment.start == next)
            next += segment.length
            guard let offset = segment.nodeOffset else { continue }
            let source = Array(segment.node.stringValue.unicodeScalars)
            for index in 0..<segment.length {
                let (written, read) = (scalars[segment.start + index], source[offset + index])
                #expect(written == read || (written == " " && read.properties.isWhitespace))
            }
        }
        #expect(next == reading.length)
    }

    @Test func utf16OffsetsCountSurrogates() throws {
        let reading = try transcription(body: "<p>a𝔄b</p>").reading(.revised)
        #expect((0...3).map(reading.utf16Offset) == [0, 1, 3, 4])
    }

    @Test func everyCharacterHasItsPlace() throws {
        let reading = try transcription(body: "\n<p>ab <hi>cd</hi></p>").reading(.revised)
        let place = try #require(reading.location(at: 3))
        #expect((place.line, place.column) == (2, 11))
    }

    /// One transcription that many threads read, each another text at a time, gives the bytes of one that is read for
    /// each text alone.
    @Test(.inRelease) func sameBytesOnManyThreads() async throws {
        let policies = Self.everything.policies
        let expected = try policies.map { JSONFormat().export(try Self.read(), policy: $0) }
        let shared = try Self.read()
        await withTaskGroup(of: Bool.self) { group in
            for first in stride(from: 0, to: policies.count, by: 3) {
                group.addTask {
                    let turns = policies.indices.map { (first + $0) % policies.count }
                    return turns.allSatisfy { JSONFormat().export(shared, policy: policies[$0]) == expected[$0] }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
    }
}
