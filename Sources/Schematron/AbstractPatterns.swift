internal import XML
internal import XPath

extension SchematronSchema.Pattern {
    /// The abstract pattern with the values of this one's parameters in place of their names.
    func instance(of abstract: SchematronSchema.Pattern) -> SchematronSchema.Pattern {
        let substitution = Substitution(
            values: Dictionary(parameters.map { (CodepointString($0.name), $0.value) }) { first, _ in first })
        var pattern = self
        pattern.title = title ?? abstract.title
        pattern.documents = documents ?? abstract.documents.map(substitution.apply)
        pattern.lets = abstract.lets.map(substitution.apply) + lets
        pattern.rules = abstract.rules.map(substitution.apply)
        return pattern
    }
}

/// Puts values in place of `$name`, as text, as the standard has it.
private struct Substitution {
    let values: [CodepointString: String]

    func apply(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = Substring(text)
        while let sign = rest.utf8.firstIndex(of: UInt8(ascii: "$")) {
            result += rest[..<sign]
            let behind = rest[rest.utf8.index(after: sign)...]
            let name = String(Substring(behind.utf8.prefix { $0.isNameByte }))
            guard let value = values[CodepointString(name)] else {
                result += "$"
                rest = behind
                continue
            }
            result += value
            rest = Substring(behind.utf8.dropFirst(name.utf8.count))
        }
        return result + rest
    }

    func apply(_ expression: SchematronSchema.Expression) -> SchematronSchema.Expression {
        var expression = expression
        let text = apply(expression.text)
        if !text.isSame(as: expression.text) { expression.place.isVerbatim = false }
        expression.text = text
        return expression
    }

    func apply(_ declaration: SchematronSchema.Let) -> SchematronSchema.Let {
        var declaration = declaration
        if case .expression(let value) = declaration.value { declaration.value = .expression(apply(value)) }
        return declaration
    }

    func apply(_ rule: SchematronSchema.Rule) -> SchematronSchema.Rule {
        var rule = rule
        rule.context = rule.context.map(apply)
        rule.subject = rule.subject.map(apply)
        rule.parts = rule.parts.map { part in
            switch part {
            case .declaration(let declaration): .declaration(apply(declaration))
            case .assertion(let assertion): .assertion(apply(assertion))
            case .extends: part
            }
        }
        return rule
    }

    private func apply(_ assertion: SchematronSchema.Assertion) -> SchematronSchema.Assertion {
        var assertion = assertion
        assertion.test = apply(assertion.test)
        assertion.subject = assertion.subject.map(apply)
        assertion.message.content = assertion.message.content.map(apply)
        return assertion
    }

    private func apply(_ content: SchematronSchema.Content) -> SchematronSchema.Content {
        switch content {
        case .text(let text): .text(apply(text))
        case .valueOf(let expression): .valueOf(apply(expression))
        case .name(let expression): .name(expression.map(apply))
        case .copyOf(let expression): .copyOf(apply(expression))
        case .markup(let markup, let content): .markup(markup, content.map(apply))
        }
    }
}
