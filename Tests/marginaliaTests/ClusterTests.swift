import Foundation
import Support
import Testing

/// `marginalia worker`, and the job that spreads it over machines by Apache Spark.
@Suite(.inRelease)
struct WorkerTests {
    private let scratch = try! TemporaryFolder()

    private func run(_ line: String) throws -> Execution {
        try Program.shell(line, in: scratch.path(""), environment: ["MARGINALIA_CACHE": scratch.path("cache")])
    }

    @Test("a line for each line, in their order: paths and documents, good ones and bad")
    func lines() throws {
        try scratch.write("a.xml", memo("a"))
        try scratch.write("broken.xml", "<TEI><text>")
        let document = try String(
            decoding: JSONEncoder().encode(["path": "b.xml", "document": memo("b")]), as: UTF8.self)
        let bytes = try String(
            decoding: JSONEncoder().encode([
                "path": "c.xml", "base64": Data(memo("c").data(using: .utf16)!).base64EncodedString(),
            ]), as: UTF8.self)
        let input = [
            "a.xml", "broken.xml", document, bytes, "missing.xml", "{\"path\"",
            "{\"path\": \"d.xml\", \"base64\": \"!\"}", "a.xml",
        ].joined(separator: "\n")
        try scratch.write("input", input)
        let result = try run("$M worker --validate --stats --export text --export json < input")
        #expect(result.code == 0 && result.errors.isEmpty)
        let answers = try result.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(
            answers.map { $0["path"] as? String } == [
                "a.xml", "broken.xml", "b.xml", "c.xml", "missing.xml", "{\"path\"", "d.xml", "a.xml",
            ])
        #expect(answers.map { $0["read"] as? Bool } == [true, false, true, true, false, false, false, true])
        for (number, name) in [(0, "a"), (2, "b"), (3, "c"), (7, "a")] {
            let files = try #require(answers[number]["files"] as? [[String: String]])
            #expect(files.map { $0["name"] } == ["\(name).txt", "\(name).json"])
            #expect(files[0]["content"] == "The words of \(name).\n")
            #expect(try #require(answers[number]["statistics"] as? [[String: Any]])[0]["document"] as? String == name)
        }
        for number in [1, 4, 5, 6] {
            #expect(try #require(answers[number]["diagnostics"] as? [[String: Any]]).count == 1)
        }
        #expect(
            answers.first.map { try? JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) }
                == answers.last.map { try? JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) })
    }

    @Test(
        "what cannot be read is told so, whatever was to be done with it",
        arguments: ["--validate", "--stats", "--export text", "--validate --stats"])
    func unread(options: String) throws {
        try scratch.write("broken.xml", "<TEI><text>")
        #expect(
            try run("echo broken.xml | $M worker \(options)").output.hasPrefix(
                "{\"path\": \"broken.xml\", \"read\": false, "))
    }

    @Test("an answer comes at once, while the input is still open")
    func answersAtOnce() throws {
        try scratch.write("a.xml", memo("a"))
        #expect(
            try run(
                "mkfifo in; $M worker --stats < in > out & exec 3> in; echo a.xml >&3; for i in $(seq 100); do [ -s out ] && break; sleep 0.1; done; [ -s out ]; code=$?; exec 3>&-; wait; exit $code"
            ).code == 0)
    }

    @Test("standard input is no document, and the second of a name is not written over the first")
    func refusedLines() throws {
        try scratch.write("a/memo.xml", memo("first"))
        try scratch.write("b/memo.xml", memo("second"))
        let result = try run(
            "printf -- '-\\na/memo.xml\\nb/memo.xml\\n' | $M worker --export text --export html -o out")
        #expect(result.output.split(separator: "\n").map { $0.contains("\"read\": true") } == [false, true, false])
        #expect(try String(contentsOfFile: scratch.path("out/memo.txt"), encoding: .utf8) == "The words of first.\n")
        #expect(try !String(contentsOfFile: scratch.path("out/memo.html"), encoding: .utf8).contains("index.html"))
    }

    @Test(
        "what is wrong with the command",
        arguments: [
            "", "--validate -o texts", "--export text -o ''", "--export text --policy nobody",
            "--export text --policy hand:",
        ])
    func wrong(_ options: String) throws {
        let result = try run("$M worker \(options) < /dev/null")
        #expect(result.code == 2 && result.errors.contains("help:"))
    }

    fileprivate static var hasSpark: Bool {
        Program.hasPeer(".peers/python/bin/python -c 'import pyspark' && java -version")
    }

    // MARK: Spark

    /// A corpus, and in `one/` what this program makes of it alone.
    private func makeCorpus() throws {
        for number in 0..<24 { try scratch.write("in/\(number / 10)/memo-\(number).xml", memo("number \(number)")) }
        try scratch.write("in/0/broken.xml", "<TEI><text>")
        try scratch.write("in/1/wrong.xml", memo("wrong").replacingOccurrences(of: "<p>", with: "<p><nonsense/>"))
        let alone = try run(
            """
            mkdir one; find in -name '*.xml' | LC_ALL=C sort | $M worker --validate --stats --export text -o one/files > one/report.jsonl; \
            $M stats --format csv in > one/statistics.csv 2>/dev/null; $M export --to text -o one/exported in 2>/dev/null; diff -r one/files one/exported
            """)
        #expect(alone.code == 0)
    }

    /// - Parameter program: takes the place of ours.
    private func job(_ master: String, program: String = "$M", options: String = "") -> String {
        """
        export SPARK_LOCAL_IP=127.0.0.1 PATH="\(Repository.root)/.peers/python/bin:$PATH"; spark-submit --conf spark.ui.enabled=false --master '\(master)' \
        "\(Repository.root)/Cluster/corpus.py" --program \(program) --output out --chunk 4 --validate --stats --export text \(options) in > log 2>&1
        """
    }

    private func expectSame() throws {
        let result = try run(
            "cmp one/report.jsonl out/report.jsonl && cmp one/statistics.csv out/statistics.csv && diff -r one/files out/files && cat out/quarantine.txt && ls out"
        )
        #expect(
            result.output == "in/0/broken.xml\nfiles\nquarantine.txt\nreport.jsonl\nstatistics.csv\n",
            "\(result.errors)")
    }

    @Test(
        "on Spark the same bytes as alone; a job that was killed goes on where it was",
        .enabled("pyspark or Java is absent: run `make peers`") { hasSpark })
    func resumed() throws {
        try makeCorpus()
        // Says that it was started. The fourth time, which is for the third chunk, it waits until the first job is
        // dead: a job starts it once before all.
        try scratch.write(
            "program.sh",
            """
            #!/bin/sh
            echo >> "\(scratch.path("starts"))"
            until [ "$(wc -l < "\(scratch.path("starts"))")" -lt 4 ] || [ -e "\(scratch.path("dead"))" ]; do sleep 0.1; done
            exec "\(Program.path)" "$@"

            """)
        #expect(try run("chmod +x program.sh").code == 0)
        let killed = """
            set -m; (\(job("local[1]", program: scratch.path("program.sh")))) & job=$!
            for i in $(seq 2400); do [ "$(cat starts 2>/dev/null | wc -l)" = 4 ] && break; sleep 0.05; done; kill -9 -- -$job; sleep 2; touch dead; ls -d out/chunks/*/??????
            """
        #expect(try run(killed).output.split(separator: "\n").map { $0.suffix(6) } == ["000000", "000001"])
        #expect(try run(job("local[2]", program: scratch.path("program.sh"))).code == 2)
        try expectSame()
        // Those of the first job, and of the second one before all and for each of the five chunks that were not done.
        #expect(try String(contentsOfFile: scratch.path("starts"), encoding: .utf8).count == 4 + 1 + 5)
    }

    @Test(
        "on a cluster of two workers of which one is killed in the middle, the same bytes",
        .enabled("pyspark or Java is absent: run `make peers`") { hasSpark })
    func cluster() throws {
        try makeCorpus()
        try scratch.write("program.sh", "#!/bin/sh\nsleep 1\nexec \"\(Program.path)\" \"$@\"\n")
        let port = Int.random(in: 20_000..<60_000)
        let start =
            "export SPARK_LOCAL_IP=127.0.0.1; home=$(\(Repository.root)/.peers/python/bin/python -c 'import pyspark; print(pyspark.__path__[0])'); class=$home/bin/spark-class"
        let worker =
            "$class org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 -c 1 -m 1g spark://127.0.0.1:\(port)"
        let result = try run(
            """
            chmod +x program.sh; \(start)
            $class org.apache.spark.deploy.master.Master --host 127.0.0.1 --port \(port) --webui-port 0 > master.log 2>&1 & master=$!
            \(worker) --work-dir work1 > worker1.log 2>&1 & first=$!
            \(worker) --work-dir work2 > worker2.log 2>&1 & second=$!
            (\(job("spark://127.0.0.1:\(port)", program: scratch.path("program.sh"), options: ""))) & job=$!
            for i in $(seq 600); do ls work1/*/*/stderr > /dev/null 2>&1 && ls -d out/chunks/*/?????? > /dev/null 2>&1 && break; sleep 0.1; done
            pkill -9 -P $first; kill -9 $first
            wait $job; code=$?
            kill -9 $second $master; grep -q 'Lost executor' log && exit $code
            """)
        #expect(result.code == 2)
        try expectSame()
    }

    @Test(
        "a document over which the program ends, or sits, is in quarantine",
        .enabled("pyspark or Java is absent: run `make peers`") { hasSpark })
    func quarantine() throws {
        for number in 0..<6 { try scratch.write("in/memo-\(number).xml", memo("number \(number)")) }
        try scratch.write(
            "program.sh",
            """
            #!/bin/sh
            while read -r line; do
                case $line in *memo-2*) exit 9;; *memo-4*) exec sleep 60;; esac
                printf '%s\\n' "$line" | "\(Program.path)" "$@"
            done
            """)
        #expect(
            try run(
                "chmod +x program.sh; \(job("local[2]", program: scratch.path("program.sh"), options: "--patience 2"))"
            ).code == 2)
        #expect(
            try String(contentsOfFile: scratch.path("out/quarantine.txt"), encoding: .utf8)
                == "in/memo-2.xml\nin/memo-4.xml\n")
        #expect(try run("ls out/files").output == "memo-0.txt\nmemo-1.txt\nmemo-3.txt\nmemo-5.txt\n")
        #expect(try run("wc -l < out/report.jsonl").output.contains("6"))
    }

    private func memo(_ name: String) -> String {
        """
        <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>\(name)</title></titleStmt>\
        <publicationStmt><p>x</p></publicationStmt><sourceDesc><p>y</p></sourceDesc></fileDesc></teiHeader><text><body>
        <p>The words of \(name).</p>
        </body></text></TEI>
        """
    }
}
