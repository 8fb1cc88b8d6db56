import Foundation
import Support
import Testing
import XML
import qt3

private let suite = Repository.data + "/qt3"

/// The W3C's test suite for XPath, run as `qt3` runs it.
@Suite(.hasData("qt3/catalog.xml"))
struct QT3Tests {
    @Test(.timeLimit(.minutes(10)), .inRelease)
    func whatFailsIsExcludedByName() throws {
        let suite = try Suite(at: suite)
        let outcomes = Runner(suite, jobs: ProcessInfo.processInfo.activeProcessorCount, limit: 60).run(suite.cases)
        let report = Report(outcomes, try Exclusions(contentsOfFile: Exclusions.file))
        for failure in report.failures { Issue.record("\(failure)") }
        #expect(report.needlessExclusions.isEmpty)
        for selection in Selection.allCases {
            let total = try #require(report.totals[selection])
            #expect(total.percentage >= selection.goal, "\(selection): \(total)")
        }
    }

    @Test func everyExclusionNamesATest() throws {
        let names = Set(try Suite(at: suite).cases.map(\.name))
        #expect(try Exclusions(contentsOfFile: Exclusions.file).reasons.keys.filter { !names.contains($0) } == [])
    }
}

/// What makes the runner pass a test over: a rule that finds too much would hide what fails.
@Suite struct ScopeTests {
    @Test(arguments: [
        "map { 'a': 1 }", "map{}", "$x instance of map(*)", "map:size($m)", "parse-json('1')", "fn:serialize#1",
        "Q{http://www.w3.org/2005/xpath-functions/map}size($m)", "Q{http://www.w3.org/2005/xpath-functions}serialize#1",
    ])
    func isOutOfScope(_ expression: String) { #expect(Scope.reason(for: expression) != nil) }

    @Test(arguments: [
        "array { 1 }", "[1, 2]", "$m?1", "$x instance of array(*)", "array:head#1", "'map { }'",
        "(: map { (: [1] :) } :) 1", "$map[1]", "a[1]/b[2]", "(1, 2)[2]", "map", "child::map/array", "*[1]", "$f[1](2)",
        "f(?, 1)", "f(?)",
        "$x cast as xs:integer?", "$x instance of item()?", "function($a as xs:string?) as xs:integer? {1}", "$map",
        "parse-json", "\"it's [1]\"",
        "'a''b' ! tokenize(., '[a]')", "for $map in 1 return $map", "@map[. = 1]", "$array(1)", "map()",
    ])
    func isInScope(_ expression: String) { #expect(Scope.reason(for: expression) == nil) }
}
