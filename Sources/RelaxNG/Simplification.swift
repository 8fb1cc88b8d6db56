package import XML

// From a schema file to a grammar in simple form (RELAX NG, 4), with all restrictions checked (7).

extension Grammar {
    /// - Parameter path: the name for diagnostics, and the base of relative references.
    /// - Throws: what is wrong with the schema, by file and line.
    package static func compile(_ bytes: [UInt8], path: String, loader: SchemaLoader) throws(Diagnostics) -> Grammar {
        var collector = SchemaCollector(loader: loader)
        try collector.collect(bytes, path: path)
        var simplifier = Simplifier(collector)
        try simplifier.simplify()
        var restrictions = Restrictions(simplifier, idTypes: collector.idTypes)
        return try restrictions.checked()
    }
}

/// Makes patterns of a ``SchemaGraph``: the steps 4.19 to 4.21. Those of 4.20 and 4.21 are ``PatternTable``'s.
struct Simplifier {
    private enum State {
        case new, open, done
    }

    let graph: SchemaGraph
    private(set) var grammar: Grammar
    /// By the number of the definition: the nodes of its elements, and of nothing that is not reached.
    private(set) var elements: [Int32] = []

    /// By the node. Those that are not reached have none.
    private(set) var patterns: [Pattern]
    /// By the number of the `define`.
    private var states: [State]
    /// By the node: the number of the element's definition.
    private var definitions: [Int32]
    private var size = 0
    private var errors: [Diagnostic] = []

    init(_ collector: SchemaCollector) {
        graph = collector.graph
        grammar = collector.grammar
        states = Array(repeating: .new, count: graph.defines.count)
        patterns = Array(repeating: .notAllowed, count: graph.nodes.count)
        definitions = Array(repeating: -1, count: graph.nodes.count)
    }

    /// - Throws: definitions that hold themselves, and a schema that is too large.
    mutating func simplify() throws(Diagnostics) {
        findElements()
        for node in elements {
            grammar.definitions.append(.init(nameClass: Int(graph[node].number), content: .notAllowed))
        }
        resolve([graph.start])
        grammar.start = makePattern(graph.start)
        for (index, node) in elements.enumerated() {
            let parts = graph.parts(node)
            resolve(parts)
            grammar.definitions[index].content = group(parts)
        }
        if !errors.isEmpty { throw Diagnostics(errors.inSourceOrder) }
    }

    /// The elements that can be reached, in the order of the schema.
    private mutating func findElements() {
        var seen = Array(repeating: false, count: graph.defines.count)
        var stack = [graph.start]
        while let node = stack.popLast() {
            switch graph[node].kind {
            case .ref:
                let define = Int(graph[node].number)
                if !seen[define] {
                    seen[define] = true
                    stack.append(graph.defines[define].node)
                }
            case .element:
                elements.append(node)
                stack += graph.parts(node)
            default: stack += graph.parts(node)
            }
        }
        elements.sort()
        for (index, node) in elements.enumerated() { definitions[Int(node)] = Int32(index) }
    }
}

// MARK: - Definitions (4.19)

extension Simplifier {
    private struct Step {
        var define: Int32
        var references: [Int32]
        var next = 0
    }

    /// Makes the patterns of the definitions that are referred to from some patterns outside of elements, those that
    /// others hold first.
    private mutating func resolve(_ nodes: ArraySlice<Int32>) {
        var path = [Step(define: -1, references: references(nodes))]
        while let step = path.last {
            guard step.next < step.references.count else {
                path.removeLast()
                if step.define >= 0 {
                    _ = makePattern(graph.defines[Int(step.define)].node)
                    states[Int(step.define)] = .done
                }
                continue
            }
            path[path.count - 1].next += 1
            let reference = step.references[step.next]
            let define = graph[reference].number
            switch states[Int(define)] {
            case .done: break
            case .open: reportLoop(path.map(\.define), reference)
            case .new:
                states[Int(define)] = .open
                path.append(Step(define: define, references: references([graph.defines[Int(define)].node])))
            }
        }
    }

    /// The references within some patterns, outside of elements, to definitions that have no pattern yet.
    private func references(_ nodes: ArraySlice<Int32>) -> [Int32] {
        var found: [Int32] = []
        var stack = Array(nodes.reversed())
        while let node = stack.popLast() {
            switch graph[node].kind {
            case .element: break
            case .ref: if states[Int(graph[node].number)] != .done { found.append(node) }
            default: stack += graph.parts(node).reversed()
            }
        }
        return found
    }

    private mutating func reportLoop(_ path: [Int32], _ reference: Int32) {
        let define = graph[reference].number
        let circle = path.drop { $0 != define } + [define]
        let names = circle.map { graph.defines[Int($0)].name ?? "start" }
        errors.append(RelaxNGMessages.recursion(names, at: grammar.sources.location(graph[reference].position)))
    }
}

// MARK: - Patterns

extension Simplifier {
    /// The pattern that a node says, where the definitions that it refers to have theirs.
    private mutating func makePattern(_ node: Int32) -> Pattern {
        let pattern = pattern(graph[node].kind, Int(graph[node].number), node)
        patterns[Int(node)] = pattern
        return pattern
    }

    private mutating func pattern(_ kind: SchemaGraph.Kind, _ number: Int, _ node: Int32) -> Pattern {
        switch kind {
        case .empty: return .empty
        case .text: return .text
        case .notAllowed: return .notAllowed
        case .ref: return patterns[Int(graph.defines[number].node)]
        case .element: return grammar.patterns.element(Int(definitions[Int(node)]))
        case .value: return grammar.patterns.value(number)
        case .data: return grammar.patterns.data(number, except: choice(graph.parts(node)))
        case .choice: return choice(graph.parts(node))
        case .interleave: return interleave(operands(graph.parts(node)))
        default: break
        }
        let parts = graph.parts(node)
        // An attribute of which nothing is said has any text.
        let content = kind == .attribute && parts.isEmpty ? .text : group(parts)
        switch kind {
        case .attribute: return grammar.patterns.attribute(number, content)
        case .optional: return grammar.patterns.optional(content)
        case .zeroOrMore: return grammar.patterns.zeroOrMore(content)
        case .oneOrMore: return grammar.patterns.oneOrMore(content)
        case .list: return grammar.patterns.list(content)
        case .mixed: return interleave([content, .text])
        default: return content
        }
    }

    private mutating func group(_ parts: ArraySlice<Int32>) -> Pattern {
        if parts.count == 1, let part = parts.first { return makePattern(part) }
        let patterns = operands(parts)
        return isSmall(patterns) ? grammar.patterns.group(patterns) : .notAllowed
    }

    private mutating func choice(_ parts: ArraySlice<Int32>) -> Pattern {
        if parts.count == 1, let part = parts.first { return makePattern(part) }
        let patterns = operands(parts)
        return isSmall(patterns) ? grammar.patterns.choice(patterns) : .notAllowed
    }

    private mutating func interleave(_ patterns: [Pattern]) -> Pattern {
        isSmall(patterns) ? grammar.patterns.interleave(patterns) : .notAllowed
    }

    private mutating func operands(_ parts: ArraySlice<Int32>) -> [Pattern] {
        var patterns: [Pattern] = []
        patterns.reserveCapacity(parts.count)
        for part in parts { patterns.append(makePattern(part)) }
        return patterns
    }

    /// Definitions that each hold another one twice would make a pattern of 2ⁿ operands.
    private mutating func isSmall(_ patterns: [Pattern]) -> Bool {
        for pattern in patterns {
            let record = grammar.patterns[pattern]
            size += record.isSequence ? Int(record.second) : 1
        }
        if size > SchemaLimit.size, errors.isEmpty {
            errors.append(RelaxNGMessages.schemaTooLarge(at: grammar.sources.location(graph[graph.start].position)))
        }
        return size <= SchemaLimit.size
    }
}
