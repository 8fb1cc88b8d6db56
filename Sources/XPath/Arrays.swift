/// An array: a sequence for each position, from 1 (XPath 3.1 data model, 2.7.1).
///
///     let rows = try document.select("array { //row ! [cell, @n] }")
///     if case .array(let array)? = rows.first { print(array.members.count) }
public struct ArrayItem: Sendable {
    /// The members in order: `members[0]` is at position 1.
    public let members: [ItemSequence]
    /// About how many bytes it takes, with all that lies in it.
    let byteCount: Int
    /// How many arrays and functions lie in one another, itself among them.
    fileprivate let depth: Int

    /// - Throws: FOER0000 where it lies too deep in itself, or no steps are left.
    init(_ members: [ItemSequence], _ allowance: inout Allowance) throws(XPathError) {
        self.members = members
        // 64 bytes stand for the reference and the head of the list.
        byteCount = members.reduce(64) { $0 + MemoryLayout<ItemSequence>.stride + $1.byteCount }
        depth = try Item.depth(holding: members)
        try allowance.take(members.count >> 4)
    }

    /// - Throws: FOAY0001 where the array has no such position.
    func index(of position: Int128, through last: Int? = nil) throws(XPathError) -> Int {
        guard position >= 1, position <= last ?? members.count else { throw .noSuchPosition(position, members.count) }
        return Int(position) - 1
    }

    /// - Throws: FOAY0001 where the array has no such position.
    func member(at position: Int128) throws(XPathError) -> ItemSequence { members[try index(of: position)] }

    /// - Throws: XPTY0004 where it holds no item or several.
    @inline(never)
    func onlyValue() throws(XPathError) -> AtomicValue {
        let values = try ItemSequence(self).flattened()
        if values.count != 1 { throw .severalValues(values.count) }
        return try values[0].atomized()
    }

    /// The function that it is: from positions to members.
    var function: FunctionItem {
        let array = self
        var function = FunctionItem(name: nil, arity: 1, parameters: [.integer], result: .anything) {
            _, arguments throws(XPathError) in
            try array.member(at: arguments[0].integer ?? 0)
        }
        function.depth = depth
        return function
    }
}

extension ItemSequence {
    /// Whether there may be one, without looking at each item.
    var mayHoldArrays: Bool {
        switch storage {
        case .one(.array), .many: true
        case .empty, .one, .nodes, .elementRange, .range: false
        }
    }

    /// With the items of their members in place of arrays.
    ///
    /// - Throws: FOER0000 where they are too many.
    func flattened() throws(XPathError) -> ItemSequence {
        guard mayHoldArrays, contains(where: { $0.array != nil }) else { return self }
        var items: [Item] = []
        try flatten(into: &items)
        return ItemSequence(items)
    }

    private func flatten(into items: inout [Item]) throws(XPathError) {
        for item in try limited() {
            guard let array = item.array else {
                items.append(item)
                continue
            }
            for member in array.members { try member.flatten(into: &items) }
        }
        if items.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
    }

    /// How many arrays and functions lie in one another in it.
    fileprivate var depth: Int {
        switch storage {
        case .empty, .nodes, .elementRange, .range: 0
        case .one(let item): item.depth
        case .many(let items): items.reduce(0) { Swift.max($0, $1.depth) }
        }
    }

    init(_ array: ArrayItem) { self.init(.array(array)) }
}

extension Item {
    /// The array, if the item is one; otherwise `nil`.
    public var array: ArrayItem? {
        if case .array(let array) = self { return array }
        return nil
    }

    /// How many arrays and functions may lie in one another: each takes of the stack when it is dropped.
    static let depthLimit = 256

    /// - Throws: FOER0000 where arrays and functions lie too deep in one another.
    static func depth(holding values: some Sequence<ItemSequence>) throws(XPathError) -> Int {
        let depth = 1 + values.reduce(0) { max($0, $1.depth) }
        if depth > depthLimit { throw .itemsTooDeep(depthLimit) }
        return depth
    }

    fileprivate var depth: Int {
        switch self {
        case .function(let function): function.depth
        case .array(let array): array.depth
        case .node, .atomic: 0
        }
    }

    /// The function that it is, which an array is as well.
    var function: FunctionItem? {
        switch self {
        case .function(let function): function
        case .array(let array): array.function
        case .node, .atomic: nil
        }
    }
}

// MARK: - Operations

/// `[a, b]`, whose members are the values of the parts, and `array { a }`, whose members are the items of one part.
final class ArrayOperation: Operation {
    let parts: [any Operation]
    let isCurly: Bool
    let traits: Traits

    init(_ parts: [any Operation], isCurly: Bool) {
        self.parts = parts
        self.isCurly = isCurly
        traits = parts.dependencies.union(.isSingle)
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let bytes = context.allowance.bytes
        var members: [ItemSequence] = []
        for part in parts {
            let value = try part.evaluate(&context)
            if isCurly { members = try value.limited().map { ItemSequence($0) } } else { members.append(value) }
        }
        let array = ItemSequence(try ArrayItem(members, &context.allowance))
        try context.allowance.keep(array, since: bytes)
        return array
    }
}

/// `E?key`, `E?(keys)` and `E?*`.
final class LookupOperation: Operation {
    let base: any Operation
    /// `nil` is all keys.
    let keys: (any Operation)?
    let offset: Int
    let traits: Traits

    init(_ base: any Operation, _ keys: (any Operation)?, _ offset: Int) {
        self.base = base
        self.keys = keys
        self.offset = offset
        traits = ([base] + (keys.map { [$0] } ?? [])).dependencies
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            let bytes = context.allowance.bytes
            var result = ItemSequence.empty
            for item in try base.evaluate(&context) {
                guard let array = item.array else { throw .lookupInNoArray(item) }
                try context.allowance.take(1)
                for member in try members(array, &context) { try result.add(member) }
            }
            try context.allowance.keep(result, since: bytes)
            return result
        } catch {
            throw error.at(offset)
        }
    }

    private func members(_ array: ArrayItem, _ context: inout DynamicContext) throws(XPathError) -> [ItemSequence] {
        guard let keys else { return array.members }
        return try keys.evaluate(&context).atomized(&context.allowance).limited().map { key throws(XPathError) in
            try array.member(at: SequenceType.integer.convert(ItemSequence(key), &context).integer ?? 0)
        }
    }
}

extension XPathError {
    static func itemsTooDeep(_ limit: Int) -> XPathError {
        XPathError(
            "FOER0000", "arrays and functions hold one another more than \(limit) deep",
            help: "flatten the arrays, or call the functions earlier",
            isLimit: true
        )
    }

    static func noSuchPosition(_ position: Int128, _ count: Int) -> XPathError {
        XPathError(
            "FOAY0001", "an array of \(members(count)) has no position \(position)",
            help: "positions go from 1 to array:size(…)")
    }

    private static func members(_ count: Int) -> String { count == 1 ? "1 member" : "\(count) members" }

    static func negativeLength(_ length: Int128) -> XPathError {
        XPathError("FOAY0002", "\(length) is no length of a part of an array")
    }

    static func lookupInNoArray(_ item: Item) -> XPathError {
        XPathError("XPTY0004", "\(SequenceType.describe(ItemSequence(item))) is before ‘?’, where an array is expected")
    }

    static func wrongArguments(_ function: FunctionItem, count: Int) -> XPathError {
        XPathError("FOAP0001", "a function of \(function.arity) arguments is applied to an array of \(members(count))")
    }
}
