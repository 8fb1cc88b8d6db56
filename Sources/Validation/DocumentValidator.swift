package import RelaxNG
internal import Schematron
internal import Synchronization
public import XML
internal import XPath
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Everything that a validation's result depends on, apart from the documents and the files that the options name.
///
///     let options = ValidationOptions(schemas: ["letters.rng", "letters.sch"], phase: "#ALL")
public struct ValidationOptions: Hashable, Sendable, Encodable {
    /// The schemas for all documents, in RELAX NG or Schematron: paths, or addresses that a catalog or the store knows.
    /// If there are none, each document's own schemas are used, and the program's schema for a document that names
    /// none.
    public var schemas: [String]
    /// The phase of Schematron rules: its id, `#ALL` or `#DEFAULT`; `nil` for the schema's own default.
    public var phase: String?
    /// The paths of XML catalogs, in which addresses are looked up.
    public var catalogs: [String]
    /// The folder that everything a document names must lie below; `nil` lets schemas lie anywhere.
    public var root: String?
    /// The path under which standard input (`-`) is validated: its pointers and schemas start there. `nil` for none.
    public var standardInputPath: String?
    /// Whether the results include the rules that matched without finding anything, as reports in SVRL need them.
    public var keepsFirings: Bool

    /// Makes options; by default each document's own schemas are used.
    public init(
        schemas: [String] = [], phase: String? = nil, catalogs: [String] = ValidationOptions.environmentCatalogs,
        root: String? = nil, standardInputPath: String? = nil, keepsFirings: Bool = false
    ) {
        (self.schemas, self.phase, self.catalogs) = (schemas, phase, catalogs)
        (self.root, self.standardInputPath, self.keepsFirings) = (root, standardInputPath, keepsFirings)
    }

    /// The catalogs that the environment variable `XML_CATALOG_FILES` names.
    public static var environmentCatalogs: [String] {
        ProcessInfo.processInfo.environment["XML_CATALOG_FILES", default: ""].split { $0.isWhitespace }.compactMap {
            Reference(String($0)).path(relativeTo: "")
        }
    }
}

/// Validates documents by grammar and rules: by the schemas that the options name, otherwise by the schemas that each
/// document names, otherwise by the program's own.
///
///     let validator = try DocumentValidator(ValidationOptions(), resolver: SchemaResolver())
///     let found = validator.validate(document, access: FileAccess(root: "TEI"), path: "TEI/memo.xml")
///     for diagnostic in found.diagnostics { print(diagnostic.message) }
///
/// You may share a validator between threads. You can add checks of your own, for rules that no schema can express.
public final class DocumentValidator: Sendable {
    private let named: [SchemaTable.Key]
    private let options: ValidationOptions
    /// The warnings about the schemas that the options name.
    public let warnings: [Diagnostic]
    /// Whether one of the schemas that the options name has a grammar.
    public let hasGrammar: Bool
    private let resolver: SchemaResolver
    private let schemas: SchemaTable

    /// Compiles the schemas that the options name.
    ///
    /// - Parameters:
    ///   - options: the schemas, and how to use them.
    ///   - resolver: finds the files for addresses.
    ///   - cache: the place of compiled schemas; `nil` for none.
    /// - Throws: ``XML/Diagnostics`` with a `file-` or `schema-` rule if a schema cannot be used, and with the rule
    ///   `usage` if the options name a phase and no schema has rules.
    public init(
        _ options: ValidationOptions, resolver: SchemaResolver, cache: SchemaCache? = nil
    ) throws(Diagnostics) {
        (self.options, self.resolver, schemas) = (options, resolver, SchemaTable(resolver, cache))
        var (named, found): ([SchemaTable.Key], [Schema]) = ([], [])
        for name in options.schemas {
            let path = CodepointString(try resolver.path(named: name))
            named.append(.file(path, phase: options.phase.map { CodepointString($0) }))
            found.append(try schemas.schema(named[named.count - 1]))
        }
        self.named = named
        (warnings, hasGrammar) = (found.flatMap(\.warnings), found.contains(where: \.hasGrammar))
        if let phase = options.phase, !named.isEmpty, !found.contains(where: \.hasRules) {
            throw Diagnostics([Messages.noRulesForPhase(phase)])
        }
    }

    /// Forgets the schemas whose files have changed.
    package func renew() {
        schemas.renew()
    }

    /// Finds all that is wrong with a document, in the order of the source.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - access: the files that its rules may read and, if the options have a root folder, its schemas.
    ///   - path: the document's path, for the report.
    ///   - checks: finds problems that neither a grammar nor rules can express.
    ///   - remedy: knows better than a grammar how to mend a finding; `nil` if it does not.
    public func validate(
        _ document: Document, access: FileAccess, path: String, checks: () -> [Diagnostic] = { [] },
        remedy: (Diagnostic) -> String? = { _ in nil }
    ) -> Report.File {
        do throws(Diagnostics) {
            var found = document.diagnostics
            var outcomes: [SchematronOutcome] = []
            func run(_ schema: Schema) -> [Diagnostic] {
                let findings = schema.findings(
                    in: document, resources: .files(within: access), keepsFirings: options.keepsFirings)
                if options.keepsFirings, let outcome = findings.rules { outcomes.append(outcome) }
                return findings.diagnostics.map { finding in remedy(finding).map { finding.with(help: $0) } ?? finding }
            }
            let (schemas, rules) = try schemas(for: document, access, &found)
            // After a failed inclusion it is not known whether something is missing.
            let gaps = document.pathsOfGaps
            for schema in schemas {
                found += run(schema).filter {
                    $0.rule != "grammar-element-missing" || $0.path.map { gaps.contains(CodepointString($0)) } != true
                }
            }
            // Of an element, attribute or value that the grammar does not allow, or an attribute that it misses, no check
            // need speak; and a document may name our rules itself.
            let known = Set(found.map { RuleAndPlace(rule: CodepointString($0.rule), location: $0.location) })
            let silencing = [
                "grammar-value", "grammar-attribute", "grammar-element-unknown", "grammar-attribute-missing",
                "grammar-namespace",
            ]
            let places = Set(found.filter { silencing.contains($0.rule) }.map(\.location))
            let mistaken = Set(
                found.filter { silencing.contains($0.rule) }.compactMap(\.path).map { CodepointString($0) })
            // A document by whose own schema all is well is not invalid by our rules.
            let isOwn = named.isEmpty && SchemaAssociation.all(of: document).used.isEmpty
            let ours = isOwn ? run(rules) : run(rules).map(\.asWarning)
            let oursAtSilenced = Set(
                ours.filter { places.contains($0.location) }.map {
                    RuleAndPlace(rule: CodepointString($0.rule), location: $0.location)
                })
            found.removeAll {
                oursAtSilenced.contains(RuleAndPlace(rule: CodepointString($0.rule), location: $0.location))
            }
            let checked = (ours + checks()).filter {
                !places.contains($0.location)
                    && !($0.severity == .note && $0.path.map { mistaken.contains(CodepointString($0)) } == true)
                    && !known.contains(RuleAndPlace(rule: CodepointString($0.rule), location: $0.location))
            }
            return Report.File(path: path, diagnostics: (found + checked).inSourceOrder, rules: outcomes)
        } catch {
            return Report.File(path: path, diagnostics: error.list)
        }
    }

    /// The content that the first grammar for a document allows at its places; `nil` if there is none that can be used.
    ///
    /// - Parameter document: the document, of which only the processing instructions count.
    package func contentModel(for document: Document, access: FileAccess) -> ContentModel? {
        grammar(for: document, access)?.contentModel
    }

    /// What that grammar says about its elements, attributes and values.
    package func documentation(for document: Document, access: FileAccess) -> SchemaDocumentation? {
        grammar(for: document, access)?.documentation
    }

    private func grammar(for document: Document, _ access: FileAccess) -> Schema? {
        var found: [Diagnostic] = []
        return (try? schemas(for: document, access, &found))?.schemas.first(where: \.hasGrammar)
    }

    /// Validates a file by the grammars that the options name while reading it, without holding it in memory.
    ///
    /// Inclusions are not resolved; rules and checks are not run.
    ///
    /// - Parameter path: a file, or `-` for standard input.
    public func validate(streaming path: String) -> Report.File {
        do throws(Diagnostics) {
            var found: [Diagnostic] = []
            for key in named {
                found += try schemas.schema(key).validate(streaming: path).filter { !found.contains($0) }
            }
            return Report.File(path: path, diagnostics: found.inSourceOrder)
        } catch {
            return Report.File(path: path, diagnostics: error.list)
        }
    }

    /// The schemas for a document, and those of our rules that hold for it. A schema that cannot be used is a finding
    /// in the document that names it.
    private func schemas(
        for document: Document, _ access: FileAccess, _ found: inout [Diagnostic]
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
        let access = options.root != nil || access.root.isEmpty ? access : nil
        var usable: [Schema] = []
        for association in associations {
            do throws(Diagnostics) {
                usable.append(try schema(association, within: access))
                found += usable[usable.count - 1].warnings
            } catch {
                found += error.list
            }
        }
        return (usable, try schemas.schema(.practice))
    }

    private func schema(_ association: SchemaAssociation, within access: FileAccess?) throws(Diagnostics) -> Schema {
        let path = try resolver.path(of: association, within: access)
        let phase = (options.phase ?? association.phase).map { CodepointString($0) }
        do throws(Diagnostics) {
            return try schemas.schema(.association(CodepointString(path), phase: phase, access))
        } catch {
            throw Diagnostics([Messages.unusableSchema(path, association.instruction, reason: error)])
        }
    }
}

private struct RuleAndPlace: Hashable {
    let rule: CodepointString
    let location: SourceLocation?
}

/// The schemas of a run: each is compiled once, for each phase, by the thread that first asks for it.
private final class SchemaTable: Sendable {
    enum Key: Hashable {
        /// A schema that the options name.
        case file(CodepointString, phase: CodepointString?)
        /// A schema that a document names, with the folder that it must lie below.
        case association(CodepointString, phase: CodepointString?, FileAccess?)
        /// That for documents that name none.
        case own
        /// Those of our rules that hold for every document.
        case practice
    }

    private let resolver: SchemaResolver
    private let cache: SchemaCache?
    private let known = Mutex<[Key: Tracked<Result<Schema, Diagnostics>>]>([:])

    init(_ resolver: SchemaResolver, _ cache: SchemaCache?) {
        (self.resolver, self.cache) = (resolver, cache)
    }

    func schema(_ key: Key) throws(Diagnostics) -> Schema {
        let schema = known.withLock { known in
            let schema = known[key] ?? Tracked { Result { () throws(Diagnostics) in try compile(key) } }
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
