internal import XML

/// Every pointer resolves, to the right kind of element.
final class PointerCheck {
    private struct Use: Hashable {
        let element: Int
        let attribute: Int
        let value: ByteString
    }

    private let document: Document
    private let library: PointerResolver
    /// The elements that a broken pointer may have meant, by document, collected at the first pointer that is broken.
    private var identified: [ObjectIdentifier: [(kind: String, id: String)]] = [:]
    /// The pointers that are correct, kept because most pointers are written many times.
    private var approved: Set<Use> = []
    /// How many ids may still be compared: where nearly everything is broken, suggestions help nobody.
    private var comparisons = 10_000_000

    init(document: Document, library: PointerResolver) {
        self.document = document
        self.library = library
    }

    func run() -> [Diagnostic] {
        let names = document.qualifiedNames
        let isPointer = names.map { $0.namespace == nil && PointerRule.byAttribute[$0.localName] != nil }
        var found: [Diagnostic] = []
        for node in document.elements(withAttributes: PointerRule.byAttribute.keys)
        where names[node.nameIndex].namespace == Namespace.tei {
            var next = node.firstAttribute
            while let attribute = next {
                next = attribute.next
                if isPointer[attribute.nameIndex] { found += check(attribute, on: node) }
            }
        }
        return found
    }

    private func check(_ attribute: Attribute, on node: Node) -> [Diagnostic] {
        let use = Use(element: node.nameIndex, attribute: attribute.nameIndex, value: ByteString(attribute.bytes))
        if approved.contains(use) { return [] }
        let name = attribute.name.localName
        guard let rule = rule(for: name, on: node) else { return [] }
        let found = check(attribute, rule, on: node)
        // Where a pointer to another file leads depends on the place of the pointer. So does what a change is.
        if found.isEmpty, name != "change", name != "spanTo",
            attribute.value.tokens.allSatisfy({ $0.utf8.first == UInt8(ascii: "#") })
        {
            approved.insert(use)
        }
        return found
    }

    private func rule(for attribute: String, on node: Node) -> PointerRule? {
        PointerRule.of(attribute, on: node.tei) { node.ancestorsOrSelf.contains { $0.tei == "revisionDesc" } }
    }

    private func check(_ attribute: Attribute, _ rule: PointerRule, on node: Node) -> [Diagnostic] {
        let pointers = attribute.value.tokens
        guard !pointers.isEmpty else { return [Messages.emptyPointer(attribute, on: node)] }
        return pointers.compactMap { check($0, attribute, rule, on: node) }
    }

    private func check(_ pointer: String, _ attribute: Attribute, _ rule: PointerRule, on node: Node) -> Diagnostic? {
        let isImage = ["facs", "url"].contains(attribute.name.localName)
        switch library.resolve(pointer, from: node, isImage: isImage) {
        case .external, .file(_, exists: true):
            return nil
        case .file(let path, exists: false):
            // Images often lie elsewhere than where the text is edited.
            if isImage, identified(as: pointer) == nil {
                return Messages.missingImage(pointer, path, attribute, on: node)
            }
            let missing = Diagnostics([Messages.missingPath(path)])
            return Messages.pointerFile(pointer, attribute, on: node, reason: missing, near: identified(as: pointer))
        case .unreadable(let reason):
            return Messages.pointerFile(pointer, attribute, on: node, reason: reason, near: identified(as: pointer))
        case .noSuchID(let id, let file):
            let near = nearest(id, rule.targets(of: attribute.name.localName, on: node.tei), pointer, from: node)
            return Messages.dangling(
                pointer, attribute, rule: rule.name, expected: rule.expected, id: id, file: file, near: near, on: node)
        case .node(let target):
            if attribute.name.localName == "spanTo", target.document !== document || target.index <= node.index {
                return Messages.backwardSpan(pointer, attribute, on: node, target: target)
            }
            let isRegistered = PointerRule.entries.contains(target.tei)
            let targets = isRegistered ? rule.targets(of: attribute.name.localName, on: node.tei) : rule.targets
            guard !targets.isEmpty, !targets.contains(target.tei), target.namespace == Namespace.tei else { return nil }
            return Messages.wrongKind(
                pointer, attribute, rule: rule.name, expected: expected(rule, targets), target: target, on: node
            )
        }
    }

    /// A pointer that only lacks its `#`.
    private func identified(as pointer: String) -> String? { document.element(withID: pointer)?.xmlID }

    private func expected(_ rule: PointerRule, _ targets: Set<String>) -> String {
        targets == rule.targets
            ? rule.expected : targets.sorted().map { ($0 == "org" ? "an " : "a ") + $0 }.joined(separator: " or ")
    }

    /// The id of the right kind that differs least: by capital letters alone, or by at most two letters. Where more than
    /// one is as near, as in a row of numbers, none was probably meant.
    private func nearest(_ id: String, _ targets: Set<String>, _ pointer: String, from node: Node) -> String? {
        // One is proposed where it can be written as the pointer is.
        let reference = Reference(pointer)
        let other = reference.resource.isEmpty ? node : library.element(reference.resource, from: node)
        guard reference.fragment != nil, let document = other?.document else { return nil }
        let identified = identified(in: document)
        comparisons -= identified.count
        guard comparisons > 0 else { return nil }
        let candidates = identified.lazy.filter { targets.isEmpty || targets.contains($0.kind) }.map(\.id)
        let small = id.lowercased()
        if let same = candidates.first(where: { $0.lowercased() == small }) { return same }
        let letters = Array(id.unicodeScalars)
        let near = candidates.compactMap { near in
            editDistance(letters, Array(near.unicodeScalars), limit: 2).map { (distance: $0, id: near) }
        }
        let least = near.min { $0.distance < $1.distance }
        return near.count { $0.distance == least?.distance } == 1 ? least?.id : nil
    }

    private func identified(in document: Document) -> [(kind: String, id: String)] {
        if let known = identified[ObjectIdentifier(document)] { return known }
        let found = document.root.descendantsOrSelf.compactMap { node in
            node.kind == .element ? node.xmlID.map { (kind: node.tei, id: $0) } : nil
        }
        identified[ObjectIdentifier(document)] = found
        return found
    }
}
