internal import RelaxNG
internal import TEI
internal import XML

// What the client offers at a place: to mend a finding, to say who wrote words, and to add a mark, a hand, a stage or an
// entry.

extension Server {
    func codeActions(_ params: CodeActionParams) throws(ResponseError) -> [CodeAction]? {
        let document = try document(params.textDocument)
        let range = document.text.offsets(params.range)
        follow(document, range.lowerBound)
        let kinds = params.context?.only
        func isAsked(_ kind: String) -> Bool { kinds?.contains { kind == $0 || kind.hasPrefix($0 + ".") } ?? true }
        var actions: [CodeAction] = []
        // Kate asks about a finding with the range of the whole document, and does all that it gets.
        if params.context?.diagnostics?.isEmpty == false, range == 0..<document.text.bytes.count {
            let meant = Set((params.context?.diagnostics ?? []).map(\.range))
            return fixes(in: range, document).filter {
                $0.isPreferred == true && $0.diagnostics?.contains { meant.contains($0.range) } == true
            }
        }
        if isAsked("quickfix") { actions += fixes(in: range, document) }
        if isAsked("refactor.rewrite") { actions += Rewriting(document, model(for: document), range).actions }
        if isAsked("quickfix") { actions += entries(at: range.lowerBound, document) }
        if isAsked("source") { actions.append(previewAction(document)) }
        return actions
    }

    private func fixes(in range: Range<Int>, _ document: OpenDocument) -> [CodeAction] {
        let text = document.text
        let shown = text.range(range)
        let walk = model(for: document).map { document.walk($0) }
        return validation.findings(in: text.uri, version: text.version).flatMap { finding, published -> [CodeAction] in
            guard let location = finding.location, location.file.isSame(as: text.path),
                published.range.start <= shown.end, shown.start <= published.range.end
            else { return [] }
            return Fixes(document.markup, walk, finding, at: location.byteOffset).all.enumerated().map { number, fix in
                CodeAction(
                    title: fix.title, kind: "quickfix", diagnostics: [published],
                    isPreferred: number == 0 && fix.isPreferred,
                    edit: edit(document, fix.edits))
            }
        }
    }

    private func edit(_ document: OpenDocument, _ edits: [(range: Range<Int>, text: String)]) -> WorkspaceEdit {
        WorkspaceEdit(changes: [
            document.text.uri: edits.map {
                TextEdit(range: document.text.range($0.range), newText: $0.text)
            }
        ])
    }

    // MARK: Registers

    /// For a name that points at no entry: the entries of that name, or else a new one, in the register at which the
    /// others of its kind point.
    private func entries(at offset: Int, _ document: OpenDocument) -> [CodeAction] {
        let markup = document.markup
        guard let name = markup.innermost(at: offset, named: Set(Entry.kinds.keys)),
            markup.value(of: "ref", in: name) == nil,
            !markup.path(to: name).contains(where: { Entry.exceptions.contains(markup.localName(of: $0)) }),
            let kind = Entry.kinds[markup.localName(of: name)]
        else { return [] }
        let words = markup.text(of: name, limit: 200)
        guard !words.isEmpty, let register = register(of: kind, document) else { return [] }
        let known = register.index.targets.filter { target in
            target.element == kind.entry && target.label.lowercased() == words.lowercased()
        }.map { target in
            let (pointer, edit) = reference(to: target.id, in: register, from: name, document)
            return CodeAction(
                title: Labels.pointAt(target.label, pointer), kind: "quickfix",
                edit: WorkspaceEdit(changes: [document.text.uri: [edit]]))
        }
        return known.isEmpty ? [newEntry(for: words, of: name, kind, in: register, document)] : known
    }

    /// The `@ref` of a name that leads to an entry.
    private func reference(
        to id: String, in register: Register, from name: Int, _ document: OpenDocument
    ) -> (pointer: String, edit: TextEdit) {
        let markup = document.markup
        let address =
            register.text.path.isSame(as: document.text.path)
            ? ""
            : Reference.path(of: register.text.path, from: Reference.folder(of: document.text.path)).percentEncodedPath
        let tag = markup.items[markup.elements[name].startTag].name.upperBound
        let pointer = "\(address)#\(id)"
        return (pointer, TextEdit(range: document.text.range(tag..<tag), newText: " ref=\"\(pointer)\""))
    }

    private func newEntry(
        for words: String, of name: Int, _ kind: Entry, in register: Register, _ document: OpenDocument
    ) -> CodeAction {
        let markup = document.markup
        let id = Entry.id(for: words, except: Set(register.index.targets.map(\.id)))
        let reference = reference(to: id, in: register, from: name, document).edit
        let indent = register.text.indentation(at: register.end)
        let entry = """
            \(indent.isEmpty ? "" : "  ")<\(kind.entry) xml:id="\(id)"><\(markup.localName(of: name))>\(words.escapedAsText)</\(markup.localName(of: name))></\(kind.entry)>
            \(indent)
            """
        let insertion = TextEdit(range: register.text.range(register.end..<register.end), newText: entry)
        let changes =
            register.text.path.isSame(as: document.text.path)
            ? [document.text.uri: [reference, insertion]]
            : [document.text.uri: [reference], register.text.uri: [insertion]]
        return CodeAction(
            title: Labels.newEntry(words, Reference.name(of: register.text.path)), kind: "quickfix",
            edit: WorkspaceEdit(changes: changes))
    }

    /// A list of entries: the file, and the place before the list's end tag.
    private struct Register {
        let text: TextDocument
        let index: FileIndex
        let end: Int
    }

    private func register(of kind: Entry, _ document: OpenDocument) -> Register? {
        let markup = document.markup
        let pointers = markup.elements.indices.filter { Entry.kinds[markup.localName(of: $0)]?.entry == kind.entry }
            .flatMap { element in
                markup.attributes(of: markup.elements[element].startTag).filter { $0.name == "ref" }.flatMap {
                    markup.pointers(in: $0.value, of: $0.name, on: element)
                }
            }
        let files = pointers.compactMap { targets.resolve($0, in: document.pointerSyntax)?.path }
        let candidates =
            files + [document.text.path]
            + workspace.indexes.filter { index in
                index.targets.contains { $0.element == kind.entry }
            }.map(\.path)
        for path in candidates {
            guard let text = self.document(at: path)?.text ?? closedText(at: path) else { continue }
            let markup = Markup(text.bytes)
            let list = markup.elements.indices.first {
                markup.localName(of: $0) == kind.list && markup.elements[$0].endTag != nil
            }
            if let list {
                return Register(text: text, index: FileIndex(markup, path: path), end: markup.elements[list].contentEnd)
            }
        }
        return nil
    }
}

/// An entry of a register.
private struct Entry {
    let entry: String
    let list: String

    static let kinds = [
        "persName": Entry(entry: "person", list: "listPerson"), "orgName": Entry(entry: "org", list: "listOrg"),
        "placeName": Entry(entry: "place", list: "listPlace"), "eventName": Entry(entry: "event", list: "listEvent"),
    ]

    /// What has names that need no entry, or is one.
    static let exceptions: Set<String> = [
        "person", "personGrp", "org", "place", "event", "respStmt", "bibl", "biblStruct",
    ]

    /// An id that is made of a name's words and is not taken.
    static func id(for words: String, except known: Set<String>) -> String {
        let letters = words.lowercased().unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) ? String(scalar) : "-"
        }.joined()
        let parts = letters.split(separator: "-").joined(separator: "-")
        let stem = NCName.isValid(parts) ? parts : "n-" + parts
        var (id, number) = (stem, 2)
        while known.contains(id) { (id, number) = ("\(stem)-\(number)", number + 1) }
        return id
    }
}

/// Changes of the text at a place that say who did what.
private struct Rewriting {
    private let document: OpenDocument
    private let markup: Markup
    private let model: ContentModel?
    private let range: Range<Int>
    /// The hands that the document describes, in its order.
    private let hands: [FileIndex.Target]
    /// Those of them that are no pen's.
    private let stamps, prints: Set<String>
    private let ids: Set<String>
    /// The stage at which each hand works most often.
    private let stages: [String: String]
    private static let limit = 12

    init(_ document: OpenDocument, _ model: ContentModel?, _ range: Range<Int>) {
        (self.document, self.model, self.range) = (document, model, range)
        markup = document.markup
        let index = document.index
        hands = Array(index.targets.filter { $0.element == "handNote" }.prefix(Rewriting.limit))
        stamps = Rewriting.hands(ofMedium: ["stamp"], markup)
        prints = Rewriting.hands(ofMedium: ["print", "typescript", "typewr", "letterpress"], markup)
        ids = Set(index.targets.map(\.id))
        stages = Rewriting.stages(markup)
    }

    /// The ids of the hands whose `@medium` begins with one of these words.
    private static func hands(ofMedium words: [String], _ markup: Markup) -> Set<String> {
        let notes = markup.elements.indices.filter { note in
            guard markup.localName(of: note) == "handNote", let medium = markup.value(of: "medium", in: note) else {
                return false
            }
            return words.contains { medium.lowercased().contains($0) }
        }
        return Set(notes.compactMap { markup.value(of: "xml:id", in: $0) })
    }

    /// The hands without some of them, unless there are no others.
    private func hands(without others: Set<String>) -> [FileIndex.Target?] {
        let found = hands.filter { !others.contains($0.id) }
        return found.isEmpty ? hands.isEmpty ? [nil] : hands : found
    }

    private static func stages(_ markup: Markup) -> [String: String] {
        var counts: [String: [String: Int]] = [:]
        for element in markup.elements.indices {
            guard let hand = markup.value(of: "hand", in: element), let stage = markup.value(of: "change", in: element)
            else { continue }
            counts[hand, default: [:]][stage, default: 0] += 1
        }
        return counts.compactMapValues { $0.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
    }

    var actions: [CodeAction] { (range.isEmpty ? marks : wraps) + descriptions }

    private func action(_ title: String, _ edits: [(range: Range<Int>, text: String)]) -> CodeAction {
        CodeAction(
            title: title, kind: "refactor.rewrite",
            edit: WorkspaceEdit(changes: [
                document.text.uri: edits.map { TextEdit(range: document.text.range($0.range), newText: $0.text) }
            ]))
    }

    /// ` hand="#x" change="#y"`, and how this is called.
    private func by(_ hand: FileIndex.Target?) -> (attributes: String, title: String) {
        guard let hand else { return ("", "") }
        let stage = stages["#\(hand.id)"]
        let attributes = " hand=\"#\(hand.id)\"" + (stage.map { " change=\"\($0)\"" } ?? "")
        return (attributes, Labels.by(hand.label.isEmpty ? hand.id : hand.label, stage))
    }

    // MARK: Words that are selected

    private var wraps: [CodeAction] {
        guard case .content(let element?) = markup.place(at: range.lowerBound),
            case .content(let last?) = markup.place(at: range.upperBound), element == last, let model
        else { return [] }
        document.walk(model).enter(element, before: range.lowerBound)
        let allowed = Set(model.elements().map(\.name.localName))
        let words = document.text.string(range)
        func wrap(_ name: String, _ attributes: String, _ by: String) -> CodeAction? {
            guard allowed.contains(name) else { return nil }
            return action(Labels.wrap(name, by), [(range, "<\(name)\(attributes)>\(words)</\(name)>")])
        }
        let writers = hands(without: stamps)
        let pens = hands(without: stamps.union(prints))
        let changes = ["add", "del"].flatMap { name in
            writers.compactMap { wrap(name, by($0).attributes, by($0).title) }
        }
        let replacements = writers.compactMap { hand -> CodeAction? in
            guard allowed.contains("subst") else { return nil }
            let (attributes, title) = by(hand)
            let text =
                "<subst><del\(attributes)>\(words)</del><add\(attributes)><?placeholder The new words?></add></subst>"
            return action(Labels.replace(title), [(range, text)])
        }
        let looks = looks.flatMap { look in
            pens.compactMap { wrap("hi", " rend=\"\(look)\"" + by($0).attributes, " rend=\"\(look)\"" + by($0).title) }
        }
        let passage = wrap("seg", " xml:id=\"\(newID("s"))\"", "")
        return changes + replacements + looks + [wrap("unclear", "", ""), passage].compactMap(\.self)
    }

    /// The looks that the document's `hi` have, the most frequent first.
    private var looks: [String] {
        let counts = document.use.values["hi@rend"] ?? [:]
        let used = counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.map(\.key).prefix(3)
        return used.isEmpty ? ["underline"] : Array(used)
    }

    // MARK: Marks at a paragraph

    private static let paragraphs: Set<String> = [
        "p", "ab", "head", "item", "cell", "l", "closer", "opener", "salute", "signed",
    ]

    private var marks: [CodeAction] {
        guard let paragraph = markup.innermost(at: range.lowerBound, named: Rewriting.paragraphs), let model else {
            return []
        }
        let end = markup.content(of: paragraph).upperBound
        document.walk(model).enter(paragraph, before: end)
        guard model.elements().contains(where: { $0.name.localName == "note" }) else { return [] }
        let own = markup.value(of: "xml:id", in: paragraph)
        let id = own ?? newID("p")
        let tag = markup.items[markup.elements[paragraph].startTag].name.upperBound
        let naming = own == nil ? [(range: tag..<tag, text: " xml:id=\"\(id)\"")] : []
        // A passage with an id of its own is what is meant.
        let passage = markup.innermost(at: range.lowerBound, named: ["seg"]).flatMap {
            markup.value(of: "xml:id", in: $0)
        }
        let target = "target=\"#\(passage ?? id)\""
        let named = passage == nil ? naming : []
        let marks = hands(without: stamps.union(prints)).flatMap { hand -> [CodeAction] in
            let (by, title) = by(hand)
            let sign = "<metamark function=\"flag\">✓</metamark>"
            let beside = "<note type=\"mark\" subtype=\"checkmark\"\(by) place=\"left\" \(target)>\(sign)</note>"
            let query = "<note type=\"query\"\(by) place=\"right\" \(target)>?</note>"
            let remark =
                "<note type=\"marginalia\"\(by) place=\"right\" \(target)><?placeholder Words of the remark?></note>"
            return [
                action(Labels.add("check mark", title), named + [(end..<end, beside)]),
                mayHaveNote
                    ? action(
                        Labels.addHere("check mark", title),
                        [(range, "<note type=\"mark\" subtype=\"checkmark\"\(by)>\(sign)</note>")]) : nil,
                action(Labels.add("query", title), named + [(end..<end, query)]),
                action(Labels.add("remark", title), named + [(end..<end, remark)]),
            ].compactMap(\.self)
        }
        let stampers: [FileIndex.Target?] =
            stamps.isEmpty ? hands(without: []) : hands.filter { stamps.contains($0.id) }
        return marks
            + stampers.map { hand in
                let (by, title) = by(hand)
                let words = "<?placeholder Words of the stamp?>"
                let stamp = "<note type=\"stamp\"\(by) place=\"top right\"><stamp>\(words)</stamp></note>"
                return action(Labels.add("stamp", title), [(end..<end, stamp)])
            }
    }

    /// Whether a note may be where the cursor is, among words.
    private var mayHaveNote: Bool {
        guard let model, case .content(let element?) = markup.place(at: range.lowerBound) else { return false }
        document.walk(model).enter(element, before: range.lowerBound)
        return model.allowsText && model.elements().contains { $0.name.localName == "note" }
    }

    private func newID(_ stem: String) -> String {
        var number = 1
        while ids.contains("\(stem)\(number)") { number += 1 }
        return "\(stem)\(number)"
    }

    // MARK: Hands and stages

    private var descriptions: [CodeAction] {
        [
            description(
                Labels.newHand, in: "handNotes",
                "<handNote xml:id=\"\(newID("hand"))\" scope=\"minor\"><?placeholder Name of the hand?></handNote>"),
            description(
                Labels.newStage, in: "listChange",
                "<change xml:id=\"\(newID("stage"))\"><?placeholder What was done, and when?></change>"),
        ].compactMap(\.self)
    }

    private func description(_ title: String, in list: String, _ markupText: String) -> CodeAction? {
        guard
            let element = markup.elements.indices.first(where: {
                markup.localName(of: $0) == list && markup.elements[$0].endTag != nil
            })
        else { return nil }
        let end = markup.elements[element].contentEnd
        let indent = document.text.indentation(at: end)
        return action(title, [(end..<end, "  \(markupText)\n\(indent)")])
    }
}

extension Markup {
    /// The innermost element of one of these names that is around a place.
    fileprivate func innermost(at offset: Int, named names: Set<String>) -> Int? {
        let element: Int? =
            switch place(at: offset) {
            case .content(let element): element
            case .startTagName(let item), .attributeName(let item, _), .value(let item, _), .endTag(let item):
                items[item].element
            case .other(let item): self.element(after: item)
            }
        return path(to: element).last { names.contains(localName(of: $0)) }
    }
}
