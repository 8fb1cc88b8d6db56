import Foundation
import Support
import XML

/// A schema, and where there are documents for it.
struct Subject {
    let schema: String
    let documents: [String]

    private static let (edition, plays, volume) = (
        ["TEI", "Tests/Everything.xml"], ["../shared/data/gerdracor"], "../shared/data/sga/tei/ox/ox-ms_abinger_c56"
    )

    static let all = [
        Subject(schema: "Schemas/marginalia.rng", documents: edition),
        Subject(schema: "Schemas/marginalia.rnc", documents: edition),
        Subject(schema: "../shared/data/tei/tei_all.rng", documents: edition + plays),
        Subject(schema: "../shared/data/tei/tei_all-3.1.0.rng", documents: edition + plays),
        Subject(schema: "../shared/data/tei/tei_all-3.1.0.rnc", documents: edition + plays),
        Subject(schema: "../shared/data/tei/teisimple.rng", documents: edition + plays),
        Subject(schema: "../shared/data/tei/eltec-1.rng", documents: edition + plays),
        Subject(schema: "../shared/data/tei/msdesc.rng", documents: [volume + ".xml"] + edition + plays),
        Subject(schema: "../shared/data/sga/schemata/shelley-godwin-page.rng", documents: [volume]),
        Subject(schema: "../shared/data/sga/schemata/shelley_godwin_odd.rng", documents: [volume + ".xml"]),
        Subject(schema: "../shared/data/sga/schemata/shelley_godwin_Pgh_odd.rng", documents: [volume + ".xml"]),
        Subject(schema: "../shared/data/sga/schemata/brown_odds.rnc", documents: [volume + ".xml"] + edition),
    ]

    var name: String { URL(filePath: schema).lastPathComponent }

    var isPresent: Bool { ([schema] + documents).allSatisfy { FileManager.default.fileExists(atPath: $0) } }

    /// The documents' paths; each folder has as many turns as any other.
    func files() throws -> [[String]] {
        try documents.map { path in
            if path.hasSuffix(".xml") { return [path] }
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".xml") }.sorted()
                .map { "\(path)/\($0)" }
        }
    }
}

/// A document that is small, and valid if it can be made so: what mutants are made from.
struct Base {
    let document: String
    let root: Element

    /// A part of a document: of many children with the same name a few.
    init(of document: String, using generator: inout Generator) throws {
        self.document = document
        let access = FileAccess(root: Reference.folder(of: document) + "/..")
        let whole = try Document(contentsOfFile: document).resolvingXInclude(access)
        var thinned = Element(whole.root)
        for count in [3, 2, 1] where thinned.all.count > 200 {
            thinned = thinned.copy
            thinned.thin(to: count, using: &generator)
        }
        root = thinned
    }

    /// Bases for a schema, always the same for a seed: from real documents, cut, and changed by Jing's own advice until
    /// it finds nothing, for most documents follow another schema than the one that is to be tested.
    static func all(for subject: Subject, count: Int, checksIDs: Bool, seed: String, in folder: URL) throws -> [Base] {
        let files = try subject.files()
        var generators = (0..<count).map { Generator(seed, subject.schema, "base", String($0)) }
        let bases = try (0..<count).map { index in
            let file = files[index % files.count].randomElement(using: &generators[index])!
            return try Base(of: file, using: &generators[index])
        }
        var valid: [Int] = []
        for _ in 0..<20 where valid.count < count * 3 / 4 {
            let open = (0..<count).filter { !valid.contains($0) }
            let forms = open.map { NormalForm(bases[$0].root) }
            for (index, form) in zip(open, forms) {
                try Data(form.text.utf8).write(to: folder.appending(path: "base-\(index).xml"))
            }
            let found = try Jing(
                schema: subject.schema, checksIDs: checksIDs, files: open.map { "base-\($0).xml" }, in: folder
            ).findings()
            for (index, form) in zip(open, forms) {
                guard let findings = found["base-\(index).xml"] else {
                    valid.append(index)
                    continue
                }
                var repair = Repair(root: bases[index].root, tags: form.tags, generator: generators[index])
                for finding in findings { repair.mend(finding) }
                generators[index] = repair.generator
            }
        }
        return valid.isEmpty ? bases : valid.sorted().map { bases[$0] }
    }
}

/// Makes a document valid by doing what Jing's messages ask for.
private struct Repair {
    let root: Element
    let tags: [NormalForm.Tag]
    var generator: Generator
    private var mended = Set<ObjectIdentifier>()

    init(root: Element, tags: [NormalForm.Tag], generator: Generator) {
        self.root = root
        self.tags = tags
        self.generator = generator
    }

    mutating func mend(_ finding: Jing.Finding) {
        guard tags.indices.contains(finding.line - 1) else { return }
        let (tag, message) = (tags[finding.line - 1], finding.message)
        let element = tag.element
        guard mended.insert(ObjectIdentifier(element)).inserted else { return }
        let named = Repair.quoted(message).first ?? ""
        // An element of another namespace is told as "ns:name" (with xmlns:ns="namespace").
        let sides = message.split(separator: " (with xmlns:ns=", maxSplits: 1)
        let namespace = sides.count > 1 ? [(name: "xmlns", value: Repair.quoted(String(sides[1])).first ?? "")] : []
        let advice = sides[0].split(separator: "; ", maxSplits: 1).dropFirst().joined()
        let expected =
            message.contains("regular expression")
            ? []
            : Repair.quoted(advice).map { $0.replacing("ns:", with: "", maxReplacements: 1) }
                .filter { !$0.contains { ":/ ".contains($0) } }
        if message.contains("missing required attribute") {
            element.set(Repair.quoted(message).last ?? "n", anyValue())
        } else if message.hasPrefix("value of attribute"), generator.chance(1, in: 2) {
            element.set(named, expected.randomElement(using: &generator) ?? anyValue())
        } else if message.hasPrefix("value of attribute") || message.hasPrefix("attribute") {
            element.removeAttribute(named)
        } else if message.contains("not allowed yet"), let (parent, position) = parent(of: element),
            let name = expected.first
        {
            parent.children.insert(.element(Element(name, attributes: namespace)), at: position)
        } else if message.hasPrefix("ID") {
            element.removeAttribute("xml:id")
        } else if message.hasPrefix("text not allowed") {
            removeText(before: tag)
        } else if message.contains("incomplete"), let name = expected.randomElement(using: &generator),
            !generator.chance(1, in: 8)
        {
            element.children.append(.element(Element(name, attributes: namespace)))
        } else if message.contains("invalid"), !generator.chance(1, in: 4) {
            element.children = [.text(expected.randomElement(using: &generator) ?? anyValue())]
        } else if message.hasPrefix("element"), !message.contains("incomplete"),
            let name = expected.randomElement(using: &generator), generator.chance(1, in: 2)
        {
            element.name = name
            if let namespace = namespace.first { element.set(namespace.name, namespace.value) }
        } else {
            remove(element)
        }
    }

    private mutating func anyValue() -> String {
        ["x", "1999-01-01", "1", "en", "#x"].randomElement(using: &generator)!
    }

    /// `"a", "b"` in a message.
    private static func quoted(_ message: String) -> [String] {
        message.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map
        { String($0.element) }
    }

    private func parent(of element: Element) -> (Element, Int)? {
        root.all.lazy.compactMap { parent in parent.position(of: element).map { (parent, $0) } }.first
    }

    private mutating func remove(_ element: Element) {
        guard let (parent, position) = parent(of: element) else { return }
        parent.children.replaceSubrange(position...position, with: generator.chance(1, in: 2) ? element.children : [])
    }

    private func removeText(before tag: NormalForm.Tag) {
        switch tag {
        case .end(let element):
            element.children.removeAll { if case .text = $0 { true } else { false } }
        case .start(let element), .empty(let element):
            guard let (parent, position) = parent(of: element), position > 0, case .text = parent.children[position - 1]
            else { return }
            parent.children.remove(at: position - 1)
        }
    }
}
