// Fuzzes the readers of schemas and the validation of documents.
//
//     make fuzz                                    ten minutes of each, guided by coverage (FUZZ_TIME=seconds)
//     swift run fuzz --target=rng FILE...          what was found, once more
//
// Built with `-sanitize=fuzzer -D FUZZER` it is libFuzzer: `fuzz --target=rng -max_total_time=600 CORPUS`.

import Foundation
import XML

#if FUZZER
    /// libFuzzer's own loop, which calls back with each input.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    nonisolated(unsafe) private var target = Target.rng
#endif

@main
struct Fuzz {
    static func main() throws {
        let arguments = CommandLine.arguments
        let option = arguments.first { $0.hasPrefix("--target=") }.map { $0.dropFirst(9) }
        guard let option, let chosen = Target(rawValue: String(option)) else {
            print("usage: fuzz --target=\(Target.allCases.map(\.rawValue).joined(separator: "|")) FILE...")
            exit(2)
        }
        #if FUZZER
            unsafe target = chosen
            var count = CommandLine.argc
            var pointer = unsafe CommandLine.unsafeArgv
            exit(
                unsafe runDriver(&count, &pointer) { bytes, count in
                    do { try unsafe target.run(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch {
                        fatalError("\(error)")
                    }
                    return 0
                })
        #else
            for file in arguments.dropFirst() where !file.hasPrefix("--") {
                try chosen.run(FileAccess.bytes(ofFile: file))
            }
        #endif
    }
}
