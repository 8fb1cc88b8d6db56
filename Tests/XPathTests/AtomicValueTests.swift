import Support
import Testing
@testable import XML
@testable import XPath

/// What the W3C's suite does not try: numbers at their limits, all days, keys of values.
@Suite struct AtomicValueTests {
    private func value(_ text: String, _ type: AtomicType) throws -> AtomicValue {
        try AtomicValue.string(text).cast(to: type)
    }

    private func decimal(_ text: String) throws -> FixedDecimal { try #require(value(text, .decimal).exact) }

    private func code(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return (error as? XPathError)?.code }
        return nil
    }

    // MARK: Decimals

    private static let greatest = "170141183460469231731687303715884105727"

    @Test(arguments: [
        ("1.50", "1.5"), ("-0.0", "0"), ("+.5", "0.5"), ("5.", "5"), ("00012.340", "12.34"), (greatest, greatest),
        ("-" + greatest, "-" + greatest),
        ("0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"),
        ("0.000000000000000000000000000000000000001", "0"), ("1.00000000000000000000000000000000000000000000001", "1"),
    ])
    func decimalsAreRead(text: String, canonical: String) throws {
        #expect(try decimal(text).string == canonical)
    }

    @Test func equalDecimalsHaveEqualParts() throws {
        #expect(try decimal("1.500") == decimal("1.5"))
        #expect(try decimal("5") + decimal("-4.5") == decimal("0.5"))
        #expect(try decimal("2.5") * decimal("0.4") == decimal("1"))
        #expect(try decimal("10") / decimal("4") == decimal("2.5"))
    }

    @Test(arguments: [
        ("1", "3", "0.333333333333333333"), ("2", "3", "0.666666666666666667"), ("-1", "8", "-0.125"),
        ("1", greatest, "0"),
        ("99999999999999999999999999999999999999", "7", "14285714285714285714285714285714285714.1"),
        ("10000000000000000000000000000", "0.1", "100000000000000000000000000000"), ("0.3", "0.1", "3"),
    ])
    func quotients(a: String, b: String, quotient: String) throws {
        #expect(try (decimal(a) / decimal(b)).string == quotient)
    }

    @Test func whatDoesNotFitIsAnError() throws {
        let large = try decimal(AtomicValueTests.greatest)
        #expect(code { _ = try large + decimal("1") } == "FOAR0002")
        #expect(code { _ = try large * decimal("1.1") } == "FOAR0002")
        #expect(code { _ = try large / decimal("0.1") } == "FOAR0002")
        #expect(code { _ = try FixedDecimal.integerQuotient(large, decimal("0.001")) } == "FOAR0002")
        #expect(code { _ = try large.rounded(.halfUp, places: -1) } == "FOAR0002")
        #expect(try (large % decimal("0.0000001")).string == "0")
        #expect(code { _ = try value("1" + AtomicValueTests.greatest, .decimal) } == "FOCA0001")
        #expect(code { _ = try value("1" + AtomicValueTests.greatest, .integer) } == "FOCA0003")
        #expect(code { _ = try value("1" + AtomicValueTests.greatest, .byte) } == "FORG0001")
        #expect(try large + decimal("0.4") == large)
    }

    @Test func decimalsAndDoubles() throws {
        #expect(FixedDecimal(nearest: 0.1)?.string == "0.10000000000000000555111512312578270212")
        #expect(FixedDecimal(nearest: 1e37)?.string == "9999999999999999538762658202121142272")
        #expect(FixedDecimal(nearest: 5e-300)?.string == "0")
        #expect(FixedDecimal(nearest: 1e39) == nil)
        var generator = Generator(seed: 1)
        for _ in 0..<2000 {
            let number = Double.random(in: -1e6...1e6, using: &generator)
            #expect(FixedDecimal(nearest: number)?.double == number)
            #expect(try value(AtomicValue.double(number).string, .double).number == number)
        }
    }

    @Test(arguments: [
        (RoundingRule.halfUp, ["-3", "-2", "-2", "2", "3", "3"]), (.halfToEven, ["-3", "-2", "-2", "2", "2", "3"]),
        (.down, ["-3", "-3", "-3", "2", "2", "2"]), (.up, ["-2", "-2", "-2", "3", "3", "3"]),
    ])
    func rounding(rule: RoundingRule, results: [String]) throws {
        let numbers = ["-2.6", "-2.5", "-2.4", "2.4", "2.5", "2.6"]
        #expect(try numbers.map { try decimal($0).rounded(rule).string } == results)
    }

    // MARK: Doubles

    @Test(arguments: [
        (0.0, "0"), (-0.0, "-0"), (1e6, "1.0E6"), (999_999, "999999"), (0.000001, "0.000001"), (0.00000099, "9.9E-7"),
        (-1.5e300, "-1.5E300"),
        (.infinity, "INF"), (-.infinity, "-INF"), (.nan, "NaN"), (123_456.789, "123456.789"),
    ])
    func doublesAreWritten(number: Double, text: String) {
        #expect(AtomicValue.double(number).string == text)
    }

    @Test(arguments: [
        "", ".", "1e", "e5", "1e5.0", "0x10", "1_000", "inf", "nan", "+NaN", "Infinity", "1 2", "--1", "1.2.3", "1e+",
    ])
    func noDoubles(text: String) {
        #expect(code { _ = try value(text, .double) } == "FORG0001")
        #expect(AtomicValue.untyped(text).number.isNaN)
    }

    // MARK: Dates

    @Test func everyDayIsTheNextOneAfterTheLast() {
        let first = GregorianCalendar.dayNumber(-801, 12, 31)
        var (year, month, day) = (-801, 12, 31)
        for number in first...first + 1_100_000 {
            guard GregorianCalendar.date(ofDay: number) == (year, month, day),
                GregorianCalendar.dayNumber(year, month, day) == number
            else {
                Issue.record("\(year)-\(month)-\(day) is not day \(number)")
                return
            }
            day += 1
            if day > GregorianCalendar.dayCount(year, month) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test(arguments: [
        ("2004-12-31T24:00:00Z", AtomicType.dateTime, "2005-01-01T00:00:00Z"), ("24:00:00", .time, "00:00:00"),
        ("-0001-02-28", .date, "-0001-02-28"), ("0000-02-29", .date, "0000-02-29"),
        ("12:00:00.123456789123", .time, "12:00:00.123456789"),
        ("PT86400.5S", .duration, "P1DT0.5S"), ("-P25M", .yearMonthDuration, "-P2Y1M"), ("P0Y", .duration, "PT0S"),
        ("---31-14:00", .gDay, "---31-14:00"), ("--02-29+00:00", .gMonthDay, "--02-29Z"),
    ])
    func datesAreRead(text: String, type: AtomicType, canonical: String) throws {
        #expect(try value(text, type).string == canonical)
    }

    @Test(arguments: [
        ("1900-02-29", AtomicType.date, "FORG0001"), ("24:00:01", .time, "FORG0001"), ("12:00:60", .time, "FORG0001"),
        ("2004-01-01+14:01", .date, "FORG0001"), ("02004", .gYear, "FORG0001"),
        ("1000000000000-01-01", .date, "FODT0001"),
        ("99999999999999999999999-XX", .gYearMonth, "FORG0001"),
        ("P99999999999999999999999999Y", .duration, "FODT0002"),
        ("P1DT", .duration, "FORG0001"), ("P1M", .dayTimeDuration, "FORG0001"), ("PT1.S", .duration, "FORG0001"),
    ])
    func noDates(text: String, type: AtomicType, expected: String) {
        #expect(code { _ = try value(text, type) } == expected)
    }

    // MARK: Keys

    @Test func keysAgreeWithEquality() throws {
        let values: [AtomicValue] = try [
            .integer(1), .double(1), value("1.0", .decimal), value("1", .float), value("1.1", .float),
            value("1.1", .decimal), .double(1.1),
            .string("1"), .untyped("1"), .anyURI("1"), .boolean(true), .integer(9_007_199_254_740_993),
            .integer(9_007_199_254_740_992),
            value("2004-01-01Z", .date), value("2004-01-01", .date), value("2004-01-01T00:00:00Z", .dateTime),
            value("P1Y", .duration),
            value("P12M", .yearMonthDuration), value("FF", .hexBinary), value("/w==", .base64Binary),
            .string("e\u{301}"), .string("é"),
            .qname(QName(prefix: "a", localName: "n", namespace: "u")),
            .qname(QName(prefix: "b", localName: "n", namespace: "u")),
            .qname(QName(localName: "n")),
        ]
        for a in values {
            for b in values {
                let areEqual =
                    (try? ComparisonOperator.equal.value(a, b, collation: .codepoint, implicitTimezone: 0)) == true
                let (x, y) = (
                    EqualityKey(a, collation: .codepoint, implicitTimezone: 0),
                    EqualityKey(b, collation: .codepoint, implicitTimezone: 0)
                )
                #expect((x == y) == areEqual, "\(a.type) \(a.string), \(b.type) \(b.string)")
                #expect(!areEqual || x.hashValue == y.hashValue, "\(a.type) \(a.string), \(b.type) \(b.string)")
            }
        }
    }

    @Test func itemsAreSmall() {
        #expect(MemoryLayout<Item>.stride == 24)
    }

    @Test func sequencesGrowInPlace() throws {
        let expression = try XPath("count(for $i in 1 to 200000 return ($i, 'a'))", StaticContext())
        let document = try Document("<a/>")
        var count: [String] = []
        let time = try ContinuousClock().measure {
            count = try expression.evaluate(at: .node(TreeNode(document.documentNode))).strings
        }
        #expect(count == ["400000"])
        // Where each step copied the sequence it would be more than a minute.
        #expect(time < .seconds(20))
    }
}
