/// A point in time of dateTime, date, time and the types of parts of dates (XML Schema Part 2, 3.2.7 to 3.2.14).
///
/// Precise to the millisecond, as in Jing; there is no year 0000, and second 60 is after 59.999.
struct CalendarValue: Hashable, Sendable {
    /// Which parts are written.
    struct Fields: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let year = Fields(rawValue: 1)
        static let month = Fields(rawValue: 2)
        static let day = Fields(rawValue: 4)
        static let time = Fields(rawValue: 8)
    }

    /// Since 1970, in UTC where there is a zone.
    var milliseconds: Int64
    /// 1 and what is behind the point, of second 60.
    var leapMilliseconds: Int64
    var hasZone: Bool

    /// `nil` where the string is not of that form, or there is no such day or time.
    init?(_ string: Span<UInt8>, _ fields: Fields) {
        guard var reading = CalendarReading(string, fields) else { return nil }
        leapMilliseconds = 0
        if reading.second == 60 {
            leapMilliseconds = reading.millisecond + 1
            (reading.second, reading.millisecond) = (59, 999)
        }
        guard let milliseconds = reading.milliseconds else { return nil }
        self.milliseconds = milliseconds
        hasZone = reading.zone != nil
    }

    /// Whether a point in time is before another in all time zones.
    func precedes(_ other: CalendarValue) -> Bool {
        let widest: Int64 = 14 * 3_600_000
        var (start, end) = (milliseconds, other.milliseconds)
        if hasZone && !other.hasZone { end = end.subtractingReportingOverflow(widest).partialValue }
        if !hasZone && other.hasZone { start = start.addingReportingOverflow(widest).partialValue }
        return (start, leapMilliseconds) < (end, other.leapMilliseconds)
    }

    /// The days of a month of the Gregorian calendar; a year before Christ is 1 less than its number, negated.
    static func days(inMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

/// The numbers of a date or time as they are written.
struct CalendarReading {
    var isBeforeChrist = false
    var year: Int64 = 2000
    var month: Int64 = 1
    var day: Int64 = 1
    var hour: Int64 = 0
    var minute: Int64 = 0
    var second: Int64 = 0
    var millisecond: Int64 = 0
    /// Minutes east of Greenwich.
    var zone: Int64?

    /// `nil` where the string is not of the form; the numbers may still mean no day or time.
    init?(_ string: Span<UInt8>, _ fields: CalendarValue.Fields) {
        var index = 0
        guard readDate(string, &index, fields) else { return nil }
        if fields.contains(.time) {
            if fields.contains(.day), !skip(0x54, string, &index) { return nil }
            guard readTime(string, &index) else { return nil }
        }
        guard readZone(string, &index), index == string.count else { return nil }
    }

    private mutating func readDate(_ string: Span<UInt8>, _ index: inout Int, _ fields: CalendarValue.Fields) -> Bool {
        if fields.contains(.year) {
            guard readYear(string, &index) else { return false }
        } else if fields.contains(.month) || fields.contains(.day) {
            // The years are left out, and their place is marked.
            guard skip(0x2D, string, &index) else { return false }
        }
        if fields.contains(.month) {
            guard skip(0x2D, string, &index), let number = twoDigits(string, &index) else { return false }
            month = number
        } else if fields.contains(.day) {
            guard skip(0x2D, string, &index) else { return false }
        }
        if fields.contains(.day) {
            guard skip(0x2D, string, &index), let number = twoDigits(string, &index) else { return false }
            day = number
        }
        return true
    }

    /// Four digits, or more without a zero before them.
    private mutating func readYear(_ string: Span<UInt8>, _ index: inout Int) -> Bool {
        isBeforeChrist = skip(0x2D, string, &index)
        let start = index
        year = 0
        while index < string.count, string[index].isDigit {
            year = min(year * 10 + Int64(string[index] - 0x30), 1 << 40)
            index += 1
        }
        return index - start == 4 || (index - start > 4 && string[start] != 0x30)
    }

    private mutating func readTime(_ string: Span<UInt8>, _ index: inout Int) -> Bool {
        guard let hour = twoDigits(string, &index), skip(0x3A, string, &index),
            let minute = twoDigits(string, &index), skip(0x3A, string, &index),
            let second = twoDigits(string, &index)
        else { return false }
        (self.hour, self.minute, self.second) = (hour, minute, second)
        guard skip(0x2E, string, &index) else { return true }
        var weight: Int64 = 100
        while index < string.count, string[index].isDigit {
            millisecond += weight * Int64(string[index] - 0x30)
            weight /= 10
            index += 1
        }
        return true
    }

    private mutating func readZone(_ string: Span<UInt8>, _ index: inout Int) -> Bool {
        if skip(0x5A, string, &index) {
            zone = 0
            return true
        }
        guard index < string.count, string[index] == 0x2B || string[index] == 0x2D else { return true }
        let sign: Int64 = string[index] == 0x2D ? -1 : 1
        index += 1
        guard let hours = twoDigits(string, &index), skip(0x3A, string, &index),
            let minutes = twoDigits(string, &index),
            minutes < 60
        else { return false }
        zone = sign * (hours * 60 + minutes)
        return true
    }

    private func skip(_ byte: UInt8, _ string: Span<UInt8>, _ index: inout Int) -> Bool {
        guard index < string.count, string[index] == byte else { return false }
        index += 1
        return true
    }

    private func twoDigits(_ string: Span<UInt8>, _ index: inout Int) -> Int64? {
        guard index + 1 < string.count, string[index].isDigit, string[index + 1].isDigit else { return nil }
        defer { index += 2 }
        return Int64(string[index] - 0x30) * 10 + Int64(string[index + 1] - 0x30)
    }

    // MARK: Meaning

    /// The year with 0 for the one before Christ.
    private var astronomicalYear: Int64 { isBeforeChrist ? 1 - year : year }

    var isDay: Bool {
        year >= 1 && (1...12).contains(month) && day >= 1 && day <= daysInMonth
    }

    var daysInMonth: Int64 { CalendarValue.days(inMonth: month, year: astronomicalYear) }

    var isTime: Bool { hour < 24 && minute < 60 && second < 60 }

    /// Since 1970, or `nil` if there is no such time, or none that Jing can count.
    var milliseconds: Int64? {
        let minutes = zone ?? 0
        guard isDay, isTime, minutes >= -13 * 60, minutes <= 14 * 60, year <= 292_278_994 else { return nil }
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
        let (product, isTooMuch) = days.multipliedReportingOverflow(by: 86_400_000)
        let (sum, isMore) = product.addingReportingOverflow(time - minutes * 60_000)
        return isTooMuch || isMore ? nil : sum
    }

    /// Since 1970. Years begin in March here, so that the day that some years have is their last.
    private var days: Int64 {
        let year = astronomicalYear - (month <= 2 ? 1 : 0)
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

// MARK: - Durations

/// A duration (XML Schema Part 2, 3.2.6). Durations are equal if all their parts are: a year is not twelve months.
struct DurationValue: Hashable, Sendable {
    /// Years, months, days, hours, minutes: digits without zeros before them.
    private var parts: [[UInt8]] = Array(repeating: [], count: 5)
    private var seconds: DecimalNumber?
    private var isNegative = false

    private static let designators: [UInt8] = [0x59, 0x4D, 0x44, 0x48, 0x4D]

    /// `nil` where the string is no duration.
    init?(_ string: Span<UInt8>) {
        var index = 0
        if string.count > 0, string[0] == 0x2D {
            isNegative = true
            index = 1
        }
        guard index < string.count, string[index] == 0x50, index + 1 < string.count else { return nil }
        index += 1
        var (next, isTime) = (0, false)
        while index < string.count {
            if !isTime, string[index] == 0x54 {
                isTime = true
                next = 3
                index += 1
                if index == string.count { return nil }
                continue
            }
            let start = index
            while index < string.count, string[index].isDigit || string[index] == 0x2E { index += 1 }
            guard index < string.count, index > start, next < 6 else { return nil }
            guard read(string.extracting(start..<index), string[index], &next, isTime) else { return nil }
            index += 1
        }
        if parts.allSatisfy(\.isEmpty), seconds == nil { isNegative = false }
    }

    private mutating func read(_ number: Span<UInt8>, _ designator: UInt8, _ next: inout Int, _ isTime: Bool) -> Bool {
        guard let layout = DecimalNumber.Layout(number) else { return false }
        if isTime, designator == 0x53 {
            next = 6
            seconds = layout.isZero ? nil : DecimalNumber(number)
            return true
        }
        let end = isTime ? 5 : 3
        guard !layout.hasPoint, next < end,
            let part = (next..<end).first(where: { DurationValue.designators[$0] == designator })
        else { return false }
        parts[part] = layout.integer.map { number[$0] }
        next = part + 1
        return true
    }

    // MARK: Order

    /// Whether a duration is shorter than another from wherever it is counted (3.2.6.2).
    func precedes(_ other: DurationValue) -> Bool {
        switch (isNegative, other.isNegative) {
        case (false, false): DurationValue.isShorter(self, other)
        case (true, true): DurationValue.isShorter(other, self)
        case (true, false): true
        case (false, true): false
        }
    }

    private static func isShorter(_ a: DurationValue, _ b: DurationValue) -> Bool {
        let (aMonths, bMonths, aSeconds, bSeconds) = (a.months, b.months, a.wholeSeconds, b.wholeSeconds)
        if aMonths == bMonths { return isLess(aSeconds, a.fraction, bSeconds, b.fraction) }
        // From these months on, a number of months has the most and the fewest days that it can have.
        return [(1696, 9), (1697, 2), (1903, 3), (1903, 7)].allSatisfy { year, month in
            isLess(
                aSeconds + days(aMonths, year, month) * 86_400, a.fraction,
                bSeconds + days(bMonths, year, month) * 86_400, b.fraction
            )
        }
    }

    private static func isLess(_ a: BigNatural, _ aFraction: [UInt8], _ b: BigNatural, _ bFraction: [UInt8]) -> Bool {
        a == b ? aFraction.lexicographicallyPrecedes(bFraction) : a < b
    }

    /// The days of so many months, from a month on.
    private static func days(_ months: BigNatural, _ year: Int64, _ month: Int64) -> BigNatural {
        let (cycles, left) = months.quotientAndRemainder(dividingBy: 4800)
        var days: Int64 = 0
        for passed in 0..<Int64(left) {
            let index = month - 1 + passed
            days += CalendarValue.days(inMonth: index % 12 + 1, year: year + index / 12)
        }
        return cycles * 146_097 + BigNatural(UInt64(days))
    }

    private var months: BigNatural { BigNatural(digits: parts[0]) * 12 + BigNatural(digits: parts[1]) }

    private var wholeSeconds: BigNatural {
        let hours = BigNatural(digits: parts[2]) * 24 + BigNatural(digits: parts[3])
        let whole = seconds.map { BigNatural(digits: $0.digits[$0.layout.integer]) } ?? BigNatural(0)
        return (hours * 60 + BigNatural(digits: parts[4])) * 60 + whole
    }

    /// The digits behind the point of the seconds.
    private var fraction: [UInt8] { seconds.map { Array($0.digits[$0.layout.fraction]) } ?? [] }
}
