internal import ArgumentParser
internal import Schematron
internal import Synchronization
internal import TEI
internal import Validation
internal import XML
internal import XPath

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

    @Option(
        help: ArgumentHelp(
            "A schema for all documents, in RELAX NG or Schematron; may be given several times.", valueName: "file"))
    var schema: [String] = []

    @Option(help: ArgumentHelp("The phase of Schematron rules: its id, #ALL or #DEFAULT.", valueName: "id"))
    var phase: String?

    @Option(help: "How the diagnostics are written.")
    var format: Output = .text

    @Flag(
        help:
            "Only check the grammar, file by file while it is read: for documents larger than the memory. Inclusions stay as they are."
    )
    var stream = false

    @Flag(help: "Compile schemas anew, validate all, and note nothing in the cache.")
    var noCache = false

    @OptionGroup var runs: RunOptions
    @OptionGroup var renewal: RenewalOptions
    @OptionGroup var catalogs: CatalogOptions
    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            if stream, schema.isEmpty || schema.count > 1 && input.paths.contains("-") {
                throw Diagnostics([
                    Messages.usage(
                        "--stream follows no <?xml-model?>, and reads standard input once",
                        help: "name one schema by `--schema FILE`"
                    )
                ])
            }
            // What is streamed is not seen with what it includes.
            let files = try stream ? input.files() : input.documents(isNoted: !noCache)
            let standardInput = files.contains("-") && !stream ? try FileAccess.bytes(ofFile: "-") : []
            if renewal.watch, stream {
                throw Diagnostics([
                    Messages.usage(
                        "--stream holds nothing that could be watched", help: "leave out --stream or --watch")
                ])
            }
            let (validator, configuration) = try validator(standardInput)
            if stream, !validator.hasGrammar {
                throw Diagnostics([
                    Messages.usage("--stream checks the grammar alone, and the schemas have none", help: "leave it out")
                ])
            }
            Terminal.report(validator.warnings)
            // What is streamed is not held, nor is what rules did besides finding something.
            let manifest =
                stream || noCache || format == .svrl
                ? nil
                : Manifest<StoredDiagnostics>(
                    ["validate", phase ?? ""] + schema + ["by"] + catalogs.paths, root: input.root,
                    configuration: configuration,
                    force: renewal.force, isWatched: renewal.watch
                )
            if renewal.watch { try watch(validator, configuration, manifest ?? Manifest(root: input.root)) }
            let tally = try run(over: files, validator, manifest, standardInput)
            return !tally.isComplete ? 2 : tally.hasErrors ? 1 : 0
        }
    }

    /// What validates by the schemas that were named, and what was read to find them.
    private func validator(_ standardInput: [UInt8]) throws(Diagnostics) -> (Validator, DependencyLog) {
        let resolver = Recorded { Result { () throws(Diagnostics) in try catalogs.resolver() } }
        let validator = try Validator(
            schemas: schema, phase: phase, resolver: resolver.value.get(), cache: noCache ? nil : CatalogOptions.cache,
            root: input.root, standardInput: standardInput, keepsFirings: format == .svrl
        )
        return (validator, resolver.log)
    }

    /// - Parameter isShown: whether what is known from before is reported too.
    private func run(
        over files: [String], _ validator: Validator, _ manifest: Manifest<StoredDiagnostics>?,
        _ standardInput: [UInt8] = [], isShown: Bool = true
    ) throws(Diagnostics) -> Report.Tally {
        var run = try Run(files, runs)
        var report = try RunningReport(format, standardInput)
        run.forEach { [stream] file -> (file: Report.File, isShown: Bool) in
            if stream { return (validator.stream(file), true) }
            if let known = manifest?.result(for: file)?.list {
                return (Report.File(path: file, diagnostics: known), isShown)
            }
            let found = Recorded { validator.validate(file) }
            manifest?.watch(found.log.stamps)
            manifest?.add(StoredDiagnostics(found.value.diagnostics), for: file, found.log)
            return (found.value, true)
        } deliver: { _, result in
            report.add(result.file, isShown: result.isShown)
            return result.file.diagnostics.count
        }
        manifest?.save()
        try report.end()
        Terminal.write(report.tally.summary + "\n", to: .error)
        return report.tally
    }

    /// Validates what has changed, until the program is ended.
    private func watch(
        _ validator: Validator, _ configuration: DependencyLog, _ manifest: Manifest<StoredDiagnostics>
    ) throws(Diagnostics) -> Never {
        let inclusions = Inclusions(root: input.root, isNoted: false)
        var (named, validator, configuration, manifest, isFirst) = (
            try input.files(), validator, configuration, manifest, true
        )
        while true {
            manifest.begin(configuration)
            _ = try run(over: inclusions.documents(of: named), validator, manifest, isShown: isFirst)
            named = Watch.wait(for: named, manifest.inputs) { try? input.files() }
            isFirst = false
            if configuration.stamps.areCurrent {
                validator.renew()
            } else {
                (validator, configuration) = try self.validator([])
                manifest = Manifest(root: input.root)
            }
        }
    }
}

/// Diagnostics as a manifest keeps them. Thousands of them share a few rules, messages and lists: each string is there
/// once, and a diagnostic is a row of numbers.
struct StoredDiagnostics: Codable, Sendable {
    private var strings: [String] = []
    /// Which strings each list of expectations has, as numbers with blanks between.
    private var lists: [String] = []
    /// As numbers with blanks between, one after the other: the fields of each diagnostic, and those of each of its
    /// notes. A string that is missing is -1.
    private var fields = ""

    init(_ diagnostics: [Diagnostic]) {
        var (numbers, known): ([CodepointString: Int], [Expectations: Int]) = ([:], [:])
        func number(_ string: String?) -> Int {
            guard let string else { return -1 }
            if let number = numbers[CodepointString(string)] { return number }
            numbers[CodepointString(string)] = strings.count
            strings.append(string)
            return strings.count - 1
        }
        var bytes: [UInt8] = []
        func add(_ numbers: Int...) {
            for number in numbers {
                bytes += String(number).utf8
                bytes.append(UInt8(ascii: " "))
            }
        }
        func add(_ location: SourceLocation?) {
            add(number(location?.file), location?.line ?? 0, location?.column ?? 0, location?.byteOffset ?? 0)
        }
        for diagnostic in diagnostics {
            let list = known[Expectations(list: diagnostic.expected), default: lists.count]
            if list == lists.count {
                known[Expectations(list: diagnostic.expected)] = list
                lists.append(diagnostic.expected.map { "\(number($0))" }.joined(separator: " "))
            }
            add(
                number(diagnostic.severity.rawValue), number(diagnostic.rule), number(diagnostic.message),
                number(diagnostic.help))
            add(diagnostic.location)
            add(number(diagnostic.path), number(diagnostic.id), list, diagnostic.occurrences, diagnostic.notes.count)
            for note in diagnostic.notes {
                add(number(note.message))
                add(note.location)
            }
        }
        fields = String(decoding: bytes, as: UTF8.self)
    }

    /// `nil` where the numbers are none that ``init(_:)`` made.
    var list: [Diagnostic]? {
        let expectations = lists.map { StoredDiagnostics.numbers($0).compactMap(string) }
        var (found, rest) = ([Diagnostic](), StoredDiagnostics.numbers(fields)[...])
        func next() -> Int { rest.popFirst() ?? -1 }
        func place() -> SourceLocation? {
            let (file, line, column, offset) = (string(next()), next(), next(), next())
            return file.map { SourceLocation(file: $0, line: line, column: column, byteOffset: offset) }
        }
        while !rest.isEmpty {
            guard let severity = string(next()).flatMap(Diagnostic.Severity.init), let rule = string(next()),
                let message = string(next())
            else { return nil }
            let (help, location, path, id, expected, occurrences) = (
                string(next()), place(), string(next()), string(next()), next(), next()
            )
            guard expectations.indices.contains(expected) else { return nil }
            let notes = (0..<max(0, next())).map { _ in Diagnostic.Note(string(next()) ?? "", at: place()) }
            found.append(
                Diagnostic(
                    severity, rule: rule, message, help: help, at: location, path: path, id: id, notes: notes,
                    expected: expectations[expected],
                    occurrences: occurrences
                ))
        }
        return found
    }

    private static func numbers(_ list: String) -> [Int] {
        list.utf8.split(separator: UInt8(ascii: " ")).map { Int(Substring($0)) ?? -1 }
    }

    private func string(_ number: Int) -> String? { strings.indices.contains(number) ? strings[number] : nil }

    /// Lists that are one and the same in memory are not compared element by element.
    private struct Expectations: Hashable {
        let list: [String]

        static func == (a: Expectations, b: Expectations) -> Bool {
            a.list == b.list && zip(a.list, b.list).allSatisfy { $0.isSame(as: $1) }
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(list.count)
            hasher.combine(list.first.map { CodepointString($0) })
        }
    }
}

/// A report that is written as far as it goes; what can only be said behind what tells how much it was waits on the
/// disk.
private struct RunningReport {
    private var writer: any ReportWriter
    private let source: SourceReader
    private let waiting: TemporaryFile?
    private let isText: Bool
    private(set) var tally = Report.Tally()

    init(_ output: Validate.Output, _ standardInput: [UInt8]) throws(Diagnostics) {
        (writer, source, isText) = (output.format.writer, SourceReader(standardInput: standardInput), output == .text)
        if let opening = writer.opening {
            waiting = nil
            write(opening)
        } else {
            waiting = try TemporaryFile()
        }
    }

    mutating func add(_ file: Report.File, isShown: Bool) {
        let new = tally.add(file)
        guard isShown else { return }
        let bytes = writer.add(file, new: new, source: source)
        guard let waiting else { return write(bytes) }
        waiting.append(bytes)
    }

    func end() throws(Diagnostics) {
        if let waiting {
            try waiting.check()
            write(writer.opening(tally))
            try waiting.read(write)
        }
        write(writer.closing(tally))
    }

    private func write(_ bytes: [UInt8]) { Terminal.write(bytes, to: .output, isPrintable: isText) }
}

/// Validates files, on as many threads as there are.
final class Validator: Sendable {
    private let named: [SchemaTable.Key]
    private let root: String?
    /// What is doubtful about the schemas that were named.
    let warnings: [Diagnostic]
    /// Whether one of the schemas that were named has a grammar.
    let hasGrammar: Bool
    private let resolver: SchemaResolver
    private let reader: Edition.Reader
    private let standardInput: [UInt8]
    private let phase: String?
    private let keepsFirings: Bool
    private let schemas: SchemaTable

    init(
        schemas: [String], phase: String?, resolver: SchemaResolver, cache: SchemaCache?, root: String?,
        standardInput: [UInt8],
        keepsFirings: Bool
    ) throws(Diagnostics) {
        (self.resolver, self.root) = (resolver, root)
        reader = Edition.Reader(root: root)
        self.standardInput = standardInput
        self.phase = phase
        self.keepsFirings = keepsFirings
        self.schemas = SchemaTable(resolver, cache)
        var (named, found): ([SchemaTable.Key], [Schema]) = ([], [])
        for name in schemas {
            named.append(
                .file(CodepointString(try resolver.path(named: name)), phase: phase.map { CodepointString($0) }))
            found.append(try self.schemas.schema(named[named.count - 1]))
        }
        self.named = named
        (warnings, hasGrammar) = (found.flatMap(\.warnings), found.contains(where: \.hasGrammar))
        if let phase, !named.isEmpty, !found.contains(where: \.hasRules) {
            throw Diagnostics([
                Messages.usage(
                    "--phase \(phase) means nothing: the schemas have no Schematron rules", help: "leave it out")
            ])
        }
    }

    /// Makes ready for files that may have changed.
    func renew() {
        reader.renew()
        schemas.renew()
    }

    /// All that is wrong with a file and with what it includes.
    func validate(_ file: String) -> Report.File {
        do throws(Diagnostics) {
            // What an inclusion that fails would have brought in is not checked; all else is.
            let (document, library) = try reader.read(
                file, bytes: file == "-" ? standardInput : nil, skipsFailures: true)
            return validate(document, library, path: file)
        } catch {
            return Report.File(path: file, diagnostics: error.list)
        }
    }

    /// All that is wrong with a document that has been read.
    func validate(_ document: Document, _ library: Library, path file: String) -> Report.File {
        do throws(Diagnostics) {
            var found = document.diagnostics
            var outcomes: [SchematronOutcome] = []
            func run(_ schema: Schema) -> [Diagnostic] {
                let findings = schema.findings(
                    in: document, resources: .files(within: library.access), keepsFirings: keepsFirings)
                if keepsFirings, let outcome = findings.rules { outcomes.append(outcome) }
                return findings.diagnostics
            }
            let (schemas, rules) = try schemas(for: document, library, &found)
            // Where an inclusion failed nobody knows whether something is missing.
            let gaps = document.pathsOfGaps
            for schema in schemas {
                found += run(schema).filter {
                    $0.rule != "grammar-element-missing" || $0.path.map { gaps.contains(CodepointString($0)) } != true
                }
            }
            // Of a value that the grammar does not allow no check need speak; and a document may name our rules itself.
            let known = Set(found.map { RuleAndPlace(rule: CodepointString($0.rule), location: $0.location) })
            let places = Set(found.filter { $0.rule == "grammar-value" }.map(\.location))
            // A document by whose own schema all is well is not invalid by our rules.
            let isOwn = named.isEmpty && SchemaAssociation.all(of: document).used.isEmpty
            let ours = isOwn ? run(rules) : run(rules).map(\.asWarning)
            let checked = (ours + Check.run(document, library)).filter {
                !places.contains($0.location)
                    && !known.contains(RuleAndPlace(rule: CodepointString($0.rule), location: $0.location))
            }
            return Report.File(path: file, diagnostics: (found + checked).inSourceOrder, rules: outcomes)
        } catch {
            return Report.File(path: file, diagnostics: error.list)
        }
    }

    /// What is wrong with the grammar of a file, without its document being held.
    func stream(_ file: String) -> Report.File {
        do throws(Diagnostics) {
            var found: [Diagnostic] = []
            for key in named {
                found += try schemas.schema(key).validate(streaming: file).filter { !found.contains($0) }
            }
            return Report.File(path: file, diagnostics: found.inSourceOrder)
        } catch {
            return Report.File(path: file, diagnostics: error.list)
        }
    }

    /// The schemas for a document, and those of our rules that hold for it. A schema that cannot be used is a finding
    /// in the document that names it.
    private func schemas(
        for document: Document, _ library: Library, _ found: inout [Diagnostic]
    ) throws(Diagnostics) -> (schemas: [Schema], rules: Schema) {
        if !named.isEmpty {
            var schemas: [Schema] = []
            for key in named { schemas.append(try self.schemas.schema(key)) }
            return (schemas, try self.schemas.schema(.practice))
        }
        let (associations, unused) = SchemaAssociation.all(of: document)
        found += unused
        if associations.isEmpty {
            let own = try schemas.schema(.own)
            return ([own.withoutRules], own.withoutGrammar)
        }
        // A document names schemas wherever they lie, unless it is said below which folder it may read.
        let access = root != nil || library.access.root.isEmpty ? library.access : nil
        var usable: [Schema] = []
        for association in associations {
            do throws(Diagnostics) {
                let path = try resolver.path(of: association, within: access)
                do throws(Diagnostics) {
                    let schema = try schemas.schema(
                        .association(
                            CodepointString(path), phase: (phase ?? association.phase).map { CodepointString($0) },
                            access))
                    found += schema.warnings
                    usable.append(schema)
                } catch {
                    throw Diagnostics([Messages.unusableSchema(path, association.instruction, reason: error)])
                }
            } catch {
                found += error.list
            }
        }
        return (usable, try schemas.schema(.practice))
    }
}

private struct RuleAndPlace: Hashable {
    let rule: CodepointString
    let location: SourceLocation?
}

/// The schemas of a run: each is compiled once, for each phase, by the thread that first asks for it.
private final class SchemaTable: Sendable {
    enum Key: Hashable {
        /// One that the command names.
        case file(CodepointString, phase: CodepointString?)
        /// One that a document names, with the folder below which it may lead.
        case association(CodepointString, phase: CodepointString?, FileAccess?)
        /// That for documents that name none.
        case own
        /// Those of our rules that hold for every document.
        case practice
    }

    private let resolver: SchemaResolver
    private let cache: SchemaCache?
    private let known = Mutex<[Key: Recorded<Result<Schema, Diagnostics>>]>([:])

    init(_ resolver: SchemaResolver, _ cache: SchemaCache?) {
        (self.resolver, self.cache) = (resolver, cache)
    }

    func schema(_ key: Key) throws(Diagnostics) -> Schema {
        let schema = known.withLock { known in
            let schema = known[key] ?? Recorded { Result { () throws(Diagnostics) in try compile(key) } }
            known[key] = schema
            return schema
        }
        return try schema.value.get()
    }

    /// Forgets the schemas whose files have changed.
    func renew() {
        known.withLock { known in known = known.filter { $1.log.stamps.areCurrent } }
    }

    private func compile(_ key: Key) throws(Diagnostics) -> Schema {
        switch key {
        case .file(let path, let phase):
            try Schema(contentsOfFile: path.string, resolver: resolver, cache: cache, phase: phase?.string)
        case .association(let path, let phase, let access):
            try Schema(
                namedByDocument: path.string, resolver: resolver, within: access, cache: cache, phase: phase?.string)
        case .own: try Schema.marginalia(cache: cache)
        case .practice: try Schema.marginaliaRules(phase: "practice")
        }
    }
}
