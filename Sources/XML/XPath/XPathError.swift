/// What is wrong with an expression, or went wrong while it was evaluated.
///
/// Every message of XPath is in this file, as a static function named for what is wrong.
public struct XPathError: Error, Sendable, Hashable {
    /// The code of the specification, such as `XPST0017`: a local name in the namespace
    /// `http://www.w3.org/2005/xqt-errors`, unless `namespace` says otherwise.
    public let code: String
    public let namespace: String
    /// What is wrong, in one sentence without a full stop.
    public let message: String
    /// How it is mended, where that is not obvious.
    public let help: String?
    /// Where in the expression, in Unicode scalars from 0; `nil` where that is not known.
    public var offset: Int?

    static let standardNamespace = "http://www.w3.org/2005/xqt-errors"

    init(_ code: String, _ message: String, help: String? = nil, offset: Int? = nil, namespace: String = standardNamespace) {
        self.code = code
        self.namespace = namespace
        self.message = message
        self.help = help
        self.offset = offset
    }

    /// The same error at a place, unless it has one.
    func at(_ offset: Int) -> XPathError {
        var error = self
        error.offset = error.offset ?? offset
        return error
    }
}

// MARK: - Values

extension XPathError {
    static func functionHasNoValue() -> XPathError {
        XPathError("FOTY0013", "a function has no typed value", help: "call it")
    }

    static func functionHasNoString() -> XPathError {
        XPathError("FOTY0014", "a function has no string value", help: "call it")
    }

    static func noBooleanValue(of what: String) -> XPathError {
        XPathError(
            "FORG0006", "\(what) is neither true nor false", help: "ask exists(…), or compare it with something"
        )
    }
}

// MARK: - Limits

extension XPathError {
    static func tooManyItems(_ limit: Int) -> XPathError {
        XPathError("FOER0000", "a sequence has more than \(limit) items", help: "select less, or in parts")
    }

    static func recursionTooDeep(_ limit: Int) -> XPathError {
        XPathError("FOER0000", "functions call one another more than \(limit) deep", help: "see whether the recursion ends")
    }
}
