public import XML
internal import Synchronization

/// The files that a document points into: opened when first needed, below one root folder, each only once.
///
/// A library is shared by the documents of a run and by threads. Of a large corpus it does not hold everything: after a
/// hundred files it begins anew.
public final class Library: Sendable {
    /// What a pointer came to.
    public enum Target: Sendable {
        case node(Node)
        /// The file is there, without an element of that `xml:id`.
        case noSuchID(file: String)
        /// The file cannot be read, or is not well-formed.
        case unreadable(Diagnostics)
        /// A place that is not looked up: a web address, a prefix of one's own.
        case external
    }

    public let access: FileAccess
    /// The folder for which it was made, as it was named.
    let folder: String?
    private let files = Mutex(Files())

    private struct Files {
        /// By the canonical path.
        var documents: [String: Recorded<Result<Document, Diagnostics>>] = [:]
        /// The canonical path of one that was asked for: finding it out costs more than all the rest.
        var canonical: [String: String] = [:]
    }

    private static let limit = 100

    /// - Parameter folder: where the documents lie for which it is, as that is named.
    public init(access: FileAccess, for folder: String? = nil) {
        self.access = access
        self.folder = folder
    }

    /// What `pointer`, which stands in `node`, points at.
    public func resolve(_ pointer: String, from node: Node) -> Target {
        let reference = Reference(pointer)
        if reference.resource.isEmpty { return Library.target(reference, in: node.document, file: node.file.path) }
        guard let path = reference.path(relativeTo: node.baseURI) else { return .external }
        let found: Result<Document, Diagnostics> =
            node.document.files.contains { $0.path == path } ? .success(node.document) : document(at: path)
        switch found {
        case .failure(let diagnostics): return .unreadable(diagnostics)
        case .success(let document): return Library.target(reference, in: document, file: path)
        }
    }

    private static func target(_ reference: Reference, in document: Document, file: @autoclosure () -> String) -> Target {
        guard let id = reference.fragment else { return .node(document.root) }
        return document.element(withID: id).map(Target.node) ?? .noSuchID(file: file())
    }

    /// The element that `pointer` points at, or `nil`.
    public func element(_ pointer: String, from node: Node) -> Node? {
        guard case .node(let target) = resolve(pointer, from: node) else { return nil }
        return target
    }

    private func document(at path: String) -> Result<Document, Diagnostics> {
        (known(path) ?? read(path)).value
    }

    private func known(_ path: String) -> Recorded<Result<Document, Diagnostics>>? {
        if let known = files.withLock({ files in files.canonical[path].flatMap { files.documents[$0] } }) { return known }
        let key = FileAccess.canonical(path)
        return files.withLock { files in
            files.canonical[path] = key
            return files.documents[key]
        }
    }

    private func read(_ path: String) -> Recorded<Result<Document, Diagnostics>> {
        let document = Recorded { Result { () throws(Diagnostics) in try Document(access.bytes(of: path), path: path) } }
        let key = FileAccess.canonical(path)
        files.withLock { files in
            if files.documents.count == Library.limit { files = Files() }
            files.canonical[path] = key
            files.documents[key] = document
        }
        return document
    }
}
