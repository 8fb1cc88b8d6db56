/// A decimal (`xs:decimal`): `mantissa` divided by ten to the power of `scale`.
///
/// Up to 38 digits, at most 38 of them after the point. Digits that do not fit there are rounded away; what does not
/// fit before the point is FOAR0002. The mantissa does not end in a zero after the point, so that equal values are
/// equal in their parts.
struct FixedDecimal: Sendable, Hashable {
    private let digits: PackedInteger
    private let places: Int8

    static let zero = FixedDecimal(0)

    var mantissa: Int128 { digits.value }

    /// How many digits come after the point.
    var scale: Int { Int(places) }

    init(_ value: Int128) {
        digits = PackedInteger(value)
        places = 0
    }

    /// - Parameter scale: from 0 to 38.
    init(mantissa: Int128, scale: Int) {
        var (mantissa, scale) = (mantissa, mantissa == 0 ? 0 : scale)
        // Most fit into 64 bits, where division is faster.
        if scale > 0, var small = Int(exactly: mantissa) {
            while scale > 0, small % 10 == 0 { (small, scale) = (small / 10, scale - 1) }
            mantissa = Int128(small)
        }
        while scale > 0 {
            let (quotient, digit) = mantissa.quotientAndRemainder(dividingBy: 10)
            if digit != 0 { break }
            mantissa = quotient
            scale -= 1
        }
        digits = PackedInteger(mantissa)
        places = Int8(scale)
    }

    /// The value with as many digits after the point as fit; `nil` where those before it do not.
    ///
    /// - Parameters:
    ///   - high: the upper half of the mantissa's magnitude.
    ///   - low: the lower half.
    private init?(isNegative: Bool, high: UInt128, low: UInt128, scale: Int) {
        var (high, low, scale) = (high, low, scale)
        var dropped: UInt128 = 0
        while high != 0 || low > Int128.max.magnitude || scale > FixedDecimal.maximalScale {
            guard scale > 0 else { return nil }
            let (upper, rest) = high.quotientAndRemainder(dividingBy: 10)
            (low, dropped) = (10 as UInt128).dividingFullWidth((rest, low))
            high = upper
            scale -= 1
        }
        if dropped >= 5, low < Int128.max.magnitude { low += 1 }
        self.init(mantissa: isNegative ? -Int128(low) : Int128(low), scale: scale)
    }

    static let maximalScale = 38

    static let powers: [Int128] = (0...maximalScale).map { exponent in
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    var isNegative: Bool { mantissa < 0 }
}

// MARK: - Lexical forms

extension FixedDecimal {
    enum Lexical {
        case value(FixedDecimal)
        case invalid
        /// More than 38 digits before the point.
        case tooLarge
    }

    /// Reads `-12.50`, without white space around it (XML Schema Part 2, 3.3.3).
    static func parse(_ text: some Collection<UInt8>) -> Lexical {
        var mantissa: Int128 = 0
        var (scale, digits) = (0, 0)
        var (isNegative, isFirst, hasPoint, isFull, isTooLarge) = (false, true, false, false, false)
        for byte in text {
            defer { isFirst = false }
            switch byte {
            case UInt8(ascii: "+") where isFirst: break
            case UInt8(ascii: "-") where isFirst: isNegative = true
            case UInt8(ascii: ".") where !hasPoint: hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if isFull || hasPoint && scale == maximalScale { continue }
                let digit = Int128(byte &- 0x30)
                let (product, over) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, overSum) = product.addingReportingOverflow(digit)
                if over || overSum {
                    if !hasPoint { isTooLarge = true }
                    isFull = true
                } else {
                    mantissa = sum
                    if hasPoint { scale += 1 }
                }
            default: return .invalid
            }
        }
        guard digits > 0 else { return .invalid }
        return isTooLarge ? .tooLarge : .value(FixedDecimal(mantissa: isNegative ? -mantissa : mantissa, scale: scale))
    }

    /// The canonical form: no exponent, and a point only where digits follow.
    var string: String {
        let digits = String(mantissa.magnitude)
        guard scale > 0 else { return isNegative ? "-" + digits : digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
        return "\(isNegative ? "-" : "")\(padded.dropLast(scale)).\(padded.suffix(scale))"
    }
}

// MARK: - Conversion

extension FixedDecimal {
    /// The nearest decimal; `nil` where it has more than 38 digits before the point or is not a number.
    init?(nearest value: Double) {
        guard value.isFinite else { return nil }
        guard value != 0 else {
            self.init(0)
            return
        }
        if let integer = Int128(exactly: value) {
            self.init(integer)
            return
        }
        guard value.magnitude < 0x1p127 else { return nil }
        // Not an integer: an odd mantissa divided by a power of two, which is that mantissa times a power of five over
        // one of ten.
        var significand = value.significandBitPattern
        var exponent = Int(value.exponentBitPattern)
        if exponent == 0 { exponent = 1 } else { significand |= 1 << 52 }
        let zeros = significand.trailingZeroBitCount
        significand >>= UInt64(zeros)
        let halvings = 1075 - exponent - zeros
        let result = FixedDecimal.divide(UInt128(significand), halvings: halvings)
        self.init(mantissa: value < 0 ? -result.mantissa : result.mantissa, scale: result.scale)
    }

    /// - Parameter halvings: at least one; the significand is odd.
    private static func divide(_ significand: UInt128, halvings: Int) -> (mantissa: Int128, scale: Int) {
        guard halvings < 128 else {
            // Only the last of 38 digits can be other than zero. The product has less than 180 bits.
            let high = significand.multipliedFullWidth(by: powers[maximalScale].magnitude).high
            return (Int128(high >> UInt128(halvings - 128)), maximalScale)
        }
        let (shift, mask) = (UInt128(halvings), ((1 as UInt128) << UInt128(halvings)) &- 1)
        var (mantissa, scale) = (Int128(significand >> shift), 0)
        var rest = significand & mask
        while rest != 0, scale < maximalScale {
            let (high, low) = rest.multipliedFullWidth(by: 10)
            let digit = high << (128 - shift) | low >> shift
            let (product, over) = mantissa.multipliedReportingOverflow(by: 10)
            let (sum, overSum) = product.addingReportingOverflow(Int128(digit))
            if over || overSum { break }
            (mantissa, scale, rest) = (sum, scale + 1, low & mask)
        }
        if rest >> (shift - 1) != 0, mantissa < Int128.max { mantissa += 1 }
        return (mantissa, scale)
    }

    var double: Double {
        // Both are exact, so that their quotient is rounded once.
        if mantissa.magnitude <= 1 << 53, scale <= 22 {
            return scale == 0 ? mantissa.double : mantissa.double / FixedDecimal.exactPowers[scale]
        }
        return Double("\(mantissa)e-\(scale)") ?? .nan
    }

    var float: Float {
        Float("\(mantissa)e-\(scale)") ?? .nan
    }

    private static let exactPowers: [Double] = (0...22).map { Double(powers[$0]) }

    /// The digits before the point.
    var integer: Int128 { scale == 0 ? mantissa : mantissa / FixedDecimal.powers[scale] }
}

// MARK: - Arithmetic

extension FixedDecimal {
    static prefix func - (value: FixedDecimal) -> FixedDecimal {
        // The lowest Int128 has no positive counterpart, and is never a mantissa.
        FixedDecimal(mantissa: 0 - value.mantissa, scale: value.scale)
    }

    var magnitude: FixedDecimal { isNegative ? -self : self }

    /// - Throws: FOAR0002 where the sum has too many digits before the point.
    static func + (a: FixedDecimal, b: FixedDecimal) throws(XPathError) -> FixedDecimal {
        var (a, b) = a.scale < b.scale ? (a, b) : (b, a)
        while true {
            let (shifted, over) = a.mantissa.multipliedReportingOverflow(by: powers[b.scale - a.scale])
            let (sum, overSum) = shifted.addingReportingOverflow(b.mantissa)
            if !over, !overSum { return FixedDecimal(mantissa: sum, scale: b.scale) }
            guard b.scale > 0 else { throw .overflow(.decimal) }
            b = try b.rounded(.halfUp, places: b.scale - 1)
            if b.scale < a.scale { (a, b) = (b, a) }
        }
    }

    static func - (a: FixedDecimal, b: FixedDecimal) throws(XPathError) -> FixedDecimal {
        try a + -b
    }

    /// - Throws: FOAR0002 where the product has too many digits before the point.
    static func * (a: FixedDecimal, b: FixedDecimal) throws(XPathError) -> FixedDecimal {
        let (product, over) = a.mantissa.multipliedReportingOverflow(by: b.mantissa)
        if !over, a.scale + b.scale <= maximalScale { return FixedDecimal(mantissa: product, scale: a.scale + b.scale) }
        let (high, low) = a.mantissa.magnitude.multipliedFullWidth(by: b.mantissa.magnitude)
        let isNegative = a.isNegative != b.isNegative
        guard let result = FixedDecimal(isNegative: isNegative, high: high, low: low, scale: a.scale + b.scale) else {
            throw .overflow(.decimal)
        }
        return result
    }

    /// The quotient with at least 18 digits after the point, if that many fit.
    ///
    /// - Throws: FOAR0001 where the divisor is zero; FOAR0002 where the quotient has too many digits before the point.
    static func / (a: FixedDecimal, b: FixedDecimal) throws(XPathError) -> FixedDecimal {
        guard b.mantissa != 0 else { throw .divisionByZero() }
        var (quotient, rest, digits) = try divide(a, b, scale: max(18, a.scale, b.scale))
        let divisor = b.mantissa.magnitude
        if rest >= divisor - rest { quotient += 1 }
        guard
            let result = FixedDecimal(
                isNegative: a.isNegative != b.isNegative, high: 0, low: quotient, scale: digits
            )
        else { throw .overflow(.decimal) }
        return result
    }

    /// The quotient of the magnitudes without its point, what remains, and how many digits come after the point.
    private static func divide(
        _ a: FixedDecimal, _ b: FixedDecimal, scale: Int
    ) throws(XPathError) -> (quotient: UInt128, rest: UInt128, digits: Int) {
        let divisor = b.mantissa.magnitude
        var digits = a.scale - b.scale
        if scale - digits <= maximalScale {
            let (dividend, over) = a.mantissa.magnitude.multipliedReportingOverflow(
                by: powers[scale - digits].magnitude)
            if !over {
                let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
                return (quotient, rest, scale)
            }
        }
        var (quotient, rest) = a.mantissa.magnitude.quotientAndRemainder(dividingBy: divisor)
        while digits < scale, rest != 0 || digits < 0 {
            let (digit, next) = divisor.dividingFullWidth(rest.multipliedFullWidth(by: 10))
            guard quotient < (Int128.max / 10).magnitude else {
                if digits < 0 { throw .overflow(.decimal) }
                break
            }
            (quotient, rest, digits) = (quotient * 10 + digit, next, digits + 1)
        }
        return (quotient, rest, digits)
    }

    /// The quotient without its fraction (op:numeric-integer-divide).
    ///
    /// - Throws: FOAR0001 where the divisor is zero; FOAR0002 where the quotient has more than 38 digits.
    static func integerQuotient(_ a: FixedDecimal, _ b: FixedDecimal) throws(XPathError) -> Int128 {
        guard b.mantissa != 0 else { throw .divisionByZero() }
        let (high, low, divisor) = aligned(a, b)
        guard let divisor else { return 0 }
        guard high < divisor, case let quotient = divisor.dividingFullWidth((high, low)).quotient,
            quotient <= Int128.max.magnitude
        else { throw .overflow(.integer) }
        return a.isNegative == b.isNegative ? Int128(quotient) : -Int128(quotient)
    }

    /// The remainder, with the sign of the dividend (op:numeric-mod).
    ///
    /// - Throws: FOAR0001 where the divisor is zero.
    static func % (a: FixedDecimal, b: FixedDecimal) throws(XPathError) -> FixedDecimal {
        guard b.mantissa != 0 else { throw .divisionByZero() }
        let (high, low, divisor) = aligned(a, b)
        guard let divisor else { return a }
        let rest = divisor.dividingFullWidth((high % divisor, low)).remainder
        return FixedDecimal(isNegative: a.isNegative, high: 0, low: rest, scale: max(a.scale, b.scale)) ?? .zero
    }

    /// The magnitudes as integers of the finer scale; no divisor where it would be more than any dividend.
    private static func aligned(
        _ a: FixedDecimal, _ b: FixedDecimal
    ) -> (high: UInt128, low: UInt128, divisor: UInt128?) {
        let scale = max(a.scale, b.scale)
        let (high, low) = a.mantissa.magnitude.multipliedFullWidth(by: powers[scale - a.scale].magnitude)
        let (over, divisor) = b.mantissa.magnitude.multipliedFullWidth(by: powers[scale - b.scale].magnitude)
        return (high, low, over == 0 ? divisor : nil)
    }
}

extension FixedDecimal: Comparable {
    static func < (a: FixedDecimal, b: FixedDecimal) -> Bool {
        if a.scale == b.scale { return a.mantissa < b.mantissa }
        let (whole, otherWhole) = (a.integer, b.integer)
        if whole != otherWhole { return whole < otherWhole }
        // What is after the point is less than one, so that it fits at any scale.
        let scale = max(a.scale, b.scale)
        return a.fraction(at: scale) < b.fraction(at: scale)
    }

    private func fraction(at scale: Int) -> Int128 {
        mantissa % FixedDecimal.powers[self.scale] * FixedDecimal.powers[scale - self.scale]
    }
}

// MARK: - Rounding

/// How a number becomes one with fewer digits.
enum RoundingRule: Sendable {
    case down, up
    /// To the nearest; of two the greater (fn:round).
    case halfUp
    /// To the nearest; of two the even one (fn:round-half-to-even).
    case halfToEven
}

extension FixedDecimal {
    /// - Parameter places: how many digits stay after the point; negative, how many before it become zeros.
    /// - Throws: FOAR0002 where the result is too large.
    func rounded(_ rule: RoundingRule, places: Int = 0) throws(XPathError) -> FixedDecimal {
        guard places < scale else { return self }
        // Where more than that is dropped, no mantissa is half of the unit rounded to.
        guard places >= scale - FixedDecimal.maximalScale else { return .zero }
        return FixedDecimal(
            mantissa: try mantissa.rounded(rule, toMultipleOf: FixedDecimal.powers[scale - places]), scale: scale)
    }
}

extension Int128 {
    /// The nearest double. Conversion from 64 bits is many times faster.
    var double: Double { Int(exactly: self).map { Double($0) } ?? Double(self) }

    /// - Throws: FOAR0002 where the result is too large.
    func rounded(_ rule: RoundingRule, toMultipleOf unit: Int128) throws(XPathError) -> Int128 {
        let rest = self % unit
        guard rest != 0 else { return self }
        // How far it is from the multiple nearer to zero, and from the other.
        let (near, far) = (rest.magnitude, unit.magnitude - rest.magnitude)
        let isAway =
            switch rule {
            case .down: self < 0
            case .up: self > 0
            case .halfUp: self < 0 ? near > far : near >= far
            case .halfToEven: near > far || near == far && (self / unit) % 2 != 0
            }
        guard isAway else { return self - rest }
        let (result, over) = (self - rest).addingReportingOverflow(self < 0 ? -unit : unit)
        guard !over else { throw .overflow(.integer) }
        return result
    }
}
