internal import Corpus
internal import XML

// Every message of the commands' own, in one place, so that they can be read and improved together.

enum Messages {
    // MARK: Arguments

    static func streamsBySchema() -> Diagnostic {
        .usage(
            "--stream follows no <?xml-model?>, and reads standard input once",
            help: "name one schema by `--schema FILE`")
    }

    static func streamsOnce() -> Diagnostic {
        .usage("--stream and --watch cannot be combined", help: "leave out --stream or --watch")
    }

    static func streamsText() -> Diagnostic {
        .usage("--stream writes only text, and only once", help: "write --to text, without --watch")
    }

    static func unnamedOutput() -> Diagnostic {
        .usage("-o needs a name", help: "name a folder by `-o FOLDER`")
    }

    static func nothingToDo() -> Diagnostic {
        .usage("the worker has nothing to do", help: "say --validate, --export FORMAT or --stats")
    }

    static func outputOfExport() -> Diagnostic {
        .usage("-o is for --export", help: "leave it out, or say which format")
    }

    static func noCommand(_ name: String, _ known: [String]) -> Diagnostic {
        let meant = nearest(name, known).map { "did you mean ‘\(known[$0])’? " } ?? ""
        return .usage(
            "there is no command ‘\(name)’", help: meant + "the commands are \(known.joined(separator: ", "))")
    }

    static func noSeverity(_ text: String) -> Diagnostic {
        .usage("‘\(text)’ gives no rule a severity", help: "write --severity RULE=error, =warning or =note")
    }

    static func noPair(_ text: String, _ option: String) -> Diagnostic {
        .usage("‘\(text)’ has no name or no value", help: "write \(option) name=value")
    }

    static func number(_ number: Int, _ option: String, least: Int) -> Diagnostic {
        .usage("\(option) \(number) is out of range", help: "write a number from \(least) to 1000000")
    }

    static func noSyntax(_ path: String) -> Diagnostic {
        .usage("‘\(path)’ does not say in which syntax", help: "end the name in .rng or .rnc")
    }

    static func noAddress(_ text: String) -> Diagnostic {
        .usage(
            "‘\(text)’ is no address",
            help: "write an offset (120), several (120-130), a line and column (17:5) or an xml:id (#p-3)")
    }

    static func fileExists(_ path: String) -> Diagnostic {
        Diagnostic(rule: "file-exists", "‘\(path)’ already exists", help: "choose another name, or say `--force`")
    }

    // MARK: Fetching schemas

    static func noCurl() -> Diagnostic {
        Diagnostic(
            rule: "fetch-curl", "curl is not installed, by which schemas are fetched",
            help:
                "type: apt-get install curl (as root), or your system's like; or save the schema yourself, and store it by "
                + "`marginalia schema add FILE --as URL`"
        )
    }

    static func tooLargeToFetch(_ url: String, megabytes: Int) -> Diagnostic {
        Diagnostic(
            rule: "fetch-failed", "what lies at ‘\(url)’ is larger than \(megabytes) MB, and was not stored",
            help: "see whether the address is that of a schema"
        )
    }

    /// By curl's exit codes, which are part of its interface.
    static func notFetched(_ url: String, curl: Int32, http: Int) -> Diagnostic {
        let reason =
            switch curl {
            case 3: "it is not an address"
            case 5, 6: "its server's name is not known"
            case 7: "its server does not answer"
            case 22: "its server says \(http)"
            case 28: "it took too long"
            case 35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91: "there is no safe connection to its server"
            case 1, 47: "it is redirected too often, or to what is neither http nor https"
            case 63: "it is too large"
            default: "curl ended with \(curl)"
            }
        return Diagnostic(
            rule: "fetch-failed", "‘\(url)’ cannot be fetched: \(reason)",
            help:
                "check the address, and try it in a browser; `marginalia schema add FILE --as URL` stores a copy that you have"
        )
    }
}
