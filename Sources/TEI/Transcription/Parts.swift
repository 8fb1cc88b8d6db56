package import XML

// Elements that hold parts and no words of their own, such as `choice` and `subst`. White space between the parts is how
// the file is written, and none of the text's.

extension Node {
    /// Whether white space in it may be none of the text's.
    var mayHoldPartsAlone: Bool {
        switch tei {
        case "choice", "app", "rdgGrp", "subst", "mod", "expan", "w": true
        case "": namespace == Namespace.mathML
        default: false
        }
    }

    /// Whether a text is white space between the parts of an element that holds no words of its own.
    var isBetweenParts: Bool {
        guard let parent, parent.mayHoldPartsAlone, isBlank else { return false }
        if parent.tei == "expan" { return parent.isAbbreviationResolved }
        // The letters or morphemes of a word.
        if parent.tei == "w" { return !parent.hasText && parent.childElements.contains { _ in true } }
        guard ["subst", "mod"].contains(parent.tei) else { return true }
        // Two parts of one kind are both in a text, or neither, and what parts them is in it too.
        let (before, after) = (Node.part(in: precedingSiblings), Node.part(in: followingSiblings))
        return before != after && (parent.tei == "subst" || parent.isSubstitution)
    }

    /// The name of the nearest part. It is looked for among a few neighbours: more comments than that are no edition.
    private static func part(in neighbours: some Sequence<Node>) -> String {
        neighbours.prefix(16).first { $0.kind == .element }?.tei ?? ""
    }

    /// Whether a `mod` is a substitution: it has no words of its own.
    private var isSubstitution: Bool { childElements.contains { ["add", "del"].contains($0.tei) } && !hasText }

    /// Whether it has the signs of an abbreviation and what they mean, and no other words.
    private var isAbbreviationResolved: Bool {
        !hasText && childElements.contains { $0.tei == "ex" }
            && childElements.allSatisfy { ["am", "ex"].contains($0.tei) }
    }

    /// Whether it has words of its own, besides those of its elements.
    package var hasText: Bool { children.contains { $0.kind == .text && !$0.isBlank } }
}
