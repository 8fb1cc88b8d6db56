import Support
import XML

/// An element that can be changed: what mutants are made from.
final class Element {
    enum Child {
        case element(Element)
        case text(String)
        /// A comment or processing instruction, as it is written.
        case other(String)
    }

    /// As in the tag, with its prefix.
    var name: String
    /// In the order of the tag; namespace declarations are among them.
    var attributes: [(name: String, value: String)]
    var children: [Child] = []

    init(_ name: String, attributes: [(name: String, value: String)] = []) {
        self.name = name
        self.attributes = attributes
    }

    init(_ node: Node) {
        name = node.name?.description ?? ""
        let outside = node.parent?.namespaces ?? [:]
        attributes = node.namespaces.filter { outside[$0.key] != $0.value }.sorted { $0.key < $1.key }
            .map { (name: $0.key.isEmpty ? "xmlns" : "xmlns:" + $0.key, value: $0.value) }
        attributes += node.attributes.map { (name: $0.name.description, value: $0.value) }
        children = node.children.compactMap { child in
            switch child.kind {
            case .element: .element(Element(child))
            case .text: .text(child.stringValue)
            default: nil
            }
        }
    }

    var copy: Element {
        let copy = Element(name, attributes: attributes)
        copy.children = children.map { child in
            if case .element(let element) = child { .element(element.copy) } else { child }
        }
        return copy
    }

    var childElements: [Element] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// This element and all below it, in document order.
    var all: [Element] { [self] + childElements.flatMap(\.all) }

    func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    func set(_ name: String, _ value: String) {
        if let index = attributes.firstIndex(where: { $0.name == name }) {
            attributes[index].value = value
        } else {
            attributes.append((name, value))
        }
    }

    func removeAttribute(_ name: String) { attributes.removeAll { $0.name == name } }

    /// The child that `element` is, by its position.
    func position(of element: Element) -> Int? {
        children.firstIndex { if case .element(let child) = $0 { child === element } else { false } }
    }

    /// Of many children with the same name only `count` stay, here and below.
    func thin(to count: Int, using generator: inout Generator) {
        for (_, like) in Dictionary(grouping: childElements, by: \.name).sorted(by: { $0.key < $1.key })
        where like.count > count {
            for element in like.shuffled(using: &generator).dropFirst(count) {
                position(of: element).map { _ = children.remove(at: $0) }
            }
        }
        for element in childElements { element.thin(to: count, using: &generator) }
    }
}

/// A document in the form in which line numbers compare.
///
/// Jing gives an error the line that the parser has reached: for a start tag that of the tag's end, for text that of
/// the tag behind it, for what is missing that of the end tag. Here each line ends directly behind a tag, and nowhere
/// else: a line is a tag with the text before it, and the line of a place is the line of that tag.
struct NormalForm {
    enum Tag {
        case start(Element)
        case end(Element)
        case empty(Element)

        var element: Element {
            switch self {
            case .start(let element), .end(let element), .empty(let element): element
            }
        }
    }

    private(set) var text = ""
    /// The tag of each line.
    private(set) var tags: [Tag] = []

    init(_ root: Element) { write(root) }

    private mutating func write(_ element: Element) {
        text += "<" + element.name
        for attribute in element.attributes {
            text += " \(attribute.name)=\"\(NormalForm.escape(attribute.value))\""
        }
        guard !element.children.isEmpty else {
            text += "/>\n"
            tags.append(.empty(element))
            return
        }
        text += ">\n"
        tags.append(.start(element))
        for child in element.children {
            switch child {
            case .element(let element): write(element)
            case .text(let string): text += NormalForm.escape(string)
            case .other(let string): text += string
            }
        }
        text += "</\(element.name)>\n"
        tags.append(.end(element))
    }

    private static func escape(_ string: String) -> String {
        var escaped = ""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t", "\r": escaped += " "
            // Xerces, by which Jing reads, takes four bytes across the end of its buffer for an error.
            case "\u{10000}"...: escaped += "&#x\(String(scalar.value, radix: 16));"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
