public import XML

/// Findings that say the same: of those with one rule and message, the first is reported, and all are counted.
public struct RepeatedFindings {
    /// Findings that say the same.
    public struct Group: Sendable {
        /// The first.
        public let first: Diagnostic
        /// How many there are.
        public fileprivate(set) var count: Int
        /// The places of the first three.
        public fileprivate(set) var places: [SourceLocation]
    }

    private var all: [Group] = []
    private var indexes: [UInt64: Int] = [:]
    /// More different messages are reported one by one, so that a report needs little memory.
    private static let limit = 10_000

    /// Returns those that say what none before has said, and counts all.
    mutating func first(of new: [Diagnostic]) -> [Diagnostic] {
        new.filter { diagnostic in
            let key = fnv1a([diagnostic.severity.rawValue, diagnostic.rule, diagnostic.message])
            if let index = indexes[key] {
                all[index].count += diagnostic.occurrences
                if all[index].places.count < 3, let place = diagnostic.location { all[index].places.append(place) }
                return false
            }
            guard all.count < RepeatedFindings.limit else { return true }
            indexes[key] = all.count
            let places = diagnostic.location.map { [$0] } ?? []
            all.append(Group(first: diagnostic, count: diagnostic.occurrences, places: places))
            return true
        }
    }

    /// The groups of more than one place, the largest first.
    var groups: [Group] {
        all.enumerated().filter { $1.places.count > 1 }
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
    }
}
