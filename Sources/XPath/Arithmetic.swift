/// The operators of XPath 2.0, 3.4, with the functions behind them (XPath 2.0, B.2).
enum ArithmeticOperator: String, Sendable, Hashable {
    case add = "+", subtract = "-", multiply = "*", divide = "div", integerDivide = "idiv", modulo = "mod"

    /// The result for two values. Untyped ones are cast to double first.
    ///
    /// - Parameter implicitTimezone: of dates and times that have none, in minutes east of Greenwich.
    /// - Throws: XPTY0004 for types that the operator does not take, FORG0001 for an untyped value that is no number,
    ///   FOAR0001, FOAR0002, FODT0001, FODT0002 and FOCA0005 as the functions say.
    func apply(_ a: AtomicValue, _ b: AtomicValue, implicitTimezone: Int) throws(XPathError) -> AtomicValue {
        switch (a.content, b.content) {
        case (.integer(let x), .integer(let y)): try integers(x, y)
        case (.double(let x), .double(let y)): try doubles(x, y)
        case (.string, _) where a.type == .untypedAtomic:
            try apply(a.cast(to: .double), b, implicitTimezone: implicitTimezone)
        case (_, .string) where b.type == .untypedAtomic:
            try apply(a, b.cast(to: .double), implicitTimezone: implicitTimezone)
        case (.duration, _), (_, .duration), (.calendar, _), (_, .calendar):
            try times(a, b, implicitTimezone: implicitTimezone)
        default: try numbers(a, b)
        }
    }
}

// MARK: - Numbers

extension ArithmeticOperator {
    private func integers(_ a: PackedInteger, _ b: PackedInteger) throws(XPathError) -> AtomicValue {
        if let x = a.small, let y = b.small, let result = small(x, y) { return .integer(result) }
        let (a, b) = (a.value, b.value)
        let (result, over): (Int128, Bool)
        switch self {
        case .add: (result, over) = a.addingReportingOverflow(b)
        case .subtract: (result, over) = a.subtractingReportingOverflow(b)
        case .multiply: (result, over) = a.multipliedReportingOverflow(by: b)
        case .divide: return .decimal(try FixedDecimal(a) / FixedDecimal(b))
        case .integerDivide:
            guard b != 0 else { throw .divisionByZero() }
            return .integer(a / b)
        case .modulo:
            guard b != 0 else { throw .divisionByZero() }
            return .integer(a % b)
        }
        // No integer is the lowest Int128, so that each has its opposite.
        guard !over, result != .min else { throw .overflow(.integer) }
        return .integer(result)
    }

    /// The same in 64 bits, where that is enough.
    @inline(__always)
    private func small(_ a: Int, _ b: Int) -> Int? {
        let (result, over): (Int, Bool)
        switch self {
        case .add: (result, over) = a.addingReportingOverflow(b)
        case .subtract: (result, over) = a.subtractingReportingOverflow(b)
        case .multiply: (result, over) = a.multipliedReportingOverflow(by: b)
        case .divide: return nil
        case .integerDivide: (result, over) = a.dividedReportingOverflow(by: b)
        case .modulo: (result, over) = a.remainderReportingOverflow(dividingBy: b)
        }
        return over ? nil : result
    }

    private func doubles(_ a: Double, _ b: Double) throws(XPathError) -> AtomicValue {
        switch self {
        case .add: .double(a + b)
        case .subtract: .double(a - b)
        case .multiply: .double(a * b)
        case .divide: .double(a / b)
        case .integerDivide: .integer(try ArithmeticOperator.integerQuotient(a, b))
        case .modulo: .double(a.truncatingRemainder(dividingBy: b))
        }
    }

    private func floats(_ a: Float, _ b: Float) throws(XPathError) -> AtomicValue {
        switch self {
        case .add: .float(a + b)
        case .subtract: .float(a - b)
        case .multiply: .float(a * b)
        case .divide: .float(a / b)
        case .integerDivide: .integer(try ArithmeticOperator.integerQuotient(Double(a), Double(b)))
        case .modulo: .float(a.truncatingRemainder(dividingBy: b))
        }
    }

    private func decimals(_ a: FixedDecimal, _ b: FixedDecimal) throws(XPathError) -> AtomicValue {
        switch self {
        case .add: .decimal(try a + b)
        case .subtract: .decimal(try a - b)
        case .multiply: .decimal(try a * b)
        case .divide: .decimal(try a / b)
        case .integerDivide: .integer(try FixedDecimal.integerQuotient(a, b))
        case .modulo: .decimal(try a % b)
        }
    }

    private static func integerQuotient(_ a: Double, _ b: Double) throws(XPathError) -> Int128 {
        guard b != 0 else { throw .divisionByZero() }
        guard a.isFinite, !b.isNaN else { throw .infiniteQuotient() }
        let quotient = a / b
        guard let result = Int128(exactly: quotient.rounded(.towardZero)) else { throw .overflow(.integer) }
        return result
    }

    /// Two numbers of different types become two of the more general one.
    private func numbers(_ a: AtomicValue, _ b: AtomicValue) throws(XPathError) -> AtomicValue {
        guard a.type.isNumeric, b.type.isNumeric else { throw .wrongOperands(rawValue, a.type, b.type) }
        if a.type == .double || b.type == .double { return try doubles(a.number, b.number) }
        if a.type == .float || b.type == .float { return try floats(a.float, b.float) }
        guard let x = a.exact, let y = b.exact else { throw .wrongOperands(rawValue, a.type, b.type) }
        return try decimals(x, y)
    }
}

extension AtomicValue {
    /// The value of a decimal or an integer.
    var exact: FixedDecimal? {
        switch content {
        case .decimal(let value): value
        case .integer(let value): FixedDecimal(value.value)
        default: nil
        }
    }

    /// The value with the other sign; an untyped one as a double (op:numeric-unary-minus).
    ///
    /// - Throws: XPTY0004 for what is not a number, FORG0001 for an untyped value that is none.
    func negated() throws(XPathError) -> AtomicValue {
        switch content {
        case .integer(let value): .integer(-value.value)
        case .double(let value): .double(-value)
        case .decimal(let value): .decimal(-value)
        case .float(let value): .float(-value)
        case .string where type == .untypedAtomic: .double(-(try cast(to: .double).number))
        default: throw .wrongOperand("-", type)
        }
    }

    /// The value; an untyped one as a double, and one of a derived type as what that is derived from
    /// (op:numeric-unary-plus).
    ///
    /// - Throws: XPTY0004 for what is not a number, FORG0001 for an untyped value that is none.
    func unaryPlus() throws(XPathError) -> AtomicValue {
        if type == .untypedAtomic { return try cast(to: .double) }
        guard type.isNumeric else { throw .wrongOperand("+", type) }
        return AtomicValue(type.primitive, content)
    }
}

// MARK: - Dates and durations

extension ArithmeticOperator {
    private func times(_ a: AtomicValue, _ b: AtomicValue, implicitTimezone: Int) throws(XPathError) -> AtomicValue {
        let result: AtomicValue? =
            switch (a.content, b.content) {
            case (.duration(let x), .duration(let y)): try durations(x, a.type, y, b.type)
            case (.calendar(let x), .duration(let y)):
                switch self {
                case .add: try ArithmeticOperator.sum(x, a.type, y, b.type)
                case .subtract: try ArithmeticOperator.sum(x, a.type, -y, b.type)
                default: nil
                }
            case (.duration(let x), .calendar(let y)):
                self == .add ? try ArithmeticOperator.sum(y, b.type, x, a.type) : nil
            case (.calendar(let x), .calendar(let y)):
                difference(x, a.type, y, b.type, implicitTimezone: implicitTimezone)
            case (.duration(let x), _) where b.type.isNumeric && a.type != .duration:
                switch self {
                case .multiply: AtomicValue(a.type, .duration(try x.multiplied(by: b)))
                case .divide: AtomicValue(a.type, .duration(try x.divided(by: b)))
                default: nil
                }
            case (_, .duration(let y)) where a.type.isNumeric && b.type != .duration && self == .multiply:
                AtomicValue(b.type, .duration(try y.multiplied(by: a)))
            default: nil
            }
        guard let result else { throw .wrongOperands(rawValue, a.type, b.type) }
        return result
    }

    private func durations(
        _ a: DurationContent, _ type: AtomicType, _ b: DurationContent, _ other: AtomicType
    ) throws(XPathError) -> AtomicValue? {
        guard type == other, type != .duration else { return nil }
        switch self {
        case .add: return AtomicValue(type, .duration(try a + b))
        case .subtract: return AtomicValue(type, .duration(try a + -b))
        case .divide:
            return .decimal(
                try FixedDecimal(Int128(a.months) + a.nanoseconds) / FixedDecimal(Int128(b.months) + b.nanoseconds))
        default: return nil
        }
    }

    private static func sum(
        _ a: CalendarContent, _ type: AtomicType, _ duration: DurationContent, _ other: AtomicType
    ) throws(XPathError) -> AtomicValue? {
        let base = type.primitive
        guard base == .dateTime || base == .date || base == .time && other == .dayTimeDuration else { return nil }
        switch other {
        case .yearMonthDuration: return AtomicValue(base, .calendar(try a.adding(months: duration.months)))
        case .dayTimeDuration:
            return AtomicValue(base, .calendar(try a.adding(nanoseconds: duration.nanoseconds, type: base)))
        default: return nil
        }
    }

    private func difference(
        _ a: CalendarContent, _ type: AtomicType, _ b: CalendarContent, _ other: AtomicType, implicitTimezone: Int
    ) -> AtomicValue? {
        let base = type.primitive
        guard self == .subtract, base == other.primitive, base == .dateTime || base == .date || base == .time else {
            return nil
        }
        let nanoseconds = a.instant(implicitTimezone: implicitTimezone) - b.instant(implicitTimezone: implicitTimezone)
        return AtomicValue(.dayTimeDuration, .duration(DurationContent(nanoseconds: nanoseconds)))
    }
}
