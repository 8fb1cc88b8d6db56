#if canImport(Glibc)
    internal import CLibXML2
    internal import Glibc
#else
    internal import Darwin
#endif

/// Says when recursion has used much of the stack, so that it ends with an error and not with a crash.
struct StackGuard: Sendable {
    /// The lowest address that may be used.
    private let lowest: UInt

    /// Half of what a thread has by default: the other half is for what runs before and in between.
    private static let allowance: UInt = {
        var attributes = pthread_attr_t()
        var size = 0
        guard unsafe pthread_attr_init(&attributes) == 0 else { return 128 * 1024 }
        defer { unsafe pthread_attr_destroy(&attributes) }
        guard unsafe pthread_attr_getstacksize(&attributes, &size) == 0 else { return 128 * 1024 }
        return UInt(size) / 2
    }()

    /// Counts from here on.
    init() {
        let here = StackGuard.here()
        lowest = here > StackGuard.allowance ? here - StackGuard.allowance : 0
    }

    var isLow: Bool { StackGuard.here() < lowest }

    @inline(never)
    private static func here() -> UInt {
        var marker: UInt8 = 0
        return unsafe withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
    }
}
