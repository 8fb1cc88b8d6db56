public import XML

/// Which findings are reported, and how serious each is.
///
///     let selection = RuleSelection(ignored: ["pointer-file"], severities: [.init("unused", .note)])
///     let found = selection.applied(to: report.diagnostics)
///
/// A rule is named by its id, such as `pointer-file`, or by the first words of several, such as `pointer`. A file that
/// could not be read, or that is not well-formed, is always reported: nothing else is known about it.
public struct RuleSelection: Sendable, Hashable, Encodable {
    /// The severity of what some rules find.
    public struct Severity: Sendable, Hashable, Encodable {
        /// The rule, or the first words of several.
        public let rule: String
        /// The severity.
        public let severity: Diagnostic.Severity

        /// Makes a severity.
        public init(_ rule: String, _ severity: Diagnostic.Severity) {
            (self.rule, self.severity) = (rule, severity)
        }

        /// `pointer-file=note`, as an option has it.
        package var description: String { "\(rule)=\(severity.rawValue)" }
    }

    /// The rules whose findings are left out.
    public var ignored: [String]
    /// The rules whose findings alone are reported; all, if it is empty.
    public var only: [String]
    /// The severities that differ from the rules' own. Of several for one rule, the last holds.
    public var severities: [Severity]

    /// Makes a selection; by default everything is reported, as serious as its rule has it.
    public init(ignored: [String] = [], only: [String] = [], severities: [Severity] = []) {
        (self.ignored, self.only, self.severities) = (ignored, only, severities)
    }

    /// Returns this selection with a later one, which decides where both name a severity, or rules that alone count.
    package func merging(_ later: RuleSelection) -> RuleSelection {
        RuleSelection(
            ignored: ignored + later.ignored, only: later.only.isEmpty ? only : later.only,
            severities: severities + later.severities)
    }

    /// Returns the findings that are selected, with their severities.
    public func applied(to found: [Diagnostic]) -> [Diagnostic] {
        if isEmpty { return found }
        return found.compactMap { diagnostic in
            if diagnostic.isAlwaysReported { return diagnostic }
            let isIn = only.isEmpty || only.contains { RuleSelection.fits($0, diagnostic.rule) }
            guard isIn, !ignored.contains(where: { RuleSelection.fits($0, diagnostic.rule) }) else { return nil }
            return severities.last { RuleSelection.fits($0.rule, diagnostic.rule) }.map { diagnostic.with($0.severity) }
                ?? diagnostic
        }
    }

    /// Returns a file with the findings that are selected.
    public func applied(to file: Report.File) -> Report.File {
        isEmpty
            ? file : Report.File(path: file.path, diagnostics: applied(to: file.diagnostics), rules: file.rules)
    }

    private var isEmpty: Bool { ignored.isEmpty && only.isEmpty && severities.isEmpty }

    /// The rules that are named.
    package var names: [String] { ignored + only + severities.map(\.rule) }

    /// Whether a name is that of a rule, or the first words of its id.
    package static func fits(_ name: String, _ rule: String) -> Bool {
        rule.isSame(as: name) || rule.utf8.starts(with: (name + "-").utf8)
    }
}

extension Diagnostic {
    /// Whether it says that a file could not be read or is not well-formed, so that nothing else is known about it.
    package var isAlwaysReported: Bool {
        severity == .error && (location == nil || ["xml", "encoding"].contains { RuleSelection.fits($0, rule) })
    }
}
