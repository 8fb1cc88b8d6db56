internal import RelaxNG
internal import TEI
internal import XML

/// Makes the list of what may be written at a place of a document.
struct Completion {
    let document: OpenDocument
    let model: ContentModel?
    let corpus: Use
    let targets: PointerTargets
    /// Whether the client fills in placeholders.
    let usesSnippets: Bool

    private var markup: Markup { document.markup }

    func items(at offset: Int) -> CompletionList {
        if let reference = reference(before: offset) { return CompletionList(items: references(reference)) }
        switch markup.place(at: offset) {
        case .content(let element): return CompletionList(items: content(element, offset))
        case .startTagName(let item): return CompletionList(items: names(item, offset))
        case .attributeName(let item, let attribute): return CompletionList(items: attributes(item, attribute, offset))
        case .value(let item, let attribute): return values(item, attribute, offset)
        case .endTag(let item): return CompletionList(items: endTags(item, offset))
        case .other: return CompletionList(items: [])
        }
    }

    // MARK: Elements

    /// Whole elements, where no tag has begun.
    private func content(_ element: Int?, _ offset: Int) -> [CompletionItem] {
        guard let model else { return [] }
        let walk = document.walk(model)
        walk.enter(element, before: offset)
        var items: [CompletionItem] = []
        if let values = model.values() { items += listed(values, offset..<offset, element, attribute: nil) }
        let closing = element.flatMap { markup.elements[$0].endTag == nil ? "</\(markup.name(of: $0))>" : nil }
        if let closing {
            items.append(
                CompletionItem(
                    label: closing, kind: .class,
                    textEdit: TextEdit(range: document.text.range(offset..<offset), newText: closing)))
        }
        items += elements(in: element, offset, walk) { offer, name in
            let snippet = Snippet(usesSnippets).add(
                element: model.skeleton(of: offer), name, self.namespace(element),
                isInText: model.allowsText)
            return TextEdit(range: self.document.text.range(offset..<offset), newText: snippet.text)
        }
        return numbered(items)
    }

    /// Names after a `<`.
    private func names(_ number: Int, _ offset: Int) -> [CompletionItem] {
        guard let model else { return [] }
        let item = markup.items[number]
        let parent = item.element.map { markup.elements[$0].parent } ?? markup.element(after: number)
        let walk = document.walk(model)
        walk.enter(parent, before: item.range.lowerBound)
        // Text after the cursor is no part of a name that is being written.
        let end = item.isClosed ? item.name.upperBound : offset
        let range = document.text.range(item.name.lowerBound..<max(end, offset))
        let following = item.element.map { markup.range(of: $0).upperBound } ?? item.range.upperBound
        let siblings = walk.siblings(of: parent, after: item.isClosed ? following : offset)
        let items = elements(in: parent, item.range.lowerBound, walk, siblings: siblings) { offer, name in
            guard !item.isClosed else { return TextEdit(range: range, newText: name) }
            let snippet = Snippet(usesSnippets).add(
                element: model.skeleton(of: offer), name, self.namespace(parent), isBegun: true,
                isInText: model.allowsText)
            return TextEdit(range: range, newText: snippet.text)
        }
        return numbered(items)
    }

    private func elements(
        in parent: Int?, _ offset: Int, _ walk: GrammarWalk, siblings: [ContentModel.Sibling]? = nil,
        edit: (ContentModel.Offer, String) -> TextEdit
    ) -> [CompletionItem] {
        let offers = walk.model.elements()
        let broken = walk.model.breaking(offers, before: siblings ?? walk.siblings(of: parent, after: offset))
        let names = offers.map { name($0.name, at: parent) }
        let order = order(names, broken, in: parent, before: offset)
        return order.map { index in
            let name = names[index]
            return CompletionItem(
                label: name,
                labelDetails: broken[index] ? CompletionItem.LabelDetails(description: Labels.breaks) : nil,
                kind: .class, detail: broken[index] ? Labels.breaksFollowing : nil,
                insertTextFormat: usesSnippets ? 2 : 1, insertTextMode: 2, textEdit: edit(offers[index], name),
                data: CompletionItem.Data(uri: document.text.uri, element: offers[index].name.localName))
        }
    }

    /// The order in which elements are offered: first those that break nothing, then those that are likelier here by what
    /// this document and the others have after the same element and in the same parent, then the grammar's order.
    func order(_ names: [String], _ broken: [Bool], in parent: Int?, before offset: Int) -> [Int] {
        guard let parent else { return Array(names.indices) }
        let parentName = markup.name(of: parent)
        let own = Use(of: markup, in: parentName).children[parentName] ?? Use.Children()
        let others = corpus.children[parentName] ?? Use.Children()
        let previous = previousName(in: parent, before: offset)
        let scores = names.map { name in
            let (here, there) = (
                own.likelihood(of: name, after: previous), others.likelihood(of: name, after: previous)
            )
            return 0.4 * here.next + 0.2 * here.any + 0.3 * there.next + 0.1 * there.any
        }
        return names.indices.sorted {
            (broken[$0] ? 1 : 0, -scores[$0], $0) < (broken[$1] ? 1 : 0, -scores[$1], $1)
        }
    }

    private func previousName(in parent: Int, before offset: Int) -> String {
        let content = markup.content(of: parent)
        for part in markup.parts(of: parent, in: content.lowerBound..<max(offset, content.lowerBound)).reversed() {
            if case .element(let element) = part { return markup.name(of: element) }
        }
        return ""
    }

    /// A name as it is written at an element: with the prefix that its namespace has there.
    private func name(_ name: QName, at element: Int?) -> String {
        if name.prefix == "xml" { return name.description }
        if markup.namespace(of: nil, at: element).isSame(as: name.namespace) { return name.localName }
        let prefix = element.flatMap { element in
            markup.prefixes(at: element).first { $0.namespace.isSame(as: name.namespace ?? "") }?.prefix
        }
        if let prefix { return "\(prefix):\(name.localName)" }
        return name.localName
    }

    /// The default namespace at an element.
    private func namespace(_ element: Int?) -> String? { markup.namespace(of: nil, at: element) }

    // MARK: End tags

    private func endTags(_ number: Int, _ offset: Int) -> [CompletionItem] {
        let item = markup.items[number]
        var names: [String] = []
        var next = item.element ?? markup.element(after: number)
        while let element = next {
            if !names.contains(markup.name(of: element)) { names.append(markup.name(of: element)) }
            next = markup.elements[element].parent
        }
        let hasEnd = item.isClosed
        return numbered(
            names.map { name in
                CompletionItem(
                    label: name, kind: .class,
                    textEdit: TextEdit(
                        range: document.text.range(item.name.lowerBound..<max(item.name.upperBound, offset)),
                        newText: hasEnd ? name : name + ">"))
            })
    }

    // MARK: Attributes

    private func attributes(_ number: Int, _ attribute: Int?, _ offset: Int) -> [CompletionItem] {
        guard let model, let element = markup.items[number].element else { return [] }
        document.walk(model).enter(tag: number, without: attribute)
        let written = attribute.map { markup.attributes[$0] }
        // Text after the cursor is no part of an attribute if the tag has no end.
        let isClosed = markup.items[number].isClosed
        let range =
            written.map { $0.name.lowerBound..<(isClosed ? max($0.name.upperBound, offset) : offset) }
            ?? offset..<offset
        let hasValue = written?.value != nil
        let isBeforeAnother =
            written == nil && offset < document.text.bytes.count && document.text.bytes[offset].isNamePart
        let used = corpus.attributes[markup.name(of: element)] ?? [:]
        let own = document.use.attributes[markup.name(of: element)] ?? [:]
        let offers = model.attributes()
        let names = offers.map { name($0.name, at: element) }
        let order = offers.indices.sorted {
            func rank(_ index: Int) -> (Int, Int, Int, Int) {
                (
                    offers[index].isRequired ? 0 : 1, -(own[names[index]] ?? 0), -(used[names[index]] ?? 0), index
                )
            }
            return rank($0) < rank($1)
        }
        return numbered(
            order.map { index in
                let name = names[index]
                var snippet = Snippet(usesSnippets)
                if hasValue {
                    snippet.add(text: name)
                } else {
                    let values = model.values(of: model.number(of: offers[index].name))
                    let listed = values?.datatypes.isEmpty == true ? values?.listed ?? [] : []
                    snippet.add(attribute: name, values: byUse(listed, of: name, on: element))
                    if isBeforeAnother { snippet.add(text: " ") }
                }
                return CompletionItem(
                    label: name,
                    labelDetails: offers[index].isRequired
                        ? CompletionItem.LabelDetails(description: Labels.required) : nil,
                    kind: .property, detail: offers[index].isRequired ? Labels.required : nil,
                    insertTextFormat: usesSnippets ? 2 : 1,
                    textEdit: TextEdit(range: document.text.range(range), newText: snippet.text),
                    data: CompletionItem.Data(
                        uri: document.text.uri, element: markup.localName(of: element), attribute: name))
            })
    }

    private func values(_ number: Int, _ attribute: Int, _ offset: Int) -> CompletionList {
        let written = markup.attributes[attribute]
        guard let element = markup.items[number].element, let value = written.value else {
            return CompletionList(items: [])
        }
        let name = markup.string(written.name)
        // Of several values the one at the cursor is replaced.
        let token =
            markup.tokens(in: value).first { $0.lowerBound <= offset && offset <= $0.upperBound } ?? offset..<offset
        var items: [CompletionItem] = []
        if let model {
            document.walk(model).enter(tag: number, without: attribute)
            let values = model.values(of: document.walk(model).number(ofAttribute: name, in: element))
            if let values { items += listed(values, values.isList ? token : value, element, attribute: name) }
        }
        let pointers = targets.items(
            for: name, on: element, in: document, replacing: token, text: markup.string(token.lowerBound..<offset))
        items += pointers.items
        if !pointers.isPointer { items += usual(name, element, value, except: Set(items.map(\.label))) }
        return CompletionList(isIncomplete: pointers.isCut, items: numbered(items))
    }

    private func listed(
        _ values: ContentModel.Values, _ range: Range<Int>, _ element: Int?, attribute: String?
    ) -> [CompletionItem] {
        let order = element.flatMap { element in attribute.map { byUse(values.listed, of: $0, on: element) } }
        return (order ?? values.listed).map { value in
            return CompletionItem(
                label: value, kind: .value,
                textEdit: TextEdit(range: document.text.range(range), newText: value.escapedAsAttribute),
                data: element.map {
                    CompletionItem.Data(
                        uri: document.text.uri, element: markup.localName(of: $0), attribute: attribute, value: value)
                })
        }
    }

    /// The values that the attribute has elsewhere.
    private func usual(
        _ name: String, _ element: Int, _ value: Range<Int>, except known: Set<String>
    ) -> [CompletionItem] {
        let written = markup.value(value)
        var counts = usedValues(name, element)
        // What the texts and pages know, though nobody has used it yet.
        for value in Completion.known[name] ?? [] { counts[value, default: 0] += 0 }
        return counts.filter { !known.contains($0.key) && !$0.key.isEmpty && !($0.key == written && $0.value == 1) }
            .sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.prefix(100).map { used in
                CompletionItem(
                    label: used.key, kind: .text, detail: used.value > 0 ? Labels.used(used.value) : nil,
                    textEdit: TextEdit(range: document.text.range(value), newText: used.key.escapedAsAttribute))
            }
    }

    private static let known = [
        "medium": ["typescript", "ink", "pencil", "felt-pen", "stamp", "print"],
        "rend": [
            "underline", "double-underline", "circled", "boxed", "strikethrough", "overtyped", "superscript", "bracket",
            "arrow", "line",
        ],
    ]

    /// Values in the order of their use; those that are used equally stay in theirs.
    private func byUse(_ values: [String], of attribute: String, on element: Int) -> [String] {
        let counts = usedValues(attribute, element)
        return values.indices.sorted {
            (-(counts[values[$0]] ?? 0), $0) < (-(counts[values[$1]] ?? 0), $1)
        }.map { values[$0] }
    }

    private func usedValues(_ attribute: String, _ element: Int) -> [String: Int] {
        let key = "\(markup.name(of: element))@\(attribute)"
        return (document.use.values[key] ?? [:]).merging(corpus.values[key] ?? [:], uniquingKeysWith: +)
    }

    // MARK: References

    /// The place of a reference to an entity that is being written, with its `&`.
    private func reference(before offset: Int) -> Range<Int>? {
        let source = document.text.bytes
        var start = offset
        while start > 0, source[start - 1].isNamePart { start -= 1 }
        guard start > 0, source[start - 1] == UInt8(ascii: "&") else { return nil }
        switch markup.place(at: offset) {
        case .content, .value: return start - 1..<offset
        default: return nil
        }
    }

    private func references(_ range: Range<Int>) -> [CompletionItem] {
        numbered(
            [("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'")].map { name, character in
                CompletionItem(
                    label: "&\(name);", kind: .text, detail: character,
                    textEdit: TextEdit(range: document.text.range(range), newText: "&\(name);"))
            })
    }

    /// Clients sort by `sortText`.
    private func numbered(_ items: [CompletionItem]) -> [CompletionItem] {
        items.enumerated().map { number, item in
            var item = item
            item.sortText = String(String(100_000 + number).dropFirst())
            return item
        }
    }
}

/// A text with placeholders, as clients fill them in (LSP, Snippet Syntax), or without.
struct Snippet {
    private(set) var text = ""
    private let hasPlaceholders: Bool
    private var count = 0
    private var isInText = false

    init(_ hasPlaceholders: Bool) { self.hasPlaceholders = hasPlaceholders }

    mutating func add(text: String) {
        self.text += hasPlaceholders ? text.escaped("\\$}") : text
    }

    /// The next place of the cursor.
    mutating func addPlaceholder(_ values: [String] = []) {
        // Without placeholders nothing is said that the encoder has not chosen.
        guard hasPlaceholders else { return }
        count += 1
        switch values.count {
        case 0: text += "$\(count)"
        case 1: text += "${\(count):\(values[0].escapedAsAttribute.escaped("\\$}"))}"
        default: text += "${\(count)|\(values.map { $0.escapedAsAttribute.escaped("\\,|$}") }.joined(separator: ","))|}"
        }
    }

    mutating func add(attribute name: String, values: [String]) {
        add(text: "\(name)=\"")
        addPlaceholder(values)
        add(text: "\"")
    }

    /// An element with its required attributes and children.
    ///
    /// - Parameters:
    ///   - name: its name with its prefix.
    ///   - namespace: the default namespace where it is inserted.
    ///   - isBegun: whether its `<` is there already.
    ///   - isInText: whether it is among words, where a line end would be text.
    func add(
        element: Skeleton, _ name: String, _ namespace: String?, isBegun: Bool = false, isInText: Bool
    ) -> Snippet {
        var snippet = self
        // A client without snippets may take one line alone.
        snippet.isInText = isInText || !hasPlaceholders
        snippet.add(element, name, namespace, isBegun: isBegun, depth: 0)
        if hasPlaceholders { snippet.text += "$0" }
        return snippet
    }

    private mutating func add(
        _ element: Skeleton, _ name: String, _ namespace: String?, isBegun: Bool = false, depth: Int
    ) {
        add(text: isBegun ? name : "<\(name)")
        let isPrefixed = name.utf8.contains(UInt8(ascii: ":"))
        let isForeign = !isPrefixed && !element.name.namespace.isSame(as: namespace)
        if isForeign { add(text: " xmlns=\"\((element.name.namespace ?? "").escapedAsAttribute)\"") }
        for (name, values) in element.attributes {
            add(text: " ")
            add(attribute: name.description, values: values)
        }
        if element.isEmpty { return add(text: "/>") }
        add(text: ">")
        // Line ends are text where there may be text.
        let line = isInText || element.hasText || element.children.isEmpty ? "" : "\n"
        for child in element.children {
            add(text: line.isEmpty ? "" : line + String(repeating: "  ", count: depth + 1))
            let prefix = isPrefixed ? String(name[..<name.firstIndex(of: ":")!]) + ":" : ""
            add(child, prefix + child.name.localName, isForeign ? element.name.namespace : namespace, depth: depth + 1)
        }
        if element.children.isEmpty { addPlaceholder() }
        add(text: line.isEmpty ? "" : line + String(repeating: "  ", count: depth))
        add(text: "</\(name)>")
    }
}

extension String {
    /// With a backslash before each of these characters.
    fileprivate func escaped(_ characters: String) -> String {
        String(flatMap { characters.contains($0) ? "\\\($0)" : String($0) })
    }
}
