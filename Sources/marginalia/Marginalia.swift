internal import ArgumentParser
internal import TEI
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
        subcommands: [
            Validate.self, QueryCommand.self, Export.self, Compare.self, IndexCommand.self, SearchCommand.self, Stats.self, Worker.self, Show.self, Where.self, New.self, SchemaCommand.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot(arguments)
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

extension Marginalia {
    /// The command line, with paths that are not UTF-8 as they are.
    private static var arguments: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { number in
            guard let argument = unsafe CommandLine.unsafeArgv[number] else { return nil }
            return unsafe String(path: UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:)))
        }
    }
}

/// Options that several commands share.
struct InputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder below which everything that is read must lie.", valueName: "folder"))
    var root: String?

    @Flag(name: .customLong("from0"), help: "The paths come from standard input, with a NUL behind each, as ‘find -print0’ writes them.")
    var isList = false

    @Argument(help: "Files, folders, or - for standard input.")
    var paths: [String] = []

    /// The files that are meant.
    func files() throws(Diagnostics) -> [String] {
        let named = isList ? try FileAccess.bytes(ofFile: "-").split(separator: 0).map { String(path: $0) } : paths
        if isList, !paths.isEmpty || named.contains("-") {
            throw Diagnostics([Messages.usage("with --from0 the paths come from standard input", help: "name none on the command line, and not ‘-’")])
        }
        if named.isEmpty { throw Diagnostics([Messages.usage("no file is named", help: "name files or folders, or - for standard input")]) }
        return try Edition.files(at: named)
    }

    /// The files that are meant, but for those that another of them includes: these are seen through it.
    func documents(isNoted: Bool = true) throws(Diagnostics) -> [String] {
        let files = try files()
        let documents = Inclusions(root: root, isNoted: isNoted).documents(of: files)
        let included = files.count - documents.count
        if included > 0 { Terminal.write("\(included) of \(files.count) files: read as parts of the others, which include them\n", to: .error) }
        return documents
    }
}
