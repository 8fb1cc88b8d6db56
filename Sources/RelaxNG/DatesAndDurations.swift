internal import XML

/// A point in time of dateTime, date, time and the types of parts of dates (XML Schema Part 2, 3.2.7 to 3.2.14).
///
/// Precise to the millisecond, as in Jing; there is no year 0000, and second 60 is after 59.999. The form and the
/// calendar are those of ``DateTimeParts`` and ``GregorianCalendar``.
struct CalendarValue: Hashable, Sendable {
    typealias Fields = DateTimeParts.Fields

    /// Since 1970, in UTC where there is a zone.
    var milliseconds: Int64
    /// 1 and what is after the point, of second 60.
    var leapMilliseconds: Int64
    var hasZone: Bool

    /// `nil` where the string is not of that form, or there is no such day or time.
    init?(_ string: Span<UInt8>, _ fields: Fields) {
        guard var parts = DateTimeParts(string, fields) else { return nil }
        leapMilliseconds = 0
        if parts.second == 60 {
            leapMilliseconds = Int64(parts.nanosecond / 1_000_000 + 1)
            (parts.second, parts.nanosecond) = (59, 999_000_000)
        }
        guard let milliseconds = parts.milliseconds else { return nil }
        self.milliseconds = Int64(milliseconds)
        hasZone = parts.zone != nil
    }

    /// Whether a point in time is before another in all time zones.
    func precedes(_ other: CalendarValue) -> Bool {
        let widest: Int64 = 14 * 3_600_000
        var (start, end) = (milliseconds, other.milliseconds)
        if hasZone && !other.hasZone { end = end.subtractingReportingOverflow(widest).partialValue }
        if !hasZone && other.hasZone { start = start.addingReportingOverflow(widest).partialValue }
        return (start, leapMilliseconds) < (end, other.leapMilliseconds)
    }
}

// MARK: - Dates and times

/// As XML Schema 1.0 and Jing take them.
extension DateTimeParts {
    /// The year with 0 for the one before Christ.
    private var astronomicalYear: Int { isNegative ? 1 - year : year }

    var isDay: Bool {
        year >= 1 && (1...12).contains(month) && day >= 1 && day <= daysInMonth
    }

    var daysInMonth: Int { GregorianCalendar.dayCount(astronomicalYear, month) }

    var isTime: Bool { hour < 24 && minute < 60 && second < 60 }

    /// Since 1970, or `nil` if there is no such time, or none that Jing can count.
    var milliseconds: Int? {
        let minutes = zone ?? 0
        guard isDay, isTime, minutes >= -13 * 60, minutes <= 14 * 60, year <= 292_278_994 else { return nil }
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + nanosecond / 1_000_000
        let days = GregorianCalendar.dayNumber(astronomicalYear, month, day)
        let (product, isTooMuch) = days.multipliedReportingOverflow(by: 86_400_000)
        let (sum, isMore) = product.addingReportingOverflow(time - minutes * 60_000)
        return isTooMuch || isMore ? nil : sum
    }
}

// MARK: - Durations

/// A duration (XML Schema Part 2, 3.2.6). Durations are equal if all their parts are: a year is not twelve months.
struct DurationValue: Hashable, Sendable {
    /// Years, months, days, hours, minutes: digits without zeros before them.
    private var parts: [[UInt8]] = Array(repeating: [], count: 5)
    private var seconds: DecimalNumber?
    private var isNegative = false

    /// `nil` where the string is no duration.
    init?(_ string: Span<UInt8>) {
        guard let written = DurationParts(string) else { return nil }
        for (part, range) in written.numbers.enumerated() {
            guard let range else { continue }
            let number = string.extracting(range)
            guard let layout = DecimalNumber.Layout(number), part == 5 || !layout.hasPoint else { return nil }
            if part == 5 {
                seconds = layout.isZero ? nil : DecimalNumber(number)
            } else {
                parts[part] = layout.integer.map { number[$0] }
            }
        }
        isNegative = written.isNegative && !(parts.allSatisfy(\.isEmpty) && seconds == nil)
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
    private static func days(_ months: BigNatural, _ year: Int, _ month: Int) -> BigNatural {
        let (cycles, left) = months.quotientAndRemainder(dividingBy: 4800)
        var days = 0
        for passed in 0..<left {
            let index = month - 1 + passed
            days += GregorianCalendar.dayCount(year + index / 12, index % 12 + 1)
        }
        return cycles * 146_097 + BigNatural(UInt64(days))
    }

    private var months: BigNatural { BigNatural(digits: parts[0]) * 12 + BigNatural(digits: parts[1]) }

    private var wholeSeconds: BigNatural {
        let hours = BigNatural(digits: parts[2]) * 24 + BigNatural(digits: parts[3])
        let whole = seconds.map { BigNatural(digits: $0.digits[$0.layout.integer]) } ?? BigNatural(0)
        return (hours * 60 + BigNatural(digits: parts[4])) * 60 + whole
    }

    /// The digits after the point of the seconds.
    private var fraction: [UInt8] { seconds.map { Array($0.digits[$0.layout.fraction]) } ?? [] }
}
