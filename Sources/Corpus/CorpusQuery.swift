package import TEI
package import XML
internal import XPath

/// A search of files by XPath: what `marginalia query` does.
package struct CorpusQuery {
    private let query: Query
    private let output: OutputFormat<Query.Result>
    private let batch: BatchOptions
    private let console: Console

    package init(
        _ query: Query, as output: OutputFormat<Query.Result>, _ batch: BatchOptions, console: Console = .silent
    ) {
        (self.query, self.output, self.batch, self.console) = (query, output, batch, console)
    }

    /// Writes what is found to the console, file by file.
    ///
    /// - Returns: what kept files from being searched.
    package func run(over input: CorpusFiles) throws(Diagnostics) -> [Diagnostic] {
        let files = try input.documents(console)
        var batch = try Batch(files, batch, console)
        let reader = EditionFiles.Reader(root: input.root)
        var (wrong, isFirst): ([Diagnostic], Bool) = ([], true)
        console.output(output.opening, false)
        batch.forEach { [query, output] file in
            CorpusQuery.search(file, query, output, reader)
        } deliver: { _, found in
            switch found {
            case .success(let entry):
                console.output((isFirst ? [] : output.separator) + entry.bytes, false)
                isFirst = false
                return entry.count
            case .failure(let diagnostics):
                wrong += diagnostics.list
                return 0
            }
        }
        console.output(output.closing(isEmpty: isFirst), false)
        console.diagnostics(wrong)
        return wrong
    }

    /// The output for a file, and the number of items that were found in it.
    private static func search(
        _ file: String, _ query: Query, _ output: OutputFormat<Query.Result>, _ reader: EditionFiles.Reader
    ) -> Result<(bytes: [UInt8], count: Int), Diagnostics> {
        Result { () throws(Diagnostics) in
            let (document, library) = try reader.read(file)
            do throws(XPathError) {
                let result = Query.Result(file: file, matches: try query.run(on: document, library: library))
                return (output.write(result), result.matches.count)
            } catch {
                throw Diagnostics([Messages.notEvaluated(error, file)])
            }
        }
    }
}
