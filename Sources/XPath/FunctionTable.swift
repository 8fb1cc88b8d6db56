internal import Synchronization
public import XML

/// The functions of the language: one entry each (XPath and XQuery Functions and Operators).
///
///     table.add("substring", 2...3, ["xs:string?", "xs:double", "xs:double"], "xs:string", substring)
struct FunctionTable: Sendable {
    /// - Parameter arguments: as many as in the call, converted to the parameters' types.
    typealias Body = @Sendable (inout DynamicContext, CallSite, [ItemSequence]) throws(XPathError) -> ItemSequence

    struct Entry: Sendable {
        let name: QName
        let arities: ClosedRange<Int>
        /// Sequence types as written; the last one is that of all further arguments as well.
        let parameters: [String]
        let result: String
        /// The first version of XPath that has it, times ten; 0 for a function of XSLT.
        let since: Int
        /// Whether the result depends on the context item, position or size.
        let usesFocus: Bool
        let body: Body
    }

    private var entries: [QName: [Entry]] = [:]

    static let standard: FunctionTable = {
        var table = FunctionTable()
        table.addFunctions()
        return table
    }()

    /// - Parameters:
    ///   - name: a local name in the namespace `http://www.w3.org/2005/xpath-functions`, or with the prefix `math:` or
    ///     `array:`.
    ///   - arities: how many arguments it takes.
    mutating func add(
        _ name: String, _ arities: ClosedRange<Int>, _ parameters: [String], _ result: String, since: Int = 20,
        usesFocus: Bool = false, _ body: @escaping Body
    ) {
        let parts = name.split(separator: ":")
        let namespace =
            switch parts.count == 2 ? parts[0] : "" {
            case "math": Namespace.xpathMath
            case "array": Namespace.xpathArray
            default: Namespace.xpathFunctions
            }
        let qname = QName(localName: String(parts[parts.count - 1]), namespace: namespace)
        entries[qname, default: []].append(
            Entry(
                name: qname, arities: arities, parameters: parameters, result: result, since: since,
                usesFocus: usesFocus, body: body
            ))
    }

    mutating func add(
        _ name: String, _ parameters: [String], _ result: String, since: Int = 20, usesFocus: Bool = false,
        _ body: @escaping Body
    ) {
        add(name, parameters.count...parameters.count, parameters, result, since: since, usesFocus: usesFocus, body)
    }

    private static let types = Mutex<[String: SequenceType]>([:])

    /// The sequence type in a signature. All signatures use the same few, and each is parsed once.
    static func type(_ text: String) throws(XPathError) -> SequenceType {
        if let known = types.withLock({ $0[text] }) { return known }
        let type = try Parser.parseSequenceType(text)
        types.withLock { $0[text] = type }
        return type
    }

    /// The newest one that the version has, where its signature has changed.
    func entry(_ name: QName, arity: Int, _ statics: StaticContext) -> Entry? {
        entries[name]?.filter { $0.arities.contains(arity) && $0.isAvailable(statics) }.max { $0.since < $1.since }
    }

    /// The numbers of arguments that functions of this name take, in order; empty where there is none.
    func arities(of name: QName, _ statics: StaticContext) -> [ClosedRange<Int>] {
        (entries[name] ?? []).filter { $0.isAvailable(statics) }.map(\.arities).sorted { $0.lowerBound < $1.lowerBound }
    }

    /// The local names of all functions of the language, for what was probably meant.
    func names(_ statics: StaticContext) -> [String] {
        entries.filter { $0.key.namespace == Namespace.xpathFunctions && $0.value.contains { $0.isAvailable(statics) } }
            .map(\.key.localName).sorted()
    }
}

extension FunctionTable.Entry {
    func isAvailable(_ statics: StaticContext) -> Bool {
        since == 0 ? statics.hasXSLTFunctions : since <= statics.version.rawValue
    }
}

/// The facts about the place of a call that a function may use.
struct CallSite: Sendable {
    let statics: StaticContext
    let offset: Int
}

extension Namespace {
    /// The namespace of functions, usually with the prefix `fn`.
    public static let xpathFunctions = "http://www.w3.org/2005/xpath-functions"
    /// The namespace of mathematical functions, usually with the prefix `math`.
    public static let xpathMath = "http://www.w3.org/2005/xpath-functions/math"
    /// The namespace of functions of arrays, usually with the prefix `array`.
    public static let xpathArray = "http://www.w3.org/2005/xpath-functions/array"
    /// The namespace of the built-in types, usually with the prefix `xs`.
    public static let xmlSchema = "http://www.w3.org/2001/XMLSchema"
}

/// A function as a value: a named reference, an inline function or a partial application gives one (XPath 3.1, 3.1.6
/// and 3.1.7).
public struct FunctionItem: Sendable {
    /// The name of the function; `nil` for an inline function.
    public let name: QName?
    /// The number of arguments that a call needs.
    public let arity: Int
    let parameters: [SequenceType]
    let result: SequenceType
    /// How many arrays and functions hold one another in what it holds, itself among them.
    var depth = 1
    /// - Parameter arguments: as many as its arity, converted to the parameters' types.
    let body: @Sendable (inout DynamicContext, [ItemSequence]) throws(XPathError) -> ItemSequence
}

extension FunctionItem {
    /// Calls it by the function conversion rules (XPath 3.1, 3.1.5.2).
    func call(_ context: inout DynamicContext, _ arguments: [ItemSequence]) throws(XPathError) -> ItemSequence {
        let bytes = context.allowance.bytes
        var converted: [ItemSequence] = []
        var readCount = 0
        for (argument, type) in zip(arguments, parameters) {
            let value = try type.convert(argument, &context)
            readCount += value.readCount(isAtomic: type.isAtomic)
            converted.append(value)
        }
        try context.allowance.take(3 + readCount >> 6)
        let value = try result.convert(body(&context, converted), &context)
        try context.allowance.keep(value, since: bytes)
        return value
    }
}
