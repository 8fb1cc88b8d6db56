/// The elements at which an attribute may point, by its name and its element (TEI P5, 16.2 and the specifications of the
/// attributes).
///
///     let rule = PointerRule.of("hand", on: "add") { false }
///     rule?.targets                                           // ["handNote"]
package struct PointerRule: Sendable {
    /// The id of the rule by which a wrong pointer is reported.
    let name: String
    /// The names of the elements; empty for any.
    let targets: Set<String>
    /// A description of the target that is expected, such as `a handNote`.
    package let expected: String

    static let entries: Set<String> = [
        "person", "personGrp", "org", "place", "event", "category", "bibl", "biblStruct", "object", "nym",
    ]
    private static let hand = PointerRule(name: "pointer-hand", targets: ["handNote"], expected: "a handNote")
    private static let witness = PointerRule(
        name: "pointer-witness", targets: ["witness", "listWit", "msDesc", "bibl", "object"], expected: "a witness")
    private static let change = PointerRule(
        name: "pointer-change", targets: ["change", "listChange"], expected: "a change")
    private static let register = PointerRule(
        name: "pointer-register",
        targets: entries.union([
            "respStmt", "name", "persName", "orgName", "editor", "author", "handNote", "role", "roleName", "castItem",
            "publisher",
        ]),
        expected: "an entry of a register (person, org, place, event)"
    )
    private static let anything = PointerRule(name: "pointer-target", targets: [], expected: "an element")

    /// The rules by attribute. Those of `@corresp` depend on the element.
    static let byAttribute: [String: PointerRule] = [
        "hand": hand, "new": hand, "wit": witness, "change": change, "who": register, "ref": register,
        "scribeRef": register, "target": anything, "corresp": anything, "resp": anything, "source": anything,
        "spanTo": anything, "next": anything, "prev": anything, "sameAs": anything, "copyOf": anything,
        "select": anything, "exclude": anything, "synch": anything, "facs": anything, "ana": anything,
        "decls": anything,
        "active": anything, "passive": anything, "mutual": anything, "parts": anything, "partOf": anything,
        "from": anything, "to": anything, "rendition": anything, "lemmaRef": anything, "feats": anything,
        "inst": anything,
        "targetEnd": anything, "start": anything, "end": anything, "domains": anything, "scheme": anything,
        "class": anything,
        "origin": anything, "url": anything,
    ]

    /// The kind of entry that an element names.
    static let kinds: [String: Set<String>] = [
        "persName": ["person", "personGrp"], "orgName": ["org"], "placeName": ["place"], "eventName": ["event"],
    ]

    private static let namers: Set<String> = [
        "persName", "orgName", "placeName", "eventName", "name", "rs", "sp", "said", "author", "editor", "handNote",
        "geogName",
    ]

    /// The rule of an attribute; `nil` if it is no pointer.
    ///
    /// - Parameter isInRevision: whether the element is within `revisionDesc`.
    package static func of(_ attribute: String, on element: String, isInRevision: () -> Bool) -> PointerRule? {
        guard let rule = byAttribute[attribute] else { return nil }
        if attribute == "corresp", namers.contains(element) { return register }
        if ["from", "to"].contains(attribute), !["span", "app", "interp", "link", "annotation"].contains(element) {
            return nil
        }
        if ["start", "end"].contains(attribute), !["surface", "u", "recording"].contains(element) { return nil }
        if attribute == "scheme", !["classCode", "catRef", "keywords"].contains(element) { return nil }
        if attribute == "new", element != "handShift" { return nil }
        if attribute == "ref", ["g", "title", "ptr", "term", "idno", "catRef"].contains(element) { return anything }
        // A dated change of the file, not a stage of the writing.
        if attribute == "change", isInRevision() { return anything }
        return rule
    }

    /// The elements at which a pointer may point: a name at entries of its kind.
    package func targets(of attribute: String, on element: String) -> Set<String> {
        attribute == "ref" ? PointerRule.kinds[element] ?? targets : targets
    }
}
