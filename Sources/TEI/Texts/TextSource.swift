public import XML

/// A stretch of a text, with the one place in the source from which it comes.
///
///     let reading = transcription.reading(.revised)
///     for place in try transcription.places(of: .offsets(120..<130), in: reading) {
///         print(place.location, place.text, place.hand?.label ?? "")
///     }
public struct TextSource: Sendable {
    /// Its place in the text, in Unicode scalars from 0.
    public let range: Range<Int>
    /// The same in UTF-16 code units.
    public let rangeUTF16: Range<Int>
    /// The characters.
    public let text: String
    /// The place of its first character in the source. If the program wrote the stretch, the place of the element for
    /// which it was written.
    public let location: SourceLocation
    /// The text node, or the element for which the program wrote.
    public let node: Node
    /// Whether the program wrote it, such as `[illegible]` or the line ends between paragraphs.
    public let isGenerated: Bool
    /// The hand that wrote it.
    public let hand: Hand?
    /// The stage of writing.
    public let stage: Stage?
    /// The interventions that it is in, the outermost first.
    public let within: [Intervention.Kind]

    /// A part of a text that you ask about.
    public enum Address: Sendable, Hashable {
        /// Characters of the text: offsets in Unicode scalars from 0.
        case offsets(Range<Int>)
        /// A character of the source: line and column from 1, the column in Unicode scalars. `file` is by default the
        /// document's own.
        case place(file: String?, line: Int, column: Int)
        /// The content of an element, by its `xml:id`.
        case element(String)

        /// Reads an address as on the command line: `120`, `120-130` (both included), `17:5`, `people.xml:17:5`,
        /// `#p-3`; `nil` for anything else.
        public init?(_ string: String) {
            if string.utf8.first == UInt8(ascii: "#"), string.utf8.count > 1 {
                self = .element(String(string.unicodeScalars.dropFirst()))
                return
            }
            let parts = string.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            if parts.count > 1 {
                guard let line = Address.number(parts[parts.count - 2]),
                    let column = Address.number(parts[parts.count - 1]), line > 0, column > 0
                else { return nil }
                self = .place(
                    file: parts.count > 2 ? parts.dropLast(2).joined(separator: ":") : nil, line: line, column: column)
                return
            }
            let ends = string.split(separator: "-", omittingEmptySubsequences: false).map { Address.number(String($0)) }
            guard ends.count < 3, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
                return nil
            }
            self = .offsets(first..<(last + 1))
        }

        /// Digits alone, and not so many that nothing can be that large.
        private static func number(_ string: String) -> Int? {
            string.utf8.count < 10 && string.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
                ? Int(string) : nil
        }
    }
}

extension TextSource.Address: CustomStringConvertible {
    /// The address as on the command line.
    public var description: String {
        switch self {
        case .offsets(let range):
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound - 1)"
        case .place(let file, let line, let column): (file.map { $0 + ":" } ?? "") + "\(line):\(column)"
        case .element(let id): "#\(id)"
        }
    }
}

extension Reading {
    /// Finds the character at a place of the source, or else the next one that the text has.
    ///
    ///     if let (offset, isThere) = reading.offset(line: 17, column: 5, file: "memo.xml") { print(offset, isThere) }
    ///
    /// - Parameters:
    ///   - line: from 1.
    ///   - column: in Unicode scalars from 1. Any place within a character reference is the place of its character.
    ///   - file: the path, as in locations.
    /// - Returns: the offset in Unicode scalars from 0, and whether the text has that very character; `nil` if it has
    ///   nothing from there on.
    public func offset(line: Int, column: Int, file: String) -> (offset: Int, isThere: Bool)? {
        let wanted = (line, column)
        var next: (place: (Int, Int), offset: Int)?
        func mayBeNext(_ place: (Int, Int), _ offset: Int) {
            if wanted < place, next.map({ place < $0.place }) ?? true { next = (place, offset) }
        }
        for segment in segments {
            guard let first = segment.nodeOffset, segment.node.file.path.isSame(as: file) else { continue }
            let start = segment.place(of: first)
            mayBeNext(start, segment.start)
            guard start <= wanted, wanted < segment.place(of: first + segment.length) else { continue }
            let offset = segment.offset(at: wanted)
            let scalar = first + offset - segment.start
            let (begin, end) = (segment.place(of: scalar), segment.node.endLocation(ofScalar: scalar))
            if wanted == begin || wanted.0 == end.line && wanted.1 < end.column { return (offset, true) }
            // Between two characters there is markup, or a line ends.
            if scalar + 1 < first + segment.length { mayBeNext(segment.place(of: scalar + 1), offset + 1) }
        }
        return next.map { ($0.offset, false) }
    }

    /// Returns the range of an element's content in the text, in Unicode scalars from 0; `nil` if the text has none of
    /// it.
    ///
    /// - Parameter id: the `xml:id` of the element.
    public func range(ofElement id: String) -> Range<Int>? {
        spans.first { $0.opening.node.xmlID?.isSame(as: id) == true && !$0.range.isEmpty }?.range
    }
}

extension Reading.Segment {
    /// Line and column of a scalar of the text node.
    fileprivate func place(of offset: Int) -> (Int, Int) {
        let location = node.location(ofScalar: offset)
        return (location.line, location.column)
    }

    /// The last scalar that begins at or before a place within the segment.
    fileprivate func offset(at wanted: (Int, Int)) -> Int {
        start + (0..<length).boundary { place(of: (nodeOffset ?? 0) + $0) > wanted } - 1
    }
}

extension Transcription {
    /// Returns where a part of a text comes from, stretch by stretch.
    ///
    /// - Throws: ``XML/Diagnostics`` if the text has nothing at the address: `offset-beyond-text` for an offset,
    ///   `not-in-text` for a place or an element.
    public func places(of address: TextSource.Address, in reading: Reading) throws(Diagnostics) -> [TextSource] {
        places(in: try range(of: address, in: reading), of: reading)
    }

    func range(of address: TextSource.Address, in reading: Reading) throws(Diagnostics) -> Range<Int> {
        switch address {
        case .offsets(let range):
            guard range.upperBound <= reading.length else {
                throw Diagnostics([Messages.beyondText(range.upperBound - 1, reading)])
            }
            return range
        case .place(let file, let line, let column):
            let path = file ?? element.file.path
            let files = Set(reading.segments.map { CodepointString($0.node.file.path) })
            guard files.contains(CodepointString(path)) else { throw Diagnostics([Messages.notOfText(path, files)]) }
            let found = reading.offset(line: line, column: column, file: path)
            guard let found, found.isThere else {
                let next = found.flatMap { found in reading.location(at: found.offset).map { (found.offset, $0) } }
                throw Diagnostics([Messages.notInText("\(path):\(line):\(column)", reading.policy, next: next)])
            }
            return found.offset..<(found.offset + 1)
        case .element(let id):
            guard let range = reading.range(ofElement: id) else {
                throw Diagnostics([Messages.notInText("#\(id)", reading.policy, next: nil)])
            }
            return range
        }
    }

    private func places(in range: Range<Int>, of reading: Reading) -> [TextSource] {
        let scalars = Array(reading.text.unicodeScalars)
        return reading.segments.filter { $0.start < range.upperBound && range.lowerBound < $0.start + $0.length }.map {
            segment in
            let part = range.clamped(to: segment.start..<(segment.start + segment.length))
            return TextSource(
                range: part, rangeUTF16: reading.utf16Offset(part.lowerBound)..<reading.utf16Offset(part.upperBound),
                text: String(scalars: scalars[part]),
                location: reading.location(at: part.lowerBound) ?? segment.node.location, node: segment.node,
                isGenerated: segment.nodeOffset == nil, hand: segment.state.hand.map { hands[$0] },
                stage: segment.state.stage.map { stages[$0] },
                within: segment.state.interventions.map { interventions[$0].kind }
            )
        }
    }
}

// MARK: - Output

extension OutputFormat where Value == TextSource {
    /// `file:line:column: offsets “text”, hand`, a line for each place, printable.
    public static var lines: Self {
        Self("lines", fileExtension: "txt") { Array(($0.line.printable + "\n").utf8) }
    }
    /// An array of objects.
    public static var json: Self {
        Self(jsonArray: { place in
            var writer = JSONWriter(depth: 1)
            writer.line { place.write(&$0) }
            return writer.bytes
        })
    }

    /// All formats of places.
    public static var all: [Self] { [.lines, .json] }
}

extension TextSource {
    fileprivate var line: String {
        var parts = ["\(Address.offsets(range)) “\(text.map { $0.isNewline ? "↵" : String($0) }.joined())”"]
        if isGenerated { parts.append(node.kind == .element ? Wording.written(for: node.localName) : Wording.written) }
        if let hand, !isGenerated { parts.append(Wording.label(hand)) }
        if let stage, !isGenerated { parts.append(stage.id) }
        parts += within.map(\.rawValue)
        return "\(location): " + parts.joined(separator: ", ")
    }

    fileprivate func write(_ writer: inout JSONWriter) {
        writer.number("start", range.lowerBound)
        writer.number("end", range.upperBound)
        writer.number("startUTF16", rangeUTF16.lowerBound)
        writer.number("endUTF16", rangeUTF16.upperBound)
        writer.string("text", text)
        if isGenerated { writer.bool("generated", true) }
        writer.string("hand", hand?.id)
        writer.string("stage", stage?.id)
        writer.strings("within", within.map(\.rawValue))
        writer.string("file", location.file)
        writer.number("line", location.line)
        writer.number("column", location.column)
        writer.string("path", node.pathInFile)
        writer.string("id", node.nearestID)
    }
}
