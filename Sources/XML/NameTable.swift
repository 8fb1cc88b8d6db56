/// The distinct names of a document: an integer each.
@usableFromInline package struct NameTable: Sendable {
    package private(set) var qnames: [QName] = []
    /// For each name, the first one with the same namespace and local name: equality whatever the prefix.
    @usableFromInline package private(set) var expanded: [UInt32] = []
    private var numbers = IndexTable(capacity: 64)
    /// Those that are the first of their meaning.
    private var meanings = IndexTable(capacity: 64)

    mutating func intern(_ name: QName) -> UInt32 {
        let slot = numbers.slot(of: NameTable.hash(name)) { qnames[$0] == name }
        if let known = numbers[slot] { return UInt32(known) }
        let next = qnames.count
        qnames.append(name)
        numbers.insert(next, at: slot)
        if numbers.isCrowded { numbers = numbers.grown { NameTable.hash(qnames[$0]) } }
        expanded.append(meaning(of: name, next))
        return UInt32(next)
    }

    private mutating func meaning(of name: QName, _ number: Int) -> UInt32 {
        let slot = slot(name.localName, name.namespace)
        if let first = meanings[slot] { return UInt32(first) }
        meanings.insert(number, at: slot)
        if meanings.isCrowded {
            meanings = meanings.grown { NameTable.hash(qnames[$0].localName, qnames[$0].namespace) }
        }
        return UInt32(number)
    }

    /// The integer that stands for a namespace and local name, or `nil` where the document has none such.
    package func expandedName(_ localName: String, namespace: String?) -> UInt32? {
        meanings[slot(localName, namespace)].map { UInt32($0) }
    }

    private func slot(_ localName: String, _ namespace: String?) -> Int {
        meanings.slot(of: NameTable.hash(localName, namespace)) {
            qnames[$0].localName.isSame(as: localName) && qnames[$0].namespace.isSame(as: namespace)
        }
    }

    /// Of a namespace its length is enough: a document has few, and names are asked for more often than they differ in
    /// it alone.
    private static func hash(_ localName: String, _ namespace: String?) -> UInt64 {
        fnv1a(localName, from: UInt64(namespace?.utf8.count ?? 0))
    }

    private static func hash(_ name: QName) -> UInt64 {
        fnv1a(name.prefix ?? "", from: hash(name.localName, name.namespace))
    }
}
