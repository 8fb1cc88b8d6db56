internal import Synchronization
internal import TEI
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How a run uses what earlier runs did. The results do not depend on it.
///
///     let validation = CorpusValidation(ValidationOptions(), BatchOptions(), RenewalOptions(force: true))
public struct RenewalOptions: Sendable {
    /// Whether everything is done again, and not only for files that changed since the last run.
    public var force: Bool
    /// Whether the run continues, and does again what changes, until it is interrupted.
    public var watch: Bool

    /// Makes the options; each parameter sets the property of its name.
    public init(force: Bool = false, watch: Bool = false) {
        (self.force, self.watch) = (force, watch)
    }
}

/// What earlier runs of a command have made of which files: as long as the files that were read for it, those that were
/// written, the program and the options are the same, it need not be made again.
///
/// It lies in the folder of the cache, one file for each command, folder and options, and grows by a line for each
/// document as the run goes on: what a killed run has done is not done again.
final class RunCache<Result: Codable & Sendable>: Sendable {
    private struct State {
        /// The lines by the paths of the documents.
        var lines: [CodepointString: ArraySlice<UInt8>] = [:]
        /// While files are watched, the files that were read since the watch began.
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

    /// Opens the cache of a command; `nil` if there is no cache, or if another run is using it.
    ///
    /// - Parameters:
    ///   - folder: the folder in the cache.
    ///   - command: its name.
    ///   - options: all options on which its results depend.
    ///   - output: the folder that is written to, by its canonical path.
    ///   - root: the folder that was named by `--root`.
    ///   - configuration: the files that were read for all documents.
    init?(
        folder: String = "runs", _ command: String, _ options: some Encodable, output: String = "",
        root: String?, configuration: DependencyLog, _ renewal: RenewalOptions = RenewalOptions()
    ) {
        let environment = ProcessInfo.processInfo.environment
        guard let cache = SchemaCache.defaultFolder(environment), !FileAccess.programSignature.isEmpty,
            !configuration.isUncacheable, let key = RunCache.key([command, output], options, configuration)
        else { return nil }
        let path = "\(cache)/\(folder)/\(String(fnv1a(key), radix: 16)).run"
        if !FileAccess.exists(path) { SchemaCache.removeOldest(of: ".run", in: "\(cache)/\(folder)") }
        guard let file = Journal(path) else { return nil }
        var state = State()
        if !renewal.force { state.lines = RunCache.lines(of: file.content) }
        if renewal.force || state.lines.values.reduce(0, { $0 + $1.count }) < file.content.count / 2 {
            file.clear()
            file.append(state.lines.flatMap { RunCache.line($0.string, $1) })
        }
        self.file = file
        (isWatched, self.root) = (renewal.watch, root)
        self.state = Mutex(state)
    }

    /// What a result depends on besides its document: the options as a whole, so that none can be forgotten, the
    /// working folder, the program, and the files that were read for all documents.
    private static func key(_ command: [String], _ options: some Encodable, _ configuration: DependencyLog) -> [String]?
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let options = try? encoder.encode(options) else { return nil }
        let read = configuration.stamps.sorted { $0.key < $1.key }.map { "\($0) \($1.checksum)" }
        let place = [FileManager.default.currentDirectoryPath, "\(FileAccess.programSignature)"]
        return place + command + [String(decoding: options, as: UTF8.self)] + read
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

    /// The result for a document, if it is still valid.
    func result(for path: String) -> Result? {
        guard let line = state.withLock({ $0.lines[RunCacheLine.key(path)] }),
            let fields = RunCacheLine(line, of: path),
            fields.root.isSame(as: EditionFiles.root(of: path, named: root)), fields.inputs.areCurrent,
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

    /// Notes the result for a document, if it depends on files alone.
    func add(_ result: Result, for path: String, _ log: DependencyLog, outputs: FileStamps = [:]) {
        let inputs = log.stamps
        guard !log.isUncacheable, inputs[CodepointString(path)] != nil, let json = try? JSONEncoder().encode(result)
        else {
            return
        }
        let key = RunCacheLine.key(path)
        let fields = RunCacheLine(
            root: EditionFiles.root(of: path, named: root), inputs: inputs, outputs: outputs, result: Array(json)[...]
        ).bytes(of: path)[...]
        state.withLock { state in
            // Only what watches the files asks for it again.
            if isWatched { state.lines[key] = fields }
            state.unsaved += RunCache.line(key.string, fields)
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

/// What the cache says of a document, in fields after tabs: a checksum of the others and of the document's path, the
/// root folder, the files that were read and written for the document, and the result. A line whose checksum is wrong
/// says nothing.
private struct RunCacheLine {
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
                == RunCacheLine.checksum(bytes[fields[1].startIndex...], of: path),
            let inputs = FileStamps(line: String(decoding: fields[2], as: UTF8.self)),
            let outputs = FileStamps(line: String(decoding: fields[3], as: UTF8.self))
        else { return nil }
        self.init(root: FileStamps.path(ofEscaped: fields[1]), inputs: inputs, outputs: outputs, result: fields[4])
    }

    /// - Parameter path: the document's.
    func bytes(of path: String) -> [UInt8] {
        let fields = Array("\(FileStamps.escaped(root))\t\(inputs.line)\t\(outputs.line)\t".utf8) + result
        return RunCacheLine.checksum(fields[...], of: path).utf8 + [0x09] + fields
    }

    private static func checksum(_ fields: ArraySlice<UInt8>, of path: String) -> String {
        String(fnv1a(path, from: Checksum.of(fields.span)), radix: 16)
    }

    static func key(_ path: String) -> CodepointString { CodepointString(FileStamps.escaped(path)) }
}
