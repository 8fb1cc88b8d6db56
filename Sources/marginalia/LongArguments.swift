internal import Synchronization

/// Runs of thousands of paths, as a shell makes them of `*.xml`, are handed to the parser as one argument each: its
/// time grows with the square of their number.
enum LongArguments {
    private static let commands: Set = [
        "validate", "query", "export", "compare", "index", "search", "stats", "show", "where",
    ]
    private static let runs = Mutex<[[String]]>([])
    /// No argument of a command line can hold a NUL.
    private static let mark = "\u{0}"
    /// As many may be values of options, an expression, or words.
    private static let kept = 100

    static func folded(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, commands.contains(command) else { return arguments }
        var (folded, run): ([String], [String]) = ([], [])
        func endRun() {
            folded += run.prefix(kept)
            if run.count > kept {
                runs.withLock { runs in
                    folded.append(mark + String(runs.count))
                    runs.append(Array(run.dropFirst(kept)))
                }
            }
            run = []
        }
        for argument in arguments {
            if argument.utf8.first != UInt8(ascii: "-") || argument == "-" {
                run.append(argument)
            } else {
                endRun()
                folded.append(argument)
            }
        }
        endRun()
        return folded
    }

    /// The arguments of a command in place of those that stand for many: each command that may have many calls it.
    static func unfolded(_ arguments: [String]) -> [String] {
        arguments.flatMap { argument in
            guard argument.hasPrefix(mark), let number = Int(argument.dropFirst()) else { return [argument] }
            return runs.withLock { $0[number] }
        }
    }
}
