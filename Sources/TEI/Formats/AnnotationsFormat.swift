internal import XML

/// Everything that a transcription says about a text, as W3C Web Annotations in JSON-LD (Web Annotation Data Model,
/// 2017).
///
///     let bytes = AnnotationsFormat(text: "memo.txt").export(transcription, policy: .reading)
///
/// The file is one `AnnotationCollection` with one page. It has the marks, notes, gaps, interventions, mentions and
/// statements, each with its hand or editors as `creator`. If the policy's text has the words, a target is in the exported text
/// (`TextPositionSelector` in Unicode scalars from 0, and `TextQuoteSelector`). Each annotation also has a target in
/// the TEI: a `FragmentSelector` (RFC 3023) if the element has an `xml:id`, or else an `XPathSelector`. If the Data
/// Model has no word for something, the file has TEI's, with the prefix `tei`.
///
/// | | motivation | target in the text |
/// |---|---|---|
/// | check mark | `assessing` | the passages that it is on |
/// | stamp | `tagging` | the same |
/// | question mark | `questioning` | the same |
/// | underlining, other mark | `highlighting` | the same |
/// | remark, note | `commenting` | the same; without one, its own words |
/// | gap | `describing` | what is printed for it |
/// | intervention | `editing` | its words |
/// | mention | `identifying` | the name; its body is the entry |
/// | `certainty`, `precision` | `assessing` | what it is about |
/// | `respons` | `describing` | the same |
/// | `span`, `interp` | `classifying` | the same |
/// | `link` | `linking` | what it links |
/// | `annotation` | its own, or `commenting` | what it is about |
public struct AnnotationsFormat: Format {
    /// The name in `export --to`.
    public let name = "annotations"
    /// The name in the help.
    public let title = "Web Annotations (JSON-LD)"
    /// A sentence for the help.
    public let help = "‘annotations’ are about the text of the same policy, which ‘text’ writes beside them."
    /// The extension of the files.
    public let fileExtension = "jsonld"
    private let text: String?
    private let base: String

    /// Makes the format.
    ///
    /// - Parameters:
    ///   - text: the path from the annotations to the exported text; by default the path by ``Policy/fileName``.
    ///   - base: the relative path from the annotations to the folder to which the documents' paths are relative,
    ///     such as `../../`.
    public init(text: String? = nil, base: String = "") {
        self.text = text
        self.base = base
    }

    /// Returns the annotations of the text of a policy.
    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        AnnotationsExporter(
            transcription, transcription.reading(policy), text: text ?? "\(policy.fileName).txt", base: base
        ).export()
    }

    /// Returns the annotations of a text whose file is beside them.
    public func export(_ file: ExportRequest) -> [UInt8] {
        let text = file.address.map { $0.dropLast(fileExtension.utf8.count) + "txt" }
        let name = text.flatMap { String($0).pathComponents.last.map(String.init) }
        return AnnotationsFormat(text: name, base: file.base).export(file.transcription, policy: file.policies[0])
    }
}

extension Format where Self == AnnotationsFormat {
    /// Web Annotations.
    public static var annotations: AnnotationsFormat { AnnotationsFormat() }
}

private struct AnnotationsExporter {
    private enum Body {
        /// Words, and what they are for.
        case words(String, purpose: String?)
        case entity(String?, name: String?)
    }

    private struct Annotation {
        let id: String
        let motivation: String
        var creators: [(id: String?, name: String)] = []
        let bodies: [Body]
        /// Its targets in the text; `nil` if the text has none.
        let ranges: [Range<Int>?]
        let node: Node
        /// The elements that it is about; `nil` if this is the node itself.
        var elements: [Node]?
        /// The values by the names of attributes without their prefix; `nil` for a missing attribute.
        var properties: [(String, [String?])] = []
    }

    private let transcription: Transcription
    private let reading: Reading
    private let ranges: TextRanges
    private let text: String
    private let base: String

    init(_ transcription: Transcription, _ reading: Reading, text: String, base: String) {
        self.transcription = transcription
        self.reading = reading
        self.text = text
        self.base = base
        ranges = TextRanges(reading, transcription)
    }

    func export() -> [UInt8] {
        let annotations = marks + notes + gaps + interventions + mentions + statements
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("@context") { writer in
                writer.string(nil, "http://www.w3.org/ns/anno.jsonld")
                writer.line { $0.string("tei", Namespace.tei + "/") }
            }
            writer.string("id", "#annotations")
            writer.string("type", "AnnotationCollection")
            writer.string("label", transcription.header.titles.first)
            writer.number("total", annotations.count)
            writer.object("first") { writer in
                writer.string("id", "#page")
                writer.string("type", "AnnotationPage")
                writer.string("partOf", "#annotations")
                writer.number("startIndex", 0)
                writer.array("items", of: annotations, write)
            }
        }
        return writer.bytes + [0x0A]
    }

    // MARK: What is annotated

    private var marks: [Annotation] {
        transcription.marks.enumerated().map { number, mark in
            let motivation =
                switch mark.kind {
                case .check: "assessing"
                case .stamp: "tagging"
                case .query: "questioning"
                case .underline, .other: "highlighting"
                case .remark: "commenting"
                }
            return Annotation(
                id: "mark-\(number + 1)", motivation: motivation, creators: creator(mark.hand),
                bodies: [.words(mark.kind.rawValue, purpose: "tagging"), .words(mark.text, purpose: nil)],
                ranges: touched(mark.targets, by: mark.node), node: mark.node,
                properties: [
                    ("subtype", [mark.subtype]), ("place", mark.place), ("rend", [mark.rendition]),
                    ("cert", [mark.certainty]), ("change", [transcription.stageID(mark.stage)]),
                ]
            )
        }
    }

    private var notes: [Annotation] {
        transcription.notes.enumerated().map { number, note in
            return Annotation(
                id: "note-\(number + 1)", motivation: "commenting",
                creators: note.isEditorial ? editors(of: note.node) : creator(note.hand),
                bodies: [.words(note.node.plainNoteText, purpose: nil)],
                ranges: touched(note.targets, by: note.node), node: note.node,
                properties: [
                    ("type", [note.type]), ("place", note.place), ("cert", [note.certainty]),
                ]
            )
        }
    }

    /// The passages that it points at, else itself.
    private func touched(_ targets: [String], by node: Node) -> [Range<Int>?] {
        let passages = ranges.targets(targets, from: node)
        return passages.isEmpty ? [ranges.range(of: node)] : passages
    }

    private var gaps: [Annotation] {
        let words = Wording(transcription)
        return transcription.gaps.enumerated().map { number, gap in
            Annotation(
                id: "gap-\(number + 1)", motivation: "describing",
                bodies: [.words(gap.kind.rawValue, purpose: "tagging"), .words(words.gap(gap), purpose: nil)],
                ranges: [reading.gaps[number]], node: gap.node,
                properties: [("reason", [gap.reason]), ("cert", [gap.certainty])]
            )
        }
    }

    private var interventions: [Annotation] {
        transcription.interventions.enumerated().map { number, intervention in
            let words = intervention.isSpan ? "" : intervention.node.plainNoteText
            return Annotation(
                id: "intervention-\(number + 1)", motivation: "editing",
                creators: intervention.kind.isEditorial ? editors(of: intervention.node) : creator(intervention.hand),
                bodies: [.words(intervention.kind.rawValue, purpose: "tagging"), .words(words, purpose: nil)],
                ranges: [ranges.range(ofIntervention: number)], node: intervention.node,
                properties: [
                    ("place", intervention.place), ("rend", [intervention.rendition]),
                    ("cert", [intervention.certainty]), ("change", [transcription.stageID(intervention.stage)]),
                    ("seq", [intervention.sequence.map(String.init)]),
                    ("wit", transcription.witnesses(of: intervention)),
                ]
            )
        }
    }

    private var mentions: [Annotation] {
        let mentions = transcription.entities.flatMap { entity in entity.mentions.map { (entity, $0) } }.sorted {
            $0.1.index < $1.1.index
        }
        return mentions.enumerated().map { number, mention in
            let (entity, node) = mention
            let bodies: [Body] = [
                .words(entity.kind.rawValue, purpose: "tagging"),
                .entity(address(of: entity, from: node), name: entity.name),
            ]
            return Annotation(
                id: "mention-\(number + 1)", motivation: "identifying", bodies: bodies,
                ranges: [ranges.range(of: node)], node: node
            )
        }
    }

    /// The motivations of Web Annotation (Web Annotation Vocabulary, 4.1).
    private static let motivations: Set<String> = [
        "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying",
        "linking", "moderating", "questioning", "replying", "tagging",
    ]

    /// A statement that leads nowhere is about its own element.
    private var statements: [Annotation] {
        transcription.statements.enumerated().map { number, statement in
            let motivation =
                switch statement.kind {
                case .certainty, .precision: "assessing"
                case .responsibility: "describing"
                case .interpretation: "classifying"
                case .link: "linking"
                case .annotation:
                    statement.node.tokens("motivation").first(where: AnnotationsExporter.motivations.contains)
                        ?? "commenting"
                }
            let bodies: [Body] = [
                .words(statement.kind.rawValue, purpose: "tagging"), .words(statement.text, purpose: nil),
            ]
            let references = statement.references.map { Body.entity(resolved($0, from: statement.node), name: nil) }
            let elements = statement.targets.flatMap { [$0.node, $0.end].compactMap(\.self) }
            return Annotation(
                id: "statement-\(number + 1)", motivation: motivation,
                creators: statement.responsible.map { name in
                    (name.reference.map { resolved($0, from: statement.node) }, name.name)
                },
                bodies: bodies + references, ranges: statement.targets.map { ranges.range(of: $0) },
                node: statement.node, elements: elements.isEmpty ? nil : elements,
                properties: [
                    ("match", statement.targets.map(\.attribute)), ("locus", statement.locus),
                    ("cert", [statement.certainty]), ("degree", [statement.degree]),
                    ("assertedValue", [statement.value]),
                    ("type", [statement.kind == .annotation ? nil : statement.type]),
                ]
            )
        }
    }

    private func creator(_ hand: Int?) -> [(id: String?, name: String)] {
        hand.map { number in
            [(transcription.hands[number].node.flatMap(address), Wording.label(transcription.hands[number]))]
        }
            ?? []
    }

    private func editors(of node: Node) -> [(id: String?, name: String)] {
        node.tokens("resp").map { (resolved($0, from: node), Reference($0).fragment ?? $0) }
    }

    // MARK: Addresses

    /// The entry in the register, else what the mention points at; a key (`@key`) is no address.
    private func address(of entity: Entity, from mention: Node) -> String? {
        entity.entry.flatMap(address) ?? mention.tokens("ref").first.map { resolved($0, from: mention) }
    }

    private func address(_ element: Node) -> String? {
        element.xmlID.map { address(element.file.path, fragment: $0) }
    }

    /// A pointer as it is seen from the annotations.
    private func resolved(_ pointer: String, from node: Node) -> String {
        let reference = Reference(pointer)
        guard let path = reference.path(relativeTo: node.baseURI) else {
            return reference.address(relativeTo: node.baseURI).map { $0 + (reference.fragment.map { "#" + $0 } ?? "") }
                ?? pointer
        }
        return address(path, fragment: reference.fragment)
    }

    private func address(_ path: String, fragment: String?) -> String {
        encoded(path.isAbsolutePath ? path : base + path) + (fragment.map { "#" + encoded($0) } ?? "")
    }

    /// Characters that RFC 3987 does not allow in an IRI are percent-encoded.
    private func encoded(_ string: String) -> String {
        var bytes: [UInt8] = []
        for byte in string.utf8 {
            if byte <= 0x20 || "\"<>\\^`{|}%#?".utf8.contains(byte) {
                let hex = String(byte, radix: 16, uppercase: true)
                bytes += Array("%\(hex.count < 2 ? "0" : "")\(hex)".utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: JSON

    private func write(_ writer: inout JSONWriter, _ annotation: Annotation) {
        writer.object { writer in
            writer.string("id", "#" + annotation.id)
            writer.string("type", "Annotation")
            writer.string("motivation", annotation.motivation)
            if !annotation.creators.isEmpty {
                writer.array("creator", of: annotation.creators) { writer, creator in
                    writer.line { writer in
                        writer.string("id", creator.id)
                        writer.string("name", creator.name)
                    }
                }
            }
            writer.array("body") { writer in
                for body in annotation.bodies { write(body, annotation.node, &writer) }
            }
            writer.array("target") { writer in
                for case let range? in annotation.ranges { write(range, &writer) }
                for element in annotation.elements ?? [annotation.node] {
                    writer.line { writer in
                        writer.string("source", address(element.file.path, fragment: nil))
                        writer.line("selector") { write(selectorOf: element, &$0) }
                    }
                }
            }
            for (name, values) in annotation.properties { writer.strings("tei:" + name, values.compactMap(\.self)) }
        }
    }

    private func write(_ body: Body, _ node: Node, _ writer: inout JSONWriter) {
        switch body {
        case .words("", _): break
        case .words(let words, let purpose):
            writer.line { writer in
                writer.string("type", "TextualBody")
                writer.string("value", words)
                writer.string("purpose", purpose)
                // The names of kinds are English.
                writer.string("language", purpose == nil ? node.language : "en")
            }
        case .entity(let id, let name):
            writer.line { writer in
                writer.string("id", id)
                writer.string("label", name)
            }
        }
    }

    private func write(_ range: Range<Int>, _ writer: inout JSONWriter) {
        func words(_ range: Range<Int>) -> String {
            String(scalars: ranges.scalars[range.clamped(to: 0..<ranges.scalars.count)])
        }
        writer.line { writer in
            writer.string("source", encoded(text))
            writer.array("selector") { writer in
                writer.line { writer in
                    writer.string("type", "TextPositionSelector")
                    writer.number("start", range.lowerBound)
                    writer.number("end", range.upperBound)
                }
                writer.line { writer in
                    writer.string("type", "TextQuoteSelector")
                    writer.string("exact", words(range))
                    writer.string("prefix", words((range.lowerBound - 32)..<range.lowerBound))
                    writer.string("suffix", words(range.upperBound..<(range.upperBound + 32)))
                }
            }
        }
    }

    private func write(selectorOf node: Node, _ writer: inout JSONWriter) {
        if let id = node.xmlID {
            writer.string("type", "FragmentSelector")
            writer.string("conformsTo", "http://tools.ietf.org/rfc/rfc3023")
            writer.string("value", id)
        } else {
            writer.string("type", "XPathSelector")
            writer.string("value", node.pathInFile)
        }
    }
}
