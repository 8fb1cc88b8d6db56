public import XML

/// What an element does in a text: the values of `model/@behaviour` in TEI's processing model (TD, 23.5.4).
public enum Behaviour: String, Sendable, Hashable, CaseIterable {
    case alternate, anchor, block, body, `break`, cell, cit, document, figure, glyph, graphic, heading, index
    case inline, link, list, listItem, metadata, note, omit, paragraph, row, section, space, table, text, title

    /// Whether it begins and ends a line of its own.
    public var isBlock: Bool { separation > 0 }

    /// How many line ends part it from what stands before and behind it: 0 within a line, 1 between lines, 2 between
    /// paragraphs.
    var separation: Int {
        switch self {
        case .alternate, .anchor, .break, .glyph, .graphic, .index, .inline, .link, .metadata, .note, .omit, .cell,
            .space:
            0
        case .listItem, .row: 1
        case .block, .body, .cit, .document, .figure, .heading, .list, .paragraph, .section, .table, .text, .title: 2
        }
    }
}

/// The model table: which element has which behaviour.
///
///     let model = Model(rows: [.init("ab", .attribute("type", "line"), .listItem)] + Model.tei.rows)
///
/// The first row that fits decides; rows of one's own therefore come first. An element without a row is carried as
/// what it is: a block if it holds blocks, else inline.
public struct Model: Sendable {
    public enum Predicate: Sendable {
        case always
        /// The attribute has this value among its white-space-separated ones.
        case attribute(String, String)
        /// The parent is one of these TEI elements.
        case parent(Set<String>)
        /// The element holds a block of its own.
        case holdsBlocks
    }

    public struct Row: Sendable {
        public let element: String
        public let predicate: Predicate
        public let behaviour: Behaviour

        public init(_ element: String, _ predicate: Predicate = .always, _ behaviour: Behaviour) {
            self.element = element
            self.predicate = predicate
            self.behaviour = behaviour
        }
    }

    public let rows: [Row]
    private let byElement: [String: [Row]]

    public init(rows: [Row]) {
        self.rows = rows
        byElement = Dictionary(grouping: rows, by: \.element)
    }

    /// The behaviour of an element.
    public func behaviour(of element: Node) -> Behaviour {
        behaviour(of: element, rows(named: element.tei))
    }

    /// The rows for the TEI elements of a name.
    func rows(named name: String) -> [Row] { byElement[name] ?? [] }

    /// - Parameter rows: those for the element's name.
    func behaviour(of element: Node, _ rows: [Row]) -> Behaviour {
        if let row = rows.first(where: { fits($0.predicate, element) }) { return row.behaviour }
        return holdsBlocks(element) ? .block : .inline
    }

    /// The behaviour of all TEI elements of a name; `nil` where it depends on what they hold or where they stand.
    func behaviour(named name: String) -> Behaviour? {
        guard let row = rows(named: name).first, case .always = row.predicate else { return nil }
        return row.behaviour
    }

    private func fits(_ predicate: Predicate, _ element: Node) -> Bool {
        switch predicate {
        case .always: true
        case .attribute(let name, let value): element.tokens(name).contains(value)
        case .parent(let names):
            element.parent.map { $0.namespace == Namespace.tei && names.contains($0.localName) } ?? false
        case .holdsBlocks: holdsBlocks(element)
        }
    }

    private func holdsBlocks(_ element: Node) -> Bool {
        element.childElements.contains { behaviour(of: $0).isBlock }
    }

    private static func rows(_ behaviour: Behaviour, _ elements: String) -> [Row] {
        elements.split(separator: " ").map { Row(String($0), .always, behaviour) }
    }

    /// The table for TEI P5. `Tests/Everything.xml` has a line for each element that is named here.
    public static let tei = Model(rows: special + byBehaviour)

    private static let special: [Row] = [
        Row("head", .parent(["figure"]), .block),
        Row("quote", .holdsBlocks, .block),
        Row("q", .holdsBlocks, .block),
        Row("said", .holdsBlocks, .block),
        Row("stage", .parent(["p", "l", "ab"]), .inline),
        Row("label", .parent(["list"]), .listItem),
        Row("signed", .parent(["p"]), .inline),
        Row("lb", .attribute("type", "omit"), .omit),
    ]

    private static let byBehaviour: [Row] =
        rows(.document, "TEI teiCorpus")
        + rows(.text, "text group floatingText sourceDoc")
        + rows(.body, "body front back")
        + rows(.section, "div div1 div2 div3 div4 div5 div6 div7 surfaceGrp surface zone titlePage")
        + rows(.heading, "head")
        + rows(.paragraph, "p ab")
        + rows(
            .block,
            "opener closer postscript address lg sp castList argument epigraph docTitle titlePart byline trailer epilogue "
                + "docImprint docAuthor listBibl bibl listPerson listPlace listOrg listEvent listApp closer stage figDesc eg"
        )
        + rows(.listItem, "l line item addrLine dateline salute signed speaker castItem fw actor")
        + rows(.list, "list castGroup")
        + rows(.table, "table")
        + rows(.row, "row")
        + rows(.cell, "cell")
        + rows(.figure, "figure")
        + rows(.graphic, "graphic media binaryObject")
        + rows(.cit, "cit")
        + rows(.note, "note noteGrp witDetail")
        + rows(.link, "ref ptr")
        + rows(.break, "lb pb cb gb milestone")
        + rows(
            .anchor,
            "anchor handShift addSpan delSpan damageSpan substJoin join undo redo witStart witEnd lacunaStart lacunaEnd"
        )
        + rows(.space, "space")
        + rows(.alternate, "choice app subst")
        + rows(.glyph, "g")
        + rows(.index, "index wit desc")
        + rows(
            .metadata,
            "teiHeader standOff facsimile listTranspose certainty precision respons interp interpGrp spanGrp linkGrp link alt altGrp"
        )
}

extension Node {
    /// The local name of a TEI element, empty for everything else.
    package var tei: String { localName(in: Namespace.tei) }

    /// The white-space-separated values of an attribute.
    package func tokens(_ attribute: String) -> [String] {
        self.attribute(attribute)?.tokens ?? []
    }

    /// What a pointer in this element means in its own document.
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

    /// The text in short, white space collapsed and trimmed: without notes and deletions, one reading of several.
    package var plainText: String {
        var text = ""
        appendPlainText(to: &text)
        return text.collapsed
    }

    /// A text, or a part of it, in Unicode scalars.
    package func text(in part: Range<Int>?) -> String {
        guard let part else { return stringValue }
        return String(
            String.UnicodeScalarView(stringValue.unicodeScalars.dropFirst(part.lowerBound).prefix(part.count)))
    }

    /// The text of a note itself.
    var plainNoteText: String {
        var text = ""
        for child in children { child.appendPlainText(to: &text) }
        return text.collapsed
    }

    /// Whether the words begin with a quotation mark of their own.
    package var beginsWithQuotationMark: Bool {
        stringValue.unicodeScalars.first { !$0.properties.isWhitespace }?.isQuotationMark ?? false
    }

    private func appendPlainText(to text: inout String) {
        switch kind {
        case .text: text += stringValue
        case .element, .document:
            for child in shownChildren { child.appendPlainText(to: &text) }
        case .comment, .processingInstruction: break
        }
    }

    private var shownChildren: [Node] {
        let shown = children.filter {
            !["note", "del", "rdg", "rdgGrp", "idno", "wit"].contains($0.tei) || tei == $0.tei
        }
        guard tei == "choice" else { return shown }
        let chosen =
            ["corr", "reg", "expan"].lazy.compactMap { self.child($0) }.first ?? childElements.first { _ in true }
        return chosen.map { [$0] } ?? []
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
