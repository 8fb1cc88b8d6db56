internal import RelaxNG
public import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Finds the files for addresses of schemas: by a catalog, in the store of schemas, or by the address itself.
///
///     let catalog = try Catalog(contentsOfFile: "catalog.xml")
///     let resolver = SchemaResolver(catalog: catalog, store: try SchemaStore(folder: "schemas"))
///     print(resolver.path(of: "https://example.org/letters.rng", relativeTo: "memo.xml") ?? "not known")
///
/// It finds the schemas that `<?xml-model?>` names, and the files that schemas include. Nothing is fetched.
public struct SchemaResolver: Sendable {
    private let catalog: Catalog?
    private let store: SchemaStore?

    /// Makes a resolver of a catalog and a store; `nil` to do without.
    public init(catalog: Catalog? = nil, store: SchemaStore? = nil) {
        self.catalog = catalog
        self.store = store
    }

    /// Makes a resolver of catalogs, and of the store in ``SchemaStore/standardFolder``.
    ///
    /// - Throws: ``XML/Diagnostics`` with a `file-`, `xml-` or `catalog-` rule if a catalog cannot be used, and with
    ///   `store-index` if the store is damaged.
    public init(catalogs: [String]) throws(Diagnostics) {
        self.init(catalog: catalogs.isEmpty ? nil : try Catalog(contentsOfFiles: catalogs), store: try SchemaStore())
    }

    /// The path of the file that `href` means in the file or at the address `base`.
    ///
    /// - Returns: `nil` for an address that neither the catalog nor the store knows.
    public func path(of href: String, relativeTo base: String) -> String? {
        if let mapped = mappedPath(of: href, relativeTo: base) { return mapped }
        return Address(href, relativeTo: Address(base)).path
    }

    /// The path that the catalog or the store gives; `nil` if they know neither the reference nor the address that it
    /// means.
    package func mappedPath(of href: String, relativeTo base: String) -> String? {
        let address = Address(href, relativeTo: Address(base))
        for uri in [href, address.url].compactMap(\.self) {
            // Many catalogs have schemas as system identifiers, as if they were DTDs.
            if let path = catalog?.resolve(uri: uri) ?? catalog?.resolve(publicID: nil, systemID: uri)
                ?? store?.path(of: uri)
            {
                return path
            }
        }
        return nil
    }

    /// The path of the schema that a document names.
    ///
    /// - Parameters:
    ///   - association: the schema as the document names it.
    ///   - access: the files that the document may name; `nil` for all. The catalog and the store may lead anywhere.
    /// - Throws: ``XML/Diagnostics`` with the rule `schema-remote` for an address that neither of them knows, and with
    ///   `file-outside-root` for a file that the document may not name.
    public func path(of association: SchemaAssociation, within access: FileAccess?) throws(Diagnostics) -> String {
        let (href, instruction) = (association.href, association.instruction)
        let base = instruction.file.path
        if let mapped = mappedPath(of: href, relativeTo: base) { return mapped }
        guard let path = path(of: href, relativeTo: base) else {
            throw Diagnostics([Messages.unknownSchema(href, instruction)])
        }
        if let access, !access.allows(path) {
            throw Diagnostics([Messages.schemaOutsideRoot(path, access.refusal(of: path), instruction)])
        }
        return path
    }

    /// The path of a schema that a user names, by an address or by its path.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `schema-remote` for an address that neither the catalog nor the
    ///   store knows.
    public func path(named name: String) throws(Diagnostics) -> String {
        guard Reference(name).isRemote, !FileAccess.exists(name) else { return name }
        guard let path = mappedPath(of: name, relativeTo: "") else {
            throw Diagnostics([Messages.unknownSchema(name, nil)])
        }
        return path
    }
}

/// Where something lies: in a file, or elsewhere.
enum Address: Sendable, Hashable {
    /// By path.
    case file(String)
    /// By an address without its fragment.
    case remote(String)

    /// - Parameter string: a path or an address.
    init(_ string: String) {
        let reference = Reference(string)
        self = reference.isRemote && reference.resource.contains(":/") ? .remote(reference.resource) : .file(string)
    }

    /// The target of a reference in the file `base` (RFC 3986, 5.2).
    init(_ href: String, relativeTo base: Address) {
        let reference = Reference(href)
        switch base {
        case .remote(let url) where !reference.isAbsolute:
            let target = URL(string: url).flatMap { URL(string: reference.resource, relativeTo: $0) }
            // Nothing can be relative to such as a URN.
            self = .remote(target?.absoluteString ?? reference.resource)
        case .remote, .file:
            let path = if case .file(let path) = base { path } else { "" }
            self = reference.path(relativeTo: path).map(Address.file) ?? .remote(reference.resource)
        }
    }

    static func == (a: Address, b: Address) -> Bool { a.path.isSame(as: b.path) && a.url.isSame(as: b.url) }

    func hash(into hasher: inout Hasher) { hasher.combine(CodepointString(description)) }

    var path: String? { if case .file(let path) = self { path } else { nil } }
    var url: String? { if case .remote(let url) = self { url } else { nil } }
    var description: String { path ?? url ?? "" }
}

extension Reference {
    var isAbsolute: Bool { scheme != nil }
    var isRemote: Bool { scheme != nil && scheme != "file" }

    /// The reference made absolute (RFC 3986, 5.2), or relative to what `base` is relative to.
    func resolved(against base: String) -> String {
        if isAbsolute { return resource }
        if Reference(base).isRemote { return Address(resource, relativeTo: .remote(base)).description }
        return resource.isAbsolutePath
            ? resource : resource.isEmpty ? base : Reference.folder(of: base, slash: true) + resource
    }
}

extension SchemaLoader {
    /// Files on this machine: found beside those that refer to them, or by the resolver; never from a network.
    ///
    /// - Parameter access: the folder below which files must lie that neither the catalog nor the store names; `nil` if
    ///   they may lie anywhere.
    static func files(_ resolver: SchemaResolver, within access: FileAccess? = nil) -> SchemaLoader {
        SchemaLoader { reference throws(Diagnostics) in
            guard let path = resolver.path(of: reference.href, relativeTo: reference.base) else {
                throw Diagnostics([RelaxNGMessages.remoteReference(reference.href)])
            }
            if let access, resolver.mappedPath(of: reference.href, relativeTo: reference.base) == nil {
                try access.check(path)
            }
            return File(path: path, bytes: try SchemaSyntax.fileBytes(path))
        }
    }
}
