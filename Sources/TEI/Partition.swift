public import XML

/// A file of which only a part is held at a time, so that it may be larger than the memory: each document in it, and of a large document one stretch
/// of paragraphs, lines or divisions after the other.
///
///     let file = try Partition("corpus.xml", root: nil)
///     for document in file.documents {
///         for part in document.parts {
///             for text in try file.texts(of: part, [.reading]) { print(text.policy, text.text) }
///         }
///     }
///
/// The texts of a document's parts, with an empty line between those that are not empty, are its text as ``TextFormat`` writes it of the whole. Where
/// something reaches from one part into another that makes the texts others, such as a lacuna or a pointer, the file is refused.
public struct Partition: Sendable {
    /// A document of the file that has a text.
    public struct Document: Sendable {
        /// The name under which it is exported: see ``Edition/Item``.
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
        /// How many elements there are outside of the document.
        fileprivate let depth: Int
        /// Whether it is all of the document.
        fileprivate let isWhole: Bool
    }

    public let path: String
    public let documents: [Document]
    private let library: Library
    private let byteOrderMark: Int
    /// What stands before the first element.
    private let prolog: Range<Int>

    /// Reads a file from its beginning to its end, and finds where it can be divided.
    ///
    /// - Parameters:
    ///   - path: a file in UTF-8 that can be read twice.
    ///   - root: as in ``Edition/read(_:bytes:root:sharing:)``.
    ///   - size: how large a part is at least before it is divided from the next, in bytes; by default as large as the headers that go before each, and
    ///     256 kB.
    ///   - limit: how large one may be. A document that is not larger is not divided where something reaches from one part into another.
    /// - Throws: ``XML/Diagnostics`` where the file cannot be read, is not well-formed, or cannot be divided.
    public init(_ path: String, root: String?, size: Int? = nil, limit: Int = 16 << 20) throws(Diagnostics) {
        guard path != "-", !FileAccess.isSpecial(path) else { throw Diagnostics([Messages.readOnce(path)]) }
        library = try Edition.library(for: path, root: root)
        try library.access.check(path)
        guard let byteOrderMark = try XML.Document.byteOrderMark(ofFile: path) else { throw Diagnostics([Messages.otherEncoding(path)]) }
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
        let document = try XML.Document(bytes(of: part), path: path)
        var element = document.root
        for _ in 0..<part.depth { element = element.childElements.reduce(element) { $1 } }
        let transcription = Transcription(of: element, library: library)
        for policy in policies ?? [] {
            try transcription.check(policy)
            // One that no header describes is not known in all parts.
            if !part.isWhole, case .hand(let id) = policy, !transcription.hands.contains(where: { $0.id == id && $0.isDescribed }) {
                throw Diagnostics([Messages.noSuchPolicy(policy, transcription)])
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
            if let hand = element.shiftedHand { bytes += "<handShift xmlns=\"\(Namespace.tei)\" new=\"\(hand.escapedAsAttribute)\"/>".utf8 }
        }
        bytes += try self.bytes(in: part.range)
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
    /// The element that has just ended.
    private var ended: Frame?

    private enum Question {
        case start
        case endOfHeader
        case cut
        case endOfDocument
        /// What reaches from one part into another; where it stays within a document, a small one may have it.
        case obstacle(String, isWithinDocument: Bool)
    }

    init(_ path: String, size: Int?, limit: Int) {
        (self.path, self.size, self.limit) = (path, size, limit)
    }

    var documents: [Partition.Document] {
        let units = units.filter { $0.hasText || !$0.isTEI }
        return units.enumerated().map { index, unit in
            let name = units.count == 1 ? Edition.stem(path) : Edition.name(in: path, id: unit.id, number: index + 1)
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
            if ["text", "sourceDoc"].contains(known.tei) { unit?.hasText = true }
        }
        switch kind {
        case .document:
            unit = Unit(number: units.count, isTEI: known.tei == "TEI", corpora: openElements, location: SourceLocation(file: path, line: 1, column: 1, byteOffset: 0))
            ask(.start, at: place)
        case .corpus, .container: ask(.start, at: place)
        case .header where frames.last?.kind != .header: ask(.start, at: place)
        case .header, .whole, .beside: break
        }
        if known.isNotable { note(known, kind, at: place) }
        frames.append(Frame(name: name, kind: kind, shiftedHand: shiftedHand))
        return !questions.isEmpty
    }

    func attribute(_ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let known = names[name]
        if known.isID { identify(value.string, at: place) }
        if let attribute = known.attribute, unit != nil || frames[frames.count - 1].kind == .header { note(attribute, value.string, at: place) }
        return !questions.isEmpty
    }

    func endAttributes() -> Bool { false }

    func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool {
        guard let frame = frames.last, frame.kind == .container, !frame.hasWords else { return false }
        if text.indices.contains(where: { !text[$0].isXMLSpace }) { noteWords(at: place) }
        return !questions.isEmpty
    }

    func endElement(at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let frame = frames.removeLast()
        if frame.hasHand { shiftedHand = frame.shiftedHand }
        if let speaker = frame.speaker, !links.knows(speaker) { oppose("whoever speaks here is nowhere described", at: place) }
        let around = frames.last?.kind
        switch frame.kind {
        case .document: ask(.endOfDocument, at: place)
        case .header where around != .header: ask(.endOfHeader, at: place)
        case .container, .whole:
            if names[frame.name].endsParagraph, around == .container || around == .document, spanEnds.isEmpty { ask(.cut, at: place) }
        case .corpus, .header, .beside: break
        }
        ended = frame
        return !questions.isEmpty
    }

    func locate(_ locator: some EventLocator) {
        let asked = questions
        questions = []
        for (question, place) in asked {
            switch question {
            case .start: start(at: place, locator)
            case .endOfHeader: endHeader(at: locator.end)
            case .cut: if locator.offset(of: place) != nil { cut(at: locator.end) { locator.location(of: place) } }
            case .endOfDocument: endDocument(at: locator.end)
            case .obstacle(let words, let isWithinDocument):
                let diagnostic = Messages.notStreamed(words, at: locator.location(of: place))
                if !isWithinDocument { obstacles.append(diagnostic) } else if unit?.obstacle == nil { unit?.obstacle = diagnostic }
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
        case (.document, "teiHeader") where unit?.hasText == false, (.document, "standOff") where unit?.hasText == false: return .header
        case (.document, _) where known.behaviour == .metadata: return .beside
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
            if frames[last].kind == .container {
                frames[last].kind = .whole
            } else {
                obstacles.append(Messages.notStreamed("an entity brings in <\(names[frames[last].name].tei)>", at: locator.location(of: place)))
            }
            return
        }
        frames[last].offset = offset
        if last == 0 { start = offset }
        guard frames[last].kind == .document else { return }
        unit?.range = offset..<offset
        unit?.location = locator.location(of: place)
    }

    private var openElements: [OpenElement] {
        frames.indices.map { index in
            let frame = frames[index]
            let hand = index + 1 < frames.count ? frames[index + 1].shiftedHand : shiftedHand
            return OpenElement(offset: frame.offset, shared: frame.headers, shiftedHand: frame.kind == .container ? hand : nil)
        }
    }

    private func endHeader(at end: Int) {
        guard let ended, !frames.isEmpty else { return }
        frames[frames.count - 1].headers.append(ended.offset..<end)
        unit?.sizeOfHeaders += end - ended.offset
    }

    private func cut(at end: Int, location: () -> SourceLocation) {
        guard var unit else { return }
        guard end - unit.lastCut >= size ?? max(256 << 10, unit.sizeOfHeaders) else { return }
        unit.cuts.append((end, openElements))
        self.unit = unit
        for index in frames.indices where frames[index].kind == .container {
            frames[index].isDivided = true
            if frames[index].hasWords, self.unit?.obstacle == nil { self.unit?.obstacle = Messages.notStreamed(PartitionReader.words, at: location()) }
        }
    }

    private func endDocument(at end: Int) {
        guard var unit else { return }
        unit.range = unit.range.lowerBound..<end
        if unit.range.count <= limit, unit.obstacle != nil { unit.cuts = [] }
        if !unit.cuts.isEmpty, let obstacle = unit.obstacle { obstacles.append(obstacle) }
        let largest = unit.parts.map(\.range.count).max() ?? 0
        if largest > limit, obstacles.isEmpty { obstacles.append(Messages.tooLargePart(largest, limit, at: unit.location)) }
        units.append(unit)
        (self.unit, shiftedHand, spanEnds) = (nil, nil, [])
    }

    // MARK: What reaches beyond a part

    private static let words = "words stand beside paragraphs, between which notes are printed at the end"

    private func oppose(_ words: String, isWithinDocument: Bool = true, at place: EventPlace) {
        if !isWithinDocument || unit?.obstacle == nil { ask(.obstacle(words, isWithinDocument: isWithinDocument), at: place) }
    }

    private func note(_ known: Name, _ kind: Frame.Kind, at place: EventPlace) {
        if known.isInclude { oppose("<xi:include> is not followed", isWithinDocument: false, at: place) }
        guard unit != nil, kind != .document else { return }
        let parent = frames[frames.count - 1]
        switch known.tei {
        case "TEI", "teiCorpus": oppose("a document stands within another", isWithinDocument: false, at: place)
        case "change" where names[parent.name].tei == "listChange":
            if kind == .header { unit?.hasStages = true } else { oppose("a stage is described outside of the header", at: place) }
        case "handNote" where kind != .header, "witness" where kind != .header:
            oppose("<\(known.tei)> stands outside of the header", at: place)
        case "witStart", "witEnd", "lacunaStart", "lacunaEnd": oppose("<\(known.tei)> says of all that follows which witnesses have it", at: place)
        case "app" where kind == .header || kind == .beside || unit?.isLocationReferenced == true:
            oppose("an <app> elsewhere is about a place in the text", at: place)
        case "substJoin": unit?.hasFragments = true
        case "speaker": frames[frames.count - 1].speaker = nil
        default:
            guard parent.kind == .container, known.isWord || known.behaviour == .note && known.tei != "note" else { return }
            noteWords(at: place)
        }
    }

    private func noteWords(at place: EventPlace) {
        frames[frames.count - 1].hasWords = true
        if frames[frames.count - 1].isDivided { oppose(PartitionReader.words, at: place) }
    }

    private func identify(_ id: String, at place: EventPlace) {
        guard let id = id.tokens.first else { return }
        if frames[frames.count - 1].kind == .document { unit?.id = id }
        spanEnds.remove(id.hashValue)
        oppose(links.found(id.hashValue, in: scope), "‘\(id)’ is pointed at", at: place)
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
        let isHeader = frames[last].kind == .header
        switch attribute {
        case .method: if element == "variantEncoding", value == "location-referenced" { unit?.isLocationReferenced = true }
        case .seq: if !isHeader, unit?.hasStages == false { oppose("@seq numbers stages that the header does not list", at: place) }
        case .loc: if element == "app" { oppose("an <app> elsewhere is about a place in the text", at: place) }
        case .scribeRef, .corresp: if element == "handNote" { point(value, at: place) }
        case .target: if isTarget(element, isHeader) { point(value, at: place) }
        case _ where isHeader: break
        case .hand, .new:
            guard attribute == .hand || element == "handShift" else { return }
            point(value, at: place)
            if value.utf8.first != UInt8(ascii: "#") { oppose("the hand ‘\(value)’ is described in another file", at: place) }
            shift(attribute, value, at: place)
        case .spanTo:
            point(value, at: place)
            spanEnds.insert(Reference(value).fragment.hashValue)
        case .who:
            let isKnown = point(value, at: place)
            if !isKnown, ["sp", "said"].contains(element) { frames[last].speaker = Reference(value.tokens.first ?? "").fragment?.hashValue }
        case .next, .prev:
            unit?.hasFragments = true
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

    private func shift(_ attribute: Name.Attribute, _ value: String, at place: EventPlace) {
        if attribute == .new {
            shiftedHand = value
            let isWithinChange = frames.contains { ["add", "del"].contains(names[$0.name].tei) }
            if isWithinChange || unit?.hasFragments == true { oppose("the hand changes within an addition, a deletion or a fragment", at: place) }
            return
        }
        frames[frames.count - 1].hasHand = true
        shiftedHand = nil
    }

    /// - Returns: whether all that is pointed at is at hand.
    @discardableResult
    private func point(_ pointers: String, at place: EventPlace) -> Bool {
        var isKnown = true
        for pointer in pointers.tokens {
            let reference = Reference(pointer)
            guard let id = reference.fragment?.hashValue, reference.resource.isEmpty || reference.path(relativeTo: path) == path else { continue }
            isKnown = links.knows(id) && isKnown
            oppose(links.point(to: id, from: scope), "‘\(pointer)’ leads", at: place)
        }
        return isKnown
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
        let isID, isInclude, isWord: Bool
        /// Whether there is something to be noted about it.
        let isNotable: Bool

        init(_ name: QName) {
            tei = name.namespace == Namespace.tei ? name.localName : ""
            behaviour = Model.tei.behaviour(named: tei)
            attribute = name.namespace == nil ? Attribute(rawValue: name.localName) : nil
            isID = name.namespace == Namespace.xml && name.localName == "id"
            isInclude = name.namespace == Namespace.xinclude && name.localName == "include"
            isWord = Reading.wordElements.contains(tei)
            isNotable = isInclude || isWord || behaviour == .note || Name.notable.contains(tei)
        }

        /// Whether a document can be divided between what it holds.
        var isContainer: Bool { behaviour.map { [.text, .body, .section].contains($0) } ?? false }
        /// Whether an empty line goes behind it in a text.
        var endsParagraph: Bool { behaviour?.separation == 2 }

        private static let notable: Set<String> = [
            "TEI", "teiCorpus", "change", "handNote", "witness", "witStart", "witEnd", "lacunaStart", "lacunaEnd", "app", "substJoin", "speaker",
        ]
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
        var offset = 0
        var hasHand = false
        /// Whether words stand directly in it, or notes that wait for its end; and whether a part ends in it.
        var hasWords = false
        var isDivided = false
        /// Of a speech without a `speaker`: who speaks, where that is not described as far as the file was read.
        var speaker: Int?
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
        var hasText = false
        var sizeOfHeaders = 0
        /// Where it is divided, and what is open there.
        var cuts: [(offset: Int, open: [OpenElement])] = []
        /// The first thing that reaches from one part into another.
        var obstacle: Diagnostic?
        var hasStages = false
        var isLocationReferenced = false
        /// Whether there are pieces of one (`@next`, `@prev`, `substJoin`).
        var hasFragments = false

        var lastCut: Int { cuts.last?.offset ?? range.lowerBound }

        var parts: [Partition.Part] {
            let starts = [(offset: range.lowerBound, open: corpora)] + cuts
            let ends = cuts + [(offset: range.upperBound, open: corpora)]
            return zip(starts, ends).map { start, end in
                Partition.Part(range: start.offset..<end.offset, before: start.open, behind: end.open, depth: corpora.count, isWhole: cuts.isEmpty)
            }
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

    func knows(_ id: Int) -> Bool { ids[id] != nil }

    mutating func found(_ id: Int, in scope: Scope) -> Reach {
        ids[id] = scope
        return pending.removeValue(forKey: id).map { Links.reach(from: $0, to: scope) } ?? .part
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
