/// A regular expression as a tree.
indirect enum RegexNode {
    case empty
    /// One of the characters of the set of this number.
    case set(Int)
    case sequence([RegexNode])
    /// The first one that matches is taken.
    case choice([RegexNode])
    case repetition(RegexNode, Int32, Int32, isGreedy: Bool)
    /// A group that captures, by its number from 1.
    case group(RegexNode, Int)
    case start
    case end
    /// The text that the group of this number captured.
    case backreference(Int)
}

extension RegexNode {
    /// So many characters at least match.
    var minimumLength: Int {
        switch self {
        case .empty, .start, .end, .backreference: 0
        case .set: 1
        case .sequence(let parts): parts.reduce(0) { $0.addingClamped($1.minimumLength) }
        case .choice(let parts): parts.map(\.minimumLength).min() ?? 0
        case .group(let part, _): part.minimumLength
        case .repetition(let part, let minimum, _, _): part.minimumLength.multipliedClamped(by: Int(minimum))
        }
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

/// Makes trees, and keeps their sets.
struct RegexTreeBuilder: RegexBuilder {
    static let maximumDepth = 500

    private(set) var sets: [ScalarSet] = []
    private var numbers: [ScalarSet: Int] = [:]

    mutating func set(_ set: ScalarSet) -> RegexNode {
        let number = numbers[set] ?? sets.count
        if number == sets.count {
            sets.append(set)
            numbers[set] = number
        }
        return .set(number)
    }

    mutating func scalar(_ scalar: UInt32) -> RegexNode { set(ScalarSet(scalar)) }

    func sequence(_ parts: [RegexNode]) -> RegexNode {
        parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    func choice(_ branches: [RegexNode]) -> RegexNode { branches.count == 1 ? branches[0] : .choice(branches) }

    func repetition(_ part: RegexNode, _ minimum: Int32, _ maximum: Int32, isGreedy: Bool) -> RegexNode {
        .repetition(part, minimum, maximum, isGreedy: isGreedy)
    }

    func group(_ part: RegexNode, _ number: Int) -> RegexNode { .group(part, number) }

    func reference(_ reference: RegexReference) -> RegexNode {
        switch reference {
        case .start: .start
        case .end: .end
        case .group(let number): .backreference(number)
        }
    }
}
