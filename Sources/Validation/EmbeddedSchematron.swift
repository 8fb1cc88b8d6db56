internal import RelaxNG
internal import Schematron
internal import XML

/// The Schematron rules in schemas of other languages, copied into a schema of their own.
///
/// Copied rules keep their place by the marks of ``SchemaOrigin``, so that the text alone can be stored.
struct EmbeddedSchematron {
    /// The path of the schema with the rules.
    private let path: String
    private var parts = ""
    private var binding: String?

    private init(_ path: String) {
        self.path = path
    }

    /// The text of a Schematron schema; `nil` where there are no rules.
    private var text: [UInt8]? {
        guard !parts.isEmpty else { return nil }
        let binding = (self.binding ?? SchematronSchema.QueryBinding.xslt3.rawValue).escapedAsAttribute
        return Array(
            "<schema xmlns=\"\(SchematronSchema.namespace)\" queryBinding=\"\(binding)\">\(parts)</schema>".utf8)
    }

    /// Copies an element with what it contains.
    private mutating func add(_ element: Node) {
        let source = element.sourceText
        // References to the entities of a document type are written out.
        let isLiteral = !EmbeddedSchematron.hasEntities(source)
        parts += SchemaOrigin.tag(
            element.location, base: element.baseURI, main: path, namespaces: element.namespaceScope, isNew: !isLiteral
        )
        parts += isLiteral ? String(decoding: source, as: UTF8.self) : element.canonical
        parts += "</origin:mark>\n"
    }

    private static let entities: Set<[UInt8]> = Set(["amp", "lt", "gt", "quot", "apos"].map { Array($0.utf8) })

    private static func hasEntities(_ source: ArraySlice<UInt8>) -> Bool {
        var rest = source
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            rest = rest[(start + 1)...]
            let name = rest.prefix { $0 != UInt8(ascii: ";") }
            if name.first != UInt8(ascii: "#"), !entities.contains(Array(name)) { return true }
        }
        return false
    }
}

// MARK: - RELAX NG

extension EmbeddedSchematron {
    /// The rules in the files of a RELAX NG schema: patterns, rules without one, and what they need, wherever they
    /// stand.
    ///
    /// The expressions are those of XSLT 3.0 unless the outermost element says otherwise in `queryBinding`.
    ///
    /// - Parameter path: of the schema itself, after which the text is named.
    static func text(inRelaxNG sources: SchemaSources, path: String) -> [UInt8]? {
        var rules = EmbeddedSchematron(path)
        for (number, source) in sources.sources.enumerated() {
            switch source {
            case .xml(let document): rules.collect(document)
            case .compact(let decoded):
                if mentionsSchematron(decoded.text) { rules.collect(decoded, number: Int32(number)) }
            }
        }
        return rules.text
    }

    private mutating func collect(_ document: Document) {
        let isRule = document.qualifiedNames.map { SchematronSchema.isSchematron($0.namespace) }
        guard isRule.contains(true) else { return }
        for namespace in [nil, SchematronSchema.namespace, SchematronSchema.oldNamespace] where binding == nil {
            binding = document.root.attribute("queryBinding", in: namespace)
        }
        var last: Node?
        for node in document.documentNode.descendants where node.kind == .element {
            guard isRule[node.nameIndex] || node.namespace == XSLT.namespace, last?.contains(node) != true else {
                continue
            }
            add(node)
            last = node
        }
    }

    private static func mentionsSchematron(_ text: [UInt8]) -> Bool {
        let text = String(decoding: text, as: UTF8.self)
        return text.contains(SchematronSchema.namespace) || text.contains(SchematronSchema.oldNamespace)
    }

    private mutating func collect(_ compact: DecodedSource, number: Int32) {
        guard let survey = AnnotationSurvey(compact, source: number) else { return }
        let namespaces = Dictionary(survey.prefixes.map { (CodepointString($0.prefix), $0.namespace) }) { first, _ in
            first
        }
        for element in survey.elements where element.isRule {
            add(element, namespaces, compact)
        }
    }

    private mutating func add(
        _ element: AnnotationElement, _ namespaces: [CodepointString: String], _ compact: DecodedSource
    ) {
        let location = compact.location(of: Int(element.position?.offset ?? 0))
        parts += SchemaOrigin.tag(location, base: compact.file.path, main: path, namespaces: namespaces, isNew: true)
        parts += "<\(element.name.localName) xmlns=\"\((element.name.namespace ?? "").escapedAsAttribute)\""
        for (index, attribute) in element.attributes.enumerated() {
            let prefix = attribute.name.namespace == Namespace.xml ? "xml" : "a\(index)"
            if let namespace = attribute.name.namespace, prefix != "xml" {
                parts += " xmlns:\(prefix)=\"\(namespace.escapedAsAttribute)\""
            }
            let name =
                attribute.name.namespace == nil ? attribute.name.localName : "\(prefix):\(attribute.name.localName)"
            parts += " \(name)=\"\(attribute.value.escapedAsAttribute)\""
        }
        parts += ">"
        for content in element.content {
            switch content {
            case .text(let text): parts += text.escapedAsText
            case .element(let child): add(child, namespaces, compact)
            }
        }
        parts += "</\(element.name.localName)></origin:mark>"
    }
}

extension AnnotationElement {
    fileprivate var isRule: Bool { SchematronSchema.isSchematron(name.namespace) || name.namespace == XSLT.namespace }
}

// MARK: - ODD

extension EmbeddedSchematron {
    /// The rules in the `constraintSpec`s of an ODD; `nil` where there are none.
    ///
    /// Assertions without a rule are about the element or attribute whose specification contains them.
    package static func text(inODD document: Document) -> [UInt8]? {
        guard document.root.namespace == Namespace.tei else { return nil }
        var rules = EmbeddedSchematron(document.files[0].path)
        for specification in document.root.descendantsOrSelf
        where specification.isElement("constraintSpec", in: Namespace.tei) {
            let scheme = specification.attribute("scheme")?.normalizedSpace
            guard scheme == "schematron" || scheme == "isoschematron", specification.attribute("mode") != "delete"
            else { continue }
            for constraint in specification.childElements where constraint.isElement("constraint", in: Namespace.tei) {
                rules.collect(constraint, of: specification)
            }
        }
        return rules.text
    }

    private mutating func collect(_ constraint: Node, of specification: Node) {
        let elements = constraint.childElements.filter {
            SchematronSchema.isSchematron($0.namespace) || $0.namespace == XSLT.namespace
        }
        let loose = elements.filter { ["rule", "assert", "report", "let"].contains($0.localName) }
        for element in elements where !loose.contains(element) { add(element) }
        guard loose.contains(where: { $0.localName != "let" }) else { return loose.forEach { add($0) } }
        let id = specification.attribute("ident").map { " id=\"\($0.escapedAsAttribute)\"" } ?? ""
        parts +=
            SchemaOrigin.tag(constraint.location, base: constraint.baseURI, main: path, namespaces: [:], isNew: true)
            + "<pattern\(id)>"
        let context = EmbeddedSchematron.context(of: specification)
        let hasRule = loose.contains { $0.localName == "rule" }
        if !hasRule, let context {
            parts +=
                "<rule xmlns:odd=\"\(context.namespace.escapedAsAttribute)\" context=\"\(context.path.escapedAsAttribute)\">"
        }
        for element in loose { add(element) }
        parts += (!hasRule && context != nil ? "</rule>" : "") + "</pattern></origin:mark>\n"
    }

    /// The element or attribute that the specification around a `constraintSpec` describes.
    private static func context(of specification: Node) -> (namespace: String, path: String)? {
        let around = specification.ancestors.first { $0.isElement("elementSpec", in: Namespace.tei) }
        guard let element = around, let name = element.attribute("ident") else { return nil }
        let namespace =
            element.ancestorsOrSelf.lazy.compactMap { $0.attribute("ns") }.first { _ in true } ?? Namespace.tei
        let path = namespace.isEmpty ? name : "odd:" + name
        let attribute = specification.ancestors.first { $0.isElement("attDef", in: Namespace.tei) }?.attribute("ident")
        return (namespace.isEmpty ? "tag:marginalia:none" : namespace, attribute.map { "\(path)/@\($0)" } ?? path)
    }
}
