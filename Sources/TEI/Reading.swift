internal import Synchronization
public import XML

/// One text out of a transcription, with its index: every format that prints or counts characters reads this.
///
///     let reading = transcription.reading(.revised)
///     print(reading.text)
///     let place = reading.location(at: 120)   // where the 121st scalar comes from
///
/// Offsets count Unicode scalars of ``text``, from 0.
public struct Reading: Sendable {
    /// A run of characters that come from one text node, one after the other, or that the program wrote.
    public struct Segment: Sendable {
        /// Offset of the first scalar in the text.
        public let start: Int
        /// The same in UTF-16 code units.
        public let startUTF16: Int
        /// In scalars.
        public let length: Int
        public let node: Node
        /// Offset of the first scalar in the text node; `nil` for characters that the program wrote, such as
        /// `[illegible]`.
        public let nodeOffset: Int?
        public let state: State
    }

    /// Where an element's content lies in the text. Empty where none of it is in the text.
    public struct Span: Sendable {
        public let opening: Opening
        public let range: Range<Int>
    }

    public let policy: Policy
    public let text: String
    /// The number of scalars.
    public let length: Int
    public let segments: [Segment]
    /// In the order of the source.
    public let spans: [Span]
    /// For each gap of the transcription, where it is printed; `nil` where it is not.
    public let gaps: [Range<Int>?]

    /// Elements that make what they stand in a block of words, between which no note is printed.
    static let wordElements: Set<String> = [
        "hi", "seg", "add", "del", "subst", "choice", "app", "persName", "q", "rs", "supplied", "unclear",
    ]

    /// The segment in which a scalar lies.
    public func segment(at offset: Int) -> Segment? {
        let index = segments.boundary { $0.start + $0.length > offset }
        return index < segments.count && segments[index].start <= offset ? segments[index] : nil
    }

    /// The place in the source from which a scalar comes.
    public func location(at offset: Int) -> SourceLocation? {
        guard let segment = segment(at: offset) else { return nil }
        return segment.nodeOffset.map { segment.node.location(ofScalar: $0 + offset - segment.start) }
            ?? segment.node.location
    }

    /// Where stretches of the text come from: within one, each scalar stands a column behind the last.
    public struct Origin: Sendable {
        /// Offset of the first scalar in the text.
        public let start: Int
        public let file: String
        /// The line, and the column in Unicode scalars, from 1.
        public let line, column: Int
        /// Whether the program wrote the stretch; its place is that of the element for which it did.
        public let isGenerated: Bool
    }

    /// The origins of all of the text, one after the other.
    ///
    ///     for origin in reading.origins { print(origin.start, origin.file, origin.line, origin.column) }
    public var origins: [Origin] {
        var origins: [Origin] = []
        var places: (node: Node, list: [(scalar: Int, location: SourceLocation)])?
        func append(_ start: Int, _ place: SourceLocation, columns: Int = 0, isGenerated: Bool = false) {
            origins.append(
                Origin(
                    start: start, file: place.file, line: place.line, column: place.column + columns,
                    isGenerated: isGenerated))
        }
        for segment in segments {
            guard let first = segment.nodeOffset else {
                append(segment.start, segment.node.location, isGenerated: true)
                continue
            }
            if places?.node != segment.node { places = (segment.node, segment.node.places) }
            let list = places?.list ?? []
            // The place in which the segment begins, and those within it.
            let begin = list.boundary { $0.scalar > first } - 1
            append(segment.start, list[begin].location, columns: first - list[begin].scalar)
            for place in list[(begin + 1)...].prefix(while: { $0.scalar < first + segment.length }) {
                append(segment.start + place.scalar - first, place.location)
            }
        }
        return origins
    }

    /// An offset in UTF-16 code units, as JavaScript and the W3C's annotations in browsers count.
    public func utf16Offset(_ offset: Int) -> Int {
        guard let segment = segment(at: offset) ?? segments.last else { return 0 }
        let scalars = text.unicodeScalars
        let start = text.utf16.index(text.startIndex, offsetBy: segment.startUTF16)
        let end = scalars.index(start, offsetBy: offset - segment.start)
        return segment.startUTF16 + text.utf16.distance(from: start, to: end)
    }
}

/// Where elements and interventions stand in a text.
struct TextRanges {
    private let transcription: Transcription
    private let rangeOfNode: [Node: Range<Int>]
    /// For each intervention between milestones, from the first to the last of its words.
    private var rangeOfSpan: [Int: Range<Int>] = [:]

    init(_ reading: Reading, _ transcription: Transcription) {
        self.transcription = transcription
        rangeOfNode = Dictionary(reading.spans.map { ($0.opening.node, $0.range) }) { first, _ in first }
        for segment in reading.segments where segment.nodeOffset != nil {
            for number in segment.state.interventions where transcription.interventions[number].isSpan {
                rangeOfSpan[number] =
                    (rangeOfSpan[number]?.lowerBound ?? segment.start)..<(segment.start + segment.length)
            }
        }
    }

    /// Where a node's content is printed; `nil` where none of it is.
    func range(of node: Node) -> Range<Int>? {
        rangeOfNode[node].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where the words of an intervention are printed.
    func range(ofIntervention number: Int) -> Range<Int>? {
        let intervention = transcription.interventions[number]
        return intervention.isSpan ? rangeOfSpan[number] : range(of: intervention.node)
    }

    /// Where that is printed which pointers point at, in the same document.
    func targets(_ pointers: [String], from node: Node) -> [Range<Int>] {
        pointers.compactMap { node.target($0).flatMap { range(of: $0) } }
    }
}

extension Transcription {
    /// The text that a policy chooses.
    public func reading(_ policy: Policy) -> Reading {
        if let known = lastReading.value, known.policy == policy { return known }
        let selection = selection(policy)
        var builder = ReadingBuilder(arranged(by: selection), selection)
        let reading = builder.build()
        lastReading.value = reading
        return reading
    }
}

/// The reading that was asked for last: several formats are made of one text, one after the other.
final class LastReading: Sendable {
    private let reading = Mutex<Reading?>(nil)

    var value: Reading? {
        get { reading.withLock(\.self) }
        set { reading.withLock { $0 = newValue } }
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first position whose element is behind, where those that are not come first.
    package func boundary(isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

// MARK: - Building

/// Collapses white space as TEI's users expect: runs to one space, none at the ends of a block (XPath's
/// `normalize-space`, block by block).
struct SpaceCollapser {
    /// Whether white space was read that may yet become a space.
    var isPending = false
    /// Whether nothing stands in the line yet, so that white space is dropped.
    var isAtStart = true
    /// Whether white space is dropped until the next character: behind `lb/@break="no"`.
    var isSuppressed = false

    mutating func startLine() {
        isPending = false
        isAtStart = true
    }

    mutating func suppress() {
        isPending = false
        isSuppressed = true
    }

    /// White space was read.
    mutating func space() {
        if !isAtStart, !isSuppressed { isPending = true }
    }

    /// A character was read: whether a space goes before it.
    mutating func character() -> Bool {
        defer { (isPending, isAtStart, isSuppressed) = (false, false, false) }
        return isPending
    }
}

/// Builds the text of one policy from the flow.
private struct ReadingBuilder {
    private struct OpenSpan {
        let opening: Opening
        var start: Int?
    }

    private let transcription: Transcription
    private let selection: Selection
    private let words: Words
    /// What is said behind elements in which something was cancelled.
    private let cancelled: [Node: String]
    /// The closing marks of elements to which marks of ours are written, by node.
    private var bracketed: [Int: String] = [:]
    private var bytes: [UInt8] = []
    private var count = 0
    private var countUTF16 = 0
    private var segments: [Reading.Segment] = []
    private var spans: [Reading.Span] = []
    private var gaps: [Range<Int>?]
    private var open: [OpenSpan] = []
    private var spaces = SpaceCollapser()
    /// The white space that may become a space, and where it stands.
    private var spaceOrigin: (node: Node, offset: Int, state: State)?
    /// Line ends to be written before the next character.
    private var pendingBreak = 0
    /// Behind the opening words of a note, where a paragraph begins no new line.
    private var isAtNoteStart = false
    /// Whether words of another hand were passed over in this line.
    private var hasOmission = false
    /// Whether words were left out behind the white space that is pending.
    private var hasLeftOut = false
    /// Opening brackets that wait for the first character within them.
    private var pendingMarkers: [(node: Node, text: String, state: State)] = []
    /// Whether blocks hold words, as far as that was asked: of one with many paragraphs it is asked for each.
    private var textBlocks: [Node: Bool] = [:]
    /// Notes and marks that wait for the end of the block: ranges of events.
    private var waiting: [[Range<Int>]] = [[]]

    init(_ transcription: Transcription, _ selection: Selection) {
        self.transcription = transcription
        self.selection = selection
        words = Words(transcription)
        cancelled = selection.isDiplomatic ? words.cancelled : [:]
        gaps = Array(repeating: nil, count: transcription.gaps.count)
    }

    mutating func build() -> Reading {
        process(transcription.events.indices)
        flushWaiting()
        return Reading(
            policy: selection.policy, text: String(decoding: bytes, as: UTF8.self), length: count, segments: segments,
            spans: spans.sorted { $0.opening.node.index < $1.opening.node.index }, gaps: gaps
        )
    }

    // MARK: Events

    private mutating func process(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            switch transcription.events[index] {
            case .open(let opening):
                writeLost(opening)
                if let end = passOver(opening, at: index) {
                    index = end
                } else {
                    begin(opening)
                }
            // Where passages changed places, it is another of the same name that closes what was open.
            case .close: if let innermost = open.last { end(innermost.opening) }
            case .text(let node, let part, let state): write(node, part, state)
            case .gap(let number): writeGap(number)
            case .begin(let number): writeMarker(number, isEnd: false)
            case .end(let number): writeMarker(number, isEnd: true)
            }
            index += 1
        }
    }

    /// Handles what is not read in its place: notes, marks that get a line, what the policy leaves out whole.
    ///
    /// - Returns: the index of the closing event, or `nil` for an element that is read here.
    private mutating func passOver(_ opening: Opening, at index: Int) -> Int? {
        switch opening.role {
        case .note, .mark:
            guard !isInline(opening) else { return nil }
            let end = transcription.endOfElement(at: index)
            guard selection.includes(opening.state), !isUnprintedMark(opening),
                selection.showsEditorsNotes || !isReported(opening)
            else { return end }
            if isInTextBlock() {
                waiting[waiting.count - 1].append(index..<(end + 1))
            } else {
                writeNote(index..<(end + 1))
            }
            return end
        case .plain where opening.behaviour == .index || isPageFurniture(opening.node):
            return transcription.endOfElement(at: index)
        case .plain where opening.behaviour == .note:
            let end = transcription.endOfElement(at: index)
            if selection.showsEditorsNotes, selection.includes(opening.state) {
                waiting[waiting.count - 1].append(index..<(end + 1))
            }
            return end
        default:
            return nil
        }
    }

    /// Page numbers, catchwords and signatures are of the page; other running lines, such as a classification, are
    /// text.
    private func isPageFurniture(_ node: Node) -> Bool {
        node.tei == "fw" && !selection.isDiplomatic && ["pageNum", "catch", "sig"].contains(node.attribute("type"))
    }

    /// Underlining is shown where it stands, and so are signs in a diplomatic text.
    private func isInline(_ opening: Opening) -> Bool {
        guard case .mark(let number) = opening.role else { return false }
        let mark = transcription.marks[number]
        return mark.isAroundWords
            || (selection.isDiplomatic && mark.kind == .other && mark.node.localName == "metamark")
    }

    private func isReported(_ opening: Opening) -> Bool {
        guard case .mark(let number) = opening.role else { return false }
        return transcription.marks[number].isReported
    }

    /// An insertion sign says something about the page, and nothing in a text that does not show the page.
    private func isUnprintedMark(_ opening: Opening) -> Bool {
        guard case .mark(let number) = opening.role else { return false }
        return transcription.marks[number].kind == .other && transcription.marks[number].node.localName == "metamark"
    }

    /// Whether what is read here stands among words: in a paragraph, and not between two.
    private mutating func isInTextBlock() -> Bool {
        guard let block = open.last(where: { $0.opening.behaviour.isBlock || isNote($0.opening) })?.opening else {
            return false
        }
        if isNote(block) { return true }
        if let known = textBlocks[block.node] { return known }
        let hasWords = block.node.children.contains {
            $0.kind == .text ? !$0.stringValue.utf8.allSatisfy(\.isXMLSpace) : isInline($0)
        }
        textBlocks[block.node] = hasWords
        return hasWords
    }

    private func isInline(_ element: Node) -> Bool { Reading.wordElements.contains(element.tei) }

    private func isNote(_ opening: Opening) -> Bool {
        switch opening.role {
        case .note, .mark: !isInline(opening)
        default: false
        }
    }

    /// The marks that a text needs around words which markup alone sets apart.
    private func brackets(_ opening: Opening) -> (open: String, close: String)? {
        let node = opening.node
        switch node.tei {
        // TEI P5, 3.3.3.
        case "q", "quote", "said", "soCalled":
            let isPlain =
                !opening.behaviour.isBlock && !transcription.header.keepsQuotationMarks && !node.beginsWithQuotationMark
            return isPlain ? ("“", "”") : nil
        case "stage":
            return opening.behaviour.isBlock || node.plainText.hasPrefix("(") || node.plainText.hasPrefix("[")
                ? nil : ("(", ")")
        case "figDesc":
            return ("[\(words.interface(.figure)): ", "]")
        default:
            return nil
        }
    }

    private func isUnderlined(_ opening: Opening) -> Bool {
        guard case .mark(let number) = opening.role else { return false }
        let mark = transcription.marks[number]
        return mark.kind == .underline && selection.includes(opening.state)
            && selection.includes(mark.act(opening.state))
    }

    private mutating func begin(_ opening: Opening) {
        let behaviour = opening.behaviour
        if behaviour.isBlock { pendingBreak = max(pendingBreak, behaviour.separation) }
        if behaviour.isBlock { waiting.append([]) }
        open.append(OpenSpan(opening: opening))
        switch behaviour {
        case .break: breakLine(opening)
        case .space where selection.includes(opening.state): writeBlank(opening)
        case .cell
        where selection.includes(opening.state) && opening.node.precedingSiblings.contains { $0.tei == "cell" }:
            writeOwn(" | ", opening.node, opening.state)
        default: break
        }
        if case .intervention(let number) = opening.role { writeMarker(number, isEnd: false) }
        if let marks = brackets(opening) {
            bracketed[opening.node.index] = marks.close
            pendingMarkers.append((opening.node, marks.open, opening.state))
        }
        if opening.node.tei == "ptr", let target = opening.node.tokens("target").first,
            selection.includes(opening.state)
        {
            writeOwn("[\(words.interface(.see)) \(target)]", opening.node, opening.state)
        }
        if isUnderlined(opening) { pendingMarkers.append((opening.node, "_", opening.state)) }
        if case .entity(let number) = opening.role, ["sp", "said"].contains(opening.node.tei),
            opening.node.child("speaker") == nil,
            selection.namesSpeakers, selection.includes(opening.state)
        {
            writeOwn("[\(transcription.entities[number].name):]", opening.node, opening.state)
            spaces.space()
        }
    }

    private mutating func end(_ opening: Opening) {
        if case .intervention(let number) = opening.role { writeMarker(number, isEnd: true) }
        if isUnderlined(opening), case .mark(let number) = opening.role {
            close("_", opening.node, opening.state)
            // Within a remark, the hand is named already.
            if !open.contains(where: { isNote($0.opening) }) { underlined.append(number) }
        }
        if !bracketed.isEmpty, let mark = bracketed[opening.node.index] { close(mark, opening.node, opening.state) }
        if !cancelled.isEmpty, opening.node.attribute("spanTo") == nil, let words = cancelled[opening.node] {
            close(words, opening.node, opening.state)
        }
        let span = open.removeLast()
        let start = span.start ?? count
        spans.append(Reading.Span(opening: opening, range: start..<count))
        if opening.behaviour.isBlock {
            pendingBreak = max(pendingBreak, opening.behaviour.separation)
            hasOmission = false
            flushWaiting()
            waiting.removeLast()
        }
    }

    /// Marks of underlining whose hand is to be named below the block.
    private var underlined: [Int] = []

    private mutating func flushWaiting() {
        let ranges = waiting[waiting.count - 1]
        waiting[waiting.count - 1] = []
        for range in ranges { writeNote(range) }
        guard !underlined.isEmpty, !isInTextBlock() else { return }
        for number in underlined {
            pendingBreak = 2
            let mark = transcription.marks[number]
            writeOwn("[\(words.lead(mark)): “\(mark.text)”]", mark.node, mark.state)
            pendingBreak = 2
        }
        underlined = []
    }

    /// Where the editors supplied lost words that this text does not have, it says that something is missing.
    private mutating func writeLost(_ opening: Opening) {
        guard let outer = transcription.stateAround(supplied: opening), !selection.marksOmissions,
            !selection.includes(opening.state),
            selection.includes(outer), let sign = words.lost(opening.node)
        else { return }
        writeOwn(sign, opening.node, outer)
    }

    /// A blank on the page parts words. In a diplomatic text it says what it is, where the editors do.
    private mutating func writeBlank(_ opening: Opening) {
        guard opening.node.attribute("quantity") != "0" else { return }
        spaces.space()
        guard selection.isDiplomatic, let words = words.blank(opening.node) else { return }
        writeOwn(words, opening.node, opening.state)
        spaces.space()
    }

    private mutating func breakLine(_ opening: Opening) {
        let node = opening.node
        let isWithinWord = node.attribute("break") == "no"
        switch node.tei {
        case "pb" where selection.keepsLines:
            pendingBreak = max(pendingBreak, 1)
            writeOwn("[page\(node.attribute("n").map { " \($0)" } ?? " break")]", node, opening.state)
            pendingBreak = 1
        case "lb" where selection.keepsLines:
            pendingBreak = max(pendingBreak, 1)
        case "milestone" where ["p", "tei:p"].contains(node.attribute("unit")):
            pendingBreak = 2
        case _ where isWithinWord:
            spaces.suppress()
        default:
            spaces.space()
        }
    }

    // MARK: Notes, gaps, markers

    private mutating func writeNote(_ range: Range<Int>) {
        guard case .open(let opening) = transcription.events[range.lowerBound] else { return }
        let frame = words.frame(opening)
        pendingBreak = 2
        open.append(OpenSpan(opening: opening))
        waiting.append([])
        writeOwn(frame.before, opening.node, opening.state)
        isAtNoteStart = true
        spaces.space()
        process((range.lowerBound + 1)..<(range.upperBound - 1))
        pendingBreak = 0
        isAtNoteStart = false
        spaces.isPending = false
        writeOwn(frame.after, opening.node, opening.state)
        let span = open.removeLast()
        spans.append(Reading.Span(opening: opening, range: (span.start ?? count)..<count))
        pendingBreak = 2
        let inner = waiting.removeLast()
        for range in inner { writeNote(range) }
    }

    private mutating func writeGap(_ number: Int) {
        let gap = transcription.gaps[number]
        guard selection.includes(gap.state) else { return }
        flush(gap.node, gap.state)
        let start = count
        append(words.gap(gap), gap.node, gap.state)
        gaps[number] = start..<count
    }

    /// The brackets of a diplomatic text, and what is said of an uncertain addition.
    private mutating func writeMarker(_ number: Int, isEnd: Bool) {
        let intervention = transcription.interventions[number]
        guard let marker = words.marker(number, isEnd: isEnd, selection) else { return }
        let state = State(hand: intervention.hand, stage: intervention.stage)
        if intervention.kind == .lacuna {
            spaces.space()
            writeOwn(marker, intervention.node, state)
            spaces.space()
            hasLeftOut = true
        } else if isEnd {
            // What is between milestones ends here, and not with an element of which it could be said there.
            close(marker + (intervention.isSpan ? cancelled[intervention.node] ?? "" : ""), intervention.node, state)
        } else {
            pendingMarkers.append((intervention.node, marker, state))
        }
    }

    /// A closing bracket stands before the white space that was read last; there is none if nothing was written since
    /// its opening one.
    private mutating func close(_ marker: String, _ node: Node, _ state: State) {
        if let index = pendingMarkers.lastIndex(where: { $0.node == node }) {
            pendingMarkers.remove(at: index)
            return
        }
        if let span = open.last, span.opening.node == node, span.start == nil { return }
        let (isPending, lineEnds) = (spaces.isPending, pendingBreak)
        (spaces.isPending, pendingBreak) = (false, 0)
        writeOwn(marker, node, state)
        (spaces.isPending, pendingBreak) = (isPending, lineEnds)
    }

    // MARK: Characters

    private mutating func write(_ node: Node, _ part: Range<Int>?, _ state: State) {
        var text: [UInt8] = []
        if let part { text = Array(node.text(in: part).utf8) } else { node.appendText(to: &text) }
        guard selection.includes(state) else { return leaveOut(text) }
        let preserves = node.preservesSpace
        var (index, scalar) = (0, part?.lowerBound ?? 0)
        while index < text.count {
            if text[index].isXMLSpace, !preserves {
                if !spaces.isPending { spaceOrigin = (node, scalar, state) }
                spaces.space()
                index += 1
                scalar += 1
                continue
            }
            let start = index
            while index < text.count {
                if !preserves, text[index].isXMLSpace {
                    // One between words is a space, and nothing else can become of it.
                    guard index + 1 < text.count, !text[index + 1].isXMLSpace else { break }
                    text[index] = 0x20
                }
                index += 1
            }
            if hasLeftOut, start == 0, ",.;:!?)]".utf8.contains(text[0]) { spaces.isPending = false }
            flush(node, state)
            let written = append(text[start..<index], node, offset: scalar, state)
            scalar += written
        }
    }

    /// White space of what is left out is left out too, and none is left before a comma. Only in the text of one hand
    /// others' white space parts its words.
    private mutating func leaveOut(_ text: [UInt8]) {
        let isBlank = text.allSatisfy(\.isXMLSpace)
        if selection.marksOmissions {
            if isBlank { spaces.space() } else { hasOmission = true }
        }
        if !isBlank { hasLeftOut = spaces.isPending }
    }

    /// Words of our own: they stand in the text and in its index as such.
    private mutating func writeOwn(_ string: String, _ node: Node, _ state: State) {
        flush(node, state)
        append(string, node, state)
    }

    private mutating func append(_ string: String, _ node: Node, _ state: State) {
        _ = append(Array(string.utf8)[...], node, offset: nil, state)
    }

    /// Writes what is due before a character: line ends, a space, the sign for an omission.
    private mutating func flush(_ node: Node, _ state: State) {
        if isAtNoteStart { pendingBreak = 0 }
        isAtNoteStart = false
        if pendingBreak > 0 {
            spaces = SpaceCollapser()
            _ = spaces.character()
            if count > 0 { append(String(repeating: "\n", count: pendingBreak), node, state) }
            (pendingBreak, hasOmission) = (0, false)
        } else {
            let isAtStart = spaces.isAtStart
            let hasSpace = spaces.character()
            if hasOmission, !isAtStart {
                append(" … ", node, state)
            } else if hasSpace {
                if let origin = spaceOrigin {
                    _ = append([0x20], origin.node, offset: origin.offset, origin.state)
                } else {
                    append(" ", node, state)
                }
            }
            hasOmission = false
        }
        (spaceOrigin, hasLeftOut) = (nil, false)
        var index = open.count - 1
        while index >= 0, open[index].start == nil {
            open[index].start = count
            index -= 1
        }
        let markers = pendingMarkers
        pendingMarkers = []
        for marker in markers {
            // One space is enough before a bracket.
            let isParted = bytes.last.map(\.isXMLSpace) ?? true
            append(isParted ? String(marker.text.drop { $0 == " " }) : marker.text, marker.node, marker.state)
        }
    }

    /// - Returns: the number of scalars.
    private mutating func append(_ piece: ArraySlice<UInt8>, _ node: Node, offset: Int?, _ state: State) -> Int {
        var (scalars, units) = (0, 0)
        for byte in piece where byte & 0xC0 != 0x80 {
            scalars += 1
            units += byte >= 0xF0 ? 2 : 1
        }
        bytes.append(contentsOf: piece)
        if let last = segments.last, last.node == node, last.state == state,
            let lastOffset = last.nodeOffset, lastOffset + last.length == offset
        {
            segments[segments.count - 1] = Reading.Segment(
                start: last.start, startUTF16: last.startUTF16, length: last.length + scalars, node: node,
                nodeOffset: lastOffset, state: state
            )
        } else {
            segments.append(
                Reading.Segment(
                    start: count, startUTF16: countUTF16, length: scalars, node: node, nodeOffset: offset, state: state
                ))
        }
        count += scalars
        countUTF16 += units
        return scalars
    }
}

extension Transcription {
    /// The state around words that the editors supplied; `nil` for every other element.
    package func stateAround(supplied opening: Opening) -> State? {
        guard case .intervention(let number) = opening.role, interventions[number].kind == .supplied else { return nil }
        var state = opening.state
        state.interventions.removeAll { $0 == number }
        return state
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
