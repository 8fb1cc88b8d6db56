import Foundation
import Support
import Testing

/// The examples in the comments of public declarations compile.
@Suite(.inRelease)
struct DocExampleTests {
    static let libraries = [
        "Files", "RegularExpressions", "XML", "XPath", "RelaxNG", "Schematron", "Validation", "TEI", "Pages",
        "CorpusIndex", "Corpus",
    ]

    /// One call of the compiler: an error has the file and the line of the comment.
    @Test func examplesCompile() throws {
        let examples = try Self.libraries.flatMap { try DocExample.all(inFolder: "Sources/" + $0) }
        try #require(examples.count > 80)
        let folder = try TemporaryFolder(["Examples.swift": Self.program(examples)])
        let result = try Program.shell(
            "\(Program.compiler) -typecheck -parse-as-library -suppress-warnings "
                + Program.quote(folder.path("Examples.swift")))
        #expect(result.code == 0, "\(result.errors)")
    }

    private static func program(_ examples: [DocExample]) -> String {
        let imports = (["Foundation"] + libraries.dropFirst(2)).map { "import \($0)\n" }
        let names = given.map { "var \($0): \($1) { fatalError() }\n" }
        return (imports + names + examples.enumerated().map { $1.function(named: "example\($0 + 1)") }).joined()
    }

    /// The names that an example may use without declaring them.
    private static let given: KeyValuePairs = [
        "document": "Document", "element": "Node", "schema": "Schema", "report": "Report",
        "library": "PointerResolver", "item": "EditionFiles.Item", "transcription": "Transcription",
        "transcriptions": "[Transcription]", "before": "Transcription", "after": "Transcription",
        "reading": "Reading", "places": "[TextSource]", "witnesses": "[Collation.Witness]", "collation": "Collation",
        "index": "CorpusIndex", "files": "[String]", "items": "[EditionFiles.Item]", "page": "URL",
    ]
}

/// An example: lines of a comment that are indented by four spaces, after an empty line.
struct DocExample {
    let file: String
    /// The line of the file on which it begins, from 1.
    let line: Int
    private var lines: [String]

    static func all(inFolder folder: String) throws -> [DocExample] {
        let names = try #require(FileManager.default.enumerator(atPath: Repository.path(folder)))
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
            .flatMap { try all(inFile: "\(folder)/\($0)") }
    }

    /// The examples in the comments of a file's public declarations.
    private static func all(inFile file: String) throws -> [DocExample] {
        let text = try String(contentsOf: URL(filePath: Repository.path(file)), encoding: .utf8)
        var (examples, comment): ([DocExample], [(line: Int, text: Substring)]) = ([], [])
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("///") {
                comment.append((number + 1, line.dropFirst(3)))
            } else if line.wholeMatch(of: /@\w+(\(.*\))?/) == nil {
                if line.prefixMatch(of: /(@\w+(\([^)]*\))? )*public\b/) != nil { examples += all(in: comment, file) }
                comment = []
            }
        }
        return examples
    }

    private static func all(in comment: [(line: Int, text: Substring)], _ file: String) -> [DocExample] {
        var examples: [DocExample] = []
        var (isFenced, isAfterEmptyLine) = (false, false)
        for (line, text) in comment {
            if text.hasPrefix(" ```") { isFenced.toggle() }
            if !isFenced, text.hasPrefix("     ") {
                let code = String(text.dropFirst(5))
                if let last = examples.last, line <= last.line + last.lines.count + (isAfterEmptyLine ? 1 : 0) {
                    examples[examples.count - 1].lines += isAfterEmptyLine ? ["", code] : [code]
                } else if isAfterEmptyLine {
                    examples.append(DocExample(file: file, line: line, lines: [code]))
                }
            }
            isAfterEmptyLine = text.isEmpty
        }
        return examples
    }

    /// The example as a function, in which the compiler counts lines as the file does.
    func function(named name: String) -> String {
        """
        func \(name)() throws {
        #sourceLocation(file: "\(file)", line: \(line))
        \(lines.joined(separator: "\n"))
        #sourceLocation()
        }

        """
    }
}
