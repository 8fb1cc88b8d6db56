package import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How a run works on many files. The results do not depend on it.
///
///     let report = try CorpusValidation(ValidationOptions(), BatchOptions(jobs: 2)).report(on: ["TEI"])
public struct BatchOptions: Sendable {
    /// The number of files that are worked on at once; `nil` for the number of cores.
    public var jobs: Int?
    /// Whether the console gets a note of the slowest files and of those with most findings. A run of more than a
    /// minute always notes them.
    public var isSummarised: Bool

    /// Makes the options; each parameter sets the property of its name.
    public init(jobs: Int? = nil, isSummarised: Bool = false) {
        (self.jobs, self.isSummarised) = (jobs, isSummarised)
    }

    /// - Throws: ``XML/Diagnostics`` with the rule `usage` if there are fewer than one.
    func threads() throws(Diagnostics) -> Int {
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        guard jobs > 0 else { throw Diagnostics([Messages.noJobs(jobs)]) }
        return jobs
    }
}

/// A run over files, or over parts of one. Several are worked on at once; the results arrive in the order of the items.
///
///     var batch = try Batch(["a.xml", "b.xml"], BatchOptions())
///     batch.forEach { FileAccess.size(of: $0) } deliver: { file, size in
///         print(file, size)
///         return 0
///     }
package struct Batch<Item: Sendable> {
    private let items: [Item]
    private let name: (Item) -> String
    private let jobs: Int
    private let isSummarised: Bool
    private let console: Console
    private var progress: BatchProgress<Item>
    private var slowest = Longest<Duration>()
    private var worst = Longest<Int>()

    /// - Parameters:
    ///   - noun: what the items are.
    ///   - size: how much there is to read of one, in bytes.
    package init(
        _ items: [Item], called noun: String, _ options: BatchOptions, _ console: Console = .silent,
        name: @escaping (Item) -> String, size: @escaping (Item) -> Int
    ) throws(Diagnostics) {
        (self.items, self.name, self.console) = (items, name, console)
        (jobs, isSummarised) = (min(try options.threads(), items.count), options.isSummarised)
        progress = BatchProgress(items, called: noun, console, size)
    }

    /// Does the work.
    ///
    /// - Parameters:
    ///   - work: makes something of an item, on any thread.
    ///   - deliver: takes that on this thread, and returns how much was found in the item.
    package mutating func forEach<Value: Sendable>(
        _ work: @escaping @Sendable (Item) -> Value, deliver: (Item, Value) -> Int
    ) {
        let queue = OrderedQueue(items, room: 4 * jobs, work)
        // A single thread is this one.
        if jobs > 1 { queue.start(threads: jobs) }
        for (number, item) in items.enumerated() {
            let (value, time) = jobs > 1 ? queue.take(number) : queue.do(number)
            let found = deliver(item, value)
            slowest.add(name(item), time)
            worst.add(name(item), found)
            progress.step(item)
        }
        console.progress(nil)
        guard isSummarised || progress.elapsed > .seconds(60) else { return }
        console.note(BatchWording.slowest(slowest.list) + BatchWording.worst(worst.list.filter { $0.value > 0 }))
    }
}

extension Batch where Item == String {
    package init(
        _ files: [String], _ options: BatchOptions, _ console: Console = .silent
    ) throws(Diagnostics) {
        try self.init(files, called: "files", options, console, name: \.self, size: FileAccess.size)
    }
}

/// The files of the greatest values, the greatest first.
private struct Longest<Value: Comparable> {
    private(set) var list: [(file: String, value: Value)] = []
    private static var limit: Int { 5 }

    mutating func add(_ file: String, _ value: Value) {
        guard list.count < Longest.limit || value > list[list.count - 1].value else { return }
        let place = list.firstIndex { $0.value < value } ?? list.count
        list.insert((file, value), at: place)
        if list.count > Longest.limit { list.removeLast() }
    }
}
