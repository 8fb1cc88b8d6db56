internal import XML

// What the texts of a layout leave out: its traces in the texts that have any, and the list of it.

extension LayoutBuilder {
    mutating func leaveOut(_ opening: Opening, at number: Int) {
        let range = number..<(index.ends[number] + 1)
        let isBeside = opening.behaviour == .index || transcription.facts(of: opening).isFurniture
        let isOfOneHandAlone = texts.markingOmissions.isSuperset(of: texts.all)
        if isOfOneHandAlone, !isListed(opening), !isBeside { return leaveOutParts(opening, at: number) }
        if index.isTakenOut(opening) || isBeside { passAside(line.scope) } else { passOver(range) }
        guard listsOmissions else { return }
        guard hasSubstance(range) else {
            if opening.node.xmlID != nil { line.steps.append(TextLayout.Entry(step: .target(number), texts: seen)) }
            return
        }
        addLeftOut(range, opening.state, opening)
    }

    /// The text of one hand alone lists of others' words only the marks, notes and gaps in them.
    private mutating func leaveOutParts(_ opening: Opening, at number: Int) {
        if listsOmissions, opening.node.xmlID != nil {
            line.steps.append(TextLayout.Entry(step: .target(number), texts: seen))
        }
        var inner = number + 1
        while inner < index.ends[number] {
            switch transcription.events[inner] {
            case .open(let opening):
                leaveOut(opening, at: inner)
                inner = index.ends[inner]
            case .text(let node, let part, let state):
                passOver(state, isBlank: node.text(in: part).isBlank, line.scope)
            case .gap(let gap): addLeftOut(inner..<(inner + 1), transcription.gaps[gap].state)
            case .begin(let span): beginSpan(span, at: inner)
            case .end(let span): endSpan(span, at: inner)
            case .close: break
            }
            inner += 1
        }
    }

    /// The words of an element are left out, but for its marks and notes, which are in no line.
    private mutating func passOver(_ range: Range<Int>) {
        var number = range.lowerBound
        while number < range.upperBound {
            switch transcription.events[number] {
            case .open(let opening) where index.isTakenOut(opening): number = index.ends[number]
            case .text(let node, let part, let state):
                passOver(state, isBlank: node.text(in: part).isBlank, line.scope)
            case .begin(let span): beginSpan(span, at: number)
            case .end(let span): endSpan(span, at: number)
            case .open, .close, .gap: break
            }
            number += 1
        }
    }

    /// Whether a text of one hand alone lists this element among what it leaves out: the words of others it does not.
    private func isListed(_ opening: Opening) -> Bool {
        switch opening.role {
        case .mark, .note: true
        default: opening.node.attribute("hand") != nil || opening.node.shiftsHand || opening.behaviour == .note
        }
    }

    private func hasSubstance(_ range: Range<Int>) -> Bool {
        transcription.events[range].contains { event in
            switch event {
            case .open(let opening): isListed(opening) || opening.behaviour == .graphic
            case .text(let node, let part, _): !node.text(in: part).isBlank
            case .gap: true
            default: false
            }
        }
    }

    mutating func addLeftOut(_ range: Range<Int>, _ state: State, _ opening: Opening? = nil) {
        guard listsOmissions, !showsAll else { return }
        let lead = opening.flatMap { words.leftOut($0) } ?? words.leftOut(state, texts.selections[0])
        let isPart = opening.map { $0.role == .plain } ?? true
        if isPart, leftOutPosition == line.steps.count, let last = leftOut.last, last.lead == lead {
            leftOut[leftOut.count - 1].ranges.append(range)
            return
        }
        leftOut.append(TextLayout.LeftOut(lead: lead, ranges: [range]))
        line.steps.append(TextLayout.Entry(step: .leftOut(leftOut.count - 1), texts: seen))
        leftOutPosition = line.steps.count
    }

    /// Lays out what was left out, as a text that has everything.
    mutating func writeLeftOut() {
        showsAll = true
        for number in leftOut.indices {
            var spaces = WhiteSpaceState(texts.all)
            leftOut[number].parts = leftOut[number].ranges.map { range in
                line = Line(texts.all)
                line.spaces = spaces
                labelled = range.lowerBound
                process(range)
                spaces = line.spaces
                spaces.space(texts.all)
                return line.steps
            }
        }
    }
}
