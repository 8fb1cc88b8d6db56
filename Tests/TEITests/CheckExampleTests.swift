import Support
import Testing
import TEI
import Validation
import XML
import XPath

/// The rules and their examples, of which `docs/checks.md` is made.
@Suite struct CheckExampleTests {
    private static let groups: [(title: String, rules: [RuleDescription])] = [
        ("Pointers, hands and names", Check.all.map(\.description)), ("Good practice", RuleDescription.practice),
        ("Conventions of the edition", RuleDescription.edition), ("Grammar", RuleDescription.grammar),
        ("XML", RuleDescription.xml), ("Files", RuleDescription.files),
        ("Schemas and catalogs", RuleDescription.schemas),
    ]

    static let examples = groups.flatMap(\.rules).compactMap { rule in rule.example.map { Example(rule: rule, $0) } }

    struct Example: CustomTestStringConvertible, Sendable {
        let rule: RuleDescription
        let parts: RuleDescription.Example

        init(rule: RuleDescription, _ parts: RuleDescription.Example) { (self.rule, self.parts) = (rule, parts) }

        var testDescription: String { rule.rule }

        private static let grammar = try! Schema(contentsOfFile: Repository.path("Schemas/marginalia.rng"))

        /// The header of the examples that have none of their own.
        private static let hands = """
            <handNotes>
              <handNote xml:id="typist" scope="major" medium="typescript">Typewriter</handNote>
              <handNote xml:id="clinton" scope="minor" scribe="Clinton"/>
            </handNotes>
            """

        func findings(_ part: String) throws -> [Diagnostic] {
            do {
                return try found(in: part).map { finding in
                    Intention.remedy(for: finding).map { finding.with(help: $0) } ?? finding
                }
            } catch let error as Diagnostics {
                return error.list
            }
        }

        private func found(in part: String) throws -> [Diagnostic] {
            if rule.rule.hasPrefix("grammar-") { return try Self.grammar.validate(document(part)) }
            switch parts.place {
            case .file: return try Document(part, path: "memo.xml").diagnostics
            case .header: return try CheckTests.findings("<profileDesc>\(part)</profileDesc>", "<p/>", CheckTests.all)
            case .body:
                // The second hand of the header writes somewhere.
                let (header, use) =
                    parts.header.isEmpty ? (Self.hands, ##"<p hand="#clinton"/>"##) : (parts.header, "")
                return try CheckTests.findings("<profileDesc>\(header)</profileDesc>", part + use, CheckTests.all)
            }
        }

        private func document(_ part: String) throws -> Document {
            try Document(
                """
                <TEI xmlns="\(Namespace.tei)"><teiHeader><fileDesc><titleStmt><title>T</title></titleStmt>
                <publicationStmt><p>P</p></publicationStmt><sourceDesc><p>S</p></sourceDesc></fileDesc></teiHeader>
                <text><body>\(part)</body></text></TEI>
                """, path: "memo.xml")
        }
    }

    /// Where the repository lies is nobody's business.
    private func neutral(_ text: String) -> String {
        text.replacing(Repository.root + "/memory.xml", with: "memo.xml").replacing(Repository.root, with: "edition")
            .replacing(Reference.folder(of: Repository.root, slash: true) + "elsewhere.xml", with: "../elsewhere.xml")
    }

    @Test(arguments: examples) func example(_ example: Example) throws {
        let found = try example.findings(example.parts.wrong)
        #expect(found.map(\.rule) == [example.rule.rule])
        let first = try #require(found.first)
        #expect(first.severity == example.rule.severity)
        #expect(neutral(first.message) == example.parts.message)
        #expect(first.help.map(neutral) == example.parts.help)
        #expect(try example.findings(example.parts.right).isEmpty)
    }

    /// Every rule has its example, and the phase says which hold for all documents.
    @Test func allRulesHaveExamples() throws {
        let schema = try Document(contentsOfFile: Repository.root + "/Schemas/marginalia.sch")
        func rules(_ patterns: String) throws -> Set<String> {
            Set(try schema.select("\(patterns)//(assert, report)/@id").strings)
        }
        let active = "//pattern[@id = //phase[@id = 'practice']/active/@pattern]"
        let practice = try rules("(\(active), //pattern[@id = \(active)/@is-a])")
        #expect(practice == Set(RuleDescription.practice.map(\.rule)))
        #expect(try rules("//pattern").subtracting(practice) == Set(RuleDescription.edition.map(\.rule)))
        for rule in Check.all.map(\.description) + RuleDescription.practice + RuleDescription.edition {
            #expect(rule.example != nil)
        }
        #expect(Self.groups.flatMap(\.rules).allSatisfy { !$0.mending.isEmpty })
    }

    /// `docs/checks.md`.
    @Test func documentation() throws {
        var text = """
            # Rules

            `marginalia explain RULE` prints what this page says. Rules of pointers, hands and names are part of the program, since
            they follow pointers into other files. Rules of good practice and of the edition are Schematron, in
            [`Schemas/marginalia.sch`](../Schemas/marginalia.sch). The conventions of the edition come with its own schema; the others
            run on every document, whichever schema it has. Names without a prefix are TEI’s.

            Each example is a test (`Tests/TEITests/CheckExampleTests.swift`), from which this page is made. Commands are for the folder
            `TEI`; keep a copy before you change files by `sed`.


            """
        text += "| rule | what holds | to mend many |\n|---|---|---|\n"
        for rule in Self.groups.flatMap(\.rules) {
            let name = rule.example == nil ? "`\(rule.rule)`" : "[`\(rule.rule)`](#\(rule.rule))"
            text += "| \(name) | \(cell(rule.says)) | \(cell(rule.mending)) |\n"
        }
        for (title, rules) in Self.groups where rules.contains(where: { $0.example != nil }) {
            text += "\n## \(title)\n"
            for rule in rules { if let example = rule.example { text += section(rule, example) } }
        }
        try expectGolden(text, Repository.path("docs/checks.md"))
    }

    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private func section(_ rule: RuleDescription, _ example: RuleDescription.Example) -> String {
        func markdown(_ part: String) -> String {
            "```xml\n" + (example.header.isEmpty ? "" : example.header + "\n…\n") + part + "\n```\n"
        }
        return """

            ### `\(rule.rule)`

            \(rule.says)

            \(markdown(example.wrong))
            \(rule.severity.rawValue): \(example.message)\(example.help.map { "  \nhelp: \($0)" } ?? "")

            Right is:

            \(markdown(example.right))
            """
    }
}
