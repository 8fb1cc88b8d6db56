public import XML

/// The static context: the meaning of the names in an expression (XPath 2.0, 2.1.1).
///
///     var context = StaticContext()
///     context.namespaces["tei"] = "http://www.tei-c.org/ns/1.0"
public struct StaticContext: Sendable {
    /// A version of XPath.
    public enum Version: Int, Sendable, Comparable {
        /// XPath 2.0.
        case xpath2 = 20
        /// XPath 3.1, as far as `docs/xpath.md` lists.
        case xpath31 = 31

        /// Whether `a` is the older version.
        public static func < (a: Version, b: Version) -> Bool { a.rawValue < b.rawValue }
    }

    /// The version that the expression is written in.
    public var version: Version = .xpath31
    /// Whether the expression is run in XPath 1.0 compatibility mode (XPath 2.0, 2.1.1).
    public var isCompatible = false
    /// The namespaces, by prefix. At first there are `xml`, `xs`, `fn`, `math`, `array` and `err`.
    public var namespaces: [String: String] = [
        "xml": Namespace.xml, "xs": Namespace.xmlSchema, "fn": Namespace.xpathFunctions, "math": Namespace.xpathMath,
        "array": Namespace.xpathArray, "err": XPathError.standardNamespace,
    ]
    /// The namespace of element names without a prefix; `nil` for none.
    public var defaultElementNamespace: String?
    /// The namespace of function names without a prefix; `nil` for none.
    public var defaultFunctionNamespace: String? = Namespace.xpathFunctions
    /// The base of relative addresses; `nil` if there is none.
    public var baseURI: String?
    /// The address of the collation that strings are compared by if the expression names none.
    public var defaultCollation = StringCollation.codepoint.uri
    /// The names of the variables that you will give values to.
    public var variables: Set<QName> = []
    /// The functions that the caller will supply.
    package var functions: Set<FunctionName> = []
    /// Whether there are the functions of XSLT: current, key, document and others.
    package var hasXSLTFunctions = false
    /// The keys for key(), by name.
    package var keys: [QName: [XPathKey]] = [:]

    /// Functions of one name are told apart by their number of arguments.
    package struct FunctionName: Sendable, Hashable {
        package let name: QName
        package let arity: Int

        package init(name: QName, arity: Int) {
            self.name = name
            self.arity = arity
        }
    }

    /// Makes the context of XPath 3.1 with no default element namespace.
    public init() {}
}
