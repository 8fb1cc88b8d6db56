package import RelaxNG
public import Schematron
internal import Synchronization
public import XML
public import XPath

/// A compiled schema: RELAX NG, Schematron, or both in one (RELAX NG, ISO/IEC 19757-3).
///
///     let schema = try Schema(contentsOfFile: "Schemas/marginalia.rng")
///     for found in schema.validate(document) { print(found.message) }
///
/// The namespace of the outermost element decides the language. Schematron rules in a RELAX NG schema are run together
/// with its grammar; of an ODD, only the rules in its `constraintSpec`s are run.
///
/// You may share a compiled schema between threads; it becomes faster with each document.
public struct Schema: Sendable {
    /// The grammar.
    private let pool: ValidatorPool?
    private let rules: SchematronRules?
    /// Where the grammar was read from.
    private let source: (path: String, loader: SchemaLoader)?

    /// The problems of the schema that do not keep it from validating: contradictions about the attributes that
    /// identify an element, because of which ids are not checked (RELAX NG DTD Compatibility, 5), and rules that cannot
    /// be run.
    public var warnings: [Diagnostic] { (pool?.grammar.warnings ?? []) + (rules?.warnings ?? []) }

    /// The grammar alone, without the Schematron rules.
    public var withoutRules: Schema { Schema(pool: pool, rules: nil, source: source) }

    /// The Schematron rules alone, without the grammar.
    public var withoutGrammar: Schema { Schema(pool: nil, rules: rules, source: nil) }

    private init(pool: ValidatorPool?, rules: SchematronRules?, source: (path: String, loader: SchemaLoader)?) {
        (self.pool, self.rules, self.source) = (pool, rules, source)
    }

    /// The content that the grammar allows at places of documents; `nil` if there is no grammar.
    package var contentModel: ContentModel? { pool.map { ContentModel($0.grammar) } }

    /// What the grammar says about its elements, attributes and values, read anew; `nil` if there is no grammar.
    package var documentation: SchemaDocumentation? {
        guard let source else { return nil }
        let bytes =
            source.path == Schema.ownPath ? embeddedFile("marginalia.rng") : try? FileAccess.bytes(ofFile: source.path)
        return bytes.map { SchemaDocumentation($0, path: source.path, loader: source.loader) }
    }

    /// Whether there is a grammar.
    public var hasGrammar: Bool { pool != nil }
    /// Whether there are Schematron rules.
    public var hasRules: Bool { rules != nil }

    /// Compiles a schema. The files that it includes are read from this machine, never from a network.
    ///
    /// - Parameters:
    ///   - path: the file. If its name ends in `.rnc`, or it does not begin with `<`, it is in RELAX NG's compact
    ///     syntax.
    ///   - resolver: finds the files that the schema includes, if they do not lie beside it.
    ///   - cache: the place of compiled grammars, read and written; `nil` for none.
    ///   - phase: the Schematron phase to run: its id, `#ALL`, or `#DEFAULT` for the schema's own default, as `nil`
    ///     does. If a RELAX NG schema has rules and no phases, all rules are run.
    /// - Throws: ``XML/Diagnostics`` with all errors of the schema: a `file-` or `xml-` rule if a file cannot be read,
    ///   a `schema-` rule if it is not a correct schema.
    public init(
        contentsOfFile path: String, resolver: SchemaResolver = SchemaResolver(), cache: SchemaCache? = nil,
        phase: String? = nil
    ) throws(Diagnostics) {
        try self.init(FileAccess.bytes(ofFile: path), path: path, resolver: resolver, cache: cache, phase: phase)
    }

    /// Compiles a schema that a document names, and that you need not trust: a file that is no schema by its beginning
    /// and its name is refused, and no message shows its content.
    ///
    /// - Parameters:
    ///   - path: as ``SchemaResolver/path(of:within:)`` finds it.
    ///   - resolver: finds the files that the schema includes, if they do not lie beside it.
    ///   - access: the folder that the files must lie below that the schema includes; `nil` if they may lie anywhere.
    ///   - cache: the place of compiled grammars, read and written; `nil` for none.
    ///   - phase: as in ``init(contentsOfFile:resolver:cache:phase:)``.
    /// - Throws: ``XML/Diagnostics``, as ``init(contentsOfFile:resolver:cache:phase:)`` does.
    public init(
        namedByDocument path: String, resolver: SchemaResolver, within access: FileAccess?, cache: SchemaCache? = nil,
        phase: String? = nil
    ) throws(Diagnostics) {
        try self.init(
            SchemaSyntax.fileBytes(path), path: path, loader: .files(resolver, within: access), cache: cache,
            phase: phase)
    }

    /// Compiles the bytes of a schema.
    ///
    ///     let grammar = #"<element name="p" xmlns="http://relaxng.org/ns/structure/1.0"><text/></element>"#
    ///     let schema = try Schema(Array(grammar.utf8), path: "p.rng")
    ///     print(schema.validate(try Document("<p>A fine day</p>")).isEmpty)       // true
    ///
    /// - Parameters:
    ///   - bytes: the schema as it would be stored.
    ///   - path: the name for diagnostics, and the base of relative references.
    ///   - resolver: finds the files that the schema includes, if they do not lie beside it.
    ///   - cache: the place of compiled grammars, read and written; `nil` for none.
    ///   - phase: as in ``init(contentsOfFile:resolver:cache:phase:)``.
    /// - Throws: ``XML/Diagnostics``, as ``init(contentsOfFile:resolver:cache:phase:)`` does.
    public init(
        _ bytes: [UInt8], path: String, resolver: SchemaResolver = SchemaResolver(), cache: SchemaCache? = nil,
        phase: String? = nil
    ) throws(Diagnostics) {
        try self.init(bytes, path: path, loader: .files(resolver), cache: cache, phase: phase)
    }

    init(_ bytes: [UInt8], path: String, loader: SchemaLoader, cache: SchemaCache?, phase: String?) throws(Diagnostics)
    {
        let entry: SchemaCache.Entry
        do throws(Diagnostics) {
            if let known = cache?.entry(for: bytes, path: path, loader: loader) {
                entry = known
            } else {
                entry = try Schema.compile(bytes, path, loader, cache)
            }
        } catch {
            // A schema that is not RELAX NG's is read once more, for its own language.
            guard error.list.first?.rule == RelaxNGMessages.unknownLanguageRule else { throw error }
            (pool, rules, source) = (nil, try Schema.rules(Document(bytes, path: path), loader, phase), nil)
            return
        }
        (pool, source) = (ValidatorPool(entry.grammar), (path, loader))
        rules = try entry.rules.map { text throws(Diagnostics) in
            try Schema.embeddedRules(Document(text, path: path), loader, phase)
        }
    }

    /// Compiles a RELAX NG schema.
    private static func compile(
        _ bytes: [UInt8], _ path: String, _ loader: SchemaLoader, _ cache: SchemaCache?
    ) throws(Diagnostics) -> SchemaCache.Entry {
        let recorder = Recorder()
        var grammar = try Grammar.compile(bytes, path: path, loader: recorder.recording(loader))
        let rules = EmbeddedSchematron.text(inRelaxNG: grammar.sources, path: path)
        grammar.sources = SchemaSources()
        let entry = SchemaCache.Entry(grammar: grammar, rules: rules)
        if grammar.warnings.isEmpty { cache?.save(entry, of: bytes, path: path, recorder.parts.withLock { $0 }) }
        return entry
    }

    /// Compiles a Schematron schema, or the rules in an ODD.
    private static func rules(
        _ document: Document, _ loader: SchemaLoader, _ phase: String?
    ) throws(Diagnostics) -> SchematronRules {
        if SchematronSchema.isSchematron(document.root.namespace) {
            return try SchematronRules.compile(SchematronReader.read(document, loader: loader), phase: phase)
        }
        guard let text = EmbeddedSchematron.text(inODD: document) else {
            throw Diagnostics([RelaxNGMessages.unknownLanguage(document.root)])
        }
        return try embeddedRules(Document(text, path: document.files[0].path), loader, phase)
    }

    private static func embeddedRules(
        _ document: Document, _ loader: SchemaLoader, _ phase: String?
    ) throws(Diagnostics) -> SchematronRules {
        let schema = try SchematronReader.read(document, loader: loader, isEmbedded: true)
        return try SchematronRules.compile(schema, phase: schema.hasPhases ? phase : nil, isEmbedded: true)
    }

    /// The schema of editions of archival documents: TEI's elements, closed lists for marks, stamps and gaps, and
    /// ``marginaliaRules(phase:)``.
    ///
    ///     let schema = try Schema.marginalia()
    ///     print(schema.validate(document).count)
    ///
    /// It is part of the program, and validates every document that names no schema.
    ///
    /// - Throws: ``XML/Diagnostics``, as every schema can; the program's own schema gives no reason for it.
    public static func marginalia(cache: SchemaCache? = nil) throws(Diagnostics) -> Schema {
        // An address and not a path, so that it is the same schema in every folder.
        let grammar = try Schema(embeddedFile("marginalia.rng"), path: ownPath, cache: cache)
        return Schema(pool: grammar.pool, rules: try marginaliaRules().rules, source: grammar.source)
    }

    private static let ownPath = "marginalia:/marginalia.rng"

    /// The files of ``marginalia(cache:)``: the grammar in both syntaxes, and the rules.
    ///
    /// - Parameter folder: where they are to be written.
    package static func marginaliaFiles(in folder: String) -> [(path: String, bytes: [UInt8])] {
        ["marginalia.rng", "marginalia.rnc", "marginalia.sch"].map { name in
            (folder == "." ? name : "\(folder)/\(name)", embeddedFile(name))
        }
    }

    /// The Schematron rules of ``marginalia(cache:)`` alone.
    ///
    /// - Parameter phase: `practice` for the rules that every TEI document should follow; `nil` for all.
    /// - Throws: ``XML/Diagnostics`` with the rule `schema-phase` for an unknown phase.
    public static func marginaliaRules(phase: String? = nil) throws(Diagnostics) -> Schema {
        try Schema(embeddedFile("marginalia.sch"), path: "marginalia.sch", phase: phase)
    }

    /// Validates a document, and returns its errors in the order of the source. The document's own
    /// ``XML/Document/diagnostics`` report a duplicate `xml:id`.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - resources: the files that Schematron rules may read besides the document.
    public func validate(_ document: Document, resources: XPath.Resources = .none) -> [Diagnostic] {
        findings(in: document, resources: resources).diagnostics
    }

    /// The findings in a document.
    public struct Findings: Sendable {
        /// The findings, in the order of the source.
        public let diagnostics: [Diagnostic]
        /// The results of the Schematron rules, rule by rule; `nil` if there are none. The diagnostics include them.
        public let rules: SchematronOutcome?
    }

    /// Validates as ``validate(_:resources:)`` does, and also returns the results of Schematron rules in the order of
    /// the rules, for reports in SVRL.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - resources: the files that Schematron rules may read besides the document.
    ///   - keepsFirings: whether the result includes rules that match a node and find nothing wrong.
    public func findings(
        in document: Document, resources: XPath.Resources = .none, keepsFirings: Bool = false
    ) -> Findings {
        let found: [Diagnostic] =
            pool?.withValidator { validator in
                document.replay(to: validator)
                return validator.finish()
            } ?? []
        guard let rules else { return Findings(diagnostics: found, rules: nil) }
        let outcome = rules.run(document, resources: resources, keepsFirings: keepsFirings)
        return Findings(diagnostics: (found + outcome.diagnostics).inSourceOrder, rules: outcome)
    }

    /// Validates a file by the grammar while reading it, without holding it in memory: it finds the grammar errors that
    /// ``validate(_:resources:)`` finds, and the document's own diagnostics.
    ///
    /// Inclusions are not resolved. Schematron rules need the whole document: skipped rules are reported as one
    /// warning, which is the only result if the schema has no grammar. Memory does not depend on the length of the
    /// file, except for its `xml:id`s.
    ///
    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: ``XML/Diagnostics`` with a `file-`, `xml-` or `encoding-` rule if the file cannot be read or is not
    ///   well-formed.
    public func validate(streaming path: String) throws(Diagnostics) -> [Diagnostic] {
        let omitted: [Diagnostic] = hasRules ? [SchematronMessages.rulesNotStreamed()] : []
        guard let pool else { return omitted }
        let result: Result<[Diagnostic], Diagnostics> = pool.withValidator { validator in
            Result { () throws(Diagnostics) in
                let found = try Document.stream(path, to: validator)
                return (omitted + found + validator.finish()).inSourceOrder
            }
        }
        return try result.get()
    }
}

/// Notes the files that a schema is made of.
private final class Recorder: Sendable {
    let parts = Mutex<[SchemaCache.Part]>([])

    func recording(_ loader: SchemaLoader) -> SchemaLoader {
        SchemaLoader { [self] reference throws(Diagnostics) in
            let file = try loader.load(reference)
            parts.withLock { $0.append(SchemaCache.Part(reference: reference, file: file)) }
            return file
        }
    }
}

/// Validators of one grammar, with what they have learnt: as many as there have been threads at once.
private final class ValidatorPool: Sendable {
    let grammar: Grammar
    private let idle = Mutex<[Box]>([])

    /// A validator that no thread uses. Unchecked, since only one thread takes it.
    private struct Box: @unchecked Sendable {
        let validator: ValidatingHandler
    }

    init(_ grammar: Grammar) {
        self.grammar = grammar
    }

    func withValidator<Result>(_ body: (ValidatingHandler) -> Result) -> Result {
        let box = idle.withLock { $0.popLast() } ?? Box(validator: ValidatingHandler(grammar))
        box.validator.begin()
        let result = body(box.validator)
        idle.withLock { $0.append(box) }
        return result
    }
}
