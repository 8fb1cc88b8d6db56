internal import XML

/// Finds the elements of a text that the element table does not have: the texts have their words and nothing else.
struct ElementCheck {
    let document: Document

    /// One warning for each name, at its first element.
    func run() -> [Diagnostic] {
        let isStrange = document.qualifiedNames.map(ElementCheck.isStrange)
        var found: [(first: Node, count: Int)] = []
        var positions: [Int: Int] = [:]
        for element in document.elements(where: isStrange) where isOfText(element) {
            if let position = positions[element.nameIndex] {
                found[position].count += 1
            } else {
                positions[element.nameIndex] = found.count
                found.append((element, 1))
            }
        }
        return found.map { Messages.unknownElement($0.first, count: $0.count) }
    }

    private static func isStrange(_ name: QName) -> Bool {
        switch name.namespace {
        case Namespace.tei: !ElementTable.tei.knows(name.localName)
        case Namespace.mathML, Namespace.examples: false
        default: true
        }
    }

    /// Whether an element is in a text of TEI, and no part of another such element.
    private func isOfText(_ element: Node) -> Bool {
        guard let parent = element.parent, parent.namespace == Namespace.tei else { return false }
        return element.ancestors.contains { $0.tei == "text" || $0.tei == "sourceDoc" }
            && !element.ancestors.contains { $0.kind == .element && $0.namespace != Namespace.tei }
    }
}
