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
        ReadLog.spoil()
        return ItemSequence(AtomicValue(type, .calendar(context.environment.now.parts(of: type))))
    }

    /// - Parameter minutes: east of Greenwich.
    static func timezone(_ minutes: Int) -> ItemSequence {
        let nanoseconds = Int128(minutes) * CalendarContent.nanosecondsPerMinute
        return ItemSequence(AtomicValue(.dayTimeDuration, .duration(DurationContent(nanoseconds: nanoseconds))))
    }

    /// - Throws: FORG0008 where both have timezones that differ.
    static func dateTime(
        _: inout DynamicContext, _: CallSite, _ arguments: [ItemSequence]
    ) throws(XPathError) -> ItemSequence {
        guard let date = arguments[0].calendar, let time = arguments[1].calendar else { return .empty }
        if let first = date.timezone, let second = time.timezone, first != second { throw .twoTimezones() }
        var result = time
        (result.year, result.month, result.day) = (date.year, date.month, date.day)
        result.timezone = date.timezone ?? time.timezone
        return ItemSequence(AtomicValue(.dateTime, .calendar(result)))
    }

    /// - Throws: FODT0003 where the timezone is none.
    static func adjusted(
        _ context: inout DynamicContext, _: CallSite, _ arguments: [ItemSequence]
    ) throws(XPathError) -> ItemSequence {
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

// MARK: - Dates of the Internet

/// Reads `Wed, 06 Jun 1994 07:29:35 GMT` and the like (XPath 3.1 functions, 9.9.1).
struct IETFDate {
    private var reader: LexicalReader
    private var result = CalendarContent().parts(of: .dateTime)

    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let longDays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    /// Hours east of Greenwich.
    private static let timezones = [
        "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
        "pdt": -7,
    ]

    /// `nil` where the text is no such date.
    static func parse(_ text: String) -> CalendarContent? {
        var date = IETFDate(reader: LexicalReader(Substring(text.lowercased())))
        return date.read() ? date.result.normalized(.dateTime) : nil
    }

    private init(reader: LexicalReader) { self.reader = reader }

    private mutating func read() -> Bool {
        _ = space()
        var word = letters()
        if IETFDate.days.contains(word) || IETFDate.longDays.contains(word) {
            _ = reader.take(",")
            guard space() else { return false }
            word = letters()
        }
        guard word.isEmpty ? readDayFirst() : readMonthFirst(word) else { return false }
        _ = space()
        return reader.isAtEnd && result.day >= 1 && result.day <= CalendarContent.dayCount(result.year, result.month)
    }

    private mutating func readDayFirst() -> Bool {
        guard readDay(), separator(), readMonth(letters()), separator(), readYear(), space() else { return false }
        return readTime()
    }

    private mutating func readMonthFirst(_ word: String) -> Bool {
        guard readMonth(word), separator(), readDay(), space(), readTime(), space() else { return false }
        return readYear()
    }

    private mutating func letters() -> String {
        var word = ""
        while let byte = reader.next, byte &- 0x61 < 26 {
            word.unicodeScalars.append(Unicode.Scalar(byte))
            _ = reader.take(Unicode.Scalar(byte))
        }
        return word
    }

    private mutating func space() -> Bool {
        var hasSpace = false
        while let byte = reader.next, byte.isXMLSpace { hasSpace = reader.take(Unicode.Scalar(byte)) }
        return hasSpace
    }

    private mutating func separator() -> Bool {
        let hasSpace = space()
        guard reader.take("-") else { return hasSpace }
        _ = space()
        return true
    }

    private mutating func number(_ lengths: ClosedRange<Int>) -> Int? {
        let digits = reader.digits()
        return lengths.contains(digits.count) ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }

    private mutating func readDay() -> Bool {
        guard let day = number(1...2) else { return false }
        result.day = day
        return true
    }

    private mutating func readMonth(_ word: String) -> Bool {
        guard let index = IETFDate.months.firstIndex(of: word) else { return false }
        result.month = index + 1
        return true
    }

    private mutating func readYear() -> Bool {
        let start = reader.position
        guard let year = number(2...4), reader.position - start != 3 else { return false }
        result.year = reader.position - start == 2 ? 1900 + year : year
        return true
    }

    private mutating func readTime() -> Bool {
        guard let hour = number(1...2), reader.take(":"), let minute = reader.twoDigits() else { return false }
        (result.hour, result.minute) = (hour, minute)
        if reader.take(":") {
            guard let second = reader.twoDigits(), let fraction = reader.fraction() else { return false }
            (result.second, result.nanosecond) = (second, fraction)
        }
        guard
            hour < 24 && minute < 60 && result.second < 60
                || hour == 24 && result.timeOfDay == CalendarContent.nanosecondsPerDay
        else { return false }
        result.timezone = 0
        return readTimezone()
    }

    /// Without one the time is that of Greenwich.
    private mutating func readTimezone() -> Bool {
        let before = reader
        _ = space()
        if let next = reader.next, next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { return readOffset() }
        let word = letters()
        if word.isEmpty {
            reader = before
            return true
        }
        guard let hours = IETFDate.timezones[word] else { return false }
        result.timezone = hours * 60
        return true
    }

    private mutating func readOffset() -> Bool {
        let isWest = reader.take("-")
        if !isWest { _ = reader.take("+") }
        let start = reader.position
        guard var hours = number(1...4) else { return false }
        var minutes = 0
        if reader.position - start > 2 {
            (hours, minutes) = (hours / 100, hours % 100)
        } else if reader.take(":"), let next = reader.next, next &- 0x30 < 10 {
            guard let written = reader.twoDigits() else { return false }
            minutes = written
        }
        let offset = hours * 60 + minutes
        guard minutes < 60, offset <= 14 * 60 else { return false }
        result.timezone = isWest ? -offset : offset
        return readRemark()
    }

    /// The name of a timezone in parentheses, which says nothing more.
    private mutating func readRemark() -> Bool {
        let before = reader
        _ = space()
        guard reader.take("(") else {
            reader = before
            return true
        }
        _ = space()
        guard IETFDate.timezones[letters()] != nil else { return false }
        _ = space()
        return reader.take(")")
    }
}
