public import XML

/// An OASIS XML catalog, version 1.1, with the catalogs that it names: it maps addresses and identifiers to local
/// files.
///
///     let catalog = try Catalog(contentsOfFile: "catalog.xml")
///     catalog.resolve(uri: "https://example.org/schemas/letters.rng")   // "schemas/letters.rng"
///
/// All catalog files are read at once, and each only once, so that catalogs may name each other. Nothing is fetched:
/// catalogs on a network, and entries that lead to a network, are skipped.
public struct Catalog: Sendable {
    static let namespace = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
    /// How many files may belong to it.
    static let limit = 1000

    /// The entries of one file.
    struct File: Sendable {
        var entries: [Entry] = []
        /// Catalogs to ask when this one has no answer.
        var next: [String] = []
    }

    struct Entry: Sendable {
        enum Kind: String, Sendable, CaseIterable {
            case uri, rewriteURI, uriSuffix, delegateURI
            case system, rewriteSystem, systemSuffix, delegateSystem
            case `public`, delegatePublic
        }

        let kind: Kind
        /// The identifier that is looked up, or its beginning or end; normalised.
        let match: String
        /// A reference, its beginning for a rewriting; the catalog's path for a delegation, empty where it is not
        /// local.
        let target: String
        /// Whether a public identifier counts although there is a system identifier.
        let prefersPublic: Bool
    }

    private let first: [String]
    private var files: [CodepointString: File] = [:]

    /// Reads a catalog and the catalogs that it names.
    ///
    /// - Throws: ``XML/Diagnostics`` with a `file-` rule if one of them cannot be read, an `xml-` rule if it is not
    ///   well-formed, or a `catalog-` rule if it is not a catalog.
    public init(contentsOfFile path: String) throws(Diagnostics) {
        try self.init(contentsOfFiles: [path])
    }

    /// Reads several catalogs; the first with an answer decides.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rules of ``init(contentsOfFile:)``.
    public init(contentsOfFiles paths: [String]) throws(Diagnostics) {
        first = paths
        var waiting: [(path: String, named: Node?)] = paths.reversed().map { ($0, nil) }
        while let (path, element) = waiting.popLast() {
            guard files[CodepointString(path)] == nil else { continue }
            if let element, files.count >= Catalog.limit { throw Diagnostics([Messages.tooManyCatalogs(element)]) }
            let reader: CatalogReader
            do throws(Diagnostics) {
                reader = try CatalogReader(try Document(contentsOfFile: path))
            } catch {
                guard let element else { throw error }
                throw Diagnostics([Messages.catalogUnreadable(path, element, reason: error)])
            }
            files[CodepointString(path)] = reader.file
            waiting += reader.catalogs.reversed().map { ($0.path, $0.element) }
        }
    }

    // MARK: Asking

    /// The path of the local file for an address, such as a schema's; `nil` if the catalog knows none (XML Catalogs,
    /// 7.2.2).
    public func resolve(uri: String) -> String? {
        if let publicID = PublicIdentifier.unwrap(uri) { return resolve(publicID: publicID, systemID: nil) }
        let uri = uri.escapedAsURI
        return search { file in
            if let entry = file.first(.uri, where: { $0 == uri }) { return .found(entry.target) }
            if let entry = file.longest(.rewriteURI, where: uri.hasPrefix) { return .found(entry.rewritten(uri)) }
            if let entry = file.longest(.uriSuffix, where: uri.hasSuffix) { return .found(entry.target) }
            return .delegated(file.delegates(.delegateURI, where: uri.hasPrefix))
        }
    }

    /// The path of the local file for an external identifier; `nil` if the catalog knows none (XML Catalogs, 7.1.2).
    public func resolve(publicID: String?, systemID: String?) -> String? {
        var publicID = publicID.map { PublicIdentifier.unwrap($0) ?? PublicIdentifier.normalize($0) }
        var systemID = systemID
        if let wrapped = systemID.flatMap(PublicIdentifier.unwrap) {
            publicID = publicID ?? wrapped
            systemID = nil
        }
        let system = systemID?.escapedAsURI
        // Those to which the one identifier is delegated are not asked for the other.
        var asked: (system: Bool, public: Bool) = (true, true)
        return search { file in
            if asked.system, let system {
                if let entry = file.first(.system, where: { $0 == system }) { return .found(entry.target) }
                if let entry = file.longest(.rewriteSystem, where: system.hasPrefix) {
                    return .found(entry.rewritten(system))
                }
                if let entry = file.longest(.systemSuffix, where: system.hasSuffix) { return .found(entry.target) }
                let delegates = file.delegates(.delegateSystem, where: system.hasPrefix)
                if !delegates.isEmpty {
                    asked.public = false
                    return .delegated(delegates)
                }
            }
            guard asked.public, let publicID else { return .delegated([]) }
            let isPreferred = { (entry: Entry) in system == nil || entry.prefersPublic }
            if let entry = file.entries.first(where: {
                $0.kind == .public && $0.match.isSame(as: publicID) && isPreferred($0)
            }) {
                return .found(entry.target)
            }
            let delegates = file.delegates(.delegatePublic, where: { publicID.utf8.starts(with: $0.utf8) }, isPreferred)
            if !delegates.isEmpty { asked.system = false }
            return .delegated(delegates)
        }
    }

    private enum Answer {
        case found(String)
        /// Only these catalogs are asked from here on; the others go on where there are none.
        case delegated([String])
    }

    /// Asks one file after the other, each once of those that a delegation leaves.
    private func search(_ ask: (File) -> Answer) -> String? {
        var waiting = first[...]
        var asked = Set<CodepointString>()
        var delegations = 0
        while let path = waiting.popFirst() {
            guard let file = files[CodepointString(path)], asked.insert(CodepointString(path)).inserted else {
                continue
            }
            switch ask(file) {
            case .found(let target):
                return Reference(target).path(relativeTo: "")
            case .delegated(let delegates) where !delegates.isEmpty:
                delegations += 1
                // More of them than files go in a circle.
                guard delegations <= files.count else { return nil }
                (waiting, asked) = (delegates[...], [])
            case .delegated:
                waiting = file.next + waiting
            }
        }
        return nil
    }
}

extension Catalog.File {
    fileprivate func first(_ kind: Catalog.Entry.Kind, where condition: (String) -> Bool) -> Catalog.Entry? {
        entries.first { $0.kind == kind && condition($0.match) }
    }

    /// The entry that says most; of several the first.
    fileprivate func longest(_ kind: Catalog.Entry.Kind, where condition: (String) -> Bool) -> Catalog.Entry? {
        var best: Catalog.Entry?
        for entry in entries where entry.kind == kind && condition(entry.match) {
            if best.map({ $0.match.utf8.count < entry.match.utf8.count }) ?? true { best = entry }
        }
        return best
    }

    /// The catalogs of delegations, those first that say most.
    fileprivate func delegates(
        _ kind: Catalog.Entry.Kind, where condition: (String) -> Bool,
        _ isAllowed: (Catalog.Entry) -> Bool = { _ in true }
    ) -> [String] {
        let matching = entries.filter { $0.kind == kind && condition($0.match) && isAllowed($0) }
        return matching.enumerated().sorted { a, b in
            (-a.element.match.utf8.count, a.offset) < (-b.element.match.utf8.count, b.offset)
        }.map(\.element.target)
    }
}

extension Catalog.Entry {
    fileprivate func rewritten(_ uri: String) -> String { target + uri.dropFirst(match.count) }
}

/// Reads one catalog file.
private struct CatalogReader {
    private(set) var file = Catalog.File()
    /// The local catalogs that it names, and where.
    private(set) var catalogs: [(path: String, element: Node)] = []

    init(_ document: Document) throws(Diagnostics) {
        let root = document.root
        guard root.isElement("catalog", in: Catalog.namespace) else { throw Diagnostics([Messages.notACatalog(root)]) }
        let base = CatalogReader.base(of: root, document.files[0].path.percentEncodedPath)
        try read(root, base: base, prefersPublic: CatalogReader.preference(of: root, true))
    }

    /// The entries of a catalog or group. Elements and attributes of other namespaces are extensions.
    private mutating func read(_ parent: Node, base: String, prefersPublic: Bool) throws(Diagnostics) {
        for element in parent.childElements where element.namespace == Catalog.namespace {
            let base = CatalogReader.base(of: element, base)
            switch element.localName {
            case "group":
                try read(element, base: base, prefersPublic: CatalogReader.preference(of: element, prefersPublic))
            case "nextCatalog":
                if let path = try catalog(of: element, base) { file.next.append(path) }
            default:
                try file.entries.append(entry(element, base, prefersPublic))
            }
        }
    }

    private mutating func entry(
        _ element: Node, _ base: String, _ prefersPublic: Bool
    ) throws(Diagnostics) -> Catalog.Entry {
        guard let kind = Catalog.Entry.Kind(rawValue: element.localName) else {
            throw Diagnostics([Messages.catalogElement(element)])
        }
        let names = kind.attributes
        let match = try CatalogReader.value(names.match, of: element)
        let target: String
        switch kind {
        case .delegateURI, .delegateSystem, .delegatePublic:
            target = try catalog(of: element, base) ?? ""
        default:
            target = try CatalogReader.resolve(CatalogReader.value(names.target, of: element), base)
        }
        let isPublic = kind == .public || kind == .delegatePublic
        return Catalog.Entry(
            kind: kind, match: isPublic ? PublicIdentifier.normalize(match) : match.escapedAsURI, target: target,
            prefersPublic: prefersPublic
        )
    }

    /// The path of the catalog that an entry names, or `nil` where it is not a local file.
    private mutating func catalog(of element: Node, _ base: String) throws(Diagnostics) -> String? {
        let address = try CatalogReader.resolve(CatalogReader.value("catalog", of: element), base)
        guard let path = Reference(address).path(relativeTo: "") else { return nil }
        catalogs.append((path, element))
        return path
    }

    private static func value(_ name: String, of element: Node) throws(Diagnostics) -> String {
        guard let value = element.attribute(name) else { throw Diagnostics([Messages.catalogAttribute(name, element)]) }
        return value
    }

    private static func base(of element: Node, _ outer: String) -> String {
        element.attribute("base", in: Namespace.xml).map { resolve($0, outer) } ?? outer
    }

    private static func resolve(_ reference: String, _ base: String) -> String {
        Reference(reference.escapedAsURI).resolved(against: base)
    }

    private static func preference(of element: Node, _ outer: Bool) throws(Diagnostics) -> Bool {
        switch element.attribute("prefer") {
        case nil: return outer
        case "public": return true
        case "system": return false
        case let value?: throw Diagnostics([Messages.catalogPreference(value, element)])
        }
    }
}

extension Catalog.Entry.Kind {
    fileprivate var attributes: (match: String, target: String) {
        switch self {
        case .uri: ("name", "uri")
        case .system: ("systemId", "uri")
        case .public: ("publicId", "uri")
        case .rewriteURI: ("uriStartString", "rewritePrefix")
        case .rewriteSystem: ("systemIdStartString", "rewritePrefix")
        case .uriSuffix: ("uriSuffix", "uri")
        case .systemSuffix: ("systemIdSuffix", "uri")
        case .delegateURI: ("uriStartString", "catalog")
        case .delegateSystem: ("systemIdStartString", "catalog")
        case .delegatePublic: ("publicIdStartString", "catalog")
        }
    }
}

/// Public identifiers, and their URNs (RFC 3151).
private enum PublicIdentifier {
    /// White space at the ends removed, and otherwise one blank.
    static func normalize(_ identifier: String) -> String {
        identifier.split { $0.isWhitespace }.joined(separator: " ")
    }

    /// The identifier in a `urn:publicid:`, or `nil` for another address.
    static func unwrap(_ uri: String) -> String? {
        let prefix = "urn:publicid:"
        guard uri.lowercased().hasPrefix(prefix) else { return nil }
        var identifier = ""
        var rest = uri.dropFirst(prefix.count)
        while let character = rest.popFirst() {
            switch character {
            case "+": identifier += " "
            case ":": identifier += "//"
            case ";": identifier += "::"
            case "%":
                guard let byte = UInt8(rest.prefix(2), radix: 16), escapes.contains(byte) else {
                    identifier += "%"
                    continue
                }
                identifier.unicodeScalars.append(Unicode.Scalar(byte))
                rest = rest.dropFirst(2)
            default: identifier.append(character)
            }
        }
        return normalize(identifier)
    }

    private static let escapes = Array("+:/;'?#%".utf8)
}
