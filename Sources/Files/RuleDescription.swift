/// A rule: what holds in a correct document, an example, and how to mend what breaks it in many places.
///
///     let own = RuleDescription("page-number", "Page: number", says: "A page has a number.", mending: "Type: …")
///     let report = SARIFReport(rules: [own])
///
/// Reports describe rules by it, and `marginalia explain` prints it. You give the descriptions of your own checks.
public struct RuleDescription: Sendable {
    /// The rule's id, or a name for several rules that are described together.
    public let rule: String
    /// The title, for a list of rules.
    public let title: String
    /// How serious its findings are.
    public let severity: Diagnostic.Severity
    /// What is true in a correct document, in one sentence.
    public let says: String
    /// A part of a document that breaks the rule, and one that keeps it.
    public let example: Example?
    /// How to mend what breaks the rule in many places; empty if nothing is known.
    public let mending: String
    /// The ids of the rules that are described.
    public let ids: [String]

    /// A part of a document that breaks a rule, and a part that keeps it.
    ///
    ///     RuleDescription.Example(wrong: "<gap/>", message: "a gap without a reason", right: #"<gap reason="damage"/>"#)
    public struct Example: Sendable {
        /// Where in a document the parts are.
        public enum Place: Sendable {
            /// In the text.
            case body
            /// In the header's `profileDesc`.
            case header
            /// They are whole files.
            case file
        }

        /// Where the parts are.
        public let place: Place
        /// The part of the `profileDesc` that the examples need; empty if they need none.
        public let header: String
        /// The part that breaks the rule.
        public let wrong: String
        /// The message about the part that breaks the rule.
        public let message: String
        /// The help of this message.
        public let help: String?
        /// The part that keeps the rule.
        public let right: String

        /// Makes an example.
        public init(
            in place: Place = .body, header: String = "", wrong: String, message: String, help: String? = nil,
            right: String
        ) {
            (self.place, self.header, self.wrong, self.message) = (place, header, wrong, message)
            (self.help, self.right) = (help, right)
        }
    }

    /// Makes a description.
    ///
    /// - Parameters:
    ///   - rule: the id, or a name for several rules.
    ///   - title: the title; by default it is made of the words of `rule`.
    ///   - ids: the rules that are described, if it is not the one whose id is `rule`.
    public init(
        _ rule: String, _ title: String? = nil, severity: Diagnostic.Severity = .error, says: String,
        example: Example? = nil, mending: String = "", ids: [String] = []
    ) {
        (self.rule, self.title, self.severity, self.says) = (rule, title ?? Self.title(of: rule), severity, says)
        (self.example, self.mending, self.ids) = (example, mending, ids.isEmpty ? [rule] : ids)
    }

    /// The rule in a sentence and how to mend what breaks it, for reports.
    public var help: String { mending.isEmpty ? says : "\(says) To mend many: \(mending)" }

    /// `XML: tag mismatch` for `xml-tag-mismatch`.
    package static func title(of rule: String) -> String {
        let words = rule.split(separator: "-")
        guard let first = words.first else { return rule }
        let family = families[String(first)] ?? first.prefix(1).uppercased() + first.dropFirst()
        return words.count == 1 ? family : "\(family): \(words.dropFirst().joined(separator: " "))"
    }

    private static let families = [
        "grammar": "RELAX NG", "xml": "XML", "xinclude": "XInclude", "catalog": "XML catalog", "xpath": "XPath",
    ]
}

extension [RuleDescription] {
    /// The description of a rule.
    package func first(describing rule: String) -> RuleDescription? {
        first { $0.ids.contains { $0.isSame(as: rule) } }
    }
}
