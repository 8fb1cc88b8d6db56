/// From `xml:id` to element.
struct IDTable: Sendable {
    private var elements = IndexTable(capacity: 0)
    /// The number of the name `xml:id`.
    private var name: UInt32 = 0

    var memoryFootprint: Int { elements.memoryFootprint }

    func find(_ id: ArraySlice<UInt8>, in document: Document) -> Int? {
        let slot = elements.slot(of: fnv1a(id)) {
            Node(document: document, index: $0).attributeNode(named: name)?.bytes.trimmingXMLSpace == id
        }
        return elements[slot]
    }

    /// Collects the ids; a second one with the same value is a diagnostic.
    static func build(
        _ tree: Tree, source: [UInt8], files: [SourceFile], diagnostics: [Diagnostic]
    ) -> (IDTable, [Diagnostic]) {
        var table = IDTable()
        guard let name = tree.names.expandedName("id", namespace: Namespace.xml) else { return (table, diagnostics) }
        table.name = name
        var found: [(node: UInt32, attribute: AttributeRecord)] = []
        for index in tree.nodes.indices where tree.nodes[index].kind == .element {
            var attribute = Int(tree.nodes[index].payload)
            guard attribute != NodeRecord.none else { continue }
            while true {
                if tree.names.expanded[tree.attributes[attribute].name] == name {
                    found.append((UInt32(index), tree.attributes[attribute]))
                }
                if tree.attributes[attribute].isLast { break }
                attribute += 1
            }
        }
        func value(_ number: Int) -> ArraySlice<UInt8> {
            let attribute = found[number].attribute
            let buffer = attribute.inStrings ? tree.strings : source
            return buffer[attribute.start..<(attribute.start + Int(attribute.length))].trimmingXMLSpace
        }
        var duplicates: [(first: Int, second: Int)] = []
        // While it is being filled, the table holds indexes into `found`.
        var numbers = IndexTable(capacity: found.count)
        for number in found.indices {
            let id = value(number)
            let slot = numbers.slot(of: fnv1a(id)) { value($0) == id }
            if let first = numbers[slot] {
                duplicates.append((first, number))
            } else {
                numbers.insert(number, at: slot)
            }
        }
        table.elements = numbers.renumbered { Int(found[$0].node) }
        let locate = { (number: Int) in
            location(of: Int(tree.nodes[Int(found[number].node)].start), in: source, files: files)
        }
        let reports = duplicates.map { first, second in
            Messages.duplicateID(
                String(decoding: value(second), as: UTF8.self), first: locate(first), at: locate(second))
        }
        return (table, diagnostics + reports)
    }
}
