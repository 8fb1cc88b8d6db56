internal import ArgumentParser
internal import Corpus
internal import Validation

// Options that several commands share.

/// Which files a command is about.
struct InputArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The folder below which everything that is read must lie.", valueName: "folder"))
    var root: String?

    @Flag(
        name: .customLong("from0"),
        help: "The paths come from standard input, with a NUL behind each, as ‘find -print0’ writes them.")
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
            "How many files are worked on at once; by default, as many as there are cores.", valueName: "number"))
    var jobs: Int?

    @Flag(
        help: "Say at the end which files took longest and in which most was found; after a minute that is said anyway."
    )
    var summary = false

    var options: BatchOptions { BatchOptions(jobs: jobs, isSummarised: summary) }
}

/// How a command goes about what it did before.
struct RenewalArguments: ParsableArguments {
    @Flag(help: "Do everything again, not only for the files that changed since the last run.")
    var force = false

    @Flag(help: "Go on, and do again what changes, until interrupted (Ctrl-C).")
    var watch = false

    var options: RenewalOptions { RenewalOptions(force: force, watch: watch) }
}

/// Where addresses are looked up.
struct CatalogArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An XML catalog; may be given several times. By default those of the environment variable XML_CATALOG_FILES.",
            valueName: "file"
        ))
    var catalog: [String] = []

    /// The named catalogs and then those of the environment.
    var paths: [String] { catalog + ValidationOptions.environmentCatalogs }
}
