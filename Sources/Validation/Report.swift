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

    /// - Parameter standardInput: the bytes of the file `-`, which cannot be read again.
    public init(files: [File], standardInput: [UInt8] = []) {
        self.files = files
        var seen = Set<Diagnostic>()
        diagnostics = files.flatMap(\.diagnostics).filter { seen.insert($0.identity).inserted }
        source = SourceReader(standardInput: standardInput)
    }

    /// A report on one file, or of what keeps a command from being carried out.
    public init(diagnostics: [Diagnostic], path: String = "marginalia") {
        self.init(files: [File(path: path, diagnostics: diagnostics)])
    }

    public var hasErrors: Bool { !files.allSatisfy(\.isValid) }

    /// Whether every file could be read.
    public var isComplete: Bool { files.allSatisfy(\.wasRead) }

    /// `1 file: 2 errors, 1 warning`, or `23 files, 21 valid: 2 errors, 1 warning`
    public var summary: String {
        func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        let errors = diagnostics.filter { $0.severity == .error }.count
        let valid = files.count == 1 ? "" : ", \(files.filter(\.isValid).count) valid"
        return "\(count(files.count, "file"))\(valid): \(count(errors, "error")), "
            + count(diagnostics.count - errors, "warning")
    }
}

extension Diagnostic {
    /// The same finding in the same place, whichever document it was reached by.
    fileprivate var identity: Diagnostic {
        Diagnostic(severity, rule: rule, message, at: location)
    }
}
