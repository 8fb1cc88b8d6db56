// Runs the W3C's test suite for XPath (QT3) against the engine.
//
//     qt3                                     the figures of all sets
//     qt3 --failures --set fn-tokenize        one set, and what fails in it
//     qt3 --test K-SeqExprCast-1              one test
//     qt3 --isolated                          each set in a process of its own, where something crashes
//
// Run it at the root of the repository, or say where the suite is. What is not ours is in exclusions.tsv, with reasons.
// Exit code 0: nothing fails but what is excluded, and all of that does; 1: otherwise; 2: the suite is not there.

import ArgumentParser
import Foundation
import XML

@main
struct QT3: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qt3", abstract: "Runs the W3C's test suite for XPath.")

    @Option(help: "The folder of the suite.") var suite = "../shared/data/qt3"
    @Option(help: "Only this test set; repeatable.") var set: [String] = []
    @Option(help: "Only this test; repeatable.") var test: [String] = []
    @Option(help: "Only one group of tests: xpath2, xpath3 or besides.") var only: Selection?
    @Flag(help: "Tells each test that fails, with what was expected.") var failures = false
    @Flag(help: "Tells why tests were passed over.") var reasons = false
    @Flag(help: "Runs each set in a process of its own.") var isolated = false
    @Option(help: "How many tests run at once.") var jobs = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "Seconds that a test may take.") var limit = 10.0
    @Flag(help: .hidden) var child = false
    @Option(help: .hidden) var skip = 0

    func run() throws {
        guard FileAccess.exists(suite + "/catalog.xml") else {
            print("there is no test suite at \(suite)")
            throw ExitCode(2)
        }
        let suite = try Suite(at: suite, sets: Set(set))
        let tests = suite.cases.filter {
            (test.isEmpty || test.contains($0.name)) && (only == nil || $0.selection == only)
        }
        let runner = Runner(suite, jobs: child ? 1 : jobs, limit: limit)
        if child { return Isolation.serve(runner, tests, skipping: skip) }
        let outcomes =
            isolated ? Isolation(suite: suite, jobs: jobs, arguments: childArguments).run(tests) : runner.run(tests)
        let report = Report(outcomes, try Exclusions(contentsOfFile: Exclusions.file))
        tell(report, absent: suite.absentSets)
        if !report.failures.isEmpty || !report.needlessExclusions.isEmpty { throw ExitCode(1) }
    }

    private var childArguments: [String] {
        ["--suite", suite, "--limit", String(limit)] + test.flatMap { ["--test", $0] }
            + (only.map { ["--only", $0.rawValue] } ?? [])
    }

    private func tell(_ report: Report, absent: [String]) {
        if failures { for failure in report.failures { print(failure) } }
        if reasons { print(report.passedOver) }
        print(report.table, terminator: "")
        for name in report.needlessExclusions { print("excluded, and does not fail: \(name)") }
        if !absent.isEmpty { print("test sets that are absent: \(absent.count)") }
    }
}

extension Selection: ExpressibleByArgument {}
