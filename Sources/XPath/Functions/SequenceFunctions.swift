internal import XML

// Functions on sequences (XPath functions, sections 9 and 15 of 2.0; 7 and 14 of 3.1), and functions as values (16 of
// 3.1).

extension FunctionTable {
    mutating func addSequenceFunctions() {
        add("boolean", ["item()*"], "xs:boolean") { _, _, arguments throws(XPathError) in
            ItemSequence(try arguments[0].effectiveBooleanValue())
        }
        add("not", ["item()*"], "xs:boolean") { _, _, arguments throws(XPathError) in
            ItemSequence(try !arguments[0].effectiveBooleanValue())
        }
        add("true", [], "xs:boolean") { _, _, _ in .yes }
        add("false", [], "xs:boolean") { _, _, _ in .no }
        add("exists", ["item()*"], "xs:boolean") { _, _, arguments in ItemSequence(!arguments[0].isEmpty) }
        add("empty", ["item()*"], "xs:boolean") { _, _, arguments in ItemSequence(arguments[0].isEmpty) }
        add("position", [], "xs:integer", usesFocus: true) { context, _, _ throws(XPathError) in
            _ = try context.requiredItem()
            return ItemSequence(context.position)
        }
        add("last", [], "xs:integer", usesFocus: true) { context, _, _ throws(XPathError) in
            _ = try context.requiredItem()
            return ItemSequence(context.size)
        }
        add("count", ["item()*"], "xs:integer") { _, _, arguments in ItemSequence(arguments[0].count) }
        add(
            "index-of", 2...3, ["xs:anyAtomicType*", "xs:anyAtomicType", "xs:string"], "xs:integer*",
            SequenceFunctions.indexOf)
        add(
            "distinct-values", 1...2, ["xs:anyAtomicType*", "xs:string"], "xs:anyAtomicType*",
            SequenceFunctions.distinctValues)
        add("insert-before", ["item()*", "xs:integer", "item()*"], "item()*", SequenceFunctions.insertBefore)
        add("remove", ["item()*", "xs:integer"], "item()*", SequenceFunctions.remove)
        add("reverse", ["item()*"], "item()*") { _, _, arguments throws(XPathError) in
            ItemSequence(Array(try arguments[0].limited().reversed()))
        }
        add("subsequence", 2...3, ["item()*", "xs:double", "xs:double"], "item()*", SequenceFunctions.subsequence)
        add("unordered", ["item()*"], "item()*") { _, _, arguments in arguments[0] }
        add("zero-or-one", ["item()*"], "item()?", SequenceFunctions.zeroOrOne)
        add("one-or-more", ["item()*"], "item()+", SequenceFunctions.oneOrMore)
        add("exactly-one", ["item()*"], "item()", SequenceFunctions.exactlyOne)
        add("deep-equal", 2...3, ["item()*", "item()*", "xs:string"], "xs:boolean", SequenceFunctions.deepEqual)
        add("head", ["item()*"], "item()?", since: 30) { _, _, arguments in
            arguments[0].isEmpty ? .empty : arguments[0].slice(0..<1)
        }
        add("tail", ["item()*"], "item()*", since: 30) { _, _, arguments in
            arguments[0].isEmpty ? .empty : arguments[0].slice(1..<arguments[0].count)
        }
        add(
            "sort", 1...3, ["item()*", "xs:string?", "function(item()) as xs:anyAtomicType*"], "item()*", since: 31,
            SequenceFunctions.sort)
        add("error", 0...3, ["xs:QName?", "xs:string", "item()*"], "item()*", SequenceFunctions.error)
        add("trace", 2...2, ["item()*", "xs:string"], "item()*") { _, _, arguments in arguments[0] }
        add("trace", 1...1, ["item()*"], "item()*", since: 31) { _, _, arguments in arguments[0] }
        addHigherOrderFunctions()
    }

    private mutating func addHigherOrderFunctions() {
        add("for-each", ["item()*", "function(item()) as item()*"], "item()*", since: 30, SequenceFunctions.forEach)
        add("filter", ["item()*", "function(item()) as xs:boolean"], "item()*", since: 30, SequenceFunctions.filter)
        add(
            "fold-left", ["item()*", "item()*", "function(item()*, item()) as item()*"], "item()*", since: 30,
            SequenceFunctions.foldLeft
        )
        add(
            "fold-right", ["item()*", "item()*", "function(item(), item()*) as item()*"], "item()*", since: 30,
            SequenceFunctions.foldRight
        )
        add(
            "for-each-pair", ["item()*", "item()*", "function(item(), item()) as item()*"], "item()*", since: 30,
            SequenceFunctions.forEachPair
        )
        add("apply", ["function(*)", "array(*)"], "item()*", since: 31, SequenceFunctions.apply)
        add("function-lookup", ["xs:QName", "xs:integer"], "function(*)?", since: 30, SequenceFunctions.functionLookup)
        add("function-name", ["function(*)"], "xs:QName?", since: 30) { _, _, arguments in
            ItemSequence(arguments[0].function?.name.map(AtomicValue.qname))
        }
        add("function-arity", ["function(*)"], "xs:integer", since: 30) { _, _, arguments in
            ItemSequence(arguments[0].function?.arity ?? 0)
        }
    }
}

extension DynamicContext {
    /// The last of the values that each step makes of the one before it and an element.
    mutating func fold<Element>(
        _ elements: some Sequence<Element>, _ start: ItemSequence,
        _ step: (inout DynamicContext, ItemSequence, Element) throws(XPathError) -> ItemSequence
    ) throws(XPathError) -> ItemSequence {
        var result = start
        let bytes = allowance.bytes
        for element in elements {
            result = try step(&self, result, element)
            try allowance.keep(result, since: bytes)
        }
        return result
    }
}

enum SequenceFunctions {
    static let indexOf: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let collation = try StringCollation.resolve(arguments, at: 2, site)
        guard let wanted = arguments[1].atomic?.equalityKey(collation, context) else { return .empty }
        var result = ItemSequence.empty
        for (index, item) in try arguments[0].limited().enumerated() {
            guard let value = item.atomic, !value.isNaN, value.equalityKey(collation, context) == wanted else {
                continue
            }
            result.append(.integer(index + 1))
        }
        return result
    }

    static let distinctValues: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let collation = try StringCollation.resolve(arguments, at: 1, site)
        var seen = Set<EqualityKey>()
        return ItemSequence(
            try arguments[0].limited().filter { item in
                item.atomic.map { seen.insert($0.equalityKey(collation, context)).inserted } == true
            })
    }

    // MARK: Parts

    static let insertBefore: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let (target, inserted) = (arguments[0], arguments[2])
        let position = Int(min(max(arguments[1].integer ?? 1, 1), Int128(target.count) + 1))
        var result = target.slice(0..<(position - 1))
        try result.add(inserted)
        try result.add(target.slice((position - 1)..<target.count))
        return result
    }

    static let remove: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let target = arguments[0]
        guard let position = arguments[1].integer, position >= 1, position <= target.count else { return target }
        var result = target.slice(0..<(Int(position) - 1))
        try result.add(target.slice(Int(position)..<target.count))
        return result
    }

    static let subsequence: FunctionTable.Body = { context, site, arguments in
        let source = arguments[0]
        let start = (arguments[1].double ?? 1).roundedHalfUp
        let end = arguments.count > 2 ? start + (arguments[2].double ?? 0).roundedHalfUp : .infinity
        guard !start.isNaN, !end.isNaN else { return .empty }
        let first = max(start, 1)
        let last = min(end, Double(source.count) + 1)
        return first < last ? source.slice((Int(first) - 1)..<(Int(last) - 1)) : .empty
    }

    static let zeroOrOne: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if arguments[0].count > 1 { throw .wrongCount("FORG0003", arguments[0].count, expected: "at most one item") }
        return arguments[0]
    }

    static let oneOrMore: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if arguments[0].isEmpty { throw .wrongCount("FORG0004", 0, expected: "at least one item") }
        return arguments[0]
    }

    static let exactlyOne: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if arguments[0].count != 1 { throw .wrongCount("FORG0005", arguments[0].count, expected: "one item") }
        return arguments[0]
    }

    // MARK: Comparison

    static let deepEqual: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(
            try areEqual(arguments[0], arguments[1], try StringCollation.resolve(arguments, at: 2, site), &context))
    }

    private static func areEqual(
        _ a: ItemSequence, _ b: ItemSequence, _ collation: StringCollation, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        guard a.count == b.count else { return false }
        for (first, second) in zip(try a.limited(), b) {
            try context.allowance.take(1)
            switch (first, second) {
            case (.atomic(let a), .atomic(let b)):
                if a.equalityKey(collation, context) != b.equalityKey(collation, context) { return false }
            case (.node(let a), .node(let b)):
                try context.allowance.take(a.extent >> 2)
                if !DeepEquality(collation).areEqual(a, b) { return false }
            case (.array(let a), .array(let b)):
                guard a.members.count == b.members.count else { return false }
                for (x, y) in zip(a.members, b.members) where try !areEqual(x, y, collation, &context) { return false }
            case (.function, _), (_, .function): throw .functionsNotComparable()
            default: return false
            }
        }
        return true
    }

    static let sort: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let sorted = try sorted(arguments[0].limited().map { ItemSequence($0) }, &context, site, arguments)
        return ItemSequence(sorted.map { $0[0] })
    }

    /// The parts of what is sorted, in the order that the other arguments ask for.
    static func sorted(
        _ parts: [ItemSequence], _ context: inout DynamicContext, _ site: CallSite, _ arguments: [ItemSequence]
    ) throws(XPathError) -> [ItemSequence] {
        let collation =
            arguments.count > 1 && !arguments[1].isEmpty
            ? try StringCollation.resolve(arguments, at: 1, site) : try StringCollation.resolve([], at: 0, site)
        var keyed: [(part: ItemSequence, key: ItemSequence)] = []
        for part in parts {
            let key = arguments.count > 2 ? try arguments[2].function?.call(&context, [part]) : nil
            keyed.append((part, try (key ?? part).atomized(&context.allowance)))
        }
        let timezone = context.environment.implicitTimezone
        // A comparator that throws ends sorting; the standard library keeps the order of equal items.
        var failure: XPathError?
        keyed.sort { a, b in
            if failure != nil { return false }
            do throws(XPathError) {
                return try order(a.key, b.key, collation, timezone) < 0
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return keyed.map(\.part)
    }

    /// Less than 0 if `a` comes first (XPath functions 3.1, 16.2.6).
    private static func order(
        _ a: ItemSequence, _ b: ItemSequence, _ collation: StringCollation, _ timezone: Int
    ) throws(XPathError) -> Int {
        for (first, second) in zip(a, b) {
            guard let x = first.atomic, let y = second.atomic else { continue }
            let order = try SequenceFunctions.order(x, y, collation, timezone)
            if order != 0 { return order }
        }
        return a.count - b.count
    }

    /// NaN comes before all numbers.
    private static func order(
        _ a: AtomicValue, _ b: AtomicValue, _ collation: StringCollation, _ timezone: Int
    ) throws(XPathError) -> Int {
        if let order = try a.order(with: b, collation: collation, implicitTimezone: timezone) { return order }
        return a.isNaN == b.isNaN ? 0 : a.isNaN ? -1 : 1
    }

    // MARK: Errors

    static let error: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let name = arguments.first?.qname
        // In XPath 2.0 an error without a name has at least a description.
        if site.statics.version < .xpath31, arguments.count == 1, name == nil {
            throw .wrongType(.empty, expected: SequenceType(item: .atomic(.QName), occurrence: .one))
        }
        let message = arguments.count > 1 ? arguments[1].string : "fn:error was called"
        throw XPathError(
            name?.localName ?? "FOER0000", message,
            namespace: name == nil ? XPathError.standardNamespace : name?.namespace ?? ""
        )
    }

    // MARK: Functions as values

    static let forEach: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[1].function else { return .empty }
        var result = ItemSequence.empty
        for item in arguments[0] { try result.add(function.call(&context, [ItemSequence(item)])) }
        return result
    }

    static let filter: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[1].function else { return .empty }
        var result = ItemSequence.empty
        for item in arguments[0] where try function.call(&context, [ItemSequence(item)]).boolean { result.append(item) }
        return result
    }

    static let foldLeft: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[2].function else { return .empty }
        return try context.fold(arguments[0], arguments[1]) { context, result, item throws(XPathError) in
            try function.call(&context, [result, ItemSequence(item)])
        }
    }

    static let foldRight: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[2].function else { return .empty }
        return try context.fold(arguments[0].reversed() as ReversedCollection, arguments[1]) {
            context, result, item throws(XPathError) in
            try function.call(&context, [ItemSequence(item), result])
        }
    }

    static let forEachPair: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[2].function else { return .empty }
        var result = ItemSequence.empty
        for (first, second) in zip(arguments[0], arguments[1]) {
            try result.add(function.call(&context, [ItemSequence(first), ItemSequence(second)]))
        }
        return result
    }

    static let apply: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[0].function, let members = arguments[1].first?.array?.members else {
            return .empty
        }
        guard function.arity == members.count else { throw .wrongArguments(function, count: members.count) }
        return try function.call(&context, members)
    }

    static let functionLookup: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let name = arguments[0].qname, let arity = arguments[1].integer, arity >= 0, arity < 1000 else {
            return .empty
        }
        let key = QName(localName: name.localName, namespace: name.namespace)
        return try Compiler.reference(key, arity: Int(arity), site.statics, site.offset)?.evaluate(&context) ?? .empty
    }
}

/// fn:deep-equal of nodes (XPath functions 2.0, 15.3.1).
struct DeepEquality {
    private let collation: StringCollation

    init(_ collation: StringCollation) {
        self.collation = collation
    }

    func areEqual(_ a: TreeNode, _ b: TreeNode) -> Bool {
        guard a.kind == b.kind else { return false }
        switch a.kind {
        case .document, .element: return areEqual(a.node, b.node)
        case .attribute, .processingInstruction, .namespace:
            return haveSameName(a.name, b.name) && haveSameText(a.stringValue, b.stringValue)
        case .text, .comment: return haveSameText(a.stringValue, b.stringValue)
        }
    }

    /// Both trees in step; nothing is recursive.
    private func areEqual(_ a: Node, _ b: Node) -> Bool {
        var (first, second) = (Walk(a), Walk(b))
        while true {
            switch (first.next(), second.next()) {
            case (nil, nil): return true
            case (.end?, .end?): continue
            case (.text(let x)?, .text(let y)?): if !haveSameText(x, y) { return false }
            case (.node(let x)?, .node(let y)?): if !areAlike(x, y) { return false }
            default: return false
            }
        }
    }

    private func areAlike(_ a: Node, _ b: Node) -> Bool {
        guard a.kind == b.kind, haveSameName(a.name, b.name) else { return false }
        guard a.kind == .element else { return true }
        let others = Array(b.attributes)
        let attributes = Array(a.attributes)
        return attributes.count == others.count
            && attributes.allSatisfy { attribute in
                others.contains { haveSameName($0.name, attribute.name) && haveSameText($0.value, attribute.value) }
            }
    }

    private func haveSameName(_ a: QName?, _ b: QName?) -> Bool {
        a?.localName == b?.localName && a?.namespace == b?.namespace
    }

    private func haveSameText(_ a: String, _ b: String) -> Bool { collation.equals(a, b) }

    /// The events of a tree without comments and instructions, adjacent texts being one.
    private struct Walk {
        enum Event {
            case node(Node), text(String), end
        }

        private var index: Int
        private let last: Int
        private let document: Document
        private var open: [Int] = []

        init(_ root: Node) {
            document = root.document
            index = root.index
            last = Int(root.record.subtreeEnd)
        }

        mutating func next() -> Event? {
            var text: String?
            while true {
                if let end = open.last, index >= end {
                    if let text { return .text(text) }
                    open.removeLast()
                    return .end
                }
                guard index < last else { return text.map(Event.text) }
                let node = Node(document: document, index: index)
                switch node.kind {
                case .text:
                    text = (text ?? "") + node.stringValue
                    index += 1
                case .comment, .processingInstruction: index += 1
                case .element, .document:
                    if let text { return .text(text) }
                    open.append(Int(node.record.subtreeEnd))
                    index += 1
                    return .node(node)
                }
            }
        }
    }
}

extension AtomicValue {
    fileprivate func equalityKey(_ collation: StringCollation, _ context: DynamicContext) -> EqualityKey {
        EqualityKey(self, collation: collation, implicitTimezone: context.environment.implicitTimezone)
    }

    fileprivate var isNaN: Bool {
        switch content {
        case .double(let value): value.isNaN
        case .float(let value): value.isNaN
        default: false
        }
    }
}

extension Double {
    /// As fn:round does it: halves go up.
    var roundedHalfUp: Double { isFinite ? (self + 0.5).rounded(.down) : self }
}

extension XPathError {
    static func wrongCount(_ code: String, _ count: Int, expected: String) -> XPathError {
        XPathError(code, "there are \(count) items where \(expected) is expected")
    }

    static func functionsNotComparable() -> XPathError {
        XPathError("FOTY0015", "functions cannot be compared")
    }
}
