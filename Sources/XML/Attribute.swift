/// An attribute of an element. Namespace declarations are not attributes: see ``Node/namespaces``.
///
///     for attribute in document.root.attributes {
///         print(attribute.location, attribute.name, attribute.value)
///     }
public struct Attribute: Sendable {
    /// The element that has the attribute.
    public let element: Node
    /// Its index among all attributes of the document.
    package let index: Int

    package init(element: Node, index: Int) {
        self.element = element
        self.index = index
    }

    var record: AttributeRecord { element.document.attributes[index] }

    /// The qualified name.
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

    /// The place of the attribute's name; for an attribute that the DTD supplies, the place of its element.
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

/// The attributes of an element, in the order of its tag.
public struct Attributes: Sequence, IteratorProtocol, Sendable {
    var attribute: Attribute?

    /// The next attribute; `nil` after the last.
    public mutating func next() -> Attribute? {
        defer { attribute = attribute?.next }
        return attribute
    }
}

extension Node {
    /// The attributes of an element, in the order of its tag; none for other nodes.
    public var attributes: Attributes { Attributes(attribute: firstAttribute) }

    /// The first attribute of the tag.
    package var firstAttribute: Attribute? {
        guard kind == .element, record.payload != NodeRecord.none else { return nil }
        return Attribute(element: self, index: Int(record.payload))
    }

    /// The attribute with this local name and namespace (by default none); `nil` if the node has none such.
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

    /// The value of the attribute with this local name and namespace (by default none); `nil` if the node has none
    /// such.
    ///
    ///     for deletion in document.root.descendants where deletion.localName == "del" {
    ///         print(deletion.attribute("hand") ?? "-", deletion.attribute("lang", in: Namespace.xml) ?? "-")
    ///     }
    public func attribute(_ localName: String, in namespace: String? = nil) -> String? {
        attributeNode(localName, in: namespace)?.value
    }

    /// The value of `xml:id`, without white space around it; `nil` if there is none.
    public var xmlID: String? {
        attribute("id", in: Namespace.xml).map { String(decoding: Array($0.utf8)[...].trimmingXMLSpace, as: UTF8.self) }
    }

    /// The `xml:id` of this node or of its nearest ancestor with one.
    public var nearestID: String? {
        ancestorsOrSelf.lazy.compactMap(\.xmlID).first { _ in true }
    }

    /// The language in scope (`xml:lang`); `nil` without one, and after an empty value removes it (XML 1.0, 2.12).
    public var language: String? {
        let value = ancestorsOrSelf.lazy.compactMap { $0.attribute("lang", in: Namespace.xml) }.first { _ in true }
        return value == "" ? nil : value
    }

    /// Whether `xml:space="preserve"` is in scope (XML 1.0, 2.10).
    public var preservesSpace: Bool {
        // Most documents have no such attribute.
        guard let name = document.names.expandedName("space", namespace: Namespace.xml) else { return false }
        return ancestorsOrSelf.lazy.compactMap { $0.attributeNode(named: name)?.value }.first { _ in true }
            == "preserve"
    }

    /// The base of relative references: the file's path, changed by each `xml:base` in scope within that file (XML
    /// Base).
    public var baseURI: String {
        let file = self.file
        let bases = ancestorsOrSelf.prefix { $0.file.path.isSame(as: file.path) }
            .compactMap { $0.attribute("base", in: Namespace.xml) }
        return bases.reversed().reduce(file.path) { Reference($1).base(within: $0) }
    }

    /// The declarations in the tag itself, in its order; an empty namespace removes the default namespace.
    package var declaredNamespaces: [(prefix: String?, namespace: String)] {
        document.namespaceDeclarations(of: index).map { ($0.prefix, $0.namespace) }
    }

    /// The namespace that `prefix` means here; `nil` as a prefix asks for the default namespace.
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

    /// The namespaces in scope, by prefix (Namespaces in XML 1.0, 6.1). The default namespace has an empty key; `xml`
    /// is not listed.
    ///
    /// If Swift takes several prefixes for the same string, only the first in the order of code points is listed.
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
