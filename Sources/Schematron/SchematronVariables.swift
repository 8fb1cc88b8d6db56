internal import XML
internal import XPath

extension SchematronCompiler {
    mutating func declare(_ declaration: SchematronSchema.Let, isGlobal: Bool) -> Int {
        let number = nameNumbers[CodepointString(declaration.name)] ?? nameNumbers.count
        nameNumbers[CodepointString(declaration.name)] = number
        rules.nameCount = nameNumbers.count
        rules.variables.append(
            .init(
                name: name(declaration.name), nameNumber: number, isGlobal: isGlobal, value: .content(nil),
                place: declaration.place
            ))
        return rules.variables.count - 1
    }

    /// The name of a variable, key or function as expressions see it.
    func name(_ written: String) -> QName {
        let parts = written.split(separator: ":", maxSplits: 1).map(String.init)
        return parts.count == 2
            ? QName(localName: parts[1], namespace: statics.namespaces[parts[0]]) : QName(localName: written)
    }

    mutating func define(_ number: Int, _ declaration: SchematronSchema.Let, _ scope: Scope) {
        switch declaration.value {
        case .expression(let source):
            if let expression = compile(source, scope) {
                rules.variables[number].value = .expression(expression)
            } else {
                failed.insert(number)
            }
        case .content(let node): rules.variables[number].value = .content(SchematronCompiler.document(of: node))
        }
    }

    /// A document of an element's content; `nil` where it has none.
    private static func document(of node: Node) -> Document? {
        guard node.firstChild != nil else { return nil }
        return try? Document(node.canonical, path: node.file.path)
    }

    /// Declares the variables of schema, phase and patterns. Those of a pattern may be used in others as well.
    mutating func declareGlobals(
        _ patterns: [SchematronSchema.Pattern]
    ) -> (
        scope: Scope, patterns: [Scope], definitions: [(number: Int, declaration: SchematronSchema.Let, scope: Scope)]
    ) {
        var shared: Scope = [:]
        var definitions: [(number: Int, declaration: SchematronSchema.Let, pattern: Int?)] = []
        for declaration in schema.lets + (phase?.lets ?? []) {
            let number = declare(declaration, isGlobal: true)
            shared[CodepointString(declaration.name)] = number
            definitions.append((number, declaration, nil))
        }
        let own = Dictionary(schema.lets.map { (CodepointString($0.name), $0.place) }) { first, _ in first }
        var others: [CodepointString: [Int]] = [:]
        var scopes: [Scope] = []
        for (index, pattern) in patterns.enumerated() {
            var scope: Scope = [:]
            for declaration in pattern.lets {
                let name = CodepointString(declaration.name)
                if let known = own[name] {
                    errors.append(
                        SchematronMessages.variableTwice(
                            declaration.name, at: declaration.place.location(), first: known.location()))
                }
                let number = declare(declaration, isGlobal: true)
                scope[name] = number
                others[name, default: []].append(number)
                definitions.append((number, declaration, index))
            }
            scopes.append(scope)
        }
        // Of several patterns that declare one name none is meant.
        let global = shared.merging(others.filter { $0.value.count == 1 }.mapValues { $0[0] }) { first, _ in first }
        scopes = scopes.map { global.merging($0) { $1 } }
        return (
            global, scopes, definitions.map { ($0.number, $0.declaration, $0.pattern.map { scopes[$0] } ?? global) }
        )
    }

    /// Finds the variables that functions and keys refer to, by way of one another as well.
    mutating func findNeeded(_ scope: Scope) {
        var texts: [CodepointString: [String]] = [:]
        for function in schema.functions {
            texts[CodepointString(function.name.localName), default: []].append(function.body.text)
        }
        for key in schema.keys { texts[CodepointString(key.name), default: []] += [key.match.text, key.use.text] }
        var callers: [CodepointString: [CodepointString]] = [:]
        for (name, texts) in texts {
            needed[name] = Set(texts.flatMap { SchematronCompiler.variableNames(in: $0).compactMap { scope[$0] } })
            for word in Set(texts.flatMap(SchematronCompiler.words)) { callers[word, default: []].append(name) }
        }
        var changed = Array(texts.keys)
        while let name = changed.popLast() {
            let variables = needed[name] ?? []
            for caller in callers[name] ?? [] where needed[caller].map({ !$0.isSuperset(of: variables) }) ?? false {
                needed[caller]?.formUnion(variables)
                changed.append(caller)
            }
        }
    }

    /// The names in an expression, those with a prefix without it too, and all else that looks like a name.
    static func words(in text: String) -> Set<CodepointString> {
        var words: Set<CodepointString> = []
        for word in text.utf8.split(whereSeparator: { !$0.isNameByte }) {
            words.insert(CodepointString(String(Substring(word))))
            if let colon = word.lastIndex(of: UInt8(ascii: ":")) {
                words.insert(CodepointString(String(Substring(word[word.index(after: colon)...]))))
            }
        }
        return words
    }

    /// Global variables that need their own values have none.
    mutating func checkLoops() {
        var states = Array(repeating: 0, count: rules.variables.count)
        for start in rules.variables.indices where rules.variables[start].isGlobal { visit(start, &states, depth: 0) }
    }

    /// Variables of a rule need those before them alone.
    mutating func checkDepth(of number: Int) {
        guard case .expression(let expression) = rules.variables[number].value else { return }
        let depth = 1 + (expression.variables.compactMap { depths[$0] }.max() ?? 0)
        depths[number] = depth
        if depth == SchematronCompiler.variableDepth + 1 { errors.append(tooDeep(number)) }
    }

    private func tooDeep(_ number: Int) -> Diagnostic {
        SchematronMessages.variablesTooDeep(
            rules.variables[number].name.localName, at: rules.variables[number].place.location())
    }

    private mutating func visit(_ number: Int, _ states: inout [Int], depth: Int) {
        guard states[number] == 0, case .expression(let expression) = rules.variables[number].value else { return }
        guard depth <= SchematronCompiler.variableDepth else { return errors.append(tooDeep(number)) }
        states[number] = 1
        for other in expression.variables where states[other] != 2 {
            if states[other] == 1 {
                let name = rules.variables[number].name.localName
                errors.append(
                    SchematronMessages.variableNeedsItself(name, at: rules.variables[number].place.location()))
                return
            }
            visit(other, &states, depth: depth + 1)
        }
        states[number] = 2
    }
}
