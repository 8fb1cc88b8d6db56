internal import TEI
internal import XML

/// Writes a document's flow as HTML that is well-formed XML too: text, margins, and what the text leaves out.
///
/// Nesting is valid by construction: an element that holds a block becomes one that may, up to the text itself.
struct HTMLFlow {
    /// A run of events that is not in the text.
    private struct LeftOut {
        var ranges: [Range<Int>]
        let lead: String
    }

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
    private struct Frame {
        var tag: String
        var event = -1
        var content = HTMLShape.Content.any
        /// Whether page marks and the like stand in it as blocks.
        var isFlow = false
        /// An element that the content model asks for and the source does not have: `ul`, `td`.
        var wrapper = ""
        var hand: Int?
        /// The hand whose letter stands at the end.
        var letterHand: Int?
        var isRightToLeft = false
        /// The texts in which it is seen.
        var views: Views
        /// The end of the page when its start tag had been written.
        var start = -1
        /// What stands behind the end tag.
        var suffix: Markup = ""
    }

    private let transcription: Transcription
    private let texts: PageTexts
    private let diplomatic: Selection
    private let plan: HTMLPlan
    private let words: Words
    private let hands: HTMLHands
    /// Where in this page each `xml:id` is found.
    private let targets: [CodepointString: String]
    /// The language of our own words where it is not the document's.
    private let ownLanguage: Markup

    var out = HTMLBytes()
    private var frames: [Frame] = []
    private var spaces: ViewSpaces
    private var ids: Set<CodepointString> = []
    /// The texts that what is written now belongs to, seen or not: all, or those of the note that it is in.
    private var reach: Views
    /// The texts in which the line has nothing yet.
    private var emptyLines: Views
    /// The texts in which words of others were passed over.
    private var omissions = Views.none
    /// The texts in which words were left out behind the white space that is pending.
    private var leftOutWords = Views.none
    private var links = 0
    private var noteDepth = 0
    /// Whether everything is shown: in the list of what the text leaves out.
    private var showsAll = false
    /// The event whose own label stands before it already.
    private var labelled = -1
    private var leftOut: [LeftOut] = []
    /// The end of the page when something was last left out.
    private var leftOutPosition = -1
    /// Identifiers that wait for a place where they may stand.
    private var pendingIDs: [String] = []
    /// For each gap, its identifier on the page.
    private(set) var gapIDs: [String?]
    /// By the alternative of an apparatus, the identifier of its place in the text.
    private(set) var apparatusIDs: [Int: String] = [:]
    /// By the entity, the identifiers of its mentions.
    private(set) var mentionIDs: [Int: [String]] = [:]
    /// By the hand, what it did and where.
    private(set) var worksOfHand: [Int: [Work]] = [:]
    private(set) var headings: [Heading] = []
    private(set) var pages: [Heading] = []
    /// Whether this flow repeats another in which passages stand in other places: only the first has identifiers and
    /// data.
    private let isRepeated: Bool
    private let facsimile: Facsimile
    /// The identifiers of the elements to which zones lead, by the zone, and the events that open these.
    private var zoned: [Node: String] = [:]
    private var zonedEvents: Set<Int> = []
    /// The zones of the sheets that have been written.
    private var shownZones: Set<Node> = []
    /// The classes of what is seen in some of the texts alone.
    private(set) var classes: ViewClasses

    init(
        _ transcription: Transcription, _ texts: PageTexts, hands: HTMLHands, facsimile: Facsimile, words: Words,
        ownLanguage: Markup,
        isRepeated: Bool, classes: ViewClasses
    ) {
        self.transcription = transcription
        (self.words, self.classes) = (words, classes)
        (self.hands, self.facsimile, self.isRepeated, self.ownLanguage) = (hands, facsimile, isRepeated, ownLanguage)
        (self.texts, reach, emptyLines, spaces) = (texts, texts.all, texts.all, ViewSpaces(texts.all))
        diplomatic = transcription.selection(.diplomatic)
        plan = HTMLPlan(transcription, texts)
        gapIDs = Array(repeating: nil, count: transcription.gaps.count)
        var targets: [CodepointString: String] = [:]
        for hand in transcription.hands where hand.isDescribed { targets[CodepointString(hand.id)] = "hand:\(hand.id)" }
        for stage in transcription.stages { targets[CodepointString(stage.id)] = "stage:\(stage.id)" }
        for witness in transcription.witnesses { targets[CodepointString(witness.id)] = "witness:\(witness.id)" }
        for id in plan.eventOfID.keys { targets[id] = id.string }
        self.targets = targets
        readZones()
    }

    private mutating func readZones() {
        guard !facsimile.surfaces.isEmpty else { return }
        for (index, event) in transcription.events.enumerated() {
            guard case .open(let opening) = event else { continue }
            let node = opening.node
            for zone in zones(of: node) where zoned[zone] == nil {
                zoned[zone] = plan.id(of: node, at: index)
                zonedEvents.insert(index)
            }
        }
    }

    /// The zones in which an element stands: of one that is itself a zone, itself.
    private func zones(of node: Node) -> [Node] { node.tei == "zone" ? [node] : facsimile.zones(of: node) }

    /// Writes the text, with its margins.
    mutating func writeText() {
        frames = [Frame(tag: "", isFlow: true, hand: transcription.mainHand, views: texts.all)]
        process(transcription.events.indices)
        flushIDs()
    }

    /// The class of what some of the page's texts alone have.
    mutating func name(of views: Views) -> Markup { classes.name(views) }

    /// How many things ``writeText()`` left out.
    var leftOutCount: Int { leftOut.count }

    /// Writes what the text leaves out, as the items of a list.
    mutating func writeLeftOut() {
        showsAll = true
        defer { showsAll = false }
        for (number, item) in leftOut.enumerated() {
            out.raw("<li id=\"out:\(number + 1)\"><a class=\"number\" href=\"#at:\(number + 1)\" aria-label=\"")
            out.text(words.placeInText(number + 1))
            out.raw("\">\(number + 1)</a> <span class=\"lead\">")
            out.text(item.lead)
            out.raw(":</span> ")
            let tag = item.ranges.contains(where: isBlock) ? "div" : "span"
            startElement(
                Frame(tag: tag, isFlow: tag == "div", hand: transcription.mainHand, views: texts.all), " class=\"body\""
            )
            for range in item.ranges {
                labelled = range.lowerBound
                process(range)
                spaces.space(reach)
            }
            flushIDs()
            endElement()
            out.raw("</li>\n")
        }
    }

    private func isBlock(_ range: Range<Int>) -> Bool {
        guard case .open(let opening) = transcription.events[range.lowerBound] else { return false }
        return opening.behaviour.isBlock || plan.holdsBlocksWithNotes[range.lowerBound]
    }

    // MARK: Events

    private mutating func process(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            switch transcription.events[index] {
            case .open(let opening):
                writeLost(opening)
                if passOver(opening, at: index) { index = plan.ends[index] } else { begin(opening, at: index) }
            case .close(let opening):
                end(opening)
            case .text(let node, let part, let state):
                writeText(node, part, state, at: index)
            case .gap(let number):
                writeGap(number, at: index)
            case .begin(let number):
                markApparatus(number)
                writeSpanSign(number, isEnd: false)
            case .end(let number):
                writeSpanSign(number, isEnd: true)
            }
            index += 1
        }
    }

    /// Handles an element that is not written where it stands.
    private mutating func passOver(_ opening: Opening, at index: Int) -> Bool {
        if showsAll {
            guard plan.isTakenOut(opening) else { return false }
            writeInPlace(opening, at: index)
            return true
        }
        switch plan.place(of: opening, at: index) {
        case .text:
            return false
        case .leftOut:
            leaveOut(opening, at: index)
        case .margin where noteDepth > 0:
            writeInPlace(opening, at: index)
        case .margin:
            if let entry = plan.entryOfEvent[index], plan.entries[entry].passage == nil { writeMargin([entry]) }
            writeSigns(plan.signsAfter[index])
        }
        return true
    }

    private mutating func begin(_ opening: Opening, at index: Int) {
        let node = opening.node
        if opening.behaviour == .break { writeBreak(node) }
        if opening.behaviour == .space { writeBlank(node, plan.views[index].intersection(seen)) }
        let isBlock = holdsBlocks(index) || opening.behaviour.isBlock || opening.behaviour == .cell
        let views = showsAll ? seen : plan.views(of: opening, at: index).intersection(seen)
        if isBlock { startLine(views) } else { flushSpace(views) }
        prepareWrapper(for: opening)
        var shape = HTMLShape(opening, holdsBlocks: holdsBlocks(index), context: context)
        if case .intervention(let number) = opening.role { shape.take(intervention(number)) }
        var suffix: Markup = isBlock ? "\n" : ""
        let hasMargin = !showsAll && plan.entriesOfPassage[index] != nil
        if hasMargin, isBlock, shape.tag != "li", shape.tag != "dd" {
            out.raw("<div class=\"passage\">")
            suffix = ""
        }
        let (tag, link) = tag(of: shape, opening, at: index)
        if tag == "a" { links += 1 }
        let isQuoted = tag == "q" && isQuotedAlready(node)
        let isItem = hasMargin && (tag == "li" || tag == "dd")
        out.raw("<\(tag)")
        writeAttributes(opening, shape, tag, at: index, isQuoted: isQuoted, isItem ? seen : views)
        if let link { out.attribute("href", link) }
        writeAnchor(opening, tag, at: index)
        out.raw(">")
        let itemAttribute: Markup = isItem ? viewAttribute(views) : ""
        let newHand = newHand(opening)
        let isRightToLeft = node.direction ?? frames[frames.count - 1].isRightToLeft
        frames.append(
            Frame(
                tag: tag, event: index, content: shape.content,
                isFlow: isBlock && !["p", "span"].contains(tag) && !node.hasText,
                hand: opening.state.hand, isRightToLeft: isRightToLeft, views: views, start: out.bytes.count,
                suffix: suffix
            ))
        if isItem { out.raw("<div class=\"passage\"><div\(itemAttribute)>") }
        writeSigns(plan.signsBefore[index])
        if let newHand, shape.content == .any {
            writeHidden(words.inHand(of: transcription.hands[newHand].label), views)
        }
        if let newHand, !isBlock { frames[frames.count - 1].letterHand = newHand }
        writeBeginning(opening, at: index)
    }

    private mutating func end(_ opening: Opening) {
        let index = frames[frames.count - 1].event
        if case .intervention(let number) = opening.role { writeMarker(number, isEnd: true, at: index) }
        if opening.node.tei == "ptr" || opening.behaviour == .graphic { writePointer(opening.node) }
        if !showsAll, noteDepth == 0 { writeSigns(plan.signsAfter[index]) }
        let frame = frames[frames.count - 1]
        if let hand = frame.letterHand { writeLetter(hand, frame.views) }
        if frame.content == .any { flushIDs() }
        let entries = showsAll ? nil : plan.entriesOfPassage[index]
        if frame.tag == "a" { links -= 1 }
        if let entries, frame.tag == "li" || frame.tag == "dd" {
            closeWrapper()
            out.raw("</div>")
            // The words of the item end here; the item itself is seen wherever its list is.
            frames[frames.count - 1].views = frames[frames.count - 2].views
            writeMargin(entries)
            out.raw("</div>")
            endElement()
        } else {
            endElement()
            guard let entries else { return }
            let isBlock = holdsBlocks(index) || opening.behaviour.isBlock
            writeMargin(entries)
            if isBlock { out.raw("</div>\n") }
        }
        if opening.behaviour.isBlock || holdsBlocks(index) { startLine(frame.views) }
    }

    private func holdsBlocks(_ index: Int) -> Bool {
        showsAll || noteDepth > 0 ? plan.holdsBlocksWithNotes[index] : plan.holdsBlocks[index]
    }

    /// The kind of an intervention, where the text shows it as such.
    private func intervention(_ number: Int) -> Intervention.Kind? {
        let kind = transcription.interventions[number].kind
        return kind != .deletion || showsAll || !texts.showingDeletions.isEmpty ? kind : nil
    }

    private var context: HTMLShape.Content {
        let frame = frames[frames.count - 1]
        if frame.wrapper == "td" { return .any }
        return frame.content == .table && isAtStart ? .tableStart : frame.content
    }

    /// A link that leads nowhere is no link, a division without its heading no section, and a name leads to what is
    /// known of who bears it.
    private func tag(of shape: HTMLShape, _ opening: Opening, at index: Int) -> (tag: String, link: PageAddress?) {
        switch shape.tag {
        case "a":
            let address = links > 0 ? nil : address(of: opening.node)
            return (address == nil ? holdsBlocks(index) ? "div" : "span" : "a", address)
        case "section" where texts.markingOmissions.isSuperset(of: texts.all): return ("div", nil)
        case "span" where links == 0 && !holdsBlocks(index):
            guard case .entity(let number) = opening.role else { return ("span", nil) }
            return ("a", PageAddress(id: "name:\(number + 1)"))
        default: return (shape.tag, nil)
        }
    }

    /// The identifier of what is pointed at from elsewhere on the page, where it has none of its own.
    private mutating func writeAnchor(_ opening: Opening, _ tag: String, at index: Int) {
        var isNeeded = zonedEvents.contains(index)
        guard isNeeded || opening.role != .plain || opening.behaviour == .heading else { return }
        let id = plan.id(of: opening.node, at: index)
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
        if noteDepth == 0, !showsAll, opening.behaviour == .heading, let level = headingLevel(opening.node, tag) {
            headings.append(Heading(level: level, text: opening.node.plainText, id: id))
            isNeeded = true
        }
        if isNeeded, id.contains(":") { out.attribute(idAttribute, id) }
    }

    private func headingLevel(_ node: Node, _ tag: String) -> Int? {
        ["h3", "h4", "h5", "h6"].contains(tag) || (["div", "p"].contains(tag) && HTMLShape.isOfDivision(node))
            ? HTMLShape.headingLevel(node) : nil
    }

    // MARK: Attributes

    private mutating func writeAttributes(
        _ opening: Opening, _ shape: HTMLShape, _ tag: String, at index: Int, isQuoted: Bool, _ views: Views
    ) {
        let node = opening.node
        out.raw(" class=\"tei-\(shape.name)")
        if !showsAll, noteDepth == 0 {
            if plan.isPassage(index) { out.raw(" passage-text") }
            if plan.isChunk(index) { out.raw(" chunk") }
        }
        for name in HTMLShape.classes(of: node) {
            out.raw(" \(name)")
        }
        writeHandClass(opening)
        if node.attribute("space", in: Namespace.xml) == "preserve" { out.raw(" preserved") }
        if isQuoted { out.raw(" quoted") }
        if views != seen { out.raw(" \(classes.name(views))") }
        out.raw("\"")
        writeID(node)
        writeLanguage(node)
        if !shape.isKnown { out.attribute("data-element", node.name?.description ?? "") }
        if let number = node.attribute("n"), number.utf8.count < 20 { out.attribute("data-n", number) }
        if opening.behaviour.isBlock, let hand = newHand(opening) { out.attribute("data-letter", hands.letter(hand)) }
        if tag == "div", shape.isHeading {
            out.raw(" role=\"heading\" aria-level=\"\(HTMLShape.headingLevel(node))\"")
        }
        if shape.tag == "td" || shape.tag == "th" { writeCellSpan(node) }
        if case .entity(let number) = opening.role, let reference = transcription.entities[number].reference {
            out.attribute("data-ref", reference)
        }
        writeData(opening)
    }

    /// Whether a hand looks different from that of the element around; no hand looks like the main one.
    private func isOtherHand(_ hand: Int?) -> Bool {
        (hand ?? transcription.mainHand) != (frames[frames.count - 1].hand ?? transcription.mainHand)
    }

    /// The hand of an element, where it is another than that of the text around and no addition or mark says so.
    private func newHand(_ opening: Opening) -> Int? {
        guard let hand = opening.state.hand, !hands.letter(hand).isEmpty, !opening.behaviour.isMilestone,
            opening.node.firstChild != nil
        else { return nil }
        switch opening.role {
        case .mark, .note, .intervention, .alternative: return nil
        case .plain, .entity: return isOtherHand(hand) ? hand : nil
        }
    }

    private mutating func writeHandClass(_ opening: Opening) {
        if isOtherHand(opening.state.hand) { out.raw(" \(hands.cssClass(opening.state.hand))") }
        guard case .intervention(let number) = opening.role else { return }
        let intervention = transcription.interventions[number]
        if intervention.kind == .deletion { out.raw(" by-\(hands.cssClass(intervention.hand))") }
        if intervention.kind == .addition, intervention.hand == transcription.mainHand { out.raw(" own") }
    }

    /// What tells a reader of the data which mark, hand or shift of hands this is: once for each in the source.
    private mutating func writeData(_ opening: Opening) {
        guard !isRepeated else { return }
        let node = opening.node
        if case .mark(let number) = opening.role {
            let mark = transcription.marks[number]
            out.attribute("data-mark", mark.kind.rawValue)
            if let hand = mark.hand { out.attribute("data-hand", transcription.hands[hand].id) }
        } else if let hand = node.attribute("hand") {
            out.attribute("data-hand", hands.id(hand))
        }
        if node.tei == "handShift", let hand = node.attribute("new") { out.attribute("data-shift", hands.id(hand)) }
    }

    private mutating func writeID(_ node: Node) {
        guard let id = node.xmlID else { return }
        if isRepeated { out.attribute("data-again", id) } else if claim(id) { out.attribute("id", id) }
    }

    /// An apparatus that stands elsewhere leads to the words that it is about.
    private mutating func markApparatus(_ intervention: Int) {
        let intervention = transcription.interventions[intervention]
        guard !showsAll, !isRepeated, intervention.kind == .reading, let number = intervention.alternative else {
            return
        }
        apparatusIDs[number] = "app:\(number + 1)"
        pendingIDs.append("app:\(number + 1)")
    }

    /// Whether an identifier may be used: each only once, and none that could be one of the page's own, which have a
    /// colon.
    private mutating func claim(_ id: String) -> Bool {
        !isRepeated && !id.isEmpty && id.utf8.allSatisfy { $0 != 0x3A && !$0.isXMLSpace }
            && ids.insert(CodepointString(id)).inserted
    }

    private mutating func writeLanguage(_ node: Node) {
        guard let language = node.attribute("lang", in: Namespace.xml), !language.isEmpty else { return }
        out.attribute("lang", language)
        let isRightToLeft = HTMLShape.isRightToLeft(language)
        if isRightToLeft != frames[frames.count - 1].isRightToLeft {
            out.raw(isRightToLeft ? " dir=\"rtl\"" : " dir=\"ltr\"")
        }
    }

    private mutating func writeCellSpan(_ node: Node) {
        let following = node.parent?.followingSiblings.reduce(1) { $0 + ($1.tei == "row" ? 1 : 0) } ?? 1
        if let rows = node.attribute("rows").flatMap({ Int($0) }), rows > 1, rows <= following {
            out.raw(" rowspan=\"\(rows)\"")
        }
        if let columns = node.attribute("cols").flatMap({ Int($0) }), columns > 1, columns <= 100 {
            out.raw(" colspan=\"\(columns)\"")
        }
    }

    /// Whether the source has the quotation marks that a browser would add.
    private func isQuotedAlready(_ node: Node) -> Bool {
        transcription.header.keepsQuotationMarks || node.beginsWithQuotationMark
            || out.lastScalar?.isQuotationMark == true
    }

    // MARK: Links

    /// An address that may be followed: on the web, by mail, or in this page.
    private func address(of node: Node) -> PageAddress? {
        let target =
            node.tei == "email"
            ? "mailto:" + node.plainText : node.tokens("target").first ?? node.attribute("url") ?? ""
        let reference = Reference(target)
        if reference.resource.isEmpty {
            return reference.fragment.flatMap { targets[CodepointString($0)] }.map { PageAddress(id: $0) }
        }
        return PageAddress(web: target)
    }

    /// What a pointer without words says.
    private mutating func writePointer(_ node: Node) {
        let target = node.tokens("target").first ?? node.attribute("url") ?? ""
        guard node.firstChild == nil || node.isGraphic else { return }
        flush(seen)
        let isLink = frames[frames.count - 1].tag == "a"
        out.text(
            node.isGraphic
                ? isLink ? words.interface(.picture) : "[\(words.interface(.picture)): \(target)]"
                : "[\(words.interface(.see)) \(target)]")
    }

    // MARK: Wrappers

    /// Opens what a list, table or row must hold around the element that comes next.
    private mutating func prepareWrapper(for opening: Opening) {
        let needed: String
        switch frames[frames.count - 1].content {
        case .any: return
        case .list where opening.behaviour == .listItem:
            let isGloss = opening.node.tei == "label" || opening.node.isAfterLabel
            let isNumbered = opening.node.parent.map { HTMLShape.isNumbered($0) } ?? false
            needed = isGloss ? "dl" : isNumbered ? "ol" : "ul"
        case .list: needed = ""
        case .table where opening.behaviour == .row: needed = ""
        case .table where opening.behaviour == .heading && isAtStart: needed = ""
        case .row where opening.behaviour == .cell: needed = ""
        case .table, .tableStart, .row: needed = "td"
        }
        setWrapper(needed)
    }

    /// Whether the element has nothing yet: a caption stands first in its table.
    private var isAtStart: Bool { frames[frames.count - 1].start == out.bytes.count }

    /// Opens what a list, table or row must hold around words.
    private mutating func prepareWrapperForText() {
        switch frames[frames.count - 1].content {
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

    private mutating func startElement(_ frame: Frame, _ attributes: Markup = "") {
        out.raw("<\(frame.tag)\(attributes)>")
        frames.append(frame)
        startLine(reach)
    }

    private mutating func endElement() {
        closeWrapper()
        let frame = frames.removeLast()
        out.raw("</\(frame.tag)>\(frame.suffix)")
    }

    // MARK: What stands at the ends of elements

    private mutating func writeBeginning(_ opening: Opening, at index: Int) {
        switch opening.role {
        case .intervention(let number): writeMarker(number, isEnd: false, at: index)
        case .entity(let number)
        where ["sp", "said"].contains(opening.node.tei) && opening.node.child("speaker") == nil:
            writeSpeaker(transcription.entities[number].name, texts.namingSpeakers.intersection(seen))
        default: break
        }
        if opening.node.tei == "surface", let page = opening.node.pageNumber { writePage(page, seen) }
        if opening.node.tei == "surface", let surface = facsimile.surface(of: opening.node) {
            writeSheet(surface, opening.node.pageNumber ?? "", seen)
        }
        writeZoneSigns(opening)
        if opening.node.tei == "handShift" { writeShift(opening.node) }
    }

    private mutating func writeSpeaker(_ name: String, _ views: Views) {
        guard !views.isEmpty else { return }
        let isFlow = frames[frames.count - 1].isFlow
        out.raw(
            isFlow ? "<p class=\"speaker editorial\(viewClass(views))\">[" : "<span class=\"sign\(viewClass(views))\">["
        )
        out.text(name)
        out.raw(isFlow ? ":]</p>\n" : ":]</span> ")
    }

    private mutating func writeShift(_ node: Node) {
        guard let hand = node.attribute("new"), let index = hands.index(hand), !hands.letter(index).isEmpty else {
            return
        }
        writeLetter(index, seen)
        writeHidden(words.shift(to: transcription.hands[index].label), seen)
    }

    private mutating func writeLetter(_ hand: Int, _ views: Views) {
        guard !views.isEmpty else { return }
        out.raw(
            "<sup class=\"letter \(hands.cssClass(hand))\(viewClass(views))\" aria-hidden=\"true\">\(hands.letter(hand))</sup>"
        )
    }

    /// Words that are heard and not seen.
    private mutating func writeHidden(_ string: String, _ views: Views) {
        guard !views.isEmpty else { return }
        out.raw("<span class=\"heard\(viewClass(views))\"\(ownLanguage)>")
        out.text(string)
        out.raw("</span>")
    }

    private mutating func writeMarker(_ number: Int, isEnd: Bool, at index: Int) {
        let intervention = transcription.interventions[number]
        guard index != labelled else { return }
        switch intervention.kind {
        case .addition: writeAdditionMarker(intervention, isEnd: isEnd)
        case .deletion:
            writeHidden(isEnd ? words.endOfDeletion : words.deleted(intervention), showing(texts.showingDeletions))
        default:
            let views = showing(texts.diplomatic)
            guard !views.isEmpty, let marker = words.marker(number, isEnd: isEnd, diplomatic) else { return }
            guard plan.holdsBlocks[index] else { return writeSign(marker, isEnd: isEnd, views) }
            if !isEnd {
                out.element("div", " class=\"sign\(viewClass(views))\"\(ownLanguage)", words.lead(intervention))
            }
        }
    }

    private mutating func writeAdditionMarker(_ intervention: Intervention, isEnd: Bool) {
        let isOwn = intervention.hand == nil || intervention.hand == transcription.mainHand
        let views = isOwn ? showing(texts.diplomatic) : seen
        if !isEnd { return writeHidden(words.added(intervention), views) }
        if let hand = intervention.hand, !isOwn { writeLetter(hand, seen) }
        writeHidden(words.endOfAddition, views)
    }

    /// Of the texts in which what is written now is seen, those that show a thing; the list of what is left out shows
    /// all.
    private func showing(_ views: Views) -> Views { showsAll ? seen : views.intersection(seen) }

    private mutating func writeSpanSign(_ number: Int, isEnd: Bool) {
        let intervention = transcription.interventions[number]
        if intervention.kind == .lacuna { return writeLacuna(number, isEnd: isEnd) }
        let isDeletion = intervention.kind == .deletion
        let views = showing(isDeletion ? texts.showingDeletions : texts.diplomatic)
        guard !views.isEmpty, let marker = words.spanMarker(intervention, isEnd: isEnd) else { return }
        guard frames[frames.count - 1].isFlow else { return writeSign(marker, isEnd: isEnd, views) }
        if isEnd {
            writeHidden(isDeletion ? words.endOfDeletion : words.endOfAddition, views)
        } else {
            writeHidden(isDeletion ? words.deleted(intervention) : words.added(intervention), views)
        }
    }

    private mutating func writeLacuna(_ number: Int, isEnd: Bool) {
        guard !showsAll else { return }
        var markers: [(marker: String, views: Views)] = []
        for (view, selection) in texts.selections.enumerated() where seen.contains(view) {
            guard let marker = words.marker(number, isEnd: isEnd, selection) else { continue }
            if let known = markers.firstIndex(where: { $0.marker == marker }) {
                markers[known].views.insert(Views(view))
            } else {
                markers.append((marker, Views(view)))
            }
        }
        for (marker, views) in markers { writeLacuna(marker, isEnd: isEnd, views) }
    }

    private mutating func writeLacuna(_ marker: String, isEnd: Bool, _ views: Views) {
        guard !frames[frames.count - 1].isFlow else {
            out.raw("<p\(viewAttribute(views))>")
            frames.append(Frame(tag: "p", views: views, suffix: "\n"))
            writeSign(marker, isEnd: true, views)
            endElement()
            return startLine(views)
        }
        spaces.space(views)
        flush(views)
        writeSign(isEnd ? marker + " " : marker, isEnd: true, views)
        if isEnd { startLine(views) }
    }

    /// A bracket: the one that closes stands before the white space that was read last.
    private mutating func writeSign(_ marker: String, isEnd: Bool, _ views: Views) {
        if !isEnd {
            if marker.hasPrefix(" ") { spaces.space(views) }
            prepareWrapperForText()
            flushSpace(views)
        }
        out.raw("<span class=\"sign\(viewClass(views))\">")
        out.text(isEnd ? marker[...] : marker.drop { $0 == " " })
        out.raw("</span>")
    }

    // MARK: Signs and margins

    private mutating func writeSigns(_ signs: [HTMLPlan.Sign]?) {
        guard let signs else { return }
        prepareWrapperForText()
        for sign in signs {
            let entry = plan.entries[sign.entry]
            let views = entry.views.intersection(seen)
            guard !views.isEmpty else { continue }
            let tag = links > 0 ? "span" : "a"
            out.raw(
                "<\(tag) class=\"sign-number\(signKind(of: entry.content)) \(hands.cssClass(hand(of: entry.content)))\(viewClass(views))\" id=\"\(signID(entry, sign.ordinal))\""
            )
            if tag == "a" {
                out.raw(" href=\"#\(repeated)note:\(entry.number)\"")
                out.attribute("aria-label", words.inMargin(entry.number, lead(of: entry)))
            }
            out.raw(">\(entry.number)</\(tag)>")
            emptyLines.remove(views)
        }
    }

    private func signKind(of content: HTMLPlan.Entry.Content) -> String {
        switch content {
        case .note(let number): transcription.notes[number].isEditorial ? " editorial" : ""
        case .detail: " editorial"
        case .mark, .intervention: " mark"
        }
    }

    private func signID(_ entry: HTMLPlan.Entry, _ ordinal: Int) -> String {
        repeated + (ordinal == 1 ? "ref:\(entry.number)" : "ref:\(entry.number):\(ordinal)")
    }

    /// What the identifiers of a flow begin with that repeats another.
    private var repeated: String { isRepeated ? "again:" : "" }

    private func hand(of content: HTMLPlan.Entry.Content) -> Int? {
        switch content {
        case .mark(let number): transcription.marks[number].hand
        case .note(let number):
            transcription.notes[number].node.attribute("hand") == nil
                ? transcription.mainHand : transcription.notes[number].hand
        case .intervention(let number): transcription.interventions[number].hand
        case .detail: transcription.mainHand
        }
    }

    private func lead(of entry: HTMLPlan.Entry) -> String {
        let lead = ownLead(of: entry)
        guard let whole = entry.whole, entry.signs > 0, case .open(let opening) = transcription.events[whole] else {
            return lead
        }
        return lead + ", " + words.onWhole(opening.node)
    }

    private func ownLead(of entry: HTMLPlan.Entry) -> String {
        switch entry.content {
        case .mark(let number): words.lead(transcription.marks[number], quotes: entry.signs == 0)
        case .note(let number): words.lead(transcription.notes[number])
        case .intervention(let number): words.lead(transcription.interventions[number])
        case .detail: words.witnessDetail
        }
    }

    /// Writes margin entries behind the passage that they stand beside.
    private mutating func writeMargin(_ numbers: [Int]) {
        let saved = (spaces, emptyLines, omissions, leftOutWords)
        prepareWrapperForText()
        out.raw("<div class=\"margin\">\n")
        for number in numbers { writeEntry(plan.entries[number]) }
        out.raw("</div>")
        (spaces, emptyLines, omissions, leftOutWords) = saved
    }

    private mutating func writeEntry(_ entry: HTMLPlan.Entry) {
        guard case .open(let opening) = transcription.events[entry.event] else { return }
        let hand = hand(of: entry.content)
        out.raw(
            "<div class=\"entry \(kind(of: entry.content)) \(hands.cssClass(hand))\(viewClass(entry.views))\" role=\"note\""
        )
        writeEntryID(entry)
        let isElement = plan.isTakenOut(opening)
        if isElement { writeData(opening) }
        out.raw("><p class=\"lead\"\(ownLanguage)>")
        writeEntryLinks(entry)
        if let hand { writeBadge(hand) }
        out.text(lead(of: entry))
        out.raw("</p>")
        switch entry.content {
        case .mark(let number) where !isElement:
            guard !transcription.marks[number].text.isEmpty else { break }
            out.raw("<div class=\"body\">“")
            out.text(transcription.marks[number].text)
            out.raw("”</div>")
        case .intervention: break
        default: writeBody(opening, at: entry.event, hand, entry.views)
        }
        out.raw("</div>\n")
    }

    private mutating func writeEntryID(_ entry: HTMLPlan.Entry) {
        let id = repeated + (entry.number > 0 ? "note:\(entry.number)" : "entry:\(entry.event)")
        out.raw(" id=\"\(id)\"")
        guard case .mark(let number) = entry.content, !isRepeated, !transcription.marks[number].isAroundWords,
            let hand = transcription.marks[number].hand
        else { return }
        worksOfHand[hand, default: []].append(Work(id: id, name: lead(of: entry)))
    }

    private func kind(of content: HTMLPlan.Entry.Content) -> String {
        switch content {
        case .mark(let number) where transcription.marks[number].isReported: "mark reported"
        case .mark(let number): "mark mark-\(transcription.marks[number].kind.rawValue)"
        case .note(let number): transcription.notes[number].isEditorial ? "note editorial" : "note"
        case .intervention: "intervention"
        case .detail: "note editorial"
        }
    }

    /// The number, which leads back to each place that the entry is about.
    private mutating func writeEntryLinks(_ entry: HTMLPlan.Entry) {
        guard entry.signs > 0 else { return }
        for ordinal in 1...entry.signs {
            out.raw("<a class=\"number\" href=\"#\(signID(entry, ordinal))\" aria-label=\"")
            out.text(words.placeInText(entry.number))
            out.raw("\">")
            out.raw(ordinal == 1 ? "\(entry.number)" : "↩")
            out.raw("</a> ")
        }
    }

    private mutating func writeBadge(_ hand: Int) {
        guard !hands.letter(hand).isEmpty else { return }
        out.raw("<span class=\"badge \(hands.cssClass(hand))\" aria-hidden=\"true\">\(hands.letter(hand))</span> ")
    }

    private mutating func writeBody(_ opening: Opening, at index: Int, _ hand: Int?, _ views: Views) {
        out.raw("<div class=\"body\"")
        writeID(opening.node)
        writeLanguage(opening.node)
        out.raw(">")
        frames.append(Frame(tag: "div", isFlow: true, hand: opening.state.hand ?? hand, views: views))
        let outer = (links, reach)
        (links, noteDepth, reach) = (0, noteDepth + 1, views)
        startLine(views)
        process((index + 1)..<plan.ends[index])
        flushIDs()
        (links, reach) = outer
        noteDepth -= 1
        endElement()
    }

    /// A mark or note within another, or within what is left out: in the line, in brackets.
    private mutating func writeInPlace(_ opening: Opening, at index: Int) {
        let isLabelled = index == labelled
        let frame = words.frame(opening)
        let tag = plan.holdsBlocksWithNotes[index] ? "div" : "span"
        let views = showsAll ? seen : plan.content[index].intersection(seen)
        flush(views)
        out.raw("<\(tag) class=\"in-place \(hands.cssClass(opening.state.hand))\(viewClass(views))\"")
        writeID(opening.node)
        writeLanguage(opening.node)
        writeData(opening)
        out.raw(">")
        frames.append(Frame(tag: tag, isFlow: tag == "div", hand: opening.state.hand, views: views))
        if !isLabelled { writeSign(frame.before + " ", isEnd: false, views) }
        spaces.startLine(views)
        process((index + 1)..<plan.ends[index])
        if !isLabelled { writeSign(frame.after, isEnd: true, views) }
        flushIDs()
        endElement()
    }

    // MARK: Breaks

    /// A blank on the page parts words, and says what it is where the text shows the page.
    private mutating func writeBlank(_ node: Node, _ views: Views) {
        guard node.attribute("quantity") != "0" else { return }
        spaces.space(views)
        let saying = views.intersection(texts.diplomatic)
        guard !saying.isEmpty, let sign = words.blank(node) else { return }
        flush(saying)
        writeSign(sign, isEnd: true, saying)
        spaces.space(saying)
    }

    /// Where the editors supplied lost words, the texts that do not have these say that something is missing.
    private mutating func writeLost(_ opening: Opening) {
        guard !showsAll, let outer = transcription.stateAround(supplied: opening), let sign = words.lost(opening.node)
        else { return }
        var views = Views.none
        for (number, selection) in texts.selections.enumerated()
        where selection.includes(outer) && !selection.includes(opening.state) {
            views.insert(Views(number))
        }
        views = views.intersection(seen).subtracting(texts.markingOmissions)
        guard !views.isEmpty else { return }
        flush(views)
        writeSign(sign, isEnd: true, views)
    }

    private mutating func writeBreak(_ node: Node) {
        let isWithinWord = node.attribute("break") == "no"
        switch node.tei {
        case "lb": writeLineEnd(isWithinWord: isWithinWord)
        case "milestone" where ["p", "tei:p"].contains(node.attribute("unit")):
            prepareWrapperForText()
            out.raw(frames[frames.count - 1].isFlow ? "<div class=\"paragraph-break\"></div>\n" : "<br/>")
            startLine(seen)
        default: separate(isWithinWord: isWithinWord, seen)
        }
        guard node.tei == "pb" else { return }
        let views = seen.subtracting(texts.markingOmissions)
        guard !views.isEmpty else { return }
        if !isWithinWord { flushSpace(views) }
        writePage(node.attribute("n") ?? "", views)
        if let surface = facsimile.surface(of: node) { writeSheet(surface, node.attribute("n") ?? "", views) }
    }

    private mutating func separate(isWithinWord: Bool, _ views: Views) {
        if isWithinWord { spaces.suppress(views) } else { spaces.space(views) }
    }

    /// A line ends where the text has the lines of the page, else it may be white space.
    private mutating func writeLineEnd(isWithinWord: Bool) {
        let keeping = showing(texts.diplomatic)
        spaces.drop(keeping)
        let views = keeping.subtracting(emptyLines)
        if !views.isEmpty { out.raw("<br\(viewAttribute(views))/>") }
        spaces.startLine(keeping)
        emptyLines.insert(keeping)
        separate(isWithinWord: isWithinWord, seen.subtracting(keeping))
    }

    private mutating func writePage(_ number: String, _ views: Views) {
        prepareWrapperForText()
        let tag = frames[frames.count - 1].isFlow ? "div" : "span"
        let id = "leaf:\(pages.count + 1)"
        pages.append(Heading(level: 3, text: words.page(number), id: id))
        out.raw("<\(tag) class=\"page\(viewClass(views))\"")
        out.attribute(idAttribute, id)
        out.raw("\(ownLanguage)>")
        out.text(words.page(number))
        out.raw(tag == "div" ? "</div>\n" : "</span>")
    }

    // MARK: Images

    /// The sheet of a page: its image, which is fetched when the reader asks, and its zones, which lead to their words.
    private mutating func writeSheet(_ surface: Facsimile.Surface, _ page: String, _ views: Views) {
        guard surface.image != nil || !surface.zones.isEmpty else { return }
        out.raw("<span class=\"facsimile\(viewClass(views))\"\(ownLanguage)>")
        if let image = surface.image {
            out.raw("<a class=\"image-link\" rel=\"noreferrer\"")
            out.attribute("href", image.link)
            out.raw(">")
            out.text(words.image(of: page))
            out.raw("</a>")
        }
        out.raw("<span class=\"sheet\"")
        if let ratio = surface.ratio { out.raw(" style=\"aspect-ratio:\(HTMLBytes.decimal(ratio))\"") }
        if let image = surface.image {
            out.attribute("data-image", image.source)
            out.attribute("data-name", words.image(of: page))
        }
        out.raw(">")
        for (number, zone) in surface.zones.enumerated() { writeZone(zone, number + 1) }
        if surface.image != nil {
            out.raw("<button type=\"button\" class=\"scripted\" hidden=\"hidden\">\(words.fetchImage)</button>")
        }
        out.raw("</span></span>")
    }

    private mutating func writeZone(_ zone: Facsimile.Zone, _ number: Int) {
        let percent = [("left", zone.left), ("top", zone.top), ("width", zone.width), ("height", zone.height)]
        let style = percent.map { "\($0):\(HTMLBytes.decimal($1 * 100))%" }.joined(separator: ";")
        let target = zoned[zone.node]
        shownZones.insert(zone.node)
        out.raw(target == nil ? "<span" : "<a")
        out.raw(" class=\"zone\"")
        out.attribute(idAttribute, zoneID(zone.node))
        out.raw(" style=\"\(style)\"")
        if let target {
            out.attribute("href", PageAddress(id: target))
            out.attribute("aria-label", words.zone(number))
        }
        out.raw(target == nil ? "></span>" : "></a>")
    }

    /// In a flow that repeats another, what the script looks for where the first is hidden.
    private var idAttribute: StaticString { isRepeated ? "data-again" : "id" }

    private func zoneID(_ zone: Node) -> String { "zone:\(zone.index)" }

    /// What leads from words to their zones.
    private mutating func writeZoneSigns(_ opening: Opening) {
        guard !shownZones.isEmpty, links == 0, frames[frames.count - 1].content == .any else { return }
        for zone in zones(of: opening.node) where shownZones.contains(zone) {
            out.raw("<a class=\"zone-sign\" href=\"#\(zoneID(zone))\"")
            out.attribute("aria-label", words.onImage)
            out.raw(">▣</a>")
        }
    }

    // MARK: Gaps

    private mutating func writeGap(_ number: Int, at index: Int) {
        let views = showsAll ? seen : plan.views[index].intersection(seen)
        guard !views.isEmpty else {
            addLeftOut(index..<(index + 1), transcription.gaps[number].state)
            return
        }
        let gap = transcription.gaps[number]
        let isAlone = frames[frames.count - 1].isFlow && frames[frames.count - 1].content == .any
        if isAlone { out.raw("<p\(viewAttribute(views))>") }
        flush(views)
        out.raw("<span class=\"gap gap-\(gap.kind.rawValue)\(viewClass(views))\"")
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
        if !showsAll, noteDepth == 0 { writeSigns(plan.signsAfter[index]) }
        if isAlone {
            out.raw("</p>\n")
            startLine(views)
        }
    }

    // MARK: Left out

    private mutating func leaveOut(_ opening: Opening, at index: Int) {
        let range = index..<(plan.ends[index] + 1)
        if texts.markingOmissions.isSuperset(of: texts.all), !isListed(opening) {
            if let id = opening.node.xmlID, claim(id) { pendingIDs.append(id) }
            var inner = index + 1
            while inner < plan.ends[index] {
                switch transcription.events[inner] {
                case .open(let opening):
                    leaveOut(opening, at: inner)
                    inner = plan.ends[inner]
                case .text(let node, let part, _): leaveOutSpace(of: node.text(in: part), reach)
                case .gap(let number): addLeftOut(inner..<(inner + 1), transcription.gaps[number].state)
                default: break
                }
                inner += 1
            }
            return
        }
        if !plan.isTakenOut(opening) {
            for inner in range {
                if case .text(let node, let part, _) = transcription.events[inner] {
                    leaveOutSpace(of: node.text(in: part), reach)
                }
            }
        }
        guard hasSubstance(range) else {
            if let id = opening.node.xmlID, claim(id) { pendingIDs.append(id) }
            return
        }
        addLeftOut(range, opening.state, opening)
    }

    /// Whether a text of one hand alone lists this element among what it leaves out: the words of others it does not.
    private func isListed(_ opening: Opening) -> Bool {
        switch opening.role {
        case .mark, .note: true
        default:
            opening.node.attribute("hand") != nil || opening.node.tei == "handShift" || opening.node.tei == "witDetail"
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

    private mutating func leaveOutSpace(of string: String, _ views: Views) {
        let ofOneHand = views.intersection(texts.markingOmissions)
        guard !string.isBlank else { return spaces.space(ofOneHand) }
        omissions.insert(ofOneHand)
        leftOutWords = leftOutWords.subtracting(views).union(spaces.pending.intersection(views))
    }

    private mutating func addLeftOut(_ range: Range<Int>, _ state: State, _ opening: Opening? = nil) {
        let lead = opening.flatMap { words.leftOut($0) } ?? words.leftOut(state, texts.selections[0])
        let isPart = opening.map { $0.role == .plain } ?? true
        if isPart, leftOutPosition == out.bytes.count, let last = leftOut.last, last.lead == lead {
            leftOut[leftOut.count - 1].ranges.append(range)
            return
        }
        guard !isRepeated else { return }
        leftOut.append(LeftOut(ranges: [range], lead: lead))
        pendingIDs.append("at:\(leftOut.count)")
        leftOutPosition = out.bytes.count
    }

    private mutating func flushIDs() {
        guard !pendingIDs.isEmpty else { return }
        for id in pendingIDs {
            out.raw("<span class=\"place\"")
            out.attribute("id", id)
            out.raw("></span>")
        }
        pendingIDs = []
    }

    // MARK: Characters

    /// The texts in which what is written now is seen.
    private var seen: Views { frames[frames.count - 1].views }

    /// The class of what is seen in some of the texts alone.
    private mutating func viewClass(_ views: Views) -> Markup { views == seen ? "" : " \(classes.name(views))" }

    /// The same, for an element that has no other class.
    private mutating func viewAttribute(_ views: Views) -> Markup {
        views == seen ? "" : " class=\"\(classes.name(views))\""
    }

    private mutating func startLine(_ views: Views) {
        spaces.startLine(views)
        emptyLines.insert(views)
        omissions.remove(views)
    }

    /// Writes the space that is due, before a tag rather than behind it.
    private mutating func flushSpace(_ views: Views) {
        let due = spaces.pending.intersection(views).subtracting(omissions)
        guard !due.isEmpty else { return }
        write(" ", due)
        spaces.startLine(due)
    }

    /// Writes what is due before a character.
    private mutating func flush(_ views: Views) {
        prepareWrapperForText()
        let atStart = spaces.atStart.intersection(emptyLines)
        let due = spaces.character(views)
        let omitted = omissions.intersection(views).subtracting(atStart)
        write(" … ", omitted)
        write(" ", due.subtracting(omissions))
        omissions.remove(views)
        leftOutWords.remove(views)
        emptyLines.remove(views)
        flushIDs()
    }

    private mutating func write(_ space: Markup, _ views: Views) {
        guard !views.isEmpty else { return }
        if views == seen { return out.raw(space) }
        out.raw("<span\(viewAttribute(views))>\(space)</span>")
    }

    private mutating func writeText(_ node: Node, _ part: Range<Int>?, _ state: State, at index: Int) {
        let string = node.text(in: part)
        let views = showsAll ? seen : plan.views[index].intersection(seen)
        if views != reach, !plan.isSign(state) { leaveOutSpace(of: string, reach.subtracting(views)) }
        guard !views.isEmpty else {
            if !string.isBlank, !texts.markingOmissions.isSuperset(of: texts.all) {
                addLeftOut(index..<(index + 1), state)
            }
            return
        }
        let isBlank = string.isBlank
        if let first = string.utf8.first, ",.;:!?)]".utf8.contains(first) {
            spaces.drop(leftOutWords.intersection(views))
        }
        let wrapper = isBlank && !node.preservesSpace ? "" : beginRun(state, views)
        if node.preservesSpace {
            if !string.isEmpty {
                flush(views)
                out.text(string)
            }
        } else {
            writeWords(of: string, views)
        }
        if !wrapper.isEmpty { endElement() }
    }

    private mutating func writeWords(of string: String, _ views: Views) {
        var text = Array(string.utf8)[...]
        while let first = text.first {
            if first.isXMLSpace {
                spaces.space(views)
                text = text.drop { $0.isXMLSpace }
                continue
            }
            let word = text.prefix { !$0.isXMLSpace }
            flush(views)
            out.text(word)
            text = text[word.endIndex...]
        }
    }

    /// What the element around does not say of a text: a hand after a shift, a deletion or underlining that spans
    /// elements.
    private mutating func beginRun(_ state: State, _ views: Views) -> String {
        let spans = state.interventions.map { transcription.interventions[$0] }.filter(\.isSpan)
        let deletion = showing(texts.showingDeletions).isEmpty ? nil : spans.first { $0.kind == .deletion }
        let underlining = spans.first { $0.kind == .modification && MarkRecognizer.isUnderlined($0.node) }
        let hasSpan = deletion != nil || underlining != nil
        guard hasSpan || isOtherHand(state.hand) || views != seen else { return "" }
        prepareWrapperForText()
        flushSpace(views)
        let tag = deletion == nil ? "span" : "del"
        out.raw("<\(tag) class=\"\(hands.cssClass(state.hand))")
        if hasSpan { out.raw(" by-\(hands.cssClass(deletion?.hand ?? underlining?.hand))") }
        if underlining != nil { out.raw(" underlined") }
        out.raw(viewClass(views))
        out.raw("\">")
        frames.append(
            Frame(
                tag: tag, hand: frames[frames.count - 1].hand, isRightToLeft: frames[frames.count - 1].isRightToLeft,
                views: views))
        return tag
    }
}

extension Node {
    fileprivate var direction: Bool? {
        attribute("lang", in: Namespace.xml).map(HTMLShape.isRightToLeft)
    }

    /// Whether an item of a list explains the label before it.
    fileprivate var isAfterLabel: Bool { precedingSiblings.first { $0.kind == .element }?.tei == "label" }

    fileprivate var isGraphic: Bool { ["graphic", "media", "binaryObject"].contains(tei) }

    /// The number or folio of a page.
    fileprivate var pageNumber: String? {
        attribute("n") ?? attributes.lazy.first { $0.name.localName == "folio" }?.value
    }
}

/// The HTML element that stands for an element of the flow.
struct HTMLShape {
    /// What the content model of an element asks for.
    enum Content { case any, list, table, tableStart, row }

    private(set) var tag = "span"
    /// The name in the class; `other` for an element that the model does not know.
    let name: String
    private(set) var content = Content.any
    let isKnown: Bool
    private(set) var isHeading = false
    private let holdsBlocks: Bool

    /// - Parameters:
    ///   - holdsBlocks: whether a block stands in it, so that it may not be an element of the line.
    ///   - context: what the element around it is.
    init(_ opening: Opening, holdsBlocks: Bool, context: Content) {
        let node = opening.node
        isKnown = HTMLShape.known.contains(node.tei)
        name = isKnown ? node.tei : "other"
        self.holdsBlocks = holdsBlocks
        let line = holdsBlocks ? "div" : "span"
        switch opening.behaviour {
        case .section: tag = node.child("head") == nil ? "div" : "section"
        case .heading: takeHeading(node, context)
        case .paragraph: tag = holdsBlocks ? "div" : "p"
        case .block where ["quote", "q", "said"].contains(name): tag = "blockquote"
        case .block where name == "stage" || name == "trailer" || name == "head": tag = holdsBlocks ? "div" : "p"
        case .list: (tag, content) = ("div", .list)
        case .listItem where context == .list: tag = name == "label" ? "dt" : node.isAfterLabel ? "dd" : "li"
        case .table: (tag, content) = ("table", .table)
        case .row where context == .table || context == .tableStart: (tag, content) = ("tr", .row)
        case .cell where context == .row: tag = isLabel(node) ? "th" : "td"
        case .figure: tag = "figure"
        case .graphic, .link: tag = "a"
        case .inline: tag = holdsBlocks ? "div" : HTMLShape.tag(of: node)
        case .block, .document, .text, .body, .listItem, .row, .cell, .cit, .title: tag = "div"
        case .alternate, .anchor, .break, .space, .glyph, .index, .metadata, .note, .omit: tag = line
        }
    }

    /// Shows an addition or deletion as such.
    mutating func take(_ kind: Intervention.Kind?) {
        switch kind {
        case .addition: tag = "ins"
        case .deletion: tag = "del"
        default: break
        }
    }

    private mutating func takeHeading(_ node: Node, _ context: Content) {
        let isOfDivision = HTMLShape.isOfDivision(node)
        if context == .tableStart {
            tag = "caption"
        } else if isOfDivision, !holdsBlocks {
            tag = ["h3", "h4", "h5", "h6"][HTMLShape.headingLevel(node) - 3]
        } else {
            tag = holdsBlocks ? "div" : "p"
            isHeading = isOfDivision
        }
    }

    /// The level of a heading: below the page's title and the heading of the text, by the divisions that have a
    /// heading.
    static func headingLevel(_ node: Node) -> Int {
        max(3, min(6, 2 + node.ancestors.reduce(0) { $0 + ($1.child("head") == nil ? 0 : 1) }))
    }

    private func isLabel(_ node: Node) -> Bool {
        node.attribute("role") == "label" || node.parent?.attribute("role") == "label"
    }

    static func isOfDivision(_ heading: Node) -> Bool { divisions.contains(heading.parent?.tei ?? "") }

    private static let divisions: Set<String> = [
        "div", "div1", "div2", "div3", "div4", "div5", "div6", "div7", "front", "body", "back", "text", "group",
    ]

    private static func tag(of node: Node) -> String {
        switch node.tei {
        case "emph": "em"
        case "foreign", "mentioned": "i"
        case "title": "cite"
        case "q", "quote", "said", "soCalled": "q"
        case "abbr": "abbr"
        case "code", "gi", "att", "val", "tag": "code"
        case "email": "a"
        case "hi": tag(of: classes(of: node))
        default: "span"
        }
    }

    private static func tag(of classes: [String]) -> String {
        if classes.contains("superscript") { return "sup" }
        if classes.contains("subscript") { return "sub" }
        if classes.contains("bold") { return "b" }
        return classes.contains("italic") ? "i" : "span"
    }

    /// The elements that have a class of their own name; the others are carried with their name as data.
    private static let known: Set<String> = Set(Model.tei.rows.map(\.element)).union(
        """
        abbr add addName affiliation am att c code corr country damage date del desc distinct eventName ex expan foreign \
        forename gap genName geogName gi gloss hi idno lem locus measure mentioned metamark mod msName name nameLink num \
        orgName orig origDate pc persName placeName q quote rdg rdgGrp reg region restore retrace roleName rs s said seg \
        settlement sic soCalled stamp supplied surname surplus secl term time title unclear unit val w wit emph email \
        postscript birth death
        """.split { $0 == " " || $0 == "\n" }.map(String.init)
    )

    private static let renditions: [String: String] = [
        "bold": "bold", "b": "bold", "italic": "italic", "italics": "italic", "i": "italic", "underline": "underline",
        "underlined": "underline", "underline()": "underline", "double-underline": "double",
        "doubleUnderline": "double",
        "sup": "superscript", "super": "superscript", "superscript": "superscript", "sub": "subscript",
        "subscript": "subscript", "sc": "small-caps", "smallcaps": "small-caps", "small-caps": "small-caps",
        "smallCaps": "small-caps", "caps": "caps", "uppercase": "caps", "strikethrough": "strike", "strike": "strike",
        "center": "center", "centre": "center", "centered": "center", "right": "right", "spaced": "spaced",
        "letterspaced": "spaced", "large": "large", "small": "small",
    ]

    /// The classes that `@rend` and the writing mode come to.
    static func classes(of node: Node) -> [String] {
        var found: [String] = []
        for token in (node.attribute("rend") ?? "").split(whereSeparator: {
            $0 == " " || $0 == ";" || $0 == "," || $0 == "\n"
        }) {
            let name = renditions[String(token)] ?? indent(token)
            if let name, !found.contains(name) { found.append(name) }
        }
        return found + (writingMode(of: node).map { [$0] } ?? [])
    }

    private static let writingModes: Set<Substring> = [
        "horizontal-tb", "vertical-rl", "vertical-lr", "sideways-rl", "sideways-lr",
    ]

    /// The `writing-mode` of `@style`, or of a `rendition` that `@rendition` points at (TEI P5, WDWM).
    private static func writingMode(of node: Node) -> String? {
        let styles = [node.attribute("style")] + node.tokens("rendition").map { node.target($0)?.plainText }
        for declaration in styles.compactMap(\.self).flatMap({ $0.split(separator: ";") }) {
            let words = declaration.split(whereSeparator: { $0 == ":" || $0.isWhitespace })
            if words.count == 2, words[0] == "writing-mode", writingModes.contains(words[1]) { return String(words[1]) }
        }
        return nil
    }

    /// `indent`, `indent2` and `indent(2)`.
    private static func indent(_ token: Substring) -> String? {
        guard token.hasPrefix("indent") else { return nil }
        let level = token.dropFirst("indent".count).filter(\.isNumber)
        return "indent-\(min(6, max(1, Int(level) ?? 1)))"
    }

    static func isNumbered(_ list: Node) -> Bool {
        list.attribute("type") == "ordered" || !Set(list.tokens("rend")).isDisjoint(with: ["numbered", "ordered"])
    }

    static func isRightToLeft(_ language: String) -> Bool {
        let parts = language.lowercased().split(separator: "-")
        if parts.contains("latn") { return false }
        return ["ar", "arc", "he", "fa", "ur", "yi", "syr", "syc", "ps", "sd", "ug", "dv", "ckb"].contains(
            parts.first ?? "")
            || !Set(parts.dropFirst()).isDisjoint(with: ["arab", "hebr", "syrc", "thaa"])
    }
}
