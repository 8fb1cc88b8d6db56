internal import XML

/// What the formats say in words of their own: one place for every phrase that is read beside the document's words.
struct Words {
    fileprivate let transcription: Transcription
    let interface: Interface

    init(_ transcription: Transcription, _ interface: Interface = .english) {
        (self.transcription, self.interface) = (transcription, interface)
    }

    /// What stands before and behind the content of a note or mark that has a line of its own.
    func frame(_ opening: Opening) -> (before: String, after: String) {
        switch opening.role {
        case .mark(let number):
            let mark = transcription.marks[number]
            let isSign = !mark.isReported && ([.check, .query].contains(mark.kind) || (mark.kind == .other && mark.text.count <= 2))
            return isSign ? ("[\(name(mark.kind))", attributes(mark) + "]") : ("[\(lead(mark)):", "]")
        case .note(let number):
            return ("[\(lead(transcription.notes[number])):", "]")
        default:
            return ("[\(Words.witnessDetail):", "]")
        }
    }

    /// `stamp, top right`
    ///
    /// - Parameter quotes: whether the passage is quoted that the mark is about.
    func lead(_ mark: Mark, quotes: Bool = true) -> String {
        (mark.isReported ? "note on a \(name(mark.kind))" : name(mark.kind)) + attributes(mark, quotes: quotes)
    }

    private func attributes(_ mark: Mark, quotes: Bool = true) -> String {
        var parts: [String] = []
        if mark.kind != .stamp, let hand = mark.hand { parts.append("hand of \(transcription.hands[hand].label)") }
        if !mark.place.isEmpty { parts.append(mark.place.joined(separator: " ")) }
        if quotes, let passage = passage(mark) { parts.append("beside “\(passage)”") }
        if let certainty = certainty(mark.certainty) { parts.append(certainty) }
        return parts.map { ", " + $0 }.joined()
    }

    func lead(_ note: Note) -> String {
        let name = note.isEditorial ? "Editors’ note" : note.type.map { $0 == "authorial" ? "Note" : "Note (\($0))" } ?? "Note"
        let hand = note.hand.flatMap { $0 == transcription.mainHand ? nil : "hand of \(transcription.hands[$0].label)" }
        return [name, hand, certainty(note.certainty)].compactMap { $0 }.joined(separator: ", ")
    }

    func name(_ kind: Mark.Kind) -> String {
        switch kind {
        case .check: "check mark"
        case .stamp: "stamp"
        case .query: "question mark"
        case .underline: "underlined"
        case .remark: "remark"
        case .other: "mark"
        }
    }

    func certainty(_ value: String?) -> String? {
        switch value {
        case nil, "high": nil
        case "low": "uncertain"
        case "medium": "probable"
        case let other?: "certainty \(other)"
        }
    }

    /// The passage that a mark points at where it is less than a division, shortened in its middle.
    private func passage(_ mark: Mark) -> String? {
        guard let target = mark.targets.lazy.compactMap({ mark.node.target($0) }).first, ["seg", "p", "q", "quote", "s", "l", "ab", "add", "head"].contains(target.tei) else { return nil }
        let text = target.plainText
        guard text.count > 72 else { return text }
        return text.prefix(40).collapsed + " … " + text.suffix(24).collapsed
    }

    /// `[2 lines omitted by the editor]`
    func gap(_ gap: Gap) -> String {
        let extent = gap.extent
        func phrase(_ words: String) -> String { "[" + (extent.isEmpty ? words : "\(extent) \(words)") + "]" }
        switch gap.kind {
        case .notInSource: return phrase("not in the source")
        case .editorial: return phrase("omitted by the editor")
        case .withheld: return phrase("withheld")
        case .redacted: return phrase("redacted")
        case .illegible: return phrase("illegible")
        case .damage: return phrase("lost to damage")
        case .other: return phrase(gap.reason.map { "omitted: \($0)" } ?? "omitted")
        }
    }

    /// The bracket at one end of an intervention; `nil` where the policy shows none.
    func marker(_ number: Int, isEnd: Bool, _ selection: Selection) -> String? {
        let intervention = transcription.interventions[number]
        if intervention.kind == .deletion, selection.showsDeletions { return isEnd ? "⟧" : "⟦" }
        if intervention.kind == .lacuna { return lacuna(intervention, isEnd: isEnd, selection) }
        if selection.isDiplomatic { return isEnd ? end(intervention) : begin(intervention) }
        guard isEnd, intervention.kind == .addition, let certainty = certainty(intervention.certainty) else { return nil }
        return " [addition\(hand(intervention)), \(certainty)]"
    }

    /// At the end of what a witness lacks, in its own text; in a diplomatic one, where it begins and where it ends.
    private func lacuna(_ intervention: Intervention, isEnd: Bool, _ selection: Selection) -> String? {
        guard let sigil = intervention.lacking, selection.isDiplomatic || selection.sigil == sigil else { return nil }
        switch intervention.node.tei {
        case "witStart", "lacunaEnd": return isEnd ? "[\(sigil) begins here]" : nil
        case "witEnd": return isEnd == selection.isDiplomatic ? nil : "[\(sigil) ends here]"
        default: return isEnd == selection.isDiplomatic ? isEnd ? "[end of the lacuna in \(sigil)]" : nil : "[lacuna in \(sigil)]"
        }
    }

    private func hand(_ intervention: Intervention) -> String {
        guard let hand = intervention.hand, hand != transcription.mainHand else { return "" }
        return ", hand of \(transcription.hands[hand].label)"
    }

    private func begin(_ intervention: Intervention) -> String? {
        switch intervention.kind {
        case .addition:
            guard let hand = intervention.hand, hand != transcription.mainHand else { return "\\" }
            return "\\\(transcription.hands[hand].label): "
        case .supplied: return "["
        case .expansion where intervention.alternative == nil: return "["
        case .surplus: return "{"
        case .correction: return " [corr. "
        case .regularization: return " [reg. "
        case .expansion: return " [i.e. "
        case .reading where intervention.branch > 0: return " [\(witnesses(intervention)): "
        case .possibility where intervention.branch > 0: return " [or "
        default: return nil
        }
    }

    private func end(_ intervention: Intervention) -> String? {
        switch intervention.kind {
        case .addition: return (certainty(intervention.certainty).map { " [\($0)]" } ?? "") + "/"
        case .supplied, .correction, .regularization, .expansion: return "]"
        case .surplus: return "}"
        case .sic where intervention.alternative == nil: return " [sic]"
        case .restoration: return " [restored]"
        case .unclear: return "[?]"
        case .reading where intervention.branch > 0: return "]"
        case .possibility where intervention.branch > 0: return "]"
        default: return nil
        }
    }

    /// What is said behind elements in which something was cancelled.
    var cancelled: [Node: String] {
        let made = transcription.cancellationsInOrder.map { transcription.cancellations[$0] }
        return Dictionary(grouping: made, by: \.target).mapValues { made in
            " [" + made.map { $0.kind == .undo ? "undone" : "redone" }.joined(separator: ", ") + "]"
        }
    }

    private func witnesses(_ intervention: Intervention) -> String {
        let sigla = transcription.witnesses(of: intervention)
        return sigla.isEmpty ? "variant" : sigla.joined(separator: " ")
    }

    // MARK: Header

    /// `March 1993 (1993-03-01 to 1993-03-03)`
    func date(_ date: Header.Date) -> String {
        let range = switch (date.when, date.notBefore ?? date.from, date.notAfter ?? date.to) {
        case (let when?, _, _): when
        case (nil, let first?, let last?): "\(first) to \(last)"
        case (nil, let first?, nil): "from \(first)"
        case (nil, nil, let last?): "to \(last)"
        case (nil, nil, nil): ""
        }
        let parts = [date.text, range.isEmpty || date.text == range ? "" : date.text.isEmpty ? range : "(\(range))"]
        let uncertain = certainty(date.certainty).map { "[\($0)]" } ?? ""
        return (parts + [uncertain]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// `Clinton Presidential Library, 2015-0772-M`
    func holding(_ holding: Header.Holding) -> String {
        ([holding.settlement, holding.institution, holding.repository, holding.collection].compactMap { $0 } + holding.identifiers)
            .joined(separator: ", ")
    }

    func correspondence(_ action: Header.Correspondence) -> String {
        let names = action.names.map(\.name).joined(separator: "; ")
        return [names, action.place?.name, action.date.map(date)].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    // MARK: Columns

    /// Rows as lines, the cells of a column below one another.
    static func columns(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).filter { $1 > 0 }.map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
            return String(cells.reversed().drop { $0 == " " }.reversed())
        }
    }
}

// MARK: - Interventions

extension Words {
    func name(_ kind: Intervention.Kind) -> String {
        switch kind {
        case .addition: "addition"
        case .deletion: "deletion"
        case .restoration: "restored"
        case .retrace: "written over again"
        case .sic: "as written"
        case .correction: "the editors’ correction"
        case .original: "original spelling"
        case .regularization: "the editors’ spelling"
        case .abbreviation: "abbreviation"
        case .expansion: "the editors’ expansion"
        case .supplied: "supplied by the editors"
        case .surplus: "superfluous"
        case .unclear: "unclear"
        case .damage: "damaged"
        case .reading: "other reading"
        case .lacuna: "lacuna"
        case .possibility: "other possibility"
        case .modification: "altered"
        }
    }

    /// `deletion, hand of Edith Ferrell, above, probable`
    func lead(_ intervention: Intervention) -> String {
        var parts = [name(intervention.kind)]
        if intervention.kind == .reading { parts = ["reading of \(witnessNames(intervention))"] }
        if intervention.kind == .lacuna { parts = ["lacuna in \(witnessNames(intervention))"] }
        if !intervention.kind.isEditorial, let hand = intervention.hand, hand != transcription.mainHand {
            parts.append("hand of \(transcription.hands[hand].label)")
        }
        parts += intervention.place
        if let certainty = certainty(intervention.certainty) { parts.append(certainty) }
        return parts.joined(separator: ", ")
    }

    private func witnessNames(_ intervention: Intervention) -> String {
        let sigla = transcription.witnesses(of: intervention)
        return sigla.isEmpty ? "no named witness" : sigla.joined(separator: ", ")
    }

    /// What is heard before a deletion.
    func deleted(_ intervention: Intervention) -> String { by("deleted", intervention) }

    /// What is heard before an addition.
    func added(_ intervention: Intervention) -> String { by("added", intervention) }

    private func by(_ word: String, _ intervention: Intervention) -> String {
        guard let hand = intervention.hand, hand != transcription.mainHand else { return "\(word): " }
        return "\(word) by \(transcription.hands[hand].label): "
    }

    static let endOfDeletion = " (end of deletion)"
    static let endOfAddition = " (end of addition)"

    static func shift(to hand: String) -> String { "now the hand of \(hand): " }

    static func inHand(of hand: String) -> String { "in the hand of \(hand): " }

    /// The sign at one end of a deletion or addition that crosses elements.
    func spanMarker(_ intervention: Intervention, isEnd: Bool) -> String? {
        switch intervention.kind {
        case .deletion: isEnd ? "⟧" : "⟦"
        case .addition: isEnd ? "/" : "\\"
        default: nil
        }
    }
}

// MARK: - What a text leaves out

extension Words {
    /// What an element is that is left out for its own sake; `nil` for one that only shares the state of what is around it.
    func leftOut(_ opening: Opening) -> String? {
        switch opening.role {
        case .intervention(let number): return lead(transcription.interventions[number])
        case .mark(let number): return lead(transcription.marks[number])
        case .note(let number): return lead(transcription.notes[number])
        case .plain, .alternative, .entity: break
        }
        switch opening.node.tei {
        case "fw": return "running head or foot"
        case "index": return "index entry"
        case "witDetail": return Words.witnessDetail
        default: return nil
        }
    }

    /// Why something in this state is left out.
    func leftOut(_ state: State, _ selection: Selection) -> String {
        let reason = state.interventions.first { number in
            var alone = State(hand: transcription.mainHand)
            alone.interventions = [number]
            return !selection.includes(alone)
        }
        if let reason { return lead(transcription.interventions[reason]) }
        if let hand = state.hand, hand != transcription.mainHand { return "in the hand of \(transcription.hands[hand].label)" }
        if let stage = state.stage, case .stage = selection.policy { return "of a later stage, “\(transcription.stages[stage].description)”" }
        return "in the main hand"
    }
}

// MARK: - The page

extension Words {
    static let witnessDetail = "note on a witness"
    static let figure = "figure"
    static let image = "image"
    static let see = "see"
    static let skip = "Skip to the text"
    static let hands = "Hands"
    static let stages = "Stages of writing"
    static let witnesses = "Witnesses"
    static let text = "Text"
    static let gaps = "Gaps"
    static let leftOut = "Left out of this text"
    static let documents = "Documents"
    static let mainHand = "main hand"
    static let none = "None."
    static let nothing = "Nothing."
    static let readers = "Who wrote on the documents"

    /// What a mark is on that is on more than a passage.
    static func onWhole(_ element: Node) -> String {
        let isDocument = ["text", "body", "TEI"].contains(element.tei)
        return "on the whole \(isDocument ? "document" : element.attribute("type") ?? "division")"
    }

    static func placeInText(_ number: Int) -> String { "\(number), to its place in the text" }
    static func inMargin(_ number: Int, _ lead: String) -> String { "Margin \(number): \(lead)" }
    static func gapLink(_ number: Int, _ kind: Gap.Kind) -> String { "\(number), \(name(kind))" }
    func page(_ number: String) -> String { Words.page(number) }
    static func page(_ number: String) -> String { number.isEmpty ? "page break" : "page \(number)" }
    func image(of page: String) -> String { page.isEmpty ? interface(.image) : interface(.imageOfPage, page) }
    func zone(_ number: Int) -> String { interface(.zone, "\(number)") }
    var fetchImage: String { interface(.loadImage) }
    var onImage: String { interface(.onImage) }

    static func names(of kind: Entity.Kind, _ interface: Interface) -> String {
        switch kind {
        case .person: interface(.people)
        case .organisation: interface(.organisations)
        case .place: interface(.places)
        case .event: interface(.events)
        case .other: interface(.otherNames)
        }
    }

    static func source(_ file: String) -> String { "Made by Marginalia from \(file)." }

    static let written = "written by the program"
    static func written(for element: String) -> String { "\(written) for <\(element)>" }

    /// A stage that has but a number (`@seq`).
    static func change(_ number: Int) -> String { "change \(number)" }

    /// `1 gap`, `3 gaps`
    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    static func count(_ number: Int, _ kind: Mark.Kind) -> String {
        switch kind {
        case .check: count(number, "check mark")
        case .stamp: count(number, "stamp")
        case .query: count(number, "question mark")
        case .underline: count(number, "underlining")
        case .remark: count(number, "remark")
        case .other: count(number, "other mark")
        }
    }

    static func leftOutCount(_ number: Int) -> String { count(number, "entry", "entries") }

    /// What a kind of gap means.
    static func name(_ kind: Gap.Kind) -> String {
        switch kind {
        case .notInSource: "not in the source of this edition"
        case .editorial: "omitted by the editor"
        case .withheld: "withheld when the document was released"
        case .redacted: "redacted"
        case .illegible: "illegible"
        case .damage: "lost to damage"
        case .other: "omitted for another reason"
        }
    }

    /// The name of a text.
    func name(_ policy: Policy) -> String {
        switch policy {
        case .typed: "Text before any change"
        case .revised: "Revised text"
        case .reading: "Reading text"
        case .diplomatic: "Diplomatic text"
        case .hand(let id): Words.handText(transcription.hands.first { $0.id == id }.map(\.label) ?? id)
        case .stage(let id): "Text at the stage “\(firstSentence(transcription.stages.first { $0.id == id }?.description ?? id))”"
        case .witness(let sigil): "Text of \(sigil)"
        }
    }

    private func firstSentence(_ text: String) -> String {
        text.firstRange(of: ". ").map { String(text[..<$0.lowerBound]) } ?? (text.hasSuffix(".") ? String(text.dropLast()) : text)
    }

    private static func handText(_ name: String) -> String {
        name == mainHand ? "The main hand" : "The hand of \(name)"
    }

    /// Which text a policy is, in a sentence.
    static func sentence(_ policy: Policy) -> String {
        switch policy {
        case .typed:
            "The text of the main hand before anybody changed it: what was deleted later still stands, nothing is added."
        case .revised:
            "The text as its writers left it: their additions are in it, their deletions are not, and the editors change nothing."
        case .reading:
            "The text as its writers left it, with the editors’ corrections, regular spellings, expansions and supplied words."
        case .diplomatic:
            "All that is written, as it is written: deletions, additions and every reading are shown and marked, lines end as on the page."
        case .hand:
            "What this one hand wrote, whether or not it was struck out. An ellipsis stands where others wrote between."
        case .stage:
            "The text as it stood after this stage of writing."
        case .witness:
            "The revised text with the readings of this witness."
        }
    }

    static func label(_ field: Field) -> String {
        switch field {
        case .author: "Author"
        case .date: "Date"
        case .holding: "Holding"
        case .languages: "Languages"
        case .licence: "Licence"
        case .sent: "From"
        case .received: "To"
        }
    }

    enum Field { case author, date, holding, languages, licence, sent, received }
}

// MARK: - Apparatus

extension Words {
    static let apparatus = "Apparatus"

    /// `decided B C`, `om. B`, `without much (conj. Aldous, uncertain)`
    func reading(_ reading: Alternative.Reading, witnesses: [String]) -> String {
        let text = reading.text.isEmpty ? Words.omits : reading.text
        let said = remarks(on: reading, isAnonymous: witnesses.isEmpty)
        return ([text] + witnesses + (said.isEmpty ? [] : ["(\(said.joined(separator: ", ")))"])).joined(separator: " ")
    }

    private func remarks(on reading: Alternative.Reading, isAnonymous: Bool) -> [String] {
        let names = (reading.node.tokens("resp") + reading.node.tokens("source")).map { name(of: $0, from: reading.node) }
        let isConjecture = isAnonymous && !names.isEmpty || ["conjecture", "emendation", "conj", "emend"].contains(reading.type)
        var said: [String] = []
        if isConjecture { said.append((["conj."] + names).joined(separator: " ")) }
        if let hand = reading.hand, hand != transcription.mainHand, reading.node.attribute("hand") != nil { said.append("hand of \(transcription.hands[hand].label)") }
        if let cause = reading.cause { said.append(cause) }
        if let certainty = certainty(reading.certainty) { said.append(certainty) }
        let limits = reading.node.descendants("witStart", "witEnd", "lacunaStart", "lacunaEnd").map(\.tei)
        return said + limits.compactMap { Words.limits[$0] }
    }

    private static let limits = ["witStart": "begins here", "witEnd": "ends here", "lacunaStart": "lacuna begins", "lacunaEnd": "lacuna ends"]

    /// Who is pointed at.
    private func name(of pointer: String, from node: Node) -> String {
        guard let target = node.target(pointer) else { return Reference(pointer).fragment ?? pointer }
        return Entities.name(of: target) ?? target.descendants("persName", "name", "orgName").first?.plainText ?? target.plainText
    }

    /// `3`, `page 2, line 5`
    func place(_ entry: Apparatus.Entry) -> String {
        switch entry.place {
        case .heading: "heading"
        case .line(let line): "l. \(line)"
        case .paragraph(let number): "¶ \(number)"
        case .reference(let loc): loc
        }
    }

    static func heading(page: String) -> String {
        let name = Words.page(page)
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// `resolved] A; decided B; agreed C`
    func entry(_ entry: Apparatus.Entry, _ form: ApparatusFormat.Form) -> String {
        let parts = readings(entry)
        return lemma(entry) + "] " + (form == .positive ? ([witnesses(entry)] + parts).filter { !$0.isEmpty } : parts).joined(separator: "; ")
    }

    /// The words, the middle of many left out, or that behind which others stand.
    func lemma(_ entry: Apparatus.Entry) -> String {
        let words = entry.lemma.text.split(separator: " ")
        if words.isEmpty { return Words.behind(entry.before, isCut: false) }
        return words.count > 8 ? (words.prefix(3) + ["…"] + words.suffix(2)).joined(separator: " ") : entry.lemma.text
    }

    func witnesses(_ entry: Apparatus.Entry) -> String { entry.witnesses.joined(separator: " ") }

    /// The other readings, and what is noted of them.
    func readings(_ entry: Apparatus.Entry) -> [String] {
        let app = transcription.alternatives[entry.alternative].node
        let notes = app.childElements.filter { ["note", "witDetail"].contains($0.tei) }.map { "(\($0.plainNoteText))" }
        return entry.others.map { reading($0, witnesses: $0.witnesses) } + notes
    }
}

// MARK: - Collations

extension Words {
    static func differences(_ number: Int) -> String {
        number == 0 ? "no place differs" : count(number, "place differs", "places differ")
    }

    static func sameWords(_ number: Int, of all: Int) -> String { "\(number) of \(count(all, "word")) \(number == 1 ? "stands" : "stand") in all" }

    static let omitted = "(nothing)"
    /// As an apparatus says it.
    static let omits = "om."
    static let atStart = "at the start"
    static func behind(_ text: String, isCut: Bool) -> String { "after “\(isCut ? "… " : "")\(text)”" }
    static func transposed(_ text: String) -> String { "transposed: “\(text)”" }
    static func collation(of sigla: [String]) -> String { "Collation of \(sigla.joined(separator: ", "))" }
    static let variants = "Variants"
    static let transpositions = "Transpositions"
    static func place(_ number: Int) -> String { "place \(number)" }
    static func changes(_ number: Int) -> String { number == 0 ? "nothing differs" : count(number, "change") }
    static let writing = "writing of"
    static let madeByCollation = "Made by Marginalia from the texts listed below."
}
