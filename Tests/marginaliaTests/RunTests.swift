import Foundation
import Testing

/// Many files at once, bad ones among them, and what ends a run before its time.
@Suite(.enabled("the release build is absent: run `make test`") { Program.isBuilt })
struct RunTests {
    private let scratch = try! Scratch()

    /// A document whose text is long enough to take a moment.
    private func document(_ title: String, paragraphs: Int = 200) -> String {
        let body = (1...paragraphs).map { "<p n=\"\($0)\">\(title) \($0): the <choice><sic>old</sic><corr>new</corr></choice> <persName>name</persName>.</p>" }.joined(separator: "\n")
        return """
            <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>\(title)</title></titleStmt>\
            <publicationStmt><p>x</p></publicationStmt><sourceDesc><p>y</p></sourceDesc></fileDesc></teiHeader><text><body>
            \(body)
            </body></text></TEI>
            """
    }

    /// Good files and bad ones.
    private func makeCorpus(_ count: Int = 20) throws {
        for number in 0..<count { try scratch.write("in/\(number / 7)/\(number).xml", document("Number \(number)")) }
        try scratch.write("in/0/broken.xml", "<TEI><text>")
        try scratch.write("in/1/empty.xml", "")
        try scratch.write("in/1/wrong.xml", document("Wrong").replacingOccurrences(of: "<corr>new</corr>", with: "<nonsense/>"))
        try FileManager.default.createSymbolicLink(atPath: scratch.path("in/2/vanished.xml"), withDestinationPath: "nowhere.xml")
    }

    private func run(_ line: String) throws -> Program.Result { try Program.shell(line, in: scratch.path("")) }

    /// The files of a folder, each with its bytes.
    private func files(in folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        let paths = FileManager.default.enumerator(atPath: scratch.path(folder))?.compactMap { $0 as? String } ?? []
        for path in paths {
            if let data = FileManager.default.contents(atPath: scratch.path("\(folder)/\(path)")) { files[path] = data }
        }
        return files
    }

    // MARK: Threads

    @Test("the same bytes and exit code for any number of threads", arguments: ["text", "json", "sarif", "github", "junit", "svrl"])
    func validate(format: String) throws {
        try makeCorpus()
        let results = try ["1", "2", "7"].map { try run("$M validate --format \(format) -j \($0) in") }
        #expect(results[0].code == 2)
        #expect(results[0].output.contains("broken.xml") && results[0].errors.contains("24 files"))
        for result in results.dropFirst() { #expect((result.code, result.output, result.errors) == (results[0].code, results[0].output, results[0].errors)) }
    }

    @Test("the same files for any number of threads")
    func export() throws {
        try makeCorpus()
        let results = try ["1", "2", "7"].map { try run("$M export --to text --to json --to html -j \($0) -o out\($0) in") }
        let trees = try ["out1", "out2", "out7"].map(files)
        #expect(results[0].code == 2)
        #expect(trees[0].count == 21 * 3 + 2)
        for number in 1...2 {
            #expect(trees[number] == trees[0])
            #expect(results[number].errors == results[0].errors)
        }
    }

    @Test("a document with the name of one before it is refused, whichever is read first")
    func sameName() throws {
        for folder in ["a", "b", "c"] { try scratch.write("\(folder)/memo.xml", document(folder, paragraphs: folder == "a" ? 3000 : 1)) }
        let result = try run("$M export --to text -j 3 -o out a b c")
        #expect(result.code == 2)
        #expect(try files(in: "out").count == 1)
        #expect(try String(contentsOfFile: scratch.path("out/memo.txt"), encoding: .utf8).contains("a 3000"))
        #expect(result.errors.contains("b/memo.xml:1:1") && result.errors.contains("c/memo.xml:1:1"))
    }

    // MARK: Bad files

    @Test("a bad file costs itself, and is told at the end")
    func badFiles() throws {
        try makeCorpus()
        let export = try run("$M export --to text -o out in")
        #expect(export.code == 2)
        #expect(try files(in: "out").keys.filter { $0.hasSuffix(".txt") }.count == 21)
        for name in ["broken.xml", "empty.xml", "vanished.xml"] { #expect(export.errors.contains(name)) }
        let query = try run("$M query --format count //p in")
        #expect(query.code == 2)
        #expect(query.output.split(separator: "\n").count == 21)
    }

    @Test("the summary names the slowest files and those in which most was found")
    func summary() throws {
        try scratch.write("in/a.xml", document("a").replacingOccurrences(of: "<corr>", with: "<corr hand='#nobody'>"))
        try scratch.write("in/b.xml", document("b"))
        let result = try run("$M validate --summary in")
        #expect(result.errors.contains("slowest: in/"))
        #expect(result.errors.firstMatch(of: /most found: in\/a\.xml \(\d+\)\n/) != nil)
    }

    // MARK: Names

    @Test("names with spaces, line ends and what is not UTF-8; links that lead back; lists from a pipe")
    func names() throws {
        try scratch.write("plain.xml", document("plain", paragraphs: 2))
        let make = #"mkdir -p in/sub && ln -s .. in/sub/back && cp plain.xml 'in/a b.xml' && cp plain.xml $'in/c\nd.xml' && cp plain.xml $'in/e\xE9\xFF.xml'"#
        #expect(try run(make).code == 0)
        let folder = try run("$M validate in")
        #expect(folder.code == 0 && folder.errors.hasPrefix("3 files, 3 valid"))
        let list = try run("find in -name '*.xml' -print0 | $M validate --from0")
        #expect(list.code == 0 && list.errors.hasPrefix("3 files, 3 valid"))
        let export = try run(#"$M export --to text -o out --from0 < <(find in -name '*.xml' -print0) && cmp $'out/e\xE9\xFF.txt' 'out/a b.txt' && ls out | wc -l"#)
        #expect(export.code == 0)
        #expect(try run(#"$M export --to text $'in/e\xE9\xFF.xml' | cmp - 'out/a b.txt'"#).code == 0)
        for wrong in ["$M validate --from0 in < /dev/null", "$M validate --from0 < /dev/null", "$M validate", "printf -- '-\\0' | $M validate --from0"] {
            let result = try run(wrong)
            #expect(result.code == 2 && result.errors.contains("help: name"))
        }
    }

    // MARK: Ends before the time

    @Test("what a killed run leaves is whole, and the next run completes it")
    func killed() throws {
        for number in 0..<30 { try scratch.write("in/\(number).xml", document("Number \(number)", paragraphs: 60)) }
        #expect(try run("$M export --to text --to html -o whole in").code == 0)
        let whole = try files(in: "whole")
        var unfinished = 0
        for moment in 0..<100 {
            // Bash tells of what it kills.
            _ = try run("rm -rf out; $M export --to text --to html -o out in & sleep \(Double(moment) / 500); kill -9 $! 2>/dev/null; wait $! 2>/dev/null; true")
            let left = try files(in: "out")
            let visible = left.filter { !$0.key.hasPrefix(".") }
            #expect(visible.allSatisfy { whole[$0.key] == $0.value })
            if visible.count < whole.count { unfinished += 1 }
            guard moment % 10 == 0 else { continue }
            #expect(try run("$M export --to text --to html -o out in").code == 0)
            #expect(try files(in: "out") == whole)
        }
        #expect(unfinished > 10)
    }

    @Test("two runs into one folder at once leave what one leaves")
    func together() throws {
        for number in 0..<20 { try scratch.write("in/\(number).xml", document("Number \(number)")) }
        #expect(try run("$M export --to text --to html -o one in").code == 0)
        #expect(try run("$M export --to text --to html -o out in & $M export --to text --to html -o out in && wait $!").code == 0)
        #expect(try files(in: "out") == files(in: "one"))
    }

    @Test("a full disk: exit 2, and no half file")
    func fullDisk() throws {
        try scratch.write("small.xml", document("small", paragraphs: 2))
        try scratch.write("large.xml", document("large", paragraphs: 2000))
        // No file may have more than 16 KB.
        let result = try run("trap '' XFSZ; ulimit -f 16; $M export --to text -o out small.xml large.xml")
        #expect(result.code == 2)
        #expect(result.errors.contains("‘out/large.txt’ cannot be written"))
        #expect(try files(in: "out").keys.sorted() == ["small.txt"])
    }

    @Test("what stood at a place keeps its permissions, and a new file has those of the user")
    func permissions() throws {
        try scratch.write("memo.xml", document("memo", paragraphs: 2))
        let result = try run("umask 027; mkdir out; touch out/memo.txt; chmod 604 out/memo.txt; $M export --to text --to json -o out memo.xml; stat -c %a out/memo.txt out/memo.json")
        #expect(result.output == "604\n640\n")
    }
}
