internal import ArgumentParser
internal import Corpus
internal import Pages
internal import TEI
internal import XML

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Collates two or more texts: what is the same, what differs, and what moved.",
        discussion: """
            Compares several files, or several texts of one file: its policies, hands, stages or witnesses. FILE#ID \
            is one document or element of a file. Files whose names end in .txt are plain texts. White space and \
            editors’ notes are not compared.

            Examples:
              marginalia compare draft.xml letter.xml
              marginalia compare memo.xml --policy typed --policy revised
              marginalia compare memo.xml --policy stages --to html -o stages.html
              marginalia compare a.xml#p-5 b.xml#p-2 --ignore case --ignore punctuation --to tei
              marginalia compare --encoding memo-before.xml memo.xml

            Exit code: 0 if the texts were compared, 2 otherwise; with --exit-code 1 if they differ.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Which text; may be given several times, or be hands, stages, witnesses or all.", valueName: "policy"))
    var policy: [String] = []

    @Option(help: "A difference to ignore; may be given several times.")
    var ignore: [Tokenizer.Ignored] = []

    @Option(help: "The format of the output.")
    var to: OutputFormat<Collation> = .lines

    @Option(help: ArgumentHelp("A name for a text, in their order; may be given several times.", valueName: "name"))
    var siglum: [String] = []

    @Flag(help: "Compare two encodings of one document: hands, marks, gaps and readings, and not layout.")
    var encoding = false

    @Flag(help: "Exit with 1 if the texts differ.")
    var exitCode = false

    @Option(name: .shortAndLong, help: ArgumentHelp("The file for the result.", valueName: "file"))
    var output: String?

    @OptionGroup var place: ProjectArguments

    @OptionGroup var batch: BatchArguments

    @Argument(help: "Files, each with #ID for a part of it, or - for standard input.")
    var texts: [String]

    mutating func validate() { texts = LongArguments.unfolded(texts) }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let (bytes, isDifferent) = try compared()
            try Terminal.write(bytes, at: output)
            return exitCode && isDifferent ? 1 : 0
        }
    }

    private func compared() throws(Diagnostics) -> ([UInt8], isDifferent: Bool) {
        let root = try place.project(of: texts.map { Reference($0).resource }).root
        let options = ComparisonOptions(policies: policy, ignored: ignore, sigla: siglum, root: root)
        let comparison = CorpusComparison(options, batch.options, console: Terminal.console)
        guard encoding else {
            let collation = try comparison.collation(of: texts)
            return (collation.export(as: to), collation.hasVariants)
        }
        return try comparison.encodings(of: texts, as: to.name)
    }
}
