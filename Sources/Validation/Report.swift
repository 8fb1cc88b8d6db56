public import Schematron
public import XML

/// What was found in files.
///
///     let report = Report(files: [Report.File(path: "memo.xml", diagnostics: schema.validate(document))])
///     print(String(decoding: ReportFormat.text.export(report), as: UTF8.self))
public struct Report: Sendable {
    /// A file that was looked at, with what was found in it and in what it includes.
    public struct File: Sendable, Hashable {
        public let path: String
        public let diagnostics: [Diagnostic]
        /// What Schematron rules found, schema by schema. It is among the diagnostics as well.
        public let rules: [SchematronOutcome]

        public init(path: String, diagnostics: [Diagnostic], rules: [SchematronOutcome] = []) {
            self.path = path
            self.diagnostics = diagnostics
            self.rules = rules
        }

        /// Whether no error was found.
        public var isValid: Bool { !diagnostics.contains { $0.severity == .error } }

        /// Whether it could be looked at: an error without a place keeps it from being read at all.
        public var wasRead: Bool { !diagnostics.contains { $0.severity == .error && $0.location == nil } }
    }

    /// In the order in which they were named.
    public let files: [File]
    /// All that was found, each thing once, whichever of the files it was reached by.
    public let diagnostics: [Diagnostic]
    /// Shows the lines that the diagnostics are about.
    let source: SourceReader
    private let tally: Tally

    /// - Parameter standardInput: the bytes of the file `-`, which cannot be read again.
    public init(files: [File], standardInput: [UInt8] = []) {
        self.files = files
        var tally = Tally()
        diagnostics = files.flatMap { tally.add($0) }
        self.tally = tally
        source = SourceReader(standardInput: standardInput)
    }

    /// A report on one file, or of what keeps a command from being carried out.
    public init(diagnostics: [Diagnostic], path: String = "marginalia") {
        self.init(files: [File(path: path, diagnostics: diagnostics)])
    }

    public var hasErrors: Bool { tally.hasErrors }

    /// Whether every file could be read.
    public var isComplete: Bool { tally.isComplete }

    /// `1 file: 2 errors, 1 warning`, or `23 files, 21 valid: 2 errors, 1 warning`
    public var summary: String { tally.summary }
}

extension Report {
    /// How much was found in the files so far, for a report that is not held as a whole.
    public struct Tally: Sendable {
        private var files = 0
        private var valid = 0
        private var unread = 0
        private var errors = 0
        private var warnings = 0
        /// The hashes of what was told: of a corpus the diagnostics themselves would be too many.
        private var told = Set<UInt64>()

        public init() {}

        /// Counts a file.
        ///
        /// - Returns: what of its diagnostics was not found in a file before it: the same finding in the same place is
        ///   told once, whichever document it was reached by.
        public mutating func add(_ file: File) -> [Diagnostic] {
            files += 1
            if file.isValid { valid += 1 }
            if !file.wasRead { unread += 1 }
            let new = file.diagnostics.filter { told.insert($0.identity).inserted }
            for diagnostic in new {
                if diagnostic.severity == .error {
                    errors += diagnostic.occurrences
                } else {
                    warnings += diagnostic.occurrences
                }
            }
            return new
        }

        public var hasErrors: Bool { valid < files }

        /// Whether every file could be read.
        public var isComplete: Bool { unread == 0 }

        /// `1 file: 2 errors, 1 warning`, or `23 files, 21 valid: 2 errors, 1 warning`
        public var summary: String {
            func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
            let valid = files == 1 ? "" : ", \(valid) valid"
            return "\(count(files, "file"))\(valid): \(count(errors, "error")), \(count(warnings, "warning"))"
        }
    }
}

extension Diagnostic {
    /// A hash of what was found, and of its place.
    fileprivate var identity: UInt64 {
        let place = location.map { "\($0.line):\($0.column):\($0.byteOffset)" } ?? ""
        return fnv1a([severity.rawValue, rule, message, location?.file ?? "", place])
    }
}
