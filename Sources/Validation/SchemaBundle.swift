internal import RelaxNG
internal import Schematron
public import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A schema with all files that it includes, as the store keeps it: the bytes, unchanged.
///
///     let bundle = try SchemaBundle(reading: "letters.rng", resolver: SchemaResolver()) { _ throws(Diagnostics) in
///         throw Diagnostics([Diagnostic(rule: "no-network", "nothing is fetched")])
///     }
///     var store = try SchemaStore()
///     try store.add(bundle, as: "https://example.org/letters.rng")
public struct SchemaBundle: Sendable {
    /// The answer of a network for an address.
    public struct Download: Sendable {
        /// The content.
        public let bytes: [UInt8]
        /// The final address, after all redirections.
        public let url: String

        /// Makes a download.
        public init(bytes: [UInt8], url: String) {
            self.bytes = bytes
            self.url = url
        }
    }

    struct Part {
        let address: Address
        let bytes: [UInt8]
    }

    /// The schema itself first.
    let parts: [Part]

    /// Reads a schema and the files that it includes, directly or through others.
    ///
    /// An included file lies beside the file that includes it or, for an address, is known to the resolver. A file that
    /// was fetched may include only files that can be fetched too.
    ///
    /// - Parameters:
    ///   - source: a path, `-` for standard input, or an address with the scheme http or https.
    ///   - resolver: finds the files for addresses.
    ///   - fetch: gets the content of an address. Nothing else uses a network.
    /// - Throws: ``XML/Diagnostics`` with a `file-` or `store-` rule if a part cannot be read, and with a `schema-`
    ///   rule if the schema is not correct.
    public init(
        reading source: String, resolver: SchemaResolver, fetch: (_ url: String) throws(Diagnostics) -> Download
    ) throws(Diagnostics) {
        var parts: [Part] = []
        var known = Set<Address>()
        var waiting: [(address: Address, includer: Address?)] = [(Address(source), nil)]
        while let (address, includer) = waiting.popLast() {
            guard known.insert(address).inserted else { continue }
            guard parts.count < SchemaStore.fileLimit else { throw Diagnostics([Messages.tooManyIncluded(source)]) }
            let part: Part
            let references: [String]
            do throws(Diagnostics) {
                part = try SchemaBundle.read(address, isIncluded: includer != nil, fetch)
                references = try SchemaReferences.list(
                    in: part.bytes, path: part.address.description, isIncluded: includer != nil)
            } catch {
                guard let includer else { throw error }
                throw Messages.includedUnreadable(includer.description, reason: error)
            }
            parts.append(part)
            known.insert(part.address)
            for reference in references {
                let target = Address(reference, relativeTo: part.address)
                switch (part.address, target) {
                case (.file(let path), .remote(let url)):
                    guard resolver.mappedPath(of: url, relativeTo: path) != nil else {
                        throw Diagnostics([Messages.includedElsewhere(url, from: path)])
                    }
                case (.remote(let url), .file(let path)):
                    throw Diagnostics([Messages.includedFile(path, from: url)])
                case (.file, .file), (.remote, .remote):
                    waiting.append((target, part.address))
                }
            }
        }
        self.parts = parts
        _ = try Schema(
            parts[0].bytes, path: parts[0].address.description, loader: loader(resolver), cache: nil, phase: nil)
    }

    /// Finds the parts by their addresses, and what else a file of this machine includes by the resolver.
    private func loader(_ resolver: SchemaResolver) -> SchemaLoader {
        let files = SchemaLoader.files(resolver)
        let parts = Dictionary(self.parts.map { ($0.address, $0.bytes) }) { first, _ in first }
        return SchemaLoader { reference throws(Diagnostics) in
            let address = Address(reference.href, relativeTo: Address(reference.base))
            guard let bytes = parts[address] else { return try files.load(reference) }
            return SchemaLoader.File(path: address.description, bytes: bytes)
        }
    }

    /// - Parameter isIncluded: An included file lies where its includer says, wherever it is redirected to.
    private static func read(
        _ address: Address, isIncluded: Bool, _ fetch: (String) throws(Diagnostics) -> Download
    ) throws(Diagnostics) -> Part {
        switch address {
        case .file(let path):
            return Part(address: address, bytes: try FileAccess.bytes(ofFile: path))
        case .remote(let url):
            guard ["http", "https"].contains(Reference(url).scheme), URL(string: url)?.user(percentEncoded: true) == nil
            else {
                throw Diagnostics([Messages.notFetchable(url)])
            }
            let download = try fetch(url)
            return Part(
                address: isIncluded ? address : .remote(Reference(download.url).resource), bytes: download.bytes)
        }
    }

    /// Where the parts lie in a folder of their own: so that their relative references still lead from one to the
    /// other.
    func paths() throws(Diagnostics) -> [String] {
        var all: [[String]] = []
        for part in parts { all.append(try SchemaBundle.components(of: part.address)) }
        var common = all[0].count - 1
        for components in all {
            common = min(common, components.count - 1, zip(components, all[0]).prefix { $0.isSame(as: $1) }.count)
        }
        return all.map { $0.dropFirst(common).joined(separator: "/") }
    }

    /// The folders and the name of an address.
    private static func components(of address: Address) throws(Diagnostics) -> [String] {
        switch address {
        case .file("-"):
            return FileAccess.canonical("schema.rng").components
        case .file(let path):
            return (FileAccess.canonical(Reference.folder(of: path)) + "/" + (path.components.last ?? "")).components
        case .remote(let url):
            let parts = url.split(separator: "?", maxSplits: 1)
            var components = String(parts[0]).components.map(\.percentDecoded)
            if parts[0].hasSuffix("/") || components.count == 2 { components.append("schema.rng") }
            if parts.count > 1 { components[components.count - 1] += "?" + parts[1] }
            let isUsable = components.allSatisfy {
                $0 != "." && $0 != ".." && $0.utf8.count <= 255
                    && !$0.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
            }
            guard isUsable else { throw Diagnostics([Messages.storePath(url)]) }
            return components
        }
    }
}

extension String {
    fileprivate var components: [String] { pathComponents.map { String($0) } }
}

/// The references in schemas.
enum SchemaReferences {
    /// The files that a schema includes, as references relative to the schema, in its order.
    ///
    /// - Parameter isIncluded: whether it may be a stylesheet too, which Schematron includes.
    /// - Throws: ``XML/Diagnostics`` if the bytes are not a readable schema.
    static func list(in bytes: [UInt8], path: String, isIncluded: Bool) throws(Diagnostics) -> [String] {
        try references(in: bytes, path: path, isIncluded: isIncluded).map { reference in
            // If xml:base leads elsewhere, the reference is resolved from there.
            let href = Reference(reference.href).resolved(against: reference.base)
            return reference.base.isSame(as: path)
                ? reference.href : Reference(href).isRemote ? href : FileAccess.canonical(href)
        }
    }

    private static func references(
        in bytes: [UInt8], path: String, isIncluded: Bool
    ) throws(Diagnostics) -> [FileReference] {
        var sources = SchemaSources()
        do throws(Diagnostics) {
            return SyntaxSurvey(try SchemaSyntax.read(bytes, path: path, namespace: nil, into: &sources)).references
                .map(\.reference.file)
        } catch {
            guard error.list.first?.rule == RelaxNGMessages.unknownLanguageRule else { throw error }
            let document = try Document(bytes, path: path)
            let namespace = document.root.namespace
            guard SchematronSchema.isSchematron(namespace) || isIncluded && namespace == XSLT.namespace else {
                throw error
            }
            return SchematronReader.references(in: document)
        }
    }
}
