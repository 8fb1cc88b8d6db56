internal import ArgumentParser

/// `marginalia schema`: the schemas that are kept on this machine.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Stores schemas under the addresses that documents name, converts them, and writes the built-in one.",
        discussion: """
            They are in $MARGINALIA_SCHEMAS, or else $XDG_DATA_HOME/marginalia/schemas, or else ~/.local/share/marginalia/schemas.

            Examples:
              marginalia schema add https://www.tei-c.org/release/xml/tei/custom/schema/relaxng/tei_all.rng
              marginalia schema add letters.rng --as https://example.org/letters.rng
              marginalia schema list
              marginalia schema convert letters.rng letters.rnc
              marginalia schema write -o schemas
            """,
        subcommands: [Add.self, List.self, Remove.self, Convert.self, Write.self]
    )
}
