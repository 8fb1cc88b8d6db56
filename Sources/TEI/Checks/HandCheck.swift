internal import XML

/// Finds the hands that say nothing of whose they are, so that texts, pages and reports call them by their ids.
struct HandCheck {
    let document: Document
    let library: PointerResolver

    func run() -> [Diagnostic] {
        document.elements(below: document.root, named: ["handNote"], in: Namespace.tei).filter(isUnnamed)
            .map(Messages.unnamedHand)
    }

    /// A description in many words is no name, but says enough. A placeholder is found by the check of that name.
    private func isUnnamed(_ hand: Node) -> Bool {
        hand.xmlID != nil && hand.attribute("scribeRef") == nil && Hands.name(of: hand, library) == nil
            && hand.plainText.isEmpty && !hand.descendants.contains { $0.kind == .processingInstruction }
    }
}
