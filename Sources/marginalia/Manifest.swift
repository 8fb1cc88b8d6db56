internal import ArgumentParser
internal import Synchronization
internal import TEI
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How a command goes about what it did before.
struct RenewalOptions: ParsableArguments {
    @Flag(help: "Do everything again, not only for the files that changed since the last run.")
    var force = false

    @Flag(help: "Go on, and do again what changes, until interrupted (Ctrl-C).")
    var watch = false
}

/// What earlier runs of a command have made of which files: as long as the files that were read for it, those that were
/// written, the program and the options are the same, it need not be made again.
///
/// It lies in the folder of the cache, one file for each command, folder and options, and grows by a line for each
/// document as the run goes on: what a killed run has done is not done again.
final class Manifest<Result: Codable & Sendable>: Sendable {
    private struct State {
        /// By the path of the document.
        var lines: [CodepointString: ArraySlice<UInt8>] = [:]
        /// While files are watched, those that were read since it began.
        var inputs: FileStamps = [:]
        var unsaved: [UInt8] = []
        var saved = ContinuousClock.now
    }

    private let file: Journal?
    private let isWatched: Bool
    /// The folder that was named by `--root`.
    private let root: String?
    private let state: Mutex<State>

    /// One that is held alone, while files are watched.
    init(root: String?) {
        (file, isWatched, self.root) = (nil, true, root)
        state = Mutex(State())
    }

    /// That of a command; `nil` where there is no cache, or another run has it.
    ///
    /// - Parameters:
    ///   - folder: the folder in the cache.
    ///   - command: its name, and all options on which its results depend.
    ///   - root: the folder that was named by `--root`.
    ///   - configuration: the files that were read for all documents.
    ///   - force: whether everything is done again.
    ///   - isWatched: whether the files are watched.
    init?(
        in folder: String = "runs", _ command: [String], root: String?, configuration: DependencyLog,
        force: Bool = false,
        isWatched: Bool = false
    ) {
        let environment = ProcessInfo.processInfo.environment
        guard let cache = SchemaCache.defaultFolder(environment), !FileAccess.programSignature.isEmpty,
            !configuration.isUncacheable
        else { return nil }
        let read = configuration.stamps.sorted { $0.key < $1.key }.map { "\($0) \($1.checksum)" }
        let key =
            [FileManager.default.currentDirectoryPath, "\(FileAccess.programSignature)", root ?? ""] + command + read
        let path = "\(cache)/\(folder)/\(String(fnv1a(key), radix: 16)).run"
        if !FileAccess.exists(path) { SchemaCache.removeOldest(of: ".run", in: "\(cache)/\(folder)") }
        guard let file = Journal(path) else { return nil }
        var state = State()
        if !force { state.lines = Manifest.lines(of: file.content) }
        if force || state.lines.values.reduce(0, { $0 + $1.count }) < file.content.count / 2 {
            file.clear()
            file.append(state.lines.flatMap { Manifest.line($0.string, $1) })
        }
        self.file = file
        (self.isWatched, self.root) = (isWatched, root)
        self.state = Mutex(state)
    }

    private static func lines(of bytes: [UInt8]) -> [CodepointString: ArraySlice<UInt8>] {
        var lines: [CodepointString: ArraySlice<UInt8>] = [:]
        for line in bytes.split(separator: 0x0A) {
            guard let tab = line.firstIndex(of: 0x09) else { continue }
            lines[CodepointString(String(decoding: line[..<tab], as: UTF8.self))] = line[(tab + 1)...]
        }
        return lines
    }

    private static func line(_ key: String, _ fields: ArraySlice<UInt8>) -> [UInt8] {
        key.utf8 + [0x09] + fields + [0x0A]
    }

    /// The files that were read since it began to watch.
    var inputs: FileStamps { state.withLock(\.inputs) }

    /// Begins anew to note the files that are to be watched.
    func begin(_ configuration: DependencyLog) {
        state.withLock { $0.inputs = configuration.stamps }
    }

    /// What was made of a document, where that holds still.
    func result(for path: String) -> Result? {
        guard let line = state.withLock({ $0.lines[ManifestLine.key(path)] }),
            let fields = ManifestLine(line, of: path),
            fields.root.isSame(as: Edition.root(of: path, named: root)), fields.inputs.areCurrent,
            fields.outputs.areCurrent,
            let result = try? JSONDecoder().decode(Result.self, from: Data(fields.result))
        else { return nil }
        watch(fields.inputs)
        return result
    }

    /// Notes files of which something was made, or could not be.
    func watch(_ inputs: FileStamps) {
        if isWatched { state.withLock { $0.inputs.merge(inputs) { $1 } } }
    }

    /// Notes what was made of a document, where that depends on files alone.
    func add(_ result: Result, for path: String, _ log: DependencyLog, outputs: FileStamps = [:]) {
        let inputs = log.stamps
        guard !log.isUncacheable, inputs[CodepointString(path)] != nil, let json = try? JSONEncoder().encode(result)
        else {
            return
        }
        let key = ManifestLine.key(path)
        let fields = ManifestLine(
            root: Edition.root(of: path, named: root), inputs: inputs, outputs: outputs, result: Array(json)[...]
        ).bytes(of: path)[...]
        state.withLock { state in
            // Only what watches the files asks for it again.
            if isWatched { state.lines[key] = fields }
            state.unsaved += Manifest.line(key.string, fields)
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

/// What a manifest says of a document, in fields after tabs: a checksum of the others and of the document's path, the
/// root folder, the files that were read and written for the document, and the result. A line whose checksum is wrong
/// says nothing.
private struct ManifestLine {
    /// Below which the document could read.
    let root: String
    let inputs: FileStamps
    let outputs: FileStamps
    /// JSON in one line.
    let result: ArraySlice<UInt8>

    init(root: String, inputs: FileStamps, outputs: FileStamps, result: ArraySlice<UInt8>) {
        (self.root, self.inputs, self.outputs, self.result) = (root, inputs, outputs, result)
    }

    /// - Parameter path: the document's.
    init?(_ bytes: ArraySlice<UInt8>, of path: String) {
        let fields = bytes.split(separator: 0x09, maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count == 5,
            String(decoding: fields[0], as: UTF8.self)
                == ManifestLine.checksum(bytes[fields[1].startIndex...], of: path),
            let inputs = FileStamps(line: String(decoding: fields[2], as: UTF8.self)),
            let outputs = FileStamps(line: String(decoding: fields[3], as: UTF8.self))
        else { return nil }
        self.init(root: FileStamps.path(ofEscaped: fields[1]), inputs: inputs, outputs: outputs, result: fields[4])
    }

    /// - Parameter path: the document's.
    func bytes(of path: String) -> [UInt8] {
        let fields = Array("\(FileStamps.escaped(root))\t\(inputs.line)\t\(outputs.line)\t".utf8) + result
        return ManifestLine.checksum(fields[...], of: path).utf8 + [0x09] + fields
    }

    private static func checksum(_ fields: ArraySlice<UInt8>, of path: String) -> String {
        String(fnv1a(path.utf8, from: Checksum.of(fields.span)), radix: 16)
    }

    static func key(_ path: String) -> CodepointString { CodepointString(FileStamps.escaped(path)) }
}

/// Waiting for files to change.
enum Watch {
    /// Waits until one of the files that were read is another, or the list of files is.
    ///
    /// - Parameter list: the files that are meant now; `nil` where that cannot be told.
    /// - Returns: the files that are meant then.
    static func wait(for files: [String], _ inputs: FileStamps, list: () -> [String]?) -> [String] {
        let before = inputs.keys.map { ($0.string, FileAccess.signature(of: $0.string)) }
        // What has changed while it was read is done again, but not without a pause.
        FileAccess.sleep(.milliseconds(30))
        guard inputs.areCurrent else { return list() ?? files }
        while true {
            let start = ContinuousClock.now
            let meant = list() ?? files
            guard meant == files, before.allSatisfy({ FileAccess.signature(of: $0) == $1 }) else { return meant }
            // Of many files no processor is kept busy.
            FileAccess.sleep(max(.milliseconds(30), (ContinuousClock.now - start) * 5))
        }
    }
}
