import Foundation
import Support
import Testing

/// Many files at once, bad ones among them, and what ends a run before its time.
@Suite(.inRelease)
struct RunTests {
    private let scratch = try! TemporaryFolder()

    /// A document whose text is long enough to take a moment.
    private func document(_ title: String, paragraphs: Int = 200) -> String {
        let body = (1...paragraphs).map {
            "<p n=\"\($0)\">\(title) \($0): the <choice><sic>old</sic><corr>new</corr></choice> <persName>name</persName>.</p>"
        }.joined(separator: "\n")
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
        try scratch.write(
            "in/1/wrong.xml", document("Wrong").replacingOccurrences(of: "<corr>new</corr>", with: "<nonsense/>"))
        try scratch.link("in/2/vanished.xml", to: "nowhere.xml")
    }

    /// With a cache of the test's own.
    private func run(_ line: String) throws -> Execution {
        try Program.shell(line, in: scratch.path(""), environment: ["MARGINALIA_CACHE": scratch.path("cache")])
    }

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

    @Test(
        "the same bytes and exit code for any number of threads",
        arguments: Program.formats(of: "validate"))
    func validate(format: String) throws {
        try makeCorpus()
        let results = try ["1", "2", "7"].map { try run("$M validate --force --format \(format) -j \($0) in") }
        #expect(results[0].code == 2)
        #expect(results[0].output.contains("broken.xml") && results[0].errors.contains("24 files"))
        for result in results.dropFirst() {
            #expect(
                (result.code, result.output, result.errors) == (results[0].code, results[0].output, results[0].errors))
        }
    }

    @Test("the same files for any number of threads")
    func export() throws {
        try makeCorpus()
        let results = try ["1", "2", "7"].map {
            try run("$M export --to text --to json --to html -j \($0) -o out\($0) in")
        }
        let trees = try ["out1", "out2", "out7"].map(files)
        #expect(results[0].code == 2)
        #expect(trees[0].count == 21 * 3 + 3)
        for number in 1...2 {
            #expect(trees[number] == trees[0])
            #expect(results[number].errors == results[0].errors)
        }
    }

    @Test("documents that would be written to one file are refused before anything is written")
    func sameName() throws {
        for name in ["a/memo.xml", "a/memo.tei", "b/memo.xml", "b/memo.tei"] {
            try scratch.write(name, document(name, paragraphs: name == "a/memo.tei" ? 3000 : 1))
        }
        let result = try run("$M export --to text -j 3 -o out a b")
        #expect(result.code == 2)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out")))
        #expect(result.errors.contains("a/memo.xml:1:1") && result.errors.contains("b/memo.xml:1:1"))
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

    @Test("a report that waits on the disk says so where it cannot", arguments: ["sarif", "junit", "svrl"])
    func waitingReport(format: String) throws {
        try makeCorpus()
        let result = try run("TMPDIR=$PWD/nowhere $M validate --format \(format) in")
        #expect(result.code == 2 && result.output.isEmpty)
        #expect(result.errors.contains("nowhere’ cannot be written [file-unwritable]"))
        // Of a full disk not half a report remains.
        let full = try run(
            "trap '' XFSZ; ulimit -f 1; $M validate --format \(format) --no-cache in | cat; exit ${PIPESTATUS[0]}")
        #expect(full.code == 2 && full.output.isEmpty && full.errors.contains("cannot be written"))
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
        let make =
            #"mkdir -p in/sub && ln -s .. in/sub/back && cp plain.xml 'in/a b.xml' && cp plain.xml $'in/c\nd.xml' && cp plain.xml $'in/e\xE9\xFF.xml'"#
        #expect(try run(make).code == 0)
        let folder = try run("$M validate in")
        #expect(folder.code == 0 && folder.errors.hasPrefix("3 files, 3 valid"))
        let list = try run("find in -name '*.xml' -print0 | $M validate --from0")
        #expect(list.code == 0 && list.errors.hasPrefix("3 files, 3 valid"))
        let export = try run(
            #"$M export --to text -o out --from0 < <(find in -name '*.xml' -print0) && cmp $'out/e\xE9\xFF.txt' 'out/a b.txt' && ls out | wc -l"#
        )
        #expect(export.code == 0)
        #expect(try run(#"$M export --to text $'in/e\xE9\xFF.xml' | cmp - 'out/a b.txt'"#).code == 0)
        for wrong in [
            "$M validate --from0 in < /dev/null", "$M validate",
            "printf -- '-\\0' | $M validate --from0",
        ] {
            let result = try run(wrong)
            #expect(result.code == 2 && result.errors.contains("help: name"))
        }
    }

    // MARK: What was done before

    private let schema = """
        <grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><element><anyName/><zeroOrMore><choice><attribute><anyName/></attribute>\
        <text/><ref name="any"/></choice></zeroOrMore></element></start><define name="any"><element><anyName/><zeroOrMore><choice>\
        <attribute><anyName/></attribute><text/><ref name="any"/></choice></zeroOrMore></element></define></grammar>
        """

    @Test("what has not changed is not looked at again, and is reported again")
    func validatedBefore() throws {
        try makeCorpus()
        let first = try run("$M validate in")
        #expect(first.code == 2)
        // A line for each document that is looked at.
        func lines() throws -> String { try run("cat cache/runs/*.run | wc -l").output }
        let noted = try lines()
        let second = try run("touch in/*/[0-9].xml; $M validate in")
        #expect((second.code, second.output, second.errors) == (first.code, first.output, first.errors))
        #expect(try lines() == noted)
        #expect(
            try run("sed -i s/nonsense/nonesuch/g in/1/wrong.xml; $M validate in").output.contains(
                "no element <nonesuch>"))
        #expect(
            try Int(lines().trimmingCharacters(in: .newlines))
                == Int(noted.trimmingCharacters(in: .newlines)).map { $0 + 1 })
        // In place, with its size and time.
        #expect(
            try run(
                "touch -r in/1/wrong.xml t; sed s/nonesuch/nonsense/g in/1/wrong.xml > x; cat x > in/1/wrong.xml; touch -r t in/1/wrong.xml; $M validate in"
            ).output == first.output)
        #expect(try run("$M validate --force in").output == first.output)
        #expect(try lines() == noted)
    }

    @Test("what depends on more than files is not noted: pipes, the time, what is refused unread")
    func notNoted() throws {
        try scratch.write(
            "a.xml",
            document("a", paragraphs: 1).replacingOccurrences(
                of: "<persName>", with: #"<persName ref="people.xml#ann">"#))
        try scratch.write("people.xml", #"<x xml:id="ann"/>"#)
        #expect(
            try run(
                "$M export --to text -o out - < a.xml; sed s/a/b/g a.xml | $M export --to text -o out -; cat out/stdin.txt"
            ).output.contains("b 1"))
        #expect(
            try run("for _ in 1 2; do sed 's/ ref=.people.xml#ann.//' a.xml | $M validate - 2>&1; done").output
                == "1 file: 0 errors, 0 warnings\n1 file: 0 errors, 0 warnings\n")
        #expect(try run("$M validate --root later a.xml").code == 2)
        #expect(try run("ln -s . later; $M validate --root later a.xml").code == 0)
        try scratch.write(
            "now.sch",
            """
            <schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern><rule context="/*"><report test="true()">\
            <value-of select="current-dateTime()"/></report></rule></pattern></schema>
            """)
        let told = try (1...2).map { _ in try run("$M validate --schema now.sch a.xml").output }
        #expect(told[0] != told[1])
    }

    @Test("a document is looked at again when what it includes, points at or is validated by has changed, or an option")
    func dependencies() throws {
        try scratch.write(
            "people.xml",
            #"<TEI xmlns="http://www.tei-c.org/ns/1.0"><standOff><listPerson><person xml:id="ann"/></listPerson></standOff></TEI>"#
        )
        try scratch.write("part.xml", #"<p xmlns="http://www.tei-c.org/ns/1.0" xml:id="part"/>"#)
        try scratch.write("schema.rng", schema)
        try scratch.write(
            "memo.xml",
            document("memo", paragraphs: 1).replacingOccurrences(
                of: "<persName>", with: #"<persName ref="people.xml#ann">"#
            )
            .replacingOccurrences(
                of: "</body>",
                with:
                    ##"<ptr target="#part"/><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="part.xml"/></body>"##
            ))
        let command = "$M validate --schema schema.rng memo.xml"
        #expect(try run(command).errors.hasPrefix("1 file: 0 errors"))
        #expect(try run("sed -i s/ann/bob/ people.xml; \(command)").output.contains("people.xml#ann"))
        #expect(try run("rm people.xml; \(command)").output.contains("people.xml"))
        #expect(try run("echo '<x xml:id=\"ann\"/>' > people.xml; \(command)").errors.hasPrefix("1 file: 0 errors"))
        #expect(try run("sed -i s/part/rest/ part.xml; \(command)").output.contains("#part"))
        #expect(try run("sed -i s/rest/part/ part.xml; \(command)").errors.hasPrefix("1 file: 0 errors"))
        #expect(
            try run("sed -i '0,/<anyName.>/s//<name>other<\\/name>/' schema.rng; \(command)").output.contains("other"))
        #expect(try run("$M validate --schema schema.rng --format github memo.xml").output.hasPrefix("::error"))
    }

    @Test("an export writes again what has changed, in itself or where it was written, and the site stays whole")
    func exportedBefore() throws {
        for number in 0..<5 { try scratch.write("in/\(number).xml", document("Number \(number)", paragraphs: 3)) }
        let export = "$M export --to html --to text -o out in"
        func times() throws -> [String: String] {
            let lines = try run("stat -c '%n %i %y' out/[0-9].*").output.split(separator: "\n").map {
                $0.split(separator: " ", maxSplits: 1).map(String.init)
            }
            return Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1]) })
        }
        #expect(try run(export).code == 0)
        let (first, files) = (try times(), try files(in: "out"))
        #expect(first.count == 10)
        #expect(try run("touch in/*.xml; \(export)").code == 0)
        #expect(try times() == first)
        #expect(try run("rm out/1.txt; echo more >> out/2.html; sed -i s/old/older/ in/3.xml; \(export)").code == 0)
        let second = try times()
        #expect(
            Set(first.keys.filter { first[$0] != second[$0] }) == [
                "out/1.txt", "out/1.html", "out/2.txt", "out/2.html", "out/3.txt", "out/3.html",
            ])
        #expect(try run("sed -i s/older/old/ in/3.xml; \(export)").code == 0)
        #expect(try self.files(in: "out") == files)
        #expect(try run("\(export) --force").code == 0)
        #expect(try times().allSatisfy { second[$0] != $1 })
    }

    @Test("--watch reports a save within a tenth of a second of the time that a run takes")
    func watch() throws {
        try scratch.write("memo.xml", document("memo", paragraphs: 20))
        // One save after the other, and how much longer it takes until the report is there than a run of its own takes.
        // The machine does other things besides, which delay some of them: a slow watch delays all.
        let line = """
            $M validate --watch memo.xml > found 2> told & watcher=$!
            trap 'kill -9 $watcher' EXIT
            lines() { cat told found | grep -c "$1"; }
            until [ "$(lines '1 file')" = 1 ]; do sleep 0.01; done
            for number in 1 2 3 4 5 6 7 8; do
                start=$(date +%s%N); $M validate --no-cache memo.xml > alone 2>&1; alone=$(($(date +%s%N) - start))
                sleep 0.3; start=$(date +%s%N)
                if [ $((number % 2)) = 1 ]; then sed s/corr/nonsense/g memo.xml > new; else sed s/nonsense/corr/g memo.xml > new; fi
                mv new memo.xml
                until [ "$(lines '1 file')" = $((number + 1)) ]; do sleep 0.005; done
                echo $((($(date +%s%N) - start - alone) / 1000000))
            done
            lines '1 file: 0 errors'
            """
        let numbers = try run(line).output.split(separator: "\n").compactMap { Int($0) }
        try #require(numbers.count == 9)
        #expect(numbers.prefix(8).sorted()[1] < 100, "\(numbers)")
        #expect(numbers[8] == 5)
    }

    @Test("--watch sees what is mended, what comes and goes, and is quiet in between")
    func watchedFolder() throws {
        for name in ["a", "b"] { try scratch.write("in/\(name).xml", document(name, paragraphs: 2)) }
        try scratch.write("in/c.xml", "<TEI")
        let result = try run(
            """
            $M export --watch --to text -o out in > told 2>&1 & watcher=$!
            trap 'kill -9 $watcher' EXIT
            wait_for() { for _ in $(seq 500); do eval "$1" && return; sleep 0.02; done; echo "not seen: $1"; }
            wait_for 'grep -q c.xml told && [ -f out/b.txt ]'
            sed 's/a 1/mended 1/' in/a.xml > in/c.xml; wait_for 'grep -q mended out/c.txt 2>/dev/null'
            rm in/b.xml; wait_for 'grep -q "2 files: exported" told'
            sed 's/a 1/new 1/' in/a.xml > in/d.xml; wait_for '[ -f out/d.txt ]'
            sleep 0.3; before=$(wc -l < told); sleep 0.5; [ "$before" = "$(wc -l < told)" ] || echo "not quiet"
            [ "$before" -lt 20 ] || echo "too much is told: $before"
            """)
        #expect(result.output == "")
    }

    @Test("one that has vanished from a list costs itself")
    func vanished() throws {
        try scratch.write("a.xml", document("a", paragraphs: 1))
        let result = try run("printf 'a.xml\\0gone.xml\\0' | $M validate --from0")
        #expect(result.code == 2)
        #expect(result.output.contains("gone.xml") && result.errors == "2 files, 1 valid: 1 error, 0 warnings\n")
    }

    // MARK: Ends before the time

    /// Thirty moments, in seconds, between the begin of a run and its end.
    private func moments(of line: String, code: Int32) throws -> [Double] {
        let start = ContinuousClock.now
        #expect(try run(line).code == code)
        let time = start.duration(to: .now) / .seconds(1)
        return (0..<30).map { Double($0) / 30 * time }
    }

    @Test("what a killed run leaves is whole, and the next run completes it")
    func killed() throws {
        for number in 0..<30 { try scratch.write("in/\(number).xml", document("Number \(number)", paragraphs: 60)) }
        let moments = try moments(of: "$M export --to text --to html -o whole in", code: 0)
        let whole = try files(in: "whole")
        var unfinished = 0
        for (number, moment) in moments.enumerated() {
            // What earlier runs have noted is left to the next one, but where it is asked below what this one has
            // noted. Bash tells of what it kills.
            _ = try run(
                "rm -rf out \(number % 3 == 0 ? "cache" : ""); $M export --to text --to html -o out in & sleep \(moment); kill -9 $! 2>/dev/null; wait $! 2>/dev/null; true"
            )
            let left = try files(in: "out")
            let visible = left.filter { !$0.key.hasPrefix(".") }
            #expect(visible.allSatisfy { whole[$0.key] == $0.value })
            if visible.count < whole.count { unfinished += 1 }
            guard number % 3 == 0 else { continue }
            // What was noted as done is not done again. Of the last line there may be half.
            let finished = try run(
                "cd out; sed '$d' ../cache/runs/* | cut -f 1 | sed -n 's,^in/,,p' | sed 's/xml$/html/' | xargs -r ls -i 2>/dev/null; true"
            ).output
            #expect(try run("$M export --to text --to html -o out in").code == 0)
            #expect(try files(in: "out") == whole)
            let inodes = try run("ls -i out | sed 's/^ *//'").output.split(separator: "\n")
            #expect(
                finished.split(separator: "\n").allSatisfy { line in inodes.contains { $0 == line.drop { $0 == " " } } }
            )
        }
        #expect(unfinished > 10)
    }

    @Test(
        "what a killed run leaves of an index can be searched, and the next run completes it; for any number of threads it is the same"
    )
    func killedIndex() throws {
        for number in 0..<30 { try scratch.write("in/\(number).xml", document("Number \(number)", paragraphs: 60)) }
        try scratch.write("in/broken.xml", "<TEI><text>")
        func search(_ index: String) throws -> Execution {
            try run("$M search -i \(index) --limit 100000 --format json 'number OR name'")
        }
        #expect(try run("$M index -j 1 -o whole.index in").code == 2)
        let whole = try search("whole.index")
        #expect(whole.code == 0 && whole.output.contains("Number 29"))
        let moments = try moments(of: "$M index -j 7 -o other.index in", code: 2)
        #expect(try search("other.index").output == whole.output)
        var unfinished = 0
        for (number, moment) in moments.enumerated() {
            _ = try run(
                "rm -f part.index*; $M index -o part.index in & sleep \(moment); kill -9 $! 2>/dev/null; wait $! 2>/dev/null; true"
            )
            let left = try search("part.index")
            #expect(left.code == 0 || left.errors.contains("part.index"), "\(left.errors)")
            if left.output != whole.output { unfinished += 1 }
            guard number % 3 == 0 else { continue }
            #expect(try run("$M index -o part.index in").code == 2)
            #expect(try search("part.index").output == whole.output)
        }
        #expect(unfinished > 10)
        #expect(
            try run("$M index -o part.index in; ls | grep -v cache").output
                == "in\nother.index\npart.index\nwhole.index\n")
    }

    @Test("an index on a full disk, in two runs at once, in a folder that is not there, and one that is none")
    func unwritableIndex() throws {
        for number in 0..<20 { try scratch.write("in/\(number).xml", document("Number \(number)")) }
        let full = try run("trap '' XFSZ; ulimit -f 200; $M index -o full.index in")
        #expect(full.code == 2 && full.errors.contains("full.index"))
        #expect(try run("$M index -o full.index in && $M search -i full.index number").code == 0)
        let both = try run(
            "$M index -o both.index in & $M index -o both.index in; first=$?; wait $!; echo $first $?; $M index -o both.index in && $M search -i both.index --limit 1 number"
        )
        #expect(both.code == 0 && both.output.contains("20 documents"))
        for wrong in [
            "$M index -o nowhere/x.index in", "$M index -o in in", "$M index -o in/1.xml in", "$M search -i in/1.xml x",
            "$M search -i nothing x",
        ] {
            let result = try run(wrong)
            #expect(result.code == 2 && result.errors.contains("help:"), "\(wrong)")
        }
        #expect(try String(contentsOfFile: scratch.path("in/1.xml"), encoding: .utf8) == document("Number 1"))
    }

    @Test("an index follows what is changed, comes and goes")
    func indexedBefore() throws {
        for name in ["a", "b", "c"] { try scratch.write("in/\(name).xml", document(name, paragraphs: 2)) }
        #expect(try run("$M index in").errors == "3 documents indexed\n")
        #expect(try run("$M index in").errors == "0 documents indexed, 3 files unchanged\n")
        #expect(
            try run("rm in/a.xml; sed -i s/old/older/ in/b.xml; $M index in").errors
                == "1 document indexed, 1 file unchanged, 1 file taken out\n")
        #expect(try run("$M index --policy diplomatic in; $M search older").output.hasPrefix("in/b.xml:2:"))
        #expect(try run("$M search --policy reading older").errors.contains("diplomatic"))
        // From elsewhere it is the same index, if it may read the same files.
        #expect(try run("touch marginalia.toml; $M index in").errors == "0 documents indexed, 2 files unchanged\n")
        #expect(
            try run("mkdir else; cd else; $M index -o ../marginalia.index ../in").errors
                == "0 documents indexed, 2 files unchanged\n")
        #expect(try run("cd in; $M search -i ../marginalia.index older").output.hasPrefix("b.xml:2:"))
        let broken = try run("echo '<TEI' > in/b.xml; $M index in; $M search older; $M index - < in/c.xml")
        #expect(broken.code == 2 && broken.output.hasPrefix("0 hits") && broken.errors.contains("standard input"))
        #expect(
            try run(
                "head -c 4096 marginalia.index > x; mv x marginalia.index; $M index in || $M index --force in; $M search c"
            ).output.hasPrefix("in/c.xml"))
    }

    @Test(
        "a date that is none, or of another age, is no reason to end",
        arguments: ["nan", "inf", "1e300", "9223372036854775807", "--07-13", "-0044-03-15", "1994-99-99", ""])
    func strangeDates(date: String) throws {
        try scratch.write(
            "a.xml",
            document("a", paragraphs: 1).replacingOccurrences(
                of: "</teiHeader>",
                with: "<profileDesc><creation><date when=\"\(date)\">x</date></creation></profileDesc></teiHeader>"))
        try scratch.write(
            "b.xml",
            document("b", paragraphs: 1).replacingOccurrences(
                of: "</teiHeader>",
                with: "<profileDesc><creation><date when=\"1994\">x</date></creation></profileDesc></teiHeader>"))
        for options in ["--by year", "--by century --format csv", "--format svg", "--format json"] {
            #expect(try run("$M stats \(options) a.xml b.xml").code == 0, "\(options)")
        }
        #expect(
            try run("$M stats --by year a.xml").output.contains(
                date == "-0044-03-15" ? "-44" : date == "1994-99-99" ? "1994" : "undated"))
        #expect(
            try run(
                "$M export --to html -o out a.xml b.xml && $M index a.xml b.xml && $M search --from 1990 --facets name"
            ).code == 0)
    }

    @Test(
        "statistics are the same for any number of threads, and a bad file costs itself",
        arguments: Program.formats(of: "stats"))
    func statistics(format: String) throws {
        try makeCorpus()
        let results = try ["1", "7"].map {
            try run("$M stats --by hand -j \($0) --format \(format) in; $M stats -j \($0) --format \(format) in")
        }
        #expect(results[0].code == 2 && results[0].errors.contains("broken.xml"))
        #expect(results[0].output == results[1].output && results[0].output.contains("main hand") == false)
        if format == "svg" { #expect(try run("$M stats --format svg in > x.svg; xmllint --noout x.svg").code == 0) }
        if format == "csv" { #expect(results[0].output.contains("wrong,,words,,hand unknown,")) }
    }

    @Test("two runs into one folder at once leave what one leaves")
    func together() throws {
        for number in 0..<20 { try scratch.write("in/\(number).xml", document("Number \(number)")) }
        #expect(try run("$M export --to text --to html -o one in").code == 0)
        #expect(
            try run("$M export --to text --to html -o out in & $M export --to text --to html -o out in && wait $!").code
                == 0)
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

    @Test(
        "texts from a file that is read in parts are those of the file as a whole, for any number of threads; a bad file costs itself"
    )
    func streamed() throws {
        try scratch.write("large.xml", document("large", paragraphs: 4000))
        let memo = document("memo", paragraphs: 3)
        try scratch.write(
            "corpus.xml", "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'>\(document("a"))\(document("b"))</teiCorpus>")
        try scratch.write("memo.xml", memo)
        try scratch.write("bad.xml", memo.replacingOccurrences(of: "</p>", with: "</q>"))
        let files = "large.xml bad.xml corpus.xml memo.xml"
        let whole = try run("$M export --to text --policy all -o whole \(files)")
        let parts = try run("$M export --to text --policy all -o parts --stream -j 3 \(files)")
        let one = try run("$M export --to text --policy all -o one --stream -j 1 \(files)")
        #expect(whole.code == 2 && parts.code == 2 && one.code == 2)
        #expect(parts.errors == one.errors && parts.errors.contains("bad.xml:"))
        let expected = try self.files(in: "whole")
        #expect(expected.count > 10)
        #expect(try self.files(in: "parts") == expected)
        #expect(try self.files(in: "one") == expected)
        #expect(try run("$M export --to text --stream large.xml").output == run("$M export --to text large.xml").output)
        // Of two that are written to one place the last stays, as in an export of the whole.
        let hands =
            "<profileDesc><handNotes><handNote n='a b'/><handNote n='a-b'/><handNote/><handNote/></handNotes></profileDesc>"
        try scratch.write(
            "same.xml", document("same").replacingOccurrences(of: "</teiHeader>", with: hands + "</teiHeader>"))
        for (folder, option) in [("s1", ""), ("s2", "--stream")] {
            #expect(try run("$M export --to text --policy all \(option) -o \(folder) same.xml").code == 0)
        }
        #expect(try self.files(in: "s1") == self.files(in: "s2"))
    }

    @Test("a file in parts: what is not possible is said, and what is broken off leaves nothing")
    func streamedInVain() throws {
        try scratch.write("large.xml", document("large", paragraphs: 4000))
        try scratch.write("large.tei", document("other", paragraphs: 2))
        for (line, words) in [
            ("$M export --to html --stream -o out large.xml", "--stream writes only text"),
            ("$M export --to text --stream --watch -o out large.xml", "--stream writes only text"),
            ("$M export --to text --stream - <large.xml", "can be read only once"),
            (
                "$M export --to text --stream --policy hand:x -o out large.xml",
                "the header describes no hand for ‘hand:x’"
            ),
            ("$M export --to text --stream -o out nothing.xml", "nothing.xml"),
            ("$M export --to text --stream -j 0 -o out large.xml large.tei", "-j 0 processes no file"),
            (
                "trap '' XFSZ; ulimit -f 16; $M export --to text --stream -o out large.xml",
                "‘out/large.txt’ cannot be written"
            ),
            ("$M export --to text --stream large.xml >/dev/full", "the output cannot be written"),
        ] {
            let result = try run(line)
            #expect(result.code == 2 && result.errors.contains(words), "\(line): \(result.errors)")
            #expect(result.errors.components(separatedBy: words).count == 2, "once")
            #expect(try files(in: "out").isEmpty && files(in: ".").keys.filter { $0.contains(".part") }.isEmpty)
        }
        let twice = try run("$M export --to text --stream -o twice large.xml large.tei")
        #expect(
            twice.code == 2
                && twice.errors.contains(
                    "large.tei:1:1: error: the document ‘large’ would be written to ‘large’, as another one is")
        )
        #expect(try files(in: "twice")["large.txt"] == Data(run("$M export --to text large.xml").output.utf8))
    }

    @Test("an interruption ends the export of a file in parts, and leaves nothing")
    func interrupted() throws {
        try scratch.write("large.xml", document("large", paragraphs: 40_000))
        // A process that a shell starts in the background ignores interruptions, and one that a test starts has ends
        // blocked.
        let line = """
            import os, signal, subprocess, sys, time
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            run = subprocess.Popen([sys.argv[1], "export", "--to", "text", "--stream", "-j", "1", "-o", "out", "large.xml"], preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            while not os.path.isdir("out") or not os.listdir("out"): time.sleep(0.002)
            run.send_signal(getattr(signal, sys.argv[2]))
            print(run.wait(), os.listdir("out"))
            """
        try scratch.write("interrupt.py", line)
        #expect(try run("python3 interrupt.py $M SIGINT").output == "-2 []\n")
        #expect(try run("rmdir out; python3 interrupt.py $M SIGTERM").output == "-15 []\n")
    }

    @Test("what stood at a place keeps its permissions, and a new file has those of the user")
    func permissions() throws {
        try scratch.write("memo.xml", document("memo", paragraphs: 2))
        let result = try run(
            "umask 027; mkdir out; touch out/memo.txt; chmod 604 out/memo.txt; $M export --to text --to json -o out memo.xml; stat -c %a out/memo.txt out/memo.json"
        )
        #expect(result.output == "604\n640\n")
    }
}
