import Support

/// One to three changes to a document, chosen by a generator.
struct Mutation {
    private let root: Element
    private let vocabulary: Vocabulary
    private var generator: Generator
    /// What was done, in words.
    private(set) var recipe: [String] = []

    /// Mutates `root` in place.
    init(_ root: Element, vocabulary: Vocabulary, generator: Generator) {
        self.root = root
        self.vocabulary = vocabulary
        self.generator = generator
        let count = Int.random(in: 1...3, using: &self.generator)
        // An operation that finds nothing to work on leaves its turn to another.
        for _ in 0..<20 where recipe.count < count {
            if let done = Operation.allCases.randomElement(using: &self.generator).flatMap({ perform($0) }) {
                recipe.append(done)
            }
        }
    }

    private enum Operation: CaseIterable {
        case renameToKnown, renameToNear, renameToUnknown, delete, unwrap, wrap, duplicate, move, swap, empty,
            insertElement
        case changeNamespace, changePrefix
        case dropAttribute, addAttribute, copyAttribute, otherNamespaceAttribute, corruptValue, exchangeValue, spoilID
        case insertText, deleteText, replaceText, insertComment
    }

    private mutating func perform(_ operation: Operation) -> String? {
        switch operation {
        case .renameToKnown: rename(to: vocabulary.elements.randomElement(using: &generator))
        case .renameToNear: rename(to: root.all.randomElement(using: &generator)?.name)
        case .renameToUnknown: renameToUnknown()
        case .delete: delete()
        case .unwrap: unwrap()
        case .wrap: wrap()
        case .duplicate: duplicate()
        case .move: move()
        case .swap: swap()
        case .empty: empty()
        case .insertElement: insertElement()
        case .changeNamespace: changeNamespace()
        case .changePrefix: changePrefix()
        case .dropAttribute: dropAttribute()
        case .addAttribute: addAttribute()
        case .copyAttribute: copyAttribute()
        case .otherNamespaceAttribute: otherNamespaceAttribute()
        case .corruptValue: corruptValue()
        case .exchangeValue: exchangeValue()
        case .spoilID: spoilID()
        case .insertText: insertText()
        case .deleteText: deleteText()
        case .replaceText: replaceText()
        case .insertComment: insertComment()
        }
    }

    // MARK: Choices

    private mutating func anyElement() -> Element { root.all.randomElement(using: &generator)! }

    /// An element below the root, with its parent and position.
    private mutating func anyPlace() -> (parent: Element, position: Int, element: Element)? {
        let parents = root.all.filter { !$0.childElements.isEmpty }
        guard let parent = parents.randomElement(using: &generator),
            let element = parent.childElements.randomElement(using: &generator),
            let position = parent.position(of: element)
        else { return nil }
        return (parent, position, element)
    }

    private mutating func anyAttribute() -> (element: Element, name: String, value: String)? {
        let all = root.all.flatMap { element in
            element.attributes.filter { !$0.name.hasPrefix("xmlns") }.map {
                (element: element, name: $0.name, value: $0.value)
            }
        }
        return all.randomElement(using: &generator)
    }

    private mutating func anyText() -> (element: Element, position: Int)? {
        let all = root.all.flatMap { element in
            element.children.indices.filter { if case .text = element.children[$0] { true } else { false } }.map {
                (element: element, position: $0)
            }
        }
        return all.randomElement(using: &generator)
    }

    private mutating func knownName() -> String {
        generator.chance(1, in: 2) ? anyElement().name : vocabulary.elements.randomElement(using: &generator) ?? "p"
    }

    // MARK: Elements

    private mutating func rename(to name: String?) -> String? {
        let element = anyElement()
        guard let name, name != element.name else { return nil }
        defer { element.name = name }
        return "rename <\(element.name)> to <\(name)>"
    }

    private mutating func renameToUnknown() -> String? {
        let name = anyElement().name
        return rename(
            to: [name.lowercased(), name.uppercased(), name + "s", String(name.dropLast()), "nonsense"]
                .filter { !$0.isEmpty && !$0.hasSuffix(":") }.randomElement(using: &generator))
    }

    private mutating func delete() -> String? {
        guard let (parent, position, element) = anyPlace() else { return nil }
        parent.children.remove(at: position)
        return "delete <\(element.name)> in <\(parent.name)>"
    }

    private mutating func unwrap() -> String? {
        guard let (parent, position, element) = anyPlace() else { return nil }
        parent.children.replaceSubrange(position...position, with: element.children)
        return "unwrap <\(element.name)> in <\(parent.name)>"
    }

    private mutating func wrap() -> String? {
        guard let (parent, position, element) = anyPlace() else { return nil }
        let wrapper = Element(knownName())
        wrapper.children = [.element(element)]
        parent.children[position] = .element(wrapper)
        return "wrap <\(element.name)> in <\(wrapper.name)>"
    }

    private mutating func duplicate() -> String? {
        guard let (parent, position, element) = anyPlace() else { return nil }
        parent.children.insert(.element(element.copy), at: position + 1)
        return "duplicate <\(element.name)> in <\(parent.name)>"
    }

    private mutating func move() -> String? {
        guard let (parent, position, element) = anyPlace() else { return nil }
        parent.children.remove(at: position)
        let target = anyElement()
        target.children.insert(.element(element), at: Int.random(in: 0...target.children.count, using: &generator))
        return "move <\(element.name)> from <\(parent.name)> into <\(target.name)>"
    }

    private mutating func swap() -> String? {
        guard let (parent, position, element) = anyPlace(),
            let other = parent.childElements.filter({ $0 !== element }).randomElement(using: &generator),
            let otherPosition = parent.position(of: other)
        else { return nil }
        parent.children.swapAt(position, otherPosition)
        return "swap <\(element.name)> and <\(other.name)> in <\(parent.name)>"
    }

    private mutating func empty() -> String? {
        let element = anyElement()
        guard !element.children.isEmpty else { return nil }
        element.children = generator.chance(1, in: 2) ? [] : [.text(" ")]
        return "empty <\(element.name)>"
    }

    private mutating func insertElement() -> String? {
        let (element, new) = (anyElement(), Element(knownName()))
        element.children.insert(.element(new), at: Int.random(in: 0...element.children.count, using: &generator))
        return "insert <\(new.name)/> into <\(element.name)>"
    }

    // MARK: Namespaces

    private mutating func changeNamespace() -> String? {
        let element = anyElement()
        guard !element.name.contains(":") else { return nil }
        let namespace = [
            "", "http://www.tei-c.org/ns/1.1", "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg",
            "http://www.tei-c.org/ns/Examples",
            "http://www.w3.org/1998/Math/MathML",
        ].randomElement(using: &generator)!
        element.set("xmlns", namespace)
        return "put <\(element.name)> into the namespace '\(namespace)'"
    }

    /// Another prefix for the same namespace: no mistake at all.
    private mutating func changePrefix() -> String? {
        let element = anyElement()
        guard !element.name.contains(":"), let namespace = root.attribute("xmlns"), element.attribute("xmlns") == nil
        else { return nil }
        element.set("xmlns:t", namespace)
        element.name = "t:" + element.name
        return "give <\(element.name)> a prefix"
    }

    // MARK: Attributes

    private mutating func dropAttribute() -> String? {
        guard let (element, name, _) = anyAttribute() else { return nil }
        element.removeAttribute(name)
        return "drop @\(name) of <\(element.name)>"
    }

    private mutating func addAttribute() -> String? {
        let element = anyElement()
        let value = vocabulary.value(using: &generator)
        let name =
            generator.chance(1, in: 10)
            ? "nonsense"
            : vocabulary.attributes.filter { !$0.contains(":") || $0.hasPrefix("xml:") }
                .randomElement(using: &generator)
        guard let name, name != "xmlns" else { return nil }
        element.set(name, value)
        return "give <\(element.name)> @\(name)='\(value)'"
    }

    private mutating func copyAttribute() -> String? {
        guard let (element, name, value) = anyAttribute(), let (other, otherName, _) = anyAttribute() else {
            return nil
        }
        let target = generator.chance(1, in: 2) ? element : other
        let newName = generator.chance(1, in: 2) ? name : otherName
        guard !newName.contains(":") || newName.hasPrefix("xml:") else { return nil }
        target.set(newName, value)
        return "give <\(target.name)> @\(newName)='\(value)'"
    }

    private mutating func otherNamespaceAttribute() -> String? {
        guard let (element, name, value) = anyAttribute(), !name.contains(":") else { return nil }
        element.set("xmlns:o", generator.chance(1, in: 3) ? root.attribute("xmlns") ?? "urn:other" : "urn:other")
        element.set("o:" + name, value)
        return "give <\(element.name)> @o:\(name)='\(value)'"
    }

    private mutating func corruptValue() -> String? {
        guard let (element, name, old) = anyAttribute() else { return nil }
        let value =
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: old + "x"
            case 1: String(old.dropLast())
            case 2: " \(old)  "
            default: vocabulary.value(using: &generator)
            }
        element.set(name, value)
        return "make @\(name)='\(old)' of <\(element.name)> '\(value)'"
    }

    private mutating func exchangeValue() -> String? {
        guard let (element, name, old) = anyAttribute(), let (_, otherName, value) = anyAttribute(), value != old else {
            return nil
        }
        element.set(name, value)
        return "make @\(name)='\(old)' of <\(element.name)> the '\(value)' of an @\(otherName)"
    }

    private mutating func spoilID() -> String? {
        let ids = root.all.compactMap { $0.attribute("xml:id") }
        let element = anyElement()
        let value = (generator.chance(1, in: 3) ? ["1a", "a b", "", " x ", "a:b", "é"] : ids).randomElement(
            using: &generator)
        guard let value, value != element.attribute("xml:id") else { return nil }
        element.set("xml:id", value)
        return "give <\(element.name)> @xml:id='\(value)'"
    }

    // MARK: Text

    private mutating func insertText() -> String? {
        let element = anyElement()
        let text = ["text", " text ", "&", "1", "\u{A0}", "𝒳", " "].randomElement(using: &generator)!
        element.children.insert(.text(text), at: Int.random(in: 0...element.children.count, using: &generator))
        return "insert '\(text)' into <\(element.name)>"
    }

    private mutating func deleteText() -> String? {
        guard let (element, position) = anyText() else { return nil }
        element.children.remove(at: position)
        return "delete text in <\(element.name)>"
    }

    private mutating func replaceText() -> String? {
        guard let (element, position) = anyText() else { return nil }
        let value = vocabulary.value(using: &generator)
        element.children[position] = .text(value)
        return "make text in <\(element.name)> '\(value)'"
    }

    private mutating func insertComment() -> String? {
        let element = anyElement()
        let comment = ["<!--c-->", "<?i c?>", "<![CDATA[]]>", "<![CDATA[ ]]>", "<![CDATA[x]]>", "&#32;", "&#x41;"]
            .randomElement(using: &generator)!
        element.children.insert(.other(comment), at: Int.random(in: 0...element.children.count, using: &generator))
        return "insert \(comment) into <\(element.name)>"
    }
}
