package import CorpusIndex
package import TEI
package import XML

/// The making of an index of files: what `marginalia index` does.
package struct CorpusIndexing {
    private let index: String
    private let policies: [Policy]?
    private let isNew: Bool
    private let batch: BatchOptions
    private let console: Console

    /// - Parameters:
    ///   - index: the path of the index.
    ///   - policies: the texts; `nil` for those that the index holds, and in a new one the reading text.
    ///   - isNew: whether the index is made anew.
    package init(
        _ index: String, policies: [Policy]?, isNew: Bool, _ batch: BatchOptions, console: Console = .silent
    ) {
        (self.index, self.policies, self.isNew) = (index, policies, isNew)
        (self.batch, self.console) = (batch, console)
    }

    /// Brings the index up to date with files as the command names them.
    ///
    /// - Returns: what kept files from being indexed.
    package func run(over input: CorpusFiles) throws(Diagnostics) -> [Diagnostic] {
        let (named, files) = (try input.files(), try input.documents(console))
        if files.contains("-") { throw Diagnostics([Messages.notFoundAgain()]) }
        let index = try CorpusIndex(updating: index, policies: policies, isNew: isNew)
        // Whether a file is current is asked of the index, which belongs to this thread.
        let changed = files.filter { !index.isCurrent($0, root: input.root) }
        if files.count < named.count {
            // A file that is read through another one is not in the index for itself.
            let kept = Set(files.map { CodepointString($0) })
            for file in named where !kept.contains(CodepointString(file)) { try index.remove(file) }
        }
        let (documents, wrong) = try add(changed, to: index, root: input.root)
        let removed = try index.removeMissing()
        try index.finish()
        console.diagnostics(wrong)
        console.note(
            BatchWording.indexed(documents, unchanged: files.count - changed.count, removed: removed))
        return wrong
    }

    /// - Returns: how many documents were added, and what kept others from it.
    private func add(
        _ files: [String], to index: CorpusIndex, root: String?
    ) throws(Diagnostics) -> (documents: Int, wrong: [Diagnostic]) {
        let indexer = CorpusIndexer(root: root, policies: index.policies)
        var (wrong, documents): ([Diagnostic], Int) = ([], 0)
        var unwritable: Diagnostics?
        var batch = try Batch(files, batch, console)
        batch.forEach { file in
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
                    documents += try OutputFile.uninterrupted { () throws(Diagnostics) in try index.add(file) }
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
        return (documents, wrong)
    }
}

extension CorpusIndex {
    /// The index if none is named.
    package static var defaultPath: String { "marginalia.index" }
}
