internal import XML

/// Finds what a skeleton leaves to fill in (``Template``): `<?placeholder Title of the memo?>`, which is no text.
struct PlaceholderCheck {
    static let name = "placeholder"
    let document: Document

    func run() -> [Diagnostic] {
        document.documentNode.descendants.filter { node in
            node.kind == .processingInstruction && node.localName == PlaceholderCheck.name
        }.map(Messages.placeholder)
    }
}
