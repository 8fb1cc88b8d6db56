public import XML
internal import Synchronization

/// A compiled schema, in RELAX NG.
///
///     let schema = try Schema(contentsOfFile: "Schemas/marginalia.rng")
///     for found in schema.validate(document) { print(found.message) }
///
/// A compiled schema may be shared between threads; it becomes faster with each document.
public struct Schema: Sendable {
    private let pool: ValidatorPool

    /// What is doubtful about the schema, and keeps nobody from validating: that it contradicts itself in what identifies
    /// an element, so that ids are not checked (RELAX NG DTD Compatibility, 5).
    public var warnings: [Diagnostic] { pool.grammar.warnings }

    /// Compiles a schema in the XML or the compact syntax; what it includes is read from beside it, never from a network.
    ///
    /// - Parameters:
    ///   - path: the file. One that ends in `.rnc`, or does not begin with `<`, is in the compact syntax.
    ///   - resolver: finds what the schema includes, where that is not beside it.
    ///   - cache: where it may lie compiled already, and is put if it does not.
    /// - Throws: ``XML/Diagnostics`` where a file cannot be read or is not a correct schema: all that is wrong with it.
    public init(
        contentsOfFile path: String, resolver: SchemaResolver = SchemaResolver(), cache: SchemaCache? = nil
    ) throws(Diagnostics) {
        try self.init(FileAccess.bytes(ofFile: path), path: path, resolver: resolver, cache: cache)
    }

    /// Compiles the bytes of a schema.
    ///
    /// - Parameter path: the name for diagnostics, and the base of relative references.
    /// - Throws: ``XML/Diagnostics``.
    public init(
        _ bytes: [UInt8], path: String, resolver: SchemaResolver = SchemaResolver(), cache: SchemaCache? = nil
    ) throws(Diagnostics) {
        let loader = SchemaLoader.files(resolver)
        if let known = cache?.grammar(for: bytes, path: path, loader: loader) {
            pool = ValidatorPool(known)
            return
        }
        let recorder = Recorder()
        var grammar = try Grammar.compile(bytes, path: path, loader: recorder.recording(loader))
        grammar.sources = SchemaSources()
        if grammar.warnings.isEmpty { cache?.save(grammar, made: bytes, recorder.parts.withLock { $0 }) }
        pool = ValidatorPool(grammar)
    }

    /// The schema of editions of archival documents: TEI's elements, closed lists for marks, stamps and gaps.
    ///
    /// It is part of the program, and is what a document is validated by that names no schema.
    public static func marginalia(cache: SchemaCache? = nil) throws(Diagnostics) -> Schema {
        try Schema(PackageResources.marginalia_rng, path: "marginalia.rng", cache: cache)
    }

    /// What the document is not, in the order of the source. A second `xml:id` of one value is among the document's own
    /// ``XML/Document/diagnostics``.
    public func validate(_ document: Document) -> [Diagnostic] {
        pool.withValidator { validator in
            document.tell(validator)
            return validator.finish()
        }
    }

    /// Validates a file while it is read, without holding it: what ``validate(_:)`` finds in its document, and the
    /// document's own diagnostics.
    ///
    /// Inclusions are not resolved. The memory does not depend on the length of the file, but for its `xml:id`s.
    ///
    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: ``XML/Diagnostics`` where the file cannot be read or is not well-formed.
    public func validate(streaming path: String) throws(Diagnostics) -> [Diagnostic] {
        let result: Result<[Diagnostic], Diagnostics> = pool.withValidator { validator in
            Result { () throws(Diagnostics) in
                let found = try Document.stream(path, to: validator)
                return (found + validator.finish()).inSourceOrder
            }
        }
        return try result.get()
    }

    static let relaxNG = "http://relaxng.org/ns/structure/1.0"
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
