import Foundation
import Pages
import Support
import Testing
import XML

@testable import TEI

/// Laws of the texts that hold for any document: they are tried at random places of real ones.
@Suite struct LawTests {
    /// Where something may be written into a source: between two letters of a word, or around a stretch of words.
    private struct Places {
        let source: [UInt8]
        /// Byte offsets of letters that follow a letter in a text of the flow.
        private(set) var inWords: [Int] = []
        /// Byte ranges of words.
        private(set) var words: [Range<Int>] = []

        init(_ transcription: Transcription, _ source: [UInt8]) {
            self.source = source
            let file = transcription.element.location.file
            for case .text(let node, nil, _) in transcription.events where node.location.file == file {
                add(node)
            }
        }

        /// A text node that is in the source as it is, without entities.
        private mutating func add(_ node: Node) {
            let start = node.location.byteOffset
            let bytes = Array(node.stringValue.utf8)
            guard start + bytes.count <= source.count, Array(source[start..<(start + bytes.count)]) == bytes else {
                return
            }
            var word = 0
            for (offset, byte) in bytes.enumerated() {
                let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                if !isLetter { word = offset + 1 }
                guard isLetter, offset > word else { continue }
                inWords.append(start + offset)
                if offset + 1 == bytes.count || bytes[offset + 1] == 0x20 {
                    words.append((start + word)..<(start + offset + 1))
                }
            }
        }
    }

    private static let wrappers = ["hi", "seg", "name", "w"]
    private static let inserted = [
        "<pb n=\"9\"/>", "<lb break=\"no\"/>", "<milestone unit=\"x\"/>", "<fw>Head</fw>", "<note>n</note>",
        "<metamark function=\"x\"/>", "<cb/>",
    ]

    /// - Returns: the words of a text, line by line, without its notes and marks.
    private func lines(_ transcription: Transcription, _ policy: Policy) -> [String] {
        PageText(transcription.reading(policy), transcription).lines
    }

    private func read(_ bytes: [UInt8], _ path: String) throws -> Transcription {
        let document = try Document(bytes, path: path)
        return Transcription(of: document.root, library: PointerResolver(access: FileAccess(root: Repository.root)))
    }

    /// - Parameter count: how many places of a document are tried.
    private func check(_ path: String, _ policies: [Policy]?, places count: Int, _ seed: UInt64) throws {
        let source = try FileAccess.bytes(ofFile: path)
        let plain = try read(source, path)
        let places = Places(plain, source)
        guard !places.inWords.isEmpty, !places.words.isEmpty else { return }
        var random = Generator(seed: seed)
        var edits: [(offset: Int, text: String)] = []
        for _ in 0..<count {
            if Bool.random(using: &random) {
                let word = places.words.randomElement(using: &random)!
                let name = Self.wrappers.randomElement(using: &random)!
                edits += [(word.lowerBound, "<\(name)>"), (word.upperBound, "</\(name)>")]
            } else {
                edits.append(
                    (places.inWords.randomElement(using: &random)!, Self.inserted.randomElement(using: &random)!))
            }
        }
        // Two edits that touch one another may no longer be well-formed, or no longer be within a word.
        var (changed, end, kept) = (source, Int.max, [String]())
        for edit in edits.sorted(by: { $0.offset > $1.offset }) where edit.offset <= end {
            changed.insert(contentsOf: Array(edit.text.utf8), at: edit.offset)
            (end, kept) = (edit.offset, kept + [edit.text])
        }
        guard let marked = try? read(changed, path) else { return }
        for policy in policies ?? plain.policies where policy != .diplomatic {
            let (before, after) = (lines(plain, policy), lines(marked, policy))
            guard before != after else { continue }
            let first = zip(before, after).first { $0 != $1 }
            Issue.record("\(path), \(policy): “\(first?.0.prefix(200) ?? "")” became “\(first?.1.prefix(200) ?? "")”")
        }
    }

    @Test("markup that says nothing changes nothing", arguments: Repository.documents)
    func edition(_ name: String) throws {
        for seed in 0..<4 { try check(Repository.root + "/TEI/" + name, nil, places: 12, UInt64(seed)) }
    }

    @Test("markup that says nothing changes nothing, in a document with every construct", .inRelease)
    func everything() throws {
        for seed in 0..<12 { try check(Repository.path("Tests/Everything.xml"), nil, places: 6, UInt64(seed)) }
    }

    @Test("markup that says nothing changes nothing, in plays", .inRelease, .hasData("gerdracor"))
    func plays() throws {
        let folder = Repository.data + "/gerdracor"
        for (seed, name) in try FileManager.default.contentsOfDirectory(atPath: folder).sorted().enumerated()
        where name.hasSuffix(".xml") {
            try check("\(folder)/\(name)", [.reading, .typed], places: 200, UInt64(seed))
        }
    }

    @Test("markup that says nothing changes nothing, on the pages of a notebook", .inRelease, .hasData("sga/tei"))
    func notebook() throws {
        let folder = Repository.data + "/sga/tei/ox/ox-ms_abinger_c56"
        for (seed, path) in try EditionFiles.files(at: [folder]).enumerated() {
            try check(path, [.reading, .revised, .typed], places: 8, UInt64(seed))
        }
    }

    // MARK: Indentation

    /// Elements in which TEI allows no words beside their children.
    private static let withoutWords: Set<String> = [
        "TEI", "app", "back", "biblStruct", "body", "castGroup", "castList", "choice", "div", "entry", "front", "group",
        "imprint", "lg", "list", "listBibl", "listPerson", "listPlace", "monogr", "person", "place", "row", "sp",
        "sourceDoc", "subst", "surface", "table", "text", "titlePage",
    ]

    /// Writes other white space, or none, between the children of elements that hold no words of their own.
    private func reindented(_ root: Node, _ source: [UInt8], _ seed: UInt64) -> [UInt8] {
        var random = Generator(seed: seed)
        var edits: [(range: Range<Int>, text: String)] = []
        for parent in root.descendantsOrSelf where Self.withoutWords.contains(parent.tei) {
            guard parent.location.file == root.location.file, !parent.hasWordsAmongFirst else { continue }
            for child in parent.children where child.location.file == root.location.file {
                let start = child.location.byteOffset
                let text = ["", " ", "\n", "\n        "].randomElement(using: &random)!
                if child.kind == .text {
                    let bytes = Array(child.stringValue.utf8)
                    let end = min(start + bytes.count, source.count)
                    if Array(source[start..<end]) == bytes { edits.append((start..<end, text)) }
                } else if child.precedingSiblings.first(where: { _ in true })?.kind != .text {
                    edits.append((start..<start, text))
                }
            }
        }
        var (bytes, first) = (source, source.count)
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) where edit.range.upperBound <= first
        {
            bytes.replaceSubrange(edit.range, with: Array(edit.text.utf8))
            first = edit.range.lowerBound
        }
        return bytes
    }

    private func checkIndentation(_ path: String, _ policies: [Policy]?, _ seed: UInt64) throws {
        let source = try FileAccess.bytes(ofFile: path)
        let plain = try read(source, path)
        let changed = reindented(plain.element, source, seed)
        #expect(changed != source)
        let indented = try read(changed, path)
        for policy in policies ?? plain.policies {
            let texts = [plain, indented].map { PageText($0.reading(policy), $0) }
            guard texts[0] != texts[1] else { continue }
            let first = zip(texts[0].lines, texts[1].lines).first { $0 != $1 }
            Issue.record("\(path), \(policy): “\(first?.0.prefix(200) ?? "")” became “\(first?.1.prefix(200) ?? "")”")
        }
    }

    @Test("how a file is indented changes nothing", arguments: Repository.documents)
    func indentation(_ name: String) throws {
        for seed in 0..<2 { try checkIndentation(Repository.root + "/TEI/" + name, nil, UInt64(seed)) }
    }

    @Test("how a file is indented changes nothing, in a document with every construct", .inRelease)
    func indentationOfEverything() throws {
        for seed in 0..<4 { try checkIndentation(Repository.path("Tests/Everything.xml"), nil, UInt64(seed)) }
    }

    @Test("how a file is indented changes nothing, in plays", .inRelease, .hasData("gerdracor"))
    func indentationOfPlays() throws {
        for (seed, path) in try EditionFiles.files(at: [Repository.data + "/gerdracor"]).enumerated() {
            try checkIndentation(path, [.reading, .diplomatic], UInt64(seed))
        }
    }

    // MARK: What others did

    /// A character of a text as its JSON has it.
    private struct Written {
        let character: Unicode.Scalar
        let hand: String?
        let isEditorial: Bool
        /// The kinds of changes around it.
        let within: Set<String>
    }

    /// The characters that a text has from the source, by their places.
    private func written(_ transcription: Transcription, _ policy: Policy) throws -> [String: Written] {
        struct Export: Decodable {
            struct Run: Decodable {
                let start, end: Int
                let hand: String?
                let editorial, generated: Bool?
                let within: [String]?
            }
            struct Origin: Decodable {
                let start, line, column: Int
                let file: String?
                let generated: Bool?
            }
            let text: String
            let runs: [Run]
            let sourceMap: [Origin]
        }
        let export = try JSONDecoder().decode(
            Export.self, from: Data(JSONFormat().export(transcription, policy: policy)))
        let scalars = Array(export.text.unicodeScalars)
        var found: [String: Written] = [:]
        var origin = 0
        for run in export.runs where run.generated != true {
            for offset in run.start..<run.end where !scalars[offset].properties.isWhitespace {
                while origin + 1 < export.sourceMap.count, export.sourceMap[origin + 1].start <= offset { origin += 1 }
                let place = export.sourceMap[origin]
                let key = "\(place.file ?? ""):\(place.line):\(place.column + offset - place.start)"
                #expect(found[key] == nil, "\(policy) has the character at \(key) twice")
                found[key] = Written(
                    character: scalars[offset], hand: run.hand, isEditorial: run.editorial == true,
                    within: Set(run.within ?? []))
            }
        }
        return found
    }

    /// The places of the characters in some elements.
    private func places(in elements: [Node]) -> Set<String> {
        Set(
            elements.flatMap(\.descendants).filter { $0.kind == .text }.flatMap { text in
                let place = text.location
                return text.stringValue.unicodeScalars.indices.enumerated().map { offset, _ in
                    "\(place.file):\(place.line):\(place.column + offset)"
                }
            })
    }

    /// The base text, without what was taken away and with what others wrote, is the last text.
    private func checkChanges(_ transcription: Transcription) throws {
        let all = try written(transcription, .diplomatic)
        let typed = try written(transcription, .typed)
        let revised = try written(transcription, .revised)
        let main = transcription.hands.first(where: \.isMain)?.id
        // A text tells of a sign in words of the program, with or without the sign; page numbers and the like are the
        // sheet's.
        let sheet = transcription.events.compactMap { event -> Node? in
            guard case .open(let opening) = event, transcription.facts(of: opening).isFurniture else { return nil }
            return opening.node
        }
        let signs = places(in: transcription.marks.map(\.node).filter { $0.tei == "metamark" } + sheet)
        // What was struck out at once was never the text's.
        let atOnce = places(
            in: transcription.interventions.filter { $0.isInstant && $0.kind == .deletion }.map(\.node))
        for (place, one) in all {
            let isOthers = one.isEditorial || one.hand != main || one.within.contains("addition")
            switch (typed[place], revised[place]) {
            case (let first?, let last?): #expect(first.character == one.character && last.character == one.character)
            case (_?, nil): #expect(one.within.contains("deletion"), "\(place) was taken away by nobody")
            case (nil, let last?): #expect(isOthers, "\(last.character) at \(place) was added by nobody")
            case (nil, nil) where !signs.contains(place):
                let isOfOne =
                    isOthers || atOnce.contains(place)
                    || !one.within.isDisjoint(with: ["reading", "correction", "regularization"])
                #expect(isOfOne, "\(one.character) at \(place) is in neither text")
            case (nil, nil): break
            }
        }
        for place in Set(typed.keys).union(revised.keys) { #expect(all[place] != nil, "\(place) is not written") }
    }

    @Test("the last text is the first one and what was done to it", arguments: Repository.documents)
    func changes(_ name: String) throws { try checkChanges(transcription("TEI/" + name)) }

    @Test("the last text is the first one and what was done to it, in a notebook", .inRelease, .hasData("sga/tei"))
    func changesOfNotebook() throws { try checkChanges(ConservationTests.shelley()) }
}
