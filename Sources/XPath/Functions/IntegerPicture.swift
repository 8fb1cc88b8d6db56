// The pictures of fn:format-integer (XPath 3.1 functions, 4.6.1), and of the numbers in those of dates.

/// How an integer is written.
struct IntegerPicture {
    enum Form {
        case digits(DigitPattern)
        /// Counted with letters or other signs: the first of them, and how many there are. After the last come two.
        case letters(Unicode.Scalar, Int)
        /// Signs for the first numbers only.
        case signs(Unicode.Scalar, Int)
        case roman
        case words
        /// Chinese and Japanese numerals.
        case han
    }

    enum Case {
        case upper, lower, title
    }

    let form: Form
    let letterCase: Case
    let isOrdinal: Bool

    /// Reads a picture such as `#,##0` or `Ww;o`.
    ///
    /// - Throws: FODF1310 where it is wrong.
    init(_ picture: String) throws(XPathError) {
        let split = picture.utf8.lastIndex(of: UInt8(ascii: ";"))
        let token = split.map { picture[..<$0] } ?? Substring(picture)
        let modifier = split.map { picture[picture.utf8.index(after: $0)...] } ?? ""
        guard !token.isEmpty else { throw .wrongPicture("FODF1310", picture, "it is empty") }
        guard let isOrdinal = IntegerPicture.readModifier(modifier) else {
            throw .wrongPicture(
                "FODF1310", picture, "after ‘;’ comes c or o, a word in parentheses, and a or t, or none of them")
        }
        guard let form = IntegerPicture(token: String(token), isOrdinal: isOrdinal) else {
            throw .wrongPicture("FODF1310", picture, DigitPattern.rule)
        }
        self = form
    }

    /// `nil` where the modifier is wrong, else whether numbers are to be ordinal.
    private static func readModifier(_ text: Substring) -> Bool? {
        var rest = text.unicodeScalars[...]
        let kind = rest.first
        if kind == "c" || kind == "o" {
            rest.removeFirst()
            if rest.first == "(" {
                guard let end = rest.lastIndex(of: ")"), rest.index(after: rest.startIndex) < end else { return nil }
                rest = rest[rest.index(after: end)...]
            }
        }
        if rest.first == "a" || rest.first == "t" { rest.removeFirst() }
        return rest.isEmpty ? kind == "o" : nil
    }

    /// - Parameter token: what says how a number is written, such as `i`, `Ww` or `001`. What is not known counts as
    ///   `1`.
    /// - Returns: `nil` where it has digits and is wrong.
    init?(token: String, isOrdinal: Bool) {
        self.isOrdinal = isOrdinal
        let scalars = Array(token.unicodeScalars)
        letterCase = scalars.count == 2 ? .title : scalars.first?.properties.isUppercase == true ? .upper : .lower
        switch token {
        case "A", "a": form = .letters(scalars[0], 26)
        case "I", "i": form = .roman
        case "W", "w", "Ww": form = .words
        case "\u{4E00}": form = .han
        case "\u{391}", "\u{3B1}": form = .letters(scalars[0], 25)
        case "\u{2460}", "\u{2474}", "\u{2488}": form = .signs(scalars[0], 20)
        default:
            if scalars.contains(where: { $0.properties.generalCategory == .decimalNumber }) {
                guard let pattern = DigitPattern(scalars) else { return nil }
                form = .digits(pattern)
            } else {
                form = .digits(.plain)
            }
        }
    }

    func format(_ value: Int128) -> String {
        let sign = value < 0 ? "-" : ""
        return sign + written(value.magnitude)
    }

    private func written(_ value: UInt128) -> String {
        switch form {
        case .digits(let pattern):
            return pattern.format(String(value)) + (isOrdinal ? EnglishNumbers.suffix(value) : "")
        case .letters(let first, let count) where value > 0: return IntegerPicture.letters(value, first, count)
        case .signs(let first, let count) where value > 0 && value <= count:
            return IntegerPicture.sign(first.value + UInt32(value) - 1)
        case .roman where value > 0 && value < 4000:
            let roman = IntegerPicture.roman(Int(value))
            return letterCase == .upper ? roman.uppercased() : roman
        case .han where value > 0 && value < 10_000: return IntegerPicture.han(Int(value))
        case .words: return EnglishNumbers.words(value, isOrdinal: isOrdinal, letterCase)
        default: return String(value)
        }
    }

    private static func sign(_ scalar: UInt32) -> String {
        Unicode.Scalar(scalar).map { String(Character($0)) } ?? ""
    }

    private static func letters(_ value: UInt128, _ first: Unicode.Scalar, _ count: Int) -> String {
        // Greek has two letters for one sigma; the final one is left out.
        let isGreek = count == 25
        let base = UInt128(isGreek ? 24 : count)
        var (rest, result) = (value, "")
        while rest > 0 {
            let (quotient, digit) = (rest - 1).quotientAndRemainder(dividingBy: base)
            let offset = UInt32(digit) + (isGreek && digit >= 17 ? 1 : 0)
            result = sign(first.value + offset) + result
            rest = quotient
        }
        return result
    }

    private static func han(_ value: Int) -> String {
        let digits = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
        return [(1000, "千"), (100, "百"), (10, "十"), (1, "")].map { unit, sign in
            let digit = value / unit % 10
            return digit == 0 ? "" : (digit == 1 && unit > 1 ? "" : digits[digit]) + sign
        }.joined()
    }

    private static func roman(_ value: Int) -> String {
        let signs = [
            (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
            (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
        ]
        var (rest, result) = (value, "")
        for (number, sign) in signs {
            while rest >= number {
                result += sign
                rest -= number
            }
        }
        return result
    }
}

// MARK: - Digits

/// How the digits of an integer are grouped: `#,##0`.
struct DigitPattern {
    /// The zero of the digits that are used.
    let zero: Unicode.Scalar
    /// How many digits there are at least.
    var minimum: Int
    /// How many digits more have a sign in the pattern.
    let optional: Int
    /// The separators between digits, by the number of digits to their right.
    private let separators: [Int: Unicode.Scalar]
    /// The same for every so many digits.
    private let interval: (Int, Unicode.Scalar)?

    static let plain = DigitPattern(zero: "0", minimum: 1)
    static let rule = "it needs digits of one script, with any ‘#’ before them, and single separators between those"

    init(zero: Unicode.Scalar, minimum: Int) {
        self.zero = zero
        self.minimum = minimum
        optional = 0
        separators = [:]
        interval = nil
    }

    /// `nil` where the pattern is wrong.
    init?(_ pattern: [Unicode.Scalar]) {
        var zero: Unicode.Scalar?
        var (minimum, optional) = (0, 0)
        var separators: [Int: Unicode.Scalar] = [:]
        // No separator is allowed at the end or after another.
        var allowsSeparator = false
        for scalar in pattern.reversed() {
            if let digit = DigitPattern.zero(of: scalar) {
                guard zero == nil || zero == digit, optional == 0 else { return nil }
                zero = digit
                minimum += 1
            } else if scalar == "#" {
                optional += 1
            } else {
                guard allowsSeparator, !DigitPattern.isAlphanumeric(scalar) else { return nil }
                separators[minimum + optional] = scalar
                allowsSeparator = false
                continue
            }
            allowsSeparator = true
        }
        guard let zero, allowsSeparator else { return nil }
        self.zero = zero
        self.minimum = minimum
        self.optional = optional
        self.separators = separators
        interval = DigitPattern.interval(separators, total: minimum + optional)
    }

    /// The zero of the digits to which this one belongs.
    static func zero(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue else {
            return nil
        }
        return Unicode.Scalar(scalar.value - UInt32(value))
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber,
            .otherNumber:
            true
        default: false
        }
    }

    /// One separator at every multiple of a number within the pattern goes on beyond it.
    static func interval(_ separators: [Int: Unicode.Scalar], total: Int) -> (Int, Unicode.Scalar)? {
        guard let size = separators.keys.min(), let last = separators.keys.max(), let sign = separators[size] else {
            return nil
        }
        let expected = Array(stride(from: size, to: max(total, last + 1), by: size))
        let isRegular = separators.count == expected.count && expected.allSatisfy { separators[$0] == sign }
        return isRegular ? (size, sign) : nil
    }

    /// - Parameter digits: from 0 to 9, without a sign.
    func format(_ digits: String) -> String {
        var values = digits.utf8.map { UInt32($0 &- 0x30) }
        if values.count < minimum { values.insert(contentsOf: repeatElement(0, count: minimum - values.count), at: 0) }
        var result = String.UnicodeScalarView()
        for (index, value) in values.enumerated() {
            result.append(Unicode.Scalar(zero.value + value) ?? zero)
            let position = values.count - index - 1
            if position > 0, let separator = separator(at: position) { result.append(separator) }
        }
        return String(result)
    }

    private func separator(at position: Int) -> Unicode.Scalar? {
        if let (size, sign) = interval { return position % size == 0 ? sign : nil }
        return separators[position]
    }
}

// MARK: - Words

/// Numbers in English words.
enum EnglishNumbers {
    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let powers = [
        "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion",
        "octillion",
        "nonillion", "decillion", "undecillion",
    ]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    /// The letters that make digits an ordinal number, such as `st`.
    static func suffix(_ value: UInt128) -> String {
        if value / 10 % 10 == 1 { return "th" }
        switch value % 10 {
        case 1: return "st"
        case 2: return "nd"
        case 3: return "rd"
        default: return "th"
        }
    }

    static func words(_ value: UInt128, isOrdinal: Bool, _ letterCase: IntegerPicture.Case) -> String {
        var words = cardinal(value)
        if isOrdinal, let last = words.last {
            let parts = last.split(separator: "-")
            words[words.count - 1] = (parts.dropLast().map(String.init) + [ordinal(String(parts[parts.count - 1]))])
                .joined(separator: "-")
        }
        let text = words.joined(separator: " ")
        return switch letterCase {
        case .upper: text.uppercased()
        case .lower: text
        case .title: text.capitalizedWords
        }
    }

    private static func ordinal(_ word: String) -> String {
        if let irregular = irregularOrdinals[word] { return irregular }
        return word.hasSuffix("y") ? word.dropLast() + "ieth" : word + "th"
    }

    private static func cardinal(_ value: UInt128) -> [String] {
        if value == 0 { return [small[0]] }
        var (rest, groups): (UInt128, [Int]) = (value, [])
        while rest > 0 {
            groups.append(Int(rest % 1000))
            rest /= 1000
        }
        return groups.indices.reversed().flatMap { index in
            groups[index] == 0 ? [] : hundreds(groups[index]) + (index == 0 ? [] : [powers[index]])
        }
    }

    /// - Parameter value: from 1 to 999.
    private static func hundreds(_ value: Int) -> [String] {
        let (hundreds, rest) = value.quotientAndRemainder(dividingBy: 100)
        var words = hundreds > 0 ? [small[hundreds], "hundred"] : []
        if rest >= 20 {
            words.append(tens[rest / 10] + (rest % 10 > 0 ? "-" + small[rest % 10] : ""))
        } else if rest > 0 {
            words.append(small[rest])
        }
        return words
    }
}

extension String {
    /// With an upper-case letter at the beginning of each word.
    var capitalizedWords: String {
        var isStart = true
        return String(
            map { character -> String in
                defer { isStart = character == " " || character == "-" }
                return isStart ? character.uppercased() : String(character)
            }.joined())
    }
}
