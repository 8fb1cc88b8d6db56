internal import RelaxNG
internal import XML

// Formatting that never changes a text: only white space that the grammar does not allow as text is changed, and white
// space within tags.

extension Server {
    func format(_ params: FormattingParams) throws(ResponseError) -> [TextEdit]? {
        let document = try document(params.textDocument)
        guard let model = model(for: document) else { return nil }
        return Formatter(document, model, indentation(of: document, params.options)).edits().map {
            TextEdit(range: document.text.range($0.range), newText: $0.text)
        }
    }
}

extension Server {
    /// The white space by which each level is indented: as the document has it, or else as the client says.
    private func indentation(of document: OpenDocument, _ options: FormattingParams.Options?) -> String {
        let children = document.markup.children(of: 0, named: nil)
        if let first = children.first {
            let own = document.text.indentation(at: document.markup.range(of: first).lowerBound)
            if !own.isEmpty { return own }
        }
        let width = min(max(options?.tabSize ?? 2, 1), 16)
        return options?.insertSpaces == false ? "\t" : String(repeating: " ", count: width)
    }
}

/// Indents the elements of a document where the white space between them is no text.
private struct Formatter {
    private let markup: Markup
    private let source: [UInt8]
    private let walk: GrammarWalk
    private let indent: String
    private let lineEnd: String

    init(_ document: OpenDocument, _ model: ContentModel, _ indent: String) {
        (markup, source, self.indent) = (document.markup, document.text.bytes, indent)
        lineEnd = document.text.bytes.span.firstOffset(of: "\r\n".utf8.span) == nil ? "\n" : "\r\n"
        walk = document.walk(model)
    }

    /// The changes in the order of the document.
    func edits() -> [(range: Range<Int>, text: String)] {
        guard !markup.elements.isEmpty, markup.items.allSatisfy(\.isClosed),
            markup.elements.allSatisfy({ isFinished($0) })
        else { return [] }
        var edits: [(range: Range<Int>, text: String)] = []
        var depths = [Int](repeating: -1, count: markup.elements.count)
        // By the name and the parent's name: whether white space in an element is no text.
        var known: [String: Bool] = [:]
        for element in markup.elements.indices {
            let parent = markup.elements[element].parent
            guard parent.map({ depths[$0] >= 0 }) ?? true, !keepsSpace(element) else { continue }
            let key = markup.path(to: element).suffix(3).map { markup.name(of: $0) }.joined(separator: "/")
            let isOfElements = known[key] ?? isOfElements(element)
            known[key] = isOfElements
            guard isOfElements, hasNoText(element), !isOnOneLine(element) else { continue }
            let depth = parent.map { depths[$0] + 1 } ?? 0
            depths[element] = depth
            edits += spaces(in: element, depth)
        }
        return edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func isFinished(_ element: Markup.Element) -> Bool {
        let tag = markup.items[element.startTag]
        return tag.isClosed && (tag.isEmpty || element.endTag != nil)
    }

    private func keepsSpace(_ element: Int) -> Bool {
        markup.path(to: element).last { markup.value(of: "xml:space", in: $0) != nil }.map {
            markup.value(of: "xml:space", in: $0) == "preserve"
        } ?? false
    }

    /// Whether the grammar allows no text anywhere in an element.
    private func isOfElements(_ element: Int) -> Bool {
        let content = markup.content(of: element)
        walk.enter(element, before: content.lowerBound)
        guard !walk.model.allowsText, !walk.model.elements().isEmpty else { return false }
        walk.enter(element, before: content.upperBound)
        return !walk.model.allowsText
    }

    /// A short element that somebody wrote on one line stays there.
    private func isOnOneLine(_ element: Int) -> Bool {
        !source[markup.content(of: element)].contains { $0 == 0x0A || $0 == 0x0D }
    }

    private func hasNoText(_ element: Int) -> Bool {
        let parts = markup.parts(of: element, in: markup.content(of: element))
        return !parts.isEmpty && parts.allSatisfy { if case .element = $0 { true } else { false } }
    }

    /// The white space around the children of an element.
    private func spaces(in element: Int, _ depth: Int) -> [(range: Range<Int>, text: String)] {
        let content = markup.content(of: element)
        var (edits, offset): ([(range: Range<Int>, text: String)], Int) = ([], content.lowerBound)
        func space(upTo end: Int, _ depth: Int) {
            let written = String(decoding: source[offset..<end], as: UTF8.self)
            guard written.utf8.allSatisfy({ $0.isXMLSpace }) else { return }
            // An empty line between two parts stays.
            let lines = min(max(written.utf8.count { $0 == 0x0A }, 1), 2)
            let meant = String(repeating: lineEnd, count: lines) + String(repeating: indent, count: depth)
            if written != meant { edits.append((offset..<end, meant)) }
        }
        for child in markup.itemsBetween(content) {
            space(upTo: child.lowerBound, depth + 1)
            offset = child.upperBound
        }
        space(upTo: content.upperBound, depth)
        return edits
    }
}

extension Markup {
    /// The child elements, comments and processing instructions in a range, each whole.
    fileprivate func itemsBetween(_ range: Range<Int>) -> [Range<Int>] {
        var (ranges, number): ([Range<Int>], Int) = ([], lastItem(before: range.lowerBound).map { $0 + 1 } ?? 0)
        while number < items.count, items[number].range.lowerBound < range.upperBound {
            let item = items[number]
            let whole = item.kind == .startTag ? item.element.map { self.range(of: $0) } ?? item.range : item.range
            ranges.append(whole)
            number += 1
            while number < items.count, items[number].range.lowerBound < whole.upperBound { number += 1 }
        }
        return ranges
    }
}
