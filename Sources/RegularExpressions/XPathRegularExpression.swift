internal import Files
internal import Synchronization

/// A regular expression of XPath (XPath functions, 5.6.1), compiled. It may be shared between threads.
///
///     let expression = try XPathRegularExpression(#"(\d+)-(\d+)"#)
///     try expression.replace("12-34", with: "$2-$1")          // 34-12
///
/// Without back-references the time is linear in the string; with them it has a limit. Offsets are those of UTF-8.
package final class XPathRegularExpression: Sendable {
    /// A part of a string: a match, or the text between matches.
    package struct Segment: Sendable {
        package var range: Range<Int>
        package var isMatch: Bool
        /// Of a match: what each group captured, from number 1 on.
        package var groups: [Range<Int>?] = []
    }

    private let pattern: String
    private let flagText: String
    private let hasXPath3: Bool
    /// By the number of a group, from 1: that of the group around it; 0 is the whole.
    package let groupParents: [Int]
    private let flags: RegexFlags
    let program: RegexProgram
    let start: RegexStart
    private let literal: RegexLiteral?
    private let matcher: Mutex<RegexMatcher>
    /// For several threads at once.
    private let spareMatchers = Mutex<[RegexMatcher]>([])

    /// - Parameters:
    ///   - flags: those of fn:matches, as `i`.
    ///   - hasXPath3: whether there are groups that capture nothing and the flag `q`, as from XPath 3.0 on.
    /// - Throws: ``RegexError/unknownFlag(_:)``, ``RegexError/syntax(pattern:_:)`` or ``RegexError/tooLarge``.
    package init(_ pattern: String, flags: String = "", hasXPath3: Bool = true) throws(RegexError) {
        (self.pattern, flagText, self.hasXPath3) = (pattern, flags, hasXPath3)
        let flags = try RegexFlags(flags, hasXPath3: hasXPath3)
        var parser = RegexParser(pattern, .xpath, RegexTreeBuilder(), flags, hasXPath3: hasXPath3)
        let node: RegexNode
        do throws(RegexSyntaxError) {
            node = try parser.parse()
        } catch {
            throw .syntax(pattern: pattern, error)
        }
        self.flags = flags
        groupParents = parser.parents
        program = try RegexProgram(node, parser.builder.sets, groups: parser.parents.count - 1, flags)
        start = RegexStart(node, parser.builder.sets)
        literal = RegexLiteral(node, parser.builder.sets, flags)
        matcher = Mutex(RegexMatcher(program, start))
    }

    // MARK: Matching

    /// Whether a part of the string matches (fn:matches).
    ///
    /// - Throws: ``RegexError/tooSlow(ways:)`` or ``RegexError/countTooLarge(_:)``.
    package func matches(_ string: String) throws(RegexError) -> Bool {
        if let literal { return literal.matches(string.utf8.span) }
        guard try mayMatch(string) else { return false }
        return try withMatcher { matcher throws(RegexError) in try matcher.matches(string.utf8.span) }
    }

    private func mayMatch(_ string: String) throws(RegexError) -> Bool {
        if string.utf8.count < program.minimumLength { return false }
        if string.utf8.count >= program.longest { throw .countTooLarge(program.longest) }
        return true
    }

    /// All matches, none of which is empty, with as many positions as are wanted.
    ///
    /// - Throws: ``RegexError/matchesEmptyString``, and as ``matches(_:)``.
    private func forEachMatch(in string: String, slots: Int, _ body: ([Int]) -> Void) throws(RegexError) {
        // Anchors are right in an empty string, and references are empty.
        if program.minimumLength == 0 { throw .matchesEmptyString }
        if let literal, slots <= 2 {
            literal.forEachMatch(in: string.utf8.span) { body([$0.lowerBound, $0.upperBound]) }
        } else if try mayMatch(string) {
            try withMatcher { matcher throws(RegexError) in
                try matcher.forEachMatch(in: string.utf8.span, slots: slots, body)
            }
        }
    }

    private func withMatcher<Result: Sendable>(
        _ body: (inout RegexMatcher) throws(RegexError) -> Result
    ) throws(RegexError) -> Result {
        let result = try matcher.withLockIfAvailable { matcher throws(RegexError) in try body(&matcher) }
        if let result { return result }
        var spare = spareMatchers.withLock { $0.popLast() } ?? RegexMatcher(program, start)
        defer { spareMatchers.withLock { $0.append(spare) } }
        return try body(&spare)
    }

    /// The parts between the matches (fn:tokenize): at least one.
    ///
    /// - Parameter limit: how many parts there may be.
    /// - Throws: ``RegexError/matchesEmptyString``, ``RegexError/tooManyParts(_:)``, and as ``matches(_:)``.
    package func split(_ string: String, limit: Int = .max) throws(RegexError) -> [String] {
        var parts: [String] = []
        var position = 0
        try forEachMatch(in: string, slots: 2) { match in
            guard parts.count <= limit else { return }
            parts.append(string.slice(position..<match[0]))
            position = match[1]
        }
        if parts.count > limit { throw .tooManyParts(limit) }
        parts.append(string.slice(position..<string.utf8.count))
        return parts
    }

    /// The string in parts that match and parts that do not, none of which is empty (fn:analyze-string).
    ///
    /// - Throws: ``RegexError/matchesEmptyString``, and as ``matches(_:)``.
    package func segments(_ string: String) throws(RegexError) -> [Segment] {
        var segments: [Segment] = []
        var position = 0
        try forEachMatch(in: string, slots: program.slots) { match in
            if match[0] > position { segments.append(Segment(range: position..<match[0], isMatch: false)) }
            let groups = stride(from: 2, to: match.count, by: 2).map { slot -> Range<Int>? in
                let (start, end) = (match[slot], match[slot + 1])
                return start >= 0 && end >= start ? start..<end : nil
            }
            segments.append(Segment(range: match[0]..<match[1], isMatch: true, groups: groups))
            position = match[1]
        }
        let end = string.utf8.count
        if position < end { segments.append(Segment(range: position..<end, isMatch: false)) }
        return segments
    }

    // MARK: Replacing

    private enum Replacement {
        case literal(String)
        case group(Int)
    }

    /// Each match replaced (fn:replace).
    ///
    /// - Parameter replacement: with `$1` for what the first group captured, `$0` for the match, `\$` and `\\`; with
    ///   the flag `q` it is taken as it is.
    ///   - limit: how long the result may become.
    /// - Throws: ``RegexError/matchesEmptyString``, ``RegexError/wrongReplacement(_:)``, ``RegexError/resultTooLong``,
    ///   and as ``matches(_:)``.
    package func replace(_ string: String, with replacement: String, limit: Int = .max) throws(RegexError) -> String {
        let parts = flags.isLiteral ? [.literal(replacement)] : try parts(of: replacement)
        let groups = parts.compactMap { if case .group(let group) = $0 { group } else { nil } }
        let source = Array(string.utf8)
        var (result, position): ([UInt8], Int) = ([], 0)
        try forEachMatch(in: string, slots: 2 * ((groups.max() ?? 0) + 1)) { match in
            guard result.count <= limit else { return }
            result += source[position..<match[0]]
            for part in parts where result.count <= limit {
                switch part {
                case .literal(let text): result += text.utf8
                case .group(let group):
                    let (start, end) = (match[2 * group], match[2 * group + 1])
                    if start >= 0, end >= start { result += source[start..<end] }
                }
            }
            position = match[1]
        }
        if result.count > limit { throw .resultTooLong }
        if position == 0 { return string }
        result += source[position...]
        return String(decoding: result, as: UTF8.self)
    }

    private func parts(of replacement: String) throws(RegexError) -> [Replacement] {
        var parts: [Replacement] = []
        var text = String.UnicodeScalarView()
        var rest = replacement.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\":
                guard let escaped = rest.popFirst(), escaped == "\\" || escaped == "$" else {
                    throw .wrongReplacement(replacement)
                }
                text.append(escaped)
            case "$":
                parts.append(.literal(String(text)))
                text.removeAll()
                if let group = try groupNumber(&rest, replacement) { parts.append(.group(group)) }
            default: text.append(scalar)
            }
        }
        return parts + [.literal(String(text))]
    }

    /// As many digits as name a group; `nil` where even the first one names none, which stands for nothing.
    private func groupNumber(
        _ rest: inout Substring.UnicodeScalarView, _ replacement: String
    ) throws(RegexError) -> Int? {
        var number: Int?
        while let digit = rest.first?.value, (0x30...0x39).contains(digit) {
            let longer = (number ?? 0) * 10 + Int(digit - 0x30)
            if number != nil, longer >= groupParents.count { break }
            number = longer
            rest.removeFirst()
        }
        guard let number else { throw .wrongReplacement(replacement) }
        return number < groupParents.count ? number : nil
    }
}

// MARK: - Known expressions

extension XPathRegularExpression {
    /// By the hash of their patterns.
    private static let known = Mutex<[XPathRegularExpression?]>(Array(repeating: nil, count: 256))

    /// The same as ``init(_:flags:version:)``, made only once of patterns that are used again and again.
    package static func cached(
        _ pattern: String, flags: String = "", hasXPath3: Bool = true
    ) throws(RegexError) -> XPathRegularExpression {
        let slot = slot(of: pattern.utf8.span)
        if let found = known.withLock({ $0[slot] }), found.hasXPath3 == hasXPath3,
            found.pattern.utf8.span.equals(pattern.utf8.span), found.flagText.utf8.span.equals(flags.utf8.span)
        {
            return found
        }
        let expression = try XPathRegularExpression(pattern, flags: flags, hasXPath3: hasXPath3)
        known.withLock { $0[slot] = expression }
        return expression
    }

    private static func slot(of pattern: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in pattern.indices { hash = (hash ^ UInt64(pattern[index])) &* 0x0000_0100_0000_01B3 }
        return Int((hash ^ hash >> 32) & 255)
    }
}

// MARK: - Literal expressions

/// An expression that is a string, perhaps with anchors around it.
private struct RegexLiteral: Sendable {
    let bytes: [UInt8]
    var isAtStart = false
    var isAtEnd = false

    init?(_ node: RegexNode, _ sets: [ScalarSet], _ flags: RegexFlags) {
        var bytes: [UInt8] = []
        var parts: ArraySlice<RegexNode> = []
        if case .sequence(let all) = node { parts = all[...] } else { parts = [node] }
        if !flags.isMultiline, case .start? = parts.first {
            isAtStart = true
            parts.removeFirst()
        }
        if !flags.isMultiline, case .end? = parts.last {
            isAtEnd = true
            parts.removeLast()
        }
        for part in parts {
            guard case .set(let number) = part, let single = sets[number].single else { return nil }
            bytes += String(single).utf8
        }
        self.bytes = bytes
    }

    func matches(_ string: Span<UInt8>) -> Bool {
        switch (isAtStart, isAtEnd) {
        case (false, false): string.firstOffset(of: bytes.span) != nil
        case (true, false): string.hasPrefix(bytes.span)
        case (false, true): string.hasSuffix(bytes.span)
        case (true, true): string.equals(bytes.span)
        }
    }

    func forEachMatch(in string: Span<UInt8>, _ body: (Range<Int>) -> Void) {
        if isAtStart || isAtEnd {
            guard matches(string) else { return }
            body(isAtStart ? 0..<bytes.count : string.count - bytes.count..<string.count)
            return
        }
        var position = 0
        while let start = string.firstOffset(of: bytes.span, from: position) {
            position = start + bytes.count
            body(start..<position)
        }
    }
}
