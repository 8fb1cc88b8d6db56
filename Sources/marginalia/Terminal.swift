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
internal import Corpus
internal import Synchronization
internal import Validation
internal import XML

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

    /// Writes a result to the file that an option names: standard output for none, and for `-`.
    static func write(_ bytes: [UInt8], at path: String?) throws(Diagnostics) {
        if let path, path != "-" { try OutputFile.save(bytes, at: path) } else { write(bytes, to: .output) }
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

    /// Runs a command: what keeps it from being carried out is reported, and makes the exit code 2.
    ///
    /// - Parameters:
    ///   - input: an argument of which messages show a line, under the name by which they call it.
    ///   - command: returns the exit code.
    static func run(
        showing input: StandardInput = StandardInput(), _ command: () throws(Diagnostics) -> Int32
    ) throws(ExitCode) {
        let code: Int32
        do {
            code = try command()
        } catch {
            report(error.list, input)
            throw ExitCode(2)
        }
        if code != 0 { throw ExitCode(code) }
    }

    private static let wrongArguments = Mutex<[Diagnostic]>([])

    /// Checks the arguments of a command while they are parsed. Whoever asks for help gets that instead: what is wrong is
    /// reported by ``reportArguments()``.
    static func check(_ arguments: () throws(Diagnostics) -> Void) throws(ExitCode) {
        do {
            try arguments()
        } catch {
            wrongArguments.withLock { $0 = error.list }
            throw ExitCode(2)
        }
    }

    /// Reports what ``check(_:)`` found.
    ///
    /// - Returns: whether there was anything.
    static func reportArguments() -> Bool {
        let found = wrongArguments.withLock(\.self)
        report(found)
        return !found.isEmpty
    }

    /// Diagnostics that are not the result.
    static func report(_ diagnostics: [Diagnostic]) { report(diagnostics, StandardInput()) }

    private static func report(_ diagnostics: [Diagnostic], _ input: StandardInput) {
        guard !diagnostics.isEmpty else { return }
        let report = TextReport(colour: Stream.error.hasColour).export(
            Report(files: [Report.File(path: "marginalia", diagnostics: diagnostics)], standardInput: input))
        write(report, to: .error, isPrintable: true)
    }

    /// The streams as runs write to them.
    static let console = Console(
        output: { write($0, to: .output, isPrintable: $1) }, note: { write($0, to: .error) }, diagnostics: report,
        progress: { if let text = $0 { show(text) } else { clear() } }, isInteractive: Stream.error.isTerminal)
}
