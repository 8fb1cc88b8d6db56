internal import TEI
internal import XML

/// The content of an index for one document.
struct IndexedDocument: Sendable {
    /// One of its texts.
    struct Text: Sendable {
        let content: String
        /// Where it comes from.
        let origins: [UInt8]
        /// Whose hand wrote what, and which words are a mark.
        let runs: [UInt8]
    }

    struct Hand: Sendable {
        let id: String
        let label: String
        let isMain: Bool
    }

    struct Mark: Sendable {
        let kind: String
        let subtype: String?
        /// The number of the hand among the document's.
        let hand: Int?
        /// The number of the mark that it is in.
        let outer: Int?
        /// Whether it is a fragment of an earlier one.
        let continues: Bool
        let place: String
        let text: String
        let location: SourceLocation
    }

    struct Mention: Sendable {
        let kind: String
        /// The entry's identifier, else the pointer; empty for a name that points nowhere.
        let reference: String
        let name: String
        let count: Int
    }

    let name: String
    let title: String
    let authors: [String]
    let language: String
    /// As it is written.
    let date: String
    /// The first and the last day that it may be, as year × 10,000 + month × 100 + day.
    let days: ClosedRange<Int>?
    /// The text for each policy of the index; `nil` if the document has no such text.
    let texts: [Text?]
    let hands: [Hand]
    let marks: [Mark]
    let mentions: [Mention]
    /// The canonical paths of the file and of the files that it includes.
    let files: [String]
    /// Where the document begins.
    let location: SourceLocation

    init(_ item: EditionFiles.Item, policies: [Policy]) {
        let transcription = Transcription(of: item.element, library: item.library)
        let header = transcription.header
        let files = item.element.document.files.map(\.path)
        let paths = Dictionary(files.map { (CodepointString($0), FileAccess.canonical($0)) }) { first, _ in first }
        func placed(_ location: SourceLocation) -> SourceLocation {
            SourceLocation(
                file: paths[CodepointString(location.file)] ?? location.file, line: location.line,
                column: location.column, byteOffset: location.byteOffset)
        }
        let readings = policies.map { transcription.has($0) ? transcription.reading($0) : nil }
        (name, self.files, location) = (
            item.name, files.map { paths[CodepointString($0)] ?? $0 }, placed(item.element.location)
        )
        title = header.titles.first ?? ""
        authors = header.authors.map(\.name)
        language = transcription.element.language ?? header.languages.first ?? ""
        date = header.date.map { $0.text.isEmpty ? $0.when ?? "" : $0.text } ?? ""
        days = header.date.flatMap(Days.range)
        texts = readings.map {
            $0.map { reading in
                Text(
                    content: reading.text, origins: Origins(reading, files).bytes,
                    runs: Runs(reading, mainHand: transcription.mainHand).bytes)
            }
        }
        hands = transcription.hands.map { Hand(id: $0.id, label: Wording.label($0), isMain: $0.isMain) }
        let whole = Set(transcription.wholeMarks)
        marks = transcription.marks.enumerated().map { number, mark in
            Mark(
                kind: mark.kind.rawValue, subtype: mark.subtype, hand: mark.hand, outer: mark.state.mark,
                continues: !whole.contains(number), place: mark.place.joined(separator: " "),
                text: mark.text, location: placed(mark.node.location)
            )
        }
        mentions = transcription.entities.map { entity in
            let pointer = entity.reference.map { reference in
                reference.firstIndex(of: "#").map { String(reference[$0...].dropFirst()) } ?? reference
            }
            return Mention(
                kind: entity.kind.rawValue, reference: entity.entry?.xmlID ?? pointer ?? "", name: entity.name,
                count: entity.mentions.count)
        }
    }
}

/// Days as numbers that are ordered like them.
enum Days {
    /// The days that a date may mean.
    static func range(_ date: Header.Date) -> ClosedRange<Int>? {
        let first = [date.when, date.notBefore, date.from].lazy.compactMap(\.self).compactMap { day($0, isLast: false) }
            .first
        let last = [date.when, date.notAfter, date.to].lazy.compactMap(\.self).compactMap { day($0, isLast: true) }
            .first
        // One that is open at an end may be of any day there.
        guard first != nil || last != nil, first ?? Days.least <= last ?? Days.greatest else { return nil }
        return (first ?? Days.least)...(last ?? Days.greatest)
    }

    /// The days of a range that is open at the beginning, or at the end.
    static let (least, greatest) = (-999_999_999, 999_999_999)

    /// The first or last day of a year, month or day in the notation of ISO 8601 and XML Schema: `1994`, `1994-07`,
    /// `1994-07-13`.
    static func day(_ text: String, isLast: Bool) -> Int? {
        let isNegative = text.hasPrefix("-")
        // Behind the day there may be a time, and a time zone.
        let day = (isNegative ? text.dropFirst() : text[...]).prefix { $0 == "-" || $0.isNumber }
        let parts = day.split(separator: "-", omittingEmptySubsequences: false).prefix(3).map { part in
            part.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } && part.utf8.count < 6
                ? Int(part) : nil
        }
        guard (1...3).contains(parts.count), let year = parts[0] else { return nil }
        let month = parts.count > 1 ? parts[1] : isLast ? 12 : 1
        let number = parts.count > 2 ? parts[2] : isLast ? 31 : 1
        guard let month, let number, (1...12).contains(month), (1...31).contains(number) else { return nil }
        return (isNegative ? -year : year) * 10_000 + month * 100 + number
    }
}

// MARK: - Places

/// Where each stretch of a text comes from, in few bytes: for each the scalars since the last, whether the program
/// wrote it, the file, the lines since the last, and the column.
struct Origins {
    private(set) var bytes: [UInt8] = []

    init(_ reading: Reading, _ files: [String]) {
        let numbers = Dictionary(files.enumerated().map { (CodepointString($1), $0) }) { first, _ in first }
        var (start, line, file) = (0, 1, 0)
        for origin in reading.origins {
            let number = numbers[CodepointString(origin.file)] ?? 0
            bytes.append(number: (origin.start - start) << 2 | (number == file ? 0 : 2) | (origin.isGenerated ? 1 : 0))
            if number != file { bytes.append(number: number) }
            bytes.append(signed: origin.line - line)
            bytes.append(number: origin.column)
            (start, line, file) = (origin.start, origin.line, number)
        }
    }

    /// A text in UTF-8, with spaces in place of the program's words, so that all other words stay where they were.
    /// Words that the program wrote, and the ends of paragraphs, begin with ``WordScanner/barrier``: no phrase reaches
    /// over them.
    static func masked(_ text: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var (masked, reader) = (text, NumberReader(bytes))
        var (start, position, offset): (Int, Int, Int) = (0, 0, 0)
        var isGenerated = false
        func advance(to scalar: Int) {
            let begin = position
            while position < masked.count, offset < scalar || masked[position] & 0xC0 == 0x80 {
                if masked[position] & 0xC0 != 0x80 { offset += 1 }
                position += 1
            }
            guard isGenerated, begin < position else { return }
            let isBarrier =
                masked[begin..<position].starts(with: [0x0A, 0x0A])
                || masked[begin..<position].contains(where: \.isASCIILetterOrDigit)
            masked.replaceSubrange(begin..<position, with: repeatElement(0x20, count: position - begin))
            if isBarrier { masked[begin] = WordScanner.barrier }
        }
        while let stretch = reader.stretch() {
            start &+= stretch.length
            advance(to: start)
            isGenerated = stretch.isGenerated
        }
        advance(to: .max)
        return masked
    }
}

/// Finds the places of scalars, from front to back.
struct OriginsReader {
    private var reader: NumberReader
    private var (start, line, file) = (0, 1, 0)
    /// The first stretch that has not been passed.
    private var next: NumberReader.Stretch?
    private var found: (file: Int, line: Int, column: Int, isGenerated: Bool)?

    init(_ bytes: [UInt8]) {
        reader = NumberReader(bytes)
        next = reader.stretch()
    }

    /// The place from which a scalar comes that is not before the last that was asked for.
    ///
    /// - Returns: the number of the file, line and column; `nil` if the list has none.
    mutating func place(of offset: Int) -> (file: Int, line: Int, column: Int)? {
        while let stretch = next, start &+ stretch.length <= offset {
            start &+= stretch.length
            file = stretch.file ?? file
            line &+= stretch.lines
            found = (file, line, stretch.column, stretch.isGenerated)
            next = reader.stretch()
        }
        return found.map { ($0.file, $0.line, $0.column &+ ($0.isGenerated ? 0 : offset &- start)) }
    }
}

/// Which scalars of a text another hand wrote than that of the text, and which are of a mark: for each run the scalars
/// since the end of the last, its length, the hand (0 is that of the text, 1 nobody's, then the document's), and the
/// mark from 1, or 0.
struct Runs {
    private(set) var bytes: [UInt8] = []

    struct Run {
        var range: Range<Int>
        let hand: Hand
        let mark: Int?
    }

    enum Hand: Equatable {
        case main, nobody
        case other(Int)
    }

    init(_ reading: Reading, mainHand: Int?) {
        var runs: [Run] = []
        for segment in reading.segments {
            let hand: Hand = segment.state.hand == mainHand ? .main : segment.state.hand.map(Hand.other) ?? .nobody
            let range = segment.start..<(segment.start + segment.length)
            guard hand != .main || segment.state.mark != nil else { continue }
            if let last = runs.last, last.hand == hand, last.mark == segment.state.mark,
                last.range.upperBound == range.lowerBound
            {
                runs[runs.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                runs.append(Run(range: range, hand: hand, mark: segment.state.mark))
            }
        }
        var end = 0
        for run in runs {
            let hand =
                switch run.hand {
                case .main: 0
                case .nobody: 1
                case .other(let number): number + 2
                }
            for number in [run.range.lowerBound - end, run.range.count, hand, (run.mark ?? -1) + 1] {
                bytes.append(number: number)
            }
            end = run.range.upperBound
        }
    }

    static func list(in bytes: [UInt8]) -> [Run] {
        var (reader, list, end) = (NumberReader(bytes), [Run](), 0)
        while let gap = reader.number(), let length = reader.number(), let hand = reader.number(),
            let mark = reader.number()
        {
            let start = end &+ gap
            guard gap >= 0, length >= 0, start >= end, start &+ length >= start else { break }
            list.append(
                Run(
                    range: start..<(start + length), hand: hand == 0 ? .main : hand == 1 ? .nobody : .other(hand - 2),
                    mark: mark == 0 ? nil : mark - 1))
            end = start + length
        }
        return list
    }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first.
    fileprivate mutating func append(number: Int) {
        var rest = UInt(bitPattern: number)
        while rest >= 0x80 {
            append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func append(signed number: Int) { append(number: number < 0 ? ~number << 1 | 1 : number << 1) }
}

private struct NumberReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() -> Int? {
        var (value, shift): (UInt, UInt) = (0, 0)
        while position < bytes.count, shift < 63 {
            let byte = bytes[position]
            position += 1
            value |= UInt(byte & 0x7F) << shift
            if byte < 0x80 { return Int(exactly: value) }
            shift += 7
        }
        return nil
    }

    mutating func signed() -> Int? { number().map { $0 & 1 == 0 ? $0 >> 1 : ~($0 >> 1) } }
}

extension NumberReader {
    /// A stretch as ``Origins`` encodes it.
    struct Stretch {
        /// The scalars since the beginning of the last.
        let length: Int
        let isGenerated: Bool
        /// The file, if it is another than before.
        let file: Int?
        /// The lines since the last, and the column.
        let lines, column: Int
    }

    mutating func stretch() -> Stretch? {
        guard let head = number() else { return nil }
        let file = head & 2 != 0 ? number() : nil
        guard let lines = signed(), let column = number() else { return nil }
        return Stretch(length: head >> 2, isGenerated: head & 1 != 0, file: file, lines: lines, column: column)
    }
}
