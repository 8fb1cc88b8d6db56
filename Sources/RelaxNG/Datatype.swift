internal import RegularExpressions
internal import XML

/// A datatype as a schema declares it: enough to make it again in another thread or from a cache.
struct DatatypeDescription: Sendable, Hashable {
    struct Parameter: Sendable, Hashable {
        var name: String
        var value: String

        static func == (a: Parameter, b: Parameter) -> Bool { a.name.isSame(as: b.name) && a.value.isSame(as: b.value) }

        func hash(into hasher: inout Hasher) {
            hasher.combine(CodepointString(name))
            hasher.combine(CodepointString(value))
        }
    }

    var name: DatatypeName
    var parameters: [Parameter] = []
}

/// An error in a datatype of a schema.
enum DatatypeError: Error, Hashable {
    case unknownLibrary(String)
    case unknownType(DatatypeName)
    case unknownParameter(String, DatatypeName)
    /// With the index of the parameter, and why.
    case badParameter(Int, reason: String)
}

/// A datatype with its facets, ready to try strings. Not to be shared between threads: it learns as it is used.
final class Datatype {
    /// Part of an identifier's business, after RELAX NG DTD Compatibility, 4.
    enum IDType: UInt8, Sendable {
        case none, id, idref, idrefs
    }

    let type: XMLSchemaType
    private(set) var facets: Facets

    var idType: IDType { type.idType }

    /// Whether the datatype asks for ``unparsedEntities``.
    var needsEntities: Bool { type.form.primitive == .entity }

    /// The names of the document's unparsed entities, for ENTITY and ENTITIES.
    var unparsedEntities: Set<CodepointString> {
        get { facets.unparsedEntities }
        set { facets.unparsedEntities = newValue }
    }

    /// - Throws: what is wrong with the library, the type or a parameter.
    init(_ description: DatatypeDescription) throws(DatatypeError) {
        let name = description.name
        guard let library = DatatypeLibrary(uri: name.library) else { throw .unknownLibrary(name.library) }
        guard let type = library.type(name.name) else { throw .unknownType(name) }
        self.type = type
        facets = Facets(of: type)
        for (index, parameter) in description.parameters.enumerated() {
            guard library != .builtIn, let facet = Facet(rawValue: parameter.name) else {
                throw .unknownParameter(parameter.name, name)
            }
            do throws(FacetError) {
                try add(facet, parameter.value)
            } catch {
                throw .badParameter(index, reason: error.reason)
            }
        }
    }

    /// Whether the string, in UTF-8 and not yet normalised, is one of this datatype.
    ///
    /// - Parameter namespace: the namespace of a prefix (empty: the default namespace), `nil` if it is not bound.
    func allows(_ string: Span<UInt8>, namespace: (String) -> String?) -> Bool {
        facets.allow(string, namespace)
    }

    /// The value that a string of a schema stands for, or `nil` where the datatype does not allow it.
    func value(of string: Span<UInt8>, namespace: (String) -> String?) -> DatatypeValue? {
        facets.value(of: string, namespace)
    }

    /// Whether a string of a document stands for the same value.
    func equals(_ string: Span<UInt8>, _ value: DatatypeValue, namespace: (String) -> String?) -> Bool {
        guard case .string(let bytes) = value else { return facets.value(of: string, namespace) == value }
        return type.form.whiteSpace.equals(string, bytes.span) && (!needsEntities || facets.allow(string, namespace))
    }

    /// The first pattern that a normalised string does not match, and where.
    func patternFailure(_ string: Span<UInt8>) -> (pattern: String, offset: Int)? {
        facets.patternFailure(string)
    }

    // MARK: Reading facets

    private func add(_ facet: Facet, _ value: String) throws(FacetError) {
        switch facet {
        case .pattern:
            do throws(RegexSyntaxError) {
                facets.patterns.append(try RegularExpression(value))
            } catch {
                throw FacetError(reason: RelaxNGMessages.pattern(error, value))
            }
        case .length, .minLength, .maxLength:
            guard type.form.hasLength else { throw FacetError(reason: RelaxNGMessages.lengthNotApplicable(type.name)) }
            let length = try number(value, facet, from: 0)
            if facet != .maxLength { facets.minimumLength = max(facets.minimumLength, length) }
            if facet != .minLength { facets.maximumLength = min(facets.maximumLength, length) }
        case .totalDigits, .fractionDigits:
            guard type.form.primitive == .decimal else {
                throw FacetError(reason: RelaxNGMessages.digitsNotApplicable(facet.rawValue, type.name))
            }
            if facet == .totalDigits {
                facets.totalDigits = min(facets.totalDigits, try number(value, facet, from: 1))
            } else {
                facets.fractionDigits = min(facets.fractionDigits, try number(value, facet, from: 0))
            }
        case .minInclusive, .minExclusive, .maxInclusive, .maxExclusive:
            guard type.form.isOrdered else { throw FacetError(reason: RelaxNGMessages.boundNotApplicable(type.name)) }
            guard let limit = facets.value(of: Array(value.utf8).span, { _ in nil }) else {
                throw FacetError(reason: RelaxNGMessages.badBound(expectation))
            }
            facets.bounds.append(Facets.Bound(facet: facet, limit: limit, text: value.normalizedSpace))
        case .enumeration, .whiteSpace:
            throw FacetError(reason: RelaxNGMessages.facetNotInRelaxNG(facet.rawValue))
        }
        facets.isEmpty = false
    }

    /// The number that a facet counts to; one too large to count is taken for the largest.
    private func number(_ value: String, _ facet: Facet, from least: Int) throws(FacetError) -> Int {
        let text = Array(value.normalizedSpace.utf8)
        guard let layout = DecimalNumber.Layout(text.span), layout.fractionDigits == 0,
            !layout.isNegative || layout.isZero
        else {
            throw FacetError(reason: RelaxNGMessages.badCount(facet.rawValue, from: least))
        }
        let count = layout.integer.reduce(0) { min($0 * 10 + Int(text[$1] - 0x30), Int(Int32.max)) }
        if count < least { throw FacetError(reason: RelaxNGMessages.badCount(facet.rawValue, from: least)) }
        return count
    }
}

/// A value of a datatype, with the datatype's own equality.
enum DatatypeValue: Hashable, Sendable {
    /// After white space was normalised; lists are like that too.
    case string([UInt8])
    case boolean(Bool)
    case decimal(DecimalNumber)
    /// By its bits: NaN is equal to itself, and there is one zero.
    case float(UInt32)
    case double(UInt64)
    case calendar(CalendarValue)
    case duration(DurationValue)
    case bytes([UInt8])
    case name(namespace: CodepointString, localName: CodepointString)
}

// MARK: - Facets

/// The parameters of XML Schema's datatypes.
enum Facet: String {
    case length, minLength, maxLength, pattern, minInclusive, maxInclusive, minExclusive, maxExclusive
    case totalDigits, fractionDigits
    /// These two RELAX NG does not allow.
    case enumeration, whiteSpace
}

struct FacetError: Error {
    var reason: String
}

/// The requirements of a datatype for a string: its form, its parameters and its type.
struct Facets {
    struct Bound {
        var facet: Facet
        var limit: DatatypeValue
        var text: String

        /// Whether an order is allowed: `nil` where two values have none.
        func allows(_ order: Int?) -> Bool {
            guard let order else { return false }
            return switch facet {
            case .minInclusive: order >= 0
            case .minExclusive: order > 0
            case .maxInclusive: order <= 0
            default: order < 0
            }
        }
    }

    let form: DatatypeForm
    var patterns: [RegularExpression] = []
    var minimumLength = 0
    var maximumLength = Int.max
    var totalDigits = Int.max
    var fractionDigits = Int.max
    var bounds: [Bound] = []
    var unparsedEntities: Set<CodepointString> = []
    /// Whether the form is all that is asked for.
    var isEmpty: Bool

    init(of type: XMLSchemaType) {
        form = type.form
        isEmpty = !form.isList && form.primitive != .entity && type.minimum == nil && type.maximum == nil
        if form.isList { minimumLength = 1 }
        for (facet, text) in [(Facet.minInclusive, type.minimum), (.maxInclusive, type.maximum)] {
            if let text, let number = DecimalNumber(Array(text.utf8).span) {
                bounds.append(Bound(facet: facet, limit: .decimal(number), text: text))
            }
        }
    }

    // MARK: Strings

    mutating func allow(_ string: Span<UInt8>, _ namespace: (String) -> String?) -> Bool {
        let trimmed = string.extracting(form.whiteSpace.trimmed(string))
        if form.whiteSpace.isNormal(trimmed) { return allowNormalised(trimmed, namespace) }
        return allowNormalised(form.whiteSpace.normalised(string).span, namespace)
    }

    mutating func value(of string: Span<UInt8>, _ namespace: (String) -> String?) -> DatatypeValue? {
        let normalised = form.whiteSpace.normalised(string)
        guard allowNormalised(normalised.span, namespace) else { return nil }
        return form.value(of: normalised.span, namespace)
    }

    private mutating func allowNormalised(_ string: Span<UInt8>, _ namespace: (String) -> String?) -> Bool {
        guard form.allows(string, namespace) else { return false }
        return isEmpty
            || (hasLength(string) && hasDigits(string) && isInBounds(string) && hasEntities(string)
                && matchesPatterns(string))
    }

    // MARK: Facet by facet, of normalised strings

    func hasLength(_ string: Span<UInt8>) -> Bool {
        if minimumLength == 0, maximumLength == .max { return true }
        let length = form.length(of: string)
        return length >= minimumLength && length <= maximumLength
    }

    func hasDigits(_ string: Span<UInt8>) -> Bool {
        if totalDigits == .max, fractionDigits == .max { return true }
        guard let layout = DecimalNumber.Layout(string) else { return false }
        return layout.fractionDigits <= fractionDigits && layout.totalDigits(string) <= totalDigits
    }

    private func isInBounds(_ string: Span<UInt8>) -> Bool {
        for bound in bounds where !form.isWithin(bound, string) { return false }
        return true
    }

    func hasEntities(_ string: Span<UInt8>) -> Bool {
        if form.primitive != .entity { return true }
        var index = 0
        while let token = string.nextToken(&index) {
            if !unparsedEntities.contains(CodepointString(String(string.extracting(token)))) { return false }
        }
        return true
    }

    private mutating func matchesPatterns(_ string: Span<UInt8>) -> Bool {
        for index in patterns.indices where !patterns[index].matches(string) { return false }
        return true
    }

    mutating func patternFailure(_ string: Span<UInt8>) -> (pattern: String, offset: Int)? {
        for index in patterns.indices {
            if let offset = patterns[index].failure(in: string) { return (patterns[index].pattern, offset) }
        }
        return nil
    }
}
