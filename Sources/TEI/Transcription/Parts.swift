package import XML

// Elements that hold parts and no words of their own, such as `choice` and `subst`. White space between the parts is how
// the file is written, and none of the text's.

extension Node {
    /// Whether white space in it may be none of the text's.
    var mayHoldPartsAlone: Bool {
        switch tei {
        case "choice", "app", "rdgGrp", "subst", "mod", "expan", "w": true
        case "": true
        default: false
        }
    }

    /// Whether a text is white space between the parts of an element that holds no words of its own.
    var isBetweenParts: Bool {
        guard let parent, parent.mayHoldPartsAlone, isBlank else { return false }
        if parent.tei.isEmpty {
            return parent.namespace == Namespace.mathML || parent.isForeignPartOfWord
                || endsLine && parent.isForeignInSentence
        }
        if parent.tei == "expan" {
            return parent.holdsAlone(["am", "ex"]) || parent.holdsAlone(["abbr", "am", "ex"]) && endsLine
        }
        // The letters or morphemes of a word.
        if parent.tei == "w" { return !parent.hasText && parent.childElements.contains { _ in true } }
        guard ["subst", "mod"].contains(parent.tei) else { return true }
        guard parent.tei == "subst" || parent.isSubstitution else { return false }
        // Two parts of one kind are both in a text, or neither, and what parts them is in it too.
        let (before, after) = (Node.parts(in: precedingSiblings), Node.parts(in: followingSiblings))
        return before.isDisjoint(with: after) && !(after.isEmpty && !endsLine && parent.endsWithWord)
    }

    /// The names of the parts beside it, of which there are few.
    private static func parts(in neighbours: some Sequence<Node>) -> Set<String> {
        Set(neighbours.prefix(16).filter { $0.kind == .element }.map(\.tei))
    }

    /// Whether the file goes on in another line.
    private var endsLine: Bool { stringValue.contains { $0.isNewline } }

    /// Whether its last part is more than a letter and ends with one, and a letter follows it at once.
    private var endsWithWord: Bool {
        guard let next = followingSiblings.first(where: { _ in true }), next.kind == .text,
            let letter = next.stringValue.unicodeScalars.first, let last = lastScalar,
            let part = childElements.reversed().first, part.plainText.unicodeScalars.count > 1
        else { return false }
        return WhiteSpaceState.Character(letter).isLetter && WhiteSpaceState.Character(last).isLetter
    }

    /// Whether a letter touches it.
    var isWithinWord: Bool {
        func isLetter(_ scalar: Unicode.Scalar?) -> Bool {
            scalar.map { WhiteSpaceState.Character($0).isLetter } ?? false
        }
        // At the edge of a phrase, it is what is beside that.
        func outermost(_ isAtEdge: (Node) -> Bool) -> Node {
            var node = self
            while isAtEdge(node), let parent = node.parent, ElementTable.tei.row(of: parent).facts.isPhrase {
                node = parent
            }
            return node
        }
        let before = outermost { $0.precedingSiblings.first { _ in true } == nil }.precedingSiblings.first { _ in true }
        let after = outermost { $0.followingSiblings.first { _ in true } == nil }.followingSiblings.first { _ in true }
        return before?.kind == .text && isLetter(before?.stringValue.unicodeScalars.last)
            || after?.kind == .text && isLetter(after?.stringValue.unicodeScalars.first)
    }

    /// Whether it is an element of another namespace that holds elements alone.
    private var holdsForeignParts: Bool {
        kind == .element && tei.isEmpty && namespace != Namespace.mathML && !hasText
            && childElements.contains { _ in true }
    }

    /// Whether it is such an element among words.
    private var isForeignInSentence: Bool {
        guard holdsForeignParts, let outer = ancestors.first(where: { !$0.tei.isEmpty }) else { return false }
        return ["line", "l"].contains(outer.tei) || outer.hasWordsAmongFirst
    }

    /// Whether it is such an element that touches the words beside it.
    var isForeignPartOfWord: Bool {
        guard holdsForeignParts else { return false }
        func touches(_ neighbour: Node?, _ scalar: (String.UnicodeScalarView) -> Unicode.Scalar?) -> Bool {
            guard let neighbour, neighbour.kind == .text else { return false }
            return scalar(neighbour.stringValue.unicodeScalars).map { !$0.properties.isWhitespace } ?? false
        }
        return touches(precedingSiblings.first { $0.kind != .comment }, \.last)
            || touches(followingSiblings.first { $0.kind != .comment && !$0.shiftsHand }, \.first)
    }

    /// Whether a `mod` is a substitution: it has no words of its own.
    private var isSubstitution: Bool { childElements.contains { ["add", "del"].contains($0.tei) } && !hasText }

    /// Whether it has the parts of an abbreviation and what they mean, and no other words.
    private func holdsAlone(_ parts: Set<String>) -> Bool {
        !hasText && childElements.contains { $0.tei == "ex" } && childElements.allSatisfy { parts.contains($0.tei) }
    }

    /// Whether it has words of its own, besides those of its elements.
    package var hasText: Bool { children.contains { $0.kind == .text && !$0.isBlank } }
}
