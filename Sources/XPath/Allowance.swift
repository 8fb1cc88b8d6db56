internal import XML

/// The steps, which stand for time, and the bytes that one evaluation may use.
///
/// A step is an item that a loop goes over, a call, sixteen nodes that an axis passes, or 64 bytes that a function
/// reads. All limits grow with the document, so that no expression reaches one that goes over the document some times.
///
///     try context.allowance.take(1)
struct Allowance: Sendable {
    static let steps = 100_000_000
    static let stepsOfNode = 100
    static let stringLength = 64 << 20
    static let bytes = 1 << 30
    /// How many times the size of the document may be held besides.
    static let copies = 4

    /// How many steps there were, and how many are left.
    private let granted: Int
    private var steps: Int
    /// How many bytes more may be held.
    private(set) var bytes: Int
    /// How long a string may be.
    let stringLength: Int

    /// - Parameters:
    ///   - document: that of the context item.
    ///   - held: how many bytes the variables of the caller hold.
    ///   - steps: how many there are besides those of the document, and so of the others.
    init(
        _ document: Document? = nil, held: Int = 0, steps: Int = Allowance.steps,
        stringLength: Int = Allowance.stringLength,
        bytes: Int = Allowance.bytes
    ) {
        let size = document?.source.count ?? 0
        granted = steps + Allowance.stepsOfNode * (document?.nodes.count ?? 0)
        self.steps = granted
        self.stringLength = stringLength + size
        self.bytes = bytes + Allowance.copies * size - held
    }

    /// Which part of the steps has been taken.
    var shareOfSteps: Double { Double(granted - steps) / Double(granted) }

    /// - Throws: FOER0000 where no steps are left.
    @inline(__always)
    mutating func take(_ count: Int) throws(XPathError) {
        steps -= count
        if steps < 0 { throw .tooManySteps() }
    }

    /// Counts a value that was made. Everything else that is held since `bytes` were left is free again.
    ///
    /// - Throws: FOER0000 where it is a string that is too long, or no bytes or steps are left.
    mutating func keep(_ value: ItemSequence, since bytes: Int) throws(XPathError) {
        let count = value.byteCount
        if count > stringLength, case .one(let item) = value.storage { try check(item.textLength) }
        self.bytes = bytes
        try hold(count)
        try take(count >> 6)
    }

    /// Counts bytes that are held until a value is kept or all is freed.
    ///
    /// - Throws: FOER0000 where no bytes are left.
    mutating func hold(_ count: Int) throws(XPathError) {
        bytes -= count
        if bytes < 0 { throw .tooManyBytes() }
    }

    /// Everything that is held since `bytes` were left is free again.
    mutating func free(since bytes: Int) { self.bytes = bytes }

    /// - Throws: FOER0000 where a string is too long.
    func check(_ length: Int) throws(XPathError) {
        if length > stringLength { throw .stringTooLong() }
    }

    /// - Throws: FOER0000 where the string becomes too long.
    func append(_ part: String, to string: inout String) throws(XPathError) {
        try check(string.utf8.count + part.utf8.count)
        string += part
    }
}

extension DynamicContext {
    /// The value of a part of an expression; everything else that was held for it is free again.
    mutating func value(of operation: any Operation) throws(XPathError) -> ItemSequence {
        let bytes = allowance.bytes
        let value = try operation.evaluate(&self)
        try allowance.keep(value, since: bytes)
        return value
    }

    /// Whether a condition holds; everything that was held for it is free again.
    mutating func truth(of condition: any Operation) throws(XPathError) -> Bool {
        let bytes = allowance.bytes
        let truth = try condition.boolean(&self)
        allowance.free(since: bytes)
        return truth
    }
}

extension ItemSequence {
    /// About how many bytes it takes.
    var byteCount: Int {
        switch storage {
        case .empty: 0
        case .one(let item): item.byteCount
        case .nodes(_, let keys): 8 * keys.count
        case .range, .elementRange: MemoryLayout<Item>.stride
        case .many(let items): items.reduce(0) { $0 + $1.byteCount }
        }
    }

    /// How many bytes and items a function reads that has this as an argument.
    ///
    /// - Parameter isAtomic: whether it takes atomic values, and reads all of them.
    func readCount(isAtomic: Bool) -> Int {
        switch storage {
        case .empty, .range: 0
        case .one(.atomic(let value)): value.textLength
        case .one: 0
        case .nodes(_, let keys): keys.count
        case .elementRange(_, let elementRange): isAtomic ? elementRange.count : 0
        case .many(let items): isAtomic ? byteCount : items.count
        }
    }
}

extension Item {
    /// How many bytes its text has; that of a node is the document's.
    var textLength: Int {
        if case .atomic(let value) = self { value.textLength } else { 0 }
    }

    /// About how many bytes it takes.
    var byteCount: Int {
        switch self {
        case .atomic(let value):
            let length = value.textLength
            // A short text lies in the value, and 32 bytes stand for the head of a longer one.
            return MemoryLayout<Item>.stride + (length > 15 ? length + 32 : 0)
        case .array(let array): return MemoryLayout<Item>.stride + array.byteCount
        case .node, .function: return MemoryLayout<Item>.stride
        }
    }
}

extension AtomicValue {
    var textLength: Int {
        switch content {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        default: 0
        }
    }
}

extension TreeNode {
    /// How many nodes it has, itself among them.
    var extent: Int { key & 0xFFFF_FFFF == 0 ? Int(document.nodes[index].subtreeEnd) - index : 1 }
}
