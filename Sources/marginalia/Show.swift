internal import ArgumentParser
internal import TEI
internal import XML

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a document on one page: header, hands, stages, marks, gaps.",
        discussion: """
            Example:
              marginalia show TEI/07-lake-memo-enlargement.xml
            """
    )

    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let files = try input.documents()
            var pages: [String] = []
            for file in files {
                let (document, library) = try Edition.read(file, root: input.root)
                for item in try Edition.items(in: document, library: library) {
                    let summary = Summary(Transcription(of: item.element, library: library))
                    let isColoured = Terminal.Stream.output.hasColour
                    pages.append(summary.text { isColoured ? "\u{1B}[1m\($0)\u{1B}[0m" : $0 })
                }
            }
            if pages.isEmpty { throw Diagnostics([Messages.noText(files[0])]) }
            Terminal.write(Array(pages.joined(separator: "\n").utf8), to: .output, isPrintable: true)
            return 0
        }
    }
}
