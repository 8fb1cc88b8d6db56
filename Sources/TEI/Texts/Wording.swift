package import XML

/// The words of the program in all formats: the one place for every phrase that readers see beside the document's
/// words.
package struct Wording {
    fileprivate let transcription: Transcription
    package let interface: PageLanguage

    package init(_ transcription: Transcription, _ interface: PageLanguage = .english) {
        (self.transcription, self.interface) = (transcription, interface)
    }

    /// The name of a hand; of the main hand, if nothing names it, that it is this.
    package func label(_ hand: Int) -> String { Wording.label(transcription.hands[hand], interface) }

    package static func label(_ hand: Hand?, _ interface: PageLanguage = .english) -> String {
        guard let hand else { return interface(.handUnknown) }
        return hand.isMain && !hand.isNamed ? interface(.mainHand) : hand.label
    }

    /// The date of a stage, or its limits.
    package func date(_ stage: Stage) -> String? {
        stage.date.map(interface.range).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The description of a stage, or its number if it has only that (`@seq`).
    package func description(_ stage: Stage) -> String {
        stage.sequence.map { interface(.change, "\($0)") } ?? stage.description
    }

    /// The words before and after the content of a note or mark that has a line of its own.
    package func frame(_ opening: Opening) -> (before: String, after: String) {
        switch opening.role {
        case .mark(let number):
            let mark = transcription.marks[number]
            return mark.isOnlySign
                ? ("[\(name(mark))", attributes(mark) + "]") : ("[\(lead(mark)):", "]")
        case .note(let number):
            return ("[\(lead(transcription.notes[number])):", "]")
        default:
            let name = transcription.facts(of: opening).caption.map { interface($0) } ?? witnessDetail
            return ("[\(name):", "]")
        }
    }

    /// `stamp, top right`
    ///
    /// - Parameter quotes: whether the passage is quoted that the mark is about.
    package func lead(_ mark: Mark, quotes: Bool = true) -> String {
        (mark.isReported ? interface(.noteOn, name(mark)) : name(mark)) + attributes(mark, quotes: quotes)
    }

    /// `check mark`, `circled`, `underlined twice`
    package func name(_ mark: Mark) -> String { mark.shape.map { interface($0) } ?? interface.name(mark.kind) }

    private func attributes(_ mark: Mark, quotes: Bool = true) -> String {
        var parts: [String] = []
        if mark.kind != .stamp, let hand = hand(of: mark) { parts.append(interface(.handOf, hand)) }
        if !mark.place.isEmpty { parts.append(mark.place.joined(separator: " ")) }
        if quotes, let passage = passage(mark) ?? neighbours(of: mark) {
            parts.append(passage)
        } else if !quotes, mark.shape != .arrow, Wording.hasArrow(mark) {
            parts.append(interface(.arrow))
        }
        if let certainty = interface.certainty(mark.certainty) { parts.append(certainty) }
        return parts.map { ", " + $0 }.joined()
    }

    /// Whose a mark is; of a remark, whose its words are, if another hand wrote them.
    private func hand(of mark: Mark) -> String? {
        let writers = mark.writers.hands.compactMap { $0 }
        if mark.kind == .remark, !writers.isEmpty, writers != [mark.hand] {
            return writers.map(label).joined(separator: ", ")
        }
        return mark.hand.map(label)
    }

    package func lead(_ note: Note) -> String {
        let type = note.type.flatMap { $0 == "authorial" ? nil : $0 }
        let name =
            note.isEditorial ? interface(.editorsNote) : type.map { interface(.noteOfType, $0) } ?? interface(.note)
        let writers = note.writers.hands.isEmpty ? [note.hand] : note.writers.hands
        let hands = writers == [transcription.mainHand] ? [] : writers.compactMap { $0 }.map(label)
        let hand = hands.isEmpty ? nil : interface(.handOf, hands.joined(separator: ", "))
        return [name, hand, interface.certainty(note.certainty)].compactMap { $0 }.joined(separator: ", ")
    }

    /// The passage that a mark points at, if it is less than a division, shortened in the middle.
    private func passage(_ mark: Mark) -> String? {
        guard let target = mark.targets.lazy.compactMap({ mark.node.target($0) }).first,
            transcription.elements.facts(named: target.tei).isQuotable
        else { return nil }
        return interface(Wording.hasArrow(mark) ? .arrowToPassage : .besidePassage, shortened(target.plainText))
    }

    /// Whether a sign in it leads to what it is about.
    private static func hasArrow(_ mark: Mark) -> Bool {
        mark.node.descendants("metamark").contains { Mark.shape(of: $0) == .arrow }
    }

    /// The words of a passage, without its middle if there are many.
    private func shortened(_ text: String) -> String {
        text.count > 72 ? text.prefix(40).collapsed + " … " + text.suffix(24).collapsed : text
    }

    /// Between which words a sign is, if it is in a line and points at nothing.
    private func neighbours(of mark: Mark) -> String? {
        guard mark.isInLine else { return nil }
        switch (word(beside: mark.node, isBefore: true), word(beside: mark.node, isBefore: false)) {
        case (nil, nil): return nil
        case (let before?, nil): return interface(.afterWords, before)
        case (nil, let after?): return interface(.beforeWords, after)
        case (let before?, let after?): return interface(.betweenWords, before, after)
        }
    }

    /// Whether a neighbour has words of the document, and not of the editors or the program alone.
    private func isOfText(_ node: Node) -> Bool {
        guard node.kind == .element else { return node.kind == .text }
        let row = transcription.elements.row(of: node)
        return !Gap.isGap(node, node.tei) && !row.facts.isEditorial
            && !node.childElements.contains { $0.tei == "figDesc" }
    }

    /// The nearest word before or after an element, in its paragraph or line.
    private func word(beside node: Node, isBefore: Bool) -> String? {
        var place = node
        while true {
            // A few neighbours are enough: with more marks than that between, it is no neighbour.
            let siblings =
                isBefore ? Array(place.precedingSiblings.prefix(8)) : Array(place.followingSiblings.prefix(8))
            for sibling in siblings where sibling.tei != "note" && sibling.tei != "metamark" && isOfText(sibling) {
                let words = (sibling.kind == .text ? sibling.stringValue : sibling.plainText).split {
                    !$0.isLetter && !$0.isNumber
                }
                if let word = isBefore ? words.last : words.first { return String(word) }
            }
            guard let parent = place.parent, !transcription.elements.behaviour(of: place).isBlock,
                !transcription.elements.behaviour(of: parent).isBlock
            else { return nil }
            place = parent
        }
    }

    /// `[blank: 5 cm, left blank by the clerk]`, for a `space` of which the editors say more than that it is one; `nil`
    /// for any other.
    package func blank(_ node: Node) -> String? {
        // A blank of one character is a space.
        let isSpace = node.attribute("unit").map { $0.lowercased().hasPrefix("char") } ?? true
        let isWide =
            node.attribute("extent") == "unknown" || (node.attribute("quantity").flatMap { Double($0) } ?? 1) > 1
        let isSaid = node.attribute("extent").map { Double($0) == nil } ?? false
        let extent = !isSpace || isSaid || isWide && node.attribute("unit") != nil ? Gap.extent(of: node) : ""
        let said = [extent, node.child("desc")?.plainText ?? ""].filter {
            !$0.isEmpty
        }
        return said.isEmpty ? nil : "[blank: \(said.joined(separator: ", "))]"
    }

    /// The sign for the words that the editors supplied, in a text without them, if the reason says that words of the
    /// document are lost; `nil` if the writer left them out, or the editors explain something.
    package func lost(_ supplied: Node) -> String? {
        switch Gap.kind(of: supplied) {
        case .illegible: "[\(interface(.gapIllegible))]"
        case .damage: "[\(interface(.gapDamage))]"
        case .redacted: "[\(interface(.gapRedacted))]"
        case .withheld: "[\(interface(.withheld))]"
        case .other where isLost(supplied): "[\(interface(.gapDamage))]"
        case .notInSource, .editorial, .other: nil
        }
    }

    /// Whether the editors supplied words that were there, though the reason is none of the usual ones: an earlier editor
    /// read them, or they are in a damaged place.
    private func isLost(_ supplied: Node) -> Bool {
        switch supplied.attribute("reason") {
        case nil:
            supplied.attribute("evidence") == "previouseditor" || supplied.ancestors.contains { $0.tei == "damage" }
        case "undefined": supplied.attribute("evidence") == "previouseditor"
        default: false
        }
    }

    /// `[2 lines omitted by the editor]`
    package func gap(_ gap: Gap) -> String { interface.gap(gap.kind, gap.reason, gap.extent, gap.description) }

    /// The bracket at one end of an intervention; `nil` if the policy shows none.
    package func marker(_ number: Int, isEnd: Bool, _ selection: Selection) -> String? {
        let intervention = transcription.interventions[number]
        if intervention.kind == .deletion, selection.showsDeletions { return isEnd ? "⟧" : "⟦" }
        if intervention.kind == .lacuna { return lacuna(intervention, isEnd: isEnd, selection) }
        if selection.isDiplomatic { return isEnd ? end(intervention) : begin(intervention) }
        guard isEnd, intervention.kind == .addition, let certainty = interface.certainty(intervention.certainty) else {
            return nil
        }
        return " [\(interface(.addition))\(hand(intervention)), \(certainty)]"
    }

    /// At the end of what a witness lacks, in its own text; in a diplomatic one, where it begins and where it ends.
    private func lacuna(_ intervention: Intervention, isEnd: Bool, _ selection: Selection) -> String? {
        guard let sigil = intervention.lacking, selection.isDiplomatic || selection.sigil.isSame(as: sigil) else {
            return nil
        }
        switch intervention.node.tei {
        case "witStart", "lacunaEnd": return isEnd ? "[\(interface(.beginsHere, sigil))]" : nil
        case "witEnd" where intervention.isResumed && isEnd:
            return "[\(interface(selection.isDiplomatic ? .beginsHere : .lacunaIn, sigil))]"
        case "witEnd": return isEnd == selection.isDiplomatic ? nil : "[\(interface(.endsHere, sigil))]"
        default:
            return isEnd == selection.isDiplomatic
                ? isEnd ? "[\(interface(.endOfLacuna, sigil))]" : nil : "[\(interface(.lacunaIn, sigil))]"
        }
    }

    private func hand(_ intervention: Intervention) -> String {
        guard let hand = intervention.hand, hand != transcription.mainHand else { return "" }
        return ", " + interface(.handOf, label(hand))
    }

    private func begin(_ intervention: Intervention) -> String? {
        switch intervention.kind {
        case .addition:
            guard let hand = intervention.hand, hand != transcription.mainHand else { return "\\" }
            return "\\\(label(hand)): "
        case .supplied: return "["
        case .expansion where intervention.alternative == nil: return "["
        case .surplus: return "{"
        case .correction: return space(before: intervention) + "[corr. "
        case .regularization: return space(before: intervention) + "[reg. "
        case .expansion: return space(before: intervention) + "[i.e. "
        case .reading where intervention.branch > 0: return " [\(witnesses(intervention)): "
        case _ where isAnotherForm(intervention): return " [\(interface(.or)) "
        default: return nil
        }
    }

    private func end(_ intervention: Intervention) -> String? {
        switch intervention.kind {
        case .addition: return (interface.certainty(intervention.certainty).map { " [\($0)]" } ?? "") + "/"
        case .supplied, .correction, .regularization, .expansion: return "]"
        case .surplus: return "}"
        case .sic where intervention.alternative == nil: return space(before: intervention) + "[sic]"
        case .restoration: return space(before: intervention) + "[\(interface(.restored))]"
        // The encoder may have typed the sign.
        case .unclear: return intervention.node.plainText.hasSuffix("?]") ? nil : "[?]"
        case .reading where intervention.branch > 0: return "]"
        case _ where isAnotherForm(intervention): return "]"
        default: return nil
        }
    }

    /// Between words, a space is before the editors' form of words. Within a word, none is.
    private func space(before intervention: Intervention) -> String {
        let parent = intervention.node.parent.flatMap { $0.tei == "choice" ? $0 : nil }
        return (parent ?? intervention.node).isWithinWord ? "" : " "
    }

    /// Whether it is a form in a `choice` of the same kind as one before, which the brackets of its kind do not say.
    private func isAnotherForm(_ intervention: Intervention) -> Bool {
        guard [.possibility, .sic, .original, .abbreviation].contains(intervention.kind), intervention.branch > 0,
            let alternative = intervention.alternative
        else { return false }
        return transcription.alternatives[alternative].readings.prefix(intervention.branch).contains {
            $0.kind == intervention.kind
        }
    }

    /// The words after elements in which something was cancelled.
    var cancelled: [Node: String] {
        let made = transcription.cancellationsInOrder.map { transcription.cancellations[$0] }
        return Dictionary(grouping: made, by: \.target).mapValues { made in
            " [" + made.map { interface($0.kind == .undo ? .undone : .redone) }.joined(separator: ", ") + "]"
        }
    }

    private func witnesses(_ intervention: Intervention) -> String {
        let sigla = transcription.witnesses(of: intervention)
        return sigla.isEmpty ? interface(.variant) : sigla.joined(separator: " ")
    }

    // MARK: Header

    func correspondence(_ action: Header.Correspondence) -> String {
        let names = action.names.map(\.name).joined(separator: "; ")
        return [names, action.place?.name, action.date.map(interface.date)].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: ", ")
    }

    // MARK: Columns

    /// Rows as lines, the cells of a column below one another.
    static func columns(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).filter { $1 > 0 }.map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ")
            return String(cells.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The same for people, without what a terminal would obey.
    package static func printableColumns(_ rows: [[String]]) -> [String] { columns(rows.map { $0.map(\.printable) }) }
}

// MARK: - Interventions

extension Wording {
    package func name(_ kind: Intervention.Kind) -> String {
        switch kind {
        case .addition: interface(.addition)
        case .deletion: interface(.deletion)
        case .restoration: interface(.restored)
        case .retrace: interface(.retraced)
        case .sic: interface(.asWritten)
        case .correction: interface(.correction)
        case .original: interface(.originalSpelling)
        case .regularization: interface(.regularSpelling)
        case .abbreviation: interface(.abbreviation)
        case .expansion: interface(.expansion)
        case .supplied: interface(.supplied)
        case .surplus: interface(.superfluous)
        case .unclear: interface(.unclear)
        case .damage: interface(.damaged)
        case .reading: interface(.otherReading)
        case .lacuna: interface(.lacuna)
        case .possibility: interface(.otherPossibility)
        case .modification: interface(.altered)
        }
    }

    /// `deletion, hand of Edith Ferrell, above, probable`
    package func lead(_ intervention: Intervention) -> String {
        var parts = [name(intervention.kind)]
        if intervention.kind == .reading { parts = [interface(.readingOf, witnessNames(intervention))] }
        if intervention.kind == .lacuna { parts = [interface(.lacunaIn, witnessNames(intervention))] }
        if !intervention.kind.isEditorial, let hand = intervention.hand, hand != transcription.mainHand {
            parts.append(interface(.handOf, label(hand)))
        }
        parts += intervention.place
        if let certainty = interface.certainty(intervention.certainty) { parts.append(certainty) }
        return parts.joined(separator: ", ")
    }

    private func witnessNames(_ intervention: Intervention) -> String {
        let sigla = transcription.witnesses(of: intervention)
        return sigla.isEmpty ? interface(.noWitness) : sigla.joined(separator: ", ")
    }

    /// The words that a screen reader speaks before a deletion.
    package func deleted(_ intervention: Intervention) -> String { by(.deleted, .deletedBy, intervention) }

    /// The words that a screen reader speaks before an addition.
    package func added(_ intervention: Intervention) -> String { by(.added, .addedBy, intervention) }

    private func by(_ alone: Phrase, _ byHand: Phrase, _ intervention: Intervention) -> String {
        guard let hand = intervention.hand, hand != transcription.mainHand else { return interface(alone) }
        return interface(byHand, label(hand))
    }

    package var endOfDeletion: String { interface(.endOfDeletion) }
    package var endOfAddition: String { interface(.endOfAddition) }

    package func shift(to hand: String) -> String { interface(.nowHandOf, hand) }

    package func inHand(of hand: String) -> String { interface(.inHandOf, hand) }

    /// The sign at one end of a deletion or addition that crosses elements.
    package func spanMarker(_ intervention: Intervention, isEnd: Bool) -> String? {
        switch intervention.kind {
        case .deletion: isEnd ? "⟧" : "⟦"
        case .addition: isEnd ? "/" : "\\"
        default: nil
        }
    }
}

// MARK: - What a text leaves out

extension Wording {
    /// The name of an element that is left out for its own sake; `nil` if it only shares the state of the elements
    /// around it.
    package func leftOut(_ opening: Opening) -> String? {
        switch opening.role {
        case .intervention(let number): return lead(transcription.interventions[number])
        case .mark(let number): return lead(transcription.marks[number])
        case .note(let number): return lead(transcription.notes[number])
        case .plain, .alternative, .entity: break
        }
        return transcription.facts(of: opening).caption.map { interface($0) }
    }

    /// Why something in this state is left out.
    package func leftOut(_ state: State, _ selection: Selection) -> String {
        let reason = state.interventions.first { number in
            var alone = State(hand: transcription.mainHand)
            alone.interventions = [number]
            return !selection.includes(alone)
        }
        if let reason { return lead(transcription.interventions[reason]) }
        if let hand = state.hand, hand != transcription.mainHand {
            return interface(.writtenBy, label(hand))
        }
        if let stage = state.stage, selection.policy.kind.subject == .stage {
            return interface(.ofLaterStage, description(transcription.stages[stage]))
        }
        return interface(.inMainHand)
    }
}

// MARK: - The page

extension Wording {
    package var witnessDetail: String { interface(.witnessDetail) }

    /// The name of the target of a mark on more than a passage.
    package func onWhole(_ element: Node) -> String {
        let isDocument = [.text, .body, .document].contains(transcription.elements.behaviour(of: element))
        return interface(
            .onWhole, isDocument ? interface(.document) : element.attribute("type") ?? interface(.division))
    }

    package func placeInText(_ number: Int) -> String { interface(.placeInText, "\(number)") }
    package func inMargin(_ number: Int, _ lead: String) -> String { interface(.inMargin, "\(number)", lead) }
    package func gapLink(_ number: Int, _ kind: Gap.Kind) -> String { "\(number), \(name(kind))" }
    /// `see people.xml#p7`; of a place in a manuscript, its number.
    func pointer(_ target: String, _ node: Node) -> String {
        let folio = node.tei == "locus" ? Reference(target).fragment : nil
        return folio ?? "\(interface(.see)) \(target)"
    }

    /// The number of a page, and if there are several witnesses, the one whose page it is (`@ed`).
    package func pageNumber(of node: Node) -> String {
        let editions = transcription.witnesses.count > 1 ? node.tokens("ed").map { Reference($0).fragment ?? $0 } : []
        return ([node.attribute("n")].compactMap(\.self) + editions).joined(separator: ", ")
    }

    package func page(_ number: String) -> String { number.isEmpty ? interface(.pageBreak) : interface(.page, number) }
    package func image(of page: String) -> String { page.isEmpty ? interface(.image) : interface(.imageOfPage, page) }
    package func zone(_ number: Int) -> String { interface(.zone, "\(number)") }
    package var fetchImage: String { interface(.loadImage) }
    package var onImage: String { interface(.onImage) }

    package static func names(of kind: Entity.Kind, _ interface: PageLanguage) -> String {
        switch kind {
        case .person: interface(.people)
        case .organisation: interface(.organisations)
        case .place: interface(.places)
        case .event: interface(.events)
        case .other: interface(.otherNames)
        }
    }

    package func source(_ file: String) -> String { interface(.source, file) }

    static let written = "written by the program"
    static func written(for element: String) -> String { "\(written) for <\(element)>" }

    /// `1 gap`, `3 gaps`
    package static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// The meaning of a kind of gap.
    package func name(_ kind: Gap.Kind) -> String {
        switch kind {
        case .notInSource: interface(.gapNotInSource)
        case .editorial: interface(.gapEditorial)
        case .withheld: interface(.gapWithheld)
        case .redacted: interface(.gapRedacted)
        case .illegible: interface(.gapIllegible)
        case .damage: interface(.gapDamage)
        case .other: interface(.gapOther)
        }
    }

    /// The name of a text.
    package func name(_ policy: Policy) -> String {
        let name = policy.name ?? ""
        switch policy.kind.subject {
        case nil: return interface(policy.kind.title)
        case .hand: return handText(name, policy.kind.title)
        case .stage:
            let stage = transcription.stages.first { $0.id.isSame(as: name) }
            return interface(policy.kind.title, firstSentence(stage.map(description) ?? name))
        case .witness: return interface(policy.kind.title, name)
        }
    }

    private func firstSentence(_ text: String) -> String {
        text.firstRange(of: ". ").map { String(text[..<$0.lowerBound]) }
            ?? (text.hasSuffix(".") ? String(text.dropLast()) : text)
    }

    private func handText(_ id: String, _ title: Phrase) -> String {
        let hand = transcription.hand(named: id).map { transcription.hands[$0] }
        if let hand, hand.isMain, !hand.isNamed { return interface(.mainHandText) }
        return interface(title, hand?.label ?? id)
    }

    /// Which text a policy is, in a sentence.
    package func sentence(_ policy: Policy) -> String { interface(policy.kind.about) }

    /// The name for all texts of a kind.
    package func group(_ subject: Policy.Subject?) -> String {
        switch subject {
        case nil: interface(.texts)
        case .stage: interface(.ofStages)
        case .witness: interface(.ofWitnesses)
        case .hand: interface(.ofHands)
        }
    }
}

// MARK: - Apparatus

extension Wording {
    /// `decided B C`, `om. B`, `without much (conj. Aldous, uncertain)`
    func reading(_ reading: Alternative.Reading, witnesses: [String], isMarked: Bool = false) -> String {
        let words = isMarked || reading.text.isEmpty ? reading.node.markedText : reading.text
        let text = words.isEmpty ? Wording.omits : words
        let said = remarks(on: reading, isAnonymous: witnesses.isEmpty)
        return ([text] + witnesses + (said.isEmpty ? [] : ["(\(said.joined(separator: ", ")))"])).joined(separator: " ")
    }

    private func remarks(on reading: Alternative.Reading, isAnonymous: Bool) -> [String] {
        let names = (reading.node.tokens("resp") + reading.node.tokens("source")).map {
            reading.node.name(ofTarget: $0)
        }
        var said: [String] = []
        // A source alone is an edition, whose editor may have read what is there.
        let isConjecture = reading.node.saysConjecture || isAnonymous && reading.node.attribute("resp") != nil
        if isConjecture {
            said.append((["conj."] + names).joined(separator: " "))
        } else if isAnonymous, !names.isEmpty {
            said.append(names.joined(separator: " "))
        }
        if let hand = reading.hand, hand != transcription.mainHand, reading.node.attribute("hand") != nil {
            said.append(interface(.handOf, label(hand)))
        }
        if let cause = reading.cause { said.append(cause) }
        said += doubts(about: reading)
        let limits = reading.node.descendants("witStart", "witEnd", "lacunaStart", "lacunaEnd").map(\.tei)
        let notes = reading.node.childElements.filter { $0.tei == "note" }.compactMap(Wording.remark)
        return said + notes + limits.compactMap { Wording.limits[$0].map { interface($0) } }
    }

    /// A note on a reading; `nil` if it says no more than that the witnesses omit the words.
    static func remark(_ note: Node) -> String? {
        let text = note.plainNoteText
        let isOmission = ["om", "omm", "omittit", "omittunt", "omisit", "deest", "desunt", "def"].contains(
            text.lowercased().filter(\.isLetter))
        return text.isEmpty || isOmission && note.parent?.hasWordsAmongFirst == false ? nil : text
    }

    /// What the editors say about how certain a reading is, in its `@cert` or elsewhere.
    private func doubts(about reading: Alternative.Reading) -> [String] {
        let said = transcription.statementsOfNode[reading.node, default: []].map { transcription.statements[$0] }
        return [interface.certainty(reading.certainty)].compactMap(\.self)
            + said.filter { $0.kind == .certainty }.map(words(of:))
    }

    private static let limits = [
        "witStart": Phrase.witnessBegins, "witEnd": .witnessEnds, "lacunaStart": .lacunaBegins,
        "lacunaEnd": .lacunaEnds,
    ]

    /// `3`, `page 2, line 5`
    package func place(_ entry: Apparatus.Entry) -> String {
        switch entry.place {
        case .heading: interface(.heading)
        case .line(let line): interface(.line, line)
        case .paragraph(let number): "¶ \(number)"
        case .reference(let loc): loc
        }
    }

    /// The heading over entries of a page; `nil` if there is none.
    package func heading(of entries: [Apparatus.Entry], page: String?) -> String? {
        if entries.first?.isPlaced == false { return interface(.notFoundInText) }
        guard let name = page.map(self.page) else { return nil }
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// `resolved] A; decided B; agreed C`
    func entry(_ entry: Apparatus.Entry, _ form: ApparatusFormat.Form) -> String {
        let parts = [witnesses(entry, form)] + readings(entry)
        return lemma(entry) + "] " + parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// The words. Of many words, the middle or the part before others is left out.
    package func lemma(_ entry: Apparatus.Entry) -> String {
        let isMarked = entry.lemma.text.isEmpty || entry.differsInMarkup
        let text = isMarked && entry.lemma.node.tei == "lem" ? entry.lemma.node.markedText : entry.lemma.text
        let words = text.split(separator: " ")
        if words.isEmpty { return Wording.behind(entry.before, isCut: false) }
        return words.count > 8 ? (words.prefix(3) + ["…"] + words.suffix(2)).joined(separator: " ") : text
    }

    /// The witnesses of the lemma, if they are to be named, and how certain it is.
    package func witnesses(_ entry: Apparatus.Entry, _ form: ApparatusFormat.Form = .positive) -> String {
        let doubts = doubts(about: entry.lemma)
        return
            ((form == .positive ? entry.witnesses : [])
            + (doubts.isEmpty ? [] : ["(\(doubts.joined(separator: ", ")))"])).joined(separator: " ")
    }

    /// The other readings, and what is noted of them.
    package func readings(_ entry: Apparatus.Entry) -> [String] {
        let app = transcription.alternatives[entry.alternative].node
        let notes = app.childElements.filter { ["note", "witDetail"].contains($0.tei) }.map { "(\($0.plainNoteText))" }
        return entry.others.map { reading($0, witnesses: $0.witnesses, isMarked: entry.differsInMarkup) } + notes
    }
}

// MARK: - What stands apart and speaks of the text

extension Wording {
    package func lead(_ statement: Statement) -> String {
        switch statement.kind {
        case .certainty: interface(.onCertainty)
        case .precision: interface(.onPrecision)
        case .responsibility: interface(.onResponsibility)
        case .interpretation: interface(.interpretation)
        case .link: interface(.link)
        case .annotation: interface(.annotation)
        }
    }

    /// `start, certainty 0.5, “ice”: The ending is faint.`
    package func words(of statement: Statement) -> String {
        // That the words themselves are meant goes without saying.
        var said = statement.targets.compactMap(\.attribute).map { "@" + $0 } + statement.locus.filter { $0 != "value" }
        if let degree = degree(of: statement) { said.append(degree) }
        if let value = statement.value { said.append("“\(value)”") }
        if let type = statement.type { said.append(type) }
        said += statement.responsible.map(\.name)
        if statement.kind == .link { said += statement.targets.map { "“\(shortened($0.node.plainText))”" } }
        said += statement.references
        return [said.joined(separator: ", "), statement.text].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    private func degree(of statement: Statement) -> String? {
        if let degree = statement.degree { return interface(.certainty, degree) }
        guard let certainty = statement.certainty else { return nil }
        if statement.kind == .precision { return interface(.precision, certainty) }
        return interface.certainty(certainty) ?? interface(.certainty, certainty)
    }
}

// MARK: - Collations

extension Wording {
    static func differences(_ number: Int) -> String {
        number == 0 ? "no place differs" : count(number, "place differs", "places differ")
    }

    static func sameWords(_ number: Int, of all: Int) -> String {
        "\(number) of \(count(all, "word")) \(number == 1 ? "is" : "are") in all"
    }

    package static let omitted = "(nothing)"
    /// As an apparatus says it.
    package static let omits = "om."
    static let atStart = "at the start"
    static func behind(_ text: String, isCut: Bool) -> String { "after “\(isCut ? "… " : "")\(text)”" }
    static func transposed(_ text: String) -> String { "transposed: “\(text)”" }
    package static func collation(of sigla: [String]) -> String { "Collation of \(sigla.joined(separator: ", "))" }
    package static let variants = "Variants"
    package static let transpositions = "Transpositions"
    package static func place(_ number: Int) -> String { "place \(number)" }
    static func changes(_ number: Int) -> String { number == 0 ? "nothing differs" : count(number, "change") }
    static let writing = "writing of"
    static let madeByCollation = "Made by Marginalia from the texts listed below."
}

// MARK: - What is said without a document

extension PageLanguage {
    /// `[2 lines omitted by the editor]`
    func gap(_ kind: Gap.Kind, _ reason: String?, _ extent: String, _ description: String?) -> String {
        let words =
            switch kind {
            case .notInSource: self(.notInSource)
            case .editorial: self(.gapEditorial)
            case .withheld: self(.withheld)
            case .redacted: self(.gapRedacted)
            case .illegible: self(reason == "inaudible" ? .inaudible : .gapIllegible)
            case .damage: self(.gapDamage)
            case .other where reason == "omitted": self(.omitted)
            case .other: reason.map { self(.omittedBecause, $0) } ?? self(.omitted)
            }
        let said = description.map { ": " + $0 } ?? ""
        return "[" + (extent.isEmpty ? words : "\(extent) \(words)") + said + "]"
    }

    package func name(_ kind: Mark.Kind) -> String {
        switch kind {
        case .check: self(.checkMark)
        case .stamp: self(.stamp)
        case .query: self(.questionMark)
        case .underline: self(.underlined)
        case .remark: self(.remark)
        case .other: self(.mark)
        }
    }

    package func certainty(_ value: String?) -> String? {
        switch value {
        case nil, "high": nil
        case "low": self(.uncertain)
        case "medium": self(.probable)
        case let other?: self(.certainty, other)
        }
    }

    /// `1993-03-01 to 1993-03-03`; empty if nothing is known.
    package func range(_ date: Header.Date) -> String {
        switch (date.when, date.notBefore ?? date.from, date.notAfter ?? date.to) {
        case (let when?, _, _): when
        case (nil, let first?, let last?): self(.fromTo, first, last)
        case (nil, let first?, nil): self(.fromDate, first)
        case (nil, nil, let last?): self(.toDate, last)
        case (nil, nil, nil): ""
        }
    }

    /// `March 1993 (1993-03-01 to 1993-03-03)`
    package func date(_ date: Header.Date) -> String {
        let range = range(date)
        let parts = [date.text, range.isEmpty || date.text == range ? "" : date.text.isEmpty ? range : "(\(range))"]
        let uncertain = certainty(date.certainty).map { "[\($0)]" } ?? ""
        return (parts + [uncertain]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// `Clinton Presidential Library, 2015-0772-M`
    package func holding(_ holding: Header.Holding) -> String {
        ([holding.settlement, holding.institution, holding.repository, holding.collection].compactMap { $0 }
            + holding.identifiers)
            .joined(separator: ", ")
    }

    /// `3 check marks`; in languages other than English `3 × Häkchen`.
    package func count(_ number: Int, _ kind: Mark.Kind) -> String {
        switch kind {
        case .underline where self == .english: Wording.count(number, "underlining")
        case .other where self == .english: Wording.count(number, "other mark")
        default: count(number, of: name(kind))
        }
    }

    package func count(_ number: Int, of name: String) -> String {
        self == .english ? Wording.count(number, name) : "\(number) × \(name)"
    }
}
