internal import TEI
package import XML
internal import XPath

// Every message of this module, in one place, so that they can be read and improved together.

extension Diagnostic {
    /// An error in the arguments of a command.
    package static func usage(_ message: String, help: String) -> Diagnostic {
        Diagnostic(rule: "usage", message, help: help)
    }
}

enum Messages {
    // MARK: Which files

    static func noFile() -> Diagnostic {
        .usage("no file is named", help: "name files or folders, or - for standard input")
    }

    static func pathsFromInput() -> Diagnostic {
        .usage("with --from0 the paths come from standard input", help: "name none on the command line, and not ‘-’")
    }

    static func noJobs(_ jobs: Int) -> Diagnostic {
        .usage("-j \(jobs) processes no file", help: "write -j 1 or more")
    }

    static func noStandardInput() -> Diagnostic {
        .usage("--stdin-path is for standard input", help: "name ‘-’ as the file")
    }

    static func notFoundAgain() -> Diagnostic {
        .usage("standard input cannot be read again later", help: "name files or folders")
    }

    // MARK: The project

    private static func config(_ message: String, help: String, at location: SourceLocation?) -> Diagnostic {
        Diagnostic(rule: "config", message, help: help, at: location)
    }

    static func notTOML(_ reason: String, at location: SourceLocation) -> Diagnostic {
        config(
            "this is not TOML: " + reason, help: "write settings as name = \"value\" or name = [\"one\", \"two\"]",
            at: location)
    }

    static func noSetting(_ name: String, _ known: [String], at location: SourceLocation) -> Diagnostic {
        let meant = nearest(name, known).map { "did you mean ‘\(known[$0])’? " } ?? ""
        return config(
            "there is no setting ‘\(name)’", help: meant + "the settings are \(known.joined(separator: ", "))",
            at: location)
    }

    static func wrongSetting(_ name: String, _ expected: String, at location: SourceLocation) -> Diagnostic {
        config("‘\(name)’ has the wrong kind of value", help: "write \(expected)", at: location)
    }

    static func partWithoutFiles(at location: SourceLocation) -> Diagnostic {
        config("this part names no files", help: "write files = [\"drafts\"] below [[parts]]", at: location)
    }

    static func rootAboveProject(at location: SourceLocation?) -> Diagnostic {
        config(
            "the root folder is outside of the folder of this file",
            help: "name that folder or one in it; a folder above can be named by --root alone", at: location)
    }

    static func severalProjects(_ folders: [String]) -> Diagnostic {
        let named = folders.map { $0.isEmpty ? "without a project" : "of the project ‘\($0)’" }
        return .usage(
            "there are files " + named.joined(separator: ", and files "),
            help: "name the files of one project, or its settings by --config, or leave them aside by --no-config")
    }

    // MARK: Which findings

    /// - Parameter meant: the rule that was probably meant.
    static func noRule(_ name: String, meant: String?) -> Diagnostic {
        .usage(
            "no rule is called ‘\(name)’",
            help: (meant.map { "did you mean ‘\($0)’? " } ?? "")
                + "‘marginalia explain’ lists all; a rule of your own schema is explained there")
    }

    /// - Parameter line: from 1; `nil` for the whole.
    static func noBaseline(_ path: String, line: Int? = nil) -> Diagnostic {
        Diagnostic(
            rule: "baseline",
            line == nil
                ? "‘\(path)’ is no baseline" : "the baseline has four fields in a line: file, rule, number and message",
            help: "name a file that does not exist, and it is made",
            at: line.map {
                SourceLocation(file: path, line: $0, column: 1, byteOffset: 0)
            })
    }

    static func negativeLimit(_ limit: Int) -> Diagnostic {
        .usage("--max \(limit) lists nothing", help: "write --max 0 or more")
    }

    // MARK: Which text

    static func noPolicy(_ name: String, isList: Bool) -> Diagnostic {
        let policies = Policy.Kind.all.map(\.usage) + (isList ? ["all"] : [])
        let list = policies.dropLast().joined(separator: ", ") + " or " + (policies.last ?? "")
        let names = Policy.Kind.all.map(\.name)
        let meant = nearest(name, names).map { "did you mean ‘\(names[$0])’? " } ?? ""
        return .usage("‘\(name)’ is not a policy", help: meant + "write " + list)
    }

    static func noText(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "no-text", "‘\(path)’ holds no document with a text",
            help: "name a TEI file with <text> or <sourceDoc>"
        )
    }

    static func noSuchDocument(_ id: String, _ items: [EditionFiles.Item]) -> Diagnostic {
        .usage("there is no document or element ‘\(id)’", help: "there are: " + names(items))
    }

    /// The ids or numbers by which documents of a file can be named.
    private static func names(_ items: [EditionFiles.Item]) -> String {
        items.enumerated().map { $1.element.xmlID ?? "\($0 + 1)" }.joined(separator: ", ")
    }

    static func severalDocuments(_ path: String, _ items: [EditionFiles.Item]) -> Diagnostic {
        .usage(
            "‘\(path)’ holds \(items.count) documents",
            help: "name one by --document, or in ‘compare’ by FILE#ID: " + names(items)
        )
    }

    // MARK: Validation

    static func nothingToStream() -> Diagnostic {
        .usage("--stream checks only the grammar, and these schemas have none", help: "leave it out")
    }

    // MARK: Export

    static func noFormat(_ name: String, _ names: [String]) -> Diagnostic {
        .usage("‘\(name)’ is not a format", help: "the formats are: " + names.joined(separator: ", "))
    }

    static func needsFolder() -> Diagnostic {
        .usage("several results cannot go to standard output", help: "name a folder for them by `-o FOLDER`")
    }

    static func noDocumentHas(_ text: String, _ documents: Int) -> Diagnostic {
        Diagnostic(
            rule: "policy-unknown", "none of the \(documents) documents has a text ‘\(text)’",
            help:
                "`marginalia show FILE` lists the hands, stages and witnesses of a document; a hand is found by its id, "
                + "its entry in a register, or its label")
    }

    static func nothingToWatch() -> Diagnostic {
        .usage("--watch cannot write to standard output", help: "name a folder by `-o FOLDER`")
    }

    static func cannotWrite(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-unwritable", "‘\(path)’ cannot be written",
            help:
                "check that its folder may be written to and that the disk has room; the old file is unchanged"
        )
    }

    static func reservedName(_ name: String, _ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "export-name", "‘\(name).html’ is a page of the site itself, and no document’s",
            help: "give the file another name, or export it alone", at: element.location
        )
    }

    // MARK: Query

    static func notEvaluated(_ error: XPathError, _ file: String) -> Diagnostic {
        Diagnostic(rule: error.code, "in ‘\(file)’: \(error.message)", help: error.help)
    }

    // MARK: Comparison

    static func oneText() -> Diagnostic {
        .usage(
            "there is only one text",
            help: "name another file, or several texts of this one: --policy typed --policy revised")
    }

    static func twoEncodings() -> Diagnostic {
        .usage(
            "--encoding compares two documents, whole",
            help: "name the file before and the file after, without --policy, --ignore and --siglum")
    }

    static func encodingOutput(_ name: String) -> Diagnostic {
        .usage("a difference of encodings is not written as ‘\(name)’", help: "write --to lines or --to json")
    }

    static func siglum(_ name: String) -> Diagnostic {
        .usage(
            "‘\(name.unicodeScalars.filter { $0.value >= 0x20 })’ is no name for a text",
            help: "write one word after --siglum")
    }

    static func sigla(_ names: Int, _ texts: Int) -> Diagnostic {
        .usage(
            "\(names) names by --siglum for \(texts) texts",
            help: "give each text a name of its own, in their order, or none")
    }

    static func plainTexts() -> Diagnostic {
        .usage("a plain text has no policies and no parts", help: "name the file alone")
    }

    static func notUTF8(_ path: String) -> Diagnostic {
        Diagnostic(rule: "encoding", "‘\(path)’ is not UTF-8", help: "a plain text is read as UTF-8: save it as such")
    }

    static func notXML(_ scalar: Unicode.Scalar, _ place: String) -> Diagnostic {
        let code = String(scalar.value, radix: 16, uppercase: true)
        return Diagnostic(
            rule: "character",
            "\(place): U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) is no character of a text",
            help: "take it out, or see whether the file is a text at all"
        )
    }

    // MARK: Worker

    static func noInput() -> Diagnostic {
        Diagnostic(
            rule: "worker-input", "the line is no document",
            help: "write a path, or {\"path\": …} with \"document\" (its text) or \"base64\" (its bytes)"
        )
    }
}
