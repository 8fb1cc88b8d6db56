internal import TEI
internal import XML

// Where pointers lead: hover, definition, references and rename.

/// An element that pointers mean: a file and an `xml:id` in it.
struct PointerTarget: Hashable {
    let path: String
    let id: String
}

extension Server {
    // MARK: Places

    /// The text of a file that is not open, from its file.
    func closedText(at path: String) -> TextDocument? { Server.text(ofFile: path, encoding) }

    static func text(ofFile path: String, _ encoding: PositionEncoding) -> TextDocument? {
        guard let bytes = try? FileAccess.bytes(ofFile: path) else { return nil }
        return TextDocument(
            uri: uri(of: path), path: path, version: 0, text: String(decoding: bytes, as: UTF8.self),
            encoding: encoding)
    }

    /// The element that is meant at a place: by the pointer there, or by its own `xml:id`.
    func target(at offset: Int, in document: OpenDocument) -> PointerTarget? {
        if let pointer = targets.pointer(at: offset, in: document.markup) {
            guard let (path, id) = targets.resolve(pointer, in: document.pointerSyntax), let id else { return nil }
            return PointerTarget(path: path, id: id)
        }
        guard case .value(let item, let attribute) = document.markup.place(at: offset),
            document.markup.string(document.markup.attributes[attribute].name) == "xml:id",
            let value = document.markup.attributes[attribute].value, document.markup.items[item].element != nil
        else { return nil }
        return PointerTarget(path: document.text.path, id: document.markup.value(value))
    }

    /// A file with the target: as the client has it, or from the disk.
    private func file(of target: PointerTarget) -> (text: TextDocument, index: FileIndex)? {
        if let open = document(at: target.path) { return (open.text, open.index) }
        guard let text = closedText(at: target.path) else { return nil }
        return (text, FileIndex(Markup(text.bytes), path: target.path))
    }

    /// The places of a document that mean a target: pointers at it, without the part before the id, and its `xml:id`.
    func places(of target: PointerTarget, in markup: Markup, _ path: String, withID: Bool = true) -> [Range<Int>] {
        var places: [Range<Int>] = []
        let (targets, syntax) = (targets, PointerSyntax(markup, path: path))
        for element in markup.elements.indices {
            for (name, value) in markup.attributes(of: markup.elements[element].startTag) {
                if name == "xml:id" {
                    if withID, path.isSame(as: target.path), markup.value(value).isSame(as: target.id) {
                        places.append(value)
                    }
                } else if targets.kinds(of: name, on: element, in: markup) != nil {
                    for pointer in markup.pointers(in: value, of: name, on: element) {
                        if let place = self.place(of: target, pointer, targets, in: markup, syntax) {
                            places.append(place)
                        }
                    }
                }
            }
        }
        return places
    }

    /// The place of the id in a pointer, if it points at the target. After a prefix, it is what the pointer has of the id.
    private func place(
        of target: PointerTarget, _ pointer: Pointer, _ targets: PointerTargets, in markup: Markup,
        _ syntax: PointerSyntax
    ) -> Range<Int>? {
        guard let found = targets.resolve(pointer, in: syntax), found.id.isSame(as: target.id),
            found.path.isSame(as: target.path)
        else { return nil }
        let source = markup.source[pointer.range]
        let divider = source.firstIndex(of: UInt8(ascii: "#")) ?? source.firstIndex(of: UInt8(ascii: ":"))
        return divider.map { $0 + 1..<pointer.range.upperBound }
    }

    /// The places of all files that mean a target.
    private func places(
        of target: PointerTarget, withID: Bool
    ) -> [(text: TextDocument, places: [Range<Int>])] {
        let id = Array(target.id.utf8)
        let open = documents.values.map { (text: $0.text, markup: $0.markup) }
        let closed = (Set(workspace.paths + [target.path])).subtracting(open.map(\.text.path)).sorted()
        let others = closed.lazy.compactMap { path -> (text: TextDocument, markup: Markup)? in
            // Most files do not have the word.
            guard let text = self.closedText(at: path), text.bytes.span.firstOffset(of: id.span) != nil else {
                return nil
            }
            return (text, Markup(text.bytes))
        }
        return (open + others).compactMap { text, markup in
            let found = places(of: target, in: markup, text.path, withID: withID)
            return found.isEmpty ? nil : (text, found)
        }.sorted { $0.text.uri < $1.text.uri }
    }

    // MARK: Requests

    /// The `xml:id` at which the pointer at a place points, or the beginning of the file if it names no id.
    func definition(_ params: PositionParams) throws(ResponseError) -> [Location]? {
        let document = try document(params.textDocument)
        let offset = document.text.offset(of: params.position)
        if let target = target(at: offset, in: document), let (text, index) = file(of: target),
            let found = index.target(target.id)
        {
            return [Location(uri: text.uri, range: text.range(found.range))]
        }
        // A pointer at a whole file.
        guard let pointer = targets.pointer(at: offset, in: document.markup),
            let (path, id) = targets.resolve(pointer, in: document.pointerSyntax), id == nil, FileAccess.exists(path)
        else { return nil }
        let start = Position(line: 0, character: 0)
        return [Location(uri: Server.uri(of: path), range: LSPRange(start: start, end: start))]
    }

    func references(_ params: ReferenceParams) throws(ResponseError) -> [Location]? {
        let document = try document(params.textDocument)
        guard let target = target(at: document.text.offset(of: params.position), in: document) else { return nil }
        return places(of: target, withID: params.context?.includeDeclaration == true).flatMap { text, places in
            places.map { Location(uri: text.uri, range: text.range($0)) }
        }
    }

    func prepareRename(_ params: PositionParams) throws(ResponseError) -> PrepareRenameResult? {
        let document = try document(params.textDocument)
        let offset = document.text.offset(of: params.position)
        guard let target = target(at: offset, in: document) else { return nil }
        let here = places(of: target, in: document.markup, document.text.path)
        guard
            let range = here.first(where: { $0.lowerBound <= offset && offset <= $0.upperBound })
                ?? here.first(where: { $0.upperBound >= offset })
        else { return nil }
        return PrepareRenameResult(range: document.text.range(range), placeholder: target.id)
    }

    /// Gives an element another `xml:id`, in all files that point at it.
    func rename(_ params: RenameParams) throws(ResponseError) -> WorkspaceEdit? {
        let document = try document(params.textDocument)
        guard let target = target(at: document.text.offset(of: params.position), in: document) else {
            throw ResponseError(code: ResponseError.requestFailed, message: Labels.nothingToRename)
        }
        guard NCName.isValid(params.newName) else {
            throw ResponseError(code: ResponseError.requestFailed, message: Labels.noID(params.newName))
        }
        guard let (_, index) = file(of: target), index.target(target.id) != nil else {
            throw ResponseError(code: ResponseError.requestFailed, message: Labels.noTarget(target.id, target.path))
        }
        if params.newName != target.id, index.target(params.newName) != nil {
            throw ResponseError(
                code: ResponseError.requestFailed, message: Labels.idExists(params.newName, target.path))
        }
        workspace.settle()
        var changes: [String: [TextEdit]] = [:]
        let renamed = PointerTarget(path: target.path, id: params.newName)
        for (text, places) in places(of: target, withID: true) {
            changes[text.uri] = try places.map { place throws(ResponseError) in
                let new = try name(renamed, insteadOf: target, at: place, in: text)
                return TextEdit(range: text.range(place), newText: new)
            }
        }
        return WorkspaceEdit(changes: changes)
    }

    /// An id as a pointer has it: after a prefix that stands for a part of it, without that part.
    private func name(
        _ renamed: PointerTarget, insteadOf target: PointerTarget, at place: Range<Int>, in text: TextDocument
    ) throws(ResponseError) -> String {
        let markup = Markup(text.bytes)
        if Reference("#" + markup.value(place)).fragment.isSame(as: target.id) { return renamed.id }
        guard let pointer = PointerSyntax(markup, path: text.path).prefixed(renamed),
            let colon = pointer.utf8.firstIndex(of: UInt8(ascii: ":"))
        else {
            let line = text.position(of: place.lowerBound).line + 1
            throw ResponseError(
                code: ResponseError.requestFailed, message: Labels.noPrefixedID(renamed.id, "\(text.path):\(line)"))
        }
        return String(pointer[pointer.utf8.index(after: colon)...])
    }

    /// The target's text, or the schema's documentation, and whose hand and which stage the place is in.
    func hover(_ params: PositionParams) throws(ResponseError) -> Hover? {
        let document = try document(params.textDocument)
        let offset = document.text.offset(of: params.position)
        let markup = document.markup
        if let pointer = targets.pointer(at: offset, in: markup) {
            return hover(description(of: pointer, in: document), document.text.range(pointer.range))
        }
        switch markup.place(at: offset) {
        case .startTagName(let item), .endTag(let item):
            guard let element = markup.items[item].element else { return nil }
            let about = documentation(of: markup.localName(of: element), for: document)
            return hover(
                ("<\(markup.name(of: element))>", [about, Labels.hand(handLabel(of: element, in: document))]),
                document.text.range(markup.items[item].name))
        case .attributeName(let item, let attribute?):
            guard let element = markup.items[item].element else { return nil }
            let name = markup.string(markup.attributes[attribute].name)
            let about =
                documentation(of: markup.localName(of: element), attribute: name, for: document)
                ?? PointerRule.of(name, on: markup.localName(of: element)) { false }.map { Labels.pointer($0.expected) }
            return hover(("@\(name)", [about]), document.text.range(markup.attributes[attribute].name))
        case .value(let item, let attribute):
            guard let element = markup.items[item].element, let range = markup.attributes[attribute].value else {
                return nil
            }
            let name = markup.string(markup.attributes[attribute].name)
            let about = documentation(
                of: markup.localName(of: element), attribute: name, value: markup.value(range), for: document)
            return about.map { hover((nil, [$0]), document.text.range(range)) }
        case .content(let element?):
            guard let hand = Labels.hand(handLabel(of: element, in: document)) else { return nil }
            return hover((nil, [hand]), document.text.range(offset..<offset))
        default: return nil
        }
    }

    private typealias HoverText = (title: String?, paragraphs: [String?])

    private func hover(_ text: HoverText, _ range: LSPRange) -> Hover {
        let paragraphs = text.paragraphs.compactMap(\.self)
        return Hover(
            contents: MarkupContent(title: text.title, paragraphs, isMarkdown: usesMarkdown), range: range)
    }

    private func description(of pointer: Pointer, in document: OpenDocument) -> HoverText {
        guard let (path, id) = targets.resolve(pointer, in: document.pointerSyntax) else {
            return (nil, [pointer.text])
        }
        guard let id else { return (nil, [FileAccess.exists(path) ? path : Labels.noFile(path)]) }
        guard let (text, index) = file(of: PointerTarget(path: path, id: id)) else {
            return (nil, [Labels.noFile(path)])
        }
        guard let target = index.target(id) else { return (nil, [Labels.noTarget(id, path)]) }
        let markup = Markup(text.bytes)
        let element = markup.elements.indices.first { markup.identifier(of: $0) == target.range }
        let whole = element.map { markup.text(of: $0, limit: 400) } ?? ""
        let place = "\(Reference.name(of: path)):\(text.position(of: target.range.lowerBound).line + 1)"
        return (target.label, [whole == target.label ? nil : whole, "<\(target.element)> \(place)"])
    }

    // MARK: Links

    /// Pointers at files and web addresses.
    func links(_ params: DocumentParams) throws(ResponseError) -> [DocumentLink]? {
        let document = try document(params.textDocument)
        let markup = document.markup
        var links: [DocumentLink] = []
        for element in markup.elements.indices {
            for (name, value) in markup.attributes(of: markup.elements[element].startTag)
            where name == "url" || name == "href" || targets.kinds(of: name, on: element, in: markup) != nil {
                for pointer in markup.pointers(in: value, of: name, on: element) {
                    if let target = address(pointer, in: document.pointerSyntax) {
                        links.append(DocumentLink(range: document.text.range(pointer.range), target: target))
                    }
                }
            }
        }
        return links
    }

    private func address(_ pointer: Pointer, in syntax: PointerSyntax) -> String? {
        let reference = Reference(pointer.text)
        if reference.scheme == "http" || reference.scheme == "https" { return pointer.text }
        guard !reference.resource.isEmpty, let target = targets.resolve(pointer, in: syntax)?.path,
            FileAccess.exists(target)
        else { return nil }
        return Server.uri(of: target)
    }
}
