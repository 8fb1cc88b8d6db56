public import Validation
internal import XML

/// Which findings of a validation are reported. They change no verdict of a schema, and need no second validation.
///
///     let findings = FindingOptions(RuleSelection(ignored: ["pointer-file"]), baseline: "known.tsv")
///     let report = try CorpusValidation(findings: findings).report(on: ["TEI"])
public struct FindingOptions: Sendable {
    /// The rules whose findings are reported, and how serious they are.
    public var selection: RuleSelection
    /// The project, whose own selections come before; `nil` for none.
    public var project: Project?
    /// How many findings are listed at most; the others are counted. `nil` for all.
    public var limit: Int?
    /// The file with the findings that are known, and not reported. If there is none, it is made.
    public var baseline: String?

    /// Makes options; by default all findings are reported.
    public init(
        _ selection: RuleSelection = RuleSelection(), project: Project? = nil, limit: Int? = nil,
        baseline: String? = nil
    ) {
        (self.selection, self.project, self.limit, self.baseline) = (selection, project, limit, baseline)
    }
}

/// Holds back the findings of a run that are known, or not to be reported.
struct FindingSieve {
    private let selection: RuleSelection
    private let project: Project?
    /// The rules that are named in a selection.
    private let names: [String]
    private var baseline: Baseline?
    /// The rules that found something.
    private var rules = Set<String>()

    /// - Throws: ``XML/Diagnostics`` if the baseline cannot be used, and with the rule `usage` for a negative limit.
    init(_ options: FindingOptions) throws(Diagnostics) {
        if let limit = options.limit, limit < 0 { throw Diagnostics([Messages.negativeLimit(limit)]) }
        (selection, project) = (options.selection, options.project)
        names = (project.map { [$0.rules] + $0.parts.map(\.rules) } ?? []).flatMap(\.names) + selection.names
        baseline = try options.baseline.map { path throws(Diagnostics) in try Baseline(path) }
    }

    mutating func sift(_ file: Report.File) -> Report.File {
        if !names.isEmpty { rules.formUnion(file.diagnostics.map(\.rule)) }
        let selected = project.map { $0.rules(of: file.path).merging(selection) } ?? selection
        return selected.applied(to: baseline?.sift(file) ?? file)
    }

    /// Writes the baseline, and says what was named in vain.
    mutating func end(over files: [String], _ console: Console) throws(Diagnostics) {
        for name in names where !rules.contains(where: { RuleSelection.fits(name, $0) }) {
            let known = RuleDescription.all.flatMap(\.ids)
            if known.contains(where: { RuleSelection.fits(name, $0) }) { continue }
            console.note(BatchWording.unknownRule(name, meant: nearest(name, known).map { known[$0] }))
        }
        guard var baseline else { return }
        let isNew = baseline.isNew
        let (count, left) = try baseline.save(afterRunOver: files)
        console.note(BatchWording.baseline(count, left: left, isNew: isNew))
    }
}
