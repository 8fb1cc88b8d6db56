internal import TEI
package import XML

/// A page about each document: what `marginalia show` writes.
package enum CorpusSummary {
    /// - Parameter heading: makes a line stand out, for example in bold type.
    /// - Throws: ``XML/Diagnostics`` for the first file that cannot be read, and if no file has a text (`no-text`).
    package static func text(
        of input: CorpusFiles, console: Console, heading: (String) -> String
    ) throws(Diagnostics) -> String {
        let files = try input.documents(console)
        var pages: [String] = []
        for file in files {
            let (document, library) = try EditionFiles.read(file, root: input.root)
            for item in try EditionFiles.items(in: document, library: library) {
                pages.append(Summary(Transcription(of: item.element, library: library)).text(heading: heading))
            }
        }
        if pages.isEmpty { throw Diagnostics([Messages.noText(files[0])]) }
        return pages.joined(separator: "\n")
    }
}
