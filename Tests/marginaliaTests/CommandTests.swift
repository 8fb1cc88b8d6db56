import Foundation
import Support
import Testing

/// The program as its user runs it.
enum Program {
    static let path = Repository.path(".build/release/marginalia")
    /// Python with what `make peers` installs, as a word of shell.
    static let python = quote(Repository.python)

    /// Runs the program in a folder (by default the repository) and waits for it.
    static func run(
        _ arguments: [String], in folder: String = Repository.root, input: Data = Data(),
        environment: [String: String] = [:]
    ) throws -> Execution {
        try shell(
            ([path] + arguments).map(quote).joined(separator: " "), in: folder, input: input, environment: environment)
    }

    /// Runs a line of shell, in which `$M` is the program; one that hangs fails after ten minutes.
    static func shell(
        _ line: String, in folder: String = Repository.root, input: Data = Data(), environment: [String: String] = [:]
    ) throws -> Execution {
        let line = "M=\(quote(path)); exec timeout -s KILL 600 bash -c \(quote("M=\(quote(path)); " + line))"
        return try Execution(of: "/bin/bash", ["-c", line], in: folder, input: input, environment: environment)
    }

    /// The compiler, which finds the modules of the release build.
    static let compiler =
        "swiftc -swift-version 6 -I .build/release/Modules -Xcc -I/usr/include/libxml2 "
        + [
            "Sources/CEmbeddedFiles/include", "Sources/CTOML/include", "Sources/CHTTPServer/include",
            "Sources/CLibXML2", "Sources/CSQLite",
        ]
        .map { "-Xcc -fmodule-map-file=\($0)/module.modulemap" }.joined(separator: " ")

    /// The names of a command's formats, from the program's own list; none where the program is not built.
    static func formats(of command: String) -> [String] {
        let lines = (try? run(["formats", command]).output.split(separator: "\n")) ?? []
        return lines.compactMap { $0.split(separator: "\t").first.map(String.init) }
    }

    /// Whether a line of shell succeeds, that asks for what a test needs besides.
    static func hasPeer(_ line: String) -> Bool { (try? shell(line).code == 0) ?? false }

    static func quote(_ word: String) -> String { "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}

@Suite(.inRelease)
struct CommandTests {
    // MARK: Golden pairs

    static let cases = ["BadInput", "Reports"].flatMap { folder in
        try! FileManager.default.contentsOfDirectory(atPath: Repository.path("Tests/marginaliaTests/" + folder))
            .filter { $0.hasSuffix(".sh") }.sorted().map { "\(folder)/\($0)" }
    }

    /// Each `NAME.sh` is run in its folder; `NAME.expected` is its exit code, output and diagnostics.
    @Test(arguments: cases) func golden(_ name: String) throws {
        let script = URL(filePath: Repository.path("Tests/marginaliaTests/" + name))
        let folder = script.deletingLastPathComponent().path(percentEncoded: false)
        let result = try Program.shell(try String(contentsOf: script, encoding: .utf8), in: folder)
        let found = "exit \(result.code)\n--- output\n\(result.output)--- diagnostics\n\(result.errors)"
            .replacingOccurrences(of: folder.dropLast(), with: "FOLDER").replacingOccurrences(
                of: Repository.root + "/", with: "ROOT/")
        try expectGolden(
            found, script.deletingPathExtension().appendingPathExtension("expected").path(percentEncoded: false))
    }

    // MARK: Streams and exit codes

    @Test func validDocumentsExitWith0() throws {
        let result = try Program.run(["validate", "TEI"])
        #expect(result.code == 0)
        #expect(result.output.isEmpty)
        #expect(
            result.errors
                == "22 of 23 files: read as parts of the others, which include them\n1 file: 0 errors, 0 warnings\n")
    }

    /// From within a folder the documents find what lies beside it.
    @Test func theEditionIsValidFromWithin() throws {
        let result = try Program.run(["validate", "."], in: Repository.path("TEI"))
        #expect(result.code == 0, "\(result.output)")
    }

    @Test func resultsOfValidateGoToStandardOutput() throws {
        let result = try Program.run(["validate", "--format", "json", "-"], input: Data("<TEI><p>".utf8))
        #expect(result.code == 1)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let list = try #require(object?["diagnostics"] as? [[String: Any]])
        #expect(list.first?["file"] as? String == "-")
        #expect(list.first?["line"] as? Int == 1)
    }

    @Test func standardInputIsExported() throws {
        let file = try Data(contentsOf: URL(filePath: Repository.path("TEI/13-draft-charter.xml")))
        let result = try Program.run(
            ["export", "--to", "text", "--policy", "revised", "-"], in: Repository.path("TEI"), input: file)
        #expect(result.code == 0)
        #expect(result.output.contains("no intention, no plan and no reason"))
    }

    /// A register with one more person, and an edition of it and a memo, are valid but for what is to be filled in.
    @Test func newRegistersAndEditionsAreValid() throws {
        let scratch = try TemporaryFolder()
        let result = try Program.shell(
            """
            for kind in register memo edition; do $M new $kind -o $kind.xml || exit; $M validate $kind.xml >/dev/null || exit; done
            $M new person | sed 's/"surname"/"second"/' >person
            sed -i '/<listPerson>/r person' register.xml
            sed -i -E 's/<!-- (<xi:include[^>]*>) -->/\\1/; s/memo-1/memo/; /<!-- An edition has/,/<\\/TEI>/d' edition.xml
            # Nothing mentions the entries yet.
            $M validate --ignore placeholder --ignore unused-entry register.xml edition.xml
            $M query '//person/@xml:id/string()' edition.xml
            """, in: scratch.path)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "edition.xml: second\nedition.xml: surname\n")
        #expect(result.errors.contains("1 file: 0 errors, 0 warnings\n"), "\(result.output) \(result.errors)")
    }

    @Test(arguments: ["letter", "memo", "cable", "conversation"]) func aNewDocumentIsValid(_ kind: String) throws {
        let scratch = try TemporaryFolder()
        #expect(try Program.run(["new", kind, "-o", "new.xml"], in: scratch.path).code == 0)
        let result = try Program.run(["validate", "new.xml"], in: scratch.path)
        #expect(result.code == 0, "\(result.output)")
        let notes = try Program.run(["validate", "--format", "csv", "new.xml"], in: scratch.path).output
            .split(separator: "\n").dropFirst()
        #expect(result.errors == "1 file: 0 errors, 0 warnings, \(notes.count) notes\n")
        #expect(notes.count > 20 && notes.allSatisfy { $0.contains(",note,placeholder,") })
        // What is not filled in is in no text.
        let text = try Program.run(["export", "--to", "text", "--policy", "reading", "new.xml"], in: scratch.path)
            .output
        #expect(!text.contains("paragraph") && !text.contains("Name"))
        #expect(try Program.run(["new", kind, "-o", "new.xml"], in: scratch.path).code == 2)
        #expect(try Program.run(["new", kind, "--force", "-o", "new.xml"], in: scratch.path).code == 0)
    }

    /// A skeleton names the schema that was written for the editor, from where it lies.
    @Test func aNewDocumentNamesTheSchema() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("edition/marginalia.toml", "")
        #expect(try Program.run(["schema", "write", "-o", "edition/schemas"], in: scratch.path).code == 0)
        try scratch.write("edition/letters/none.txt", "")
        for (path, address) in [("edition/a.xml", "schemas/"), ("edition/letters/b.xml", "../schemas/")] {
            #expect(try Program.run(["new", "letter", "-o", path], in: scratch.path).code == 0)
            let text = try String(contentsOf: scratch.url(path), encoding: .utf8)
            #expect(
                text.split(separator: "\n")[1].hasPrefix("<?xml-model href=\"\(address)marginalia.rng\""),
                "\(text.prefix(300))")
            let result = try Program.run(["validate", path], in: scratch.path)
            #expect(result.code == 0 && result.errors.hasPrefix("1 file: 0 errors, 0 warnings"), "\(result.output)")
        }
        #expect(try Program.run(["new", "letter", "-o", "c.xml"], in: scratch.path).code == 0)
        #expect(try !String(contentsOf: scratch.url("c.xml"), encoding: .utf8).contains("xml-model"))
    }

    @Test func helpHasExamplesAndExitsWith0() throws {
        for command in [[], ["validate"], ["export"], ["show"], ["new"], ["explain"], ["schema"], ["schema", "add"]] {
            let result = try Program.run(command + ["--help"])
            #expect(result.code == 0)
            #expect(result.output.contains("marginalia \(command.first ?? "new")"))
            #expect(result.output.contains("Example"))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionScripts(_ shell: String) throws {
        let result = try Program.run(["--generate-completion-script", shell])
        #expect(result.code == 0)
        #expect(result.output.contains("marginalia"))
    }

    @Test func noColourOutsideOfATerminal() throws {
        let result = try Program.run(["validate", "-"], input: Data("<p>".utf8))
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test(.enabled("script(1) is absent") { FileManager.default.fileExists(atPath: "/usr/bin/script") })
    func colourOnATerminalUnlessUnwanted() throws {
        let line = "script -qec \"echo '<p>' | $M validate -\" /dev/null"
        #expect(
            try Program.shell(line, environment: ["TERM": "xterm", "NO_COLOR": ""]).output.contains(
                "\u{1B}[1;31merror:"))
        #expect(!(try Program.shell(line, environment: ["TERM": "xterm", "NO_COLOR": "1"]).output.contains("\u{1B}")))
    }

    @Test func showTellsHandsWithTheirWordsAndMarks() throws {
        let result = try Program.run(["show", "TEI/07-lake-memo-enlargement.xml"])
        #expect(result.code == 0)
        #expect(result.output.contains("d07-clinton  Bill Clinton  19 words   4 marks"))
    }

    // MARK: Peers

    /// In CI nothing that needs another program may be passed over.
    @Test(.enabled("this is not CI") { ProcessInfo.processInfo.environment["CI"] != nil })
    func peersArePresent() throws {
        for line in [
            "command -v jing", "command -v tidy", "command -v xmllint", "command -v curl",
            "/usr/bin/python3 -c 'import jsonschema'", "test -d .peers/collatex/tests", "command -v chromium",
            "command -v java", "command -v nvim", "command -v emacs", Self.r,
        ] {
            #expect(Program.hasPeer(line), "\(line)")
        }
    }

    @Test(.enabled("python3-jsonschema is absent") { Program.hasPeer("/usr/bin/python3 -c 'import jsonschema'") })
    func exportsAreValidAgainstTheJSONSchema() throws {
        let scratch = try TemporaryFolder()
        let line = """
            $M export --to json --policy all -o \(Program.quote(scratch.path("out"))) TEI Tests/Everything.xml && /usr/bin/python3 - \
            \(Program.quote(scratch.path("out"))) <<'PYTHON'
            import glob, json, jsonschema, sys
            schema = json.load(open("Schemas/export.schema.json"))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            files = glob.glob(sys.argv[1] + "/**/*.json", recursive=True)
            for file in files:
                for error in validator.iter_errors(json.load(open(file))):
                    print(file, error.json_path, error.message[:200])
            print(len(files))
            PYTHON
            """
        let result = try Program.shell(line)
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 100,
            "\(result.output.prefix(2000))")
    }

    private static let r = "Rscript -e 'library(jsonlite)'"

    /// The examples of `docs/json.md` print what stands behind them.
    @Test(
        .enabled("python3, R or its jsonlite is absent: run `make peers`") {
            Program.hasPeer("test -x /usr/bin/python3 && " + r)
        })
    func examplesForPythonAndR() throws {
        let page = try String(contentsOf: URL(filePath: Repository.path("docs/json.md")), encoding: .utf8)
        let examples = page.matches(of: /```(python|r)\n((?:.|\n)*?)```\n\nprints\n\n```\n((?:.|\n)*?)```/)
        #expect(examples.map { String($0.1) } == ["python", "r"])
        for example in examples {
            let command = example.1 == "r" ? "Rscript -e" : "/usr/bin/python3 -c"
            let result = try Program.shell("\(command) \(Program.quote(String(example.2)))")
            #expect(result.output == example.3, "\(result.errors)")
        }
    }

    @Test(.enabled("PyLD is absent: run `make peers`") { Program.hasPeer("\(Program.python) -c 'import pyld'") })
    func annotationsAreOfTheWebAnnotationVocabulary() throws {
        let result = try Program.shell("\(Program.python) Tests/marginaliaTests/annotations.py Exports/*/*.jsonld")
        #expect(result.code == 0, "\(result.errors.prefix(2000)) \(result.output.prefix(2000))")
        #expect(result.output == "36 files, 0 mistakes\n")
    }

    @Test(.enabled("tidy is absent") { Program.hasPeer("command -v tidy") })
    func htmlIsWhatTidyAccepts() throws {
        let result = try Program.shell(
            "tidy -q -e -utf8 --custom-tags blocklevel Exports/index.html Exports/collations/*.html Exports/*/reading.html Exports/*/diplomatic.html"
        )
        #expect(result.code <= 1, "\(result.errors.prefix(2000))")
        #expect(!result.errors.contains("Error:"), "\(result.errors.prefix(2000))")
    }

    /// The commands by which `docs/checks.md` finds what is to be mended.
    @Test func commandsOfTheRulesRun() throws {
        let page = try String(contentsOf: URL(filePath: Repository.path("docs/checks.md")), encoding: .utf8)
        let commands = Set(page.matches(of: /`marginalia ((?:query|validate) [^`]* TEI)`/).map { String($0.1) })
        #expect(commands.count > 20)
        for command in commands.sorted() {
            let result = try Program.shell("$M \(command.replacing("\\|", with: "|"))")
            #expect(result.code == 0, "\(command): \(result.errors)")
        }
    }

    /// Makes a folder with all skeletons, that of a person in a register, and an edition that includes others.
    private static let skeletons = """
        T=$(mktemp -d); trap 'rm -r $T' EXIT; cp Sources/TEI/Templates/*.xml $T
        sed 's/xml:id="surname"/xml:id="person"/' $T/person.xml >$T/entry; rm $T/person.xml
        sed "/<listPerson>/r $T/entry" $T/register.xml >$T/registers.xml
        sed -E 's/<!-- (<xi:include href="(register|memo)[^>]*>) -->/\\1/; s/memo-1/memo/' $T/edition.xml |
          sed '/<!-- An edition has/,/<\\/TEI>/d' >$T/editions.xml
        """

    /// Every document that our schema accepts is accepted by TEI's.
    @Test(
        .enabled("jing or ../shared/data/tei is absent") {
            Program.hasPeer("command -v jing && test -f ../shared/data/tei/tei_all.rng")
        })
    func teiAllAcceptsTheEditionAndTheTestDocuments() throws {
        let result = try Program.shell(
            "\(Self.skeletons); jing ../shared/data/tei/tei_all.rng TEI/*.xml Tests/Everything.xml docs/encoding/*.xml $T/*.xml Exports/collations/*.xml"
        )
        #expect(result.code == 0, "\(result.output.prefix(2000))")
        #expect(
            try Program.shell(
                "\(Self.skeletons); jing Schemas/marginalia.rng TEI/*.xml Tests/Everything.xml docs/encoding/*.xml $T/*.xml Exports/collations/*.xml"
            ).code == 0)
    }

    // MARK: Exports

    @Test func exportsAreReproduced() throws {
        // The paths of the documents, and the way back from the exports to them, are part of these.
        let scratch = try TemporaryFolder()
        let target = scratch.path("Exports")
        try scratch.link("TEI", to: Repository.path("TEI"))
        let result = try Program.shell(
            "make -s -f \(Program.quote(Repository.path("Makefile"))) exports PROGRAM=\(Program.quote(Program.path))",
            in: scratch.path(""))
        #expect(result.code == 0, "\(result.errors)")
        let difference = try Program.shell("diff -r \(Program.quote(target)) Exports")
        #expect(difference.code == 0, "\(difference.output.prefix(2000))")
    }

    /// The guide's memo is valid, and its page is the one to which the guide links.
    @Test func pageOfTheGuide() throws {
        let report = try Program.shell("\(Program.quote(Program.path)) validate --no-cache docs/encoding/memo.xml")
        #expect(report.code == 0, "\(report.errors)")
        let page = try Program.shell("\(Program.quote(Program.path)) export --to html docs/encoding/memo.xml").output
        try expectGolden(page, Repository.path("docs/encoding/memo.html"))
    }

    /// Each process has other hash values: an order that came from them would be another one in the next run.
    @Test func eachProcessGivesTheSameBytes() throws {
        let scratch = try TemporaryFolder()
        func words(_ command: String) -> String { Program.formats(of: command).joined(separator: " ") }
        let formats = Program.formats(of: "export").map { "--to \($0)" }.joined(separator: " ")
        for run in 1...2 {
            let result = try Program.shell(
                """
                unset SWIFT_DETERMINISTIC_HASHING; F=\(Program.quote(scratch.path("\(run)"))); mkdir $F; $M export \(formats) --policy all -o $F Tests/Everything.xml || exit
                for as in \(words("compare")); do $M compare Tests/Everything.xml --policy all --to $as -o $F/collation.$as || exit; done
                for as in \(words("stats")); do $M stats --by hand --format $as Tests/Everything.xml >$F/statistics.$as || exit; done
                """, environment: ["MARGINALIA_CACHE": scratch.path("cache-\(run)")])
            #expect(result.code == 0, "\(result.errors)")
            let difference = try Program.shell("diff -r 1 \(run)", in: scratch.path)
            #expect(difference.code == 0, "\(difference.output.prefix(2000))")
        }
    }

    @Test func theApparatusOfADocument() throws {
        let file = "TEI/14-conversation-helsinki.xml"
        let positive = try Program.run(["export", "--to", "apparatus", file])
        #expect(positive.output == "¶ 1  a forced step.] Q1 Q2 Q3; forced step, Q4; forced step Q5\n")
        #expect(
            try Program.run(["export", "--to", "apparatus", "--apparatus", "negative", file]).output
                == "¶ 1  a forced step.] forced step, Q4; forced step Q5\n")
        #expect(
            try Program.run(["export", "--to", "apparatus", "--policy", "witness:Q4", file]).output
                == "¶ 1  forced step,] Q4; a forced step. Q1 Q2 Q3; forced step Q5\n")
    }

    @Test func severalResultsNeedAFolder() throws {
        for arguments in [
            ["--policy", "all", "TEI/13-draft-charter.xml"], ["TEI"], ["--to", "json", "TEI/13-draft-charter.xml"],
        ] {
            let result = try Program.run(["export", "--to", "text"] + arguments)
            #expect(result.code == 2)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("-o FOLDER"))
        }
    }

    @Test func badFilesCostThemselvesOnly() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("a.xml", "<TEI>")
        try scratch.write("b.xml", "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body><p>b</p></body></text></TEI>")
        let result = try Program.run(["export", "--to", "text", "-o", "out", "a.xml", "b.xml"], in: scratch.path)
        #expect(result.code == 2)
        #expect(result.errors.contains("a.xml:1:"))
        #expect(try String(contentsOf: scratch.url("out/b.txt"), encoding: .utf8) == "b\n")
    }

    // MARK: A hostile world

    @Test(.enabled("/dev/full is absent") { FileManager.default.fileExists(atPath: "/dev/full") })
    func aFullDiskBehindStandardOutput() throws {
        let result = try Program.shell("$M show TEI/07-lake-memo-enlargement.xml > /dev/full")
        #expect(result.code == 2)
        #expect(result.errors.contains("the output cannot be written"))
    }

    @Test func aFullDiskLeavesNoHalfAFile() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("07.txt", "before")
        // A limit on the size of files stands for a full disk.
        let line =
            "cp TEI/*.xml \(scratch.path("")); cd \(scratch.path("")); mv 07-lake-memo-enlargement.xml 07.xml; "
            + "trap '' XFSZ; ulimit -f 1; $M export --to json -o . 07.xml; echo $?; $M export --to text -o . 07.xml; echo $?; cat 07.txt; ls *.json .*json* 2>/dev/null"
        let result = try Program.shell(line)
        #expect(result.output.hasPrefix("2\n"))
        #expect(result.errors.contains("cannot be written"))
        #expect(!result.output.contains("json"))
    }

    @Test func aClosedPipeEndsTheProgramQuietly() throws {
        let result = try Program.shell(
            "$M export --to json TEI/07-lake-memo-enlargement.xml | head -c 10; echo; echo ${PIPESTATUS[0]}")
        #expect(result.output.hasSuffix("\n141\n") || result.output.hasSuffix("\n0\n"))
        #expect(result.errors.isEmpty)
    }

    @Test func anInterruptionLeavesNoHalfAFile() throws {
        for delay in ["0.005", "0.02", "0.05", "0.1", "0.2"] {
            let scratch = try TemporaryFolder()
            let line =
                "$M export --to json --to html --policy all -o \(Program.quote(scratch.path("out"))) TEI & sleep \(delay); kill -INT $!; wait $!; true"
            _ = try Program.shell(line)
            guard let files = FileManager.default.enumerator(atPath: scratch.path("out")) else { continue }
            for case let name as String in files where name.contains(".") {
                #expect(name.hasSuffix(".json") || name.hasSuffix(".html"), "\(name)")
                guard name.hasSuffix(".json") else { continue }
                let data = try Data(contentsOf: scratch.url("out/" + name))
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
            }
        }
    }

    @Test func foldersWithLoopsOfLinksAreWalkedOnce() throws {
        let scratch = try TemporaryFolder()
        try scratch.write(
            "a/b.xml", "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body><p>b</p></body></text></TEI>")
        try scratch.link("a/loop", to: "..")
        let result = try Program.run(["validate", "."], in: scratch.path)
        #expect(result.errors.hasPrefix("1 file:"))
    }

    /// Mistakes on the command line have the form of all messages, and say what was meant.
    @Test(arguments: [
        (["exprot"], "unexpected argument ‘exprot’", "did you mean ‘export’? see `marginalia --help`"),
        (
            ["help", "valdate"], "there is no command ‘valdate’",
            "did you mean ‘validate’? the commands are validate, query,"
        ),
        (["export", "--to", "txet", "a"], "the value ‘txet’ is invalid for ‘--to <format>’", "did you mean ‘text’?"),
        (["export", "--to", "text", "--formt", "a"], "unknown option ‘--formt’", "did you mean ‘--force’?"),
        (
            ["export", "--to", "text", "--policy", "revsied", "a"], "‘revsied’ is not a policy",
            "did you mean ‘revised’? write"
        ),
        (["export", "a"], "missing expected argument ‘--to <format> ...’", "--to <format>: the format; may be"),
        (["validate", "--max"], "missing value for ‘--max <number>’", "--max <number>: list at most"),
        (["validate", "--format", "jsn", "a"], "the value ‘jsn’ is invalid", "write text, json, sarif"),
    ])
    func wrongArguments(_ arguments: [String], _ message: String, _ help: String) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 2 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("marginalia: error: " + message), "\(result.errors)")
        #expect(result.errors.contains(help), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 2)
    }

    /// Nothing to do is no mistake: a list may be empty.
    @Test func emptyLists() throws {
        let scratch = try TemporaryFolder()
        for arguments in [["validate"], ["export", "--to", "text", "-o", "out"], ["query", "//p"], ["stats"]] {
            let result = try Program.run(arguments + ["--from0"], in: scratch.path)
            #expect(result.code == 0, "\(arguments): \(result.errors)")
        }
        #expect(try Program.run(["validate"], in: scratch.path).code == 2)
    }

    @Test func mistakesInXPathAreShown() throws {
        let result = try Program.run(["query", "//p[", "TEI"])
        #expect(result.errors.hasSuffix("\n  1 | //p[\n    |     ^\n") && result.code == 2)
    }

    /// Two files of one name keep their folders, and so do the others of the run; the same for any run, cached or not.
    @Test func namesThatRepeat() throws {
        let scratch = try TemporaryFolder()
        func write(_ path: String, _ word: String) throws {
            try scratch.write(
                "in/\(path).xml",
                """
                <TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><profileDesc><particDesc><listPerson><person xml:id='p'>
                <persName>Ann</persName></person></listPerson></particDesc></profileDesc></teiHeader><text><body>
                <p><persName ref='#p'>\(word)</persName></p></body></text></TEI>
                """)
        }
        for (path, word) in [("1890/letter", "one"), ("1891 b/letter", "two"), ("memo", "three")] {
            try write(path, word)
        }
        func files() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: scratch.path("out")).filter { $0.hasSuffix(".txt") }
                .sorted()
        }
        let line = [
            "export", "--to", "text", "--to", "html", "--policy", "reading", "--policy", "typed", "-o", "out", "in",
        ]
        for _ in 1...2 {
            let result = try Program.run(line, in: scratch.path)
            #expect(result.code == 0, "\(result.errors)")
            #expect(
                try files() == [
                    "1890/letter/reading.txt", "1890/letter/typed.txt", "1891 b/letter/reading.txt",
                    "1891 b/letter/typed.txt",
                    "memo/reading.txt", "memo/typed.txt",
                ])
        }
        func read(_ path: String) throws -> String {
            try String(contentsOf: scratch.url("out/" + path), encoding: .utf8)
        }
        #expect(try read("1891 b/letter/reading.txt") == "two\n")
        let (index, page) = (try read("index.html"), try read("1891 b/letter.html"))
        #expect(index.contains("href=\"1891%20b/letter.html\"") && index.contains("href=\"memo.html\""))
        #expect(page.contains("href=\"../index.html\"") && page.contains("href=\"letter/reading.txt\""))
        #expect(try read("memo.html").contains("href=\"index.html\""))
        // Streamed, too; and flat where no name repeats.
        let streamed = ["export", "--stream", "--to", "text", "--policy", "reading", "-o", "streamed", "in"]
        #expect(try Program.run(streamed, in: scratch.path).code == 0)
        #expect(FileManager.default.fileExists(atPath: scratch.path("streamed/1890/letter.txt")))
        let flat = ["export", "--to", "text", "--policy", "reading", "-o", "flat", "in/1890", "in/memo.xml"]
        #expect(try Program.run(flat, in: scratch.path).code == 0)
        #expect(FileManager.default.fileExists(atPath: scratch.path("flat/letter.txt")))
        // The cache knows no path of another run.
        let one = ["export", "--to", "text", "--policy", "reading", "-o", "grown"]
        #expect(try Program.run(one + ["in/1890/letter.xml", "in/memo.xml"], in: scratch.path).code == 0)
        #expect(try Program.run(one + ["in/1890/letter.xml", "in/memo.xml", "in/1891 b"], in: scratch.path).code == 0)
        #expect(FileManager.default.fileExists(atPath: scratch.path("grown/1890/letter.txt")))
    }

    @Test func aDocumentMayNotHaveTheNameOfAPageOfTheSite() throws {
        let scratch = try TemporaryFolder()
        for name in ["index", "letter"] {
            try scratch.write(
                "in/\(name).xml", "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body><p>b</p></body></text></TEI>")
        }
        let result = try Program.run(["export", "--to", "html", "-o", "out", "in"], in: scratch.path)
        #expect(result.code == 2)
        #expect(
            result.errors.contains(
                "in/index.xml:1:1: error: ‘index.html’ is a page of the site itself, and no document’s [export-name]"))
        #expect(FileManager.default.fileExists(atPath: scratch.path("out/letter.html")))
    }
}
