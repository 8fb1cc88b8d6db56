internal import RelaxNG
internal import XML

/// Leads a content model to places of a document.
final class GrammarWalk {
    let model: ContentModel
    private let markup: Markup
    /// The numbers of names in the model, where a name means the same in the whole document.
    private var numbers: [Int?]
    private let hasOneScope: Bool
    /// How deep the content of elements is followed that the grammar defines in several ways.
    private static let depth = 100

    init(_ model: ContentModel, _ markup: Markup) {
        (self.model, self.markup) = (model, markup)
        numbers = Array(repeating: nil, count: markup.names.count)
        hasOneScope = markup.hasOneScope
    }

    /// Goes to a place in the content of an element, or outside of the outermost one.
    func enter(_ element: Int?, before offset: Int) {
        model.begin()
        var outer: Int?
        for inner in markup.path(to: element) {
            if let outer { follow(outer, from: markup.content(of: outer).lowerBound, to: start(of: inner)) }
            open(inner)
            model.endAttributes()
            outer = inner
        }
        if let outer { follow(outer, from: markup.content(of: outer).lowerBound, to: offset) }
    }

    /// Goes into a start tag, after its attributes.
    ///
    /// - Parameters:
    ///   - name: the name of the element that it is taken for.
    ///   - attribute: the attribute that is left out.
    func enter(tag item: Int, as name: QName? = nil, without attribute: Int? = nil) {
        guard let element = markup.items[item].element else { return }
        enter(markup.elements[element].parent, before: markup.items[item].range.lowerBound)
        open(element, as: name, without: attribute)
    }

    /// What follows a place in the content of an element.
    func siblings(of element: Int?, after offset: Int) -> [ContentModel.Sibling] {
        guard let element else { return [] }
        let end = max(offset, markup.content(of: element).upperBound)
        return markup.parts(of: element, in: offset..<end).map { part in
            switch part {
            case .text: .text
            case .element(let child): .element(number(of: child))
            }
        }
    }

    func number(ofAttribute name: String, in element: Int?) -> Int {
        model.number(of: markup.qualifiedName(ofAttribute: name, in: element))
    }

    private func start(of element: Int) -> Int { markup.items[markup.elements[element].startTag].range.lowerBound }

    private func number(of element: Int) -> Int {
        guard hasOneScope else { return model.number(of: markup.qualifiedName(of: element)) }
        let name = Int(markup.elements[element].name)
        if let known = numbers[name] { return known }
        let number = model.number(of: markup.qualifiedName(of: element))
        numbers[name] = number
        return number
    }

    private func open(_ element: Int, as name: QName? = nil, without attribute: Int? = nil) {
        model.startElement(name.map { model.number(of: $0) } ?? number(of: element))
        addAttributes(of: element, without: attribute)
    }

    private func addAttributes(of element: Int, without attribute: Int? = nil) {
        for number in markup.items[markup.elements[element].startTag].attributes where number != attribute {
            let name = markup.string(markup.attributes[number].name)
            guard let value = markup.attributes[number].value, name != "xmlns", !name.hasPrefix("xmlns:") else {
                continue
            }
            model.attribute(
                self.number(ofAttribute: name, in: element), Array(markup.value(value).utf8),
                namespace: { self.markup.namespace(of: $0.isEmpty ? nil : $0, at: element) })
        }
    }

    private func follow(_ element: Int, from start: Int, to end: Int, depth: Int = 0) {
        for part in markup.parts(of: element, in: start..<max(start, end)) {
            switch part {
            case .text: model.text()
            case .element(let child): pass(child, depth)
            }
        }
    }

    /// Goes through an element: through its content where that decides which of several definitions it follows.
    private func pass(_ element: Int, _ depth: Int) {
        model.startElement(number(of: element))
        guard model.isAmbiguous, depth < GrammarWalk.depth else { return model.skipElement() }
        addAttributes(of: element)
        model.endAttributes()
        let content = markup.content(of: element)
        follow(element, from: content.lowerBound, to: content.upperBound, depth: depth + 1)
        model.endElement()
    }
}
