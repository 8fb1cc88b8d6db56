import Foundation
import Support
import Testing
import XML

@testable import TEI

/// `docs/encoding.md`: its markup is that of `docs/encoding/memo.xml`, and each text makes of it what is shown.
@Suite struct EncodingGuideTests {
    private static let path = Repository.path("docs/encoding.md")
    private static let memo = try! String(
        contentsOf: URL(filePath: Repository.path("docs/encoding/memo.xml")), encoding: .utf8)
    private static let page = try! String(contentsOf: URL(filePath: path), encoding: .utf8)

    /// The page's blocks of a language, such as `xml`.
    private static func blocks(_ language: String) throws -> [String] {
        try page.matches(of: Regex("```\(language)\n((?:.|\n)*?)```\n", as: (Substring, Substring).self))
            .map { String($0.1) }
    }

    @Test("markup that is not the memo's") func markupIsTheMemos() throws {
        let memo = Self.memo.collapsed
        let blocks = try Self.blocks("xml")
        #expect(blocks.count >= 20)
        #expect(blocks.filter { !memo.contains($0.collapsed) } == [])
    }

    /// The page is its own golden: with `RECORD` set, the texts are written into it.
    @Test func textsAreThoseOfTheMarkup() throws {
        var page = Self.page
        for match in page.matches(of: /```xml\n((?:(?!```).*\n)+)```\n\n```text\n(?:(?!```).*\n)*```\n/).reversed() {
            page.replaceSubrange(
                match.range, with: "```xml\n\(match.1)```\n\n```text\n\(try Self.texts(of: String(match.1)))```\n")
        }
        try expectGolden(page, Self.path)
    }

    /// What the texts make of a part of the memo, with the memo's header: texts that agree are shown together.
    private static func texts(of markup: String) throws -> String {
        let found = try transcription(of: markup)
        let hands = found.hands.filter { !$0.isMain && markup.contains("\"#\($0.id)\"") }.map { Policy.hand($0.id) }
        let stages = found.stages.filter { markup.contains("change=\"#\($0.id)\"") }.map { Policy.stage($0.id) }
        var texts: [(policies: [String], text: String)] = []
        for policy in [.typed, .revised, .reading, .diplomatic] + hands + stages {
            let text = found.reading(policy).text.trimmed
            if let same = texts.firstIndex(where: { $0.text == text }) {
                texts[same].policies.append(policy.description)
            } else {
                texts.append(([policy.description], text))
            }
        }
        return texts.map { "\($0.policies.joined(separator: ", ")):\n\(indented($0.text))\n" }.joined()
    }

    private static func indented(_ text: String) -> String {
        let lines = text.isEmpty ? ["(nothing)"] : text.split(separator: "\n").map(String.init)
        return lines.map { "    " + $0 }.joined(separator: "\n")
    }

    private static func transcription(of markup: String) throws -> Transcription {
        let content =
            switch markup {
            case _ where markup.hasPrefix("<front"): markup + "<body/>"
            case _ where markup.hasPrefix("<back"): "<body/>" + markup
            default: "<body>\(markup)</body>"
            }
        let parts = try #require(Self.memo.firstMatch(of: /((?:.|\n)*<text [^>]*>)(?:.|\n)*(<\/text>(?:.|\n)*)/))
        let document = try Document("\(parts.1)\(content)\(parts.2)", path: "docs/encoding/memo.xml")
        return Transcription(
            of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
    }
}
