#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif
internal import ArgumentParser
internal import Synchronization
internal import TEI
internal import Validation
internal import XML
internal import XPath

/// The two streams, files, and what a terminal can show.
enum Terminal {
    enum Stream: Int32 {
        case output = 1
        case error = 2

        var isTerminal: Bool { isatty(rawValue) == 1 }

        /// Colour only on a terminal, and never against the wish of the user (no-color.org).
        var hasColour: Bool {
            let environment = ProcessInfo.processInfo.environment
            return isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        }
    }

    /// Writes text for people. Whatever a terminal would obey in it is made visible, but for line ends and tabs.
    static func write(_ text: String, to stream: Stream) {
        put(Array(text.printableLines.utf8), to: stream)
    }

    /// Writes the bytes of a format, as they are to a file or another program; on a terminal they are text for people.
    ///
    /// - Parameter isPrintable: whether the format has made visible what a terminal would obey, and its own colours are
    ///   all that is left.
    static func write(_ bytes: [UInt8], to stream: Stream, isPrintable: Bool = false) {
        if isPrintable || !stream.isTerminal {
            put(bytes, to: stream)
        } else {
            write(String(decoding: bytes, as: UTF8.self), to: stream)
        }
    }

    /// All output goes through here. A full disk ends the program with 2; a closed pipe ends it as pipes end programs.
    private static func put(_ bytes: [UInt8], to stream: Stream) {
        guard !bytes.isEmpty else { return }
        clear()
        guard !FileAccess.write(bytes, to: stream.rawValue) else { return }
        if stream == .output { write("marginalia: error: the output cannot be written [output]\n", to: .error) }
        exit(2)
    }

    private static let hasStatus = Mutex(false)

    /// How far a command has come: on a terminal one line, which the next replaces and other output clears.
    static func show(_ status: String) {
        write(Stream.error.isTerminal ? status : status + "\n", to: .error)
        hasStatus.withLock { $0 = Stream.error.isTerminal }
    }

    static func clear() {
        guard
            hasStatus.withLock({ has in
                defer { has = false }; return has
            })
        else { return }
        put(Array("\r\u{1B}[K".utf8), to: .error)
    }

    /// Writes a file whole or not at all, with the folders that it is in. Where a link stands, it is that to which it
    /// leads; a device or pipe is written to.
    static func save(_ bytes: [UInt8], at path: String) throws(Diagnostics) {
        try uninterrupted { () throws(Diagnostics) in
            guard FileAccess.replace(target(of: path), with: bytes) else {
                throw Diagnostics([Messages.cannotWrite(path)])
            }
        }
    }

    /// Where a file is to be written: that to which a link leads.
    static func target(of path: String) -> String {
        FileAccess.kind(of: path) == nil ? path : FileAccess.canonical(path)
    }

    private static let interruptions = [SIGINT, SIGTERM, SIGHUP]

    /// An interruption waits until the body is done.
    static func uninterrupted<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        var (signals, previous) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&signals)
        for signal in interruptions { unsafe sigaddset(&signals, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &previous)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }
        return try body()
    }

    /// Where an interruption waits, within ``uninterrupted(_:)``, the program ends by it.
    ///
    /// - Parameter clear: takes away what is half done.
    static func endIfInterrupted(_ clear: () -> Void) {
        var pending = sigset_t()
        guard unsafe sigpending(&pending) == 0, interruptions.contains(where: { unsafe sigismember(&pending, $0) == 1 })
        else { return }
        clear()
        unsafe pthread_sigmask(SIG_UNBLOCK, &pending, nil)
    }

    /// Runs a command: what keeps it from being carried out is reported, and makes the exit code 2.
    ///
    /// - Parameter command: returns the exit code.
    static func run(_ command: () throws(Diagnostics) -> Int32) throws(ExitCode) {
        let code: Int32
        do {
            code = try command()
        } catch {
            report(error.list)
            throw ExitCode(2)
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// Diagnostics, to the error stream unless they are the result.
    static func report(_ diagnostics: [Diagnostic], to stream: Stream = .error) {
        guard !diagnostics.isEmpty else { return }
        write(
            TextReport(colour: stream.hasColour).export(Report(diagnostics: diagnostics)), to: stream, isPrintable: true
        )
    }
}

extension Policy {
    /// The policy that an option names.
    ///
    /// - Parameter isList: whether ‘all’ might have been said.
    init(named name: String, isList: Bool = false) throws(Diagnostics) {
        guard let policy = Policy(name) else { throw Diagnostics([Messages.noPolicy(name, isList: isList)]) }
        self = policy
    }
}

extension Transcription {
    /// The document of a file that an option names.
    ///
    /// - Parameter name: its `xml:id`, its number, or the `xml:id` of an element in it; `nil` where there is but one.
    /// - Returns: the element, where that is what was named.
    static func chosen(
        _ name: String?, in file: String, root: String?
    ) throws(Diagnostics) -> (transcription: Transcription, element: String?) {
        let (document, library) = try Edition.read(file, root: root)
        let items = try Edition.items(in: document, library: library)
        guard !items.isEmpty else { throw Diagnostics([Messages.noText(file)]) }
        guard let name else {
            if items.count > 1 { throw Diagnostics([Messages.severalDocuments(file, items)]) }
            return (Transcription(of: items[0].element, library: library), nil)
        }
        let byNumber = Int(name).flatMap { items.indices.contains($0 - 1) ? items[$0 - 1] : nil }
        if let item = items.first(where: { $0.element.xmlID?.isSame(as: name) == true }) ?? byNumber {
            return (Transcription(of: item.element, library: library), nil)
        }
        guard let element = document.element(withID: name),
            let item = items.last(where: { $0.element.contains(element) })
        else {
            throw Diagnostics([Messages.noSuchDocument(name, items)])
        }
        return (Transcription(of: item.element, library: library), name)
    }
}

enum Messages {
    static func noPolicy(_ name: String, isList: Bool) -> Diagnostic {
        let last = isList ? ", witness:SIGIL or all" : " or witness:SIGIL"
        return usage(
            "‘\(name)’ is not a policy", help: "write typed, revised, reading, diplomatic, hand:ID, stage:ID" + last)
    }

    static func notEvaluated(_ error: XPathError, _ file: String) -> Diagnostic {
        Diagnostic(rule: error.code, "in ‘\(file)’: \(error.message)", help: error.help)
    }

    static func cannotWrite(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-unwritable", "‘\(path)’ cannot be written",
            help:
                "check that its folder may be written to and that the disk has room; what stood there before is untouched"
        )
    }

    static func usage(_ message: String, help: String) -> Diagnostic {
        Diagnostic(rule: "usage", message, help: help)
    }

    static func oneText() -> Diagnostic {
        usage(
            "one text alone cannot be compared",
            help: "name another file, or several texts of this one: --policy typed --policy revised")
    }

    static func twoEncodings() -> Diagnostic {
        usage(
            "--encoding compares two documents, whole",
            help: "name the file before and the file after, without --policy, --ignore and --siglum")
    }

    static func siglum(_ name: String) -> Diagnostic {
        usage(
            "‘\(name.unicodeScalars.filter { $0.value >= 0x20 })’ is no name for a text",
            help: "write one word after --siglum")
    }

    static func plainTexts() -> Diagnostic {
        usage("a plain text has no policies and no parts", help: "name the file alone")
    }

    static func notXML(_ scalar: Unicode.Scalar, _ place: String) -> Diagnostic {
        let code = String(scalar.value, radix: 16, uppercase: true)
        return Diagnostic(
            rule: "character",
            "\(place): U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) is no character of a text",
            help: "take it out, or see whether the file is a text at all"
        )
    }

    static func encodingOutput(_ name: String) -> Diagnostic {
        usage("a difference of encodings is not written as ‘\(name)’", help: "write --to lines or --to json")
    }

    static func sigla(_ names: Int, _ texts: Int) -> Diagnostic {
        usage(
            "\(names) names by --siglum for \(texts) texts",
            help: "give each text a name of its own, in their order, or none")
    }

    static func notUTF8(_ path: String) -> Diagnostic {
        Diagnostic(rule: "encoding", "‘\(path)’ is not UTF-8", help: "a plain text is read as UTF-8: save it as such")
    }

    static func needsFolder() -> Diagnostic {
        usage("several results cannot go to one stream", help: "name a folder for them by `-o FOLDER`")
    }

    static func fileExists(_ path: String) -> Diagnostic {
        Diagnostic(rule: "file-exists", "‘\(path)’ is there already", help: "choose another name, or say `--force`")
    }

    static func noText(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "no-text", "‘\(path)’ holds no document with a text",
            help: "name a TEI file with <text> or <sourceDoc>"
        )
    }

    static func noAddress(_ text: String) -> Diagnostic {
        usage(
            "‘\(text)’ is no address",
            help: "write an offset (120), several (120-130), a line and column (17:5) or an xml:id (#p-3)")
    }

    static func noSuchDocument(_ id: String, _ items: [Edition.Item]) -> Diagnostic {
        usage("there is no document or element ‘\(id)’", help: "there are: " + names(items))
    }

    /// By what documents of a file can be named.
    private static func names(_ items: [Edition.Item]) -> String {
        items.enumerated().map { $1.element.xmlID ?? "\($0 + 1)" }.joined(separator: ", ")
    }

    static func severalDocuments(_ path: String, _ items: [Edition.Item]) -> Diagnostic {
        usage(
            "‘\(path)’ holds \(items.count) documents",
            help: "name one by --document, or in ‘compare’ by FILE#ID: " + names(items)
        )
    }

    static func sameName(_ name: String, _ place: SourceLocation?) -> Diagnostic {
        Diagnostic(
            rule: "export-name", "another document is exported as ‘\(name)’ already",
            help: "export the two into different folders", at: place
        )
    }

    static func reservedName(_ name: String, _ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "export-name", "‘\(name).html’ is a page of the site itself, and no document’s",
            help: "give the file another name, or export it alone", at: element.location
        )
    }

    static func unusableSchema(_ path: String, _ instruction: Node, reason: Diagnostics) -> Diagnostic {
        let first = reason.list[0]
        return Diagnostic(
            rule: first.rule, "the schema ‘\(path)’ cannot be used, and the grammar was not checked: \(first.message)",
            help: first.help, at: instruction.location,
            notes: first.location.map { [.init(first.message, at: $0)] } ?? []
        )
    }

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
