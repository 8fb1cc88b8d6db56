internal import ArgumentParser
internal import Corpus
internal import Validation
internal import XML

extension SchemaCommand {
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Stores a schema and what it includes.",
            discussion: """
                curl fetches the address once. To fetch it again, add it again.

                Examples:
                  marginalia schema add https://www.tei-c.org/release/xml/tei/custom/schema/relaxng/tei_all.rng
                  marginalia schema add letters.rng --as https://example.org/letters.rng
                """
        )

        @Argument(help: ArgumentHelp("An address of http or https, or a file.", valueName: "url-or-file"))
        var source: String

        @Option(
            name: .customLong("as"),
            help: ArgumentHelp("The address to store it under; by default its own.", valueName: "url"))
        var address: String?

        @OptionGroup var catalogs: CatalogArguments

        func run() throws {
            try Terminal.run { () throws(Diagnostics) in
                let resolver = try SchemaResolver(catalogs: catalogs.paths)
                var store = try SchemaStore()
                let bundle = try SchemaBundle(reading: source, resolver: resolver, fetch: Download.fetch)
                try OutputFile.uninterrupted { () throws(Diagnostics) in try store.add(bundle, as: address ?? source) }
                return 0
            }
        }
    }
}
