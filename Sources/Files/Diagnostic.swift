/// A place in a file, as an editor needs it to jump there.
///
/// ```console
/// memo.xml:24:9
/// ```
///
///     let location = SourceLocation(file: "memo.xml", line: 24, column: 9, byteOffset: 812)
///     print(location)     // memo.xml:24:9
public struct SourceLocation: Sendable, Hashable, Codable {
    /// The path as it was given, or the path of the file that an inclusion brought in.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column in Unicode scalars, from 1.
    public let column: Int
    /// The offset in bytes from the beginning of the stored file, from 0; a byte order mark counts.
    public let byteOffset: Int

    /// Makes a location of its parts.
    ///
    /// - Parameters:
    ///   - file: the path.
    ///   - line: the line, from 1.
    ///   - column: the column in Unicode scalars, from 1.
    ///   - byteOffset: the offset in bytes, from 0.
    public init(file: String, line: Int, column: Int, byteOffset: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
    }
}

/// Files are the same whose paths have the same code points.
extension SourceLocation: Comparable {
    /// Whether both are the same place; paths are equal if their code points are.
    public static func == (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.line, a.column, a.byteOffset) == (b.line, b.column, b.byteOffset) && a.file.isSame(as: b.file)
    }

    /// Feeds the place into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(line)
        hasher.combine(column)
        hasher.combine(CodepointString(file))
    }

    /// Whether `a` comes before `b`: first by file, then by byte offset.
    public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (CodepointString(a.file), a.byteOffset) < (CodepointString(b.file), b.byteOffset)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// The location as compilers print it: `memo.xml:24:9`.
    public var description: String { "\(file):\(line):\(column)" }
}

/// One finding: its place, its message, and how to fix it.
///
///     for diagnostic in document.diagnostics where diagnostic.severity == .error {
///         print(diagnostic.location?.description ?? "-", diagnostic.message, diagnostic.rule)
///     }
///
/// Parsing throws diagnostics as a list (``Diagnostics``); validation returns them.
public struct Diagnostic: Sendable, Hashable, Codable {
    /// How serious a finding is.
    public enum Severity: String, Sendable, Hashable, CaseIterable, Codable {
        /// The document breaks a rule.
        case error
        /// The document breaks no rule, but probably does not say what its author meant.
        case warning
        /// Something to know, with which nothing needs to be wrong.
        case note
    }

    /// A second place that explains the first, such as the start tag or the earlier use of an id.
    public struct Note: Sendable, Hashable, Codable {
        /// What is there, in one sentence without a full stop.
        public let message: String
        /// The place; `nil` if there is none.
        public let location: SourceLocation?

        /// Makes a note.
        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    /// How serious it is.
    public let severity: Severity
    /// The rule's id, such as `xml-tag-mismatch` or `pointer-hand`.
    public let rule: String
    /// The problem, in one sentence without a full stop.
    public let message: String
    /// The expected content and how to fix the problem; `nil` if the message says so already.
    public let help: String?
    /// The place; `nil` if the finding has none, such as a missing file.
    public let location: SourceLocation?
    /// The element's XPath, such as `/TEI[1]/text[1]/body[1]/p[2]`.
    public let path: String?
    /// The element's `xml:id`, or that of its nearest ancestor with one.
    public let id: String?
    /// Further places that explain the finding.
    public let notes: [Note]
    /// The content that the schema allows here, in the schema's order: elements as `<p>`, attributes as `@place`,
    /// values as `"above"`, or phrases such as `text`. Empty if that is not known.
    public let expected: [String]
    /// The number of findings that this diagnostic counts: more than 1 if a limit keeps them from being listed one by
    /// one.
    public let occurrences: Int

    /// Makes a diagnostic of its parts.
    ///
    ///     Diagnostic(.warning, rule: "my-rule", "this date is in the future", help: "check the year")
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

/// The errors that `Document.init` and other functions throw: at least one error, in the order of the source.
///
///     do {
///         _ = try Document("<p>")
///     } catch {
///         for diagnostic in error.list { print(diagnostic.message) }
///     }
public struct Diagnostics: Error, Sendable, Hashable {
    /// The diagnostics.
    public let list: [Diagnostic]

    /// Makes an error of diagnostics.
    public init(_ list: [Diagnostic]) {
        self.list = list
    }
}

extension Diagnostic {
    /// The same as a warning.
    package var asWarning: Diagnostic { with(severity == .note ? .note : .warning) }

    /// The same with another severity, help or place.
    package func with(
        _ severity: Severity? = nil, help: String? = nil, at location: SourceLocation? = nil
    ) -> Diagnostic {
        let (severity, help) = (severity ?? self.severity, help ?? self.help)
        return Diagnostic(
            severity, rule: rule, message, help: help, at: location ?? self.location, path: path, id: id, notes: notes,
            expected: expected, occurrences: occurrences
        )
    }
}

/// The mistakes that a reader found so far.
package final class DiagnosticList {
    package private(set) var list: [Diagnostic] = []

    package init() {}

    /// Finding a place takes time, and a hundred errors in one file are more than anyone reads.
    package func add(_ diagnostic: () -> Diagnostic) {
        if list.count < 100 { list.append(diagnostic()) }
    }
}
