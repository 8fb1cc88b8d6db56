internal import XML

/// Reads the words of an element in short, as the reading text has them: of a name, a heading, a note.
///
/// The element table and ``WhiteSpaceState`` decide about blocks, lines and white space here as they do in a layout.
/// Notes and the like that the table leaves out of a short text (``ElementTable/ShortForm``) are not in it.
private struct ShortText {
    private(set) var text = ""
    private var spaces = WhiteSpaceState(ShortText.all)
    /// After words that are left out: no space is left before a comma.
    private var isAfterOmission = false
    /// After a hyphen at the end of a line, a column or a page: the break.
    private var breakInWord: Node?
    /// After a break at which a word goes on, perhaps with a hyphen of its own.
    private var isAfterUnbroken = false
    /// Whether the hyphen before that break may be there since the line ends.
    private var hasHyphenOfLine = false
    /// Whether it is a note that is read: the signs in it are its words.
    private var isNote = false
    private var keepsLines = false
    /// Whether what the editors mark is marked, as in a diplomatic text.
    private let isMarked: Bool
    /// Whether the words are struck out, and whether a restoration takes back the deletions in it.
    private var (isDeleted, isRestored) = (false, false)

    private static let all = TextSet(0)
    private static let table = ElementTable.tei

    init(isMarked: Bool = false) { self.isMarked = isMarked }

    /// The signs around what the editors mark.
    private static let signs: [Intervention.Kind: (open: String, close: String)] = [
        .deletion: ("⟦", "⟧"), .addition: ("\\", "/"), .supplied: ("[", "]"), .surplus: ("{", "}"),
        .unclear: ("", "[?]"), .correction: (" [corr. ", "]"), .regularization: (" [reg. ", "]"),
        .expansion: (" [i.e. ", "]"),
    ]

    /// Reads what an element holds.
    mutating func read(whole node: Node) {
        let row = ShortText.table.row(of: node)
        (isNote, keepsLines) = (row.behaviour == .note, row.facts.keepsLines)
        isRestored = row.facts.intervention == .restoration
        read(contentOf: node)
    }

    /// Reads what lies between two nodes, of which neither is in the other.
    mutating func read(from start: Node, to end: Node) {
        var passed: Node?
        for node in start.following.prefix(while: { $0.index < end.index }) where passed?.contains(node) != true {
            if node.kind == .element, node.contains(end) {
                separate(before: node, ShortText.table.row(of: node).facts)
            } else {
                read(node, in: start)
                passed = node
            }
        }
    }

    private mutating func read(contentOf node: Node) {
        for child in shownParts(of: node) { read(child, in: node) }
    }

    private mutating func read(_ node: Node, in parent: Node) {
        switch node.kind {
        case .text: if !node.isBetweenParts { write(node.stringValue) }
        case .element where isMarked && ShortText.table.row(of: node).facts.intervention != nil: readMarked(node)
        case .element where isLeftOut(node) && node.tei != parent.tei: leaveOut(node)
        case .element: read(element: node)
        case .document, .comment, .processingInstruction: break
        }
    }

    private mutating func read(element node: Node) {
        if let sign = node.gapSign {
            if !Gap.isOmission(node) { write(sign) }
            return
        }
        let facts = ShortText.table.row(of: node).facts
        let behaviour = ShortText.table.behaviour(of: node)
        separate(before: node, facts)
        guard !behaviour.isMilestone, behaviour != .graphic else { return }
        if behaviour == .glyph, node.firstChild == nil {
            return write(Glyphs.mapping(of: node, isExact: false) ?? "[\(Glyphs.name(of: node))]")
        }
        if facts.isHeadword, node.firstChild == nil { write("~") }
        if isNote, let target = node.namedTarget(facts.pointing) {
            if !isDeleted { spaces.setOff(ShortText.all) }
            write("[\(node.tei == "locus" ? Reference(target).fragment ?? target : "see " + target)]")
            spaces.milestone(ShortText.all)
        }
        let outer = (keepsLines, isDeleted, isRestored)
        keepsLines = keepsLines || facts.keepsLines
        switch facts.intervention {
        case .deletion: isDeleted = !isRestored
        case .restoration: (isDeleted, isRestored) = (false, !isDeleted)
        default: break
        }
        read(contentOf: node)
        (keepsLines, isDeleted, isRestored) = outer
        if facts.isSetOff {
            space()
            isAfterOmission = true
        } else if behaviour.isApart {
            space()
        } else if !spaces.pendingLineEnds.isEmpty {
            isAfterOmission = true
        }
        if facts.joins, node.joinsNext, !isDeleted { _ = spaces.suppress(ShortText.all) }
    }

    private mutating func readMarked(_ node: Node) {
        let isAlternative = node.parent?.tei == "choice"
        let sign = ShortText.table.row(of: node).facts.intervention.flatMap { ShortText.signs[$0] }
        let isCorrection = sign?.open.first == " "
        write(isCorrection && !isAlternative ? "" : sign?.open ?? "")
        read(contentOf: node)
        write(isCorrection && !isAlternative ? "" : sign?.close ?? "")
    }

    /// Of a choice and of an apparatus one reading.
    private func shownParts(of node: Node) -> [Node] {
        let children = Array(node.children)
        switch ShortText.table.facts(named: node.tei).alternative {
        case nil, .substitution: return children
        case .choice where isMarked: return ShortText.table.formsInOrder(of: node)
        case .choice:
            let elements = children.filter { $0.kind == .element }
            let preferred = elements.filter { ShortText.table.row(of: $0).facts.short == .preferred }
            let candidates = preferred.isEmpty ? elements : preferred
            return candidates.isEmpty
                ? [] : [candidates[Alternative.likeliest(candidates.map { $0.attribute("cert") })]]
        case .apparatus:
            return (node.child("lem") ?? node.descendants("rdg").first).map { Array($0.children) } ?? []
        }
    }

    /// The reading text is without superfluous words and page furniture.
    private func isLeftOut(_ node: Node) -> Bool {
        let row = ShortText.table.row(of: node)
        if row.facts.short == .leftOut { return !isNote || !row.facts.mayMark || row.behaviour == .note }
        return row.behaviour.isBeside && node.tei != "desc" || row.facts.intervention == .surplus
            || row.facts.isFurniture
    }

    private mutating func leaveOut(_ node: Node) {
        let kind = ShortText.table.facts(named: node.tei).intervention
        if !isRestored { isAfterOmission = true }
        if kind != nil, !isDeleted, node.firstScalar != nil { spaces.passWords(ShortText.all) }
        // A deletion may hold words that were restored.
        if kind == .deletion { read(element: node) }
    }

    // MARK: White space

    private mutating func separate(before node: Node, _ facts: ElementTable.Facts) {
        let behaviour = ShortText.table.behaviour(of: node)
        if facts.joins, node.followsWithoutSpace(ShortText.table), !isDeleted { _ = spaces.suppress(ShortText.all) }
        switch behaviour {
        case .break: separate(at: node, facts.ends)
        case .space where node.attribute("quantity") == "0": break
        case .space: space()
        case _ where behaviour.isApart || facts.isSetOff: space()
        case _ where (facts.isApart || facts.isField) && ShortText.table.isApartFromNeighbour(node): space()
        default: break
        }
    }

    private mutating func separate(at milestone: Node, _ end: ElementTable.Break?) {
        guard !isDeleted else { return }
        switch milestone.breakOfWord {
        case "yes": space()
        case let said where said == "no" || milestone.ancestors.contains { $0.tei == "w" }:
            hasHyphenOfLine = endsWithHyphen && !ShortText.keepsHyphens(milestone)
            _ = spaces.suppress(ShortText.all)
            isAfterUnbroken = true
        case _ where end == .line && keepsLines || end == .paragraph || end == .verse: space()
        default:
            // Only where it is said that the word goes on is this sign a hyphen.
            if milestone.tei != "milestone", breakInWord == nil, endsWithHyphen, text.unicodeScalars.last != "=" {
                breakInWord = milestone
            }
            if end == .line { spaces.space(ShortText.all, .lineEnd) } else { spaces.milestone(ShortText.all) }
        }
    }

    private static func keepsHyphens(_ node: Node) -> Bool {
        LayoutBuilder.keepsHyphens(Header.hyphenation(around: node))
    }

    private var endsWithHyphen: Bool {
        let end = text.unicodeScalars.suffix(2)
        guard end.count == 2, let hyphen = end.last, let letter = end.first else { return false }
        return LayoutBuilder.hyphens.contains(String(hyphen)) && WhiteSpaceState.Character(letter).isLetter
    }

    /// Whether a line begins with a hyphen before a letter.
    private func isHyphen(_ rest: Substring.UnicodeScalarView) -> Bool {
        guard let next = rest.dropFirst().first, LayoutBuilder.hyphens.contains(String(rest.first!)) else {
            return false
        }
        return WhiteSpaceState.Character(next).isLetter
    }

    /// The first word of a line after a hyphen: a small letter goes on with the word before.
    private mutating func goOnWithWord(_ rest: Substring.UnicodeScalarView, after milestone: Node) {
        breakInWord = nil
        let word = rest.prefix { !$0.properties.isWhitespace }
        guard WhiteSpaceState.Character(word.first!).isLetter, !LayoutBuilder.isBesideHalves(word),
            Header.hyphenation(around: milestone) != "none"
        else { return }
        if LayoutBuilder.goesOn(word.first!), !ShortText.keepsHyphens(milestone) { text.unicodeScalars.removeLast() }
        _ = spaces.suppress(ShortText.all)
    }

    private mutating func space() {
        if !isDeleted { spaces.space(ShortText.all, .shown) }
    }

    private mutating func write(_ string: String) {
        guard !isDeleted else { return }
        let scalars = string.unicodeScalars
        for position in scalars.indices {
            let scalar = scalars[position]
            if scalar.value <= 0x20 && UInt8(scalar.value).isXMLSpace || scalar == "\u{2028}" {
                spaces.space(ShortText.all, scalar == " " || scalar == "\t" ? .blank : .lineEnd)
                continue
            }
            let isLeader = scalar == "." && scalars[position...].dropFirst().first == "."
            if isAfterOmission, !isLeader, LayoutBuilder.isClosing(scalar, after: text.unicodeScalars.last) {
                spaces.drop(ShortText.all)
            }
            isAfterOmission = false
            let character = WhiteSpaceState.Character(scalar)
            if isAfterUnbroken {
                isAfterUnbroken = false
                let letter = text.unicodeScalars.dropLast().last
                if hasHyphenOfLine, !LayoutBuilder.isCompound(letter, scalar) { text.unicodeScalars.removeLast() }
                hasHyphenOfLine = false
                if isHyphen(scalars[position...]) { continue }
            }
            if let breakInWord { goOnWithWord(scalars[position...], after: breakInWord) }
            if !spaces.character(ShortText.all, character).isEmpty { text += " " }
            text.unicodeScalars.append(scalar)
            spaces.end(with: character, ShortText.all)
        }
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
        return short.text
    }

    /// The text in short with the signs of what the editors mark, as in a diplomatic text.
    var markedText: String {
        var short = ShortText(isMarked: true)
        short.read(whole: self)
        return short.text
    }

    /// The text in short from after this element to another.
    func plainText(to end: Node) -> String {
        var short = ShortText()
        short.read(from: self, to: end)
        return short.text
    }

    /// The words of the program for something that is missing; `nil` for other elements.
    fileprivate var gapSign: String? {
        guard kind == .element, Gap.isGap(self, tei) else { return nil }
        let description = child("desc")?.plainText
        return PageLanguage.english.gap(Gap.kind(of: self), attribute("reason"), Gap.extent(of: self), description)
    }
}

extension Behaviour {
    /// Whether the element is none of the words of its line.
    fileprivate var isBeside: Bool { self == .note || self == .index || self == .metadata || self == .omit }

    /// Whether white space parts it from its neighbours. A `desc` is not in a line.
    fileprivate var isApart: Bool { startsLine || self == .index }
}
