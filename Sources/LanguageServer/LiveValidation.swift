internal import Corpus
internal import Dispatch
internal import RelaxNG
internal import Synchronization
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Validates open documents on a thread of its own, and publishes what was found in their latest text.
///
/// If the ids of a document change, the others are validated again: their pointers may lead elsewhere now.
final class LiveValidation: Sendable {
    private struct Known {
        let signature: [Int]
        let validator: Result<ProjectValidator, Diagnostics>
    }

    private struct Texts {
        var open: [String: TextDocument] = [:]
        /// The documents that wait.
        var waiting: Set<String> = []
        /// Those whose change the others have not yet heard of.
        var changed: Set<String> = []
        /// The number of changes so far.
        var count = 0
        /// The elements at which pointers may point, when the others were validated last.
        var targets: [String: Set<[String]>] = [:]
    }

    private let send: @Sendable ([UInt8]) -> Void
    private let queue = DispatchQueue(label: "validation")
    private let texts = Mutex(Texts())
    /// The same texts for the validators.
    private let openTexts = OpenTexts()
    /// So long nothing must change before the other documents are validated.
    private static let pause = DispatchTimeInterval.milliseconds(300)
    /// By the path of the project's settings.
    private let validators = Mutex<[String: Known]>([:])
    /// What was found last in each document, and in which version.
    private let found = Mutex<[String: (version: Int, findings: [(Diagnostic, PublishedDiagnostic)])]>([:])

    init(send: @escaping @Sendable ([UInt8]) -> Void) { self.send = send }

    func validate(_ text: TextDocument) {
        openTexts.set(text.utf8File, ofFile: text.path)
        let count = texts.withLock { texts in
            texts.open[text.uri] = text
            texts.waiting.insert(text.uri)
            texts.changed.insert(text.uri)
            texts.count += 1
            return texts.count
        }
        queue.async { self.work(text.uri) }
        queue.asyncAfter(deadline: .now() + LiveValidation.pause) {
            if self.texts.withLock({ $0.count == count }) { self.validateOthers() }
        }
    }

    /// Takes back what was published about a document that is closed.
    func forget(_ text: TextDocument) {
        openTexts.set(nil, ofFile: text.path)
        texts.withLock { texts in
            texts.open[text.uri] = nil
            texts.waiting.remove(text.uri)
            texts.changed.remove(text.uri)
            texts.targets[text.uri] = nil
        }
        queue.async {
            self.found.withLock { $0[text.uri] = nil }
            self.publish(text.uri, nil, [])
            self.validateAgain(except: text.uri)
        }
    }

    /// Validates the documents whose pointers may lead elsewhere since the last change.
    private func validateOthers() {
        let changed = texts.withLock { texts in
            defer { texts.changed = [] }
            return texts.open.count > 1 ? texts.changed.compactMap { texts.open[$0] } : []
        }
        for text in changed {
            let index = FileIndex(Markup(text.bytes), path: text.path)
            let targets = Set(index.targets.map { [$0.element, $0.id] })
            let before = texts.withLock { $0.targets.updateValue(targets, forKey: text.uri) }
            if before != targets { validateAgain(except: text.uri) }
        }
    }

    private func validateAgain(except uri: String) {
        let others = texts.withLock { texts in
            let others = texts.open.keys.filter { $0 != uri }
            texts.waiting.formUnion(others)
            return others
        }
        guard !others.isEmpty else { return }
        renew()
        for other in others.sorted() { work(other) }
    }

    /// What was found in this version of a document; none if it has not been validated yet.
    func findings(in uri: String, version: Int) -> [(Diagnostic, PublishedDiagnostic)] {
        found.withLock { $0[uri].flatMap { $0.version == version ? $0.findings : nil } ?? [] }
    }

    func filesHaveChanged() { queue.async { self.renew() } }

    private func renew() {
        for known in validators.withLock({ Array($0.values) }) { try? known.validator.get().renew() }
    }

    func settle() { queue.sync { validateOthers() } }

    func contentModel(for prolog: [UInt8], path: String) -> ContentModel? {
        (try? validator(for: path).get())?.contentModel(for: prolog, path: path)
    }

    func documentation(for prolog: [UInt8], path: String) -> SchemaDocumentation? {
        (try? validator(for: path).get())?.documentation(for: prolog, path: path)
    }

    private func work(_ uri: String) {
        // Of several changes the latest is validated.
        guard let text = texts.withLock({ $0.waiting.remove(uri) != nil ? $0.open[uri] : nil }) else { return }
        let diagnostics =
            switch validator(for: text.path) {
            case .success(let validator): validator.validate(text.utf8File, path: text.path).diagnostics
            case .failure(let diagnostics): diagnostics.list
            }
        // What has changed meanwhile is validated next.
        guard texts.withLock({ !$0.waiting.contains(uri) }) else { return }
        let published = PublishedDiagnostic.all(diagnostics, in: text)
        found.withLock { $0[uri] = (text.version, Array(zip(diagnostics, published))) }
        publish(uri, text.version, published)
    }

    private func publish(_ uri: String, _ version: Int?, _ diagnostics: [PublishedDiagnostic]) {
        let message = Notification(
            method: "textDocument/publishDiagnostics",
            params: PublishDiagnosticsParams(uri: uri, version: version, diagnostics: diagnostics))
        sendMessage(message, send)
    }

    /// The validator of a file's project, made again if its settings have changed.
    private func validator(for path: String) -> Result<ProjectValidator, Diagnostics> {
        let folder = FileAccess.nearestFolder(
            from: FileAccess.canonical(Reference.folder(of: path)), holding: [Project.fileName])
        let settings = folder.map { "\($0)/\(Project.fileName)" } ?? ""
        let signature = FileAccess.signature(of: settings)
        return validators.withLock { validators in
            if let known = validators[settings], known.signature == signature { return known.validator }
            let validator = Result { () throws(Diagnostics) in
                try ProjectValidator(
                    settings.isEmpty ? Project() : Project(contentsOfFile: settings), openTexts: openTexts)
            }
            validators[settings] = Known(signature: signature, validator: validator)
            return validator
        }
    }
}

extension PublishedDiagnostic {
    /// The findings in a document for its client. Those in files that it includes are at its beginning.
    static func all(_ diagnostics: [Diagnostic], in text: TextDocument) -> [PublishedDiagnostic] {
        guard !diagnostics.isEmpty else { return [] }
        let markup = Markup(text.bytes)
        return diagnostics.map { diagnostic in
            let location = diagnostic.location
            let isHere = location?.file.isSame(as: text.path) == true
            let range = isHere ? markup.range(ofFindingAt: location!.byteOffset) : 0..<0
            let other = isHere ? "" : location.map { "\($0): " } ?? ""
            // The path of the document itself is long, and the reader knows it.
            let message = (other + diagnostic.message + (diagnostic.help.map { "\n\($0)" } ?? ""))
                .replacing(text.path, with: Reference.name(of: text.path))
            let related = diagnostic.notes.compactMap { note -> Related? in
                guard let place = note.location, place.file.isSame(as: text.path) else { return nil }
                let range = text.range(markup.range(ofFindingAt: place.byteOffset))
                return Related(location: Location(uri: text.uri, range: range), message: note.message)
            }
            return PublishedDiagnostic(
                range: text.range(range), severity: severity(diagnostic.severity), code: diagnostic.rule,
                message: message, relatedInformation: related.isEmpty ? nil : related)
        }
    }

    private static func severity(_ severity: Diagnostic.Severity) -> Int {
        switch severity {
        case .error: 1
        case .warning: 2
        case .note: 3
        }
    }
}

extension Markup {
    /// The part of a document to which a finding at an offset belongs: the name in a tag, an attribute, or a word.
    func range(ofFindingAt offset: Int) -> Range<Int> {
        let offset = min(max(offset, 0), source.count)
        if let number = lastItem(before: offset + 1), items[number].range.contains(offset) {
            let item = items[number]
            guard item.kind == .startTag || item.kind == .endTag else {
                return offset..<max(item.range.upperBound, offset)
            }
            let attribute = item.attributes.first { attributes[$0].range.contains(offset) }
            if let attribute { return attributes[attribute].range }
            if item.range.lowerBound == offset { return offset..<max(item.name.upperBound, offset) }
        }
        let end = source[offset...].firstIndex { $0.isXMLSpace || $0 == UInt8(ascii: "<") } ?? source.count
        return offset..<max(end, min(offset + 1, source.count))
    }
}
