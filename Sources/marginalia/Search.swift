internal import ArgumentParser
internal import CorpusIndex
internal import TEI
internal import XML

struct SearchCommand: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case lines, json
    }

    enum Order: String, ExpressibleByArgument, CaseIterable {
        case index, date, relevance
    }

    enum MarkType: String, ExpressibleByArgument, CaseIterable {
        case check, stamp, query, underline, remark, other

        var kind: Mark.Kind {
            switch self {
            case .check: .check
            case .stamp: .stamp
            case .query: .query
            case .underline: .underline
            case .remark: .remark
            case .other: .other
            }
        }
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

    @Option(help: ArgumentHelp("The text that is searched, of those that the index holds.", valueName: "policy"))
    var policy: String?

    @Option(help: ArgumentHelp("What a hand wrote: its id, or words of its name.", valueName: "name"))
    var hand: String?

    @Option(help: "What stands in marks of a kind.")
    var type: MarkType?

    @Option(help: ArgumentHelp("What stands in marks at a place, as their @place says it.", valueName: "place"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Documents that name a person: an id, or words of a name; may be given several times, as may the next three.",
            valueName: "name"))
    var person: [String] = []

    @Option(help: ArgumentHelp("Documents that name an organisation.", valueName: "name"))
    var organisation: [String] = []

    @Option(help: ArgumentHelp("Documents that name a place.", valueName: "name"))
    var place: [String] = []

    @Option(help: ArgumentHelp("Documents that name an event.", valueName: "name"))
    var event: [String] = []

    @Option(
        help: ArgumentHelp(
            "Documents of this year, month or day or later: 1994, 1994-07, 1994-07-13.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("Documents of this year, month or day or earlier.", valueName: "date"))
    var to: String?

    @Option(help: ArgumentHelp("Documents in a language: de, en-GB.", valueName: "language"))
    var language: String?

    @Option(help: "The order of the documents.")
    var order: Order = .index

    @Option(help: ArgumentHelp("How many hits are shown.", valueName: "number"))
    var limit = 20

    @Option(help: ArgumentHelp("How many hits are passed over.", valueName: "number"))
    var skip = 0

    @Option(
        name: .customLong("each"),
        help: ArgumentHelp("How many hits of one document are shown at most.", valueName: "number"))
    var limitOfDocument: Int?

    @Option(help: ArgumentHelp("How many characters are shown on each side.", valueName: "number"))
    var context = 60

    @Flag(help: "Count the documents by period, author, language, hand, mark and names.")
    var facets = false

    @Argument(help: ArgumentHelp("Words, phrases, and what joins them.", valueName: "words"))
    var words: [String] = []

    mutating func validate() { words = LongArguments.unfolded(words) }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let search = try search()
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

    private func search() throws(Diagnostics) -> Search {
        for (number, option, least) in [
            (limit, "--limit", 1), (skip, "--skip", 0), (limitOfDocument ?? 1, "--each", 1), (context, "--context", 0),
        ] where number < least || number > 1_000_000 {
            throw Diagnostics([
                Messages.usage("\(option) \(number) cannot be", help: "write a number from \(least) to 1000000")
            ])
        }
        var search = Search()
        if !words.isEmpty { search.expression = try SearchExpression(words.joined(separator: " ")) }
        search.policy = try policy.map { name throws(Diagnostics) in try Policy(named: name) }
        (search.hand, search.mark, search.markPlace) = (hand, type?.kind, at)
        search.entities =
            person.map { (.person, $0) } + organisation.map { (.organisation, $0) } + place.map { (.place, $0) }
            + event.map { (.event, $0) }
        (search.from, search.to, search.language) = (from, to, language)
        search.order =
            switch order {
            case .index: .index
            case .date: .date
            case .relevance: .relevance
            }
        (search.limit, search.skipped, search.context, search.hasFacets) = (limit, skip, context, facets)
        if let limitOfDocument { search.limitOfDocument = limitOfDocument }
        return search
    }
}
