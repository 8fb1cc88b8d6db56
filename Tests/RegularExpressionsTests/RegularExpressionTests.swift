@testable import RegularExpressions
import Testing
@testable import XML

/// An expression that an expectation may ask, though it learns from what it is asked.
private final class Matcher {
    private var expression: RegularExpression

    init(_ pattern: String) throws(RegexSyntaxError) {
        expression = try RegularExpression(pattern)
    }

    func matches(_ string: String) -> Bool { expression.matches(Array(string.utf8).span) }

    func failure(in string: String) -> Int? { expression.failure(in: Array(string.utf8).span) }
}

/// A regular expression as a tree, which the tests match in the most simple way.
private indirect enum Expression {
    case set(String, @Sendable (Character) -> Bool)
    case sequence([Expression])
    case choice([Expression])
    case repetition(Expression, Int, Int?)

    static let alphabet = Array("abcéß1 𐌰")

    static func random(_ depth: Int) -> Expression {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 4)) {
        case 0...3: return randomSet()
        case 4: return .sequence((0..<Int.random(in: 0...3)).map { _ in random(depth - 1) })
        case 5: return .choice((0..<Int.random(in: 1...3)).map { _ in random(depth - 1) })
        default:
            let minimum = Int.random(in: 0...2)
            return .repetition(random(depth - 1), minimum, Bool.random() ? nil : minimum + Int.random(in: 0...2))
        }
    }

    private static func randomSet() -> Expression {
        switch Int.random(in: 0..<7) {
        case 0: .set(".") { _ in true }
        case 1: .set("[^a-b]") { $0 != "a" && $0 != "b" }
        case 2: .set(#"\p{L}"#) { $0.isLetter }
        case 3: .set(#"[\w-[b-c\d]]"#) { $0.isLetter && $0 != "b" && $0 != "c" }
        case 4: .set(#"\S"#) { $0 != " " }
        default: { character in .set(String(character)) { $0 == character } }(alphabet.randomElement() ?? "a")
        }
    }

    var pattern: String {
        switch self {
        case .set(let text, _): text
        case .sequence(let parts): "(" + parts.map(\.pattern).joined() + ")"
        case .choice(let parts): "(" + parts.map(\.pattern).joined(separator: "|") + ")"
        case .repetition(let part, 0, nil): "(\(part.pattern))*"
        case .repetition(let part, 1, nil): "(\(part.pattern))+"
        case .repetition(let part, 0, 1): "(\(part.pattern))?"
        case .repetition(let part, let minimum, let maximum):
            "(\(part.pattern)){\(minimum),\(maximum.map(String.init) ?? "")}"
        }
    }

    /// Where a match that begins at `start` may end.
    func ends(_ string: [Character], _ start: Int) -> Set<Int> {
        switch self {
        case .set(_, let contains):
            return start < string.count && contains(string[start]) ? [start + 1] : []
        case .sequence(let parts):
            return parts.reduce([start]) { ends, part in Set(ends.flatMap { part.ends(string, $0) }) }
        case .choice(let parts):
            return Set(parts.flatMap { $0.ends(string, start) })
        case .repetition(let part, let minimum, let maximum):
            var found: Set<Int> = minimum == 0 ? [start] : []
            var ends: Set<Int> = [start]
            for count in 1...(maximum.map { max($0, 1) } ?? string.count + minimum + 1) where maximum != 0 {
                ends = Set(ends.flatMap { part.ends(string, $0) })
                if count >= minimum { found.formUnion(ends) }
            }
            return found
        }
    }
}

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        (#"[^\p{C}\p{Z}]+"#, ["handwritten", "é中😀"], ["", "a b", "a\u{A0}", "\u{E000}"]),
        (#"(\p{L}|\p{N}|\p{P}|\p{S})+"#, ["a1,+"], [" ", "a\n"]),
        (#"\i\c*"#, ["a-1", ":", "é"], ["1", "-", "a&", "𐌰"]),
        (#"\I\C"#, ["1&"], ["a&", "11"]),
        (#"\d\D\w\W\s\S"#, ["٠aé, a"], ["a"]),
        (#"[a-z-[aeiou]]+"#, ["xyz"], ["a", "xa"]),
        (#"[a-z-[c-x-[m]]]+"#, ["abmyz"], ["c", "l"]),
        (#"[^\W\}]"#, ["a", "é"], ["}", "-"]),
        (#"\p{IsGreek}\P{IsGreek}"#, ["αa"], ["aα", "αα"]),
        (#"[\p{IsPrivateUse}]"#, ["\u{E000}", "\u{10FFFD}"], ["a"]),
        (#"."#, ["a", "\t", "😀"], ["\n", "\r", "", "ab"]),
        (#"^$&~-"#, ["^$&~-"], ["", "&~-"]),
        (#"a||b"#, ["a", "", "b"], ["ab"]),
        (#"(a?){3}"#, ["", "aaa"], ["aaaa"]),
        (#"a{2,}|b{0}|c{1,2}|d{2}"#, ["", "aa", "aaa", "c", "cc", "dd"], ["a", "b", "ccc", "d", "ddd"]),
        (#"x{002,0003}"#, ["xx", "xxx"], ["x", "xxxx"]),
        (#"x{0,4294967296}y{4294967296,}|z"#, ["z"], ["", "xxxy"]),
        (#"\n\r\t\\\|\.\-\^\?\*\+\(\)\{\}\[\]"#, ["\n\r\t\\|.-^?*+(){}[]"], [""]),
    ])
    func matching(_ pattern: String, _ matching: [String], _ others: [String]) throws {
        let expression = try Matcher(pattern)
        for string in matching { #expect(expression.matches(string), "\(string)") }
        for string in others { #expect(!expression.matches(string), "\(string)") }
    }

    @Test(arguments: [
        ("a**", 2), ("?", 0), ("(a", 0), ("a)", 1), ("a]", 1), ("a}", 1), ("[", 0), ("[]", 1), ("[a", 0), ("[a-]", 3),
        ("[-a]", 1),
        ("[b-a]", 3), (#"[a-\d]"#, 3), ("[a-[b]c]", 6), ("[a-b-c]", 5), ("a{", 2), ("a{,2}", 2), ("a{2,1}", 1),
        ("a{2", 3), ("a{1, 2}", 4),
        (#"\"#, 1), (#"\$"#, 1), (#"\p"#, 2), (#"\pL"#, 2), (#"\p{"#, 2), (#"\p{}"#, 3), (#"\p{Xx}"#, 3),
        (#"é\p{IsNowhere}"#, 4), ("x{3000000000,2999999999}", 1),
    ])
    func errors(_ pattern: String, _ offset: Int) throws {
        let error = #expect(throws: RegexSyntaxError.self) { try Matcher(pattern) }
        #expect(error?.offset == offset)
        #expect(error?.reason.isEmpty == false)
    }

    @Test func likeANaiveMatcher() throws {
        for _ in 0..<1500 {
            let expression = Expression.random(3)
            let compiled = try Matcher(expression.pattern)
            for _ in 0..<8 {
                let string = (0..<Int.random(in: 0...6)).map { _ in Expression.alphabet.randomElement() ?? "a" }
                let expected = expression.ends(string, 0).contains(string.count)
                #expect(compiled.matches(String(string)) == expected, "\(expression.pattern) ‘\(String(string))’")
            }
        }
    }

    @Test func failuresAreTheFirstCharacterWithoutContinuation() throws {
        let expression = try Matcher("é(ab|cd)*x")
        #expect(expression.failure(in: "éabcx") == 5)
        #expect(expression.failure(in: "éab") == 4)
        #expect(expression.failure(in: "éabx") == nil)
        #expect(expression.failure(in: "éxx") == 3)
    }

    /// Expressions on which backtracking takes exponential time, or writing repetitions out exponential space.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("(a*)*b", "a", false), ("(a|aa)+", "a", true), ("(a|a)*b", "a", false), ("(a?){500}a{500}", "a", false),
            ("((a{0,1000}){0,1000}){0,1000}", "a", true), ("a{0,2147483648}", "a", true), ("a{2147483648}", "a", false),
            ("(.*)(.*)(.*)(.*)(.*)x", "a", false), (#"(\w+\s?)*!"#, "a", false), ("(a{1,30}){1,30}b?", "a", false),
        ])
    func noBlowUp(_ pattern: String, _ string: String, _ isMatch: Bool) throws {
        let expression = try Matcher(pattern)
        #expect(expression.matches(String(repeating: string, count: 3000)) == isMatch)
    }

    @Test(.timeLimit(.minutes(1))) func depthIsNoMatter() throws {
        let count = 20_000
        let nested = try Matcher(String(repeating: "(", count: count) + "a" + String(repeating: ")?", count: count))
        #expect(nested.matches("a") && nested.matches("") && !nested.matches("aa"))
        let optional = try Matcher(String(repeating: "a?", count: 500))
        #expect(
            optional.matches(String(repeating: "a", count: 500))
                && !optional.matches(String(repeating: "a", count: 501)))
        #expect(throws: RegexSyntaxError.self) { try Matcher(String(repeating: "(", count: count)) }
        let subtractions = try Matcher(
            String(repeating: "[a-z-", count: count) + "[b]" + String(repeating: "]", count: count))
        #expect(subtractions.matches("a") == subtractions.matches("c"))
    }

    /// More states than are kept: what is forgotten is found again.
    @Test func forgetting() throws {
        let expression = try Matcher("(a|b)*a(a|b){13}")
        for _ in 0..<4 {
            let string = (0..<8000).map { _ in Bool.random() ? Character("a") : "b" }
            for end in [14, 20, 4000, 8000] {
                #expect(expression.matches(String(string[..<end])) == (string[end - 14] == "a"))
            }
        }
    }

    /// Characters of more kinds than a row of the table has room for at first.
    @Test func manyKindsOfCharacters() throws {
        let letters = (0..<200).compactMap { Unicode.Scalar(0x400 + $0).map(String.init) }
        let expression = try Matcher("(" + letters.joined(separator: "|") + ")*")
        #expect(expression.matches(letters.joined()) && expression.matches(letters.reversed().joined()))
        #expect(!expression.matches(letters.joined() + "a"))
    }
}
