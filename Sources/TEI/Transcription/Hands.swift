internal import XML

/// The hands of a document, by pointer.
struct Hands {
    private(set) var list: [Hand] = []
    private(set) var main: Int?
    private var indexes: [Node: Int] = [:]
    private var undescribed: [CodepointString: Int] = [:]
    private var ids: Set<CodepointString> = []
    private let library: PointerResolver
    /// The pointers of the document to its author, and whoever sent it.
    private let authors: Set<String>
    /// The names (`@scribe`) that several hands have.
    private let sharedNames: Set<String>

    init(_ tei: Node, library: PointerResolver) {
        self.library = library
        let descriptions = Hands.descriptions(for: tei)
        sharedNames = Set(
            Dictionary(grouping: descriptions.compactMap { $0.attribute("scribe") }, by: \.self)
                .filter { $1.count > 1 }.keys)
        authors = Hands.authors(of: tei)
        let described = descriptions.map { (node: $0, hand: Hands.otherDescription(of: $0, library)) }
        for description in described where description.hand == nil { add(description.node) }
        // A description of a hand that has one already says more of it.
        for (node, hand) in described {
            guard let hand, let number = indexes[hand] else { continue }
            indexes[node] = number
            if list[number].scope == nil { list[number].scope = node.attribute("scope") }
        }
        main = mainHand(of: tei)
        if let main { list[main].isMain = true }
    }

    /// The descriptions that hold for a text: its own, and those in the headers of the corpora around it.
    private static func descriptions(for tei: Node) -> [Node] {
        let headers = tei.ancestors.filter { $0.tei == "teiCorpus" }.compactMap { $0.child("teiHeader") }
        return tei.descendants("handNote") + headers.flatMap { $0.descendants("handNote") }
    }

    /// The `handNote` at which another one without an `xml:id` points instead of a person.
    private static func otherDescription(of node: Node, _ library: PointerResolver) -> Node? {
        guard node.xmlID == nil, let hand = reference(of: node).flatMap({ library.element($0, from: node) }),
            hand.tei == "handNote", hand != node
        else { return nil }
        return hand
    }

    private static func authors(of tei: Node) -> Set<String> {
        guard let header = tei.child("teiHeader") else { return [] }
        let title = header.descendants("titleStmt").first
        let authors = (title?.childElements.filter { $0.tei == "author" } ?? []).flatMap { author in
            [author] + author.descendants("persName", "name", "orgName")
        }
        let senders = header.descendants("correspAction").filter { $0.attribute("type") == "sent" }.flatMap {
            $0.descendants("persName", "name", "orgName")
        }
        return Set((authors + senders).flatMap { $0.tokens("ref") })
    }

    /// The hand that the text names, or the only one that is said to be the main one, or the only one that there is.
    private mutating func mainHand(of tei: Node) -> Int? {
        let text = tei.childElements.first { $0.tei == "text" || $0.tei == "sourceDoc" }
        let body = text?.child("body")
        if let holder = [text, body].compactMap({ $0 }).first(where: { $0.attribute("hand") != nil }) {
            return index(of: holder.attribute("hand")!, from: holder)
        }
        let leading = list.indices.filter { ["sole", "major"].contains(list[$0].scope) }
        if leading.count == 1 { return leading[0] }
        guard list.count != 1 else { return isOfMarksAlone(in: tei) ? nil : 0 }
        // One person with several pens.
        let scribes = Set(list.map(\.scribeReference))
        return leading.isEmpty && scribes.count == 1 && scribes.first != .some(nil) ? 0 : nil
    }

    /// The elements that do not say whose the text is.
    static let marks: Set<String> = ["note", "metamark", "stamp", "fw"]

    /// Whether the only hand is described for the sake of notes and marks, which alone point at it.
    private func isOfMarksAlone(in tei: Node) -> Bool {
        guard let hand = list[0].node, let id = hand.xmlID, list[0].scope == nil else { return false }
        let pointing = tei.document.elements(withAttributes: ["hand", "new", "resp", "scribeRef"]).filter { node in
            tei.contains(node) && ["hand", "new", "resp", "scribeRef"].contains { node.tokens($0).contains("#" + id) }
        }
        return !pointing.isEmpty && pointing.allSatisfy { Hands.marks.contains($0.tei) && $0 != hand }
    }

    /// Whether two hands are those of one person.
    static func areOfOnePerson(_ a: Hand, _ b: Hand) -> Bool {
        a.scribeReference != nil && a.scribeReference == b.scribeReference
    }

    /// The index of the hand that `pointer` means: a `handNote`, or the scribe of one (`@scribeRef`). A hand that is not
    /// described is added to the list.
    mutating func index(of pointer: String, from node: Node) -> Int {
        if let target = library.element(pointer, from: node) {
            if let known = indexes[target] { return known }
            if target.tei == "handNote" { return add(target) }
        }
        // Without `#`, an id can mean nothing else.
        if let hand = index(ofScribe: pointer, from: node) ?? list.firstIndex(where: { $0.id.isSame(as: pointer) }) {
            return hand
        }
        return undescribedHand(
            Reference(pointer).fragment ?? pointer, key: pointer,
            label: library.element(pointer, from: node).flatMap(Entities.name))
    }

    @discardableResult
    private mutating func add(_ node: Node) -> Int {
        indexes[node] = list.count
        list.append(hand(node))
        ids.insert(CodepointString(list[list.count - 1].id))
        return list.count - 1
    }

    private mutating func undescribedHand(_ id: String, key: String, label: String? = nil) -> Int {
        if let known = undescribed[CodepointString(key)] { return known }
        list.append(
            Hand(
                id: id, label: label ?? id, description: "", scope: nil, medium: nil, scribeReference: nil, node: nil))
        undescribed[CodepointString(key)] = list.count - 1
        return list.count - 1
    }

    /// The hand that writes after a `handShift`: the hand of `@new`, or the scribe of `@scribeRef` or `@scribe` (TEI P5,
    /// 11.3.2.1); `nil` if it names none, since a new pen or ink is no new hand.
    mutating func index(after shift: Node) -> Int? {
        if let pointer = shift.attribute("new") { return index(of: pointer, from: shift) }
        if let pointer = shift.tokens("scribeRef").first { return index(of: pointer, from: shift) }
        guard let name = shift.attribute("scribe") else { return nil }
        let known = list.firstIndex { hand in
            hand.node?.attribute("scribe").isSame(as: name) == true
                || (Reference(name).fragment ?? name).isSame(as: hand.id)
        }
        // Some editions point at the scribe here.
        return known ?? (name.contains("#") ? index(of: name, from: shift) : undescribedHand(name, key: name))
    }

    /// The hand of a scribe; of several, the one with the medium of the shift. Where the scribe is described in a file
    /// that is not at hand, the pointers are compared.
    private func index(ofScribe pointer: String, from node: Node) -> Int? {
        let scribe = library.element(pointer, from: node)
        let hands = list.indices.filter { number in
            guard let hand = list[number].node, let reference = list[number].scribeReference else { return false }
            return reference.isSame(as: pointer) && (hand.document === node.document || scribe == nil)
                || scribe != nil && library.element(reference, from: hand) == scribe
        }
        if hands.isEmpty, authors == [pointer], let main, !list[main].isNamed, list[main].scribeReference == nil {
            // The only hand that is described is that of the author.
            return main
        }
        return hands.first { list[$0].medium != nil && list[$0].medium == node.attribute("medium") } ?? hands.first
    }

    private func hand(_ node: Node) -> Hand {
        let reference = Hands.reference(of: node)
        let id = node.xmlID ?? distinct(node.attribute("n") ?? "hand")
        let name = Hands.name(of: node, library)
        let isShared = name.map(sharedNames.contains) == true && name == node.attribute("scribe")
        let label = isShared ? name.map { "\($0) (\(id))" } : name
        var hand = Hand(
            id: id, label: label ?? id, description: node.plainText,
            scope: node.attribute("scope"), medium: node.attribute("medium"), scribeReference: reference, node: node
        )
        let target = reference.flatMap { library.element($0, from: node) }
        hand.entry = target.flatMap { Entities.entries[$0.tei] == nil ? nil : $0 }
        return hand
    }

    private static func reference(of node: Node) -> String? {
        node.attribute("scribeRef") ?? node.attribute("corresp")
    }

    /// The name of a hand: that of its entry in a register, or one in its description, its scribe, or a description that
    /// is no more than a name; `nil` if it has none.
    static func name(of node: Node, _ library: PointerResolver) -> String? {
        reference(of: node).flatMap { library.element($0, from: node) }.flatMap(Entities.name)
            ?? node.descendants("persName", "name").first?.plainText ?? node.attribute("scribe") ?? shortName(node)
    }

    /// A description that is no more than a name, and neither a paragraph nor the measures of the letters.
    private static func shortName(_ node: Node) -> String? {
        let isProse = node.childElements.contains { child in
            ["p", "ab", "list", "locus", "locusGrp", "dim", "dimensions", "height", "note"].contains(child.tei)
        }
        guard !isProse else { return nil }
        let text = node.plainText
        let isShort = text.unicodeScalars.count <= 48 && text.split(separator: " ").count <= 6
        return !text.isEmpty && isShort && !text.contains(where: ".;:,".contains) ? text : nil
    }

    /// `hand`, `hand-2`, `hand-3`, for hands without an `xml:id`.
    private func distinct(_ id: String) -> String {
        guard ids.contains(CodepointString(id)) else { return id }
        return ((list.count + 1)...).lazy.map { "\(id)-\($0)" }.first { !ids.contains(CodepointString($0)) }!
    }
}

extension Node {
    /// Whether another hand writes from here on (`handShift`; TEI P5, 11.3.2.1).
    package var shiftsHand: Bool {
        tei == "handShift" && ["new", "scribeRef", "scribe"].contains { attribute($0) != nil }
    }
}
