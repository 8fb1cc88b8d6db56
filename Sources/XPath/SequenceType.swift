internal import XML

/// A sequence type: the items that a sequence may have, and their number (XPath 2.0, 2.5.3; 3.1, 2.5.5).
public struct SequenceType: Sendable, Hashable {
    enum Occurrence: Sendable {
        case one, optional, any, some
    }

    indirect enum ItemType: Sendable, Hashable {
        case item
        case atomic(AtomicType)
        /// The union of float, double and decimal.
        case numeric
        /// No value at all is of this type.
        case error
        case node
        case kind(TreeNode.Kind, NameTest?)
        /// `document-node(element(…))`.
        case document(element: NameTest?)
        case processingInstruction(String)
        case anyFunction
        case function([SequenceType], SequenceType)
        /// With the type of its members; any array is `array(item()*)`.
        case array(SequenceType)
        /// A kind of item that no value here has: elements and attributes that a schema declares, and other
        /// annotations.
        case annotated(TreeNode.Kind, NameTest?, AtomicType?)
    }

    /// `nil` for `empty-sequence()`.
    let item: ItemType?
    let occurrence: Occurrence

    static let empty = SequenceType(item: nil, occurrence: .any)
    static let anything = SequenceType(item: .item, occurrence: .any)
    static let integer = SequenceType(item: .atomic(.integer), occurrence: .one)

    var isAtomic: Bool {
        switch item {
        case .atomic, .numeric: true
        default: false
        }
    }

    func allows(count: Int) -> Bool {
        guard item != nil else { return count == 0 }
        return switch occurrence {
        case .one: count == 1
        case .optional: count <= 1
        case .any: true
        case .some: count >= 1
        }
    }
}

/// Which names a step or a kind test takes.
struct NameTest: Sendable, Hashable {
    /// `nil` for `*`.
    var localName: String?
    var namespace: String?
    var hasAnyNamespace = false

    static let any = NameTest(localName: nil, namespace: nil, hasAnyNamespace: true)

    func allows(_ name: QName?) -> Bool {
        guard let name else { return false }
        return (localName == nil || localName == name.localName) && (hasAnyNamespace || namespace == name.namespace)
    }
}

// MARK: - Matching

extension SequenceType {
    func matches(_ sequence: ItemSequence) -> Bool {
        guard allows(count: sequence.count) else { return false }
        guard let item else { return true }
        switch (item, sequence.storage) {
        case (.item, _), (.node, .nodes), (.node, .elementRange): return true
        case (_, .range): return item.matches(sequence[0])
        default: return sequence.allSatisfy { item.matches($0) }
        }
    }
}

extension SequenceType.ItemType {
    func matches(_ item: Item) -> Bool {
        switch (self, item) {
        case (.item, _): true
        case (.atomic(let type), .atomic(let value)): value.type.isDerived(from: type)
        case (.numeric, .atomic(let value)): value.type.isNumeric
        case (.node, .node): true
        case (.kind(let kind, let name), .node(let node)): node.kind == kind && (name == nil || name!.allows(node.name))
        case (.document(let name), .node(let node)): node.kind == .document && matches(node, element: name)
        case (.processingInstruction(let name), .node(let node)):
            node.kind == .processingInstruction && node.name?.localName == name
        case (.annotated(let kind, let name, let type), .node(let node)):
            node.kind == kind && (name == nil || name!.allows(node.name)) && isAnnotated(kind, type)
        case (.anyFunction, .function), (.anyFunction, .array): true
        case (.array(let type), .array(let array)): type == .anything || array.members.allSatisfy { type.matches($0) }
        case (.function(let parameters, let result), .array(let array)):
            parameters.count == 1 && parameters[0].isSubtype(of: .integer)
                && array.members.allSatisfy { result.matches($0) }
        case (.function(let parameters, let result), .function(let function)):
            function.parameters.count == parameters.count && function.result.isSubtype(of: result)
                && zip(parameters, function.parameters).allSatisfy { $0.isSubtype(of: $1) }
        default: false
        }
    }

    /// Every attribute is untyped here, and untyped is derived from `xs:anyAtomicType`.
    private func isAnnotated(_ kind: TreeNode.Kind, _ type: AtomicType?) -> Bool {
        kind == .attribute && (type == .untypedAtomic || type == .anyAtomicType)
    }

    /// Whether the only element of a document has the name.
    private func matches(_ document: TreeNode, element name: NameTest?) -> Bool {
        let content = document.node.children.filter { $0.kind == .element || $0.kind == .text }
        return content.count == 1 && content[0].kind == .element && (name == nil || name!.allows(content[0].name))
    }
}

// MARK: - Subtypes

extension SequenceType {
    /// Whether every value of this type is of another (XPath 3.1, 2.5.6.1).
    func isSubtype(of other: SequenceType) -> Bool {
        guard let item else { return other.allows(count: 0) }
        guard let otherItem = other.item, item.isSubtype(of: otherItem) else { return false }
        return (!allows(count: 0) || other.allows(count: 0)) && (!allows(count: 2) || other.allows(count: 2))
    }
}

extension SequenceType.ItemType {
    func isSubtype(of other: SequenceType.ItemType) -> Bool {
        if self == other { return true }
        return switch (self, other) {
        case (_, .item), (.error, _): true
        case (.atomic(let type), .atomic(let base)): type.isDerived(from: base)
        case (.numeric, .atomic(.anyAtomicType)): true
        case (.atomic(let type), .numeric): type.isNumeric
        case (.kind, .node), (.document, .node), (.processingInstruction, .node), (.annotated, .node): true
        case (.kind(let kind, let name), .kind(let base, let other)): kind == base && NameTest.isSubset(name, other)
        case (.annotated(let kind, let name, _), .kind(let base, let other)):
            kind == base && NameTest.isSubset(name, other)
        case (.document, .kind(.document, nil)), (.processingInstruction, .kind(.processingInstruction, nil)): true
        case (.document(let name), .document(let other)): NameTest.isSubset(name, other)
        case (.function, .anyFunction), (.array, .anyFunction): true
        case (.array(let type), .array(let other)): type.isSubtype(of: other)
        case (.array(let type), .function(let parameters, let result)):
            parameters.count == 1 && parameters[0].isSubtype(of: .integer) && type.isSubtype(of: result)
        case (.function(let parameters, let result), .function(let others, let otherResult)):
            parameters.count == others.count && result.isSubtype(of: otherResult)
                && zip(parameters, others).allSatisfy { $1.isSubtype(of: $0) }
        default: false
        }
    }
}

extension NameTest {
    fileprivate static func isSubset(_ name: NameTest?, _ other: NameTest?) -> Bool {
        guard let other, other != .any else { return true }
        guard let name else { return false }
        return (other.localName == nil || other.localName == name.localName)
            && (other.hasAnyNamespace || !name.hasAnyNamespace && other.namespace == name.namespace)
    }
}

// MARK: - Conversion

extension SequenceType {
    /// The function conversion rules (XPath 2.0, 3.1.5; 3.1, 3.1.5.2).
    ///
    /// - Throws: XPTY0004 where the value cannot become one of this type.
    func convert(_ value: ItemSequence, _ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        guard let item else {
            if value.isEmpty { return value }
            throw .wrongType(value, expected: self)
        }
        if case .range = value.storage, matches(value) { return value }
        var converted = value
        switch item {
        case .atomic(let type): converted = try SequenceType.atomic(value, type, self, &context.allowance)
        case .numeric: converted = try SequenceType.atomic(value, nil, self, &context.allowance)
        case .function(let parameters, let result):
            converted = try ItemSequence(
                value.map { item throws(XPathError) in
                    try SequenceType.coerce(item, parameters, result, self)
                })
        default: break
        }
        guard matches(converted) else { throw .wrongType(value, expected: self) }
        return converted
    }

    /// - Parameter type: `nil` for `xs:numeric`.
    private static func atomic(
        _ value: ItemSequence, _ type: AtomicType?, _ expected: SequenceType, _ allowance: inout Allowance
    ) throws(XPathError) -> ItemSequence {
        if value.count == 1, case .atomic(let only) = value[0], type == only.type { return value }
        var items: [Item] = []
        for item in value.mayHoldArrays ? try value.flattened() : try value.limited() {
            let atomic = try item.atomized()
            if case .node = item { try allowance.hold(atomic.textLength) }
            items.append(.atomic(try promote(atomic, type)))
        }
        return ItemSequence(items)
    }

    /// Casts untyped values, and promotes numbers and addresses.
    private static func promote(_ value: AtomicValue, _ type: AtomicType?) throws(XPathError) -> AtomicValue {
        let target = type ?? .double
        if value.type == .untypedAtomic, target != .anyAtomicType, target != .untypedAtomic {
            if target == .QName || target == .NOTATION { throw .untypedName(target) }
            return try value.cast(to: target)
        }
        switch (type, value.type.primitive) {
        case (.double, .decimal), (.double, .integer), (.double, .float): return try value.cast(to: .double)
        case (.float, .decimal), (.float, .integer): return try value.cast(to: .float)
        case (.string, .anyURI): return .string(value.string)
        default: return value
        }
    }

    /// Function coercion (XPath 3.1, 3.1.5.3).
    private static func coerce(
        _ item: Item, _ parameters: [SequenceType], _ result: SequenceType, _ expected: SequenceType
    ) throws(XPathError) -> Item {
        guard let function = item.function, function.arity == parameters.count else {
            throw .wrongType(ItemSequence(item), expected: expected)
        }
        let depth = try Item.depth(holding: [ItemSequence(item)])
        return .function(
            FunctionItem(
                name: function.name, arity: function.arity, parameters: parameters, result: result, depth: depth
            ) {
                context, arguments throws(XPathError) in try function.call(&context, arguments)
            })
    }
}

extension XPathError {
    static func wrongType(_ value: ItemSequence, expected: SequenceType) -> XPathError {
        XPathError("XPTY0004", "\(SequenceType.describe(value)) where \(expected) is expected")
    }

    static func untypedName(_ type: AtomicType) -> XPathError {
        XPathError("XPTY0117", "an untyped value where \(type) is expected", help: "say it with QName(…) or a cast")
    }
}

// MARK: - Words

extension SequenceType: CustomStringConvertible {
    /// The type as XPath writes it, such as `xs:string?`.
    public var description: String {
        guard let item else { return "empty-sequence()" }
        let sign =
            switch occurrence {
            case .one: ""
            case .optional: "?"
            case .any: "*"
            case .some: "+"
            }
        return item.description + sign
    }

    /// The description of a value in a message.
    static func describe(_ value: ItemSequence) -> String {
        switch value.count {
        case 0: "an empty sequence"
        case 1:
            switch value[0] {
            case .atomic(let value): "a value of type \(value.type)"
            case .node(let node): "\(node.kind == .element || node.kind == .attribute ? "an" : "a") \(node.kind) node"
            case .function: "a function"
            case .array: "an array"
            }
        default: "a sequence of \(value.count) items"
        }
    }
}

extension SequenceType.ItemType: CustomStringConvertible {
    var description: String {
        switch self {
        case .item: "item()"
        case .atomic(let type): type.description
        case .numeric: "xs:numeric"
        case .error: "xs:error"
        case .node: "node()"
        case .kind(let kind, let name): "\(SequenceType.ItemType.word(kind))(\(name?.description ?? ""))"
        case .document(let name): "document-node(element(\(name?.description ?? "")))"
        case .processingInstruction(let name): "processing-instruction(\(name))"
        case .anyFunction: "function(*)"
        case .function(let parameters, let result):
            "function(\(parameters.map(\.description).joined(separator: ", "))) as \(result)"
        case .array(.anything): "array(*)"
        case .array(let member): "array(\(member))"
        case .annotated(let kind, let name, let type):
            "\(SequenceType.ItemType.word(kind))(\(name?.description ?? "*"), \(type?.description ?? "…"))"
        }
    }

    private static func word(_ kind: TreeNode.Kind) -> String {
        switch kind {
        case .document: "document-node"
        case .element: "element"
        case .attribute: "attribute"
        case .text: "text"
        case .comment: "comment"
        case .processingInstruction: "processing-instruction"
        case .namespace: "namespace-node"
        }
    }
}

extension NameTest: CustomStringConvertible {
    var description: String {
        let local = localName ?? "*"
        if hasAnyNamespace { return localName == nil ? "*" : "*:\(local)" }
        return namespace.map { "Q{\($0)}\(local)" } ?? local
    }
}

extension SequenceType {
    /// - Throws: XPST0003 or another static error where the text is no sequence type.
    package init(parsing text: String, _ context: StaticContext) throws(XPathError) {
        self = try Parser.parseSequenceType(text, context)
    }
}
