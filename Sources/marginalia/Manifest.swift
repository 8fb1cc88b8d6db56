internal import ArgumentParser
internal import Synchronization
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// How a command goes about what it did before.
struct RenewalOptions: ParsableArguments {
    @Flag(help: "Do all again, and not only what has changed since the last run.")
    var force = false

    @Flag(help: "Go on, and do again what changes, until interrupted (Ctrl-C).")
    var watch = false
}

/// What earlier runs of a command have made of which files: as long as the files that were read for it, those that were written, the program and
/// the options are the same, it need not be made again.
///
/// It lies in the folder of the cache, one file for each command, folder and options, and grows by a line for each document as the run goes on:
/// what a killed run has done is not done again.
final class Manifest<Result: Codable & Sendable>: Sendable {
    private struct State {
        /// By the path of the document.
        var lines: [String: ArraySlice<UInt8>] = [:]
        /// While files are watched, those that were read since it began.
        var inputs: [String: FileStamp] = [:]
        var unsaved: [UInt8] = []
        var saved = ContinuousClock.now
    }

    private let file: Journal?
    private let isWatched: Bool
    private let state: Mutex<State>

    /// One that is held alone, while files are watched.
    init() {
        (file, isWatched) = (nil, true)
        state = Mutex(State())
    }

    /// That of a command; `nil` where there is no cache, or another run has it.
    ///
    /// - Parameters:
    ///   - command: its name, and all options on which its results depend.
    ///   - configuration: the files that were read for all documents.
    init?(_ command: [String], configuration: ReadLog, _ options: RenewalOptions) {
        let environment = ProcessInfo.processInfo.environment
        guard let cache = SchemaCache.defaultFolder(environment), !FileAccess.programSignature.isEmpty, !configuration.isSpoilt else { return nil }
        let read = configuration.stamps.sorted { $0.key < $1.key }.map { "\($0) \($1.checksum)" }
        let key = [FileManager.default.currentDirectoryPath, "\(FileAccess.programSignature)"] + command + read
        let path = "\(cache)/runs/\(String(fnv1a(key), radix: 16)).run"
        if !FileAccess.exists(path) { SchemaCache.removeOldest(of: ".run", in: "\(cache)/runs") }
        guard let file = Journal(path) else { return nil }
        var state = State()
        if !options.force { state.lines = Manifest.lines(of: file.content) }
        if options.force || state.lines.values.reduce(0, { $0 + $1.count }) < file.content.count / 2 {
            file.clear()
            file.append(state.lines.flatMap { Manifest.line($0, $1) })
        }
        self.file = file
        isWatched = options.watch
        self.state = Mutex(state)
    }

    private static func lines(of bytes: [UInt8]) -> [String: ArraySlice<UInt8>] {
        var lines: [String: ArraySlice<UInt8>] = [:]
        for line in bytes.split(separator: 0x0A) {
            guard let tab = line.firstIndex(of: 0x09) else { continue }
            lines[String(decoding: line[..<tab], as: UTF8.self)] = line[(tab + 1)...]
        }
        return lines
    }

    private static func line(_ key: String, _ fields: ArraySlice<UInt8>) -> [UInt8] {
        key.utf8 + [0x09] + fields + [0x0A]
    }

    /// The files that were read since it began to watch.
    var inputs: [String: FileStamp] { state.withLock(\.inputs) }

    /// Begins anew to note the files that are to be watched.
    func begin(_ configuration: ReadLog) {
        state.withLock { $0.inputs = configuration.stamps }
    }

    /// What was made of a document, where that holds still.
    func result(for path: String) -> Result? {
        guard let line = state.withLock({ $0.lines[ManifestLine.key(path)] }), let fields = ManifestLine(line),
              fields.inputs.allSatisfy({ $1.matches($0) }), fields.outputs.allSatisfy({ $1.matches($0) }),
              let result = try? JSONDecoder().decode(Result.self, from: Data(fields.result)) else { return nil }
        watch(fields.inputs)
        return result
    }

    /// Notes files of which something was made, or could not be.
    func watch(_ inputs: [String: FileStamp]) {
        if isWatched { state.withLock { $0.inputs.merge(inputs) { $1 } } }
    }

    /// Notes what was made of a document, where that depends on files alone.
    func add(_ result: Result, for path: String, _ log: ReadLog, outputs: [String: FileStamp] = [:]) {
        let inputs = log.stamps
        guard !log.isSpoilt, inputs[path] != nil, let json = try? JSONEncoder().encode(result) else { return }
        let key = ManifestLine.key(path)
        let fields = ManifestLine(inputs: inputs, outputs: outputs, result: Array(json)[...]).bytes[...]
        state.withLock { state in
            // Only what watches the files asks for it again.
            if isWatched { state.lines[key] = fields }
            state.unsaved += Manifest.line(key, fields)
            if .now - state.saved > .milliseconds(500) { save(&state) }
        }
    }

    func save() {
        state.withLock { save(&$0) }
    }

    private func save(_ state: inout State) {
        file?.append(state.unsaved)
        (state.unsaved, state.saved) = ([], .now)
    }
}

/// What a manifest says of a document, in fields behind tabs: the files that were read and written for it, and what came of it.
private struct ManifestLine {
    let inputs: [String: FileStamp]
    let outputs: [String: FileStamp]
    /// JSON in one line.
    let result: ArraySlice<UInt8>

    init(inputs: [String: FileStamp], outputs: [String: FileStamp], result: ArraySlice<UInt8>) {
        (self.inputs, self.outputs, self.result) = (inputs, outputs, result)
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        let fields = bytes.split(separator: 0x09, maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, let inputs = [String: FileStamp](line: String(decoding: fields[0], as: UTF8.self)),
              let outputs = [String: FileStamp](line: String(decoding: fields[1], as: UTF8.self)) else { return nil }
        self.init(inputs: inputs, outputs: outputs, result: fields[2])
    }

    var bytes: [UInt8] { Array("\(inputs.line)\t\(outputs.line)\t".utf8) + result }

    static func key(_ path: String) -> String { [String: FileStamp].escaped(path) }
}

/// Waiting for files to change.
enum Watch {
    /// Waits until one of the files that were read is another, or the list of files is.
    ///
    /// - Parameter list: the files that are meant now; `nil` where that cannot be told.
    /// - Returns: the files that are meant then.
    static func wait(for files: [String], _ inputs: [String: FileStamp], list: () -> [String]?) -> [String] {
        let before = inputs.keys.map { ($0, FileAccess.signature(of: $0)) }
        // What has changed while it was read is done again, but not without a pause.
        FileAccess.sleep(.milliseconds(30))
        guard inputs.allSatisfy({ $1.matches($0) }) else { return list() ?? files }
        while true {
            let start = ContinuousClock.now
            let meant = list() ?? files
            guard meant == files, before.allSatisfy({ FileAccess.signature(of: $0) == $1 }) else { return meant }
            // Of many files no processor is kept busy.
            FileAccess.sleep(max(.milliseconds(30), (ContinuousClock.now - start) * 5))
        }
    }
}
