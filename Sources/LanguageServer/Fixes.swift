internal import RelaxNG
internal import XML

/// A change of a document that mends a finding.
struct Fix {
    let title: String
    let edits: [(range: Swift.Range<Int>, text: String)]
}

/// The changes that a finding's own remedy proposes: the remedy says *did you mean …* or *write …*, and what it names is
/// put in the place of what was found.
struct Fixes {
    private let markup: Markup
    private let finding: Diagnostic
    private let offset: Int
    /// The tag in which the finding is.
    private let item: Markup.Item?
    private let attribute: Markup.Attribute?

    init(_ markup: Markup, _ finding: Diagnostic, at offset: Int) {
        (self.markup, self.finding, self.offset) = (markup, finding, offset)
        let number = markup.lastItem(before: offset + 1)
        let item = number.map { markup.items[$0] }
        self.item = item.flatMap { $0.range.contains(offset) ? $0 : nil }
        attribute = self.item?.attributes.map { markup.attributes[$0] }.first { $0.range.contains(offset) }
    }

    var all: [Fix] {
        switch finding.rule {
        case "grammar-element-unknown", "grammar-element": otherElement
        case "grammar-attribute", "xml-namespace-prefix": otherAttribute
        case "grammar-value": otherValue
        case "grammar-attribute-missing": missingAttribute
        case "xml-entity-undeclared", "xml-ampersand", "xml-name": otherCharacter
        case "xml-tag-mismatch": otherEnd
        case "xml-unclosed": missingEnd
        default: finding.rule.hasPrefix("pointer-") ? otherPointer : []
        }
    }

    private var help: String { finding.help ?? "" }

    // MARK: Elements

    /// `write <hi rend="underline">`: the tag is put in place of the one that was found. An attribute whose value must be
    /// found out is left out.
    private var otherElement: [Fix] {
        guard let item, item.kind == .startTag, let element = item.element,
            let tag = proposals(["write ", "did you mean ", "begins with "]).first(where: { $0.hasPrefix("<") }),
            let name = tag.dropFirst().split(whereSeparator: { " />".contains($0) }).first.map(String.init),
            finding.rule == "grammar-element-unknown" || name != markup.name(of: element)
        else { return [] }
        let known = Set(markup.attributes(of: markup.elements[element].startTag).map(\.name))
        let attributes = Fixes.attributes(in: tag).filter { !$0.value.contains("…") && !known.contains($0.name) }
        let written = attributes.map { " \($0.name)=\"\($0.value)\"" }.joined()
        var edits = [(item.name, name + written)]
        if let end = markup.elements[element].endTag { edits.append((markup.items[end].name, name)) }
        return [Fix(title: "Change <\(markup.name(of: element))> to <\(name)\(written)>", edits: edits)]
    }

    private static func attributes(in tag: String) -> [(name: String, value: String)] {
        let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 0, to: parts.count - 1, by: 2).compactMap { index in
            guard let name = parts[index].split(whereSeparator: { " =".contains($0) }).last else { return nil }
            return (String(name), String(parts[index + 1]))
        }
    }

    /// `close <hi> before it, or correct the name of one of the two tags`.
    private var otherEnd: [Fix] {
        guard let item, item.kind == .endTag, let open = proposals(["close "]).first(where: { $0.hasPrefix("<") })
        else {
            return []
        }
        let name = open.filter { !"<>".contains($0) }
        return [
            Fix(title: "Insert </\(name)>", edits: [(offset..<offset, "</\(name)>")]),
            Fix(title: "Change </\(markup.string(item.name))> to </\(name)>", edits: [(item.name, name)]),
        ]
    }

    private var missingEnd: [Fix] {
        guard let item, let element = item.element, markup.elements[element].endTag == nil else { return [] }
        let (name, end) = (markup.name(of: element), markup.elements[element].contentEnd)
        return [Fix(title: "Insert </\(name)>", edits: [(end..<end, "</\(name)>")])]
    }

    // MARK: Attributes

    private var otherAttribute: [Fix] {
        guard let attribute else { return [] }
        let names = proposals(["did you mean "]).map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
        let written = proposals(["write it as ", "write how it looks as ", "write "]).compactMap { text in
            text.contains("=\"") ? String(text.prefix { $0 != "=" }) : nil
        }
        let old = markup.string(attribute.name)
        let changes = (names + written).prefix(1).map { name in
            Fix(title: "Change @\(old) to @\(name)", edits: [(attribute.name, name)])
        }
        return changes + [Fix(title: "Remove @\(old)", edits: [(withSpaceBefore(attribute.range), "")])]
    }

    private func withSpaceBefore(_ range: Swift.Range<Int>) -> Swift.Range<Int> {
        var start = range.lowerBound
        while start > 0, markup.source[start - 1].isXMLSpace { start -= 1 }
        return start..<range.upperBound
    }

    private var otherValue: [Fix] {
        guard let attribute, let value = attribute.value else { return [] }
        let quoted = help.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        var values = quoted.filter { $0.offset % 2 == 1 }.map { String($0.element) }
        if values.isEmpty {
            values = proposals(["year-month-day: ", "out: ", "write "]).filter {
                !$0.contains("…") && !$0.hasPrefix("<")
            }
        } else if help.contains("=\"") {
            // It speaks of other attributes too.
            return otherAttributes
        }
        return values.prefix(8).map { Fix(title: "Change to \"\($0)\"", edits: [(value, $0.escapedAsAttribute)]) }
    }

    /// `write type="authorial" place="bottom"`: what has no value yet is left out.
    private var otherAttributes: [Fix] {
        guard let attribute, let value = attribute.value else { return [] }
        let name = markup.string(attribute.name)
        let phrases = help.split(separator: ",").compactMap { phrase -> Fix? in
            let meant = Fixes.attributes(in: String(phrase)).filter { !$0.value.contains("…") }
            guard let own = meant.first(where: { $0.name == name }) else { return nil }
            let others = meant.filter { $0.name != name }.map { " \($0.name)=\"\($0.value)\"" }.joined()
            return Fix(
                title: "Change to \(name)=\"\(own.value)\"\(others)",
                edits: [(value, own.value), (attribute.range.upperBound..<attribute.range.upperBound, others)])
        }
        return phrases
    }

    /// `add @reason ("withheld", "redacted" or "damage") to the start tag`.
    private var missingAttribute: [Fix] {
        guard let item, item.kind == .startTag, let name = proposals(["add @"]).first else { return [] }
        let values = help.prefix { $0 != ")" }.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        let place = item.name.upperBound..<item.name.upperBound
        return (values.isEmpty ? [""] : values).prefix(8).map { value in
            Fix(title: "Add \(name)=\"\(value)\"", edits: [(place, " \(name)=\"\(value)\"")])
        }
    }

    // MARK: Pointers and characters

    private var otherPointer: [Fix] {
        guard let attribute, let value = attribute.value,
            let pointer = proposals(["did you mean ", "write "]).first(where: { $0.contains("#") })
        else { return [] }
        let meant = pointer.hasSuffix("?") ? String(pointer.dropLast()) : pointer
        let wrong = finding.message.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first.map(
            String.init)
        let token = markup.tokens(in: value).first { markup.value($0) == wrong } ?? value
        return [Fix(title: "Change to \(meant)", edits: [(token, meant.escapedAsAttribute)])]
    }

    private var otherCharacter: [Fix] {
        guard let text = proposals(["write "]).first, offset < markup.source.count else { return [] }
        let character = text.hasSuffix(":") ? String(text.dropLast()) : text
        let isReference = finding.rule == "xml-entity-undeclared"
        let end = isReference ? markup.source[offset...].firstIndex(of: UInt8(ascii: ";")).map { $0 + 1 } : offset + 1
        guard let end, markup.source[offset] == UInt8(ascii: finding.rule == "xml-name" ? "<" : "&") else { return [] }
        return [Fix(title: "Change to \(character)", edits: [(offset..<end, character)])]
    }

    /// What the remedy names after one of these words: a tag as a whole, else a word.
    private func proposals(_ words: [String]) -> [String] {
        words.compactMap { word in
            help.range(of: word).map { help[$0.upperBound...] }
        }.map { rest in
            guard rest.hasPrefix("<"), let end = rest.firstIndex(of: ">") else {
                return String(rest.prefix { !" ,?".contains($0) })
            }
            return String(rest[...end])
        }
    }
}

extension String {
    /// The first place of a text.
    fileprivate func range(of text: String) -> Swift.Range<String.Index>? { firstRange(of: text) }
}
