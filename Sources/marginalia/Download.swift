#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif
internal import Validation
internal import XML

/// Gets what lies at an address, by curl. Nothing else in the program comes from a network.
enum Download {
    /// How many bytes are taken at most.
    private static let limit = 64 << 20

    static func fetch(_ url: String) throws(Diagnostics) -> SchemaBundle.Download {
        let arguments = [
            "curl", "--disable", "--silent", "--fail", "--globoff", "--location", "--max-redirs", "10", "--proto",
            "=http,https",
            "--proto-redir", "=http,https", "--connect-timeout", "20", "--max-time", "120", "--max-filesize",
            String(limit),
            "--write-out", "\\n%{http_code} %{url_effective}", "--", url,
        ]
        let (status, output) = try run(arguments, url)
        guard output.count <= limit else { throw Diagnostics([Messages.tooLargeToFetch(url, megabytes: limit >> 20)]) }
        // Behind the bytes stands what curl was asked to write out.
        let end = output.lastIndex(of: 0x0A) ?? output.startIndex
        let facts = String(decoding: output[end...].dropFirst(), as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard status == 0, facts.count == 2 else {
            throw Diagnostics([Messages.notFetched(url, curl: status, http: facts.first.flatMap { Int($0) } ?? 0)])
        }
        return SchemaBundle.Download(bytes: Array(output[..<end]), url: String(facts[1]))
    }

    /// Runs curl and reads what it writes, up to the limit.
    private static func run(
        _ arguments: [String], _ url: String
    ) throws(Diagnostics) -> (status: Int32, output: [UInt8]) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw Diagnostics([Messages.noCurl()]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child = spawn(arguments, output: ends[1])
        close(ends[1])
        defer { close(ends[0]) }
        guard let child else { throw Diagnostics([Messages.noCurl()]) }
        let output = read(ends[0])
        if output.count > limit { kill(child, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        // The exit code, or 255 for a signal.
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : 255, output)
    }

    private static func spawn(_ arguments: [String], output: Int32) -> pid_t? {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = unsafe posix_spawn_file_actions_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        var (words, variables) = unsafe (cStrings(arguments), cStrings(environment))
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var child: pid_t = 0
        return unsafe posix_spawnp(&child, arguments[0], &actions, nil, &words, &variables) == 0 ? child : nil
    }

    /// A list as C has them, to be freed.
    private static func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe strings.map { unsafe strdup($0) } + [nil]
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Self.readSome(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
