internal import TEI
internal import XML

/// What has to be known of a flow before its first byte of HTML is written: what is left out, which element holds
/// blocks, and beside which passage each mark and note stands.
struct HTMLPlan {
    /// What becomes of an element.
    enum Place {
        /// It is written where it stands.
        case text
        /// A mark or note that is taken out of the line.
        case margin
        case leftOut
    }

    /// Something that stands in the margin.
    struct Entry {
        enum Content: Hashable {
            case mark(Int)
            case note(Int)
            /// An addition of which it is not certain that it is one.
            case intervention(Int)
            /// A note that is part of an apparatus.
            case detail
        }

        let content: Content
        /// The event that opens its element.
        let event: Int
        /// The event that opens the passage beside which it stands; `nil` in a text without passages.
        var passage: Int?
        /// Events of the elements that it is about.
        var targets: [Int] = []
        /// The event that opens the division that it is about as a whole.
        var whole: Int?
        /// From 1; 0 for an entry that no sign refers to.
        var number = 0
        /// How many signs in the text refer to it.
        var signs = 0
        /// The texts beside which it stands.
        let views: Views
    }

    /// A number in the text that refers to an entry.
    struct Sign {
        let entry: Int
        /// 1 for the first sign of the entry.
        let ordinal: Int
    }

    let texts: PageTexts
    /// For each opening event, the event that closes it.
    private(set) var ends: [Int]
    /// For each event, the texts that its state is in.
    private(set) var views: [Views]
    /// For each opening event, the texts that something of its element is in.
    private(set) var content: [Views]
    /// For each opening event, whether a block stands in it, with and without what is taken into the margin.
    private(set) var holdsBlocks: [Bool]
    private(set) var holdsBlocksWithNotes: [Bool]
    private(set) var entries: [Entry] = []
    /// The entries that stand beside a passage, by the event that opens it.
    private(set) var entriesOfPassage: [Int: [Int]] = [:]
    /// The entries of the elements that are in the margin, by the event that opens them.
    private(set) var entryOfEvent: [Int: Int] = [:]
    private(set) var signsBefore: [Int: [Sign]] = [:]
    private(set) var signsAfter: [Int: [Sign]] = [:]
    /// The events that bear an `xml:id`.
    private(set) var eventOfID: [CodepointString: Int] = [:]

    private let transcription: Transcription
    private let words: Words
    /// The openings of elements beside a part of which something stands in the margin.
    private var withMargin: Set<Int> = []
    /// For each opening event, the one that opens the element around, or -1.
    private var parents: [Int]
    /// For each event, the event that opens its passage, or -1.
    private var passages: [Int]

    init(_ transcription: Transcription, _ texts: PageTexts) {
        self.transcription = transcription
        self.texts = texts
        words = Words(transcription)
        let count = transcription.events.count
        ends = Array(repeating: 0, count: count)
        views = Array(repeating: texts.all, count: count)
        content = Array(repeating: .none, count: count)
        holdsBlocks = Array(repeating: false, count: count)
        holdsBlocksWithNotes = holdsBlocks
        parents = Array(repeating: -1, count: count)
        passages = Array(repeating: -1, count: count)
        readElements()
        readPassages()
        placeEntries()
        numberEntries()
    }

    // MARK: Elements

    private mutating func readElements() {
        var open: [Int] = []
        var states = StateViews(texts)
        for (index, event) in transcription.events.enumerated() {
            switch event {
            case .open(let opening):
                parents[index] = open.last ?? -1
                open.append(index)
                views[index] = states.views(of: opening.state)
                if !opening.behaviour.isMilestone { content[index] = views[index] }
                if let id = opening.node.xmlID.map({ CodepointString($0) }), eventOfID[id] == nil {
                    eventOfID[id] = index
                }
            case .close(let opening):
                let start = open.removeLast()
                ends[start] = index
                guard let parent = open.last else { continue }
                content[parent].insert(content[start])
                passOnBlocks(of: start, opening, to: parent)
            case .text(let node, let part, let state):
                views[index] = states.views(of: state)
                if let parent = open.last, !content[parent].isSuperset(of: views[index]), !node.text(in: part).isBlank {
                    content[parent].insert(views[index])
                }
            case .gap(let number):
                let gap = transcription.gaps[number]
                views[index] = states.views(of: gap.state)
                if let parent = open.last { content[parent].insert(views[index]) }
                if let id = gap.node.xmlID.map({ CodepointString($0) }), eventOfID[id] == nil { eventOfID[id] = index }
            case .begin, .end:
                break
            }
        }
    }

    private mutating func passOnBlocks(of start: Int, _ opening: Opening, to parent: Int) {
        let isBlock = opening.behaviour.isBlock || opening.behaviour == .cell
        if isBlock || holdsBlocksWithNotes[start] { holdsBlocksWithNotes[parent] = true }
        guard !isTakenOut(opening) else { return }
        if isBlock || holdsBlocks[start] { holdsBlocks[parent] = true }
    }

    /// Whether an element is a mark or note that does not stand in the line.
    func isTakenOut(_ opening: Opening) -> Bool {
        switch opening.role {
        case .note: true
        case .mark(let number): !isInline(transcription.marks[number])
        default: opening.node.tei == "witDetail"
        }
    }

    /// Underlining is shown where it stands, and so are signs in a diplomatic text.
    private func isInline(_ mark: Mark) -> Bool {
        mark.isAroundWords || (hasDiplomatic && isSign(mark))
    }

    private var hasDiplomatic: Bool { !texts.diplomatic.isEmpty }

    /// An insertion sign and the like: it says something about the page, and nothing in a text that does not show the
    /// page.
    private func isSign(_ mark: Mark) -> Bool {
        mark.kind == .other && mark.node.localName == "metamark"
    }

    private func isSign(_ opening: Opening) -> Bool {
        if case .mark(let number) = opening.role { isSign(transcription.marks[number]) } else { false }
    }

    func isSign(_ state: State) -> Bool { state.mark.map { isSign(transcription.marks[$0]) } ?? false }

    /// What becomes of the element that opens at `index`.
    func place(of opening: Opening, at index: Int) -> Place {
        if isTakenOut(opening) {
            if isSign(opening) { return .leftOut }
            return views[index].isEmpty ? .leftOut : .margin
        }
        if opening.behaviour == .index || (opening.node.tei == "fw" && !hasDiplomatic) { return .leftOut }
        if opening.behaviour.isMilestone { return .text }
        return content[index].isEmpty ? .leftOut : .text
    }

    /// The texts in which an element is seen that is written where it stands.
    func views(of opening: Opening, at index: Int) -> Views {
        if opening.behaviour.isMilestone { return texts.all }
        return opening.node.tei == "fw" || isSign(opening)
            ? content[index].intersection(texts.diplomatic) : content[index]
    }

    /// The identifier by which an element is pointed at: its own, where a page may have that, else one of the page's,
    /// which has a colon.
    func id(of node: Node, at index: Int) -> String {
        guard let id = node.xmlID, eventOfID[CodepointString(id)] == index,
            !id.utf8.contains(where: { $0 == 0x3A || $0.isXMLSpace })
        else {
            if case .open(let opening) = transcription.events[index], case .alternative(let number) = opening.role,
                transcription.alternatives[number].kind == .apparatus
            {
                return "app:\(number + 1)"
            }
            return "e:\(index)"
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
                let place = place(of: opening, at: index)
                if place == .text, passage < 0, startsPassage(opening, at: index) { passage = index }
                if place == .text { addInlineEntry(opening, at: index, passage) }
                if place == .margin { addEntry(opening, at: index, passage) }
                if place != .leftOut { passages[index] = passage }
                if place != .text { index = ends[index] }
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
        append(Entry(content: content, event: index, passage: passage < 0 ? nil : passage, views: views[index]))
    }

    private mutating func addInlineEntry(_ opening: Opening, at index: Int, _ passage: Int) {
        switch opening.role {
        case .mark(let number) where transcription.marks[number].isAroundWords && passage >= 0 && !views[index].isEmpty:
            let views = views[index].intersection(markViews(number, opening.state))
            if !views.isEmpty { append(Entry(content: .mark(number), event: index, passage: passage, views: views)) }
        case .intervention(let number) where passage >= 0 && !views[index].isEmpty:
            let intervention = transcription.interventions[number]
            guard intervention.kind == .addition, words.interface.certainty(intervention.certainty) != nil else {
                return
            }
            append(Entry(content: .intervention(number), event: index, passage: passage, views: views[index]))
        default:
            break
        }
    }

    /// The texts that have a mark around words.
    private func markViews(_ number: Int, _ words: State) -> Views {
        var states = StateViews(texts)
        return states.views(of: transcription.marks[number].act(words))
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
            if case .text = placeOfEvent(entry.event) {
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

    /// The passage beside which something stands that is between passages: the one before it in the same division, else
    /// the one that follows.
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

    private func placeOfEvent(_ index: Int) -> Place {
        guard case .open(let opening) = transcription.events[index] else { return .text }
        return place(of: opening, at: index)
    }

    private func end(of index: Int) -> Int {
        if case .open = transcription.events[index] { ends[index] } else { index }
    }

    private func targets(of content: Entry.Content) -> [Int] {
        let pointers: [String] =
            switch content {
            case .mark(let number): transcription.marks[number].targets
            case .note(let number): transcription.notes[number].targets
            case .intervention, .detail: []
            }
        return pointers.compactMap { pointer in
            let reference = Reference(pointer)
            return reference.resource.isEmpty ? reference.fragment.flatMap { eventOfID[CodepointString($0)] } : nil
        }
    }

    /// A sign stands at the end of what it is about, in a list or table at its beginning.
    private mutating func addSign(to number: Int, at target: Int) {
        if case .open(let opening) = transcription.events[target],
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
            if case .open(let opening) = transcription.events[index] {
                if place(of: opening, at: index) != .text {
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
                showElements(around: passage, in: entries[index].views)
            }
        }
    }

    /// A note is seen although nothing else may be of what it is about.
    private mutating func showElements(around passage: Int, in views: Views) {
        withMargin.insert(passage)
        var index = parents[passage]
        while index >= 0, !content[index].isSuperset(of: views) || !withMargin.contains(index) {
            content[index].insert(views)
            withMargin.insert(index)
            index = parents[index]
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
        guard case .open(let opening) = transcription.events[index], opening.behaviour.isBlock,
            !withMargin.contains(index)
        else { return false }
        return ends[index] - index <= 600
    }

    private func position(_ entry: Entry) -> Int { entry.passage.map { ends[$0] } ?? entry.event }
}

/// The texts that states are in; events that follow one another mostly have the same.
private struct StateViews {
    private let texts: PageTexts
    private var known: [State: Views] = [:]
    private var last: (state: State, views: Views)?

    init(_ texts: PageTexts) { self.texts = texts }

    mutating func views(of state: State) -> Views {
        if let last, last.state == state { return last.views }
        if let found = known[state] {
            last = (state, found)
            return found
        }
        let views = texts.views { $0.includes(state) }
        (known[state], last) = (views, (state, views))
        return views
    }
}

extension Behaviour {
    /// Whether it stands at a place and holds no words.
    var isMilestone: Bool { self == .break || self == .anchor || self == .space }
}

extension Node {
    /// Whether a text has no character but white space.
    var isBlank: Bool { stringValue.isBlank }

    /// Whether words stand in the element itself and not only in its children.
    var hasText: Bool { children.contains { $0.kind == .text && !$0.isBlank } }
}

extension String {
    /// Whether it has white space alone.
    var isBlank: Bool { utf8.allSatisfy(\.isXMLSpace) }
}
