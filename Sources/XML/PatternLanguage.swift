/// A language in which a document says which of its nodes it means, such as TEI's `@match`. The library `XPath` has one.
///
///     let transcription = Transcription(of: element, library: library, patterns: XPathPatterns())
public protocol PatternLanguage: Sendable {
    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - pattern: the pattern as it is written, such as `@when`.
    ///   - node: the element that has the pattern. Names in the pattern mean what they mean there.
    /// - Returns: what the pattern selects, seen from a node, in the order of the document: nodes, or attributes with
    ///   their elements. A pattern with a mistake selects nothing.
    func selector(_ pattern: String, of node: Node) -> (Node) -> [(node: Node, attribute: Attribute?)]
}
