internal import ArgumentParser
internal import Corpus
internal import TEI
internal import XML

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes documents as \(Formats.titles).",
        discussion: """
            \(Formats.help)

            A policy says which text is meant: \(Policy.Kind.all.map(\.usage).joined(separator: ", ")), or all \
            for each that a document has. With one policy the files are FOLDER/NAME.txt and so on, with several \
            FOLDER/NAME/POLICY.txt; pages are always FOLDER/NAME.html. Without -o, or with ‘-o -’, one document goes \
            to standard output.

            Examples:
              marginalia export --to text --policy revised memo.xml
              marginalia export --to html --to json --policy all -o Exports TEI
              marginalia export --to html --interface de -o Seiten TEI
              marginalia export --to text --to annotations --to marks --to variants -o Data TEI
              marginalia export --to text --stream -o Texts corpus.xml
            """
    )

    @Option(help: ArgumentHelp("The format; may be given several times.", valueName: "format"))
    var to: [Choice<Formats>]

    @Option(help: ArgumentHelp("Which text; may be given several times, or be ‘all’.", valueName: "policy"))
    var policy: [String] = []

    @Option(help: "Whether an apparatus also names the witnesses that agree with the text (positive).")
    var apparatus: ApparatusFormat.Form = .positive

    @Option(
        help: ArgumentHelp(
            "The language of the controls on pages: en, de, fr or es (default: the document’s).", valueName: "language"
        ))
    var interface: PageLanguage?

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"))
    var output: String?

    @Flag(
        help:
            "Export only text, part by part: for files larger than the memory. Does not resolve XInclude, and stores nothing for the next run."
    )
    var stream = false

    @OptionGroup var batch: BatchArguments
    @OptionGroup var renewal: RenewalArguments
    @OptionGroup var input: InputArguments

    func validate() throws {
        try Terminal.check { () throws(Diagnostics) in
            _ = try TextChoice(named: policy)
            if stream, to.map(\.name) != ["text"] || renewal.watch { throw Diagnostics([Messages.streamsText()]) }
            if output == "" { throw Diagnostics([Messages.unnamedOutput()]) }
        }
    }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let project = try input.project()
            let options = ExportOptions(
                formats: to.map(\.name), texts: try TextChoice(named: policy.isEmpty ? project.policies : policy),
                format: FormatOptions(apparatus: apparatus, interface: interface),
                output: output == "-" ? nil : output, root: project.root)
            if stream {
                var export = StreamedExport(options, batch.options, console: Terminal.console)
                return try export.run(over: input.files(of: project).files()).isEmpty ? 0 : 2
            }
            let export = CorpusExport(options, batch.options, renewal.options, console: Terminal.console)
            return try export.run(over: input.files(of: project)).isEmpty ? 0 : 2
        }
    }
}
