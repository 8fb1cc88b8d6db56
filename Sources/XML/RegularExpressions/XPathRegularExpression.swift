internal import Synchronization

/// A regular expression of XPath (XPath functions, 5.6.1), compiled. It may be shared between threads.
///
///     let expression = try XPathRegularExpression(#"(\d+)-(\d+)"#)
///     try expression.replace("12-34", with: "$2-$1")          // 34-12
///
/// Without back-references the time is linear in the string; with them it has a limit. Offsets are those of UTF-8.
package final class XPathRegularExpression: Sendable {
    /// A part of a string: what matches, or what stands between matches.
    struct Segment: Sendable {
        var range: Range<Int>
        var isMatch: Bool
        /// Of a match: what each group captured, from number 1 on.
        var groups: [Range<Int>?] = []
    }

    private let pattern: String
    private let flagText: String
    private let version: StaticContext.Version
    /// By the number of a group, from 1: that of the group around it; 0 is the whole.
    let groupParents: [Int]
    private let flags: PatternFlags
    let program: PatternProgram
    let start: PatternStart
    private let literal: PatternLiteral?
    private let matcher: Mutex<PatternMatcher>
    /// For several threads at once.
    private let spareMatchers = Mutex<[PatternMatcher]>([])

    /// - Throws: FORX0001 for a wrong flag, FORX0002 for a wrong expression.
    package init(_ pattern: String, flags: String = "", version: StaticContext.Version = .xpath31) throws(XPathError) {
        (self.pattern, flagText, self.version) = (pattern, flags, version)
        let flags = try PatternFlags(flags, version: version)
        var parser = PatternParser(pattern, flags, version: version)
        let node: PatternNode
        do throws(RegularExpressionError) {
            node = try parser.parse()
        } catch {
            throw .wrongPattern(pattern, error)
        }
        self.flags = flags
        groupParents = parser.parents
        program = try PatternProgram(node, parser.sets, groups: parser.parents.count - 1, flags)
        start = PatternStart(node, parser.sets)
        literal = PatternLiteral(node, parser.sets, flags)
        matcher = Mutex(PatternMatcher(program, start))
    }

    // MARK: Matching

    /// Whether a part of the string matches (fn:matches).
    ///
    /// - Throws: FOER0000 where it takes too long, FORX0002 where a count is too large for such a string.
    package func matches(_ string: String) throws(XPathError) -> Bool {
        if let literal { return literal.matches(string.utf8.span) }
        guard try mayMatch(string) else { return false }
        return try withMatcher { matcher throws(XPathError) in try matcher.matches(string.utf8.span) }
    }

    private func mayMatch(_ string: String) throws(XPathError) -> Bool {
        if string.utf8.count < program.minimumLength { return false }
        if string.utf8.count >= program.longest { throw .countTooLarge(program.longest) }
        return true
    }

    /// All matches, none of which is empty, with as many positions as are wanted.
    ///
    /// - Throws: FORX0003 if the empty string matches.
    private func forEachMatch(in string: String, slots: Int, _ body: ([Int]) -> Void) throws(XPathError) {
        // Anchors are right in an empty string, and references are empty.
        if program.minimumLength == 0 { throw .matchesEmptyString() }
        if let literal, slots <= 2 {
            literal.forEachMatch(in: string.utf8.span) { body([$0.lowerBound, $0.upperBound]) }
        } else if try mayMatch(string) {
            try withMatcher { matcher throws(XPathError) in try matcher.forEachMatch(in: string.utf8.span, slots: slots, body) }
        }
    }

    private func withMatcher<Result: Sendable>(
        _ body: (inout PatternMatcher) throws(XPathError) -> Result
    ) throws(XPathError) -> Result {
        let result = try matcher.withLockIfAvailable { matcher throws(XPathError) in try body(&matcher) }
        if let result { return result }
        var spare = spareMatchers.withLock { $0.popLast() } ?? PatternMatcher(program, start)
        defer { spareMatchers.withLock { $0.append(spare) } }
        return try body(&spare)
    }

    /// What lies between the matches (fn:tokenize): at least one part.
    ///
    /// - Throws: FORX0003 if the empty string matches.
    func split(_ string: String) throws(XPathError) -> [String] {
        var parts: [String] = []
        var position = 0
        try forEachMatch(in: string, slots: 2) { match in
            guard parts.count <= ItemSequence.countLimit else { return }
            parts.append(string.slice(position..<match[0]))
            position = match[1]
        }
        if parts.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
        parts.append(string.slice(position..<string.utf8.count))
        return parts
    }

    /// The string in parts that match and parts that do not, none of which is empty (fn:analyze-string).
    ///
    /// - Throws: FORX0003 if the empty string matches.
    func segments(_ string: String) throws(XPathError) -> [Segment] {
        var segments: [Segment] = []
        var position = 0
        try forEachMatch(in: string, slots: program.slots) { match in
            if match[0] > position { segments.append(Segment(range: position..<match[0], isMatch: false)) }
            let groups = stride(from: 2, to: match.count, by: 2).map { slot in
                match[slot + 1] >= match[slot] && match[slot] >= 0 ? match[slot]..<match[slot + 1] : nil
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
    /// - Parameter replacement: with `$1` for what the first group captured, `$0` for the match, `\$` and `\\`; with the flag `q` it is
    ///   taken as it is.
    ///   - limit: how long the result may become.
    /// - Throws: FORX0003 if the empty string matches, FORX0004 for a wrong replacement, FOER0000 if the result becomes too long.
    package func replace(_ string: String, with replacement: String, limit: Int = .max) throws(XPathError) -> String {
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
        if result.count > limit { throw .stringTooLong() }
        if position == 0 { return string }
        result += source[position...]
        return String(decoding: result, as: UTF8.self)
    }

    private func parts(of replacement: String) throws(XPathError) -> [Replacement] {
        var parts: [Replacement] = []
        var text = String.UnicodeScalarView()
        var rest = replacement.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\":
                guard let escaped = rest.popFirst(), escaped == "\\" || escaped == "$" else { throw .wrongReplacement(replacement) }
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
    private func groupNumber(_ rest: inout Substring.UnicodeScalarView, _ replacement: String) throws(XPathError) -> Int? {
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
    static func cached(
        _ pattern: String, flags: String = "", version: StaticContext.Version = .xpath31
    ) throws(XPathError) -> XPathRegularExpression {
        let slot = slot(of: pattern.utf8.span)
        if let found = known.withLock({ $0[slot] }), found.version == version,
           found.pattern.utf8.span.equals(pattern.utf8.span), found.flagText.utf8.span.equals(flags.utf8.span) {
            return found
        }
        let expression = try XPathRegularExpression(pattern, flags: flags, version: version)
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
private struct PatternLiteral: Sendable {
    let bytes: [UInt8]
    var isAtStart = false
    var isAtEnd = false

    init?(_ node: PatternNode, _ sets: [ScalarSet], _ flags: PatternFlags) {
        var bytes: [UInt8] = []
        var parts: ArraySlice<PatternNode> = []
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
