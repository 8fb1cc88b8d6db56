internal import ArgumentParser
internal import Synchronization
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
            Validate.self, QueryCommand.self, Export.self, Compare.self, IndexCommand.self, SearchCommand.self,
            Stats.self, Worker.self, Show.self, Where.self, New.self, SchemaCommand.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot(LongArguments.folded(arguments))
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
            return unsafe String(
                path: UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:)))
        }
    }
}

/// Runs of thousands of paths, as a shell makes them of `*.xml`, are handed to the parser as one argument each: its
/// time grows with the square of their number.
enum LongArguments {
    private static let commands: Set = [
        "validate", "query", "export", "compare", "index", "search", "stats", "show", "where",
    ]
    private static let runs = Mutex<[[String]]>([])
    /// No argument of a command line can hold a NUL.
    private static let mark = "\u{0}"
    /// As many may be values of options, an expression, or words.
    private static let kept = 100

    static func folded(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, commands.contains(command) else { return arguments }
        var (folded, run): ([String], [String]) = ([], [])
        func endRun() {
            folded += run.prefix(kept)
            if run.count > kept {
                runs.withLock { runs in
                    folded.append(mark + String(runs.count))
                    runs.append(Array(run.dropFirst(kept)))
                }
            }
            run = []
        }
        for argument in arguments {
            if argument.utf8.first != UInt8(ascii: "-") || argument == "-" {
                run.append(argument)
            } else {
                endRun()
                folded.append(argument)
            }
        }
        endRun()
        return folded
    }

    /// The arguments of a command in place of those that stand for many: each command that may have many calls it.
    static func unfolded(_ arguments: [String]) -> [String] {
        arguments.flatMap { argument in
            guard argument.hasPrefix(mark), let number = Int(argument.dropFirst()) else { return [argument] }
            return runs.withLock { $0[number] }
        }
    }
}

/// Options that several commands share.
struct InputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder below which everything that is read must lie.", valueName: "folder"))
    var root: String?

    @Flag(
        name: .customLong("from0"),
        help: "The paths come from standard input, with a NUL behind each, as ‘find -print0’ writes them.")
    var isList = false

    @Argument(help: "Files, folders, or - for standard input.")
    var paths: [String] = []

    mutating func validate() { paths = LongArguments.unfolded(paths) }

    /// The files that are meant.
    func files() throws(Diagnostics) -> [String] {
        let named = isList ? try FileAccess.bytes(ofFile: "-").split(separator: 0).map { String(path: $0) } : paths
        if isList, !paths.isEmpty || named.contains("-") {
            throw Diagnostics([
                Messages.usage(
                    "with --from0 the paths come from standard input",
                    help: "name none on the command line, and not ‘-’")
            ])
        }
        if named.isEmpty {
            throw Diagnostics([
                Messages.usage("no file is named", help: "name files or folders, or - for standard input")
            ])
        }
        return try Edition.files(at: named)
    }

    /// The files that are meant, but for those that another of them includes: these are seen through it.
    func documents(isNoted: Bool = true) throws(Diagnostics) -> [String] {
        let files = try files()
        let documents = Inclusions(root: root, isNoted: isNoted).documents(of: files)
        let included = files.count - documents.count
        if included > 0 {
            Terminal.write(
                "\(included) of \(files.count) files: read as parts of the others, which include them\n", to: .error)
        }
        return documents
    }
}
