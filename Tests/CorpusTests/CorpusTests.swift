import Corpus
import Foundation
import Support
import TEI
import Testing
import Validation
import XML

/// What a Swift user gets is what the command gives. The command's own words are in `marginaliaTests`.
@Suite struct CorpusTests {
    private static let paths = [Repository.path("TEI"), Repository.path("Tests/Everything.xml")]

    /// Runs something with a cache of its own, which is gone afterwards.
    private static func command(_ arguments: [String]) throws -> Execution {
        let cache = try TemporaryFolder()
        return try Execution(
            of: Repository.path(".build/release/marginalia"), arguments,
            environment: ["MARGINALIA_CACHE": cache.path, "XML_CATALOG_FILES": ""])
    }

    @Test(.inRelease, arguments: [paths, [Repository.path("Tests/marginaliaTests/BadInput")]])
    func validationIsThatOfTheCommand(_ paths: [String]) throws {
        let report = try CorpusValidation(ValidationOptions(catalogs: []), usesCache: false).report(on: paths)
        let command = try Self.command(["validate", "--no-cache", "--format", "json"] + paths)
        #expect(JSONReport().export(report) == command.bytes)
        #expect(command.code == (report.isComplete ? report.hasErrors ? 1 : 0 : 2))
        #expect(command.errors.hasSuffix(report.summary + "\n"))
    }

    @Test(.inRelease) func exportIsThatOfTheCommand() throws {
        let (ours, theirs) = (try TemporaryFolder(), try TemporaryFolder())
        let formats = Formats.all().map(\.name)
        // The pages lead back to the sources: the folders must lie equally deep.
        let options = ExportOptions(formats: formats, texts: .all, output: ours.path("out"))
        #expect(try CorpusExport(options).run(on: Self.paths) == [])
        let names = formats.flatMap { ["--to", $0] }
        let command = try Self.command(["export", "--policy", "all", "-o", theirs.path("out")] + names + Self.paths)
        #expect(command.code == 0)
        let files = try Self.files(in: ours.path("out"))
        #expect(files.count > 500)
        #expect(try files == Self.files(in: theirs.path("out")))
    }

    private static func files(in folder: String) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            FileAccess.kind(of: "\(folder)/\($0)") == .file
        }
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(filePath: "\(folder)/\($0)"))) })
    }

    // MARK: One document

    @Test func oneDocumentIsExportedInEveryFormat() throws {
        for format in Formats.all() {
            let exporter = try DocumentExporter(ExportOptions(formats: [format.name], output: "."))
            let document = try exporter.export(Repository.path("Tests/Everything.xml")).documents[0].get()
            #expect(document.name == "Everything")
            #expect(document.files.map(\.address) == ["Everything.\(format.fileExtension)"])
            #expect(document.files.allSatisfy { !$0.bytes.isEmpty })
        }
    }

    @Test func checksAreMade() throws {
        let folder = try TemporaryFolder([
            "memo.xml": """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body><p hand="#nobody"/></body></text></TEI>
            """
        ])
        let found = try CorpusValidator(ValidationOptions(catalogs: []), usesCache: false)
            .validate(folder.path("memo.xml")).diagnostics
        #expect(found.contains { $0.rule == "pointer-hand" && $0.severity == .error })
        #expect(found.contains { $0.rule.hasPrefix("grammar-") })
    }

    /// Variables that look the same are two.
    @Test func variablesOfQueries() throws {
        let query = try Query(
            "($\u{E9}, $e\u{301})", namespaces: [], variables: [("\u{E9}", "1"), ("e\u{301}", "2")], policy: nil)
        let found = try query.run(
            on: Document("<a/>"), library: PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.map(\.text) == ["1", "2"])
    }

    @Test func patternsAreXPath() throws {
        let folder = try TemporaryFolder([
            "memo.xml": """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body><p>On <date when="1850">one day<certainty match="@when"
            cert="low"/></date>.</p></body></text></TEI>
            """
        ])
        let files = try DocumentExporter(ExportOptions(formats: ["json"], output: "."))
            .export(folder.path("memo.xml")).documents[0].get().files
        let object = try #require(try JSONSerialization.jsonObject(with: Data(files[0].bytes)) as? [String: Any])
        let statement = try #require((object["statements"] as? [[String: Any]])?.first)
        let target = try #require((statement["targets"] as? [[String: Any]])?.first)
        #expect(target["attribute"] as? String == "when")
    }

    @Test func unknownNamesAreErrors() {
        #expect(throws: Diagnostics.self) { try DocumentExporter(ExportOptions(formats: ["pdf"])) }
        #expect(throws: Diagnostics.self) {
            try CorpusExport(ExportOptions(formats: ["text"])).run(on: ["no-such.xml"])
        }
        #expect(throws: Diagnostics.self) { try CorpusValidation().report(on: []) }
    }

    // MARK: Registries

    @Test func namesAreUnique() {
        for names in [
            Formats.all().map(\.name), Formats.all().map(\.fileExtension), ReportFormats.all().map(\.name),
            Check.all.map(\.rule),
        ] {
            #expect(Set(names).count == names.count)
            #expect(names.allSatisfy { !$0.isEmpty })
        }
    }

    /// Every rule of ours has a title that comes with it.
    @Test func titles() throws {
        let found =
            Check.all.map { Diagnostic($0.severity, rule: $0.rule, "m") }
            + ["grammar-value", "unused-hand", "date-order", "gap-reason"].map { Diagnostic(rule: $0, "m") }
        let report = SARIFReport(rules: RuleDescription.checks).export(Report(diagnostics: found))
        let object = try JSONSerialization.jsonObject(with: Data(report)) as? [String: Any]
        let driver = ((object?["runs"] as? [[String: Any]])?[0]["tool"] as? [String: Any])?["driver"] as? [String: Any]
        let rules = try #require(driver?["rules"] as? [[String: Any]])
        let titles = rules.map { ($0["shortDescription"] as? [String: Any])?["text"] as? String }
        #expect(
            titles == Check.all.map(\.title) + ["RELAX NG: value", "Unused: hand", "Date: order", "Gap: reason"])
    }

    /// Every rule of the sources is explained, and every rule that is explained is one.
    @Test func everyRuleIsExplained() throws {
        let explained = RuleDescription.all.flatMap(\.ids)
        #expect(Set(explained).count == explained.count)
        let files = try #require(FileManager.default.enumerator(atPath: Repository.path("Sources")))
        var known: Set<String> = ["schematron", "output"]
        for case let file as String in files where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: Repository.path("Sources/" + file), encoding: .utf8)
                .replacing(/(?m)^ *\/\/\/.*$/, with: "")
            // `rule: "…"`, perhaps after a condition, and names of rules that are constants.
            for line in text.matches(of: /\brule: ([^,\n]*)/) {
                known.formUnion(line.1.matches(of: /"([a-z]+(?:-[a-z]+)*)"/).map { String($0.1) })
            }
            known.formUnion(text.matches(of: /finding\(\s*"([a-z-]+)"/).map { String($0.1) })
            known.formUnion(text.matches(of: /(?:notRun|Rule) = "([a-z-]+)"/).map { String($0.1) })
            known.formUnion(text.matches(of: /"([A-Z]{4}[0-9]{4})"/).map { String($0.1) })
        }
        let schema = try String(contentsOfFile: Repository.path("Schemas/marginalia.sch"), encoding: .utf8)
        known.formUnion(schema.matches(of: /<(?:assert|report) id="([a-z-]+)"/).map { String($0.1) })
        #expect(known.subtracting(explained).sorted() == [])
        #expect(
            Set(explained).subtracting(known).sorted()
                == ["xinclude"].filter { !known.contains($0) && explained.contains($0) })
    }

    @Test func rulesByTheirNames() throws {
        #expect(
            try RuleDescription.named("pointer").map(\.rule)
                == Check.all.map(\.rule).filter { $0.hasPrefix("pointer-") })
        #expect(try RuleDescription.named("schema-attribute").map(\.rule) == ["schema"])
        #expect(try RuleDescription.named("XPST0003").map(\.rule) == ["xpath"])
        do {
            _ = try RuleDescription.named("pointer-hands")
            Issue.record("there is such a rule")
        } catch {
            #expect(error.list.first?.help?.hasPrefix("did you mean ‘pointer-hand’?") == true)
        }
    }

    // MARK: The cache's key

    /// Each option makes another key: all are encoded.
    @Test func everyOptionIsInTheKey() throws {
        let exports = [
            ExportOptions(formats: ["text"]), ExportOptions(formats: ["json"]),
            ExportOptions(formats: ["text"], texts: .all), ExportOptions(formats: ["text"], texts: .some([.typed])),
            ExportOptions(formats: ["text"], format: FormatOptions(apparatus: .negative)),
            ExportOptions(formats: ["text"], format: FormatOptions(interface: .german)),
            ExportOptions(formats: ["text"], output: "out"), ExportOptions(formats: ["text"], root: "TEI"),
        ]
        let validations = [
            ValidationOptions(catalogs: []), ValidationOptions(schemas: ["a.rng"], catalogs: []),
            ValidationOptions(phase: "draft", catalogs: []), ValidationOptions(catalogs: ["catalog.xml"]),
            ValidationOptions(catalogs: [], root: "TEI"), ValidationOptions(catalogs: [], keepsFirings: true),
            ValidationOptions(catalogs: [], standardInputPath: "memo.xml"),
        ]
        let encoder = JSONEncoder()
        #expect(Set(try exports.map { try encoder.encode($0) }).count == exports.count)
        #expect(Set(try validations.map { try encoder.encode($0) }).count == validations.count)
        // A new option is one more row above.
        #expect(Mirror(reflecting: exports[0]).children.count == 5)
        #expect(Mirror(reflecting: validations[0]).children.count == 6)
    }
}
