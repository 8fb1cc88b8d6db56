import Support
import Testing

@testable import LanguageServer

struct TextDocumentTests {
    private func document(_ text: String, _ encoding: PositionEncoding = .utf16) -> TextDocument {
        TextDocument(uri: "file:///a.xml", path: "/a.xml", version: 1, text: text, encoding: encoding)
    }

    @Test(arguments: [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
    func units(_ name: String, _ character: Int) {
        let text = document("x\né𝄞ab", PositionEncoding(rawValue: name)!)
        let position = text.position(of: 2 + 7)
        #expect(position == Position(line: 1, character: character))
        #expect(text.offset(of: position) == 9)
        // Beyond a line is its end, beyond the text the text's.
        #expect(text.offset(of: Position(line: 0, character: 9)) == 1)
        #expect(text.offset(of: Position(line: 9, character: 0)) == 10)
    }

    @Test func lineEnds() {
        let text = document("a\r\nb\rc\nd")
        #expect([0, 3, 5, 7].map { text.position(of: $0).line } == [0, 1, 2, 3])
        #expect(text.offset(of: Position(line: 0, character: 5)) == 1)
        #expect(text.offset(of: Position(line: 1, character: 5)) == 4)
    }

    /// The text of the server is the client's after any edits, and each offset is a place and back.
    @Test(arguments: ["utf-8", "utf-16", "utf-32"]) func edits(_ name: String) {
        let encoding = PositionEncoding(rawValue: name)!
        var random = Generator(seed: 11)
        let parts = ["a", "é", "𝄞", "\n", "\r", "\r\n", "<b>", "", "x\ny"]
        var (text, scalars) = (document("", encoding), [Unicode.Scalar]())
        for round in 0..<10_000 {
            if scalars.count > 300 { (text, scalars) = (document("", encoding), []) }
            let start = random.number(below: scalars.count + 1)
            let end = min(start + random.number(below: 4), scalars.count)
            let new = (0..<random.number(below: 3)).map { _ in random.pick(parts) }.joined()
            func offset(_ index: Int) -> Int { scalars[..<index].reduce(0) { $0 + UTF8.width($1) } }
            let whole = text.range(offset(start)..<offset(end))
            text.apply([TextDocumentContentChangeEvent(range: whole, text: new)], version: nil)
            // A place between the two of a line end is the line's end.
            let isSplit = [start, end].contains {
                $0 > 0 && $0 < scalars.count && scalars[$0 - 1] == "\r" && scalars[$0] == "\n"
            }
            if isSplit {
                scalars = Array(String(decoding: text.bytes, as: UTF8.self).unicodeScalars)
            } else {
                scalars.replaceSubrange(start..<end, with: new.unicodeScalars)
            }
            #expect(text.bytes == Array(String(String.UnicodeScalarView(scalars)).utf8), "round \(round)")
            let fresh = document(String(decoding: text.bytes, as: UTF8.self), encoding)
            for offset in [0, text.bytes.count, text.bytes.count / 2] {
                #expect(text.position(of: offset) == fresh.position(of: offset), "round \(round)")
            }
        }
    }
}
