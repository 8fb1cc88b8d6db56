import Foundation
import Synchronization

/// Runs tests in processes of their own, one for each test set: a test that crashes costs itself alone.
///
/// The child writes a line for each test that it begins, `> number`, and one for each that ends, `< verdict`. A child
/// that dies is followed by another one, which begins behind the test that was running.
struct Isolation {
    let suite: Suite
    let jobs: Int
    /// Further arguments of a child.
    let arguments: [String]

    func run(_ tests: [TestCase]) -> [Outcome] {
        let runs = tests.map(Applicability.init)
        let ranges = Isolation.sets(in: tests)
        let verdicts = Mutex([Int: Verdict]())
        let next = Mutex(0)
        let group = DispatchGroup()
        for _ in 0..<jobs {
            let thread = Thread {
                while let range = next.withLock({ next in
                    defer { next += 1 }
                    return next < ranges.count ? ranges[next] : nil
                }) {
                    let found = self.verdicts(on: tests[range], in: range)
                    verdicts.withLock { $0.merge(found) { $1 } }
                }
                group.leave()
            }
            group.enter()
            thread.start()
        }
        group.wait()
        let found = verdicts.withLock { $0 }
        return zip(tests.indices, runs).map { number, applicability in
            switch applicability {
            case .passedOver(let selection, let reason):
                Outcome(test: tests[number], selection: selection, verdict: .passedOver(reason: reason))
            case .applies(let selection, _):
                Outcome(
                    test: tests[number], selection: selection,
                    verdict: found[number]
                        ?? .failed(expected: "a verdict", got: "none from the process that ran the set")
                )
            }
        }
    }

    private static func sets(in tests: [TestCase]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for (number, test) in tests.enumerated() {
            if let last = ranges.last, tests[last.lowerBound].set == test.set {
                ranges[ranges.count - 1] = last.lowerBound..<(number + 1)
            } else {
                ranges.append(number..<(number + 1))
            }
        }
        return ranges
    }

    private static let overdue = Verdict.failed(expected: "a result", got: "none within the limit of time")

    /// The verdicts on the tests of one set, by number among all.
    private func verdicts(on tests: ArraySlice<TestCase>, in range: Range<Int>) -> [Int: Verdict] {
        var found: [Int: Verdict] = [:]
        var first = 0
        while first < tests.count {
            guard let output = try? child(["--set", tests[range.lowerBound].set, "--skip", String(first)]) else {
                return found
            }
            var running: Int?
            for line in output.text.split(separator: "\n") {
                if line.hasPrefix("> ") {
                    if let number = running { found[range.lowerBound + number] = Isolation.overdue }
                    running = Int(line.dropFirst(2))
                } else if line.hasPrefix("< "), let number = running {
                    found[range.lowerBound + number] = try? JSONDecoder().decode(
                        Verdict.self, from: Data(line.dropFirst(2).utf8))
                    running = nil
                }
            }
            guard let last = running else { return found }
            let crash = Verdict.failed(expected: "a result", got: "a crash: signal \(output.status)")
            found[range.lowerBound + last] = output.status == 0 ? Isolation.overdue : crash
            first = last + 1
        }
        return found
    }

    private func child(_ options: [String]) throws -> (text: String, status: Int32) {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments + options + ["--child"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
    }

    /// What the child does.
    static func serve(_ runner: Runner, _ tests: [TestCase], skipping first: Int) {
        let write = { @Sendable (line: String) in FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
        _ = runner.run(Array(tests.dropFirst(first))) { number in
            write("> \(first + number)")
        } didRun: { _, verdict in
            write("< " + ((try? JSONEncoder().encode(verdict)).map { String(decoding: $0, as: UTF8.self) } ?? ""))
        }
    }
}
