public import XML
public import XPath

/// A question in XPath to the documents of an edition.
///
///     let query = try Query("//add[@hand = '#pbs']")
///     for match in try query.run(on: document, library: library) { print(match.location ?? "", match.text) }
///
/// Names without a prefix, and with the prefix `tei`, are TEI's.
public struct Query: Sendable {
    /// An item that was found.
    public struct Match: Sendable {
        public let item: Item
        /// Where the node begins; `nil` for a value.
        public var location: SourceLocation? { item.node?.location }
        /// The string value, or what the policy reads there: `nil` where nothing of the node is in that text.
        public let text: String?
    }

    private let expression: XPath
    private let variables: [QName: ItemSequence]
    private let policy: Policy?

    /// - Parameters:
    ///   - namespaces: further prefixes.
    ///   - variables: values of variables, untyped.
    ///   - policy: which text of the nodes is meant; by default all that stands in them.
    /// - Throws: ``XPath/XPathError`` with a static error.
    public init(
        _ expression: String, namespaces: [String: String] = [:], variables: [String: String] = [:],
        policy: Policy? = nil
    ) throws(XPathError) {
        try self.init(
            expression, namespaces: namespaces.map { ($0, $1) }, variables: variables.map { ($0, $1) }, policy: policy)
    }

    /// With names that Swift may take for the same string. Of what is given twice the last counts.
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

    /// What is found in a document, in the order of the sequence.
    ///
    /// - Throws: ``XPath/XPathError`` with a dynamic error.
    public func run(on document: Document, library: Library) throws(XPathError) -> [Match] {
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
    private let library: Library
    /// By the index of the document's element: what the policy reads in each element.
    private var readings: [Node: [Node: String]] = [:]

    init(_ policy: Policy, _ library: Library) {
        self.policy = policy
        self.library = library
    }

    /// Of an attribute its value; of a text that of its element.
    mutating func text(of node: TreeNode) -> String? {
        if node.kind == .attribute || node.kind == .namespace { return node.stringValue }
        let element = node.kind == .element ? node.node : node.node.parent ?? node.node
        guard let document = element.ancestorsOrSelf.first(where: { $0.tei == "TEI" }) else { return nil }
        if readings[document] == nil { readings[document] = PolicyTexts.texts(document, policy, library) }
        return readings[document]?[element]
    }

    private static func texts(_ document: Node, _ policy: Policy, _ library: Library) -> [Node: String] {
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
    /// How what was found is written.
    public enum Output: String, Sendable, CaseIterable {
        /// `file:line:column: text`, one line for each item, printable.
        case lines
        case json
        /// `file: number`.
        case count

        /// What stands before the first file.
        public var opening: [UInt8] { self == .json ? [UInt8(ascii: "[")] : [] }
        public var separator: [UInt8] { self == .json ? [UInt8(ascii: ",")] : [] }
        /// What stands behind the last file.
        public func closing(isEmpty: Bool) -> [UInt8] { self == .json ? Array((isEmpty ? "]\n" : "\n]\n").utf8) : [] }
    }

    /// What was found in one file.
    public struct Result: Sendable {
        public let file: String
        public let matches: [Match]

        public init(file: String, matches: [Match]) {
            self.file = file
            self.matches = matches
        }
    }

    /// The bytes of an output: UTF-8, ended by a line end unless there is nothing.
    public static func export(_ results: some Sequence<Result>, as output: Output) -> [UInt8] {
        let entries = results.map { entry($0, as: output) }
        return output.opening + entries.joined(separator: output.separator) + output.closing(isEmpty: entries.isEmpty)
    }

    /// What an output says of one file; between two of them stands ``Output/separator``.
    public static func entry(_ result: Result, as output: Output) -> [UInt8] {
        switch output {
        case .lines: result.matches.flatMap { line($0, result.file).utf8 }
        case .count: Array("\(result.file.printable): \(result.matches.count)\n".utf8)
        case .json: json(result)
        }
    }

    /// White space is one space here, so that an item is a line.
    private static func line(_ match: Match, _ file: String) -> String {
        let text = (match.text ?? "").tokens.joined(separator: " ")
        return "\(match.location?.description ?? file): \(text)".printable + "\n"
    }

    private static func json(_ result: Result) -> [UInt8] {
        var writer = JSONWriter(depth: 1)
        writer.object { writer in
            writer.string("file", result.file)
            writer.array("items", of: result.matches, write)
        }
        return writer.bytes
    }

    private static func write(_ writer: inout JSONWriter, _ match: Match) {
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
