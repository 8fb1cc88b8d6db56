package import Foundation

/// What a program that was run has printed, and how it ended.
package struct Execution {
    package let code: Int32
    package let bytes: [UInt8]
    package let errors: String

    package var output: String { String(decoding: bytes, as: UTF8.self) }

    /// Runs a program and waits for its end.
    package init(
        of program: String, _ arguments: [String], in folder: String = Repository.root, input: Data = Data(),
        environment: [String: String] = [:]
    ) throws {
        let (process, files) = (Process(), try TemporaryFolder(["out": "", "err": ""]))
        try input.write(to: files.url("in"))
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: files.url("in"))
        process.standardOutput = try FileHandle(forWritingTo: files.url("out"))
        process.standardError = try FileHandle(forWritingTo: files.url("err"))
        try process.run()
        process.waitUntilExit()
        code = process.terminationStatus
        bytes = Array(try Data(contentsOf: files.url("out")))
        errors = String(decoding: try Data(contentsOf: files.url("err")), as: UTF8.self)
    }
}

/// The processor's time that this process has used: what else the machine does at the same time does not count.
package func processorTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
