internal import XML

/// Reads a schema in compact syntax (RELAX NG Compact Syntax, Committee Specification of 2002-11-21, appendix A).
///
/// Functions bear the names of the grammar's productions. A file is read up to its first syntax error; all other
/// mistakes before it are reported too.
final class CompactSyntaxReader {
    enum Binding {
        case uri(String)
        case inherit
    }

    private let decoded: DecodedSource
    private let source: Int32
    private let tokens: CompactTokens
    private var index = 0
    private var depth = 0
    /// Around a schema that is no grammar they are looked at in any case.
    private(set) var keepsAnnotations = true
    private let wantsAnnotations: Bool
    private let diagnostics = DiagnosticList()
    /// What `inherit` stands for.
    let inherited: String?
    private var namespaces: [CodepointString: Binding] = [:]
    private var declared: [(prefix: String, namespace: String)] = []
    private var hasDefault = false
    private(set) var defaultNamespace: String?
    private var libraries: [CodepointString: String] = [:]
    /// The prefixes with a namespace, as values take them, and with the default namespace, as facets do.
    private(set) var prefixes: [CodepointString: String] = [:]
    private(set) var bindings: [CodepointString: String] = [:]

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
    var kind: CompactToken.Kind { tokens.list[index].kind }

    var following: CompactToken.Kind { tokens.list[min(index + 1, tokens.list.count - 1)].kind }

    var position: SyntaxPosition { position(tokens.list[index]) }

    func position(_ token: CompactToken) -> SyntaxPosition {
        SyntaxPosition(source: source, offset: tokens.sourceOffset(token.start))
    }

    func location(_ position: SyntaxPosition) -> SourceLocation { decoded.location(of: Int(position.offset)) }

    func text(_ token: CompactToken) -> String { tokens.string(Int(token.start)..<Int(token.end)) }

    /// Passes a token.
    func advance() { index += 1 }

    func take() -> CompactToken {
        let token = tokens.list[index]
        if token.kind != .end { index += 1 }
        return token
    }

    func skip(_ kind: CompactToken.Kind) -> Bool {
        guard self.kind == kind else { return false }
        index += 1
        return true
    }

    func expect(_ kind: CompactToken.Kind, _ expected: String) throws(Diagnostics) {
        if !skip(kind) { throw unexpected(expected) }
    }

    // Not inline, since a diagnostic takes much of the stack on which patterns nest.

    @inline(never) func report(_ diagnostic: () -> Diagnostic) { diagnostics.add(diagnostic) }

    @inline(never) func failure(_ diagnostic: () -> Diagnostic) -> Diagnostics { Diagnostics([diagnostic()]) }

    @inline(never) func unexpected(_ expected: String) -> Diagnostics {
        let token = tokens.list[index]
        if token.kind == .invalid, let failure = tokens.failure { return Diagnostics([failure]) }
        let found = token.kind == .end ? nil : text(token)
        return Diagnostics([RelaxNGMessages.compactUnexpected(found, expected: expected, at: location(position))])
    }

    /// Runs what nests, within bounds.
    func nested<Result>(
        _ body: () throws(Diagnostics) -> Result
    ) throws(Diagnostics) -> Result {
        guard depth < SchemaSyntax.depthLimit else {
            throw failure { RelaxNGMessages.schemaDepth(at: location(position)) }
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    func identifierOrKeyword(_ expected: String) throws(Diagnostics) -> String {
        guard kind.isIdentifierOrKeyword else { throw unexpected(expected) }
        return text(take())
    }

    func identifier(_ expected: String) throws(Diagnostics) -> String {
        guard kind == .identifier else { throw unexpected(expected) }
        return text(take())
    }

    func literal(_ expected: String) throws(Diagnostics) -> String {
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

    func qname(_ token: CompactToken) -> (prefix: String, localName: String) {
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

    func lookUp(_ prefix: String, _ place: SyntaxPosition) -> Binding {
        if let binding = namespaces[CodepointString(prefix)] { return binding }
        if prefix != "xml" {
            let help = "declare it before the schema begins: namespace \(prefix) = \"…\""
            report { RelaxNGMessages.unboundPrefix(prefix, help: help, at: location(place)) }
        }
        return .uri(Namespace.xml)
    }

    func lookUpLibrary(_ prefix: String, _ place: SyntaxPosition) -> String {
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

    func body(inInclude: Bool) throws(Diagnostics) -> ([ComponentSyntax], leading: [AnnotationElement]) {
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
    func reference() throws(Diagnostics) -> ReferenceSyntax {
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
