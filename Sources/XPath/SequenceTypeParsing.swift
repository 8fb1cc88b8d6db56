internal import XML

extension Parser {
    mutating func parseSequenceType() throws(XPathError) -> SequenceType {
        if isKeyword("empty-sequence"), isSymbol("(", ahead: 1) {
            index += 2
            try expectSymbol(")")
            return .empty
        }
        let item = try parseItemType()
        let occurrence: SequenceType.Occurrence =
            skipSymbol("?") ? .optional : skipSymbol("*") ? .any : skipSymbol("+") ? .some : .one
        return SequenceType(item: item, occurrence: occurrence)
    }

    private mutating func parseItemType() throws(XPathError) -> SequenceType.ItemType {
        let start = token.start
        try descend()
        defer { depth -= 1 }
        if isModern, isSymbol("(") {
            index += 1
            let type = try parseItemType()
            try expectSymbol(")")
            return type
        }
        guard token.kind == .name else { throw unexpected("a type") }
        if token.prefix == nil, token.namespace == nil, isSymbol("(", ahead: 1) {
            switch token.text {
            case "item":
                index += 2
                try expectSymbol(")")
                return .item
            case "function" where isModern: return try parseFunctionType()
            case "array" where isModern:
                index += 2
                let member = skipSymbol("*") ? .anything : try parseSequenceType()
                try expectSymbol(")")
                return .array(member)
            case _ where isKindTest:
                switch try parseKindTest() {
                case .any: return .node
                case .type(let type): return type
                case .name: break
                }
            default: break
            }
            throw unexpected("a type")
        }
        let name = try parseQName(defaultNamespace: context.defaultElementNamespace)
        if let type = Parser.atomicType(name) { return .atomic(type) }
        if isModern, name.namespace == Namespace.xmlSchema {
            if name.localName == "numeric" { return .numeric }
            if name.localName == "error" { return .error }
        }
        throw XPathError.unknownType(name, code: "XPST0051").at(start)
    }

    private mutating func parseFunctionType() throws(XPathError) -> SequenceType.ItemType {
        index += 2
        if skipSymbol("*") {
            try expectSymbol(")")
            return .anyFunction
        }
        var parameters: [SequenceType] = []
        if !isSymbol(")") {
            repeat { parameters.append(try parseSequenceType()) } while skipSymbol(",")
        }
        try expectSymbol(")")
        try expectKeyword("as")
        return .function(parameters, try parseSequenceType())
    }

    mutating func parseKindTest() throws(XPathError) -> NodeTest {
        let word = token.text
        let start = token.start
        index += 2
        let test: NodeTest
        switch word {
        case "node": test = .any
        case "text": test = .type(.kind(.text, nil))
        case "comment": test = .type(.kind(.comment, nil))
        case "namespace-node":
            test = .type(.kind(.namespace, nil))
        case "processing-instruction": test = .type(try parseInstructionTest())
        case "element": test = .type(try parseElementTest(.element))
        case "attribute": test = .type(try parseElementTest(.attribute))
        case "document-node": test = .type(try parseDocumentTest())
        default:
            let name = try parseQName(
                defaultNamespace: word == "schema-element" ? context.defaultElementNamespace : nil)
            throw XPathError.undeclaredName(name).at(start)
        }
        try expectSymbol(")")
        return test
    }

    private mutating func parseInstructionTest() throws(XPathError) -> SequenceType.ItemType {
        if isSymbol(")") { return .kind(.processingInstruction, nil) }
        guard token.kind == .string || token.kind == .name && token.prefix == nil else { throw unexpected("a name") }
        let name = token.text.tokens.joined(separator: " ")
        if token.kind == .string, !NCName.isValid(name) { throw XPathError.instructionName(name).at(token.start) }
        index += 1
        return .processingInstruction(name)
    }

    /// The name and type of `element(…)` or `attribute(…)`.
    private mutating func parseElementTest(_ kind: TreeNode.Kind) throws(XPathError) -> SequenceType.ItemType {
        if isSymbol(")") { return .kind(kind, nil) }
        var name: NameTest?
        if !skipSymbol("*") {
            let qname = try parseQName(defaultNamespace: kind == .element ? context.defaultElementNamespace : nil)
            name = NameTest(localName: qname.localName, namespace: qname.namespace)
        }
        guard skipSymbol(",") else { return .kind(kind, name) }
        let start = token.start
        let type = try parseQName(defaultNamespace: context.defaultElementNamespace)
        if kind == .element { _ = skipSymbol("?") }
        guard type.namespace == Namespace.xmlSchema else {
            throw XPathError.unknownType(type, code: "XPST0008").at(start)
        }
        switch (type.localName, kind) {
        case ("anyType", _), ("untyped", .element): return .kind(kind, name)
        case ("anySimpleType", .attribute), ("anyAtomicType", .attribute), ("untypedAtomic", .attribute):
            return .kind(kind, name)
        case ("anySimpleType", _), ("untyped", _): return .annotated(kind, name, nil)
        default:
            guard let atomic = AtomicType(rawValue: type.localName) else {
                throw XPathError.unknownType(type, code: "XPST0008").at(start)
            }
            return .annotated(kind, name, atomic)
        }
    }

    private mutating func parseDocumentTest() throws(XPathError) -> SequenceType.ItemType {
        if isSymbol(")") { return .kind(.document, nil) }
        guard isKeyword("element") || isKeyword("schema-element"), isSymbol("(", ahead: 1) else {
            throw unexpected("‘element(’ or ‘)’")
        }
        guard case .type(let element) = try parseKindTest() else { return .kind(.document, nil) }
        switch element {
        case .kind(_, let name): return .document(element: name ?? .any)
        default: return .error
        }
    }
}
