/// Numbers that are the same everywhere for the same seed (SplitMix64).
package struct Generator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// - Parameter seeds: anything that tells this sequence from others.
    package init(_ seeds: String...) {
        state = seeds.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    package mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    package mutating func pick<T>(_ choices: [T]) -> T { choices[number(below: choices.count)] }

    /// True so many times in `all`.
    package mutating func chance(_ times: Int, in all: Int) -> Bool { number(below: all) < times }
}
