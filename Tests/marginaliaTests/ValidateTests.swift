import Foundation
import Support
import Testing

private let header = """
    <teiHeader><fileDesc><titleStmt><title>t</title></titleStmt><publicationStmt><publisher>p</publisher></publicationStmt>
    <sourceDesc><p>s</p></sourceDesc></fileDesc></teiHeader>
    """
private let valid = "<TEI xmlns='http://www.tei-c.org/ns/1.0'>\(header)<text><body><p>one</p></body></text></TEI>"

/// A schema that wants one outermost element; in two files where `includes`.
private func schema(_ element: String, includes: String? = nil) -> String {
    let include = includes.map { "<include href='\($0)'/>" } ?? "<define name='content'><empty/></define>"
    return """
        <grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><element name='\(element)'><ref name='content'/></element></start>\(include)</grammar>
        """
}

@Suite(.inRelease)
struct ValidateTests {
    private let scratch: TemporaryFolder

    init() throws {
        scratch = try TemporaryFolder()
    }

    private func run(_ line: String, _ environment: [String: String] = [:]) throws -> Execution {
        try Program.shell(
            line, in: scratch.path(""),
            environment: ["MARGINALIA_SCHEMAS": scratch.path("store")].merging(environment) { $1 }
        )
    }

    // MARK: Which schema

    @Test func allSchemasAreApplied() throws {
        try scratch.write("p.rng", schema("p"))
        try scratch.write("q.rng", schema("q"))
        try scratch.write("p.xml", "<p/>")
        #expect(try run("$M validate --schema p.rng p.xml").code == 0)
        #expect(try run("$M validate --schema p.rng --schema q.rng p.xml").code == 1)
        try scratch.write("both.xml", "<?xml-model href='p.rng'?><?xml-model href='q.rng'?><p/>")
        #expect(try run("$M validate both.xml").code == 1)
        try scratch.write("one.xml", "<?xml-model href='p.rng'?><?xml-model href='p.rng' type='application/xml'?><p/>")
        #expect(try run("$M validate one.xml").code == 0)
        #expect(try run("$M validate --schema nosuch.rng p.xml").code == 2)
        #expect(try run("$M validate --schema https://example.org/a.rng p.xml").errors.contains("schema-remote"))
    }

    @Test func anAddressThatNobodyKnowsIsAnError() throws {
        try scratch.write("a.xml", "<?xml-model href='https://example.org/a.rng'?>\n<p/>")
        let result = try run("$M validate a.xml")
        #expect(result.code == 1)
        #expect(result.output.hasPrefix("a.xml:1:1: error: the schema ‘https://example.org/a.rng’ is not at hand"))
        #expect(result.output.contains("marginalia schema add https://example.org/a.rng"))
    }

    /// What the grammar says of a place, no rule says again, even if the document names the rules itself.
    @Test(arguments: ["<gap/>", "<date xmlns=\"\">1994</date>", "<persName reff=\"#typist\">Lake</persName>"])
    func oneMistakeHasOneMessage(_ part: String) throws {
        let result = try run(
            """
            $M schema write -o schemas >/dev/null; $M new memo -o memo.xml
            sed 's|<?placeholder First paragraph?>|\(part)|' memo.xml >a.xml; grep -c xml-model a.xml
            $M validate --no-cache --ignore placeholder a.xml >found
            """)
        #expect(result.output == "2\n" && result.errors == "1 file: 1 error, 0 warnings\n", "\(result.errors)")
    }

    @Test func catalogsByOptionAndEnvironment() throws {
        try scratch.write("p.rng", schema("p"))
        try scratch.write("a.xml", "<?xml-model href='https://example.org/a.rng'?><p/>")
        let catalog =
            "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'><uri name='https://example.org/a.rng' uri='../p.rng'/></catalog>"
        try scratch.write("sub dir/c.xml", catalog)
        #expect(try run("$M validate --catalog 'sub dir/c.xml' a.xml").code == 0)
        #expect(try run("$M validate a.xml", ["XML_CATALOG_FILES": " sub%20dir/c.xml "]).code == 0)
        #expect(try run("$M validate --catalog 'sub dir/c.xml' --schema https://example.org/a.rng a.xml").code == 0)
        #expect(try run("$M validate --catalog p.rng a.xml").errors.contains("[catalog-root]"))
        #expect(try run("$M validate --catalog nosuch a.xml").code == 2)
    }

    // MARK: The store

    @Test func filesAreStoredListedAndRemoved() throws {
        try scratch.write("p.rng", schema("p", includes: "sub/c.rng"))
        try scratch.write(
            "sub/c.rng",
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><define name='content'><empty/></define></grammar>")
        try scratch.write("a.xml", "<?xml-model href='https://example.org/a.rng'?><p/>")
        let added = try run(
            "$M schema add p.rng --as https://example.org/a.rng && rm -r p.rng sub && $M validate a.xml && $M schema list"
        )
        #expect(added.code == 0, "\(added)")
        #expect(added.output == "https://example.org/a.rng\t\(scratch.path("store"))/schema-p-1/p.rng\n")
        #expect(try run("$M schema remove https://example.org/a.rng && $M schema list").output.isEmpty)
        #expect(try run("$M validate a.xml").code == 1)
        let missing = try run("$M schema remove https://example.org/a.rng")
        #expect(missing.code == 2 && missing.errors.contains("[store-unknown]"))
    }

    @Test(arguments: [
        ("$M schema add nosuch.rng --as https://x.org/a", "file-missing"), ("$M schema add p.rng", "store-address"),
        ("$M schema add a.xml --as https://x.org/a", "schema-language"),
        ("PATH=/nosuch $M schema add https://127.0.0.1:1/a.rng", "fetch-curl"),
        ("$M schema add ftp://127.0.0.1/a.rng", "store-address"),
        ("mkdir store; echo x > store/index.json; $M schema list", "store-index"),
        ("mkdir store; echo x > store/index.json; $M validate a.xml", "store-index"),
        ("echo x > store; $M schema add p.rng --as urn:x:y", "file-unwritable"),
    ])
    func whatGoesWrong(_ line: String, _ rule: String) throws {
        try scratch.write("p.rng", schema("p"))
        try scratch.write("a.xml", "<p/>")
        let result = try run(line)
        #expect(result.code == 2)
        #expect(result.errors.contains("[\(rule)]"), "\(result.errors)")
    }

    /// From a server on this machine: redirections, inclusions, failures.
    @Test(.enabled("curl or python3 is absent") { Program.hasPeer("command -v curl && test -x /usr/bin/python3") })
    func schemasAreFetchedOnceAndWhole() throws {
        try scratch.write("www/s/a.rng", schema("p", includes: "../t/c.rng"))
        try scratch.write(
            "www/t/c.rng",
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><define name='content'><empty/></define></grammar>")
        try scratch.write("www/broken.rng", schema("p", includes: "nosuch.rng"))
        try scratch.write("www/page.rng", "<html/>")
        try scratch.write(
            "server.py",
            """
            import http.server, threading, sys
            class Handler(http.server.SimpleHTTPRequestHandler):
                def do_GET(self):
                    if self.path in ("/latest", "/loop", "/file"):
                        self.send_response(302)
                        self.send_header("Location", {"/latest": "/s/a.rng", "/loop": "/loop", "/file": "file:///etc/passwd"}[self.path])
                        self.end_headers()
                    elif self.path == "/endless":
                        self.send_response(200)
                        self.end_headers()
                        try:
                            for _ in range(1000): self.wfile.write(b"x" * 1000000)
                        except OSError: pass
                    else: super().do_GET()
                def log_message(self, *arguments): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory="www"))
            threading.Timer(50, server.shutdown).start()
            print(server.server_port, flush=True)
            server.serve_forever()
            """)
        let result = try run(
            #"""
            coproc SERVER { exec /usr/bin/python3 server.py; }
            read -r port <&${SERVER[0]}; url=http://127.0.0.1:$port
            unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
            for name in broken.rng page.rng nosuch.rng loop file endless; do $M schema add $url/$name; echo "$name $?"; done
            find store -type f 2>/dev/null | wc -l
            $M schema add $url/latest; echo "latest $?"
            kill -9 $SERVER_PID
            echo "<?xml-model href='$url/latest'?><p/>" > a.xml; $M validate a.xml; echo "valid $?"
            echo "<?xml-model href='$url/s/a.rng'?><q/>" > b.xml; $M validate b.xml > /dev/null; echo "invalid $?"
            $M schema list | wc -l
            """#)
        let found = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(
            found == [
                "broken.rng 2", "page.rng 2", "nosuch.rng 2", "loop 2", "file 2", "endless 2", "0", "latest 0",
                "valid 0", "invalid 1", "1",
            ], "\(result)")
        for reason in [
            "its server says 404", "redirected too often", "larger than 64 MB", "included by", "[schema-language]",
        ] {
            #expect(result.errors.contains(reason), "\(reason): \(result.errors)")
        }
    }

    // MARK: Formats

    @Test(arguments: Program.formats(of: "validate").filter { $0 != "svrl" }) func validFilesAndExitCodes(
        _ format: String
    ) throws {
        try scratch.write("valid.xml", valid)
        try scratch.write("broken.xml", "<p>")
        // Not even root can read it.
        try scratch.link("unreadable.xml", to: "/proc/self/mem")
        #expect(try run("$M validate --format \(format) valid.xml").code == 0)
        #expect(try run("$M validate --format \(format) valid.xml broken.xml").code == 1)
        #expect(try run("$M validate --format \(format) valid.xml broken.xml unreadable.xml").code == 2)
        let pipe = try run("$M validate --format \(format) broken.xml | true; echo ${PIPESTATUS[0]}")
        #expect(["1\n", "141\n"].contains(pipe.output))
        #expect(pipe.errors.isEmpty || pipe.errors == "1 file: 1 error, 0 warnings\n")
    }

    @Test(.enabled("/dev/full is absent") { FileManager.default.fileExists(atPath: "/dev/full") })
    func aFullDisk() throws {
        #expect(try run("echo '<p>' | $M validate --format sarif - > /dev/full").code == 2)
    }

    /// Names that no encoding explains: nothing crashes, and what is written is UTF-8.
    @Test func namesThatAreNotUTF8() throws {
        let result = try run(
            "mkdir d; printf '<p>' > d/$'a\\xff\\xe9.xml' && printf '<p>' > d/$'b\\n::error::x.xml'; for f in text json sarif github junit; do $M validate --format $f d d/*; echo $?; done"
        )
        #expect(
            result.code == 0 && !result.errors.contains("Fatal") && !result.output.contains("\n::error::x"), "\(result)"
        )
    }

    // MARK: Which findings

    /// What is known is not reported; what is mended leaves the baseline, and what comes back is new.
    @Test func baseline() throws {
        func page(_ wrong: Int) -> String {
            valid.replacing("<p>one</p>", with: String(repeating: "\n<p nosuch='1'/>", count: wrong) + "<p>one</p>")
        }
        try scratch.write("old/a.xml", page(2))
        try scratch.write("old/b.xml", page(1))
        let validate = "$M validate --baseline known.tsv"
        let first = try run("\(validate) old")
        #expect(first.code == 0 && first.output.isEmpty)
        #expect(first.errors.contains("baseline: 3 findings written"))
        // Lines move, and the edition is validated from another folder.
        try scratch.write("old/a.xml", "<!-- one\ntwo -->" + page(2))
        let moved = try run("cd old && $M validate --baseline ../known.tsv .")
        #expect(moved.code == 0 && moved.errors.contains("baseline: 3 findings known"))
        try scratch.write("old/a.xml", page(3))
        let new = try run("\(validate) old")
        #expect(new.code == 1)
        #expect(new.output.hasPrefix("old/a.xml:5:4: error:") && new.errors.contains("1 valid: 1 error, 0 warnings"))
        for format in ["json", "sarif", "csv", "github"] {
            let report = try run("\(validate) --format \(format) old").output
            #expect(report.contains("nosuch") && !report.contains("b.xml:"), "\(format)")
        }
        try scratch.write("old/a.xml", page(1))
        #expect(try run("\(validate) old/b.xml").errors.contains("baseline: 3 findings known"))
        #expect(try run("\(validate) old").errors.contains("baseline: 2 findings known, 1 mended and taken out"))
        try scratch.write("old/a.xml", page(2))
        #expect(try run("\(validate) old").code == 1)
        // Of a file that cannot be read, nothing is known.
        try scratch.write("old/a.xml", "<p>")
        let broken = try run("\(validate) old")
        #expect(broken.code == 1 && broken.errors.contains("baseline: 2 findings known\n"))
        #expect(broken.output.contains("xml-"))
        for content in ["", "x", "# marginalia baseline 1\na\tb\tc\n"] {
            try scratch.write("known.tsv", content)
            let result = try run("\(validate) old")
            #expect(result.code == 2 && result.errors.contains("[baseline]"))
            #expect(try String(contentsOf: scratch.url("known.tsv"), encoding: .utf8) == content)
        }
    }

    @Test func rulesThatAreChosen() throws {
        try scratch.write("a.xml", valid.replacing("<p>one</p>", with: "<nosuch/><p hand='#h'/><nosuch/><p>one</p>"))
        let all = try run("$M validate a.xml")
        #expect(all.errors.hasSuffix("1 file: 3 errors, 0 warnings\n") && all.output.contains("\n2 times: error: "))
        #expect(try run("$M validate --all a.xml").output.contains("times:") == false)
        #expect(try run("$M validate --ignore grammar --ignore pointer-hand a.xml").code == 0)
        #expect(try run("$M validate --only pointer a.xml").errors == "1 file: 1 error, 0 warnings\n")
        let lowered = try run("$M validate --severity grammar=note --severity pointer=warning a.xml")
        #expect(lowered.code == 0 && lowered.errors == "1 file: 0 errors, 1 warning, 2 notes\n")
        let limited = try run("$M validate --all --max 1 --summary a.xml")
        #expect(limited.output.split(separator: "\n").filter { $0.contains(" error: ") }.count == 1)
        #expect(
            limited.errors.contains("2 findings not listed")
                && limited.errors.contains("\n  2 grammar-element-unknown\n"))
        let unknown = try run("$M validate --ignore pointr-hand --ignore unused-hand a.xml")
        #expect(unknown.errors.contains("no rule is called ‘pointr-hand’: did you mean ‘pointer-hand’?"))
        #expect(!unknown.errors.contains("unused"))
        for option in ["--severity grammar", "--severity grammar=bad", "--max -1", "--severity =note"] {
            #expect(try run("$M validate \(option) a.xml").code == 2, "\(option)")
        }
        try scratch.write("broken.xml", "<p>")
        #expect(try run("$M validate --ignore xml --only pointer --severity xml=note broken.xml").code == 1)
    }

    /// An editor pipes what is not saved yet: pointers and schemas are found from where the file lies.
    @Test func aPathForStandardInput() throws {
        try scratch.write("pages/p.rng", schema("p"))
        try scratch.write("pages/p.xml", "<?xml-model href='p.rng'?>\n<p/>")
        try scratch.write("new.xml", "<?xml-model href='p.rng'?>\n<q/>")
        let line = "$M validate --stdin-path pages/p.xml - < new.xml"
        let found = try run(line)
        #expect(found.code == 1 && found.output.hasPrefix("pages/p.xml:2:1: error:") && found.output.contains("| <q/>"))
        #expect(try run(line.replacing("pages/p.xml", with: "pages/unsaved.xml")).output.contains("| <q/>"))
        #expect(try run("$M validate --stdin-path pages/p.xml - < pages/p.xml").code == 0)
        #expect(try run("$M validate - < pages/p.xml").code == 1)
        #expect(try run("$M validate --stdin-path pages/p.xml new.xml").code == 2)
    }

    @Test func theBuiltInSchemaIsWritten() throws {
        let written = try run("$M schema write -o schemas")
        #expect(written.code == 0)
        for name in ["marginalia.rng", "marginalia.rnc", "marginalia.sch"] {
            #expect(try run("cmp schemas/\(name) \(Program.quote(Repository.path("Schemas/\(name)")))").code == 0)
        }
        let page = valid.replacing("<p>one</p>", with: "<p><supplied>one</supplied></p>")
        try scratch.write("a.xml", written.output + page)
        let (named, plain) = (
            try run("$M validate --format json a.xml"), try run("sed 1,2d a.xml | $M validate --format json -")
        )
        func rules(_ json: String) throws -> [String] {
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            return (object?["diagnostics"] as? [[String: Any]] ?? []).compactMap { $0["rule"] as? String }.sorted()
        }
        #expect(try rules(named.output) == rules(plain.output) && !rules(plain.output).isEmpty)
        #expect(try run("$M schema write -o schemas").code == 0)
        try scratch.write("schemas/marginalia.sch", "mine")
        #expect(try run("$M schema write -o schemas").errors.contains("file-exists"))
        #expect(try run("cat schemas/marginalia.sch").output == "mine")
        #expect(try run("$M schema write --force -o schemas; cat schemas/marginalia.sch").output.contains("pattern"))
    }

    /// SARIF's JSON Schema as Python's classes, which refuse what the schema does not allow.
    @Test(
        .enabled("pydantic-sarif is absent: run `make peers`") {
            Program.hasPeer("\(Program.python) -c 'import pydantic_sarif'")
        })
    func sarifIsValid() throws {
        try scratch.write("valid.xml", valid)
        let line = """
            cd Tests/marginaliaTests/Reports; $M validate --format sarif . ../BadInput > \(Program.quote(scratch.path("all.sarif"))) 2>/dev/null
            $M validate --format sarif \(Program.quote(scratch.path("valid.xml"))) > \(Program.quote(scratch.path("none.sarif")))
            sed s/ruleId/ruleName/ \(Program.quote(scratch.path("all.sarif"))) > \(Program.quote(scratch.path("wrong.sarif")))
            \(Program.python) - \(["all", "none", "wrong"].map { Program.quote(scratch.path($0 + ".sarif")) }.joined(separator: " ")) <<'PYTHON'
            import sys, pydantic
            from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log
            for file in sys.argv[1:]:
                try:
                    print(len(Log.model_validate_json(open(file).read()).runs[0].results) > 20)
                except pydantic.ValidationError as error:
                    print("invalid", error if "wrong" not in file else "")
            PYTHON
            """
        let result = try Program.shell(line)
        #expect(result.output == "True\nFalse\ninvalid \n", "\(result)")
    }
}
