import Foundation
import Synchronization
import XML
import XPath

/// What became of a test.
package enum Verdict: Sendable, Codable {
    case passed
    case failed(expected: String, got: String)
    /// Not one for us.
    case passedOver(reason: String)
}

/// A test and what became of it.
package struct Outcome: Sendable {
    package let test: TestCase
    /// `nil` for a test of XQuery alone.
    package let selection: Selection?
    package var verdict: Verdict
}

/// Runs tests: several at once, each within a limit of time.
package struct Runner: Sendable {
    let suite: Suite
    var jobs: Int
    /// Seconds that a test may take.
    var limit: Double
    private let library = Library()

    package init(_ suite: Suite, jobs: Int, limit: Double = 10) {
        (self.suite, self.jobs, self.limit) = (suite, jobs, limit)
    }

    /// - Parameter willRun: is told the number of each test that is about to run, before `didRun` is told its verdict.
    /// - Returns: the outcomes, in the order of the tests.
    package func run(
        _ tests: [TestCase], willRun: @escaping @Sendable (Int) -> Void = { _ in },
        didRun: @escaping @Sendable (Int, Verdict) -> Void = { _, _ in }
    ) -> [Outcome] {
        let queue = Queue(tests.map(Applicability.init), limit: limit)
        queue.wait(jobs: jobs) { [self] queue, worker in
            while let (number, version) = queue.next(for: worker) {
                willRun(number)
                let verdict = verdict(on: tests[number], version)
                guard queue.finish(number, by: worker, verdict, didRun) else { return }
            }
        }
        return zip(tests, queue.outcomes).map { Outcome(test: $0, selection: $1.selection, verdict: $1.verdict) }
    }

    private func verdict(on test: TestCase, _ version: StaticContext.Version) -> Verdict {
        guard let expression = test.expression, let assertion = test.assertion else {
            return .failed(expected: "a test with an expression and a result", got: "one without")
        }
        do {
            let setting = try Setting(of: test, version: version, in: suite, library)
            let result = Result { () throws(XPathError) in try setting.evaluate(expression) }
            let judge = Judge(setting: setting, result: result, folder: Reference.folder(of: test.file, slash: true))
            guard let fault = judge.fault(assertion) else { return .passed }
            return .failed(expected: Runner.describe(assertion), got: fault)
        } catch let error as XPathError {
            return .failed(expected: "an environment", got: Judge.describe(error))
        } catch let error as Diagnostics {
            return .failed(expected: "an environment", got: error.list.map(\.message).joined(separator: "; "))
        } catch {
            return .failed(expected: "an environment", got: "\(error)")
        }
    }

    /// An assertion in one line: `any-of(error XPST0003, assert-eq 1)`.
    private static func describe(_ assertion: Node) -> String {
        let children = Array(assertion.childElements)
        let content =
            children.isEmpty
            ? assertion.attribute("code") ?? assertion.attribute("file") ?? assertion.stringValue
            : "(" + children.map(describe).joined(separator: ", ") + ")"
        return content.isEmpty ? assertion.localName : "\(assertion.localName) \(content)"
    }
}

/// The tests that wait, those that run, and the outcomes.
///
/// A thread cannot be stopped: where a test does not end, its thread is given up and another one goes on.
private final class Queue: Sendable {
    typealias Work = @Sendable (Queue, Int) -> Void

    private struct State {
        var next = 0
        var workers = 0
        var running: [Int: (test: Int, since: ContinuousClock.Instant)] = [:]
        var verdicts: [Verdict?]
        var missing: Int
    }

    private let tests: [Applicability]
    private let limit: Double
    private let state: Mutex<State>
    private let changed = DispatchSemaphore(value: 0)

    init(_ tests: [Applicability], limit: Double) {
        (self.tests, self.limit) = (tests, limit)
        let verdicts: [Verdict?] = tests.map { test in
            if case .passedOver(_, let reason) = test { .passedOver(reason: reason) } else { nil }
        }
        state = Mutex(State(verdicts: verdicts, missing: verdicts.count { $0 == nil }))
    }

    var outcomes: [(selection: Selection?, verdict: Verdict)] {
        zip(tests, state.withLock(\.verdicts)).map { test, verdict in
            switch test {
            case .applies(let selection, _): (selection, verdict!)
            case .passedOver(let selection, _): (selection, verdict!)
            }
        }
    }

    /// Starts the workers and returns when every test has its verdict.
    func wait(jobs: Int, _ work: @escaping Work) {
        for _ in 0..<jobs { start(work) }
        while state.withLock({ $0.missing > 0 }) {
            _ = changed.wait(timeout: .now() + 0.1)
            for _ in 0..<giveUpOverdue() { start(work) }
        }
    }

    private func start(_ work: @escaping Work) {
        let worker = state.withLock { state in
            state.workers += 1
            return state.workers
        }
        let thread = Thread { work(self, worker) }
        // As much as the main thread has; the engine must do with that.
        thread.stackSize = 8 << 20
        thread.start()
    }

    func next(for worker: Int) -> (Int, StaticContext.Version)? {
        state.withLock { state in
            while state.next < tests.count {
                let number = state.next
                state.next += 1
                if case .applies(_, let version) = tests[number] {
                    state.running[worker] = (number, .now)
                    return (number, version)
                }
            }
            return nil
        }
    }

    /// - Parameter didRun: is called before the run can be over.
    /// - Returns: false where the worker has been given up meanwhile.
    func finish(_ number: Int, by worker: Int, _ verdict: Verdict, _ didRun: (Int, Verdict) -> Void) -> Bool {
        state.withLock { state in
            guard state.running.removeValue(forKey: worker) != nil else { return false }
            state.verdicts[number] = verdict
            didRun(number, verdict)
            state.missing -= 1
            if state.missing == 0 { changed.signal() }
            return true
        }
    }

    /// - Returns: how many tests have failed now because they took too long.
    private func giveUpOverdue() -> Int {
        state.withLock { state in
            let overdue = state.running.filter { $0.value.since.duration(to: .now) > .seconds(limit) }
            for (worker, running) in overdue {
                state.running[worker] = nil
                state.verdicts[running.test] = .failed(expected: "a result", got: "none within \(limit) s")
                state.missing -= 1
            }
            return overdue.count
        }
    }
}
