import Foundation
import Support
import Testing
import XML

/// Real documents: this repository's, and other people's where they are here (design.md names them).
@Suite struct CorpusTests {
    static let others = ["sga/tei", "gerdracor", "mistakes"]

    /// The documents of this repository, or those of other people; of the bulky ones every seventh.
    static func files(_ folder: String) -> [URL] {
        switch folder {
        case "own": Folder.own
        default:
            Folder.documents(of: folder).enumerated().filter { folder != "gerdracor" || $0.offset % 7 == 0 }.map(
                \.element)
        }
    }

    @Test func ownDocuments() throws { try check("own") }

    @Test(.inRelease, .hasData("sga"), arguments: others) func othersDocuments(_ folder: String) throws {
        try check(folder)
    }

    private func check(_ folder: String) throws {
        let files = CorpusTests.files(folder)
        #expect(!files.isEmpty)
        for (number, file) in files.enumerated() {
            let bytes = Array(try Data(contentsOf: file))
            let document: Document
            do {
                document = try Document(bytes, path: file.lastPathComponent)
            } catch {
                #expect(folder == "mistakes", "\(error.list.map(dump).joined())")
                continue
            }
            #expect(document.serialized == bytes, "\(file.lastPathComponent)")
            #expect(document.files[0].encoding == .utf8)
            let wrong = document.documentNode.descendants.lazy.compactMap { CorpusTests.wrongPlace(of: $0, in: bytes) }
                .first
            #expect(wrong == nil, "\(file.lastPathComponent)")
            let step = max(1, document.nodeCount / 5)
            checkAxes(of: document, at: document.documentNode.descendantsOrSelf.filter { $0.index % step == 1 })
            if folder != "gerdracor" || number % 4 == 0 { checkCanonical(document) }
        }
    }

    /// What does not stand in the source where the node says.
    private static func wrongPlace(of node: Node, in bytes: [UInt8]) -> String? {
        let slice = bytes[node.byteRange]
        func starts(_ string: String, at offset: Int) -> Bool { bytes[offset...].starts(with: string.utf8) }
        switch node.kind {
        case .document:
            return nil
        case .element:
            let name = node.name!.description
            let ends =
                slice.suffix(2).elementsEqual("/>".utf8)
                || slice.suffix(name.utf8.count + 3).elementsEqual("</\(name)>".utf8)
            guard starts("<\(name)", at: slice.startIndex), ends else { return "\(node.location): <\(name)>" }
            let wrong = node.attributes.first { !starts("\($0.name)", at: $0.location.byteOffset) }
            return wrong.map { "\(node.location): @\($0.name)" }
        case .text:
            let scalars = Array(node.stringValue.unicodeScalars)
            let wrong = [0, scalars.count / 2, scalars.count - 1].first { number in
                let place = node.location(ofScalar: number).byteOffset
                return !starts(String(scalars[number]), at: place) && !starts("&", at: place)
            }
            return wrong.map { "\(node.location): character \($0) of a text" }
        case .comment:
            return starts("<!--", at: slice.startIndex) && slice.suffix(3).elementsEqual("-->".utf8)
                ? nil : "\(node.location)"
        case .processingInstruction:
            return starts("<?\(node.localName)", at: slice.startIndex) && slice.suffix(2).elementsEqual("?>".utf8)
                ? nil : "\(node.location)"
        }
    }

    /// Canonical XML 1.1 as libxml2 writes it; of the golden cases too, which hold the odd constructs.
    @Test(
        .inRelease, .enabled(if: Xmllint.isInstalled, "xmllint is not installed"), arguments: ["own", "cases"] + others)
    func canonicalFormIsThatOfXmllint(_ folder: String) throws {
        let cases = GoldenTests.names.filter {
            !$0.hasPrefix("error-") && !CorpusTests.loadsExternalSubset.contains($0)
        }
        let files =
            folder == "cases" ? cases.map { Folder.cases.appending(path: "\($0).xml") } : CorpusTests.files(folder)
        for file in files {
            guard let document = try? Document(contentsOfFile: file.path) else { continue }
            let found = try Xmllint.run(["--nonet", "--c14n11", file.path])
            #expect(found.code == 0, "\(file.lastPathComponent): \(found.errors)")
            let isEqual = Array(document.documentNode.canonical.utf8) == found.bytes
            #expect(isEqual, "\(file.lastPathComponent): canonical form")
        }
    }

    /// xmllint reads external subsets for `--c14n`, and these are not there.
    private static let loadsExternalSubset: Set<String> = ["doctype-external", "doctype-public"]
}
