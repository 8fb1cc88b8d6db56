internal import ArgumentParser
internal import Corpus
internal import CorpusIndex
internal import XML

struct SearchCommand: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case lines, json
    }

    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Finds words, marks and documents in an index.",
        discussion: """
            Finds words (ferry), phrases ("winter ferry") and prefixes (ferr*), ignoring case and accents. A \
            document must have all the words; OR, NOT and ( ) change that. Prints each hit after its place in the \
            source, with its hand and mark if it is not by the main hand. The JSON has offsets in the text. Without \
            words, --type, --hand and --at find marks, and the other filters find documents.

            Examples:
              marginalia search '"winter ferry"'
              marginalia search --hand clinton --from 1994 --to 1996 'europe* OR russia*'
              marginalia search --type stamp --at top
              marginalia search --person lake --facets enlargement
              marginalia search --index corpus.index --format json --limit 100 harbour

            Exit code: 0, whether or not anything is found; 2 if what is searched for is not understood or there is no index.
            """
    )

    @Option(name: [.customShort("i"), .long], help: ArgumentHelp("The index.", valueName: "file"))
    var index = CorpusIndex.defaultPath

    @Option(help: "The format of the output.")
    var format: Output = .lines

    @OptionGroup var search: SearchArguments

    @Argument(help: ArgumentHelp("Words and phrases, and the operators between them.", valueName: "words"))
    var words: [String] = []

    mutating func validate() { words = LongArguments.unfolded(words) }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let search = try search.search(words)
            let result = try CorpusIndex(reading: index).search(search)
            let hasColour = format == .lines && Terminal.Stream.output.hasColour
            let folder = FileAccess.canonical(".")
            let lines =
                format == .json
                ? result.json(search, relativeTo: folder)
                : result.lines(relativeTo: folder) { hasColour ? "\u{1B}[1m\($0)\u{1B}[0m" : $0 }
            Terminal.write(lines, to: .output, isPrintable: format == .lines)
            return 0
        }
    }
}
