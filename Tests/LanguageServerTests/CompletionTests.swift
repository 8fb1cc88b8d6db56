import Foundation
import RelaxNG
import Support
import Testing
import Validation
import XML

@testable import LanguageServer

/// What is offered where, in which order, and what it inserts.
struct CompletionTests {
    private static let header = """
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt>
        <publicationStmt><p>p</p></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc>
        <profileDesc><handNotes><handNote xml:id="ada" scope="major">Ada Marsh</handNote></handNotes></profileDesc></teiHeader><text><body>
        """

    /// The list at the `|` of a body.
    private func items(
        _ body: String, capabilities: [String: Any] = Client.capabilities, triggerKind: Int = 1
    ) throws -> [[String: Any]] {
        let source = Self.header + body + "</body></text></TEI>"
        let offset = source.utf8.firstIndex(of: UInt8(ascii: "|"))!.utf16Offset(in: source)
        let client = try Client(capabilities: capabilities)
        client.open(source.replacing("|", with: ""))
        let parameters = client.parameters(
            at: offset, of: "/memory/memo.xml", ["context": ["triggerKind": triggerKind]])
        let list = try client.request("textDocument/completion", parameters) as? [String: Any]
        return list?["items"] as? [[String: Any]] ?? []
    }

    private func labels(_ body: String, triggerKind: Int = 1) throws -> [String] {
        try items(body, triggerKind: triggerKind).map { $0["label"] as! String }
    }

    private func insertion(_ label: String, _ body: String, snippets: Bool = true) throws -> String? {
        let list = try items(body, capabilities: snippets ? Client.capabilities : [:])
        return (list.first { $0["label"] as? String == label }?["textEdit"] as? [String: Any])?["newText"] as? String
    }

    @Test func offers() throws {
        #expect(try labels("<p>x <|</p>").contains("add"))
        #expect(try !labels("<p>x <|</p>").contains("p"))
        #expect(try labels("<p>x <ad| y</p>").contains("add"))
        #expect(try labels("<p>x</p>|<p>y</p>").contains("add") == false)
        #expect(try labels("<p>x</|").first == "p")
        #expect(try labels("<p>x &|</p>").first == "&amp;")
        #expect(try labels("<p><add place=\"|\">x</add></p>").contains("above"))
        #expect(try labels("<p><add hand=\"|\">x</add></p>") == ["#ada"])
        #expect(try labels("<p><add hand=\"#ada\" |>x</add></p>").contains("place"))
        #expect(try !labels("<p><add hand=\"#ada\" |>x</add></p>").contains("hand"))
        #expect(try labels("<p><add |>x</add></p>").first == "hand")
        #expect(try labels("<!-- | --><p>x</p>").isEmpty)
        // Of a pointer the part after the # is completed.
        #expect(try labels("<p><add hand=\"#|\">x</add></p>") == ["ada"])
        #expect(try labels("<p><add hand=\"#Mar|\">x</add></p>") == ["ada"])
        #expect(try labels("<p><add hand=\"#zzz|\">x</add></p>").isEmpty)
        // Punctuation among words begins no list, unless it is asked for.
        for prose in ["<p>x |</p>", "<p>don'|t</p>", "<p>and/|or</p>"] {
            #expect(try labels(prose, triggerKind: 2).isEmpty && !labels(prose).isEmpty)
        }
    }

    @Test func insertions() throws {
        #expect(try insertion("add", "<p>x <|</p>") == "add hand=\"$1\">$2</add>$0")
        #expect(try insertion("add", "<p>x <|</p>", snippets: false) == "add hand=\"\"></add>")
        #expect(try insertion("add", "<p>x |</p>") == "<add hand=\"$1\">$2</add>$0")
        #expect(try insertion("lb", "<p>x <|</p>") == "lb/>$0")
        // Of a tag that is there only the name is changed.
        #expect(try insertion("del", "<p>x <ad|d hand=\"#ada\">y</add></p>") == "del")
        #expect(try insertion("choice", "<p>x <|</p>") == "choice><sic>$1</sic><corr>$2</corr></choice>$0")
        #expect(try insertion("place", "<p><add |>x</add></p>")?.hasPrefix("place=\"${1|top,") == true)
        #expect(try insertion("place", "<p><add |hand=\"#ada\">x</add></p>")?.hasSuffix("|}\" ") == true)
        #expect(try insertion("place", "<p><add pl|=\"above\">x</add></p>") == "place")
        #expect(try insertion("p", "<p>x</|") == "p>")
        #expect(try insertion("list", "<p>x</p><|") == "list>\n  <item>$1</item>\n</list>$0")
    }

    /// Elements that would make what follows invalid are last, and say so.
    @Test func breaking() throws {
        let list = try items("<div><|<head>h</head><p>x</p></div>")
        let breaks = list.filter { ($0["labelDetails"] as? [String: Any])?["description"] as? String == Labels.breaks }
        #expect(breaks.contains { $0["label"] as? String == "p" })
        #expect(list.last?["label"] as? String == breaks.last?["label"] as? String)
        #expect(list.prefix(list.count - breaks.count).contains { $0["label"] as? String == "head" })
    }

    // MARK: Order

    /// How often the real next element is among the first five: of a document as it is written from its beginning, in a
    /// folder of others; and by those others alone.
    private func firstFive(_ files: [String], _ schema: Schema) throws -> (written: Double, untouched: Double) {
        let model = try #require(schema.contentModel)
        let markups = try files.map { Markup(try FileAccess.bytes(ofFile: $0)) }
        let uses = markups.map { Use(all: $0) }
        var (written, untouched, all) = (0, 0, 0)
        for (file, whole) in markups.enumerated() {
            var corpus = Use()
            for (other, use) in uses.enumerated() where other != file { corpus.add(use) }
            let step = max(1, whole.elements.count / 100)
            for number in stride(from: 1, to: whole.elements.count, by: step) {
                let offset = whole.items[whole.elements[number].startTag].range.lowerBound
                let text = String(decoding: whole.source[..<offset], as: UTF8.self)
                let document = OpenDocument(
                    TextDocument(uri: "file:///a.xml", path: "/a.xml", version: 1, text: text, encoding: .utf8))
                let completion = Completion(
                    document: document, model: model, corpus: corpus,
                    targets: PointerTargets(workspace: Workspace(folders: [])), usesSnippets: true)
                let name = whole.name(of: number)
                let labels = completion.items(at: offset).items.map(\.label).filter { !$0.hasPrefix("<") }
                all += 1
                if labels.prefix(5).contains(name) { written += 1 }
                let parent = try #require(whole.elements[number].parent)
                let previous = whole.elements.indices[..<number].last { whole.elements[$0].parent == parent }
                let children = corpus.children[whole.name(of: parent)] ?? Use.Children()
                let ranked = labels.enumerated().sorted { a, b in
                    func score(_ label: String) -> Double {
                        let (next, any) = children.likelihood(
                            of: label, after: previous.map { whole.name(of: $0) } ?? "")
                        return 3 * next + any
                    }
                    return (-score(a.element), a.offset) < (-score(b.element), b.offset)
                }
                if ranked.prefix(5).contains(where: { $0.element == name }) { untouched += 1 }
            }
        }
        return (Double(written) / Double(all), Double(untouched) / Double(all))
    }

    private func files(_ folder: String, _ count: Int) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".xml") }.sorted()
        let step = max(1, names.count / count)
        return stride(from: 0, to: names.count, by: step).map { "\(folder)/\(names[$0])" }
    }

    @Test("the next element is among the first five", .hasData("sga"), .inRelease) func likeliestFirst() throws {
        let edition = try firstFive(files(Repository.path("TEI"), 40), Schema.marginalia())
        let novel = try firstFive(
            files(Repository.data + "/sga/tei/ox/ox-ms_abinger_c56", 60),
            Schema(contentsOfFile: Repository.data + "/sga/schemata/shelley-godwin-page.rng"))
        let plays = try firstFive(
            files(Repository.data + "/gerdracor", 10), Schema(contentsOfFile: Repository.data + "/tei/tei_all.rng"))
        #expect(
            edition.written >= 0.93 && novel.written >= 0.97 && plays.written >= 0.99, "\(edition) \(novel) \(plays)")
        #expect(
            edition.untouched >= 0.8 && novel.untouched >= 0.8 && plays.untouched >= 0.8, "\(edition) \(novel) \(plays)"
        )
    }
}
