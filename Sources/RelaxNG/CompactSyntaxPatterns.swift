internal import XML

extension CompactSyntaxReader {
    /// A pattern that may be one of several.
    private struct Particle {
        var pattern: PatternSyntax
        /// Whether it is `data - …`, which cannot be combined.
        var isExcept = false
        var isRepeated = false
    }

    func pattern() throws(Diagnostics) -> PatternSyntax {
        try innerPattern(nil)
    }

    /// - Parameters:
    ///   - annotations: those before the parentheses that hold the pattern.
    ///   - leading: those of its first part, where they have been read.
    func innerPattern(
        _ annotations: AnnotationsSyntax?, leading: AnnotationsSyntax? = nil
    ) throws(Diagnostics) -> PatternSyntax {
        let place = position
        let first = try particle(leading)
        let connector = kind
        guard connector.isConnector else { return annotated(first, annotations) }
        var parts = [first]
        while skip(connector) { parts.append(try particle(nil)) }
        if kind.isConnector { throw unexpected(RelaxNGMessages.compactMixed) }
        if let except = parts.first(where: \.isExcept) {
            throw failure { RelaxNGMessages.compactExceptAlone(at: location(except.pattern.position)) }
        }
        let patterns = parts.map(\.pattern)
        let combined: PatternSyntax.Kind =
            switch connector {
            case .or: .choice(patterns)
            case .comma: .group(patterns)
            default: .interleave(patterns)
            }
        return PatternSyntax(kind: combined, position: place, annotations: annotations)
    }

    /// Adds the annotations before parentheses around one pattern: to a repetition itself, otherwise to a new group.
    private func annotated(_ particle: Particle, _ annotations: AnnotationsSyntax?) -> PatternSyntax {
        guard let annotations else { return particle.pattern }
        var pattern = particle.pattern
        if particle.isRepeated {
            pattern.apply(annotations)
            return pattern
        }
        return PatternSyntax(kind: .group([pattern]), position: pattern.position, annotations: annotations)
    }

    private func particle(_ leading: AnnotationsSyntax?) throws(Diagnostics) -> Particle {
        var particle = try leadAnnotatedPrimary(leading)
        try followAnnotations(&particle.pattern.annotations)
        guard !particle.isExcept else { return particle }
        let content = [particle.pattern].withoutGroup
        let kind: PatternSyntax.Kind
        switch self.kind {
        case .star: kind = .zeroOrMore(content)
        case .plus: kind = .oneOrMore(content)
        case .question: kind = .optional(content)
        default: return particle
        }
        advance()
        var pattern = PatternSyntax(kind: kind, position: particle.pattern.position)
        try followAnnotations(&pattern.annotations)
        return Particle(pattern: pattern, isRepeated: true)
    }

    private func leadAnnotatedPrimary(_ leading: AnnotationsSyntax?) throws(Diagnostics) -> Particle {
        var annotations = leading
        if leading == nil { annotations = try self.annotations() }
        if skip(.leftParenthesis) {
            let pattern = try nested { () throws(Diagnostics) in try self.innerPattern(annotations) }
            try expect(.rightParenthesis, RelaxNGMessages.compactParenthesisEnd)
            return Particle(pattern: pattern)
        }
        var particle = try primary()
        if let annotations { particle.pattern.apply(annotations) }
        return particle
    }

    private func primary() throws(Diagnostics) -> Particle {
        let place = position
        if kind == .cName || kind == .string || kind == .token { return try data(place) }
        if kind == .grammar { return Particle(pattern: try grammar(place)) }
        return Particle(pattern: PatternSyntax(kind: try primaryKind(), position: place))
    }

    private func primaryKind() throws(Diagnostics) -> PatternSyntax.Kind {
        switch kind {
        case .element: return try named(isElement: true)
        case .attribute: return try named(isElement: false)
        case .mixed: return .mixed(try keywordBody())
        case .list: return .list(try keywordBody())
        case .literal: return .value(try value(DatatypeName(library: "", name: "token")))
        case .identifier: return .ref(text(take()))
        default: return try constant()
        }
    }

    private func constant() throws(Diagnostics) -> PatternSyntax.Kind {
        switch kind {
        case .empty: advance(); return .empty
        case .text: advance(); return .text
        case .notAllowed: advance(); return .notAllowed
        case .parent:
            advance()
            return .parentRef(try identifier("the name of a definition"))
        case .external:
            advance()
            return .externalRef(try reference())
        default: throw unexpected(RelaxNGMessages.compactPattern)
        }
    }

    private func named(isElement: Bool) throws(Diagnostics) -> PatternSyntax.Kind {
        advance()
        let nameClass = try innerNameClass(nil, isElement: isElement)
        let content = try braces()
        return isElement ? .element(nameClass, [content].withoutGroup) : .attribute(nameClass, [content])
    }

    private func keywordBody() throws(Diagnostics) -> [PatternSyntax] {
        advance()
        return [try braces()].withoutGroup
    }

    private func braces() throws(Diagnostics) -> PatternSyntax {
        try expect(.leftBrace, "‘{’")
        let content = try nested { () throws(Diagnostics) in try self.pattern() }
        try expect(.rightBrace, RelaxNGMessages.compactBraceEnd)
        return content
    }

    func grammar(_ place: SyntaxPosition) throws(Diagnostics) -> PatternSyntax {
        advance()
        let (components, leading) = try body(inInclude: false)
        return PatternSyntax(
            kind: .grammar(GrammarSyntax(components: components)), position: place,
            annotations: AnnotationsSyntax(elements: leading).orNil
        )
    }

    func value(_ type: DatatypeName) throws(Diagnostics) -> ValueSyntax {
        ValueSyntax(type: type, string: try literal("a string"), namespace: defaultNamespace ?? "", prefixes: prefixes)
    }
}

// MARK: - Data

extension CompactSyntaxReader {
    private func data(_ place: SyntaxPosition) throws(Diagnostics) -> Particle {
        let type = datatypeName(place)
        if kind == .literal {
            return Particle(pattern: PatternSyntax(kind: .value(try value(type)), position: place))
        }
        var data = DataSyntax(type: type, parameters: [], except: [], prefixes: bindings)
        if skip(.leftBrace) { data.parameters = try parameters() }
        let isExcept = skip(.minus)
        if isExcept {
            let except = try nested { () throws(Diagnostics) in try self.leadAnnotatedPrimary(nil) }
            if except.isExcept {
                throw failure { RelaxNGMessages.compactExceptAlone(at: location(except.pattern.position)) }
            }
            data.except = [except.pattern].withoutChoice
        }
        return Particle(pattern: PatternSyntax(kind: .data(data), position: place), isExcept: isExcept)
    }

    private func datatypeName(_ place: SyntaxPosition) -> DatatypeName {
        let token = take()
        guard token.kind == .cName else { return DatatypeName(library: "", name: text(token)) }
        let (prefix, name) = qname(token)
        return DatatypeName(library: lookUpLibrary(prefix, place), name: name, prefix: prefix)
    }

    private func parameters() throws(Diagnostics) -> [DataSyntax.Parameter] {
        var parameters: [DataSyntax.Parameter] = []
        while !skip(.rightBrace) {
            var annotations = try annotations()
            annotations.orEmpty.followInstead()
            let place = position
            let name = try identifierOrKeyword("the name of a parameter, or ‘}’")
            try expect(.equals, "‘=’ and the parameter's value")
            let value = try literal("the parameter's value in quotation marks")
            parameters.append(DataSyntax.Parameter(name: name, value: value, position: place, annotations: annotations))
        }
        return parameters
    }
}

// MARK: - Name classes

extension CompactSyntaxReader {
    /// A name class that may be one of several.
    private struct NameParticle {
        var nameClass: NameClassSyntax
        /// Whether it has a ‘-’, and cannot be combined.
        var isExcept = false
    }

    private func innerNameClass(
        _ annotations: AnnotationsSyntax?, isElement: Bool
    ) throws(Diagnostics) -> NameClassSyntax {
        let place = position
        var parts = [try nameParticle(isElement: isElement)]
        while skip(.or) { parts.append(try nameParticle(isElement: isElement)) }
        if parts.count == 1, annotations == nil { return parts[0].nameClass }
        if parts.count > 1, let except = parts.first(where: \.isExcept) {
            throw failure { RelaxNGMessages.compactExceptAlone(at: location(except.nameClass.position)) }
        }
        return NameClassSyntax(kind: .choice(parts.map(\.nameClass)), position: place, annotations: annotations)
    }

    private func nameParticle(isElement: Bool) throws(Diagnostics) -> NameParticle {
        var particle = try leadAnnotatedNameClass(isElement: isElement)
        try followAnnotations(&particle.nameClass.annotations)
        return particle
    }

    private func leadAnnotatedNameClass(isElement: Bool) throws(Diagnostics) -> NameParticle {
        let annotations = try annotations()
        if skip(.leftParenthesis) {
            let nameClass = try nested { () throws(Diagnostics) in
                try self.innerNameClass(annotations, isElement: isElement)
            }
            try expect(.rightParenthesis, "‘|’ or ‘)’")
            return NameParticle(nameClass: nameClass)
        }
        var particle = try simpleNameClass(isElement: isElement)
        if let annotations { particle.nameClass.apply(annotations) }
        return particle
    }

    private func simpleNameClass(isElement: Bool) throws(Diagnostics) -> NameParticle {
        let place = position
        switch kind {
        case .star:
            advance()
            let except = try nameClassExcept(isElement: isElement)
            let nameClass = NameClassSyntax(kind: .anyName(except: except ?? []), position: place)
            return NameParticle(nameClass: nameClass, isExcept: except != nil)
        case .nsName:
            let prefix = String(text(take()).dropLast(2))
            let binding = lookUp(prefix, place)
            let except = try nameClassExcept(isElement: isElement)
            return NameParticle(nameClass: nsName(prefix, binding, except ?? [], place), isExcept: except != nil)
        default:
            return NameParticle(
                nameClass: NameClassSyntax(kind: .name(try name(isElement: isElement)), position: place))
        }
    }

    private func nsName(
        _ prefix: String, _ binding: Binding, _ except: [NameClassSyntax], _ place: SyntaxPosition
    ) -> NameClassSyntax {
        switch binding {
        case .uri(let uri): NameClassSyntax(kind: .nsName(uri, prefix: prefix, except: except), position: place)
        case .inherit: NameClassSyntax(kind: .nsName(inherited ?? "", prefix: nil, except: except), position: place)
        }
    }

    func name(isElement: Bool) throws(Diagnostics) -> QName {
        guard kind == .cName else {
            let name = try identifierOrKeyword("a name, ‘*’ or ‘(’")
            return QName(localName: name, namespace: isElement ? defaultNamespace : "")
        }
        let place = position
        let (prefix, name) = qname(take())
        switch lookUp(prefix, place) {
        case .uri(let uri): return QName(prefix: uri.isEmpty ? nil : prefix, localName: name, namespace: uri)
        case .inherit: return QName(localName: name, namespace: inherited)
        }
    }

    /// The part after a ‘-’.
    private func nameClassExcept(isElement: Bool) throws(Diagnostics) -> [NameClassSyntax]? {
        guard skip(.minus) else { return nil }
        let except = try nested { () throws(Diagnostics) in try self.leadAnnotatedNameClass(isElement: isElement) }
        if except.isExcept {
            throw failure { RelaxNGMessages.compactExceptAlone(at: location(except.nameClass.position)) }
        }
        return [except.nameClass].withoutChoice
    }
}

extension CompactToken.Kind {
    fileprivate var isConnector: Bool { self == .or || self == .comma || self == .and }
}

extension PatternSyntax {
    /// Annotations from in front.
    fileprivate mutating func apply(_ found: AnnotationsSyntax) {
        annotations.orEmpty.attributes = found.attributes + annotations.orEmpty.attributes
        annotations.orEmpty.elements = found.elements + annotations.orEmpty.elements
        if case .value = kind { annotations.orEmpty.followInstead() }
    }
}

extension NameClassSyntax {
    /// Annotations from in front.
    fileprivate mutating func apply(_ found: AnnotationsSyntax) {
        annotations.orEmpty.attributes = found.attributes + annotations.orEmpty.attributes
        annotations.orEmpty.elements = found.elements + annotations.orEmpty.elements
        if case .name = kind { annotations.orEmpty.followInstead() }
    }
}
