internal import XML

/// The restrictions on a schema in simple form (RELAX NG, 7), and those of RELAX NG DTD Compatibility on identifiers.
///
/// Patterns are checked once each, however often they are used. An operand has a smaller number than the pattern that
/// it is part of, so that what is to be known of all patterns is found in the order of their numbers, without
/// recursion.
struct Restrictions {
    /// Where a pattern is, as far as it matters. Each is inherited by what the pattern holds, by itself.
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

    /// The patterns that a pattern contains in the same element.
    struct Traits: OptionSet {
        let rawValue: UInt8

        static let text = Traits(rawValue: 1)
        static let elements = Traits(rawValue: 2)
        /// Attributes that identify, may do so by their name, or are of a wildcard; and identifiers outside of
        /// attributes.
        static let identifiers = Traits(rawValue: 4)
    }

    let simplifier: Simplifier
    var grammar: Grammar
    let idTypes: [Datatype.IDType]
    private var errors: [Diagnostic] = []

    private var contentTypes: [ContentType] = []
    var traits: [Traits] = []
    /// The contexts in which a pattern was checked.
    private var contexts: [Context]
    private var definitionSeen: [Bool]
    var definitionQueue: [Int] = []
    /// The node of the element that is being checked; that of the whole schema for its start.
    var current: Int32 = 0
    var marks: OperandMarks
    private var locator: SyntaxLocator?
    /// The element's node, and the attribute.
    var idPlaces: [Grammar.ElementAttribute: (Int32, Pattern)] = [:]

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
        // A schema may be correct and yet not say which attributes identify elements: then they are not known.
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
struct OperandMarks {
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

    func holds(_ pattern: Pattern, _ kind: PatternTable.Kind) -> Bool {
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

    func nameClass(_ pattern: Pattern) -> Int {
        let record = grammar.patterns[pattern]
        return record.kind == .attribute ? Int(record.first) : grammar.definitions[Int(record.first)].nameClass
    }
}

// MARK: - Places

extension Restrictions {
    func location(_ node: Int32) -> SourceLocation {
        grammar.sources.location(simplifier.graph[node].position)
    }

    /// - Parameters:
    ///   - kinds: the patterns that must not contain this pattern; empty for the element as a whole.
    ///   - message: makes the message from the pattern's place and the pattern around it.
    mutating func report(
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
