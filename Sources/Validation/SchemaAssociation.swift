internal import Schematron
public import XML

/// A schema in RELAX NG or Schematron that a document names by `<?xml-model?>` (Associating Schemas with XML documents
/// 1.0).
///
///     for association in SchemaAssociation.all(of: document).used { print(association.href) }
public struct SchemaAssociation: Sendable {
    /// The address as written.
    public let href: String
    /// The processing instruction that names it.
    public let instruction: Node
    /// The Schematron phase to run; `nil` if the document names none.
    public private(set) var phase: String?

    /// The schemas that a document names, in its order, and warnings about schemas that are not used: those in other
    /// languages, and those that cannot be understood.
    ///
    /// A schema that is named once for its grammar and once for its rules is one schema.
    public static func all(of document: Document) -> (used: [SchemaAssociation], unused: [Diagnostic]) {
        var (used, unused): ([SchemaAssociation], [Diagnostic]) = ([], [])
        for child in document.documentNode.children
        where child.kind == .processingInstruction && child.localName == "xml-model" {
            switch Result(catching: { () throws(Unused) in try SchemaAssociation(child) }) {
            case .success(let association):
                if let index = used.firstIndex(where: { $0.href.isSame(as: association.href) }) {
                    used[index].phase = used[index].phase ?? association.phase
                } else {
                    used.append(association)
                }
            case .failure(let reason):
                unused.append(Messages.unusedSchema(reason.schema, reason.why, child))
            }
        }
        return (used, unused)
    }

    /// The lines by which a document names schemas in RELAX NG and Schematron.
    ///
    /// - Parameter paths: relative to the document.
    package static func instructions(for paths: [String]) -> String {
        paths.map { path in
            let language =
                path.hasSuffix(".sch") ? "http://purl.oclc.org/dsdl/schematron" : "http://relaxng.org/ns/structure/1.0"
            return "<?xml-model href=\"\(path.percentEncodedPath.escapedAsAttribute)\" type=\"application/xml\" "
                + "schematypens=\"\(language)\"?>\n"
        }.joined()
    }

    /// The lines by which a document names the built-in schema, if `marginalia schema write` has written it: into the
    /// document's folder or one above, as far as the root folder, or into `schemas` there. Otherwise empty.
    package static func instructions(forDocumentAt path: String) -> String {
        let root = FileAccess.canonical(FileAccess(forDocumentAt: path).root)
        let own = FileAccess.canonical(Reference.folder(of: path))
        var folder = own
        while true {
            for place in [folder, folder + "/schemas"] where FileAccess.exists(place + "/marginalia.rng") {
                let files = ["marginalia.rng", "marginalia.sch"].map { "\(place)/\($0)" }.filter(FileAccess.exists)
                return instructions(for: files.map { Reference.path(of: $0, from: own) })
            }
            guard !folder.isSame(as: root), folder != "/" else { return "" }
            folder = Reference.folder(of: folder)
        }
    }

    private struct Unused: Error {
        let schema: String
        let why: String
    }

    private init(_ instruction: Node) throws(Unused) {
        let values = SchemaAssociation.pseudoAttributes(instruction.stringValue)
        guard let href = values["href"], !href.isEmpty else {
            throw Unused(schema: "this <?xml-model?>", why: "it names no schema by href=\"…\"")
        }
        if let language = SchemaAssociation.foreignLanguage(href, values) {
            throw Unused(
                schema: "the schema ‘\(href)’",
                why: "it is in \(language), and only RELAX NG and Schematron are known here")
        }
        self.href = href
        phase = values["phase"]
        self.instruction = instruction
    }

    /// The language of a schema that is neither RELAX NG nor Schematron: by its namespace, else by its media type, else
    /// by the extension.
    private static func foreignLanguage(_ href: String, _ values: [String: String]) -> String? {
        if let namespace = values["schematypens"] {
            if namespace == Namespace.relaxNG || SchematronSchema.isSchematron(namespace) { return nil }
            return namespace == "http://www.w3.org/2001/XMLSchema" ? "XML Schema" : "the language ‘\(namespace)’"
        }
        switch values["type"] {
        case "application/relax-ng-compact-syntax": return nil
        case "application/xml-dtd": return "the language of document types (DTD)"
        default:
            let name = Reference(href).resource.lowercased()
            return name.hasSuffix(".dtd")
                ? "the language of document types (DTD)" : name.hasSuffix(".xsd") ? "XML Schema" : nil
        }
    }

    /// `href="a.rng" type='application/xml'`, with references to characters and to the predefined entities (Associating
    /// Schemas, 3).
    private static func pseudoAttributes(_ string: String) -> [String: String] {
        var values: [String: String] = [:]
        var rest = string.unicodeScalars[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].split { $0.properties.isWhitespace }.last.map { String($0) } ?? ""
            rest = rest[rest.index(after: equals)...].drop { $0.properties.isWhitespace }
            guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else { break }
            values[name] = resolvingReferences(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
        return values
    }

    /// Text that is no such reference stays as it is.
    private static func resolvingReferences(_ value: Substring.UnicodeScalarView) -> String {
        var (result, rest) = (String.UnicodeScalarView(), value)
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            let after = rest[rest.index(after: start)...]
            guard let end = after.firstIndex(of: ";"), let character = character(named: String(after[..<end])) else {
                result.append("&")
                rest = after
                continue
            }
            result.append(character)
            rest = after[after.index(after: end)...]
        }
        return String(result + rest)
    }

    private static func character(named name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.utf8.first == UInt8(ascii: "#") else { return nil }
            let digits = name.dropFirst()
            return (digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)).flatMap {
                Unicode.Scalar($0)
            }
        }
    }
}
