internal import ArgumentParser
internal import Validation
internal import XML

extension SchemaCommand {
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
                let store = try SchemaStore()
                Terminal.write(
                    store.entries.map { "\($0.url.printable)\t\(store.path(of: $0).printable)\n" }.joined(), to: .output
                )
                return 0
            }
        }
    }
}
