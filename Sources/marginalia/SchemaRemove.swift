internal import ArgumentParser
internal import Corpus
internal import Validation
internal import XML

extension SchemaCommand {
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Removes a stored schema.",
            discussion: """
                Example:
                  marginalia schema remove https://example.org/letters.rng
                """
        )

        @Argument(help: ArgumentHelp("The address under which it is stored.", valueName: "url"))
        var address: String

        func run() throws {
            try Terminal.run { () throws(Diagnostics) in
                var store = try SchemaStore()
                try OutputFile.uninterrupted { () throws(Diagnostics) in try store.remove(address) }
                return 0
            }
        }
    }
}
