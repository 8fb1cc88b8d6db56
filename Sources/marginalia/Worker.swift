internal import ArgumentParser
internal import Corpus
internal import Validation
internal import XML

struct Worker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Processes documents for another program: a line in, a line of JSON out.",
        discussion: """
            For engines that spread a corpus over machines: see Cluster/README.md. Each line of standard input is a path, or an object of JSON with a \
            path and the document itself: {"path": "memo.xml", "document": "<TEI …"}, or in any encoding {"path": "memo.xml", "base64": "PD94…"}. For each \
            there is one line on standard output, in the same order and at once: whether it was read, what was found in it, the files that were made \
            of it, and its statistics. Each document is read by itself: leave out files that only include others. A document in a line reads no \
            other file unless you give --root; its pointers then start from its path.

            Examples:
              find corpus -name '*.xml' | marginalia worker --validate > report.jsonl
              find corpus -name '*.xml' | xargs -P 8 -n 100 sh -c 'printf "%s\\n" "$@" | marginalia worker --export text -o texts' -

            Exit code: 0 if all lines were answered, 2 if the command itself is wrong.
            """
    )

    @Flag(name: .customLong("validate"), help: "Validate: ‘valid’ and ‘diagnostics’.")
    var validates = false

    @Option(
        help: ArgumentHelp(
            "Export in a format; may be given several times: ‘files’ with names and contents.", valueName: "format"))
    var export: [Choice<Formats>] = []

    @Option(
        help: ArgumentHelp("The text that is exported; may be given several times, or be ‘all’.", valueName: "policy"))
    var policy: [String] = []

    @Flag(help: "Count: ‘statistics’, as ‘marginalia stats’ does.")
    var stats = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A folder for the files; their contents are then not in the lines.", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("A schema for all documents; may be given several times.", valueName: "file"))
    var schema: [String] = []

    @Option(
        help: ArgumentHelp(
            "The root folder: nothing that a document names is read outside of it. See docs/trust.md for the default.",
            valueName: "folder"))
    var root: String?

    @OptionGroup var catalogs: CatalogArguments

    mutating func validate() throws {
        try Terminal.check { () throws(Diagnostics) in
            if !validates, export.isEmpty, !stats { throw Diagnostics([Messages.nothingToDo()]) }
            if output == "" { throw Diagnostics([Messages.unnamedOutput()]) }
            if output != nil, export.isEmpty { throw Diagnostics([Messages.outputOfExport()]) }
        }
    }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let texts = try TextChoice(named: policy)
            let exports = ExportOptions(formats: export.map(\.name), texts: texts, output: output, root: root)
            let validation = ValidationOptions(schemas: schema, catalogs: catalogs.paths, root: root)
            var worker = try WorkerProtocol(
                WorkerOptions(
                    validation: validates ? validation : nil, export: export.isEmpty ? nil : exports, isCounting: stats,
                    root: root))
            var lines = LineReader()
            while let line = lines.next() {
                if !line.isEmpty { Terminal.write(worker.answer(line), to: .output) }
            }
            return 0
        }
    }
}
