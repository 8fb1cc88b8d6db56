@testable import RegularExpressions
import Testing
@testable import XML
@testable import XPath

/// A regular expression as a tree, which the tests match in the most simple way: by backtracking.
private indirect enum Tree {
    case character(Character)
    case any
    case start, end
    case sequence([Tree])
    case choice([Tree])
    case repetition(Tree, Int, Int?, isGreedy: Bool)
    case group(Tree, Int)

    static func random(_ depth: Int, _ groups: inout Int) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 12 : 6)) {
        case 0...3: return .character("abé\n".randomElement() ?? "a")
        case 4: return .any
        case 5: return Bool.random() ? .start : .end
        case 6, 7: return .sequence((0..<Int.random(in: 0...3)).map { _ in random(depth - 1, &groups) })
        case 8: return .choice((0..<Int.random(in: 1...3)).map { _ in random(depth - 1, &groups) })
        case 9:
            groups += 1
            let number = groups
            return .group(random(depth - 1, &groups), number)
        default:
            let minimum = Int.random(in: 0...2)
            let maximum = Bool.random() ? nil : minimum + Int.random(in: 0...2)
            return .repetition(random(depth - 1, &groups), minimum, maximum, isGreedy: Bool.random())
        }
    }

    var pattern: String {
        switch self {
        case .character("\n"): "\\n"
        case .character(let character): String(character)
        case .any: "."
        case .start: "^"
        case .end: "$"
        case .sequence(let parts): "(?:" + parts.map(\.pattern).joined() + ")"
        case .choice(let parts): "(?:" + parts.map(\.pattern).joined(separator: "|") + ")"
        case .group(let part, _): "(\(part.pattern))"
        case .repetition(let part, let minimum, let maximum, let isGreedy):
            "(?:\(part.pattern)){\(minimum),\(maximum.map(String.init) ?? "")}" + (isGreedy ? "" : "?")
        }
    }

    typealias Captures = [Int: Range<Int>]

    /// Tries what may follow with each place where a match may end, in order.
    func match(
        _ string: [Character], _ at: Int, _ captures: Captures, _ then: (Int, Captures) -> (Int, Captures)?
    ) -> (Int, Captures)? {
        switch self {
        case .character(let character):
            return at < string.count && string[at] == character ? then(at + 1, captures) : nil
        case .any: return at < string.count && string[at] != "\n" ? then(at + 1, captures) : nil
        case .start: return at == 0 || string[at - 1] == "\n" && at < string.count ? then(at, captures) : nil
        case .end: return at == string.count || string[at] == "\n" ? then(at, captures) : nil
        case .sequence(let parts):
            guard let first = parts.first else { return then(at, captures) }
            return first.match(string, at, captures) {
                Tree.sequence(Array(parts.dropFirst())).match(string, $0, $1, then)
            }
        case .choice(let parts):
            for part in parts { if let found = part.match(string, at, captures, then) { return found } }
            return nil
        case .group(let part, let number):
            return part.match(string, at, captures) { then($0, $1.merging([number: at..<$0]) { $1 }) }
        case .repetition(let part, let minimum, let maximum, let isGreedy):
            func again() -> (Int, Captures)? {
                if maximum == 0 { return nil }
                let rest = Tree.repetition(part, max(0, minimum - 1), maximum.map { $0 - 1 }, isGreedy: isGreedy)
                return part.match(string, at, captures) { end, captures in
                    end == at && minimum == 0 ? then(end, captures) : rest.match(string, end, captures, then)
                }
            }
            if minimum > 0 { return again() }
            return isGreedy ? again() ?? then(at, captures) : then(at, captures) ?? again()
        }
    }

    /// Whether something may be repeated that may be empty: which of its turns captured last is nowhere said.
    var repeatsNothing: Bool {
        switch self {
        case .character, .any, .start, .end: false
        case .sequence(let parts), .choice(let parts): parts.contains(where: \.repeatsNothing)
        case .group(let part, _): part.repeatsNothing
        case .repetition(let part, _, _, _): part.repeatsNothing || part.mayBeEmpty
        }
    }

    private var mayBeEmpty: Bool {
        switch self {
        case .character, .any: false
        case .start, .end: true
        case .sequence(let parts): parts.allSatisfy(\.mayBeEmpty)
        case .choice(let parts): parts.contains(where: \.mayBeEmpty)
        case .group(let part, _): part.mayBeEmpty
        case .repetition(let part, let minimum, _, _): minimum == 0 || part.mayBeEmpty
        }
    }
}

@Suite struct XPathRegularExpressionTests {
    /// What matches, marked with brackets, with what the groups captured behind a colon.
    private func marked(_ string: String, _ pattern: String, _ flags: String = "") throws -> String {
        let bytes = Array(string.utf8)
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return try XPathRegularExpression(pattern, flags: flags).segments(string).map { segment in
            let groups = segment.groups.map { $0.map(text) ?? "-" }.joined(separator: ",")
            return segment.isMatch
                ? "[\(text(segment.range))\(groups.isEmpty ? "" : ":" + groups)]" : text(segment.range)
        }.joined()
    }

    // MARK: Matching

    @Test func likeANaiveMatcher() throws {
        for _ in 0..<1000 {
            var groups = 0
            let tree = Tree.random(4, &groups)
            let expression = try XPathRegularExpression(tree.pattern, flags: "m")
            for _ in 0..<6 {
                let characters = (0..<Int.random(in: 0...7)).map { _ in "abé\n".randomElement() ?? "a" }
                let string = String(characters)
                let (found, first) = try expression.firstMatch(in: string)
                let expected = characters.indices.lazy.map { $0 }.appending(characters.count).lazy.compactMap { start in
                    tree.match(characters, start, [:]) { ($0, $1) }.map { (start..<$0.0, $0.1) }
                }.first { _ in true }
                #expect(found == (expected != nil), "\(tree.pattern) ‘\(string)’")
                #expect(try expression.matches(string) == found)
                guard let expected, let first, !tree.repeatsNothing else { continue }
                let offset = { (index: Int) in String(characters[..<index]).utf8.count }
                var ranges = [offset(expected.0.lowerBound)..<offset(expected.0.upperBound)] as [Range<Int>?]
                for group in 0..<groups {
                    ranges.append(expected.1[group + 1].map { offset($0.lowerBound)..<offset($0.upperBound) })
                }
                #expect(first == ranges, "\(tree.pattern) ‘\(string)’")
            }
        }
    }

    /// The ways in which matches are found agree: threads, the automaton with what groups capture, and backtracking.
    @Test func allWaysAgree() throws {
        for _ in 0..<1000 {
            var groups = 0
            let tree = Tree.random(4, &groups)
            if tree.repeatsNothing { continue }
            let expression = try XPathRegularExpression(tree.pattern, flags: "m")
            guard expression.canBeSearched else { continue }
            let string = String((0..<Int.random(in: 0...20)).map { _ in "abé\n".randomElement() ?? "a" })
            let found = try expression.segments(string).filter(\.isMatch).map { [$0.range] + $0.groups }
            #expect(try expression.matchesByThreads(in: string) == found, "\(tree.pattern) ‘\(string)’")
            // A reference to nothing lets it be matched by backtracking.
            let other = try XPathRegularExpression("(?:\(tree.pattern))(z?)\\\(groups + 1)", flags: "m")
            #expect(
                try other.segments(string).filter(\.isMatch).map { [$0.range] + $0.groups.dropLast() } == found,
                "\(tree.pattern) ‘\(string)’")
        }
    }

    @Test(arguments: [
        ("banana", "an?", "", "b[an][an][a]"), ("banana", "(a)(n)?", "", "b[an:a,n][an:a,n][a:a,-]"),
        ("aaa", "a+?", "", "[a][a][a]"),
        ("12-34", #"(\d+)-(\d+)"#, "", "[12-34:12,34]"), ("a.b", ".", "q", "a[.]b"), ("aXbx", "x", "i", "a[X]b[x]"),
        ("ab ab", "^ab", "", "[ab] ab"),
        ("a\nb", "^.", "m", "[a]\n[b]"), ("a\nb\n", ".$", "m", "[a]\n[b]\n"), ("a\nb", "a.b", "s", "[a\nb]"),
        ("ab", " a b ", "x", "[ab]"),
        ("a b", "a[ ]b", "x", "[a b]"), ("abab", #"(ab)\1"#, "", "[abab:ab]"), ("abAB", #"(ab)\1"#, "i", "[abAB:ab]"),
        ("ſtraße", "S|ẞ", "i", "[ſ]tra[ß]e"),
        ("\u{212A}", "[a-z]", "i", "[\u{212A}]"), ("xX", "[^x]", "i", "xX"), ("é e\u{301}", "é", "", "[é] e\u{301}"),
        ("a$b", #"\$"#, "", "a[$]b"),
        ("a-b", "[a-]+", "", "[a-]b"), ("a-b", "[-b]+", "", "a[-b]"), ("ab", "(x)?ab", "", "[ab:-]"),
        ("aab", "(?:a|(b))+", "", "[aab:b]"),
        ("\u{1F600}!", #"\p{IsEmoticons}"#, "", "[\u{1F600}]!"), ("foobar", "(foo|foob)(.*)", "", "[foobar:foo,bar]"),
    ])
    func matching(_ string: String, _ pattern: String, _ flags: String, _ expected: String) throws {
        #expect(try Array(marked(string, pattern, flags).unicodeScalars) == Array(expected.unicodeScalars))
    }

    // MARK: Replacing

    @Test(arguments: [
        ("abc", "b", "[$0]", "a[b]c"), ("abc", "(a)(b)", "$2$1", "bac"), ("abc", "(a)", "$12", "a2bc"),
        ("abc", "b", "$1", "ac"),
        ("abc", "b", #"\$\\"#, #"a$\c"#), ("abc", "x", "y", "abc"), ("aaa", "a", "bb", "bbbbbb"),
        ("abc", "c$", "", "ab"),
    ])
    func replacing(_ string: String, _ pattern: String, _ replacement: String, _ expected: String) throws {
        #expect(try XPathRegularExpression(pattern).replace(string, with: replacement) == expected)
    }

    @Test func splitting() throws {
        #expect(try XPathRegularExpression(",").split(",a,,b") == ["", "a", "", "b"])
        #expect(try XPathRegularExpression(#"\s+"#).split(" a  b ") == ["", "a", "b", ""])
        #expect(try XPathRegularExpression("x").split("") == [""])
    }

    // MARK: Errors

    @Test(arguments: [
        ("a**", "", "FORX0002"), ("(a", "", "FORX0002"), ("[a", "", "FORX0002"), ("(?=a)", "", "FORX0002"),
        (#"\1(a)"#, "", "FORX0002"), (#"(a\1)"#, "", "FORX0002"),
        (#"(a)[\1]"#, "", "FORX0002"), ("a{2,1}", "", "FORX0002"), ("[a--]", "", "FORX0002"), (#"\b"#, "", "FORX0002"),
        ("((a{900}){900}){900}", "", "FORX0002"),
        ("a", "y", "FORX0001"), ("a", " ", "FORX0001"), (String(repeating: "(", count: 1000), "", "FORX0002"),
    ])
    func errors(_ pattern: String, _ flags: String, _ code: String) {
        #expect(
            #expect(throws: RegexError.self) { try XPathRegularExpression(pattern, flags: flags) }.map {
                XPathError($0).code
            } == code)
    }

    @Test func versions() throws {
        #expect(
            #expect(throws: RegexError.self) { try XPathRegularExpression("(?:a)", hasXPath3: false) }.map {
                XPathError($0).code
            } == "FORX0002")
        #expect(
            #expect(throws: RegexError.self) { try XPathRegularExpression("a", flags: "q", hasXPath3: false) }.map {
                XPathError($0).code
            } == "FORX0001")
    }

    @Test(arguments: ["a*", "^", "$", "(a|)", "a{0,2}", "()"]) func emptyMatches(_ pattern: String) throws {
        let expression = try XPathRegularExpression(pattern)
        #expect(
            #expect(throws: RegexError.self) { try expression.split("b") }.map { XPathError($0).code } == "FORX0003")
        #expect(
            #expect(throws: RegexError.self) { try expression.replace("b", with: "") }.map { XPathError($0).code }
                == "FORX0003")
        #expect(try expression.matches(""))
    }

    @Test(arguments: ["$", "$a", #"\"#, #"\a"#, "a$"]) func wrongReplacements(_ replacement: String) throws {
        let expression = try XPathRegularExpression("a")
        #expect(
            #expect(throws: RegexError.self) { try expression.replace("a", with: replacement) }.map {
                XPathError($0).code
            } == "FORX0004")
    }

    // MARK: Limits

    /// Expressions on which backtracking takes exponential time, or trying each place quadratic time.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("(a*)*b", 0), ("(a|a)*b", 0), (#"(\w+\s?)*!"#, 0), ("a.*b|a", 2_000), ("(a+)+$", 1),
            ("((a{1,20}){1,20}){1,20}b", 0), ("(a?){100}a{100}", 10),
        ])
    func noBlowUp(_ pattern: String, _ count: Int) throws {
        let string = String(repeating: "a", count: 2_000)
        let found = try XPathRegularExpression(pattern).segments(string).count { $0.isMatch }
        #expect(found == count)
    }

    @Test(.timeLimit(.minutes(1))) func referencesHaveALimit() throws {
        let expression = try XPathRegularExpression(#"(a*)*(a*)*\1b"#)
        #expect(throws: RegexError.tooSlow(ways: RegexBacktracker.limit)) {
            try expression.matches(String(repeating: "a", count: 200))
        }
    }

    @Test func largeCounts() throws {
        #expect(try XPathRegularExpression("a{2147483647}").matches("aaa") == false)
        #expect(try XPathRegularExpression("^a{0,99999999999}$").matches("aaa"))
        #expect(throws: RegexError.countTooLarge(5000)) {
            try XPathRegularExpression("^a{0,5000}$").matches(String(repeating: "a", count: 5000))
        }
    }

    /// More states than are kept: what is forgotten is found again.
    @Test func forgetting() throws {
        let expression = try XPathRegularExpression("^(a|b)*a(a|b){13}$")
        for _ in 0..<4 {
            let string = (0..<8000).map { _ in Bool.random() ? Character("a") : "b" }
            for end in [14, 20, 4000, 8000] {
                #expect(try expression.matches(String(string[..<end])) == (string[end - 14] == "a"))
            }
        }
    }

    @Test func manyKindsOfCharacters() throws {
        let letters = (0..<200).compactMap { Unicode.Scalar(0x400 + $0).map(String.init) }
        let expression = try XPathRegularExpression("^(" + letters.joined(separator: "|") + ")*$")
        #expect(try expression.matches(letters.joined()) && !expression.matches(letters.joined() + "x"))
    }

    @Test func threadsShareExpressions() async throws {
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try (0..<500).allSatisfy { step in
                        let string = "\(number)-\(step)"
                        return try XPathRegularExpression.cached(#"^(\d+)-(\d+)$"#).replace(string, with: "$2-$1")
                            == "\(step)-\(number)"
                    }
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(results)
    }
}

extension Sequence {
    fileprivate func appending(_ element: Element) -> [Element] { Array(self) + [element] }
}

extension XPathRegularExpression {
    /// Whether no match is empty.
    fileprivate var canBeSearched: Bool { (try? split("")) != nil }

    /// The first match by threads, which may be empty, with what the groups capture.
    fileprivate func firstMatch(in string: String) throws -> (Bool, [Range<Int>?]?) {
        var (threads, captures) = makeThreads()
        guard threads.find(in: string.utf8.span, from: 0, &captures) else { return (false, nil) }
        return (true, Self.ranges(captures))
    }

    fileprivate func matchesByThreads(in string: String) throws -> [[Range<Int>?]] {
        var (threads, captures) = makeThreads()
        var (found, position): ([[Range<Int>?]], Int) = ([], 0)
        while threads.find(in: string.utf8.span, from: position, &captures) {
            found.append(Self.ranges(captures))
            position = captures[1]
        }
        return found
    }

    private func makeThreads() -> (RegexThreads, [Int]) {
        (RegexThreads(program, start), Array(repeating: -1, count: program.slots))
    }

    private static func ranges(_ captures: [Int]) -> [Range<Int>?] {
        stride(from: 0, to: captures.count, by: 2).map {
            captures[$0] < 0 || captures[$0 + 1] < captures[$0] ? nil : captures[$0]..<captures[$0 + 1]
        }
    }
}
