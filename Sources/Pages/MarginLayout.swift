internal import TEI
internal import XML

/// Beside which passage of a page each mark and note goes, which element holds blocks, and where the signs are that
/// lead from the text to the margin.
struct MarginLayout {
    /// An entry in the margin.
    struct Entry {
        enum Content: Hashable {
            case mark(Int)
            case note(Int)
            /// An addition that is not certainly an addition.
            case intervention(Int)
            /// A note that is part of an apparatus.
            case detail
            /// What the editors say elsewhere of the text.
            case statement(Int)
        }

        let content: Content
        /// The event that opens its element, or, of a statement, the first that it is about.
        let event: Int
        /// The event that opens the passage beside it; `nil` in a text without passages.
        var passage: Int?
        /// Events of the elements that it is about.
        var targets: [Int] = []
        /// The event that opens the division that it is about as a whole.
        var whole: Int?
        /// From 1; 0 for an entry that no sign refers to.
        var number = 0
        /// How many signs in the text refer to it.
        var signs = 0
        /// The texts that have it.
        let texts: TextSet
    }

    /// A number in the text that refers to an entry.
    struct Sign {
        let entry: Int
        /// 1 for the first sign of the entry.
        let ordinal: Int
    }

    private let layout: TextLayout
    /// For each opening event, whether it has a block in it, with and without what is taken into the margin.
    private(set) var holdsBlocks: [Bool]
    private(set) var holdsBlocksWithNotes: [Bool]
    private(set) var entries: [Entry] = []
    /// The entries beside a passage, by the event that opens the passage.
    private(set) var entriesOfPassage: [Int: [Int]] = [:]
    /// The entries of the elements that are in the margin, by the event that opens them.
    private(set) var entryOfEvent: [Int: Int] = [:]
    private(set) var signsBefore: [Int: [Sign]] = [:]
    private(set) var signsAfter: [Int: [Sign]] = [:]
    /// The events of the elements that statements are about.
    private var eventOfTarget: [Node: Int] = [:]
    /// The events that bear an `xml:id`.
    private(set) var eventOfID: [CodepointString: Int] = [:]

    private let words: Wording
    private let transcription: Transcription
    private let index: FlowIndex
    private let ends: [Int]
    /// The aside of each mark or note that is taken out of the line, by the event that opens it.
    private(set) var asideOfEvent: [Int: Int] = [:]
    /// By the event of an element, the texts that show it for a note beside it, whatever else they have of it.
    private(set) var shown: [Int: TextSet] = [:]
    /// The openings of elements that have a margin entry beside a part of them.
    private var withMargin: Set<Int> = []
    /// For each opening event, the event that opens the element around it, or -1.
    private var parents: [Int]
    /// For each event, the event that opens its passage, or -1.
    private var passages: [Int]

    init(_ layout: TextLayout, _ words: Wording) {
        (self.layout, self.words) = (layout, words)
        (transcription, index, ends) = (layout.transcription, layout.index, layout.index.ends)
        let count = layout.transcription.events.count
        holdsBlocks = Array(repeating: false, count: count)
        holdsBlocksWithNotes = holdsBlocks
        parents = Array(repeating: -1, count: count)
        passages = Array(repeating: -1, count: count)
        for (number, aside) in layout.asides.enumerated() { asideOfEvent[aside.event] = number }
        readElements()
        readPassages()
        addStatements()
        placeEntries()
        numberEntries()
    }

    // MARK: Elements

    private mutating func readElements() {
        var open: [Int] = []
        for (index, event) in transcription.events.enumerated() {
            switch event {
            case .open(let opening):
                parents[index] = open.last ?? -1
                open.append(index)
                note(opening.node, at: index)
            case .close(let opening):
                let start = open.removeLast()
                if let parent = open.last { passOnBlocks(of: start, opening, to: parent) }
            case .gap(let number):
                parents[index] = open.last ?? -1
                note(transcription.gaps[number].node, at: index)
            case .text, .begin, .end: break
            }
        }
    }

    private mutating func note(_ node: Node, at index: Int) {
        if let id = node.xmlID.map({ CodepointString($0) }), eventOfID[id] == nil { eventOfID[id] = index }
        if !transcription.statementsOfNode.isEmpty, eventOfTarget[node] == nil { eventOfTarget[node] = index }
    }

    private mutating func passOnBlocks(of start: Int, _ opening: Opening, to parent: Int) {
        let isBlock = opening.behaviour.startsLine
        if isBlock || holdsBlocksWithNotes[start] { holdsBlocksWithNotes[parent] = true }
        guard !index.isTakenOut(opening) else { return }
        if isBlock || holdsBlocks[start] { holdsBlocks[parent] = true }
    }

    /// The identifier by which an element is pointed at: its own, where a page may have that, else one of the page's,
    /// which has a colon.
    func id(of node: Node, at index: Int) -> String {
        guard let id = node.xmlID, eventOfID[CodepointString(id)] == index,
            !id.utf8.contains(where: { $0 == 0x3A || $0.isXMLSpace })
        else {
            if let opening = transcription.opening(at: index), case .alternative(let number) = opening.role,
                transcription.alternatives[number].kind == .apparatus
            {
                return "app:\(number + 1)"
            }
            return "e:\(node.index)"
        }
        return id
    }

    // MARK: Passages

    /// Whether a passage begins with the element that opens at `index`.
    func isPassage(_ index: Int) -> Bool { passages[index] == index }

    private mutating func readPassages() {
        var passage = -1
        var index = 0
        while index < transcription.events.count {
            switch transcription.events[index] {
            case .open(let opening):
                let place = self.index.disposition(of: opening, at: index)
                if place == .inLine, passage < 0, startsPassage(opening, at: index) { passage = index }
                if place == .inLine { addInlineEntry(opening, at: index, passage) }
                if place == .aside { addEntry(opening, at: index, passage) }
                if place != .leftOut { passages[index] = passage }
                if place != .inLine { index = ends[index] }
            case .close:
                if passage >= 0, ends[passage] == index { passage = -1 }
            default:
                passages[index] = passage
            }
            index += 1
        }
    }

    /// Whether margin notes go beside this element: it is, or begins, a run of words.
    private func startsPassage(_ opening: Opening, at index: Int) -> Bool {
        switch opening.behaviour {
        case .paragraph, .heading, .listItem, .table, .figure: true
        case .block, .cit: opening.node.hasText
        case .inline, .link, .alternate, .glyph, .cell: !holdsBlocks[index]
        default: false
        }
    }

    private mutating func addEntry(_ opening: Opening, at index: Int, _ passage: Int) {
        let content: Entry.Content =
            switch opening.role {
            case .mark(let number): .mark(number)
            case .note(let number): .note(number)
            default: .detail
            }
        guard let aside = asideOfEvent[index] else { return }
        append(
            Entry(
                content: content, event: index, passage: passage < 0 ? nil : passage, texts: layout.asides[aside].texts)
        )
    }

    private mutating func addInlineEntry(_ opening: Opening, at event: Int, _ passage: Int) {
        let texts = index.texts[event]
        guard passage >= 0, !texts.isEmpty else { return }
        switch opening.role {
        case .mark(let number) where transcription.marks[number].isAroundWords:
            let marked = layout.texts.having(transcription.marks[number], around: opening.state)
            if !marked.isEmpty { append(Entry(content: .mark(number), event: event, passage: passage, texts: marked)) }
        case .intervention(let number):
            let intervention = transcription.interventions[number]
            guard intervention.kind == .addition, words.interface.certainty(intervention.certainty) != nil else {
                return
            }
            append(Entry(content: .intervention(number), event: event, passage: passage, texts: texts))
        default:
            break
        }
    }

    /// Statements about what one of the texts has.
    private mutating func addStatements() {
        for (number, statement) in transcription.statements.enumerated() {
            let targets = statement.targets.compactMap { eventOfTarget[$0.end ?? $0.node].map { asideAround($0) } }
                .filter { passages[$0] >= 0 || signHolder(in: $0) != nil }
            let texts = targets.reduce(TextSet.none) { $0.union(self.texts(of: $1)) }
                .intersection(layout.texts.showingEditorsNotes)
            guard let first = targets.first, !texts.isEmpty else { continue }
            var entry = Entry(content: .statement(number), event: first, passage: nil, texts: texts)
            entry.targets = targets
            entries.append(entry)
        }
    }

    /// The mark or note that is taken out of the line around an event, or the event.
    private func asideAround(_ event: Int) -> Int {
        var (found, around) = (event, parents[event])
        while around >= 0 {
            if asideOfEvent[around] != nil { found = around }
            around = parents[around]
        }
        return found
    }

    private func texts(of event: Int) -> TextSet {
        if let aside = asideOfEvent[event] { return layout.asides[aside].texts }
        return transcription.opening(at: event).map { index.texts(of: $0, at: event) } ?? index.texts[event]
    }

    private mutating func append(_ entry: Entry) {
        entryOfEvent[entry.event] = entries.count
        entries.append(entry)
    }

    // MARK: Entries

    /// Puts each entry beside the passage that it is about, and its sign where that is.
    private mutating func placeEntries() {
        for number in entries.indices {
            let entry = entries[number]
            if case .statement = entry.content {
                place(statement: number)
                continue
            }
            if isInLine(entry.event) {
                addSign(to: number, after: entry.event)
                continue
            }
            entries[number].targets = targets(of: entry.content)
            let around = entries[number].targets.filter { $0 < entry.event && entry.event < end(of: $0) }
            let elsewhere = entries[number].targets.filter { !around.contains($0) }
            if let passage = elsewhere.map({ passages[$0] }).first(where: { $0 >= 0 }) {
                entries[number].passage = passage
                for target in elsewhere where passages[target] >= 0 { addSign(to: number, at: target) }
            } else if entry.passage != nil {
                addSign(to: number, after: entry.event)
            } else {
                let holders = entries[number].targets.compactMap { signHolder(in: $0) }
                for holder in holders { addSign(to: number, before: holder) }
                entries[number].whole = entries[number].targets.first
                entries[number].passage = holders.first.map { passages[$0] } ?? neighbour(of: entry.event)
            }
        }
    }

    private mutating func place(statement number: Int) {
        let targets = entries[number].targets
        for target in targets {
            if passages[target] >= 0 {
                addSign(to: number, at: target)
            } else if let holder = signHolder(in: target) {
                addSign(to: number, before: holder)
                if targets.count == 1 { entries[number].whole = target }
            }
        }
        guard entries[number].signs > 0 else { return }
        entries[number].passage =
            targets.map { passages[$0] }.first { $0 >= 0 } ?? signHolder(in: targets[0]).map { passages[$0] }
    }

    /// The passage for an entry that is between passages: the one before it in the same division, else the one that
    /// follows.
    private func neighbour(of event: Int) -> Int? {
        let before = passages[..<event].last { $0 >= 0 }
        let after = passages[event...].first { $0 >= 0 }
        guard let before, let after else { return before ?? after }
        let isOfSameDivision = openElement(around: event).map { before > $0 } ?? true
        return isOfSameDivision ? before : after
    }

    private func openElement(around event: Int) -> Int? {
        var index = event - 1
        while index >= 0 {
            if case .open = transcription.events[index], ends[index] > event { return index }
            index -= 1
        }
        return nil
    }

    private func isInLine(_ event: Int) -> Bool {
        guard let opening = transcription.opening(at: event) else { return true }
        return index.disposition(of: opening, at: event) == .inLine
    }

    private func end(of index: Int) -> Int {
        if case .open = transcription.events[index] { ends[index] } else { index }
    }

    private func targets(of content: Entry.Content) -> [Int] {
        let pointers: [String] =
            switch content {
            case .mark(let number): transcription.marks[number].targets
            case .note(let number): transcription.notes[number].targets
            case .intervention, .detail, .statement: []
            }
        return pointers.compactMap { pointer in
            let reference = Reference(pointer)
            return reference.resource.isEmpty ? reference.fragment.flatMap { eventOfID[CodepointString($0)] } : nil
        }
    }

    /// A sign is at the end of its target; in a list or table, at the beginning.
    private mutating func addSign(to number: Int, at target: Int) {
        if let opening = transcription.opening(at: target),
            [.list, .table, .row, .figure].contains(opening.behaviour)
        {
            if let holder = signHolder(in: target) { addSign(to: number, before: holder) }
        } else {
            addSign(to: number, after: target)
        }
    }

    /// The first element in `target` that may hold a sign for the whole of it.
    private func signHolder(in target: Int) -> Int? {
        guard case .open = transcription.events[target] else { return nil }
        var index = target
        while index < ends[target] {
            if let opening = transcription.opening(at: index) {
                if !isInLine(index) {
                    index = ends[index]
                } else if [.paragraph, .heading, .listItem, .cell].contains(opening.behaviour) {
                    return index
                }
            }
            index += 1
        }
        return nil
    }

    private mutating func addSign(to number: Int, after event: Int) {
        entries[number].signs += 1
        signsAfter[event, default: []].append(Sign(entry: number, ordinal: entries[number].signs))
    }

    private mutating func addSign(to number: Int, before event: Int) {
        entries[number].signs += 1
        signsBefore[event, default: []].append(Sign(entry: number, ordinal: entries[number].signs))
    }

    private mutating func numberEntries() {
        let order = entries.indices.sorted { a, b in
            (position(entries[a]), entries[a].event) < (position(entries[b]), entries[b].event)
        }
        var number = 0
        for index in order {
            if entries[index].signs > 0 { number += 1 }
            entries[index].number = entries[index].signs > 0 ? number : 0
            if let passage = entries[index].passage {
                entriesOfPassage[passage, default: []].append(index)
                showElements(around: passage, in: entries[index].texts)
            }
        }
    }

    /// A note is seen although nothing else may be of what it is about.
    private mutating func showElements(around passage: Int, in texts: TextSet) {
        withMargin.insert(passage)
        var element = parents[passage]
        while element >= 0, shown[element]?.isSuperset(of: texts) != true || !withMargin.contains(element) {
            shown[element, default: .none].insert(texts)
            withMargin.insert(element)
            element = parents[element]
        }
    }

    /// Whether the element that opens at `index` is a part of the page that a browser may leave alone until it comes
    /// near: no more than a few hundred events, with nothing in the margin, in an element that is no such part.
    func isChunk(_ index: Int) -> Bool {
        guard fitsChunk(index) else { return false }
        let parent = parents[index]
        return parent < 0 || !fitsChunk(parent)
    }

    private func fitsChunk(_ index: Int) -> Bool {
        guard let opening = transcription.opening(at: index), opening.behaviour.isBlock,
            !withMargin.contains(index)
        else { return false }
        return ends[index] - index <= 600
    }

    private func position(_ entry: Entry) -> Int { entry.passage.map { ends[$0] } ?? entry.event }
}
