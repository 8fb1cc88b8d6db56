internal import ArgumentParser
internal import TEI
internal import Validation
internal import XML

struct Validate: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github, junit, svrl

        var format: any ReportFormat {
            switch self {
            case .text: .text(colour: Terminal.Stream.output.hasColour)
            case .json: .json
            case .sarif: .sarif(version: Marginalia.configuration.version)
            case .github: .github
            case .junit: .junit
            case .svrl: .svrl
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says precisely what is wrong with documents.",
        discussion: """
            Well-formedness, grammar, Schematron rules, and what neither checks: pointers, unused hands, dates, gaps. The \
            schemas are those that are named by --schema, else those that the document names by <?xml-model?>, else the program's own. An \
            address is looked up in the catalogs, then among the schemas that were stored by ‘marginalia schema add’; nothing \
            is fetched.

            Examples:
              marginalia validate TEI
              marginalia validate --schema tei_all.rng letter.xml
              marginalia validate --catalog catalog.xml --format sarif TEI > found.sarif
              marginalia validate --format json - < letter.xml
              marginalia validate --schema rules.sch --phase draft --format svrl letter.xml
              marginalia validate --stream --schema tei_all.rng corpus.xml

            Exit code: 0 if no error was found, 1 if one was, 2 if a file or the schema cannot be read.
            """
    )

    @Option(help: ArgumentHelp("A schema for all documents, in RELAX NG or Schematron; may be given several times.", valueName: "file"))
    var schema: [String] = []

    @Option(help: ArgumentHelp("The phase of Schematron rules: its id, #ALL or #DEFAULT.", valueName: "id"))
    var phase: String?

    @Option(help: "How the diagnostics are written.")
    var format: Output = .text

    @Flag(help: "Only check the grammar, file by file while it is read: for documents larger than the memory. Inclusions stay as they are.")
    var stream = false

    @Flag(help: "Compile schemas anew, and keep none compiled.")
    var noCache = false

    @OptionGroup var catalogs: CatalogOptions
    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            if stream, schema.isEmpty || schema.count > 1 && input.paths.contains("-") {
                throw Diagnostics([Messages.usage(
                    "--stream follows no <?xml-model?>, and reads standard input once", help: "name one schema by `--schema FILE`"
                )])
            }
            let files = try Edition.files(at: input.paths)
            let standardInput = files.contains("-") && !stream ? try FileAccess.bytes(ofFile: "-") : []
            var validator = try Validator(
                schemas: schema, phase: phase, resolver: catalogs.resolver(), cache: noCache ? nil : CatalogOptions.cache,
                root: input.root, standardInput: standardInput, keepsFirings: format == .svrl
            )
            if stream, !validator.hasGrammar {
                throw Diagnostics([Messages.usage("--stream checks the grammar alone, and the schemas have none", help: "leave it out")])
            }
            Terminal.report(validator.warnings)
            var progress = Progress(total: files.count)
            var found: [Report.File] = []
            for (index, file) in files.enumerated() {
                progress.step(index + 1, file)
                found.append(stream ? validator.stream(file) : validator.validate(file))
            }
            progress.end()
            let report = Report(files: found, standardInput: standardInput)
            Terminal.write(format.format.export(report), to: .output)
            Terminal.write(report.summary + "\n", to: .error)
            return !report.isComplete ? 2 : report.hasErrors ? 1 : 0
        }
    }
}

/// Runs over files one after the other.
private struct Validator {
    private var named: [Schema] = []
    /// What is doubtful about the schemas that were named.
    var warnings: [Diagnostic] { named.flatMap(\.warnings) }
    /// Whether one of the schemas that were named has a grammar.
    var hasGrammar: Bool { named.contains(where: \.hasGrammar) }
    private let resolver: SchemaResolver
    private let cache: SchemaCache?
    private let root: String?
    private let standardInput: [UInt8]
    private let phase: String?
    private let keepsFirings: Bool
    private var library: Library?
    private var schemas: [SchemaKey: Result<Schema, Diagnostics>] = [:]
    /// Those of our rules that hold for every document.
    private var practice: Schema?

    /// A schema in a phase; the one without a path is the program's own.
    private struct SchemaKey: Hashable {
        let path: String?
        let phase: String?
    }

    init(
        schemas: [String], phase: String?, resolver: SchemaResolver, cache: SchemaCache?, root: String?, standardInput: [UInt8],
        keepsFirings: Bool
    ) throws(Diagnostics) {
        self.resolver = resolver
        self.cache = cache
        self.root = root
        self.standardInput = standardInput
        self.phase = phase
        self.keepsFirings = keepsFirings
        for name in schemas { named.append(try schema(at: resolver.path(named: name), phase: phase)) }
        if let phase, !named.isEmpty, !named.contains(where: \.hasRules) {
            throw Diagnostics([Messages.usage("--phase \(phase) means nothing: the schemas have no Schematron rules", help: "leave it out")])
        }
    }

    /// All that is wrong with a file and with what it includes.
    mutating func validate(_ file: String) -> Report.File {
        do throws(Diagnostics) {
            let bytes = file == "-" ? standardInput : nil
            let (document, library) = try Edition.read(file, bytes: bytes, root: root, sharing: library)
            self.library = library
            var found = document.diagnostics
            var outcomes: [SchematronOutcome] = []
            func run(_ schema: Schema) -> [Diagnostic] {
                let findings = schema.findings(in: document, resources: .files(within: library.access), keepsFirings: keepsFirings)
                if keepsFirings, let outcome = findings.rules { outcomes.append(outcome) }
                return findings.diagnostics
            }
            let (schemas, rules) = try schemas(for: document, library, &found)
            for schema in schemas { found += run(schema) }
            // Of a value that the grammar does not allow no check need speak; and a document may name our rules itself.
            let known = Set(found)
            let places = Set(found.filter { $0.rule == "grammar-value" }.map(\.location))
            let checked = (run(rules) + Check.run(document, library)).filter { !places.contains($0.location) && !known.contains($0) }
            return Report.File(path: file, diagnostics: (found + checked).inSourceOrder, rules: outcomes)
        } catch {
            return Report.File(path: file, diagnostics: error.list)
        }
    }

    /// What is wrong with the grammar of a file, without its document being held.
    func stream(_ file: String) -> Report.File {
        do throws(Diagnostics) {
            var found: [Diagnostic] = []
            for schema in named { found += try schema.validate(streaming: file).filter { !found.contains($0) } }
            return Report.File(path: file, diagnostics: found.inSourceOrder)
        } catch {
            return Report.File(path: file, diagnostics: error.list)
        }
    }

    /// The schemas for a document, and those of our rules that hold for it. A schema that cannot be used is a finding in the
    /// document that names it.
    private mutating func schemas(
        for document: Document, _ library: Library, _ found: inout [Diagnostic]
    ) throws(Diagnostics) -> (schemas: [Schema], rules: Schema) {
        if !named.isEmpty { return (named, try practiceRules()) }
        let associations = SchemaAssociation.list(of: document)
        if associations.isEmpty {
            let own = try schema(at: nil, phase: nil)
            return ([own.withoutRules], own.withoutGrammar)
        }
        var usable: [Schema] = []
        for association in associations {
            do throws(Diagnostics) {
                let path = try resolver.path(of: association, within: library.access)
                do throws(Diagnostics) {
                    let schema = try schema(at: path, phase: phase ?? association.phase)
                    found += schema.warnings
                    usable.append(schema)
                } catch {
                    throw Diagnostics([Messages.unusableSchema(path, association.instruction, reason: error)])
                }
            } catch {
                found += error.list
            }
        }
        return (usable, try practiceRules())
    }

    private mutating func practiceRules() throws(Diagnostics) -> Schema {
        if let practice { return practice }
        let rules = try Schema.marginaliaRules(phase: "practice")
        practice = rules
        return rules
    }

    /// Each schema is compiled once for each phase.
    private mutating func schema(at path: String?, phase: String?) throws(Diagnostics) -> Schema {
        let key = SchemaKey(path: path, phase: phase)
        if let known = schemas[key] { return try known.get() }
        let result = Result { () throws(Diagnostics) in
            if let path {
                try Schema(contentsOfFile: path, resolver: resolver, cache: cache, phase: phase)
            } else {
                try Schema.marginalia(cache: cache)
            }
        }
        schemas[key] = result
        return try result.get()
    }
}
