internal import ArgumentParser
internal import Corpus
internal import CorpusIndex
internal import TEI
internal import XML

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Makes or updates an index of documents, for ‘search’.",
        discussion: """
            The index is one file (SQLite, FTS5) with the documents’ texts, hands, marks, dates, names and titles. \
            Only changed files (and files with XInclude) are read again, and deleted ones are taken out. If a run is \
            interrupted, the next one finishes it.

            Examples:
              marginalia index TEI
              marginalia index -o memos.index --policy reading --policy diplomatic memos
              find corpus -name '*.xml' -print0 | marginalia index -o corpus.index --from0

            Exit code: 0 if all files were indexed, 2 if a file cannot be read or the index cannot be written.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The index.", valueName: "file"))
    var output = CorpusIndex.defaultPath

    @Option(
        help: ArgumentHelp(
            "Which text; may be given several times (default: those of the index, or in a new one the reading text).",
            valueName: "policy"
        ))
    var policy: [String] = []

    @Flag(help: "Make the index anew.")
    var force = false

    @OptionGroup var batch: BatchArguments
    @OptionGroup var input: InputArguments

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let project = try input.project()
            let policies = try (policy.isEmpty ? project.policies : policy).map { name throws(Diagnostics) in
                try Policy(named: name)
            }
            let indexing = CorpusIndexing(
                output, policies: policies.isEmpty ? nil : policies, isNew: force, batch.options,
                console: Terminal.console)
            return try indexing.run(over: input.files(of: project)).isEmpty ? 0 : 2
        }
    }
}
