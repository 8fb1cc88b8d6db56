internal import XML

/// A pattern of a ``PatternTable``. Two patterns of one table are equal if, and only if, they say the same.
struct Pattern: Hashable, Sendable {
    let index: Int32

    static let notAllowed = Pattern(index: 0)
    static let empty = Pattern(index: 1)
    static let text = Pattern(index: 2)
}

/// The patterns of a schema in simple form (RELAX NG, 4.20), and their derivatives, each once.
///
/// The functions that make patterns keep them normal: what cannot be told apart has one form, so that the derivatives
/// of a schema are finitely many.
struct PatternTable: Sendable {
    enum Kind: UInt8, Sendable {
        case notAllowed, empty, text, element, attribute, data, value, list, oneOrMore, choice, group, interleave
    }

    struct Record: Sendable {
        var kind: Kind
        /// Matches nothing at all: no attributes, no children.
        var isNullable = false
        /// Has attributes that are to be matched in the same start tag.
        var hasAttributes = false
        /// Has `data`, `value` or `list`, which match the text of an element as a whole.
        var hasString = false
        /// `element`: the definition. `attribute`: the name class. `data`: the datatype. `value`: the value. `list` and
        /// `oneOrMore`: the pattern. Otherwise: where the operands begin.
        var first: Int32 = 0
        /// `attribute`: the pattern. `data`: the exception, or ``Pattern/notAllowed``. Otherwise: how many operands.
        var second: Int32 = 0
    }

    private(set) var records: [Record]
    private var operandList: [Pattern] = []
    private var table = IndexTable(capacity: 1 << 11)

    init() {
        records = [
            Record(kind: .notAllowed), Record(kind: .empty, isNullable: true), Record(kind: .text, isNullable: true),
        ]
    }

    subscript(_ pattern: Pattern) -> Record { records[Int(pattern.index)] }

    /// The operands of a choice, group or interleave.
    func operands(_ pattern: Pattern) -> ArraySlice<Pattern> { operands(of: self[pattern]) }

    func operands(of record: Record) -> ArraySlice<Pattern> {
        operandList[Int(record.first)..<Int(record.first + record.second)]
    }

    func operand(_ record: Record, _ index: Int) -> Pattern { operandList[Int(record.first) + index] }

    var count: Int { records.count }

    /// All patterns, each after those that it is made of.
    var all: some Sequence<Pattern> { (0..<Int32(records.count)).lazy.map(Pattern.init(index:)) }

    /// The patterns that a pattern is made of; of an element none, since its content is its definition's.
    func forEachPart(_ pattern: Pattern, _ body: (Pattern) -> Void) {
        let record = self[pattern]
        switch record.kind {
        case .notAllowed, .empty, .text, .element, .value: break
        case .list, .oneOrMore: body(Pattern(index: record.first))
        case .attribute, .data: body(Pattern(index: record.second))
        case .choice, .group, .interleave: for operand in operands(pattern) { body(operand) }
        }
    }

    // MARK: Making patterns

    mutating func element(_ definition: Int) -> Pattern {
        intern(Record(kind: .element, first: Int32(definition)))
    }

    mutating func attribute(_ nameClass: Int, _ pattern: Pattern) -> Pattern {
        if pattern == .notAllowed { return .notAllowed }
        return intern(Record(kind: .attribute, hasAttributes: true, first: Int32(nameClass), second: pattern.index))
    }

    mutating func data(_ datatype: Int, except: Pattern = .notAllowed) -> Pattern {
        intern(Record(kind: .data, hasString: true, first: Int32(datatype), second: except.index))
    }

    mutating func value(_ value: Int) -> Pattern {
        intern(Record(kind: .value, hasString: true, first: Int32(value)))
    }

    mutating func list(_ pattern: Pattern) -> Pattern {
        if pattern == .notAllowed { return .notAllowed }
        return intern(Record(kind: .list, hasString: true, first: pattern.index))
    }

    mutating func oneOrMore(_ pattern: Pattern) -> Pattern {
        let record = self[pattern]
        // One or more of text is text, of nothing nothing; and once is enough for what may be repeated already.
        if pattern == .notAllowed || pattern == .empty || pattern == .text || record.kind == .oneOrMore {
            return pattern
        }
        return intern(
            Record(
                kind: .oneOrMore, isNullable: record.isNullable, hasAttributes: record.hasAttributes,
                hasString: record.hasString,
                first: pattern.index
            ))
    }

    mutating func optional(_ pattern: Pattern) -> Pattern {
        choice([pattern, .empty])
    }

    mutating func zeroOrMore(_ pattern: Pattern) -> Pattern {
        optional(oneOrMore(pattern))
    }

    /// Each alternative once, in the order in which this choice was first made.
    mutating func choice(_ patterns: [Pattern]) -> Pattern {
        var alternatives: [Pattern] = []
        for pattern in patterns {
            switch self[pattern].kind {
            case .notAllowed: continue
            case .choice: alternatives += operands(pattern)
            default: alternatives.append(pattern)
            }
        }
        removeDuplicates(&alternatives)
        // Empty adds nothing to what may be empty.
        if alternatives.count > 1, alternatives.contains(.empty),
            alternatives.contains(where: { $0 != .empty && self[$0].isNullable })
        {
            alternatives.removeAll { $0 == .empty }
        }
        switch alternatives.count {
        case 0: return .notAllowed
        case 1: return alternatives[0]
        default: return intern(.choice, alternatives)
        }
    }

    private func removeDuplicates(_ patterns: inout [Pattern]) {
        if patterns.count < 8 {
            for index in patterns.indices.reversed() where patterns[..<index].contains(patterns[index]) {
                patterns.remove(at: index)
            }
        } else {
            var seen = Set<Pattern>(minimumCapacity: patterns.count)
            patterns.removeAll { !seen.insert($0).inserted }
        }
    }

    mutating func group(_ patterns: [Pattern]) -> Pattern {
        sequence(.group, patterns)
    }

    mutating func interleave(_ patterns: [Pattern]) -> Pattern {
        sequence(.interleave, patterns)
    }

    private mutating func sequence(_ kind: Kind, _ patterns: [Pattern]) -> Pattern {
        var parts: [Pattern] = []
        parts.reserveCapacity(patterns.count)
        for pattern in patterns {
            switch self[pattern].kind {
            case .notAllowed: return .notAllowed
            case .empty: continue
            case kind: parts += operands(pattern)
            default: parts.append(pattern)
            }
        }
        if kind == .group { absorbText(&parts) }
        switch parts.count {
        case 0: return .empty
        case 1: return parts[0]
        default: return intern(kind, parts)
        }
    }

    /// Text before a repetition that has text itself adds nothing: without this each text of mixed content would lead
    /// to a new state.
    private func absorbText(_ parts: inout [Pattern]) {
        for index in parts.indices.dropLast().reversed() where parts[index] == .text {
            let next = self[parts[index + 1]]
            guard next.kind == .oneOrMore else { continue }
            let repeated = Pattern(index: next.first)
            if self[repeated].kind == .choice, operands(repeated).contains(.text) { parts.remove(at: index) }
        }
    }
}

// MARK: - Interning

extension PatternTable {
    /// A pattern as a table had it, without the rules by which it was made.
    mutating func restore(_ kind: Kind, _ first: Int32, _ second: Int32) -> Pattern {
        var record = Record(kind: kind, first: first, second: second)
        record.hasAttributes = kind == .attribute
        record.hasString = kind == .data || kind == .value || kind == .list
        if kind == .oneOrMore {
            let repeated = self[Pattern(index: first)]
            (record.isNullable, record.hasAttributes, record.hasString) = (
                repeated.isNullable, repeated.hasAttributes, repeated.hasString
            )
        }
        return intern(record)
    }

    /// A choice, group or interleave as a table had it.
    mutating func restore(_ kind: Kind, _ operands: [Pattern]) -> Pattern {
        intern(kind, operands)
    }

    private mutating func intern(_ kind: Kind, _ operands: [Pattern]) -> Pattern {
        var record = Record(kind: kind, second: Int32(operands.count))
        record.isNullable = kind != .choice
        for operand in operands {
            let part = self[operand]
            record.isNullable =
                kind == .choice ? record.isNullable || part.isNullable : record.isNullable && part.isNullable
            record.hasAttributes = record.hasAttributes || part.hasAttributes
            record.hasString = record.hasString || part.hasString
        }
        // A choice is a set: its order is kept for messages, and does not make it another one.
        let key = kind == .choice ? operands.map(\.index).sorted() : operands.map(\.index)
        let slot = table.slot(of: PatternTable.hash(kind, key)) { says($0, kind, key) }
        if let known = table[slot] { return Pattern(index: Int32(known)) }
        record.first = Int32(operandList.count)
        operandList += operands
        return insert(record, at: slot)
    }

    private mutating func intern(_ record: Record) -> Pattern {
        let slot = table.slot(of: PatternTable.hash(record)) {
            let other = records[$0]
            return other.kind == record.kind && other.first == record.first && other.second == record.second
        }
        if let known = table[slot] { return Pattern(index: Int32(known)) }
        return insert(record, at: slot)
    }

    private mutating func insert(_ record: Record, at slot: Int) -> Pattern {
        let index = records.count
        records.append(record)
        table.insert(index, at: slot)
        if table.isCrowded { table = table.grown { hash(of: $0) } }
        return Pattern(index: Int32(index))
    }

    private func hash(of index: Int) -> UInt64 {
        let record = records[index]
        guard record.isSequence else { return PatternTable.hash(record) }
        let key = operands(of: record).map(\.index)
        return PatternTable.hash(record.kind, record.kind == .choice ? key.sorted() : key)
    }

    private func says(_ index: Int, _ kind: Kind, _ key: [Int32]) -> Bool {
        let record = records[index]
        guard record.kind == kind, Int(record.second) == key.count else { return false }
        let known = operands(Pattern(index: Int32(index)))
        if kind == .choice { return known.map(\.index).sorted() == key }
        return zip(known, key).allSatisfy { $0.index == $1 }
    }

    private static func hash(_ record: Record) -> UInt64 {
        mix(mix(UInt64(record.kind.rawValue), UInt32(bitPattern: record.first)), UInt32(bitPattern: record.second))
    }

    private static func hash(_ kind: Kind, _ key: [Int32]) -> UInt64 {
        key.reduce(UInt64(kind.rawValue)) { mix($0, UInt32(bitPattern: $1)) }
    }

    private static func mix(_ hash: UInt64, _ part: UInt32) -> UInt64 {
        (hash ^ UInt64(part)) &* 0x9E37_79B9_7F4A_7C15 ^ hash >> 29
    }
}

extension PatternTable.Record {
    var isSequence: Bool { kind == .choice || kind == .group || kind == .interleave }
}
