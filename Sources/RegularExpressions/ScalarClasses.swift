/// All characters, divided into classes that the sets of an expression do not tell apart, as far as they have been met.
struct ScalarClasses {
    /// The class of each ASCII character.
    private(set) var ascii: [UInt8] = Array(repeating: 0, count: 128)
    private(set) var count = 0
    private let sets: [ScalarSet]
    /// So many numbers are needed to have a bit for each set.
    private let words: Int
    /// By class: the sets that its characters are in.
    private var members: [UInt64] = []
    private var numbers: [[UInt64]: Int] = [:]
    private var knownScalars: [UInt32] = Array(repeating: .max, count: 256)
    private var knownClasses: [Int32] = Array(repeating: 0, count: 256)

    init(_ sets: [ScalarSet]) {
        self.sets = sets
        words = sets.count / 64 + 1
        divideASCII()
    }

    /// Whether the characters of a class are in a set.
    func contains(_ set: Int, _ number: Int) -> Bool { members[number * words + set >> 6] >> UInt64(set & 63) & 1 != 0 }

    /// Divides the ASCII characters by each set in turn.
    private mutating func divideASCII() {
        var parts: [(members: UInt128, sets: [UInt64])] = [(.max, Array(repeating: 0, count: words))]
        for (index, set) in sets.enumerated() {
            let members = set.ascii
            for part in parts.indices where parts[part].members & members != 0 {
                let outside = parts[part].members & ~members
                if outside != 0 { parts.append((outside, parts[part].sets)) }
                parts[part].members &= members
                parts[part].sets[index / 64] |= 1 << UInt64(index % 64)
            }
        }
        for (number, part) in parts.enumerated() {
            add(part.sets)
            var rest = part.members
            while rest != 0 {
                ascii[rest.trailingZeroBitCount] = UInt8(number)
                rest &= rest - 1
            }
        }
    }

    /// The class of a character, a new one where its like has not been met.
    mutating func number(of scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return Int(ascii[Int(scalar.value)]) }
        let slot = Int(scalar.value & 255)
        if knownScalars[slot] == scalar.value { return Int(knownClasses[slot]) }
        let category = GeneralCategory.bit(of: scalar)
        var found = [UInt64](repeating: 0, count: words)
        for (index, set) in sets.enumerated() where set.contains(scalar.value, category: category) {
            found[index / 64] |= 1 << UInt64(index % 64)
        }
        let number = numbers[found] ?? count
        if number == count { add(found) }
        knownScalars[slot] = scalar.value
        knownClasses[slot] = Int32(number)
        return number
    }

    private mutating func add(_ sets: [UInt64]) {
        numbers[sets] = count
        members += sets
        count += 1
    }
}
