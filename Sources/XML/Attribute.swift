/// An attribute of an element. Namespace declarations are not among them: ``Node/namespaces``.
public struct Attribute: Sendable {
    public let element: Node
    /// Its index among all attributes of the document.
    package let index: Int

    package init(element: Node, index: Int) {
        self.element = element
        self.index = index
    }

    var record: AttributeRecord { element.document.attributes[index] }

    public var name: QName { element.document.names.qnames[record.name] }

    /// The value after normalisation (XML 1.0, 3.3.3).
    public var value: String { String(decoding: bytes, as: UTF8.self) }

    /// A number that is the same for all attributes and elements of the document with the same namespace and local
    /// name.
    package var nameIndex: Int { Int(element.document.names.expanded[record.name]) }

    /// The value in UTF-8.
    package var bytes: ArraySlice<UInt8> {
        let (start, end) = (record.start, record.start + Int(record.length))
        return record.inStrings ? element.document.strings[start..<end] : element.document.source[start..<end]
    }

    /// The next attribute of the tag.
    package var next: Attribute? { record.isLast ? nil : Attribute(element: element, index: index + 1) }

    /// Where the attribute's name stands; the element's place for an attribute that the DTD supplied.
    public var location: SourceLocation {
        element.document.location(of: sourceRange?.lowerBound ?? Int(element.record.start))
    }

    /// The place of the Unicode scalar number `offset`, from 0, of the value. A reference counts as one character, and
    /// so does a line end.
    package func location(ofScalar offset: Int) -> SourceLocation {
        let source = element.document.source
        guard let range = sourceRange else { return location }
        var position = range.lowerBound
        while position < range.upperBound, source[position] != UInt8(ascii: "\""), source[position] != UInt8(ascii: "'")
        { position += 1 }
        let end = range.upperBound - 1
        position = min(position + 1, end)
        for _ in 0..<offset where position < end {
            let first = source[position]
            position += 1
            switch first {
            case UInt8(ascii: "&"):
                while position < end, source[position - 1] != UInt8(ascii: ";") { position += 1 }
            case 0x0D:
                if source[position] == 0x0A { position += 1 }
            default:
                while position < end, source[position] & 0xC0 == 0x80 { position += 1 }
            }
        }
        return element.document.location(of: position)
    }

    /// Offsets of name, equals sign and quoted value in the document's UTF-8; `nil` if the DTD supplied it.
    var sourceRange: Range<Int>? {
        let source = element.document.source
        return element.document.startTag(of: element).attribute(named: name.description, in: source.span)?.whole
    }
}

/// The attributes of an element.
public struct Attributes: Sequence, IteratorProtocol, Sendable {
    var attribute: Attribute?

    public mutating func next() -> Attribute? {
        defer { attribute = attribute?.next }
        return attribute
    }
}

extension Node {
    /// The attributes, in the order of the tag.
    public var attributes: Attributes { Attributes(attribute: firstAttribute) }

    /// The first attribute of the tag.
    package var firstAttribute: Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        return Attribute(element: self, index: Int(record.payload))
    }

    /// The attribute with this local name in `namespace` (by default in none).
    public func attributeNode(_ localName: String, in namespace: String? = nil) -> Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        return document.names.expandedName(localName, namespace: namespace).flatMap(attributeNode)
    }

    /// The attribute whose name has a number.
    package func attributeNode(named name: UInt32) -> Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        var index = Int(record.payload)
        while true {
            let attribute = document.attributes[index]
            if document.names.expanded[attribute.name] == name { return Attribute(element: self, index: index) }
            if attribute.isLast { return nil }
            index += 1
        }
    }

    /// The value of an attribute, or `nil`.
    public func attribute(_ localName: String, in namespace: String? = nil) -> String? {
        attributeNode(localName, in: namespace)?.value
    }

    /// The value of `xml:id`, without white space around it.
    public var xmlID: String? {
        attribute("id", in: Namespace.xml).map { String(decoding: Array($0.utf8)[...].trimmingXMLSpace, as: UTF8.self) }
    }

    /// The `xml:id` of this node or of the nearest ancestor that has one.
    public var nearestID: String? {
        ancestorsOrSelf.lazy.compactMap(\.xmlID).first { _ in true }
    }

    /// The language in scope (`xml:lang`), `nil` where none is or where it is undeclared by an empty value.
    public var language: String? {
        let value = ancestorsOrSelf.lazy.compactMap { $0.attribute("lang", in: Namespace.xml) }.first { _ in true }
        return value == "" ? nil : value
    }

    /// Whether `xml:space="preserve"` is in scope.
    public var preservesSpace: Bool {
        // Most documents have no such attribute.
        guard let name = document.names.expandedName("space", namespace: Namespace.xml) else { return false }
        return ancestorsOrSelf.lazy.compactMap { $0.attributeNode(named: name)?.value }.first { _ in true }
            == "preserve"
    }

    /// The base of relative references: the file, changed by each `xml:base` in scope within it.
    public var baseURI: String {
        let file = self.file
        let bases = ancestorsOrSelf.prefix { $0.file.path.isSame(as: file.path) }
            .compactMap { $0.attribute("base", in: Namespace.xml) }
        return bases.reversed().reduce(file.path) { Reference($1).path(relativeTo: $0) ?? $0 }
    }

    /// What the tag itself declares, in its order; an empty namespace takes the default one away.
    package var declaredNamespaces: [(prefix: String?, namespace: String)] {
        document.namespaceDeclarations(of: index).map { ($0.prefix, $0.namespace) }
    }

    /// The namespace that `prefix` means here; `nil` for the default namespace.
    public func namespace(forPrefix prefix: String?) -> String? {
        if prefix == "xml" { return Namespace.xml }
        for node in ancestorsOrSelf {
            if let declared = document.namespaceDeclarations(of: node.index).first(where: {
                $0.prefix.isSame(as: prefix)
            }) {
                return declared.namespace.isEmpty ? nil : declared.namespace
            }
        }
        return nil
    }

    /// The namespaces in scope, by prefix; the default namespace's key is empty. `xml` is not listed.
    ///
    /// Of prefixes that Swift takes for the same string, the first in the order of code points is listed.
    public var namespaces: [String: String] {
        Dictionary(namespaceScope.sorted { $0.key < $1.key }.map { ($0.key.string, $0.value) }) { first, _ in first }
    }

    /// All namespaces in scope, as ``namespaces``.
    package var namespaceScope: [CodepointString: String] {
        var found: [CodepointString: String] = [:]
        for node in ancestorsOrSelf {
            for declaration in document.namespaceDeclarations(of: node.index) {
                let prefix = CodepointString(declaration.prefix ?? "")
                if found[prefix] == nil { found[prefix] = declaration.namespace }
            }
        }
        return found.filter { !$0.value.isEmpty }
    }
}
