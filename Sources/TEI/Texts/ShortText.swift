internal import XML

/// Reads the words of an element in short, as the reading text has them: of a name, a heading, a note.
///
/// The element table decides about white space, lines and blocks here as it does in a layout. Notes and the like that the
/// table leaves out of a short text (``ElementTable/ShortForm``) are not in it.
private struct ShortText {
    private(set) var text = ""
    /// After a break within a word: white space is dropped up to the next character.
    private var joinsWord = false
    /// After words that are left out: no space is left before a comma.
    private var isBehindOmission = false
    /// Whether it is a note that is read: the signs in it are its words.
    private var isNote = false
    /// Whether the words are struck out, and whether a restoration takes back the deletions in it.
    private var (isDeleted, isRestored) = (false, false)

    /// Reads what an element holds.
    mutating func read(whole node: Node) {
        isNote = ElementTable.tei.behaviour(of: node) == .note
        isRestored = ElementTable.tei.facts(named: node.tei).intervention == .restoration
        read(contentOf: node)
    }

    private mutating func read(contentOf node: Node) {
        for child in shownParts(of: node) { read(child, in: node) }
    }

    private mutating func read(_ node: Node, in parent: Node) {
        switch node.kind {
        case .text: write(node.stringValue)
        case .element where isLeftOut(node) && node.tei != parent.tei: leaveOut(node)
        case .element: read(element: node)
        case .document, .comment, .processingInstruction: break
        }
    }

    /// Reads what lies between two nodes, of which neither is in the other.
    mutating func read(from start: Node, to end: Node) {
        var passed: Node?
        for node in start.following.prefix(while: { $0.index < end.index }) where passed?.contains(node) != true {
            if node.kind == .element, node.contains(end) {
                separate(before: node)
            } else {
                read(node, in: start)
                passed = node
            }
        }
    }

    private mutating func read(element node: Node) {
        if let sign = node.gapSign { return write(sign) }
        separate(before: node)
        let behaviour = ElementTable.tei.behaviour(of: node)
        guard !behaviour.isMilestone, behaviour != .graphic else { return }
        let outer = (isDeleted, isRestored)
        switch ElementTable.tei.facts(named: node.tei).intervention {
        case .deletion: isDeleted = !isRestored
        case .restoration: (isDeleted, isRestored) = (false, !isDeleted)
        default: break
        }
        read(contentOf: node)
        (isDeleted, isRestored) = outer
        if behaviour.isApart { space() }
    }

    /// Of a choice and of an apparatus one reading, and no white space between the parts.
    private func shownParts(of node: Node) -> [Node] {
        let children = Array(node.children)
        guard let kind = ElementTable.tei.facts(named: node.tei).alternative else { return children }
        let elements = children.filter { $0.kind == .element }
        switch kind {
        case .substitution: return elements
        case .choice:
            let preferred = elements.filter { ElementTable.tei.row(of: $0).facts.short == .preferred }
            let candidates = preferred.isEmpty ? elements : preferred
            return candidates.isEmpty
                ? [] : [candidates[Alternative.likeliest(candidates.map { $0.attribute("cert") })]]
        case .apparatus:
            return (node.child("lem") ?? node.descendants("rdg").first).map { Array($0.children) } ?? []
        }
    }

    private mutating func separate(before node: Node) {
        let behaviour = ElementTable.tei.behaviour(of: node)
        if behaviour == .break, node.attribute("break") == "no" { return joinWord() }
        let isBlank = behaviour == .space && node.attribute("quantity") != "0"
        if behaviour == .break || isBlank || behaviour.isApart { space() }
    }

    /// The reading text is without superfluous words.
    private func isLeftOut(_ node: Node) -> Bool {
        let row = ElementTable.tei.row(of: node)
        if row.facts.short == .leftOut { return !isNote || !row.facts.mayMark || row.behaviour == .note }
        return row.behaviour.isBeside && node.tei != "desc" || row.facts.intervention == .surplus
    }

    private mutating func leaveOut(_ node: Node) {
        let kind = ElementTable.tei.facts(named: node.tei).intervention
        if kind != nil, !isRestored { isBehindOmission = true }
        // A deletion may hold words that were restored.
        if kind == .deletion { read(element: node) }
    }

    // MARK: Characters

    private mutating func write(_ string: String) {
        guard !isDeleted else { return }
        var words = string[...]
        if joinsWord { words = words.drop(while: \.isWhitespace) }
        guard let first = words.first else { return }
        if !first.isWhitespace {
            if isBehindOmission, ",.;:!?)]".contains(first) { trim() }
            (joinsWord, isBehindOmission) = (false, false)
        }
        text += words
    }

    private mutating func space() {
        if !joinsWord, !isDeleted { text += " " }
    }

    private mutating func joinWord() {
        guard !isDeleted else { return }
        trim()
        joinsWord = true
    }

    private mutating func trim() {
        while text.last?.isWhitespace == true { text.removeLast() }
    }
}

extension Node {
    /// The text in short, white space collapsed and trimmed: without notes and deletions, one reading of several, a
    /// space where a line ends.
    package var plainText: String { gapSign ?? plainNoteText }

    /// The text of a note itself.
    var plainNoteText: String {
        guard kind != .text else { return stringValue.collapsed }
        var short = ShortText()
        short.read(whole: self)
        return short.text.collapsed
    }

    /// The text in short from behind this element to another.
    func plainText(to end: Node) -> String {
        var short = ShortText()
        short.read(from: self, to: end)
        return short.text.collapsed
    }

    /// The words of the program for something that is missing; `nil` for other elements.
    fileprivate var gapSign: String? {
        guard kind == .element, Gap.isGap(self, tei) else { return nil }
        return PageLanguage.english.gap(Gap.kind(of: self), attribute("reason"), Gap.extent(of: self))
    }
}

extension Behaviour {
    /// Whether the element is none of the words of its line.
    fileprivate var isBeside: Bool { self == .note || self == .index || self == .metadata || self == .omit }

    /// Whether white space parts it from its neighbours. A `desc` is not in a line.
    fileprivate var isApart: Bool { startsLine || self == .index }
}
