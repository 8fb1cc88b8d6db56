internal import Synchronization

/// Elements of one kind in a document, in its order. Lists are the same if they are one object.
package final class ElementList: Sendable {
    /// Their indexes.
    package let elements: [UInt32]
    /// Where it has all elements of a name, the number of the name.
    package let name: UInt32?

    package init(_ elements: [UInt32], named name: UInt32? = nil) {
        self.elements = elements
        self.name = name
    }

    /// The position of an element.
    package func position(of element: UInt32) -> Int? {
        let position = elements[...].position(of: Int(element))
        return position < elements.count && elements[position] == element ? position : nil
    }
}

/// The elements of each name, in document order: what makes `//name` quick.
package struct ElementIndex: Sendable {
    /// By number of the name.
    private let lists: [ElementList]

    init(_ document: Document) {
        let names = document.names.expanded
        var counts = Array(repeating: 0, count: names.count)
        for node in document.nodes where node.kind == .element { counts[Int(names[node.name])] += 1 }
        var lists = counts.map { count in
            var list: [UInt32] = []
            list.reserveCapacity(count)
            return list
        }
        for (index, node) in document.nodes.enumerated() where node.kind == .element {
            lists[Int(names[node.name])].append(UInt32(index))
        }
        self.lists = lists.enumerated().map { ElementList($1, named: UInt32($0)) }
    }

    /// All elements of a name.
    package func elements(named number: UInt32) -> ElementList { lists[Int(number)] }
}

extension ArraySlice<UInt32> {
    /// Those in a range, of numbers in order.
    package func within(_ range: Range<Int>) -> ArraySlice<UInt32> {
        self[position(of: range.lowerBound)..<position(of: range.upperBound)]
    }

    /// The first position whose number is not less.
    package func position(of number: Int) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if Int(self[middle]) < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The index of a document, made when as many nodes have been looked through as it has.
struct ElementIndexes: Sendable {
    private var index: ElementIndex?
    private var visited = 0

    mutating func index(forNodes count: Int, of document: Document) -> ElementIndex? {
        if index == nil, visited >= document.nodes.count { index = ElementIndex(document) }
        if index == nil { visited += count }
        return index
    }
}

extension Document {
    /// The elements of each name, unless looking through so many nodes costs less than finding them all.
    package func elementIndex(forNodes count: Int) -> ElementIndex? {
        elementIndexes.withLock { $0.index(forNodes: count, of: self) }
    }
}
