import Foundation
import XML

/// The tests that are judged not to be ours, each with its reason: one a line, name and reason with a tab between them.
package struct Exclusions: Sendable {
    package let reasons: [String: String]

    /// - Throws: where the file cannot be read, or has a line without a reason or a name twice.
    package init(contentsOfFile path: String) throws {
        var reasons: [String: String] = [:]
        for line in try String(decoding: FileAccess.bytes(ofFile: path), as: UTF8.self).split(separator: "\n")
        where !line.hasPrefix("#") {
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count == 2, reasons.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw Malformed(line: String(line))
            }
        }
        self.reasons = reasons
    }

    package init() { reasons = [:] }

    /// The project's own list, beside this source.
    package static let file = Reference.folder(of: #filePath, slash: true) + "exclusions.tsv"

    struct Malformed: Error, CustomStringConvertible {
        let line: String
        var description: String {
            "\(Exclusions.file): neither name, tab and reason, nor the only line of that name: \(line)"
        }
    }
}

/// The figures of a run.
package struct Report: Sendable {
    package struct Count: Sendable {
        package var passed = 0
        package var failed = 0
        package var excluded = 0
        package var passedOver = 0

        /// The share of the tests that apply which pass, in percent. What is excluded has not passed.
        package var percentage: Double {
            let all = passed + failed + excluded
            return all == 0 ? 0 : 100 * Double(passed) / Double(all)
        }
    }

    package struct Failure: Sendable {
        package let test: TestCase
        package let expected: String
        package let got: String
    }

    package private(set) var totals: [Selection: Count] = [:]
    /// By test set, in the order of the catalog.
    private(set) var sets: [(name: String, counts: [Selection: Count])] = []
    /// The tests that fail and are not excluded.
    package private(set) var failures: [Failure] = []
    /// The tests that are excluded and pass, or are passed over.
    package private(set) var needlessExclusions: [String] = []
    /// How many tests were passed over, by reason.
    private(set) var reasons: [Selection?: [String: Int]] = [:]

    package init(_ outcomes: [Outcome], _ exclusions: Exclusions) {
        for outcome in outcomes { add(outcome, isExcluded: exclusions.reasons[outcome.test.name] != nil) }
    }

    private mutating func add(_ outcome: Outcome, isExcluded: Bool) {
        var count = Count()
        switch outcome.verdict {
        case .passed: count.passed = 1
        case .failed where isExcluded: count.excluded = 1
        case .failed(let expected, let got):
            count.failed = 1
            failures.append(Failure(test: outcome.test, expected: expected, got: got))
        case .passedOver(let reason):
            count.passedOver = 1
            reasons[outcome.selection, default: [:]][reason, default: 0] += 1
        }
        if isExcluded, count.excluded == 0 { needlessExclusions.append(outcome.test.name) }
        guard let selection = outcome.selection else { return }
        if sets.last?.name != outcome.test.set { sets.append((outcome.test.set, [:])) }
        sets[sets.count - 1].counts[selection, default: Count()].add(count)
        totals[selection, default: Count()].add(count)
    }
}

extension Report.Count {
    fileprivate mutating func add(_ other: Self) {
        passed += other.passed
        failed += other.failed
        excluded += other.excluded
        passedOver += other.passedOver
    }
}

// MARK: - Words

extension Report {
    /// A line for each test set, and the totals.
    var table: String {
        var lines: [String] = []
        for selection in Selection.allCases {
            lines.append(Report.row(selection.rawValue, ["passed", "failed", "excluded", "passed over", "%"]))
            for set in sets {
                if let count = set.counts[selection], count.passed + count.failed + count.excluded > 0 {
                    lines.append(Report.row(set.name, count))
                }
            }
            if let total = totals[selection] { lines.append(Report.row("all of \(selection.rawValue)", total)) }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// Why tests were passed over, the most frequent reason first.
    var passedOver: String {
        let groups: [(String, Selection?)] =
            Selection.allCases.map { ("passed over of \($0.rawValue)", $0) } + [("passed over of the rest", nil)]
        return groups.flatMap { title, selection -> [String] in
            let found = (reasons[selection] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return [title + ":"] + found.map { "  \($0.value) \($0.key)" }
        }.joined(separator: "\n")
    }

    private static func row(_ name: String, _ count: Count) -> String {
        let numbers = [count.passed, count.failed, count.excluded, count.passedOver].map(String.init)
        return row(name, numbers + [String(format: "%.2f", count.percentage)])
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let width = 13
        return name.padding(toLength: max(40, name.count), withPad: " ", startingAt: 0)
            + cells.map { String(repeating: " ", count: max(1, width - $0.count)) + $0 }.joined()
    }
}

extension Report.Failure: CustomStringConvertible {
    package var description: String {
        let lines = [("", test.expression ?? ""), ("expected ", expected), ("got      ", got)]
        return "\(test.set) \(test.name)\n"
            + lines.map { "    \($0)\(Report.Failure.shortened($1))" }.joined(separator: "\n")
    }

    private static func shortened(_ text: String) -> String {
        let line = text.tokens.joined(separator: " ")
        return line.count > 300 ? line.prefix(300) + "…" : line
    }
}
