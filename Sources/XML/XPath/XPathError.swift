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

    static func unknownPrefix(_ prefix: String) -> XPathError {
        XPathError("FONS0004", "the prefix ‘\(prefix)’ means nothing here", help: "bind it to a namespace")
    }
}

// MARK: - Arithmetic

extension XPathError {
    static func divisionByZero() -> XPathError {
        XPathError("FOAR0001", "division by zero")
    }

    static func overflow(_ type: AtomicType) -> XPathError {
        XPathError("FOAR0002", "the result is too large for \(type), which has 38 digits here", help: "reckon with xs:double(…)")
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
        XPathError("FORG0006", "\(function)() does not take values of type \(type)", help: "give it numbers, or durations of one type")
    }

    static func mixedValues(_ function: String, _ a: AtomicType, _ b: AtomicType) -> XPathError {
        XPathError("FORG0006", "\(function)() does not take \(a) and \(b) together", help: "cast all values to one type")
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
}

extension XPathError {
    static func unknownCalendar(_ name: String) -> XPathError {
        XPathError("FOFD1340", "‘\(name)’ is not the name of a calendar", help: "write AD, or leave it out")
    }
}
