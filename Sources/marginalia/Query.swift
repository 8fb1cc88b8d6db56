#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import ArgumentParser
internal import Dispatch
internal import Synchronization
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

    @Option(name: [.customShort("j"), .long], help: ArgumentHelp("How many files are searched at once; by default, as many as there are cores.", valueName: "number"))
    var jobs: Int?

    @Argument(help: ArgumentHelp("The expression.", valueName: "xpath"))
    var expression: String

    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let query = try query()
            let files = try Edition.files(at: input.paths)
            let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
            guard jobs > 0 else { throw Diagnostics([Messages.usage("-j \(jobs): no file would be searched", help: "write -j 1 or more")]) }
            var found: [Diagnostic] = []
            var progress = Progress(total: files.count)
            let library = Mutex<Library?>(nil)
            // So many files are held at once.
            let share = 8 * jobs
            let results = stride(from: 0, to: files.count, by: share).lazy.flatMap { [root = input.root] first in
                progress.step(first + 1, files[first])
                let some = Array(files[first..<min(first + share, files.count)])
                let all = concurrentMap(some, jobs: jobs) { QueryCommand.search($0, query, root: root, sharing: library) }
                return all.compactMap { result -> Query.Result? in
                    switch result {
                    case .success(let result): return result
                    case .failure(let diagnostics):
                        found += diagnostics.list
                        return nil
                    }
                }
            }
            let output = Query.export(results, as: format.output)
            progress.end()
            Terminal.write(output, to: .output)
            Terminal.report(found)
            return found.isEmpty ? 0 : 2
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

extension QueryCommand {
    /// What is found in a file.
    ///
    /// - Parameter library: that of the files before it.
    private static func search(
        _ file: String, _ query: Query, root: String?, sharing library: borrowing Mutex<Library?>
    ) -> Result<Query.Result, Diagnostics> {
        Result { () throws(Diagnostics) in
            let (document, own) = try Edition.read(file, root: root, sharing: library.withLock(\.self))
            library.withLock { $0 = own }
            do throws(XPathError) {
                return Query.Result(file: file, matches: try query.run(on: document, library: own))
            } catch {
                throw Diagnostics([Messages.notEvaluated(error, file)])
            }
        }
    }
}

/// What a function makes of elements, in their order, some of them at once.
private func concurrentMap<Element: Sendable, Value: Sendable>(
    _ elements: [Element], jobs: Int, _ body: @Sendable (Element) -> Value
) -> [Value] {
    if jobs == 1 { return elements.map(body) }
    let values = Mutex([Value?](repeating: nil, count: elements.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(jobs, elements.count)) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < elements.count else { return }
            let value = body(elements[index])
            values.withLock { $0[index] = value }
        }
    }
    return values.withLock { $0.compactMap(\.self) }
}
