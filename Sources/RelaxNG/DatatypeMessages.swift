internal import RegularExpressions
internal import XML

// Messages about datatypes and the values that they do not allow.

extension RelaxNGMessages {
    // MARK: Datatypes

    static func unknownLibrary(_ library: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-datatype", "the datatype library ‘\(library)’ is not known",
            help:
                "http://www.w3.org/2001/XMLSchema-datatypes is, and the built-in one, without name, of string and token",
            at: location
        )
    }

    static func unknownType(_ name: DatatypeName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-datatype",
            "there is no datatype ‘\(name.name)’ in "
                + (name.library.isEmpty ? "the built-in library" : "the library ‘\(name.library)’"),
            help: name.library.isEmpty
                ? "string and token are built in; for others write datatypeLibrary=\"http://www.w3.org/2001/XMLSchema-datatypes\", "
                    + "in compact syntax xsd:\(name.name)"
                : "correct the name", at: location
        )
    }

    static func unknownParameter(_ parameter: String, _ name: DatatypeName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-parameter", "the datatype ‘\(name.name)’ has no parameter ‘\(parameter)’",
            help: name.library.isEmpty
                ? "the built-in types have none: use one of http://www.w3.org/2001/XMLSchema-datatypes"
                : "correct or remove it",
            at: location
        )
    }

    static func badParameter(
        _ name: String, _ value: String, _ reason: String, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-parameter", "‘\(value)’ cannot be the parameter ‘\(name)’: \(reason)",
            help: "correct the value", at: location)
    }

    static func badDatatype(_ reason: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-parameter", "the parameters of this datatype do not go together: \(reason)",
            help: "correct them", at: location)
    }

    static func valueNotAllowed(_ string: String, _ type: DatatypeName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-value", "‘\(string)’ is not a value of the datatype ‘\(type.name)’",
            help: "correct the value, or name another datatype", at: location
        )
    }
}

// MARK: - Datatypes: what is wrong in a schema

extension RelaxNGMessages {
    static func pattern(_ error: RegexSyntaxError, _ pattern: String) -> String {
        let characters = Array(pattern.unicodeScalars)
        let place =
            error.offset < characters.count
            ? "character \(error.offset + 1), ‘\(characters[error.offset])’"
            : characters.isEmpty ? "the beginning" : "its end"
        return "the regular expression is wrong at \(place): \(error.reason)"
    }

    static func lengthNotApplicable(_ type: String) -> String {
        "values of the datatype ‘\(type)’ have no length"
    }

    static func digitsNotApplicable(_ facet: String, _ type: String) -> String {
        "\(facet) belongs to decimal and the types of whole numbers, and not to ‘\(type)’"
    }

    static func boundNotApplicable(_ type: String) -> String {
        "values of the datatype ‘\(type)’ have no order"
    }

    static func badBound(_ expectation: String) -> String {
        "it must itself be a value of the datatype, as the parameters before it leave it: \(expectation)"
    }

    static func badCount(_ facet: String, from least: Int) -> String {
        "\(facet) must be a whole number from \(least)"
    }

    static func facetNotInRelaxNG(_ facet: String) -> String {
        facet == "enumeration"
            ? "RELAX NG has no enumeration: write a choice of values"
            : "RELAX NG does not allow it: choose string, normalizedString or token"
    }
}

// MARK: - Datatypes: what a value must be like

extension RelaxNGMessages {
    enum LengthUnit {
        case characters, bytes, items
    }

    static func expectation(_ type: XMLSchemaType) -> String {
        switch type.name {
        case "string", "normalizedString", "anyAtomicType", "untypedAtomic": "text"
        case "token": "a token"
        case "boolean": "true or false"
        case "decimal": "a number such as 12.5"
        case "float", "double": "a number such as 12.5 or 1.25E1"
        case "duration": "a duration such as P1Y6M or PT2H30M"
        case "hexBinary": "bytes in hexadecimal, such as 0FB7"
        case "base64Binary": "bytes in base64"
        case "anyURI": "a URI reference"
        case "language": "a language tag such as en or de-CH"
        case "Name": "an XML name"
        case "NCName": "a name without a colon"
        case "NMTOKEN": "a word of letters, digits, ‘.’, ‘-’, ‘_’ and ‘:’"
        case "NMTOKENS": "words of letters, digits, ‘.’, ‘-’, ‘_’ and ‘:’"
        case "ID": "an id: a name without a colon, used once in the document"
        case "IDREF": "the id of an element of the document"
        case "IDREFS": "ids of elements of the document, with spaces between"
        case "ENTITY": "the name of an unparsed entity"
        case "ENTITIES": "names of unparsed entities, with spaces between"
        case "QName", "NOTATION": "a name, with a prefix if it has a namespace"
        default: example(type.form.fields)
        }
    }

    private static func example(_ fields: CalendarValue.Fields) -> String {
        switch fields {
        case [.year, .month, .day, .time]: "a date and time such as 1818-03-12T09:30:00"
        case [.year, .month, .day]: "a date such as 1818-03-12"
        case .time: "a time such as 09:30:00"
        case [.year, .month]: "a month of a year, such as 1818-03"
        case .year: "a year such as 1818"
        case [.month, .day]: "a day of a month, such as --03-12"
        case .month: "a month such as --03"
        default: "a day such as ---12"
        }
    }

    static func wholeNumber(from lowest: String?, to highest: String?) -> String {
        "a whole number" + (lowest.map { " from \($0)" } ?? "")
            + (highest.map { lowest == nil ? " up to \($0)" : " to \($0)" } ?? "")
    }

    static func bounds(_ bounds: [(facet: Facet, text: String)]) -> String {
        let phrases = bounds.map { boundPhrase($0.facet, $0.text) }
        return ", " + phrases.joined(separator: " and ")
    }

    private static func boundPhrase(_ facet: Facet, _ text: String) -> String {
        switch facet {
        case .minInclusive: "at least \(text)"
        case .minExclusive: "more than \(text)"
        case .maxInclusive: "at most \(text)"
        default: "less than \(text)"
        }
    }

    static func length(_ minimum: Int, _ maximum: Int, _ unit: LengthUnit) -> String {
        " of " + count(minimum, maximum, unit)
    }

    private static func count(_ minimum: Int, _ maximum: Int, _ unit: LengthUnit) -> String {
        if minimum == maximum { return "\(minimum) \(word(unit, minimum))" }
        if maximum == .max { return "at least \(minimum) \(word(unit, minimum))" }
        return minimum == 0
            ? "at most \(maximum) \(word(unit, maximum))" : "\(minimum) to \(maximum) \(word(unit, maximum))"
    }

    private static func word(_ unit: LengthUnit, _ count: Int) -> String {
        let word =
            switch unit {
            case .characters: "character"
            case .bytes: "byte"
            case .items: "item"
            }
        return count == 1 ? word : word + "s"
    }

    static func totalDigits(_ digits: Int) -> String {
        " of at most \(digits) \(digits == 1 ? "digit" : "digits")"
    }

    static func fractionDigits(_ digits: Int) -> String {
        digits == 0
            ? " without a fraction" : " with at most \(digits) \(digits == 1 ? "digit" : "digits") behind the point"
    }

    static func matching(_ pattern: String, isFirst: Bool) -> String {
        switch pattern {
        case #"\S+"#, #"[^\s]+"#, #"[^\p{C}\p{Z}]+"#: " without white space"
        case #"(\p{L}|\p{N}|\p{P}|\p{S})+"#: " of letters, digits, punctuation and symbols, without white space"
        default: (isFirst ? " that matches " : " and matches ") + pattern
        }
    }
}

// MARK: - Datatypes: why a value is not allowed

extension RelaxNGMessages {
    static let emptyValue = "it is empty: give it a value, or leave it out"
    static let whiteSpaceWithin = "there is white space within it"
    static let notWhole = "it is not a whole number"
    static let noEntity = "the document declares no unparsed entity of that name"
    static let durationForm =
        "durations are written P, then numbers with Y, M and D, then T and numbers with H, M and S: P1Y6M, PT2H30M"
    static let percentEscape = "‘%’ must be followed by two hexadecimal digits: write %25 for the character itself"
    static let noYearZero = "there is no year 0000: the year before 0001 is -0001"
    static let midnight = "the end of a day is written as the beginning of the next: 00:00:00"
    static let noTime = "there is no such time: hours go to 23, minutes and seconds to 59"
    static let noZone = "there is no such time zone: they go from -13:00 to +14:00"

    static func secondHash(_ value: String) -> String {
        value.hasPrefix("#")
            ? "leave the first ‘#’ out: \(value.dropFirst())"
            : "‘#’ stands in it twice: write %23 for the character itself"
    }

    static func written(_ value: String) -> String {
        "it is written \(value)"
    }

    static func booleanMeant(by word: String) -> String? {
        switch word {
        case "true", "yes", "y", "on": "true"
        case "false", "no", "n", "off": "false"
        default: nil
        }
    }

    static func decimalComma(_ number: String) -> String {
        "numbers are written with a point: \(number)"
    }

    static func groupedDigits(_ number: String) -> String {
        "numbers are written without a mark or space between their digits: \(number)"
    }

    static func nameStart(_ scalar: Unicode.Scalar) -> String {
        "a name begins with a letter or ‘_’, not with \(named(scalar))"
    }

    static func nameCharacter(_ scalar: Unicode.Scalar) -> String {
        "\(named(scalar)) may not stand in a name"
    }

    static func unboundPrefix(_ prefix: String) -> String {
        "the prefix ‘\(prefix)’ is not bound to a namespace here"
    }

    static func wrongLength(_ length: Int, _ minimum: Int, _ maximum: Int, _ unit: LengthUnit) -> String {
        "it has \(length) \(word(unit, length)), and \(count(minimum, maximum, unit)) \(minimum == 1 && maximum == 1 ? "is" : "are") asked for"
    }

    static func tooManyDigits(_ total: Int, _ fraction: Int) -> String {
        let limits = [
            total == .max ? nil : "\(total) in all", fraction == .max ? nil : "\(fraction) behind the point",
        ].compactMap { $0 }
        return "it has too many digits: at most \(limits.joined(separator: " and ")) are allowed"
    }

    static func outOfBounds(_ facet: Facet, _ text: String) -> String {
        "it must be \(boundPhrase(facet, text))"
    }

    static func patternUnfinished(_ pattern: String) -> String {
        "something is missing at its end: it must match \(pattern)"
    }

    static func patternFails(_ pattern: String, _ scalar: Unicode.Scalar, _ number: Int) -> String {
        "its character \(number), \(named(scalar)), does not fit: it must match \(pattern)"
    }

    /// - Parameter suggestions: what was probably meant, at least one.
    static func calendarForm(_ fields: CalendarValue.Fields, _ suggestions: [String]) -> String {
        let form =
            switch fields {
            case [.year, .month, .day, .time]: "dates with times are written year-month-dayThours:minutes:seconds"
            case [.year, .month, .day]: "dates are written year-month-day"
            case .time: "times are written hours:minutes:seconds"
            case [.year, .month]: "months of a year are written year-month"
            case .year: "years are written with four digits at least"
            case [.month, .day]: "days of a month are written --month-day"
            case .month: "months are written --month"
            default: "days are written ---day"
            }
        return "\(form): \(suggestions.joined(separator: " or "))"
    }

    static func otherCalendarType(found: CalendarValue.Fields, expected: CalendarValue.Fields) -> String {
        let words: [(CalendarValue.Fields, String)] = [
            (.year, "year"), (.month, "month"), (.day, "day"), (.time, "time"),
        ]
        let missing = words.filter { expected.contains($0.0) && !found.contains($0.0) }.map(\.1)
        let surplus = words.filter { found.contains($0.0) && !expected.contains($0.0) }.map(\.1)
        let (list, problem) = missing.isEmpty ? (surplus, "too much") : (missing, "missing")
        return "the " + list.joined(separator: " and ") + (list.count == 1 ? " is " : " are ") + problem
    }

    static func noMonth(_ month: Int) -> String {
        "there is no month \(month)"
    }

    static func noDay(_ reading: DateTimeParts, _ fields: CalendarValue.Fields) -> String {
        let name = fields.contains(.month) ? months[reading.month - 1] : "a month"
        return "there is no day \(reading.day): \(name)" + (fields.contains(.year) ? " \(reading.year)" : "")
            + " has \(reading.daysInMonth) days"
    }

    /// The number of an English name of a month, or of the beginning of one.
    static func monthNumber(_ word: String) -> Int? {
        months.firstIndex { $0.lowercased().hasPrefix(word.lowercased()) }.map { $0 + 1 }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
