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
        /// The local names of the TEI elements that it is about.
        public let elements: [String]
        /// When the row applies.
        public let predicate: Predicate
        /// How the element behaves. If the table calls the element a phrase and it holds blocks, it is a block.
        public let behaviour: Behaviour
        package private(set) var facts: Facts

        fileprivate var dependsOnPlace: Bool { if case .inSentence = predicate { true } else { false } }

        /// Makes a row of your own. The table's other facts about the element stay as they are.
        ///
        /// - Parameters:
        ///   - element: the local name of a TEI element.
        ///   - predicate: when the row applies.
        ///   - behaviour: how the element behaves then.
        public init(_ element: String, where predicate: Predicate = .always, _ behaviour: Behaviour) {
            self.init([element], predicate, behaviour, Facts())
        }

        init(_ elements: [String], _ predicate: Predicate, _ behaviour: Behaviour, _ facts: Facts) {
            (self.elements, self.predicate, self.behaviour, self.facts) = (elements, predicate, behaviour, facts)
        }

        fileprivate func with(_ facts: Facts) -> Row { Row(elements, predicate, behaviour, facts) }
    }

    /// When a row applies (`model/@predicate`).
    public enum Predicate: Sendable {
        /// The row applies to every element of the name.
        case always
        /// The attribute has one of these values. It may have several, separated by white space.
        case attribute(String, Set<String>)
        /// The element has the attribute.
        case has(String)
        /// Both apply.
        indirect case both(Predicate, Predicate)
        /// The parent is one of these TEI elements.
        case parent(Set<String>)
        /// The parent has the attribute with one of these values.
        case parentAttribute(String, Set<String>)
        /// It is in a sentence: in a paragraph, line, heading, item or cell, or beside words.
        case inSentence
        /// An element beside it has the attribute with one of these values.
        case beside(String, Set<String>)
        /// It has none of these TEI elements in it.
        case holdsNone(Set<String>)
    }

    /// The rows, in the order in which they are tried.
    public let rows: [Row]
    /// The indexes of the rows, by the name of the element.
    private let indexes: [String: [Int]]

    init(rows: [Row]) {
        self.rows = rows
        var indexes: [String: [Int]] = [:]
        indexes.reserveCapacity(640)
        for (index, row) in rows.enumerated() {
            for element in row.elements { indexes[element, default: []].append(index) }
        }
        self.indexes = indexes
    }

    /// Returns the table with rows of your own before its others.
    public func preferring(_ own: [Row]) -> ElementTable {
        ElementTable(rows: own.map { $0.with(facts(named: $0.elements[0])) } + rows)
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
        rows[row].facts.isPhrase ? behaviour(holdingBlocksIn: element) ?? rows[row].behaviour : rows[row].behaviour
    }

    /// The behaviour of all TEI elements of a name; `nil` if it depends on what they hold or where they are.
    func behaviour(named name: String) -> Behaviour? {
        let all = indexes(named: name).map { self.rows[$0] }
        // What belongs to the sheet, or is in no text, is an exception.
        let others = all.filter { !$0.facts.isFurniture && $0.behaviour != .index }
        let rows = others.isEmpty ? all : others
        let behaviour = rows[0].behaviour
        return rows.allSatisfy { $0.behaviour == behaviour && !$0.facts.isPhrase && !$0.facts.isLines }
            ? behaviour : nil
    }

    /// Whether an element and the one before it are parts of a whole, with nothing between them.
    func isApartFromNeighbour(_ element: Node) -> Bool {
        guard element.parent?.isForeignPartOfWord != true,
            let before = element.precedingSiblings.first(where: { $0.isNotWhiteSpace && !isNote($0) }),
            element.precedingSiblings.first(where: { _ in true })?.kind != .text
                || element.parent?.hasWordsAmongFirst == false
        else { return false }
        guard before.kind == .element, element.namespace != Namespace.mathML else { return false }
        let facts = [before, element].map { row(of: $0).facts }
        // Within segments it is what holds these that counts.
        let holders = element.ancestors
        let holder = holders.first { $0.tei != "seg" || $0.hasWordsAmongFirst }
        let areFields = holder.map { row(of: $0).facts.holdsFields && !$0.hasWordsAmongFirst } ?? false
        return facts.allSatisfy { $0.isApart || areFields && $0.isField }
    }

    /// The children of a `choice`, the forms of the source before those of the editors.
    func formsInOrder(of node: Node) -> [Node] {
        let children = Array(node.children)
        let isEditors = { (child: Node) in row(of: child).facts.isEditorial }
        guard let first = children.firstIndex(where: isEditors),
            children[first...].contains(where: { $0.kind == .element && !isEditors($0) })
        else { return children }
        return children.filter { !isEditors($0) } + children.filter(isEditors)
    }

    /// Whether it is taken out of the line.
    private func isNote(_ node: Node) -> Bool {
        node.kind == .element && behaviour(named: node.tei) == .note
    }

    private func fits(_ predicate: Predicate, _ element: Node) -> Bool {
        switch predicate {
        case .always: true
        case .attribute(let name, let values): element.tokens(name).contains(where: values.contains)
        case .has(let name): element.attribute(name) != nil
        case .both(let one, let other): fits(one, element) && fits(other, element)
        case .parent(let names): element.parent.map { names.contains($0.tei) } ?? false
        case .parentAttribute(let name, let values):
            element.parent.map { $0.tokens(name).contains(where: values.contains) } ?? false
        case .inSentence: isInSentence(element)
        case .beside(let name, let values):
            element.parent?.childElements.contains { other in
                other != element && other.tokens(name).contains(where: values.contains)
            } ?? false
        case .holdsNone(let names): !element.descendants.contains { names.contains($0.tei) }
        }
    }

    /// Whether words may be beside an element: the nearest element around it that is no phrase holds words, or words
    /// are next to it or to a phrase around it.
    private func isInSentence(_ element: Node) -> Bool {
        var node = element
        while let parent = node.parent, !node.isBesideWords {
            let row = indexes(named: parent.tei)[0]
            switch rows[row].behaviour {
            case .paragraph, .heading, .listItem, .cell, .note: return true
            case .alternate, .link: break
            // The parent is in a sentence if its own place says so.
            case _ where rows[row].dependsOnPlace: break
            default: guard rows[row].facts.isPhrase else { return false }
            }
            node = parent
        }
        return node.parent != nil
    }

    /// The behaviour of a phrase that holds blocks: it is apart from what is around it as these are from one another.
    private func behaviour(holdingBlocksIn element: Node) -> Behaviour? {
        var found: Behaviour?
        for child in element.childElements {
            let separation = separation(of: child)
            if separation > 1 { return .block }
            if separation == 1 { found = .listItem }
        }
        return found
    }

    /// How many line ends separate an element from its neighbours.
    private func separation(of element: Node) -> Int {
        let row = row(of: element, among: indexes(named: element.tei))
        // What belongs to the page makes no block of the words around it.
        return rows[row].facts.isFurniture ? 0 : rows[row].facts.limit(behaviour(of: element, row).separation)
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

    /// Whether it is a text or a part of one that holds paragraphs. A file is read in parts between these.
    package var isDivision: Bool { self == .text || self == .body || self == .section }

    /// Whether it marks a place and holds no words.
    package var isMilestone: Bool { self == .break || self == .anchor || self == .space }
}

// MARK: - What a row says besides the behaviour

extension ElementTable {
    /// One thing that a row says of its elements.
    enum Fact {
        /// It stays in its line unless it holds blocks.
        case phrase
        /// Where it is a block, it is on lines of its own and no paragraph.
        case lines
        /// Words of its own and of a neighbour of the same kind are apart, with no white space between the tags.
        case apart
        /// It is such a part in an element that holds fields.
        case field
        /// The fields in it are apart.
        case holdsFields
        /// It is apart from whatever is beside it.
        case setOff
        /// Empty, it is where its pointer leads.
        case leads(Pointing)
        /// It goes on with a word that the part before begins.
        case continuesWord
        /// Its `@join` says where it follows or precedes without white space.
        case joins
        /// Notes in it follow the block around it.
        case notesFollowBlock
        /// Without words it is the headword of the entry, which is written as `~`.
        case headword
        /// Nothing tells the quotations in it from other words, as in an entry of a dictionary.
        case unquoted
        /// The lines of the page that end in it end in every text.
        case keepsLines
        /// The editors wrote its words.
        case editors
        /// A mark may quote it as the passage that it is about.
        case quotable
        /// The signs that a text writes around it if only the markup sets it apart.
        case brackets(Brackets)
        /// The words of the program that stand for it if it is empty.
        case sign(Phrase)
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
        /// Without a hand of its own, its `@change` is that of its words.
        case dates
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
        /// ( ) around the gloss of a ruby, which nothing else tells from its base
        case gloss
        /// [ ]
        case square
        /// [figure: ]
        case figure
    }

    /// How an element without words points.
    enum Pointing: Sendable {
        case reference, name, place

        /// The attributes that may hold the pointer, the likeliest first.
        var attributes: [String] {
            switch self {
            case .reference: ["target", "corresp", "cRef"]
            case .name: ["ref", "corresp"]
            case .place: ["target"]
            }
        }
    }

    /// `verse`: a line of verse is divided, and is still one.
    package enum Break: Sendable { case line, page, paragraph, verse }

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
        private(set) var isLines = false
        private(set) var isApart = false
        private(set) var isField = false
        private(set) var holdsFields = false
        private(set) var isSetOff = false
        private(set) var pointing: Pointing?
        private(set) var continuesWord = false
        private(set) var joins = false
        private(set) var notesFollowBlock = false
        private(set) var isUnquoted = false
        private(set) var isHeadword = false
        private(set) var keepsLines = false
        package private(set) var isEditorial = false
        package private(set) var isQuotable = false
        package private(set) var isFurniture = false
        package private(set) var mayMark = false
        package private(set) var acts = false
        private(set) var dates = false
        package private(set) var brackets: Brackets?
        package private(set) var ends: Break?
        private(set) var sign: Phrase?
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

        /// How many line ends separate an element of this row from its neighbours, of those of its behaviour.
        func limit(_ separation: Int) -> Int { isLines ? min(separation, 1) : separation }

        /// Whether it is an event beside the words, in square brackets.
        var isBracketed: Bool { brackets == .square }

        private mutating func take(_ fact: Fact) {
            switch fact {
            case .phrase: isPhrase = true
            case .lines: isLines = true
            case .apart: isApart = true
            case .field: isField = true
            case .holdsFields: holdsFields = true
            case .setOff: isSetOff = true
            case .leads(let pointing): self.pointing = pointing
            case .continuesWord: continuesWord = true
            case .joins: joins = true
            case .notesFollowBlock: notesFollowBlock = true
            case .unquoted: isUnquoted = true
            case .headword: isHeadword = true
            case .keepsLines: keepsLines = true
            case .editors: isEditorial = true
            case .quotable: isQuotable = true
            case .furniture: isFurniture = true
            case .mayMark: mayMark = true
            case .acts: acts = true
            case .dates: dates = true
            case .brackets(let brackets): self.brackets = brackets
            case .ends(let ends): self.ends = ends
            case .sign(let sign): self.sign = sign
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
