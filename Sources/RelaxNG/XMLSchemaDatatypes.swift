internal import RegularExpressions
internal import XML

/// The libraries of datatypes that are known.
enum DatatypeLibrary {
    /// RELAX NG's own, with `string` and `token`.
    case builtIn
    case xmlSchema
    /// `ID`, `IDREF` and `IDREFS` of RELAX NG DTD Compatibility.
    case compatibility

    init?(uri: String) {
        switch uri {
        case "": self = .builtIn
        case "http://www.w3.org/2001/XMLSchema-datatypes": self = .xmlSchema
        case "http://relaxng.org/ns/compatibility/datatypes/1.0": self = .compatibility
        default: return nil
        }
    }

    func type(_ name: String) -> XMLSchemaType? {
        switch self {
        case .builtIn where name != "string" && name != "token": nil
        case .compatibility where !name.hasPrefix("ID"): nil
        default: XMLSchemaType.all[name]
        }
    }
}

/// A type of XML Schema Part 2.
struct XMLSchemaType: Sendable {
    let name: String
    let form: DatatypeForm
    var minimum: String?
    var maximum: String?
    var idType = Datatype.IDType.none

    static let all = Dictionary(uniqueKeysWithValues: (texts + numbers + times + others).map { ($0.name, $0) })

    private static let texts = [
        XMLSchemaType(name: "string", form: DatatypeForm(.string, whiteSpace: .preserve)),
        XMLSchemaType(name: "normalizedString", form: DatatypeForm(.string, whiteSpace: .replace)),
        XMLSchemaType(name: "token", form: DatatypeForm(.string)),
        XMLSchemaType(name: "anyAtomicType", form: DatatypeForm(.string, whiteSpace: .preserve)),
        XMLSchemaType(name: "untypedAtomic", form: DatatypeForm(.string, whiteSpace: .preserve)),
        XMLSchemaType(name: "language", form: DatatypeForm(.language)),
        XMLSchemaType(name: "Name", form: DatatypeForm(.name)),
        XMLSchemaType(name: "NCName", form: DatatypeForm(.ncName)),
        XMLSchemaType(name: "NMTOKEN", form: DatatypeForm(.nmtoken)),
        XMLSchemaType(name: "NMTOKENS", form: DatatypeForm(.nmtoken, isList: true)),
        XMLSchemaType(name: "ID", form: DatatypeForm(.ncName), idType: .id),
        XMLSchemaType(name: "IDREF", form: DatatypeForm(.ncName), idType: .idref),
        XMLSchemaType(name: "IDREFS", form: DatatypeForm(.ncName, isList: true), idType: .idrefs),
        XMLSchemaType(name: "ENTITY", form: DatatypeForm(.entity)),
        XMLSchemaType(name: "ENTITIES", form: DatatypeForm(.entity, isList: true)),
        XMLSchemaType(name: "QName", form: DatatypeForm(.qName)),
        XMLSchemaType(name: "NOTATION", form: DatatypeForm(.qName)),
        XMLSchemaType(name: "anyURI", form: DatatypeForm(.anyURI)),
    ]

    private static func integer(_ name: String, _ minimum: String?, _ maximum: String?) -> XMLSchemaType {
        XMLSchemaType(name: name, form: DatatypeForm(.decimal, isInteger: true), minimum: minimum, maximum: maximum)
    }

    private static let numbers = [
        XMLSchemaType(name: "decimal", form: DatatypeForm(.decimal)),
        XMLSchemaType(name: "float", form: DatatypeForm(.float)),
        XMLSchemaType(name: "double", form: DatatypeForm(.double)),
        integer("integer", nil, nil),
        integer("nonPositiveInteger", nil, "0"),
        integer("negativeInteger", nil, "-1"),
        integer("nonNegativeInteger", "0", nil),
        integer("positiveInteger", "1", nil),
        integer("long", "-9223372036854775808", "9223372036854775807"),
        integer("int", "-2147483648", "2147483647"),
        integer("short", "-32768", "32767"),
        integer("byte", "-128", "127"),
        integer("unsignedLong", "0", "18446744073709551615"),
        integer("unsignedInt", "0", "4294967295"),
        integer("unsignedShort", "0", "65535"),
        integer("unsignedByte", "0", "255"),
    ]

    private static let times = [
        XMLSchemaType(name: "dateTime", form: DatatypeForm(.calendar, fields: [.year, .month, .day, .time])),
        XMLSchemaType(name: "date", form: DatatypeForm(.calendar, fields: [.year, .month, .day])),
        XMLSchemaType(name: "time", form: DatatypeForm(.calendar, fields: .time)),
        XMLSchemaType(name: "gYearMonth", form: DatatypeForm(.calendar, fields: [.year, .month])),
        XMLSchemaType(name: "gYear", form: DatatypeForm(.calendar, fields: .year)),
        XMLSchemaType(name: "gMonthDay", form: DatatypeForm(.calendar, fields: [.month, .day])),
        XMLSchemaType(name: "gMonth", form: DatatypeForm(.calendar, fields: .month)),
        XMLSchemaType(name: "gDay", form: DatatypeForm(.calendar, fields: .day)),
        XMLSchemaType(name: "duration", form: DatatypeForm(.duration)),
    ]

    private static let others = [
        XMLSchemaType(name: "boolean", form: DatatypeForm(.boolean)),
        XMLSchemaType(name: "hexBinary", form: DatatypeForm(.hexBinary)),
        XMLSchemaType(name: "base64Binary", form: DatatypeForm(.base64Binary)),
    ]
}

/// The form of a datatype's strings, without facets.
struct DatatypeForm: Sendable {
    enum Primitive: UInt8, Sendable {
        case string, boolean, decimal, float, double, duration, calendar, hexBinary, base64Binary, anyURI, language
        case name, ncName, nmtoken, qName, entity
    }

    let primitive: Primitive
    let whiteSpace: WhiteSpace
    let isList: Bool
    let isInteger: Bool
    let fields: CalendarValue.Fields

    init(
        _ primitive: Primitive, whiteSpace: WhiteSpace = .collapse, isList: Bool = false, isInteger: Bool = false,
        fields: CalendarValue.Fields = []
    ) {
        self.primitive = primitive
        self.whiteSpace = whiteSpace
        self.isList = isList
        self.isInteger = isInteger
        self.fields = fields
    }

    var isOrdered: Bool {
        switch primitive {
        case .decimal, .float, .double, .calendar, .duration: true
        default: false
        }
    }

    var hasLength: Bool {
        switch primitive {
        case .string, .hexBinary, .base64Binary, .anyURI, .language, .name, .ncName, .nmtoken, .entity: true
        default: false
        }
    }
}

// MARK: - Forms

extension DatatypeForm {
    /// Whether a normalised string has the form of the type; its facets are another matter.
    func allows(_ string: Span<UInt8>, _ namespace: (String) -> String?) -> Bool {
        if !isList { return allowsItem(string, namespace) }
        var index = 0
        while let token = string.nextToken(&index) {
            if !allowsItem(string.extracting(token), namespace) { return false }
        }
        return true
    }

    private func allowsItem(_ string: Span<UInt8>, _ namespace: (String) -> String?) -> Bool {
        switch primitive {
        case .string: true
        case .boolean: string.isBoolean
        case .decimal: DecimalNumber.Layout(string).map { !isInteger || !$0.hasPoint } ?? false
        case .float, .double: string.isFloatingPoint
        case .duration: DurationValue(string) != nil
        case .calendar: CalendarValue(string, fields) != nil
        case .hexBinary: string.hexBytes != nil
        case .base64Binary: string.base64ByteCount != nil
        case .anyURI: URIReference.isValid(string)
        case .language: string.isLanguage
        case .name: string.isName(colons: true)
        case .nmtoken: string.isNameToken
        case .ncName, .entity: string.isName(colons: false)
        case .qName: string.qName(namespace) != nil
        }
    }

    /// In characters, bytes or items.
    func length(of string: Span<UInt8>) -> Int {
        switch primitive {
        case .hexBinary: return string.count / 2
        case .base64Binary: return string.base64ByteCount ?? 0
        default: break
        }
        var (index, length) = (0, 0)
        if isList {
            while string.nextToken(&index) != nil { length += 1 }
        } else {
            while index < string.count {
                if string[index] & 0xC0 != 0x80 { length += 1 }
                index += 1
            }
        }
        return length
    }

    /// The value of a normalised string that the type allows.
    func value(of string: Span<UInt8>, _ namespace: (String) -> String?) -> DatatypeValue? {
        switch primitive {
        case .string, .anyURI, .language, .name, .ncName, .nmtoken, .entity: .string(string.array)
        case .boolean: .boolean(string[0] == 0x74 || string[0] == 0x31)
        case .decimal: DecimalNumber(string).map { .decimal($0) }
        case .float: .float(string.float.bits)
        case .double: .double(string.double.bits)
        case .duration: DurationValue(string).map { .duration($0) }
        case .calendar: CalendarValue(string, fields).map { .calendar($0) }
        case .hexBinary: string.hexBytes.map { .bytes($0) }
        case .base64Binary: .bytes(string.base64Bytes)
        case .qName: string.qName(namespace)
        }
    }

    func isWithin(_ bound: Facets.Bound, _ string: Span<UInt8>) -> Bool {
        guard case .decimal(let limit) = bound.limit else {
            return bound.allows(value(of: string) { _ in nil }?.order(to: bound.limit))
        }
        guard let layout = DecimalNumber.Layout(string) else { return false }
        return bound.allows(DecimalNumber.compare(layout, string, limit.layout, limit.digits.span))
    }
}

extension DatatypeValue {
    /// Less than 0 if this value is before the other, 0 if they are equal, `nil` if neither is before the other.
    func order(to other: DatatypeValue) -> Int? {
        if self == other { return 0 }
        switch (self, other) {
        case (.decimal(let a), .decimal(let b)): return a < b ? -1 : 1
        case (.float(let a), .float(let b)): return Float(bitPattern: a).order(to: Float(bitPattern: b))
        case (.double(let a), .double(let b)): return Double(bitPattern: a).order(to: Double(bitPattern: b))
        case (.calendar(let a), .calendar(let b)): return a.precedes(b) ? -1 : b.precedes(a) ? 1 : nil
        case (.duration(let a), .duration(let b)): return a.precedes(b) ? -1 : b.precedes(a) ? 1 : nil
        default: return nil
        }
    }
}

extension BinaryFloatingPoint {
    fileprivate func order(to other: Self) -> Int? {
        self < other ? -1 : self > other ? 1 : nil
    }
}

extension Float {
    fileprivate var bits: UInt32 { isNaN ? Float.nan.bitPattern : self == 0 ? 0 : bitPattern }
}

extension Double {
    fileprivate var bits: UInt64 { isNaN ? Double.nan.bitPattern : self == 0 ? 0 : bitPattern }
}

// MARK: - White space

/// How a type normalises white space (XML Schema Part 2, 4.3.6).
enum WhiteSpace: UInt8, Sendable {
    case preserve, replace, collapse

    /// The range without the white space that normalisation removes at the ends.
    func trimmed(_ string: Span<UInt8>) -> Range<Int> {
        var (start, end) = (0, string.count)
        if self != .collapse { return start..<end }
        while start < end, string[start].isWhiteSpace { start += 1 }
        while end > start, string[end - 1].isWhiteSpace { end -= 1 }
        return start..<end
    }

    /// Whether nothing is to be done to a trimmed string.
    func isNormal(_ string: Span<UInt8>) -> Bool {
        if self == .preserve { return true }
        var index = 0
        while index < string.count {
            let byte = string[index]
            if byte <= 0x20, byte.isWhiteSpace {
                guard byte == 0x20, self == .replace || string[index - 1] != 0x20 else { return false }
            }
            index += 1
        }
        return true
    }

    /// Whether a string is another, which is normalised already.
    func equals(_ string: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        let range = trimmed(string)
        var (index, position) = (range.lowerBound, 0)
        while index < range.upperBound {
            var byte = string[index]
            index += 1
            if self != .preserve, byte <= 0x20, byte.isWhiteSpace {
                byte = 0x20
                while self == .collapse, index < range.upperBound, string[index].isWhiteSpace { index += 1 }
            }
            guard position < other.count, other[position] == byte else { return false }
            position += 1
        }
        return position == other.count
    }

    func normalised(_ string: Span<UInt8>) -> [UInt8] {
        if self == .preserve { return string.array }
        let range = trimmed(string)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for index in range {
            let byte = string[index].isWhiteSpace ? 0x20 : string[index]
            if byte != 0x20 || self == .replace || bytes.last != 0x20 { bytes.append(byte) }
        }
        return bytes
    }
}

extension UInt8 {
    var isWhiteSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
}

extension String {
    init(_ string: Span<UInt8>) {
        self.init(decoding: string.array, as: UTF8.self)
    }
}

extension Span<UInt8> {
    var array: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in 0..<count { bytes.append(self[index]) }
        return bytes
    }

    /// The item of a list from `index` on, which is moved after it.
    func nextToken(_ index: inout Int) -> Range<Int>? {
        while index < count, self[index].isXMLSpace { index += 1 }
        let start = index
        while index < count, !self[index].isXMLSpace { index += 1 }
        return start == index ? nil : start..<index
    }

    package func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        // Eight at once, since whole schemas are compared so.
        let words = count & ~7
        for index in stride(from: 0, to: words, by: 8) where word(at: index) != other.word(at: index) { return false }
        for index in words..<count where self[index] != other[index] { return false }
        return true
    }

    fileprivate func isEqual(to string: String) -> Bool {
        isEqual(to: string.utf8.span)
    }
}

// MARK: - Names

extension Span<UInt8> {
    fileprivate func isName(colons: Bool) -> Bool {
        guard count > 0 else { return false }
        let (first, length) = scalar(at: 0)
        guard NCName.isStart(first.value) || (colons && first == ":") else { return false }
        return areNameCharacters(from: length, colons: colons)
    }

    fileprivate var isNameToken: Bool { count > 0 && areNameCharacters(from: 0, colons: true) }

    private func areNameCharacters(from start: Int, colons: Bool) -> Bool {
        var index = start
        while index < count {
            let (next, length) = scalar(at: index)
            guard NCName.isPart(next.value) || (colons && next == ":") else { return false }
            index += length
        }
        return true
    }

    /// The name, if its prefix is bound.
    fileprivate func qName(_ namespace: (String) -> String?) -> DatatypeValue? {
        var colon = 0
        while colon < count, self[colon] != 0x3A { colon += 1 }
        let hasPrefix = colon < count
        let prefix = extracting(0..<(hasPrefix ? colon : 0))
        let local = extracting((hasPrefix ? colon + 1 : 0)..<count)
        guard local.isName(colons: false), !hasPrefix || prefix.isName(colons: false) else { return nil }
        let bound = namespace(String(prefix))
        guard !hasPrefix || bound != nil else { return nil }
        return .name(namespace: CodepointString(bound ?? ""), localName: CodepointString(String(local)))
    }

    /// The form of RFC 3066: one to eight letters, then parts of as many letters and digits.
    fileprivate var isLanguage: Bool {
        var (length, isFirst, index) = (0, true, 0)
        while index < count {
            let byte = self[index]
            index += 1
            if byte == 0x2D {
                guard length > 0 else { return false }
                (length, isFirst) = (0, false)
            } else {
                guard (byte | 0x20) &- 0x61 < 26 || (!isFirst && byte.isDigit), length < 8 else { return false }
                length += 1
            }
        }
        return length > 0
    }
}

// MARK: - Truth and numbers

extension Span<UInt8> {
    fileprivate var isBoolean: Bool {
        isEqual(to: "true") || isEqual(to: "false") || isEqual(to: "1") || isEqual(to: "0")
    }

    fileprivate var isFloatingPoint: Bool {
        if isEqual(to: "INF") || isEqual(to: "-INF") || isEqual(to: "NaN") { return true }
        var end = 0
        while end < count, self[end] | 0x20 != 0x65 { end += 1 }
        guard DecimalNumber.Layout(extracting(0..<end)) != nil else { return false }
        if end == count { return true }
        return DecimalNumber.Layout(extracting(end + 1..<count)).map { !$0.hasPoint } ?? false
    }

    fileprivate var double: Double { Double(swiftNumber) ?? .nan }
    fileprivate var float: Float { Float(swiftNumber) ?? .nan }

    /// As Swift writes it.
    private var swiftNumber: String {
        isEqual(to: "INF") ? "inf" : isEqual(to: "-INF") ? "-inf" : isEqual(to: "NaN") ? "nan" : String(self)
    }
}

// MARK: - Bytes

extension Span<UInt8> {
    fileprivate var hexBytes: [UInt8]? {
        guard count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / 2)
        for index in stride(from: 0, to: count, by: 2) {
            guard let high = self[index].hexDigit, let low = self[index + 1].hexDigit else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// How many bytes are written, or `nil` if this is not base64. White space may be anywhere.
    fileprivate var base64ByteCount: Int? {
        var (digits, padding, last, index) = (0, 0, UInt8(0), 0)
        while index < count {
            let byte = self[index]
            index += 1
            if byte == 0x3D {
                padding += 1
            } else if let digit = byte.base64Digit {
                guard padding == 0 else { return nil }
                (digits, last) = (digits + 1, digit)
            } else if byte != 0x20 {
                return nil
            }
        }
        // What the last digit says beyond the last byte must be nothing.
        guard padding <= 2, (digits + padding) % 4 == 0, padding == 0 || last & (padding == 1 ? 0x3 : 0xF) == 0 else {
            return nil
        }
        return (digits + padding) / 4 * 3 - padding
    }

    fileprivate var base64Bytes: [UInt8] {
        var (bytes, bits, number): ([UInt8], Int, UInt32) = ([], 0, 0)
        for index in 0..<count {
            guard let digit = self[index].base64Digit else { continue }
            number = number << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(bits)))
            }
        }
        return bytes
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        if isDigit { return self - 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    fileprivate var base64Digit: UInt8? {
        switch self {
        case 0x41...0x5A: self - 0x41
        case 0x61...0x7A: self - 0x61 + 26
        case 0x30...0x39: self - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
