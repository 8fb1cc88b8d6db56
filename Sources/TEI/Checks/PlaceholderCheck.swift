internal import XML

/// Finds what a skeleton leaves to fill in (``Template``): `<?placeholder Title of the memo?>`, which is no text.
struct PlaceholderCheck {
    let document: Document

    func run() -> [Diagnostic] {
        document.processingInstructions(named: "placeholder").map(Messages.placeholder)
    }
}
