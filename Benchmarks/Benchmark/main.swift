// What the scripts in Benchmarks/ cannot measure from outside, and the documents that they measure with.
//
//     benchmark dense FILE                   writes a dense transcription of 8 MB
//     benchmark corpus FILE MB PLAY...       writes a valid corpus of so many megabytes, of plays that are repeated
//     benchmark anthology FILE MB PLAY...    writes one document of so many megabytes, with the texts of plays
//     benchmark mistakes FOLDER N FILE...    copies documents into a folder, with a mistake in every N-th element
//     benchmark run PATH ARGUMENT...         CPU time and wall time in milliseconds, peak memory in megabytes, exit code
//     benchmark parse FILE RUNS              parses it RUNS times: MB/s, nodes, bytes kept per input byte
//     benchmark once FILE                    parses it once, in a fresh process: peak of memory per input byte
//     benchmark compile RUNS SCHEMA...       compiles schemas: milliseconds
//     benchmark steady RUNS SCHEMA FILE...   parsing to trees, and validating the trees on one thread and on two

import Foundation
import XML

func decimals(_ value: Double, _ count: Int) -> String {
    value.formatted(.number.precision(.fractionLength(count)).grouping(.never))
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

private func parse(_ path: String, runs: Int) throws {
    let bytes = try FileAccess.bytes(ofFile: path)
    let megabytes = Double(bytes.count) / 1_000_000
    var rates: [Double] = []
    var document = try Document(bytes, path: path)
    for _ in 0..<runs {
        let time = try ContinuousClock().measure { document = try Document(bytes, path: path) }
        rates.append(megabytes / (time / .seconds(1)))
    }
    print("median \(decimals(median(rates), 1))")
    print("best \(decimals(rates.max() ?? 0, 1))")
    print("nodes \(document.nodeCount)")
    print("kept \(decimals(Double(document.memoryFootprint) / Double(bytes.count), 2))")
}

private func once(_ path: String) throws {
    // What the libraries need once, for any document, is no memory of this one.
    let small = path + ".small"
    try "<a b='c'>d</a>".write(toFile: small, atomically: true, encoding: .utf8)
    _ = try Document(contentsOfFile: small)
    let before = Usage.own.peak
    let document = try Document(contentsOfFile: path)
    let growth = Usage.own.peak - before
    print("peak \(decimals(Double(growth) / Double(document.root.byteRange.upperBound), 2))")
}

private let arguments = Array(CommandLine.arguments.dropFirst())
private let numbers = arguments.map { max(1, Int($0) ?? 1) }
switch (arguments.first, arguments.count) {
case ("dense", 2): try DenseDocument(megabytes: 8).text.write(toFile: arguments[1], atomically: true, encoding: .utf8)
case ("corpus", 4...): try Corpus(plays: Array(arguments[3...])).write(to: arguments[1], megabytes: numbers[2])
case ("anthology", 4...): try Anthology(plays: Array(arguments[3...])).write(to: arguments[1], megabytes: numbers[2])
case ("mistakes", 4...): try Mistakes(interval: numbers[2]).write(Array(arguments[3...]), to: arguments[1])
case ("run", 2...): run(Array(arguments[1...]))
case ("parse", 3): try parse(arguments[1], runs: numbers[2])
case ("once", 2): try once(arguments[1])
case ("compile", 3...): try compile(Array(arguments[2...]), runs: numbers[1])
case ("steady", 4...): try steady(schema: arguments[2], files: Array(arguments[3...]), runs: numbers[1])
default:
    print(
        "usage: benchmark dense FILE | corpus FILE MB PLAY... | anthology FILE MB PLAY... | mistakes FOLDER N FILE... | "
            + "run PATH ARGUMENT... | parse FILE RUNS | once FILE | compile RUNS SCHEMA... | "
            + "steady RUNS SCHEMA FILE...")
    exit(2)
}
