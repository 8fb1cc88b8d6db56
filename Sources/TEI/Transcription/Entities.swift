internal import XML

/// The names in a document, gathered by what they point at.
struct Entities {
    private(set) var list: [Entity] = []
    /// Those who speak together, by the speech.
    private(set) var speakers: [Node: [Int]] = [:]
    private var indexes: [Key: Int] = [:]

    /// The key by which mentions are of the same entity: the entry, or else the pointer, or else the name.
    private enum Key: Hashable {
        case entry(Node)
        case pointer(CodepointString)
        case name(Entity.Kind, CodepointString)
    }

    private static let types: [String: Entity.Kind] = [
        "person": .person, "org": .organisation, "organisation": .organisation, "organization": .organisation,
        "place": .place, "event": .event,
    ]

    static let entries: [String: Entity.Kind] = [
        "person": .person, "personGrp": .person, "org": .organisation, "place": .place, "event": .event,
    ]

    /// Adds a mention, or those who speak together; returns `nil` for a speech that does not say whose it is.
    ///
    /// - Parameter first: the first of its fragments, which says who is meant where it does not say so itself.
    /// - Returns: the entity that is mentioned; of several who speak, the first.
    mutating func add(
        _ node: Node, _ byElement: Entity.Kind, continuing first: Node, library: PointerResolver
    ) -> Int? {
        guard !node.isSpeech else {
            let speaking = node.tokens("who").map { add($0, node, byElement, isSpeech: true, library) }
            if speaking.count > 1 { speakers[node] = speaking }
            return speaking.first
        }
        func pointer(_ node: Node) -> String? { node.tokens("ref").first ?? node.tokens("key").first }
        let reference = pointer(node) ?? pointer(first)
        // A name that is still to be written names nobody.
        guard reference != nil || node.firstScalar != nil || !node.plainText.isEmpty else { return nil }
        return add(reference, node, byElement, isSpeech: false, library)
    }

    private mutating func add(
        _ reference: String?, _ node: Node, _ byElement: Entity.Kind, isSpeech: Bool, _ library: PointerResolver
    ) -> Int {
        let entry = reference.flatMap { library.element($0, from: node) }
        let byType = node.attribute("type").flatMap { Entities.types[$0] }
        let kind = entry.flatMap { Entities.entries[$0.tei] } ?? byType ?? byElement
        let key =
            entry.map(Key.entry) ?? reference.map { .pointer(CodepointString($0)) }
            ?? .name(kind, CodepointString(node.plainText))
        if let known = indexes[key] {
            if !isSpeech { list[known].mentions.append(node) }
            return known
        }
        let name =
            entry.flatMap(Entities.name)
            ?? (isSpeech ? reference.map { Reference($0).fragment ?? $0 } : nil) ?? node.plainText
        indexes[key] = list.count
        list.append(
            Entity(kind: kind, reference: reference, entry: entry, name: name, mentions: isSpeech ? [] : [node]))
        return list.count - 1
    }

    /// The elements that give the name of a register's entry, in order of preference.
    static let nameElements = ["persName", "orgName", "placeName", "eventName", "label", "head", "name", "title"]

    /// The name in a register entry, given names first.
    static func name(of entry: Node) -> String? {
        let element = nameElements.lazy.compactMap { entry.child($0) }.first
        guard let element else { return nil }
        let order = ["roleName", "forename", "nameLink", "surname", "genName"]
        let parts = element.childElements.filter { order.contains($0.tei) && $0.tei != "roleName" }
        guard !parts.isEmpty else { return element.plainText }
        return parts.sorted { order.firstIndex(of: $0.tei)! < order.firstIndex(of: $1.tei)! }
            .map(\.plainText).joined(separator: " ")
    }
}

extension Node {
    /// Whether it is a speech that no label says whose it is.
    var isUnlabelledSpeech: Bool { isSpeech && child("speaker") == nil }

    fileprivate var isSpeech: Bool { ["sp", "said", "u"].contains(tei) }
}

extension Entity {
    /// The facts in the register besides the name.
    package var description: String {
        let parts =
            entry?.childElements.filter {
                !["idno", "ptr", "ref"].contains($0.tei) && !Entity.nameElements.contains($0.tei)
            }.map(\.plainNoteText) ?? []
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private static let nameElements: Set<String> = [
        "persName", "orgName", "placeName", "eventName", "label", "head", "name", "title", "geogName", "settlement",
        "country", "region",
    ]

    /// The identifiers that it has elsewhere (`idno`), each with its type.
    package var identifiers: [(type: String, value: String)] {
        entry?.childElements.filter { $0.tei == "idno" }.map { ($0.attribute("type") ?? "", $0.plainText) } ?? []
    }
}
