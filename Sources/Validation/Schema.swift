public import XML

/// A compiled schema.
///
///     let schema = try Schema(contentsOfFile: "Schemas/marginalia.rng")
///     for found in schema.validate(document) { print(found.message) }
///
/// For now RELAX NG in XML syntax. A compiled schema may be shared between threads.
public struct Schema: Sendable {
    private let grammar: LibXMLGrammar

    /// Compiles a schema; what it includes is read from beside it, never from a network.
    ///
    /// - Throws: ``XML/Diagnostics`` where the file cannot be read or is not a correct schema.
    public init(contentsOfFile path: String) throws(Diagnostics) {
        if path.hasSuffix(".rnc") { throw Diagnostics([Messages.compactSyntax(path)]) }
        let document = try Document(contentsOfFile: path)
        guard document.root.namespace == Schema.relaxNG else {
            throw Diagnostics([Messages.unknownLanguage(document.root)])
        }
        grammar = try LibXMLGrammar(path: path, bytes: document.serialized)
    }

    /// The schema of editions of archival documents: TEI's elements, closed lists for marks, stamps and gaps.
    ///
    /// It is part of the program, and is what a document is validated by that names no schema.
    public static func marginalia() throws(Diagnostics) -> Schema {
        try Schema(builtIn: PackageResources.marginalia_rng)
    }

    private init(builtIn bytes: [UInt8]) throws(Diagnostics) {
        grammar = try LibXMLGrammar(path: "marginalia.rng", bytes: bytes)
    }

    /// What the document is not, in the order of the source.
    public func validate(_ document: Document) -> [Diagnostic] {
        grammar.validate(document)
    }

    static let relaxNG = "http://relaxng.org/ns/structure/1.0"
}

/// What a document says of its schema by `<?xml-model?>` (Associating Schemas with XML documents 1.0).
public enum SchemaAssociation: Sendable {
    /// A grammar in a file, by path, and the instruction that names it.
    case file(String, Node)
    /// An address that is not fetched.
    case remote(Diagnostic)
    case none

    /// The first RELAX NG schema that the document names.
    public init(of document: Document) {
        let instructions = document.documentNode.children.filter {
            $0.kind == .processingInstruction && $0.localName == "xml-model"
        }
        for instruction in instructions {
            let values = SchemaAssociation.pseudoAttributes(instruction.stringValue)
            guard let href = values["href"], values["schematypens", default: Schema.relaxNG] == Schema.relaxNG else { continue }
            guard let path = Reference(href).path(relativeTo: instruction.file.path) else {
                self = .remote(Messages.remoteSchema(href, instruction))
                return
            }
            self = .file(path, instruction)
            return
        }
        self = .none
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

// MARK: - Messages

enum Messages {
    static func unknownLanguage(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-language", "<\(root.localName)> in the namespace ‘\(root.namespace ?? "")’ begins no schema that is known here",
            help: "name a RELAX NG schema in XML syntax (.rng)", at: root.location
        )
    }

    static func compactSyntax(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-language", "‘\(path)’ is in RELAX NG's compact syntax, which is not read",
            help: "name the schema in XML syntax (.rng)"
        )
    }

    static func remoteSchema(_ href: String, _ instruction: Node) -> Diagnostic {
        Diagnostic(
            .warning, rule: "schema-remote", "the schema ‘\(href)’ is not fetched from the network: the grammar was not checked",
            help: "name a copy of it by `--schema FILE`", at: instruction.location
        )
    }

    static func schemaError(_ message: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-incorrect", message, help: "correct the schema", at: location)
    }

    static func invalid(_ message: String, _ node: Node) -> Diagnostic {
        guard let parent = node.parent, parent.kind == .element else {
            return Diagnostic(
                rule: "relaxng", message,
                help: "the schema asks for another outermost element, or for this one in another namespace than ‘\(node.namespace ?? "")’",
                node: node
            )
        }
        // A wrong attribute or text is the element's own matter, a wrong element its parent's.
        let isOwn = ["attribute", "text in element", "failed to validate"].contains(where: message.contains)
        return Diagnostic(
            rule: "relaxng", message, help: "see what the schema allows in <\((isOwn ? node : parent).localName)>", node: node
        )
    }
}
