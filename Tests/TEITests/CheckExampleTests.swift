import Support
import Testing
import TEI
import Validation
import XML
import XPath

/// A rule with a document that breaks it and one that keeps it. `docs/checks.md` is made of them.
struct CheckExample: CustomTestStringConvertible, Sendable {
    let rule: String
    /// What the rule says, in one sentence.
    let says: String
    /// What of the header the examples need.
    var header = ""
    /// Whether the examples stand in the header themselves.
    var isInHeader = false
    let failing: String
    let passing: String

    var testDescription: String { rule }

    /// The header of the examples that have none of their own.
    private static let hands = """
        <handNotes>
          <handNote xml:id="typist" scope="major" medium="typescript"/>
          <handNote xml:id="clinton" scope="minor" scribe="Clinton"/>
        </handNotes>
        """

    fileprivate func findings(_ example: String) throws -> [Diagnostic] {
        if isInHeader {
            return try CheckTests.findings("<profileDesc>\(example)</profileDesc>", "<p/>", CheckTests.all)
        }
        // The second hand of the header writes somewhere.
        let (header, use) = header.isEmpty ? (Self.hands, ##"<p hand="#clinton"/>"##) : (header, "")
        return try CheckTests.findings("<profileDesc>\(header)</profileDesc>", example + use, CheckTests.all)
    }

    fileprivate func markdown(_ example: String) -> String {
        "```xml\n" + (header.isEmpty ? "" : header + "\n…\n") + example + "\n```\n"
    }

    /// Those of the checks' own rows, and of two rules that any module may find broken.
    static let pointers: [CheckExample] = {
        let checks = Check.all.map { check in
            CheckExample(
                rule: check.rule, says: check.says, header: check.example.header, failing: check.example.wrong,
                passing: check.example.right)
        }
        return checks + [outsideRoot, duplicate]
    }()

    private static let outsideRoot = CheckExample(
        rule: "file-outside-root", says: "A file that a pointer names lies below the folder of the edition.",
        failing: ##"<p><ref target="../elsewhere.xml">the other memo</ref></p>"##,
        passing: ##"<p><ref target="https://example.org/elsewhere.xml">the other memo</ref></p>"##
    )

    private static let duplicate = CheckExample(
        rule: "xml-id-duplicate", says: "An `xml:id` stands once.",
        failing: ##"<p xml:id="p1"/><p xml:id="p1"/>"##, passing: ##"<p xml:id="p1"/><p xml:id="p2"/>"##
    )

    static let practice = [
        CheckExample(
            rule: "date-order",
            says: "A date does not begin after it ends; nor does `@when` lie outside of its limits.",
            failing: ##"<p><date notBefore="1994-11" notAfter="1994-09">autumn</date></p>"##,
            passing: ##"<p><date notBefore="1994-09" notAfter="1994-11">autumn</date></p>"##
        ),
        CheckExample(
            rule: "gap-reason", says: "A gap says why the text is not here.",
            failing: "<p>Classified by: <gap/></p>", passing: ##"<p>Classified by: <gap reason="withheld"/></p>"##
        ),
        CheckExample(
            rule: "unused-hand",
            says:
                "A hand writes somewhere; the main hand, which is the only one or has the scope `sole` or `major`, does so anyway.",
            header: ##"<handNotes><handNote xml:id="typist" scope="major"/><handNote xml:id="lake"/></handNotes>"##,
            failing: "<p>Copies to all</p>", passing: ##"<p>Copies to all <add hand="#lake">but two</add></p>"##
        ),
        CheckExample(
            rule: "unused-witness", says: "A witness has a reading somewhere.",
            header: ##"<listWit><witness xml:id="A"/><witness xml:id="B"/></listWit>"##,
            failing: ##"<p><app><lem wit="#A">forced</lem><rdg>false</rdg></app></p>"##,
            passing: ##"<p><app><lem wit="#A">forced</lem><rdg wit="#B">false</rdg></app></p>"##
        ),
        CheckExample(
            rule: "unused-entry",
            says: "A person, organisation, place or event of a register is mentioned in the text beside it.",
            header: ##"<particDesc><listPerson><person xml:id="lake"/></listPerson></particDesc>"##,
            failing: "<p><persName>Lake</persName> agrees.</p>",
            passing: ##"<p><persName ref="#lake">Lake</persName> agrees.</p>"##
        ),
        CheckExample(
            rule: "witness-twice",
            says: "A witness has one reading of a passage, but for layers that `@varSeq` or `@hand` tells apart.",
            header: ##"<listWit><witness xml:id="A"/><witness xml:id="B"/></listWit>"##,
            failing: ##"<p><app><lem wit="#A #B">forced</lem><rdg wit="#B">false</rdg></app></p>"##,
            passing: ##"<p><app><lem wit="#A">forced</lem><rdg wit="#B">false</rdg></app></p>"##
        ),
    ]

    static let edition = [
        CheckExample(
            rule: "mark-sign", says: "A note of a mark holds its sign.",
            failing: ##"<note type="mark" subtype="checkmark" hand="#clinton" place="left">a check mark</note>"##,
            passing:
                ##"<note type="mark" subtype="checkmark" hand="#clinton" place="left"><metamark function="flag">✓</metamark></note>"##
        ),
        CheckExample(
            rule: "stamp-words", says: "A note of a stamp holds the words of the stamp.",
            failing: ##"<note type="stamp" hand="#clinton" place="top right">President Has Seen</note>"##,
            passing:
                ##"<note type="stamp" hand="#clinton" place="top right"><stamp type="seen">President Has Seen</stamp></note>"##
        ),
        CheckExample(
            rule: "query-target", says: "A query says which passage is queried.",
            failing: ##"<p><seg xml:id="s1">by the end of 1996</seg> <note type="query" hand="#clinton">?</note></p>"##,
            passing:
                ##"<p><seg xml:id="s1">by the end of 1996</seg> <note type="query" hand="#clinton" target="#s1">?</note></p>"##
        ),
        CheckExample(
            rule: "editorial-resp", says: "Somebody answers for an editorial note.",
            failing: ##"<note type="editorial">The year is inferred.</note>"##,
            passing: ##"<note type="editorial" resp="TEI/edition.xml#marginalia-editors">The year is inferred.</note>"##
        ),
        CheckExample(
            rule: "supplied-resp", says: "Somebody answers for supplied words.",
            failing: ##"<p>I told <supplied reason="editorial">the President</supplied> so.</p>"##,
            passing:
                ##"<p>I told <supplied reason="editorial" resp="TEI/edition.xml#marginalia-editors">the President</supplied> so.</p>"##
        ),
        CheckExample(
            rule: "intervention-hand",
            says:
                "Where several hands write, each addition and deletion is somebody’s: by `@hand` on it or around it, or by a `handShift` before it.",
            failing: "<p>no <del>later</del> than May</p>",
            passing: ##"<p>no <del hand="#clinton">later</del> than May</p>"##
        ),
        CheckExample(
            rule: "date-evidence", says: "The date of the document within limits says by what it is known.",
            isInHeader: true,
            failing: ##"<creation><date notBefore="1995-06" notAfter="1995-08">summer of 1995</date></creation>"##,
            passing:
                ##"<creation><date notBefore="1995-06" notAfter="1995-08" evidence="conjecture">summer of 1995</date></creation>"##
        ),
        CheckExample(
            rule: "bracket", says: "An editor’s bracket is markup, and is not transcribed.",
            failing: "<p>the Alliance recieved [sic] it</p>", passing: "<p>the Alliance <sic>recieved</sic> it</p>"
        ),
    ]
}

@Suite struct CheckExampleTests {
    @Test(arguments: CheckExample.pointers + CheckExample.practice + CheckExample.edition)
    func example(_ example: CheckExample) throws {
        #expect(try example.findings(example.failing).map(\.rule) == [example.rule])
        #expect(try example.findings(example.passing).isEmpty)
    }

    /// Every rule has its example, and the phase says which hold for all documents.
    @Test func allRulesHaveExamples() throws {
        let schema = try Document(contentsOfFile: Repository.root + "/Schemas/marginalia.sch")
        func rules(_ patterns: String) throws -> Set<String> {
            Set(try schema.select("\(patterns)//(assert, report)/@id").strings)
        }
        let active = "//pattern[@id = //phase[@id = 'practice']/active/@pattern]"
        let practice = try rules("(\(active), //pattern[@id = \(active)/@is-a])")
        #expect(practice == Set(CheckExample.practice.map(\.rule)))
        #expect(try rules("//pattern").subtracting(practice) == Set(CheckExample.edition.map(\.rule)))
    }

    /// What a check finds has the severity of its row.
    @Test(arguments: Check.all.indices) func severity(_ number: Int) throws {
        let check = Check.all[number]
        let example = try #require(CheckExample.pointers.first { $0.rule == check.rule })
        #expect(try example.findings(example.failing).map(\.severity) == [check.severity])
    }

    /// `docs/checks.md`.
    @Test func documentation() throws {
        var text = """
            # What is checked besides the grammar

            `marginalia validate` runs these checks on every document, whichever schema it has, but for the last group, which comes with
            the edition’s own schema. The first group is part of the program, since it follows pointers into other files; the others are
            the Schematron rules in [`Schemas/marginalia.sch`](../Schemas/marginalia.sch). Names without a prefix are TEI’s. Each example
            is a test (`Tests/TEITests/CheckExampleTests.swift`), from which this page is made.

            """
        let groups = [
            ("Pointers, ids and elements", CheckExample.pointers), ("Good practice", CheckExample.practice),
            ("Conventions of the edition", CheckExample.edition),
        ]
        for (title, examples) in groups {
            text += "\n## \(title)\n"
            for example in examples { text += try section(example) }
        }
        try expectGolden(text, Repository.path("docs/checks.md"))
    }

    private func section(_ example: CheckExample) throws -> String {
        let found = try #require(try example.findings(example.failing).first)
        // Where the repository lies is nobody's business.
        let message = found.message.replacing(Repository.root + "/memory.xml", with: "memo.xml").replacing(
            Repository.root, with: "edition"
        )
        .replacing(Reference.folder(of: Repository.root, slash: true) + "elsewhere.xml", with: "../elsewhere.xml")
        return """

            ### `\(example.rule)`

            \(example.says)

            \(example.markdown(example.failing))
            \(found.severity.rawValue): \(message)\(found.help.map { "  \nhelp: \($0.replacing(Repository.root + "/", with: ""))" } ?? "")

            Right is:

            \(example.markdown(example.passing))
            """
    }
}
