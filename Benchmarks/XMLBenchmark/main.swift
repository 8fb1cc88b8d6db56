// Measures Sources/XML. Benchmarks/bench.sh runs it beside xmllint.
//
//     xml-benchmark make FILE           writes the dense document
//     xml-benchmark measure FILE RUNS   parses it RUNS times: MB/s, nodes, bytes kept per input byte
//     xml-benchmark once FILE           parses it once, in a fresh process: peak of memory per input byte

import Foundation
import XML

/// The most memory this process has occupied, in bytes.
private func peakMemory() -> Int {
    var usage = rusage()
    // RUSAGE_SELF, which is an enumeration in one library and a number in the other.
    _ = unsafe getrusage(.init(0), &usage)
    #if os(macOS)
    return usage.ru_maxrss
    #else
    return usage.ru_maxrss * 1024
    #endif
}

private func decimals(_ value: Double, _ count: Int) -> String { value.formatted(.number.precision(.fractionLength(count)).grouping(.never)) }

private func measure(_ path: String, runs: Int) throws {
    let bytes = try FileAccess.bytes(ofFile: path)
    let megabytes = Double(bytes.count) / 1_000_000
    var rates: [Double] = []
    var document = try Document(bytes, path: path)
    for _ in 0..<runs {
        let time = try ContinuousClock().measure { document = try Document(bytes, path: path) }
        rates.append(megabytes / (time / .seconds(1)))
    }
    rates.sort()
    print("median \(decimals(rates[rates.count / 2], 1))")
    print("best \(decimals(rates.last!, 1))")
    print("nodes \(document.nodeCount)")
    print("kept \(decimals(Double(document.memoryFootprint) / Double(bytes.count), 2))")
}

private func once(_ path: String) throws {
    // What the libraries need once, for any document, is no memory of this one.
    let small = path + ".small"
    try "<a b='c'>d</a>".write(toFile: small, atomically: true, encoding: .utf8)
    _ = try Document(contentsOfFile: small)
    let before = peakMemory()
    let document = try Document(contentsOfFile: path)
    let growth = peakMemory() - before
    print("peak \(decimals(Double(growth) / Double(document.root.byteRange.upperBound), 2))")
}

private let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.count) {
case ("make", 2): try DenseDocument(megabytes: 8).text.write(toFile: arguments.last!, atomically: true, encoding: .utf8)
case ("measure", 3): try measure(arguments[2], runs: max(1, Int(arguments[3]) ?? 1))
case ("once", 2): try once(arguments.last!)
default:
    print("usage: xml-benchmark make FILE | measure FILE RUNS | once FILE")
    exit(2)
}
