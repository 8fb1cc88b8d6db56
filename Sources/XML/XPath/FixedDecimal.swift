/// A decimal: `mantissa` divided by ten to the power of `scale`.
struct FixedDecimal: Sendable, Hashable {
    var mantissa: Int128
    var scale: Int
}
