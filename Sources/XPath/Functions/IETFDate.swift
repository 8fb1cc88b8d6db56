internal import XML

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
        return reader.isAtEnd && result.day >= 1 && result.day <= GregorianCalendar.dayCount(result.year, result.month)
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

/// Reads a lexical form byte by byte.
private struct LexicalReader {
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
        while next?.isDigit == true { position += 1 }
        return bytes[start..<position]
    }

    /// A number of exactly two digits.
    mutating func twoDigits() -> Int? {
        let bytes = bytes
        return bytes.span.twoDigits(&position)
    }

    /// The fraction of a second: a point and digits, as nanoseconds.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        let (start, bytes) = (position, bytes)
        let nanoseconds = bytes.span.nanoseconds(&position)
        return position > start ? nanoseconds : nil
    }
}
