internal import ArgumentParser
internal import TEI
internal import XML

struct QueryCommand: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case lines, json, count

        var output: Query.Output {
            switch self {
            case .lines: .lines
            case .json: .json
            case .count: .count
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Finds nodes and values by XPath.",
        discussion: """
            XPath 2.0 and much of 3.1. Names without a prefix are TEI's, and so is the prefix ‘tei’. What is found is printed \
            one item a line, behind its place, with white space as single spaces; with --policy the text is what that policy \
            reads there.

            Examples:
              marginalia query "//add[@hand = '#pbs']" pages
              marginalia query --format count "//gap[@reason = 'withheld']" TEI
              marginalia query --format json "distinct-values(//persName/@ref)" TEI
              marginalia query --variable who=#clinton "//note[@hand = $who]" TEI
              marginalia query --policy typed "//p[1]" memo.xml

            Exit code: 0 if all was searched, 2 if the expression is wrong or a file cannot be read.
            """
    )

    @Option(help: "How what is found is written.")
    var format: Output = .lines

    @Option(help: ArgumentHelp("A variable’s value; may be given several times.", valueName: "name=value"))
    var variable: [String] = []

    @Option(help: ArgumentHelp("A prefix; may be given several times.", valueName: "prefix=namespace"))
    var namespace: [String] = []

    @Option(help: ArgumentHelp("Which text of the nodes: typed, revised, reading, diplomatic, hand:ID and so on.", valueName: "policy"))
    var policy: String?

    @Argument(help: ArgumentHelp("The expression.", valueName: "xpath"))
    var expression: String

    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let query = try query()
            let files = try Edition.files(at: input.paths)
            var found: [Diagnostic] = []
            var library: Library?
            var progress = Progress(total: files.count)
            let results = files.enumerated().lazy.compactMap { index, file -> Query.Result? in
                progress.step(index + 1, file)
                do throws(Diagnostics) {
                    let (document, own) = try Edition.read(file, root: input.root, sharing: library)
                    library = own
                    return Query.Result(file: file, matches: try matches(query, document, own))
                } catch {
                    found += error.list
                    return nil
                }
            }
            let output = Query.export(results, as: format.output)
            progress.end()
            Terminal.write(output, to: .output)
            Terminal.report(found)
            return found.isEmpty ? 0 : 2
        }
    }

    private func matches(_ query: Query, _ document: Document, _ library: Library) throws(Diagnostics) -> [Query.Match] {
        do throws(XPathError) {
            return try query.run(on: document, library: library)
        } catch {
            throw Diagnostics([Messages.notEvaluated(error, document.files[0].path)])
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

    private func pairs(_ options: [String], _ option: String) throws(Diagnostics) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in options {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Diagnostics([Messages.usage("‘\(text)’ has no name or no value", help: "write \(option) name=value")])
            }
            pairs[parts[0]] = parts[1]
        }
        return pairs
    }
}
