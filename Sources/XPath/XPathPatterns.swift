public import XML

/// XPath as the language of patterns that a document holds, such as TEI's `@match`.
///
///     let patterns = XPathPatterns()
///     let dates = patterns.selector("..//date/@when", of: element)
///     for found in dates(element) { print(found.node.location, found.attribute?.value ?? "") }
///
/// A pattern with a mistake selects nothing.
public struct XPathPatterns: PatternLanguage {
    /// Makes the language.
    public init() {}

    public func selector(_ pattern: String, of node: Node) -> (Node) -> [(node: Node, attribute: Attribute?)] {
        guard let pattern = try? XPath(pattern, StaticContext(of: node)) else { return { _ in [] } }
        return { start in
            guard let found = try? pattern.evaluate(at: .node(TreeNode(start))) else { return [] }
            return found.compactMap(\.node).map { ($0.node, $0.attribute) }
        }
    }
}
