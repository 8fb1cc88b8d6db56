import Foundation
import Support
import Testing

/// What a document may make the program read, write and remember.
@Suite(.inRelease)
struct TrustTests {
    let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ line: String) throws -> Execution {
        try Program.shell(line, in: scratch.path(""), environment: ["MARGINALIA_CACHE": scratch.path("cache")])
    }

    private func tei(_ body: String, header: String = "", attributes: String = "", before: String = "") -> String {
        """
        \(before)<TEI xmlns="http://www.tei-c.org/ns/1.0"\(attributes)><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt>\
        <publicationStmt><p>p</p></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc>\(header)</teiHeader>\
        <text><body>\(body)</body></text></TEI>
        """
    }

    // MARK: What is remembered

    private static let anything = """
        <grammar xmlns="http://relaxng.org/ns/structure/1.0"><include href="x.rng"/><start><element name="r"><ref name="x"/></element></start></grammar>
        """
    private static let compact = "include \"x.rnc\"\nstart = element r { x }\n"

    /// Two copies of a project with equal schemas, of which one includes another file: each is validated by its own.
    @Test(arguments: ["rng", "rnc", "sch"], ["", "--no-cache"])
    func twoCopiesOfAProject(_ kind: String, _ option: String) throws {
        for (folder, allowed) in [("one", "a"), ("two", "b")] {
            switch kind {
            case "rng":
                try scratch.write("\(folder)/main.rng", TrustTests.anything)
                try scratch.write(
                    "\(folder)/x.rng",
                    "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><define name='x'><element name='\(allowed)'><empty/></element></define></grammar>"
                )
            case "rnc":
                try scratch.write("\(folder)/main.rnc", TrustTests.compact)
                try scratch.write("\(folder)/x.rnc", "x = element \(allowed) { empty }\n")
            default:
                try scratch.write(
                    "\(folder)/main.sch",
                    "<schema xmlns='http://purl.oclc.org/dsdl/schematron'><include href='x.sch'/></schema>")
                try scratch.write(
                    "\(folder)/x.sch",
                    "<pattern xmlns='http://purl.oclc.org/dsdl/schematron'><rule context='r'><assert test='\(allowed)'>\(allowed)</assert></rule></pattern>"
                )
            }
            try scratch.write("\(folder)/a.xml", "<?xml-model href='main.\(kind)'?><r><a/></r>")
            try scratch.write("\(folder)/b.xml", "<?xml-model href='main.\(kind)'?><r><b/></r>")
        }
        func code(_ line: String) throws -> Int32 { try run(line).code }
        for _ in 1...2 {
            #expect(try code("$M validate \(option) one/a.xml") == 0)
            #expect(try code("$M validate \(option) two/a.xml") == 1)
            #expect(try code("$M validate \(option) two/b.xml") == 0)
            #expect(try code("$M validate \(option) one/b.xml") == 1)
            // By the same relative name from either folder, and by --schema.
            #expect(try code("cd one; $M validate \(option) a.xml") == 0)
            #expect(try code("cd two; $M validate \(option) a.xml") == 1)
            #expect(try code("cd two; $M validate \(option) --schema main.\(kind) b.xml") == 0)
            #expect(try code("cd one; $M validate \(option) --schema main.\(kind) b.xml") == 1)
            #expect(try code("$M validate \(option) --schema \(scratch.path("one/main.\(kind)")) two/b.xml") == 1)
        }
        // A file that is included is another one now.
        #expect(try code("cp one/x.\(kind) two/x.\(kind); $M validate \(option) two/a.xml") == 0)
    }

    @Test func theSameBytesInTwoSyntaxes() throws {
        try scratch.write("a.rnc", "element r { empty }")
        try scratch.write("r.xml", "<r/>")
        #expect(try run("cp a.rnc a.rng; $M validate --schema a.rnc r.xml").code == 0)
        #expect(try run("$M validate --schema a.rng r.xml").code == 2)
        #expect(try run("$M validate --schema a.rnc r.xml").code == 0)
    }

    /// Two names that look the same are two files, of which each has its own result.
    @Test func namesThatLookTheSame() throws {
        try scratch.write("n/\u{E9}.xml", tei("<p>one</p>"))
        try scratch.write("n/e\u{301}.xml", tei("<p><nonsense/></p>"))
        try #require(try run("ls n | wc -l").output == "2\n", "the file system takes both for one")
        let first = try run("$M validate -j 1 n")
        #expect(first.code == 1 && first.errors == "2 files, 1 valid: 1 error, 0 warnings\n")
        for _ in 1...2 {
            let again = try run("$M validate -j 1 n")
            #expect((again.code, again.output, again.errors) == (first.code, first.output, first.errors))
        }
        #expect(try run("$M export --to text -o out n; ls out | wc -l").output == "2\n")
        #expect(try run("$M index -o n.index n; $M search -i n.index one").output.hasPrefix("n/\u{E9}.xml"))
    }

    @Test func aDamagedManifestIsNotBelieved() throws {
        try scratch.write("a.xml", tei("<p><nonsense/></p>"))
        let first = try run("$M validate a.xml")
        #expect(first.code == 1)
        #expect(try run("sed -i s/nonsense/nonesuch/g cache/runs/*.run; $M validate a.xml").output == first.output)
        #expect(
            try run(#"sed -i 's/\t{.*/\t{"strings":[],"lists":[],"fields":""}/' cache/runs/*.run; $M validate a.xml"#)
                .code == 1)
    }

    /// A folder that becomes a project's lets its documents read more.
    @Test func anotherRootIsAnotherResult() throws {
        try scratch.write("people.xml", "<x xml:id='ann'/>")
        try scratch.write("docs/a.xml", tei("<p><persName ref='../people.xml#ann'>Ann</persName></p>"))
        #expect(try run("cd docs; $M validate a.xml").code == 1)
        #expect(try run("touch marginalia.toml; cd docs; $M validate a.xml").code == 0)
        #expect(try run("cd docs; $M validate a.xml; rm ../marginalia.toml; $M validate a.xml").code == 1)
    }

    @Test func anImageThatIsGoneIsMissed() throws {
        try scratch.write("a.xml", tei("<pb facs='p1.png'/><p>x</p>"))
        try scratch.write("p1.png", "\u{89}PNG")
        for _ in 1...2 { #expect(try run("$M validate a.xml").errors == "1 file: 0 errors, 0 warnings\n") }
        let missing = try run("rm p1.png; $M validate a.xml")
        #expect(
            missing.code == 0
                && missing.output.contains("warning: @facs=\"p1.png\": there is no file ‘p1.png’ [pointer-image]"))
    }

    /// Of another program's database nothing is removed.
    @Test func anIndexThatIsNotOursIsLeft() throws {
        try scratch.write("a.xml", tei("<p>word</p>"))
        // A database of somebody else, damaged behind its header.
        _ = try run(
            "$M index -o x.index a.xml; head -c 8192 x.index > other; printf '\\0\\0\\0\\0' | dd of=other bs=1 seek=68 conv=notrunc 2>/dev/null; cp other before"
        )
        let refused = try run("$M index --force -o other a.xml")
        #expect(refused.code == 2 && refused.errors.contains("other"))
        #expect(try run("cmp other before").code == 0)
        // A damaged one of ours is made anew, and is still known by its header.
        #expect(
            try run(
                "head -c 8192 x.index > y; mv y x.index; $M index --force -o x.index a.xml && $M search -i x.index word"
            ).code == 0)
    }

    @Test func aFullDiskLeavesNothingOfANewIndex() throws {
        for number in 0..<30 {
            try scratch.write("in/\(number).xml", tei(String(repeating: "<p>word \(number)</p>", count: 200)))
        }
        #expect(try run("trap '' XFSZ; ulimit -f 100; $M index -o full.index in; echo $?; ls -d full*").output == "2\n")
    }

    // MARK: What is read

    /// Devices, pipes and sockets are refused at once, wherever they are named.
    @Test(arguments: [
        "$M validate pipe", "$M validate --stream --schema any.rng pipe", "$M validate --schema pipe a.xml",
        "$M validate to-pipe.xml", "$M validate named.xml",
        "$M validate --catalog pipe a.xml", "$M export --to text pipe", "$M export --to text --stream -o out pipe",
        "$M query //p pipe", "$M show pipe", "$M stats pipe",
        "$M index -o x.index pipe", "$M index -o pipe a.xml", "$M search -i pipe x", "$M compare a.xml pipe",
        "$M compare a.xml a.xml -o pipe", "$M new memo --force -o pipe",
        "$M where pipe 1", "$M export --to text -o pipe/x a.xml", "$M schema convert pipe x.rnc",
        "echo pipe | $M worker --stats | grep -q '\"read\": true'",
        "$M validate /dev/zero", "$M validate --schema /dev/zero a.xml",
        "$M export --to text --from0 < <(printf '/dev/zero\\0')", "$M schema add pipe --as http://example.org/x",
    ])
    func specialFiles(_ line: String) throws {
        try scratch.write("a.xml", tei("<p>x</p>"))
        try scratch.write("any.rng", "<element name='x' xmlns='http://relaxng.org/ns/structure/1.0'><text/></element>")
        try scratch.write("to-pipe.xml", tei("<p><ref target='pipe'/></p>"))
        try scratch.write("named.xml", tei("<p/>", before: "<?xml-model href='pipe'?>"))
        let result = try run(
            "mkfifo pipe; timeout 20 bash -c \(Program.quote("M=\(Program.quote(Program.path)); " + line))")
        #expect((1...2).contains(result.code), "\(result.code) \(result.output) \(result.errors)")
    }

    @Test func aPipeInACacheIsNoCache() throws {
        try scratch.write("a.xml", tei("<p>x</p>"))
        #expect(
            try run(
                "$M validate a.xml; for f in cache/*.grammar cache/*/*.run; do rm $f; mkfifo $f; done; timeout 20 $M validate a.xml"
            ).code == 0)
    }

    /// No message shows what is in a file that is neither XML nor a schema.
    @Test(arguments: [
        (
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='../secret'/><start><empty/></start></grammar>",
            "rng"
        ),
        (
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><externalRef href='../secret'/></start></grammar>",
            "rng"
        ),
        ("include \"../secret\"\nstart = empty", "rnc"), ("start = external \"../secret\"", "rnc"),
        ("<schema xmlns='http://purl.oclc.org/dsdl/schematron'><include href='../secret'/></schema>", "sch"),
        ("", "secret"),
    ])
    func secrets(_ schema: String, _ kind: String) throws {
        try scratch.write("secret", "password = hunter2 for root")
        let href = kind == "secret" ? "../secret" : "s.\(kind)"
        if kind != "secret" { try scratch.write("in/s.\(kind)", schema) }
        try scratch.write("in/a.xml", "<?xml-model href='\(href)'?><r/>")
        for option in ["", "--root in", "--format json", "--format svrl", "--format sarif"] {
            let result = try run("$M validate \(option) in/a.xml")
            #expect(
                result.code != 0 && !result.output.contains("hunter2") && !result.errors.contains("hunter2"),
                "\(option): \(result.output)\(result.errors)")
        }
        for line in [
            "$M query \"unparsed-text('../secret')\" in/a.xml --root in", "$M query \"doc('../secret')\" in/a.xml",
        ] {
            let result = try run(line)
            #expect(!(result.output + result.errors).contains("hunter2"))
        }
    }

    /// Schemas may lie anywhere, unless a root is named.
    @Test func whereSchemasLie() throws {
        try scratch.write("schemas/main.rng", TrustTests.anything)
        try scratch.write(
            "schemas/x.rng",
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><define name='x'><empty/></define></grammar>")
        try scratch.write("edition/r.xml", "<?xml-model href='../schemas/main.rng'?><r/>")
        #expect(try run("cd edition; $M validate r.xml").code == 0)
        #expect(try run("$M validate edition").code == 0)
        #expect(try run("$M validate --root . edition").code == 0)
        let refused = try run("$M validate --root edition edition")
        #expect(refused.code == 1 && refused.output.contains("[file-outside-root]"))
        // Nor by what a schema below the root includes.
        try scratch.write(
            "edition/own.rng", TrustTests.anything.replacingOccurrences(of: "x.rng", with: "../schemas/x.rng"))
        try scratch.write("edition/r.xml", "<?xml-model href='own.rng'?><r/>")
        #expect(try run("$M validate edition").code == 0)
        #expect(try run("$M validate --root edition edition").code == 1)
        // A schema that the command names is trusted.
        #expect(try run("$M validate --root edition --schema schemas/main.rng edition").code == 0)
    }

    @Test func aDocumentThatIsHandedOnReadsNothing() throws {
        try scratch.write("people.xml", "<x xml:id='ann'/>")
        try scratch.write("any.rng", "<element name='r' xmlns='http://relaxng.org/ns/structure/1.0'><text/></element>")
        let pointing = tei("<p><persName ref='people.xml#ann'>Ann</persName></p>").replacingOccurrences(
            of: "\"", with: "\\\"")
        let including = "<r xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='people.xml' parse='text'/></r>"
        for document in [pointing, including, "<?xml-model href='any.rng'?><r/>"] {
            try scratch.write("line", "{\"path\": \"\(scratch.path("a.xml"))\", \"document\": \"\(document)\"}\n")
            let result = try run("$M worker --validate < line")
            #expect(
                result.output.contains("file-outside-root") && result.output.contains("handed on"), "\(result.output)")
            #expect(try !run("$M worker --root . --validate < line").output.contains("file-outside-root"))
        }
    }

    // MARK: What is written

    @Test(arguments: [
        "a/../../../escaped", "..", ".", "", "a/b", "-x", "\u{1B}[31m", "\u{202E}x", "a\\b", "x y ", ".hidden",
        String(repeating: "ö", count: 300),
    ])
    func namesThatLeadElsewhere(_ id: String) throws {
        let document = { (name: String) in
            tei("<p>x</p>", attributes: " xml:id='\(name)'").replacingOccurrences(of: "\u{1B}", with: "&#x9B;")
        }
        try scratch.write(
            "a/b/corpus.xml",
            "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'><teiHeader/>\(document(id))\(document(id + "2"))</teiCorpus>"
        )
        for line in [
            "$M export --to text --to html --policy all -o a/b/out a/b/corpus.xml",
            "$M export --to text --stream -o a/b/out a/b/corpus.xml",
            "echo a/b/corpus.xml | $M worker --export text --export json -o a/b/out",
        ] {
            let result = try run(line)
            #expect(result.code == 0, "\(result.errors)")
            // Nothing beside the folder, and nothing that a terminal would obey.
            #expect(
                try run("find . -newer a/b/corpus.xml -type f | grep -v '^./a/b/out/' | grep -v cache").output.isEmpty)
            #expect(
                try run("find a/b/out -name '*.part'; find a/b/out -type f | wc -l").output.trimmingCharacters(
                    in: .newlines) != "0")
            #expect(
                try run("ls a/b/out | LC_ALL=C grep -P '[\\x00-\\x1F\\x7F]|\\xC2[\\x80-\\x9F]|\\xE2\\x80\\xAE'").output
                    .isEmpty)
        }
    }

    /// Names that differ by one sign are two files.
    @Test func sigla() throws {
        let sigla = ["A B", "A-B", "A/B", "A:B", "A_B", "\u{E9}", "e\u{301}", "A=2FB", " ", "..", "a b", "A  B"]
        let list = sigla.map { "<witness n='\($0)'/>" }.joined()
        let hands = ["a:b", "a-b", "a.b"].map { "<handNote xml:id='\($0)'>\($0)</handNote>" }.joined()
        try scratch.write(
            "w.xml",
            tei(
                "<listWit>\(list)</listWit><p>x <app>\(sigla.map { "<rdg wit='\($0)'>y</rdg>" }.joined())</app></p>",
                header: "<profileDesc><handNotes>\(hands)</handNotes></profileDesc>"))
        let count = try run(
            "$M export --to text --policy all -o out w.xml; ls out/w | sort -u | wc -l; $M export --to json --policy all -o out w.xml; ls out/w/*.json | wc -l"
        )
        #expect(count.errors.isEmpty, "\(count.errors)")
        let numbers = count.output.split(separator: "\n").map(String.init)
        #expect(Set(numbers).count == 1)
        #expect(try run("ls out/w | grep -c hand-").output == "6\n")
    }

    // MARK: What a terminal shows

    /// What a terminal would obey; in texts XML allows all but the first.
    private static let obeyed = "\u{1B}[31m\u{9B}31m\u{85}\u{202E}\u{202A}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}\u{7F}"

    /// A file whose name and whose every text and value hold what a terminal would obey, `$F`, and one beside it that
    /// differs, `$G`; an index of both, and a schema under such an address. `$B` is what a terminal would obey.
    private func hostileFiles() throws -> String {
        let own = String(TrustTests.obeyed.unicodeScalars.dropFirst())
        let header = """
            <profileDesc><handNotes><handNote xml:id="m" scope="major">M</handNote><handNote xml:id="h" scribe="S\(own)">Hand\(own)</handNote></handNotes><creation><listChange><change xml:id="c" when="1994">Stage\(own)</change>\
            </listChange></creation><langUsage><language ident="en">E\(own)</language></langUsage></profileDesc>
            """
        let body = { (word: String) in
            """
            <p xml:id="p">One <persName ref="\(own)">Ann\(own)</persName> \(word)\(own) <add hand="#h" \
            change="#c" place="\(own)">more</add> <gap reason="\(own)" extent="\(own)"/> <note type="stamp" hand="#h" place="\(own)">Seen\(own)</note>\
            <app><lem wit="A\(own)">x\(own)</lem><rdg wit="B">y</rdg></app> <nonsense\u{E9} a="\(own)"/></p>
            """
        }
        let names = ["one", "two"].map { "d/\($0)\(TrustTests.obeyed)\n.xml" }
        for (name, word) in zip(names, ["here", "there"]) {
            let document = tei(body(word), header: header, before: "<?xml-model href=\"gone\(own).rng\"?>")
                .replacingOccurrences(of: "<title>t", with: "<title>Title\(own)")
                .replacingOccurrences(
                    of: "<p>s</p>",
                    with: "<listWit><witness n=\"A\(own)\">W\(own)</witness><witness n=\"B\">B</witness></listWit>")
            try scratch.write("given.xml", document)
            #expect(try run("mkdir -p d; mv given.xml \(Program.quote(name))").code == 0)
        }
        let given =
            "export MARGINALIA_SCHEMAS=\(Program.quote(scratch.path("schemas"))); F=\(Program.quote(names[0])); G=\(Program.quote(names[1])); B=\(Program.quote(TrustTests.obeyed)); "
        try scratch.write("any.rng", "<element name='r' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>")
        let made = try run(
            given + "$M index -o x.index d && $M schema add any.rng --as \"http://example.org/\u{202E}\"")
        #expect(made.code == 0, "\(made.errors)")
        return given
    }

    /// What is left of it, without the colours of the program and line ends.
    private func raw(_ output: String) -> [Unicode.Scalar] {
        let plain = ["\u{1B}[1m", "\u{1B}[1;31m", "\u{1B}[1;33m", "\u{1B}[0m"].reduce(output) {
            $0.replacingOccurrences(of: $1, with: "")
        }
        return plain.unicodeScalars.filter {
            $0 != "\n" && $0 != "\t" && $0.properties.generalCategory == .control
                || "\u{202E}\u{202A}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}".unicodeScalars.contains($0)
        }
    }

    private static let forPeople = [
        "validate d", "validate --no-cache --summary d", "validate --schema gone.rng \"$F\"", "validate \"$B\"",
        "query '//p' d", "query --format count '//p' d", "query '//@*' d",
        "query 'string(//p)' \"$F\"", "query --policy \"hand:$B\" '//p' d", "query \"//$B\" d",
        "query 'doc(\"'\"$B\"'\")' d", "search -i x.index one", "search -i x.index --facets one",
        "search -i x.index --type stamp", "search -i x.index --hand \"$B\"", "search -i \"$B\" one",
        "search -i x.index \"(($B\"", "where \"$F\" 0-60", "where \"$F\" '#p'",
        "where \"$F\" \"#$B\"", "where \"$F\" \"$B\"", "where \"$F\" --policy diplomatic 0-70", "stats d",
        "stats --by hand d", "stats --by year --summary d", "show \"$F\"", "show d",
        "compare \"$F\" \"$G\"", "compare --encoding \"$F\" \"$G\"", "compare \"$F\" --policy witnesses",
        "compare \"$F\" \"$B\"", "compare \"$F\" \"$G\" --siglum \"$B\" --siglum b",
        "index --force -o y.index d \"$B\"", "index -o y.index --summary d", "export --to text -o out d",
        "export --to text -o out --policy \"witness:$B\" d", "export --to text --stream -o out2 d",
        "export --to text --to json --summary -o out d \"$B\"", "export \"--$B\"", "new \"$B\"", "new memo -o \"$F\"",
        "schema list", "schema convert \"$F\" \"$B\"", "schema add \"$B\" --as \"$B\"",
    ]

    /// In text for people nothing is left that a terminal would obey, wherever it is written to.
    @Test func textForPeople() throws {
        let given = try hostileFiles()
        var shown = 0
        for line in TrustTests.forPeople {
            let result = try run(given + "$M \(line)")
            #expect(raw(result.output + result.errors).isEmpty, "\(line): \(raw(result.output + result.errors))")
            if (result.output + result.errors).contains("<U+202E>") { shown += 1 }
        }
        #expect(shown > TrustTests.forPeople.count - 10, "\(shown)")
    }

    private static let data = [
        "query --format json '//p' d", "search -i x.index --format json one", "where \"$F\" --format json 0-60",
        "stats --format csv d", "stats --format json --by hand d", "stats --format svg d",
        "compare --to json \"$F\" \"$G\"", "compare --to csv \"$F\" \"$G\"", "compare --to html \"$F\" \"$G\"",
        "compare --to tei \"$F\" \"$G\"", "compare --encoding --to json \"$F\" \"$G\"",
        "export --to text \"$F\"", "export --to text --stream \"$F\"", "export --to json \"$F\"",
        "export --to html \"$F\"", "export --to annotations \"$F\"", "export --to marks \"$F\"",
        "export --to variants \"$F\"", "export --to apparatus \"$F\"", "validate --format json d",
        "validate --format sarif d", "validate --format junit d", "validate --format svrl d",
        "validate --format github d", "worker --validate --stats --export text < list",
    ]

    /// Data are the same bytes for files and other programs; on a terminal they are seen as text for people is.
    @Test(.enabled("script is absent") { Program.hasPeer("script -qec true /dev/null") }) func dataOnATerminal() throws
    {
        let given = try hostileFiles()
        let line = { (command: String) in given + "$M \(command)" }
        _ = try run("echo '{\"path\": \"w.xml\", \"document\": \"<TEI>\u{202E}</TEI>\"}' > list")
        for command in TrustTests.data + TrustTests.forPeople {
            try scratch.write("line.sh", "M=\(Program.quote(Program.path)); " + line(command))
            let result = try run("TERM=xterm script -qec 'bash line.sh' /dev/null < /dev/null | tr -d '\\r'")
            #expect(!result.output.isEmpty || command.hasPrefix("export --to text -o"), "\(command)")
            #expect(raw(result.output).isEmpty, "\(command): \(raw(result.output))")
        }
        for command in ["export --to text \"$F\"", "export --to marks \"$F\"", "query --format json '//p' \"$F\""] {
            #expect(try run(line(command)).output.unicodeScalars.contains("\u{202E}"), "\(command)")
        }
    }

    // MARK: What a spreadsheet would run

    private static let formulas = [
        "=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\u{FF1D}1+1", "'=1", "''@x",
        "'-3", "-", "-3", "+4.5", "-0044-03-15", "1=1", "'quoted'", "x,\"=1\"",
    ]

    /// No cell of any table begins as a formula does, and the text is had by taking one apostrophe away.
    @Test(arguments: formulas)
    func formulasInTables(_ text: String) throws {
        let reference = text.unicodeScalars.map { "&#\($0.value);" }.joined()
        let header =
            "<profileDesc><handNotes><handNote xml:id='m' scope='major'>M</handNote><handNote xml:id='h' scribe='\(reference)'/></handNotes></profileDesc>"
        let document = { (word: String) in
            tei(
                """
                <p><seg>\(word)</seg> <add hand="#h" cert="\(reference)">\(reference)</add> \
                <note type="stamp" hand="#h" rend="\(reference)" place="\(reference)">\(reference)</note><app><rdg wit="A">\(reference)</rdg><rdg wit="B">y</rdg></app></p>
                """, header: header, attributes: " xml:id='d'")
        }
        try scratch.write("a.xml", document(reference))
        try scratch.write("b.xml", document("other"))
        for line in [
            "export --to marks a.xml", "export --to variants a.xml", "stats --format csv a.xml",
            "stats --by hand --format csv a.xml", "compare --to csv a.xml b.xml",
        ] {
            let cells = cells(try run("$M \(line)").output)
            for cell in cells where TrustTests.isFormula(cell, after: "") {
                #expect(Double(cell) != nil || cell == "-" || cell == "-0044-03-15", "\(line): \(cell)")
            }
            let texts = cells.map {
                $0.hasPrefix("'") && TrustTests.isFormula($0, after: "'") ? String($0.unicodeScalars.dropFirst()) : $0
            }
            // White space at the ends of names and words is not kept.
            if !line.hasPrefix("compare") {
                #expect(
                    texts.contains(text) || texts.contains(text.trimmingCharacters(in: .whitespacesAndNewlines)),
                    "\(line): \(texts)")
            }
        }
    }

    /// Whether it begins as a formula does, after any number of some signs.
    private static func isFormula(_ cell: String, after signs: String) -> Bool {
        cell.unicodeScalars.first { !signs.unicodeScalars.contains($0) }.map(
            "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains) ?? false
    }

    /// The job for Spark writes the same cells.
    @Test("cells of corpus.py", .enabled("Python is absent") { Program.hasPeer("python3 -c ''") }, arguments: formulas)
    func formulasOfTheCluster(_ text: String) throws {
        let reference = text.unicodeScalars.map { "&#\($0.value);" }.joined()
        try scratch.write("a.xml", tei("<p><note type='stamp' rend='\(reference)'>x</note></p>"))
        let written = try run(
            "PYTHONUTF8=1 python3 -B -c 'import sys; sys.path.insert(0, sys.argv[1]); import corpus; print(end=corpus.cell(sys.argv[2]))' \"\(Repository.root)/Cluster\" \(Program.quote(text))"
        )
        #expect(written.errors.isEmpty)
        #expect(
            try Data(run("$M export --to marks a.xml").output.utf8).range(of: Data(",\(written.output),".utf8)) != nil)
    }

    /// All cells of a table of CSV, but for its first row.
    private func cells(_ table: String) -> [String] {
        var (cells, cell, isQuoted): ([String], String.UnicodeScalarView, Bool) = ([], .init(), false)
        for scalar in table.unicodeScalars.drop(while: { $0 != "\n" }).dropFirst() {
            switch scalar {
            case "\"":
                // Of two within a cell the second stays.
                isQuoted.toggle()
                if isQuoted, cell.last == "\u{0}" {
                    cell.removeLast(); cell.append("\"")
                } else if !isQuoted {
                    cell.append("\u{0}")
                }
            case "," where !isQuoted, "\n" where !isQuoted:
                cells.append(String(cell.filter { $0 != "\u{0}" }))
                cell = .init()
            default: cell.append(scalar)
            }
        }
        return cells
    }

    // MARK: What is seen once

    /// A file that another one includes is seen through it, by each command.
    @Test func includedFiles() throws {
        try scratch.write(
            "v/p1.xml",
            "<surface xmlns='http://www.tei-c.org/ns/1.0'><zone><line>one <w>word</w></line></zone></surface>")
        try scratch.write(
            "v/p2.xml",
            "<surface xmlns='http://www.tei-c.org/ns/1.0'><zone><line>two <w>word</w></line></zone></surface>")
        let include = { (name: String) in "<xi:include href='\(name)' xmlns:xi='http://www.w3.org/2001/XInclude'/>" }
        try scratch.write(
            "v/volume.xml",
            tei("<p/>").replacingOccurrences(
                of: "<text><body><p/></body></text>",
                with: "<sourceDoc>\(include("p1.xml"))\(include("p2.xml"))</sourceDoc>"))
        #expect(try run("$M query --format count //w v").output == "v/volume.xml: 2\n")
        #expect(try run("$M export --to text -o out v; ls out").output == "volume.txt\n")
        #expect(
            try run("$M validate v").errors.hasPrefix(
                "2 of 3 files: read as parts of the others, which include them\n1 file:"))
        #expect(try run("$M stats v | tail -1").output == run("$M stats v/volume.xml | tail -1").output)
        #expect(
            try run("$M index -o v.index v; $M search -i v.index word | tail -1").output.hasPrefix("2 hits; 1 document")
        )
        #expect(try run("$M show v | grep -c '^'").output == run("$M show v/volume.xml | grep -c '^'").output)
        // Alone, and where only a part of it is included, it is seen for itself.
        #expect(try run("$M query --format count //w v/p1.xml v/p2.xml").output == "v/p1.xml: 1\nv/p2.xml: 1\n")
        try scratch.write(
            "v/p1.xml",
            "<surface xmlns='http://www.tei-c.org/ns/1.0' xml:id='s'><zone><line>one <w>word</w></line></zone></surface>"
        )
        #expect(
            try run(
                "sed -i 's,p1.xml.,p1.xml\" xpointer=\"s\",; s,href=.p1,href=\"p1,' v/volume.xml; $M query --format count //w v"
            ).output.hasPrefix("v/p1.xml: 1\n"))
    }

    /// Two that include one another are both seen, so that the circle is reported.
    @Test func filesInACircle() throws {
        for (name, other) in [("a", "b"), ("b", "a")] {
            try scratch.write(
                "c/\(name).xml", tei("<p/><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='\(other).xml'/>")
            )
        }
        #expect(try run("$M validate c").output.contains("[xinclude-loop]"))
    }

    // MARK: Verdicts

    /// A document by whose own schema all is well is not invalid by a rule of ours, which is reported once.
    @Test func ourRulesAreWarnings() throws {
        let backwards = tei("<p><date notBefore='1999-01-02' notAfter='1998-01-01'>then</date></p>")
        try scratch.write("own.xml", backwards)
        #expect(try run("$M validate own.xml").code == 1)
        try scratch.write("any.rnc", "start = any any = element * { (attribute * { text } | text | any)* }")
        let result = try run("$M validate --schema any.rnc own.xml")
        #expect(result.code == 0 && result.errors == "1 file: 0 errors, 1 warning\n", "\(result.output)")
    }

    @Test(arguments: [
        ("<?xml-model href='a.xsd' schematypens='http://www.w3.org/2001/XMLSchema'?>", "it is in XML Schema"),
        ("<?xml-model href='tei.dtd'?>", "DTD"),
        ("<?xml-model?>", "names no schema"),
        ("<?xml-model href='a.nvdl' schematypens='http://purl.oclc.org/dsdl/nvdl/ns/structure/1.0'?>", "nvdl"),
    ])
    func aSchemaThatIsNotUsed(_ instruction: String, _ words: String) throws {
        try scratch.write("a.xml", tei("<p>x</p>", before: instruction))
        let result = try run("$M validate a.xml")
        #expect(
            result.output.contains("a.xml:1:1: warning:") && result.output.contains("[schema-unused]")
                && result.output.contains(words), "\(result.output)")
    }

    @Test func referencesInPseudoAttributes() throws {
        try scratch.write(
            "a&b'<.rng", "<element name='r' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>")
        try scratch.write("a.xml", "<?xml-model href=\"a&amp;b&apos;&#60;.rng\"?><r/>")
        #expect(try run("$M validate a.xml").code == 0)
        #expect(try run("sed -i 's,<r/>,<q/>,' a.xml; $M validate a.xml").output.contains("grammar-element"))
    }
}
