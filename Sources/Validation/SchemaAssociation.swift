public import XML

/// A schema in RELAX NG or Schematron that a document names by `<?xml-model?>` (Associating Schemas with XML documents 1.0).
public struct SchemaAssociation: Sendable {
    /// The address as written.
    public let href: String
    /// The instruction that names it.
    public let instruction: Node
    /// The Schematron phase that is meant.
    public private(set) var phase: String?

    /// The schemas that a document names, in its order. Those in other languages are passed over.
    ///
    /// One that is named for its grammar and once more for its rules is one schema.
    public static func list(of document: Document) -> [SchemaAssociation] {
        var found: [SchemaAssociation] = []
        for association in all(of: document) {
            if let index = found.firstIndex(where: { $0.href == association.href }) {
                found[index].phase = found[index].phase ?? association.phase
            } else {
                found.append(association)
            }
        }
        return found
    }

    private static func all(of document: Document) -> [SchemaAssociation] {
        document.documentNode.children.filter { $0.kind == .processingInstruction && $0.localName == "xml-model" }
            .compactMap(SchemaAssociation.init)
    }

    private init?(_ instruction: Node) {
        let values = SchemaAssociation.pseudoAttributes(instruction.stringValue)
        guard let href = values["href"], SchemaAssociation.isKnown(href, values) else { return nil }
        self.href = href
        phase = values["phase"]
        self.instruction = instruction
    }

    /// By the schema's namespace, else by its media type, else by the extension.
    private static func isKnown(_ href: String, _ values: [String: String]) -> Bool {
        if let namespace = values["schematypens"] { return namespace == Schema.relaxNG || SchematronSchema.isSchematron(namespace) }
        switch values["type"] {
        case "application/relax-ng-compact-syntax": return true
        case "application/xml-dtd": return false
        default: return ![".dtd", ".xsd"].contains(where: Reference(href).resource.lowercased().hasSuffix)
        }
    }

    /// `href="a.rng" type='application/xml'`
    private static func pseudoAttributes(_ string: String) -> [String: String] {
        var values: [String: String] = [:]
        var rest = string[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].split { $0.isWhitespace }.last.map(String.init) ?? ""
            rest = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
            guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else { break }
            values[name] = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
        return values
    }
}
