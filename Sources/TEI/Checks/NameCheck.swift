internal import XML

/// Finds the names in a text that point at no entry, where the document has a register of their kind: one that other
/// names of the kind point at, or one of its own.
struct NameCheck {
    private struct Register {
        /// The part of a pointer at its entries that comes before the `#`.
        let address: String
        /// The entries that have an `xml:id`.
        let entries: [Node]
    }

    let document: Document
    let library: PointerResolver

    /// How many pointers are followed to find a register.
    private static let limit = 100
    /// What says whose name it is.
    private static let pointers = ["ref", "key", "corresp", "sameAs", "copyOf", "prev"]
    private static let places: Set<String> = ["text", "sourceDoc", "correspDesc"]
    /// What has names that need no entry, or is one.
    private static let exceptions: Set<String> = [
        "bibl", "biblStruct", "biblFull", "respStmt", "person", "personGrp", "org", "place", "event", "nym",
    ]

    /// One note for each name, at its first place.
    func run() -> [Diagnostic] {
        PointerRule.kinds.sorted { $0.key < $1.key }.flatMap { check($0.key, entries: $0.value) }
    }

    private func check(_ kind: String, entries: Set<String>) -> [Diagnostic] {
        let names = document.elements(below: document.root, named: [kind], in: Namespace.tei)
        let unregistered = names.filter(isUnregistered)
        guard !unregistered.isEmpty, let register = register(of: names, entries) else { return [] }
        let groups = Dictionary(grouping: unregistered) { CodepointString($0.plainText) }
        lazy var known = pointers(by: names, register)
        return groups.values.map { group in
            Messages.unregisteredName(
                group[0], count: group.count, meant: known[Self.key(group[0].plainText)], address: register.address,
                list: Self.lists[kind]!)
        }
    }

    private static let lists = [
        "persName": "listPerson", "orgName": "listOrg", "placeName": "listPlace", "eventName": "listEvent",
    ]

    private func isUnregistered(_ name: Node) -> Bool {
        guard !Self.points(name), !name.plainText.isEmpty else { return false }
        for ancestor in name.ancestors {
            if Self.exceptions.contains(ancestor.tei) { return false }
            if PointerRule.kinds[ancestor.tei] != nil || ["name", "rs"].contains(ancestor.tei), Self.points(ancestor) {
                return false
            }
            if Self.places.contains(ancestor.tei) { return !name.descendants(name.tei).contains(where: Self.points) }
        }
        return false
    }

    private static func points(_ name: Node) -> Bool { pointers.contains { name.attribute($0) != nil } }

    /// The register at which other names of a kind point, or else the document's own.
    private func register(of names: [Node], _ kinds: Set<String>) -> Register? {
        func entries(of document: Document) -> [Node] {
            document.elements(below: document.root, named: kinds.sorted(), in: Namespace.tei).filter {
                $0.xmlID != nil && $0.parent?.tei.hasPrefix("list") == true
            }
        }
        for name in names.lazy.filter({ $0.attribute("ref") != nil }).prefix(Self.limit) {
            guard let pointer = name.tokens("ref").first, let entry = library.element(pointer, from: name),
                kinds.contains(entry.tei)
            else { continue }
            return Register(address: Reference(pointer).resource, entries: entries(of: entry.document))
        }
        let own = entries(of: document)
        return own.isEmpty ? nil : Register(address: "", entries: own)
    }

    /// Pointers by the names that mean them: those with which the document points, and those of the register's entries.
    private func pointers(by names: [Node], _ register: Register) -> [String: String] {
        var found: [String: String] = [:]
        for entry in register.entries {
            let pointer = "\(register.address)#\(entry.xmlID!)"
            let own = entry.childElements.filter { Entities.nameElements.contains($0.tei) }.map(\.plainText)
            for name in own + [Entities.name(of: entry) ?? ""] { found[Self.key(name)] = pointer }
        }
        // A surname says who is meant if nobody else has it.
        let surnames = register.entries.flatMap { entry in
            Set(entry.descendants("surname").map { Self.key($0.plainText) }).map { ($0, entry.xmlID!) }
        }
        for (surname, entries) in Dictionary(grouping: surnames, by: \.0)
        where entries.count == 1 && found[surname] == nil {
            found[surname] = "\(register.address)#\(entries[0].1)"
        }
        for name in names {
            if let pointer = name.tokens("ref").first { found[Self.key(name.plainText)] = pointer }
        }
        return found
    }

    /// Small and capital letters are the same in two forms of a name.
    private static func key(_ name: String) -> String { name.lowercased() }
}
