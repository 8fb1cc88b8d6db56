internal import RegularExpressions
public import XML

/// An error in an expression, or in evaluating it (XPath 2.0, 2.3).
///
///     do {
///         _ = try XPath("//add[")
///     } catch {
///         print(error.code, error.offset ?? 0, error.message)
///     }
///
/// Every message of XPath is in this file, as a static function with the name of the error.
public struct XPathError: Error, Sendable, Hashable {
    /// The code of the specification, such as `XPST0017`: a local name in ``namespace``.
    public let code: String
    /// The namespace of the code: `http://www.w3.org/2005/xqt-errors`, unless the expression raised an error of its
    /// own.
    public let namespace: String
    /// The problem, in one sentence without a full stop.
    public let message: String
    /// How to fix it; `nil` if that is obvious.
    public let help: String?
    /// The place in the expression, in Unicode scalars from 0; `nil` if it is not known.
    public var offset: Int?
    /// Whether a limit was reached, so that evaluating the expression again takes as long again.
    package let isLimit: Bool

    static let standardNamespace = "http://www.w3.org/2005/xqt-errors"

    init(
        _ code: String, _ message: String, help: String? = nil, offset: Int? = nil,
        namespace: String = standardNamespace, isLimit: Bool = false
    ) {
        self.code = code
        self.namespace = namespace
        self.message = message
        self.help = help
        self.offset = offset
        self.isLimit = isLimit
    }

    /// The same error at a place, unless it has one.
    func at(_ offset: Int) -> XPathError {
        var error = self
        error.offset = error.offset ?? offset
        return error
    }
}

// MARK: - Syntax

extension XPathError {
    private static func syntax(_ message: String, help: String? = nil) -> XPathError {
        XPathError("XPST0003", message, help: help)
    }

    static func unexpectedCharacter(_ scalar: Unicode.Scalar) -> XPathError {
        syntax("‘\(scalar)’ has no meaning here")
    }

    /// - Parameter found: `nil` at the end.
    static func unexpectedToken(_ found: String?, expected: String) -> XPathError {
        syntax(
            found.map { "‘\($0)’ was found where  \(expected) is expected" }
                ?? "the expression ends where \(expected) is expected")
    }

    static func notAPattern() -> XPathError {
        XPathError(
            "XTSE0340", "a context is a pattern, and this part selects something else than what lies below a node",
            help:
                "write where the nodes are, as tei:p[tei:note] or /tei:TEI//tei:p; what lies above or beside goes into a predicate"
        )
    }

    static func unclosedComment() -> XPathError {
        syntax("this comment does not end", help: "end it with ‘:)’")
    }

    static func unclosedString() -> XPathError {
        syntax(
            "this string does not end",
            help: "end it with the quotation mark that it begins with; within it that is written twice")
    }

    static func unclosedBrace() -> XPathError {
        syntax("this namespace does not end", help: "write Q{namespace}name")
    }

    static func nameExpected() -> XPathError {
        syntax("a name is expected here")
    }

    static func numberFollowedByName() -> XPathError {
        syntax("a letter follows a number", help: "put a space between them")
    }

    static func unknownAxis(_ name: String) -> XPathError {
        syntax(
            "there is no axis ‘\(name)’",
            help:
                "the axes are child, descendant, attribute, self, parent, ancestor and so on; a prefix is followed by one colon"
        )
    }

    static func instructionName(_ name: String) -> XPathError {
        XPathError("XPTY0004", "‘\(name)’ is no name of a processing instruction")
    }

    static func numberTooLarge(_ digits: String) -> XPathError {
        XPathError("FOAR0002", "the number \(digits) is too large")
    }

    static func expressionTooDeep() -> XPathError {
        XPathError("XPST0003", "the expression is too deep in itself", help: "divide it, by variables for instance")
    }

    static func parameterTwice(_ name: QName) -> XPathError {
        XPathError("XQST0039", "two parameters are called $\(name)")
    }
}

// MARK: - Names

extension XPathError {
    static func unknownPrefix(_ prefix: String) -> XPathError {
        XPathError("XPST0081", "the prefix ‘\(prefix)’ is bound to no namespace", help: "declare it")
    }

    static func unknownVariable(_ name: QName, like: String?) -> XPathError {
        XPathError("XPST0008", "there is no variable $\(name)", help: like.map { "did you mean $\($0)?" })
    }

    static func variableWithoutValue(_ name: QName) -> XPathError {
        XPathError("XPDY0002", "the variable $\(name) has no value")
    }

    static func undeclaredName(_ name: QName) -> XPathError {
        XPathError("XPST0008", "no schema declares \(name)", help: "write element(\(name)) or attribute(\(name))")
    }

    static func unknownFunction(_ name: QName, arity: Int, known: [ClosedRange<Int>], like: String? = nil) -> XPathError
    {
        let arguments = arity == 1 ? "1 argument" : "\(arity) arguments"
        let counts = known.map {
            $0.upperBound > 99
                ? "\($0.lowerBound) or more"
                : $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
        }
        let help =
            counts.isEmpty ? like.map { "did you mean \($0)()?" } : "it takes " + counts.joined(separator: " or ")
        return XPathError("XPST0017", "there is no function \(name)() of \(arguments)", help: help)
    }

    static func unknownType(_ name: QName, code: String) -> XPathError {
        XPathError(
            code, "there is no type \(name)", help: "atomic types are written xs:string, xs:integer, xs:date and so on")
    }

    static func abstractType(_ type: AtomicType) -> XPathError {
        XPathError("XPST0080", "nothing can be cast to \(type)")
    }
}

// MARK: - Paths

extension XPathError {
    static func rootOfNoNode() -> XPathError {
        XPathError("XPTY0020", "a path begins here, and the context item is no node")
    }

    static func stepFromNoNode() -> XPathError {
        XPathError("XPTY0020", "a step is taken here, and the context item is no node")
    }

    static func pathFromNoNode(_ value: ItemSequence) -> XPathError {
        XPathError(
            "XPTY0019", "\(SequenceType.describe(value)) stands before ‘/’, where nodes are expected",
            help: "write ‘!’ to go over other values")
    }

    static func mixedPath() -> XPathError {
        XPathError("XPTY0018", "a path yields nodes and other values together")
    }
}

// MARK: - Calls and types

extension XPathError {
    static func severalValues(_ count: Int) -> XPathError {
        XPathError("XPTY0004", "there are \(count) values where one is expected", help: "choose one, or go over them")
    }

    static func nameOfNoLiteral() -> XPathError {
        XPathError("XPTY0004", "a string that is no literal cannot become an xs:QName", help: "use QName(…)")
    }

    static func notTreatable(_ value: ItemSequence, as type: SequenceType) -> XPathError {
        XPathError("XPDY0050", "\(SequenceType.describe(value)) is not of type \(type)")
    }

    static func wrongArity(_ function: FunctionItem, count: Int) -> XPathError {
        XPathError("XPTY0004", "a function of \(function.arity) arguments is called with \(count)")
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

    static func arrayHasNoString() -> XPathError {
        XPathError("FOTY0014", "an array has no string value", help: "ask for its members: $array?*")
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
        XPathError(
            "FOER0000", "a sequence has more than \(limit) items", help: "select less, or in parts", isLimit: true)
    }

    static func tooManySteps() -> XPathError {
        XPathError(
            "FOER0000",
            "the expression takes more than \(Allowance.steps) steps, and \(Allowance.stepsOfNode) for each node of the document",
            help: "see whether its loops and recursions end, or go over fewer items", isLimit: true
        )
    }

    /// - Parameter limit: how many times the steps of one evaluation all of a document may take together.
    package static func tooManyEvaluations(_ limit: Int) -> XPathError {
        XPathError(
            "FOER0000",
            "the expression takes more steps at all nodes of the document together than \(limit) times as many as it may at one",
            help: "let it go over fewer items, or look them up by key()", isLimit: true
        )
    }

    static func stringTooLong() -> XPathError {
        XPathError(
            "FOER0000", "a string becomes longer than \(Allowance.stringLength >> 20) MB and the document together",
            help: "see whether it is doubled again and again, or make it of fewer parts", isLimit: true
        )
    }

    static func tooManyBytes() -> XPathError {
        XPathError(
            "FOER0000",
            "values take more than \(Allowance.bytes >> 30) GB, and \(Allowance.copies) times the size of the document, in one evaluation",
            help: "select less, or in parts", isLimit: true
        )
    }

    static func recursionTooDeep(_ limit: Int) -> XPathError {
        XPathError(
            "FOER0000", "functions call one another more than \(limit) deep", help: "see whether the recursion ends")
    }
}

// MARK: - Casts

extension XPathError {
    static func noCast(_ type: AtomicType, _ target: AtomicType) -> XPathError {
        XPathError("XPTY0004", "no value of type \(type) can be cast to \(target)")
    }

    static func notInType(_ text: String, _ type: AtomicType) -> XPathError {
        XPathError("FORG0001", "‘\(text)’ is not a value of type \(type)")
    }

    static func tooLarge(_ text: String, _ type: AtomicType) -> XPathError {
        let code = type.isDerived(from: .integer) ? "FOCA0003" : "FOCA0001"
        return XPathError(code, "‘\(text)’ is too large for \(type), which has 38 digits here")
    }

    static func notFinite(_ text: String, _ type: AtomicType) -> XPathError {
        XPathError("FOCA0002", "\(text) cannot be cast to \(type)")
    }

    static func unboundPrefix(_ prefix: String) -> XPathError {
        XPathError("FONS0004", "the prefix ‘\(prefix)’ means nothing here", help: "bind it to a namespace")
    }
}

// MARK: - Arithmetic

extension XPathError {
    static func divisionByZero() -> XPathError {
        XPathError("FOAR0001", "division by zero")
    }

    static func overflow(_ type: AtomicType) -> XPathError {
        XPathError(
            "FOAR0002", "the result is too large for \(type), which has 38 digits here",
            help: "reckon with xs:double(…)")
    }

    static func infiniteQuotient() -> XPathError {
        XPathError("FOAR0002", "a quotient that is infinite or not a number is no integer")
    }

    static func dateOverflow() -> XPathError {
        XPathError("FODT0001", "the year is more than \(CalendarContent.maximalYear) years from 0")
    }

    static func durationOverflow() -> XPathError {
        XPathError("FODT0002", "the duration is too long")
    }

    static func durationByNaN() -> XPathError {
        XPathError("FOCA0005", "a duration cannot be multiplied with or divided by NaN")
    }

    static func wrongTimezone(_ text: String) -> XPathError {
        XPathError("FODT0003", "\(text) is not a timezone", help: "write whole minutes, from -PT14H to PT14H")
    }

    static func wrongOperands(_ sign: String, _ a: AtomicType, _ b: AtomicType) -> XPathError {
        XPathError("XPTY0004", "the operator ‘\(sign)’ does not take \(a) and \(b)")
    }

    static func wrongOperand(_ sign: String, _ type: AtomicType) -> XPathError {
        XPathError("XPTY0004", "the operator ‘\(sign)’ does not take \(type)")
    }
}

// MARK: - Comparison

extension XPathError {
    static func notComparable(_ a: AtomicType, _ b: AtomicType) -> XPathError {
        XPathError("XPTY0004", "\(a) and \(b) cannot be compared", help: a == b ? nil : "cast one of them")
    }
}

// MARK: - Functions on numbers and dates

extension XPathError {
    static func notSummable(_ function: String, _ type: AtomicType) -> XPathError {
        XPathError(
            "FORG0006", "\(function)() does not take values of type \(type)",
            help: "give it numbers, or durations of one type")
    }

    static func mixedValues(_ function: String, _ a: AtomicType, _ b: AtomicType) -> XPathError {
        XPathError(
            "FORG0006", "\(function)() does not take \(a) and \(b) together", help: "cast all values to one type")
    }

    static func unorderedValues(_ function: String, _ type: AtomicType) -> XPathError {
        XPathError("FORG0006", "\(function)() does not take values of type \(type), which have no order")
    }

    static func unknownDecimalFormat(_ name: String) -> XPathError {
        XPathError("FODF1280", "there is no decimal format ‘\(name)’", help: "leave it out for the default one")
    }

    static func wrongPicture(_ code: String, _ picture: String, _ reason: String) -> XPathError {
        XPathError(code, "the picture ‘\(picture)’ is wrong: \(reason)")
    }

    static func absentComponent(_ component: Character, _ type: AtomicType) -> XPathError {
        XPathError("FOFD1350", "a value of type \(type) has nothing for [\(component)]")
    }

    static func twoTimezones() -> XPathError {
        XPathError("FORG0008", "the date and the time have different timezones", help: "adjust one of them")
    }

    static func notIETFDate(_ text: String) -> XPathError {
        XPathError("FORG0010", "‘\(text)’ is not a date and time such as Wed, 06 Jun 1994 07:29:35 GMT")
    }

    static func unknownCalendar(_ name: String) -> XPathError {
        XPathError("FOFD1340", "‘\(name)’ is not the name of a calendar", help: "write AD, or leave it out")
    }
}

// MARK: - Diagnostics

extension XPathError {
    /// The error as a diagnostic with the code as its rule.
    ///
    /// - Parameters:
    ///   - expression: the expression, which may have several lines.
    ///   - name: the name that locations have as their file.
    public func diagnostic(in expression: String, named name: String) -> Diagnostic {
        let before = expression.unicodeScalars.prefix(offset ?? 0)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        let location = SourceLocation(
            file: name, line: lines.count, column: 1 + (lines.last?.count ?? 0), byteOffset: String(before).utf8.count
        )
        return Diagnostic(rule: code, message, help: help, at: offset == nil ? nil : location)
    }
}

// MARK: - Collations and strings

extension XPathError {
    static func unknownCollation(_ uri: String) -> XPathError {
        XPathError(
            "FOCH0002", "there is no collation ‘\(uri)’",
            help:
                "there are \(StringCollation.codepoint.uri), that of HTML without ASCII case and, as far as fallback allows, UCA"
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
        XPathError(
            "FORG0002", "‘\(address)’ is not a URI reference",
            help: "escape what a URI may not hold with encode-for-uri(…)")
    }

    static func notABase(_ address: String) -> XPathError {
        XPathError(
            "FORG0002", "nothing can be relative to ‘\(address)’", help: "a base is an absolute URI without fragment")
    }

    static func noBaseAddress() -> XPathError {
        XPathError(
            "FONS0005", "the expression has no base URI", help: "give one to resolve-uri(…) as its second argument")
    }

    static func notAName(_ name: String) -> XPathError {
        XPathError("FOCA0002", "‘\(name)’ is not a qualified name")
    }

    static func prefixWithoutNamespace(_ name: String) -> XPathError {
        XPathError("FOCA0002", "‘\(name)’ has a prefix, but no namespace")
    }

    static func textUnavailable(_ address: String, reason: String?) -> XPathError {
        XPathError(
            "FOUT1170", "the text ‘\(address)’ cannot be read" + (reason.map { ": \($0)" } ?? ""),
            help: "an address has no fragment, and is one that the caller allows to be read"
        )
    }

    /// - Parameters:
    ///   - encoding: the one that was asked for; without it the text had to tell.
    ///   - reason: what is wrong with an encoding that was asked for or told.
    static func textNotDecoded(_ address: String, _ encoding: String?, reason: String?) -> XPathError {
        XPathError(
            encoding == nil && reason == nil ? "FOUT1200" : "FOUT1190",
            "the text ‘\(address)’ is not in \(encoding ?? "UTF-8, UTF-16 or a declared encoding")"
                + (reason.map { ": \($0)" } ?? ""),
            help: "UTF-8, UTF-16 and ISO-8859-1 can be read"
        )
    }

    static func notXMLText(_ address: String, _ scalar: Unicode.Scalar) -> XPathError {
        XPathError(
            "FOUT1190",
            "the text ‘\(address)’ has a character that XML does not allow, U+\(String(scalar.value, radix: 16, uppercase: true))"
        )
    }
}

// MARK: - Regular expressions

extension XPathError {
    init(_ error: RegexError) {
        self =
            switch error {
            case .unknownFlag(let flag): .unknownFlag(flag)
            case .syntax(let pattern, let error): .wrongPattern(pattern, error)
            case .tooLarge: .patternTooLarge()
            case .countTooLarge(let count): .countTooLarge(count)
            case .tooSlow(let ways): .patternTooSlow(ways)
            case .matchesEmptyString: .matchesEmptyString()
            case .wrongReplacement(let replacement): .wrongReplacement(replacement)
            case .tooManyParts(let count): .tooManyItems(count)
            case .resultTooLong: .stringTooLong()
            }
    }

    private static func unknownFlag(_ flag: Unicode.Scalar) -> XPathError {
        XPathError("FORX0001", "there is no flag ‘\(flag)’", help: "there are s, m, i, x and, from XPath 3.0 on, q")
    }

    private static func wrongPattern(_ pattern: String, _ error: RegexSyntaxError) -> XPathError {
        let characters = Array(pattern.unicodeScalars)
        let place =
            error.offset < characters.count
            ? "character \(error.offset + 1), ‘\(characters[error.offset])’"
            : characters.isEmpty ? "the beginning" : "its end"
        return XPathError("FORX0002", "the regular expression ‘\(pattern)’ is wrong at \(place): \(error.reason)")
    }

    private static func patternTooLarge() -> XPathError {
        XPathError(
            "FORX0002", "the regular expression becomes too large when its repetitions are written out",
            help: "repeat less, or use + and *"
        )
    }

    private static func countTooLarge(_ count: Int) -> XPathError {
        XPathError(
            "FORX0002", "the regular expression counts up to \(count), which is too far for a string of that length")
    }

    private static func patternTooSlow(_ ways: Int) -> XPathError {
        XPathError(
            "FOER0000", "the regular expression has tried \(ways) ways in one string without an end",
            help: "without back-references it takes no time", isLimit: true
        )
    }

    private static func matchesEmptyString() -> XPathError {
        XPathError(
            "FORX0003", "the regular expression matches the empty string, which is everywhere",
            help: "let it match one character at least: + instead of *"
        )
    }

    private static func wrongReplacement(_ replacement: String) -> XPathError {
        XPathError(
            "FORX0004",
            "‘\(replacement)’ is no replacement: a $ is followed by the number of a group, and a \\ by $ or \\",
            help: "write \\$ and \\\\ for the characters themselves"
        )
    }

    static func resultNotXML(_ reason: String) -> XPathError {
        XPathError("FOER0000", "the result of analyze-string is not XML: \(reason)")
    }
}
