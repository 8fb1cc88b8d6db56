import Foundation

/// What the system says that a process took.
struct Usage {
    /// User and system time in milliseconds.
    let processor: Double
    /// The most memory that was occupied, in bytes.
    let peak: Int

    init(_ usage: rusage) {
        func milliseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1000 + Double(time.tv_usec) / 1000 }
        processor = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)
        #if os(macOS)
            peak = usage.ru_maxrss
        #else
            peak = usage.ru_maxrss * 1024
        #endif
    }

    /// Of this process.
    static var own: Usage {
        var usage = rusage()
        // RUSAGE_SELF, which is an enumeration in one library and a number in the other.
        _ = unsafe getrusage(.init(0), &usage)
        return Usage(usage)
    }
}

/// Runs a program by its path and prints what it took. Its peak is at least this process's own, some megabytes.
///
/// By the system's own calls: Foundation's Process takes 10 ms and more of its own.
func run(_ command: [String]) {
    var (pid, status, usage) = (pid_t(), Int32(), rusage())
    #if os(macOS)
        var actions: posix_spawn_file_actions_t?
    #else
        var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    for descriptor: Int32 in [1, 2] {
        unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    let wall = ContinuousClock().measure {
        guard unsafe posix_spawn(&pid, command[0], &actions, nil, arguments, environ) == 0 else {
            status = 127 << 8
            return
        }
        unsafe wait4(pid, &status, 0, &usage)
    }
    // A signal counts as a failure too.
    let code = status & 0x7F == 0 ? status >> 8 : 128 + status & 0x7F
    let taken = Usage(usage)
    print(
        decimals(taken.processor, 1), decimals(milliseconds(wall), 1), decimals(Double(taken.peak) / 1_000_000, 1), code
    )
}
