internal import ArgumentParser
internal import XML
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

@main
struct Marginalia: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "marginalia",
        abstract: "Validates and exports TEI transcriptions of archival documents.",
        discussion: """
            Every hand, stamp, stage, variant and omission is kept, and so is who made it.

            Examples:
              marginalia new memo -o memo.xml
              marginalia validate memo.xml
              marginalia show memo.xml
              marginalia export --to html -o Exports memo.xml

            Exit code: 0 if nothing is wrong, 1 if a document has an error (and with compare --exit-code, if texts differ), \
            2 if the command could not be carried out.
            Shell completions: marginalia --generate-completion-script bash|zsh|fish
            """,
        version: "0.1.0",
        subcommands: [
            Validate.self, QueryCommand.self, Export.self, Compare.self, IndexCommand.self, SearchCommand.self,
            Stats.self, LSP.self, PreviewCommand.self, Worker.self, Show.self, Where.self, New.self, Explain.self,
            SchemaCommand.self,
            Config.self,
            ListFormats.self,
        ]
    )

    static func main() {
        do {
            let arguments = arguments
            if let unknown = unknownTopic(arguments) {
                Terminal.report([Messages.noCommand(unknown, configuration.subcommands.map { $0._commandName })])
                exit(withError: ExitCode(2))
            }
            var command = try parseAsRoot(LongArguments.folded(arguments))
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            // A wrong argument is a command that cannot be carried out: 2, not sysexits' 64.
            let code = exitCode(for: error)
            if code == .success { exit(withError: error) }
            if !Terminal.reportArguments() { Terminal.report([ArgumentError(fullMessage(for: error)).diagnostic]) }
            exit(withError: ExitCode(2))
        }
    }
}

extension Marginalia {
    /// The command that `marginalia help NAME` asks for, if there is none of that name.
    private static func unknownTopic(_ arguments: [String]) -> String? {
        guard arguments.count > 1, arguments[0] == "help" else { return nil }
        let known = configuration.subcommands.map { $0._commandName } + ["help"]
        return known.contains(arguments[1]) || arguments[1].hasPrefix("-") ? nil : arguments[1]
    }

    /// The command line, with paths that are not UTF-8 as they are.
    private static var arguments: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { number in
            guard let argument = unsafe CommandLine.unsafeArgv[number] else { return nil }
            return unsafe String(
                path: UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:)))
        }
    }
}
