internal import XML
internal import XPath

/// Which rules are to be tried on nodes of each kind and name: most nodes need not be tried against most rules.
struct SchematronDispatch: Sendable {
    /// A rule that nodes are tried against.
    final class Candidate: Sendable {
        let pattern: Int
        /// Its number in the pattern.
        let number: Int
        let rule: SchematronRules.Rule
        /// The bits of what an element must have for its context to match.
        let required: UInt32
        let isNameAlone: Bool

        init(pattern: Int, number: Int, rule: SchematronRules.Rule, required: UInt32) {
            self.pattern = pattern
            self.number = number
            self.rule = rule
            self.required = required
            isNameAlone = rule.context.pattern.isNameAlone && rule.context.variables.isEmpty
        }
    }

    /// In the order of the patterns and of their rules.
    let candidates: [Candidate]
    /// The candidates for each name that a context has, and for all other nodes of each kind.
    private var lists: [XPathPattern.Target: [Candidate]] = [:]
    /// A bit for each attribute that contexts require, as far as they reach: the others share the last one.
    fileprivate let attributeBits: [QName: UInt32]
    /// The bit of the outermost element.
    fileprivate static let outermost: UInt32 = 1

    init(_ patterns: [SchematronRules.Pattern]) {
        var bits: [QName: UInt32] = [:]
        for attribute in patterns.flatMap(\.rules).compactMap(\.context.pattern.requiredAttribute)
        where bits[attribute] == nil {
            bits[attribute] = bits.count < 30 ? 2 << UInt32(bits.count) : 1 << 31
        }
        attributeBits = bits
        candidates = patterns.enumerated().flatMap { pattern, syntax in
            syntax.rules.enumerated().map { number, rule in
                let context = rule.context.pattern
                let attribute = context.requiredAttribute.flatMap { bits[$0] } ?? 0
                let required = context.isForOutermostElement ? attribute | SchematronDispatch.outermost : attribute
                return Candidate(pattern: pattern, number: number, rule: rule, required: required)
            }
        }
        var positions: [XPathPattern.Target: [Int]] = [
            .anyElement: [], .anyAttribute: [], .document: [], .otherNodes: [],
        ]
        for (position, candidate) in candidates.enumerated() {
            for target in candidate.rule.context.pattern.targets { positions[target, default: []].append(position) }
        }
        for (target, own) in positions {
            let others = [target.general, .anything].flatMap { positions[$0] ?? [] }
            lists[target] = Set(own + others).sorted().map { candidates[$0] }
        }
    }

    /// The candidates that can match a target, which may have a name that no context has.
    ///
    /// - Parameter patterns: the numbers of the patterns that are applied, `nil` if all are.
    fileprivate func candidates(for target: XPathPattern.Target, of patterns: Set<Int>?) -> [Candidate] {
        let found = lists[target] ?? lists[target.general] ?? []
        guard let patterns else { return found }
        return found.filter { patterns.contains($0.pattern) }
    }

    fileprivate var hasAttributes: Bool {
        lists.contains { target, candidates in target.general == .anyAttribute && !candidates.isEmpty }
    }
}

extension XPathPattern.Target {
    /// The nodes of its kind, whatever their name.
    fileprivate var general: XPathPattern.Target {
        switch self {
        case .element: .anyElement
        case .attribute: .anyAttribute
        default: self
        }
    }
}

/// The candidates for the nodes of one document, found out for each name when it is first met.
struct DocumentDispatch {
    typealias Candidate = SchematronDispatch.Candidate

    private let dispatch: SchematronDispatch
    private let document: Document
    private let names: [QName]
    private let outermost: Int
    private let patterns: Set<Int>?
    /// By the number of an attribute's name.
    private var flags: [UInt32]
    private var elementCandidates: [Known?]
    private var attributeCandidates: [[Candidate]?]
    let documents: [Candidate]
    /// For texts, comments and instructions.
    let others: [Candidate]
    let hasAttributes: Bool

    /// The candidates for elements of one name, and for those among them that have some of the attributes.
    private final class Known {
        let all: [Candidate]
        /// The bits that make a difference.
        let bits: UInt32
        /// Those for an element that has none of the attributes.
        private let plain: [Candidate]
        private var selections: [(bits: UInt32, candidates: [Candidate])] = []

        init(_ all: [Candidate]) {
            self.all = all
            bits = all.reduce(0) { $0 | $1.required }
            plain = all.filter { $0.required == 0 }
        }

        func selected(_ bits: UInt32) -> [Candidate] {
            if bits == 0 { return plain }
            for selection in selections where selection.bits == bits { return selection.candidates }
            let selected = all.filter { $0.required & bits == $0.required }
            selections.append((bits, selected))
            return selected
        }
    }

    /// - Parameter patterns: the numbers of those that are applied, `nil` if all are.
    init(_ dispatch: SchematronDispatch, _ document: Document, patterns: Set<Int>?) {
        self.dispatch = dispatch
        self.document = document
        self.patterns = patterns
        names = document.qualifiedNames
        outermost = document.root.index
        flags = Array(repeating: 0, count: names.count)
        elementCandidates = Array(repeating: nil, count: names.count)
        attributeCandidates = Array(repeating: nil, count: names.count)
        documents = dispatch.candidates(for: .document, of: patterns)
        others = dispatch.candidates(for: .otherNodes, of: patterns)
        hasAttributes = dispatch.hasAttributes
        for (attribute, bit) in dispatch.attributeBits {
            if let number = document.nameNumber(attribute.localName, namespace: attribute.namespace) {
                flags[number] = bit
            }
        }
    }

    mutating func elements(_ node: Node) -> [Candidate] {
        let name = node.nameIndex
        let known = elementCandidates[name] ?? known(name)
        if known.bits == 0 { return known.all }
        let isOutermost = node.index == outermost ? SchematronDispatch.outermost : 0
        return known.selected(known.bits & (document.attributeFlags(ofElementAt: node.index, flags) | isOutermost))
    }

    private mutating func known(_ name: Int) -> Known {
        let target = XPathPattern.Target.element(localName: names[name].localName, namespace: names[name].namespace)
        let known = Known(dispatch.candidates(for: target, of: patterns))
        elementCandidates[name] = known
        return known
    }

    mutating func attributes(_ attribute: Attribute) -> [Candidate] {
        let name = attribute.nameIndex
        if let known = attributeCandidates[name] { return known }
        let target = XPathPattern.Target.attribute(localName: names[name].localName, namespace: names[name].namespace)
        let found = dispatch.candidates(for: target, of: patterns)
        attributeCandidates[name] = found
        return found
    }
}
