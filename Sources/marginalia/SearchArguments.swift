internal import ArgumentParser
internal import Corpus
internal import CorpusIndex
internal import TEI
internal import XML

/// What is searched for, and how much of it is shown.
struct SearchArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Which text of the index to search.", valueName: "policy"))
    var policy: String?

    @Option(help: ArgumentHelp("Find what a hand wrote: give its id, or words of its name.", valueName: "name"))
    var hand: String?

    @Option(help: "Find marks of a kind.")
    var type: Mark.Kind?

    @Option(help: ArgumentHelp("Find marks at a place (@place).", valueName: "place"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Documents that name a person: give an id, or words of a name. This and the next three may be given several times.",
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
    var order: Search.Order = .index

    @Option(help: ArgumentHelp("How many hits to show.", valueName: "number"))
    var limit = 20

    @Option(help: ArgumentHelp("How many hits to skip.", valueName: "number"))
    var skip = 0

    @Option(
        name: .customLong("each"),
        help: ArgumentHelp("How many hits to show of one document at most.", valueName: "number"))
    var limitOfDocument: Int?

    @Option(help: ArgumentHelp("How many characters to show on each side.", valueName: "number"))
    var context = 60

    @Flag(help: "Count the documents by period, author, language, hand, mark and names.")
    var facets = false

    func validate() throws {
        try Terminal.check { () throws(Diagnostics) in
            for (number, option, least) in [
                (limit, "--limit", 1), (skip, "--skip", 0), (limitOfDocument ?? 1, "--each", 1),
                (context, "--context", 0),
            ] where number < least || number > 1_000_000 {
                throw Diagnostics([Messages.number(number, option, least: least)])
            }
        }
    }

    /// - Parameter words: the expression.
    func search(_ words: [String]) throws(Diagnostics) -> Search {
        var search = Search()
        if !words.isEmpty { search.expression = try SearchExpression(words.joined(separator: " ")) }
        search.policy = try policy.map { name throws(Diagnostics) in try Policy(named: name) }
        (search.hand, search.mark, search.markPlace) = (hand, type, at)
        search.entities =
            person.map { (.person, $0) } + organisation.map { (.organisation, $0) } + place.map { (.place, $0) }
            + event.map { (.event, $0) }
        (search.from, search.to, search.language) = (from, to, language)
        (search.order, search.limit, search.skipped, search.context, search.hasFacets) = (
            order, limit, skip, context, facets
        )
        if let limitOfDocument { search.limitOfDocument = limitOfDocument }
        return search
    }
}
