import Foundation
import Support
import Testing
import TEI
import XML
import XPath

/// Web Annotations and tables.
@Suite struct AnnotationTests {
    private static func annotations(_ found: Transcription, _ policy: Policy) throws -> [[String: Any]] {
        let bytes = AnnotationsFormat(text: "text.txt").export(found, policy: policy)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let page = try #require(object["first"] as? [String: Any])
        return try #require(page["items"] as? [[String: Any]])
    }

    /// Every quotation is what stands at its offsets, and everything is annotated, whether it is in the text or not.
    private func check(_ found: Transcription) throws {
        let mentions = found.entities.reduce(0) { $0 + $1.mentions.count }
        for policy in found.policies {
            let scalars = Array(found.reading(policy).text.unicodeScalars)
            func words(_ range: Range<Int>) -> String {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
                return String(view)
            }
            let annotations = try AnnotationTests.annotations(found, policy)
            #expect(
                annotations.count == found.marks.count + found.notes.count + found.gaps.count
                    + found.interventions.count + mentions + found.statements.count)
            for annotation in annotations {
                let targets = try #require(annotation["target"] as? [[String: Any]])
                for target in targets where target["source"] as? String == "text.txt" {
                    let selectors = try #require(target["selector"] as? [[String: Any]])
                    let (start, end) = (
                        try #require(selectors[0]["start"] as? Int), try #require(selectors[0]["end"] as? Int)
                    )
                    #expect(selectors[1]["exact"] as? String == words(start..<end))
                    #expect(selectors[1]["prefix"] as? String == words((start - 32)..<start))
                    #expect(selectors[1]["suffix"] as? String == words(end..<(end + 32)))
                }
                let last = try #require(targets.last?["selector"] as? [String: Any])
                #expect(
                    try found.element.document.select("//*[@xml:id = '\(last["value"] as? String ?? "")']").count == 1
                        || last["type"] as? String == "XPathSelector")
            }
        }
    }

    @Test(arguments: Repository.documents) func quotations(_ name: String) throws {
        try check(try transcription("TEI/" + name))
    }

    @Test func quotationsOfEverything() throws { try check(try transcription("Tests/Everything.xml")) }

    @Test(.inRelease, .hasData("sga/tei"))
    func quotationsOfTheNotebook() throws {
        for path in try EditionFiles.files(at: [Repository.data + "/sga/tei/ox/ox-ms_abinger_c56"]) {
            let (document, library) = try EditionFiles.read(path, root: nil)
            try check(Transcription(of: document.root, library: library))
        }
    }

    @Test func whatAnAnnotationSays() throws {
        let body = ##"""
            <p xml:id="p1">Go <add hand="#b" change="#s2" place="above margin">now</add>.</p>
            <note type="mark" subtype="checkmark" hand="#b" target="#p1">✓</note><p><persName ref="people%20list.xml#x">Al</persName></p>
            """##
        let found = try AnnotationTests.annotations(try transcription(body: body, header: hands), .revised)
        #expect(found.map { $0["motivation"] as? String } == ["assessing", "editing", "identifying"])
        #expect(
            found.map { ($0["creator"] as? [[String: String]])?.map { $0["id"] } } == [
                ["memory.xml#b"], ["memory.xml#b"], nil,
            ])
        let mark = try #require((found[0]["target"] as? [[String: Any]])?.first?["selector"] as? [[String: Any]])
        #expect(mark[1]["exact"] as? String == "Go now.")
        #expect(found[1]["tei:place"] as? [String] == ["above", "margin"])
        #expect(found[1]["tei:change"] as? [String] == ["s2"])
        #expect((found[2]["body"] as? [[String: String]])?[1] == ["id": "people%20list.xml#x", "label": "Al"])
    }

    /// Addresses lead from the annotations to where things are.
    @Test func addresses() throws {
        let body = ##"""
            <p><corr resp="#x team.xml#y">a</corr> <persName key="Clinton, Bill">Bill</persName> <add hand="#unknown">b</add> <add hand="#b">c</add></p>
            """##
        let found = try transcription(body: body, header: hands)
        let bytes = AnnotationsFormat(base: "../").export(found, policy: .hand("b"))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text.contains(##"{"id": "../memory.xml#x", "name": "x"}"##)
                && text.contains(##"{"id": "../team.xml#y", "name": "y"}"##))
        #expect(text.contains(##"{"label": "Bill"}"##))
        #expect(
            text.contains(##"{"name": "unknown"}"##) && text.contains(##"{"id": "../memory.xml#b", "name": "Bea"}"##))
        #expect(text.contains(##""source": "hand-b.txt""##) && text.contains(##""source": "../memory.xml""##))
    }

    @Test func theWayBackIsAnAddressToo() throws {
        let bytes = AnnotationsFormat(base: "/home/a b/").export(
            try transcription(body: "<p><add>a</add></p>"), policy: .revised)
        #expect(String(decoding: bytes, as: UTF8.self).contains(##""source": "/home/a%20b/memory.xml""##))
    }

    /// A pointer into another file means nothing here, though there be an element of that id.
    @Test func targetsInOtherFiles() throws {
        let body = ##"<p xml:id="p1">a</p><note type="mark" target="other.xml#p1">b</note>"##
        #expect(rows(try transcription(body: body), .marks)[0]["target_start"] == "")
        let two =
            ##"<p><seg xml:id="s1">a</seg> <seg xml:id="s2">b</seg></p><note type="mark" target="#s1 #s2">c</note>"##
        #expect(rows(try transcription(body: two), .marks)[0]["target_start"] == "0 2")
    }

    // MARK: Tables

    private func rows(_ found: Transcription, _ table: CSVFormat.Table) -> [[String: String]] {
        let lines = String(decoding: CSVFormat(table).export(found, policy: .revised), as: UTF8.self)
        let cells = AnnotationTests.parse(lines)
        return cells.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(cells[0], $0)) }
    }

    /// RFC 4180, read by its grammar.
    private static func parse(_ text: String) -> [[String]] {
        var (rows, cell, isQuoted): ([[String]], String, Bool) = ([[]], "", false)
        for character in text.unicodeScalars {
            switch character {
            case "\"": isQuoted.toggle(); cell.unicodeScalars.append(character)
            case ",", "\n":
                if isQuoted { cell.unicodeScalars.append(character); continue }
                let isEnclosed = cell.hasPrefix("\"")
                rows[rows.count - 1].append(
                    (isEnclosed ? String(cell.dropFirst().dropLast()) : cell).replacingOccurrences(
                        of: "\"\"", with: "\""))
                cell = ""
                if character == "\n" { rows.append([]) }
            default: cell.unicodeScalars.append(character)
            }
        }
        return rows.dropLast()
    }

    @Test func marksAsATable() throws {
        let body =
            ##"<p xml:id="p1">a "b"</p><note type="query" hand="#b" target="#p1" place="left bottom">what, "exactly"?</note>"##
        let rows = rows(try transcription(body: body, header: hands), .marks)
        #expect(rows.count == 1)
        #expect(
            rows[0]["kind"] == "query" && rows[0]["text"] == "what, \"exactly\"?" && rows[0]["place"] == "left bottom")
        #expect(
            rows[0]["hand"] == "b" && rows[0]["hand_label"] == "Bea" && rows[0]["target_start"] == "0"
                && rows[0]["target_end"] == "5")
    }

    @Test func variantsAsATable() throws {
        let body = ##"""
            <p>a <subst><del hand="#b">b</del><add hand="#b">c</add></subst> <add hand="#b" seq="2">d</add> <unclear>e</unclear>
            <app><lem wit="#A">f</lem><rdg wit="#B #C">g</rdg></app></p>
            """##
        let rows = rows(try transcription(body: body, header: hands), .variants)
        #expect(rows.map { $0["number"] } == ["1", "1", "2", "3", "3"])
        #expect(rows.map { $0["kind"] } == ["deletion", "addition", "addition", "reading", "reading"])
        #expect(rows.map { $0["text"] } == ["b", "c", "d", "f", "g"])
        #expect(rows.map { $0["place_kind"] } == ["substitution", "substitution", "", "apparatus", "apparatus"])
        #expect(rows[4]["wit"] == "B C" && rows[4]["start"] == "" && rows[3]["start"] == "8")
    }

    /// As many rows as there are marks, in every document.
    @Test(arguments: Repository.documents) func nothingIsLost(_ name: String) throws {
        let found = try transcription("TEI/" + name)
        #expect(rows(found, .marks).count == found.marks.count)
        #expect(rows(found, .marks).allSatisfy { $0.count == 20 })
    }
}
