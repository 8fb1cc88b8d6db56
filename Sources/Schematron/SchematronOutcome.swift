public import XML

/// The result of running Schematron rules on a document, as SVRL reports it (ISO/IEC 19757-3, annex D).
///
///     let schema = try Schema.marginaliaRules()
///     for pattern in schema.findings(in: document).rules?.patterns ?? [] {
///         for finding in pattern.firings.flatMap(\.findings) { print(finding.location, finding.message.text) }
///     }
public struct SchematronOutcome: Sendable, Hashable {
    /// A pattern that was run (`pattern` in ISO/IEC 19757-3).
    public struct Pattern: Sendable, Hashable {
        /// The pattern's id; `nil` without one.
        public let id: String?
        /// The pattern's title; `nil` without one.
        public let title: String?
        /// The pattern's role; `nil` without one.
        public let role: String?
        /// The paths of the documents that the pattern was run on.
        public let documents: [String]
        /// The rules that matched a node, in the order of the document; rules without findings only if the validation
        /// keeps them.
        public internal(set) var firings: [Firing] = []
    }

    /// A rule that matched a node (`rule` in ISO/IEC 19757-3).
    public struct Firing: Sendable, Hashable {
        /// The rule's id; `nil` without one.
        public let id: String?
        /// The rule's context as written.
        public let context: String
        /// The rule's role; `nil` without one.
        public let role: String?
        /// The rule's flag; `nil` without one.
        public let flag: String?
        /// The assertions that failed at this node, and the reports that apply to it.
        public internal(set) var findings: [Finding] = []
    }

    /// An assertion that failed, or a report that applies (`assert` and `report` in ISO/IEC 19757-3).
    public struct Finding: Sendable, Hashable {
        /// Whether this is a report that applies, not an assertion that failed.
        public let isReport: Bool
        /// The assertion's id; `nil` without one.
        public let id: String?
        /// The test as written, in XPath.
        public let test: String
        /// The assertion's role, such as `warning`; `nil` without one.
        public let role: String?
        /// The assertion's flag; `nil` without one.
        public let flag: String?
        /// The XPath 3.0 of the node: `/Q{http://www.tei-c.org/ns/1.0}TEI[1]/@n`.
        public let location: String
        /// The assertion's own text.
        public let message: Message
        /// The texts of the diagnostics that the assertion refers to.
        public let diagnostics: [Message]
        /// The texts of the properties that the assertion refers to.
        public let properties: [Message]
    }

    /// The text of an assertion, a diagnostic or a property, with its attributes.
    public struct Message: Sendable, Hashable {
        /// The id of a diagnostic or property; `nil` for an assertion's text.
        public let id: String?
        /// The role of a diagnostic or property; `nil` without one.
        public let role: String?
        /// The scheme of a property; `nil` without one.
        public let scheme: String?
        /// The language (`xml:lang`); `nil` without one.
        public let language: String?
        /// The address of further information; `nil` without one.
        public let see: String?
        /// The address of an image; `nil` without one.
        public let icon: String?
        /// The formal public identifier; `nil` without one.
        public let fpi: String?
        /// The text with its markup.
        public let content: [RichText]

        /// The text alone, with white space normalised.
        public var text: String { content.map(\.text).joined().normalizedSpace }
    }

    /// The schema's title; `nil` without one.
    public let title: String?
    /// The schema's version (`schemaVersion`); `nil` without one.
    public let schemaVersion: String?
    /// The phase that was run; `nil` for all patterns.
    public let phase: String?
    /// The prefixes that the expressions use.
    public let prefixes: [Prefix]
    /// The patterns that were run, in the order of the schema.
    public let patterns: [Pattern]
    /// The findings as diagnostics, in the order of the source.
    public let diagnostics: [Diagnostic]

    /// A prefix that the schema declares (`ns` in ISO/IEC 19757-3).
    public struct Prefix: Sendable, Hashable {
        /// The prefix.
        public let prefix: String
        /// The namespace that it means.
        public let uri: String

        /// Whether prefix and namespace are the same by code points.
        public static func == (a: Prefix, b: Prefix) -> Bool {
            a.prefix.isSame(as: b.prefix) && a.uri.isSame(as: b.uri)
        }

        /// Feeds prefix and namespace into a hasher.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(CodepointString(prefix))
            hasher.combine(CodepointString(uri))
        }
    }
}

/// A piece of text with markup, as messages of Schematron have it.
public indirect enum RichText: Sendable, Hashable {
    /// The elements that may mark text (`emph`, `span` and `dir` in ISO/IEC 19757-3).
    public enum Markup: Sendable, Hashable {
        /// `emph`.
        case emphasis
        /// `span`, with its class.
        case span(String?)
        /// `dir`, with the direction of writing: `ltr` or `rtl`.
        case direction(String?)
    }

    /// Plain text.
    case text(String)
    /// Text within an element.
    case markup(Markup, [RichText])
    /// A copy of a node, as Canonical XML and as text alone.
    case copy(xml: String, text: String)

    /// The text without its markup.
    public var text: String {
        switch self {
        case .text(let text), .copy(_, let text): text
        case .markup(_, let parts): parts.map(\.text).joined()
        }
    }
}
