internal import TEI
internal import XML

/// The elements at which pointers of a document may point: its own, and those of the other files of the folder.
struct PointerTargets {
    /// The items of a pointer's completion.
    struct Items {
        var items: [CompletionItem] = []
        /// Whether the attribute is a pointer at elements of some kinds.
        var isPointer = false
        /// Whether there are more, which a longer text would show.
        var isCut = false
    }

    let workspace: Workspace
    /// The documents that are open, by their addresses. They count as the client has them.
    var open: [String: OpenDocument] = [:]
    /// So many targets are offered at once.
    private static let limit = 1000

    /// - Parameters:
    ///   - range: the place of the pointer that is being written.
    ///   - text: as much of it as is before the cursor.
    func items(
        for attribute: String, on element: Int, in document: OpenDocument, replacing range: Range<Int>,
        text: String
    ) -> Items {
        let markup = document.markup
        guard let kinds = kinds(of: attribute, on: element, in: markup) else { return Items() }
        var items = Items(isPointer: true)
        // What is written up to a `#` stays: clients differ in what they take for a word.
        let hash = text.utf8.lastIndex(of: UInt8(ascii: "#")).map {
            text.utf8.distance(from: text.startIndex, to: $0) + 1
        }
        let kept = hash.map { String(text.utf8.prefix($0)) ?? "" } ?? ""
        let place = document.text.range((range.lowerBound + kept.utf8.count)..<range.upperBound)
        items.isCut = !text.isEmpty
        let syntax = document.pointerSyntax
        for (address, index) in files(pointedAtFrom: document, in: element) {
            for target in index.targets where kinds.isEmpty || kinds.contains(target.element) {
                let pointer =
                    syntax.prefixed(PointerTarget(path: index.path, id: target.id)) ?? "\(address)#\(target.id)"
                // What cannot follow from what is written would crowd out the rest.
                guard text.isEmpty || fits(pointer, target, text, kept) else { continue }
                guard items.items.count < PointerTargets.limit else {
                    items.isCut = true
                    return items
                }
                let written = String(pointer.dropFirst(kept.count))
                items.items.append(
                    CompletionItem(
                        label: written, labelDetails: CompletionItem.LabelDetails(description: target.label),
                        kind: .reference, detail: "<\(target.element)> \(target.label)",
                        // Found by its name, it is still what is meant.
                        filterText: pointer.hasPrefix(text) ? nil : String(text.dropFirst(kept.count)),
                        textEdit: TextEdit(range: place, newText: written.escapedAsAttribute)))
            }
        }
        return items
    }

    private func fits(_ pointer: String, _ target: FileIndex.Target, _ text: String, _ kept: String) -> Bool {
        guard pointer.hasPrefix(kept) else { return false }
        let small = text.dropFirst(kept.count).lowercased()
        return small.isEmpty || pointer.lowercased().contains(small) || target.label.lowercased().contains(small)
    }

    /// The names of the elements at which an attribute may point, none for any; `nil` if it is no pointer.
    func kinds(of attribute: String, on element: Int, in markup: Markup) -> Set<String>? {
        let name = markup.localName(of: element)
        guard
            let rule = PointerRule.of(
                attribute, on: name,
                isInRevision: { markup.path(to: element).contains { markup.localName(of: $0) == "revisionDesc" } })
        else { return nil }
        return rule.targets(of: attribute, on: name)
    }

    /// The document itself, with no address, and the other files: those first at which it points already.
    private func files(
        pointedAtFrom document: OpenDocument, in element: Int
    ) -> [(address: String, index: FileIndex)] {
        let own = document.index
        let known = Set(
            document.markup.elements.indices.flatMap { element in
                document.markup.attributes(of: document.markup.elements[element].startTag).flatMap { attribute in
                    document.markup.tokens(in: attribute.value).compactMap { token -> String? in
                        let resource = Reference(document.markup.value(token)).resource
                        return resource.isEmpty ? nil : resource
                    }
                }
            })
        let folder = Reference.folder(of: document.pointerSyntax.base(of: element))
        let opened = open.values.map(\.index).sorted { $0.path < $1.path }
        let closed = workspace.indexes.filter { index in !opened.contains { $0.path.isSame(as: index.path) } }
        let others = (opened + closed).filter { $0.path != document.text.path && !$0.targets.isEmpty }.map { index in
            (address: Reference.path(of: index.path, from: folder).percentEncodedPath, index: index)
        }
        return [("", own)] + others.filter { known.contains($0.address) }
            + others.filter { !known.contains($0.address) }
    }

    // MARK: Resolving

    /// The pointer at a place in the value of an attribute.
    func pointer(at offset: Int, in markup: Markup) -> Pointer? {
        guard case .value(let item, let attribute) = markup.place(at: offset),
            let element = markup.items[item].element, let value = markup.attributes[attribute].value
        else { return nil }
        let name = markup.string(markup.attributes[attribute].name)
        guard kinds(of: name, on: element, in: markup) != nil else { return nil }
        return markup.pointers(in: value, of: name, on: element).first {
            $0.range.lowerBound <= offset && offset <= $0.range.upperBound
        }
    }

    /// The path and the id that a pointer means; `nil` for a place that is not looked up, and for a file that the document
    /// may not read.
    func resolve(_ pointer: Pointer, in syntax: PointerSyntax) -> (path: String, id: String?)? {
        let meanings = syntax.meanings(of: pointer).filter { workspace.allows($0.path, from: syntax.path) }
        guard meanings.count > 1 else { return meanings.first }
        // Of several definitions of a prefix, the first that leads somewhere.
        return meanings.first { path, id in
            let index = open.values.map(\.index).first { $0.path.isSame(as: path) } ?? workspace.index(of: path)
            return index.map { index in id.map { index.target($0) != nil } ?? true } ?? false
        } ?? meanings.last
    }
}
