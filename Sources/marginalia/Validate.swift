internal import ArgumentParser
internal import TEI
internal import Validation
internal import XML

struct Validate: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github, junit

        var format: any ReportFormat {
            switch self {
            case .text: .text(colour: Terminal.Stream.output.hasColour)
            case .json: .json
            case .sarif: .sarif(version: Marginalia.configuration.version)
            case .github: .github
            case .junit: .junit
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says precisely what is wrong with documents.",
        discussion: """
            Well-formedness, grammar, and what no grammar checks: pointers, unused hands, dates, gaps. The schemas are those \
            that are named by --schema, else those that the document names by <?xml-model?>, else the program's own. An \
            address is looked up in the catalogs, then among the schemas that were stored by ‘marginalia schema add’; nothing \
            is fetched.

            Examples:
              marginalia validate TEI
              marginalia validate --schema tei_all.rng letter.xml
              marginalia validate --catalog catalog.xml --format sarif TEI > found.sarif
              marginalia validate --format json - < letter.xml
              marginalia validate --stream --schema tei_all.rng corpus.xml

            Exit code: 0 if no error was found, 1 if one was, 2 if a file or the schema cannot be read.
            """
    )

    @Option(help: ArgumentHelp("A RELAX NG schema for all documents; may be given several times.", valueName: "file"))
    var schema: [String] = []

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
                schemas: schema, resolver: catalogs.resolver(), cache: noCache ? nil : CatalogOptions.cache, root: input.root,
                standardInput: standardInput
            )
            Terminal.report(validator.warnings)
            var progress = Progress(total: files.count)
            var found: [Report.File] = []
            for (index, file) in files.enumerated() {
                progress.step(index + 1, file)
                found.append(Report.File(path: file, diagnostics: stream ? validator.stream(file) : validator.validate(file)))
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
    private let resolver: SchemaResolver
    private let cache: SchemaCache?
    private let root: String?
    private let standardInput: [UInt8]
    private var library: Library?
    private var schemas: [String?: Result<Schema, Diagnostics>] = [:]

    init(
        schemas: [String], resolver: SchemaResolver, cache: SchemaCache?, root: String?, standardInput: [UInt8]
    ) throws(Diagnostics) {
        self.resolver = resolver
        self.cache = cache
        self.root = root
        self.standardInput = standardInput
        for name in schemas { named.append(try schema(at: resolver.path(named: name))) }
    }

    /// All that is wrong with a file and with what it includes.
    mutating func validate(_ file: String) -> [Diagnostic] {
        do throws(Diagnostics) {
            let bytes = file == "-" ? standardInput : nil
            let (document, library) = try Edition.read(file, bytes: bytes, root: root, sharing: library)
            self.library = library
            var found = document.diagnostics
            for schema in schemas(for: document, library, &found) {
                found += schema.validate(document)
            }
            // Of a value that the grammar does not allow no check need speak.
            let places = Set(found.filter { $0.rule == "grammar-value" }.map(\.location))
            return (found + Check.run(document, library).filter { !places.contains($0.location) }).inSourceOrder
        } catch {
            return error.list
        }
    }

    /// What is wrong with the grammar of a file, without its document being held.
    func stream(_ file: String) -> [Diagnostic] {
        do throws(Diagnostics) {
            var found: [Diagnostic] = []
            for schema in named { found += try schema.validate(streaming: file).filter { !found.contains($0) } }
            return found.inSourceOrder
        } catch {
            return error.list
        }
    }

    /// The schemas for a document. One that cannot be used is a finding in the document that names it.
    private mutating func schemas(for document: Document, _ library: Library, _ found: inout [Diagnostic]) -> [Schema] {
        if !named.isEmpty { return named }
        let associations = SchemaAssociation.list(of: document)
        if associations.isEmpty { return (try? schema(at: nil)).map { [$0] } ?? [] }
        var usable: [Schema] = []
        for association in associations {
            do throws(Diagnostics) {
                let path = try resolver.path(of: association, within: library.access)
                do throws(Diagnostics) {
                    usable.append(try schema(at: path))
                } catch {
                    throw Diagnostics([Messages.unusableSchema(path, association.instruction, reason: error)])
                }
            } catch {
                found += error.list
            }
        }
        return usable
    }

    /// Each schema is compiled once; the one without a path is the program's own.
    private mutating func schema(at path: String?) throws(Diagnostics) -> Schema {
        if let known = schemas[path] { return try known.get() }
        let result = Result { () throws(Diagnostics) in
            if let path {
                try Schema(contentsOfFile: path, resolver: resolver, cache: cache)
            } else {
                try Schema.marginalia(cache: cache)
            }
        }
        schemas[path] = result
        return try result.get()
    }
}
