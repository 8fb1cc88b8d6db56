internal import ArgumentParser

@main
struct Marginalia: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "marginalia",
        abstract: "Validates, reads and exports TEI transcriptions of archival documents.",
        discussion: """
            Every hand, stamp, stage, variant and omission of a document is kept, and kept attributed.

            Examples:
              marginalia new memo -o memo.xml
              marginalia validate memo.xml
              marginalia show memo.xml
              marginalia export --to html -o Exports memo.xml

            Exit code: 0 if all is well, 1 if something was found, 2 if the command could not be carried out.
            Shell completions: marginalia --generate-completion-script bash|zsh|fish
            """,
        version: "0.1.0",
        subcommands: [Validate.self, QueryCommand.self, Export.self, Compare.self, Show.self, Where.self, New.self, SchemaCommand.self]
    )

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            // A wrong argument is a command that cannot be carried out: 2, not sysexits' 64.
            let code = exitCode(for: error)
            if code == .success { exit(withError: error) }
            Terminal.write(fullMessage(for: error) + "\n", to: .error)
            exit(withError: ExitCode(2))
        }
    }
}

/// Options that several commands share.
struct InputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder below which everything that is read must lie.", valueName: "folder"))
    var root: String?

    @Argument(help: "Files, folders, or - for standard input.")
    var paths: [String]
}
