internal import XML

// The lexical forms of dates, times and durations (XML Schema Part 2, version 1.1: there is a year 0).

// MARK: - Dates and times

extension CalendarContent {
    /// - Parameter type: a calendar type.
    /// - Returns: `nil` where the text is not of that form, or there is no such day.
    /// - Throws: FODT0001 where the year is too far from 0.
    static func parse(_ text: Substring, _ type: AtomicType) throws(XPathError) -> CalendarContent? {
        let bytes = Array(text.utf8)
        guard let parts = DateTimeParts(bytes.span, type.fields), parts.mayBe else { return nil }
        guard parts.year <= maximalYear else { throw .dateOverflow() }
        let result = CalendarContent(parts).parts(of: type)
        guard result.day <= GregorianCalendar.dayCount(result.year, result.month) else { return nil }
        return result.normalized(type)
    }

    private init(_ parts: DateTimeParts) {
        year = parts.isNegative ? -parts.year : parts.year
        (month, day) = (parts.month, parts.day)
        (hour, minute, second, nanosecond) = (parts.hour, parts.minute, parts.second, parts.nanosecond)
        timezone = parts.zone
    }

    /// Midnight that is written as the end of a day becomes the beginning of the next one.
    func normalized(_ type: AtomicType) -> CalendarContent {
        guard hour == 24 else { return self }
        var result = self
        result.hour = 0
        if type.primitive == .dateTime {
            (result.year, result.month, result.day) = GregorianCalendar.date(
                ofDay: GregorianCalendar.dayNumber(year, month, day) + 1)
        }
        return result
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

extension DateTimeParts {
    /// Whether there are such a month, time and timezone, and perhaps such a day.
    fileprivate var mayBe: Bool {
        let isMidnight = hour == 24 && minute == 0 && second == 0 && nanosecond == 0
        return 1...12 ~= month && 1...31 ~= day && fractionDigits != 0
            && (hour < 24 && minute < 60 && second < 60 || isMidnight) && (zone ?? 0).magnitude <= 14 * 60
    }
}

extension AtomicType {
    /// The parts that a calendar type has.
    fileprivate var fields: DateTimeParts.Fields {
        switch primitive {
        case .dateTime: [.year, .month, .day, .time]
        case .date: [.year, .month, .day]
        case .time: .time
        case .gYearMonth: [.year, .month]
        case .gYear: .year
        case .gMonthDay: [.month, .day]
        case .gDay: .day
        default: .month
        }
    }
}

// MARK: - Durations

extension DurationContent {
    /// - Parameter type: `duration` or what is derived from it.
    /// - Returns: `nil` where the text is not of that form.
    /// - Throws: FODT0002 where the duration is too long.
    static func parse(_ text: Substring, _ type: AtomicType) throws(XPathError) -> DurationContent? {
        let bytes = Array(text.utf8)
        guard let parts = DurationParts(bytes.span), parts.isOf(type) else { return nil }
        var total = DurationTotal()
        for (part, range) in parts.numbers.enumerated() {
            guard let range else { continue }
            guard total.add(bytes[range], part) else { return nil }
        }
        guard let months = Int(exactly: total.months), !total.isTooLarge else { throw .durationOverflow() }
        let value = DurationContent(months: months, nanoseconds: total.nanoseconds)
        return parts.isNegative ? -value : value
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

extension DurationParts {
    /// Whether a type has all parts that are written.
    fileprivate func isOf(_ type: AtomicType) -> Bool {
        switch type {
        case .yearMonthDuration: numbers[2...].allSatisfy { $0 == nil }
        case .dayTimeDuration: numbers[..<2].allSatisfy { $0 == nil }
        default: true
        }
    }
}

/// The sum of a duration's parts while they are read.
private struct DurationTotal {
    /// Of years and months, how many months, and of the other parts how many nanoseconds.
    private static let units: [Int128] = [
        12, 1, CalendarContent.nanosecondsPerDay, 60 * CalendarContent.nanosecondsPerMinute,
        CalendarContent.nanosecondsPerMinute, CalendarContent.nanosecondsPerSecond,
    ]

    private(set) var months: Int128 = 0
    private(set) var nanoseconds: Int128 = 0
    private(set) var isTooLarge = false

    /// - Returns: whether the number is written as one; only seconds have a fraction.
    mutating func add(_ written: ArraySlice<UInt8>, _ part: Int) -> Bool {
        let digits = written.prefix(while: \.isDigit)
        guard !digits.isEmpty else { return false }
        var index = digits.endIndex - written.startIndex
        if index < written.count {
            guard part == 5, written.span.skip(".", &index), index < written.count else { return false }
            nanoseconds += Int128(written.span.nanoseconds(&index))
            guard index == written.count else { return false }
        }
        // So many digits that no product with a unit or sum of such products is beyond an Int128.
        guard case .value(let value) = FixedDecimal.parse(digits), value.integer < FixedDecimal.powers[20] else {
            isTooLarge = true
            return true
        }
        if part < 2 {
            months += value.integer * DurationTotal.units[part]
        } else {
            nanoseconds += value.integer * DurationTotal.units[part]
        }
        return true
    }
}
