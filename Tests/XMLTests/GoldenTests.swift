import Foundation
import Support
import Testing
import XML

/// Golden pairs: `Cases/NAME.xml` and `Cases/NAME.expected`, which holds the tree with every place, or the diagnostics.
@Suite struct GoldenTests {
    static let names = (try? FileManager.default.contentsOfDirectory(atPath: Folder.cases.path))!
        .filter { $0.hasSuffix(".xml") }.map { String($0.dropLast(4)) }.sorted()

    @Test(arguments: names) func golden(_ name: String) throws {
        let source = Folder.cases.appending(path: "\(name).xml")
        let found = GoldenTests.result(of: source.path).replacing(Folder.cases.path + "/", with: "")
            .replacing(Folder.cases.path, with: ".").replacing(
                Folder.cases.deletingLastPathComponent().path, with: "..")
        try expectGolden(found, Folder.cases.appending(path: "\(name).expected").path)
    }

    @Test func everyExpectationHasItsCase() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Folder.cases.path)
        let expected = files.filter { $0.hasSuffix(".expected") }.map { String($0.dropLast(9)) }.sorted()
        #expect(expected == GoldenTests.names)
    }

    private static func result(of path: String) -> String {
        do {
            let document = try Document(contentsOfFile: path)
            return dump(try document.resolvingXInclude(FileAccess(root: Folder.cases.path)))
        } catch {
            return error.list.map(dump).joined()
        }
    }
}

/// `file:line:column: severity: message [rule]`, then notes and help.
func dump(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.location.map { "\($0): " } ?? ""
    let notes = diagnostic.notes.map { note in
        "  \(note.location.map { "\($0): " } ?? "")note: \(note.message)\n"
    }
    let help = diagnostic.help.map { "  help: \($0)\n" } ?? ""
    return
        "\(place)\(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.rule)]\n\(notes.joined())\(help)"
}

/// The tree, one node a line: kind, name, place, bytes, value.
func dump(_ document: Document) -> String {
    let files = document.files.enumerated().map { number, file in
        "\(number == 0 ? "file" : "included") \(file.path) \(file.encoding.rawValue)"
            + (file.byteOrderMark > 0 ? ", byte order mark of \(file.byteOrderMark) bytes" : "") + "\n"
    }
    let nodes = document.documentNode.descendants.map { node in
        dump(node, indent: String(repeating: "  ", count: node.ancestors.reduce(-1) { count, _ in count + 1 }))
    }
    return document.diagnostics.map(dump).joined() + files.joined() + nodes.joined()
}

private func dump(_ node: Node, indent: String) -> String {
    let (range, location) = (node.byteRange, node.location)
    let file = node.file.path == node.document.files[0].path ? "" : " in \(location.file)"
    let place = "\(location.line):\(location.column) \(range.lowerBound)..<\(range.upperBound)\(file)"
    switch node.kind {
    case .document:
        return ""
    case .text:
        return "\(indent)text \(place) \(quoted(node.stringValue))\n\(indent)  at \(places(of: node))\n"
    case .comment:
        return "\(indent)comment \(place) \(quoted(node.stringValue))\n"
    case .processingInstruction:
        return "\(indent)instruction \(node.name!) \(place) \(quoted(node.stringValue))\n"
    case .element:
        let namespace = node.namespace.map { " {\($0)}" } ?? ""
        let tag = node.startTagByteRange!
        let own = node.namespaces.filter { node.parent!.namespaces[$0.key] != $0.value }
        let declarations = own.sorted { $0.key < $1.key }.map { "\(indent)  xmlns:\($0.key)=\(quoted($0.value))\n" }
        let attributes = node.attributes.map { attribute in
            let namespace = attribute.name.namespace.map { " {\($0)}" } ?? ""
            let place =
                attribute.location == location ? "defaulted" : "\(attribute.location.line):\(attribute.location.column)"
            return "\(indent)  @\(attribute.name)=\(quoted(attribute.value))\(namespace) \(place)\n"
        }
        let scope = [
            node.language == node.parent?.language ? nil : "language \(node.language ?? "none")",
            node.preservesSpace == node.parent?.preservesSpace
                ? nil : "space \(node.preservesSpace ? "preserved" : "default")",
            node.baseURI == node.parent?.baseURI ? nil : "base \(node.baseURI)",
        ].compactMap { $0 }.map { "\(indent)  in scope: \($0)\n" }
        return "\(indent)element \(node.name!)\(namespace) \(place), tag ..<\(tag.upperBound)\n"
            + declarations.joined() + attributes.joined() + scope.joined()
    }
}

/// The places of a text's characters, one for each run that lies together: `line:column+count`.
private func places(of text: Node) -> String {
    var runs: [(start: XML.SourceLocation, count: Int)] = []
    for offset in 0..<text.stringValue.unicodeScalars.count {
        let place = text.location(ofScalar: offset)
        if let last = runs.last, place.line == last.start.line, place.column == last.start.column + last.count {
            runs[runs.count - 1].count += 1
        } else {
            runs.append((place, 1))
        }
    }
    return runs.map { "\($0.start.line):\($0.start.column)+\($0.count)" }.joined(separator: " ")
}

private func quoted(_ string: String) -> String {
    let escaped = string.unicodeScalars.map { scalar in
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\"": "\\\""
        default: String(scalar)
        }
    }
    return "\"\(escaped.joined())\""
}
