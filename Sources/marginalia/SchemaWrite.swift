internal import ArgumentParser
internal import Corpus
internal import Validation
internal import XML

extension SchemaCommand {
    struct Write: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write",
            abstract: "Writes the built-in schema, for editors such as oXygen.",
            discussion: """
                The files are marginalia.rng and marginalia.rnc, the grammar in both syntaxes with the documentation that editors show, and \
                marginalia.sch, the rules. Prints the lines by which a document in the working folder names them.

                Example:
                  marginalia schema write -o schemas
                """
        )

        @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"))
        var output = "."

        @Flag(help: "Overwrite files that are different.")
        var force = false

        func run() throws {
            try Terminal.run { () throws(Diagnostics) in
                let files = Schema.marginaliaFiles(in: output)
                let others = files.filter { file in
                    FileAccess.exists(file.path) && (try? FileAccess.bytes(ofFile: file.path)) != file.bytes
                }
                if !force, !others.isEmpty { throw Diagnostics(others.map { Messages.fileExists($0.path) }) }
                for file in files { try OutputFile.save(file.bytes, at: file.path) }
                Terminal.write(SchemaAssociation.instructions(for: [files[0].path, files[2].path]), to: .output)
                return 0
            }
        }
    }
}
