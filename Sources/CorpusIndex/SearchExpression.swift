internal import TEI
public import XML

/// The words of a search: words, phrases and beginnings of words, joined by operators.
///
///     let expression = try SearchExpression(#""winter ferry" OR (harbo* NOT commission)"#)
///
/// | written | finds |
/// |---|---|
/// | `ferry` | the word, whatever its capitals and accents |
/// | `"winter ferry"` | the words one after the other |
/// | `harbo*`, `"winter fer"*` | a word that begins so; a phrase whose last word begins so |
/// | `ferry harbour`, `ferry AND harbour` | documents with both |
/// | `ferry OR harbour` | documents with one or both |
/// | `ferry NOT harbour`, `ferry AND NOT harbour` | documents with the first and without the second |
/// | `( … )` | groups |
public struct SearchExpression: Sendable, Hashable {
    indirect enum Term: Sendable, Hashable {
        /// Words one after the other, folded.
        case phrase([String], isPrefix: Bool)
        case and(Term, Term)
        case or(Term, Term)
        case not(Term, Term)
    }

    let term: Term
    /// The expression as written.
    public let text: String

    /// Reads an expression.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `search-syntax` and the place in the expression. The file of that
    ///   place is `search`.
    public init(_ text: String) throws(Diagnostics) {
        var parser = ExpressionParser(text)
        (term, self.text) = (try parser.parse(), text)
    }

    /// In SQLite's own language.
    var match: String { SearchExpression.match(term) }

    private static func match(_ term: Term) -> String {
        switch term {
        case .phrase(let words, let isPrefix): "\"\(words.joined(separator: " "))\"" + (isPrefix ? " *" : "")
        case .and(let a, let b): "(\(match(a)) AND \(match(b)))"
        case .or(let a, let b): "(\(match(a)) OR \(match(b)))"
        case .not(let a, let b): "(\(match(a)) NOT \(match(b)))"
        }
    }

    /// The phrases that hits show: all but those that must not be in the document.
    var phrases: [(words: [String], isPrefix: Bool)] { SearchExpression.phrases(term) }

    private static func phrases(_ term: Term) -> [(words: [String], isPrefix: Bool)] {
        switch term {
        case .phrase(let words, let isPrefix): [(words, isPrefix)]
        case .and(let a, let b), .or(let a, let b): phrases(a) + phrases(b)
        case .not(let a, _): phrases(a)
        }
    }
}

/// Reads an expression.
private struct ExpressionParser {
    private enum Piece: Equatable {
        case word(String, isPrefix: Bool)
        case open, close, and, or, not
    }

    private let text: String
    private let scalars: [Unicode.Scalar]
    private var pieces: [(piece: Piece, offset: Int)] = []
    private var next = 0
    private let scanner = WordScanner()
    /// How many words, phrases and signs there may be, and how many words in all.
    private static let (limit, limitOfWords) = (64, 256)
    private var words = 0

    init(_ text: String) {
        (self.text, scalars) = (text, Array(text.unicodeScalars))
    }

    mutating func parse() throws(Diagnostics) -> SearchExpression.Term {
        try readPieces()
        let term = try disjunction()
        guard next == pieces.count else {
            throw wrong(at: pieces[next].offset, "‘)’ closes nothing", help: "take it away, or open it before")
        }
        return term
    }

    // MARK: Pieces

    private mutating func readPieces() throws(Diagnostics) {
        var position = 0
        while position < scalars.count {
            let start = position
            switch scalars[position] {
            case let scalar where scalar.properties.isWhitespace: position += 1
            case "(":
                pieces.append((.open, start))
                position += 1
            case ")":
                pieces.append((.close, start))
                position += 1
            case let quote where "\"“”„«»".unicodeScalars.contains(quote):
                guard let end = scalars[(start + 1)...].firstIndex(where: { "\"“”«»".unicodeScalars.contains($0) })
                else {
                    throw wrong(at: start, "the phrase does not end", help: "write ‘\"’ after its last word")
                }
                position = end + 1
                append(scalars[(start + 1)..<end], at: start, &position)
            default:
                position =
                    scalars[start...].firstIndex {
                        $0.properties.isWhitespace || "()\"“”„«»*".unicodeScalars.contains($0)
                    } ?? scalars.count
                switch String(scalars: scalars[start..<position]) {
                case "AND": pieces.append((.and, start))
                case "OR": pieces.append((.or, start))
                case "NOT": pieces.append((.not, start))
                case "" where scalars[start] == "*":
                    throw wrong(
                        at: start, "‘*’ comes after no word",
                        help: "write it after the beginning of a word, as ‘ferr*’")
                default: append(scalars[start..<position], at: start, &position)
                }
            }
        }
        if pieces.isEmpty {
            throw wrong(
                at: 0, "there is no word to search for",
                help: "write a word, a \"phrase\" or the beginning of a word, as ‘ferr*’")
        }
        if words > ExpressionParser.limitOfWords {
            throw wrong(at: 0, "that is too much at once", help: "write \(ExpressionParser.limitOfWords) words at most")
        }
        if pieces.count > ExpressionParser.limit {
            throw wrong(
                at: pieces[ExpressionParser.limit].offset, "that is too much at once",
                help: "write \(ExpressionParser.limit) words, signs and phrases at most")
        }
    }

    /// Adds words; signs without a letter are passed over.
    private mutating func append(_ words: ArraySlice<Unicode.Scalar>, at offset: Int, _ position: inout Int) {
        let isPrefix = position < scalars.count && scalars[position] == "*"
        if isPrefix { position += 1 }
        let string = String(scalars: words)
        let count = scanner.words(of: string).count
        self.words += count
        if count > 0 { pieces.append((.word(string, isPrefix: isPrefix), offset)) }
    }

    // MARK: Grammar

    private mutating func disjunction() throws(Diagnostics) -> SearchExpression.Term {
        var term = try conjunction()
        while take(.or) { term = .or(term, try conjunction()) }
        return term
    }

    private mutating func conjunction() throws(Diagnostics) -> SearchExpression.Term {
        var term = try primary()
        while next < pieces.count, pieces[next].piece != .close, pieces[next].piece != .or {
            if take(.not) {
                term = .not(term, try primary())
            } else {
                _ = take(.and)
                term = take(.not) ? .not(term, try primary()) : .and(term, try primary())
            }
        }
        return term
    }

    private mutating func primary() throws(Diagnostics) -> SearchExpression.Term {
        guard next < pieces.count else {
            throw wrong(
                at: scalars.count, "a word is missing at the end",
                help: "write what is searched for after AND, OR, NOT or ‘(’")
        }
        let (piece, offset) = pieces[next]
        next += 1
        switch piece {
        case .word(let string, let isPrefix): return .phrase(scanner.words(of: string), isPrefix: isPrefix)
        case .open:
            let term = try disjunction()
            guard take(.close) else {
                throw wrong(at: offset, "‘(’ is not closed", help: "write ‘)’ after what belongs together")
            }
            return term
        case .not:
            throw wrong(
                at: offset, "NOT has nothing before it", help: "say first what is searched for: ‘ferry NOT harbour’")
        case .and, .or, .close:
            throw wrong(
                at: offset, "a word is missing here",
                help: "write what is searched for on both sides; the words AND and OR themselves in small letters")
        }
    }

    private mutating func take(_ piece: Piece) -> Bool {
        guard next < pieces.count, pieces[next].piece == piece else { return false }
        next += 1
        return true
    }

    private func wrong(at offset: Int, _ message: String, help: String) -> Diagnostics {
        let before = String(scalars: scalars[..<min(offset, scalars.count)])
        let place = SourceLocation(file: "search", line: 1, column: offset + 1, byteOffset: before.utf8.count)
        return Diagnostics([Diagnostic(rule: "search-syntax", message, help: help, at: place)])
    }
}
