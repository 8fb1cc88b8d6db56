internal import ArgumentParser
internal import Corpus
internal import Validation

// Options that several commands share.

/// Which files a command is about.
struct InputArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The root folder: nothing that a document names is read outside of it. See docs/trust.md for the default.",
            valueName: "folder"))
    var root: String?

    @Flag(
        name: .customLong("from0"),
        help: "Read the paths from standard input, with a NUL after each, as ‘find -print0’ writes them.")
    var isList = false

    @Argument(help: "Files, folders, or - for standard input.")
    var paths: [String] = []

    mutating func validate() { paths = LongArguments.unfolded(paths) }

    var files: CorpusFiles { CorpusFiles(paths, isList: isList, root: root) }
}

/// How a command goes about many files.
struct BatchArguments: ParsableArguments {
    @Option(
        name: [.customShort("j"), .long],
        help: ArgumentHelp(
            "How many files to process at once (default: the number of cores).", valueName: "number"))
    var jobs: Int?

    @Flag(
        help: "List the slowest files and those with most findings. Runs over a minute always do."
    )
    var summary = false

    var options: BatchOptions { BatchOptions(jobs: jobs, isSummarised: summary) }
}

/// How a command goes about what it did before.
struct RenewalArguments: ParsableArguments {
    @Flag(help: "Start over: process all files, not only those that changed since the last run.")
    var force = false

    @Flag(help: "Repeat the work for each file that changes, until you press Ctrl-C.")
    var watch = false

    var options: RenewalOptions { RenewalOptions(force: force, watch: watch) }
}

/// Where addresses are looked up.
struct CatalogArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An XML catalog; may be given several times (default: those in XML_CATALOG_FILES).",
            valueName: "file"
        ))
    var catalog: [String] = []

    /// The named catalogs and then those of the environment.
    var paths: [String] { catalog + ValidationOptions.environmentCatalogs }
}
