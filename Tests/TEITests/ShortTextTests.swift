import Foundation
import Support
import Testing
import XML

@testable import TEI

/// Names, headings and the like in short have the words that the text has; each of the bodies was once wrong.
@Suite struct ShortTextTests {
    @Test(
        "lines, blocks, blanks and omissions are those of the text",
        arguments: [
            ("Anna<lb/>Maria", "Anna Maria"), ("An<lb break=\"no\"/>na", "Anna"), ("An <pb break=\"no\"/> na", "Anna"),
            ("Anna <pb n=\"2\"/>Maria", "Anna Maria"), ("An<pb n=\"2\"/>na", "Anna"),
            ("Anna<space/>Maria", "Anna Maria"),
            ("An<note>n</note>na", "Anna"), ("Anna <del>Eva</del>, b", "Anna, b"),
            ("An<index><term>t</term></index>na", "Anna"),
            ("A<choice>\n<abbr>nn</abbr>\n<expan>nna</expan>\n</choice>", "Anna"),
            ("<choice><unclear cert=\"low\">boat</unclear><unclear cert=\"medium\">coat</unclear></choice>", "coat"),
            ("<app><rdg wit=\"#A\">a</rdg><rdg wit=\"#B\">b</rdg></app>", "a"),
            ("<restore><del>Anna</del></restore>", "Anna"), ("<del>An<restore>na</restore></del>", "na"),
            ("An<surplus>an</surplus>na", "Anna"),
            (
                "A<gap reason=\"illegible\" quantity=\"2\" unit=\"char\"><desc>d</desc></gap>",
                "A[2 characters illegible: d]"
            ),
            ("An<certainty cert=\"low\"><desc>d</desc></certainty>na", "Anna"),
            ("Anna<add><metamark>‸</metamark></add>", "Anna"),
        ])
    func words(_ content: String, _ expected: String) throws {
        let found = try transcription(body: "<p><persName>\(content)</persName></p><p>z</p>", header: hands)
        #expect(found.entities[0].name == expected)
        let reading = found.reading(.reading)
        let range = try #require(reading.spans.first { $0.opening.node.localName == "persName" }?.range)
        #expect(Self.words(reading, range) == expected)
    }

    @Test("a mark has the words between its milestones, and a note the paragraphs in it")
    func marksAndNotes() throws {
        let body = ##"""
            <p>a <metamark spanTo="#e" rend="circled"/>see<lb/>me <del>x</del><anchor xml:id="e"/></p>\##
            <note type="marginalia" hand="#b"><p>one</p><p>two <metamark>✓</metamark></p></note>
            """##
        let found = try transcription(body: body, header: hands)
        #expect(found.marks.map(\.text) == ["see me", "one two ✓"])
    }

    @Test("register entries, hands and titles are read by the same rules")
    func registers() throws {
        let header = ##"""
            <fileDesc><titleStmt><title>The winter<lb/>ferry</title></titleStmt></fileDesc><profileDesc><handNotes>\##
            <handNote xml:id="a" scribeRef="#p"/><handNote xml:id="b"><persName>Eva<lb/>Roe</persName></handNote></handNotes>\##
            <particDesc><person xml:id="p"><persName>Anna<lb/>Maria</persName><state><label>Home</label> <desc>Wien</desc></state></person>\##
            </particDesc></profileDesc>
            """##
        let found = try transcription(body: ##"<p><name ref="#p">A.</name></p>"##, header: header)
        #expect(found.header.titles == ["The winter ferry"])
        #expect(found.hands.map(\.label) == ["Anna Maria", "Eva Roe"])
        #expect(found.entities[0].description == "Home Wien")
    }

    /// The law: names, headings, changes and readings have in short the words that the reading text has of them.
    @Test(arguments: Repository.documents + ["../Tests/Everything.xml"])
    func asTheTextHasThem(_ name: String) throws { try expectWordsOfTheText(try transcription("TEI/" + name)) }

    @Test(.inRelease, .hasData("gerdracor"))
    func asTheTextHasThemInPlays() throws {
        for path in try EditionFiles.files(at: [Repository.data + "/gerdracor"]).prefix(40) {
            let (document, library) = try EditionFiles.read(path, root: nil)
            try expectWordsOfTheText(Transcription(of: document.root, library: library))
        }
    }

    private func expectWordsOfTheText(_ found: Transcription) throws {
        let reading = found.reading(.reading)
        var compared = 0
        for span in reading.spans where !span.range.isEmpty {
            let node = span.opening.node
            let isWanted =
                switch span.opening.role {
                case .entity: !span.opening.behaviour.isBlock
                case .intervention: true
                default: span.opening.behaviour == .heading
                }
            guard isWanted, node.descendants("q", "quote", "ref", "ptr", "g", "rt", "figDesc").isEmpty else { continue }
            compared += 1
            #expect(node.plainText == Self.words(reading, span.range), "\(node.location)")
        }
        #expect(compared > 0)
    }

    /// The words of the document in a part of a text, and the signs of gaps.
    private static func words(_ reading: Reading, _ range: Range<Int>) -> String {
        let scalars = Array(reading.text.unicodeScalars)
        let gaps = Set(reading.gaps.compactMap(\.self))
        var found = ""
        for segment in reading.segments {
            let part = segment.start..<(segment.start + segment.length)
            guard part.overlaps(range), !part.isEmpty else { continue }
            let text = String(scalars: scalars[part.clamped(to: range)])
            if segment.nodeOffset != nil || gaps.contains(part) || text.isBlank { found += text }
        }
        return found.collapsed
    }
}

/// What the JSON says beyond the words.
@Suite struct JSONTests {
    private static func json(_ found: Transcription, _ policy: Policy) throws -> [String: Any] {
        let bytes = JSONFormat().export(found, policy: policy)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("pages and lines have their numbers, editions, images and places in every text")
    func breaks() throws {
        let body = ##"""
            <p>The <pb ed="#A" n="1r" facs="#f1 #f2"/>scribe wro<pb edRef="#B" n="7" break="no"/>te <lb/>this <del>x<lb n="9"/></del></p>\##
            <l n="3"><milestone unit="stanza" n="2"/>rested<anchor xml:id="z"/></l>
            """##
        let found = try transcription(body: body, header: hands)
        for policy in found.policies {
            let object = try Self.json(found, policy)
            let text = Array(try #require(object["text"] as? String).unicodeScalars)
            let elements = try #require(object["annotations"] as? [[String: Any]])
            func words(_ type: String) -> [String] {
                elements.filter { $0["type"] as? String == type }.map { element in
                    guard let start = element["start"] as? Int, let end = element["end"] as? Int else {
                        return "absent"
                    }
                    return start == end ? String(scalars: text[start...].prefix(6)) : "words"
                }
            }
            let pages = elements.filter { $0["type"] as? String == "pb" }
            #expect(pages.map { $0["n"] as? String } == ["1r", "7"])
            #expect(pages[0]["ed"] as? [String] == ["#A"] && pages[0]["facs"] as? [String] == ["#f1", "#f2"])
            #expect(pages[1]["edRef"] as? [String] == ["#B"] && pages[1]["break"] as? String == "no")
            #expect(elements.first { $0["type"] as? String == "l" }?["n"] as? String == "3")
            guard policy == .reading || policy == .typed else { continue }
            #expect(words("pb") == ["scribe", "te thi"])
            #expect(words("lb") == (policy == .typed ? ["this x", "rested"] : ["this\n\n", "absent"]))
            #expect(words("milestone") == ["rested"] && words("anchor") == [""])
        }
    }

    @Test("a hand has the entry of the register to which its handNote points")
    func entries() throws {
        let header = ##"""
            <profileDesc><handNotes><handNote xml:id="a" scribeRef="#p"/><handNote xml:id="b" corresp="#gone"/></handNotes>\##
            <particDesc><person xml:id="p"><persName>Anna<lb/>Maria</persName></person></particDesc></profileDesc>
            """##
        let hands = try #require(
            try Self.json(try transcription(body: "<p>a</p>", header: header), .typed)["hands"] as? [[String: Any]])
        #expect(hands[0]["entry"] as? [String: String] == ["id": "p", "name": "Anna Maria", "ref": "#p"])
        #expect(hands[1]["entry"] == nil)
    }
}
