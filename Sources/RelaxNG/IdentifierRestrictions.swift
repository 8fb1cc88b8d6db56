internal import XML

extension Restrictions {
    mutating func checkIdentifiers() {
        findIdentifiers()
        for definition in definitionQueue { forEachIdentifier(definition) { $0.register($1, definition) } }
        let registered = Dictionary(grouping: grammar.idTypes.keys) { $0.attribute }
            .mapValues { keys in keys.sorted { $0.element < $1.element } }
        for definition in definitionQueue {
            forEachIdentifier(definition) { $0.checkConflict($1, definition, registered) }
        }
    }

    private mutating func findIdentifiers() {
        var identifying = Set<Int32>()
        for pattern in grammar.patterns.all where grammar.patterns[pattern].kind == .attribute {
            let record = grammar.patterns[pattern]
            guard idType(Pattern(index: record.second)) != .none else { continue }
            identifying.formUnion(grammar.names.finiteNames(Int(record.first)) ?? [])
        }
        for pattern in grammar.patterns.all {
            let record = grammar.patterns[pattern]
            var isRelevant = idType(pattern) != .none
            if record.kind == .attribute {
                isRelevant = grammar.names.finiteNames(Int(record.first))?.contains(where: identifying.contains) ?? true
            }
            grammar.patterns.forEachPart(pattern) {
                isRelevant = isRelevant || traits[Int($0.index)].contains(.identifiers)
            }
            if isRelevant { traits[Int(pattern.index)].insert(.identifiers) }
        }
    }

    private func idType(_ pattern: Pattern) -> Datatype.IDType {
        let record = grammar.patterns[pattern]
        switch record.kind {
        case .data: return idTypes[Int(record.first)]
        case .value: return idTypes[grammar.values[Int(record.first)].datatype]
        default: return .none
        }
    }

    /// The attributes of an element that matter here, and identifiers outside of attributes.
    private mutating func forEachIdentifier(_ definition: Int, _ body: (inout Restrictions, Pattern) -> Void) {
        current = simplifier.elements[definition]
        marks.beginOperand()
        var stack = [grammar.definitions[definition].content]
        while let pattern = stack.popLast() {
            guard traits[Int(pattern.index)].contains(.identifiers), marks.mark(pattern) else { continue }
            switch grammar.patterns[pattern].kind {
            case .attribute: body(&self, pattern)
            case .data, .value: if idType(pattern) != .none { body(&self, pattern) }
            default: break
            }
            if grammar.patterns[pattern].kind != .attribute {
                grammar.patterns.forEachPart(pattern) { stack.append($0) }
            }
        }
    }

    private mutating func register(_ pattern: Pattern, _ definition: Int) {
        let record = grammar.patterns[pattern]
        guard record.kind == .attribute else { return reportIDParent(pattern) }
        let content = Pattern(index: record.second)
        let type = idType(content)
        guard type != .none else { return checkIDParents(content) }
        guard case .name(let attribute) = grammar.names.classes[Int(record.first)] else {
            return report(pattern) { at, _ in RelaxNGMessages.idAttributeNames(at: at) }
        }
        guard let elements = grammar.names.finiteNames(grammar.definitions[definition].nameClass) else {
            return report(pattern) { at, around in RelaxNGMessages.idElementNames(element: around, at: at) }
        }
        for element in elements {
            let key = Grammar.ElementAttribute(element: element, attribute: attribute)
            if let other = grammar.idTypes[key], other != type {
                reportConflict(pattern, key)
            } else if grammar.idTypes.updateValue(type, forKey: key) == nil {
                idPlaces[key] = (current, pattern)
            }
        }
    }

    /// Identifiers deeper within an attribute.
    private mutating func checkIDParents(_ content: Pattern) {
        var stack = [content]
        while let pattern = stack.popLast() {
            guard traits[Int(pattern.index)].contains(.identifiers), marks.mark(pattern) else { continue }
            if idType(pattern) != .none { reportIDParent(pattern) }
            grammar.patterns.forEachPart(pattern) { stack.append($0) }
        }
    }

    private mutating func reportIDParent(_ pattern: Pattern) {
        report(pattern) { at, _ in RelaxNGMessages.idParent(at: at) }
    }

    /// Checks that no attribute of another type can be in the place of an identifying attribute.
    private mutating func checkConflict(
        _ pattern: Pattern, _ definition: Int, _ registered: [Int32: [Grammar.ElementAttribute]]
    ) {
        let record = grammar.patterns[pattern]
        guard record.kind == .attribute, idType(Pattern(index: record.second)) == .none else { return }
        let elements = grammar.definitions[definition].nameClass
        let attributes =
            grammar.names.finiteNames(Int(record.first))
            ?? registered.keys.filter {
                grammar.names.contains(Int(record.first), SchemaName(index: $0))
            }.sorted()
        for attribute in attributes {
            let keys =
                grammar.names.finiteNames(elements)?.map { Grammar.ElementAttribute(element: $0, attribute: attribute) }
                ?? (registered[attribute] ?? []).filter {
                    grammar.names.contains(elements, SchemaName(index: $0.element))
                }
            // With wildcards there are hundreds of which one tells all.
            if let key = keys.first(where: { grammar.idTypes[$0] != nil }) { return reportConflict(pattern, key) }
        }
    }

    private mutating func reportConflict(_ pattern: Pattern, _ key: Grammar.ElementAttribute) {
        guard let (node, identifying) = idPlaces[key] else { return }
        let (other, _) = SyntaxLocator(simplifier, root: node).place(of: identifying, in: [])
        let (element, attribute) = (
            grammar.names.description(name: key.element), grammar.names.description(name: key.attribute)
        )
        let first = location(other)
        report(pattern) { at, _ in
            RelaxNGMessages.idConflict(element: element, attribute: attribute, first: first, at: at)
        }
    }
}
