// The pictures of fn:format-number, with the default decimal format (XPath 3.1 functions, 4.7).

/// How a number is written: `#,##0.00;(#,##0.00)`.
struct DecimalPicture {
    private let positive: Part
    private let negative: Part?

    /// - Throws: FODF1310 where the picture is wrong.
    init(_ picture: String) throws(XPathError) {
        let parts = picture.unicodeScalars.split(separator: ";", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw .wrongPicture("FODF1310", picture, "it has more than one ‘;’") }
        positive = try Part(Array(parts[0]), picture)
        negative = parts.count == 2 ? try Part(Array(parts[1]), picture) : nil
    }

    func format(_ value: AtomicValue) -> String {
        if value.number.isNaN { return "NaN" }
        let isNegative = value.exact?.isNegative ?? (value.number.sign == .minus)
        let part = isNegative ? negative ?? positive : positive
        let body = part.format(value)
        return (isNegative && negative == nil ? "-" : "") + part.prefix + body + part.suffix
    }
}

extension DecimalPicture {
    /// The part before or after the `;`.
    fileprivate struct Part {
        let prefix: String
        let suffix: String
        fileprivate let integerSeparators: [Int]
        fileprivate let integerInterval: Int?
        fileprivate let fractionSeparators: Set<Int>
        fileprivate let minimalInteger: Int
        fileprivate let minimalFraction: Int
        fileprivate let maximalFraction: Int
        /// How many digits of the mantissa come before the point.
        fileprivate let scaling: Int
        /// 0 where there is no exponent.
        fileprivate let minimalExponent: Int
        /// By how many places a percentage or a rate per thousand moves the point.
        fileprivate let shift: Int
    }
}

/// The parts of a picture, found but not yet judged.
private struct PictureScan {
    var integer: [Unicode.Scalar] = []
    var fraction: [Unicode.Scalar] = []
    var exponent: [Unicode.Scalar]?
    var hasPoint = false
    var prefix: [Unicode.Scalar] = []
    var suffix: [Unicode.Scalar] = []

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }

    static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || scalar == "#" || scalar == "." || scalar == ","
    }

    /// Throws what is wrong, in words.
    init(_ picture: [Unicode.Scalar]) throws(Fault) {
        guard let first = picture.firstIndex(where: PictureScan.isActive),
            let last = picture.lastIndex(where: PictureScan.isActive)
        else { throw Fault(reason: "it has no place for a digit") }
        prefix = Array(picture[..<first])
        suffix = Array(picture[(last + 1)...])
        for scalar in picture[first...last] {
            switch scalar {
            case "e":
                guard exponent == nil else { throw Fault(reason: "it has two exponents") }
                exponent = []
            case _ where !PictureScan.isActive(scalar):
                throw Fault(reason: "‘\(scalar)’ stands between places for digits")
            case _ where exponent != nil:
                guard PictureScan.isDigit(scalar) else { throw Fault(reason: "an exponent has digits only") }
                exponent?.append(scalar)
            case ".":
                guard !hasPoint else { throw Fault(reason: "it has two points") }
                hasPoint = true
            case _ where hasPoint: fraction.append(scalar)
            default: integer.append(scalar)
            }
        }
        try check()
    }

    struct Fault: Error {
        let reason: String
    }

    private func check() throws(Fault) {
        let places = integer + fraction
        guard places.contains(where: { $0 != "," }) else { throw Fault(reason: "it has no place for a digit") }
        for part in [integer, Array(fraction.reversed())] {
            guard part.last != ",", !zip(part, part.dropFirst()).contains(where: { $0 == "," && $1 == "," }) else {
                throw Fault(reason: "‘,’ stands between places for digits")
            }
            let signs = part.filter { $0 != "," }
            if let mandatory = signs.firstIndex(where: PictureScan.isDigit), signs[mandatory...].contains("#") {
                throw Fault(reason: "‘#’ stands nearer to the point than a digit")
            }
        }
        guard exponent?.isEmpty != true else { throw Fault(reason: "an exponent has digits only") }
        let rates = (prefix + suffix).count { $0 == "%" || $0 == "‰" }
        guard rates == 0 || rates == 1 && exponent == nil else {
            throw Fault(reason: "it has more than one of ‘%’, ‘‰’ and an exponent")
        }
    }
}

extension DecimalPicture.Part {
    init(_ part: [Unicode.Scalar], _ picture: String) throws(XPathError) {
        let scan: PictureScan
        do throws(PictureScan.Fault) {
            scan = try PictureScan(part)
        } catch {
            throw .wrongPicture("FODF1310", picture, error.reason)
        }
        prefix = String(String.UnicodeScalarView(scan.prefix))
        suffix = String(String.UnicodeScalarView(scan.suffix))
        let rate = (scan.prefix + scan.suffix).first { $0 == "%" || $0 == "‰" }
        shift = rate == nil ? 0 : rate == "%" ? 2 : 3
        let positions = DecimalPicture.Part.separators(scan.integer.reversed())
        integerSeparators = positions
        let total = scan.integer.count { $0 != "," }
        integerInterval =
            DigitPattern.interval(Dictionary(uniqueKeysWithValues: positions.map { ($0, ",") }), total: total)?.0
        fractionSeparators = Set(DecimalPicture.Part.separators(scan.fraction))
        minimalExponent = scan.exponent?.count ?? 0
        var integer = scan.integer.count(where: PictureScan.isDigit)
        var (fraction, mostFraction) = (
            scan.fraction.count(where: PictureScan.isDigit), scan.fraction.count { $0 != "," }
        )
        scaling = integer
        if integer == 0, mostFraction == 0 {
            if scan.exponent != nil { (fraction, mostFraction) = (1, 1) } else { integer = 1 }
        }
        if scan.exponent != nil, integer == 0, scan.integer.contains("#") { integer = 1 }
        if integer == 0, fraction == 0 { fraction = 1 }
        (minimalInteger, minimalFraction, maximalFraction) = (integer, fraction, max(mostFraction, fraction))
    }

    /// How many places for digits come before each separator.
    private static func separators(_ part: [Unicode.Scalar]) -> [Int] {
        var (places, result) = (0, [Int]())
        for scalar in part {
            if scalar == "," { result.append(places) } else { places += 1 }
        }
        return result
    }

    func format(_ value: AtomicValue) -> String {
        var mantissa: DecimalDigits
        switch value.content {
        case .double(let number): mantissa = DecimalDigits(number.magnitude * Double(FixedDecimal.powers[shift]))
        case .float(let number): mantissa = DecimalDigits(number.magnitude * Float(FixedDecimal.powers[shift]))
        default:
            mantissa = DecimalDigits(written: value.exact?.magnitude.string ?? "0")
            mantissa.point += shift
        }
        guard !mantissa.isInfinite else { return "Infinity" }
        var exponent = 0
        if minimalExponent > 0, !mantissa.digits.isEmpty {
            exponent = mantissa.point - scaling
            mantissa.point = scaling
        }
        mantissa.round(places: maximalFraction)
        var text = integerPart(mantissa) + fractionPart(mantissa)
        if minimalExponent > 0 {
            let digits = String(exponent.magnitude)
            text +=
                "e" + (exponent < 0 ? "-" : "")
                + String(repeating: "0", count: max(0, minimalExponent - digits.utf8.count)) + digits
        }
        return text
    }

    private func integerPart(_ number: DecimalDigits) -> String {
        let digits = number.integer
        let all = Array(repeating: 0, count: max(0, minimalInteger - digits.count)) + digits
        var result = ""
        for (index, digit) in all.enumerated() {
            result += String(digit)
            let rest = all.count - index - 1
            let isGrouped = integerInterval.map { rest % $0 == 0 } ?? integerSeparators.contains(rest)
            if rest > 0, isGrouped { result += "," }
        }
        return result
    }

    private func fractionPart(_ number: DecimalDigits) -> String {
        var digits = number.fraction
        if digits.count < minimalFraction { digits += Array(repeating: 0, count: minimalFraction - digits.count) }
        guard !digits.isEmpty else { return "" }
        var result = "."
        for (index, digit) in digits.enumerated() {
            if index > 0, fractionSeparators.contains(index) { result += "," }
            result += String(digit)
        }
        return result
    }
}

/// A number as its decimal digits, without zeros at the ends: a point, then the digits, times ten to the power of
/// `point`.
struct DecimalDigits {
    private(set) var digits: [Int]
    var point: Int

    private(set) var isInfinite = false

    /// - Parameter number: not a NaN, and not negative.
    init(_ number: some BinaryFloatingPoint & CustomStringConvertible) {
        self.init(written: number.isFinite ? number.description : "0")
        isInfinite = number.isInfinite
    }

    /// - Parameter text: digits, with a point, an exponent or both, and without a sign.
    init(written text: String) {
        let (digits, exponent) = Lexical.decimalDigits(text)
        self.digits = digits.utf8.map { Int($0 - 0x30) }
        point = digits.isEmpty ? 0 : exponent
    }

    /// Before the point; none where that is 0.
    var integer: [Int] {
        guard point > 0 else { return [] }
        return Array(digits.prefix(point)) + Array(repeating: 0, count: max(0, point - digits.count))
    }

    var fraction: [Int] {
        guard point < digits.count else { return [] }
        return Array(repeating: 0, count: max(0, -point)) + digits.dropFirst(max(0, point))
    }

    /// To the nearest; of two the even one.
    mutating func round(places: Int) {
        let kept = point + places
        guard kept < digits.count else { return }
        guard kept >= 0 else {
            self.digits = []
            return
        }
        let rest = digits[kept...]
        let isHalf = rest.first == 5 && rest.count == 1
        let isOdd = kept > 0 && digits[kept - 1] % 2 == 1
        let goesUp = isHalf ? isOdd : rest.first.map { $0 >= 5 } == true
        digits.removeSubrange(kept...)
        if goesUp { increment() }
        while digits.last == 0 { digits.removeLast() }
    }

    /// Adds one in the last place.
    private mutating func increment() {
        while digits.last == 9 { digits.removeLast() }
        if digits.isEmpty {
            digits = [1]
            point += 1
        } else {
            digits[digits.count - 1] += 1
        }
    }
}
