public import XML

/// Several texts side by side: their common words, their differences, and the words that are in other places.
///
///     let collation = Collation(of: [
///         try Collation.Witness(siglum: "typed", of: transcription, policy: .typed),
///         try Collation.Witness(siglum: "revised", of: transcription, policy: .revised),
///     ])
///     for segment in collation.segments where segment.isVariant {
///         print(segment.readings.map { ($0.witnesses, collation.text(of: $0.witnesses[0], in: segment.columns)) })
///     }
///
/// The steps are those of the Gothenburg model, as in CollateX and Juxta: tokens, normalisation, alignment, analysis,
/// output.
public struct Collation: Sendable {
    /// A text that is collated.
    public struct Witness: Sendable {
        /// The name in the table: one word, different from those of the other witnesses.
        public let siglum: String
        /// A description of the text; may be empty.
        public let label: String
        /// The words, punctuation marks and gaps of the text, in order.
        public let tokens: [Token]
        /// The differences that were ignored.
        public let ignored: Set<Tokenizer.Ignored>
        let source: Source

        enum Source {
            case document(Reading, Transcription)
            /// Where its lines begin, in Unicode scalars.
            case plain(file: String?, lines: [Int])
        }

        /// Takes a text of a document, or a part of that text.
        ///
        /// - Parameters:
        ///   - siglum: the name in the table.
        ///   - transcription: the document.
        ///   - policy: the text.
        ///   - element: the `xml:id` of the element whose words are taken; `nil` for all words.
        ///   - tokenizer: divides the text into tokens.
        /// - Throws: ``XML/Diagnostics`` with the rule `not-in-text` if the text has nothing of the element.
        public init(
            siglum: String, of transcription: Transcription, policy: Policy, element: String? = nil,
            tokenizer: Tokenizer = Tokenizer()
        ) throws(Diagnostics) {
            let reading = transcription.reading(policy)
            let range = try element.map { id throws(Diagnostics) in
                try transcription.range(of: .element(id), in: reading)
            }
            let label = [
                transcription.header.titles.first ?? transcription.element.file.path,
                Wording(transcription).name(policy),
            ]
            self.init(
                siglum: siglum, label: label.joined(separator: ". "), reading, transcription, range: range,
                tokenizer: tokenizer)
        }

        /// Takes a text that was read already.
        init(
            siglum: String, label: String = "", _ reading: Reading, _ transcription: Transcription,
            range: Range<Int>? = nil, tokenizer: Tokenizer = Tokenizer()
        ) {
            self.siglum = siglum
            self.label = label
            source = .document(reading, transcription)
            ignored = tokenizer.ignored
            tokens = tokenizer.tokens(of: reading, in: transcription, range: range)
        }

        /// Takes a plain text.
        ///
        /// - Parameters:
        ///   - siglum: the name in the table.
        ///   - text: the text.
        ///   - file: the path of its file, for places and as the label.
        ///   - tokenizer: divides the text into tokens.
        public init(siglum: String, text: String, file: String? = nil, tokenizer: Tokenizer = Tokenizer()) {
            self.siglum = siglum
            label = file ?? ""
            source = .plain(
                file: file,
                lines: [0] + text.unicodeScalars.enumerated().lazy.filter { $0.element == "\n" }.map { $0.offset + 1 })
            ignored = tokenizer.ignored
            tokens = tokenizer.tokens(of: text)
        }

        /// The text with its index; `nil` for a plain text.
        public var reading: Reading? { if case .document(let reading, _) = source { reading } else { nil } }

        /// The path of its file; `nil` for a plain text without one.
        public var file: String? {
            switch source {
            case .document(_, let transcription): transcription.element.file.path
            case .plain(let file, _): file
            }
        }

        /// Where a token begins in the source; `nil` in a plain text.
        func location(of token: Int) -> SourceLocation? { reading?.location(at: tokens[token].range.lowerBound) }

        /// The gap of a token.
        func gap(_ token: Token) -> Gap? {
            guard token.kind == .gap, case .document(let reading, let transcription) = source else { return nil }
            return zip(transcription.gaps, reading.gaps).first { $1?.lowerBound == token.range.lowerBound }?.0
        }
    }

    /// Neighbouring columns of the table in which the same witnesses agree.
    public struct Segment: Sendable {
        /// The columns, from 0.
        public let columns: Range<Int>
        /// The readings of the witnesses here. The first reading is that of the first witness.
        public let readings: [Reading]

        /// Whether witnesses differ here.
        public var isVariant: Bool { readings.count > 1 }

        /// The words that some witnesses have in common.
        public struct Reading: Sendable {
            /// The witnesses, as indexes into ``Collation/witnesses``, in order.
            public let witnesses: [Int]
            /// Whether these witnesses have nothing here.
            public let isOmission: Bool
        }
    }

    /// The same words in two places, in different witnesses.
    public struct Transposition: Sendable {
        /// The words as written in the first place.
        public let text: String
        /// The earlier place in the table, and the later one.
        public let places: [Place]

        /// A place of transposed words.
        public struct Place: Sendable, Hashable {
            /// The columns, from 0.
            public let columns: Range<Int>
            /// The witnesses that have the words here: indexes into ``Collation/witnesses``.
            public internal(set) var witnesses: [Int]
        }
    }

    /// The texts.
    public let witnesses: [Witness]
    /// The alignment table. For each column and each witness, the index of its token; `nil` if it has none there.
    public let table: [[Int?]]
    /// The segments, which cover all columns in order.
    public private(set) var segments: [Segment]
    /// The words that are in other places in some witnesses, in the order of their earlier places.
    public private(set) var transpositions: [Transposition] = []

    /// Collates texts.
    ///
    /// - Parameter witnesses: texts from the same kind of tokenizer.
    public init(of witnesses: [Witness]) {
        let tokens = witnesses.map(\.tokens)
        let vocabulary = Vocabulary(tokens)
        table = Alignment(vocabulary).table
        self.witnesses = witnesses
        segments = Collation.segments(of: table, witnesses, vocabulary)
        transpositions = Transpositions(table, columns, witnesses, vocabulary).list
    }

    /// The same with segments in which witnesses agree to the letter, whatever was not compared.
    var exact: Collation {
        var exact = self
        let ignored = witnesses.contains { !$0.ignored.isEmpty }
        if ignored {
            exact.segments = Collation.segments(of: table, witnesses, Vocabulary(witnesses.map(\.tokens), by: \.text))
        }
        return exact
    }

    /// Returns the words of a witness in some columns.
    ///
    /// - Parameters:
    ///   - witness: an index into ``Collation/witnesses``.
    ///   - columns: columns of the table, from 0.
    public func text(of witness: Int, in columns: Range<Int>) -> String { tokens(of: witness, in: columns).text }

    /// For each witness and each of its tokens, the column.
    var columns: [[Int]] {
        var columns = witnesses.map { Array(repeating: 0, count: $0.tokens.count) }
        for (index, column) in table.enumerated() {
            for (witness, token) in column.enumerated() {
                if let token { columns[witness][token] = index }
            }
        }
        return columns
    }

    package func tokens(of witness: Int, in columns: Range<Int>) -> ArraySlice<Token> {
        let cells = table[columns].lazy.compactMap { $0[witness] }
        guard let first = cells.first, let last = cells.last else { return [] }
        return witnesses[witness].tokens[first...last]
    }

    /// Whether any two witnesses differ.
    public var hasVariants: Bool { segments.contains(where: \.isVariant) }

    // MARK: Segments

    private static func segments(of table: [[Int?]], _ witnesses: [Witness], _ vocabulary: Vocabulary) -> [Segment] {
        var segments: [Segment] = []
        var (start, groups): (Int, [[Int]]) = (0, [])
        func end(_ column: Int) {
            guard start < column else { return }
            segments.append(
                Segment(
                    columns: start..<column,
                    readings: groups.map { group in
                        Segment.Reading(
                            witnesses: group, isOmission: table[start..<column].allSatisfy { $0[group[0]] == nil })
                    }))
        }
        for (index, column) in table.enumerated() {
            let own = vocabulary.groups(column)
            if own != groups || beginsParagraph(column, witnesses) {
                end(index)
                (start, groups) = (index, own)
            }
        }
        end(table.count)
        return segments
    }

    /// The number of the segment that has a column.
    package func segment(at column: Int) -> Int { segments.boundary { $0.columns.upperBound > column } }

    /// Whether a paragraph begins with a segment.
    package func beginsParagraph(_ segment: Segment) -> Bool {
        Collation.beginsParagraph(table[segment.columns.lowerBound], witnesses)
    }

    /// Whether the first witness that has anything here begins a paragraph.
    private static func beginsParagraph(_ column: [Int?], _ witnesses: [Witness]) -> Bool {
        guard let first = column.firstIndex(where: { $0 != nil }), let token = column[first] else { return false }
        return token > 0 && witnesses[first].tokens[token].separation == .paragraph
    }
}

extension Vocabulary {
    /// The witnesses of a column that agree, the first one's first.
    fileprivate func groups(_ column: [Int?]) -> [[Int]] {
        var (groups, found): ([[Int]], [Int?]) = ([], [])
        for (witness, token) in column.enumerated() {
            let key = token.map { keys[witness][$0] }
            if let known = found.firstIndex(of: key) {
                groups[known].append(witness)
            } else {
                groups.append([witness])
                found.append(key)
            }
        }
        return groups
    }
}

// MARK: - Transpositions

/// Looks for sequences of tokens that two witnesses share, but in different columns.
private struct Transpositions {
    private let table: [[Int?]]
    private let witnesses: [Collation.Witness]
    private let vocabulary: Vocabulary
    /// For each witness and each token, its column.
    private let columns: [[Int]]
    /// For each witness, how often each key occurs.
    private let counts: [[Int: Int]]
    private(set) var list: [Collation.Transposition] = []

    private struct Move {
        let first: Range<Int>
        let second: Range<Int>
        let weight: Int
    }

    init(_ table: [[Int?]], _ columns: [[Int]], _ witnesses: [Collation.Witness], _ vocabulary: Vocabulary) {
        self.table = table
        self.witnesses = witnesses
        self.vocabulary = vocabulary
        self.columns = columns
        counts = vocabulary.keys.map { keys in Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +) }
        find()
    }

    private mutating func find() {
        // By the columns, and the words: two may change places with each other.
        var places: [[Int]: [Collation.Transposition.Place]] = [:]
        for first in witnesses.indices {
            for second in witnesses.indices.dropFirst(first + 1) {
                for move in moves(first, second) {
                    let pair = [(first, move.first), (second, move.second)].map { witness, tokens in
                        Collation.Transposition.Place(
                            columns: columns[witness][
                                tokens.lowerBound]..<(columns[witness][tokens.upperBound - 1] + 1), witnesses: [witness]
                        )
                    }.sorted { $0.columns.lowerBound < $1.columns.lowerBound }
                    let key =
                        pair.flatMap { [$0.columns.lowerBound, $0.columns.upperBound] }
                        + vocabulary.keys[first][move.first]
                    var known = places[key] ?? pair
                    for side in 0..<2 where !known[side].witnesses.contains(pair[side].witnesses[0]) {
                        known[side].witnesses.append(pair[side].witnesses[0])
                    }
                    places[key] = known
                }
            }
        }
        list = places.values.map { places in
            let cells = table[places[0].columns].compactMap { $0[places[0].witnesses[0]] }
            return Collation.Transposition(
                text: witnesses[places[0].witnesses[0]].tokens[cells[0]...cells[cells.count - 1]].text,
                places: places.map { place in
                    Collation.Transposition.Place(columns: place.columns, witnesses: place.witnesses.sorted())
                })
        }.sorted { a, b in
            let (first, second) = (a.places.map(\.columns), b.places.map(\.columns))
            return (first[0].lowerBound, first[1].lowerBound, first[0].upperBound, a.text) < (
                second[0].lowerBound, second[1].lowerBound, second[0].upperBound, b.text
            )
        }
    }

    /// The heaviest first, as long as they do not overlap.
    private func moves(_ first: Int, _ second: Int) -> [Move] {
        let free = (isUnmatched(first, second), isUnmatched(second, first))
        var (used, chosen) = ((Set<Int>(), Set<Int>()), [Move]())
        for move in candidates(first, second, free).sorted(by: {
            ($1.weight, $0.first.lowerBound, $0.second.lowerBound) < (
                $0.weight, $1.first.lowerBound, $1.second.lowerBound
            )
        }) {
            guard used.0.isDisjoint(with: move.first), used.1.isDisjoint(with: move.second) else { continue }
            used.0.formUnion(move.first)
            used.1.formUnion(move.second)
            chosen.append(move)
        }
        return chosen
    }

    /// For each token of a witness, whether the other has another token, or none, in its column.
    private func isUnmatched(_ witness: Int, _ other: Int) -> [Bool] {
        vocabulary.keys[witness].indices.map { token in
            table[columns[witness][token]][other].map { vocabulary.keys[other][$0] } != vocabulary.keys[witness][token]
        }
    }

    private func candidates(_ first: Int, _ second: Int, _ free: ([Bool], [Bool])) -> [Move] {
        let (own, other) = (vocabulary.keys[first], vocabulary.keys[second])
        var places: [Int: [Int]] = [:]
        for token in other.indices where free.1[token] && vocabulary.entries[other[token]].kind == .word {
            places[other[token], default: []].append(token)
        }
        var candidates: [Move] = []
        for token in own.indices where free.0[token] {
            // Frequent words are found by their neighbours.
            guard let partners = places[own[token]], partners.count <= 16 else { continue }
            for partner in partners {
                guard let start = beginning(token, partner) else { continue }
                var end = 1
                while token + end < own.count, partner + end < other.count, isSame(token + end, partner + end) {
                    end += 1
                }
                let move = move(first, (token - start)..<(token + end), second, (partner - start)..<(partner + end))
                if isWorthTelling(move, first, second) { candidates.append(move) }
            }
        }
        /// How far back it begins; `nil` if it was met before, by another of its words.
        func beginning(_ token: Int, _ partner: Int) -> Int? {
            var start = 0
            while token > start, partner > start, isSame(token - start - 1, partner - start - 1) {
                start += 1
                if let known = places[own[token - start]], known.count <= 16 { return nil }
            }
            return start
        }
        func isSame(_ token: Int, _ partner: Int) -> Bool {
            free.0[token] && free.1[partner] && own[token] == other[partner]
        }
        return candidates
    }

    private func move(_ first: Int, _ tokens: Range<Int>, _ second: Int, _ partners: Range<Int>) -> Move {
        Move(
            first: tokens, second: partners,
            weight: vocabulary.keys[first][tokens].reduce(0) { $0 + vocabulary.entries[$1].weight })
    }

    /// One word is, if it occurs nowhere else and did not go far; the more words, the farther.
    private func isWorthTelling(_ move: Move, _ first: Int, _ second: Int) -> Bool {
        let words = vocabulary.keys[first][move.first].count { vocabulary.entries[$0].kind == .word }
        let distance = abs(columns[first][move.first.lowerBound] - columns[second][move.second.lowerBound])
        switch words {
        case 1:
            return distance <= 25 && move.weight >= 11
                && [first, second].allSatisfy { counts[$0][vocabulary.keys[first][move.first.lowerBound]] == 1 }
        case 2, 3: return distance <= 200
        default: return true
        }
    }
}
