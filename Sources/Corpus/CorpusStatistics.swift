package import TEI
package import XML

/// The statistics of files: what `marginalia stats` does.
package struct CorpusStatistics {
    private let batch: BatchOptions
    private let console: Console

    package init(_ batch: BatchOptions, console: Console = .silent) {
        (self.batch, self.console) = (batch, console)
    }

    /// - Returns: the table, and what kept files from being counted.
    package func table(
        of input: CorpusFiles, by grouping: StatisticsTable.Grouping
    ) throws(Diagnostics) -> (table: StatisticsTable, wrong: [Diagnostic]) {
        let files = try input.documents(console)
        let reader = EditionFiles.Reader(root: input.root)
        var (table, wrong): (StatisticsTable, [Diagnostic]) = (StatisticsTable(by: grouping), [])
        var batch = try Batch(files, batch, console)
        batch.forEach { file in
            Result { () throws(Diagnostics) in
                let (document, library) = try reader.read(file)
                return try EditionFiles.items(in: document, library: library).map { Statistics($0) }
            }
        } deliver: { _, counted in
            switch counted {
            case .success(let list):
                for statistics in list { table.add(statistics) }
                return 0
            case .failure(let found):
                wrong += found.list
                return found.list.count
            }
        }
        return (table, wrong)
    }
}
