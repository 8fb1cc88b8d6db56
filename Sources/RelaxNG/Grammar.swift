package import XML

/// A schema in simple form, ready to validate. Nothing in it changes any more: it may be shared between threads.
package struct Grammar: Sendable {
    /// An element of the schema: what its name may be, and what it holds.
    struct Definition: Sendable {
        var nameClass: Int
        var content: Pattern
    }

    /// A `value`: its datatype, and the string that the datatype makes a value of.
    struct Value: Sendable, Hashable {
        var datatype: Int
        var string: CodepointString
        /// What the prefixes in the string mean; only those that a datatype asked for matter.
        var prefixes: [CodepointString: CodepointString]
    }

    /// An attribute of an element, by the numbers of their names.
    struct ElementAttribute: Sendable, Hashable {
        var element: Int32
        var attribute: Int32
    }

    var patterns = PatternTable()
    var names = NameClassTable()
    /// In the order of the schema.
    var definitions: [Definition] = []
    var datatypes: [DatatypeDescription] = []
    var values: [Value] = []
    var start = Pattern.notAllowed
    /// The attributes that identify elements or point at them (RELAX NG DTD Compatibility, 5); none where identifiers
    /// are not to be checked.
    var idTypes: [ElementAttribute: Datatype.IDType] = [:]
    /// Why ids are not checked, where they are not.
    package var warnings: [Diagnostic] = []
    /// The files that the schema was read from.
    package var sources = SchemaSources()

    /// The definitions that mention a name; those for any name say nothing of this one.
    func definitions(of name: SchemaName) -> [Int32] {
        definitions.indices.filter { names.mentions(definitions[$0].nameClass, name) }.map { Int32($0) }
    }
}

/// A set of names (RELAX NG, 6.1).
indirect enum NameClass: Sendable, Hashable {
    /// A name by its number.
    case name(Int32)
    case anyName(except: NameClass?)
    /// A namespace by its number.
    case nsName(Int32, except: NameClass?)
    case choice([NameClass])
}

/// A name as a schema sees it: by number. A name that the schema does not mention is like any other such name of its
/// namespace, and has a number after those of the names.
struct SchemaName: Hashable, Sendable {
    let index: Int32
}

/// The names, namespaces and name classes of a schema, each once.
struct NameClassTable: Sendable {
    struct ExpandedName: Sendable, Hashable {
        /// The number of the namespace.
        var namespace: Int32
        var localName: String

        /// Two names are the same that have the same code points.
        static func == (a: ExpandedName, b: ExpandedName) -> Bool {
            a.namespace == b.namespace && a.localName.isSame(as: b.localName)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(namespace)
            hasher.combine(CodepointString(localName))
        }
    }

    private(set) var namespaces: [String] = []
    private(set) var names: [ExpandedName] = []
    private(set) var classes: [NameClass] = []
    private var namespaceIndexes: [CodepointString: Int32] = [:]
    private var nameIndexes: [ExpandedName: Int32] = [:]
    private var classIndexes: [NameClass: Int] = [:]
    private var lastNamespace: Int32?

    mutating func intern(namespace: String) -> Int32 {
        // Names come in runs of one namespace.
        if let last = lastNamespace, namespaces[Int(last)].isSame(as: namespace) { return last }
        let index = number(of: namespace)
        lastNamespace = index
        return index
    }

    private mutating func number(of namespace: String) -> Int32 {
        if let known = namespaceIndexes[CodepointString(namespace)] { return known }
        let index = Int32(namespaces.count)
        namespaceIndexes[CodepointString(namespace)] = index
        namespaces.append(namespace)
        return index
    }

    /// - Parameter namespace: empty for none.
    mutating func intern(_ localName: String, namespace: String) -> Int32 {
        let name = ExpandedName(namespace: intern(namespace: namespace), localName: localName)
        if let known = nameIndexes[name] { return known }
        let index = Int32(names.count)
        nameIndexes[name] = index
        names.append(name)
        return index
    }

    mutating func intern(_ nameClass: NameClass) -> Int {
        if let known = classIndexes[nameClass] { return known }
        classIndexes[nameClass] = classes.count
        classes.append(nameClass)
        return classes.count - 1
    }

    /// The number of a name in a document: its own, else that of all other names of its namespace, else that of all
    /// other names.
    func schemaName(_ localName: String, namespace: String) -> SchemaName {
        guard let known = namespaceIndexes[CodepointString(namespace)] else {
            return SchemaName(index: Int32(names.count + namespaces.count))
        }
        let name = ExpandedName(namespace: known, localName: localName)
        return SchemaName(index: nameIndexes[name] ?? Int32(names.count) + known)
    }

    /// The numbers that there are.
    var count: Int { names.count + namespaces.count + 1 }

    func contains(_ nameClass: Int, _ name: SchemaName) -> Bool {
        contains(classes[nameClass], name)
    }

    private func contains(_ nameClass: NameClass, _ name: SchemaName) -> Bool {
        switch nameClass {
        case .name(let index): name.index == index
        case .anyName(let except): except.map { !contains($0, name) } ?? true
        case .nsName(let index, let except): namespace(name) == index && except.map { !contains($0, name) } ?? true
        case .choice(let classes): classes.contains { contains($0, name) }
        }
    }

    /// The number of the namespace, or `nil` for one that the schema does not mention.
    private func namespace(_ name: SchemaName) -> Int32? {
        if name.index < names.count { return names[Int(name.index)].namespace }
        let index = name.index - Int32(names.count)
        return index < namespaces.count ? index : nil
    }
}

// MARK: - Overlap

extension NameClassTable {
    /// Whether there is a name that both allow.
    func overlap(_ a: Int, _ b: Int) -> Bool {
        if case .name(let index) = classes[a] { return contains(b, SchemaName(index: index)) }
        return witnesses(classes[a]).contains { contains(a, $0) && contains(b, $0) }
            || witnesses(classes[b]).contains { contains(a, $0) && contains(b, $0) }
    }

    /// Names of which one is in the class and in another that this one overlaps, if not one of that other's own.
    private func witnesses(_ nameClass: NameClass) -> [SchemaName] {
        switch nameClass {
        case .name(let index): [SchemaName(index: index)]
        case .anyName(let except): [SchemaName(index: Int32(count - 1))] + (except.map(witnesses) ?? [])
        case .nsName(let index, let except):
            [SchemaName(index: Int32(names.count) + index)] + (except.map(witnesses) ?? [])
        case .choice(let classes): classes.flatMap(witnesses)
        }
    }

    /// The names, where the class is made of names alone.
    func finiteNames(_ nameClass: Int) -> [Int32]? {
        finiteNames(classes[nameClass])
    }

    private func finiteNames(_ nameClass: NameClass) -> [Int32]? {
        switch nameClass {
        case .name(let index): return [index]
        case .anyName, .nsName: return nil
        case .choice(let classes):
            var names: [Int32] = []
            for part in classes {
                guard let more = finiteNames(part) else { return nil }
                names += more
            }
            return names
        }
    }

    /// `‘p’`, `‘xml:id’`.
    func description(name: Int32) -> String {
        let name = names[Int(name)]
        return "‘\(namespaces[Int(name.namespace)] == Namespace.xml ? "xml:" : "")\(name.localName)’"
    }

    /// The class in words: `‘p’`, `any name but ‘p’`, `any name but those of the namespace ‘urn:a’`.
    func description(_ nameClass: Int) -> String {
        description(classes[nameClass])
    }

    private func description(_ nameClass: NameClass) -> String {
        func but(_ except: NameClass?) -> String {
            except.map { " but " + description($0).replacing("any name ", with: "those ") } ?? ""
        }
        switch nameClass {
        case .name(let index): return description(name: index)
        case .anyName(let except): return "any name" + but(except)
        case .nsName(let index, let except):
            let namespace = namespaces[Int(index)]
            return (namespace.isEmpty ? "any name without namespace" : "any name of the namespace ‘\(namespace)’")
                + but(except)
        case .choice(let classes): return classes.map(description).joined(separator: " or ")
        }
    }
}
