/// A place in a file: what an editor needs to jump there.
///
///     memo.xml:24:9
public struct SourceLocation: Sendable, Hashable, Codable {
    /// The path as it was given, or as it was resolved from an inclusion.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column in Unicode scalars, from 1.
    public let column: Int
    /// The offset in bytes from the beginning of the file as it is stored, byte order mark included.
    public let byteOffset: Int

    public init(file: String, line: Int, column: Int, byteOffset: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
    }
}

/// Files are the same whose paths have the same code points.
extension SourceLocation: Comparable {
    public static func == (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.line, a.column, a.byteOffset) == (b.line, b.column, b.byteOffset) && a.file.isSame(as: b.file)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(line)
        hasher.combine(column)
        hasher.combine(CodepointString(file))
    }

    public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (CodepointString(a.file), a.byteOffset) < (CodepointString(b.file), b.byteOffset)
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column)" }
}

/// One thing that was found: where, what, and how it is mended.
///
/// Parsing throws diagnostics as a list (``Diagnostics``); validation returns them.
public struct Diagnostic: Sendable, Hashable, Codable {
    public enum Severity: String, Sendable, Hashable, CaseIterable, Codable {
        /// The document is not what it must be.
        case error
        /// The document is allowed, and is probably not what was meant.
        case warning
    }

    /// A second place that belongs to the first: where the tag was opened, where the id stands already.
    public struct Note: Sendable, Hashable, Codable {
        public let message: String
        public let location: SourceLocation?

        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    public let severity: Severity
    /// The rule's id, such as `xml-tag-mismatch` or `pointer-hand`.
    public let rule: String
    /// What is wrong, in one sentence without a full stop.
    public let message: String
    /// What was expected and how to mend it, or `nil` where the message says it already.
    public let help: String?
    /// `nil` where the thing found has no place: a file that is not there.
    public let location: SourceLocation?
    /// The element's XPath, such as `/TEI[1]/text[1]/body[1]/p[2]`.
    public let path: String?
    /// The element's `xml:id`, or that of its nearest ancestor that has one.
    public let id: String?
    public let notes: [Note]
    /// What might have stood here instead, in the order in which the schema says it: elements as `<p>`, attributes as
    /// `@place`, values as `"above"`, or phrases such as `text`. Empty where that is not known.
    public let expected: [String]
    /// How many findings it speaks of: more than 1 where a limit keeps them from being listed one by one.
    public let occurrences: Int

    public init(
        _ severity: Severity = .error,
        rule: String,
        _ message: String,
        help: String? = nil,
        at location: SourceLocation? = nil,
        path: String? = nil,
        id: String? = nil,
        notes: [Note] = [],
        expected: [String] = [],
        occurrences: Int = 1
    ) {
        self.severity = severity
        self.rule = rule
        self.message = message
        self.help = help
        self.location = location
        self.path = path
        self.id = id
        self.notes = notes
        self.expected = expected
        self.occurrences = occurrences
    }
}

extension [Diagnostic] {
    /// By place in the source, those without one first; of several in one place the first stays first.
    package var inSourceOrder: [Diagnostic] {
        enumerated().sorted { a, b in
            switch (a.element.location, b.element.location) {
            case let (x?, y?) where x != y: x < y
            case (nil, _?): true
            case (_?, nil): false
            default: a.offset < b.offset
            }
        }.map(\.element)
    }
}

/// What `Document.init` throws: at least one error, in the order of the source.
public struct Diagnostics: Error, Sendable, Hashable {
    public let list: [Diagnostic]

    public init(_ list: [Diagnostic]) {
        self.list = list
    }
}

extension Diagnostic {
    /// The same as a warning.
    package var asWarning: Diagnostic {
        Diagnostic(
            .warning, rule: rule, message, help: help, at: location, path: path, id: id, notes: notes,
            expected: expected, occurrences: occurrences
        )
    }
}

/// The mistakes that a reader found so far.
package final class DiagnosticList {
    package private(set) var list: [Diagnostic] = []

    package init() {}

    /// Finding a place takes its time, and nobody reads more than a hundred mistakes in one file.
    package func add(_ diagnostic: () -> Diagnostic) {
        if list.count < 100 { list.append(diagnostic()) }
    }
}
