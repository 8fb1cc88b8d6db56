internal import XML

/// A token of XPath.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        case integer, decimal, double
        case string
        /// `local`, `prefix:local`, `Q{namespace}local`; a `*` may stand for either part.
        case name
        case symbol
        case end
    }

    let kind: Kind
    /// The symbol; the value of a string; the digits; the local part of a name.
    let text: String
    var prefix: String?
    var namespace: String?
    /// In Unicode scalars from 0.
    let start: Int
    let end: Int
}

/// Divides an expression into tokens (XPath 3.1, A.2).
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private let version: StaticContext.Version

    private static let symbols: [[Unicode.Scalar]] = [
        "::", ":=", "!=", "<=", ">=", "<<", ">>", "||", "//", "..", "=>",
        "(", ")", "[", "]", "{", "}", ",", "/", "@", "$", ".", "=", "<", ">", "|", "+", "-", "*", "!", "#", "?", ":",
    ].map { Array($0.unicodeScalars) }

    private init(_ expression: String, _ version: StaticContext.Version) {
        scalars = Array(expression.unicodeScalars)
        self.version = version
    }

    static func tokens(_ expression: String, _ version: StaticContext.Version) throws(XPathError) -> [Token] {
        var lexer = Lexer(expression, version)
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens[tokens.count - 1].kind != .end
        return tokens
    }

    private func scalar(_ distance: Int = 0) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private func text(_ range: Range<Int>) -> String {
        var text = ""
        for scalar in scalars[range] { text.unicodeScalars.append(scalar) }
        return text
    }

    private mutating func next() throws(XPathError) -> Token {
        try skipSpaceAndComments()
        guard let first = scalar() else {
            return Token(kind: .end, text: "", start: position, end: position)
        }
        let start = position
        if first == "\"" || first == "'" { return try readString(first) }
        if first.isDigit || first == "." && scalar(1)?.isDigit == true { return try readNumber() }
        if let token = try readName() { return token }
        guard let symbol = Lexer.symbols.first(where: { scalars[start...].starts(with: $0) }) else {
            throw .unexpectedCharacter(first).at(start)
        }
        position += symbol.count
        return Token(kind: .symbol, text: text(start..<position), start: start, end: position)
    }

    // MARK: White space and comments

    private mutating func skipSpaceAndComments() throws(XPathError) {
        while let next = scalar() {
            if next == " " || next == "\t" || next == "\n" || next == "\r" {
                position += 1
            } else if next == "(", scalar(1) == ":" {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(XPathError) {
        let start = position
        var depth = 0
        repeat {
            guard let next = scalar() else { throw .unclosedComment().at(start) }
            if next == "(", scalar(1) == ":" {
                depth += 1
                position += 2
            } else if next == ":", scalar(1) == ")" {
                depth -= 1
                position += 2
            } else {
                position += 1
            }
        } while depth > 0
    }

    // MARK: Literals

    private mutating func readString(_ quote: Unicode.Scalar) throws(XPathError) -> Token {
        let start = position
        var value = String.UnicodeScalarView()
        position += 1
        while true {
            guard let next = scalar() else { throw .unclosedString().at(start) }
            position += 1
            if next == quote {
                guard scalar() == quote else { break }
                position += 1
            }
            value.append(next)
        }
        return Token(kind: .string, text: String(value), start: start, end: position)
    }

    private mutating func readNumber() throws(XPathError) -> Token {
        let start = position
        var kind = Token.Kind.integer
        skipDigits()
        if scalar() == ".", scalar(1) != "." || scalars[start] == "." {
            kind = .decimal
            position += 1
            skipDigits()
        }
        if scalar() == "e" || scalar() == "E" {
            let sign = scalar(1) == "+" || scalar(1) == "-" ? 1 : 0
            guard scalar(1 + sign)?.isDigit == true else { throw .numberFollowedByName().at(position) }
            kind = .double
            position += 1 + sign
            skipDigits()
        }
        if let next = scalar(), NCName.isStart(next.value) { throw .numberFollowedByName().at(position) }
        return Token(kind: kind, text: text(start..<position), start: start, end: position)
    }

    private mutating func skipDigits() {
        while scalar()?.isDigit == true { position += 1 }
    }

    // MARK: Names

    private mutating func readName() throws(XPathError) -> Token? {
        let start = position
        if version >= .xpath31, scalar() == "Q", scalar(1) == "{" { return try readBracedName() }
        if scalar() == "*" {
            guard scalar(1) == ":", let next = scalar(2), NCName.isStart(next.value) else { return nil }
            position += 2
            let local = readNCName() ?? ""
            return Token(kind: .name, text: local, prefix: "*", start: start, end: position)
        }
        guard let first = readNCName() else { return nil }
        guard scalar() == ":", let second = scalar(1) else {
            return Token(kind: .name, text: first, start: start, end: position)
        }
        if second == "*" {
            position += 2
            return Token(kind: .name, text: "*", prefix: first, start: start, end: position)
        }
        guard NCName.isStart(second.value) else {
            return Token(kind: .name, text: first, start: start, end: position)
        }
        position += 1
        let local = readNCName() ?? ""
        return Token(kind: .name, text: local, prefix: first, start: start, end: position)
    }

    private mutating func readNCName() -> String? {
        guard let first = scalar(), NCName.isStart(first.value) else { return nil }
        let start = position
        while let next = scalar(), NCName.isPart(next.value) { position += 1 }
        return text(start..<position)
    }

    private mutating func readBracedName() throws(XPathError) -> Token {
        let start = position
        guard let end = scalars[start...].firstIndex(of: "}") else { throw .unclosedBrace().at(start) }
        let namespace = text((start + 2)..<end)
        if namespace.utf8.contains(UInt8(ascii: "{")) { throw .unexpectedCharacter("{").at(start + 2) }
        position = end + 1
        let local: String
        if scalar() == "*" {
            position += 1
            local = "*"
        } else {
            guard let name = readNCName() else { throw .nameExpected().at(position) }
            local = name
        }
        let normalised = namespace.tokens.joined(separator: " ")
        return Token(kind: .name, text: local, namespace: normalised, start: start, end: position)
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { self >= "0" && self <= "9" }
}
