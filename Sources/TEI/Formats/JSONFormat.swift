internal import XML

/// A document as data: one text, and everything else with its place in that text and in the source.
///
///     let bytes = JSONFormat().export(transcription, policy: .revised)
///
/// `Schemas/export.schema.json` describes the JSON. Offsets are in Unicode scalars of `text`, from 0, `start`
/// included and `end` excluded; `startUTF16` and `endUTF16` count as JavaScript does. Marks, gaps and so on that the
/// text does not have are listed too, without `start` and `end`.
public struct JSONFormat: Format {
    /// The name in `export --to`.
    public let name = "json"
    /// The name in the help.
    public let title = "JSON"
    /// The extension of the files.
    public let fileExtension = "json"

    /// Makes the format. It has no options.
    public init() {}

    /// Returns the document with the text of a policy.
    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        JSONExporter(transcription, transcription.reading(policy)).export()
    }
}

extension Format where Self == JSONFormat {
    /// JSON.
    public static var json: JSONFormat { JSONFormat() }
}

private struct JSONExporter {
    private let transcription: Transcription
    private let reading: Reading
    private let utf16: [Int]
    private let ranges: TextRanges

    init(_ transcription: Transcription, _ reading: Reading) {
        self.transcription = transcription
        self.reading = reading
        var offsets: [Int] = []
        offsets.reserveCapacity(reading.length + 1)
        var units = 0
        ranges = TextRanges(reading, transcription)
        for scalar in ranges.scalars {
            offsets.append(units)
            units += UTF16.width(scalar)
        }
        utf16 = offsets + [units]
    }

    func export() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.number("version", 2)
            writer.string("policy", reading.policy.description)
            writeDocument(&writer)
            writeHeader(transcription.header, &writer)
            writeHands(&writer)
            writeStages(&writer)
            writer.string("text", reading.text)
            writer.number("length", reading.length)
            writeRuns(&writer)
            writeSourceMap(&writer)
            writeAnnotations(&writer)
            writeInterventions(&writer)
            writeAlternatives(&writer)
            writeMarks(&writer)
            writeGaps(&writer)
            writeEntities(&writer)
            writeGenesis(&writer)
            writeStatements(&writer)
        }
        return writer.bytes + [0x0A]
    }

    // MARK: Document

    private func writeDocument(_ writer: inout JSONWriter) {
        let element = transcription.element
        writer.object("document") { writer in
            writer.string("id", element.xmlID)
            writer.string("file", element.location.file)
            writer.string("language", element.language)
        }
    }

    private func writeHeader(_ header: Header, _ writer: inout JSONWriter) {
        writer.object("header") { writer in
            writer.strings("titles", header.titles)
            writer.array("authors", of: header.authors) { writer, name in write(name, &writer) }
            if let date = header.date { write(date, &writer) }
            writer.array("holdings", of: header.holdings) { writer, holding in
                writer.line { writer in
                    writer.string("settlement", holding.settlement)
                    writer.string("institution", holding.institution)
                    writer.string("repository", holding.repository)
                    writer.string("collection", holding.collection)
                    writer.strings("identifiers", holding.identifiers)
                }
            }
            writer.string("summary", header.summary)
            writer.array("correspondence", of: header.correspondence) { writer, action in
                writer.object { writer in
                    writer.string("type", action.type)
                    writer.array("names", of: action.names) { writer, name in write(name, &writer) }
                    if let place = action.place { write(place, key: "place", &writer) }
                    if let date = action.date { write(date, &writer) }
                }
            }
            writer.strings("languages", header.languages)
            writer.string("licence", header.licence)
        }
    }

    private func write(_ name: Header.Name, key: String? = nil, _ writer: inout JSONWriter) {
        writer.line(key) { writer in
            writer.string("name", name.name)
            writer.string("ref", name.reference)
        }
    }

    private func write(_ date: Header.Date, _ writer: inout JSONWriter) {
        writer.line("date") { writer in
            writer.string("text", date.text)
            writer.string("when", date.when)
            writer.string("notBefore", date.notBefore)
            writer.string("notAfter", date.notAfter)
            writer.string("from", date.from)
            writer.string("to", date.to)
            writer.string("cert", date.certainty)
        }
    }

    private func writeHands(_ writer: inout JSONWriter) {
        writer.array("hands", of: transcription.hands) { writer, hand in
            writer.line { writer in
                writer.string("id", hand.id)
                writer.string("label", Wording.label(hand))
                writer.bool("main", hand.isMain)
                writer.bool("described", hand.isDescribed)
                writer.string("scope", hand.scope)
                writer.string("medium", hand.medium)
                writer.string("scribeRef", hand.scribeReference)
                if let entry = hand.entry { writeEntry(entry, hand.scribeReference, &writer) }
                writer.string("description", hand.description.isEmpty ? nil : hand.description)
            }
        }
    }

    /// The entry of a register.
    private func writeEntry(_ entry: Node, _ reference: String?, _ writer: inout JSONWriter) {
        writer.line("entry") { writer in
            writer.string("id", entry.xmlID)
            writer.string("name", Entities.name(of: entry))
            writer.string("ref", reference)
        }
    }

    private func writeStages(_ writer: inout JSONWriter) {
        writer.array("stages", of: transcription.stages) { writer, stage in
            writer.line { writer in
                writer.string("id", stage.id)
                writer.string("when", stage.when)
                writer.string("description", Wording(transcription).description(stage))
            }
        }
        writer.array("witnesses", of: transcription.witnesses) { writer, witness in
            writer.line { writer in
                writer.string("id", witness.id)
                writer.string("sigil", witness.sigil)
                writer.string("description", witness.description)
            }
        }
    }

    // MARK: Places

    private func write(_ range: Range<Int>?, _ writer: inout JSONWriter) {
        guard let range else { return }
        writer.number("start", range.lowerBound)
        writer.number("end", range.upperBound)
        writer.number("startUTF16", utf16[range.lowerBound])
        writer.number("endUTF16", utf16[range.upperBound])
    }

    private func writeSource(_ node: Node, _ writer: inout JSONWriter) {
        let location = node.location
        writer.line("source") { writer in
            writer.string("file", location.file)
            writer.number("line", location.line)
            writer.number("column", location.column)
            writer.string("id", node.nearestID)
        }
    }

    /// The hand and the stage.
    private func write(hand: Int?, stage: Int?, _ writer: inout JSONWriter) {
        writer.string("hand", transcription.handID(hand))
        writer.string("stage", transcription.stageID(stage))
    }

    // MARK: Text

    /// The text cut where its hand, its stage or its interventions change, and where the program wrote itself.
    private func writeRuns(_ writer: inout JSONWriter) {
        var runs: [(range: Range<Int>, state: State, isOwn: Bool)] = []
        for segment in reading.segments {
            let isOwn = segment.nodeOffset == nil
            let end = segment.start + segment.length
            if let last = runs.last, last.isOwn == isOwn, isOwn || last.state == segment.state {
                runs[runs.count - 1].range = last.range.lowerBound..<end
            } else {
                runs.append((segment.start..<end, segment.state, isOwn))
            }
        }
        writer.array("runs", of: runs) { writer, run in
            writer.line { writer in
                write(run.range, &writer)
                if run.isOwn {
                    writer.bool("generated", true)
                } else {
                    write(hand: run.state.hand, stage: run.state.stage, &writer)
                    if run.state.isEditorial { writer.bool("editorial", true) }
                    writer.strings(
                        "within", run.state.interventions.map { transcription.interventions[$0].kind.rawValue })
                }
            }
        }
    }

    private func writeSourceMap(_ writer: inout JSONWriter) {
        let own = transcription.element.file.path
        writer.array("sourceMap", of: reading.origins) { writer, origin in
            writer.line { writer in
                writer.number("start", origin.start)
                if !origin.file.isSame(as: own) { writer.string("file", origin.file) }
                writer.number("line", origin.line)
                writer.number("column", origin.column)
                if origin.isGenerated { writer.bool("generated", true) }
            }
        }
    }

    /// Every element of the flow.
    private func writeAnnotations(_ writer: inout JSONWriter) {
        writer.array("annotations") { writer in
            for case .open(let opening) in transcription.events { write(opening, &writer) }
        }
    }

    private func write(_ opening: Opening, _ writer: inout JSONWriter) {
        let node = opening.node
        writer.line { writer in
            writer.string("type", node.name?.localName)
            if node.namespace != Namespace.tei { writer.string("namespace", node.namespace ?? "") }
            writer.string("behaviour", opening.behaviour.rawValue)
            write(range(of: opening), &writer)
            writer.string("id", node.xmlID)
            writer.string("n", node.attribute("n"))
            if opening.behaviour.isMilestone { writeMilestone(node, &writer) }
            writer.strings("facs", node.tokens("facs"))
            if let pointer = node.attribute("hand") { writer.string("hand", hand(pointer)) }
            if node.shiftsHand { writer.string("newHand", transcription.handID(opening.state.hand)) }
            writer.string("stage", node.attribute("change") == nil ? nil : transcription.stageID(stage(of: opening)))
            writer.strings("place", node.tokens("place"))
            writer.string("rend", node.attribute("rend"))
            writer.string("subtype", node.attribute("type"))
            writer.string("cert", node.attribute("cert"))
            writer.string("resp", node.attribute("resp"))
            writer.strings("target", node.tokens("target"))
            writer.strings("who", node.tokens("who"))
            writer.string("spanTo", node.attribute("spanTo"))
            if case .intervention(let number) = opening.role {
                writer.string("kind", transcription.interventions[number].kind.rawValue)
            }
            writeSource(node, &writer)
        }
    }

    /// A milestone has a place in the text, and no words.
    private func range(of opening: Opening) -> Range<Int>? {
        guard opening.behaviour.isMilestone, ranges.range(of: opening.node) == nil else {
            return ranges.range(of: opening.node)
        }
        return ranges.place(of: opening.node).map { $0..<$0 }
    }

    /// What is counted from here on, in which edition, and whether a word goes on.
    private func writeMilestone(_ node: Node, _ writer: inout JSONWriter) {
        writer.string("unit", node.attribute("unit"))
        let extent = node.tei == "space" ? Gap.extent(of: node) : ""
        writer.string("extent", extent.isEmpty ? nil : extent)
        writer.strings("ed", node.tokens("ed"))
        writer.strings("edRef", node.tokens("edRef"))
        writer.string("break", node.attribute("break"))
    }

    /// The stage that an element names: of a deletion that of the striking out, not that of the words.
    private func stage(of opening: Opening) -> Int? {
        guard case .intervention(let number) = opening.role else { return opening.state.stage }
        return transcription.interventions[number].stage
    }

    private func hand(_ pointer: String) -> String {
        let id = Reference(pointer).fragment ?? pointer
        return transcription.hands.first { $0.id.isSame(as: id) }?.id ?? id
    }

    // MARK: Lists

    private func writeInterventions(_ writer: inout JSONWriter) {
        let acts = Set(transcription.acts)
        writer.array("interventions", of: transcription.interventions.indices) { writer, number in
            let intervention = transcription.interventions[number]
            writer.line { writer in
                writer.string("kind", intervention.kind.rawValue)
                if intervention.kind.isEditorial { writer.bool("editorial", true) }
                write(ranges.range(ofIntervention: number), &writer)
                if !intervention.isSpan { writer.string("text", intervention.node.plainNoteText) }
                write(hand: intervention.hand, stage: intervention.stage, &writer)
                writer.number("seq", intervention.sequence)
                writer.strings("place", intervention.place)
                writer.string("rend", intervention.rendition)
                writer.string("cert", intervention.certainty)
                writer.string("resp", intervention.responsible)
                writer.number("alternative", intervention.alternative)
                if intervention.alternative != nil { writer.number("reading", intervention.branch) }
                writer.string("lacking", intervention.lacking)
                writer.number("continues", intervention.continued)
                if !intervention.kind.isEditorial, !acts.contains(number) { writer.bool("counted", false) }
                writeSource(intervention.node, &writer)
            }
        }
    }

    private func writeAlternatives(_ writer: inout JSONWriter) {
        let interventions = Dictionary(
            transcription.interventions.enumerated().compactMap { index, own in
                own.alternative.map { ([$0, own.branch], index) }
            }
        ) { first, _ in first }
        writer.array("alternatives", of: transcription.alternatives.enumerated()) { writer, entry in
            let (number, alternative) = entry
            writer.object { writer in
                writer.string("kind", alternative.kind.rawValue)
                write(ranges.range(of: alternative.node), &writer)
                if !alternative.isPlaced { writer.bool("placed", false) }
                writer.array("readings", of: alternative.readings.enumerated()) { writer, entry in
                    let (branch, reading) = entry
                    writer.line { writer in
                        writer.string("kind", reading.kind.rawValue)
                        writer.string("text", reading.text)
                        write(interventions[[number, branch]].flatMap { ranges.range(ofIntervention: $0) }, &writer)
                        writer.string("hand", transcription.handID(reading.hand))
                        writer.strings("witnesses", reading.witnesses)
                        writer.string("cert", reading.certainty)
                        writer.string("resp", reading.responsible)
                        writer.string("type", reading.type)
                        writer.string("cause", reading.cause)
                        writer.number("varSeq", reading.sequence)
                        writer.strings("groups", reading.groups)
                    }
                }
                writeSource(alternative.node, &writer)
            }
        }
    }

    private func writeMarks(_ writer: inout JSONWriter) {
        writer.array("marks", of: zip(transcription.marks, transcription.firstMarks).enumerated()) {
            writer, entry in
            let (number, (mark, first)) = entry
            writer.line { writer in
                writer.string("kind", mark.kind.rawValue)
                writer.string("subtype", mark.subtype)
                writer.string("text", mark.text)
                write(ranges.range(of: mark.node), &writer)
                write(hand: mark.hand, stage: mark.stage, &writer)
                writer.strings("place", mark.place)
                writer.string("rend", mark.rendition)
                writer.string("cert", mark.certainty)
                writer.strings("target", mark.targets)
                writer.array("targetRanges", of: ranges.targets(mark.targets, from: mark.node)) { writer, range in
                    writer.line { writer in write(range, &writer) }
                }
                if mark.isReported { writer.bool("reported", true) }
                if first != number { writer.number("continues", first) }
                writeSource(mark.node, &writer)
            }
        }
    }

    /// The cancellations and transpositions.
    private func writeGenesis(_ writer: inout JSONWriter) {
        writer.array("cancellations", of: transcription.cancellations) { writer, cancellation in
            writer.line { writer in
                writer.string("kind", cancellation.kind.rawValue)
                write(ranges.range(of: cancellation.target), &writer)
                writer.string("target", cancellation.target.xmlID)
                write(hand: cancellation.hand, stage: cancellation.stage, &writer)
                writer.number("seq", cancellation.sequence)
                switch cancellation.object {
                case .intervention(let number): writer.number("intervention", number)
                case .part(let number):
                    writer.number("intervention", number)
                    writer.bool("part", true)
                case .alternative(let number): writer.number("alternative", number)
                case .transposition(let number): writer.number("transposition", number)
                case .cancellation(let node):
                    writer.number("cancellation", transcription.cancellations.firstIndex { $0.node == node })
                case nil: break
                }
                writeSource(cancellation.node, &writer)
            }
        }
        writer.array("transpositions", of: transcription.transpositions) { writer, transposition in
            writer.object { writer in
                writer.strings("passages", transposition.passages.compactMap(\.node.xmlID))
                write(hand: transposition.hand, stage: transposition.stage, &writer)
                writeSource(transposition.node, &writer)
            }
        }
    }

    private func writeStatements(_ writer: inout JSONWriter) {
        writer.array("statements", of: transcription.statements) { writer, statement in
            writer.object { writer in
                writer.string("kind", statement.kind.rawValue)
                writer.string("type", statement.type)
                writer.strings("locus", statement.locus)
                writer.string("cert", statement.certainty)
                writer.string("degree", statement.degree)
                writer.string("value", statement.value)
                writer.string("text", statement.text.isEmpty ? nil : statement.text)
                writer.array("responsible", of: statement.responsible) { writer, name in write(name, &writer) }
                writer.strings("references", statement.references)
                writer.array("targets", of: statement.targets) { writer, target in
                    writer.line { writer in
                        writer.string("type", target.node.localName)
                        writer.string("attribute", target.attribute)
                        write(ranges.range(of: target), &writer)
                        writeSource(target.node, &writer)
                    }
                }
                writeSource(statement.node, &writer)
            }
        }
    }

    private func writeGaps(_ writer: inout JSONWriter) {
        writer.array("gaps", of: transcription.gaps.indices) { writer, number in
            let gap = transcription.gaps[number]
            writer.line { writer in
                writer.string("kind", gap.kind.rawValue)
                writer.string("reason", gap.reason)
                writer.string("extent", gap.extent.isEmpty ? nil : gap.extent)
                writer.string("description", gap.description)
                write(reading.gaps[number], &writer)
                writer.string("hand", gap.node.attribute("hand").map { Reference($0).fragment ?? $0 })
                writer.string("cert", gap.certainty)
                writeSource(gap.node, &writer)
            }
        }
        writer.array("notes", of: transcription.notes) { writer, note in
            writer.line { writer in
                writer.string("type", note.type)
                writer.string("text", note.node.plainNoteText)
                write(ranges.range(of: note.node), &writer)
                writer.string("hand", transcription.handID(note.hand))
                writer.strings("place", note.place)
                writer.strings("target", note.targets)
                writer.string("cert", note.certainty)
                writer.string("resp", note.responsible)
                writeSource(note.node, &writer)
            }
        }
    }

    private func writeEntities(_ writer: inout JSONWriter) {
        writer.array("entities", of: transcription.entities) { writer, entity in
            writer.object { writer in
                writer.string("kind", entity.kind.rawValue)
                writer.string("ref", entity.reference)
                writer.string("name", entity.name)
                writer.array("mentions", of: entity.mentions) { writer, mention in
                    writer.line { writer in
                        writer.string("text", mention.plainText)
                        write(ranges.range(of: mention), &writer)
                        writeSource(mention, &writer)
                    }
                }
            }
        }
    }
}
