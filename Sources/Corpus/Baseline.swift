internal import Validation
internal import XML

/// The findings of an earlier run, which are not reported again: `validate --baseline`.
///
/// A line for each file, rule and message, in fields after tabs, with how often it was found. Lines move when a file is
/// edited, and so no places are kept. Paths are relative to the folder of the baseline.
struct Baseline {
    private static let heading = "# marginalia baseline 1"
    /// A finding without its place.
    private struct Finding: Hashable, Comparable {
        let file: CodepointString
        let rule: CodepointString
        let message: CodepointString

        static func < (a: Finding, b: Finding) -> Bool { (a.file, a.rule, a.message) < (b.file, b.rule, b.message) }
    }

    private let path: String
    /// How often each was found; `nil` where there is no baseline, and this run makes it.
    private let known: [Finding: Int]?
    /// How often this run found each.
    private var found: [Finding: Int] = [:]
    /// Whether what is found at a place was known; a file may be read through several.
    private var decided: [UInt64: Bool] = [:]
    /// The files of which not everything is known, since they are not well-formed.
    private var broken = Set<CodepointString>()
    private var paths: [CodepointString: CodepointString] = [:]
    private let folder: String

    /// - Throws: ``XML/Diagnostics`` with the rule `baseline` or `file-` if there is a file that cannot be read or is none.
    init(_ path: String) throws(Diagnostics) {
        self.path = path
        folder = FileAccess.canonical(Reference.folder(of: path))
        known = FileAccess.exists(path) ? try Baseline.read(path) : nil
    }

    private static func read(_ path: String) throws(Diagnostics) -> [Finding: Int] {
        let lines = try FileAccess.bytes(ofFile: path).split(separator: 0x0A)
        guard lines.first?.elementsEqual(heading.utf8) == true else { throw Diagnostics([Messages.noBaseline(path)]) }
        var known: [Finding: Int] = [:]
        for (number, line) in lines.enumerated().dropFirst() {
            let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
            guard fields.count == 4, let count = Int(String(decoding: fields[2], as: UTF8.self)), count > 0 else {
                throw Diagnostics([Messages.noBaseline(path, line: number + 1)])
            }
            let texts = [0, 1, 3].map { CodepointString(FileStamps.path(ofEscaped: fields[$0])) }
            known[Finding(file: texts[0], rule: texts[1], message: texts[2]), default: 0] += count
        }
        return known
    }

    /// Returns a file with the findings that are not known. Of more than are known, the last are new.
    mutating func sift(_ file: Report.File) -> Report.File {
        for diagnostic in file.diagnostics where diagnostic.isAlwaysReported {
            broken.formUnion([address(of: file.path), address(of: diagnostic.location?.file ?? file.path)])
        }
        let new = file.diagnostics.filter { $0.isAlwaysReported || !isKnown($0) }
        return new.count == file.diagnostics.count
            ? file : Report.File(path: file.path, diagnostics: new, rules: file.rules)
    }

    private mutating func isKnown(_ diagnostic: Diagnostic) -> Bool {
        let identity = diagnostic.identity
        if let decision = decided[identity] { return decision }
        let finding = Finding(
            file: address(of: diagnostic.location?.file ?? ""), rule: CodepointString(diagnostic.rule),
            message: CodepointString(diagnostic.message))
        let count = found[finding, default: 0] + diagnostic.occurrences
        found[finding] = count
        let decision = known.map { count <= $0[finding] ?? 0 } ?? true
        decided[identity] = decision
        return decision
    }

    private mutating func address(of file: String) -> CodepointString {
        if let address = paths[CodepointString(file)] { return address }
        let address = CodepointString(Reference.path(of: FileAccess.canonical(file), from: folder))
        paths[CodepointString(file)] = address
        return address
    }

    /// Writes what this run found of what was known: what is mended leaves the baseline. What is known of other files
    /// stays. If there was no baseline, it has all that was found.
    ///
    /// - Parameter files: the files of the run.
    /// - Returns: how many findings the baseline has, and how many left it.
    mutating func save(afterRunOver files: [String]) throws(Diagnostics) -> (count: Int, left: Int) {
        let examined = Set(files.map { address(of: $0) }).subtracting(broken)
        var kept = known ?? found
        if known != nil {
            for (finding, count) in kept where examined.contains(finding.file) {
                let now = min(count, found[finding] ?? 0)
                kept[finding] = now > 0 ? now : nil
            }
        }
        let count = kept.values.reduce(0, +)
        let left = known.map { $0.values.reduce(0, +) - count } ?? 0
        if known == nil || left > 0 {
            let lines = kept.sorted { $0.key < $1.key }.map { finding, count in
                let texts = [finding.file, finding.rule, finding.message].map { FileStamps.escaped($0.string) }
                return "\(texts[0])\t\(texts[1])\t\(count)\t\(texts[2])\n"
            }
            try OutputFile.save(Array((Baseline.heading + "\n" + lines.joined()).utf8), at: path)
        }
        return (count, left)
    }

    /// Whether this run makes it.
    var isNew: Bool { known == nil }
}
