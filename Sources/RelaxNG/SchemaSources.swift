package import XML

/// The schema files that were read, by number: what turns the positions of a schema into places.
package struct SchemaSources: Sendable {
    package enum Source: Sendable {
        case xml(Document)
        case compact(DecodedSource)
    }

    package private(set) var sources: [Source] = []

    package init() {}

    /// - Returns: the number of the file, for ``SyntaxPosition/source``.
    mutating func add(_ document: Document) -> Int32 {
        sources.append(.xml(document))
        return Int32(sources.count - 1)
    }

    /// - Returns: the number of the file, for ``SyntaxPosition/source``.
    mutating func add(_ compact: DecodedSource) -> Int32 {
        sources.append(.compact(compact))
        return Int32(sources.count - 1)
    }

    /// The path of a file by its number.
    func path(_ source: Int32) -> String {
        switch sources[Int(source)] {
        case .xml(let document): document.files[0].path
        case .compact(let decoded): decoded.file.path
        }
    }

    func location(_ position: SyntaxPosition) -> SourceLocation {
        switch sources[Int(position.source)] {
        case .xml(let document): Node(document: document, index: Int(position.offset)).location
        case .compact(let decoded): decoded.location(of: Int(position.offset))
        }
    }
}

extension SchemaSyntax {
    /// Reads a schema in either syntax: a file named `.rnc`, and one that does not begin with `<`, is in compact
    /// syntax.
    ///
    /// - Parameters:
    ///   - path: the name for diagnostics, and the base of relative references.
    ///   - namespace: what the file inherits as `ns` (RELAX NG, 4.6 and 4.7) where it gives none of its own.
    ///   - annotations: whether they are kept; validation needs none.
    /// - Throws: everything that is wrong with the file by itself, in the order of the source.
    package static func read(
        _ bytes: [UInt8], path: String, namespace: String?, annotations: Bool = false, into sources: inout SchemaSources
    ) throws(Diagnostics) -> SchemaSyntax {
        if isCompact(bytes, path: path) {
            let decoded = try CompactSyntaxReader.decode(bytes, path: path)
            return try CompactSyntaxReader.read(
                decoded, source: sources.add(decoded), namespace: namespace, annotations: annotations)
        }
        let document = try Document(bytes, path: path)
        return try XMLSyntaxReader.read(
            document, source: sources.add(document), namespace: namespace, annotations: annotations)
    }

    /// The bytes of a file that a schema includes.
    ///
    /// - Throws: as ``XML/FileAccess/bytes(ofFile:)``, and for a file that is no schema by its beginning and its name:
    ///   its content is then shown nowhere.
    package static func fileBytes(_ path: String) throws(Diagnostics) -> [UInt8] {
        let bytes = try FileAccess.bytes(ofFile: path)
        if isNoSchema(bytes, path: path) { throw Diagnostics([RelaxNGMessages.notASchemaFile(path)]) }
        return bytes
    }

    /// Whether a file is neither XML by its beginning nor in compact syntax by its name.
    package static func isNoSchema(_ bytes: [UInt8], path: String) -> Bool {
        !hasName(path, ".rnc") && !beginsAsXML(bytes)
    }

    private static func hasName(_ path: String, _ ending: String) -> Bool {
        path.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }

    /// Whether the first character is `<`. The bytes of a byte order mark, and the zeros of UTF-16, are passed over.
    private static func beginsAsXML(_ bytes: [UInt8]) -> Bool {
        bytes.lazy.filter { !$0.isXMLSpace && $0 != 0 && ![0xEF, 0xBB, 0xBF, 0xFE, 0xFF].contains($0) }.first
            == UInt8(ascii: "<")
    }

    /// Whether a schema is in compact syntax: it is named `.rnc`, or its first character is not `<`.
    static func isCompact(_ bytes: [UInt8], path: String) -> Bool {
        hasName(path, ".rnc") || !beginsAsXML(bytes) && !hasName(path, ".rng")
    }
}
