import Foundation
import Support
import Testing

/// What could be a path out of a folder, a terminal's command, or the end of a value.
private let pieces = [
    "..", "/", "\\", "../../", "a", "A", "\u{E9}", "e\u{301}", " ", ".", "-", "--", "~", "%2F", "%00", ":", "=", "#",
    "?", "\u{202E}", "\u{200B}", "\u{9B}31m", "CON", "*",
    "$(id)", "'", "|", "=1+1", "\u{FEFF}", "\u{1F600}", String(repeating: "x", count: 90),
]

/// Hostile input in great numbers, always the same: nothing ends the program, and nothing is written beside its folder.
@Suite(.inRelease)
struct HostileInputTests {
    let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ line: String) throws -> Execution {
        try Program.shell(line, in: scratch.path(""), environment: ["MARGINALIA_CACHE": scratch.path("cache")])
    }

    private func name(_ generator: inout Generator) -> String {
        (0...Int.random(in: 0...4, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
    }

    /// Files that lie elsewhere than in these folders.
    private func strays(beside folders: [String]) throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: scratch.path("")).filter { path in
            try FileManager.default.attributesOfItem(atPath: scratch.path("") + path)[.type] as? FileAttributeType
                != .typeDirectory
        }
        return all.filter { path in !folders.contains { path.hasPrefix($0 + "/") } }
    }

    /// Parts of a text are removed, doubled, exchanged or replaced.
    private func mutated(_ text: String, _ insertions: [String], _ generator: inout Generator) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let range = start..<min(bytes.count, start + Int.random(in: 0...40, using: &generator))
            switch Int.random(in: 0...3, using: &generator) {
            case 0: bytes.removeSubrange(range)
            case 1: bytes.insert(contentsOf: bytes[range], at: Int.random(in: 0...bytes.count, using: &generator))
            case 2: bytes.replaceSubrange(range, with: insertions.randomElement(using: &generator)!.utf8)
            default: bytes[start] = UInt8.random(in: 1...255, using: &generator)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let document = """
        <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="NAME"><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt><publicationStmt><p>p</p></publicationStmt>
        <sourceDesc><listWit><witness xml:id="NAME" n="NAME"/></listWit></sourceDesc></fileDesc><profileDesc><handNotes><handNote xml:id="b">NAME</handNote></handNotes></profileDesc></teiHeader>
        <text><body><p>one <add hand="#NAME" change="#NAME">two</add> <app><rdg wit="#NAME">NAME</rdg></app><graphic url="NAME"/><gap reason="NAME"/></p></body></text></TEI>
        """

    private func document(_ generator: inout Generator) -> String {
        let name = name(&generator)
        return HostileInputTests.document.replacingOccurrences(
            of: "NAME", with: name.replacingOccurrences(of: "\u{9B}", with: "&#x9B;"))
    }

    /// A line is answered by a line, whatever is in it.
    @Test func linesOfAWorker() throws {
        var generator = Generator(seed: 1)
        var lines: [Data] = []
        let wrong = [
            "{", "{}", "[]", "null", "{\"path\": 1}", "{\"path\": \"a\", \"document\": {}}",
            "{\"path\": \"a\", \"base64\": \"%%\"}", "{\"path\": \"a\", \"document\": \"\\ud800\"}",
            "/dev/zero", "/dev/stdin", "-", "/", ".", "..", "{\"path\": \"\\u0000\", \"document\": \"<r/>\"}",
            "{\"path\": \"\", \"document\": \"<r/>\"}",
            String(repeating: "[", count: 100_000), "{\"path\": " + String(repeating: "{\"a\":", count: 5_000),
            String(repeating: "a", count: 300_000),
            "{\"path\": \"a\", \"document\": \"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r>&a;</r>\"}",
            "\u{1B}]0;x\u{7}",
        ]
        for number in 0..<1_500 {
            switch number % 5 {
            case 0: lines.append(Data(wrong.randomElement(using: &generator)!.utf8))
            case 1:
                lines.append(
                    Data(
                        (0..<Int.random(in: 1...200, using: &generator)).map { _ in
                            UInt8.random(in: 11...255, using: &generator)
                        }))
            case 2: lines.append(Data(name(&generator).utf8))
            default:
                let text = number % 5 == 3 ? document(&generator) : mutated(document(&generator), pieces, &generator)
                let fields =
                    number % 2 == 0
                    ? ["path": name(&generator), "document": text]
                    : ["path": name(&generator), "base64": Data(text.utf8).base64EncodedString()]
                let json = try JSONSerialization.data(withJSONObject: fields)
                lines.append(Int.random(in: 0...9, using: &generator) == 0 ? json.prefix(json.count / 2) : json)
            }
        }
        try (lines.reduce(into: Data()) { $0 += $1 + [0x0A] }).write(to: scratch.url("lines"))
        let result = try run(
            "timeout 300 $M worker --validate --stats --policy all --export text --export json --export html -o out < lines"
        )
        #expect(result.code == 0, "\(result.errors.suffix(500))")
        let answers = result.output.split(separator: "\n")
        #expect(answers.count == lines.count)
        for answer in answers {
            let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
            #expect(object?["path"] is String && object?["read"] is Bool)
        }
        #expect(try strays(beside: ["out", "cache"]) == ["lines"])
    }

    /// Files and documents of any name: each has results of its own in the folder.
    @Test func names() throws {
        var generator = Generator(seed: 2)
        try FileManager.default.createDirectory(at: scratch.url("in"), withIntermediateDirectories: true)
        var sources: Set<[UInt8]> = []
        while sources.count < 120 {
            let file = name(&generator).replacingOccurrences(of: "/", with: "\u{2215}") + ".xml"
            guard file.utf8.count < 250, !file.hasPrefix("."), sources.insert(Array(file.utf8)).inserted else {
                continue
            }
            #expect(
                FileManager.default.createFile(
                    atPath: scratch.path("in") + "/" + file, contents: Data(document(&generator).utf8)))
        }
        let result = try run("$M export --to text --to json --to html --policy all -o out in")
        #expect(result.code == 0, "\(result.errors.suffix(500))")
        #expect(try strays(beside: ["in", "out", "cache"]) == [])
        let pages = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).filter {
            $0.hasSuffix(".html")
        }
        #expect(Set(pages.map { Array($0.utf8) }).count >= sources.count)
        let again = try run("$M export --to text --to json --to html --policy all -o again in && diff -r out again")
        #expect(again.code == 0, "\(again.output.suffix(500))")
    }

    /// A schema of any form is used or refused with its place; it reads nothing that is not a schema.
    @Test func schemas() throws {
        var generator = Generator(seed: 3)
        let grammars = [
            (
                "rng",
                """
                <grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><start><ref name="r"/></start>
                <define name="r"><element name="r"><optional><attribute name="n"><data type="token"><param name="pattern">[a-z]+(b|c)*</param></data></attribute></optional>
                <zeroOrMore><choice><ref name="p"/><interleave><text/><element><anyName><except><name>p</name></except></anyName><empty/></element></interleave></choice></zeroOrMore></element></define>
                <define name="p" combine="choice"><element name="p"><list><oneOrMore><choice><value>a</value><data type="integer"/></choice></oneOrMore></list></element></define></grammar>
                """
            ),
            (
                "rnc",
                """
                default namespace = ""
                start = r
                r = element r { attribute n { xsd:token { pattern = "[a-z]+(b|c)*" } }?, (p | (text & element * - p { empty }))* }
                p |= element p { list { ("a" | xsd:integer)+ } }
                """
            ),
            (
                "sch",
                """
                <schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="x" uri="urn:x"/><let name="v" value="count(//p)"/>
                <pattern id="a" abstract="true"><rule context="$c"><assert test="$v = 1 or matches(., '[a-z]+')" diagnostics="d">a <value-of select="."/></assert></rule></pattern>
                <pattern is-a="a"><param name="c" value="p"/></pattern><pattern><rule context="r[p]/@n | x:q"><report test="string-length(.) > 2">b</report></rule></pattern>
                <diagnostics><diagnostic id="d">d <name/></diagnostic></diagnostics></schema>
                """
            ),
        ]
        let insertions = [
            "<externalRef href=\"/dev/zero\"/>", "<include href=\"../secret.txt\"/>", "external \"../secret.txt\"",
            "include \"/dev/zero\"", "\\x{0}", "\\x{110000}", "<ref name=\"r\"/>", "r",
            "<choice><ref name=\"p\"/><group><ref name=\"p\"/><ref name=\"p\"/></group></choice>", "((((((((((",
            "[a-z]{1,100000}", "\\p{Lu}", "(a|a)*b", "(a*)*", "{99999999999999999999}",
            "<param name=\"length\">-1</param>", "xsd:dateTime { maxInclusive = \"x\" }", "document('/dev/zero')",
            "for $i in 1 to 3 return $i", "replace(., '', '')", "//*[//*]", "<!--", "<![CDATA[",
            "&lt;", "\u{0301}", "\u{202E}", "div {", "}", "parent x", "inherit = x", "mixed { text }", "xml-model",
        ]
        try scratch.write("secret.txt", "the secret line\n")
        let count = 600
        for number in 0..<count {
            let (kind, text) = grammars[number % grammars.count]
            try scratch.write("f/\(number).\(kind)", mutated(text, insertions, &generator))
            try scratch.write(
                "f/\(number).xml", "<?xml-model href=\"\(number).\(kind)\"?>\n<r n='ab'><p>a 1</p>text<q/></r>\n")
        }
        let result = try run("timeout 300 $M validate f")
        #expect([0, 1].contains(result.code), "\(result.code) \(result.errors.suffix(500))")
        #expect(result.errors.hasPrefix("\(count) files, "))
        #expect(!result.output.contains("the secret line"))
        #expect(
            result.output.split(separator: "\n").allSatisfy {
                $0.hasPrefix("  ") || $0.contains(#/^f/\d+\.\w+:\d+:\d+: (error|warning): /#)
            })
        #expect(try strays(beside: ["f", "cache"]) == ["secret.txt"])
    }
}

/// The inputs that did harm once, as they were found.
@Suite(.inRelease, .hasData("faults/security"))
struct ReproducerTests {
    let scratch: TemporaryFolder

    /// Each test has a copy, in which it may write.
    init() throws {
        scratch = try TemporaryFolder()
        _ = try run(
            "cp -r \(Program.quote(Repository.data + "/faults")) faults; chmod -R u+w faults; sleep 0.05; touch faults/lib.sh"
        )
    }

    /// In a folder of the reproducers, within five gigabytes and a minute.
    private func run(_ line: String, in folder: String = "") throws -> Execution {
        let limited = "ulimit -v 5000000; m() { timeout 60 $M \"$@\"; }; \(line)"
        return try Program.shell(
            limited, in: scratch.path(folder),
            environment: ["MARGINALIA_CACHE": scratch.path("cache"), "MARGINALIA": Program.path])
    }

    @Test(arguments: ["e01-cp1252", "v09-xml-model-amp", "v15-xmlbase", "t58-space"]) func check(_ name: String) throws
    {
        let result = try run("bash \(name).sh", in: "faults")
        #expect(result.code == 0, "\(result.output)")
    }

    @Test(arguments: [
        // What is included is limited.
        ("A1-xinclude-text-bomb", "sed -i '/ulimit/d' make.sh; sh make.sh; m export --to html bomb.xml >page", 2),
        ("A1-xinclude-text-bomb", "sed -i '/ulimit/d' make.sh; sh make.sh; m validate bomb.xml", 1),
        // A grammar that doubles is compiled, and the document does not follow it.
        ("B1-exp-choice-refs", "m validate --schema exp-choice-refs.rng a.xml", 1),
        // A schema that is a device, or no schema at all.
        ("B2-schema-include-outside-root", "m validate --root . doc-include-secret.xml", 1),
        ("B2-schema-include-outside-root", "m validate doc-z.xml", 1),
        // A rule that makes ever longer strings is reported; the other documents are validated.
        ("B3-string-doubling", "m validate -j 1 .", 1),
        ("C2-xmlid-traversal", "m export --to text -o deep/er/out corp.xml", 0),
        ("C2-xmlid-traversal", "echo corp.xml | m worker --export text -o deep/er/out", 0),
        // The same is found again, and texts go to files of their own.
        ("D1-nfc-nfd", "m validate -j 1 n >/dev/null; m validate -j 1 n", 1),
        ("D2-policy-file-collision", "m export --to text --policy all -o out wit.xml", 0),
        ("D3-root-escape-NFD", "m export --to text --root r/\u{E9} r/\u{E9}/d.xml", 2),
        ("D4-rng-names-NFC", "m validate --schema v2.rng v2.xml", 1),
        ("D4-rng-names-NFC", "m validate --schema v3.rng v3.xml", 1),
    ]) func isInert(_ folder: String, _ line: String, _ code: Int32) throws {
        let result = try run(line, in: "faults/security/\(folder)")
        #expect(result.code == code, "\(result.output.suffix(300))\(result.errors.suffix(300))")
        #expect(!(result.output + result.errors).contains("SECRET"), "\(result.output)")
        // Nothing is written but where it was asked for.
        let made = try run(
            "find . -newer faults/lib.sh -type f | grep -v -e ^./cache/ -e /out/ -e '/\\(bomb.xml\\|big.txt\\|make.sh\\|page\\)$'"
        ).output
        #expect(made.isEmpty, "\(made)")
    }

    /// Of several hands and texts each has its own file.
    @Test func filesOfTexts() throws {
        let counts = try run(
            "m export --to text --policy all -o out wit.xml hh.xml; find out -type f | wc -l; find out -type f | sort -fu | wc -l",
            in: "faults/security/D2-policy-file-collision")
        #expect(Set(counts.output.split(separator: "\n").suffix(2)).count == 1 && counts.code == 0)
        #expect(
            try run(
                "m export --to text --policy all -o out xinclude/doc.xml hands.xml; echo $?",
                in: "faults/security/D1-nfc-nfd"
            ).output.hasSuffix("0\n"))
    }

    /// What took minutes takes seconds: long lines, many ids, attributes, entities and arguments.
    @Test func slowInputs() throws {
        _ = try run(
            "python3 make.py; mkdir many; cd many; for i in $(seq 20000); do echo '<r/>' >$i.xml; done",
            in: "faults/security/A-perf")
        // Each within some times the processor's time that it needs; before, each took from 8 seconds to minutes.
        for (line, seconds) in [
            ("m export --to json one-line.xml >out.json", 4), ("m query //hi one-line.xml >out", 3),
            ("m index -o one.index one-line.xml", 3), ("m validate dup-ids.xml >out", 25),
            ("m export --to text dup-ids.xml >out", 4),
            ("m validate --schema \(Program.quote(Repository.path("Schemas/marginalia.rng"))) attributes.xml >out", 3),
            ("m export --to text entity.xml >out", 3), ("cd many; m validate --no-cache *.xml >out", 10),
        ] {
            let timed =
                "exec 3>&2; TIMEFORMAT='%U %S'; { time ( { \(line); } 2>&3 ); } 2>used; code=$?; cat used; exit $code"
            let result = try run(timed, in: "faults/security/A-perf")
            let used = result.output.split { $0.isWhitespace }.compactMap { Double($0) }
            try #require(used.count == 2, "\(line): \(result.output)")
            #expect(result.code < 3 && used[0] + used[1] < Double(seconds), "\(line): \(result.code) after \(used)")
        }
    }
}
