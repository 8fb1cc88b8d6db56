internal import ArgumentParser
internal import Corpus
internal import Validation
internal import XML

// Options that several commands share.

/// The project that documents belong to, with its settings.
struct ProjectArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The root folder: nothing that a document names is read outside of it. See docs/trust.md for the default.",
            valueName: "folder"))
    var root: String?

    @Option(
        help: ArgumentHelp(
            "The settings of the project (default: the nearest marginalia.toml at or above the files).",
            valueName: "file"))
    var config: String?

    @Flag(help: "Read no settings.")
    var noConfig = false

    /// The project of files; what the command line says of its root holds.
    func project(of paths: [String]) throws(Diagnostics) -> Project {
        var project = Project()
        if let config, !noConfig {
            project = try Project(contentsOfFile: config)
        } else if !noConfig {
            project = try Project.found(for: paths) ?? project
        }
        project.root = root ?? project.root
        return project
    }
}

/// Which files a command is about.
struct InputArguments: ParsableArguments {
    @OptionGroup var place: ProjectArguments

    @Flag(
        name: .customLong("from0"),
        help: "Read the paths from standard input, with a NUL after each, as ‘find -print0’ writes them.")
    var isList = false

    @Argument(help: "Files, folders, or - for standard input.")
    var paths: [String] = []

    mutating func validate() { paths = LongArguments.unfolded(paths) }

    /// - Parameter standardInput: the path of what comes from standard input.
    func project(standardInput: String? = nil) throws(Diagnostics) -> Project {
        try place.project(of: paths.map { $0 == "-" ? standardInput ?? $0 : $0 })
    }

    func files(of project: Project) -> CorpusFiles {
        CorpusFiles(paths, isList: isList, root: project.root, project: project)
    }

    /// The files, for a command that needs no other setting of their project.
    var files: CorpusFiles { get throws(Diagnostics) { files(of: try project()) } }
}

/// Which findings are reported.
struct FindingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A rule whose findings are left out, by its id or the first words of several, such as ‘pointer’; may be given several times.",
            valueName: "rule"))
    var ignore: [String] = []

    @Option(help: ArgumentHelp("A rule that alone is reported; may be given several times.", valueName: "rule"))
    var only: [String] = []

    @Option(
        help: ArgumentHelp(
            "How serious the findings of a rule are: error, warning or note; may be given several times.",
            valueName: "rule=severity"))
    var severity: [String] = []

    @Option(help: ArgumentHelp("List at most so many findings; the others are counted.", valueName: "number"))
    var max: Int?

    @Flag(help: "List each finding; otherwise the text report has equal ones once, with a count.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "The findings that are known and not reported. Without such a file, it is written; what is mended leaves it.",
            valueName: "file"))
    var baseline: String?

    func options(in project: Project) throws(Diagnostics) -> FindingOptions {
        var severities: [RuleSelection.Severity] = []
        for text in severity {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, let level = Diagnostic.Severity(rawValue: parts[1]) else {
                throw Diagnostics([Messages.noSeverity(text)])
            }
            severities.append(RuleSelection.Severity(parts[0], level))
        }
        let selection = RuleSelection(ignored: ignore, only: only, severities: severities)
        return FindingOptions(selection, project: project, limit: max, baseline: baseline)
    }
}

/// How a command goes about many files.
struct BatchArguments: ParsableArguments {
    @Option(
        name: [.customShort("j"), .long],
        help: ArgumentHelp(
            "How many files to process at once (default: the number of cores).", valueName: "number"))
    var jobs: Int?

    @Flag(
        help:
            "List the slowest files and those with most findings, and in ‘validate’ how often each rule found something. Runs over a minute always list the files."
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

/// By which schemas documents are validated.
struct SchemaArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A schema for all documents, in RELAX NG or Schematron; may be given several times.", valueName: "file"))
    var schema: [String] = []

    @Option(help: ArgumentHelp("The phase of Schematron rules: its id, #ALL or #DEFAULT.", valueName: "id"))
    var phase: String?

    @OptionGroup var catalogs: CatalogArguments

    /// What the command line says, or else the project; catalogs of both.
    func options(in project: Project, standardInputPath: String?, keepsFirings: Bool) -> ValidationOptions {
        ValidationOptions(
            schemas: schema.isEmpty ? project.schemas : schema, phase: phase ?? project.phase,
            catalogs: catalogs.catalog + project.catalogs + ValidationOptions.environmentCatalogs, root: project.root,
            standardInputPath: standardInputPath, keepsFirings: keepsFirings)
    }
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
