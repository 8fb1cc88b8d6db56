internal import UnicodeNormalization
internal import XML

/// A word, a punctuation mark or a gap in a text that is collated.
///
/// Words are Unicode's (UAX 29): `don’t` and `3.5` are one word each, `well-known` is two words and a mark between
/// them.
public struct Token: Sendable, Hashable {
    /// The kinds of token.
    public enum Kind: String, Sendable {
        /// A word, or a punctuation mark.
        case word, punctuation
        /// A place where something is missing, such as `[2 lines withheld]`.
        case gap
    }

    /// The separation between a token and the token before it.
    public enum Separation: Int, Sendable, Comparable {
        /// Nothing, white space, a line end of the page, or the end of a paragraph.
        case none, space, line, paragraph

        /// Orders them from nothing to the end of a paragraph.
        public static func < (a: Separation, b: Separation) -> Bool { a.rawValue < b.rawValue }
    }

    /// The kind of token.
    public let kind: Kind
    /// The token as written. If punctuation is ignored, it includes the marks around it.
    public internal(set) var text: String
    /// The form that is compared.
    public internal(set) var normalized: String
    /// Its place in the text, in Unicode scalars from 0, without ignored punctuation.
    public internal(set) var range: Range<Int>
    /// The separation from the token before it.
    public let separation: Separation
}

extension Sequence<Token> {
    /// The tokens as written, with one space for any white space between them.
    public var text: String {
        var text = ""
        for token in self {
            if !text.isEmpty, token.separation > .none { text += " " }
            text += token.text
        }
        return text
    }
}

/// Divides texts into tokens.
///
///     let tokens = Tokenizer(ignoring: [.letterCase]).tokens(of: "The winter ferry")
public struct Tokenizer: Sendable {
    /// Differences that can be ignored. Differences in white space, and between canonically equivalent characters,
    /// always are.
    public enum Ignored: String, Sendable, CaseIterable {
        /// Capital and small letters.
        case letterCase = "case"
        /// Punctuation marks. They are not collated, but belong to the word before.
        case punctuation
        /// Accents, as ``Diacritics`` has them: not the marks that make another word.
        case diacritics
        /// The form of quotation marks, apostrophes and dashes, ligatures, the long s and other compatible characters.
        case typography
    }

    let ignored: Set<Ignored>

    /// Makes a tokenizer that ignores some differences.
    public init(ignoring ignored: Set<Ignored> = []) {
        self.ignored = ignored
    }

    /// Returns the tokens of a plain text, in order.
    public func tokens(of text: String) -> [Token] {
        let scalars = Array(text.unicodeScalars)
        return tokens(of: scalars, runs: [(scalars.indices, .words)])
    }

    /// Returns the tokens of a document's words, and a token for each gap. The editors' notes, and the program's
    /// words about marks and notes, are left out.
    ///
    /// - Parameters:
    ///   - reading: a text of the document.
    ///   - transcription: the document.
    ///   - range: the part of the text, in Unicode scalars from 0; by default the whole text.
    public func tokens(of reading: Reading, in transcription: Transcription, range: Range<Int>? = nil) -> [Token] {
        let scalars = Array(reading.text.unicodeScalars)
        let tokens = tokens(of: scalars, runs: Tokenizer.runs(of: reading, as: scalars, transcription))
        guard let range else { return tokens }
        return tokens.filter { range.contains($0.range.lowerBound) }
    }

    // MARK: Runs

    private enum Run {
        case words, gap, leftOut
    }

    /// Words may begin in one segment and end in another.
    private static func runs(
        of reading: Reading, as scalars: [Unicode.Scalar], _ transcription: Transcription
    ) -> [(range: Range<Int>, run: Run)] {
        let gaps = Set(reading.gaps.compactMap { $0?.lowerBound })
        var runs: [(range: Range<Int>, run: Run)] = []
        for segment in reading.segments {
            let range = segment.start..<(segment.start + segment.length)
            let run: Run =
                gaps.contains(range.lowerBound)
                ? .gap : transcription.isWritten(segment, as: scalars[range]) ? .words : .leftOut
            if let last = runs.last, last.run == run, run != .gap {
                runs[runs.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                runs.append((range, run))
            }
        }
        return runs
    }

    private func tokens(of text: [Unicode.Scalar], runs: [(range: Range<Int>, run: Run)]) -> [Token] {
        var list = TokenList(ignored)
        for (range, run) in runs {
            switch run {
            case .words: list.append(words: text[range])
            case .gap: list.append(.gap, String(scalars: text[range]), range)
            case .leftOut: list.part(text[range])
            }
        }
        list.finish()
        return list.tokens
    }
}

extension Transcription {
    /// Whether words are the document's and not the program's or the editors'.
    fileprivate func isWritten(_ segment: Reading.Segment, as text: ArraySlice<Unicode.Scalar>) -> Bool {
        let state = segment.state
        if state.note.map({ notes[$0].isEditorial }) ?? state.mark.map({ marks[$0].isReported }) ?? false {
            return false
        }
        return segment.nodeOffset != nil || text.allSatisfy { $0.isQuotationMark || $0.properties.isWhitespace }
    }
}

/// Tokens as they are found.
private struct TokenList {
    private let ignored: Set<Tokenizer.Ignored>
    private(set) var tokens: [Token] = []
    /// The white space that was read after the last token.
    private var (lineEnds, isParted) = (0, false)
    /// Marks that go with the next token.
    private var opening: (text: String, separation: Token.Separation)?

    init(_ ignored: Set<Tokenizer.Ignored>) {
        self.ignored = ignored
    }

    mutating func append(words text: ArraySlice<Unicode.Scalar>) {
        var offset = text.startIndex
        while offset < text.endIndex {
            // No word crosses a line end, and so much at once is not too much to hold.
            let end =
                text[min(offset + TokenList.share, text.endIndex)...].firstIndex(of: "\n").map { $0 + 1 }
                ?? text.endIndex
            for match in String(scalars: text[offset..<end]).matches(of: #/(?s).+?\b/#) {
                let start = offset
                offset += match.output.unicodeScalars.count
                append(String(match.output), start..<offset)
            }
        }
    }

    private static let share = 10_000

    /// Opening marks with nothing after them go with the last word, or are tokens of their own.
    mutating func finish() {
        guard let opening else { return }
        self.opening = nil
        if tokens.isEmpty {
            tokens.append(
                Token(kind: .punctuation, text: opening.text, normalized: "", range: 0..<0, separation: .none))
        } else {
            tokens[tokens.count - 1].text += " " + opening.text
        }
    }

    private mutating func append(_ piece: String, _ range: Range<Int>) {
        if piece.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            isParted = true
            lineEnds += piece.unicodeScalars.reduce(0) { $0 + ($1 == "\n" ? 1 : 0) }
        } else if piece.unicodeScalars.contains(where: {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }) {
            append(.word, piece, range)
        } else if ignored.contains(.punctuation), piece.unicodeScalars.allSatisfy(\.isPunctuation) {
            attach(piece)
        } else if let last = tokens.last, last.kind == .punctuation, separation == .none, last.text.hasSuffix(piece) {
            tokens[tokens.count - 1].repeatMark(piece, until: range.upperBound)
        } else {
            append(.punctuation, piece, range)
        }
    }

    mutating func append(_ kind: Token.Kind, _ text: String, _ range: Range<Int>) {
        let (before, separation) = opening ?? ("", self.separation)
        tokens.append(
            Token(
                kind: kind, text: before + (opening == nil || self.separation == .none ? "" : " ") + text,
                normalized: normalized(text),
                range: range, separation: separation
            ))
        (lineEnds, isParted, opening) = (0, false, nil)
    }

    /// A mark that is not compared goes with the word before, or, where it opens something or begins a line, with that
    /// behind.
    private mutating func attach(_ piece: String) {
        let opens = piece.unicodeScalars.allSatisfy {
            [.openPunctuation, .initialPunctuation].contains($0.properties.generalCategory)
        }
        if opens || opening != nil || lineEnds > 0 || tokens.isEmpty {
            opening = ((opening?.text ?? "") + piece, opening?.separation ?? separation)
        } else {
            tokens[tokens.count - 1].text += (separation == .none ? "" : " ") + piece
        }
        (lineEnds, isParted) = (0, false)
    }

    private var separation: Token.Separation {
        lineEnds > 1 ? .paragraph : lineEnds == 1 ? .line : isParted ? .space : .none
    }

    /// Passes over what is left out.
    mutating func part(_ text: ArraySlice<Unicode.Scalar>) {
        isParted = true
        lineEnds += text.reduce(0) { $0 + ($1 == "\n" ? 1 : 0) }
    }

    private func normalized(_ text: String) -> String {
        var text = text
        if ignored.contains(.typography) {
            // A hyphen that only says where a line may end is no character of the word.
            text = Normalization.nfkc.normalized(text).filter { $0 != "\u{AD}" }.map(TokenList.plain).joined()
        }
        if ignored.contains(.diacritics) {
            let letters = Diacritics.removed(from: text)
            if !letters.isEmpty { text = letters }
        }
        // Small letters make “ẞ” and “ß” equal, then capitals “ß” and “SS”, “ſ” and “s”.
        return ignored.contains(.letterCase) ? text.lowercased().uppercased().lowercased() : text
    }

    private static func plain(_ character: Character) -> String {
        switch character {
        case "‘", "’", "‚", "‛", "′", "‹", "›", "ʼ": "'"
        case "“", "”", "„", "‟", "″", "«", "»": "\""
        case "‐", "‑", "‒", "–", "—", "―", "−": "-"
        default: String(character)
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is punctuation, and not a sign such as £ or <.
    fileprivate var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }
}

extension Token {
    fileprivate mutating func repeatMark(_ mark: String, until end: Int) {
        text += mark
        normalized += mark
        range = range.lowerBound..<end
    }
}
