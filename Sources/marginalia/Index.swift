internal import ArgumentParser
internal import CorpusIndex
internal import TEI
internal import XML

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Makes an index of documents, or brings it up to date, for ‘search’.",
        discussion: """
            The index is one file (SQLite, FTS5): the documents’ texts word by word, with hands, marks, dates, names and titles. Files that have not \
            changed since they were indexed are not read again; those that are no longer there are taken out. What a run that is killed has done is kept.

            Examples:
              marginalia index TEI
              marginalia index -o memos.index --policy reading --policy diplomatic memos
              find corpus -name '*.xml' -print0 | marginalia index -o corpus.index --from0

            Exit code: 0 if all was indexed, 2 if a file cannot be read or the index cannot be written.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The index.", valueName: "file"))
    var output = CorpusIndex.defaultPath

    @Option(
        help: ArgumentHelp(
            "Which text; may be given several times. By default those that the index holds, and in a new one the reading text.",
            valueName: "policy"
        ))
    var policy: [String] = []

    @Flag(help: "Make the index anew.")
    var force = false

    @OptionGroup var runs: RunOptions
    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let policies = try policy.map { name throws(Diagnostics) in try Policy(named: name) }
            let (named, files) = (try input.files(), try input.documents())
            if files.contains("-") {
                throw Diagnostics([
                    Messages.usage("standard input cannot be found again", help: "name files or folders")
                ])
            }
            let index = try CorpusIndex(updating: output, policies: policies.isEmpty ? nil : policies, isNew: force)
            let indexer = CorpusIndexer(root: input.root, policies: index.policies)
            // Whether a file is current is asked of the index, which belongs to this thread.
            let changed = files.filter { !index.isCurrent($0, root: input.root) }
            if files.count < named.count {
                // What is seen through another file is not in the index for itself.
                let kept = Set(files.map { CodepointString($0) })
                for file in named where !kept.contains(CodepointString(file)) { try index.remove(file) }
            }
            var (wrong, documents): ([Diagnostic], Int) = ([], 0)
            var unwritable: Diagnostics?
            var run = try Run(changed, runs)
            run.forEach { file in
                Result { () throws(Diagnostics) in try indexer.read(file) }
            } deliver: { file, read in
                guard unwritable == nil else { return 0 }
                switch read {
                case .failure(let found):
                    wrong += found.list
                    do throws(Diagnostics) { try index.remove(file) } catch { unwritable = error }
                    return found.list.count
                case .success(let file):
                    do throws(Diagnostics) {
                        documents += try Terminal.uninterrupted { () throws(Diagnostics) in try index.add(file) }
                    } catch {
                        unwritable = error
                    }
                    return 0
                }
            }
            if let unwritable {
                index.abandon()
                throw Diagnostics(wrong + unwritable.list)
            }
            let removed = try index.removeMissing()
            try index.finish()
            Terminal.report(wrong)
            Terminal.write(
                Words.indexed(documents, unchanged: files.count - changed.count, removed: removed), to: .error)
            return wrong.isEmpty ? 0 : 2
        }
    }
}

extension CorpusIndex {
    /// The index where none is named.
    static var defaultPath: String { "marginalia.index" }
}

private enum Words {
    static func indexed(_ documents: Int, unchanged: Int, removed: Int) -> String {
        let others = [
            unchanged > 0 ? "\(count(unchanged, "file")) unchanged" : nil,
            removed > 0 ? "\(count(removed, "file")) taken out" : nil,
        ].compactMap(\.self)
        return "\(count(documents, "document")) indexed" + (others.isEmpty ? "" : ", " + others.joined(separator: ", "))
            + "\n"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
