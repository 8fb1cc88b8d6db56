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
final class LiveValidation: Sendable {
    private struct Known {
        let signature: [Int]
        let validator: Result<ProjectValidator, Diagnostics>
    }

    private let send: @Sendable ([UInt8]) -> Void
    private let queue = DispatchQueue(label: "validation")
    /// The documents that wait, each with its latest text.
    private let waiting = Mutex<[String: TextDocument]>([:])
    /// By the path of the project's settings.
    private let validators = Mutex<[String: Known]>([:])
    /// What was found last in each document, and in which version.
    private let found = Mutex<[String: (version: Int, findings: [(Diagnostic, PublishedDiagnostic)])]>([:])

    init(send: @escaping @Sendable ([UInt8]) -> Void) { self.send = send }

    func validate(_ text: TextDocument) {
        waiting.withLock { $0[text.uri] = text }
        queue.async { self.work(text.uri) }
    }

    /// Takes back what was published about a document that is closed.
    func forget(_ uri: String) {
        waiting.withLock { $0[uri] = nil }
        queue.async {
            self.found.withLock { $0[uri] = nil }
            self.publish(uri, nil, [])
        }
    }

    /// What was found in this version of a document; none if it has not been validated yet.
    func findings(in uri: String, version: Int) -> [(Diagnostic, PublishedDiagnostic)] {
        found.withLock { $0[uri].flatMap { $0.version == version ? $0.findings : nil } ?? [] }
    }

    func filesHaveChanged() {
        queue.async {
            for known in self.validators.withLock({ Array($0.values) }) { try? known.validator.get().renew() }
        }
    }

    func settle() { queue.sync {} }

    func contentModel(for prolog: [UInt8], path: String) -> ContentModel? {
        (try? validator(for: path).get())?.contentModel(for: prolog, path: path)
    }

    func documentation(for prolog: [UInt8], path: String) -> SchemaDocumentation? {
        (try? validator(for: path).get())?.documentation(for: prolog, path: path)
    }

    private func work(_ uri: String) {
        // Of several changes the latest is validated.
        guard let text = waiting.withLock({ $0.removeValue(forKey: uri) }) else { return }
        let diagnostics =
            switch validator(for: text.path) {
            case .success(let validator): validator.validate(text.utf8File, path: text.path).diagnostics
            case .failure(let diagnostics): diagnostics.list
            }
        // What has changed meanwhile is validated next.
        guard waiting.withLock({ $0[uri] == nil }) else { return }
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
                try ProjectValidator(settings.isEmpty ? Project() : Project(contentsOfFile: settings))
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
