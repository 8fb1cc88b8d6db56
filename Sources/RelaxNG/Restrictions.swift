internal import XML

/// The restrictions on a schema in simple form (RELAX NG, 7), and those of RELAX NG DTD Compatibility on identifiers.
///
/// Patterns are checked once each, however often they are used. An operand has a smaller number than the pattern that
/// it is part of, so that what is to be known of all patterns is found in the order of their numbers, without
/// recursion.
struct Restrictions {
    /// Where a pattern stands, as far as it matters. Each is inherited by what the pattern holds, by itself.
    private struct Context: OptionSet {
        let rawValue: UInt8

        static let start = Context(rawValue: 1)
        static let attribute = Context(rawValue: 2)
        static let list = Context(rawValue: 4)
        static let dataExcept = Context(rawValue: 8)
        static let oneOrMore = Context(rawValue: 16)
        /// A group or interleave in `oneOrMore`.
        static let repeatedGroup = Context(rawValue: 32)
        static let notRepeated = Context(rawValue: 64)
        /// Strings are not to be matched in pieces.
        static let content = Context(rawValue: 128)
    }

    /// 7.2.
    private enum ContentType: UInt8 {
        case empty, complex, simple, none
    }

    /// What a pattern holds in the same element.
    private struct Traits: OptionSet {
        let rawValue: UInt8

        static let text = Traits(rawValue: 1)
        static let elements = Traits(rawValue: 2)
        /// Attributes that identify, may do so by their name, or are of a wildcard; and identifiers outside of
        /// attributes.
        static let identifiers = Traits(rawValue: 4)
    }

    private let simplifier: Simplifier
    private var grammar: Grammar
    private let idTypes: [Datatype.IDType]
    private var errors: [Diagnostic] = []

    private var contentTypes: [ContentType] = []
    private var traits: [Traits] = []
    /// The contexts in which a pattern was checked.
    private var contexts: [Context]
    private var definitionSeen: [Bool]
    private var definitionQueue: [Int] = []
    /// The node of the element that is being checked; that of the whole schema for its start.
    private var current: Int32 = 0
    private var marks: OperandMarks
    private var locator: SyntaxLocator?
    /// The element's node, and the attribute.
    private var idPlaces: [Grammar.ElementAttribute: (Int32, Pattern)] = [:]

    init(_ simplifier: Simplifier, idTypes: [Datatype.IDType]) {
        self.simplifier = simplifier
        self.idTypes = idTypes
        grammar = simplifier.grammar
        contexts = Array(repeating: [], count: grammar.patterns.count)
        definitionSeen = Array(repeating: false, count: grammar.definitions.count)
        marks = OperandMarks(patterns: grammar.patterns.count, names: grammar.names.names.count)
    }

    /// The grammar, with the types of its identifying attributes.
    ///
    /// - Throws: everything that breaks a restriction.
    mutating func checked() throws(Diagnostics) -> Grammar {
        try checkDepth()
        findTraits()
        current = simplifier.graph.start
        check(grammar.start, .start)
        var next = 0
        while next < definitionQueue.count {
            let definition = definitionQueue[next]
            current = simplifier.elements[definition]
            check(grammar.definitions[definition].content, [.notRepeated, .content])
            next += 1
        }
        guard errors.isEmpty else { throw Diagnostics(uniqueErrors) }
        if idTypes.contains(where: { $0 != .none }) { checkIdentifiers() }
        // A schema may be correct and yet not say which attributes identify elements: then nobody knows.
        grammar.warnings = uniqueErrors
        if !errors.isEmpty { grammar.idTypes = [:] }
        return grammar
    }

    private var uniqueErrors: [Diagnostic] {
        // Of a definition that is used twice the first attribute tells what is wrong with all.
        var seen = Set<Diagnostic>()
        return errors.filter { seen.insert(Diagnostic(rule: $0.rule, "", at: $0.location, notes: $0.notes)).inserted }
            .inSourceOrder
    }
}

// MARK: - What is known of all patterns

extension Restrictions {
    private func checkDepth() throws(Diagnostics) {
        var depths: [Int] = []
        depths.reserveCapacity(grammar.patterns.count)
        for pattern in grammar.patterns.all {
            var depth = 0
            grammar.patterns.forEachPart(pattern) { depth = max(depth, depths[Int($0.index)] + 1) }
            guard depth <= SchemaLimit.patternDepth else {
                throw Diagnostics([RelaxNGMessages.patternDepth(at: location(simplifier.graph.start))])
            }
            depths.append(depth)
        }
    }

    private mutating func findTraits() {
        contentTypes.reserveCapacity(grammar.patterns.count)
        traits.reserveCapacity(grammar.patterns.count)
        for pattern in grammar.patterns.all {
            contentTypes.append(contentType(pattern))
            var found: Traits = []
            switch grammar.patterns[pattern].kind {
            case .text: found = .text
            case .element: found = .elements
            case .choice, .group, .interleave, .oneOrMore:
                grammar.patterns.forEachPart(pattern) { found.formUnion(traits[Int($0.index)]) }
            case .notAllowed, .empty, .attribute, .data, .value, .list: break
            }
            traits.append(found)
        }
    }

    /// 7.2.
    private func contentType(_ pattern: Pattern) -> ContentType {
        let record = grammar.patterns[pattern]
        switch record.kind {
        case .notAllowed, .empty: return .empty
        case .text, .element: return .complex
        case .data, .value, .list: return .simple
        case .attribute: return contentTypes[Int(record.second)] == .none ? .none : .empty
        case .oneOrMore:
            let type = contentTypes[Int(record.first)]
            return type == .simple ? .none : type
        case .choice:
            return grammar.patterns.operands(pattern).reduce(.empty) { max($0, $1) }
        case .group, .interleave:
            var type = ContentType.empty
            for operand in grammar.patterns.operands(pattern) {
                let other = contentTypes[Int(operand.index)]
                let isGroupable = type == .empty || other == .empty || type == .complex && other == .complex
                type = isGroupable ? max(type, other) : .none
            }
            return type
        }
    }

    private func max(_ type: ContentType, _ pattern: Pattern) -> ContentType {
        max(type, contentTypes[Int(pattern.index)])
    }

    private func max(_ a: ContentType, _ b: ContentType) -> ContentType {
        a.rawValue >= b.rawValue ? a : b
    }

    private func max(_ a: Int, _ b: Int) -> Int { a >= b ? a : b }
}

// MARK: - Contexts (7.1)

extension Restrictions {
    private mutating func check(_ pattern: Pattern, _ context: Context) {
        var stack = [(pattern, context)]
        while let (pattern, context) = stack.popLast() {
            let index = Int(pattern.index)
            guard !contexts[index].isSuperset(of: context) else { continue }
            let isNew = contexts[index].isEmpty
            contexts[index].formUnion(context)
            let record = grammar.patterns[pattern]
            if context.contains(.start), ![.element, .choice, .notAllowed].contains(record.kind) {
                report(pattern) { at, _ in RelaxNGMessages.startHolds(record.kind, at: at) }
                continue
            }
            checkContext(pattern, context)
            if isNew { checkOperands(pattern) }
            switch record.kind {
            case .element: enqueue(Int(record.first))
            case .attribute: stack.append((Pattern(index: record.second), [.attribute, .content]))
            case .data: stack.append((Pattern(index: record.second), .dataExcept))
            case .list:
                stack.append(
                    (Pattern(index: record.first), context.subtracting([.content, .notRepeated]).union(.list)))
            case .oneOrMore:
                stack.append((Pattern(index: record.first), context.subtracting(.notRepeated).union(.oneOrMore)))
            case .group, .interleave:
                let inner = context.contains(.oneOrMore) ? context.union(.repeatedGroup) : context
                for operand in grammar.patterns.operands(pattern).reversed() { stack.append((operand, inner)) }
            case .choice:
                for operand in grammar.patterns.operands(pattern).reversed() { stack.append((operand, context)) }
            case .notAllowed, .empty, .text, .value: break
            }
        }
    }

    private mutating func enqueue(_ definition: Int) {
        if definitionSeen[definition] { return }
        definitionSeen[definition] = true
        definitionQueue.append(definition)
    }

    private mutating func checkContext(_ pattern: Pattern, _ context: Context) {
        let kind = grammar.patterns[pattern].kind
        if context.contains(.attribute), kind == .attribute || kind == .element {
            report(pattern, in: [.attribute]) { at, around in RelaxNGMessages.attributeHolds(kind, in: around, at: at) }
        }
        if context.contains(.list), [.list, .element, .attribute, .text, .interleave].contains(kind) {
            report(pattern, in: [.list]) { at, around in RelaxNGMessages.listHolds(kind, in: around, at: at) }
        }
        if context.contains(.dataExcept), ![.data, .value, .choice, .notAllowed].contains(kind) {
            report(pattern, in: [.data]) { at, around in RelaxNGMessages.exceptHolds(kind, in: around, at: at) }
        }
        if kind == .attribute { checkAttribute(pattern, context) }
        if context.contains(.content) { checkString(pattern) }
    }

    private mutating func checkAttribute(_ pattern: Pattern, _ context: Context) {
        let nameClass = Int(grammar.patterns[pattern].first)
        let name = grammar.names.description(nameClass)
        if context.contains(.repeatedGroup) {
            report(pattern, in: [.oneOrMore, .zeroOrMore]) { at, around in
                RelaxNGMessages.attributesRepeated(name, in: around, at: at)
            }
        }
        if context.contains(.notRepeated), grammar.names.finiteNames(nameClass) == nil {
            report(pattern) { at, _ in RelaxNGMessages.wildcardNotRepeated(name, at: at) }
        }
    }

    /// 7.2, where the pattern's parts are right by themselves and are not together.
    private mutating func checkString(_ pattern: Pattern) {
        guard contentTypes[Int(pattern.index)] == .none else { return }
        let record = grammar.patterns[pattern]
        switch record.kind {
        case .oneOrMore where contentTypes[Int(record.first)] == .simple:
            report(Pattern(index: record.first), in: [.oneOrMore, .zeroOrMore]) { at, around in
                RelaxNGMessages.stringRepeated(in: around, at: at)
            }
        case .group, .interleave:
            let operands = Array(grammar.patterns.operands(pattern))
            let types = operands.map { contentTypes[Int($0.index)] }
            guard !types.contains(.none), let string = types.firstIndex(of: .simple),
                let other = types.indices.first(where: { $0 != string && types[$0] != .empty })
            else { return }
            reportPair(operands[min(string, other)], operands[max(string, other)]) {
                RelaxNGMessages.stringInSequence(first: $0, at: $1)
            }
        default: break
        }
    }
}

// MARK: - Attributes and interleave (7.3, 7.4)

/// Which operand of a pattern was seen to hold a pattern or a name. Nothing is cleared between operands: their numbers
/// only grow.
private struct OperandMarks {
    /// The operand that is being looked through, and the first of the same pattern.
    private(set) var operand: Int32 = 0
    private(set) var first: Int32 = 0
    private var patterns: [Int32]
    private var names: [(operand: Int32, pattern: Pattern)]
    var wildcards: [(operand: Int32, pattern: Pattern, nameClass: Int)] = []
    /// Every pattern with names of this pattern's operands.
    var leaves: [(operand: Int32, pattern: Pattern, nameClass: Int)] = []

    init(patterns: Int, names: Int) {
        self.patterns = Array(repeating: 0, count: patterns)
        self.names = Array(repeating: (0, .notAllowed), count: names)
    }

    mutating func beginPattern() {
        first = operand + 1
        wildcards.removeAll(keepingCapacity: true)
        leaves.removeAll(keepingCapacity: true)
    }

    mutating func beginOperand() {
        operand += 1
    }

    /// - Returns: whether the operand was not seen to hold this pattern before.
    mutating func mark(_ pattern: Pattern) -> Bool {
        let isNew = patterns[Int(pattern.index)] != operand
        patterns[Int(pattern.index)] = operand
        return isNew
    }

    /// - Returns: the pattern of another operand that has this name.
    mutating func mark(_ name: Int32, _ pattern: Pattern) -> Pattern? {
        let last = names[Int(name)]
        names[Int(name)] = (operand, pattern)
        return last.operand >= first && last.operand != operand ? last.pattern : nil
    }
}

extension Restrictions {
    private mutating func checkOperands(_ pattern: Pattern) {
        let record = grammar.patterns[pattern]
        guard record.kind == .group || record.kind == .interleave else { return }
        if record.hasAttributes { checkNames(pattern, .attribute) }
        if record.kind == .interleave {
            checkTexts(pattern)
            checkNames(pattern, .element)
        }
    }

    private mutating func checkTexts(_ pattern: Pattern) {
        let operands = grammar.patterns.operands(pattern).filter { traits[Int($0.index)].contains(.text) }
        if operands.count > 1 { reportPair(.text, .text) { RelaxNGMessages.textInterleaved(first: $0, at: $1) } }
    }

    /// Whether two operands have attributes, or elements, of the same name.
    private mutating func checkNames(_ pattern: Pattern, _ kind: PatternTable.Kind) {
        let operands = grammar.patterns.operands(pattern).filter { holds($0, kind) }
        if operands.count < 2 { return }
        marks.beginPattern()
        for operand in operands {
            marks.beginOperand()
            lookThrough(operand, kind)
        }
        for wildcard in marks.wildcards {
            for other in marks.leaves where other.operand != wildcard.operand {
                let isSecond = other.operand < wildcard.operand
                // Of two wildcards the first is compared.
                if isSecond, grammar.names.finiteNames(other.nameClass) == nil { continue }
                guard grammar.names.overlap(wildcard.nameClass, other.nameClass) else { continue }
                reportOverlap(isSecond ? other.pattern : wildcard.pattern, isSecond ? wildcard.pattern : other.pattern)
            }
        }
    }

    private func holds(_ pattern: Pattern, _ kind: PatternTable.Kind) -> Bool {
        kind == .attribute ? grammar.patterns[pattern].hasAttributes : traits[Int(pattern.index)].contains(.elements)
    }

    private mutating func lookThrough(_ operand: Pattern, _ kind: PatternTable.Kind) {
        var stack = [operand]
        while let pattern = stack.popLast() {
            let record = grammar.patterns[pattern]
            switch record.kind {
            case .choice, .group, .interleave, .oneOrMore:
                guard marks.mark(pattern) else { continue }
                grammar.patterns.forEachPart(pattern) { if holds($0, kind) { stack.append($0) } }
            case kind:
                guard marks.mark(pattern) else { continue }
                let nameClass =
                    kind == .attribute ? Int(record.first) : grammar.definitions[Int(record.first)].nameClass
                note(pattern, nameClass)
            default: break
            }
        }
    }

    private mutating func note(_ pattern: Pattern, _ nameClass: Int) {
        marks.leaves.append((marks.operand, pattern, nameClass))
        guard let names = grammar.names.finiteNames(nameClass) else {
            return marks.wildcards.append((marks.operand, pattern, nameClass))
        }
        for name in names {
            if let other = marks.mark(name, pattern) { reportOverlap(other, pattern) }
        }
    }

    private mutating func reportOverlap(_ a: Pattern, _ b: Pattern) {
        let (first, second) = (nameClass(a), nameClass(b))
        let names = (grammar.names.description(first), grammar.names.description(second))
        if grammar.patterns[a].kind == .attribute {
            reportPair(a, b) { RelaxNGMessages.attributeTwice(names.0, names.1, first: $0, at: $1) }
        } else {
            reportPair(a, b) { RelaxNGMessages.elementInterleaved(names.0, names.1, first: $0, at: $1) }
        }
    }

    private func nameClass(_ pattern: Pattern) -> Int {
        let record = grammar.patterns[pattern]
        return record.kind == .attribute ? Int(record.first) : grammar.definitions[Int(record.first)].nameClass
    }
}

// MARK: - Identifiers (RELAX NG DTD Compatibility, 5)

extension Restrictions {
    private mutating func checkIdentifiers() {
        findIdentifiers()
        for definition in definitionQueue { forEachIdentifier(definition) { $0.register($1, definition) } }
        let registered = Dictionary(grouping: grammar.idTypes.keys) { $0.attribute }
            .mapValues { keys in keys.sorted { $0.element < $1.element } }
        for definition in definitionQueue {
            forEachIdentifier(definition) { $0.checkConflict($1, definition, registered) }
        }
    }

    private mutating func findIdentifiers() {
        var identifying = Set<Int32>()
        for pattern in grammar.patterns.all where grammar.patterns[pattern].kind == .attribute {
            let record = grammar.patterns[pattern]
            guard idType(Pattern(index: record.second)) != .none else { continue }
            identifying.formUnion(grammar.names.finiteNames(Int(record.first)) ?? [])
        }
        for pattern in grammar.patterns.all {
            let record = grammar.patterns[pattern]
            var isRelevant = idType(pattern) != .none
            if record.kind == .attribute {
                isRelevant = grammar.names.finiteNames(Int(record.first))?.contains(where: identifying.contains) ?? true
            }
            grammar.patterns.forEachPart(pattern) {
                isRelevant = isRelevant || traits[Int($0.index)].contains(.identifiers)
            }
            if isRelevant { traits[Int(pattern.index)].insert(.identifiers) }
        }
    }

    private func idType(_ pattern: Pattern) -> Datatype.IDType {
        let record = grammar.patterns[pattern]
        switch record.kind {
        case .data: return idTypes[Int(record.first)]
        case .value: return idTypes[grammar.values[Int(record.first)].datatype]
        default: return .none
        }
    }

    /// The attributes of an element that matter here, and identifiers outside of attributes.
    private mutating func forEachIdentifier(_ definition: Int, _ body: (inout Restrictions, Pattern) -> Void) {
        current = simplifier.elements[definition]
        marks.beginOperand()
        var stack = [grammar.definitions[definition].content]
        while let pattern = stack.popLast() {
            guard traits[Int(pattern.index)].contains(.identifiers), marks.mark(pattern) else { continue }
            switch grammar.patterns[pattern].kind {
            case .attribute: body(&self, pattern)
            case .data, .value: if idType(pattern) != .none { body(&self, pattern) }
            default: break
            }
            if grammar.patterns[pattern].kind != .attribute {
                grammar.patterns.forEachPart(pattern) { stack.append($0) }
            }
        }
    }

    private mutating func register(_ pattern: Pattern, _ definition: Int) {
        let record = grammar.patterns[pattern]
        guard record.kind == .attribute else { return reportIDParent(pattern) }
        let content = Pattern(index: record.second)
        let type = idType(content)
        guard type != .none else { return checkIDParents(content) }
        guard case .name(let attribute) = grammar.names.classes[Int(record.first)] else {
            return report(pattern) { at, _ in RelaxNGMessages.idAttributeNames(at: at) }
        }
        guard let elements = grammar.names.finiteNames(grammar.definitions[definition].nameClass) else {
            return report(pattern) { at, around in RelaxNGMessages.idElementNames(element: around, at: at) }
        }
        for element in elements {
            let key = Grammar.ElementAttribute(element: element, attribute: attribute)
            if let other = grammar.idTypes[key], other != type {
                reportConflict(pattern, key)
            } else if grammar.idTypes.updateValue(type, forKey: key) == nil {
                idPlaces[key] = (current, pattern)
            }
        }
    }

    /// Identifiers deeper within an attribute.
    private mutating func checkIDParents(_ content: Pattern) {
        var stack = [content]
        while let pattern = stack.popLast() {
            guard traits[Int(pattern.index)].contains(.identifiers), marks.mark(pattern) else { continue }
            if idType(pattern) != .none { reportIDParent(pattern) }
            grammar.patterns.forEachPart(pattern) { stack.append($0) }
        }
    }

    private mutating func reportIDParent(_ pattern: Pattern) {
        report(pattern) { at, _ in RelaxNGMessages.idParent(at: at) }
    }

    /// Whether an attribute of another type can stand where there is an identifying one.
    private mutating func checkConflict(
        _ pattern: Pattern, _ definition: Int, _ registered: [Int32: [Grammar.ElementAttribute]]
    ) {
        let record = grammar.patterns[pattern]
        guard record.kind == .attribute, idType(Pattern(index: record.second)) == .none else { return }
        let elements = grammar.definitions[definition].nameClass
        let attributes =
            grammar.names.finiteNames(Int(record.first))
            ?? registered.keys.filter {
                grammar.names.contains(Int(record.first), SchemaName(index: $0))
            }.sorted()
        for attribute in attributes {
            let keys =
                grammar.names.finiteNames(elements)?.map { Grammar.ElementAttribute(element: $0, attribute: attribute) }
                ?? (registered[attribute] ?? []).filter {
                    grammar.names.contains(elements, SchemaName(index: $0.element))
                }
            // With wildcards there are hundreds of which one tells all.
            if let key = keys.first(where: { grammar.idTypes[$0] != nil }) { return reportConflict(pattern, key) }
        }
    }

    private mutating func reportConflict(_ pattern: Pattern, _ key: Grammar.ElementAttribute) {
        guard let (node, identifying) = idPlaces[key] else { return }
        let (other, _) = SyntaxLocator(simplifier, root: node).place(of: identifying, in: [])
        let (element, attribute) = (
            grammar.names.description(name: key.element), grammar.names.description(name: key.attribute)
        )
        let first = location(other)
        report(pattern) { at, _ in
            RelaxNGMessages.idConflict(element: element, attribute: attribute, first: first, at: at)
        }
    }
}

// MARK: - Places

extension Restrictions {
    private func location(_ node: Int32) -> SourceLocation {
        grammar.sources.location(simplifier.graph[node].position)
    }

    /// - Parameters:
    ///   - kinds: what the pattern must not stand in; nothing for the element as a whole.
    ///   - message: of the place of the pattern, and of what it stands in.
    private mutating func report(
        _ pattern: Pattern, in kinds: [SchemaGraph.Kind] = [], _ message: (SourceLocation, SourceLocation) -> Diagnostic
    ) {
        guard let locator = currentLocator() else { return }
        let (place, around) = locator.place(of: pattern, in: kinds)
        errors.append(message(location(place), location(around)))
    }

    /// - Parameter message: of the places of both.
    private mutating func reportPair(
        _ a: Pattern, _ b: Pattern, _ message: (SourceLocation, SourceLocation) -> Diagnostic
    ) {
        guard let locator = currentLocator() else { return }
        let (first, second) = locator.places(of: a, and: b)
        errors.append(message(location(first), location(second)))
    }

    /// - Returns: `nil` where enough was reported.
    private mutating func currentLocator() -> SyntaxLocator? {
        if errors.count >= Restrictions.mostErrors { return nil }
        if let locator, locator.root == current { return locator }
        let new = SyntaxLocator(simplifier, root: current)
        locator = new
        return new
    }

    private static let mostErrors = 50
}

/// Finds where a schema says what its simple form has lost the place of.
private struct SyntaxLocator {
    let root: Int32
    private let simplifier: Simplifier
    /// What stands in the root, outside of further elements: parts before what they are parts of.
    private var order: [Int32] = []

    init(_ simplifier: Simplifier, root: Int32) {
        self.simplifier = simplifier
        self.root = root
        var entered = Set<Int32>()
        var stack = [(node: root, isLeft: false)]
        while let (node, isLeft) = stack.popLast() {
            if isLeft {
                order.append(node)
            } else if entered.insert(node).inserted {
                stack.append((node, true))
                for part in parts(node).reversed() { stack.append((part, false)) }
            }
        }
    }

    /// The nodes of a pattern and of one around it of these kinds; the root where there is none.
    func place(of pattern: Pattern, in kinds: [SchemaGraph.Kind]) -> (Int32, Int32) {
        let holders = holders(of: pattern)
        let around =
            order.first { node in
                kinds.contains(simplifier.graph[node].kind) && (holders[node] ?? []).contains { $0 != node }
            } ?? root
        return (leaf(around, holders), around)
    }

    /// The nodes of two patterns that are not in alternatives of one choice.
    func places(of a: Pattern, and b: Pattern) -> (Int32, Int32) {
        let first = holders(of: a)
        let second = a == b ? first : holders(of: b)
        for node in order {
            let kind = simplifier.graph[node].kind
            if kind == .choice || kind == .ref || kind == .data { continue }
            for x in first[node] ?? [] {
                guard let y = (second[node] ?? []).last(where: { $0 != x }) else { continue }
                let (p, q) = (x == node ? x : leaf(x, first), y == node ? y : leaf(y, second))
                // One definition that is used twice: the uses are the mistake.
                return p == q ? (x, y) : (p, q)
            }
        }
        return (root, root)
    }

    private func parts(_ node: Int32) -> ArraySlice<Int32> {
        let graph = simplifier.graph
        switch graph[node].kind {
        case .ref: return [graph.defines[Int(graph[node].number)].node]
        case .element: return node == root ? graph.parts(node) : []
        default: return graph.parts(node)
        }
    }

    /// By node: the parts that hold the pattern, or the node itself where it is or implies it.
    private func holders(of pattern: Pattern) -> [Int32: [Int32]] {
        var found: [Int32: [Int32]] = [:]
        for node in order {
            let isRootElement = node == root && simplifier.graph[node].kind == .element
            if !isRootElement, simplifier.patterns[Int(node)] == .notAllowed { continue }
            var holders = parts(node).filter { found[$0] != nil }
            if !isRootElement, holders.isEmpty || simplifier.graph[node].kind == .mixed, says(node, pattern) {
                holders.append(node)
            }
            if !holders.isEmpty { found[node] = holders }
        }
        return found
    }

    /// Whether a node is a pattern, or adds it to what it holds.
    private func says(_ node: Int32, _ pattern: Pattern) -> Bool {
        let own = simplifier.patterns[Int(node)]
        if own == pattern { return true }
        switch simplifier.graph[node].kind {
        case .optional: return pattern == .empty
        case .zeroOrMore:
            return pattern == .empty
                || simplifier.grammar.patterns[own].kind == .choice
                    && simplifier.grammar.patterns.operands(own).contains(pattern)
        case .mixed: return pattern == .text
        default: return false
        }
    }

    /// Where, within a node that holds it, a pattern stands.
    private func leaf(_ node: Int32, _ holders: [Int32: [Int32]]) -> Int32 {
        var node = node
        while let next = holders[node]?.first(where: { $0 != node }) { node = next }
        return node
    }
}
