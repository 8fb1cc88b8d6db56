import Foundation
import Validation
import XML

func compile(_ schemas: [String], runs: Int) throws {
    for path in schemas {
        let times = try (0..<runs).map { _ in
            milliseconds(try ContinuousClock().measure { _ = try Schema(contentsOfFile: path) })
        }
        print(URL(filePath: path).lastPathComponent, decimals(median(times), 1))
    }
}

/// After a first round, in which the schema's automaton is made.
func steady(schema path: String, files: [String], runs: Int) throws {
    let schema = try Schema(contentsOfFile: path).withoutRules
    let sources = try files.map { ($0, try FileAccess.bytes(ofFile: $0)) }
    let megabytes = Double(sources.reduce(0) { $0 + $1.1.count }) / 1_000_000
    var documents = try sources.map { try Document($0.1, path: $0.0) }
    validate(documents, schema, rounds: 1, threads: 2)
    // So many that a thread's start is short beside them, and as many with each half of the documents.
    let rounds = 2 * max(1, Int(100 / megabytes))
    var times: (parse: [Double], one: [Double], two: [Double]) = ([], [], [])
    for _ in 0..<runs {
        times.parse.append(
            milliseconds(
                try ContinuousClock().measure { documents = try sources.map { try Document($0.1, path: $0.0) } }))
        times.one.append(
            milliseconds(ContinuousClock().measure { validate(documents, schema, rounds: rounds, threads: 1) }))
        times.two.append(
            milliseconds(ContinuousClock().measure { validate(documents, schema, rounds: rounds, threads: 2) }))
    }
    let one = median(times.one) / Double(rounds)
    print("parse \(decimals(megabytes * 1000 / median(times.parse), 1))")
    print("validate \(decimals(megabytes * 1000 / one, 1))")
    print("share \(decimals(one / median(times.parse), 2))")
    print("threads \(decimals(median(times.one) / median(times.two), 2))")
}

/// Each thread takes every so-many-th document, and others in the next round.
private func validate(_ documents: [Document], _ schema: Schema, rounds: Int, threads: Int) {
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
        for round in 0..<rounds {
            for index in stride(from: (thread + round) % threads, to: documents.count, by: threads) {
                _ = schema.validate(documents[index])
            }
        }
    }
}
