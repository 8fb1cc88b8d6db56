public import TEI
public import XML
public import XPath

/// An XPath query about the documents of an edition.
///
///     let query = try Query("//add[@hand = '#pbs']")
///     for match in try query.run(on: document, library: library) {
///         print(match.location?.description ?? "a value", match.text ?? "")
///     }
///
/// Names without a prefix, and names with the prefix `tei`, are TEI's.
public struct Query: Sendable {
    /// An item that was found.
    public struct Match: Sendable {
        /// The node or value.
        public let item: Item
        /// Where the node begins; `nil` for a value.
        public var location: SourceLocation? { item.node?.location }
        /// The string value, or the node's words in the policy's text; `nil` if that text has nothing of the node.
        public let text: String?
    }

    private let expression: XPath
    private let variables: [QName: ItemSequence]
    private let policy: Policy?

    /// Compiles a query.
    ///
    /// - Parameters:
    ///   - expression: an expression in XPath.
    ///   - namespaces: more namespaces, by their prefixes.
    ///   - variables: the values of variables, untyped.
    ///   - policy: the text from which the words of nodes are taken; by default, all words of a node.
    /// - Throws: ``XPath/XPathError`` with a static error.
    public init(
        _ expression: String, namespaces: [String: String] = [:], variables: [String: String] = [:],
        policy: Policy? = nil
    ) throws(XPathError) {
        try self.init(
            expression, namespaces: namespaces.map { ($0, $1) }, variables: variables.map { ($0, $1) }, policy: policy)
    }

    /// The same, for names that Swift may take for equal strings. If a name is given twice, the last one counts.
    package init(
        _ expression: String, namespaces: [(String, String)], variables: [(String, String)], policy: Policy?
    ) throws(XPathError) {
        var context = StaticContext()
        context.defaultElementNamespace = Namespace.tei
        context.namespaces["tei"] = Namespace.tei
        for (prefix, uri) in namespaces { context.namespaces[prefix] = uri }
        var values: [QName: ItemSequence] = [:]
        for (name, value) in variables { values[QName(localName: name)] = ItemSequence(.atomic(.untyped(value))) }
        context.variables = Set(values.keys)
        self.expression = try XPath(expression, context)
        self.variables = values
        self.policy = policy
    }

    /// Runs the query on a document.
    ///
    /// - Returns: the items in the order of the sequence.
    /// - Throws: ``XPath/XPathError`` with a dynamic error.
    public func run(on document: Document, library: PointerResolver) throws(XPathError) -> [Match] {
        let found = try expression.evaluate(at: .node(TreeNode(document.documentNode)), variables: variables)
        var texts = policy.map { PolicyTexts($0, library) }
        var matches: [Match] = []
        matches.reserveCapacity(found.count)
        for item in found {
            let text = if let node = item.node, texts != nil { texts?.text(of: node) } else { try item.string() }
            matches.append(Match(item: item, text: text))
        }
        return matches
    }
}

/// The texts of nodes as one policy reads them; each document is read once.
private struct PolicyTexts {
    private let policy: Policy
    private let library: PointerResolver
    /// For each document's element, the words of each of its elements in the policy's text.
    private var readings: [Node: [Node: String]] = [:]

    init(_ policy: Policy, _ library: PointerResolver) {
        self.policy = policy
        self.library = library
    }

    /// The value of an attribute; for a text node, the words of its element.
    mutating func text(of node: TreeNode) -> String? {
        if node.kind == .attribute || node.kind == .namespace { return node.stringValue }
        let element = node.kind == .element ? node.node : node.node.parent ?? node.node
        guard let document = element.ancestorsOrSelf.first(where: { $0.tei == "TEI" }) else { return nil }
        if readings[document] == nil { readings[document] = PolicyTexts.texts(document, policy, library) }
        return readings[document]?[element]
    }

    private static func texts(_ document: Node, _ policy: Policy, _ library: PointerResolver) -> [Node: String] {
        let reading = Transcription(of: document, library: library).reading(policy)
        let scalars = Array(reading.text.unicodeScalars)
        return Dictionary(
            reading.spans.map { span in
                (span.opening.node, String(scalars: scalars[span.range]))
            }
        ) { first, _ in first }
    }
}

// MARK: - Output

extension Query {
    /// The items that were found in one file.
    public struct Result: Sendable {
        /// The path of the file.
        public let file: String
        /// The items.
        public let matches: [Match]

        /// Makes a result.
        public init(file: String, matches: [Match]) {
            self.file = file
            self.matches = matches
        }
    }
}

extension OutputFormat where Value == Query.Result {
    /// `file:line:column: text`, a line for each item, printable.
    public static var lines: Self { Self("lines", fileExtension: "txt", write: \.lines) }
    /// An array with an object for each file.
    public static var json: Self { Self(jsonArray: \.json) }
    /// `file: number`, a line for each file, printable.
    public static var count: Self {
        Self("count", fileExtension: "txt") { Array("\($0.file.printable): \($0.matches.count)\n".utf8) }
    }

    /// All formats of results.
    public static var all: [Self] { [.lines, .json, .count] }
}

extension Query.Result {
    fileprivate var lines: [UInt8] { matches.flatMap { line($0).utf8 } }

    /// White space is one space here, so that an item is a line.
    private func line(_ match: Query.Match) -> String {
        let text = (match.text ?? "").tokens.joined(separator: " ")
        return "\(match.location?.description ?? file): \(text)".printable + "\n"
    }

    fileprivate var json: [UInt8] {
        var writer = JSONWriter(depth: 1)
        writer.object { writer in
            writer.string("file", file)
            writer.array("items", of: matches, write)
        }
        return writer.bytes
    }

    private func write(_ writer: inout JSONWriter, _ match: Query.Match) {
        writer.line { writer in
            if let location = match.location, let node = match.item.node {
                writer.string("kind", "\(node.kind)")
                writer.string("name", node.name?.description)
                writer.string("file", location.file)
                writer.number("line", location.line)
                writer.number("column", location.column)
                writer.string("path", node.lexicalPath)
                writer.string("id", node.node.nearestID)
            } else {
                writer.string("type", match.item.atomic?.type.description ?? "function")
            }
            writer.string("text", match.text)
        }
    }
}

extension TreeNode {
    /// The XPath of the node in lexical names.
    fileprivate var lexicalPath: String {
        switch kind {
        case .attribute: node.path + "/@" + (name?.description ?? "")
        case .namespace: node.path + "/namespace::" + (name?.description ?? "*")
        default: node.path
        }
    }
}
