/// Finds matches and what their groups capture: all threads of a program go through the string side by side (Pike). The
/// time is linear in the string, and the memory does not depend on it.
struct RegexThreads: Sendable {
    /// Threads that wait for a character, those with more precedence first.
    private struct List: Sendable {
        var instructions: [Int32] = []
        /// The positions that each thread has noted, one thread after the other.
        var positions: [Int] = []

        mutating func removeAll() {
            instructions.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
        }
    }

    private enum Step {
        case visit(Int32)
        /// The position that a slot had before.
        case restore(Int32, Int)
    }

    private let program: RegexProgram
    private let start: RegexStart
    private var classes: ScalarClasses
    private var current = List()
    private var next = List()
    /// By instruction: the number of the last round in which a thread came to it.
    private var rounds: [Int]
    private var round = 0
    private var steps: [Step] = []
    private var noted: [Int] = []

    init(_ program: RegexProgram, _ start: RegexStart) {
        self.program = program
        self.start = start
        classes = ScalarClasses(program.sets)
        rounds = Array(repeating: 0, count: program.instructions.count)
    }

    /// The first match from a position on.
    ///
    /// - Parameter captures: as many slots as are wanted, of which the positions are set; -1 is none.
    mutating func find(in string: Span<UInt8>, from begin: Int, _ captures: inout [Int]) -> Bool {
        let slots = captures.count
        var (position, isFound) = (begin, false)
        noted = Array(repeating: -1, count: slots)
        next.removeAll()
        round += 1
        while true {
            if next.instructions.isEmpty {
                if isFound { return true }
                guard !program.isAnchored || position == 0, let candidate = start.candidate(in: string, from: position)
                else { return false }
                // Where a thread has been at another position, one may come again.
                if candidate != position { round += 1 }
                position = candidate
            }
            if !isFound, !program.isAnchored || position == 0 {
                for slot in 0..<slots { noted[slot] = -1 }
                follow(0, string, position)
            }
            let scalar = position < string.count ? string.scalar(at: position) : nil
            let number = scalar.map { classes.number(of: $0.0) }
            swap(&current, &next)
            next.removeAll()
            round += 1
            for thread in current.instructions.indices {
                let index = current.instructions[thread]
                let instruction = program.instructions[Int(index)]
                if instruction.operation == .match {
                    for slot in 0..<slots { captures[slot] = current.positions[thread * slots + slot] }
                    isFound = true
                    break
                }
                guard let number, let scalar, classes.contains(Int(instruction.first), number) else { continue }
                for slot in 0..<slots { noted[slot] = current.positions[thread * slots + slot] }
                follow(index + 1, string, position + scalar.1)
            }
            guard let scalar else { return isFound }
            position += scalar.1
        }
    }

    /// Adds the threads that a thread becomes without a character to the next ones.
    private mutating func follow(_ index: Int32, _ string: Span<UInt8>, _ position: Int) {
        steps.append(.visit(index))
        while let step = steps.popLast() {
            switch step {
            case .restore(let slot, let position): noted[Int(slot)] = position
            case .visit(var index):
                while rounds[Int(index)] != round {
                    rounds[Int(index)] = round
                    let instruction = program.instructions[Int(index)]
                    switch instruction.operation {
                    case .match, .set:
                        next.instructions.append(index)
                        next.positions += noted
                        continue
                    case .split:
                        steps.append(.visit(instruction.second))
                        index = instruction.first
                    case .jump: index = instruction.first
                    case .save:
                        if Int(instruction.first) < noted.count {
                            steps.append(.restore(instruction.first, noted[Int(instruction.first)]))
                            noted[Int(instruction.first)] = position
                        }
                        index += 1
                    case .mark, .check: index += 1
                    case .textStart, .lineStart, .textEnd, .lineEnd:
                        if string.satisfies(instruction.operation, at: position) { index += 1 }
                    case .fail, .backreference: continue
                    }
                }
            }
        }
    }
}

extension Span<UInt8> {
    /// Whether an anchor is right at a position.
    func satisfies(_ anchor: RegexProgram.Operation, at position: Int) -> Bool {
        switch anchor {
        case .textStart: position == 0
        // After the last line feed no line begins.
        case .lineStart: position == 0 || position < count && self[position - 1] == 0x0A
        case .textEnd: position == count
        case .lineEnd: position == count || self[position] == 0x0A
        default: false
        }
    }
}
