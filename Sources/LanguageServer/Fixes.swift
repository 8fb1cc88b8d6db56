internal import RelaxNG
internal import XML

/// A change of a document that mends a finding.
struct Fix {
    let title: String
    let edits: [(range: Range<Int>, text: String)]
    /// Whether it is what was probably meant.
    var isPreferred = true
}

/// The changes that a finding's own remedy proposes: the remedy says *did you mean …* or *write …*, and what it names is
/// put in the place of what was found.
struct Fixes {
    private let markup: Markup
    private let walk: GrammarWalk?
    private let finding: Diagnostic
    private let offset: Int
    /// The tag in which the finding is.
    private let item: Markup.Item?
    private let attribute: Markup.Attribute?

    init(_ markup: Markup, _ walk: GrammarWalk?, _ finding: Diagnostic, at offset: Int) {
        (self.markup, self.walk, self.finding, self.offset) = (markup, walk, finding, offset)
        let number = markup.lastItem(before: offset + 1)
        let item = number.map { markup.items[$0] }
        self.item = item.flatMap { $0.range.contains(offset) ? $0 : nil }
        attribute = self.item?.attributes.map { markup.attributes[$0] }.first { $0.range.contains(offset) }
    }

    var all: [Fix] {
        switch finding.rule {
        case "grammar-element-unknown", "grammar-element": otherElement + around + withoutTags
        case "grammar-text": around + emptyTag
        case "grammar-element-missing": missingElement
        case "grammar-attribute", "xml-namespace-prefix": otherAttribute
        case "grammar-value": otherValue
        case "grammar-attribute-missing": missingAttribute
        case "grammar-namespace": otherNamespace
        case "xml-entity-undeclared", "xml-ampersand", "xml-name": otherCharacter
        case "xml-attribute-quote": straightQuotes
        case "xml-tag-mismatch": otherEnd
        case "xml-unclosed": missingEnd
        case "xml-id-duplicate": otherID
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
            finding.rule == "grammar-element-unknown" || name != markup.name(of: element), mayBe(name, element)
        else { return [] }
        let known = Set(markup.attributes(of: markup.elements[element].startTag).map(\.name))
        let attributes = Fixes.attributes(in: tag).filter { !$0.value.contains("…") && !known.contains($0.name) }
        let written = attributes.map { " \($0.name)=\"\($0.value)\"" }.joined()
        var edits = [(item.name, name + written)]
        if let end = markup.elements[element].endTag { edits.append((markup.items[end].name, name)) }
        return [Fix(title: "Change <\(markup.name(of: element))> to <\(name)\(written)>", edits: edits)]
    }

    /// Whether an element may have another name: where it is, and with its content.
    private func mayBe(_ name: String, _ element: Int) -> Bool {
        guard let walk else { return true }
        walk.enter(markup.elements[element].parent, before: markup.range(of: element).lowerBound)
        guard let offer = walk.model.elements().first(where: { $0.name.localName == name }) else { return false }
        let skeleton = walk.model.skeleton(of: offer)
        return markup.parts(of: element, in: markup.content(of: element)).allSatisfy { part in
            if case .text = part { skeleton.hasText } else { !skeleton.isEmpty }
        }
    }

    /// `put it into a paragraph: <p>…</p>`, `put it into <seg>, which is allowed here`.
    private var around: [Fix] {
        guard let range = wrongContent else { return [] }
        var (start, end) = ("", "")
        if let colon = help.firstRange(of: ": <") {
            let example = help[help.index(before: colon.upperBound)...].split(
                separator: "…", omittingEmptySubsequences: false)
            if example.count == 2, example[1].hasPrefix("</") {
                (start, end) = (String(example[0]), String(example[1]))
            }
        }
        if start.isEmpty, let tag = proposals(["put it into "]).first, tag.hasPrefix("<") {
            (start, end) = (tag, "</" + tag.dropFirst())
        }
        guard !start.isEmpty, !start.contains("\"") else { return [] }
        return [
            Fix(
                title: "Put it into \(start)",
                edits: [(range.lowerBound..<range.lowerBound, start), (range.upperBound..<range.upperBound, end)])
        ]
    }

    /// The element or the text that is not allowed.
    private var wrongContent: Range<Int>? {
        if let item { return item.kind == .startTag ? item.element.map { markup.range(of: $0) } : nil }
        var end = markup.source[offset...].firstIndex(of: UInt8(ascii: "<")) ?? markup.source.count
        while end > offset, markup.source[end - 1].isXMLSpace { end -= 1 }
        return end > offset ? offset..<end : nil
    }

    /// The content of an element without its tags, where the element around it may hold it.
    private var withoutTags: [Fix] {
        guard let item, item.kind == .startTag, let element = item.element, let end = markup.elements[element].endTag,
            let walk
        else { return [] }
        walk.enter(markup.elements[element].parent, before: item.range.lowerBound)
        let allowed = Set(walk.model.elements().map(\.name.localName))
        let parts = markup.parts(of: element, in: markup.content(of: element))
        let isAllowed = parts.allSatisfy { part in
            switch part {
            case .text: walk.model.allowsText
            case .element(let child): allowed.contains(markup.localName(of: child))
            }
        }
        guard isAllowed else { return [] }
        return [
            Fix(
                title: "Remove the tags <\(markup.name(of: element))>",
                edits: [(item.range, ""), (markup.items[end].range, "")], isPreferred: false)
        ]
    }

    /// `write <lb/>, which holds nothing, and the text after it`.
    private var emptyTag: [Fix] {
        guard case .content(let element?) = markup.place(at: offset),
            help.hasPrefix("write <\(markup.name(of: element))/>"),
            let end = markup.elements[element].endTag
        else { return [] }
        let close = markup.items[markup.elements[element].startTag].range.upperBound - 1
        return [
            Fix(
                title: "Change to <\(markup.name(of: element))/>",
                edits: [(close..<close, "/"), (markup.items[end].range, "")])
        ]
    }

    /// `<label> is missing before <item>`.
    private var missingElement: [Fix] {
        guard let walk, let end = finding.message.firstRange(of: "> is missing"),
            let start = finding.message[..<end.lowerBound].lastIndex(of: "<"),
            case .content(let element) = markup.place(at: offset)
        else { return [] }
        let name = String(finding.message[finding.message.index(after: start)..<end.lowerBound])
        walk.enter(element, before: offset)
        guard let offer = walk.model.elements().first(where: { $0.name.localName == name }) else { return [] }
        let snippet = Snippet(false).add(
            element: walk.model.skeleton(of: offer), name, markup.namespace(of: nil, at: element), isInText: true)
        return [Fix(title: "Insert <\(name)>", edits: [(offset..<offset, snippet.text)])]
    }

    private var otherNamespace: [Fix] {
        guard let item, item.kind == .startTag,
            let meant = Fixes.attributes(in: help).first(where: { $0.name.hasPrefix("xmlns") })
        else { return [] }
        let old = item.attributes.map { markup.attributes[$0] }.first { markup.string($0.name) == meant.name }
        let edit =
            old.flatMap(\.value).map { ($0, meant.value) }
            ?? (item.name.upperBound..<item.name.upperBound, " \(meant.name)=\"\(meant.value)\"")
        return [Fix(title: "Declare \(meant.name)=\"\(meant.value)\"", edits: [edit])]
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
        let quoted = finding.message.split(separator: "‘").dropFirst(2).first.map { $0.prefix { $0 != "’" } }
        let named = item?.attributes.map { markup.attributes[$0] }.first { markup.string($0.name) == quoted ?? "" }
        guard let attribute = attribute ?? named else { return [] }
        let names = proposals(["did you mean "]).map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
        let written = proposals(["write it as ", "write how it looks as ", "write "]).compactMap { text in
            text.contains("=\"") ? String(text.prefix { $0 != "=" }) : nil
        }
        let old = markup.string(attribute.name)
        let changes = (names + written).prefix(1).map { name in
            Fix(title: "Change @\(old) to @\(name)", edits: [(attribute.name, name)])
        }
        return changes + [
            Fix(title: "Remove @\(old)", edits: [(withSpaceBefore(attribute.range), "")], isPreferred: false)
        ]
    }

    private func withSpaceBefore(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, markup.source[start - 1].isXMLSpace { start -= 1 }
        return start..<range.upperBound
    }

    private var otherValue: [Fix] {
        guard let attribute, let value = attribute.value else { return [] }
        let quoted = help.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        let isProposal = ["did you mean ", "write "].contains(where: help.hasPrefix) || help.contains("=\"")
        var values = isProposal ? quoted.filter { $0.offset % 2 == 1 }.map { String($0.element) } : []
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
        return help.split(separator: ",").compactMap { phrase -> Fix? in
            let meant = Fixes.attributes(in: String(phrase)).filter { !$0.value.contains("…") }
            guard let own = meant.first(where: { $0.name == name }) else { return nil }
            let others = meant.filter { $0.name != name }.map { " \($0.name)=\"\($0.value)\"" }.joined()
            return Fix(
                title: "Change to \(name)=\"\(own.value)\"\(others)",
                edits: [(value, own.value), (attribute.range.upperBound..<attribute.range.upperBound, others)])
        }
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
        guard let text = proposals(["write "]).first else { return [] }
        let character = text.hasSuffix(":") ? String(text.dropLast()) : text
        let wrong = UInt8(ascii: finding.rule == "xml-name" ? "<" : "&")
        // The parser tells of the place after the character.
        guard
            let start = (max(offset - 3, 0)...offset).last(where: {
                markup.source.indices.contains($0) && markup.source[$0] == wrong
            })
        else { return [] }
        let isReference = finding.rule == "xml-entity-undeclared"
        let end = isReference ? markup.source[start...].firstIndex(of: UInt8(ascii: ";")).map { $0 + 1 } : start + 1
        return end.map { [Fix(title: "Change to \(character)", edits: [(start..<$0, character)])] } ?? []
    }

    /// Curly quotation marks around values become straight ones; a value without any gets them.
    private var straightQuotes: [Fix] {
        if let unquoted = item?.attributes.map({ markup.attributes[$0] }).first(where: {
            !$0.isClosed && $0.value != nil
        }),
            let value = unquoted.value, !value.isEmpty, markup.source[value.lowerBound - 1] == UInt8(ascii: "="),
            !markup.string(value).contains(where: { "“”„‘’".contains($0) })
        {
            return [Fix(title: "Write the value in quotation marks", edits: [(value, "\"\(markup.string(value))\"")])]
        }
        let end = markup.source[offset...].firstIndex(of: UInt8(ascii: ">")) ?? markup.source.count
        let start = markup.source[..<offset].lastIndex(of: UInt8(ascii: "<")) ?? offset
        let tag = markup.string(start..<end)
        guard tag.contains(where: { "“”„‘’".contains($0) }) else { return [] }
        let straight = String(tag.map { "“”„".contains($0) ? "\"" : "‘’".contains($0) ? "'" : $0 })
        return [Fix(title: "Write straight quotation marks", edits: [(start..<end, straight)])]
    }

    /// Another id for the second of two equal ones.
    private var otherID: [Fix] {
        let own = item?.element.flatMap { markup.identifier(of: $0) }
        guard let value = own else { return [] }
        let ids = Set(FileIndex(markup, path: "").targets.map(\.id))
        let stem = markup.value(value)
        let new = (2...).lazy.map { "\(stem)-\($0)" }.first { !ids.contains($0) }!
        return [Fix(title: "Change to \(new)", edits: [(value, new)])]
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
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
