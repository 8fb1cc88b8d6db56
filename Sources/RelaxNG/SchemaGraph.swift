internal import XML

/// A schema and all files that it refers to, with its names, datatypes and references resolved: what the steps 4.1 to
/// 4.18 of simplification leave.
///
/// A flat array, in the order of the schema: an element comes before what it holds.
struct SchemaGraph {
    enum Kind: UInt8 {
        case element, attribute, group, interleave, choice, optional, zeroOrMore, oneOrMore, list, mixed, ref, empty,
            text, notAllowed
        case value, data
    }

    struct Node {
        var kind: Kind
        /// `element`, `attribute`: the name class. `ref`: the definition. `value`: the value. `data`: the datatype.
        var number: Int32 = 0
        fileprivate(set) var firstPart: Int32 = 0
        fileprivate(set) var partCount: Int32 = 0
        var position: SyntaxPosition
    }

    /// A `define` or, without name, a `start`, all of the same name combined; and an external file, by its reference.
    struct Define {
        var name: String?
        var node: Int32
    }

    private(set) var nodes: [Node] = []
    private var partList: [Int32] = []
    var defines: [Define] = []
    /// The outermost pattern of the schema.
    var start: Int32 = 0

    subscript(node: Int32) -> Node { nodes[Int(node)] }

    /// The patterns within a pattern. Those within `data` are exceptions.
    func parts(_ node: Int32) -> ArraySlice<Int32> {
        let node = self[node]
        return partList[Int(node.firstPart)..<Int(node.firstPart + node.partCount)]
    }

    mutating func append(_ kind: Kind, number: Int32 = 0, _ position: SyntaxPosition) -> Int32 {
        nodes.append(Node(kind: kind, number: number, position: position))
        return Int32(nodes.count - 1)
    }

    mutating func setParts(_ node: Int32, _ parts: ArraySlice<Int32>) {
        nodes[Int(node)].firstPart = Int32(partList.count)
        nodes[Int(node)].partCount = Int32(parts.count)
        partList += parts
    }
}

/// The limits of a schema, so that a hostile schema ends in an error.
enum SchemaLimit {
    /// Files that include one another.
    static let fileDepth = 32
    /// Components within one another, over all files.
    static let componentDepth = SchemaSyntax.depthLimit + fileDepth
    /// Patterns within one another in simple form, from one element to the next.
    static let patternDepth = 512
    /// Inclusions and external references.
    static let files = 1024
    /// Patterns as written, and operands of all patterns in simple form.
    static let size = 8_000_000
}

/// Makes a ``SchemaGraph`` and, of the ``Grammar``, the names, datatypes and values.
struct SchemaCollector {
    private struct Scope {
        let parent: Int?
        let start: Int32
        var defines: [CodepointString: Int32] = [:]
    }

    /// The parts of a definition that have been found so far.
    private struct Definition {
        /// The grammar, of a `start`, else the first reference or definition.
        let position: SyntaxPosition
        var bodies: [Int32] = []
        var combine: ComponentSyntax.Combine?
        var combined: SyntaxPosition?
        var uncombined: SyntaxPosition?
    }

    /// The definitions that an `include` replaces (4.7). The name of `start` is `nil`.
    private struct Overrides {
        var positions: [CodepointString?: SyntaxPosition] = [:]
        var used: Set<CodepointString?> = []
    }

    private struct File: Hashable {
        let path: CodepointString
        let namespace: CodepointString?
    }

    /// An `externalRef`, which is read later, so that its file does not need the stack of those around.
    private struct External {
        let reference: ReferenceSyntax
        let position: SyntaxPosition
        let define: Int32
        let scope: Int?
        let openFiles: [String]
    }

    private(set) var graph = SchemaGraph()
    private(set) var grammar = Grammar()
    /// By the number of the datatype.
    private(set) var idTypes: [Datatype.IDType] = []
    private(set) var errors: [Diagnostic] = []

    private let loader: SchemaLoader
    private var scopes: [Scope] = []
    private var definitions: [Definition] = []
    /// Of the inclusions around, the innermost last.
    private var overrides: [Overrides] = []
    /// The paths of the file that is being read and of those that include it, the outermost first.
    private var openFiles: [String] = []
    private var externals: [External] = []
    private var files: [File: SchemaSyntax] = [:]
    private var fileCount = 0
    /// A file is missing, so that what it would define is not missed too.
    private var isIncomplete = false
    /// The parts of the patterns that are being read.
    private var pending: [Int32] = []

    private var datatypes: [Datatype?] = []
    private var datatypeIndexes: [DatatypeDescription: Int32] = [:]
    private var valueIndexes: [Grammar.Value: Int32] = [:]

    init(loader: SchemaLoader) {
        self.loader = loader
    }

    /// - Throws: everything that is wrong with the schema by section 4, but for recursion.
    mutating func collect(_ bytes: [UInt8], path: String) throws(Diagnostics) {
        let syntax = try SchemaSyntax.read(bytes, path: path, namespace: nil, into: &grammar.sources)
        openFiles = [path]
        graph.start = node(syntax.pattern, nil, 0)
        var next = 0
        while next < externals.count {
            collect(externals[next])
            next += 1
        }
        combineDefinitions()
        if !errors.isEmpty { throw Diagnostics(errors.inSourceOrder) }
    }

    private mutating func report(_ message: (SourceLocation) -> Diagnostic, _ position: SyntaxPosition) {
        errors.append(message(grammar.sources.location(position)))
    }
}

// MARK: - Patterns

extension SchemaCollector {
    private mutating func node(_ syntax: PatternSyntax, _ scope: Int?, _ depth: Int) -> Int32 {
        let position = syntax.position
        switch syntax.kind {
        case .element(let name, let parts): return named(.element, name, parts, position, scope, depth)
        case .attribute(let name, let parts): return named(.attribute, name, parts, position, scope, depth)
        case .group(let parts): return composite(.group, parts, position, scope, depth)
        case .interleave(let parts): return composite(.interleave, parts, position, scope, depth)
        case .choice(let parts): return composite(.choice, parts, position, scope, depth)
        case .optional(let parts): return composite(.optional, parts, position, scope, depth)
        case .zeroOrMore(let parts): return composite(.zeroOrMore, parts, position, scope, depth)
        case .oneOrMore(let parts): return composite(.oneOrMore, parts, position, scope, depth)
        case .list(let parts): return composite(.list, parts, position, scope, depth)
        case .mixed(let parts): return composite(.mixed, parts, position, scope, depth)
        case .ref(let name): return reference(name, position, scope)
        case .parentRef(let name): return parentReference(name, position, scope)
        case .empty: return graph.append(.empty, position)
        case .text: return graph.append(.text, position)
        case .notAllowed: return graph.append(.notAllowed, position)
        case .value(let value): return self.value(value, position)
        case .data(let data): return self.data(data, position, scope, depth)
        case .externalRef(let reference): return external(reference, position, scope)
        case .grammar(let grammar): return nested(grammar, position, scope, depth)
        }
    }

    private mutating func named(
        _ kind: SchemaGraph.Kind, _ name: NameClassSyntax, _ parts: [PatternSyntax], _ position: SyntaxPosition,
        _ scope: Int?,
        _ depth: Int
    ) -> Int32 {
        let nameClass = nameClass(name, of: kind, within: nil)
        let node = graph.append(kind, number: Int32(grammar.names.intern(nameClass)), position)
        fill(node, parts, scope, depth)
        return node
    }

    private mutating func composite(
        _ kind: SchemaGraph.Kind, _ parts: [PatternSyntax], _ position: SyntaxPosition, _ scope: Int?, _ depth: Int
    ) -> Int32 {
        let node = graph.append(kind, position)
        fill(node, parts, scope, depth)
        return node
    }

    private mutating func fill(_ node: Int32, _ parts: [PatternSyntax], _ scope: Int?, _ depth: Int) {
        let base = pending.count
        for part in parts { pending.append(self.node(part, scope, depth + 1)) }
        graph.setParts(node, pending[base...])
        pending.removeSubrange(base...)
    }

    private mutating func reference(_ name: String, _ position: SyntaxPosition, _ scope: Int?) -> Int32 {
        guard let scope else {
            report({ RelaxNGMessages.refOutsideGrammar(name, at: $0) }, position)
            return graph.append(.notAllowed, position)
        }
        return graph.append(.ref, number: define(name, scope, position), position)
    }

    private mutating func parentReference(_ name: String, _ position: SyntaxPosition, _ scope: Int?) -> Int32 {
        guard let parent = scope.flatMap({ scopes[$0].parent }) else {
            report({ RelaxNGMessages.parentRefOutsideGrammar(name, at: $0) }, position)
            return graph.append(.notAllowed, position)
        }
        return graph.append(.ref, number: define(name, parent, position), position)
    }

    private mutating func nested(
        _ syntax: GrammarSyntax, _ position: SyntaxPosition, _ parent: Int?, _ depth: Int
    ) -> Int32 {
        let node = graph.append(.ref, number: appendDefine(nil, position), position)
        scopes.append(Scope(parent: parent, start: graph[node].number))
        let scope = scopes.count - 1
        // The inclusions around are of another grammar.
        let outer = overrides
        overrides = []
        for component in syntax.components { collect(component, scope, depth + 1) }
        overrides = outer
        return node
    }
}

// MARK: - Components of grammars

extension SchemaCollector {
    private mutating func collect(_ component: ComponentSyntax, _ scope: Int, _ depth: Int) {
        guard depth < SchemaLimit.componentDepth else {
            return report(RelaxNGMessages.inclusionDepth, component.position)
        }
        switch component.kind {
        case .start(let combine, let patterns): add(nil, combine, patterns, component.position, scope, depth)
        case .define(let name, let combine, let patterns):
            add(name, combine, patterns, component.position, scope, depth)
        case .div(let components): for component in components { collect(component, scope, depth + 1) }
        case .include(let reference, let overrides): include(reference, overrides, component.position, scope, depth)
        case .annotation: break
        }
    }

    /// 4.17.
    private mutating func add(
        _ name: String?, _ combine: ComponentSyntax.Combine?, _ patterns: [PatternSyntax], _ position: SyntaxPosition,
        _ scope: Int,
        _ depth: Int
    ) {
        if isOverridden(name) { return }
        let index = Int(name.map { define($0, scope, position) } ?? scopes[scope].start)
        if let combine {
            if let other = definitions[index].combine, let first = definitions[index].combined, other != combine {
                let first = grammar.sources.location(first)
                report({ RelaxNGMessages.combineConflict(name, combine, other, first: first, at: $0) }, position)
            } else {
                definitions[index].combine = combine
                definitions[index].combined = position
            }
        } else if let first = definitions[index].uncombined {
            let first = grammar.sources.location(first)
            report({ RelaxNGMessages.combineMissing(name, first: first, at: $0) }, position)
        } else {
            definitions[index].uncombined = position
        }
        let body =
            patterns.count == 1
            ? node(patterns[0], scope, depth + 1) : composite(.group, patterns, position, scope, depth)
        definitions[index].bodies.append(body)
    }

    private mutating func define(_ name: String, _ scope: Int, _ position: SyntaxPosition) -> Int32 {
        if let known = scopes[scope].defines[CodepointString(name)] { return known }
        let index = appendDefine(name, position)
        scopes[scope].defines[CodepointString(name)] = index
        return index
    }

    private mutating func appendDefine(_ name: String?, _ position: SyntaxPosition) -> Int32 {
        graph.defines.append(SchemaGraph.Define(name: name, node: 0))
        definitions.append(Definition(position: position))
        return Int32(definitions.count - 1)
    }

    /// 4.17 and 4.18.
    private mutating func combineDefinitions() {
        for (index, definition) in definitions.enumerated() {
            let name = graph.defines[index].name
            switch definition.bodies.count {
            case 0 where isIncomplete: break
            case 0:
                let location = grammar.sources.location(definition.position)
                errors.append(
                    name.map { RelaxNGMessages.refUndefined($0, at: location) }
                        ?? RelaxNGMessages.startMissing(at: location))
            case 1: graph.defines[index].node = definition.bodies[0]
            default:
                let kind: SchemaGraph.Kind = definition.combine == .interleave ? .interleave : .choice
                let node = graph.append(kind, definition.position)
                graph.setParts(node, definition.bodies[...])
                graph.defines[index].node = node
            }
        }
    }
}

// MARK: - Inclusion

extension SchemaCollector {
    /// 4.7.
    private mutating func include(
        _ reference: ReferenceSyntax, _ components: [ComponentSyntax], _ position: SyntaxPosition, _ scope: Int,
        _ depth: Int
    ) {
        if let syntax = open(reference, position) {
            defer { openFiles.removeLast() }
            if case .grammar(let grammar) = syntax.pattern.kind {
                overrides.append(Overrides(positions: names(components)))
                for component in grammar.components { collect(component, scope, depth + 1) }
                checkUse(overrides.removeLast(), reference.href)
            } else {
                let target = grammar.sources.location(syntax.pattern.position)
                report({ RelaxNGMessages.includeNoGrammar(reference.href, target: target, at: $0) }, position)
                isIncomplete = true
            }
        } else {
            isIncomplete = true
        }
        for component in components { collect(component, scope, depth + 1) }
    }

    private func names(_ components: [ComponentSyntax]) -> [CodepointString?: SyntaxPosition] {
        var names: [CodepointString?: SyntaxPosition] = [:]
        for component in components {
            switch component.kind {
            case .start: names.updateValue(component.position, forKey: nil)
            case .define(let name, _, _): names[CodepointString(name)] = component.position
            case .div(let components): names.merge(self.names(components)) { first, _ in first }
            case .include, .annotation: break
            }
        }
        return names
    }

    /// Whether the innermost inclusion that replaces this name is one around.
    private mutating func isOverridden(_ name: String?) -> Bool {
        let name = name.map { CodepointString($0) }
        guard let index = overrides.lastIndex(where: { $0.positions[name] != nil }) else { return false }
        overrides[index].used.insert(name)
        return true
    }

    private mutating func checkUse(_ overrides: Overrides, _ href: String) {
        for (name, position) in overrides.positions where !overrides.used.contains(name) {
            report({ RelaxNGMessages.overridesNothing(name?.string, href, at: $0) }, position)
        }
    }

    /// 4.6.
    private mutating func external(_ reference: ReferenceSyntax, _ position: SyntaxPosition, _ scope: Int?) -> Int32 {
        let define = appendDefine(reference.href, position)
        externals.append(
            External(
                reference: reference, position: position, define: define, scope: scope, openFiles: openFiles
            ))
        return graph.append(.ref, number: define, position)
    }

    private mutating func collect(_ external: External) {
        openFiles = external.openFiles
        guard let syntax = open(external.reference, external.position) else {
            isIncomplete = true
            return
        }
        definitions[Int(external.define)].bodies = [node(syntax.pattern, external.scope, 0)]
    }

    /// Reads a file, and leaves it open.
    private mutating func open(_ reference: ReferenceSyntax, _ position: SyntaxPosition) -> SchemaSyntax? {
        fileCount += 1
        guard fileCount <= SchemaLimit.files, graph.nodes.count < SchemaLimit.size else {
            if fileCount <= SchemaLimit.files + 1 { report(RelaxNGMessages.schemaTooLarge, position) }
            return nil
        }
        guard openFiles.count < SchemaLimit.fileDepth else {
            report(RelaxNGMessages.inclusionDepth, position)
            return nil
        }
        let file: SchemaLoader.File
        do throws(Diagnostics) {
            file = try loader.load(reference.file)
        } catch {
            let location = grammar.sources.location(position)
            errors += error.list.map { $0.location == nil ? RelaxNGMessages.schemaFile($0, at: location) : $0 }
            return nil
        }
        guard !openFiles.contains(where: { $0.isSame(as: file.path) }) else {
            let circle = openFiles.drop { !$0.isSame(as: file.path) } + [file.path]
            report({ RelaxNGMessages.inclusionLoop(Array(circle), at: $0) }, position)
            return nil
        }
        return read(file, reference.namespace)
    }

    private mutating func read(_ file: SchemaLoader.File, _ namespace: String?) -> SchemaSyntax? {
        let key = File(path: CodepointString(file.path), namespace: namespace.map { CodepointString($0) })
        do throws(Diagnostics) {
            if files[key] == nil {
                files[key] = try SchemaSyntax.read(
                    file.bytes, path: file.path, namespace: namespace, into: &grammar.sources)
            }
            openFiles.append(file.path)
            return files[key]
        } catch {
            errors += error.list
            return nil
        }
    }
}

// MARK: - Name classes

extension SchemaCollector {
    private enum Wildcard {
        case anyName, nsName
    }

    /// 4.16.
    ///
    /// - Parameter except: the wildcard of whose exception it is part.
    private mutating func nameClass(
        _ syntax: NameClassSyntax, of kind: SchemaGraph.Kind, within except: Wildcard?
    ) -> NameClass {
        switch syntax.kind {
        case .name(let name):
            if kind == .attribute { checkXmlns(name.namespace ?? "", name.localName, syntax.position) }
            return .name(grammar.names.intern(name.localName, namespace: name.namespace ?? ""))
        case .anyName(let parts):
            if let except {
                report(
                    { RelaxNGMessages.anyNameExcepted(except == .anyName ? "anyName" : "nsName", at: $0) },
                    syntax.position)
            }
            return .anyName(except: choice(parts, of: kind, within: .anyName))
        case .nsName(let namespace, _, let parts):
            if except == .nsName { report(RelaxNGMessages.nsNameExcepted, syntax.position) }
            if kind == .attribute { checkXmlns(namespace, nil, syntax.position) }
            return .nsName(grammar.names.intern(namespace: namespace), except: choice(parts, of: kind, within: .nsName))
        case .choice(let parts):
            return choice(parts, of: kind, within: except) ?? .choice([])
        }
    }

    private mutating func choice(
        _ parts: [NameClassSyntax], of kind: SchemaGraph.Kind, within except: Wildcard?
    ) -> NameClass? {
        if parts.isEmpty { return nil }
        var classes: [NameClass] = []
        for part in parts {
            let nameClass = nameClass(part, of: kind, within: except)
            if case .choice(let parts) = nameClass { classes += parts } else { classes.append(nameClass) }
        }
        return classes.count == 1 ? classes[0] : .choice(classes)
    }

    private mutating func checkXmlns(_ namespace: String, _ localName: String?, _ position: SyntaxPosition) {
        if namespace.isEmpty, localName == "xmlns" { report(RelaxNGMessages.attributeXmlns, position) }
        if namespace == "http://www.w3.org/2000/xmlns" {
            report({ RelaxNGMessages.attributeXmlnsNamespace(namespace, at: $0) }, position)
        }
    }
}

// MARK: - Datatypes

extension SchemaCollector {
    private mutating func data(_ syntax: DataSyntax, _ position: SyntaxPosition, _ scope: Int?, _ depth: Int) -> Int32 {
        let description = DatatypeDescription(
            name: syntax.type, parameters: syntax.parameters.map { .init(name: $0.name, value: $0.value) }
        )
        let node = graph.append(.data, number: datatype(description, position, syntax.parameters), position)
        fill(node, syntax.except, scope, depth)
        return node
    }

    private mutating func value(_ syntax: ValueSyntax, _ position: SyntaxPosition) -> Int32 {
        let number = datatype(DatatypeDescription(name: syntax.type), position, [])
        var value = Grammar.Value(datatype: Int(number), string: CodepointString(syntax.string), prefixes: [:])
        if let datatype = datatypes[Int(number)] {
            let found = datatype.value(of: syntax.string.utf8.span) { prefix in
                let namespace = prefix.isEmpty ? syntax.namespace : syntax.prefixes[CodepointString(prefix)]
                if let namespace { value.prefixes[CodepointString(prefix)] = CodepointString(namespace) }
                return namespace
            }
            if found == nil {
                report({ RelaxNGMessages.valueNotAllowed(syntax.string, syntax.type, at: $0) }, position)
            }
        }
        return graph.append(.value, number: intern(value), position)
    }

    private mutating func intern(_ value: Grammar.Value) -> Int32 {
        if let known = valueIndexes[value] { return known }
        let index = Int32(grammar.values.count)
        grammar.values.append(value)
        valueIndexes[value] = index
        return index
    }

    /// The number of a datatype; an error in it is reported once.
    private mutating func datatype(
        _ description: DatatypeDescription, _ position: SyntaxPosition, _ parameters: [DataSyntax.Parameter]
    ) -> Int32 {
        if let known = datatypeIndexes[description] { return known }
        let index = Int32(datatypes.count)
        datatypeIndexes[description] = index
        grammar.datatypes.append(description)
        do throws(DatatypeError) {
            let datatype = try Datatype(description)
            datatypes.append(datatype)
            idTypes.append(datatype.idType)
        } catch {
            datatypes.append(nil)
            idTypes.append(.none)
            report(error, position, parameters)
        }
        return index
    }

    private mutating func report(
        _ error: DatatypeError, _ position: SyntaxPosition, _ parameters: [DataSyntax.Parameter]
    ) {
        switch error {
        case .unknownLibrary(let library): report({ RelaxNGMessages.unknownLibrary(library, at: $0) }, position)
        case .unknownType(let name): report({ RelaxNGMessages.unknownType(name, at: $0) }, position)
        case .unknownParameter(let parameter, let name):
            let place = parameters.first { $0.name.isSame(as: parameter) }?.position
            report({ RelaxNGMessages.unknownParameter(parameter, name, at: $0) }, place ?? position)
        case .badParameter(let index, let reason):
            guard parameters.indices.contains(index) else {
                return report({ RelaxNGMessages.badDatatype(reason, at: $0) }, position)
            }
            let parameter = parameters[index]
            report(
                { RelaxNGMessages.badParameter(parameter.name, parameter.value, reason, at: $0) }, parameter.position)
        }
    }
}
