internal import ArgumentParser
internal import Corpus
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

    @OptionGroup var input: InputArguments

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let isColoured = Terminal.Stream.output.hasColour
            let text = try CorpusSummary.text(of: input.files, console: Terminal.console) {
                isColoured ? "\u{1B}[1m\($0)\u{1B}[0m" : $0
            }
            Terminal.write(Array(text.utf8), to: .output, isPrintable: true)
            return 0
        }
    }
}
