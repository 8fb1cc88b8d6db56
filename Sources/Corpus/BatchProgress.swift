internal import XML

/// How far a batch has come: a line that changes if the console is interactive, or else a line every half minute.
struct BatchProgress<Item> {
    private let items: [Item]
    private let noun: String
    private let console: Console
    private let size: (Item) -> Int
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var count = 0
    private var bytes = 0
    /// The size of all items, once it is needed.
    private var total: Int?

    init(_ items: [Item], called noun: String, _ console: Console, _ size: @escaping (Item) -> Int) {
        (self.items, self.noun, self.console, self.size) = (items, noun, console, size)
    }

    var elapsed: Duration { .now - start }

    mutating func step(_ item: Item) {
        count += 1
        bytes += size(item)
        let now = ContinuousClock.now
        guard now - last > (console.isInteractive ? .milliseconds(100) : .seconds(30)), now - start > .seconds(1),
            count < items.count
        else { return }
        last = now
        let total = self.total ?? bytes + items[count...].reduce(0) { $0 + size($1) }
        self.total = total
        console.progress(
            BatchWording.progress(count, of: items.count, noun, bytes: bytes, of: total, time: now - start))
    }
}

/// The notes of a batch, for people.
enum BatchWording {
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

    /// `306 grammar-attribute`, a line for each rule, those with most findings first, at most 20 lines.
    static func rules(_ counts: [String: Int]) -> String {
        let list = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !list.isEmpty else { return "" }
        let shown = list.count > 20 ? 19 : 20
        let width = "\(list[0].value)".count + 2
        func row(_ number: Int, _ words: String) -> String {
            String(repeating: " ", count: max(0, width - "\(number)".count)) + "\(number) \(words.printable)\n"
        }
        let rest = list.dropFirst(shown)
        return "findings by rule:\n" + list.prefix(shown).map { row($0.value, $0.key) }.joined()
            + (rest.isEmpty ? "" : row(rest.reduce(0) { $0 + $1.value }, "by \(rest.count) other rules"))
    }

    static func unlisted(_ number: Int) -> String {
        "\(count(number, "finding")) not listed: --max sets how many are\n"
    }

    /// - Parameter left: how many findings left it.
    static func baseline(_ count: Int, left: Int, isNew: Bool) -> String {
        isNew
            ? "baseline: \(self.count(count, "finding")) written, which the next run does not report\n"
            : "baseline: \(self.count(count, "finding")) known\(left > 0 ? ", \(left) mended and taken out" : "")\n"
    }

    /// - Parameter meant: the name that was probably meant.
    static func unknownRule(_ name: String, meant: String?) -> String {
        "no rule is called ‘\(name.printable)’" + (meant.map { ": did you mean ‘\($0)’?" } ?? "") + "\n"
    }

    static func worst(_ list: [(file: String, value: Int)]) -> String {
        line("most found", list.map { "\($0.file) (\($0.value))" })
    }

    /// `22 of 23 files: read as parts of the others, which include them`
    static func included(_ included: Int, of all: Int) -> String {
        "\(included) of \(all) files: read as parts of the others, which include them\n"
    }

    /// `17 of 23 documents have no text ‘hand:clinton’`
    static func lacking(_ text: String, _ number: Int, of all: Int) -> String {
        "\(number) of \(all) documents \(number == 1 ? "has" : "have") no text ‘\(text)’\n"
    }

    static func exported(_ files: Int) -> String { "\(files == 1 ? "1 file" : "\(files) files"): exported\n" }

    /// `3 documents indexed, 2 files unchanged, 1 file taken out`
    static func indexed(_ documents: Int, unchanged: Int, removed: Int) -> String {
        let others = [
            unchanged > 0 ? "\(count(unchanged, "file")) unchanged" : nil,
            removed > 0 ? "\(count(removed, "file")) taken out" : nil,
        ].compactMap(\.self)
        return ([count(documents, "document") + " indexed"] + others).joined(separator: ", ") + "\n"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

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
