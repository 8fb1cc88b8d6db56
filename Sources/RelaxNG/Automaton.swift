internal import XML

/// The states of a document's elements against a grammar, and the ways between them: made by derivatives as documents
/// need them, then kept. After warm-up a start tag is a look-up.
///
/// A state is a list of patterns. Usually there is one; where the name of an element fits several definitions at once,
/// there is one for each of them, and the end tag tells which of them the element was. For each thread its own.
struct Automaton {
    typealias StateIndex = Int32

    struct State {
        var first: Int32
        var count: Int32
        /// Where text that is not blank leads, and the end of the start tag; -1 if that is not known yet.
        fileprivate(set) var text: StateIndex = -1
        fileprivate(set) var closed: StateIndex = -1
        /// Whether the text as a whole is to be tried against a datatype, a value or a list.
        fileprivate(set) var hasString = false
        fileprivate(set) var hasAttributes = false
    }

    /// The result of a start tag's name.
    struct Start {
        /// The state within the element, before its attributes.
        var child: StateIndex
        /// The definitions that the element may follow.
        fileprivate(set) var definitions: [Int32]
        /// For each pattern of the state before, and within that for each definition: what is left.
        fileprivate(set) var rests: [Pattern]
        /// Where the end tag leads if it is the one definition's.
        fileprivate(set) var after: StateIndex = -1
    }

    /// The result of an attribute's name.
    struct AttributeStep {
        /// The patterns that its value may match.
        fileprivate(set) var values: [Pattern]
        /// As in ``Start``.
        fileprivate(set) var rests: [Pattern]
        /// Where any value leads, if any is allowed; where an allowed value leads, if there is one pattern.
        fileprivate(set) var after: StateIndex = -1
        fileprivate(set) var allowsAny = false
    }

    /// A start tag that is not allowed where it is.
    private struct Mistake: Hashable {
        let state: StateIndex
        let name: SchemaName
        /// Whether it is nowhere allowed in its parent.
        let isUnexpected: Bool
    }

    static let dead: StateIndex = 0
    /// A start or step that does not exist.
    static let none: Int32 = -1

    let grammar: Grammar
    private(set) var patterns: PatternTable
    private(set) var states: [State] = []
    private var slots: [Pattern] = []
    private var singles: [StateIndex] = []
    private var tuples: [[Pattern]: StateIndex] = [:]
    private(set) var starts: [Start] = []
    private var startTable = IntegerTable()
    private var mistakes: [Mistake: Int32] = [:]
    private(set) var steps: [AttributeStep] = []
    private var stepTable = IntegerTable()
    /// Where the end tag leads if some of several definitions match: from the start and these.
    private var ends: [[Int32]: StateIndex] = [:]
    private var strings: StringMatcher

    init(_ grammar: Grammar) {
        self.grammar = grammar
        patterns = grammar.patterns
        strings = StringMatcher(grammar)
        _ = state([.notAllowed])
    }

    var initial: StateIndex {
        mutating get { state([grammar.start]) }
    }

    /// Forgets the last document's entities.
    mutating func begin() {
        if !strings.unparsedEntities.isEmpty { strings.unparsedEntities = [] }
    }

    mutating func declare(unparsedEntity name: String) { strings.unparsedEntities.insert(CodepointString(name)) }

    // MARK: States

    func patterns(of state: StateIndex) -> ArraySlice<Pattern> {
        let record = states[Int(state)]
        return slots[Int(record.first)..<Int(record.first + record.count)]
    }

    /// The state of these patterns; dead if none of them can match any more.
    mutating func state(_ patterns: [Pattern]) -> StateIndex {
        if !states.isEmpty, patterns.allSatisfy({ $0 == .notAllowed }) { return Automaton.dead }
        if patterns.count == 1 {
            let index = Int(patterns[0].index)
            while singles.count <= index { singles.append(-1) }
            if singles[index] < 0 { singles[index] = append(patterns) }
            return singles[index]
        }
        if let known = tuples[patterns] { return known }
        let index = append(patterns)
        tuples[patterns] = index
        return index
    }

    private mutating func append(_ list: [Pattern]) -> StateIndex {
        var state = State(first: Int32(slots.count), count: Int32(list.count))
        state.hasString = list.contains { patterns[$0].hasString }
        state.hasAttributes = list.contains { patterns[$0].hasAttributes }
        slots += list
        states.append(state)
        return StateIndex(states.count - 1)
    }

    private mutating func state(
        from state: StateIndex, _ derive: (inout PatternTable, Pattern) -> Pattern
    ) -> StateIndex {
        self.state(Array(patterns(of: state)).map { derive(&patterns, $0) })
    }

    // MARK: Transitions

    /// The result of an element's start tag; ``none`` if it is not allowed.
    mutating func start(_ state: StateIndex, _ name: SchemaName) -> Int32 {
        let key = UInt64(UInt32(bitPattern: state)) << 32 | UInt64(UInt32(bitPattern: name.index))
        if let known = startTable[key] { return known }
        let ways = Array(patterns(of: state)).map { patterns.elementDerivatives($0, name, grammar) }
        let start = addStart(ways)
        startTable[key] = start
        return start
    }

    /// A start tag for which what is required before it may be missing.
    mutating func startSkipping(_ state: StateIndex, _ name: SchemaName) -> Int32 {
        let mistake = Mistake(state: state, name: name, isUnexpected: false)
        if let known = mistakes[mistake] { return known }
        let start = addStart(
            Array(patterns(of: state)).map { patterns.elementDerivatives($0, name, grammar, skipping: true) })
        mistakes[mistake] = start
        return start
    }

    /// A start tag where the element is not allowed: it is tried against its definitions, and the state stays.
    mutating func startUnexpected(_ state: StateIndex, _ name: SchemaName) -> Int32 {
        let mistake = Mistake(state: state, name: name, isUnexpected: true)
        if let known = mistakes[mistake] { return known }
        let definitions = grammar.definitions(of: name)
        let start = addStart(
            Array(patterns(of: state)).map { rest in definitions.map { Derivative(matched: $0, rest: rest) } })
        mistakes[mistake] = start
        return start
    }

    private mutating func addStart(_ ways: [[Derivative]]) -> Int32 {
        let (definitions, rests) = matrix(ways)
        guard !definitions.isEmpty else { return Automaton.none }
        let child = state(definitions.map { grammar.definitions[Int($0)].content })
        var start = Start(child: child, definitions: definitions, rests: rests)
        if definitions.count == 1 { start.after = state(rests) }
        starts.append(start)
        return Int32(starts.count - 1)
    }

    /// The columns that the patterns of a state have in common, and what is left of each pattern for each column.
    private func matrix(_ ways: [[Derivative]]) -> (columns: [Int32], rests: [Pattern]) {
        var columns: [Int32] = []
        for way in ways.joined() where !columns.contains(way.matched) { columns.append(way.matched) }
        var rests: [Pattern] = []
        for row in ways {
            for column in columns { rests.append(row.first { $0.matched == column }?.rest ?? .notAllowed) }
        }
        return (columns, rests)
    }

    /// The choice of what is left for some columns, for each pattern.
    private mutating func combine(_ rests: [Pattern], columns: Int, _ chosen: [Int]) -> StateIndex {
        let rows = stride(from: 0, to: rests.count, by: columns)
        return state(rows.map { row in patterns.choice(chosen.map { rests[row + $0] }) })
    }

    /// The result of an attribute; ``none`` if it is not allowed.
    mutating func step(_ state: StateIndex, _ name: SchemaName) -> Int32 {
        let key = UInt64(UInt32(bitPattern: state)) << 32 | UInt64(UInt32(bitPattern: name.index))
        if let known = stepTable[key] { return known }
        let ways =
            states[Int(state)].hasAttributes
            ? Array(patterns(of: state)).map { patterns.attributeDerivatives($0, name, grammar) } : []
        let (values, rests) = matrix(ways)
        var index = Automaton.none
        if !values.isEmpty {
            var step = AttributeStep(values: values.map { Pattern(index: $0) }, rests: rests)
            if values.count == 1 {
                step.after = self.state(rests)
                step.allowsAny = step.values[0] == .text
            }
            steps.append(step)
            index = Int32(steps.count - 1)
        }
        stepTable[key] = index
        return index
    }

    /// The state after an attribute with this value; dead if the value is not allowed.
    mutating func after(step index: Int32, _ value: Span<UInt8>, namespace: (String) -> String?) -> StateIndex {
        if steps[Int(index)].allowsAny { return steps[Int(index)].after }
        let count = steps[Int(index)].values.count
        if count == 1 {
            let isAllowed = strings.matches(steps[Int(index)].values[0], value, &patterns, namespace)
            return isAllowed ? steps[Int(index)].after : Automaton.dead
        }
        let step = steps[Int(index)]
        var chosen: [Int] = []
        for column in 0..<count where strings.matches(step.values[column], value, &patterns, namespace) {
            chosen.append(column)
        }
        return chosen.isEmpty ? Automaton.dead : combine(step.rests, columns: count, chosen)
    }

    /// The state after an attribute whose value is not allowed, as if it were.
    mutating func assumeValid(step index: Int32) -> StateIndex {
        let step = steps[Int(index)]
        return combine(step.rests, columns: step.values.count, Array(step.values.indices))
    }

    /// The state after the start tag; dead if attributes are missing.
    mutating func close(_ state: StateIndex) -> StateIndex {
        let known = states[Int(state)].closed
        if known >= 0 { return known }
        let next =
            states[Int(state)].hasAttributes
            ? self.state(from: state) { table, pattern in table.startTagCloseDerivative(pattern) } : state
        states[Int(state)].closed = next
        return next
    }

    /// The state after the start tag, as if no attributes were missing.
    mutating func assumeAttributes(_ state: StateIndex) -> StateIndex {
        self.state(from: state) { table, pattern in table.startTagCloseDerivative(pattern, assuming: true) }
    }

    /// The state after text that is not blank, by `text` alone; dead if there is none.
    mutating func text(_ state: StateIndex) -> StateIndex {
        let known = states[Int(state)].text
        if known >= 0 { return known }
        let next = self.state(from: state) { table, pattern in table.textDerivative(pattern) }
        states[Int(state)].text = next
        return next
    }

    /// The state after an end tag; dead if no definition is complete.
    ///
    /// - Parameter isComplete: whether the content, which ended in the pattern, is complete.
    mutating func after(
        start index: Int32, _ end: StateIndex, isComplete: (inout Automaton, Pattern) -> Bool
    ) -> StateIndex {
        let count = starts[Int(index)].definitions.count
        let record = states[Int(end)]
        if count == 1 {
            return isComplete(&self, slots[Int(record.first)]) ? starts[Int(index)].after : Automaton.dead
        }
        // The dead state has one pattern for all.
        guard end != Automaton.dead else { return Automaton.dead }
        var chosen: [Int32] = []
        for column in 0..<count where isComplete(&self, slots[Int(record.first) + column]) {
            chosen.append(Int32(column))
        }
        guard !chosen.isEmpty else { return Automaton.dead }
        let key = [index] + chosen
        if let known = ends[key] { return known }
        let next = combine(starts[Int(index)].rests, columns: count, chosen.map { Int($0) })
        ends[key] = next
        return next
    }

    /// The state after an element whose content is taken to be right.
    mutating func stateAfter(_ start: Int32) -> StateIndex {
        let known = starts[Int(start)].after
        return known >= 0 ? known : assumeValid(start: start)
    }

    /// The state after an end tag, as if all definitions were complete.
    mutating func assumeValid(start index: Int32) -> StateIndex {
        let start = starts[Int(index)]
        return combine(start.rests, columns: start.definitions.count, Array(start.definitions.indices))
    }

    mutating func datatype(_ index: Int) -> Datatype? { strings.datatype(index) }

    func isNullable(_ pattern: Pattern) -> Bool { patterns[pattern].isNullable }

    /// Whether a string as a whole matches a pattern: the value of an attribute, or the text of an element.
    mutating func matches(_ pattern: Pattern, _ string: Span<UInt8>, namespace: (String) -> String?) -> Bool {
        strings.matches(pattern, string, &patterns, namespace)
    }
}

/// From keys to integers.
struct IntegerTable {
    private var entries: [(key: UInt64, value: Int32)] = []
    private var table = IndexTable(capacity: 128)

    subscript(_ key: UInt64) -> Int32? {
        get { table[slot(key)].map { entries[$0].value } }
        set {
            guard let newValue else { return }
            let slot = self.slot(key)
            if let known = table[slot] {
                entries[known].value = newValue
                return
            }
            table.insert(entries.count, at: slot)
            entries.append((key, newValue))
            if table.isCrowded { table = table.grown { IntegerTable.hash(entries[$0].key) } }
        }
    }

    /// Where the key is, or would be.
    private func slot(_ key: UInt64) -> Int { table.slot(of: IntegerTable.hash(key)) { entries[$0].key == key } }

    private static func hash(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }
}

/// Strings against patterns of strings. It keeps the datatypes of a grammar, each made when it is first used.
struct StringMatcher {
    private let grammar: Grammar
    private var datatypes: [Datatype?]
    private var values: [DatatypeValue?]
    /// The names that values of ENTITY and ENTITIES may have in this document.
    var unparsedEntities: Set<CodepointString> = [] {
        didSet {
            for datatype in datatypes { datatype?.unparsedEntities = unparsedEntities }
        }
    }

    init(_ grammar: Grammar) {
        self.grammar = grammar
        datatypes = Array(repeating: nil, count: grammar.datatypes.count)
        values = Array(repeating: nil, count: grammar.values.count)
    }

    /// The datatypes of a grammar were tried when it was compiled.
    mutating func datatype(_ index: Int) -> Datatype? {
        if let known = datatypes[index] { return known }
        datatypes[index] = try? Datatype(grammar.datatypes[index])
        datatypes[index]?.unparsedEntities = unparsedEntities
        return datatypes[index]
    }

    private mutating func value(_ index: Int) -> DatatypeValue? {
        if let known = values[index] { return known }
        let value = grammar.values[index]
        let bytes = Array(value.string.string.utf8)
        values[index] = datatype(value.datatype)?.value(of: bytes.span) { value.prefixes[CodepointString($0)]?.string }
        return values[index]
    }

    mutating func matches(
        _ pattern: Pattern, _ string: Span<UInt8>, _ patterns: inout PatternTable, _ namespace: (String) -> String?
    ) -> Bool {
        let record = patterns[pattern]
        switch record.kind {
        case .text: return true
        case .empty: return string.isBlank
        case .notAllowed, .element, .attribute: return false
        case .data:
            guard datatype(Int(record.first))?.allows(string, namespace: namespace) == true else { return false }
            let except = Pattern(index: record.second)
            return except == .notAllowed || !matches(except, string, &patterns, namespace)
        case .value:
            guard let value = value(Int(record.first)) else { return false }
            return datatype(grammar.values[Int(record.first)].datatype)?.equals(string, value, namespace: namespace)
                == true
        case .list:
            return matchesList(Pattern(index: record.first), string, &patterns, namespace)
        case .oneOrMore:
            return record.isNullable && string.isBlank
                || matches(Pattern(index: record.first), string, &patterns, namespace)
        case .choice:
            for index in 0..<Int(record.second) {
                if matches(patterns.operand(record, index), string, &patterns, namespace) { return true }
            }
            return false
        case .group, .interleave:
            if record.isNullable, string.isBlank { return true }
            return matchesPart(record, string, &patterns, namespace)
        }
    }

    /// One part takes the string, and the others nothing.
    private mutating func matchesPart(
        _ record: PatternTable.Record, _ string: Span<UInt8>, _ patterns: inout PatternTable,
        _ namespace: (String) -> String?
    ) -> Bool {
        let parts = 0..<Int(record.second)
        for index in parts where parts.allSatisfy({ $0 == index || patterns[patterns.operand(record, $0)].isNullable })
        {
            if matches(patterns.operand(record, index), string, &patterns, namespace) { return true }
        }
        return false
    }

    private mutating func matchesList(
        _ pattern: Pattern, _ string: Span<UInt8>, _ patterns: inout PatternTable, _ namespace: (String) -> String?
    ) -> Bool {
        var (rest, offset) = (pattern, 0)
        while let token = string.nextToken(&offset) {
            if let item = patterns.repeatedItem(of: rest) {
                return matchesItems(item, string.extracting(token.lowerBound...), &patterns, namespace)
            }
            rest = derivative(rest, string.extracting(token), &patterns, namespace)
            if rest == .notAllowed { return false }
        }
        return patterns[rest].isNullable
    }

    /// The form of nearly all lists: repetitions of one datatype.
    private mutating func matchesItems(
        _ item: Pattern, _ string: Span<UInt8>, _ patterns: inout PatternTable, _ namespace: (String) -> String?
    ) -> Bool {
        var offset = 0
        while let token = string.nextToken(&offset) {
            guard matches(item, string.extracting(token), &patterns, namespace) else { return false }
        }
        return true
    }

    private mutating func derivative(
        _ pattern: Pattern, _ token: Span<UInt8>, _ patterns: inout PatternTable, _ namespace: (String) -> String?
    ) -> Pattern {
        var allowed: Set<Pattern> = []
        for leaf in patterns.strings(in: pattern) where matches(leaf, token, &patterns, namespace) {
            allowed.insert(leaf)
        }
        return patterns.textDerivative(pattern) { allowed.contains($0) }
    }
}

extension Span<UInt8> {
    /// Nothing but XML's white space.
    var isBlank: Bool {
        for index in indices where !self[index].isXMLSpace { return false }
        return true
    }
}

extension PatternTable {
    /// The pattern that a list repeats (`zeroOrMore` or `oneOrMore`), if it is a string's.
    fileprivate func repeatedItem(of pattern: Pattern) -> Pattern? {
        let record = self[pattern]
        if record.kind == .choice, record.second == 2 {
            let (first, second) = (operand(record, 0), operand(record, 1))
            if first == .empty { return repeatedItem(of: second) }
            return second == .empty ? repeatedItem(of: first) : nil
        }
        guard record.kind == .oneOrMore else { return nil }
        let item = Pattern(index: record.first)
        let isOfStrings = isString(item) || self[item].kind == .choice && operands(item).allSatisfy(isString)
        return isOfStrings ? item : nil
    }

    private func isString(_ pattern: Pattern) -> Bool { [.data, .value].contains(self[pattern].kind) }

    /// The `data` and `value` patterns of a list.
    fileprivate func strings(in pattern: Pattern) -> [Pattern] {
        let record = self[pattern]
        switch record.kind {
        case .data, .value: return [pattern]
        case .oneOrMore: return strings(in: Pattern(index: record.first))
        case .choice, .group, .interleave: return operands(of: record).flatMap { strings(in: $0) }
        case .notAllowed, .empty, .text, .element, .attribute, .list: return []
        }
    }
}
