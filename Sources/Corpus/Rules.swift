internal import TEI
internal import Validation
public import XML

// Every rule that the program has. `marginalia explain` prints it, and a test compares it with the sources.

extension RuleDescription {
    /// A list of rules that belong together.
    ///
    ///     for group in RuleDescription.groups { print(group.title, group.rules.count) }
    public struct Group: Sendable {
        /// What the rules are about.
        public let title: String
        /// The rules.
        public let rules: [RuleDescription]
    }

    /// The rules of TEI's checks and of the built-in Schematron schema, for reports that describe each rule.
    public static var checks: [RuleDescription] { Check.all.map(\.description) + practice + edition }

    /// All rules, those first that people meet most.
    ///
    ///     let rule = RuleDescription.all.first { $0.ids.contains("pointer-hand") }
    public static var all: [RuleDescription] { groups.flatMap(\.rules) }

    /// All rules in groups.
    public static let groups = [
        Group(title: "Pointers, hands and names", rules: Check.all.map(\.description)),
        Group(title: "Good practice", rules: practice), Group(title: "Conventions of the edition", rules: edition),
        Group(title: "Grammar", rules: grammar), Group(title: "XML", rules: xml), Group(title: "Files", rules: files),
        Group(title: "Schemas and catalogs", rules: schemas), Group(title: "Commands", rules: commands),
    ]

    /// The rules that a name means: one by its id, or several by the first words of theirs, or by a name that they
    /// share.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `usage` for a name that means none.
    package static func named(_ name: String) throws(Diagnostics) -> [RuleDescription] {
        let (all, isAny) = (all, { (ids: [String]) in ids.contains { RuleSelection.fits(name, $0) } })
        if let exact = all.first(describing: name) { return [exact] }
        let found = all.filter { $0.rule.isSame(as: name) || isAny($0.ids) }
        guard found.isEmpty else { return found }
        let ids = all.flatMap(\.ids)
        let names = ids + Set(ids.compactMap { $0.split(separator: "-").first.map(String.init) }).sorted()
        throw Diagnostics([Messages.noRule(name, meant: nearest(name, names).map { names[$0] })])
    }

    /// A line for each rule: id, severity, and what it says.
    ///
    ///     print(RuleDescription.table)
    public static var table: String {
        let width = all.map(\.rule.count).max() ?? 0
        func padded(_ word: String, _ width: Int) -> String {
            word + String(repeating: " ", count: max(0, width - word.count))
        }
        return groups.map { group in
            let rows = group.rules.map { row in
                "  \(padded(row.rule, width))  \(padded(row.severity.rawValue, 7))  \(row.says)\n"
                    + (row.ids.count == 1 ? "" : "    \(row.list(20))\n")
            }
            return group.title + "\n" + rows.joined()
        }.joined(separator: "\n")
    }

    /// What the rule says, an example with its message, and how to mend many.
    ///
    ///     print(RuleDescription.all[0].text(for: "pointer-hand"))
    ///
    /// - Parameter name: the rule that is asked for, if several are described together.
    public func text(for name: String) -> String {
        let isOne = ids.contains { $0.isSame(as: name) }
        var text = "\(isOne ? name : list(5)) (\(severity.rawValue))\n\(says)\n"
        func part(_ title: String, _ lines: String) {
            let indented = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
            text += "\n\(title)\n\(indented)"
        }
        if let example {
            let header = example.header.isEmpty ? "" : example.header + "\n…\n"
            part("Wrong:", header + example.wrong)
            text += "  \(severity.rawValue): \(example.message)\n" + (example.help.map { "  help: \($0)\n" } ?? "")
            part("Right:", header + example.right)
        }
        if !mending.isEmpty { part("To mend many:", mending) }
        return text
    }

    /// The ids, the first of many.
    private func list(_ limit: Int) -> String {
        ids.prefix(limit).joined(separator: ", ") + (ids.count > limit ? " and \(ids.count - limit) more" : "")
    }
}
