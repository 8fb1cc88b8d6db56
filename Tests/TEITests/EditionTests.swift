import Foundation
import Pages
import Support
import Testing
import TEI
import XML

/// What the issue says must be seen of the edition's documents, in text, JSON and HTML.
@Suite struct EditionTests {
    private func exports(_ found: Transcription, _ policy: Policy) -> (text: String, json: String, html: String) {
        func string(_ format: some Format) -> String {
            String(decoding: format.export(found, policy: policy), as: UTF8.self)
        }
        return (string(.text), string(.json), string(.html))
    }

    @Test func eighteenDocuments() {
        #expect(Repository.documents.count == 18)
    }

    @Test func document2HasTheOKOfClinton() throws {
        let found = try document(2)
        let mark = try #require(found.marks.first { $0.text == "OK" })
        #expect(mark.kind == .remark)
        #expect(found.label(mark) == "Bill Clinton")
        let (text, json, html) = exports(found, .revised)
        #expect(text.contains("[remark, hand of Bill Clinton, probable: OK]"))
        #expect(json.contains(#"{"kind": "remark", "text": "OK""#))
        #expect(html.contains("OK"))
    }

    @Test func document5HasAStampAtTopRight() throws {
        let found = try document(5)
        let mark = try #require(found.marks.first)
        #expect(mark.kind == .stamp)
        #expect(mark.place == ["top", "right"])
        let (text, json, html) = exports(found, .revised)
        #expect(text.contains("[stamp, top right: President Has Seen]"))
        #expect(json.contains(#""place": ["top", "right"]"#))
        #expect(html.contains("President Has Seen"))
    }

    @Test func document7HasACheckMarkAndARemarkWithAnUnderlinedWord() throws {
        let found = try document(7)
        #expect(found.marks.map(\.kind) == [.check, .remark, .remark, .underline])
        let (text, json, html) = exports(found, .revised)
        #expect(text.contains("[check mark ✓, hand of Bill Clinton]"))
        #expect(text.contains("how the Europeans _feel_ about this"))
        #expect(json.contains(#"{"kind": "check", "subtype": "checkmark", "text": "✓""#))
        #expect(json.contains(#"{"kind": "underline", "subtype": "underline", "text": "feel""#))
        #expect(html.contains("✓"))
        #expect(!exports(found, .typed).text.contains("Europeans _feel_"))
    }

    @Test func document12HasTheQuestionMarkOfTalbottOnItsPassage() throws {
        let found = try document(12)
        let mark = try #require(found.marks.first)
        #expect(mark.kind == .query)
        #expect(found.label(mark) == "Strobe Talbott")
        let pointer = try #require(mark.targets.first)
        let target = try #require(found.element.document.element(withID: String(pointer.dropFirst())))
        #expect(
            target.stringValue.split { $0.isWhitespace }.joined(separator: " ").hasPrefix(
                "the 1991 promise to transform NATO"))
        #expect(
            exports(found, .revised).text.contains("[question mark ?, hand of Strobe Talbott, beside “the 1991 promise")
        )
    }

    @Test func document13HasTheAdditionOfSolana() throws {
        let found = try document(13)
        let words = "no intention, no plan and no reason to deploy nuclear weapons"
        #expect(!found.reading(.typed).text.contains(words))
        #expect(found.reading(.revised).text.contains(words))
        #expect(found.reading(.revised).text.contains("[addition, hand of Javier Solana, uncertain]"))
        #expect(
            exports(found, .revised).json.contains(
                #""hand": "d13-solana", "stage": "d13-stage-solana", "rend": "bold italic", "cert": "low""#))
        #expect(exports(found, .typed).json.contains(#""kind": "addition""#))
        #expect(exports(found, .revised).html.contains(words))
    }

    @Test func document16HasSicAndTheEditorsOmission() throws {
        let found = try document(16)
        #expect(found.reading(.diplomatic).text.contains("demands are [corr. is] limited"))
        #expect(found.reading(.typed).text.contains("demands are limited"))
        #expect(found.reading(.reading).text.contains("demands is limited"))
        #expect(found.reading(.typed).text.contains("quite frankly, [omitted by the editor] the anti-American"))
        #expect(found.gaps.contains { $0.kind == .editorial })
        #expect(exports(found, .reading).json.contains(#"{"kind": "sic", "text": "are""#))
    }

    /// Nothing is invented: each run of transcribed words stands in the seed.
    @Test(
        .enabled("../shared/seed is absent") { FileManager.default.fileExists(atPath: Seed.folder) },
        arguments: Repository.documents)
    func everyQuotationStandsInTheSeed(_ name: String) throws {
        let seed = try FileManager.default.contentsOfDirectory(atPath: Seed.folder).sorted().map {
            try String(contentsOfFile: Seed.folder + "/" + $0, encoding: .utf8)
        }.joined(separator: "\n")
        let reports = ["[sic]", "[…]", "[underlined]", "[italics in original]"]
        let haystack = Seed.normalize(reports.reduce(seed) { $0.replacingOccurrences(of: $1, with: " ") })
        let found = try transcription("TEI/" + name)
        let runs = Seed.runs(of: found.element)
        if !name.hasPrefix("04-") { #expect(!runs.isEmpty) }
        for run in runs { #expect(haystack.contains(run), "not in the seed: \(run)") }
    }
}

/// The words of a document as the seed prints them.
private enum Seed {
    static let folder = Repository.data + "/../seed"

    /// Runs of transcribed words: parted at gaps, marks and blocks, one reading of several at a time.
    static func runs(of tei: Node) -> [String] {
        var runs = [""]
        func collect(_ node: Node) {
            switch node.localName {
            case "gap": runs.append("")
            case "note" where node.attribute("type") == "editorial", "metamark", "corr", "teiHeader": return
            case "note" where node.attribute("type") == "query": return
            case "p", "head", "note", "sp", "lem", "rdg", "div":
                runs.append("")
                for child in node.children { collect(child) }
                runs.append("")
            default:
                if node.kind == .text { runs[runs.count - 1] += node.stringValue }
                if node.localName == "app" { runs.append("") }
                for child in node.children { collect(child) }
                if node.localName == "app" { runs.append("") }
            }
        }
        for child in tei.childElements where child.localName == "text" { collect(child) }
        return runs.map(normalize).filter { !$0.isEmpty }
    }

    /// Quotation marks and brackets out, white space collapsed.
    static func normalize(_ string: String) -> String {
        String(string.filter { !"“”\"‘’'[]".contains($0) }.map { $0 == "\u{A0}" ? " " : $0 })
            .split { $0.isWhitespace }.joined(separator: " ")
    }
}
