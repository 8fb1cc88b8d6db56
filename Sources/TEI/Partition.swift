public import XML

/// A file of which only a part is held at a time, so that it may be larger than the memory: each document in it, and of
/// a large document one stretch of paragraphs, lines or divisions after the other.
///
///     let file = try Partition("corpus.xml", root: nil)
///     for document in file.documents {
///         for part in document.parts {
///             for text in try file.texts(of: part, [.reading]) { print(text.policy, text.text) }
///         }
///     }
///
/// The texts of a document's parts, with an empty line between those that are not empty, are its text as ``TextFormat``
/// writes it of the whole. Where something reaches from one part into another that makes the texts others, such as a
/// lacuna or a pointer, the file is refused.
public struct Partition: Sendable {
    /// A document of the file that has a text.
    public struct Document: Sendable {
        /// The name under which it is exported: see ``EditionFiles/Item``.
        public let name: String
        /// Where it begins.
        public let location: SourceLocation
        public let parts: [Part]
    }

    /// A stretch of a document.
    public struct Part: Sendable {
        /// In bytes of the file.
        public let range: Range<Int>
        /// What is open where it begins, and where it ends.
        fileprivate let before, behind: [OpenElement]
        /// What in it is beside the text, and not read.
        fileprivate let omitted: [Range<Int>]
        /// How many elements there are outside of the document.
        fileprivate let depth: Int
        /// Where the document begins, and whether this is all of it.
        fileprivate let location: SourceLocation
        fileprivate let isWhole: Bool
    }

    public let path: String
    public let documents: [Document]
    private let library: PointerResolver
    /// The file as it was when it was divided.
    private let signature: [Int]
    private let byteOrderMark: Int
    /// What stands before the first element.
    private let prolog: Range<Int>

    /// Reads a file from its beginning to its end, and finds where it can be divided.
    ///
    /// - Parameters:
    ///   - path: a file in UTF-8 that can be read twice.
    ///   - root: as in ``EditionFiles/read(_:bytes:root:sharing:)``.
    ///   - size: how large a part is at least before it is divided from the next, in bytes; by default as large as the
    ///     headers that go before each, and 256 kB.
    ///   - limit: how large one may be. A document that is not larger is not divided where something reaches from one
    ///     part into another.
    /// - Throws: ``XML/Diagnostics`` where the file cannot be read, is not well-formed, or cannot be divided.
    public init(_ path: String, root: String?, size: Int? = nil, limit: Int = 16 << 20) throws(Diagnostics) {
        guard path != "-", FileAccess.kind(of: path) != .special else { throw Diagnostics([Messages.readOnce(path)]) }
        library = try EditionFiles.library(for: path, root: root)
        try library.access.check(path)
        guard let byteOrderMark = try XML.Document.byteOrderMark(ofFile: path) else {
            throw Diagnostics([Messages.otherEncoding(path)])
        }
        signature = FileAccess.signature(of: path)
        let reader = PartitionReader(path, size: size, limit: limit)
        let found = try XML.Document.stream(path, to: reader)
        let wrong = found + reader.obstacles
        guard wrong.isEmpty else { throw Diagnostics(wrong) }
        self.path = path
        self.byteOrderMark = byteOrderMark
        documents = reader.documents
        prolog = 0..<reader.start
    }

    /// The texts of a part.
    ///
    /// - Parameter policies: which; `nil` for all that the document has.
    /// - Returns: the text of each policy, in their order, which may be empty.
    /// - Throws: ``XML/Diagnostics`` where the document has no text of a policy, or the file is not what it was.
    public func texts(of part: Part, _ policies: [Policy]?) throws(Diagnostics) -> [(policy: Policy, text: String)] {
        guard FileAccess.signature(of: path) == signature else { throw Diagnostics([Messages.changed(path)]) }
        let document = try XML.Document(bytes(of: part), path: path)
        var element = document.root
        for _ in 0..<part.depth { element = element.childElements.reduce(element) { $1 } }
        let transcription = Transcription(of: element, library: library)
        for policy in policies ?? [] {
            // A hand that no header describes is not known in all parts.
            let isEverywhere =
                if !part.isWhole, policy.kind.subject == .hand {
                    transcription.hands.contains { policy.name.isSame(as: $0.id) && $0.isDescribed }
                } else { true }
            guard isEverywhere else {
                throw Diagnostics([Messages.undescribedHand(policy, transcription, at: part.location)])
            }
            guard transcription.has(policy) else {
                throw Diagnostics([Messages.noSuchPolicy(policy, transcription, at: part.location)])
            }
        }
        return (policies ?? transcription.policies).map { ($0, transcription.reading($0).text) }
    }

    /// The part as a document of its own, in which the header is not missing.
    private func bytes(of part: Part) throws(Diagnostics) -> [UInt8] {
        var bytes = try bytes(in: prolog)
        for element in part.before {
            bytes += try startTag(at: element.offset)
            for range in element.shared { bytes += try self.bytes(in: range) }
            if let hand = element.shiftedHand {
                bytes += "<handShift xmlns=\"\(Namespace.tei)\" new=\"\(hand.escapedAsAttribute)\"/>".utf8
            }
        }
        var start = part.range.lowerBound
        for range in part.omitted {
            bytes += try self.bytes(in: start..<range.lowerBound)
            start = range.upperBound
        }
        bytes += try self.bytes(in: start..<part.range.upperBound)
        for element in part.behind.reversed() {
            let name = try startTag(at: element.offset).dropFirst().prefix { !$0.isXMLSpace && $0 != UInt8(ascii: ">") }
            bytes += "</".utf8 + name + ">".utf8
        }
        return bytes
    }

    private func startTag(at offset: Int) throws(Diagnostics) -> ArraySlice<UInt8> {
        var length = 1 << 10
        while true {
            let found = try bytes(in: offset..<(offset + length), isWhole: false)
            let tag = StartTag(found.span, from: 0, to: found.count)
            if tag.end < found.count || found.count < length { return found[..<tag.end] }
            length *= 8
        }
    }

    private func bytes(in range: Range<Int>, isWhole: Bool = true) throws(Diagnostics) -> [UInt8] {
        let range = (range.lowerBound + byteOrderMark)..<(range.upperBound + byteOrderMark)
        guard let found = FileAccess.bytes(ofFile: path, in: range), !isWhole || found.count == range.count else {
            throw Diagnostics([Messages.changed(path)])
        }
        return found
    }
}

/// An element that is open where a part begins.
private struct OpenElement {
    /// Of its start tag.
    let offset: Int
    /// What each part has of its content: headers.
    var shared: [Range<Int>] = []
    /// The hand that has been shifted to in it (`handShift`), as a pointer.
    var shiftedHand: String?
}

// MARK: - Finding where a file can be divided

/// Hears of a file, and notes where it can be divided, and what speaks against it.
private final class PartitionReader: ContentHandler {
    private let path: String
    /// The path as a reference to it in the file itself means it.
    private let ownPath: String
    private let size: Int?
    private let limit: Int
    private var names: [Name] = []
    private var frames: [Frame] = []
    private var units: [Unit] = []
    private var unit: Unit?
    private var links = Links()
    /// The hand that has been shifted to, as ``Walker`` has it.
    private var shiftedHand: String?
    /// Where spans end that have begun.
    private var spanEnds: Set<Int> = []
    /// What the source of the events is asked about this one.
    private var questions: [(Question, at: EventPlace)] = []
    /// Offset of the first element.
    private(set) var start = 0
    /// What keeps the file from being read in parts.
    private(set) var obstacles: [Diagnostic] = []

    private enum Question {
        case start
        /// What all parts have, or none, by where it began.
        case endOfHeader(Int)
        case endOfOmitted(Int)
        case cut
        case endOfDocument
        /// Words stand in a container, by its number among the open elements.
        case words(in: Int)
        /// What reaches from one part into another; where it stays within a document, a small one may have it.
        case obstacle(String, isWithinDocument: Bool)
    }

    init(_ path: String, size: Int?, limit: Int) {
        (self.path, self.size, self.limit) = (path, size, limit)
        ownPath =
            path.pathComponents.last.flatMap { Reference(String($0).percentEncodedPath).path(relativeTo: path) } ?? path
    }

    var documents: [Partition.Document] {
        let units = units.filter { $0.texts > 0 || !$0.isTEI }
        return units.enumerated().map { index, unit in
            let name =
                units.count == 1
                ? EditionFiles.name(of: path) : EditionFiles.name(in: path, id: unit.id, number: index + 1)
            return Partition.Document(name: name, location: unit.location, parts: unit.parts)
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
            if known.reach == .text { unit?.texts += 1 }
        }
        switch kind {
        case .document:
            unit = Unit(
                number: units.count, isTEI: known.tei == "TEI", corpora: openElements,
                location: SourceLocation(file: path, line: 1, column: 1, byteOffset: 0))
            ask(.start, at: place)
        case .corpus, .container: ask(.start, at: place)
        case .header where frames.last?.kind != .header, .beside where frames.last?.kind == .document:
            ask(.start, at: place)
        case .header, .whole, .beside: break
        }
        if known.isNotable { note(known, kind, at: place) }
        frames.append(Frame(name: name, kind: kind, shiftedHand: shiftedHand))
        return !questions.isEmpty
    }

    func attribute(_ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let known = names[name]
        if known.isID { identify(value.string, at: place) }
        if known.isBase { oppose("xml:base changes what pointers mean", at: place) }
        if let attribute = known.attribute, unit != nil || frames[frames.count - 1].kind == .header {
            note(attribute, value.string, at: place)
        }
        return !questions.isEmpty
    }

    func endAttributes() -> Bool { false }

    func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool {
        guard let frame = frames.last, frame.kind == .container, frame.words == nil else { return false }
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
            if names[frame.name].endsParagraph, around == .container || around == .document, spanEnds.isEmpty {
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
                unit?.sizeOfHeaders += locator.end - start
            case .endOfOmitted(let start): unit?.omitted.append(start..<locator.end)
            case .cut: if locator.offset(of: place) != nil { cut(at: locator.end) { locator.location(of: place) } }
            case .endOfDocument: endDocument(at: locator.end)
            case .obstacle(let words, let isWithinDocument):
                let diagnostic = Messages.notStreamed(words, at: locator.location(of: place))
                if isWithinDocument { unit?.oppose(diagnostic) } else { obstacles.append(diagnostic) }
            case .words(let index):
                frames[index].words = locator.location(of: place)
                if frames[index].isDivided {
                    unit?.oppose(Messages.notStreamed(PartitionReader.words, at: locator.location(of: place)))
                }
            }
        }
    }

    private func ask(_ question: Question, at place: EventPlace) { questions.append((question, place)) }

    // MARK: What stands where

    private func kind(of known: Name) -> Frame.Kind {
        guard let parent = frames.last else { return known.tei == "teiCorpus" ? .corpus : .document }
        switch (parent.kind, known.tei) {
        case (.corpus, "TEI"): return .document
        case (.corpus, "teiCorpus"): return .corpus
        case (.corpus, "teiHeader"): return .header
        case (.corpus, _): return .beside
        case (.document, "teiHeader") where unit?.texts == 0, (.document, "standOff") where unit?.texts == 0:
            return .header
        case (.document, _) where known.behaviour == .metadata: return .beside
        case (.container, _) where known.behaviour == .metadata, (.whole, _) where known.behaviour == .metadata:
            return .beside
        case (.document, _), (.container, _): return known.isContainer ? .container : .whole
        case (.header, _), (.whole, _), (.beside, _): return parent.kind
        }
    }

    /// Where pointers are looked up from, and where an `xml:id` is found.
    private var scope: Links.Scope {
        let kind = frames[frames.count - 1].kind
        guard let unit else { return kind == .header ? .corpus : .nowhere }
        switch kind {
        case .header: return Links.Scope(unit: unit.number, part: Links.Scope.header)
        case .beside: return Links.Scope(unit: unit.number, part: Links.Scope.beside)
        default: return Links.Scope(unit: unit.number, part: unit.cuts.count)
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
                if unit != nil, frames[last].kind == .header {
                    unit?.oppose(diagnostic)
                } else {
                    obstacles.append(diagnostic)
                }
            }
            return
        }
        frames[last].offset = offset
        if last == 0 { start = offset }
        guard frames[last].kind == .document else { return }
        unit?.range = offset..<offset
        unit?.location = locator.location(of: place)
        if declaresIDs {
            unit?.oppose(
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
        guard var unit else { return }
        guard unit.size(to: end) >= size ?? max(256 << 10, unit.sizeOfHeaders) else { return }
        let location = location()
        unit.measure(to: end)
        unit.cuts.append((end, location, openElements))
        for index in frames.indices where frames[index].kind == .container {
            frames[index].isDivided = true
            if let words = frames[index].words { unit.oppose(Messages.notStreamed(PartitionReader.words, at: words)) }
            if frames[index].isLinked { unit.oppose(Messages.notStreamed(PartitionReader.links, at: location)) }
            if let id = frames[index].id { links.divide(id) }
        }
        self.unit = unit
    }

    private func endDocument(at end: Int) {
        guard var unit else { return }
        unit.range = unit.range.lowerBound..<end
        unit.measure(to: end)
        if unit.range.count <= limit, unit.obstacle != nil { unit.cuts = [] }
        if !unit.cuts.isEmpty, let obstacle = unit.obstacle { obstacles.append(obstacle) }
        if !unit.cuts.isEmpty || unit.range.count > limit, let largest = unit.largest, largest.size > limit,
            obstacles.isEmpty
        {
            obstacles.append(Messages.tooLargePart(largest.size, limit, at: largest.location))
        }
        units.append(unit)
        (self.unit, shiftedHand, spanEnds) = (nil, nil, [])
    }

    // MARK: What reaches beyond a part

    private static let links = "a division that is pointed at, or is a fragment, is itself divided"
    private static let shifts = "the hand changes within an addition, a deletion or a fragment"
    private static let words = "words stand beside paragraphs, between which notes are printed at the end"

    private func oppose(_ words: String, isWithinDocument: Bool = true, at place: EventPlace) {
        if !isWithinDocument || unit?.obstacle == nil {
            ask(.obstacle(words, isWithinDocument: isWithinDocument), at: place)
        }
    }

    private func note(_ known: Name, _ kind: Frame.Kind, at place: EventPlace) {
        if known.isInclude { oppose("<xi:include> is not followed", isWithinDocument: false, at: place) }
        if known.isName, !frames.isEmpty { frames[frames.count - 1].isNamed = true }
        guard unit != nil, kind != .document else { return }
        let parent = frames[frames.count - 1]
        switch known.reach {
        case .document: oppose("a document stands within another", isWithinDocument: false, at: place)
        case .stage where names[parent.name].tei == "listChange" && kind != .header:
            oppose("a stage is described outside of the header", at: place)
        case .matter:
            guard isMainText else { return }
            unit?.hasMatter = true
            noteHand(at: place)
        case .description where kind != .header:
            oppose("<\(known.tei)> stands outside of the header", at: place)
        case .following:
            oppose("<\(known.tei)> says of all that follows which witnesses have it", at: place)
        case .apparatus where kind == .header || kind == .beside || unit?.isLocationReferenced == true:
            oppose("an <app> elsewhere is about a place in the text", at: place)
        case .fragments: noteFragments(at: place)
        case .speaker: frames[frames.count - 1].speaker = nil
        case .text where parent.kind == .document: noteHand(at: place)
        default:
            guard parent.kind == .container, known.isWord || known.behaviour == .note && !known.isNote else { return }
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
        if frames[last].kind == .document { unit?.id = id }
        frames[last].id = number
        let (reach, isTarget) = links.found(number, in: scope)
        frames[last].isLinked = frames[last].isLinked || isTarget
        oppose(reach, "‘\(id)’ is pointed at", at: place)
        if isStage { unit?.hasStages = true }
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
        guard let unit, unit.hasTextHand && unit.texts > 1 || unit.hasBodyHand && unit.hasMatter else { return }
        oppose("the hand of the text is named in one part of it", at: place)
    }

    private func oppose(_ reach: Links.Reach, _ words: String, at place: EventPlace) {
        switch reach {
        case .part: break
        case .document: oppose(words + " from another part of the document", at: place)
        case .file: oppose(words + " from another document", isWithinDocument: false, at: place)
        }
    }

    private func note(_ attribute: Name.Attribute, _ value: String, at place: EventPlace) {
        let last = frames.count - 1
        let element = names[frames[last].name].tei
        // Of what is beside the text, only what changes it.
        let isHeader = [.header, .beside].contains(frames[last].kind)
        switch attribute {
        case .method:
            if element == "variantEncoding", value == "location-referenced" { unit?.isLocationReferenced = true }
        case .seq:
            if !isHeader, unit?.hasStages == false {
                oppose("@seq numbers stages that the header does not list", at: place)
            }
        case .loc: if element == "app" { oppose("an <app> elsewhere is about a place in the text", at: place) }
        case .scribeRef, .corresp: if element == "handNote" { point(value, at: place) }
        case .target: if isTarget(element, isHeader) { point(value, at: place) }
        case _ where isHeader: break
        case .hand, .new:
            guard attribute == .hand || element == "handShift" else { return }
            point(value, at: place)
            if value.contains("#"), value.utf8.first != UInt8(ascii: "#") {
                oppose("the hand ‘\(value)’ is described in another file", at: place)
            }
            shift(attribute, value, element, at: place)
        case .spanTo:
            point(value, at: place)
            if let id = Reference(value).fragment { spanEnds.insert(CodepointString(id).hashValue) }
        case .who: if ["sp", "said"].contains(element) { frames[last].speaker = value }
        case .next, .prev:
            noteFragments(at: place)
            frames[last].isLinked = true
            point(value, at: place)
        case .change, .wit, .from, .to: point(value, at: place)
        }
    }

    /// Whether what `@target` points at makes a text another.
    private func isTarget(_ element: String, _ isHeader: Bool) -> Bool {
        switch element {
        case "ref": false
        case "ptr": frames.count > 1 && names[frames[frames.count - 2].name].tei == "transpose"
        case "undo", "redo", "substJoin": true
        default: !isHeader
        }
    }

    private func shift(_ attribute: Name.Attribute, _ value: String, _ element: String, at place: EventPlace) {
        if attribute == .new {
            frames[frames.count - 1].newHand = value
            unit?.hasShifts = true
            let isWithinChange = frames.contains { ["add", "del"].contains(names[$0.name].tei) }
            if isWithinChange || unit?.hasFragments == true { oppose(PartitionReader.shifts, at: place) }
            return
        }
        let last = frames.count - 1
        frames[last].hasHand = true
        shiftedHand = nil
        if last > 0, frames[last - 1].kind == .document { unit?.hasTextHand = true }
        if last > 1, element == "body", frames[last - 2].kind == .document { unit?.hasBodyHand = true }
        noteHand(at: place)
    }

    /// A speech that has no `speaker` gets the name of whoever is described elsewhere.
    private func note(speaker: String, at place: EventPlace) {
        point(speaker, at: place)
        let first = speaker.tokens.first.map(Reference.init)
        if let id = first?.fragment, first?.resource.isEmpty == true, links.isNamed(CodepointString(id).hashValue) {
            return
        }
        oppose("the name of whoever speaks here may stand elsewhere", at: place)
    }

    private func noteFragments(at place: EventPlace) {
        unit?.hasFragments = true
        if unit?.hasShifts == true { oppose(PartitionReader.shifts, at: place) }
    }

    private func point(_ pointers: String, at place: EventPlace) {
        for pointer in pointers.tokens {
            let reference = Reference(pointer)
            guard let id = reference.fragment.map({ CodepointString($0).hashValue }),
                reference.resource.isEmpty || reference.path(relativeTo: path).isSame(as: ownPath)
            else { continue }
            if let index = frames.firstIndex(where: { $0.id == id }) { frames[index].isLinked = true }
            if links.isDivided(id) { oppose(PartitionReader.links, at: place) }
            oppose(links.point(to: id, from: scope), "‘\(pointer)’ leads", at: place)
        }
    }
}

extension PartitionReader {
    /// What is known of an element or attribute by its name.
    fileprivate struct Name {
        /// The attributes of which anything is to be known.
        enum Attribute: String {
            case hand, new, who, change, wit, next, prev, from, to, spanTo, loc, target, scribeRef, corresp, seq, method
        }

        /// Of a TEI element; empty for everything else.
        let tei: String
        let behaviour: Behaviour?
        let attribute: Attribute?
        let reach: ElementTable.Reach
        let isID, isBase, isInclude, isWord, isName, isNote: Bool
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
            isInclude = name.namespace == Namespace.xinclude && name.localName == "include"
            isWord = facts.isWord
            isNote = facts.mayMark && behaviour == .note
            isName = Entities.nameElements.contains(tei)
            isNotable = isInclude || isWord || isName || behaviour == .note || reach != .part
        }

        /// Whether a document can be divided between what it holds.
        var isContainer: Bool { behaviour.map { [.text, .body, .section].contains($0) } ?? false }
        /// Whether an empty line goes behind it in a text.
        var endsParagraph: Bool { behaviour?.separation == 2 }
    }

    /// An element that is open.
    fileprivate struct Frame {
        enum Kind {
            case corpus, document
            /// Headers, which all parts have.
            case header
            /// What can be divided between the paragraphs, lines and divisions in it.
            case container
            /// What is not divided, and all that is in it.
            case whole
            /// What is beside the text, and in the last part or in none.
            case beside
        }

        let name: Int
        var kind: Kind
        /// The hand that had been shifted to before it began.
        let shiftedHand: String?
        /// Of its start tag, for what is not whole.
        var offset: Int?
        var hasHand = false
        /// The hand that it shifts to.
        var newHand: String?
        /// By its hash, the `xml:id`.
        var id: Int?
        /// Whether one of its children says what it is called.
        var isNamed = false
        /// Where words stand directly in it, or notes that wait for its end; and whether a part ends in it.
        var words: SourceLocation?
        var isDivided = false
        /// Whether it is pointed at, or is a fragment.
        var isLinked = false
        /// Of a speech without a `speaker`: `@who`.
        var speaker: String?
        /// Headers that were in it.
        var headers: [Range<Int>] = []

        init(name: Int, kind: Kind, shiftedHand: String?) {
            (self.name, self.kind, self.shiftedHand) = (name, kind, shiftedHand)
        }
    }

    /// A document, as far as it has been read.
    fileprivate struct Unit {
        let number: Int
        let isTEI: Bool
        /// What it stands in.
        let corpora: [OpenElement]
        var id: String?
        var location: SourceLocation
        var range = 0..<0
        var sizeOfHeaders = 0
        /// Where it is divided, and what is open there.
        var cuts: [(offset: Int, location: SourceLocation, open: [OpenElement])] = []
        /// The first thing that reaches from one part into another.
        var obstacle: Diagnostic?
        /// How many `text`s and `sourceDoc`s there are, and whether one names its hand.
        var texts = 0
        var hasTextHand = false
        /// Whether the `body` names the hand of the text, and whether there is something beside it.
        var hasBodyHand = false
        var hasMatter = false
        var hasStages = false
        var isLocationReferenced = false
        /// Whether there are pieces of one (`@next`, `@prev`, `substJoin`), and `handShift`s.
        var hasFragments = false
        var hasShifts = false

        /// What is beside the text.
        var omitted: [Range<Int>] = []
        /// The largest part so far, and where it begins.
        var largest: (size: Int, location: SourceLocation)?

        /// The first obstacle is the one that is told.
        mutating func oppose(_ diagnostic: Diagnostic) {
            if obstacle == nil { obstacle = diagnostic }
        }

        var lastCut: Int { cuts.last?.offset ?? range.lowerBound }

        mutating func measure(to end: Int) {
            let size = size(to: end)
            if size > largest?.size ?? 0 { largest = (size, cuts.last?.location ?? location) }
        }

        var parts: [Partition.Part] {
            let cuts = cuts.map { (offset: $0.offset, open: $0.open) }
            let starts = [(offset: range.lowerBound, open: corpora)] + cuts
            let ends = cuts + [(offset: range.upperBound, open: corpora)]
            return zip(starts, ends).map { start, end in
                let range = start.offset..<end.offset
                return Partition.Part(
                    range: range, before: start.open, behind: end.open,
                    omitted: cuts.isEmpty ? [] : omitted.filter { range.contains($0.lowerBound) },
                    depth: corpora.count, location: location, isWhole: cuts.isEmpty
                )
            }
        }

        /// How much is read of the part that ends there.
        func size(to end: Int) -> Int {
            end - lastCut - omitted.reduce(0) { $0 + ($1.lowerBound >= lastCut ? $1.count : 0) }
        }
    }
}

/// Which part points into which, by hashes of ids: the ids themselves may be more than the memory holds.
private struct Links {
    /// Where an id or pointer stands.
    struct Scope: Equatable {
        let unit: Int
        let part: Int

        /// Of headers, which are in all parts, and of what is beside the text.
        static let header = -1
        static let beside = -2
        static let corpus = Scope(unit: -1, part: header)
        static let nowhere = Scope(unit: -2, part: beside)
    }

    /// How far one points.
    enum Reach {
        case part, document, file
    }

    private var ids: [Int: Scope] = [:]
    /// Pointers to what has not been met yet: where the first stands.
    private var pending: [Int: Scope] = [:]

    /// Those of elements that are divided, and those of elements with a name.
    private var divided: Set<Int> = []
    private var named: Set<Int> = []

    func isDivided(_ id: Int) -> Bool { divided.contains(id) }
    mutating func divide(_ id: Int) { divided.insert(id) }
    func isNamed(_ id: Int) -> Bool { named.contains(id) }
    mutating func name(_ id: Int) { named.insert(id) }

    /// - Returns: how far the first pointer to it reaches, and whether there is one.
    mutating func found(_ id: Int, in scope: Scope) -> (reach: Reach, isTarget: Bool) {
        ids[id] = scope
        guard let pointer = pending.removeValue(forKey: id) else { return (.part, false) }
        return (Links.reach(from: pointer, to: scope), true)
    }

    mutating func point(to id: Int, from scope: Scope) -> Reach {
        if let known = ids[id] { return Links.reach(from: scope, to: known) }
        if pending[id] == nil { pending[id] = scope }
        return .part
    }

    private static func reach(from scope: Scope, to target: Scope) -> Reach {
        if scope == target || target == .corpus { return .part }
        guard scope.unit == target.unit else { return .file }
        return target.part == Scope.header ? .part : .document
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
