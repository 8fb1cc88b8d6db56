/// The candidate that a word was probably meant to be, or `nil` if none is near enough: one with few other letters, or
/// one with which the word begins, or that begins with it (`left` for `lefthand`).
package func nearest(_ word: String, _ candidates: [String]) -> Int? {
    // The same letters in other code points look like the word itself.
    if let twin = candidates.firstIndex(where: { $0 == word && !$0.isSame(as: word) }) { return twin }
    // Two letters are too few to be taken for others: `ul` is no slip for `l`.
    let limit = min(3, word.unicodeScalars.count / 3)
    var best: (index: Int, distance: Int)?
    let letters = Array(word.lowercased().unicodeScalars)
    for (index, candidate) in candidates.enumerated() where !candidate.isEmpty {
        let distance = editDistance(letters, Array(candidate.lowercased().unicodeScalars), limit: limit)
        if let distance, distance < best?.distance ?? Int.max { best = (index, distance) }
    }
    return best?.index ?? beginning(of: letters, candidates)
}

/// The longest candidate of at least three letters with which a word begins; else the only one that begins with it.
private func beginning(of word: [Unicode.Scalar], _ candidates: [String]) -> Int? {
    let letters = candidates.map { Array($0.lowercased().unicodeScalars) }
    let begun = letters.indices.filter { letters[$0].count >= 3 && word.starts(with: letters[$0]) }
    if let longest = begun.max(by: { letters[$0].count < letters[$1].count }) { return longest }
    let longer = letters.indices.filter { word.count >= 3 && letters[$0].starts(with: word) }
    return longer.count == 1 ? longer[0] : nil
}

/// How many insertions, deletions, replacements and swaps of neighbours make one of the other; `nil` above the limit.
package func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int) -> Int? {
    guard abs(a.count - b.count) <= limit else { return nil }
    var (before, row, next) = (
        [Int](repeating: 0, count: b.count + 1), Array(0...b.count), [Int](repeating: 0, count: b.count + 1)
    )
    for i in 0..<a.count {
        next[0] = i + 1
        var least = i + 1
        for j in 0..<b.count {
            var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
            next[j + 1] = cost
            least = min(least, cost)
        }
        // A swap reaches back by one row more.
        if least > limit + 1 { return nil }
        (before, row, next) = (row, next, before)
    }
    return row[b.count] <= limit ? row[b.count] : nil
}
