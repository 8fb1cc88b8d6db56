internal import XML

/// Finds where a schema says what its simple form has lost the place of.
struct SyntaxLocator {
    let root: Int32
    private let simplifier: Simplifier
    /// The nodes in the root, outside of further elements: parts before their wholes.
    private var order: [Int32] = []

    init(_ simplifier: Simplifier, root: Int32) {
        self.simplifier = simplifier
        self.root = root
        var entered = Set<Int32>()
        var stack = [(node: root, isLeft: false)]
        while let (node, isLeft) = stack.popLast() {
            if isLeft {
                order.append(node)
            } else if entered.insert(node).inserted {
                stack.append((node, true))
                for part in parts(node).reversed() { stack.append((part, false)) }
            }
        }
    }

    /// The nodes of a pattern and of one around it of these kinds; the root where there is none.
    func place(of pattern: Pattern, in kinds: [SchemaGraph.Kind]) -> (Int32, Int32) {
        let holders = holders(of: pattern)
        let around =
            order.first { node in
                kinds.contains(simplifier.graph[node].kind) && (holders[node] ?? []).contains { $0 != node }
            } ?? root
        return (leaf(around, holders), around)
    }

    /// The nodes of two patterns that are not in alternatives of one choice.
    func places(of a: Pattern, and b: Pattern) -> (Int32, Int32) {
        let first = holders(of: a)
        let second = a == b ? first : holders(of: b)
        for node in order {
            let kind = simplifier.graph[node].kind
            if kind == .choice || kind == .ref || kind == .data { continue }
            for x in first[node] ?? [] {
                guard let y = (second[node] ?? []).last(where: { $0 != x }) else { continue }
                let (p, q) = (x == node ? x : leaf(x, first), y == node ? y : leaf(y, second))
                // One definition that is used twice: the uses are the mistake.
                return p == q ? (x, y) : (p, q)
            }
        }
        return (root, root)
    }

    private func parts(_ node: Int32) -> ArraySlice<Int32> {
        let graph = simplifier.graph
        switch graph[node].kind {
        case .ref: return [graph.defines[Int(graph[node].number)].node]
        case .element: return node == root ? graph.parts(node) : []
        default: return graph.parts(node)
        }
    }

    /// By node: the parts that hold the pattern, or the node itself where it is or implies it.
    private func holders(of pattern: Pattern) -> [Int32: [Int32]] {
        var found: [Int32: [Int32]] = [:]
        for node in order {
            let isRootElement = node == root && simplifier.graph[node].kind == .element
            if !isRootElement, simplifier.patterns[Int(node)] == .notAllowed { continue }
            var holders = parts(node).filter { found[$0] != nil }
            if !isRootElement, holders.isEmpty || simplifier.graph[node].kind == .mixed, says(node, pattern) {
                holders.append(node)
            }
            if !holders.isEmpty { found[node] = holders }
        }
        return found
    }

    /// Whether a node is a pattern, or adds it to what it holds.
    private func says(_ node: Int32, _ pattern: Pattern) -> Bool {
        let own = simplifier.patterns[Int(node)]
        if own == pattern { return true }
        switch simplifier.graph[node].kind {
        case .optional: return pattern == .empty
        case .zeroOrMore:
            return pattern == .empty
                || simplifier.grammar.patterns[own].kind == .choice
                    && simplifier.grammar.patterns.operands(own).contains(pattern)
        case .mixed: return pattern == .text
        default: return false
        }
    }

    /// The place of a pattern within a node that holds it.
    private func leaf(_ node: Int32, _ holders: [Int32: [Int32]]) -> Int32 {
        var node = node
        while let next = holders[node]?.first(where: { $0 != node }) { node = next }
        return node
    }
}
