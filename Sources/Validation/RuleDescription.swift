internal import XML

/// A description of a rule, for reports that describe each rule, such as SARIF.
///
///     let report = SARIFReport(rules: [RuleDescription("pointer-hand", "Pointer: hand", help: "…")])
///
/// This module describes its own rules and those of the modules below it; you give the descriptions of your own checks.
public struct RuleDescription: Sendable {
    /// The rule's id, or the first word of the ids of several rules.
    public let rule: String
    /// The title; for several rules, the rest of each id is added to it.
    public let title: String
    /// How to find a remedy.
    public let help: String

    /// Makes a description.
    public init(_ rule: String, _ title: String, help: String) {
        (self.rule, self.title, self.help) = (rule, title, help)
    }

    /// The description of a rule: by its id, else by the id's first word, since each result gives the details.
    ///
    /// - Parameter others: descriptions of rules that this module does not know.
    static func of(_ rule: String, among others: [RuleDescription]) -> (title: String, help: String) {
        if let own = others.first(where: { $0.rule == rule }) { return (own.title, own.help) }
        let words = rule.split(separator: "-")
        let family = (own + others).first { words.first.map(String.init) == $0.rule }
        let rest = words.dropFirst(family == nil ? 0 : 1).joined(separator: " ")
        let title = [family?.title, rest.isEmpty ? nil : rest].compactMap(\.self).joined(separator: ": ")
        return (title.isEmpty ? rule : title, family?.help ?? "Each result says what was expected and how to mend it.")
    }

    /// The rules of this module and of those below it, by their ids or the first words of these, and the rules of good
    /// practice.
    package static let names: [String] = {
        let practice = try? Document(embeddedFile("marginalia.sch"), path: "marginalia.sch")
        let rules = practice?.root.descendants.filter { ["assert", "report"].contains($0.localName) }
        return own.map(\.rule) + (rules ?? []).compactMap { $0.attribute("id") }
    }()

    private static let own = [
        RuleDescription(
            "xml", "XML",
            help: "A document must be well-formed: every tag closed, every attribute quoted, every xml:id there once."),
        RuleDescription(
            "encoding", "Encoding",
            help:
                "A file is stored in the encoding that its XML declaration names: UTF-8, UTF-16, ISO-8859-1, windows-1252 or US-ASCII."
        ),
        RuleDescription("file", "File", help: "Files must be there, be readable, and lie below the root folder."),
        RuleDescription(
            "xinclude", "XInclude",
            help: "An inclusion names a file below the root folder, or an element in one by its xml:id."),
        RuleDescription(
            "grammar", "RELAX NG",
            help: "Elements, attributes and text must be those that the schema allows in their place."),
        RuleDescription(
            "schema", "Schema",
            help:
                "A document is validated by the RELAX NG schemas that it or the command names, and they must be correct."
        ),
        RuleDescription(
            "schematron", "Schematron",
            help: "A rule of the schema says in its own words what must be so; see the schema."),
        RuleDescription(
            "catalog", "XML catalog", help: "An XML catalog maps addresses to local files (OASIS XML Catalogs 1.1)."),
    ]
}
