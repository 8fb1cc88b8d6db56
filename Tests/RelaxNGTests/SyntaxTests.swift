import Foundation
@testable import RelaxNG
import Support
import Testing
@testable import Validation
import XML

private let data = Repository.data + "/"

private func read(_ bytes: [UInt8], path: String, namespace: String? = nil) throws(Diagnostics) -> SchemaSyntax {
    var sources = SchemaSources()
    return try SchemaSyntax.read(bytes, path: path, namespace: namespace, annotations: true, into: &sources)
}

private func read(_ path: String) throws -> SchemaSyntax {
    try read(FileAccess.bytes(ofFile: path), path: path)
}

private func read(compact: String) throws(Diagnostics) -> SchemaSyntax {
    try read(Array(compact.utf8), path: "memory.rnc")
}

func read(xml: String) throws(Diagnostics) -> SchemaSyntax {
    let namespaces = #"xmlns="http://relaxng.org/ns/structure/1.0" xmlns:x="http://example.com/x""#
    let text = xml.replacing(/<[a-z]+/, maxReplacements: 1) { $0.output + " " + namespaces }
    return try read(Array(text.utf8), path: "memory.rng")
}

/// The mistakes in a schema, as `line:column rule`.
private func mistakes(_ body: () throws(Diagnostics) -> SchemaSyntax) -> [String] {
    do throws(Diagnostics) {
        _ = try body()
        return []
    } catch {
        return error.list.map { "\($0.location!.line):\($0.location!.column) \($0.rule)" }
    }
}

/// What a syntax tree says, without places and prefixes: equal texts are equal schemas.
private struct Dump {
    /// Whether white space in annotations counts: Trang adds some when it writes XML.
    var keepsSpace = true

    func callAsFunction(_ schema: SchemaSyntax) -> String { pattern(schema.pattern, 0) }

    private func lines(_ indent: Int, _ head: String, _ annotation: AnnotationsSyntax?, _ children: [String]) -> String
    {
        let pad = String(repeating: " ", count: indent)
        return ([pad + head + notes(annotation)] + children).joined(separator: "\n")
    }

    private func notes(_ found: AnnotationsSyntax?) -> String {
        guard let found else { return "" }
        let attributes = found.attributes.map { "@\(name($0.name))=\($0.value.debugDescription)" }.sorted().joined(
            separator: " ")
        return " [\(attributes) | \(found.elements.map(element).joined()) | \(found.following.map(element).joined())]"
    }

    private func name(_ name: QName) -> String { "{\(name.namespace ?? "")}\(name.localName)" }

    private func element(_ element: AnnotationElement) -> String {
        let attributes = element.attributes.map { "\(name($0.name))=\($0.value.debugDescription)" }.sorted().joined(
            separator: " ")
        let content = element.content.compactMap { part in
            switch part {
            case .element(let child): return self.element(child)
            case .text(let text) where keepsSpace: return text.debugDescription
            case .text(let text):
                let rest = text.filter { !$0.isWhitespace }
                return rest.isEmpty ? nil : rest
            }
        }
        return "<\(name(element.name)) \(attributes) \(content.joined(separator: " "))>"
    }

    private func type(_ type: DatatypeName) -> String { "{\(type.library)}\(type.name)" }

    private func reference(_ reference: ReferenceSyntax) -> String {
        let href =
            reference.href.hasSuffix(".rng") || reference.href.hasSuffix(".rnc")
            ? String(reference.href.dropLast(4)) : reference.href
        return "\(href) \(reference.namespace ?? "inherit")"
    }

    private func patterns(_ list: [PatternSyntax], _ indent: Int) -> [String] { list.map { pattern($0, indent + 1) } }

    private func pattern(_ syntax: PatternSyntax, _ indent: Int) -> String {
        let (head, children): (String, [String]) =
            switch syntax.kind {
            case .element(let name, let list): ("element", [nameClass(name, indent + 1)] + patterns(list, indent))
            case .attribute(let name, let list): ("attribute", [nameClass(name, indent + 1)] + patterns(list, indent))
            case .group(let list): ("group", patterns(list, indent))
            case .interleave(let list): ("interleave", patterns(list, indent))
            case .choice(let list): ("choice", patterns(list, indent))
            case .optional(let list): ("optional", patterns(list, indent))
            case .zeroOrMore(let list): ("zeroOrMore", patterns(list, indent))
            case .oneOrMore(let list): ("oneOrMore", patterns(list, indent))
            case .list(let list): ("list", patterns(list, indent))
            case .mixed(let list): ("mixed", patterns(list, indent))
            case .ref(let name): ("ref \(name)", [])
            case .parentRef(let name): ("parentRef \(name)", [])
            case .empty: ("empty", [])
            case .text: ("text", [])
            case .notAllowed: ("notAllowed", [])
            case .value(let value): (self.value(value), [])
            case .data(let data):
                (
                    "data \(type(data.type))",
                    data.parameters.map {
                        lines(indent + 1, "\($0.name)=\($0.value.debugDescription)", $0.annotations, [])
                    }
                        + (data.except.isEmpty
                            ? [] : [lines(indent + 1, "except", nil, patterns(data.except, indent + 1))])
                )
            case .externalRef(let reference): ("externalRef \(self.reference(reference))", [])
            case .grammar(let grammar): ("grammar", grammar.components.map { component($0, indent + 1) })
            }
        return lines(indent, head, syntax.annotations, children)
    }

    /// A QName by what its prefix means.
    private func value(_ value: ValueSyntax) -> String {
        let parts = value.string.split(separator: ":")
        guard value.type.name == "QName" else { return "value \(type(value.type)) \(value.string.debugDescription)" }
        let name =
            parts.count == 2
            ? "{\(value.prefixes[CodepointString(String(parts[0]))] ?? "?")}\(parts[1])"
            : "{\(value.namespace)}\(value.string)"
        return "value \(type(value.type)) \(name)"
    }

    private func nameClass(_ syntax: NameClassSyntax, _ indent: Int) -> String {
        let (head, children): (String, [NameClassSyntax]) =
            switch syntax.kind {
            case .name(let qname): ("name {\(qname.namespace ?? "inherit")}\(qname.localName)", [])
            case .anyName(let except): ("anyName", except)
            case .nsName(let namespace, let prefix, let except):
                ("nsName {\(namespace.isEmpty && prefix == nil ? "inherit" : namespace)}", except)
            case .choice(let classes): ("choice", classes)
            }
        return lines(indent, head, syntax.annotations, children.map { nameClass($0, indent + 1) })
    }

    private func component(_ syntax: ComponentSyntax, _ indent: Int) -> String {
        let (head, children): (String, [String]) =
            switch syntax.kind {
            case .start(let combine, let list): ("start \(combine?.rawValue ?? "")", patterns(list, indent))
            case .define(let name, let combine, let list):
                ("define \(name) \(combine?.rawValue ?? "")", patterns(list, indent))
            case .div(let components): ("div", components.map { component($0, indent + 1) })
            case .include(let reference, let overrides):
                ("include \(self.reference(reference))", overrides.map { component($0, indent + 1) })
            case .annotation(let element): (self.element(element), [])
            }
        return lines(indent, head, syntax.annotations, children)
    }
}

// MARK: - Conformance

@Suite(.hasData("relaxng"))
struct SyntaxConformanceTests {
    static let cases = ((try? String(contentsOfFile: data + "relaxng/manifest.tsv", encoding: .utf8)) ?? "")
        .split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }

    /// Section 3 is the reader's own; what else it refuses must be wrong.
    @Test func specification() throws {
        var refused = 0
        for row in Self.cases where row[0] == "spectest" && row[5] == "-" {
            let found = mistakes { () throws(Diagnostics) in
                try read(FileAccess.bytes(ofFile: data + "relaxng/" + row[4]), path: row[4])
            }
            if row[6] == "correct" { #expect(found.isEmpty, "\(row[1]) \(row[2])") }
            if row[6] == "incorrect", row[2] == "3" {
                #expect(!found.isEmpty, "\(row[1]) \(row[2])")
                refused += found.isEmpty ? 0 : 1
            }
        }
        #expect(refused == 75)
    }

    /// Correct as syntax, and refused later.
    static let refusedLater: [String: String] = [
        "053": "anyName in the except of anyName: RELAX NG, 4.16", "054": "the same",
        "055": "anyName in the except of nsName",
        "056": "the same", "057": "nsName in the except of nsName", "058": "the same", "059": "the same",
        "085": "no start, and a QName whose prefix is not declared: the datatype's matter",
    ]

    @Test func incorrectCompactSchemas() throws {
        let folder = data + "relaxng/compacttest/"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where FileManager.default.fileExists(atPath: folder + name + "/compact/incorrect") {
            let path = folder + name + "/compact/schema.rnc"
            let found = mistakes { () throws(Diagnostics) in try read(FileAccess.bytes(ofFile: path), path: path) }
            #expect(found.isEmpty == (Self.refusedLater[name] != nil), "\(name): \(found)")
        }
    }
}

// MARK: - Translation

/// A schema in XML syntax as a text without comments, blanks and prefixes, in which `ns` and `datatypeLibrary` stand
/// where they mean something, and every name is a child.
private struct Resolved {
    private let rng = "http://relaxng.org/ns/structure/1.0"

    func callAsFunction(_ node: Node, ns: String = "inherit", library: String = "") -> String {
        guard node.namespace == rng else { return foreign(node) }
        let ns = node.attribute("ns") ?? ns
        let library = node.attribute("datatypeLibrary") ?? library
        let kept = node.attributes.filter {
            !["ns", "datatypeLibrary", "name"].contains($0.name.localName) || $0.name.namespace != nil
        }
        var parts = kept.map { "\($0.name.namespace ?? "")@\($0.name.localName)=\($0.value)" }.sorted()
        switch node.localName {
        case "element", "attribute":
            if let found = node.attribute("name") {
                let own = node.localName == "attribute" ? node.attribute("ns") ?? "" : ns
                parts.append("name(\(name(found, node, own)))")
            }
        case "name": return "name(\(name(node.stringValue, node, ns)))"
        case "nsName", "include", "externalRef": parts.append(ns)
        case "value" where node.attribute("type") != nil: parts.append(library + " " + node.stringValue)
        case "value": parts.append(node.stringValue)
        case "data": parts.append(library)
        case "param": parts.append("\(node.attribute("name")!)=\(node.stringValue)")
        default: parts.append(node.attribute("name") ?? "")
        }
        let children = node.childElements.map { self($0, ns: ns, library: library) }.filter { $0 != "" }
        if node.localName == "attribute", children == ["text()"] { return "attribute(\(parts.joined(separator: " ")))" }
        return "\(node.localName)(\((parts + children).filter { $0 != "" }.joined(separator: "\n")))"
    }

    private func name(_ string: String, _ node: Node, _ ns: String) -> String {
        let parts = string.split(separator: ":")
        return parts.count == 2
            ? "{\(node.namespace(forPrefix: String(parts[0])) ?? "?")}\(parts[1])" : "{\(ns)}\(string)"
    }

    private func foreign(_ node: Node) -> String {
        let attributes = node.attributes.map { "\($0.name.namespace ?? "")@\($0.name.localName)=\($0.value)" }.sorted()
        let children = node.children.compactMap { child -> String? in
            switch child.kind {
            case .element: foreign(child)
            case .text: child.stringValue.allSatisfy(\.isWhitespace) ? nil : child.stringValue
            default: nil
            }
        }
        return "<\(node.namespace ?? "")|\(node.localName) \(attributes.joined(separator: " "))>\(children.joined())"
    }
}

@Suite(.hasData("relaxng"))
struct TranslationTests {
    private static let folder = data + "relaxng/compacttest/"

    private static let correct = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        .filter { FileManager.default.fileExists(atPath: folder + $0 + "/compact/correct") }

    @Test func thereAreFiftySix() { #expect(Self.correct.count == 56) }

    @Test(arguments: correct)
    func compactToXML(_ name: String) throws {
        let conversion = try SchemaConversion(contentsOfFile: Self.folder + name + "/compact/schema.rnc")
        for file in try conversion.files(to: .xml, output: "memory/schema.rng") {
            let path = Self.folder + name + "/xml/" + file.path.dropFirst("memory/".count)
            // What 075 includes is there in compact syntax alone.
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let expected = try Document(contentsOfFile: path)
            let found = try Document(file.bytes, path: file.path)
            #expect(Resolved()(found.root) == Resolved()(expected.root))
        }
    }

    /// The other way there is no file to compare with, but the translation there and back.
    @Test(arguments: correct)
    func xmlToCompact(_ name: String) throws {
        let schema = try read(Self.folder + name + "/xml/schema.rng")
        #expect(try Dump()(read(CompactSyntaxWriter.write(schema) { $0.href }, path: "memory.rnc")) == Dump()(schema))
    }
}

// MARK: - Round trips

private let folders = ["tei", "sga/schemata", "relaxng/spectest", "relaxng/compacttest"]

/// Every schema in the test data that can be read.
private let schemas: [String] = folders.flatMap { folder in
    let names = FileManager.default.enumerator(atPath: data + folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".rng") || $0.hasSuffix(".rnc") }.sorted().map { data + folder + "/" + $0 }
}

@Suite(.inRelease, .hasData("tei"))
struct SyntaxRoundTripTests {
    /// What is written in either syntax and read again is the same schema.
    @Test func eitherWay() throws {
        var count = 0
        for path in schemas {
            guard let schema = try? read(path) else { continue }
            count += 1
            let expected = Dump()(schema)
            let compact = CompactSyntaxWriter.write(schema) { $0.href }
            let xml = XMLSyntaxWriter.write(schema) { $0.href }
            for (bytes, name) in [(compact, "memory.rnc"), (xml, "memory.rng")] {
                do throws(Diagnostics) {
                    let again = Dump()(try read(bytes, path: name))
                    if again != expected { Issue.record("\(path) \(name): \(difference(expected, again))") }
                } catch {
                    let lines = String(decoding: bytes, as: UTF8.self).split(
                        separator: "\n", omittingEmptySubsequences: false)
                    let first = error.list[0]
                    let line = first.location.map { lines[$0.line - 1] } ?? ""
                    Issue.record("\(path) \(name): \(first.location!) \(first.message) in \(line)")
                }
            }
        }
        #expect(count > 300)
    }
}

/// Where two dumps begin to differ.
private func difference(_ a: String, _ b: String) -> String {
    let common = max(zip(a.utf8, b.utf8).prefix { $0 == $1 }.count - 100, 0)
    return "\(Substring(a.utf8.dropFirst(common).prefix(300))) ≠ \(Substring(b.utf8.dropFirst(common).prefix(300)))"
}

// MARK: - Trang

@Suite(
    .inRelease, .hasData("tei"),
    .enabled("trang is absent") { FileManager.default.isExecutableFile(atPath: "/usr/bin/trang") })
struct TrangTests {
    private func trang(_ input: String, _ output: String) throws {
        #expect(try Execution(of: "/usr/bin/trang", [input, output]).code == 0, "\(input)")
    }

    /// Trang's translation is read as the same schema, and ours is read by Trang as the same.
    @Test(arguments: ["tei/tei_all.rng", "sga/schemata/shelley_godwin_odd.rng", "sga/schemata/brown_odds.rnc"])
    func agrees(_ name: String) throws {
        let folder = try TemporaryFolder()
        let isCompact = name.hasSuffix(".rnc")
        let (same, other) = isCompact ? ("rnc", "rng") : ("rng", "rnc")
        let expected = try Dump(keepsSpace: false)(read(data + name))
        try trang(data + name, folder.path("theirs.\(other)"))
        let theirs = try Dump(keepsSpace: false)(read(folder.path("theirs.\(other)")))
        if theirs != expected { Issue.record("\(difference(expected, theirs))") }
        let ours = try SchemaConversion(contentsOfFile: data + name).files(
            to: isCompact ? .xml : .compact, output: folder.path("ours.\(other)"))
        try Data(ours[0].bytes).write(to: URL(filePath: ours[0].path))
        try trang(ours[0].path, folder.path("back.\(same)"))
        let back = try Dump(keepsSpace: false)(read(folder.path("back.\(same)")))
        if back != expected { Issue.record("\(difference(expected, back))") }
    }
}

// MARK: - Mistakes

@Suite struct SyntaxMistakeTests {
    private func xml(_ lines: String...) -> [String] {
        let head = #"<grammar xmlns="http://relaxng.org/ns/structure/1.0" xmlns:x="http://example.com/x">"#
        return mistakes { () throws(Diagnostics) in
            try read(Array((head + "\n" + lines.joined(separator: "\n") + "\n</grammar>").utf8), path: "memory.rng")
        }
    }

    private func compact(_ text: String) -> [String] { mistakes { () throws(Diagnostics) in try read(compact: text) } }

    @Test func allMistakesOfAFileAreFound() {
        #expect(
            xml(
                #"<start combine="both"><ref/><empty/></start>"#,
                #"<define name="a b"><elemnt/></define>"#,
                #"<define name="c"><element name="y:d"><data type="token" tpye="x"/></element></define>"#,
                #"<start>text</start>"#
            ) == [
                "2:8 schema-attribute", "2:23 schema-attribute", "3:9 schema-name", "3:20 schema-element",
                "4:27 schema-prefix", "4:57 schema-attribute", "5:8 schema-text",
            ])
    }

    @Test(arguments: [
        (#"<start><element name="a"/></start>"#, "2:8 schema-content"),
        (#"<start><element><empty/></element></start>"#, "2:8 schema-content"),
        (#"<start><element><anyName><except/></anyName><empty/></element></start>"#, "2:26 schema-content"),
        (#"<start><group><empty/><name>a</name></group></start>"#, "2:23 schema-element"),
        (#"<start><externalRef href="a.rng#b"/></start>"#, "2:21 schema-uri"),
        (#"<start><externalRef href="%"/></start>"#, "2:21 schema-uri"),
        (#"<start><empty datatypeLibrary="a"/></start>"#, "2:15 schema-uri"),
        (#"<include href="a.rng"><include href="b.rng"/></include>"#, "2:23 schema-element"),
        (#"<start><value>a<x:b/></value></start>"#, "2:16 schema-text"),
        (#"<start><attribute name="a"><text/><empty/></attribute></start>"#, "2:35 schema-content"),
        (#"<start><data type="a"><except><empty/></except><param name="b"/></data></start>"#, "2:48 schema-element"),
        (#"<start><empty x:a="" ns="b"/></start>"#, ""),
    ])
    func xmlSyntax(_ line: String, _ expected: String) {
        #expect(xml(line).joined(separator: ", ") == expected)
    }

    @Test(arguments: [
        ("element a { }", "1:13 schema-syntax"),
        ("start = \n  a |", "2:6 schema-syntax"),
        ("a | b, c", "1:6 schema-syntax"),
        ("start = (a - b)", "1:12 schema-syntax"),
        ("start = string - 'a' | b", "1:9 schema-syntax"),
        ("start = element x:a { y:b }", "1:17 schema-prefix, 1:23 schema-prefix"),
        ("namespace x = 'a'\nnamespace x = 'b'\nstart = ä:", "2:11 schema-declaration, 3:10 schema-syntax"),
        ("start = 'ä' 'b'", "1:13 schema-syntax"),
        ("start = \"a\n\"", "1:9 schema-syntax"),
        ("start = '\\x{0}'", "1:10 schema-character"),
        ("start = '\\x{41'", "1:10 schema-character"),
        ("start = \\x{41}, \\x{7D}", "1:17 schema-syntax"),
        ("start = 'a\u{1}'", "1:11 schema-character"),
        ("external 'a#b'", "1:10 schema-uri"),
        ("datatypes d = 'a'\nd:b", "1:11 schema-uri"),
        ("grammar { include 'a' { include 'b' } }", "1:25 schema-syntax"),
        ("element = empty", "1:9 schema-syntax"),
        ("start = <grammar>", "1:9 schema-syntax"),
        ("start = empty # all\n## documentation", "2:17 schema-syntax"),
    ])
    func compactSyntax(_ text: String, _ expected: String) {
        #expect(compact(text).joined(separator: ", ") == expected)
    }

    @Test func encodings() throws {
        let text = "element a { 'ä𐌀' }"
        let expected = try Dump()(read(compact: text))
        let units = Array(text.utf16)
        #expect(try Dump()(read([0xEF, 0xBB, 0xBF] + Array(text.utf8), path: "memory.rnc")) == expected)
        #expect(
            try Dump()(read([0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, path: "memory.rnc"))
                == expected)
        #expect(
            try Dump()(read([0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, path: "memory.rnc"))
                == expected)
        #expect(
            mistakes { () throws(Diagnostics) in try read(Array("start = '".utf8) + [0xE4], path: "memory.rnc") } == [
                "1:10 encoding-invalid"
            ])
        // In the second, the byte order of the first character is lost.
        #expect(
            mistakes { () throws(Diagnostics) in try read([0xFF, 0xFE, 0x61], path: "memory.rnc") } == [
                "1:1 encoding-invalid"
            ])
    }

    /// A place behind an escape is that of the source.
    @Test func placesBehindEscapes() throws {
        var sources = SchemaSources()
        let bytes = Array("\\x{65}lement a {\n  '\\x{E4}', b }".utf8)
        let schema = try SchemaSyntax.read(bytes, path: "memory.rnc", namespace: nil, into: &sources)
        guard case .element(_, let parts) = schema.pattern.kind else {
            Issue.record("no element")
            return
        }
        #expect(parts.map { sources.location($0.position).description } == ["memory.rnc:2:3", "memory.rnc:2:13"])
        #expect(sources.path(schema.pattern.position.source) == "memory.rnc")
    }

    /// A file that names no namespace takes that of the reference to it, where it is asked for.
    @Test(arguments: [
        ("element a { b:c }", "x"), ("default namespace = inherit element a { empty }", "x"),
        ("default namespace = '' element a { empty }", ""), ("default namespace = 'y' element a { empty }", "y"),
    ])
    func inheritance(_ text: String, _ expected: String) throws {
        let text = text.replacing("b:c", with: "empty")
        guard case .element(let name, _) = try read(Array(text.utf8), path: "memory.rnc", namespace: "x").pattern.kind,
            case .name(let qname) = name.kind
        else {
            Issue.record("no element")
            return
        }
        #expect(qname.namespace == expected)
    }

    @Test func syntaxIsFoundByName() {
        #expect(SchemaSyntax.isCompact(Array("<a/>".utf8), path: "a.rng") == false)
        #expect(SchemaSyntax.isCompact(Array("\u{FEFF} <a/>".utf8), path: "a") == false)
        #expect(SchemaSyntax.isCompact(Array("<".utf8), path: "a.rnc") == true)
        #expect(SchemaSyntax.isCompact(Array("start = a".utf8), path: "a") == true)
    }
}

// MARK: - Robustness

@Suite struct SyntaxRobustnessTests {
    /// On a small stack, since threads have such; what is not optimised takes far more of it.
    private func onSmallStack(_ body: @escaping @Sendable () -> Void) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        #if DEBUG
            thread.stackSize = 4 << 20
        #else
            thread.stackSize = 512 << 10
        #endif
        thread.start()
        done.wait()
    }

    @Test(arguments: [
        ("start = ", "(", "a", ")"), ("start = ", "element a { ", "a", " }"),
        ("start = ", "grammar { start = ", "a", " }"),
        ("", "div { ", "start = a", " }"), ("start = element ", "(", "a", ")"), ("a [ ", "b [ ", "", " ]"),
        ("start = string - ", "(string - ", "'a'", ")"), ("start = element * - ", "(* - ", "a", ")"),
    ])
    func depth(_ head: String, _ open: String, _ middle: String, _ close: String) {
        @Sendable func text(_ depth: Int) -> String {
            head + String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
                + (head.hasSuffix("element ") || head.hasSuffix("- ") && head.contains("element") ? " { a }" : "")
                + (head == "a [ " ? " ]" : "")
        }
        onSmallStack {
            let few = mistakes { () throws(Diagnostics) in try read(compact: text(60)) }
            #expect(few.isEmpty, "\(few)")
            let many = mistakes { () throws(Diagnostics) in try read(compact: text(100_000)) }
            #expect(many.map { $0.split(separator: " ")[1] } == ["schema-depth"])
        }
    }

    @Test func depthInXML() {
        let namespace = #"xmlns="http://relaxng.org/ns/structure/1.0""#
        @Sendable func text(_ depth: Int) -> String {
            "<group \(namespace)>" + String(repeating: "<group><empty/>", count: depth)
                + String(repeating: "</group>", count: depth) + "</group>"
        }
        onSmallStack {
            #expect(mistakes { () throws(Diagnostics) in try read(Array(text(120).utf8), path: "memory.rng") }.isEmpty)
            #expect(
                mistakes { () throws(Diagnostics) in try read(Array(text(250).utf8), path: "memory.rng") }.count == 1)
            #expect(
                mistakes { () throws(Diagnostics) in try read(Array(text(300).utf8), path: "memory.rng") }.count == 1)
        }
    }

    /// A line of a million bytes full of mistakes, or of strings, is no reason to wait.
    @Test func longLines() {
        let namespace = #"xmlns="http://relaxng.org/ns/structure/1.0""#
        let xml = "<grammar \(namespace)>" + String(repeating: "<define/>", count: 100_000) + "</grammar>"
        let compact = "start = element a { [ b [ " + String(repeating: "'c' ", count: 200_000) + " ] ] x:y }"
        let start = processorTime()
        #expect(mistakes { () throws(Diagnostics) in try read(Array(xml.utf8), path: "memory.rng") }.count == 100)
        #expect(mistakes { () throws(Diagnostics) in try read(compact: compact) }.count == 1)
        #expect(processorTime() - start < .seconds(5))
    }

    /// Whatever the bytes are, they are read or refused, and in no time.
    @Test(.hasData("relaxng"), arguments: ["rnc", "rng"])
    func mutations(_ suffix: String) throws {
        let inputs = try schemas.filter { $0.hasSuffix(suffix) }.map { try FileAccess.bytes(ofFile: $0) }.filter {
            $0.count < 20_000
        }
        var random = Generator(seed: 2002)
        for round in 0..<1000 {
            var bytes = random.pick(inputs)
            for _ in 0...random.number(below: 4) where !bytes.isEmpty { random.mutate(&bytes, with: inputs) }
            let start = processorTime()
            if let schema = try? read(bytes, path: "memory." + suffix) {
                // What was read can be written.
                let compact = CompactSyntaxWriter.write(schema) { $0.href }
                #expect(throws: Never.self) { try read(compact, path: "memory.rnc") }
                let xml = XMLSyntaxWriter.write(schema) { $0.href }
                do throws(Diagnostics) {
                    _ = try read(xml, path: "memory.rng")
                } catch {
                    // An annotation needs a declaration, which XML allows for URIs alone.
                    #expect(error.list[0].message.contains("not a valid URI"), "round \(round): \(error)")
                }
            }
            #expect(processorTime() - start < .seconds(1), "round \(round)")
        }
    }
}

extension Generator {
    private static let signs = Array("{}[]()<>&|,*+?-=~\"'#\\:;/ \n".utf8) + [0, 0x80, 0xC3, 0xFE, 0xFF]

    fileprivate mutating func mutate(_ bytes: inout [UInt8], with inputs: [[UInt8]]) {
        let at = number(below: bytes.count)
        let end = min(at + 1 + number(below: 12), bytes.count)
        switch number(below: 5) {
        case 0: bytes[at] = UInt8(number(below: 256))
        case 1: bytes.insert(pick(Generator.signs), at: at)
        case 2: bytes.removeSubrange(at..<end)
        case 3: bytes.insert(contentsOf: bytes[at..<end], at: number(below: bytes.count))
        default:
            let other = pick(inputs)
            let from = number(below: other.count)
            bytes.insert(contentsOf: other[from..<min(from + 1 + number(below: 60), other.count)], at: at)
        }
    }
}
