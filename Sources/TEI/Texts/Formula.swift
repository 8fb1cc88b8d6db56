internal import XML

// Formulas in MathML, in a line: `x = y^2`, `(a + b)/2`, `√(x)` (MathML 3, 3).

extension LayoutBuilder {
    /// Writes what is before an element of a formula in a line of text.
    mutating func writeFormula(before opening: Opening, at number: Int, _ shown: TextSet) {
        let node = opening.node
        var sign = Formula.sign(before: node)
        if Formula.needsParentheses(node) { sign += "(" }
        if !sign.isEmpty { write(sign, .typography, node, opening.state, at: number, shown) }
    }

    mutating func writeFormula(after opening: Opening, at number: Int) {
        guard Formula.needsParentheses(opening.node) else { return }
        write(")", .typography, opening.node, opening.state, at: number, seen)
    }
}

/// The signs of a formula that its markup says and a line must write.
enum Formula {
    static func sign(before node: Node) -> String {
        guard let parent = node.parent, parent.namespace == Namespace.mathML else { return "" }
        // No part has more than three of which the place matters.
        let place = node.precedingSiblings.lazy.filter { $0.kind == .element }.prefix(3).reduce(0) { sum, _ in sum + 1 }
        switch (parent.localName, place) {
        case ("msup", 1), ("msubsup", 2), ("mover", 1), ("munderover", 2): return "^"
        case ("msub", 1), ("msubsup", 1), ("munder", 1), ("munderover", 1): return "_"
        case ("mfrac", 1): return "/"
        case ("msqrt", 0), ("mroot", 0): return "√"
        case ("mtr", 1...): return " "
        case ("mtable", 1...): return "; "
        default: return ""
        }
    }

    /// Whether a part of several signs is in parentheses where its place in the formula is written by a sign.
    static func needsParentheses(_ node: Node) -> Bool {
        guard let parent = node.parent, parent.namespace == Namespace.mathML,
            ["msup", "msub", "msubsup", "mfrac", "msqrt", "mroot"].contains(parent.localName)
        else { return false }
        return node.childElements.dropFirst().contains { _ in true }
    }
}

extension Opening {
    /// Whether it is an element of a formula.
    var isFormula: Bool { row == ElementTable.unknown && node.namespace == Namespace.mathML }
}
