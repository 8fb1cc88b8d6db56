internal import XML

// Functions on nodes (XPath functions, sections 2, 14 and 15 of 2.0; 2, 13 and 14 of 3.1).

extension FunctionTable {
    mutating func addNodeFunctions() {
        add("node-name", ["node()?"], "xs:QName?", NodeFunctions.nodeName)
        add("node-name", [], "xs:QName?", since: 30, usesFocus: true, NodeFunctions.nodeName)
        add("nilled", ["node()?"], "xs:boolean?", NodeFunctions.nilled)
        add("nilled", [], "xs:boolean?", since: 30, usesFocus: true, NodeFunctions.nilled)
        add("string", 0...1, ["item()?"], "xs:string", usesFocus: true, NodeFunctions.string)
        add("data", ["item()*"], "xs:anyAtomicType*", NodeFunctions.data)
        add("data", [], "xs:anyAtomicType*", since: 30, usesFocus: true, NodeFunctions.data)
        add("base-uri", 0...1, ["node()?"], "xs:anyURI?", usesFocus: true, NodeFunctions.baseURI)
        add("document-uri", ["node()?"], "xs:anyURI?", NodeFunctions.documentURI)
        add("document-uri", [], "xs:anyURI?", since: 30, usesFocus: true, NodeFunctions.documentURI)
        add("name", 0...1, ["node()?"], "xs:string", usesFocus: true, NodeFunctions.name)
        add("local-name", 0...1, ["node()?"], "xs:string", usesFocus: true, NodeFunctions.localName)
        add("namespace-uri", 0...1, ["node()?"], "xs:anyURI", usesFocus: true, NodeFunctions.namespaceURI)
        add("lang", 1...2, ["xs:string?", "node()"], "xs:boolean", usesFocus: true, NodeFunctions.lang)
        add("root", 0...1, ["node()?"], "node()?", usesFocus: true, NodeFunctions.root)
        add("path", 0...1, ["node()?"], "xs:string?", since: 30, usesFocus: true, NodeFunctions.path)
        add("has-children", 0...1, ["node()?"], "xs:boolean", since: 30, usesFocus: true, NodeFunctions.hasChildren)
        add("innermost", ["node()*"], "node()*", since: 30, NodeFunctions.innermost)
        add("outermost", ["node()*"], "node()*", since: 30, NodeFunctions.outermost)
        add("generate-id", 0...1, ["node()?"], "xs:string", since: 30, usesFocus: true, NodeFunctions.generateID)
        add("id", 1...2, ["xs:string*", "node()"], "element()*", usesFocus: true, NodeFunctions.id)
        add(
            "element-with-id", 1...2, ["xs:string*", "node()"], "element()*", since: 30, usesFocus: true,
            NodeFunctions.id)
        add("idref", 1...2, ["xs:string*", "node()"], "node()*", usesFocus: true, NodeFunctions.idref)
        add("parse-xml", ["xs:string?"], "document-node(element(*))?", since: 30, NodeFunctions.parseXML)
        add("doc", ["xs:string?"], "document-node()?", NodeFunctions.doc)
        add("doc-available", ["xs:string?"], "xs:boolean", NodeFunctions.docAvailable)
        add("collection", 0...1, ["xs:string?"], "item()*", NodeFunctions.collection)
        add("uri-collection", 0...1, ["xs:string?"], "xs:anyURI*", since: 30, NodeFunctions.uriCollection)
    }
}

private enum NodeFunctions {
    /// The argument, or the context node where there is none.
    ///
    /// - Throws: XPDY0002 without a context item, XPTY0004 if that is no node.
    private static func node(
        _ context: DynamicContext, _ arguments: [ItemSequence], at index: Int = 0
    ) throws(XPathError) -> TreeNode? {
        if arguments.count > index { return arguments[index].node }
        let item = try context.requiredItem()
        guard let node = item.node else {
            throw .wrongType(ItemSequence(item), expected: SequenceType(item: .node, occurrence: .one))
        }
        return node
    }

    // MARK: Names

    static let nodeName: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try node(context, arguments)?.name.map(AtomicValue.qname))
    }

    static let name: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try node(context, arguments)?.name?.description ?? "")
    }

    static let localName: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try node(context, arguments)?.name?.localName ?? "")
    }

    static let namespaceURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(AtomicValue.anyURI(try node(context, arguments)?.name?.namespace ?? ""))
    }

    // MARK: Values

    /// Without a schema no element is nilled.
    static let nilled: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        try node(context, arguments)?.kind == .element ? .no : .empty
    }

    static let string: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if arguments.isEmpty { return ItemSequence(try context.requiredItem().string()) }
        return ItemSequence(try arguments[0].optional?.string() ?? "")
    }

    static let data: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if arguments.isEmpty { return try ItemSequence(context.requiredItem()).atomized(&context.allowance) }
        return try arguments[0].atomized(&context.allowance)
    }

    static let baseURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments) else { return .empty }
        switch node.kind {
        case .namespace: return .empty
        case .document: return address(of: node.document)
        default: return ItemSequence(AtomicValue.anyURI(node.node.baseURI))
        }
    }

    static let documentURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments), node.kind == .document else { return .empty }
        return address(of: node.document)
    }

    private static func address(of document: Document) -> ItemSequence {
        let path = document.files[0].path
        return path == "-" ? .empty : ItemSequence(AtomicValue.anyURI(path))
    }

    static let lang: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let language = try node(context, arguments, at: 1)?.node.language?.lowercased() else { return .no }
        let wanted = arguments[0].string.lowercased()
        return ItemSequence(language.utf8.elementsEqual(wanted.utf8) || language.utf8.starts(with: (wanted + "-").utf8))
    }

    // MARK: Places

    static let root: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments) else { return .empty }
        return ItemSequence(TreeNode(document: node.document, index: 0))
    }

    static let path: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments) else { return .empty }
        return ItemSequence(node.path)
    }

    static let hasChildren: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments), !node.isAttribute, !node.isNamespace else { return .no }
        return ItemSequence(node.node.firstChild != nil)
    }

    static let innermost: FunctionTable.Body = { context, site, arguments in
        let nodes = Array(arguments[0].inDocumentOrder ?? .empty)
        // In document order a node is followed at once by a node in it, if there is any.
        return ItemSequence(
            nodes.indices.filter { index in
                index + 1 == nodes.count || !nodes[index].node!.contains(nodes[index + 1].node!)
            }.map { nodes[$0] })
    }

    static let outermost: FunctionTable.Body = { context, site, arguments in
        var kept: [Item] = []
        for item in arguments[0].inDocumentOrder ?? .empty where kept.last?.node?.contains(item.node!) != true {
            kept.append(item)
        }
        return ItemSequence(kept)
    }

    static let generateID: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments) else { return ItemSequence("") }
        return ItemSequence("d\(String(node.document.number, radix: 36))n\(String(node.key, radix: 36))")
    }

    // MARK: Ids

    static let id: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let node = try node(context, arguments, at: 1) else { return .empty }
        let ids = arguments[0].flatMap { $0.atomic?.string.tokens ?? [] }.filter { NCName.isValid($0) }
        let found = ids.compactMap { element($0, node.document, context.environment) }
        return ItemSequence(found.map { .node(TreeNode($0)) }).inDocumentOrder ?? .empty
    }

    /// The first element that an id identifies: by `xml:id`, or by an attribute that the document type declares.
    private static func element(_ id: String, _ document: Document, _ environment: Environment) -> Node? {
        let first = document.element(withID: id)
        let value = ByteString(Array(id.utf8)[...])
        let declared = document.declaredIDs.flatMap { declared in
            document.names.qnames.indices.filter { document.names.qnames[$0].description == declared.attribute }
                .compactMap { name in
                    environment.elements(document.names.expanded[name], value, document).lazy.map {
                        Node(document: document, index: Int($0))
                    }
                    .first { $0.name?.description == declared.element }
                }
        }
        return ((first.map { [$0] } ?? []) + declared).min { $0.index < $1.index }
    }

    /// Without a DTD or schema no attribute is of type IDREF.
    static let idref: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        _ = try node(context, arguments, at: 1)
        return .empty
    }

    // MARK: Documents

    static let doc: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let address = arguments[0].atomic?.string else { return .empty }
        return ItemSequence(TreeNode(try context.environment.document(at: address, site).documentNode))
    }

    static let parseXML: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let text = arguments[0].atomic?.string else { return .empty }
        // A node takes some times the bytes of its tags.
        try context.allowance.take(4 * text.utf8.count)
        do throws(Diagnostics) {
            return ItemSequence(TreeNode(try Document(text, path: site.statics.baseURI ?? "-").documentNode))
        } catch {
            throw .notWellFormed(error)
        }
    }

    static let docAvailable: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let address = arguments[0].atomic?.string else { return .no }
        return ItemSequence((try? context.environment.document(at: address, site)) != nil)
    }

    static let collection: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var result = ItemSequence.empty
        for address in try context.environment.collection(arguments.first?.atomic?.string, site) {
            result.append(.node(TreeNode(try context.environment.document(at: address, site).documentNode)))
        }
        return result
    }

    static let uriCollection: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try context.environment.collection(arguments.first?.atomic?.string, site).map(AtomicValue.anyURI))
    }
}

extension Environment {
    /// Reads a document, once.
    ///
    /// - Throws: FODC0002 where it cannot be had, FODC0005 for an address that is none.
    func document(at address: String, _ site: CallSite) throws(XPathError) -> Document {
        let absolute = try resolve(address, site)
        if let known = documents[absolute] { return known }
        guard let read = resources.document else { throw .documentsNotAllowed(address) }
        do throws(Diagnostics) {
            let document = try read(absolute)
            documents[absolute] = document
            return document
        } catch {
            throw .unreadableDocument(address, error)
        }
    }

    fileprivate func collection(_ address: String?, _ site: CallSite) throws(XPathError) -> [String] {
        let absolute: String
        do throws(XPathError) {
            absolute = try address.map { value throws(XPathError) in try resolve(value, site) } ?? ""
        } catch {
            throw .invalidCollection(address ?? "")
        }
        guard let members = resources.collection?(absolute) else { throw .unknownCollection(address) }
        return members
    }

    private func resolve(_ address: String, _ site: CallSite) throws(XPathError) -> String {
        guard URIReference.isValid(Array(address.utf8).span) else { throw .notAnAddressOfDocument(address) }
        guard let base = site.statics.baseURI, Reference(address).scheme == nil else { return address }
        return Reference(address).path(relativeTo: base) ?? address
    }
}

extension TreeNode {
    /// Whether another node of any document lies in this one.
    fileprivate func contains(_ other: TreeNode) -> Bool {
        !isAttribute && !isNamespace && other != self && node.contains(other.node)
    }

    /// The path as fn:path writes it (XPath functions 3.1, 14.4).
    var path: String {
        var steps: [String] = []
        var current = self
        while let parent = current.parent {
            steps.append(current.step)
            current = parent
        }
        return "/" + steps.reversed().joined(separator: "/")
    }

    private var step: String {
        let braced = name.map { "Q{\($0.namespace ?? "")}\($0.localName)" } ?? ""
        switch kind {
        case .attribute: return name?.namespace == nil ? "@\(name?.localName ?? "")" : "@\(braced)"
        case .namespace:
            return name.map { "namespace::\($0.localName)" }
                ?? "namespace::*[Q{\(Namespace.xpathFunctions)}local-name()=\"\"]"
        case .element: return "\(braced)[\(position)]"
        case .text: return "text()[\(position)]"
        case .comment: return "comment()[\(position)]"
        case .processingInstruction: return "processing-instruction(\(name?.localName ?? ""))[\(position)]"
        case .document: return ""
        }
    }

    /// Among its siblings of the same kind and name.
    private var position: Int {
        1
            + node.precedingSiblings.reduce(0) {
                $0 + ($1.kind == node.kind && $1.localName == node.localName && $1.namespace == node.namespace ? 1 : 0)
            }
    }
}

extension XPathError {
    static func documentsNotAllowed(_ address: String) -> XPathError {
        XPathError("FODC0002", "‘\(address)’ is not read: no documents are allowed here", help: "allow them by name")
    }

    static func notAnAddressOfDocument(_ address: String) -> XPathError {
        XPathError("FODC0005", "‘\(address)’ is not an address")
    }

    static func notWellFormed(_ reason: Diagnostics) -> XPathError {
        let place = reason.list[0].location.map { " (line \($0.line), column \($0.column))" } ?? ""
        return XPathError("FODC0006", "the string is not well-formed XML: \(reason.list[0].message)\(place)")
    }

    static func unreadableDocument(_ address: String, _ reason: Diagnostics) -> XPathError {
        XPathError("FODC0002", "‘\(address)’ cannot be had: \(reason.list[0].message)")
    }

    static func invalidCollection(_ address: String) -> XPathError {
        XPathError("FODC0004", "‘\(address)’ is not the address of a collection")
    }

    static func unknownCollection(_ address: String?) -> XPathError {
        XPathError("FODC0002", "there is no collection" + (address.map { " ‘\($0)’" } ?? " by default"))
    }
}
