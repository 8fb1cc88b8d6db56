import Foundation
import Support
import Testing
import XML

/// The reader for unfinished documents.
struct MarkupTests {
    // MARK: Well-formed documents

    /// What the strict parser has of a document, and what the tolerant one has.
    private func compare(_ bytes: [UInt8], _ path: String) throws {
        let document = try Document(bytes, path: path)
        let markup = Markup(bytes)
        let elements = document.root.descendantsOrSelf.filter { $0.kind == .element }
        try #require(markup.elements.count == elements.count, "\(path)")
        for (number, element) in elements.enumerated() {
            let tag = markup.items[markup.elements[number].startTag]
            #expect(markup.name(of: number) == element.name?.description, "\(path) \(number)")
            #expect(tag.range.lowerBound == element.location.byteOffset, "\(path) \(number)")
            #expect(markup.qualifiedName(of: number).namespace == element.namespace, "\(path) \(number)")
            let own = markup.attributes(of: markup.elements[number].startTag).filter {
                $0.name != "xmlns" && !$0.name.hasPrefix("xmlns:")
            }
            #expect(own.map(\.name) == element.attributes.map(\.name.description), "\(path) \(number)")
            #expect(tag.isClosed && (tag.isEmpty || markup.elements[number].endTag != nil), "\(path) \(number)")
            let ancestors = markup.path(to: number).dropLast()
            #expect(ancestors.count == element.ancestors.filter { $0.kind == .element }.count, "\(path) \(number)")
        }
    }

    @Test(.hasData("sga"), .inRelease, arguments: ["sga/tei/ox/ox-ms_abinger_c56", "gerdracor", "mistakes"])
    func agreesWithTheParser(_ folder: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.data + "/" + folder).filter {
            $0.hasSuffix(".xml")
        }
        try #require(!names.isEmpty)
        for name in names.sorted().prefix(60) {
            let file = "\(Repository.data)/\(folder)/\(name)"
            let bytes = try FileAccess.bytes(ofFile: file)
            // Entities of a document type may have markup.
            guard (try? Document(bytes, path: file)) != nil, bytes.span.firstOffset(of: "<!ENTITY".utf8.span) == nil
            else { continue }
            try compare(bytes, file)
        }
    }

    @Test func wellFormed() throws {
        for document in [
            "<a/>", "<a></a>", "<?xml version='1.0'?><!-- < > --><a b=\"x > y\" c='\"'>t<![CDATA[<b>]]><c/></a>",
            "<!DOCTYPE a [<!-- > --><?p > ?><!ATTLIST a n CDATA #IMPLIED>]><a n='b='><x:y xmlns:x='u' x:z='1'/></a>",
            "<a b = 'x'\n c\t=\n'y' ></a >", "<a>&lt;<b/>&#60;</a>", "<é ö='1'/>",
        ] {
            try compare(Array(document.utf8), "memory.xml")
        }
    }

    // MARK: Unfinished documents

    /// Elements as `name(children)`; one without an end tag has a `!`.
    private func outline(_ source: String) -> String {
        let markup = Markup(Array(source.utf8))
        func outline(_ element: Int?) -> String {
            markup.elements.indices.filter { markup.elements[$0].parent == element }.map { child in
                let isOpen =
                    markup.elements[child].endTag == nil && !markup.items[markup.elements[child].startTag].isEmpty
                let inner = outline(child)
                let attributes = markup.attributes(of: markup.elements[child].startTag).map {
                    " \($0.name)=\(markup.string($0.value))"
                }.joined()
                return markup.name(of: child) + attributes + (isOpen ? "!" : "") + (inner.isEmpty ? "" : "(\(inner))")
            }.joined(separator: " ")
        }
        return outline(nil)
    }

    @Test(arguments: [
        ("<a><b><</b></a>", "a(b)"), ("<a><b>x <c</b><d/></a>", "a(b(c!) d)"), ("<a><b>x</a><c/>", "a(b!) c"),
        ("<a><b", "a!(b!)"), ("<a><b c", "a!(b!)"), ("<a><b c=", "a!(b c=!)"), ("<a><b c=\"x", "a!(b c=x!)"),
        ("<a b=\"x><c/></a>", "a b=x(c)"), ("<a b=\" c=\"d\"><e/></a>", "a b= c=d(e)"),
        ("<a b=\"x c='d'><e/></a>", "a b=x c='d'(e)"), ("<a><b c=x/><d/></a>", "a(b c=x d)"),
        ("<a><b>x</c></b></a>", "a(b)"), ("<div><persName>x</persNme> y</div>", "div(persName)"),
        ("<a>1 < 2 & 3<b/></a>", "a(b)"), ("<a><!-- x <b/><c/></a>", "a!"),
        ("<a><!-- x\n<b/><!-- y --><c/></a>", "a(b c)"), ("<a><b c='1' d e='2'>x</b></a>", "a(b c=1 e=2)"),
        ("<a><b\n<c>x</c></a>", "a(b! c)"), ("<a><b c='1'\n<d>x</d></b></a>", "a(b c=1(d))"),
        ("<a></", "a!"), ("<persName>x</per", "persName"), ("", ""), ("<a><?p <b/></a>", "a!"), ("</a><b/>", "b"),
        ("<p>said <President said on</p>", "p(President!)"),
    ])
    func unfinished(_ source: String, _ expected: String) {
        #expect(outline(source) == expected)
    }

    /// Where a cursor is, at the `|`.
    @Test(arguments: [
        ("<a>x|y</a>", "content a"), ("|<a/>", "content"), ("<a><|</a>", "startTagName"),
        ("<a><b|</a>", "startTagName b"),
        ("<a><b |</a>", "attributeName"), ("<a><b c|='1'/></a>", "attributeName c"), ("<a><b c='|'/></a>", "value c"),
        ("<a><b c='1|2'/></a>", "value c"), ("<a><b c='1'|/></a>", "attributeName"), ("<a></|", "endTag"),
        ("<a></a|>", "endTag"), ("<a></a>|", "content"), ("<a><b/>|</a>", "content a"), ("<a><!-- | --></a>", "other"),
        ("<a><b c='1' | d='2'/></a>", "attributeName"), ("<a>|", "content a"), ("<a><b>x</b>|<c/></a>", "content a"),
        ("<a><b c=|", "value c"), ("<a><b c |", "attributeName"),
    ])
    func places(_ marked: String, _ expected: String) {
        let offset = marked.utf8.firstIndex(of: UInt8(ascii: "|"))!.utf16Offset(in: marked)
        let markup = Markup(Array(marked.replacing("|", with: "").utf8))
        let found =
            switch markup.place(at: offset) {
            case .content(let element): ["content", element.map { markup.name(of: $0) }]
            case .startTagName(let item): ["startTagName", markup.string(markup.items[item].name)]
            case .attributeName(_, let attribute):
                ["attributeName", attribute.map { markup.string(markup.attributes[$0].name) }]
            case .value(_, let attribute): ["value", markup.string(markup.attributes[attribute].name)]
            case .endTag: ["endTag"]
            case .other: ["other"]
            }
        #expect(found.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ") == expected)
    }

    // MARK: Whatever the bytes are

    /// Each element is in its parent, items follow one another, and time is linear.
    @Test func anything() {
        var random = Generator(seed: 25)
        let parts = [
            "<", ">", "</", "/>", "a", "b", " ", "=", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>",
            "<!DOCTYPE", "[", "]", "é", "&", "\n", "<a>", "</a>", "<b c='", "xmlns",
        ]
        for _ in 0..<3000 {
            let source = (0..<random.number(below: 40)).map { _ in random.pick(parts) }.joined()
            let markup = Markup(Array(source.utf8))
            var end = 0
            for item in markup.items {
                #expect(item.range.lowerBound >= end && item.range.upperBound > item.range.lowerBound, "\(source)")
                end = item.range.upperBound
            }
            #expect(end <= source.utf8.count)
            for (number, element) in markup.elements.enumerated() {
                #expect(element.next > number && element.next <= markup.elements.count, "\(source)")
                if let parent = element.parent {
                    #expect(parent < number && element.next <= markup.elements[parent].next, "\(source)")
                    #expect(markup.range(of: parent).contains(markup.range(of: number).lowerBound), "\(source)")
                }
            }
            for offset in 0...source.utf8.count { _ = markup.place(at: offset) }
            _ = markup.parts(of: nil, in: 0..<source.utf8.count)
        }
    }

    @Test(arguments: [
        "<a>", "<a ", "<!--", "<![CDATA[", "<!DOCTYPE", "<a b='", "</a>", "<", "<a b c ", "<?", "<a xmlns:b='c'>",
    ])
    func repeated(_ part: String) {
        let source = Array(String(repeating: part, count: 200_000).utf8)
        let start = processorTime()
        let markup = Markup(source)
        _ = markup.place(at: source.count)
        #expect(processorTime() - start < .seconds(2))
    }
}
