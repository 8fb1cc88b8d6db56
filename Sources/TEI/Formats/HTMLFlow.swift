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
        /// The end of the page when its start tag had been written.
        var start = -1
        /// What stands behind the end tag.
        var suffix = ""
    }

    private let transcription: Transcription
    let selection: Selection
    private let diplomatic: Selection
    private let plan: HTMLPlan
    private let words: Words
    private let hands: HTMLHands
    /// Where in this page each `xml:id` is found.
    private let targets: [String: String]
    /// The language of our own words where it is not the document's.
    private let ownLanguage: String

    var out = HTMLBytes()
    private var frames: [Frame] = []
    private var spaces = SpaceCollapser()
    private var ids: Set<String> = []
    private var isLineEmpty = true
    private var hasOmission = false
    private var hasLeftOut = false
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

    init(_ transcription: Transcription, policy: Policy, hands: HTMLHands, isEnglish: Bool) {
        self.transcription = transcription
        self.hands = hands
        selection = transcription.selection(policy)
        diplomatic = transcription.selection(.diplomatic)
        plan = HTMLPlan(transcription, selection)
        words = Words(transcription)
        ownLanguage = isEnglish ? "" : " lang=\"en\""
        gapIDs = Array(repeating: nil, count: transcription.gaps.count)
        var targets: [String: String] = [:]
        for hand in transcription.hands where hand.isDescribed { targets[hand.id] = "hand:\(hand.id)" }
        for stage in transcription.stages { targets[stage.id] = "stage:\(stage.id)" }
        for witness in transcription.witnesses { targets[witness.id] = "witness:\(witness.id)" }
        for id in plan.eventOfID.keys { targets[id] = id }
        self.targets = targets
    }

    /// Writes the text, with its margins.
    mutating func writeText() {
        frames = [Frame(tag: "", isFlow: true, hand: transcription.mainHand)]
        process(transcription.events.indices)
        flushIDs()
    }

    /// How many things ``writeText()`` left out.
    var leftOutCount: Int { leftOut.count }

    /// Writes what the text leaves out, as the items of a list.
    mutating func writeLeftOut() {
        showsAll = true
        defer { showsAll = false }
        for (number, item) in leftOut.enumerated() {
            out.raw("<li id=\"out:\(number + 1)\"><a class=\"number\" href=\"#at:\(number + 1)\" aria-label=\"")
            out.text(Words.placeInText(number + 1))
            out.raw("\">\(number + 1)</a> <span class=\"lead\">")
            out.text(item.lead)
            out.raw(":</span> ")
            let tag = item.ranges.contains(where: isBlock) ? "div" : "span"
            startElement(Frame(tag: tag, isFlow: tag == "div", hand: transcription.mainHand), " class=\"body\"")
            for range in item.ranges {
                labelled = range.lowerBound
                process(range)
                spaces.space()
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
        let isBlock = holdsBlocks(index) || opening.behaviour.isBlock || opening.behaviour == .cell
        if isBlock { startLine() } else { flushSpace() }
        prepareWrapper(for: opening)
        var shape = HTMLShape(opening, holdsBlocks: holdsBlocks(index), context: context)
        if case .intervention(let number) = opening.role { shape.take(intervention(number)) }
        var suffix = isBlock ? "\n" : ""
        let hasMargin = !showsAll && plan.entriesOfPassage[index] != nil
        if hasMargin, isBlock, shape.tag != "li", shape.tag != "dd" {
            out.raw("<div class=\"passage\">")
            suffix = ""
        }
        let tag = tag(of: shape, opening, at: index)
        if tag == "a" { links += 1 }
        let isQuoted = tag == "q" && isQuotedAlready(node)
        out.raw("<")
        out.raw(tag)
        writeAttributes(opening, shape, tag, isQuoted: isQuoted)
        out.raw(">")
        let newHand = newHand(opening)
        let isRightToLeft = node.direction ?? frames[frames.count - 1].isRightToLeft
        frames.append(Frame(
            tag: tag, event: index, content: shape.content, isFlow: isBlock && !["p", "span"].contains(tag) && !node.hasText,
            hand: opening.state.hand, isRightToLeft: isRightToLeft, start: out.bytes.count, suffix: suffix
        ))
        if hasMargin, shape.tag == "li" || shape.tag == "dd" { out.raw("<div class=\"passage\"><div>") }
        writeSigns(plan.signsBefore[index])
        if let newHand, shape.content == .any { writeHidden(Words.inHand(of: transcription.hands[newHand].label)) }
        if let newHand, !isBlock { frames[frames.count - 1].letterHand = newHand }
        writeBeginning(opening, at: index)
    }

    private mutating func end(_ opening: Opening) {
        let index = frames[frames.count - 1].event
        if case .intervention(let number) = opening.role { writeMarker(number, isEnd: true, at: index) }
        if opening.node.tei == "ptr" || opening.behaviour == .graphic { writePointer(opening.node) }
        if !showsAll, noteDepth == 0 { writeSigns(plan.signsAfter[index]) }
        let frame = frames[frames.count - 1]
        if let hand = frame.letterHand { writeLetter(hand) }
        if frame.content == .any { flushIDs() }
        let entries = showsAll ? nil : plan.entriesOfPassage[index]
        if frame.tag == "a" { links -= 1 }
        if let entries, frame.tag == "li" || frame.tag == "dd" {
            closeWrapper()
            out.raw("</div>")
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
        if opening.behaviour.isBlock || holdsBlocks(index) { startLine() }
    }

    private func holdsBlocks(_ index: Int) -> Bool {
        showsAll || noteDepth > 0 ? plan.holdsBlocksWithNotes[index] : plan.holdsBlocks[index]
    }

    /// The kind of an intervention, where the text shows it as such.
    private func intervention(_ number: Int) -> Intervention.Kind? {
        let kind = transcription.interventions[number].kind
        return kind != .deletion || showsAll || selection.showsDeletions ? kind : nil
    }

    private var context: HTMLShape.Content {
        let frame = frames[frames.count - 1]
        if frame.wrapper == "td" { return .any }
        return frame.content == .table && isAtStart ? .tableStart : frame.content
    }

    /// A link that leads nowhere is no link, and a division without its heading no section.
    private func tag(of shape: HTMLShape, _ opening: Opening, at index: Int) -> String {
        switch shape.tag {
        case "a" where links > 0 || address(of: opening.node) == nil: holdsBlocks(index) ? "div" : "span"
        case "section" where selection.marksOmissions: "div"
        default: shape.tag
        }
    }

    // MARK: Attributes

    private mutating func writeAttributes(_ opening: Opening, _ shape: HTMLShape, _ tag: String, isQuoted: Bool) {
        let node = opening.node
        out.raw(" class=\"tei-")
        out.raw(shape.name)
        for name in HTMLShape.classes(of: node) {
            out.raw(" ")
            out.raw(name)
        }
        writeHandClass(opening)
        if node.attribute("space", in: Namespace.xml) == "preserve" { out.raw(" preserved") }
        if isQuoted { out.raw(" quoted") }
        out.raw("\"")
        writeID(node)
        if !showsAll, case .alternative(let number) = opening.role, transcription.alternatives[number].kind == .apparatus {
            apparatusIDs[number] = node.xmlID ?? "app:\(number + 1)"
            if node.xmlID == nil { out.attribute("id", "app:\(number + 1)") }
        }
        writeLanguage(node)
        if !shape.isKnown { out.attribute("data-element", node.name?.description ?? "") }
        if let number = node.attribute("n"), number.utf8.count < 20 { out.attribute("data-n", number) }
        if tag == "a", let address = address(of: node) { out.attribute("href", address) }
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
        if isOtherHand(opening.state.hand) { out.raw(" " + hands.cssClass(opening.state.hand)) }
        guard case .intervention(let number) = opening.role else { return }
        let intervention = transcription.interventions[number]
        if intervention.kind == .deletion { out.raw(" by-" + hands.cssClass(intervention.hand)) }
        if intervention.kind == .addition, intervention.hand == transcription.mainHand { out.raw(" own") }
    }

    /// What tells a reader of the data which mark, hand or shift of hands this is: once for each in the source.
    private mutating func writeData(_ opening: Opening) {
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
        if let id = node.xmlID, claim(id) { out.attribute("id", id) }
    }

    /// An apparatus that stands elsewhere leads to the words that it is about.
    private mutating func markApparatus(_ intervention: Int) {
        let intervention = transcription.interventions[intervention]
        guard !showsAll, intervention.kind == .reading, let number = intervention.alternative else { return }
        apparatusIDs[number] = "app:\(number + 1)"
        pendingIDs.append("app:\(number + 1)")
    }

    /// Whether an identifier may be used: each only once, and none that could be one of the page's own, which have a colon.
    private mutating func claim(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.allSatisfy { $0 != 0x3A && !$0.isXMLSpace } && ids.insert(id).inserted
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
        transcription.header.keepsQuotationMarks || node.beginsWithQuotationMark || out.lastScalar?.isQuotationMark == true
    }

    // MARK: Links

    /// An address that may be followed: on the web, by mail, or in this page.
    private func address(of node: Node) -> String? {
        let target = node.tei == "email" ? "mailto:" + node.plainText : node.tokens("target").first ?? node.attribute("url") ?? ""
        let reference = Reference(target)
        if reference.resource.isEmpty { return reference.fragment.flatMap { targets[$0] }.map { "#" + $0 } }
        return HTMLBytes.isSafe(target) ? target : nil
    }

    /// What a pointer without words says.
    private mutating func writePointer(_ node: Node) {
        let target = node.tokens("target").first ?? node.attribute("url") ?? ""
        guard node.firstChild == nil || node.isGraphic else { return }
        flush()
        let isLink = frames[frames.count - 1].tag == "a"
        out.text(node.isGraphic ? isLink ? Words.image : "[\(Words.image): \(target)]" : "[\(Words.see) \(target)]")
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

    private mutating func startElement(_ frame: Frame, _ attributes: String = "") {
        out.raw("<\(frame.tag)\(attributes)>")
        frames.append(frame)
        startLine()
    }

    private mutating func endElement() {
        closeWrapper()
        let frame = frames.removeLast()
        out.raw("</")
        out.raw(frame.tag)
        out.raw(">")
        out.raw(frame.suffix)
    }

    // MARK: What stands at the ends of elements

    private mutating func writeBeginning(_ opening: Opening, at index: Int) {
        switch opening.role {
        case .intervention(let number): writeMarker(number, isEnd: false, at: index)
        case .entity(let number) where ["sp", "said"].contains(opening.node.tei) && opening.node.child("speaker") == nil:
            if selection.policy == .reading || selection.isDiplomatic { writeSpeaker(transcription.entities[number].name) }
        default: break
        }
        if opening.node.tei == "surface", let page = opening.node.pageNumber { writePage(page) }
        if opening.node.tei == "handShift" { writeShift(opening.node) }
    }

    private mutating func writeSpeaker(_ name: String) {
        let isFlow = frames[frames.count - 1].isFlow
        out.raw(isFlow ? "<p class=\"speaker editorial\">[" : "<span class=\"sign\">[")
        out.text(name)
        out.raw(isFlow ? ":]</p>\n" : ":]</span> ")
    }

    private mutating func writeShift(_ node: Node) {
        guard let hand = node.attribute("new"), let index = hands.index(hand), !hands.letter(index).isEmpty else { return }
        writeLetter(index)
        writeHidden(Words.shift(to: transcription.hands[index].label))
    }

    private mutating func writeLetter(_ hand: Int) {
        out.raw("<sup class=\"letter \(hands.cssClass(hand))\" aria-hidden=\"true\">\(hands.letter(hand))</sup>")
    }

    /// Words that are heard and not seen.
    private mutating func writeHidden(_ string: String) {
        out.raw("<span class=\"heard\"\(ownLanguage)>")
        out.text(string)
        out.raw("</span>")
    }

    private mutating func writeMarker(_ number: Int, isEnd: Bool, at index: Int) {
        let intervention = transcription.interventions[number]
        guard index != labelled else { return }
        switch intervention.kind {
        case .addition: writeAdditionMarker(intervention, isEnd: isEnd)
        case .deletion:
            guard showsAll || selection.showsDeletions else { return }
            writeHidden(isEnd ? Words.endOfDeletion : words.deleted(intervention))
        default:
            guard showsAll || selection.isDiplomatic,
                  let marker = words.marker(number, isEnd: isEnd, diplomatic)
            else { return }
            guard plan.holdsBlocks[index] else { return writeSign(marker, isEnd: isEnd) }
            if !isEnd { out.element("div", " class=\"sign\"\(ownLanguage)", words.lead(intervention)) }
        }
    }

    private mutating func writeAdditionMarker(_ intervention: Intervention, isEnd: Bool) {
        let isOwn = intervention.hand == nil || intervention.hand == transcription.mainHand
        guard !isOwn || showsAll || selection.isDiplomatic else { return }
        if !isEnd { return writeHidden(words.added(intervention)) }
        if let hand = intervention.hand, !isOwn { writeLetter(hand) }
        writeHidden(Words.endOfAddition)
    }

    private mutating func writeSpanSign(_ number: Int, isEnd: Bool) {
        let intervention = transcription.interventions[number]
        if intervention.kind == .lacuna { return writeLacuna(number, isEnd: isEnd) }
        guard showsAll || selection.isDiplomatic || (selection.showsDeletions && intervention.kind == .deletion),
              let marker = words.spanMarker(intervention, isEnd: isEnd)
        else { return }
        guard frames[frames.count - 1].isFlow else { return writeSign(marker, isEnd: isEnd) }
        let isDeletion = intervention.kind == .deletion
        if isEnd {
            writeHidden(isDeletion ? Words.endOfDeletion : Words.endOfAddition)
        } else {
            writeHidden(isDeletion ? words.deleted(intervention) : words.added(intervention))
        }
    }

    private mutating func writeLacuna(_ number: Int, isEnd: Bool) {
        guard !showsAll, let marker = words.marker(number, isEnd: isEnd, selection) else { return }
        guard !frames[frames.count - 1].isFlow else {
            out.raw("<p>")
            writeSign(marker, isEnd: true)
            out.raw("</p>\n")
            return startLine()
        }
        spaces.space()
        flush()
        writeSign(isEnd ? marker + " " : marker, isEnd: true)
        if isEnd { startLine() }
    }

    /// A bracket: the one that closes stands before the white space that was read last.
    private mutating func writeSign(_ marker: String, isEnd: Bool) {
        if !isEnd {
            if marker.hasPrefix(" ") { spaces.space() }
            prepareWrapperForText()
            flushSpace()
        }
        out.raw("<span class=\"sign\">")
        out.text(isEnd ? marker[...] : marker.drop { $0 == " " })
        out.raw("</span>")
    }

    // MARK: Signs and margins

    private mutating func writeSigns(_ signs: [HTMLPlan.Sign]?) {
        guard let signs else { return }
        prepareWrapperForText()
        for sign in signs {
            let entry = plan.entries[sign.entry]
            let tag = links > 0 ? "span" : "a"
            let isMark = if case .note = entry.content { "" } else { " mark" }
            out.raw("<\(tag) class=\"sign-number\(isMark) \(hands.cssClass(hand(of: entry.content)))\" id=\"\(signID(entry, sign.ordinal))\"")
            if tag == "a" {
                out.raw(" href=\"#note:\(entry.number)\"")
                out.attribute("aria-label", Words.inMargin(entry.number, lead(of: entry)))
            }
            out.raw(">\(entry.number)</\(tag)>")
        }
        isLineEmpty = false
    }

    private func signID(_ entry: HTMLPlan.Entry, _ ordinal: Int) -> String {
        ordinal == 1 ? "ref:\(entry.number)" : "ref:\(entry.number):\(ordinal)"
    }

    private func hand(of content: HTMLPlan.Entry.Content) -> Int? {
        switch content {
        case .mark(let number): transcription.marks[number].hand
        case .note(let number):
            transcription.notes[number].node.attribute("hand") == nil ? transcription.mainHand : transcription.notes[number].hand
        case .intervention(let number): transcription.interventions[number].hand
        case .detail: transcription.mainHand
        }
    }

    private func lead(of entry: HTMLPlan.Entry) -> String {
        let lead = ownLead(of: entry)
        guard let whole = entry.whole, entry.signs > 0, case .open(let opening) = transcription.events[whole] else { return lead }
        return lead + ", " + Words.onWhole(opening.node)
    }

    private func ownLead(of entry: HTMLPlan.Entry) -> String {
        switch entry.content {
        case .mark(let number): words.lead(transcription.marks[number], quotes: entry.signs == 0)
        case .note(let number): words.lead(transcription.notes[number])
        case .intervention(let number): words.lead(transcription.interventions[number])
        case .detail: Words.witnessDetail
        }
    }

    /// Writes margin entries behind the passage that they stand beside.
    private mutating func writeMargin(_ numbers: [Int]) {
        let saved = (spaces, isLineEmpty)
        prepareWrapperForText()
        out.raw("<div class=\"margin\">\n")
        for number in numbers { writeEntry(plan.entries[number]) }
        out.raw("</div>")
        (spaces, isLineEmpty) = saved
    }

    private mutating func writeEntry(_ entry: HTMLPlan.Entry) {
        guard case .open(let opening) = transcription.events[entry.event] else { return }
        let hand = hand(of: entry.content)
        out.raw("<div class=\"entry \(kind(of: entry.content)) \(hands.cssClass(hand))\" role=\"note\"")
        if entry.number > 0 { out.raw(" id=\"note:\(entry.number)\"") }
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
        default: writeBody(opening, at: entry.event, hand)
        }
        out.raw("</div>\n")
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
            out.text(Words.placeInText(entry.number))
            out.raw("\">")
            out.raw(ordinal == 1 ? "\(entry.number)" : "↩")
            out.raw("</a> ")
        }
    }

    private mutating func writeBadge(_ hand: Int) {
        guard !hands.letter(hand).isEmpty else { return }
        out.raw("<span class=\"badge \(hands.cssClass(hand))\" aria-hidden=\"true\">\(hands.letter(hand))</span> ")
    }

    private mutating func writeBody(_ opening: Opening, at index: Int, _ hand: Int?) {
        out.raw("<div class=\"body\"")
        writeID(opening.node)
        writeLanguage(opening.node)
        out.raw(">")
        frames.append(Frame(tag: "div", isFlow: true, hand: opening.state.hand ?? hand))
        let outer = links
        (links, noteDepth) = (0, noteDepth + 1)
        startLine()
        process((index + 1)..<plan.ends[index])
        flushIDs()
        (links, noteDepth) = (outer, noteDepth - 1)
        endElement()
    }

    /// A mark or note within another, or within what is left out: in the line, in brackets.
    private mutating func writeInPlace(_ opening: Opening, at index: Int) {
        let isLabelled = index == labelled
        let frame = words.frame(opening)
        let tag = plan.holdsBlocksWithNotes[index] ? "div" : "span"
        flush()
        out.raw("<\(tag) class=\"in-place \(hands.cssClass(opening.state.hand))\"")
        writeID(opening.node)
        writeLanguage(opening.node)
        writeData(opening)
        out.raw(">")
        frames.append(Frame(tag: tag, isFlow: tag == "div", hand: opening.state.hand))
        if !isLabelled { writeSign(frame.before + " ", isEnd: false) }
        spaces.startLine()
        process((index + 1)..<plan.ends[index])
        if !isLabelled { writeSign(frame.after, isEnd: true) }
        flushIDs()
        endElement()
    }

    // MARK: Breaks

    private mutating func writeBreak(_ node: Node) {
        let isWithinWord = node.attribute("break") == "no"
        switch node.tei {
        case "lb" where selection.keepsLines || showsAll:
            spaces.isPending = false
            if !isLineEmpty { out.raw("<br/>") }
            spaces.startLine()
            isLineEmpty = true
        case "milestone" where ["p", "tei:p"].contains(node.attribute("unit")):
            prepareWrapperForText()
            out.raw(frames[frames.count - 1].isFlow ? "<div class=\"paragraph-break\"></div>\n" : "<br/>")
            startLine()
        case _ where isWithinWord:
            spaces.suppress()
        default:
            spaces.space()
        }
        guard node.tei == "pb", selection.policy.isWholeText else { return }
        if !isWithinWord { flushSpace() }
        writePage(node.attribute("n") ?? "")
    }

    private mutating func writePage(_ number: String) {
        prepareWrapperForText()
        let tag = frames[frames.count - 1].isFlow ? "div" : "span"
        out.raw("<\(tag) class=\"page\"\(ownLanguage)>")
        out.text(Words.page(number))
        out.raw(tag == "div" ? "</div>\n" : "</span>")
    }

    // MARK: Gaps

    private mutating func writeGap(_ number: Int, at index: Int) {
        guard showsAll || plan.included[index] else {
            addLeftOut(index..<(index + 1), transcription.gaps[number].state)
            return
        }
        let gap = transcription.gaps[number]
        let isAlone = frames[frames.count - 1].isFlow && frames[frames.count - 1].content == .any
        if isAlone { out.raw("<p>") }
        flush()
        let id = gap.node.xmlID.flatMap { claim($0) ? $0 : nil } ?? "gap:\(number + 1)"
        gapIDs[number] = id
        out.raw("<span class=\"gap gap-\(gap.kind.rawValue)\" data-gap=\"\(gap.kind.rawValue)\"")
        out.attribute("id", id)
        if let hand = gap.node.attribute("hand") { out.attribute("data-hand", hands.id(hand)) }
        out.raw(ownLanguage)
        out.raw(">")
        out.text(words.gap(gap))
        out.raw("</span>")
        if !showsAll, noteDepth == 0 { writeSigns(plan.signsAfter[index]) }
        if isAlone {
            out.raw("</p>\n")
            startLine()
        }
    }

    // MARK: Left out

    private mutating func leaveOut(_ opening: Opening, at index: Int) {
        let range = index..<(plan.ends[index] + 1)
        if selection.marksOmissions, !isListed(opening) {
            if let id = opening.node.xmlID, claim(id) { pendingIDs.append(id) }
            var inner = index + 1
            while inner < plan.ends[index] {
                switch transcription.events[inner] {
                case .open(let opening):
                    leaveOut(opening, at: inner)
                    inner = plan.ends[inner]
                case .text(let node, let part, _): leaveOutSpace(of: node.text(in: part))
                case .gap(let number): addLeftOut(inner..<(inner + 1), transcription.gaps[number].state)
                default: break
                }
                inner += 1
            }
            return
        }
        if !plan.isTakenOut(opening) {
            for inner in range {
                if case .text(let node, let part, _) = transcription.events[inner] { leaveOutSpace(of: node.text(in: part)) }
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
        default: opening.node.attribute("hand") != nil || opening.node.tei == "handShift" || opening.node.tei == "witDetail"
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

    private mutating func leaveOutSpace(of string: String) {
        let text = string.utf8
        guard !text.allSatisfy(\.isXMLSpace) else { return spaces.space() }
        if selection.marksOmissions { hasOmission = true }
        hasLeftOut = spaces.isPending
        if text.first!.isXMLSpace, text.last!.isXMLSpace { spaces.space() }
    }

    private mutating func addLeftOut(_ range: Range<Int>, _ state: State, _ opening: Opening? = nil) {
        let lead = opening.flatMap { words.leftOut($0) } ?? words.leftOut(state, selection)
        let isPart = opening.map { $0.role == .plain } ?? true
        if isPart, leftOutPosition == out.bytes.count, let last = leftOut.last, last.lead == lead {
            leftOut[leftOut.count - 1].ranges.append(range)
            return
        }
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

    private mutating func startLine() {
        spaces.startLine()
        isLineEmpty = true
        hasOmission = false
    }

    /// Writes the space that is due, before a tag rather than behind it.
    private mutating func flushSpace() {
        guard spaces.isPending, !hasOmission else { return }
        out.raw(" ")
        spaces.startLine()
    }

    /// Writes what is due before a character.
    private mutating func flush() {
        prepareWrapperForText()
        let isAtStart = spaces.isAtStart && isLineEmpty
        let hasSpace = spaces.character()
        if hasOmission, !isAtStart {
            out.raw(" … ")
        } else if hasSpace {
            out.raw(" ")
        }
        (hasOmission, hasLeftOut, isLineEmpty) = (false, false, false)
        flushIDs()
    }

    private mutating func writeText(_ node: Node, _ part: Range<Int>?, _ state: State, at index: Int) {
        let string = node.text(in: part)
        guard showsAll || plan.included[index] else {
            leaveOutSpace(of: string)
            if !string.isBlank, !selection.marksOmissions { addLeftOut(index..<(index + 1), state) }
            return
        }
        if node.preservesSpace {
            guard !string.isEmpty else { return }
            flush()
            return out.text(string)
        }
        let wrapper = string.utf8.allSatisfy(\.isXMLSpace) ? "" : beginRun(state)
        var text = Array(string.utf8)[...]
        while let first = text.first {
            if first.isXMLSpace {
                spaces.space()
                text = text.drop { $0.isXMLSpace }
                continue
            }
            if hasLeftOut, text.startIndex == 0, ",.;:!?)]".utf8.contains(first) { spaces.isPending = false }
            let word = text.prefix { !$0.isXMLSpace }
            flush()
            out.text(word)
            text = text[word.endIndex...]
        }
        if !wrapper.isEmpty { out.raw("</\(wrapper)>") }
    }

    /// What the element around does not say of a text: a hand after a shift, a deletion or underlining that spans elements.
    private mutating func beginRun(_ state: State) -> String {
        let spans = state.interventions.map { transcription.interventions[$0] }.filter(\.isSpan)
        let deletion = showsAll || selection.showsDeletions ? spans.first { $0.kind == .deletion } : nil
        let underlining = spans.first { $0.kind == .modification && MarkRecognizer.isUnderlined($0.node) }
        let hasSpan = deletion != nil || underlining != nil
        guard hasSpan || isOtherHand(state.hand) else { return "" }
        prepareWrapperForText()
        flushSpace()
        let tag = deletion == nil ? "span" : "del"
        out.raw("<\(tag) class=\"\(hands.cssClass(state.hand))")
        if hasSpan { out.raw(" by-" + hands.cssClass(deletion?.hand ?? underlining?.hand)) }
        if underlining != nil { out.raw(" underlined") }
        out.raw("\">")
        return tag
    }
}

extension Policy {
    /// Whether the text is the document's and not one hand's.
    fileprivate var isWholeText: Bool {
        if case .hand = self { false } else { true }
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
        case .alternate, .anchor, .break, .glyph, .index, .metadata, .note, .omit: tag = line
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
        let isOfDivision = HTMLShape.divisions.contains(node.parent?.tei ?? "")
        if context == .tableStart {
            tag = "caption"
        } else if isOfDivision, !holdsBlocks {
            tag = ["h3", "h4", "h5", "h6"][HTMLShape.headingLevel(node) - 3]
        } else {
            tag = holdsBlocks ? "div" : "p"
            isHeading = isOfDivision
        }
    }

    /// The level of a heading: below the page's title and the heading of the text, by the divisions that have a heading.
    static func headingLevel(_ node: Node) -> Int {
        max(3, min(6, 2 + node.ancestors.reduce(0) { $0 + ($1.child("head") == nil ? 0 : 1) }))
    }

    private func isLabel(_ node: Node) -> Bool {
        node.attribute("role") == "label" || node.parent?.attribute("role") == "label"
    }

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
        "underlined": "underline", "underline()": "underline", "double-underline": "double", "doubleUnderline": "double",
        "sup": "superscript", "super": "superscript", "superscript": "superscript", "sub": "subscript",
        "subscript": "subscript", "sc": "small-caps", "smallcaps": "small-caps", "small-caps": "small-caps",
        "smallCaps": "small-caps", "caps": "caps", "uppercase": "caps", "strikethrough": "strike", "strike": "strike",
        "center": "center", "centre": "center", "centered": "center", "right": "right", "spaced": "spaced",
        "letterspaced": "spaced", "large": "large", "small": "small",
    ]

    /// The classes that `@rend` comes to.
    static func classes(of node: Node) -> [String] {
        guard let value = node.attribute("rend") else { return [] }
        var found: [String] = []
        for token in value.split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "," || $0 == "\n" }) {
            let name = renditions[String(token)] ?? indent(token)
            if let name, !found.contains(name) { found.append(name) }
        }
        return found
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
        return ["ar", "arc", "he", "fa", "ur", "yi", "syr", "syc", "ps", "sd", "ug", "dv", "ckb"].contains(parts.first ?? "")
            || !Set(parts.dropFirst()).isDisjoint(with: ["arab", "hebr", "syrc", "thaa"])
    }
}
