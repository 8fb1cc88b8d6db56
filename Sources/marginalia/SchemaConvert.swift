internal import ArgumentParser
internal import Corpus
internal import RelaxNG
internal import XML

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
                    throw Diagnostics([Messages.noSyntax(output)])
                }
                let files = try SchemaConversion(contentsOfFile: input).files(to: form, output: output)
                for file in files { try OutputFile.save(file.bytes, at: file.path) }
                return 0
            }
        }
    }
}
