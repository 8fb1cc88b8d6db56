#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import ArgumentParser
internal import RelaxNG
internal import Validation
internal import XML

/// `marginalia schema`: the schemas that are kept on this machine.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Keeps schemas on this machine, under the addresses that documents name, and converts them.",
        discussion: """
            They lie in $MARGINALIA_SCHEMAS, else $XDG_DATA_HOME/marginalia/schemas, else ~/.local/share/marginalia/schemas.

            Examples:
              marginalia schema add https://www.tei-c.org/release/xml/tei/custom/schema/relaxng/tei_all.rng
              marginalia schema add letters.rng --as https://example.org/letters.rng
              marginalia schema list
              marginalia schema convert letters.rng letters.rnc
            """,
        subcommands: [Add.self, List.self, Remove.self, Convert.self]
    )

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Stores a schema and what it includes.",
            discussion: """
                An address is fetched by curl, now and never again; to fetch it anew, add it again.

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

        @OptionGroup var catalogs: CatalogOptions

        func run() throws {
            try Terminal.run { () throws(Diagnostics) in
                let resolver = try catalogs.resolver()
                var store = try SchemaStore(folder: CatalogOptions.storeFolder)
                let bundle = try SchemaBundle(reading: source, resolver: resolver, fetch: Download.fetch)
                try Terminal.uninterrupted { () throws(Diagnostics) in try store.add(bundle, as: address ?? source) }
                return 0
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the stored schemas: address and file.",
            discussion: """
                Example:
                  marginalia schema list
                """
        )

        func run() throws {
            try Terminal.run { () throws(Diagnostics) in
                let store = try SchemaStore(folder: CatalogOptions.storeFolder)
                Terminal.write(
                    store.entries.map { "\($0.url.printable)\t\(store.path(of: $0).printable)\n" }.joined(), to: .output
                )
                return 0
            }
        }
    }

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
                var store = try SchemaStore(folder: CatalogOptions.storeFolder)
                try Terminal.uninterrupted { () throws(Diagnostics) in try store.remove(address) }
                return 0
            }
        }
    }
}

extension SchemaCommand {
    struct Convert: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "convert",
            abstract: "Writes a schema in the other syntax of RELAX NG, with the files that it includes.",
            discussion: """
                The syntax is that of the new name: .rng or .rnc. Included files are written beside it, as they lie beside \
                the schema. Documentation and other annotations are kept; comments are not.

                Example:
                  marginalia schema convert letters.rng letters.rnc
                """
        )

        @Argument(help: "The schema.")
        var input: String

        @Argument(help: "The file to write.")
        var output: String

        func run() throws {
            try Terminal.run { () throws(Diagnostics) in
                guard let form = SchemaConversion.Form(path: output) else {
                    throw Diagnostics([
                        Messages.usage("‘\(output)’ does not say in which syntax", help: "end the name in .rng or .rnc")
                    ])
                }
                let files = try SchemaConversion(contentsOfFile: input).files(to: form, output: output)
                for file in files { try Terminal.save(file.bytes, at: file.path) }
                return 0
            }
        }
    }
}

/// Where addresses are looked up.
struct CatalogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An XML catalog; may be given several times. By default those of the environment variable XML_CATALOG_FILES.",
            valueName: "file"
        ))
    var catalog: [String] = []

    /// The named catalogs and then those of the environment.
    var paths: [String] {
        let environment = ProcessInfo.processInfo.environment["XML_CATALOG_FILES", default: ""]
        return catalog + environment.split { $0.isWhitespace }.compactMap { Reference(String($0)).path(relativeTo: "") }
    }

    /// By the catalogs, and by the store.
    func resolver() throws(Diagnostics) -> SchemaResolver {
        let paths = paths
        return SchemaResolver(
            catalog: paths.isEmpty ? nil : try Catalog(contentsOfFiles: paths),
            store: try SchemaStore(folder: CatalogOptions.storeFolder)
        )
    }

    static var storeFolder: String { SchemaStore.defaultFolder(ProcessInfo.processInfo.environment) }

    static var cache: SchemaCache? {
        SchemaCache.defaultFolder(ProcessInfo.processInfo.environment).map(SchemaCache.init)
    }
}
