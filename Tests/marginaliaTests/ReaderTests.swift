import Support
import Testing

/// A second reader of the rules in `docs/texts.md`, in another language and without a line of the program's, has the same
/// characters in each text, of the same hands and stages, and the same words.
@Suite(
    .inRelease,
    .enabled("Python's lxml is absent: run `make peers`") { Program.hasPeer("\(Program.python) -c 'import lxml'") })
struct ReaderTests {
    @Test("the edition, and a document with every construct, in all texts")
    func edition() throws { try expectAgreement("Tests/Everything.xml TEI/*.xml") }

    @Test("a novel's drafts", .hasData("sga"))
    func drafts() throws {
        let folder = "../shared/data/sga/tei"
        try expectAgreement("--root \(folder) --policy diplomatic --policy hand:pbs \(folder)/ox/ox-ms_abinger_c56.xml")
    }

    @Test("plays", .hasData("gerdracor"))
    func plays() throws {
        try expectAgreement("--policy reading $(ls ../shared/data/gerdracor/*.xml | head -4)")
    }

    /// Without the cases about which the rules say nothing: spans that begin or end within words of several hands, and
    /// shifts of hands in documents that name no hand.
    @Test("documents made at random")
    func generated() throws {
        let folder = try TemporaryFolder()
        try expectAgreement(
            "\(folder.path)/*.xml",
            after: "\(Program.python) Tests/Reader/generate.py \(folder.path) 200 7 addspan shifts &&")
    }

    private func expectAgreement(_ arguments: String, after setup: String = "") throws {
        let result = try Program.shell("\(setup) \(Program.python) Tests/Reader/agree.py --program $M \(arguments)")
        #expect(result.code == 0, "\(result.output.suffix(3000))\(result.errors.prefix(1000))")
    }
}
