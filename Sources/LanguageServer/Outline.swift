internal import TEI
internal import XML

// What an editor shows of a document's structure.

extension Server {
    /// The kinds of LSP's symbols that come nearest.
    fileprivate enum SymbolKind {
        static let field = 8, key = 20
    }

    // MARK: Symbols

    /// The tree of the elements that structure a document, or that others point at.
    func symbols(_ params: DocumentParams) throws(ResponseError) -> [DocumentSymbol]? {
        let document = try document(params.textDocument)
        return Outline(document).symbols(of: nil)
    }

    func flatSymbols(_ params: DocumentParams) throws(ResponseError) -> [SymbolInformation]? {
        let document = try document(params.textDocument)
        func flatten(_ symbols: [DocumentSymbol], in container: String?) -> [SymbolInformation] {
            symbols.flatMap { symbol in
                [
                    SymbolInformation(
                        name: symbol.name, kind: symbol.kind,
                        location: Location(uri: document.text.uri, range: symbol.range), containerName: container)
                ] + flatten(symbol.children, in: symbol.name)
            }
        }
        return flatten(Outline(document).symbols(of: nil), in: nil)
    }

    /// The elements of all files whose id or label has a text in it.
    func workspaceSymbols(_ params: WorkspaceSymbolParams) throws(ResponseError) -> [SymbolInformation]? {
        let query = params.query.lowercased()
        var found: [SymbolInformation] = []
        for path in workspace.paths {
            let open = document(at: path)
            guard let index = open?.index ?? workspace.index(of: path) else {
                continue
            }
            let targets = index.targets.filter {
                query.isEmpty || $0.id.lowercased().contains(query) || $0.label.lowercased().contains(query)
            }
            guard !targets.isEmpty, let text = open?.text ?? closedText(at: path) else { continue }
            for target in targets {
                guard found.count < 500 else { return found }
                found.append(
                    SymbolInformation(
                        name: target.label.isEmpty ? target.id : target.label, kind: SymbolKind.key,
                        location: Location(uri: text.uri, range: text.range(target.range)),
                        containerName: "<\(target.element)> \(target.id)"))
            }
        }
        return found
    }

    // MARK: Folding and selecting

    /// Elements and comments of several lines.
    func foldingRanges(_ params: DocumentParams) throws(ResponseError) -> [FoldingRange]? {
        let document = try document(params.textDocument)
        let (markup, text) = (document.markup, document.text)
        func range(_ range: Range<Int>, kind: String?) -> FoldingRange? {
            let (first, last) = (
                text.line(of: range.lowerBound), text.line(of: max(range.upperBound - 1, range.lowerBound))
            )
            return first < last ? FoldingRange(startLine: first, endLine: last, kind: kind) : nil
        }
        let elements = markup.elements.indices.compactMap { range(markup.range(of: $0), kind: nil) }
        let comments = markup.items.filter { $0.kind == .comment }.compactMap { range($0.range, kind: "comment") }
        return elements + comments
    }

    /// From a word to its attribute or text, its element, and so on outwards.
    func selectionRanges(_ params: PositionsParams) throws(ResponseError) -> [SelectionRange]? {
        let document = try document(params.textDocument)
        return params.positions.map { position in
            let ranges = document.markup.rangesAround(document.text.offset(of: position))
            let outer = ranges.reversed().reduce(nil as SelectionRange?) {
                SelectionRange(document.text.range($1), in: $0)
            }
            return outer ?? SelectionRange(LSPRange(start: position, end: position), in: nil)
        }
    }

    /// The names in the start tag and the end tag of an element, which are changed together.
    func linkedRanges(_ params: PositionParams) throws(ResponseError) -> LinkedEditingRanges? {
        let document = try document(params.textDocument)
        guard let names = document.markup.tagNames(at: document.text.offset(of: params.position)), names.count == 2
        else {
            return nil
        }
        return LinkedEditingRanges(ranges: names.map { document.text.range($0) })
    }

    /// In a tag its name in both tags; in an id or a pointer all places of this document that mean the same.
    func highlights(_ params: PositionParams) throws(ResponseError) -> [DocumentHighlight]? {
        let document = try document(params.textDocument)
        let offset = document.text.offset(of: params.position)
        follow(document, offset)
        let names = document.markup.tagNames(at: offset)
        let ranges =
            names ?? target(at: offset, in: document).map { places(of: $0, in: document.markup, document.text.path) }
        return (ranges ?? []).map { DocumentHighlight(range: document.text.range($0)) }
    }

    // MARK: Tags

    /// The rest of an end tag, after `</`.
    func closeTag(_ params: PositionParams) throws(ResponseError) -> [TextEdit]? {
        let document = try document(params.textDocument)
        let offset = document.text.offset(of: params.position)
        let markup = document.markup
        guard case .endTag(let item) = markup.place(at: offset), markup.items[item].name.isEmpty,
            markup.items[item].range.upperBound == offset, let element = markup.element(after: item)
        else { return nil }
        return [TextEdit(range: document.text.range(offset..<offset), newText: markup.name(of: element) + ">")]
    }
}

/// The symbols of a document.
private struct Outline {
    private let markup: Markup
    private let text: TextDocument
    /// Nobody reads a deeper tree, and clients may not either.
    private static let depth = 100

    /// The elements that structure a text.
    private static let structure: Set<String> = [
        "TEI", "teiCorpus", "teiHeader", "fileDesc", "encodingDesc", "profileDesc", "revisionDesc", "xenoData",
        "facsimile", "sourceDoc", "standOff", "text", "front", "body", "back", "group", "floatingText", "div", "div1",
        "div2", "div3", "div4", "div5", "div6", "div7", "opener", "closer", "postscript", "salute", "dateline",
        "signed", "list", "table", "figure", "lg", "sp", "surface", "surfaceGrp", "zone", "entry", "pb", "listPerson",
        "listPlace", "listOrg", "listEvent", "listBibl", "listWit", "handNotes", "listChange", "note", "handNote",
        "change", "person", "personGrp", "place", "org", "event", "p", "ab", "app",
    ]

    /// Those that are called by their heading alone, and not by their text.
    private static let holders: Set<String> = [
        "TEI", "teiCorpus", "teiHeader", "fileDesc", "encodingDesc", "profileDesc", "revisionDesc", "xenoData",
        "facsimile", "sourceDoc", "standOff", "text", "front", "body", "back", "group", "floatingText", "div", "div1",
        "div2", "div3", "div4", "div5", "div6", "div7", "opener", "closer", "list", "table", "figure", "lg", "surface",
        "surfaceGrp", "zone", "listPerson", "listPlace", "listOrg", "listEvent", "listBibl", "listWit", "handNotes",
        "listChange",
    ]

    init(_ document: OpenDocument) { (markup, text) = (document.markup, document.text) }

    func symbols(of parent: Int?) -> [DocumentSymbol] {
        // Elements come in their order, so that the open ones are a stack.
        var open: [(end: Int, symbol: DocumentSymbol)] = []
        var roots: [DocumentSymbol] = []
        func close(_ element: Int) {
            while let last = open.last, last.end <= element {
                open.removeLast()
                if open.isEmpty {
                    roots.append(last.symbol)
                } else {
                    open[open.count - 1].symbol.children.append(last.symbol)
                }
            }
        }
        for element in markup.elements.indices {
            close(element)
            let name = markup.localName(of: element)
            guard open.count < Outline.depth, Outline.structure.contains(name) || markup.identifier(of: element) != nil
            else { continue }
            open.append((markup.elements[element].next, symbol(element, name)))
        }
        close(markup.elements.count)
        return roots
    }

    private func symbol(_ element: Int, _ name: String) -> DocumentSymbol {
        let detail = markup.value(of: "xml:id", in: element) ?? markup.value(of: "n", in: element)
        let label = Outline.holders.contains(name) ? markup.ownName(of: element) : markup.label(of: element)
        return DocumentSymbol(
            name: label.isEmpty ? name : "\(name): \(label)", detail: detail, kind: Server.SymbolKind.field,
            range: text.range(markup.range(of: element)),
            selectionRange: text.range(markup.items[markup.elements[element].startTag].name), children: [])
    }
}

extension Markup {
    /// The names of an element in both its tags, if the place is in one of them.
    fileprivate func tagNames(at offset: Int) -> [Range<Int>]? {
        for number in [lastItem(before: offset), lastItem(before: offset + 1)].compactMap(\.self) {
            let item = items[number]
            guard item.kind == .startTag || item.kind == .endTag, let element = item.element,
                item.name.lowerBound <= offset, offset <= item.name.upperBound
            else { continue }
            return [elements[element].startTag, elements[element].endTag].compactMap { $0.map { items[$0].name } }
        }
        return nil
    }

    /// The ranges that a place is in, the smallest first.
    fileprivate func rangesAround(_ offset: Int) -> [Range<Int>] {
        var (ranges, element): ([Range<Int>], Int?) = ([], nil)
        switch place(at: offset) {
        case .content(let inner): element = inner
        case .startTagName(let item):
            ranges = [items[item].name, items[item].range]
            element = items[item].element
        case .attributeName(let item, let attribute):
            ranges = attribute.map { [attributes[$0].name, attributes[$0].range] } ?? []
            ranges.append(items[item].range)
            element = items[item].element
        case .value(let item, let attribute):
            ranges = [attributes[attribute].value!, attributes[attribute].range, items[item].range]
            element = items[item].element
        case .endTag(let item):
            ranges = [items[item].name, items[item].range]
            element = items[item].element
        case .other(let item):
            ranges = [items[item].range]
            element = self.element(after: item)
        }
        if ranges.isEmpty { ranges = [word(at: offset)] }
        while let inner = element, ranges.count < 200 {
            ranges += [content(of: inner), range(of: inner)]
            element = elements[inner].parent
        }
        // Each is larger than the one before.
        return ranges.reduce(into: []) { kept, range in
            guard let last = kept.last else { return kept.append(range) }
            if range != last, range.lowerBound <= last.lowerBound, range.upperBound >= last.upperBound {
                kept.append(range)
            }
        }
    }

    private func word(at offset: Int) -> Range<Int> {
        func isPart(_ index: Int) -> Bool {
            index >= 0 && index < source.count && !source[index].isXMLSpace && source[index] != UInt8(ascii: "<")
                && source[index] != UInt8(ascii: ">")
        }
        var (start, end) = (offset, offset)
        while isPart(start - 1) { start -= 1 }
        while isPart(end) { end += 1 }
        return start..<end
    }
}
