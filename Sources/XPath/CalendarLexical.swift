// The lexical forms of dates, times and durations (XML Schema Part 2, version 1.1: there is a year 0).

/// Reads a lexical form byte by byte.
struct LexicalReader {
    let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: Substring) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// All digits that follow.
    mutating func digits() -> ArraySlice<UInt8> {
        let start = position
        while let byte = next, byte &- 0x30 < 10 { position += 1 }
        return bytes[start..<position]
    }

    /// A number of exactly two digits.
    mutating func twoDigits() -> Int? {
        guard position + 2 <= bytes.count else { return nil }
        let (tens, ones) = (bytes[position] &- 0x30, bytes[position + 1] &- 0x30)
        guard tens < 10, ones < 10 else { return nil }
        position += 2
        return Int(tens) * 10 + Int(ones)
    }

    /// What may follow a second: a point and digits, as nanoseconds. Further digits are dropped.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        let digits = digits()
        guard !digits.isEmpty else { return nil }
        let kept = digits.prefix(9)
        return kept.reduce(0) { $0 * 10 + Int($1 &- 0x30) } * Int(FixedDecimal.powers[9 - kept.count])
    }
}

extension LexicalReader {
    /// The value, or `nil` where there are more digits than an integer holds.
    static func number(_ digits: ArraySlice<UInt8>) -> Int128? {
        guard case .value(let value) = FixedDecimal.parse(digits) else { return nil }
        return value.integer
    }

    /// Outer `nil` where it is wrong; inner, where there is none.
    mutating func timezone() -> Int?? {
        if take("Z") { return .some(0) }
        let isWest = next == UInt8(ascii: "-")
        guard take("+") || take("-") else { return .some(nil) }
        guard let hours = twoDigits(), take(":"), let minutes = twoDigits(), minutes < 60 else { return nil }
        let offset = hours * 60 + minutes
        guard offset <= 14 * 60 else { return nil }
        return isWest ? -offset : offset
    }
}

// MARK: - Dates and times

extension CalendarContent {
    /// - Parameter type: a calendar type.
    /// - Returns: `nil` where the text is not of that form, or there is no such day.
    /// - Throws: FODT0001 where the year is too far from 0.
    static func parse(_ text: Substring, _ type: AtomicType) throws(XPathError) -> CalendarContent? {
        var reader = LexicalReader(text)
        var result = CalendarContent().parts(of: type)
        var year: Int?
        var isReadable = true
        switch type.primitive {
        case .dateTime: isReadable = result.readDate(&reader, &year) && reader.take("T") && result.readTime(&reader)
        case .date: isReadable = result.readDate(&reader, &year)
        case .time: isReadable = result.readTime(&reader)
        case .gYearMonth: isReadable = result.readYear(&reader, &year) && reader.take("-") && result.readMonth(&reader)
        case .gYear: isReadable = result.readYear(&reader, &year)
        case .gMonthDay:
            isReadable =
                reader.take("-") && reader.take("-") && result.readMonth(&reader) && reader.take("-")
                && result.readDay(&reader)
        case .gDay: isReadable = reader.take("-") && reader.take("-") && reader.take("-") && result.readDay(&reader)
        default: isReadable = reader.take("-") && reader.take("-") && result.readMonth(&reader)
        }
        guard isReadable, let timezone = reader.timezone(), reader.isAtEnd else { return nil }
        result.timezone = timezone
        guard year.map({ $0.magnitude <= maximalYear }) != false else { throw .dateOverflow() }
        guard result.day <= dayCount(result.year, result.month) else { return nil }
        return result.normalized(type)
    }

    /// Midnight that is written as the end of a day becomes the beginning of the next one.
    func normalized(_ type: AtomicType) -> CalendarContent {
        guard hour == 24 else { return self }
        var result = self
        result.hour = 0
        if type.primitive == .dateTime {
            (result.year, result.month, result.day) = CalendarContent.date(
                ofDay: CalendarContent.days(year, month, day) + 1)
        }
        return result
    }

    private mutating func readDate(_ reader: inout LexicalReader, _ year: inout Int?) -> Bool {
        readYear(&reader, &year) && reader.take("-") && readMonth(&reader) && reader.take("-") && readDay(&reader)
    }

    /// - Parameter limited: the year, or the greatest integer where it is larger.
    private mutating func readYear(_ reader: inout LexicalReader, _ limited: inout Int?) -> Bool {
        let isNegative = reader.take("-")
        let digits = reader.digits()
        guard digits.count == 4 || digits.count > 4 && digits.first != 0x30 else { return false }
        let number = LexicalReader.number(digits).flatMap { Int(exactly: $0) } ?? .max
        limited = number
        year = number > CalendarContent.maximalYear ? 0 : isNegative ? -number : number
        return true
    }

    private mutating func readMonth(_ reader: inout LexicalReader) -> Bool {
        guard let number = reader.twoDigits(), 1...12 ~= number else { return false }
        month = number
        return true
    }

    private mutating func readDay(_ reader: inout LexicalReader) -> Bool {
        guard let number = reader.twoDigits(), 1...31 ~= number else { return false }
        day = number
        return true
    }

    private mutating func readTime(_ reader: inout LexicalReader) -> Bool {
        guard let hour = reader.twoDigits(), reader.take(":"), let minute = reader.twoDigits(), reader.take(":"),
            let second = reader.twoDigits(), let nanosecond = reader.fraction()
        else { return false }
        (self.hour, self.minute, self.second, self.nanosecond) = (hour, minute, second, nanosecond)
        return hour < 24 && minute < 60 && second < 60 || hour == 24 && minute == 0 && second == 0 && nanosecond == 0
    }

    /// The canonical form, in the timezone that the value has.
    func string(_ type: AtomicType) -> String {
        let (month, day) = (CalendarContent.twoDigits(month), CalendarContent.twoDigits(day))
        let text =
            switch type.primitive {
            case .dateTime: "\(yearString)-\(month)-\(day)T\(timeString)"
            case .date: "\(yearString)-\(month)-\(day)"
            case .time: timeString
            case .gYearMonth: "\(yearString)-\(month)"
            case .gYear: yearString
            case .gMonthDay: "--\(month)-\(day)"
            case .gDay: "---\(day)"
            default: "--\(month)"
            }
        return text + timezoneString
    }

    private var yearString: String {
        let digits = String(year.magnitude)
        return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private var timeString: String {
        "\(CalendarContent.twoDigits(hour)):\(CalendarContent.twoDigits(minute)):"
            + (second < 10 ? "0" : "") + seconds.string
    }

    /// Seconds with their fraction.
    var seconds: FixedDecimal {
        FixedDecimal(mantissa: Int128(second) * CalendarContent.nanosecondsPerSecond + Int128(nanosecond), scale: 9)
    }

    var timezoneString: String {
        guard let timezone else { return "" }
        if timezone == 0 { return "Z" }
        let (hours, minutes) = Int(timezone.magnitude).quotientAndRemainder(dividingBy: 60)
        return "\(timezone < 0 ? "-" : "+")\(CalendarContent.twoDigits(hours)):\(CalendarContent.twoDigits(minutes))"
    }

    static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

// MARK: - Durations

extension DurationContent {
    /// - Parameter type: `duration` or what is derived from it.
    /// - Returns: `nil` where the text is not of that form.
    /// - Throws: FODT0002 where the duration is too long.
    static func parse(_ text: Substring, _ type: AtomicType) throws(XPathError) -> DurationContent? {
        var reader = LexicalReader(text)
        let isNegative = reader.take("-")
        guard reader.take("P") else { return nil }
        var total = DurationTotal()
        let hasMonths = type == .dayTimeDuration ? false : total.read(&reader, DurationTotal.months)
        let hasDays = type == .yearMonthDuration ? false : total.read(&reader, DurationTotal.days)
        var hasTime = false
        if type != .yearMonthDuration, reader.take("T") {
            hasTime = total.read(&reader, DurationTotal.times)
            guard hasTime else { return nil }
        }
        guard hasMonths || hasDays || hasTime, reader.isAtEnd else { return nil }
        guard let months = Int(exactly: total.sums.months), !total.isTooLarge else { throw .durationOverflow() }
        let value = DurationContent(months: months, nanoseconds: total.sums.nanoseconds)
        return isNegative ? -value : value
    }

    /// The canonical form.
    func string(_ type: AtomicType) -> String {
        let isNegative = months < 0 || nanoseconds < 0
        var text = isNegative ? "-P" : "P"
        let (years, rest) = months.magnitude.quotientAndRemainder(dividingBy: 12)
        if years > 0 { text += "\(years)Y" }
        if rest > 0 { text += "\(rest)M" }
        if months == 0, nanoseconds == 0 { return text + (type == .yearMonthDuration ? "0M" : "T0S") }
        let (days, time) = nanoseconds.magnitude.quotientAndRemainder(
            dividingBy: CalendarContent.nanosecondsPerDay.magnitude)
        if days > 0 { text += "\(days)D" }
        guard time > 0 else { return text }
        let (minutes, seconds) = time.quotientAndRemainder(dividingBy: CalendarContent.nanosecondsPerMinute.magnitude)
        text += "T"
        if minutes >= 60 { text += "\(minutes / 60)H" }
        if minutes % 60 > 0 { text += "\(minutes % 60)M" }
        if seconds > 0 { text += FixedDecimal(mantissa: Int128(seconds), scale: 9).string + "S" }
        return text
    }
}

/// The sum of a duration's parts while it is read.
private struct DurationTotal {
    /// A letter, and how many months or nanoseconds it stands for.
    typealias Unit = (letter: Unicode.Scalar, months: Int128, nanoseconds: Int128)

    static let months: [Unit] = [("Y", 12, 0), ("M", 1, 0)]
    static let days: [Unit] = [("D", 0, CalendarContent.nanosecondsPerDay)]
    static let times: [Unit] = [
        ("H", 0, 60 * CalendarContent.nanosecondsPerMinute), ("M", 0, CalendarContent.nanosecondsPerMinute),
        ("S", 0, CalendarContent.nanosecondsPerSecond),
    ]

    var sums: (months: Int128, nanoseconds: Int128) = (0, 0)
    var isTooLarge = false

    /// Reads numbers with the letters of units, each at most once and in order; whether there was one.
    mutating func read(_ reader: inout LexicalReader, _ units: [Unit]) -> Bool {
        var hasPart = false
        for unit in units {
            var attempt = reader
            let digits = attempt.digits()
            guard !digits.isEmpty, let fraction = unit.letter == "S" ? attempt.fraction() : 0, attempt.take(unit.letter)
            else {
                continue
            }
            add(digits, unit, fraction)
            reader = attempt
            hasPart = true
        }
        return hasPart
    }

    private mutating func add(_ digits: ArraySlice<UInt8>, _ unit: Unit, _ fraction: Int) {
        // So many digits that no product with a unit or sum of such products is beyond an Int128.
        guard let number = LexicalReader.number(digits), number < FixedDecimal.powers[20] else {
            isTooLarge = true
            return
        }
        sums.months += number * unit.months
        sums.nanoseconds += number * unit.nanoseconds + Int128(fraction)
    }
}
