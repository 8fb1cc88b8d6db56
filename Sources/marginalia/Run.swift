internal import ArgumentParser
internal import Dispatch
internal import Synchronization
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How a command goes about many files.
struct RunOptions: ParsableArguments {
    @Option(
        name: [.customShort("j"), .long],
        help: ArgumentHelp(
            "How many files are worked on at once; by default, as many as there are cores.", valueName: "number"))
    var jobs: Int?

    @Flag(
        help: "Say at the end which files took longest and in which most was found; after a minute that is said anyway."
    )
    var summary = false

    /// How many are worked on at once.
    func threads() throws(Diagnostics) -> Int {
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        guard jobs > 0 else {
            throw Diagnostics([Messages.usage("-j \(jobs): no file would be worked on", help: "write -j 1 or more")])
        }
        return jobs
    }
}

/// A run over files, or over parts of one: some are worked on at once, and what comes of them is handed on in their
/// order.
struct Run<Item: Sendable> {
    private let items: [Item]
    private let name: (Item) -> String
    private let jobs: Int
    private let isSummarised: Bool
    private var progress: Progress<Item>
    private var slowest = Longest<Duration>()
    private var worst = Longest<Int>()

    /// - Parameters:
    ///   - noun: what they are.
    ///   - size: how much there is to read of one, in bytes.
    init(
        _ items: [Item], called noun: String, _ options: RunOptions, name: @escaping (Item) -> String,
        size: @escaping (Item) -> Int
    ) throws(Diagnostics) {
        (self.items, self.name, jobs, isSummarised) = (
            items, name, min(try options.threads(), items.count), options.summary
        )
        progress = Progress(items, called: noun, size)
    }

    /// Does the work.
    ///
    /// - Parameters:
    ///   - work: what is done with one, on any thread.
    ///   - deliver: takes what came of it, on this thread; returns how much was found in it.
    mutating func forEach<Value: Sendable>(
        _ work: @escaping @Sendable (Item) -> Value, deliver: (Item, Value) -> Int
    ) {
        let exchange = Exchange(items, room: 4 * jobs, work)
        // Of one thread it is this one.
        if jobs > 1 { exchange.start(threads: jobs) }
        for (number, item) in items.enumerated() {
            let (value, time) = jobs > 1 ? exchange.take(number) : exchange.do(number)
            let found = deliver(item, value)
            slowest.add(name(item), time)
            worst.add(name(item), found)
            progress.step(item)
        }
        progress.end()
        guard isSummarised || progress.elapsed > .seconds(60) else { return }
        Terminal.write(Words.slowest(slowest.list) + Words.worst(worst.list.filter { $0.value > 0 }), to: .error)
    }
}

extension Run where Item == String {
    init(_ files: [String], _ options: RunOptions) throws(Diagnostics) {
        try self.init(files, called: "files", options, name: \.self, size: FileAccess.size)
    }
}

/// What threads have made of files, until it is its turn.
private final class Exchange<Item: Sendable, Value: Sendable>: Sendable {
    private let items: [Item]
    private let work: @Sendable (Item) -> Value
    private let done = Mutex<[Int: (Value, Duration)]>([:])
    private let next = Atomic(0)
    private let room: DispatchSemaphore
    private let news = DispatchSemaphore(value: 0)

    /// - Parameter room: how many may be worked on or wait.
    init(_ items: [Item], room: Int, _ work: @escaping @Sendable (Item) -> Value) {
        (self.items, self.work, self.room) = (items, work, DispatchSemaphore(value: room))
    }

    func start(threads: Int) {
        for _ in 0..<threads { DispatchQueue.global().async { self.workOn() } }
    }

    private func workOn() {
        while true {
            room.wait()
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < items.count else {
                room.signal()
                return
            }
            let result = self.do(number)
            done.withLock { $0[number] = result }
            news.signal()
        }
    }

    func `do`(_ number: Int) -> (Value, Duration) {
        let start = ContinuousClock.now
        return (work(items[number]), .now - start)
    }

    func take(_ number: Int) -> (Value, Duration) {
        while true {
            if let result = done.withLock({ $0.removeValue(forKey: number) }) {
                room.signal()
                return result
            }
            news.wait()
        }
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

/// How far a run has come: on a terminal a line that changes, elsewhere one in half a minute.
private struct Progress<Item> {
    private let items: [Item]
    private let noun: String
    private let size: (Item) -> Int
    private let isTerminal = Terminal.Stream.error.isTerminal
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var count = 0
    private var bytes = 0
    /// The size of all, once it is asked for.
    private var total: Int?

    init(_ items: [Item], called noun: String, _ size: @escaping (Item) -> Int) {
        (self.items, self.noun, self.size) = (items, noun, size)
    }

    var elapsed: Duration { .now - start }

    mutating func step(_ item: Item) {
        count += 1
        bytes += size(item)
        let now = ContinuousClock.now
        guard now - last > (isTerminal ? .milliseconds(100) : .seconds(30)), now - start > .seconds(1),
            count < items.count
        else { return }
        last = now
        let total = self.total ?? bytes + items[count...].reduce(0) { $0 + size($1) }
        self.total = total
        Terminal.show(Words.progress(count, of: items.count, noun, bytes: bytes, of: total, time: now - start))
    }

    func end() {
        Terminal.clear()
    }
}

private enum Words {
    /// `1200 of 80000 files, 236 MB of 15.8 GB, 45.1 MB/s, 4 min left`
    static func progress(
        _ count: Int, of all: Int, _ noun: String, bytes: Int, of allBytes: Int, time: Duration
    ) -> String {
        let left =
            bytes > 0 ? time * (Double(allBytes - bytes) / Double(bytes)) : time * (Double(all - count) / Double(count))
        return
            "\(count) of \(all) \(noun), \(size(bytes)) of \(size(allBytes)), \(size(Int(Double(bytes) / time.seconds)))/s, \(span(left)) left"
    }

    static func slowest(_ list: [(file: String, value: Duration)]) -> String {
        line("slowest", list.map { "\($0.file) (\(span($0.value)))" })
    }

    static func worst(_ list: [(file: String, value: Int)]) -> String {
        line("most found", list.map { "\($0.file) (\($0.value))" })
    }

    private static func line(_ title: String, _ items: [String]) -> String {
        items.isEmpty ? "" : "\(title): \(items.joined(separator: ", ").printable)\n"
    }

    private static func size(_ bytes: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var (value, unit) = (Double(bytes), 0)
        while value >= 1000, unit + 1 < units.count { (value, unit) = (value / 1000, unit + 1) }
        return (unit == 0 || value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)") + " "
            + units[unit]
    }

    private static func span(_ time: Duration) -> String {
        switch time.seconds {
        case ..<1: "\(Int((time.seconds * 1000).rounded())) ms"
        case ..<100: "\((time.seconds * 10).rounded() / 10) s"
        case ..<7200: "\(Int((time.seconds / 60).rounded())) min"
        default: "\(Int((time.seconds / 3600).rounded())) h"
        }
    }
}

extension Duration {
    fileprivate var seconds: Double { self / .seconds(1) }
}
