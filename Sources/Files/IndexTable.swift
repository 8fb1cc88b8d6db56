/// Finds things by their hashes: open addressing over the numbers of things that lie elsewhere, 4 bytes a slot.
///
///     let slot = table.slot(of: hash) { names[$0] == name }
///     if let known = table[slot] { return known }
///     names.append(name)
///     table.insert(names.count - 1, at: slot)
///     if table.isCrowded { table = table.grown { hash(of: names[$0]) } }
///
/// All of it can be inlined: a look-up is no call.
package struct IndexTable: Sendable {
    @usableFromInline var slots: [UInt32]
    @usableFromInline var count = 0

    @inlinable static var free: UInt32 { .max }

    /// - Parameter capacity: how many numbers it can hold at least before it is crowded.
    @inlinable package init(capacity: Int) {
        var size = 8
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: IndexTable.free, count: size)
    }

    /// Where the number is of which this is right, or where it would be.
    @inlinable package func slot(of hash: UInt64, where isRight: (Int) -> Bool) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
        while slots[slot] != IndexTable.free, !isRight(Int(slots[slot])) { slot = (slot + 1) & mask }
        return slot
    }

    /// The number in a slot.
    @inlinable package subscript(slot: Int) -> Int? {
        slots[slot] == IndexTable.free ? nil : Int(slots[slot])
    }

    /// - Parameter slot: where ``slot(of:where:)`` has found nothing.
    @inlinable package mutating func insert(_ number: Int, at slot: Int) {
        slots[slot] = UInt32(truncatingIfNeeded: number)
        count += 1
    }

    /// Whether more than half of the slots are taken, so that look-ups become slow.
    @inlinable package var isCrowded: Bool { count * 2 > slots.count }

    /// A table of twice the size.
    ///
    /// - Parameter hash: of the thing of a number.
    package func grown(hash: (Int) -> UInt64) -> IndexTable {
        var table = IndexTable(capacity: slots.count)
        for number in slots where number != IndexTable.free {
            table.insert(Int(number), at: table.slot(of: hash(Int(number))) { _ in false })
        }
        return table
    }

    /// The same slots with other numbers.
    package func renumbered(_ number: (Int) -> Int) -> IndexTable {
        var table = self
        for slot in slots.indices where slots[slot] != IndexTable.free {
            table.slots[slot] = UInt32(number(Int(slots[slot])))
        }
        return table
    }

    package var memoryFootprint: Int { slots.capacity * MemoryLayout<UInt32>.stride }
}
