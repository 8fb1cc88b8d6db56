internal import XML

// The lexical forms of strings, numbers and bytes (XML Schema Part 2, 1.1; XPath functions, "Casting to xs:string").

extension AtomicValue {
    /// The value as a string, in its canonical form (XPath functions, 17.1.2).
    public var string: String {
        switch content {
        case .string(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): value.small.map { String($0) } ?? String(value.value)
        case .decimal(let value): value.string
        case .double(let value): Lexical.string(value)
        case .float(let value): Lexical.string(value)
        case .duration(let value): value.string(type)
        case .calendar(let value): value.string(type)
        case .bytes(let bytes): type == .hexBinary ? Lexical.hexadecimal(bytes) : Lexical.base64(bytes)
        case .name(let name): name.description
        }
    }
}

enum Lexical {}

// MARK: - White space

extension Lexical {
    /// Without white space at both ends.
    static func trimmed(_ text: String) -> Substring {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, first.isXMLSpace || last.isXMLSpace else {
            return Substring(text)
        }
        guard let start = bytes.firstIndex(where: { !$0.isXMLSpace }),
            let end = bytes.lastIndex(where: { !$0.isXMLSpace })
        else {
            return ""
        }
        return text[start...end]
    }

    /// With a space for each tabulator and line break.
    static func withoutLineBreaks(_ text: String) -> String {
        guard text.utf8.contains(where: { $0.isXMLSpace && $0 != 0x20 }) else { return text }
        return String(decoding: text.utf8.map { $0.isXMLSpace ? 0x20 : $0 }, as: UTF8.self)
    }
}

// MARK: - Names

extension Lexical {
    /// Letters, then letters and digits, in parts of up to eight with hyphens between them.
    static func isLanguage(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { index, part in
            1...8 ~= part.count && part.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || index > 0 && $0 &- 0x30 < 10 }
        }
    }

    static func isNameToken(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0 == ":" || NCName.isPart($0.value) }
    }

    static func isName(_ text: String) -> Bool {
        text.unicodeScalars.first.map { $0 == ":" || NCName.isStart($0.value) } == true && isNameToken(text)
    }
}

// MARK: - Booleans and numbers

extension Lexical {
    static func boolean(_ text: Substring) -> Bool? {
        if text.utf8.elementsEqual("true".utf8) || text.utf8.elementsEqual("1".utf8) { return true }
        return text.utf8.elementsEqual("false".utf8) || text.utf8.elementsEqual("0".utf8) ? false : nil
    }

    /// An integer of up to 18 digits with or without a sign; `nil` for everything else.
    static func shortInteger(_ text: Substring.UTF8View) -> Int128? {
        var (value, count) = (0, 0)
        var (isNegative, isFirst) = (false, true)
        for byte in text {
            if byte &- 0x30 < 10 {
                value = value &* 10 &+ Int(byte &- 0x30)
                count += 1
                if count > 18 { return nil }
            } else if isFirst, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
                isNegative = byte == UInt8(ascii: "-")
            } else {
                return nil
            }
            isFirst = false
        }
        return count == 0 ? nil : Int128(isNegative ? -value : value)
    }

    static func double(_ text: Substring) -> Double? {
        switch FloatingLexical(text.utf8) {
        case .special(let value): value
        // Both are exact, so that the result is rounded once.
        case .number(let digits?, let exponent) where exponent.magnitude <= 22:
            exponent < 0 ? digits / powers[-exponent] : digits * powers[exponent]
        case .number: Double(text)
        case nil: nil
        }
    }

    static func float(_ text: Substring) -> Float? {
        switch FloatingLexical(text.utf8) {
        case .special(let value): Float(value)
        case .number: Float(text)
        case nil: nil
        }
    }

    private static let powers: [Double] = (0...22).map { Double(FixedDecimal.powers[$0]) }

    static func string(_ value: Double) -> String {
        if let integer = Int(exactly: value), integer.magnitude < 1_000_000 {
            return integer == 0 && value.sign == .minus ? "-0" : String(integer)
        }
        return string(
            value.isNaN, value.isInfinite, value < 0, value.magnitude >= 1e-6 && value.magnitude < 1e6,
            value.magnitude.description)
    }

    static func string(_ value: Float) -> String {
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        return string(
            value.isNaN, value.isInfinite, value < 0, value.magnitude >= 1e-6 && value.magnitude < 1e6,
            value.magnitude.description)
    }

    /// - Parameter shortest: the fewest digits that are read as the same value again, with a point, an exponent or
    ///   both.
    private static func string(
        _ isNaN: Bool, _ isInfinite: Bool, _ isNegative: Bool, _ isPlain: Bool, _ shortest: String
    ) -> String {
        if isNaN { return "NaN" }
        let sign = isNegative ? "-" : ""
        if isInfinite { return sign + "INF" }
        let (digits, exponent) = decimalDigits(shortest)
        return sign + (isPlain ? plain(digits, exponent) : scientific(digits, exponent))
    }

    /// The digits without zeros at the ends, and the exponent of ten of a point before the first of them.
    static func decimalDigits(_ shortest: String) -> (digits: Substring, exponent: Int) {
        let parts = shortest.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let written = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let all = mantissa.joined()
        let start = all.drop { $0 == "0" }
        let leading = all.utf8.count - start.utf8.count
        let end = start.lastIndex { $0 != "0" }.map { start[...$0] } ?? ""
        return (Substring(end), written + mantissa[0].utf8.count - leading)
    }

    private static func plain(_ digits: Substring, _ exponent: Int) -> String {
        let count = digits.utf8.count
        if exponent <= 0 { return "0." + String(repeating: "0", count: -exponent) + digits }
        if exponent >= count { return digits + String(repeating: "0", count: exponent - count) }
        return "\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
    }

    private static func scientific(_ digits: Substring, _ exponent: Int) -> String {
        let rest = digits.dropFirst()
        return "\(digits.prefix(1)).\(rest.isEmpty ? "0" : rest)E\(exponent - 1)"
    }
}

/// The parts of the text of a double or float.
private enum FloatingLexical {
    case special(Double)
    /// The digits as an exact number where they are few, and the exponent of ten that it is multiplied by.
    case number(digits: Double?, exponent: Int)

    /// `nil` where the text is none.
    init?(_ text: Substring.UTF8View) {
        var bytes = text.makeIterator()
        var next = bytes.next()
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { next = bytes.next() }
        if next == UInt8(ascii: "I") || next == UInt8(ascii: "N") {
            guard let special = FloatingLexical.special(text) else { return nil }
            self = .special(special)
            return
        }
        var (value, count, fraction, exponent) = (0, 0, 0, 0)
        var hasPoint = false
        while let byte = next {
            if byte &- 0x30 < 10 {
                count += 1
                if count <= 18 { value = value * 10 + Int(byte &- 0x30) }
                if hasPoint { fraction += 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if byte | 0x20 == UInt8(ascii: "e"), let written = FloatingLexical.exponent(&bytes) {
                exponent = written
            } else {
                return nil
            }
            next = bytes.next()
        }
        guard count > 0 else { return nil }
        let digits = count <= 18 && value <= 1 << 53 ? Double(value) : nil
        self = .number(digits: isNegative ? digits.map { -$0 } : digits, exponent: exponent - fraction)
    }

    private static func special(_ text: Substring.UTF8View) -> Double? {
        if text.elementsEqual("NaN".utf8) { return .nan }
        if text.elementsEqual("-INF".utf8) { return -.infinity }
        return text.elementsEqual("INF".utf8) || text.elementsEqual("+INF".utf8) ? .infinity : nil
    }

    /// All that follows, or `nil` where it is wrong. So large a one that it does not matter how large is limited.
    private static func exponent(_ bytes: inout Substring.UTF8View.Iterator) -> Int? {
        var next = bytes.next()
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { next = bytes.next() }
        guard next != nil else { return nil }
        var value = 0
        while let byte = next {
            guard byte &- 0x30 < 10 else { return nil }
            value = min(value * 10 + Int(byte &- 0x30), 1_000_000)
            next = bytes.next()
        }
        return isNegative ? -value : value
    }
}

// MARK: - Bytes

extension Lexical {
    static func hexadecimal(_ text: Substring) -> [UInt8]? {
        let bytes = text.utf8
        guard bytes.count % 2 == 0 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2)
        var high: UInt8?
        for byte in bytes {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            if let first = high {
                result.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return result
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte - 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The six bits of an ASCII character; 64 where it is no digit.
    private static let base64Values: [UInt8] = (0..<128).map { byte in
        UInt8(base64Digits.firstIndex(of: byte) ?? 64)
    }

    static func base64(_ text: Substring) -> [UInt8]? {
        var result: [UInt8] = []
        var (bits, count, padding) = (UInt32(0), 0, 0)
        for byte in text.utf8 where !byte.isXMLSpace {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard byte < 128, padding == 0, case let value = base64Values[Int(byte)], value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                result.append(UInt8(truncatingIfNeeded: bits >> 16))
                result.append(UInt8(truncatingIfNeeded: bits >> 8))
                result.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        // The bits that the last digit has beyond whole bytes are zeros.
        switch (count % 4, padding) {
        case (0, 0): break
        case (2, 2) where bits & 0xF == 0: result.append(UInt8(truncatingIfNeeded: bits >> 4))
        case (3, 1) where bits & 0x3 == 0:
            result.append(UInt8(truncatingIfNeeded: bits >> 10))
            result.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: return nil
        }
        return result
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
            for index in 0..<4 {
                result.append(
                    index <= part.count ? base64Digits[Int(bits >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
