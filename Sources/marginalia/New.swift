internal import ArgumentParser
internal import Corpus
internal import TEI
internal import Validation
internal import XML

struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a valid skeleton for a new document, register or edition.",
        discussion: """
            It has a header to fill in, and the commonest markup as commented examples. A document is a letter, memo, \
            cable or conversation. A register lists persons, organisations, places and events. A person is one entry \
            for a register. An edition includes registers and documents.

            Examples:
              marginalia new letter -o letter.xml
              marginalia new register -o register.xml
              marginalia new person
            """
    )

    @Argument(help: ArgumentHelp("What to write.", valueName: "kind"))
    var kind: Template

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; by default standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Overwrite an existing file.")
    var force = false

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let bytes = kind.bytes(with: output.map(SchemaAssociation.instructions(forDocumentAt:)) ?? "")
            if let output, output != "-", !force, FileAccess.exists(output) {
                throw Diagnostics([Messages.fileExists(output)])
            }
            try Terminal.write(bytes, at: output)
            return 0
        }
    }
}
