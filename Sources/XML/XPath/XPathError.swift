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

// MARK: - Collations and strings

extension XPathError {
    static func unknownCollation(_ uri: String) -> XPathError {
        XPathError(
            "FOCH0002", "there is no collation ‘\(uri)’",
            help: "there are \(Collation.codepoint.uri), that of HTML without ASCII case and, as far as fallback allows, UCA"
        )
    }

    static func noCharacter(_ code: Int128) -> XPathError {
        XPathError("FOCH0001", "\(code) is not the code point of a character that XML allows")
    }

    static func unknownNormalization(_ form: String) -> XPathError {
        XPathError("FOCH0003", "there is no normalisation form ‘\(form)’", help: "there are NFC, NFD, NFKC and NFKD")
    }
}

// MARK: - Addresses, names and texts

extension XPathError {
    static func notAnAddress(_ address: String) -> XPathError {
        XPathError("FORG0002", "‘\(address)’ is not a URI reference", help: "escape what a URI may not hold with encode-for-uri(…)")
    }

    static func notABase(_ address: String) -> XPathError {
        XPathError("FORG0002", "nothing can be relative to ‘\(address)’", help: "a base is an absolute URI without fragment")
    }

    static func noBaseAddress() -> XPathError {
        XPathError("FONS0005", "the expression has no base URI", help: "give one to resolve-uri(…) as its second argument")
    }

    static func notAName(_ name: String) -> XPathError {
        XPathError("FOCA0002", "‘\(name)’ is not a qualified name")
    }

    static func prefixWithoutNamespace(_ name: String) -> XPathError {
        XPathError("FOCA0002", "‘\(name)’ has a prefix, but no namespace")
    }

    static func unboundPrefix(_ prefix: String) -> XPathError {
        XPathError("FONS0004", "the prefix ‘\(prefix)’ is not declared on this element or above it")
    }

    static func textUnavailable(_ address: String, reason: String?) -> XPathError {
        XPathError(
            "FOUT1170", "the text ‘\(address)’ cannot be read" + (reason.map { ": \($0)" } ?? ""),
            help: "an address has no fragment, and is one that the caller allows to be read"
        )
    }

    /// - Parameter encoding: the one that was asked for; without it the text had to tell.
    static func textNotDecoded(_ address: String, _ encoding: String?, reason: String?) -> XPathError {
        XPathError(
            encoding == nil ? "FOUT1200" : "FOUT1190",
            "the text ‘\(address)’ is not in \(encoding ?? "UTF-8, UTF-16 or a declared encoding")" + (reason.map { ": \($0)" } ?? ""),
            help: "UTF-8, UTF-16 and ISO-8859-1 can be read"
        )
    }

    static func notXMLText(_ address: String, _ scalar: Unicode.Scalar) -> XPathError {
        XPathError("FOUT1190", "the text ‘\(address)’ has a character that XML does not allow, U+\(String(scalar.value, radix: 16, uppercase: true))")
    }
}

// MARK: - Regular expressions

extension XPathError {
    static func unknownFlag(_ flag: Unicode.Scalar) -> XPathError {
        XPathError("FORX0001", "there is no flag ‘\(flag)’", help: "there are s, m, i, x and, from XPath 3.0 on, q")
    }

    static func wrongPattern(_ pattern: String, _ error: RegularExpressionError) -> XPathError {
        let characters = Array(pattern.unicodeScalars)
        let place = error.offset < characters.count
            ? "character \(error.offset + 1), ‘\(characters[error.offset])’" : characters.isEmpty ? "the beginning" : "its end"
        return XPathError("FORX0002", "the regular expression ‘\(pattern)’ is wrong at \(place): \(error.reason)")
    }

    static func patternTooLarge() -> XPathError {
        XPathError(
            "FORX0002", "the regular expression becomes too large when its repetitions are written out", help: "repeat less, or use + and *"
        )
    }

    static func countTooLarge(_ count: Int) -> XPathError {
        XPathError("FORX0002", "the regular expression counts up to \(count), which is too far for a string of that length")
    }

    static func patternTooSlow() -> XPathError {
        XPathError(
            "FOER0000", "the regular expression has tried \(PatternBacktracker.limit) ways in one string without an end",
            help: "without back-references it takes no time"
        )
    }

    static func matchesEmptyString() -> XPathError {
        XPathError(
            "FORX0003", "the regular expression matches the empty string, which is everywhere",
            help: "let it match one character at least: + instead of *"
        )
    }

    static func wrongReplacement(_ replacement: String) -> XPathError {
        XPathError(
            "FORX0004", "‘\(replacement)’ is no replacement: a $ is followed by the number of a group, and a \\ by $ or \\",
            help: "write \\$ and \\\\ for the characters themselves"
        )
    }

    static func resultNotXML(_ reason: String) -> XPathError {
        XPathError("FOER0000", "the result of analyze-string is not XML: \(reason)")
    }
}
