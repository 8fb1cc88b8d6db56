internal import Dispatch
internal import Synchronization

/// Results that threads make of items, each kept until its turn comes.
final class OrderedQueue<Item: Sendable, Value: Sendable>: Sendable {
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

    /// Does the work for one item on this thread.
    func `do`(_ number: Int) -> (Value, Duration) {
        let start = ContinuousClock.now
        return (work(items[number]), .now - start)
    }

    /// Waits for the result of one item.
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
