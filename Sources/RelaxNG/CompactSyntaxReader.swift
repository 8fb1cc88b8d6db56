internal import XML

/// Reads a schema in compact syntax (RELAX NG Compact Syntax, Committee Specification of 2002-11-21, appendix A).
///
/// Functions bear the names of the grammar's productions. A file is read up to its first syntax error; all other
/// mistakes before it are reported too.
final class CompactSyntaxReader {
    private enum Binding {
        case uri(String)
        case inherit
    }

    private let decoded: DecodedSource
    private let source: Int32
    private let tokens: CompactTokens
    private var index = 0
    private var depth = 0
    /// Around a schema that is no grammar they are looked at in any case.
    private var keepsAnnotations = true
    private let wantsAnnotations: Bool
    private let diagnostics = DiagnosticList()
    /// What `inherit` stands for.
    private let inherited: String?
    private var namespaces: [CodepointString: Binding] = [:]
    private var declared: [(prefix: String, namespace: String)] = []
    private var hasDefault = false
    private var defaultNamespace: String?
    private var libraries: [CodepointString: String] = [:]
    /// The prefixes with a namespace, as values take them, and with the default namespace, as facets do.
    private var prefixes: [CodepointString: String] = [:]
    private var bindings: [CodepointString: String] = [:]

    /// Decodes a file: UTF-8, or UTF-16 by byte order mark.
    static func decode(_ bytes: [UInt8], path: String) throws(Diagnostics) -> DecodedSource {
        do throws(Diagnostics) {
            return try DecodedSource(bytes, path: path)
        } catch {
            throw Diagnostics(error.list.map(RelaxNGMessages.compactEncoding))
        }
    }

    /// - Parameter annotations: whether they are kept.
    package static func read(
        _ decoded: DecodedSource, source: Int32, namespace: String?, annotations: Bool
    ) throws(Diagnostics) -> SchemaSyntax {
        let reader = try CompactSyntaxReader(decoded, source: source, inherited: namespace, annotations: annotations)
        do throws(Diagnostics) {
            let schema = try reader.topLevel()
            guard reader.diagnostics.list.isEmpty else { throw Diagnostics([]) }
            return schema
        } catch {
            throw Diagnostics((reader.diagnostics.list + error.list).inSourceOrder)
        }
    }

    private init(_ decoded: DecodedSource, source: Int32, inherited: String?, annotations: Bool) throws(Diagnostics) {
        wantsAnnotations = annotations
        self.decoded = decoded
        self.source = source
        self.inherited = inherited
        tokens = try CompactTokens(decoded)
        defaultNamespace = inherited
    }
}

// MARK: - Tokens

extension CompactSyntaxReader {
    private var kind: CompactToken.Kind { tokens.list[index].kind }

    private var following: CompactToken.Kind { tokens.list[min(index + 1, tokens.list.count - 1)].kind }

    private var position: SyntaxPosition { position(tokens.list[index]) }

    private func position(_ token: CompactToken) -> SyntaxPosition {
        SyntaxPosition(source: source, offset: tokens.sourceOffset(token.start))
    }

    private func location(_ position: SyntaxPosition) -> SourceLocation { decoded.location(of: Int(position.offset)) }

    private func text(_ token: CompactToken) -> String { tokens.string(Int(token.start)..<Int(token.end)) }

    private func take() -> CompactToken {
        let token = tokens.list[index]
        if token.kind != .end { index += 1 }
        return token
    }

    private func skip(_ kind: CompactToken.Kind) -> Bool {
        guard self.kind == kind else { return false }
        index += 1
        return true
    }

    private func expect(_ kind: CompactToken.Kind, _ expected: String) throws(Diagnostics) {
        if !skip(kind) { throw unexpected(expected) }
    }

    // Not inline, since a diagnostic takes much of the stack on which patterns nest.

    @inline(never) private func report(_ diagnostic: () -> Diagnostic) { diagnostics.add(diagnostic) }

    @inline(never) private func failure(_ diagnostic: () -> Diagnostic) -> Diagnostics { Diagnostics([diagnostic()]) }

    @inline(never) private func unexpected(_ expected: String) -> Diagnostics {
        let token = tokens.list[index]
        if token.kind == .invalid, let failure = tokens.failure { return Diagnostics([failure]) }
        let found = token.kind == .end ? nil : text(token)
        return Diagnostics([RelaxNGMessages.compactUnexpected(found, expected: expected, at: location(position))])
    }

    /// Runs what nests, within bounds.
    private func nested<Result>(
        _ body: () throws(Diagnostics) -> Result
    ) throws(Diagnostics) -> Result {
        guard depth < SchemaSyntax.depthLimit else {
            throw failure { RelaxNGMessages.schemaDepth(at: location(position)) }
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    private func identifierOrKeyword(_ expected: String) throws(Diagnostics) -> String {
        guard kind.isIdentifierOrKeyword else { throw unexpected(expected) }
        return text(take())
    }

    private func identifier(_ expected: String) throws(Diagnostics) -> String {
        guard kind == .identifier else { throw unexpected(expected) }
        return text(take())
    }

    private func literal(_ expected: String) throws(Diagnostics) -> String {
        var string = try literalSegment(expected)
        while skip(.tilde) { string += try literalSegment("a string behind ‘~’") }
        return string
    }

    private func literalSegment(_ expected: String) throws(Diagnostics) -> String {
        guard kind == .literal else { throw unexpected(expected) }
        let token = take()
        let (start, end) = (Int(token.start), Int(token.end))
        let quote = tokens.text[start]
        let isTriple = end - start >= 6 && tokens.text[start + 1] == quote && tokens.text[start + 2] == quote
        return tokens.string(isTriple ? (start + 3)..<(end - 3) : (start + 1)..<(end - 1))
    }

    private func qname(_ token: CompactToken) -> (prefix: String, localName: String) {
        let (start, end) = (Int(token.start), Int(token.end))
        let colon = tokens.text[start..<end].firstIndex(of: UInt8(ascii: ":")) ?? end
        return (tokens.string(start..<colon), tokens.string(min(colon + 1, end)..<end))
    }
}

// MARK: - Declarations

extension CompactSyntaxReader {
    private func topLevel() throws(Diagnostics) -> SchemaSyntax {
        try preamble()
        let pattern = try topLevelBody()
        guard kind == .end else { throw unexpected(RelaxNGMessages.compactPatternEnd) }
        return SchemaSyntax(pattern: pattern, prefixes: declared, defaultNamespace: defaultNamespace)
    }

    private func preamble() throws(Diagnostics) {
        while true {
            switch kind {
            case .namespace: try namespaceDeclaration()
            case .default: try defaultDeclaration()
            case .datatypes: try datatypesDeclaration()
            default:
                prepareBindings()
                return
            }
        }
    }

    private func prepareBindings() {
        for (prefix, binding) in namespaces {
            switch binding {
            case .uri(let uri): prefixes[prefix] = uri.isEmpty ? nil : uri
            case .inherit: prefixes[prefix] = inherited
            }
        }
        bindings = prefixes
        bindings[CodepointString("")] = defaultNamespace ?? ""
    }

    private func namespaceDeclaration() throws(Diagnostics) {
        index += 1
        let place = position
        let prefix = try identifierOrKeyword("a prefix")
        try expect(.equals, "‘=’ and the namespace")
        bind(prefix, try namespaceURILiteral(), place)
    }

    private func defaultDeclaration() throws(Diagnostics) {
        let place = position
        index += 1
        try expect(.namespace, "‘namespace’")
        let prefixPlace = position
        let prefix = kind == .equals ? nil : try identifierOrKeyword("‘=’ or a prefix")
        try expect(.equals, "‘=’ and the namespace")
        let binding = try namespaceURILiteral()
        if let prefix {
            bind(prefix, binding, prefixPlace)
        } else if case .uri(Namespace.xml) = binding {
            report { RelaxNGMessages.compactXMLNamespace(at: location(place)) }
        }
        if hasDefault { report { RelaxNGMessages.compactDeclaredTwice("the default namespace", at: location(place)) } }
        hasDefault = true
        switch binding {
        case .uri(let uri): defaultNamespace = uri
        case .inherit: defaultNamespace = inherited
        }
    }

    private func datatypesDeclaration() throws(Diagnostics) {
        index += 1
        let place = position
        let prefix = try identifierOrKeyword("a prefix")
        try expect(.equals, "‘=’ and the URI of a datatype library")
        let uri = try literal("the URI of a datatype library in quotation marks")
        if libraries[CodepointString(prefix)] != nil {
            report { RelaxNGMessages.compactDeclaredTwice("the datatype prefix ‘\(prefix)’", at: location(place)) }
        }
        if prefix == "xsd", uri != DatatypeName.xsd {
            report { RelaxNGMessages.compactXSDPrefix(at: location(place)) }
        } else if !URIReference.isLibrary(uri) {
            report { RelaxNGMessages.badLibrary(uri, at: location(place)) }
        }
        libraries[CodepointString(prefix)] = uri.escapedAsURI
    }

    private func namespaceURILiteral() throws(Diagnostics) -> Binding {
        if skip(.inherit) { return .inherit }
        return .uri(try literal("a namespace in quotation marks, or ‘inherit’"))
    }

    private func bind(_ prefix: String, _ binding: Binding, _ place: SyntaxPosition) {
        var uri: String?
        if case .uri(let found) = binding { uri = found }
        if prefix == "xmlns" {
            report { RelaxNGMessages.compactXMLNSPrefix(at: location(place)) }
        } else if (prefix == "xml") != (uri == Namespace.xml) {
            report { RelaxNGMessages.compactXMLNamespace(at: location(place)) }
        } else if namespaces[CodepointString(prefix)] != nil {
            report { RelaxNGMessages.compactDeclaredTwice("the prefix ‘\(prefix)’", at: location(place)) }
        }
        namespaces[CodepointString(prefix)] = binding
        if let uri, prefix != "xml", !uri.isEmpty { declared.append((prefix, uri)) }
    }

    private func lookUp(_ prefix: String, _ place: SyntaxPosition) -> Binding {
        if let binding = namespaces[CodepointString(prefix)] { return binding }
        if prefix != "xml" {
            let help = "declare it before the schema begins: namespace \(prefix) = \"…\""
            report { RelaxNGMessages.unboundPrefix(prefix, help: help, at: location(place)) }
        }
        return .uri(Namespace.xml)
    }

    private func lookUpLibrary(_ prefix: String, _ place: SyntaxPosition) -> String {
        if let library = libraries[CodepointString(prefix)] { return library }
        if prefix != "xsd" {
            let help = "declare it before the schema begins: datatypes \(prefix) = \"…\""
            report { RelaxNGMessages.unboundPrefix(prefix, help: help, at: location(place)) }
        }
        return DatatypeName.xsd
    }
}

// MARK: - Components

extension CompactSyntaxReader {
    private func topLevelBody() throws(Diagnostics) -> PatternSyntax {
        let place = position
        let startsWithAnnotation = startsAnnotationElement
        let annotations = startsWithAnnotation ? nil : try annotations()
        if startsWithAnnotation || kind == .end && annotations == nil || startsComponent {
            keepsAnnotations = wantsAnnotations
            let (components, leading) = try members(firstAnnotations: annotations, inInclude: false, until: .end)
            return PatternSyntax(
                kind: .grammar(GrammarSyntax(components: components)), position: place,
                annotations: AnnotationsSyntax(elements: leading).orNil
            )
        }
        let pattern = try innerPattern(nil, leading: annotations)
        if let follower = pattern.annotations?.following.first {
            report { RelaxNGMessages.compactFollowsSchema(follower.name, at: location(place)) }
        }
        return pattern
    }

    private var startsComponent: Bool {
        switch kind {
        case .start, .include, .div: true
        case .identifier: following.isAssignment
        default: false
        }
    }

    private var startsAnnotationElement: Bool {
        (kind == .identifier || kind == .cName) && following == .leftBracket
    }

    /// The members of a grammar, `div` or `include`, and the annotation elements that come before the first.
    private func members(
        firstAnnotations: AnnotationsSyntax? = nil, inInclude: Bool, until end: CompactToken.Kind
    ) throws(Diagnostics) -> ([ComponentSyntax], leading: [AnnotationElement]) {
        var components: [ComponentSyntax] = []
        var leading: [AnnotationElement] = []
        var first = firstAnnotations
        while first != nil || kind != end {
            let place = position
            if first == nil, startsAnnotationElement {
                let element = try annotationElement(.foreign)
                if !keepsAnnotations { continue }
                if components.isEmpty {
                    leading.append(element)
                } else {
                    components.append(ComponentSyntax(kind: .annotation(element), position: place))
                }
                continue
            }
            var annotations = first
            if first == nil { annotations = try self.annotations() }
            first = nil
            components.append(try component(annotations, inInclude: inInclude))
        }
        return (components, leading)
    }

    private func component(_ annotations: AnnotationsSyntax?, inInclude: Bool) throws(Diagnostics) -> ComponentSyntax {
        let place = position
        var annotations = annotations
        let kind: ComponentSyntax.Kind
        switch self.kind {
        case .start:
            index += 1
            let combine = try assignOp()
            kind = .start(combine: combine, [try pattern()].withoutGroup)
        case .identifier where following.isAssignment:
            let name = text(take())
            let combine = try assignOp()
            kind = .define(name: name, combine: combine, [try pattern()].withoutGroup)
        case .div:
            index += 1
            let (components, leading) = try body(inInclude: inInclude)
            kind = .div(components)
            annotations.orEmpty.elements += leading
        case .include where !inInclude:
            index += 1
            let reference = try self.reference()
            let (overrides, leading) = self.kind == .leftBrace ? try body(inInclude: true) : ([], [])
            kind = .include(reference, overrides: overrides)
            annotations.orEmpty.elements += leading
        default:
            throw unexpected(inInclude ? RelaxNGMessages.compactIncludeMembers : RelaxNGMessages.compactMembers)
        }
        return ComponentSyntax(kind: kind, position: place, annotations: annotations)
    }

    private func body(inInclude: Bool) throws(Diagnostics) -> ([ComponentSyntax], leading: [AnnotationElement]) {
        try expect(.leftBrace, "‘{’")
        let found = try nested { () throws(Diagnostics) in
            try self.members(inInclude: inInclude, until: .rightBrace)
        }
        try expect(.rightBrace, "‘}’")
        return found
    }

    private func assignOp() throws(Diagnostics) -> ComponentSyntax.Combine? {
        switch take().kind {
        case .equals: return nil
        case .orEquals: return .choice
        case .andEquals: return .interleave
        default:
            index -= 1
            throw unexpected("‘=’, ‘|=’ or ‘&=’")
        }
    }

    /// The file and what it inherits.
    private func reference() throws(Diagnostics) -> ReferenceSyntax {
        let place = position
        let href = try literal("the name of a file in quotation marks")
        if let wrong = RelaxNGMessages.reference(href, at: location(place)) { report { wrong } }
        var namespace = defaultNamespace
        if skip(.inherit) {
            try expect(.equals, "‘=’ and a prefix")
            let place = position
            switch lookUp(try identifierOrKeyword("a prefix"), place) {
            case .uri(let uri): namespace = uri
            case .inherit: namespace = inherited
            }
        }
        return ReferenceSyntax(href: href, base: decoded.file.path, namespace: namespace)
    }
}

// MARK: - Patterns

extension CompactSyntaxReader {
    /// A pattern that may be one of several.
    private struct Particle {
        var pattern: PatternSyntax
        /// Whether it is `data - …`, which stands alone.
        var isExcept = false
        var isRepeated = false
    }

    private func pattern() throws(Diagnostics) -> PatternSyntax {
        try innerPattern(nil)
    }

    /// - Parameters:
    ///   - annotations: those before the parentheses that hold the pattern.
    ///   - leading: those of its first part, where they have been read.
    private func innerPattern(
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

    /// What stands before parentheses around one pattern: a repetition takes it, others are put into a group that does.
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
        index += 1
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
        case .empty: index += 1; return .empty
        case .text: index += 1; return .text
        case .notAllowed: index += 1; return .notAllowed
        case .parent:
            index += 1
            return .parentRef(try identifier("the name of a definition"))
        case .external:
            index += 1
            return .externalRef(try reference())
        default: throw unexpected(RelaxNGMessages.compactPattern)
        }
    }

    private func named(isElement: Bool) throws(Diagnostics) -> PatternSyntax.Kind {
        index += 1
        let nameClass = try innerNameClass(nil, isElement: isElement)
        let content = try braces()
        return isElement ? .element(nameClass, [content].withoutGroup) : .attribute(nameClass, [content])
    }

    private func keywordBody() throws(Diagnostics) -> [PatternSyntax] {
        index += 1
        return [try braces()].withoutGroup
    }

    private func braces() throws(Diagnostics) -> PatternSyntax {
        try expect(.leftBrace, "‘{’")
        let content = try nested { () throws(Diagnostics) in try self.pattern() }
        try expect(.rightBrace, RelaxNGMessages.compactBraceEnd)
        return content
    }

    private func grammar(_ place: SyntaxPosition) throws(Diagnostics) -> PatternSyntax {
        index += 1
        let (components, leading) = try body(inInclude: false)
        return PatternSyntax(
            kind: .grammar(GrammarSyntax(components: components)), position: place,
            annotations: AnnotationsSyntax(elements: leading).orNil
        )
    }

    private func value(_ type: DatatypeName) throws(Diagnostics) -> ValueSyntax {
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
        /// Whether it has a ‘-’, and stands alone.
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
            index += 1
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

    private func name(isElement: Bool) throws(Diagnostics) -> QName {
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

    /// What follows a ‘-’.
    private func nameClassExcept(isElement: Bool) throws(Diagnostics) -> [NameClassSyntax]? {
        guard skip(.minus) else { return nil }
        let except = try nested { () throws(Diagnostics) in try self.leadAnnotatedNameClass(isElement: isElement) }
        if except.isExcept {
            throw failure { RelaxNGMessages.compactExceptAlone(at: location(except.nameClass.position)) }
        }
        return [except.nameClass].withoutChoice
    }
}

// MARK: - Annotations

extension CompactSyntaxReader {
    /// Which names an annotation may have.
    private enum AnnotationPlace {
        /// Not RELAX NG's own.
        case foreign
        case nested
    }

    private func annotations() throws(Diagnostics) -> AnnotationsSyntax? {
        guard kind == .documentation || kind == .leftBracket else { return nil }
        var annotations = AnnotationsSyntax()
        while kind == .documentation {
            let token = take()
            if keepsAnnotations { annotations.elements.append(documentation(token)) }
        }
        if skip(.leftBracket) {
            annotations.attributes = try annotationAttributes(.foreign)
            while !skip(.rightBracket) { annotations.elements.append(try annotationElement(.foreign)) }
        }
        return keepsAnnotations ? annotations.orNil : nil
    }

    private func followAnnotations(_ annotations: inout AnnotationsSyntax?) throws(Diagnostics) {
        while skip(.follows) {
            let element = try annotationElement(.foreign)
            if keepsAnnotations { annotations.orEmpty.following.append(element) }
        }
    }

    /// The lines of a `##` comment, without the signs before them.
    private func documentation(_ token: CompactToken) -> AnnotationElement {
        let lines = text(token).utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            line in
            let content = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.drop {
                $0 == UInt8(ascii: "#")
            }
            return Substring(content.first == UInt8(ascii: " ") ? content.dropFirst() : content)
        }
        let name = QName(prefix: "a", localName: "documentation", namespace: AnnotationElement.compatibility)
        return AnnotationElement(name: name, content: [.text(lines.joined(separator: "\n"))]).joiningText
    }

    private func annotationAttributes(_ place: AnnotationPlace) throws(Diagnostics) -> [AnnotationAttribute] {
        var attributes: [AnnotationAttribute] = []
        var names: Set<[CodepointString]> = []
        while kind.isIdentifierOrKeyword || kind == .cName, following == .equals {
            let location = location(position)
            let name = try annotationName()
            index += 1
            let value = try literal("the attribute's value in quotation marks")
            if let wrong = mistake(name, place, location) { report { wrong } }
            if !names.insert([CodepointString(name.namespace ?? ""), CodepointString(name.localName)]).inserted {
                report { RelaxNGMessages.compactAttributeTwice(name, at: location) }
            }
            attributes.append(AnnotationAttribute(name: name, value: value))
        }
        return attributes
    }

    private func mistake(_ name: QName, _ place: AnnotationPlace, _ location: SourceLocation) -> Diagnostic? {
        switch (name.namespace, place) {
        case ("http://www.w3.org/2000/xmlns", _): RelaxNGMessages.compactDeclarationAttribute(name, at: location)
        case (nil, .nested) where name.localName == "xmlns":
            RelaxNGMessages.compactDeclarationAttribute(name, at: location)
        case (nil, .foreign): RelaxNGMessages.compactUnqualifiedAttribute(name, at: location)
        case (Namespace.relaxNG, .foreign): RelaxNGMessages.compactRelaxNGAnnotation(name, at: location)
        default: nil
        }
    }

    private func annotationElement(_ place: AnnotationPlace) throws(Diagnostics) -> AnnotationElement {
        let start = position
        let location = location(start)
        let name = try annotationName()
        if place == .foreign, name.namespace == Namespace.relaxNG {
            report { RelaxNGMessages.compactRelaxNGAnnotation(name, at: location) }
        }
        try expect(.leftBracket, "‘[’")
        let element = try nested { () throws(Diagnostics) in
            var element = AnnotationElement(name: name, position: start)
            element.attributes = try self.annotationAttributes(.nested)
            while self.kind != .rightBracket { element.content.append(try self.annotationContent()) }
            return element.joiningText
        }
        try expect(.rightBracket, "‘]’")
        return element
    }

    private func annotationContent() throws(Diagnostics) -> AnnotationElement.Content {
        kind == .literal ? .text(try literal("a string")) : .element(try annotationElement(.nested))
    }

    private func annotationName() throws(Diagnostics) -> QName {
        guard kind == .cName else {
            return QName(localName: try identifierOrKeyword("an annotation's name"))
        }
        let place = position
        let (prefix, name) = qname(take())
        switch lookUp(prefix, place) {
        case .uri(""): return QName(localName: name)
        case .uri(let uri): return QName(prefix: prefix, localName: name, namespace: uri)
        case .inherit:
            report { RelaxNGMessages.compactInheritedAnnotation(prefix, at: location(place)) }
            return QName(localName: name)
        }
    }
}

extension CompactToken.Kind {
    fileprivate var isConnector: Bool { self == .or || self == .comma || self == .and }
}

extension AnnotationsSyntax {
    /// Where there is no place for children they follow.
    fileprivate mutating func followInstead() {
        following = elements + following
        elements = []
    }
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
