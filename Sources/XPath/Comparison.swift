internal import XML

/// The operators of value and general comparisons (XPath 2.0, 3.5.1 and 3.5.2), with the functions behind them (B.2).
enum ComparisonOperator: Sendable, Hashable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

    /// - Parameter order: negative, 0 or positive; `nil` where one is not a number.
    @inline(__always)
    func holds(_ order: Int?) -> Bool {
        guard let order else { return self == .notEqual }
        return switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    private var isEquality: Bool { self == .equal || self == .notEqual }

    /// A value comparison: untyped values are strings.
    ///
    /// - Parameter implicitTimezone: of dates and times that have none, in minutes east of Greenwich.
    /// - Throws: XPTY0004 for types that are not compared.
    func value(
        _ a: AtomicValue, _ b: AtomicValue, collation: StringCollation, implicitTimezone: Int
    ) throws(XPathError) -> Bool {
        switch (a.content, b.content) {
        case (.string(let x), .string(let y)): strings(x, y, collation)
        case (.integer(let x), .integer(let y)): holds(AtomicValue.order(x, y))
        default:
            holds(
                try a.order(with: b, isEquality: isEquality, collation: collation, implicitTimezone: implicitTimezone))
        }
    }

    /// A general comparison of two of the items: an untyped one is cast to what the other is.
    ///
    /// - Parameters:
    ///   - isCompatible: whether the rules of XPath 1.0 hold (XPath 2.0, 3.5.2); booleans have been dealt with.
    ///   - namespaces: as for a cast.
    /// - Throws: XPTY0004 for types that are not compared, FORG0001 and others where an untyped value cannot be cast.
    func general(
        _ a: AtomicValue, _ b: AtomicValue, collation: StringCollation, implicitTimezone: Int,
        isCompatible: Bool = false,
        namespaces: ((String) -> String?)? = nil
    ) throws(XPathError) -> Bool {
        if isCompatible, let result = compatible(a, b, collation) { return result }
        if case .string(let x) = a.content, case .string(let y) = b.content, a.type != .anyURI, b.type != .anyURI {
            return strings(x, y, collation)
        }
        if a.type != .untypedAtomic, b.type != .untypedAtomic {
            return try value(a, b, collation: collation, implicitTimezone: implicitTimezone)
        }
        if a.type.isNumeric || b.type.isNumeric {
            let (x, y) = (
                try a.type == .untypedAtomic ? a.cast(to: .double) : a,
                try b.type == .untypedAtomic ? b.cast(to: .double) : b
            )
            return try value(x, y, collation: collation, implicitTimezone: implicitTimezone)
        }
        let x = try a.type == .untypedAtomic ? a.cast(to: b.type.comparisonType, namespaces: namespaces) : a
        let y = try b.type == .untypedAtomic ? b.cast(to: a.type.comparisonType, namespaces: namespaces) : b
        return try value(x, y, collation: collation, implicitTimezone: implicitTimezone)
    }

    /// The result if XPath 1.0 compares the values as numbers or strings; `nil` for everything else.
    private func compatible(_ a: AtomicValue, _ b: AtomicValue, _ collation: StringCollation) -> Bool? {
        if !isEquality || a.type.isNumeric || b.type.isNumeric {
            return numbers(a.number, b.number)
        }
        guard a.type.isString || b.type.isString || a.type == .untypedAtomic && b.type == .untypedAtomic else {
            return nil
        }
        return strings(a.string, b.string, collation)
    }

    private func strings(_ a: String, _ b: String, _ collation: StringCollation) -> Bool {
        switch self {
        case .equal: collation.equals(a, b)
        case .notEqual: !collation.equals(a, b)
        default: holds(collation.compare(a, b))
        }
    }

    private func numbers(_ a: Double, _ b: Double) -> Bool {
        holds(a < b ? -1 : a == b ? 0 : a > b ? 1 : nil)
    }
}

extension AtomicType {
    /// The type that an untyped value takes in a comparison with this type.
    fileprivate var comparisonType: AtomicType {
        isDuration ? self : primitive
    }
}

// MARK: - Order

extension AtomicValue {
    /// Negative, 0 or positive, as this value comes before, with or after another one; `nil` where one is not a number.
    /// Untyped values are strings.
    ///
    /// - Parameter isEquality: whether only equality is asked for, which more types have.
    /// - Throws: XPTY0004 for types that are not compared.
    func order(
        with other: AtomicValue, isEquality: Bool = false, collation: StringCollation, implicitTimezone: Int
    ) throws(XPathError) -> Int? {
        switch (content, other.content) {
        case (.string(let x), .string(let y)):
            return isEquality ? collation.equals(x, y) ? 0 : 1 : collation.compare(x, y)
        case (.integer(let x), .integer(let y)): return AtomicValue.order(x, y)
        case (.boolean(let x), .boolean(let y)): return AtomicValue.order(x ? 1 : 0, y ? 1 : 0)
        case (.calendar(let x), .calendar(let y))
        where type.primitive == other.type.primitive && (isEquality || type.isOrdered):
            return AtomicValue.order(
                x.instant(implicitTimezone: implicitTimezone), y.instant(implicitTimezone: implicitTimezone)
            )
        case (.duration(let x), .duration(let y)) where isEquality: return x == y ? 0 : 1
        case (.duration(let x), .duration(let y)) where type == other.type && type != .duration:
            return AtomicValue.order(Int128(x.months) + x.nanoseconds, Int128(y.months) + y.nanoseconds)
        case (.bytes(let x), .bytes(let y)) where type == other.type:
            return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
        case (.name(let x), .name(let y)) where isEquality && type == other.type:
            return CodepointString(x.localName) == CodepointString(y.localName)
                && x.namespace.map(CodepointString.init) == y.namespace.map(CodepointString.init) ? 0 : 1
        default: return try numericOrder(with: other)
        }
    }

    private func numericOrder(with other: AtomicValue) throws(XPathError) -> Int? {
        guard type.isNumeric, other.type.isNumeric else { throw .notComparable(type, other.type) }
        if type == .double || other.type == .double { return AtomicValue.floatingOrder(number, other.number) }
        if type == .float || other.type == .float { return AtomicValue.floatingOrder(float, other.float) }
        guard let x = exact, let y = other.exact else { throw .notComparable(type, other.type) }
        return AtomicValue.order(x, y)
    }

    fileprivate static func order(_ a: PackedInteger, _ b: PackedInteger) -> Int {
        if let x = a.small, let y = b.small { return order(x, y) }
        return order(a.value, b.value)
    }

    private static func order<Value: Comparable>(_ a: Value, _ b: Value) -> Int {
        a < b ? -1 : a == b ? 0 : 1
    }

    private static func floatingOrder<Value: FloatingPoint>(_ a: Value, _ b: Value) -> Int? {
        a < b ? -1 : a == b ? 0 : a > b ? 1 : nil
    }
}

extension AtomicType {
    /// Whether values of this calendar type come one after the other.
    fileprivate var isOrdered: Bool {
        switch primitive {
        case .dateTime, .date, .time: true
        default: false
        }
    }
}

// MARK: - Keys

/// A key that two values share if and only if they are equal (`eq`): for sets and tables of values.
///
/// Values of types that are not compared have different keys. What is not a number has the key of its like; ask
/// ``isNaN`` where it must be equal to nothing.
struct EqualityKey: Hashable, Sendable {
    private enum Content: Hashable {
        case string(CodepointString)
        case boolean(Bool)
        case number(Number)
        case notANumber
        case duration(DurationContent)
        case instant(AtomicType, PackedInteger)
        case bytes(AtomicType, [UInt8])
        case name(AtomicType, CodepointString, CodepointString?)
    }

    /// Exact numbers are compared exactly, a float and an exact number as floats, all others as doubles.
    private struct Number: Hashable {
        let double: Double
        let exact: FixedDecimal?
        let float: Float?

        static func == (a: Number, b: Number) -> Bool {
            switch (a.exact, b.exact) {
            case (let exact?, let other?): exact == other
            case (let exact?, nil): b.float.map { $0 == exact.float } ?? (a.double == b.double)
            case (nil, let exact?): a.float.map { $0 == exact.float } ?? (a.double == b.double)
            case (nil, nil): a.double == b.double
            }
        }

        /// Numbers that may be equal as floats share a hash, unless they are so large that many integers would do so.
        func hash(into hasher: inout Hasher) {
            hasher.combine(double.magnitude < 0x1p24 ? Double(Float(double)) : double)
        }
    }

    private let content: Content

    init(_ value: AtomicValue, collation: StringCollation, implicitTimezone: Int) {
        content =
            switch value.content {
            case .string(let text): .string(CodepointString(collation.key(text)))
            case .boolean(let value): .boolean(value)
            case .duration(let value): .duration(value)
            case .calendar(let part):
                .instant(value.type.primitive, PackedInteger(part.instant(implicitTimezone: implicitTimezone)))
            case .bytes(let bytes): .bytes(value.type, bytes)
            case .name(let name):
                .name(value.type, CodepointString(name.localName), name.namespace.map(CodepointString.init))
            case .integer, .decimal, .double, .float:
                value.number.isNaN
                    ? .notANumber
                    : .number(
                        Number(
                            double: value.number, exact: value.exact, float: value.type == .float ? value.float : nil
                        ))
            }
    }

    var isNaN: Bool { content == .notANumber }
}
