internal import TEI
internal import XML

/// The HTML element for an element of the flow.
struct HTMLElement {
    /// The content that an element of HTML must have.
    enum Content { case any, list, table, tableStart, row }

    private(set) var tag = "span"
    /// The name in the class; `other` for an element that the element table does not have.
    let name: String
    private(set) var content = Content.any
    let isKnown: Bool
    private(set) var isHeading = false
    private let holdsBlocks: Bool

    /// - Parameters:
    ///   - holdsBlocks: whether it holds a block, so that it may not be an element of the line.
    ///   - context: what the element around it is.
    init(
        _ opening: Opening, _ elements: ElementTable, _ divisions: Divisions, holdsBlocks: Bool, context: Content
    ) {
        let node = opening.node
        isKnown = elements.knows(node.tei)
        name = isKnown ? node.tei : "other"
        self.holdsBlocks = holdsBlocks
        let facts = elements.facts(of: opening)
        let line = holdsBlocks ? "div" : "span"
        switch opening.behaviour {
        case .section: tag = divisions.haveHeading(node) ? "section" : "div"
        case .heading: takeHeading(node, divisions, context)
        case .paragraph: tag = holdsBlocks ? "div" : "p"
        case .list: (tag, content) = ("div", .list)
        case .listItem where context == .list:
            tag = facts.blockHTML.map(\.description) ?? (node.isAfterLabel(elements) ? "dd" : "li")
        case .table: (tag, content) = ("table", .table)
        case .row where context == .table || context == .tableStart: (tag, content) = ("tr", .row)
        case .cell where context == .row: tag = isLabel(node) ? "th" : "td"
        case .figure: tag = "figure"
        case .graphic, .link: tag = "a"
        case .inline: tag = holdsBlocks ? "div" : HTMLElement.tag(of: node, facts)
        case .block:
            let own = facts.blockHTML.map(\.description) ?? "div"
            tag = own == "p" && holdsBlocks ? "div" : own
        case .document, .text, .body, .listItem, .row, .cell, .cit, .title: tag = "div"
        case .alternate, .anchor, .break, .space, .glyph, .index, .metadata, .note, .omit: tag = line
        }
    }

    /// Shows an addition or deletion as such.
    mutating func take(_ kind: Intervention.Kind?) {
        switch kind {
        case .addition: tag = "ins"
        case .deletion: tag = "del"
        default: break
        }
    }

    private mutating func takeHeading(_ node: Node, _ divisions: Divisions, _ context: Content) {
        let isOfDivision = divisions.isHeading(node)
        if context == .tableStart {
            tag = "caption"
        } else if isOfDivision, !holdsBlocks {
            tag = ["h3", "h4", "h5", "h6"][divisions.level(of: node) - 3]
        } else {
            tag = holdsBlocks ? "div" : "p"
            isHeading = isOfDivision
        }
    }

    private func isLabel(_ node: Node) -> Bool {
        node.attribute("role") == "label" || node.parent?.attribute("role") == "label"
    }

    private static func tag(of node: Node, _ facts: ElementTable.Facts) -> String {
        facts.isRendered ? tag(of: classes(of: node)) : facts.html.map(\.description) ?? "span"
    }

    private static func tag(of classes: [String]) -> String {
        if classes.contains("superscript") { return "sup" }
        if classes.contains("subscript") { return "sub" }
        if classes.contains("bold") { return "b" }
        return classes.contains("italic") ? "i" : "span"
    }

    private static let renditions: [String: String] = [
        "bold": "bold", "b": "bold", "italic": "italic", "italics": "italic", "i": "italic", "underline": "underline",
        "underlined": "underline", "underline()": "underline", "double-underline": "double",
        "doubleUnderline": "double",
        "sup": "superscript", "super": "superscript", "superscript": "superscript", "sub": "subscript",
        "subscript": "subscript", "sc": "small-caps", "smallcaps": "small-caps", "small-caps": "small-caps",
        "smallCaps": "small-caps", "caps": "caps", "uppercase": "caps", "strikethrough": "strike", "strike": "strike",
        "center": "center", "centre": "center", "centered": "center", "right": "right", "spaced": "spaced",
        "letterspaced": "spaced", "large": "large", "small": "small",
    ]

    /// The classes that `@rend` and the writing mode come to.
    static func classes(of node: Node) -> [String] {
        var found: [String] = []
        for token in (node.attribute("rend") ?? "").split(whereSeparator: {
            $0 == " " || $0 == ";" || $0 == "," || $0 == "\n"
        }) {
            let name = renditions[String(token)] ?? indent(token)
            if let name, !found.contains(name) { found.append(name) }
        }
        return found + (writingMode(of: node).map { [$0] } ?? [])
    }

    private static let writingModes: Set<Substring> = [
        "horizontal-tb", "vertical-rl", "vertical-lr", "sideways-rl", "sideways-lr",
    ]

    /// The `writing-mode` of `@style`, or of a `rendition` that `@rendition` points at (TEI P5, WDWM).
    private static func writingMode(of node: Node) -> String? {
        let styles = [node.attribute("style")] + node.tokens("rendition").map { node.target($0)?.plainText }
        for declaration in styles.compactMap(\.self).flatMap({ $0.split(separator: ";") }) {
            let words = declaration.split(whereSeparator: { $0 == ":" || $0.isWhitespace })
            if words.count == 2, words[0] == "writing-mode", writingModes.contains(words[1]) { return String(words[1]) }
        }
        return nil
    }

    /// `indent`, `indent2` and `indent(2)`.
    private static func indent(_ token: Substring) -> String? {
        guard token.hasPrefix("indent") else { return nil }
        let level = token.dropFirst("indent".count).filter(\.isNumber)
        return "indent-\(min(6, max(1, Int(level) ?? 1)))"
    }

    static func isNumbered(_ list: Node) -> Bool {
        list.attribute("type") == "ordered" || !Set(list.tokens("rend")).isDisjoint(with: ["numbered", "ordered"])
    }

    static func isRightToLeft(_ language: String) -> Bool {
        let parts = language.lowercased().split(separator: "-")
        if parts.contains("latn") { return false }
        return ["ar", "arc", "he", "fa", "ur", "yi", "syr", "syc", "ps", "sd", "ug", "dv", "ckb"].contains(
            parts.first ?? "")
            || !Set(parts.dropFirst()).isDisjoint(with: ["arab", "hebr", "syrc", "thaa"])
    }
}

/// The divisions of a document, and their headings.
final class Divisions {
    private let elements: ElementTable
    /// What was asked before: of a division with many headings in it, it is asked for each.
    private var known: [Node: Bool] = [:]

    init(_ elements: ElementTable) { self.elements = elements }

    /// Whether a division has a heading.
    func haveHeading(_ division: Node) -> Bool {
        if let known = known[division] { return known }
        let found = division.childElements.contains { elements.behaviour(of: $0) == .heading }
        known[division] = found
        return found
    }

    /// Whether an element that behaves as a heading is that of a division.
    func isHeading(_ node: Node) -> Bool {
        node.parent.map { elements.behaviour(of: $0).isDivision } ?? false
    }

    /// The level of a heading in HTML: below the page's title and the heading of the text, by the divisions that have a
    /// heading.
    func level(of heading: Node) -> Int {
        max(3, min(6, 2 + heading.ancestors.reduce(0) { $0 + (haveHeading($1) ? 1 : 0) }))
    }
}

extension Node {
    /// Whether the words are written from right to left; `nil` if the element does not say in which language it is.
    var direction: Bool? { attribute("lang", in: Namespace.xml).map(HTMLElement.isRightToLeft) }

    /// Whether an item of a list explains the label before it.
    func isAfterLabel(_ elements: ElementTable) -> Bool {
        precedingSiblings.first { $0.kind == .element }.map { $0.isLabelOfItem(elements) } ?? false
    }

    /// Whether it is the label of an item of a list.
    func isLabelOfItem(_ elements: ElementTable) -> Bool {
        elements.row(of: self).facts.blockHTML?.description == "dt"
    }
}
