internal import XML

// What a grammar allows where a document does not follow it. Each question is answered once for a state of the
// automaton, and the answer is kept: a document with thousands of errors asks the same few questions.

/// A pattern that one thing in a document matches.
struct Leaf {
    var kind: PatternTable.Kind
    /// The definition of an element; the name class of an attribute; else the pattern.
    var payload: Int
    /// The number of the name, if there is just one.
    var name: Int32?
}

/// The answers so far.
struct Alternatives {
    enum Question: Hashable {
        /// The content that may come next.
        case next(Automaton.StateIndex)
        /// The content that may come next or later.
        case later(Automaton.StateIndex)
        /// The elements of which one must come next.
        case required(Automaton.StateIndex)
        /// The attributes that the start tag may still have.
        case attributes(Automaton.StateIndex)
        /// The elements that may come next and hold an element of this name.
        case wrappers(Automaton.StateIndex, SchemaName)
        /// The elements that may come next and hold text.
        case textHolders(Automaton.StateIndex)
        /// The elements that may hold one of this name, wherever they are.
        case parents(SchemaName)
        /// The elements that may have an attribute with the name of this number.
        case holders(Int32)
    }

    /// A name that is not allowed in a state.
    struct Misspelling: Hashable {
        let state: Automaton.StateIndex
        let kind: PatternTable.Kind
        let word: CodepointString
    }

    /// The names of an answer, as an element in a namespace spells them in a document with these prefixes.
    struct Spelling: Hashable {
        let question: Question
        let namespace: CodepointString?
        let prefixes: Int
    }

    /// A prefix, or none, with the namespace that it means.
    struct Prefix: Hashable {
        let prefix: CodepointString?
        let namespace: CodepointString?

        init(_ name: QName) {
            (prefix, namespace) = (name.prefix.map { CodepointString($0) }, name.namespace.map { CodepointString($0) })
        }
    }

    private struct PrefixStep: Hashable {
        let previous: Int
        let prefix: Prefix
    }

    /// A string that is not allowed, and the patterns that it should match.
    struct Value: Hashable {
        let patterns: [Pattern]
        let string: CodepointString
    }

    /// The values that a string may have.
    struct Strings {
        var values: [String] = []
        var phrases: [String] = []
        var datatypes: [Int] = []
    }

    /// So many spellings and misspellings are kept: documents may have any number.
    static let limit = 1000

    /// By question; they depend on the grammar alone.
    var leaves: [Question: [Leaf]] = [:]
    var nearest: [Misspelling: Int32?] = [:]
    var strings: [[Pattern]: Strings] = [:]
    /// By the number of an attribute's name and of a definition: the names of the elements that may hold it.
    var holders: (attributes: [Int32: [Int32]], definitions: [Int32: [Int32]])?
    var names: [Spelling: [String]] = [:]
    /// By definition of an element: the state within it, as if its attributes were right.
    var contents: [Int: Automaton.StateIndex] = [:]
    /// What the document at hand has instead of what is allowed.
    var values: [Value: RelaxNGMessages.ValueExpectation] = [:]
    private var prefixNumbers: [PrefixStep: Int] = [:]
    private var prefixCount = 0

    /// The number of a list of prefixes: of the list with the number before and one prefix more. The list of none has
    /// the number 0.
    mutating func number(after previous: Int, _ prefix: Prefix) -> Int {
        let step = PrefixStep(previous: previous, prefix: prefix)
        if let known = prefixNumbers[step] { return known }
        // Documents may make up prefixes without an end. No number is given twice.
        if prefixNumbers.count == Alternatives.limit { (prefixNumbers, names) = ([:], [:]) }
        prefixCount += 1
        prefixNumbers[step] = prefixCount
        return prefixCount
    }
}

/// Patterns of a table, a bit for each.
private struct PatternSet {
    private var words: [UInt64]

    init(in table: PatternTable) { words = Array(repeating: 0, count: table.count >> 6 + 1) }

    /// - Returns: whether the pattern was not in the set before.
    mutating func insert(_ pattern: Pattern) -> Bool {
        let (word, bit) = (Int(pattern.index) >> 6, UInt64(1) << UInt64(pattern.index & 63))
        defer { words[word] |= bit }
        return words[word] & bit == 0
    }
}

// MARK: - Questions

extension GrammarValidator {
    private mutating func leaves(_ question: Alternatives.Question) -> [Leaf] {
        if let known = alternatives.leaves[question] { return known }
        let found = answer(question)
        alternatives.leaves[question] = found
        return found
    }

    private mutating func answer(_ question: Alternatives.Question) -> [Leaf] {
        switch question {
        case .next(let state): return automaton.patterns(of: state).flatMap { leaves(in: $0, everywhere: false) }
        case .later(let state): return automaton.patterns(of: state).flatMap { leaves(in: $0, everywhere: true) }
        case .attributes(let state): return leaves(.later(state)).filter { $0.kind == .attribute }
        case .required(let state): return requiredLeaves(in: state)
        case .wrappers(let state, let name):
            return leaves(.next(state)).filter { leaf in
                guard leaf.kind == .element else { return false }
                return automaton.start(stateWithin(leaf), name) != Automaton.none
            }
        case .textHolders(let state):
            return leaves(.next(state)).filter { leaf in
                guard leaf.kind == .element else { return false }
                let inside = stateWithin(leaf)
                return automaton.text(inside) != Automaton.dead || automaton.states[Int(inside)].hasString
            }
        case .parents(let name):
            var parents: [Int32] = []
            for definition in automaton.grammar.definitions(of: name) {
                for parent in holders().definitions[definition] ?? [] where !parents.contains(parent) {
                    parents.append(parent)
                }
            }
            return elements(parents)
        case .holders(let attribute): return elements(holders().attributes[attribute] ?? [])
        }
    }

    /// The state within an element, as if its attributes were right.
    private mutating func stateWithin(_ leaf: Leaf) -> Automaton.StateIndex {
        if let known = alternatives.contents[leaf.payload] { return known }
        let inside = automaton.assumeAttributes(automaton.state([automaton.grammar.definitions[leaf.payload].content]))
        alternatives.contents[leaf.payload] = inside
        return inside
    }

    private func elements(_ names: [Int32]) -> [Leaf] { names.map { Leaf(kind: .element, payload: 0, name: $0) } }

    /// Which elements hold which attributes and elements, in the order of the schema.
    private mutating func holders() -> (attributes: [Int32: [Int32]], definitions: [Int32: [Int32]]) {
        if let known = alternatives.holders { return known }
        let grammar = automaton.grammar
        var (attributes, definitions): ([Int32: [Int32]], [Int32: [Int32]]) = ([:], [:])
        for definition in grammar.definitions {
            guard let holder = grammar.names.singleName(definition.nameClass) else { continue }
            for leaf in leaves(in: definition.content, everywhere: true) {
                if leaf.kind == .element, definitions[Int32(leaf.payload)]?.last != holder {
                    definitions[Int32(leaf.payload), default: []].append(holder)
                } else if leaf.kind == .attribute, let name = leaf.name, attributes[name]?.contains(holder) != true {
                    attributes[name, default: []].append(holder)
                }
            }
        }
        alternatives.holders = (attributes, definitions)
        return (attributes, definitions)
    }

    private func requiredLeaves(in state: Automaton.StateIndex) -> [Leaf] {
        let patterns = automaton.patterns
        var (found, seen) = ([Leaf](), PatternSet(in: patterns))
        func collect(_ pattern: Pattern) {
            let record = patterns[pattern]
            if record.isNullable || !seen.insert(pattern) { return }
            switch record.kind {
            case .group: patterns.operands(pattern).first { !patterns[$0].isNullable }.map(collect)
            case .choice, .interleave: patterns.operands(pattern).forEach(collect)
            case .oneOrMore: collect(Pattern(index: record.first))
            default: found += leaves(in: pattern, everywhere: false)
            }
        }
        automaton.patterns(of: state).forEach(collect)
        return found
    }

    /// The leaves of a pattern, in the order that the schema gives.
    ///
    /// - Parameter everywhere: whether what comes later counts, or only what may come next.
    private func leaves(in pattern: Pattern, everywhere: Bool) -> [Leaf] {
        let (patterns, grammar) = (automaton.patterns, automaton.grammar)
        var (leaves, seen) = ([Leaf](), PatternSet(in: patterns))
        func walk(_ pattern: Pattern) {
            guard seen.insert(pattern) else { return }
            let record = patterns[pattern]
            switch record.kind {
            case .notAllowed, .empty: return
            case .element:
                let nameClass = grammar.definitions[Int(record.first)].nameClass
                leaves.append(
                    Leaf(kind: .element, payload: Int(record.first), name: grammar.names.singleName(nameClass)))
            case .attribute:
                leaves.append(
                    Leaf(
                        kind: .attribute, payload: Int(record.first), name: grammar.names.singleName(Int(record.first)))
                )
            case .text, .data, .value:
                leaves.append(Leaf(kind: record.kind, payload: Int(record.first), name: nil))
            case .list, .oneOrMore: walk(Pattern(index: record.first))
            case .choice, .interleave: patterns.operands(pattern).forEach(walk)
            case .group:
                for part in patterns.operands(pattern) {
                    walk(part)
                    if !everywhere, !patterns[part].isNullable { return }
                }
            }
        }
        walk(pattern)
        return leaves
    }
}

// MARK: - Answers

extension GrammarValidator {
    /// The allowed content: elements as `<p>`, values and datatypes in words, and `text`.
    mutating func expectation() -> [String] { names(.next(state)) }

    /// The names of the elements that may come next, each once, in the order of the schema.
    mutating func nextNames() -> [Int32] {
        state == GrammarValidator.anything ? [] : finiteNames(leaves(.next(state)), .element)
    }

    /// The names of the attributes that the start tag may still have.
    mutating func attributeNames() -> [Int32] {
        state == GrammarValidator.anything ? [] : finiteNames(leaves(.attributes(state)), .attribute)
    }

    /// Whether text may come next.
    var allowsText: Bool {
        mutating get {
            state == GrammarValidator.anything || automaton.states[Int(state)].hasString
                || automaton.text(state) != Automaton.dead
        }
    }

    private mutating func finiteNames(_ leaves: [Leaf], _ kind: PatternTable.Kind) -> [Int32] {
        var (names, seen): ([Int32], Set<Int32>) = ([], [])
        for leaf in leaves where leaf.kind == kind {
            let nameClass = kind == .element ? automaton.grammar.definitions[leaf.payload].nameClass : leaf.payload
            let own = leaf.name.map { [$0] } ?? automaton.grammar.names.finiteNames(nameClass) ?? []
            for name in own where seen.insert(name).inserted { names.append(name) }
        }
        return names
    }

    /// The definitions that an element of this name may follow next.
    mutating func definitions(of name: SchemaName) -> [Int32] {
        state == GrammarValidator.anything
            ? []
            : leaves(.next(state)).filter {
                $0.kind == .element
                    && automaton.grammar.names.contains(automaton.grammar.definitions[$0.payload].nameClass, name)
            }.map { Int32($0.payload) }
    }

    /// The values that an attribute of the start tag may have, by the number of its name; `nil` if it is not allowed.
    mutating func values(of attribute: Int) -> ContentModel.Values? {
        guard state != GrammarValidator.anything else { return nil }
        let step = automaton.step(state, names[attribute])
        return step == Automaton.none ? nil : values(of: automaton.steps[Int(step)].values)
    }

    /// The values that the innermost element may have; `nil` if its text is free.
    mutating func valuesOfContent() -> ContentModel.Values? {
        guard state != GrammarValidator.anything, automaton.states[Int(state)].hasString else { return nil }
        return values(of: Array(automaton.patterns(of: state)))
    }

    private mutating func values(of patterns: [Pattern]) -> ContentModel.Values {
        let strings = strings(of: patterns)
        var seen: Set<CodepointString> = []
        return ContentModel.Values(
            listed: strings.values.filter { seen.insert(CodepointString($0)).inserted }, datatypes: strings.phrases,
            isList: patterns.contains { automaton.patterns[$0].kind == .list })
    }

    /// The elements of which one must come next.
    mutating func required() -> [String] { names(.required(state)) }

    /// The elements of which one must come before an element of this name, which may come after it.
    mutating func missing(before name: SchemaName) -> [String] {
        let required = required()
        guard required.isEmpty else { return required }
        return names(
            of: leaves(.next(state)).filter { leaf in
                guard leaf.kind == .element, let other = leaf.name else { return false }
                let start = automaton.start(state, SchemaName(index: other))
                return start != Automaton.none
                    && automaton.start(automaton.assumeValid(start: start), name) != Automaton.none
            })
    }

    /// The allowed content, the likeliest first: elements with names like a word, then those that the document had
    /// already, then those that are allowed in few places.
    mutating func likely(_ word: String = "") -> [String] {
        let holders = holders().definitions
        return names(of: leaves(.next(state)).filter { $0.kind == .element }, like: word) { leaf in
            holders[Int32(leaf.payload)]?.count ?? 0
        } + (expectation().contains("text") ? ["text"] : [])
    }

    /// The attributes that the start tag may still have, those first that few elements have.
    mutating func likelyAttributes() -> [String] {
        let holders = holders().attributes
        return names(of: leaves(.attributes(state)), like: "") { leaf in
            leaf.name.flatMap { holders[$0]?.count } ?? Int.max
        }
    }

    private mutating func names(of leaves: [Leaf], like word: String, holders: (Leaf) -> Int) -> [String] {
        let letters = Array(word.lowercased().unicodeScalars)
        func rank(_ leaf: Leaf) -> (Int, Int) {
            guard let name = leaf.name else { return (2, Int.max) }
            let other = automaton.grammar.names.names[Int(name)].localName.lowercased()
            let isLike =
                letters.count > 1
                && (zip(letters, other.unicodeScalars).prefix { $0 == $1 }.count > 3
                    || editDistance(letters, Array(other.unicodeScalars), limit: letters.count / 2) != nil)
            return (isLike ? 0 : leaf.kind == .element && occurred.contains(name) ? 1 : 2, holders(leaf))
        }
        let ranked = leaves.enumerated().map { (rank: rank($1), number: $0) }
        return names(
            of: ranked.sorted { ($0.rank.0, $0.rank.1, $0.number) < ($1.rank.0, $1.rank.1, $1.number) }
                .map { leaves[$0.number] })
    }

    /// The attributes that the start tag may still have, as `@place`.
    mutating func attributesAllowed() -> [String] { names(.attributes(state)) }

    /// The elements that may hold an element of this name.
    mutating func parents(of name: SchemaName) -> [String] { names(.parents(name)) }

    /// The same; of many, those that the document has already.
    mutating func likelyParents(of name: SchemaName) -> [String] {
        let all = parents(of: name)
        let familiar = all.count > RelaxNGMessages.listed ? familiarNames(.parents(name)) : []
        return familiar.isEmpty ? all : familiar
    }

    /// The elements that may have an attribute of this name.
    mutating func holders(of name: QName) -> [String] {
        names(.holders(automaton.grammar.names.schemaName(name.localName, namespace: name.namespace ?? "").index))
    }

    /// The elements that may come next and hold an element of this name, and those among them that the document knows.
    mutating func wrappers(of name: SchemaName) -> (all: [String], familiar: [String]) {
        (names(.wrappers(state, name)), familiarNames(.wrappers(state, name)))
    }

    /// Expected elements that may hold the text that is not allowed here; those that the document knows, if there are
    /// any.
    mutating func textAdvice() -> [String] {
        let familiar = familiarNames(.textHolders(state))
        return familiar.isEmpty ? names(.textHolders(state)) : familiar
    }

    /// Of many elements the likeliest to be meant are those that the document had already.
    private mutating func familiarNames(_ question: Alternatives.Question) -> [String] {
        names(of: leaves(question).filter { leaf in leaf.name.map { occurred.contains($0) } ?? false })
    }

    /// The number of the name that was probably meant by a word, among those that are allowed here. A word may have the
    /// prefix `xml`.
    mutating func nearestName(to word: String, _ kind: PatternTable.Kind) -> Int32? {
        let misspelling = Alternatives.Misspelling(state: state, kind: kind, word: CodepointString(word))
        if let known = alternatives.nearest[misspelling] { return known }
        let leaves = kind == .attribute ? leaves(.attributes(state)) : leaves(.next(state)) + leaves(.later(state))
        let candidates = leaves.filter { $0.kind == kind }.compactMap(\.name)
        let words = candidates.map { automaton.grammar.names.names[Int($0)].localName }
        let local = word.hasPrefix("xml:") ? String(word.dropFirst(4)) : word
        let sameName = kind == .attribute ? words.firstIndex { $0.isSame(as: local) } : nil
        let near = sameName ?? nearest(local, words) ?? nearest(word, words.map { "xml:\($0)" })
        let found = near.map { candidates[$0] }
        if alternatives.nearest.count == Alternatives.limit { alternatives.nearest = [:] }
        alternatives.nearest[misspelling] = .some(found)
        return found
    }

    /// The attributes without which the start tag cannot end.
    mutating func missingAttributes() -> (names: [String], values: [[String]], areAlternatives: Bool) {
        let pattern = automaton.patterns(of: state).first { $0 != .notAllowed } ?? .notAllowed
        var table = automaton.patterns
        func isClosed(_ pattern: Pattern) -> Bool { table.startTagCloseDerivative(pattern) != .notAllowed }
        // A pattern that is used several times is walked through once.
        var known: [Pattern: Bool] = [:]
        func required(_ pattern: Pattern) -> (names: [Leaf], areAlternatives: Bool) {
            if let areAlternatives = known[pattern] { return ([], areAlternatives) }
            let found: (names: [Leaf], areAlternatives: Bool) = isClosed(pattern) ? ([], false) : requiredParts(pattern)
            known[pattern] = found.areAlternatives
            return found
        }
        func requiredParts(_ pattern: Pattern) -> (names: [Leaf], areAlternatives: Bool) {
            let record = table[pattern]
            switch record.kind {
            case .group, .interleave:
                let parts = Array(table.operands(pattern)).filter { !isClosed($0) }.map { required($0) }
                return (parts.flatMap(\.names), parts.count == 1 && parts[0].areAlternatives)
            case .choice: return (Array(table.operands(pattern)).flatMap { required($0).names }, true)
            default: return (leaves(in: pattern, everywhere: true).filter { $0.kind == .attribute }, false)
            }
        }
        let (missing, areAlternatives) = required(pattern)
        let names = self.names(of: missing)
        let values = names.map { name in
            missing.first { self.names(of: [$0]) == [name] }?.name.map { valuesAllowed(ofAttribute: $0) } ?? []
        }
        return (names, values, areAlternatives && names.count > 1)
    }

    /// The values that an attribute of the start tag may have, in quotation marks; none if they are not listed.
    private mutating func valuesAllowed(ofAttribute name: Int32) -> [String] {
        let step = automaton.step(state, SchemaName(index: name))
        guard step != Automaton.none else { return [] }
        let allowed = strings(of: automaton.steps[Int(step)].values)
        return allowed.datatypes.isEmpty ? allowed.values.map { "\"\($0)\"" } : []
    }

    /// The allowed values of an attribute.
    mutating func expectation(ofValue step: Int32, _ value: String) -> RelaxNGMessages.ValueExpectation {
        expectation(of: automaton.steps[Int(step)].values, value)
    }

    /// The allowed texts of the innermost element.
    mutating func expectation(ofContent value: String) -> RelaxNGMessages.ValueExpectation {
        expectation(of: Array(automaton.patterns(of: state)), value)
    }

    private mutating func expectation(of patterns: [Pattern], _ value: String) -> RelaxNGMessages.ValueExpectation {
        guard !isFull else { return RelaxNGMessages.ValueExpectation(values: [], phrases: []) }
        let key = Alternatives.Value(patterns: patterns, string: CodepointString(value))
        if let known = alternatives.values[key] { return known }
        let found = explanation(of: patterns, value)
        if alternatives.values.count == Alternatives.limit { alternatives.values = [:] }
        alternatives.values[key] = found
        return found
    }

    private mutating func explanation(of patterns: [Pattern], _ value: String) -> RelaxNGMessages.ValueExpectation {
        let allowed = strings(of: patterns)
        var reason: String?
        for datatype in allowed.datatypes where reason == nil {
            reason = automaton.datatype(datatype)?.reason(for: value)
        }
        let near = nearest(value, allowed.values).map { allowed.values[$0] }
        return RelaxNGMessages.ValueExpectation(
            values: allowed.values.map { "\"\($0)\"" }, phrases: allowed.phrases, near: near, reason: reason)
    }

    private mutating func strings(of patterns: [Pattern]) -> Alternatives.Strings {
        if let known = alternatives.strings[patterns] { return known }
        var strings = Alternatives.Strings()
        for leaf in patterns.flatMap({ leaves(in: $0, everywhere: true) }) {
            if leaf.kind == .value { strings.values.append(automaton.grammar.values[leaf.payload].string.string) }
            guard leaf.kind == .data, let datatype = automaton.datatype(leaf.payload) else { continue }
            strings.datatypes.append(leaf.payload)
            if !strings.phrases.contains(where: { $0.isSame(as: datatype.expectation) }) {
                strings.phrases.append(datatype.expectation)
            }
        }
        alternatives.strings[patterns] = strings
        return strings
    }
}

// MARK: - Names

extension GrammarValidator {
    /// The names of an answer, and `text` where that is one.
    private mutating func names(_ question: Alternatives.Question) -> [String] {
        let spelling = Alternatives.Spelling(
            question: question, namespace: ownNamespace.map { CodepointString($0) }, prefixes: prefixNumber
        )
        if let known = alternatives.names[spelling] { return known }
        var leaves = self.leaves(question)
        var names: [String] = []
        if case .next = question {
            leaves.removeAll { $0.kind == .attribute }
            names = self.names(of: leaves) + (leaves.contains { $0.kind == .text } ? ["text"] : [])
        } else {
            names = self.names(of: leaves)
        }
        alternatives.names[spelling] = names
        return names
    }

    /// Each name once, as it would be written in the document: `<p>`, `@place`, or a phrase for a wild card.
    private func names(of leaves: [Leaf]) -> [String] {
        var (names, seen): ([String], Set<CodepointString>) = ([], [])
        for leaf in leaves where leaf.kind == .element || leaf.kind == .attribute {
            for name in describe(leaf) where seen.insert(CodepointString(name)).inserted { names.append(name) }
        }
        return names
    }

    private func describe(_ leaf: Leaf) -> [String] {
        if let name = leaf.name { return [leaf.kind == .element ? display(name) : displayAttribute(name)] }
        let nameClass = leaf.kind == .element ? automaton.grammar.definitions[leaf.payload].nameClass : leaf.payload
        return describe(leaf.kind, automaton.grammar.names.classes[nameClass])
    }

    private func describe(_ kind: PatternTable.Kind, _ nameClass: NameClass) -> [String] {
        switch nameClass {
        case .name(let index): return [kind == .element ? display(index) : displayAttribute(index)]
        case .anyName:
            return [kind == .element ? RelaxNGMessages.anyElement(of: nil) : RelaxNGMessages.anyAttribute(of: nil)]
        case .nsName(let index, _):
            let namespace = automaton.grammar.names.namespaces[Int(index)]
            return [
                kind == .element
                    ? RelaxNGMessages.anyElement(of: namespace) : RelaxNGMessages.anyAttribute(of: namespace)
            ]
        case .choice(let classes): return classes.flatMap { describe(kind, $0) }
        }
    }

    func display(_ name: Int32) -> String { "<\(qualified(name, isAttribute: false))>" }

    func displayAttribute(_ name: Int32) -> String { "@\(qualified(name, isAttribute: true))" }

    /// The namespace in which names need no prefix: that of the open element, or the one that is meant by it.
    private var ownNamespace: String? {
        aliases.last?.meant ?? frames.last.map { qnames[$0.name].namespace ?? "" }
    }

    /// With the prefix that the document gives to the namespace; without one in the namespace of the open element.
    func qualified(_ name: Int32, isAttribute: Bool) -> String {
        let (namespace, local) = automaton.grammar.names.expanded(name)
        if namespace == Namespace.xml { return "xml:" + local }
        if namespace.isSame(as: isAttribute ? "" : ownNamespace ?? namespace) { return local }
        let known = prefixes.first { ($0.namespace ?? "").isSame(as: namespace) && ($0.prefix != nil || !isAttribute) }
        if let known { return known.prefix.map { "\($0):\(local)" } ?? local }
        return namespace.isEmpty ? local : "Q{\(namespace)}\(local)"
    }
}

extension NameClassTable {
    /// The name of a class that has just one.
    func singleName(_ nameClass: Int) -> Int32? {
        if case .name(let index) = classes[nameClass] { index } else { nil }
    }

    /// Whether a class names the name itself, not by a wild card.
    func mentions(_ nameClass: Int, _ name: SchemaName) -> Bool {
        func mentions(_ nameClass: NameClass) -> Bool {
            switch nameClass {
            case .name(let index): index == name.index
            case .anyName, .nsName: false
            case .choice(let classes): classes.contains(where: mentions)
            }
        }
        return mentions(classes[nameClass])
    }

    func expanded(_ name: Int32) -> (namespace: String, localName: String) {
        let name = names[Int(name)]
        return (namespaces[Int(name.namespace)], name.localName)
    }
}
