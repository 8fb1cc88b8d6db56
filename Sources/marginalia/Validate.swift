internal import ArgumentParser
internal import TEI
internal import Validation
internal import XML

struct Validate: ParsableCommand {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        abstract: "Says precisely what is wrong with documents.",
        discussion: """
            Well-formedness, grammar, and what no grammar checks: pointers, unused hands, dates, gaps. The schema is the one \
            that is named by --schema, else the one that the document names by <?xml-model?>, else the program's own.

            Examples:
              marginalia validate TEI
              marginalia validate --schema tei_all.rng letter.xml
              marginalia validate --format json - < letter.xml

            Exit code: 0 if no error was found, 1 if one was, 2 if a file or the schema cannot be read.
            """
    )

    @Option(help: ArgumentHelp("A RELAX NG schema for all documents.", valueName: "file"))
    var schema: String?

    @Option(help: "How the diagnostics are written.")
    var format: Output = .text

    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let files = try Edition.files(at: input.paths)
            var validator = try Validator(schemaFile: schema, root: input.root)
            var progress = Progress(total: files.count)
            for (index, file) in files.enumerated() {
                progress.step(index + 1, file)
                validator.validate(file)
            }
            progress.end()
            let report = Report(validator.found)
            let text = format == .json ? report.json : report.text(colour: Terminal.Stream.output.hasColour)
            Terminal.write(text, to: .output)
            Terminal.write(report.summary(files: files.count) + "\n", to: .error)
            return validator.hasFailed ? 2 : report.hasErrors ? 1 : 0
        }
    }
}

/// Runs over files one after the other and gathers what is found, each thing once.
private struct Validator {
    private let named: Schema?
    private let root: String?
    private var schemas: [String?: Result<Schema, Diagnostics>] = [:]
    private var seen = Set<Diagnostic>()
    private(set) var found: [Diagnostic] = []
    /// Whether a file could not be read at all.
    private(set) var hasFailed = false

    init(schemaFile: String?, root: String?) throws(Diagnostics) {
        named = if let schemaFile {
            try Terminal.withinTwoMinutes { () throws(Diagnostics) in try Schema(contentsOfFile: schemaFile) }
        } else {
            nil
        }
        self.root = root
    }

    mutating func validate(_ file: String) {
        do throws(Diagnostics) {
            let (document, library) = try Edition.read(file, root: root)
            let association = SchemaAssociation(of: document)
            if case .remote(let diagnostic) = association, named == nil { add([diagnostic]) }
            let grammar = Terminal.withinTwoMinutes { schema(association, library)?.validate(document) ?? [] }
            let all = document.diagnostics + grammar + Check.run(document, library)
            add(all.inSourceOrder)
        } catch {
            // A file that is not well-formed was found to be so; one that is not there was not looked at.
            hasFailed = hasFailed || error.list.contains { $0.location == nil }
            add(error.list)
        }
    }

    private mutating func add(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics where seen.insert(diagnostic.identity).inserted { found.append(diagnostic) }
    }

    /// The schema for a document; one that cannot be used is a finding in the document that names it.
    private mutating func schema(_ association: SchemaAssociation, _ library: Library) -> Schema? {
        if let named { return named }
        switch association {
        case .remote:
            return nil
        case .file(let path, let instruction):
            do throws(Diagnostics) {
                guard library.access.allows(path) else { throw Diagnostics([Messages.schemaOutsideRoot(path)]) }
                return try schema(path) { () throws(Diagnostics) in try Schema(contentsOfFile: path) }
            } catch {
                add([Messages.unusableSchema(path, instruction, reason: error)])
                return nil
            }
        case .none:
            return try? schema(nil) { () throws(Diagnostics) in try Schema.marginalia() }
        }
    }

    /// Each schema is compiled once.
    private mutating func schema(_ path: String?, _ compile: () throws(Diagnostics) -> Schema) throws(Diagnostics) -> Schema {
        if let known = schemas[path] { return try known.get() }
        let result = Result(catching: compile)
        schemas[path] = result
        return try result.get()
    }
}

extension Diagnostic {
    /// The same finding in the same place, whichever document it was reached by.
    fileprivate var identity: Diagnostic {
        Diagnostic(severity, rule: rule, message, at: location)
    }
}
