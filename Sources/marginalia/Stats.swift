internal import ArgumentParser
internal import Corpus
internal import Pages
internal import TEI
internal import XML

struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Counts words, marks, gaps, changes, editing and variants, by document, period or hand.",
        discussion: """
            ‘text’ is a table of sums. ‘csv’ and ‘json’ have a number for each kind and hand. ‘svg’ is a picture: \
            bars of marks, and a timeline of the documents with dates.

            Examples:
              marginalia stats TEI
              marginalia stats --by decade --format csv corpus > counts.csv
              marginalia stats --by hand TEI
              marginalia stats --format svg TEI > marks.svg

            Exit code: 0 if all was counted, 2 if a file cannot be read.
            """
    )

    @Option(help: "What each row of the table counts.")
    var by: StatisticsTable.Grouping = .document

    @Option(help: "The format of the output.")
    var format: OutputFormat<StatisticsTable> = .text

    @OptionGroup var batch: BatchArguments
    @OptionGroup var input: InputArguments

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let statistics = CorpusStatistics(batch.options, console: Terminal.console)
            let (table, wrong) = try statistics.table(of: input.files, by: by)
            Terminal.write(table.export(as: format), to: .output)
            Terminal.report(wrong)
            return wrong.isEmpty ? 0 : 2
        }
    }
}
