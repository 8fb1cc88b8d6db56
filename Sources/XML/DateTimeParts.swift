/// The numbers of a date, a time or a part of a date as they are written (XML Schema Part 2, 3.2.7 to 3.2.14).
///
/// Only the form is read: whether there is such a year, day or time differs between the versions of XML Schema, and the
/// caller decides.
package struct DateTimeParts {
    /// Which parts a type has.
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let year = Fields(rawValue: 1)
        package static let month = Fields(rawValue: 2)
        package static let day = Fields(rawValue: 4)
        package static let time = Fields(rawValue: 8)
    }

    /// Whether there is a minus sign before the year.
    package private(set) var isNegative = false
    /// Without its sign, and at most 2 to the power of 40.
    package private(set) var year = 2000
    package private(set) var month = 1
    package private(set) var day = 1
    package private(set) var hour = 0
    package private(set) var minute = 0
    package var second = 0
    /// Further digits are dropped.
    package var nanosecond = 0
    /// How many digits follow the point of the second; `nil` if there is no point.
    package private(set) var fractionDigits: Int?
    /// Minutes east of Greenwich.
    package private(set) var zone: Int?

    /// `nil` where the string is not of the form; the numbers may still mean no day or time.
    package init?(_ string: Span<UInt8>, _ fields: Fields) {
        var index = 0
        guard readDate(string, &index, fields) else { return nil }
        if fields.contains(.time) {
            if fields.contains(.day), !string.skip("T", &index) { return nil }
            guard readTime(string, &index) else { return nil }
        }
        guard readZone(string, &index), index == string.count else { return nil }
    }

    private mutating func readDate(_ string: Span<UInt8>, _ index: inout Int, _ fields: Fields) -> Bool {
        if fields.contains(.year) {
            guard readYear(string, &index) else { return false }
        } else if fields.contains(.month) || fields.contains(.day) {
            // The years are left out, and their place is marked.
            guard string.skip("-", &index) else { return false }
        }
        if fields.contains(.month) {
            guard string.skip("-", &index), let number = string.twoDigits(&index) else { return false }
            month = number
        } else if fields.contains(.day) {
            guard string.skip("-", &index) else { return false }
        }
        if fields.contains(.day) {
            guard string.skip("-", &index), let number = string.twoDigits(&index) else { return false }
            day = number
        }
        return true
    }

    /// Four digits, or more without a zero before them.
    private mutating func readYear(_ string: Span<UInt8>, _ index: inout Int) -> Bool {
        isNegative = string.skip("-", &index)
        let start = index
        year = 0
        while let digit = string.digit(at: index) {
            year = min(year * 10 + digit, 1 << 40)
            index += 1
        }
        return index - start == 4 || (index - start > 4 && string[start] != UInt8(ascii: "0"))
    }

    private mutating func readTime(_ string: Span<UInt8>, _ index: inout Int) -> Bool {
        guard let hour = string.twoDigits(&index), string.skip(":", &index),
            let minute = string.twoDigits(&index), string.skip(":", &index),
            let second = string.twoDigits(&index)
        else { return false }
        (self.hour, self.minute, self.second) = (hour, minute, second)
        guard string.skip(".", &index) else { return true }
        let start = index
        nanosecond = string.nanoseconds(&index)
        fractionDigits = index - start
        return true
    }

    private mutating func readZone(_ string: Span<UInt8>, _ index: inout Int) -> Bool {
        if string.skip("Z", &index) {
            zone = 0
            return true
        }
        let isWest = string.skip("-", &index)
        guard isWest || string.skip("+", &index) else { return true }
        guard let hours = string.twoDigits(&index), string.skip(":", &index), let minutes = string.twoDigits(&index),
            minutes < 60
        else { return false }
        zone = (isWest ? -1 : 1) * (hours * 60 + minutes)
        return true
    }
}

/// Where the numbers of a duration are written (XML Schema Part 2, 3.2.6).
package struct DurationParts {
    package private(set) var isNegative: Bool
    /// Of years, months, days, hours, minutes and seconds: digits and points, which the caller reads.
    package private(set) var numbers: [Range<Int>?] = Array(repeating: nil, count: 6)

    /// The designators of a date, and after them those of a time.
    private static let designators = Array("YMDHMS".utf8)

    /// `nil` where the string is not of the form.
    package init?(_ string: Span<UInt8>) {
        var index = 0
        isNegative = string.skip("-", &index)
        guard string.skip("P", &index), index < string.count else { return nil }
        var (next, end) = (0, 3)
        while index < string.count {
            if end == 3, string.skip("T", &index) {
                (next, end) = (3, 6)
                if index == string.count { return nil }
                continue
            }
            let start = index
            while index < string.count, string[index].isDigit || string[index] == UInt8(ascii: ".") { index += 1 }
            guard index < string.count, index > start,
                let part = (next..<end).first(where: { DurationParts.designators[$0] == string[index] })
            else { return nil }
            numbers[part] = start..<index
            next = part + 1
            index += 1
        }
    }
}

extension UInt8 {
    /// Whether it is one of the digits of ASCII.
    @inlinable package var isDigit: Bool { self &- 0x30 < 10 }
}

// MARK: - Reading byte by byte

extension Span<UInt8> {
    /// Moves the index after a character, if it is there.
    @inlinable package func skip(_ character: Unicode.Scalar, _ index: inout Int) -> Bool {
        guard index < count, self[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    @inlinable package func digit(at index: Int) -> Int? {
        index < count && self[index].isDigit ? Int(self[index] - 0x30) : nil
    }

    /// A number of exactly two digits.
    @inlinable package func twoDigits(_ index: inout Int) -> Int? {
        guard let tens = digit(at: index), let ones = digit(at: index + 1) else { return nil }
        index += 2
        return tens * 10 + ones
    }

    /// All digits that follow, as a fraction of a second; those beyond the ninth are dropped.
    @inlinable package func nanoseconds(_ index: inout Int) -> Int {
        var (result, weight) = (0, 100_000_000)
        while let digit = digit(at: index) {
            result += digit * weight
            weight /= 10
            index += 1
        }
        return result
    }
}
