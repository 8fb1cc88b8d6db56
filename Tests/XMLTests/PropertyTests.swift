import Support
import Testing
import XML

/// Documents made at random, in every encoding, against what their maker knows of them.
@Suite struct PropertyTests {
    enum Form: String, CaseIterable, Sendable {
        case utf8, utf8Undeclared, utf8Mark, utf16Little, utf16Big, utf16LittleWithoutMark, latin1, windows1252

        var encoding: Encoding {
            switch self {
            case .utf8, .utf8Undeclared, .utf8Mark: .utf8
            case .utf16Little, .utf16LittleWithoutMark: .utf16LittleEndian
            case .utf16Big: .utf16BigEndian
            case .latin1: .latin1
            case .windows1252: .windows1252
            }
        }

        var hasMark: Bool { [.utf8Mark, .utf16Little, .utf16Big].contains(self) }

        /// Every tenth document is larger than the window that libxml2 keeps of its input.
        func make(_ seed: Int) -> (RandomDocument, EncodedSource) {
            let breadth = seed % 10 == 9 ? 400 : 12
            let made = RandomDocument(seed: seed, encoding: self == .utf8Undeclared ? nil : encoding, breadth: breadth)
            return (made, EncodedSource(made.source, encoding, mark: hasMark))
        }
    }

    static let seeds = 0..<50

    @Test(.inRelease, arguments: Form.allCases) func treesAndPlaces(_ form: Form) throws {
        for seed in PropertyTests.seeds {
            let (made, encoded) = form.make(seed)
            let document: Document
            do {
                document = try Document(encoded.bytes, path: "\(form.rawValue)-\(seed)")
            } catch {
                Issue.record(
                    "seed \(seed): \(error.list.map(dump).joined()) in \(String(String.UnicodeScalarView(made.source)))"
                )
                continue
            }
            let found = Array(document.documentNode.descendants)
            #expect(found.count == made.nodes.count, "seed \(seed)")
            for (node, expected) in zip(found, made.nodes) {
                if let difference = difference(node, expected, encoded) {
                    Issue.record(
                        "seed \(seed), \(node.path): \(difference)\n\(String(String.UnicodeScalarView(made.source)))")
                    break
                }
            }
            #expect(document.serialized == encoded.bytes, "seed \(seed)")
            #expect(document.files[0].encoding == form.encoding)
        }
    }

    /// Bytes of every kind in every order: what is no UTF-8 for the standard library is none here, from the same byte
    /// on.
    @Test func malformedUTF8() throws {
        var generator = Generator(seed: 8)
        let bytes: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
            0xF0, 0xF1, 0xF3,
            0xF4, 0xF5, 0xFF,
        ]
        let characters = [
            "a", "abcdefgh", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFD}", "\u{10000}",
            "\u{10FFFF}",
        ]
        for _ in 0..<20_000 {
            var text: [UInt8] = []
            for _ in 0..<generator.number(below: 12) { text += Array(generator.pick(characters).utf8) }
            for _ in 0..<generator.number(below: 4) { text.append(generator.pick(bytes)) }
            let source = Array("<a>".utf8) + text + Array("</a>".utf8)
            var invalid: Int?
            do throws(UTF8.ValidationError) {
                _ = try UTF8Span(validating: source.span)
            } catch {
                invalid = error.byteOffsets.lowerBound
            }
            var found: Int?
            do throws(Diagnostics) {
                _ = try Document(source, path: "bytes")
            } catch {
                found = error.list[0].rule == "encoding-invalid" ? error.list[0].location?.byteOffset : nil
            }
            #expect(found == invalid, "\(text)")
        }
    }

    /// The first thing in which a node is not what it must be.
    private func difference(_ node: Node, _ expected: RandomDocument.ExpectedNode, _ encoded: EncodedSource) -> String?
    {
        func check<T: Equatable>(_ what: String, _ found: T, _ expected: T) -> String? {
            found == expected ? nil : "\(what) is \(found), not \(expected)"
        }
        func check(_ what: String, _ found: XML.SourceLocation, _ offset: Int) -> String? {
            let place = encoded.places[offset]
            return check("\(what): byte", found.byteOffset, encoded.offsets[offset])
                ?? check("\(what): line", found.line, place.line)
                ?? check("\(what): column", found.column, place.column)
        }
        if let wrong = check("kind", node.kind, expected.kind) ?? check("start", node.location, expected.start)
            ?? check("end", node.byteRange.upperBound, encoded.offsets[expected.end])
        {
            return wrong
        }
        switch node.kind {
        case .document:
            return nil
        case .element:
            let attributes = Array(node.attributes)
            return check("name", node.name!.description, expected.name)
                ?? check("namespace", node.namespace, expected.namespace)
                ?? check("end of tag", node.startTagByteRange!.upperBound, encoded.offsets[expected.tagEnd])
                ?? check("attributes", attributes.map(\.name.description), expected.attributes.map(\.name))
                ?? check("values", attributes.map { Array($0.value.unicodeScalars) }, expected.attributes.map(\.value))
                ?? zip(attributes, expected.attributes).lazy.compactMap { check($1.name, $0.location, $1.start) }.first
        case .text:
            return check("text", Array(node.stringValue.unicodeScalars), expected.value)
                ?? expected.places.indices.lazy.compactMap {
                    check("scalar \($0)", node.location(ofScalar: $0), expected.places[$0])
                }.first
        case .comment, .processingInstruction:
            return check("name", node.localName, expected.name)
                ?? check("content", Array(node.stringValue.unicodeScalars), expected.value)
        }
    }

    @Test(arguments: Form.allCases) func laws(_ form: Form) throws {
        for seed in PropertyTests.seeds {
            let document = try Document(form.make(seed).1.bytes, path: "\(form.rawValue)-\(seed)")
            let step = 1 + document.nodeCount / 200
            checkAxes(of: document, at: document.documentNode.descendantsOrSelf.filter { $0.index % step == 0 })
            checkCanonical(document)
        }
    }
}

/// What the axes are to one another, at each of the nodes.
func checkAxes(of document: Document, at nodes: [Node]) {
    let all = Array(0..<document.nodeCount)
    for node in nodes {
        let parts: [[Int]] = [
            node.ancestors.map(\.index), node.preceding.map(\.index), [node.index],
            node.descendants.map(\.index), node.following.map(\.index),
        ]
        #expect(parts.flatMap { $0 }.sorted() == all, "\(node.location): the five axes are not the document")
        #expect(
            node.nextSibling.map { $0.previousSibling == node } ?? true, "\(node.location): next and previous sibling")
        #expect(
            node.previousSibling.map { $0.nextSibling == node } ?? true, "\(node.location): previous and next sibling")
        #expect(node.children.allSatisfy { $0.parent == node }, "\(node.location): parent of its children")
        #expect(
            node.children.map(\.index) == node.descendants.filter { $0.parent == node }.map(\.index),
            "\(node.location): children")
        #expect(node.children.first { _ in true } == node.firstChild)
        let before: [Int] = node.precedingSiblings.map(\.index).reversed()
        let siblings = before + [node.index] + node.followingSiblings.map(\.index)
        #expect(siblings == node.parent.map { $0.children.map(\.index) } ?? [0], "\(node.location): siblings")
        #expect(node.ancestorsOrSelf.allSatisfy { $0.contains(node) }, "\(node.location): contains")
        #expect(!node.preceding.contains { $0.contains(node) }, "\(node.location): preceding")
    }
}

/// The canonical form is its own canonical form, and loses nothing but places.
func checkCanonical(_ document: Document) {
    let canonical = document.documentNode.canonical
    do {
        let again = try Document(canonical, path: document.files[0].path)
        #expect(again.documentNode.canonical == canonical, "\(document.files[0].path)")
        #expect(again.nodeCount == document.nodeCount, "\(document.files[0].path)")
    } catch {
        Issue.record(
            "\(document.files[0].path): the canonical form is not well-formed: \(error.list.map(dump).joined())")
    }
}
