internal import TEI
internal import XML

// The attributes, identifiers and links of the elements of a page's body.

extension PageBody {
    /// The identifier of what is pointed at from elsewhere on the page, where it has none of its own.
    mutating func writeAnchor(_ opening: Opening, _ tag: String, at index: Int) {
        var isNeeded = zonedEvents.contains(index)
        guard isNeeded || opening.role != .plain else { return }
        let id = margins.id(of: opening.node, at: index)
        switch opening.role {
        case .alternative(let number) where transcription.alternatives[number].kind == .apparatus && !showsAll:
            apparatusIDs[number] = id
            isNeeded = true
        case .entity(let number) where opening.behaviour == .inline:
            mentionIDs[number, default: []].append(id)
            isNeeded = true
        case .intervention(let number):
            let intervention = transcription.interventions[number]
            guard let hand = intervention.hand, !intervention.kind.isEditorial, hand != transcription.mainHand else {
                break
            }
            worksOfHand[hand, default: []].append(Work(id: id, name: words.lead(intervention)))
            isNeeded = true
        case .mark(let number):
            guard let hand = transcription.marks[number].hand else { break }
            worksOfHand[hand, default: []].append(Work(id: id, name: words.lead(transcription.marks[number])))
            isNeeded = true
        default: break
        }
        if isNeeded, id.contains(":") { out.attribute(idAttribute, id) }
    }

    func headingLevel(_ node: Node, _ tag: String) -> Int? {
        ["h3", "h4", "h5", "h6"].contains(tag)
            || (["div", "p"].contains(tag) && divisions.isHeading(node))
            ? divisions.level(of: node) : nil
    }

    mutating func writeAttributes(
        _ opening: Opening, _ shape: HTMLElement, _ tag: String, at index: Int, _ texts: TextSet
    ) {
        let node = opening.node
        out.raw(" class=\"tei-\(shape.name)")
        if !showsAll, noteDepth == 0 {
            if margins.isPassage(index) { out.raw(" passage-text") }
            if margins.isChunk(index) { out.raw(" chunk") }
        }
        for name in HTMLElement.classes(of: node) {
            out.raw(" \(name)")
        }
        writeHandClass(opening)
        if transcription.preservesSpace(in: node) { out.raw(" preserved") }
        // In some of its texts it may hold blocks; in the others it stays in its line.
        if tag == "div", holdsBlocks(index), !opening.behaviour.startsLine { out.raw(" in-line") }
        if opening.behaviour == .inline, isInCell, elements.behaviour(of: node).isBlock { out.raw(" cell-line") }
        out.raw(textsClass(texts))
        out.raw("\"")
        writeID(node)
        writeLanguage(node)
        if !shape.isKnown { out.attribute("data-element", node.name?.description ?? "") }
        if let number = node.attribute("n"), number.utf8.count < 20 { out.attribute("data-n", number) }
        if opening.behaviour.isBlock, let hand = newHand(opening) { out.attribute("data-letter", hands.letter(hand)) }
        if tag == "div", shape.isHeading {
            out.raw(" role=\"heading\" aria-level=\"\(divisions.level(of: node))\"")
        }
        if shape.tag == "td" || shape.tag == "th" { writeCellSpan(node) }
        if case .entity(let number) = opening.role, let reference = transcription.entities[number].reference {
            out.attribute("data-ref", reference)
        }
        writeData(opening)
    }

    private var isInCell: Bool { frames.contains { $0.tag == "td" || $0.tag == "th" } }

    /// Whether a hand looks different from that of the element around; no hand looks like the main one.
    func isOtherHand(_ hand: Int?) -> Bool {
        (hand ?? transcription.mainHand) != (frame.hand ?? transcription.mainHand)
    }

    /// The hand of an element, if it differs from the hand of the text around it and no addition or mark says so.
    func newHand(_ opening: Opening) -> Int? {
        guard let hand = opening.state.hand, !hands.letter(hand).isEmpty, !opening.behaviour.isMilestone,
            opening.node.firstChild != nil
        else { return nil }
        switch opening.role {
        case .mark, .note, .intervention, .alternative: return nil
        case .plain, .entity: return isOtherHand(hand) ? hand : nil
        }
    }

    mutating func writeHandClass(_ opening: Opening) {
        if isOtherHand(opening.state.hand) { out.raw(" \(hands.cssClass(opening.state.hand))") }
        if elements.facts(of: opening).isEditorial { out.raw(" editors") }
        guard case .intervention(let number) = opening.role else { return }
        let intervention = transcription.interventions[number]
        if intervention.kind == .deletion { out.raw(" by-\(hands.cssClass(intervention.hand))") }
        if intervention.kind == .addition, intervention.hand == transcription.mainHand { out.raw(" own") }
    }

    /// What tells a reader of the data which mark, hand or shift of hands this is: once for each in the source.
    mutating func writeData(_ opening: Opening) {
        guard !isRepeated else { return }
        let node = opening.node
        if case .mark(let number) = opening.role {
            let mark = transcription.marks[number]
            out.attribute("data-mark", mark.kind.rawValue)
            if let hand = mark.hand { out.attribute("data-hand", transcription.hands[hand].id) }
        } else if let hand = node.attribute("hand") {
            out.attribute("data-hand", hands.id(hand))
        }
        if node.shiftsHand, let hand = opening.state.hand {
            out.attribute("data-shift", transcription.hands[hand].id)
        }
    }

    mutating func writeID(_ node: Node) {
        guard let id = node.xmlID else { return }
        if isRepeated { out.attribute("data-again", id) } else if claim(id) { out.attribute("id", id) }
    }

    /// An apparatus that is elsewhere leads to the words that it is about.
    mutating func markApparatus(_ event: Int) {
        guard case .begin(let begun) = transcription.events[event] else { return }
        let intervention = transcription.interventions[begun]
        guard !showsAll, !isRepeated, intervention.kind == .reading, let number = intervention.alternative else {
            return
        }
        apparatusIDs[number] = "app:\(number + 1)"
        pendingIDs.append("app:\(number + 1)")
    }

    /// Whether an identifier may be used: each only once, and none that could be one of the page's own, which have a
    /// colon.
    mutating func claim(_ id: String) -> Bool {
        !isRepeated && !id.isEmpty && id.utf8.allSatisfy { $0 != 0x3A && !$0.isXMLSpace }
            && ids.insert(CodepointString(id)).inserted
    }

    mutating func writeLanguage(_ node: Node) {
        guard let language = node.attribute("lang", in: Namespace.xml), !language.isEmpty else { return }
        out.attribute("lang", language)
        let isRightToLeft = HTMLElement.isRightToLeft(language)
        if isRightToLeft != frame.isRightToLeft {
            out.raw(isRightToLeft ? " dir=\"rtl\"" : " dir=\"ltr\"")
        }
    }

    /// The attributes of a text whose direction is not that of the page: its language is that of its outermost elements.
    var ownDirection: Markup { isRightToLeft ? " dir=\"rtl\"" : "" }

    var isRightToLeft: Bool {
        let outer = transcription.element.ancestorsOrSelf.lazy.compactMap { $0.direction }
        return outer.first { _ in true } ?? false
    }

    /// How many rows a table has from one on.
    private func rowsLeft(from row: Node?) -> Int {
        row?.followingSiblings.reduce(1) { $0 + (elements.behaviour(of: $1) == .row ? 1 : 0) } ?? 1
    }

    mutating func writeCellSpan(_ node: Node) {
        if let rows = node.attribute("rows").flatMap({ Int($0) }), rows > 1, rows <= rowsLeft(from: node.parent) {
            out.raw(" rowspan=\"\(rows)\"")
        }
        if let columns = node.attribute("cols").flatMap({ Int($0) }), columns > 1, columns <= 100 {
            out.raw(" colspan=\"\(columns)\"")
        }
    }

    /// An address that may be followed: on the web, by mail, or in this page.
    func address(of opening: Opening) -> PageAddress? {
        let node = opening.node
        let isLink = opening.behaviour == .link || opening.behaviour == .graphic
        let target =
            isLink ? node.tokens("target").first ?? node.attribute("url") ?? "" : "mailto:" + node.plainText
        let reference = Reference(target)
        if reference.resource.isEmpty {
            return reference.fragment.flatMap { targets[CodepointString($0)] }.map { PageAddress(id: $0) }
        }
        return PageAddress(web: target)
    }

    /// A picture is named, and leads to its file.
    mutating func writePicture(_ node: Node) {
        flushIDs()
        let target = node.attribute("url") ?? ""
        out.raw("<span class=\"picture\">")
        out.text(frame.tag == "a" ? words.interface(.picture) : "[\(words.interface(.picture)): \(target)]")
        out.raw("</span>")
    }
}
