import Foundation
@testable import RelaxNG
import Support
import Testing
@testable import Validation
import XML

private let xmlSchema = "http://www.w3.org/2001/XMLSchema-datatypes"

private func datatype(
    _ name: String, _ parameters: (String, String)..., library: String = xmlSchema
) throws(DatatypeError) -> Datatype {
    try Datatype(
        DatatypeDescription(
            name: DatatypeName(library: library, name: name),
            parameters: parameters.map { .init(name: $0.0, value: $0.1) }
        ))
}

extension Datatype {
    fileprivate func allows(_ string: String, namespace: (String) -> String? = { $0 == "p" ? "urn:p" : nil }) -> Bool {
        allows(Array(string.utf8).span, namespace: namespace)
    }

    fileprivate func value(_ string: String) -> DatatypeValue? {
        value(of: Array(string.utf8).span, namespace: bindings)
    }

    fileprivate func equals(_ string: String, _ value: DatatypeValue) -> Bool {
        equals(Array(string.utf8).span, value, namespace: bindings)
    }

    private func bindings(_ prefix: String) -> String? {
        prefix.isEmpty ? "urn:d" : prefix == "p" || prefix == "q" ? "urn:p" : nil
    }
}

@Suite struct DatatypeTests {
    // MARK: Libraries and types

    @Test func libraries() throws {
        #expect(try datatype("token", library: "").allows(" a  b "))
        #expect(throws: DatatypeError.unknownLibrary("urn:x")) { try datatype("token", library: "urn:x") }
        #expect(throws: DatatypeError.unknownType(DatatypeName(library: "", name: "integer"))) {
            try datatype("integer", library: "")
        }
        #expect(throws: DatatypeError.unknownParameter("length", DatatypeName(library: "", name: "token"))) {
            try datatype("token", ("length", "1"), library: "")
        }
        let compatibility = "http://relaxng.org/ns/compatibility/datatypes/1.0"
        #expect(try datatype("IDREFS", library: compatibility).idType == .idrefs)
        #expect(throws: DatatypeError.self) { try datatype("NCName", library: compatibility) }
        #expect(
            try ["ID", "IDREF", "IDREFS", "NCName"].map { try datatype($0).idType } == [.id, .idref, .idrefs, .none])
    }

    @Test(arguments: [
        (
            "dateTime", "1818-03-12T09:30:00Z 1818-03-12T09:30:60. -0001-02-29T00:00:00+14:00",
            "1818-03-12T24:00:00 0000-01-01T00:00:00 1819-02-29T00:00:00"
        ),
        (
            "date", "1818-03-12 12345-01-01 2000-02-29-13:00",
            "1900-02-29 1818-3-12 01818-03-12 2000-01-01-14:00 +2000-01-01"
        ),
        ("gMonthDay", "--02-29 --12-31Z", "--02-30 02-29"),
        ("duration", "P1Y PT.5S -P1Y2M3DT4H5M6.7S P0D", "P PT P1YT P1S 1Y P-1Y P1.5Y PT1S1M"),
        ("decimal", "1 -.5 5. +007.100 123456789012345678901234567890", ". + 1e5 1,5 1.2.3 --1"),
        ("unsignedLong", "18446744073709551615 +1 -0", "18446744073709551616 -1 1.0 1."),
        ("float", "INF -INF NaN 1e5 -.5E-3 1e400", "+INF inf 1e 1e1.5 e5 ."),
        ("boolean", "true false 1 0", "TRUE 01 yes"),
        ("language", "en de-CH-1996 i-klingon", "en_US abcdefghi e1 en-"),
        ("Name", "a :a a:b:c é", "1 -a a&"),
        ("NCName", "a _a a.b-c Ω", "a:b 1 𐌰"),
        ("NMTOKEN", "1 :a -", "a& é́&"),
        ("QName", "a p:a", "u:a p: :a p:a:a 1"),
        ("hexBinary", "0fB7", "0 0g"),
        ("base64Binary", "AAAA AA== AAA=", "AAA AB== A=== AAA=A"),
        ("anyURI", "#a a%20b http://[::1]:80/ é|{ mailto:x file:///", "%2 a%zz #a#b : http:// //[::1]x 1a:b"),
    ])
    func forms(_ name: String, _ valid: String, _ invalid: String) throws {
        let datatype = try datatype(name)
        for string in valid.split(separator: " ").map(String.init) {
            #expect(datatype.allows(string), "\(string)")
            #expect(datatype.allows("\n \(string)\t"), "\(string)")
            #expect(datatype.reason(for: string, namespace: { $0 == "p" ? "urn:p" : nil }) == nil)
        }
        for string in invalid.split(separator: " ").map(String.init) { #expect(!datatype.allows(string), "\(string)") }
    }

    @Test func entitiesAreTheDocuments() throws {
        let datatype = try datatype("ENTITIES")
        #expect(!datatype.allows("foo"))
        datatype.unparsedEntities = [CodepointString("foo"), CodepointString("bar")]
        #expect(datatype.needsEntities)
        #expect(datatype.allows(" foo  bar "))
        #expect(!datatype.allows("foo baz"))
        #expect(!datatype.allows(""))
    }

    @Test func whiteSpace() throws {
        #expect(try datatype("string", ("pattern", "a\tb ")).allows("a\tb "))
        #expect(try datatype("normalizedString", ("pattern", "a b ")).allows("a\nb\t"))
        #expect(try datatype("token", ("pattern", "a b")).allows("\ta \n b "))
        #expect(try !datatype("token", ("pattern", "a b")).allows("ab"))
    }

    // MARK: Facets

    @Test(arguments: [
        ("string", "length", "3", "abc é😀x", "ab abcd"),
        ("NMTOKEN", "maxLength", " 2. ", "ab", "abc"),
        ("base64Binary", "length", "2", "AAA=", "AAAA"),
        ("decimal", "totalDigits", "3", "123 0.012 1.23 000123", "1234 12.30 1.234"),
        ("decimal", "fractionDigits", "1", "12.3 12", "12.30"),
        ("decimal", "minExclusive", "-1.50", "-1.49 0", "-1.5 -2 -1.51"),
        (
            "integer", "maxInclusive", "100000000000000000000000000000",
            "99999999999999999999999999999 100000000000000000000000000000", "100000000000000000000000000001"
        ),
        ("float", "minInclusive", "0", "-0 1 INF", "-1 NaN"),
        ("date", "minInclusive", "1818-03-12", "1818-03-12 1818-03-13 1818-03-14Z", "1818-03-11 1818-03-12Z"),
        (
            "dateTime", "maxExclusive", "2000-01-01T00:00:00Z",
            "1999-12-31T23:59:59.9Z 1999-12-31T23:59:60Z 1999-12-31T09:59:59",
            "2000-01-01T00:00:00Z 1999-12-31T10:00:00"
        ),
        ("duration", "minExclusive", "P1M", "P32D P2M P1MT1S", "P30D P31D P28D P1M"),
        ("token", "pattern", #"\i\c*"#, "a1", "1a"),
    ])
    func facets(_ name: String, _ facet: String, _ value: String, _ valid: String, _ invalid: String) throws {
        let datatype = try datatype(name, (facet, value))
        for string in valid.split(separator: " ").map(String.init) { #expect(datatype.allows(string), "\(string)") }
        for string in invalid.split(separator: " ").map(String.init) {
            #expect(!datatype.allows(string), "\(string)")
            #expect(datatype.reason(for: string) != nil, "\(string)")
        }
    }

    @Test func allPatternsMustMatch() throws {
        let datatype = try datatype("token", ("pattern", "[a-m]+"), ("pattern", ".{2}"))
        #expect(datatype.allows("ab") && !datatype.allows("a") && !datatype.allows("az"))
    }

    @Test func listsHaveItems() throws {
        let datatype = try datatype("NMTOKENS", ("maxLength", "2"))
        #expect(datatype.allows("a") && datatype.allows(" a  b ") && !datatype.allows("") && !datatype.allows("a b c"))
        #expect(datatype.expectation == "words of letters, digits, ‘.’, ‘-’, ‘_’ and ‘:’ of 1 to 2 items")
    }

    @Test(arguments: [
        ("boolean", "length", "1"), ("decimal", "length", "1"), ("QName", "length", "1"), ("date", "minLength", "1"),
        ("string", "length", "-1"), ("string", "length", "1.0"), ("string", "length", "x"),
        ("string", "minInclusive", "a"), ("token", "totalDigits", "1"), ("float", "fractionDigits", "1"),
        ("decimal", "totalDigits", "0"), ("decimal", "minInclusive", "x"), ("byte", "maxInclusive", "128"),
        ("date", "maxExclusive", "2000-13-01"),
        ("token", "enumeration", "a"), ("string", "whiteSpace", "collapse"), ("token", "pattern", "a**"),
    ])
    func badParameters(_ name: String, _ facet: String, _ value: String) throws {
        let error = #expect(throws: DatatypeError.self) { try datatype(name, (facet, value)) }
        guard case .badParameter(0, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func boundsMustKeepToEachOther() throws {
        #expect(throws: DatatypeError.self) { try datatype("integer", ("minInclusive", "5"), ("maxInclusive", "3")) }
        #expect(throws: DatatypeError.unknownParameter("size", DatatypeName(library: xmlSchema, name: "integer"))) {
            try datatype("integer", ("size", "1"))
        }
    }

    // MARK: Values

    @Test(arguments: [
        ("decimal", "1.0", "+01", true), ("decimal", "-0.0", "0", true), ("decimal", "1", "-1", false),
        ("float", "NaN", "NaN", true), ("float", "0", "-0", true), ("float", "16777217", "16777216", true),
        ("double", "16777217", "16777216", false),
        ("boolean", "1", "true", true), ("hexBinary", "aF", "Af", true), ("base64Binary", "A A = =", "AA==", true),
        ("dateTime", "2000-01-01T00:00:00Z", "2000-01-01T05:00:00+05:00", true),
        ("dateTime", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00", false),
        ("time", "10:00:00.5", "10:00:00.500", true), ("date", "2000-01-01Z", "2000-01-01+00:00", true),
        ("duration", "P1Y", "P12M", false), ("duration", "-P0D", "PT0S", true), ("duration", "P01Y", "P1Y", true),
        ("QName", "p:a", "q:a", true), ("QName", "p:a", "a", false), ("token", " a  b", "a b", true),
        ("string", " a", "a", false),
        ("NMTOKENS", "a  b", "a b", true), ("NMTOKENS", "a b", "b a", false), ("anyURI", "a%2D", "a-", false),
    ])
    func equality(_ name: String, _ first: String, _ second: String, _ areEqual: Bool) throws {
        let datatype = try datatype(name)
        let a = try #require(datatype.value(first))
        let b = try #require(datatype.value(second))
        #expect((a == b) == areEqual)
        if areEqual { #expect(a.hashValue == b.hashValue) }
        #expect(datatype.equals(first, b) == areEqual)
        #expect(datatype.equals(second, b))
    }

    // MARK: Laws

    @Test func decimalsAreOrderedLikeIntegers() throws {
        var random = Generator(seed: 1)
        for _ in 0..<2000 {
            let range: ClosedRange<Int128> =
                random.chance(1, in: 2) ? -120...120 : Int128.min / 1000...Int128.max / 1000
            let (a, b) = (Int128.random(in: range, using: &random), Int128.random(in: range, using: &random))
            let x = try decimal(a, scale: 2, &random)
            let y = try decimal(b, scale: 2, &random)
            #expect((x < y) == (a < b) && (x == y) == (a == b), "\(a) \(b)")
        }
    }

    /// Of a number of hundredths, written in one of the possible ways.
    private func decimal(_ number: Int128, scale: Int, _ random: inout Generator) throws -> DecimalNumber {
        let digits = String(repeating: "0", count: 3 + random.number(below: 4)) + String(number.magnitude)
        let text =
            (number < 0 ? "-" : "") + digits.dropLast(scale) + "." + digits.suffix(scale)
            + String(repeating: "0", count: random.number(below: 3))
        let number = DecimalNumber(Array(text.utf8).span)
        return try #require(number)
    }

    @Test func bigNumbersCalculateLikeIntegers() {
        var random = Generator(seed: 2)
        for _ in 0..<2000 {
            let (a, b) = (
                UInt128.random(in: 0...(.max >> UInt128.random(in: 40...120, using: &random)), using: &random),
                UInt128.random(in: 0...(.max >> 40), using: &random)
            )
            let (x, y) = (BigNatural(digits: Array("00\(a)".utf8)), BigNatural(digits: Array("\(b)".utf8)))
            #expect(x + y == BigNatural(digits: Array("\(a + b)".utf8)))
            #expect(x * 86_400 == BigNatural(digits: Array("\(a * 86_400)".utf8)))
            #expect((x < y) == (a < b))
            let (quotient, remainder) = x.quotientAndRemainder(dividingBy: 4800)
            #expect(quotient * 4800 + BigNatural(UInt64(remainder)) == x && remainder == Int(a % 4800))
        }
    }

    @Test func eachDayIsADayAfterTheOneBefore() throws {
        var last: Int64?
        for year in Array(-5...(-1)) + Array(1...5) + Array(1895...1905) + Array(1995...2005) {
            if [1, 1895, 1995].contains(year), year != 1 { last = nil }
            for month in 1...12 {
                for day in 1...31 {
                    let text = (year < 0 ? "-" : "") + String(format: "%04d-%02d-%02d", abs(year), month, day)
                    guard let value = CalendarValue(Array(text.utf8).span, [.year, .month, .day]) else { continue }
                    if let last { #expect(value.milliseconds - last == 86_400_000, "\(text)") }
                    last = value.milliseconds
                }
            }
        }
        let epoch = CalendarValue(Array("1970-01-01T00:00:00Z".utf8).span, [.year, .month, .day, .time])
        #expect(epoch?.milliseconds == 0)
    }

    @Test func zonesNormalise() throws {
        let datatype = try datatype("dateTime")
        for _ in 0..<500 {
            let (hour, minute) = (Int.random(in: 0...12), Int.random(in: 0...59))
            let day = Int.random(in: 2...27)
            let west = String(format: "2004-02-%02dT%02d:%02d:00-00:00", day, hour, minute)
            let east = String(format: "2004-02-%02dT%02d:%02d:00+%02d:00", day, hour + 11, minute, 11)
            #expect(datatype.value(west) == datatype.value(east))
        }
    }

    @Test func durationsAreOrderedInPart() {
        let texts = [
            "P1M", "P28D", "P30D", "P31D", "P32D", "P1Y", "P365D", "P366D", "P367D", "-P1M", "PT0S", "P400Y",
            "P146097D", "P1DT.5S",
        ]
        let values = texts.compactMap { DurationValue(Array($0.utf8).span) }
        for (i, a) in values.enumerated() {
            for (j, b) in values.enumerated() {
                if a.precedes(b) { #expect(!b.precedes(a)) }
                for c in values where a.precedes(b) && b.precedes(c) { #expect(a.precedes(c)) }
                if i == j { #expect(!a.precedes(b)) }
            }
        }
        #expect(
            values[0].precedes(values[4]) && values[1] != values[0] && !values[2].precedes(values[0])
                && !values[0].precedes(values[2]))
        #expect(values[9].precedes(values[10]) && !values[11].precedes(values[12]) && !values[12].precedes(values[11]))
    }

    // MARK: Words

    @Test(arguments: [
        ("date", "12/03/1818", "dates are written year-month-day: 1818-03-12 or 1818-12-03"),
        ("date", "13.3.1818", "dates are written year-month-day: 1818-03-13"),
        ("date", "1818-3-12", "dates are written year-month-day: 1818-03-12"),
        ("date", "12 March 1818", "dates are written year-month-day: 1818-03-12"),
        ("date", "1818-02-30", "there is no day 30: February 1818 has 28 days"),
        ("date", "30/02/1818", "there is no day 30: February 1818 has 28 days"),
        ("date", "1818-13-01", "there is no month 13"),
        ("date", "1818", "the month and day are missing"),
        ("date", "", "it is empty: give it a value, or leave it out"),
        ("gYear", "818", "years are written with four digits at least: 0818"),
        ("gYear", "1818-03", "the month is too much"),
        ("gMonthDay", "--02-30", "there is no day 30: February has 29 days"),
        ("time", "9:30", "times are written hours:minutes:seconds: 09:30:00"),
        ("time", "24:00:00", "the end of a day is written as the beginning of the next: 00:00:00"),
        (
            "dateTime", "1818-03-12 9:30Z",
            "dates with times are written year-month-dayThours:minutes:seconds: 1818-03-12T09:30:00Z"
        ),
        ("boolean", "Yes", "it is written true"),
        ("decimal", "1,5", "numbers are written with a point: 1.5"),
        ("integer", "12 000", "numbers are written without a mark or space between their digits: 12000"),
        ("integer", "3.5", "it is not a whole number"),
        ("byte", "200", "it must be at most 127"),
        ("ID", "1a", "a name begins with a letter or ‘_’, not with ‘1’"),
        ("ID", "a b", "there is white space within it"),
        ("NCName", "a:b", "‘:’ may not stand in a name"),
        ("QName", "u:a", "the prefix ‘u’ is not bound to a namespace here"),
        ("language", "en_US", "it is written en-US"),
        ("anyURI", "50%", "‘%’ must be followed by two hexadecimal digits: write %25 for the character itself"),
        ("anyURI", "#a #b", "there is white space within it"),
        ("IDREFS", "a 1b", "a name begins with a letter or ‘_’, not with ‘1’"),
    ])
    func reasons(_ name: String, _ string: String, _ reason: String) throws {
        #expect(try datatype(name).reason(for: string) == reason)
    }

    @Test func expectations() throws {
        #expect(try datatype("date").expectation == "a date such as 1818-03-12")
        #expect(try datatype("token", ("pattern", "[A-Z]+")).expectation == "a token that matches [A-Z]+")
        #expect(try datatype("anyURI", ("pattern", #"\S+"#)).expectation == "a URI reference without white space")
        #expect(try datatype("nonNegativeInteger").expectation == "a whole number from 0")
        #expect(
            try datatype("integer", ("minExclusive", "0"), ("maxInclusive", "12")).expectation
                == "a whole number from 1 to 12")
        #expect(try datatype("string", ("length", "1")).expectation == "text of 1 character")
        for name in XMLSchemaType.all.keys.sorted() { #expect(try !datatype(name).expectation.isEmpty) }
    }

    @Test func patternsTellWhereTheyFail() throws {
        let datatype = try datatype("token", ("pattern", "é[A-Z]{2}"))
        #expect(datatype.reason(for: "éAb") == "its character 3, ‘b’, does not fit: it must match é[A-Z]{2}")
        #expect(datatype.reason(for: "éA") == "something is missing at its end: it must match é[A-Z]{2}")
        #expect(datatype.reason(for: "é A") == "there is white space within it")
    }

    /// Whatever the string, there is an answer, and it is the same after normalisation.
    @Test func anyStringIsAnswered() throws {
        let characters = Array("0123456789-:TZ+.PYMDHS eE#%[]/é😀\t\na_")
        for name in XMLSchemaType.all.keys.sorted() {
            let datatype = try datatype(name)
            for _ in 0..<100 {
                let string = String((0..<Int.random(in: 0...12)).map { _ in characters.randomElement() ?? "0" })
                let isAllowed = datatype.allows(string)
                if isAllowed { #expect(datatype.reason(for: string, namespace: { $0 == "p" ? "urn:p" : nil }) == nil) }
                #expect((datatype.value(string) != nil) == isAllowed, "\(name) \(string)")
            }
        }
    }
}
