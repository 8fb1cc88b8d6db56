internal import Files

/// The first bytes of an entry: what it is, and in which form. Another form gets another number.
private let signature = Array("marginalia grammar 4\n".utf8)

// MARK: - Writing

/// Writes a grammar, and what belongs to it, as bytes.
package struct GrammarWriter {
    package private(set) var out = signature

    package init() {}

    /// The written bytes, after their checksum.
    package mutating func checked(_ write: (inout GrammarWriter) -> Void) {
        let start = out.count
        write(&self)
        let written = out[start...]
        let sum = Checksum.of(written.span)
        out.insert(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt64($0))) }, at: start)
    }

    package mutating func integer(_ value: Int32) {
        for shift in [0, 8, 16, 24] { out.append(UInt8(truncatingIfNeeded: value >> Int32(shift))) }
    }

    package mutating func count(_ value: Int) { integer(Int32(clamping: value)) }

    package mutating func bytes(_ bytes: ArraySlice<UInt8>) {
        count(bytes.count)
        out += bytes
    }

    package mutating func string(_ string: String) {
        bytes(Array(string.utf8)[...])
    }

    package mutating func grammar(_ grammar: Grammar) {
        list(grammar.names.namespaces) { $0.string($1) }
        list(grammar.names.names) { writer, name in
            writer.integer(name.namespace)
            writer.string(name.localName)
        }
        list(grammar.names.classes) { $0.nameClass($1) }
        list(grammar.datatypes) { $0.datatype($1) }
        list(grammar.values) { writer, value in
            writer.count(value.datatype)
            writer.string(value.string.string)
            writer.list(value.prefixes.sorted { $0.key < $1.key }) { writer, prefix in
                writer.string(prefix.key.string)
                writer.string(prefix.value.string)
            }
        }
        list(grammar.definitions) { writer, definition in
            writer.count(definition.nameClass)
            writer.integer(definition.content.index)
        }
        patterns(grammar.patterns)
        integer(grammar.start.index)
        list(grammar.idTypes.sorted { ($0.key.element, $0.key.attribute) < ($1.key.element, $1.key.attribute) }) {
            writer, type in
            writer.integer(type.key.element)
            writer.integer(type.key.attribute)
            writer.integer(Int32(type.value.rawValue))
        }
    }

    private mutating func list<T>(_ items: [T], _ write: (inout GrammarWriter, T) -> Void) {
        count(items.count)
        for item in items { write(&self, item) }
    }

    private mutating func nameClass(_ nameClass: NameClass) {
        switch nameClass {
        case .name(let index):
            integer(0)
            integer(index)
        case .anyName(let except):
            integer(1)
            list(except.map { [$0] } ?? []) { $0.nameClass($1) }
        case .nsName(let index, let except):
            integer(2)
            integer(index)
            list(except.map { [$0] } ?? []) { $0.nameClass($1) }
        case .choice(let classes):
            integer(3)
            list(classes) { $0.nameClass($1) }
        }
    }

    private mutating func datatype(_ datatype: DatatypeDescription) {
        string(datatype.name.library)
        string(datatype.name.name)
        list(datatype.parameters) { writer, parameter in
            writer.string(parameter.name)
            writer.string(parameter.value)
        }
    }

    private mutating func patterns(_ table: PatternTable) {
        count(table.count)
        for pattern in table.all.dropFirst(3) {
            let record = table[pattern]
            integer(Int32(record.kind.rawValue))
            if record.isSequence {
                list(Array(table.operands(pattern))) { $0.integer($1.index) }
            } else {
                integer(record.first)
                integer(record.second)
            }
        }
    }
}

// MARK: - Reading

/// Reads what ``GrammarWriter`` wrote, and believes nothing of it: a number that leads outside makes all of it invalid.
package struct GrammarReader {
    private let input: [UInt8]
    private var offset = 0
    private var isValid = true

    package init(_ input: [UInt8]) {
        self.input = input
    }

    /// Whether this is an entry, and of this form.
    package mutating func begins() -> Bool {
        offset = signature.count
        return input.starts(with: signature)
    }

    /// Whether what follows is whole.
    package mutating func isWhole() -> Bool {
        guard isValid, offset + 8 <= input.count else { return false }
        let sum = input.span.word(at: offset)
        offset += 8
        let rest = input[offset...]
        return sum == Checksum.of(rest.span)
    }

    package mutating func integer() -> Int32 {
        guard offset + 4 <= input.count else {
            isValid = false
            return 0
        }
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(input[offset + index]) << (8 * UInt32(index)) }
        offset += 4
        return Int32(bitPattern: value)
    }

    /// How many things follow: not more than there are bytes.
    package mutating func count() -> Int {
        let count = Int(integer())
        if count < 0 || count > input.count - offset { isValid = false }
        return isValid ? count : 0
    }

    package mutating func bytes() -> ArraySlice<UInt8> {
        let count = self.count()
        offset += count
        return input[(offset - count)..<offset]
    }

    package mutating func string() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// A number below a bound.
    private mutating func index(below bound: Int) -> Int {
        let index = Int(integer())
        if index < 0 || index >= bound { isValid = false }
        return isValid ? index : 0
    }

    private mutating func list<T>(_ read: (inout GrammarReader) -> T) -> [T] {
        let count = self.count()
        var items: [T] = []
        items.reserveCapacity(count)
        for _ in 0..<count where isValid { items.append(read(&self)) }
        return items
    }

    /// The grammar that ends the bytes; `nil` where it makes no sense.
    package mutating func grammar() -> Grammar? {
        var grammar = Grammar()
        for namespace in list({ $0.string() }) { _ = grammar.names.intern(namespace: namespace) }
        let namespaces = grammar.names.namespaces
        for (namespace, local) in list({ ($0.index(below: namespaces.count), $0.string()) }) where isValid {
            _ = grammar.names.intern(local, namespace: namespaces[namespace])
        }
        for nameClass in nameClasses(grammar.names, depth: 0) { _ = grammar.names.intern(nameClass) }
        let classes = grammar.names.classes.count
        grammar.datatypes = list { $0.datatype() }
        let datatypes = grammar.datatypes.count
        grammar.values = list { reader in
            let (datatype, string) = (reader.index(below: datatypes), reader.string())
            let prefixes = reader.list { (CodepointString($0.string()), CodepointString($0.string())) }
            return Grammar.Value(
                datatype: datatype, string: CodepointString(string),
                prefixes: Dictionary(prefixes) { first, _ in first })
        }
        let definitions = list { ($0.index(below: classes), $0.integer()) }
        patterns(&grammar, definitions: definitions.count)
        let count = grammar.patterns.count
        for (nameClass, content) in definitions {
            if content < 0 || content >= count { isValid = false }
            grammar.definitions.append(.init(nameClass: nameClass, content: Pattern(index: content)))
        }
        grammar.start = Pattern(index: Int32(index(below: count)))
        let types = list { ($0.integer(), $0.integer(), $0.integer()) }
        for (element, attribute, type) in types {
            guard let type = UInt8(exactly: type).flatMap(Datatype.IDType.init) else { return nil }
            grammar.idTypes[.init(element: element, attribute: attribute)] = type
        }
        return isValid && offset == input.count ? grammar : nil
    }

    private mutating func nameClasses(_ names: NameClassTable, depth: Int) -> [NameClass] {
        if depth > 256 { isValid = false }
        return list { $0.nameClass(names, depth: depth) }
    }

    private mutating func nameClass(_ names: NameClassTable, depth: Int) -> NameClass {
        switch integer() {
        case 0: return .name(Int32(index(below: names.names.count)))
        case 1: return .anyName(except: nameClasses(names, depth: depth + 1).first)
        case 2:
            return .nsName(
                Int32(index(below: names.namespaces.count)), except: nameClasses(names, depth: depth + 1).first)
        case 3: return .choice(nameClasses(names, depth: depth + 1))
        default:
            isValid = false
            return .choice([])
        }
    }

    private mutating func datatype() -> DatatypeDescription {
        let name = DatatypeName(library: string(), name: string())
        return DatatypeDescription(name: name, parameters: list { .init(name: $0.string(), value: $0.string()) })
    }

    /// Made anew one by one: each must be the pattern of its number, and consist of those before it.
    private mutating func patterns(_ grammar: inout Grammar, definitions: Int) {
        let count = self.count()
        for number in 3..<max(3, count) where isValid {
            guard let kind = UInt8(exactly: integer()).flatMap(PatternTable.Kind.init) else {
                isValid = false
                return
            }
            let pattern: Pattern
            switch kind {
            case .choice, .group, .interleave:
                pattern = grammar.patterns.restore(kind, list { Pattern(index: Int32($0.index(below: number))) })
            default:
                let bounds: (Int, Int) =
                    switch kind {
                    case .element: (definitions, 1)
                    case .attribute: (grammar.names.classes.count, number)
                    case .data: (grammar.datatypes.count, number)
                    case .value: (grammar.values.count, 1)
                    case .list, .oneOrMore: (number, 1)
                    default: (0, 0)
                    }
                let (first, second) = (index(below: bounds.0), index(below: bounds.1))
                guard isValid else { return }
                pattern = grammar.patterns.restore(kind, Int32(first), Int32(second))
            }
            if Int(pattern.index) != number { isValid = false }
        }
    }
}
