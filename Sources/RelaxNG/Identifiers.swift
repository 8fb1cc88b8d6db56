internal import XML

/// The attributes of a document that identify its elements, and those that point at them (RELAX NG DTD Compatibility,
/// 5).
///
/// The document itself reports a duplicate `xml:id`.
struct Identifiers {
    private struct Noted {
        let type: Datatype.IDType
        let values: [String]
        let isXMLID: Bool
        let place: EventPlace
    }

    private struct Reference {
        let id: String
        let dangling: Diagnostic
    }

    private let types: [Grammar.ElementAttribute: Datatype.IDType]
    private let xmlID: Int32
    /// Whether there is anything to note: most schemas have no other identifiers than `xml:id`, and no pointers.
    let areUsed: Bool
    private var pending: [Noted] = []
    private var ids: [CodepointString: SourceLocation] = [:]
    private var references: [Reference] = []

    init(_ grammar: Grammar) {
        types = grammar.idTypes
        let xmlID = grammar.names.schemaName("id", namespace: Namespace.xml).index
        self.xmlID = xmlID
        areUsed = types.contains { $0.key.attribute != xmlID || $0.value != .id }
    }

    mutating func removeAll() {
        pending.removeAll()
        ids.removeAll()
        references.removeAll()
    }

    /// Whether something was noted since the last ``locate(_:)``.
    var needPlaces: Bool { !pending.isEmpty }

    mutating func note(_ element: SchemaName, _ attribute: SchemaName, _ value: Span<UInt8>, at place: EventPlace) {
        let key = Grammar.ElementAttribute(element: element.index, attribute: attribute.index)
        guard let type = types[key], type != .none else { return }
        pending.append(Noted(type: type, values: String(value).tokens, isXMLID: attribute.index == xmlID, place: place))
    }

    /// - Returns: what has been told of twice.
    mutating func locate(_ locator: some EventLocator) -> [Diagnostic] {
        var duplicates: [Diagnostic] = []
        for noted in pending {
            let location = locator.location(of: noted.place)
            for value in noted.values {
                if noted.type != .id {
                    let dangling = RelaxNGMessages.referenceDangling(
                        value, at: location, path: locator.path(above: 0), id: locator.nearestID(above: 0))
                    references.append(Reference(id: value, dangling: dangling))
                } else if let first = ids[CodepointString(value)] {
                    if !noted.isXMLID {
                        duplicates.append(
                            RelaxNGMessages.idTwice(value, first: first, at: location, path: locator.path(above: 0)))
                    }
                } else {
                    ids[CodepointString(value)] = location
                }
            }
        }
        pending.removeAll()
        return duplicates
    }

    /// At the end of the document: what points at nothing.
    func danglingReferences() -> [Diagnostic] {
        references.filter { ids[CodepointString($0.id)] == nil }.map(\.dangling)
    }
}
