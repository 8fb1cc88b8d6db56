import Foundation
import Support
import Testing
import TEI
import XML

/// Characters of a text map back to the source, and places of the source to the text.
@Suite struct PlaceTests {
    /// There and back: every character that is not the program's own is found again at its place, and has that place by
    /// the origins too.
    private func checkEveryOffset(_ found: Transcription, every step: Int = 1) {
        for policy in found.policies {
            let reading = found.reading(policy)
            let scalars = Array(reading.text.unicodeScalars)
            let origins = reading.origins
            var (position, origin) = (0, 0)
            for segment in reading.segments {
                #expect(segment.start == position, "\(found.element.location) \(policy): segments follow one another")
                position += segment.length
                guard segment.nodeOffset != nil else { continue }
                for offset in stride(from: segment.start, to: segment.start + segment.length, by: step) {
                    guard let place = reading.location(at: offset) else {
                        Issue.record("\(found.element.location) \(policy): nothing at \(offset)")
                        return
                    }
                    let back = reading.offset(line: place.line, column: place.column, file: place.file)
                    while origin + 1 < origins.count, origins[origin + 1].start <= offset { origin += 1 }
                    let (line, column) = (origins[origin].line, origins[origin].column + offset - origins[origin].start)
                    guard (line, column) == (place.line, place.column), !origins[origin].isGenerated else {
                        Issue.record(
                            "\(policy): \(offset) ‘\(scalars[offset])’ is at \(place), by its origin at \(line):\(column)"
                        )
                        return
                    }
                    // The characters of an entity share the place of its reference.
                    guard let back, back.isThere, back.offset == offset || reading.location(at: back.offset) == place
                    else {
                        Issue.record(
                            "\(policy): \(offset) ‘\(scalars[offset])’ is at \(place), where \(String(describing: back)) is found"
                        )
                        return
                    }
                }
            }
            #expect(position == reading.length && position == scalars.count)
            #expect(
                zip(origins, origins.dropFirst()).allSatisfy { $0.start < $1.start } && origins.first?.start ?? 0 == 0)
        }
    }

    @Test(arguments: Repository.documents) func edition(_ name: String) throws {
        checkEveryOffset(try transcription("TEI/" + name), every: 3)
    }

    @Test(.inRelease) func everything() throws {
        checkEveryOffset(try transcription("Tests/Everything.xml"), every: 2)
    }

    @Test(.inRelease, .hasData("sga/tei"))
    func notebook() throws {
        let folder = Repository.data + "/sga/tei/ox/ox-ms_abinger_c56"
        for path in try EditionFiles.files(at: [folder]) {
            let (document, library) = try EditionFiles.read(path, root: nil)
            checkEveryOffset(Transcription(of: document.root, library: library), every: 11)
        }
    }

    @Test func references() throws {
        let found = try transcription(body: "<p>a &amp;&#x20AC;<![CDATA[<b>]]> c</p>")
        let reading = found.reading(.revised)
        #expect(reading.text == "a &€<b> c")
        checkEveryOffset(found)
        let ampersand = try #require(reading.location(at: 2))
        // Every column within the reference is its character.
        for column in ampersand.column..<(ampersand.column + 5) {
            let place = try #require(reading.offset(line: ampersand.line, column: column, file: "memory.xml"))
            #expect(place.offset == 2 && place.isThere)
        }
    }

    /// Markup within a text, and what is behind the end of a line, are no characters of it. Of two characters that end
    /// a line the second is it.
    @Test func betweenCharacters() throws {
        let found = try transcription(body: "<p>a<![CDATA[b]]>c\r\nd</p>")
        let reading = found.reading(.revised)
        #expect(reading.text == "abc d")
        let a = try #require(reading.location(at: 0))
        func offset(_ column: Int) -> String {
            reading.offset(line: a.line, column: a.column + column, file: "memory.xml").map {
                "\($0.offset) \($0.isThere)"
            } ?? "none"
        }
        #expect(
            (0..<16).map(offset) == ["0 true"] + Array(repeating: "1 false", count: 9) + ["1 true"]
                + Array(repeating: "2 false", count: 3) + ["2 true", "3 false"])
        #expect([offset(16), offset(17)] == ["3 true", "4 false"])
    }

    @Test(arguments: [
        ("120", TextSource.Address.offsets(120..<121)), ("120-130", .offsets(120..<131)),
        ("17:5", .place(file: nil, line: 17, column: 5)),
        ("a:b.xml:17:5", .place(file: "a:b.xml", line: 17, column: 5)), ("#p-3", .element("p-3")),
    ])
    func addresses(_ text: String, _ expected: TextSource.Address) {
        #expect(TextSource.Address(text) == expected)
        #expect(expected.description == text)
    }

    @Test(arguments: [
        "", "x", "-", "1-", "-1", "3-2", "1-2-3", "0:1", "1:0", "1:", ":1", "#", "1.5", "9999999999", "+1", "１２",
    ])
    func noAddresses(_ text: String) {
        #expect(TextSource.Address(text) == nil)
    }

    @Test func stretches() throws {
        let found = try transcription(
            body: ##"<p xml:id="p1">a <add hand="#b" change="#s2">b c</add> <gap reason="illegible"/></p>"##,
            header: hands)
        let reading = found.reading(.revised)
        let places = try found.places(of: .element("p1"), in: reading)
        #expect(places.map(\.text) == ["a ", "b c", " ", "[illegible]"])
        #expect(places.map(\.range) == [0..<2, 2..<5, 5..<6, 6..<17])
        #expect(places.map(\.isGenerated) == [false, false, false, true])
        #expect(places.map(\.hand?.id) == ["a", "b", "a", "a"])
        #expect(places[1].stage?.id == "s2")
        #expect(places[1].within == [.addition])
    }

    @Test(arguments: [
        (TextSource.Address.offsets(99..<100), "offset-beyond-text", "0 to 2"),
        (.element("nowhere"), "not-in-text", "diplomatic"),
        (.place(file: nil, line: 99, column: 1), "not-in-text", "--policy"),
        (.place(file: nil, line: 1, column: 1), "not-in-text", "next character of this text is 0"),
        (.place(file: "other.xml", line: 1, column: 1), "not-in-text", "memory.xml"),
    ])
    func nothingThere(_ address: TextSource.Address, _ rule: String, _ help: String) throws {
        let found = try transcription(body: "<p>a b</p>")
        do throws(Diagnostics) {
            _ = try found.places(of: address, in: found.reading(.revised))
            Issue.record("something is at \(address)")
        } catch {
            #expect(error.list.map(\.rule) == [rule])
            #expect("\(error.list[0].message) \(error.list[0].help ?? "")".contains(help))
        }
    }
}
