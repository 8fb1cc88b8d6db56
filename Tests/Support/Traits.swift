package import Testing

#if DEBUG
    private let isRelease = false
#else
    private let isRelease = true
#endif

extension Trait where Self == ConditionTrait {
    /// For what tests the program itself, whose build is a release one, and for what takes a debug build minutes: other
    /// people's documents and suites.
    package static var inRelease: Self { .enabled("run in release builds alone: `make test`") { isRelease } }

    /// For what reads other people's data.
    package static func hasData(_ name: String) -> Self {
        .enabled("../shared/data/\(name) is absent") { Repository.hasData(name) }
    }
}
