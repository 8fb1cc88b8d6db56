public import XML

/// The static context (XPath 2.0, 2.1.1): what the names in an expression mean.
///
///     var context = StaticContext()
///     context.namespaces["tei"] = "http://www.tei-c.org/ns/1.0"
public struct StaticContext: Sendable {
    public enum Version: Int, Sendable, Comparable {
        case xpath2 = 20
        case xpath31 = 31

        public static func < (a: Version, b: Version) -> Bool { a.rawValue < b.rawValue }
    }

    public var version: Version = .xpath31
    /// XPath 1.0 compatibility mode (XPath 2.0, 2.1.1).
    public var isCompatible = false
    /// By prefix. `xml`, `xs`, `fn`, `math`, `array` and `err` are there from the start.
    public var namespaces: [String: String] = [
        "xml": Namespace.xml, "xs": Namespace.xmlSchema, "fn": Namespace.xpathFunctions, "math": Namespace.xpathMath,
        "array": Namespace.xpathArray, "err": XPathError.standardNamespace,
    ]
    /// The namespace of element names without a prefix.
    public var defaultElementNamespace: String?
    public var defaultFunctionNamespace: String? = Namespace.xpathFunctions
    /// The base of relative addresses.
    public var baseURI: String?
    public var defaultCollation = StringCollation.codepoint.uri
    /// The names of the variables that the caller will give values to.
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

    public init() {}
}
