internal import XML

// The pictures of fn:format-date and its like, in English (XPath 3.1 functions, 9.8.4).

/// The parts of a date or time to write, and how: `[D] [MNn] [Y0001]`.
struct DatePicture {
    enum Part {
        case text(String)
        case component(Component)
    }

    /// The content of brackets.
    struct Component {
        let letter: Character
        /// How it is written: `1`, `01`, `Nn`, `i`.
        let presentation: String
        /// `o`, `t`, `c` or `a`.
        let modifier: Character?
        let width: Width?
    }

    struct Width {
        let minimum: Int?
        let maximum: Int?
    }

    let parts: [Part]

    /// - Throws: FOFD1340 where the picture is wrong.
    init(_ picture: String) throws(XPathError) {
        var parts: [Part] = []
        var text = String.UnicodeScalarView()
        var rest = picture.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "[" || scalar == "]", rest.first == scalar {
                rest.removeFirst()
                text.append(scalar)
            } else if scalar == "]" {
                throw .wrongPicture("FOFD1340", picture, "a ‘]’ has no ‘[’ before it; as text it is written twice")
            } else if scalar == "[" {
                guard let end = rest.firstIndex(of: "]") else {
                    throw .wrongPicture("FOFD1340", picture, "a ‘[’ has no ‘]’ after it")
                }
                if !text.isEmpty { parts.append(.text(String(text))) }
                text = String.UnicodeScalarView()
                parts.append(.component(try Component(rest[..<end], picture)))
                rest = rest[rest.index(after: end)...]
            } else {
                text.append(scalar)
            }
        }
        if !text.isEmpty { parts.append(.text(String(text))) }
        self.parts = parts
    }

    /// Whether something is written as a language has it.
    fileprivate var hasWords: Bool {
        parts.contains { part in
            guard case .component(let component) = part else { return false }
            return component.modifier == "o" || ["N", "n", "Nn", "W", "w", "Ww"].contains(component.presentation)
        }
    }
}

extension DatePicture.Component {
    private static let defaults: [Character: String] = [
        "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "H": "1", "h": "1", "P": "n", "m": "01",
        "s": "01",
        "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
    ]

    fileprivate init(_ marker: Substring.UnicodeScalarView, _ picture: String) throws(XPathError) {
        var scalars = Array(marker.filter { !$0.properties.isWhitespace })
        guard let letter = scalars.first.map({ Character($0) }), let normal = DatePicture.Component.defaults[letter]
        else {
            throw .wrongPicture(
                "FOFD1340", picture, "[\(String(Substring(marker)))] does not begin with the letter of a component")
        }
        self.letter = letter
        scalars.removeFirst()
        if let comma = scalars.lastIndex(of: ",") {
            guard let width = DatePicture.Width(String(String.UnicodeScalarView(scalars[(comma + 1)...]))) else {
                throw .wrongPicture("FOFD1340", picture, "after ‘,’ comes a width such as 2, 2-4 or 2-*")
            }
            self.width = width
            scalars = Array(scalars[..<comma])
        } else {
            width = nil
        }
        if scalars.count > 1, let last = scalars.last, "otca".unicodeScalars.contains(last) {
            modifier = Character(last)
            scalars.removeLast()
        } else {
            modifier = nil
        }
        presentation = scalars.isEmpty ? normal : String(String.UnicodeScalarView(scalars))
    }
}

extension DatePicture.Width {
    /// `nil` where it is wrong.
    fileprivate init?(_ text: String) {
        let bounds = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        var numbers: [Int?] = []
        for bound in bounds {
            let number = bound.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(bound) : nil
            guard bound == "*" || number.map({ $0 > 0 }) == true else { return nil }
            numbers.append(number)
        }
        minimum = numbers[0]
        maximum = numbers.count == 2 ? numbers[1] : nil
        if let minimum, let maximum, maximum < minimum { return nil }
    }
}

// MARK: - Formatting

/// Writes one date or time.
struct DateFormatter {
    let value: CalendarContent
    /// `dateTime`, `date` or `time`.
    let type: AtomicType
    private var calendar = "AD"
    private var isForeign = false
    private var isForeignCalendar = false

    init(value: CalendarContent, type: AtomicType) {
        self.value = value
        self.type = type
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let calendars: Set<String> = [
        "AD", "AH", "AM", "AME", "AP", "AS", "BE", "CB", "CE", "CL", "CS", "EE", "FE", "ISO", "JE", "KE", "KY", "ME",
        "MS", "NS",
        "OS", "RS", "SE", "SH", "SS", "TE", "VE", "VS",
    ]

    /// Another language than English is not known, and what is written then says so.
    mutating func setLanguage(_ language: String?) {
        guard let language, !language.isEmpty else { return }
        let primary = language.split(separator: "-").first.map { $0.lowercased() }
        isForeign = primary != "en"
    }

    /// Another calendar than the Gregorian one is not known, and what is written then says so.
    ///
    /// - Throws: FOFD1340 for what is not the name of a calendar.
    mutating func setCalendar(_ name: String?, _ namespaces: [String: String]) throws(XPathError) {
        guard let name else { return }
        let trimmed = String(Lexical.trimmed(name))
        guard let (namespace, local) = DateFormatter.split(trimmed, namespaces), NCName.isValid(local),
            !namespace.isEmpty || DateFormatter.calendars.contains(local)
        else { throw .unknownCalendar(name) }
        if namespace.isEmpty, local == "AD" || local == "ISO" || local == "CE" {
            calendar = local
        } else {
            isForeignCalendar = true
        }
    }

    /// The namespace, empty where there is none, and the local name.
    private static func split(_ name: String, _ namespaces: [String: String]) -> (String, String)? {
        if name.utf8.starts(with: "Q{".utf8) {
            guard let end = name.utf8.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            return (
                String(name[name.utf8.index(name.startIndex, offsetBy: 2)..<end]),
                String(name[name.utf8.index(after: end)...])
            )
        }
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return ("", name) }
        return namespaces[String(parts[0])].map { ($0, String(parts[1])) }
    }

    /// - Throws: FOFD1350 where the picture has a component that the value lacks, FOFD1340 where one is wrong.
    func format(_ picture: DatePicture) throws(XPathError) -> String {
        var result = isForeignCalendar ? "[Calendar: AD]" : ""
        if isForeign, picture.hasWords { result += "[Language: en]" }
        for part in picture.parts {
            switch part {
            case .text(let text): result += text
            case .component(let component): result += try format(component)
            }
        }
        return result
    }

    private func format(_ component: DatePicture.Component) throws(XPathError) -> String {
        let missing = type == .date ? "HhPmsf" : type == .time ? "YMDdFWwE" : ""
        guard !missing.contains(component.letter) else { throw .absentComponent(component.letter, type) }
        switch component.letter {
        case "Z", "z": return try timezone(component)
        case "f": return try fraction(component)
        default: break
        }
        if component.presentation == "N" || component.presentation == "n" || component.presentation == "Nn",
            let name = name(component.letter)
        {
            return DateFormatter.fit(name, component)
        }
        return try number(number(component.letter), component)
    }

    private func name(_ letter: Character) -> String? {
        switch letter {
        case "M": DateFormatter.months[value.month - 1]
        case "F": DateFormatter.days[weekday - 1]
        case "P": value.hour < 12 ? "Am" : "Pm"
        case "C": calendar
        case "E": value.year < 0 ? "BC" : "AD"
        default: nil
        }
    }

    private func number(_ letter: Character) -> Int {
        switch letter {
        case "Y": Int(value.year.magnitude)
        case "M": value.month
        case "D": value.day
        case "d": dayOfYear(value)
        case "F": weekday
        case "W": (dayOfYear(thursday(0)) - 1) / 7 + 1
        case "w": weekOfMonth
        case "H": value.hour
        case "h": value.hour % 12 == 0 ? 12 : value.hour % 12
        case "m": value.minute
        case "s": value.second
        default: 1
        }
    }

    /// From 1 for Monday.
    private var weekday: Int {
        let day = (GregorianCalendar.dayNumber(value.year, value.month, value.day) + 3) % 7
        return (day < 0 ? day + 7 : day) + 1
    }

    /// The Thursday of the same week, or of one some weeks before: weeks belong to the year that has it.
    private func thursday(_ weeks: Int) -> CalendarContent {
        var result = value
        let day = GregorianCalendar.dayNumber(value.year, value.month, value.day) + 4 - weekday - 7 * weeks
        (result.year, result.month, result.day) = GregorianCalendar.date(ofDay: day)
        return result
    }

    /// The first days of a month may be in the last week of the one before; the last ones are in no week of the next.
    private var weekOfMonth: Int {
        let thursday = thursday(0)
        let isInNext = thursday.month != value.month && thursday.day < value.day
        return isInNext ? (self.thursday(1).day - 1) / 7 + 2 : (thursday.day - 1) / 7 + 1
    }

    private func dayOfYear(_ date: CalendarContent) -> Int {
        GregorianCalendar.dayNumber(date.year, date.month, date.day) - GregorianCalendar.dayNumber(date.year, 1, 1) + 1
    }
}

// MARK: - Components

extension DateFormatter {
    /// Names that are too long are cut to three letters, or less where there is no room for them.
    private static func fit(_ name: String, _ component: DatePicture.Component) -> String {
        var text = name
        if let maximum = component.width?.maximum, text.utf8.count > maximum {
            text = String(text.prefix(min(maximum, 3)))
        }
        if let minimum = component.width?.minimum { text = padded(text, to: minimum) }
        switch component.presentation {
        case "N": return text.uppercased()
        case "n": return text.lowercased()
        default: return text
        }
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }

    private func number(_ number: Int, _ component: DatePicture.Component) throws(XPathError) -> String {
        let isOrdinal = component.modifier == "o"
        guard let picture = IntegerPicture(token: component.presentation, isOrdinal: isOrdinal) else {
            throw .wrongPicture("FOFD1340", component.presentation, DigitPattern.rule)
        }
        guard case .digits(var pattern) = picture.form else {
            let text = picture.format(Int128(truncated(number, component, component.width?.maximum)))
            return DateFormatter.padded(text, to: component.width?.minimum ?? 0)
        }
        let places = pattern.minimum + pattern.optional
        let maximum = component.width == nil ? places >= 2 ? places : nil : component.width?.maximum
        pattern.minimum = max(pattern.minimum, component.width?.minimum ?? 0)
        let shown = truncated(number, component, maximum)
        return pattern.format(String(shown)) + (isOrdinal ? EnglishNumbers.suffix(UInt128(shown)) : "")
    }

    /// Of a year only as many of the last digits as there is room for.
    private func truncated(_ number: Int, _ component: DatePicture.Component, _ maximum: Int?) -> Int {
        guard component.letter == "Y", let maximum, maximum < 18 else { return number }
        return number % Int(FixedDecimal.powers[maximum])
    }

    /// The digits after the point of the second. They are grouped from the point on, so that all is done in reverse.
    private func fraction(_ component: DatePicture.Component) throws(XPathError) -> String {
        let token = Array(component.presentation.unicodeScalars.reversed())
        var pattern = DigitPattern.plain
        if token.contains(where: { DigitPattern.zero(of: $0) != nil }) {
            guard let written = DigitPattern(token) else {
                throw .wrongPicture("FOFD1340", component.presentation, "after the point ‘#’ comes after the digits")
            }
            pattern = written
        }
        let places = pattern.minimum + pattern.optional
        let width = component.width
        let minimum = max(pattern.minimum, width?.minimum ?? 0)
        let maximum = places == 1 ? width?.maximum ?? max(9, minimum) : max(places, width?.maximum ?? 0)
        var digits = Array(String(1_000_000_000 + value.nanosecond).utf8.dropFirst().prefix(maximum))
        while digits.count > minimum, digits.last == 0x30 { digits.removeLast() }
        digits += Array(repeating: 0x30, count: max(0, minimum - digits.count))
        let reversed = pattern.format(String(decoding: digits.reversed(), as: UTF8.self))
        return String(String.UnicodeScalarView(reversed.unicodeScalars.reversed()))
    }

    private func timezone(_ component: DatePicture.Component) throws(XPathError) -> String {
        guard let offset = value.timezone else { return component.presentation == "Z" ? "J" : "" }
        if component.modifier == "t", offset == 0 { return "Z" }
        if component.presentation == "Z", let letter = DateFormatter.militaryLetter(offset) { return letter }
        var form = TimezoneForm(component.presentation)
        if form == nil { form = TimezoneForm("01:01") }
        return (component.letter == "z" ? "GMT" : "") + (form?.format(offset) ?? "")
    }

    /// The letter of a whole number of hours up to 12; there is no J.
    private static func militaryLetter(_ offset: Int) -> String? {
        let (hours, minutes) = offset.quotientAndRemainder(dividingBy: 60)
        guard minutes == 0, hours.magnitude <= 12 else { return nil }
        let letters = Array("YXWVUTSRQPONZABCDEFGHIKLM")
        return String(letters[hours + 12])
    }
}

/// How a timezone is written: `01:01`, `0`, `0000`.
private struct TimezoneForm {
    let zero: Unicode.Scalar
    let hourDigits: Int
    let separator: String
    /// Without it, minutes are written only where there are some, after a colon.
    let hasMinutes: Bool

    /// `nil` where there are no digits.
    init?(_ token: String) {
        let scalars = Array(token.unicodeScalars)
        guard let first = scalars.first, let zero = DigitPattern.zero(of: first) else { return nil }
        self.zero = zero
        let hours = scalars.prefix { DigitPattern.zero(of: $0) == zero }
        let rest = scalars.dropFirst(hours.count)
        if rest.isEmpty {
            separator = ""
            hasMinutes = hours.count > 2
            hourDigits = hasMinutes ? hours.count - 2 : hours.count
        } else {
            separator = String(String.UnicodeScalarView(rest.prefix { DigitPattern.zero(of: $0) == nil }))
            hasMinutes = true
            hourDigits = hours.count
        }
    }

    /// - Parameter offset: minutes east of Greenwich.
    func format(_ offset: Int) -> String {
        let (hours, minutes) = Int(offset.magnitude).quotientAndRemainder(dividingBy: 60)
        var text = (offset < 0 ? "-" : "+") + DigitPattern(zero: zero, minimum: hourDigits).format(String(hours))
        guard hasMinutes || minutes > 0 else { return text }
        text += hasMinutes ? separator : ":"
        return text + DigitPattern(zero: zero, minimum: 2).format(String(minutes))
    }
}
