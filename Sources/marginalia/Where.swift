internal import ArgumentParser
internal import Corpus
internal import TEI
internal import XML

struct Where: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where",
        abstract: "Finds the source of a character of a text, and the reverse.",
        discussion: """
            An address is an offset into the exported text (in Unicode characters, from 0), the first and the last of several, a line and a \
            column of the file, or an element’s xml:id.

            Examples:
              marginalia where memo.xml 120
              marginalia where memo.xml 120-135 --policy typed
              marginalia where memo.xml 17:5
              marginalia where memo.xml '#p-3' --format json

            Exit code: 0 if all was found, 2 if an address is not in the text.
            """
    )

    @Option(
        help: ArgumentHelp("Which text: \(Policy.Kind.shortList) and so on.", valueName: "policy"))
    var policy = Policy.reading.description

    @Option(help: ArgumentHelp("If the file has several documents, which one: its xml:id or number.", valueName: "id"))
    var document: String?

    @Option(help: "The format of the output.")
    var format: OutputFormat<TextSource> = .lines

    @OptionGroup var place: ProjectArguments

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Argument(help: ArgumentHelp("Offsets, places and ids.", valueName: "address"))
    var addresses: [String]

    mutating func validate() { addresses = LongArguments.unfolded(addresses) }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let addresses = try addresses.map { text throws(Diagnostics) in
                guard let address = TextSource.Address(text) else { throw Diagnostics([Messages.noAddress(text)]) }
                return address
            }
            let transcription = try Transcription.chosen(document, in: file, root: place.project(of: [file]).root)
                .transcription
            let chosen = try Policy(named: policy)
            try transcription.check(chosen)
            let reading = transcription.reading(chosen)
            var (places, found): ([TextSource], [Diagnostic]) = ([], [])
            for address in addresses {
                do throws(Diagnostics) {
                    places += try transcription.places(of: address, in: reading)
                } catch {
                    found += error.list
                }
            }
            if !places.isEmpty { Terminal.write(format.export(places), to: .output) }
            Terminal.report(found)
            return found.isEmpty ? 0 : 2
        }
    }
}
