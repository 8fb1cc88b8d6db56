/// Which part points into which, by hashes of ids: the ids themselves may be more than the memory holds.
struct CrossReferences {
    /// Where an id or pointer is.
    struct Scope: Equatable {
        let scanned: Int
        let part: Int

        /// Of headers, which are in all parts, and of what is beside the text.
        static let header = -1
        static let beside = -2
        static let corpus = Scope(scanned: -1, part: header)
        static let nowhere = Scope(scanned: -2, part: beside)
    }

    /// How far one points.
    enum Reach {
        case part, document, file
    }

    private var ids: [Int: Scope] = [:]
    /// Pointers to elements that have not been read yet: where the first one is.
    private var pending: [Int: Scope] = [:]

    /// Those of elements that are divided, and those of elements with a name.
    private var divided: Set<Int> = []
    private var named: Set<Int> = []

    func isDivided(_ id: Int) -> Bool { divided.contains(id) }
    mutating func divide(_ id: Int) { divided.insert(id) }
    func isNamed(_ id: Int) -> Bool { named.contains(id) }
    mutating func name(_ id: Int) { named.insert(id) }

    /// - Returns: how far the first pointer to it reaches, and whether there is one.
    mutating func found(_ id: Int, in scope: Scope) -> (reach: Reach, isTarget: Bool) {
        ids[id] = scope
        guard let pointer = pending.removeValue(forKey: id) else { return (.part, false) }
        return (CrossReferences.reach(from: pointer, to: scope), true)
    }

    mutating func point(to id: Int, from scope: Scope) -> Reach {
        if let known = ids[id] { return CrossReferences.reach(from: scope, to: known) }
        if pending[id] == nil { pending[id] = scope }
        return .part
    }

    private static func reach(from scope: Scope, to target: Scope) -> Reach {
        if scope == target || target == .corpus { return .part }
        guard scope.scanned == target.scanned else { return .file }
        return target.part == Scope.header ? .part : .document
    }
}
