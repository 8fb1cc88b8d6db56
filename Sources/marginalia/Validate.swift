internal import ArgumentParser
internal import Corpus
internal import Validation
internal import XML

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Finds mistakes in documents, and says how to mend them.",
        discussion: """
            Checks well-formedness, grammar, Schematron rules, pointers, unused hands, dates and gaps. Uses the \
            schemas that --schema names, or else those that the document names by <?xml-model?>, or else the \
            built-in one. Looks addresses up in the catalogs, then among the schemas that ‘marginalia schema add’ \
            stored; never uses the network.

            Examples:
              marginalia validate TEI
              marginalia validate --schema tei_all.rng letter.xml
              marginalia validate --catalog catalog.xml --format sarif TEI > found.sarif
              marginalia validate --format json --stdin-path letter.xml - < letter.xml
              marginalia validate --schema rules.sch --phase draft --format svrl letter.xml
              marginalia validate --stream --schema tei_all.rng corpus.xml
              marginalia validate --baseline known.tsv --summary old-edition

            Exit code: 0 if no error was found, 1 if one was, 2 if a file or the schema cannot be read.
            """
    )

    @OptionGroup var schemas: SchemaArguments

    @Option(
        name: .customLong("stdin-path"),
        help: ArgumentHelp(
            "The path of the document that comes from standard input (‘-’), as an editor pipes it: its pointers start there.",
            valueName: "file"))
    var standardInputPath: String?

    @Option(help: "The format of the report.")
    var format = Choice<ReportFormats>("text")

    @Flag(help: "Check only the grammar, while reading: for files larger than memory. Follows no XInclude.")
    var stream = false

    @Flag(help: "Compile and validate everything again, and store nothing.")
    var noCache = false

    @OptionGroup var findings: FindingArguments
    @OptionGroup var batch: BatchArguments
    @OptionGroup var renewal: RenewalArguments
    @OptionGroup var input: InputArguments

    func validate() throws {
        try Terminal.check { () throws(Diagnostics) in
            if stream, schemas.schema.isEmpty || schemas.schema.count > 1 && input.paths.contains("-") {
                throw Diagnostics([Messages.streamsBySchema()])
            }
            if stream, renewal.watch { throw Diagnostics([Messages.streamsOnce()]) }
        }
    }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let version = Marginalia.configuration.version
            let format = ReportFormats.all(
                ReportOptions(
                    colour: Terminal.Stream.output.hasColour, groupsEqual: !findings.all, version: version,
                    rules: RuleDescription.checks)
            ).first { $0.name == self.format.name }!
            let project = try input.project(standardInput: standardInputPath)
            let options = schemas.options(
                in: project, standardInputPath: standardInputPath, keepsFirings: format.needsFirings)
            let validation = CorpusValidation(
                options, batch.options, renewal.options, findings: try findings.options(in: project),
                usesCache: !noCache, console: Terminal.console)
            let tally = try validation.run(over: input.files(of: project), as: format, isStreamed: stream)
            return !tally.isComplete ? 2 : tally.hasErrors ? 1 : 0
        }
    }
}
