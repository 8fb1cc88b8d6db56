public import XML

/// What Schematron rules found in a document: what a report in SVRL is made of.
public struct SchematronOutcome: Sendable, Hashable {
    /// A pattern that was run.
    public struct Pattern: Sendable, Hashable {
        public let id: String?
        public let title: String?
        public let role: String?
        /// The paths of the documents that it was run over.
        public let documents: [String]
        public internal(set) var firings: [Firing] = []
    }

    /// A rule that found a node.
    public struct Firing: Sendable, Hashable {
        public let id: String?
        /// The rule's context as it is written.
        public let context: String
        public let role: String?
        public let flag: String?
        public internal(set) var findings: [Finding] = []
    }

    /// An assertion that failed, or a report that applies.
    public struct Finding: Sendable, Hashable {
        public let isReport: Bool
        public let id: String?
        public let test: String
        public let role: String?
        public let flag: String?
        /// The node as an XPath of version 3.0: `/Q{http://www.tei-c.org/ns/1.0}TEI[1]/@n`.
        public let location: String
        public let message: Message
        public let diagnostics: [Message]
        public let properties: [Message]
    }

    public struct Message: Sendable, Hashable {
        /// Of a diagnostic or property.
        public let id: String?
        public let role: String?
        public let scheme: String?
        public let language: String?
        public let see: String?
        public let icon: String?
        public let fpi: String?
        public let content: [RichText]

        /// The text alone, white space normalised.
        public var text: String { content.map(\.text).joined().normalizedSpace }
    }

    public let title: String?
    public let schemaVersion: String?
    /// The phase that was run, `nil` for all.
    public let phase: String?
    /// The prefixes that the expressions use.
    public let prefixes: [Prefix]
    public let patterns: [Pattern]
    public let diagnostics: [Diagnostic]

    public struct Prefix: Sendable, Hashable {
        public let prefix: String
        public let uri: String

        public static func == (a: Prefix, b: Prefix) -> Bool {
            a.prefix.isSame(as: b.prefix) && a.uri.isSame(as: b.uri)
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(CodepointString(prefix))
            hasher.combine(CodepointString(uri))
        }
    }
}

/// Text with marks in it.
public indirect enum RichText: Sendable, Hashable {
    public enum Markup: Sendable, Hashable {
        case emphasis
        case span(String?)
        case direction(String?)
    }

    case text(String)
    case markup(Markup, [RichText])
    /// A copy of a node, in Canonical XML, with its text.
    case copy(xml: String, text: String)

    public var text: String {
        switch self {
        case .text(let text), .copy(_, let text): text
        case .markup(_, let parts): parts.map(\.text).joined()
        }
    }
}
