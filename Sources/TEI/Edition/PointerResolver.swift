internal import RegularExpressions
internal import Synchronization
public import XML

/// Opens the files that a document points at, each once, when they are first needed, and only below one root folder.
///
///     let library = PointerResolver(access: FileAccess(forDocumentAt: "memo.xml"))
///     if let person = library.element("people.xml#clinton", from: document.root) { print(person.location) }
///
/// Documents and threads can share a library. After a hundred files it forgets them and begins again, so that it stays
/// small.
public final class PointerResolver: Sendable {
    /// The target of a pointer.
    public enum Target: Sendable {
        /// An element.
        case node(Node)
        /// A file that is not XML by its name, such as an image or a recording, and whether it exists. It is never
        /// opened.
        case file(String, exists: Bool)
        /// The file exists, but has no element with that `xml:id`.
        case noSuchID(String, file: String)
        /// The file cannot be read, or is not well-formed.
        case unreadable(Diagnostics)
        /// A place that is not looked up: a web address, a prefix that no `prefixDef` declares, or a pointer scheme
        /// of TEI such as `#xpath(…)`.
        case external
    }

    /// The files that may be read.
    public let access: FileAccess
    /// The folder of its documents, as it was named.
    let folder: String?
    private let files = Mutex(Files())

    private struct Files {
        /// The documents by their canonical paths.
        var documents: [CodepointString: Tracked<Result<Document, Diagnostics>>] = [:]
        /// The canonical paths of paths, kept because finding one costs more than all the rest.
        var canonical: [CodepointString: CodepointString] = [:]
    }

    /// The prefixes that the document declares that was asked for last.
    private let prefixes = Mutex<(document: Document, definitions: PrefixDefinitions)?>(nil)

    private static let limit = 100

    /// Makes a library.
    ///
    /// - Parameters:
    ///   - access: the files that may be read.
    ///   - folder: the folder of the documents that will use it, as you name it.
    public init(access: FileAccess, for folder: String? = nil) {
        self.access = access
        self.folder = folder
    }

    /// Follows a pointer. Prefixes are expanded as `prefixDef` says (TEI P5, SAPU).
    ///
    /// - Parameters:
    ///   - pointer: the pointer as encoded.
    ///   - node: the element that has the pointer.
    ///   - isImage: whether an image is meant. An image is XML only if the name of its file says so.
    public func resolve(_ pointer: String, from node: Node, isImage: Bool = false) -> Target {
        let reference = Reference(pointer)
        guard let scheme = reference.scheme else { return resolve(reference, base: node.baseURI, from: node, isImage) }
        // TEI P5, 16.2.3: of several definitions of a prefix, the first that leads somewhere.
        let targets = definitions(in: node.document).expansions(of: pointer, scheme: scheme).lazy.map { expansion in
            self.resolve(Reference(expansion.pointer), base: expansion.base, from: node, isImage)
        }
        return targets.first { if case .node = $0 { true } else { false } } ?? targets.last
            ?? resolve(reference, base: node.baseURI, from: node, isImage)
    }

    private func definitions(in document: Document) -> PrefixDefinitions {
        prefixes.withLock { known in
            if let known, known.document === document { return known.definitions }
            let found = PrefixDefinitions(document)
            known = (document, found)
            return found
        }
    }

    private func resolve(
        _ reference: Reference, base: @autoclosure () -> String, from node: Node, _ isImage: Bool
    ) -> Target {
        if reference.isSchemeOfTEI { return .external }
        if reference.resource.isEmpty {
            return PointerResolver.target(reference, in: node.document, file: node.file.path)
        }
        guard let path = reference.path(relativeTo: base()) else { return .external }
        if !PointerResolver.mayBeXML(path, unnamed: !isImage) {
            guard access.allows(path) else { return .unreadable(access.refusal(of: path)) }
            return .file(path, exists: FileAccess.exists(path))
        }
        let found: Result<Document, Diagnostics> =
            node.document.files.contains { $0.path.isSame(as: path) } ? .success(node.document) : document(at: path)
        switch found {
        case .failure(let diagnostics): return .unreadable(diagnostics)
        case .success(let document): return PointerResolver.target(reference, in: document, file: path)
        }
    }

    /// Whether a file may be XML, by its extension.
    ///
    /// - Parameter unnamed: the answer if there is no extension.
    private static func mayBeXML(_ path: String, unnamed: Bool) -> Bool {
        let name = Reference.name(of: path)
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return unnamed }
        return ["xml", "tei", "odd", "rng", "sch", "xsd", "xsl", "xslt", "rdf", "xhtml", "mei"].contains(
            name[name.utf8.index(after: dot)...].lowercased())
    }

    private static func target(_ reference: Reference, in document: Document, file: @autoclosure () -> String) -> Target
    {
        guard let id = reference.fragment else { return .node(document.root) }
        return document.element(withID: id).map(Target.node) ?? .noSuchID(id, file: file())
    }

    /// Returns the element that a pointer leads to, or `nil`.
    ///
    /// - Parameters:
    ///   - pointer: the pointer as encoded.
    ///   - node: the element that has the pointer.
    public func element(_ pointer: String, from node: Node) -> Node? {
        guard case .node(let target) = resolve(pointer, from: node) else { return nil }
        return target
    }

    private func document(at path: String) -> Result<Document, Diagnostics> {
        (known(path) ?? read(path)).value
    }

    private func known(_ path: String) -> Tracked<Result<Document, Diagnostics>>? {
        let path = CodepointString(path)
        if let known = files.withLock({ files in files.canonical[path].flatMap { files.documents[$0] } }) {
            return known
        }
        let key = CodepointString(FileAccess.canonical(path.string))
        return files.withLock { files in
            files.canonical[path] = key
            return files.documents[key]
        }
    }

    private func read(_ path: String) -> Tracked<Result<Document, Diagnostics>> {
        let document = Tracked {
            Result { () throws(Diagnostics) in try Document(access.bytes(of: path), path: path) }
        }
        let key = CodepointString(FileAccess.canonical(path))
        files.withLock { files in
            if files.documents.count == PointerResolver.limit { files = Files() }
            files.canonical[CodepointString(path)] = key
            files.documents[key] = document
        }
        return document
    }
}

/// The prefixes that a document declares for its pointers (TEI P5, 16.2.3).
package struct PrefixDefinitions: Sendable {
    private struct Definition: Sendable {
        let prefix: String
        let pattern: XPathRegularExpression
        let replacement: String
        let base: String
    }

    private let definitions: [Definition]

    init(_ document: Document) {
        self.init(
            document.root.descendants.filter { $0.tei == "prefixDef" }.map { node in
                ({ node.attribute($0) }, node.baseURI)
            })
    }

    /// - Parameter elements: of each `prefixDef` its attributes, and the base of relative references in it.
    package init(_ elements: [(attribute: (String) -> String?, base: String)]) {
        definitions = elements.compactMap { attribute, base in
            // A pattern fits the whole of the pointer that follows the prefix.
            guard let prefix = attribute("ident"),
                let pattern = try? XPathRegularExpression("^(?:\(attribute("matchPattern") ?? "(.*)"))$"),
                let replacement = attribute("replacementPattern")
            else { return nil }
            return Definition(prefix: prefix, pattern: pattern, replacement: replacement, base: base)
        }
    }

    /// The pointers that a pointer with a prefix means.
    ///
    /// - Parameter scheme: the prefix, in small letters.
    package func expansions(of pointer: String, scheme: String) -> [(pointer: String, base: String)] {
        let rest = String(pointer.utf8.dropFirst(scheme.utf8.count + 1)) ?? ""
        return definitions.filter { $0.prefix.lowercased().isSame(as: scheme) }.compactMap { definition in
            guard (try? definition.pattern.matches(rest)) == true,
                let expansion = try? definition.pattern.replace(rest, with: definition.replacement)
            else { return nil }
            return (expansion, definition.base)
        }
    }

    /// The pointers with a prefix that may lead to an `xml:id`, each with the pointer that it means.
    ///
    ///     definitions.pointers(to: "clinton")      // psn:clinton, if psn means people.xml#$1
    package func pointers(to id: String) -> [(pointer: String, meaning: (pointer: String, base: String))] {
        definitions.compactMap { definition in
            guard let fragment = Reference(definition.replacement).fragment,
                case let parts = fragment.split(separator: "$1", omittingEmptySubsequences: false), parts.count == 2,
                id.count >= parts[0].count + parts[1].count, id.hasPrefix(parts[0]), id.hasSuffix(parts[1])
            else { return nil }
            let pointer = "\(definition.prefix):\(id.dropFirst(parts[0].count).dropLast(parts[1].count))"
            return expansions(of: pointer, scheme: definition.prefix.lowercased()).first.map { (pointer, $0) }
        }
    }
}

extension Reference {
    /// Whether the fragment is in one of TEI's pointer schemes, such as `#string-range(//p[1],0,3)` (TEI P5, 16.2.4),
    /// or another XPointer.
    var isSchemeOfTEI: Bool {
        guard let fragment, fragment.utf8.last == UInt8(ascii: ")"),
            let open = fragment.utf8.firstIndex(of: UInt8(ascii: "("))
        else { return false }
        return [
            "xpath", "left", "right", "range", "string-index", "string-range", "match", "element", "xpointer", "xmlns",
        ].contains { $0.isSame(as: fragment[..<open]) }
    }
}
