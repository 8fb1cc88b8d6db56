package import XML
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Files that a run writes: each is replaced as a whole, and no interruption leaves half of one.
package enum OutputFile {
    /// Writes a file as a whole or not at all, with its folders. At a link, the file to which the link leads is
    /// written. Devices and pipes can be written, too.
    package static func save(_ bytes: [UInt8], at path: String) throws(Diagnostics) {
        try uninterrupted { () throws(Diagnostics) in
            guard FileAccess.replace(target(of: path), with: bytes) else {
                throw Diagnostics([Messages.cannotWrite(path)])
            }
        }
    }

    /// Where a file is to be written: that to which a link leads.
    static func target(of path: String) -> String {
        FileAccess.kind(of: path) == nil ? path : FileAccess.canonical(path)
    }

    private static let interruptions = [SIGINT, SIGTERM, SIGHUP]

    /// An interruption waits until the body is done.
    package static func uninterrupted<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        var (signals, previous) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&signals)
        for signal in interruptions { unsafe sigaddset(&signals, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &previous)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }
        return try body()
    }

    /// Where an interruption waits, within ``uninterrupted(_:)``, the program ends by it.
    ///
    /// - Parameter clear: takes away what is half done.
    static func endIfInterrupted(_ clear: () -> Void) {
        var pending = sigset_t()
        guard unsafe sigpending(&pending) == 0, interruptions.contains(where: { unsafe sigismember(&pending, $0) == 1 })
        else { return }
        clear()
        unsafe pthread_sigmask(SIG_UNBLOCK, &pending, nil)
    }
}
