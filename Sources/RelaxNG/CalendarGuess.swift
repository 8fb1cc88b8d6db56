internal import XML

/// Guesses the date or time that a string means which does not have the required type.
struct CalendarGuess {
    let text: String
    let fields: CalendarValue.Fields

    func reason() -> String? {
        let bytes = Array(text.utf8)
        if let reading = DateTimeParts(bytes.span, fields) { return impossibility(reading) }
        let suggestions = self.suggestions
        var possible: [String] = []
        for suggestion in suggestions where !possible.contains(suggestion) && isValid(suggestion, fields) {
            possible.append(suggestion)
        }
        if !possible.isEmpty { return RelaxNGMessages.calendarForm(fields, possible) }
        if let first = suggestions.first, let reading = DateTimeParts(Array(first.utf8).span, fields) {
            return impossibility(reading)
        }
        let others = XMLSchemaType.all.values.filter { $0.form.primitive == .calendar && isValid(text, $0.form.fields) }
        return others.first.map { RelaxNGMessages.otherCalendarType(found: $0.form.fields, expected: fields) }
    }

    private func isValid(_ text: String, _ fields: CalendarValue.Fields) -> Bool {
        CalendarValue(Array(text.utf8).span, fields) != nil
    }

    /// Of a string that has the right form.
    private func impossibility(_ reading: DateTimeParts) -> String? {
        if reading.year == 0 { return RelaxNGMessages.noYearZero }
        if !(1...12).contains(reading.month) { return RelaxNGMessages.noMonth(reading.month) }
        if !reading.isDay { return RelaxNGMessages.noDay(reading, fields) }
        if reading.hour == 24, reading.minute == 0, reading.second == 0 { return RelaxNGMessages.midnight }
        if reading.hour > 23 || reading.minute > 59 || reading.second > 60 { return RelaxNGMessages.noTime }
        return reading.zone == nil ? nil : RelaxNGMessages.noZone
    }

    // MARK: Suggestions

    /// A part that was not found is empty.
    private struct Parts {
        var year = ""
        var month = ""
        var day = ""
    }

    /// In the form of the type, possibly of impossible days.
    private var suggestions: [String] {
        var rest = text
        var time = ""
        // An expression is compiled wherever it is used: most dates have no time.
        if rest.utf8.contains(UInt8(ascii: ":")),
            let match = rest.firstMatch(of: /(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|[+\-]\d{2}:\d{2})?/)
        {
            let (_, hour, minute, second, fraction, zone) = match.output
            time = "\(padded(hour, 2)):\(minute):\(second ?? "00")\(fraction ?? "")\(zone ?? "")"
            rest.removeSubrange(match.range)
        }
        guard fields.contains(.time) == !time.isEmpty else { return [] }
        if fields == .time { return [time] }
        let numbers = rest.split { !$0.isASCII || !$0.isNumber }.map(String.init)
        let words = rest.split { !$0.isLetter }.filter { $0.count >= 3 }.compactMap {
            RelaxNGMessages.monthNumber(String($0))
        }
        let sign = rest.hasPrefix("-") && numbers.first.map { $0.count >= 3 } ?? false ? "-" : ""
        return parts(numbers, month: words.first.map { String($0) }).compactMap { written($0, sign: sign, time: time) }
    }

    private func parts(_ numbers: [String], month: String?) -> [Parts] {
        let isYear = numbers.map { $0.count >= 3 }
        if let month {
            switch isYear {
            case [true]: return [Parts(year: numbers[0], month: month)]
            case [false]: return [Parts(month: month, day: numbers[0])]
            case [false, true]: return [Parts(year: numbers[1], month: month, day: numbers[0])]
            case [true, false]: return [Parts(year: numbers[0], month: month, day: numbers[1])]
            case []: return [Parts(month: month)]
            default: return []
            }
        }
        switch isYear {
        case [true, false, false]: return [Parts(year: numbers[0], month: numbers[1], day: numbers[2])]
        case [false, false, true]:
            return [
                Parts(year: numbers[2], month: numbers[1], day: numbers[0]),
                Parts(year: numbers[2], month: numbers[0], day: numbers[1]),
            ]
        case [true, false]: return [Parts(year: numbers[0], month: numbers[1])]
        case [false, true]: return [Parts(year: numbers[1], month: numbers[0])]
        case [false, false]:
            return [Parts(month: numbers[1], day: numbers[0]), Parts(month: numbers[0], day: numbers[1])]
        case [true]: return [Parts(year: numbers[0])]
        case [false]: return [Parts(month: numbers[0]), Parts(day: numbers[0])]
        default: return []
        }
    }

    /// `nil` if a part is missing, or one is left over.
    private func written(_ parts: Parts, sign: String, time: String) -> String? {
        guard fields.contains(.year) == !parts.year.isEmpty, fields.contains(.month) == !parts.month.isEmpty,
            fields.contains(.day) == !parts.day.isEmpty
        else { return nil }
        let pieces = [
            parts.year.isEmpty ? "-" : sign + padded(parts.year[...], 4),
            parts.month.isEmpty
                ? (parts.year.isEmpty && !parts.day.isEmpty ? "-" : "") : "-" + padded(parts.month[...], 2),
            parts.day.isEmpty ? "" : "-" + padded(parts.day[...], 2),
        ]
        return pieces.joined() + (time.isEmpty ? "" : "T" + time)
    }

    private func padded(_ digits: Substring, _ length: Int) -> String {
        String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
