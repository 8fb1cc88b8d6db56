internal import XML

/// Aligns the tokens of several witnesses: progressively, the most similar first, each by Needleman and Wunsch's method
/// with affine gaps (Gotoh) against all that are aligned already, and then each once more against all the others.
///
/// Of long texts, sequences of tokens that occur but once in each are aligned first, and what lies between them after
/// that.
struct Alignment {
    /// For each column of the table and each witness, the number of its token; `nil` if it has none.
    private(set) var table: [[Int?]]

    init(_ vocabulary: Vocabulary) {
        let keys = vocabulary.keys
        var order = Alignment.order(keys)
        let first = order.isEmpty ? nil : order.removeFirst()
        table = first.map { first in keys[first].indices.map { Alignment.column(keys.count, first, $0) } } ?? []
        var aligner = Aligner(vocabulary)
        for witness in order { table = aligner.add(witness, tokens: keys[witness].indices, to: table) }
        if keys.count > 2 { refine(vocabulary, &aligner) }
    }

    private static func column(_ count: Int, _ witness: Int, _ token: Int) -> [Int?] {
        var column = [Int?](repeating: nil, count: count)
        column[witness] = token
        return column
    }

    // MARK: Order

    /// The most similar two, and then, one by one, what is most similar to any of those before.
    private static func order(_ keys: [[Int]]) -> [Int] {
        guard keys.count > 2 else { return Array(keys.indices) }
        let pairs = keys.map(Alignment.pairs)
        var (similarity, best): ([[Double]], (Int, Int)) = (
            pairs.map { _ in Array(repeating: 0, count: pairs.count) }, (0, 1)
        )
        for a in pairs.indices {
            for b in (a + 1)..<max(a + 1, pairs.count) {
                let shared =
                    pairs[a].isEmpty && pairs[b].isEmpty
                    ? 1
                    : Double(pairs[a].intersection(pairs[b]).count) / Double(max(1, pairs[a].count + pairs[b].count))
                (similarity[a][b], similarity[b][a]) = (shared, shared)
                if shared > similarity[best.0][best.1] { best = (a, b) }
            }
        }
        var (order, rest) = ([best.0, best.1], keys.indices.filter { $0 != best.0 && $0 != best.1 })
        while !rest.isEmpty {
            let next = rest.max { a, b in (nearness(a), -a) < (nearness(b), -b) }!
            order.append(next)
            rest.removeAll { $0 == next }
        }
        func nearness(_ witness: Int) -> Double { order.map { similarity[witness][$0] }.max() ?? 0 }
        return order
    }

    /// Two tokens that follow each other.
    private static func pairs(_ keys: [Int]) -> Set<Int> {
        Set(zip(keys, keys.dropFirst()).map { $0 << 32 | $1 })
    }

    // MARK: Refinement

    /// Aligns each witness once more with all the others, between the columns in which all agree; up to four times,
    /// while that changes anything.
    private mutating func refine(_ vocabulary: Vocabulary, _ aligner: inout Aligner) {
        var refined: [[Int?]] = []
        var part: [[Int?]] = []
        for column in table {
            if vocabulary.isUnanimous(column) {
                refined += Alignment.refined(part, vocabulary, &aligner) + [column]
                part = []
            } else {
                part.append(column)
            }
        }
        table = refined + Alignment.refined(part, vocabulary, &aligner)
    }

    private static func refined(_ part: [[Int?]], _ vocabulary: Vocabulary, _ aligner: inout Aligner) -> [[Int?]] {
        guard part.count > 1, part.count < 1000 else { return part }
        var part = part
        for _ in 0..<4 {
            let before = part
            for witness in vocabulary.keys.indices {
                let tokens = part.compactMap { $0[witness] }
                guard let first = tokens.first else { continue }
                let others = part.map { column in column.indices.map { $0 == witness ? nil : column[$0] } }.filter {
                    $0.contains { $0 != nil }
                }
                part = aligner.add(witness, tokens: first..<(first + tokens.count), to: others)
            }
            if part == before { break }
        }
        return part
    }
}

/// The facts about tokens, by the number of the form that is compared.
struct Vocabulary {
    struct Entry {
        let kind: Token.Kind
        let letters: [Unicode.Scalar]
        /// Which letters there are, in 64 classes.
        let classes: UInt64
        /// The cost of leaving it out. Longer words cost more.
        let weight: Int

        init(_ token: Token) {
            kind = token.kind
            letters = Array(token.normalized.unicodeScalars)
            classes = letters.reduce(0) { $0 | 1 << UInt64($1.value % 64) }
            weight =
                switch kind {
                case .word: 8 + min(letters.count, 8)
                case .gap: 10
                case .punctuation: 4
                }
        }

        /// The number of letters that differ; all letters, if more than half of them do.
        func distance(to other: Entry) -> Int {
            let longer = max(letters.count, other.letters.count)
            // A token as long as that is not a word.
            guard longer <= 64 else { return longer }
            let missing = max((classes & ~other.classes).nonzeroBitCount, (other.classes & ~classes).nonzeroBitCount)
            return missing > longer / 2 ? longer : editDistance(letters, other.letters, limit: longer / 2) ?? longer
        }
    }

    /// For each witness and each of its tokens, the number.
    private(set) var keys: [[Int]] = []
    private(set) var entries: [Entry] = []

    /// - Parameter form: what of a token is compared.
    init(_ witnesses: [[Token]], by form: KeyPath<Token, String> = \.normalized) {
        var numbers: [String: Int] = [:]
        for tokens in witnesses {
            keys.append(
                tokens.map { token in
                    if let known = numbers[token[keyPath: form]] { return known }
                    numbers[token[keyPath: form]] = entries.count
                    entries.append(Entry(token))
                    return entries.count - 1
                })
        }
    }

    /// Whether all witnesses have the same token.
    func isUnanimous(_ column: [Int?]) -> Bool {
        guard let first = column[0].map({ keys[0][$0] }) else { return false }
        return column.indices.allSatisfy { witness in column[witness].map { keys[witness][$0] == first } ?? false }
    }

    /// What it costs to have one in the place of the other: less than to leave out both where they are of one kind, the
    /// less the more they are alike.
    func substitution(_ a: Int, _ b: Int) -> Int {
        let (first, second) = (entries[a], entries[b])
        let both = first.weight + second.weight
        switch (first.kind, second.kind) {
        case (.word, .word):
            let longer = max(first.letters.count, second.letters.count)
            return both * (4 * longer + 5 * first.distance(to: second)) / (10 * longer)
        case (.punctuation, .punctuation): return both * 7 / 10
        case (.gap, .word), (.word, .gap), (.gap, .gap): return both * 9 / 10
        default: return both + 4 * Aligner.opening
        }
    }
}

/// Aligns one witness with a table of others.
struct Aligner {
    /// The cost of a gap, besides the cost of its tokens.
    static let opening = 4
    /// How many cells are looked at one by one.
    private static let limit = 250_000
    /// How many near the diagonal, if the way leads along the border of fewer.
    private static let bandLimit = 30_000_000

    private let vocabulary: Vocabulary
    private var width: Int { vocabulary.keys.count }
    /// The costs of substitutions that were computed. Another pair may take the place of one.
    private var costs = [(pair: Int, cost: Int)](repeating: (-1, 0), count: 1 << 14)
    private var profile: [Column] = []
    private var keys: [Int] = []
    /// For each column of the result, that of the table and the token of the witness.
    private var steps: [(column: Int?, token: Int?)] = []

    /// A column of the table: which keys it holds, and how often.
    private struct Column {
        var keys: [(key: Int, count: Int)] = []
        /// The cost of having no token here.
        var weight = 0
    }

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    /// The table with tokens of one more witness.
    mutating func add(_ witness: Int, tokens: Range<Int>, to table: [[Int?]]) -> [[Int?]] {
        profile = table.map(column)
        keys = Array(vocabulary.keys[witness][tokens])
        members = max(1, Set(table.lazy.flatMap { column in column.indices.filter { column[$0] != nil } }).count)
        rows = (0..<width).map { member in table.indices.filter { table[$0][member] != nil } }
        rowKeys = (0..<width).map { member in rows[member].map { vocabulary.keys[member][table[$0][member]!] } }
        steps = []
        align(table.indices, keys.indices, runs: [8, 3, 1])
        return steps.map { step in
            var column = step.column.map { table[$0] } ?? Array(repeating: nil, count: width)
            column[witness] = step.token.map { tokens.lowerBound + $0 }
            return column
        }
    }

    /// How many witnesses the table holds.
    private var members = 1
    /// For each of them, the columns in which it has a token, and the keys.
    private var rows: [[Int]] = []
    private var rowKeys: [[Int]] = []

    private func column(_ cells: [Int?]) -> Column {
        var column = Column()
        for (member, token) in cells.enumerated() {
            guard let token else { continue }
            let key = vocabulary.keys[member][token]
            column.weight += vocabulary.entries[key].weight
            if let known = column.keys.firstIndex(where: { $0.key == key }) {
                column.keys[known].count += 1
            } else {
                column.keys.append((key, 1))
            }
        }
        return column
    }

    // MARK: Long texts

    /// Aligns a part of the table with a part of the witness.
    ///
    /// - Parameter runs: the lengths of sequences that are looked for, the longest first.
    private mutating func align(_ columns: Range<Int>, _ tokens: Range<Int>, runs: [Int]) {
        guard (columns.count + 1) * (tokens.count + 1) > Aligner.limit else { return alignCells(columns, tokens) }
        var (columns, tokens) = (columns, tokens)
        while let column = columns.first, let token = tokens.first, isUnanimous(column, keys[token]) {
            steps.append((column, token))
            (columns, tokens) = (columns.dropFirst(), tokens.dropFirst())
        }
        var end: [(column: Int?, token: Int?)] = []
        while let column = columns.last, let token = tokens.last, isUnanimous(column, keys[token]) {
            end.append((column, token))
            (columns, tokens) = (columns.dropLast(), tokens.dropLast())
        }
        if let run = runs.first {
            for anchor in anchors(columns, tokens, run: run) {
                align(
                    columns.lowerBound..<anchor.column, tokens.lowerBound..<anchor.token, runs: Array(runs.dropFirst()))
                steps.append((anchor.column, anchor.token))
                (columns, tokens) = ((anchor.column + 1)..<columns.upperBound, (anchor.token + 1)..<tokens.upperBound)
            }
            align(columns, tokens, runs: Array(runs.dropFirst()))
        } else {
            alignCells(columns, tokens)
        }
        steps += end.reversed()
    }

    private func isUnanimous(_ column: Int, _ key: Int) -> Bool {
        profile[column].keys.count == 1 && profile[column].keys[0] == (key, members)
    }

    /// Tokens of sequences that occur once in the part of the witness and once in that of another, in one order in
    /// both.
    private func anchors(_ columns: Range<Int>, _ tokens: Range<Int>, run: Int) -> [(column: Int, token: Int)] {
        let own = Aligner.unique(keys[tokens], run: run)
        var found = Set<Int>()
        for member in rows.indices {
            let part =
                rows[member].boundary { $0 >= columns.lowerBound }..<rows[member].boundary { $0 >= columns.upperBound }
            for (sequence, start) in Aligner.unique(rowKeys[member][part], run: run) {
                guard let token = own[sequence] else { continue }
                for offset in 0..<run { found.insert(rows[member][start + offset] << 32 | token + offset) }
            }
        }
        let pairs = found.map { (column: $0 >> 32, token: $0 & 0xFFFF_FFFF) }.sorted {
            ($0.column, -$0.token) < ($1.column, -$1.token)
        }
        return Aligner.longestChain(pairs)
    }

    /// Where sequences begin that occur but once.
    private static func unique(_ keys: ArraySlice<Int>, run: Int) -> [ArraySlice<Int>: Int] {
        var starts: [ArraySlice<Int>: Int] = [:]
        guard keys.count >= run else { return starts }
        for start in keys.startIndex...(keys.endIndex - run) {
            let sequence = keys[start..<(start + run)]
            starts[sequence] = starts[sequence] == nil ? start : -1
        }
        return starts.filter { $0.value >= 0 }
    }

    /// The longest list of pairs in which each comes after the last in both. The pairs are given sorted by column, and
    /// within a column by falling token.
    private static func longestChain(_ pairs: [(column: Int, token: Int)]) -> [(column: Int, token: Int)] {
        var (ends, before): ([Int], [Int?]) = ([], [])
        for (index, pair) in pairs.enumerated() {
            let place = ends.boundary { pairs[$0].token >= pair.token }
            before.append(place > 0 ? ends[place - 1] : nil)
            if place == ends.count { ends.append(index) } else { ends[place] = index }
        }
        var (chain, next): ([(column: Int, token: Int)], Int?) = ([], ends.last)
        while let index = next {
            chain.append(pairs[index])
            next = before[index]
        }
        return chain.reversed()
    }

    // MARK: Cell by cell

    /// How a cell is best reached.
    private enum Way: UInt8 {
        /// A column and a token meet; a column has no token; a token has no column.
        case both, column, token
    }

    /// Looks at all cells, or, if there are too many, at the cells near the diagonal.
    private mutating func alignCells(_ columns: Range<Int>, _ tokens: Range<Int>) {
        var half = max(
            64, tokens.count / max(1, columns.count) + 1, Aligner.limit / max(1, columns.count + tokens.count))
        while true {
            let (found, isAtBorder) = steps(columns, tokens, half: half)
            half *= 4
            if !isAtBorder || 2 * half * columns.count > Aligner.bandLimit { return steps += found }
        }
    }

    private mutating func steps(
        _ columns: Range<Int>, _ tokens: Range<Int>, half: Int
    ) -> (steps: [(column: Int?, token: Int?)], isAtBorder: Bool) {
        let ways = cells(columns, tokens, half: half)
        var (row, cell, way) = (columns.count, tokens.count, ways.last)
        var (found, isAtBorder): ([(column: Int?, token: Int?)], Bool) = ([], false)
        while row > 0 || cell > 0 {
            let window = ways.windows[row]
            if cell == window.lowerBound && cell > 0 || cell == window.upperBound - 1 && cell < tokens.count {
                isAtBorder = true
            }
            let before = ways[row, cell, way]
            found.append(
                (
                    way == .token ? nil : columns.lowerBound + row - 1,
                    way == .column ? nil : tokens.lowerBound + cell - 1
                ))
            if way != .token { row -= 1 }
            if way != .column { cell -= 1 }
            way = before
        }
        return (found.reversed(), isAtBorder)
    }

    /// For each cell, and each way to reach it, the way by which that before it was reached.
    private struct Ways {
        let windows: [Range<Int>]
        private let starts: [Int]
        private var cells: [UInt8]
        var last = Way.both

        init(_ windows: [Range<Int>]) {
            self.windows = windows
            var (starts, count): ([Int], Int) = ([], 0)
            for window in windows {
                starts.append(count)
                count += window.count
            }
            self.starts = starts
            cells = [UInt8](repeating: 0, count: count)
        }

        subscript(row: Int, cell: Int, way: Way) -> Way {
            get { Way(rawValue: cells[starts[row] + cell - windows[row].lowerBound] >> (2 * way.rawValue) & 3)! }
            set { cells[starts[row] + cell - windows[row].lowerBound] |= newValue.rawValue << (2 * way.rawValue) }
        }
    }

    /// - Parameter half: the distance from the diagonal, if there are too many cells.
    private func windows(_ rows: Int, _ cells: Int, half: Int) -> [Range<Int>] {
        guard (rows + 1) * (cells + 1) > Aligner.limit else {
            return Array(repeating: 0..<(cells + 1), count: rows + 1)
        }
        let slope = Double(cells) / Double(max(1, rows))
        return (0...rows).map { row in
            let centre = Int(Double(row) * slope)
            return max(0, centre - half)..<(row == rows ? cells + 1 : min(cells + 1, centre + half + 1))
        }
    }

    /// The cost of reaching a cell, by each way.
    private struct Cost {
        var both = Int.max / 4
        var column = Int.max / 4
        var token = Int.max / 4

        var best: (cost: Int, way: Way) {
            both <= column && both <= token ? (both, .both) : column <= token ? (column, .column) : (token, .token)
        }

        /// With what a gap costs that begins here, where it does not go on.
        func entering(_ way: Way, opening: Int) -> (cost: Int, way: Way) {
            Cost(
                both: both + opening, column: column + (way == .column ? 0 : opening),
                token: token + (way == .token ? 0 : opening)
            ).best
        }
    }

    private mutating func cells(_ columns: Range<Int>, _ tokens: Range<Int>, half: Int) -> Ways {
        var ways = Ways(windows(columns.count, tokens.count, half: half))
        let (weights, opening) = (
            keys[tokens].map { vocabulary.entries[$0].weight * members }, Aligner.opening * members
        )
        var (before, costs): ([Cost], [Cost]) = ([], [])
        for row in 0...columns.count {
            let (window, above) = (ways.windows[row], row > 0 ? ways.windows[row - 1] : 0..<0)
            (before, costs) = (costs, Array(repeating: Cost(), count: window.count))
            if row == 0 { costs[0].both = 0 }
            let column = columns.lowerBound + row - 1
            for cell in window {
                let here = cell - window.lowerBound
                if above.contains(cell - 1) {
                    let (cost, way) = before[cell - 1 - above.lowerBound].best
                    costs[here].both = cost + substitution(column, keys[tokens.lowerBound + cell - 1])
                    ways[row, cell, .both] = way
                }
                if above.contains(cell) {
                    let (cost, way) = before[cell - above.lowerBound].entering(.column, opening: opening)
                    costs[here].column = cost + profile[column].weight
                    ways[row, cell, .column] = way
                }
                if here > 0 {
                    let (cost, way) = costs[here - 1].entering(.token, opening: opening)
                    costs[here].token = cost + weights[cell - 1]
                    ways[row, cell, .token] = way
                }
            }
        }
        ways.last = costs[costs.count - 1].best.way
        return ways
    }

    /// The cost of a token in a column, for the witnesses with a token there and those without.
    private mutating func substitution(_ column: Int, _ key: Int) -> Int {
        var (cost, absent) = (0, members)
        for (other, count) in profile[column].keys {
            if other != key { cost += count * substitution(of: other, by: key) }
            absent -= count
        }
        return absent == 0 ? cost : cost + absent * vocabulary.entries[key].weight
    }

    private mutating func substitution(of key: Int, by other: Int) -> Int {
        let pair = min(key, other) << 32 | max(key, other)
        let slot = (pair &* 0x1E37_79B9_7F4A_7C15) >> 49 & 0x3FFF
        if costs[slot].pair == pair { return costs[slot].cost }
        let cost = vocabulary.substitution(key, other)
        costs[slot] = (pair, cost)
        return cost
    }
}
