package import XML

/// A built-in atomic type (XPath 2.0 data model, 2.6; XML Schema Part 2).
///
///     print(AtomicType.integer, AtomicType.integer.isDerived(from: .decimal))     // xs:integer true
public enum AtomicType: String, Sendable, Hashable, CaseIterable {
    case anyAtomicType, untypedAtomic
    case string, normalizedString, token, language, NMTOKEN, Name, NCName, ID, IDREF, ENTITY
    case anyURI, boolean
    case decimal, integer, nonPositiveInteger, negativeInteger, long, int, short, byte
    case nonNegativeInteger, unsignedLong, unsignedInt, unsignedShort, unsignedByte, positiveInteger
    case float, double
    case duration, yearMonthDuration, dayTimeDuration
    case dateTime, dateTimeStamp, date, time, gYearMonth, gYear, gMonthDay, gDay, gMonth
    case hexBinary, base64Binary
    case QName, NOTATION

    /// The type that this type restricts; `nil` for `xs:anyAtomicType`.
    public var base: AtomicType? {
        switch self {
        case .anyAtomicType: nil
        case .normalizedString: .string
        case .token: .normalizedString
        case .language, .NMTOKEN, .Name: .token
        case .NCName: .Name
        case .ID, .IDREF, .ENTITY: .NCName
        case .integer: .decimal
        case .nonPositiveInteger, .long, .nonNegativeInteger: .integer
        case .negativeInteger: .nonPositiveInteger
        case .int: .long
        case .short: .int
        case .byte: .short
        case .unsignedLong, .positiveInteger: .nonNegativeInteger
        case .unsignedInt: .unsignedLong
        case .unsignedShort: .unsignedInt
        case .unsignedByte: .unsignedShort
        case .yearMonthDuration, .dayTimeDuration: .duration
        case .dateTimeStamp: .dateTime
        default: .anyAtomicType
        }
    }

    /// The primitive type that this type is derived from; `integer` counts as primitive.
    public var primitive: AtomicType {
        var type = self
        while type != .integer, let base = type.base, base != .anyAtomicType { type = base }
        return type
    }

    /// Whether this type is `other` or is derived from it by restriction.
    public func isDerived(from other: AtomicType) -> Bool {
        var type: AtomicType? = self
        while let current = type {
            if current == other { return true }
            type = current.base
        }
        return false
    }

    /// Whether values are numbers: decimals, integers, floats and doubles.
    public var isNumeric: Bool {
        switch primitive {
        case .decimal, .integer, .float, .double: true
        default: false
        }
    }

    var isString: Bool { isDerived(from: .string) }
    var isDuration: Bool { isDerived(from: .duration) }
    /// Whether values are a date, a time or parts of them.
    var isCalendar: Bool {
        switch primitive {
        case .dateTime, .date, .time, .gYearMonth, .gYear, .gMonthDay, .gDay, .gMonth: true
        default: false
        }
    }
}

extension AtomicType: CustomStringConvertible {
    /// The lexical name, such as `xs:integer`.
    public var description: String { "xs:" + rawValue }
}

/// An atomic value: a value of a built-in type, with that type (XPath 2.0 data model, 2.3).
///
///     let value = AtomicValue.integer(42)
///     print(value.type, value.string)     // xs:integer 42
public struct AtomicValue: Sendable {
    // In this order, and with what is large behind a reference, a value takes 24 bytes.
    let content: Content
    /// The type of the value.
    public let type: AtomicType

    enum Content: Sendable {
        /// Strings and what is derived from them, untyped values, addresses.
        case string(String)
        case boolean(Bool)
        /// Integers and what is derived from them. Those beyond are FOAR0002.
        case integer(PackedInteger)
        case decimal(FixedDecimal)
        case double(Double)
        case float(Float)
        indirect case duration(DurationContent)
        indirect case calendar(CalendarContent)
        /// Hexadecimal and base 64.
        case bytes([UInt8])
        indirect case name(QName)
    }

    init(_ type: AtomicType, _ content: Content) {
        self.type = type
        self.content = content
    }

    /// A value of the type `xs:string`.
    public static func string(_ value: String) -> AtomicValue { AtomicValue(.string, .string(value)) }
    /// A value of the type `xs:untypedAtomic`, as nodes have without a schema.
    public static func untyped(_ value: String) -> AtomicValue { AtomicValue(.untypedAtomic, .string(value)) }
    /// A value of the type `xs:anyURI`.
    public static func anyURI(_ value: String) -> AtomicValue { AtomicValue(.anyURI, .string(value)) }
    /// A value of the type `xs:boolean`.
    public static func boolean(_ value: Bool) -> AtomicValue { AtomicValue(.boolean, .boolean(value)) }
    /// A value of the type `xs:integer`.
    public static func integer(_ value: Int) -> AtomicValue { AtomicValue(.integer, .integer(PackedInteger(value))) }
    /// A value of the type `xs:double`.
    public static func double(_ value: Double) -> AtomicValue { AtomicValue(.double, .double(value)) }
    static func integer(_ value: Int128) -> AtomicValue { AtomicValue(.integer, .integer(PackedInteger(value))) }
    static func decimal(_ value: FixedDecimal) -> AtomicValue { AtomicValue(.decimal, .decimal(value)) }
    static func float(_ value: Float) -> AtomicValue { AtomicValue(.float, .float(value)) }
    package static func qname(_ value: QName) -> AtomicValue { AtomicValue(.QName, .name(value)) }
}

/// An integer of 128 bits that lies where a word may lie.
///
/// An `Int128` lies at multiples of 16 bytes, so that values which hold one are larger, and Swift 6.3 loads
/// enumerations that do from places where it does not lie.
struct PackedInteger: Sendable, Hashable {
    private let low: UInt64
    private let high: Int64

    init(_ value: Int128) {
        low = UInt64(truncatingIfNeeded: value)
        high = Int64(truncatingIfNeeded: value >> 64)
    }

    init(_ value: Int) {
        low = UInt64(bitPattern: Int64(value))
        high = value < 0 ? -1 : 0
    }

    var value: Int128 { Int128(high) << 64 | Int128(low) }

    /// The value, if it has no more than 64 bits.
    var small: Int? {
        let word = Int64(bitPattern: low)
        return high == word >> 63 ? Int(word) : nil
    }
}

/// A duration: months and nanoseconds, both of one sign. The types that have only one of them leave the other 0.
struct DurationContent: Sendable, Hashable {
    let months: Int
    private let time: PackedInteger

    init(months: Int = 0, nanoseconds: Int128 = 0) {
        self.months = months
        time = PackedInteger(nanoseconds)
    }

    var nanoseconds: Int128 { time.value }
}

/// The parts of a date or time; those that the type lacks have the values given here.
struct CalendarContent: Sendable, Hashable {
    /// Astronomical, 0 being the year before 1.
    var year: Int = 1972
    var month: Int = 12
    var day: Int = 31
    var hour: Int = 0
    var minute: Int = 0
    var second: Int = 0
    var nanosecond: Int = 0
    /// Minutes east of Greenwich.
    var timezone: Int?
}
