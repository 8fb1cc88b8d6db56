internal import RelaxNG
public import Schematron
internal import Synchronization
public import XML
public import XPath

/// A compiled schema: RELAX NG, Schematron, or both in one.
///
///     let schema = try Schema(contentsOfFile: "Schemas/marginalia.rng")
///     for found in schema.validate(document) { print(found.message) }
///
/// The language is told by the outermost element's namespace. The Schematron rules in a RELAX NG schema are run with
/// its grammar, and those in the `constraintSpec`s of an ODD alone.
///
/// A compiled schema may be shared between threads; it becomes faster with each document.
public struct Schema: Sendable {
    /// The grammar.
    private let pool: ValidatorPool?
    private let rules: SchematronRules?

    /// What is doubtful about the schema, and keeps nobody from validating: that it contradicts itself in what
    /// identifies an element, so that ids are not checked (RELAX NG DTD Compatibility, 5); rules that cannot be run.
    public var warnings: [Diagnostic] { (pool?.grammar.warnings ?? []) + (rules?.warnings ?? []) }

    /// The grammar alone, without the Schematron rules.
    public var withoutRules: Schema { Schema(pool: pool, rules: nil) }

    /// The Schematron rules alone, without the grammar.
    public var withoutGrammar: Schema { Schema(pool: nil, rules: rules) }

    private init(pool: ValidatorPool?, rules: SchematronRules?) {
        self.pool = pool
        self.rules = rules
    }

    /// Whether there is a grammar.
    public var hasGrammar: Bool { pool != nil }
    /// Whether there are Schematron rules.
    public var hasRules: Bool { rules != nil }

    /// Compiles a schema. The files that it includes are read from this machine, never from a network.
    ///
    /// - Parameters:
    ///   - path: the file. One that ends in `.rnc`, or does not begin with `<`, is in RELAX NG's compact syntax.
    ///   - resolver: finds what the schema includes, where that is not beside it.
    ///   - cache: where its grammar may lie compiled already, and is put if it does not.
    ///   - phase: the Schematron phase to run: its id, `#ALL`, or `#DEFAULT` for the schema's own, which `nil` stands
    ///     for too. Where a RELAX NG schema has rules and no phases, all rules are run.
    /// - Throws: ``XML/Diagnostics`` where a file cannot be read or is not a correct schema: all that is wrong with it.
    public init(
        contentsOfFile path: String, resolver: SchemaResolver = SchemaResolver(), cache: SchemaCache? = nil,
        phase: String? = nil
    ) throws(Diagnostics) {
        try self.init(FileAccess.bytes(ofFile: path), path: path, resolver: resolver, cache: cache, phase: phase)
    }

    /// Compiles a schema that a document names, which need not be trusted: a file that is no schema by its beginning
    /// and its name is refused, and no message shows its content.
    ///
    /// - Parameters:
    ///   - path: as ``SchemaResolver/path(of:within:)`` finds it.
    ///   - access: the folder below which what the schema includes must lie; `nil` if it may lie anywhere.
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
    /// - Parameter path: the name for diagnostics, and the base of relative references.
    /// - Throws: ``XML/Diagnostics``.
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
            (pool, rules) = (nil, try Schema.rules(Document(bytes, path: path), loader, phase))
            return
        }
        pool = ValidatorPool(entry.grammar)
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
    /// It is part of the program, and is what a document is validated by that names no schema.
    public static func marginalia(cache: SchemaCache? = nil) throws(Diagnostics) -> Schema {
        // An address and not a path, so that it is the same schema in every folder.
        let grammar = try Schema(PackageResources.marginalia_rng, path: "marginalia:/marginalia.rng", cache: cache)
        return Schema(pool: grammar.pool, rules: try marginaliaRules().rules)
    }

    /// The Schematron rules of ``marginalia(cache:)`` alone.
    ///
    /// - Parameter phase: `practice` for those that hold for every document in TEI.
    public static func marginaliaRules(phase: String? = nil) throws(Diagnostics) -> Schema {
        try Schema(PackageResources.marginalia_sch, path: "marginalia.sch", phase: phase)
    }

    /// What the document is not, in the order of the source. A second `xml:id` of one value is among the document's own
    /// ``XML/Document/diagnostics``.
    ///
    /// - Parameter resources: what Schematron rules may read besides the document.
    public func validate(_ document: Document, resources: XPath.Resources = .none) -> [Diagnostic] {
        findings(in: document, resources: resources).diagnostics
    }

    /// What was found in a document.
    public struct Findings: Sendable {
        /// In the order of the source.
        public let diagnostics: [Diagnostic]
        /// What the Schematron rules found, where there are any: the same as far as it goes, rule by rule.
        public let rules: SchematronOutcome?
    }

    /// What ``validate(_:resources:)`` finds, and what the Schematron rules found in their own order, for reports in
    /// SVRL.
    ///
    /// - Parameter keepsFirings: whether rules are kept that apply somewhere and find nothing wrong there.
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

    /// Validates a file by the grammar while it is read, without holding it: what ``validate(_:resources:)`` finds in
    /// its document, and the document's own diagnostics.
    ///
    /// Inclusions are not resolved. Schematron rules need the whole document: that they were not run is among what is
    /// found, and all that is found where the schema has no grammar. The memory does not depend on the length of the
    /// file, but for its `xml:id`s.
    ///
    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: ``XML/Diagnostics`` where the file cannot be read or is not well-formed.
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

    /// A validator that is in nobody's hands. Unchecked, since whoever takes it is alone with it.
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
