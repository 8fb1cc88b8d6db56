internal import XML

/// Reads the events of a file, and notes where it can be divided and why it cannot.
final class StreamScanner: ContentHandler {
    private let path: String
    /// The path as a reference to it in the file itself means it.
    private let ownPath: String
    private let size: Int?
    private let limit: Int
    private var names: [Name] = []
    private var frames: [Frame] = []
    private var documentsSoFar: [ScannedDocument] = []
    private var scanned: ScannedDocument?
    private var links = CrossReferences()
    /// The hand that has been shifted to, as ``TranscriptionBuilder`` has it.
    private var shiftedHand: String?
    /// In a `sourceDoc`, the kind of the zone in which the last line ends with a hyphen: the next may go on with its word.
    private var zoneOfDividedWord: String?
    private var isSourceDoc = false
    /// Where spans end that have begun.
    private var spanEnds: Set<Int> = []
    /// How many hands are described so far, and whether one has a `@scope`.
    private var hands = 0
    private var hasScope = false
    /// The hashes of the ids of what describes a witness if a `@wit` points at it.
    private var sources: Set<Int> = []
    /// The questions to the source of the events about this event.
    private var questions: [(Question, at: EventPlace)] = []
    /// Offset of the first element.
    private(set) var start = 0
    /// The reasons why the file cannot be read in parts.
    private(set) var obstacles: [Diagnostic] = []

    private enum Question {
        case start
        /// What all parts have, or none, by where it began.
        case endOfHeader(Int)
        case endOfOmitted(Int)
        case cut
        case endOfDocument
        /// A container has words directly in it. The value is its number among the open elements.
        case words(in: Int)
        /// What reaches from one part into another; where it stays within a document, a small one may have it.
        case obstacle(String, isWithinDocument: Bool)
    }

    init(_ path: String, size: Int?, limit: Int) {
        (self.path, self.size, self.limit) = (path, size, limit)
        ownPath =
            path.pathComponents.last.flatMap { Reference(String($0).percentEncodedPath).path(relativeTo: path) } ?? path
    }

    var documents: [StreamedText.Document] {
        let documentsSoFar = documentsSoFar.filter { $0.texts > 0 || !$0.isTEI }
        return documentsSoFar.enumerated().map { index, scanned in
            let name =
                documentsSoFar.count == 1
                ? EditionFiles.name(of: path) : EditionFiles.name(in: path, id: scanned.id, number: index + 1)
            return StreamedText.Document(name: name, location: scanned.location, parts: scanned.parts)
        }
    }

    // MARK: Events

    func declare(_ name: QName) { names.append(Name(name)) }

    func declare(unparsedEntity name: String) {}

    func startElement(_ name: Int, at place: EventPlace) -> Bool {
        let known = names[name]
        let kind = kind(of: known)
        if let parent = frames.last, parent.kind == .document {
            shiftedHand = nil
            if known.reach == .text { scanned?.texts += 1 }
            (isSourceDoc, zoneOfDividedWord) = (known.tei == "sourceDoc", nil)
        }
        switch kind {
        case .document:
            scanned = ScannedDocument(
                number: documentsSoFar.count, isTEI: known.tei == "TEI", corpora: openElements,
                location: SourceLocation(file: path, line: 1, column: 1, byteOffset: 0))
            ask(.start, at: place)
        case .corpus, .container: ask(.start, at: place)
        case .header where frames.last?.kind != .header, .beside where frames.last?.kind == .document:
            ask(.start, at: place)
        case .header, .whole, .beside: break
        }
        if known.isNotable { note(known, kind, at: place) }
        if isSourceDoc, known.tei == "line", zoneOfDividedWord == kindOfZone { zoneOfDividedWord = nil }
        frames.append(Frame(name: name, kind: kind, shiftedHand: shiftedHand))
        return !questions.isEmpty
    }

    func attribute(_ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let known = names[name]
        if known.isID { identify(value.string, at: place) }
        if isSourceDoc, known.isType { frames[frames.count - 1].type = value.string }
        if known.isBase { refuse("xml:base changes what pointers mean", at: place) }
        if let attribute = known.attribute, scanned != nil || frames[frames.count - 1].kind == .header {
            note(attribute, value.string, at: place)
        }
        return !questions.isEmpty
    }

    func endAttributes() -> Bool { false }

    func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool {
        if isSourceDoc { noteHyphen(at: text, place) }
        guard let frame = frames.last, frame.kind == .container, frame.words == nil else { return !questions.isEmpty }
        if text.indices.contains(where: { !text[$0].isXMLSpace }) { noteWords(at: place) }
        return !questions.isEmpty
    }

    func endElement(at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let frame = frames.removeLast()
        if let id = frame.id { spanEnds.remove(id) }
        if frame.hasHand { shiftedHand = frame.shiftedHand }
        if let hand = frame.newHand { shiftedHand = hand }
        if let id = frame.id, frame.isNamed { links.name(id) }
        if let speaker = frame.speaker { note(speaker: speaker, at: place) }
        let around = frames.last?.kind
        switch frame.kind {
        case .document: ask(.endOfDocument, at: place)
        case .header where around != .header: if let offset = frame.offset { ask(.endOfHeader(offset), at: place) }
        case .beside where around == .document: if let offset = frame.offset { ask(.endOfOmitted(offset), at: place) }
        case .container, .whole:
            if names[frame.name].endsParagraph, around == .container || around == .document, spanEnds.isEmpty,
                zoneOfDividedWord == nil
            {
                ask(.cut, at: place)
            }
        case .corpus, .header, .beside: break
        }
        return !questions.isEmpty
    }

    func locate(_ locator: some EventLocator) {
        let asked = questions
        questions = []
        for (question, place) in asked {
            switch question {
            case .start: start(at: place, locator)
            case .endOfHeader(let start):
                frames[frames.count - 1].headers.append(start..<locator.end)
                scanned?.sizeOfHeaders += locator.end - start
            case .endOfOmitted(let start): scanned?.omitted.append(start..<locator.end)
            case .cut: if locator.offset(of: place) != nil { cut(at: locator.end) { locator.location(of: place) } }
            case .endOfDocument: endDocument(at: locator.end)
            case .obstacle(let words, let isWithinDocument):
                let diagnostic = Messages.notStreamed(words, at: locator.location(of: place))
                if isWithinDocument { scanned?.refuse(diagnostic) } else { obstacles.append(diagnostic) }
            case .words(let index):
                frames[index].words = locator.location(of: place)
                if frames[index].isDivided {
                    scanned?.refuse(Messages.notStreamed(StreamScanner.words, at: locator.location(of: place)))
                }
            }
        }
    }

    /// A word that a line divides is whole in one part.
    private func noteHyphen(at text: Span<UInt8>, _ place: EventPlace) {
        if text.count > 1, text[0] == UInt8(ascii: "-"), text[1] > 0x60,
            frames.last.map({ names[$0.name].tei }) == "line"
        {
            refuse("a line begins with the hyphen of a word", at: place)
        }
        guard let last = text.indices.last(where: { !text[$0].isXMLSpace }),
            LayoutBuilder.mayEndHyphen(text[last])
        else { return }
        let zone = kindOfZone
        if !ElementTable.sheetZones.contains(zone) { zoneOfDividedWord = zone }
    }

    /// The `@type` of the innermost zone, or nothing.
    private var kindOfZone: String { frames.last { names[$0.name].tei == "zone" }?.type ?? "" }

    private func ask(_ question: Question, at place: EventPlace) { questions.append((question, place)) }

    // MARK: Places

    private func kind(of known: Name) -> Frame.Kind {
        guard let parent = frames.last else { return known.tei == "teiCorpus" ? .corpus : .document }
        switch (parent.kind, known.tei) {
        case (.corpus, "TEI"): return .document
        case (.corpus, "teiCorpus"): return .corpus
        case (.corpus, "teiHeader"): return .header
        case (.corpus, _): return .beside
        case (.document, "teiHeader") where scanned?.texts == 0, (.document, "standOff") where scanned?.texts == 0:
            return .header
        case (.document, _) where known.behaviour == .metadata: return .beside
        case (.container, _) where known.behaviour == .metadata, (.whole, _) where known.behaviour == .metadata:
            return .beside
        case (.document, _), (.container, _): return known.isContainer ? .container : .whole
        case (.header, _), (.whole, _), (.beside, _): return parent.kind
        }
    }

    /// Where pointers are looked up from, and where an `xml:id` is found.
    private var scope: CrossReferences.Scope {
        let kind = frames[frames.count - 1].kind
        guard let scanned else { return kind == .header ? .corpus : .nowhere }
        switch kind {
        case .header: return CrossReferences.Scope(scanned: scanned.number, part: CrossReferences.Scope.header)
        case .beside: return CrossReferences.Scope(scanned: scanned.number, part: CrossReferences.Scope.beside)
        default: return CrossReferences.Scope(scanned: scanned.number, part: scanned.cuts.count)
        }
    }

    private func start(at place: EventPlace, _ locator: some EventLocator) {
        let last = frames.count - 1
        guard let offset = locator.offset(of: place) else {
            switch frames[last].kind {
            case .container: frames[last].kind = .whole
            case .beside: break
            default:
                let diagnostic = Messages.notStreamed(
                    "an entity brings in <\(names[frames[last].name].tei)>", at: locator.location(of: place))
                if scanned != nil, frames[last].kind == .header {
                    scanned?.refuse(diagnostic)
                } else {
                    obstacles.append(diagnostic)
                }
            }
            return
        }
        frames[last].offset = offset
        if last == 0 { start = offset }
        guard frames[last].kind == .document else { return }
        scanned?.range = offset..<offset
        scanned?.location = locator.location(of: place)
        if declaresIDs {
            scanned?.refuse(
                Messages.notStreamed(
                    "the document type declares attributes, and may make ids of them", at: locator.location(of: place)))
        }
    }

    /// Whether the document type declares attributes.
    private lazy var declaresIDs = String(decoding: FileAccess.bytes(ofFile: path, in: 0..<start) ?? [], as: UTF8.self)
        .contains("<!ATTLIST")

    private var openElements: [OpenElement] {
        frames.indices.map { index in
            let frame = frames[index]
            let hand = index + 1 < frames.count ? frames[index + 1].shiftedHand : shiftedHand
            return OpenElement(
                offset: frame.offset ?? 0, shared: frame.headers, shiftedHand: frame.kind == .container ? hand : nil)
        }
    }

    private func cut(at end: Int, location: () -> SourceLocation) {
        guard var scanned else { return }
        guard scanned.size(to: end) >= size ?? max(256 << 10, scanned.sizeOfHeaders) else { return }
        let location = location()
        scanned.measure(to: end)
        scanned.cuts.append((end, location, openElements))
        for index in frames.indices where frames[index].kind == .container {
            frames[index].isDivided = true
            if let words = frames[index].words { scanned.refuse(Messages.notStreamed(StreamScanner.words, at: words)) }
            if frames[index].isLinked { scanned.refuse(Messages.notStreamed(StreamScanner.links, at: location)) }
            if let id = frames[index].id { links.divide(id) }
        }
        self.scanned = scanned
    }

    private func endDocument(at end: Int) {
        guard var scanned else { return }
        scanned.range = scanned.range.lowerBound..<end
        scanned.measure(to: end)
        if scanned.range.count <= limit, scanned.obstacle != nil { scanned.cuts = [] }
        if !scanned.cuts.isEmpty, let obstacle = scanned.obstacle { obstacles.append(obstacle) }
        if !scanned.cuts.isEmpty || scanned.range.count > limit, let largest = scanned.largest, largest.size > limit,
            obstacles.isEmpty
        {
            obstacles.append(Messages.tooLargePart(largest.size, limit, at: largest.location))
        }
        documentsSoFar.append(scanned)
        (self.scanned, shiftedHand, spanEnds) = (nil, nil, [])
    }

    // MARK: What reaches beyond a part

    private static let links = "a division that is pointed at, or is a fragment, is itself divided"
    private static let shifts = "the hand changes within an addition, a deletion or a fragment"
    private static let words = "words stand beside paragraphs, between which notes are printed at the end"

    private func refuse(_ words: String, isWithinDocument: Bool = true, at place: EventPlace) {
        if !isWithinDocument || scanned?.obstacle == nil {
            ask(.obstacle(words, isWithinDocument: isWithinDocument), at: place)
        }
    }

    private func note(_ known: Name, _ kind: Frame.Kind, at place: EventPlace) {
        if known.isInclude { refuse("<xi:include> is not followed", isWithinDocument: false, at: place) }
        if known.isName, !frames.isEmpty { frames[frames.count - 1].isNamed = true }
        if known.tei == "handNote" { hands += 1 }
        guard scanned != nil, kind != .document else { return }
        let parent = frames[frames.count - 1]
        switch known.reach {
        case .document: refuse("a document stands within another", isWithinDocument: false, at: place)
        case .stage where names[parent.name].tei == "listChange" && kind != .header:
            refuse("a stage is described outside of the header", at: place)
        case .matter:
            guard isMainText else { return }
            scanned?.hasMatter = true
            noteHand(at: place)
        case .description where kind != .header:
            refuse("<\(known.tei)> stands outside of the header", at: place)
        case .following:
            refuse("<\(known.tei)> says of all that follows which witnesses have it", at: place)
        case .apparatus where kind == .header || kind == .beside || scanned?.isLocationReferenced == true:
            refuse("an <app> elsewhere is about a place in the text", at: place)
        case .fragments: noteFragments(at: place)
        case .speaker: frames[frames.count - 1].speaker = nil
        case .text where parent.kind == .document: noteHand(at: place)
        default:
            guard parent.kind == .container, known.isPhrase || known.behaviour == .note && !known.isNote else { return }
            noteWords(at: place)
        }
    }

    private func noteWords(at place: EventPlace) {
        if frames[frames.count - 1].words == nil { ask(.words(in: frames.count - 1), at: place) }
    }

    private func identify(_ id: String, at place: EventPlace) {
        let id = String(decoding: Array(id.utf8)[...].trimmingXMLSpace, as: UTF8.self)
        let number = CodepointString(id).hashValue
        let last = frames.count - 1
        if frames[last].kind == .document { scanned?.id = id }
        frames[last].id = number
        let (reach, isTarget) = links.found(number, in: scope)
        frames[last].isLinked = frames[last].isLinked || isTarget
        refuse(reach, "‘\(id)’ is pointed at", at: place)
        if isStage { scanned?.hasStages = true }
        if Witness.sources.contains(names[frames[last].name].tei) { sources.insert(number) }
    }

    /// Whether the innermost element is a stage of writing, as ``Stage/list(of:)`` has it.
    private var isStage: Bool {
        let open = frames.suffix(2).map { names[$0.name].tei }
        return open == ["listChange", "change"] && frames[frames.count - 1].kind == .header
            && !frames.contains { names[$0.name].tei == "revisionDesc" }
    }

    /// Whether the innermost element is the document's text.
    private var isMainText: Bool {
        frames.count > 1 && names[frames[frames.count - 1].name].tei == "text"
            && frames[frames.count - 2].kind == .document
    }

    /// The hand of the text is named by one element, which is not open in all parts.
    private func noteHand(at place: EventPlace) {
        guard let scanned, scanned.hasTextHand && scanned.texts > 1 || scanned.hasBodyHand && scanned.hasMatter else {
            return
        }
        refuse("the hand of the text is named in one part of it", at: place)
    }

    private func refuse(_ reach: CrossReferences.Reach, _ words: String, at place: EventPlace) {
        switch reach {
        case .part: break
        case .document: refuse(words + " from another part of the document", at: place)
        case .file: refuse(words + " from another document", isWithinDocument: false, at: place)
        }
    }

    private func note(_ attribute: Name.Attribute, _ value: String, at place: EventPlace) {
        let last = frames.count - 1
        let element = names[frames[last].name].tei
        // Of what is beside the text, only what changes it.
        let isHeader = [.header, .beside].contains(frames[last].kind)
        switch attribute {
        case .method:
            if element == "variantEncoding", value == "location-referenced" { scanned?.isLocationReferenced = true }
        case .seq:
            if !isHeader, scanned?.hasStages == false {
                refuse("@seq numbers stages that the header does not list", at: place)
            }
        case .loc: if element == "app" { refuse("an <app> elsewhere is about a place in the text", at: place) }
        case .unit:
            if isSourceDoc, element == "milestone", ["p", "tei:p"].contains(value) {
                refuse("paragraphs go on from page to page", at: place)
            }
        case .scope: if element == "handNote" { hasScope = true }
        case .resp: if !isHeader { noteOnlyHand(element, at: place) }
        case .scribe, .scribeRef, .corresp:
            if element == "handShift", attribute != .corresp {
                refuse("a <handShift> names its hand by the scribe", at: place)
            } else if ["handNote", "zone"].contains(element), attribute != .scribe {
                point(value, at: place)
            }
        case .target: if isTarget(element, isHeader) { point(value, at: place) }
        case _ where isHeader: break
        case .hand, .new:
            guard attribute == .hand || element == "handShift" else { return }
            noteOnlyHand(element, at: place)
            point(value, at: place)
            if value.contains("#"), value.utf8.first != UInt8(ascii: "#") {
                refuse("the hand ‘\(value)’ is described in another file", at: place)
            }
            shift(attribute, value, element, at: place)
        case .spanTo:
            point(value, at: place)
            if let id = Reference(value).fragment { spanEnds.insert(CodepointString(id).hashValue) }
        case .who: if ["sp", "said", "u"].contains(element) { frames[last].speaker = value }
        case .next, .prev:
            noteFragments(at: place)
            frames[last].isLinked = true
            point(value, at: place)
        case .wit:
            point(value, at: place)
            if let pointer = value.tokens.first(where: isListedByPart) {
                refuse("the header does not list the witness ‘\(pointer)’", at: place)
            }
        case .to where element == "app": refuse("an <app> elsewhere is about a place in the text", at: place)
        case .change, .from, .to: point(value, at: place)
        }
    }

    /// Whether the only hand is that of the text depends on who points at it.
    private func noteOnlyHand(_ element: String, at place: EventPlace) {
        guard hands == 1, !hasScope, Hands.marks.contains(element) else { return }
        refuse("the only hand that is described is named by a note or a mark", at: place)
    }

    /// Whether a pointer makes what it leads to one of the witnesses, which then not all parts would list.
    private func isListedByPart(_ pointer: String) -> Bool {
        let reference = Reference(pointer)
        guard let id = reference.fragment else { return false }
        return !reference.resource.isEmpty || sources.contains(CodepointString(id).hashValue)
    }

    /// Whether what `@target` points at makes a text another.
    private func isTarget(_ element: String, _ isHeader: Bool) -> Bool {
        switch element {
        case "ref": false
        case "ptr": frames.count > 1 && names[frames[frames.count - 2].name].tei == "transpose"
        case "undo", "redo", "substJoin", "alt": true
        case "note", "noteGrp": !isHeader || frames.contains { names[$0.name].tei == "standOff" }
        default: !isHeader
        }
    }

    private func shift(_ attribute: Name.Attribute, _ value: String, _ element: String, at place: EventPlace) {
        if attribute == .new {
            frames[frames.count - 1].newHand = value
            scanned?.hasShifts = true
            let isWithinChange = frames.contains { ["add", "del", "note"].contains(names[$0.name].tei) }
            if isWithinChange || scanned?.hasFragments == true { refuse(StreamScanner.shifts, at: place) }
            return
        }
        let last = frames.count - 1
        frames[last].hasHand = true
        shiftedHand = nil
        if last > 0, frames[last - 1].kind == .document { scanned?.hasTextHand = true }
        if last > 1, element == "body", frames[last - 2].kind == .document { scanned?.hasBodyHand = true }
        noteHand(at: place)
    }

    /// A speech without a `speaker` gets a name that is described elsewhere.
    private func note(speaker: String, at place: EventPlace) {
        point(speaker, at: place)
        let areNamed = speaker.tokens.map(Reference.init).allSatisfy { reference in
            reference.resource.isEmpty
                && reference.fragment.map { links.isNamed(CodepointString($0).hashValue) } ?? false
        }
        guard !areNamed else { return }
        refuse("the name of whoever speaks here may stand elsewhere", at: place)
    }

    private func noteFragments(at place: EventPlace) {
        scanned?.hasFragments = true
        if scanned?.hasShifts == true { refuse(StreamScanner.shifts, at: place) }
    }

    private func point(_ pointers: String, at place: EventPlace) {
        for pointer in pointers.tokens {
            let reference = Reference(pointer)
            guard let id = reference.fragment.map({ CodepointString($0).hashValue }),
                reference.resource.isEmpty || reference.path(relativeTo: path).isSame(as: ownPath)
            else { continue }
            if let index = frames.firstIndex(where: { $0.id == id }) { frames[index].isLinked = true }
            if links.isDivided(id) { refuse(StreamScanner.links, at: place) }
            refuse(links.point(to: id, from: scope), "‘\(pointer)’ leads", at: place)
        }
    }
}

extension StreamScanner {
    /// The facts about an element or attribute that its name gives.
    fileprivate struct Name {
        /// The attributes of which anything is to be known.
        enum Attribute: String {
            case hand, new, who, change, wit, next, prev, from, to, spanTo, loc, target, scribe, scribeRef, corresp, seq
            case method, resp, scope, unit
        }

        /// The local name of a TEI element; empty for other elements.
        let tei: String
        let behaviour: Behaviour?
        let attribute: Attribute?
        let reach: ElementTable.Reach
        let isID, isBase, isType, isInclude, isPhrase, isName, isNote: Bool
        /// Whether there is something to be noted about it.
        let isNotable: Bool

        init(_ name: QName) {
            tei = name.namespace == Namespace.tei ? name.localName : ""
            behaviour = ElementTable.tei.behaviour(named: tei)
            let facts = ElementTable.tei.facts(named: tei)
            reach = facts.reach
            attribute = name.namespace == nil ? Attribute(rawValue: name.localName) : nil
            isID = name.namespace == Namespace.xml && name.localName == "id"
            isBase = name.namespace == Namespace.xml && name.localName == "base"
            isType = name.namespace == nil && name.localName == "type"
            isInclude = name.namespace == Namespace.xinclude && name.localName == "include"
            isPhrase = facts.isPhrase || facts.alternative != nil
            isNote = facts.mayMark && behaviour == .note
            isName = Entities.nameElements.contains(tei)
            isNotable = isInclude || isPhrase || isName || behaviour == .note || reach != .part
        }

        /// Whether a document can be divided between what it holds.
        var isContainer: Bool { behaviour?.isDivision ?? false }
        /// Whether an empty line follows it in a text.
        var endsParagraph: Bool { behaviour?.separation == 2 }
    }

    /// An element that is open.
    fileprivate struct Frame {
        enum Kind {
            case corpus, document
            /// Headers, which all parts have.
            case header
            /// An element that can be divided between the paragraphs, lines and divisions in it.
            case container
            /// An element that is not divided, or is within one.
            case whole
            /// An element beside the text, in the last part or in none.
            case beside
        }

        let name: Int
        var kind: Kind
        /// The hand of the last `handShift` before the element.
        let shiftedHand: String?
        /// Of its start tag, for what is not whole.
        var offset: Int?
        var hasHand = false
        /// The hand that it shifts to.
        var newHand: String?
        /// The hash of the `xml:id`.
        var id: Int?
        /// Whether one of its children says what it is called.
        var isNamed = false
        /// Where it has words directly in it, or notes that wait for its end; and whether a part ends in it.
        var words: SourceLocation?
        var isDivided = false
        /// Whether it is pointed at, or is a fragment.
        var isLinked = false
        /// In a `sourceDoc`, `@type`.
        var type: String?
        /// For a speech without a `speaker`: `@who`.
        var speaker: String?
        /// Headers that were in it.
        var headers: [Range<Int>] = []

        init(name: Int, kind: Kind, shiftedHand: String?) {
            (self.name, self.kind, self.shiftedHand) = (name, kind, shiftedHand)
        }
    }
}

extension Span<UInt8> {
    fileprivate var string: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in indices { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
