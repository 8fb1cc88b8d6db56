internal import XML

// Operations on atomic values and logic.

final class LogicOperation: Operation {
    let isAnd: Bool
    let left: any Operation
    let right: any Operation
    let traits: Traits

    init(isAnd: Bool, _ left: any Operation, _ right: any Operation) {
        self.isAnd = isAnd
        self.left = left
        self.right = right
        traits = [left, right].dependencies.union([.isBoolean, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        ItemSequence(try boolean(&context))
    }

    /// An error of the left side does not matter where the right side decides (XPath 2.0, 3.6).
    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        do throws(XPathError) {
            guard try left.boolean(&context) == isAnd else { return !isAnd }
        } catch {
            guard (try? right.boolean(&context)) == !isAnd else { throw error }
            return !isAnd
        }
        return try right.boolean(&context)
    }
}

/// Reads one operand of an operator on atomic values.
struct Operand: Sendable {
    let operation: any Operation
    let offset: Int
    let isCompatible: Bool

    /// - Throws: XPTY0004 where there is more than one value.
    func value(_ context: inout DynamicContext) throws(XPathError) -> AtomicValue? {
        let value = try operation.value(&context, takesFirst: isCompatible)
        if let value { try context.allowance.take(value.textLength >> 6) }
        return value
    }
}

final class ArithmeticOperation: Operation {
    let operation: ArithmeticOperator
    let left: Operand
    let right: Operand
    let offset: Int
    let traits: Traits

    init(
        _ operation: ArithmeticOperator, _ left: any Operation, _ right: any Operation, _ offset: Int,
        isCompatible: Bool
    ) {
        self.operation = operation
        self.left = Operand(operation: left, offset: offset, isCompatible: isCompatible)
        self.right = Operand(operation: right, offset: offset, isCompatible: isCompatible)
        self.offset = offset
        traits = [left, right].dependencies.union(.isSingle)
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            let first = try left.value(&context)
            let second = try right.value(&context)
            if left.isCompatible, operation != .integerDivide { return try compatible(first, second, context) }
            guard let first, let second else { return .empty }
            return ItemSequence(
                try operation.apply(first, second, implicitTimezone: context.environment.implicitTimezone))
        } catch {
            throw error.at(offset)
        }
    }

    /// In XPath 1.0 all numbers are doubles, and what is missing is not a number.
    private func compatible(
        _ first: AtomicValue?, _ second: AtomicValue?, _ context: DynamicContext
    ) throws(XPathError) -> ItemSequence {
        func number(_ value: AtomicValue?) -> AtomicValue {
            guard let value else { return .double(.nan) }
            if value.type.isDuration || value.type.isCalendar { return value }
            return .double(value.number)
        }
        return ItemSequence(
            try operation.apply(number(first), number(second), implicitTimezone: context.environment.implicitTimezone)
        )
    }
}

/// Unary minus and plus.
final class SignOperation: Operation {
    let isNegative: Bool
    let operand: Operand
    let traits: Traits

    init(isNegative: Bool, _ operand: any Operation, _ offset: Int, isCompatible: Bool) {
        self.isNegative = isNegative
        self.operand = Operand(operation: operand, offset: offset, isCompatible: isCompatible)
        traits = operand.traits.dependencies.union(.isSingle)
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            guard let value = try operand.value(&context) else {
                return operand.isCompatible ? ItemSequence(.nan) : .empty
            }
            let number = operand.isCompatible ? .double(value.number) : value
            return ItemSequence(isNegative ? try number.negated() : try number.unaryPlus())
        } catch {
            throw error.at(operand.offset)
        }
    }
}

final class ValueComparisonOperation: Operation {
    let comparison: ComparisonOperator
    let left: Operand
    let right: Operand
    let collation: StringCollation
    let traits: Traits

    init(
        _ comparison: ComparisonOperator, _ left: any Operation, _ right: any Operation, _ offset: Int,
        _ collation: StringCollation
    ) {
        self.comparison = comparison
        self.left = Operand(operation: left, offset: offset, isCompatible: false)
        self.right = Operand(operation: right, offset: offset, isCompatible: false)
        self.collation = collation
        // Empty is no position either.
        traits = [left, right].dependencies.union([.isBoolean, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        try result(&context).map { $0 ? .yes : .no } ?? .empty
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        try result(&context) ?? false
    }

    private func result(_ context: inout DynamicContext) throws(XPathError) -> Bool? {
        do throws(XPathError) {
            let first = try left.value(&context)
            let second = try right.value(&context)
            guard let first, let second else { return nil }
            return try comparison.value(
                first, second, collation: collation, implicitTimezone: context.environment.implicitTimezone
            )
        } catch {
            throw error.at(left.offset)
        }
    }
}

final class GeneralComparisonOperation: Operation {
    let comparison: ComparisonOperator
    let left: any Operation
    let right: any Operation
    let offset: Int
    let collation: StringCollation
    let isCompatible: Bool
    let traits: Traits
    /// The right side in UTF-8, where the comparison is for equality with a string that is known.
    private let literal: [UInt8]?

    init(
        _ comparison: ComparisonOperator, _ left: any Operation, _ right: any Operation, _ offset: Int,
        _ collation: StringCollation,
        isCompatible: Bool
    ) {
        self.comparison = comparison
        self.left = left
        self.right = right
        self.offset = offset
        self.collation = collation
        self.isCompatible = isCompatible
        traits = [left, right].dependencies.union([.isBoolean, .isSingle])
        let constant = (right as? LiteralOperation)?.value.atomic
        let isString = constant?.type == .string && comparison == .equal && collation == .codepoint
        literal = isString ? constant.map { Array($0.string.utf8) } : nil
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        ItemSequence(try boolean(&context))
    }

    func boolean(_ context: inout DynamicContext) throws(XPathError) -> Bool {
        do throws(XPathError) {
            if let literal, left.traits.contains(.isNodes) {
                return try !left.forEach(&context) { item, context throws(XPathError) in
                    guard let node = item.node else { return true }
                    try context.allowance.take(node.extent >> 4)
                    return !node.hasStringValue(literal)
                }
            }
            let second = try right.evaluate(&context)
            if let found = try isAmongStrings(second, &context) { return found }
            // Nothing equals nothing; but errors of the left side are errors all the same.
            let first = try left.evaluate(&context)
            return try compare(first, second, &context)
        } catch {
            throw error.at(offset)
        }
    }

    /// The strings of the right side, where it has many and is asked for again and again.
    private func knownStrings(_ context: DynamicContext) -> Set<CodepointString>? {
        switch right {
        case let variable as GlobalVariableOperation: return context.environment.variables.strings(of: variable.number)
        case let path as DocumentOperation:
            guard let document = context.item?.node?.document else { return nil }
            return context.environment.strings(of: path, document)
        default: return nil
        }
    }

    /// Whether a string is among those of a variable or path that has many; `nil` where it is another question.
    private func isAmongStrings(_ second: ItemSequence, _ context: inout DynamicContext) throws(XPathError) -> Bool? {
        guard second.count > 8, comparison == .equal, collation == .codepoint, !isCompatible else { return nil }
        let first = try left.evaluate(&context)
        guard first.count < second.count, let strings = knownStrings(context) else { return nil }
        for item in first {
            if item.array != nil { return nil }
            let value = try item.atomized()
            guard value.isStringLike else { return nil }
            if strings.contains(CodepointString(value.string)) { return true }
        }
        return false
    }

    private func compare(
        _ first: ItemSequence, _ second: ItemSequence, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        if isCompatible, let result = try compareBooleans(first, second) { return result }
        if first.isEmpty || second.isEmpty { return false }
        let others = try second.atomized(&context.allowance)
        try context.allowance.take((first.readCount(isAtomic: true) + others.readCount(isAtomic: true)) >> 6)
        if comparison == .equal, first.count > 4, others.count > 4,
            let result = try joinStrings(first, others, &context)
        {
            return result
        }
        for item in first.mayHoldArrays ? try first.flattened() : first {
            let a = try item.atomized()
            try context.allowance.take(a.textLength >> 6)
            for other in others {
                try context.allowance.take(1)
                guard case .atomic(let b) = other else { continue }
                let holds = try comparison.general(
                    a, b, collation: collation, implicitTimezone: context.environment.implicitTimezone,
                    isCompatible: isCompatible
                )
                if holds { return true }
            }
        }
        return false
    }

    /// XPath 1.0 compares a boolean with the boolean value of anything (XPath 2.0, 3.5.2).
    private func compareBooleans(_ first: ItemSequence, _ second: ItemSequence) throws(XPathError) -> Bool? {
        guard first.atomic?.type == .boolean && first.count == 1 || second.atomic?.type == .boolean && second.count == 1
        else {
            return nil
        }
        let (a, b) = (try first.effectiveBooleanValue(), try second.effectiveBooleanValue())
        return try comparison.value(
            .integer(a ? 1 : 0), .integer(b ? 1 : 0), collation: collation, implicitTimezone: 0
        )
    }

    /// Many strings are looked up in a table instead of being compared with each other; `nil` if not all are strings.
    private func joinStrings(
        _ first: ItemSequence, _ second: ItemSequence, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool? {
        var table = Set<CodepointString>(minimumCapacity: second.count)
        for item in second {
            guard let value = item.atomic, value.isStringLike else { return nil }
            table.insert(CodepointString(collation.key(value.string)))
        }
        let values = try first.atomized(&context.allowance)
        guard values.allSatisfy({ $0.atomic?.isStringLike == true }) else { return nil }
        return values.contains { table.contains(CodepointString(collation.key($0.atomic?.string ?? ""))) }
    }
}

extension AtomicValue {
    /// Whether general comparison takes it for a string beside another such value.
    var isStringLike: Bool {
        if case .string = content { return true }
        return false
    }
}

extension TreeNode {
    /// Whether the string value is this, in UTF-8.
    func hasStringValue(_ bytes: [UInt8]) -> Bool {
        if let attribute { return attribute.bytes.elementsEqual(bytes) }
        return stringValue.utf8.elementsEqual(bytes)
    }
}

/// `is`, `<<` and `>>`.
final class NodeComparisonOperation: Operation {
    let comparison: NodeComparison
    let left: any Operation
    let right: any Operation
    let offset: Int
    let traits: Traits

    init(_ comparison: NodeComparison, _ left: any Operation, _ right: any Operation, _ offset: Int) {
        self.comparison = comparison
        self.left = left
        self.right = right
        self.offset = offset
        traits = [left, right].dependencies.union([.isBoolean, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let first = try node(left, &context)
        let second = try node(right, &context)
        guard let first, let second else { return .empty }
        return switch comparison {
        case .same: ItemSequence(first == second)
        case .before: ItemSequence(first < second)
        case .after: ItemSequence(second < first)
        }
    }

    private func node(_ operation: any Operation, _ context: inout DynamicContext) throws(XPathError) -> TreeNode? {
        let value = try operation.evaluate(&context)
        guard !value.isEmpty else { return nil }
        guard value.count == 1, let node = value.node else {
            throw XPathError.wrongType(value, expected: SequenceType(item: .node, occurrence: .optional)).at(offset)
        }
        return node
    }
}

/// `||`.
final class ConcatenationOperation: Operation {
    let parts: [Operand]
    let traits: Traits

    init(_ parts: [any Operation], _ offset: Int) {
        self.parts = parts.map { Operand(operation: $0, offset: offset, isCompatible: false) }
        traits = parts.dependencies.union([.isString, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let bytes = context.allowance.bytes
        var text = ""
        for part in parts {
            guard let value = try part.value(&context) else { continue }
            try context.allowance.append(value.string, to: &text)
        }
        let result = ItemSequence(text)
        try context.allowance.keep(result, since: bytes)
        return result
    }
}

// MARK: - Types

final class InstanceOfOperation: Operation {
    let operand: any Operation
    let type: SequenceType
    let traits: Traits

    init(_ operand: any Operation, _ type: SequenceType) {
        self.operand = operand
        self.type = type
        traits = operand.traits.dependencies.union([.isBoolean, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        ItemSequence(type.matches(try operand.evaluate(&context)))
    }
}

final class TreatOperation: Operation {
    let operand: any Operation
    let type: SequenceType
    let offset: Int
    let traits: Traits

    init(_ operand: any Operation, _ type: SequenceType, _ offset: Int) {
        self.operand = operand
        self.type = type
        self.offset = offset
        traits = operand.traits
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let value = try operand.evaluate(&context)
        guard type.matches(value) else { throw XPathError.notTreatable(value, as: type).at(offset) }
        return value
    }
}

/// `cast as`, and the constructor functions.
final class CastOperation: Operation {
    let operand: any Operation
    let target: Expression.SingleType
    let offset: Int
    let namespaces: [String: String]
    let traits: Traits
    private let allowsNames: Bool

    init(_ operand: any Operation, _ target: Expression.SingleType, _ offset: Int, _ statics: StaticContext) {
        allowsNames = CastOperation.allowsNames(operand, statics)
        self.operand = operand
        self.target = target
        self.offset = offset
        namespaces = CastOperation.namespaces(statics)
        traits = operand.traits.dependencies.union(target.type.isString ? [.isString, .isSingle] : .isSingle)
    }

    /// In XPath 2.0 no string but a literal can be cast to a name (XPath 2.0, 3.10.2).
    static func allowsNames(_ operand: any Operation, _ statics: StaticContext) -> Bool {
        statics.version >= .xpath31 || operand is LiteralOperation
    }

    static func namespaces(_ statics: StaticContext) -> [String: String] {
        var namespaces = statics.namespaces
        namespaces[""] = statics.defaultElementNamespace
        return namespaces
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            let values = try operand.evaluate(&context).atomized(&context.allowance)
            try context.allowance.take(values.readCount(isAtomic: true) >> 6)
            guard let value = values.atomic, values.count == 1 else {
                if values.isEmpty, target.isOptional { return .empty }
                let occurrence: SequenceType.Occurrence = target.isOptional ? .optional : .one
                throw .wrongType(values, expected: SequenceType(item: .atomic(target.type), occurrence: occurrence))
            }
            if target.type == .QName, !allowsNames, value.isStringLike { throw .nameOfNoLiteral() }
            return ItemSequence(try value.cast(to: target.type) { [namespaces] in namespaces[$0] })
        } catch {
            throw error.at(offset)
        }
    }
}

/// The constructor functions of list types, such as `xs:NMTOKENS`.
final class ListCastOperation: Operation {
    let operand: any Operation
    let item: AtomicType
    let offset: Int
    let traits: Traits

    init(_ operand: any Operation, listOf item: AtomicType, _ offset: Int) {
        self.operand = operand
        self.item = item
        self.offset = offset
        traits = operand.traits.dependencies
    }

    /// The type of the items, by the local name of the list type.
    static func itemType(_ name: QName) -> AtomicType? {
        guard name.namespace == Namespace.xmlSchema else { return nil }
        return switch name.localName {
        case "NMTOKENS": .NMTOKEN
        case "IDREFS": .IDREF
        case "ENTITIES": .ENTITY
        default: nil
        }
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        do throws(XPathError) {
            let one = SequenceType(item: .atomic(.anyAtomicType), occurrence: .optional)
            guard let value = try one.convert(operand.evaluate(&context), &context).atomic else { return .empty }
            return ItemSequence(try value.cast(toListOf: item))
        } catch {
            throw error.at(offset)
        }
    }
}

final class CastableOperation: Operation {
    let operand: any Operation
    let target: Expression.SingleType
    let namespaces: [String: String]
    let traits: Traits
    private let allowsNames: Bool

    init(_ operand: any Operation, _ target: Expression.SingleType, _ statics: StaticContext) {
        allowsNames = CastOperation.allowsNames(operand, statics)
        self.operand = operand
        self.target = target
        namespaces = CastOperation.namespaces(statics)
        traits = operand.traits.dependencies.union([.isBoolean, .isSingle])
    }

    func evaluate(_ context: inout DynamicContext) throws(XPathError) -> ItemSequence {
        let values = try operand.evaluate(&context).atomized(&context.allowance)
        try context.allowance.take(values.readCount(isAtomic: true) >> 6)
        guard let value = values.atomic, values.count == 1 else {
            return ItemSequence(values.isEmpty && target.isOptional)
        }
        if target.type == .QName, !allowsNames, value.isStringLike { return .no }
        return ItemSequence((try? value.cast(to: target.type) { [namespaces] in namespaces[$0] }) != nil)
    }
}
