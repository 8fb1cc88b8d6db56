public import XML

// How a text came about: stages, what joins, cancels and reorders what was written.

/// A stage of writing (`listChange/change`; TEI P5, PH-changes), or, in a document that lists none, one of the numbers of `@seq`.
public struct Stage: Sendable, Hashable {
    /// The `xml:id` of the `change`, or `seq-1` for `@seq="1"`.
    public let id: String
    public let description: String
    public let when: String?
    /// The stages that had been gone through by then, itself among them: indexes into ``Transcription/stages``. Those of a list
    /// that is not ordered (`@ordered="false"`) do not presuppose one another.
    public let reached: Set<Int>
}

/// An intervention that was cancelled, or cancelled and then reaffirmed (TEI P5, `undo` and `redo`).
public struct Cancellation: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case undo, redo
    }

    public let kind: Kind
    /// The `undo` or `redo`.
    public let node: Node
    /// What it points at: an intervention, or the part of one that is meant.
    public let target: Node
    public let hand: Int?
    public let stage: Int?
    /// `@seq`.
    public let sequence: Int?
    /// The intervention: the target itself, else the innermost around it; index into ``Transcription/interventions``.
    public internal(set) var intervention: Int?
    /// The substitution, where the target is one: index into ``Transcription/alternatives``.
    public internal(set) var alternative: Int?

    /// Whether it was made before another one.
    func isBefore(_ other: Cancellation) -> Bool {
        (stage ?? 0, sequence ?? 0, node.index) < (other.stage ?? 0, other.sequence ?? 0, other.node.index)
    }
}

/// Passages that were put in another order (TEI P5, `transpose`).
public struct Transposition: Sendable {
    public struct Passage: Sendable {
        /// The element, or the milestone at which the passage begins.
        public let node: Node
        /// The anchor at which it ends (`@spanTo`).
        public let end: Node?
    }

    public let node: Node
    /// In the new order.
    public let passages: [Passage]
    /// Whose sign asks for it (`metamark/@function="transpose"`).
    public internal(set) var hand: Int?
    public internal(set) var stage: Int?
}

// MARK: - Stages

extension Stage {
    /// The stages of a document, and the `change` of each.
    static func list(of tei: Node) -> [(stage: Stage, change: Node?)] {
        let changes = tei.descendants("change").filter { change in
            change.parent?.tei == "listChange" && change.xmlID != nil && !change.ancestors.contains { $0.tei == "revisionDesc" }
        }
        guard changes.isEmpty else {
            return changes.enumerated().map { number, change in
                let reached = changes.indices.filter { $0 == number || isBefore(changes[$0], change) }
                let stage = Stage(
                    id: change.xmlID!, description: change.plainText, when: change.attribute("when"), reached: Set(reached)
                )
                return (stage, change)
            }
        }
        let numbers = Set(tei.descendants.compactMap { $0.attribute("seq").flatMap { Int($0) } }).sorted()
        return numbers.enumerated().map { index, number in
            (Stage(id: id(ofSequence: number), description: Words.change(number), when: nil, reached: Set(0...index)), nil)
        }
    }

    static func id(ofSequence number: Int) -> String { "seq-\(number)" }

    private static func isBefore(_ change: Node, _ other: Node) -> Bool {
        guard change.index < other.index, let list = change.ancestors.first(where: { $0.contains(other) }) else { return false }
        return !["false", "0"].contains(list.attribute("ordered"))
    }
}

// MARK: - What elements elsewhere say of one

/// What is said of elements by others that point at them.
struct Relations {
    /// By an addition or deletion: the `substJoin` that makes it a part of a substitution.
    private var joins: [Node: Node] = [:]
    /// By a fragment (`@prev`, `@next`): that before it.
    private var previous: [Node: Node] = [:]
    /// The `undo`s and `redo`s by what they point at.
    private(set) var cancellations: [Node: [Node]] = [:]
    private(set) var transpositions: [Transposition] = []

    init(_ tei: Node, library: Library) {
        func targets(_ node: Node, _ attribute: String) -> [Node] {
            node.tokens(attribute).compactMap { library.element($0, from: node) }
        }
        for node in tei.descendants where node.kind == .element {
            switch node.tei {
            case "substJoin": for part in targets(node, "target") { joins[part] = node }
            case "undo", "redo": for target in targets(node, "target") { cancellations[target, default: []].append(node) }
            case "transpose":
                let pointers = node.childElements.filter { $0.tei == "ptr" }
                let passages = pointers.compactMap { targets($0, "target").first }.map { passage in
                    Transposition.Passage(node: passage, end: targets(passage, "spanTo").first)
                }
                if passages.count == pointers.count { transpositions.append(Transposition(node: node, passages: passages)) }
            default: break
            }
            for following in targets(node, "next") { previous[following] = node }
            for preceding in targets(node, "prev") { previous[node] = preceding }
        }
    }

    /// The `substJoin` that an element is a part of.
    func join(of node: Node) -> Node? { joins[node] }

    /// The fragment that an element continues.
    func previous(_ node: Node) -> Node? { previous[node] }

    /// The first of the fragments of which an element is one.
    func first(of node: Node) -> Node {
        var (first, seen): (Node, Set<Node>) = (node, [node])
        while let before = previous[first], seen.insert(before).inserted { first = before }
        return first
    }

    /// The element that says for another what an attribute says: itself, the substitution that it is a part of, or the first
    /// of its fragments.
    func holder(of attribute: String, for node: Node) -> Node? {
        func own(_ node: Node) -> Node? {
            if node.attribute(attribute) != nil { return node }
            guard ["add", "del"].contains(node.tei) else { return nil }
            let around = node.parent.flatMap { ["subst", "mod"].contains($0.tei) ? $0 : nil }
            return [around, joins[node]].compactMap(\.self).first { $0.attribute(attribute) != nil }
        }
        return own(node) ?? own(first(of: node))
    }
}

// MARK: - The order of a text

extension Transcription {
    /// The transcription with its passages in the order in which a text has them.
    func arranged(by selection: Selection) -> Transcription {
        var arranged = self
        for transposition in transpositions where selection.includes(transposition) { arranged.transpose(transposition) }
        return arranged
    }

    /// Each passage takes the place of another. Passages that overlap, or that would tear elements apart, stay where they are.
    private mutating func transpose(_ transposition: Transposition) {
        let ranges = transposition.passages.compactMap(range)
        let places = ranges.sorted { $0.lowerBound < $1.lowerBound }
        guard ranges.count == transposition.passages.count, zip(places, places.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound })
        else { return }
        var (moved, position): ([Event], Int) = ([], 0)
        for (place, passage) in zip(places, ranges) {
            moved += events[position..<place.lowerBound] + events[passage]
            position = place.upperBound
        }
        moved += events[position...]
        if Transcription.isNested(moved) { events = moved }
    }

    private func range(of passage: Transposition.Passage) -> Range<Int>? {
        guard let start = events.firstIndex(where: { $0.opened == passage.node }) else { return nil }
        guard let end = passage.end else { return start..<(endOfElement(at: start) + 1) }
        return events[start...].firstIndex { $0.opened == end }.map { start..<$0 }
    }

    /// Whether elements end within the elements in which they begin. Those of one kind may have changed places.
    private static func isNested(_ events: [Event]) -> Bool {
        var open: [String] = []
        for event in events {
            switch event {
            case .open(let opening): open.append(opening.node.localName)
            case .close(let opening): if open.popLast() != opening.node.localName { return false }
            default: break
            }
        }
        return open.isEmpty
    }
}

extension Event {
    /// The element that begins here.
    fileprivate var opened: Node? {
        if case .open(let opening) = self { opening.node } else { nil }
    }
}
