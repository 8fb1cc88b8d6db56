/// The dynamic context (XPath 2.0, 2.1.2): what an expression is evaluated in.
struct DynamicContext {
    /// The context item; `nil` where it is absent.
    var item: Item?
    /// The context position, from 1.
    var position = 1
    /// The context size.
    var size = 1
    /// The values of the variables that the expression itself binds, by the number that the compiler gave them.
    var slots: [ItemSequence] = []
    /// How many functions of the user are being called in one another.
    var depth = 0
    let environment: Environment

    /// - Throws: XPDY0002 where the context item is absent.
    func requiredItem() throws(XPathError) -> Item {
        guard let item else { throw .noContextItem() }
        return item
    }

    /// Evaluates the body with another focus.
    mutating func withFocus<Result>(
        _ item: Item?, position: Int = 1, size: Int = 1,
        _ body: (inout DynamicContext) throws(XPathError) -> Result
    ) throws(XPathError) -> Result {
        let outer = (self.item, self.position, self.size)
        (self.item, self.position, self.size) = (item, position, size)
        defer { (self.item, self.position, self.size) = outer }
        return try body(&self)
    }
}

/// What stays the same during an evaluation, and is the same for all expressions that belong together.
final class Environment {
    /// The current date and time, which do not change while an expression is evaluated.
    let now: CalendarContent
    /// Minutes east of Greenwich.
    var implicitTimezone: Int { now.timezone ?? 0 }
    let resources: XPath.Resources
    /// The values of global variables, by name.
    var variables: [QName: ItemSequence]
    var documents: [String: Document] = [:]

    init(now: CalendarContent? = nil, resources: XPath.Resources = .none, variables: [QName: ItemSequence] = [:]) {
        self.now = now ?? CalendarContent.now()
        self.resources = resources
        self.variables = variables
    }
}

extension XPath {
    /// What of the outside world an expression may see: nothing, unless it is given here.
    public struct Resources: Sendable {
        /// Reads the document at an absolute address or path, for fn:doc and fn:collection.
        public var document: (@Sendable (String) throws(Diagnostics) -> Document)?
        /// Reads the bytes of a text at an absolute address or path, for fn:unparsed-text.
        public var text: (@Sendable (String) throws(Diagnostics) -> [UInt8])?
        /// Lists the members of a collection; the default one has an empty name.
        public var collection: (@Sendable (String) -> [String]?)?
        /// Environment variables.
        public var variables: [String: String] = [:]

        public static let none = Resources()

        public init() {}
    }
}

extension XPathError {
    static func noContextItem() -> XPathError {
        XPathError("XPDY0002", "there is no context item here", help: "evaluate the expression on a node")
    }
}
