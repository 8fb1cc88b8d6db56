internal import XML

// The functions that XSLT adds to XPath, of those that make sense outside of a transformation (XSLT 2.0, section 16).

extension FunctionTable {
    mutating func addXSLTFunctions() {
        add(
            "key", 2...3, ["xs:string", "xs:anyAtomicType*", "node()"], "node()*", since: 0, usesFocus: true,
            XSLTFunctions.key)
        add("document", 1...2, ["item()*", "node()"], "node()*", since: 0, XSLTFunctions.document)
        add("system-property", ["xs:string"], "xs:string", since: 0, XSLTFunctions.systemProperty)
        add(
            "function-available", 1...2, ["xs:string", "xs:integer"], "xs:boolean", since: 0,
            XSLTFunctions.functionAvailable)
        add("element-available", ["xs:string"], "xs:boolean", since: 0) { _, _, _ in .no }
        add("unparsed-entity-uri", ["xs:string"], "xs:anyURI", since: 0) { _, _, _ in
            ItemSequence(AtomicValue.anyURI(""))
        }
    }
}

/// A key that a schema or stylesheet declares: `xsl:key` (XSLT 2.0, 16.3).
package struct XPathKey: Sendable {
    let match: XPathPattern
    let use: XPath

    package init(match: XPathPattern, use: XPath) {
        self.match = match
        self.use = use
    }
}

private enum XSLTFunctions {
    static let key: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let name = arguments[0].string
        guard let qname = site.statics.name(lexical: name), let keys = site.statics.keys[qname] else {
            throw .unknownKey(name)
        }
        let top: TreeNode
        if arguments.count > 2, let node = arguments[2].node {
            top = node
        } else {
            guard let node = try context.requiredItem().node else { throw .rootOfNoNode() }
            top = TreeNode(document: node.document, index: 0)
        }
        let index = try keyIndex(qname, keys, top.document, &context)
        var found: [UInt64] = []
        for item in arguments[1] {
            guard let value = item.atomic else { continue }
            let key = EqualityKey(value, collation: .codepoint, implicitTimezone: context.environment.implicitTimezone)
            found += (index[key] ?? []).filter { TreeNode(document: top.document, key: $0).isOrLies(in: top) }
        }
        found.sortInDocumentOrder()
        return ItemSequence(top.document, found)
    }

    private static func keyIndex(
        _ name: QName, _ keys: [XPathKey], _ document: Document, _ context: inout DynamicContext
    ) throws(XPathError) -> [EqualityKey: [UInt64]] {
        let id = Environment.KeyID(name: name, document: document.number)
        if let known = context.environment.keyIndexes[id] { return known }
        var index: [EqualityKey: [UInt64]] = [:]
        for key in keys {
            let hasAttributes =
                !key.match.targets.isDisjoint(with: [.anyAttribute, .anything])
                || key.match.targets.contains { if case .attribute = $0 { true } else { false } }
            for number in document.nodes.indices {
                let node = TreeNode(document: document, index: number)
                try add(node, key, &index, &context)
                guard hasAttributes else { continue }
                for attribute in node.node.attributes { try add(TreeNode(attribute), key, &index, &context) }
            }
        }
        context.environment.keyIndexes[id] = index
        return index
    }

    private static func add(
        _ node: TreeNode, _ key: XPathKey, _ index: inout [EqualityKey: [UInt64]], _ context: inout DynamicContext
    ) throws(XPathError) {
        guard try key.match.matches(node, &context) else { return }
        let values = try context.withFocus(.node(node)) { context throws(XPathError) in
            try key.use.evaluate(&context).atomized(&context.allowance)
        }
        for item in values {
            guard let value = item.atomic else { continue }
            index[
                EqualityKey(value, collation: .codepoint, implicitTimezone: context.environment.implicitTimezone),
                default: []
            ]
            .append(node.key)
        }
    }

    static let document: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var result = ItemSequence.empty
        for item in arguments[0] {
            let address = try item.string()
            if address.isEmpty { throw .documentItself() }
            result.append(.node(TreeNode(try context.environment.document(at: address, site).documentNode)))
        }
        return result.inDocumentOrder ?? .empty
    }

    static let systemProperty: FunctionTable.Body = { context, site, arguments in
        let local = arguments[0].string.utf8.split(separator: UInt8(ascii: ":")).last.map { String(Substring($0)) }
        return ItemSequence(local == "version" ? "2.0" : local == "vendor" ? "Marginalia" : "")
    }

    static let functionAvailable: FunctionTable.Body = { context, site, arguments in
        guard let name = site.statics.name(lexical: arguments[0].string, functions: true) else { return .no }
        let arities =
            FunctionTable.standard.arities(of: name, site.statics)
            + site.statics.functions.filter { $0.name == name }.map { $0.arity...$0.arity }
        guard arguments.count > 1, let arity = arguments[1].integer else { return ItemSequence(!arities.isEmpty) }
        return ItemSequence(arities.contains { $0.contains(Int(clamping: arity)) })
    }
}

extension StaticContext {
    /// The name that a string means as a lexical QName; `nil` if it is none, or its prefix is not bound.
    func name(lexical: String, functions: Bool = false) -> QName? {
        let parts = lexical.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
        guard parts.count <= 2, parts.allSatisfy({ NCName.isValid($0) }) else { return nil }
        if parts.count == 1 { return QName(localName: parts[0], namespace: functions ? defaultFunctionNamespace : nil) }
        return namespaces[parts[0]].map { QName(localName: parts[1], namespace: $0) }
    }
}

extension TreeNode {
    fileprivate func isOrLies(in top: TreeNode) -> Bool {
        self == top || top.key & 0xFFFF_FFFF == 0 && top.node.contains(node)
    }
}

extension XPathError {
    static func unknownKey(_ name: String) -> XPathError {
        XPathError("XTDE1260", "no key ‘\(name)’ is declared", help: "declare it by xsl:key")
    }

    static func documentItself() -> XPathError {
        XPathError("FODC0002", "document('') would read the schema itself, which is not done", help: "name a file")
    }
}
