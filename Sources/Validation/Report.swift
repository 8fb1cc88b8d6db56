public import Schematron
public import XML

/// The findings in a set of files.
///
///     let schema = try Schema(contentsOfFile: "Schemas/marginalia.rng")
///     let report = Report(files: [Report.File(path: "memo.xml", diagnostics: schema.validate(document))])
///     print(report.summary)
///     print(String(decoding: TextReport().export(report), as: UTF8.self))
public struct Report: Sendable {
    /// A file that was examined, with the findings in it and in the files that it includes.
    public struct File: Sendable, Hashable {
        /// The path as it was given.
        public let path: String
        /// The findings, in the order of the source.
        public let diagnostics: [Diagnostic]
        /// The results of Schematron rules, one for each schema; the diagnostics include them.
        public let rules: [SchematronOutcome]

        /// Makes the result for a file.
        public init(path: String, diagnostics: [Diagnostic], rules: [SchematronOutcome] = []) {
            self.path = path
            self.diagnostics = diagnostics
            self.rules = rules
        }

        /// Whether no error was found; there may be warnings.
        public var isValid: Bool { !diagnostics.contains { $0.severity == .error } }

        /// Whether the file could be read: an error without a place says that it could not.
        public var wasRead: Bool { !diagnostics.contains { $0.severity == .error && $0.location == nil } }
    }

    /// The files, in the order in which they were named.
    public let files: [File]
    /// All findings, each once, even if several files lead to it.
    public let diagnostics: [Diagnostic]
    /// Shows the lines that the diagnostics are about.
    let source: SourceReader
    private let tally: Tally

    /// Makes a report on files.
    ///
    /// - Parameters:
    ///   - files: the results, in the order of the report.
    ///   - standardInput: what was read from there.
    public init(files: [File], standardInput: StandardInput = StandardInput()) {
        self.files = files
        var tally = Tally()
        diagnostics = files.flatMap { tally.add($0) }
        self.tally = tally
        source = SourceReader(standardInput: standardInput)
    }

    /// Makes a report on one file, or on the problem that keeps a command from running.
    public init(diagnostics: [Diagnostic], path: String = "marginalia") {
        self.init(files: [File(path: path, diagnostics: diagnostics)])
    }

    /// Whether a file has an error.
    public var hasErrors: Bool { tally.hasErrors }

    /// Whether every file could be read.
    public var isComplete: Bool { tally.isComplete }

    /// The totals: `1 file: 2 errors, 1 warning`, or `23 files, 21 valid: 2 errors, 1 warning`.
    public var summary: String { tally.summary }
}

extension Report {
    /// The totals of the files so far, for a report that is not held in memory as a whole.
    public struct Tally: Sendable {
        private var files = 0
        private var valid = 0
        private var unread = 0
        private var errors = 0
        private var warnings = 0
        private var notes = 0
        /// How often each rule found something.
        package private(set) var rules: [String: Int] = [:]
        /// The hashes of reported diagnostics: for a corpus the diagnostics themselves would be too many.
        private var told = Set<UInt64>()

        /// Starts with no files.
        public init() {}

        /// Counts a file.
        ///
        /// - Returns: its diagnostics without those that an earlier file had in the same place, so that a report lists
        ///   each finding once.
        public mutating func add(_ file: File) -> [Diagnostic] {
            files += 1
            if file.isValid { valid += 1 }
            if !file.wasRead { unread += 1 }
            let new = file.diagnostics.filter { told.insert($0.identity).inserted }
            for diagnostic in new {
                rules[diagnostic.rule, default: 0] += diagnostic.occurrences
                switch diagnostic.severity {
                case .error: errors += diagnostic.occurrences
                case .warning: warnings += diagnostic.occurrences
                case .note: notes += diagnostic.occurrences
                }
            }
            return new
        }

        /// Whether a file has an error.
        public var hasErrors: Bool { valid < files }

        /// Whether every file could be read.
        public var isComplete: Bool { unread == 0 }

        /// The totals: `1 file: 2 errors, 1 warning`, or `23 files, 21 valid: 2 errors, 1 warning, 3 notes`.
        public var summary: String {
            func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
            let valid = files == 1 ? "" : ", \(valid) valid"
            let counts =
                [count(errors, "error"), count(warnings, "warning")] + (notes == 0 ? [] : [count(notes, "note")])
            return "\(count(files, "file"))\(valid): \(counts.joined(separator: ", "))"
        }
    }
}

extension Diagnostic {
    /// A hash of what was found, and of its place.
    package var identity: UInt64 {
        let place = location.map { "\($0.line):\($0.column):\($0.byteOffset)" } ?? ""
        return fnv1a([severity.rawValue, rule, message, location?.file ?? "", place])
    }
}
