internal import Synchronization
public import XML

/// The dynamic context (XPath 2.0, 2.1.2): what an expression is evaluated in.
struct DynamicContext {
    /// The context item; `nil` where it is absent.
    var item: Item?
    /// The result of current() (XSLT 2.0, 16.6.1).
    var currentItem: Item?
    /// The context position, from 1.
    var position = 1
    /// The context size.
    var size = 1
    /// The values of the variables that the expression itself binds, by the number that the compiler gave them.
    var slots: [ItemSequence] = []
    /// How many functions of the user are being called in one another.
    var depth = 0
    /// The numbers of names in the document at hand.
    var nameNumbers = NameNumbers()
    var allowance = Allowance()
    let environment: Environment

    var stack: StackGuard

    init(item: Item? = nil, environment: Environment, stack: StackGuard = StackGuard()) {
        self.item = item
        self.environment = environment
        self.stack = stack
    }

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

/// The parts of the context that stay the same during an evaluation, for all expressions that belong together.
final class Environment {
    /// The current date and time, which do not change while an expression is evaluated.
    private(set) lazy var now = CalendarContent.now()
    let resources: XPath.Resources
    var variables = GlobalVariables()
    var functions: [StaticContext.FunctionName: FunctionItem] = [:]
    /// The documents that were read, by address.
    var documents: [String: Document] = [:]
    var keyIndexes: [KeyID: [EqualityKey: [UInt64]]] = [:]
    private var memory: [Memory: ItemSequence] = [:]
    private var strings: [Memory: Set<CodepointString>?] = [:]
    private var valueIndexes: [ValueIndexID: ValueIndex] = [:]

    private struct ValueIndexID: Hashable {
        let name: UInt32
        let document: Int
    }

    /// The elements by the value of one attribute; made when as many nodes have been looked through as the document
    /// has.
    private struct ValueIndex {
        var elements: [ByteString: [UInt32]]?
        /// Of the values that were asked for in elements of one name.
        var elementsByName: [ByteString: [UInt32: ElementList]] = [:]
        var visited = 0
    }

    struct KeyID: Hashable {
        let name: QName
        let document: Int
    }

    private struct Memory: Hashable {
        let operation: ObjectIdentifier
        let document: Int
    }

    init(resources: XPath.Resources = .none, variables: [QName: ItemSequence] = [:]) {
        self.resources = resources
        for (name, value) in variables { self.variables[name] = value }
    }

    /// Minutes east of Greenwich.
    var implicitTimezone: Int { now.timezone ?? 0 }

    /// The result of an operation for a document.
    func remembered(_ operation: DocumentOperation, _ document: Document) -> ItemSequence? {
        memory[Memory(operation: ObjectIdentifier(operation), document: document.number)]
    }

    func remember(_ operation: DocumentOperation, _ document: Document, _ value: ItemSequence) {
        memory[Memory(operation: ObjectIdentifier(operation), document: document.number)] = value
    }

    /// The strings of what an operation yielded for a document, `nil` where not all of it are strings.
    func strings(of operation: DocumentOperation, _ document: Document) -> Set<CodepointString>? {
        let id = Memory(operation: ObjectIdentifier(operation), document: document.number)
        if let known = strings[id] { return known }
        let found = memory[id]?.codepointStrings
        strings[id] = found
        return found
    }
}

extension Environment {
    /// Whether the elements by an attribute's value are worth knowing, or known.
    ///
    /// - Parameter count: how many nodes would otherwise be looked through.
    func hasElementsByValue(_ name: UInt32, _ document: Document, forNodes count: Int) -> Bool {
        let id = ValueIndexID(name: name, document: document.number)
        let visited = valueIndexes[id]?.visited ?? 0
        if visited < document.nodes.count { valueIndexes[id, default: ValueIndex()].visited += count }
        return visited >= document.nodes.count
    }

    /// The elements whose attribute has a value, in document order.
    func elements(_ name: UInt32, _ value: ByteString, _ document: Document) -> [UInt32] {
        let id = ValueIndexID(name: name, document: document.number)
        if let known = valueIndexes[id]?.elements { return known[value] ?? [] }
        var elements: [ByteString: [UInt32]] = [:]
        for index in document.nodes.indices {
            guard let attribute = Node(document: document, index: index).attributeNode(named: name) else { continue }
            elements[ByteString(attribute.bytes), default: []].append(UInt32(index))
        }
        valueIndexes[id, default: ValueIndex()].elements = elements
        return elements[value] ?? []
    }

    /// The elements of one name whose attribute has a value, in document order.
    func elements(_ name: UInt32, _ value: ByteString, _ document: Document, named elementName: UInt32) -> ElementList {
        let id = ValueIndexID(name: name, document: document.number)
        if let known = valueIndexes[id]?.elementsByName[value] { return known[elementName] ?? ElementList([]) }
        let all = elements(name, value, document)
        // Values that there are not may be asked for without an end.
        if all.isEmpty { return ElementList([]) }
        var lists: [UInt32: [UInt32]] = [:]
        for element in all {
            lists[document.names.expanded[document.nodes[Int(element)].name], default: []].append(element)
        }
        let found = lists.mapValues { ElementList($0) }
        valueIndexes[id, default: ValueIndex()].elementsByName[value] = found
        return found[elementName] ?? ElementList([])
    }
}

/// The values of the variables that are not the expression's own. Their names are numbered in all expressions together.
struct GlobalVariables {
    private var values: [ItemSequence?] = []
    /// How many bytes they take.
    private(set) var byteCount = 0
    /// By number: the strings of a value that is asked for again and again whether it holds one; `nil` where not all
    /// are strings.
    private var strings: [Int: Set<CodepointString>?] = [:]
    private static let numbers = Mutex<[QName: Int]>([:])

    static func number(of name: QName) -> Int {
        numbers.withLock { numbers in
            let next = numbers.count
            let number = numbers[name, default: next]
            numbers[name] = number
            return number
        }
    }

    subscript(number: Int) -> ItemSequence? {
        get { number < values.count ? values[number] : nil }
        set {
            while values.count <= number { values.append(nil) }
            byteCount += (newValue?.byteCount ?? 0) - (values[number]?.byteCount ?? 0)
            values[number] = newValue
            strings[number] = nil
        }
    }

    /// The strings of a variable's value, `nil` where not all of it are strings.
    mutating func strings(of number: Int) -> Set<CodepointString>? {
        if let known = strings[number] { return known }
        let found = self[number]?.codepointStrings
        strings[number] = found
        return found
    }

    subscript(name: QName) -> ItemSequence? {
        get { self[GlobalVariables.number(of: name)] }
        set { self[GlobalVariables.number(of: name)] = newValue }
    }
}

extension ItemSequence {
    /// The strings, where all values are strings.
    fileprivate var codepointStrings: Set<CodepointString>? {
        var found: Set<CodepointString> = []
        for item in self {
            guard let value = try? item.atomized(), value.isStringLike else { return nil }
            found.insert(CodepointString(value.string))
        }
        return found
    }
}

extension XPath {
    /// The part of the outside world that an expression may see: nothing, unless you give it here.
    ///
    ///     var resources = XPath.Resources()
    ///     resources.variables["USER"] = "ann"
    ///     let user = try XPath("environment-variable('USER')").evaluate(resources: resources)
    ///     print(user.strings)     // ["ann"]
    public struct Resources: Sendable {
        /// Reads the document at an absolute address or path, for fn:doc and fn:collection; `nil` if no document may be
        /// read.
        public var document: (@Sendable (String) throws(Diagnostics) -> Document)?
        /// Reads the bytes of a text at an absolute address or path, for fn:unparsed-text; `nil` if no text may be
        /// read.
        public var text: (@Sendable (String) throws(Diagnostics) -> [UInt8])?
        /// Lists the addresses of a collection's members, `nil` for an unknown collection; the default collection has
        /// an empty name.
        public var collection: (@Sendable (String) -> [String]?)?
        /// The environment variables that fn:environment-variable sees.
        public var variables: [String: String] = [:]

        /// No resources.
        public static let none = Resources()

        /// Makes resources that show nothing yet.
        public init() {}
    }
}

extension XPathError {
    static func noContextItem() -> XPathError {
        XPathError("XPDY0002", "there is no context item here", help: "evaluate the expression on a node")
    }
}
