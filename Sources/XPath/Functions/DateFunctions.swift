internal import XML

// Functions on dates, times and durations (XPath 2.0 functions, 10 and 16; 3.1, 8 and 9).

extension FunctionTable {
    mutating func addDateFunctions() {
        add("current-dateTime", [], "xs:dateTime") { context, _, _ in DateFunctions.now(.dateTime, context) }
        add("current-date", [], "xs:date") { context, _, _ in DateFunctions.now(.date, context) }
        add("current-time", [], "xs:time") { context, _, _ in DateFunctions.now(.time, context) }
        add("implicit-timezone", [], "xs:dayTimeDuration") { context, _, _ in
            DateFunctions.timezone(context.environment.implicitTimezone)
        }
        add("dateTime", ["xs:date?", "xs:time?"], "xs:dateTime?", DateFunctions.dateTime)
        addDateParts()
        addDurationParts()
        for type in [AtomicType.dateTime, .date, .time] {
            add(
                "adjust-\(type.rawValue)-to-timezone", 1...2, ["\(type)?", "xs:dayTimeDuration?"], "\(type)?",
                DateFunctions.adjusted
            )
            addFormat(type)
        }
        add("parse-ietf-date", ["xs:string?"], "xs:dateTime?", since: 31) { _, _, arguments throws(XPathError) in
            guard let text = arguments[0].atomic?.string else { return .empty }
            guard let value = IETFDate.parse(text) else { throw .notIETFDate(text) }
            return ItemSequence(AtomicValue(.dateTime, .calendar(value)))
        }
    }

    private mutating func addDateParts() {
        for type in ["dateTime", "date"] {
            addPart("year-from-" + type, type) { .integer($0.year) }
            addPart("month-from-" + type, type) { .integer($0.month) }
            addPart("day-from-" + type, type) { .integer($0.day) }
        }
        for type in ["dateTime", "time"] {
            addPart("hours-from-" + type, type) { .integer($0.hour) }
            addPart("minutes-from-" + type, type) { .integer($0.minute) }
            addPart("seconds-from-" + type, type, "xs:decimal?") { .decimal($0.seconds) }
        }
        for type in ["dateTime", "date", "time"] {
            add("timezone-from-" + type, ["xs:\(type)?"], "xs:dayTimeDuration?") { _, _, arguments in
                arguments[0].calendar?.timezone.map(DateFunctions.timezone) ?? .empty
            }
        }
    }

    private mutating func addPart(
        _ name: String, _ type: String, _ result: String = "xs:integer?",
        _ part: @escaping @Sendable (CalendarContent) -> AtomicValue
    ) {
        add(name, ["xs:\(type)?"], result) { _, _, arguments in ItemSequence(arguments[0].calendar.map(part)) }
    }

    private mutating func addDurationParts() {
        addPart("years") { .integer($0.months / 12) }
        addPart("months") { .integer($0.months % 12) }
        addPart("days") { .integer($0.nanoseconds / CalendarContent.nanosecondsPerDay) }
        addPart("hours") { .integer($0.nanoseconds / (60 * CalendarContent.nanosecondsPerMinute) % 24) }
        addPart("minutes") { .integer($0.nanoseconds / CalendarContent.nanosecondsPerMinute % 60) }
        addPart("seconds", "xs:decimal?") {
            .decimal(FixedDecimal(mantissa: $0.nanoseconds % CalendarContent.nanosecondsPerMinute, scale: 9))
        }
    }

    private mutating func addPart(
        _ name: String, _ result: String = "xs:integer?", _ part: @escaping @Sendable (DurationContent) -> AtomicValue
    ) {
        add(name + "-from-duration", ["xs:duration?"], result) { _, _, arguments in
            ItemSequence(arguments[0].duration.map(part))
        }
    }

    private mutating func addFormat(_ type: AtomicType) {
        let name = "format-" + type.rawValue
        let format: Body = { _, site, arguments throws(XPathError) in
            guard let value = arguments[0].calendar else { return .empty }
            let picture = try DatePicture(arguments[1].string)
            var formatter = DateFormatter(value: value, type: type)
            if arguments.count == 5 {
                formatter.setLanguage(arguments[2].atomic?.string)
                try formatter.setCalendar(arguments[3].atomic?.string, site.statics.namespaces)
            }
            return ItemSequence(try formatter.format(picture))
        }
        add(name, ["\(type)?", "xs:string"], "xs:string?", since: 30, format)
        add(name, ["\(type)?", "xs:string", "xs:string?", "xs:string?", "xs:string?"], "xs:string?", since: 30, format)
    }
}

extension ItemSequence {
    fileprivate var calendar: CalendarContent? {
        if case .calendar(let value)? = atomic?.content { return value }
        return nil
    }

    fileprivate var duration: DurationContent? {
        if case .duration(let value)? = atomic?.content { return value }
        return nil
    }
}

enum DateFunctions {
    static func now(_ type: AtomicType, _ context: DynamicContext) -> ItemSequence {
        DependencyLog.markUncacheable()
        return ItemSequence(AtomicValue(type, .calendar(context.environment.now.parts(of: type))))
    }

    /// - Parameter minutes: east of Greenwich.
    static func timezone(_ minutes: Int) -> ItemSequence {
        let nanoseconds = Int128(minutes) * CalendarContent.nanosecondsPerMinute
        return ItemSequence(AtomicValue(.dayTimeDuration, .duration(DurationContent(nanoseconds: nanoseconds))))
    }

    /// - Throws: FORG0008 where both have timezones that differ.
    static let dateTime: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let date = arguments[0].calendar, let time = arguments[1].calendar else { return .empty }
        if let first = date.timezone, let second = time.timezone, first != second { throw .twoTimezones() }
        var result = time
        (result.year, result.month, result.day) = (date.year, date.month, date.day)
        result.timezone = date.timezone ?? time.timezone
        return ItemSequence(AtomicValue(.dateTime, .calendar(result)))
    }

    /// - Throws: FODT0003 where the timezone is none.
    static let adjusted: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let type = arguments[0].atomic?.type.primitive, let value = arguments[0].calendar else { return .empty }
        var timezone: Int? = context.environment.implicitTimezone
        if arguments.count == 2 { timezone = try minutes(arguments[1]) }
        return ItemSequence(AtomicValue(type, .calendar(try value.adjusted(to: timezone, type: type))))
    }

    private static func minutes(_ argument: ItemSequence) throws(XPathError) -> Int? {
        guard let duration = argument.duration else { return nil }
        let (minutes, rest) = duration.nanoseconds.quotientAndRemainder(
            dividingBy: CalendarContent.nanosecondsPerMinute)
        guard rest == 0, minutes.magnitude <= 14 * 60 else { throw .wrongTimezone(argument.string) }
        return Int(minutes)
    }
}
