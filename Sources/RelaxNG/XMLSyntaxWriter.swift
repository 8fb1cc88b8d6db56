internal import XML

/// Writes a schema in XML syntax.
struct XMLSyntaxWriter {
    private var bytes: [UInt8] = []
    private var depth = 0
    private let prefixes: PrefixTable
    private let href: (ReferenceSyntax) -> String
    private let inherits: Bool
    private let library: String?

    /// What `ns` is where something is written; `nil` where the file inherits it.
    private typealias Scope = String?

    /// - Parameter href: what a reference is written as.
    static func write(_ schema: SchemaSyntax, href: @escaping (ReferenceSyntax) -> String) -> [UInt8] {
        let survey = SyntaxSurvey(schema)
        var writer = XMLSyntaxWriter(schema, survey, href)
        var attributes: [(String, String)] = []
        if let namespace = schema.defaultNamespace { attributes.append(("ns", namespace)) }
        if let library = survey.mainLibrary { attributes.append(("datatypeLibrary", library)) }
        writer.pattern(schema.pattern, schema.defaultNamespace, attributes)
        return writer.document
    }

    private init(_ schema: SchemaSyntax, _ survey: SyntaxSurvey, _ href: @escaping (ReferenceSyntax) -> String) {
        prefixes = PrefixTable(schema.prefixes.filter { XMLSyntaxWriter.isDeclarable($0.namespace) })
        self.href = href
        inherits = survey.inherits
        library = survey.mainLibrary
    }

    /// The declarations go into the first tag once all of them are known.
    private var document: [UInt8] {
        let head = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        let nameEnd = bytes.firstIndex { $0 == 0x20 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") } ?? 0
        let separator = prefixes.declarations.count > 1 ? "\n  " : " "
        var declarations = #" xmlns="\#(Namespace.relaxNG)""#
        for (prefix, namespace) in prefixes.declarations {
            declarations += "\(separator)xmlns:\(prefix)=\"\((namespace ?? "").escapedAsAttribute)\""
        }
        if separator == "\n  ", bytes[nameEnd] == 0x20 { declarations += "\n " }
        return Array(head.utf8) + bytes[..<nameEnd] + Array(declarations.utf8) + bytes[nameEnd...]
    }
}

// MARK: - Tags

extension XMLSyntaxWriter {
    private typealias Pairs = [(String, String)]

    private mutating func put(_ string: String) { bytes += Array(string.utf8) }

    /// An element's own attributes come before those that it has as the outermost.
    private func merged(_ own: Pairs, _ outer: Pairs) -> Pairs {
        own + outer.filter { pair in !own.contains { $0.0.isSame(as: pair.0) } }
    }

    private mutating func indent() { put(String(repeating: "  ", count: depth)) }

    private mutating func attributes(_ pairs: Pairs) {
        for (name, value) in pairs { put(" \(name)=\"\(value.escapedAsAttribute)\"") }
    }

    /// An element with what `content` writes.
    private mutating func element(_ name: String, _ pairs: Pairs, _ content: (inout XMLSyntaxWriter) -> Void) {
        indent()
        put("<\(name)")
        attributes(pairs)
        let start = bytes.count
        put(">\n")
        depth += 1
        let inner = bytes.count
        content(&self)
        depth -= 1
        if bytes.count == inner {
            bytes.removeSubrange(start...)
            put("/>\n")
        } else {
            indent()
            put("</\(name)>\n")
        }
    }

    private mutating func string(_ name: String, _ pairs: Pairs, _ string: String) {
        indent()
        put("<\(name)")
        attributes(pairs)
        put(">\(string.escapedAsText)</\(name)>\n")
    }
}

// MARK: - Patterns

extension XMLSyntaxWriter {
    private mutating func patterns(_ list: [PatternSyntax], _ scope: Scope) {
        for pattern in list { self.pattern(pattern, scope, []) }
    }

    /// - Parameter extra: attributes of the outermost element.
    private mutating func pattern(_ pattern: PatternSyntax, _ scope: Scope, _ extra: Pairs) {
        let pairs = extra + annotationAttributes(pattern.annotations)
        let leading = pattern.annotations?.elements ?? []
        switch pattern.kind {
        case .element(let nameClass, let content): named("element", nameClass, content, scope, pairs, leading)
        case .attribute(let nameClass, let content): named("attribute", nameClass, content, scope, pairs, leading)
        case .group(let parts): sequence("group", parts, scope, pairs, leading)
        case .interleave(let parts): sequence("interleave", parts, scope, pairs, leading)
        case .choice(let parts): sequence("choice", parts, scope, pairs, leading)
        case .optional(let parts): sequence("optional", parts, scope, pairs, leading)
        case .zeroOrMore(let parts): sequence("zeroOrMore", parts, scope, pairs, leading)
        case .oneOrMore(let parts): sequence("oneOrMore", parts, scope, pairs, leading)
        case .list(let parts): sequence("list", parts, scope, pairs, leading)
        case .mixed(let parts): sequence("mixed", parts, scope, pairs, leading)
        case .ref(let name): sequence("ref", [], scope, [("name", name)] + pairs, leading)
        case .parentRef(let name): sequence("parentRef", [], scope, [("name", name)] + pairs, leading)
        case .empty: sequence("empty", [], scope, pairs, leading)
        case .text: sequence("text", [], scope, pairs, leading)
        case .notAllowed: sequence("notAllowed", [], scope, pairs, leading)
        case .value(let value): self.value(value, scope, pairs)
        case .data(let data): self.data(data, scope, pairs, leading)
        case .externalRef(let reference):
            sequence("externalRef", [], scope, merged(self.reference(reference, scope), pairs), leading)
        case .grammar(let grammar): components("grammar", grammar.components, scope, pairs, leading)
        }
        elements(pattern.annotations?.following ?? [])
    }

    private mutating func sequence(
        _ name: String, _ parts: [PatternSyntax], _ scope: Scope, _ pairs: Pairs, _ leading: [AnnotationElement]
    ) {
        element(name, pairs) { writer in
            writer.elements(leading)
            writer.patterns(parts, scope)
        }
    }

    private mutating func named(
        _ word: String, _ nameClass: NameClassSyntax, _ content: [PatternSyntax], _ scope: Scope, _ pairs: Pairs,
        _ leading: [AnnotationElement]
    ) {
        let name = nameAttributes(nameClass, isElement: word == "element", scope)
        var inner = scope
        if let namespace = name?.first(where: { $0.0 == "ns" }) { inner = namespace.1 }
        var content = content
        if word == "attribute", content.count == 1, case .text = content[0].kind, content[0].annotations == nil {
            content = []
        }
        element(word, merged(name ?? [], pairs)) { writer in
            writer.elements(leading)
            if name == nil { writer.nameClass(nameClass, inner) }
            writer.patterns(content, inner)
        }
    }

    private mutating func value(_ value: ValueSyntax, _ scope: Scope, _ pairs: Pairs) {
        var all: Pairs = []
        if !value.type.isDefault { all = [("type", value.type.name)] + libraryAttribute(value.type) }
        if value.type.isQName, value.qname == nil, !value.namespace.isSame(as: scope ?? "") {
            all.append(("ns", value.namespace))
        }
        string("value", merged(all, pairs), value.string(prefixes, defaultNamespace: value.namespace))
    }

    private mutating func data(_ data: DataSyntax, _ scope: Scope, _ pairs: Pairs, _ leading: [AnnotationElement]) {
        element("data", merged([("type", data.type.name)] + libraryAttribute(data.type), pairs)) { writer in
            writer.elements(leading)
            for parameter in data.parameters {
                let pairs = writer.annotationAttributes(parameter.annotations)
                writer.string("param", [("name", parameter.name)] + pairs, parameter.value)
                writer.elements(parameter.annotations?.following ?? [])
            }
            if !data.except.isEmpty {
                writer.element("except", []) { $0.patterns(data.except, scope) }
            }
        }
    }

    private func libraryAttribute(_ type: DatatypeName) -> Pairs {
        type.library.isSame(as: library ?? "") ? [] : [("datatypeLibrary", type.library)]
    }

    private func reference(_ reference: ReferenceSyntax, _ scope: Scope) -> Pairs {
        let namespace = reference.namespace.flatMap { scope.isSame(as: $0) ? nil : [("ns", $0)] }
        return [("href", href(reference))] + (namespace ?? [])
    }
}

// MARK: - Names

extension XMLSyntaxWriter {
    /// `name`, and `ns` where it must be, or `nil` where there must be a name class.
    private func nameAttributes(_ nameClass: NameClassSyntax, isElement: Bool, _ scope: Scope) -> Pairs? {
        guard case .name(let name) = nameClass.kind, nameClass.annotations == nil else { return nil }
        if let prefixed = prefixed(name) { return [("name", prefixed)] }
        if name.namespace.isSame(as: isElement ? scope : "") { return [("name", name.localName)] }
        // With an `ns` here nothing within could inherit that of the file any more.
        guard let namespace = name.namespace, !inherits else { return nil }
        return [("name", name.localName), ("ns", namespace)]
    }

    /// Whether XML lets a prefix be declared for it, unlike `ns`, which can have any value.
    private static func isDeclarable(_ namespace: String) -> Bool {
        !namespace.isEmpty && URIReference.isReference(namespace) && namespace.escapedAsURI.isSame(as: namespace)
    }

    private func prefixed(_ name: QName) -> String? {
        guard let prefix = name.prefix, let namespace = name.namespace, XMLSyntaxWriter.isDeclarable(namespace) else {
            return nil
        }
        return prefixes.prefix(for: namespace, hint: prefix) + ":" + name.localName
    }

    private mutating func nameClass(_ nameClass: NameClassSyntax, _ scope: Scope) {
        let pairs = annotationAttributes(nameClass.annotations)
        let leading = nameClass.annotations?.elements ?? []
        switch nameClass.kind {
        case .name(let name):
            let namespace = name.namespace.flatMap {
                scope.isSame(as: $0) || prefixed(name) != nil ? nil : [("ns", $0)]
            }
            string("name", (namespace ?? []) + pairs, prefixed(name) ?? name.localName)
        case .anyName(let except): self.except("anyName", except, scope, pairs, leading)
        case .nsName(let namespace, let prefix, let except):
            let isInherited = namespace.isEmpty && prefix == nil && inherits
            let own: Pairs = isInherited || scope.isSame(as: namespace) ? [] : [("ns", namespace)]
            self.except("nsName", except, isInherited ? scope : namespace, own + pairs, leading)
        case .choice(let classes):
            element("choice", pairs) { writer in
                writer.elements(leading)
                for part in classes { writer.nameClass(part, scope) }
            }
        }
        elements(nameClass.annotations?.following ?? [])
    }

    private mutating func except(
        _ name: String, _ except: [NameClassSyntax], _ scope: Scope, _ pairs: Pairs, _ leading: [AnnotationElement]
    ) {
        element(name, pairs) { writer in
            writer.elements(leading)
            guard !except.isEmpty else { return }
            writer.element("except", []) { writer in
                for part in except { writer.nameClass(part, scope) }
            }
        }
    }
}

// MARK: - Components

extension XMLSyntaxWriter {
    private mutating func components(
        _ name: String, _ components: [ComponentSyntax], _ scope: Scope, _ pairs: Pairs, _ leading: [AnnotationElement]
    ) {
        element(name, pairs) { writer in
            writer.elements(leading)
            for component in components { writer.component(component, scope) }
        }
    }

    private mutating func component(_ component: ComponentSyntax, _ scope: Scope) {
        let pairs = annotationAttributes(component.annotations)
        let leading = component.annotations?.elements ?? []
        switch component.kind {
        case .start(let combine, let content):
            // `<start>` holds one pattern.
            let whole = PatternSyntax(kind: .group(content), position: component.position).withoutNeedlessParent
            sequence("start", [whole], scope, self.combine(combine) + pairs, leading)
        case .define(let name, let combine, let content):
            sequence("define", content, scope, [("name", name)] + self.combine(combine) + pairs, leading)
        case .div(let parts): components("div", parts, scope, pairs, leading)
        case .include(let reference, let overrides):
            let inner = reference.namespace ?? scope
            components("include", overrides, inner, self.reference(reference, scope) + pairs, leading)
        case .annotation(let element): elements([element])
        }
    }

    private func combine(_ combine: ComponentSyntax.Combine?) -> Pairs {
        combine.map { [("combine", $0.rawValue)] } ?? []
    }
}

// MARK: - Annotations

extension XMLSyntaxWriter {
    private func annotationAttributes(_ annotations: AnnotationsSyntax?) -> Pairs {
        (annotations?.attributes ?? []).map(pair)
    }

    private func pair(_ attribute: AnnotationAttribute) -> (String, String) {
        guard let namespace = attribute.name.namespace else { return (attribute.name.localName, attribute.value) }
        return (
            prefixes.prefix(for: namespace, hint: attribute.name.prefix) + ":" + attribute.name.localName,
            attribute.value
        )
    }

    private mutating func elements(_ list: [AnnotationElement]) {
        for element in list {
            indent()
            annotation(element, Namespace.relaxNG)
            put("\n")
        }
    }

    /// White space in annotations is theirs: nothing is added.
    private mutating func annotation(_ element: AnnotationElement, _ defaultNamespace: String) {
        var defaultNamespace = defaultNamespace
        var pairs = element.attributes.map(pair)
        var name = element.name.localName
        if let prefix = element.name.prefix, let namespace = element.name.namespace {
            name = prefixes.prefix(for: namespace, hint: prefix) + ":" + name
        } else if !(element.name.namespace ?? "").isSame(as: defaultNamespace) {
            defaultNamespace = element.name.namespace ?? ""
            pairs.insert(("xmlns", defaultNamespace), at: 0)
        }
        put("<\(name)")
        attributes(pairs)
        guard !element.content.isEmpty else {
            put("/>")
            return
        }
        put(">")
        for part in element.content {
            switch part {
            case .element(let child): annotation(child, defaultNamespace)
            case .text(let text): put(text.escapedAsText)
            }
        }
        put("</\(name)>")
    }
}
