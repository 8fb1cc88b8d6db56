import Corpus
import Foundation
import RelaxNG
import Support
import Testing
import Validation
import XML

@testable import LanguageServer

/// Documents that change: what the server says of them is what it would say of them afresh.
struct EditingTests {
    private static let path = "/memory/memo.xml"

    private func memo() throws -> String {
        try String(contentsOfFile: Repository.path("docs/encoding/memo.xml"), encoding: .utf8)
    }

    /// What is published after an edit is what a fresh validation finds, and the text is the client's.
    @Test("diagnostics after random edits are those of a fresh validation", .inRelease)
    func diagnostics() throws {
        let client = try Client()
        let validator = try ProjectValidator(Project())
        let original = Array(try memo().unicodeScalars)
        var (random, scalars, version) = (Generator(seed: 10_000), original, 1)
        client.open(String(String.UnicodeScalarView(scalars)), at: Self.path)
        let parts = [
            "<", ">", "/", "\"", "#", "a", " ", "\n", "<add hand=\"#marsh\">", "</p>", "<hi>", "&", "é", "xml:id=\"x\"",
            "=\"",
        ]
        for round in 0..<10_000 {
            if round % 20 == 0 {
                version += 1
                scalars = original
                change(client, nil, String(String.UnicodeScalarView(scalars)), version)
            }
            let start = random.number(below: scalars.count)
            let end = min(start + (random.chance(1, in: 3) ? random.number(below: 8) : 0), scalars.count)
            let new = random.pick(parts)
            let document = client.server.documents[Client.uri(Self.path)]!.text
            func offset(_ index: Int) -> Int { scalars[..<index].reduce(0) { $0 + UTF8.width($1) } }
            let range = document.range(offset(start)..<offset(end))
            version += 1
            scalars.replaceSubrange(start..<end, with: new.unicodeScalars)
            change(client, range, new, version)
            let text = String(String.UnicodeScalarView(scalars))
            let now = client.server.documents[Client.uri(Self.path)]!.text
            #expect(now.bytes == Array(text.utf8), "round \(round)")
            // Every tenth is compared.
            guard round % 10 == 9 else { continue }
            let found = client.diagnostics(of: Self.path)
            let fresh = PublishedDiagnostic.all(
                validator.validate(Array(text.utf8), path: Self.path).diagnostics, in: now)
            #expect(found.map { $0["message"] as? String } == fresh.map(\.message), "round \(round)")
            #expect(
                found.map { (($0["range"] as? [String: Any])?["start"] as? [String: Int])?["line"] }
                    == fresh.map(\.range.start.line), "round \(round)")
        }
    }

    private func change(_ client: Client, _ range: LSPRange?, _ text: String, _ version: Int) {
        var change: [String: Any] = ["text": text]
        if let range {
            change["range"] = [
                "start": ["line": range.start.line, "character": range.start.character],
                "end": ["line": range.end.line, "character": range.end.character],
            ]
        }
        client.notify(
            "textDocument/didChange",
            ["textDocument": ["uri": Client.uri(Self.path), "version": version], "contentChanges": [change]])
    }

    // MARK: Unfinished documents

    /// Mistakes before the cursor: those of ../shared/data/mistakes, a tag that is not closed, a text that ends.
    private static let mistakes = [
        "<persname>x</persname>", "<hi type=\"x\">y</hi>", "<date when=\"12/03/1818\">d</date>",
        "<add hand=\"#nobody\">x</add>",
        "<p>in p</p>", "<hi>never closed ", "<hi rend=\"x", "<ref target=\"\">x</ref>", "&eacute;", "<foo/>", "<",
        "</hi>",
        "<choice><p/></choice>", "<note>", "<app><del>x</del></app>", "<!-- never closed",
    ]

    @Test("the same list after a mistake, and where the text ends at the cursor", .inRelease, .hasData("gerdracor"))
    func unfinished() throws {
        let model = try #require(try Schema(contentsOfFile: Repository.data + "/tei/tei_all.rng").contentModel)
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.data + "/gerdracor").sorted()
        var (random, same, all) = (Generator(seed: 16), 0, 0)
        var wrong: [String] = []
        for name in names.filter({ $0.hasSuffix(".xml") }).prefix(5) {
            let source = try FileAccess.bytes(ofFile: "\(Repository.data)/gerdracor/\(name)")
            let markup = Markup(source)
            let paragraphs = markup.elements.indices.filter { markup.name(of: $0) == "p" }
            for _ in 0..<400 {
                let number = random.number(below: markup.elements.count - 1) + 1
                let offset = markup.items[markup.elements[number].startTag].range.lowerBound
                let expected = labels(source, offset, model)
                // A mistake somewhere in an earlier paragraph that is closed; or no text after the cursor.
                let earlier = paragraphs.filter {
                    (markup.elements[$0].endTag.map { markup.items[$0].range.upperBound } ?? .max) <= offset
                }
                var (text, place) = (Array(source[..<offset]), offset)
                if !random.chance(1, in: 4), let paragraph = earlier.isEmpty ? nil : random.pick(earlier) {
                    let mistake = Array(random.pick(Self.mistakes).utf8)
                    let at = markup.content(of: paragraph).upperBound
                    text = source
                    text.insert(contentsOf: mistake, at: at)
                    place += mistake.count
                }
                all += 1
                if labels(text, place, model) == expected {
                    same += 1
                } else {
                    wrong.append("\(name):\(offset)")
                }
            }
        }
        #expect(same * 100 >= all * 99, "\(same) of \(all): \(wrong.prefix(5))")
    }

    private func labels(_ source: [UInt8], _ offset: Int, _ model: ContentModel) -> Set<String> {
        let markup = Markup(source)
        guard case .content(let element) = markup.place(at: offset) else { return [] }
        let walk = GrammarWalk(model, markup)
        walk.enter(element, before: offset)
        return Set(walk.model.elements().map(\.name.description))
    }
}
