#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import XML

// Dates, times and durations: their places on the time line and what is reckoned with them.
// Years are those of ``GregorianCalendar``.

extension CalendarContent {
    /// The current date and time, in Coordinated Universal Time, so that what is reckoned with it does not depend on
    /// where.
    static func now() -> CalendarContent {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        let instant = Int128(time.tv_sec) * nanosecondsPerSecond + Int128(time.tv_nsec)
        return CalendarContent(instant: instant, timezone: 0)
    }

    static let nanosecondsPerSecond: Int128 = 1_000_000_000
    static let nanosecondsPerMinute: Int128 = 60 * nanosecondsPerSecond
    static let nanosecondsPerDay: Int128 = 86_400 * nanosecondsPerSecond
    /// Farther years from 0 are FODT0001.
    static let maximalYear = 999_999_999_999
}

// MARK: - The time line

extension CalendarContent {
    /// Nanoseconds since the beginning of 1970 in Greenwich.
    func instant(implicitTimezone: Int) -> Int128 {
        local - Int128(timezone ?? implicitTimezone) * CalendarContent.nanosecondsPerMinute
    }

    /// Nanoseconds since the beginning of 1970, both where this timezone is.
    private var local: Int128 {
        Int128(GregorianCalendar.dayNumber(year, month, day)) * CalendarContent.nanosecondsPerDay + timeOfDay
    }

    /// Nanoseconds since midnight.
    var timeOfDay: Int128 {
        Int128((hour * 60 + minute) * 60 + second) * CalendarContent.nanosecondsPerSecond + Int128(nanosecond)
    }

    /// - Parameter instant: nanoseconds since the beginning of 1970 in Greenwich.
    init(instant: Int128, timezone: Int?) {
        self.init(local: instant + Int128(timezone ?? 0) * CalendarContent.nanosecondsPerMinute, timezone: timezone)
    }

    private init(local: Int128, timezone: Int?) {
        var (days, time) = local.quotientAndRemainder(dividingBy: CalendarContent.nanosecondsPerDay)
        if time < 0 { (days, time) = (days - 1, time + CalendarContent.nanosecondsPerDay) }
        let (seconds, nanoseconds) = Int(time).quotientAndRemainder(dividingBy: 1_000_000_000)
        (year, month, day) = GregorianCalendar.date(ofDay: Int(days))
        (hour, minute, second, nanosecond) = (seconds / 3600, seconds / 60 % 60, seconds % 60, nanoseconds)
        self.timezone = timezone
    }
}

// MARK: - Parts

extension CalendarContent {
    /// What a value keeps when it is cast to another type; the parts that the type lacks become those of a day that
    /// every value shares.
    func parts(of type: AtomicType) -> CalendarContent {
        var result = self
        switch type.primitive {
        case .time: (result.year, result.month, result.day) = (1972, 12, 31)
        case .gYearMonth: result.day = 1
        case .gYear: (result.month, result.day) = (1, 1)
        case .gMonthDay: result.year = 1972
        case .gDay: (result.year, result.month) = (1972, 12)
        case .gMonth: (result.year, result.day) = (1972, 1)
        default: break
        }
        if type.primitive != .dateTime, type.primitive != .time {
            (result.hour, result.minute, result.second, result.nanosecond) = (0, 0, 0, 0)
        }
        return result
    }
}

// MARK: - Arithmetic

extension CalendarContent {
    /// The same day of another month, or the last one that the month has.
    ///
    /// - Throws: FODT0001 where the year is beyond what can be reckoned with.
    func adding(months: Int) throws(XPathError) -> CalendarContent {
        let (total, over) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !over else { throw .dateOverflow() }
        var result = self
        let (year, month) = GregorianCalendar.floorDivide(total, 12)
        (result.year, result.month) = (year, month + 1)
        result.day = min(day, GregorianCalendar.dayCount(year, month + 1))
        return try result.checked()
    }

    /// - Parameter type: `dateTime`, `date` or `time`. A date loses what is less than a day, a time what is more.
    /// - Throws: FODT0001 where the year is beyond what can be reckoned with.
    func adding(nanoseconds: Int128, type: AtomicType) throws(XPathError) -> CalendarContent {
        if type.primitive == .time {
            let sum = local + nanoseconds % CalendarContent.nanosecondsPerDay
            return CalendarContent(local: sum, timezone: timezone).parts(of: type)
        }
        let limit = Int128(366 * CalendarContent.maximalYear) * CalendarContent.nanosecondsPerDay
        guard nanoseconds.magnitude <= 2 * limit.magnitude else { throw .dateOverflow() }
        return try CalendarContent(local: local + nanoseconds, timezone: timezone).parts(of: type).checked()
    }

    private func checked() throws(XPathError) -> CalendarContent {
        guard year.magnitude <= CalendarContent.maximalYear else { throw .dateOverflow() }
        return self
    }

    /// The same instant in another timezone; without one before or after, the same local time
    /// (fn:adjust-dateTime-to-timezone).
    ///
    /// - Parameter type: `dateTime`, `date` or `time`.
    func adjusted(to timezone: Int?, type: AtomicType) throws(XPathError) -> CalendarContent {
        guard let from = self.timezone, let to = timezone else {
            var result = self
            result.timezone = timezone
            return result
        }
        let shifted = local + Int128(to - from) * CalendarContent.nanosecondsPerMinute
        return try CalendarContent(local: shifted, timezone: timezone).parts(of: type).checked()
    }
}

// MARK: - Durations

extension DurationContent {
    static prefix func - (value: DurationContent) -> DurationContent {
        DurationContent(months: -value.months, nanoseconds: -value.nanoseconds)
    }

    /// - Throws: FODT0002 where the sum is too long.
    static func + (a: DurationContent, b: DurationContent) throws(XPathError) -> DurationContent {
        let (months, over) = a.months.addingReportingOverflow(b.months)
        let (nanoseconds, overTime) = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
        guard !over, !overTime, months != .min, nanoseconds != .min else { throw .durationOverflow() }
        return DurationContent(months: months, nanoseconds: nanoseconds)
    }

    /// The duration with its months and its seconds multiplied by a factor; months are rounded to whole ones.
    ///
    /// - Throws: FODT0002 where it is too long; FOCA0005 where the factor is not a number.
    func multiplied(by factor: AtomicValue) throws(XPathError) -> DurationContent {
        guard let number = try DurationContent.factor(factor) else {
            guard factor.number.isFinite, self == DurationContent() else { throw .durationOverflow() }
            return self
        }
        return try scaled { value throws(XPathError) in try value * number }
    }

    /// - Throws: FODT0002 where the divisor is zero or the quotient too long; FOCA0005 where the divisor is not a
    ///   number.
    func divided(by divisor: AtomicValue) throws(XPathError) -> DurationContent {
        guard let divisor = try DurationContent.factor(divisor) else { return DurationContent() }
        guard divisor.mantissa != 0 else { throw .durationOverflow() }
        return try scaled { value throws(XPathError) in try value / divisor }
    }

    /// `nil` for one that is infinite or has more digits than a decimal.
    private static func factor(_ value: AtomicValue) throws(XPathError) -> FixedDecimal? {
        if let exact = value.exact { return exact }
        guard !value.number.isNaN else { throw .durationByNaN() }
        return FixedDecimal(nearest: value.number)
    }

    private func scaled(_ body: (FixedDecimal) throws(XPathError) -> FixedDecimal) throws(XPathError) -> DurationContent
    {
        do throws(XPathError) {
            let months = try body(FixedDecimal(Int128(self.months))).rounded(.halfUp).integer
            let seconds = try body(FixedDecimal(mantissa: nanoseconds, scale: 9)).rounded(.halfUp, places: 9)
            guard let months = Int(exactly: months), months != .min else { throw XPathError.durationOverflow() }
            let nanoseconds = try (seconds * FixedDecimal(CalendarContent.nanosecondsPerSecond)).integer
            return DurationContent(months: months, nanoseconds: nanoseconds)
        } catch {
            throw error.code == "FOAR0002" ? .durationOverflow() : error
        }
    }
}
