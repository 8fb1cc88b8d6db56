internal import XML

/// The facts about a flow that are needed before its texts are laid out: where each element ends, which texts have
/// each event, and how each element is treated.
package struct FlowIndex: Sendable {
    /// The treatment of an element.
    package enum Disposition {
        /// It is written where it is.
        case inLine
        /// A mark or note that is taken out of the line.
        case aside
        case leftOut
    }

    /// For each opening event, the event that closes it.
    package private(set) var ends: [Int]
    /// For each event, the texts that have its state.
    package private(set) var texts: [TextSet]
    /// For each opening event, the texts that have something of its element.
    package private(set) var content: [TextSet]
    private let transcription: Transcription
    private let selected: SelectedTexts

    init(_ transcription: Transcription, _ selected: SelectedTexts) {
        (self.transcription, self.selected) = (transcription, selected)
        let count = transcription.events.count
        ends = Array(repeating: 0, count: count)
        texts = Array(repeating: selected.all, count: count)
        content = Array(repeating: .none, count: count)
        var open: [Int] = []
        var states = StateTexts(selected)
        for (index, event) in transcription.events.enumerated() {
            switch event {
            case .open(let opening):
                texts[index] = states.texts(of: opening.state)
                if !opening.behaviour.isMilestone { content[index] = texts[index] }
                open.append(index)
            case .close:
                let start = open.removeLast()
                ends[start] = index
                if let parent = open.last { content[parent].insert(content[start]) }
            case .text(let node, let part, let state):
                texts[index] = states.texts(of: state)
                guard let parent = open.last, !content[parent].isSuperset(of: texts[index]) else { continue }
                if !node.text(in: part).isBlank { content[parent].insert(texts[index]) }
            case .gap(let number):
                texts[index] = states.texts(of: transcription.gaps[number].state)
                if let parent = open.last { content[parent].insert(texts[index]) }
            case .begin, .end:
                break
            }
        }
    }

    /// Whether an element is a mark or note that is taken out of the line. Underlining is shown where it is, and so are
    /// signs in a diplomatic text.
    package func isTakenOut(_ opening: Opening) -> Bool {
        switch opening.role {
        case .note: true
        case .mark(let number):
            !transcription.marks[number].isAroundWords
                && !(transcription.marks[number].isSign && !selected.diplomatic.isEmpty)
        default: opening.behaviour == .note
        }
    }

    /// The treatment of the element that opens at `index`.
    package func disposition(of opening: Opening, at index: Int) -> Disposition {
        if isTakenOut(opening) {
            return isSign(opening) || asideTexts(of: opening, at: index).isEmpty ? .leftOut : .aside
        }
        if opening.behaviour == .index { return .leftOut }
        if opening.behaviour.isMilestone { return .inLine }
        return texts(of: opening, at: index).isEmpty ? .leftOut : .inLine
    }

    /// The texts that show an element where it is.
    package func texts(of opening: Opening, at index: Int) -> TextSet {
        if opening.behaviour.isMilestone { return selected.all }
        return isSign(opening) || transcription.facts(of: opening).isFurniture
            ? content[index].intersection(selected.diplomatic) : content[index]
    }

    /// The texts that have a mark or note that is taken out of the line. The editors' words about a mark are theirs.
    package func asideTexts(of opening: Opening, at index: Int) -> TextSet {
        let isEditors =
            switch opening.role {
            case .mark(let number): transcription.marks[number].isReported
            case .note: false
            default: true
            }
        if isEditors { return texts[index].intersection(selected.showingEditorsNotes) }
        // One hand may have written in another's note.
        let texts = texts[index].union(content[index].intersection(selected.markingOmissions))
        return textsOfWords(at: index).map(texts.intersection) ?? texts
    }

    /// The texts that have words or signs of the element that opens at `index`; `nil` if it has none at all.
    private func textsOfWords(at index: Int) -> TextSet? {
        var found: TextSet?
        for event in index + 1..<ends[index] where found?.isSuperset(of: selected.all) != true {
            switch transcription.events[event] {
            case .text(let node, let part, _) where !node.text(in: part).isBlank: break
            case .gap: break
            default: continue
            }
            found = (found ?? .none).union(texts[event])
        }
        return found
    }

    private func isSign(_ opening: Opening) -> Bool {
        if case .mark(let number) = opening.role { transcription.marks[number].isSign } else { false }
    }

    /// Whether words are those of a sign.
    func isSign(_ state: State) -> Bool { state.mark.map { transcription.marks[$0].isSign } ?? false }
}

/// The texts that states are in; events that follow one another mostly have the same.
struct StateTexts {
    private let selected: SelectedTexts
    private var known: [State: TextSet] = [:]
    private var last: (state: State, texts: TextSet)?

    init(_ selected: SelectedTexts) { self.selected = selected }

    mutating func texts(of state: State) -> TextSet {
        if let last, last.state == state { return last.texts }
        if let found = known[state] {
            last = (state, found)
            return found
        }
        let texts = selected.texts { $0.includes(state) }
        (known[state], last) = (texts, (state, texts))
        return texts
    }
}

extension Transcription {
    /// The element that opens at an event; `nil` if the event is another.
    @inlinable package func opening(at event: Int) -> Opening? {
        if case .open(let opening) = events[event] { opening } else { nil }
    }

    /// The index of the event that closes the element that opens at `index`.
    func endOfElement(at index: Int) -> Int {
        var depth = 0
        var index = index
        while index < events.count {
            switch events[index] {
            case .open: depth += 1
            case .close:
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return events.count - 1
    }
}

extension String {
    /// Whether it has white space alone.
    package var isBlank: Bool { utf8.allSatisfy(\.isXMLSpace) }
}
