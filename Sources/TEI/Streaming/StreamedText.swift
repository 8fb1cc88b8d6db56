public import XML

/// The texts of a file that may be larger than the memory. Only a part is held at a time: each document, and in a large
/// document one stretch of paragraphs, lines or divisions after the other.
///
///     let file = try StreamedText("corpus.xml", root: nil)
///     for document in file.documents {
///         for part in document.parts {
///             for text in try file.texts(of: part, [.reading]) { print(text.policy, text.text) }
///         }
///     }
///
/// The texts of a document's parts that are not empty, with an empty line between them, are the text that
/// ``TextFormat`` writes of the whole document. A file is refused if something reaches from one part into another and
/// would change the texts, such as a lacuna or a pointer.
public struct StreamedText: Sendable {
    /// A document of the file that has a text.
    public struct Document: Sendable {
        /// The name under which it is exported, as in ``EditionFiles/Item``.
        public let name: String
        /// Where it begins.
        public let location: SourceLocation
        /// Its parts, in order.
        public let parts: [Part]
    }

    /// A stretch of a document.
    public struct Part: Sendable {
        /// The bytes in the file, from 0.
        public let range: Range<Int>
        /// The elements that are open where it begins, and where it ends.
        let before, behind: [OpenElement]
        /// The bytes in it that are not part of the text, and are not read.
        let omitted: [Range<Int>]
        /// The number of elements around the document.
        let depth: Int
        /// Where the document begins.
        let location: SourceLocation
        /// Whether this is the whole document.
        let isWhole: Bool
    }

    /// The path of the file.
    public let path: String
    /// The documents that have a text, in order.
    public let documents: [Document]
    private let library: PointerResolver
    /// The signature of the file when it was divided.
    private let signature: [Int]
    private let byteOrderMark: Int
    /// The bytes before the first element.
    private let prolog: Range<Int>

    /// Reads a file from beginning to end, and finds where it can be divided.
    ///
    /// - Parameters:
    ///   - path: a file in UTF-8 that can be read twice.
    ///   - root: as in ``EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
    ///   - size: the least size of a part in bytes; by default the size of the headers that come before each part, and
    ///     256 kB.
    ///   - limit: the largest size of a part in bytes. A document up to that size is not divided if something reaches
    ///     from one part into another.
    /// - Throws: ``XML/Diagnostics`` if the file cannot be read, is not well-formed, or cannot be divided
    ///   (`not-streamed`).
    public init(_ path: String, root: String?, size: Int? = nil, limit: Int = 16 << 20) throws(Diagnostics) {
        guard path != "-", FileAccess.kind(of: path) != .special else { throw Diagnostics([Messages.readOnce(path)]) }
        library = try EditionFiles.library(for: path, root: root)
        try library.access.check(path)
        guard let byteOrderMark = try XML.Document.byteOrderMark(ofFile: path) else {
            throw Diagnostics([Messages.otherEncoding(path)])
        }
        signature = FileAccess.signature(of: path)
        let reader = StreamScanner(path, size: size, limit: limit)
        let found = try XML.Document.stream(path, to: reader)
        let wrong = found + reader.obstacles
        guard wrong.isEmpty else { throw Diagnostics(wrong) }
        self.path = path
        self.byteOrderMark = byteOrderMark
        documents = reader.documents
        prolog = 0..<reader.start
    }

    /// Returns the texts of a part.
    ///
    /// - Parameters:
    ///   - part: a part of one of the ``documents``.
    ///   - policies: the texts; `nil` for all that the document has.
    /// - Returns: the text of each policy, in the order of the policies. A text may be empty.
    /// - Throws: ``XML/Diagnostics`` if the document has no text for a policy (`policy-unknown`), or the file has
    ///   changed (`file-changed`).
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
struct OpenElement {
    /// The offset of its start tag.
    let offset: Int
    /// Its headers, which each part has.
    var shared: [Range<Int>] = []
    /// The hand that has been shifted to in it (`handShift`), as a pointer.
    var shiftedHand: String?
}
