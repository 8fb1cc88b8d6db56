import Foundation
import Support
import Testing
import Validation
import XML

/// What would do harm in one format or another.
private let attacks = [
    "two\nlines\r\n::error file=x::forged", "50% of %0A, a:b", "\"quoted\" 'text' <b>&amp;</b> ]]> --",
    "\u{1B}[31mred\u{9B}31m\u{7}",
    "\u{0}\u{1}\u{B}\u{FFFE}\u{FFFF}\u{7F}\u{85}\u{2028}", "\u{202E}turned\u{2066}", "",
]

private func location(
    _ file: String = "a.xml", line: Int = 1, column: Int = 1, byteOffset: Int = 0
) -> XML.SourceLocation {
    XML.SourceLocation(file: file, line: line, column: column, byteOffset: byteOffset)
}

private func string(_ format: any ReportFormat, _ report: Report) -> String {
    String(decoding: format.export(report), as: UTF8.self)
}

@Suite struct ReportTests {
    private let diagnostic = Diagnostic(
        rule: "r", "a “message”", help: "help", at: location(line: 2, column: 3, byteOffset: 9),
        path: "/a[1]", id: "x", notes: [.init("note", at: location("b.xml"))]
    )
    private let warning = Diagnostic(.warning, rule: "w", "warning", at: location())

    @Test func text() {
        #expect(
            string(.text, Report(diagnostics: [diagnostic])) == """
                a.xml:2:3: error: a “message” [r]
                  help: help
                  note: b.xml:1:1: note

                """)
        #expect(string(.text(colour: true), Report(diagnostics: [diagnostic])).contains("\u{1B}[1;31merror:\u{1B}[0m"))
    }

    @Test func json() throws {
        let object =
            try JSONSerialization.jsonObject(with: Data(JSONReport().export(Report(diagnostics: [diagnostic]))))
            as? [String: Any]
        let first = try #require((object?["diagnostics"] as? [[String: Any]])?.first)
        #expect(object?["version"] as? Int == 1)
        #expect(first["message"] as? String == "a “message”")
        #expect(first["line"] as? Int == 2)
        #expect((first["notes"] as? [[String: Any]])?.first?["file"] as? String == "b.xml")
    }

    @Test func table() {
        let table = string(.csv, Report(diagnostics: [diagnostic, Diagnostic(rule: "file-missing", "=1+1, \"x\"")]))
        #expect(
            table == """
                file,line,column,severity,rule,message,help,path,occurrences
                a.xml,2,3,error,r,a “message”,help,/a[1],1
                marginalia,,,error,file-missing,"'=1+1, ""x""\",,,1

                """)
    }

    @Test("of findings that say the same, the first is reported whole and all are counted")
    func equalFindings() {
        func found(
            _ file: String, _ line: Int, _ message: String, _ severity: Diagnostic.Severity = .error
        ) -> Diagnostic {
            Diagnostic(severity, rule: "r", message, help: "h\(line)", at: location(file, line: line))
        }
        let files = ["a.xml", "b.xml"].map { file in
            Report.File(
                path: file,
                diagnostics: [
                    found(file, 1, "x"), found(file, 2, "x"), found(file, 3, "y"), found(file, 4, "x", .note),
                ])
        }
        #expect(
            string(TextReport(groupsEqual: true), Report(files: files)) == """
                a.xml:1:1: error: x [r]
                  help: h1
                a.xml:3:1: error: y [r]
                  help: h3
                a.xml:4:1: note: x [r]
                  help: h4
                4 times: error: x [r]: a.xml:1:1, a.xml:2:1, b.xml:1:1 and 1 more
                2 times: error: y [r]: a.xml:3:1, b.xml:3:1
                2 times: note: x [r]: a.xml:4:1, b.xml:4:1

                """)
        #expect(Report(files: files).summary == "2 files, 0 valid: 6 errors, 0 warnings, 2 notes")
        #expect(string(.text, Report(files: files)).split(separator: "\n").count == 16)
    }

    @Test(
        "rules are named by their ids or the first words of these",
        arguments: [
            (RuleSelection(), ["grammar-value", "pointer-hand", "pointer", "xml-tag"]),
            (RuleSelection(ignored: ["pointer"]), ["grammar-value", "xml-tag"]),
            (RuleSelection(ignored: ["point", "pointer-hand"]), ["grammar-value", "pointer", "xml-tag"]),
            (RuleSelection(only: ["grammar"]), ["grammar-value", "xml-tag"]),
            (RuleSelection(ignored: ["grammar-value"], only: ["grammar"]), ["xml-tag"]),
            (RuleSelection(ignored: ["xml"]), ["grammar-value", "pointer-hand", "pointer", "xml-tag"]),
        ])
    func selections(_ selection: RuleSelection, _ expected: [String]) {
        let found = ["grammar-value", "pointer-hand", "pointer", "xml-tag"].map {
            Diagnostic(rule: $0, "m", at: location())
        }
        #expect(selection.applied(to: found).map(\.rule) == expected)
    }

    @Test func severities() {
        let selection = RuleSelection(severities: [.init("pointer", .note), .init("pointer-hand", .warning)])
        let found = ["pointer-hand", "pointer-file", "xml-tag", "file-missing"].map {
            Diagnostic(rule: $0, "m", at: $0 == "file-missing" ? nil : location())
        }
        #expect(selection.applied(to: found).map(\.severity) == [.warning, .note, .error, .error])
        // What a file is depends on what is left.
        let file = Report.File(path: "a.xml", diagnostics: Array(found.prefix(2)))
        #expect(!file.isValid && selection.applied(to: file).isValid)
    }

    @Test func summaries() {
        #expect(Report(diagnostics: [diagnostic]).summary == "1 file: 1 error, 0 warnings")
        let files = [[diagnostic], [diagnostic, warning], [warning], []].enumerated().map {
            Report.File(path: "\($0)", diagnostics: $1)
        }
        #expect(Report(files: files).summary == "4 files, 2 valid: 1 error, 1 warning")
    }

    /// An included file's mistakes are told once, and make every document invalid that includes it.
    @Test func eachThingOnce() {
        let report = Report(files: [
            Report.File(path: "a", diagnostics: [diagnostic]), Report.File(path: "b", diagnostics: [diagnostic]),
        ])
        #expect(report.diagnostics == [diagnostic])
        #expect(report.files.allSatisfy { !$0.isValid && $0.wasRead })
    }

    // MARK: What people write into documents and file names

    @Test(arguments: attacks) func nothingIsObeyedByATerminal(_ attack: String) {
        let hostile = Diagnostic(
            rule: "r", attack, help: attack, at: location(attack), notes: [.init(attack, at: location(attack))])
        for format: any ReportFormat in [.text, .junit] {
            for scalar in string(format, Report(diagnostics: [hostile], path: attack)).unicodeScalars
            where scalar != "\n" {
                #expect(
                    ![.control, .lineSeparator, .paragraphSeparator, .format].contains(
                        scalar.properties.generalCategory))
            }
        }
        #expect(string(.text, Report(diagnostics: [hostile])).split(separator: "\n").count == 3)
    }

    @Test(arguments: attacks) func jUnitIsXML(_ attack: String) throws {
        let hostile = Diagnostic(rule: attack, attack, help: attack, at: location(attack))
        let report = Report(files: [
            Report.File(path: attack, diagnostics: [hostile]), Report.File(path: "valid.xml", diagnostics: []),
            Report.File(path: "warned.xml", diagnostics: [warning]),
            Report.File(path: "missing.xml", diagnostics: [Diagnostic(rule: "file-missing", attack)]),
        ])
        let suite = try Document(JUnitReport().export(report), path: "junit.xml").root.childElements.first { _ in true }
        let cases = try #require(suite).childElements.map { $0 }
        #expect(cases.map { $0.childElements.map(\.localName) } == [["failure"], [], ["system-out"], ["error"]])
        #expect(
            suite?.attribute("tests") == "4" && suite?.attribute("failures") == "1" && suite?.attribute("errors") == "1"
        )
        #expect(cases[1].attribute("name") == "valid.xml")
    }

    @Test(arguments: attacks) func gitHubReadsOneCommandForEachDiagnostic(_ attack: String) {
        let hostile = Diagnostic(
            rule: attack, attack, help: attack, at: location(attack, line: 3, column: 4, byteOffset: 9))
        let text = string(.github, Report(diagnostics: [hostile, warning]))
        let lines = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map(String.init)
        #expect(lines.count == 2)
        #expect(
            lines.first?.hasPrefix("::error file=") == true
                && lines.last == "::warning file=a.xml,line=1,col=1,title=w::warning")
        // Of a property's value nothing can be taken for another property or the message.
        let properties = lines[0].dropFirst("::error ".count).firstRange(of: "::").map { lines[0][..<$0.lowerBound] }
        #expect(properties?.split(separator: ",").count == 4)
    }

    @Test(arguments: attacks) func sarifIsJSONWithRelativeReferences(_ attack: String) throws {
        let hostile = Diagnostic(rule: "r", attack, help: attack, at: location("a b/ä:\(attack)"), path: attack)
        let object =
            try JSONSerialization.jsonObject(
                with: Data(SARIFReport().export(Report(diagnostics: [hostile], path: attack)))) as? [String: Any]
        let run = try #require((object?["runs"] as? [[String: Any]])?.first)
        let result = try #require((run["results"] as? [[String: Any]])?.first)
        let place = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
        let uri = try #require((place?["artifactLocation"] as? [String: Any])?["uri"] as? String)
        #expect(uri.hasPrefix("a%20b/%C3%A4%3A"))
        #expect(uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
    }

    /// Rules that look the same are two.
    @Test func rulesOfSARIF() throws {
        let found = ["\u{E9}", "e\u{301}", "\u{E9}"].enumerated().map {
            Diagnostic(rule: $1, "m", at: location(line: $0 + 1))
        }
        let object =
            try JSONSerialization.jsonObject(
                with: Data(SARIFReport().export(Report(diagnostics: found, path: "a.xml")))) as? [String: Any]
        let run = try #require((object?["runs"] as? [[String: Any]])?.first)
        #expect((run["results"] as? [[String: Any]])?.map { $0["ruleIndex"] as? Int } == [0, 1, 0])
    }

    /// A fingerprint outlives changes elsewhere in the file, and tells two mistakes of the same kind apart.
    @Test func fingerprints() throws {
        func prints(_ lines: [Int]) throws -> [String] {
            let found = lines.map { Diagnostic(rule: "r", "m", at: location(line: $0, byteOffset: $0)) }
            let object =
                try JSONSerialization.jsonObject(with: Data(SARIFReport().export(Report(diagnostics: found))))
                as? [String: Any]
            let results = ((object?["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]]) ?? []
            return results.compactMap { ($0["partialFingerprints"] as? [String: String])?["marginalia/v1"] }
        }
        #expect(try prints([1, 2]) == prints([7, 9]))
        #expect(Set(try prints([1, 2])).count == 2)
    }
}

/// The line of a place, as the text format shows it.
@Suite struct ExcerptTests {
    /// The line and the caret's line, without what stands before them.
    private func excerpt(_ bytes: [UInt8], line: Int = 1, column: Int, byteOffset: Int) throws -> [String] {
        // In compact syntax by its name: of other files that are not XML no line is shown.
        let folder = try TemporaryFolder()
        let place = location(try folder.write("excerpt.rnc", bytes), line: line, column: column, byteOffset: byteOffset)
        let lines = string(.text, Report(diagnostics: [Diagnostic(rule: "r", "m", at: place)])).split(separator: "\n")
            .map(String.init)
        return lines.dropFirst().map { String($0.drop { $0 != "|" }.dropFirst(2)) }
    }

    private func excerpt(_ text: String, at mark: String = "^") throws -> [String] {
        let before = text[..<text.range(of: mark)!.lowerBound]
        let line = before.split(separator: "\n", omittingEmptySubsequences: false)
        return try excerpt(
            Array(text.replacing(mark, with: "", maxReplacements: 1).utf8), line: line.count,
            column: line.last!.unicodeScalars.count + 1, byteOffset: before.utf8.count
        )
    }

    @Test(arguments: [
        ("one\ntw^o\nthree", "two", 2), ("^one\r\n", "one", 0), ("one^", "one", 3), ("\ta\t^b", "    a    b", 9),
        ("漢字^x", "漢字x", 4), ("e\u{301}^x", "e\u{301}x", 1), ("🙂^x", "🙂x", 2),
        ("각\u{1100}\u{1161}^x", "각\u{1100}\u{1161}x", 4),
        ("a\u{1B}[1m^x", "a␛[1mx", 5), ("a\u{202E}^x", "a<U+202E>x", 9), ("ﬁ^x", "ﬁx", 1),
    ])
    func theCaretStandsRight(_ text: String, _ line: String, _ columns: Int) throws {
        #expect(try excerpt(text) == [line, String(repeating: " ", count: columns) + "^"])
    }

    @Test(arguments: ["^", "one\n  ^  \ntwo", "one\n^\ntwo"]) func blankLinesAreNotShown(_ text: String) throws {
        #expect(try excerpt(text).isEmpty)
    }

    @Test(arguments: [0, 1, 50, 99, 100, 101, 1023, 1024, 1025, 50_000, 99_999])
    func longLinesAreCutAroundThePlace(_ place: Int) throws {
        let letters = ["a", "é", "漢", "\u{1D504}"].joined()
        for unit in ["a", "é", letters] {
            let characters = Array(String(repeating: unit, count: 100_000 / unit.count).unicodeScalars)
            let before = String(String.UnicodeScalarView(characters[..<place]))
            let after = String(String.UnicodeScalarView(characters[place...]))
            let lines = try excerpt(before + "^" + after)
            #expect(lines.count == 2)
            #expect(lines[0].count <= 102 && lines[1].count <= 102)
            if unit != letters { #expect(lines[0].hasPrefix("…") == (place > 60)) }
            #expect(!lines[0].contains("\u{FFFD}"))
            if unit == "a" { #expect(lines[1].count == (place > 60 ? place == 99_999 ? 101 : 62 : place + 1)) }
        }
    }

    @Test func everyEncoding() throws {
        let text = "<?xml version=\"1.0\" encoding=\"ENCODING\"?>\n<p>é𝔄漢x</p>"
        let little = Array(text.replacing("ENCODING", with: "UTF-16").utf16).flatMap {
            [UInt8($0 & 0xFF), UInt8($0 >> 8)]
        }
        let big = Array(text.replacing("ENCODING", with: "UTF-16").utf16).flatMap {
            [UInt8($0 >> 8), UInt8($0 & 0xFF)]
        }
        for bytes in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big] {
            let units = text.replacing("ENCODING", with: "UTF-16").utf16
            let offset =
                2 * Array(units).lastIndex(of: UInt16(UInt8(ascii: "x")))!
                + (bytes[0] == 0xFF || bytes[0] == 0xFE ? 2 : 0)
            #expect(try excerpt(bytes, line: 2, column: 7, byteOffset: offset) == ["<p>é𝔄漢x</p>", "       ^"])
        }
        let latin = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<p>".utf8) + [0xE9] + Array("x</p>".utf8)
        #expect(try excerpt(latin, line: 2, column: 5, byteOffset: latin.count - 5) == ["<p>éx</p>", "    ^"])
        #expect(try excerpt([0xEF, 0xBB, 0xBF] + Array("<p>x".utf8), column: 1, byteOffset: 3) == ["<p>x", "^"])
        #expect(try excerpt([0xEF, 0xBB, 0xBF] + Array("<p>x".utf8), column: 1, byteOffset: 0) == ["<p>x", "^"])
        // What is not UTF-8 is shown, and does not move the caret.
        #expect(try excerpt([0x61, 0xE9, 0x62], column: 3, byteOffset: 2) == ["a\u{FFFD}b", "  ^"])
    }

    @Test func whatIsNoFileOrTooShortIsNotShown() throws {
        #expect(try excerpt(Array("short".utf8), line: 3, column: 1, byteOffset: 400).isEmpty)
        #expect(try excerpt(Array("one\ntwo".utf8), line: 2, column: 1, byteOffset: 0).isEmpty)
        for path in ["/nosuch", "/", "/dev/zero", "/dev/stdin"]
        where FileManager.default.fileExists(atPath: path) || path == "/nosuch" {
            #expect(
                string(.text, Report(diagnostics: [Diagnostic(rule: "r", "m", at: location(path))])).split(
                    separator: "\n"
                ).count == 1)
        }
    }

    @Test func standardInputIsShownFromWhatWasKept() {
        let found = Diagnostic(rule: "r", "m", at: location("-", column: 2, byteOffset: 1))
        let report = Report(
            files: [Report.File(path: "-", diagnostics: [found])], standardInput: StandardInput(Array("<p>".utf8)))
        #expect(string(.text, report).contains("1 | <p>\n    |  ^\n"))
        #expect(!string(.text, Report(diagnostics: [found])).contains("|"))
    }
}
