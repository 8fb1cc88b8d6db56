internal import TEI
internal import XML

/// Writes the body of a document's page, as HTML that is well-formed XML too: the fold of a layout with many texts.
///
/// Nesting is valid by construction: an end tag is written only when the frame of its element ends, and an element that
/// holds a block becomes one that may, up to the text itself.
struct PageBody {
    /// Something that a hand did.
    struct Work {
        let id: String
        let name: String
    }

    struct Heading {
        let level: Int
        let text: String
        let id: String
    }

    /// An element of the page that has not ended.
    struct Frame {
        var tag: String
        var event = -1
        var content = HTMLElement.Content.any
        /// Whether page marks and the like are blocks in it.
        var isFlow = false
        /// An element that the content model asks for and the source does not have: `ul`, `td`.
        var wrapper = ""
        var hand: Int?
        /// The hand whose letter comes at the end.
        var letterHand: Int?
        var isRightToLeft = false
        /// The texts in which it is seen.
        var texts: TextSet
        /// The length of the page after its start tag was written.
        var start = -1
        /// The markup after the end tag.
        var suffix: Markup = ""
    }

    /// Words of one text node that follow one another, and their element, if they need one of their own.
    private struct Run {
        let event: Int
        let texts: TextSet
        let isWrapped: Bool
    }

    let layout: TextLayout
    let margins: MarginLayout
    let words: Wording
    let hands: HTMLHands
    let facsimile: Facsimile
    /// The attribute for the language of the page's own words, if it is not the document's.
    let ownLanguage: Markup
    /// Whether this body repeats another in which passages are in other places: only the first has identifiers and
    /// data.
    var isRepeated: Bool { repetition > 0 }
    /// How many bodies of the page come before it.
    let repetition: Int
    /// The text that the page shows first.
    let first: Int
    /// Where in this page each `xml:id` is found.
    let targets: [CodepointString: String]

    let transcription: Transcription
    let elements: ElementTable
    let divisions: Divisions

    var out = HTMLBytes()
    var frames: [Frame] = []
    private var run: Run?
    /// Whether the mark of a page was written last, as a block.
    private var isAfterPage = false
    var ids: Set<CodepointString> = []
    var links = 0
    /// How many notes are open around what is written now.
    var noteDepth = 0
    /// Whether everything is shown: in the list of what the text leaves out.
    var showsAll = false
    /// The event whose own label is before it already.
    var labelled = -1
    /// Identifiers that wait for a place where they may be.
    var pendingIDs: [String] = []
    /// Opening brackets that wait for the words in a block.
    private var pendingSigns: [(sign: String, texts: TextSet)] = []
    /// For each gap, its identifier on the page.
    private(set) var gapIDs: [String?]
    /// For each alternative of an apparatus, the identifier of its place in the text.
    var apparatusIDs: [Int: String] = [:]
    /// For each entity, the identifiers of its mentions.
    var mentionIDs: [Int: [String]] = [:]
    /// For each hand, its works and their places.
    var worksOfHand: [Int: [Work]] = [:]
    var headings: [Heading] = []
    private(set) var pages: [Heading] = []
    /// The identifiers of the elements to which zones lead, by the zone, and the events that open these.
    var zoned: [Node: String] = [:]
    var zonedEvents: Set<Int> = []
    /// The zones of the sheets that have been written.
    var shownZones: Set<Node> = []
    /// The classes of what is seen in some of the texts alone.
    private(set) var classes: TextClasses

    init(
        _ layout: TextLayout, hands: HTMLHands, facsimile: Facsimile, words: Wording, ownLanguage: Markup, first: Int,
        repetition: Int, classes: TextClasses
    ) {
        (self.layout, self.words, self.classes, self.first) = (layout, words, classes, first)
        (self.hands, self.facsimile, self.repetition, self.ownLanguage) = (hands, facsimile, repetition, ownLanguage)
        (transcription, elements) = (layout.transcription, layout.transcription.elements)
        divisions = Divisions(layout.transcription.elements)
        margins = MarginLayout(layout, words)
        gapIDs = Array(repeating: nil, count: transcription.gaps.count)
        var targets: [CodepointString: String] = [:]
        for hand in transcription.hands where hand.isDescribed { targets[CodepointString(hand.id)] = "hand:\(hand.id)" }
        for stage in transcription.stages { targets[CodepointString(stage.id)] = "stage:\(stage.id)" }
        for witness in transcription.witnesses { targets[CodepointString(witness.id)] = "witness:\(witness.id)" }
        for id in margins.eventOfID.keys { targets[id] = id.string }
        self.targets = targets
        readZones()
    }

    private mutating func readZones() {
        guard !facsimile.surfaces.isEmpty else { return }
        for (index, event) in transcription.events.enumerated() {
            guard case .open(let opening) = event else { continue }
            for zone in facsimile.zones(of: opening.node) where zoned[zone] == nil {
                zoned[zone] = margins.id(of: opening.node, at: index)
                zonedEvents.insert(index)
            }
        }
    }

    /// Writes the text, with its margins.
    mutating func writeText() {
        frames = [
            Frame(
                tag: "", isFlow: true, hand: transcription.mainHand, isRightToLeft: isRightToLeft,
                texts: layout.texts.all)
        ]
        process(layout.steps)
        flushIDs()
    }

    /// The class of what some of the page's texts alone have.
    mutating func name(of texts: TextSet) -> Markup { classes.name(texts) }

    /// Writes what the text leaves out, as the items of a list.
    mutating func writeLeftOut() {
        showsAll = true
        for (number, item) in layout.leftOut.enumerated() {
            out.raw("<li id=\"out:\(number + 1)\"><a class=\"number\" href=\"#at:\(number + 1)\" aria-label=\"")
            out.text(words.placeInText(number + 1))
            out.raw("\">\(number + 1)</a> <span class=\"lead\">")
            out.text(item.lead)
            out.raw(":</span> ")
            let tag = item.ranges.contains(where: isBlock) ? "div" : "span"
            startElement(
                Frame(tag: tag, isFlow: tag == "div", hand: transcription.mainHand, texts: layout.texts.all),
                " class=\"body\"")
            for (range, steps) in zip(item.ranges, item.parts) {
                labelled = range.lowerBound
                process(steps)
            }
            flushIDs()
            endElement()
            out.raw("</li>\n")
        }
    }

    private func isBlock(_ range: Range<Int>) -> Bool {
        guard let opening = transcription.opening(at: range.lowerBound) else { return false }
        return opening.behaviour.isBlock || margins.holdsBlocksWithNotes[range.lowerBound]
    }

    // MARK: Steps

    mutating func process(_ steps: [TextLayout.Entry]) {
        for (number, entry) in steps.enumerated() where !entry.texts.isEmpty {
            switch entry.step {
            case .words(let stretch):
                write(stretch, entry.texts)
                continue
            case .space where isWithinRun(entry.texts, steps, number):
                out.raw(" ")
                continue
            default: endRun()
            }
            switch entry.step {
            case .open(let event): begin(event, entry.texts, steps, number)
            case .close: end()
            case .space: write(" ", entry.texts)
            case .omission:
                write(" … ", entry.texts)
            case .lineEnd where isAfterPage: break
            case .lineEnd: out.raw("<br\(textsAttribute(entry.texts))/>")
            case .paragraphBreak:
                prepareWrapperForText()
                out.raw(frame.isFlow ? "<div class=\"paragraph-break\"></div>\n" : "<br/>")
            case .pageBreak(let event): breakPage(event, entry.texts)
            case .generated(let number): write(layout.generated[number], entry.texts)
            case .gap(let event): writeGap(event, entry.texts)
            case .aside(let number): setAside(number)
            case .leftOut(let number):
                if !isRepeated { pendingIDs.append("at:\(number + 1)") }
                writeLoss(at: layout.leftOut[number].ranges[0].lowerBound, in: seen)
            case .target(let event):
                if let id = transcription.opening(at: event)?.node.xmlID, claim(id) { pendingIDs.append(id) }
            case .span(let event):
                markApparatus(event)
                writeLoss(at: event, in: seen.subtracting(textsOfSpan(at: event)))
            case .words: break
            }
            if case .pageBreak = entry.step { isAfterPage = frame.isFlow } else { isAfterPage = false }
        }
        endRun()
    }

    var frame: Frame { frames[frames.count - 1] }

    /// The texts in which what is written now is seen.
    var seen: TextSet { frames[frames.count - 1].texts }

    /// The class of what is seen in some of the texts alone.
    mutating func textsClass(_ texts: TextSet) -> Markup { texts == seen ? "" : " \(classes.name(texts))" }

    /// The same, for an element that has no other class.
    mutating func textsAttribute(_ texts: TextSet) -> Markup {
        texts == seen ? "" : " class=\"\(classes.name(texts))\""
    }

    /// Of the texts in which what is written now is seen, those that show a thing; the list of what is left out shows
    /// all.
    private func showing(_ texts: TextSet) -> TextSet { showsAll ? seen : texts.intersection(seen) }

    // MARK: Words

    private mutating func write(_ stretch: TextLayout.Stretch, _ texts: TextSet) {
        let event = stretch.origin.event
        if run?.event != event || run?.texts != texts {
            endRun()
            prepareWrapperForText()
            flushPending()
            beginRun(event, texts)
        }
        out.text(layout.bytes[stretch.bytes])
    }

    /// What the element around does not say of words: a hand after a shift, a deletion or underlining that spans
    /// elements, the texts that have them.
    private mutating func beginRun(_ event: Int, _ texts: TextSet) {
        guard case .text(_, _, let state) = transcription.events[event] else { return }
        let spans = state.interventions.map { transcription.interventions[$0] }.filter(\.isSpan)
        let deletion = spans.first { $0.kind == .deletion && !showing(layout.texts.marking($0)).isEmpty }
        let underlining = spans.first { $0.kind == .modification && MarkRecognizer.isUnderlined($0.node) }
        let hasSpan = deletion != nil || underlining != nil
        let isWrapped = hasSpan || isOtherHand(state.hand) || texts != seen
        run = Run(event: event, texts: texts, isWrapped: isWrapped)
        guard isWrapped else { return }
        let tag = deletion == nil ? "span" : "del"
        out.raw("<\(tag) class=\"\(hands.cssClass(state.hand))")
        if hasSpan { out.raw(" by-\(hands.cssClass(deletion?.hand ?? underlining?.hand))") }
        if underlining != nil { out.raw(" underlined") }
        out.raw(textsClass(texts))
        out.raw("\">")
        frames.append(Frame(tag: tag, hand: frame.hand, isRightToLeft: frame.isRightToLeft, texts: texts))
    }

    private mutating func endRun() {
        if run?.isWrapped == true { endElement() }
        run = nil
    }

    /// Whether a space is between words of one run.
    private func isWithinRun(_ texts: TextSet, _ steps: [TextLayout.Entry], _ number: Int) -> Bool {
        guard let run, run.texts == texts, number + 1 < steps.count, steps[number + 1].texts == texts,
            case .words(let next) = steps[number + 1].step
        else { return false }
        return next.origin.event == run.event
    }

    private mutating func write(_ space: Markup, _ texts: TextSet) {
        prepareWrapperForText()
        if texts == seen { return out.raw(space) }
        out.raw("<span\(textsAttribute(texts))>\(space)</span>")
    }

    // MARK: Elements

    private mutating func begin(_ index: Int, _ texts: TextSet, _ steps: [TextLayout.Entry], _ number: Int) {
        guard let opening = transcription.opening(at: index) else { return }
        let node = opening.node
        let isBlock = holdsBlocks(index) || opening.behaviour.startsLine
        let texts = margins.shown[index].map { texts.union($0.intersection(seen)) } ?? texts
        prepareWrapper(for: opening)
        var shape = HTMLElement(opening, elements, divisions, holdsBlocks: holdsBlocks(index), context: context)
        if case .intervention(let number) = opening.role { shape.take(intervention(number)) }
        let hasMargin = !showsAll && margins.entriesOfPassage[index] != nil
        let isItem = hasMargin && (shape.tag == "li" || shape.tag == "dd")
        if hasMargin, isBlock, !isItem { beginPassage() }
        let (tag, link) = tag(of: shape, opening, at: index)
        if tag == "a" { links += 1 }
        out.raw("<\(tag)")
        writeAttributes(opening, shape, tag, at: index, isItem ? seen : texts)
        if let link { out.attribute("href", link) }
        // In a text without the program's words for it, an empty pointer is heard.
        if tag == "a", opening.isEmptyPointer, let target = node.tokens("target").first {
            out.attribute("aria-label", "\(words.interface(.see)) \(target)")
        }
        writeAnchor(opening, tag, at: index)
        if noteDepth == 0, !showsAll, opening.behaviour == .heading {
            addHeading(opening, tag, at: index, steps, number)
        }
        out.raw(">")
        let newHand = newHand(opening)
        frames.append(
            Frame(
                tag: tag, event: index, content: shape.content,
                isFlow: isBlock && !["p", "span"].contains(tag) && !node.hasText,
                hand: opening.state.hand, isRightToLeft: node.direction ?? frame.isRightToLeft,
                texts: isItem ? seen : texts, start: out.bytes.count,
                // Around a block that a text does not have its line goes on, perhaps within a word.
                suffix: isBlock && texts.isSuperset(of: seen) ? "\n" : ""
            ))
        if isItem {
            beginPassage()
            startElement(
                Frame(
                    tag: "div", isFlow: frame.isFlow, hand: frame.hand, isRightToLeft: frame.isRightToLeft, texts: texts
                ),
                textsAttribute(texts))
        }
        writeSigns(margins.signsBefore[index])
        if let newHand, shape.content == .any {
            writeHeard(words.inHand(of: words.label(newHand)), texts)
        }
        if let newHand, !isBlock { frames[frames.count - 1].letterHand = newHand }
        writeBeginning(opening, at: index)
    }

    /// A passage and its margin, side by side.
    private mutating func beginPassage() {
        startElement(
            Frame(
                tag: "div", isFlow: true, hand: frame.hand, isRightToLeft: frame.isRightToLeft, texts: seen,
                suffix: "\n"),
            " class=\"passage\"")
    }

    private mutating func end() {
        let isItem = frame.event < 0
        let element = frames.count - (isItem ? 3 : 1)
        let index = frames[element].event
        guard let opening = transcription.opening(at: index) else { return }
        if case .intervention(let number) = opening.role { writeHeardOf(number, isEnd: true, at: index) }
        if opening.behaviour == .graphic { writePicture(opening.node) }
        if !showsAll, noteDepth == 0 { writeSigns(margins.signsAfter[index]) }
        if let hand = frame.letterHand { writeLetter(hand, seen) }
        if frame.content == .any { flushIDs() }
        if frame.tag == "a" { links -= 1 }
        let texts = seen
        endElement()
        writeLoss(at: index, in: seen.subtracting(texts))
        guard !showsAll, let entries = margins.entriesOfPassage[index] else { return }
        writeMargin(entries)
        if isItem {
            endElement()
            endElement()
        } else if holdsBlocks(index) || opening.behaviour.startsLine {
            endElement()
        }
    }

    func holdsBlocks(_ index: Int) -> Bool {
        showsAll || noteDepth > 0 ? margins.holdsBlocksWithNotes[index] : margins.holdsBlocks[index]
    }

    /// The kind of an intervention, if the text shows it as such.
    private func intervention(_ number: Int) -> Intervention.Kind? {
        let kind = transcription.interventions[number].kind
        return kind != .deletion || showsAll || !layout.texts.showingDeletions.isEmpty ? kind : nil
    }

    private var context: HTMLElement.Content {
        if frame.wrapper == "td" { return .any }
        return frame.content == .table && isAtStart ? .tableStart : frame.content
    }

    /// A link that leads nowhere is no link, a division without its heading no section, and a name leads to what is
    /// known of who bears it.
    private func tag(of shape: HTMLElement, _ opening: Opening, at index: Int) -> (tag: String, link: PageAddress?) {
        switch shape.tag {
        case "a":
            let address = links > 0 ? nil : address(of: opening)
            return (address == nil ? holdsBlocks(index) ? "div" : "span" : "a", address)
        case "section" where layout.texts.markingOmissions.isSuperset(of: layout.texts.all): return ("div", nil)
        case "span" where links == 0 && !holdsBlocks(index):
            guard case .entity(let number) = opening.role else { return ("span", nil) }
            return ("a", PageAddress(id: "name:\(number + 1)"))
        default: return (shape.tag, nil)
        }
    }

    private mutating func addHeading(
        _ opening: Opening, _ tag: String, at index: Int, _ steps: [TextLayout.Entry], _ number: Int
    ) {
        guard let level = headingLevel(opening.node, tag) else { return }
        let id = margins.id(of: opening.node, at: index)
        let text = layout.words(of: number, in: steps, text: first, words)
        headings.append(Heading(level: level, text: text, id: id))
        if id.contains(":") { out.attribute(idAttribute, id) }
    }

    // MARK: Wrappers

    /// Opens what a list, table or row must hold around the element that comes next.
    private mutating func prepareWrapper(for opening: Opening) {
        let needed: String
        switch frame.content {
        case .any: return
        case .list where opening.behaviour == .listItem:
            let isGloss = opening.node.isLabelOfItem(elements) || opening.node.isAfterLabel(elements)
            let isNumbered = opening.node.parent.map { HTMLElement.isNumbered($0) } ?? false
            needed = isGloss ? "dl" : isNumbered ? "ol" : "ul"
        case .list: needed = ""
        case .table where opening.behaviour == .row: needed = ""
        case .table where opening.behaviour == .heading && isAtStart: needed = ""
        case .row where opening.behaviour == .cell: needed = ""
        case .table, .tableStart, .row: needed = "td"
        }
        setWrapper(needed)
    }

    /// Whether the element has nothing yet: a caption comes first in its table.
    private var isAtStart: Bool { frame.start == out.bytes.count }

    /// Opens what a list, table or row must hold around words.
    mutating func prepareWrapperForText() {
        switch frame.content {
        case .any: return
        case .list: setWrapper("")
        case .table, .tableStart, .row: setWrapper("td")
        }
    }

    private mutating func setWrapper(_ wrapper: String) {
        let frame = frames[frames.count - 1]
        guard frame.wrapper != wrapper else { return }
        closeWrapper()
        frames[frames.count - 1].wrapper = wrapper
        switch wrapper {
        case "": return
        case "td": out.raw(frame.content == .table ? "<tr><td>" : "<td>")
        default: out.raw("<\(wrapper)>\n")
        }
    }

    private mutating func closeWrapper() {
        let frame = frames[frames.count - 1]
        switch frame.wrapper {
        case "": return
        case "td": out.raw(frame.content == .table ? "</td></tr>\n" : "</td>")
        default: out.raw("</\(frame.wrapper)>\n")
        }
        frames[frames.count - 1].wrapper = ""
    }

    mutating func startElement(_ frame: Frame, _ attributes: Markup = "") {
        out.raw("<\(frame.tag)\(attributes)>")
        frames.append(frame)
    }

    mutating func endElement() {
        closeWrapper()
        let frame = frames.removeLast()
        out.raw("</\(frame.tag)>\(frame.suffix)")
    }

    // MARK: What is said at the ends of elements

    private mutating func writeBeginning(_ opening: Opening, at index: Int) {
        if case .intervention(let number) = opening.role { writeHeardOf(number, isEnd: false, at: index) }
        writeSurface(opening.node)
        writeZoneSigns(opening)
        if opening.node.shiftsHand, let hand = opening.state.hand { writeShift(to: hand) }
    }

    private mutating func writeShift(to hand: Int) {
        guard !hands.letter(hand).isEmpty else { return }
        writeLetter(hand, seen)
        writeHeard(words.shift(to: words.label(hand)), seen)
    }

    private mutating func writeLetter(_ hand: Int, _ texts: TextSet) {
        guard !texts.isEmpty else { return }
        out.raw(
            "<sup class=\"letter \(hands.cssClass(hand))\(textsClass(texts))\" aria-hidden=\"true\">\(hands.letter(hand))</sup>"
        )
    }

    /// Words that are heard and not seen.
    private mutating func writeHeard(_ string: String, _ texts: TextSet) {
        guard !texts.isEmpty else { return }
        out.raw("<span class=\"heard\(textsClass(texts))\"\(ownLanguage)>")
        out.text(string)
        out.raw("</span>")
    }

    private mutating func writeHeardOf(_ number: Int, isEnd: Bool, at index: Int) {
        let intervention = transcription.interventions[number]
        guard index != labelled else { return }
        switch intervention.kind {
        case .addition: writeHeardOf(addition: intervention, isEnd: isEnd)
        case .deletion:
            let texts = showing(layout.texts.marking(intervention))
            writeHeard(isEnd ? words.endOfDeletion : words.deleted(intervention), texts)
        default: break
        }
    }

    private mutating func writeHeardOf(addition intervention: Intervention, isEnd: Bool) {
        let isOwn = intervention.hand == nil || intervention.hand == transcription.mainHand
        let texts = isOwn ? showing(layout.texts.diplomatic) : seen
        if !isEnd { return writeHeard(words.added(intervention), texts) }
        if let hand = intervention.hand, !isOwn { writeLetter(hand, seen) }
        writeHeard(words.endOfAddition, texts)
    }

    // MARK: Words of the program

    private mutating func write(_ generated: TextLayout.Generated, _ texts: TextSet) {
        switch generated.kind {
        // Those of a quotation are in some of the texts alone, and a formula has no other looks.
        case .typography where ["“", "”"].contains(generated.text) || generated.node.namespace == Namespace.mathML:
            flushIDs()
            writeSign(generated.text, isEnd: true, texts)
        case .typography: writeSpanSign(generated, texts)
        case .uncertainAddition: break
        case .marker:
            if frame.isFlow, generated.place == .start {
                pendingSigns.append((generated.text, texts))
            } else {
                writeSign(generated.text, isEnd: generated.place == .end, texts)
            }
        case .lost, .blank:
            flushIDs()
            writeSign(generated.text, isEnd: true, texts)
        case .pointer, .character:
            flushIDs()
            writePlain(generated.text, texts)
        case .speaker: writeSpeaker(generated.text, texts)
        case .lacuna: writeLacuna(generated.text, texts)
        }
    }

    /// A deletion or addition between milestones is shown by signs; others are shown by the looks of their elements.
    private mutating func writeSpanSign(_ generated: TextLayout.Generated, _ texts: TextSet) {
        guard case .begin(let number) = transcription.events[generated.event] else { return }
        let intervention = transcription.interventions[number]
        guard frame.isFlow else { return writeSign(generated.text, isEnd: generated.place == .end, texts) }
        let isDeletion = intervention.kind == .deletion
        if generated.place == .end {
            writeHeard(isDeletion ? words.endOfDeletion : words.endOfAddition, texts)
        } else {
            writeHeard(isDeletion ? words.deleted(intervention) : words.added(intervention), texts)
        }
    }

    private mutating func writePlain(_ text: String, _ texts: TextSet) {
        if texts != seen { out.raw("<span\(textsAttribute(texts))>") }
        out.text(text)
        if texts != seen { out.raw("</span>") }
    }

    private mutating func writeSpeaker(_ name: String, _ texts: TextSet) {
        out.raw(
            frame.isFlow
                ? "<p class=\"speaker editorial\(textsClass(texts))\">" : "<span class=\"sign\(textsClass(texts))\">")
        out.text(name)
        out.raw(frame.isFlow ? "</p>\n" : "</span>")
    }

    private mutating func writeLacuna(_ sign: String, _ texts: TextSet) {
        let isFlow = frame.isFlow
        if isFlow { startElement(Frame(tag: "p", texts: texts, suffix: "\n"), textsAttribute(texts)) }
        flushIDs()
        writeSign(sign, isEnd: true, texts)
        if isFlow { endElement() }
    }

    /// A bracket of a diplomatic text. One space is enough before it.
    mutating func writeSign(_ sign: String, isEnd: Bool, _ texts: TextSet) {
        if !isEnd { prepareWrapperForText() }
        if !isEnd, sign.hasPrefix(" "), !out.endsInSpace { write(" ", texts) }
        let sign = isEnd ? sign[...] : sign.drop { $0 == " " }
        out.raw("<span class=\"sign\(textsClass(texts))\">")
        out.text(sign)
        out.raw("</span>")
    }

    // MARK: Pages

    private mutating func breakPage(_ event: Int, _ texts: TextSet) {
        guard let node = transcription.opening(at: event)?.node else { return }
        let number = words.pageNumber(of: node)
        writePage(number, texts)
        if links == 0, let surface = facsimile.surface(of: node) { writeSheet(surface, number, texts) }
    }

    /// A surface of the document, with its image.
    private mutating func writeSurface(_ node: Node) {
        guard facsimile.isSurface(node) else { return }
        if let page = node.pageNumber { writePage(page, seen) }
        if let surface = facsimile.surface(of: node) { writeSheet(surface, node.pageNumber ?? "", seen) }
    }

    private mutating func writePage(_ number: String, _ texts: TextSet) {
        prepareWrapperForText()
        let tag = frame.isFlow ? "div" : "span"
        let id = "leaf:\(pages.count + 1)"
        pages.append(Heading(level: 3, text: words.page(number), id: id))
        out.raw("<\(tag) class=\"page\(textsClass(texts))\"")
        out.attribute(idAttribute, id)
        out.raw("\(ownLanguage)>")
        out.text(words.page(number))
        out.raw(tag == "div" ? "</div>\n" : "</span>")
    }

    // MARK: Gaps

    private mutating func writeGap(_ index: Int, _ texts: TextSet) {
        guard case .gap(let number) = transcription.events[index] else { return }
        let gap = transcription.gaps[number]
        let isAlone = frame.isFlow && frame.content == .any && isBetweenBlocks(gap.node)
        if isAlone {
            startElement(Frame(tag: "p", hand: frame.hand, texts: texts, suffix: "\n"), textsAttribute(texts))
        }
        prepareWrapperForText()
        flushIDs()
        out.raw("<span class=\"gap gap-\(gap.kind.rawValue)\(textsClass(texts))\"")
        if !isRepeated {
            let id = gap.node.xmlID.flatMap { claim($0) ? $0 : nil } ?? "gap:\(number + 1)"
            gapIDs[number] = id
            out.raw(" data-gap=\"\(gap.kind.rawValue)\"")
            out.attribute("id", id)
            if let hand = gap.node.attribute("hand") { out.attribute("data-hand", hands.id(hand)) }
        }
        out.raw(ownLanguage)
        out.raw(">")
        out.text(words.gap(gap))
        out.raw("</span>")
        if !showsAll, noteDepth == 0 { writeSigns(margins.signsAfter[index]) }
        if isAlone { endElement() }
    }

    private func isBetweenBlocks(_ node: Node) -> Bool {
        let before = node.precedingSiblings.first { $0.kind == .element }
        let after = node.followingSiblings.first { $0.kind == .element }
        return [before, after].compactMap(\.self).allSatisfy { elements.behaviour(of: $0).isBlock }
    }

    /// Writes what waited for words.
    mutating func flushPending() {
        flushIDs()
        guard !pendingSigns.isEmpty, !frame.isFlow else { return }
        let signs = pendingSigns
        pendingSigns = []
        for (sign, texts) in signs { writeSign(sign, isEnd: false, texts.intersection(seen)) }
    }

    mutating func flushIDs() {
        guard !pendingIDs.isEmpty else { return }
        for id in pendingIDs {
            out.raw("<span class=\"place\"")
            out.attribute("id", id)
            out.raw("></span>")
        }
        pendingIDs = []
    }
}

extension Node {
    /// The number or folio of a page.
    fileprivate var pageNumber: String? {
        attribute("n") ?? attributes.lazy.first { $0.name.localName == "folio" }?.value
    }
}
