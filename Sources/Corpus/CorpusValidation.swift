package import RelaxNG
package import TEI
public import Validation
public import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A validation of files by grammar, rules and checks, as `marginalia validate` does it.
///
///     let report = try CorpusValidation(ValidationOptions()).report(on: ["TEI"])
///     print(report.summary, String(decoding: JSONReport().export(report), as: UTF8.self))
///
/// Files that have not changed since the last run are not validated again: a cache has their diagnostics.
public struct CorpusValidation: Sendable {
    private let options: ValidationOptions
    private let batch: BatchOptions
    private let renewal: RenewalOptions
    private let findings: FindingOptions
    private let usesCache: Bool
    private let console: Console

    /// Makes a validation.
    ///
    /// - Parameters:
    ///   - options: the schemas and rules.
    ///   - batch: how the run works on many files.
    ///   - renewal: what the run does about files that have not changed, and about later changes.
    ///   - findings: which findings are reported.
    ///   - usesCache: whether compiled schemas and results of earlier runs are used, and kept for the next.
    ///   - console: takes notes.
    public init(
        _ options: ValidationOptions = ValidationOptions(), _ batch: BatchOptions = BatchOptions(),
        _ renewal: RenewalOptions = RenewalOptions(), findings: FindingOptions = FindingOptions(),
        usesCache: Bool = true, console: Console = .silent
    ) {
        (self.options, self.batch, self.renewal, self.findings) = (options, batch, renewal, findings)
        (self.usesCache, self.console) = (usesCache, console)
    }

    /// Validates files, and the files of folders. A file that another one includes is validated through that one.
    ///
    /// - Throws: ``XML/Diagnostics`` if nothing can be validated: there is nothing at a path (`file-missing`), or a
    ///   schema in the options cannot be used.
    public func report(on paths: [String]) throws(Diagnostics) -> Report {
        let input = CorpusFiles(paths, root: options.root)
        let named = try input.files()
        let documents = input.documents(among: named, isNoted: usesCache, console)
        let standardInput = try standardInput(among: documents)
        let validator = try CorpusValidator(options, usesCache: usesCache, standardInput: standardInput)
        console.diagnostics(validator.warnings)
        let cache = cache(validator)
        var batch = try Batch(documents, batch, console)
        var sieve = try FindingSieve(findings)
        var files: [Report.File] = []
        batch.forEach {
            validator.validate($0, cache).file
        } deliver: { _, file in
            files.append(sieve.sift(file))
            return file.diagnostics.count
        }
        cache?.save()
        let report = Report(files: files, standardInput: standardInput)
        if report.isComplete { try sieve.end(over: named, console) }
        return report
    }

    /// Writes a report on files as the command names them to the console. If they are watched, it runs until the
    /// program is ended.
    ///
    /// - Parameter isStreamed: whether only the grammar is checked, and no document is held.
    package func run(
        over input: CorpusFiles, as format: any ReportFormat, isStreamed: Bool = false
    ) throws(Diagnostics) -> Report.Tally {
        // Files that are streamed are read without their inclusions.
        let named = try input.files()
        let files = isStreamed ? named : input.documents(among: named, isNoted: usesCache, console)
        let standardInput = isStreamed ? StandardInput() : try standardInput(among: files)
        let validator = try CorpusValidator(options, usesCache: usesCache, standardInput: standardInput)
        if isStreamed, !validator.hasGrammar { throw Diagnostics([Messages.nothingToStream()]) }
        console.diagnostics(validator.warnings)
        let cache = isStreamed ? nil : cache(validator)
        if renewal.watch { try watch(input, validator, cache ?? RunCache(root: options.root), format) }
        var sieve = try FindingSieve(findings)
        let tally = try report(on: files, as: format, cache, &sieve, standardInput: standardInput) { file in
            isStreamed ? (validator.stream(file), false) : validator.validate(file, cache)
        }
        if tally.isComplete { try sieve.end(over: named, console) }
        return tally
    }

    private func standardInput(among files: [String]) throws(Diagnostics) -> StandardInput {
        guard files.contains("-") else {
            if options.standardInputPath != nil { throw Diagnostics([Messages.noStandardInput()]) }
            return StandardInput()
        }
        return StandardInput(try FileAccess.bytes(ofFile: "-"), path: options.standardInputPath ?? "-")
    }

    /// The cache does not keep which rules ran without a finding.
    private func cache(_ validator: CorpusValidator) -> RunCache<StoredDiagnostics>? {
        guard usesCache, !options.keepsFirings else { return nil }
        return RunCache("validate", options, root: options.root, configuration: validator.configuration, renewal)
    }

    /// - Parameters:
    ///   - isWhole: whether what is known from before is reported too.
    ///   - work: finds what is wrong with a file, and says whether that was known from before.
    private func report(
        on files: [String], as format: any ReportFormat, _ cache: RunCache<StoredDiagnostics>?,
        _ sieve: inout FindingSieve, standardInput: StandardInput = StandardInput(), isWhole: Bool = true,
        work: @escaping @Sendable (String) -> CorpusValidator.Found
    ) throws(Diagnostics) -> Report.Tally {
        var batch = try Batch(files, batch, console)
        var report = try RunningReport(format, limit: findings.limit ?? .max, standardInput: standardInput) {
            console.output($0, format.isPrintable)
        }
        batch.forEach(work) { _, found in
            report.add(sieve.sift(found.file), isShown: isWhole || !found.isKnown)
            return found.file.diagnostics.count
        }
        cache?.save()
        try report.end()
        if report.unlisted > 0 { console.note(BatchWording.unlisted(report.unlisted)) }
        if self.batch.isSummarised { console.note(BatchWording.rules(report.tally.rules)) }
        console.note(report.tally.summary + "\n")
        return report.tally
    }

    /// Validates the files that have changed, until the program is ended.
    private func watch(
        _ input: CorpusFiles, _ first: CorpusValidator, _ firstCache: RunCache<StoredDiagnostics>,
        _ format: any ReportFormat
    ) throws(Diagnostics) -> Never {
        let inclusions = Inclusions(root: options.root, isNoted: false)
        var (named, validator, cache, isFirst) = (try input.files(), first, firstCache, true)
        while true {
            cache.begin(validator.configuration)
            let files = inclusions.documents(of: named)
            var sieve = try FindingSieve(findings)
            _ = try report(on: files, as: format, cache, &sieve, isWhole: isFirst) { [validator, cache] in
                validator.validate($0, cache)
            }
            named = FileWatch.wait(for: named, cache.inputs) { try? input.files() }
            isFirst = false
            if validator.configuration.stamps.areCurrent {
                validator.renew()
            } else {
                validator = try CorpusValidator(options, usesCache: usesCache)
                cache = RunCache(root: options.root)
            }
        }
    }
}

/// Validates files on any number of threads: reads them, and adds the checks of TEI to those of the schemas.
///
///     let validator = try CorpusValidator(ValidationOptions(schemas: ["letters.rng"]))
///     let found = validator.validate("memo.xml").diagnostics
public final class CorpusValidator: Sendable {
    private let validator: DocumentValidator
    private let reader: EditionFiles.Reader
    private let standardInput: StandardInput
    /// The files that were read to find the schemas.
    let configuration: DependencyLog

    /// Makes a validator.
    ///
    /// - Parameters:
    ///   - options: the schemas and rules.
    ///   - usesCache: whether compiled schemas of earlier runs are used, and kept for the next.
    ///   - standardInput: what was read from there, for the file `-`.
    /// - Throws: ``XML/Diagnostics`` if a catalog or a schema in the options cannot be used.
    public convenience init(
        _ options: ValidationOptions = ValidationOptions(), usesCache: Bool = true,
        standardInput: StandardInput = StandardInput()
    ) throws(Diagnostics) {
        try self.init(options, usesCache: usesCache, standardInput: standardInput, openTexts: nil)
    }

    /// - Parameter openTexts: what counts in place of files to which documents point.
    package init(
        _ options: ValidationOptions, usesCache: Bool = true, standardInput: StandardInput = StandardInput(),
        openTexts: OpenTexts?
    ) throws(Diagnostics) {
        let resolver = Tracked {
            Result { () throws(Diagnostics) in try SchemaResolver(catalogs: options.catalogs) }
        }
        let folder = SchemaCache.defaultFolder(ProcessInfo.processInfo.environment)
        let cache = usesCache ? folder.map(SchemaCache.init) : nil
        validator = try DocumentValidator(options, resolver: resolver.value.get(), cache: cache)
        reader = EditionFiles.Reader(root: options.root, openTexts: openTexts)
        self.standardInput = standardInput
        configuration = resolver.log
    }

    /// Doubts about the schemas in the options.
    public var warnings: [Diagnostic] { validator.warnings }

    /// Whether one of the schemas in the options has a grammar.
    var hasGrammar: Bool { validator.hasGrammar }

    /// Forgets what was read, since files may have changed.
    package func renew() {
        reader.renew()
        validator.renew()
    }

    /// Validates a file with the files that it includes. If the file cannot be read, the diagnostics say so.
    ///
    /// - Parameter file: a path; `-` for standard input.
    public func validate(_ file: String) -> Report.File {
        let isInput = file == "-"
        let path = isInput ? standardInput.path : file
        do throws(Diagnostics) {
            // The content of a failing inclusion is not checked; everything else is.
            let (document, library) = try reader.read(
                path, bytes: isInput ? standardInput.bytes : nil, skipsFailures: true)
            return validate(document, library, path: path)
        } catch {
            return Report.File(path: path, diagnostics: error.list)
        }
    }

    /// The content that the grammar for a document allows at its places; `nil` if there is none that can be used.
    ///
    /// - Parameters:
    ///   - prolog: the document as far as it names its schemas: a well-formed document with the same processing
    ///     instructions.
    ///   - path: the document's path.
    package func contentModel(for prolog: [UInt8], path: String) -> ContentModel? {
        guard let document = try? Document(prolog, path: path) else { return nil }
        return validator.contentModel(for: document, access: FileAccess(forDocumentAt: path))
    }

    /// What that grammar says about its elements, attributes and values.
    package func documentation(for prolog: [UInt8], path: String) -> SchemaDocumentation? {
        guard let document = try? Document(prolog, path: path) else { return nil }
        return validator.documentation(for: document, access: FileAccess(forDocumentAt: path))
    }

    /// Validates a document that is not, or not yet, as its file has it.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - path: the path of its file.
    package func validate(_ bytes: [UInt8], path: String) -> Report.File {
        do throws(Diagnostics) {
            let (document, library) = try reader.read(path, bytes: bytes, skipsFailures: true)
            return validate(document, library, path: path)
        } catch {
            return Report.File(path: path, diagnostics: error.list)
        }
    }

    /// Validates a document that has been read.
    package func validate(_ document: Document, _ library: PointerResolver, path: String) -> Report.File {
        validator.validate(
            document, access: library.access, path: path, checks: { Check.run(document, library) },
            remedy: document.root.namespace == Namespace.tei ? Intention.remedy(for:) : { _ in nil })
    }

    /// Validates a file by the grammar alone, without holding the document.
    func stream(_ file: String) -> Report.File { validator.validate(streaming: file) }

    typealias Found = (file: Report.File, isKnown: Bool)

    /// Validates a file, or takes its diagnostics from the cache.
    func validate(_ file: String, _ cache: RunCache<StoredDiagnostics>?) -> Found {
        if let known = cache?.result(for: file)?.list { return (Report.File(path: file, diagnostics: known), true) }
        let found = Tracked { validate(file) }
        cache?.watch(found.log.stamps)
        cache?.add(StoredDiagnostics(found.value.diagnostics), for: file, found.log)
        return (found.value, false)
    }
}
