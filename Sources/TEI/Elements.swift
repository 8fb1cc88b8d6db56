public import XML

/// The table that says what each element of TEI is in a text.
///
///     let table = ElementTable.tei.preferring([.init("ab", where: .attribute("type", ["line"]), .listItem)])
///     let transcription = Transcription(of: document.root, library: library, elements: table)
///
/// Everything that reads, prints, divides or searches a text asks this table. Only constructs that need an algorithm of
/// their own (`app`, `handShift`, `substJoin` …) are named elsewhere. The first row that fits an element decides. An
/// element without a row is a phrase: it stays in its line unless it holds blocks.
public struct ElementTable: Sendable {
    /// A row of the table: an element, the condition, and what the element is then.
    public struct Row: Sendable {
        /// The local name of the TEI element.
        public let element: String
        /// When the row applies.
        public let predicate: Predicate
        /// How the element behaves. If the table calls the element a phrase and it holds blocks, it is a block.
        public let behaviour: Behaviour
        package private(set) var facts: Facts

        /// Makes a row of your own. The table's other facts about the element stay as they are.
        ///
        /// - Parameters:
        ///   - element: the local name of a TEI element.
        ///   - predicate: when the row applies.
        ///   - behaviour: how the element behaves then.
        public init(_ element: String, where predicate: Predicate = .always, _ behaviour: Behaviour) {
            self.init(element, predicate, behaviour, Facts())
        }

        fileprivate init(_ element: String, _ predicate: Predicate, _ behaviour: Behaviour, _ facts: Facts) {
            (self.element, self.predicate, self.behaviour, self.facts) = (element, predicate, behaviour, facts)
        }

        fileprivate func with(_ facts: Facts) -> Row { Row(element, predicate, behaviour, facts) }
    }

    /// When a row applies (`model/@predicate`).
    public enum Predicate: Sendable {
        /// The row applies to every element of the name.
        case always
        /// The attribute has one of these values. It may have several, separated by white space.
        case attribute(String, Set<String>)
        /// The element has the attribute.
        case has(String)
        /// The parent is one of these TEI elements.
        case parent(Set<String>)
    }

    /// The rows, in the order in which they are tried.
    public let rows: [Row]
    /// The indexes of the rows, by the name of the element.
    private let indexes: [String: [Int]]

    private init(rows: [Row]) {
        self.rows = rows
        indexes = Dictionary(grouping: rows.indices) { rows[$0].element }
    }

    /// Returns the table with rows of your own before its others.
    public func preferring(_ own: [Row]) -> ElementTable {
        ElementTable(rows: own.map { $0.with(facts(named: $0.element)) } + rows)
    }

    /// Returns the behaviour of an element.
    public func behaviour(of element: Node) -> Behaviour {
        behaviour(of: element, row(of: element, among: indexes(named: element.tei)))
    }

    /// The row that fits an element.
    package func row(of element: Node) -> Row {
        rows[row(of: element, among: indexes(named: element.tei))]
    }

    /// The indexes of the rows for the TEI elements of a name.
    func indexes(named name: String) -> [Int] { indexes[name] ?? [ElementTable.unknown] }

    /// Whether there is a row for the TEI elements of a name.
    package func knows(_ name: String) -> Bool { !name.isEmpty && indexes[name] != nil }

    /// What the table says about an element of the flow, besides its behaviour.
    package func facts(of opening: Opening) -> Facts { rows[opening.row].facts }

    /// The facts about all TEI elements of a name, wherever they are.
    package func facts(named name: String) -> Facts { rows[indexes(named: name).last!].facts }

    /// - Parameter indexes: those for the element's name.
    func row(of element: Node, among indexes: [Int]) -> Int {
        indexes.first { fits(rows[$0].predicate, element) } ?? ElementTable.unknown
    }

    /// - Parameter row: the row that fits the element.
    func behaviour(of element: Node, _ row: Int) -> Behaviour {
        rows[row].facts.isPhrase && holdsBlocks(element) ? .block : rows[row].behaviour
    }

    /// The behaviour of all TEI elements of a name; `nil` if it depends on what they hold or where they are.
    func behaviour(named name: String) -> Behaviour? {
        let row = rows[indexes(named: name)[0]]
        guard case .always = row.predicate, !row.facts.isPhrase else { return nil }
        return row.behaviour
    }

    private func fits(_ predicate: Predicate, _ element: Node) -> Bool {
        switch predicate {
        case .always: true
        case .attribute(let name, let values): element.tokens(name).contains(where: values.contains)
        case .has(let name): element.attribute(name) != nil
        case .parent(let names): element.parent.map { names.contains($0.tei) } ?? false
        }
    }

    private func holdsBlocks(_ element: Node) -> Bool {
        element.childElements.contains { behaviour(of: $0).isBlock }
    }
}

// MARK: - Behaviours

/// The behaviour of an element in a text: the values of `model/@behaviour` in TEI's processing model (TEI P5, TD).
public enum Behaviour: String, Sendable, Hashable, CaseIterable {
    /// Behaviours as TEI names them.
    case alternate, anchor, block, body, `break`, cell, cit, document, figure, glyph, graphic, heading, index
    /// Behaviours as TEI names them.
    case inline, link, list, listItem, metadata, note, omit, paragraph, row, section, space, table, text, title

    /// Whether the element is on lines of its own.
    public var isBlock: Bool { separation > 0 }

    /// How many line ends separate it from its neighbours: 0 within a line, 1 between lines, 2 between paragraphs.
    var separation: Int {
        switch self {
        case .alternate, .anchor, .break, .glyph, .graphic, .index, .inline, .link, .metadata, .note, .omit, .cell,
            .space:
            0
        case .listItem, .row: 1
        case .block, .body, .cit, .document, .figure, .heading, .list, .paragraph, .section, .table, .text, .title: 2
        }
    }

    /// Whether white space at its ends is none of the text's: it is a block, or a part of a line in a table.
    package var startsLine: Bool { isBlock || self == .cell }

    /// Whether it marks a place and holds no words.
    package var isMilestone: Bool { self == .break || self == .anchor || self == .space }
}

// MARK: - What a row says besides the behaviour

extension ElementTable {
    /// One thing that a row says of its elements.
    enum Fact {
        /// It stays in its line unless it holds blocks.
        case phrase
        /// It makes the element around it a block of words, between which no note is printed.
        case word
        /// A mark may quote it as the passage that it is about.
        case quotable
        /// The signs that a text writes around it if only the markup sets it apart.
        case brackets(Brackets)
        /// The part of the page that it ends.
        case ends(Break)
        /// It belongs to the page and not to the text.
        case furniture
        /// Its place in a short text.
        case short(ShortForm)
        /// Its name in a list of omissions.
        case called(Phrase)
        /// The change to the text that it is.
        case does(Intervention.Kind)
        /// The change that begins at it and ends at its `@spanTo`.
        case spans(Intervention.Kind)
        /// The choice between readings that it is.
        case offers(Alternative.Kind)
        /// The kind of entity that its words name.
        case names(Entity.Kind)
        /// It may be a mark that somebody put on the document.
        case mayMark
        /// Its `@hand` did something to words and did not write them.
        case acts
        /// How far it matters when a file is read in parts.
        case reaches(Reach)
        /// Its HTML element in a line, and where it is a block.
        case html(StaticString, block: StaticString? = nil)
        /// Its HTML element in a line is that of its `@rend`.
        case rendered
    }

    /// The signs that a text writes around words that only the markup sets apart.
    package enum Brackets: Sendable {
        /// “ ” (TEI P5, 3.3.3)
        case quotation
        /// ( )
        case parentheses
        /// [figure: ]
        case figure
    }

    package enum Break: Sendable { case line, page, paragraph }

    package enum ShortForm: Sendable {
        case whole
        /// A heading or name in short is without it.
        case leftOut
        /// It is read in preference to its alternatives.
        case preferred
    }

    /// How far an element matters when a file is read in parts.
    package enum Reach: Sendable {
        case part
        /// It is a document.
        case document
        /// It is the text of a document, or beside its body.
        case text, matter
        /// It describes a stage, or a hand or witness, for all of the document.
        case stage, description
        /// It says of all that follows which witnesses have it.
        case following
        case apparatus, fragments
        /// It says whose the speech around it is.
        case speaker
    }

    /// All that a row says of its elements besides their behaviour.
    package struct Facts: Sendable {
        package private(set) var isPhrase = false
        package private(set) var isWord = false
        package private(set) var isQuotable = false
        package private(set) var isFurniture = false
        package private(set) var mayMark = false
        package private(set) var acts = false
        package private(set) var brackets: Brackets?
        package private(set) var ends: Break?
        package private(set) var short = ShortForm.whole
        package private(set) var caption: Phrase?
        package private(set) var intervention: Intervention.Kind?
        package private(set) var span: Intervention.Kind?
        package private(set) var alternative: Alternative.Kind?
        package private(set) var entity: Entity.Kind?
        package private(set) var reach = Reach.part
        package private(set) var isRendered = false
        package private(set) var html: StaticString?
        package private(set) var blockHTML: StaticString?

        init(_ facts: [Fact] = []) {
            for fact in facts { take(fact) }
        }

        private mutating func take(_ fact: Fact) {
            switch fact {
            case .phrase: isPhrase = true
            case .word: isWord = true
            case .quotable: isQuotable = true
            case .furniture: isFurniture = true
            case .mayMark: mayMark = true
            case .acts: acts = true
            case .brackets(let brackets): self.brackets = brackets
            case .ends(let ends): self.ends = ends
            case .short(let short): self.short = short
            case .called(let caption): self.caption = caption
            case .does(let kind): intervention = kind
            case .spans(let kind): span = kind
            case .offers(let kind): alternative = kind
            case .names(let kind): entity = kind
            case .reaches(let reach): self.reach = reach
            case .rendered: isRendered = true
            case .html(let name, let block): (html, blockHTML) = (name, block)
            }
        }
    }
}

// MARK: - The rows

extension ElementTable {
    /// The table for TEI P5. `Tests/Everything.xml` has a line for each element that is named here.
    public static let tei = ElementTable(rows: [anything] + documents + blocks + milestones + phrases + changes + names)

    /// The row for elements that have none, by its index.
    private static let unknown = 0
    private static let anything = Row("", .always, .inline, Facts([.phrase]))

    /// Rows that say the same of several elements.
    private static func each(
        _ elements: String, where predicate: Predicate = .always, _ behaviour: Behaviour, _ facts: Fact...
    ) -> [Row] {
        elements.split(separator: " ").map { Row(String($0), predicate, behaviour, Facts(facts)) }
    }

    private static let documents: [Row] = [
        each("TEI teiCorpus", .document, .reaches(.document)),
        each("text sourceDoc", .text, .reaches(.text)),
        each("group floatingText", .text),
        each("front back", .body, .reaches(.matter)),
        each("body", .body),
        each("div div1 div2 div3 div4 div5 div6 div7 surfaceGrp surface zone titlePage", .section),
        each("teiHeader standOff facsimile listTranspose certainty precision respons", .metadata),
        each("interp interpGrp span spanGrp linkGrp link alt altGrp listAnnotation annotation", .metadata),
        each("handNote witness", .inline, .phrase, .reaches(.description)),
        each("change", .inline, .phrase, .reaches(.stage)),
    ].flatMap(\.self)

    private static let blocks: [Row] = [
        each("head", where: .parent(["figure"]), .block, .quotable, .html("span", block: "p")),
        each("head", .heading, .quotable),
        each("p ab", .paragraph, .quotable),
        each("l", .listItem, .quotable),
        each("stage", where: .parent(["p", "l", "ab"]), .inline, .brackets(.parentheses)),
        each("stage trailer", .block, .html("span", block: "p")),
        each("figDesc", .block, .brackets(.figure)),
        each("opener closer postscript address lg castList argument epigraph docTitle titlePart byline", .block),
        each("epilogue docImprint docAuthor listBibl bibl listPerson listPlace listOrg listEvent listApp eg", .block),
        each("label", where: .parent(["list"]), .listItem, .html("span", block: "dt")),
        each("label", .inline, .phrase),
        each("signed", where: .parent(["p"]), .inline),
        each("speaker", .listItem, .reaches(.speaker)),
        each("line item addrLine dateline salute signed castItem actor", .listItem),
        each(
            "fw", where: .attribute("type", ["pageNum", "catch", "sig"]), .listItem, .furniture, .called(.runningHead)),
        each("fw", .listItem, .called(.runningHead)),
        each("list castGroup", .list),
        each("table", .table),
        each("row", .row),
        each("cell", .cell),
        each("figure", .figure),
        each("cit", .cit),
        each("note", .note, .mayMark, .short(.leftOut)),
        each("witDetail", .note, .called(.witnessDetail)),
    ].flatMap(\.self)

    private static let milestones: [Row] = [
        each("lb", where: .attribute("type", ["omit"]), .omit),
        each("lb", .break, .ends(.line)),
        each("pb", .break, .ends(.page)),
        each("milestone", where: .attribute("unit", ["p", "tei:p"]), .break, .ends(.paragraph)),
        each("milestone cb gb", .break),
        each("anchor handShift", .anchor),
        each("addSpan", .anchor, .spans(.addition)),
        each("delSpan", .anchor, .spans(.deletion), .acts),
        each("damageSpan", .anchor, .spans(.damage), .acts),
        each("undo redo", .anchor, .acts),
        each("substJoin", .anchor, .reaches(.fragments)),
        each("join", .anchor),
        each("witStart witEnd lacunaStart lacunaEnd", .anchor, .reaches(.following)),
        each("space", .space),
        each("graphic media binaryObject", .graphic),
        each("index", .index, .called(.indexEntry)),
        each("wit", .index, .short(.leftOut)),
        each("desc", .index),
        each("g", .glyph),
    ].flatMap(\.self)

    private static let phrases: [Row] = [
        each("ref ptr", .link),
        each("noteGrp", .inline, .phrase),
        each("q", .inline, .phrase, .word, .quotable, .brackets(.quotation), .html("q", block: "blockquote")),
        each("quote", .inline, .phrase, .quotable, .brackets(.quotation), .html("q", block: "blockquote")),
        each("said", .inline, .phrase, .names(.person), .brackets(.quotation), .html("q", block: "blockquote")),
        each("soCalled", .inline, .phrase, .brackets(.quotation), .html("q", block: "blockquote")),
        each("emph", .inline, .phrase, .mayMark, .acts, .html("em")),
        each("hi", .inline, .phrase, .word, .mayMark, .acts, .rendered),
        each("seg", where: .parent(["choice"]), .inline, .phrase, .word, .quotable, .does(.possibility), .acts),
        each("seg", .inline, .phrase, .word, .quotable, .mayMark, .acts),
        each("s", .inline, .phrase, .quotable),
        each("foreign mentioned", .inline, .phrase, .html("i")),
        each("title", .inline, .phrase, .html("cite")),
        each("code gi att val tag", .inline, .phrase, .html("code")),
        each("email", .inline, .phrase, .html("a")),
        each("metamark stamp", .inline, .phrase, .mayMark, .short(.leftOut)),
        each("idno", .inline, .phrase, .short(.leftOut)),
        each("affiliation birth death c date distinct gap gloss locus measure num origDate pc", .inline, .phrase),
        each("secl", .inline, .phrase, .does(.surplus), .acts),
        each("term time unit w", .inline, .phrase),
    ].flatMap(\.self)

    private static let changes: [Row] = [
        each("choice", .alternate, .word, .offers(.choice)),
        each("app", .alternate, .word, .offers(.apparatus), .reaches(.apparatus)),
        each("subst", .alternate, .word, .offers(.substitution), .acts),
        each("add", .inline, .phrase, .word, .quotable, .does(.addition)),
        each("del", .inline, .phrase, .word, .short(.leftOut), .does(.deletion), .acts),
        each("restore", .inline, .phrase, .does(.restoration), .acts),
        each("retrace", .inline, .phrase, .does(.retrace), .acts),
        each("mod", where: .has("spanTo"), .inline, .phrase, .mayMark, .spans(.modification), .acts),
        each("mod", .inline, .phrase, .mayMark, .does(.modification), .acts),
        each("sic", .inline, .phrase, .does(.sic)),
        each("corr", .inline, .phrase, .short(.preferred), .does(.correction)),
        each("orig", .inline, .phrase, .does(.original)),
        each("reg", .inline, .phrase, .short(.preferred), .does(.regularization)),
        each("abbr", where: .parent(["choice"]), .inline, .phrase, .does(.abbreviation), .html("abbr")),
        each("abbr", .inline, .phrase, .html("abbr")),
        each("am", .inline, .phrase, .does(.abbreviation)),
        // Outside of a `choice`, an expansion is what the text has.
        each("expan", where: .parent(["choice"]), .inline, .phrase, .short(.preferred), .does(.expansion)),
        each("expan", .inline, .phrase),
        each("ex", .inline, .phrase, .short(.preferred), .does(.expansion)),
        each("supplied", where: .parent(["choice"]), .inline, .phrase, .word, .does(.possibility), .acts),
        each("supplied", .inline, .phrase, .word, .does(.supplied), .acts),
        each("unclear", where: .parent(["choice"]), .inline, .phrase, .word, .does(.possibility), .acts),
        each("unclear", .inline, .phrase, .word, .does(.unclear), .acts),
        each("surplus", .inline, .phrase, .does(.surplus), .acts),
        each("damage", .inline, .phrase, .does(.damage), .acts),
        each("lem", .inline, .phrase, .does(.reading)),
        each("rdg", .inline, .phrase, .short(.leftOut), .does(.reading)),
        each("rdgGrp", .inline, .phrase, .short(.leftOut)),
    ].flatMap(\.self)

    private static let names: [Row] = [
        each("persName", .inline, .phrase, .word, .names(.person)),
        each("sp", .block, .names(.person)),
        each("orgName", .inline, .phrase, .names(.organisation)),
        each("placeName geogName settlement country region", .inline, .phrase, .names(.place)),
        each("eventName", .inline, .phrase, .names(.event)),
        each("name", .inline, .phrase, .names(.other)),
        each("rs", .inline, .phrase, .word, .names(.other)),
        each("addName forename genName geogName msName nameLink roleName surname", .inline, .phrase),
    ].flatMap(\.self)
}

extension Node {
    /// The local name of a TEI element, empty for everything else.
    package var tei: String { localName(in: Namespace.tei) }

    /// The white-space-separated values of an attribute.
    package func tokens(_ attribute: String) -> [String] {
        self.attribute(attribute)?.tokens ?? []
    }

    /// The element in the same document that a pointer in this element leads to.
    package func target(_ pointer: String) -> Node? {
        let reference = Reference(pointer)
        guard let fragment = reference.fragment else { return nil }
        if reference.resource.isEmpty { return document.element(withID: fragment) }
        guard let path = reference.path(relativeTo: baseURI),
            document.files.contains(where: { $0.path.isSame(as: path) })
        else { return nil }
        return document.element(withID: fragment)
    }

    /// The TEI descendants with one of these names, in document order.
    package func descendants(_ names: String...) -> [Node] {
        document.elements(below: self, named: names, in: Namespace.tei)
    }

    /// The first TEI child with this name.
    package func child(_ name: String) -> Node? {
        children.first { $0.tei == name }
    }

    /// A text, or a part of it, in Unicode scalars.
    package func text(in part: Range<Int>?) -> String {
        guard let part else { return stringValue }
        return String(
            String.UnicodeScalarView(stringValue.unicodeScalars.dropFirst(part.lowerBound).prefix(part.count)))
    }

    /// Whether the words begin with a quotation mark of their own.
    package var beginsWithQuotationMark: Bool {
        firstScalar?.isQuotationMark ?? false
    }

    /// The first character of the words.
    var firstScalar: Unicode.Scalar? {
        for node in descendantsOrSelf where node.kind == .text {
            if let scalar = node.stringValue.unicodeScalars.first(where: { !$0.properties.isWhitespace }) {
                return scalar
            }
        }
        return nil
    }
}

extension Unicode.Scalar {
    package var isQuotationMark: Bool { "\"'“”‘’«»„‚‹›".unicodeScalars.contains(self) }
}

extension String {
    /// A part of a text that was taken apart, for offsets.
    package init(scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}

extension StringProtocol {
    /// White space collapsed to single spaces and trimmed.
    var collapsed: String {
        split { $0.isWhitespace && $0 != "\u{A0}" }.joined(separator: " ")
    }
}
