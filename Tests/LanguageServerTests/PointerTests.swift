import Corpus
import Foundation
import Support
import Testing
import Validation
import XML

@testable import LanguageServer

/// Pointers in the edition itself, most of which lead to other files.
@Suite(.serialized) struct PointerTests {
    private static var files: [String] {
        get throws {
            try FileManager.default.subpathsOfDirectory(atPath: Repository.path("TEI")).filter { $0.hasSuffix(".xml") }
                .sorted().map { Repository.path("TEI/" + $0) }
        }
    }

    @Test("every pointer of the edition is offered where it is, and nothing of another kind", .inRelease)
    func offered() throws {
        let client = try Client(folder: Repository.path("TEI"))
        let targets = client.server.targets
        var count = 0
        for path in try Self.files {
            let bytes = try FileAccess.bytes(ofFile: path)
            client.open(String(decoding: bytes, as: UTF8.self), at: path)
            let document = client.server.documents[Client.uri(path)]!
            let markup = document.markup
            for element in markup.elements.indices {
                for (name, value) in markup.attributes(of: markup.elements[element].startTag) {
                    guard let kinds = targets.kinds(of: name, on: element, in: markup) else { continue }
                    for pointer in markup.pointers(in: value, of: name, on: element) {
                        guard let (file, id) = targets.resolve(pointer, in: document.pointerSyntax), id != nil,
                            FileAccess.exists(file)
                        else { continue }
                        let items = targets.items(
                            for: name, on: element, in: document, replacing: pointer.range, text: "")
                        count += 1
                        // A pointer at the document itself needs no name of a file.
                        let isOffered = items.items.contains { item in
                            let reference = Reference(item.label)
                            return reference.path(relativeTo: path) == file && reference.fragment == id
                        }
                        #expect(isOffered, "\(path): \(pointer.text)")
                        let wrong = items.items.first { item in
                            !kinds.isEmpty && !kinds.contains { item.detail?.hasPrefix("<\($0)>") == true }
                        }
                        #expect(wrong == nil, "\(path): \(name) \(wrong?.label ?? "")")
                    }
                }
            }
            client.notify("textDocument/didClose", client.parameters(path))
        }
        #expect(count >= 896)
    }

    /// A copy of the edition, in which every id is given another name, one after the other.
    @Test(
        "renaming each id changes its places in all files and nothing else, and all stays as valid as it was",
        .inRelease)
    func renamed() throws {
        let scratch = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Repository.path("TEI"), toPath: scratch.path("TEI"))
        let folder = FileAccess.canonical(scratch.path("TEI"))
        let before = try CorpusValidation(usesCache: false).report(on: [folder])
        let client = try Client(folder: folder)
        var count = 0
        for index in client.server.workspace.indexes {
            for target in index.targets {
                try rename(target, in: index.path, client)
                count += 1
            }
        }
        #expect(count >= 264)
        // Taken back at once, the bytes are the old ones.
        for path in try Self.files {
            let copy = folder + path.dropFirst(Repository.path("TEI").count)
            let text = try String(contentsOfFile: copy, encoding: .utf8)
            #expect(
                try text.replacing("-renamed", with: "") == String(contentsOfFile: path, encoding: .utf8), "\(path)")
        }
        let after = try CorpusValidation(usesCache: false).report(on: [folder])
        #expect(before.summary == after.summary)
    }

    private func rename(_ target: FileIndex.Target, in path: String, _ client: Client) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        client.open(text, at: path)
        let markup = client.server.documents[Client.uri(path)]!.markup
        let element = try #require(
            markup.elements.indices.first { element in
                markup.identifier(of: element).map { markup.value($0) == target.id } ?? false
            })
        let offset = try #require(markup.identifier(of: element)).lowerBound
        let answer =
            try client.request(
                "textDocument/rename",
                client.parameters(at: offset, of: path, ["newName": target.id + "-renamed"])) as? [String: Any]
        let changes = try #require(answer?["changes"] as? [String: [[String: Any]]])
        for (uri, edits) in changes {
            let file = Server.path(of: uri)
            let old = try String(contentsOfFile: file, encoding: .utf8)
            try applied(edits, to: old).write(toFile: file, atomically: true, encoding: .utf8)
        }
        client.notify("textDocument/didClose", client.parameters(path))
        client.notify("workspace/didChangeWatchedFiles", ["changes": []])
        client.server.settle()
    }

    // MARK: Small cases

    /// What lies outside of the edition is neither read nor said to be there.
    @Test func outside() throws {
        let scratch = try TemporaryFolder()
        for folder in ["edition", "edition/.git", "other"] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        for folder in ["edition", "other"] {
            try Data("<TEI><person xml:id='x'><persName>Secret</persName></person></TEI>".utf8)
                .write(to: scratch.url("\(folder)/people.xml"))
        }
        let source =
            "<TEI xmlns='http://www.tei-c.org/ns/1.0'><persName ref='../other/people.xml#x'/><ref target='people.xml#x'/></TEI>"
        let client = try Client()
        let path = FileAccess.canonical(scratch.path("edition")) + "/memo.xml"
        client.open(source, at: path)
        for (place, isSeen) in [("ref='../", false), ("target='pe", true)] {
            let offset = source.utf8.distance(to: place)
            let hover =
                try client.request("textDocument/hover", client.parameters(at: offset, of: path)) as? [String: Any]
            let text = (hover?["contents"] as? [String: String])?["value"] ?? ""
            #expect(text.contains("Secret") == isSeen, "\(text)")
            let definition = try client.request("textDocument/definition", client.parameters(at: offset, of: path))
            #expect((definition is [Any]) == isSeen)
        }
        let links = try client.request("textDocument/documentLink", client.parameters(path)) as? [Any]
        #expect(links?.count == 1)
    }

    /// A file in a scratch folder with two people, and a memo that points at them in each way.
    private func memoWithPrefix(
        _ test: (Client, _ memo: String, _ source: String, _ people: String) throws -> Void
    )
        throws
    {
        let scratch = try TemporaryFolder()
        for folder in [".git", "memos", "registers"] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        let folder = FileAccess.canonical(scratch.path(""))
        let people = "<TEI><person xml:id='p-ada'><persName>Ada</persName></person><person xml:id='p-bo'/></TEI>"
        try Data(people.utf8).write(to: scratch.url("registers/people.xml"))
        let source = """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><encodingDesc><listPrefixDef>
            <prefixDef ident="psn" matchPattern="([a-z]+)" replacementPattern="../registers/people.xml#p-$1"/>
            </listPrefixDef></encodingDesc></teiHeader><text><body><p><persName ref="psn:ada"/>
            <persName ref="../registers/people.xml#p-ada"/></p>
            <div xml:base="../registers/"><p><persName ref="people.xml#p-ada"/></p></div></body></text></TEI>
            """
        let memo = folder + "/memos/memo.xml"
        try Data(source.utf8).write(to: scratch.url("memos/memo.xml"))
        let client = try Client(folder: folder)
        client.open(source, at: memo)
        try test(client, memo, source, folder + "/registers/people.xml")
    }

    @Test("a prefix and xml:base lead where validation finds them")
    func prefixes() throws {
        try memoWithPrefix { client, memo, source, people in
            for place in ["ref=\"psn", "ref=\"../reg", "ref=\"peo"] {
                let parameters = client.parameters(at: source.utf8.distance(to: place), of: memo)
                let definition = try client.request("textDocument/definition", parameters) as? [[String: Any]]
                #expect(definition?.first?["uri"] as? String == Client.uri(people), "\(place)")
                let hover = try client.request("textDocument/hover", parameters) as? [String: Any]
                #expect((hover?["contents"] as? [String: String])?["value"]?.contains("Ada") == true, "\(place)")
            }
            // Each is offered as the document writes such pointers.
            let short = try client.labels(at: source.utf8.distance(to: "ref=\"psn"), of: memo)
            #expect(short == ["psn:ada", "psn:bo"])
        }
    }

    @Test("a rename changes as much of an id as a prefix leaves, and is refused if no prefix can mean the new one")
    func renamedWithPrefix() throws {
        try memoWithPrefix { client, memo, source, people in
            let parameters = client.parameters(at: source.utf8.distance(to: "ref=\"psn"), of: memo)
            let answer =
                try client.request("textDocument/rename", parameters.merging(["newName": "p-eva"]) { $1 })
                as? [String: Any]
            let changes = try #require(answer?["changes"] as? [String: [[String: Any]]])
            #expect(changes.keys.sorted() == [memo, people].map(Client.uri))
            #expect(
                applied(changes[Client.uri(memo)] ?? [], to: source)
                    == source.replacing("psn:ada", with: "psn:eva").replacing("#p-ada", with: "#p-eva"))
            let failure = #expect(throws: Client.Failure.self) {
                try client.request("textDocument/rename", parameters.merging(["newName": "p-7"]) { $1 })
            }
            #expect(failure?.message.contains("memo.xml:3 cannot mean ‘p-7’") == true, "\(failure?.message ?? "")")
        }
    }

    @Test("an entry that is not yet saved counts, and a pointer is reported when its target goes")
    func unsaved() throws {
        try memoWithPrefix { client, memo, source, people in
            let wrong = source.replacing("\"people.xml#p-ada\"", with: "\"people.xml#p-cy\"")
            client.open(wrong, at: memo)
            /// Whether the pointer is reported; `nil` if nothing was published.
            func isReported() -> Bool? {
                client.newDiagnostics(of: memo)?.contains { ($0["message"] as? String)?.contains("p-cy") == true }
            }
            #expect(isReported() == true)
            client.open("<TEI><person xml:id='p-ada'/><person xml:id='p-cy'/></TEI>", at: people)
            #expect(isReported() == false)
            client.notify("textDocument/didClose", client.parameters(people))
            #expect(isReported() == true)
        }
    }

    @Test func places() throws {
        let source = """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><handNotes>
            <handNote xml:id="ada">Ada Marsh</handNote></handNotes></profileDesc></teiHeader>
            <text><body><p xml:id="p1"><add hand="#ada">x</add> <ref target="#p1 #ada">y</ref></p></body></text></TEI>
            """
        let client = try Client()
        let path = "/memory/memo.xml"
        client.open(source, at: path)
        let offset = source.utf8.distance(to: "hand=\"#a")
        let definition = try client.request("textDocument/definition", client.parameters(at: offset, of: path))
        let range = (definition as? [[String: Any]])?.first?["range"] as? [String: [String: Int]]
        #expect(range?["start"] == ["line": 1, "character": 18] && range?["end"] == ["line": 1, "character": 21])
        let references = try client.request(
            "textDocument/references",
            client.parameters(at: offset, of: path, ["context": ["includeDeclaration": true]]))
        #expect((references as? [Any])?.count == 3)
        let hover = try client.request("textDocument/hover", client.parameters(at: offset, of: path)) as? [String: Any]
        #expect((hover?["contents"] as? [String: String])?["value"] == "Ada Marsh\n\n<handNote> memo.xml:2")
        for (name, message) in [("1x", "cannot be an xml:id"), ("p1", "already has the xml:id")] {
            let failure = #expect(throws: Client.Failure.self) {
                try client.request("textDocument/rename", client.parameters(at: offset, of: path, ["newName": name]))
            }
            #expect(failure?.message.contains(message) == true)
        }
    }
}

/// A text after edits of a client, of which none overlap.
func applied(_ edits: [[String: Any]], to text: String) -> String {
    let document = TextDocument(uri: "", path: "", version: 1, text: text, encoding: .utf16)
    func position(_ place: Any?) -> Position {
        let place = place as! [String: Int]
        return Position(line: place["line"]!, character: place["character"]!)
    }
    var bytes = Array(text.utf8)
    let changes = edits.map { edit -> (Range<Int>, String) in
        let range = edit["range"] as! [String: Any]
        return (
            document.offset(of: position(range["start"]))..<document.offset(of: position(range["end"])),
            edit["newText"] as! String
        )
    }
    for (range, new) in changes.enumerated().sorted(by: {
        ($0.element.0.lowerBound, $0.offset) > ($1.element.0.lowerBound, $1.offset)
    })
    .map(\.element) {
        bytes.replaceSubrange(range, with: Array(new.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
}

extension String.UTF8View {
    /// The offset after the first place of a text.
    func distance(to text: String) -> Int {
        Array(self).span.firstOffset(of: Array(text.utf8).span)! + text.utf8.count
    }
}
