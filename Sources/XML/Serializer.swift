extension Document {
    /// The document exactly as it was stored, byte for byte.
    ///
    /// A document with inclusions gives the file that included the others.
    public var serialized: [UInt8] { bytes(of: files[0]) }

    /// One of the document's files as it was stored.
    fileprivate func bytes(of file: SourceFile) -> [UInt8] {
        if let stored = file.stored { return stored }
        let mark: [UInt8] = file.byteOrderMark == 3 ? [0xEF, 0xBB, 0xBF] : []
        return mark + source[file.range]
    }
}

extension Node {
    /// The file of which this element is the outermost, as it was stored; `nil` for other elements, and where another
    /// file is included in it.
    package var storedFile: [UInt8]? {
        let (file, position) = (self.file, fileIndex(of: Int(record.start), files: document.files))
        guard isOutermostOfFile,
            descendants.allSatisfy({ fileIndex(of: Int($0.record.start), files: document.files) == position })
        else { return nil }
        return document.bytes(of: file)
    }

    /// The node in Canonical XML 1.1, as a document subset of its own: UTF-8, attributes sorted, references resolved,
    /// namespaces in scope declared, and `xml:` attributes inherited (except `xml:id`).
    ///
    ///     try Document("<p b='2' a='1'>x<lb/></p>").root.canonical  // <p a="1" b="2">x<lb></lb></p>
    public var canonical: String {
        var writer = CanonicalWriter()
        writer.write(self, isTop: true, inScope: [:])
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

// Canonical XML 2.3: these characters and no others become references.
extension String {
    /// As it is written between tags.
    package var escapedAsText: String { escaped(String.inText) }

    /// As it is written between quotation marks.
    package var escapedAsAttribute: String { escaped(String.inAttribute) }

    private static let inText: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"]
    private static let inAttribute: [Unicode.Scalar: String] = [
        "&": "&amp;", "<": "&lt;", "\"": "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;",
    ]

    private func escaped(_ references: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in unicodeScalars {
            if let reference = references[scalar] { result += reference } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}

private struct CanonicalWriter {
    var bytes: [UInt8] = []

    private mutating func write(_ string: String) { bytes.append(contentsOf: string.utf8) }

    mutating func write(_ node: Node, isTop: Bool, inScope: [CodepointString: String]) {
        switch node.kind {
        case .document:
            writeDocument(node)
        case .element:
            writeElement(node, isTop: isTop, inScope: inScope)
        case .text:
            write(node.stringValue.escapedAsText)
        case .comment:
            write("<!--\(node.stringValue)-->")
        case .processingInstruction:
            let content = node.stringValue
            write(content.isEmpty ? "<?\(node.localName)?>" : "<?\(node.localName) \(content)?>")
        }
    }

    private mutating func writeDocument(_ node: Node) {
        let root = node.document.root
        for child in node.children {
            if child.index > root.index { write("\n") }
            write(child, isTop: false, inScope: [:])
            if child.index < root.index { write("\n") }
        }
    }

    private mutating func writeElement(_ node: Node, isTop: Bool, inScope: [CodepointString: String]) {
        let name = node.name!.description
        write("<\(name)")
        let namespaces = isTop || node.declaresNamespaces ? node.namespaceScope : inScope
        for (prefix, namespace) in namespaces.sorted(by: { $0.key < $1.key })
        where !inScope[prefix].isSame(as: namespace) {
            write(prefix.string.isEmpty ? " xmlns=\"" : " xmlns:\(prefix)=\"")
            write(namespace.escapedAsAttribute + "\"")
        }
        if namespaces[CodepointString("")] == nil, inScope[CodepointString("")] != nil { write(" xmlns=\"\"") }
        for (name, value) in attributes(of: node, isTop: isTop) {
            write(" \(name)=\"\(value.escapedAsAttribute)\"")
        }
        write(">")
        for child in node.children { write(child, isTop: false, inScope: namespaces) }
        write("</\(name)>")
    }

    private func attributes(of node: Node, isTop: Bool) -> [(QName, String)] {
        var found = node.attributes.map { ($0.name, $0.value) }
        if isTop {
            for ancestor in node.ancestors {
                for attribute in ancestor.attributes
                where ["lang", "space"].contains(attribute.name.localName) && attribute.name.namespace == Namespace.xml
                    && !found.contains(where: { $0.0 == attribute.name })
                {
                    found.append((attribute.name, attribute.value))
                }
            }
        }
        return found.sorted {
            (CodepointString($0.0.namespace ?? ""), CodepointString($0.0.localName)) < (
                CodepointString($1.0.namespace ?? ""), CodepointString($1.0.localName)
            )
        }
    }
}

extension Node {
    fileprivate var declaresNamespaces: Bool { !document.namespaceDeclarations(of: index).isEmpty }
}
