internal import ArgumentParser
internal import Corpus
internal import Pages
internal import TEI
internal import Validation
internal import XML

/// The formats that the other commands know, for scripts: a name and an extension on each line.
struct ListFormats: ParsableCommand {
    enum Command: String, ExpressibleByArgument, CaseIterable {
        case validate, query, export, compare, stats, `where`

        var formats: [(name: String, fileExtension: String)] {
            func list<Value>(_ outputs: [OutputFormat<Value>]) -> [(name: String, fileExtension: String)] {
                outputs.map { ($0.name, $0.fileExtension) }
            }
            return switch self {
            case .validate: ReportFormats.all().map { ($0.name, $0.fileExtension) }
            case .query: list(Query.Result.outputs)
            case .export: Formats.all().map { ($0.name, $0.fileExtension) }
            case .compare: list(Collation.outputs)
            case .stats: list(StatisticsTable.outputs)
            case .where: list(TextSource.outputs)
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "formats",
        abstract: "Lists the formats of a command: name and file extension.",
        discussion: """
            Example:
              marginalia formats export
            """,
        shouldDisplay: false
    )

    @Argument(help: "The command.")
    var command: Command

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            Terminal.write(command.formats.map { "\($0.name)\t\($0.fileExtension)\n" }.joined(), to: .output)
            return 0
        }
    }
}
