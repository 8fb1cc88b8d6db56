import Foundation
import Support
import Testing
import TEI
import XML

/// Nothing is dropped in silence: the marks, hands and gaps of the source are those of the JSON.
///
/// The source is counted here by its markup alone, without the walk.
@Suite struct ConservationTests {
    struct Count: Equatable {
        var hands: [String: Int] = [:]
        var marks: [String: Int] = [:]
        var gaps: [String: Int] = [:]
    }

    static func source(_ tei: Node) -> Count {
        var count = Count()
        let hasText = tei.child("text") != nil
        for part in tei.childElements where part.localName == (hasText ? "text" : "sourceDoc") {
            for node in part.descendantsOrSelf where node.kind == .element {
                for name in ["hand", "new"] {
                    if let value = node.attribute(name) {
                        count.hands[Reference(value).fragment ?? value, default: 0] += 1
                    }
                }
                let isEmptyUnclear = ["unclear", "damage"].contains(node.localName) && node.firstChild == nil
                if node.localName == "gap" || isEmptyUnclear {
                    count.gaps[node.attribute("reason") ?? "", default: 0] += 1
                }
                if let element = markElement(node) { count.marks[element, default: 0] += 1 }
            }
        }
        return count
    }

    /// The element by which a mark is counted: notes by their type, signs and stamps that stand in no such note.
    private static func markElement(_ node: Node) -> String? {
        let types: Set<String> = ["mark", "stamp", "query", "marginalia"]
        let isNoteMark = { (node: Node) in node.localName == "note" && types.contains(node.attribute("type") ?? "") }
        if isNoteMark(node) { return "note" }
        if ["metamark", "stamp"].contains(node.localName), !node.ancestors.contains(where: isNoteMark) {
            return node.localName
        }
        return nil
    }

    /// Counted in the JSON alone: of an object's element nothing is known but the place at which the JSON says that it
    /// stands.
    static func json(_ found: Transcription, _ policy: Policy, _ elements: [String: Node]) throws -> Count {
        let bytes = JSONFormat().export(found, policy: policy)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        func list(_ key: String) -> [[String: Any]] { object[key] as? [[String: Any]] ?? [] }
        var count = Count()
        for annotation in list("annotations") {
            for key in ["hand", "newHand"] {
                if let hand = annotation[key] as? String { count.hands[hand, default: 0] += 1 }
            }
        }
        for gap in list("gaps") {
            count.gaps[gap["reason"] as? String ?? "", default: 0] += 1
            if let hand = gap["hand"] as? String { count.hands[hand, default: 0] += 1 }
        }
        for mark in list("marks") {
            let source = try #require(mark["source"] as? [String: Any])
            let node = try #require(elements[place(source["file"], source["line"], source["column"])], "\(source)")
            // What is recognised as a mark by anything else than its name and type is more than the markup counts.
            if let element = markElement(node) { count.marks[element, default: 0] += 1 }
        }
        let kinds = list("marks").map { "\($0["kind"] ?? "") \($0["hand"] ?? "")" }
        #expect(
            kinds == found.marks.map { "\($0.kind.rawValue) \($0.hand.map { found.hands[$0].id } ?? "")" }, "\(policy)")
        return count
    }

    private static func place(_ file: Any?, _ line: Any?, _ column: Any?) -> String {
        "\(file ?? "") \(line ?? "") \(column ?? "")"
    }

    /// The elements of a document by their places.
    private static func elements(of document: Document) -> [String: Node] {
        Dictionary(
            document.root.descendantsOrSelf.lazy.filter { $0.kind == .element }.map { node in
                (place(node.location.file, node.location.line, node.location.column), node)
            }
        ) { first, _ in first }
    }

    @Test(arguments: Repository.documents) func edition(_ name: String) throws {
        try check(try transcription("TEI/" + name))
    }

    @Test func everything() throws {
        try check(try transcription("Tests/Everything.xml"))
    }

    @Test(.inRelease, .hasData("sga"))
    func shelleyGodwin() throws {
        let found = try Self.shelley()
        try check(found, policies: [.typed, .reading, .diplomatic, .hand("pbs")])
    }

    static func shelley() throws -> Transcription {
        let root = Repository.data + "/sga/tei"
        let (document, library) = try EditionFiles.read(root + "/ox/ox-ms_abinger_c56.xml", root: root)
        return Transcription(of: document.root, library: library)
    }

    private func check(_ found: Transcription, policies: [Policy]? = nil) throws {
        let source = Self.source(found.element)
        let elements = Self.elements(of: found.element.document)
        for policy in policies ?? found.policies {
            let exported = try Self.json(found, policy, elements)
            #expect(exported.hands == source.hands)
            #expect(exported.marks == source.marks)
            #expect(exported.gaps == source.gaps)
        }
    }

    /// The text of Mary Shelley's hand and of Percy Shelley's, apart.
    @Test(.inRelease, .hasData("sga"))
    func twoHandsApart() throws {
        let found = try Self.shelley()
        #expect(found.element.document.files.count == 136)
        #expect(found.hands.prefix(2).map(\.label) == ["Mary Shelley", "Percy Shelley"])
        let (mary, percy) = (found.reading(.hand("mws")).text, found.reading(.hand("pbs")).text)
        #expect(percy.contains("has resulted from modern discoveries"))
        #expect(!mary.contains("has resulted from modern discoveries"))
        #expect(mary.contains("From this time untill I went to"))
        #expect(!percy.contains("From this time untill I went to"))
        #expect(found.wordCounts[0]! > 10 * found.wordCounts[1]!)
    }
}
