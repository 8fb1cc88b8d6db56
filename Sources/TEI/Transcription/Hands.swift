internal import XML

/// The hands of a document, by pointer.
struct Hands {
    private(set) var list: [Hand] = []
    private(set) var main: Int?
    private var indexes: [Node: Int] = [:]
    private var undescribed: [CodepointString: Int] = [:]
    private let library: PointerResolver

    init(_ tei: Node, library: PointerResolver) {
        self.library = library
        for node in tei.descendants("handNote") {
            // A description of a hand that is a hand already.
            if node.xmlID == nil, let hand = node.attribute("corresp").flatMap({ library.element($0, from: node) }),
                hand.tei == "handNote"
            {
                continue
            }
            indexes[node] = list.count
            list.append(Hands.hand(node, library: library))
        }
        let text = tei.childElements.first { $0.tei == "text" || $0.tei == "sourceDoc" }
        let body = text?.child("body")
        if let holder = [text, body].compactMap({ $0 }).first(where: { $0.attribute("hand") != nil }) {
            main = index(of: holder.attribute("hand")!, from: holder)
        } else {
            main = list.firstIndex { ["sole", "major"].contains($0.scope) } ?? (list.isEmpty ? nil : 0)
        }
        if let main { list[main].isMain = true }
    }

    /// The index of the hand that `pointer` means. A hand that is not described is added to the list.
    mutating func index(of pointer: String, from node: Node) -> Int {
        if let target = library.element(pointer, from: node) {
            if let known = indexes[target] { return known }
            if target.tei == "handNote" {
                list.append(Hands.hand(target, library: library))
                indexes[target] = list.count - 1
                return list.count - 1
            }
        }
        if let known = undescribed[CodepointString(pointer)] { return known }
        let id = Reference(pointer).fragment ?? pointer
        list.append(
            Hand(
                id: id, label: id, description: "", scope: nil, medium: nil, scribeReference: nil, node: nil
            ))
        undescribed[CodepointString(pointer)] = list.count - 1
        return list.count - 1
    }

    private static func hand(_ node: Node, library: PointerResolver) -> Hand {
        let reference = node.attribute("scribeRef") ?? node.attribute("corresp")
        let id = node.xmlID ?? node.attribute("n") ?? "hand"
        let target = reference.flatMap { library.element($0, from: node) }
        let registered = target.flatMap(Entities.name)
        let named = node.descendants("persName", "name").first?.plainText
        var hand = Hand(
            id: id, label: registered ?? named ?? node.attribute("scribe") ?? id,
            description: node.plainText, scope: node.attribute("scope"), medium: node.attribute("medium"),
            scribeReference: reference, node: node
        )
        hand.entry = target.flatMap { Entities.entries[$0.tei] == nil ? nil : $0 }
        return hand
    }
}

extension Node {
    /// Whether another hand writes from here on (`handShift`; TEI P5, 11.3.2.1).
    package var shiftsHand: Bool { tei == "handShift" }
}
