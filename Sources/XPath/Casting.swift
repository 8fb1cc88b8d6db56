internal import XML

// Casting (XPath 2.0 functions, 17; XPath 3.1 functions, 19).

extension AtomicValue {
    /// The value in another type.
    ///
    /// - Parameter namespaces: what a prefix means, for xs:QName; the empty one is that of elements.
    /// - Throws: XPTY0004 where no value of this type can be cast; FORG0001 where this one is not in the value space,
    ///   FOCA0001, FOCA0002, FOCA0003, FODT0001 and FODT0002 where it is too large, FONS0004 for a prefix that means
    ///   nothing.
    func cast(to target: AtomicType, namespaces: ((String) -> String?)? = nil) throws(XPathError) -> AtomicValue {
        if type == target { return self }
        if case .string(let text) = content {
            if type != .anyURI { return try AtomicValue.parse(text, target, namespaces) }
        } else if type.isDerived(from: target) {
            if target == .decimal, let exact { return .decimal(exact) }
            return AtomicValue(target, content)
        }
        guard AtomicValue.isCastPossible(from: type, to: target) else { throw .noCast(type, target) }
        if target == .untypedAtomic || target.isString || target == .anyURI {
            return try AtomicValue.parse(string, target, nil)
        }
        return try AtomicValue(target, converted(to: target)).checked()
    }

    /// Whether some values of a type can be cast to another: what is known before an expression is evaluated.
    static func isCastPossible(from source: AtomicType, to target: AtomicType) -> Bool {
        let (from, to) = (source.primitive, target.primitive)
        if target == .anyAtomicType || target == .NOTATION { return source == target && source == .NOTATION }
        if from == .anyAtomicType || to == .untypedAtomic || to == .string || from == to { return true }
        switch from {
        case .untypedAtomic, .string: return true
        case .float, .double, .decimal, .integer, .boolean: return to == .boolean || to.isNumeric
        case .dateTime: return to.isCalendar
        case .date: return to.isCalendar && to != .time
        case .hexBinary, .base64Binary: return to == .hexBinary || to == .base64Binary
        default: return false
        }
    }

    /// The items of a list type: `NMTOKENS`, `IDREFS` or `ENTITIES`.
    ///
    /// - Parameter item: the type of each of its items, such as `NMTOKEN`.
    /// - Throws: FORG0001 where there is none, or one is not of the type.
    func cast(toListOf item: AtomicType) throws(XPathError) -> [AtomicValue] {
        let text = string
        let parts = text.utf8.split(whereSeparator: \.isXMLSpace)
        guard !parts.isEmpty else { throw .notInType(text, item) }
        var values: [AtomicValue] = []
        for part in parts { values.append(try AtomicValue.parse(String(Substring(part)), item, nil)) }
        return values
    }
}

// MARK: - From values

extension AtomicValue {
    private func converted(to target: AtomicType) throws(XPathError) -> Content {
        switch (content, target.primitive) {
        case (_, .boolean): return .boolean(try effectiveBooleanValue())
        case (_, .double): return .double(number)
        case (_, .float): return .float(float)
        case (_, .decimal): return .decimal(try decimal(for: target))
        case (_, .integer): return .integer(PackedInteger(try decimal(for: target).integer))
        case (.duration(let value), _):
            return .duration(
                DurationContent(
                    months: target == .dayTimeDuration ? 0 : value.months,
                    nanoseconds: target == .yearMonthDuration ? 0 : value.nanoseconds
                ))
        case (.calendar(let value), _): return .calendar(value.parts(of: target))
        default: return content
        }
    }

    /// The value as a number, which is not one where it has none (fn:number).
    var number: Double {
        switch content {
        case .double(let value): value
        case .float(let value): Double(value)
        case .decimal(let value): value.double
        case .integer(let value): value.small.map { Double($0) } ?? Double(value.value)
        case .boolean(let value): value ? 1 : 0
        case .string(let text): type == .anyURI ? .nan : Lexical.double(Lexical.trimmed(text)) ?? .nan
        default: .nan
        }
    }

    /// A number as a float, rounded once.
    var float: Float {
        switch content {
        case .float(let value): value
        case .decimal(let value): value.float
        case .integer(let value): Float(value.value)
        default: Float(number)
        }
    }

    /// - Parameter target: the type of which a value is wanted, for the errors.
    private func decimal(for target: AtomicType) throws(XPathError) -> FixedDecimal {
        if let exact { return exact }
        let number = number
        guard number.isFinite else { throw .notFinite(string, target) }
        guard let value = FixedDecimal(nearest: number) else { throw .tooLarge(string, target) }
        return value
    }

    /// The value, if it is within the bounds of its type, derived from one that it was converted to.
    private func checked() throws(XPathError) -> AtomicValue {
        switch content {
        case .integer(let value):
            guard type.contains(value.value) else { throw .notInType(string, type) }
        case .calendar(let value):
            guard type != .dateTimeStamp || value.timezone != nil else { throw .notInType(string, type) }
        default: break
        }
        return self
    }
}

extension AtomicType {
    /// Whether an integer is within the bounds of a type derived from `integer`.
    func contains(_ value: Int128) -> Bool {
        switch self {
        case .nonPositiveInteger: value <= 0
        case .negativeInteger: value < 0
        case .long: Int64(exactly: value) != nil
        case .int: Int32(exactly: value) != nil
        case .short: Int16(exactly: value) != nil
        case .byte: Int8(exactly: value) != nil
        case .nonNegativeInteger: value >= 0
        case .unsignedLong: UInt64(exactly: value) != nil
        case .unsignedInt: UInt32(exactly: value) != nil
        case .unsignedShort: UInt16(exactly: value) != nil
        case .unsignedByte: UInt8(exactly: value) != nil
        case .positiveInteger: value > 0
        default: true
        }
    }

    /// Whether the type has a greatest and a least value.
    fileprivate var isBounded: Bool {
        isDerived(from: .long) || isDerived(from: .unsignedLong)
    }
}

// MARK: - From text

extension AtomicValue {
    private static func parse(
        _ text: String, _ target: AtomicType, _ namespaces: ((String) -> String?)?
    ) throws(XPathError) -> AtomicValue {
        switch target.primitive {
        case .untypedAtomic: return .untyped(text)
        case .string: return AtomicValue(target, .string(try restricted(text, target)))
        case .anyURI: return .anyURI(text.normalizedSpace)
        case .QName: return .qname(try name(text, namespaces))
        case .anyAtomicType, .NOTATION: throw .noCast(.string, target)
        case .integer: return try AtomicValue(target, .integer(PackedInteger(integer(text, target)))).checked()
        default: return try AtomicValue(target, simple(text, target)).checked()
        }
    }

    private static func simple(_ text: String, _ target: AtomicType) throws(XPathError) -> Content {
        let trimmed = Lexical.trimmed(text)
        let content: Content? =
            switch target.primitive {
            case .double: Lexical.double(trimmed).map(Content.double)
            case .float: Lexical.float(trimmed).map(Content.float)
            case .decimal: try decimal(trimmed, target).map(Content.decimal)
            case .boolean: Lexical.boolean(trimmed).map(Content.boolean)
            case .duration: try DurationContent.parse(trimmed, target).map(Content.duration)
            case .hexBinary: Lexical.hexadecimal(trimmed).map(Content.bytes)
            case .base64Binary: Lexical.base64(trimmed).map(Content.bytes)
            default: try CalendarContent.parse(trimmed, target).map(Content.calendar)
            }
        guard let content else { throw .notInType(text, target) }
        return content
    }

    private static func decimal(_ text: Substring, _ target: AtomicType) throws(XPathError) -> FixedDecimal? {
        switch FixedDecimal.parse(text.utf8) {
        case .value(let value): return value
        case .invalid: return nil
        case .tooLarge: throw .tooLarge(String(text), target)
        }
    }

    private static func integer(_ text: String, _ target: AtomicType) throws(XPathError) -> Int128 {
        let trimmed = Lexical.trimmed(text)
        if let short = Lexical.shortInteger(trimmed.utf8) { return short }
        guard !trimmed.utf8.contains(UInt8(ascii: ".")) else { throw .notInType(text, target) }
        switch FixedDecimal.parse(trimmed.utf8) {
        case .value(let value): return value.integer
        case .tooLarge where !target.isBounded: throw .tooLarge(text, target)
        case .tooLarge, .invalid: throw .notInType(text, target)
        }
    }

    /// The text with its white space as the type wants it.
    private static func restricted(_ text: String, _ target: AtomicType) throws(XPathError) -> String {
        switch target {
        case .string: return text
        case .normalizedString: return Lexical.withoutLineBreaks(text)
        default: break
        }
        let collapsed = text.normalizedSpace
        let isValid =
            switch target {
            case .token: true
            case .language: Lexical.isLanguage(collapsed)
            case .NMTOKEN: Lexical.isNameToken(collapsed)
            case .Name: Lexical.isName(collapsed)
            default: NCName.isValid(collapsed)
            }
        guard isValid else { throw .notInType(text, target) }
        return collapsed
    }

    private static func name(_ text: String, _ namespaces: ((String) -> String?)?) throws(XPathError) -> QName {
        let trimmed = Lexical.trimmed(text)
        let parts = trimmed.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ NCName.isValid($0) }) else { throw .notInType(text, .QName) }
        guard parts.count == 2 else { return QName(localName: String(trimmed), namespace: namespaces?("")) }
        let prefix = String(parts[0])
        guard let namespace = namespaces?(prefix) else { throw .unboundPrefix(prefix) }
        return QName(prefix: prefix, localName: String(parts[1]), namespace: namespace)
    }
}

// MARK: - Truth

extension AtomicValue {
    /// The effective boolean value (XPath 2.0, 2.4.3).
    ///
    /// - Throws: FORG0006 for what is neither a boolean, a string, an address, an untyped value nor a number.
    func effectiveBooleanValue() throws(XPathError) -> Bool {
        switch content {
        case .boolean(let value): value
        case .string(let text): !text.isEmpty
        case .integer(let value): value.small != 0
        case .decimal(let value): value.mantissa != 0
        case .double(let value): !(value == 0 || value.isNaN)
        case .float(let value): !(value == 0 || value.isNaN)
        default: throw .noBooleanValue(of: "a value of type \(type)")
        }
    }
}
