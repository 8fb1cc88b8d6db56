import Foundation
import Support
import Testing

/// `marginalia compare`.
@Suite(.inRelease) struct CompareTests {
    private static let file = "TEI/14-conversation-helsinki.xml"

    @Test func textsOfOneDocument() throws {
        let result = try Program.run(["compare", CompareTests.file, "--policy", "witnesses"])
        #expect(result.code == 0)
        #expect(result.output.hasPrefix("2 places differ; "))
        #expect(result.output.contains("\(CompareTests.file):106:66: after"))
        #expect(try Program.run(["compare", CompareTests.file, "--policy", "witnesses", "--exit-code"]).code == 1)
        #expect(try Program.run(["compare", CompareTests.file, CompareTests.file, "--exit-code"]).code == 0)
    }

    @Test func plainTextsAndStandardInput() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("a b.txt", "The cat,\nblack\n")
        try scratch.write("c#d.txt", "the dog, black")
        let result = try Program.run(
            ["compare", "a b.txt", "c#d.txt", "--ignore", "case", "--to", "csv"], in: scratch.path)
        #expect(result.output == "segment,variant,a-b,c#d\n1,0,The,the\n2,1,cat,dog\n3,0,\", black\",\", black\"\n")
        let document = try Data(contentsOf: URL(filePath: Repository.path(CompareTests.file)))
        let streamed = try Program.run(["compare", "-", "--policy", "typed", "--policy", "reading"], input: document)
        #expect(streamed.code == 0, "\(streamed.errors)")
    }

    @Test func partsOfFiles() throws {
        let result = try Program.run(["compare", "TEI/edition.xml#d03", "TEI/edition.xml#d06-p4", "--to", "json"])
        let collation = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
        let witnesses = try #require(collation["witnesses"] as? [[String: Any]])
        #expect(witnesses.map { $0["siglum"] as? String } == ["d03", "d06-p4"])
        #expect(witnesses[1]["tokens"] as? Int == 9)
    }

    @Test(arguments: [
        (["compare", file], "there is only one text"), (["compare", file, "nosuch.xml"], "file-missing"),
        (["compare", file, "TEI"], "file-"),
        (["compare", file, "TEI/people.xml"], "no-text"), (["compare", "TEI/edition.xml", file], "holds 18 documents"),
        (["compare", "\(file)#nowhere", file], "there is no document or element"),
        (["compare", file, file, "--policy", "hand:nobody"], "policy-unknown"),
        (["compare", file, file, "--policy", "x"], "is not a policy"),
        (["compare", file, file, "--siglum", "A"], "1 names by --siglum for 2 texts"),
        (["compare", file, file, "--siglum", "A", "--siglum", "A"], "a name of its own"),
        (["compare", file, file, "--to", "pdf"], "pdf"),
        (["compare", "--encoding", file], "two documents"),
        (["compare", "--encoding", "\(file)#d14-p1", file], "two documents"),
        (["compare", file, file, "--siglum", "A", "--siglum", "B C"], "is no name for a text"),
        (["compare", "--encoding", file, file, "--to", "tei"], "--to lines"),
        (["compare", "Tests/marginaliaTests/BadInput/binary.xml", file], "binary.xml:1"),
        (["compare", file, file, "-o", "/proc/x/y"], "file-unwritable"),
    ])
    func mistakes(_ arguments: [String], _ expected: String) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 2)
        #expect(result.errors.contains(expected), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func plainTextsThatAreNone() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("a.txt", "\u{FEFF}one\ntwo\u{1}")
        try scratch.write("b.txt", "one")
        let result = try Program.run(["compare", "a.txt", "b.txt"], in: scratch.path)
        #expect(result.code == 2)
        #expect(result.errors.contains("a.txt:2:4: U+0001 is no character"), "\(result.errors)")
        for arguments in [
            ["b.txt", "b.txt", "--policy", "typed"], ["b.txt#x", "b.txt"], ["b.txt", "b.txt", "--root", "sub"],
        ] {
            #expect(try Program.run(["compare"] + arguments, in: scratch.path).code == 2, "\(arguments)")
        }
        try scratch.write("a.txt", "\u{FEFF}one")
        try scratch.write("a b.txt", "one")
        try scratch.write("a-b.txt", "one")
        #expect(try Program.run(["compare", "a.txt", "b.txt", "--exit-code"], in: scratch.path).code == 0)
        let sigla = try Program.run(["compare", "a b.txt", "a-b.txt", "--to", "csv"], in: scratch.path)
        #expect(sigla.output.hasPrefix("segment,variant,a-b-1,a-b-2\n"), "\(sigla.output)")
    }

    /// A device is written to, and what a link leads to is replaced; `-` is standard output.
    @Test func outputs() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("a.txt", "one")
        try scratch.write("target", "old")
        try scratch.link("link", to: scratch.path("target"))
        #expect(try Program.run(["compare", "a.txt", "a.txt", "-o", "link"], in: scratch.path).code == 0)
        #expect(try String(contentsOf: scratch.url("target"), encoding: .utf8).hasPrefix("no place differs"))
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link")) == scratch.path("target"))
        // A pipe or device is no place for a file.
        let pipe = try Program.shell(
            "mkfifo pipe && $M compare a.txt a.txt -o pipe; echo $?; test -p pipe", in: scratch.path)
        #expect(pipe.code == 0 && pipe.output == "2\n" && pipe.errors.contains("file-unwritable"))
        for arguments in [["compare", "a.txt", "a.txt"], ["new", "memo"], ["export", "--to", "text", "new.xml"]] {
            _ = try Program.run(["new", "memo", "-o", "new.xml"], in: scratch.path)
            let (plain, named) = (
                try Program.run(arguments, in: scratch.path),
                try Program.run(arguments + ["-o", "-"], in: scratch.path)
            )
            #expect(named.output == plain.output && !plain.output.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("-")))
        let full = try Program.run(["compare", "a.txt", "a.txt", "-o", "/dev/full"], in: scratch.path)
        #expect(full.code == 2)
        #expect(full.errors.contains("file-unwritable"))
    }

    @Test func aTextThatIsNotUTF8() throws {
        let scratch = try TemporaryFolder()
        try Data([0x61, 0xFF]).write(to: scratch.url("a.txt"))
        let result = try Program.run(["compare", scratch.path("a.txt"), scratch.path("a.txt")])
        #expect(result.code == 2)
        #expect(result.errors.contains("is not UTF-8"))
    }

    @Test func encodings() throws {
        let scratch = try TemporaryFolder()
        let memo = try String(contentsOfFile: Repository.path("TEI/07-lake-memo-enlargement.xml"), encoding: .utf8)
        for name in ["edition", "people", "organisations", "places", "events"] {
            try FileManager.default.copyItem(
                atPath: Repository.path("TEI/\(name).xml"), toPath: scratch.path("\(name).xml"))
        }
        try scratch.write("old.xml", memo)
        try scratch.write(
            "new.xml",
            memo.replacingOccurrences(
                of: "subtype=\"checkmark\" hand=\"#d07-clinton\"", with: "subtype=\"checkmark\" hand=\"#d07-main\""))
        let result = try Program.run(["compare", "--encoding", "old.xml", "new.xml", "--exit-code"], in: scratch.path)
        #expect(result.code == 1)
        #expect(
            result.output == "1 change\nnew.xml:120:9: changed mark, check “✓”: hand Bill Clinton → main hand\n",
            "\(result.errors)")
        #expect(
            try Program.run(["compare", "--encoding", "old.xml", "old.xml", "--exit-code"], in: scratch.path).output
                == "nothing differs\n")
    }

    @Test(.enabled("python3-jsonschema is absent") { Program.hasPeer("/usr/bin/python3 -c 'import jsonschema'") })
    func jsonIsValidAgainstItsSchemas() throws {
        let result = try Program.shell(
            """
            F=$(mktemp -d) && $M compare Tests/Everything.xml --policy all --to json -o $F/collation.json && \
            $M compare --encoding TEI/03-*.xml TEI/06-*.xml --to json -o $F/difference.json && /usr/bin/python3 - $F <<'PYTHON'
            import json, jsonschema, sys
            for name in ("collation", "difference"):
                schema = json.load(open(f"Schemas/{name}.schema.json"))
                jsonschema.Draft202012Validator.check_schema(schema)
                for error in jsonschema.Draft202012Validator(schema).iter_errors(json.load(open(f"{sys.argv[1]}/{name}.json"))):
                    print(name, error.json_path, error.message[:200])
            print("done")
            PYTHON
            """)
        #expect(result.output == "done\n", "\(result.errors)")
    }

    /// CollateX's own examples, and two passages of the edition: no fewer pairs of equal tokens than CollateX finds.
    @Test(
        .enabled("CollateX is absent: run `make peers`") {
            Program.hasPeer("test -d .peers/collatex/tests && \(Program.python) -W ignore -c 'import collatex'")
        })
    func alignmentsAreAsGoodAsCollateXs() throws {
        let result = try Program.shell(
            """
            F=$(mktemp -d) && $M export --to text -o $F TEI/03-*.xml TEI/06-*.xml && \(Program.python) -W ignore \
            Tests/CollateX/alignments.py $M .peers/collatex/tests $F/*.txt
            """)
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        #expect(result.output.hasSuffix("42 examples: 34 alike, 8 differ, 0 worse\n"), "\(result.output)")
    }
}
