#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

// Functions on numbers, and those that make one value of many (XPath 2.0 functions, 6 and 15.4; 3.1, 4 and 14.4).

extension FunctionTable {
    mutating func addNumericFunctions() {
        add("abs", ["xs:numeric?"], "xs:numeric?", NumericFunctions.abs)
        add("ceiling", ["xs:numeric?"], "xs:numeric?") { _, _, arguments throws(XPathError) in
            try NumericFunctions.rounded(arguments, .up)
        }
        add("floor", ["xs:numeric?"], "xs:numeric?") { _, _, arguments throws(XPathError) in
            try NumericFunctions.rounded(arguments, .down)
        }
        add("round", ["xs:numeric?"], "xs:numeric?") { _, _, arguments throws(XPathError) in
            try NumericFunctions.rounded(arguments, .halfUp)
        }
        add("round", ["xs:numeric?", "xs:integer"], "xs:numeric?", since: 30) { _, _, arguments throws(XPathError) in
            try NumericFunctions.rounded(arguments, .halfUp)
        }
        add("round-half-to-even", 1...2, ["xs:numeric?", "xs:integer"], "xs:numeric?") {
            _, _, arguments throws(XPathError) in
            try NumericFunctions.rounded(arguments, .halfToEven)
        }
        add("number", 0...0, [], "xs:double", usesFocus: true) { context, _, _ throws(XPathError) in
            ItemSequence(try context.requiredItem().atomized().number)
        }
        add("number", ["xs:anyAtomicType?"], "xs:double") { _, _, arguments throws(XPathError) in
            ItemSequence(arguments[0].atomic?.number ?? .nan)
        }
        add("sum", 1...2, ["xs:anyAtomicType*", "xs:anyAtomicType?"], "xs:anyAtomicType?", NumericFunctions.sum)
        add("avg", ["xs:anyAtomicType*"], "xs:anyAtomicType?", NumericFunctions.average)
        add("min", 1...2, ["xs:anyAtomicType*", "xs:string"], "xs:anyAtomicType?") {
            context, site, arguments throws(XPathError) in
            try NumericFunctions.extreme(arguments, .less, context, site)
        }
        add("max", 1...2, ["xs:anyAtomicType*", "xs:string"], "xs:anyAtomicType?") {
            context, site, arguments throws(XPathError) in
            try NumericFunctions.extreme(arguments, .greater, context, site)
        }
        add("format-integer", 2...3, ["xs:integer?", "xs:string", "xs:string?"], "xs:string", since: 30) {
            _, _, arguments throws(XPathError) in
            let picture = try IntegerPicture(arguments[1].string)
            return ItemSequence(arguments[0].integer.map(picture.format) ?? "")
        }
        add(
            "format-number", 2...3, ["xs:numeric?", "xs:string", "xs:string?"], "xs:string", since: 30,
            NumericFunctions.formatNumber)
        addMathFunctions()
    }

    private mutating func addMathFunctions() {
        add("math:pi", [], "xs:double", since: 30) { _, _, _ in ItemSequence(Double.pi) }
        addMath("exp") { exp($0) }
        addMath("exp10") { pow(10, $0) }
        addMath("log") { log($0) }
        addMath("log10") { log10($0) }
        addMath("sqrt") { $0.squareRoot() }
        addMath("sin") { sin($0) }
        addMath("cos") { cos($0) }
        addMath("tan") { tan($0) }
        addMath("asin") { asin($0) }
        addMath("acos") { acos($0) }
        addMath("atan") { atan($0) }
        add("math:atan2", ["xs:double", "xs:double"], "xs:double", since: 30) { _, _, arguments in
            ItemSequence(atan2(arguments[0].double ?? .nan, arguments[1].double ?? .nan))
        }
        add("math:pow", ["xs:double?", "xs:numeric"], "xs:double?", since: 30) { _, _, arguments in
            guard let base = arguments[0].double else { return .empty }
            return ItemSequence(pow(base, arguments[1].atomic?.number ?? .nan))
        }
    }

    private mutating func addMath(_ name: String, _ function: @escaping @Sendable (Double) -> Double) {
        add("math:" + name, ["xs:double?"], "xs:double?", since: 30) { _, _, arguments in
            arguments[0].double.map { ItemSequence(function($0)) } ?? .empty
        }
    }
}

enum NumericFunctions {
    static let abs: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let value = arguments[0].atomic else { return .empty }
        return switch value.content {
        case .integer(let number): ItemSequence(AtomicValue.integer(number.value < 0 ? -number.value : number.value))
        case .decimal(let number): ItemSequence(AtomicValue.decimal(number.magnitude))
        case .float(let number): ItemSequence(AtomicValue.float(number.magnitude))
        default: ItemSequence(value.number.magnitude)
        }
    }

    static let formatNumber: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if arguments.count > 2, let name = arguments[2].atomic { throw .unknownDecimalFormat(name.string) }
        let picture = try DecimalPicture(arguments[1].string)
        return ItemSequence(picture.format(arguments[0].atomic ?? .double(.nan)))
    }
}

// MARK: - Rounding

extension NumericFunctions {
    /// - Parameter arguments: the number, and how many digits stay after the point if that is said.
    static func rounded(_ arguments: [ItemSequence], _ rule: RoundingRule) throws(XPathError) -> ItemSequence {
        guard let value = arguments[0].atomic else { return .empty }
        let places = arguments.count > 1 ? arguments[1].integer.map { Int(clamping: $0) } ?? 0 : 0
        switch value.content {
        case .integer(let number):
            return ItemSequence(
                AtomicValue.integer(try FixedDecimal(number.value).rounded(rule, places: places).integer))
        case .decimal(let number): return ItemSequence(AtomicValue.decimal(try number.rounded(rule, places: places)))
        case .float(let number):
            guard let result = try rounded(Double(number), rule, places) else { return arguments[0] }
            return ItemSequence(AtomicValue.float(Float(result)))
        default: return ItemSequence(try rounded(value.number, rule, places) ?? value.number)
        }
    }

    /// `nil` where the number stays as it is. What becomes 0 keeps its sign.
    private static func rounded(_ number: Double, _ rule: RoundingRule, _ places: Int) throws(XPathError) -> Double? {
        guard number.isFinite, number != 0 else { return nil }
        if places == 0 { return whole(number, rule) }
        guard places <= FixedDecimal.maximalScale else { return nil }
        let result: Double
        if let decimal = FixedDecimal(nearest: number) {
            result = try decimal.rounded(rule, places: places).double
        } else {
            guard places < 0 else { return nil }
            let unit = pow(10, Double(-places))
            result = unit.isFinite ? whole(number / unit, rule) * unit : 0
        }
        return result == 0 && number < 0 ? -0.0 : result
    }

    private static func whole(_ number: Double, _ rule: RoundingRule) -> Double {
        switch rule {
        case .down: return number.rounded(.down)
        case .up: return number.rounded(.up)
        case .halfToEven: return number.rounded(.toNearestOrEven)
        case .halfUp:
            let below = number.rounded(.down)
            guard number - below >= 0.5 else { return below }
            return number < 0 && below == -1 ? -0.0 : below + 1
        }
    }
}

// MARK: - Aggregates

extension NumericFunctions {
    static let sum: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        if let sum = try total(arguments[0], "sum") { return ItemSequence(sum) }
        return arguments.count > 1 ? arguments[1] : ItemSequence(0)
    }

    static let average: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let sum = try total(arguments[0], "avg") else { return .empty }
        return ItemSequence(try ArithmeticOperator.divide.apply(sum, .integer(arguments[0].count), implicitTimezone: 0))
    }

    /// - Throws: FORG0006 for values that are not all numbers or all durations of one type.
    private static func total(_ values: ItemSequence, _ function: String) throws(XPathError) -> AtomicValue? {
        var total: AtomicValue?
        for item in try values.limited() {
            guard case .atomic(var value) = item else { continue }
            if value.type == .untypedAtomic { value = try value.cast(to: .double) }
            guard value.type.isNumeric || value.type == .dayTimeDuration || value.type == .yearMonthDuration else {
                throw .notSummable(function, value.type)
            }
            guard let sum = total else {
                total = value
                continue
            }
            guard sum.type.isNumeric == value.type.isNumeric, sum.type.isNumeric || sum.type == value.type else {
                throw .mixedValues(function, sum.type, value.type)
            }
            total = try ArithmeticOperator.add.apply(sum, value, implicitTimezone: 0)
        }
        return total
    }

    /// The least or the greatest of the values.
    ///
    /// - Throws: FORG0006 for values that have no order, or none with one another.
    static func extreme(
        _ arguments: [ItemSequence], _ comparison: ComparisonOperator, _ context: DynamicContext, _ site: CallSite
    ) throws(XPathError) -> ItemSequence {
        let function = comparison == .less ? "min" : "max"
        let collation = try StringCollation.resolve(arguments, at: 1, site)
        var best: AtomicValue?
        // The most general type among them, to which the result is promoted.
        var (hasDouble, hasFloat, hasString) = (false, false, false)
        for item in try arguments[0].limited() {
            guard case .atomic(var value) = item else { continue }
            if value.type == .untypedAtomic { value = try value.cast(to: .double) }
            hasString = hasString || value.type.isString
            hasDouble = hasDouble || value.type == .double
            hasFloat = hasFloat || value.type == .float
            guard let current = best else {
                guard value.type.isSortable else { throw .unorderedValues(function, value.type) }
                best = value
                continue
            }
            do throws(XPathError) {
                let order = try value.order(
                    with: current, collation: collation, implicitTimezone: context.environment.implicitTimezone)
                // What is not a number stays to the end.
                if comparison.holds(order) || order == nil && value.number.isNaN { best = value }
            } catch {
                throw error.code == "XPTY0004" ? .mixedValues(function, current.type, value.type) : error
            }
        }
        guard let best else { return .empty }
        if hasDouble { return ItemSequence(try best.cast(to: .double)) }
        if hasFloat { return ItemSequence(try best.cast(to: .float)) }
        return hasString && best.type == .anyURI ? ItemSequence(best.string) : ItemSequence(best)
    }
}

extension AtomicType {
    /// Whether values of the type come one after the other.
    fileprivate var isSortable: Bool {
        switch primitive {
        case .duration: self != .duration
        case .gYearMonth, .gYear, .gMonthDay, .gDay, .gMonth, .QName, .NOTATION: false
        default: true
        }
    }
}
