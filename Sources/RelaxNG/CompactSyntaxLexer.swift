internal import XML

/// A token of the compact syntax (RELAX NG Compact Syntax, A.2).
struct CompactToken {
    enum Kind: UInt8 {
        case identifier, cName, nsName, literal, documentation
        case attribute, `default`, datatypes, div, element, empty, external, grammar, include, inherit, list, mixed
        case namespace, notAllowed, parent, start, string, text, token
        case equals, orEquals, andEquals, or, and, comma, question, star, plus, minus, tilde, follows
        case leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket
        /// A character that begins no token; nothing after it is read.
        case invalid
        case end

        var isKeyword: Bool { rawValue >= Kind.attribute.rawValue && rawValue <= Kind.token.rawValue }
        var isIdentifierOrKeyword: Bool { self == .identifier || isKeyword }
        var isAssignment: Bool { self == .equals || self == .orEquals || self == .andEquals }

        /// The keywords by name.
        static let keywords: [String: Kind] = Dictionary(
            uniqueKeysWithValues: (attribute.rawValue...token.rawValue).compactMap(Kind.init).map { ("\($0)", $0) }
        )
    }

    var kind: Kind
    /// Offsets into the interpreted text; of a quoted identifier those after the backslash.
    var start: Int32
    var end: Int32
}

/// The text of a schema with its escapes interpreted, and its tokens.
struct CompactTokens {
    /// In UTF-8, but for line ends that were escaped: ``escapedLineFeed`` and ``escapedReturn``.
    let text: [UInt8]
    private(set) var list: [CompactToken] = []
    /// The error in the invalid token, if there is one.
    private(set) var failure: Diagnostic?
    private let escapes: [CompactEscape]

    /// Bytes that UTF-8 does not have: a line end that was written as an escape is a character, and ends no line.
    static let escapedLineFeed: UInt8 = 0xFE
    static let escapedReturn: UInt8 = 0xFF

    init(_ decoded: DecodedSource) throws(Diagnostics) {
        (text, escapes) = try CompactEscape.interpret(decoded)
        list.reserveCapacity(text.count / 5 + 8)
        var offset = 0
        while let token = next(from: &offset, decoded) {
            list.append(token)
            if token.kind == .invalid { break }
        }
        list.append(CompactToken(kind: .end, start: Int32(text.count), end: Int32(text.count)))
    }

    /// The offset into the source of an offset into the interpreted text.
    func sourceOffset(_ offset: Int32) -> Int32 {
        var (low, high) = (0, escapes.count)
        while low < high {
            let middle = (low + high) / 2
            if escapes[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? offset : offset - escapes[low - 1].end + escapes[low - 1].sourceEnd
    }

    /// The text between two offsets, line ends normalised.
    func string(_ range: Range<Int>) -> String {
        let slice = text[range]
        guard slice.contains(where: { $0 == 0x0D || $0 >= CompactTokens.escapedLineFeed }) else {
            return String(decoding: slice, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        for (index, byte) in zip(slice.indices, slice) {
            switch byte {
            case 0x0D where index + 1 < slice.endIndex && slice[index + 1] == 0x0A: break
            case 0x0D, CompactTokens.escapedLineFeed: bytes.append(0x0A)
            case CompactTokens.escapedReturn: bytes.append(0x0D)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

// MARK: - Escapes

/// Where an escape ends, in the interpreted text and in the source.
private struct CompactEscape {
    var end: Int32
    var sourceEnd: Int32

    static func interpret(_ decoded: DecodedSource) throws(Diagnostics) -> ([UInt8], [CompactEscape]) {
        let text = decoded.text
        if let wrong = firstUnlawful(text) {
            throw Diagnostics([RelaxNGMessages.compactCharacter(at: decoded.location(of: wrong))])
        }
        guard text.contains(backslash) else { return (text, []) }
        var interpreted: [UInt8] = []
        interpreted.reserveCapacity(text.count)
        var escapes: [CompactEscape] = []
        var copied = 0
        var offset = 0
        while offset < text.count {
            guard text[offset] == backslash, let digits = digits(text, offset) else {
                offset += 1
                continue
            }
            interpreted += text[copied..<offset]
            guard let end = text[digits...].firstIndex(where: { !isHexadecimal($0) }), end > digits, text[end] == 0x7D
            else {
                throw Diagnostics([RelaxNGMessages.compactEscape(at: decoded.location(of: offset))])
            }
            let number = String(decoding: text[digits..<end], as: UTF8.self)
            guard let scalar = UInt32(number, radix: 16).flatMap(Unicode.Scalar.init), isLawful(scalar.value) else {
                throw Diagnostics([RelaxNGMessages.compactEscapedCharacter(number, at: decoded.location(of: offset))])
            }
            append(scalar, to: &interpreted)
            offset = end + 1
            copied = offset
            escapes.append(CompactEscape(end: Int32(interpreted.count), sourceEnd: Int32(offset)))
        }
        interpreted += text[copied...]
        return (interpreted, escapes)
    }

    private static let backslash = UInt8(ascii: "\\")

    /// Where the digits of an escape would begin that opens here: after `\x{`, with any number of `x`.
    private static func digits(_ text: [UInt8], _ start: Int) -> Int? {
        var offset = start + 1
        while offset < text.count, text[offset] == UInt8(ascii: "x") { offset += 1 }
        return offset > start + 1 && offset < text.count && text[offset] == UInt8(ascii: "{") ? offset + 1 : nil
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\n": bytes.append(CompactTokens.escapedLineFeed)
        case "\r": bytes.append(CompactTokens.escapedReturn)
        default: bytes += Array(String(Character(scalar)).utf8)
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    /// Whether XML has the character (XML 1.0, production 2).
    private static func isLawful(_ scalar: UInt32) -> Bool {
        scalar >= 0x20
            ? scalar & 0xFFFF < 0xFFFE || scalar > 0xFFFF : scalar == 0x09 || scalar == 0x0A || scalar == 0x0D
    }

    private static func firstUnlawful(_ text: [UInt8]) -> Int? {
        let span = text.span
        for index in span.indices {
            let byte = span[index]
            if byte < 0x20, !byte.isXMLSpace { return index }
            if byte == 0xEF, index + 2 < span.count, span[index + 1] == 0xBF, span[index + 2] >= 0xBE { return index }
        }
        return nil
    }
}

// MARK: - Tokens

extension CompactTokens {
    /// The token at or after an offset, which is moved after it; `nil` at the end.
    private mutating func next(from offset: inout Int, _ decoded: DecodedSource) -> CompactToken? {
        offset = endOfSeparators(offset)
        guard offset < text.count else { return nil }
        let start = offset
        switch text[start] {
        case UInt8(ascii: "#"):
            offset = endOfDocumentation(start)
            return token(.documentation, start, offset)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let end = endOfLiteral(start) else {
                return invalid(start, RelaxNGMessages.unclosedLiteral(at: location(start, decoded)))
            }
            offset = end
            return token(.literal, start, end)
        case UInt8(ascii: "\\"):
            offset = endOfNCName(start + 1)
            guard offset > start + 1 else { return invalid(start, unexpected(start, decoded)) }
            return token(.identifier, start + 1, offset)
        default:
            if let symbol = symbol(start) {
                offset = Int(symbol.end)
                return symbol
            }
            let end = endOfNCName(start)
            guard end > start else { return invalid(start, unexpected(start, decoded)) }
            return name(start, end, &offset)
        }
    }

    private func token(_ kind: CompactToken.Kind, _ start: Int, _ end: Int) -> CompactToken {
        CompactToken(kind: kind, start: Int32(start), end: Int32(end))
    }

    private mutating func invalid(_ start: Int, _ diagnostic: Diagnostic) -> CompactToken {
        failure = diagnostic
        return token(.invalid, start, start + 1)
    }

    private func byte(_ offset: Int) -> UInt8 { offset < text.count ? text[offset] : 0 }

    private func location(_ offset: Int, _ decoded: DecodedSource) -> SourceLocation {
        decoded.location(of: Int(sourceOffset(Int32(offset))))
    }

    private func unexpected(_ offset: Int, _ decoded: DecodedSource) -> Diagnostic {
        let character = string(offset..<min(offset + 4, text.count)).unicodeScalars.first.map(String.init) ?? ""
        return RelaxNGMessages.compactUnexpectedCharacter(character, at: location(offset, decoded))
    }

    /// After white space and comments with one `#`.
    private func endOfSeparators(_ start: Int) -> Int {
        var offset = start
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x09, 0x0A, 0x0D, CompactTokens.escapedLineFeed: offset += 1
            case UInt8(ascii: "#") where byte(offset + 1) != UInt8(ascii: "#"): offset = endOfLine(offset)
            default: return offset
            }
        }
        return offset
    }

    private func endOfLine(_ start: Int) -> Int {
        var offset = start
        while offset < text.count, !isLineEnd(text[offset]) { offset += 1 }
        return offset
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == CompactTokens.escapedLineFeed
    }

    /// `##` lines that follow each other without an empty line are one.
    private func endOfDocumentation(_ start: Int) -> Int {
        var end = endOfLine(start)
        while true {
            var offset = endOfLineEnd(end)
            guard offset > end else { return end }
            while byte(offset) == 0x20 || byte(offset) == 0x09 { offset += 1 }
            guard byte(offset) == UInt8(ascii: "#"), byte(offset + 1) == UInt8(ascii: "#") else { return end }
            end = endOfLine(offset)
        }
    }

    /// After one line end.
    private func endOfLineEnd(_ offset: Int) -> Int {
        guard offset < text.count, isLineEnd(text[offset]) else { return offset }
        return text[offset] == 0x0D && byte(offset + 1) == 0x0A ? offset + 2 : offset + 1
    }

    private func endOfLiteral(_ start: Int) -> Int? {
        let quote = text[start]
        if byte(start + 1) == quote, byte(start + 2) == quote {
            var offset = start + 3
            while offset + 2 < text.count {
                if text[offset] == quote, text[offset + 1] == quote, text[offset + 2] == quote { return offset + 3 }
                offset += 1
            }
            return nil
        }
        var offset = start + 1
        while offset < text.count, text[offset] != 0x0A, text[offset] != 0x0D {
            if text[offset] == quote { return offset + 1 }
            offset += 1
        }
        return nil
    }

    /// After the name that begins here, or the same offset if none does.
    private func endOfNCName(_ start: Int) -> Int {
        guard let first = scalar(start), NCName.isStart(first.value) else { return start }
        var offset = start + first.length
        while offset < text.count {
            let byte = text[offset]
            if byte < 0x80 {
                guard NCName.isPart(UInt32(byte)) else { return offset }
                offset += 1
            } else {
                guard let next = scalar(offset), NCName.isPart(next.value) else { return offset }
                offset += next.length
            }
        }
        return offset
    }

    /// The Unicode scalar at an offset; the text is known to be UTF-8.
    private func scalar(_ offset: Int) -> (value: UInt32, length: Int)? {
        guard offset < text.count, text[offset] < CompactTokens.escapedLineFeed else { return nil }
        let first = UInt32(text[offset])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let head = length == 1 ? first : first & (0x7F >> UInt32(length))
        return (text[(offset + 1)..<(offset + length)].reduce(head) { $0 << 6 | UInt32($1 & 0x3F) }, length)
    }

    /// An identifier, keyword, CName or nsName whose first part is known.
    private func name(_ start: Int, _ end: Int, _ offset: inout Int) -> CompactToken {
        offset = end
        if byte(end) == UInt8(ascii: ":") {
            if byte(end + 1) == UInt8(ascii: "*") {
                offset = end + 2
                return token(.nsName, start, offset)
            }
            let second = endOfNCName(end + 1)
            if second > end + 1 {
                offset = second
                return token(.cName, start, offset)
            }
        }
        // No keyword is shorter than `div` or longer than `notAllowed`, and most names begin otherwise.
        let mayBeKeyword = (3...10).contains(end - start) && "adegilmnpst".utf8.contains(text[start])
        let keyword =
            mayBeKeyword ? CompactToken.Kind.keywords[String(decoding: text[start..<end], as: UTF8.self)] : nil
        return token(keyword ?? .identifier, start, end)
    }

    private func symbol(_ start: Int) -> CompactToken? {
        let followed = byte(start + 1)
        switch text[start] {
        case UInt8(ascii: "="): return token(.equals, start, start + 1)
        case UInt8(ascii: "|") where followed == UInt8(ascii: "="): return token(.orEquals, start, start + 2)
        case UInt8(ascii: "&") where followed == UInt8(ascii: "="): return token(.andEquals, start, start + 2)
        case UInt8(ascii: ">") where followed == UInt8(ascii: ">"): return token(.follows, start, start + 2)
        case UInt8(ascii: "|"): return token(.or, start, start + 1)
        case UInt8(ascii: "&"): return token(.and, start, start + 1)
        case UInt8(ascii: ","): return token(.comma, start, start + 1)
        case UInt8(ascii: "?"): return token(.question, start, start + 1)
        case UInt8(ascii: "*"): return token(.star, start, start + 1)
        case UInt8(ascii: "+"): return token(.plus, start, start + 1)
        case UInt8(ascii: "-"): return token(.minus, start, start + 1)
        case UInt8(ascii: "~"): return token(.tilde, start, start + 1)
        case UInt8(ascii: "("): return token(.leftParenthesis, start, start + 1)
        case UInt8(ascii: ")"): return token(.rightParenthesis, start, start + 1)
        case UInt8(ascii: "{"): return token(.leftBrace, start, start + 1)
        case UInt8(ascii: "}"): return token(.rightBrace, start, start + 1)
        case UInt8(ascii: "["): return token(.leftBracket, start, start + 1)
        case UInt8(ascii: "]"): return token(.rightBracket, start, start + 1)
        default: return nil
        }
    }
}
