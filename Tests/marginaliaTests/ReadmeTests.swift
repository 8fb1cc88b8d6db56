import Foundation
import Support
import Testing

/// README, docs and the libraries' own pages print what they show: each page's examples run in order, as a reader would
/// type them.
///
/// In a block marked `console`, a line after `$ ` is a command, one after `> ` continues it, and the lines after it are
/// what it prints. A line `…` stands for any number of lines.
@Suite(.inRelease)
struct ReadmeTests {
    static let pages =
        ["README.md", "CONTRIBUTING.md"]
        + (try! FileManager.default.contentsOfDirectory(atPath: Repository.path("docs"))
            .filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 })
        + DocExampleTests.libraries.map { "Sources/\($0)/\($0).docc/\($0).md" }
        .filter { FileManager.default.fileExists(atPath: Repository.path($0)) }

    /// What the examples read: what is installed with the program, and the document with every construct.
    private static let inputs = ["TEI", "Schemas", "Tests/Everything.xml", "docs/encoding/memo.xml"]

    /// A page is its own golden: with `RECORD` set, what was printed is written into it.
    @Test(arguments: pages) func examplesPrintWhatIsShown(_ page: String) throws {
        let text = try String(contentsOf: URL(filePath: Repository.path(page)), encoding: .utf8)
        var lines = Self.lines(text[...])
        let examples = ConsoleExample.all(in: lines)
        guard !examples.isEmpty else { return }
        for (example, printed) in zip(examples, try run(examples.map(\.command))).reversed()
        where !example.shows(printed) {
            lines.replaceSubrange(example.output, with: printed)
        }
        try expectGolden(lines.joined(separator: "\n"), Repository.path(page))
    }

    /// What each command prints, on either stream, all of them in one shell and one folder.
    private func run(_ commands: [String]) throws -> [[String]] {
        let folder = try TemporaryFolder()
        for input in Self.inputs {
            let copy = folder.url(input)
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(filePath: Repository.path(input)), to: copy)
        }
        let end = "\u{1E}"
        let script = "exec 2>&1\n" + commands.map { "\($0)\necho '\(end)'\n" }.joined()
        let programs = URL(filePath: Program.path).deletingLastPathComponent().path(percentEncoded: false)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let result = try Execution(
            of: "/bin/bash", ["-c", script], in: folder.path,
            environment: ["PATH": "\(programs):\(path)", "MARGINALIA_CACHE": folder.path(".cache")])
        let printed = result.output.components(separatedBy: "\(end)\n").dropLast()
        try #require(printed.count == commands.count)
        return printed.map { Self.lines($0[...]).dropLast() }
    }

    /// The Swift of README and docs compiles, and prints what is shown below it, if that is shown.
    @Test(arguments: pages) func swiftPrintsWhatIsShown(_ page: String) throws {
        let text = try String(contentsOf: URL(filePath: Repository.path(page)), encoding: .utf8)
        for example in text.matches(of: /```swift\n(import (?:.|\n)*?)```\n(?:\n```\n((?:.|\n)*?)\n```\n)?/) {
            let folder = try TemporaryFolder(["main.swift": String(example.1)])
            let (source, program) = (Program.quote(folder.path("main.swift")), Program.quote(folder.path("main")))
            guard let shown = example.2 else {
                let result = try Program.shell("\(Program.compiler) -typecheck \(source)")
                #expect(result.code == 0, "\(result.errors)\(example.1)")
                continue
            }
            let result = try Program.shell("\(Program.compiler) -o \(program) \(source) \(Self.objects) && \(program)")
            #expect(result.code == 0, "\(result.errors)\(example.1)")
            let (expected, printed) = (Self.lines(shown), Self.lines(result.output.dropLast()))
            #expect(ConsoleExample.matches(expected[...], printed[...]), "\(result.output)")
        }
    }

    /// The files that pages name, and those that they link to, are there.
    @Test(arguments: pages) func filesAreThere(_ page: String) throws {
        let text = try String(contentsOf: URL(filePath: Repository.path(page)), encoding: .utf8)
        let folder = URL(filePath: Repository.path(page)).deletingLastPathComponent()
        let named = text.matches(of: /`((?:Sources|Tests|Schemas|Packaging|Benchmarks|Cluster|docs)\/[^`\s*…]*)`/)
            .map { Repository.url.appending(path: String($0.1)) }
        let linked = text.matches(of: /\]\(([^)#:\s]+)(?:#[^)\s]*)?\)/).map { folder.appending(path: String($0.1)) }
        for file in named + linked {
            #expect(FileManager.default.fileExists(atPath: file.path(percentEncoded: false)), "\(page): \(file.path())")
        }
    }

    /// The figures of speed in README are those of the one run that `docs/performance.md` reports.
    @Test func figuresAreOfOneRun() throws {
        let readme = try String(contentsOf: URL(filePath: Repository.path("README.md")), encoding: .utf8)
        let report = try String(contentsOf: URL(filePath: Repository.path("docs/performance.md")), encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Speed") })
        let figures = section.matches(of: /\d+\.\d(?= (?:ms|s|MB\/s|MB of memory)\b)/).map { String($0.0) }
        #expect(figures.count >= 4)
        for figure in figures { #expect(report.contains(" \(figure)"), "\(figure) is not in docs/performance.md") }
    }

    private static func lines(_ text: Substring) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// What the program is linked of, but for its own module.
    private static let objects =
        "$(grep -v /marginalia.build/ .build/release/marginalia.product/Objects.LinkFileList) -lxml2 -lsqlite3 -lstdc++"
}

/// A command of a page, and the lines that the page shows after it.
struct ConsoleExample {
    var command: String
    /// The numbers of the lines that show what it prints, from 0.
    var output: Range<Int>
    private var shown: [String] = []

    private init(command: String, at line: Int) { (self.command, output) = (command, line + 1..<line + 1) }

    static func all(in lines: [String]) -> [ConsoleExample] {
        var (examples, isInside): ([ConsoleExample], Bool) = ([], false)
        for (number, line) in lines.enumerated() {
            if !isInside {
                isInside = line == "```console"
            } else if line == "```" {
                isInside = false
            } else if line.hasPrefix("$ ") {
                examples.append(ConsoleExample(command: String(line.dropFirst(2)), at: number))
            } else {
                examples[examples.count - 1].add(line)
            }
        }
        return examples
    }

    private mutating func add(_ line: String) {
        if shown.isEmpty, line.hasPrefix("> ") {
            command += "\n" + line.dropFirst(2)
            output = output.upperBound + 1..<output.upperBound + 1
        } else {
            shown.append(line)
            output = output.lowerBound..<output.upperBound + 1
        }
    }

    /// Whether the page shows what was printed.
    func shows(_ printed: [String]) -> Bool { Self.matches(shown[...], printed[...]) }

    /// - Parameter shown: lines, of which `…` stands for any number.
    static func matches(_ shown: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
        guard let first = shown.first else { return printed.isEmpty }
        if first == "…" {
            return (printed.startIndex...printed.endIndex).contains { matches(shown.dropFirst(), printed[$0...]) }
        }
        return first == printed.first && matches(shown.dropFirst(), printed.dropFirst())
    }
}
