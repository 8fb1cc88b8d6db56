internal import Synchronization
public import XML

/// A compiled XPath expression. You may share it between threads.
///
///     var context = StaticContext()
///     context.namespaces["tei"] = "http://www.tei-c.org/ns/1.0"
///     let additions = try XPath("//tei:add[@hand = '#pbs']", context)
///     for item in try additions.evaluate(on: document) { print(item.node!.location) }
///
/// The language is XPath 2.0 with the parts of 3.0 and 3.1 that `docs/xpath.md` lists. Documents have no schema types.
public struct XPath: Sendable {
    /// The expression as it was written.
    public let expression: String
    private let operation: any Operation
    private let slotCount: Int

    /// Compiles an expression.
    ///
    /// - Parameters:
    ///   - expression: the expression.
    ///   - context: the meaning of the names in it.
    /// - Throws: ``XPathError`` with a static error, such as XPST0003 for the syntax and XPST0017 for an unknown
    ///   function.
    public init(_ expression: String, _ context: StaticContext = StaticContext()) throws(XPathError) {
        self.expression = expression
        (operation, slotCount) = try Compiler.compile(Parser.parse(expression, context), context)
    }

    /// Evaluates the expression.
    ///
    ///     var context = StaticContext()
    ///     let hand = QName(localName: "hand")
    ///     context.variables = [hand]
    ///     let byHand = try XPath("//*[@hand = $hand]", context)
    ///     let found = try byHand.evaluate(
    ///         at: .node(TreeNode(document.documentNode)), variables: [hand: ItemSequence(.atomic(.string("#pbs")))])
    ///
    /// - Parameters:
    ///   - item: the context item; `nil` for none.
    ///   - variables: a value for each variable of the static context.
    ///   - resources: the part of the outside world that the expression may see.
    /// - Throws: ``XPathError`` with a dynamic or type error, such as XPDY0002 and XPTY0004.
    public func evaluate(
        at item: Item? = nil, variables: [QName: ItemSequence] = [:], resources: Resources = .none
    ) throws(XPathError) -> ItemSequence {
        var context = DynamicContext(item: item, environment: Environment(resources: resources, variables: variables))
        context.allowance = Allowance(item?.node?.document)
        return try evaluate(&context).limited()
    }

    /// Evaluates the expression with the document node as context item.
    ///
    /// - Throws: ``XPathError`` with a dynamic or type error, such as XPDY0002 and XPTY0004.
    public func evaluate(on document: Document) throws(XPathError) -> ItemSequence {
        try evaluate(at: .node(TreeNode(document.documentNode)))
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        try withSlots(&context) { context throws(XPathError) in try operation.evaluate(&context) }
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        try withSlots(&context) { context throws(XPathError) in try operation.boolean(&context) }
    }

    private func withSlots<Result>(
        _ context: inout DynamicContext, _ body: (inout DynamicContext) throws(XPathError) -> Result
    ) throws(XPathError) -> Result {
        if slotCount == 0 { return try body(&context) }
        let outer = context.slots
        context.slots = Array(repeating: .empty, count: slotCount)
        defer { context.slots = outer }
        return try body(&context)
    }
}

extension Document {
    /// Evaluates an expression with this document's document node as context item.
    ///
    ///     let titles = try document.select("//title").strings
    ///
    /// - Parameters:
    ///   - expression: the expression.
    ///   - context: the meaning of the names in the expression. By default names without a prefix are in the outermost
    ///     element's namespace, and prefixes mean what they mean there.
    /// - Throws: ``XPathError`` with a static, dynamic or type error.
    public func select(_ expression: String, _ context: StaticContext? = nil) throws(XPathError) -> ItemSequence {
        try XPath(expression, context ?? StaticContext(of: root)).evaluate(on: self)
    }

    /// Evaluates a compiled expression with this document's document node as context item.
    ///
    /// - Throws: ``XPathError`` with a dynamic or type error.
    public func select(_ expression: XPath) throws(XPathError) -> ItemSequence {
        try expression.evaluate(on: self)
    }
}

extension StaticContext {
    /// Makes the context in which names mean what they mean in an element, names without a prefix too.
    public init(of element: Node) {
        self.init()
        for (prefix, namespace) in element.namespaces where !prefix.isEmpty { namespaces[prefix] = namespace }
        defaultElementNamespace = element.namespace(forPrefix: nil)
        baseURI = element.baseURI
    }
}

extension ItemSequence {
    /// The nodes, without attributes and namespaces.
    public var nodes: [Node] { compactMap { $0.node.flatMap { $0.isAttribute || $0.isNamespace ? nil : $0.node } } }

    /// The attributes.
    public var attributes: [Attribute] { compactMap { $0.node?.attribute } }

    /// The string value of each item, and of the members of arrays; functions have none and are left out.
    public var strings: [String] { ((try? flattened()) ?? .empty).compactMap { try? $0.string() } }

    /// The first item as a number (fn:number); NaN if there is none.
    public var number: Double { (try? first?.atomized().number) ?? .nan }

    /// The effective boolean value (XPath 2.0, 2.4.3).
    ///
    /// - Throws: ``XPathError`` FORG0006 if the sequence has none.
    public var truth: Bool { get throws(XPathError) { try effectiveBooleanValue() } }
}

/// Evaluates many expressions on one document: they share variables, functions, and what was found out already.
package final class XPathSession {
    private var context: DynamicContext
    /// How many bytes of texts the caller keeps.
    private var keptCount = 0

    package init(resources: XPath.Resources = .none) {
        context = DynamicContext(environment: Environment(resources: resources))
    }

    /// Gives a global variable a value, by its name without prefix.
    package func setVariable(_ name: QName, _ value: ItemSequence) {
        context.environment.variables[name] = value
    }

    /// Supplies a function that the static context declares.
    ///
    /// - Parameters:
    ///   - parameters: sequence types, as many as it has arguments.
    ///   - body: is called with the session, which must not be used otherwise, and the arguments.
    package func declare(
        _ name: StaticContext.FunctionName, parameters: [SequenceType], result: SequenceType,
        _ body: @escaping @Sendable (FunctionScope) throws(XPathError) -> ItemSequence
    ) {
        context.environment.functions[name] = FunctionItem(
            name: name.name, arity: name.arity, parameters: parameters, result: result
        ) { context, arguments throws(XPathError) in
            let scope = FunctionScope(caller: context, arguments: arguments)
            defer { context.allowance = scope.allowance }
            if scope.depth & 7 == 0, context.stack.isLow { throw .recursionTooDeep(scope.depth) }
            return try body(scope)
        }
    }

    /// - Parameter node: the context item, and what current() yields.
    package func evaluate(_ expression: XPath, at node: TreeNode) throws(XPathError) -> ItemSequence {
        begin(at: node)
        return try expression.evaluate(&context).limited()
    }

    /// - Parameter node: the context item, and what current() yields.
    package func boolean(_ expression: XPath, at node: TreeNode) throws(XPathError) -> Bool {
        begin(at: node)
        return try expression.boolean(&context)
    }

    package func matches(_ pattern: XPathPattern, _ node: TreeNode) throws(XPathError) -> Bool {
        begin(at: node)
        return try pattern.matches(node, &context)
    }

    /// Counts bytes of a text that the caller keeps besides those that it keeps already.
    ///
    /// - Throws: FOER0000 where they become more than the values of an evaluation may be.
    package func keep(_ count: Int) throws(XPathError) {
        keptCount += count
        if keptCount > Allowance.bytes { throw .tooManyBytes() }
    }

    /// Which part of its steps the last evaluation has taken.
    package var shareOfSteps: Double { context.allowance.shareOfSteps }

    private func begin(at node: TreeNode) {
        context.item = .node(node)
        context.currentItem = context.item
        context.stack = StackGuard()
        context.allowance = Allowance(node.document, held: context.environment.variables.byteCount)
    }
}

/// A call of a declared function: what its body is evaluated in.
package final class FunctionScope {
    private let environment: Environment
    let depth: Int
    private let stack: StackGuard
    /// The rest of the caller's allowance.
    fileprivate private(set) var allowance: Allowance
    package let arguments: [ItemSequence]

    init(caller: DynamicContext, arguments: [ItemSequence]) {
        environment = caller.environment
        depth = caller.depth + 1
        stack = caller.stack
        allowance = caller.allowance
        self.arguments = arguments
    }

    /// Evaluates an expression of the body.
    ///
    /// - Parameter variables: those of the function, instead of the global ones of the same names.
    package func evaluate(_ expression: XPath, variables: [QName: ItemSequence]) throws(XPathError) -> ItemSequence {
        let outer = environment.variables
        for (name, value) in variables { environment.variables[name] = value }
        defer { environment.variables = outer }
        var context = DynamicContext(environment: environment, stack: stack)
        context.depth = depth
        context.allowance = allowance
        defer { allowance = context.allowance }
        return try expression.evaluate(&context)
    }
}
