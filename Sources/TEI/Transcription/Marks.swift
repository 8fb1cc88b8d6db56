package import XML

/// Decides whether an element is a mark, and of which kind, in each of the ways in which editions write one.
package struct MarkRecognizer {
    struct Found {
        var kind: Mark.Kind
        var subtype: String?
        var isReported = false
    }

    let mark: Found?

    /// The hand that does something to words.
    struct Act {
        let hand: Int?
        /// The hand that wrote the words.
        let writer: Int?
        let mainHand: Int?
        /// Whether it is part of a note that is a mark.
        let isInNote: Bool
    }

    init(_ node: Node, _ act: Act) {
        mark =
            switch node.tei {
            case "note":
                MarkRecognizer.note(node, isOtherHand: node.attribute("hand") != nil && act.hand != act.mainHand)
            case "metamark" where !act.isInNote && node.parent?.tei != "ellipsis": MarkRecognizer.metamark(node)
            case "stamp" where !act.isInNote: Found(kind: .stamp, subtype: node.attribute("type"))
            case "hi", "emph", "seg", "mod": node.attribute("hand") == nil ? nil : MarkRecognizer.emphasis(node, act)
            default: nil
            }
    }

    /// A mark that another hand than the writer's made around words: it underlined, circled or highlighted them.
    private static func emphasis(_ node: Node, _ act: Act) -> Found? {
        if isUnderlined(node) {
            return act.hand != act.mainHand || act.isInNote
                ? Found(kind: .underline, subtype: node.attribute("rend")) : nil
        }
        // A `mod` says the same of itself, as what was done to the text, and a `seg` in a `choice` is one of the
        // possibilities.
        guard act.hand != act.writer, !act.isInNote, node.tei != "mod", node.parent?.tei != "choice" else { return nil }
        return Found(kind: .other, subtype: node.attribute("rend"))
    }

    private static func note(_ node: Node, isOtherHand: Bool) -> Found? {
        let subtype = node.attribute("subtype")
        switch node.attribute("type") {
        case "mark":
            let sign = node.descendants("metamark").first
            let kind = sign.map(metamark)?.kind ?? kindBySubtype(subtype) ?? .other
            return Found(kind: kindBySubtype(subtype) ?? kind, subtype: subtype ?? sign?.attribute("function"))
        case "stamp":
            return Found(kind: .stamp, subtype: node.descendants("stamp").first?.attribute("type") ?? subtype)
        case "query":
            return Found(kind: .query, subtype: subtype)
        case "marginalia", "marginal", "annotation", "handwritten", "manuscript":
            return Found(kind: .remark, subtype: subtype)
        case "editorial", "authorial":
            return nil
        case let type:
            return isOtherHand ? byContent(node, subtype ?? type) : reported(node, type: type)
        }
    }

    /// A note in another hand, without a type that says what it is.
    private static func byContent(_ node: Node, _ subtype: String?) -> Found {
        let elements = Array(node.childElements)
        let hasWords = node.children.contains { $0.kind == .text && !$0.stringValue.collapsed.isEmpty }
        if !hasWords, elements.count == 1 {
            if elements[0].tei == "metamark" { return metamark(elements[0]) }
            if elements[0].tei == "stamp" { return Found(kind: .stamp, subtype: elements[0].attribute("type")) }
        }
        return bySign(node.plainText).map { Found(kind: $0, subtype: subtype) }
            ?? Found(kind: .remark, subtype: subtype)
    }

    private static func metamark(_ node: Node) -> Found {
        let function = node.attribute("function")
        let kind = bySign(node.plainText) ?? kindBySubtype(function) ?? .other
        return Found(kind: kind, subtype: function)
    }

    private static func bySign(_ text: String) -> Mark.Kind? {
        switch text {
        case "✓", "✔", "☑", "√", "🗸": .check
        case "?", "??", "⁇", "¿": .query
        default: nil
        }
    }

    private static func kindBySubtype(_ subtype: String?) -> Mark.Kind? {
        switch subtype {
        case "checkmark", "check", "check-mark", "tick", "approval": .check
        case "query", "question", "questionmark", "question-mark": .query
        case "underline", "underlining": .underline
        case "stamp": .stamp
        default: nil
        }
    }

    package static func isUnderlined(_ node: Node) -> Bool {
        (node.tokens("rend") + node.tokens("rendition") + node.tokens("style")).contains {
            $0.lowercased().contains("underlin") || $0.lowercased().contains("underscor")
        }
    }

    /// An editor's sentence about a mark, as documentary editions print them below the text.
    private static func reported(_ node: Node, type: String?) -> Found? {
        guard type == nil || type == "source" || type == "footnote" else { return nil }
        let text = node.plainText.lowercased()
        let row = phrases.first { row in row.words.contains { text.contains($0) } }
        return row.map { Found(kind: $0.kind, subtype: nil, isReported: true) }
    }

    private static let phrases: [(words: [String], kind: Mark.Kind)] = [
        (["stamped notation", "is stamped", "a stamp ", "was stamped", "a stamped "], .stamp),
        (["check mark", "checkmark", "checked the", "a tick "], .check),
        (
            ["question mark in the margin", "a question mark beside", "placed a question mark", "put a question mark"],
            .query
        ),
        (["underlined", "underscored", "drew a line under"], .underline),
        (
            [
                "handwritten", "wrote in the margin", "wrote at the", "wrote on the", "marginal note",
                "marginal notation",
                "initialed", "initialled",
            ], .remark
        ),
    ]
}

extension Gap {
    /// Whether an element says that something is missing.
    ///
    /// - Parameter name: its TEI name.
    static func isGap(_ node: Node, _ name: String) -> Bool {
        switch name {
        case "gap": true
        // The sign that the writer set for what he left out is a word of the text.
        case "ellipsis": node.child("metamark") == nil
        case "unclear", "damage": !node.children.contains(where: \.isNotWhiteSpace) || name == "unclear" && isSign(node)
        default: false
        }
    }

    /// Whether the encoders typed a sign for what they cannot read: `¿¿¿`, `[...]`, `???`.
    private static func isSign(_ unclear: Node) -> Bool {
        guard unclear.children.allSatisfy({ $0.kind == .text }) else { return false }
        let signs = unclear.stringValue.unicodeScalars.filter { !$0.properties.isWhitespace }
        return signs.count < 16 && signs.allSatisfy("¿?.…[]".unicodeScalars.contains)
            && (signs.contains { "¿…".unicodeScalars.contains($0) }
                || signs.filter { "?.".unicodeScalars.contains($0) }.count > 2)
    }

    /// Whether it says that a witness has nothing here, which its reading says by being empty.
    static func isOmission(_ node: Node) -> Bool {
        ["rdg", "lem"].contains(node.parent?.tei) && node.parent?.hasWordsAmongFirst == false
            && ["omitted", "omission", "absent", "om"].contains(node.attribute("reason"))
    }

    static func kind(of node: Node) -> Kind {
        // `@agent` is the cause of damage (TEI P5, gap).
        let isDamage = node.tei == "damage" || node.attribute("agent") != nil
        let reason = node.attribute("reason")?.lowercased() ?? (isDamage ? "damage" : "")
        if let kind = Kind(rawValue: reason), kind != .other { return kind }
        // Other editions' words for the same facts, among others: `torn away`.
        let words = [reason] + reason.split { !$0.isLetter && $0 != "-" }.map(String.init)
        return words.lazy.map(kind).first { $0 != .other }
            ?? (node.tei == "unclear" && reason.isEmpty ? .illegible : .other)
    }

    private static func kind(of word: String) -> Kind {
        switch word {
        case "sampling", "ellipsis", "irrelevant": return .editorial
        case "classified", "withheld-classified", "sanitized", "exempted": return .withheld
        case "redaction", "excised", "blackened": return .redacted
        case "illegible", "unclear", "faded", "faint", "blotted", "inaudible": return .illegible
        case "damaged", "lost", "torn", "hole", "tear", "rubbing", "smoke", "water", "mutilation", "missing", "lacuna",
            "cropped", "trimmed", "cut", "eaten":
            return .damage
        default: return .other
        }
    }

    /// `2 lines`, `about 5 characters`, `1–3 words`; empty if the markup does not say.
    static func extent(of node: Node) -> String {
        let unit = node.attribute("unit")
        let isApproximate = node.attribute("precision").map { $0 != "high" } ?? false
        let quantity: String
        if let value = node.attribute("quantity") {
            quantity = value
        } else if let low = node.attribute("atLeast") ?? node.attribute("min"),
            let high = node.attribute("atMost") ?? node.attribute("max")
        {
            quantity = low == high ? low : "\(low)–\(high)"
        } else if let low = node.attribute("atLeast") ?? node.attribute("min") {
            quantity = "at least \(low)"
        } else if let high = node.attribute("atMost") ?? node.attribute("max") {
            quantity = "at most \(high)"
        } else if let extent = node.attribute("extent") {
            quantity = extent
        } else {
            return ""
        }
        guard let unit else { return quantity == "unknown" ? "" : quantity }
        guard let quantity = Gap.count(quantity, unit) else { return quantity }
        return (isApproximate ? "about " : "")
            + "\(quantity) \(Gap.unit(unit, isOne: ["1", "at least 1", "at most 1"].contains(quantity)))"
    }

    /// How many, in words that the unit may follow: `3`, `3–5`, `several`, `an unknown number of`; `nil` if it says the
    /// unit itself.
    private static func count(_ quantity: String, _ unit: String) -> String? {
        if quantity == "unknown" { return "an unknown number of" }
        if quantity.hasPrefix("at ") { return quantity }
        let range = quantity.split(whereSeparator: { $0 == "-" || $0 == "–" })
        if range.count == 2, range.allSatisfy({ Double($0) != nil }) { return range.joined(separator: "–") }
        let isCounted = Double(quantity) != nil || quantity.allSatisfy(\.isLetter)
        return isCounted && !quantity.hasPrefix(unit.prefix(4)) ? quantity : nil
    }

    private static func unit(_ unit: String, isOne: Bool) -> String {
        let singular =
            switch unit {
            case "char", "chars", "character", "characters": "character"
            case _ where unit.hasSuffix("s") && unit.count > 3: String(unit.dropLast())
            default: unit
            }
        return isOne || singular.count <= 2 ? singular : singular + "s"
    }
}

extension Mark {
    /// Whether it is an insertion sign or the like: it says something about the page, and nothing in a text that does
    /// not show the page.
    package var isSign: Bool { kind == .other && node.tei == "metamark" && !isWords }

    /// Whether a `metamark` holds letters or figures that refer to nothing, such as a number in the margin. In a draft, by
    /// pages, they tell where an addition goes.
    private var isWords: Bool {
        node.attribute("function") == nil && node.xmlID == nil && targets.isEmpty && node.parent?.tei != "add"
            && !node.ancestors.contains { $0.tei == "sourceDoc" }
            && text.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }

    /// Whether it says all by a sign: a check mark, a question mark, a sign of one or two characters.
    var isOnlySign: Bool {
        !isReported && ([.check, .query].contains(kind) || kind == .other && text.count <= 2 && !isWords)
    }

    /// Whether it is a sign between words: in their line, or above or below them.
    var isInLine: Bool {
        (isOnlySign || kind == .other && isWords && node.tei == "metamark") && targets.isEmpty
            && (node.tei == "metamark" || node.tei == "note")
            && Set(place).isSubset(of: ["inline", "above", "below", "interlinear", "over", "inspace"])
    }

    /// How it looks, if the encoder says so in usual words; `nil` if that is no more than its kind.
    package var shape: Phrase? {
        switch kind {
        case .underline: Mark.countOfLines(node)
        case .other: Mark.shape(of: node) ?? node.descendants("metamark").first.flatMap(Mark.shape)
        case .check, .stamp, .query, .remark: nil
        }
    }

    private static func countOfLines(_ node: Node) -> Phrase? {
        let words = looks(of: node)
        func says(_ counts: String...) -> Bool { words.contains { word in counts.contains(where: word.contains) } }
        return says("double", "twice") ? .underlinedTwice : says("triple", "thrice") ? .underlinedThrice : nil
    }

    /// The shape that the words of an element name.
    static func shape(of node: Node) -> Phrase? {
        let isAround = isAroundWords(node)
        return looks(of: node).lazy.compactMap { word in
            shapes.first { row in row.stems.contains { word.hasPrefix($0) } }.flatMap { isAround ? $0.around : $0.sign }
        }.first
    }

    /// The encoder's words for the look and the purpose of a mark: `double` and `underline` of `double-underline`.
    private static func looks(of node: Node) -> [String] {
        ["subtype", "rend", "function"].flatMap { node.tokens($0) }
            .flatMap { $0.lowercased().split { !$0.isLetter }.map(String.init) }
    }

    private static let shapes: [(stems: [String], around: Phrase?, sign: Phrase?)] = [
        (["circle", "circling", "encircle", "ring"], .circled, .circle),
        (["box", "rectang", "frame"], .boxed, .box), (["highlight", "shaded"], .highlighted, .highlighted),
        (["bracket", "brace"], .bracketed, .bracket), (["arrow"], nil, .arrow),
        (["line", "stroke", "sideline"], nil, .drawnLine), (["cross"], nil, .cross),
        (["asterisk", "star"], nil, .asterisk), (["manicule", "fist"], nil, .pointingHand),
        (["insert", "caret"], nil, .insertionSign), (["initial", "paraph"], nil, .initials),
    ]

    private static func isAroundWords(_ node: Node) -> Bool { ["hi", "emph", "seg", "mod"].contains(node.tei) }

    /// Whether it is around words, which stay in their line: an underlining, a circle.
    package var isAroundWords: Bool { Mark.isAroundWords(node) }

    /// Whether a text says that it is around these words.
    package var isNamedAroundWords: Bool { kind == .underline || isAroundWords && shape != nil }

    /// The state that decides whether a text has the mark: the mark's hand and stage, not those of the words.
    ///
    /// - Parameter words: the state of the words.
    package func act(_ words: State) -> State {
        var state = words
        (state.hand, state.stage) = (hand, stage)
        return state
    }
}
