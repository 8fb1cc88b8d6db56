internal import XML

/// Writes a schema in compact syntax.
struct CompactSyntaxWriter {
    private let prefixes: PrefixTable
    private let libraries: PrefixTable
    private let defaultNamespace: String?
    private let href: (ReferenceSyntax) -> String

    /// - Parameter href: what a reference is written as.
    static func write(_ schema: SchemaSyntax, href: @escaping (ReferenceSyntax) -> String) -> [UInt8] {
        let writer = CompactSyntaxWriter(schema, href)
        // The body comes first: it says what is to be declared.
        let body = Layout.write(writer.topLevel(schema.pattern), width: 80)
        let head = writer.declarations
        return Array((head.isEmpty ? body : head + "\n" + body).utf8)
    }

    private init(_ schema: SchemaSyntax, _ href: @escaping (ReferenceSyntax) -> String) {
        let survey = SyntaxSurvey(schema)
        prefixes = PrefixTable(schema.prefixes.filter { $0.namespace != Namespace.relaxNG })
        libraries = PrefixTable([("xsd", DatatypeName.xsd)])
        defaultNamespace = CompactSyntaxWriter.defaultNamespace(schema, survey)
        self.href = href
    }

    private static func defaultNamespace(_ schema: SchemaSyntax, _ survey: SyntaxSurvey) -> String? {
        // Such a value can only be written without prefix.
        if survey.hasUnqualifiedValues, !survey.inherits { return "" }
        let found = schema.defaultNamespace ?? (survey.inherits ? nil : survey.mainNamespace)
        return found == Namespace.xml ? nil : found
    }

    private var declarations: String {
        var lines: [String] = []
        var hasDefault = defaultNamespace == nil
        for (prefix, namespace) in prefixes.declarations {
            let isDefault = !hasDefault && namespace.isSame(as: defaultNamespace)
            hasDefault = hasDefault || isDefault
            let uri = namespace.map { CompactLiteral.text($0) } ?? "inherit"
            lines.append("\(isDefault ? "default " : "")namespace \(prefix) = \(uri)")
        }
        if !hasDefault, let defaultNamespace {
            lines.insert("default namespace = \(CompactLiteral.text(defaultNamespace))", at: 0)
        }
        for (prefix, library) in libraries.declarations where prefix != "xsd" {
            lines.append("datatypes \(prefix) = \(CompactLiteral.text(library ?? ""))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func topLevel(_ pattern: PatternSyntax) -> [Layout] {
        let attributes = pattern.annotations?.attributes ?? []
        guard case .grammar(let grammar) = pattern.kind, attributes.isEmpty else {
            return [self.pattern(pattern), .lineEnd]
        }
        let leading = (pattern.annotations?.elements ?? []).map { [element($0, isMember: true), .lineEnd] }
        return leading.flatMap(\.self) + grammar.components.flatMap { [component($0), .lineEnd] }
    }
}

/// Strings in quotation marks.
private enum CompactLiteral {
    /// On one line, whatever it holds.
    static func text(_ string: String) -> String {
        lines(string).joined(separator: " ~ ")
    }

    /// In pieces that end where its lines end.
    static func lines(_ string: String) -> [String] {
        var pieces: [String] = []
        var rest = Substring(string)
        while let end = rest.unicodeScalars.firstIndex(of: "\n") {
            let behind = rest.unicodeScalars.index(after: end)
            pieces += quoted(rest[..<behind])
            rest = rest[behind...]
        }
        return rest.isEmpty && !pieces.isEmpty ? pieces : pieces + quoted(rest)
    }

    private static func quoted(_ piece: Substring) -> [String] {
        let scalars = piece.unicodeScalars
        if !scalars.contains("\"") { return ["\"\(escaped(piece))\""] }
        if !scalars.contains("'") { return ["'\(escaped(piece))'"] }
        // Both kinds: as far as there is none of the first, then as far as there is none of the second.
        let quote = scalars.first == "\"" ? "'" : "\""
        let end = scalars.firstIndex { String($0) == quote } ?? scalars.endIndex
        return [quote + escaped(piece[..<end]) + quote] + quoted(piece[end...])
    }

    /// With escapes for characters that no string can have, and for text that would look like an escape.
    static func escaped(_ string: some StringProtocol) -> String {
        var result = ""
        var scalars = Substring(string).unicodeScalars
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\n": result += "\\x{A}"
            case "\r": result += "\\x{D}"
            case "\\" where scalars.first == "x" && scalars.drop { $0 == "x" }.first == "{": result += "\\x{5C}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

// MARK: - Patterns

extension CompactSyntaxWriter {
    /// How tightly what is written holds together.
    private enum Binding {
        /// `a | b`, `a, b`, `a & b`, `a - b`: alone, or in parentheses.
        case loose
        /// `a*`: in parentheses before another sign.
        case repeated
        case tight
    }

    /// A pattern on its own, where it needs no parentheses.
    private func pattern(_ pattern: PatternSyntax) -> Layout {
        whole(pattern).layout
    }

    /// The content of what holds a group.
    private func content(_ patterns: [PatternSyntax]) -> Layout {
        patterns.count == 1 ? pattern(patterns[0]) : joined(patterns, ",")
    }

    /// A pattern with its annotations.
    private func whole(_ pattern: PatternSyntax) -> (layout: Layout, binding: Binding) {
        var (layout, binding) = bare(pattern)
        let annotations = pattern.annotations.orEmpty
        let isValue = if case .value = pattern.kind { true } else { false }
        let leading = self.leading(
            AnnotationsSyntax(
                attributes: annotations.attributes,
                elements: annotations.elements + (isValue ? annotations.following : [])),
            .line
        )
        if !leading.isEmpty {
            // Annotations before a group or repetition belong to its first part, unless it is in parentheses.
            if binding == .repeated || isCombined(pattern) {
                (layout, binding) = (parentheses(content(of: pattern, layout)), .tight)
            }
            layout = .group(leading + [layout])
        }
        guard !isValue, !annotations.following.isEmpty else { return (layout, binding) }
        if isCombined(pattern), leading.isEmpty { layout = parentheses(layout) }
        let following = annotations.following.flatMap { [Layout.line, .text(">> "), .nest(3, [element($0)])] }
        return (.group([layout] + following), binding == .loose && !isCombined(pattern) ? .loose : .repeated)
    }

    /// A group of one repetition is in two pairs of parentheses, since one pair is the repetition's own.
    private func content(of pattern: PatternSyntax, _ layout: Layout) -> Layout {
        if case .group(let parts) = pattern.kind, parts.count == 1, whole(parts[0]).binding == .repeated {
            return parentheses(layout)
        }
        return layout
    }

    private func isCombined(_ pattern: PatternSyntax) -> Bool {
        switch pattern.kind {
        case .group, .choice, .interleave: true
        default: false
        }
    }

    private func parentheses(_ layout: Layout) -> Layout { .group([.text("("), .nest(1, [layout]), .text(")")]) }

    /// A part of a combination, or what a sign follows.
    private func operand(_ pattern: PatternSyntax, before sign: Bool = false) -> Layout {
        let (layout, binding) = whole(pattern)
        return binding == .loose || sign && binding == .repeated ? parentheses(layout) : layout
    }

    private func bare(_ pattern: PatternSyntax) -> (layout: Layout, binding: Binding) {
        switch pattern.kind {
        case .element(let nameClass, let content):
            (braces(named("element", nameClass, isElement: true), content), .tight)
        case .attribute(let nameClass, let content):
            (braces(named("attribute", nameClass, isElement: false), content), .tight)
        case .group(let parts): (content(parts), .loose)
        case .interleave(let parts): (joined(parts, "&"), .loose)
        case .choice(let parts): (joined(parts, "|"), .loose)
        case .optional(let parts): (repeated(parts, "?"), .repeated)
        case .zeroOrMore(let parts): (repeated(parts, "*"), .repeated)
        case .oneOrMore(let parts): (repeated(parts, "+"), .repeated)
        case .list(let parts): (braces(.text("list"), parts), .tight)
        case .mixed(let parts): (braces(.text("mixed"), parts), .tight)
        case .ref(let name): (.text(identifier(name)), .tight)
        case .parentRef(let name): (.text("parent " + identifier(name)), .tight)
        case .empty: (.text("empty"), .tight)
        case .text: (.text("text"), .tight)
        case .notAllowed: (.text("notAllowed"), .tight)
        case .value(let value): (self.value(value), .tight)
        case .data(let data): (self.data(data), data.except.isEmpty ? .tight : .loose)
        case .externalRef(let reference): (.text("external " + self.reference(reference)), .tight)
        case .grammar(let grammar): (members("grammar", grammar.components), .tight)
        }
    }

    private func named(_ word: String, _ nameClass: NameClassSyntax, isElement: Bool) -> Layout {
        .sequence([.text(word + " "), .nest(2, [self.nameClass(nameClass, isElement: isElement).layout])])
    }

    private func braces(_ head: Layout, _ parts: [PatternSyntax]) -> Layout {
        .group([head, .text(" {"), .nest(2, [.line, content(parts)]), .line, .text("}")])
    }

    /// Commas end a line, the other signs begin one.
    private func joined(_ parts: [PatternSyntax], _ sign: String) -> Layout {
        guard let first = parts.first else { return .text("empty") }
        let rest = parts.dropFirst().flatMap { part -> [Layout] in
            sign == "," ? [.text(","), .line, operand(part)] : [.line, .text(sign + " "), .nest(2, [operand(part)])]
        }
        return .group([operand(first)] + rest)
    }

    private func repeated(_ parts: [PatternSyntax], _ sign: String) -> Layout {
        let layout = parts.count == 1 ? operand(parts[0], before: true) : parentheses(joined(parts, ","))
        return .sequence([layout, .text(sign)])
    }

    private func value(_ value: ValueSyntax) -> Layout {
        let literal = literal(value.string(prefixes, defaultNamespace: defaultNamespace ?? ""))
        return value.type.isDefault ? literal : .sequence([.text(datatype(value.type) + " "), literal])
    }

    private func data(_ data: DataSyntax) -> Layout {
        var parts: [Layout] = [.text(datatype(data.type))]
        if !data.parameters.isEmpty {
            let parameters = data.parameters.flatMap { [Layout.line, parameter($0)] }
            parts.append(.group([.text(" {"), .nest(2, parameters), .line, .text("}")]))
        }
        if !data.except.isEmpty {
            let except = data.except.count == 1 ? self.except(data.except[0]) : parentheses(joined(data.except, "|"))
            parts += [.text(" - "), except]
        }
        return .sequence(parts)
    }

    /// After ‘-’ neither signs nor following annotations belong to what is excepted.
    private func except(_ pattern: PatternSyntax) -> Layout {
        let (layout, binding) = whole(pattern)
        return binding == .tight ? layout : parentheses(layout)
    }

    private func parameter(_ parameter: DataSyntax.Parameter) -> Layout {
        let annotations = parameter.annotations.orEmpty
        let leading = leading(
            AnnotationsSyntax(
                attributes: annotations.attributes, elements: annotations.elements + annotations.following), .line
        )
        return .group(leading + [.text(parameter.name + " = "), literal(parameter.value)])
    }

    private func datatype(_ type: DatatypeName) -> String {
        if type.library.isEmpty, type.name == "string" || type.name == "token" { return type.name }
        return libraries.prefix(for: type.library, hint: type.library == DatatypeName.xsd ? "xsd" : type.prefix) + ":"
            + type.name
    }

    private func reference(_ reference: ReferenceSyntax) -> String {
        let file = CompactLiteral.text(href(reference))
        guard !reference.namespace.isSame(as: defaultNamespace) else { return file }
        return file + " inherit = " + prefix(reference.namespace)
    }

    private func identifier(_ name: String) -> String {
        CompactToken.Kind.keywords[name] == nil ? name : "\\" + name
    }

    private func literal(_ string: String) -> Layout {
        let lines = CompactLiteral.lines(string)
        guard lines.count > 1 else { return .text(lines[0]) }
        return .group([.text(lines[0])] + lines.dropFirst().flatMap { [.text(" ~"), .line, .text($0)] })
    }
}

// MARK: - Name classes

extension CompactSyntaxWriter {
    private func nameClass(_ nameClass: NameClassSyntax, isElement: Bool) -> (layout: Layout, isLoose: Bool) {
        var (layout, isLoose) = bare(nameClass, isElement: isElement)
        let annotations = nameClass.annotations.orEmpty
        let isName = if case .name = nameClass.kind { true } else { false }
        let isChoice = if case .choice = nameClass.kind { true } else { false }
        let leading = self.leading(
            AnnotationsSyntax(
                attributes: annotations.attributes,
                elements: annotations.elements + (isName ? annotations.following : [])),
            .line
        )
        if !leading.isEmpty {
            if isChoice { (layout, isLoose) = (parentheses(layout), false) }
            layout = .group(leading + [layout])
        }
        guard !isName, !annotations.following.isEmpty else { return (layout, isLoose) }
        if isChoice, leading.isEmpty { layout = parentheses(layout) }
        return (
            .group([layout] + annotations.following.flatMap { [.line, .text(">> "), .nest(3, [element($0)])] }), true
        )
    }

    private func bare(_ nameClass: NameClassSyntax, isElement: Bool) -> (layout: Layout, isLoose: Bool) {
        switch nameClass.kind {
        case .name(let name): (.text(self.name(name, isElement: isElement)), false)
        case .anyName(let except): (nameClassExcept("*", except, isElement: isElement), !except.isEmpty)
        case .nsName(let namespace, let prefix, let except):
            (nameClassExcept(nsName(namespace, prefix), except, isElement: isElement), !except.isEmpty)
        case .choice(let classes): (choice(classes, isElement: isElement), true)
        }
    }

    private func choice(_ classes: [NameClassSyntax], isElement: Bool) -> Layout {
        let parts = classes.map { part -> Layout in
            let (layout, isLoose) = nameClass(part, isElement: isElement)
            return isLoose ? parentheses(layout) : layout
        }
        return .group(Array(parts.prefix(1)) + parts.dropFirst().flatMap { [.line, .text("| "), .nest(2, [$0])] })
    }

    private func nameClassExcept(_ head: String, _ except: [NameClassSyntax], isElement: Bool) -> Layout {
        guard let first = except.first else { return .text(head) }
        guard except.count == 1 else {
            return .sequence([.text(head + " - "), parentheses(choice(except, isElement: isElement))])
        }
        let (layout, isLoose) = nameClass(first, isElement: isElement)
        return .sequence([.text(head + " - "), isLoose ? parentheses(layout) : layout])
    }

    private func name(_ name: QName, isElement: Bool) -> String {
        if name.namespace.isSame(as: isElement ? defaultNamespace : ""), name.prefix == nil { return name.localName }
        return prefix(name.namespace, hint: name.prefix) + ":" + name.localName
    }

    private func nsName(_ namespace: String, _ prefix: String?) -> String {
        let isInherited = namespace.isEmpty && prefix == nil && defaultNamespace == nil
        return self.prefix(isInherited ? nil : namespace, hint: prefix) + ":*"
    }

    private func prefix(_ namespace: String?, hint: String? = nil) -> String {
        switch namespace {
        case nil: prefixes.prefix(for: nil, hint: "inherited")
        case "": prefixes.prefix(for: "", hint: "local")
        case let namespace?: prefixes.prefix(for: namespace, hint: hint)
        }
    }
}

// MARK: - Components

extension CompactSyntaxWriter {
    private func members(_ head: String, _ components: [ComponentSyntax]) -> Layout {
        guard !components.isEmpty else { return .text(head + " { }") }
        let lines = components.flatMap { [Layout.lineEnd, component($0)] }
        return .sequence([.text(head + " {"), .nest(2, lines), .lineEnd, .text("}")])
    }

    private func component(_ component: ComponentSyntax) -> Layout {
        let leading = leading(component.annotations.orEmpty, .lineEnd)
        let layout: Layout =
            switch component.kind {
            case .start(let combine, let patterns): definition("start", combine, patterns)
            case .define(let name, let combine, let patterns): definition(identifier(name), combine, patterns)
            case .div(let components): members("div", components)
            case .include(let reference, let overrides):
                overrides.isEmpty
                    ? .text("include " + self.reference(reference))
                    : members("include " + self.reference(reference), overrides)
            case .annotation(let element): self.element(element, isMember: true)
            }
        return .sequence(leading + [layout])
    }

    private func definition(_ name: String, _ combine: ComponentSyntax.Combine?, _ patterns: [PatternSyntax]) -> Layout
    {
        let sign =
            switch combine {
            case nil: "="
            case .choice: "|="
            case .interleave: "&="
            }
        return .group([.text("\(name) \(sign)"), .nest(2, [.line, content(patterns)])])
    }
}

// MARK: - Annotations

extension CompactSyntaxWriter {
    /// The annotations before their pattern: `##` lines, then brackets.
    private func leading(_ annotations: AnnotationsSyntax, _ separator: Layout) -> [Layout] {
        let documentation = annotations.elements.prefix { $0.isPlainDocumentation }
        var layouts: [Layout] = []
        for (index, element) in documentation.enumerated() {
            // Without an empty line between them two would become one.
            if index > 0 { layouts.append(.lineEnd) }
            layouts += lines(element).flatMap { [.text($0), .lineEnd] }
        }
        let others =
            annotations.attributes.map(attribute)
            + annotations.elements.dropFirst(documentation.count).map { element($0) }
        if !others.isEmpty { layouts += [brackets("[", others), separator] }
        return layouts
    }

    private func lines(_ documentation: AnnotationElement) -> [String] {
        guard case .text(let text)? = documentation.content.first else { return ["##"] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.isEmpty ? "##" : "## " + CompactLiteral.escaped(line)
        }
    }

    private func brackets(_ head: String, _ parts: [Layout]) -> Layout {
        parts.isEmpty
            ? .text(head + "]") : .group([.text(head), .nest(2, parts.flatMap { [.line, $0] }), .line, .text("]")])
    }

    private func attribute(_ attribute: AnnotationAttribute) -> Layout {
        .group([.text(annotationName(attribute.name) + " ="), .nest(2, [.line, literal(attribute.value)])])
    }

    /// - Parameter isMember: whether it is among definitions, where a keyword would be taken for one.
    private func element(_ element: AnnotationElement, isMember: Bool = false) -> Layout {
        let name =
            isMember && element.name.namespace == nil
            ? identifier(element.name.localName) : annotationName(element.name)
        let content = element.content.map { part -> Layout in
            switch part {
            case .element(let child): self.element(child)
            case .text(let text): literal(text)
            }
        }
        return brackets(name + " [", element.attributes.map(attribute) + content)
    }

    private func annotationName(_ name: QName) -> String {
        guard let namespace = name.namespace else { return name.localName }
        return prefixes.prefix(for: namespace, hint: name.prefix) + ":" + name.localName
    }
}

extension AnnotationElement {
    /// Whether `##` can say it.
    fileprivate var isPlainDocumentation: Bool {
        guard name.localName == "documentation", name.namespace == AnnotationElement.compatibility, attributes.isEmpty
        else { return false }
        if case .text(let text)? = content.first { return content.count == 1 && !text.utf8.contains(0x0D) }
        return content.isEmpty
    }
}
