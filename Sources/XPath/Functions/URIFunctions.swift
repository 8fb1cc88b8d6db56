internal import XML

/// Functions on addresses, qualified names, texts and the environment (XPath functions, 6, 10, 14.8, 14.10 and 15).
extension FunctionTable {
    mutating func addURIFunctions() {
        add("resolve-uri", 1...2, ["xs:string?", "xs:string"], "xs:anyURI?", URIFunctions.resolveURI)
        add("QName", ["xs:string?", "xs:string"], "xs:QName", URIFunctions.qname)
        add("resolve-QName", ["xs:string?", "element()"], "xs:QName?", URIFunctions.resolveQName)
        add("prefix-from-QName", ["xs:QName?"], "xs:NCName?", URIFunctions.prefix)
        add("local-name-from-QName", ["xs:QName?"], "xs:NCName?", URIFunctions.localName)
        add("namespace-uri-from-QName", ["xs:QName?"], "xs:anyURI?", URIFunctions.namespace)
        add("namespace-uri-for-prefix", ["xs:string?", "element()"], "xs:anyURI?", URIFunctions.namespaceForPrefix)
        add("in-scope-prefixes", ["element()"], "xs:string*", URIFunctions.prefixesInScope)
        add("unparsed-text", 1...2, ["xs:string?", "xs:string"], "xs:string?", since: 30, URIFunctions.text)
        add("unparsed-text-lines", 1...2, ["xs:string?", "xs:string"], "xs:string*", since: 30, URIFunctions.lines)
        add(
            "unparsed-text-available", 1...2, ["xs:string?", "xs:string"], "xs:boolean", since: 30,
            URIFunctions.isTextAvailable)
        add("environment-variable", ["xs:string"], "xs:string?", since: 30, URIFunctions.variable)
        add("available-environment-variables", [], "xs:string*", since: 30, URIFunctions.variables)
        add("static-base-uri", [], "xs:anyURI?", URIFunctions.baseURI)
        add("default-collation", [], "xs:string", URIFunctions.collation)
        add("default-language", [], "xs:language", since: 31, URIFunctions.language)
    }
}

enum URIFunctions {
    static let resolveURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let relative = arguments[0].atomic?.string else { return .empty }
        guard URIReference.isValid(relative.utf8.span) else { throw .notAnAddress(relative) }
        let reference = URIReference(relative)
        if reference.scheme != nil { return ItemSequence(AtomicValue.anyURI(relative)) }
        guard let base = arguments.count == 2 ? arguments[1].string : site.statics.baseURI else {
            throw .noBaseAddress()
        }
        let baseReference = URIReference(base)
        guard URIReference.isValid(base.utf8.span), baseReference.fragment == nil,
            arguments.count == 1 || baseReference.scheme != nil,
            let resolved = reference.resolved(against: baseReference)
        else { throw .notABase(base) }
        return ItemSequence(AtomicValue.anyURI(resolved.description))
    }

    static let baseURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(site.statics.baseURI.map(AtomicValue.anyURI))
    }

    // MARK: Qualified names

    static let qname: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let (namespace, lexical) = (arguments[0].string, arguments[1].string)
        guard let (prefix, localName) = parts(ofName: lexical) else { throw .notAName(lexical) }
        if namespace.isEmpty, prefix != nil { throw .prefixWithoutNamespace(lexical) }
        return ItemSequence(
            AtomicValue.qname(
                QName(prefix: prefix, localName: localName, namespace: namespace.isEmpty ? nil : namespace)
            ))
    }

    static let resolveQName: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let lexical = arguments[0].atomic?.string.normalizedSpace, let element = arguments[1].node else {
            return .empty
        }
        guard let (prefix, localName) = parts(ofName: lexical) else { throw .notAName(lexical) }
        let namespace = element.node.namespace(forPrefix: prefix)
        if let prefix, namespace == nil { throw .unboundPrefix(prefix) }
        return ItemSequence(AtomicValue.qname(QName(prefix: prefix, localName: localName, namespace: namespace)))
    }

    private static func parts(ofName lexical: String) -> (prefix: String?, localName: String)? {
        let parts = lexical.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
        guard parts.count <= 2, parts.allSatisfy(NCName.isValid) else { return nil }
        return parts.count == 2 ? (parts[0], parts[1]) : (nil, parts[0])
    }

    static let prefix: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(arguments[0].qname?.prefix.map { AtomicValue(.NCName, .string($0)) })
    }

    static let localName: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(arguments[0].qname.map { AtomicValue(.NCName, .string($0.localName)) })
    }

    static let namespace: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(arguments[0].qname.map { AtomicValue.anyURI($0.namespace ?? "") })
    }

    static let namespaceForPrefix: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let prefix = arguments[0].string
        let namespace = arguments[1].node?.node.namespace(forPrefix: prefix.isEmpty ? nil : prefix)
        return ItemSequence(namespace.map(AtomicValue.anyURI))
    }

    static let prefixesInScope: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence((arguments[0].node?.node.namespacesInScope ?? []).map { Item.string($0.prefix) })
    }

    // MARK: Texts

    static let text: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try read(context, site, arguments))
    }

    static let lines: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let text = try read(context, site, arguments) else { return .empty }
        let span = text.utf8.span
        var lines: [Item] = []
        var (start, index) = (0, 0)
        while index < span.count {
            let end = index
            index += 1
            guard span[end] == 0x0A || span[end] == 0x0D else { continue }
            if span[end] == 0x0D, index < span.count, span[index] == 0x0A { index += 1 }
            lines.append(.string(text.slice(start..<end)))
            start = index
        }
        if start < span.count { lines.append(.string(text.slice(start..<span.count))) }
        return ItemSequence(lines)
    }

    static let isTextAvailable: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        do {
            return ItemSequence(try read(context, site, arguments) != nil)
        } catch {
            return .no
        }
    }

    private static func read(
        _ context: DynamicContext, _ site: CallSite, _ arguments: [ItemSequence]
    ) throws(XPathError) -> String? {
        guard let address = arguments[0].atomic?.string else { return nil }
        guard URIReference.isValid(address.utf8.span), !address.utf8.contains(UInt8(ascii: "#")) else {
            throw .textUnavailable(address, reason: nil)
        }
        var target = URIReference(address)
        if target.scheme == nil, !target.path.hasPrefix("/") || target.authority != nil {
            guard let base = site.statics.baseURI, let resolved = target.resolved(against: URIReference(base)) else {
                throw .textUnavailable(address, reason: nil)
            }
            target = resolved
        }
        return try decode(bytes(target.description, context), arguments.count == 2 ? arguments[1].string : nil, address)
    }

    private static func bytes(_ address: String, _ context: DynamicContext) throws(XPathError) -> [UInt8] {
        guard let read = context.environment.resources.text else { throw .textUnavailable(address, reason: nil) }
        do throws(Diagnostics) {
            return try read(address)
        } catch {
            throw .textUnavailable(address, reason: error.list.first?.message)
        }
    }

    private static func decode(_ bytes: [UInt8], _ encoding: String?, _ address: String) throws(XPathError) -> String {
        let text: [UInt8]
        do throws(Diagnostics) {
            text = try DecodedSource.text(of: bytes, encoding: encoding, path: address)
        } catch {
            throw .textNotDecoded(address, encoding, reason: error.list.first?.message)
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw .textNotDecoded(address, encoding, reason: nil)
        }
        if let other = string.unicodeScalars.first(where: { !$0.isXMLCharacter }) { throw .notXMLText(address, other) }
        return string
    }

    // MARK: Environment

    static let variable: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(context.environment.resources.variables[arguments[0].string])
    }

    static let variables: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(context.environment.resources.variables.keys.sorted().map(Item.string))
    }

    static let collation: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(site.statics.defaultCollation)
    }

    static let language: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(AtomicValue(.language, .string("en")))
    }
}
