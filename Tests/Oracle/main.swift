// Compares the engine with Jing, the reference: verdict, and line of the first error.
//
// Real documents are cut to a few hundred elements and made valid for a schema, then changed in one to three ways
// (Mutation.swift), and written in a form in which line numbers compare (Markup.swift). Everything follows from the
// seed: a mutant is named by seed, schema and number, and comes out the same wherever it is made.
//
//     make oracle                                                   10,000 mutants and more over all schemas
//     jing-oracle --mutants 500 --schema teisimple.rng              of one schema
//     jing-oracle --seed 1 --schema teisimple.rng --only 17 --keep folder     one mutant, kept as folder/17.xml
//     jing-oracle --same A.rnc B.rng                                two schemas that must accept the same mutants
//
// Run it at the root of the repository. Exit code 0: no difference; 1: differences; 2: nothing could be compared.

import ArgumentParser
import Foundation
import Validation
import XML

struct Oracle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jing-oracle",
        abstract: "Compares verdict and line of the first error with Jing's, on mutants of real documents."
    )

    @Option(help: "Mutants for each schema.") var mutants = 850
    @Option(help: "Documents from which those of a schema are made.") var bases = 40
    @Option(help: "What all choices follow from.") var seed = "1"
    @Option(help: "Only schemas whose name ends so; repeatable.") var schema: [String] = []
    @Option(help: "Only the mutant with this number.") var only: Int?
    @Option(help: "A folder in which the mutants are kept that differ, or the one that --only names.") var keep: String?
    @Option(help: "How many differences of a schema are told.") var tell = 10
    @Option(parsing: .upToNextOption, help: "Two schemas that must accept the same mutants, in place of Jing.")
    var same: [String] = []

    func validate() throws {
        guard mutants > 0, bases > 0 else { throw ValidationError("--mutants and --bases are at least 1") }
        guard same.isEmpty || same.count == 2 else { throw ValidationError("--same takes two schemas") }
    }

    func run() throws {
        guard Jing.isInstalled else {
            print("Jing is not installed: `make peers` installs it")
            throw ExitCode(2)
        }
        let wanted = same.isEmpty ? schema : [URL(filePath: same[0]).lastPathComponent]
        let subjects = Subject.all.filter { subject in
            subject.isPresent && (wanted.isEmpty || wanted.contains { subject.schema.hasSuffix($0) })
        }
        guard !subjects.isEmpty else {
            print("none of these schemas and documents is here")
            throw ExitCode(2)
        }
        var total = Count()
        for subject in subjects { total.add(try compare(subject)) }
        print(total.row("all"))
        if total.differing > 0 { throw ExitCode(1) }
    }

    private struct Count {
        var mutants = 0
        var invalid = 0
        var differing = 0
        var known = 0

        mutating func add(_ other: Count) {
            mutants += other.mutants
            invalid += other.invalid
            differing += other.differing
            known += other.known
        }

        func row(_ name: String) -> String {
            "\(name): \(mutants) mutants, \(invalid) invalid, \(mutants - differing - known) agree, \(differing) differ"
                + (known > 0 ? ", \(known) differ by faults of Jing's" : "")
        }
    }

    private func compare(_ subject: Subject) throws -> Count {
        let folder = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let absolute = Subject(
            schema: URL(filePath: subject.schema).standardizedFileURL.path(percentEncoded: false),
            documents: subject.documents)
        let checksIDs = try Jing.acceptsIDs(of: absolute.schema, in: folder)
        let bases = try Base.all(for: absolute, count: bases, checksIDs: checksIDs, seed: seed, in: folder)
        let vocabulary = try Vocabulary(schema: absolute.schema)
        let made = (only.map { $0...$0 } ?? 0...(mutants - 1)).compactMap {
            Mutant($0, of: bases, vocabulary: vocabulary, seed: seed, schema: subject.name)
        }
        print(
            "\(subject.name): \(bases.count) bases"
                + (checksIDs ? "" : ", without ID and IDREF: Jing finds the schema's types of IDs in conflict"))
        if let keep, only != nil { for mutant in made { try write(mutant, to: keep) } }
        let (first, second): ([Verdict?], [Verdict?])
        do {
            (first, second) = try same.isEmpty ? withJing(absolute, checksIDs, made, folder) : withEachOther(made)
        } catch let error as Diagnostics {
            print(String(decoding: TextReport().export(Report(diagnostics: error.list)), as: UTF8.self))
            return Count(mutants: made.count, differing: made.count)
        }
        var count = Count(mutants: made.count, invalid: first.count { $0 != nil })
        for (index, mutant) in made.enumerated() {
            guard let difference = Difference(mutant, first[index], second[index]) else { continue }
            if KnownDifference.all.contains(where: { $0.isMeant(difference) }) {
                count.known += 1
                continue
            }
            count.differing += 1
            if let keep { try write(mutant, to: keep) }
            if count.differing <= tell { tell(difference, subject) }
        }
        print(count.row(subject.name))
        return count
    }

    /// Jing validates beside us, in a process of its own.
    private func withJing(
        _ subject: Subject, _ checksIDs: Bool, _ mutants: [Mutant], _ folder: URL
    ) throws -> ([Verdict?], [Verdict?]) {
        for mutant in mutants { try write(mutant, to: folder.path(percentEncoded: false)) }
        let jing = try Jing(
            schema: subject.schema, checksIDs: checksIDs, files: mutants.map { "\($0.number).xml" }, in: folder)
        let ours = try verdicts(Engine(subject.schema, checksIDs: checksIDs), mutants)
        let found = try jing.findings()
        return (
            mutants.map { found["\($0.number).xml"]?.first.map { Verdict(line: $0.line, message: $0.message) } }, ours
        )
    }

    private func withEachOther(_ mutants: [Mutant]) throws -> ([Verdict?], [Verdict?]) {
        (
            try verdicts(Engine(same[0], checksIDs: true), mutants),
            try verdicts(Engine(same[1], checksIDs: true), mutants)
        )
    }

    private func verdicts(_ engine: Engine, _ mutants: [Mutant]) throws -> [Verdict?] {
        try mutants.map { try engine.verdict($0) }
    }

    private func write(_ mutant: Mutant, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(mutant.text.utf8).write(to: URL(filePath: folder).appending(path: "\(mutant.number).xml"))
    }

    private func tell(_ difference: Difference, _ subject: Subject) {
        let names = same.isEmpty ? ["Jing", "ours"] : same.map { URL(filePath: $0).lastPathComponent }
        print(
            "  \(difference.mutant.number) of \(difference.mutant.document): \(difference.mutant.recipe.joined(separator: "; "))"
        )
        for (name, verdict) in zip(names, [difference.first, difference.second]) {
            print("    \(name): \(verdict.map { "line \($0.line): \($0.message.prefix(300))" } ?? "valid")")
        }
        let mode = same.isEmpty ? "--schema \(subject.name)" : "--same \(same.joined(separator: " "))"
        print(
            "    .build/release/jing-oracle --seed \(seed) --bases \(bases) \(mode) --only \(difference.mutant.number) --keep mutants"
        )
    }
}

Oracle.main()
