public import XML

// How a text came about: stages, what joins, cancels and reorders what was written.

/// A stage of writing (`listChange/change`; TEI P5, PH-changes). In a document that lists no stages, each number in
/// `@seq` is one.
public struct Stage: Sendable, Hashable {
    /// The `xml:id` of the `change`, or `seq-1` for `@seq="1"`.
    public let id: String
    /// The words of the `change`, with white space collapsed; empty for a number in `@seq`.
    public let description: String
    /// The date of the stage as encoded (`@when`).
    public var when: String? { date?.when }
    /// Its date, or the limits of it.
    package let date: Header.Date?
    /// The number in `@seq`, if the document lists no stages.
    public let sequence: Int?
    /// Its index in ``Transcription/stages``.
    let number: Int
    /// The earlier stages in the list that need not have been before this one.
    let independent: Set<Int>

    /// Whether another stage was complete at this one. A stage presupposes itself. Stages in a list without an order
    /// (`@ordered="false"`) do not presuppose one another.
    ///
    /// - Parameter stage: index into ``Transcription/stages``.
    public func presupposes(_ stage: Int) -> Bool { stage <= number && !independent.contains(stage) }
}

/// The cancellation of an intervention, or its reaffirmation (`undo`, `redo`; TEI P5, section “undo”).
public struct Cancellation: Sendable {
    /// Whether the intervention was cancelled, or reaffirmed after that.
    public enum Kind: String, Sendable, CaseIterable {
        /// The element's name.
        case undo, redo
    }

    /// Whether it cancels or reaffirms.
    public let kind: Kind
    /// The `undo` or `redo`.
    public let node: Node
    /// The element that it points at: an intervention, or a part of one.
    public let target: Node
    /// The hand that did it: index into ``Transcription/hands``.
    public let hand: Int?
    /// The stage at which it was done: index into ``Transcription/stages``.
    public let stage: Int?
    /// The order in which it was done (`@seq`).
    public let sequence: Int?
    /// The object that is cancelled or reaffirmed; `nil` if the target cannot be.
    public internal(set) var object: Object?

    /// The objects that can be cancelled or reaffirmed. The numbers are indexes into the transcription's lists.
    public enum Object: Sendable, Hashable {
        /// An intervention with all its fragments: index into ``Transcription/interventions``.
        case intervention(Int)
        /// The part of an intervention that is in the target: index into ``Transcription/interventions``.
        case part(of: Int)
        /// A substitution: index into ``Transcription/alternatives``.
        case alternative(Int)
        /// A transposition: index into ``Transcription/transpositions``.
        case transposition(Int)
        /// Everything that another `undo` or `redo` cancelled or reaffirmed.
        case cancellation(Node)
    }
}

/// Passages that were put in another order (`transpose`; TEI P5, section “transpo”).
public struct Transposition: Sendable {
    /// One of the passages.
    public struct Passage: Sendable {
        /// The element, or the milestone at which the passage begins.
        public let node: Node
        /// The anchor at which the passage ends (`@spanTo`).
        public let end: Node?
    }

    /// The `transpose`.
    public let node: Node
    /// The passages in their new order.
    public let passages: [Passage]
    /// Whether all its pointers lead somewhere.
    package let isWhole: Bool
    /// The hand that asks for it by a sign (`metamark/@function="transpose"`): index into ``Transcription/hands``.
    public internal(set) var hand: Int?
    /// The stage of that sign: index into ``Transcription/stages``.
    public internal(set) var stage: Int?
}

// MARK: - Stages

extension Stage {
    /// The stages of a document, and the `change` of each.
    static func list(of tei: Node) -> [(stage: Stage, change: Node?)] {
        let changes = tei.descendants("change").filter { change in
            change.parent?.tei == "listChange" && change.xmlID != nil
                && !change.ancestors.contains { $0.tei == "revisionDesc" }
        }
        guard changes.isEmpty else {
            return changes.enumerated().map { number, change in
                let independent = Set(changes.indices.prefix(number).filter { !isBefore(changes[$0], change) })
                let stage = Stage(
                    id: change.xmlID!, description: change.plainText, date: Header.Date(change), sequence: nil,
                    number: number, independent: independent
                )
                return (stage, change)
            }
        }
        guard !isOrderWithinSubstitutions(tei) else { return [] }
        let numbers = Set(
            tei.document.elements(withAttributes: ["seq"]).filter(tei.contains).compactMap {
                $0.attribute("seq").flatMap { Int($0) }
            }
        ).sorted()
        return numbers.enumerated().map { index, number in
            (
                Stage(
                    id: id(ofSequence: number), description: "", date: nil, sequence: number, number: index,
                    independent: []), nil
            )
        }
    }

    /// Whether the numbers in `@seq` say in which order the parts of a substitution were written: it was made at one stage.
    private static func isOrderWithinSubstitutions(_ tei: Node) -> Bool {
        tei.descendants("subst", "mod").contains { substitution in
            let parts = substitution.childElements.filter { ["add", "del"].contains($0.tei) }
            return Set(parts.compactMap { $0.attribute("seq") }).count > 1
        }
    }

    static func id(ofSequence number: Int) -> String { "seq-\(number)" }

    private static func isBefore(_ change: Node, _ other: Node) -> Bool {
        guard let list = change.ancestors.first(where: { $0.contains(other) }) else { return false }
        return !["false", "0"].contains(list.attribute("ordered"))
    }
}

// MARK: - What elements elsewhere say of one

/// The facts about elements in other elements that point at them.
struct Relations {
    /// For an addition or deletion, the `substJoin` that makes it part of a substitution.
    private var joins: [Node: Node] = [:]
    /// For a fragment (`@prev`, `@next`), the fragment before it, and the first one.
    private var previous: [Node: Node] = [:]
    private var firsts: [Node: Node] = [:]
    /// The `undo`s and `redo`s by what they point at.
    private(set) var cancellations: [Node: [Node]] = [:]
    private(set) var transpositions: [Transposition] = []
    /// For one of several that exclude one another, the `alt` that says so, and its weight.
    private var alternations: [Node: (alt: Node, weight: String?)] = [:]

    init(_ tei: Node, library: PointerResolver) {
        func targets(_ node: Node, _ attribute: String) -> [Node] {
            node.tokens(attribute).compactMap { library.element($0, from: node) }
        }
        for node in tei.descendants("substJoin", "undo", "redo", "transpose", "alt") {
            switch node.tei {
            case "alt":
                let parts = targets(node, "target").filter {
                    $0.firstChild != nil || $0.attribute("spanTo") != nil
                }
                guard node.attribute("mode") != "incl", parts.count > 1 else { continue }
                let weights = node.tokens("weights")
                for (number, part) in parts.enumerated() where alternations[part] == nil {
                    alternations[part] = (node, weights.indices.contains(number) ? weights[number] : nil)
                }
            case "substJoin": for part in targets(node, "target") { joins[part] = node }
            case "undo", "redo":
                for target in targets(node, "target") { cancellations[target, default: []].append(node) }
            case "transpose":
                let pointers = node.childElements.filter { $0.tei == "ptr" }
                let passages = pointers.compactMap { targets($0, "target").first }.map { passage in
                    Transposition.Passage(
                        node: passage, end: targets(passage, "spanTo").first?.endOfSpan(from: passage))
                }
                transpositions.append(
                    Transposition(node: node, passages: passages, isWhole: passages.count == pointers.count))
            default: break
            }
        }
        for node in tei.document.elements(withAttributes: ["next", "prev"]) where tei.contains(node) {
            for following in targets(node, "next") { previous[following] = node }
            for preceding in targets(node, "prev") { previous[node] = preceding }
        }
        findFirsts()
    }

    /// Every chain is followed once. One that is a circle begins anywhere.
    private mutating func findFirsts() {
        for start in previous.keys where firsts[start] == nil {
            var (chain, seen): ([Node], Set<Node>) = ([start], [start])
            while let before = previous[chain[chain.count - 1]], firsts[before] == nil, seen.insert(before).inserted {
                chain.append(before)
            }
            let last = chain[chain.count - 1]
            let first = previous[last].flatMap { firsts[$0] } ?? last
            for node in chain { firsts[node] = first }
        }
    }

    /// The `substJoin` that an element is a part of.
    func join(of node: Node) -> Node? { joins[node] }

    /// The `alt` that says that an element excludes others, and how likely it is that it is the one.
    func alternation(of node: Node) -> (alt: Node, weight: String?)? {
        alternations.isEmpty ? nil : alternations[node]
    }

    /// The fragment that an element continues.
    func previous(_ node: Node) -> Node? { previous[node] }

    /// The first of the fragments of which an element is one.
    func first(of node: Node) -> Node { firsts[node] ?? node }

    /// The element that says for another what an attribute says: itself, the substitution that it is a part of, or the
    /// first of its fragments.
    func holder(of attribute: String, for node: Node) -> Node? {
        func own(_ node: Node) -> Node? {
            if node.attribute(attribute) != nil { return node }
            let name = node.tei
            guard name == "add" || name == "del" else { return nil }
            let around = node.parent.flatMap { ["subst", "mod"].contains($0.tei) ? $0 : nil }
            return [around, joins[node]].compactMap(\.self).first { $0.attribute(attribute) != nil }
        }
        return own(node) ?? (firsts.isEmpty ? nil : firsts[node].flatMap(own))
    }
}

// MARK: - The order of what was done

extension Transcription {
    /// For each intervention, the first of the fragments of which it is one.
    var firstInterventions: [Int] {
        var firsts: [Int] = []
        for (number, intervention) in interventions.enumerated() {
            firsts.append(intervention.continued.map { firsts[$0] } ?? number)
        }
        return firsts
    }

    /// The cancellations in the order in which they were made.
    var cancellationsInOrder: [Int] {
        func moment(_ number: Int) -> (Int, Int, Int) {
            let cancellation = cancellations[number]
            return self.moment(cancellation.hand, cancellation.stage, cancellation.sequence, cancellation.node)
        }
        return cancellations.indices.sorted { moment($0) < moment($1) }
    }

    /// When something was done, to be compared. What names no stage was done at the first if it is the main hand's, else
    /// at the last.
    private func moment(_ hand: Int?, _ stage: Int?, _ sequence: Int?, _ node: Node) -> (Int, Int, Int) {
        let isMain = hand == nil || hand == mainHand
        return (stage ?? (isMain ? 0 : stages.count), sequence ?? 0, node.index)
    }
}

// MARK: - Zones in the margin

/// A zone whose words have their place elsewhere: it points at an anchor in the text of another zone (`zone/@corresp`).
struct MarginalZone: Sendable {
    let node: Node
    let anchor: Node

    static func list(of tei: Node, library: PointerResolver) -> [MarginalZone] {
        tei.descendants("zone").compactMap { zone in
            let targets = zone.tokens("corresp").lazy.compactMap { library.element($0, from: zone) }
            let anchor = targets.first { target in
                tei.contains(target) && !["zone", "surface"].contains(target.tei) && !zone.contains(target)
                    && target.ancestors.contains { $0.tei == "zone" }
            }
            return anchor.map { MarginalZone(node: zone, anchor: $0) }
        }
    }
}

// MARK: - The order of a text

extension Transcription {
    /// What a text has in another place than the source.
    struct Order: Equatable {
        /// Whether the words in a margin are where they belong.
        let hasMargins: Bool
        /// The transpositions in the order in which they were made.
        let transpositions: [Int]
    }

    func order(of selection: Selection) -> Order {
        func moment(_ number: Int) -> (Int, Int, Int) {
            let transposition = transpositions[number]
            return self.moment(transposition.hand, transposition.stage, nil, transposition.node)
        }
        let made = transpositions.indices.filter {
            transpositions[$0].isWhole && selection.includes(transposition: $0)
        }
        return Order(
            hasMargins: selection.reordersPassages && !marginalZones.isEmpty,
            transpositions: made.sorted { moment($0) < moment($1) })
    }

    /// The transcription with its passages in the order in which a text has them.
    package func arranged(by selection: Selection) -> Transcription {
        var arranged = self
        let order = order(of: selection)
        if order.hasMargins { arranged.setMargins() }
        var pending = order.transpositions
        while !pending.isEmpty { pending = arranged.transpose(pending) }
        return arranged
    }

    /// A transposition and where it takes place.
    private struct Move {
        let number: Int
        /// The passages in the new order, each with its parts.
        let passages: [[Range<Int>]]
        let window: Range<Int>
    }

    /// Each passage takes the place of another. Passages that would tear elements apart stay where they are. A
    /// transposition that touches an earlier one comes after it.
    ///
    /// - Parameter numbers: in the order in which they were made.
    /// - Returns: the transpositions that remain to be done.
    private mutating func transpose(_ numbers: [Int]) -> [Int] {
        let passages = numbers.flatMap { transpositions[$0].passages }
        let starts = openings(of: Set(passages.flatMap { [$0.node] + [$0.end].compactMap(\.self) }))
        var (moves, remaining): ([Move], [Move]) = ([], [])
        for move in numbers.compactMap({ move($0, starts) }) {
            let touches = [moves, remaining].contains { $0.contains { $0.window.overlaps(move.window) } }
            if touches { remaining.append(move) } else { moves.append(move) }
        }
        var (moved, position): ([Event], Int) = ([], 0)
        for move in moves.sorted(by: { $0.window.lowerBound < $1.window.lowerBound }) {
            moved += events[position..<move.window.lowerBound]
            moved += arranged(move)
            position = move.window.upperBound
        }
        moved += events[position...]
        events = moved
        return remaining.map(\.number)
    }

    /// The events that open elements.
    private func openings(of nodes: Set<Node>) -> [Node: Int] {
        var found: [Node: Int] = [:]
        for (index, event) in events.enumerated() {
            if case .open(let opening) = event, nodes.contains(opening.node) { found[opening.node] = index }
        }
        return found
    }

    private func move(_ number: Int, _ starts: [Node: Int]) -> Move? {
        let passages = transpositions[number].passages.compactMap { passage -> Range<Int>? in
            guard let start = starts[passage.node] else { return nil }
            guard let end = passage.end else { return start..<(endOfElement(at: start) + 1) }
            return starts[end].flatMap {
                start <= $0 ? start..<(end.isTakenIntoSpans ? endOfElement(at: $0) + 1 : $0) : nil
            }
        }
        let parts = Transcription.parts(of: passages)
        let all = parts.flatMap(\.self)
        guard passages.count == transpositions[number].passages.count, parts.count > 1,
            let start = all.map(\.lowerBound).min(), let end = all.map(\.upperBound).max()
        else { return nil }
        return Move(number: number, passages: parts, window: start..<end)
    }

    /// Of passages that overlap, the first that is named has what they share, and the other has the rest.
    private static func parts(of passages: [Range<Int>]) -> [[Range<Int>]] {
        var taken: [Range<Int>] = []
        return passages.compactMap { passage in
            let own = taken.reduce([passage]) { parts, other in
                parts.flatMap { part in
                    [
                        part.lowerBound..<max(part.lowerBound, min(part.upperBound, other.lowerBound)),
                        min(part.upperBound, max(part.lowerBound, other.upperBound))..<part.upperBound,
                    ].filter { !$0.isEmpty }
                }
            }
            taken += own
            return own.isEmpty ? nil : own
        }
    }

    /// The first part of each passage is the place of a passage; the other parts leave no place.
    private func arranged(_ move: Move) -> [Event] {
        var (moved, position, next): ([Event], Int, Int) = ([], move.window.lowerBound, 0)
        let places = Set(move.passages.map { $0[0] })
        for part in move.passages.flatMap(\.self).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            moved += events[position..<part.lowerBound]
            if places.contains(part) {
                for range in move.passages[next] { moved += events[range] }
                next += 1
            }
            position = part.upperBound
        }
        let before = Array(events[move.window])
        let (old, new) = (Transcription.nesting(before), Transcription.nesting(moved))
        return new.closed == old.closed && new.open == old.open ? moved : before
    }

    /// Which elements events close that were open before, and leave open; elements of one name may change places.
    private static func nesting(_ events: [Event]) -> (closed: [String], open: [String]) {
        var (closed, open): ([String], [String]) = ([], [])
        for event in events {
            switch event {
            case .open(let opening): open.append(opening.node.localName)
            case .close(let opening):
                if open.last.isSame(as: opening.node.localName) {
                    open.removeLast()
                } else {
                    closed.append(opening.node.localName)
                }
            default: break
            }
        }
        return (closed, open)
    }
}

// MARK: - Words in a margin

extension Transcription {
    /// Sets the zones in a margin where their words belong: after the element that they point at.
    fileprivate mutating func setMargins() {
        let starts = openings(of: Set(marginalZones.flatMap { [$0.node, $0.anchor] }))
        var places: [(zone: Range<Int>, place: Int)] = []
        for margin in marginalZones {
            guard let zone = starts[margin.node], let anchor = starts[margin.anchor] else { continue }
            places.append((zone..<(endOfElement(at: zone) + 1), endOfElement(at: anchor) + 1))
        }
        // Zones that point at each other, in a circle, stay where they are.
        let around = places.map { own in places.firstIndex { $0.zone.contains(own.place) } }
        places = Transcription.outsideOfCircles(around).map { places[$0] }
        let zones = Dictionary(grouping: places, by: \.place)
        let ends = Dictionary(uniqueKeysWithValues: places.map { ($0.zone.lowerBound, $0.zone.upperBound) })
        var arranged: [Event] = []
        func append(_ range: Range<Int>) {
            var index = range.lowerBound
            while index < range.upperBound {
                for (zone, _) in zones[index] ?? [] where index > range.lowerBound { append(zone: zone, at: index) }
                if let end = ends[index], index > range.lowerBound {
                    index = end
                } else {
                    arranged.append(events[index])
                    index += 1
                }
            }
        }
        /// In the place of its words a zone is part of a line; if that ends there, its lines are lines.
        func append(zone: Range<Int>, at place: Int) {
            let first = arranged.count
            append(zone)
            let isInLine = isWithinLine(place)
            for index in first..<arranged.count where isInLine || arranged[index].isDivision {
                arranged[index] = arranged[index].inLine
            }
        }
        append(events.indices)
        events = arranged
    }

    /// Whether words of the same line come after a place.
    private func isWithinLine(_ place: Int) -> Bool {
        var open = 0
        for event in events[place...] {
            switch event {
            case .open(let opening):
                if opening.behaviour.isBlock { return false }
                open += 1
            case .close(let opening):
                if opening.node.tei == "line" { return false }
                if open == 0, opening.behaviour.isBlock { return false }
                open = max(0, open - 1)
            case .text(let node, let part, _): if !node.text(in: part).isBlank { return true }
            case .gap: return true
            case .begin, .end: break
            }
        }
        return false
    }

    /// The zones from which the way to the zone around their place, and so on, comes to an end.
    private static func outsideOfCircles(_ around: [Int?]) -> [Int] {
        var known: [Int: Bool] = [:]
        for start in around.indices {
            var (way, next): ([Int], Int?) = ([], start)
            var seen: Set<Int> = []
            while let zone = next, known[zone] == nil, seen.insert(zone).inserted {
                way.append(zone)
                next = around[zone]
            }
            let ends = next.map { known[$0] ?? false } ?? true
            for zone in way { known[zone] = ends }
        }
        return around.indices.filter { known[$0] == true }
    }
}

extension Event {
    /// Whether a zone or the like begins or ends.
    fileprivate var isDivision: Bool {
        switch self {
        case .open(let opening), .close(let opening): opening.behaviour.isDivision
        default: false
        }
    }

    /// The event of an element that begins no line of its own; the layout parts it from its neighbours by spaces.
    fileprivate var inLine: Event {
        switch self {
        case .open(let opening): .open(opening.inLine)
        case .close(let opening): .close(opening.inLine)
        default: self
        }
    }
}

extension Opening {
    fileprivate var inLine: Opening {
        behaviour.isBlock ? Opening(node: node, behaviour: .inline, row: row, state: state, role: role) : self
    }
}
