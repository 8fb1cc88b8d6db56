/// The candidate that a word was probably meant to be, or `nil` if none is near enough.
package func nearest(_ word: String, _ candidates: [String]) -> Int? {
    let limit = max(1, min(3, word.unicodeScalars.count / 3))
    var best: (index: Int, distance: Int)?
    let letters = Array(word.lowercased().unicodeScalars)
    for (index, candidate) in candidates.enumerated() where !candidate.isEmpty {
        let distance = editDistance(letters, Array(candidate.lowercased().unicodeScalars), limit: limit)
        if let distance, distance < best?.distance ?? Int.max { best = (index, distance) }
    }
    return best?.index
}

/// Insertions, deletions, replacements and swaps of neighbours; `nil` above the limit.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int) -> Int? {
    guard abs(a.count - b.count) <= limit else { return nil }
    var (before, row) = ([Int](), Array(0...b.count))
    for i in 0..<a.count {
        var next = [i + 1]
        for j in 0..<b.count {
            var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
            next.append(cost)
        }
        (before, row) = (row, next)
    }
    return row[b.count] <= limit ? row[b.count] : nil
}
