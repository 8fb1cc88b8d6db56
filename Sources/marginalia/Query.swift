internal import ArgumentParser
internal import Corpus
internal import TEI
internal import Validation
internal import XML
internal import XPath

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Finds nodes and values by XPath.",
        discussion: """
            XPath 2.0 and much of 3.1. Names without a prefix are TEI's, and so is the prefix ‘tei’. Prints each \
            item on a line, after its place, with white space as single spaces. With --policy, the text of a node is \
            what that policy has there.

            Examples:
              marginalia query "//add[@hand = '#pbs']" pages
              marginalia query --format count "//gap[@reason = 'withheld']" TEI
              marginalia query --format json "distinct-values(//persName/@ref)" TEI
              marginalia query --variable who=#clinton "//note[@hand = $who]" TEI
              marginalia query --policy typed "//p[1]" memo.xml

            Exit code: 0 if all files were searched, 2 if the expression is wrong or a file cannot be read.
            """
    )

    @Option(help: "The format of the output.")
    var format: OutputFormat<Query.Result> = .lines

    @Option(help: ArgumentHelp("A variable’s value; may be given several times.", valueName: "name=value"))
    var variable: [String] = []

    @Option(help: ArgumentHelp("A prefix; may be given several times.", valueName: "prefix=namespace"))
    var namespace: [String] = []

    @Option(
        help: ArgumentHelp(
            "Which text of the nodes: \(Policy.Kind.shortList) and so on.", valueName: "policy"))
    var policy: String?

    @OptionGroup var batch: BatchArguments

    @Argument(help: ArgumentHelp("The expression.", valueName: "xpath"))
    var expression: String

    @OptionGroup var input: InputArguments

    func run() throws {
        try Terminal.run(showing: StandardInput(Array(expression.utf8), path: "xpath")) { () throws(Diagnostics) in
            let query = CorpusQuery(try query(), as: format, batch.options, console: Terminal.console)
            return try query.run(over: input.files).isEmpty ? 0 : 2
        }
    }

    private func query() throws(Diagnostics) -> Query {
        let chosen = try policy.map { name throws(Diagnostics) in try Policy(named: name) }
        let namespaces = try pairs(namespace, "--namespace")
        let variables = try pairs(variable, "--variable")
        do throws(XPathError) {
            return try Query(expression, namespaces: namespaces, variables: variables, policy: chosen)
        } catch {
            throw Diagnostics([error.diagnostic(in: expression, named: "xpath")])
        }
    }

    private func pairs(_ options: [String], _ option: String) throws(Diagnostics) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for text in options {
            let parts = text.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Diagnostics([Messages.noPair(text, option)])
            }
            pairs.append((parts[0], parts[1]))
        }
        return pairs
    }
}
