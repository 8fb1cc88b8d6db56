package import XML

/// An XSLT pattern, such as the context of a Schematron rule (XSLT 2.0, 5.5).
///
/// Its steps are tried from the last one up through parents and ancestors. What is no sequence of steps along child,
/// attribute and descendant axes is evaluated as an expression from each ancestor, which XSLT defines it by.
package struct XPathPattern: Sendable {
    private let alternatives: [Alternative]
    /// An attribute that every element has that it matches, where there is such a one: most elements need not be tried.
    package let requiredAttribute: QName?
    /// Whether it matches the outermost element alone.
    package let isForOutermostElement: Bool
    /// Whether it matches every element or attribute of its one target.
    package let isNameAlone: Bool

    private struct Alternative {
        /// From the last step to the first; empty for `/`.
        var steps: [Step]
        /// Whether the first step begins at the root of the document.
        var isAbsolute: Bool
        /// The pattern as an expression, where it is no sequence of steps.
        var general: XPathParts?
        /// The test of its last step, if it has one.
        var last: (axis: Axis, test: NodeTest)?

        var isNameAlone: Bool {
            guard !isAbsolute, steps.count == 1, steps[0].predicates.isEmpty, case .name(let name) = steps[0].test.test
            else { return false }
            // A target has no place for half a name.
            if case .any = name { return true }
            return name.localName != nil && !name.hasAnyNamespace
        }
    }

    /// A class, since a step is too large to be copied for each node.
    private final class Step: Sendable {
        let test: CompiledTest
        let predicates: [Predicate]
        let axis: Axis
        /// Whether any number of elements may lie between it and the step before it.
        let isBelow: Bool
        /// Whether a predicate counts.
        let isPositional: Bool

        init(_ step: StepOperation, _ axis: Axis, isBelow: Bool) {
            test = step.test
            predicates = step.predicates
            self.axis = axis
            self.isBelow = isBelow
            isPositional = step.predicates.contains(where: \.isPositional)
        }
    }

    private struct XPathParts {
        let operation: any Operation
        let slots: Int
    }

    /// - Throws: static errors with their offsets.
    package init(_ pattern: String, _ context: StaticContext) throws(XPathError) {
        var found: [Alternative] = []
        for expression in try Parser.parse(pattern, context).unionParts {
            found.append(try XPathPattern.alternative(expression, context))
        }
        alternatives = found
        let required = Set(
            found.map { $0.steps.first?.predicates.lazy.compactMap(\.operation.requiredAttribute).first })
        requiredAttribute = required.count == 1 ? required.first ?? nil : nil
        isForOutermostElement = found.allSatisfy {
            $0.isAbsolute && $0.steps.count == 1 && !$0.steps[0].isBelow && $0.steps[0].axis == .child
        }
        isNameAlone = found.count == 1 && found[0].isNameAlone
    }

    private static func alternative(
        _ expression: Expression, _ context: StaticContext
    ) throws(XPathError) -> Alternative {
        var steps: [Step] = []
        var current = expression
        while true {
            switch current.kind {
            case .root: return Alternative(steps: steps, isAbsolute: true)
            case .step(let axis, let test, let predicates):
                guard let step = try step(axis, test, predicates, isBelow: false, current.offset, context) else {
                    break
                }
                steps.append(step)
                return Alternative(steps: steps, isAbsolute: false)
            case .path(let before, let last):
                guard case .step(let axis, let test, let predicates) = last.kind else { break }
                let isBelow = before.endsBelow
                guard let step = try step(axis, test, predicates, isBelow: isBelow != nil, last.offset, context) else {
                    break
                }
                steps.append(step)
                current = isBelow ?? before
                continue
            default: break
            }
            if let part = expression.notOfPattern { throw XPathError.notAPattern().at(part.offset) }
            let (operation, slots) = try Compiler.compile(expression, context)
            return Alternative(
                steps: [], isAbsolute: false, general: XPathParts(operation: operation, slots: slots),
                last: expression.lastStep
            )
        }
    }

    private static func step(
        _ axis: Axis, _ test: NodeTest, _ predicates: [Expression], isBelow: Bool, _ offset: Int,
        _ context: StaticContext
    ) throws(XPathError) -> Step? {
        guard axis == .child || axis == .attribute else { return nil }
        // The document node is a child of nothing: its test is on itself (XSLT 2.0, 5.5.3).
        let axis = test.isOfDocument ? Axis.`self` : axis
        // A step is compiled as the compiler would, so that its predicates are what they are elsewhere.
        let whole = Expression(kind: .step(axis, test, predicates), offset: offset)
        let (operation, slots) = try Compiler.compile(whole, context)
        guard let step = operation as? StepOperation, slots == 0 else { return nil }
        return Step(step, axis, isBelow: isBelow)
    }

    // MARK: - Dispatch

    /// The nodes that a pattern can match, so that most others need not be tried.
    package enum Target: Hashable, Sendable {
        case element(localName: String, namespace: String?)
        case anyElement
        case attribute(localName: String, namespace: String?)
        case anyAttribute
        case document
        /// Text, comments and instructions.
        case otherNodes
        case anything
    }

    /// The kinds and names of nodes of which one alternative or another can match.
    package var targets: Set<Target> {
        Set(
            alternatives.map { alternative in
                if alternative.general != nil, alternative.last?.axis.isForElements != true { return .anything }
                guard let step = alternative.last ?? alternative.steps.first.map({ ($0.axis, $0.test.test) }) else {
                    return .document
                }
                switch (step.test, step.axis) {
                case (.name(let name), .attribute):
                    guard let local = name.localName, !name.hasAnyNamespace else { return .anyAttribute }
                    return .attribute(localName: local, namespace: name.namespace)
                case (_, .attribute): return .anyAttribute
                case (.name(let name), _):
                    guard let local = name.localName, !name.hasAnyNamespace else { return .anyElement }
                    return .element(localName: local, namespace: name.namespace)
                case (.any, _): return .anything
                case (.type(let type), _):
                    return switch type {
                    case .kind(.text, _), .kind(.comment, _), .kind(.processingInstruction, _), .processingInstruction:
                        .otherNodes
                    case .kind(.document, _), .document: .document
                    default: .anything
                    }
                }
            })
    }

    // MARK: - Matching

    func matches(_ node: TreeNode, _ context: inout DynamicContext) throws(XPathError) -> Bool {
        for alternative in alternatives {
            if let general = alternative.general {
                if try XPathPattern.matches(node, general, &context) { return true }
            } else if try XPathPattern.matches(node, alternative.steps[...], alternative.isAbsolute, &context) {
                return true
            }
        }
        return false
    }

    private static func matches(
        _ node: TreeNode, _ steps: ArraySlice<Step>, _ isAbsolute: Bool, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        guard let step = steps.first else { return !isAbsolute || node.kind == .document }
        guard try matches(node, step, &context) else { return false }
        let rest = steps.dropFirst()
        if rest.isEmpty, !isAbsolute { return true }
        if step.isBelow, rest.count == 1, !isAbsolute, let outer = rest.first, outer.predicates.isEmpty,
            outer.axis == .child,
            case .named(let name) = outer.test.resolved(node.document, &context)
        {
            return node.document.hasAncestor(of: node.key, named: name)
        }
        var above = node.parent
        while let ancestor = above {
            if try matches(ancestor, rest, isAbsolute, &context) { return true }
            if !step.isBelow { return false }
            above = ancestor.parent
        }
        return false
    }

    private static func matches(
        _ node: TreeNode, _ step: Step, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        switch step.axis {
        case .`self`: guard node.kind == .document else { return false }
        case .attribute: guard node.isAttribute else { return false }
        // The document node is no child, and attributes are none either.
        default: guard node.parent != nil, !node.isAttribute, !node.isNamespace else { return false }
        }
        let walker = AxisWalker(
            document: node.document, axis: step.axis, test: step.test.resolved(node.document, &context))
        guard walker.passes(node) else { return false }
        if step.predicates.isEmpty { return true }
        if step.isPositional { return try isAmongSiblings(node, step, &context) }
        let outer = (context.item, context.position, context.size)
        defer { (context.item, context.position, context.size) = outer }
        (context.item, context.position, context.size) = (.node(node), 1, 1)
        for predicate in step.predicates {
            if try !predicate.operation.boolean(&context) { return false }
        }
        return true
    }

    /// Where a predicate counts, the step is taken from the parent.
    private static func isAmongSiblings(
        _ node: TreeNode, _ step: Step, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        guard let parent = node.parent ?? (step.axis == .`self` ? node : nil) else { return false }
        var keys: [UInt64] = []
        var walker = AxisWalker(
            document: node.document, axis: step.axis, test: step.test.resolved(node.document, &context))
        walker.append(from: parent.key, to: &keys)
        try context.allowance.take(1 + walker.visited >> 4)
        for predicate in step.predicates where !keys.isEmpty { try predicate.filter(&keys, node.document, &context) }
        return keys.contains(node.key)
    }

    private static func matches(
        _ node: TreeNode, _ general: XPathParts, _ context: inout DynamicContext
    ) throws(XPathError) -> Bool {
        let outer = context.slots
        context.slots = Array(repeating: .empty, count: general.slots)
        defer { context.slots = outer }
        var start: TreeNode? = node
        while let ancestor = start {
            let found = try context.withFocus(.node(ancestor)) { context throws(XPathError) in
                try context.value(of: general.operation)
            }
            if found.contains(where: { $0.node == node }) { return true }
            start = ancestor.parent
        }
        return false
    }
}

extension Operation {
    /// An attribute of the context element without which this is false.
    fileprivate var requiredAttribute: QName? {
        switch self {
        case let step as StepOperation:
            guard step.test.axis == .attribute, case .name(let name) = step.test.test, let local = name.localName,
                !name.hasAnyNamespace
            else { return nil }
            return QName(localName: local, namespace: name.namespace)
        case let logic as LogicOperation where logic.isAnd:
            return logic.left.requiredAttribute ?? logic.right.requiredAttribute
        case let comparison as GeneralComparisonOperation where !comparison.isCompatible:
            return comparison.left.requiredAttribute ?? comparison.right.requiredAttribute
        case let comparison as ValueComparisonOperation:
            return comparison.left.operation.requiredAttribute ?? comparison.right.operation.requiredAttribute
        case let call as FunctionCallOperation: return call.requiredAttribute
        default: return nil
        }
    }
}

extension FunctionCallOperation {
    /// The attribute that a call needs to be true: a missing one begins with, holds and ends with nothing.
    fileprivate var requiredAttribute: QName? {
        guard ["starts-with", "contains", "ends-with"].contains(entry.name.localName), arguments.count == 2,
            let part = (arguments[1] as? LiteralOperation)?.value.string, !part.isEmpty
        else { return nil }
        return arguments[0].requiredAttribute
    }
}

extension Axis {
    /// Whether a name test on it is of the elements of a path that goes down.
    fileprivate var isForElements: Bool {
        switch self {
        case .child, .descendant, .attribute: true
        default: false
        }
    }
}

extension NodeTest {
    /// Whether it is `document-node()`, with a test of the outermost element or without.
    fileprivate var isOfDocument: Bool {
        switch self {
        case .type(.document), .type(.kind(.document, _)): true
        default: false
        }
    }
}

extension Expression {
    /// The part of an expression that no pattern has (XSLT 3.0, 5.5.2); `nil` for a pattern. Patterns select downwards,
    /// from a node, a variable or a call.
    fileprivate var notOfPattern: Expression? {
        switch kind {
        case .root, .variable, .contextItem: return nil
        case .step(let axis, _, _):
            return [.child, .attribute, .descendant, .`self`, .descendantOrSelf, .namespace, .attributeBelow].contains(
                axis) ? nil : self
        case .path(let left, let right), .nodes(_, let left, let right): return left.notOfPattern ?? right.notOfPattern
        case .filter(let base, _): return base.notOfPattern
        case .sequence(let parts) where parts.count == 1: return parts[0].notOfPattern
        case .call(let name, _):
            return ["id", "element-with-id", "key", "doc", "root"].contains(name.localName) ? nil : self
        default: return self
        }
    }

    /// The alternatives of a pattern: `(a | b)/c` has two.
    fileprivate var unionParts: [Expression] {
        switch kind {
        case .nodes(.union, let left, let right): return left.unionParts + right.unionParts
        case .sequence(let parts) where parts.count == 1: return parts[0].unionParts
        case .path(let left, let right):
            let (firsts, seconds) = (left.unionParts, right.unionParts)
            guard firsts.count > 1 || seconds.count > 1, firsts.count * seconds.count <= 1000 else { return [self] }
            return firsts.flatMap { first in seconds.map { Expression(kind: .path(first, $0), offset: offset) } }
        default: return [self]
        }
    }

    /// The step that a path ends with.
    fileprivate var lastStep: (axis: Axis, test: NodeTest)? {
        switch kind {
        case .step(let axis, let test, _): (axis, test)
        case .path(_, let right): right.lastStep
        case .filter(let base, _): base.lastStep
        default: nil
        }
    }

    /// The part before `//`, if the path ends with that.
    fileprivate var endsBelow: Expression? {
        guard case .path(let before, let last) = kind, case .step(.descendantOrSelf, .any, let predicates) = last.kind,
            predicates.isEmpty
        else { return nil }
        return before
    }
}
