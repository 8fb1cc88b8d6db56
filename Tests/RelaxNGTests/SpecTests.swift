import Foundation
@testable import RelaxNG
import Support
import Synchronization
import Testing
@testable import Validation
import XML

/// James Clark's suites, which every RELAX NG validator is measured by.
@Suite(.inRelease, .hasData("relaxng/manifest.tsv")) struct SpecTests {
    private struct Row {
        let suite: String
        let name: String
        let schema: String
        let instance: String?
        let expected: String

        init(_ line: Substring) {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            suite = cells[0]
            schema = cells[4]
            instance = cells[5] == "-" ? nil : cells[5]
            name = instance ?? schema
            expected = cells[6]
        }
    }

    private static func rows(_ suite: String) throws -> [Row] {
        try String(contentsOfFile: Repository.data + "/relaxng/manifest.tsv", encoding: .utf8).split(separator: "\n")
            .map(Row.init).filter { $0.suite == suite }
    }

    private static func compile(_ path: String, cache: SchemaCache? = nil) -> Result<Schema, Diagnostics> {
        Result { () throws(Diagnostics) in
            try Schema(contentsOfFile: "\(Repository.data)/relaxng/\(path)", cache: cache)
        }
    }

    @Test(arguments: [("spectest", 965), ("compacttest", 199), ("xsdtest", 1283), ("regextest", 120), ("hardregex", 6)])
    func whole(_ suite: String, _ count: Int) throws {
        #expect(try Self.rows(suite).count == count)
    }

    @Test(arguments: ["spectest", "xsdtest", "regextest", "hardregex"])
    func schemas(_ suite: String) throws {
        let rows = try Self.rows(suite).filter { $0.instance == nil }
        #expect(!rows.isEmpty)
        for row in rows {
            switch Self.compile(row.schema) {
            case .success: #expect(row.expected == "correct", "\(row.name) is accepted")
            case .failure(let found):
                #expect(row.expected == "incorrect", "\(row.name) is refused: \(found.list.first?.message ?? "")")
                #expect(found.list.allSatisfy { $0.location != nil && $0.severity == .error }, "\(row.name)")
            }
        }
    }

    /// Each instance as a tree and while it is read.
    @Test(arguments: ["spectest", "xsdtest", "regextest", "hardregex"])
    func instances(_ suite: String) throws {
        let rows = try Self.rows(suite).filter { $0.instance != nil }
        #expect(!rows.isEmpty)
        for (path, rows) in Dictionary(grouping: rows, by: \.schema) {
            guard case .success(let schema) = Self.compile(path) else { continue }
            for row in rows {
                let file = "\(Repository.data)/relaxng/\(row.name)"
                let found = schema.validate(try Document(contentsOfFile: file))
                #expect(
                    found.isEmpty == (row.expected == "valid"),
                    "\(row.name) is \(row.expected): \(found.map(\.message))")
                #expect(try schema.validate(streaming: file) == found, "\(row.name)")
            }
        }
    }
}

extension SpecTests {
    /// Each check says the same with an empty cache and with a used one, whatever was compiled before it.
    @Test func anyOrder() throws {
        let rows = try ["spectest", "xsdtest", "regextest", "hardregex"].flatMap(Self.rows)
        #expect(rows.count == 2374)
        let folder = try TemporaryFolder()
        let cache = SchemaCache(folder: folder.path)
        // As they are, backwards, and each seventh together.
        for order in [rows, rows.reversed(), rows.indices.sorted { ($0 % 7, $0) < ($1 % 7, $1) }.map { rows[$0] }] {
            for row in order {
                let schema = Self.compile(row.schema, cache: cache)
                let verdict: String
                if case .success(let schema) = schema, let instance = row.instance {
                    verdict =
                        try schema.validate(Document(contentsOfFile: "\(Repository.data)/relaxng/\(instance)")).isEmpty
                        ? "valid" : "invalid"
                } else if case .success = schema {
                    verdict = "correct"
                } else {
                    verdict = "incorrect"
                }
                #expect(verdict == row.expected, "\(row.name)")
            }
        }
    }
}

/// Other people's schemas, as they are.
@Suite(.inRelease, .hasData("tei")) struct RealSchemaTests {
    static let paths: [String] =
        ["tei", "sga/schemata"].flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(Repository.data)/\(folder)")) ?? []
            return names.sorted().filter { $0.hasSuffix(".rng") || $0.hasSuffix(".rnc") }.map {
                "\(Repository.data)/\(folder)/\($0)"
            }
        } + ["marginalia.rnc", "marginalia.rng"].map { Repository.path("Schemas/\($0)") }

    @Test(arguments: paths)
    func compiles(_ path: String) throws {
        let grammar = try Grammar.compile(FileAccess.bytes(ofFile: path), path: path, loader: .files(SchemaResolver()))
        #expect(grammar.definitions.count > 10)
        #expect(grammar.start != .notAllowed)
    }
}

/// Golden pairs: `IncorrectSchemas/NAME.rng` or `.sch` and `IncorrectSchemas/NAME.expected`, with what is said of it.
@Suite struct IncorrectSchemaTests {
    private static let folder = Repository.path("Tests/RelaxNGTests/IncorrectSchemas")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".rng") || $0.hasSuffix(".sch") }.sorted()

    @Test(arguments: names) func message(_ name: String) throws {
        let schema = Result { () throws(Diagnostics) in
            try Schema(contentsOfFile: "\(Self.folder)/\(name)")
        }
        let diagnostics =
            switch schema {
            case .success(let schema): schema.warnings
            case .failure(let error): error.list
            }
        #expect(!diagnostics.isEmpty)
        let found = String(decoding: TextReport().export(Report(diagnostics: diagnostics)), as: UTF8.self).replacing(
            Self.folder + "/", with: "")
        try expectGolden(found, "\(Self.folder)/\(name.dropLast(4)).expected")
    }
}

/// Schemas made in bad faith end in an error or are compiled, soon and on a small stack.
@Suite struct SchemaLimitTests {
    private final class Found: Sendable {
        let rules = Mutex<[String]>([])
    }

    private func rules(
        _ definitions: String, start: String = #"<element name="p"><ref name="a0"/></element>"#
    ) throws -> [String] {
        rules(
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start>\(start)</start>\(definitions)</grammar>",
            .files(SchemaResolver()))
    }

    /// On a thread of 512 KB.
    private func rules(_ text: String, _ loader: SchemaLoader) -> [String] {
        let found = Found()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            do throws(Diagnostics) {
                _ = try Grammar.compile(Array(text.utf8), path: "memory.rng", loader: loader)
            } catch {
                found.rules.withLock { $0 = error.list.map(\.rule) }
            }
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
        return found.rules.withLock { $0 }
    }

    private func define(_ index: Int, _ content: String) -> String { "<define name='a\(index)'>\(content)</define>" }

    private func chain(_ count: Int, last: String, _ content: (Int) -> String) -> String {
        (0..<count).map { define($0, content($0 + 1)) }.joined() + define(count, last)
    }

    private func ref(_ index: Int) -> String { "<ref name='a\(index)'/>" }

    @Test func longChainsOfReferences() throws {
        #expect(try rules(chain(10_000, last: "<text/>") { ref($0) }) == [])
        #expect(try rules(chain(10_000, last: ref(0)) { ref($0) }) == ["schema-recursion"])
        #expect(try rules(chain(10_000, last: "<text/>") { "<element name='e\($0)'>\(ref($0))</element>" }) == [])
        // Many small chains hang one below the other by what was checked first.
        #expect(try rules(chain(10_000, last: ref(5000)) { ref($0) }) == ["schema-recursion"])
    }

    @Test func deepPatterns() throws {
        let deep = chain(10_000, last: "<text/>") {
            "<choice><empty/><group><element name='e'><empty/></element>\(ref($0))</group></choice>"
        }
        #expect(try rules(deep) == ["schema-depth"])
        let written = String(repeating: "<group>", count: 120) + "<text/>" + String(repeating: "</group>", count: 120)
        #expect(try rules(define(0, written)) == [])
    }

    @Test func deepNameClasses() throws {
        let deep =
            String(repeating: "<choice>", count: 120) + "<name>e</name>" + String(repeating: "</choice>", count: 120)
        #expect(try rules("", start: "<element>\(deep)<empty/></element>") == [])
    }

    /// Each file is named after the depth at which it stands.
    private func deep(_ depth: Int) -> String {
        let groups = (String(repeating: "<group>", count: 80), String(repeating: "</group>", count: 80))
        return
            "<element name='e' xmlns='http://relaxng.org/ns/structure/1.0'>\(groups.0)<externalRef href='\(depth + 1)'/>\(groups.1)</element>"
    }

    @Test func deepExternalReferences() {
        let loader = SchemaLoader { reference in
            .init(path: reference.href, bytes: Array(deep(Int(reference.href) ?? 0).utf8))
        }
        #expect(rules(deep(0), loader) == ["schema-depth"])
    }

    @Test func manyInclusions() {
        let doubling = SchemaLoader { reference in
            let next = (Int(reference.href) ?? 0) + 1
            let text =
                "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='\(next)'/><include href='\(next)'/></grammar>"
            return .init(path: reference.href, bytes: Array(text.utf8))
        }
        let text =
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='0'/><start><element name='p'><empty/></element></start></grammar>"
        #expect(Set(rules(text, doubling)) == ["schema-depth", "schema-too-large"])
    }

    @Test func doubling() throws {
        #expect(
            try rules(chain(60, last: "<element name='e'><empty/></element>") { "<group>\(ref($0))\(ref($0))</group>" })
                == ["schema-too-large"])
        let shared = chain(60, last: "<empty/>") { index in
            let parts = ["x", "y"].map { "<group><attribute name='\($0)\(index)'/>\(ref(index))</group>" }
            return "<choice>\(parts.joined())</choice>"
        }
        #expect(try rules(shared) == [])
    }

    @Test func manyAttributes() throws {
        let many = (0..<3000).map { "<attribute name='n\($0)'/>" }.joined()
        #expect(try rules(define(0, "<group>\(many)</group>")) == [])
        #expect(try rules(define(0, "<group>\(many)\(many)</group>")).count == 50)
    }
}
