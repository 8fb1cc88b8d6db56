internal import Synchronization
public import XML

/// One text of a transcription, with an index of where each character comes from.
///
///     let reading = transcription.reading(.revised)
///     print(reading.text)
///     if let place = reading.location(at: 120) { print(place) }   // where the character at offset 120 comes from
///
/// Every format that prints or counts characters reads this. Offsets count the Unicode scalars of ``text`` from 0.
public struct Reading: Sendable {
    /// A run of characters that come from one text node, or that the program wrote.
    public struct Segment: Sendable {
        /// The offset of the first scalar in the text.
        public let start: Int
        /// The same offset in UTF-16 code units.
        public let startUTF16: Int
        /// The number of Unicode scalars.
        public let length: Int
        /// The text node, or the element for which the program wrote the characters.
        public let node: Node
        /// The offset of the first scalar in the text node; `nil` if the program wrote the characters, such as
        /// `[illegible]`.
        public let nodeOffset: Int?
        /// The state of the characters.
        public let state: State
    }

    /// An element, and the part of the text that its content has. The range is empty if the text has none of the
    /// content.
    public struct Span: Sendable {
        /// The element.
        public let opening: Opening
        /// The offsets of its content in the text, in Unicode scalars from 0.
        public let range: Range<Int>
    }

    /// The policy that chose this text.
    public let policy: Policy
    /// The text.
    public let text: String
    /// The number of Unicode scalars in the text.
    public let length: Int
    /// The segments, which cover the whole text in order.
    public let segments: [Segment]
    /// The elements of the flow, in the order of the source.
    public let spans: [Span]
    /// For each gap of the transcription, the range in the text that is printed for it; `nil` if the text does not have
    /// it.
    public let gaps: [Range<Int>?]

    /// Returns the segment that has a scalar; `nil` outside of the text.
    ///
    /// - Parameter offset: in Unicode scalars from 0.
    public func segment(at offset: Int) -> Segment? {
        let index = segments.boundary { $0.start + $0.length > offset }
        return index < segments.count && segments[index].start <= offset ? segments[index] : nil
    }

    /// Returns the place in the source from which a scalar comes; `nil` outside of the text.
    ///
    /// - Parameter offset: in Unicode scalars from 0.
    public func location(at offset: Int) -> SourceLocation? {
        guard let segment = segment(at: offset) else { return nil }
        return segment.nodeOffset.map { segment.node.location(ofScalar: $0 + offset - segment.start) }
            ?? segment.node.location
    }

    /// The place from which a stretch of the text comes. Within a stretch, each scalar is one column after the last.
    public struct Origin: Sendable {
        /// The offset of the first scalar in the text.
        public let start: Int
        /// The path of the source file.
        public let file: String
        /// The line, and the column in Unicode scalars, both from 1.
        public let line, column: Int
        /// Whether the program wrote the stretch. Its place is then the place of the element for which it was written.
        public let isGenerated: Bool
    }

    /// The origins of the whole text, in order.
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

    /// Returns an offset in UTF-16 code units, as JavaScript and Web Annotations in browsers count.
    ///
    /// - Parameter offset: in Unicode scalars from 0.
    public func utf16Offset(_ offset: Int) -> Int {
        guard let segment = segment(at: offset) ?? segments.last else { return 0 }
        let scalars = text.unicodeScalars
        let start = text.utf16.index(text.startIndex, offsetBy: segment.startUTF16)
        let end = scalars.index(start, offsetBy: offset - segment.start)
        return segment.startUTF16 + text.utf16.distance(from: start, to: end)
    }
}

/// Where elements and interventions are in a text.
struct TextRanges {
    /// The characters of the text.
    let scalars: [Unicode.Scalar]
    private let transcription: Transcription
    private let rangeOfNode: [Node: Range<Int>]
    /// For each intervention between milestones, from the first to the last of its words.
    private var rangeOfSpan: [Int: Range<Int>] = [:]

    init(_ reading: Reading, _ transcription: Transcription) {
        self.transcription = transcription
        scalars = Array(reading.text.unicodeScalars)
        rangeOfNode = Dictionary(reading.spans.map { ($0.opening.node, $0.range) }) { first, _ in first }
        for segment in reading.segments where segment.nodeOffset != nil {
            for number in segment.state.interventions where transcription.interventions[number].isSpan {
                rangeOfSpan[number] =
                    (rangeOfSpan[number]?.lowerBound ?? segment.start)..<(segment.start + segment.length)
            }
        }
    }

    /// Where a node's content is printed; `nil` if none of it is.
    func range(of node: Node) -> Range<Int>? {
        rangeOfNode[node].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where a milestone is: at the next character; `nil` if the text is without what is around it.
    func place(of node: Node) -> Int? {
        rangeOfNode[node].map { range in
            range.isEmpty
                ? range.lowerBound + scalars[range.lowerBound...].prefix { $0.properties.isWhitespace }.count
                : range.lowerBound
        }
    }

    /// Where the target of a statement is printed; `nil` if none of it is.
    func range(of target: Statement.Target) -> Range<Int>? {
        guard let end = target.end else { return range(of: target.node) }
        guard let start = place(of: target.node), let last = rangeOfNode[end]?.upperBound, start < last else {
            return nil
        }
        return start..<last
    }

    /// Where the words of an intervention are printed.
    func range(ofIntervention number: Int) -> Range<Int>? {
        let intervention = transcription.interventions[number]
        return intervention.isSpan ? rangeOfSpan[number] : range(of: intervention.node)
    }

    /// Where the targets of pointers are printed, in the same document.
    func targets(_ pointers: [String], from node: Node) -> [Range<Int>] {
        pointers.compactMap { node.target($0).flatMap { range(of: $0) } }
    }
}

extension Transcription {
    /// Returns the text that a policy chooses.
    ///
    ///     print(transcription.reading(.reading).text)
    public func reading(_ policy: Policy) -> Reading {
        if let known = lastReading.value, known.policy == policy { return known }
        var writer = TextWriter(layouts([policy], words: Wording(self))[0], policy)
        let reading = writer.write()
        lastReading.value = reading
        return reading
    }
}

/// The last reading that was asked for: several formats are made from one text, one after the other.
final class LastReading: Sendable {
    private let reading = Mutex<Reading?>(nil)

    var value: Reading? {
        get { reading.withLock(\.self) }
        set { reading.withLock { $0 = newValue } }
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first position whose element is past a boundary; elements that are not come first.
    package func boundary(isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
