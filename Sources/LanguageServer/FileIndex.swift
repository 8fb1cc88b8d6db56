internal import XML

/// The elements of a file at which pointers may point.
struct FileIndex: Sendable {
    /// An element with an `xml:id`.
    struct Target: Sendable {
        let id: String
        /// The name of the element without a prefix.
        let element: String
        /// What it is called: the name of a person, the description of a hand.
        let label: String
        /// The place of the id's value.
        let range: Range<Int>
    }

    let path: String
    let targets: [Target]

    init(_ markup: Markup, path: String) {
        self.path = path
        targets = markup.elements.indices.compactMap { element in
            guard let value = markup.identifier(of: element) else { return nil }
            return Target(
                id: markup.value(value), element: markup.localName(of: element), label: markup.label(of: element),
                range: value)
        }
    }

    func target(_ id: String) -> Target? { targets.first { $0.id.isSame(as: id) } }
}

/// A pointer in an attribute, of which there may be several in one value.
struct Pointer {
    let element: Int
    let attribute: String
    let text: String
    let range: Range<Int>
}

extension Markup {
    /// The place of the value of an element's `xml:id`.
    func identifier(of element: Int) -> Range<Int>? {
        attributes(of: elements[element].startTag).first { $0.name == "xml:id" }?.value
    }

    /// The name of an element without its prefix.
    func localName(of element: Int) -> String {
        let name = name(of: element)
        return name.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(name[name.utf8.index(after: $0)...]) } ?? name
    }

    /// The children of an element with one of these names, or all.
    func children(of element: Int, named names: Set<String>?) -> [Int] {
        guard elements.indices.contains(element) else { return [] }
        return parts(of: element, in: content(of: element)).compactMap { part in
            guard case .element(let child) = part, names?.contains(localName(of: child)) ?? true else { return nil }
            return child
        }
    }

    private static let nameElements: Set<String> = [
        "persName", "orgName", "placeName", "eventName", "name", "objectName", "label", "title", "head", "catDesc",
        "msIdentifier",
    ]

    /// What an element is called: its name, where it has one; else how its text begins.
    func label(of element: Int) -> String {
        let name = ownName(of: element)
        return name.isEmpty ? text(of: element, limit: 60) : name
    }

    /// The name or heading that an element has as its child; empty if it has none.
    func ownName(of element: Int) -> String {
        children(of: element, named: Markup.nameElements).first.map { text(of: $0, limit: 60) } ?? ""
    }

    /// The text of an element, with single spaces.
    ///
    /// - Parameter limit: after so many characters it is cut, with an ellipsis.
    func text(of element: Int, limit: Int) -> String {
        let content = content(of: element)
        var (text, offset): (String, Int) = ("", content.lowerBound)
        var number = elements[element].startTag + 1
        while offset < content.upperBound, text.unicodeScalars.count <= 4 * limit {
            let next = number < items.count ? items[number].range : content.upperBound..<content.upperBound
            let end = min(next.lowerBound, content.upperBound)
            if offset < end { text += value(offset..<end) }
            // Parts without text between them are words of their own: a name and an occupation.
            if number < items.count, next.lowerBound < content.upperBound, items[number].kind == .startTag,
                let part = items[number].element, let whole = elements[part].parent, isOfElements(whole)
            {
                text += " "
            }
            (offset, number) = (max(next.upperBound, end), number + 1)
        }
        let whole = text.normalizedSpace
        return whole.count <= limit ? whole : whole.prefix(limit).trimmed + "…"
    }

    private func isOfElements(_ element: Int) -> Bool {
        parts(of: element, in: content(of: element)).allSatisfy { if case .element = $0 { true } else { false } }
    }

    /// The pointers in an attribute's value.
    func pointers(in value: Range<Int>, of attribute: String, on element: Int) -> [Pointer] {
        tokens(in: value).map { range in
            Pointer(element: element, attribute: attribute, text: self.value(range), range: range)
        }
    }

    /// The parts of a value that are divided by white space.
    func tokens(in value: Range<Int>) -> [Range<Int>] {
        source[value].split { $0.isXMLSpace }.map { $0.startIndex..<$0.endIndex }
    }
}

extension Substring {
    fileprivate var trimmed: String { String(self).normalizedSpace }
}
