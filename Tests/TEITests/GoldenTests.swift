import Foundation
import Testing
import TEI
import XML

/// `Everything.xml` in every policy and format.
@Suite struct GoldenTests {
    static let everything: Transcription = {
        let bytes = try! FileAccess.bytes(ofFile: Repository.root + "/Tests/Everything.xml")
        let document = try! Document(bytes, path: "Everything.xml")
        return Transcription(of: document.root, library: Library(access: FileAccess(root: Repository.root)))
    }()

    @Test(arguments: everything.policies) func everythingInEveryFormat(_ policy: Policy) throws {
        let formats: [any Format] = [.text, .json, .html]
        for format in formats {
            let name = policy.description.replacingOccurrences(of: ":", with: "-")
            try expectGolden(format.export(Self.everything, policy: policy), "\(name).\(format.fileExtension)")
        }
    }

    @Test func summary() throws {
        try expectGolden(Array(Summary(Self.everything).text().utf8), "summary.txt")
    }

    /// The law of the index: every scalar of the text maps back to the same scalar in the source, or to the words of ours.
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

    /// The same input gives the same bytes, on however many threads.
    @Test func sameBytesOnManyThreads() async {
        let expected = JSONFormat().export(Self.everything, policy: .reading)
        await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { JSONFormat().export(Self.everything, policy: .reading) } }
            for await bytes in group { #expect(bytes == expected) }
        }
    }
}
