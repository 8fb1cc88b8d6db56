internal import ArgumentParser
internal import Pages
internal import TEI
internal import XML

struct Stats: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case text, csv, json, svg

        func bytes(_ table: StatisticsTable) -> [UInt8] {
            switch self {
            case .text: Array(table.text.utf8)
            case .csv: table.csv
            case .json: table.json
            case .svg: table.svg
            }
        }
    }

    enum Grouping: String, ExpressibleByArgument, CaseIterable {
        case document, year, decade, century, hand

        var grouping: StatisticsTable.Grouping {
            switch self {
            case .document: .document
            case .year: .period(years: 1)
            case .decade: .period(years: 10)
            case .century: .period(years: 100)
            case .hand: .hand
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Counts words, marks, gaps, changes, editing and variants, by document, period or hand.",
        discussion: """
            ‘text’ is a table of sums; ‘csv’ and ‘json’ have each kind and hand for itself; ‘svg’ is a picture: bars of marks, and a timeline \
            of the documents with dates.

            Examples:
              marginalia stats TEI
              marginalia stats --by decade --format csv corpus > counts.csv
              marginalia stats --by hand TEI
              marginalia stats --format svg TEI > marks.svg

            Exit code: 0 if all was counted, 2 if a file cannot be read.
            """
    )

    @Option(help: "What is counted for itself.")
    var by: Grouping = .document

    @Option(help: "How it is written.")
    var format: Output = .text

    @OptionGroup var runs: RunOptions
    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let files = try input.documents()
            let reader = Edition.Reader(root: input.root)
            var table = StatisticsTable(by: by.grouping)
            var wrong: [Diagnostic] = []
            var run = try Run(files, runs)
            run.forEach { file in
                Result { () throws(Diagnostics) in
                    let (document, library) = try reader.read(file)
                    return try Edition.items(in: document, library: library).map { Statistics($0) }
                }
            } deliver: { _, counted in
                switch counted {
                case .success(let list):
                    for statistics in list { table.add(statistics) }
                    return 0
                case .failure(let found):
                    wrong += found.list
                    return found.list.count
                }
            }
            Terminal.write(format.bytes(table), to: .output)
            Terminal.report(wrong)
            return wrong.isEmpty ? 0 : 2
        }
    }
}
