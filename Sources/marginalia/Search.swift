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
            Words are found whatever their capitals and accents: ferry, "winter ferry" as a phrase, ferr* by its beginning; several must all stand in \
            a document unless OR is between them; NOT takes documents away; ( ) bind together. Each hit is printed behind its place in the source, \
            with its hand and mark if it is not the text’s own; its offsets in the text are in the JSON. Without words, --type, --hand and --at find marks, \
            the other choices documents.

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

    @Option(help: "How hits are written.")
    var format: Output = .lines

    @OptionGroup var search: SearchArguments

    @Argument(help: ArgumentHelp("Wording, phrases, and what joins them.", valueName: "words"))
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
