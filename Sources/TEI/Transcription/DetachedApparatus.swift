internal import XML

// The critical apparatus (TEI P5, 12). An `app` by parallel segmentation is in the text, around its readings. An `app`
// by the double end-point method (`@from`, `@to`) or the location-referenced method (`@loc`) is beside the text or
// elsewhere. It is put into the flow here, so that its readings follow the words that they replace. These words are its
// first reading.

/// An `app` that is not around its readings.
struct DetachedApparatus {
    let node: Node
    /// Index into ``TranscriptionBuilder/alternatives``; `nil` if it has notes alone.
    let alternative: Int?
    /// The one in whose lemma it is: an index into ``TranscriptionBuilder/outside``.
    let outer: Int?
    /// The text's own reading: index into ``TranscriptionBuilder/interventions``.
    let lemma: Int?
    /// Its place in the flow, in events.
    let position: Int?
    /// Its other readings and its notes.
    let content: [Event]
}

// MARK: - Witnesses

extension Witness {
    /// What may describe a witness besides `witness`, if a `@wit` points at it.
    static let sources: Set<String> = [
        "bibl", "biblFull", "biblStruct", "msDesc", "msFrag", "msPart", "object", "recording",
    ]

    /// The witnesses that a document lists, in its order, then the others to which `@wit` leads.
    static func list(of tei: Node, library: PointerResolver) -> [Witness] {
        var nodes = tei.descendants("witness")
        var (known, pointers) = (Set(nodes), Set<CodepointString>())
        for node in tei.document.elements(withAttributes: ["wit"]) where tei.contains(node) {
            for pointer in node.tokens("wit") where pointers.insert(CodepointString(pointer)).inserted {
                guard let target = library.element(pointer, from: node),
                    target.tei == "witness" || sources.contains(target.tei), known.insert(target).inserted
                else { continue }
                nodes.append(target)
            }
        }
        let described = nodes.filter { $0.xmlID != nil }
        // Where one number is a name, they all are.
        let areNames = described.contains { $0.attribute("n").map { $0.count > 3 } == true && $0.xmlID!.count < 4 }
        return described.map { node in
            let description = node.child("msIdentifier") ?? node.child("objectIdentifier") ?? node
            return Witness(id: node.xmlID!, sigil: sigil(of: node, areNames), description: description.plainText)
        }
    }

    /// The sigil that a witness says it has, or its `@n`, unless these are names and the `xml:id` is short.
    private static func sigil(of node: Node, _ areNames: Bool) -> String {
        let said = node.childElements.first { ["siglum", "sigil", "sigla"].contains($0.attribute("type")) }?.plainText
        if let said, !said.isEmpty { return said }
        guard let id = node.xmlID, let number = node.attribute("n") else { return node.xmlID ?? "" }
        return areNames && id.count < 4 ? id : number
    }
}

// MARK: - Readings

extension TranscriptionBuilder {
    /// The sigla of the witnesses of a reading: those of `@wit`, those of a group (`listWit`) one by one, or those that
    /// a following `wit` names.
    func witnessSigla(_ node: Node) -> [String] {
        if node.attribute("wit") != nil { return node.tokens("wit").flatMap { sigla($0, from: node) } }
        guard ["lem", "rdg"].contains(node.tei),
            let names = node.followingSiblings.first(where: { $0.kind == .element }), names.tei == "wit"
        else { return [] }
        if names.attribute("wit") != nil { return names.tokens("wit").flatMap { sigla($0, from: names) } }
        return names.stringValue.tokens.compactMap { name in
            witnesses.first { $0.sigil.isSame(as: name) || $0.id.isSame(as: name) }?.sigil
        }
    }

    private func sigla(_ pointer: String, from node: Node) -> [String] {
        let target = library.element(pointer, from: node)
        if let target, target.tei == "listWit" { return target.descendants("witness").compactMap(\.xmlID).map(sigil) }
        // A witness stands for those that its own list has.
        let members =
            target?.tei == "witness" ? target?.descendants("witness").compactMap(\.xmlID).map(sigil) ?? [] : []
        return members + [sigil(target?.xmlID ?? Reference(pointer).fragment ?? pointer)]
    }

    private func sigil(_ id: String) -> String { witnesses.first { $0.id.isSame(as: id) }?.sigil ?? id }

    /// The groups that a reading is in.
    func groups(of reading: Node) -> [String] {
        let groups = reading.ancestors.prefix { $0.tei == "rdgGrp" }
        return groups.reversed().map { group in
            group.attribute("type") ?? "\(1 + group.precedingSiblings.reduce(0) { $0 + ($1.tei == "rdgGrp" ? 1 : 0) })"
        }
    }
}

// MARK: - Outside of the text

extension TranscriptionBuilder {
    /// Whether an `app` points at the words that it is about.
    func isOutside(_ node: Node) -> Bool {
        ["from", "to", "loc"].contains { node.attribute($0) != nil }
            || (isLocationReferenced || node.parent?.tei == "listApp") && node.child("lem") != nil
    }

    private var isLocationReferenced: Bool {
        tei.child("teiHeader")?.descendants("variantEncoding").first?.attribute("method") == "location-referenced"
    }

    /// Reads an `app` without setting its words into the flow.
    mutating func walkOutside(_ node: Node, _ outer: Scope, position: Int?, within app: Int? = nil) {
        var scope = outer
        scope.state = current(outer)
        let (flow, wasBeside) = (events, isBesideTheFlow)
        (events, isBesideTheFlow) = ([], true)
        defer { (events, isBesideTheFlow) = (flow, wasBeside) }
        let lem = node.child("lem")
        let hasReadings = lem != nil || !node.descendants("rdg").isEmpty
        if hasReadings { alternatives.append(Alternative(kind: .apparatus, node: node)) }
        let number = hasReadings ? alternatives.count - 1 : nil
        let lemma = number.map { number in
            appendIntervention(.reading, lem ?? node, scope.state, hand: nil, stage: nil, isSpan: true, of: number)
        }
        for child in node.descendants("lem", "rdg", "note", "witDetail") where child != lem && isPart(child, of: node) {
            walk(child, scope)
        }
        outside.append(
            DetachedApparatus(
                node: node, alternative: number, outer: app, lemma: lemma, position: position, content: events))
        // Variants of a part of the lemma.
        let current = outside.count - 1
        for inner in lem?.descendants("app") ?? [] where inner.ancestors.first(where: { $0.tei == "app" }) == node {
            walkOutside(inner, outer, position: position, within: current)
        }
    }

    private func isPart(_ node: Node, of app: Node) -> Bool {
        node.ancestors.first { $0.tei != "rdgGrp" } == app
    }

    mutating func walkStandOffApparatus() {
        for holder in tei.childElements where holder.tei == "standOff" {
            for app in holder.descendants("app")
            where isOutside(app) && !app.ancestors.contains(where: { $0.tei == "app" }) {
                walkOutside(app, Scope(hand: hands.main), position: nil)
            }
        }
    }

    /// Sets all that was read outside into the flow.
    mutating func placeApparatus() {
        guard !outside.isEmpty else { return }
        let finder = LemmaFinder(self)
        var placed: [(range: Range<FlowPosition>, entry: DetachedApparatus)] = []
        for entry in outside {
            let found = entry.outer.map { finder.range(of: entry, within: placed[$0].range) } ?? finder.range(of: entry)
            if let range = found {
                placed.append((range, entry))
                if entry.node.child("lem") == nil, let alternative = entry.alternative {
                    alternatives[alternative].readings[0].text = finder.text(in: range)
                }
            } else {
                if let alternative = entry.alternative { alternatives[alternative].isPlaced = false }
                let end = FlowPosition(event: entry.position ?? events.count)
                placed.append((end..<end, entry))
            }
        }
        var setting = FlowSetting(self)
        setting.set(placed)
        take(setting)
    }

    fileprivate mutating func take(_ setting: FlowSetting) {
        (events, gaps, marks, notes) = (setting.events, setting.gaps, setting.marks, setting.notes)
    }
}

/// A place in the flow: before an event, or within its text.
private struct FlowPosition: Hashable, Comparable {
    let event: Int
    /// In Unicode scalars.
    var scalar = 0

    static func < (a: FlowPosition, b: FlowPosition) -> Bool { (a.event, a.scalar) < (b.event, b.scalar) }
}

/// Finds the words that an `app` or a note elsewhere is about.
struct LemmaFinder {
    private let events: [Event]
    private let library: PointerResolver
    /// The event that opens each element, and the event that closes it.
    private(set) var openings: [Node: Int] = [:]
    private(set) var ends: [Int: Int] = [:]
    /// The elements with each `@n`, in the order of the flow.
    private var numbered: [CodepointString: [Int]] = [:]

    init(_ walker: TranscriptionBuilder) {
        (events, library) = (walker.events, walker.library)
        var open: [Int] = []
        for (index, event) in events.enumerated() {
            switch event {
            case .open(let opening):
                open.append(index)
                openings[opening.node] = index
                if let number = opening.node.attribute("n") {
                    numbered[CodepointString(number), default: []].append(index)
                }
            case .close: ends[open.removeLast()] = index
            case .gap(let number):
                openings[walker.gaps[number].node] = index
                ends[index] = index
            default: break
            }
        }
    }

    fileprivate func range(of entry: DetachedApparatus) -> Range<FlowPosition>? {
        if let from = opening(entry.node, "from") { return range(from: from, entry) }
        guard entry.node.attribute("from") == nil else { return nil }
        let lemma = entry.node.child("lem").map { $0.plainText } ?? ""
        if entry.node.attribute("to") != nil {
            return opening(entry.node, "to").flatMap { to in
                find(lemma, in: flow(startOfBlock(before: to)..<(ends[to] ?? to)), isLast: true)
            }
        }
        if let loc = entry.node.attribute("loc") {
            return places(loc).lazy.compactMap { find(lemma, in: flow($0), isLast: false) }.first
        }
        guard let position = entry.position else { return nil }
        return find(lemma, in: flow(startOfBlock(before: position)..<position), isLast: true)
    }

    /// The words of a lemma in those of another.
    fileprivate func range(of entry: DetachedApparatus, within outer: Range<FlowPosition>) -> Range<FlowPosition>? {
        entry.node.child("lem").flatMap { find($0.plainText, in: outer, isLast: false) }
    }

    private func opening(_ node: Node, _ attribute: String) -> Int? {
        node.tokens(attribute).first.flatMap { library.element($0, from: node) }.flatMap { openings[$0] }
    }

    /// From a milestone or from the beginning of an element, to one, to the end of one, or to the place of the `app`.
    private func range(from: Int, _ entry: DetachedApparatus) -> Range<FlowPosition>? {
        let isElement = ends[from]! > from + 1
        let start = isElement ? from + 1 : ends[from]! + 1
        let end: Int
        if entry.node.attribute("to") != nil {
            guard let to = opening(entry.node, "to") else { return nil }
            end = ends[to]! > to + 1 ? ends[to]! : to
        } else if isElement {
            end = ends[from]!
        } else if let position = entry.position {
            end = position
        } else {
            return nil
        }
        return start <= end ? FlowPosition(event: start)..<FlowPosition(event: end) : nil
    }

    /// What a canonical reference may mean: an element of that number, or of the last of several, within those before.
    private func places(_ loc: String) -> [Range<Int>] {
        if let found = numbered[CodepointString(loc)] { return lines(found).map(stretch) }
        let limits = loc.split { "-–".contains($0) }.map(String.init)
        if limits.count == 2, let first = self.places(limits[0]).first,
            let last = self.places(limits[1]).first(where: { $0.lowerBound >= first.lowerBound })
        {
            return [first.lowerBound..<last.upperBound]
        }
        let numbers = loc.split { ".,: ".contains($0) }.map(String.init)
        guard numbers.count > 1 else { return [] }
        var places = [0..<events.count]
        for number in numbers {
            // A word that names a work or a kind of division is in no @n.
            guard let found = numbered[CodepointString(number)] else { continue }
            places = found.map(stretch).filter { place in places.contains { $0.contains(place.lowerBound) } }
        }
        return places.count == 1 && places[0].count == events.count ? [] : places
    }

    /// Of elements with the same number, those that are no words: lines are counted, and so are words.
    private func lines(_ found: [Int]) -> [Int] {
        let others = found.filter { number in
            guard case .open(let opening) = events[number] else { return true }
            return !["w", "pc", "c", "m", "seg", "num", "phr", "cl"].contains(opening.node.tei)
        }
        return others.isEmpty ? found : others
    }

    /// The content of an element; after a line break, the text up to the next one.
    private func stretch(_ opening: Int) -> Range<Int> {
        let end = ends[opening] ?? opening
        guard end == opening + 1, case .open(let first) = events[opening] else { return (opening + 1)..<end }
        let next = events[(end + 1)...].firstIndex { event in
            switch event {
            case .open(let opening): opening.node.tei == first.node.tei
            case .close(let opening): opening.behaviour.isBlock
            default: false
            }
        }
        return (end + 1)..<(next ?? events.count)
    }

    private func startOfBlock(before position: Int) -> Int {
        events[..<position].lastIndex { event in
            if case .open(let opening) = event { opening.behaviour.isBlock } else { false }
        } ?? 0
    }

    // MARK: Words

    /// The first or last place of words within a place, or the whole place if no words are given. `…` in the words
    /// means that some are left out.
    private func find(_ lemma: String, in place: Range<FlowPosition>, isLast: Bool) -> Range<FlowPosition>? {
        guard !lemma.isEmpty else { return withoutEnd(place) }
        let (letters, positions) = letters(in: place)
        for fold in [{ $0 }, { $0.lowercased() }] as [(String) -> String] {
            let text = fold(String(String.UnicodeScalarView(letters))).unicodeScalars.map { $0 }
            let parts = fold(lemma).split(separator: "…").flatMap { $0.split(separator: "...") }.map {
                Array($0.collapsed.unicodeScalars)
            }.filter { !$0.isEmpty }
            guard text.count == letters.count, let first = parts.first, let last = parts.last else { continue }
            guard let start = search(first, in: text, from: 0, isLast: isLast),
                let end = parts.count == 1 ? start : search(last, in: text, from: start + first.count, isLast: false)
            else { continue }
            let behind = positions[end + last.count - 1]
            return withPhrases(positions[start]..<FlowPosition(event: behind.event, scalar: behind.scalar + 1))
        }
        return nil
    }

    /// Words with the ends of the phrases that end with them, and their beginnings: what is said of a doubtful word comes
    /// before its variants.
    private func withPhrases(_ words: Range<FlowPosition>) -> Range<FlowPosition> {
        guard case .text(let node, nil, _) = events[words.upperBound.event],
            words.upperBound.scalar == node.stringValue.unicodeScalars.count
        else { return words }
        var (start, end) = (words.lowerBound, words.upperBound.event + 1)
        while end < events.count, case .close(let phrase) = events[end], !phrase.behaviour.isBlock,
            let opening = openings[phrase.node]
        {
            let isFirst = start.scalar == 0 && opening == start.event - 1
            guard isFirst || opening >= start.event else { break }
            if isFirst { start = FlowPosition(event: opening) }
            end += 1
        }
        return start..<FlowPosition(event: end)
    }

    /// A place without the white space at its end: what is between two lines is in none.
    private func withoutEnd(_ place: Range<FlowPosition>) -> Range<FlowPosition> {
        let last = place.upperBound.event - 1
        guard place.upperBound.scalar == 0, last >= place.lowerBound.event, case .text(let node, nil, _) = events[last]
        else {
            return place
        }
        let scalars = node.stringValue.unicodeScalars
        let blank = scalars.reversed().prefix { $0.properties.isWhitespace }.count
        guard blank > 0, blank < scalars.count else { return place }
        return place.lowerBound..<FlowPosition(event: last, scalar: scalars.count - blank)
    }

    fileprivate func text(in range: Range<FlowPosition>) -> String {
        String(String.UnicodeScalarView(letters(in: range).letters)).collapsed
    }

    private func flow(_ events: Range<Int>) -> Range<FlowPosition> {
        FlowPosition(event: events.lowerBound)..<FlowPosition(event: events.upperBound)
    }

    /// The characters of the text, with white space collapsed, and the position of each.
    private func letters(in place: Range<FlowPosition>) -> (letters: [Unicode.Scalar], positions: [FlowPosition]) {
        var (letters, positions): ([Unicode.Scalar], [FlowPosition]) = ([], [])
        for index in place.lowerBound.event..<min(events.count, place.upperBound.event + 1) {
            guard case .text(let node, _, let state) = events[index], state.note == nil, state.mark == nil else {
                continue
            }
            for (offset, scalar) in node.stringValue.unicodeScalars.enumerated() {
                let isSpace = scalar.properties.isWhitespace
                guard place.contains(FlowPosition(event: index, scalar: offset)),
                    !isSpace || letters.last.map({ $0 != " " }) ?? false
                else { continue }
                letters.append(isSpace ? " " : scalar)
                positions.append(FlowPosition(event: index, scalar: offset))
            }
        }
        return (letters, positions)
    }

    /// Whole words.
    private func search(_ words: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int, isLast: Bool) -> Int? {
        guard start + words.count <= text.count else { return nil }
        func isWord(_ index: Int) -> Bool {
            text.indices.contains(index)
                && (text[index].properties.isAlphabetic || text[index].properties.numericType != nil)
        }
        let found = (start...(text.count - words.count)).lazy.filter { index in
            text[index..<(index + words.count)].elementsEqual(words) && !(isWord(index - 1) && isWord(index))
                && !(isWord(index + words.count - 1) && isWord(index + words.count))
        }
        return isLast ? found.last : found.first
    }
}

/// The flow as it is written anew, with interventions that begin and end anywhere.
private struct FlowSetting {
    private let source: [Event]
    private(set) var events: [Event] = []
    private(set) var gaps: [Gap]
    private(set) var marks: [Mark]
    private(set) var notes: [Note]
    /// The interventions in force, the outermost first.
    private var inForce: [Int] = []
    /// The interventions of the open elements.
    private var open: [[Int]] = []

    init(_ walker: TranscriptionBuilder) {
        (source, gaps, marks, notes) = (walker.events, walker.gaps, walker.marks, walker.notes)
    }

    mutating func begin(_ intervention: Int) {
        events.append(.begin(intervention))
        inForce.append(intervention)
    }

    mutating func end(_ intervention: Int) {
        inForce.removeAll { $0 == intervention }
        events.append(.end(intervention))
    }

    /// - Parameter around: the other interventions in force, if the event was not read in its place.
    mutating func append(_ event: Event, around: [Int] = []) {
        let inForce = around + inForce
        guard !inForce.isEmpty else { return events.append(event) }
        switch event {
        case .open(var opening):
            opening.state.enter(inForce)
            switch opening.role {
            case .mark(let number): marks[number].state.enter(inForce)
            case .note(let number): notes[number].state.enter(inForce)
            default: break
            }
            events.append(.open(opening))
        case .text(let node, let part, var state):
            state.enter(inForce)
            events.append(.text(node, part, state))
        case .gap(let number):
            gaps[number].state.enter(inForce)
            events.append(event)
        case .close, .begin, .end: events.append(event)
        }
    }

    // MARK: Readings outside of the text

    mutating func set(_ placed: [(range: Range<FlowPosition>, entry: DetachedApparatus)]) {
        let starts = Dictionary(grouping: placed.indices) { placed[$0].range.lowerBound }
        let ends = Dictionary(grouping: placed.indices.filter { !placed[$0].range.isEmpty }) {
            placed[$0].range.upperBound
        }
        let points = Dictionary(grouping: Set(starts.keys).union(ends.keys), by: \.event).mapValues { $0.sorted() }
        for index in 0...source.count {
            var scalar = 0
            for point in points[index] ?? [] {
                if point.scalar > scalar { append(index, scalar..<point.scalar) }
                scalar = point.scalar
                // The last to begin ends first, and the longest begins first.
                for number in (ends[point] ?? []).sorted(by: {
                    placed[$0].range.lowerBound > placed[$1].range.lowerBound
                }) { end(placed[number].entry) }
                for number in (starts[point] ?? []).sorted(by: {
                    placed[$0].range.upperBound > placed[$1].range.upperBound
                }) {
                    if let lemma = placed[number].entry.lemma { begin(lemma) }
                    if placed[number].range.isEmpty { end(placed[number].entry) }
                }
            }
            if index < source.count { append(index, scalar > 0 ? scalar..<Int.max : nil) }
        }
    }

    private mutating func end(_ entry: DetachedApparatus) {
        if let lemma = entry.lemma { end(lemma) }
        for event in entry.content { append(event, around: open.last ?? []) }
    }

    /// An event of the flow, or a part of its text.
    private mutating func append(_ index: Int, _ part: Range<Int>?) {
        switch source[index] {
        case .open(let opening): open.append(opening.state.interventions)
        case .close: open.removeLast()
        default: break
        }
        guard let part, case .text(let node, _, let state) = source[index] else { return append(source[index]) }
        let length = node.stringValue.unicodeScalars.count
        if part.lowerBound < length { append(.text(node, part.clamped(to: 0..<length), state)) }
    }
}

extension State {
    fileprivate mutating func enter(_ others: [Int]) {
        interventions += others.filter { !interventions.contains($0) }
    }
}

// MARK: - What a witness lacks

extension TranscriptionBuilder {
    /// Where a witness begins or ends, or has a gap.
    private struct Limit {
        let event: Int
        let node: Node
        let sigil: String

        /// Whether the witness has the text from here on.
        var isBeginning: Bool { ["witStart", "lacunaEnd"].contains(node.tei) }
    }

    /// Sets what witnesses lack into the flow.
    mutating func placeLacunae() {
        let limits = limits
        guard !limits.isEmpty else { return }
        var (setting, lacking) = (FlowSetting(self), [CodepointString: Int]())
        var next = 0
        // Who begins somewhere has nothing before.
        for sigil in Set(limits.map { CodepointString($0.sigil) }).sorted() {
            guard let first = limits.first(where: { $0.sigil.isSame(as: sigil.string) }), first.isBeginning else {
                continue
            }
            lacking[sigil] = begin(first, &setting)
        }
        for (index, event) in events.enumerated() {
            while next < limits.count, limits[next].event == index {
                let limit = limits[next]
                let sigil = CodepointString(limit.sigil)
                if limit.isBeginning {
                    if let lacuna = lacking.removeValue(forKey: sigil) {
                        interventions[lacuna].isResumed = true
                        setting.end(lacuna)
                    }
                } else if lacking[sigil] == nil {
                    lacking[sigil] = begin(limit, &setting)
                }
                next += 1
            }
            setting.append(event)
        }
        for (_, lacuna) in lacking.sorted(by: { $0.key < $1.key }) { setting.end(lacuna) }
        take(setting)
    }

    private mutating func begin(_ limit: Limit, _ setting: inout FlowSetting) -> Int {
        let lacuna = appendIntervention(.lacuna, limit.node, State(), hand: nil, stage: nil, isSpan: true)
        interventions[lacuna].lacking = limit.sigil
        setting.begin(lacuna)
        return lacuna
    }

    private var limits: [Limit] {
        guard !witnesses.isEmpty else { return [] }
        var limits: [Limit] = []
        // Of the readings that are open, the witnesses; and where the `app` of each begins.
        var (readings, apps): ([[String]], [Int]) = ([], [])
        for (index, event) in events.enumerated() {
            switch event {
            case .open(let opening):
                if let own = witnesses(ofReading: opening) { readings.append(own) }
                if opening.node.tei == "app" { apps.append(index) }
                guard ["witStart", "witEnd", "lacunaStart", "lacunaEnd"].contains(opening.node.tei) else { continue }
                let around = readings.last ?? []
                for sigil in opening.node.attribute("wit") == nil ? around : witnessSigla(opening.node) {
                    let limit = Limit(event: index, node: opening.node, sigil: sigil)
                    // Who has another reading of this app has it whole.
                    let isElsewhere = limit.isBeginning && !around.contains { $0.isSame(as: sigil) }
                    limits.append(
                        isElsewhere ? Limit(event: apps.last ?? index, node: opening.node, sigil: sigil) : limit)
                }
            case .close(let opening):
                if witnesses(ofReading: opening) != nil { readings.removeLast() }
                if opening.node.tei == "app" { apps.removeLast() }
            default: break
            }
        }
        return limits.enumerated().sorted { ($0.element.event, $0.offset) < ($1.element.event, $1.offset) }.map(
            \.element)
    }

    private func witnesses(ofReading opening: Opening) -> [String]? {
        guard case .intervention(let number) = opening.role, interventions[number].kind == .reading else { return nil }
        return interventions[number].alternative.map {
            alternatives[$0].readings[interventions[number].branch].witnesses
        } ?? []
    }
}
