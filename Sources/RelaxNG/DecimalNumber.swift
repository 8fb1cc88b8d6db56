internal import XML

/// A decimal of any length, as its digits.
struct DecimalNumber: Hashable, Sendable {
    /// The place of the digits in a string.
    struct Layout: Hashable, Sendable {
        var isNegative = false
        /// Without zeros before it.
        var integer: Range<Int>
        /// Without zeros after it.
        var fraction: Range<Int>
        var hasPoint: Bool
        /// As written.
        var fractionDigits: Int
    }

    /// Digits alone, as the layout has them.
    let digits: [UInt8]
    let layout: Layout

    /// `nil` if the string is no decimal.
    init?(_ string: Span<UInt8>) {
        guard let layout = Layout(string) else { return nil }
        var digits: [UInt8] = []
        for index in layout.integer { digits.append(string[index]) }
        for index in layout.fraction { digits.append(string[index]) }
        let point = layout.integer.count
        self.digits = digits
        self.layout = Layout(
            isNegative: layout.isNegative && !digits.isEmpty, integer: 0..<point, fraction: point..<digits.count,
            hasPoint: point < digits.count, fractionDigits: digits.count - point
        )
    }

    /// Less than 0 if `a` is less, 0 if they are the same number.
    static func compare(_ a: Layout, _ aDigits: Span<UInt8>, _ b: Layout, _ bDigits: Span<UInt8>) -> Int {
        let (aIsNegative, bIsNegative) = (a.isNegative && !a.isZero, b.isNegative && !b.isZero)
        if aIsNegative != bIsNegative { return aIsNegative ? -1 : 1 }
        let order = compareMagnitudes(a, aDigits, b, bDigits)
        return aIsNegative ? -order : order
    }

    private static func compareMagnitudes(
        _ a: Layout, _ aDigits: Span<UInt8>, _ b: Layout, _ bDigits: Span<UInt8>
    ) -> Int {
        if a.integer.count != b.integer.count { return a.integer.count - b.integer.count }
        let integers = compare(a.integer, aDigits, b.integer, bDigits)
        return integers != 0 ? integers : compare(a.fraction, aDigits, b.fraction, bDigits)
    }

    /// As in a dictionary.
    private static func compare(_ a: Range<Int>, _ aDigits: Span<UInt8>, _ b: Range<Int>, _ bDigits: Span<UInt8>) -> Int
    {
        for offset in 0..<min(a.count, b.count) {
            let (x, y) = (aDigits[a.lowerBound + offset], bDigits[b.lowerBound + offset])
            if x != y { return x < y ? -1 : 1 }
        }
        return a.count - b.count
    }
}

extension DecimalNumber: CustomStringConvertible {
    var description: String {
        let integer = layout.integer.isEmpty ? "0" : String(decoding: digits[layout.integer], as: UTF8.self)
        let fraction = layout.fraction.isEmpty ? "" : "." + String(decoding: digits[layout.fraction], as: UTF8.self)
        return (layout.isNegative ? "-" : "") + integer + fraction
    }
}

extension DecimalNumber: Comparable {
    static func < (a: DecimalNumber, b: DecimalNumber) -> Bool {
        compare(a.layout, a.digits.span, b.layout, b.digits.span) < 0
    }
}

extension DecimalNumber.Layout {
    init?(_ string: Span<UInt8>) {
        var index = 0
        if string.count > 0, string[0] == 0x2B || string[0] == 0x2D {
            isNegative = string[0] == 0x2D
            index = 1
        }
        let start = index
        while index < string.count, string[index].isDigit { index += 1 }
        var (first, point) = (start, index)
        hasPoint = index < string.count && string[index] == 0x2E
        if hasPoint { index += 1 }
        let fractionStart = index
        while index < string.count, string[index].isDigit { index += 1 }
        guard index == string.count, point - start + index - fractionStart > 0 else { return nil }
        fractionDigits = index - fractionStart
        while first < point, string[first] == 0x30 { first += 1 }
        var end = index
        while end > fractionStart, string[end - 1] == 0x30 { end -= 1 }
        integer = first..<point
        point = fractionStart
        fraction = point..<end
    }

    var isZero: Bool { integer.isEmpty && fraction.isEmpty }

    /// How many digits are written, without zeros before the number; zero has one.
    func totalDigits(_ string: Span<UInt8>) -> Int {
        var digits = fractionDigits
        if integer.isEmpty {
            let end = fraction.lowerBound + fractionDigits
            var index = fraction.lowerBound
            while index < end, string[index] == 0x30 { index += 1 }
            digits = end - index
        }
        return max(1, integer.count + digits)
    }
}

/// A natural number of any length, for durations.
struct BigNatural: Hashable {
    private static let base: UInt64 = 1_000_000_000

    /// In groups of nine digits, the lowest first; zero has none.
    private var groups: [UInt32] = []

    init(_ number: UInt64) {
        append(number)
    }

    init(digits: some BidirectionalCollection<UInt8>) {
        var left = digits[...]
        while !left.isEmpty {
            groups.append(left.suffix(9).reduce(0) { $0 * 10 + UInt32($1 - 0x30) })
            left = left.dropLast(9)
        }
        trim()
    }

    /// Appends the carry of a multiplication group by group.
    private mutating func append(_ carry: UInt64) {
        var carry = carry
        while carry > 0 {
            groups.append(UInt32(carry % BigNatural.base))
            carry /= BigNatural.base
        }
    }

    private mutating func trim() {
        while groups.last == 0 { groups.removeLast() }
    }

    static func * (number: BigNatural, factor: UInt32) -> BigNatural {
        var product = number
        var carry: UInt64 = 0
        for index in product.groups.indices {
            carry += UInt64(product.groups[index]) * UInt64(factor)
            product.groups[index] = UInt32(carry % base)
            carry /= base
        }
        product.append(carry)
        product.trim()
        return product
    }

    static func + (a: BigNatural, b: BigNatural) -> BigNatural {
        var sum = a.groups.count < b.groups.count ? b : a
        let other = a.groups.count < b.groups.count ? a.groups : b.groups
        var carry: UInt64 = 0
        for index in sum.groups.indices {
            carry += UInt64(sum.groups[index]) + (index < other.count ? UInt64(other[index]) : 0)
            sum.groups[index] = UInt32(carry % base)
            carry /= base
        }
        sum.append(carry)
        return sum
    }

    func quotientAndRemainder(dividingBy divisor: UInt32) -> (BigNatural, Int) {
        var (quotient, remainder) = (self, UInt64(0))
        for index in groups.indices.reversed() {
            remainder = remainder * BigNatural.base + UInt64(groups[index])
            quotient.groups[index] = UInt32(remainder / UInt64(divisor))
            remainder %= UInt64(divisor)
        }
        quotient.trim()
        return (quotient, Int(remainder))
    }
}

extension BigNatural: Comparable {
    static func < (a: BigNatural, b: BigNatural) -> Bool {
        if a.groups.count != b.groups.count { return a.groups.count < b.groups.count }
        return a.groups.reversed().lexicographicallyPrecedes(b.groups.reversed())
    }
}
