import Support
import Testing
import TEI
import Validation
import XML

/// Our Schematron rules and the checks of the program.
@Suite struct CheckTests {
    private static let practice = try! Schema.marginaliaRules(phase: "practice")
    static let all = try! Schema.marginaliaRules()

    /// What is found in a document of a header and a body.
    static func findings(_ header: String, _ body: String, _ schema: Schema) throws -> [Diagnostic] {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>\(header)</teiHeader><text><body>\(body)</body></text></TEI>
            """, path: Repository.root + "/memory.xml")
        let checks = Check.run(document, PointerResolver(access: FileAccess(root: Repository.root)))
        return (document.diagnostics + schema.validate(document) + checks).inSourceOrder
    }

    private func rules(_ header: String, _ body: String) throws -> [String] {
        let found = try Self.findings(header, body, Self.practice)
        for diagnostic in found {
            #expect(diagnostic.location != nil)
            #expect(diagnostic.help != nil)
        }
        return found.map(\.rule)
    }

    static let hand =
        #"<profileDesc><handNotes><handNote xml:id="a" scope="major">A</handNote></handNotes></profileDesc>"#

    @Test(arguments: [
        (##"<p hand="#b"/>"##, ["pointer-hand"]),
        (##"<p xml:id="p" hand="#p"/>"##, ["pointer-hand"]),
        (##"<p hand="#a"/>"##, []),
        (##"<p><handShift new="#b"/></p>"##, ["pointer-hand"]),
        (##"<app><rdg wit="#W"/></app>"##, ["pointer-witness"]),
        (##"<p change="#s"/>"##, ["pointer-change"]),
        (##"<p><persName ref="TEI/people.xml#clinton"/></p>"##, []),
        (##"<p><persName ref="TEI/people.xml#nobody"/></p>"##, ["pointer-register"]),
        (##"<p><orgName ref="TEI/people.xml#clinton"/></p>"##, ["pointer-register"]),
        (##"<p><placeName ref="TEI/organisations.xml#nato"/></p>"##, ["pointer-register"]),
        (##"<p><persName ref="nosuch.xml#x"/></p>"##, ["pointer-file"]),
        (##"<p><persName ref="../../outside.xml#x"/></p>"##, ["file-outside-root"]),
        (##"<p><persName ref="https://example.org/x"/></p>"##, []),
        (##"<sp who="#x"><p/></sp>"##, ["pointer-register"]),
        (##"<p corresp="#x"/>"##, ["pointer-target"]),
        (##"<p xml:id="p"><persName corresp="#p"/></p>"##, ["pointer-register"]),
        (##"<p><ref target="#x"/></p>"##, ["pointer-target"]),
        (##"<p><ref target="TEI/edition.xml#seed"/></p>"##, []),
        (##"<p><ref target=""/></p>"##, ["pointer-empty"]),
        (#"<p><x xmlns="urn:x">b</x> <x xmlns="urn:x">c</x></p>"#, ["element-unknown"]),
        (#"<p><x xmlns="urn:x"><y/>b<z/></x> <x/></p>"#, ["element-unknown", "element-unknown"]),
        (#"<p><b xmlns="">x</b></p>"#, ["element-unknown"]),
        (#"<p><formula><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></formula></p>"#, []),
        (#"<p><egXML xmlns="http://www.tei-c.org/ns/Examples"><x/></egXML></p>"#, []),
        (##"<p><delSpan spanTo="#x"/></p>"##, ["pointer-target"]),
        (#"<p><graphic url="sketch.png"/></p>"#, ["pointer-image"]),
        (#"<p xml:base="https://example.org/a/"><graphic url="sketch.png"/><ref target="b.xml#c"/></p>"#, []),
        (#"<p xml:base="https://example.org/a/"><graphic xml:base="b/" url="sketch.png"/></p>"#, []),
        (#"<p xml:base="//example.org/a/"><graphic url="sketch.png"/></p>"#, []),
        (##"<p><date notBefore="1996" notAfter="1995"/></p>"##, ["date-order"]),
        (##"<p><date from="1995-06-30" to="1995-06-29"/></p>"##, ["date-order"]),
        (##"<p><date notBefore="1995" notAfter="1995-06"/></p>"##, []),
        (##"<p><date notBefore="1995-06-30" notAfter="1995-06"/></p>"##, []),
        (##"<p><date notBefore="1995-07" notAfter="1995-06-30T12:00:00Z"/></p>"##, ["date-order"]),
        (##"<p><date from="-0043" to="-0044-03"/></p>"##, ["date-order"]),
        (##"<p><date from="-0044-03-15" to="-0043"/></p>"##, []),
        (##"<p><date notBefore="--12" notAfter="--06"/></p>"##, []),
        (##"<p><date notBefore="soon" notAfter="1995"/></p>"##, []),
        (##"<p><date from="1999" to="1998" notBefore="1996" notAfter="1995"/></p>"##, ["date-order", "date-order"]),
        (##"<p><date when="1997" notAfter="1995-06"/></p>"##, ["date-order"]),
        (##"<p><gap/></p>"##, ["gap-reason"]),
        (##"<p><gap reason="editorial"/></p>"##, []),
        (##"<p xml:id="p"/><p xml:id="p"/>"##, ["xml-id-duplicate"]),
    ])
    func rule(_ body: String, _ expected: [String]) throws {
        #expect(try rules(Self.hand, body) == expected)
    }

    @Test func unused() throws {
        let header = """
            <fileDesc><sourceDesc><listWit><witness xml:id="W"/></listWit></sourceDesc></fileDesc>
            <profileDesc><handNotes><handNote xml:id="a" scope="major">A</handNote><handNote xml:id="b">B</handNote></handNotes>
            <particDesc><listPerson><person xml:id="x"/></listPerson></particDesc></profileDesc>
            """
        #expect(try rules(header, "<p/>") == ["unused-witness", "unused-hand", "unused-entry"])
        #expect(try rules(header, ##"<p hand="#b"><name ref="#x"/><rdg wit="#W"/></p>"##) == [])
    }

    /// Hands are called by what they say of themselves, or of whom they are.
    @Test(arguments: [
        (##"<handNote xml:id="a"/>"##, 1), (##"<handNote/>"##, 0),
        (##"<handNote xml:id="a" medium="ink"> </handNote>"##, 1),
        (##"<handNote xml:id="a" scribe="Quill"/>"##, 0), (##"<handNote xml:id="a" scribeRef="#nobody"/>"##, 0),
        (##"<handNote xml:id="a" corresp="TEI/people.xml#clinton"/>"##, 0),
        (##"<handNote xml:id="a">Quill</handNote>"##, 0),
        (##"<handNote xml:id="a"><p>In ink, by whom is not known; the hand of the notes.</p></handNote>"##, 0),
        (##"<handNote xml:id="a"><persName>Quill</persName></handNote>"##, 0),
        (##"<handNote xml:id="a"><?placeholder Name of the reader?></handNote>"##, 0),
    ])
    func unnamedHands(_ hand: String, _ count: Int) throws {
        let header = "<profileDesc><handNotes>\(hand)</handNotes></profileDesc>"
        #expect(try rules(header, "<p/>").count { $0 == "hand-unnamed" } == count)
    }

    private static let known = ##"<persName ref="TEI/people.xml#lake">Lake</persName>"##
    private static let own = ##"<persName ref="#x">Xavier</persName>"##

    /// Names that point at nothing, beside names that point at a register; and what they are told.
    @Test(arguments: [
        ("\(CheckTests.known) and <persName>Clinton</persName>", ["TEI/people.xml#clinton"]),
        ("\(CheckTests.known) and <persName>Bill  Clinton</persName>", ["TEI/people.xml#clinton"]),
        ("\(CheckTests.known) and <persName>lake</persName>", ["TEI/people.xml#lake"]),
        (
            "\(CheckTests.known) and <persName>Nobody</persName> <persName>Nobody</persName>",
            ["add an entry to the listPerson of TEI/people.xml"]
        ),
        ("\(CheckTests.own) and <persName>Xavier</persName>", ["#x"]),
        ("\(CheckTests.own) and <persName>Y</persName>", ["the listPerson, and"]),
        ("<persName>Clinton</persName>", ["add an entry to the listPerson, and"]),
        ("\(CheckTests.known) and <orgName>NATO</orgName>", []),
        ("\(CheckTests.known) and <bibl><persName>Clinton</persName></bibl>", []),
        ("\(CheckTests.known) and <persName/>", []),
        (##"\##(CheckTests.known) and <persName key="c">Clinton</persName>"##, []),
        (##"<rs ref="TEI/people.xml#lake"><persName>Lake</persName></rs> \##(CheckTests.known)"##, []),
        ("\(CheckTests.known) and <persName><persName ref=\"#x\">X</persName> of Y</persName>", []),
        (##"<orgName ref="https://example.org/x">X</orgName> and <orgName>Y</orgName>"##, []),
    ])
    func unregisteredNames(_ text: String, _ expected: [String]) throws {
        let header = """
            <fileDesc><titleStmt><editor><persName>Editor</persName></editor></titleStmt></fileDesc>
            <profileDesc><particDesc><listPerson><person xml:id="x"><persName>Xavier</persName></person></listPerson>
            </particDesc></profileDesc>
            """
        let found = try Self.findings(header, "<p>\(text)</p>", Self.practice).filter { $0.rule == "name-unregistered" }
        #expect(found.count == expected.count, "\(found)")
        for (finding, words) in zip(found, expected) { #expect(finding.help?.contains(words) == true, "\(finding)") }
    }

    /// Without a register, nothing needs to be in one.
    @Test func namesWithoutARegister() throws {
        #expect(
            try rules("", "<p><persName>Lake</persName> <persName ref=\"https://example.org/x\">X</persName></p>") == []
        )
    }

    /// Of ids that are equally near none is proposed; one that differs in capital letters is meant.
    @Test func idsThatMayBeMeant() throws {
        let body = ##"<p xml:id="p1"/><p xml:id="p2"/><p xml:id="Lake-1"/><p xml:id="lakes1"/>"##
        let far = try Self.findings("", body + ##"<note target="#p3"/>"##, Self.practice)
        #expect(far.first?.help == "point at an element, or give it that xml:id")
        let near = try Self.findings("", body + ##"<note target="#lake-1"/>"##, Self.practice)
        #expect(near.first?.help?.hasPrefix("did you mean #Lake-1?") == true)
        // In the register to which the pointer leads.
        let register = ##"<p><persName ref="TEI/people.xml#clintn"/><orgName ref="TEI/people.xml#lak"/></p>"##
        let others = try Self.findings("", register, Self.practice)
        #expect(others.first?.help?.hasPrefix("did you mean TEI/people.xml#clinton?") == true)
        #expect(others.last?.help?.contains("did you mean") == false)
    }

    @Test func nearIDsAreSuggested() throws {
        let document = try Document(
            """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><handNote xml:id="clinton" scope="sole">Clinton</handNote></teiHeader>
            <text><body><p hand="#clintn"/></body></text></TEI>
            """, path: Repository.root + "/memory.xml")
        let found = Check.run(document, PointerResolver(access: FileAccess(root: Repository.root)))
        #expect(found.first?.help?.contains("did you mean #clinton?") == true)
    }

    /// The edition is without a finding, each document for itself and all together: ids, unused entries.
    @Test func theEditionIsClean() throws {
        for name in Repository.documents + [
            "edition.xml", "people.xml", "organisations.xml", "places.xml", "events.xml",
        ] {
            let (document, library) = try EditionFiles.read(Repository.root + "/TEI/" + name, root: nil)
            #expect(document.diagnostics.isEmpty)
            #expect(Check.run(document, library).isEmpty, "\(name)")
            #expect(Self.all.validate(document).isEmpty, "\(name)")
        }
    }
}
