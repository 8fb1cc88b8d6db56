internal import XML

/// Elements that follow one another in a list of elements, but for a few.
///
/// `following::l` of each verse of a poem is a range of one list. To make it, and to narrow it down by the place or
/// by the value of an attribute, takes no copy: rules that look at everything that follows a node take as long for a
/// long document as for a short one.
struct ElementRange: Sendable {
    let list: ElementList
    /// The positions in the list.
    private var range: Range<Int>
    /// The positions between them that do not belong to it, in order.
    private var gaps: [Int] = []

    /// Among fewer nodes it is as quick to look at each.
    static let leastNodes = 32
    /// How many gaps there may be: each is looked at for each element.
    private static let gapLimit = 64

    /// The elements of a list whose indexes are in a range.
    init(_ list: ElementList, in nodes: Range<Int>) {
        self.list = list
        range = list.elements[...].within(nodes).indices
    }

    var count: Int { range.count - gaps.count }

    /// The index of an element, by its position in the range, from 0.
    subscript(position: Int) -> UInt32 {
        var position = range.lowerBound + position
        for gap in gaps where gap <= position { position += 1 }
        precondition(range.contains(position), "beyond the end of a elementRange")
        return list.elements[position]
    }

    /// All of them as keys of nodes.
    var keys: [UInt64] {
        var next = 0
        return range.compactMap { position in
            if next < gaps.count, gaps[next] == position {
                next += 1
                return nil
            }
            return UInt64(list.elements[position]) << 32
        }
    }

    /// The range without some elements; `nil` where they are too many.
    ///
    /// - Parameter others: their indexes, in document order. Those that are not in the range do not matter.
    func without(_ others: [UInt32]) -> ElementRange? {
        var positions = Set(gaps)
        for element in others {
            if let position = list.position(of: element), range.contains(position) { positions.insert(position) }
        }
        guard positions.count <= ElementRange.gapLimit else { return nil }
        var elementRange = self
        elementRange.gaps = positions.sorted()
        return elementRange
    }

    /// Those from one position to another, from 0.
    func slice(_ positions: Range<Int>) -> ElementRange {
        if positions.isEmpty { return narrowed(to: range.lowerBound..<range.lowerBound) }
        let first = list.position(of: self[positions.lowerBound]) ?? range.lowerBound
        let last = list.position(of: self[positions.upperBound - 1]) ?? first
        return narrowed(to: first..<last + 1)
    }

    /// Those whose indexes are in a range.
    func within(_ nodes: Range<Int>) -> ElementRange { narrowed(to: list.elements[range].within(nodes).indices) }

    private func narrowed(to positions: Range<Int>) -> ElementRange {
        var elementRange = self
        elementRange.range = positions
        elementRange.gaps.removeAll { !positions.contains($0) }
        return elementRange
    }

    /// Those that are also in another list, which has only elements of this one.
    func narrowed(to part: ElementList) -> ElementRange? {
        guard let first = range.first, let last = range.last else { return self }
        let elementRange = ElementRange(part, in: Int(list.elements[first])..<Int(list.elements[last]) + 1)
        return elementRange.without(gaps.map { list.elements[$0] })
    }

    private func contains(_ position: Int) -> Bool { range.contains(position) && !gaps.contains(position) }
}

// MARK: - Union

extension ElementRange {
    /// Both together; `nil` where that is no range.
    func union(_ other: ElementRange) -> ElementRange? {
        guard list === other.list else { return union(elements: other.few) }
        if range.isEmpty { return other }
        if other.range.isEmpty { return self }
        var both = self
        both.range = min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound)
        let (end, start) = (
            min(range.upperBound, other.range.upperBound), max(range.lowerBound, other.range.lowerBound)
        )
        let between = end..<max(start, end)
        guard between.count <= ElementRange.gapLimit else { return nil }
        both.gaps = Set(gaps + other.gaps + between).filter { !contains($0) && !other.contains($0) }.sorted()
        return both.gaps.count <= ElementRange.gapLimit ? both : nil
    }

    /// Together with some elements; `nil` where that is no range.
    ///
    /// - Parameter elements: their indexes; `nil` where they are too many, or not all elements of the document.
    func union(elements: [UInt32]?) -> ElementRange? {
        guard let elements else { return nil }
        var union = self
        for element in elements {
            guard let position = list.position(of: element) else { return nil }
            var one = self
            (one.range, one.gaps) = (position..<position + 1, [])
            guard let more = union.union(one) else { return nil }
            union = more
        }
        return union
    }

    /// The elements, where they are few.
    private var few: [UInt32]? { count <= ElementRange.gapLimit ? (0..<count).map { self[$0] } : nil }
}

extension ItemSequence {
    /// Two sequences of nodes in document order together, without a copy; `nil` where it takes one.
    func union(_ other: ItemSequence) -> ItemSequence? {
        switch (storage, other.storage) {
        case (.elementRange(let document, let elementRange), .elementRange(let second, let more))
        where document === second:
            return elementRange.union(more).map { ItemSequence(document, $0) }
        case (.elementRange(let document, let elementRange), _):
            return elementRange.union(elements: other.elements(of: document)).map { ItemSequence(document, $0) }
        case (_, .elementRange): return other.union(self)
        default: return nil
        }
    }

    /// The indexes of its nodes, where they are few elements of one document.
    private func elements(of document: Document) -> [UInt32]? {
        guard count < 16 else { return nil }
        var elements: [UInt32] = []
        for item in self {
            guard let node = item.node, node.document === document, node.kind == .element else { return nil }
            elements.append(UInt32(node.index))
        }
        return elements
    }
}
